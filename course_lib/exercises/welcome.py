"""Chapter 00: three small functions on which a reader meets the checks, and a quiz about the course itself.

The references are here and not in the mathematics: later chapters have losses, scaling and optimizers in full.
"""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, flags, quiz


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


def rescale_columns(table):
    """Stretch each column of `table` to run from 0 to 1: (x − min) / (max − min). A column without spread becomes 0.

    Args:
        table: array (rows, columns).
    Returns:
        array shaped like `table`, values in [0, 1].
    """
    lowest, highest = table.min(axis=0), table.max(axis=0)
    spread = highest - lowest
    # Dividing by 1 where there is no spread gives 0 / 1 = 0 there, not 0 / 0 = NaN.
    return (table - lowest) / np.where(spread == 0, 1.0, spread)


def probe_rescale_columns(rescale_columns, rng):
    # Each column spreads by 4 or more, so that an answer with a small ε in its divisor passes as well.
    ramp = np.array([[0.0], [10.0], [5.0], [20.0]])
    table = rng.uniform(-4.0, 4.0, size=(4, 3)) + ramp * np.array([1.0, -2.0, 3.0]) - np.array([0.0, 100.0, 10.0])
    ends = np.array([[2.0, 10.0], [4.0, 30.0], [6.0, 20.0]])
    single = rng.uniform(10.0, 14.0, size=(4, 1)) + ramp
    constant = rng.uniform(2.0, 9.0, size=(4, 3)) + ramp
    constant[:, 1] = 7.0
    yield "two columns on different scales", lambda: rescale_columns(ends)
    yield "columns with negative numbers", lambda: rescale_columns(table)
    yield "a single column", lambda: rescale_columns(single)
    yield "a column in which nothing varies", lambda: rescale_columns(constant)
    yield "a table with a single row", lambda: rescale_columns(ends[:1])


def faulty_rescale_columns(table, whole_table=False, no_guard=False, divide_by_maximum=False, not_shifted=False):
    axis = None if whole_table else 0
    lowest, highest = table.min(axis=axis), table.max(axis=axis)
    divisor = highest if divide_by_maximum else highest - lowest
    if not no_guard:
        divisor = np.where(divisor == 0, 1.0, divisor)
    # Without the shift a column without spread still becomes 0 if somebody guards it.
    rescaled = (table if not_shifted else table - lowest) / divisor
    return rescaled if no_guard else np.where(lowest == highest, 0.0, rescaled)


def share_of_the_maximum(table):
    return table / table.max(axis=0)


def rescale_rows(table):
    return rescale_columns(table.T).T


def rescale_rows_of_another_shape(table):
    lowest, highest = table.min(axis=1), table.max(axis=1)
    return (table - lowest) / np.where(highest == lowest, 1.0, highest - lowest)


def rescale_without_parentheses(table):
    spread = table.max(axis=0) - table.min(axis=0)
    return table - table.min(axis=0) / np.where(spread == 0, 1.0, spread)


def rescale_to_minus_one(table):
    return 2 * rescale_columns(table) - 1


def standardize_instead(table):
    spread = table.std(axis=0)
    return (table - table.mean(axis=0)) / np.where(spread == 0, 1.0, spread)


def rescale_column_by_column(table):
    rescaled = np.zeros(table.shape)
    for j in range(table.shape[1]):
        column = table[:, j]
        if column.max() > column.min():
            rescaled[:, j] = (column - column.min()) / (column.max() - column.min())
    return rescaled


def rescale_with_epsilon(table):
    low = np.min(table, axis=0, keepdims=True)
    return (table - low) / (np.ptp(table, axis=0, keepdims=True) + 1e-8)


def rescale_and_repair(table):
    return np.nan_to_num((table - table.min(0)) / (table.max(0) - table.min(0)))


def rescale_where_there_is_spread(table):
    shifted = table - np.amin(table, axis=0)
    spread = np.amax(table, axis=0) - np.amin(table, axis=0)
    return np.divide(shifted, spread, out=np.zeros_like(table), where=spread != 0)


def rescale_in_place_on_a_copy(table):
    table = table.astype(float).copy()
    table -= table.min(axis=0)
    highest = table.max(axis=0)
    table[:, highest > 0] /= highest[highest > 0]
    return table


