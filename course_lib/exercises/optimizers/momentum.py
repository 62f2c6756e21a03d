"""The exercises on momentum, plain and with Nesterov's look ahead."""

import numpy as np

from course_lib import optimizers
from course_lib.checking.exercise import Exercise, Misconception, flags
from course_lib.exercises.optimizers.probing import RETURNS_FIRST, Faulty, alone, memory_messages, probe_steps

# --- Momentum


class Momentum:
    """velocity ← momentum · velocity − learning_rate · g, then w ← w + velocity; every weight has its own velocity."""

    def __init__(self, learning_rate, momentum):
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.velocities = None

    def step(self, weights, gradients):
        if self.velocities is None:
            self.velocities = [np.zeros_like(weight) for weight in weights]
        self.velocities = [
            self.momentum * velocity - self.learning_rate * gradient
            for velocity, gradient in zip(self.velocities, gradients, strict=True)
        ]
        return [weight + velocity for weight, velocity in zip(weights, self.velocities, strict=True)]


def probe_momentum(momentum, rng):
    usual = {"learning_rate": rng.uniform(0.05, 0.2), "momentum": rng.uniform(0.6, 0.8)}
    others = {
        "momentum 0.9 at a low learning rate": {"learning_rate": rng.uniform(0.01, 0.03), "momentum": 0.9},
        "momentum 0, which is plain gradient descent": {"learning_rate": 0.1, "momentum": 0.0},
    }
    yield from probe_steps(momentum, rng, usual, others)


class FaultyMomentum(Faulty):
    def change(self, weight, gradient, memory):
        made = self.mistakes
        momentum = 0.9 if "fixed" in made else 1 if "never_fades" in made else self.momentum
        rate = 1 if "no_rate" in made else self.learning_rate
        old = memory["velocity"]
        if "mean" in made:
            rate = (1 - momentum) * rate
        if "opposed" in made:
            momentum = -momentum
        if "on_gradient" in made:
            memory["velocity"] = old + momentum * rate * gradient
        else:
            memory["velocity"] = momentum * old + rate * gradient
        used = old if "late" in made else memory["velocity"]
        return rate * used if "rate_twice" in made else used


class FaultyBeforeAndAfter(Faulty):
    """The velocity is a sum, but the gradient is taken off besides: w + velocity − rate · g with the new velocity."""

    def change(self, weight, gradient, memory):
        memory["velocity"] = self.momentum * memory["velocity"] + self.learning_rate * gradient
        return memory["velocity"] + self.learning_rate * gradient


class MomentumInOneArray(Momentum):
    """All weights' velocities in one long array."""

    def step(self, weights, gradients):
        g = np.concatenate([np.ravel(gradient) for gradient in gradients])
        v = np.zeros_like(g) if self.velocities is None else self.velocities
        self.velocities = v = self.momentum * v + g
        new, first = [], 0
        for weight in weights:
            part = v[first : first + weight.size].reshape(weight.shape)
            new.append(weight - self.learning_rate * part)
            first += weight.size
        return new


class MomentumAsHeavyBall(Momentum):
    """w + momentum · (the last change) − rate · g."""

    before = None

    def step(self, weights, gradients):
        before = weights if self.before is None else self.before
        self.before = weights
        return [
            w + self.momentum * (w - old) - self.learning_rate * g
            for w, old, g in zip(weights, before, gradients, strict=True)
        ]


class MomentumInADict:
    def __init__(self, learning_rate=0.01, momentum=0.9):
        self.learning_rate, self.momentum = np.float64(learning_rate), np.float64(momentum)
        self.velocity = {}

    def step(self, weights, gradients):
        def one(place, weight, gradient):
            self.velocity[place] = self.momentum * self.velocity.get(place, 0) + self.learning_rate * gradient
            return weight - self.velocity[place]

        return list(map(one, range(len(weights)), weights, gradients))


