# ruff: noqa
# fmt: off
"""Values of the standard library's types, in and out."""

# === bytes and complex numbers
# %% solution
def spectrum(signal):
    return [complex(value, -value) for value in signal]
def packed(signal):
    return bytes(signal)
# %% wrong
def spectrum(signal):
    return [complex(value, value) for value in signal]
def packed(signal):
    return str(signal)
# %% test
assert spectrum([1, 2])[1] == 2 - 2j and abs(spectrum([3])[0]) == 18 ** 0.5
assert spectrum([1])[0].imag == -1 and packed([65, 66]) == b"AB"
assert packed([1, 2])[0] == 1 and packed([195, 182]).decode() == "ö"

# === huge integers
# %% solution
def factorial(n):
    return 1 if n == 0 else n * factorial(n - 1)
# %% wrong
def factorial(n):
    return float(1 if n == 0 else n * factorial(n - 1))
# %% test
assert factorial(25) == 15511210043330985984000000
assert factorial(60) % 61 == 60 and str(factorial(30)).endswith("0" * 7)
assert factorial(100) // factorial(98) == 9900

# === deep recursion
# %% solution
def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)
# %% wrong
def depth(n):
    return 1 + depth(n - 1)
# %% test
assert depth(500) == 500

# === NaN and infinity
# %% solution
def safe_divide(a, b):
    if b == 0:
        return float("nan") if a == 0 else float("inf")
    return a / b
# %% wrong
def safe_divide(a, b):
    return a / b
# %% wrong
def safe_divide(a, b):
    return 0.0 if b == 0 else a / b
# %% test
import math
assert math.isnan(safe_divide(0, 0)) and safe_divide(0, 0) != safe_divide(0, 0)
assert safe_divide(1, 0) == float("inf") and math.isinf(safe_divide(1, 0))
assert safe_divide(3, 2) == 1.5

# === Decimal and Fraction
# %% solution
from decimal import Decimal
from fractions import Fraction
def price(text):
    return Decimal(text) * 2
def half(n):
    return Fraction(n, 2)
# %% wrong
from decimal import Decimal
from fractions import Fraction
def price(text):
    return float(text) * 2
def half(n):
    return Fraction(n, 2)
# %% wrong
def price(text):
    return Decimal(text) * 2
def half(n):
    return n / 2
# %% test
from decimal import Decimal
from fractions import Fraction
assert price("0.10") == Decimal("0.20") and str(price("0.10")) == "0.20"
assert isinstance(price("1"), Decimal)
assert half(3) == Fraction(3, 2) and half(3).denominator == 2 and half(1) + half(1) == 1

# === Decimal and Fraction as arguments
# %% solution
def total(amounts):
    return sum(amounts[1:], amounts[0])
# %% wrong
def total(amounts):
    return sum(map(float, amounts))
# %% test
from decimal import Decimal
from fractions import Fraction
assert str(total([Decimal("0.1"), Decimal("0.2")])) == "0.3"
assert total([Fraction(1, 3), Fraction(1, 6)]) == Fraction(1, 2)

# === dates
# %% teacher
from datetime import date, datetime, timedelta
# %% solution
def next_week(day):
    return day + timedelta(days=7)
# %% wrong
def next_week(day):
    return day + timedelta(days=6)
# %% wrong
def next_week(day):
    return str(day + timedelta(days=7))
# %% test
assert next_week(date(2024, 2, 25)) == date(2024, 3, 3)
assert next_week(date(2024, 1, 1)).isoformat() == "2024-01-08"
assert next_week(datetime(2024, 1, 1, 12)).hour == 12
assert next_week(date(2024, 1, 1)) - date(2024, 1, 1) == timedelta(weeks=1)

# === paths
# %% solution
from pathlib import Path
def backup(path):
    return Path(path).with_suffix(".bak")
# %% wrong
def backup(path):
    return str(path) + ".bak"
# %% wrong
from pathlib import Path
def backup(path):
    return Path(str(path) + ".bak")
# %% test
from pathlib import Path
assert backup("a/b.txt") == Path("a/b.bak")
assert backup(Path("c.csv")).name == "c.bak" and str(backup("x/y.z").parent) == "x"

# === range, and other values of Python's own types
# %% solution
def evens(n):
    return range(0, n, 2)
# %% wrong
def evens(n):
    return range(1, n, 2)
# %% test
assert list(evens(7)) == [0, 2, 4, 6] and evens(7) == range(0, 7, 2)
assert len(evens(10)) == 5 and 4 in evens(10) and evens(10)[-1] == 8
assert [n for n in evens(5)] == [0, 2, 4]

# === collections' own containers
# %% solution
from collections import Counter, OrderedDict, defaultdict, deque
def letters(text):
    return Counter(text)
def by_length(words):
    groups = defaultdict(list)
    for word in words:
        groups[len(word)].append(word)
    return groups
def last(items, n):
    return deque(items, maxlen=n)
# %% wrong
from collections import Counter, defaultdict, deque
def letters(text):
    return Counter(set(text))
def by_length(words):
    return {len(word): [word] for word in words}
def last(items, n):
    return deque(items)
# %% test
assert letters("abca").most_common(1) == [("a", 2)] and letters("abca")["z"] == 0
assert letters("aab") - letters("ab") == letters("a")
# %% test
assert by_length(["a", "b", "cc"]) == {1: ["a", "b"], 2: ["cc"]}
assert dict(by_length(["a"])) == {1: ["a"]} and isinstance(by_length([]), dict)
# %% test
assert list(last(range(5), 2)) == [3, 4] and last("abc", 1)[0] == "c"

# === a regular expression's match
# %% solution
import re
def year_in(text):
    return re.search(r"(\d{4})-(\d{2})", text)
# %% wrong
import re
def year_in(text):
    return re.search(r"(\d{2})-(\d{2})", text)
# %% test
assert year_in("on 2024-05-01").group(1) == "2024" and year_in("nothing") is None
assert year_in("2024-05").groups() == ("2024", "05")
