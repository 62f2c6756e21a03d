"""Answers to chapter 00 as people really write them: wrong ones of the kinds met in homework, and odd right ones."""

import numpy as np

# --- prediction_error, wrong


def error_returned_in_the_loop(y_true, y_pred):
    total = 0.0
    for truth, prediction in zip(y_true, np.ravel(y_pred), strict=True):
        total += (prediction - truth) ** 2
        return total / len(y_true)


def error_without_adding_up(y_true, y_pred):
    y_pred, error = np.ravel(y_pred), 0.0
    for i in range(len(y_true)):
        error = (y_pred[i] - y_true[i]) ** 2
    return error / len(y_true)


def error_without_the_last_example(y_true, y_pred):
    y_pred, error = y_pred.flatten(), 0.0
    for i in range(len(y_true) - 1):
        error += (y_pred[i] - y_true[i]) ** 2
    return error / len(y_true)


def error_of_lists(y_true, y_pred):
    return np.mean((list(np.ravel(y_pred)) - list(y_true)) ** 2)


def error_that_is_printed(y_true, y_pred):
    error = np.mean((y_pred.ravel() - y_true) ** 2)
    print(error)


def error_with_its_parts(y_true, y_pred):
    differences = y_pred.ravel() - y_true
    return np.mean(differences**2), differences


def error_by_the_dot_of_a_table(y_true, y_pred):
    d = y_pred - y_true
    return np.dot(d.T, d) / len(y_true)


PREDICTION_ERROR_WRONG = [
    (error_returned_in_the_loop, "inside the loop"),
    (error_without_adding_up, "last"),
    (error_without_the_last_example, "last"),
    (error_of_lists, "list"),
    (error_that_is_printed, "`return`"),
    (error_with_its_parts, "tuple|things"),
    (error_by_the_dot_of_a_table, "n × n|table"),
    (lambda y_true, y_pred: np.mean(y_pred.ravel() - y_true**2), "bracket|parenthes"),
    (lambda y_true, y_pred: ((y_pred - y_true) ** 2).mean(), "n × n"),
    (lambda y_true, y_pred: ((y_pred - y_true) ** 2).mean(axis=0), "n × n"),
    (lambda y_true, y_pred: round(float(np.mean((np.ravel(y_pred) - y_true) ** 2)), 4), "round"),
    (lambda y_true, y_pred: round(float(np.mean((np.ravel(y_pred) - y_true) ** 2)), 2), "round"),
    (lambda y_true, y_pred: int(np.mean((np.ravel(y_pred) - y_true) ** 2)), "round|integer|whole"),
    (lambda y_true, y_pred: np.mean((np.ravel(y_pred) - y_true) ^ 2), "`**`"),
    (lambda y_true, y_pred: np.var(np.ravel(y_pred) - y_true), "variance|mean difference"),
    (lambda y_true, y_pred: np.sum((np.ravel(y_pred) - y_true) ** 2) / max(len(y_true) - 1, 1), "n − 1"),
    (lambda y_true, y_pred: np.mean(np.ravel(y_pred) ** 2 - y_true**2), "square"),
    (lambda y_true, y_pred: np.mean(((np.ravel(y_pred) - y_true) / y_true) ** 2), "divide"),
    (
        lambda y_true, y_pred: np.mean(((np.ravel(y_pred) - y_true) / np.abs(y_true)) ** 2) * 100,
        "divide|factor|in place of|numbers differ",
    ),
    (lambda y_true, y_pred: np.linalg.norm(np.ravel(y_pred) - y_true), "square root"),
    (lambda y_true, y_pred: np.sum((np.ravel(y_pred) - y_true) ** 2) / (2 * len(y_true)), "half"),
    (lambda y_true, y_pred: np.mean(y_pred - y_true) ** 2, "square the mean|mean difference"),
    (lambda y_true, y_pred: np.mean(y_pred - y_true), "signs"),
    (lambda y_true, y_pred: 1 - np.mean((np.ravel(y_pred) - y_true) ** 2), "1 minus|1 −|mean"),
    (lambda y_true, y_pred: np.sum(np.ravel(y_pred) - y_true) ** 2 / len(y_true), "square"),
    (lambda y_true, y_pred: np.mean((np.ravel(y_pred) - y_true) * 2), "doubl|`* 2`"),
    (lambda y_true, y_pred: sum((np.ravel(y_pred) - y_true) ** 2), "add up"),
    (lambda y_true, y_pred: (np.mean(np.ravel(y_pred)) - np.mean(y_true)) ** 2, "mean difference"),
    (lambda y_true, y_pred: np.median((np.ravel(y_pred) - y_true) ** 2), "median"),
    (lambda y_true, y_pred: np.max((np.ravel(y_pred) - y_true) ** 2), "largest"),
    (lambda y_true, y_pred: np.mean((y_pred[:, 0] - y_true) ** 2), "IndexError|flat"),
    (lambda y_true, y_pred: np.mean((y_true[:, None] - y_pred.reshape(-1, 1)) ** 2, axis=0), "shape|one number"),
]

