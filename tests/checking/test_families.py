"""A mistake is one whatever its constant: the constant of an answer is read off a row, or sought."""

import numpy as np
import pytest

from course_lib.checking.exercise import Exercise, Misconception, Row
from course_lib.checking.families import with_constant_read_off, with_constant_sought
from course_lib.checking.isolation import Failure
from course_lib.checking.judge import known_truth
from course_lib.checking.observe import Tried
from tests.exercises.reports import report_on

ONE = "the square of 1"


def square(x):
    return np.asarray(x, float) ** 2


def probe(answer, rng):
    x = rng.normal(size=5)
    yield ONE, lambda: answer(1.0)
    yield "five squares", lambda: answer(x)
    yield Row("squares far apart", lambda: answer(np.array([0.0, 30.0, 1000.0])))


def added(x, constant=0.5):
    """A number is added to each square.

    Return the squares alone.
    """
    return square(x) + constant


def limited(x, constant=100.0):
    """The squares are cut off.

    Return them as they are.
    """
    return np.minimum(square(x), constant)


def mirrored(x):
    """The squares have the wrong sign.

    Leave out the minus.
    """
    return -square(x)


ADDED = Misconception.of(added, constant=(ONE, lambda value: float(value - 1)))
LIMITED = Misconception.of(limited, between=(2.0, 1e5))
SQUARE = Exercise("square", square, probe, [ADDED, LIMITED, mirrored], kind="formula", minutes=1, level=1)


def values_of(answer):
    tried = Tried(SQUARE, answer, 0)
    return [tried.value(place) for place in range(len(tried.rows))]


def found(misconception, values):
    """Return the constant that is found for an answer which gave `values`, and how many answers were tried."""
    tried = []

    def run(answer):
        tried.append(answer.keywords["constant"])
        return Tried(SQUARE, answer, 0)

    if misconception.constant is not None:
        made = with_constant_read_off(misconception, known_truth(SQUARE, 0), values, run)
    else:
        made = with_constant_sought(misconception, values, run)
    return (None if made is None else tried[-1]), len(tried)


@pytest.mark.parametrize("constant", [0.3, -2.0, 1e-4, 700.0])
def test_a_constant_is_read_off_its_row_in_one_go(constant):
    constant_found, tried = found(ADDED, values_of(lambda x: added(x, constant)))
    assert constant_found == pytest.approx(constant) and tried == 1


@pytest.mark.parametrize("constant", [2.5, 640.0, 9e4])
def test_a_constant_is_sought_between_its_ends(constant):
    constant_found, tried = found(LIMITED, values_of(lambda x: limited(x, constant)))
    assert constant_found == pytest.approx(constant, rel=1e-6) and tried < 75


@pytest.mark.parametrize("constant", [1e6, 1.5])
def test_none_is_found_beyond_the_ends(constant):
    assert found(LIMITED, values_of(lambda x: limited(x, constant)))[0] is None


@pytest.mark.parametrize(
    "values",
    [
        [Failure("raised", "ValueError")] * 3,
        [None, None, None],
        ["1", "2", "3"],
        [np.ones(4), np.ones((2, 2)), np.ones(1)],
        [np.float64("nan"), np.full(5, np.nan), np.full(3, np.inf)],
        [1j, np.ones(5) * 1j, np.ones(3) * 1j],
    ],
    ids=["failures", "None", "text", "other shapes", "NaN", "complex numbers"],
)
@pytest.mark.parametrize("misconception", [ADDED, LIMITED], ids=["read off", "sought"])
def test_where_nothing_can_be_told_nothing_is(misconception, values):
    assert found(misconception, values)[0] is None


def test_a_reading_that_does_not_explain_its_own_row_is_dropped():
    """Five numbers are not all too large by what the one at 0 is."""
    misconception = Misconception.of(added, constant=("five squares", lambda value: float(value[0])))
    assert found(misconception, values_of(mirrored))[0] is None


@pytest.mark.parametrize("raised", [ZeroDivisionError, IndexError, KeyError, TypeError, ValueError])
def test_a_reading_that_fails_tells_nothing(raised):
    def read(value):
        raise raised

    assert found(Misconception.of(added, constant=(ONE, read)), values_of(added)) == (None, 0)


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (lambda x: added(x, 3.25), "added"),
        (lambda x: limited(x, 640.0), "limited"),
        (lambda x: limited(x, 12.0), "limited"),
    ],
)
def test_the_mistake_is_named_whatever_its_constant(answer, name):
    report = report_on(SQUARE, answer)
    assert (report.diagnosis.certainty, report.diagnosis.name) == ("sure", name)


def test_a_sought_constant_that_fits_one_number_alone_names_nothing():
    """A limit fits the largest number of nearly any wrong answer."""

    def halved_far_away(x):
        return np.where(square(x) > 500, square(x) / 2, square(x) + 1)

    assert report_on(SQUARE, halved_far_away).diagnosis.name != "limited"
