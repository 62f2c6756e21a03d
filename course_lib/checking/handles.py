"""The learner's object as a probe meets it: calls and attributes, with plain values in and out.

A probe cannot tell whether the object is in this process or behind a pipe: it may not rely on its type or identity.
"""

from __future__ import annotations

import copy
import itertools
import types
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from course_lib.checking.isolation import is_written_here, place_of_definition
from course_lib.checking.values import MAX_ITEMS, Opaque, kind_in_words, plain

# What gives its items one by one, and is as good as a list of them. Not sets: their items have no order.
ITERATORS = (
    types.GeneratorType,
    *(range, map, zip, filter, enumerate, reversed, deque),
    *(type(view) for view in ({}.keys(), {}.values(), {}.items())),
    *(type(iter(items)) for items in ([], (), {}, range(0), np.zeros(0), {}.values(), {}.items())),
    *(kind for kind in vars(itertools).values() if isinstance(kind, type)),
)


class Call(NamedTuple):
    """One call of an object of the learner's, with the probe's own arguments."""

    name: str
    arguments: tuple
    keywords: dict


@dataclass
class Visit:
    """What one probe's handles share, from its first row to its last.

    Args:
        changed: names of the functions that changed an argument.
        iterators: {function: which iterator it returned where a list was asked}.
        calls: the calls of the row that is looked at; None where they are not to be noted.
    """

    changed: set[str] = field(default_factory=set)
    iterators: dict[str, str] = field(default_factory=dict)
    calls: list[Call] | None = None
    # All that was given to the answer lives as long as the probe: an answer that remembers an `id` never meets it again
    # on another object, so that what it earns is the same in every run.
    _given: list = field(default_factory=list)
    # id of a plain copy → that copy and the answer's own object, which the answer gets back with it.
    _own: dict[int, tuple[Any, Any]] = field(default_factory=dict)

    def give(self, value: Any) -> Any:
        """Return `value` of the probe's as the answer gets it.

        A copy; where it is what the answer itself returned before, and neither has changed since, the answer's own
        object, as in a loop that the learner writes: `weights = optimizer.step(weights, gradients)`.
        """
        if isinstance(value, Handle):
            return value._target
        if isinstance(value, list | np.ndarray) and id(value) in self._own:
            own = self._own[id(value)][1]
            if _is_still(own, value):
                return own
        if isinstance(value, tuple | list):
            given = type(value)(self.give(item) for item in value)
        elif isinstance(value, dict):
            given = {key: self.give(item) for key, item in value.items()}
        elif callable(value):

            def given(*arguments, **keywords):
                return copy.deepcopy(value(*plain(arguments), **plain(keywords)))
        else:
            given = copy.deepcopy(value)
        self._given.append(given)
        return given

    def take(self, value: Any, name: str = "") -> Any:
        """Return `value` of the answer's as the probe gets it; what is not plain is a handle."""

        def wrap(item):
            if isinstance(item, ITERATORS):
                self.iterators[name.removeprefix(".")] = kind_in_words(item)
                # One more than a list may have, so that one without end becomes Opaque.
                return plain(list(itertools.islice(item, MAX_ITEMS + 1)), wrap)
            return _handle_type(type(item).__name__)(item, self)

        taken = plain(value, wrap)
        self._remember(taken, value)
        return taken

    def _remember(self, taken: Any, own: Any) -> None:
        if isinstance(taken, list | np.ndarray):
            self._own[id(taken)] = taken, own
        if isinstance(taken, list | tuple) and isinstance(own, list | tuple) and len(taken) == len(own):
            for item, own_item in zip(taken, own, strict=True):
                self._remember(item, own_item)
        elif isinstance(taken, dict) and isinstance(own, Mapping):
            for key, item in taken.items():
                self._remember(item, own.get(key))


