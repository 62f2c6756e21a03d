# ruff: noqa
# fmt: off
"""Exceptions, warnings, unittest and what it patches."""

# === a built-in exception is expected
# %% solution
def root(x):
    if x < 0:
        raise ValueError(f"no real root of {x}")
    return x ** 0.5
# %% wrong
def root(x):
    return x ** 0.5
# %% wrong
def root(x):
    if x < 0:
        raise TypeError(f"no real root of {x}")
    return x ** 0.5
# %% wrong
def root(x):
    assert x >= 0, "no real root"
    return x ** 0.5
# %% test
try:
    root(-4)
except ValueError as error:
    assert str(error) == "no real root of -4" and error.args[0].startswith("no real")
else:
    assert False, "a ValueError is expected"
assert root(9) == 3

# === exceptions that Python raises
# %% solution
def pick(items, index):
    return items[index]
def ratio(a, b):
    return a / b
# %% wrong
def pick(items, index):
    return items[index] if index in range(len(items)) else None
def ratio(a, b):
    return a / b if b else 0
# %% test
for call, kind in [
    (lambda: pick([1], 5), IndexError),
    (lambda: pick({}, "a"), KeyError),
    (lambda: ratio(1, 0), ZeroDivisionError),
    (lambda: ratio("a", 2), TypeError),
    (lambda: pick(None, 0), TypeError),
    (lambda: ratio(1, 0), ArithmeticError),
    (lambda: pick([], 0), (LookupError, ValueError)),
]:
    try:
        call()
    except kind:
        continue
    raise AssertionError(f"{kind} is expected")

# === a helper in the way of pytest.raises
# %% teacher
from contextlib import contextmanager
@contextmanager
def raises(kind, match=""):
    try:
        yield
    except kind as error:
        assert match in str(error), f"unexpected message: {error}"
    else:
        raise AssertionError(f"{kind.__name__} was not raised")
# %% solution
def parse_age(text):
    age = int(text)
    if age < 0:
        raise ValueError("negative age")
    return age
# %% wrong
def parse_age(text):
    return int(text)
# %% wrong
def parse_age(text):
    age = int(text)
    if age < 0:
        raise ValueError
    return age
# %% test
with raises(ValueError, match="negative"):
    parse_age("-3")
with raises(ValueError, match="invalid literal"):
    parse_age("x")
assert parse_age("7") == 7

# === pytest.raises and pytest.approx
# %% solution
def divide(a, b):
    if b == 0:
        raise ZeroDivisionError("b is 0")
    return a / b
# %% wrong
def divide(a, b):
    return a // b if b else None
# %% test
import pytest
with pytest.raises(ZeroDivisionError, match="b is"):
    divide(1, 0)
assert divide(1, 3) == pytest.approx(0.333333, rel=1e-4)

# === the learner's exception by the learner's name
# %% solution
class EmptyStack(Exception):
    pass
class Stack:
    def __init__(self):
        self.items = []
    def pop(self):
        if not self.items:
            raise EmptyStack("nothing to pop")
        return self.items.pop()
# %% wrong
class EmptyStack(Exception):
    pass
class Stack:
    def __init__(self):
        self.items = []
    def pop(self):
        return self.items.pop()
# %% test
try:
    Stack().pop()
except EmptyStack as error:
    assert type(error) is EmptyStack and "nothing" in str(error) and repr(error) == "EmptyStack('nothing to pop')"
except Exception as error:
    raise AssertionError(f"EmptyStack is expected, not {type(error).__name__}")
else:
    raise AssertionError("EmptyStack is expected")

# === the cause of an exception
# %% solution
class ConfigError(Exception):
    pass
def read(config):
    try:
        return config["rate"]
    except KeyError as error:
        raise ConfigError("rate is missing") from error
# %% wrong
class ConfigError(Exception):
    pass
def read(config):
    if "rate" not in config:
        raise ConfigError("rate is missing")
    return config["rate"]
