"""The tests' names, and the shell that runs them."""

from __future__ import annotations

import builtins
import contextlib
import decimal
import numbers
import types
from collections.abc import Iterable
from typing import Any

import numpy as np
from IPython.core.interactiveshell import InteractiveShell

from course_lib.grading.crossing import WireError
from course_lib.grading.split import proxies
from course_lib.grading.split.link import Refused
from course_lib.grading.split.shell import Hook, Shell
from course_lib.grading.split.tester_link import TesterLink


class Names(dict):
    """The names of the tests. One of the learner's is asked for when it is loaded, forgotten when it may change."""

    def __init__(self):
        super().__init__()
        self.learners: set[str] = set()
        self._plain: set[str] = set()
        self._refused: dict[str, str] = {}
        self.link: TesterLink | None = None
        self.shared: frozenset[str] = frozenset()  # names that learner's functions may look up
        self.imported: set[str] = set()  # names that the tests have of solutions' imports alone
        self._hidden: dict[str, Any] = {}  # those of them that the learner has not bound
        self.in_test = False

    def __missing__(self, name):
        if name in self.learners:
            self.fetch([name])
            if dict.__contains__(self, name):
                return dict.__getitem__(self, name)
            if name in self._refused:
                raise Refused(f"`{name}` of the submission cannot be had in another process: {self._refused[name]}")
        raise KeyError(name)

    def __setitem__(self, name, value):
        if self.in_test and name in self.imported:
            self.imported.discard(name)
            self._hidden.pop(name, None)
        self.learners.discard(name)
        self._plain.discard(name)
        # A text or a list under a built-in's name is a variable of the test's own: it may be what the test expects.
        is_told = name in self.shared or (name in vars(builtins) and callable(value))
        if self.in_test and is_told:
            # The learner's functions find the test's value under this name, as they would in one process.
            with contextlib.suppress(Refused):  # what cannot cross, the learner's functions cannot want
                self.link.ask("bind", name, value)
        dict.__setitem__(self, name, value)

    def __delitem__(self, name):
        self.learners.discard(name)
        self._plain.discard(name)
        if self.in_test and name in self.shared:
            self.link.ask("unbind", name)
        dict.__delitem__(self, name)

    def hide_unless_bound(self, loads: Iterable[str] | None = None) -> None:
        """Hide what solutions import while the learner has nothing under the name; of `loads` alone, if given."""
        names = sorted(self.imported if loads is None else self.imported.intersection(loads))
        answer = self.link.ask("bound", names) if names else []
        bound = {name for name in answer if type(name) is str} if type(answer) is list else set()
        for name in names:
            if name in bound and name in self._hidden:
                dict.__setitem__(self, name, self._hidden.pop(name))
            elif name not in bound and name in self:
                self._hidden[name] = dict.pop(self, name)

    def fetch(self, names: Iterable[str]) -> None:
        """Have the current values of these names of the learner's."""
        answer = self.link.ask("names", sorted(names))
        if type(answer) is not tuple or [type(part) for part in answer] != [dict, dict]:
            raise WireError("The other side answers what is no answer.")
        found, failed = answer
        for name in names:  # those that were asked for, whatever came
            if name in found:
                dict.__setitem__(self, name, found[name])
                if self.link.number_of_theirs(found[name]) is None:
                    self._plain.add(name)
            elif type(failed.get(name)) is str:
                self._refused[name] = failed[name][:200]

    def forget(self, names: Iterable[str]) -> None:
        """Have these names anew when they are next loaded."""
        for name in names:
            if name in self.learners:
                dict.pop(self, name, None)
                self._plain.discard(name)

    def after_call(self) -> None:
        """What has no handle may be another value now."""
        if self._plain:
            self.forget(list(self._plain))


class TestersHook(Hook):
    """Shows what nbgrader takes for points: it reads the text of a test's last value.

    Every number is shown as Python's own, since `np.float64(0.5)` is no number as a text. Of a learner's object its
    sort alone is shown: its own text could be a number.
    """

    def __call__(self, result=None):
        if isinstance(result, numbers.Real | np.generic | np.ndarray | decimal.Decimal) and not _is_bool(result):
            result = _as_number(result)
        if isinstance(type(result), proxies.RemoteClass) or isinstance(result, proxies.RemoteClass):
            text = f"<{type(result).__name__[:60]} object of the submission>"
            shown = {"data": {"text/plain": text}, "metadata": {}, "execution_count": self.prompt_count}
            self.shell.outputs.add({"output_type": "execute_result", **shown})
        else:
            super().__call__(result)


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool) or (isinstance(value, np.generic | np.ndarray) and value.dtype.kind == "b")


def _as_number(value: Any) -> Any:
    """Return one real number as an int or a float, and whatever else it is as it is."""
    if isinstance(value, np.generic | np.ndarray):
        return value.item() if value.shape == () and value.dtype.kind in "iuf" else value
    return value if isinstance(value, int) else float(value)


class TesterShell(Shell):
    """The shell of the tests."""

    hook_class = TestersHook

    def __init__(self, **options: Any):
        super().__init__(**options)
        self.failed: BaseException | None = None

    def showtraceback(self, exc_tuple=None, **options):
        kind, error, trace = self._get_exc_info(exc_tuple)
        self.failed = error
        if not isinstance(error, SyntaxError):
            trace = _without_ours(trace)
            error = error.with_traceback(trace)
        super().showtraceback((kind, error, trace), **options)


def _without_ours(trace: types.TracebackType | None) -> types.TracebackType | None:
    """Return the traceback without the frames of this package: a teacher wants to see the test."""
    if trace is None:
        return None
    rest = _without_ours(trace.tb_next)
    if trace.tb_frame.f_globals.get("__name__", "").startswith("course_lib.grading."):
        return rest
    return types.TracebackType(rest, trace.tb_frame, trace.tb_lasti, trace.tb_lineno)


def warm_shell() -> TesterShell:
    """Return the shell, made before the fork."""
    if not InteractiveShell.initialized():
        shell = TesterShell.instance(user_ns=Names())
        shell.run("__import__('matplotlib.pyplot');")
    return TesterShell.instance()
