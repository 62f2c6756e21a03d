"""Measured gradients against exact ones, and clipping against TensorFlow's."""

import numpy as np
import pytest
import tensorflow as tf

from course_lib.gradients import (
    clip_by_global_norm,
    clip_by_norm,
    clip_by_value,
    global_norm,
    numerical_gradient,
    relative_error,
)

RNG = np.random.default_rng(0)
ARRAYS = {
    "one number": np.array(3.0),
    "a row": RNG.normal(size=5),
    "a matrix": RNG.normal(scale=4, size=(3, 4)),
    "a stack": RNG.normal(scale=0.1, size=(2, 3, 4)),
    "zeros": np.zeros((2, 3)),
    "integers": np.array([3, -4, 0]),
    "large": np.array([1e30, -2e30]),
}
arrays = pytest.mark.parametrize("name", ARRAYS)


# --- measuring


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 2, 2), (0,)])
def test_a_gradient_is_measured_entry_by_entry(shape):
    x = RNG.normal(size=shape)
    before = x.copy()
    measured = numerical_gradient(lambda x: np.sum(np.sin(x) * np.arange(1, x.size + 1).reshape(shape)), x)
    assert measured.shape == shape and measured.dtype == np.float64
    assert relative_error(measured, np.cos(x) * np.arange(1, x.size + 1).reshape(shape)) < 1e-9
    np.testing.assert_array_equal(x, before)


def test_integers_are_nudged_too_and_the_step_can_be_chosen():
    assert numerical_gradient(lambda x: x @ x, [1, 2]) == pytest.approx([2, 4], rel=1e-9)
    coarse = numerical_gradient(lambda x: x[0] ** 3, [1.0], step=0.5)
    assert coarse == pytest.approx([3 + 0.5**2], rel=1e-12)  # f′ + h² f‴ / 6


def test_central_differences_are_far_nearer_than_one_sided_ones():
    x, step = 1.0, 1e-5
    one_sided = abs((np.exp(x + step) - np.exp(x)) / step - np.exp(x))
    central = abs(numerical_gradient(np.exp, x, step) - np.exp(x))
    assert central < one_sided / 10_000


def test_the_error_is_relative_to_the_largest_entry():
    assert relative_error([1.0, 100.0], [1.0, 100.0]) == 0 == relative_error([0.0], [0.0]) == relative_error([], [])
    assert relative_error([1.0, 100.0], [2.0, 100.0]) == pytest.approx(0.01)
    assert relative_error([1e-9], [2e-9]) == pytest.approx(0.5)
    assert relative_error([1.0], [-1.0]) == pytest.approx(2.0)
    assert np.isnan(relative_error([np.nan], [1.0]))
    with pytest.raises(ValueError, match=r"shapes \(1, 2\) and \(2,\)"):
        relative_error([[1.0, 2.0]], [1.0, 2.0])


# --- clipping


def same(ours, theirs, dtype):
    assert ours.dtype == dtype and ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-12 if dtype == np.float64 else 1e-6)


@arrays
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("limit", [0.05, 1.0, 100.0])
def test_clips_of_one_array_are_those_of_tensorflow(name, dtype, limit):
    array = ARRAYS[name].astype(dtype)
    same(clip_by_value(array, -limit, limit), tf.clip_by_value(array, dtype(-limit), dtype(limit)), dtype)
    same(clip_by_value(array, 0.0, limit), tf.clip_by_value(array, dtype(0), dtype(limit)), dtype)
    if name != "large" or dtype is np.float64:  # the square of 1e30 is infinite in float32
        same(clip_by_norm(array, limit), tf.clip_by_norm(array, dtype(limit)), dtype)
    if array.ndim == 2:
        for axes in (0, 1, (0, 1)):
            axis_list = list(np.atleast_1d(axes))
            same(clip_by_norm(array, limit, axes), tf.clip_by_norm(array, dtype(limit), axis_list), dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("limit", [0.01, 1.0, 12.0, 1000.0])
def test_one_factor_for_all_is_that_of_tensorflow(dtype, limit):
    several = [ARRAYS[name].astype(dtype) for name in ("a row", "a matrix", "a stack", "zeros", "one number")]
    ours, length = clip_by_global_norm(several, limit)
    theirs, their_length = tf.clip_by_global_norm(several, dtype(limit))
    assert float(length) == pytest.approx(float(their_length), rel=1e-6)
    assert float(global_norm(several)) == pytest.approx(float(tf.linalg.global_norm(several)), rel=1e-6)
    for mine, their in zip(ours, theirs, strict=True):
        assert mine.dtype == dtype and mine.shape == their.shape
        np.testing.assert_allclose(mine, their.numpy(), rtol=2e-6)
    assert global_norm(ours) == pytest.approx(min(float(length), limit), rel=1e-6)


def test_the_direction_stays_and_what_is_short_enough_too():
    several = [np.array([30.0, 0.0]), np.array([[40.0]])]
    clipped, length = clip_by_global_norm(several, 5.0)
    assert length == 50 and [c.tolist() for c in clipped] == [[3.0, 0.0], [[4.0]]]
    kept, _ = clip_by_global_norm(several, 50.0)
    assert [c.tolist() for c in kept] == [[30.0, 0.0], [[40.0]]]


def test_gradients_that_are_missing_zero_known_or_infinite_are_as_in_tensorflow():
    (first, missing), length = clip_by_global_norm([np.array([3.0, 4.0]), None], 1.0)
    assert missing is None and length == 5 and first == pytest.approx([0.6, 0.8])
    (zeros,), length = clip_by_global_norm([np.zeros(3)], 1.0)
    assert length == 0 and zeros.tolist() == [0, 0, 0]
    ours, _ = clip_by_global_norm((np.array([3.0, 4.0]),), 1.0, use_norm=10.0)
    theirs, _ = tf.clip_by_global_norm([tf.constant([3.0, 4.0])], 1.0, use_norm=tf.constant(10.0))
    np.testing.assert_allclose(ours[0], theirs[0].numpy(), rtol=1e-6)
    for bad in (np.inf, np.nan):
        ours, length = clip_by_global_norm([np.array([bad, 1.0]), np.array([2.0])], 1.0)
        theirs, _ = tf.clip_by_global_norm([tf.constant([bad, 1.0]), tf.constant([2.0])], 1.0)
        assert not np.isfinite(length)
        assert all(np.all(np.isnan(array)) for array in [*ours, *(their.numpy() for their in theirs)])


def test_what_cannot_be_clipped_is_said():
    with pytest.raises(TypeError, match="takes clip_by_norm"):
        clip_by_global_norm(np.ones(3), 1.0)
    for clip in (clip_by_norm, lambda t, c: clip_by_global_norm([t], c)):
        for bad in (0.0, -1.0, float("nan")):
            with pytest.raises(ValueError, match="clip_norm must be > 0"):
                clip(np.ones(2), bad)
