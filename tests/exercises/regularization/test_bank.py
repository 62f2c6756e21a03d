"""Chapter 07's exercises against the bank of answers that people write: right ones pass, wrong ones are named."""

import pytest

from course_lib.exercises import find, of_chapter
from tests.exercises.banks import assert_told
from tests.exercises.regularization.bank import BUGGY, RIGHT, batches, others, penalties, stopping
from tests.exercises.reports import assert_passes, report_on

pytestmark = pytest.mark.slow  # hundreds of answers; `make check` tries the misconceptions themselves

CASES = [case for bank in (penalties, batches, stopping, others) for case in bank.CASES]
WRONG = [case for case in CASES if case.told != RIGHT]


@pytest.fixture(scope="module", autouse=True)
def libraries():
    """What answers import, imported before any answer's time is taken."""
    import keras
    import scipy.ndimage
    import sklearn.preprocessing

    return keras, scipy, sklearn


def cases(chosen):
    return pytest.mark.parametrize("case", chosen, ids=lambda case: f"{case.exercise}: {case.name}"[:90])


@cases([case for case in CASES if case.told == RIGHT])
def test_a_right_answer_passes(case):
    assert_passes(find(case.exercise), case.answer, range(5))


@cases(WRONG)
def test_a_wrong_answer_is_refused_and_told_something_true(case):
    assert_told(case.exercise, case.answer, case.told, range(3))


def test_the_bank_has_every_exercise_and_is_no_sample_of_a_few():
    kinds = ("quiz", "read the picture")
    asked = {each.name for each in of_chapter("07_regularization") if each.kind not in kinds} - {"dropout"}
    assert {case.exercise for case in CASES} == asked
    assert len(WRONG) >= 350 and len(CASES) - len(WRONG) >= 55


def test_nearly_all_are_told_by_a_misconception():
    general = [
        f"{case.exercise}: {case.name}"
        for case in WRONG
        # What a test lets through is told by name, not by a misconception.
        if case.told != BUGGY
        and case.exercise != "is_batch_normalization"
        and report_on(find(case.exercise), case.answer).diagnosis.certainty == "general"
    ]
    assert len(general) <= 0.05 * len(WRONG), general