# %% test
try:
    read({})
    assert False
except ConfigError as error:
    assert isinstance(error.__cause__, KeyError)

# === an exception that the test raises with the learner's class
# %% solution
class Retry(Exception):
    pass
def persist(action, tries):
    for attempt in range(1, tries + 1):
        try:
            return action(attempt)
        except Retry:
            pass
    return None
# %% wrong
class Retry(Exception):
    pass
def persist(action, tries):
    return action(1)
# %% test
def action(attempt):
    if attempt < 3:
        raise Retry()
    return f"done at {attempt}"
assert persist(action, 5) == "done at 3" and persist(action, 2) is None

# === SystemExit and StopIteration from a call
# %% solution
import sys
def quit_on_error(code):
    if code:
        sys.exit(code)
    return "fine"
def exhausted():
    return next(iter([]))
# %% wrong
def quit_on_error(code):
    return "fine"
def exhausted():
    return None
# %% test
try:
    quit_on_error(3)
    assert False, "it must exit"
except SystemExit as error:
    assert error.code == 3
assert quit_on_error(0) == "fine"
# %% test
try:
    exhausted()
    assert False
except StopIteration:
    pass

# === warnings are caught
# %% solution
import warnings
def old(x):
    warnings.warn("use new()", DeprecationWarning, stacklevel=2)
    return x
# %% wrong
def old(x):
    return x
# %% wrong
import warnings
def old(x):
    warnings.warn("use new()", UserWarning)
    return x
# %% test
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    assert old(1) == 1
assert len(caught) == 1 and issubclass(caught[0].category, DeprecationWarning)
assert "new" in str(caught[0].message)

# === warnings as errors
# %% teacher
import numpy as np
# %% solution
def log_or_zero(x):
    return np.log(np.where(x > 0, x, 1.0))
# %% wrong
def log_or_zero(x):
    return np.where(x > 0, np.log(x), 0.0)
# %% test
import warnings
assert np.allclose(log_or_zero(np.array([1.0, np.e])), [0, 1])
with warnings.catch_warnings():
    warnings.simplefilter("error")
    assert log_or_zero(np.array([0.0, 1.0])).tolist() == [0, 0], "no warnings, please"

# === assertions outside of asserts
# %% solution
def solve():
    return {"x": 1, "y": [2.0, 3.0]}
# %% wrong
def solve():
    return {"x": 1, "y": [2.0, 3.5]}
# %% test
if solve()["x"] != 1:
    raise ValueError("x is wrong")
ok = True
for got, expected in zip(solve()["y"], [2.0, 3.0]):
    ok = ok and abs(got - expected) < 1e-9
assert ok, "y is wrong"

# === unittest's assertions without a test case
# %% teacher
from unittest import TestCase
tc = TestCase()
# %% solution
def split_evenly(total, people):
    return [total / people] * people