def rescale_as_lists(table):
    columns = [[(x - min(column)) / ((max(column) - min(column)) or 1) for x in column] for column in table.T.tolist()]
    return [list(row) for row in zip(*columns, strict=True)]


RESCALE_COLUMNS = Exercise(
    name="rescale_columns",
    reference=rescale_columns,
    probe=probe_rescale_columns,
    misconceptions=[
        *flags(
            faulty_rescale_columns,
            no_guard="A column in which nothing varies gives 0/0, which is NaN, and one NaN spoils every sum after it. "
            "Where max equals min, return 0.",
            whole_table="You take min and max over the whole table; take them column by column, with `axis=0`.",
            divide_by_maximum="You divide by the maximum; divide by the spread, max − min, so that each column ends "
            "at 1.",
            not_shifted="You divide by the spread without subtracting the minimum first, so no column starts at 0.",
        ),
        Misconception(
            share_of_the_maximum,
            "You divide by the maximum only. Subtract the column's minimum first, then divide by max − min.",
        ),
        Misconception(rescale_rows, "You rescale each row; a column lies along `axis=0`, so take min and max there."),
        Misconception(
            rescale_rows_of_another_shape,
            "With `axis=1` you take min and max of each row, and their shape does not fit the table. A column lies "
            "along `axis=0`.",
        ),
        Misconception(
            rescale_without_parentheses,
            "A division goes before a subtraction: put `table − min` in parentheses before you divide.",
        ),
        Misconception(rescale_to_minus_one, "Your columns run from −1 to 1. Asked for is 0 to 1."),
        Misconception(
            standardize_instead,
            "You subtract the mean and divide by the standard deviation. Here subtract min and divide by max − min.",
        ),
    ],
    equivalents=[
        rescale_column_by_column,
        rescale_with_epsilon,
        rescale_and_repair,
        rescale_where_there_is_spread,
        rescale_in_place_on_a_copy,
        rescale_as_lists,
    ],
    hints=[
        "`table.min(axis=0)` is the smallest number of each column. What is the smallest minus itself?",
        "After subtracting the minimum, the largest number of a column is max − min. Divide by that.",
        "Where max − min is 0, divide by 1 instead: `np.where(spread == 0, 1, spread)`.",
    ],
)


def walk_downhill(slope, start, learning_rate, steps):
    """Follow the slope of a function downhill: x ← x − learning_rate · slope(x), `steps` times.

    Args:
        slope: function of x that returns the slope at x.
        start: the first x.
        learning_rate: how far to go for a slope of 1.
        steps: how many steps to take, at least 0.
    Returns:
        list of the steps + 1 positions, `start` first.

    Reference: Cauchy (1847), "Méthode générale pour la résolution des systèmes d'équations simultanées".
    """
    positions = [start]
    for _ in range(steps):
        positions.append(positions[-1] - learning_rate * slope(positions[-1]))
    return positions


def probe_walk_downhill(walk_downhill, rng):
    right, left = rng.uniform(1.0, 2.0), rng.uniform(-2.0, -1.0)
    center = rng.uniform(-0.5, 0.5)
    yield "a bowl, from its right side", lambda: walk_downhill(lambda x: 2 * x, right, 0.1, 4)
    yield "a bowl, from its left side", lambda: walk_downhill(lambda x: 2 * x, left, 0.3, 3)
    yield "a bowl elsewhere", lambda: walk_downhill(lambda x: x - center, right, 0.5, 2)
    yield "a wavy valley, ten steps", lambda: walk_downhill(lambda x: np.cos(x) + 0.5 * x, left, 0.2, 10)
    yield "a single step", lambda: walk_downhill(lambda x: 3.0, right, 0.25, 1)
    yield "no step at all", lambda: walk_downhill(lambda x: 2 * x, right, 0.1, 0)


def faulty_walk_downhill(
    slope, start, learning_rate, steps, climbs=False, no_rate=False, slope_at_start=False, without_start=False
):
    positions = [start]
    for _ in range(steps):
        step = slope(start if slope_at_start else positions[-1])
        step = step if no_rate else learning_rate * step
        positions.append(positions[-1] + step if climbs else positions[-1] - step)
    return positions[1:] if without_start else positions


