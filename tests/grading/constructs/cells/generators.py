# ruff: noqa
# fmt: off
"""Generators, iterators and context managers."""

# === a generator, with next and for
# %% solution
def countdown(n):
    while n > 0:
        yield n
        n -= 1
# %% wrong
def countdown(n):
    while n >= 0:
        yield n
        n -= 1
# %% wrong
def countdown(n):
    return list(range(n, 0, -1))
# %% test
numbers = countdown(2)
assert next(numbers) == 2 and next(numbers) == 1
try:
    next(numbers)
except StopIteration:
    pass
else:
    raise AssertionError("the generator must end")
assert next(numbers, "end") == "end"
# %% test
assert list(countdown(3)) == [3, 2, 1] and sum(countdown(4)) == 10 and 2 in countdown(3)
total = 0
for value in countdown(3):
    total += value
assert total == 6 and tuple(zip(countdown(2), "ab")) == ((2, "a"), (1, "b"))
assert iter(numbers) is numbers and not isinstance(numbers, list)

# === an endless generator
# %% solution
def naturals(start=0):
    while True:
        yield start
        start += 1
# %% wrong
def naturals(start=0):
    yield start
# %% test
from itertools import count, islice, takewhile
assert list(islice(naturals(), 4)) == [0, 1, 2, 3]
assert list(takewhile(lambda n: n < 7, naturals(5))) == [5, 6]
assert [a + b for a, b in zip(naturals(1), [10, 20])] == [11, 22]

# === a generator that reads the test's iterator
# %% solution
def pairs(items):
    items = iter(items)
    for first in items:
        yield first, next(items, None)
# %% wrong
def pairs(items):
    items = list(items)
    yield from zip(items, items[1:])
# %% test
assert list(pairs("abc")) == [("a", "b"), ("c", None)]
taken = []
def source():
    for n in range(6):
        taken.append(n)
        yield n
assert next(pairs(source())) == (0, 1) and taken == [0, 1], "no more is read than is asked for"

# === send, throw and close
# %% solution
def average():
    total, count, value = 0, 0, None
    while True:
        sent = yield value
        total, count = total + sent, count + 1
        value = total / count
# %% wrong
def average():
    value = None
    while True:
        value = yield value
# %% test
running = average()
next(running)
assert running.send(10) == 10 and running.send(20) == 15
running.close()
assert next(running, None) is None

# === inspect knows a generator | falls short: a learner's generator is not of the type GeneratorType
# %% solution
def letters():
    yield from "ab"
# %% wrong
def letters():
    return iter("ab")
# %% test
import inspect
import types
assert inspect.isgeneratorfunction(letters)
assert isinstance(letters(), types.GeneratorType)

# === zip, map and filter objects come back
# %% solution
def labeled(names, values):
    return zip(names, values)
def upper(words):
    return map(str.upper, words)
def reverse(words):
    return reversed(words)
# %% wrong
def labeled(names, values):
    return zip(values, names)
def upper(words):
    return map(str.lower, words)
def reverse(words):
    return None
# %% test
assert dict(labeled("ab", [1, 2])) == {"a": 1, "b": 2}
assert list(upper(["x"])) == ["X"] and next(upper("q")) == "Q" and list(reverse([1, 2])) == [2, 1]

# === the learner's context manager
# %% solution
from contextlib import contextmanager
log = []
@contextmanager
def section(name):
    log.append("begin " + name)
    try:
        yield name.upper()
    finally:
        log.append("end " + name)
# %% wrong
from contextlib import contextmanager
log = []
@contextmanager
def section(name):
    log.append("begin " + name)
    yield name.upper()
    log.append("end " + name)
# %% test
with section("one") as title:
    assert title == "ONE" and log == ["begin one"]
assert log == ["begin one", "end one"]
# %% test
try:
    with section("two"):
        raise ValueError("inside")
except ValueError as error:
    assert str(error) == "inside"
assert log[-1] == "end two"
