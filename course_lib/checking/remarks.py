"""What can be said of a wrong answer that makes none of the exercise's known mistakes."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.checking.compare import agree
from course_lib.checking.isolation import Failure
from course_lib.checking.values import Opaque, as_numbers, show


def general_remark(name: str, failing: list[tuple[str, Any, Any]], total: int) -> str:
    """Return one sentence on the `failing` rows, (label, value, right value) each, of `total` rows in all."""
    label, value, right = failing[0]
    failures = [value for _, value, _ in failing if isinstance(value, Failure)]
    if failures and failures[0].kind == "time":
        return f"Your code {failures[0]}: is there a loop that does not end, or one that NumPy could do at once?"
    if len(failures) == len(failing):
        label, failure = next((label, value) for label, value, _ in failing if isinstance(value, Failure))
        return f"On “{label}” your code {failure}."
    compared = [(label, value, right) for label, value, right in failing if not isinstance(value, Failure)]
    label, value, right = compared[0]
    numbers = [(as_numbers(value), as_numbers(right)) for _, value, right in compared]
    mine, truth = numbers[0]
    if value is None:
        return f"On “{label}” your code gives None: does every path through it end with `return`?"
    if isinstance(value, Opaque):
        return f"On “{label}” your code gives a {value.type_name}; asked for is {_kind(right)}."
    if truth is None:
        return f"On “{label}” your code gives {show(value)}, which is not the expected answer."
    if mine is None:
        return f"On “{label}” your code gives {_kind(value)}; asked for is {_kind(right)}."
    if mine.shape != truth.shape:
        return f"On “{label}” the result has shape {_shape(mine)}; it should have shape {_shape(truth)}." + (
            " It looks transposed." if mine.ndim > 1 and mine.T.shape == truth.shape else ""
        )
    with np.errstate(all="ignore"):
        if np.any(~np.isfinite(mine) & np.isfinite(truth)):
            bad = "NaN" if np.any(np.isnan(mine)) else "infinity"
            return f"On “{label}” your code gives {bad}: look for 0/0, log(0), or an exp that overflows."
        relation = _relation(numbers)
    where = "every row" if len(failing) == total else f"“{label}”"
    return relation or f"The numbers differ, first on {where}; compare yours with the expected ones below."


def _relation(numbers: list[tuple[np.ndarray | None, np.ndarray | None]]) -> str:
    """Return what holds between all pairs (mine, truth), or an empty string."""
    pairs = [(m, t) for m, t in numbers if m is not None and t is not None and m.shape == t.shape and m.size]
    if len(pairs) < len(numbers):
        return ""
    mine, truth = (np.concatenate([pair[side].ravel().astype(float) for pair in pairs]) for side in (0, 1))
    if not (np.isfinite(mine) == np.isfinite(truth)).all():
        return ""
    finite = np.isfinite(mine) & np.isfinite(truth)
    mine, truth = mine[finite], truth[finite]
    if mine.size == 0 or not np.any(truth):
        return ""
    if agree(-mine, truth):
        return "Everything that is wrong has the opposite sign: look for a minus too many or too few."
    largest = np.argmax(np.abs(truth))
    factor = mine[largest] / truth[largest]
    if mine.size > 1 and factor and agree(mine, factor * truth):
        return f"Everything that is wrong is {factor:.4g} times what it should be: a constant factor is off."
    offset = mine[0] - truth[0]
    if mine.size > 1 and agree(mine - offset, truth):
        return f"Everything that is wrong is off by the same amount, {offset:.4g}: a constant is added or missing."
    if mine.size == truth.size and all(m.ndim == 2 and m.shape[0] == m.shape[1] and agree(m.T, t) for m, t in pairs):
        return "The result is transposed: rows and columns are swapped."
    error = np.max(np.abs(mine - truth) / np.maximum(np.abs(truth), 1e-3 * np.max(np.abs(truth))))
    if error < 1e-2:
        return f"Nearly: off by {error:.0e} of the value. Look at ε, or at numbers rounded to float32."
    if mine.size > 2 and np.ptp(mine) == 0:
        return f"Your code gives {mine[0]:.4g} whatever it is asked: does the result depend on the argument?"
    return ""


def _kind(value: Any) -> str:
    if isinstance(value, Opaque):
        return f"a {value.type_name}"
    numbers = as_numbers(value)
    if numbers is not None:
        return "a number" if numbers.ndim == 0 else f"an array of shape {_shape(numbers)}"
    return {str: "text", dict: "a dict", list: "a list", tuple: "a tuple", type(None): "None"}.get(
        type(value), type(value).__name__
    )


def _shape(array: np.ndarray) -> str:
    return "() (a single number)" if array.ndim == 0 else str(array.shape)
