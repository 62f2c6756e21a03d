"""Adagrad, RMSprop and Adadelta as people write them."""

import numpy as np

from tests.exercises.banks import RIGHT, Case, written
from tests.exercises.optimizers.foreign import with_keras

ADAGRAD = """
class Adagrad:
    def __init__(self, learning_rate, epsilon):
        self.lr = learning_rate
        self.eps = epsilon
        self.cache = None

    def step(self, params, grads):
        if self.cache is None:
            self.cache = [np.full_like(p, 0.1) for p in params]
        new = []
        for i in range(len(params)):
            self.cache[i] = self.cache[i] + grads[i] ** 2
            new.append(params[i] - self.lr * grads[i] / np.sqrt(self.cache[i] + self.eps))
        return new
"""
SUM, DIVIDED = "self.cache[i] = self.cache[i] + grads[i] ** 2", "self.lr * grads[i] / np.sqrt(self.cache[i] + self.eps)"
START = "np.full_like(p, 0.1)"

RMSPROP = """
class RMSprop:
    def __init__(self, learning_rate, rho, epsilon):
        self.lr, self.rho, self.eps = learning_rate, rho, epsilon
        self.cache = None

    def step(self, params, grads):
        if self.cache is None:
            self.cache = [np.zeros_like(p) for p in params]
        new = []
        for i in range(len(params)):
            self.cache[i] = self.rho * self.cache[i] + (1 - self.rho) * grads[i] ** 2
            new.append(params[i] - self.lr * grads[i] / np.sqrt(self.cache[i] + self.eps))
        return new
"""
MEAN = "self.cache[i] = self.rho * self.cache[i] + (1 - self.rho) * grads[i] ** 2"

ADADELTA = """
class RepairedAdadelta:
    def __init__(self, learning_rate, rho, epsilon):
        self.lr, self.rho, self.eps = learning_rate, rho, epsilon
        self.eg = self.ex = None

    def step(self, params, grads):
        if self.eg is None:
            self.eg, self.ex = [0 * p for p in params], [0 * p for p in params]
        new = []
        for i, (p, g) in enumerate(zip(params, grads)):
            self.eg[i] = self.rho * self.eg[i] + (1 - self.rho) * g ** 2
            dx = -np.sqrt(self.ex[i] + self.eps) / np.sqrt(self.eg[i] + self.eps) * g
            self.ex[i] = self.rho * self.ex[i] + (1 - self.rho) * dx ** 2
            new.append(p + self.lr * dx)
        return new
"""
CHANGE = "dx = -np.sqrt(self.ex[i] + self.eps) / np.sqrt(self.eg[i] + self.eps) * g"
CHANGES = "self.ex[i] = self.rho * self.ex[i] + (1 - self.rho) * dx ** 2"


def adagrad(told, *changes, name=""):
    return written("Adagrad", ADAGRAD, told, *changes, name=name)


def rmsprop(told, *changes, name=""):
    return written("RMSprop", RMSPROP, told, *changes, name=name)


def adadelta(told, *changes, name=""):
    return written("RepairedAdadelta", ADADELTA, told, *changes, name=name)


def step(case, told, line):
    return case(told, (DIVIDED, line))


EPSILON = "ε|epsilon"
BESIDE = "(ε|epsilon).*(weight|outside|fraction)"


def rmsprop_lazily(learning_rate, rho, epsilon):
    """State in a defaultdict, the weights float32."""
    from collections import defaultdict

    state = defaultdict(float)

    class Step:
        @staticmethod
        def step(weights, gradients):
            out = []
            for i, (w, g) in enumerate(zip(weights, gradients, strict=True)):
                state[i] += (1 - rho) * (g.astype(np.float32) ** 2 - state[i])
                out.append(np.float32(w) - learning_rate * g.astype(np.float32) * (state[i] + epsilon) ** -0.5)
            return tuple(out)

    return Step


