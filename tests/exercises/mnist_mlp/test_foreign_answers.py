"""Chapter 08's exercises against answers written apart from their declarations, as people write them."""

import pytest

from course_lib.exercises.mnist_mlp.classifying import CLASSIFY_DIGITS, know_digits
from course_lib.exercises.mnist_mlp.exploring import MNIST_QUESTIONS
from tests.exercises.mnist_mlp import computing, judging, preparing, questions
from tests.exercises.reports import assert_passes, assert_refused, report_on

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
