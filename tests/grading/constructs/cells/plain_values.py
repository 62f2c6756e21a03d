# ruff: noqa
# fmt: off
"""Calls whose arguments and results are plain values. ../bank.py reads this."""

# === a number from a call
# %% solution
def double(x):
    return 2 * x
# %% wrong
def double(x):
    return x ** 2
# %% wrong
def double(x):
    raise NotImplementedError("Replace this line with your code.")
# %% test
assert double(3) == 6
assert double(-1.5) == -3.0

# === several calls with text
# %% solution
def initials(first, last):
    return f"{first[0]}.{last[0]}."
# %% wrong
def initials(first, last):
    return f"{first[0]}{last[0]}"
# %% test
assert initials("Ada", "Lovelace") == "A.L."
assert initials("Ölger", "Şahin") == "Ö.Ş."

# === keyword and default arguments
# %% solution
def power(base, exponent=2, *, negate=False):
    return -base ** exponent if negate else base ** exponent
# %% wrong
def power(base, exponent=3, *, negate=False):
    return -base ** exponent if negate else base ** exponent
# %% wrong
def power(base, exponent=2):
    return base ** exponent
# %% test
assert power(3) == 9
assert power(exponent=3, base=2) == 8
assert power(2, negate=True) == -4

# === any number of arguments
# %% solution
def describe(*values, **options):
    return (len(values), sorted(options), sum(values) * options.get("scale", 1))
# %% wrong
def describe(*values, **options):
    return (len(values), sorted(options), sum(values))
# %% test
assert describe() == (0, [], 0)
numbers, options = [1, 2, 3], {"scale": 10, "unit": "m"}
assert describe(*numbers, **options) == (3, ["scale", "unit"], 60)

# === wrong arguments are a TypeError
# %% solution
def area(width, height, /):
    return width * height
# %% wrong
def area(width, height):
    return width * height
# %% test
for arguments, options in [((1,), {}), ((1, 2, 3), {}), ((), {"width": 1, "height": 2})]:
    try:
        area(*arguments, **options)
    except TypeError:
        pass
    else:
        raise AssertionError("area takes two positional arguments")

# === lists and their slices
# %% solution
def primes(limit):
    return [n for n in range(2, limit) if all(n % d for d in range(2, n))]
# %% wrong
def primes(limit):
    return [n for n in range(1, limit) if all(n % d for d in range(2, n))]
# %% wrong
def primes(limit):
    return tuple(n for n in range(2, limit) if all(n % d for d in range(2, n)))
# %% test
assert primes(12) == [2, 3, 5, 7, 11]
assert primes(30)[-2:] == [23, 29]
assert primes(30)[0] == 2 and primes(2) == []
assert 9 not in primes(10)
assert [2 * p for p in primes(6)] == [4, 6, 10]

# === dictionaries
# %% solution
def count_words(text):
    counts = {}
    for word in text.lower().split():
        counts[word] = counts.get(word, 0) + 1
    return counts
# %% wrong
def count_words(text):
    return {word: 1 for word in text.lower().split()}
# %% wrong
def count_words(text):
    return text.lower().split()
# %% test
counts = count_words("the cat and the dog")
assert counts == {"the": 2, "cat": 1, "and": 1, "dog": 1}
assert counts["the"] == 2 and "bird" not in counts and counts.get("bird", 0) == 0
assert sorted(counts.items())[0] == ("and", 1)
assert set(counts.keys()) == {"the", "cat", "and", "dog"} and sum(counts.values()) == 5
assert max(counts, key=counts.get) == "the"

# === keys of every plain type
# %% solution
def table():
    return {1: "one", "1": "text", (1, 2): "pair", None: "none", 2.5: "float", frozenset({1}): "set", True and 7: "seven"}
# %% wrong
def table():
    return {1: "one", "1": "text", "(1, 2)": "pair", None: "none", 2.5: "float", frozenset({1}): "set", 7: "seven"}
# %% test
assert table()[(1, 2)] == "pair" and table()[None] == "none"
assert table()[frozenset([1])] == "set" and len(table()) == 7

# === None is returned
# %% solution
def find(needle, haystack):
    for position, item in enumerate(haystack):
        if item == needle:
            return position
# %% wrong
def find(needle, haystack):
    for position, item in enumerate(haystack):
        if item == needle:
            return position
    return -1
# %% wrong
def find(needle, haystack):
    return haystack.index(needle) or None if needle in haystack else None
