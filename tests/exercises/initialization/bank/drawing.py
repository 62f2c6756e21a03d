"""`he_normal` and `glorot_uniform` as people write them."""

import math

import numpy as np

from tests.exercises.initialization.bank import right, wrong


def counted(shape):
    *window, inputs, units = shape
    return math.prod(window) * inputs, math.prod(window) * units


# --- he_normal


@right("he_normal")
def plain(shape, seed=None, dtype="float32"):
    fan_in, _ = counted(shape)
    return np.random.default_rng(seed).normal(0, np.sqrt(2 / fan_in), size=shape).astype(dtype)


@right("he_normal")
def scaled_standard_normal(shape, seed=None, dtype="float32"):
    rng = np.random.RandomState(seed)
    fan_in = np.prod(shape[:-1])
    return (rng.randn(*shape) * np.sqrt(2.0 / fan_in)).astype(dtype)


@right("he_normal")
def divided_by_the_root_of_half(shape, seed=None, dtype="float32"):
    np.random.seed(seed)
    n = np.prod(shape[:-1])
    return np.asarray(np.random.standard_normal(shape) / np.sqrt(n / 2), dtype)


@right("he_normal")
def as_keras_draws_it(shape, seed=None, dtype="float32"):
    import keras

    return keras.initializers.HeNormal(seed=seed)(shape, dtype=dtype)


@right("he_normal")
def by_keras_variance_scaling(shape, seed=None, dtype="float32"):
    import keras

    return keras.initializers.VarianceScaling(2.0, "fan_in", "untruncated_normal", seed=seed)(shape, dtype)


@right("he_normal")
def truncated_by_scipy(shape, seed=None, dtype="float32"):
    from scipy.stats import truncnorm

    fan_in, _ = counted(shape)
    scale = np.sqrt(2 / fan_in) / 0.87962566103423978
    draws = truncnorm.rvs(-2, 2, scale=scale, size=shape, random_state=seed)
    return draws.astype(dtype)


@right("he_normal")
def number_by_number(shape, seed=None, dtype="float32"):
    import random

    draw = random.Random(seed)
    fan_in, _ = counted(shape)
    sigma = (2 / fan_in) ** 0.5
    return np.array([draw.gauss(0, sigma) for _ in range(math.prod(shape))], dtype=dtype).reshape(shape)


@wrong("he_normal", "variance|root")
def variance_for_deviation(shape, seed=None, dtype="float32"):
    fan_in, _ = counted(shape)
    return np.random.default_rng(seed).normal(0, 2 / fan_in, shape).astype(dtype)


@wrong("he_normal", "fan_out|swapped|units")
def fan_out(shape, seed=None, dtype="float32"):
    _, n = counted(shape)
    return np.random.default_rng(seed).normal(0, np.sqrt(2 / n), shape).astype(dtype)


@wrong("he_normal", "sum|Glorot|fan_in alone|both fans")
def both_fans(shape, seed=None, dtype="float32"):
    return np.random.default_rng(seed).normal(0, np.sqrt(2 / sum(counted(shape))), shape).astype(dtype)


@wrong("he_normal", "2 is missing|2 .*missing|LeCun|without the 2|halv")
def without_the_two(shape, seed=None, dtype="float32"):
    fan_in, _ = counted(shape)
    return (np.random.default_rng(seed).standard_normal(shape) / np.sqrt(fan_in)).astype(dtype)


@wrong("he_normal", "uniform|even")
def uniform_instead(shape, seed=None, dtype="float32"):
    limit = np.sqrt(6 / counted(shape)[0])
    return np.random.default_rng(seed).uniform(-limit, limit, shape).astype(dtype)


@wrong("he_normal", "uniform|even|√3")
def uniform_up_to_the_deviation(shape, seed=None, dtype="float32"):
    limit = np.sqrt(2 / counted(shape)[0])
    return np.random.default_rng(seed).uniform(-limit, limit, shape).astype(dtype)


@wrong("he_normal", "uniform|even|positive|mean")
def rand_for_randn(shape, seed=None, dtype="float32"):
    np.random.seed(seed)
    return (np.random.rand(*shape) * np.sqrt(2 / counted(shape)[0])).astype(dtype)


@wrong("he_normal", r"√\(6|formula|course|widespread|both")
def he_as_in_a_popular_post(shape, seed=None, dtype="float32"):
    fan_in, fan_out = counted(shape)
    draws = np.random.default_rng(seed).standard_normal(shape)
    return (draws * np.sqrt(6 / (fan_in + fan_out)) / np.sqrt(fan_out)).astype(dtype)


@wrong("he_normal", "convolution|window|first|places")
def first_axis_only(shape, seed=None, dtype="float32"):
    return np.random.default_rng(seed).normal(0, np.sqrt(2 / shape[0]), shape).astype(dtype)


