"""Plain values as bytes, and back: what the trusted tester and the learner's child say to one another.

What can be said: None, bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, slice, Ellipsis,
NumPy's numbers and texts, arrays of them, `Raised` for an exception, and a handle, an integer, for every other object.
Nothing that is read is ever imported, called or evaluated.

    parts = encode(value, to_id)                    # buffers, to be sent one after the other
    value = decode(b"".join(parts), from_id)

`to_id(object)` is asked for every object that is not of exactly a plain type. It returns an integer of 64 bits, or None
for "no handle": an object of a subclass of a plain type is then written as its base type's value, any other is refused.
`from_id(integer)` returns what stands for the object, or raises LookupError. Whose table a number belongs to is for
the two sides to agree on, as by its sign.

A value is a byte that says its kind (the two tables below) and what the kind needs, little-endian. Every length and
count is checked before anything is made of it: reading takes memory in proportion to the message, plus at most
MAX_ITEMS small objects. An object that is mentioned twice is written twice; what is read shares nothing.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.checking.values import MAX_BYTES
from course_lib.grading.crossing import (
    NUMBERS,
    TEXT_LIMITS,
    Raised,
    WireError,
    check_elements,
    check_hashes,
    dtype_of,
    name_of,
    size_of,
)

MAX_DEPTH = 32
MAX_ITEMS = 500_000  # values of all kinds in one message
MAX_INT_BYTES = 1024  # 2,466 digits; Python prints 4,300
OUT_OF_LINE = 2**16  # bytes; a larger array is sent from where it lies
ALIGNMENT = 16

_INT, _FLOAT, _COMPLEX = struct.Struct("<q"), struct.Struct("<d"), struct.Struct("<dd")
_LENGTH = struct.Struct("<I")


# --- Writing ---------------------------------------------------------------------------------------------------------


def encode(value: Any, to_id: Callable[[Any], int | None] | None = None, head: int = 0) -> list:
    """Return `value` as buffers to be sent one after the other; the first, a bytearray, begins with `head` zeros.

    No method that a subclass overrides is called. Large arrays are not copied: send them before they change.

    Raises:
        WireError: `value` holds itself, is too deep, too large, or holds something that is neither plain nor a handle.
    """
    writer = _Writer(to_id, head)
    writer.value(value)
    return [*writer.parts, writer.out]


class _Writer:
    def __init__(self, to_id, head):
        self.to_id, self.parts, self.out = to_id, [], bytearray(head)
        self.done = -head  # bytes of the message before those in `out`
        self.items, self.open, self.writers = 0, [], _WRITERS

    def value(self, value):
        self.items += 1
        if self.items > MAX_ITEMS:
            raise WireError(f"A value of more than {MAX_ITEMS:,} items does not cross.")
        self.writers.get(id(type(value)), _Writer.other)(self, value)

    def put(self, data):
        self.out += data
        if self.done + len(self.out) > MAX_BYTES:
            raise WireError(f"A value of more than {MAX_BYTES:,} bytes does not cross.")

    def other(self, value):
        kind, keyed = type(value), self.writers is _KEY_WRITERS
        number = None if keyed or self.to_id is None else self.to_id(value)
        if number is not None:
            return self.put(b"h" + _INT.pack(number))
        # What lies under a mask is no value. Not isinstance, which asks the object for its __class__.
        if not issubclass(kind, np.ma.MaskedArray):
            for base, to_plain in _BASES.items():
                if issubclass(kind, base) and kind is not base and id(base) in self.writers:
                    return self.writers[id(base)](self, to_plain(value))
        what = f"array of dtype {value.dtype}" if kind is np.ndarray else f"object of type {name_of(kind)[:200]!r}"
        raise WireError(f"An {what} does not cross{' in a key' * keyed}.")

    def int(self, value):
        if -(2**63) <= value < 2**63:
            return self.put(b"i" + _INT.pack(value))
        size = value.bit_length() // 8 + 1
        if size > MAX_INT_BYTES:
            raise WireError(f"An integer of {value.bit_length():,} bits does not cross.")
        self.sized(b"I", value.to_bytes(size, "little", signed=True))

    def sized(self, tag, data):
        if len(data) > MAX_BYTES:
            raise WireError(f"A value of more than {MAX_BYTES:,} bytes does not cross.")
        self.put(tag + _LENGTH.pack(len(data)) + data)

    def text(self, tag, text):
        try:
            self.sized(tag, text.encode())
        except UnicodeEncodeError:
            raise WireError("A text that holds a lone surrogate does not cross.") from None

    def raised(self, value):
        self.out += b"x"
        for text in (
            value.type_name[: TEXT_LIMITS[0]],
            value.message[: TEXT_LIMITS[1]],
            value.traceback[-TEXT_LIMITS[2] :],
        ):
            self.sized(b"", text.encode(errors="replace"))  # here a lone surrogate should not cost the message

    def scalar(self, value):
        code = value.dtype.str.encode()
        self.put(b"n%c%b%b" % (len(code), code, value.tobytes()))

    def array(self, value):
        if value.dtype.num not in NUMBERS:
            return self.other(value)
        dtype, shape = dtype_of(value.dtype.str), value.shape
        code, size = dtype.str.encode(), size_of(shape, dtype.itemsize)
        check_elements(value)
        self.put(b"a%c%b%c" % (len(code), code, len(shape)) + struct.pack(f"<{len(shape)}Q", *shape))
        self.out += bytes(-(self.done + len(self.out)) % ALIGNMENT)
        if size < OUT_OF_LINE:
            return self.put(value.tobytes())
        self.parts += [self.out, np.ascontiguousarray(value).reshape(-1).view(np.uint8)]
        self.done, self.out = self.done + len(self.out) + size, bytearray()
        self.put(b"")

    def container(self, tag, value, keys, items):
        if any(value is outer for outer in self.open):
            raise WireError("A value that holds itself does not cross.")
        if len(self.open) == MAX_DEPTH:
            raise WireError(f"A value that is nested more than {MAX_DEPTH} levels deep does not cross.")
        self.open.append(value)
        self.put(tag + _LENGTH.pack(len(keys) or len(items)))
        if keys:
            outer, self.writers = self.writers, _KEY_WRITERS
            for key in keys:
                self.value(key)
            self.writers = outer
        for item in items:
            self.value(item)
        self.open.pop()


_KEY_WRITERS = {
    type(None): lambda writer, value: writer.put(b"0"),
    bool: lambda writer, value: writer.put(b"T" if value else b"F"),
    int: _Writer.int,
    float: lambda writer, value: writer.put(b"f" + _FLOAT.pack(value)),
    complex: lambda writer, value: writer.put(b"c" + _COMPLEX.pack(value.real, value.imag)),
    str: lambda writer, value: writer.text(b"s", value),
    bytes: lambda writer, value: writer.sized(b"b", value),
    np.str_: lambda writer, value: writer.text(b"u", str.__str__(value)),
    np.bytes_: lambda writer, value: writer.sized(b"y", bytes.__bytes__(value)),
    **{np.dtype(letter).type: _Writer.scalar for letter in "?bBhHiIlLqQefdgFDG"},
    tuple: lambda writer, value: writer.container(b"t", value, (), [*tuple.__iter__(value)]),
    frozenset: lambda writer, value: writer.container(b"}", value, [*frozenset.__iter__(value)], ()),
}
_WRITERS = _KEY_WRITERS | {
    type(...): lambda writer, value: writer.put(b"."),
    list: lambda writer, value: writer.container(b"l", value, (), [*list.__iter__(value)]),
    slice: lambda writer, value: writer.container(b":", value, (), [value.start, value.stop, value.step]),
    set: lambda writer, value: writer.container(b"{", value, [*set.__iter__(value)], ()),
    dict: lambda writer, value: writer.container(b"d", value, [*dict.keys(value)], [*dict.values(value)]),
    np.ndarray: _Writer.array,
    Raised: _Writer.raised,
}
_KEY_WRITERS = {id(kind): write for kind, write in _KEY_WRITERS.items()}
_WRITERS = {id(kind): write for kind, write in _WRITERS.items()}
# How an object of a subclass gives its base type's value, by methods that it cannot override.
_BASES = {kind: lambda value: value for kind in (list, tuple, dict, set, frozenset)}
_BASES |= {kind: getattr(kind, f"__{kind.__name__}__") for kind in (int, float, complex, str, bytes)}
_BASES[np.ndarray] = lambda value: np.ndarray.view(value, np.ndarray)

# --- Reading ---------------------------------------------------------------------------------------------------------


def decode(data, from_id: Callable[[int], Any] = {}.__getitem__) -> Any:
    """Return the value that the buffer `data` holds, whoever wrote it.

    An array that is at least half of a writable `data` stays in it, others are copies; every one can be written to.

    Raises:
        WireError: `data` is not exactly one value within the limits. Nothing else is raised, whatever it holds.
    """
    reader = _Reader(data, from_id)
    try:
        value = reader.value()
    except IndexError:
        raise WireError("The message ends in the middle of a value.") from None
    except (MemoryError, RecursionError):
        raise WireError("The message is too large for the memory that is left.") from None
    if reader.position != reader.size:
        raise WireError(f"The message goes on for {reader.size - reader.position:,} bytes after its value.")
    return value


class _Reader:
    def __init__(self, data, from_id):
        self.data, self.size, self.from_id = data, len(data), from_id
        self.position, self.depth, self.items, self.readers = 0, 0, MAX_ITEMS, _READERS

    def value(self):
        self.items -= 1
        if self.items < 0:
            raise WireError(f"The message holds more than {MAX_ITEMS:,} items.")
        read = self.readers.get(self.byte())
        if read is None:
            where = " for a key" if self.readers is _KEY_READERS else ""
            raise WireError(f"The message holds a value of no known kind{where}.")
        return read(self)

    def byte(self):
        self.position += 1
        return self.data[self.position - 1]

    def unpack(self, form):
        return form.unpack_from(self.data, self.skip(form.size))

    def skip(self, size):
        self.position += size
        if self.position > self.size:
            raise IndexError
        return self.position - size

    def take(self, size):
        return self.data[self.skip(size) : self.position]

    def sized(self):
        return self.take(*self.unpack(_LENGTH))

    def text(self):
        try:
            return str(self.sized(), "utf-8")
        except UnicodeDecodeError:
            raise WireError("The message holds a text that is not UTF-8.") from None

    def large_int(self):
        data = self.sized()
        if len(data) > MAX_INT_BYTES:
            raise WireError(f"The message holds an integer of {8 * len(data):,} bits.")
        return int.from_bytes(data, "little", signed=True)

    def raised(self):
        texts = [self.text() for _ in TEXT_LIMITS]
        if any(len(text) > limit for text, limit in zip(texts, TEXT_LIMITS, strict=True)):
            raise WireError("The message describes an exception by a text that is too long.")
        return Raised(*texts)

    def handle(self):
        (number,) = self.unpack(_INT)
        try:
            return self.from_id(number)
        except LookupError:
            raise WireError(f"The message names an object by the handle {number}, which stands for none.") from None

    def elements(self, dtype, shape):
        """Return an array over the next bytes of the buffer."""
        array = np.ndarray(shape, dtype, self.data, self.skip(size_of(shape, dtype.itemsize)))
        check_elements(array)
        return array

    def dtype(self):
        return dtype_of(str(self.take(self.byte()), "latin-1"))

    def array(self):
        dtype, dimensions = self.dtype(), self.byte()
        shape = struct.unpack(f"<{dimensions}Q", self.take(8 * dimensions))
        self.skip(-self.position % ALIGNMENT)
        array = self.elements(dtype, shape)
        # A small part must not keep the whole message alive.
        stays = array.flags.writeable and 2 * array.nbytes >= self.size
        return array if stays else array.copy()

    def values(self, count):
        if count > min(self.size - self.position, self.items):
            raise WireError(f"The message announces {count:,} items, which it does not hold.")
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise WireError(f"The message is nested more than {MAX_DEPTH} levels deep.")
        values = [self.value() for _ in range(count)]
        self.depth -= 1
        return values

    def counted(self):
        return self.values(*self.unpack(_LENGTH))

    def slice(self):
        parts = self.counted()
        if len(parts) != 3:
            raise WireError("The message holds a slice that has not three parts.")
        return slice(*parts)

    def table(self, make):
        """Return what `make` makes of the next keys."""
        outer, self.readers = self.readers, _KEY_READERS
        keys = self.counted()
        self.readers = outer
        check_hashes(keys)
        try:
            table = make(keys)
        except Exception:  # keys of the same hash are compared, and NumPy's numbers raise this and that
            raise WireError("The message holds a table of which two keys cannot be compared.") from None
        if len(table) != len(keys):
            raise WireError("The message holds a table with the same key twice.")
        return table

    def dict(self):
        keys = self.table(dict.fromkeys)
        return dict(zip(keys, self.values(len(keys)), strict=True))


_KEY_READERS = {
    "0": lambda reader: None,
    "T": lambda reader: True,
    "F": lambda reader: False,
    "i": lambda reader: reader.unpack(_INT)[0],
    "I": _Reader.large_int,
    "f": lambda reader: reader.unpack(_FLOAT)[0],
    "c": lambda reader: complex(*reader.unpack(_COMPLEX)),
    "s": _Reader.text,
    "b": lambda reader: bytes(reader.sized()),
    "u": lambda reader: np.str_(reader.text()),
    "y": lambda reader: np.bytes_(bytes(reader.sized())),
    "n": lambda reader: reader.elements(reader.dtype(), ())[()],
    "t": lambda reader: tuple(reader.counted()),
    "}": lambda reader: reader.table(frozenset),
}
_READERS = _KEY_READERS | {
    ".": lambda reader: ...,
    "l": _Reader.counted,
    ":": _Reader.slice,
    "{": lambda reader: reader.table(set),
    "d": _Reader.dict,
    "a": _Reader.array,
    "x": _Reader.raised,
    "h": _Reader.handle,
}
_KEY_READERS = {ord(tag): read for tag, read in _KEY_READERS.items()}
_READERS = {ord(tag): read for tag, read in _READERS.items()}
