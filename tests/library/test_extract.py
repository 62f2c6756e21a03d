"""Answers written in odd ways: each stands alone, or is told in a sentence what keeps it from that."""

import __future__

import builtins
import contextlib
import hashlib
import linecache

import numpy as np
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from course_lib.library.extract import CannotStandAlone, stand_alone

NUMPY = "import numpy as np"
CHECK = 'check("softmax", softmax)'


class Notebook:
    """Runs cells as IPython does, as far as an answer can see it."""

    def __init__(self):
        self.cells, self.answer = [], None
        self.names = {"__name__": "__main__", "__builtins__": builtins, "check": self._check}
        self.names["get_ipython"] = lambda: self

    def run(self, *cells):
        for cell in map(TransformerManager().transform_cell, cells):
            name = f"/tmp/ipykernel_1/{hashlib.sha256(cell.encode()).hexdigest()}.py"
            linecache.cache[name] = (len(cell), None, cell.splitlines(True), name)
            self.cells.append(cell)
            # IPython's compiler remembers what a cell has imported from the future.
            flags = __future__.annotations.compiler_flag if "annotations" in self.names else 0
            with contextlib.suppress(ZeroDivisionError):
                exec(compile(cell, name, "exec", flags), self.names)
        return self

    def run_cell_magic(self, magic, line, body):
        exec(compile(body, "<timed exec>", "exec"), self.names)

    def _check(self, name, answer):
        self.answer = answer

    def section(self):
        return stand_alone("softmax", self.answer, self.cells, self.names)


def loaded(section):
    names = {"__name__": "your_library.activations"}
    exec("".join(f"from __future__ import {name}\n" for name in section.futures) + section.source, names)
    return names["softmax"]


