# ruff: noqa
# fmt: off
"""unittest in a cell, mocks, and what tests replace."""

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

# === a module's function is patched
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

# === functions of modules are patched in other ways
# %% solution
import random
import random as chance
import time
def two_dice():
    return random.randint(1, 6) + chance.randint(1, 6)
def stopwatch(work):
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
# %% wrong
import random
import time
def two_dice():
    return random.randint(2, 12)
def stopwatch(work):
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
# %% wrong
import random
import time
def two_dice():
    return random.randint(1, 6) + random.randint(1, 6)
def stopwatch(work):
    work()
    return time.perf_counter()
# %% test
import random
from unittest import mock
with mock.patch.object(random, "randint", side_effect=[2, 5]) as randint:
    assert two_dice() == 7
assert randint.call_args_list == [mock.call(1, 6), mock.call(1, 6)]
assert 2 <= two_dice() <= 12
# %% test
import time
kept = time.perf_counter
times = iter([10.0, 12.5])
time.perf_counter = lambda: next(times)
try:
    assert stopwatch(lambda: None) == 2.5
finally:
    time.perf_counter = kept
assert stopwatch(lambda: None) < 2.5

# === what a test leaves patched is so in the next one
# %% solution
import time
def wait_and_add(a, b):
    time.sleep(0.01)
    return a + b
# %% wrong
import time
def wait_and_add(a, b):
    return a + b
# %% test
import time
slept = []
time.sleep = slept.append
assert wait_and_add(1, 2) == 3 and slept == [0.01]
# %% test
assert wait_and_add(1, 2) == 3 and slept == [0.01, 0.01]

# === what is patched is called by its own name
# %% solution
import os.path
def is_there(path):
    return os.path.exists(path)
# %% wrong
def is_there(path):
    return True
# %% test
from unittest.mock import patch
with patch("os.path.exists", return_value=True) as exists:
    assert is_there("nowhere") is True
exists.assert_called_once_with("nowhere")
# %% test
assert is_there("nowhere") is False

# === input is replaced
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

# === a built-in is forbidden by the test
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

# === a function of the test finds what the test has patched
# %% solution
import time
def twice(work):
    time.sleep(0.01)
    return work() + work()
def plain():
    time.sleep(0.02)
    return 1
# %% wrong
import time
def twice(work):
    time.sleep(0.01)
    return 2 * work()
def plain():
    time.sleep(0.02)
    return 1
# %% wrong
def twice(work):
    return work() + work()
def plain():
    return 1
# %% test
import time
from unittest.mock import patch
with patch("time.sleep") as sleep:
    def work():
        time.sleep(0.5)
        return plain()
    assert twice(work) == 2
assert [call.args for call in sleep.call_args_list] == [(0.01,), (0.5,), (0.02,), (0.5,), (0.02,)]
