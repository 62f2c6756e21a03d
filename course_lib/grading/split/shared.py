"""What a test and the learner's code would share in one process, told to the learner's process when a test changes it.

Functions of modules that a test replaces, `sys.stdin`, environment variables, the state of the global random
generators, and files in the working folder, in which temporary files of the test lie too. Each is looked at only in
tests whose source speaks of it.
"""

from __future__ import annotations

import builtins
import contextlib
import os
import random
import re
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from course_lib.grading.split.files import MAX_DEPTH, look
from course_lib.grading.split.plan import FILES
from course_lib.grading.split.tester_link import TesterLink

# Where the teacher's code loads objects from files, a file of the submission's could become more than text to it.
LOADING = re.compile(
    r"load|pickle|joblib|shelve|dill|marshal|\bexec\b|\beval\b|runpy|importlib|hdf|HDF|"
    r"subprocess|os\.system|popen|spawn|get_ipython(?!\(\)\.run_cell_magic\('writefile')|^\s*(!|%(?!%writefile))",
    re.MULTILINE,
)
HARMLESS = re.compile(r"\bjson\.loads?\b|\bloadtxt\b")

CODE = {".py", ".pyc", ".so", ".pth", ".pkl", ".pickle", ".joblib", ".ipynb"}
# A module and the name of one of its functions, as tests write them that replace it.
REPLACING = [
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"""["']([A-Za-z_][\w.]*)\.(\w+)["']""",  # patch("time.sleep")
        r"""\(\s*([A-Za-z_][\w.]*)\s*,\s*["'](\w+)["']""",  # patch.object(time, "sleep")
        r"""^\s*([A-Za-z_][\w.]*)\.(\w+)\s*=(?!=)""",  # time.sleep = print
    )
]
Function = tuple[str, str]  # module and name

MAX_FILES, MAX_BYTES_OF_FILE, MAX_BYTES_OF_FILES = 100, 16 * 2**20, 64 * 2**20  # that are taken of a submission
NAME = re.compile(rf"(\w[\w\- .]{{0,99}}/){{0,{MAX_DEPTH}}}\w[\w\- .]{{0,99}}")


