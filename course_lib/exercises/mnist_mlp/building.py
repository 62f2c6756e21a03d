"""The exercise on the MLP in Keras: its settings are read, and what it computes is computed, whatever builds it."""

import json
import re
from functools import lru_cache
from itertools import count

import numpy as np

from course_lib import activations
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.mnist_mlp.returned import once

# --- build_mlp


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


# Layers without weights that do the same in training and in use: what they do shows in what the model computes.
SEEN_IN_OUTPUTS = "InputLayer Flatten Reshape Identity Activation ReLU LeakyReLU ELU Softmax Lambda Rescaling Permute"


def layers_in_words(description):
    """Return the layers of a Keras model that have weights, or act in training, in words, from its `to_json()`.

    Activations and other functions are left out: their names tell less than the model's outputs.
    Raises TypeError where there is no list of layers.
    """
    model = json.loads(description)
    if "layers" not in model.get("config", {}):
        raise TypeError("a subclassed model cannot be looked into: build it with Sequential or the functional API")
    words = [_layer_in_words(layer["class_name"], layer.get("config", {})) for layer in _flat(model)]
    return [word for word in words if word]


def _flat(layer):
    inner = layer.get("config", {}).get("layers")
    if inner is not None:
        return [found for each in inner for found in _flat(each)]
    # In a functional model operations such as `keras.ops.relu` stand among the layers.
    return [] if (layer.get("module") or "").startswith("keras.src.ops") else [layer]


def _layer_in_words(name, config):
    """Return one layer in words, an empty text for one that only its outputs tell about."""
    if name in SEEN_IN_OUTPUTS.split() or (name == "Dropout" and not config["rate"]):
        return ""
    if name == "Dense":
        usual = {"kernel": "GlorotUniform", "bias": "Zeros"}
        given = {part: (config.get(f"{part}_initializer") or {}).get("class_name", usual[part]) for part in usual}
        initializers = "".join(f", {given[part]} for the {part}" for part in usual if given[part] != usual[part])
        biasless = "" if config.get("use_bias", True) else ", no bias"
        return f"dense {config['units']}{_penalty_in_words(config)}{biasless}{initializers}"
    if name == "Dropout":
        shared = ", some share one fate" if config.get("noise_shape") else ""
        return f"dropout {config['rate']:g}{shared}"
    if name == "BatchNormalization":
        usual = {"momentum": 0.99, "epsilon": 0.001, "center": True, "scale": True}
        changed = [f"{key} {config[key]:g}" for key in usual if config.get(key, usual[key]) != usual[key]]
        return "batch normalization" + "".join(f", {change}" for change in changed)
    return name


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


class NotAModel(Exception):
    """Something else came back than a Keras model."""


class OtherInputs(Exception):
    """The model takes inputs of another shape. Keras says so in words that depend on how it was built."""


@lru_cache(maxsize=64)
def _drawn(key, place, shape):
    """Return weights for the probe to put in: positive numbers, as variances are, and for kernels those of any sign."""
    rng = np.random.default_rng([key, place])
    if len(shape) == 2:
        return (rng.normal(size=shape) / np.sqrt(shape[0])).astype("float32")
    return rng.uniform(0.2, 1.2, size=shape).astype("float32")


IN_WORDS = "its layers with weights and its dropout, from the input to the output"


