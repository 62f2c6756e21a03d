"""What crosses by value besides plain values: a table of kinds, each with how it is taken apart and put together.

`take_apart` runs on the side that has the object, `put_together` on the side that must not trust it: what it is given
are plain values that the codec has checked, and it calls nothing that could do more than make an object of its kind.
"""

from __future__ import annotations

import builtins
import collections
import datetime
import decimal
import fractions
import math
import pathlib
import re
import sys
import types
import unittest
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from course_lib.checking.isolation import Failure
from course_lib.checking.values import MAX_BYTES, Opaque
from course_lib.grading.crossing import check_hashes


class Kind(NamedTuple):
    take_apart: Callable[[Any], Any]
    put_together: Callable[[Any], Any]
    is_mutable: bool = False


def _names(*types: type) -> dict[tuple[str, str], type]:
    return {(kind.__module__, kind.__qualname__): kind for kind in types}


# Classes that stand for themselves on both sides. Called with a learner's arguments they make a value, nothing else.
CLASSES = _names(
    *(bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, range, slice, object),
    type(None),
    *(kind for kind in vars(builtins).values() if isinstance(kind, type) and issubclass(kind, Exception)),
    *(np.dtype(letter).type for letter in "?bBhHiIlLqQefdgFDGSUMmO"),
    *(np.generic, np.number, np.integer, np.floating, np.signedinteger, np.unsignedinteger, np.inexact, np.ndarray),
    *(collections.Counter, collections.OrderedDict, collections.deque, collections.defaultdict),
    *(datetime.date, datetime.datetime, datetime.time, datetime.timedelta, decimal.Decimal, fractions.Fraction),
    np.linalg.LinAlgError,
)  # fmt: skip
_BY_ID = {id(kind): name for name, kind in CLASSES.items()}

# Libraries whose exceptions a test may want to catch. Not unittest's: its SkipTest would end a test well.
RAISING = frozenset(sys.stdlib_module_names - {"unittest", "doctest"}) | {
    "numpy", "pandas", "scipy", "sklearn", "keras", "tensorflow", "matplotlib",
}  # fmt: skip


def known_exception(claim: Any) -> type[Exception] | None:
    """Return the exception of that (module, name) if it is one of a library's that is imported here."""
    module, name = claim
    if type(module) is not str or type(name) is not str or module.partition(".")[0] not in RAISING:
        return None
    found = vars(sys.modules[module]).get(name) if module in sys.modules else None
    if not isinstance(found, type) or not issubclass(found, Exception) or issubclass(found, unittest.SkipTest):
        return None
    return found if found.__module__.partition(".")[0] in RAISING else None


def make_error(kind: type[Exception], arguments: Any) -> Exception:
    """Return an exception without calling what its class does with arguments."""
    if type(arguments) is not tuple:
        raise ValueError("no arguments of an exception")
    error = kind.__new__(kind, *arguments)
    error.args = arguments
    try:
        str(error)
    except Exception:  # it wants what its __init__ would have set
        return next(base for base in kind.__mro__ if base.__module__ == "builtins")(*map(str, arguments))
    return error


def _list(data: Any) -> list:
    """Return `data`, which must be a list: from anything else that is iterable C code would take items for ever."""
    if type(data) is not list:
        raise ValueError("no list")
    return data


def _keys(data: Any) -> list:
    check_hashes(_list(data))
    return data


def _bytes(data: Any) -> bytes:
    if type(data) is not bytes:
        raise ValueError("no bytes")
    return data


def _shape(data: Any) -> tuple[int, ...]:
    """Return a shape, with no dimension so large that len() or a loop over it would not end."""
    if type(data) not in (list, tuple) or any(type(length) is not int or length < 0 for length in data):
        raise ValueError("no shape")
    if math.prod(max(length, 1) for length in data) > MAX_BYTES:
        raise ValueError("too large a shape")
    return tuple(data)


