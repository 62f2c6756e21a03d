import collections
import enum
import inspect
import socket
import struct
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.grading.codec import MAX_DEPTH, MAX_ITEMS, decode, encode
from course_lib.grading.crossing import TEXT_LIMITS, Raised, WireError
from course_lib.grading.wire import Connection
from tests.grading.wire_values import across, exact, frame, message, values


@given(values)
def test_what_is_read_is_what_was_written_to_the_bit(value):
    assert exact(across(value)) == exact(value)


@given(values)
def test_no_beginning_of_a_message_is_a_message(value):
    whole = message(value)
    for size in {0, 1, len(whole) // 2, len(whole) - 1} - {len(whole)}:
        with pytest.raises(WireError, match=r"middle of a value|does not hold"):
            decode(whole[:size])


@given(values, st.data())
def test_a_changed_message_gives_a_plain_value_or_a_wire_error(value, data):
    changed = bytearray(message(value))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(changed)))
        changed[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=8))
    assert_value_or_wire_error(changed)


@given(st.binary(max_size=200))
def test_noise_gives_a_plain_value_or_a_wire_error(noise):
    assert_value_or_wire_error(noise)


def assert_value_or_wire_error(data):
    try:
        value = decode(data)
    except WireError as error:
        assert str(error).endswith(".") and "\n" not in str(error)
    else:
        assert exact(across(value)) == exact(value)


# --- Objects of classes that lie ------------------------------------------------------------------------------------

asked = []


def lie(*arguments, **keywords):
    asked.append("a method")
    raise AssertionError("a method of the learner's ran")


class LyingType(type):
    __hash__ = __eq__ = __instancecheck__ = __subclasscheck__ = lie
    __name__ = property(lie)


METHODS = "hash eq len iter getitem contains bool index str int float complex bytes repr reduce_ex array buffer lt add"
LIES = {f"__{name}__": lie for name in METHODS.split()} | {"__class__": property(lie), "__getattribute__": lie}
LIES |= dict.fromkeys(["items", "keys", "values", "encode", "bit_length", "tobytes", "view"], lie)
LIES |= {name: property(lie) for name in ("dtype", "shape", "real", "imag")}


def liar(base, *arguments):
    value = base.__new__(type.__new__(LyingType, "Liar", (base,), dict(LIES)), *arguments)
    if base in (list, set, dict):
        base.__init__(value, *arguments)
    asked.clear()
    return value


PLAIN = [7, 2.5, 1j, "text", b"b", [1, 2], (1, 2), {"a": 1}, {1}, frozenset({1})]


@pytest.mark.parametrize("honest", PLAIN, ids=lambda honest: type(honest).__name__)
def test_an_object_of_a_subclass_is_written_as_what_it_plainly_is_without_asking_it(honest):
    read = across([liar(type(honest), honest)])
    assert exact(read) == exact([honest])
    assert not asked


def test_so_is_an_array_and_a_number_of_numpy():
    read = across([liar(np.ndarray, (2, 2), "<f8", np.arange(8.0), 0, (32, 8)), liar(np.float64, 0.1)])
    assert exact(read) == exact([np.array([[0.0, 1.0], [4.0, 5.0]]), 0.1])
    assert not asked


@pytest.mark.parametrize(
    "put", [lambda it: [it], lambda it: {1: it}, lambda it: slice(it)], ids=["list", "dict", "slice"]
)
def test_what_is_not_plain_is_refused_by_its_type_without_asking_it(put):
    value = put(liar(object))
    with pytest.raises(WireError, match=r"An object of type 'Liar' does not cross\."):
        encode(value)
    assert not asked


def test_a_key_is_never_a_handle():
    with pytest.raises(WireError, match="does not cross in a key"):
        encode({(1, print): 2}, to_id=id)


