# ruff: noqa
# fmt: off
"""Classes with special methods."""

# === equality and hash
# %% solution
class Money:
    def __init__(self, amount, currency):
        self.amount, self.currency = amount, currency
    def __eq__(self, other):
        if not isinstance(other, Money):
            return NotImplemented
        return (self.amount, self.currency) == (other.amount, other.currency)
    def __hash__(self):
        return hash((self.amount, self.currency))
# %% wrong
class Money:
    def __init__(self, amount, currency):
        self.amount, self.currency = amount, currency
    def __eq__(self, other):
        return self.amount == other.amount
    def __hash__(self):
        return hash((self.amount, self.currency))
# %% wrong
class Money:
    def __init__(self, amount, currency):
        self.amount, self.currency = amount, currency
# %% test
assert Money(5, "EUR") == Money(5, "EUR") and Money(5, "EUR") != Money(5, "USD")
assert not (Money(5, "EUR") == 5) and Money(5, "EUR") in [Money(1, "EUR"), Money(5, "EUR")]
assert [Money(1, "EUR")] == [Money(1, "EUR")] and [Money(1, "EUR")].index(Money(1, "EUR")) == 0
# %% test
assert len({Money(1, "EUR"), Money(1, "EUR"), Money(2, "EUR")}) == 2
assert {Money(1, "EUR"): "one"}[Money(1, "EUR")] == "one" and hash(Money(1, "EUR")) == hash(Money(1, "EUR"))

# === order
# %% solution
from functools import total_ordering
@total_ordering
class Version:
    def __init__(self, text):
        self.parts = [int(part) for part in text.split(".")]
    def __eq__(self, other):
        return self.parts == other.parts
    def __lt__(self, other):
        return self.parts < other.parts
# %% wrong
class Version:
    def __init__(self, text):
        self.parts = text.split(".")
    def __eq__(self, other):
        return self.parts == other.parts
    def __lt__(self, other):
        return self.parts < other.parts
    def __ge__(self, other):
        return not self < other
# %% test
assert Version("1.10") > Version("1.9") and Version("1.2") <= Version("1.2") and not Version("2.0") < Version("1.9")
assert [v.parts for v in sorted([Version("1.10"), Version("1.9")])] == [[1, 9], [1, 10]]
assert max(Version("3.1"), Version("3.12"), key=None).parts == [3, 12]

# === repr, str and format
# %% solution
class Vector:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __repr__(self):
        return f"Vector({self.x!r}, {self.y!r})"
    def __str__(self):
        return f"<{self.x}, {self.y}>"
    def __format__(self, spec):
        return f"<{self.x:{spec}}, {self.y:{spec}}>"
    def __bool__(self):
        return bool(self.x or self.y)
# %% wrong
class Vector:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __repr__(self):
        return f"<{self.x}, {self.y}>"
    def __format__(self, spec):
        return f"<{self.x:{spec}}, {self.y:{spec}}>"
# %% test
v = Vector(1, 2)
assert repr(v) == "Vector(1, 2)" and str(v) == "<1, 2>" and f"{v!r}" == "Vector(1, 2)"
assert f"{v:.1f}" == "<1.0, 2.0>" and "%s" % v == "<1, 2>" and "{}".format(v) == "<1, 2>" and str([v]) == "[Vector(1, 2)]"
# %% test
assert eval(repr(v)).y == 2 and v and not Vector(0, 0) and bool(v) is True

# === a container of its own
# %% solution
class Playlist:
    def __init__(self, songs=()):
        self._songs = list(songs)
    def __len__(self):
        return len(self._songs)
    def __getitem__(self, index):
        return self._songs[index]
    def __setitem__(self, index, song):
        self._songs[index] = song
    def __delitem__(self, index):
        del self._songs[index]
    def __contains__(self, song):
        return song.lower() in (each.lower() for each in self._songs)
    def __iter__(self):
        return iter(self._songs)
    def __reversed__(self):
        return iter(self._songs[::-1])
# %% wrong
class Playlist:
    def __init__(self, songs=()):
        self._songs = list(songs)
    def __len__(self):
        return len(self._songs)
    def __getitem__(self, index):
        return self._songs[index]
# %% test
songs = Playlist(["Help", "Yesterday"])
assert len(songs) == 2 and songs[0] == "Help" and songs[-1] == "Yesterday" and songs[0:1] == ["Help"]
try:
    songs[7]
    assert False, "there is no such song"
except IndexError:
    pass
# %% test
assert "help" in songs and "Let It Be" not in songs
songs[1] = "Michelle"
assert list(songs) == ["Help", "Michelle"] and [s.upper() for s in songs] == ["HELP", "MICHELLE"]
del songs[0]
assert len(songs) == 1 and list(reversed(songs)) == ["Michelle"] and bool(Playlist()) is False

# === an iterator class
# %% solution
class Fibonacci:
    def __init__(self, limit):
        self.limit, self.a, self.b = limit, 0, 1
    def __iter__(self):
        return self
    def __next__(self):
        if self.a > self.limit:
            raise StopIteration
        value, self.a, self.b = self.a, self.b, self.a + self.b
        return value
# %% wrong
class Fibonacci:
    def __init__(self, limit):
        self.limit, self.a, self.b = limit, 0, 1
    def __iter__(self):
        return self
    def __next__(self):
        if self.a >= self.limit:
            raise StopIteration
        value, self.a, self.b = self.a, self.b, self.a + self.b
        return value
