"""The exercise on mini-batches: a shuffled order, cut into pieces."""

from functools import partial

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.optimizers.batch_mistakes import (
    faulty_minibatches,
    last_anew,
    merged,
    minibatches_all_the_last,
    minibatches_backwards,
    minibatches_by_count,
    minibatches_drawn,
    minibatches_first_only,
    minibatches_growing,
    minibatches_joined,
    minibatches_last_alone,
    minibatches_last_from_the_end,
    minibatches_of_ends,
    minibatches_of_every_kth,
    minibatches_of_firsts,
    minibatches_of_like_size,
    minibatches_of_shuffled_positions,
    minibatches_of_whole_number,
    minibatches_rest_from_the_end,
    minibatches_return_in_loop,
    minibatches_shuffled,
    minibatches_with_their_number,
)
from course_lib.exercises.optimizers.cutting import minibatches

IN_ORDER = "the batches of eleven indices, one after the other: are they `order`?"
OTHER_ORDER = "no, they come in another order"
DRAWN = "no, some come twice and others not at all"


def in_order(minibatches, order):
    """Say whether the batches hold the indices of `order`, in its order; or what came that is no list of batches."""
    batches = minibatches(order, 3)
    if batches is None:
        return None
    try:
        given = np.concatenate([np.ravel(batch) for batch in batches]).tolist()
    except (TypeError, ValueError):
        return "no, these are no batches"
    if given == order.tolist():
        return "yes"
    if sorted(given) == sorted(order.tolist()):
        return OTHER_ORDER
    are_drawn = set(given) < set(order.tolist()) and len(set(given)) < len(given)
    return DRAWN if are_drawn else "no, not each of them once"


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
    yield IN_ORDER, lambda: in_order(minibatches, some)


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


LAST_CUT = "Cut it from where the last full one ends to the end of `order`."

MINIBATCHES = Exercise(
    name="minibatches",
    kind="derive",
    minutes=6,
    level=1,
    reference=minibatches,
    probe=probe_minibatches,
    misconceptions=[
        *flags(
            faulty_minibatches,
            drop_last=(
                "What is left at the end is dropped, so some examples are not seen in this epoch.",
                "Let the last batch be smaller.",
            ),
            drop_last_always=(
                "The last batch is always missing, even where it is full.",
                "Let the starts run up to len(order), not to len(order) − batch_size.",
            ),
            pad_last=(
                "The last batch is filled up with examples that were already seen, which then count twice.",
                "Let it be smaller.",
            ),
            overlapping=(
                "Neighboring batches share an example.",
                "`order[a:b]` already leaves out b: end at first + batch_size.",
            ),
            sliding=(
                "Each batch begins one further than the last, so that most examples come several times.",
                "Let the starts advance by batch_size.",
            ),
            sorted_again=(
                "You sort the order, which undoes the shuffling: every epoch would have the same batches.",
                "Cut it as it comes.",
            ),
            sorted_inside=("The batches hold the right indices, but sorted.", "Keep the order as it comes."),
            positions=(
                "Your batches hold positions 0, 1, 2, … in place of what `order` says.",
                "Cut `order` itself.",
            ),
            without_first=("The first batch is missing.", "Let the first start be 0."),
        ),
        *(
            Misconception(partial(faulty_minibatches, **{name: True}), cause, cure, name)
            for name, cause, cure in (
                ("one_short", "Each batch lacks its last index.", "`order[a:b]` leaves out b: end at a + batch_size."),
                ("drop_last_single", "A last batch of one index is dropped.", "Let the starts run up to len(order)."),
                ("zeros_last", "The last batch is filled up with zeros, and 0 is an example.", "Let it be smaller."),
                (
                    "sliding_whole",
                    "Each batch begins one further than the last, so that most examples come several times.",
                    "Let the starts advance by batch_size.",
                ),
            )
        ),
        *(
            Misconception(last_anew(last), cause, cure, name)
            for name, last, cause, cure in (
                (
                    "last_lacks_one",
                    lambda full, order, rest, size: [*full, order[-rest:-1]],
                    "The last batch lacks the last index of all: `order[k:-1]` leaves it out.",
                    LAST_CUT,
                ),
                (
                    "last_from_start",
                    lambda full, order, rest, size: [*full, order[:rest]],
                    "The last batch is cut from the beginning of `order`, and so repeats examples.",
                    LAST_CUT,
                ),
                (
                    "last_by_count",
                    lambda full, order, rest, size: [*full, order[len(full) :]],
                    "The last batch begins at the *number* of full batches, not behind their last index.",
                    f"{LAST_CUT} That is at their number times batch_size.",
                ),
                (
                    "last_merged",
                    merged,
                    "What is left at the end is added to the last full batch, which gets too large.",
                    "Make a smaller batch of it.",
                ),
                (
                    "last_put_first",
                    lambda full, order, rest, size: [order[-rest:], *full],
                    "The smaller batch comes first.",
                    "Append it at the end, where its indices stand in `order`.",
                ),
                (
                    "last_minus_ones",
                    lambda full, order, rest, size: [*full, np.append(order[-rest:], [-1] * (size - rest))],
                    "The last batch is filled up with −1, which is the index of the last example.",
                    "Let it be smaller.",
                ),
            )
        ),
        minibatches_by_count,
        minibatches_of_like_size,
        minibatches_of_whole_number,
        minibatches_last_from_the_end,
        minibatches_rest_from_the_end,
        minibatches_of_every_kth,
        minibatches_first_only,
        minibatches_joined,
        minibatches_return_in_loop,
        minibatches_last_alone,
        minibatches_growing,
        minibatches_all_the_last,
        minibatches_backwards,
        minibatches_of_ends,
        minibatches_of_firsts,
        minibatches_with_their_number,
        minibatches_of_shuffled_positions,
        Misconception(
            minibatches_shuffled,
            "The batches hold the indices in another order than `order`, as if they were shuffled once more.",
            "Cut `order` as it comes: it is shuffled already, once for each epoch.",
            proof=(IN_ORDER, OTHER_ORDER),
        ),
        Misconception(
            minibatches_drawn,
            "Some indices come twice and others not at all, as if each were drawn anew.",
            "Cut `order` as it comes, so that an epoch sees each example once.",
            proof=(IN_ORDER, DRAWN),
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
        "A batch ends where the next one begins. Put each of them into a list, to the last one.",
    ],
)
