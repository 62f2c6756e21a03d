"""Answers to chapter 02 that were written from its text alone, later: what had passed, or been told something false."""

import numpy as np

from course_lib import initializers
from tests.exercises.initialization.bank import right, wrong


def cut(shape, seed, mean, stddev, again):
    """Draw, and where a number lies too far out take one of `again(rng, how many)`, until none does."""
    rng = np.random.default_rng(seed)
    x = rng.normal(mean, stddev, shape)
    while np.any(far := np.abs(x - mean) > 2 * stddev):
        x[far] = again(rng, far.sum())
    return x


@wrong("truncated_normal", "standard normal")
def drawn_again_without_settings(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    return cut(shape, seed, mean, stddev, lambda rng, n: rng.normal(size=n)).astype(dtype)


@wrong("truncated_normal", "around 0")
def drawn_again_without_the_mean(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    return cut(shape, seed, mean, stddev, lambda rng, n: rng.normal(0, stddev, n)).astype(dtype)


@wrong("truncated_normal", "another than the task's")
def with_a_default_of_1(shape, seed=None, dtype="float32", mean=0.0, stddev=1.0):
    return cut(shape, seed, mean, stddev, lambda rng, n: rng.normal(mean, stddev, n)).astype(dtype)


@wrong("truncated_normal", "one and the same new number")
def one_number_for_all_that_is_far(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    return cut(shape, seed, mean, stddev, lambda rng, n: rng.normal(mean, stddev)).astype(dtype)


@right("truncated_normal")
def in_a_loop_over_numbers(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    import random

    generator = random.Random(seed)
    numbers, size = [], np.prod(shape)
    while len(numbers) < size:
        drawn = generator.gauss(mean, stddev)
        if abs(drawn - mean) <= 2 * stddev:
            numbers.append(drawn)
    return np.array(numbers, dtype).reshape(shape)


def made(shape, seed, dtype, gain, of):
    rows, columns = int(np.prod(shape[:-1])), shape[-1]
    a = np.random.default_rng(seed).normal(size=(max(rows, columns), min(rows, columns)))
    return (gain * of(a, rows, columns)).reshape(shape).astype(dtype)


def q_of(a):
    return np.linalg.qr(a)[0]


@wrong("orthogonal", "not perpendicular")
def columns_of_length_1(shape, seed=None, dtype="float32", gain=1.0):
    def of(a, rows, columns):
        a = a / np.linalg.norm(a, axis=0)
        return a.T if rows < columns else a

    return made(shape, seed, dtype, gain, of)


@wrong("orthogonal", "longer than 1")
def times_the_root_of_the_rows(shape, seed=None, dtype="float32", gain=1.0):
    def of(a, rows, columns):
        return (q_of(a).T if rows < columns else q_of(a)) * np.sqrt(rows)

    return made(shape, seed, dtype, gain, of)


@wrong("orthogonal", "reshape")
def wide_by_reshape(shape, seed=None, dtype="float32", gain=1.0):
    return made(shape, seed, dtype, gain, lambda a, rows, columns: q_of(a).reshape(rows, columns))


@wrong("orthogonal", "1 / gain")
def divided_by_the_gain(shape, seed=None, dtype="float32", gain=1.0):
    return made(shape, seed, dtype, 1 / gain, lambda a, rows, columns: q_of(a).T if rows < columns else q_of(a))


@wrong("glorot_uniform", "√fan_in \\+ √fan_out")
def two_roots_below_one(shape, seed=None, dtype="float32"):
    fan_in, fan_out = initializers.fans(shape)
    limit = np.sqrt(6) / np.sqrt(fan_in) + np.sqrt(fan_out)
    return np.random.default_rng(seed).uniform(-limit, limit, shape).astype(dtype)


@wrong("he_normal", "fan_out is added")
def he_without_brackets(shape, seed=None, dtype="float32"):
    fan_in, fan_out = initializers.fans(shape)
    return np.random.default_rng(seed).normal(0, np.sqrt(2 / fan_in + fan_out), shape).astype(dtype)


@wrong("spread_factors", "made with fan_out")
def both_ways_with_fan_out(shapes, deviations):
    factor = np.prod([np.sqrt(fan_out) * sigma for (_, fan_out), sigma in zip(shapes, deviations, strict=True)])
    return factor, factor


@wrong("spread_factors", "last layer is left out")
def without_the_last_layer(shapes, deviations):
    forward = back = 1.0
    for layer in range(len(shapes) - 1):
        forward *= np.sqrt(shapes[layer][0]) * deviations[layer]
        back *= np.sqrt(shapes[layer][1]) * deviations[layer]
    return forward, back


@wrong("spread_factors", "gradient's factor the deviations")
def back_without_deviations(shapes, deviations):
    forward = np.prod([np.sqrt(fan_in) * s for (fan_in, _), s in zip(shapes, deviations, strict=True)])
    return forward, np.prod([np.sqrt(fan_out) for _, fan_out in shapes])


@wrong("fans", "once more")
def all_but_the_last_as_window(shape):
    window = np.prod(shape[:-1])
    return window * shape[-2], window * shape[-1]


@wrong("fans", "last item of the tuple")
def for_four_numbers_by_place(shape):
    return shape[0] * shape[1] * shape[2], shape[0] * shape[1] * shape[3]


@wrong("stuck_twins", "wrong order")
def kernels_in_reverse():
    return [[0.6], [0.6], [-0.4]], [[0.5, 0.5, -0.7], [0.3, 0.3, 0.9]]
