"""Chapter 09's `small_cnn` against models of Keras itself, and what its mistakes say whatever their number is."""

from functools import partial

import pytest

from course_lib.exercises.mnist_cnn import small_cnn
from course_lib.exercises.mnist_cnn.building import (
    ENOUGH,
    SMALL_CNN,
    cnn_of_few_filters,
    cnn_of_other_classes,
    cnn_of_too_many,
    convolutions_in_words,
)
from tests.exercises.reports import assert_passes, assert_refused


@pytest.fixture(scope="module")
def keras():
    import keras

    return keras


def functional(keras):
    k = keras.layers
    images = keras.Input((28, 28, 1))
    x = keras.activations.relu(k.Conv2D(16, 5, strides=2, padding="same")(images))
    x = k.Conv2D(32, 3, activation="elu", strides=2)(x)
    return keras.Model(images, k.Softmax()(k.Dense(10)(k.GlobalMaxPooling2D()(x))))


def normalized(keras):
    k = keras.layers
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            k.Rescaling(1 / 255),
            k.Conv2D(24, 5, use_bias=False),
            k.BatchNormalization(),
            k.ReLU(),
            k.MaxPooling2D(),
            k.Conv2D(32, 3),
            k.LeakyReLU(),
            k.AveragePooling2D(2),
            k.Conv2D(8, 1, activation="relu"),
            k.Dropout(0.2),
            k.Flatten(),
            k.Dense(10),
            k.Activation("softmax"),
        ]
    )


def nested(keras):
    k = keras.layers
    eyes = keras.Sequential([k.Conv2D(16, 3, activation="relu"), k.MaxPooling2D(3), k.Conv2D(32, 3, activation="relu")])
    return keras.Sequential([eyes, k.GlobalAveragePooling2D(), k.Dense(10, activation="softmax")])


@pytest.mark.parametrize("make", [functional, normalized, nested])
def test_a_right_model_passes_however_it_is_built(keras, make):
    assert_passes(SMALL_CNN, lambda: make(keras), seeds=range(2))


def test_the_solution_passes_and_has_the_parameters_that_it_says(keras):
    assert_passes(SMALL_CNN, small_cnn, seeds=range(2))
    assert small_cnn().count_params() == 12_810


def test_a_subclassed_model_is_told_what_to_do(keras):
    class Net(keras.Model):
        def __init__(self):
            super().__init__()
            self.last = keras.layers.Dense(10, activation="softmax")

        def call(self, images, training=False):
            return self.last(keras.ops.reshape(images, (-1, 784)))

    assert_refused(SMALL_CNN, Net, "build it with Sequential", seeds=range(1))


@pytest.mark.parametrize("parameters", [20_001, 54_090, 184_330, 2_000_000])
def test_too_many_parameters_are_named_whatever_their_number(parameters):
    assert_refused(SMALL_CNN, partial(cnn_of_too_many, constant=parameters), mistake="cnn_of_too_many")


def test_at_most_20_000_includes_20_000():
    assert_passes(SMALL_CNN, partial(cnn_of_too_many, constant=20_000))


@pytest.mark.parametrize("classes", [2, 9, 11, 100])
def test_other_classes_are_named(classes):
    assert_refused(SMALL_CNN, partial(cnn_of_other_classes, constant=classes), mistake="cnn_of_other_classes")


@pytest.mark.parametrize("filters", [1, 8, 15])
def test_few_filters_are_named(filters):
    assert_refused(SMALL_CNN, partial(cnn_of_few_filters, constant=filters), mistake="cnn_of_few_filters")


def test_every_family_is_tried():
    assert {each.name for each in SMALL_CNN.misconceptions if each.constant} == {
        "cnn_of_too_many",
        "cnn_of_other_classes",
        "cnn_of_few_filters",
    }


def test_an_activation_may_stand_behind_a_normalization():
    layers = [
        {"class_name": "Conv2D", "config": {"filters": 16, "activation": "linear"}},
        {"class_name": "BatchNormalization", "config": {}},
        {"class_name": "Activation", "config": {"activation": "relu"}},
        {"class_name": "Conv2D", "config": {"filters": 32, "activation": "relu"}},
        {"class_name": "Dense", "config": {"activation": "softmax"}},
    ]
    assert convolutions_in_words(layers) == ENOUGH
    assert "number 1" in convolutions_in_words(layers[:2] + layers[3:])
