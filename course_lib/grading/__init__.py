"""Grading other people's work: the pieces that nbgrader's own pipeline needs, and the sandboxed engine."""
