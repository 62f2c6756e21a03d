"""The report on a backward pass names the first wrong intermediate, and blames nothing that follows from it."""

import re

import numpy as np
import pytest

from course_lib.exercises import find
from course_lib.exercises.backpropagation.way_back import STEPS, label_of, two_layer_gradients
from tests.exercises.reports import report_on

pytestmark = pytest.mark.slow  # many answers; `make check` tries the misconceptions themselves

EXERCISE = find("two_layer_gradients")
# How one step may go wrong in a way that nobody has foreseen.
ODD = {
    "dz2": lambda given: given["dz2"] * 1.7,
    "dW2": lambda given: given["dW2"] + 0.3,
    "db2": lambda given: given["db2"] * np.arange(1, 4),
    "da1": lambda given: given["da1"] * 1.3 - 0.1,
    "dz1": lambda given: given["dz1"] ** 2,
    "dW1": lambda given: np.tanh(given["dW1"]) * 3,
    "db1": lambda given: given["db1"] - 1,
}


def wrong_at(*steps):
    """Return an answer in which these steps are wrong, and all that comes after is made rightly of what was before."""

    def answer(x, labels, w1, b1, w2, b2):
        a1 = np.tanh(x @ w1 + b1)
        given = {"dz2": two_layer_gradients(x, labels, w1, b1, w2, b2)["dz2"]}
        rules = {
            "dW2": lambda: a1.T @ given["dz2"],
            "db2": lambda: given["dz2"].sum(axis=0),
            "da1": lambda: given["dz2"] @ w2.T,
            "dz1": lambda: given["da1"] * (1 - a1**2),
            "dW1": lambda: x.T @ given["dz1"],
            "db1": lambda: given["dz1"].sum(axis=0),
        }
        for step in STEPS:
            if step != "dz2":
                given[step] = rules[step]()
            if step in steps:
                given[step] = ODD[step](given)
        return given

    return answer


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("seed", range(5))
def test_the_first_wrong_step_is_named_and_what_follows_from_it_is_right(step, seed):
    report = report_on(EXERCISE, wrong_at(step), seed)
    assert not report.passed
    assert {row.label for row in report.rows if not row.passed} == {
        label_of(step),
        label_of(step) + " (three of everything)",
    }
    assert f"The first wrong intermediate is `{step}`." in str(report.diagnosis)
    assert ("All that comes after it is right, given yours." in str(report.diagnosis)) == (step != "db1")


@pytest.mark.parametrize("seed", range(5))
def test_of_several_wrong_steps_the_first_is_named(seed):
    report = report_on(EXERCISE, wrong_at("db2", "dz1"), seed)
    failed = [row.label for row in report.rows if not row.passed]
    assert failed[:2] == [label_of("db2"), label_of("dz1")]
    assert "The first wrong intermediate is `db2`. Mend it first" in str(report.diagnosis)


def test_the_rows_are_in_the_order_of_the_way_back():
    labels = [row.label for row in report_on(EXERCISE, two_layer_gradients).rows]
    assert [re.match(r"\w+", label)[0] for label in labels] == [*STEPS, *STEPS]


def test_what_is_known_of_a_first_wrong_step_is_said_with_its_name():
    """Every misconception's cause begins with an intermediate, or with the way there."""
    for mistake in EXERCISE.misconceptions[:-2]:
        assert re.match(r"`(dz2|dW2|db2|da1|dz1|dW1|db1)`|The way there", mistake.cause), mistake.cause


@pytest.mark.parametrize("number", [0.0, 1.0, np.nan])
def test_one_number_for_everything_earns_nothing(number):
    def answer(*arguments):
        return {step: np.full_like(value, number) for step, value in two_layer_gradients(*arguments).items()}

    for seed in range(5):
        assert report_on(EXERCISE, answer, seed).points == 0
