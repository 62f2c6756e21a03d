"""The exercise in which rank 0's value comes to all ranks, in as few steps as there are doublings."""

import math

import numpy as np

from course_lib.checking.exercise import Exercise, Row
from course_lib.checking.observe import once
from course_lib.checking.scene import Matrix
from course_lib.collectives import broadcast
from course_lib.exercises.distributed_training.playing import ENDS, in_the_end, mistakes_of_messages, played
from course_lib.ranks import receive, send, send_receive


def probe_broadcast(broadcast, rng):
    value = rng.normal(size=3)

    def on(size):
        return once(lambda: played(broadcast, [value] + [None] * (size - 1)))

    runs = {size: on(size) for size in (4, 1, 2, 5, 6, 8, 16)}
    yield Row("4 ranks: what each of them has", lambda: runs[4]().results, essential=True)
    yield ENDS, lambda: in_the_end(runs[4], runs[5])
    for size in (1, 2, 5, 6, 8):
        yield f"{size} rank{'s' * (size > 1)}: what each of them has", lambda size=size: runs[size]().results
    for size in (4, 6, 8, 16):
        enough = math.ceil(math.log2(size))
        yield Row(
            f"{size} ranks: steps beyond the {enough} that are enough",
            lambda size=size, enough=enough: max(0, runs[size]().steps - enough),
            weight=2.0,
        )
    yield (
        "8 ranks: messages of the busiest rank beyond one in each of the 3 steps",
        lambda: max(0, max(sent_by(runs[8]())) - 3),
    )


def sent_by(ran):
    sent = [0] * len(ran.results)
    for message in ran.messages:
        sent[message.source] += 1
    return sent


def by_halves(rank, size, value):
    distance = 1 << (size - 1).bit_length()
    while distance > 1:
        half = distance // 2
        if rank % distance == 0 and rank + half < size:
            yield send(rank + half, value)
        elif rank % distance == half:
            value = yield receive(rank - half)
        distance = half
    return value


def by_ranges(rank, size, value):
    low, high = 0, size
    while high - low > 1:
        middle = (low + high + 1) // 2
        if rank == low:
            yield send(middle, value)
        elif rank == middle:
            value = yield receive(low)
        low, high = (low, middle) if rank < middle else (middle, high)
    return value


def by_exchange(rank, size, value):
    bit = 1
    while bit < size:
        partner = rank ^ bit
        if partner < size:
            received = yield send_receive(partner, value, partner)
            value = received if value is None else value
        bit *= 2
    return value


def one_after_the_other(rank, size, value):
    """Rank 0 sends to one after the other, while those that have the value already do nothing: p − 1 steps.

    Let each rank that has the value send it on, in the same step as all others that have it.
    """
    if rank == 0:
        for other in range(1, size):
            yield send(other, value)
    else:
        value = yield receive(0)
    return value


def along_a_chain(rank, size, value):
    """The value goes along a chain, each rank sends it to the next one only: p − 1 steps.

    Who has sent it once is free for more: let each rank that has the value send again, to one that has not.
    """
    if rank > 0:
        value = yield receive(rank - 1)
    if rank < size - 1:
        yield send(rank + 1, value)
    return value


def both_ways_around(rank, size, value):
    """Two chains go out from rank 0, one each way around: about p / 2 steps.

    Let each rank that has the value send in every step, not once: then their number doubles.
    """
    half = size // 2
    if rank == 0:
        if size > 1:
            yield send(1, value)
        if size > 2:
            yield send(size - 1, value)
    elif rank <= half:
        value = yield receive(rank - 1)
        if rank < half:
            yield send(rank + 1, value)
    else:
        value = yield receive((rank + 1) % size)
        if rank - 1 > half:
            yield send(rank - 1, value)
    return value


