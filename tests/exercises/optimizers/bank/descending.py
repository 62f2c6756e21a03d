"""Gradient descent, momentum and Nesterov's momentum as people write them."""

import dataclasses
import types

import numpy as np

from tests.exercises.banks import RIGHT, Case, written
from tests.exercises.optimizers.bank import LIST
from tests.exercises.optimizers.foreign import with_keras

DESCENT = """
class GradientDescent:
    def __init__(self, learning_rate):
        self.learning_rate = learning_rate

    def step(self, weights, gradients):
        new = []
        for w, g in zip(weights, gradients):
            new.append(w - self.learning_rate * g)
        return new
"""
UPDATE = "new.append(w - self.learning_rate * g)"


def descent(told, *changes, name=""):
    return written("GradientDescent", DESCENT, told, *changes, name=name)


def descent_line(told, line):
    return descent(told, (UPDATE, line))


MOMENTUM = """
class Momentum:
    def __init__(self, learning_rate, momentum):
        self.lr = learning_rate
        self.momentum = momentum
        self.v = None

    def step(self, params, grads):
        if self.v is None:
            self.v = [np.zeros_like(p) for p in params]
        new = []
        for i in range(len(params)):
            self.v[i] = self.momentum * self.v[i] - self.lr * grads[i]
            new.append(params[i] + self.v[i])
        return new
"""
VELOCITY, MOVE = "self.v[i] = self.momentum * self.v[i] - self.lr * grads[i]", "new.append(params[i] + self.v[i])"


def momentum(told, *changes, name=""):
    return written("Momentum", MOMENTUM, told, *changes, name=name)


def velocity(told, line):
    return momentum(told, (VELOCITY, line))


NESTEROV = MOMENTUM.replace(
    MOVE, "new.append(params[i] - self.momentum * v_prev + (1 + self.momentum) * self.v[i])"
).replace(VELOCITY, "v_prev = self.v[i].copy()\n            " + VELOCITY)
LOOK = "params[i] - self.momentum * v_prev + (1 + self.momentum) * self.v[i]"


def nesterov(told, new):
    return written("Nesterov", NESTEROV, told, (LOOK, new))


KEYED_BY_ID = """
class Momentum:
    def __init__(self, learning_rate, momentum):
        self.lr, self.momentum, self.state = learning_rate, momentum, {}

    def step(self, params, grads):
        out = []
        for p, g in zip(params, grads):
            v = self.state.get(id(p), np.zeros_like(p))
            v = self.momentum * v - self.lr * g
            self.state[id(p)] = v
            out.append(p + v)
        return out
"""

IN_PLACE_BY_ID = """
class Momentum:
    def __init__(self, learning_rate, momentum):
        self.lr, self.momentum, self.state = learning_rate, momentum, {}

    def step(self, params, grads):
        for p, g in zip(params, grads):
            if id(p) not in self.state:
                self.state[id(p)] = np.zeros_like(p)
            v = self.state[id(p)]
            v *= self.momentum
            v -= self.lr * g
            p += v
        return params
"""


@dataclasses.dataclass
class DescentWithFields:
    learning_rate: float = 0.01

    def step(self, weights, gradients):
        return [np.asarray(w) - np.asarray(g) * self.learning_rate for w, g in zip(weights, gradients, strict=True)]


def descent_of_float32(learning_rate):
    rate = np.float32(learning_rate)
    return types.SimpleNamespace(
        step=lambda ws, gs: [w.astype("float32") - rate * g.astype("float32") for w, g in zip(ws, gs, strict=True)]
    )


def momentum_of_dicts(learning_rate, momentum):
    state = {}

    def step(weights, gradients):
        named = {f"w{i}": (w, g) for i, (w, g) in enumerate(zip(weights, gradients, strict=True))}
        for key, (_, g) in named.items():
            state[key] = momentum * state.get(key, 0.0) - learning_rate * g
        return [w + state[key] for key, (w, _) in named.items()]

    return types.SimpleNamespace(step=step)


