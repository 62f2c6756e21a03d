"""Activations against Keras, their derivatives against its gradient tape and against finite differences."""

import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from course_lib import activations

ELEMENTWISE = {
    "linear": (activations.linear, activations.linear_derivative, keras.activations.linear),
    "sigmoid": (activations.sigmoid, activations.sigmoid_derivative, keras.activations.sigmoid),
    "tanh": (activations.tanh, activations.tanh_derivative, keras.activations.tanh),
    "relu": (activations.relu, activations.relu_derivative, keras.activations.relu),
    "leaky_relu": (activations.leaky_relu, activations.leaky_relu_derivative, keras.activations.leaky_relu),
    "elu": (activations.elu, activations.elu_derivative, keras.activations.elu),
    "swish": (activations.swish, activations.swish_derivative, keras.activations.silu),
    "gelu": (activations.gelu, activations.gelu_derivative, lambda x: keras.activations.gelu(x, approximate=False)),
    "leaky_relu, slope 0.01": (
        lambda x: activations.leaky_relu(x, negative_slope=0.01),
        lambda x: activations.leaky_relu_derivative(x, negative_slope=0.01),
        lambda x: keras.activations.leaky_relu(x, negative_slope=0.01),
    ),
    "elu, alpha 1.7": (
        lambda x: activations.elu(x, alpha=1.7),
        lambda x: activations.elu_derivative(x, alpha=1.7),
        lambda x: keras.activations.elu(x, alpha=1.7),
    ),
    "prelu": (
        lambda x: activations.prelu(x, 0.25),
        lambda x: activations.prelu_derivative(x, 0.25),
        lambda x: keras.activations.leaky_relu(x, negative_slope=0.25),
    ),
}
elementwise = pytest.mark.parametrize("function, derivative, of_keras", ELEMENTWISE.values(), ids=ELEMENTWISE)
POINTS = np.concatenate([np.linspace(-8, 8, 161), [0.0, -0.0, 1e-8, -1e-8, 40, -40, 1000, -1000]])
# Away from the kink at 0, where no finite difference is a derivative.
smooth_points = st.floats(-20, 20).filter(lambda x: abs(x) > 1e-3)


def gradient_by_keras(function, x, upstream=None):
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return tape.gradient(y, x, output_gradients=upstream).numpy()


