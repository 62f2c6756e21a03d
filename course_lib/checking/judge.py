"""Compare what an answer gave with what is right, and give a report. Nothing of the learner's runs here."""

from __future__ import annotations

import math
from functools import cache, lru_cache, partial
from itertools import combinations
from typing import Any

import numpy as np

from course_lib.checking.compare import agree, alike, in_numbers, is_right
from course_lib.checking.contrast import contrast
from course_lib.checking.exercise import Exercise, Misconception, Row, Statistic
from course_lib.checking.families import with_constant_read_off, with_constant_sought
from course_lib.checking.isolation import Failure, same_draws, silence
from course_lib.checking.observe import Record, Tried, Truth, observe, truth_of
from course_lib.checking.remarks import Wrong, general_remark
from course_lib.checking.report import Diagnosis, Report, ReportRow
from course_lib.checking.values import as_numbers, show, with_article
from course_lib.checking.variants import agrees_in_float32, remark_of_variant

# A relative difference below which an answer is as good as right, but for its last digits.
NEARLY = 2e-5
FLOAT32 = "The last digits are those of settings in float32, as Keras keeps them; that is near enough."
RETURN = "Does the function end with `return` and a value?"
# Where the bug is, is what a repair asks.
STILL_BUGGY = Diagnosis("sure", "buggy", "Your code still gives what the code with the bug gives.")


def judge(exercise: Exercise, record: Record, seed: int, points: float = 1.0) -> Report:
    """Return the report on an answer that gave `record` when it was observed with `seed`.

    An answer passes where it agrees on every row with the reference, or throughout with one accepted convention.
    Points are shared out by the weights of the rows that agree; nothing is earned unless every essential row does, nor
    in a repair by what still gives what the buggy code gives.
    """
    truth = known_truth(exercise, seed)
    values = _values(record)
    values = (values + [Failure("not run")] * len(truth.rows))[: len(truth.rows)]
    unwritten = next((value for value in values if isinstance(value, Failure) and value.kind == "unwritten"), None)
    if unwritten is not None:
        values = [unwritten] * len(values)
    compared = [in_numbers(value) for value in values]
    conventions = [(exercise.reference, truth.values)]
    conventions += [(also, _accepted(exercise, number, seed)) for number, also in enumerate(exercise.accepts)]
    # The convention that the answer comes nearest to; the reference's is the first of equals.
    verdicts, expected, nearest = max(
        (([is_right(row, value, right) for row, value, right in zip(truth.rows, compared, convention, strict=True)],
          convention, answer)
         for answer, convention in conventions),
        key=lambda judged: sum(row.weight for row, passed in zip(truth.rows, judged[0], strict=True) if passed),
    )  # fmt: skip
    in_float32 = not all(verdicts) and agrees_in_float32(exercise, nearest, seed, values, verdicts, expected)
    if in_float32:
        verdicts = [True] * len(verdicts)
    calls = [
        observation.call if not passed else ""
        for observation, passed in zip(record.observations, verdicts, strict=False)
    ]
    calls += [""] * (len(values) - len(calls))
    rows = [
        ReportRow(
            row.label, passed, row.weight, row.essential, *(("", "") if passed else _told(row, value, right)), call
        )
        for row, value, right, passed, call in zip(truth.rows, values, expected, verdicts, calls, strict=True)
    ]
    untouched = exercise.buggy is not None and all(map(alike, truth.rows, compared, _bug(exercise, seed)))
    diagnosis = None if all(verdicts) else diagnose(exercise, truth, values, verdicts, seed, expected)
    if untouched:
        diagnosis = STILL_BUGGY
    return Report(
        exercise=exercise.name,
        rows=rows,
        points=0.0 if untouched else earned(rows, points),
        max_points=points,
        diagnosis=diagnosis,
        notes=_notes(record) + [FLOAT32] * in_float32,
        explanations=list(exercise.explanations) if all(verdicts) else [],
        has_hints=bool(exercise.hints),
        is_attempt=unwritten is None and not untouched,
        output=record.output,
    )


def earned(rows: list[ReportRow], points: float) -> float:
    """Return the part of `points` that the passed rows' weights make, rounded down to hundredths; all for all rows."""
    if all(row.passed for row in rows):
        return float(points)
    if any(row.essential and not row.passed for row in rows):
        return 0.0
    share = sum(row.weight for row in rows if row.passed) / sum(row.weight for row in rows)
    return math.floor(100 * points * share) / 100


