"""The exercises on momentum, plain and with Nesterov's look ahead."""

import numpy as np

from course_lib import optimizers
from course_lib.checking.exercise import Exercise, Misconception, flags
from course_lib.exercises.optimizers.probing import (
    CLIPPED,
    ONE_STEP,
    TWO_STEPS,
    Faulty,
    alone,
    anywhere,
    descent_scene,
    holding,
    memory_messages,
    of_the_class,
    probe_steps,
)

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
    yield from probe_steps(momentum, rng, usual, {"learning_rate": 0.1, "momentum": 0.5}, others)


class FaultyMomentum(Faulty):
    own_momentum, start = None, 0.0

    def change(self, weight, gradient, memory):
        made = self.mistakes
        momentum = self.momentum if self.own_momentum is None else self.own_momentum
        momentum = 1 if "never_fades" in made else momentum
        rate = 1 if "no_rate" in made else self.learning_rate
        if self.t == 1 and "from_first_step" in made:
            memory["velocity"] = rate * gradient
        if self.t == 1 and "from_gradient" in made:
            memory["velocity"] = -gradient
        old = memory.setdefault("velocity", -self.start)
        if "mean" in made or ("mean_from_first" in made and self.t > 1):
            rate = (1 - momentum) * rate
        if "opposed" in made:
            momentum = -momentum
        if "on_gradient" in made:
            memory["velocity"] = old + momentum * rate * gradient
        else:
            memory["velocity"] = momentum * old + rate * gradient
        used = old if "late" in made else memory["velocity"]
        if "weakened" in made:
            used = momentum * used
        if "corrected" in made:
            used = used / (1 - momentum**self.t)
        if "gradient_twice" in made:
            used = used + rate * gradient
        return rate * used if "rate_twice" in made else used


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


RULE = "Renew it as momentum · velocity − rate · g, and add it to the weight."
FROM_ZERO = "Let all velocities be 0 before the first step, so that this is −rate · g."
OWN_MOMENTUM = ("Your momentum is a number of your own, whatever the argument says.", "Use `self.momentum`.")

