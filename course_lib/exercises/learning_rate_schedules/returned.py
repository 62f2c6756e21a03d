"""What an answer returned that should be one number for one step."""

import numpy as np

from course_lib.checking.values import with_article


class NotOneNumber(Exception):
    """A list, a tuple or the like came back where one number was asked for."""


def one_number(result):
    """Return `result`, a number or None. Raises NotOneNumber where it is several things, or none that is a number.

    A row of a probe that asks for the rates of several steps holds a list: of a list in it the report could not say
    whose shape it means.
    """
    if isinstance(result, list | tuple | dict | str):
        told = "a text" if isinstance(result, str) else with_article(type(result).__name__)
        raise NotOneNumber(f"asked for is one number; your function returned {told} {_size(result)}".rstrip())
    if np.ndim(result):
        raise NotOneNumber(f"asked for is one number; your function returned an array of shape {np.shape(result)}")
    return result


def _size(result):
    return "" if isinstance(result, str | dict) else f"of {len(result)}"
