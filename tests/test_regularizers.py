"""L2 against Keras and its own slope."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from course_lib.regularizers import L2


@pytest.mark.parametrize("l2", [0.0, 0.001, 0.01, 2.0])
def test_penalty_and_gradient_are_those_of_keras(l2):
    weights = np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32)
    variable = tf.Variable(weights)
    with tf.GradientTape() as tape:
        penalty = keras.regularizers.L2(l2)(variable)
    assert L2(l2)(weights) == pytest.approx(float(penalty), rel=1e-6)
    np.testing.assert_allclose(L2(l2).gradient(weights), tape.gradient(penalty, variable).numpy(), rtol=1e-6)
    assert L2(l2).gradient(weights).dtype == np.float32


def test_there_is_no_half_in_it():
    assert L2(0.5)([1.0, 3.0]) == 5.0
    np.testing.assert_array_equal(L2(0.5).gradient([1.0, 3.0]), [1.0, 3.0])
    assert L2().l2 == keras.regularizers.L2().l2


@pytest.mark.parametrize("l2", [-0.1, np.nan, np.inf])
def test_refuses_what_is_no_price(l2):
    with pytest.raises(ValueError, match="l2"):
        L2(l2)
