"""Chapter 03's exercises against the bank of answers that people write: right ones pass, wrong ones are named."""

import pytest

from course_lib.exercises import of_chapter
from tests.exercises.banks import BankTests
from tests.exercises.losses.bank import classes, fourth, more, numbers, third

pytestmark = pytest.mark.slow  # hundreds of answers, and some build a model; `make check` tries the misconceptions


@pytest.fixture(scope="module", autouse=True)
def libraries():
    """What answers import, imported before any answer's time is taken."""
    import keras

    return keras


class TestBank(BankTests):
    cases = (*numbers.CASES, *classes.CASES, *more.CASES, *third.CASES, *fourth.CASES)
    exercises = of_chapter("03_losses")
    least_right, least_wrong = 30, 300
    in_general = 0.1
    told_by_name = frozenset({"looks_like_crossentropy"})
