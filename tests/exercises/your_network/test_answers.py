"""Chapter 14's exercises against a bank of answers as people write them: right ones pass, wrong ones are named."""

import pytest

from course_lib.exercises import find, of_chapter
from tests.exercises.banks import assert_told
from tests.exercises.reports import assert_passes, report_on
from tests.exercises.your_network.bank import CASES, RIGHT

pytestmark = pytest.mark.slow  # `make check` tries the misconceptions


def cases(is_right):
    chosen = [case for case in CASES if (case.told == RIGHT) == is_right]
    return pytest.mark.parametrize("case", chosen, ids=lambda case: f"{case.exercise}: {case.name}"[:90])


@cases(is_right=True)
def test_a_right_answer_passes(case):
    assert_passes(find(case.exercise), case.answer, range(3))


@cases(is_right=False)
def test_a_wrong_answer_is_refused_and_told_something_true(case):
    assert_told(case.exercise, case.answer, case.told, range(1))


def test_nearly_all_are_told_by_a_misconception():
    wrong = [case for case in CASES if case.told != RIGHT]
    general = [
        f"{case.exercise}: {case.name}"
        for case in wrong
        if report_on(find(case.exercise), case.answer).diagnosis.certainty == "general"
    ]
    assert len(general) <= 0.05 * len(wrong), general


def test_the_bank_holds_answers_to_all_that_is_code():
    # `read_digits` is asked for what chapter 08's `classify_digits` is, in whose bank its answers are.
    asked = {each.name for each in of_chapter("14_your_network") if each.kind not in ("quiz", "build")}
    assert len(CASES) >= 100 and {case.exercise for case in CASES} == asked
