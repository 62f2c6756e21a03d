"""Whether two plain values agree: an answer's with the right one, or with what a mistake gives."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np

from course_lib.checking.exercise import Row, Statistic
from course_lib.checking.isolation import Failure
from course_lib.checking.values import as_numbers

RELATIVE_TOLERANCE = 1e-6
FLOAT32_RELATIVE_TOLERANCE = 1e-5
# Where a sum cancels to (almost) nothing its rounding error is relative to what was summed, not to the result: allowed
# is this part of the row's largest number. 1e-12 is for rows that are tiny throughout, such as σ′(30) = s(1 − s).
CANCELLATION = 1e-9
FLOAT32_CANCELLATION = 1e-6
SMALLEST = 1e-12
# Two units in the last place of 1: in float32 what is left of a sum of ones, such as log(1 + 1e-5), is no more exact.
FLOAT32_SMALLEST = 2.4e-7
# An answer that makes the same mistake computes the same thing in another order: a little more room than for a pass.
MISCONCEPTION_SLACK = 10.0


def is_right(row: Row, value: Any, right: Any, slack: float = 1.0) -> bool:
    """Return whether an answer's `value` passes `row`, were `right` the right one."""
    if isinstance(value, Failure):
        return False
    if isinstance(row, Statistic):
        number = _number(value)
        # A plain bool: NumPy's cannot be written as JSON.
        return number is not None and bool(abs(number - row.expected) <= row.tolerance)
    return agree(value, right, row.relative_tolerance, slack)


def alike(row: Row, value: Any, other: Any) -> bool:
    """Return whether both are what one and the same code, right or wrong, would give on `row`."""
    if isinstance(value, Failure) or isinstance(other, Failure):
        return isinstance(value, Failure) and isinstance(other, Failure) and _same_error(value, other)
    if isinstance(row, Statistic):
        number, other = _number(value), _number(other)
        if number is None or other is None:
            return number is other
        # Both are draws: their difference spreads √2 times as much, and a mistake may also widen the spread.
        return abs(number - other) <= max(math.sqrt(2) * row.tolerance, 0.05 * abs(other - row.expected))
    return agree(value, other, row.relative_tolerance, MISCONCEPTION_SLACK)


def in_numbers(value: Any) -> Any:
    """Return `value` as one array where it is one, else as it is: what is compared often is converted once."""
    numbers = as_numbers(value)
    return value if numbers is None else numbers


def _same_error(one: Failure, other: Failure) -> bool:
    """Return whether two errors are of one kind and say the same, apart from names and numbers."""
    texts = [re.sub(r"[\w.<>]+\(\)|'[^']*'|\d+", "…", failure.message) for failure in (one, other)]
    return one.error == other.error and texts[0] == texts[1]


def _number(value: Any) -> float | None:
    numbers = as_numbers(value)
    return float(numbers) if numbers is not None and numbers.ndim == 0 and np.isfinite(numbers) else None


def agree(actual: Any, expected: Any, relative_tolerance: float | None = None, slack: float = 1.0) -> bool:
    """Return whether `actual` is `expected`, number for number, in the same shape.

    |actual − expected| ≤ slack · (relative_tolerance · |expected| + cancellation · max|expected| + 1e-12)

    NaN agrees with NaN only, an infinity with the same infinity only. Lists of numbers count as arrays; a 0-d array is
    a number. Everything else (text, None, dicts) must be equal.
    """
    numbers, truth = as_numbers(actual), as_numbers(expected)
    if truth is not None:
        return numbers is not None and _numbers_agree(numbers, truth, relative_tolerance, slack)
    if isinstance(expected, list | tuple):
        # An array stands for the list of its rows.
        has_rows = isinstance(actual, list | tuple) or (isinstance(actual, np.ndarray) and actual.ndim > 0)
        items = list(actual) if has_rows else None
        return (
            items is not None
            and len(items) == len(expected)
            and all(agree(a, e, relative_tolerance, slack) for a, e in zip(items, expected, strict=True))
        )
    if isinstance(expected, dict):
        return (
            isinstance(actual, dict)
            and actual.keys() == expected.keys()
            and all(agree(actual[key], expected[key], relative_tolerance, slack) for key in expected)
        )
    # An Opaque agrees with nothing, not even with an Opaque of the same type.
    return type(actual) is type(expected) and isinstance(expected, str | None) and actual == expected


def _numbers_agree(numbers: np.ndarray, truth: np.ndarray, relative_tolerance: float | None, slack: float) -> bool:
    if numbers.shape != truth.shape:
        return False
    relative = relative_tolerance or RELATIVE_TOLERANCE
    with np.errstate(all="ignore"):
        number_type = complex if "c" in numbers.dtype.kind + truth.dtype.kind else float
        actual, expected = numbers.astype(number_type, copy=False), truth.astype(number_type, copy=False)
        finite = np.isfinite(expected)
        same_special = (actual == expected) | (np.isnan(actual) & np.isnan(expected))
        difference, size = np.abs(actual - expected), np.abs(expected)
        scale = np.max(size[finite], initial=0.0)

        def is_within(relative, cancellation, smallest):
            allowed = slack * (relative * size + cancellation * scale + smallest)
            return bool(np.all((finite & (difference <= allowed)) | same_special))

        # Most pairs agree as float64, or differ even for float32: only between the two it matters what they are.
        if is_within(relative, CANCELLATION, SMALLEST):
            return True
        relative = max(relative, FLOAT32_RELATIVE_TOLERANCE)
        if not is_within(relative, FLOAT32_CANCELLATION, FLOAT32_SMALLEST):
            return False
        if _is_single(numbers):
            return True
        is_truth_single = truth.dtype.kind == "f" and truth.dtype.itemsize < 8
        return is_truth_single and is_within(relative, FLOAT32_CANCELLATION, SMALLEST)


def _is_single(array: np.ndarray) -> bool:
    """Return whether `array` was computed in float32 (or less): by its dtype, or by its numbers.

    Of a million float64 numbers, not one has by chance the 29 zeros at the end that `float32(…).astype(float)` leaves.
    Short numbers, such as 0.5, and whole ones tell nothing: one at least must need most of float32's 24 digits.
    """
    if array.dtype.kind != "f":
        return False
    if array.dtype.itemsize < 8:
        return True
    single = array.astype(np.float32).astype(array.dtype)
    tells = np.isfinite(array) & (_in_bits(array, 16) != array) & (np.round(array) != array)
    return bool(np.all((single == array) | np.isnan(array)) and np.any(tells))


def _in_bits(array: np.ndarray, bits: int) -> np.ndarray:
    """Return each number rounded to `bits` binary digits."""
    fraction, exponent = np.frexp(array)
    return np.ldexp(np.round(np.ldexp(fraction, bits)), exponent - bits)
