"""Losses against Keras, and their gradients against its tape and against finite differences."""

import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from course_lib import losses
from course_lib.activations import sigmoid, softmax

RNG = np.random.default_rng(0)
LABELS = np.array([2, 0, 1, 2])
LOGITS = RNG.normal(scale=3, size=(4, 3))
BITS = np.array([[0.0], [1.0], [1.0], [0.0]])
BINARY_LOGITS = RNG.normal(scale=3, size=(4, 1))
# name, y_true, logits, and what makes probabilities of the logits
CASES = {
    "categorical_crossentropy": (np.eye(3)[LABELS], LOGITS, softmax),
    "sparse_categorical_crossentropy": (LABELS, LOGITS, softmax),
    "binary_crossentropy": (BITS, BINARY_LOGITS, sigmoid),
}
cases = pytest.mark.parametrize("name, y_true, logits, activation", [(k, *v) for k, v in CASES.items()], ids=CASES)


def by_keras(name, y_true, y_pred, from_logits):
    y_pred = tf.constant(y_pred)
    with tf.GradientTape() as tape:
        tape.watch(y_pred)
        loss = tf.reduce_mean(getattr(keras.losses, name)(y_true, y_pred, from_logits=from_logits))
    return loss.numpy(), tape.gradient(loss, y_pred).numpy()


def test_the_numbers_of_the_course():
    predicted = [[0.05, 0.95, 0], [0.1, 0.8, 0.1]]
    assert losses.categorical_crossentropy([[0, 1, 0], [0, 0, 1]], predicted) == pytest.approx(1.1769392, abs=1e-6)
    assert losses.sparse_categorical_crossentropy([1, 2], predicted) == pytest.approx(1.1769392, abs=1e-6)
    assert losses.binary_crossentropy([[0], [1]], [[0.4], [0.6]]) == pytest.approx(0.5108254, abs=5e-7)


@cases
def test_from_logits_it_is_the_loss_and_gradient_of_keras(name, y_true, logits, activation):
    loss, gradient = getattr(losses, name), getattr(losses, f"{name}_gradient")
    for dtype, tolerance in ((np.float64, 1e-10), (np.float32, 1e-6)):
        expected, expected_gradient = by_keras(name, y_true, logits.astype(dtype), from_logits=True)
        ours = gradient(y_true, logits.astype(dtype), from_logits=True)
        assert loss(y_true, logits.astype(dtype), from_logits=True) == pytest.approx(expected, rel=tolerance)
        np.testing.assert_allclose(ours, expected_gradient, atol=tolerance)
        assert ours.dtype == dtype


@cases
def test_from_probabilities_it_is_the_loss_of_keras(name, y_true, logits, activation):
    loss = getattr(losses, name)
    expected, _ = by_keras(name, y_true, activation(logits), from_logits=False)
    assert loss(y_true, activation(logits)) == pytest.approx(expected, rel=1e-6)
    assert loss(y_true, activation(logits)) == pytest.approx(loss(y_true, logits, from_logits=True), rel=1e-6)


@cases
@pytest.mark.parametrize("from_logits", [False, True])
def test_gradient_is_the_slope(name, y_true, logits, activation, from_logits):
    loss, gradient = getattr(losses, name), getattr(losses, f"{name}_gradient")
    y_pred = logits if from_logits else activation(logits)
    slopes = np.empty_like(y_pred)
    for index in np.ndindex(y_pred.shape):
        nudge = np.zeros_like(y_pred)
        nudge[index] = 1e-6
        up, down = loss(y_true, y_pred + nudge, from_logits), loss(y_true, y_pred - nudge, from_logits)
        slopes[index] = (up - down) / 2e-6
    np.testing.assert_allclose(gradient(y_true, y_pred, from_logits), slopes, rtol=1e-5, atol=1e-8)


def test_binary_gradient_by_probabilities_is_that_of_keras_where_clipped_too():
    y_true = np.array([[0.0, 1.0, 1.0, 0.0, 1.0]])
    y_pred = np.array([[0.0, 0.0, 1.0, 1.0, 0.3]])
    expected, expected_gradient = by_keras("binary_crossentropy", y_true, y_pred, from_logits=False)
    assert losses.binary_crossentropy(y_true, y_pred) == pytest.approx(expected, rel=1e-6)
    np.testing.assert_allclose(losses.binary_crossentropy_gradient(y_true, y_pred), expected_gradient, rtol=1e-6)