# Each is e to the power x, with all the cells that a notebook may have beside it.
STANDS = {
    "a function": [NUMPY, "def softmax(x):\n    return np.exp(x)", CHECK],
    "a star import": ["from numpy import *", "def softmax(x):\n    return exp(x)", CHECK],
    "a function imported under another name": ["from numpy import exp as e", "def softmax(x): return e(x)", CHECK],
    "part of a package": ["import scipy.special", "def softmax(x): return 1 + scipy.special.expm1(x)", CHECK],
    "an import that may fail": ["try:\n    import numpy as np\nexcept ImportError:\n    np = None\n"
                                "def softmax(x): return np.exp(x)", CHECK],
    "an import of a later cell, run again": [NUMPY, "def softmax(x): return np.exp(x)", NUMPY, CHECK],
    "a lambda with a name": [NUMPY, "softmax = lambda x: np.exp(x)", CHECK],
    "a lambda without one": [NUMPY, 'check("softmax", lambda x: np.exp(x))'],
    "a partial": ["import functools", NUMPY, "def power(x, factor): return np.exp(factor * x)",
                  "softmax = functools.partial(power, factor=1)", CHECK],
    "a partial without a name": ["import functools", NUMPY, "def power(x, factor): return np.exp(factor * x)",
                                 'check("softmax", functools.partial(power, factor=1))'],
    "a factory": [NUMPY, "def make(k):\n    def power(x):\n        return np.exp(k * x)\n    return power",
                  "softmax = make(1)", CHECK],
    "a factory called in the check": [NUMPY, "def make(k):\n    return lambda x: np.exp(k * x)",
                                      'check("softmax", make(1))'],
    "a decorator": [NUMPY, "def quiet(f):\n    def inner(*a):\n        with np.errstate(all='ignore'):\n"
                    "            return f(*a)\n    return inner", "@quiet\ndef softmax(x): return np.exp(x)", CHECK],
    "a decorator that wraps": ["import functools", NUMPY, "def same(f):\n    @functools.wraps(f)\n    def g(*a):\n"
                               "        return f(*a)\n    return g", "@same\ndef softmax(x): return np.exp(x)", CHECK],
    "decorated by hand": [NUMPY, "def softmax(x):\n    return np.exp(x)\nsoftmax = np.vectorize(softmax)", CHECK],
    "helpers of helpers": [NUMPY, "def one(x): return x", "def two(x): return one(x)",
                           "def softmax(x): return np.exp(two(x))", CHECK],
    "two functions that call each other": [NUMPY, "def other(x): return softmax(x - 1) * np.e",
                                           "def softmax(x): return np.exp(x) if np.all(x < 5) else other(x)", CHECK],
    "a helper inside": [NUMPY, "def softmax(x):\n    def h(y): return np.exp(y)\n    return h(x)", CHECK],
    "constants": [NUMPY, "ONE: float = 1.0\nTWO = 2 * ONE", "def softmax(x): return np.exp(x) * TWO / 2", CHECK],
    "a constant of NumPy's": [NUMPY, "EPSILON = np.finfo(float).tiny", "def softmax(x): return np.exp(x) + EPSILON",
                              CHECK],
    "a constant bound twice": [NUMPY, "K = 7.0", "K = 1.0", "def softmax(x): return np.exp(K * x)", CHECK],
    "a constant whose new value never came": [
        NUMPY, "K = 1.0", "1 / 0\nK = 7.0", "def softmax(x): return np.exp(K * x)",
                                              CHECK],
    "several in one line": [NUMPY, "a, b = 1.0, 0.0; c = 0", "def softmax(x): return np.exp(a * x + b) + c", CHECK],
    "a default": [NUMPY, "k = [1, 2]", "def softmax(x, k=k): return np.exp(k[0] * x)", CHECK],
    "state": [NUMPY, "calls = 0", "def softmax(x):\n    global calls\n    calls += 1\n    return np.exp(x)", CHECK,
              "softmax(np.ones(1))", CHECK],
    "a memory": [NUMPY, "seen = {}", "def softmax(x):\n    seen[1] = x\n    return np.exp(x)", "softmax(1.0)", CHECK],
    "an import that shadows": ["from math import *\nfrom numpy import exp", "def softmax(x): return exp(x)", CHECK],
    "a builtin's name": [NUMPY, "sum = np.exp", "def softmax(x): return sum(x)", CHECK],
    "annotations of the future": ["from __future__ import annotations", NUMPY, "def softmax(x: array) -> array:\n"
                                  "    return np.exp(x)", CHECK],
    "a timed cell": [NUMPY, "%%time\ndef softmax(x):\n    return np.exp(x)", CHECK],
    "another name": [NUMPY, "def mine(x): return np.exp(x)", 'check("softmax", mine)'],
    "an earlier one of its own": [NUMPY, "def softmax(x): return np.exp(x)", "old = softmax",
                                  "def softmax(x): return old(x)", CHECK],
    "a helper written anew": [NUMPY, "def h(x): return 7 * x", "def softmax(x): return np.exp(h(x))",
                              "def h(x): return x", CHECK],
    "a static method": [NUMPY, "class Tools:\n    @staticmethod\n    def power(x): return np.exp(x)",
                        'check("softmax", Tools.power)'],
    "a bound method": [NUMPY, "class Tools:\n    def power(self, x): return np.exp(x)", "tools = Tools()",
                       'check("softmax", tools.power)'],
    "an object that is called": [NUMPY, "class Power:\n    def __call__(self, x): return np.exp(x)",
                                 "softmax = Power()", CHECK],
    "a generator": [NUMPY, "def values(x):\n    yield from np.exp(x)", "def softmax(x): return np.array([*values(x)])",
                    CHECK],
    "a named tuple": [NUMPY, "from collections import namedtuple\nPair = namedtuple('Pair', 'a b')",
                      "def softmax(x): return Pair(x, np.exp(x)).b", CHECK],
    "NumPy's own function": [NUMPY, "softmax = np.exp", CHECK],
}  # fmt: skip


