"""How an answer was called, as a line of Python for each call."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.checking.values import show

SHOWN = 3  # calls; of more than these the first two
LONGEST = 160  # characters of one argument that is an array or a text
# More numbers than these nobody reads: a call with them of what the answer returned tells nothing of the answer's own.
MANY = 1000


def calls_in_words(calls: tuple) -> str:
    """Return `calls` in Python, a line each: of many the first two, and how many came after them.

    Methods of what the answer returned (a network that is given a batch and weights) are left out where their arguments
    hold more than MANY numbers.
    """
    told = [call for call in calls if _is_of_the_answer(call) or _numbers_in((call.arguments, call.keywords)) <= MANY]
    shown = told if len(told) <= SHOWN else told[: SHOWN - 1]
    lines = [_call_in_words(call) for call in shown]
    if len(shown) < len(told):
        more = len(told) - len(shown)
        lines.append(f"… {more} more calls")
    return "\n".join(lines)


def _is_of_the_answer(call: Any) -> bool:
    """Return whether the answer itself was called; what it returned has no name, and a method's begins with a point."""
    return call.name.isidentifier()


def _numbers_in(value: Any) -> int:
    if isinstance(value, list | tuple):
        return sum(map(_numbers_in, value))
    if isinstance(value, dict):
        return _numbers_in(list(value.values()))
    return int(np.size(value)) if isinstance(value, np.ndarray) else 1


def _call_in_words(call: Any) -> str:
    arguments = [_in_python(value) for value in call.arguments]
    arguments += [f"{name}={_in_python(value)}" for name, value in call.keywords.items()]
    return f"{call.name}({', '.join(arguments)})"


def _in_python(value: Any) -> str:
    """Return `value` as it would be typed, shortened where it is long; no bracket that is opened stays open."""
    if isinstance(value, np.ndarray | np.generic):
        return _array_in_python(np.asarray(value))
    if isinstance(value, list | tuple):
        opening, closing = "[]" if isinstance(value, list) else "()"
        comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
        return opening + _items([_in_python(item) for item in value[:4]], len(value)) + comma + closing
    if isinstance(value, dict):
        items = list(value.items())
        return "{" + _items([f"{key!r}: {_in_python(item)}" for key, item in items[:4]], len(items)) + "}"
    if isinstance(value, str) and len(value) > LONGEST:
        return repr(value[:LONGEST] + "…")
    if callable(value) and not isinstance(value, type) and hasattr(value, "__name__"):
        return "a function" if value.__name__ == "<lambda>" else value.__name__
    return show(value)


def _items(shown: list[str], count: int) -> str:
    return ", ".join(shown + ["…"] * (count > len(shown)))


def _array_in_python(array: np.ndarray) -> str:
    if array.ndim == 0:
        return show(array.item())
    kind = "" if array.dtype in (np.float64, np.int64, np.bool_) else f", dtype={array.dtype}"
    numbers = {"float_kind": "{:.7g}".format, "int_kind": str, "bool": str}
    for edge in (3, 2, 1):
        text = np.array2string(array, threshold=12, edgeitems=edge, separator=", ", formatter=numbers)
        text = " ".join(text.replace("...", "…").split())
        if len(text) <= LONGEST:
            return f"array({text}{kind})"
    return f"array(… of shape {array.shape}{kind})"
