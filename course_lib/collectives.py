"""Collective operations: what all ranks do together, each as the program of one rank (see `course_lib.ranks`).

Used inside another program by `total = yield from ring_all_reduce(rank, size, value)`. p is the number of ranks and n
the bytes of an array. Chunks are those of `np.array_split(value, size)`, along the first axis.
"""

import numpy as np

from course_lib.ranks import receive, send, send_receive


def broadcast(rank, size, value):
    """Give rank 0's value to all, along a tree: after step k, 2^k ranks have it, so ⌈log₂ p⌉ steps are enough.

    Args:
        rank, size: which rank this is, and how many there are.
        value: array on rank 0; None on the others.
    Returns:
        rank 0's array, on every rank.
    """
    distance = 1
    while distance < size:
        if rank < distance and rank + distance < size:
            yield send(rank + distance, value)
        elif distance <= rank < 2 * distance:
            value = yield receive(rank - distance)
        distance *= 2
    return value


def reduce(rank, size, value):
    """Sum all values on rank 0 along the same tree, from its leaves, in ⌈log₂ p⌉ steps; the others return None."""
    distance = 1
    while distance < size:
        if rank % (2 * distance) == distance:
            yield send(rank - distance, value)
            return None
        if rank + distance < size:
            value = value + (yield receive(rank + distance))
        distance *= 2
    return value


def tree_all_reduce(rank, size, value):
    """Sum on rank 0, then broadcast: 2 ⌈log₂ p⌉ steps, each with the whole array."""
    return (yield from broadcast(rank, size, (yield from reduce(rank, size, value))))


def reduce_scatter(rank, size, value):
    """Return the sum's chunk number `rank`: p − 1 steps around a ring, in each of which a rank sends n/p bytes.

    Followed by `all_gather` it is an all-reduce that costs as much as `ring_all_reduce`.

    The sum of chunk c begins at rank c + 1 and goes around to rank c, each rank on its way adding its own.
    """
    chunks = [chunk.copy() for chunk in np.array_split(value, size)]
    left, right = (rank - 1) % size, (rank + 1) % size
    for step in range(size - 1):
        received = yield send_receive(right, chunks[(rank - step - 1) % size], left)
        chunks[(rank - step - 2) % size] += received
    return chunks[rank]


def all_gather(rank, size, chunk):
    """Return all ranks' chunks, one behind the other: p − 1 steps around a ring, each passing on what came last."""
    chunks = [None] * size
    chunks[rank] = chunk
    left, right = (rank - 1) % size, (rank + 1) % size
    for step in range(size - 1):
        chunks[(rank - step - 1) % size] = yield send_receive(right, chunks[(rank - step) % size], left)
    return np.concatenate(chunks)


def ring_all_reduce(rank, size, value):
    """Sum all values on every rank by a ring: 2(p − 1) steps, in which each rank sends 2(p − 1)/p · n bytes.

    That is hardly more than twice the array, however many ranks there are; none can do with less. Once around, chunks
    are summed: rank r ends with chunk r + 1 whole. Once more around, these are handed on.

    Args:
        rank, size: which rank this is, and how many there are.
        value: array (length, …); the length need not be a multiple of `size`.
    Returns:
        array shaped like `value`, the sum of all ranks' values.
    Reference: Patarasuk and Yuan (2009), "Bandwidth optimal all-reduce algorithms for clusters of workstations".
    """
    chunks = [chunk.copy() for chunk in np.array_split(value, size)]
    right, left = (rank + 1) % size, (rank - 1) % size
    for step in range(size - 1):
        received = yield send_receive(right, chunks[(rank - step) % size], left)
        chunks[(rank - step - 1) % size] += received
    for step in range(size - 1):
        received = yield send_receive(right, chunks[(rank + 1 - step) % size], left)
        chunks[(rank - step) % size] = received
    return np.concatenate(chunks)