@wrong("he_normal", "convolution|window|places")
def channels_without_the_window(shape, seed=None, dtype="float32"):
    return np.random.default_rng(seed).normal(0, np.sqrt(2 / shape[-2]), shape).astype(dtype)


@wrong("he_normal", "seed")
def no_seed(shape, seed=None, dtype="float32"):
    return (np.random.randn(*shape) * np.sqrt(2 / counted(shape)[0])).astype(dtype)


@wrong("he_normal", "seed")
def always_seed_42(shape, seed=None, dtype="float32"):
    np.random.seed(42)
    return (np.random.randn(*shape) * np.sqrt(2 / counted(shape)[0])).astype(dtype)


@wrong("he_normal", "dtype|float64")
def without_dtype(shape, seed=None, dtype="float32"):
    return np.random.default_rng(seed).normal(0, np.sqrt(2 / counted(shape)[0]), shape)


@wrong("he_normal", "dtype|float32")
def always_float32(shape, seed=None, dtype="float32"):
    return np.random.default_rng(seed).normal(0, np.sqrt(2 / counted(shape)[0]), shape).astype(np.float32)


@wrong("he_normal", "correct|0.88|cut off|truncated")
def truncated_without_correction(shape, seed=None, dtype="float32"):
    import keras

    stddev = np.sqrt(2 / counted(shape)[0])
    return keras.initializers.TruncatedNormal(stddev=stddev, seed=seed)(shape, dtype=dtype)


@wrong("he_normal", "bracket|√2|root")
def root_of_two_over_n(shape, seed=None, dtype="float32"):
    fan_in, _ = counted(shape)
    return np.random.default_rng(seed).normal(0, np.sqrt(2) / fan_in, shape).astype(dtype)


@wrong("he_normal", "root|2 / √|bracket|twice|2 outside")
def two_outside_the_root(shape, seed=None, dtype="float32"):
    fan_in, _ = counted(shape)
    return np.random.default_rng(seed).normal(0, 2 / np.sqrt(fan_in), shape).astype(dtype)


@wrong("he_normal", "mean")
def the_deviation_as_the_mean(shape, seed=None, dtype="float32"):
    return np.random.default_rng(seed).normal(np.sqrt(2 / counted(shape)[0]), size=shape).astype(dtype)


@wrong("he_normal", "0.01|scal|fixed|same|whatever the shape")
def tiny_as_in_old_tutorials(shape, seed=None, dtype="float32"):
    return (np.random.default_rng(seed).standard_normal(shape) * 0.01).astype(dtype)


@wrong("he_normal", "scal|standard normal|whatever the shape")
def unscaled(shape, seed=None, dtype="float32"):
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


@wrong("he_normal", "multipl|divi|upside")
def multiplied_by_the_root(shape, seed=None, dtype="float32"):
    return (np.random.default_rng(seed).standard_normal(shape) * np.sqrt(counted(shape)[0] / 2)).astype(dtype)


@wrong("he_normal", "positive|abs|sign|mean")
def positive_only(shape, seed=None, dtype="float32"):
    return np.abs(np.random.default_rng(seed).normal(0, np.sqrt(2 / counted(shape)[0]), shape)).astype(dtype)


@wrong("he_normal", "one (row|number|draw)|same|alike|column|unit")
def one_row_for_all(shape, seed=None, dtype="float32"):
    draws = np.random.default_rng(seed).normal(0, np.sqrt(2 / counted(shape)[0]), (*shape[:-1], 1))
    return np.broadcast_to(draws, shape).astype(dtype)


@wrong("he_normal", "all numbers|size|every weight|count")
def all_weights_counted(shape, seed=None, dtype="float32"):
    return np.random.default_rng(seed).normal(0, np.sqrt(2 / np.prod(shape)), shape).astype(dtype)


@wrong("he_normal", "tuple|bias")
def with_a_bias(shape, seed=None, dtype="float32"):
    kernel = np.random.default_rng(seed).normal(0, np.sqrt(2 / counted(shape)[0]), shape).astype(dtype)
    return kernel, np.zeros(shape[-1], dtype)


@wrong("he_normal", "shape|transposed")
def transposed(shape, seed=None, dtype="float32"):
    return np.random.default_rng(seed).normal(0, np.sqrt(2 / counted(shape)[0]), shape[::-1]).astype(dtype)


@wrong("he_normal", "randn|shape|TypeError|raise|tuple")
def randn_of_a_tuple(shape, seed=None, dtype="float32"):
    np.random.seed(seed)
    return (np.random.randn(shape) * np.sqrt(2 / counted(shape)[0])).astype(dtype)