class Handle:
    """Stands for an object of the learner's (or for the reference): call it, read its attributes, use its results.

    Arguments are copied in, plain results are copied out, and what is not plain comes back as another handle. Functions
    that a probe passes in are called back with plain values. What happens is noted in the probe's `Visit`.
    """

    __slots__ = ("_name", "_target", "_visit")

    def __init__(self, target: Any, visit: Visit, name: str = ""):
        self._target, self._visit, self._name = target, visit, name

    def __call__(self, *arguments, **keywords):
        result, given, given_keywords = self._called(arguments, keywords)
        name = _name_of(self._target) or type(self._target).__name__
        taken = self._visit.take(result, self._name or name)  # what a generator does, it does while its items are taken
        if not (_unchanged(arguments, given) and _unchanged(keywords, given_keywords)):
            self._visit.changed.add(name)
        return taken

    def _called(self, arguments: tuple, keywords: dict) -> tuple[Any, tuple, dict]:
        """Return what the target gives, as it is, with the arguments as it got them."""
        visit = self._visit
        if visit.calls is not None:
            visit.calls.append(Call(self._name, arguments, keywords))
        given, given_keywords = visit.give(arguments), visit.give(keywords)
        try:
            return self._target(*given, **given_keywords), given, given_keywords
        except TypeError as error:
            if error.__traceback__.tb_next is None:  # the call itself does not fit: no line of the function has run
                error.definition = _definition(self._target)
            raise

    def __getattr__(self, name: str):
        taken = self._visit.take(getattr(self._target, name))
        if isinstance(taken, Handle):
            taken._name = f".{name}"
        return taken

    def __iter__(self):
        return (self._visit.take(item) for item in self._target)

    def __len__(self):
        return len(self._target)

    def __getitem__(self, key):
        return self._visit.take(self._target[key])

    def __bool__(self):
        return True

    def __repr__(self):
        return str(Opaque(kind_in_words(self._target)))


def begun(answer: Any, *arguments) -> Any:
    """Call `answer`, a handle or a function, and return what it gives; of a generator, one that can be sent values.

    A call of the handle takes all items of a generator at once. Here each is taken when it is asked for, what is sent
    in is given to the generator, and what that returns is returned.
    """
    if not isinstance(answer, Handle):
        return answer(*arguments)
    visit = answer._visit
    result, _, _ = answer._called(arguments, {})
    if not isinstance(result, types.GeneratorType):
        return visit.take(result)

    def items():
        sent = None
        while True:
            try:
                item = result.send(visit.give(sent))
            except StopIteration as end:
                return visit.take(end.value)
            sent = yield visit.take(item)

    return items()


@lru_cache(maxsize=256)
def _handle_type(name: str) -> type[Handle]:
    """Return a class of handles called `name`, which is what Python's messages on wrong operands tell the learner."""
    return type(name, (Handle,), {"__slots__": ()})


def meet(answer: Any, visit: Visit, name: str = "") -> Any:
    """Return `answer` as a probe meets it: plain values as they are, anything else as a handle."""
    met = visit.take(answer)
    if isinstance(met, Handle):
        met._name = _name_of(answer) or name
    return met


def _name_of(target: Any) -> str:
    try:
        name = getattr(target, "__name__", "")
    except Exception:  # a learner's object may raise anything when it is asked
        return ""
    return name if isinstance(name, str) and name.isidentifier() else ""


def settle(value: Any) -> Any:
    """Return what a row's thunk gave as plain data: a handle that is left over becomes Opaque."""

    def name(item):
        item = item._target if isinstance(item, Handle) else item
        if isinstance(item, ITERATORS):
            return plain(list(itertools.islice(item, MAX_ITEMS + 1)), name)
        return Opaque(kind_in_words(item))

    return plain(value, name)


def _definition(target: Any) -> str:
    """Return the `def` line of what runs where `target` is called, "" where that is not written in Python."""
    target = vars(target).get("__init__") if isinstance(target, type) else getattr(target, "__func__", target)
    code = getattr(target, "__code__", None)
    is_theirs = isinstance(code, types.CodeType) and is_written_here(code)
    return place_of_definition(code) if is_theirs else ""


def _is_still(own: Any, value: Any) -> bool:
    """Return whether `own` is an array of NumPy's own type, or a list of them, and holds what `value` does.

    Other arrays (matrices, tensors) are not handed back: `*` is another operation there, and their dtypes do not mix.
    """
    if type(own) is np.ndarray:
        return own.flags.writeable and isinstance(value, np.ndarray) and _unchanged(value, own)
    if type(own) is list:
        return len(own) == len(value) and all(_is_still(o, v) for o, v in zip(own, value, strict=True))
    return type(own) in (int, float, bool, str, type(None)) and type(value) is type(own) and _unchanged(value, own)


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
        return (
            isinstance(after, list | tuple)
            and len(before) == len(after)
            and all(_unchanged(b, a) for b, a in zip(before, after, strict=True))
        )
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(_unchanged(before[key], after[key]) for key in before)
    if isinstance(before, int | float | str | None):
        return type(before) is type(after) and (before == after or before != before)
    return True
