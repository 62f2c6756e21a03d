"""Two values that should be one, written so that the eye finds where they part: the first difference is marked."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.checking.compare import CANCELLATION, RELATIVE_TOLERANCE, SMALLEST
from course_lib.checking.values import as_numbers, show

# Before the number at which a value parts from the expected one, in both texts.
MARK = "→"
MOST_ROWS, MOST_COLUMNS = 8, 8  # of a table that is written out


def contrast(actual: Any, expected: Any) -> tuple[str, str]:
    """Return `actual` and `expected` as texts for a report.

    Vectors stand in one line, matrices of up to MOST_ROWS × MOST_COLUMNS numbers in a line a row, with the first number
    that differs marked in both. Of a larger array the shape and the first difference are shown. Of a list of arrays,
    such as the weights of a network, the first item that differs is shown.
    """
    if _are_lists_of_arrays(actual, expected):
        for place, (mine, right) in enumerate(zip(map(as_numbers, actual), map(as_numbers, expected), strict=True)):
            if mine.shape != right.shape or _first_difference(mine, right) is not None:
                texts = _arrays(mine, right)
                return tuple(f"item {place + 1} of {len(expected)}: {_below(text)}" for text in texts)
    numbers, truth = as_numbers(actual), as_numbers(expected)
    if numbers is not None and truth is not None:
        return _arrays(numbers, truth)
    return show(actual), show(expected)


def _are_lists_of_arrays(actual: Any, expected: Any) -> bool:
    return (
        isinstance(actual, list | tuple)
        and isinstance(expected, list | tuple)
        and 1 < len(expected) == len(actual)
        and all((numbers := as_numbers(item)) is not None and numbers.ndim > 0 for item in (*actual, *expected))
    )


def _below(text: str) -> str:
    return f"\n{text}" if "\n" in text else text


def _arrays(numbers: np.ndarray, truth: np.ndarray) -> tuple[str, str]:
    if numbers.shape != truth.shape or numbers.ndim == 0:
        return _table(numbers, None), _table(truth, None)
    place = _first_difference(numbers, truth)
    return _table(numbers, place), _table(truth, place)


def _first_difference(numbers: np.ndarray, truth: np.ndarray) -> tuple[int, ...] | None:
    """Return the index of the first number that differs, or None; what differs is what `compare.agree` says."""
    with np.errstate(all="ignore"):
        finite = np.isfinite(truth)
        scale = np.max(np.abs(truth[finite]), initial=0.0)
        near = np.abs(numbers - truth.astype(complex if truth.dtype.kind == "c" else float)) <= (
            RELATIVE_TOLERANCE * np.abs(truth) + CANCELLATION * scale + SMALLEST
        )
        same = (near & finite & np.isfinite(numbers)) | (numbers == truth) | (np.isnan(numbers) & np.isnan(truth))
    different = np.argwhere(~same)
    return tuple(int(index) for index in different[0]) if len(different) else None


def _table(array: np.ndarray, marked: tuple[int, ...] | None) -> str:
    """Return `array` as text with the number at `marked` marked."""
    if array.ndim == 0:
        return show(array.item())
    is_small = array.ndim <= 2 and array.shape[0] <= MOST_ROWS and array.shape[-1] <= MOST_COLUMNS
    if not is_small or array.size == 0:
        where = "" if marked is None else f", at [{', '.join(map(str, marked))}]: {show(array[marked].item())}"
        return (show(array, 80) if array.size <= MOST_COLUMNS else f"shape {array.shape}") + where
    rows = array.reshape(1, -1) if array.ndim == 1 else array
    place = None if marked is None else (0, *marked)[-2:]
    cells = [
        [MARK * (place == (i, j)) + show(number.item()) for j, number in enumerate(row)] for i, row in enumerate(rows)
    ]
    if array.ndim == 1:
        return f"[{', '.join(cells[0])}]"
    width = max(len(cell) for row in cells for cell in row)
    lines = [f"[{'  '.join(cell.rjust(width) for cell in row)}]" for row in cells]
    return "[" + "\n ".join(lines) + "]"
