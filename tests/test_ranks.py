"""Simulated ranks, the collective operations on them, and data parallelism against one device."""

import math

import numpy as np
import pytest

from course_lib.collectives import all_gather, broadcast, reduce, reduce_scatter, ring_all_reduce, tree_all_reduce
from course_lib.data_parallel import mean_gradients, same_weights
from course_lib.optimizers import SGD, Adam
from course_lib.ranks import (
    Deadlock,
    Message,
    fit_ring,
    marked,
    receive,
    ring_seconds,
    run,
    send,
    send_receive,
    tree_seconds,
    went_in,
)

sizes = pytest.mark.parametrize("size", range(1, 10))


def pass_on(rank, size, value):
    return (yield send_receive((rank + 1) % size, value, (rank - 1) % size))


def test_a_message_takes_a_step_and_its_bytes_are_counted():
    ran = run(pass_on, [np.full(4, rank) for rank in range(3)])
    assert [each[0] for each in ran.results] == [2, 0, 1]
    assert ran.messages == [Message(1, 0, 1, 32), Message(1, 1, 2, 32), Message(1, 2, 0, 32)]
    assert ran.steps == 1 and ran.bytes_sent == [32, 32, 32]


def test_a_step_begins_when_both_are_ready():
    """Rank 1 is busy with rank 2 first, so rank 0's message is handed over in the second step."""

    def program(rank, size, value):
        if rank == 0:
            yield send(1, value)
        elif rank == 1:
            yield receive(2)
            return (yield receive(0))
        else:
            yield send(1, value)

    ran = run(program, [np.array([7.0]), None, np.array([8.0])])
    assert [(each.step, each.source, each.to) for each in ran.messages] == [(1, 2, 1), (2, 0, 1)]
    assert ran.results[1] == [7.0]


def test_a_message_is_a_copy():
    def program(rank, size, value):
        if rank == 0:
            yield send(1, value)
            value += 1
            yield send(1, value)
        else:
            first = yield receive(0)
            first -= 100
            second = yield receive(0)
            return float(second[0])

    value = np.array([1.0])
    assert run(program, [value, None]).results[1] == 2.0


def all_send_first(rank, size, value):
    yield send((rank + 1) % size, value)
    return (yield receive((rank - 1) % size))


def test_a_deadlock_says_who_waits_for_whom():
    with pytest.raises(Deadlock, match="rank 0 waits to send to rank 1, rank 1 waits to send to rank 0"):
        run(all_send_first, marked(2))

    def one_too_many(rank, size, value):
        if rank == 0:
            yield receive(1)

    with pytest.raises(Deadlock, match=r"rank 0 waits to receive from rank 1 \(rank 1 has finished\)"):
        run(one_too_many, marked(2))


@pytest.mark.parametrize(
    ("request_", "error", "told"),
    [
        (send(9, 1), ValueError, "there are ranks 0 to 1"),
        (receive(0), ValueError, "itself"),
        (send(0.5, 1), TypeError, "whole number"),
        (np.ones(3), TypeError, "no `send`"),
        (send(None, 1), ValueError, "nobody"),
    ],
)
def test_what_cannot_be_handed_over_is_refused_in_words(request_, error, told):
    def program(rank, size, value):
        yield request_

    with pytest.raises(error, match=told):
        run(program, marked(2))


def test_a_program_without_yield_and_lists_of_two_lengths_are_refused():
    with pytest.raises(TypeError, match="yield"):
        run(lambda rank, size, value: value, marked(2))
    with pytest.raises(ValueError, match="each of them"):
        run(pass_on, [1, 2], [1])


def test_memory_counts_what_a_rank_holds_while_it_waits_once():
    def program(rank, size, value):
        part, double = value[:10], 2 * value
        received = yield send_receive(1 - rank, double, 1 - rank)
        del double, part
        yield send_receive(1 - rank, received, 1 - rank)

    assert run(program, [np.zeros(100), np.zeros(100)]).memory == [1600, 1600]


@sizes
def test_marks_tell_who_went_into_a_sum_and_how_often(size):
    marks = marked(size, 3)
    total = sum(marks) + marks[0]
    assert went_in(total[2], size) == [2] + [1] * (size - 1)


