"""Chapter 08's exercises against answers written apart from their declarations, as people write them."""

import numpy as np
import pytest

from course_lib.exercises.mnist_mlp.classifying import CLASSIFY_DIGITS, know_digits
from course_lib.exercises.mnist_mlp.exploring import MNIST_QUESTIONS
from course_lib.exercises.mnist_mlp.standardizing import CONSTANT_TEST, STANDARDIZE
from tests.exercises.mnist_mlp import computing, judging, preparing, questions
from tests.exercises.reports import assert_passes, assert_refused, report_on

pytestmark = pytest.mark.slow  # many answers; `make check` tries the misconceptions themselves

BANKS = (preparing, computing, judging, questions)
# An exercise, and a right answer to it.
RIGHT = [case for bank in BANKS for case in bank.RIGHT]
# An exercise, a wrong answer to it, and the mistake that must be named for sure.
WRONG = [case for bank in BANKS for case in bank.WRONG]


@pytest.mark.parametrize(("exercise", "answer"), RIGHT, ids=lambda value: getattr(value, "__name__", ""))
def test_right_answers_pass(exercise, answer):
    assert_passes(exercise, answer)


@pytest.mark.parametrize(("exercise", "answer", "mistake"), WRONG, ids=lambda value: getattr(value, "__name__", ""))
def test_wrong_answers_are_refused_and_named(exercise, answer, mistake):
    assert_refused(exercise, answer, mistake=mistake)


def test_several_readings_that_are_wrong_are_each_told_why():
    report = report_on(MNIST_QUESTIONS, questions.read_with_everything_centered)
    for told in (
        "high: That is what a person sees",
        "corner: That is what a person sees",
        "triangle: It is more certain",
    ):
        assert told in str(report)
    assert "breaks:" not in str(report.diagnosis)


def test_every_answer_for_all_test_images_is_met_once_for_each_row_at_most(monkeypatch):
    """Classifying 10,000 images may take seconds: the probe asks for all of them once."""
    asked = []

    def answer(images):
        asked.append(len(images))
        return know_digits(images)

    assert report_on(CLASSIFY_DIGITS, answer).passed
    assert asked.count(10_000) == 1 and sum(asked) < 10_050


def test_a_network_is_asked_once_for_all_images_whatever_it_gives():
    asked = []

    def with_something_beside(images):
        asked.append(len(images))
        return know_digits(images), "beside"

    report = report_on(CLASSIFY_DIGITS, with_something_beside)
    assert report.diagnosis.name == "digits_with_probabilities" and asked.count(10_000) == 1


def scaled_by(divisor_of):
    def standardize(train, test):
        mean, divisor = train.mean(axis=0), divisor_of(train.std(axis=0))
        return (train - mean) / divisor, (test - mean) / divisor

    return standardize


@pytest.mark.parametrize(
    "divisor_of",
    [
        lambda deviation: np.where(deviation == 0, 1, deviation) + 1e-8,
        lambda deviation: np.where(deviation < 1e-8, 1, deviation + 1e-8),
        lambda deviation: deviation + (deviation == 0),
    ],
)
def test_an_epsilon_beside_a_guard_is_no_mistake(divisor_of):
    assert_passes(STANDARDIZE, scaled_by(divisor_of))


@pytest.mark.parametrize("divisor_of", [lambda d: d + 1e-8, lambda d: np.maximum(d, 1e-8), lambda d: d + 1e-12])
def test_an_epsilon_in_place_of_a_guard_costs_the_constant_feature_alone(divisor_of):
    """The task says that such a feature is only centered, not divided. Elsewhere so small an ε does nothing."""
    report = report_on(STANDARDIZE, scaled_by(divisor_of))
    assert [row.label for row in report.rows if not row.passed] == [CONSTANT_TEST] and report.points == 0.83
    assert report.diagnosis.certainty == "sure" and "its test values explode" in report.diagnosis.cause
