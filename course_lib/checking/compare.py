"""Whether two plain values agree."""

from __future__ import annotations

from typing import Any

import numpy as np

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
    with np.errstate(all="ignore"):
        is_single = _is_single(numbers)
        single = is_single or (truth.dtype.kind == "f" and truth.dtype.itemsize < 8)
        relative = relative_tolerance or RELATIVE_TOLERANCE
        if single:
            relative = max(relative, FLOAT32_RELATIVE_TOLERANCE)
        number_type = complex if "c" in numbers.dtype.kind + truth.dtype.kind else float
        numbers, truth = numbers.astype(number_type), truth.astype(number_type)
        finite = np.isfinite(truth)
        same_special = (numbers == truth) | (np.isnan(numbers) & np.isnan(truth))
        scale = np.max(np.abs(truth[finite]), initial=0.0)
        allowed = relative * np.abs(truth) + (FLOAT32_CANCELLATION if single else CANCELLATION) * scale
        allowed += FLOAT32_SMALLEST if is_single else SMALLEST
        near = np.isfinite(numbers) & finite & (np.abs(numbers - truth) <= slack * allowed)
        return bool(np.all(near | same_special))


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
