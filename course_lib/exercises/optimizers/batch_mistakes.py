"""How people get mini-batches wrong: the answers themselves, with what their authors are told."""

import numpy as np

from course_lib.exercises.optimizers.cutting import minibatches


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