# --- rescale_columns, wrong


def rescale_the_first_column(table):
    result = np.zeros(table.shape)
    for j in range(table.shape[1]):
        spread = table[:, j].max() - table[:, j].min()
        result[:, j] = (table[:, j] - table[:, j].min()) / (spread if spread else 1)
        return result


def rescale_a_loop_variable(table):
    for column in table.T:
        spread = column.max() - column.min()
        column = (column - column.min()) / (spread if spread else 1)
    return table


def rescale_into_integers(table):
    spread = np.ptp(table, axis=0)
    result = np.zeros(table.shape, dtype=int)
    result[:] = (table - table.min(axis=0)) / np.where(spread == 0, 1, spread)
    return result


def rescale_with_its_ends(table):
    low, high = table.min(axis=0), table.max(axis=0)
    return (table - low) / np.where(high == low, 1, high - low), low, high


def rescale_all_or_nothing(table):
    spread = np.ptp(table, axis=0)
    if np.any(spread == 0):
        return np.zeros_like(table)
    return (table - table.min(axis=0)) / spread


def rescale_catching_a_division(table):
    try:
        return (table - table.min(axis=0)) / np.ptp(table, axis=0)
    except ZeroDivisionError:
        return np.zeros_like(table)


def rescale_and_leave_constants(table):
    spread = np.ptp(table, axis=0)
    return np.where(spread == 0, table, (table - table.min(axis=0)) / np.where(spread == 0, 1, spread))


def rescale_and_drop_constants(table):
    table = table[:, np.ptp(table, axis=0) > 0]
    return (table - table.min(axis=0)) / np.ptp(table, axis=0)


def rescale_and_stay_transposed(table):
    return np.array([(column - column.min()) / (np.ptp(column) or 1) for column in table.T])


def rescale_each_row_of_a_loop(table):
    return np.array([(row - row.min()) / (np.ptp(row) or 1) for row in table])


def rescale_with_max_of_python(table):
    return (table - min(table)) / (max(table) - min(table))


RESCALE_COLUMNS_WRONG = [
    (rescale_the_first_column, "inside the loop|first column"),
    (rescale_a_loop_variable, "argument|unchanged"),
    (rescale_into_integers, "integer|round|whole"),
    (rescale_with_its_ends, "tuple|things"),
    (rescale_all_or_nothing, "whole table|other columns"),
    (rescale_catching_a_division, "0/0"),
    (rescale_and_leave_constants, "nothing varies|as it was"),
    (rescale_and_drop_constants, "shape"),
    (rescale_and_stay_transposed, "transposed"),
    (rescale_each_row_of_a_loop, "each row"),
    (rescale_with_max_of_python, "Python|np.max|`axis=0`"),
    (lambda t: t - t.min(0) / (t.max(0) - t.min(0)), "parentheses"),
    (lambda t: (t - t.min(0)) / t.max(0) - t.min(0), "parentheses"),
    (lambda t: (t - t.min()) / np.ptp(t), "whole table"),
    (lambda t: (t - t.min(0)) / np.ptp(t), "whole table"),
    (lambda t: (t - t.min(1, keepdims=True)) / np.ptp(t, axis=1, keepdims=True), "each row"),
    (lambda t: np.round((t - t.min(0)) / np.where(np.ptp(t, 0) == 0, 1, np.ptp(t, 0)), 4), "round"),
    (lambda t: (t - t.min(0)) / (np.ptp(t, axis=0) + 1e-3), "divisor|ε"),
    (lambda t: (t - t.min(0)) / (np.ptp(t, axis=0) + 1), "divisor|ε"),
    (lambda t: (t - t.mean(0)) / np.where(np.ptp(t, 0) == 0, 1, np.ptp(t, 0)), "mean"),
    (lambda t: (t - t.mean(0)) / (t.std(0) + 1e-8), "standard deviation"),
    (lambda t: (t.max(0) - t) / np.where(np.ptp(t, 0) == 0, 1, np.ptp(t, 0)), "turned|largest"),
    (lambda t: np.nan_to_num((t - t.min(0)) / np.ptp(t, axis=0), nan=1.0), "nothing varies"),
    (lambda t: np.clip(t, 0, 1), "clip|cut"),
    (lambda t: t / np.linalg.norm(t, axis=0), "norm|length"),
    (lambda t: t - t.min(axis=0), "ivide"),
    (lambda t: t / t.sum(axis=0), "sum"),
]

