"""The same net in Keras three times: from a list, from its inputs and outputs, and as a class."""

from functools import partial

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.observe import once
from course_lib.exercises.backpropagation.nets_on_paper import (
    FORMS,
    Layer,
    NoFit,
    OutOfOrder,
    PastTheSecond,
    Unmade,
    Weightless,
    WithoutCall,
    faulty_net,
    form_of,
    net_of_shapes,
)


def sequential_net():
    """Return the 3-3-2-2 net as `keras.Sequential`."""
    from keras import Input, Sequential, layers

    return Sequential(
        [
            Input((3,)),
            layers.Dense(3, activation="tanh"),
            layers.Dense(2, activation="tanh"),
            layers.Dense(2, activation="softmax"),
        ]
    )


def functional_net():
    """Return the 3-3-2-2 net as `keras.Model(inputs, outputs)`."""
    from keras import Input, Model, layers

    inputs = Input((3,))
    first = layers.Dense(3, activation="tanh")(inputs)
    second = layers.Dense(2, activation="tanh")(first)
    return Model(inputs, layers.Dense(2, activation="softmax")(second))


def subclass_net():
    """Return the 3-3-2-2 net as an object of a class made from `keras.Model`."""
    from keras import Model, layers

    class Net(Model):
        def __init__(self):
            super().__init__()
            self.first = layers.Dense(3, activation="tanh")
            self.second = layers.Dense(2, activation="tanh")
            self.last = layers.Dense(2, activation="softmax")

        def call(self, x):
            return self.last(self.second(self.first(x)))

    return Net()


class NotAModel(Exception):
    """Something else came back than a Keras model."""


class AClass(Exception):
    """A class came back, and no object of it."""


class NotMade(Exception):
    """An object came back whose class forgot to call the `__init__` that it inherits."""


class ALayer(Exception):
    """A layer came back, and no model."""


class NoCall(Exception):
    """The model's class has no `call`. Keras says so by what an unwritten answer raises, too."""


class NoFittingInputs(Exception):
    """One of the layers gets inputs of another width than it was made for."""


class NoWeights(Exception):
    """The model has no weights."""


class OtherInputs(Exception):
    """The model takes inputs of another shape. Keras says so in words that depend on how it was built."""


FORM, SHAPES = "how it was made", "the shapes of its weights"
COMPUTED = "what it computes for 24 examples, with weights that the check puts in"


def probe_net(net, rng):
    examples = rng.normal(scale=2.0, size=(24, 3)).astype("float32")
    key = int(rng.integers(2**32))

    @once
    def model():
        built = net()
        if built is None:
            return None
        if isinstance(getattr(built, "__name__", None), str):
            raise AClass("asked for is a model; your function returned a class or a function")
        if not form_of(built) and hasattr(built, "call"):
            raise NotMade("its class did not call `super().__init__()`")
        if not form_of(built):
            raise NotAModel("asked for is one Keras model, and nothing around it or in its place")
        if not hasattr(built, "fit"):
            raise ALayer("asked for is a model; your function returned a layer, which cannot be trained on its own")
        try:
            built(examples)  # a model without an Input layer has no weights before it is used
        except NotImplementedError:
            raise NoCall("its class has no method `call`") from None
        except ValueError as error:
            # Behind this Keras repeats what the whole model was called with.
            said = str(error).split("Arguments received")[0]
            if "(24, 3)" in said or "its inputs" in said:
                raise OtherInputs("the model does not take an array of shape (24, 3)") from None
            if "shape" in said:
                raise NoFittingInputs("one of its layers gets inputs of another width than it was made for") from None
            raise
        if not weights(built):
            raise NoWeights("it keeps no layers, and so has no weights")
        return built

    def look(at):
        return None if model() is None else at(model())

    def weights(made):
        return [np.shape(weight) for weight in made.trainable_variables]

    def computed(made, **how):
        drawn = np.random.default_rng(key)
        # Small biases, so that sums have both signs: of positive ones ReLU makes what no activation does.
        sizes = [(shape, 0.3 if len(shape) == 1 else 1.0) for shape in weights(made)]
        trained = [drawn.normal(scale=scale, size=shape).astype("float32") for shape, scale in sizes]
        others = [np.asarray(weight) for weight in made.non_trainable_variables]
        return np.asarray(made.stateless_call(trained, others, examples, **how)[0])

    def is_the_same_in_training(made):
        try:
            trained = computed(made, training=True)
        except TypeError:  # a `call` that does not ask whether it is trained, and then Keras's `fit` does not say so
            return True
        return bool(np.allclose(computed(made), trained, rtol=1e-4))

    yield Row(FORM, lambda: look(form_of), weight=2)
    yield "the number of parameters", lambda: look(lambda made: made.count_params())
    yield SHAPES, lambda: look(lambda made: ["×".join(map(str, shape)) for shape in weights(made)])
    # Keras computes in float32.
    yield Row(COMPUTED, lambda: look(computed), weight=2, relative_tolerance=1e-3)
    yield "whether it computes the same while it is trained", lambda: look(is_the_same_in_training)


