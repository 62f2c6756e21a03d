"""Simulated ranks: programs that run side by side and exchange arrays, with every message counted.

Each of `size` computers, its number called its rank, runs the same generator function. It yields what it wants to send
or to receive, and goes on when that is done:

    def pass_on(rank, size, value):
        received = yield send_receive((rank + 1) % size, value, (rank - 1) % size)
        return received

    run(pass_on, [np.array([1.0]), np.array([2.0]), np.array([3.0])]).results

A message is handed over when its sender and its receiver both want it, as with MPI's synchronous send; neither goes on
before. In one step a rank sends one message at most and receives one at most, and both at once by `send_receive` alone.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np


class Request(NamedTuple):
    """What a rank yields. `to` is None where nothing is sent, and `source` where nothing is received."""

    to: int | None
    value: Any
    source: int | None


def send(to, value):
    """Yield this to send `value` to rank `to`; `yield` gives None when it has been received."""
    return Request(to, value, None)


def receive(source):
    """Yield this to receive from rank `source`: `received = yield receive(source)`."""
    return Request(None, None, source)


def send_receive(to, value, source):
    """Yield this to do both at once, in the same step: `received = yield send_receive(to, value, source)`."""
    return Request(to, value, source)


class Deadlock(RuntimeError):
    """Nobody can go on: each rank that has not finished waits for another one.

    Attributes:
        waiting: {rank: (to, source)} of what each waits for, None where nothing; who is missing has finished.
    """

    def __init__(self, message, waiting):
        super().__init__(message)
        self.waiting = waiting


class Message(NamedTuple):
    """One message of a timeline: in which step (the first is 1), from which rank to which, and how large."""

    step: int
    source: int
    to: int
    bytes: int


@dataclass(frozen=True)
class Run:
    """What has happened on the ranks.

    Args:
        results: what each rank returned.
        messages: the timeline, in the order of its steps.
        memory: the most bytes of arrays that each rank held in its variables while it waited.
    """

    results: list
    messages: list[Message]
    memory: list[int]

    @property
    def steps(self) -> int:
        return max((message.step for message in self.messages), default=0)

    @property
    def bytes_sent(self) -> list[int]:
        """How many bytes each rank has sent in all."""
        sent = [0] * len(self.results)
        for message in self.messages:
            sent[message.source] += message.bytes
        return sent

    def seconds(self, latency, bandwidth) -> float:
        """Return how long the messages take by the α–β model: a step takes α + β · (bytes of its largest message).

        Args:
            latency: α, seconds that a message takes however small it is.
            bandwidth: 1/β, bytes per second between two ranks.
        """
        largest = [0] * self.steps
        for message in self.messages:
            largest[message.step - 1] = max(largest[message.step - 1], message.bytes)
        return sum(latency + each / bandwidth for each in largest)


class _Waiting:
    """A rank's request, what of it is done, and since which step it has been waiting."""

    def __init__(self, request, since):
        self.to, self.value, self.source = request
        self.since, self.until, self.received = since, since, None

    @property
    def is_done(self):
        return self.to is None and self.source is None


def run(program: Callable, *arguments: list) -> Run:
    """Run `program(rank, size, …)` on as many ranks as each list of `arguments` is long, and return what happened.

    Args:
        program: a generator function that yields `send`, `receive` and `send_receive`, and returns its rank's result.
        arguments: lists; rank r is given the item number r of each.
    Raises:
        Deadlock: ranks wait for each other, or for one that has finished.
        TypeError: it is no generator function, or yields something else.
        ValueError: a rank wants to send to, or receive from, itself or a rank that does not exist; or the lists are not
            equally long.
    """
    sizes = {len(each) for each in arguments}
    if len(sizes) != 1:
        raise ValueError("give one list at least, and an item for each rank in each of them")
    (size,) = sizes
    ranks = [program(rank, size, *(each[rank] for each in arguments)) for rank in range(size)]
    if not all(hasattr(rank, "send") for rank in ranks):
        raise TypeError("the program of a rank has a `yield`: this function only returns something")
    results, messages, memory = [None] * size, [], [0] * size
    waiting: dict[int, _Waiting] = {}

    def resume(rank, value, step):
        try:
            request = ranks[rank].send(value)
        except StopIteration as end:
            results[rank] = end.value
            return
        memory[rank] = max(memory[rank], _held(ranks[rank]))
        waiting[rank] = _Waiting(_checked(request, rank, size), step)

    for rank in range(size):
        resume(rank, None, 0)
    while waiting:
        handed_over = False
        for rank, mine in list(waiting.items()):
            theirs = waiting.get(mine.to)
            if theirs is not None and theirs.source == rank:
                step = max(mine.since, theirs.since) + 1
                messages.append(Message(step, rank, mine.to, bytes_of(mine.value)))
                theirs.received = _copy(mine.value)
                mine.to = theirs.source = None
                mine.until, theirs.until = max(mine.until, step), max(theirs.until, step)
                handed_over = True
        if not handed_over:
            raise Deadlock(_who_waits(waiting), {rank: (each.to, each.source) for rank, each in waiting.items()})
        for rank in [rank for rank, each in waiting.items() if each.is_done]:
            done = waiting.pop(rank)
            resume(rank, done.received, done.until)
    return Run(results, sorted(messages), memory)


