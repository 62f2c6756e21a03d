"""What may cross the wire, whoever sends it: which arrays, exceptions as texts, tables that are no trap.

Both sides of `course_lib.grading.codec` ask here, the writer so that a mistake is told where it is made.
"""

from __future__ import annotations

import math
import re
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from course_lib.checking.values import MAX_BYTES

MAX_DIMENSIONS = 32
MAX_SAME_HASH = 32  # of 3-tuples of small integers 8 share a hash, as -1 has that of -2; many more are an attack
TEXT_LIMITS = (200, 10_000, 50_000)  # characters of Raised's type_name, message, traceback


class WireError(Exception):
    """A value that cannot be sent, or a message that is not to be believed. Its text is one sentence."""


@dataclass(frozen=True)
class Raised:
    """An exception as it crosses: three texts, cut to TEXT_LIMITS when they are written."""

    type_name: str
    message: str
    traceback: str = ""

    @classmethod
    def of(cls, error: BaseException) -> Raised:
        """Describe `error`, on the side that raised it: its methods run."""
        try:
            return cls(name_of(type(error)), str(error), "".join(traceback.format_exception(error)))
        except BaseException:  # a learner's methods may even exit
            return cls(name_of(type(error)), "(its message cannot be read)")


# A metaclass may define __hash__, __eq__ and __name__: classes are looked up by id, and named by type's own getter.
name_of = type.__dict__["__name__"].__get__

_X87 = np.finfo(np.longdouble).nmant == 63
# By number, since a data type of an extension module may be spelled as one of NumPy's.
NUMBERS = frozenset(np.dtype(letter).num for letter in "?bBhHiIlLqQefdgFDGSU")
_NUMERIC = {kind.str: kind for kind in map(np.dtype, "gG")} | {
    kind.str: kind
    for name in ["b1", *(f"{sign}{size}" for sign in "iu" for size in (1, 2, 4, 8)), "f2", "f4", "f8", "c8", "c16"]
    for kind in (np.dtype(name), np.dtype(name).newbyteorder())
}
_TEXT = re.compile(r"([<>]U|\|S)[1-9][0-9]{0,6}")


@lru_cache(256)
def dtype_of(code: str) -> np.dtype:
    """Return the data type that `code` names, as "<f8" does: of numbers or texts, and nothing that NumPy evaluates."""
    if code not in _NUMERIC and not _TEXT.fullmatch(code):
        raise WireError(f"An array of dtype {code[:20]!r} does not cross.")
    return _NUMERIC.get(code) or np.dtype(code)


def size_of(shape: Sequence[int], itemsize: int) -> int:
    """Return the bytes of an array. An empty one may not claim huge dimensions either: a sum over its axis has them."""
    if len(shape) > MAX_DIMENSIONS or math.prod(max(length, 1) for length in shape) * itemsize > MAX_BYTES:
        raise WireError(f"An array of over {MAX_BYTES:,} bytes, or {MAX_DIMENSIONS} dimensions, does not cross.")
    return math.prod(shape) * itemsize


def check_elements(array: np.ndarray) -> None:
    """Refuse bytes that are no value of the array's dtype: NumPy takes them for one, or fails with a SystemError."""
    kind, honest = array.dtype.kind, True
    if kind == "b":
        honest = array.view(np.uint8).max(initial=0) <= 1
    elif kind == "U":
        points = array.reshape(-1).view(array.dtype.byteorder + "u4")
        honest = not np.any((points > 0x10FFFF) | ((points >= 0xD800) & (points <= 0xDFFF)))
    elif _X87 and array.dtype.char in "gG":
        # The leading bit of the significand is stored, and set exactly where the exponent is not 0.
        words = array.reshape(-1).view(np.uint64)
        honest = np.array_equal(words[0::2] >> 63 == 1, words[1::2] & 0x7FFF != 0)
    if not honest:
        raise WireError(f"An array of dtype {array.dtype.str!r} with bytes that mean no value does not cross.")


def check_hashes(keys: Sequence) -> None:
    """Refuse keys made for a table to be slow: hashes can be chosen, and n keys of the same one take n² steps.

    Raises:
        WireError: more than MAX_SAME_HASH of the keys have the same hash.
    """
    if len(keys) > MAX_SAME_HASH and max(Counter(map(hash, keys)).values()) > MAX_SAME_HASH:
        raise WireError(f"The message holds a table of which more than {MAX_SAME_HASH} keys have the same hash.")