def diagnose(
    exercise: Exercise, truth: Truth, values: list, verdicts: list[bool], seed: int, expected: list | None = None
) -> Diagnosis | None:
    """Say which mistake was made: surely, then of two mistakes together, then likely, else what is seen from outside.

    Sure: a misconception agrees with the answer on every row. Likely: one agrees on most of the failing rows, and these
    hold at least two distinct finite numbers (NaN or one repeated number is no evidence); of several, the one that
    agrees on most rows.
    """
    if isinstance(values[0], Failure) and values[0].kind == "unwritten":
        return Diagnosis("sure", "", "Not written yet.", "Replace `raise NotImplementedError` by your code.")
    if any(isinstance(value, Failure) and value.kind == "interrupted" for value in values):
        return Diagnosis("sure", "", "You interrupted the check; run the cell again to repeat it.")
    if all(value is None for value in values):
        return Diagnosis("sure", "returns None", "Your code gives None.", RETURN)

    told = exercise.explain(values)
    if told is not None:
        return Diagnosis("sure", *told)

    compared = [in_numbers(value) for value in values]
    with silence(), same_draws():
        tries = []
        for candidate in exercise.misconceptions:
            tried = _as_made(exercise, candidate, truth, compared, seed)
            if candidate.between is not None:
                # One constant always fits one number: a sought one explains all rows, or nothing.
                if tried is not None:
                    return Diagnosis("sure", candidate.name, candidate.cause, candidate.cure)
            elif _explains(tried, truth, compared, verdicts):
                return Diagnosis("sure", candidate.name, candidate.cause, candidate.cure)
            else:
                tries.append((candidate, tried))
        both = next(
            (p for p in _pairs(exercise) if _explains(_tried(exercise, p, seed), truth, compared, verdicts)), None
        )
    if both is not None:
        return Diagnosis("sure", both.name, both.cause, both.cure)
    texts = {row.label: value for row, value in zip(truth.rows, values, strict=True) if isinstance(value, str)}
    proven = next((m for m in exercise.misconceptions if m.proof and texts.get(m.proof[0]) == m.proof[1]), None)
    if proven is not None:
        return Diagnosis("sure", proven.name, proven.cause, proven.cure)
    rights = truth.values if expected is None else expected
    rows = zip(values, rights, verdicts, strict=True)
    # What is off by less than rounding makes is like many a mistake with some constant or other.
    is_near = all(passed or agree(value, right, NEARLY) for value, right, passed in rows)
    likely = None if is_near else _most_likely(tries, truth, compared, verdicts)
    if likely is not None:
        return Diagnosis("likely", likely.name, likely.cause, likely.cure)
    rows = zip(truth.rows, values, rights, verdicts, strict=True)
    wrong = [Wrong(row, value, right) for row, value, right, passed in rows if not passed]
    own = exercise.remark and exercise.remark([(row.label, value, right) for row, value, right in wrong])
    if own:
        return Diagnosis("general", "", own)
    told = remark_of_variant(exercise, seed, values, verdicts, rights) or general_remark(wrong, len(truth.rows))
    return Diagnosis("general", "", *told)


def _as_made(exercise: Exercise, misconception: Misconception, truth: Truth, values: list, seed: int) -> Tried | None:
    """Return `misconception` as it is declared, or with the constant that the answer's `values` tell.

    None where its constant must be sought, and there is none with which it gives `values` on every row.
    """
    as_declared = _tried(exercise, misconception, seed)

    def run(answer):
        return Tried(exercise, answer, seed)

    if misconception.constant is not None:
        return with_constant_read_off(misconception, truth, values, run) or as_declared
    if misconception.between is None or _gives_all(as_declared, truth, values):
        return as_declared
    sought = with_constant_sought(misconception, values, run)
    return sought if sought is not None and _gives_all(sought, truth, values) else None


def _gives_all(tried: Tried, truth: Truth, values: list) -> bool:
    return all(alike(row, values[place], tried.value(place)) for place, row in enumerate(truth.rows))


def _explains(tried: Tried, truth: Truth, values: list, verdicts: list[bool]) -> bool:
    """Return whether `tried` gives `values` on every row, and explains one that failed.

    Explained is a row on which `tried` is clearly wrong, or ten times nearer to the answer than what is right may be.
    """
    rows, places = truth.rows, _wrong_first(verdicts)
    return all(alike(rows[place], values[place], tried.value(place)) for place in places) and any(
        not verdicts[place]
        and (
            not alike(rows[place], tried.value(place), truth.values[place])
            or is_right(rows[place], values[place], tried.value(place), 0.1)
        )
        for place in places
    )


def _wrong_first(verdicts: list[bool]) -> list[int]:
    """Return the rows' places, those that failed first: they rule most mistakes out, and the rest is not run then."""
    return sorted(range(len(verdicts)), key=lambda place: verdicts[place])


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


