"""The learner's object as a probe meets it: calls and attributes, with plain values in and out.

A probe cannot tell whether the object is in this process or behind a pipe: it may not rely on its type or identity.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from course_lib.checking.values import Opaque, plain


class Handle:
    """Stands for an object of the learner's (or for the reference): call it, read its attributes, use its results.

    Arguments are copied in, plain results are copied out, and what is not plain comes back as another handle. Functions
    that a probe passes in are called back with plain values. Changes to arguments are noted in `changed`.
    """

    __slots__ = ("_changed", "_target")

    def __init__(self, target: Any, changed: set[str] | None = None):
        self._target = target
        self._changed = set() if changed is None else changed

    def __call__(self, *arguments, **keywords):
        copies, keyword_copies = self._pass_in(arguments), self._pass_in(keywords)
        result = self._target(*copies, **keyword_copies)
        if not (_unchanged(arguments, copies) and _unchanged(keywords, keyword_copies)):
            self._changed.add(getattr(self._target, "__name__", type(self._target).__name__))
        return self._pass_out(result)

    def __getattr__(self, name: str):
        return self._pass_out(getattr(self._target, name))

    def _pass_in(self, value):
        if isinstance(value, Handle):
            return value._target
        if isinstance(value, tuple | list):
            return type(value)(self._pass_in(item) for item in value)
        if isinstance(value, dict):
            return {key: self._pass_in(item) for key, item in value.items()}
        if callable(value):
            return lambda *arguments, **keywords: copy.deepcopy(value(*plain(arguments), **plain(keywords)))
        return copy.deepcopy(value)

    def _pass_out(self, value):
        return plain(value, wrap=lambda item: Handle(item, self._changed))


def meet(answer: Any, changed: set[str]) -> Any:
    """Return `answer` as a probe meets it: plain values as they are, anything else as a handle."""
    return plain(answer, wrap=lambda item: Handle(item, changed))


def settle(value: Any) -> Any:
    """Return what a row's thunk gave as plain data: a handle that is left over becomes Opaque."""

    def name(item):
        target = item._target if isinstance(item, Handle) else item
        return Opaque(type(target).__name__)

    return plain(value, wrap=name)


def _unchanged(before: Any, after: Any) -> bool:
    if isinstance(before, np.ndarray):
        # A learner may even have resized the copy; NaN counts as equal to itself.
        return (
            isinstance(after, np.ndarray)
            and before.shape == after.shape
            and before.dtype == after.dtype
            and before.tobytes() == after.tobytes()
        )
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(_unchanged(b, a) for b, a in zip(before, after, strict=True))
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(_unchanged(before[key], after[key]) for key in before)
    return True
