"""The 3-3-2-2 net as its probe sees it, without Keras: for wrong answers to be tried in milliseconds."""

import numpy as np

from course_lib import activations

FUNCTIONS = {
    "tanh": np.tanh,
    "relu": activations.relu,
    "sigmoid": activations.sigmoid,
    "softmax": activations.softmax,
    "none": lambda x: x,
}
LAYERS = ((3, "tanh"), (2, "tanh"), (2, "softmax"))


class NetOnPaper:
    """What the probe asks of a Keras model.

    Args:
        layers: (units, activation) of each layer, in order.
        input_dim: the number of features that it takes.
        bias: whether its layers have one.
    """

    def __init__(self, layers=LAYERS, input_dim=3, bias=True):
        self.layers, self.input_dim, self.bias = layers, input_dim, bias
        self.trainable_variables, self.non_trainable_variables = [], []
        for units, _ in layers:
            self.trainable_variables += [np.zeros((input_dim, units))] + [np.zeros(units)] * bias
            input_dim = units

    def count_params(self):
        return sum(weight.size for weight in self.trainable_variables)

    def stateless_call(self, trainable, others, x):
        if np.shape(x)[1] != self.input_dim:
            raise ValueError(f"the shape of its inputs ends in {self.input_dim}, not in {np.shape(x)[1]}")
        weights = iter(trainable)
        for _, activation in self.layers:
            x = x @ next(weights) + (next(weights) if self.bias else 0)
            x = FUNCTIONS[activation](x)
        return x, others

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

    def stateless_call(self, trainable, others, x):
        w1, b1, _, _, w3, b3 = trainable
        return activations.softmax(np.tanh(x @ w1 + b1) @ w3 + b3), others


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
    return FORMS[form](layers, input_dim, bias="no_bias" not in made)
