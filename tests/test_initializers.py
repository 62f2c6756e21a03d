"""Initializers: their distribution against the exact one, and against Keras's, at a million draws."""

import math
from functools import partial

import keras
import numpy as np
import pytest

from course_lib import initializers
from course_lib.layers import Dense

SHAPE = (1250, 800)  # a million draws
FIVE = 5  # deviations of the statistic: exceeded once in two million

# Each with the variance and the limit that its formula gives at SHAPE, and with Keras's own.
SCHEMES = {
    "random_normal": (0.05**2, math.inf, keras.initializers.RandomNormal),
    "random_uniform": (0.05**2 / 3, 0.05, keras.initializers.RandomUniform),
    "truncated_normal": ((0.05 * initializers.TRUNCATED_DEVIATION) ** 2, 0.1, keras.initializers.TruncatedNormal),
    "fan_in_uniform": (
        1 / 3750,
        1 / math.sqrt(1250),
        partial(keras.initializers.VarianceScaling, scale=1 / 3, distribution="uniform"),
    ),
    "lecun_normal": (
        1 / 1250,
        2 * math.sqrt(1 / 1250) / initializers.TRUNCATED_DEVIATION,
        keras.initializers.LecunNormal,
    ),
    "lecun_uniform": (1 / 1250, math.sqrt(3 / 1250), keras.initializers.LecunUniform),
    "glorot_normal": (
        2 / 2050,
        2 * math.sqrt(2 / 2050) / initializers.TRUNCATED_DEVIATION,
        keras.initializers.GlorotNormal,
    ),
    "glorot_uniform": (2 / 2050, math.sqrt(6 / 2050), keras.initializers.GlorotUniform),
    "he_normal": (2 / 1250, 2 * math.sqrt(2 / 1250) / initializers.TRUNCATED_DEVIATION, keras.initializers.HeNormal),
    "he_uniform": (2 / 1250, math.sqrt(6 / 1250), keras.initializers.HeUniform),
}


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("whose", ["ours", "Keras's"])
@pytest.mark.parametrize("name", SCHEMES)
def test_a_million_draws_have_the_exact_mean_variance_and_limits(name, whose, seed):
    variance, limit, of_keras = SCHEMES[name]
    kernel = initializers.get(name)(SHAPE, seed) if whose == "ours" else of_keras(seed=seed)(SHAPE).numpy()
    assert kernel.shape == SHAPE and kernel.dtype == np.float32
    draws = kernel.astype(float)
    assert abs(draws.mean()) < FIVE * math.sqrt(variance / draws.size)
    # A normal distribution has the widest spread of variances: 2 / n, relative to its square.
    assert draws.var() == pytest.approx(variance, rel=FIVE * math.sqrt(2 / draws.size))
    if math.isfinite(limit):
        # Of a million, the outermost are nearer to the limit than a 1000th; near a cut normal's, fewer are drawn.
        for extreme in (draws.max(), -draws.min()):
            assert limit * (1 - 1e-3) < extreme <= limit * (1 + 1e-6)


@pytest.mark.parametrize("name", SCHEMES)
def test_the_shape_of_the_distribution_is_keras_s(name):
    """A Kolmogorov–Smirnov distance of 2.6 / √(n / 2) is exceeded by equal distributions once in 400,000 times."""
    ours = np.sort(initializers.get(name)(SHAPE, 3).ravel())
    theirs = np.sort(SCHEMES[name][2](seed=4)(SHAPE).numpy().ravel())
    places = np.concatenate([ours, theirs])
    distance = np.abs(np.searchsorted(ours, places, "right") - np.searchsorted(theirs, places, "right")).max()
    assert distance / ours.size < 2.6 / math.sqrt(ours.size / 2)


def test_the_deviation_of_a_truncated_normal_is_the_exact_one():
    """1 − 2 · 2 φ(2) / (2 Φ(2) − 1), from the density φ and the distribution Φ."""
    density, share = math.exp(-2) / math.sqrt(2 * math.pi), math.erf(math.sqrt(2))
    assert math.sqrt(1 - 4 * density / share) == pytest.approx(initializers.TRUNCATED_DEVIATION, abs=1e-15)


@pytest.mark.parametrize(
    ("scale", "mode", "distribution"),
    [(0.7, "fan_out", "truncated_normal"), (3.0, "fan_avg", "untruncated_normal"), (2.0, "fan_out", "uniform")],
)
def test_variance_scaling_scales_by_any_fan_as_keras_does(scale, mode, distribution):
    shape = (3, 5, 40, 100)
    count = {"fan_out": 1500, "fan_avg": 1050}[mode]
    theirs = keras.initializers.VarianceScaling(scale, mode, distribution, seed=1)(shape).numpy()
    ours = initializers.variance_scaling(shape, 1, np.float32, scale, mode, distribution)
    for kernel in (ours, theirs):
        assert kernel.var(dtype=float) == pytest.approx(scale / count, rel=FIVE * math.sqrt(2 / kernel.size))


