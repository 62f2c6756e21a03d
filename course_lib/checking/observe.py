"""Run an exercise's probe with an answer and write down what every row gave."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from course_lib.checking.exercise import Exercise, Row
from course_lib.checking.handles import meet, settle
from course_lib.checking.isolation import Failure, attempt, silence


@dataclass(frozen=True)
class Observation:
    """What one row gave: a plain value, or the Failure that stands for it. This, and no object, crosses a process."""

    label: str
    value: Any


@dataclass
class Record:
    """All observations of one answer, in the probe's order, and what it did besides.

    `printed` counts characters written to stdout and stderr; `changed` names the functions that changed an argument.
    """

    observations: list[Observation] = field(default_factory=list)
    printed: int = 0
    changed: list[str] = field(default_factory=list)


def observe(exercise: Exercise, answer: Any, seed: int) -> Record:
    """Run `exercise`'s probe with the untrusted `answer`; one row that fails costs that row.

    After a row that ran out of time or was interrupted the rest is not run: an endless loop costs its limit once.
    """
    changed: set[str] = set()
    record = Record()
    with silence() as printed:
        met = meet(answer, changed)
        stopped = False
        for row in exercise.rows(met, seed):
            value = Failure("not run") if stopped else attempt(lambda row=row: settle(row.value()), exercise.time_limit)
            stopped = stopped or (isinstance(value, Failure) and value.kind in ("time", "interrupted"))
            record.observations.append(Observation(row.label, value))
    record.printed, record.changed = printed.characters, sorted(changed)
    return record


@dataclass(frozen=True)
class Truth:
    """The probe's rows as declared, and what a right answer gives on each."""

    rows: list[Row]
    values: list[Any]


class BrokenExerciseError(Exception):
    """The exercise itself is wrong: its reference raises on its own probe, or gives what cannot be compared."""


def truth_of(exercise: Exercise, seed: int) -> Truth:
    """Run the probe with the reference, and return its rows and values. Raises BrokenExerciseError."""
    rows, values = [], []
    with silence():
        for row in exercise.rows(meet(exercise.reference, set()), seed):
            value = attempt(lambda row=row: settle(row.value()), 10 * exercise.time_limit)
            if isinstance(value, Failure):
                raise BrokenExerciseError(f"{exercise.name}: the reference {value} on {row.label!r}.")
            rows.append(row)
            values.append(value)
    labels = [row.label for row in rows]
    if not rows or len(set(labels)) < len(labels):
        raise BrokenExerciseError(f"{exercise.name}: its probe needs rows, and each needs a label of its own.")
    return Truth(rows, values)
