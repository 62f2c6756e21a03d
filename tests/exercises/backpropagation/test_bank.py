"""Chapter 04's exercises against the bank of answers that people write: right ones pass, wrong ones are named."""

import pytest

from course_lib.exercises import find, of_chapter
from tests.exercises.backpropagation.bank import RIGHT, again, graphs, layers, nets, steps
from tests.exercises.banks import assert_told
from tests.exercises.reports import assert_passes, report_on

pytestmark = pytest.mark.slow  # hundreds of answers, and some build a model; `make check` tries the misconceptions

CASES = [case for bank in (graphs, layers, steps, nets, again) for case in bank.CASES]
BUGGY = "buggy|still"  # what gives the same as the code with the bug is told so, and earns nothing


def cases(is_right):
    chosen = [case for case in CASES if (case.told == RIGHT) == is_right]
    return pytest.mark.parametrize("case", chosen, ids=lambda case: f"{case.exercise}: {case.name}"[:90])


@pytest.fixture(scope="module", autouse=True)
def keras():
    """Keras, imported before any answer's time is taken."""
    import keras

    return keras


@cases(is_right=True)
def test_a_right_answer_passes(case):
    assert_passes(find(case.exercise), case.answer, range(3))


@cases(is_right=False)
def test_a_wrong_answer_is_refused_and_told_something_true(case):
    assert_told(case.exercise, case.answer, case.told, range(1))


def test_nearly_all_are_told_by_a_misconception():
    wrong = [case for case in CASES if case.told not in (RIGHT, BUGGY)]
    general = [
        f"{case.exercise}: {case.name}"
        for case in wrong
        if report_on(find(case.exercise), case.answer).diagnosis.certainty == "general"
    ]
    assert len(general) <= 0.05 * len(wrong), general


def test_the_bank_is_no_sample_of_a_few():
    asked = {each.name for each in of_chapter("04_backpropagation") if each.kind not in ("quiz", "read the picture")}
    assert len(CASES) >= 250 and {case.exercise for case in CASES} == asked