@pytest.mark.parametrize("way", STANDS)
def test_an_answer_stands_alone_however_it_is_written(way):
    notebook = Notebook().run(*STANDS[way])
    x = np.array([0.0, 1.0, 2.0])
    np.testing.assert_allclose(loaded(notebook.section())(x), np.exp(x))


CLASSES = {
    "one that inherits": ["class Base:\n    def __init__(self, rate): self.rate = rate",
                          "class softmax(Base):\n    def step(self): return self.rate * np.pi"],
    "one that replaces itself": ["class softmax:\n    def __init__(self, rate): self.rate = rate",
                                 "class softmax(softmax):\n    def step(self): return self.rate * np.pi"],
    "a dataclass": ["from dataclasses import dataclass, field", "@dataclass\nclass softmax:\n    rate: float\n"
                    "    seen: list = field(default_factory=list)\n    def step(self): return self.rate * np.pi"],
    "one with properties": ["class softmax:\n    def __init__(self, rate): self._rate = rate\n    @property\n"
                            "    def rate(self): return self._rate\n    def step(self): return self.rate * np.pi"],
    "slots": ["class softmax:\n    __slots__ = ('rate',)\n    def __init__(self, rate): self.rate = rate\n"
              "    def step(self): return self.rate * np.pi"],
}  # fmt: skip


@pytest.mark.parametrize("way", CLASSES)
def test_a_class_stands_alone_with_what_it_inherits(way):
    notebook = Notebook().run(NUMPY, *CLASSES[way], CHECK)
    assert loaded(notebook.section())(2.0).step() == 2 * np.pi


STAYS = {
    "a variable of another cell": ([
        NUMPY, "data = np.random.normal(size=3)", "def softmax(x): return np.exp(x) + data"],
                                   "`data`, a variable of another cell"),
    "a generator of random numbers": ([NUMPY, "rng = np.random.default_rng(0)",
                                       "def softmax(x): return np.exp(x) + 0 * rng.normal()"], "`rng`"),
    "a number that a loop has made": ([NUMPY, "n = 0", "for i in range(3):\n    n += i",
                                       "def softmax(x): return np.exp(x) + n"], "`n`, which another cell computes"),
    "a method added from outside": ([NUMPY, "class softmax:\n    pass", "def step(self): return 1",
                                     "softmax.step = step"], "`step` was added to the class"),
    "the notebook's variables": ([NUMPY, "def softmax(x): return globals()['np'].exp(x)"], "`globals`"),
    "what was typed": ([NUMPY, "def softmax(x): return np.exp(x) * len(In)"], "`In`"),
    "IPython": (["def softmax(x):\n    %time\n    return x"], "`get_ipython`"),
}  # fmt: skip


@pytest.mark.parametrize("way", STAYS)
def test_what_needs_this_notebook_is_told_so(way):
    cells, words = STAYS[way]
    with pytest.raises(CannotStandAlone) as told:
        Notebook().run(*cells, CHECK).section()
    assert words in str(told.value) and "\n" not in str(told.value)


def test_a_file_beside_the_notebook_is_told_so(tmp_path, monkeypatch):
    (tmp_path / "my_helpers.py").write_text("from numpy import exp as power")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(CannotStandAlone, match="`my_helpers`, a file beside this notebook"):
        Notebook().run("import my_helpers", "def softmax(x): return my_helpers.power(x)", CHECK).section()


def test_comments_and_the_order_of_things_are_kept():
    notebook = Notebook().run(NUMPY, "# the usual one\nK = 1.0", "# as in the book\ndef softmax(x):\n"
                              "    # a comment\n    return np.exp(K * x)", CHECK)  # fmt: skip
    assert notebook.section().source == (
        "import numpy as np\n\nK = 1.0\n\n\n# as in the book\ndef softmax(x):\n    # a comment\n"
        "    return np.exp(K * x)\n"
    )
