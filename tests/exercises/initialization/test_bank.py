"""Chapter 02's exercises against the bank of answers that people write: right ones pass, wrong ones are named."""

import re
from importlib import import_module

import pytest

from course_lib.exercises import find, of_chapter
from tests.exercises.initialization.bank import RIGHT, WRONG
from tests.exercises.reports import report_on

pytestmark = pytest.mark.slow  # many answers; `make check` tries the misconceptions themselves

for subject in ("drawing", "more", "reckoning", "shaping"):
    import_module(f"tests.exercises.initialization.bank.{subject}")


def name(value):
    return getattr(value, "__name__", None)


@pytest.fixture(scope="module", autouse=True)
def libraries():
    """What some answers import, imported before any answer's time is taken."""
    import keras
    import scipy.stats

    return keras, scipy.stats


@pytest.mark.parametrize(("exercise", "answer"), RIGHT, ids=name)
def test_a_right_answer_passes(exercise, answer):
    for seed in range(3):
        report = report_on(find(exercise), answer, seed)
        assert report.passed and report.points == 1.0, f"seed {seed}:\n{report}"


@pytest.mark.parametrize(("exercise", "answer", "told"), WRONG, ids=name)
def test_a_wrong_answer_is_refused_and_told_something_true(exercise, answer, told):
    report = report_on(find(exercise), answer)
    assert not report.passed and report.points < 1
    assert re.search(told, str(report.diagnosis), re.IGNORECASE), str(report)


def test_the_bank_is_no_sample_of_a_few():
    assert len(WRONG) >= 130 and len(RIGHT) >= 30
    asked = {exercise.name for exercise in of_chapter("02_initialization")} - {"quiz_initialization"}
    assert (
        asked - {"microscope_questions"} == {exercise for exercise, *_ in WRONG} == {exercise for exercise, _ in RIGHT}
    )


def test_nearly_all_are_told_by_a_misconception():
    general = [
        answer.__name__
        for exercise, answer, _ in WRONG
        if report_on(find(exercise), answer).diagnosis.certainty == "general"
    ]
    assert len(general) <= 0.05 * len(WRONG), general
