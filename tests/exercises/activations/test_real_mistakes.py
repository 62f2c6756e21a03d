"""Chapter 01's exercises against what people really write."""

import pytest

from course_lib.exercises import find
from tests.exercises.activations import real_mistakes, real_rectifier_mistakes, real_softmax_mistakes
from tests.exercises.real_mistakes import assert_diagnosed, entries
from tests.exercises.reports import assert_passes

pytestmark = pytest.mark.slow  # hundreds of answers; `make check` tries the misconceptions themselves

BANKS = (real_mistakes, real_rectifier_mistakes, real_softmax_mistakes)


@pytest.mark.parametrize(("name", "entry"), entries(BANKS, "WRONG"))
def test_a_real_mistake_is_refused_and_told_something_true(name, entry):
    assert_diagnosed(name, *entry)


@pytest.mark.parametrize(("name", "answer"), entries(BANKS, "RIGHT"))
def test_a_right_answer_oddly_written_passes(name, answer):
    assert_passes(find(name), answer, range(5))


def test_the_bank_is_no_sample_of_a_few():
    assert len(entries(BANKS, "WRONG")) >= 250
