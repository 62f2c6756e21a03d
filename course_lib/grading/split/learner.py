"""The learner's process: runs the submission's cells in a shell, and answers what the tests ask of their names.

This is the entry point of the sandbox. Nothing here protects anything: learner's code runs in the same process and may
change all of it. What comes out of here is checked by `tester_link.py`.
"""

from __future__ import annotations

import asyncio
import copy
import inspect
import math
import os
import random
import socket
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from IPython.core.interactiveshell import InteractiveShell

from course_lib import notebook
from course_lib.checking.isolation import OutOfTime, time_limit
from course_lib.grading.codec import Raised, WireError, encode
from course_lib.grading.split import proxies, values
from course_lib.grading.split.borrowed import Borrowed, borrowed
from course_lib.grading.split.link import Link
from course_lib.grading.split.shell import Shell, Stream

# nbconvert's inline figures, as a kernel has them.
os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")

SCALARS = (type(None), bool, int, float, complex, str, bytes)
# How an object of a class derived from a plain type gives its plain value, by methods that it cannot override.
PLAIN_COPY = {
    int: int.__int__,
    float: float.__float__,
    complex: complex.__complex__,
    str: str.__str__,
    bytes: bytes.__bytes__,
    list: lambda value: [*list.__iter__(value)],
    tuple: lambda value: (*tuple.__iter__(value),),
    dict: lambda value: dict(zip(dict.keys(value), dict.values(value), strict=True)),
    set: lambda value: {*set.__iter__(value)},
    frozenset: lambda value: frozenset({*frozenset.__iter__(value)}),
    np.ndarray: lambda value: np.array(value, subok=False),
}
SPECIALS = proxies.READING | proxies.ACTING | proxies.OPERATORS
NO_STATE = object()


def warm_shell() -> Shell:
    """Return the shell of this process; made, and its slow first steps gone through, before the fork."""
    if not InteractiveShell.initialized():
        os.environ["IPYTHONDIR"] = tempfile.mkdtemp(prefix="ipython-")
        shell = Shell.instance()
        for source in (
            "1 / 0",
            "import matplotlib.pyplot",
            "%matplotlib inline",
            "await __import__('asyncio').sleep(0)",
        ):
            shell.run(source)
    return Shell.instance()


def serve(channel: int) -> None:
    """Be the learner's process: answer the tester until it closes the channel."""
    end = socket.socket(fileno=channel)
    link = LearnerLink(end)
    sys.stdout, sys.stderr = Stream(link.outputs, "stdout"), Stream(link.outputs, "stderr")
    warnings.showwarning = link.note_warning
    link.serve()


