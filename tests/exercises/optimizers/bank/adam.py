"""Adam and AdamW as people write them."""

from dataclasses import dataclass, field

import numpy as np

from tests.exercises.banks import RIGHT, Case, written
from tests.exercises.optimizers.bank import LIST
from tests.exercises.optimizers.foreign import with_keras

ADAM = """
class Adam:
    def __init__(self, learning_rate, beta_1, beta_2, epsilon):
        self.lr, self.b1, self.b2, self.eps = learning_rate, beta_1, beta_2, epsilon
        self.t = 0
        self.m = {}
        self.v = {}

    def step(self, params, grads):
        self.t += 1
        new = []
        for i, (p, g) in enumerate(zip(params, grads)):
            if i not in self.m:
                self.m[i] = np.zeros_like(p)
                self.v[i] = np.zeros_like(p)
            self.m[i] = self.b1 * self.m[i] + (1 - self.b1) * g
            self.v[i] = self.b2 * self.v[i] + (1 - self.b2) * g ** 2
            m_hat = self.m[i] / (1 - self.b1 ** self.t)
            v_hat = self.v[i] / (1 - self.b2 ** self.t)
            new.append(p - self.lr * m_hat / (np.sqrt(v_hat) + self.eps))
        return new
"""
M, V = "self.m[i] = self.b1 * self.m[i] + (1 - self.b1) * g", "self.v[i] = self.b2 * self.v[i] + (1 - self.b2) * g ** 2"
M_HAT, V_HAT = "m_hat = self.m[i] / (1 - self.b1 ** self.t)", "v_hat = self.v[i] / (1 - self.b2 ** self.t)"
MOVE = "new.append(p - self.lr * m_hat / (np.sqrt(v_hat) + self.eps))"

# The form of old TensorFlow code: the corrections go into the rate.
RATE = (
    ADAM.replace("        " + "    " + M_HAT + "\n", "")
    .replace(V_HAT, "lr = self.lr * np.sqrt(1 - self.b2 ** self.t) / (1 - self.b1 ** self.t)")
    .replace(MOVE, "new.append(p - lr * self.m[i] / (np.sqrt(self.v[i]) + self.eps))")
)
LR = "lr = self.lr * np.sqrt(1 - self.b2 ** self.t) / (1 - self.b1 ** self.t)"

ADAMW = (
    ADAM.replace("Adam:", "AdamW:")
    .replace("(self, learning_rate, beta_1", "(self, learning_rate, weight_decay, beta_1")
    .replace("self.t = 0", "self.t = 0; self.wd = weight_decay")
    .replace(MOVE, "new.append(p - self.lr * self.wd * p - self.lr * m_hat / (np.sqrt(v_hat) + self.eps))")
)
DECAY, TAKES = "p - self.lr * self.wd * p -", "            if i not in self.m:"


def adam(told, *changes, name=""):
    return written("Adam", ADAM, told, *changes, name=name)


def rate(told, *changes, name=""):
    return written("Adam", RATE, told, *changes, name=name)


def adamw(told, *changes, name=""):
    return written("AdamW", ADAMW, told, *changes, name=name)


@dataclass
class AdamOfFields:
    learning_rate: float = 1e-3
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-7
    t: int = 0
    slots: list = field(default_factory=list)

    def step(self, weights, gradients):
        self.t += 1
        self.slots = self.slots or [np.zeros((2, *w.shape)) for w in weights]
        for w, g, slot in zip(weights, gradients, self.slots, strict=True):
            slot[0] += (1 - self.beta_1) * (g - slot[0])
            slot[1] += (1 - self.beta_2) * (g * g - slot[1])
            m, v = slot[0] / (1 - self.beta_1**self.t), slot[1] / (1 - self.beta_2**self.t)
            w[...] = w - self.learning_rate * m / (np.sqrt(v) + self.epsilon)
        return weights


EPSILON = "ε|epsilon"
BESIDE = "(ε|epsilon).*(weight|outside|fraction|quotient)"
AHEAD = "too large|ahead"
BETAS = "(β₁|0\\.9).*(argument|whatever|fixed|used)"

