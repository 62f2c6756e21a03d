# ruff: noqa
# fmt: off
"""How solution cells bind names, and how tests and teacher's cells use them."""

# === variables of every plain kind
# %% solution
count, ratio, label, found = 3, 0.25, "blue", None
values = [1, 2]
options = {"a": 1}
ready = True
# %% wrong
count, ratio, label, found = 3, 0.5, "blue", None
values = [1, 2]
options = {"a": 1}
ready = True
# %% wrong
count, ratio, label = 3, 0.25, "blue"
values = [1, 2]
options = {"a": 1}
ready = True
# %% test
assert (count, ratio, label, found) == (3, 0.25, "blue", None)
assert values == [1, 2] and options["a"] == 1 and ready is True and found is None

# === names bound in every other way | falls short: two names of one list are two lists
# %% solution
a, (b, *c) = 1, (2, 3, 4)
total = 0
for i in range(5):
    total += i
with open("/dev/null") as file:
    content = file.read()
if (n := len("walrus")) > 3:
    long = n
import math as m
from math import tau
pi: float = m.pi
try:
    int("x")
except ValueError:
    failed = True
first = second = [0]
# %% wrong
a, (b, *c) = 1, (2, 3, 4)
total = 0
for i in range(5):
    total = i
import math as m
from math import tau
pi: float = m.pi
# %% test
assert a == 1 and b == 2 and c == [3, 4]
assert total == 10 and i == 4
# %% test
assert content == "" and n == 6 == long and file.closed
# %% test
assert m.floor(pi) == 3 and tau > 6 and failed and first is second

# === a module that no cell imports is no name
# %% solution
found = "matplotlib" in globals()
# %% wrong
import matplotlib
found = "matplotlib" in globals()
# %% test
assert found is False and "matplotlib" not in globals()

# === a name deleted
# %% solution
temporary = [1, 2, 3]
result = sum(temporary)
del temporary
# %% wrong
temporary = [1, 2, 3]
result = sum(temporary)
# %% test
assert result == 6
assert "temporary" not in globals()

# === one object under two names | falls short: what a teacher's cell makes is another object in each process
# %% teacher
class Seat:
    pass
seats = [Seat(), Seat(), Seat()]
# %% solution
last = seats[-1]
# %% wrong
last = seats[0]
# %% test
assert last is seats[2]

# === a name that the test takes away for a while
# %% solution
def squares(n):
    return [number ** 2 for number in range(1, n + 1)]
def sum_of_squares(n):
    return sum(squares(n))
# %% wrong
def squares(n):
    return [number ** 2 for number in range(1, n + 1)]
def sum_of_squares(n):
    return sum(number ** 2 for number in range(1, n + 1))
# %% wrong
def squares(n):
    return [number ** 2 for number in range(1, n + 1)]
def sum_of_squares(n):
    return sum(squares(n - 1))
# %% test
kept = squares
del squares
try:
    sum_of_squares(1)
except NameError:
    pass
else:
    raise AssertionError("sum_of_squares does not use squares")
finally:
    squares = kept
assert sum_of_squares(3) == 14

# === an import that the solution must make
# %% solution
import statistics as st
from collections import Counter
# %% wrong
import statistics as st
# %% wrong
from collections import Counter
# %% test
assert st
assert Counter("abca").most_common(1) == [("a", 2)]

# === an import that the solution makes, and a test too
# %% solution
import statistics as st
def middle(values):
    return st.median(values)
# %% wrong
def middle(values):
    return max(values)
# %% test
import statistics as st
assert st.median([1, 2, 9]) == 2
# %% test
assert middle([1, 2, 9]) == st.median([1, 2, 9])

# === later cells use what a test imports and defines
# %% solution
def double(x):
    return 2 * x
# %% wrong
def double(x):
    return x
# %% test
import math as numbers
size = 7
def near(a, b):
    return abs(a - b) < 1e-9
assert near(double(1.5), 3.0)
# %% teacher
whole = numbers.floor(size + 0.5)
# %% solution
def rounded(x):
    return numbers.floor(x + 0.5) if near(x, x) else size
half = size / 2
# %% wrong
def rounded(x):
    return numbers.ceil(x + 0.5) if near(x, x) else size
half = size / 2
# %% wrong
def rounded(x):
    return numbers.floor(x + 0.5)
half = size
# %% test
assert rounded(2.7) == 3 and half == 3.5 and whole == 7

# === the teacher's variable, changed by the learner
# %% teacher
scores = [3, 9, 5]
limit = 5
# %% solution
scores.append(7)
limit = limit + 1
best = max(scores)
# %% wrong
scores = scores + [8]
limit = limit + 1
best = max(scores)
# %% test
assert scores == [3, 9, 5, 7] and limit == 6 and best == 9

# === a global that a function changes
# %% solution
calls = 0
history = []
def record(x):
    global calls
    calls += 1
    history.append(x)
# %% wrong
calls = 0
history = []
def record(x):
    calls = 1
    history.append(x)
# %% test
record("a")
record("b")
assert calls == 2 and history == ["a", "b"]
# %% test
record("c")
assert calls == 3 and len(history) == 3

# === a global of the learner, set by the test
# %% solution
rate = 0.1
def step(w, gradient):
    return w - rate * gradient
# %% wrong
rate = 0.1
def step(w, gradient):
    return w - 0.1 * gradient
# %% test
assert step(1.0, 1.0) == 0.9
rate = 0.5
assert step(1.0, 1.0) == 0.5

# === a mutable global of the learner, changed by the test | falls short: what a test changes in a learner's list or dict does not reach the learner's process
# %% solution
inventory = {"apple": 3}
def sell(item):
    inventory[item] -= 1
    return inventory[item]