CASES = [
    # right ones
    descent(RIGHT, name="as everybody writes it"),
    Case("GradientDescent", RIGHT, "a dataclass", DescentWithFields),
    Case("GradientDescent", RIGHT, "float32", descent_of_float32),
    Case("GradientDescent", RIGHT, "keras", with_keras("SGD")),
    descent(RIGHT, (UPDATE, "w -= self.learning_rate * g"), ("return new", "return weights")),
    descent(LIST, (UPDATE, "yield w - self.learning_rate * g"), ("return new", "")),
    descent(
        LIST,
        (UPDATE, "pass"),
        ("return new", "return (w - self.learning_rate * g for w, g in zip(weights, gradients))"),
    ),
    momentum(RIGHT, name="as everybody writes it"),
    Case("Momentum", RIGHT, "dicts", momentum_of_dicts),
    Case("Momentum", RIGHT, "keras", with_keras("SGD")),
    written("Momentum", IN_PLACE_BY_ID, RIGHT, name="in place, keyed by id"),
    momentum(LIST, (MOVE, "yield params[i] + self.v[i]"), ("return new", "")),
    nesterov(RIGHT, "params[i] + self.momentum * self.v[i] - self.lr * grads[i]"),
    written("Nesterov", NESTEROV, RIGHT, name="as in the lecture"),
    Case("Nesterov", RIGHT, "keras", with_keras("SGD", nesterov=True)),
    # gradient descent
    descent("list", (UPDATE, "pass"), ("return new", "return weights - self.learning_rate * gradients")),
    descent("`?self`?", ("def step(self, weights", "def step(weights")),
    descent_line("learning_rate", "new.append(w - learning_rate * g)"),
    descent_line("return.*loop", "return w - self.learning_rate * g"),
    descent_line("return.*loop", "new.append(w - self.learning_rate * g); return new"),
    descent(
        "nothing|unchanged|as they were|stay",
        (UPDATE, "w = w - self.learning_rate * g"),
        ("return new", "return weights"),
    ),
    descent_line("clip", "new.append(w - self.learning_rate * np.clip(g, -1, 1))"),
    descent_line("clip", "new.append(w - self.learning_rate * np.clip(g, -5, 5))"),
    descent_line("clip|norm|long", "new.append(w - self.learning_rate * g / max(1, np.linalg.norm(g)))"),
    descent_line("bracket|off the weight", "new.append((w - self.learning_rate) * g)"),
    descent_line("round", "new.append(np.round(w - self.learning_rate * g, 4))"),
    descent_line("2 times|factor|another number", "new.append(w - 2 * self.learning_rate * g)"),
    descent_line("number of rows|rows|divid", "new.append(w - self.learning_rate * g / g.shape[0])"),
    descent_line("decay|shrink|share of", "new.append(w - self.learning_rate * (g + 0.01 * w))"),
    descent_line("decay|shrink|share of", "new.append(w - self.learning_rate * (g + 1e-4 * w))"),
    descent_line("divide", "new.append(w - self.learning_rate / g)"),
    descent_line("sign|uphill|up the", "new.append(w + self.learning_rate * g)"),
    descent_line("0.1|learning_rate", "new.append(w - 0.1 * g)"),
    descent_line("rate.*(falls|smaller|shrinks)", "new.append(w - self.learning_rate * g); self.learning_rate *= 0.99"),
    descent_line("rate.*(falls|smaller|shrinks)", "new.append(w - self.learning_rate * g); self.learning_rate *= 0.9"),
    descent("one value, not 2|tuple|two", ("return new", "return new, gradients")),
    descent("one array|single|glued|join", ("return new", "return np.concatenate([n.ravel() for n in new])")),
    # momentum
    velocity("mean", "self.v[i] = self.momentum * self.v[i] - (1 - self.momentum) * self.lr * grads[i]"),
    momentum(
        "first gradient|mean",
        ("np.zeros_like(p) for p in params", "-self.lr * g for g in grads"),
        (VELOCITY, "self.v[i] = self.momentum * self.v[i] - (1 - self.momentum) * self.lr * grads[i]"),
    ),
    momentum("first gradient|start", ("np.zeros_like(p) for p in params", "-self.lr * g for g in grads")),
    momentum("first gradient|start", ("np.zeros_like(p) for p in params", "g for g in grads")),
    momentum("start.*1|1.*start|start", ("np.zeros_like", "np.ones_like")),
    momentum("momentum.*twice|twice|once more", (MOVE, "new.append(params[i] + self.momentum * self.v[i])")),
    momentum("sign|up the gradient", (MOVE, "new.append(params[i] - self.v[i])")),
    velocity("sign|up the gradient", "self.v[i] = self.momentum * self.v[i] + self.lr * grads[i]"),
    momentum(
        "sign|against",
        (VELOCITY, "self.v[i] = self.lr * grads[i] - self.momentum * self.v[i]"),
        (MOVE, "new.append(params[i] - self.v[i])"),
    ),
    written("Momentum", KEYED_BY_ID, "id\\(|remember|position", name="new arrays, keyed by id"),
    momentum(
        "new|second|anew|class",
        ("momentum):", "momentum, v={}):"),
        ("= None", "= v"),
        ("self.v is None", "not self.v"),
        (
            "self.v = [np.zeros_like(p) for p in params]",
            "self.v.update({i: np.zeros_like(p) for i, p in enumerate(params)})",
        ),
    ),
    momentum(
        "share|one velocity",
        ("self.v = None", "self.v = 0"),
        ("if self.v is None:", "if False:"),
        ("self.v[i]", "self.v"),
    ),
    momentum(
        "share|one velocity",
        ("[np.zeros_like(p) for p in params]", "[np.zeros_like(params[0])] * len(params)"),
        (VELOCITY, "self.v[i] *= self.momentum; self.v[i] -= self.lr * grads[i]"),
    ),
    momentum("list", (VELOCITY, "self.v = self.momentum * self.v - self.lr * grads[i]")),
    momentum("return what is added|return the (velocit|steps)", ("return new", "return self.v")),
    velocity("own, whatever the arg", "self.v[i] = 0.9 * self.v[i] - self.lr * grads[i]"),
    velocity("own, whatever the arg", "self.v[i] = 0.5 * self.v[i] - self.lr * grads[i]"),
    momentum("rate.*twice", (MOVE, "new.append(params[i] + self.lr * self.v[i])")),
    velocity("learning_rate", "self.v[i] = self.momentum * self.v[i] - grads[i]"),
    momentum("twice", (MOVE, "new.append(params[i] + self.v[i] - self.lr * grads[i])")),
    momentum(
        "remember",
        (VELOCITY, "v = self.momentum * self.v[i] - self.lr * grads[i]"),
        (MOVE, "new.append(params[i] + v)"),
    ),
    velocity("clip", "self.v[i] = self.momentum * self.v[i] - self.lr * np.clip(grads[i], -1, 1)"),
    momentum(
        "correct",
        (MOVE, "self.t = getattr(self, 't', 0) + 1; new.append(params[i] + self.v[i] / (1 - self.momentum ** self.t))"),
        name="corrected as in Adam",
    ),
    momentum("loop|return", ("        return new", "            return new")),
    velocity("bracket|comes in twice", "self.v[i] = self.momentum * (self.v[i] - self.lr * grads[i])"),
    # Nesterov
    nesterov("plain momentum", "params[i] + self.v[i]"),
    written(
        "Nesterov",
        NESTEROV,
        "plain momentum|old velocity",
        (".copy()", ""),
        (VELOCITY, "self.v[i] *= self.momentum; self.v[i] -= self.lr * grads[i]"),
    ),
    nesterov("sign|back|old velocity", "params[i] + self.momentum * v_prev + (1 + self.momentum) * self.v[i]"),
    nesterov("old velocity|both|plain", "params[i] + self.momentum * v_prev - self.lr * grads[i]"),
    nesterov("cancel|descent", "params[i] - self.momentum * v_prev + self.v[i]"),
    nesterov("gradient", "params[i] + self.momentum * self.v[i]"),
    nesterov("velocity", "params[i] + (1 + self.momentum) * self.v[i]"),
    nesterov("sign|up", "params[i] + self.momentum * v_prev - (1 + self.momentum) * self.v[i]"),
    nesterov("momentum|old velocity", "params[i] + self.momentum ** 2 * v_prev - self.lr * grads[i]"),
    nesterov("twice|once more", "params[i] + self.v[i] + self.momentum * self.v[i] - self.lr * grads[i]"),
    nesterov("old velocity", "params[i] + v_prev + self.momentum * (self.v[i] - v_prev)"),
    nesterov("loop|return", "params[i] + self.momentum * self.v[i] - self.lr * grads[i]); return new; (0"),
]