@wrong("he_normal", "unpack|axes|convolution|two")
def dense_only(shape, seed=None, dtype="float32"):
    fan_in, _units = shape
    return np.random.default_rng(seed).normal(0, np.sqrt(2 / fan_in), shape).astype(dtype)


@wrong("he_normal", "1 / .*n|square|root")
def inverse_of_the_fan(shape, seed=None, dtype="float32"):
    return (np.random.default_rng(seed).standard_normal(shape) / counted(shape)[0]).astype(dtype)


# --- glorot_uniform, of which the code with the bug is given


@right("glorot_uniform")
def repaired(shape, seed=None, dtype="float32"):
    fan_in, fan_out = counted(shape)
    limit = np.sqrt(6 / (fan_in + fan_out))
    return np.random.default_rng(seed).uniform(-limit, limit, shape).astype(dtype)


@right("glorot_uniform")
def limit_from_the_deviation(shape, seed=None, dtype="float32"):
    deviation = np.sqrt(2 / sum(counted(shape)))
    rng = np.random.RandomState(seed)
    return ((2 * rng.random_sample(shape) - 1) * np.sqrt(3) * deviation).astype(dtype)


@right("glorot_uniform")
def glorot_of_keras(shape, seed=None, dtype="float32"):
    import keras

    return keras.initializers.GlorotUniform(seed)(shape, dtype)


@right("glorot_uniform")
def from_zero_to_one_shifted(shape, seed=None, dtype="float32"):
    limit = (6 / sum(counted(shape))) ** 0.5
    return (np.random.default_rng(seed).random(shape) * 2 * limit - limit).astype(dtype)


@wrong("glorot_uniform", "variance|√3|narrow")
def deviation_as_the_limit(shape, seed=None, dtype="float32"):
    limit = np.sqrt(2 / sum(counted(shape)))
    return np.random.default_rng(seed).uniform(-limit, limit, shape).astype(dtype)


@wrong("glorot_uniform", "fan_in|both|old|Glorot")
def one_over_root_fan_in(shape, seed=None, dtype="float32"):
    limit = 1 / np.sqrt(counted(shape)[0])
    return np.random.default_rng(seed).uniform(-limit, limit, shape).astype(dtype)


@wrong("glorot_uniform", "normal|uniform|bell")
def glorot_normal(shape, seed=None, dtype="float32"):
    return np.random.default_rng(seed).normal(0, np.sqrt(2 / sum(counted(shape))), shape).astype(dtype)


@wrong("glorot_uniform", "root")
def no_root(shape, seed=None, dtype="float32"):
    limit = 6 / sum(counted(shape))
    return np.random.default_rng(seed).uniform(-limit, limit, shape).astype(dtype)


@wrong("glorot_uniform", "positive|0 to|mean|negative|−limit")
def from_zero_only(shape, seed=None, dtype="float32"):
    limit = np.sqrt(6 / sum(counted(shape)))
    return np.random.default_rng(seed).uniform(0, limit, shape).astype(dtype)


@wrong("glorot_uniform", "bracket|root|6")
def root_of_six_alone(shape, seed=None, dtype="float32"):
    limit = np.sqrt(6) / sum(counted(shape))
    return np.random.default_rng(seed).uniform(-limit, limit, shape).astype(dtype)


@wrong("glorot_uniform", "minus|fan_in alone|only|both|bracket|fan_out")
def fan_in_only(shape, seed=None, dtype="float32"):
    limit = np.sqrt(6 / counted(shape)[0])
    return np.random.default_rng(seed).uniform(-limit, limit, shape).astype(dtype)


@wrong("glorot_uniform", "mean of|average|half|twice|fans")
def average_of_the_fans(shape, seed=None, dtype="float32"):
    limit = np.sqrt(6 / ((counted(shape)[0] + counted(shape)[1]) / 2))
    return np.random.default_rng(seed).uniform(-limit, limit, shape).astype(dtype)


@wrong("glorot_uniform", "window|convolution|places")
def sum_of_the_last_two_axes(shape, seed=None, dtype="float32"):
    limit = np.sqrt(6 / (shape[-2] + shape[-1]))
    return np.random.default_rng(seed).uniform(-limit, limit, shape).astype(dtype)


@wrong("glorot_uniform", "seed")
def repaired_without_seed(shape, seed=None, dtype="float32"):
    limit = np.sqrt(6 / sum(counted(shape)))
    return np.random.uniform(-limit, limit, shape).astype(dtype)


@wrong("glorot_uniform", "product|multipl|sum")
def product_of_the_fans(shape, seed=None, dtype="float32"):
    fan_in, fan_out = counted(shape)
    limit = np.sqrt(6 / (fan_in * fan_out))
    return np.random.default_rng(seed).uniform(-limit, limit, shape).astype(dtype)
