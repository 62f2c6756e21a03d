"""Values that cross between tester and learner, and their messages."""

import struct

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from course_lib.grading.codec import decode, encode

KINDS = [
    *("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"),
    *(order + kind for order in "<>" for kind in ("i4", "f2", "f4", "f8", "c8", "c16")),
]
shapes = array_shapes(min_dims=0, min_side=0, max_side=4)
numeric = st.sampled_from(KINDS).flatmap(lambda kind: arrays(kind, shapes))
long_doubles = arrays("f8", shapes).map(lambda values: np.asarray(values.astype("g") / 3))
views = numeric.map(lambda values: values.T[..., ::-1] if values.ndim else values)
plain_texts = arrays(st.sampled_from(["<U3", ">U3"]), shapes, elements=st.text("aσ😀", max_size=3))
byte_texts = arrays("S4", shapes, elements=st.binary(max_size=4).map(lambda text: text.rstrip(b"\0")))
integers = st.integers() | st.binary(max_size=1024).map(lambda data: int.from_bytes(data, "little", signed=True))
keys = st.recursive(
    st.one_of(integers, st.floats(), st.complex_numbers(), st.booleans(), st.none(), st.text(), st.binary())
    | st.sampled_from([np.float64(0.1), np.float32("nan"), np.int8(-5), np.uint64(2**64 - 1), np.True_, np.float16(2)])
    | st.sampled_from([np.str_("σ\0"), np.str_(), np.bytes_(b"a\0"), np.complex64(1 - 2j), np.longdouble("0.1")]),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.frozensets(inner, max_size=3),
    max_leaves=4,
)
values = st.recursive(
    keys | numeric | long_doubles | views | plain_texts | byte_texts | st.builds(slice, integers, keys) | st.just(...),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
        | st.sets(keys, max_size=4)
    ),
    max_leaves=12,
)


def message(value, to_id=None):
    return b"".join(map(bytes, encode(value, to_id)))


def across(value):
    return decode(bytearray(message(value)))


def exact(value):
    """Return what `value` is to the bit, as something to be compared; every NaN is one NaN."""
    kind = type(value)
    if kind is np.ndarray:
        return kind, value.dtype.str, value.shape, [exact(item) for item in value.reshape(-1)]
    if isinstance(value, np.inexact | float | complex):
        parts = [value.real, value.imag]
        return kind, [np.isnan(part) or (part, bool(np.signbit(part))) for part in parts]
    if kind in (list, tuple):
        return kind, [exact(item) for item in value]
    if kind is dict:
        return kind, [(exact(key), exact(item)) for key, item in value.items()]
    if kind in (set, frozenset):
        return kind, sorted(repr(exact(item)) for item in value)
    if kind is slice:
        return kind, exact((value.start, value.stop, value.step))
    return kind, value


def frame(body, size=None):
    return b"\xd5\x01wv" + struct.pack("<I", len(body) if size is None else size) + body
