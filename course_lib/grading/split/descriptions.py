"""What the learner's process says of functions and classes when a test meets them: texts and names, no code.

The tester makes a stand-in from each description (`proxies.py`), and believes none of it.
"""

from __future__ import annotations

import dataclasses
import inspect
import sys
import tempfile
from typing import Any

from course_lib.grading.codec import encode
from course_lib.grading.crossing import WireError
from course_lib.grading.split import specials, values

SPECIALS = specials.READING | specials.ACTING | specials.OPERATORS | {"__array__"}


def of_function(value: Any) -> tuple:
    """Return what `proxies.function_for` makes a stand-in of."""
    names = [_short(text) for text in (value.__name__, value.__qualname__, value.__module__ or "__main__")]
    line = value.__code__.co_firstlineno
    wrapped = vars(value).get("__wrapped__")
    return ("function", *names, _doc(value), line, _parameters(value), _annotations(value), wrapped)


def of_class(kind: type) -> tuple:
    """Return what `proxies.class_for` makes a stand-in of."""
    own = [base for base in kind.__bases__ if is_own(base)] if is_own(kind) else []
    has = [
        special
        for special in SPECIALS
        if getattr(kind, special, None) is not None and getattr(kind, special) is not getattr(object, special, None)
    ]
    library = [name for name in library_names(kind) if name != ("builtins", "object")]
    fields = [field.name for field in dataclasses.fields(kind)] if dataclasses.is_dataclass(kind) else None
    name, module = _short(kind.__name__), _short(kind.__module__)
    return ("class", name, module, _doc(kind), own, library, has, fields)


def is_own(kind: type) -> bool:
    """Whether the learner defined this class, in a cell or in a file of the submission."""
    module = kind.__module__
    if module == "__main__" or not isinstance(module, str):
        return True
    file = getattr(sys.modules.get(module), "__file__", None)
    return module not in sys.modules or bool(file and str(file).startswith(tempfile.gettempdir()))


def library_names(kind: type) -> list[tuple[str, str]]:
    """Return module and name of each class that it is derived from, itself included, and that is not the learner's."""
    return [(_short(base.__module__), _short(base.__qualname__)) for base in kind.__mro__ if not is_own(base)]


def _parameters(function: Any) -> list | None:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (ValueError, TypeError):
        return None
    return [
        (each.name, int(each.kind), _crossing(each.default), each.default is not inspect._empty) for each in parameters
    ]


def _annotations(function: Any) -> dict[str, Any]:
    """Return the annotations that are plain classes or texts."""
    try:
        found = function.__annotations__.items()
    except Exception:  # in Python 3.14 they are evaluated when they are asked for
        return {}
    return {name: kind for name, kind in found if isinstance(kind, str) or values.kind_of(kind) == "class"}


def _crossing(default: Any) -> Any:
    try:
        encode(default)
        return default
    except WireError:
        return None


def _doc(thing: Any) -> str | None:
    return thing.__doc__[:5000] if isinstance(thing.__doc__, str) else None


def _short(text: Any) -> str:
    return str(text)[:500]
