"""The tester's side of the conversation: asks the learner's process, and answers when it calls a test's functions."""

from __future__ import annotations

import io
import random
import socket
import sys
import time
import types
import unittest.mock
import warnings
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from course_lib.grading.codec import Raised
from course_lib.grading.split import proxies, values
from course_lib.grading.split.link import Link, Refused
from course_lib.grading.wire import WireError

GRACE = 3.0  # seconds beyond its own limit that the learner's process has to answer

# Objects of a test that the learner's code may use by public attributes, besides those of classes that a test defines.
LENT = (io.StringIO, io.BytesIO, unittest.mock.NonCallableMock, types.GeneratorType)
LENT_SPECIALS = frozenset(
    f"__{name}__"
    for name in ("call", "len", "getitem", "setitem", "iter", "next", "contains", "bool", "str", "repr", "float", "int",
                 "index", "enter", "exit", *proxies.COMPARISONS, *proxies.ARITHMETIC,
                 *("r" + name for name in proxies.ARITHMETIC), "neg", "abs", "hash")
)  # fmt: skip


class LearnersError(Exception):
    """What learner's code raised where it is nothing that a test may catch as such: SystemExit, a hook's, a lie."""


class TesterLink(Link):
    """Asks and answers for the tests of one submission.

    Args:
        end: our end of the channel.
        operators: special methods of the teacher's own classes, by class.
        namespace: the tests' names; a class defined there may be lent to the learner's code.
    """

    def __init__(self, end: socket.socket, operators: dict[str, list[str]], namespace: dict):
        super().__init__(end)
        self.operators, self._namespace = operators, namespace
        self._theirs: dict[int, int] = {}
        self._lent: set[int] = set()
        self.on_rebound: Callable[[list[str]], None] = lambda names: None
        self.after_call: Callable[[], None] = lambda: None
        self.cell_ends: float | None = None
        self.baseline: tuple | None = None  # of the random generators, where a test uses them

    # --- Asking -------------------------------------------------------------------------------------------------------

    def begin(self, seconds: float) -> None:
        """What is asked from now on must be answered within `seconds` in all."""
        self.cell_ends = time.monotonic() + seconds
        self.deadline = self.cell_ends + GRACE

    def ask(self, op: str, *arguments: Any) -> Any:
        """Return what the learner's process answers."""
        try:
            value, extra = self.request(op, max(self.cell_ends - time.monotonic(), 0.01), *arguments)
        except StopIteration as error:
            raise RuntimeError(f"learner's code raised StopIteration: {error}") from None
        if extra is not None:
            self._take(extra)
        return value

    def next(self, iterator: Any) -> Any:
        value, extra = self.request("special", max(self.cell_ends - time.monotonic(), 0.01), "__next__", iterator)
        if extra is not None:
            self._take(extra)
        return value

    def call(self, target: Any, arguments: tuple, keywords: dict) -> Any:
        """Call an object of the learner's. What it printed is printed here, arguments that it changed are changed."""
        if self.baseline is not None:
            self._pass_on_random_state()
        try:
            value, extra = self.request(
                "call", max(self.cell_ends - time.monotonic(), 0.01), target, arguments, keywords
            )
        except StopIteration as error:
            raise RuntimeError(f"learner's code raised StopIteration: {error}") from None
        finally:
            self.after_call()
        if extra is not None:
            changed = self._take(extra)
            if changed is not None:
                new_arguments, new_keywords = changed
                change(arguments, new_arguments)
                change(keywords, new_keywords)
        return value

    def _pass_on_random_state(self) -> None:
        """Where the test seeded a global generator, or drew from it, the learner's process goes on from there."""
        numpy_state = np.random.get_state()
        state = (numpy_state[0], numpy_state[1].tobytes(), *numpy_state[2:]), random.getstate()
        if state != self.baseline:
            self.baseline = state
            self.ask("random", numpy_state, state[1])

    def _take(self, extra: Any) -> Any:
        """Pass on what came besides a value, and return the changed arguments."""
        printed, rebound, warned, changed = extra
        if printed:
            sys.stdout.write(printed)
        if rebound:
            self.on_rebound(rebound)
        for kind, text in warned:
            known = kind if isinstance(kind, type) and issubclass(kind, Warning) else UserWarning
            warnings.warn(text, known, stacklevel=4)
        return changed

    def error_from(self, description: Any, extra: Any) -> BaseException:
        if extra is not None:
            self._take(extra)
        error, raised = description
        if isinstance(error, tuple):
            kind, arguments = error
            if not (
                isinstance(kind, type) and issubclass(kind, Exception) and not isinstance(kind, proxies.RemoteClass)
            ):
                raise WireError("The other side raises what is no exception.")
            try:
                error = kind(*arguments)
            except Exception:
                error = LearnersError(f"{kind.__name__}: {raised.message}")
        elif error is None:
            error = LearnersError(f"{raised.type_name}: {raised.message}")
        elif not isinstance(error, Exception):
            raise WireError("The other side raises what is no exception.")
        error.__dict__["learners_traceback"] = raised.traceback if isinstance(raised, Raised) else ""
        return error

    # --- Objects ------------------------------------------------------------------------------------------------------

    def number_of_theirs(self, value: Any) -> int | None:
        return self._theirs.get(id(value))

    def stand_for(self, number: int, sort: str, *details: Any) -> Any:
        make = {"function": proxies.function_for, "class": proxies.class_for,
                "object": proxies.object_for, "error": proxies.error_for}[sort]  # fmt: skip
        made = make(self, *details)
        self._theirs[id(made)] = number
        return made

    def is_object(self, value: Any) -> bool:
        return not isinstance(value, int | float | complex | str | bytes | list | tuple | dict | set | np.ndarray)

    def _to_id(self, value: Any) -> int | None:
        number = super()._to_id(value)
        if number is not None and self._new.get(number, ("",))[0] == "lent":
            self._lent.add(number)
        return number

    def _from_id(self, number: int) -> Any:
        # Of our objects it can mean only those that it was lent: not a module, of which it was told the name.
        if number < 0 and -1 - number not in self._lent:
            raise LookupError
        return super()._from_id(number)

    def describe(self, value: Any) -> tuple:
        name = getattr(value, "__name__", type(value).__name__)
        module = getattr(value, "__module__", None)
        if isinstance(value, types.ModuleType):
            return ("global", value.__name__, "")
        if self._is_lent(value):
            specials = [special for special in LENT_SPECIALS if hasattr(type(value), special)]
            return ("lent", str(name), specials)
        if isinstance(module, str) and not isinstance(value, types.MethodType) and _at(module, value) is value:
            return ("global", module, value.__qualname__)
        if callable(value):
            return ("lent", str(name), ["__call__"])
        raise Refused(
            f"The test passes an object of type {type(value).__name__} to the submission's code; "
            "that cannot be lent to another process."
        )

    def _is_lent(self, value: Any) -> bool:
        """Whether the learner's code may read its public attributes: its class is defined in the teacher's notebook."""
        kind = value if isinstance(value, type) else type(value)
        return isinstance(value, LENT) or (kind.__module__ == "__main__" and not isinstance(kind, proxies.RemoteClass))

    # --- Answering ----------------------------------------------------------------------------------------------------

    def _on_call(self, target: Any, arguments: tuple, keywords: dict) -> tuple[Any, Any]:
        return target(*arguments, **keywords), None

    def _on_get(self, thing: Any, name: str) -> tuple[Any, Any]:
        if type(name) is not str or name.startswith("_") or not self._is_lent(thing) or _is_mocks_own(thing, name):
            raise AttributeError(f"{name!r} of a test's object cannot be had")
        return getattr(thing, name), None

    def _on_set(self, thing: Any, name: str, value: Any) -> tuple[Any, Any]:
        # Neither a method, nor how a mock answers: a test relies on them.
        fixed = isinstance(thing, LENT) or callable(value) or callable(getattr(thing, str(name), None))
        if type(name) is not str or name.startswith("_") or fixed or not self._is_lent(thing):
            raise AttributeError(f"{name!r} of a test's object cannot be set")
        return setattr(thing, name, value), None

    def _on_special(self, special: str, thing: Any, *arguments: Any) -> tuple[Any, Any]:
        if special not in LENT_SPECIALS or not self._is_lent(thing):
            raise TypeError("a test's object cannot do that")
        return getattr(type(thing), special)(thing, *arguments), None

    HANDLERS: ClassVar = {"call": _on_call, "get": _on_get, "set": _on_set, "special": _on_special}

    def describe_error(self, error: BaseException) -> tuple[Any, Any]:
        """Say only what a learner may know: the sort and the text."""
        kind = type(error)
        known = values.kind_of(kind) == "class"
        arguments = tuple(item for item in error.args if isinstance(item, str | int | float))
        number = self.number_of_theirs(error)
        described = error if number is not None else (kind, arguments) if known else None
        return (described, Raised(kind.__name__, str(error))), None