# %% wrong
inventory = {"apple": 3}
def sell(item):
    return inventory[item] - 1
# %% test
assert sell("apple") == 2 and inventory == {"apple": 2}
inventory["pear"] = 10
assert sell("pear") == 9 and inventory["pear"] == 9
inventory.clear()
try:
    sell("apple")
    assert False
except KeyError:
    pass

# === a teacher's constant that the learner's function reads, changed by the test
# %% teacher
GRAVITY = 9.81
# %% solution
def weight(mass):
    return mass * GRAVITY
# %% wrong
def weight(mass):
    return mass * 9.81
# %% test
assert weight(2) == 19.62
GRAVITY = 1.6
assert weight(2) == 3.2
GRAVITY = 9.81

# === several solution cells redefine a name
# %% solution
def f(x):
    return x + 1
# %% wrong
def f(x):
    return x + 2
# %% test
assert f(1) == 2
keep = f
# %% solution
def f(x):
    return 10 * x
# %% wrong 1
def f(x):
    return 11 * x
# %% test
assert f(1) == 10 and keep(1) == 2

# === a later solution builds on an earlier one
# %% solution
def sigmoid(x):
    return 1 / (1 + 2.718281828459045 ** -x)
# %% wrong 0
def sigmoid(x):
    return 1 / (1 - 2.718281828459045 ** -x)
# %% test
assert sigmoid(0) == 0.5
# %% solution
def neuron(w, x):
    return sigmoid(sum(a * b for a, b in zip(w, x)))
# %% wrong 1
def neuron(w, x):
    return sum(a * b for a, b in zip(w, x))
# %% test
assert neuron([1, -1], [2, 2]) == sigmoid(0) and neuron([1], [3]) > 0.95

# === a solution's function under the name of a built-in
# %% solution
def sum(values):
    result = 0
    for value in values:
        result = result + value
    return result
# %% wrong
def sum(values):
    return 0
# %% test
assert sum([1, 2, 3]) == 6 and sum([]) == 0
del sum
assert sum([5]) == 5

# === imports of the solution, used by the test
# %% solution
import numpy as np
from collections import Counter
x = np.linspace(0, 1, 5)
# %% wrong
import numpy as np
from collections import Counter
x = np.linspace(0, 1, 4)
# %% test
assert np.allclose(x, [0, 0.25, 0.5, 0.75, 1]) and isinstance(x, np.ndarray)
assert Counter("aab")["a"] == 2

# === only one branch binds the name
# %% solution
import sys
if sys.version_info >= (3, 0):
    def text(x):
        return str(x)
else:
    def text(x):
        return unicode(x)
# %% wrong
def text(x):
    return repr(x)
# %% test
assert text("a") == "a"

# === a helper of one test cell is used in a later one
# %% solution
def fahrenheit(c):
    return c * 9 / 5 + 32
def celsius(f):
    return (f - 32) * 5 / 9
# %% wrong 1
def fahrenheit(c):
    return c * 9 / 5 + 32
def celsius(f):
    return f - 32 * 5 / 9
# %% test
def check(f, *pairs):
    for x, y in pairs:
        assert abs(f(x) - y) < 1e-9, f"{f.__name__}({x}) should be {y}"
check(fahrenheit, (0, 32), (100, 212))
# %% test
check(celsius, (32, 0), (212, 100))

# === a helper in a teacher's cell calls the learner's name
# %% solution
def encode(text, shift):
    return "".join(chr((ord(c) - 97 + shift) % 26 + 97) for c in text)
# %% wrong
def encode(text, shift):
    return "".join(chr(ord(c) + shift) for c in text)
# %% teacher
def round_trip(text, shift):
    return encode(encode(text, shift), -shift)
# %% test
assert encode("xyz", 3) == "abc"
assert round_trip("hello", 11) == "hello"

# === a teacher's cell computes with the learner's function
# %% solution
def normalize(values):
    top = max(values)
    return [value / top for value in values]
# %% wrong
def normalize(values):
    return [value / 10 for value in values]
# %% teacher
data = [2, 4, 8]
normalized = normalize(data)
print("The largest is now", max(normalized))
# %% test
assert normalized == [0.25, 0.5, 1.0]

# === a teacher's class derives from the learner's
# %% solution
class Optimizer:
    def __init__(self, rate):
        self.rate = rate
    def step(self, w, g):
        return w - self.rate * self.scale(g)
    def scale(self, g):
        return g
# %% wrong
class Optimizer:
    def __init__(self, rate):
        self.rate = rate
    def step(self, w, g):
        return w - self.rate * g
    def scale(self, g):
        return g
# %% teacher
class SignSGD(Optimizer):
    def scale(self, g):
        return (g > 0) - (g < 0)
# %% test
assert Optimizer(0.5).step(1.0, 2.0) == 0.0
assert SignSGD(0.5).step(1.0, 2.0) == 0.5

# === an instance that a teacher's cell made
# %% solution
class Queue:
    def __init__(self):
        self.items = []
    def put(self, item):
        self.items.append(item)
    def get(self):
        return self.items.pop(0)
# %% wrong
class Queue:
    def __init__(self):
        self.items = []
    def put(self, item):
        self.items.append(item)
    def get(self):
        return self.items.pop()
# %% teacher
queue = Queue()
for letter in "abc":
    queue.put(letter)
# %% test
assert queue.get() == "a" and len(queue.items) == 2
# %% test
queue.put("d")
assert [queue.get() for _ in range(3)] == ["b", "c", "d"]
