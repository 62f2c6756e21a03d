"""Compare what an answer gave with what is right, and give a report. Nothing of the learner's runs here."""

from __future__ import annotations

import math
from functools import cache, lru_cache, partial
from itertools import combinations
from typing import Any

import numpy as np

from course_lib.checking.compare import agree
from course_lib.checking.exercise import Exercise, Misconception, Row, Statistic
from course_lib.checking.isolation import Failure
from course_lib.checking.observe import Record, Truth, observe, truth_of
from course_lib.checking.remarks import general_remark
from course_lib.checking.report import Diagnosis, Report, ReportRow
from course_lib.checking.values import as_numbers, show

# An answer that makes the same mistake computes the same thing in another order: a little more room than for a pass.
MISCONCEPTION_SLACK = 10.0


def judge(exercise: Exercise, record: Record, seed: int, points: float = 1.0) -> Report:
    """Return the report on an answer that gave `record` when it was observed with `seed`.

    An answer passes where it agrees on every row with the reference, or throughout with one accepted convention.
    Points are shared out by the weights of the rows that agree; nothing is earned unless every essential row does.
    """
    truth = known_truth(exercise, seed)
    values = _values(record)
    values = (values + [Failure("not run")] * len(truth.rows))[: len(truth.rows)]
    unwritten = next((value for value in values if isinstance(value, Failure) and value.kind == "unwritten"), None)
    if unwritten is not None:
        values = [unwritten] * len(values)
    conventions = [truth.values, *(_accepted(exercise, number, seed) for number in range(len(exercise.accepts)))]
    # The convention that the answer comes nearest to; the reference's is the first of equals.
    verdicts, expected = max(
        (([_right(row, value, right) for row, value, right in zip(truth.rows, values, convention, strict=True)],
          convention)
         for convention in conventions),
        key=lambda judged: sum(row.weight for row, passed in zip(truth.rows, judged[0], strict=True) if passed),
    )  # fmt: skip
    rows = [
        ReportRow(
            label=row.label,
            passed=passed,
            weight=row.weight,
            essential=row.essential,
            expected="" if passed or _has_no_value(value) else _expectation(row, right),
            actual="" if passed else (str(value) if isinstance(value, Failure) else show(value)),
        )
        for row, value, right, passed in zip(truth.rows, values, expected, verdicts, strict=True)
    ]
    return Report(
        exercise=exercise.name,
        rows=rows,
        points=earned(rows, points),
        max_points=points,
        diagnosis=None if all(verdicts) else diagnose(exercise, truth, values, verdicts, seed),
        notes=_notes(record),
        has_hints=bool(exercise.hints),
    )


def earned(rows: list[ReportRow], points: float) -> float:
    """Return the part of `points` that the passed rows' weights make, rounded down to hundredths; all for all rows."""
    if all(row.passed for row in rows):
        return float(points)
    if any(row.essential and not row.passed for row in rows):
        return 0.0
    share = sum(row.weight for row in rows if row.passed) / sum(row.weight for row in rows)
    return math.floor(100 * points * share) / 100


def diagnose(exercise: Exercise, truth: Truth, values: list, verdicts: list[bool], seed: int) -> Diagnosis | None:
    """Say which mistake was made: surely, then of two mistakes together, then likely, else what is seen from outside.

    Sure: a misconception agrees with the answer on every row. Likely: one agrees on failing rows that hold at least two
    distinct finite numbers (NaN or one repeated number is no evidence); of several, the one that agrees on most rows.
    """
    if isinstance(values[0], Failure) and values[0].kind == "unwritten":
        return Diagnosis("sure", "", "Not written yet: replace `raise NotImplementedError` by your code.")
    if any(isinstance(value, Failure) and value.kind == "interrupted" for value in values):
        return Diagnosis("sure", "", "You interrupted the check; run the cell again to repeat it.")
    if all(passed or value is None for value, passed in zip(values, verdicts, strict=True)):
        return Diagnosis("sure", "returns None", "Your code gives None: does the function end with `return`?")

    likely = None
    for candidates in (exercise.misconceptions, _pairs(exercise)):
        found = []
        for candidate in candidates:
            wrong = _as_made(exercise, candidate, truth, values, seed)
            same = _same_mistake(truth.rows, values, wrong)
            # A row tells something only where the answer fails, and the misconception is clearly wrong too.
            telling = [
                agrees and not passed and not right
                for agrees, passed, right in zip(
                    same, verdicts, _same_mistake(truth.rows, wrong, truth.values), strict=True
                )
            ]
            if all(same) and any(telling):
                return Diagnosis("sure", candidate.name, candidate.cause, candidate.cure)
            # A number that was fitted to a row makes that row agree: only all of them are evidence.
            if candidate.constant is None and _is_evidence(values, telling):
                found.append((sum(telling), sum(same), candidate))
        if found and likely is None:
            # max keeps the first of equals, so the order of declaration decides between them.
            likely = max(found, key=lambda entry: entry[:2])[2]
    wrong_choices = [choice for choice in exercise.misconceptions if _is_made(exercise, choice, truth, values, seed)]
    if wrong_choices:
        names, causes, cures = (
            [getattr(choice, what) for choice in wrong_choices] for what in ("name", "cause", "cure")
        )
        return Diagnosis("sure", " + ".join(names), " ".join(causes), " ".join(filter(None, cures)))
    if likely is not None:
        return Diagnosis("likely", likely.name, likely.cause, likely.cure)
    failing = [
        (row.label, value, right)
        for row, value, right, passed in zip(truth.rows, values, truth.values, verdicts, strict=True)
        if not passed
    ]
    return Diagnosis("general", "", general_remark(exercise.name, failing, len(truth.rows)))