# --- walk_downhill, wrong


def walk_that_returns_in_the_loop(slope, start, learning_rate, steps):
    x, positions = start, [start]
    for _ in range(steps):
        x = x - learning_rate * slope(x)
        positions.append(x)
        return positions


def walk_a_step_too_far(slope, start, learning_rate, steps):
    x, positions = start, [start]
    for _ in range(steps + 1):
        x = x - learning_rate * slope(x)
        positions.append(x)
    return positions


def walk_from_one(slope, start, learning_rate, steps):
    x, positions = start, [start]
    for _ in range(1, steps):
        x = x - learning_rate * slope(x)
        positions.append(x)
    return positions


def walk_that_notes_before_it_moves(slope, start, learning_rate, steps):
    x, positions = start, [start]
    for _ in range(steps):
        positions.append(x)
        x = x - learning_rate * slope(x)
    return positions


def walk_that_forgets_where_it_is(slope, start, learning_rate, steps):
    x, positions = start, [start]
    for _ in range(steps):
        x = -learning_rate * slope(x)
        positions.append(x)
    return positions


def walk_with_a_slope_that_is_not_called(slope, start, learning_rate, steps):
    x, positions = start, [start]
    for _ in range(steps):
        x = x - learning_rate * slope
        positions.append(x)
    return positions


def walk_that_keeps_what_append_gives(slope, start, learning_rate, steps):
    positions = [start]
    for _ in range(steps):
        positions = positions.append(positions[-1] - learning_rate * slope(positions[-1]))
    return positions


def walk_into_a_short_list(slope, start, learning_rate, steps):
    positions = [start]
    for i in range(steps):
        positions[i + 1] = positions[i] - learning_rate * slope(positions[i])
    return positions


def walk_that_notes_the_steps(slope, start, learning_rate, steps):
    x, positions = start, [start]
    for _ in range(steps):
        step = learning_rate * slope(x)
        x -= step
        positions.append(step)
    return positions


def walk_that_notes_the_slopes(slope, start, learning_rate, steps):
    x, slopes = start, []
    for _ in range(steps):
        slopes.append(slope(x))
        x -= learning_rate * slopes[-1]
    return slopes


def walk_that_stops_when_it_is_flat(slope, start, learning_rate, steps):
    x, positions = start, [start]
    for _ in range(steps):
        if abs(slope(x)) < 0.5:
            break
        x -= learning_rate * slope(x)
        positions.append(x)
    return positions


def walk_that_moves_twice(slope, start, learning_rate, steps):
    x, positions = start, [start]
    for _ in range(steps):
        x = x - learning_rate * slope(x)
        positions.append(x - learning_rate * slope(x))
    return positions


def walk_in_whole_numbers(slope, start, learning_rate, steps):
    positions = np.zeros(steps + 1, dtype=int)
    positions[0] = start
    for i in range(steps):
        positions[i + 1] = positions[i] - learning_rate * slope(positions[i])
    return positions


def walk_of(update):
    def walk(slope, start, learning_rate, steps):
        positions = [start]
        for _ in range(steps):
            positions.append(update(positions[-1], slope, learning_rate))
        return positions

    return walk


def walk_home(slope, start, learning_rate, steps):
    return RIGHT["walk_downhill"][0](slope, start, learning_rate, steps)[::-1]


def walk_with_its_slopes(slope, start, learning_rate, steps):
    positions = RIGHT["walk_downhill"][0](slope, start, learning_rate, steps)
    return positions, [slope(x) for x in positions]


def walk_rounded(slope, start, learning_rate, steps):
    return [round(x, 3) for x in RIGHT["walk_downhill"][0](slope, start, learning_rate, steps)]


