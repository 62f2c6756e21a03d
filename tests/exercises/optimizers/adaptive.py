"""Foreign Adagrad, RMSprop and Adadelta."""

from dataclasses import dataclass, field

import numpy as np

from tests.exercises.optimizers.foreign import Plain, with_keras

# Written in the ways of many people: with zip as they know it, and loops where there could be none.
# ruff: noqa: B905

# --- right answers


@dataclass
class AdagradData:
    learning_rate: float
    epsilon: float = 1e-8
    cache: dict = field(default_factory=dict)

    def step(self, weights, gradients):
        new = []
        for i, (x, dx) in enumerate(zip(weights, gradients)):
            self.cache[i] = self.cache.get(i, 0.1) + dx**2
            new.append(x - self.learning_rate * dx / (np.sqrt(self.cache[i]) + self.epsilon))
        return new


class RMSPropOfLectures:
    def __init__(self, learning_rate=0.01, rho=0.99, epsilon=1e-8):
        self.learning_rate, self.decay_rate, self.eps = learning_rate, rho, epsilon
        self.cache = []

    def step(self, x, dx):
        if len(self.cache) == 0:
            self.cache = [0.0 for _ in x]
        for i in range(len(x)):
            self.cache[i] = self.decay_rate * self.cache[i] + (1 - self.decay_rate) * dx[i] ** 2
            x[i] += -self.learning_rate * dx[i] / (np.sqrt(self.cache[i]) + self.eps)
        return x


class AdadeltaOfThePaper:
    def __init__(self, learning_rate=1.0, rho=0.95, epsilon=1e-6):
        self.rate, self.rho, self.epsilon, self.state = learning_rate, rho, epsilon, None

    def step(self, weights, gradients):
        state = self.state or [(np.zeros(w.shape), np.zeros(w.shape)) for w in weights]
        self.state, new = [], []
        for (eg2, edx2), x, g in zip(state, weights, gradients):
            eg2 = self.rho * eg2 + (1 - self.rho) * g**2
            dx = -(np.sqrt(edx2 + self.epsilon) / np.sqrt(eg2 + self.epsilon)) * g
            edx2 = self.rho * edx2 + (1 - self.rho) * dx**2
            self.state.append((eg2, edx2))
            new.append(x + self.rate * dx)
        return new


# --- wrong answers


class AdagradFromZero(Plain):
    accumulated = None

    def step(self, weights, gradients):
        if self.accumulated is None:
            self.accumulated = [np.zeros_like(w) for w in weights]
        for a, g in zip(self.accumulated, gradients):
            a += g**2
        return [
            w - self.learning_rate * g / np.sqrt(a + self.epsilon)
            for w, g, a in zip(weights, gradients, self.accumulated)
        ]


class AdagradFromZeroEpsilonOutside(AdagradFromZero):
    """As in most tutorials."""

    def step(self, weights, gradients):
        super().step(weights, gradients)
        return [
            w - self.learning_rate * g / (np.sqrt(a) + self.epsilon)
            for w, g, a in zip(weights, gradients, self.accumulated)
        ]


class AdagradThatForgets(AdagradData):
    def step(self, weights, gradients):
        for i, g in enumerate(gradients):
            self.cache[i] = 0.9 * self.cache.get(i, 0.1) + 0.1 * g**2
        return [
            w - self.learning_rate * g / (np.sqrt(self.cache[i]) + self.epsilon)
            for i, (w, g) in enumerate(zip(weights, gradients))
        ]


class AdagradWithoutARoot(AdagradData):
    def step(self, weights, gradients):
        for i, g in enumerate(gradients):
            self.cache[i] = self.cache.get(i, 0.1) + g**2
        return [
            w - self.learning_rate * g / (self.cache[i] + self.epsilon)
            for i, (w, g) in enumerate(zip(weights, gradients))
        ]


class AdagradWithOneSum(Plain):
    accumulator = 0.1

    def step(self, weights, gradients):
        new = []
        for w, g in zip(weights, gradients):
            self.accumulator = self.accumulator + g**2
            new.append(w - self.learning_rate * g / np.sqrt(self.accumulator + self.epsilon))
        return new


class RMSpropSwapped(RMSPropOfLectures):
    def __init__(self, learning_rate, rho, epsilon):
        super().__init__(learning_rate, 1 - rho, epsilon)


class RMSpropThatIsAdagrad(AdagradFromZero):
    pass


class RMSpropWithCorrection(Plain):
    t = 0
    s = ()

    def step(self, weights, gradients):
        self.t += 1
        old = self.s or [0] * len(weights)
        self.s = [self.rho * s + (1 - self.rho) * g**2 for s, g in zip(old, gradients)]
        return [
            w - self.learning_rate * g / np.sqrt(s / (1 - self.rho**self.t) + self.epsilon)
            for w, g, s in zip(weights, gradients, self.s)
        ]


class RMSpropWithoutEpsilon(RMSPropOfLectures):
    def __init__(self, learning_rate, rho, epsilon):
        super().__init__(learning_rate, rho, 0.0)


class AdadeltaWithOneLineLess(AdadeltaOfThePaper):
    def step(self, weights, gradients):
        new = super().step(weights, gradients)
        self.state = [(eg2, 0 * edx2) for eg2, edx2 in self.state]
        return new


class AdadeltaWithTheRateInside(AdadeltaOfThePaper):
    def step(self, weights, gradients):
        state = self.state or [(0.0, 0.0)] * len(weights)
        self.state, new = [], []
        for (eg2, edx2), x, g in zip(state, weights, gradients):
            eg2 = self.rho * eg2 + (1 - self.rho) * g**2
            dx = -self.rate * np.sqrt(edx2 + self.epsilon) / np.sqrt(eg2 + self.epsilon) * g
            self.state.append((eg2, self.rho * edx2 + (1 - self.rho) * dx**2))
            new.append(x + dx)
        return new


class AdadeltaWithoutARate(AdadeltaOfThePaper):
    def __init__(self, learning_rate, rho, epsilon):
        super().__init__(1.0, rho, epsilon)


RIGHT = {
    "Adagrad": [AdagradData, with_keras("Adagrad")],
    "RMSprop": [RMSPropOfLectures, with_keras("RMSprop")],
    "RepairedAdadelta": [AdadeltaOfThePaper, with_keras("Adadelta")],
}
WRONG = [
    ("Adagrad", AdagradFromZero, "from_zero"),
    ("Adagrad", AdagradWithoutARoot, "no_root"),
    ("Adagrad", AdagradWithOneSum, "shared"),
    ("RMSprop", RMSpropThatIsAdagrad, "sum"),
    ("RMSprop", RMSpropWithCorrection, "corrected"),
    ("RMSprop", RMSpropWithoutEpsilon, "no_epsilon"),
    ("RepairedAdadelta", AdadeltaWithOneLineLess, "never_renewed"),
    ("RepairedAdadelta", AdadeltaWithTheRateInside, "scaled"),
    ("RepairedAdadelta", AdadeltaWithoutARate, "no_rate"),
]
ALSO_WRONG = [
    ("Adagrad", AdagradFromZeroEpsilonOutside, "starts at 0."),
    ("Adagrad", AdagradThatForgets, "RMSprop"),
    ("RMSprop", RMSpropSwapped, "ρ and 1 − ρ are swapped"),
]
