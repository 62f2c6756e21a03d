"""Foreign Adam and AdamW."""

import types

import numpy as np

from course_lib import optimizers
from tests.exercises.optimizers.foreign import with_keras

# Written in the ways of many people: with zip as they know it, and loops where there could be none.
# ruff: noqa: B905

# --- right answers


class AdamLazily:
    """`t` is a class attribute, which `self.t += 1` makes an attribute of the object."""

    t = 0
    m = None
    v = None

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
        self.lr = learning_rate
        self.beta1 = beta_1
        self.beta2 = beta_2
        self.eps = epsilon

    def step(self, params, grads):
        if self.m is None:
            self.m, self.v = [np.zeros_like(p) for p in params], [np.zeros_like(p) for p in params]
        self.t += 1
        lr_t = self.lr * np.sqrt(1.0 - self.beta2**self.t) / (1.0 - self.beta1**self.t)
        for i in range(len(params)):
            self.m[i] += (1 - self.beta1) * (grads[i] - self.m[i])
            self.v[i] += (1 - self.beta2) * (grads[i] ** 2 - self.v[i])
            params[i] -= lr_t * self.m[i] / (np.sqrt(self.v[i]) + self.eps)
        return params


def adam_closed_over_state(learning_rate, beta_1, beta_2, epsilon):
    t, m, v = 0, {}, {}

    def one(i, theta, g):
        m[i] = beta_1 * m.get(i, 0) + (1 - beta_1) * g
        v[i] = beta_2 * v.get(i, 0) + (1 - beta_2) * g * g
        m_hat, v_hat = m[i] / (1 - beta_1**t), v[i] / (1 - beta_2**t)
        return theta - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon)

    def step(weights, gradients):
        nonlocal t
        t += 1
        return [one(i, theta, g) for i, (theta, g) in enumerate(zip(weights, gradients))]

    return types.SimpleNamespace(step=step)


class AdamWithHelpers:
    """Each weight has an object of its own."""

    class OfOneWeight:
        def __init__(self, settings):
            self.settings, self.moments, self.t = settings, np.zeros(2, dtype=object), 0

        def step(self, w, g):
            rate, beta_1, beta_2, epsilon = self.settings
            self.t += 1
            self.moments = [
                b * old + (1 - b) * new for b, old, new in zip((beta_1, beta_2), self.moments, (g, g**2))
            ]  # fmt: skip
            m, v = (mean / (1 - b**self.t) for b, mean in zip((beta_1, beta_2), self.moments))
            return w - rate * m / np.sqrt(v + epsilon)

    def __init__(self, learning_rate, beta_1, beta_2, epsilon):
        self.settings, self.parts = (learning_rate, beta_1, beta_2, epsilon), {}

    def step(self, weights, gradients):
        return [
            self.parts.setdefault(i, self.OfOneWeight(self.settings)).step(w, g)
            for i, (w, g) in enumerate(zip(weights, gradients))
        ]


class AdamWOnTheCoursesAdam(optimizers.Adam):
    def __init__(self, learning_rate, weight_decay, **betas):
        super().__init__(learning_rate, **betas)
        self.decay = weight_decay

    def step(self, weights, gradients):
        return super().step([w - self.learning_rate * self.decay * w for w in weights], gradients)


class AdamWDecayedAfterwards(AdamLazily):
    def __init__(self, learning_rate, weight_decay, **betas):
        super().__init__(learning_rate, **betas)
        self.wd = weight_decay

    def step(self, params, grads):
        return [p - self.lr * self.wd * p for p in super().step(params, grads)]


class AdamWAllInOne(AdamWDecayedAfterwards):
    def step(self, params, grads):
        old = [p.copy() for p in params]
        return [p - self.lr * self.wd * o for p, o in zip(AdamLazily.step(self, params, grads), old)]


# --- wrong answers


