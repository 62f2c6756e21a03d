"""The tester's side of the conversation: asks the learner's process, and answers when it calls a test's functions."""

from __future__ import annotations

import io
import linecache
import socket
import sys
import types
import unittest.mock
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import PurePath, PurePosixPath
from typing import Any, ClassVar

import numpy as np

from course_lib.grading.crossing import Raised, WireError
from course_lib.grading.split import changes, proxies, specials, values
from course_lib.grading.split.link import Link, Refused

# Objects of a test that the learner's code may use by public attributes, besides those of classes that a test defines.
LENT = (io.StringIO, io.BytesIO, unittest.mock.NonCallableMock, types.GeneratorType)
LENT_SPECIALS = frozenset(
    f"__{name}__"
    for name in ("call", "len", "getitem", "setitem", "iter", "next", "contains", "bool", "str", "repr", "float", "int",
                 "index", "enter", "exit", *specials.COMPARISONS, *specials.ARITHMETIC,
                 *("r" + name for name in specials.ARITHMETIC), "neg", "abs", "hash")
)  # fmt: skip


class LearnersError(Exception):
    """What learner's code raised where it is nothing that a test may catch as such: SystemExit, or a lie."""


class LearnersStop(RuntimeError):
    """StopIteration that learner's code raised; an ordinary error, except where the test asked for the next item."""


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
        self.after_asking: Callable[[], None] = lambda: None
        self._seconds: float | None = None
        self.before_asking: Callable[[], None] = lambda: None
        self._passed: tuple = ()
        self.cell = ""  # the test that runs
        self.folder = ""  # the tests' working folder, whose files the learner's process has in its own, while it has
        self.folder_there = ""  # the learner's
        self._values: dict[int, Any] = {}  # of learner's objects with a plain value, by id() of what stands for them
        self.answering: Callable[[], AbstractContextManager] = nullcontext  # around what learner's code asks of a test
        self.recorded: set[tuple] = set()
        self.allowed: frozenset[tuple] | None = None
        self.tracebacks: dict[int, str] = {}  # the learner's, by id() of the exception here
        self.sources: list[str] = []  # of the submission's cells that were run

    # --- Asking -------------------------------------------------------------------------------------------------------

    def begin(self, seconds: float) -> None:
        """A cell begins: the learner's code may take `seconds` for all that is asked until the next one begins."""
        self._seconds = seconds

    def ask(self, op: str, *arguments: Any) -> Any:
        """Return what the learner's process answers; none of the learner's code is to run for it but attributes'."""
        if op in ("set", "delete", "run", "await") or (op == "special" and arguments[0] in specials.CHANGING_SPECIALS):
            self._forget_values()
        return self._asked((op, self._to_say(), *arguments), ())

    def _to_say(self) -> float | None:
        seconds, self._seconds = self._seconds, None
        return seconds

    def value_of(self, thing: Any, names: frozenset[tuple[str, str]]) -> Any:
        """Return the plain value of a learner's object, of one of the classes named.

        The first answer holds, until learner's code may have changed the object: else it could be this at one look and
        that at the next.
        """
        if id(thing) not in self._values:
            value = self.ask("value", thing)
            if proxies.name_of(type(value)) not in names and type(value) is not PurePosixPath:
                raise WireError("The other side gives a value of another sort than it said.")
            self._values[id(thing)] = value
        return self._values[id(thing)]

    def _forget_values(self) -> None:
        """Learner's code runs, and may change what can be changed."""
        if self._values:
            self._values = {key: value for key, value in self._values.items() if not changes.mutables(value)}

    def next(self, iterator: Any) -> Any:
        """Return the next item of a learner's iterator. Raises StopIteration at its end."""
        try:
            return self.ask("special", "__next__", iterator)
        except LearnersStop as stop:
            raise StopIteration(*stop.args) from None

    def call(self, target: Any, arguments: tuple, keywords: dict) -> Any:
        """Call an object of the learner's. What it printed is printed here, arguments that it changed are changed."""
        self._passed = passed = (arguments, keywords)
        self._forget_values()
        if self.folder:
            arguments = tuple(_renamed(value, self.folder, self.folder_there) for value in arguments)
            keywords = {name: _renamed(value, self.folder, self.folder_there) for name, value in keywords.items()}
        result = self._asked(("call", self._to_say(), target, keywords or None, *arguments), passed)
        return _renamed(result, self.folder_there, self.folder) if self.folder and type(result) is str else result

    def _asked(self, message: tuple, passed: tuple) -> Any:
        self.before_asking()
        try:
            value, extra = self.request(message)
        finally:
            self.after_asking()
        if extra is None:
            return value
        changed = self._take(extra)
        return value if changed is None else self._put_together(changed, passed)[0]

    def _take(self, extra: Any) -> Any:
        """Pass on what came besides a value, and return what became of results and arguments."""
        printed, rebound, warned, changed = _plain(extra, tuple)
        for name, text in map(_plain_pair, _plain(printed, list)):
            (sys.stderr if name == "stderr" else sys.stdout).write(text)
        if _plain(rebound, list):
            self.on_rebound([_plain(name, str) for name in rebound])
        for kind, text in _plain(warned, list):
            known = kind if kind in values.CLASSES.values() and issubclass(kind, Warning) else UserWarning
            warnings.warn(_plain(text, str), known, stacklevel=5)
        return changed

    def _put_together(self, changed: Any, passed: tuple) -> list:
        nodes, roots = _plain(changed, tuple)
        try:
            return changes.put_together(nodes, roots, changes.mutables(passed) if passed else [])
        except Exception as error:
            self._connection.close()
            raise WireError(f"The other side describes a result that cannot be: {error}"[:300]) from None

    def error_from(self, description: Any, extra: Any) -> BaseException:
        error, raised, cause, is_direct = _plain(description, tuple)
        _plain(raised, Raised)
        made = self._made(error, raised)
        if cause is not None:
            # By BaseException's own means: an attribute of a learner's exception is set in the learner's process.
            vars(BaseException)["__cause__"].__set__(made, self._made(cause, raised))
            vars(BaseException)["__suppress_context__"].__set__(made, is_direct is True)
        self.tracebacks[id(made)] = raised.traceback
        if extra is not None:
            changed = self._take(extra)
            if changed is not None:
                self._put_together(changed, self._passed)
        return made

    def _made(self, error: Any, raised: Raised) -> BaseException:
        if isinstance(error, Exception) and self.number_of_theirs(error) is not None:
            return error
        if error is not None:
            claims, arguments = _plain(error, tuple)
            kind = next(filter(None, map(values.known_exception, _plain(claims, list))), None)
            _plain(arguments, tuple)
            if kind is StopIteration or kind is StopAsyncIteration:
                return LearnersStop(*arguments)
            if kind is not None:
                return values.make_error(kind, arguments)
        return LearnersError(f"{raised.type_name}: {raised.message}")

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
        plain = (int, float, complex, str, bytes, list, tuple, dict, set, np.ndarray)
        return isinstance(type(value), proxies.RemoteClass) or not isinstance(value, plain)

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
        if isinstance(value, BaseException):
            return ("value", "error", values.KINDS["error"].take_apart(value))
        if isinstance(value, PurePath):
            return ("path", _renamed(str(value), self.folder, self.folder_there) if self.folder else str(value))
        if self._is_lent(value):
            has = [special for special in LENT_SPECIALS if _defines(type(value), special)]
            return ("lent", str(name), has)
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
        own = kind.__module__ == "__main__" and not isinstance(kind, proxies.RemoteClass)
        return own or isinstance(value, LENT) or kind is object

    @property
    def is_lost(self) -> bool:
        return self._connection.closed

    def close(self) -> None:
        """Ask nothing more: an answer that is still to come would be taken for that to another question."""
        self._connection.close()

    def may_ask(self, name: str, special: str) -> bool:
        """Whether this operator, of a class of this name, is asked of the learner's process at this line of the test.

        When the tests were run with the teacher's own solution, such lines were recorded. So an object of a class that
        is called as one of the teacher's is no right answer where the teacher's answer is a number.
        """
        frame = sys._getframe(2)
        while frame is not None and frame.f_globals is not self._namespace:
            frame = frame.f_back
        # A line of a helper in another cell is not the test's of that number: IPython names code by its source, too.
        source = frame.f_code.co_filename.rpartition("-")[2] if frame else ""
        asked = (self.cell, source, frame.f_lineno if frame else 0, name, special)
        self.recorded.add(asked)
        return self.allowed is None or asked in self.allowed

    def file_with(self, name: str, line: int) -> str:
        """Return the name under which `inspect` finds the source of the submission's function."""
        for number, source in reversed(list(enumerate(self.sources, 1))):
            lines = source.splitlines(keepends=True)
            if any(f"def {name}" in text or "lambda" in text for text in lines[line - 1 : line + 10]):
                file = f"<cell {number} of the submission>"
                linecache.cache[file] = (len(source), None, lines, file)
                return file
        return "<submission>"

    # --- Answering ----------------------------------------------------------------------------------------------------

    def _on_call(self, target: Any, arguments: tuple, keywords: dict) -> tuple[Any, Any]:
        if self._numbers.get(id(target)) not in self._lent:
            raise TypeError("this is nothing that the test lent")
        with self.answering():
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
        with self.answering():
            return getattr(type(thing), special)(thing, *arguments), None

    HANDLERS: ClassVar = {"call": _on_call, "get": _on_get, "set": _on_set, "special": _on_special}

    def describe_error(self, error: BaseException) -> tuple[Any, Any]:
        """Say only what a learner may know: the sort and the text."""
        kind = type(error)
        arguments = tuple(item for item in error.args if type(item) in (str, int, float, bool))
        number = self.number_of_theirs(error)
        described = error if number is not None else (proxies.name_of(kind), arguments)
        return (described, Raised(kind.__name__, str(error))), None


