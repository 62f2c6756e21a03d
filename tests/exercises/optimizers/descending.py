"""Foreign gradient descent, momentum and Nesterov's momentum."""

import types
from dataclasses import dataclass

import numpy as np

from course_lib import optimizers
from tests.exercises.optimizers.foreign import Plain, with_keras

# Written in the ways of many people: with zip as they know it, and loops where there could be none.
# ruff: noqa: B905

# --- right answers


def gradient_descent_closed_over_its_rate(learning_rate):
    def step(weights, gradients):
        return [w - learning_rate * g for w, g in zip(weights, gradients)]

    return types.SimpleNamespace(step=step)


@dataclass
class GradientDescentData:
    learning_rate: float

    def step(self, weights, gradients):
        return [np.array(w - self.learning_rate * g, dtype=np.float32) for w, g in zip(weights, gradients)]


class MomentumInit:
    def __init__(self, learning_rate=0.01, momentum=0.9):
        self.lr = learning_rate
        self.momentum = momentum
        self.v = None

    def step(self, params, grads):
        if self.v is None:
            self.v = []
            for p in params:
                self.v.append(np.zeros_like(p))
        for i in range(len(params)):
            self.v[i] = self.momentum * self.v[i] - self.lr * grads[i]
            params[i] += self.v[i]
        return params


def momentum_closed_over_state(learning_rate, momentum):
    velocity = {}

    def step(weights, gradients):
        for key, gradient in enumerate(gradients):
            velocity[key] = momentum * velocity.get(key, 0) + gradient
        return [weight - learning_rate * velocity[key] for key, weight in enumerate(weights)]

    return types.SimpleNamespace(step=step)


class MomentumOnTheCourse(optimizers.Optimizer):
    """The base class of the course does the bookkeeping."""

    initial_slots = (0,)

    def __init__(self, learning_rate, momentum):
        super().__init__(learning_rate)
        self.momentum = momentum

    def _update(self, weight, gradient, velocity):
        velocity[...] = self.momentum * velocity + self.learning_rate * gradient
        weight -= velocity


class NesterovOfLectures:
    def __init__(self, learning_rate, momentum):
        self.learning_rate, self.mu, self.v = learning_rate, momentum, {}

    def step(self, x, dx):
        x = list(x)
        for i in range(len(x)):
            v_prev = self.v.get(i, np.zeros(x[i].shape))
            v = self.mu * v_prev - self.learning_rate * dx[i]
            x[i] = x[i] + -self.mu * v_prev + (1 + self.mu) * v
            self.v[i] = v
        return x


# --- wrong answers


class DescentUphill(Plain):
    def step(self, weights, gradients):
        return [w + self.learning_rate * g for w, g in zip(weights, gradients)]


class DescentOfOne(Plain):
    def step(self, weights, gradients):
        for w, g in zip(weights, gradients):
            new = [w - self.learning_rate * g]
            return new


class DescentOfTheFirst(Plain):
    def step(self, weights, gradients):
        weights[0] = weights[0] - self.learning_rate * gradients[0]
        return weights


class DescentByTheMeanOverWeights(Plain):
    def step(self, weights, gradients):
        n = len(weights)
        return [w - self.learning_rate / n * g for w, g in zip(weights, gradients)]


class DescentByMeans(Plain):
    def step(self, weights, gradients):
        return [w - self.learning_rate * g.mean() for w, g in zip(weights, gradients)]


class DescentAtAFixedRate:
    def __init__(self, learning_rate):
        self.lr = 0.01

    def step(self, weights, gradients):
        return [w - self.lr * g for w, g in zip(weights, gradients)]


class DescentThatReturnsNothing(Plain):
    def step(self, weights, gradients):
        for i in range(len(weights)):
            weights[i] -= self.learning_rate * gradients[i]


class DescentOnLists(Plain):
    def step(self, weights, gradients):
        return weights - self.learning_rate * gradients


class MomentumAsAnExponentialMean:
    def __init__(self, learning_rate, momentum):
        self.alpha, self.beta, self.v = learning_rate, momentum, {}

    def step(self, weights, gradients):
        out = []
        for i, (w, dw) in enumerate(zip(weights, gradients)):
            self.v[i] = self.beta * self.v.get(i, 0) + (1 - self.beta) * dw
            out.append(w - self.alpha * self.v[i])
        return out


