"""Chapter 08's exercises against the bank of answers that people write: right ones pass, wrong ones are named."""

from importlib import import_module

import pytest

from course_lib.exercises import find
from tests.exercises.banks import assert_told
from tests.exercises.mnist_mlp.bank import BANK
from tests.exercises.reports import assert_passes

SUBJECTS = ("building", "images_and_labels", "judging", "predicting", "repairing", "standardizing")
for subject in SUBJECTS:
    import_module(f"tests.exercises.mnist_mlp.bank.{subject}")

pytestmark = pytest.mark.slow  # most of them import TensorFlow, and many build a model


def name(value):
    return getattr(value, "__name__", None)


@pytest.mark.parametrize(("exercise", "answer"), BANK.right_ones, ids=name)
def test_a_right_answer_passes(exercise, answer):
    assert_passes(find(exercise), answer)


@pytest.mark.parametrize(("exercise", "answer", "told"), BANK.wrong_ones, ids=name)
def test_a_wrong_answer_is_refused_and_told_something_true(exercise, answer, told):
    assert_told(exercise, answer, told)


def test_the_bank_is_no_sample_of_a_few():
    assert len(BANK.wrong_ones) >= 200 and len(BANK.right_ones) >= 45


def test_nearly_all_are_told_by_a_misconception():
    general = BANK.told_in_general()
    assert len(general) <= 0.05 * len(BANK.wrong_ones), general
