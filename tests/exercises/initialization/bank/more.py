"""More of what people write, collected when the probes stood, and not looked up in them."""

import math

import numpy as np

from tests.exercises.initialization.bank import right, wrong
from tests.exercises.initialization.bank.drawing import counted


def normal(shape, seed, dtype, deviation):
    return np.random.default_rng(seed).normal(0, deviation, shape).astype(dtype)


def even(shape, seed, dtype, limit):
    return np.random.default_rng(seed).uniform(-limit, limit, shape).astype(dtype)


@right("he_normal")
def over_flat_indices(shape, seed=None, dtype="float32"):
    rng = np.random.default_rng(seed)
    kernel = np.empty(shape, dtype)
    for index in np.ndindex(*shape):
        kernel[index] = rng.standard_normal()
    return kernel * np.asarray(math.sqrt(2 / (kernel.size // shape[-1])), dtype)


@wrong("he_normal", "units|fan_out|second axis|last axis")
def last_axis(shape, seed=None, dtype="float32"):
    return normal(shape, seed, dtype, np.sqrt(2 / shape[-1]))


@wrong("he_normal", "units|fan_out|second axis")
def second_axis(shape, seed=None, dtype="float32"):
    return normal(shape, seed, dtype, np.sqrt(2 / shape[1]))


@wrong("he_normal", "factor|not the one")
def six_over_fan_in(shape, seed=None, dtype="float32"):
    return normal(shape, seed, dtype, np.sqrt(6 / counted(shape)[0]))


@wrong("he_normal", "factor|not the one")
def gain_for_tanh(shape, seed=None, dtype="float32"):
    return normal(shape, seed, dtype, 5 / 3 / np.sqrt(counted(shape)[0]))


@wrong("he_normal", "one number|same number|one and the same")
def the_deviation_everywhere(shape, seed=None, dtype="float32"):
    return np.full(shape, np.sqrt(2 / counted(shape)[0]), dtype)


@wrong("he_normal", "one draw")
def a_generator_for_each_weight(shape, seed=None, dtype="float32"):
    deviation = np.sqrt(2 / counted(shape)[0])
    draws = [np.random.RandomState(seed).randn() * deviation for _ in range(3)]
    return np.resize(draws, shape).astype(dtype)


@wrong("he_normal", "clip|edge")
def clipped_at_two(shape, seed=None, dtype="float32"):
    deviation = np.sqrt(2 / counted(shape)[0])
    return np.clip(normal(shape, seed, dtype, deviation), -2 * deviation, 2 * deviation)


@wrong("he_normal", "row|shape")
def one_long_row(shape, seed=None, dtype="float32"):
    return normal(math.prod(shape), seed, dtype, np.sqrt(2 / counted(shape)[0]))


@wrong("he_normal", "whatever the shape|one deviation")
def default_of_keras(shape, seed=None, dtype="float32"):
    return normal(shape, seed, dtype, 0.05)


@wrong("he_normal", "variance.*seed|seed.*variance")
def variance_without_seed(shape, seed=None, dtype="float32"):
    return np.random.normal(0, 2 / counted(shape)[0], shape).astype(dtype)


@wrong("glorot_uniform", "root|6 included|fraction")
def six_over_the_root(shape, seed=None, dtype="float32"):
    return even(shape, seed, dtype, 6 / np.sqrt(sum(counted(shape))))


@wrong("glorot_uniform", "bracket|added")
def added_after_the_root(shape, seed=None, dtype="float32"):
    fan_in, fan_out = counted(shape)
    return even(shape, seed, dtype, np.sqrt(6 / fan_in) + fan_out)


@wrong("glorot_uniform", "two fractions|one, with")
def two_fractions(shape, seed=None, dtype="float32"):
    fan_in, fan_out = counted(shape)
    return even(shape, seed, dtype, np.sqrt(6 / fan_in + 6 / fan_out))


@wrong("glorot_uniform", "roots")
def sum_of_roots(shape, seed=None, dtype="float32"):
    fan_in, fan_out = counted(shape)
    return even(shape, seed, dtype, np.sqrt(6) / (np.sqrt(fan_in) + np.sqrt(fan_out)))


@wrong("glorot_uniform", "not 6|twice")
def twelve(shape, seed=None, dtype="float32"):
    return even(shape, seed, dtype, np.sqrt(12 / sum(counted(shape))))


@wrong("fans", "first two|always")
def window_hard_coded(shape):
    return shape[0] * shape[1] * shape[-2], shape[0] * shape[1] * shape[-1]


@wrong("fans", "four")
def four_names(shape):
    h, w, i, o = shape
    return h * w * i, h * w * o


@wrong("fans", "three|line")
def two_cases(shape):
    if len(shape) == 2:
        return shape[0], shape[1]
    h, w, i, o = shape
    return h * w * i, h * w * o


@wrong("spread_factors", "σ²|variance|root")
def root_times_variance(shapes, deviations):
    shapes, deviations = np.array(shapes), np.array(deviations)
    return tuple(np.prod(np.sqrt(shapes) * deviations[:, None] ** 2, axis=0))


@wrong("spread_factors", "root|variance")
def root_over_both(shapes, deviations):
    shapes, deviations = np.array(shapes), np.array(deviations)
    return tuple(np.prod(np.sqrt(shapes * deviations[:, None]), axis=0))


@wrong("truncated_normal", "stddev|deviations already|limits")
def scipy_with_absolute_limits(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    from scipy.stats import truncnorm

    draws = truncnorm.rvs(-2 * stddev, 2 * stddev, loc=mean, scale=stddev, size=shape, random_state=seed)
    return draws.astype(dtype)


@wrong("truncated_normal", "stddev")
def standard_whatever_is_asked(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    z = np.random.default_rng(seed).normal(size=shape)
    rng = np.random.default_rng(seed + 1)
    while (far := np.abs(z) > 2).any():
        z[far] = rng.normal(size=far.sum())
    return (z + mean).astype(dtype)


@wrong("truncated_normal", "one number|same|mean")
def only_the_mean(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    return np.full(shape, mean, dtype)


@wrong("orthogonal", "perpendicular|length|random")
def signs_of_a_normal(shape, seed=None, dtype="float32", gain=1.0):
    return (gain * np.sign(np.random.default_rng(seed).normal(size=shape))).astype(dtype)


@wrong("orthogonal", "wide|more columns|shape")
def qr_gives_too_few(shape, seed=None, dtype="float32", gain=1.0):
    q, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(math.prod(shape[:-1]), shape[-1])))
    return gain * q.astype(dtype)


@wrong("stuck_twins", "column|row|shape")
def second_lies_down():
    return [[0.5, 0.5, -1.0], [0.3, 0.3, 0.8]], [[1.0, 1.0, -0.5]]


@wrong("stuck_twins", "differ|part|mirror|first two")
def swapped_weights():
    return [[0.5, 0.3, -1.0], [0.3, 0.5, 0.8]], [[1.0], [1.0], [-0.5]]


@wrong("living_gain", "dies|small")
def one_and_a_quarter():
    return 1.25


@wrong("living_gain", "explode|large")
def six_root():
    return 6**0.5
