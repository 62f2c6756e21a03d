"""The learner's process: runs the submission's cells in a shell, and answers what the tests ask of their names.

This is the entry point of the sandbox. Nothing here protects anything: learner's code runs in the same process and may
change all of it. What comes out of here is checked by `tester_link.py`.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import importlib
import inspect
import os
import random
import socket
import sys
import tempfile
import warnings
from pathlib import Path, PurePath, PurePosixPath
from typing import Any, ClassVar

import numpy as np
from IPython.core import async_helpers
from IPython.core.interactiveshell import InteractiveShell

from course_lib import notebook
from course_lib.checking.isolation import OutOfTime
from course_lib.grading.codec import encode
from course_lib.grading.crossing import Raised, WireError
from course_lib.grading.split import changes, descriptions, programs, values
from course_lib.grading.split.alarm import Alarm
from course_lib.grading.split.borrowed import borrowed
from course_lib.grading.split.changes import SCALARS
from course_lib.grading.split.files import look
from course_lib.grading.split.link import Link
from course_lib.grading.split.shell import Shell, Stream, as_json

# nbconvert's inline figures, as a kernel has them.
os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")

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
    PurePath: PurePosixPath,
}
NO_STATE = object()
MAX_FILE = 16 * 2**20  # bytes of a file that a test is given
SILENT = (PendingDeprecationWarning, ImportWarning, ResourceWarning)  # which Python does not show


def warm_shell() -> Shell:
    """Return the shell of this process; made, and its slow first steps gone through, before the fork."""
    if not InteractiveShell.initialized():
        os.environ["IPYTHONDIR"] = tempfile.mkdtemp(prefix="ipython-")
        shell = Shell.instance()
        for source in (
            "__import__('matplotlib.pyplot');",
            "%matplotlib inline",
            "__import__('matplotlib.pyplot').pyplot.title('$x$');",
            "await __import__('asyncio').sleep(0)",
        ):
            shell.run(source)
        async_helpers.get_asyncio_loop().close()  # its descriptors are closed in the child, which makes one of its own
    return Shell.instance()


def serve(channel: int) -> None:
    """Be the learner's process: answer the tester until it closes the channel."""
    end = socket.socket(fileno=channel)
    link = LearnerLink(end)
    sys.stdout, sys.stderr = Stream(link.outputs, "stdout"), Stream(link.outputs, "stderr")
    warnings.showwarning = link.note_warning
    warnings.simplefilter("always")
    programs.let_popen_go_on()
    link.serve()