MOMENTUM = Exercise(
    name="Momentum",
    kind="formula",
    minutes=10,
    level=2,
    reference=optimizers.SGD,
    probe=probe_momentum,
    misconceptions=[
        *flags(
            FaultyMomentum,
            **memory_messages("the velocities", "velocity"),
            mean=("Your velocity is a mean: the gradient comes in with a factor 1 − momentum.", RULE),
            opposed=(
                "The old velocity has the wrong sign: each step works against the last one.",
                "Let both terms of the new velocity go downhill: momentum · velocity − rate · g.",
            ),
            late=(
                "You step with the old velocity, and only then renew it, so the first step is 0.",
                "Renew the velocity first.",
            ),
            rate_twice=("The learning rate comes in twice, in the velocity and in the step.", RULE),
            no_rate=("`learning_rate` is not used.", "The velocity takes in rate · g, not g."),
            never_fades=("The old velocity is kept whole, so it never fades.", "Multiply it by `momentum`."),
            on_gradient=(
                "The gradient is multiplied by `momentum`, and the old velocity is not.",
                "Multiply the old velocity by it: momentum · velocity − rate · g.",
            ),
            weakened=(
                "`momentum` comes in twice: what moves the weight is the velocity times `momentum`.",
                "Multiply the old velocity by it, not the gradient's part, and add the new velocity as it is.",
            ),
        ),
        *alone(
            FaultyMomentum,
            gradient_twice=(
                "The gradient is taken off twice: it is in the velocity already.",
                "Add the velocity alone.",
            ),
            corrected=(
                "The velocity is divided by 1 − momentumᵗ, Adam's correction of a mean.",
                "Leave it as it is: this velocity is a sum.",
            ),
            from_first_step=("Your velocities start at −rate · g, so the first step is too large.", FROM_ZERO),
            from_gradient=("Your velocities start at the first gradient, which points uphill.", FROM_ZERO),
            mean_from_first=(
                "Your velocity starts at the first gradient's step, and then is a mean with a factor 1 − momentum.",
                f"Let it start at 0. {RULE}",
            ),
        ),
        *anywhere(FaultyMomentum),
        *of_the_class(FaultyMomentum),
        Misconception(
            lambda learning_rate, momentum: Nesterov(learning_rate, momentum),
            "You look ahead of the velocity: this is Nesterov's form, which comes next.",
            "Add the velocity to the weight, and nothing else.",
            name="nesterov",
        ),
        holding(
            FaultyMomentum, TWO_STEPS, lambda x: {"own_momentum": -x[1] / 0.1}, "fixed", OWN_MOMENTUM, own_momentum=0.9
        ),
        holding(
            FaultyMomentum,
            ONE_STEP,
            lambda x: {"start": (x[1] + 0.1) / 0.5},
            "start",
            ("Your velocities start at another number than 0.", FROM_ZERO),
            start=1.0,
        ),
        holding(FaultyMomentum, ONE_STEP, lambda x: {"limit": -x[2] / 0.1}, "clipped", CLIPPED, limit=1.0),
    ],
    equivalents=[Momentum, MomentumInOneArray, MomentumAsHeavyBall, MomentumInADict, MomentumInPlace],
    hints=[
        "What must be remembered between two calls of `step`, and of what shape is it for each weight?",
        "Before the first step all velocities are 0. You know the shapes only when `step` is called.",
        "Renew a weight's velocity first, from its own old one and the gradient; then the weight moves by it. Where "
        "does `step` leave the new velocity, so that its next call finds it?",
    ],
    solution=Momentum,
    scene=descent_scene("BOWL", 40, learning_rate=0.01, momentum=0.8),
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
    own_momentum = None

    def change(self, weight, gradient, memory):
        made = self.mistakes
        momentum = self.momentum if self.own_momentum is None else self.own_momentum
        descent = gradient if "no_rate" in made else self.learning_rate * gradient
        kept = (1 - momentum) * descent if "mean" in made else descent
        old = memory["velocity"]
        new = memory["velocity"] = momentum * old + kept
        if "old_added" in made:
            return momentum * old + (1 + momentum) * new
        if "from_old" in made:
            return momentum**2 * old + descent
        if "between" in made:
            return old + momentum * (new - old)
        if "velocity_twice" in made:
            return (1 + momentum) * new
        share = 1 if "not_weakened" in made else momentum**2 if "far_ahead" in made else momentum
        ahead = share * new
        if "backwards" in made:
            ahead = -ahead
        if "no_velocity" in made:
            return descent
        if "wholly_twice" in made:
            return new + momentum * new + descent
        return ahead if "no_gradient" in made else ahead + descent


def nesterov_as_plain_momentum(learning_rate, momentum):
    """This is plain momentum: the weight moves by momentum · (old velocity) − rate · g, which is the new velocity.

    Move it by momentum · velocity − rate · g, with the *new* velocity.
    """
    return Momentum(learning_rate, momentum)


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


AHEAD = "Move the weight by momentum · velocity − rate · g, with the *new* velocity."

NESTEROV = Exercise(
    name="Nesterov",
    kind="formula",
    minutes=8,
    level=2,
    reference=NesterovOfTheCourse,
    probe=probe_momentum,
    misconceptions=[
        *flags(
            FaultyNesterov,
            **memory_messages("the velocities", "velocity"),
            mean=(
                "Your velocity is a mean: the gradient comes in with a factor 1 − momentum.",
                "Let it be a sum, momentum · velocity − rate · g.",
            ),
            not_weakened=("You step by the whole velocity, and by the gradient once more.", AHEAD),
            far_ahead=("The new velocity is multiplied by `momentum` twice in your look ahead.", AHEAD),
            backwards=("You look back: momentum · velocity has the wrong sign.", AHEAD),
            no_gradient=("The gradient's own part of the step is missing, −rate · g.", AHEAD),
            no_rate=("`learning_rate` is not used.", "Take rate · g in both lines."),
        ),
        *alone(
            FaultyNesterov,
            no_velocity=("Your steps are plain gradient descent: what you do with the velocity cancels out.", AHEAD),
            velocity_twice=("You step by velocity + momentum · velocity, both of them new.", AHEAD),
            wholly_twice=("You step by velocity + momentum · velocity, and by the gradient once more.", AHEAD),
            old_added=(
                "momentum · (old velocity) comes in with a plus, beside (1 + momentum) · (new velocity).",
                "In this form it is subtracted: (1 + momentum) · new − momentum · old.",
            ),
            from_old=(
                "You look ahead from the old velocity, momentum² · old, and the gradient comes in only once.",
                AHEAD,
            ),
            between=("You step to between the old velocity and the new one, not ahead of the new one.", AHEAD),
        ),
        *anywhere(FaultyNesterov),
        *of_the_class(FaultyNesterov),
        nesterov_as_plain_momentum,
        holding(
            FaultyNesterov,
            ONE_STEP,
            lambda x: {"own_momentum": -x[1] / 0.1 - 1},
            "fixed",
            OWN_MOMENTUM,
            own_momentum=0.9,
        ),
        holding(FaultyNesterov, ONE_STEP, lambda x: {"limit": -x[2] / 0.15}, "clipped", CLIPPED, limit=1.0),
    ],
    equivalents=[
        Nesterov,
        NesterovLikePyTorch,
        NesterovFromBothVelocities,
        NesterovFromTheOldVelocity,
    ],
    hints=[
        "The velocity is renewed just as before. What differs is how the weight uses it.",
        "Think of the *next* velocity, if the gradient stayed the same: what would it be, from the one just renewed?",
        "The weight moves by that: `momentum` weakens the new velocity, and the gradient's part comes in full.",
    ],
    solution=Nesterov,
    scene=descent_scene("BOWL", 40, learning_rate=0.01, momentum=0.8),
)
