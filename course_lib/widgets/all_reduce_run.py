"""All-reduces as an explorer shows them: which numbers each message carries, and whose are summed in them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np

from course_lib.collectives import ring_all_reduce, tree_all_reduce
from course_lib.ranks import receive, run, send
from course_lib.widgets.own import Own

# A trace has a row for each message: its step, from which rank to which, its first number and the one behind its last,
# and whose numbers are summed in it, a bit for each rank.
STEP, SOURCE, TO, FIRST, PAST, WHOSE = range(6)
MOST_RANKS = 8
NAMES = {"ring": "ring", "tree": "tree", "star": "all to rank 0 and back"}


def star_all_reduce(rank, size, value):
    """Sum on rank 0, which receives from one rank after the other, and sends the sum to each of them."""
    if rank:
        yield send(0, value)
        return (yield receive(0))
    for other in range(1, size):
        value = value + (yield receive(other))
    for other in range(1, size):
        yield send(other, value)
    return value


def star_seconds(size, bytes, latency, bandwidth) -> float:
    """Return how long that takes: 2(p − 1) · (α + β · n), since rank 0 is at one message at a time."""
    return 2 * (size - 1) * (latency + bytes / bandwidth)


def trace(program: Callable, size: int, length: int) -> np.ndarray:
    """Run an all-reduce of `length` numbers on each of `size` ranks, and return its trace.

    Raises:
        ValueError: some rank does not end with the sum, or a message is no run of numbers with the same ranks in it.
    """
    sent: list[list[np.ndarray]] = [[] for _ in range(size)]

    def watched(rank, size, value):
        made, received = program(rank, size, value), None
        while True:
            try:
                request = made.send(received)
            except StopIteration as end:
                return end.value
            if request.to is not None:
                sent[rank].append(np.array(request.value))
            received = yield request

    # A number that says which one it is, and in any sum whose are in it: a rank's bit, and the same times its place.
    places = 1 + np.arange(length) * 2.0**MOST_RANKS
    ran = run(watched, [2.0**rank * places for rank in range(size)])
    for result in ran.results:
        if _read(result) != (0, length, 2**size - 1):
            raise ValueError("a rank does not end with the sum")
    rows = [(each.step, each.source, each.to, *_read(sent[each.source].pop(0))) for each in ran.messages]
    return np.array(rows, dtype=int).reshape(-1, 6)


def _read(values: np.ndarray) -> tuple[int, int, int]:
    """Return the first of the numbers, the one behind the last, and whose are summed in them."""
    if not np.size(values):
        return 0, 0, 0
    places, whose = np.divmod(np.ravel(values).astype(int), 2**MOST_RANKS)
    first = places[0] // max(whose[0], 1)
    if whose[0] == 0 or not np.array_equal(places, whose[0] * (first + np.arange(len(places)))) or np.ptp(whose):
        raise ValueError("a message is no run of numbers with the same ranks in it")
    return int(first), int(first) + len(places), int(whose[0])


def held_after(steps: np.ndarray, size: int, length: int) -> np.ndarray:
    """Return (step, rank, number): whose numbers are summed in what a rank has, before the first step and after each.

    What is received is either added to what others' numbers are in, or replaces a part of the sum by the whole.
    Raises:
        ValueError: a rank sends what it does not have.
    """
    states = [np.repeat(1 << np.arange(size), length).reshape(size, length)]
    for step in range(1, steps[:, STEP].max(initial=0) + 1):
        now = states[-1].copy()
        for _, source, to, first, past, whose in steps[steps[:, STEP] == step]:
            if np.any(states[-1][source, first:past] != whose):
                raise ValueError(f"rank {source} sends in step {step} what it does not have")
            now[to, first:past] |= whose
        states.append(now)
    return np.array(states)


def is_as_good(theirs: np.ndarray, ours: np.ndarray) -> bool:
    """Whether a trace is that of an all-reduce that needs no more steps than ours."""
    size, length = ours[:, SOURCE].max() + 1, ours[:, PAST].max()
    try:
        held = held_after(theirs, size, length)
    except ValueError:
        return False
    return len(held) == ours[:, STEP].max() + 1 and bool(np.all(held[-1] == 2**size - 1))


def traced(program: Callable) -> Callable:
    return partial(trace, program)


# {algorithm: its trace, called with the number of ranks and of numbers}
RING = Own("ring_all_reduce", lru_cache(traced(ring_all_reduce)), traced, is_as_good)
TRACES: dict[str, Callable] = {
    "ring": RING,
    "tree": lru_cache(traced(tree_all_reduce)),
    "star": lru_cache(traced(star_all_reduce)),
}


def ends(steps: np.ndarray, latency: float) -> np.ndarray:
    """Return when each step ends, and 0 before the first; a number takes 1, and a message `latency` and its numbers.

    As in `course_lib.ranks`, the largest message of a step decides how long it takes.
    """
    many = steps[:, STEP].max()
    largest = [np.max((steps[:, PAST] - steps[:, FIRST])[steps[:, STEP] == step]) for step in range(1, many + 1)]
    return np.concatenate([[0], np.cumsum(latency + np.array(largest))])
