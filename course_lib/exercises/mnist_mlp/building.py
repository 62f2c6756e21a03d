"""The exercise on the MLP in Keras: looked at through its description, so any way of building it will do."""

import json
from functools import cache

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, flags


def build_mlp():
    """Return chapter 08's network: 671,754 parameters, of which 1,024 are counted and not trained."""
    from keras import Input, Sequential, layers, regularizers

    return Sequential(
        [
            Input((784,)),
            layers.Dense(512, activation="relu"),
            layers.Dropout(0.2),
            layers.Dense(512, kernel_regularizer=regularizers.L2(0.001)),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.Dropout(0.2),
            layers.Dense(10, activation="softmax"),
        ]
    )


def layers_in_words(description):
    """Return what a Keras model computes, layer by layer, from its `to_json()`.

    Different code for the same computation gives the same words: an activation is a line of its own, whether it was an
    argument or a layer, and stands before a dropout, which commutes with ReLU. Reshaping computes nothing.
    Raises TypeError where there is no list of layers.
    """
    model = json.loads(description)
    if "layers" not in model.get("config", {}):
        raise TypeError("a subclassed model cannot be looked into: build it with Sequential or the functional API")
    words = []
    for layer in _flat(model):
        words += _layer_in_words(layer["class_name"], layer.get("config", {}))
    for place in range(len(words) - 1):
        if words[place].startswith("dropout") and words[place + 1] == "relu":
            words[place : place + 2] = reversed(words[place : place + 2])
    return words


def _flat(layer):
    inner = layer.get("config", {}).get("layers")
    return [layer] if inner is None else [found for each in inner for found in _flat(each)]


def _layer_in_words(name, config):
    if name in ("InputLayer", "Flatten", "Reshape"):
        return []
    if name == "Dense":
        biasless = "" if config.get("use_bias", True) else ", no bias"
        dense = f"dense {config['units']}{_penalty_in_words(config)}{biasless}"
        return [dense, *_activation_in_words(config.get("activation"))]
    if name == "Activation":
        return _activation_in_words(config["activation"])
    if name in ("ReLU", "Softmax"):
        changed = any(config.get(argument) for argument in ("max_value", "negative_slope", "threshold"))
        return [name.lower() + (" (with changed arguments)" if changed else "")]
    if name == "Dropout":
        return [f"dropout {config['rate']:g}"]
    if name == "BatchNormalization":
        usual = {"momentum": 0.99, "epsilon": 0.001, "center": True, "scale": True}
        changed = [f"{key} {config[key]:g}" for key in usual if config.get(key, usual[key]) != usual[key]]
        return ["batch normalization" + "".join(f", {change}" for change in changed)]
    return [name]


def _activation_in_words(activation):
    if isinstance(activation, dict):  # a layer or a function given as an object
        inner = activation.get("config")
        activation = inner if isinstance(inner, str) else activation.get("class_name", "?").lower()
    return [] if activation in (None, "linear") else [activation]


def _penalty_in_words(config):
    words = ""
    for part in ("kernel", "bias", "activity"):
        regularizer = config.get(f"{part}_regularizer")
        if regularizer:
            of_bias = "" if part == "kernel" else f" on the {part}"
            for norm in ("l1", "l2"):
                strength = float(regularizer.get("config", {}).get(norm) or 0)
                words += f", {norm.upper()} {strength:.4g}{of_bias}" if strength else ""
    return words


def probe_build_mlp(build_mlp, rng):
    images = rng.uniform(size=(3, 784)).astype("float32")

    @cache
    def model():
        return build_mlp()

    @cache
    def outputs():
        return np.asarray(model()(images, training=False))

    def look(at):
        return None if model() is None else at()

    def in_words():
        try:
            description = model().to_json()
        except NotImplementedError:  # what Keras raises, and what an unwritten answer raises too
            description = "{}"
        return layers_in_words(description)

    def adds_up():
        return "yes" if np.allclose(outputs().sum(axis=-1), 1, rtol=0, atol=1e-3) else "no"

    def parameters():
        outputs()  # a model without an Input layer has no weights before it is used
        return model().count_params()

    def not_trained():
        outputs()
        return sum(np.size(weight) for weight in model().non_trainable_weights)

    yield Row("its layers, from the input to the output", lambda: look(in_words), weight=3)
    yield "the shape of its output for three images", lambda: look(lambda: str(outputs().shape))
    yield "do the outputs for an image add up to 1?", lambda: look(adds_up)
    yield "the number of parameters", lambda: look(parameters)
    yield "those that are not trained", lambda: look(not_trained)