class LearnerLink(Link):
    """Answers the tester."""

    def __init__(self, end: socket.socket):
        super().__init__(end)
        self.shell = warm_shell()
        self.outputs = self.shell.outputs
        self._borrowed: dict[int, int] = {}
        self._tracked: dict[str, Any] = {}
        self._warned: list[tuple[Any, str]] = []
        self._in_cell = False
        self._show_warning = warnings.showwarning

    # --- Requests -----------------------------------------------------------------------------------------------------

    def _on_begin(self, seconds: float, environment: dict, files: list) -> tuple[Any, Any]:
        """Put the submission's files where the cells run."""
        os.environ.update(environment)
        here = Path.cwd() / "submission"
        here.mkdir()
        for name, content in files:
            path = here / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        os.chdir(here)
        sys.path.insert(0, str(here))
        return None, None

    def _on_run(self, seconds: float, source: str, is_bare: bool) -> tuple[Any, Any]:
        """Run a cell; return its outputs and whether it came to its end."""
        self._in_cell = True
        try:
            with time_limit(seconds):
                outputs, done = self.shell.run(source)
        except OutOfTime:
            outputs, done = self.outputs.take(), False
            outputs.append(
                {
                    "output_type": "error",
                    "ename": "CellTimeoutError",
                    "evalue": f"took longer than {seconds:.0f} s",
                    "traceback": [],
                }
            )
        finally:
            self._in_cell = False
        return (_as_json(outputs), done), None

    def _on_names(self, seconds: float, names: list[str]) -> tuple[Any, Any]:
        """Return {name: value} of those that are bound; from now on tell when they are bound anew."""
        found = {name: self.shell.user_ns[name] for name in names if name in self.shell.user_ns}
        self._tracked.update(found)
        crossed, failed = {}, {}
        for name, value in found.items():
            try:
                encode(value, self._to_id)
                crossed[name] = value
            except WireError as error:
                failed[name] = str(error)
        return (crossed, failed), None

    def _on_call(self, seconds: float, target: Any, arguments: tuple, keywords: dict) -> tuple[Any, Any]:
        before = None
        if not all(type(argument) in SCALARS for argument in (*arguments, *keywords.values())):
            before = content((arguments, keywords))
        try:
            with time_limit(seconds):
                value = target(*arguments, **keywords)
        finally:
            if before is not None and content((arguments, keywords)) != before:
                self._changed = (arguments, keywords)
        return value, self._extra()

    def _on_get(self, seconds: float, thing: Any, name: str) -> tuple[Any, Any]:
        with time_limit(seconds):
            return getattr(thing, name), self._extra()

    def _on_set(self, seconds: float, thing: Any, name: str, value: Any) -> tuple[Any, Any]:
        with time_limit(seconds):
            return setattr(thing, name, value), self._extra()

    def _on_delete(self, seconds: float, thing: Any, name: str) -> tuple[Any, Any]:
        with time_limit(seconds):
            return delattr(thing, name), self._extra()

    def _on_special(self, seconds: float, special: str, thing: Any, *arguments: Any) -> tuple[Any, Any]:
        with time_limit(seconds):
            return getattr(type(thing), special)(thing, *arguments), self._extra()

    def _on_value(self, seconds: float, thing: Any) -> tuple[Any, Any]:
        """Return the plain value of an object whose class is derived from a plain type."""
        return next(copy_of for base, copy_of in PLAIN_COPY.items() if isinstance(thing, base))(thing), None

    def _on_bind(self, seconds: float, name: str, value: Any) -> tuple[Any, Any]:
        """Bind a name anew, as a test does with one that learner's code uses too."""
        self.shell.user_ns[name] = value
        return None, None

    def _on_random(self, seconds: float, numpy_state: tuple, state: tuple) -> tuple[Any, Any]:
        """Give the global random generators the state that a test gave them."""
        np.random.set_state(numpy_state)
        random.setstate(state)
        return None, None

    def _on_dir(self, seconds: float, thing: Any) -> tuple[Any, Any]:
        return [str(name) for name in dir(thing)], self._extra()

    def _on_copy(self, seconds: float, thing: Any, deep: bool) -> tuple[Any, Any]:
        return (copy.deepcopy if deep else copy.copy)(thing), self._extra()

    def _on_await(self, seconds: float, thing: Any) -> tuple[Any, Any]:
        async def wait():
            return await thing

        with time_limit(seconds):
            return asyncio.run(wait()), self._extra()

    def _on_seed(self, seconds: float, module: str, path: list[str], arguments: tuple) -> tuple[Any, Any]:
        """Do here what a test did there with a global random generator."""
        found: Any = sys.modules.get(module)
        for name in path:
            found = getattr(found, name, None)
        if found is not None:
            found(*arguments)
        return None, None

    def _on_probe(self, seconds: float, name: str, seed: int, answer: Any) -> tuple[Any, Any]:
        """Run an exercise's whole probe; return what every row gave."""
        exercise = notebook.exercises.find(name)
        if notebook.is_ours(answer, exercise):
            return None, None
        record = notebook.observe(exercise, answer, seed)
        rows = [(observation.label, observation.value) for observation in record.observations]
        return (rows, record.printed, record.changed), None

    HANDLERS: ClassVar = {
        name.removeprefix("_on_"): handler for name, handler in vars().items() if name.startswith("_on_")
    }

    def _extra(self) -> Any:
        """Return what there is to say besides a value: printed, names bound anew, warnings, changed arguments."""
        changed, self._changed = self._changed, None
        printed = (
            "".join(item["text"] for item in self.outputs.take() if item["output_type"] == "stream")
            if self.outputs.items
            else ""
        )
        names, warned = self.shell.user_ns, self._warned
        rebound = [name for name, value in self._tracked.items() if names.get(name, NO_STATE) is not value]
        for name in rebound:
            del self._tracked[name]
        self._warned = []
        if not (printed or rebound or warned or changed):
            return None
        return (printed, rebound, warned, changed)

    _changed: Any = None

    def note_warning(self, message, category, filename, lineno, file=None, line=None) -> None:
        """Keep a warning that a call gives for the tester, which gives it again; in a cell show it."""
        if self._in_cell:
            self._show_warning(message, category, filename, lineno, file, line)
        elif len(self._warned) < 100:
            self._warned.append((category if values.kind_of(category) == "class" else UserWarning, str(message)[:2000]))

    def back(self, *message: Any) -> Any:
        """Ask the tester, on behalf of learner's code."""
        return self.request(*message)[0]

    # --- Objects ------------------------------------------------------------------------------------------------------

    def number_of_theirs(self, value: Any) -> int | None:
        return (
            self._borrowed.get(id(value))
            if isinstance(type(value), type) and issubclass(type(value), Borrowed)
            else None
        )

    def stand_for(self, number: int, sort: str, *details: Any) -> Any:
        if sort == "global":
            module, path = details
            found: Any = sys.modules.get(module) or __import__(module, fromlist=["*"])
            for name in path.split(".") if path else ():
                found = getattr(found, name)
            return found
        made = borrowed(self, *details)
        self._borrowed[id(made)] = number
        return made

    def is_object(self, value: Any) -> bool:
        return True

    def describe(self, value: Any) -> tuple:
        if inspect.isfunction(value):
            code = value.__code__
            names = [_short(text) for text in (value.__name__, value.__qualname__, value.__module__ or "__main__")]
            place = (_short(code.co_filename), code.co_firstlineno)
            return ("function", *names, _doc(value), *place, self._parameters(value))
        if isinstance(value, type):
            return self._describe_class(value)
        if isinstance(value, BaseException) and isinstance(value, Exception):
            return ("error", type(value), self._crossing_arguments(value))
        return ("object", type(value))

    def _describe_class(self, kind: type) -> tuple:
        library = [base for base in kind.__mro__ if not _is_own(base) and base is not object]
        own = [base for base in kind.__bases__ if _is_own(base)] if _is_own(kind) else []
        specials = [
            special
            for special in SPECIALS
            if getattr(kind, special, None) is not None and getattr(kind, special) is not getattr(object, special, None)
        ]
        has_value = any(base in PLAIN_COPY for base in library)
        library = [(_short(base.__module__), _short(base.__qualname__)) for base in library]
        return ("class", _short(kind.__name__), _short(kind.__module__), _doc(kind), own, library, specials, has_value)

    def _parameters(self, function: Any) -> list | None:
        try:
            parameters = inspect.signature(function).parameters.values()
        except (ValueError, TypeError):
            return None
        return [
            (each.name, int(each.kind), _crossing_default(each.default), each.default is not inspect._empty)
            for each in parameters
        ]

    def _crossing_arguments(self, error: BaseException) -> tuple:
        try:
            encode(error.args, self._to_id)
            return error.args
        except WireError:
            return (str(error),)

    def describe_error(self, error: BaseException) -> tuple[Any, Any]:
        described: Any = None
        if isinstance(error, OutOfTime):
            error = TimeoutError("it took too long")
        if isinstance(error, Exception):
            kind = type(error)
            described = (kind, self._crossing_arguments(error)) if values.kind_of(kind) == "class" else error
        return (described, Raised.of(error)), self._extra()