class MomentumInPlace(Momentum):
    def step(self, weights, gradients):
        if not self.velocities:
            self.velocities = [0 * gradient for gradient in gradients]
        for weight, velocity, gradient in zip(weights, self.velocities, gradients, strict=True):
            velocity *= self.momentum
            velocity -= self.learning_rate * gradient
            weight += velocity
        return weights


MOMENTUM = Exercise(
    name="Momentum",
    reference=optimizers.SGD,
    probe=probe_momentum,
    misconceptions=[
        *flags(
            FaultyMomentum,
            **memory_messages("the velocities", "velocity"),
            mean="Your velocity is a mean, with a factor 1 − momentum on the gradient. Here it is a sum: "
            "momentum · velocity − rate · g, so that steps can grow up to 1 / (1 − momentum) times.",
            opposed="The old velocity has the wrong sign: each step works against the last one. Both terms of the new "
            "velocity go downhill.",
            late="You step with the old velocity, and only then renew it. Renew it first: the first step is "
            "−rate · g, not 0.",
            rate_twice="The learning rate comes in twice, in the velocity and in the step. Once is enough.",
            no_rate="`learning_rate` is not used: the velocity takes up rate · g.",
            fixed="Your momentum is 0.9 whatever the argument says. Use `self.momentum`.",
            never_fades="The old velocity is kept whole, so it never fades. Multiply it by `momentum`.",
            on_gradient="You multiply the gradient by `momentum`. It belongs to the old velocity: "
            "momentum · velocity − rate · g.",
        ),
        *alone(FaultyMomentum, returns_first=RETURNS_FIRST),
        Misconception(
            FaultyBeforeAndAfter,
            "The gradient is taken off twice: it is in the velocity already. The new weight is w + velocity.",
            name="gradient_twice",
        ),
        Misconception(
            lambda learning_rate, momentum: Nesterov(learning_rate, momentum),
            "This is Nesterov's form, which comes next. Here the new weight is w + velocity.",
            name="nesterov",
        ),
    ],
    equivalents=[Momentum, MomentumInOneArray, MomentumAsHeavyBall, MomentumInADict, MomentumInPlace],
    hints=[
        "What must be remembered between two calls of `step`, and of what shape is it for each weight?",
        "Before the first step all velocities are 0. You know the shapes only when `step` is called.",
        "For each weight: `velocity = momentum * velocity - learning_rate * gradient`, kept in a list at the weight's "
        "position; the new weight is `weight + velocity`.",
    ],
    solution=Momentum,
)

# --- Nesterov


class Nesterov:
    """velocity ← momentum · velocity − learning_rate · g, then w ← w + momentum · velocity − learning_rate · g."""

    def __init__(self, learning_rate, momentum):
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.velocities = None

    def step(self, weights, gradients):
        if self.velocities is None:
            self.velocities = [np.zeros_like(weight) for weight in weights]
        new = []
        for i, (weight, gradient) in enumerate(zip(weights, gradients, strict=True)):
            self.velocities[i] = self.momentum * self.velocities[i] - self.learning_rate * gradient
            new.append(weight + self.momentum * self.velocities[i] - self.learning_rate * gradient)
        return new


class NesterovOfTheCourse(optimizers.SGD):
    def __init__(self, learning_rate, momentum):
        super().__init__(learning_rate, momentum, nesterov=True)


class FaultyNesterov(Faulty):
    def change(self, weight, gradient, memory):
        made = self.mistakes
        momentum = 0.9 if "fixed" in made else self.momentum
        descent = gradient if "no_rate" in made else self.learning_rate * gradient
        kept = (1 - momentum) * descent if "mean" in made else descent
        memory["velocity"] = momentum * memory["velocity"] + kept
        share = 1 if "not_weakened" in made else momentum**2 if "far_ahead" in made else momentum
        ahead = share * memory["velocity"]
        if "backwards" in made:
            ahead = -ahead
        if "no_velocity" in made:
            return descent
        return ahead if "no_gradient" in made else ahead + descent


def nesterov_as_plain_momentum(learning_rate, momentum):
    return Momentum(learning_rate, momentum)


