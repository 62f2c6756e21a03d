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
    ends = np.array([[2.0, 10.0], [3.0, 30.0], [6.0, 15.0]])
    single = rng.uniform(10.0, 14.0, size=(4, 1)) + ramp
    constant = rng.uniform(2.0, 9.0, size=(4, 3)) + ramp
    constant[:, 1] = 7.0
    yield "two columns on different scales", lambda: rescale_columns(ends)
    yield "columns with negative numbers", lambda: rescale_columns(table)
    yield "a single column", lambda: rescale_columns(single)
    yield "a column in which nothing varies", lambda: rescale_columns(constant)
    yield "a table with a single row", lambda: rescale_columns(ends[:1])


def faulty_rescale_columns(
    table, whole_table=False, no_guard=False, divide_by_maximum=False, not_shifted=False, whole_spread=False
):
    axis = None if whole_table else 0
    lowest, highest = table.min(axis=axis), table.max(axis=axis)
    divisor = np.ptp(table) if whole_spread else highest if divide_by_maximum else highest - lowest
    if not no_guard:
        divisor = np.where(divisor == 0, 1.0, divisor)
    # Without the shift a column without spread still becomes 0 if somebody guards it.
    rescaled = (table if not_shifted else table - lowest) / divisor
    return rescaled if no_guard else np.where(lowest == highest, 0.0, rescaled)


def rescale_by(make):
    """Return the wrong scaling that `make` computes from a table, its columns' minimum, maximum and guarded spread."""

    def rescale(table):
        spread = np.ptp(table, axis=0)
        return make(table, table.min(axis=0), table.max(axis=0), np.where(spread == 0, 1.0, spread))

    return rescale


def with_constants(what):
    """Return the right scaling with `what(table)` in columns in which nothing varies."""
    return lambda table: np.where(np.ptp(table, axis=0) == 0, what(table), rescale_columns(table))


def rescale_rows_of_another_shape(table):
    """With `axis=1` you take min and max of each row, and their shape does not fit the table.

    A column lies along `axis=0`: take min and max there.
    """
    lowest, highest = table.min(axis=1), table.max(axis=1)
    return (table - lowest) / np.where(highest == lowest, 1.0, highest - lowest)


def rescale_the_first_column(table):
    """Only the first column is rescaled: the `return` stands inside the loop.

    Move `return` to the left, so that it comes after the loop.
    """
    return np.where(np.arange(table.shape[1]) == 0, rescale_columns(table), 0.0)


def rescale_all_or_nothing(table):
    """One column in which nothing varies makes your whole table 0, the other columns too.

    Decide for each column by itself, with `np.where`.
    """
    return np.zeros_like(table) if np.any(np.ptp(table, axis=0) == 0) else rescale_columns(table)


def rescale_and_drop_constants(table):
    """Columns in which nothing varies are missing from your result, so its shape is another.

    Keep them, as columns of 0.
    """
    return rescale_columns(table[:, np.ptp(table, axis=0) > 0])


