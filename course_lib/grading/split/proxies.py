"""What a test holds in place of the learner's objects.

Functions become functions, classes become classes (so that `type`, `isinstance`, `except` and `match` work), everything
else an instance of the class that stands for its own. Attributes, calls and most special methods are asked of the
learner's process. Comparisons and other operators are not: they are computed here, on the object's plain value, unless
a class of the same name in the teacher's own solution defines the operator. So an object that claims to equal
everything equals nothing.

`link` is a `tester_link.TesterLink`. Descriptions that come from the learner's process:

    ("function", name, qualified name, module, doc, line, parameters, annotations, wrapped)
        parameters: a list of (name, kind, default, has default), or None where they cannot be told
        wrapped: what a decorator keeps as `__wrapped__`, or None
    ("class", name, module, doc, own, library, specials, fields)
        own: its bases among the learner's classes; library: (module, name) of each other class of its MRO, in order;
        fields: names of a dataclass's fields, else None
    ("object", class)
    ("error", class, arguments): an exception
"""

from __future__ import annotations

import dataclasses
import inspect
import operator
import types
from collections.abc import Callable
from typing import Any

from course_lib.grading.crossing import WireError
from course_lib.grading.split.link import Refused
from course_lib.grading.split.specials import ACTING, ARITHMETIC, ATTRIBUTES, CHANGING, OPERATORS, READING, TEXTS
from course_lib.grading.split.values import CLASSES, known_exception

PLAIN = frozenset(
    ("builtins", kind)
    for kind in ("int", "float", "complex", "str", "bytes", "list", "tuple", "dict", "set", "frozenset")
) | {("numpy", "ndarray"), ("pathlib", "PurePath"), ("pathlib._local", "PurePath")}
FRAMES = frozenset({"DataFrame", "Series", "Index", "NDFrame"})
NO_VALUE = object()


class RemoteClass(type):
    """The class of the classes that stand for the learner's, or for a library's of which the learner has an object."""

    def __new__(cls, name, bases, namespace, ours=False):
        if not ours:
            raise Refused(f"The test derives the class {name} from one of the submission's.")
        return super().__new__(cls, name, bases, namespace)

    def __call__(cls, *arguments, **keywords):
        return cls._link.call(cls, arguments, keywords)

    def __getattr__(cls, name):
        if _is_special(name):
            raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")
        return cls._link.ask("get", cls, name)

    def __setattr__(cls, name, value):
        cls._link.ask("set", cls, name, value)

    def __delattr__(cls, name):
        cls._link.ask("delete", cls, name)

    def __dir__(cls):
        return cls._link.ask("dir", cls)

    def __iter__(cls):
        return cls._link.ask("special", "__iter__", cls)

    def __len__(cls):
        return cls._link.ask("special", "__len__", cls)

    def __getitem__(cls, key):
        return cls._link.ask("special", "__getitem__", cls, key)

    def __contains__(cls, item):
        return cls._link.ask("special", "__contains__", cls, item)

    def __bool__(cls):
        return True

    def __eq__(cls, other):
        # A library's class is another object in each process: it is told by its name.
        return cls is other or (isinstance(other, type) and cls._claims[:1] == [name_of(other)] and cls._is_library)

    __hash__ = type.__hash__

    def __repr__(cls):
        return f"<class '{cls.__module__}.{cls.__name__}'>"


class RemoteObject:
    """An object of the learner's. What Python looks up on classes is added by `class_for`."""

    __slots__ = ()

    def __getattr__(self, name):
        kind = type(self)
        if _is_special(name):
            raise AttributeError(f"{kind.__name__!r} object has no attribute {name!r}")
        if kind._has_value and name not in CHANGING and name not in kind._defined:
            # `result.startswith(…)` of a learner's own sort of text is computed like an operator.
            value = value_of(self)
            if not name.startswith("_") and hasattr(type(value), name):
                return getattr(value, name)
        return kind._link.ask("get", self, name)

    def __setattr__(self, name, value):
        if isinstance(self, BaseException) and hasattr(BaseException, name):  # __traceback__, which Python itself sets
            return BaseException.__setattr__(self, name, value)
        type(self)._link.ask("set", self, name, value)

    def __delattr__(self, name):
        type(self)._link.ask("delete", self, name)

    def __dir__(self):
        return type(self)._link.ask("dir", self)

    @property
    def __dict__(self):
        return type(self)._link.ask("get", self, "__dict__")

    def __repr__(self):
        return f"<{type(self).__name__} object of the submission>"

    def __reduce_ex__(self, protocol):
        raise Refused(f"The test pickles a {type(self).__name__!r} object of the submission.")

    def __copy__(self):
        return type(self)._link.ask("copy", self, False)

    def __deepcopy__(self, memo):
        return type(self)._link.ask("copy", self, True)


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__") and name not in ATTRIBUTES


def name_of(kind: type) -> tuple[str, str]:
    return kind.__module__, kind.__qualname__


