# ruff: noqa
# fmt: off
"""What is printed, shown, logged and drawn."""

# === printed text by redirect_stdout
# %% solution
def stairs(n):
    for i in range(1, n + 1):
        print("#" * i)
# %% wrong
def stairs(n):
    return "\n".join("#" * i for i in range(1, n + 1))
# %% wrong
def stairs(n):
    for i in range(n):
        print("#" * i)
# %% test
import io
from contextlib import redirect_stdout
out = io.StringIO()
with redirect_stdout(out):
    stairs(3)
assert out.getvalue() == "#\n##\n###\n"

# === printed text by sys.stdout
# %% solution
def hello(name):
    print("Hello", name, sep=", ", end="!\n")
# %% wrong
def hello(name):
    print("Hello", name)
# %% test
import io
import sys
old, sys.stdout = sys.stdout, io.StringIO()
try:
    hello("Bo")
    printed = sys.stdout.getvalue()
finally:
    sys.stdout = old
assert printed == "Hello, Bo!\n"

# === print and return
# %% solution
def show(x):
    print(x)
    return x
# %% wrong
def show(x):
    return x
# %% test
import io
from contextlib import redirect_stdout
with redirect_stdout(io.StringIO()) as out:
    value = show(5)
    print("between")
    show(6)
assert value == 5 and out.getvalue().splitlines() == ["5", "between", "6"]

# === sys.stdout is set back to the first one
# %% solution
def board():
    print("X | O")
# %% wrong
def board():
    print("O | X")
# %% test
import io
import sys
def printed_by(function):
    sys.stdout = out = io.StringIO()
    function()
    sys.stdout = sys.__stdout__
    return out.getvalue().strip()
assert printed_by(board) == "X | O"
assert printed_by(board) == "X | O" and board() is None

# === print by the patched sys.stdout of mock
# %% solution
def table(n):
    for i in range(1, 3):
        print(f"{n} x {i} = {n * i}")
# %% wrong
def table(n):
    for i in range(1, 3):
        print(n * i)
# %% test
import io
from unittest.mock import patch
with patch("sys.stdout", new_callable=io.StringIO) as out:
    table(7)
assert "7 x 2 = 14" in out.getvalue() and out.getvalue().count("\n") == 2

# === print is replaced
# %% solution
def warn(text):
    print("Warning:", text)
# %% wrong
def warn(text):
    print(text)
# %% test
from unittest.mock import patch
with patch("builtins.print") as printed:
    warn("hot")
printed.assert_called_with("Warning:", "hot")

# === text on stderr
# %% solution
import sys
def complain(text):
    print(text, file=sys.stderr)
# %% wrong
def complain(text):
    print(text)
# %% test
import io
from contextlib import redirect_stderr
with redirect_stderr(io.StringIO()) as err:
    complain("too hot")
assert err.getvalue() == "too hot\n"

# === a stream of the test is written to
# %% solution
def export(rows, stream):
    for row in rows:
        stream.write(",".join(map(str, row)) + "\n")
# %% wrong
def export(rows, stream):
    for row in rows:
        stream.write(" ".join(map(str, row)) + "\n")
# %% test
import io
stream = io.StringIO()
export([(1, 2), ("a", None)], stream)
assert stream.getvalue() == "1,2\na,None\n"

# === a stream of the test is read
# %% solution
def longest_line(stream):
    return max((line.rstrip("\n") for line in stream), key=len)
# %% wrong
def longest_line(stream):
    return max(stream.read(), key=len)
# %% test
import io
assert longest_line(io.StringIO("a\nabc\nab\n")) == "abc"

# === messages in a log | falls short: what the learner's code logs is not brought
# %% solution
import logging
def careful(x):
    if x < 0:
        logging.getLogger("course").warning("negative: %s", x)
    return abs(x)
# %% wrong
def careful(x):
    return abs(x)
# %% test
import logging
from unittest import TestCase
with TestCase().assertLogs("course", level="WARNING") as logs:
    assert careful(-2) == 2
assert "negative: -2" in logs.output[0]

# === the environment
# %% solution
import os
def mode():
    return os.environ.get("COURSE_MODE", "default")
# %% wrong
def mode():
    return "default"
# %% test
import os
os.environ["COURSE_MODE"] = "exam"
try:
    assert mode() == "exam"
finally:
    del os.environ["COURSE_MODE"]
assert mode() == "default"
# %% test
import os
from unittest import mock
with mock.patch.dict(os.environ, COURSE_MODE="patched"):
    assert mode() == "patched"
assert mode() == "default"
with mock.patch.dict(os.environ, {"COURSE_MODE": "alone"}, clear=True):
    assert mode() == "alone"
assert mode() == "default"
# %% test
import os
os.environ["COURSE_MODE"] = "left"
# %% test
assert mode() == "left"
# %% test
import os
assert os.environ.pop("COURSE_MODE") == "left" and mode() == "default"

# === axes of a figure
# %% teacher
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
# %% solution
def plot_sine():
    x = np.linspace(0, 2 * np.pi, 50)
    fig, ax = plt.subplots()
    ax.plot(x, np.sin(x), color="red", label="sine")
    ax.set_xlabel("x")
    ax.set_title("A sine")
    ax.legend()
    return ax
# %% wrong
def plot_sine():
    x = np.linspace(0, 2 * np.pi, 50)
    fig, ax = plt.subplots()
    ax.plot(x, np.cos(x), color="red", label="sine")
    ax.set_title("A sine")
    ax.legend()
    return ax
# %% test
ax = plot_sine()
assert ax.get_xlabel() == "x" and ax.get_title() == "A sine"
# %% test
assert len(ax.lines) == 1 and ax.lines[0].get_color() == "red"
x, y = ax.lines[0].get_data()
assert np.allclose(y, np.sin(x)) and ax.get_legend() is not None
assert isinstance(ax, plt.Axes)

# === the current figure
# %% teacher
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
# %% solution
plt.figure()
plt.bar(["a", "b"], [1, 3])
plt.title("Counts")
# %% wrong
plt.figure()
plt.bar(["a", "b"], [3, 1])
plt.title("Counts")
# %% test
ax = plt.gca()
assert ax.get_title() == "Counts"
assert [bar.get_height() for bar in ax.patches] == [1, 3]

# === the current figure after a function drew it, and one of the test's own
# %% teacher
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
# %% solution
def plot_counts(ax=None):
    ax = ax or plt.gca()
    ax.bar(["a", "b"], [1, 3])
    ax.set_title("Counts")
# %% wrong
def plot_counts(ax=None):
    plt.bar(["a", "b"], [1, 3])
# %% wrong
def plot_counts(ax=None):
    ax = ax or plt.gca()
    ax.bar(["a", "b"], [1, 3])
    ax.set_title("Numbers")
# %% test
plt.close("all")
plot_counts()
assert plt.gca().get_title() == "Counts" and len(plt.gcf().axes) == 1
assert plt.gca().get_ylim()[1] > 3 and plt.gcf().axes[0].patches[1].get_height() == 3
plt.close("all")
assert plt.gca().get_title() == ""
plt.close()
