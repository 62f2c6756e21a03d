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


def faulty_prediction_error(
    y_true, y_pred, table=False, total=False, root=False, half=False, by_column=False, distances=False, signs=False
):
    differences = y_pred - y_true if table or by_column else np.ravel(y_pred) - np.ravel(y_true)
    parts = np.abs(differences) if distances else differences if signs else differences**2
    error = np.sum(parts) if total else np.mean(parts, axis=0) if by_column else np.mean(parts)
    error = np.sqrt(error) if root else error
    return error / 2 if half else error


def error_over(make):
    """Return the wrong error that `make` computes from flat truths t and flat predictions p."""
    return lambda y_true, y_pred: make(np.ravel(y_true), np.ravel(y_pred))


def errors_one_by_one(y_true, y_pred):
    """You return one error for each example.

    Take the mean of them: one number.
    """
    return (np.ravel(y_pred) - np.ravel(y_true)) ** 2


def error_of_each_row_of_a_table(y_true, y_pred):
    """`axis=1` gives one mean for each row, and a flat array has no such axis.

    Make both arrays flat first, with `.ravel()`, and take the mean of all squares.
    """
    return np.mean((y_pred - y_true) ** 2, axis=1)


def error_by_looping_over_rows(y_true, y_pred):
    """Your result is an array, not a number: each row of a column (n, 1) is an array with one number in it.

    Make `y_pred` flat before the loop.
    """
    total = 0
    for truth, prediction in zip(y_true, y_pred, strict=True):
        total = total + (prediction - truth) ** 2
    return total / len(y_true)


def error_by_the_dot_of_a_table(y_true, y_pred):
    """A column (n, 1) minus a flat array (n,) is a table of n × n differences, and the product of tables is a table.

    Make both arrays flat first, with `.ravel()`.
    """
    differences = y_pred - y_true
    return np.dot(differences.T, differences) / len(y_true)


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
    kind="formula",
    minutes=6,
    level=1,
    reference=prediction_error,
    probe=probe_prediction_error,
    misconceptions=[
        *flags(
            faulty_prediction_error,
            table=(
                "A column (n, 1) minus a flat array (n,) is a table of n × n differences: every prediction is held "
                "against every truth.",
                "Print the shapes of both, and bring them to one shape before you subtract.",
            ),
            total=(
                "You add up the squares, so more examples make a larger error.",
                "Divide by the number of examples, n.",
            ),
            root=("You take the square root of the mean.", "Return the mean of the squares itself."),
            half=("Your error is half of what is asked for.", "Leave out the factor ½."),
            by_column=(
                "A column (n, 1) minus a flat array (n,) is a table of n × n differences, and only its rows were "
                "averaged: one number is left for each of its columns.",
                "Make both arrays flat first, with `.ravel()`.",
            ),
            distances=("You average the distances |y_pred − y_true|.", "Square each difference instead."),
            signs=(
                "You average the differences with their signs, so +1 and −1 cancel.",
                "Square each difference, then average.",
            ),
        ),
        errors_one_by_one,
        error_of_each_row_of_a_table,
        error_by_looping_over_rows,
        error_by_the_dot_of_a_table,
        Misconception(
            lambda y_true, y_pred: np.sum((y_pred - y_true) ** 2) / len(y_true),
            "A column (n, 1) minus a flat array (n,) is a table of n × n differences, and you add up all of them.",
            "Make both flat first, with `.ravel()`.",
            "table_over_n",
        ),
        Misconception(
            error_over(lambda t, p: np.mean(p - t) ** 2),
            "You square the mean difference, so differences of opposite sign cancel first.",
            "Square each difference first, then average.",
            "squared_mean",
        ),
        Misconception(
            error_over(lambda t, p: np.sum(p - t) ** 2 / len(t)),
            "You square the sum of the differences, so differences of opposite sign cancel first.",
            "Square each difference first, then add up.",
            "squared_sum",
        ),
        Misconception(
            error_over(lambda t, p: (p[0] - t[0]) ** 2 / len(t)),
            "Your result holds the first example only: the `return` stands inside the loop.",
            "Move `return` to the left, so that it comes after the loop.",
            "error_returned_in_the_loop",
        ),
        Misconception(
            error_over(lambda t, p: (p[-1] - t[-1]) ** 2 / len(t)),
            "Your result holds the last example only: each turn of the loop overwrites the one before.",
            "Add to the total with `+=`.",
            "error_without_adding_up",
        ),
        Misconception(
            error_over(lambda t, p: np.sum((p - t)[:-1] ** 2) / len(t)),
            "The last example is left out.",
            "Let the loop run over all n examples: `range(n)` already stops before n.",
            "error_without_the_last_example",
        ),
        Misconception(
            error_over(lambda t, p: np.mean(p - t**2)),
            "A power goes before a subtraction: you square `y_true` alone.",
            "Put the difference in parentheses before you square it.",
            "error_without_parentheses",
        ),
        Misconception(
            error_over(lambda t, p: np.mean(p**2 - t**2)),
            "You subtract the squares of the numbers from each other.",
            "Subtract first, then square the difference.",
            "difference_of_squares",
        ),
        Misconception(
            error_over(lambda t, p: np.mean((p - t) * 2)),
            "You double each difference: `* 2` is no square.",
            "A square is `** 2`.",
            "doubled_differences",
        ),
        Misconception(
            error_over(lambda t, p: np.var(p - t)),
            "This is the variance of the differences: their mean is taken off first, so being off by the same "
            "amount everywhere counts as no error.",
            "Take the mean of the squared differences themselves.",
            "variance_of_differences",
        ),
        Misconception(
            error_over(lambda t, p: np.sum((p - t) ** 2) / max(len(t) - 1, 1)),
            "You divide by n − 1, as for the variance of a sample.",
            "Divide by the number of examples, n.",
            "error_over_n_minus_one",
        ),
        Misconception(
            error_over(lambda t, p: np.mean(((p - t) / t) ** 2)),
            "You divide each difference by the truth, which makes a relative error.",
            "Square the differences as they are.",
            "relative_error",
        ),
        Misconception(
            error_over(lambda t, p: np.median((p - t) ** 2)),
            "You take the median of the squares.",
            "Take their mean.",
            "median_of_squares",
        ),
        Misconception(
            error_over(lambda t, p: np.max((p - t) ** 2)),
            "You return the largest of the squares.",
            "Take the mean of all of them.",
            "largest_square",
        ),
        Misconception(
            error_over(lambda t, p: 1 - np.mean((p - t) ** 2)),
            "You return 1 minus the error, so that larger is better.",
            "Return the mean of the squares itself.",
            "one_minus_the_error",
        ),
        Misconception(
            error_over(lambda t, p: np.trunc(np.mean((p - t) ** 2))),
            "You drop what comes after the point: your error is a whole number.",
            "Return the mean as it is, without `int`.",
            "error_in_whole_numbers",
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
        "Three steps: the differences, their squares, the mean of the squares.",
        "Print `(y_pred - y_true).shape` for a column of predictions. How many differences should there be?",
        "A column and a flat array hold the same numbers in other shapes: `.ravel()` makes any array flat.",
    ],
)