def probe_build_mlp(build_mlp, rng):
    # One with pixels as they should be, two so bright that a limit on what a unit gives would show.
    images = (rng.uniform(size=(3, 784)) * [[1], [20], [20]]).astype("float32")
    key = int(rng.integers(2**32))

    @once
    def model():
        built = build_mlp()
        if isinstance(built, list | tuple | dict | str | np.ndarray):
            raise NotAModel("asked for is one Keras model, and nothing around it or beside it")
        return built

    def used():
        try:
            return np.asarray(model()(images, training=False))
        except ValueError as error:
            if "shape" in str(error):
                raise OtherInputs("the model does not take an array of shape (3, 784)") from None
            raise

    outputs = once(used)

    def look(at):
        return None if model() is None else at()

    def in_words():
        try:
            description = model().to_json()
        except NotImplementedError:  # what Keras raises, and what an unwritten answer raises too
            description = "{}"
        return layers_in_words(description)

    def computed():
        if not np.array_equal(outputs(), used()):
            return "something else each time"
        trained = [_drawn(key, place, np.shape(weight)) for place, weight in enumerate(model().trainable_variables)]
        # Besides moving averages there are the seeds of the dropout layers, which are integers.
        places = count(100)
        others = [
            _drawn(key, next(places), np.shape(weight)) if np.asarray(weight).dtype.kind == "f" else weight
            for weight in model().non_trainable_variables
        ]
        return model().stateless_call(trained, others, images, training=False)[0]

    def parameters():
        outputs()  # a model without an Input layer has no weights before it is used
        return model().count_params()

    def not_trained():
        outputs()
        return sum(np.size(weight) for weight in model().non_trainable_weights)

    yield Row(IN_WORDS, lambda: look(in_words), weight=3)
    # Keras computes in float32.
    in_use = "what it computes in use for three images, with weights that the check puts in"
    yield Row(in_use, lambda: look(computed), weight=3, relative_tolerance=1e-3)
    yield "the shape of its output for three images", lambda: look(lambda: list(outputs().shape))
    yield "the number of parameters", lambda: look(parameters)
    yield "those that are not trained", lambda: look(not_trained)


FUNCTIONS = {
    "relu": activations.relu,
    "tanh": np.tanh,
    "relu up to 6": lambda x: np.clip(x, 0, 6),
    "leaky": lambda x: np.where(x > 0, x, 0.2 * x),
    "sigmoid": activations.sigmoid,
    "softmax": activations.softmax,
    "softmax over the batch": lambda x: activations.softmax(x, axis=0),
    "rescaling": lambda x: x / 255,
}
# What `layers_in_words` leaves out. A shortcut adds what the last dense layer took to what comes where it stands.
NOT_IN_WORDS = {*FUNCTIONS, "shortcut"}


class MLPOnPaper:
    """What the probe sees of a Keras model, without Keras: for a wrong answer to be tried in milliseconds.

    Args:
        steps: layers in the words of `layers_in_words`, and those of NOT_IN_WORDS, in order.
        input_dim: the number of features that it takes.
        is_random: whether dropout is active in use, too.
    """

    def __init__(self, steps, input_dim=784, is_random=False):
        self.steps, self.input_dim, self.is_random, self.calls = steps, input_dim, is_random, 0
        self.trainable_variables, self.non_trainable_variables, width = [], [], 784
        for step in steps:
            if step.startswith("dense"):
                units = int(step.split()[1].rstrip(","))
                self.trainable_variables += [np.empty((width, units))] + [np.empty(units)] * ("no bias" not in step)
                width = units
            if step.startswith("batch normalization"):
                self.trainable_variables += [np.empty(width) for part in ("scale", "center") if f"{part} 0" not in step]
                self.non_trainable_variables += [np.empty(width), np.empty(width)]

    @property
    def non_trainable_weights(self):
        return self.non_trainable_variables

    def to_json(self):
        layers = [{"class_name": step} for step in self.steps if step not in NOT_IN_WORDS]
        return json.dumps({"class_name": "Sequential", "config": {"layers": layers}})

    def count_params(self):
        return sum(weight.size for weight in self.trainable_variables + self.non_trainable_variables)

    def stateless_call(self, trainable, others, images, training):
        if images.shape[1:] != (self.input_dim,):
            raise ValueError(f"the shape of its inputs ends in {self.input_dim}, not in {images.shape[1:]}")
        trainable, others, x, taken = iter(trainable), iter(others), images, images
        for step in self.steps:
            if step in FUNCTIONS:
                x = FUNCTIONS[step](x)
            elif step in ("shortcut", "Add"):
                x = x + taken
            elif step.startswith("dense"):
                # Row by row: for three rows, a product of matrices mostly waits for the threads of BLAS.
                kernel, taken = next(trainable), x
                x = np.stack([row @ kernel for row in x])
                x = x if "no bias" in step else x + next(trainable)
            elif step.startswith("batch normalization"):
                epsilon = re.search(r"epsilon ([^,]+)", step)
                gamma = 1 if "scale 0" in step else next(trainable)
                beta = 0 if "center 0" in step else next(trainable)
                spread = next(others), np.sqrt(next(others) + (float(epsilon[1]) if epsilon else 0.001))
                x = gamma * (x - spread[0]) / spread[1] + beta
        return x, []

    def __call__(self, images, training):
        self.calls += self.is_random
        weights = (
            [np.full(weight.shape, 0.01) for weight in weights]
            for weights in (self.trainable_variables, self.non_trainable_variables)
        )
        return self.stateless_call(*weights, images, training)[0] + self.calls