RANDOM = {name: getattr(np.random, name) for name in ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")}
_SIMPLE_DTYPE = re.compile(r"O|\|O|[<>|=]?[?biufcSUMmhlqBHILQefdgFDG][0-9]{0,7}(\[[a-zA-Z0-9]{1,6}\])?")


def _dtype(text: str) -> np.dtype:
    if not isinstance(text, str) or not _SIMPLE_DTYPE.fullmatch(text):
        raise ValueError("no dtype that is put together here")
    return np.dtype(text)


def _pairs_of(table) -> list:
    return [list(dict.keys(table)), list(dict.values(table))]


def _table(pairs) -> dict:
    keys, values = _list(pairs)
    return dict(zip(_keys(keys), _list(values), strict=True))


# --- NumPy -----------------------------------------------------------------------------------------------------------


def _take_array(array: np.ndarray) -> Any:
    """An array whose dtype is none of the codec's: dates, objects, fields."""
    if array.dtype.names:
        return ["fields", array.shape, [[name, np.ascontiguousarray(array[name])] for name in array.dtype.names]]
    if array.dtype.kind in "Mm":
        return ["dates", array.dtype.str, array.view(np.int64)]
    return ["objects", array.shape, array.reshape(-1).tolist()]


def _put_array(parts: Any) -> np.ndarray:
    kind, what, data = _list(parts)
    if kind != "dates":
        what = _shape(what)
    if kind == "dates":
        if _dtype(what).kind not in "Mm" or data.dtype != np.int64:
            raise ValueError("no dates")
        return data.view(_dtype(what))
    if kind == "fields":
        if not _list(data):
            raise ValueError("no fields")
        for name, column in data:
            if not isinstance(name, str) or not isinstance(column, np.ndarray) or column.shape[: len(what)] != what:
                raise ValueError("no fields")
        array = np.empty(what, [(name, column.dtype, column.shape[len(what) :]) for name, column in data])
        for name, column in data:
            array[name] = column
        return array
    array = np.empty(len(_list(data)), object)
    for index, item in enumerate(data):  # item by item: NumPy would look into lists
        array[index] = item
    return array.reshape(what)


def _take_generator(rng: Any) -> Any:
    state = rng.get_state(legacy=False) if isinstance(rng, np.random.RandomState) else rng.bit_generator.state
    return [type(rng).__name__, state]


def _put_generator(parts: Any) -> Any:
    name, state = _list(parts)
    bits = RANDOM[state["bit_generator"]](0)
    wanted = np.random.RandomState(bits) if name == "RandomState" else np.random.Generator(bits)
    if name == "RandomState":
        wanted.set_state(state)
    else:
        bits.state = state
    return wanted


def set_generator(rng: Any, like: Any) -> None:
    """Give `rng` the state of `like`."""
    if isinstance(rng, np.random.RandomState):
        rng.set_state(like.get_state(legacy=False))
    else:
        rng.bit_generator.state = like.bit_generator.state


# --- TensorFlow and pandas, where they are imported -------------------------------------------------------------------


def _put_tensor(array: np.ndarray) -> Any:
    tensorflow = sys.modules.get("tensorflow")
    return tensorflow.constant(array) if tensorflow else array


# What lies under a mask passes every comparison of NumPy's, and pandas' NA every `all()`: such values cross as what
# they are only where they occur in the teacher's notebook. The tester puts "masked" and "missing" into it.
ALLOWED: set[str] = set()


def _put_masked(parts: Any) -> Any:
    array, mask = _list(parts)
    if "masked" in ALLOWED:
        return np.ma.MaskedArray(array, mask=mask)
    # matplotlib gives its points so, with nothing under the mask: then it is an array like any other.
    is_whole = mask.dtype == bool and mask.shape == array.shape and not mask.any()
    return array if is_whole else Opaque("masked array")


def _take_index(index: Any) -> Any:
    """Return the values of an Index or a column: a plain array, dates, or a list with the name of its dtype."""
    dtype = index.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in "biufcMm":
        return index.to_numpy()
    missing = sys.modules["pandas"].NA
    return [str(dtype), [None if item is missing else item for item in index.tolist()]]


def _put_column(data: Any, make: Callable) -> Any:
    if isinstance(data, np.ndarray):
        return make(data)
    dtype, items = _list(data)
    if not re.fullmatch(r"[A-Za-z0-9_\[\], :/+\-]{1,60}", dtype):
        raise ValueError("no dtype of pandas")
    column = make(_list(items), dtype=dtype)
    if "missing" not in ALLOWED and getattr(column.dtype, "na_value", None) is sys.modules["pandas"].NA:
        missing = column.isna()
        if missing.any():
            # pandas leaves NA out of `all()`: as NaN it equals nothing, and is still missing.
            items = [math.nan if is_missing else item for item, is_missing in zip(items, missing, strict=True)]
            column = make(items, dtype="object" if dtype[0] in "bs" else "float64")
    return column


def _take_frame(frame: Any) -> Any:
    columns = [_take_index(frame.iloc[:, number]) for number in range(frame.shape[1])]
    return [_take_any_index(frame.index), _take_any_index(frame.columns), columns]


def _take_any_index(index: Any) -> Any:
    pandas = sys.modules["pandas"]
    if isinstance(index, pandas.MultiIndex):
        return ["multi", index.tolist(), list(index.names)]
    if isinstance(index, pandas.RangeIndex):
        return ["range", [index.start, index.stop, index.step], index.name]
    return ["one", _take_index(index), index.name]


def _put_any_index(parts: Any) -> Any:
    pandas = sys.modules["pandas"]
    kind, data, name = parts
    if kind == "multi":
        return pandas.MultiIndex.from_tuples(_list(data), names=_list(name))
    if kind == "range":
        return pandas.RangeIndex(*_list(data), name=name)
    index = _put_column(data, pandas.Index)
    index.name = name
    return index


def _put_frame(parts: Any) -> Any:
    pandas = sys.modules["pandas"]
    index, columns, data = _list(parts)
    index = _put_any_index(index)
    frame = pandas.DataFrame(
        {number: _put_column(column, pandas.Series).set_axis(index) for number, column in enumerate(data)}, index=index
    )
    frame.columns = _put_any_index(columns)
    return frame


def _put_series(parts: Any) -> Any:
    index, data, name = parts
    series = _put_column(data, sys.modules["pandas"].Series)
    return series.set_axis(_put_any_index(index)).rename(name)


def _text_or_number(value: Any) -> Any:
    return value if isinstance(value, str | int | float) else str(value)


def _put_failure(parts: Any) -> Failure:
    kind, *texts = (str(text)[:500] for text in _list(parts))
    str(Failure(kind))  # which knows the kinds
    return Failure(kind, *texts)


def _take_sparse(matrix: Any) -> Any:
    coo = matrix.tocoo()
    return [type(matrix).__name__, list(coo.shape), coo.row, coo.col, coo.data]


def _put_sparse(parts: Any) -> Any:
    sparse = sys.modules["scipy.sparse"]
    name, shape, rows, columns, data = parts
    if name not in _SPARSE:
        raise ValueError("no sparse matrix")
    if max(_shape(shape)) > 10**7:
        raise ValueError("too large a matrix")
    coo = sparse.coo_matrix((data, (rows, columns)), shape=_shape(shape))  # which checks the indices
    return getattr(sparse, name)(coo)


KINDS: dict[str, Kind] = {
    "error": Kind(
        lambda error: [[type(error).__module__, type(error).__qualname__], [*map(_text_or_number, error.args)]],
        lambda parts: make_error(known_exception(parts[0]) or Exception, tuple(_list(parts[1]))),
    ),
    "nothing": Kind(lambda value: None, lambda data: None),
    "path": Kind(str, pathlib.PurePosixPath),
    "sparse": Kind(_take_sparse, _put_sparse),
    "opaque": Kind(lambda value: value.type_name, lambda name: Opaque(str(name)[:200])),
    "failure": Kind(lambda value: [value.kind, value.error, value.message, value.where], _put_failure),
    "NotImplemented": Kind(lambda value: None, lambda data: NotImplemented),
    "class": Kind(lambda kind: list(_BY_ID[id(kind)]), lambda name: CLASSES[tuple(_list(name))]),
    "dtype": Kind(lambda dtype: dtype.str, _dtype),
    "array": Kind(_take_array, _put_array, True),
    "masked": Kind(
        lambda array: [np.asarray(array.data), np.ma.getmaskarray(array)],
        _put_masked,
        True,
    ),
    "random": Kind(_take_generator, _put_generator, True),
    "range": Kind(lambda value: [value.start, value.stop, value.step], lambda parts: range(*_list(parts))),
    "bytearray": Kind(bytes, lambda data: bytearray(_bytes(data)), True),
    "deque": Kind(
        lambda value: [list(value), value.maxlen], lambda parts: collections.deque(_list(parts[0]), parts[1]), True
    ),
    "Counter": Kind(_pairs_of, lambda pairs: collections.Counter(_table(pairs)), True),
    "OrderedDict": Kind(_pairs_of, lambda pairs: collections.OrderedDict(_table(pairs)), True),
    "defaultdict": Kind(_pairs_of, lambda pairs: collections.defaultdict(None, _table(pairs)), True),
    "keys": Kind(list, lambda keys: dict.fromkeys(_keys(keys)).keys()),
    "values": Kind(list, lambda values: dict(enumerate(_list(values))).values()),
    "items": Kind(lambda items: _pairs_of(dict(items)), lambda pairs: _table(pairs).items()),
    "datetime": Kind(lambda value: value.isoformat(), datetime.datetime.fromisoformat),
    "date": Kind(lambda value: value.isoformat(), datetime.date.fromisoformat),
    "time": Kind(lambda value: value.isoformat(), datetime.time.fromisoformat),
    "timedelta": Kind(
        lambda value: [value.days, value.seconds, value.microseconds], lambda parts: datetime.timedelta(*_list(parts))
    ),
    "Decimal": Kind(str, decimal.Decimal),
    "Fraction": Kind(
        lambda value: [value.numerator, value.denominator], lambda parts: fractions.Fraction(*_list(parts))
    ),
    "tensor": Kind(lambda tensor: np.asarray(tensor), _put_tensor),
    "frame": Kind(_take_frame, _put_frame, True),
    "series": Kind(lambda series: [_take_any_index(series.index), _take_index(series), series.name], _put_series, True),
    "index": Kind(_take_any_index, _put_any_index),
    "timestamp": Kind(lambda value: value.isoformat(), lambda text: sys.modules["pandas"].Timestamp(text)),
    "NA": Kind(lambda value: None, lambda data: sys.modules["pandas"].NA),
}

# By exact type: a learner's subclass is an object of its own.
_TYPES = {
    Opaque: "opaque",
    types.TracebackType: "nothing",
    pathlib.PurePosixPath: "path",
    Failure: "failure",
    type(NotImplemented): "NotImplemented",
    np.random.Generator: "random",
    np.random.RandomState: "random",
    np.ma.MaskedArray: "masked",
    range: "range",
    bytearray: "bytearray",
    collections.deque: "deque",
    collections.Counter: "Counter",
    collections.OrderedDict: "OrderedDict",
    collections.defaultdict: "defaultdict",
    type({}.keys()): "keys",
    type({}.values()): "values",
    type({}.items()): "items",
    datetime.datetime: "datetime",
    datetime.date: "date",
    datetime.time: "time",
    datetime.timedelta: "timedelta",
    decimal.Decimal: "Decimal",
    fractions.Fraction: "Fraction",
}
_PANDAS = {"DataFrame": "frame", "Series": "series", "Index": "index", "RangeIndex": "index", "MultiIndex": "index",
           "DatetimeIndex": "index", "Timestamp": "timestamp", "NAType": "NA"}  # fmt: skip
_SPARSE = {
    f"{form}_{sort}" for form in ("csr", "csc", "coo", "lil", "dok", "bsr", "dia") for sort in ("matrix", "array")
}
_TENSORS = {"EagerTensor", "ResourceVariable", "Variable", "KerasVariable"}


def kind_of(value: Any) -> str | None:
    """Return the kind by which `value` crosses, or None where it is an object of its own."""
    kind = type(value)
    if kind in _TYPES:
        return _TYPES[kind]
    if kind is np.ndarray:
        return "array"
    if id(value) in _BY_ID:
        return "class"
    if isinstance(value, np.dtype):
        return "dtype" if _SIMPLE_DTYPE.fullmatch(value.str) and not value.names else None
    root = getattr(kind, "__module__", "").partition(".")[0] if isinstance(kind.__module__, str) else ""
    if root == "scipy":
        return "sparse" if kind.__name__ in _SPARSE and value.ndim == 2 else None
    if root == "pandas":
        return _PANDAS.get(kind.__name__)
    if root in ("tensorflow", "keras") and kind.__name__ in _TENSORS:
        return "tensor"
    return None