CASES = [
    adam(RIGHT, name="as everybody writes it"),
    rate(RIGHT, name="the corrections in the rate"),
    Case("Adam", RIGHT, "a dataclass", AdamOfFields),
    Case("Adam", RIGHT, "keras", with_keras("Adam")),
    adam(LIST, (MOVE, MOVE.replace("new.append(", "yield (")), ("return new", "")),
    adam(RIGHT, (MOVE, "new.append((p - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)).astype(np.float32))")),
    adamw(RIGHT, name="as everybody writes it"),
    Case("AdamW", RIGHT, "keras", with_keras("AdamW")),
    # the time
    adam(AHEAD, ("self.t = 0", "self.t = 1")),
    adam(AHEAD, ("self.t)", "(self.t + 1))")),
    rate(AHEAD, ("self.t = 0", "self.t = 1")),
    adam(
        "t.*(one|too small|0)",
        ("        self.t += 1\n", ""),
        ("        return new", "        self.t += 1\n        return new"),
    ),
    adam("t .*(stay|grow|fixed)|power", ("self.t += 1", "self.t = 1")),
    adam("t .*(stay|grow|fixed|same)", ("self.t += 1", "self.t = 10")),
    adam("t .*(stay|grow|fixed|same)", ("self.t += 1", "self.t = 1000")),
    adam(
        "every weight|with every|once a step|each weight",
        ("        self.t += 1\n", ""),
        ("        if i not", "        self.t += 1\n            if i not"),
    ),
    adam("power|βᵗ", ("** self.t", "* self.t")),
    adam("power|βᵗ|square", ("** self.t", "** 2")),
    adam(
        "bracket|power",
        ("(1 - self.b1 ** self.t)", "(1 - self.b1) ** self.t"),
        ("(1 - self.b2 ** self.t)", "(1 - self.b2) ** self.t"),
    ),
    adam("power|t stayed", ("** self.t", "")),
    adam("too large|advances|grows by", ("self.t += 1", "self.t += 3")),
    # the correction
    adam("correction", ("m_hat /", "self.m[i] /"), ("np.sqrt(v_hat)", "np.sqrt(self.v[i])")),
    adam("v.*correct|correct.*v", ("np.sqrt(v_hat)", "np.sqrt(self.v[i])")),
    adam("m.*correct|correct.*m", ("m_hat /", "self.m[i] /")),
    adam(
        "root.*correct|correct.*root|outside",
        (V_HAT, ""),
        ("np.sqrt(v_hat)", "np.sqrt(self.v[i]) / (1 - self.b2 ** self.t)"),
    ),
    adam("divide|multipl", (M_HAT, M_HAT.replace("/", "*")), (V_HAT, V_HAT.replace("/", "*"))),
    adam("again|once more|keep", ("m_hat", "self.m[i]"), ("v_hat", "self.v[i]")),
    rate(
        "rate.*(good|kept|keep|again|every)",
        ("            lr = self.lr *", "            self.lr = self.lr *"),
        ("p - lr *", "p - self.lr *"),
    ),
    rate(
        "rate.*(good|kept|keep|again|every)",
        ("            lr = self.lr *", "            self.lr *="),
        ("p - lr *", "p - self.lr *"),
    ),
    rate("root", (LR, LR.replace("np.sqrt(1 - self.b2 ** self.t)", "(1 - self.b2 ** self.t)"))),
    rate(
        "upside|divide|invert|wrong way|multipl|other way",
        (LR, "lr = self.lr * (1 - self.b1 ** self.t) / np.sqrt(1 - self.b2 ** self.t)"),
    ),
    rate("v.*correct|correct.*v|β₂", (LR, "lr = self.lr / (1 - self.b1 ** self.t)")),
    # the means
    adam("m²|square of m|squares of m|m.*squared", (V, V.replace("g ** 2", "self.m[i] ** 2"))),
    adam("g − m|difference|varian|AdaBelief|deviat", (V, V.replace("g ** 2", "(g - self.m[i]) ** 2"))),
    adam(
        "first gradient|start",
        ("self.m[i] = np.zeros_like(p)", "self.m[i] = g"),
        ("self.v[i] = np.zeros_like(p)", "self.v[i] = g ** 2"),
    ),
    adam("first gradient|start", ("self.m[i] = np.zeros_like(p)", "self.m[i] = g")),
    adam("first|start", ("self.v[i] = np.zeros_like(p)", "self.v[i] = g ** 2")),
    adam("start", ("self.v[i] = np.zeros_like(p)", "self.v[i] = np.ones_like(p)")),
    adam(BETAS, ("= learning_rate, beta_1, beta_2, epsilon", "= learning_rate, 0.9, 0.999, epsilon")),
    adam(BETAS + "|β₂|0.999", ("= learning_rate, beta_1, beta_2, epsilon", "= learning_rate, beta_1, 0.999, epsilon")),
    adam(BETAS, ("= learning_rate, beta_1, beta_2, epsilon", "= learning_rate, 0.9, beta_2, epsilon")),
    adam(BETAS, ("= learning_rate, beta_1, beta_2, epsilon", "= learning_rate, 0.9, 0.99, epsilon")),
    adam("swapped", ("self.b1, self.b2, self.eps =", "self.b2, self.b1, self.eps =")),
    adam("for both means", ("self.b2", "self.b1")),
    adam("mean|whole|factor", (M, M.replace("(1 - self.b1) * ", ""))),
    adam("mean|whole|factor", (V, V.replace("(1 - self.b2) * ", ""))),
    adam(
        "swapped|other way|1 − β",
        (M, "self.m[i] = (1 - self.b1) * self.m[i] + self.b1 * g"),
        (V, "self.v[i] = (1 - self.b2) * self.v[i] + self.b2 * g ** 2"),
    ),
    adam("bracket|1 - ", (M, "self.m[i] = self.b1 * self.m[i] + 1 - self.b1 * g")),
    adam(
        "AMSGrad|largest|maximum",
        (
            V,
            V + "; self.top = getattr(self, 'top', {}); self.top[i] = np.maximum(self.top.get(i, 0), self.v[i])",
        ),
        (V_HAT, "v_hat = self.top[i] / (1 - self.b2 ** self.t)"),
    ),
    adam(
        "Nadam|Nesterov|look",
        (MOVE, MOVE.replace("m_hat", "(self.b1 * m_hat + (1 - self.b1) * g / (1 - self.b1 ** self.t))")),
    ),
    adam("running mean|m̂|gradient itself", (MOVE, MOVE.replace("m_hat", "g"))),
    adam("square", (V, V.replace("g ** 2", "abs(g)"))),
    adam("square", (V, V.replace("g ** 2", "g * 2"))),
    adam("element|share", (V, V.replace("g ** 2", "np.mean(g ** 2)"))),
    adam("element|share|norm", (V, V.replace("g ** 2", "np.linalg.norm(g) ** 2"))),
    # ε
    adam(BESIDE, (MOVE, "new.append(p - self.lr * m_hat / np.sqrt(v_hat) + self.eps)")),
    adam(BESIDE, (MOVE, "new.append(p - self.lr * (m_hat / np.sqrt(v_hat) + self.eps))")),
    adam(EPSILON, (MOVE, MOVE.replace("self.eps", "1e-8"))),
    adam(EPSILON, (MOVE, MOVE.replace("self.eps", "1e-5"))),
    adam(EPSILON, (MOVE, MOVE.replace("self.eps", "1e-12"))),
    adam(EPSILON, (MOVE, MOVE.replace("self.eps", "0.01"))),
    adam(EPSILON, (MOVE, MOVE.replace("np.sqrt(v_hat) + self.eps", "np.sqrt(v_hat + 1e-8)"))),
    adam(EPSILON, (MOVE, MOVE.replace(" + self.eps", ""))),
    adam(EPSILON + ".*(each|every)", (V, V + " + self.eps"), (MOVE, MOVE.replace(" + self.eps", ""))),
    adam(EPSILON, (MOVE, MOVE.replace("np.sqrt(v_hat) + self.eps", "np.maximum(np.sqrt(v_hat), self.eps)"))),
    # the rest
    adam("root", (MOVE, MOVE.replace("np.sqrt(v_hat)", "v_hat"))),
    adam("\\*\\* ?1/2|bracket|half", (MOVE, MOVE.replace("np.sqrt(v_hat)", "v_hat ** 1/2"))),
    adam("sign|up", (MOVE, MOVE.replace("p -", "p +"))),
    adam("rate", (MOVE, MOVE.replace("self.lr * ", ""))),
    adam(
        "same list|one list|one array|both names|same",
        ("self.m = {}", "self.m = self.v = {}"),
        ("        self.v = {}\n", ""),
    ),
    adam(
        "new|second|anew|class",
        ("        self.m = {}\n        self.v = {}\n", ""),
        ("    def __init__", "    m, v = {}, {}\n    def __init__"),
    ),
    adam("share|one", ("self.m[i]", "self.m[0]"), ("self.v[i]", "self.v[0]"), ("if i not in", "if 0 not in")),
    adam("anew|remember", ("self.t += 1", "self.t, self.m, self.v = 1, {}, {}")),
    adam("remember|forgot|anew", ("self.t += 1", "self.t += 1; self.m, self.v = {}, {}")),
    adam("loop|return", ("        return new", "            return new")),
    adam("clip", ("            if i not", "            g = np.clip(g, -1, 1)\n            if i not")),
    adam("clip", ("            if i not", "            g = np.clip(g, -5, 5)\n            if i not")),
    adam("`?self`?", ("step(self, params", "step(params")),
    adam("rate.*(falls|smaller|√t|shrinks)", (MOVE, MOVE.replace("self.lr", "self.lr / np.sqrt(self.t)"))),
    adam(
        "keep|id\\(|position|remember|anew",
        ("if i not", "i = id(p)\n            if i not"),
        name="new arrays, keyed by id",
    ),
    # AdamW
    adamw("L2", (TAKES, "            g = g + self.wd * p\n" + TAKES), (DECAY, "p -")),
    adamw("L2", (TAKES, "            g = g + 2 * self.wd * p\n" + TAKES), (DECAY, "p -")),
    adamw("rate", (DECAY, "p - self.wd * p -")),
    adamw("decay", (DECAY, "p -")),
    adamw("sign|grow", (DECAY, "p + self.lr * self.wd * p -")),
    adamw("0.01|argument", (DECAY, "p - self.lr * 0.01 * p -")),
    adamw("argument", (DECAY, "p - self.lr * 0.004 * p -")),
    adamw("twice|both", (TAKES, "            g = g + self.wd * p\n" + TAKES)),
    adamw("twice", (TAKES, "            p = p - self.lr * self.wd * p\n" + TAKES)),
    adamw("decay.*(weight|· w)", (DECAY, "p - self.lr * self.wd -")),
    adamw("square|w²|· w", (DECAY, "p - self.lr * self.wd * p ** 2 -")),
    adamw("half|½|factor", (DECAY, "p - self.lr * self.wd * p / 2 -")),
    adamw("kernels|every weight|biases", (DECAY, "p - (self.lr * self.wd * p if p.ndim > 1 else 0) -")),
    adamw("divided", (DECAY, "p -"), ("self.lr * m_hat /", "self.lr * (m_hat + self.wd * p) /")),
    adamw("into m|of m|m's|through m", (M, M + " + self.wd * p"), (DECAY, "p -")),
    adamw("sign|L1", (DECAY, "p - self.lr * self.wd * np.sign(p) -")),
    adamw(BESIDE, ("(np.sqrt(v_hat) + self.eps)", "np.sqrt(v_hat) + self.eps")),
    adamw(AHEAD, ("self.t = 0", "self.t = 1")),
    adamw(EPSILON, ("np.sqrt(v_hat) + self.eps", "np.sqrt(v_hat) + 1e-5")),
    adamw("1 −|share|multiply", (DECAY, "p * self.wd -")),
    adamw("correct", ("np.sqrt(v_hat)", "np.sqrt(self.v[i])")),
    adamw("correction", ("m_hat /", "self.m[i] /"), ("np.sqrt(v_hat)", "np.sqrt(self.v[i])")),
    adamw("loop|return", ("        return new", "            return new")),
]
