"""Chapter 13's exercises against the bank of answers that people write: right ones pass, wrong ones are named."""

import pytest

from course_lib.exercises.tuning import EXERCISES
from tests.exercises.banks import BankTests
from tests.exercises.tuning.bank import choosing, drawing, halving, later

pytestmark = pytest.mark.slow  # over 250 answers; `make check` tries the misconceptions


@pytest.fixture(scope="module", autouse=True)
def libraries():
    """What answers import, imported before any answer's time is taken."""
    import scipy.special
    import scipy.stats

    return scipy


class TestBank(BankTests):
    cases = (*drawing.CASES, *choosing.CASES, *halving.CASES, *later.CASES)
    exercises = EXERCISES
    least_right, least_wrong = 45, 205
    told_by_name = frozenset({"tells_luck_apart"})
