"""Answers to chapter 02's exercises as people really write them, collected before its probes were written.

Each wrong answer stands with a pattern that what its author is told must hold; an answer without one is right.
"""

from __future__ import annotations

RIGHT: list[tuple[str, object]] = []
WRONG: list[tuple[str, object, str]] = []


def right(exercise: str):
    """Note that the function below is a right answer to `exercise`."""

    def note(answer):
        RIGHT.append((exercise, answer))
        return answer

    return note


def wrong(exercise: str, told: str):
    """Note that the function below is a wrong answer to `exercise`; `told`: what a true diagnosis of it holds."""

    def note(answer):
        WRONG.append((exercise, answer, told))
        return answer

    return note