def is_instance(thing: Any, kinds: Any) -> bool:
    """`isinstance`, to which an object of the learner's also is what its class is said to be derived from."""
    return isinstance(thing, kinds) or (isinstance(type(thing), RemoteClass) and _is_claimed(type(thing), kinds))


def is_subclass(thing: Any, kinds: Any) -> bool:
    """`issubclass`, with the same addition."""
    return issubclass(thing, kinds) or (isinstance(thing, RemoteClass) and _is_claimed(thing, kinds))


def _is_claimed(remote: RemoteClass, kinds: Any) -> bool:
    if isinstance(kinds, tuple | types.UnionType):
        members = kinds if isinstance(kinds, tuple) else kinds.__args__
        return any(_is_claimed(remote, member) for member in members)
    if not isinstance(kinds, type):
        return False
    if kinds.__module__ == "__main__":  # a class that a cell of the teacher's defines, in both processes
        return any(isinstance(base, RemoteClass) and base.__name__ == kinds.__name__ for base in remote.__mro__)
    known = [CLASSES[claim] for claim in remote._claims if claim in CLASSES]
    return name_of(kinds) in remote._claims or any(issubclass(kind, kinds) for kind in known)


# --- Functions -------------------------------------------------------------------------------------------------------


def function_for(link, name, qualified, module, doc, line, parameters, annotations, wrapped) -> types.FunctionType:
    """Return a function that calls the learner's."""

    def forward(*arguments, **keywords):
        return link.call(forward, arguments, keywords)

    line = line if type(line) is int and 0 < line < 10**6 else 1
    forward.__code__ = forward.__code__.replace(
        co_name=_text(name), co_filename=link.file_with(name, line), co_firstlineno=line
    )
    forward.__name__, forward.__qualname__, forward.__module__ = name, _text(qualified), _text(module)
    forward.__doc__ = None if doc is None else _text(doc)
    if wrapped is not None:
        forward.__wrapped__ = wrapped
    forward.__annotations__ = {_text(name): annotation for name, annotation in annotations.items()}
    if parameters is not None:
        signature = inspect.Signature(
            [
                inspect.Parameter(
                    _text(name),
                    inspect._ParameterKind(kind),
                    default=default if has else inspect._empty,
                    annotation=annotations.get(name, inspect._empty),
                )
                for name, kind, default, has in parameters
            ],
            return_annotation=annotations.get("return", inspect._empty),
        )
        forward.__signature__ = signature
        named = [each for each in signature.parameters.values() if each.default is not inspect._empty]
        positional = tuple(each.default for each in named if each.kind is not each.KEYWORD_ONLY)
        forward.__defaults__ = positional or None
        forward.__kwdefaults__ = {each.name: each.default for each in named if each.kind is each.KEYWORD_ONLY} or None
    return forward


def _text(value: Any) -> str:
    if type(value) is not str or len(value) > 10_000:
        raise WireError("The other side describes an object by what is no text.")
    return value


# --- Classes ---------------------------------------------------------------------------------------------------------


def class_for(link, name, module, doc, own, library, specials, fields) -> RemoteClass:
    """Return a class that stands for the other side's."""
    claims = [(_text(module), _text(qualified)) for module, qualified in library]
    # A frame crosses by value; an object that only says it is one is none.
    claims = [claim for claim in claims if not (claim[0].startswith("pandas") and claim[1] in FRAMES)]
    has_value = any(claim in PLAIN for claim in claims)
    specials = {special for special in specials if type(special) is str}
    bases = [*own]
    if not all(isinstance(base, RemoteClass) for base in bases):
        raise WireError("The other side describes a class whose bases are no classes.")
    defined = frozenset(link.operators.get(_text(name), ())).union(*(base._defined for base in bases))
    namespace: dict[str, Any] = {
        "__module__": _text(module),
        "__doc__": None if doc is None else _text(doc),
        "_link": link,
        "_claims": claims,
        "_is_library": claims[:1] == [(module, name)],
        "_defined": defined,
        "_has_value": has_value,
    }
    if fields is not None:
        made = dataclasses.make_dataclass("Fields", [_text(field) for field in fields])
        namespace["__dataclass_fields__"] = made.__dataclass_fields__
    if any(special.startswith("__r") for special in defined & OPERATORS):
        namespace["__array_ufunc__"] = None  # NumPy leaves an operator with an array on its left to us
    error = next(filter(None, map(known_exception, claims)), None)
    if error:
        bases = bases or [RemoteObject]
        bases += [] if any(issubclass(base, error) for base in bases) else [error]
        namespace |= {special: _forwarder(special) for special in specials & (READING | ACTING)}
    else:
        namespace["__slots__"] = () if bases else ("__weakref__",)
        bases = bases or [RemoteObject]
        namespace |= _special_methods(specials, defined, has_value)
    return RemoteClass.__new__(RemoteClass, name, tuple(bases), namespace, ours=True)


