"""Exercises whose answer is a test: it is run on right and on wrong implementations, and has to tell them apart."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row
from course_lib.checking.isolation import Failure
from course_lib.checking.values import show

RIGHT, WRONG = "right: ", "wrong: "  # how the labels of rows begin
MOST_NAMED = 3  # of those that slipped through, in one message


@dataclass(frozen=True, eq=False)
class Examiner(Exercise):
    """An exercise made by `examiner`. While grading its probe runs in the tester, so that no implementation crosses."""


@dataclass(frozen=True)
class Specimen:
    """An implementation that the learner's test is run on."""

    label: str
    functions: tuple[Callable, ...]
    is_right: bool


def examiner(
    name: str,
    subject: str,
    right: Exercise | Mapping[str, Any] | Sequence[Any],
    wrong: Exercise | Sequence[Any],
    *,
    reference: Callable,
    misconceptions: Sequence[Any] = (),
    functions: Callable[[Any], Any] = lambda implementation: implementation,
    **declared: Any,
) -> Examiner:
    """Make an exercise whose answer is a test, `looks_right(softmax) -> bool`.

    It has to return True for every right implementation, else it earns nothing; each wrong one that it catches earns
    its share. Caught is one for which it returns False, or raises: a failed `assert` is as good, and so is the
    exception of an implementation that cannot take an input. NumPy's booleans count as Python's, other values as no
    verdict.

    What it is given are functions without a name or a docstring, each with the parameters of the first right one. They
    take and return plain values. They come in an order that the seed decides, so that it tells nothing either.

    Args:
        name: of the exercise, and of the function that the learner writes.
        subject: what is tested, in the learner's words: "softmax".
        right: right implementations: an exercise's reference and equivalents, a list, whose first lines of docstrings
            tell them apart in a report, or {what tells it apart: implementation}. The first is the usual one.
        wrong: wrong ones: a list of misconceptions, or of functions whose docstrings are misconceptions; an exercise
            stands for all of its own.
        reference: our own test, which tells all of them apart.
        misconceptions: wrong tests, besides the two that hold for every subject.
        functions: makes of an implementation what the test is given: one function, or several, as the forward and the
            backward of a layer.
        declared: what an `Exercise` has besides.
    Raises:
        ValueError: there is no right implementation, or no wrong one.
    """
    right, wrong = list(_right_ones(right)), list(_wrong_ones(wrong))
    if not right or not wrong:
        raise ValueError(f"{name}: it takes right and wrong implementations.")
    specimens = _specimens(right, wrong, functions)

    def probe(test: Callable, rng: np.random.Generator) -> Iterator[Row]:
        order = rng.permutation(len(specimens))
        verdicts: dict[int, Any] = {}

        def verdict(number: int) -> bool | None:
            if not verdicts:
                verdicts.update({int(each): _verdict(test, specimens[each]) for each in order})
            if isinstance(verdicts[number], Exception):
                raise verdicts[number]
            return verdicts[number]

        for number, specimen in enumerate(specimens):
            yield Row(
                specimen.label,
                lambda number=number: verdict(number),
                weight=0.0 if specimen.is_right else 1.0,
                essential=specimen.is_right,
            )

    def remark(failing: list[tuple[str, Any, Any]]) -> str:
        return _remark(subject, failing)

    return Examiner(
        name=name,
        reference=reference,
        probe=probe,
        misconceptions=[accepts_everything, refuses_everything, *misconceptions],
        remark=remark,
        **{"kind": "write the check"} | declared,
    )


def accepts_everything(*functions):
    """Your test accepts everything that it is tried on, right or wrong.

    Compare what the function returns with what you know of a right result, and return False where they differ.
    """
    return True


def refuses_everything(*functions):
    """Your test refuses everything that it is tried on, right or wrong.

    Work out one result by hand, and see which of your comparisons does not hold for it.
    """
    return False


def _right_ones(right: Exercise | Mapping[str, Any] | Sequence[Any]) -> Iterator[tuple[str, Any]]:
    if isinstance(right, Exercise):
        right = [right.reference, *right.equivalents]
    if isinstance(right, Mapping):
        yield from right.items()
    else:
        yield from ((_what_it_is(each), each) for each in right)