# %% test
assert list(Fibonacci(8)) == [0, 1, 1, 2, 3, 5, 8]
numbers = Fibonacci(1)
assert iter(numbers) is numbers and [next(numbers), next(numbers), next(numbers)] == [0, 1, 1]
try:
    next(numbers)
    assert False
except StopIteration:
    pass
# %% test
from collections.abc import Iterable, Iterator
assert isinstance(numbers, Iterator) and isinstance(numbers, Iterable) and max(Fibonacci(100)) == 89

# === operators with numbers and with each other
# %% solution
class Vector:
    def __init__(self, *values):
        self.values = tuple(values)
    def __add__(self, other):
        return Vector(*(a + b for a, b in zip(self.values, other.values)))
    def __sub__(self, other):
        return self + (-other)
    def __neg__(self):
        return Vector(*(-a for a in self.values))
    def __mul__(self, other):
        if isinstance(other, Vector):
            return sum(a * b for a, b in zip(self.values, other.values))
        return Vector(*(a * other for a in self.values))
    __rmul__ = __mul__
    def __radd__(self, other):
        return self if other == 0 else NotImplemented
    def __abs__(self):
        return sum(a * a for a in self.values) ** 0.5
    def __eq__(self, other):
        return isinstance(other, Vector) and self.values == other.values
    def __iadd__(self, other):
        self.values = (self + other).values
        return self
    def __matmul__(self, other):
        return self * other
    def __pow__(self, n):
        return Vector(*(a ** n for a in self.values))
# %% wrong
class Vector:
    def __init__(self, *values):
        self.values = tuple(values)
    def __add__(self, other):
        return Vector(*self.values, *other.values)
    def __mul__(self, other):
        return Vector(*(a * other for a in self.values))
    def __eq__(self, other):
        return isinstance(other, Vector) and self.values == other.values
# %% test
v, w = Vector(1, 2), Vector(3, 4)
assert v + w == Vector(4, 6) and (w - v).values == (2, 2) and -v == Vector(-1, -2)
assert v * 2 == 2 * v == Vector(2, 4) and v * w == 11 and v @ w == 11 and w ** 2 == Vector(9, 16)
assert abs(w) == 5 and sum([v, w]) == Vector(4, 6)
# %% test
u = v
u += w
assert u is v and v == Vector(4, 6)
try:
    1 + v
    assert False, "a number and a vector have no sum"
except TypeError:
    pass

# === operators with arrays
# %% teacher
import numpy as np
# %% solution
class Dual:
    __array_priority__ = 100
    def __init__(self, value, slope=1.0):
        self.value, self.slope = value, slope
    def __add__(self, other):
        other = other if isinstance(other, Dual) else Dual(other, 0.0)
        return Dual(self.value + other.value, self.slope + other.slope)
    __radd__ = __add__
    def __mul__(self, other):
        other = other if isinstance(other, Dual) else Dual(other, 0.0)
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)
    __rmul__ = __mul__
    __array_ufunc__ = None
# %% wrong
class Dual:
    def __init__(self, value, slope=1.0):
        self.value, self.slope = value, slope
    def __add__(self, other):
        return Dual(self.value + getattr(other, "value", other), self.slope)
    __radd__ = __add__
    def __mul__(self, other):
        return Dual(self.value * getattr(other, "value", other), self.slope)
    __rmul__ = __mul__
    __array_ufunc__ = None
# %% test
x = Dual(3.0)
y = x * x + 2 * x + 1
assert y.value == 16 and y.slope == 8
# %% test
weights = np.array([1.0, 2.0])
scaled = weights * Dual(weights, np.ones(2))
assert isinstance(scaled, Dual) and np.allclose(scaled.value, [1, 4]) and np.allclose(scaled.slope, [1, 2])

# === objects in arrays' functions
# %% teacher
import numpy as np
# %% solution
class Signal:
    def __init__(self, samples):
        self.samples = np.asarray(samples, dtype=float)
    def __array__(self, dtype=None, copy=None):
        return self.samples if dtype is None else self.samples.astype(dtype)
    def __len__(self):
        return len(self.samples)
# %% wrong
class Signal:
    def __init__(self, samples):
        self.samples = np.asarray(samples, dtype=int)
    def __array__(self, dtype=None, copy=None):
        return self.samples if dtype is None else self.samples.astype(dtype)
    def __len__(self):
        return len(self.samples)
# %% test
s = Signal([1.5, 2.5])
assert np.mean(s) == 2.0 and np.asarray(s).shape == (2,) and np.allclose(s, [1.5, 2.5]) and len(s) == 2

# === a list of one's own is looked at before and after it changes
# %% solution
class Bag(list):
    def __iadd__(self, other):
        self.extend(other)
        return self
    def put(self, item):
        self.append(item)
        return self
# %% wrong
class Bag(list):
    def __iadd__(self, other):
        return self
    def put(self, item):
        self.append(item)
        return self
# %% wrong
class Bag(list):
    def __iadd__(self, other):
        self.extend(other)
        return self
    def put(self, item):
        return self
# %% test
bag = Bag([1])
assert len(bag) == 1 and sum(bag) == 1
bag.put(2)
assert len(bag) == 2 and sum(bag) == 3
bag += [3, 4]
assert len(bag) == 4 and sum(bag) == 10
bag[0] = 5
del bag[1]
bag.sort()
assert list(bag) == [3, 4, 5] and bag[-1] == 5
