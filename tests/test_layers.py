"""Layers against Keras, and their gradients against its tape and against finite differences."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from course_lib import initializers
from course_lib.layers import Activation, BatchNormalization, Dense, Dropout, Layer, LayerNormalization
from course_lib.regularizers import L2

RNG = np.random.default_rng(0)
INPUTS = RNG.normal(1, 2, size=(6, 4))

# Ours in float64, Keras's twin, the shape of the outputs, and whether in training.
PAIRS = {
    "dense": (lambda **k: Dense(3, **k), lambda **k: keras.layers.Dense(3, **k), 3, True),
    "dense with an activation": (
        lambda **k: Dense(3, activation="tanh", **k),
        lambda **k: keras.layers.Dense(3, activation="tanh", **k),
        3,
        True,
    ),
    "dense with softmax": (
        lambda **k: Dense(3, activation="softmax", **k),
        lambda **k: keras.layers.Dense(3, activation="softmax", **k),
        3,
        True,
    ),
    "activation": (lambda **k: Activation("elu", **k), lambda **k: keras.layers.Activation("elu", **k), 4, True),
    "dropout in use": (lambda **k: Dropout(0.4, **k), lambda **k: keras.layers.Dropout(0.4, **k), 4, False),
    "dropout of nothing": (lambda **k: Dropout(0.0, **k), lambda **k: keras.layers.Dropout(0.0, **k), 4, True),
    "batch norm in training": (
        lambda **k: BatchNormalization(**k),
        lambda **k: keras.layers.BatchNormalization(**k),
        4,
        True,
    ),
    "batch norm in use": (
        lambda **k: BatchNormalization(**k),
        lambda **k: keras.layers.BatchNormalization(**k),
        4,
        False,
    ),
    "layer norm in training": (
        lambda **k: LayerNormalization(**k),
        lambda **k: keras.layers.LayerNormalization(**k),
        4,
        True,
    ),
    "layer norm in use": (
        lambda **k: LayerNormalization(epsilon=0.5, **k),
        lambda **k: keras.layers.LayerNormalization(epsilon=0.5, **k),
        4,
        False,
    ),
}
pairs = pytest.mark.parametrize("make, make_keras, units, training", PAIRS.values(), ids=PAIRS)


def with_random_weights(layer):
    """The layer, built, with weights that are neither 0 nor 1 and, being a variance among them, positive."""
    layer.build(INPUTS.shape[1], seed=1)
    rng = np.random.default_rng(2)
    for weight in layer.weights:
        weight[...] = rng.uniform(0.5, 1.5, size=weight.shape)
    return layer


@pairs
def test_outputs_gradients_and_statistics_are_those_of_keras(make, make_keras, units, training):
    ours, theirs = with_random_weights(make(dtype="float64")), make_keras(dtype="float64")
    theirs.build(INPUTS.shape)
    if ours.weights:
        theirs.set_weights(ours.weights)
    # Several batches, so that the moving statistics have moved more than once; the last one is a single example.
    for inputs in (INPUTS, 3 * INPUTS - 1, INPUTS[:2], INPUTS[:1]):
        upstream = RNG.normal(size=(len(inputs), units))
        x = tf.constant(inputs)
        with tf.GradientTape() as tape:
            tape.watch(x)
            outputs = theirs(x, training=training)
        expected = tape.gradient(outputs, [x, *theirs.trainable_variables], output_gradients=tf.constant(upstream))

        np.testing.assert_allclose(ours.forward(inputs, training=training), outputs.numpy(), rtol=1e-7)
        for gradient, reference in zip([ours.backward(upstream), *ours.gradients], expected, strict=True):
            np.testing.assert_allclose(gradient, reference.numpy(), rtol=1e-6, atol=1e-9)
        for weight, reference in zip(ours.weights, theirs.get_weights(), strict=True):
            np.testing.assert_allclose(weight, reference, rtol=1e-7)


@pairs
def test_gradients_are_the_slopes(make, make_keras, units, training):
    layer = with_random_weights(make(dtype="float64"))
    inputs, upstream = INPUTS.copy(), RNG.normal(size=(len(INPUTS), units))
    layer.forward(inputs, training)
    moving = [weight.copy() for weight in layer.non_trainable_weights]

    def loss():
        for weight, kept in zip(layer.non_trainable_weights, moving, strict=True):
            weight[...] = kept
        return np.sum(upstream * layer.forward(inputs, training))

    loss()
    gradients = [layer.backward(upstream), *layer.gradients]
    for array, gradient in zip([inputs, *layer.trainable_weights], gradients, strict=True):
        assert gradient.shape == array.shape
        for index in np.ndindex(array.shape):
            value = array[index]
            array[index] = value + 1e-6
            up = loss()
            array[index] = value - 1e-6
            slope = (up - loss()) / 2e-6
            array[index] = value
            assert gradient[index] == pytest.approx(slope, rel=1e-5, abs=1e-7)


@pairs
def test_float32_by_default_and_whatever_comes_is_converted(make, make_keras, units, training):
    layer = make()
    for inputs in (INPUTS, INPUTS.astype(np.uint8), [[1, 2, 3, 4], [5, 6, 7, 9]]):
        assert layer.forward(inputs, training).dtype == np.float32
        assert layer.backward(np.ones((len(inputs), units))).dtype == np.float32
    assert all(array.dtype == np.float32 for array in layer.weights + layer.gradients)


@pairs
def test_wrong_shapes_and_dtypes_are_refused(make, make_keras, units, training):
    layer = make()
    with pytest.raises(ValueError, match=r"last returned the shape None"):
        layer.backward(np.ones((6, units)))
    layer.forward(INPUTS)
    with pytest.raises(ValueError, match=rf"last returned the shape \(6, {units}\), not \(6, 1\)"):
        layer.backward(np.ones((6, 1)))
    with pytest.raises(ValueError, match="built for 4 features, not 5"):
        layer.forward(np.ones((6, 5)))
    with pytest.raises(ValueError, match=r"a batch \(n, features\).*, not the shape \(6, 2, 2\)"):
        layer.forward(np.ones((6, 2, 2)))
    for no_numbers in (np.array([["a", "b", "c", "d"]]), INPUTS.astype(complex), INPUTS.astype(object)):
        with pytest.raises(ValueError, match="takes numbers"):
            layer.forward(no_numbers)


@pairs
def test_inputs_and_upstream_are_not_changed(make, make_keras, units, training):
    inputs, upstream = INPUTS.copy(), np.ones((6, units))
    layer = make(dtype="float64")
    layer.forward(inputs, training)
    layer.backward(upstream)
    np.testing.assert_array_equal(inputs, INPUTS)
    np.testing.assert_array_equal(upstream, 1)


# Dense


def test_dense_starts_as_keras_does():
    layer = Dense(512)
    layer.build(784, seed=3)
    np.testing.assert_array_equal(layer.kernel, initializers.glorot_uniform((784, 512), 3))
    np.testing.assert_array_equal(layer.bias, np.zeros(512))
    assert layer.count_params() == 401_920
    assert (layer.input_dim, layer.output_dim) == (784, 512)


def test_dense_takes_any_initializer():
    layer = Dense(2, kernel_initializer=initializers.zeros)
    np.testing.assert_array_equal(layer.forward(INPUTS), np.zeros((6, 2)))


def test_regularizer_adds_its_penalty_and_gradient():
    plain, decayed = Dense(3), Dense(3, kernel_regularizer=L2(0.1))
    for layer in (plain, decayed):
        layer.build(4, seed=4)
        layer.forward(INPUTS)
        layer.backward(np.ones((6, 3)))
    assert plain.penalty == 0
    assert decayed.penalty == pytest.approx(0.1 * np.sum(plain.kernel**2))
    expected = plain.gradients[0] + 0.2 * plain.kernel
    np.testing.assert_allclose(decayed.gradients[0], expected, rtol=1e-6)
    np.testing.assert_array_equal(decayed.gradients[1], plain.gradients[1])


@pytest.mark.parametrize("layer", [Dense(3, activation="softmax"), Activation("softmax")])
def test_backward_from_logits_skips_the_activation(layer):
    layer.forward(INPUTS)
    upstream = np.ones(layer.logits.shape)
    linear = Dense(3) if isinstance(layer, Dense) else Activation("linear")
    linear.build(4)
    for weight, value in zip(linear.weights, layer.weights, strict=True):
        weight[...] = value
    linear.forward(INPUTS)
    np.testing.assert_array_equal(layer.backward_from_logits(upstream), linear.backward(upstream))
    with pytest.raises(ValueError, match="last returned"):
        layer.backward_from_logits(np.ones((1, 1)))


def test_the_first_layer_may_save_its_input_gradient():
    layer = Dense(3)
    layer.needs_input_gradient = False
    layer.forward(INPUTS)
    assert layer.backward(np.ones((6, 3))) is None
    assert layer.gradients[0].shape == (4, 3)


@pytest.mark.parametrize("units", [0, -1, 2.5])
def test_dense_needs_units(units):
    with pytest.raises(ValueError, match="units"):
        Dense(units)


def test_unknown_activations_are_refused():
    for make in (lambda: Dense(3, activation="relo"), lambda: Activation("relo")):
        with pytest.raises(ValueError, match="unknown activation"):
            make()


# Dropout


def test_dropout_scales_the_survivors_of_a_fifth_by_1_25():
    outputs = Dropout(0.2, seed=0).forward(np.ones((200, 100)), training=True)
    assert set(np.unique(outputs)) == {0.0, 1.25}


@pytest.mark.parametrize("rate", [0.2, 0.5, 0.9])
def test_dropout_drops_its_rate_and_keeps_the_mean(rate):
    size = (1000, 1000)
    outputs = Dropout(rate, seed=1).forward(np.ones(size, np.float32), training=True)
    deviation = np.sqrt(rate * (1 - rate) / outputs.size)
    assert abs(np.mean(outputs == 0) - rate) < 5 * deviation
    assert abs(outputs.mean(dtype=float) - 1) < 5 * deviation / (1 - rate)
    # Neighbors along either axis fall independently of each other.
    dropped = (outputs == 0).astype(float) - rate
    for neighbors in (dropped[1:] * dropped[:-1], dropped[:, 1:] * dropped[:, :-1]):
        assert abs(neighbors.mean()) < 5 * rate * (1 - rate) / np.sqrt(neighbors.size)


def test_dropout_goes_back_through_the_mask_of_its_way_forth():
    layer = Dropout(0.5, seed=2)
    outputs = layer.forward(np.ones((8, 8)), training=True)
    np.testing.assert_array_equal(layer.backward(np.ones((8, 8))), outputs)


def test_dropout_draws_a_new_mask_each_time_and_the_same_from_a_seed():
    layer, twin = Dropout(0.5, seed=3), Dropout(0.5, seed=3)
    first, second = (layer.forward(np.ones((8, 8)), training=True) for _ in range(2))
    assert np.any(first != second)
    np.testing.assert_array_equal(twin.forward(np.ones((8, 8)), training=True), first)


@pytest.mark.parametrize("rate", [-0.1, 1.0, 20, float("nan")])
def test_dropout_refuses_what_is_no_rate(rate):
    with pytest.raises(ValueError, match="rate"):
        Dropout(rate)


# Batch normalization


def test_batch_norm_starts_as_keras_does():
    layer, theirs = BatchNormalization(), keras.layers.BatchNormalization()
    assert (layer.momentum, layer.epsilon) == (theirs.momentum, theirs.epsilon)
    layer.build(4)
    theirs.build((None, 4))
    for weight, reference in zip(layer.weights, theirs.get_weights(), strict=True):
        np.testing.assert_array_equal(weight, reference)
    assert layer.count_params() == 16
    assert [len(layer.trainable_weights), len(layer.non_trainable_weights)] == [2, 2]


def test_batch_norm_gives_mean_beta_and_deviation_gamma():
    layer = BatchNormalization(epsilon=1e-12, dtype="float64")
    layer.build(4)
    layer.gamma[...], layer.beta[...] = 3, 7
    outputs = layer.forward(INPUTS, training=True)
    np.testing.assert_allclose(outputs.mean(axis=0), 7)
    np.testing.assert_allclose(outputs.std(axis=0), 3)


def test_batch_norm_in_use_leaves_its_statistics_and_neighbors_alone():
    layer = BatchNormalization()
    layer.forward(INPUTS, training=True)
    kept = [weight.copy() for weight in layer.non_trainable_weights]
    together = layer.forward(INPUTS)
    np.testing.assert_allclose(layer.forward(INPUTS[:1]), together[:1], rtol=1e-6)
    for weight, value in zip(layer.non_trainable_weights, kept, strict=True):
        np.testing.assert_array_equal(weight, value)


def test_moving_statistics_reach_those_of_the_data_and_the_momentum_is_the_share_of_the_old():
    layer = BatchNormalization(momentum=0.9, dtype="float64")
    layer.forward(INPUTS, training=True)
    np.testing.assert_allclose(layer.moving_mean, 0.1 * INPUTS.mean(axis=0))
    np.testing.assert_allclose(layer.moving_variance, 0.9 + 0.1 * INPUTS.var(axis=0))
    for _ in range(300):
        layer.forward(INPUTS, training=True)
    np.testing.assert_allclose(layer.moving_variance, INPUTS.var(axis=0))


def test_a_constant_feature_and_a_batch_of_one_stay_finite():
    layer = BatchNormalization()
    for inputs in (np.ones((5, 4)), np.ones((1, 4))):
        np.testing.assert_array_equal(layer.forward(inputs, training=True), np.zeros_like(inputs))
        assert np.all(np.isfinite(layer.backward(np.ones_like(inputs))))


def test_batch_norm_does_not_train_on_nothing_and_keeps_its_statistics():
    layer = BatchNormalization()
    layer.build(4)
    with pytest.raises(ValueError, match="without examples: it has no mean"):
        layer.forward(INPUTS[:0], training=True)
    np.testing.assert_array_equal(layer.moving_mean, np.zeros(4))
    assert layer.forward(INPUTS[:0]).shape == (0, 4)


@pytest.mark.parametrize("argument, value", [("momentum", 1.5), ("momentum", -0.1), ("epsilon", 0), ("epsilon", -1)])
def test_batch_norm_refuses_arguments_out_of_range(argument, value):
    with pytest.raises(ValueError, match=argument):
        BatchNormalization(**{argument: value})


# Layer normalization


def test_layer_norm_starts_as_keras_does():
    layer, theirs = LayerNormalization(), keras.layers.LayerNormalization()
    assert layer.epsilon == theirs.epsilon
    layer.build(4)
    theirs.build((None, 4))
    for weight, reference in zip(layer.weights, theirs.get_weights(), strict=True):
        np.testing.assert_array_equal(weight, reference)
    assert layer.count_params() == 8 and layer.non_trainable_weights == []


def test_layer_norm_gives_each_example_mean_0_and_deviation_1_whatever_its_neighbors():
    layer = LayerNormalization(epsilon=1e-12, dtype="float64")
    outputs = layer.forward(INPUTS, training=True)
    np.testing.assert_allclose(outputs.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(outputs.std(axis=1), 1)
    changed = INPUTS.copy()
    changed[0] *= 100
    np.testing.assert_array_equal(layer.forward(changed, training=True)[1:], outputs[1:])
    np.testing.assert_array_equal(layer.forward(INPUTS[:1], training=True), outputs[:1])


def test_layer_norm_of_equal_features_or_a_single_one_stays_finite():
    for inputs in (np.full((3, 4), 7.0), np.full((3, 1), 7.0)):
        layer = LayerNormalization()
        np.testing.assert_array_equal(layer.forward(inputs, training=True), np.zeros_like(inputs))
        assert np.all(np.isfinite(layer.backward(np.ones_like(inputs))))


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf")])
def test_layer_norm_refuses_what_is_no_epsilon(value):
    with pytest.raises(ValueError, match="epsilon"):
        LayerNormalization(epsilon=value)


def test_the_base_class_computes_nothing():
    with pytest.raises(NotImplementedError):
        Layer().forward(INPUTS)