@sizes
def test_broadcast_takes_as_many_steps_as_doublings(size):
    value = np.arange(5.0)
    ran = run(broadcast, [value] + [None] * (size - 1))
    assert all(np.array_equal(each, value) for each in ran.results)
    assert ran.steps == math.ceil(math.log2(size)) and len(ran.messages) == size - 1


@sizes
def test_reduce_has_each_rank_once(size):
    ran = run(reduce, marked(size, 2))
    assert went_in(ran.results[0][1], size) == [1] * size
    assert ran.results[1:] == [None] * (size - 1)
    assert ran.steps == math.ceil(math.log2(size))


@sizes
@pytest.mark.parametrize("length", [1, 8, 13])
@pytest.mark.parametrize("program", [ring_all_reduce, tree_all_reduce])
def test_all_reduce_has_each_rank_once_on_every_rank(program, size, length):
    values = list(np.random.default_rng(0).normal(size=(size, length)))
    for got in run(program, values).results:
        np.testing.assert_allclose(got, np.sum(values, axis=0), rtol=1e-12)
    for got in run(program, marked(size, length)).results:
        assert [went_in(number, size) for number in got] == [[1] * size] * length


@sizes
def test_the_ring_sends_the_least_that_any_all_reduce_can(size):
    values = [np.zeros(6 * size) for _ in range(size)]
    ran = run(ring_all_reduce, values)
    assert ran.steps == 2 * (size - 1)
    assert set(ran.bytes_sent) == {2 * (size - 1) * values[0].nbytes // size}
    assert max(run(tree_all_reduce, values).bytes_sent) >= max(ran.bytes_sent)


@sizes
def test_the_two_halves_of_the_ring(size):
    values = list(np.random.default_rng(1).normal(size=(size, 11)))
    scattered = run(reduce_scatter, values).results
    for got, chunk in zip(scattered, np.array_split(np.sum(values, axis=0), size), strict=True):
        np.testing.assert_allclose(got, chunk)
    for got in run(all_gather, scattered).results:
        np.testing.assert_allclose(got, np.sum(values, axis=0))

    def both(rank, size, value):
        return (yield from all_gather(rank, size, (yield from reduce_scatter(rank, size, value))))

    halves, ring = run(both, values), run(ring_all_reduce, values)
    assert halves.steps == ring.steps and sum(halves.bytes_sent) == sum(ring.bytes_sent)


@pytest.mark.parametrize("size", range(2, 10))
def test_the_cost_model_is_that_of_the_timeline(size):
    values, latency, bandwidth = [np.zeros(10 * size) for _ in range(size)], 1e-4, 1e6
    bytes = values[0].nbytes
    ring, tree = (run(program, values).seconds(latency, bandwidth) for program in (ring_all_reduce, tree_all_reduce))
    assert ring == pytest.approx(ring_seconds(size, bytes, latency, bandwidth))
    assert tree == pytest.approx(tree_seconds(size, bytes, latency, bandwidth))


def test_short_arrays_go_up_a_tree_and_long_ones_around_a_ring():
    short, long = 8, 10**9
    assert tree_seconds(16, short, 1e-5, 1e10) < ring_seconds(16, short, 1e-5, 1e10)
    assert tree_seconds(16, long, 1e-5, 1e10) > ring_seconds(16, long, 1e-5, 1e10)


# --- two replicas against one


def gradients_of(weights, inputs, targets):
    """Of half the mean squared error of a net whose second layer is the first one, turned around: tied weights."""
    kernel, bias = weights
    hidden = np.tanh(inputs @ kernel + bias)
    error = (hidden @ kernel.T - targets) / len(inputs)
    back = (error @ kernel) * (1 - hidden**2)
    return [inputs.T @ back + error.T @ hidden, back.sum(axis=0)]


def test_the_gradients_are_those_of_the_loss():
    rng = np.random.default_rng(3)
    weights, inputs = [rng.normal(size=(4, 3)), rng.normal(size=3)], rng.normal(size=(5, 4))

    def loss(kernel):
        return np.mean(np.sum((np.tanh(inputs @ kernel + weights[1]) @ kernel.T - inputs) ** 2, axis=1)) / 2

    nudge = np.zeros((4, 3))
    nudge[1, 2] = 1e-6
    slope = (loss(weights[0] + nudge) - loss(weights[0] - nudge)) / 2e-6
    assert gradients_of(weights, inputs, inputs)[0][1, 2] == pytest.approx(slope, rel=1e-5)


def test_gradients_of_a_rank_without_examples_are_not_looked_at():
    """What a framework gives for the mean of nothing is nan."""

    def replica(rank, size, gradient, count):
        return (yield from mean_gradients(rank, size, [gradient, 10 * gradient], count))

    for got in run(replica, [np.full(3, value) for value in (1.0, np.nan, 4.0)], [1, 0, 2]).results:
        np.testing.assert_allclose(got, [[3.0] * 3, [30.0] * 3])


@pytest.mark.parametrize("make_optimizer", [lambda: SGD(0.1), lambda: SGD(0.1, momentum=0.9), lambda: Adam(0.01)])
@pytest.mark.parametrize("last", [8, 5, 1], ids=lambda last: f"{last} in the last batch")
@pytest.mark.parametrize("is_frozen", [False, True], ids=["all learn", "bias frozen"])
@pytest.mark.parametrize("size", [2, 3])
def test_replicas_equal_one_device_after_each_of_five_steps(size, is_frozen, last, make_optimizer):
    """Ranks that were seeded differently, tied weights, a frozen parameter, an uneven last batch, and momentum."""
    data = np.random.default_rng(0)
    batches = [data.normal(size=(rows, 4)) for rows in (8, 8, 8, 8, last)]
    drawn = [np.random.default_rng(10 + rank) for rank in range(size)]
    starts = [[rng.normal(size=(4, 3)), rng.normal(size=3)] for rng in drawn]
    learning = slice(0, 1 if is_frozen else 2)

    alone, optimizer, one_device = list(starts[0]), make_optimizer(), []
    for batch in batches:
        alone[learning] = optimizer.step(alone[learning], gradients_of(alone, batch, batch)[learning])
        one_device.append(list(alone))

    def replica(rank, size, weights):
        weights, optimizer, after = (yield from same_weights(rank, size, weights)), make_optimizer(), []
        for batch in batches:
            share = np.array_split(batch, size)[rank]
            gradients = gradients_of(weights, share, share) if len(share) else weights
            gradients = yield from mean_gradients(rank, size, gradients[learning], len(share))
            weights[learning] = optimizer.step(weights[learning], gradients)
            after.append(list(weights))
        return after

    for replicas in run(replica, starts).results:
        for got, expected in zip(replicas, one_device, strict=True):
            for array, right in zip(got, expected, strict=True):
                np.testing.assert_allclose(array, right, atol=1e-5, rtol=0)
                np.testing.assert_allclose(array, right, atol=1e-12)


@pytest.mark.parametrize("size", [2, 8])
def test_a_fit_finds_the_link_that_measurements_come_from(size):
    bytes = [4, 1_000, 100_000, 10_000_000]
    times = [ring_seconds(size, each, 3e-4, 2e8) for each in bytes]
    assert fit_ring(size, bytes, times) == pytest.approx((3e-4, 2e8))


def test_a_fit_takes_short_messages_as_seriously_as_long_ones():
    """Times of 10 % too much or too little, the longest 3,000 times the shortest: least squares of seconds alone would
    let the last measurement move the latency by more than the latency itself."""
    bytes = [4, 400, 40_000, 4_000_000, 40_000_000]
    wrong = [1.1, 0.9, 1.1, 0.9, 1.1]
    times = [ring_seconds(2, each, 1e-4, 1e8) * by for each, by in zip(bytes, wrong, strict=True)]
    latency, bandwidth = fit_ring(2, bytes, times)
    assert latency == pytest.approx(1e-4, rel=0.15) and bandwidth == pytest.approx(1e8, rel=0.15)


def test_a_fit_has_neither_a_negative_latency_nor_a_negative_bandwidth():
    assert fit_ring(2, [1000, 2000], [1.0, 1.0]) == (pytest.approx(0.5), math.inf)
    latency, bandwidth = fit_ring(2, [1000, 2000], [1.0, 0.5])
    assert latency > 0 and bandwidth == math.inf
    latency, bandwidth = fit_ring(2, [1000, 2000], [1.0, 3.0])
    assert latency == 0 and 700 < bandwidth < 1000
