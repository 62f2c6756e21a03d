"""How an answer was called, in Python that can be read: the example below a report's sentence."""

import ast
import re

import numpy as np
import pytest

from course_lib.checking.calls import calls_in_words
from course_lib.checking.exercise import Exercise
from course_lib.checking.handles import Call
from course_lib.checking.judge import judge
from course_lib.checking.observe import observe

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    "value",
    [
        RNG.normal(size=(60, 40)),
        RNG.normal(size=(5, 4)),
        RNG.normal(size=(3, 28, 28)),
        RNG.normal(size=(2, 2, 2, 2, 2, 2)),
        RNG.normal(size=100),
        [RNG.normal(size=(60, 40)), [RNG.integers(255, size=(9, 9))]],
        {"weights": RNG.normal(size=(60, 40)), "text": "x" * 500},
        list(range(30)),
        "(" * 500,
    ],
    ids=lambda value: str(np.shape(value)) if isinstance(value, np.ndarray) else type(value).__name__,
)
def test_what_is_left_out_leaves_python_whose_brackets_close(value):
    text = calls_in_words((Call("mine", (value,), {"rate": 0.5}),))
    assert "…" in text and len(text) < 500
    ast.parse(re.sub(r"…( of shape |, )|, …", "", text))


def test_calls_of_what_came_back_with_more_numbers_than_anybody_reads_are_left_out():
    images = RNG.normal(size=(3, 784))
    calls = (Call("build", (), {}), Call("", (images,), {}), Call(".predict", ([images], []), {"training": False}))
    assert calls_in_words(calls) == "build()"
    assert calls_in_words((Call("Momentum", (), {}), Call(".step", ([np.ones(2)], [np.zeros(2)]), {}))) == (
        "Momentum()\n.step([array([1, 1])], [array([0, 0])])"
    )
    assert calls_in_words((Call("predict", (images,), {}),)).startswith("predict(array([[")


def total(x, by=2.0):
    """Twice the sum of the numbers, or so many times."""
    return np.sum(x) * by


def probe_total(total, rng):
    large, small, named = rng.normal(size=(60, 40)), rng.normal(size=8), rng.normal(size=9)
    yield "a large table", lambda: total(large)
    yield "a few numbers", lambda: total(small)
    yield "another factor", lambda: total(named, by=3.0)


TOTAL = Exercise("total", total, probe_total, [])


def example_for(answer):
    report = judge(TOTAL, observe(TOTAL, answer, 0, tells_inputs=True), 0)
    return report.example.label, report.message


def test_the_example_is_one_whose_numbers_are_all_shown():
    assert example_for(lambda x, by=2.0: 3 * np.sum(x) * by)[0] == "a few numbers"


def test_where_the_sentence_names_a_row_the_example_is_of_that_row():
    label, message = example_for(lambda x: np.sum(x))
    assert "On “another factor”: Your code raised TypeError" in message and label == "another factor"


def test_errors_that_differ_from_row_to_row_are_told_of_the_row_of_the_example():
    def mine(x, by=2.0):
        raise ValueError(f"{x.size} numbers")

    label, message = example_for(mine)
    assert "On “a large table”: Your code raised ValueError: 2400 numbers" in message and label == "a large table"

    def always(x, by=2.0):
        raise ValueError("no numbers")

    label, message = example_for(always)
    assert message.startswith("Your code raised ValueError: no numbers") and label == "a few numbers"