RIGHT_STEPS = (
    "dense 512", "relu", "dropout 0.2",
    "dense 512, L2 0.001", "batch normalization", "relu", "dropout 0.2",
    "dense 10", "softmax",
)  # fmt: skip


def mlp_on_paper(**made):
    first, relu_1, drop_1, second, normalize, relu_2, drop_2, last, softmax = ([step] for step in RIGHT_STEPS)
    if "no_dropout" in made:
        drop_1, drop_2 = [], []
    if "one_dropout" in made:
        drop_2 = []
    if "no_penalty" in made or "first_penalty" in made:
        second = ["dense 512"]
    if "first_penalty" in made or "every_penalty" in made:
        first = ["dense 512, L2 0.001"]
    if "every_penalty" in made:
        last = ["dense 10, L2 0.001"]
    if "one_output" in made:
        last = ["dense 1"]
    if "no_normalization" in made:
        normalize = []
    if "relu_first" in made or "two_relus" in made:
        normalize, relu_2 = relu_2 + normalize, [] if "relu_first" in made else relu_2
    others = {"no_first_relu": [], "tanh": ["tanh"], "leaky": ["leaky"], "limited": ["relu up to 6"]}
    relu_1 = next((other for flag, other in others.items() if flag in made), relu_1)
    relu_2 = [] if "no_second_relu" in made else relu_2
    normalize = [*["shortcut"] * ("shortcut" in made), *normalize, *["shortcut"] * ("shortcut_to_relu" in made)]
    relu_2 = [*relu_2, *["shortcut"] * ("shortcut_behind" in made)]
    if "logits" in made:
        softmax = []
    if "sigmoids" in made:
        softmax = ["sigmoid"]
    if "over_the_batch" in made:
        softmax = ["softmax over the batch"]
    if "two_softmaxes" in made:
        softmax = 2 * softmax
    start = ["rescaling"] if "rescaled" in made else []
    steps = [*start, *first, *relu_1, *drop_1, *second, *normalize, *relu_2, *drop_2, *last, *softmax]
    return MLPOnPaper(steps)


def only_differing_in(pattern):
    """Return a function that gives back the learner's layers in words where they differ only in what `pattern` is.

    It raises ValueError where they do not.
    """

    def words(given):
        right = [step for step in RIGHT_STEPS if step not in NOT_IN_WORDS]
        if [re.sub(pattern, "", word) for word in given] != [re.sub(pattern, "", word) for word in right]:
            raise ValueError("the layers differ in something else")
        return given

    return words


def _with_words(words):
    """Return the right MLP on paper, with `words` for its layers."""
    words = iter(words)
    return MLPOnPaper([step if step in NOT_IN_WORDS else next(words) for step in RIGHT_STEPS])


def another_layer(given):
    """Return (place, word) of the one layer in `given` that is none of the right MLP's. Raises ValueError."""
    for place, word in enumerate(given):
        if [*given[:place], *given[place + 1 :]] == _usual():
            return place, word
    raise ValueError("there is not one layer more")


def _usual(**changed):
    """Return the right layers in words, some of them `changed`, by their place: third="…"."""
    places = dict.fromkeys(("first", "drop", "second", "normalize", "drop_again", "last"))
    right = dict(zip(places, (step for step in RIGHT_STEPS if step not in NOT_IN_WORDS), strict=True))
    return list((right | changed).values())


