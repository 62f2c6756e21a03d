# ruff: noqa
# fmt: off
"""Functions that take and give functions."""

# === a closure comes back
# %% solution
def adder(n):
    def add(x):
        return x + n
    return add
# %% wrong
def adder(n):
    return lambda x: x * n
# %% wrong
def adder(n):
    return n
# %% test
add_three = adder(3)
assert add_three(4) == 7 and adder(-1)(1) == 0
assert callable(add_three)
assert [f(10) for f in map(adder, range(3))] == [10, 11, 12]

# === a closure with state
# %% solution
def counter():
    count = 0
    def increase(by=1):
        nonlocal count
        count += by
        return count
    return increase
# %% wrong
count = 0
def counter():
    def increase(by=1):
        global count
        count += by
        return count
    return increase
# %% test
first, second = counter(), counter()
assert [first(), first(), second()] == [1, 2, 1], "each counter has a count of its own"
assert first(by=5) == 7

# === several functions come back
# %% solution
def account(balance):
    def deposit(amount):
        nonlocal balance
        balance += amount
    return {"deposit": deposit, "balance": lambda: balance}
def operations():
    return [lambda x, n=n: x ** n for n in range(3)]
# %% wrong
def account(balance):
    return {"deposit": lambda amount: balance + amount, "balance": lambda: balance}
def operations():
    return [lambda x: x ** n for n in range(3)]
# %% test
mine = account(10)
mine["deposit"](5)
assert mine["balance"]() == 15 and sorted(mine) == ["balance", "deposit"]
# %% test
assert [f(2) for f in operations()] == [1, 2, 4]

# === a decorator on the test's function
# %% solution
import functools
def memoize(function):
    cache = {}
    @functools.wraps(function)
    def remembered(*args):
        if args not in cache:
            cache[args] = function(*args)
        return cache[args]
    return remembered
# %% wrong
import functools
def memoize(function):
    @functools.wraps(function)
    def remembered(*args):
        return function(*args)
    return remembered
# %% wrong
def memoize(function):
    cache = {}
    def remembered(*args):
        return cache.setdefault(args, args[0])
    return remembered
# %% test
calls = []
@memoize
def square(x):
    calls.append(x)
    return x * x
assert [square(3), square(3), square(4)] == [9, 9, 16]
assert calls == [3, 4], "the function is called once for each argument"
assert square.__name__ == "square"

# === a decorator with arguments
# %% solution
def repeat(times):
    def decorate(function):
        def repeated(*args, **kwargs):
            return [function(*args, **kwargs) for _ in range(times)]
        return repeated
    return decorate
# %% wrong
def repeat(times):
    def decorate(function):
        return lambda *args, **kwargs: [function(*args, **kwargs)] * (times + 1)
    return decorate
# %% test
@repeat(times=3)
def greet(name, sign="!"):
    return f"Hi {name}{sign}"
assert greet("Bo") == ["Hi Bo!"] * 3 and greet("Bo", sign="?")[0] == "Hi Bo?"

# === the learner's decorated function
# %% solution
from functools import lru_cache
@lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
# %% wrong
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
# %% test
assert fib(20) == 6765
assert fib.cache_info().misses == 21 and hasattr(fib, "cache_clear")

# === the learner's decorator keeps what it wraps
# %% solution
import functools
def once(f):
    @functools.wraps(f)
    def wrapper(items):
        return f(list(dict.fromkeys(items)))
    return wrapper
@once
def total(items):
    return sum(items)
# %% wrong
def once(f):
    def wrapper(items):
        return f(list(dict.fromkeys(items)))
    return wrapper
@once
def total(items):
    return sum(items)
# %% wrong
import functools
def once(f):
    return functools.wraps(f)(lambda items: f(items))
@once
def total(items):
    return sum(items)
# %% test
def longest(items):
    return len(items)
decorated = once(longest)
assert decorated([1, 1, 2]) == 2 and decorated.__wrapped__([1, 1, 2]) == 3 and decorated.__name__ == "longest"
assert total([2, 2, 3]) == 5 and total.__wrapped__([2, 2, 3]) == 7

# === the test's recursive function with the learner's decorator
# %% solution
def memoized(f):
    known = {}
    def inner(n):
        if n not in known:
            known[n] = f(n)
        return known[n]
    return inner
# %% wrong
def memoized(f):
    def inner(n):
        return f(n + 1) if n else f(n)
    return inner
# %% wrong
def memoized(f):
    return lambda n: 0
# %% test
@memoized
def down(n):
    return 0 if n <= 0 else 1 + down(n - 1)
assert down(300) == 300
@memoized
def endless(n):
    return endless(n + 1)
try:
    endless(0)
except RecursionError:
    pass
else:
    assert False
assert down(4) == 4

# === functools.partial
# %% solution
from functools import partial
def scaled(value, factor):
    return value * factor
double = partial(scaled, factor=2)
# %% wrong
from functools import partial
def scaled(value, factor):
    return value * factor
double = partial(scaled, 2, factor=2)
# %% test
assert double(4) == 8
assert double.keywords == {"factor": 2} and double.func(3, 3) == 9
from functools import partial
assert partial(scaled, 5)(factor=3) == 15 and isinstance(double, partial)