def _checked(request, rank, size) -> Request:
    if not (isinstance(request, tuple) and len(request) == 3):
        raise TypeError(f"rank {rank} yields something that is no `send`, `receive` or `send_receive`")
    to, value, source = request
    if to is None and source is None:
        raise ValueError(f"rank {rank} asks for a message to nobody, or from nobody")
    for other in (to, source):
        if other is None:
            continue
        if isinstance(other, bool) or not isinstance(other, int | np.integer):
            raise TypeError(f"rank {rank} names another rank by something that is no whole number")
        if other == rank:
            raise ValueError(f"rank {rank} asks for a message to or from itself")
        if not 0 <= other < size:
            raise ValueError(
                f"rank {rank} asks for a message to or from rank {other}, and there are ranks 0 to {size - 1}"
            )
    return Request(to, _copy(value), source)


def _copy(value):
    """Return a copy: what a rank does to its own array later does not change a message, nor the other way round."""
    if isinstance(value, list | tuple):
        return type(value)(_copy(item) for item in value)
    return np.array(value) if isinstance(value, np.ndarray) else value


def _who_waits(waiting) -> str:
    wants = []
    for rank, each in sorted(waiting.items()):
        want = [f"send to rank {each.to}"] * (each.to is not None)
        want += [f"receive from rank {each.source}"] * (each.source is not None)
        has_left = [f"rank {other} has finished" for other in {each.to, each.source} - {None} if other not in waiting]
        wants.append(f"rank {rank} waits to {' and to '.join(want)}" + "".join(f" ({each})" for each in has_left))
    more = f", and {len(wants) - 4} more" if len(wants) > 4 else ""
    return f"nobody can go on: {', '.join(wants[:4])}{more}"


def bytes_of(value) -> int:
    """Return the bytes of the arrays in `value`, a number counting as one of eight."""
    if value is None:
        return 0
    if isinstance(value, list | tuple):
        return sum(map(bytes_of, value))
    return np.asarray(value).nbytes


def _held(generator) -> int:
    """Return the bytes of all arrays in a rank's variables, its helpers' too; memory that two share counts once."""
    buffers = {}

    def note(value):
        if isinstance(value, np.ndarray):
            while isinstance(value.base, np.ndarray):
                value = value.base
            buffers[id(value)] = value.nbytes
        elif isinstance(value, list | tuple):
            for item in value:
                note(item)

    while generator is not None and getattr(generator, "gi_frame", None) is not None:
        note(list(generator.gi_frame.f_locals.values()))
        generator = generator.gi_yieldfrom
    return sum(buffers.values())


def marked(size, length=1) -> list[np.ndarray]:
    """Return an array for each rank that shows in any sum which ranks went into it, and how often.

    Rank r's numbers are all 10^r: a sum of four has to read 1111; in 1102 rank 0 counts twice, and rank 1 is missing.

    Raises:
        ValueError: there are more than 15 ranks, of which a float cannot tell each apart.
    """
    if size > 15:
        raise ValueError("a float has room for the marks of 15 ranks")
    return [np.full(length, 10.0**rank) for rank in range(size)]


def went_in(number, size) -> list[int]:
    """Return how often each rank went into a sum of `marked` numbers; up to nine times."""
    return [round(float(number)) // 10**rank % 10 for rank in range(size)]


def ring_seconds(size, bytes, latency, bandwidth) -> float:
    """Return how long an all-reduce by a ring takes: 2(p − 1) · (α + β · n / p), n the bytes that each rank has."""
    return 2 * (size - 1) * (latency + bytes / size / bandwidth)


def tree_seconds(size, bytes, latency, bandwidth) -> float:
    """Return how long a sum up a tree and its way back down take: 2 ⌈log₂ p⌉ · (α + β · n)."""
    return 2 * math.ceil(math.log2(size)) * (latency + bytes / bandwidth)


def fit_ring(size, bytes, seconds) -> tuple[float, float]:
    """Return the latency and the bandwidth by which `ring_seconds` comes closest to measured times.

    Closest is what has the least sum of squares of relative errors: measured in seconds alone, a long message would
    outweigh all short ones, and nothing would be known of the latency. Neither is negative; a bandwidth that cannot
    be seen is infinite.

    Args:
        size: how many ranks took part, 2 or more.
        bytes, seconds: lists of equal length, how many bytes each rank had and how long their all-reduce took.
    """
    seconds = np.asarray(seconds, float)
    # T = 2(p − 1) · α + 2(p − 1)/p · n · β is a line in α and β; each measurement is divided by its own time.
    of_latency = 2 * (size - 1) / seconds
    of_byte = of_latency * np.asarray(bytes, float) / size
    columns = np.stack([of_latency, of_byte], axis=1)
    latency, per_byte = np.linalg.lstsq(columns, np.ones_like(seconds), rcond=None)[0]
    if latency < 0:
        latency, per_byte = 0.0, of_byte.sum() / (of_byte @ of_byte)
    elif per_byte <= 0:
        latency, per_byte = of_latency.sum() / (of_latency @ of_latency), 0.0
    return float(latency), float(1 / per_byte) if per_byte else math.inf