class MLPOnPaper:
    """What the probe sees of a Keras model, without Keras: for a wrong answer to be tried in microseconds."""

    def __init__(self, *layers, input_dim=784):
        self.layers, self.input_dim = layers, input_dim
        self.non_trainable_weights, self.size, width = [], 0, 784
        for name, config in layers:
            if name == "Dense":
                self.size += (width + 1) * config["units"]
                width = config["units"]
            if name == "BatchNormalization":
                self.size += 4 * width
                self.non_trainable_weights += [np.zeros(width), np.ones(width)]

    def to_json(self):
        layers = [{"class_name": name, "config": config} for name, config in self.layers]
        return json.dumps({"class_name": "Sequential", "config": {"layers": layers}})

    def count_params(self):
        return self.size

    def __call__(self, images, training):
        if images.shape[1:] != (self.input_dim,):
            raise ValueError(f"takes {self.input_dim} features, not {images.shape[1:]}")
        output = self.layers[-1][1]
        probability = 1 / output["units"]
        return np.full((len(images), output["units"]), probability if output["activation"] == "softmax" else 0.7)


def mlp_on_paper(
    no_dropout=False,
    keep_rate=False,
    one_dropout=False,
    no_penalty=False,
    stronger_penalty=False,
    first_penalty=False,
    every_penalty=False,
    no_normalization=False,
    relu_first=False,
    no_second_relu=False,
    no_first_relu=False,
    logits=False,
    sigmoids=False,
    one_output=False,
):
    def dense(units, activation="linear", l2=0.0):
        penalty = {"class_name": "L2", "config": {"l2": 0.01 if l2 and stronger_penalty else l2}}
        return "Dense", {"units": units, "activation": activation, "kernel_regularizer": penalty if l2 else None}

    drop = [] if no_dropout else [("Dropout", {"rate": 0.8 if keep_rate else 0.2})]
    relu = [] if no_second_relu else [("Activation", {"activation": "relu"})]
    normalize = [] if no_normalization else [("BatchNormalization", {})]
    return MLPOnPaper(
        dense(512, "linear" if no_first_relu else "relu", 0.001 if first_penalty or every_penalty else 0.0),
        *drop,
        dense(512, l2=0.0 if no_penalty or (first_penalty and not every_penalty) else 0.001),
        *(relu + normalize if relu_first else normalize + relu),
        *([] if one_dropout else drop),
        dense(
            1 if one_output else 10,
            "sigmoid" if sigmoids else "linear" if logits else "softmax",
            0.001 if every_penalty else 0.0,
        ),
    )


def mlp_of_square_images():
    model = mlp_on_paper()
    model.input_dim = 28
    return model


BUILD_MLP = Exercise(
    name="build_mlp",
    reference=mlp_on_paper,
    probe=probe_build_mlp,
    misconceptions=[
        *flags(
            mlp_on_paper,
            no_dropout="There is no dropout. It stands after each of the two hidden layers, with rate 0.2.",
            keep_rate="A rate of 0.8 drops four units of five. Keras's `rate` is the share that is *dropped*: 0.2.",
            one_dropout="The second dropout is missing: it stands after the second ReLU, before the output layer.",
            no_penalty="The second hidden layer has no L2: `kernel_regularizer=keras.regularizers.L2(0.001)`.",
            stronger_penalty='The L2 strength is 0.01, which is also what the word "l2" stands for. Asked for is '
            "`keras.regularizers.L2(0.001)`.",
            first_penalty="The L2 belongs to the second hidden layer, not to the first.",
            every_penalty="All dense layers have the L2. Asked for is the second hidden layer alone.",
            no_normalization="There is no batch normalization: it stands between the second dense layer and its ReLU.",
            relu_first="The ReLU comes before the batch normalization. Give the second dense layer no activation, and "
            'let `Activation("relu")` follow the normalization.',
            no_second_relu='Nothing non-linear follows the batch normalization: add `Activation("relu")`.',
            no_first_relu="The first dense layer has no activation, so it and the second make but one linear map.",
            logits='The output layer gives logits. Asked for are probabilities: `activation="softmax"`.',
            sigmoids="Sigmoids judge each digit on its own, and need not add up to 1. An image shows one of ten "
            'digits: `activation="softmax"`.',
            one_output="There is one output unit. Ten classes need ten, a probability each.",
        ),
        Misconception(
            mlp_of_square_images,
            "It does not take rows of 784 numbers. The images are flat already: begin with `keras.Input((784,))`.",
        ),
    ],
    # What is right in Keras itself, the solution first of all, is in tests/exercises/mnist_mlp/test_build_mlp.py.
    hints=[
        "One line a layer, in the order of the table. `keras.Sequential([...])` takes them as a list.",
        "Where something stands between a dense layer and its activation, the activation is a layer of its own: "
        '`layers.Activation("relu")`.',
        "`model.summary()` counts for you: 401,920 + 262,656 + 2,048 + 5,130 parameters.",
        "The second block is `layers.Dense(512, kernel_regularizer=regularizers.L2(0.001))`, then "
        '`layers.BatchNormalization()`, `layers.Activation("relu")` and `layers.Dropout(0.2)`.',
    ],
    time_limit=30.0,  # the first row may have to import Keras
    solution=build_mlp,
)
