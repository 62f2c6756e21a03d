"""The exercise that asks for a convolutional network in Keras with few parameters."""

import json
import re

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.observe import once
from course_lib.exercises.mnist_cnn.cnn_on_paper import CLASSES, SIDE, CNNOnPaper, cnn_on_paper

MOST, FIRST, SECOND = 20_000, 16, 32


def small_cnn():
    """Return a network for 28 × 28 images with two convolutions, of 16 and 32 filters, and 12,810 parameters."""
    from keras import Input, Sequential, layers

    return Sequential(
        [
            Input((28, 28, 1)),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )


class NotAModel(Exception):
    """Something else came back than a Keras model."""


class OtherInputs(Exception):
    """The model takes inputs of another shape. Keras says so in words that depend on how it was built."""


SEEN, GIVEN = "its convolutions", "what it gives for three images"
COUNTED = "its parameters"
ENOUGH = "two or more, the first with 16 filters at least and another with 32, and an activation behind each"
PROBABILITIES = f"{CLASSES} probabilities for each"
FEW = f"at most {MOST:,}"


def probe_small_cnn(small_cnn, rng):
    images = rng.uniform(size=(3, SIDE, SIDE, 1)).astype("float32")

    @once
    def model():
        built = small_cnn()
        if built is not None and not hasattr(built, "count_params"):
            raise NotAModel("asked for is one Keras model, and nothing around it or in its place")
        return built

    @once
    def outputs():
        try:
            return np.asarray(model()(images, training=False))
        except ValueError as error:
            if "shape" in str(error) or "ndim" in str(error) or "rank" in str(error):
                raise OtherInputs(f"the model does not take images of shape ({SIDE}, {SIDE}, 1)") from None
            raise

    def look(at):
        return None if model() is None else at()

    def layers():
        try:
            described = json.loads(model().to_json())
        except NotImplementedError:  # what Keras raises, and what an unwritten answer raises too
            described = {}
        if "layers" not in described.get("config", {}):
            raise TypeError("a subclassed model cannot be looked into: build it with Sequential or the functional API")
        return _flat(described)

    def counted():
        outputs()  # a model without an Input layer has no weights before it is used
        parameters = int(model().count_params())
        return FEW if parameters <= MOST else parameters

    yield Row(SEEN, lambda: look(lambda: convolutions_in_words(layers())), weight=2, essential=True)
    yield Row(GIVEN, lambda: look(lambda: outputs_in_words(outputs(), layers())), weight=2, essential=True)
    yield Row(COUNTED, lambda: look(counted), weight=2, essential=True)


def _flat(layer):
    inner = layer.get("config", {}).get("layers")
    return [layer] if inner is None else [found for each in inner for found in _flat(each)]


def _activation(layer):
    """Return what bends straight lines in a layer, "" for nothing."""
    given = layer.get("config", {}).get("activation")
    if isinstance(given, dict):  # a function of one's own
        given = given.get("config", given.get("class_name"))
    if given and given != "linear":
        return str(given)
    name = layer["class_name"]
    bends = "ReLU LeakyReLU PReLU ELU Softmax Relu Relu6 Tanh Sigmoid Elu Selu Gelu Silu Swish Softplus Mish LeakyRelu"
    return name.lower() if name in bends.split() else ""


def convolutions_in_words(layers):
    """Return ENOUGH, or what a network's convolutions lack."""
    found = [place for place, layer in enumerate(layers) if layer["class_name"] in ("Conv2D", "SeparableConv2D")]
    if len(found) < 2:
        return "one alone" if found else "none"
    filters = [layers[place]["config"]["filters"] for place in found]
    if filters[0] < FIRST:
        return f"the first has {filters[0]} filters"
    if max(filters[1:]) < SECOND:
        return f"none behind the first has {SECOND} filters"
    ends = [*found[1:], len(layers) - 1]  # the activation of the last layer makes probabilities
    straight = [
        number
        for number, (start, end) in enumerate(zip(found, ends, strict=True), start=1)
        if not any(map(_activation, layers[start:end]))
    ]
    return f"no activation behind number {' and '.join(map(str, straight))}" if straight else ENOUGH


def outputs_in_words(outputs, layers):
    """Return PROBABILITIES, or what the outputs are instead."""
    if outputs.shape != (3, CLASSES):
        return f"an array of shape {outputs.shape}"
    if np.any(outputs < 0) or np.any(outputs > 1):
        return "numbers without limits"
    if not np.allclose(outputs.sum(axis=1), 1, atol=1e-3):
        return "numbers from 0 to 1 that do not sum to 1"
    return "a softmax of a softmax" if [_activation(each) for each in layers].count("softmax") > 1 else PROBABILITIES


def cnn_of_too_many(constant=189_130):
    """It has more than 20,000 parameters.

    `model.summary()` shows where they are. A dense layer has a weight for each number that goes in and each unit:
    pool, or use strides, before you flatten, and put no large dense layer behind.
    """
    return CNNOnPaper(parameters=constant)


def cnn_of_other_classes(constant=9):
    """It gives another number of outputs than ten.

    There are ten digits: `Dense(10, activation="softmax")` is the last layer.
    """
    return CNNOnPaper(classes=constant)


def cnn_of_few_filters(constant=8):
    """The first convolution has fewer than 16 filters.

    The first argument of `Conv2D` is the number of filters.
    """
    return CNNOnPaper(filters=(constant, SECOND))


def _read(pattern):
    """Return what reads a whole number out of a row's text. It raises TypeError where there is none."""
    return lambda text: int(re.search(pattern, text)[1])


def cnn_as_list():
    """What comes back is no model, but a list, tuple or the like.

    Return the model alone: `keras.Sequential` makes one of a list of layers.
    """
    return [CNNOnPaper()]


def remark(failing):
    """Say of each row that fails what is asked, and what the model has instead."""
    asked = {SEEN: ENOUGH, GIVEN: PROBABILITIES, COUNTED: FEW}
    if not all(isinstance(value, str) or (label == COUNTED and np.ndim(value) == 0) for label, value, _ in failing):
        return ""
    told = {label: f"{int(value):,}" if label == COUNTED else value for label, value, _ in failing}
    return " ".join(
        f"{label[0].upper()}{label[1:]}: {value}. Asked for: {asked[label]}." for label, value in told.items()
    )


FILTERS = "The first argument of `Conv2D` is the number of filters."
BENDS = (
    'Give `Conv2D` an `activation="relu"`: without one, two convolutions in a row are no more than a single larger one.'
)

SMALL_CNN = Exercise(
    name="small_cnn",
    kind="reach it",
    minutes=12,
    level=2,
    reference=cnn_on_paper,
    probe=probe_small_cnn,
    remark=remark,
    misconceptions=[
        *flags(
            cnn_on_paper,
            no_convolution=("There is no convolution.", 'Begin with `layers.Conv2D(16, 3, activation="relu")`.'),
            one_convolution=("There is one convolution alone.", "Put another one behind it, with 32 filters."),
            few_in_the_second=("No convolution behind the first has 32 filters.", FILTERS),
            first_straight=("There is no activation behind the first convolution.", BENDS),
            second_straight=("There is no activation behind the second convolution.", BENDS),
            all_straight=("There is no activation behind either convolution.", BENDS),
            logits=(
                "Its outputs are no probabilities, but numbers without limits.",
                "End with a softmax, in the last dense layer or behind it.",
            ),
            sigmoids=(
                "Its outputs do not sum to 1.",
                "An image shows one digit of ten: a softmax shares out one probability among them, sigmoids do not.",
            ),
            two_softmaxes=(
                "The softmax is taken twice, so that all probabilities come out nearly the same.",
                "Leave one of the two away.",
            ),
            not_flat=(
                "It gives ten numbers for every place of the image: the dense layer was applied to each place apart.",
                "`layers.Flatten()` or a global pooling makes one row of each image before the dense layer.",
            ),
            one_output=("It has a single output.", "There are ten digits: the last layer has ten units and a softmax."),
            rows=(
                "It does not take images of shape (28, 28, 1).",
                "A convolution looks at neighbors: begin with `keras.Input((28, 28, 1))`, not with rows of 784 "
                "numbers.",
            ),
        ),
        Misconception.of(cnn_of_too_many, constant=(COUNTED, int)),
        Misconception.of(cnn_of_other_classes, constant=(GIVEN, _read(r"shape \(3, (\d+)\)$"))),
        Misconception.of(cnn_of_few_filters, constant=(SEEN, _read(r"^the first has (\d+)"))),
        cnn_as_list,
    ],
    # What is right in Keras itself, the solution first of all, is in tests/exercises/mnist_cnn/test_small_cnn.py.
    hints=[
        "Begin with two convolutions of 3 × 3 and look at `model.summary()`: which layer has nearly all the "
        "parameters?",
        "A dense layer of ten units has ten weights for every number that is flattened. After two convolutions of 3 "
        "× 3 an "
        "image is 24 × 24, with 32 numbers at each place. How do you make it smaller?",
        "`layers.MaxPooling2D()` halves both sides. One between the convolutions and one behind them leave 5 × 5 "
        "places.",
    ],
    time_limit=30.0,  # the first row may have to import Keras
    solution=small_cnn,
)
