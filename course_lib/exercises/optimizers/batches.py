"""The exercise on mini-batches: a shuffled order, cut into pieces."""

from functools import partial

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


def faulty_minibatches(order, batch_size, **mistakes):
    made = {name for name, is_made in mistakes.items() if is_made}
    n = len(order)
    order = np.sort(order) if "sorted_again" in made else np.arange(n) if "positions" in made else order
    advance = 1 if made & {"sliding", "sliding_whole"} else batch_size
    stop = n - batch_size + 1 if made & {"drop_last", "sliding_whole"} else n
    stop = n - batch_size if "drop_last_always" in made else n - 1 if "drop_last_single" in made else stop
    batches = []
    for first in range(batch_size if "without_first" in made else 0, stop, advance):
        end = first + batch_size + ("overlapping" in made) - ("one_short" in made)
        batch = order[first:end]
        if "pad_last" in made and len(batch) < batch_size:
            batch = np.resize(np.concatenate([batch, order]), batch_size)
        if "zeros_last" in made:
            batch = np.pad(batch, (0, max(0, batch_size - len(batch))))
        batches.append(np.sort(batch) if "sorted_inside" in made else batch)
    return batches


def last_anew(last):
    """Return a function that cuts whole batches, and where `rest` indices are left gives them to `last`."""

    def answer(order, batch_size):
        rest = len(order) % batch_size
        full = minibatches(order[: len(order) - rest], batch_size)
        return last(full, order, rest, batch_size) if rest else full

    return answer


def merged(full, order, rest, size):
    full[-1] = order[(len(full) - 1) * size :]
    return full


def minibatches_by_count(order, batch_size):
    """You make `batch_size` batches, of what size it may be.

    Let `batch_size` be the *size* of each; their number follows, ⌈n / batch_size⌉.
    """
    return np.array_split(order, batch_size)


def minibatches_of_like_size(order, batch_size):
    """The number of batches is right, but their sizes are evened out, as np.array_split does it.

    All but the last hold exactly batch_size.
    """
    return np.array_split(order, -(-len(order) // batch_size))


def minibatches_of_whole_number(order, batch_size):
    """The indices are shared out among n // batch_size batches of nearly equal size, some of which are too large.

    Cut after every batch_size indices; the last batch may be smaller.
    """
    return np.array_split(order, max(1, len(order) // batch_size))


def minibatches_last_from_the_end(order, batch_size):
    """The last batch is taken from the end at full size, so it repeats examples of the one before.

    Let it hold only what is left.
    """
    batches = minibatches(order, batch_size)
    batches[-1] = order[-batch_size:]
    return batches


def minibatches_rest_from_the_end(order, batch_size):
    """Where nothing is left over, the last batch holds all indices: `order[-0:]` is the whole array.

    Cut the last batch from its start, as the others.
    """
    rest = len(order) % batch_size
    return [*minibatches(order[: len(order) - rest], batch_size), order[-rest:]]


def minibatches_of_every_kth(order, batch_size):
    """You deal the indices out in turns, like cards.

    Cut instead: the first batch_size indices, then the next ones.
    """
    count = -(-len(order) // batch_size)
    return [order[first::count] for first in range(count)]


def minibatches_first_only(order, batch_size):
    """You return one batch, not a list of batches.

    Collect all of them in a list, to the end of `order`, and return it after the loop.
    """
    return order[:batch_size]


def minibatches_joined(order, batch_size):
    """You return all indices in one array, not a list of batches.

    Return the list itself, without joining its arrays.
    """
    return order


def minibatches_return_in_loop(order, batch_size):
    """Your list ends after the first batch.

    Let `return` stand after the loop, not inside it.
    """
    return minibatches(order, batch_size)[:1]


def minibatches_last_alone(order, batch_size):
    """Where nothing is left at the end, you append an empty batch: a mean over no examples is 0/0.

    Append a last batch only where some indices are left.
    """
    full = len(order) - len(order) % batch_size
    return [*minibatches(order[:full], batch_size), order[full:]]


def minibatches_growing(order, batch_size):
    """Each batch still holds the ones before it.

    Begin each batch with an empty list of its own.
    """
    return [order[: first + batch_size] for first in range(0, len(order), batch_size)]


def minibatches_all_the_last(order, batch_size):
    """All your batches are one and the same list, which ends up holding the last of them.

    Append a new list each time, or a copy.
    """
    batches = minibatches(order, batch_size)
    return [batches[-1]] * len(batches)


def minibatches_backwards(order, batch_size):
    """The batches are right, but come in reverse.

    Append each one at the end of the list.
    """
    return minibatches(order, batch_size)[::-1]


def minibatches_of_ends(order, batch_size):
    """You return where the batches begin and end, not the indices that they hold.

    Cut `order` there: `order[a:b]`.
    """
    return [(first, min(first + batch_size, len(order))) for first in range(0, len(order), batch_size)]


def minibatches_of_firsts(order, batch_size):
    """Your batches are single indices, the first one of each.

    Cut a piece of `batch_size` indices: `order[a:b]`.
    """
    return [order[first] for first in range(0, len(order), batch_size)]


def minibatches_with_their_number(order, batch_size):
    """You return a pair, the batches and their number.

    Return the list of batches alone.
    """
    return minibatches(order, batch_size), -(-len(order) // batch_size)


def minibatches_shuffled(order, batch_size):
    return minibatches(np.random.default_rng(0).permutation(order), batch_size)


def minibatches_of_shuffled_positions(order, batch_size):
    """You shuffle the positions 0, 1, 2, …, and never look at what `order` says.

    Cut `order` itself as it comes: it is shuffled already.
    """
    return minibatches(np.random.default_rng(0).permutation(len(order)), batch_size)


def minibatches_drawn(order, batch_size):
    rng = np.random.default_rng(0)
    return [rng.choice(order, len(batch)) for batch in minibatches(order, batch_size)]


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
