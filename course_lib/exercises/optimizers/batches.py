"""The exercise on mini-batches: a shuffled order, cut into pieces."""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, flags


def minibatches(order, batch_size):
    """Cut `order` into batches, from its beginning to its end.

    Args:
        order: integer array (n,), the examples' indices in the order in which they are to be seen.
        batch_size: int ≥ 1; n makes one batch of everything, 1 makes n batches of one.
    Returns:
        list of integer arrays of `batch_size` indices each; the last one holds what is left, and may be smaller.
    """
    return [order[first : first + batch_size] for first in range(0, len(order), batch_size)]


def probe_minibatches(minibatches, rng):
    ten, twelve, seven = (rng.permutation(n) for n in (10, 12, 7))
    some = rng.choice(np.arange(100, 1000), size=11, replace=False)
    single = np.array([int(rng.integers(100, 1000))])
    yield Row("ten indices in batches of 4", lambda: minibatches(ten, 4), 2, essential=True)
    yield "twelve indices in batches of 4", lambda: minibatches(twelve, 4)
    yield "twelve indices in batches of 3", lambda: minibatches(twelve, 3)
    yield "eleven indices that do not begin at 0, in batches of 3", lambda: minibatches(some, 3)
    yield "seven indices in one batch of 7", lambda: minibatches(seven, 7)
    yield "seven indices in batches of 1", lambda: minibatches(seven, 1)
    yield "seven indices, where a batch could hold 100", lambda: minibatches(seven, 100)
    yield "a single index in batches of 2", lambda: minibatches(single, 2)


def faulty_minibatches(
    order,
    batch_size,
    drop_last=False,
    drop_last_always=False,
    pad_last=False,
    overlapping=False,
    sliding=False,
    sorted_again=False,
    sorted_inside=False,
    positions=False,
    without_first=False,
):
    n = len(order)
    order = np.sort(order) if sorted_again else np.arange(n) if positions else order
    stop = n - batch_size if drop_last_always else n - batch_size + 1 if drop_last or sliding else n
    batches = []
    for first in range(batch_size if without_first else 0, stop, 1 if sliding else batch_size):
        batch = order[first : first + batch_size + (1 if overlapping else 0)]
        if pad_last and len(batch) < batch_size:
            batch = np.resize(np.concatenate([batch, order]), batch_size)
        batches.append(np.sort(batch) if sorted_inside else batch)
    return batches


def minibatches_by_count(order, batch_size):
    return np.array_split(order, batch_size)


def minibatches_of_like_size(order, batch_size):
    return np.array_split(order, -(-len(order) // batch_size))


def minibatches_last_from_the_end(order, batch_size):
    batches = minibatches(order, batch_size)
    batches[-1] = order[-batch_size:]
    return batches


def minibatches_of_every_kth(order, batch_size):
    count = -(-len(order) // batch_size)
    return [order[first::count] for first in range(count)]


def minibatches_first_only(order, batch_size):
    return order[:batch_size]


def minibatches_return_in_loop(order, batch_size):
    return minibatches(order, batch_size)[:1]


def minibatches_last_alone(order, batch_size):
    full = len(order) - len(order) % batch_size
    return [*minibatches(order[:full], batch_size), order[full:]]


def minibatches_with_while(order, batch_size):
    batches, first = [], 0
    while first < len(order):
        batches.append(order[first : min(first + batch_size, len(order))])
        first += batch_size
    return batches


def minibatches_by_split(order, batch_size):
    return np.split(order, np.arange(batch_size, len(order), batch_size))


def minibatches_by_appending(order, batch_size):
    batches = []
    for index in order:
        if not batches or len(batches[-1]) == batch_size:
            batches.append([])
        batches[-1].append(int(index))
    return batches


def minibatches_by_generator(order, batch_size):
    def generate():
        rest = list(order)
        while rest:
            yield np.array(rest[:batch_size])
            rest = rest[batch_size:]

    return tuple(generate())


MINIBATCHES = Exercise(
    name="minibatches",
    reference=minibatches,
    probe=probe_minibatches,
    misconceptions=[
        *flags(
            faulty_minibatches,
            drop_last="What is left at the end is dropped, so some examples are not seen in this epoch. The last batch "
            "may be smaller; let it be.",
            drop_last_always="The last batch is dropped even where it is full: the starts must run up to len(order), "
            "not to len(order) − batch_size.",
            pad_last="The last batch is filled up with examples that were already seen, which then count twice. Let it "
            "be smaller.",
            overlapping="Neighboring batches share an example: `order[a:b]` already leaves out b. End at first + "
            "batch_size.",
            sliding="Each batch begins one further than the last, so that most examples come several times. Let the "
            "starts advance by batch_size.",
            sorted_again="You sort the order, which undoes the shuffling: every epoch would have the same batches. Cut "
            "it as it comes.",
            sorted_inside="The batches hold the right indices, but sorted. Keep the order as it comes.",
            positions="Your batches hold positions 0, 1, 2, … in place of what `order` says. Cut `order` itself.",
            without_first="The first batch is missing: the first start is 0.",
        ),
        Misconception(
            minibatches_by_count,
            "You make `batch_size` batches. It is the *size* of each; their number follows, ⌈n / batch_size⌉.",
        ),
        Misconception(
            minibatches_of_like_size,
            "The number of batches is right, but their sizes are evened out (np.array_split does that). All but the "
            "last hold exactly batch_size.",
        ),
        Misconception(
            minibatches_last_from_the_end,
            "The last batch is taken from the end at full size, so it repeats examples of the one before. It holds "
            "only what is left.",
        ),
        Misconception(
            minibatches_of_every_kth,
            "You deal the indices out in turns. Cut instead: the first batch_size indices, then the next ones.",
        ),
        Misconception(
            minibatches_first_only, "You return one batch. Asked for is a list of all of them, to the end of `order`."
        ),
        Misconception(
            minibatches_return_in_loop,
            "Your list ends after the first batch: does `return` stand inside the loop?",
        ),
        Misconception(
            minibatches_last_alone,
            "Where nothing is left at the end, you append an empty batch. A mean over no examples is 0/0.",
        ),
    ],
    equivalents=[
        minibatches_with_while,
        minibatches_by_split,
        minibatches_by_appending,
        minibatches_by_generator,
        lambda order, batch_size: np.array_split(order, range(batch_size, len(order), batch_size)),
        lambda order, batch_size: [
            order[k * batch_size : (k + 1) * batch_size] for k in range(int(np.ceil(len(order) / batch_size)))
        ],
    ],
    hints=[
        "At which positions do the batches begin? `range` can count in steps.",
        "`order[a:b]` ends at the end of `order` where b lies behind it: the last batch needs no case of its own.",
        "`order[first : first + batch_size]` for `first` in `range(0, len(order), batch_size)`, in a list.",
    ],
)