def rescale_with_max_of_python(table):
    """Python's `min` and `max` compare whole rows, which NumPy refuses for rows of several numbers.

    Use `table.min(axis=0)` and `table.max(axis=0)`.
    """
    return (table - min(table)) / (max(table) - min(table))


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
    kind="derive",
    minutes=10,
    level=2,
    reference=rescale_columns,
    probe=probe_rescale_columns,
    misconceptions=[
        *flags(
            faulty_rescale_columns,
            no_guard=(
                "A column in which nothing varies gives 0/0, which is NaN, and one NaN spoils every sum after it.",
                "Return 0 where max equals min.",
            ),
            whole_table=("You take min and max over the whole table.", "Take them column by column, with `axis=0`."),
            divide_by_maximum=(
                "You divide by the maximum, so your columns do not end at 1.",
                "Divide by the spread, max − min.",
            ),
            not_shifted=(
                "You divide by the spread without subtracting the minimum, so no column starts at 0.",
                "Subtract the column's minimum first.",
            ),
            whole_spread=(
                "You take the spread over the whole table.",
                "Take it column by column, with `axis=0`.",
            ),
        ),
        rescale_rows_of_another_shape,
        rescale_the_first_column,
        rescale_all_or_nothing,
        rescale_and_drop_constants,
        rescale_with_max_of_python,
        Misconception(
            lambda table: table / table.max(),
            "You divide the whole table by its largest number.",
            "Each column has its own smallest and largest number; subtract the smallest first.",
            "share_of_the_largest",
        ),
        Misconception(
            lambda table: table / table.max(axis=0),
            "You divide by the maximum only.",
            "Subtract the column's minimum first, then divide by max − min.",
            "share_of_the_maximum",
        ),
        Misconception(
            lambda table: rescale_columns(table.T).T,
            "You rescale each row.",
            "A column lies along `axis=0`: take min and max there.",
            "rescale_rows",
        ),
        Misconception(
            lambda table: faulty_rescale_columns(table.T, no_guard=True).T,
            "You rescale each row, and a row in which nothing varies gives 0/0.",
            "A column lies along `axis=0`: take min and max there, and return 0 where they are equal.",
            "rescale_rows_without_guard",
        ),
        Misconception(
            lambda table: table - table.min(axis=0) / np.ptp(table, axis=0),
            "A division goes before a subtraction: you divide the minimum alone.",
            "Put `table − min` in parentheses before you divide, and guard against a spread of 0.",
            "rescale_without_parentheses_or_guard",
        ),
        Misconception(
            rescale_by(lambda table, low, high, spread: table - low / spread),
            "A division goes before a subtraction: you divide the minimum alone.",
            "Put `table − min` in parentheses before you divide.",
            "rescale_without_parentheses",
        ),
        Misconception(
            rescale_by(lambda table, low, high, spread: (table - low) / high - low),
            "A division goes before a subtraction: you divide by the maximum, and subtract the minimum afterwards.",
            "Put `max − min` in parentheses.",
            "rescale_without_parentheses_below",
        ),
        Misconception(
            rescale_by(lambda table, low, high, spread: 2 * rescale_columns(table) - 1),
            "Your columns run from −1 to 1.",
            "Leave out the stretch and the shift: 0 to 1 is asked for.",
            "rescale_to_minus_one",
        ),
        Misconception(
            rescale_by(
                lambda table, low, high, spread: (table - table.mean(0)) / np.where(spread == 1, 1, table.std(0))
            ),
            "You subtract the mean and divide by the standard deviation.",
            "Subtract the minimum, and divide by max − min.",
            "standardize_instead",
        ),
        Misconception(
            rescale_by(lambda table, low, high, spread: (table - table.mean(axis=0)) / spread),
            "You subtract the mean, so your columns lie around 0.",
            "Subtract the minimum.",
            "rescale_around_the_mean",
        ),
        Misconception(
            rescale_by(lambda table, low, high, spread: (table - low) / np.where(spread == 1, 1, table.std(0))),
            "You divide by the standard deviation, so your columns do not end at 1.",
            "Divide by the spread, max − min.",
            "rescale_by_the_standard_deviation",
        ),
        Misconception(
            rescale_by(lambda table, low, high, spread: rescale_columns(table) - 0.5),
            "Your columns run from −½ to ½.",
            "Leave out the shift: 0 to 1 is asked for.",
            "rescale_around_zero",
        ),
        Misconception(
            rescale_by(lambda table, low, high, spread: (high - table) / spread),
            "Your columns are turned around: the largest number becomes 0.",
            "Subtract the minimum from each number, not each number from the maximum.",
            "rescale_turned_around",
        ),
        Misconception(
            rescale_by(lambda table, low, high, spread: table - low),
            "You subtract the minimum and stop there.",
            "Divide by the spread, max − min.",
            "rescale_without_division",
        ),
        Misconception(
            lambda table, constant=1e-3: (table - table.min(axis=0)) / (np.ptp(table, axis=0) + constant),
            "You add a number to every divisor, so no column ends at 1.",
            "Change the divisor only where the spread is 0.",
            "rescale_with_a_large_epsilon",
            between=(1e-6, 5.0),
        ),
        Misconception(
            with_constants(lambda table: 1.0),
            "A column in which nothing varies becomes 1.",
            "Return 0 there.",
            "rescale_constants_to_one",
        ),
        Misconception(
            with_constants(lambda table: 0.5),
            "A column in which nothing varies becomes ½.",
            "Return 0 there.",
            "rescale_constants_to_half",
        ),
        Misconception(
            with_constants(lambda table: table),
            "A column in which nothing varies stays as it was.",
            "Return 0 there.",
            "rescale_but_not_constants",
        ),
        Misconception(
            lambda table: table,
            "Your table comes back unchanged: what is assigned to a loop's variable does not reach the array.",
            "Write into the array, or make a new one from the results.",
            "rescale_nothing",
        ),
        Misconception(
            lambda table: np.clip(table, 0, 1),
            "You cut off what is below 0 or above 1.",
            "Stretch each column instead: subtract its minimum, divide by its spread.",
            "rescale_by_cutting",
        ),
        Misconception(
            lambda table: table / np.linalg.norm(table, axis=0),
            "You divide each column by its length, the root of the sum of its squares.",
            "Subtract the minimum, and divide by max − min.",
            "rescale_by_the_norm",
        ),
        Misconception(
            lambda table: table / table.sum(axis=0),
            "You divide each column by its sum.",
            "Subtract the minimum, and divide by max − min.",
            "rescale_by_the_sum",
        ),
        Misconception(
            rescale_by(lambda table, low, high, spread: np.trunc(rescale_columns(table))),
            "Your result holds whole numbers: an integer array drops what comes after the point.",
            "Collect the result in an array of floats.",
            "rescale_into_integers",
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
        "Begin with one column, `table[:, 0]`. What must you subtract from it, so that its smallest number becomes 0?",
        "After that, how large is its largest number? Divide by it. For all columns at once, `axis=0` gives a smallest "
        "and a largest number for each.",
        "Where all numbers of a column are equal, that divisor is 0. Which other divisor keeps 0 at 0?",
    ],
)
