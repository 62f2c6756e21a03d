"""What a training step does to each layer: by hand, by finite differences, against Keras; and it disturbs nothing."""

import copy

import keras
import numpy as np
import pytest
import tensorflow as tf

from course_lib import activations
from course_lib.inspection import (
    LayerInspection,
    dead_share,
    inspect_step,
    saturated,
    saturated_share,
    update_ratio,
)
from course_lib.layers import Activation, BatchNormalization, Dense, Dropout
from course_lib.network import Sequential
from course_lib.optimizers import SGD, Adam
from course_lib.regularizers import L2


def batch(examples=24, features=5, classes=3, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(examples, features)), rng.integers(classes, size=examples)


def every_layer(dtype="float64", rate=0.0):
    layers = [
        Dense(7, activation="tanh", dtype=dtype),
        Dropout(rate, dtype=dtype),
        Dense(6, kernel_regularizer=L2(0.01), dtype=dtype),
        BatchNormalization(dtype=dtype),
        Activation("relu", dtype=dtype),
        Dense(3, activation="softmax", dtype=dtype),
    ]
    return Sequential(layers, seed=1)


def test_a_small_network_by_hand():
    """One ReLU unit that is on, one that is dead, and a sigmoid: every number can be followed on paper."""
    model = Sequential(
        [Dense(2, activation="relu", dtype="float64"), Dense(1, activation="sigmoid", dtype="float64")], seed=0
    )
    model.build((None, 1))
    model.set_weights([np.array([[2.0, -1.0]]), np.zeros(2), np.array([[1.0], [3.0]]), np.array([-3.0])])
    model.compile(SGD(0.5), loss="binary_crossentropy")
    loss, [hidden, output] = inspect_step(model, np.array([[1.0], [2.0]]), np.array([0.0, 1.0]))

    # z = (2, −1), (4, −2); a = (2, 0), (4, 0); the logits of the output are 2 − 3 and 4 − 3.
    assert np.array_equal(hidden.outputs, [[2, 0], [4, 0]])
    p = 1 / (1 + np.exp(-np.array([[-1.0], [1.0]])))
    assert np.allclose(output.outputs, p, rtol=1e-15)
    assert loss == pytest.approx(-np.log(1 - p[0, 0]) / 2 - np.log(p[1, 0]) / 2)
    # ∂L/∂z of the output is (p − y) / 2; back through the kernel (1, 3) and the slopes (1, 0) of the ReLU.
    delta = (p - [[0], [1]]) / 2
    assert np.allclose(output.gradients, delta, rtol=1e-15)
    assert np.allclose(hidden.gradients, delta * [[1, 0]], rtol=1e-15)
    # The step is −0.5 xᵀ ∂L/∂z, and only the first unit moves.
    change = -0.5 * (1 * delta[0, 0] + 2 * delta[1, 0])
    assert np.allclose(hidden.update, [[change, 0]], rtol=1e-12)
    assert np.array_equal(hidden.kernel, [[2, -1]])
    assert hidden.update_ratio == pytest.approx(abs(change) / 3)  # deviations: |change| / 2 and 3 / 2
    assert (hidden.dead, hidden.saturated, output.dead, output.saturated) == (0.5, None, None, 0.0)


