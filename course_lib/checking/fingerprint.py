"""Whether an answer was changed since it was last checked: a hash of its code, whatever its comments and its layout."""

from __future__ import annotations

import functools
import hashlib
import inspect
import types
from typing import Any


def fingerprint(answer: Any) -> str:
    """Return a hash of the code of `answer`, and of the functions and classes of its module that it uses.

    Two answers with one fingerprint were compiled to the same code; names of other things, and their values, do not
    count. What has no code of its own counts by its type.
    """
    digest, seen = hashlib.sha256(), set()
    module = getattr(answer, "__module__", None) if isinstance(answer, type | types.FunctionType) else None
    _add(answer, module, digest, seen)
    return digest.hexdigest()[:16]


def _add(thing: Any, module: str | None, digest, seen: set[int]) -> None:
    if id(thing) in seen:
        return
    seen.add(id(thing))
    while isinstance(thing, functools.partial):
        digest.update(repr((thing.args, sorted(thing.keywords))).encode())
        thing = thing.func
    if isinstance(thing, type):
        for base in thing.__bases__:
            if base.__module__ == module:
                _add(base, module, digest, seen)
        for name, member in vars(thing).items():
            digest.update(name.encode())
            _add(inspect.unwrap(getattr(member, "__func__", member)), module, digest, seen)
    elif isinstance(thing, types.FunctionType):
        digest.update(repr(thing.__defaults__).encode())
        _add_code(thing.__code__, digest)
        for name in _names(thing.__code__):
            used = thing.__globals__.get(name)
            if isinstance(used, types.FunctionType | type) and used.__module__ == module:
                _add(used, module, digest, seen)
        for cell in thing.__closure__ or ():
            try:
                _add(cell.cell_contents, module, digest, seen)
            except ValueError:  # not bound yet
                continue
    else:
        digest.update(type(thing).__name__.encode())


def _add_code(code: types.CodeType, digest) -> None:
    digest.update(code.co_code)
    digest.update(repr((code.co_names, code.co_varnames)).encode())
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            _add_code(constant, digest)
        else:
            # A frozenset's order changes from process to process.
            constant = sorted(map(repr, constant)) if isinstance(constant, frozenset) else constant
            digest.update(repr(constant).encode())


def _names(code: types.CodeType) -> list[str]:
    inner = [name for constant in code.co_consts if isinstance(constant, types.CodeType) for name in _names(constant)]
    return [*code.co_names, *inner]
