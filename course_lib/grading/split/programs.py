"""What becomes of a cell that starts a program: `!pip install …`, `files = !ls`, `os.popen("date")`.

In the sandbox there is no shell. A notebook goes on where a shell does not find a command, and so it does here: a
line says that it was not run, and its exit code is a shell's for a command that is not there.
"""

from __future__ import annotations

import io
import os
from typing import Any

NOT_FOUND = 127  # a shell's exit code for a command that is not there
DENIED = (FileNotFoundError, PermissionError)  # there is no /bin/sh, or it must not be executed


def say_not_run(command: Any) -> int:
    """Say that a command was not run, and return its exit code."""
    print(f"`{command}` was not run: there is no shell where a notebook is graded.")
    return NOT_FOUND


class _Nothing(io.StringIO):
    """What `os.popen` gives for a command that was not run."""

    def close(self) -> int:
        super().close()
        return NOT_FOUND << 8  # as `os.wait` has it

    def __exit__(self, *_) -> None:
        self.close()


def let_popen_go_on() -> None:
    """Have `os.popen` say that nothing was run where it would raise."""
    original = os.popen

    def popen(cmd, mode="r", buffering=-1):
        try:
            return original(cmd, mode, buffering)
        except DENIED:
            say_not_run(cmd)
            return _Nothing()

    os.popen = popen
