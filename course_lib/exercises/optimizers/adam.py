"""The exercise on Adam: two running means, and what makes up for their start at 0."""

from functools import partial

import numpy as np

from course_lib import optimizers
from course_lib.checking.exercise import Exercise, flags
from course_lib.exercises.optimizers.adam_mistakes import MESSAGES, RARER_MESSAGES, FaultyAdam, held
from course_lib.exercises.optimizers.probing import alone, anywhere, descent_scene, of_the_class, probe_steps


class Adam:
    """m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², then w ← w − learning_rate · m̂ / (√v̂ + ε).

    At step t, m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ).
    """

    def __init__(self, learning_rate, beta_1, beta_2, epsilon):
        self.learning_rate = learning_rate
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.t = 0
        self.m = self.v = None

    def step(self, weights, gradients):
        if self.t == 0:
            self.m = [np.zeros_like(weight) for weight in weights]
            self.v = [np.zeros_like(weight) for weight in weights]
        self.t += 1
        new = []
        for i, (weight, gradient) in enumerate(zip(weights, gradients, strict=True)):
            self.m[i] = self.beta_1 * self.m[i] + (1 - self.beta_1) * gradient
            self.v[i] = self.beta_2 * self.v[i] + (1 - self.beta_2) * gradient**2
            m_hat = self.m[i] / (1 - self.beta_1**self.t)
            v_hat = self.v[i] / (1 - self.beta_2**self.t)
            new.append(weight - self.learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon))
        return new


# For the known rows, and so for what `adam_mistakes` reads off them.
KNOWN = {"learning_rate": 0.1, "beta_1": 0.5, "beta_2": 0.999, "epsilon": 1e-7}


def probe_adam(adam, rng):
    usual = {
        "learning_rate": rng.uniform(0.1, 0.3),
        "beta_1": rng.uniform(0.7, 0.85),
        "beta_2": rng.uniform(0.9, 0.97),
        "epsilon": 1e-7,
    }
    others = {
        "the usual betas, 0.9 and 0.999": usual | {"beta_1": 0.9, "beta_2": 0.999},
        "beta_1 0": usual | {"beta_1": 0.0},
        "epsilon 0.5": usual | {"epsilon": 0.5},
    }
    yield from probe_steps(adam, rng, usual, KNOWN, others)


class AdamWithRunningPowers:
    """Multiplies β₁ᵗ and β₂ᵗ up in place of counting t, and keeps the means in a dict."""

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        self.learning_rate, self.betas, self.epsilon = learning_rate, (beta_1, beta_2), epsilon
        self.powers, self.means = (1.0, 1.0), {}

    def step(self, weights, gradients):
        b1, b2 = self.betas
        self.powers = p1, p2 = self.powers[0] * b1, self.powers[1] * b2
        new = []
        for i, (w, g) in enumerate(zip(weights, gradients, strict=True)):
            m, v = self.means.get(i, (0.0, 0.0))
            m, v = m + (1 - b1) * (g - m), v + (1 - b2) * (g * g - v)
            self.means[i] = m, v
            new.append(w - self.learning_rate * (m / (1 - p1)) / (np.sqrt(v / (1 - p2)) + self.epsilon))
        return new


class AdamInOneArray:
    """All weights in one long array; m and v are the rows of another."""

    def __init__(self, learning_rate, beta_1, beta_2, epsilon):
        self.lr, self.epsilon, self.beta = learning_rate, epsilon, np.array([[beta_1], [beta_2]])
        self.means, self.t = 0.0, 0

    def step(self, weights, gradients):
        flat = np.concatenate([gradient.ravel() for gradient in gradients])
        self.t += 1
        self.means = self.beta * self.means + (1 - self.beta) * np.stack([flat, flat**2])
        m, v = self.means / (1 - self.beta**self.t)
        steps = np.split(self.lr * m / (v**0.5 + self.epsilon), np.cumsum([w.size for w in weights]))
        return [w - s.reshape(w.shape) for w, s in zip(weights, steps, strict=False)]