def mlp_of_other_units(constant=None):
    """A dense layer has another number of units than in the table.

    The first argument of `Dense` is the number of units: 512, 512 and 10.
    """
    return _with_words(constant or _usual(second="dense 256, L2 0.001"))


def mlp_of_other_rates(constant=None):
    """A dropout layer has another rate than 0.2; `rate` is the share that is *dropped*, not kept.

    Write `Dropout(0.2)`, twice.
    """
    return _with_words(constant or _usual(drop="dropout 0.5", drop_again="dropout 0.5"))


def mlp_of_other_strength(constant=None):
    """The L2 penalty of the second hidden layer is not 0.001; the word "l2" stands for 0.01.

    Give it as an object: `kernel_regularizer=keras.regularizers.L2(0.001)`.
    """
    return _with_words(constant or _usual(second="dense 512, L2 0.01"))


def mlp_of_another_penalty(constant=None):
    """The second hidden layer has another penalty than L2 on its kernel, such as L1, or one on biases or activations.

    Asked for is one argument: `kernel_regularizer=keras.regularizers.L2(0.001)`.
    """
    return _with_words(constant or _usual(second="dense 512, L1 0.01"))


def mlp_of_another_normalization(constant=None):
    """The batch normalization has settings of its own, such as the ε or momentum of another library.

    The table names none, so Keras's defaults hold: `BatchNormalization()`.
    """
    return _with_words(constant or _usual(normalize="batch normalization, momentum 0.9, epsilon 1e-05"))


def mlp_without_a_bias(constant=None):
    """A dense layer has no bias.

    The parameters in the table count one for each unit: leave `use_bias` at its default.
    """
    return _with_words(constant or _usual(second="dense 512, L2 0.001, no bias"))


def mlp_with_initializers(constant=None):
    """A dense layer has an initializer of its own (`kernel_initializer` or `bias_initializer`).

    The table names none, so Keras's defaults hold: leave it out.
    """
    return _with_words(constant or _usual(first="dense 512, HeNormal for the kernel"))


def mlp_with_another_layer(constant=(0, "GaussianNoise")):
    """There is a layer that the table does not have.

    Keep to the table, a line for each of its rows.
    """
    place, word = constant
    steps = list(RIGHT_STEPS)
    places = [number for number, step in enumerate(steps) if step not in NOT_IN_WORDS] + [len(steps)]
    return MLPOnPaper([*steps[: places[place]], word, *steps[places[place] :]])


def mlp_of_square_images():
    """It does not take rows of 784 numbers.

    The images are flat already: begin with `keras.Input((784,))`.
    """
    return MLPOnPaper(RIGHT_STEPS, input_dim=28)


def mlp_that_drops_in_use():
    """Used twice for the same images it gives different outputs: something random is active in use, too.

    Use `layers.Dropout` as it is: Keras switches it on in `fit` and off in `predict`.
    """
    return MLPOnPaper(RIGHT_STEPS, is_random=True)


def mlp_as_list():
    """What comes back is no model, but a list, tuple or the like.

    Return the model alone: `keras.Sequential` makes one of a list of layers.
    """
    return list(RIGHT_STEPS)


STRAIGHT = "In the table each layer takes what the one before it gives, and nothing else."