def content(value: Any, depth: int = 0) -> Any:
    """Return what can be compared with `content(value)` later: whether what could change in place did."""
    kind = type(value)
    if kind in SCALARS or depth > 32:
        return value
    if kind is np.ndarray and not value.dtype.hasobject:
        return value.dtype.str, value.shape, value.tobytes()
    if kind is list or kind is tuple:
        return kind, [content(item, depth + 1) for item in value]
    if kind is dict:
        return [(key, content(item, depth + 1)) for key, item in value.items()]
    if kind is set:
        return frozenset(value)
    name = values.kind_of(value)
    if name and values.KINDS[name].is_mutable:
        return content(values.KINDS[name].take_apart(value), depth + 1)
    return id(value)


def _is_own(kind: type) -> bool:
    """Whether the learner defined this class, in a cell or in a file of the submission."""
    module = kind.__module__
    if module == "__main__" or not isinstance(module, str):
        return True
    file = getattr(sys.modules.get(module), "__file__", None)
    return module not in sys.modules or bool(file and str(file).startswith(tempfile.gettempdir()))


def _doc(thing: Any) -> str | None:
    return thing.__doc__[:5000] if isinstance(thing.__doc__, str) else None


def _short(text: Any) -> str:
    return str(text)[:500]


def _crossing_default(value: Any) -> Any:
    try:
        encode(value)
        return value
    except WireError:
        return None


def _as_json(value: Any) -> Any:
    """Return outputs as plain values: a display's data may hold anything."""
    if isinstance(value, dict):
        return {str(key): _as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_as_json(item) for item in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value).encode("utf-8", "replace").decode()
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return str(value)
