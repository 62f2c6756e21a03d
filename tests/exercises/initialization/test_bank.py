"""Chapter 02's exercises against the bank of answers that people write: right ones pass, wrong ones are named."""

from importlib import import_module

import pytest

from course_lib.exercises import find, of_chapter
from tests.exercises.banks import assert_told
from tests.exercises.initialization.bank import BANK
from tests.exercises.reports import assert_passes

pytestmark = pytest.mark.slow  # many answers; `make check` tries the misconceptions themselves

for subject in ("again", "drawing", "more", "reckoning", "shaping"):
    import_module(f"tests.exercises.initialization.bank.{subject}")


def name(value):
    return getattr(value, "__name__", None)


@pytest.fixture(scope="module", autouse=True)
def libraries():
    """What some answers import, imported before any answer's time is taken."""
    import keras
    import scipy.stats

    return keras, scipy.stats


@pytest.mark.parametrize(("exercise", "answer"), BANK.right_ones, ids=name)
def test_a_right_answer_passes(exercise, answer):
    assert_passes(find(exercise), answer)


@pytest.mark.parametrize(("exercise", "answer", "told"), BANK.wrong_ones, ids=name)
def test_a_wrong_answer_is_refused_and_told_something_true(exercise, answer, told):
    assert_told(exercise, answer, told)


def test_the_bank_is_no_sample_of_a_few():
    assert len(BANK.wrong_ones) >= 130 and len(BANK.right_ones) >= 30
    asked = {exercise.name for exercise in of_chapter("02_initialization")} - {"quiz_initialization"}
    assert (
        asked - {"microscope_questions"}
        == {exercise for exercise, *_ in BANK.wrong_ones}
        == {exercise for exercise, _ in BANK.right_ones}
    )


def test_nearly_all_are_told_by_a_misconception():
    general = BANK.told_in_general()
    assert len(general) <= 0.05 * len(BANK.wrong_ones), general