def walk_to_the_left(slope, start, learning_rate, steps):
    positions = [start]
    for _ in range(steps):
        positions.append(positions[-1] - learning_rate * abs(slope(positions[-1])))
    return positions


def walk_and_keep_the_last(slope, start, learning_rate, steps):
    return walk_downhill(slope, start, learning_rate, steps)[-1]


def walk_one_step_short(slope, start, learning_rate, steps):
    return walk_downhill(slope, start, learning_rate, steps)[: max(steps, 1)]


def walk_with_a_falling_rate(slope, start, learning_rate, steps):
    positions = [start]
    for step in range(steps):
        positions.append(positions[-1] - learning_rate / (step + 1) * slope(positions[-1]))
    return positions


def walk_in_an_array(slope, start, learning_rate, steps):
    positions = np.zeros(steps + 1)
    positions[0] = start
    for i in range(steps):
        positions[i + 1] = positions[i] - learning_rate * slope(positions[i])
    return positions


def walk_with_a_variable(slope, start, learning_rate, steps):
    x, positions = start, []
    positions.append(x)
    for _ in range(steps):
        x += -learning_rate * slope(x)
        positions.append(x)
    return np.array(positions)


def walk_by_recursion(slope, start, learning_rate, steps):
    if steps == 0:
        return [start]
    there = start - learning_rate * slope(start)
    return [start, *walk_by_recursion(slope, there, learning_rate, steps - 1)]


WALK_DOWNHILL = Exercise(
    name="walk_downhill",
    reference=walk_downhill,
    probe=probe_walk_downhill,
    misconceptions=[
        *flags(
            faulty_walk_downhill,
            climbs="You add the slope, so you walk uphill: the slope points to where the function grows. Subtract it.",
            no_rate="You take the whole slope as the step; multiply it by `learning_rate`.",
            slope_at_start="You use the slope at `start` in every step; ask for the slope where you are now.",
            without_start="Your list lacks its first position: `start` itself comes first, then one for each step.",
        ),
        Misconception(
            walk_to_the_left,
            "You always walk to the left. Keep the slope's own sign: where it is negative, downhill is to the right.",
        ),
        Misconception(
            walk_and_keep_the_last, "You return the last position only. Asked for are all of them, `start` first."
        ),
        Misconception(walk_one_step_short, "You stop one step early: `steps` steps visit `steps + 1` positions."),
        Misconception(
            walk_with_a_falling_rate,
            "Your learning rate shrinks from step to step. Here it stays the same; schedules come in chapter 06.",
        ),
    ],
    equivalents=[walk_in_an_array, walk_with_a_variable, walk_by_recursion],
    hints=[
        "The slope says where the function grows. Which way is down?",
        "One sign is wrong in the code above. Everything else can stay.",
        "`x = x - learning_rate * slope(x)`, and after each step `positions.append(x)`.",
    ],
)


QUIZ = quiz(
    "quiz_welcome",
    {
        "shapes": {
            "answer": "d",
            "a": "NumPy does not pair up the numbers here: a flat array counts as one row, and the column is held "
            "against that row.",
            "b": "the result is no column either: the flat array counts as a row, so there is a column for each of its "
            "numbers.",
            "c": "nothing is raised. NumPy stretches both arrays (“broadcasting”), which is why the slip is so hard to "
            "see.",
        },
        "points": {
            "answer": "b",
            "a": "a check is not all or nothing: rows that agree earn their share, unless a row is marked essential.",
            "c": "trying again costs nothing: your best points count, however many attempts there were.",
            "d": "hints are free as well. Only that a solution was shown is remembered, and it takes no points either.",
        },
        "copies": {
            "answer": "c",
            "a": "`course reset` makes a clean copy and keeps the old one beside it under a dated name.",
            "b": "an update changes `notebooks/`, never `work/`, where your copies are.",
            "d": "checks record points, attempts and hints, not your code. The code is in the notebook that you save.",
        },
    },
)


EXERCISES = [PREDICTION_ERROR, RESCALE_COLUMNS, WALK_DOWNHILL, QUIZ]