BUILD_MLP = Exercise(
    name="build_mlp",
    kind="build",
    minutes=15,
    level=2,
    reference=mlp_on_paper,
    probe=probe_build_mlp,
    misconceptions=[
        *flags(
            mlp_on_paper,
            no_dropout=("There is no dropout.", "It stands after each of the two hidden layers, with rate 0.2."),
            one_dropout=(
                "One of the two dropout layers is missing, the one before the output layer.",
                "It stands after the second ReLU.",
            ),
            no_penalty=(
                "The second hidden layer has no L2 penalty.",
                "`kernel_regularizer=keras.regularizers.L2(0.001)` gives it one.",
            ),
            first_penalty=("The L2 penalty is on the first hidden layer.", "It belongs to the second."),
            every_penalty=("All dense layers have the L2 penalty.", "Asked for is the second hidden layer alone."),
            no_normalization=(
                "There is no batch normalization.",
                "It stands between the second dense layer and its ReLU.",
            ),
            relu_first=(
                "The second ReLU comes before the batch normalization.",
                "Give the second dense layer no activation, and let a ReLU follow the normalization.",
            ),
            two_relus=(
                "The second dense layer has a ReLU of its own, besides the one after the batch normalization.",
                "Give it no activation: the table says *dense without activation*.",
            ),
            no_second_relu=(
                "Nothing non-linear follows the batch normalization.",
                'Add `layers.Activation("relu")` there.',
            ),
            no_first_relu=(
                "The first dense layer has no activation, so it and the second make but one linear map.",
                'Give it `activation="relu"`.',
            ),
            tanh=("The first dense layer has a tanh.", 'Give it `activation="relu"`.'),
            leaky=(
                "The first dense layer has a leaky ReLU, which lets a part of what is negative through.",
                'The table has plain ReLUs: `activation="relu"`.',
            ),
            limited=(
                "The first dense layer has a ReLU that lets nothing above 6 through.",
                'The table has plain ReLUs, without a limit: `activation="relu"`.',
            ),
            shortcut=(
                "A shortcut adds the first hidden layer's outputs to those of the second dense layer.",
                STRAIGHT,
            ),
            shortcut_to_relu=(
                "A shortcut adds the first hidden layer's outputs to those of the batch normalization.",
                STRAIGHT,
            ),
            shortcut_behind=("A shortcut adds the first hidden layer's outputs to those of the second.", STRAIGHT),
            rescaled=(
                "The model divides its inputs by 255.",
                "It takes rows that are scaled already: leave the Rescaling layer out.",
            ),
            logits=(
                "The output layer gives logits, without a softmax.",
                'Asked for are probabilities: `activation="softmax"`.',
            ),
            two_softmaxes=("There are two softmaxes, one after the other.", "Keep one of them."),
            over_the_batch=(
                "The softmax runs along axis 0, over the images of a batch.",
                "Each image's ten probabilities make 1: the last axis, which is Keras's default.",
            ),
            sigmoids=(
                "Sigmoids judge each digit on its own, and need not add up to 1.",
                'An image shows one of ten digits: `activation="softmax"`.',
            ),
            one_output=("There is one output unit.", "Ten classes need ten, a probability each."),
        ),
        mlp_of_square_images,
        mlp_that_drops_in_use,
        mlp_as_list,
        Misconception.of(mlp_of_other_units, constant=(IN_WORDS, only_differing_in(r"(?<=dense )\d+"))),
        Misconception.of(mlp_of_other_rates, constant=(IN_WORDS, only_differing_in(r"(?<=dropout )[^,]+"))),
        Misconception.of(mlp_of_other_strength, constant=(IN_WORDS, only_differing_in(r"(?<=L2 )[0-9.e-]+$"))),
        Misconception.of(mlp_of_another_penalty, constant=(IN_WORDS, only_differing_in(r", L[12] [^,]*"))),
        Misconception.of(
            mlp_of_another_normalization, constant=(IN_WORDS, only_differing_in(r"(?<=normalization), .*$"))
        ),
        Misconception.of(mlp_without_a_bias, constant=(IN_WORDS, only_differing_in(r", no bias"))),
        Misconception.of(mlp_with_initializers, constant=(IN_WORDS, only_differing_in(r", \w+ for the (kernel|bias)"))),
        Misconception.of(mlp_with_another_layer, constant=(IN_WORDS, another_layer)),
    ],
    # What is right in Keras itself, the solution first of all, is in tests/exercises/mnist_mlp/test_build_mlp.py.
    hints=[
        "One line a layer, in the order of the table. `keras.Sequential([...])` takes them as a list.",
        "Where something stands between a dense layer and its activation, the activation is a layer of its own: "
        '`layers.Activation("relu")`.',
        "`model.summary()` counts for you: 401,920 + 262,656 + 2,048 + 5,130 parameters.",
        "A penalty on a layer's kernel is an argument of that layer, `kernel_regularizer`. What has a strength?",
    ],
    time_limit=30.0,  # the first row may have to import Keras
    solution=build_mlp,
)
