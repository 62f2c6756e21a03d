"""What a test and the learner's code would share in one process, told to the learner's process when a test changes it.

Built-in functions that a test replaces, `sys.stdin`, the state of the global random generators, and files in the
working folder, in which temporary files of the test lie too. Each is looked at only in tests whose source speaks of it.
"""

from __future__ import annotations

import builtins
import random
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np

from course_lib.grading.split.files import MAX_DEPTH, look
from course_lib.grading.split.tester_link import TesterLink

FILES = re.compile(r"\bopen\b|\bPath\b|\bos\.|read_|load|file", re.IGNORECASE)
# Where the teacher's code loads objects from files, a file of the submission's could become more than text to it.
LOADING = re.compile(
    r"load|pickle|joblib|shelve|dill|marshal|\bexec\b|\beval\b|runpy|importlib|hdf|HDF|"
    r"subprocess|os\.system|popen|spawn|get_ipython|^\s*[!%]",
    re.MULTILINE,
)
HARMLESS = re.compile(r"\bjson\.loads?\b|\bloadtxt\b")

CODE = {".py", ".pyc", ".so", ".pth", ".pkl", ".pickle", ".joblib", ".ipynb"}
MAX_FILES, MAX_BYTES_OF_FILE = 100, 16 * 2**20
NAME = re.compile(rf"(\w[\w\- .]{{0,99}}/){{0,{MAX_DEPTH}}}\w[\w\- .]{{0,99}}")


class Shared:
    """Told by the link before and after each request.

    Args:
        link: to the learner's process.
        folder: where the tests run. The teacher's own files are links in it, and stay as they are.
        trusted: the teacher's code outside the tests.
    """

    def __init__(self, link: TesterLink, folder: str, trusted: str):
        self._link, self._folder, self._trusted = link, folder, trusted
        self._random: tuple | None = None  # as last told; None where the test does not speak of it
        self._builtins: dict | None = None  # as they were before the test
        self._replaced: dict[str, Any] = {}  # by the test
        self._told: dict[str, Any] = {}
        self._files: dict[str, int] | None = None  # name: when it was last written, as both sides know
        self._known: dict[str, int] = {}
        self._stdin = sys.stdin
        self._is_telling = False

    def begin(self, source: str) -> None:
        """A test begins."""
        self._random = random_state() if "random" in source else None
        self._builtins = dict(vars(builtins)) if "builtins" in source or "stdin" in source else None
        loads_objects = LOADING.search(HARMLESS.sub("", self._trusted + source))
        self._files = self._known if FILES.search(source) and not loads_objects else None
        self.before_asking()

    def end(self) -> None:
        """The test has ended: undo what it has left of its replacements."""
        if self._builtins is not None and not self._link.is_lost:
            vars(builtins).update({name: value for name, value in self._builtins.items() if name in self._told})
            sys.stdin = self._stdin
            self._replaced = {}
            self._tell_builtins()
        self._random = self._builtins = self._files = None

    def before_asking(self) -> None:
        """Tell what the test has done since the last request."""
        if self._is_telling or (self._random is self._builtins is self._files is None):
            return
        self._is_telling = True
        try:
            if self._builtins is not None:
                self._tell_builtins()
            if self._random is not None and (state := random_state()) != self._random:
                self._random = state
                version, numbers, gauss = state[1]
                numbers = np.array(numbers, np.uint32)  # a tuple of 625 numbers takes a hundred times as long
                self._link.ask("random", np.random.get_state(), (version, numbers, gauss))
            if self._files is not None:
                self._exchange_files()
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
        if self._replaced:
            vars(builtins).update(self._replaced)

    def _tell_builtins(self) -> None:
        now = vars(builtins)
        replaced = {name: now[name] for name, value in self._builtins.items() if now.get(name, value) is not value}
        now.update({name: self._builtins[name] for name in replaced})  # we use them too
        wanted = dict(replaced)
        if "input" not in replaced and sys.stdin is not self._stdin:
            wanted["input"] = self._input
        if wanted.keys() != self._told.keys() or any(wanted[name] is not self._told[name] for name in wanted):
            self._told = wanted
            self._link.ask("patch", wanted)
        self._replaced = replaced

    def _input(self, prompt: str = "") -> str:
        """What `input` does in the learner's process while a test has replaced sys.stdin."""
        line = sys.stdin.readline()
        if not line:
            raise EOFError("EOF when reading a line")
        return line.rstrip("\n")

    def _exchange_files(self) -> None:
        """Give the learner's process the files that the test wrote, and the test those that learner's code wrote."""
        seen = look(self._folder)
        mine = [name for name, written in seen.files.items() if self._files.get(name) != written]
        self._files.update((name, seen.files[name]) for name in mine)
        sent = [(name, Path(self._folder, name).read_bytes()) for name in mine]
        for name, data in self._link.ask("files", seen.folders, sent)[:MAX_FILES]:
            if type(name) is not str or type(data) is not bytes or not NAME.fullmatch(name):
                continue
            if Path(name).suffix.lower() in CODE or len(data) > MAX_BYTES_OF_FILE or len(self._known) > MAX_FILES:
                continue
            path = Path(self._folder, name)
            if self._is_ours_to_write(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
                self._files[name] = path.stat().st_mtime_ns

    def _is_ours_to_write(self, path: Path) -> bool:
        """Whether no part of the path is one of the teacher's files or folders, which are links here."""
        outer = [each for each in path.parents if Path(self._folder) in each.parents]
        return not (path.is_symlink() or path.is_dir() or any(each.is_symlink() or each.is_file() for each in outer))


def random_state() -> tuple:
    """Return the state of the global random generators of NumPy and Python."""
    name, keys, *rest = np.random.get_state()
    return (name, keys.tobytes(), *rest), random.getstate()
