"""Chapter 05's exercises against answers written apart from their declarations, as people write them."""

import numpy as np
import pytest

from course_lib.exercises import find
from tests.exercises.optimizers import adam, adaptive, batches, descending, questions
from tests.exercises.optimizers.foreign import CLASSES, EXERCISES, Plain
from tests.exercises.reports import assert_passes, assert_refused, report_on

pytestmark = pytest.mark.slow  # many answers; `make check` tries the misconceptions themselves

BANKS = (batches, descending, adaptive, adam, questions)
# The right answers to each exercise.
RIGHT = {name: answers for bank in BANKS for name, answers in bank.RIGHT.items()}
# An exercise, a wrong answer to it, and the mistake that must be named for sure.
WRONG = [case for bank in BANKS for case in bank.WRONG]
# Two mistakes, or one in another convention than the declared one: the right thing is said, if not for sure.
ALSO_WRONG = [case for bank in BANKS for case in bank.ALSO_WRONG]


@pytest.fixture(scope="module", autouse=True)
def keras():
    """Keras, imported before any answer's time is taken."""
    import keras

    return keras


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers])
def test_a_right_answer_of_somebody_else_passes(name, answer):
    assert_passes(find(name), answer)


@pytest.mark.parametrize(("name", "answer", "mistake"), WRONG)
def test_a_wrong_answer_of_somebody_else_is_refused_and_named(name, answer, mistake):
    assert_refused(find(name), answer, mistake=mistake)


@pytest.mark.parametrize(("name", "answer", "told"), ALSO_WRONG)
def test_a_wrong_answer_of_another_kind_is_refused_and_explained(name, answer, told):
    assert_refused(find(name), answer, told)


def test_every_exercise_meets_foreign_answers():
    assert set(RIGHT) == set(EXERCISES) == {name for name, _, _ in WRONG}


@pytest.mark.parametrize("name", CLASSES)
def test_lazy_classes_earn_nothing(name):
    class Lazy(Plain):
        def step(self, weights, gradients):
            return self.result(weights, gradients)

    for result in (
        lambda self, weights, gradients: weights,
        lambda self, weights, gradients: [np.zeros_like(w) for w in weights],
        lambda self, weights, gradients: gradients,
        lambda self, weights, gradients: [],
    ):
        Lazy.result = result
        assert report_on(find(name), Lazy).points == 0.0


def test_a_step_that_is_not_written_yet_is_told_so():
    class Adam(Plain):
        def step(self, weights, gradients):
            raise NotImplementedError

    assert report_on(find("Adam"), Adam).message.startswith("Not written yet")


def test_a_step_that_returns_nothing_is_told_so():
    for name in ("GradientDescent", "Momentum", "Adam"):
        report = report_on(find(name), descending.DescentThatReturnsNothing)
        assert (report.diagnosis.certainty, report.diagnosis.name) == ("sure", "returns None"), report


def test_memory_that_belongs_to_the_class_is_seen():
    descending.MomentumOfTheClass.velocity.clear()
    report = report_on(find("Momentum"), descending.MomentumOfTheClass)
    [row] = [row for row in report.rows if "start anew" in row.label]
    assert not row.passed and "remembers" in row.actual