@pytest.mark.parametrize(
    "shape", [(), (7,), (784, 512), (1, 1), (3, 16, 32), (3, 3, 1, 32), (5, 3, 8, 16), (2, 3, 4, 5, 6)]
)
def test_fans_are_keras_s(shape):
    from keras.src.initializers.random_initializers import compute_fans

    assert initializers.fans(shape) == compute_fans(shape)


def test_fans_of_kernels_known_by_hand():
    assert initializers.fans((784, 512)) == (784, 512)
    assert initializers.fans([3, 3, 16, 32]) == (144, 288)
    assert initializers.fans(10) == (10, 10)


@pytest.mark.parametrize("shape", [(40, 40), (60, 20), (20, 60), (3, 3, 4, 50), (3, 3, 8, 10), (1, 5)])
@pytest.mark.parametrize("gain", [1.0, 1.5])
def test_an_orthogonal_kernel_keeps_lengths_as_keras_s_does(shape, gain):
    ours = initializers.orthogonal(shape, 1, np.float64, gain)
    theirs = keras.initializers.Orthogonal(gain, seed=1)(shape, "float64").numpy()
    for kernel in (ours, theirs):
        matrix = kernel.reshape(-1, shape[-1])
        small = matrix.T @ matrix if matrix.shape[0] >= matrix.shape[1] else matrix @ matrix.T
        np.testing.assert_allclose(small, gain**2 * np.eye(len(small)), atol=1e-6 if kernel is theirs else 1e-12)


def test_every_orthogonal_matrix_is_equally_likely():
    """The mean of ten thousand is 0 in each entry; without the signs, the diagonal would lean to one side."""
    rng = np.random.default_rng(0)
    mean = np.mean([initializers.orthogonal((3, 3), rng, float) for _ in range(10_000)], axis=0)
    assert np.abs(mean).max() < FIVE * math.sqrt(1 / 3 / 10_000)


def test_one_number_for_all():
    np.testing.assert_array_equal(initializers.zeros(3), np.zeros(3, np.float32))
    np.testing.assert_array_equal(initializers.ones((2, 1), dtype="float64"), np.ones((2, 1)))
    np.testing.assert_array_equal(initializers.constant((2, 2), value=0.5), keras.initializers.Constant(0.5)((2, 2)))
    assert not initializers.constant(2).any()
    for initializer in (initializers.zeros, initializers.ones, initializers.constant):
        assert initializer(3).dtype == np.float32


@pytest.mark.parametrize("name", [*SCHEMES, "orthogonal"])
def test_a_seed_or_generator_decides_the_draw(name):
    draw = initializers.get(name)
    first, again, other = (draw((4, 3), seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.any(first == other)
    rng = np.random.default_rng(1)
    np.testing.assert_array_equal(draw((4, 3), rng), first)
    assert not np.any(draw((4, 3), rng) == first)
    assert not np.any(draw((4, 3)) == draw((4, 3)))


@pytest.mark.parametrize("name", initializers.INITIALIZERS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_initializer_serves_a_layer(name, dtype):
    layer = Dense(3, kernel_initializer=initializers.get(name), dtype=dtype)
    layer.build(5, seed=0)
    assert layer.kernel.shape == (5, 3) and layer.kernel.dtype == dtype and np.isfinite(layer.kernel).all()


def test_settings_are_taken_by_name():
    draws = initializers.get("random_normal", stddev=3.0)((500, 200), 1)
    assert draws.std() == pytest.approx(3.0, rel=0.02)
    moved = initializers.truncated_normal((500, 200), 1, mean=10.0, stddev=1.0)
    assert 8 <= moved.min() < 8.01 and 11.99 < moved.max() <= 12
    assert initializers.get("zeros") is initializers.zeros


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="there is no initializer 'xavier'; there are: zeros"):
        initializers.get("xavier")
    with pytest.raises(ValueError, match="scale must be > 0"):
        initializers.variance_scaling((2, 2), scale=0)
    with pytest.raises(ValueError, match="mode must be one of fan_in, fan_out, fan_avg"):
        initializers.variance_scaling((2, 2), mode="fan")
    with pytest.raises(ValueError, match="distribution must be"):
        initializers.variance_scaling((2, 2), distribution="normal")
    for shape in ((3,), 3):
        with pytest.raises(ValueError, match="two axes"):
            initializers.orthogonal(shape)