def along_a_binary_tree(rank, size, value):
    """Each rank sends to two others and then no more: while later ranks still wait, the first ones do nothing.

    Let each rank that has the value send in every step, not twice: then their number doubles.
    """
    if rank > 0:
        value = yield receive((rank - 1) // 2)
    for child in (2 * rank + 1, 2 * rank + 2):
        if child < size:
            yield send(child, value)
    return value


def faulty_tree(rank, size, value, *, is_kept=True, last=None, returned=lambda rank, value: value, sent=None):
    distance = 1
    while distance < (size if last is None else last(size)):
        if rank < distance and rank + distance < size:
            yield send(rank + distance, value if sent is None else sent(value, size, rank + distance))
        elif distance <= rank < min(2 * distance, size):
            received = yield receive(rank - distance)
            value = received if is_kept else value
        distance *= 2
    return returned(rank, value)


def received_and_not_kept(rank, size, value):
    """What is received is not kept: it is thrown away, and the other ranks still have None.

    `yield receive(source)` gives the value: write `value = yield receive(source)`.
    """
    return (yield from faulty_tree(rank, size, value, is_kept=False))


def nothing_returned(rank, size, value):
    """No rank returns anything: the value arrives and is lost at the end.

    Let the function end with `return value`; in a generator, too, that is its result.
    """
    yield from faulty_tree(rank, size, value)


def for_powers_of_two(rank, size, value):
    """The doublings are rounded down: where the number of ranks is no power of two, the last ranks get nothing.

    Go on while the distance is below `size`: log₂ of it, rounded up.
    """
    return (yield from faulty_tree(rank, size, value, last=lambda size: size // 2 + 1 if size > 1 else 1))


def one_doubling_short(rank, size, value):
    """With 2 ranks, and wherever one more than a power of two exist, the last doubling is missing.

    Go on while the distance is below `size`, not below size − 1.
    """
    return (yield from faulty_tree(rank, size, value, last=lambda size: size - 1))


def last_rank_left_out(rank, size, value):
    """The last rank is left out: it has nothing in the end.

    The ranks are 0 to size − 1: `range(1, size)` holds them all but rank 0.
    """
    if rank == 0:
        for other in range(1, size - 1):
            yield send(other, value)
    elif rank < size - 1:
        value = yield receive(0)
    return value


def rank_returned_too(rank, size, value):
    """Each rank returns more than the value, such as its own number with it.

    Return the array alone.
    """
    return (yield from faulty_tree(rank, size, value, returned=lambda rank, value: (rank, value)))


def zeros_in_its_place(rank, size, value):
    """The other ranks have zeros in the end, not rank 0's numbers.

    Return what `yield receive(…)` gives.
    """
    return (yield from faulty_tree(rank, size, value, returned=lambda rank, value: value if rank == 0 else 0 * value))


def halved_on_its_way(rank, size, value):
    """The value is halved each time it is sent on, as if it were shared out.

    A message is a copy: send the value as it is.
    """
    return (yield from faulty_tree(rank, size, value, sent=lambda value, *others: value / 2))


def halved_along_a_chain(rank, size, value):
    """The value goes along a chain, and is halved each time it is sent on.

    A message is a copy: send the value as it is, and let each rank that has it send again.
    """
    if rank > 0:
        value = yield receive(rank - 1)
    if rank < size - 1:
        yield send(rank + 1, value / 2)
    return value


def a_chunk_each(rank, size, value):
    """Each rank gets its own chunk of the array: that is a scatter.

    Send the whole array; in a broadcast all have the same in the end.
    """
    if rank == 0:
        for other in range(1, size):
            yield send(other, np.array_split(value, size)[other])
    else:
        value = yield receive(0)
    return value


def added_to_none(rank, size, value):
    """What is received is added to the rank's own value, which is None.

    It takes the place of None: `value = yield receive(source)`.
    """
    if size > 1:
        value = value + (yield receive(rank - 1)) if rank else (yield send(1, value))
    return value


def scene_broadcast(broadcast):
    """Which of eight ranks have the value after each step, a row a step; last, how much of it each of them returns."""
    ran = played(broadcast, [np.ones(8)] + [None] * 7)
    has = np.zeros((ran.steps + 2, 8))
    has[:, 0] = 1
    for message in ran.messages:
        if has[message.step - 1, message.source]:
            has[message.step :, message.to] = 1
    has[-1] = [0 if result is None else np.sum(np.asarray(result, float)) / 8 for result in ran.results]
    return Matrix(has, xlabel="rank", ylabel="after this many steps, and what is returned", shows_numbers=False)


BROADCAST = Exercise(
    name="broadcast",
    kind="reach it",
    minutes=15,
    level=2,
    reference=broadcast,
    probe=probe_broadcast,
    scene=scene_broadcast,
    misconceptions=[
        one_after_the_other,
        along_a_chain,
        both_ways_around,
        along_a_binary_tree,
        received_and_not_kept,
        nothing_returned,
        for_powers_of_two,
        one_doubling_short,
        last_rank_left_out,
        rank_returned_too,
        zeros_in_its_place,
        halved_on_its_way,
        halved_along_a_chain,
        a_chunk_each,
        added_to_none,
        *mistakes_of_messages(),
    ],
    equivalents=[by_halves, by_ranges, by_exchange],
    hints=[
        "Begin with two ranks: rank 0 yields `send(1, value)`, and rank 1 writes `value = yield receive(0)`. Try that.",
        "With four: after the first step two ranks have the value. Both can send in the second one. To whom?",
        "Let `distance` be 1, 2, 4, …: the ranks below it have the value. Rank r sends to r + distance, if there is "
        "such a rank, and that one receives from r.",
    ],
)
