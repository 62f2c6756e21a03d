"""Chapter 05's exercises against the bank of answers that people write: right ones pass, wrong ones are named."""

import re

import pytest

from course_lib.exercises import find
from tests.exercises.banks import RIGHT
from tests.exercises.optimizers.bank import LIST, adam, adaptive, batches, descending
from tests.exercises.reports import report_on

pytestmark = pytest.mark.slow  # hundreds of answers; `make check` tries the misconceptions themselves

CASES = [case for bank in (batches, descending, adaptive, adam) for case in bank.CASES]


def cases(*told, wrong=False):
    chosen = [case for case in CASES if (case.told in (RIGHT, LIST)) != wrong and (wrong or case.told in told)]
    return pytest.mark.parametrize("case", chosen, ids=lambda case: f"{case.exercise}: {case.name}"[:90])


@pytest.fixture(scope="module", autouse=True)
def keras():
    """Keras, imported before any answer's time is taken."""
    import keras

    return keras


@cases(RIGHT)
def test_a_right_answer_passes(case):
    for seed in range(3):
        report = report_on(find(case.exercise), case.answer, seed)
        assert report.passed and report.points == 1.0, f"seed {seed}:\n{report}"


@cases(LIST)
def test_a_generator_passes_or_is_told_to_be_no_list(case):
    report = report_on(find(case.exercise), case.answer)
    assert report.passed or re.search(LIST, str(report.diagnosis)), str(report)


@cases(wrong=True)
def test_a_wrong_answer_is_refused_and_named(case):
    report = report_on(find(case.exercise), case.answer)
    assert not report.passed and report.points < 1
    assert re.search(case.told, str(report.diagnosis), re.IGNORECASE), str(report)


def test_the_bank_is_large():
    assert len(CASES) >= 60
    assert {case.exercise for case in CASES} >= {"minibatches", "GradientDescent", "Momentum", "Nesterov", "Adam"}