CASES = [
    adagrad(RIGHT, name="as everybody writes it"),
    Case("Adagrad", RIGHT, "keras", with_keras("Adagrad")),
    step(adagrad, RIGHT, "self.lr * grads[i] / (self.eps + self.cache[i] ** 0.5)"),
    rmsprop(RIGHT, name="as everybody writes it"),
    Case("RMSprop", RIGHT, "keras", with_keras("RMSprop")),
    Case("RMSprop", RIGHT, "a defaultdict and float32", rmsprop_lazily),
    step(rmsprop, RIGHT, "self.lr * grads[i] / (np.sqrt(self.cache[i]) + self.eps)"),
    adadelta(RIGHT, name="as everybody writes it"),
    Case("RepairedAdadelta", RIGHT, "keras", with_keras("Adadelta")),
    # Adagrad
    adagrad("start", (START, "np.zeros_like(p)")),
    adagrad(
        "start", (START, "np.zeros_like(p)"), (DIVIDED, "self.lr * grads[i] / (np.sqrt(self.cache[i]) + self.eps)")
    ),
    adagrad("start", (START, "np.ones_like(p)")),
    adagrad("start", (START, "np.full_like(p, 0.37)")),
    adagrad("start", (START, "np.full_like(p, 1e-8)")),
    adagrad("start", (START, "np.full_like(p, self.eps)")),
    adagrad("start|first gradient", ("[np.full_like(p, 0.1) for p in params]", "[g ** 2 for g in grads]")),
    step(adagrad, BESIDE, "self.lr * grads[i] / np.sqrt(self.cache[i]) + self.eps"),
    step(adagrad, BESIDE, "(self.lr * grads[i] / np.sqrt(self.cache[i]) - self.eps)"),
    step(adagrad, EPSILON, "self.lr * grads[i] / np.sqrt(self.cache[i] + 1e-5)"),
    step(adagrad, EPSILON, "self.lr * grads[i] / np.sqrt(self.cache[i] + 1e-12)"),
    step(adagrad, EPSILON, "self.lr * grads[i] / (np.sqrt(self.cache[i]) + 1e-8)"),
    step(adagrad, EPSILON, "self.lr * grads[i] / (np.sqrt(self.cache[i]) + 1e-3)"),
    step(adagrad, EPSILON, "self.lr * grads[i] / np.sqrt(self.cache[i])"),
    adagrad(
        EPSILON + ".*(each|every)",
        (SUM, "self.cache[i] = self.cache[i] + grads[i] ** 2 + self.eps"),
        (DIVIDED, "self.lr * grads[i] / np.sqrt(self.cache[i])"),
    ),
    adagrad(EPSILON + ".*(each|every)", (SUM, "self.cache[i] = self.cache[i] + grads[i] ** 2 + self.eps")),
    step(adagrad, "root", "self.lr * grads[i] / (self.cache[i] + self.eps)"),
    step(adagrad, "\\*\\* ?1/2|bracket|half", "self.lr * grads[i] / (self.cache[i] + self.eps) ** 1/2"),
    step(adagrad, "divide|multipl", "self.lr * grads[i] * np.sqrt(self.cache[i] + self.eps)"),
    step(adagrad, "root", "self.lr * grads[i] / (self.cache[i] + self.eps) ** 0.25"),
    adagrad(
        "squar",
        (SUM, "self.cache[i] = self.cache[i] + grads[i]"),
        (DIVIDED, "self.lr * grads[i] / np.sqrt(self.cache[i] ** 2 + self.eps)"),
    ),
    adagrad("element|share", (SUM, "self.cache[i] = self.cache[i] + np.sum(grads[i] ** 2)")),
    adagrad("element|share", (SUM, "self.cache[i] = self.cache[i] + np.mean(grads[i] ** 2)")),
    adagrad("forget|RMSprop", (SUM, "self.cache[i] = 0.9 * self.cache[i] + 0.1 * grads[i] ** 2")),
    adagrad("forget|RMSprop", (SUM, "self.cache[i] = 0.99 * self.cache[i] + 0.01 * grads[i] ** 2")),
    adagrad("forget|RMSprop", (SUM, "self.cache[i] = 0.95 * self.cache[i] + grads[i] ** 2")),
    adagrad("\\*\\*|power", (SUM, "self.cache[i] = self.cache[i] + grads[i] ^ 2")),
    adagrad("stay|never|not kept|remember", (SUM, "c = self.cache[i]; c = c + grads[i] ** 2")),
    adagrad("remember|forgot", ("if self.cache is None", "if True")),
    adagrad("rate", (DIVIDED, "grads[i] / np.sqrt(self.cache[i] + self.eps)")),
    adagrad("loop|return", ("        return new", "            return new")),
    adagrad("clip", (SUM, "grads[i] = np.clip(grads[i], -1, 1); " + SUM)),
    adagrad("list", (SUM, "self.cache = self.cache + grads ** 2")),
    adagrad("sign|up the", ("params[i] - ", "params[i] + ")),
    adagrad(
        "rate.*(good|kept|keep|changed|falls)",
        (DIVIDED, "self.lr * grads[i]"),
        (SUM, SUM + "; self.lr = self.lr / np.sqrt(self.cache[i] + self.eps)"),
    ),
    # RMSprop
    step(rmsprop, BESIDE, "self.lr * grads[i] / np.sqrt(self.cache[i]) + self.eps"),
    step(rmsprop, BESIDE, "(self.lr * grads[i] / np.sqrt(self.cache[i]) - self.eps)"),
    step(rmsprop, EPSILON, "self.lr * grads[i] / np.sqrt(self.cache[i] + 1e-5)"),
    step(rmsprop, EPSILON, "self.lr * grads[i] / (np.sqrt(self.cache[i]) + 1e-8)"),
    step(rmsprop, EPSILON, "self.lr * grads[i] / (np.sqrt(self.cache[i]) + 1e-15)"),
    step(rmsprop, EPSILON, "self.lr * grads[i] / np.sqrt(self.cache[i] + 3e-4)"),
    step(rmsprop, EPSILON, "self.lr * grads[i] / np.sqrt(self.cache[i])"),
    step(rmsprop, EPSILON, "self.lr * grads[i] / np.maximum(np.sqrt(self.cache[i]), self.eps)"),
    rmsprop(
        EPSILON + ".*(each|every)",
        (MEAN, MEAN + " + self.eps"),
        (DIVIDED, "self.lr * grads[i] / np.sqrt(self.cache[i])"),
    ),
    rmsprop("swapped", (MEAN, "self.cache[i] = (1 - self.rho) * self.cache[i] + self.rho * grads[i] ** 2")),
    rmsprop("factor|whole", (MEAN, "self.cache[i] = self.rho * self.cache[i] + grads[i] ** 2")),
    rmsprop("bracket|1 - ", (MEAN, "self.cache[i] = self.rho * self.cache[i] + 1 - self.rho * grads[i] ** 2")),
    rmsprop("Adagrad|add", (MEAN, "self.cache[i] = self.cache[i] + grads[i] ** 2")),
    rmsprop("start", ("np.zeros_like(p)", "np.ones_like(p)")),
    rmsprop("start", ("np.zeros_like(p)", "np.full_like(p, 0.1)")),
    rmsprop("start", ("[np.zeros_like(p) for p in params]", "[g ** 2 for g in grads]")),
    rmsprop("start", ("np.zeros_like(p)", "np.full_like(p, 0.02)")),
    step(rmsprop, "root", "self.lr * grads[i] / (self.cache[i] + self.eps)"),
    step(rmsprop, "\\*\\* ?1/2|bracket|half", "self.lr * grads[i] / (self.cache[i] + self.eps) ** 1/2"),
    rmsprop("own, whatever", (MEAN, "self.cache[i] = 0.9 * self.cache[i] + 0.1 * grads[i] ** 2")),
    rmsprop("own, whatever", (MEAN, "self.cache[i] = 0.99 * self.cache[i] + 0.01 * grads[i] ** 2")),
    rmsprop(
        "centered|mean of the gradient|varian|deviation",
        ("new = []", "new = []; self.mean = getattr(self, 'mean', [0] * len(params))"),
        (MEAN, "self.mean[i] = self.rho * self.mean[i] + (1 - self.rho) * grads[i]; " + MEAN),
        (DIVIDED, "self.lr * grads[i] / np.sqrt(self.cache[i] - self.mean[i] ** 2 + self.eps)"),
    ),
    rmsprop(
        "before|old|late",
        (MEAN, "old = self.cache[i]; " + MEAN),
        (DIVIDED, "self.lr * grads[i] / np.sqrt(old + self.eps)"),
    ),
    rmsprop(
        "stay|never|remember",
        (MEAN, "c = self.rho * self.cache[i] + (1 - self.rho) * grads[i] ** 2"),
        (DIVIDED, "self.lr * grads[i] / np.sqrt(c + self.eps)"),
    ),
    rmsprop("self|name .cache", ("self.cache[i] = self.rho", "cache[i] = self.rho")),
    rmsprop("clip", (MEAN, "grads[i] = np.clip(grads[i], -5, 5); " + MEAN)),
    rmsprop(
        "squar",
        (MEAN, "self.cache[i] = self.rho * self.cache[i] + (1 - self.rho) * grads[i]"),
        (DIVIDED, "self.lr * grads[i] / np.sqrt(self.cache[i] ** 2 + self.eps)"),
    ),
    rmsprop("squar", (MEAN, MEAN.replace("grads[i] ** 2", "grads[i] * 2"))),
    rmsprop("round", ("return new", "return [np.round(n, 4) for n in new]")),
    # Adadelta
    adadelta("two|both|bug", (CHANGES, "self.eg[i] = self.rho * self.eg[i] + (1 - self.rho) * dx ** 2")),
    adadelta("rate", ("p + self.lr * dx", "p + dx")),
    adadelta("swapped|ρ", (CHANGES, "self.ex[i] = (1 - self.rho) * self.ex[i] + self.rho * dx ** 2")),
    adadelta(EPSILON, (CHANGE, "dx = -(np.sqrt(self.ex[i]) + self.eps) / (np.sqrt(self.eg[i]) + self.eps) * g")),
    adadelta(EPSILON, (CHANGE, CHANGE.replace("self.eps", "1e-6"))),
    adadelta(EPSILON, (CHANGE, CHANGE.replace("self.ex[i] + self.eps", "self.ex[i]"))),
    adadelta(
        "new|before|order|earlier",
        (
            CHANGE,
            "dx = -np.sqrt(self.ex[i] + self.eps) / np.sqrt(self.eg[i] + self.eps) * g; "
            + CHANGES
            + "; dx = -np.sqrt(self.ex[i] + self.eps) / np.sqrt(self.eg[i] + self.eps) * g",
        ),
        ("            " + CHANGES + "\n", ""),
    ),
    adadelta("sign|up", ("p + self.lr", "p - self.lr")),
    adadelta("change|sum|renew|stay", (CHANGES, "ex = self.rho * self.ex[i] + (1 - self.rho) * dx ** 2")),
    adadelta("g²|gradient", (CHANGES, "self.ex[i] = self.rho * self.ex[i] + (1 - self.rho) * g ** 2")),
    adadelta("rate", (CHANGE, CHANGE.replace("= -", "= -self.lr * ")), ("p + self.lr * dx", "p + dx")),
]
