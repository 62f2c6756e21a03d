"""Answers to chapter 04 that were written from its text alone, later: what had not been named, or falsely."""

from tests.exercises.backpropagation.bank import nets
from tests.exercises.backpropagation.bank.layers import BACK, DB, DX, dense
from tests.exercises.banks import RIGHT, written

OUTPUT = """
def output_gradient(logits, labels):
    n = len(labels)
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    y = np.eye(p.shape[1])[labels]
    return (p - y) / n
"""
CLIP = """
def clip_by_global_norm(t_list, clip_norm):
    norm = np.sqrt(sum(np.sum(t**2) for t in t_list))
    factor = min(1.0, clip_norm / norm) if norm > 0 else 1.0
    return [t * factor for t in t_list], norm
"""
LOOKUP = """
def lookup_gradient(ids, upstream, rows):
    gradient = np.zeros((rows, upstream.shape[-1]))
    np.add.at(gradient, ids, upstream)
    return gradient
"""
TRAIN = """
def train_network(x, labels, weights, learning_rate, steps):
    def gradients(x, labels, w1, b1, w2, b2):
        a = np.tanh(x @ w1 + b1)
        z = a @ w2 + b2
        p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        up = (p - np.eye(p.shape[1])[labels]) / len(x)
        down = up @ w2.T * (1 - a**2)
        return [x.T @ down, down.sum(axis=0), a.T @ up, up.sum(axis=0)]
    for _ in range(steps):
        weights = [w - learning_rate * g for w, g in zip(weights, gradients(x, labels, *weights))]
    return list(weights)
"""
VALUE = """
class Value:
    def __init__(self, data, parents=(), slopes=()):
        self.data, self.grad, self.parents, self.slopes = data, 0.0, parents, slopes
    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))
    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))
    def tanh(self):
        return Value(np.tanh(self.data), (self,), (1 - np.tanh(self.data) ** 2,))
    def backward(self, gradient=1.0):
        self.grad += gradient
        for parent, slope in zip(self.parents, self.slopes):
            parent.backward(gradient * slope)
"""
UNBROADCAST = """
def unbroadcast(gradient, shape):
    gradient = gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))
    for axis, size in enumerate(shape):
        if size == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient
"""


def output(told, *changes):
    return written("output_gradient", OUTPUT, told, *changes)


def clip(told, *changes):
    return written("clip_by_global_norm", CLIP, told, *changes)


def lookup(told, *changes):
    return written("lookup_gradient", LOOKUP, told, *changes)


def train(told, *changes):
    return written("train_network", TRAIN, told, *changes)


CASES = [
    written("Value", VALUE, RIGHT),
    written("Value", VALUE, "last way alone", ("self.grad += gradient", "self.grad = gradient")),
    written("Value", VALUE, "not multiplied by the slope", ("gradient * slope", "gradient")),
    written("unbroadcast", UNBROADCAST, RIGHT),
    written("unbroadcast", UNBROADCAST, "only the first is summed",
            ("keepdims=True)", "keepdims=True)\n            break")),
    dense("kernel's gradient is turned around", ("dw = x.T", "dw = -x.T")),
    dense("kernel's gradient is that of the first", ("dw = x.T @ upstream", "dw = np.outer(x[0], upstream[0])")),
    dense("inputs' gradient is the kernel alone", (DX, "dx = kernel.T")),
    dense("inputs' gradient is summed", (DX, "dx = (upstream @ kernel.T).sum(axis=0)")),
    dense("counts the examples", (DB, "db = np.full(kernel.shape[1], len(x))")),
    dense("taken off", (BACK, "return kernel - dw, db, dx")),
    output(RIGHT),
    output("only y is divided", ("(p - y) / n", "p - y / n")),
    output("one maximum", ("logits.max(axis=1, keepdims=True)", "logits.max()")),
    output("class that is predicted", ("[labels]", "[logits.argmax(axis=1)]")),
    output("down the columns", ("p.sum(axis=1, keepdims=True)", "p.sum(axis=0, keepdims=True)")),
    output("the loss came back", ("return (p - y) / n", "return -np.mean(np.log(np.sum(p * y, axis=1)))")),
    clip(RIGHT),
    clip("factor is squared", ("clip_norm / norm)", "clip_norm**2 / norm**2)")),
    clip("stretches a vector", ("np.sum(t**2)", "(np.linalg.norm(t, 2)**2 if t.ndim == 2 else np.sum(t**2))")),
    clip("longer than the limit themselves", ("[t * factor", "[t * factor if np.linalg.norm(t) > clip_norm else t")),
    clip("whole number", ("clip_norm / norm)", "clip_norm // norm)")),
    clip("second thing that you return", (", norm\n", ", factor\n")),
    lookup(RIGHT),
    lookup("sum of everything", ("np.add.at(gradient, ids, upstream)", "gradient[ids] = upstream.sum(axis=0)")),
    lookup("whole numbers", ("upstream.shape[-1]))", "upstream.shape[-1]), dtype=int)")),
    lookup("largest of what comes back", ("np.add.at", "np.maximum.at")),
    train(RIGHT),
    train("One step is made", ("range(steps)", "range(1)")),
    train("list of four", ("return list(weights)", "return weights[0], weights[2]")),
    train("divided by the number of steps", ("learning_rate * g", "learning_rate / steps * g")),
    nets.subclass("another width", ("self.first(inputs)", "self.second(inputs)")),
    nets.subclass("another order|Two units|another width", ("x = self.first(inputs)", "x = self.last(inputs)")),
    nets.subclass("Nothing of Keras", ("Net(keras.Model)", "Net"), ("            super().__init__()\n", "")),
    nets.subclass(
        "no weights",
        ("x = self.first(inputs)", 'x = layers.Dense(3, activation="tanh")(inputs)'),
        ("y = self.second(x)", 'y = layers.Dense(2, activation="tanh")(x)'),
        ("self.last(y)", 'layers.Dense(2, activation="softmax")(y)'),
    ),
    nets.sequential("first hidden layer has sigmoids", ('Dense(3, activation="tanh")', "Dense(3, 'sigmoid')")),
    nets.functional("made by one pair of brackets", ('activation="tanh")(x)', 'activation="tanh")')),
    nets.functional("shape is a tuple", ("keras.Input(shape=(3,))", "keras.Input(3)")),
]  # fmt: skip
