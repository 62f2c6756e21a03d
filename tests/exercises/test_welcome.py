"""Chapter 00's exercises against answers that nobody of us wrote down as right or wrong beforehand."""

import math

import numpy as np
import pytest
from sklearn.metrics import mean_squared_error
from sklearn.preprocessing import MinMaxScaler

from course_lib.checking.judge import judge
from course_lib.checking.observe import observe
from course_lib.exercises.welcome import PREDICTION_ERROR, QUIZ, RESCALE_COLUMNS, WALK_DOWNHILL
from tests.exercises.reports import report_on


def error_with_sklearn(y_true, y_pred):
    return mean_squared_error(y_true, y_pred)


def error_in_float32(y_true, y_pred):
    return np.square(y_true.astype("float32") - y_pred[:, 0] if y_pred.ndim > 1 else y_true - y_pred).mean()


def error_in_plain_python(y_true, y_pred):
    pairs = list(zip(np.ravel(y_true).tolist(), np.ravel(y_pred).tolist(), strict=True))
    return math.fsum((p - t) ** 2 for t, p in pairs) / len(pairs)


def error_in_an_array_of_no_dimension(y_true, y_pred):
    return np.array(np.power(np.subtract(np.reshape(y_pred, -1), y_true), 2).sum() / len(y_true))


def error_that_changes_its_argument(y_true, y_pred):
    y_pred.shape = y_true.shape
    y_pred -= y_true
    y_pred *= y_pred
    return y_pred.mean()


def rescale_with_sklearn(table):
    return MinMaxScaler().fit_transform(table)


def rescale_with_a_mask(table):
    low, high = table.min(axis=0, keepdims=True), table.max(axis=0, keepdims=True)
    rescaled = (table - low) / (high - low)
    rescaled[np.isnan(rescaled)] = 0
    return rescaled


def rescale_by_interpolating(table):
    columns = [
        np.interp(column, [column.min(), column.max()], [0, 1]) if np.ptp(column) else np.zeros(len(column))
        for column in table.T
    ]
    return np.column_stack(columns)


def rescale_along_an_axis(table):
    return np.apply_along_axis(lambda x: (x - x.min()) / (np.ptp(x) if np.ptp(x) > 0 else 1), 0, table)


def walk_with_an_early_return(slope, start, learning_rate, steps):
    if steps < 1:
        return [start]
    trace = [float(start)]
    while len(trace) <= steps:
        trace += [trace[-1] + (-1) * slope(trace[-1]) * learning_rate]
    return tuple(trace)


def walk_with_numpy_append(slope, start, learning_rate, steps):
    trace = np.array([start])
    for _ in range(steps):
        trace = np.append(trace, trace[-1] - learning_rate * slope(trace[-1]))
    return trace


def walk_with_accumulate(slope, start, learning_rate, steps):
    from itertools import accumulate

    return list(accumulate(range(steps), lambda x, _: x - learning_rate * slope(x), initial=start))


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (PREDICTION_ERROR, error_with_sklearn),
        (PREDICTION_ERROR, error_in_float32),
        (PREDICTION_ERROR, error_in_plain_python),
        (PREDICTION_ERROR, error_in_an_array_of_no_dimension),
        (PREDICTION_ERROR, error_that_changes_its_argument),
        (RESCALE_COLUMNS, rescale_with_sklearn),
        (RESCALE_COLUMNS, rescale_with_a_mask),
        (RESCALE_COLUMNS, rescale_by_interpolating),
        (RESCALE_COLUMNS, rescale_along_an_axis),
        (WALK_DOWNHILL, walk_with_an_early_return),
        (WALK_DOWNHILL, walk_with_numpy_append),
        (WALK_DOWNHILL, walk_with_accumulate),
        (QUIZ, lambda: {"shapes": "D", "nan": " c ", "descent": "b)", "another": "e"}),
    ],
)
def test_foreign_right_answers_pass(exercise, answer):
    for seed in range(20):
        report = report_on(exercise, answer, seed)
        assert report.passed, f"seed {seed}:\n{report}"


