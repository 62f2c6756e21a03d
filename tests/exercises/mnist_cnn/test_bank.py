"""Chapter 09's exercises against the bank of answers that people write: right ones pass, wrong ones are named."""

import pytest

from course_lib.exercises.mnist_cnn import EXERCISES
from tests.exercises.banks import BankTests
from tests.exercises.mnist_cnn.bank import building, convolving, pooling, sliding

pytestmark = pytest.mark.slow  # hundreds of answers, and some build a model; `make check` tries the misconceptions


@pytest.fixture(scope="module", autouse=True)
def libraries():
    """What answers import, imported before any answer's time is taken."""
    import keras

    return keras


class TestBank(BankTests):
    cases = (*sliding.CASES, *convolving.CASES, *pooling.CASES, *building.CASES)
    exercises = EXERCISES
    right_seeds, wrong_seeds = 3, 2
    least_right, least_wrong = 40, 230
    in_general = 0.03
    told_by_name = frozenset({"sizes_are_right"})