class Shared:
    """Told by the link before and after each request.

    Args:
        link: to the learner's process.
        folder: where the tests run. The teacher's own files are links in it, and stay as they are.
        trusted: the teacher's code outside the tests.
        names: the tests'.
    """

    def __init__(self, link: TesterLink, folder: str, trusted: str, names: dict[str, Any]):
        self._link, self._folder, self._trusted, self._names = link, folder, trusted, names
        self._random: tuple | None = None  # as last told; None where the test does not speak of it
        self._originals: dict[Function, Any] = {}  # what the test may replace, as it was before
        self._replaced: dict[Function, Any] = {}  # by the test
        self._told: dict[Function, Any] = {}
        self._environment: dict[str, str] = {}  # as it was before the first test that speaks of it
        self._speaking = ""  # the tests that spoke of it: only variables that they name are told
        self._variables: dict[str, str | None] = {}  # as last told; None where there is none any more
        self._files: dict[str, int] | None = None  # name: when it was last written, as both sides know
        self._known: dict[str, int] = {}
        self._folders: list[str] | None = None  # as last told; None before a test has told of files
        self._tests: set[str] = set()  # files that tests have left
        self._teachers: set[str] = set()  # those that other cells of the teacher's have written
        self._taken = 0  # bytes
        self._stdin, self._input_by_stdin = sys.stdin, self._input  # one object, to be told once
        self._is_telling = False

    def begin_alike(self) -> None:
        """Give both sides one state of the global random generators: the teacher's cells that draw run on both."""
        random.seed()
        np.random.seed()
        self._tell_random()

    def begin(self, source: str) -> None:
        """A test begins."""
        self._random = random_state() if "random" in source else None
        self._originals = self._replaceable(source) | self._originals
        if "environ" in source:
            self._environment = self._environment or dict(os.environ)
            self._speaking += source
        loads_objects = LOADING.search(HARMLESS.sub("", self._trusted + source))
        self._files = self._known if FILES.search(source) and not loads_objects else None
        self._folders = None
        if self._files is not None:
            self._teachers |= look(self._folder).files.keys() - self._files.keys() - self._tests
        self._link.folder = "" if self._files is None else self._folder
        self._tell()

    def end(self) -> None:
        """The test has ended: undo what it has left of its replacements of built-ins, which the tester uses too."""
        if self._originals and not self._link.is_lost:
            _set({function: value for function, value in self._originals.items() if function[0] == "builtins"})
            sys.stdin = self._stdin
            self._tell()
        self._tests |= look(self._folder).files.keys() - self._teachers
        # Other functions stay replaced, as in one process.
        self._originals = {function: self._originals[function] for function in self._replaced}
        self._random = self._files = None

    def _tell(self) -> None:
        self.before_asking()
        _set(self._replaced)

    def before_asking(self) -> None:
        """Tell what the test has done since the last request."""
        if self._is_telling or not (self._originals or self._speaking or self._random or self._files is not None):
            return
        self._is_telling = True
        try:
            if self._originals:
                self._tell_replaced()
            if self._speaking:
                self._tell_environment()
            if self._random is not None and (state := random_state()) != self._random:
                self._random = state
                self._tell_random()
            if self._files is not None:
                self._exchange_files(if_changed=True)
        finally:
            self._is_telling = False

    def after_asking(self) -> None:
        """Take what the learner's code has done, and give the test its replacements back."""
        if self._is_telling:
            return
        if self._files is not None and not self._link.is_lost:
            self._is_telling = True
            try:
                self._exchange_files()
            finally:
                self._is_telling = False
        _set(self._replaced)

    @contextlib.contextmanager
    def answering(self) -> Iterator[None]:
        """Let a test's function, which learner's code calls, find what the test has replaced."""
        _set(self._replaced)
        try:
            yield
        finally:
            _set({function: self._originals[function] for function in self._replaced})

    def _replaceable(self, source: str) -> dict[Function, Any]:
        """Return the functions of modules that a test with this source may replace."""
        found = {}
        if "builtins" in source or "stdin" in source:
            found |= {("builtins", name): value for name, value in vars(builtins).items()}
        for owner, name in (pair for pattern in REPLACING for pair in pattern.findall(source)):
            module = self._module(owner)
            if module is not None and name in vars(module):
                found[module.__name__, name] = vars(module)[name]
        return found

    def _module(self, path: str) -> types.ModuleType | None:
        """Return the module that a test calls so, by its own name or by the one under which it was imported."""
        root, *rest = path.split(".")
        found = self._names.get(root)
        found = found if isinstance(found, types.ModuleType) else sys.modules.get(root)
        for name in rest:
            found = vars(found).get(name) if isinstance(found, types.ModuleType) else None
        is_one = isinstance(found, types.ModuleType) and sys.modules.get(found.__name__) is found
        return found if is_one and found.__name__ != "__main__" else None

    def _tell_replaced(self) -> None:
        now = {function: _get(function) for function in self._originals}
        replaced = {function: value for function, value in now.items() if value is not self._originals[function]}
        _set({function: self._originals[function] for function in replaced})  # we use them too
        wanted = dict(replaced)
        if ("builtins", "input") not in replaced and sys.stdin is not self._stdin:
            wanted["builtins", "input"] = self._input_by_stdin
        if wanted.keys() != self._told.keys() or any(value is not self._told[key] for key, value in wanted.items()):
            self._told = wanted
            self._link.ask("patch", [(*function, value) for function, value in wanted.items()])
        self._replaced = replaced

    def _tell_random(self) -> None:
        version, numbers, gauss = random.getstate()
        numbers = np.array(numbers, np.uint32)  # as a tuple of 625 numbers it takes ten times as long
        self._link.ask("random", np.random.get_state(), (version, numbers, gauss))

    def _tell_environment(self) -> None:
        wanted = {
            name: os.environ.get(name)
            for name in self._environment.keys() | os.environ.keys()
            if name in self._speaking and os.environ.get(name) != self._environment.get(name)
        }
        if wanted != self._variables:
            self._variables = wanted
            self._link.ask("environ", wanted)

    def _input(self, prompt: str = "") -> str:
        """What `input` does in the learner's process while a test has replaced sys.stdin."""
        line = sys.stdin.readline()
        if not line:
            raise EOFError("EOF when reading a line")
        return line.rstrip("\n")

    def _exchange_files(self, if_changed: bool = False) -> None:
        """Give the learner's process the files that the test wrote, and the test those that learner's code wrote.

        With `if_changed` only where the test has done something: no learner's code has run since they were exchanged.
        """
        seen = look(self._folder)
        mine = [name for name, written in seen.files.items() if self._files.get(name) != written]
        if if_changed and not mine and seen.folders == self._folders:
            return
        self._folders = seen.folders
        self._files.update((name, seen.files[name]) for name in mine)
        sent = [(name, Path(self._folder, name).read_bytes()) for name in mine]
        for name, data in self._link.ask("files", seen.folders, sent)[:MAX_FILES]:
            if type(name) is not str or type(data) is not bytes or not NAME.fullmatch(name):
                continue
            self._taken += len(data)
            if len(data) > MAX_BYTES_OF_FILE or self._taken > MAX_BYTES_OF_FILES or len(self._known) > MAX_FILES:
                continue
            if Path(name).suffix.lower() in CODE or name in self._teachers:
                continue
            path = Path(self._folder, name)
            if self._is_ours_to_write(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
                self._files[name] = path.stat().st_mtime_ns

    def _is_ours_to_write(self, path: Path) -> bool:
        """Whether the learner's code may have written this: in folders that the test made, and links are the teacher's.

        A folder of the learner's own beside the tests could be imported, as a package without a file.
        """
        outer = [each for each in path.parents if Path(self._folder) in each.parents]
        if path.is_symlink() or path.is_dir() or any(each.is_symlink() or each.is_file() for each in outer):
            return False
        return not outer or outer[-1].is_dir()


def _get(function: Function) -> Any:
    module, name = function
    return vars(sys.modules[module]).get(name)


def _set(values: dict[Function, Any]) -> None:
    for (module, name), value in values.items():
        setattr(sys.modules[module], name, value)


def random_state() -> tuple:
    """Return the state of the global random generators of NumPy and Python."""
    name, keys, *rest = np.random.get_state()
    return (name, keys.tobytes(), *rest), random.getstate()