# === a lambda of the test is called back
# %% solution
def apply_twice(f, x):
    return f(f(x))
# %% wrong
def apply_twice(f, x):
    return 2 * f(x)
# %% wrong
def apply_twice(f, x):
    return f(x)
# %% test
assert apply_twice(lambda x: x + 3, 1) == 7
assert apply_twice(lambda text: text[::-1], "abc") == "abc"
assert apply_twice(lambda row: [row], 0) == [[0]]

# === a callback with state
# %% solution
def train(steps, on_step=None):
    loss = 1.0
    for step in range(steps):
        loss /= 2
        if on_step is not None:
            on_step(step, loss=loss)
    return loss
# %% wrong
def train(steps, on_step=None):
    loss = 1.0
    for step in range(steps):
        loss /= 2
    if on_step is not None:
        on_step(step, loss=loss)
    return loss
# %% test
history = []
assert train(3, on_step=lambda step, loss: history.append((step, loss))) == 0.125
assert history == [(0, 0.5), (1, 0.25), (2, 0.125)]
class Recorder:
    def __init__(self):
        self.losses = []
    def __call__(self, step, loss):
        self.losses.append(loss)
recorder = Recorder()
train(2, recorder)
assert recorder.losses == [0.5, 0.25]

# === how often the learner calls back
# %% solution
def bisect(f, low, high, tolerance=1e-6):
    f_low = f(low)
    while high - low > tolerance:
        middle = (low + high) / 2
        f_middle = f(middle)
        if (f_low < 0) == (f_middle < 0):
            low, f_low = middle, f_middle
        else:
            high = middle
    return (low + high) / 2
# %% wrong
def bisect(f, low, high, tolerance=1e-6):
    x = low
    while f(x) < 0:
        x += 0.001
    return x
# %% test
evaluations = 0
def f(x):
    global evaluations
    evaluations += 1
    return x ** 2 - 2
assert abs(bisect(f, 0, 2) - 2 ** 0.5) < 1e-6
assert evaluations < 40, "halve the interval"

# === a callback raises
# %% solution
def safe(f, default):
    try:
        return f()
    except ZeroDivisionError:
        return default
# %% wrong
def safe(f, default):
    return f()
# %% wrong
def safe(f, default):
    try:
        return f()
    except Exception:
        return default
# %% test
assert safe(lambda: 1 / 0, default=-1) == -1 and safe(lambda: 5, default=-1) == 5
try:
    safe(lambda: {}["missing"], default=-1)
    raise AssertionError("only ZeroDivisionError is caught")
except KeyError:
    pass

# === built-in and NumPy functions as arguments
# %% teacher
import math
import operator
import numpy as np
# %% solution
def transform(f, values):
    return [f(value) for value in values]
def fold(f, values, start):
    for value in values:
        start = f(start, value)
    return start
# %% wrong
def transform(f, values):
    return [str(value) for value in values]
def fold(f, values, start):
    return sum(values, start)
# %% test
assert transform(abs, [-1, 2]) == [1, 2] and transform(str.upper, ["a"]) == ["A"]
assert transform(math.sqrt, [4, 9]) == [2, 3] and transform(int, ["1", "2"]) == [1, 2]
assert np.allclose(transform(np.sin, [0.0, 1.0]), np.sin([0, 1]))
# %% test
assert fold(operator.mul, [2, 3, 4], 1) == 24 and fold(max, [2, 9, 4], 0) == 9

# === the learner's functions as the learner's arguments
# %% solution
def increase(x):
    return x + 1
def compose(*functions):
    def composed(x):
        for function in reversed(functions):
            x = function(x)
        return x
    return composed
def first(pair):
    return pair[0]
# %% wrong
def increase(x):
    return x + 1
def compose(*functions):
    def composed(x):
        for function in functions:
            x = function(x)
        return x
    return composed
def first(pair):
    return str(pair[0])
# %% test
double = lambda x: 2 * x
assert compose(increase, double)(5) == 11 and compose(double, increase)(5) == 12
assert compose(increase, increase, compose())(0) == 2
# %% test
assert first((increase, 1)) is increase and first([double]) is double

# === map, filter, sorted and reduce with the learner's function
# %% solution
def last_letter(word):
    return word[-1]
def is_long(word):
    return len(word) > 3
def merge(a, b):
    return a + b[0]
# %% wrong
def last_letter(word):
    return word[0]
def is_long(word):
    return len(word) < 3
def merge(a, b):
    return b[0] + a
# %% test
words = ["pear", "fig", "plum"]
assert sorted(words, key=last_letter) == ["fig", "plum", "pear"] and max(words, key=last_letter) == "pear"
assert sorted(words, key=last_letter, reverse=True)[0] == "pear" and min(words, key=len) == "fig"
# %% test
assert list(filter(is_long, words)) == ["pear", "plum"] and list(map(is_long, words)) == [True, False, True]
assert any(map(is_long, words)) and not all(is_long(word) for word in words)
# %% test
from functools import cmp_to_key, reduce
from itertools import groupby
assert reduce(merge, words, "") == "pfp"
assert [letter for letter, _ in groupby(words, key=last_letter)] == ["r", "g", "m"]
assert sorted(words, key=cmp_to_key(lambda a, b: len(a) - len(b)))[0] == "fig"
