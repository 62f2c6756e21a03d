"""General remarks: each is told where it holds on all wrong rows, and kept back where it does not."""

import numpy as np
import pytest

from course_lib.checking.errors import error_in_words
from course_lib.checking.exercise import Exercise, Row
from course_lib.checking.isolation import Failure


def standardized(x, epsilon=1e-3):
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + epsilon)


def probe_standardized(standardized, rng):
    few, many = rng.normal(1.0, 2.0, size=(4, 3)), rng.normal(size=(6, 2))
    tiny = 1e-2 * rng.normal(size=(5, 3))
    yield "four rows", lambda: standardized(few)
    yield "six rows", lambda: standardized(many)
    yield "tiny numbers", lambda: standardized(tiny)
    yield "another ε", lambda: standardized(tiny, epsilon=1e-4)


STANDARDIZED = Exercise("standardized", standardized, probe_standardized, [])


def only_on_the_first(change):
    """An answer that is changed on four rows alone, and wrong without a pattern on all other rows."""

    def answer(x, epsilon=1e-3):
        right = standardized(x, epsilon)
        return change(right) if len(x) == 4 else right + np.arange(right.size).reshape(right.shape) ** 2

    return answer


RIGHT_CHANGED = {
    "rounded to 4 digits": lambda right: np.round(right, 4),
    "opposite sign": lambda right: -right,
    "3 times": lambda right: 3 * right,
    "1/4 of": lambda right: right / 4,
    "same amount, 0.5": lambda right: right + 0.5,
    "whole": lambda right: right.astype(int),
    "squares": lambda right: right**2,
    "transposed": lambda right: right.T,
    "reverse order": lambda right: right[::-1],
    "in another order": lambda right: np.roll(right, 1, axis=0),
    "things; the first": lambda right: (right, {"cache": right}),
    "Only the first of the": lambda right: right[0],
    "all the rest is 0": lambda right: np.vstack([right[:1], 0 * right[1:]]),
    "the sum of the right numbers": lambda right: right.sum(axis=1),
    "but have shape": lambda right: right[None],
}


@pytest.mark.parametrize("told", RIGHT_CHANGED)
def test_a_relation_that_holds_on_all_wrong_rows_is_told(report_on, told):
    change = RIGHT_CHANGED[told]
    report = report_on(STANDARDIZED, lambda x, epsilon=1e-3: change(standardized(x, epsilon)))
    assert told in report.diagnosis.cause and report.points == 0


@pytest.mark.parametrize("told", RIGHT_CHANGED)
def test_what_fits_one_row_of_several_is_not_told(report_on, told):
    report = report_on(STANDARDIZED, only_on_the_first(RIGHT_CHANGED[told]))
    assert told not in str(report.diagnosis) and not report.passed


def test_an_epsilon_is_named_only_where_it_gives_these_numbers(report_on):
    def without(x, epsilon=1e-3):
        return (x - x.mean(axis=0)) / x.std(axis=0)

    def with_another_default(x, epsilon=1e-5):
        return standardized(x, epsilon)

    def on_the_outside(x, epsilon=1e-3):
        return (x - x.mean(axis=0)) / (x.std(axis=0) + epsilon)

    assert "without ε" in report_on(STANDARDIZED, without).message
    assert "Your ε is 1e-05 where none is given" in report_on(STANDARDIZED, with_another_default).message
    message = report_on(STANDARDIZED, on_the_outside).message
    assert "without ε" not in message and "Your ε is" not in message


def test_what_comes_back_as_it_was_given(report_on):
    assert "`x` comes back as it was given" in report_on(STANDARDIZED, lambda x, epsilon=1e-3: x).message
    assert "comes back" not in report_on(STANDARDIZED, lambda x, epsilon=1e-3: x + 0.1).message


def test_nan_that_is_hidden_is_told_from_nan_that_should_not_be(report_on):
    def probe(relu, rng):
        x = np.append(rng.normal(size=4), np.nan)
        yield "numbers and a NaN", lambda: relu(x)

    exercise = Exercise("relu", lambda x: np.maximum(0, x), probe, [])
    hidden = report_on(exercise, lambda x: np.nan_to_num(np.maximum(0, x)))
    assert "Where NaN is right your code gives 0" in hidden.message
    other = report_on(exercise, lambda x: np.nan_to_num(np.maximum(0, x)) + 1)
    assert "Where NaN is right" not in other.message


def test_the_right_values_of_secret_rows_are_never_told(report_on):
    def probe(answer, rng):
        yield Row("a reading", lambda: answer(), is_secret=True)

    exercise = Exercise("reading", lambda: 4.125, probe, [])
    for wrong in (lambda: 8.25, lambda: -4.125, lambda: [4.125, 1.0], lambda: np.ones(3)):
        message = str(report_on(exercise, wrong).diagnosis)
        assert "times" not in message and "sign" not in message and "first" not in message


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (lambda x, epsilon=0: np.max(0, x), "reduces one array"),
        (lambda x, epsilon=0: max(0, x), "one yes or no"),
        (lambda x, epsilon=0: x ^ 2, "it is no power"),
        (lambda x, epsilon=0: x.tolist() - x.tolist(), "no part in arithmetic"),
        (lambda x, epsilon=0: float(x), "made one number"),
        (lambda x, epsilon=0: x - [].append(x), "None here"),
        (lambda x, epsilon=0: x @ x @ x, "inner lengths differ"),
        (lambda x, epsilon=0: x - x.mean(axis=1), "do not fit"),
        (lambda x, epsilon=0: x.sum[0], "as if it were its result"),
        (lambda x, epsilon=0: mean(x), "There is no `mean`"),  # noqa: F821
        (lambda x: x, "epsilon"),
    ],
)
def test_errors_that_deserve_a_name(report_on, code, told):
    report = report_on(STANDARDIZED, code)
    assert told in report.diagnosis.cause, report.diagnosis


def test_a_missing_self_is_told_from_a_missing_parameter(exercises, report_on):
    class Selfless:
        def __init__(self, learning_rate=0.1, momentum=0.9):
            self.learning_rate = learning_rate

        def step(weights, gradients):
            return weights

    class OneList(Selfless):
        def step(self, weights):
            return weights

    assert "`step` has no `self`" in report_on(exercises.momentum, Selfless).message
    message = report_on(exercises.momentum, OneList).message
    assert "no `self`" not in message and "def step(self, weights)" in message


def test_an_error_without_a_name_keeps_its_own_words():
    failure = Failure("raised", "RuntimeError", "the cat sat on it", "line 3: sit()")
    assert error_in_words(failure) == ("Your code raised RuntimeError: the cat sat on it (line 3: sit()).", "")
    other = Failure("raised", "TypeError", "f() takes 1 positional argument but 2 were given", "line 9: f(1, 2)")
    assert "self" not in error_in_words(other)[0]
