# ruff: noqa
# fmt: off
"""How points are given: partial credit, what a test shows, autotests."""

# === partial credit by the last number
# %% solution
def grade(score):
    return "A" if score >= 90 else "B" if score >= 80 else "C"
# %% wrong 2
def grade(score):
    return "A" if score > 90 else "B" if score >= 80 else "C"
# %% wrong 1
def grade(score):
    return "C"
# %% wrong 0
def grade(score):
    return None
# %% test 3
points = 0
if grade(95) == "A" and grade(90) == "A":
    points += 1
if grade(85) == "B":
    points += 1
if grade(10) == "C":
    points += 1
points

# === partial credit as a share
# %% solution
def classify(n):
    return "fizz" * (n % 3 == 0) + "buzz" * (n % 5 == 0) or n
# %% wrong 2.5
def classify(n):
    return "fizz" * (n % 3 == 0) or "buzz" * (n % 5 == 0) or n
# %% test 3
cases = {1: 1, 3: "fizz", 5: "buzz", 15: "fizzbuzz", 7: 7, 9: "fizz"}
passed = sum(classify(n) == expected for n, expected in cases.items())
round(3 * passed / len(cases), 2)

# === the last expression is no number
# %% solution
def square(x):
    return x * x
# %% wrong
def square(x):
    return x + x
# %% test 2
assert square(3) == 9
"all tests passed"

# === a result is shown as the last expression
# %% solution
def halves(n):
    return [n / 2, n / 4]
# %% wrong 0
def halves(n):
    return n / 2
# %% test 2
assert halves(8)[1] == 2
halves(8)

# === messages of asserts with results in them
# %% solution
def area(r):
    return 3 * r * r
# %% wrong
def area(r):
    return 3 * r
# %% test
got = area(2)
assert got == 12, f"area(2) should be 12, you return {got!r} of type {type(got).__name__}"
print("area(2) =", got, "as expected")

# === a loop over names by eval and getattr
# %% solution
def add(a, b):
    return a + b
def sub(a, b):
    return a - b
# %% wrong
def add(a, b):
    return a + b
def sub(a, b):
    return b - a
# %% test
for name, expected in {"add": 7, "sub": 3}.items():
    assert eval(f"{name}(5, 2)") == expected
    assert globals()[name](5, 2) == expected

# === autotests on variables
# %% solution
n = 12
ratio = 2 / 3
names = ["b", "a"]
pair = (1, "x")
unique = {3, 1}
word = "Tensor"
ages = {"ada": 36, "bob": 41}
ready = False
nothing = None
# %% wrong
n = 12
ratio = 2 / 3
names = ["a", "b"]
pair = (1, "x")
unique = {3, 1}
word = "Tensor"
ages = {"ada": 36, "bob": 41}
ready = False
nothing = None
# %% wrong
n = 12.0
ratio = 2 / 3
names = ["b", "a"]
pair = (1, "x")
unique = {3, 1}
word = "Tensor"
ages = {"ada": 36, "bob": 41}
ready = False
nothing = None
# %% wrong
n = 12
ratio = 2 / 3
names = ["b", "a"]
pair = (1, "x")
unique = {3, 1}
word = "tensor"
ages = {"ada": 36, "bob": 40}
ready = 0
nothing = 0
# %% test
# AUTOTEST n; ratio; names; pair; unique
# AUTOTEST word; ages; ready; nothing

# === hashed autotests on variables
# %% solution
n = 12
ratio = 2 / 3
names = ["b", "a"]
word = "Tensor"
ages = {"ada": 36, "bob": 41}
# %% wrong
n = 13
ratio = 2 / 3
names = ["b", "a"]
word = "Tensor"
ages = {"ada": 36, "bob": 41}
# %% wrong
n = 12
ratio = 2 / 3
names = ("b", "a")
word = "Tensor"
ages = {"ada": 36, "bob": 41}
# %% test
# HASHED AUTOTEST n; ratio; names
# HASHED AUTOTEST word; ages

# === hashed autotests on calls
# %% solution
def mean(values):
    return sum(values) / len(values)
def tally(text):
    return {c: text.count(c) for c in text}
# %% wrong
def mean(values):
    return sum(values) // len(values)
def tally(text):
    return {c: text.count(c) for c in text}
# %% test
# HASHED AUTOTEST mean([1, 2]); mean([4.0, 5.5, 6.5])
# AUTOTEST tally("abba"); mean([3])
# %% test
numbers = list(range(5))
# HASHED AUTOTEST [mean(numbers[:n]) for n in range(1, 4)]; mean(numbers) > 1

# === autotests on arrays and objects
# %% teacher
import numpy as np
# %% solution
grid = np.arange(6).reshape(2, 3)
largest = grid.max()
class Box:
    def __repr__(self):
        return "Box()"
box = Box()
# %% wrong
grid = np.arange(6).reshape(3, 2)
largest = grid.max()
class Box:
    def __repr__(self):
        return "Box()"
box = Box()
# %% wrong
grid = np.arange(6).reshape(2, 3)
largest = int(grid.max())
class Box:
    def __repr__(self):
        return "Box()"
box = Box()
# %% test
# HASHED AUTOTEST grid; largest; grid.shape
# %% test
# HASHED AUTOTEST box; grid.dtype