# %% test
assert find("x", ["a", "b"]) is None
assert find("b", ["a", "b"]) == 1
assert find("a", ["a", "b"]) is not None

# === a bool, not only something true
# %% solution
def is_even(n):
    return n % 2 == 0
# %% wrong
def is_even(n):
    return 1 - n % 2
# %% wrong
def is_even(n):
    return n % 2 == 1
# %% test
assert is_even(4) is True
assert is_even(5) is False
assert not is_even(7) and type(is_even(4)) == bool

# === types of results
# %% solution
def mean(values):
    return sum(values) / len(values)
# %% wrong
def mean(values):
    return sum(values) // len(values)
# %% wrong
def mean(values):
    return str(sum(values) / len(values))
# %% test
assert isinstance(mean([1, 2, 3]), float), "mean must return a float"
assert type(mean([1, 3])) is float and not isinstance(mean([2]), (int, str))
assert mean([1, 2, 3]) == 2

# === numbers that are close
# %% solution
import math
def hypotenuse(a, b):
    return math.sqrt(a ** 2 + b ** 2)
# %% wrong
def hypotenuse(a, b):
    return a + b
# %% wrong
def hypotenuse(a, b):
    return round((a ** 2 + b ** 2) ** 0.5, 1)
# %% test
import math
assert math.isclose(hypotenuse(1, 2), math.sqrt(5), rel_tol=1e-9)
assert abs(hypotenuse(1, 1) - 2 ** 0.5) < 1e-12
assert round(hypotenuse(2, 3), 4) == 3.6056
assert math.floor(hypotenuse(2, 3)) == 3 and f"{hypotenuse(2, 3):.2f}" == "3.61"

# === sorted, set, len, sum, min, max of a result
# %% solution
def divisors(n):
    return {d for d in range(1, n + 1) if n % d == 0}
# %% wrong
def divisors(n):
    return {d for d in range(1, n) if n % d == 0}
# %% wrong
def divisors(n):
    return [d for d in range(1, n + 1) if n % d == 0]
# %% test
assert sorted(divisors(12)) == [1, 2, 3, 4, 6, 12] and len(divisors(12)) == 6
assert divisors(8) | {3} == {1, 2, 3, 4, 8} and divisors(8) & divisors(12) == {1, 2, 4}
assert divisors(8) <= divisors(16) and max(divisors(9)) == 9 and sum(divisors(6)) == 12

# === unpacking
# %% solution
def split_name(name):
    first, *middle, last = name.split()
    return first, middle, last
# %% wrong
def split_name(name):
    return name.split()
# %% test
first, middle, last = split_name("Emmy Amalie Noether")
assert (first, middle, last) == ("Emmy", ["Amalie"], "Noether")
head, *rest = split_name("Kurt Gödel")
assert head == "Kurt" and rest == [[], "Gödel"]

# === nested values
# %% solution
def matrix(rows, columns):
    return {"shape": (rows, columns), "rows": [[r * columns + c for c in range(columns)] for r in range(rows)]}
# %% wrong
def matrix(rows, columns):
    return {"shape": (rows, columns), "rows": [[0] * columns] * rows}
# %% test
made = matrix(2, 3)
assert made["rows"][1][2] == 5 and made["shape"] == (2, 3)
made["rows"][0][0] = 100
assert made["rows"] == [[100, 1, 2], [3, 4, 5]]
assert matrix(1, 1) == {"shape": (1, 1), "rows": [[0]]}

# === methods of text
# %% solution
def shout(text):
    return text.upper() + "!"
# %% wrong
def shout(text):
    return text + "!"
# %% test
assert shout("hi").startswith("HI") and shout("hi").lower() == "hi!"
assert shout("a,b").split(",") == ["A", "B!"] and "HI" in shout("hi")
assert "-".join([shout("x"), shout("y")]) == "X!-Y!" and shout("hi") + "?" == "HI!?"
assert len(shout("")) == 1 and shout("ab")[::-1] == "!BA"

# === f-strings and format
# %% solution
def fraction(part, whole):
    return part / whole
# %% wrong
def fraction(part, whole):
    return whole / part
# %% test
assert f"{fraction(1, 3):.3f}" == "0.333"
assert "{:.0%}".format(fraction(1, 4)) == "25%" and "%5.2f" % fraction(1, 8) == " 0.12"
assert f"{fraction(1, 2)!r}" == "0.5"
