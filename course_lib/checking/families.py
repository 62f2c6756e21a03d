"""Mistakes that are one whatever their constant: the constant of an answer is found from the values that it gave.

It is read off a row that shows it (`Misconception.constant`), or sought (`Misconception.between`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from course_lib.checking.compare import alike
from course_lib.checking.exercise import Misconception
from course_lib.checking.observe import Tried, Truth
from course_lib.checking.values import as_numbers

TURNS = 70  # at most, where every second turn halves the interval; most families need about ten


def with_constant_read_off(
    misconception: Misconception, truth: Truth, values: list, run: Callable[[Any], Tried]
) -> Tried | None:
    """Return `misconception` with the constant that its `read` tells from `values`.

    Returns:
        the answer as tried, or None where nothing can be told, or where the constant does not explain the rest of the
        row that it was read off, as most do not.
    """
    label, read = misconception.constant
    place = next(place for place, row in enumerate(truth.rows) if row.label == label)
    with np.errstate(all="ignore"):
        constants = _constants(read, values[place], truth.values[place])
    if not constants:
        return None
    made = run(partial(misconception.answer, **constants))
    return made if alike(truth.rows[place], values[place], made.value(place)) else None


def _constants(read: Callable[[Any], Any], value: Any, right: Any) -> dict[str, Any]:
    """Return what `read` tells from `value`, as keyword arguments; empty where it tells nothing."""
    numbers, expected = as_numbers(value), as_numbers(right)
    if expected is not None:
        if numbers is None or numbers.shape != expected.shape or numbers.dtype.kind not in "iuf":
            return {}
        value = numbers.astype(float)
    try:
        told = read(value)
    except (ArithmeticError, LookupError, TypeError, ValueError):  # an answer may give anything
        return {}
    told = told if isinstance(told, dict) else {"constant": told}
    return {} if any(isinstance(number, float) and not np.isfinite(number) for number in told.values()) else told


def with_constant_sought(family: Misconception, values: list, run: Callable[[Any], Tried]) -> Tried | None:
    """Return `family` with the constant that an answer which gave `values` has.

    The constant is sought where the family moves one of the answer's numbers past it, between the two ends of
    `family.between`, by false position (the Illinois variant) and bisection in turn, on the constant's logarithm. The
    number on which the ends differ most is taken, relative to its size.

    Args:
        values: one of each row, plain values or Failures.
        run: tries an answer; of the constants between, only the one row is run.
    Returns:
        the answer as tried, or None where no constant between the ends explains that number.
    """

    def member(logarithm):
        return run(partial(family.answer, constant=math.exp(logarithm)))

    low, high = (math.log(end) for end in family.between)
    at_low, at_high = member(low), member(high)
    place = _place(values, at_low, at_high)
    if place is None:
        return None
    row, index = place

    def error(made):
        numbers = as_numbers(made.value(row))
        fits = numbers is not None and numbers.shape == as_numbers(values[row]).shape
        return float(numbers.flat[index]) - target if fits else math.nan

    target = float(as_numbers(values[row]).flat[index])
    below, above = error(at_low), error(at_high)
    for turn in range(TURNS):
        between = (low + high) / 2 if turn % 2 else (low * above - high * below) / (above - below)
        made = member(between)
        off = error(made)
        if not math.isfinite(off):
            return None
        if abs(off) <= 1e-9 * abs(target) or high - low < 1e-9:
            return made
        if (off < 0) == (above < 0):
            high, above, below = between, off, below / 2
        else:
            low, below, above = between, off, above / 2
    return made


def _place(values: list, at_low: Tried, at_high: Tried) -> tuple[int, int] | None:
    """Return (row, index in it) of the number of `values` that the ends enclose and on which they differ most."""
    best, place = 0.0, None
    for row, value in enumerate(values):
        numbers = [as_numbers(item) for item in (value, at_low.value(row), at_high.value(row))]
        if any(item is None or item.dtype.kind not in "fiub" or item.shape != numbers[0].shape for item in numbers):
            continue
        value, low, high = (item.astype(float).ravel() for item in numbers)
        with np.errstate(all="ignore"):
            enclosed = (np.minimum(low, high) < value) & (value < np.maximum(low, high))
            spread = np.where(enclosed, np.abs(high - low) / np.maximum(np.abs(value), 1e-300), 0.0)
        spread = np.where(np.isfinite(spread), spread, 0.0)
        if spread.size and spread.max() > best:
            best, place = spread.max(), (row, int(spread.argmax()))
    return place
