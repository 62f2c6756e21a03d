"""Chapter 01's exercises against answers that nobody of us wrote down as right or wrong beforehand."""

import numpy as np
import pytest

from course_lib.exercises import find, of_chapter
from tests.exercises.activations import questions, rectifiers, sigmoid_and_tanh, smooth
from tests.exercises.reports import assert_passes, assert_refused, report_on

BANKS = (sigmoid_and_tanh, rectifiers, smooth, questions)
# The right answers to each exercise.
RIGHT = {name: answers for bank in BANKS for name, answers in bank.RIGHT.items()}
# The wrong answers to each exercise, and what the message must speak of.
WRONG = {name: entries for bank in BANKS for name, entries in bank.WRONG.items()}


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers])
def test_a_right_answer_of_somebody_else_passes(name, answer):
    assert_passes(find(name), answer, range(5))


@pytest.mark.parametrize(
    ("name", "answer", "told"), [(name, answer, told) for name, entries in WRONG.items() for answer, told in entries]
)
def test_a_wrong_answer_of_somebody_else_is_refused_and_explained(name, answer, told):
    assert_refused(find(name), answer, told, seeds=range(5))


def test_every_exercise_meets_foreign_answers():
    assert set(RIGHT) == {exercise.name for exercise in of_chapter("01_activations")} == set(WRONG)


@pytest.mark.parametrize("name", [name for name in RIGHT if not name.startswith("quiz")])
def test_a_lazy_answer_earns_nothing(name):
    """Zeros, the argument itself, or nothing at all: an easy row must not pay for it."""
    gives_two = name in ("leaky_relu_and_slope", "prelu_gradients", "swish_and_slope", "tanh_backward")

    def zeros(x, *others, **keywords):
        return (np.zeros_like(x), np.zeros_like(x)) if gives_two else np.zeros_like(x)

    def same(x, *others, **keywords):
        return (x, x) if gives_two else x

    for lazy in (zeros, same, lambda *arguments, **keywords: None):
        assert report_on(find(name), lazy).points == 0.0


def clipped_sigmoid(limit):
    return lambda x: 1 / (1 + np.exp(-np.clip(x, -limit, limit)))


@pytest.mark.parametrize("limit", [21, 30, 500])
def test_a_sigmoid_clipped_far_out_passes(limit):
    """σ(−30) is 9e-14 and σ(−21) is 8e-10: beside a 1 in the same row no more than rounding may make, which is 1e-9."""
    assert_passes(find("sigmoid"), clipped_sigmoid(limit), range(5))


@pytest.mark.parametrize("limit", [5, 10, 15, 20])
def test_a_sigmoid_clipped_nearer_is_told_so(limit):
    assert_refused(find("sigmoid"), clipped_sigmoid(limit), "cut off", mistake="sigmoid_cut_off")
