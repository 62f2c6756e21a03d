"""What an answer returned, as the probes of this chapter need it."""

import numpy as np


class OtherParts(Exception):
    """Something else came back than the parts that were asked for."""


def parts(result, names):
    """Return the parts in `result`, a tuple or list of as many as there are names; Nones for None.

    Raises:
        OtherParts: it is something else.
    """
    if result is None:
        return [None] * len(names)
    asked = f"asked for are {len(names)} things, {', '.join(names)}"
    if not isinstance(result, tuple | list):
        raise OtherParts(f"{asked}; your function returned one")
    if len(result) != len(names):
        raise OtherParts(f"{asked}; your function returned {len(result)}")
    return list(result)


def by_name(result, names):
    """Return {name: what `result`, a dict, has under it}, all None for None. Raises OtherParts for anything else."""
    if result is None:
        return dict.fromkeys(names)
    if not isinstance(result, dict):
        raise OtherParts("asked for is a dict; your function returned something else")
    if missing := [name for name in names if name not in result]:
        raise OtherParts(f"the dict that came back has no {', '.join(map(repr, missing))}")
    return {name: result[name] for name in names}


def one_array(result):
    """Return `result` as an array. Raises OtherParts where it is a tuple, say of an array and something else."""
    if isinstance(result, tuple):
        raise OtherParts(f"asked for is one array; your function returned a tuple of {len(result)} things")
    return np.asarray(result)


def once(action):
    """Return `action`, which is run once: several rows look at what it gave, or fail with what it raised."""
    outcome = []

    def again():
        if not outcome:
            try:
                outcome.append((action(), None))
            except Exception as error:
                outcome.append((None, error))
        value, error = outcome[0]
        if error is not None:
            raise error
        return value

    return again


def in_one_row(arrays, like):
    """Return the numbers of all `arrays` in one row, where they are a list of the shapes of `like`; else as they are.

    So that a report can say which mistake most of the numbers are of, which it cannot of arrays of several shapes.

    Raises:
        OtherParts: it is one array, a dict, or holds more or fewer things.
    """
    asked = f"asked for is a list of {len(like)} arrays"
    if isinstance(arrays, dict):
        raise OtherParts(f"{asked}; your function returned a dict")
    if isinstance(arrays, np.ndarray) and arrays.ndim:
        raise OtherParts(f"{asked}; your function returned one array")
    if isinstance(arrays, list | tuple) and len(arrays) != len(like):
        raise OtherParts(f"{asked}; your function returned {len(arrays)} things")
    if isinstance(arrays, list | tuple) and [np.shape(array) for array in arrays] == [array.shape for array in like]:
        return np.concatenate([np.ravel(array) for array in arrays])
    return arrays
