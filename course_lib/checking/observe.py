"""Run an exercise's probe with an answer and write down what every row gave."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from course_lib.checking.calls import calls_in_words
from course_lib.checking.compare import in_numbers
from course_lib.checking.exercise import Exercise, Row
from course_lib.checking.handles import Call, Visit, meet, settle
from course_lib.checking.isolation import Failure, attempt, same_draws, silence


@dataclass(frozen=True)
class Observation:
    """What one row gave: a plain value, or the Failure that stands for it. This, and no object, crosses a process.

    `calls`, how the answer was called, are kept only where `observe` is told to, and stay in the process.
    """

    label: str
    value: Any
    calls: tuple[Call, ...] = field(default=(), compare=False, repr=False)

    @property
    def call(self) -> str:
        """How the answer was called, in Python, a line a call."""
        return calls_in_words(self.calls)


@dataclass
class Record:
    """All observations of one answer, in the probe's order, and what it did besides.

    Args:
        printed: how many characters were written to stdout and stderr.
        changed: the functions that changed an argument.
        iterators: {function: which iterator it returned, whose items were taken for a list}.
        output: the first lines that were printed, where `observe` is told to keep them.
    """

    observations: list[Observation] = field(default_factory=list)
    printed: int = 0
    changed: list[str] = field(default_factory=list)
    iterators: dict[str, str] = field(default_factory=dict)
    output: str = ""


def observe(exercise: Exercise, answer: Any, seed: int, tells_inputs: bool = False) -> Record:
    """Run `exercise`'s probe with the untrusted `answer`; one row that fails costs that row.

    After a row that ran out of time or was interrupted the rest is not run: an endless loop costs its limit once.
    `tells_inputs` keeps how the answer was called and what it printed, which no report may hold while grading.
    """
    visit = Visit()
    record = Record()
    with silence() as printed, same_draws():
        met = meet(answer, visit, exercise.name)
        stopped = False
        for row in exercise.rows(met, seed):
            visit.calls = [] if tells_inputs and not row.is_secret else None
            value = Failure("not run") if stopped else attempt(lambda row=row: settle(row.value()), exercise.time_limit)
            stopped = stopped or (isinstance(value, Failure) and value.kind in ("time", "interrupted"))
            record.observations.append(Observation(row.label, value, tuple(visit.calls or ())))
    record.printed, record.changed, record.iterators = printed.characters, sorted(visit.changed), visit.iterators
    if tells_inputs:
        record.output = printed.first_lines
    return record


class Tried:
    """One of our own answers, of whose rows only those are run that somebody asks for; each is run once.

    To be used within `silence`. `values`, {place of a row: what it gave}, may be handed on to another of the same
    answer: they outlive the probe, which holds all that it gave and got.
    """

    def __init__(self, exercise: Exercise, answer: Any, seed: int, values: dict[int, Any] | None = None):
        self._exercise, self._answer, self._seed = exercise, answer, seed
        self._values = {} if values is None else values

    @cached_property
    def rows(self) -> list[Row]:
        return list(self._exercise.rows(meet(self._answer, Visit(), self._exercise.name), self._seed))

    def value(self, place: int) -> Any:
        """Return what row number `place` gives: a plain value, as one array where it is one, or a Failure."""
        if place not in self._values:
            row = self.rows[place]
            self._values[place] = in_numbers(attempt(lambda: settle(row.value()), self._exercise.time_limit))
        return self._values[place]


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
        for row in exercise.rows(meet(exercise.reference, Visit()), seed):
            value = attempt(lambda row=row: settle(row.value()), 10 * exercise.time_limit)
            if isinstance(value, Failure):
                raise BrokenExerciseError(f"{exercise.name}: the reference {value} on {row.label!r}.")
            rows.append(row)
            values.append(value)
    labels = [row.label for row in rows]
    if not rows or len(set(labels)) < len(labels):
        raise BrokenExerciseError(f"{exercise.name}: its probe needs rows, and each needs a label of its own.")
    return Truth(rows, values)


def once(action):
    """Return `action`, which is run once: several rows look at what it gave, or fail with what it raised."""
    outcome = []

    def again():
        if not outcome:
            try:
                outcome.append((action(), None))
            except Exception as error:
                outcome.append((None, error))
        value, error = outcome[0]
        if error is not None:
            raise error
        return value

    return again