class MomentumWithOneVelocity:
    velocity = 0

    def __init__(self, learning_rate, momentum):
        self.learning_rate, self.momentum = learning_rate, momentum

    def step(self, weights, gradients):
        new = []
        for w, g in zip(weights, gradients):
            self.velocity = self.momentum * self.velocity - self.learning_rate * g
            new.append(w + self.velocity)
        return new


class MomentumMadeAnew(Plain):
    def step(self, weights, gradients):
        v = [np.zeros_like(w) for w in weights]
        for i, g in enumerate(gradients):
            v[i] = self.momentum * v[i] - self.learning_rate * g
        return [w + v_i for w, v_i in zip(weights, v)]


class MomentumUphill(MomentumInit):
    def step(self, params, grads):
        return super().step(params, [-g for g in grads])


class MomentumSteppingFirst(Plain):
    v = None

    def step(self, weights, gradients):
        v = self.v or [0 * w for w in weights]
        new = [w + v_i for w, v_i in zip(weights, v)]
        self.v = [self.momentum * v_i - self.learning_rate * g for v_i, g in zip(v, gradients)]
        return new


class MomentumOfTheClass:
    """The dict belongs to the class, so all optimizers write into it."""

    velocity = {}  # noqa: RUF012 - the mistake

    def __init__(self, learning_rate, momentum):
        self.learning_rate, self.momentum = learning_rate, momentum

    def step(self, weights, gradients):
        new = []
        for i, (w, g) in enumerate(zip(weights, gradients)):
            old = self.velocity.get((i, w.shape), np.zeros_like(w))
            self.velocity[i, w.shape] = self.momentum * old - self.learning_rate * g
            new.append(w + self.velocity[i, w.shape])
        return new


class MomentumByShape(Plain):
    """Weights of one shape share a velocity."""

    def step(self, weights, gradients):
        self.v = getattr(self, "v", {})
        new = []
        for w, g in zip(weights, gradients):
            self.v[w.shape] = self.momentum * self.v.get(w.shape, 0) - self.learning_rate * g
            new.append(w + self.v[w.shape])
        return new


class NesterovThatIsPlain(MomentumInit):
    pass


class NesterovWithoutTheGradient(Plain):
    v = None

    def step(self, weights, gradients):
        v = self.v or [0 * w for w in weights]
        self.v = [self.momentum * v_i - self.learning_rate * g for v_i, g in zip(v, gradients)]
        return [w + self.momentum * v_i for w, v_i in zip(weights, self.v)]


class NesterovOfTwoVelocities(Plain):
    """The lecture's line with 1 for 1 + μ, after which nothing is left of the velocity."""

    v = None

    def step(self, weights, gradients):
        old = self.v or [0 * w for w in weights]
        self.v = [self.momentum * v_i - self.learning_rate * g for v_i, g in zip(old, gradients)]
        return [w - self.momentum * o + v_i for w, o, v_i in zip(weights, old, self.v)]


RIGHT = {
    "GradientDescent": [gradient_descent_closed_over_its_rate, GradientDescentData, with_keras("SGD")],
    "Momentum": [MomentumInit, momentum_closed_over_state, MomentumOnTheCourse, with_keras("SGD")],
    "Nesterov": [NesterovOfLectures, with_keras("SGD", nesterov=True)],
}
WRONG = [
    ("GradientDescent", DescentUphill, "uphill"),
    ("GradientDescent", DescentOfOne, "returns_first"),
    ("GradientDescent", DescentOfTheFirst, "first_only"),
    ("GradientDescent", DescentByTheMeanOverWeights, "divided"),
    ("GradientDescent", DescentByMeans, "mean_element"),
    ("GradientDescent", DescentAtAFixedRate, "fixed_rate"),
    ("Momentum", MomentumAsAnExponentialMean, "mean"),
    ("Momentum", MomentumWithOneVelocity, "shared"),
    ("Momentum", MomentumMadeAnew, "forgotten"),
    ("Momentum", MomentumUphill, "uphill"),
    ("Momentum", MomentumSteppingFirst, "late"),
    ("Momentum", NesterovOfLectures, "nesterov"),
    ("Nesterov", NesterovThatIsPlain, "nesterov_as_plain_momentum"),
    ("Nesterov", NesterovWithoutTheGradient, "no_gradient"),
    ("Nesterov", NesterovOfTwoVelocities, "no_velocity"),
]
ALSO_WRONG = [
    ("GradientDescent", DescentThatReturnsNothing, "return"),
    ("GradientDescent", DescentOnLists, "TypeError"),
    ("Momentum", MomentumByShape, "one shape share"),
]
