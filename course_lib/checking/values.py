"""Plain values: the only things that an answer and its judge exchange.

None, numbers, strings, numeric arrays, and lists, tuples and dicts of them, each of exactly that type. An object of a
learner's own class could compare equal to everything; its plain value cannot.
"""

from __future__ import annotations

import types
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_DEPTH = 20
MAX_ITEMS = 100_000
MAX_CHARACTERS = 10_000_000
MAX_BYTES = 256 * 2**20
NUMERIC_KINDS = "biufc"
NUMBERS = {bool, int, float, complex, *(np.dtype(letter).type for letter in "?bBhHiIlLqQefdFD")}


@dataclass(frozen=True)
class Opaque:
    """What stands for a value that is not plain: what it is, in words, and nothing that could be compared."""

    type_name: str

    def __str__(self):
        return with_article(self.type_name)


def kind_in_words(value: Any) -> str:
    """Return what `value`, which is not plain, is: "generator", "Keras layer `Dense`", "function `relu`"."""
    kind = type(value)
    module, name = str(getattr(kind, "__module__", "")).partition(".")[0], kind.__name__
    if isinstance(value, type):
        return f"class `{value.__name__}`"
    if isinstance(value, types.FunctionType | types.BuiltinFunctionType | types.MethodType | np.ufunc):
        owner = getattr(value, "__self__", None)  # of Python's own functions, their module
        sort = "function" if owner is None or isinstance(owner, types.ModuleType) else "method"
        return sort if value.__name__ == "<lambda>" else f"{sort} `{value.__name__}`"
    if isinstance(value, types.ModuleType):
        return f"module `{value.__name__}`"
    if module in ("keras", "tensorflow"):
        bases = {base.__name__ for base in kind.__mro__}
        for base, sort in KERAS_SORTS.items():
            if base in bases:
                return f"Keras {sort} `{name}`" if sort != "tensor" else "Keras tensor that has no numbers yet"
        return f"TensorFlow `{name}`" if module == "tensorflow" else f"Keras `{name}`"
    if module in ("builtins", "collections", "itertools", "functools", "numpy", "_io"):
        return {
            "dict_keys": "dict's `keys()`",
            "dict_values": "dict's `values()`",
            "dict_items": "dict's `items()`",
        }.get(name, f"`{name}` object" if name in ("map", "zip", "filter") else name)
    return f"`{name}` object"


KERAS_SORTS = {
    "KerasTensor": "tensor",
    "Model": "model",
    "Layer": "layer",
    "Optimizer": "optimizer",
    "Loss": "loss",
    "Metric": "metric",
    "History": "training history",
    "Initializer": "initializer",
    "Regularizer": "regularizer",
}


def with_article(noun: str) -> str:
    """Return `noun` with "a" or "an" before it."""
    first = noun.lstrip("`")[:1].lower()
    return ("an " if first in "aeiou" and not noun.startswith(("`u", "one ", "uni")) else "a ") + noun


