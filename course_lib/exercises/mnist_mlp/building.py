"""The exercise on the MLP in Keras: its settings are read, and what it computes is computed, whatever builds it."""

from functools import lru_cache
from itertools import count

import numpy as np

from course_lib.checking.exercise import Exercise, Row
from course_lib.checking.observe import once
from course_lib.exercises.mnist_mlp.building_mistakes import MISCONCEPTIONS
from course_lib.exercises.mnist_mlp.mlp_in_words import IN_WORDS, layers_in_words
from course_lib.exercises.mnist_mlp.mlp_on_paper import mlp_on_paper


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


BUILD_MLP = Exercise(
    name="build_mlp",
    kind="build",
    minutes=15,
    level=2,
    reference=mlp_on_paper,
    probe=probe_build_mlp,
    misconceptions=MISCONCEPTIONS,
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
