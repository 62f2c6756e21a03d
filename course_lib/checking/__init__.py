"""The engine under `check()`: probe an answer, compare it with the reference, diagnose the difference, report.

It knows nothing of notebooks, of nbgrader or of the exercises themselves, so that a grading process can call it:
`observe` runs an answer and returns plain values, `judge` compares them, and the two may live in different processes.
"""