def plain(value: Any, wrap=lambda value: Opaque(kind_in_words(value)), depth: int = 0) -> Any:
    """Return a copy of `value` made of plain types only; what is not plain goes through `wrap`.

    Subclasses of float, list, ndarray and so on become their base type, NumPy scalars, tensors and tables of pandas
    become arrays, object arrays of numbers too. Python's scalars stay scalars. Values that are too deep, too large or
    too many become Opaque.
    """
    if depth > MAX_DEPTH:
        return Opaque("nesting without end")
    if value is None or isinstance(value, (bool, Opaque)):
        return value
    # The base type's own methods, since a subclass may override them.
    if isinstance(value, int):
        number = int.__int__(value)
        return number if number.bit_length() < 1024 else Opaque("int that is larger than any float")
    if isinstance(value, np.generic | np.ndarray):
        return _plain_array(value, wrap, depth)
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, complex):
        return complex.__add__(value, 0j)
    if isinstance(value, str):
        return str.__str__(value) if str.__len__(value) <= MAX_CHARACTERS else Opaque("very long text")
    if isinstance(value, list | tuple):
        base = list if isinstance(value, list) else tuple
        if base.__len__(value) > MAX_ITEMS:
            return Opaque(f"{base.__name__} of more than {MAX_ITEMS:,} items")
        return base(plain(item, wrap, depth + 1) for item in base.__iter__(value))
    if isinstance(value, dict):
        if dict.__len__(value) > MAX_ITEMS:
            return Opaque(f"dict of more than {MAX_ITEMS:,} items")
        return {
            key if type(key) in (str, int, bool, float) else str(key): plain(item, wrap, depth + 1)
            for key, item in dict.items(value)
        }
    if hasattr(type(value), "__array__") and not callable(value):
        try:
            array = np.asarray(value)
        except (TypeError, ValueError, NotImplementedError, RuntimeError):  # a symbolic tensor has no value yet
            return wrap(value)
        return _plain_array(array, wrap, depth)
    return wrap(value)


def _plain_array(value, wrap, depth: int) -> Any:
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        return Opaque("masked array")  # what lies under a mask is no value
    if value.nbytes > MAX_BYTES:
        return Opaque(f"array of {value.nbytes / 2**20:,.0f} MiB")
    array = np.array(value, copy=True, subok=False)
    if array.dtype.kind in NUMERIC_KINDS:
        return array
    if array.dtype.kind in "US":
        return array.astype(str).tolist()
    if array.dtype.kind == "O":
        return _plain_objects(array, wrap, depth)
    if array.dtype.name == "bfloat16":  # TensorFlow's: NumPy knows no such number
        return array.astype(np.float32)
    return Opaque(f"array of dtype {array.dtype}")


def _plain_objects(array: np.ndarray, wrap, depth: int) -> Any:
    """Return an object array, such as pandas makes of mixed columns, as numbers, where it holds nothing else."""
    if array.size > MAX_ITEMS:
        return Opaque(f"array of more than {MAX_ITEMS:,} objects")
    # By exact type: a learner's own class could say that it is any number.
    if array.size and all(type(item) in NUMBERS for item in array.flat):
        numbers = np.array([item for item in array.flat])
        return numbers.reshape(array.shape) if numbers.dtype.kind in NUMERIC_KINDS else array.astype(float)
    return plain(array.tolist(), wrap, depth + 1)


def as_numbers(value: Any) -> np.ndarray | None:
    """Return the plain `value` as one numeric array, or None where it is not one (text, ragged lists, None, Opaque)."""
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, (bool, int, float, complex)):
        return np.asarray(float(value) if isinstance(value, int) and abs(value) > 2**62 else value)
    if isinstance(value, list | tuple):
        items = [as_numbers(item) for item in value]
        if items and all(item is not None and item.shape == items[0].shape for item in items):
            return np.stack(items)
    return None


def show(value: Any, limit: int = 160) -> str:
    """Return `value` as one short line for a report."""
    if isinstance(value, Opaque):
        text = str(value)
    elif isinstance(value, np.ndarray):
        # A formatter of one's own is not padded to columns: the line is read alone.
        numbers = {"float_kind": "{:.7g}".format, "int_kind": str, "bool": str}
        text = np.array2string(value, threshold=12, edgeitems=3, separator=", ", formatter=numbers)
    elif isinstance(value, float):
        text = f"{value:.7g}"
    elif isinstance(value, list | tuple):
        opening, closing = "[]" if isinstance(value, list) else "()"
        text = opening + ", ".join(show(item, limit) for item in value[:12]) + (", …" * (len(value) > 12)) + closing
    elif isinstance(value, dict):
        items = list(value.items())
        text = "{" + ", ".join(f"{key}: {show(item, limit)}" for key, item in items[:12])
        text += (", …" * (len(items) > 12)) + "}"
    else:
        text = repr(value)
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