def net_of_two_inputs(form):
    def net_of_two_inputs():
        """It does not take rows of three numbers.

        The first layer's inputs are three features.
        """
        return faulty_net(form, two_inputs=True)

    return net_of_two_inputs


def net_as_list():
    """What comes back is no model, but a list, the outputs or the like.

    Return the model itself.
    """
    return list(FORMS)


def net_that_is_not_made():
    """Nothing of Keras is in the object: its class is not made from `keras.Model`, or does not call its `__init__`.

    Write `class Net(keras.Model)`, and begin `__init__` with `super().__init__()`.
    """
    return Unmade()


def net_as_class():
    """What comes back is the class itself, and no object of it.

    Call it: `return Net()`.
    """
    return Unmade


def net_as_layer():
    """What comes back is made from `keras.layers.Layer`, and no model.

    Make the class from `keras.Model`: it can be compiled and trained.
    """
    return Layer()


def net_without_call():
    """The class has no method `call`, which is what Keras looks for when a model is used (not `forward`).

    Write `def call(self, x)`, and return what the last layer gives.
    """
    return WithoutCall()


def net_past_the_second():
    """The last layer takes what the first hidden layer gives; what the second one makes of it is not used.

    In `call`, hand on from layer to layer.
    """
    return PastTheSecond()


def net_out_of_order():
    """The layers are called in another order: that of two units comes before that of three.

    3-3-2-2: in `call`, hand on from the layer of three units to those of two.
    """
    return OutOfOrder()


def net_of_layers_that_do_not_fit():
    """One of the layers gets inputs of another width than it was made for, as when it is called twice.

    In `call`, hand on from layer to layer, and call each once.
    """
    return NoFit()


def net_without_weights():
    """The model has no weights: its layers are made anew in each call, or are not kept in `self`.

    Make the layers in `__init__`, and keep each: `self.first = layers.Dense(…)`.
    """
    return Weightless()


MADE = {
    "sequential": ("from a list, by `keras.Sequential`", "Give `keras.Sequential` the list of its layers."),
    "functional": (
        "from its inputs and outputs",
        "Call each layer with what the one before gave, and end in `keras.Model(inputs, outputs)`.",
    ),
    "subclass": (
        "as an object of a class of your own",
        "Write `class Net(keras.Model)` with `__init__` and `call`, and return `Net()`.",
    ),
}