# TensorFlow keeps the slope of a leaky ReLU as a float32, even for float64 inputs.
@pytest.mark.parametrize("dtype, tolerance", [(np.float32, 1e-6), (np.float64, 3e-8)])
@elementwise
def test_function_and_derivative_are_those_of_keras(function, derivative, of_keras, dtype, tolerance):
    x = POINTS.astype(dtype)
    np.testing.assert_allclose(function(x), of_keras(tf.constant(x)).numpy(), rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(derivative(x), gradient_by_keras(of_keras, x), rtol=tolerance, atol=tolerance)


@elementwise
@given(x=smooth_points)
def test_derivative_is_the_slope(function, derivative, of_keras, x):
    slope = (function(x + 1e-6) - function(x - 1e-6)) / 2e-6
    assert derivative(x) == pytest.approx(slope, abs=1e-7)


@elementwise
def test_extreme_inputs_give_finite_numbers_and_no_warning(function, derivative, of_keras):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for dtype in (np.float32, np.float64):
            x = np.array([-1e30, -1000, 0, 1000, 1e30], dtype)
            assert np.all(np.isfinite(function(x))) and np.all(np.isfinite(derivative(x)))


@elementwise
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_floats_keep_their_dtype_and_shape(function, derivative, of_keras, dtype):
    x = np.linspace(-2, 2, 6, dtype=dtype).reshape(2, 3)
    for values in (function(x), derivative(x)):
        assert values.dtype == dtype and values.shape == x.shape


@elementwise
def test_lists_and_integers_are_numbers_too(function, derivative, of_keras):
    for values in (function, derivative):
        expected = values(np.array([-200.0, 0.0, 200.0]))
        np.testing.assert_array_equal(values([-200, 0, 200]), expected)
        np.testing.assert_array_equal(values(np.array([200], np.uint8)), expected[2:])
        assert values(3).shape == () and values(3).dtype == np.float64


@elementwise
def test_arguments_are_not_changed(function, derivative, of_keras):
    x = POINTS.copy()
    function(x), derivative(x)
    np.testing.assert_array_equal(x, POINTS)


@given(x=st.floats(-30, 30), step=st.floats(1e-3, 10))
def test_monotone_functions_rise(x, step):
    for function in (activations.sigmoid, activations.tanh, activations.relu, activations.leaky_relu, activations.elu):
        assert function(x + step) >= function(x)
    assert activations.leaky_relu(x + step) > activations.leaky_relu(x)


@given(x=st.floats(-700, 700))
def test_sigmoid_is_symmetric_and_keeps_tiny_probabilities(x):
    assert activations.sigmoid(x) + activations.sigmoid(-x) == pytest.approx(1)
    assert activations.sigmoid(-abs(x)) == pytest.approx(np.exp(-abs(x)) / (1 + np.exp(-abs(x))), rel=1e-12)
    assert activations.tanh(x) == pytest.approx(2 * activations.sigmoid(2 * x) - 1)


def test_slopes_at_zero_are_the_documented_ones():
    assert activations.relu_derivative(0.0) == 0
    assert activations.leaky_relu_derivative(0.0) == 0.2
    assert activations.prelu_derivative(0.0, 0.3) == 0.3
    assert activations.elu_derivative(0.0, alpha=1.5) == 1.5


def test_five_sigmoids_shrink_a_gradient_below_a_thousandth():
    assert activations.sigmoid_derivative(0.0) == 0.25
    assert activations.sigmoid_derivative(POINTS).max() == 0.25
    assert 0.25**5 < 1e-3


def test_numbers_in_the_docstrings():
    x = np.linspace(-5, 5, 1_000_001)
    assert activations.swish(x).min() == pytest.approx(-0.2785, abs=5e-5)
    assert x[activations.swish_derivative(x) < 0].max() == pytest.approx(-1.278, abs=1e-3)
    assert x[activations.swish_derivative(x) > 1].min() == pytest.approx(1.278, abs=1e-3)


def test_prelu_learns_one_slope_for_each_unit_as_in_keras():
    rng = np.random.default_rng(0)
    x, upstream = rng.normal(size=(2, 5, 3)).astype(np.float32)
    alpha = np.array([0.0, 0.25, -1.5], np.float32)
    layer = keras.layers.PReLU()
    layer.build(x.shape)
    layer.set_weights([alpha])
    watched = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(watched)
        y = layer(watched)
    by_x, by_alpha = tape.gradient(y, [watched, layer.trainable_weights[0].value], output_gradients=upstream)

    np.testing.assert_allclose(activations.prelu(x, alpha), y.numpy(), rtol=1e-6)
    np.testing.assert_allclose(upstream * activations.prelu_derivative(x, alpha), by_x.numpy(), rtol=1e-6)
    ours = np.sum(upstream * activations.prelu_alpha_derivative(x), axis=0)
    np.testing.assert_allclose(ours, by_alpha.numpy(), rtol=1e-5)


def test_parameters_do_not_promote_float32():
    x = np.linspace(-1, 1, 5, dtype=np.float32)
    slope = np.float64(0.1)
    assert activations.prelu(x, np.full(5, 0.1)).dtype == np.float32
    assert activations.leaky_relu(x, slope).dtype == activations.leaky_relu_derivative(x, slope).dtype == np.float32
    assert activations.elu(x, slope).dtype == activations.elu_derivative(x, slope).dtype == np.float32


# Softmax


def test_softmax_of_the_course():
    probabilities = activations.softmax([0.2, 0.02, 0.15, 1.3, 0.5, 0.06, 1.1, 0.05, 3.75])
    # Published with eight digits, as computed in float32.
    assert probabilities[-1] == pytest.approx(0.75445753, abs=1e-7)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_softmax_and_its_gradient_are_those_of_keras(axis):
    rng = np.random.default_rng(1)
    logits, upstream = rng.normal(scale=3, size=(2, 4, 3, 5))

    def of_keras(z):
        return keras.activations.softmax(z, axis=axis)

    np.testing.assert_allclose(activations.softmax(logits, axis), of_keras(tf.constant(logits)).numpy(), rtol=1e-12)
    expected = gradient_by_keras(of_keras, logits, upstream)
    np.testing.assert_allclose(activations.softmax_gradient(logits, upstream, axis), expected, atol=1e-12)


def test_softmax_jacobian_is_that_of_the_tape():
    logits = np.random.default_rng(2).normal(size=(3, 4))
    x = tf.constant(logits)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = keras.activations.softmax(x)
    np.testing.assert_allclose(activations.softmax_jacobian(logits), tape.batch_jacobian(y, x).numpy(), atol=1e-12)
    assert activations.softmax_jacobian(logits.astype(np.float32)).dtype == np.float32
    np.testing.assert_allclose(activations.softmax_jacobian(logits).sum(axis=-1), 0, atol=1e-15)


float_arrays = arrays(np.float64, array_shapes(max_dims=3, max_side=5), elements=st.floats(-50, 50))


@given(logits=float_arrays, shift=st.floats(-1000, 1000))
def test_softmax_sums_to_one_and_ignores_a_shift(logits, shift):
    for axis in range(-1, logits.ndim):
        probabilities = activations.softmax(logits, axis=axis)
        assert np.all(probabilities >= 0)
        np.testing.assert_allclose(probabilities.sum(axis=axis), 1)
        np.testing.assert_allclose(activations.softmax(logits + shift, axis=axis), probabilities, rtol=1e-9)


@given(logits=arrays(np.float64, 4, elements=st.floats(-20, 20)), index=st.integers(0, 3))
def test_softmax_gives_a_higher_logit_a_higher_probability(logits, index):
    before, after = (activations.softmax(each)[index] for each in (logits, logits + np.eye(4)[index]))
    # Logits 37 apart already give a probability that rounds to 1, and nothing is higher.
    assert after > before or before > 1 - 1e-15


def test_softmax_of_huge_logits_is_certain_and_silent():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_array_equal(activations.softmax(np.float32([1000, 0, -1000])), np.float32([1, 0, 0]))
        np.testing.assert_array_equal(activations.softmax([-1e30, -np.inf, -1e30]), [0.5, 0, 0.5])
        # Each row by its own maximum: by that of the whole batch the second row would be 0 / 0.
        np.testing.assert_array_equal(activations.softmax([[1e4, 0], [-1e4, -1e4]]), [[1, 0], [0.5, 0.5]])


def test_softmax_keeps_float32_and_takes_integers():
    assert activations.softmax(np.zeros((2, 3), np.float32)).dtype == np.float32
    # Unsigned integers would wrap around when the maximum is subtracted.
    expected = activations.softmax([1.0, 2.0])
    np.testing.assert_array_equal(activations.softmax(np.array([1, 2], np.uint8)), expected)


@pytest.mark.parametrize("logits, axis", [(np.zeros((2, 0)), -1), (np.zeros(3), 1)])
def test_softmax_refuses_a_missing_or_empty_axis(logits, axis):
    with pytest.raises(ValueError):
        activations.softmax(logits, axis=axis)


# Looking up by name


@pytest.mark.parametrize(
    "name", ["elu", "gelu", "leaky_relu", "linear", "relu", "sigmoid", "silu", "softmax", "swish", "tanh"]
)
def test_get_finds_what_keras_finds(name):
    rng = np.random.default_rng(3)
    x, upstream = rng.normal(size=(2, 4, 3))
    function, gradient = activations.get(name)
    of_keras = keras.activations.get(name)
    near = 3e-8 if name == "gelu" else 0  # Keras keeps a factor of GELU, the root of ½, as a float32
    np.testing.assert_allclose(function(x), of_keras(tf.constant(x)).numpy(), rtol=3e-8, atol=near)
    wanted = gradient_by_keras(of_keras, x, upstream)
    np.testing.assert_allclose(gradient(x, upstream), wanted, rtol=3e-8, atol=max(near, 1e-12))


def test_get_names_the_choices():
    with pytest.raises(ValueError, match=r"unknown activation 'rleu'.*relu"):
        activations.get("rleu")
