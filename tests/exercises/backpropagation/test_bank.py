"""Chapter 04's exercises against the bank of answers that people write: right ones pass, wrong ones are named."""

import pytest

from course_lib.exercises import of_chapter
from tests.exercises.backpropagation.bank import again, graphs, layers, nets, steps
from tests.exercises.banks import BankTests

pytestmark = pytest.mark.slow  # hundreds of answers, and some build a model; `make check` tries the misconceptions


@pytest.fixture(scope="module", autouse=True)
def libraries():
    """What answers import, imported before any answer's time is taken."""
    import keras

    return keras


class TestBank(BankTests):
    cases = (*graphs.CASES, *layers.CASES, *steps.CASES, *nets.CASES, *again.CASES)
    exercises = of_chapter("04_backpropagation")
    right_seeds, wrong_seeds = 3, 1
    least_right, least_wrong = 55, 260