@cache
def _pairs(exercise: Exercise) -> list[Misconception]:
    """Return every pair of flags of one faulty implementation as one misconception."""
    pairs = []
    for one, other in combinations(exercise.misconceptions, 2):
        if one.faulty is not None and one.faulty is other.faulty:
            both = partial(one.faulty, **one.answer.keywords, **other.answer.keywords)
            cause = f"Two mistakes. {one.cause} And: {other.cause}"
            cure = " And: ".join(filter(None, (one.cure, other.cure)))
            pairs.append(Misconception(both, cause, cure, f"{one.name} + {other.name}"))
    return pairs


def _right(row: Row, value: Any, right: Any) -> bool:
    if isinstance(value, Failure):
        return False
    if isinstance(row, Statistic):
        number = _number(value)
        # A plain bool: NumPy's cannot be written as JSON.
        return number is not None and bool(abs(number - row.expected) <= row.tolerance)
    return agree(value, right, row.relative_tolerance)


def _same_mistake(rows: list[Row], values: list, others: list) -> list[bool]:
    """Return for each row whether the two values are what one and the same code would give."""
    return [_alike(row, value, other) for row, value, other in zip(rows, values, others, strict=True)]


def _alike(row: Row, value: Any, wrong: Any) -> bool:
    if isinstance(value, Failure) or isinstance(wrong, Failure):
        return isinstance(value, Failure) and isinstance(wrong, Failure) and value.error == wrong.error
    if isinstance(row, Statistic):
        number, other = _number(value), _number(wrong)
        if number is None or other is None:
            return number is other
        # Both are draws: their difference spreads √2 times as much, and a mistake may also widen the spread.
        return abs(number - other) <= max(math.sqrt(2) * row.tolerance, 0.05 * abs(other - row.expected))
    return agree(value, wrong, row.relative_tolerance, MISCONCEPTION_SLACK)


def _number(value: Any) -> float | None:
    numbers = as_numbers(value)
    return float(numbers) if numbers is not None and numbers.ndim == 0 and np.isfinite(numbers) else None


def _is_made(exercise: Exercise, choice: Misconception, truth: Truth, values: list, seed: int) -> bool:
    """Return whether the answer has all the wrong texts of `choice`: in a quiz, its wrong letter."""
    if not all(isinstance(right, str) for right in truth.values):
        return False
    rows = zip(values, _mistake(exercise, choice, seed), truth.values, strict=True)
    wrong = [(value, other) for value, other, right in rows if other != right]
    return bool(wrong) and all(value == other for value, other in wrong)


def _is_evidence(values: list, telling: list[bool]) -> bool:
    """Return whether the rows that tell something hold two distinct finite numbers."""
    distinct: set[float] = set()
    for value, tells in zip(values, telling, strict=True):
        numbers = None if not tells or isinstance(value, Failure) else as_numbers(value)
        if numbers is not None and numbers.dtype.kind != "c":
            finite = numbers[np.isfinite(numbers)]
            distinct.update(np.unique(np.round(finite.astype(float), 12))[:2])
    return len(distinct) >= 2


def _has_no_value(value: Any) -> bool:
    return isinstance(value, Failure) and value.kind != "raised"


def _expectation(row: Row, right: Any) -> str:
    if isinstance(row, Statistic):
        return f"{row.expected:.6g} ± {row.tolerance:.2g} (a right answer leaves this once in a million runs)"
    if row.is_secret:
        return "something else"
    return show(right)


def _notes(record: Record) -> list[str]:
    notes = [
        f"`{name}` changes its argument in place; return a new value instead, since the caller still uses the old one."
        for name in record.changed
    ]
    if record.printed > 1000:
        notes.append(f"It printed {record.printed:,} characters; the check does not show them.")
    return notes


@lru_cache(maxsize=256)
def known_truth(exercise: Exercise, seed: int) -> Truth:
    """Return the probe's rows and right values for `seed`; computed once and remembered."""
    return truth_of(exercise, seed)


@lru_cache(maxsize=1024)
def _mistake(exercise: Exercise, misconception: Misconception, seed: int) -> list[Any]:
    return _values(observe(exercise, misconception.answer, seed))


def _as_made(exercise: Exercise, candidate: Misconception, truth: Truth, values: list, seed: int) -> list[Any]:
    """Return what `candidate` gives: where it may be made with any number, with the one that `values` give away."""
    if candidate.constant is None:
        return _mistake(exercise, candidate, seed)
    try:
        with np.errstate(all="ignore"):
            constant = candidate.constant({row.label: value for row, value in zip(truth.rows, values, strict=True)})
    # An answer may give anything, also what no number follows from.
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return _mistake(exercise, candidate, seed)
    return _values(observe(exercise, partial(candidate.answer, constant=constant), seed))


@lru_cache(maxsize=256)
def _accepted(exercise: Exercise, number: int, seed: int) -> list[Any]:
    return _values(observe(exercise, exercise.accepts[number], seed))


def _values(record: Record) -> list[Any]:
    return [observation.value for observation in record.observations]