def _wrong_ones(wrong: Exercise | Sequence[Any]) -> Iterator[Misconception]:
    for each in [wrong] if isinstance(wrong, Exercise) else wrong:
        if isinstance(each, Exercise):
            yield from _wrong_ones(each.misconceptions)
        else:
            yield each if isinstance(each, Misconception) else Misconception.of(each)


def _what_it_is(implementation: Any) -> str:
    """Return the first line of its docstring, or else its name in words."""
    written = inspect.cleandoc(getattr(implementation, "__doc__", None) or "").partition("\n")[0]
    name = getattr(implementation, "__name__", "")
    return written or (name.replace("_", " ") if name.isidentifier() else "written otherwise")


def _specimens(right: list[tuple[str, Any]], wrong: list[Misconception], functions: Callable) -> list[Specimen]:
    """Return what the test is run on: functions that can be told apart by nothing but calls."""

    def taken(implementation):
        made = functions(implementation)
        return made if isinstance(made, tuple) else (made,)

    signatures = [_signature(function) for function in taken(right[0][1])]
    named = [(RIGHT + what, implementation) for what, implementation in right]
    named += [(WRONG + mistake.cause, mistake.answer) for mistake in wrong]
    seen: Counter[str] = Counter()
    specimens = []
    for number, (label, implementation) in enumerate(named):
        seen[label] += 1  # two of them may be called the same
        label += f" ({seen[label]})" if seen[label] > 1 else ""
        alike = tuple(map(_anonymous, taken(implementation), signatures))
        specimens.append(Specimen(label, alike, number < len(right)))
    return specimens


def _signature(function: Callable) -> inspect.Signature | None:
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):  # one that is written in C
        return None


def _anonymous(function: Callable, signature: inspect.Signature | None) -> Callable:
    """Return `function` with these parameters, and exceptions that do not name it."""

    def implementation(*arguments, **keywords):
        if signature is not None:
            # The flags of a faulty implementation are no parameters, and an error in the call names no function.
            bound = signature.bind(*arguments, **keywords)
            arguments, keywords = bound.args, bound.kwargs
        try:
            return function(*arguments, **keywords)
        except Exception as error:
            failed = error.with_traceback(None)
        failed.__cause__ = failed.__context__ = None
        raise failed

    return implementation


def _verdict(test: Callable, specimen: Specimen) -> Any:
    """Return what the test says of a specimen: True, False or None, or the exception that its row raises."""
    try:
        said = test(*specimen.functions)
    except NotImplementedError:  # not written yet, of which nothing is caught
        raise
    except Exception as error:
        return error if specimen.is_right else False
    if isinstance(said, np.ndarray) and said.shape == () and said.dtype == bool:
        return bool(said)
    if said is None or isinstance(said, bool):
        return said
    is_array = isinstance(said, np.ndarray) and said.shape
    kind = f"an array of shape {said.shape}" if is_array else f"this: {show(said, 60)}"
    return TypeError(f"it should return True or False, not {kind}")


def _remark(subject: str, failing: list[tuple[str, Any, Any]]) -> str:
    """Return what is to be said of a test that makes none of the known mistakes; nothing where it did not end."""
    if any(isinstance(value, Failure) and value.kind != "raised" for _, value, _ in failing):
        return ""
    for label, value, _ in failing:
        if label.startswith(RIGHT):
            what = f"a right {subject} ({label.removeprefix(RIGHT).rstrip('.')})"
            if isinstance(value, Failure):
                return f"On {what} your test {value}."
            return f"Your test gives None for {what}." if value is None else f"Your test refuses {what}."
    for _, value, _ in failing:
        if isinstance(value, Failure):
            return f"Your test {value} on a wrong {subject}."
    causes = [label.removeprefix(WRONG) for label, _, _ in failing]
    more = f" And {len(causes) - MOST_NAMED} more." if len(causes) > MOST_NAMED else ""
    return f"Slipped through: {' '.join(causes[:MOST_NAMED])}{more}"