class AdamOfGenerators:
    """A generator for each weight, which is sent its gradients and gives the steps."""

    def __init__(self, learning_rate, beta_1, beta_2, epsilon):
        def steps():
            m = v = t = 0
            gradient = yield
            while True:
                t += 1
                m = beta_1 * m + (1 - beta_1) * gradient
                v = beta_2 * v + (1 - beta_2) * gradient**2
                gradient = yield learning_rate * (m / (1 - beta_1**t)) / ((v / (1 - beta_2**t)) ** 0.5 + epsilon)

        self.new_steps, self.steps = steps, []

    def step(self, weights, gradients):
        while len(self.steps) < len(weights):
            self.steps.append(self.new_steps())
            next(self.steps[-1])
        return [w - s.send(g) for w, s, g in zip(weights, self.steps, gradients, strict=True)]


class AdamInPlace(Adam):
    def step(self, weights, gradients):
        if self.m is None:
            self.m, self.v = ([np.zeros(w.shape) for w in weights] for _ in range(2))
        self.t = self.t + 1
        for w, g, m, v in zip(weights, gradients, self.m, self.v, strict=True):
            m *= self.beta_1
            m += g * (1 - self.beta_1)
            v *= self.beta_2
            v += g * g * (1 - self.beta_2)
            scale = np.sqrt(1 - self.beta_2**self.t)
            w -= self.learning_rate * scale / (1 - self.beta_1**self.t) * m / (np.sqrt(v) + self.epsilon * scale)
        return weights


class AdamEpsilonInside(Adam):
    """√(v̂ + ε) in place of √v̂ + ε; with `hat`, √(v + ε) with the correction in front."""

    def __init__(self, learning_rate, beta_1, beta_2, epsilon, hat=False):
        super().__init__(learning_rate, beta_1, beta_2, epsilon)
        self.hat = hat

    def step(self, weights, gradients):
        moved = self.m or [0.0] * len(weights), self.v or [0.0] * len(weights)
        self.t += 1
        self.m = [self.beta_1 * m + (1 - self.beta_1) * g for m, g in zip(moved[0], gradients, strict=True)]
        self.v = [self.beta_2 * v + (1 - self.beta_2) * g**2 for v, g in zip(moved[1], gradients, strict=True)]
        correction = 1 - self.beta_2**self.t
        epsilon = self.epsilon / correction if self.hat else self.epsilon
        return [
            w - self.learning_rate * m / (1 - self.beta_1**self.t) / np.sqrt(v / correction + epsilon)
            for w, m, v in zip(weights, self.m, self.v, strict=True)
        ]


ADAM = Exercise(
    name="Adam",
    kind="derive",
    minutes=20,
    level=3,
    reference=optimizers.Adam,
    probe=probe_adam,
    misconceptions=[
        *flags(FaultyAdam, **MESSAGES),
        *alone(FaultyAdam, **RARER_MESSAGES),
        *anywhere(FaultyAdam),
        *of_the_class(FaultyAdam),
        *held(FaultyAdam),
    ],
    equivalents=[Adam, AdamWithRunningPowers, AdamInOneArray, AdamOfGenerators, AdamInPlace],
    accepts=[
        partial(optimizers.Adam, epsilon_hat=True),
        AdamEpsilonInside,
        partial(AdamEpsilonInside, hat=True),
    ],
    hints=[
        "m and v are memories like RMSprop's. Which number does each of them take in, and with which β?",
        "With β = 0.9, a mean of a steady 1 is 0.1 after one step, then 0.19, then 0.271. It lacks 0.9, 0.81 and "
        "0.729. Which share is there after t steps?",
        "Divide each mean by the share of it that is there. Raise `self.t` once a step, before the loop over weights.",
        "Keep m and v as they are; m̂ and v̂ are made anew from them in each step, and only they move the weight.",
    ],
    solution=Adam,
    scene=descent_scene("BOWL", 40, learning_rate=0.2, beta_1=0.9, beta_2=0.999, epsilon=1e-7),
)
