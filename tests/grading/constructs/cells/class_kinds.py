# ruff: noqa
# fmt: off
"""Classes that come from the standard library's, and its ways to write one."""

# === from Exception
# %% solution
class BankError(Exception):
    """The base of ours."""
class InsufficientFunds(BankError):
    def __init__(self, needed):
        super().__init__(f"{needed} more needed")
        self.needed = needed
def withdraw(balance, amount):
    if amount > balance:
        raise InsufficientFunds(amount - balance)
    return balance - amount
# %% wrong
class BankError(Exception):
    """The base of ours."""
class InsufficientFunds(Exception):
    def __init__(self, needed):
        super().__init__(f"{needed} more needed")
        self.needed = needed
def withdraw(balance, amount):
    if amount > balance:
        raise InsufficientFunds(amount - balance)
    return balance - amount
# %% wrong
class BankError(Exception):
    pass
class InsufficientFunds(BankError):
    needed = 5
def withdraw(balance, amount):
    if amount > balance:
        return InsufficientFunds("5 more needed")
    return balance - amount
# %% test
try:
    withdraw(10, 15)
    caught = None
except BankError as error:
    caught = error
assert isinstance(caught, InsufficientFunds) and caught.needed == 5 and str(caught) == "5 more needed"
assert caught.args == ("5 more needed",) and withdraw(10, 4) == 6
# %% test
assert issubclass(InsufficientFunds, BankError) and issubclass(BankError, Exception)
assert not issubclass(BankError, ValueError) and BankError.__name__ == "BankError"

# === from dict, list, tuple, str and int
# %% solution
class Default(dict):
    def __missing__(self, key):
        return 0
class Stack(list):
    def push(self, item):
        self.append(item)
    def peek(self):
        return self[-1]
class Pair(tuple):
    @property
    def swapped(self):
        return Pair(self[::-1])
class Slug(str):
    def words(self):
        return self.split("-")
# %% wrong
class Default(dict):
    pass
class Stack(list):
    def push(self, item):
        self.insert(0, item)
    def peek(self):
        return self[-1]
class Pair(tuple):
    @property
    def swapped(self):
        return self
class Slug(str):
    def words(self):
        return self.split("_")
# %% test
counts = Default(a=1)
assert counts["a"] == 1 and counts["zz"] == 0 and counts == {"a": 1} and isinstance(counts, dict)
counts["b"] += 2
assert dict(counts) == {"a": 1, "b": 2} and sorted(counts) == ["a", "b"]
# %% test
stack = Stack([1])
stack.push(2)
assert stack.peek() == 2 and stack == [1, 2] and len(stack) == 2 and stack.pop() == 2 and list(stack) == [1]
# %% test
assert Pair((1, 2)).swapped == (2, 1) and isinstance(Pair((1, 2)).swapped, Pair)
# %% test
assert Slug("a-b").words() == ["a", "b"] and Slug("x") == "x" and Slug("x").upper() == "X"

# === dataclasses
# %% solution
from dataclasses import dataclass, field
@dataclass(order=True)
class Student:
    name: str
    grade: float = 0.0
    courses: list = field(default_factory=list)
@dataclass(frozen=True)
class Point:
    x: float
    y: float
# %% wrong
from dataclasses import dataclass, field
@dataclass
class Student:
    name: str
    grade: float = 0.0
    courses: list = field(default_factory=list)
@dataclass
class Point:
    x: float
    y: float
# %% wrong
class Student:
    def __init__(self, name, grade=0.0, courses=()):
        self.name, self.grade, self.courses = name, grade, list(courses)
class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y
# %% test
ada = Student("Ada", 1.0)
assert ada == Student("Ada", 1.0, []) and ada != Student("Bob") and ada < Student("Bob")
assert repr(ada) == "Student(name='Ada', grade=1.0, courses=[])" and ada.courses is not Student("Ada").courses
# %% test
from dataclasses import FrozenInstanceError
assert len({Point(1, 2), Point(1, 2), Point(2, 1)}) == 2
try:
    Point(1, 2).x = 5
    assert False, "a point cannot be changed"
except FrozenInstanceError:
    pass

# === what dataclasses.fields and asdict say
# %% solution
from dataclasses import dataclass
@dataclass
class Config:
    rate: float
    epochs: int = 3
# %% wrong
class Config:
    def __init__(self, rate, epochs=3):
        self.rate, self.epochs = rate, epochs
# %% test
import dataclasses
assert dataclasses.is_dataclass(Config)
assert dataclasses.asdict(Config(0.1)) == {"rate": 0.1, "epochs": 3}
assert [f.name for f in dataclasses.fields(Config)] == ["rate", "epochs"]
assert dataclasses.replace(Config(0.1), epochs=5).epochs == 5

# === named tuples
# %% solution
from collections import namedtuple
from typing import NamedTuple
Point = namedtuple("Point", "x y")
class Color(NamedTuple):
    red: int
    green: int = 0
def middle(a, b):
    return Point((a.x + b.x) / 2, (a.y + b.y) / 2)
# %% wrong
from collections import namedtuple
from typing import NamedTuple
Point = namedtuple("Point", "x y")
class Color(NamedTuple):
    red: int
    green: int = 0
def middle(a, b):
    return (a.x + b.x) / 2, (a.y + b.y) / 2
# %% test
m = middle(Point(0, 0), Point(2, y=4))
assert m.x == 1 and m == (1, 2) and m[1] == 2 and isinstance(m, tuple)
x, y = m
assert (x, y) == (1, 2) and Point._fields == ("x", "y") and m._replace(x=9) == (9, 2) and m._asdict() == {"x": 1, "y": 2}
# %% test
assert Color(5).green == 0 and Color(5) == (5, 0) and sum(Color(1, 2)) == 3 and "red=5" in repr(Color(5))

# === enums
# %% solution
from enum import Enum, IntEnum, auto
class Light(Enum):
    RED = 1
    GREEN = 2
    YELLOW = 3
    def next(self):
        return {Light.RED: Light.GREEN, Light.GREEN: Light.YELLOW, Light.YELLOW: Light.RED}[self]
class Level(IntEnum):
    LOW = auto()
    HIGH = auto()
# %% wrong
from enum import IntEnum
class Light:
    RED = 1
    GREEN = 2
    YELLOW = 3
    def next(self):
        return self % 3 + 1
class Level(IntEnum):
    LOW = 0
    HIGH = 1
# %% test
assert Light.RED.next() is Light.GREEN and Light.YELLOW.next() == Light.RED != Light.GREEN
assert Light(2) is Light.GREEN and Light["RED"].value == 1 and Light.RED.name == "RED"
assert len(Light) == 3 and [light.name for light in Light] == ["RED", "GREEN", "YELLOW"]
assert isinstance(Light.RED, Light) and {Light.RED: "stop"}[Light.RED] == "stop"
# %% test
assert Level.HIGH == 2 and Level.LOW < Level.HIGH and sorted([Level.HIGH, Level.LOW])[0] is Level.LOW
