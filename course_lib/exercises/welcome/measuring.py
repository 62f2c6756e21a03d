"""How wrong predictions are, as one number; a column of them in place of a flat array is the trap."""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, flags


def prediction_error(y_true, y_pred):
    """Say how wrong predictions are, as one number: the mean of (y_pred − y_true)² over the n examples.

    Args:
        y_true: array (n,).
        y_pred: array (n,), or a column (n, 1) as a Keras model gives it.
    Returns:
        a number ≥ 0.
    """
    # (n, 1) − (n,) would be a table of n × n differences: make both flat first.
    differences = np.ravel(y_pred) - np.ravel(y_true)
    return np.mean(differences**2)


def probe_prediction_error(prediction_error, rng):
    y_true, y_pred = rng.normal(size=(2, 6))
    first, others = rng.normal(size=8), rng.normal(size=(8, 1))
    column, large = rng.normal(size=(5, 1)), 1000.0 * rng.normal(size=(2, 4))
    one_off = y_true + np.array([0.0, 0.0, 3.0, 0.0, 0.0, 0.0])
    yield "six predictions in a flat array", lambda: prediction_error(y_true, y_pred)
    yield "one prediction of six is off by 3", lambda: prediction_error(y_true, one_off)
    yield "large numbers", lambda: prediction_error(large[0], large[1])
    yield "eight predictions in a column", lambda: prediction_error(first, others)
    yield "perfect predictions in a column", lambda: prediction_error(column.ravel(), column)
    yield "a single prediction", lambda: prediction_error(np.array([2.0]), np.array([[5.0]]))


def faulty_prediction_error(y_true, y_pred, table=False, total=False, root=False, half=False):
    differences = y_pred - y_true if table else np.ravel(y_pred) - np.ravel(y_true)
    error = np.sum(differences**2) if total else np.mean(differences**2)
    error = np.sqrt(error) if root else error
    return error / 2 if half else error


def absolute_error(y_true, y_pred):
    return np.mean(np.abs(np.ravel(y_pred) - np.ravel(y_true)))


def error_with_sign(y_true, y_pred):
    return np.mean(np.ravel(y_pred) - np.ravel(y_true))


def squared_mean(y_true, y_pred):
    return np.mean(np.ravel(y_pred) - np.ravel(y_true)) ** 2


def errors_one_by_one(y_true, y_pred):
    return (np.ravel(y_pred) - np.ravel(y_true)) ** 2


def error_by_looping_over_rows(y_true, y_pred):
    total = 0
    for truth, prediction in zip(y_true, y_pred, strict=True):
        total = total + (prediction - truth) ** 2
    return total / len(y_true)


def error_in_the_shape_of_the_truth(y_true, y_pred):
    return ((y_true - y_pred.reshape(y_true.shape)) ** 2).mean()


def error_of_a_row_and_a_flat_array(y_true, y_pred):
    return np.mean((y_pred.T - y_true) ** 2)


def error_by_squeezing(y_true, y_pred):
    return np.average(np.square(np.squeeze(y_pred) - y_true))


def error_of_two_columns(y_true, y_pred):
    return np.mean((y_true.reshape(-1, 1) - y_pred.reshape(-1, 1)) ** 2)


def error_by_indexing(y_true, y_pred):
    if y_pred.ndim == 2:
        y_pred = y_pred[:, 0]
    return sum((p - t) ** 2 for t, p in zip(y_true, y_pred, strict=True)) / len(y_true)


def error_by_dot_product(y_true, y_pred):
    differences = np.asarray(y_true).flatten() - np.asarray(y_pred).flatten()
    return float(differences @ differences / differences.size)


def error_from_the_norm(y_true, y_pred):
    return np.linalg.norm(y_pred.flatten() - y_true) ** 2 / y_true.size


PREDICTION_ERROR = Exercise(
    name="prediction_error",
    reference=prediction_error,
    probe=probe_prediction_error,
    misconceptions=[
        *flags(
            faulty_prediction_error,
            table="A column (n, 1) minus a flat array (n,) is a table of n × n differences: every prediction is held "
            "against every truth. Make both flat first, with `.ravel()`.",
            total="You add up the squares; divide by the number of examples, n, so that more examples are not a larger "
            "error.",
            root="You take the square root of the mean. Asked for is the mean of the squares itself.",
            half="Your error is half of what is asked for: leave out the factor ½.",
        ),
        Misconception(absolute_error, "You average the distances |y_pred − y_true|; square each difference instead."),
        Misconception(
            error_with_sign,
            "You average the differences with their signs, so +1 and −1 cancel. Square each difference, then average.",
        ),
        Misconception(squared_mean, "You square the mean difference; square each difference first, then average."),
        Misconception(errors_one_by_one, "You return one error for each example. Take the mean of them: one number."),
        Misconception(
            error_by_looping_over_rows,
            "A row of a column (n, 1) is an array with one number in it, and so is your result. Make `y_pred` flat "
            "before the loop, with `.ravel()`.",
        ),
    ],
    equivalents=[
        error_of_a_row_and_a_flat_array,
        error_in_the_shape_of_the_truth,
        error_by_squeezing,
        error_of_two_columns,
        error_by_indexing,
        error_by_dot_product,
        error_from_the_norm,
    ],
    hints=[
        "Three steps: the differences, their squares, the mean of the squares. `np.mean` does the last.",
        "Print `(y_pred - y_true).shape` for a column of predictions. How many differences should there be?",
        "`y_pred.ravel()` is the flat array of the same numbers, whether `y_pred` is flat or a column.",
    ],
)