@pytest.mark.parametrize("last", ["softmax", "sigmoid"])
def test_gradients_agree_with_finite_differences(last):
    """The loss is computed here, as a function of what is added to the weighted sums of one layer."""
    units = 3 if last == "softmax" else 1
    x, labels = batch()
    y = labels if last == "softmax" else (labels > 0).astype(float)[:, None]
    layers = [
        Dense(4, activation="elu", dtype="float64"),
        Dense(5, activation="tanh", dtype="float64"),
        Dense(units, activation=last, dtype="float64"),
    ]
    model = Sequential(layers, seed=3)
    loss_name = "sparse_categorical_crossentropy" if last == "softmax" else "binary_crossentropy"
    model.compile(SGD(0.1), loss=loss_name)
    loss, inspected = inspect_step(model, x, y)
    model.build((None, 5))

    def loss_with(added, where):
        a = x
        for index, layer in enumerate(layers):
            z = a @ layer.kernel + layer.bias + (added if index == where else 0)
            a = activations.get(layer.activation)[0](z)
        if last == "softmax":
            return -np.mean(np.log(a[np.arange(len(a)), y]))
        return -np.mean(y * np.log(a) + (1 - y) * np.log(1 - a))

    assert loss == pytest.approx(loss_with(0, 0), rel=1e-12)
    for where, layer in enumerate(inspected):
        differences, step = np.empty_like(layer.gradients), 1e-5
        for place in np.ndindex(layer.gradients.shape):
            added = np.zeros_like(layer.gradients)
            added[place] = step
            differences[place] = (loss_with(added, where) - loss_with(-added, where)) / (2 * step)
        assert np.abs(differences - layer.gradients).max() < 1e-7 * np.abs(differences).max()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (lambda: SGD(0.1, momentum=0.9), lambda: keras.optimizers.SGD(0.1, momentum=0.9)),
        (lambda: Adam(0.01, epsilon_hat=True), lambda: keras.optimizers.Adam(0.01)),
    ],
    ids=["SGD", "Adam"],
)
def test_all_layers_agree_with_keras_and_its_tape(ours, theirs):
    x, y = batch()
    x = x.astype(np.float32)
    model = every_layer("float32")
    model.build((None, 5))
    twin = keras.Sequential(
        [
            keras.Input((5,)),
            keras.layers.Dense(7, activation="tanh"),
            keras.layers.Dropout(0.0),
            keras.layers.Dense(6, kernel_regularizer=keras.regularizers.L2(0.01)),
            keras.layers.BatchNormalization(),
            keras.layers.Activation("relu"),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    twin.set_weights(model.get_weights())
    model.compile(ours(), loss="sparse_categorical_crossentropy")
    loss, inspected = inspect_step(model, x, y)

    sums, outputs, a = [], [], tf.constant(x)
    with tf.GradientTape() as tape:
        for layer in twin.layers:
            if isinstance(layer, keras.layers.Dense):
                sums.append(a @ layer.kernel + layer.bias)
                a = layer.activation(sums[-1])
            elif isinstance(layer, keras.layers.Activation):
                sums.append(tf.identity(a))
                a = layer.activation(sums[-1])
            else:
                sums.append(tf.identity(layer(a, training=True)))
                a = sums[-1]
            outputs.append(a)
        penalty = 0.01 * tf.reduce_sum(twin.layers[2].kernel ** 2)
        total = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, a)) + penalty
    weights = twin.trainable_variables
    gradients = tape.gradient(total, [*sums, *weights])
    before = [weight.numpy() for weight in weights]
    theirs().apply_gradients(zip(gradients[len(sums) :], weights, strict=True))
    updates = iter(weight.numpy() - old for weight, old in zip(weights, before, strict=True) if old.ndim == 2)

    assert loss == pytest.approx(float(total), rel=1e-6)
    for ours_at, outputs_there, gradients_there in zip(inspected, outputs, gradients, strict=False):
        assert np.allclose(ours_at.outputs, outputs_there, rtol=1e-5, atol=1e-6)
        largest = float(np.abs(gradients_there).max())
        assert np.abs(ours_at.gradients - gradients_there).max() < 1e-5 * largest, ours_at.name
        if ours_at.kernel is not None:
            assert np.allclose(ours_at.update, next(updates), rtol=1e-3, atol=1e-6)
    assert [each.name for each in inspected] == [type(layer).__name__ for layer in model.layers]
    assert [each.activation for each in inspected] == ["tanh", None, "linear", None, "relu", "softmax"]


def state(value):
    """Whatever a network holds, as text: arrays, generators, counters."""
    if isinstance(value, np.ndarray):
        return value.tobytes().hex()
    if isinstance(value, np.random.Generator):
        return str((value.bit_generator.state, value.bit_generator.seed_seq))
    if isinstance(value, list | tuple):
        return [state(each) for each in value]
    if hasattr(value, "__dict__"):
        return {name: state(each) for name, each in vars(value).items() if not callable(each)}
    return repr(value)


