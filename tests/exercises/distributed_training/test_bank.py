"""Chapter 11's exercises against the bank of answers that people write: right ones pass, wrong ones are named."""

import pytest

from course_lib.exercises.distributed_training import EXERCISES
from tests.exercises.banks import BankTests
from tests.exercises.distributed_training.bank import averaging, exchanging, later, reducing, stepping

pytestmark = pytest.mark.slow  # hundreds of answers; `make check` tries the misconceptions


class TestBank(BankTests):
    cases = (*exchanging.CASES, *reducing.CASES, *averaging.CASES, *stepping.CASES, *later.CASES)
    exercises = EXERCISES
    least_right, least_wrong = 42, 225
    in_general = 0.05
    told_by_name = frozenset({"is_all_reduce"})
