"""The layers for images against Keras, and in a network that learns."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from course_lib.convolution_layers import (
    AveragePooling2D,
    Conv2D,
    Flatten,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    MaxPooling2D,
)
from course_lib.layers import Activation, BatchNormalization, Dense, Dropout, LayerNormalization
from course_lib.network import Sequential
from course_lib.optimizers import SGD, Adam
from course_lib.regularizers import L2

IMAGES = np.random.default_rng(0).normal(1, 2, size=(3, 9, 8, 2))
theirs = keras.layers
# Ours, Keras's twin, and the shape of an example's outputs.
PAIRS = {
    "convolution": (lambda **k: Conv2D(4, 3, **k), lambda **k: theirs.Conv2D(4, 3, **k), (7, 6, 4)),
    "convolution with everything": (
        lambda **k: Conv2D(
            3, (2, 3), (2, 1), "same", activation="relu", use_bias=False, kernel_regularizer=L2(0.01), **k
        ),
        lambda **k: theirs.Conv2D(3, (2, 3), (2, 1), "same", activation="relu", use_bias=False, **k),
        (5, 8, 3),
    ),
    "dilated": (lambda **k: Conv2D(2, 3, dilation_rate=2, **k), lambda **k: theirs.Conv2D(2, 3, dilation_rate=2, **k),
                (5, 4, 2)),
    "max pooling": (lambda **k: MaxPooling2D(**k), lambda **k: theirs.MaxPooling2D(**k), (4, 4, 2)),
    "max pooling, overlapping": (
        lambda **k: MaxPooling2D(3, 2, "same", **k), lambda **k: theirs.MaxPooling2D(3, 2, "same", **k), (5, 4, 2)),
    "average pooling": (
        lambda **k: AveragePooling2D((2, 3), 1, "same", **k),
        lambda **k: theirs.AveragePooling2D((2, 3), 1, "same", **k),
        (9, 8, 2),
    ),
    "global average": (lambda **k: GlobalAveragePooling2D(**k), lambda **k: theirs.GlobalAveragePooling2D(**k), 2),
    "global max": (lambda **k: GlobalMaxPooling2D(**k), lambda **k: theirs.GlobalMaxPooling2D(**k), 2),
    "flatten": (lambda **k: Flatten(**k), lambda **k: theirs.Flatten(**k), 144),
    "activation": (lambda **k: Activation("softmax", **k), lambda **k: theirs.Activation("softmax", **k), (9, 8, 2)),
    "batch norm": (lambda **k: BatchNormalization(**k), lambda **k: theirs.BatchNormalization(**k), (9, 8, 2)),
    "layer norm": (lambda **k: LayerNormalization(**k), lambda **k: theirs.LayerNormalization(**k), (9, 8, 2)),
}  # fmt: skip


@pytest.mark.parametrize(("make", "make_keras", "output_dim"), PAIRS.values(), ids=PAIRS)
def test_a_layer_is_that_of_keras_forwards_and_backwards(make, make_keras, output_dim):
    layer, twin = make(dtype="float64"), make_keras(dtype="float64")
    layer.build(IMAGES.shape[1:], seed=1)
    twin.build(IMAGES.shape)
    twin.set_weights(layer.weights)
    images = tf.constant(IMAGES)
    with tf.GradientTape() as tape:
        tape.watch(images)
        outputs = twin(images, training=True)
        upstream = np.random.default_rng(2).normal(size=outputs.shape)
        total = tf.reduce_sum(outputs * upstream)
    *weights, expected = tape.gradient(total, [*twin.trainable_variables, images])
    assert (layer.input_dim, layer.output_dim) == ((9, 8, 2), output_dim)
    np.testing.assert_allclose(layer.forward(IMAGES, training=True), outputs, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(layer.backward(upstream), expected, rtol=1e-6, atol=1e-9)
    penalty = getattr(layer, "kernel_regularizer", None)
    for place, (mine, of_keras) in enumerate(zip(layer.gradients, weights, strict=True)):
        mine = mine - penalty.gradient(layer.kernel) if penalty and place == 0 else mine
        np.testing.assert_allclose(mine, of_keras, rtol=1e-6, atol=1e-9)
    for mine, of_keras in zip(layer.non_trainable_weights, twin.non_trainable_variables, strict=True):
        np.testing.assert_allclose(mine, of_keras, rtol=1e-6)


def test_a_penalty_is_that_of_the_kernel():
    layer = Conv2D(2, 3, kernel_regularizer=L2(0.1))
    layer.build((5, 5, 1), seed=0)
    assert layer.penalty == pytest.approx(0.1 * np.sum(layer.kernel**2))
    assert Conv2D(2, 3).penalty == 0


def test_dropout_silences_numbers_of_images_and_goes_back_through_its_mask():
    layer = Dropout(0.5, seed=0)
    outputs = layer.forward(np.ones((20, 5, 5, 3)), training=True)
    assert set(np.unique(outputs)) == {0.0, 2.0}
    np.testing.assert_array_equal(layer.backward(np.ones(outputs.shape)), outputs)


def cnn():
    return Sequential(
        [
            Conv2D(6, 3, use_bias=False),
            BatchNormalization(),
            Activation("relu"),
            MaxPooling2D(),
            Conv2D(8, 3, activation="relu", padding="same"),
            AveragePooling2D(3, 2),
            Flatten(),
            Dense(4, activation="softmax"),
        ],
        seed=0,
    )


def twin_of_cnn():
    return keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            theirs.Conv2D(6, 3, use_bias=False),
            theirs.BatchNormalization(),
            theirs.Activation("relu"),
            theirs.MaxPooling2D(),
            theirs.Conv2D(8, 3, activation="relu", padding="same"),
            theirs.AveragePooling2D(3, 2),
            theirs.Flatten(),
            theirs.Dense(4, activation="softmax"),
        ]
    )


def bars(examples=240, seed=0):
    """Images with a bar somewhere, and its direction of four."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(4, size=examples)
    images = rng.normal(scale=0.1, size=(examples, 12, 12, 1))
    for image, label in zip(images, labels, strict=True):
        row, column = rng.integers(3, 9, size=2)
        for step in range(-2, 3):
            down, right = [(0, 1), (1, 0), (1, 1), (-1, 1)][label]
            image[row + step * down, column + step * right] += 1
    return images.astype(np.float32), labels