@pytest.mark.slow
def test_kerass_own_loss_passes():
    import keras

    assert report_on(PREDICTION_ERROR, keras.losses.MeanSquaredError()).passed


def test_an_argument_that_was_changed_is_noted():
    assert "changes its argument" in report_on(PREDICTION_ERROR, error_that_changes_its_argument).notes[0]


@pytest.mark.parametrize(
    ("exercise", "answer", "words"),
    [
        # The obvious line, and what the reader is likely to try after its diagnosis.
        (PREDICTION_ERROR, lambda y_true, y_pred: np.mean((y_true - y_pred) ** 2), "table of n × n"),
        (PREDICTION_ERROR, lambda y_true, y_pred: np.diag(y_true - y_pred) ** 2, "single number"),
        (PREDICTION_ERROR, lambda y_true, y_pred: np.mean(abs(y_true - y_pred)), "Two mistakes|distances|n × n"),
        (PREDICTION_ERROR, lambda y_true, y_pred: np.mean((y_true - y_pred) ** 2, axis=0), "shape|n × n"),
        (PREDICTION_ERROR, lambda y_true, y_pred: np.sqrt(np.mean((y_true - y_pred.ravel()) ** 2)), "square root"),
        (PREDICTION_ERROR, lambda y_true, y_pred: print(y_true - y_pred), "None"),
        (PREDICTION_ERROR, lambda y_true, y_pred: "0.0", "text"),
        # Parentheses, axes and zeros.
        (RESCALE_COLUMNS, lambda t: (t - t.min(0)) / (t.max(0) - t.min(0)), "0/0"),
        (RESCALE_COLUMNS, lambda t: (t - t.min()) / (t.max() - t.min()), "whole table"),
        (RESCALE_COLUMNS, lambda t: t - t.min(axis=0) / t.max(axis=0) - t.min(axis=0), "numbers differ|parentheses"),
        (RESCALE_COLUMNS, lambda t: t / t.max(axis=0), "maximum only"),
        (RESCALE_COLUMNS, lambda t: (t - t.min(axis=1)) / np.ptp(t, axis=1), "With `axis=1`"),
        (RESCALE_COLUMNS, lambda t: (t - t.mean(0)) / t.std(0), "standard deviation"),
        (RESCALE_COLUMNS, lambda t: np.nan_to_num((t - t.min(0)) / np.ptp(t, axis=0), nan=0.5), "column in which"),
        # The bug and its half-repairs.
        (WALK_DOWNHILL, lambda s, x, r, n: [x, *[x := x + r * s(x) for _ in range(n)]], "code with the bug"),
        (WALK_DOWNHILL, lambda s, x, r, n: [x, *[x := x - s(x) for _ in range(n)]], "learning_rate"),
        (WALK_DOWNHILL, lambda s, x, r, n: [x - i * r * s(x) for i in range(n + 1)], "slope at `start`"),
        (WALK_DOWNHILL, lambda s, x, r, n: [x := x - r * s(x) for _ in range(n)], "lacks its first"),
        (QUIZ, lambda: {"shapes": "d", "nan": "c"}, "no answer"),
        (QUIZ, lambda: {"shapes": "c", "nan": "c", "descent": "b"}, "shapes: Nothing is raised"),
    ],
)
def test_foreign_wrong_answers_are_refused_with_a_word_to_the_point(exercise, answer, words):
    for seed in range(20):
        report = report_on(exercise, answer, seed)
        assert not report.passed, f"seed {seed}"
        assert any(word in report.message for word in words.split("|")), f"seed {seed}: {report.message}"


def test_the_worked_example_earns_two_thirds():
    """The chapter says so: 4 of 6 equal lines of 3 points."""
    record = observe(PREDICTION_ERROR, lambda y_true, y_pred: np.mean((y_pred - y_true) ** 2), 0)
    assert judge(PREDICTION_ERROR, record, 0, points=3).points == 2.0
