"""The 3-3-2-2 net as its probe sees it, without Keras: for wrong answers to be tried in milliseconds."""

from itertools import pairwise

import numpy as np

from course_lib import activations

FUNCTIONS = {
    "tanh": np.tanh,
    "relu": activations.relu,
    "sigmoid": activations.sigmoid,
    "softmax": activations.softmax,
    "two softmaxes": lambda x: activations.softmax(activations.softmax(x)),
    "none": lambda x: x,
}
LAYERS = ((3, "tanh"), (2, "tanh"), (2, "softmax"))


class NetOnPaper:
    """What the probe asks of a Keras model.

    Args:
        layers: (units, activation) of each layer, in order.
        input_dim: the number of features that it takes.
        biases: whether each of its layers has one.
        drops: whether it computes something else while it is trained.
    """

    def __init__(self, layers=LAYERS, input_dim=3, biases=None, drops=False):
        self.layers, self.input_dim, self.drops = layers, input_dim, drops
        self.biases = [True] * len(layers) if biases is None else biases
        self.trainable_variables, self.non_trainable_variables = [], []
        for (units, _), bias in zip(layers, self.biases, strict=True):
            self.trainable_variables += [np.zeros((input_dim, units))] + [np.zeros(units)] * bias
            input_dim = units

    def fit(self):
        """Keras's models can be trained, its layers cannot."""

    def count_params(self):
        return sum(weight.size for weight in self.trainable_variables)

    def stateless_call(self, trainable, others, x, training=False):
        if np.shape(x)[1] != self.input_dim:
            raise ValueError(f"the shape of its inputs ends in {self.input_dim}, not in {np.shape(x)[1]}")
        weights = iter(trainable)
        for (_, activation), bias in zip(self.layers, self.biases, strict=True):
            x = x @ next(weights) + (next(weights) if bias else 0)
            x = FUNCTIONS[activation](x)
        return 1.25 * x if training and self.drops else x, others

    def __call__(self, x):
        return self.stateless_call(self.trainable_variables, [], np.asarray(x))[0]


class Sequential(NetOnPaper):
    """Made from a list."""


class Functional(NetOnPaper):
    """Made from its inputs and outputs."""


class Model(NetOnPaper):
    """Made by a class."""


class PastTheSecond(Model):
    """Its second layer is there, and what comes out of it is not used."""

    def __init__(self):
        super().__init__()
        self.trainable_variables[4:] = [np.zeros((3, 2)), np.zeros(2)]

    def stateless_call(self, trainable, others, x, training=False):
        w1, b1, _, _, w3, b3 = trainable
        return activations.softmax(np.tanh(x @ w1 + b1) @ w3 + b3), others


class OutOfOrder(Model):
    """Its second layer is called first."""

    def __init__(self):
        super().__init__(((2, "tanh"), (3, "tanh"), (2, "softmax")))
        kernels = self.trainable_variables
        self.trainable_variables = kernels[2:4] + kernels[:2] + kernels[4:]

    def stateless_call(self, trainable, others, x, training=False):
        return super().stateless_call(trainable[2:4] + trainable[:2] + trainable[4:], others, x, training)


class NoFit(Model):
    """One of its layers gets inputs of another width than it was made for."""

    def __call__(self, x):
        raise ValueError("expected axis -1 of input shape to have value 3, but received input with shape (4, 2)")


class Weightless(Model):
    """A model that keeps no layers."""

    def __init__(self):
        super().__init__()
        self.trainable_variables = []

    def __call__(self, x):
        return x


class Layer:
    """A layer of the right computation, which is no model."""

    def __init__(self):
        self.trainable_variables = []


class WithoutCall(Model):
    """A model whose class has no `call`."""

    def __call__(self, x):
        raise NotImplementedError


class Unmade:
    """An object whose class does not call the `__init__` of Keras."""

    def call(self, x):
        return x


FORMS = {"sequential": Sequential, "functional": Functional, "subclass": Model}


def form_of(model):
    """Return in which of the three ways a model was made, by the name of its class; "" for what is no model."""
    if not isinstance(getattr(model, "trainable_variables", None), list):
        return ""
    named = {kind.__name__: form for form, kind in FORMS.items()}
    return named.get(type(model).__name__, "subclass")


def faulty_net(form, **made):
    """Return the net in that form, or another."""
    first, second, last = LAYERS
    if "other_units" in made:
        first = (4, "tanh")
    if "swapped" in made:
        first, second = (2, "tanh"), (3, "tanh")
    if "one_output" in made:
        last = (1, "softmax")
    if "logits" in made:
        last = (2, "none")
    if "sigmoids" in made:
        last = (2, "sigmoid")
    if "first_linear" in made or "both_linear" in made:
        first = (first[0], "none")
    if "second_linear" in made or "both_linear" in made:
        second = (second[0], "none")
    if "sigmoids_inside" in made:
        first, second = (first[0], "sigmoid"), (second[0], "sigmoid")
    for activation in ("sigmoid", "relu", "softmax"):
        first = (first[0], activation) if f"first_{activation}" in made else first
        second = (second[0], activation) if f"second_{activation}" in made else second
    if "tanh_at_the_end" in made:
        last = (2, "tanh")
    if "softmax_twice" in made:
        last = (2, "two softmaxes")
    if "relus" in made:
        first, second = (first[0], "relu"), (second[0], "relu")
    layers = [first, second, last]
    if "second_missing" in made:
        layers = [first, last]
    if "last_missing" in made:
        layers = [first, second]
    if "first_missing" in made:
        layers = [second, last]
    input_dim = 2 if "two_inputs" in made else 3
    biases = [False] * len(layers) if "no_bias" in made else None
    return FORMS[form](layers, input_dim, biases, drops="drops" in made)


def net_of_shapes(form, shapes):
    """Return a net in that form whose weights have these shapes, in words: "3×4" a kernel, "4" a bias."""
    kernels = [place for place, shape in enumerate(shapes) if "×" in shape]
    sizes = [tuple(map(int, shapes[place].split("×"))) for place in kernels]
    biases = [place + 1 < len(shapes) and "×" not in shapes[place + 1] for place in kernels]
    if not sizes or any(before[1] != after[0] for before, after in pairwise(sizes)):
        raise ValueError("it is no stack of dense layers")
    layers = [(units, "tanh") for _, units in sizes[:-1]] + [(sizes[-1][1], "softmax")]
    return FORMS[form](layers, sizes[0][0], biases)
