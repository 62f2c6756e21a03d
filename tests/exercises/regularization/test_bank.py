"""Chapter 07's exercises against the bank of answers that people write: right ones pass, wrong ones are named."""

import pytest

from course_lib.exercises import of_chapter
from tests.exercises.banks import BankTests
from tests.exercises.regularization.bank import batches, others, penalties, stopping

pytestmark = pytest.mark.slow  # hundreds of answers, and some build a model; `make check` tries the misconceptions


@pytest.fixture(scope="module", autouse=True)
def libraries():
    """What answers import, imported before any answer's time is taken."""
    import keras
    import scipy.ndimage
    import sklearn.preprocessing

    return keras, scipy, sklearn


class TestBank(BankTests):
    cases = (*penalties.CASES, *batches.CASES, *stopping.CASES, *others.CASES)
    exercises = of_chapter("07_regularization")
    least_right, least_wrong = 55, 350
    told_by_name = frozenset({"is_batch_normalization"})
    elsewhere = frozenset({"dropout"})