class LearnerLink(Link):
    """Answers the tester."""

    def __init__(self, end: socket.socket):
        super().__init__(end)
        self.shell = warm_shell()
        self.alarm = Alarm()
        self.outputs = self.shell.outputs
        self._borrowed: dict[int, int] = {}
        self._tracked: dict[str, Any] = {}
        self._warned: list[tuple[Any, str]] = []
        self._changed: Any = None  # what became of the arguments of the call that is answered
        self._own_variables: dict[str, str | None] = {}
        self._patches: list[tuple[Any, str, Any]] = []
        self._in_cell = False
        self._show_warning = warnings.showwarning

    def _answer(self, kind: str, arguments: list) -> None:
        seconds, *arguments = arguments
        if seconds is not None:  # the first request of a cell says how long it may take
            self.alarm.set(seconds)
        super()._answer(kind, arguments)

    # --- Requests -----------------------------------------------------------------------------------------------------

    def _on_begin(self, environment: dict, files: list) -> tuple[Any, Any]:
        """Put the submission's files where the cells run, and return where that is."""
        os.environ.update(environment)
        here = Path.cwd() / "submission"
        here.mkdir()
        for name, content in files:
            path = here / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        os.chdir(here)
        sys.path.insert(0, str(here))
        self._here = here
        self._files = look(here).files
        return str(here), None

    def _on_run(self, source: str) -> tuple[Any, Any]:
        """Run a cell; return its outputs and whether it came to its end."""
        self._in_cell = True
        done = False
        try:
            with contextlib.suppress(OutOfTime), self.alarm:
                _, done = self.shell.run(source, keep=True)
        finally:
            self._in_cell = False
        outputs = self.outputs.take()
        if self.alarm.has_rung:
            # It may have rung while IPython was showing that it had rung.
            outputs, done = [output for output in outputs if output.get("ename") != "OutOfTime"], False
            texts = {"ename": "CellTimeoutError", "evalue": f"took longer than {self.alarm.seconds:g} s"}
            outputs.append({"output_type": "error", **texts, "traceback": []})
        return (as_json(outputs), done), None

    def _on_names(self, names: list[str]) -> tuple[Any, Any]:
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

    def _on_call(self, target: Any, keywords: dict | None, *arguments: Any) -> tuple[Any, Any]:
        keywords = keywords or {}
        if all(type(argument) in SCALARS for argument in (*arguments, *keywords.values())):
            with self.alarm, self._patched():
                value = target(*arguments, **keywords)
            return self._alone(value), self._extra()
        passed = changes.mutables((arguments, keywords))
        origins = {id(item): number for number, item in enumerate(passed)}
        before = changes.content(passed)
        try:
            with self.alarm, self._patched():
                value = target(*arguments, **keywords)
        except BaseException:
            if changes.content(passed) != before:
                self._changed = changes.take_apart([None, *passed], origins)
            raise
        if changes.content(passed) != before or any(id(item) in origins for item in changes.mutables(value)):
            self._changed = changes.take_apart([value, *passed], origins)
            return None, self._extra()
        return self._alone(value), self._extra()

    def _alone(self, value: Any) -> Any:
        """Return a result as it is sent; where something occurs twice in it, that is said too."""
        items = value.values() if type(value) is dict else value if type(value) in (list, tuple) else ()
        if any(type(item) not in SCALARS for item in items):
            nodes, roots = changes.take_apart([value], {})
            if changes.occurs_twice(nodes, roots):
                self._changed = (nodes, roots)
                return None
        return value

    def _on_get(self, thing: Any, name: str) -> tuple[Any, Any]:
        with self.alarm:
            return getattr(thing, name), self._extra()

    def _on_set(self, thing: Any, name: str, value: Any) -> tuple[Any, Any]:
        with self.alarm:
            return setattr(thing, name, value), self._extra()

    def _on_delete(self, thing: Any, name: str) -> tuple[Any, Any]:
        with self.alarm:
            return delattr(thing, name), self._extra()

    def _on_special(self, special: str, thing: Any, *arguments: Any) -> tuple[Any, Any]:
        with self.alarm:
            return getattr(type(thing), special)(thing, *arguments), self._extra()

    def _on_value(self, thing: Any) -> tuple[Any, Any]:
        """Return the plain value of an object whose class is derived from a plain type."""
        return next(copy_of for base, copy_of in PLAIN_COPY.items() if isinstance(thing, base))(thing), None

    def _on_bind(self, name: str, value: Any) -> tuple[Any, Any]:
        """Bind a name anew, as a test does with one that learner's code uses too."""
        self.shell.user_ns[name] = value
        return None, None

    def _on_unbind(self, name: str) -> tuple[Any, Any]:
        """Take a name away, as a test does to see what the learner's code makes of it."""
        self.shell.user_ns.pop(name, None)
        return None, None

    def _on_bound(self, names: list[str]) -> tuple[Any, Any]:
        """Return which of these names are bound."""
        return [name for name in names if name in self.shell.user_ns], None

    def _on_patch(self, patches: list[tuple[str, str, Any]]) -> tuple[Any, Any]:
        """Replace these functions of modules, as a test did, while learner's code is called."""
        self._patches = [(importlib.import_module(module), name, value) for module, name, value in patches]
        return None, None

    def _on_environ(self, variables: dict[str, str | None]) -> tuple[Any, Any]:
        """Give these variables the values that a test gave them (None: there is none), and the last ones their own."""
        _set_variables(self._own_variables)
        self._own_variables = {name: os.environ.get(name) for name in variables}
        _set_variables(variables)
        return None, None

    def _on_files(self, folders: list[str], changed: list[tuple[str, bytes]]) -> tuple[Any, Any]:
        """Write the files that a test wrote; return those that learner's code wrote since this was last asked."""
        for name in folders:
            (self._here / name).mkdir(parents=True, exist_ok=True)
        for name, data in changed:
            (self._here / name).write_bytes(data)
        known = self._files | {name: (self._here / name).stat().st_mtime_ns for name, _ in changed}
        self._files = look(self._here).files
        found = []
        for name, written in self._files.items():
            path = self._here / name
            if known.get(name) != written and path.stat().st_size <= MAX_FILE:
                found.append((name, path.read_bytes()))
        return found, None

    @contextlib.contextmanager
    def _patched(self):
        if not self._patches:
            yield
            return
        originals = [(module, name, getattr(module, name)) for module, name, _ in self._patches]
        for patch in self._patches:
            setattr(*patch)
        try:
            yield
        finally:
            for original in originals:
                setattr(*original)

    def _on_random(self, numpy_state: tuple, state: tuple) -> tuple[Any, Any]:
        """Give the global random generators the state that a test gave them."""
        np.random.set_state(numpy_state)
        version, numbers, gauss = state
        random.setstate((version, tuple(numbers.tolist()), gauss))
        return None, None

    def _on_dir(self, thing: Any) -> tuple[Any, Any]:
        return [str(name) for name in dir(thing)], self._extra()

    def _on_copy(self, thing: Any, deep: bool) -> tuple[Any, Any]:
        return (copy.deepcopy if deep else copy.copy)(thing), self._extra()

    def _on_await(self, thing: Any) -> tuple[Any, Any]:
        async def wait():
            return await thing

        with self.alarm:
            return asyncio.run(wait()), self._extra()

    def _on_figure(self, name: str) -> tuple[Any, Any]:
        """Return the current figure or its axes, or close all figures: `name` is the function of pyplot."""
        pyplot = importlib.import_module("matplotlib.pyplot")
        return (pyplot.close("all") if name == "close" else getattr(pyplot, name)()), self._extra()

    def _on_seed(self, module: str, path: list[str], arguments: tuple) -> tuple[Any, Any]:
        """Do here what a test did there with a global random generator."""
        found: Any = sys.modules.get(module)
        for name in path:
            found = getattr(found, name, None)
        if found is not None:
            found(*arguments)
        return None, None

    def _on_probe(self, name: str, seed: int, answer: Any) -> tuple[Any, Any]:
        """Run an exercise's whole probe; return what every row gave."""
        exercise = notebook.exercises.find(name)
        if notebook.is_ours(answer, exercise):
            return None, None
        try:
            record = notebook.observe(exercise, answer, seed)
        except notebook.OursError:
            return None, None
        self.alarm.resume()  # the probe has limits of its own
        rows = [(observation.label, observation.value) for observation in record.observations]
        return (rows, record.printed, record.changed, sorted(record.iterators.items())), None

    HANDLERS: ClassVar = {
        name.removeprefix("_on_"): handler for name, handler in vars().items() if name.startswith("_on_")
    }

    def _extra(self) -> Any:
        """Return what there is to say besides a value: printed, names bound anew, warnings, changed arguments."""
        changed, self._changed = self._changed, None
        printed = []
        if self.outputs.items:
            items = self.outputs.take()
            printed = [(item["name"], item["text"]) for item in items if item["output_type"] == "stream"]
        names, warned = self.shell.user_ns, self._warned
        rebound = [name for name, value in self._tracked.items() if names.get(name, NO_STATE) is not value]
        for name in rebound:
            del self._tracked[name]
        self._warned = []
        if not (printed or rebound or warned or changed):
            return None
        return (printed, rebound, warned, changed)

    def note_warning(self, message, category, filename, lineno, file=None, line=None) -> None:
        """Keep a warning that a call gives for the tester, which gives it again; in a cell show it."""
        if self._in_cell:
            # All warnings are on, so that calls tell of each. A notebook shows of deprecations those of its own cells.
            is_own = "ipython-input" in str(filename)
            if issubclass(category, SILENT) or (issubclass(category, DeprecationWarning) and not is_own):
                return
            self._show_warning(message, category, filename, lineno, file, line)
        elif len(self._warned) < 100:
            self._warned.append((category if values.kind_of(category) == "class" else UserWarning, str(message)[:2000]))

    def back(self, *message: Any) -> Any:
        """Ask the tester, on behalf of learner's code."""
        return self.request(message)[0]

    # --- Objects ------------------------------------------------------------------------------------------------------

    def number_of_theirs(self, value: Any) -> int | None:
        return self._borrowed.get(id(value))

    def stand_for(self, number: int, sort: str, *details: Any) -> Any:
        if sort == "global":
            module, path = details
            found: Any = sys.modules.get(module) or __import__(module, fromlist=["*"])
            for name in path.split(".") if path else ():
                found = getattr(found, name)
            return found
        if sort == "path":
            return Path(*details)
        made = borrowed(self, *details)
        self._borrowed[id(made)] = number
        return made

    def is_object(self, value: Any) -> bool:
        return True

    def describe(self, value: Any) -> tuple:
        if inspect.isfunction(value) and not (vars(value).keys() - {"__wrapped__"}):
            return descriptions.of_function(value)
        if isinstance(value, type):
            return descriptions.of_class(value)
        if isinstance(value, BaseException) and isinstance(value, Exception):
            return ("error", type(value), self._crossing_arguments(value))
        return ("object", type(value))

    def _crossing_arguments(self, error: BaseException) -> tuple:
        try:
            encode(error.args, self._to_id)
            return error.args
        except WireError:
            return (str(error),)

    def describe_error(self, error: BaseException) -> tuple[Any, Any]:
        """Say what was raised: an exception of the learner's own class by itself, one of a library's by name."""
        if isinstance(error, OutOfTime):
            error = TimeoutError("it took too long")
        said: Any = None
        if isinstance(error, Exception):
            said = error if descriptions.is_own(type(error)) else self._by_name(error)
        cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        cause = self._by_name(cause) if isinstance(cause, Exception) else None
        return (said, Raised.of(error), cause, error.__cause__ is not None), self._extra()

    def _by_name(self, error: Exception) -> tuple:
        return (descriptions.library_names(type(error)), self._crossing_arguments(error))

    def error_from(self, description: Any, extra: Any) -> BaseException:
        """Return what a test's function raised."""
        error, raised = description
        if isinstance(error, BaseException):
            return error
        (module, name), arguments = error
        kind = getattr(sys.modules.get(module), name, None)
        if isinstance(kind, type) and issubclass(kind, BaseException):
            return values.make_error(kind, arguments)
        return RuntimeError(f"{raised.type_name}: {raised.message}")


def _set_variables(variables: dict[str, str | None]) -> None:
    for name, value in variables.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
