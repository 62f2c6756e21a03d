"""Embedding and global max pooling against Keras and finite differences, alone and in a network that learns."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from course_lib.embedding import (
    Embedding,
    GlobalMaxPooling1D,
    embedding_gradient,
    global_max_pooling,
    global_max_pooling_gradient,
)
from course_lib.layers import Dense
from course_lib.network import Sequential
from course_lib.optimizers import SGD, Adam

RNG = np.random.default_rng(0)
IDS = np.array([[3, 1, 3, 0], [0, 0, 0, 0], [5, 4, 3, 2]])


@pytest.mark.parametrize("seed", range(10))
def test_each_row_gets_the_sum_of_all_its_uses(seed):
    rng = np.random.default_rng(seed)
    shape = rng.integers(1, 6, size=rng.integers(1, 4))
    ids, upstream = rng.integers(0, 7, size=shape), rng.normal(size=(*shape, 3)) * (rng.random((*shape, 3)) < 0.6)
    expected = np.zeros((9, 3))
    np.add.at(expected, ids, upstream)
    np.testing.assert_allclose(embedding_gradient(ids, upstream, 9), expected)
    gradient = embedding_gradient(ids, upstream.astype(np.float32), 9)
    assert gradient.dtype == np.float32 and gradient.shape == (9, 3)


def test_the_embedding_is_that_of_keras():
    ours, theirs = Embedding(6, 4, dtype="float64"), keras.layers.Embedding(6, 4, dtype="float64")
    theirs.build((None, 4))
    for ids in (IDS, IDS[:, :2], IDS.astype(float), IDS.astype(np.uint8)):
        outputs = ours.forward(ids)
        theirs.set_weights(ours.weights)
        upstream = RNG.normal(size=outputs.shape)
        with tf.GradientTape() as tape:
            expected = theirs(tf.constant(ids.astype(int)))
        slopes = tape.gradient(expected, theirs.embeddings, output_gradients=tf.constant(upstream))
        np.testing.assert_allclose(outputs, expected)
        assert ours.backward(upstream) is None
        np.testing.assert_allclose(ours.gradients[0], tf.convert_to_tensor(slopes))
    assert np.abs(ours.embeddings).max() <= 0.05 and ours.count_params() == 24


def test_global_max_pooling_is_that_of_keras_also_where_several_places_are_largest():
    inputs = RNG.integers(-2, 3, size=(5, 6, 4)).astype(float)  # few values: ties everywhere
    upstream = RNG.normal(size=(5, 4))
    x = tf.constant(inputs)
    with tf.GradientTape() as tape:
        tape.watch(x)
        expected = keras.layers.GlobalMaxPooling1D(dtype="float64")(x)
    slopes = tape.gradient(expected, x, output_gradients=tf.constant(upstream)).numpy()
    np.testing.assert_allclose(global_max_pooling(inputs), expected)
    np.testing.assert_allclose(global_max_pooling_gradient(inputs, upstream), slopes)
    layer = GlobalMaxPooling1D(dtype="float64")
    np.testing.assert_allclose(layer.forward(inputs), expected)
    np.testing.assert_allclose(layer.backward(upstream), slopes)
    np.testing.assert_allclose(slopes.sum(axis=1), upstream)


def test_the_gradient_of_the_table_is_the_slope():
    embedding, pooling = Embedding(6, 3, dtype="float64"), GlobalMaxPooling1D(dtype="float64")
    upstream = RNG.normal(size=(3, 3))

    def loss():
        return np.sum(upstream * pooling.forward(embedding.forward(IDS)))

    loss()
    embedding.backward(pooling.backward(upstream))
    (gradient,) = embedding.gradients
    for index in np.ndindex(gradient.shape):
        value, moved = embedding.embeddings[index], []
        for nudge in (1e-6, -1e-6):
            embedding.embeddings[index] = value + nudge
            moved.append(loss())
        embedding.embeddings[index] = value
        assert gradient[index] == pytest.approx((moved[0] - moved[1]) / 2e-6, rel=1e-6, abs=1e-9)


def network(dtype="float32"):
    layers = [
        Embedding(20, 5, dtype=dtype),
        GlobalMaxPooling1D(dtype=dtype),
        Dense(4, activation="relu", dtype=dtype),
        Dense(1, activation="sigmoid", dtype=dtype),
    ]
    return Sequential(layers, seed=1)


def test_a_network_follows_keras_step_by_step():
    ids, labels = RNG.integers(0, 20, size=(12, 7)), RNG.integers(0, 2, size=(12, 1))
    ours = network("float64")
    ours.build(ids.shape)
    theirs = keras.Sequential([
        keras.Input((7,), dtype="int32"),
        keras.layers.Embedding(20, 5, dtype="float64"),
        keras.layers.GlobalMaxPooling1D(dtype="float64"),
        keras.layers.Dense(4, activation="relu", dtype="float64"),
        keras.layers.Dense(1, activation="sigmoid", dtype="float64"),
    ])  # fmt: skip
    theirs.set_weights(ours.get_weights())
    assert ours.count_params() == theirs.count_params()
    ours.compile(SGD(0.5), "binary_crossentropy")
    theirs.compile(keras.optimizers.SGD(0.5), "binary_crossentropy")
    for _ in range(5):
        ours.train_on_batch(ids, labels)
        theirs.train_on_batch(ids, labels)
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-7)


def test_a_network_finds_the_word_that_decides():
    rng = np.random.default_rng(3)
    ids = rng.integers(2, 20, size=(400, 9))
    labels = (ids == 7).any(axis=1).astype(float)[:, None]
    model = network()
    model.compile(Adam(0.02), "binary_crossentropy", metrics=["accuracy"])
    history = model.fit(ids, labels, epochs=15, seed=0, verbose=0).history
    assert history["accuracy"][-1] > 0.98
    assert model.predict(ids[:, ::-1]) == pytest.approx(model.predict(ids))  # order is lost


def test_what_cannot_be_is_said():
    embedding, pooling = Embedding(6, 2), GlobalMaxPooling1D()
    for ids, told in [
        ([[0, 6]], r"in \[0, 6\).*0 to 6"),
        ([[-1, 2]], "-1 to 2"),
        ([[0.5]], "whole numbers"),
        ([["good"]], "encode the text"),
        ([1, 2], "not the shape"),
    ]:
        with pytest.raises(ValueError, match=told):
            embedding.forward(np.array(ids))
    with pytest.raises(ValueError, match="output_dim must be"):
        Embedding(6, 0)
    with pytest.raises(ValueError, match="length of at least 1"):
        pooling.forward(np.ones((2, 0, 3)))
    pooling.forward(np.ones((2, 4, 3)))
    with pytest.raises(ValueError, match="built for 3 units"):
        pooling.forward(np.ones((2, 4, 2)))
    with pytest.raises(ValueError, match="last returned the shape"):
        pooling.backward(np.ones((2, 4, 3)))
