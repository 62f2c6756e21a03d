"""Chapter 06's exercises against what people really write."""

import re

import pytest

from course_lib.exercises import find, of_chapter
from tests.exercises.learning_rate_schedules import again, counts_and_cycles, decays, later
from tests.exercises.real_mistakes import entries, told
from tests.exercises.reports import assert_passes, report_on

pytestmark = pytest.mark.slow  # hundreds of answers; `make check` tries the misconceptions themselves

BANKS = (decays, counts_and_cycles, later, again)


@pytest.fixture(scope="module", autouse=True)
def keras():
    """Keras, imported before any answer's time is taken."""
    import keras

    return keras


@pytest.mark.parametrize(("name", "entry"), entries(BANKS, "WRONG"))
def test_a_real_mistake_is_refused_and_told_something_true(name, entry):
    answer, words = entry
    for seed in range(3):
        report = report_on(find(name), answer, seed)
        assert not report.passed and report.points < 1, f"seed {seed}: passes"
        assert re.search(words, told(report)), f"seed {seed}, not {words}: {told(report)}"


@pytest.mark.parametrize(("name", "answer"), entries(BANKS, "RIGHT"))
def test_a_right_answer_oddly_written_passes(name, answer):
    assert_passes(find(name), answer, range(5))


def test_nine_of_ten_mistakes_are_named():
    reports = [report_on(find(name), answer) for name, (answer, _) in entries(BANKS, "WRONG")]
    named = [report.diagnosis.certainty != "general" for report in reports]
    assert sum(named) >= 0.9 * len(named) >= 0.9 * 160


def test_every_exercise_of_mathematics_is_in_the_bank():
    asked = {e.name for e in of_chapter("06_learning_rate_schedules") if e.kind not in ("quiz", "read the picture")}
    assert asked == set().union(*(bank.WRONG for bank in BANKS)) == set().union(*(bank.RIGHT for bank in BANKS))
