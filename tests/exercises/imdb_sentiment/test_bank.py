"""Chapter 10's exercises against the bank of answers that people write: right ones pass, wrong ones are named."""

import pytest

from course_lib.exercises import CHAPTERS, find
from course_lib.exercises.imdb_sentiment import EXERCISES
from tests.exercises.banks import assert_told
from tests.exercises.imdb_sentiment.bank import judging, later, learning, words
from tests.exercises.optimizers.bank import RIGHT
from tests.exercises.reports import assert_passes, report_on

pytestmark = pytest.mark.slow  # hundreds of answers; `make check` tries the misconceptions themselves

CASES = [*words.CASES, *learning.CASES, *judging.CASES, *later.CASES]
WRONG = [case for case in CASES if case.told != RIGHT]


@pytest.fixture(scope="module", autouse=True)
def libraries():
    """What right answers import, imported before any answer's time is taken."""
    import keras
    import sklearn.naive_bayes

    return keras, sklearn


@pytest.fixture(autouse=True)
def chapter(monkeypatch):
    """The chapter, found by name before its notebook stands."""
    monkeypatch.setitem(CHAPTERS, "10_imdb_sentiment", "imdb_sentiment")


def cases(chosen):
    return pytest.mark.parametrize("case", chosen, ids=lambda case: f"{case.exercise}: {case.name}"[:90])


@cases([case for case in CASES if case.told == RIGHT])
def test_a_right_answer_passes(case):
    assert_passes(find(case.exercise), case.answer, range(5))


@cases(WRONG)
def test_a_wrong_answer_is_refused_and_told_something_true(case):
    assert_told(case.exercise, case.answer, case.told, range(3))


def test_the_bank_has_every_exercise_and_is_no_sample_of_a_few():
    asked = {exercise.name for exercise in EXERCISES if exercise.kind not in ("quiz", "read the picture")}
    assert {case.exercise for case in CASES} == asked
    assert len(WRONG) >= 220 and len(CASES) - len(WRONG) >= 40


def test_nearly_all_are_told_by_a_misconception():
    general = [
        case.name
        for case in WRONG
        if case.exercise != "looks_like_tokenize"  # what a test lets through is told by name, not by a misconception
        and report_on(find(case.exercise), case.answer).diagnosis.certainty == "general"
    ]
    assert len(general) <= 0.06 * len(WRONG), general
