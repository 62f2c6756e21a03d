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


def parts(result, names):
    """Return the parts in `result`, a tuple or list of as many as there are names; Nones for None.

    None among several parts becomes the text "None", so that a report does not take it for a missing `return`.

    Raises:
        OtherParts: it is something else.
    """
    if result is None:
        return [None] * len(names)
    asked = f"asked for are {len(names)} things, {', '.join(names)}"
    if isinstance(result, dict):
        raise ADict(f"{asked}; your function returned a dict")
    if not isinstance(result, tuple | list):
        raise OneForSeveral(f"{asked}; your function returned one thing")
    if len(result) != len(names):
        raise (TooFew if len(result) < len(names) else TooMany)(f"{asked}; your function returned {len(result)}")
    return ["None" if part is None else part for part in result]


def one_array(result):
    """Return `result` as an array. Raises OtherParts where it is a tuple, say of an array and something else."""
    if isinstance(result, tuple):
        raise TooMany(f"asked for is one array; your function returned a tuple of {len(result)} things")
    return np.asarray(result)
