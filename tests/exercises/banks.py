"""A bank of answers as people write them, and what is asked of each.

Each wrong answer stands with a pattern that what its author is told must hold; an answer without one is right.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from course_lib.exercises import find
from tests.exercises.reports import report_on


class Bank:
    """Attributes: `right_ones`, [(exercise, answer)], and `wrong_ones`, [(exercise, answer, pattern)]."""

    def __init__(self):
        self.right_ones: list[tuple[str, Callable]] = []
        self.wrong_ones: list[tuple[str, Callable, str]] = []

    def right(self, exercise: str):
        """Note that the function below is a right answer to `exercise`."""

        def note(answer):
            self.right_ones.append((exercise, answer))
            return answer

        return note

    def wrong(self, exercise: str, told: str):
        """Note that the function below is a wrong answer to `exercise`; `told`: what a true diagnosis of it holds."""

        def note(answer):
            self.wrong_ones.append((exercise, answer, told))
            return answer

        return note

    def told_in_general(self) -> list[str]:
        """Return the names of the wrong answers that no misconception explains."""
        return [
            answer.__name__
            for exercise, answer, _ in self.wrong_ones
            if report_on(find(exercise), answer).diagnosis.certainty == "general"
        ]


def assert_told(exercise: str, answer: Callable, pattern: str, seeds=range(1)) -> None:
    """Assert that the answer is refused, and that its diagnosis holds `pattern`."""
    for seed in seeds:
        report = report_on(find(exercise), answer, seed)
        assert not report.passed and report.points < 1, f"seed {seed}: passes"
        assert re.search(pattern, str(report.diagnosis), re.IGNORECASE), f"seed {seed}:\n{report}"
