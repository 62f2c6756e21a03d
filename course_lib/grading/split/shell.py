"""IPython without a kernel: runs cells and keeps their outputs in nbformat's terms.

The learner's process and the tester each have one, made before the fork.
"""

from __future__ import annotations

import contextlib
import inspect
import math
import os
import subprocess
import sys
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import LSString, SList

from course_lib.grading.split import programs

# Assertions that fail, by the module in which they do: its source file is then shown in the traceback.
FAILING = {
    "numpy.testing._private.utils": "__import__('numpy').testing.assert_allclose(1, 2)",
    "pandas._testing.asserters": "__import__('pandas').testing.assert_index_equal(1, 2)",
    "unittest.case": "__import__('unittest').TestCase().assertEqual(1, 2)",
}
MAX_OUTPUT = 1_000_000  # characters and bytes of all outputs of a cell; the rest is counted, not kept


class Outputs:
    """What a cell gave so far, as nbformat's output dicts."""

    def __init__(self):
        self.items: list[dict] = []
        self.size, self.dropped = 0, 0

    def add(self, output: dict) -> None:
        size = len(str(output.get("data") or output.get("traceback") or output.get("text")))
        if self.size + size > MAX_OUTPUT:
            self.dropped += size
            return
        self.size += size
        self.items.append(output)

    def write(self, name: str, text: str) -> None:
        room = MAX_OUTPUT - self.size
        if room <= 0:
            self.dropped += len(text)
            return
        if len(text) > room:
            self.dropped += len(text) - room
            text = text[:room]
        self.size += len(text)
        last = self.items[-1] if self.items else None
        if last and last["output_type"] == "stream" and last["name"] == name:
            last["text"] += text
        else:
            self.items.append({"output_type": "stream", "name": name, "text": text})

    def take(self) -> list[dict]:
        """Return the outputs and begin anew."""
        items = self.items
        if self.dropped:
            items.append(
                {"output_type": "stream", "name": "stdout", "text": f"\n… and {self.dropped:,} characters more\n"}
            )
        self.items, self.size, self.dropped = [], 0, 0
        return items


def as_json(value: Any) -> Any:
    """Return an output as JSON has it: what a display gives may hold anything."""
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value).encode("utf-8", "replace").decode()
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return str(value)


class Stream:
    """sys.stdout or sys.stderr of a cell."""

    encoding, errors, newlines, closed = "utf-8", "replace", None, False

    def __init__(self, outputs: Outputs, name: str):
        self._outputs, self.name = outputs, name

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if text:
            self._outputs.write(self.name, text)
        return len(text)

    def writelines(self, lines) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        return None

    def isatty(self) -> bool:
        return False

    def readable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1 if self.name == "stdout" else 2


class Hook(DisplayHook):
    """Keeps the value of a cell's last expression."""

    def __call__(self, result=None):
        self.check_for_underscore()
        if result is not None and not self.quiet():
            data, metadata = self.compute_format_data(result)
            self.update_user_ns(result)
            self.shell.outputs.add(
                {
                    "output_type": "execute_result",
                    "data": data,
                    "metadata": metadata,
                    "execution_count": self.prompt_count,
                }
            )


class Publisher(DisplayPublisher):
    """Keeps what a cell displays."""

    def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **_):
        if not update:
            self.shell.outputs.add({"output_type": "display_data", "data": data, "metadata": metadata or {}})

    def clear_output(self, wait=False):
        self.shell.outputs.take()


class Compiler(CachingCompiler):
    """Tells `inspect` that a cell belongs to the module __main__.

    A traceback asks for it. `inspect` would look through all modules, and a forked process copies what it touches.
    """

    def cache(self, transformed_code: str, number: int = 0, raw_code: str | None = None) -> str:
        name = super().cache(transformed_code, number, raw_code)
        with contextlib.suppress(FileNotFoundError):  # a cell before may have removed the working folder
            inspect.modulesbyfile[os.path.abspath(name)] = "__main__"
        return name


class Shell(InteractiveShell):
    """A shell whose `run` returns a cell's outputs."""

    hook_class = Hook
    compiler_class = Compiler

    def __init__(self, **options: Any):
        self.outputs = Outputs()
        super().__init__(displayhook_class=self.hook_class, display_pub_class=Publisher, **options)
        self.display_pub.shell = self
        self.colors = "nocolor"
        self.history_manager.enabled = False
        self.extension_manager.load_extension("storemagic")  # as a kernel does

    def init_history(self) -> None:
        # No file, no thread.
        self.history_manager = HistoryManager(shell=self, parent=self, enabled=False, hist_file=":memory:")

    def enable_gui(self, gui=None) -> None:
        """Pictures are inline: there is no window whose events would have to be handled."""

    def init_sys_modules(self) -> None:
        self._main_mod_cache = {}
        sys.modules["__main__"] = self.user_module

    def ask_exit(self) -> None:
        """`exit` in a notebook ends nothing: the cells that follow are run."""

    def system(self, command: str) -> None:
        """`!command`: what it prints becomes the cell's output, as in a notebook."""
        command = self.var_expand(command, depth=1)
        try:
            done = subprocess.run(command, shell=True, capture_output=True, text=True, errors="replace")
        except programs.DENIED:
            self.user_ns["_exit_code"] = programs.say_not_run(command)
            return
        self.outputs.write("stdout", done.stdout)
        self.outputs.write("stderr", done.stderr)
        self.user_ns["_exit_code"] = done.returncode

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        """`files = !command`: the lines that it prints."""
        try:
            return super().getoutput(cmd, split, depth + 1)
        except programs.DENIED:
            self.user_ns["_exit_code"] = programs.say_not_run(cmd)
            return SList() if split else LSString()

    def _showtraceback(self, etype, evalue, stb) -> None:
        self.outputs.add(
            {
                "output_type": "error",
                "ename": getattr(etype, "__name__", str(etype)),
                "evalue": str(evalue),
                "traceback": list(stb),
            }
        )

    def run(self, source: str, keep: bool = False) -> tuple[list[dict], bool]:
        """Run a cell; return its outputs, unless they are to be kept, and whether it ended without an error."""
        result = self.run_cell(source, store_history=False, silent=False)
        return [] if keep else self.outputs.take(), bool(result.success)

    def warm_tracebacks(self) -> None:
        """Show errors once before the fork, when all modules are imported.

        The first traceback asks each module for its file, and parses the source of each file in it: up to 0.2 s.
        """
        for source in ("assert 1 == 2", *(source for module, source in FAILING.items() if module in sys.modules)):
            self.run(source)
        for name in ("last_exc", "last_type", "last_value", "last_traceback"):
            vars(sys).pop(name, None)  # `%tb` would show them
