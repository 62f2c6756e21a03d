"""L1, L2 and both against Keras and their own slopes."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from course_lib.gradients import numerical_gradient
from course_lib.layers import Dense
from course_lib.network import Sequential
from course_lib.optimizers import SGD
from course_lib.regularizers import L1, L1L2, L2

PAIRS = [
    (kind.__name__, kind(*prices), getattr(keras.regularizers, kind.__name__)(*prices))
    for kind, prices in (
        *((kind, (price,)) for kind in (L1, L2) for price in (0.0, 0.001, 0.01, 2.0)),
        *((L1L2, prices) for prices in ((0.01, 0.0), (0.0, 0.3), (0.01, 0.3), (2.0, 0.001))),
    )
]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name, ours, theirs", PAIRS)
def test_penalty_and_gradient_are_those_of_keras(name, ours, theirs, dtype):
    weights = np.random.default_rng(0).normal(size=(5, 4)).astype(dtype)
    weights[1, 2] = 0  # where |w| has no slope
    variable = tf.Variable(weights)
    with tf.GradientTape() as tape:
        penalty = theirs(variable)
    expected = tape.gradient(penalty, variable)
    assert ours(weights) == pytest.approx(float(penalty), rel=1e-6)
    np.testing.assert_allclose(ours.gradient(weights), expected.numpy(), rtol=1e-6)
    assert ours.gradient(weights).dtype == dtype


@pytest.mark.parametrize("name, ours, theirs", PAIRS)
def test_the_gradient_is_the_slope_of_the_penalty(name, ours, theirs):
    weights = np.random.default_rng(1).normal(size=(3, 2))
    np.testing.assert_allclose(ours.gradient(weights), numerical_gradient(ours, weights), rtol=1e-7, atol=1e-9)


def test_there_is_no_half_in_it():
    assert L2(0.5)([1.0, 3.0]) == 5.0
    np.testing.assert_array_equal(L2(0.5).gradient([1.0, 3.0]), [1.0, 3.0])
    assert L1L2(0.5, 2.0)([1.0, -3.0]) == 22.0
    np.testing.assert_array_equal(L1L2(0.5, 2.0).gradient([1.0, -3.0]), [4.5, -12.5])


def test_defaults_are_those_of_keras():
    assert L1().l1 == pytest.approx(float(keras.regularizers.L1().l1))
    assert L2().l2 == keras.regularizers.L2().l2
    assert [L1L2().l1, L1L2().l2, L1().l2, L2().l1] == [0, 0, 0, 0]
    assert L1L2()([1.0, 2.0]) == 0 and np.all(L1L2().gradient([1.0, 2.0]) == 0)


@pytest.mark.parametrize("price", [-0.1, np.nan, np.inf])
def test_refuses_what_is_no_price(price):
    for kind, name in ((L1, "l1"), (L2, "l2"), (L1L2, "l1")):
        with pytest.raises(ValueError, match=f"{name} must be a finite number"):
            kind(price)
    with pytest.raises(ValueError, match="l2 must be a finite number"):
        L1L2(0.1, price)


def test_a_fit_with_l1_follows_keras():
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(40, 3)).astype(np.float32), rng.normal(size=(40, 1)).astype(np.float32)
    ours = Sequential([Dense(1, kernel_regularizer=L1L2(0.02, 0.01))])
    theirs = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(1, kernel_regularizer=keras.regularizers.L1L2(0.02, 0.01))]
    )
    ours.build(x.shape)
    ours.set_weights(theirs.get_weights())
    ours.compile(SGD(0.1), "mean_squared_error")
    theirs.compile(keras.optimizers.SGD(0.1), "mean_squared_error")
    for _ in range(5):
        logs = theirs.train_on_batch(x, y, return_dict=True)
        assert ours.train_on_batch(x, y)["loss"] == pytest.approx(logs["loss"], rel=1e-5)
        theirs.reset_metrics()
    for weight, reference in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(weight, reference, rtol=1e-5, atol=1e-6)
