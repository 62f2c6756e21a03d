"""Wrong answers that any exercise can get, made from its reference and run on its probe: a claim is tried, not guessed.

An answer that gives back an argument; the reference with an ε or an axis of its own; with settings in float32.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from course_lib.checking.compare import agree
from course_lib.checking.exercise import Exercise, Statistic
from course_lib.checking.isolation import Failure, same_draws, silence
from course_lib.checking.observe import Tried
from course_lib.checking.values import as_numbers

EPSILONS = (0.0, 1e-8, 1e-7, 1e-6, 1e-5, 1e-3, 1e-12, 1e-10, 1e-15, 1e-16, 1e-9, 1e-4, 1e-2, 2.220446049250313e-16)


def remark_of_variant(
    exercise: Exercise, seed: int, values: list, verdicts: list[bool], truths: list
) -> tuple[str, str] | None:
    """Return cause and cure of the first variant that gives these `values` on all rows that are wrong."""
    if any(isinstance(value, Failure) for value, passed in zip(values, verdicts, strict=True) if not passed):
        return None
    with silence(), same_draws():
        for variant, cause, cure, is_whole in _variants(exercise):
            if _gives(Tried(exercise, variant, seed), values, verdicts, truths, is_whole):
                return cause, cure
    return None


def agrees_in_float32(
    exercise: Exercise, right: Any, seed: int, values: list, verdicts: list[bool], truths: list
) -> bool:
    """Return whether all that is wrong is what `right` gives, were its settings rounded to float32.

    Keras keeps an optimizer's settings so, whatever the weights' own dtype: 0.999 becomes 0.9990000129. Only classes
    have settings.

    Args:
        right: the reference or the accepted convention that the answer comes nearest to, which gives `truths`.
    """
    wrong = [place for place, passed in enumerate(verdicts) if not passed]
    if not isinstance(exercise.reference, type) or not all(agree(values[p], truths[p], 1e-4) for p in wrong):
        return False

    def in_float32(*arguments, **settings):
        arguments = [_in_float32(value) for value in arguments]
        return right(*arguments, **{name: _in_float32(value) for name, value in settings.items()})

    with silence(), same_draws():
        tried = Tried(exercise, in_float32, seed)
        return all(agree(values[p], tried.value(p), tried.rows[p].relative_tolerance) for p in wrong)


def _in_float32(value: Any) -> Any:
    return float(np.float32(value)) if type(value) is float else value


def _variants(exercise: Exercise) -> Iterator[tuple[Any, str, str, bool]]:
    """Yield each variant with cause and cure, and whether it must give the answer's values on the right rows too."""
    reference = exercise.reference
    if not callable(reference):
        return
    method = getattr(reference, "step", None) if isinstance(reference, type) else reference
    names = [name for name in _parameters(method) if name != "self"] if method is not None else []
    for place, name in enumerate(names[:2]):
        called = f"`{name}` comes" if place else f"Nothing has changed: `{name}` comes"
        variant = _class_that_gives_back(place) if isinstance(reference, type) else _giving_back(place)
        cure = "Is the result stored where you return it? A loop's variable is no part of the list."
        yield variant, f"{called} back as it was given, on all wrong rows.", cure, False
    settings = _parameters(reference)
    for value in EPSILONS if "epsilon" in settings else ():
        told = (
            "Your numbers are those without ε (with ε = 0)"
            if value == 0
            else f"Your numbers are those of ε = {value:g}"
        )
        yield (
            _with(reference, False, epsilon=value),
            f"{told}, whatever `epsilon` says.",
            "Use `epsilon` as given.",
            True,
        )
    if "epsilon" in settings:
        for value in EPSILONS:
            cause = f"Your ε is {value:g} where none is given." if value else "Where no ε is given, yours is 0."
            yield _with(reference, True, epsilon=value), cause, "Take the default from the task.", True
    for value in (-1, 0, 1, None) if "axis" in settings else ():
        told = "the whole array" if value is None else f"axis {value}"
        yield (
            _with(reference, False, axis=value),
            f"Your numbers are those of {told}, whatever `axis` says.",
            ("Pass `axis` on to every sum, mean and maximum."),
            True,
        )


def _parameters(function: Callable) -> list[str]:
    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return []


def _giving_back(place: int) -> Callable:
    def gives_back(*arguments, **keywords):
        return arguments[place]

    return gives_back


def _class_that_gives_back(place: int) -> type:
    class GivesBack:
        def __init__(self, *arguments, **settings):
            pass

        def step(self, *arguments, **keywords):
            return arguments[place]

    return GivesBack


def _with(reference: Callable, only_where_missing: bool, **changed: Any) -> Callable:
    def variant(*arguments, **keywords):
        # Arguments by position get their names first, so that the changed one is not given twice.
        given = inspect.signature(reference).bind_partial(*arguments, **keywords).arguments
        return reference(**(changed | given if only_where_missing else given | changed))

    return variant


def _gives(tried: Tried, values: list, verdicts: list[bool], truths: list, is_whole: bool) -> bool:
    """Return whether the variant `tried` gives `values` where they are wrong, and differs there from what is right."""
    wrong = [place for place, passed in enumerate(verdicts) if not passed]
    places = wrong + [place for place, passed in enumerate(verdicts) if passed] if is_whole else wrong
    telling: set[float] = set()
    for place in places:
        row, value = tried.rows[place], tried.value(place)
        if isinstance(row, Statistic) or row.is_secret or isinstance(value, Failure):
            return False
        if not agree(values[place], value, row.relative_tolerance):
            return False
        numbers = as_numbers(value)
        if numbers is None and isinstance(value, list | tuple):
            flat = [as_numbers(item) for item in value]
            if flat and all(item is not None for item in flat):
                numbers = np.concatenate([item.ravel() for item in flat])
        if (
            not verdicts[place]
            and numbers is not None
            and not agree(value, truths[place], row.relative_tolerance, 10.0)
        ):
            telling.update(np.unique(numbers[np.isfinite(numbers)].astype(float))[:3].tolist())
    return len(telling) > 1