def _most_likely(
    tries: list[tuple[Misconception, Tried]], truth: Truth, values: list, verdicts: list[bool]
) -> Misconception | None:
    """Return the misconception that explains most of the failing rows, if one explains more than half of them.

    One that would spoil more of the right rows than it explains of the failing ones is not the answer's.
    """
    found = []
    with silence(), same_draws():
        for candidate, tried in tries:
            same = _as_far_as_it_matters(truth.rows, values, tried, verdicts)
            if same is None:
                continue
            # A row tells something only where the answer fails, and the misconception is clearly wrong too.
            telling = [
                agrees and not passed and not alike(row, tried.value(place), truth.values[place])
                for place, (row, agrees, passed) in enumerate(zip(truth.rows, same, verdicts, strict=True))
            ]
            spoiled = sum(passed and not agrees for agrees, passed in zip(same, verdicts, strict=True))
            if (
                2 * sum(telling) > len(verdicts) - sum(verdicts)
                and spoiled <= sum(telling)
                and _is_evidence(values, telling)
            ):
                found.append((sum(telling), sum(same), candidate))
    # max keeps the first of equals, so the order of declaration decides between them.
    return max(found, key=lambda entry: entry[:2])[2] if found else None


def _as_far_as_it_matters(rows: list[Row], values: list, tried: Tried, verdicts: list[bool]) -> list[bool] | None:
    """Return for each row whether `tried` gives the answer's value.

    None, as soon as half of the failing rows differ, which rules it out.
    """
    failing, differing, same = verdicts.count(False), 0, [False] * len(rows)
    for place in _wrong_first(verdicts):
        same[place] = alike(rows[place], values[place], tried.value(place))
        differing += not same[place] and not verdicts[place]
        if 2 * differing >= failing > 0:
            return None
    return same


def _is_evidence(values: list, telling: list[bool]) -> bool:
    """Return whether the rows that tell something hold two distinct finite numbers."""
    distinct: set[float] = set()
    for value, tells in zip(values, telling, strict=True):
        numbers = None if not tells or isinstance(value, Failure) else as_numbers(value)
        if numbers is not None and numbers.dtype.kind != "c":
            finite = numbers[np.isfinite(numbers)]
            distinct.update(np.unique(np.round(finite.astype(float), 12))[:2])
    return len(distinct) >= 2


def _told(row: Row, value: Any, right: Any) -> tuple[str, str]:
    """Return what a failing row says of the right value and of the answer's."""
    if isinstance(value, Failure):
        return "" if value.kind != "raised" else _expectation(row, right), str(value)
    if isinstance(row, Statistic) or row.is_secret:
        return _expectation(row, right), show(value)
    yours, expected = contrast(value, right)
    return expected, yours


def _expectation(row: Row, right: Any) -> str:
    if isinstance(row, Statistic):
        return f"{row.expected:.6g} ± {row.tolerance:.2g} (a right answer leaves this once in a million runs)"
    if row.is_secret:
        return "something else"
    return contrast(right, right)[1]


def _notes(record: Record) -> list[str]:
    notes = [
        f"`{name}` changes its argument in place; return a new value instead, since the caller still uses the old one."
        for name in record.changed
    ]
    notes += [
        f"`{name}` gives {with_article(kind)}, whose items were taken here: wrap it in `list(…)`, since it can be gone "
        "through only once."
        for name, kind in record.iterators.items()
    ]
    if record.printed > 1000 and not record.output:
        notes.append(f"It printed {record.printed:,} characters; the check does not show them.")
    return notes


@lru_cache(maxsize=256)
def known_truth(exercise: Exercise, seed: int) -> Truth:
    """Return the probe's rows and right values for `seed`; computed once and remembered."""
    return truth_of(exercise, seed)


def _tried(exercise: Exercise, misconception: Misconception, seed: int) -> Tried:
    return Tried(exercise, misconception.answer, seed, _known_values(exercise, misconception, seed))


@lru_cache(maxsize=1024)
def _known_values(exercise: Exercise, misconception: Misconception, seed: int) -> dict[int, Any]:
    """Return what is known of the misconception's rows, for `Tried` to add to: it is remembered, its probe is not."""
    return {}


@lru_cache(maxsize=256)
def _bug(exercise: Exercise, seed: int) -> list[Any]:
    return _values(observe(exercise, exercise.buggy, seed))


@lru_cache(maxsize=256)
def _accepted(exercise: Exercise, number: int, seed: int) -> list[Any]:
    return _values(observe(exercise, exercise.accepts[number], seed))


def _values(record: Record) -> list[Any]:
    return [observation.value for observation in record.observations]
