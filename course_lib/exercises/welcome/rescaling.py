"""Columns that run from 0 to 1, those without spread included."""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, flags


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
