"""What an answer returned, as the probes of this chapter need it."""

import numpy as np


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


def _of_length(result, count, asked):
    if isinstance(result, dict):
        raise ADict(f"{asked}; your function returned a dict")
    if not isinstance(result, tuple | list):
        raise OneForSeveral(f"{asked}; your function returned one thing")
    if len(result) != count:
        raise (TooFew if len(result) < count else TooMany)(f"{asked}; your function returned {len(result)}")
    return result


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
