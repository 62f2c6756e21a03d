"""The exercise in which all ranks sum their arrays, and none sends more than twice its own."""

import numpy as np

from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.checking.observe import once
from course_lib.checking.scene import Matrix
from course_lib.collectives import ring_all_reduce
from course_lib.exercises.distributed_training.playing import ENDS, in_the_end, mistakes_of_messages, played
from course_lib.ranks import marked, receive, send, send_receive


def probe_ring_all_reduce(ring_all_reduce, rng):
    drawn = {(size, length): list(rng.normal(size=(size, length))) for size, length in SHAPES}

    def on(values):
        return once(lambda: played(ring_all_reduce, values))

    marks = {(size, length): on(marked(size, length)) for size, length in ((4, 8), (5, 10))}
    runs = {shape: on(values) for shape, values in drawn.items()}
    yield Row(
        "4 ranks that have 1, 10, 100 and 1000: what each of them has",
        lambda: marks[4, 8]().results,
        essential=True,
    )
    yield Row("4 ranks, 8 drawn numbers each", lambda: runs[4, 8]().results, essential=True)
    yield ENDS, lambda: in_the_end(runs[4, 8], marks[5, 10])
    for size, length in SHAPES[1:]:
        label = f"{size} rank{'s' * (size > 1)}, {length} drawn numbers each"
        yield label, lambda size=size, length=length: runs[size, length]().results
    for size, length in ((4, 8), (5, 10)):
        ran, least = marks[size, length], 2 * (size - 1)
        yield Row(
            f"{size} ranks: steps beyond the {least} that are enough",
            lambda ran=ran, least=least: max(0, ran().steps - least),
        )
        yield Row(
            f"{size} ranks, {length} numbers each: numbers that the busiest rank sends beyond {least * length // size}",
            lambda ran=ran, least=least, size=size, length=length: max(
                0, max(ran().bytes_sent) // 8 - least * length // size
            ),
            weight=3.0,
        )
    yield (
        "4 ranks, 8 numbers each: numbers that the least busy rank sends beyond 12",
        lambda: max(0, min(marks[4, 8]().bytes_sent) // 8 - 12),
    )


SHAPES = [(4, 8), (1, 3), (2, 6), (3, 7), (5, 10), (5, 3)]


def faulty_ring(rank, size, value, **made):
    cut = np.split if "equal_chunks" in made else np.array_split
    chunks = [chunk.copy() for chunk in cut(value, size)]
    rest = value[:0]
    if "rest_dropped" in made:
        each = len(value) // size
        chunks = [value[k * each : (k + 1) * each].copy() for k in range(size)]
        rest = value[size * each :]
    if "strided" in made:
        chunks = [value[k::size].copy() for k in range(size)]
    right, left = (rank + 1) % size, (rank - 1) % size
    first = size - 1 - ("first_too_few" in made) + ("one_too_many" in made)
    for step in range(first if size > 1 else 0):
        sent, came = (rank - step) % size, (rank - step - 1) % size
        if "same_chunk" in made:
            sent = rank
        if "same_place" in made:
            came = sent
        received = yield send_receive(right, chunks[sent], left)
        if "overwritten" in made:
            chunks[came] = received
        elif "largest" in made:
            chunks[came] = np.maximum(chunks[came], received)
        else:
            chunks[came] = chunks[came] + received
    if "first_half" in made:
        return np.concatenate([*chunks, rest])
    if "own_chunk" in made:
        return chunks[(rank + 1) % size]
    second = size - 1 - ("second_too_few" in made)
    for step in range(second if size > 1 else 0):
        received = yield send_receive(right, chunks[(rank + 1 - step) % size], left)
        place = (rank + 1 - step) % size if "kept_in_the_wrong_place" in made else (rank - step) % size
        chunks[place] = chunks[place] + received if "added_again" in made else received
    if "as_list" in made:
        return chunks
    total = np.concatenate([*chunks, rest])
    if "times_size" in made:
        total = total * size
    return total / size if "mean" in made else total


def leftwards(rank, size, value):
    pieces = np.array_split(np.array(value), size)
    to, source = (rank - 1) % size, (rank + 1) % size
    for k in range(size - 1):
        received = yield send_receive(to, pieces[(rank + k) % size], source)
        pieces[(rank + k + 1) % size] = pieces[(rank + k + 1) % size] + received
    for k in range(size - 1):
        pieces[(rank + k) % size] = yield send_receive(to, pieces[(rank - 1 + k) % size], source)
    return np.hstack(pieces)


def each_chunk_straight(rank, size, value):
    chunks = np.array_split(value, size)
    own = chunks[rank].copy()
    for k in range(1, size):
        own += yield send_receive((rank + k) % size, chunks[(rank + k) % size], (rank - k) % size)
    chunks[rank] = own
    for k in range(1, size):
        chunks[(rank - k) % size] = yield send_receive((rank + k) % size, own, (rank - k) % size)
    return np.concatenate(chunks)


def whole_arrays_around(rank, size, value):
    """The sum is right, but whole arrays go around the ring: with p ranks, each one sends p − 1 times its array.

    Cut the array into p chunks, and let each step send one of them: twice around is then less than two arrays.
    """
    total, passing = value, value
    for _ in range(size - 1):
        passing = yield send_receive((rank + 1) % size, passing, (rank - 1) % size)
        total = total + passing
    return total


def own_array_each_time(rank, size, value):
    """Each rank sends its own array in every step: its right neighbor gets that one again and again, and no other.

    Hand on what has come from the left. Then cut the arrays into chunks, so that less is sent.
    """
    total = value
    for _ in range(size - 1):
        total = total + (yield send_receive((rank + 1) % size, value, (rank - 1) % size))
    return total


def running_sums_around(rank, size, value):
    """The sum so far goes around the ring, and is added to the next rank's sum: some ranks count several times.

    The marks tell: each digit should be 1. A rank may hand on what came from others only once.
    """
    total = value
    for _ in range(size - 1):
        total = total + (yield send_receive((rank + 1) % size, total, (rank - 1) % size))
    return total


def all_at_rank_0(rank, size, value):
    """The sum is right, but rank 0 receives all arrays, one after the other, and sends the sum to each.

    Let every rank sum one chunk: then all send and receive equally much, at the same time.
    """
    if rank:
        yield send(0, value)
        return (yield receive(0))
    for other in range(1, size):
        value = value + (yield receive(other))
    for other in range(1, size):
        yield send(other, value)
    return value


def up_and_down_a_tree(rank, size, value):
    """The sum is right and takes few steps, but whole arrays go up and down a tree, where one chunk a step is enough.

    Cut the array into p chunks, and let every rank sum one of them.
    """
    distance, children = 1, []
    while distance < size and rank % (2 * distance) == 0:
        if rank + distance < size:
            value = value + (yield receive(rank + distance))
            children.append(rank + distance)
        distance *= 2
    if rank:
        yield send(rank - distance, value)
        value = yield receive(rank - distance)
    for child in reversed(children):
        yield send(child, value)
    return value


def up_and_down_a_chain(rank, size, value):
    """The sum is right, but it goes along a chain of ranks and back, whole, while all others wait.

    Cut the array into p chunks, and let every rank send one of them in every step.
    """
    if rank > 0:
        value = value + (yield receive(rank - 1))
    if rank < size - 1:
        yield send(rank + 1, value)
        value = yield receive(rank + 1)
    if rank > 0:
        yield send(rank - 1, value)
    return value


def by_partners(rank, size, value):
    """Partners exchange whole arrays: each rank sends ⌈log₂ p⌉ of them, and the sum is right for powers of two alone.

    Cut the array into p chunks, and send one of them in every step, around a ring.
    """
    bit = 1
    while bit < size:
        partner = rank ^ bit
        if partner < size:
            value = value + (yield send_receive(partner, value, partner))
        bit *= 2
    return value


def with_the_neighbor_alone(rank, size, value):
    """Each rank has its own numbers and those of one neighbor in the end: the messages went one place far.

    Go on p − 1 times, so that every chunk comes by every rank.
    """
    return value + (yield send_receive((rank + 1) % size, value, (rank - 1) % size)) if size > 1 else value


def nothing_returned(rank, size, value):
    """No rank returns anything: what was summed is lost at the end.

    Let the function end with `return np.concatenate(chunks)`; in a generator, too, that is its result.
    """
    yield from faulty_ring(rank, size, value)


def cut_by_reshape(rank, size, value):
    """The array is reshaped into `size` equal rows, which fails where its length is no multiple of `size`.

    `np.array_split(value, size)` makes chunks whose lengths differ by 1 at most.
    """
    chunks = list(value.reshape(size, -1).copy())
    return (yield from faulty_ring(rank, size, np.concatenate(chunks)))


def ring_with_an_end(rank, size, value):
    """The last rank's right neighbor does not exist: without `%` it is no ring.

    `(rank + 1) % size` is 0 on the last rank.
    """
    return (yield send_receive(rank + 1, value, (rank - 1) % size)) if size > 1 else value


def scene_ring_all_reduce(ring_all_reduce):
    """How many ranks' numbers are in each chunk of a rank's result; last, how many arrays the rank has sent."""
    ran = played(ring_all_reduce, [np.ones(4) for _ in range(4)])
    counts = np.array([np.asarray(result, float) for result in ran.results])
    return Matrix(
        np.column_stack([counts, np.array(ran.bytes_sent) / 32]), xlabel="chunk; last: arrays sent", ylabel="rank"
    )


CUT = "`np.array_split(value, size)` makes chunks whose lengths differ by 1 at most."
MARKS = "Look at the marks: in 1111 each rank counts once."

RING_ALL_REDUCE = Exercise(
    name="ring_all_reduce",
    kind="derive",
    minutes=30,
    level=3,
    reference=ring_all_reduce,
    probe=probe_ring_all_reduce,
    scene=scene_ring_all_reduce,
    misconceptions=[
        *flags(
            faulty_ring,
            ("mean", "overwritten", "added_again", "first_too_few", "second_too_few", "rest_dropped"),
            mean=("The sum is divided by the number of ranks: that is their mean.", "An all-reduce gives the sum."),
            times_size=("The sum is multiplied by the number of ranks.", "An all-reduce gives the sum."),
            strided=(
                "The right numbers are there, in another order: the chunks take every p-th number, and are joined one "
                "behind the other.",
                CUT,
            ),
            kept_in_the_wrong_place=(
                "On the second way around what comes is put in the place of the chunk that was just sent.",
                "It is the chunk whose number is one less: put it there, and hand it on in the next step.",
            ),
            overwritten=(
                "Each chunk of the result holds one rank's numbers alone: either what comes is not added "
                "on the first way "
                "around, or the second way begins with a chunk that is not summed.",
                "On the first way add what comes to the chunk of the same number, `chunks[…] += "
                "received`; on the second, "
                "begin with the chunk to which you have added last.",
            ),
            largest=("The largest numbers come back, not the sums.", "Add what comes: `chunks[…] += received`."),
            added_again=(
                "On the second way around what comes is added, though it is whole already: some ranks count twice.",
                "On the second way around what comes replaces the chunk: `chunks[…] = received`.",
            ),
            first_half=(
                "The second way around is missing: each rank has one chunk whole, and the others in part.",
                "After the first way, each rank hands its whole chunk on, p − 1 times once more.",
            ),
            own_chunk=(
                "Each rank returns one chunk, the one that it has summed: that is a reduce-scatter, the first half.",
                "After the first way, each rank hands its whole chunk on, p − 1 times once more.",
            ),
            first_too_few=(
                "The first way around ends one step too early: in each sum one rank is missing.",
                "A chunk passes p − 1 messages until all p ranks are in it.",
            ),
            one_too_many=(
                "One step too many: one of the two ways around is a step longer than it need be.",
                "A chunk passes p − 1 messages until all p ranks are in it, and p − 1 more until all have it.",
            ),
            second_too_few=(
                "The second way around ends one step too early: one chunk of each rank is not yet the sum.",
                "Each rank misses p − 1 chunks after the first way, and one comes in each step.",
            ),
            same_chunk=(
                "On the first way around each rank sends the same chunk in every step.",
                "In the next step, send the chunk to which you have just added.",
            ),
            same_place=(
                "What comes is added to the chunk that was just sent, and not to the one of its own number.",
                "The left neighbor's chunk number is one less than the one that you send.",
            ),
            equal_chunks=("`np.split` fails where the length is no multiple of `size`.", CUT),
            rest_dropped=(
                "Where the length is no multiple of `size`, the numbers at the end are in no chunk, and "
                "are not summed.",
                CUT,
            ),
            as_list=("Each rank returns a list of its chunks.", "Join them: `np.concatenate(chunks)`."),
        ),
        whole_arrays_around,
        own_array_each_time,
        running_sums_around,
        all_at_rank_0,
        up_and_down_a_tree,
        up_and_down_a_chain,
        by_partners,
        with_the_neighbor_alone,
        nothing_returned,
        cut_by_reshape,
        ring_with_an_end,
        *mistakes_of_messages(),
    ],
    equivalents=[leftwards, each_chunk_straight],
    hints=[
        "Cut each array into p chunks. If rank r were to sum chunk r alone, what would each of the others "
        "have to send?",
        "Around the ring: in each step a rank sends one chunk to the right, and adds what comes from the left to its "
        f"own chunk of that number. Which one does it send next? {MARKS}",
        "After p − 1 steps each rank has one chunk whole; say which, for four ranks. Now hand the whole chunks on, in "
        "the same direction, and let each replace what is there.",
    ],
)