def exercise(form, solution, hints, minutes):
    """Return the exercise to make the net in that form."""

    another = next(other for other in FORMS if other != form)

    def other_form(constant=another):
        return faulty_net(constant if constant in FORMS else form)

    def other_sizes(constant=("3×3", "3", "3×2", "2", "2×2", "2", "2×2", "2")):
        return net_of_shapes(form, constant)

    return Exercise(
        name=f"{form}_net",
        kind="build",
        minutes=minutes,
        level=2,
        reference=FORMS[form],
        probe=probe_net,
        misconceptions=[
            Misconception(
                other_form,
                f"The net is the right one, but it is not made {MADE[form][0]}.",
                MADE[form][1],
                f"{form}_net_in_another_form",
                constant=(FORM, lambda given: given),
            ),
            *flags(
                partial(faulty_net, form),
                logits=(
                    "The last layer has no softmax, so its outputs are no probabilities.",
                    'Give it `activation="softmax"`.',
                ),
                sigmoids=(
                    "The last layer has sigmoids, which need not add up to 1.",
                    'Give it `activation="softmax"`.',
                ),
                one_output=("The last layer has one unit.", "Two classes, two units of a softmax."),
                other_units=(
                    "The first hidden layer has more than three units.",
                    "3-3-2-2: three inputs, then layers of three, two and two units. 26 parameters.",
                ),
                swapped=(
                    "The hidden layers stand in the wrong order: two units first, and then three.",
                    "3-3-2-2: three inputs, then layers of three, two and two units.",
                ),
                first_missing=(
                    "The layer of three units is missing.",
                    "The first 3 of 3-3-2-2 counts the inputs, the second one is a layer.",
                ),
                second_missing=(
                    "One of the two layers with two units is missing: the hidden one.",
                    "What does the last layer take?",
                ),
                last_missing=(
                    "The output layer is missing: what comes out is the second hidden layer's.",
                    "What does your model return?",
                ),
                first_linear=("The first hidden layer has no activation.", 'Give it `activation="tanh"`.'),
                second_linear=("The second hidden layer has no activation.", 'Give it `activation="tanh"`.'),
                both_linear=("The hidden layers have no activation.", 'Give them `activation="tanh"`.'),
                relus=("The hidden layers have ReLU.", 'Asked for is `activation="tanh"`.'),
                sigmoids_inside=("The hidden layers have sigmoids.", 'Asked for is `activation="tanh"`.'),
                **{
                    f"{name}_{activation}": (
                        f"The {name} hidden layer has {told}.",
                        'Asked for is `activation="tanh"` in both.',
                    )
                    for name in ("first", "second")
                    for activation, told in (("sigmoid", "sigmoids"), ("relu", "ReLU"), ("softmax", "a softmax"))
                },
                tanh_at_the_end=("The last layer has tanh.", 'Give it `activation="softmax"`.'),
                softmax_twice=("There are two softmaxes, one after the other.", "Keep one of them."),
                drops=(
                    "It computes something else while it is trained: there is a dropout layer, or noise.",
                    "Asked for are three dense layers, and nothing else.",
                ),
                no_bias=(
                    "The layers have no biases, so there are fewer than 26 parameters.",
                    "Leave `use_bias` as it is.",
                ),
            ),
            Misconception(
                other_sizes,
                "The weights have other shapes than those of 3-3-2-2: another layer, other units, or a bias missing.",
                "3-3-2-2: three inputs, then layers of three, two and two units, each with a bias. 26 parameters.",
                f"{form}_net_of_other_sizes",
                constant=(SHAPES, lambda given: list(given)),
            ),
            net_of_two_inputs(form),
            net_as_list,
            *(
                [
                    net_that_is_not_made,
                    net_as_class,
                    net_past_the_second,
                    net_as_layer,
                    net_without_call,
                    net_out_of_order,
                    net_of_layers_that_do_not_fit,
                    net_without_weights,
                ]
                if form == "subclass"
                else []
            ),
        ],
        # What is right in Keras itself, the solutions first of all, is in tests/exercises/backpropagation/test_nets.py.
        hints=hints,
        time_limit=30.0,  # the first row may have to import Keras
        solution=solution,
    )


SEQUENTIAL_NET = exercise(
    "sequential",
    sequential_net,
    [
        "`keras.Sequential([...])` takes a list: what the inputs look like, and then a layer a line.",
        "The inputs are `keras.Input((3,))`, a layer is `layers.Dense(units, activation=…)`.",
    ],
    minutes=5,
)
FUNCTIONAL_NET = exercise(
    "functional",
    functional_net,
    [
        "`keras.Input((3,))` stands for a batch to come. A layer is called with it, the next with what that gives.",
        "`layers.Dense(3, …)` makes a layer; a second pair of brackets calls it.",
        "A model is all that lies between two of these: `keras.Model(inputs, outputs)`.",
    ],
    minutes=5,
)
SUBCLASS_NET = exercise(
    "subclass",
    subclass_net,
    [
        "`__init__` makes the layers and keeps them in `self`; `call(self, x)` takes a batch through them.",
        "Before anything else, `__init__` calls `super().__init__()`. And what is asked for is an object of the class.",
    ],
    minutes=8,
)