class AdamOfATutorial:
    """With its mistakes as keyword arguments of the class statement."""

    def __init_subclass__(cls, tick="once", corrected=True, power=True, bracket=True, squared=True):
        cls.how = tick, corrected, power, bracket, squared

    how = ("once", True, True, True, True)

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
        self.lr, self.b1, self.b2, self.eps = learning_rate, beta_1, beta_2, epsilon
        self.m, self.v, self.t = {}, {}, 0

    def step(self, weights, gradients):
        tick, corrected, power, bracket, squared = self.how
        if tick == "once":
            self.t += 1
        for i in range(len(weights)):
            if tick == "each":
                self.t += 1
            g = gradients[i]
            self.m[i] = self.b1 * self.m.get(i, 0) + (1 - self.b1) * g
            self.v[i] = self.b2 * self.v.get(i, 0) + (1 - self.b2) * (g**2 if squared else g)
            m, v = self.m[i], self.v[i]
            if corrected:
                m = m / (1 - (self.b1**self.t if power else self.b1))
                v = v / (1 - (self.b2**self.t if power else self.b2))
            if bracket:
                weights[i] -= self.lr * m / (np.sqrt(v) + self.eps)
            else:
                weights[i] = weights[i] - self.lr * m / np.sqrt(v) + self.eps
        if tick == "after":
            self.t += 1
        return weights


class AdamUncorrected(AdamOfATutorial, corrected=False):
    pass


class AdamOfOnePower(AdamOfATutorial, power=False):
    pass


class AdamTickingForEach(AdamOfATutorial, tick="each"):
    pass


class AdamTickingAfterwards(AdamOfATutorial, tick="after"):
    pass


class AdamWithoutABracket(AdamOfATutorial, bracket=False):
    pass


class AdamWithoutASquare(AdamOfATutorial, squared=False):
    pass


class AdamWithTicksThatNeverCame(AdamOfATutorial, tick="never"):
    def __init__(self, **settings):
        super().__init__(**settings)
        self.t = 1


class AdamUncorrectedInKerasForm(AdamOfATutorial, corrected=False, tick="each"):
    """Two mistakes at once, of which one does not show: without a correction nobody sees t."""


class AdamSubtractingABareEpsilon(AdamOfATutorial):
    def step(self, weights, gradients):
        self.t += 1
        for i, g in enumerate(gradients):
            self.m[i] = self.b1 * self.m.get(i, 0) + (1 - self.b1) * g
            self.v[i] = self.b2 * self.v.get(i, 0) + (1 - self.b2) * g**2
            m, v = self.m[i] / (1 - self.b1**self.t), self.v[i] / (1 - self.b2**self.t)
            weights[i] -= self.lr * m / np.sqrt(v) + self.eps
        return weights


class AdamOfScalars:
    """m and v are one number, then one array, for all weights."""

    m = v = t = 0

    def __init__(self, learning_rate, beta_1, beta_2, epsilon):
        self.lr, self.b1, self.b2, self.eps = learning_rate, beta_1, beta_2, epsilon

    def step(self, weights, gradients):
        self.t += 1
        new = []
        for w, g in zip(weights, gradients):
            self.m = self.b1 * self.m + (1 - self.b1) * g
            self.v = self.b2 * self.v + (1 - self.b2) * g**2
            m, v = self.m / (1 - self.b1**self.t), self.v / (1 - self.b2**self.t)
            new.append(w - self.lr * m / (np.sqrt(v) + self.eps))
        return new


class AdamThatKeepsItsHats(AdamOfATutorial):
    def step(self, weights, gradients):
        self.t += 1
        for i, g in enumerate(gradients):
            self.m[i] = (self.b1 * self.m.get(i, 0) + (1 - self.b1) * g) / (1 - self.b1**self.t)
            self.v[i] = (self.b2 * self.v.get(i, 0) + (1 - self.b2) * g**2) / (1 - self.b2**self.t)
            weights[i] = weights[i] - self.lr * self.m[i] / (np.sqrt(self.v[i]) + self.eps)
        return weights


class AdamThatKeepsTheHatOfM(AdamOfATutorial):
    def step(self, weights, gradients):
        self.t += 1
        for i, g in enumerate(gradients):
            self.m[i] = self.b1 * self.m.get(i, 0) + (1 - self.b1) * g
            self.m[i] = self.m[i] / (1 - self.b1**self.t)
            self.v[i] = self.b2 * self.v.get(i, 0) + (1 - self.b2) * g**2
            v_hat = self.v[i] / (1 - self.b2**self.t)
            weights[i] = weights[i] - self.lr * self.m[i] / (np.sqrt(v_hat) + self.eps)
        return weights