def test_everyday_subclasses():
    color = enum.IntEnum("Color", "RED GREEN")
    point = collections.namedtuple("Point", "x y")
    read = across([color.GREEN, point(1, 2), collections.Counter("aab"), np.zeros((1, 2)).view(np.matrix)])
    assert exact(read) == exact([2, (1, 2), {"a": 2, "b": 1}, np.zeros((1, 2))])


# --- What cannot be sent --------------------------------------------------------------------------------------------


def nested(depth, wrap=lambda value: [value]):
    value = 0
    for _ in range(depth):
        value = wrap(value)
    return value


cycle, table = [1], {}
cycle.append((cycle,))
table["self"] = [table]
UNSENDABLE = {
    "a list in itself": (cycle, "holds itself"),
    "a dict in itself": (table, "holds itself"),
    "deep": (nested(MAX_DEPTH + 1), "nested more than"),
    "doubled 30 times": (nested(30, lambda value: [value, value]), "more than 500,000 items"),
    "many": ([[0] * 1000] * (MAX_ITEMS // 1000), "more than 500,000 items"),
    "a huge integer": (2**9000, "integer of 9,001 bits"),
    "a huge array": (np.broadcast_to(1.0, (2**40,)), "An array of over"),
    "an empty array with a huge side": (np.empty((0, 2**40)), "An array of over"),
    "large arrays": ([np.broadcast_to(np.int8(1), 2**26)] * 5, "more than 268,435,456 bytes"),
    "large texts": (["x" * 2**26] * 5, "more than 268,435,456 bytes"),
    "objects": (np.array([print]), "array of dtype object"),
    "records": (np.zeros(2, "i4,f8"), "array of dtype"),
    "dates": (np.zeros(2, "M8[s]"), r"array of dtype datetime64\[s\]"),
    "a date": (np.datetime64("2020-01-01"), "type 'datetime64'"),
    "a masked array": (np.ma.array([1, 2], mask=[0, 1]), "type 'MaskedArray'"),
    "a lone surrogate": ("a\ud800", "lone surrogate"),
    "a lone surrogate in an array": (np.array([0xD800], "u4").view("U1"), "bytes that mean no value"),
    "a function": (print, "type 'builtin_function_or_method'"),
    "a key": ({(1, print): 2}, "does not cross in a key"),
}


@pytest.mark.parametrize("case", UNSENDABLE)
def test_what_cannot_be_sent_is_refused_with_its_reason_and_the_connection_goes_on(case, pair):
    value, reason = UNSENDABLE[case]
    with pytest.raises(WireError, match=reason):
        pair[0].send(value, timeout=5)
    pair[0].send("next", timeout=5)
    assert pair[1].receive(timeout=5) == "next"


def test_an_object_in_two_places_crosses_twice():
    shared = [1]
    first, second = across([shared, shared])
    assert first == second == [1] and first is not second


# --- What must not be believed ---------------------------------------------------------------------------------------


def sized(tag, data, size=None):
    return tag + struct.pack("<I", len(data) if size is None else size) + data


def counted(tag, *items):
    return tag + struct.pack("<I", len(items)) + b"".join(items)


def lying_array(code, shape, payload=b"", lead=b""):
    head = (
        lead + b"a%c%b%c" % (len(code), code, len(shape)) + b"".join((n % 2**64).to_bytes(8, "little") for n in shape)
    )
    return head + bytes(-len(head) % 16) + payload


def integer(number):
    return message(number)


one, nothing, eight = integer(1), b"0", bytes(8)
# NumPy compares its number with the tuple item by item, and knows no truth of the result.
pair_of_one_hash = next((n, 0) for n in range(1000) if abs(hash((n, 0))) < 2**61 - 1)
same_hash = [integer(n * (2**61 - 1)) for n in range(1, 20_000)]
POISON = {
    "nothing": (b"", "middle of a value"),
    "an unknown kind": (b"?", "no known kind"),
    "bytes after the value": (b"00", "goes on for 1 bytes"),
    "four billion items": (b"l\xff\xff\xff\xff0", "announces 4,294,967,295 items"),
    "one item too few": (counted(b"t", nothing, nothing)[:-1], "announces 2 items"),
    "deep lists": (b"l\1\0\0\0" * 100_000 + nothing, "nested more than"),
    "deep tables": ((b"d\1\0\0\0" + nothing) * 100_000 + nothing, "nested more than"),
    "deep keys": (b"{\1\0\0\0" + b"}\1\0\0\0" * 100_000 + nothing, "nested more than"),
    "many items in parts": (counted(b"l", *[counted(b"l", *[nothing] * 700)] * 1000), "announces 700 items"),
    "many items": (counted(b"l", counted(b"l", *[nothing] * 400_000), *[nothing] * 400_000), "more than 500,000 items"),
    "a text of 4 GB": (b"s\xff\xff\xff\xffabc", "middle of a value"),
    "a text that is not UTF-8": (sized(b"s", b"\xc3\x28"), "not UTF-8"),
    "a lone surrogate": (sized(b"s", b"\xed\xa0\x80"), "not UTF-8"),
    "a huge integer": (sized(b"I", b"\1" * 1025), "integer of 8,200 bits"),
    "an array with too few bytes": (lying_array(b"<f8", [2], eight), "middle of a value"),
    "an array with too many bytes": (lying_array(b"<f8", [1], 2 * eight), "goes on for 8 bytes"),
    "a negative side": (lying_array(b"<f8", [-1], eight), "An array of over"),
    "two negative sides": (lying_array(b"<f8", [-1, -1], eight), "An array of over"),
    "sides whose product is 2**64": (lying_array(b"|u1", [2**32, 2**32], eight), "An array of over"),
    "an empty array with a huge side": (lying_array(b"<f8", [0, 2**60]), "An array of over"),
    "33 dimensions": (lying_array(b"<f8", [1] * 33, eight), "An array of over"),
    "255 dimensions": (lying_array(b"<f8", [1] * 255, eight), "An array of over"),
    "a bool of 2": (lying_array(b"|b1", [1], b"\2"), "bytes that mean no value"),
    "a bool of 2 as a number": (b"n\3|b1\2", "bytes that mean no value"),
    "a character beyond Unicode": (lying_array(b"<U1", [1], b"\0\0\x11\0"), "bytes that mean no value"),
    "one in the other order": (lying_array(b">U1", [1], b"\0\x11\0\0"), "bytes that mean no value"),
    "a surrogate in an array": (lying_array(b"<U1", [1], b"\0\xd8\0\0"), "bytes that mean no value"),
    "an object as a number": (b"n\2|O" + eight, "dtype '|O'"),
    "the same key twice": (counted(b"d", one, one) + nothing * 2, "same key twice"),
    "1 and True": (counted(b"d", one, b"T") + nothing * 2, "same key twice"),
    "the same member twice": (counted(b"{", one, one), "same key twice"),
    "keys of one hash": (counted(b"d", *same_hash) + nothing * len(same_hash), "same hash"),
    "members of one hash": (counted(b"}", *[counted(b"t", key, one) for key in same_hash]), "same hash"),
    "keys that cannot be compared": (
        counted(b"{", message(np.int64(hash(pair_of_one_hash))), message(pair_of_one_hash)),
        "cannot be compared",
    ),
    "a list as key": (counted(b"d", b"l\0\0\0\0") + nothing, "no known kind for a key"),
    "an array in a key": (counted(b"{", counted(b"t", b"a")), "no known kind for a key"),
    "a handle as key": (counted(b"{", b"h" + eight), "no known kind for a key"),
    "a slice of two": (counted(b":", nothing, nothing), "three parts"),
    "an unknown handle": (b"h" + eight, "handle 0, which stands for none"),
    "a long message": (b"x" + sized(b"", b"E") + sized(b"", b"m" * 10_001) + sized(b"", b""), "too long"),
}
if np.finfo("g").nmant == 63:
    POISON["an impossible long double"] = lying_array(b"<f16", [1], eight + b"\xff\x3f" + bytes(6)), "mean no value"
POISON |= {
    f"dtype {code!r}": (lying_array(code, [1], 8 * eight), "does not cross")
    for code in (
        b"|O",
        b"O",
        b"|V8",
        b"<M8[s]",
        b"i4,f8",
        b"<f3",
        b"f8",
        b"float64",
        b"|T16",
        b"<U0",
        b"<U-1",
        b"<U1\n",
    )
}
POISON |= {
    f"dtype {code!r}": (lying_array(code, [1], 8 * eight), "does not cross")
    for code in (b"<U99999999", b"", b"\xff", b"(2,)f8", b"<f8" * 80)
}


@pytest.mark.parametrize("case", POISON)
def test_poison_is_refused_with_its_reason_in_little_memory(case):
    data, reason = POISON[case]
    tracemalloc.start()
    try:
        with pytest.raises(WireError, match=reason) as caught:
            decode(data, {}.__getitem__)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "\n" not in str(caught.value)
    assert peak < 2**20 + 10 * len(data)


def test_with_little_stack_left_a_deep_message_is_refused():
    before, data = sys.getrecursionlimit(), message(nested(30))
    sys.setrecursionlimit(len(inspect.stack()) + 40)
    try:
        with pytest.raises(WireError, match="too large for the memory that is left"):
            decode(data)
    finally:
        sys.setrecursionlimit(before)


def test_a_part_of_a_message_does_not_keep_it_alive():
    small, large = across([np.zeros(3), np.zeros(2**17)])
    assert small.base is None and large.base is not None
    small += 1
    large += 1


# --- Exceptions and handles ------------------------------------------------------------------------------------------


def test_an_exception_crosses_as_three_texts():
    try:
        raise ValueError("no \ud800 such axis")
    except ValueError as error:
        read = across(Raised.of(error))
    assert (read.type_name, read.message) == ("ValueError", "no ? such axis")
    assert read.traceback.startswith("Traceback") and "test_codec.py" in read.traceback


def test_long_texts_of_an_exception_are_cut_and_a_broken_one_is_described():
    long = across(Raised("E" * 300, "m" * 20_000, "a" * 20_000 + "b" * TEXT_LIMITS[2]))
    assert long == Raised("E" * 200, "m" * 10_000, "b" * 50_000)
    broken = type("Broken", (Exception,), {"__str__": lambda self: sys.exit("out")})()
    assert Raised.of(broken) == Raised("Broken", "(its message cannot be read)")


class Side:
    """A table of a side's own objects. Numbers from 0 are the sender's objects, those below are the receiver's."""

    def __init__(self):
        self.own, self.proxies = [], {}

    def to_id(self, value):
        if isinstance(value, Proxy):
            return -1 - value.number
        if isinstance(value, enum.Enum):
            return None
        numbers = [number for number, own in enumerate(self.own) if own is value]
        self.own += [] if numbers else [value]
        return numbers[0] if numbers else len(self.own) - 1

    def from_id(self, number):
        return self.own[-1 - number] if number < 0 else self.proxies.setdefault(number, Proxy(number))


class Proxy:
    def __init__(self, number):
        self.number = number


def test_handles_go_both_ways_and_lead_home():
    tester, learner = Side(), Side()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        here = Connection(ours, tester.to_id, tester.from_id)
        there = Connection(theirs, learner.to_id, learner.from_id)
        optimizer = object()
        there.send(["made", optimizer], timeout=5)
        proxy = here.receive(timeout=5)[1]
        here.send(("call", proxy, print, enum.IntEnum("Axis", "X").X), timeout=5)
        _, target, callback, axis = there.receive(timeout=5)
        assert target is optimizer and isinstance(callback, Proxy) and exact(axis) == exact(1)
        there.send((callback, target), timeout=5)
        assert here.receive(timeout=5) == (print, proxy)
        theirs.sendall(frame(b"h" + struct.pack("<q", -7)))
        with pytest.raises(WireError, match="handle -7, which stands for none"):
            here.receive(timeout=5)
