"""What an answer returned, as probes and scenes need it."""

import numpy as np

from course_lib.checking.isolation import Failure, attempt
from course_lib.checking.scene import Matrix


class OneForTwo(Exception):
    """One thing came back where two were asked for."""


class MoreThanTwo(Exception):
    """Three or more things came back where two were asked for."""


class NotOneArray(Exception):
    """Several things came back where one array was asked for."""


def pair(result, names):
    """Return the two things in `result`, (None, None) for None. Raises OneForTwo or MoreThanTwo, with their `names`."""
    if result is None:
        return None, None
    if not isinstance(result, tuple | list) or len(result) < 2:
        raise OneForTwo(f"asked for is the pair {names}; your function returned one thing")
    if len(result) > 2:
        raise MoreThanTwo(f"asked for is the pair {names}; your function returned {len(result)} things")
    return result


def one_array(result):
    """Return `result` as an array. Raises NotOneArray where it is a tuple, say of an array and something else."""
    if isinstance(result, tuple):
        raise NotOneArray(f"asked for is one array; your function returned a tuple of {len(result)} things")
    return np.asarray(result)


def matrix(answer, *arguments, shape, **texts):
    """Return what `answer(*arguments)` gives as a Matrix, or None where that is no matrix of this `shape`."""
    values = attempt(lambda: np.asarray(answer(*arguments), dtype=float), seconds=2.0)
    if isinstance(values, Failure) or values.shape != shape:
        return None
    return Matrix(values, **texts)
