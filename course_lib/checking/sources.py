"""Whether code that is held in memory is still what its file says."""

from __future__ import annotations

import dis
import linecache
import os
import sysconfig
import warnings
from functools import lru_cache
from pathlib import Path
from types import CodeType

_OURS = str(Path(__file__).resolve().parents[1])
_PLACES = ("stdlib", "platstdlib", "purelib", "platlib")
_LIBRARIES = tuple(os.path.join(path, "") for path in (_OURS, *map(sysconfig.get_path, _PLACES)))

# The flags that say what code does; those of `from __future__` depend on who compiled it.
_KINDS = sum(flag for flag, name in dis.COMPILER_FLAG_NAMES.items() if name != "NOFREE")


def is_library(filename: str) -> bool:
    """Return whether a file belongs to Python, to an installed package or to the course, which nobody edits."""
    return filename.startswith(("<frozen", *_LIBRARIES)) or "site-packages" in filename or "dist-packages" in filename


def fingerprint(code: CodeType) -> tuple:
    """Return what `code` does, without the lines that it stands in: equal for equal code."""
    constants = tuple(
        fingerprint(constant)
        if isinstance(constant, CodeType)
        else (type(constant), constant if isinstance(constant, frozenset) else repr(constant))
        for constant in code.co_consts
    )
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    return (code.co_code, constants, names, code.co_argcount, code.co_kwonlyargcount, code.co_flags & _KINDS)


def changed_on_disk(code: CodeType) -> bool:
    """Return whether `code` came from a file that now says something else; False where there is no such file."""
    known = _code_in(code.co_filename)
    return known is not None and fingerprint(code) not in known


def line_of(code: CodeType, number: int) -> str:
    """Return line `number` of what `code` was made from, or "" where that line is gone or has moved."""
    known = None if is_library(code.co_filename) else _code_in(code.co_filename)
    if known is not None:
        if code.co_firstlineno not in known.get(fingerprint(code), ()):
            return ""
        linecache.checkcache(code.co_filename)
    return linecache.getline(code.co_filename, number).strip()


def _code_in(filename: str) -> dict[tuple, set[int]] | None:
    """Return the fingerprints of all code in a file, each with its first lines; None where there is no such file."""
    try:
        state = os.stat(filename)
    except (OSError, ValueError):
        return None
    return _compiled(filename, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=64)
def _compiled(filename: str, modified: int, size: int) -> dict[tuple, set[int]]:
    found: dict[tuple, set[int]] = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            waiting = [compile(Path(filename).read_bytes(), filename, "exec", dont_inherit=True)]
    except (OSError, SyntaxError, ValueError):
        return found  # it no longer says anything that Python can read
    while waiting:
        code = waiting.pop()
        found.setdefault(fingerprint(code), set()).add(code.co_firstlineno)
        waiting += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return found