def test_the_network_is_not_disturbed_whether_it_is_new_or_trained():
    x, y = batch(60)
    looked_at, alone = (every_layer(rate=0.3) for _ in range(2))
    for model in (looked_at, alone):
        model.compile(Adam(0.01), loss="sparse_categorical_crossentropy")
    inspect_step(looked_at, x, y)
    for model in (looked_at, alone):
        model.fit(x, y, batch_size=20, epochs=2, seed=0, verbose=0)
    before = state(copy.deepcopy(looked_at))
    inspect_step(looked_at, x, y)
    assert state(looked_at) == before
    for model in (looked_at, alone):
        model.fit(x, y, batch_size=20, epochs=2, seed=0, verbose=0)
    assert all(map(np.array_equal, looked_at.get_weights(), alone.get_weights()))


def test_it_sees_the_step_that_training_then_takes():
    x, y = batch(30)
    model = every_layer(rate=0.3)
    model.compile(Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=10, epochs=1, seed=0, verbose=0)
    loss, inspected = inspect_step(model, x, y)
    before = [weight.copy() for weight in model.weights]
    assert model.train_on_batch(x, y)["loss"] == loss
    moved = [new - old for new, old in zip(model.weights, before, strict=True) if old.ndim == 2]
    seen = [each.update for each in inspected if each.update is not None]
    assert all(map(np.array_equal, moved, seen))


def test_a_network_that_is_not_compiled_or_data_that_do_not_fit_are_refused():
    x, y = batch()
    with pytest.raises(RuntimeError, match="compile"):
        inspect_step(every_layer(), x, y)
    model = every_layer()
    model.compile(SGD(0.1), loss="sparse_categorical_crossentropy")
    with pytest.raises(ValueError, match="as many of each"):
        inspect_step(model, x, y[:-1])


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "elu"])
def test_saturated_is_where_the_slope_is_nearly_gone(name):
    z = np.linspace(-8, 8, 100_001)
    function, gradient = activations.get(name)
    slopes = gradient(z, np.ones_like(z))
    # 1 − 0.97² of the steepest for the two that have bounds at both ends; for ELU the slope is its height above −1.
    flat = slopes < (1 - 0.97 if name == "elu" else 1 - 0.97**2) * slopes.max()
    assert np.array_equal(saturated(function(z), name), flat)
    assert saturated_share(function(z), name) == np.mean(flat) > 0.05


@pytest.mark.parametrize("name", ["relu", "linear", "softmax", "swish", None])
def test_what_has_no_bound_does_not_saturate(name):
    assert saturated(np.ones((2, 3)), name) is None
    assert saturated_share(np.ones((2, 3)), name) is None


def test_dead_is_a_unit_that_is_zero_on_the_whole_batch():
    assert dead_share(np.array([[0, 0, 1.0, 0], [0, 2, 3, 0]])) == 0.5
    assert dead_share(np.zeros((5, 3))) == 1.0
    assert dead_share(np.ones((5, 3))) == 0.0
    # A channel of a picture: the last axis counts the units, whatever the others are.
    channels = np.zeros((2, 3, 3, 4))
    channels[1, 2, 0, 1] = 1.0
    assert dead_share(channels) == 0.75


def test_the_update_ratio_is_a_quotient_of_deviations():
    rng = np.random.default_rng(0)
    weight = rng.normal(5.0, 2.0, (400, 400))  # the mean does not count
    update = rng.normal(1.0, 0.002, (400, 400))
    assert update_ratio(weight, update) == pytest.approx(1e-3, rel=0.01)
    assert update_ratio(weight, np.zeros_like(weight)) == 0.0
    assert update_ratio(np.zeros((3, 3)), np.zeros((3, 3))) == 0.0
    assert update_ratio(np.full((2, 2), 0.1), np.eye(2)) == np.inf


def test_shares_and_ratio_are_there_for_the_layers_that_have_them():
    x, y = batch()
    model = every_layer()
    model.compile(SGD(0.1), loss="sparse_categorical_crossentropy")
    _, inspected = inspect_step(model, x, y)
    have = [(each.saturated is not None, each.dead is not None, each.update_ratio is not None) for each in inspected]
    no = (False, False, False)
    assert have == [(True, False, True), no, (False, False, True), no, (False, True, False), (False, False, True)]
    assert all(isinstance(each, LayerInspection) for each in inspected)