def test_certain_and_wrong_costs_log_of_the_clip_and_teaches_nothing():
    y_true, y_pred = np.array([[0.0, 1.0, 0.0]]), np.array([[0.5, 0.0, 0.5]])
    assert losses.categorical_crossentropy(y_true, y_pred) == pytest.approx(-np.log(1e-7))
    assert by_keras("categorical_crossentropy", y_true, y_pred, False)[0] == pytest.approx(-np.log(1e-7))
    np.testing.assert_array_equal(losses.categorical_crossentropy_gradient(y_true, y_pred), np.zeros((1, 3)))
    # From logits the same mistake costs what it should, and is unlearned.
    logits = np.array([[1000.0, -1000.0, 1000.0]])
    assert losses.categorical_crossentropy(y_true, logits, from_logits=True) == pytest.approx(2000 + np.log(2))
    gradient = losses.categorical_crossentropy_gradient(y_true, logits, from_logits=True)
    np.testing.assert_allclose(gradient, [[0.5, -1, 0.5]])


@cases
def test_extreme_predictions_give_finite_numbers_and_no_warning(name, y_true, logits, activation):
    loss, gradient = getattr(losses, name), getattr(losses, f"{name}_gradient")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for dtype in (np.float32, np.float64):
            extreme = (np.sign(logits) * 1e4).astype(dtype)
            for y_pred, from_logits in ((extreme, True), (activation(extreme), False)):
                assert np.isfinite(loss(y_true, y_pred, from_logits))
                assert np.all(np.isfinite(gradient(y_true, y_pred, from_logits)))


@given(logits=arrays(np.float64, (3, 4), elements=st.floats(-30, 30)), shift=st.floats(-100, 100))
def test_cross_entropy_is_positive_ignores_a_shift_and_its_gradient_sums_to_zero(logits, shift):
    labels = np.array([0, 3, 1])
    loss = losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    assert loss >= 0
    assert losses.sparse_categorical_crossentropy(labels, logits + shift, True) == pytest.approx(loss, abs=1e-9)
    gradient = losses.sparse_categorical_crossentropy_gradient(labels, logits, from_logits=True)
    np.testing.assert_allclose(gradient.sum(axis=-1), 0, atol=1e-12)


def test_two_classes_are_a_softmax_over_two_logits():
    pair = np.concatenate([np.zeros_like(BINARY_LOGITS), BINARY_LOGITS], axis=1)
    binary = losses.binary_crossentropy(BITS, BINARY_LOGITS, from_logits=True)
    labels = BITS.astype(int)
    assert binary == pytest.approx(losses.sparse_categorical_crossentropy(labels, pair, from_logits=True))


def test_labels_may_stand_in_a_column_or_a_row():
    assert losses.sparse_categorical_crossentropy(LABELS[:, None], softmax(LOGITS)) == pytest.approx(
        losses.sparse_categorical_crossentropy(LABELS, softmax(LOGITS))
    )
    # Without care (4,) against (4, 1) would broadcast to (4, 4) and be silently wrong.
    assert losses.binary_crossentropy(BITS[:, 0], sigmoid(BINARY_LOGITS)) == pytest.approx(
        losses.binary_crossentropy(BITS, sigmoid(BINARY_LOGITS))
    )
    assert losses.binary_crossentropy_gradient(BITS[:, 0], sigmoid(BINARY_LOGITS)).shape == (4, 1)


def test_double_labels_do_not_promote_float32():
    gradient = losses.categorical_crossentropy_gradient(np.eye(3)[LABELS], LOGITS.astype(np.float32), from_logits=True)
    assert gradient.dtype == np.float32


def test_one_hot():
    np.testing.assert_array_equal(losses.one_hot([2, 0], 3), np.float32([[0, 0, 1], [1, 0, 0]]))
    assert losses.one_hot(np.zeros((2, 3), np.uint8), 5, np.float64).shape == (2, 3, 5)
    assert losses.one_hot([1], 2).dtype == np.float32


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: losses.categorical_crossentropy(LABELS, LOGITS), "sparse_categorical_crossentropy"),
        (lambda: losses.sparse_categorical_crossentropy(np.eye(3)[LABELS], LOGITS), "labels shaped"),
        (lambda: losses.sparse_categorical_crossentropy([0, 1, 2, 3], LOGITS), r"from 0 to 3, outside \[0, 3\)"),
        (lambda: losses.sparse_categorical_crossentropy([0, 1, 2, -1], LOGITS), "from -1"),
        (lambda: losses.one_hot([0.0, 1.0], 2), "integers, not float64"),
        (lambda: losses.binary_crossentropy(BITS.T, BINARY_LOGITS), "differ in shape"),
        (lambda: losses.get("mse loss"), r"unknown loss 'mse loss'.*binary_crossentropy"),
    ],
)
def test_refusals_say_what_to_do(call, message):
    with pytest.raises(ValueError, match=message):
        call()
