"""What an answer is made of: its functions, the names of the notebook that they use, and what those are made of."""

from __future__ import annotations

import builtins
import dis
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from course_lib.checking.sources import is_library

MISSING = object()  # what a name stands for that nothing defines
_READS = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS")
_MANY = 500  # functions; nobody's answer is made of more


@dataclass
class Used:
    """The `functions` that run for an answer, no library's among them, and the notebook's `names` that they read."""

    functions: list[FunctionType] = field(default_factory=list)
    names: dict[str, Any] = field(default_factory=dict)


def own_functions(value: Any) -> list[FunctionType]:
    """Return the functions that `value` itself consists of: of a class its methods, of a wrapper also what it wraps.

    Nothing of the value's own is called, so that an odd object costs nothing.
    """
    kind = type(value)
    if issubclass(kind, FunctionType):
        return [value, *own_functions(value.__dict__.get("__wrapped__"))]
    if issubclass(kind, MethodType | staticmethod | classmethod):
        return own_functions(value.__func__)
    if issubclass(kind, partial | cached_property):
        return own_functions(value.func)
    if issubclass(kind, property):
        return [found for part in (value.fget, value.fset, value.fdel) for found in own_functions(part)]
    if issubclass(kind, type):
        members = type.__getattribute__(value, "__dict__").values()
        return [found for member in members if not isinstance(member, type) for found in own_functions(member)]
    if kind.__module__ == "builtins" or issubclass(kind, ModuleType):
        return []
    # An object that is called (numpy.vectorize, functools.cache, one of the learner's own class) holds functions.
    held = [part for part in _attributes(value).values() if issubclass(type(part), FunctionType | MethodType)]
    return own_functions(kind) + [found for part in held for found in own_functions(part)]


def _attributes(value: Any) -> dict:
    try:
        found = object.__getattribute__(value, "__dict__")
    except (AttributeError, TypeError):
        return {}
    return found if type(found) is dict else {}


def used_by(value: Any, namespace: dict[str, Any]) -> Used:
    """Return what runs when `value` is called, as far as the code says: through names, closures, defaults and bases."""
    used, waiting, seen = Used(), [value], set()  # what is seen is held by what was asked for, so ids stay its own
    while waiting and len(used.functions) < _MANY:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if issubclass(type(part), type):
            waiting += type.__getattribute__(part, "__bases__")
        elif issubclass(type(part), partial):
            waiting += [*part.args, *part.keywords.values()]
        else:
            waiting.append(type(part))
        for function in own_functions(part):
            if any(function is known for known in used.functions) or is_library(function.__code__.co_filename):
                continue
            used.functions.append(function)
            waiting += _held(function)
            attributes = _names_in(function.__code__)
            for name in globals_read(function.__code__):
                found = function.__globals__.get(name, MISSING)
                if function.__globals__ is namespace and not (found is MISSING and hasattr(builtins, name)):
                    used.names[name] = found
                if issubclass(type(found), ModuleType):
                    if not is_library(getattr(found, "__file__", None) or "<frozen"):
                        waiting += [vars(found)[attribute] for attribute in attributes if attribute in vars(found)]
                elif found is not MISSING:
                    waiting.append(found)
    return used


def _held(function: FunctionType) -> list[Any]:
    """Return what `function` holds beside names: what it closes over, and its default arguments."""
    held = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    for cell in function.__closure__ or ():
        try:
            held.append(cell.cell_contents)
        except ValueError:  # not yet filled
            continue
    return [part for part in held if callable(part)]


@lru_cache(maxsize=2048)
def globals_read(code: CodeType) -> tuple[str, ...]:
    """Return the global names that `code` and the functions in it read, each once."""
    steps = list(dis.get_instructions(code))
    own = {step.argval for step in steps if step.opname == "STORE_NAME"}  # of a class body: not the notebook's
    names = {step.argval: None for step in steps if step.opname in _READS and step.argval not in own}
    for inner in inner_code(code):
        names |= dict.fromkeys(globals_read(inner))
    return tuple(name for name in names if name != "__name__")


@lru_cache(maxsize=2048)
def _names_in(code: CodeType) -> frozenset[str]:
    return frozenset(code.co_names).union(*(_names_in(inner) for inner in inner_code(code)))


def inner_code(code: CodeType) -> list[CodeType]:
    """Return the code of the functions and classes that are written within `code`."""
    return [constant for constant in code.co_consts if isinstance(constant, CodeType)]
