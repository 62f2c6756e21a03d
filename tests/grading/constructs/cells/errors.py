# ruff: noqa
# fmt: off
"""Exceptions and warnings."""

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

# === SystemExit and StopIteration from a call | falls short: both become ordinary errors, on purpose
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

# === exceptions of the standard library's modules
# %% solution
import json
from decimal import Decimal
def parse(text):
    return json.loads(text)
def money(text):
    return Decimal(text)
# %% wrong
import json
def parse(text):
    try:
        return json.loads(text)
    except ValueError:
        return None
def money(text):
    return float(text)
# %% test
import json
try:
    parse("{bad")
    assert False, "bad JSON must raise"
except json.JSONDecodeError:
    pass
assert parse("[1]") == [1]
# %% test
from decimal import InvalidOperation
try:
    money("five")
    assert False
except InvalidOperation:
    pass

# === NumPy's and pandas' exceptions
# %% teacher
import numpy as np
import pandas as pd
# %% solution
def inverse(a):
    return np.linalg.inv(a)
def read_empty():
    from io import StringIO
    return pd.read_csv(StringIO(""))
# %% wrong
def inverse(a):
    return np.linalg.pinv(a)
def read_empty():
    return pd.DataFrame()
# %% test
try:
    inverse(np.zeros((2, 2)))
    assert False
except np.linalg.LinAlgError:
    pass
# %% test
try:
    read_empty()
    assert False
except pd.errors.EmptyDataError:
    pass