WALK_DOWNHILL_WRONG = [
    (walk_that_returns_in_the_loop, "inside the loop"),
    (walk_a_step_too_far, "one step too many|step more"),
    (walk_from_one, "one step"),
    (walk_that_notes_before_it_moves, "before"),
    (walk_that_forgets_where_it_is, "from 0|where you are|position"),
    (walk_with_a_slope_that_is_not_called, "function"),
    (walk_that_keeps_what_append_gives, "append"),
    (walk_into_a_short_list, "append|IndexError"),
    (walk_that_notes_the_steps, "step"),
    (walk_that_notes_the_slopes, "slope"),
    (walk_that_stops_when_it_is_flat, "stop|too few|shorter"),
    (walk_that_moves_twice, "twice|one step ahead"),
    (walk_in_whole_numbers, "integer|whole|round"),
    (walk_home, "order|backwards"),
    (walk_with_its_slopes, "tuple|two|things"),
    (walk_rounded, "round"),
    (walk_of(lambda x, slope, rate: x + rate * slope(x)), "the code with the bug"),
    (walk_of(lambda x, slope, rate: x - slope(x)), "whole slope"),
    (walk_of(lambda x, slope, rate: x - 0.1 * slope(x)), "learning_rate"),
    (walk_of(lambda x, slope, rate: x - 0.01 * slope(x)), "learning_rate"),
    (walk_of(lambda x, slope, rate: x - rate * np.sign(slope(x))), "sign"),
    (walk_of(lambda x, slope, rate: x - rate * slope(x) ** 2), "square"),
    (walk_of(lambda x, slope, rate: x - rate - slope(x)), "product|multiply"),
    (walk_of(lambda x, slope, rate: x - rate), "slope"),
    (walk_of(lambda x, slope, rate: x - rate * x), "slope"),
    (walk_of(lambda x, slope, rate: x - slope(x) / rate), "divide"),
    (walk_of(lambda x, slope, rate: rate * slope(x) - x), "minus|sign"),
    (walk_of(lambda x, slope, rate: x * (1 - rate * slope(x))), "multipl"),
    (walk_of(lambda x, slope, rate: (x - rate) * slope(x)), "bracket|parenthes|multipl"),
    (walk_of(lambda x, slope, rate: slope(x)), "slope"),
]

# --- right ones, oddly written


def error_by_counting(y_true, y_pred):
    flat, count, total = y_pred.tolist(), 0, 0
    for i, truth in enumerate(y_true.tolist()):
        prediction = flat[i][0] if isinstance(flat[i], list) else flat[i]
        total, count = total + (truth - prediction) * (truth - prediction), count + 1
    return total / count


def rescale_by_hand(table):
    out = [[0.0] * len(table[0]) for _ in table]
    for j in range(len(table[0])):
        column = [row[j] for row in table]
        for i, value in enumerate(column):
            out[i][j] = 0 if max(column) == min(column) else (value - min(column)) / (max(column) - min(column))
    return out


def walk_with_while(slope, start, learning_rate, steps):
    x, taken, path = start, 0, (start,)
    while taken != steps:
        taken += 1
        x -= np.multiply(learning_rate, slope(x))
        path = (*path, x)
    return path


def walk_by_differences(slope, start, learning_rate, steps):
    moves, x = [0.0], start
    for _ in range(steps):
        moves.append(-learning_rate * slope(x))
        x += moves[-1]
    return np.cumsum(moves) + start


WRONG = {
    "prediction_error": PREDICTION_ERROR_WRONG,
    "rescale_columns": RESCALE_COLUMNS_WRONG,
    "walk_downhill": WALK_DOWNHILL_WRONG,
}
RIGHT = {
    "prediction_error": [
        error_by_counting,
        lambda y_true, y_pred: (np.abs(np.hstack(y_pred) - y_true) ** 2).sum() / np.size(y_true),
        lambda y_true, y_pred: np.var(y_pred.ravel() - y_true) + np.mean(y_pred.ravel() - y_true) ** 2,
        lambda y_true, y_pred: np.mean(np.einsum("i,i->i", *2 * [np.ravel(y_pred) - y_true])),
    ],
    "rescale_columns": [
        rescale_by_hand,
        lambda t: np.nan_to_num((t - t.min(0)) / (t.max(0) - t.min(0))),
        lambda t: (t - t.min(0)) / np.maximum(np.ptp(t, axis=0), 1e-9),
        lambda t: (t - t.min(0)) / (np.ptp(t, axis=0) + 1e-7),
        lambda t: np.divide(t - t.min(0), np.ptp(t, axis=0), where=np.ptp(t, axis=0) > 0, out=t * 0),
    ],
    "walk_downhill": [walk_with_while, walk_by_differences],
}
