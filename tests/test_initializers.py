"""Initializers: their distribution against the exact one, and against Keras's."""

import keras
import numpy as np
import pytest

from course_lib import initializers


def test_zeros_and_ones():
    np.testing.assert_array_equal(initializers.zeros(3), np.zeros(3, np.float32))
    np.testing.assert_array_equal(initializers.ones((2, 1), dtype="float64"), np.ones((2, 1)))
    assert initializers.zeros(3).dtype == initializers.ones(3).dtype == np.float32


@pytest.mark.parametrize("seed", range(3))
def test_glorot_uniform_fills_its_interval_evenly_as_in_keras(seed):
    fan_in, fan_out = 784, 512
    limit = np.sqrt(6 / (fan_in + fan_out))
    ours = initializers.glorot_uniform((fan_in, fan_out), seed)
    theirs = keras.initializers.GlorotUniform(seed)((fan_in, fan_out)).numpy()
    assert ours.dtype == theirs.dtype == np.float32
    for kernel in (ours, theirs):
        # 400,000 draws: the extremes come within limit · 1e-4 of the bounds, mean and variance within five deviations.
        assert limit * (1 - 1e-4) < kernel.max() <= np.float32(limit)
        assert -np.float32(limit) <= kernel.min() < -limit * (1 - 1e-4)
        variance = 2 / (fan_in + fan_out)
        assert abs(kernel.mean()) < 5 * np.sqrt(variance / kernel.size)
        assert kernel.var(dtype=float) == pytest.approx(variance, rel=5 * np.sqrt(0.8 / kernel.size))


def test_a_seed_or_generator_decides_the_draw():
    first, again, other = (initializers.glorot_uniform((4, 3), seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.any(first == other)
    rng = np.random.default_rng(1)
    np.testing.assert_array_equal(initializers.glorot_uniform((4, 3), rng), first)
    assert not np.any(initializers.glorot_uniform((4, 3), rng) == first)
    assert not np.any(initializers.glorot_uniform((4, 3)) == initializers.glorot_uniform((4, 3)))


def test_glorot_uniform_refuses_what_is_no_dense_kernel():
    with pytest.raises(ValueError, match="fan_in, fan_out"):
        initializers.glorot_uniform((3,))
