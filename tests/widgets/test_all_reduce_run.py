"""What the all-reduce explorer knows of an all-reduce: its messages, whose numbers they carry, and its time."""

import numpy as np
import pytest

from course_lib.collectives import ring_all_reduce, tree_all_reduce
from course_lib.ranks import marked, receive, ring_seconds, run, send, send_receive, tree_seconds, went_in
from course_lib.widgets.all_reduce_run import (
    FIRST,
    PAST,
    SOURCE,
    STEP,
    TO,
    WHOSE,
    ends,
    held_after,
    is_as_good,
    star_all_reduce,
    star_seconds,
    trace,
)

PROGRAMS = {"ring": ring_all_reduce, "tree": tree_all_reduce, "star": star_all_reduce}
SECONDS = {"ring": ring_seconds, "tree": tree_seconds, "star": star_seconds}
each_program = pytest.mark.parametrize("name", PROGRAMS)
shapes = pytest.mark.parametrize(("size", "length"), [(2, 1), (3, 7), (4, 8), (5, 8), (6, 16), (7, 3), (8, 16), (8, 1)])


@each_program
@shapes
def test_a_trace_has_the_messages_of_the_run_and_whose_numbers_they_carry(name, size, length):
    carried = []

    def noted(rank, size, value):
        """The program, with a note of what each rank sends, in its own order."""
        made, received = PROGRAMS[name](rank, size, value), None
        try:
            while True:
                request = made.send(received)
                if request.to is not None:
                    carried.append((rank, [went_in(each, size) for each in request.value]))
                received = yield request
        except StopIteration as end:
            return end.value

    ran = run(noted, marked(size, length))
    steps = trace(PROGRAMS[name], size, length)
    assert [[each.step, each.source, each.to] for each in ran.messages] == steps[:, [STEP, SOURCE, TO]].tolist()
    assert [each.bytes for each in ran.messages] == (8 * (steps[:, PAST] - steps[:, FIRST])).tolist()
    for rank in range(size):
        sent = [whose for source, whose in carried if source == rank]
        rows = steps[steps[:, SOURCE] == rank]
        assert len(sent) == len(rows)
        for numbers, row in zip(sent, rows, strict=True):
            bits = [[int(row[WHOSE]) >> other & 1 for other in range(size)]] * (row[PAST] - row[FIRST])
            assert numbers == bits


@each_program
@shapes
def test_what_each_rank_holds_grows_from_its_own_numbers_to_all_sums(name, size, length):
    held = held_after(trace(PROGRAMS[name], size, length), size, length)
    assert held.shape[1:] == (size, length)
    assert np.array_equal(held[0], np.repeat(2 ** np.arange(size), length).reshape(size, length))
    assert np.all(held[1:] & held[:-1] == held[:-1]) and np.all(held[-1] == 2**size - 1)
    assert not np.all(held[-2] == 2**size - 1)


def test_a_ring_has_one_chunk_whole_at_each_rank_after_its_first_half():
    held = held_after(trace(ring_all_reduce, 4, 8), 4, 8)
    assert (held[3] == 15).tolist() == [[number // 2 == (rank + 1) % 4 for number in range(8)] for rank in range(4)]


@each_program
@shapes
@pytest.mark.parametrize("latency", [0, 3])
def test_it_takes_as_long_as_the_model_of_latency_and_bandwidth_says(name, size, length, latency):
    until = ends(trace(PROGRAMS[name], size, length), latency)
    ran = run(PROGRAMS[name], marked(size, length))
    assert len(until) == ran.steps + 1 and until[0] == 0
    assert until[-1] == pytest.approx(ran.seconds(latency, 8))
    if name != "ring" or length % size == 0:
        assert until[-1] == pytest.approx(SECONDS[name](size, 8 * length, latency, 8))


# --- programs that are no all-reduce


def sum_at_0_alone(rank, size, value):
    for other in range(1, size):
        if rank == other:
            yield send(0, value)
        elif rank == 0:
            value = value + (yield receive(other))
    return value


def every_second_number(rank, size, value):
    """Right, but no message is a run of numbers."""
    even = yield from tree_all_reduce(rank, size, value[::2].copy())
    odd = yield from tree_all_reduce(rank, size, value[1::2].copy())
    total = np.empty(len(value))
    total[::2], total[1::2] = even, odd
    return total


@pytest.mark.parametrize(
    ("program", "told"), [(sum_at_0_alone, "does not end with the sum"), (every_second_number, "no run of numbers")]
)
def test_what_cannot_be_shown_is_refused(program, told):
    with pytest.raises(ValueError, match=told):
        trace(program, 4, 8)


def leftwards(rank, size, value):
    chunks = [chunk.copy() for chunk in np.array_split(value, size)]
    left, right = (rank - 1) % size, (rank + 1) % size
    for step in range(size - 1):
        received = yield send_receive(left, chunks[(rank + step) % size], right)
        chunks[(rank + step + 1) % size] += received
    for step in range(size - 1):
        chunks[(rank + step) % size] = yield send_receive(left, chunks[(rank + step - 1) % size], right)
    return np.concatenate(chunks)


def test_another_ring_is_as_good_and_one_that_sends_what_it_has_not_is_not():
    ours, theirs = trace(ring_all_reduce, 5, 8), trace(leftwards, 5, 8)
    assert not np.array_equal(ours, theirs) and is_as_good(theirs, ours)
    assert not is_as_good(trace(tree_all_reduce, 5, 8), ours)
    changed = theirs.copy()
    changed[0, WHOSE] = 31
    assert not is_as_good(changed, ours)
    with pytest.raises(ValueError, match="rank 0 sends in step 1 what it does not have"):
        held_after(changed, 5, 8)