class NesterovVelocityTwice(Faulty):
    def change(self, weight, gradient, memory):
        memory["velocity"] = self.momentum * memory["velocity"] + self.learning_rate * gradient
        return (1 + self.momentum) * memory["velocity"]


class NesterovLikePyTorch:
    def __init__(self, learning_rate, momentum):
        self.lr, self.mu, self.buffers = learning_rate, momentum, []

    def step(self, weights, gradients):
        if not self.buffers:
            self.buffers = [np.copy(g) for g in gradients]
        else:
            self.buffers = [self.mu * b + g for b, g in zip(self.buffers, gradients, strict=True)]
        ahead = [g + self.mu * b for b, g in zip(self.buffers, gradients, strict=True)]
        return [w - self.lr * d for w, d in zip(weights, ahead, strict=True)]


class NesterovFromBothVelocities(Nesterov):
    """−momentum · (old velocity) + (1 + momentum) · (new velocity)."""

    def step(self, weights, gradients):
        old = self.velocities or [np.zeros(weight.shape) for weight in weights]
        self.velocities = [self.momentum * v - self.learning_rate * g for v, g in zip(old, gradients, strict=True)]
        return [
            w - self.momentum * before + (1 + self.momentum) * v
            for w, before, v in zip(weights, old, self.velocities, strict=True)
        ]


class NesterovFromTheOldVelocity(Nesterov):
    """momentum² · (old velocity) − (1 + momentum) · rate · g."""

    def step(self, weights, gradients):
        old = self.velocities or [0.0] * len(weights)
        self.velocities = [self.momentum * v - self.learning_rate * g for v, g in zip(old, gradients, strict=True)]
        return [
            w + self.momentum**2 * v - (1 + self.momentum) * self.learning_rate * g
            for w, v, g in zip(weights, old, gradients, strict=True)
        ]


NESTEROV = Exercise(
    name="Nesterov",
    reference=NesterovOfTheCourse,
    probe=probe_momentum,
    misconceptions=[
        *flags(
            FaultyNesterov,
            **memory_messages("the velocities", "velocity"),
            mean="Your velocity is a mean, with a factor 1 − momentum on the gradient. Here it is a sum: "
            "momentum · velocity − rate · g.",
            not_weakened="You step by the velocity and by the gradient once more. The look ahead is "
            "momentum · velocity, and only the gradient's part comes in full.",
            far_ahead="`momentum` comes in twice on the way: the look ahead is momentum · velocity, with the new "
            "velocity.",
            backwards="You look back: momentum · velocity has the wrong sign.",
            no_gradient="The gradient's own part is missing: w + momentum · velocity − rate · g.",
            no_rate="`learning_rate` is not used: take rate · g in both lines.",
            fixed="Your momentum is 0.9 whatever the argument says. Use `self.momentum`.",
        ),
        *alone(
            FaultyNesterov,
            returns_first=RETURNS_FIRST,
            no_velocity="Your steps are plain gradient descent: what you do with the velocity cancels out.",
        ),
        Misconception(
            nesterov_as_plain_momentum,
            "This is plain momentum. Nesterov steps from where the velocity will lead: "
            "w + momentum · velocity − rate · g, with the *new* velocity.",
            name="plain_momentum",
        ),
        Misconception(
            NesterovVelocityTwice,
            "You step by velocity + momentum · velocity. Only the last gradient comes in full: "
            "w + momentum · velocity − rate · g.",
            name="velocity_twice",
        ),
    ],
    equivalents=[
        Nesterov,
        NesterovLikePyTorch,
        NesterovFromBothVelocities,
        NesterovFromTheOldVelocity,
    ],
    hints=[
        "The velocity is renewed just as before. What differs is how the weight uses it.",
        "Once the velocity is renewed, step as far as the *next* velocity would lead under the same gradient: "
        "momentum · velocity − rate · g.",
        "`velocity = momentum * velocity - learning_rate * gradient`, then "
        "`weight + momentum * velocity - learning_rate * gradient`.",
    ],
    solution=Nesterov,
)