class AdamThatKeepsTheHatOfV(AdamOfATutorial):
    def step(self, weights, gradients):
        self.t += 1
        for i, g in enumerate(gradients):
            self.m[i] = self.b1 * self.m.get(i, 0) + (1 - self.b1) * g
            self.v[i] = self.b2 * self.v.get(i, 0) + (1 - self.b2) * g**2
            self.v[i] /= 1 - self.b2**self.t
            weights[i] = weights[i] - self.lr * self.m[i] / (1 - self.b1**self.t) / (np.sqrt(self.v[i]) + self.eps)
        return weights


class AdamSwapped(AdamOfATutorial):
    def __init__(self, learning_rate, beta_1, beta_2, epsilon):
        super().__init__(learning_rate, beta_2, beta_1, epsilon)


class AdamWWithL2(AdamOfATutorial):
    def __init__(self, learning_rate, weight_decay, **betas):
        super().__init__(learning_rate, **betas)
        self.wd = weight_decay

    def step(self, weights, gradients):
        return super().step(weights, [g + self.wd * w for w, g in zip(weights, gradients)])


class AdamWWithKerasFormAndL2(AdamLazily):
    def __init__(self, learning_rate, weight_decay, **betas):
        super().__init__(learning_rate, **betas)
        self.wd = weight_decay

    def step(self, weights, gradients):
        return super().step(weights, [g + self.wd * w for w, g in zip(weights, gradients)])


class AdamWWithoutTheRate(AdamWWithL2):
    def step(self, weights, gradients):
        return AdamOfATutorial.step(self, [w - self.wd * w for w in weights], gradients)


class AdamWThatDecaysNothing(AdamWWithL2):
    def step(self, weights, gradients):
        return AdamOfATutorial.step(self, weights, gradients)


class AdamWThatSparesBiases(AdamWWithL2):
    def step(self, weights, gradients):
        kept = [w * (1 - self.lr * self.wd) if w.ndim > 1 else w for w in weights]
        return AdamOfATutorial.step(self, kept, gradients)


class AdamWDividingTheDecay(AdamWWithL2):
    def step(self, weights, gradients):
        new = []
        self.t += 1
        for i, (w, g) in enumerate(zip(weights, gradients)):
            self.m[i] = self.b1 * self.m.get(i, 0) + (1 - self.b1) * g
            self.v[i] = self.b2 * self.v.get(i, 0) + (1 - self.b2) * g**2
            m_hat, v_hat = self.m[i] / (1 - self.b1**self.t), self.v[i] / (1 - self.b2**self.t)
            new.append(w - self.lr * (m_hat + self.wd * w) / (np.sqrt(v_hat) + self.eps))
        return new


RIGHT = {
    "Adam": [AdamLazily, adam_closed_over_state, AdamWithHelpers, with_keras("Adam")],
    "AdamW": [AdamWOnTheCoursesAdam, AdamWDecayedAfterwards, AdamWAllInOne, with_keras("AdamW")],
}
WRONG = [
    ("Adam", AdamUncorrected, "no_correction"),
    ("Adam", AdamOfOnePower, "t_stays_1"),
    ("Adam", AdamWithTicksThatNeverCame, "t_stays_1"),
    ("Adam", AdamTickingForEach, "t_per_weight"),
    ("Adam", AdamTickingAfterwards, "t_from_0"),
    ("Adam", AdamWithoutABracket, "epsilon_on_weight"),
    ("Adam", AdamSubtractingABareEpsilon, "epsilon_off_weight"),
    ("Adam", AdamWithoutASquare, "not_squared"),
    ("Adam", AdamOfScalars, "shared"),
    ("Adam", AdamThatKeepsItsHats, "kept_corrected"),
    ("Adam", AdamThatKeepsTheHatOfM, "kept_m"),
    ("Adam", AdamThatKeepsTheHatOfV, "kept_v"),
    ("Adam", AdamSwapped, "swapped"),
    ("Adam", AdamUncorrectedInKerasForm, "no_correction"),
    ("AdamW", AdamWWithL2, "l2"),
    ("AdamW", AdamWWithoutTheRate, "without_rate"),
    ("AdamW", AdamWThatDecaysNothing, "no_decay"),
    ("AdamW", AdamWThatSparesBiases, "not_biases"),
    ("AdamW", AdamWDividingTheDecay, "divided"),
]
ALSO_WRONG = [
    ("AdamW", AdamWWithKerasFormAndL2, "L2 penalty"),
]