def _is_mocks_own(thing: Any, name: str) -> bool:
    """Whether it is by this attribute that a test asks a mock, and not one that the mock makes up."""
    return isinstance(thing, unittest.mock.NonCallableMock) and name in dir(unittest.mock.MagicMock)


def _at(module: str, value: Any) -> Any:
    """Return what is found in `module` under the name of `value`."""
    found: Any = sys.modules.get(module)
    for part in getattr(value, "__qualname__", "").split("."):
        found = getattr(found, part, None)
    return found if module != "__main__" else None


def change(old: Any, new: Any) -> None:
    """Give `old`, an argument or a part of one, the content of `new`, which the learner's process made of its copy."""
    if old is new or type(old) is not type(new):
        return
    if isinstance(old, list):
        if len(old) == len(new):
            _change_items(old, dict(enumerate(old)), dict(enumerate(new)))
        else:
            old[:] = new
    elif isinstance(old, tuple):
        for one, other in zip(old, new, strict=False):
            change(one, other)
    elif isinstance(old, dict):
        kept = {key: old[key] for key in new if key in old}
        if list(old) != list(new):
            old.clear()
            old.update({key: kept.get(key, item) for key, item in new.items()})
        _change_items(old, kept, {key: new[key] for key in kept})
    elif isinstance(old, set):
        old.clear()
        old.update(new)
    elif isinstance(old, np.ndarray):
        if old.shape == new.shape and old.dtype == new.dtype and old.flags.writeable:
            old[...] = new
    elif isinstance(old, bytearray):
        old[:] = new
    elif isinstance(old, np.random.Generator | np.random.RandomState):
        values.set_generator(old, new)
    elif type(old).__module__.partition(".")[0] == "pandas" and type(old).__name__ == "DataFrame":
        old.drop(columns=list(old.columns), inplace=True)
        for name in new.columns:
            old[name] = new[name]


def _change_items(container: Any, old: dict, new: dict) -> None:
    for key, item in new.items():
        if isinstance(item, list | dict | set | np.ndarray | bytearray) and type(item) is type(old[key]):
            same_shape = not isinstance(item, np.ndarray) or (
                item.shape == old[key].shape and item.dtype == old[key].dtype
            )
            if same_shape:
                change(old[key], item)
                continue
        container[key] = item
