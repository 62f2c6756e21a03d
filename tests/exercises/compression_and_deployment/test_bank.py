"""Chapter 12's exercises against the bank of answers that people write: right ones pass, wrong ones are named."""

import pytest

from course_lib.exercises.compression_and_deployment import EXERCISES
from tests.exercises.banks import BankTests
from tests.exercises.compression_and_deployment.bank import later, others, pruning, quantizing

pytestmark = pytest.mark.slow  # hundreds of answers; `make check` tries the misconceptions


class TestBank(BankTests):
    cases = (*pruning.CASES, *quantizing.CASES, *others.CASES, *later.CASES)
    exercises = EXERCISES
    least_right, least_wrong = 43, 220
    in_general = 0.05
    told_by_name = frozenset({"prunes_right"})