def test_a_network_for_images_follows_keras_step_by_step(capsys):
    images, labels = bars()
    ours, twin = cnn(), twin_of_cnn()
    ours.build((None, 12, 12, 1))
    twin.set_weights(ours.get_weights())
    ours.compile(SGD(0.1, momentum=0.9), "sparse_categorical_crossentropy", ["accuracy"])
    twin.compile(keras.optimizers.SGD(0.1, momentum=0.9), "sparse_categorical_crossentropy", metrics=["accuracy"])
    for start in range(0, len(images), 40):
        batch = slice(start, start + 40)
        twin.reset_metrics()
        expected = twin.train_on_batch(images[batch], labels[batch], return_dict=True)
        assert ours.train_on_batch(images[batch], labels[batch]) == pytest.approx(expected, abs=1e-4)
    for mine, of_keras in zip(ours.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_allclose(mine, of_keras, rtol=1e-3, atol=1e-4)
    assert ours.count_params() == twin.count_params()
    ours.summary()
    lines = capsys.readouterr().out.splitlines()
    assert len({len(line) for line in lines[:-1]}) == 1
    assert [line.split("  ")[0] for line in lines[1:-1]] == [layer.name for layer in ours.layers]
    assert "(5, 5, 8)" in lines[5] and lines[5].endswith("440")


def test_it_learns_the_directions_of_bars_wherever_they_are():
    model = cnn()
    model.compile(Adam(0.01), "sparse_categorical_crossentropy", ["accuracy"])
    model.fit(*bars(600), batch_size=40, epochs=10, seed=0, verbose=0)
    assert model.evaluate(*bars(200, seed=1))["accuracy"] > 0.9


def test_the_first_convolution_saves_itself_the_gradient_of_the_images():
    model = cnn()
    model.build((None, 12, 12, 1))
    outputs = model.layers[0].forward(np.ones((2, 12, 12, 1)))
    assert model.layers[0].backward(outputs) is None
    assert model.layers[0].gradients[0].shape == (3, 3, 1, 6)


@pytest.mark.parametrize(
    ("layers", "shape", "told"),
    [
        (
            [Conv2D(4, 3)],
            (None, 28, 28),
            r"takes a batch \(n, height, width, channels\).*\(None, 28, 28\).*newaxis",
        ),
        ([Conv2D(4, 3)], (None, 784), "Conv2D takes a batch"),
        ([Conv2D(4, 3), Dense(3)], (None, 9, 9, 1), r"Dense takes .*\(n, features\).*\(None, 7, 7, 4\).*Flatten\(\)"),
        ([Conv2D(4, 3), MaxPooling2D(9)], (None, 9, 9, 1), "window reaches over 9 places, but the image has only 7"),
        ([Conv2D(4, 3, strides=0)], (None, 9, 9, 1), "stride must be a whole number ≥ 1, not 0"),
    ],
)
def test_what_does_not_fit_is_told_when_the_network_is_built(layers, shape, told):
    with pytest.raises(ValueError, match=told):
        Sequential(layers).build(shape)


def test_another_size_of_image_than_before_is_refused():
    layer = Conv2D(2, 3)
    layer.forward(np.ones((1, 8, 8, 1)))
    with pytest.raises(ValueError, match=r"built for \(8, 8, 1\) features, not \(9, 8, 1\)"):
        layer.forward(np.ones((1, 9, 8, 1)))


@pytest.mark.parametrize("filters", [0, -1, 2.5])
def test_filters_are_whole_and_positive(filters):
    with pytest.raises(ValueError, match="filters"):
        Conv2D(filters, 3)
