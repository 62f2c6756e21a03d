"""How an answer was called, as a line of Python for each call."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.checking.values import show

SHOWN = 3  # calls; of more than these the first two


def calls_in_words(calls: tuple) -> str:
    """Return `calls` in Python, a line each: of many the first two, and how many came after them."""
    shown = calls if len(calls) <= SHOWN else calls[: SHOWN - 1]
    lines = [_call_in_words(call) for call in shown]
    if len(shown) < len(calls):
        more = len(calls) - len(shown)
        lines.append(f"… {more} more calls")
    return "\n".join(lines)


def _call_in_words(call: Any) -> str:
    arguments = [_in_python(value) for value in call.arguments]
    arguments += [f"{name}={_in_python(value)}" for name, value in call.keywords.items()]
    return f"{call.name}({', '.join(arguments)})"


def _in_python(value: Any) -> str:
    if isinstance(value, np.ndarray | np.generic):
        if value.ndim == 0:
            return show(value.item())
        kind = "" if value.dtype in (np.float64, np.int64, np.bool_) else f", dtype={value.dtype}"
        return f"array({show(value)}{kind})"
    if isinstance(value, list | tuple):
        opening, closing = "[]" if isinstance(value, list) else "()"
        items = [_in_python(item) for item in value[:4]] + ["…"] * (len(value) > 4)
        comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
        return opening + ", ".join(items) + comma + closing
    if callable(value) and not isinstance(value, type) and hasattr(value, "__name__"):
        return "a function" if value.__name__ == "<lambda>" else value.__name__
    return show(value)