def _plain(value: Any, kind: type) -> Any:
    """Return `value`, which must be of exactly that type: a learner's object could be this now and that later."""
    if type(value) is not kind:
        raise WireError("The other side answers what is no answer.")
    return value


def _renamed(value: Any, folder: str, other: str) -> Any:
    """Return the path of a file in `folder`, or a list of paths, as it is named in `other`; anything else as it is."""
    if type(value) is str and value.startswith(folder) and value[len(folder) : len(folder) + 1] in ("", "/"):
        return other + value[len(folder) :]
    if type(value) in (list, tuple) and any(type(item) is str and item.startswith(folder) for item in value):
        return type(value)(_renamed(item, folder, other) for item in value)
    return value


def _plain_pair(value: Any) -> tuple[str, str]:
    name, text = _plain(value, tuple)
    return _plain(name, str), _plain(text, str)


def _is_mocks_own(thing: Any, name: str) -> bool:
    """Whether it is by this attribute that a test asks a mock, and not one that the mock makes up."""
    return isinstance(thing, unittest.mock.NonCallableMock) and name in dir(unittest.mock.MagicMock)


def _at(module: str, value: Any) -> Any:
    """Return what is found in `module` under the name of `value`."""
    found: Any = sys.modules.get(module)
    for part in getattr(value, "__qualname__", "").split("."):
        found = getattr(found, part, None)
    return found if module != "__main__" else None


def _defines(kind: type, special: str) -> bool:
    return getattr(kind, special, None) is not None and getattr(kind, special) is not getattr(object, special, None)
