"""What an answer returned, as probes and scenes need it."""

import numpy as np

from course_lib.checking.isolation import Failure, attempt
from course_lib.checking.scene import Matrix, Tables


class OtherParts(Exception):
    """Something else came back than the parts that were asked for. Each kind has a class, as each is told otherwise."""


class OneForSeveral(OtherParts):
    """One thing came back."""


class TooFew(OtherParts):
    """Some of the parts are missing."""


class TooMany(OtherParts):
    """There is something besides."""


class ADict(OtherParts):
    """A dict came back where none was asked for."""


class NoDict(OtherParts):
    """A dict was asked for, and something else came back."""


def parts(result, names):
    """Return the parts in `result`, a tuple or list of as many as there are names; Nones for None.

    Raises:
        OtherParts: it is something else.
    """
    if result is None:
        return [None] * len(names)
    asked = f"asked for are {len(names)} things, {', '.join(names)}"
    return list(_of_length(result, len(names), asked))


def pair(result, names):
    """Return the two things in `result`, (None, None) for None. Raises OtherParts, with their `names`, for others."""
    if result is None:
        return None, None
    one = _kind(result) if not isinstance(result, tuple | list | dict) else ""
    return _of_length(result, 2, f"asked for is the pair {names}", one)


def _of_length(result, count, asked, one="one thing"):
    if isinstance(result, dict):
        raise ADict(f"{asked}; your function returned a dict")
    if not isinstance(result, tuple | list):
        raise OneForSeveral(f"{asked}; your function returned {one}")
    if len(result) != count:
        raise (TooFew if len(result) < count else TooMany)(f"{asked}; your function returned {len(result)} things")
    return result


def _kind(result):
    return "a text" if isinstance(result, str) else "an array" if np.ndim(result) else "one number"


def by_name(result, names):
    """Return {name: what `result`, a dict, has under it}, all None for None. Raises OtherParts for anything else."""
    if result is None:
        return dict.fromkeys(names)
    if not isinstance(result, dict):
        raise NoDict("asked for is a dict; your function returned something else")
    if missing := [name for name in names if name not in result]:
        raise TooFew(f"the dict that came back has no {', '.join(map(repr, missing))}")
    return {name: result[name] for name in names}


def one_array(result):
    """Return `result` as an array. Raises OtherParts where it is a tuple, say of an array and something else."""
    if isinstance(result, tuple):
        raise TooMany(f"asked for is one array; your function returned a tuple of {len(result)} things")
    return np.asarray(result)


def in_one_row(arrays, like):
    """Return the numbers of all `arrays` in one row, where they are a list of the shapes of `like`; else as they are.

    So that a report can say which mistake most of the numbers are of, which it cannot of arrays of several shapes.

    Raises:
        OtherParts: it is one array, a dict, or holds more or fewer things.
    """
    asked = f"asked for is a list of {len(like)} arrays"
    if arrays is None or (not isinstance(arrays, dict | list | tuple) and np.ndim(arrays) == 0):
        return arrays
    _of_length(arrays, len(like), asked)
    if [np.shape(array) for array in arrays] == [array.shape for array in like]:
        return np.concatenate([np.ravel(array) for array in arrays])
    return arrays


def matrix(answer, *arguments, shape, **texts):
    """Return what `answer(*arguments)` gives as a Matrix, or None where that is no matrix of this `shape`."""
    values = attempt(lambda: np.asarray(answer(*arguments), dtype=float), seconds=2.0)
    if isinstance(values, Failure) or values.shape != shape:
        return None
    return Matrix(values, **texts)


def numbers(array):
    """Return `array` with floats in it. Raises TypeError where it holds no numbers, as None does."""
    array = np.asarray(array)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"an array of {array.dtype} cannot be drawn")
    return array.astype(float)


def tables(named):
    """Return `named`, {what it is called: an array that an answer returned}, as Tables. Raises as `numbers` does."""
    return Tables({name: numbers(array) + 0.0 for name, array in named.items()})  # −0 becomes 0