def _special_methods(specials: set[str], defined: frozenset[str], has_value: bool) -> dict[str, Any]:
    """Return what a class defines: `specials` are what the other side says it has, `defined` what the teacher's has."""
    methods: dict[str, Any] = {}
    for special in specials & (READING | ACTING):
        on_value = has_value and special in READING - TEXTS and special not in defined
        on_value = on_value and not (special == "__getitem__" and "__missing__" in defined)
        methods[special] = _on_value(special) if on_value else _forwarder(special)
    for special in OPERATORS & defined & specials:
        methods[special] = _forwarder(special)
    for special in OPERATORS - {"__contains__", "__hash__"} - methods.keys():
        if not special.startswith("__i"):
            methods[special] = _computed(special)
    if "__array__" in defined & specials:
        methods["__array__"] = _array_of_its_own
    elif has_value:
        methods["__array__"] = _array
    if has_value:
        methods.setdefault("__contains__", _on_value("__contains__"))
        methods.setdefault("__hash__", _on_value("__hash__"))
    elif "__hash__" not in methods:
        methods["__hash__"] = None if "__eq__" in methods and "__eq__" in defined else object.__hash__
    return methods


def _forwarder(special: str) -> Callable:
    by_value = _contains if special == "__contains__" else None
    if special in OPERATORS - {"__contains__", "__hash__"} and special[2] != "i":
        by_value = _computed(special)

    def method(self, *arguments):
        link = type(self)._link
        if by_value and not link.may_ask(type(self).__name__, special):
            return by_value(self, *arguments)
        return link.ask("special", special, self, *arguments)

    if special == "__call__":

        def method(self, *arguments, **keywords):
            return type(self)._link.call(self, arguments, keywords)

    elif special == "__next__":

        def method(self):
            return type(self)._link.next(self)

    elif special in ("__exit__", "__aexit__"):

        def method(self, kind, *rest):
            answer = type(self)._link.ask("special", special, self, kind, *rest)
            # An assertion of the test's is not the learner's to swallow.
            return False if kind is not None and issubclass(kind, (AssertionError, Refused, WireError)) else answer

    elif special == "__await__":

        def method(self):
            return type(self)._link.ask("await", self)
            yield  # which makes it a generator, as Python wants

    elif special in ("__hash__", "__len__"):

        def method(self):
            return int(type(self)._link.ask("special", special, self))

    method.__name__ = special
    return method


def value_of(thing: Any) -> Any:
    """Return the plain value of the learner's object for which `thing` stands, or NO_VALUE; anything else as it is."""
    if not isinstance(type(thing), RemoteClass):
        return thing
    if not type(thing)._has_value:
        return NO_VALUE
    return type(thing)._link.value_of(thing, PLAIN.intersection(type(thing)._claims))


def _on_value(special: str) -> Callable:
    def method(self, *arguments):
        value = value_of(self)
        return getattr(type(value), special)(value, *arguments)

    if special == "__bool__":

        def method(self):
            return bool(value_of(self))

    method.__name__ = special
    return method


def _contains(self, item):
    value = value_of(self)
    return item in value if value is not NO_VALUE else any(each == item for each in self)


def _array(self, dtype=None, copy=None):
    import numpy as np

    return np.array(value_of(self), dtype=dtype)


def _array_of_its_own(self, dtype=None, copy=None):
    import numpy as np

    return np.asarray(type(self)._link.ask("special", "__array__", self), dtype=dtype)


def _computed(special: str) -> Callable:
    """Return an operator that is computed here, on values."""
    name = special.strip("_")
    is_reflected = name[1:] in (*ARITHMETIC, "divmod") and name[0] == "r"
    compute = divmod if name.endswith("divmod") else getattr(operator, f"__{name[1:] if is_reflected else name}__")

    def method(self, other, *more):
        mine, theirs = value_of(self), value_of(other)
        if mine is NO_VALUE or theirs is NO_VALUE:
            return NotImplemented
        return compute(theirs, mine) if is_reflected else compute(mine, theirs, *more)

    method.__name__ = special
    return method


def object_for(link, kind: Any) -> Any:
    """Return an object that stands for the other side's, of a class that stands for its class."""
    if not isinstance(kind, RemoteClass) or issubclass(kind, BaseException):
        raise WireError("The other side describes an object whose class is no class.")
    return object.__new__(kind)


def error_for(link, kind: Any, arguments: Any) -> BaseException:
    """Return an exception that stands for the other side's."""
    if not isinstance(kind, RemoteClass) or not issubclass(kind, Exception) or type(arguments) is not tuple:
        raise WireError("The other side describes an exception that is none.")
    base = next(base for base in kind.__mro__ if issubclass(base, Exception) and not isinstance(base, RemoteClass))
    error = base.__new__(kind, *arguments)
    BaseException.args.__set__(error, arguments)
    return error
