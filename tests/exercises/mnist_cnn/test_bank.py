"""Chapter 09's exercises against the bank of answers that people write: right ones pass, wrong ones are named."""

import re

import pytest

from course_lib.exercises.mnist_cnn import EXERCISES
from tests.exercises.mnist_cnn.bank import building, convolving, pooling, sliding
from tests.exercises.optimizers.bank import RIGHT
from tests.exercises.reports import assert_passes, report_on

pytestmark = pytest.mark.slow  # hundreds of answers, and some build a model; `make check` tries the misconceptions

BY_NAME = {exercise.name: exercise for exercise in EXERCISES}
CASES = [case for bank in (sliding, convolving, pooling, building) for case in bank.CASES]
WRONG = [case for case in CASES if case.told != RIGHT]


@pytest.fixture(scope="module", autouse=True)
def keras():
    """Keras, imported before any answer's time is taken."""
    import keras

    return keras


def cases(chosen):
    return pytest.mark.parametrize("case", chosen, ids=lambda case: f"{case.exercise}: {case.name}"[:90])


@cases([case for case in CASES if case.told == RIGHT])
def test_a_right_answer_passes(case):
    assert_passes(BY_NAME[case.exercise], case.answer, range(3))


@cases(WRONG)
def test_a_wrong_answer_is_refused_and_told_something_true(case):
    for seed in range(2):
        report = report_on(BY_NAME[case.exercise], case.answer, seed)
        assert not report.passed and report.points < 1, f"seed {seed}: passes"
        assert re.search(case.told, str(report.diagnosis), re.IGNORECASE), f"seed {seed}:\n{report}"


def test_the_bank_has_every_exercise_and_is_no_sample_of_a_few():
    asked = {exercise.name for exercise in EXERCISES if exercise.kind not in ("quiz", "read the picture")}
    assert {case.exercise for case in CASES} == asked
    assert len(WRONG) >= 230 and len(CASES) - len(WRONG) >= 40


def test_nearly_all_are_told_by_a_misconception():
    wrong = [case for case in WRONG if case.exercise != "sizes_are_right"]  # what it lets through is told by name
    general = [
        f"{case.exercise}: {case.name}"
        for case in wrong
        if report_on(BY_NAME[case.exercise], case.answer).diagnosis.certainty == "general"
    ]
    assert len(general) <= 0.03 * len(wrong), general