# %% wrong
def split_evenly(total, people):
    return [total // people] * people
# %% test
tc.assertEqual(split_evenly(6, 3), [2, 2, 2])
tc.assertAlmostEqual(split_evenly(1, 3)[0], 0.3333333, places=6)
tc.assertIsInstance(split_evenly(4, 2), list)
tc.assertCountEqual(split_evenly(10, 4), [2.5, 2.5, 2.5, 2.5])
tc.assertListEqual(split_evenly(3, 1), [3])
tc.assertTrue(all(share > 0 for share in split_evenly(9, 2)))
tc.assertIn(4.5, split_evenly(9, 2))
tc.assertRaises(ZeroDivisionError, split_evenly, 1, 0)
with tc.assertRaisesRegex(TypeError, "unsupported"):
    split_evenly("a", 2)

# === a test case that is run in the cell
# %% solution
class Counter:
    def __init__(self):
        self.n = 0
    def up(self):
        self.n += 1
        return self.n
# %% wrong
class Counter:
    def __init__(self):
        self.n = 0
    def up(self):
        self.n = 1
        return self.n
# %% test
import unittest
class TestCounter(unittest.TestCase):
    def setUp(self):
        self.counter = Counter()
    def test_starts_at_zero(self):
        self.assertEqual(self.counter.n, 0)
    def test_counts(self):
        self.counter.up()
        self.assertEqual(self.counter.up(), 2)
suite = unittest.defaultTestLoader.loadTestsFromTestCase(TestCounter)
outcome = unittest.TextTestRunner(verbosity=0).run(suite)
assert outcome.wasSuccessful() and outcome.testsRun == 2

# === unittest.main in a notebook
# %% solution
def triple(x):
    return 3 * x
# %% wrong
def triple(x):
    return x ** 3
# %% test
import unittest
class TestTriple(unittest.TestCase):
    def test_numbers(self):
        self.assertEqual(triple(2), 6)
    def test_text(self):
        self.assertEqual(triple("ab"), "ababab")
program = unittest.main(argv=["ignored"], exit=False)
assert not program.result.failures and not program.result.errors

# === a mock as an argument
# %% solution
def notify(sender, names):
    for name in names:
        sender.send(name, subject="Hello")
    return sender.close()
# %% wrong
def notify(sender, names):
    sender.send(names, subject="Hello")
    return sender.close()
# %% test
from unittest.mock import Mock, call
sender = Mock()
sender.close.return_value = "closed"
assert notify(sender, ["ada", "bob"]) == "closed"
assert sender.send.call_args_list == [call("ada", subject="Hello"), call("bob", subject="Hello")]
sender.close.assert_called_once_with()

# === a learner's name is replaced by the test
# %% solution
def fetch(city):
    raise ConnectionError("no network here")
def report(city):
    return f"{city}: {fetch(city)} degrees"
# %% wrong
def fetch(city):
    raise ConnectionError("no network here")
def report(city):
    return f"{city}: unknown"
# %% test
original = fetch
fetch = lambda city: 21
assert report("Oslo") == "Oslo: 21 degrees"
fetch = original

# === a learner's name is patched
# %% solution
def roll():
    return 4
def game():
    return "win" if roll() == 6 else "lose"
# %% wrong
def roll():
    return 4
def game():
    return "lose"
# %% test
from unittest.mock import patch
with patch("__main__.roll", return_value=6):
    assert game() == "win"
assert game() == "lose"

# === a method of a learner's class is patched
# %% solution
class Sensor:
    def read(self):
        return 20.0
    def alarm(self):
        return self.read() > 50
# %% wrong
class Sensor:
    def read(self):
        return 20.0
    def alarm(self):
        return False
# %% test
from unittest.mock import patch
with patch.object(Sensor, "read", return_value=99.0):
    assert Sensor().alarm() is True
assert Sensor().alarm() is False

# === a module's function is patched | refused: what a test patches in a module is not patched in the learner's process
# %% solution
import time
def wait_and_add(a, b):
    time.sleep(0.01)
    return a + b
# %% wrong
def wait_and_add(a, b):
    return a + b
# %% test
from unittest.mock import patch
with patch("time.sleep") as sleep:
    assert wait_and_add(1, 2) == 3
sleep.assert_called_once_with(0.01)

# === input is replaced | refused: what a test patches in builtins is not patched in the learner's process
# %% solution
def ask():
    return input("Name? ").strip().title()
# %% wrong
def ask():
    return input("Name? ")
# %% test
from unittest.mock import patch
with patch("builtins.input", return_value=" ada "):
    assert ask() == "Ada"

# === a built-in is forbidden by the test | refused: what a test replaces in builtins is not replaced for the learner
# %% solution
def my_sum(values):
    total = 0
    for value in values:
        total += value
    return total
# %% wrong
def my_sum(values):
    return sum(values)
# %% test
import builtins
original = builtins.sum
def forbidden(*_):
    raise AssertionError("do not use sum")
builtins.sum = forbidden
try:
    assert my_sum([1, 2]) == 3
finally:
    builtins.sum = original
