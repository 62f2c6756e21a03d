"""Foreign answers that cut an epoch's order into batches."""

import numpy as np

# --- right answers


def minibatches_of_a_tutorial(order, batch_size):
    batches = []
    for i in range(0, order.shape[0], batch_size):
        j = min(i + batch_size, order.shape[0])
        batches.append(order[i:j].tolist())
    return batches


def minibatches_by_divmod(order, batch_size):
    full, rest = divmod(len(order), batch_size)
    batches = list(order[: full * batch_size].reshape(full, batch_size))
    return [*batches, order[-rest:]] if rest else batches


def minibatches_by_recursion(order, batch_size):
    if len(order) == 0:
        return []
    return [order[:batch_size], *minibatches_by_recursion(order[batch_size:], batch_size)]


# --- wrong answers


def minibatches_of_whole_batches(order, batch_size):
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(len(order) // batch_size)]


def minibatches_with_an_extra_round(order, batch_size):
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(len(order) // batch_size + 1)]


def minibatches_with_inclusive_ends(order, batch_size):
    return [order[i : i + batch_size + 1] for i in range(0, len(order), batch_size)]


def minibatches_by_range_of_count(order, batch_size):
    return [order[k::batch_size] for k in range(batch_size)]


def minibatches_of_positions(order, batch_size):
    return [np.arange(i, min(i + batch_size, len(order))) for i in range(0, len(order), batch_size)]


def minibatches_wrapping_round(order, batch_size):
    doubled = np.concatenate([order] * (batch_size + 1))
    return [doubled[i : i + batch_size] for i in range(0, len(order), batch_size)]


def minibatches_as_a_generator(order, batch_size):
    for i in range(0, len(order), batch_size):
        yield order[i : i + batch_size]


def minibatches_shuffled_once_more(order, batch_size):
    return minibatches_of_a_tutorial(np.random.permutation(order), batch_size)


RIGHT = {
    "minibatches": [
        minibatches_of_a_tutorial,
        minibatches_by_divmod,
        minibatches_by_recursion,
        minibatches_as_a_generator,
    ],
}
WRONG = [
    ("minibatches", minibatches_of_whole_batches, "drop_last"),
    ("minibatches", minibatches_with_an_extra_round, "minibatches_last_alone"),
    ("minibatches", minibatches_with_inclusive_ends, "overlapping"),
    ("minibatches", minibatches_of_positions, "positions"),
    ("minibatches", minibatches_wrapping_round, "pad_last"),
]
ALSO_WRONG = [
    ("minibatches", minibatches_by_range_of_count, "in another order"),
    ("minibatches", minibatches_shuffled_once_more, "shuffled once more"),
]
