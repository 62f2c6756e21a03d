"""A bank of answers as people write them, and what is asked of each.

Each wrong answer stands with a pattern that what its author is told must hold; an answer without one is right.
"""

from __future__ import annotations

import linecache
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_lib.checking.exercise import Exercise
from course_lib.exercises import find
from tests.exercises.reports import assert_passes, report_on

RIGHT = "right"  # what a case says of a right answer, which must pass
BUGGY = "buggy|still"  # what gives the same as the code with the bug is told so, and earns nothing


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


def assert_told(exercise: Exercise | str, answer: Callable, pattern: str, seeds=range(1)) -> None:
    """Assert that the answer is refused, and that its diagnosis holds `pattern`."""
    exercise = find(exercise) if isinstance(exercise, str) else exercise
    for seed in seeds:
        report = report_on(exercise, answer, seed)
        assert not report.passed and report.points < 1, f"seed {seed}: passes"
        assert re.search(pattern, str(report.diagnosis), re.IGNORECASE), f"seed {seed}:\n{report}"


@dataclass(frozen=True)
class Case:
    """An answer to the exercise of that name; `told`: what a true diagnosis of it holds, or RIGHT."""

    exercise: str
    told: str
    name: str
    answer: Any


def written(exercise, source, told, *changes, name=""):
    """A case whose answer is the class or function that `source` defines, with (old, new) texts of `changes`."""
    for old, new in changes:
        assert source.count(old) >= 1, f"{exercise}: {old!r} does not occur"
        source = source.replace(old, new)
    namespace: dict = {"np": np}
    # As in a notebook, where a message on an error can quote the line.
    filename = f"<cell {len(linecache.cache)}>"
    linecache.cache[filename] = len(source), None, source.splitlines(keepends=True), filename
    exec(compile(source, filename, "exec"), namespace)
    answer = [value for key, value in namespace.items() if key not in ("np", "__builtins__")][-1]
    return Case(exercise, told, name or "; ".join(new.strip() for _, new in changes) or answer.__name__, answer)


def cases_of(exercise, source, before=""):
    """Return a maker of cases of one exercise, whose usual answer is `source`; `before`: the lines that it needs."""

    def case(told, *changes, name="", source=source):
        return written(exercise, before + source, told, *changes, name=name)

    return case


def answers_to(arguments):
    """Return a maker of cases for the exercises of `arguments`, {name: the text between the brackets of its `def`}."""

    def answers(exercise, before, *entries):
        """Cases of what a true diagnosis holds, and the lines of the answer, which follow those `before`."""
        cases = []
        for told, *lines in entries:
            body = "\n".join(f"    {line}" for line in [*before, *lines])
            source = f"def {exercise}({arguments[exercise]}):\n{body}\n"
            cases.append(written(exercise, source, told, name="; ".join(lines)))
        return cases

    return answers


class BankTests:
    """What is asked of a chapter's bank of cases. A subclass is the tests of one.

    Attributes:
        cases, exercises: the bank, and the chapter.
        right_seeds, wrong_seeds: how many seeds a right and a wrong answer is tried at.
        least_right, least_wrong: how many of them there are at least.
        in_general: the share of the wrong ones that may be told without a misconception, at most.
        told_by_name: exercises in which a test is written: what it lets through is told by name.
        elsewhere: exercises of the chapter that have a bank of their own.
    """

    cases: tuple[Case, ...]
    exercises: list[Exercise]
    right_seeds, wrong_seeds = 5, 3
    least_right, least_wrong = 1, 1
    in_general = 0.05
    told_by_name = frozenset()
    elsewhere = frozenset()

    def pytest_generate_tests(self, metafunc):
        for asked in ("right", "wrong"):
            if asked in metafunc.fixturenames:
                chosen = [case for case in self.cases if (case.told == RIGHT) == (asked == "right")]
                metafunc.parametrize(asked, chosen, ids=[f"{case.exercise}: {case.name}"[:90] for case in chosen])

    def exercise_of(self, case):
        return next(exercise for exercise in self.exercises if exercise.name == case.exercise)

    def test_a_right_answer_passes(self, right):
        assert_passes(self.exercise_of(right), right.answer, range(self.right_seeds))

    def test_a_wrong_answer_is_refused_and_told_something_true(self, wrong):
        assert_told(self.exercise_of(wrong), wrong.answer, wrong.told, range(self.wrong_seeds))

    def test_the_bank_has_every_exercise_and_is_no_sample_of_a_few(self):
        asked = {each.name for each in self.exercises if each.kind not in ("quiz", "read the picture")}
        assert {case.exercise for case in self.cases} == asked - self.elsewhere
        right = sum(case.told == RIGHT for case in self.cases)
        assert right >= self.least_right and len(self.cases) - right >= self.least_wrong

    def test_nearly_all_are_told_by_a_misconception(self):
        wrong = [
            case for case in self.cases if case.told not in (RIGHT, BUGGY) and case.exercise not in self.told_by_name
        ]
        general = [
            f"{case.exercise}: {case.name}"
            for case in wrong
            if report_on(self.exercise_of(case), case.answer).diagnosis.certainty == "general"
        ]
        assert len(general) <= self.in_general * len(wrong), general
