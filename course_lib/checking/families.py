"""Mistakes that are one whatever their constant: the constant of an answer is found from the values that it gave."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from course_lib.checking.exercise import Misconception
from course_lib.checking.observe import Tried
from course_lib.checking.values import as_numbers

TURNS = 70  # at most, where every second turn halves the interval; most families need about ten


def with_its_constant(family: Misconception, values: list, run: Callable[[Any], Tried]) -> Tried | None:
    """Return `family` with the constant that an answer which gave `values` has.

    The constant is sought where the family moves one of the answer's numbers past it, between the two ends of
    `family.between`, by false position (the Illinois variant) and bisection in turn, on the constant's logarithm. The
    number on which the ends differ most is taken, relative to its size.

    Args:
        values: one of each row, plain values or Failures.
        run: tries an answer; of the constants between, only the one row is run.
    Returns:
        the member as tried, or None where no constant between the ends explains that number.
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
