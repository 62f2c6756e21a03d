"""The exercises on Adagrad and RMSprop: a rate for every element, from the size of its gradients."""

import numpy as np

from course_lib import optimizers
from course_lib.checking.exercise import Exercise, flags
from course_lib.exercises.optimizers.probing import RETURNS_FIRST, Faulty, alone, memory_messages, probe_steps

# --- Adagrad


class Adagrad:
    """accumulator ← accumulator + g², which starts at 0.1, then w ← w − learning_rate · g / √(accumulator + ε)."""

    def __init__(self, learning_rate, epsilon):
        self.learning_rate = learning_rate
        self.epsilon = epsilon
        self.accumulators = None

    def step(self, weights, gradients):
        if self.accumulators is None:
            self.accumulators = [np.full_like(weight, 0.1) for weight in weights]
        self.accumulators = [a + gradient**2 for a, gradient in zip(self.accumulators, gradients, strict=True)]
        return [
            weight - self.learning_rate * gradient / np.sqrt(accumulator + self.epsilon)
            for weight, gradient, accumulator in zip(weights, gradients, self.accumulators, strict=True)
        ]


def probe_adagrad(adagrad, rng):
    usual = {"learning_rate": rng.uniform(0.1, 0.5), "epsilon": 1e-7}
    others = {
        "another learning rate": {"learning_rate": rng.uniform(0.01, 0.05), "epsilon": 1e-7},
        "epsilon 0.5": {"learning_rate": 0.1, "epsilon": 0.5},
    }
    yield from probe_steps(adagrad, rng, usual, others)


class FaultyAdagrad(Faulty):
    def change(self, weight, gradient, memory):
        made = self.mistakes
        square = gradient if "not_squared" in made else abs(gradient) if "absolute" in made else gradient**2
        if "of_weights" in made:
            square = weight**2
        if "one_rate" in made:
            square = np.sum(square)
        old = memory.get("accumulator", 0.0 if "from_zero" in made else 0.1)
        memory["accumulator"] = 0.9 * old + 0.1 * square if "decayed" in made else old + square
        used = old if "late" in made else memory["accumulator"]
        if "mean" in made:
            used = used / self.t
        used = used + (0 if "no_epsilon" in made else self.epsilon)
        rate = 1 if "no_rate" in made else self.learning_rate
        return rate * gradient / (used if "no_root" in made else np.sqrt(used))


class AdagradEpsilonOutside(Adagrad):
    def step(self, weights, gradients):
        new = []
        self.accumulators = self.accumulators or [0.1] * len(weights)
        for i, gradient in enumerate(gradients):
            self.accumulators[i] = self.accumulators[i] + np.square(gradient)
            new.append(weights[i] - self.learning_rate / (np.sqrt(self.accumulators[i]) + self.epsilon) * gradient)
        return new


class AdagradFromAllGradients(Adagrad):
    """Keeps every gradient, and sums their squares anew."""

    def step(self, weights, gradients):
        self.seen = [*getattr(self, "seen", []), gradients]
        return [
            weight
            - self.learning_rate * gradients[i] * (0.1 + self.epsilon + sum(g[i] ** 2 for g in self.seen)) ** -0.5
            for i, weight in enumerate(weights)
        ]


class AdagradInADict:
    def __init__(self, learning_rate=0.01, epsilon=1e-8):
        self.lr, self.eps, self.cache = learning_rate, epsilon, {}

    def step(self, params, grads):
        result = []
        for key in range(len(params)):
            if key not in self.cache:
                self.cache[key] = np.ones_like(params[key]) * 0.1
            self.cache[key] += grads[key] * grads[key]
            result.append(params[key] - self.lr * grads[key] / np.sqrt(self.cache[key] + self.eps))
        return result


class AdagradInOneArray:
    def __init__(self, learning_rate, epsilon):
        self.learning_rate, self.epsilon, self.accumulator = learning_rate, epsilon, 0.1

    def step(self, weights, gradients):
        g = np.concatenate([gradient.ravel() for gradient in gradients])
        self.accumulator = self.accumulator + g**2
        steps = self.learning_rate * g / np.sqrt(self.accumulator + self.epsilon)
        ends = np.cumsum([weight.size for weight in weights])[:-1]
        return [w - s.reshape(w.shape) for w, s in zip(weights, np.split(steps, ends), strict=True)]


ADAGRAD = Exercise(
    name="Adagrad",
    reference=optimizers.Adagrad,
    probe=probe_adagrad,
    misconceptions=[
        *flags(
            FaultyAdagrad,
            **memory_messages("the accumulators", "accumulator"),
            decayed="Your accumulator forgets, with factors 0.9 and 0.1: that is RMSprop. Adagrad adds up: "
            "accumulator + g².",
            no_root="The root is missing: divide by √(accumulator + ε).",
            from_zero="Your accumulator starts at 0. Here it starts at 0.1, as in Keras, which keeps the first steps "
            "of tiny gradients small.",
            not_squared="You add up the gradients, not their squares. Those of opposite sign cancel, and their sum may "
            "be negative.",
            one_rate="You sum over all elements of a weight, so that they share one rate. Keep the accumulator in the "
            "weight's shape.",
            late="You divide by the accumulator as it was before this gradient. Add g² first.",
            mean="You divide the sum by the number of steps. Adagrad does not average: its steps shrink because the "
            "sum grows.",
            no_epsilon="`epsilon` is not used, or another one is: divide by √(accumulator + ε).",
            no_rate="`learning_rate` is not used: the step is rate · g / √(accumulator + ε).",
        ),
        *alone(
            FaultyAdagrad,
            returns_first=RETURNS_FIRST,
            absolute="You add up |g|. It is g² that is added, and the root is taken of the sum.",
            of_weights="You add up the squares of the *weights*. It is the gradient's size that counts.",
        ),
    ],
    equivalents=[Adagrad, AdagradFromAllGradients, AdagradInADict, AdagradInOneArray],
    accepts=[AdagradEpsilonOutside],
    hints=[
        "What must be remembered for each element, and what is it before the first step?",
        "Squares and roots are taken element by element: `gradient**2` has the shape of the weight.",
        "`accumulator = accumulator + gradient**2`, kept for each weight, at first `np.full_like(weight, 0.1)`; then "
        "`weight - learning_rate * gradient / np.sqrt(accumulator + epsilon)`.",
    ],
    solution=Adagrad,
)

# --- RMSprop


class RMSprop:
    """mean_square ← ρ mean_square + (1 − ρ) g², then w ← w − learning_rate · g / √(mean_square + ε)."""

    def __init__(self, learning_rate, rho, epsilon):
        self.learning_rate = learning_rate
        self.rho = rho
        self.epsilon = epsilon
        self.mean_squares = None

    def step(self, weights, gradients):
        if self.mean_squares is None:
            self.mean_squares = [np.zeros_like(weight) for weight in weights]
        new = []
        for i, (weight, gradient) in enumerate(zip(weights, gradients, strict=True)):
            self.mean_squares[i] = self.rho * self.mean_squares[i] + (1 - self.rho) * gradient**2
            new.append(weight - self.learning_rate * gradient / np.sqrt(self.mean_squares[i] + self.epsilon))
        return new


def probe_rmsprop(rmsprop, rng):
    usual = {"learning_rate": rng.uniform(0.05, 0.2), "rho": rng.uniform(0.7, 0.85), "epsilon": 1e-7}
    others = {
        "another rho": {"learning_rate": 0.05, "rho": rng.uniform(0.92, 0.97), "epsilon": 1e-7},
        "rho 0": {"learning_rate": 0.05, "rho": 0.0, "epsilon": 1e-7},
        "epsilon 0.5": {"learning_rate": 0.1, "rho": 0.9, "epsilon": 0.5},
    }
    yield from probe_steps(rmsprop, rng, usual, others)


class FaultyRMSprop(Faulty):
    def change(self, weight, gradient, memory):
        made = self.mistakes
        square = gradient if "not_squared" in made else abs(gradient) if "absolute" in made else gradient**2
        if "one_rate" in made:
            square = np.mean(square)
        rho = 0.9 if "fixed" in made else self.rho
        keep, take = (1 - rho, rho) if "swapped" in made else (rho, 1 - rho)
        if "sum" in made:
            keep, take = 1, 1
        if "no_factor" in made:
            take = 1
        start = 1.0 if "from_one" in made else square if "from_first" in made else 0.0
        old = memory.get("mean_square", start)
        memory["mean_square"] = keep * old + take * square
        used = old if "late" in made else memory["mean_square"]
        if "corrected" in made:
            used = used / (1 - rho**self.t)
        used = used + (0 if "no_epsilon" in made else self.epsilon)
        rate = 1 if "no_rate" in made else self.learning_rate
        return rate * gradient / (used if "no_root" in made else np.sqrt(used))


class RMSpropEpsilonOutside:
    def __init__(self, learning_rate=0.001, rho=0.9, epsilon=1e-8):
        self.learning_rate, self.rho, self.epsilon, self.v = learning_rate, rho, epsilon, {}

    def step(self, weights, gradients):
        for i, g in enumerate(gradients):
            self.v[i] = self.rho * self.v.get(i, 0.0) + (1 - self.rho) * g * g
        return [
            w - self.learning_rate * g / (np.sqrt(self.v[i]) + self.epsilon)
            for i, (w, g) in enumerate(zip(weights, gradients, strict=True))
        ]


class RMSpropByDifference(RMSprop):
    def step(self, weights, gradients):
        if self.mean_squares is None:
            self.mean_squares = [np.zeros(weight.shape) for weight in weights]
        for weight, gradient, mean_square in zip(weights, gradients, self.mean_squares, strict=True):
            mean_square += (1 - self.rho) * (np.square(gradient) - mean_square)
            weight += -self.learning_rate * gradient * (mean_square + self.epsilon) ** -0.5
        return weights


class RMSpropInOneArray:
    def __init__(self, learning_rate, rho, epsilon):
        self.settings, self.mean_square = (learning_rate, rho, epsilon), 0.0

    def step(self, weights, gradients):
        learning_rate, rho, epsilon = self.settings
        g = np.concatenate([np.asarray(gradient).ravel() for gradient in gradients])
        self.mean_square = rho * self.mean_square + (1 - rho) * g**2
        steps = iter(learning_rate * g / np.sqrt(self.mean_square + epsilon))
        return [
            weight - np.array([next(steps) for _ in range(weight.size)]).reshape(weight.shape) for weight in weights
        ]


RMSPROP = Exercise(
    name="RMSprop",
    reference=optimizers.RMSprop,
    probe=probe_rmsprop,
    misconceptions=[
        *flags(
            FaultyRMSprop,
            **memory_messages("the mean squares", "mean square"),
            sum="Your squares are added up and nothing is forgotten: that is Adagrad. RMSprop keeps a running mean, "
            "ρ · mean_square + (1 − ρ) · g².",
            swapped="ρ and 1 − ρ are swapped: ρ is the memory, the part of the old mean that is kept.",
            no_factor="The new square comes in whole. With the factor 1 − ρ the result is a mean, not a sum.",
            no_root="The root is missing: divide by √(mean_square + ε).",
            not_squared="You average the gradients, not their squares. Those of opposite sign cancel, and their mean "
            "may be negative.",
            one_rate="You average over all elements of a weight, so that they share one rate. The mean is over the "
            "steps: keep it in the weight's shape.",
            corrected="You correct the mean's lean towards 0, by 1 − ρᵗ. That is Adam's idea; RMSprop takes the mean "
            "as it is.",
            late="You divide by the mean as it was before this gradient, which is 0 at first. Renew it first.",
            no_epsilon="`epsilon` is not used, or another one is: divide by √(mean_square + ε), or 0/0 awaits where a "
            "gradient is 0.",
            no_rate="`learning_rate` is not used: the step is rate · g / √(mean_square + ε).",
            fixed="Your ρ is 0.9 whatever the argument says. Use `self.rho`.",
        ),
        *alone(
            FaultyRMSprop,
            returns_first=RETURNS_FIRST,
            absolute="You average |g|. It is g² that is averaged, and the root is taken of the mean.",
            from_one="Your mean starts at 1. Here it starts at 0, as in Keras.",
            from_first="Your mean starts at the first g². Here it starts at 0, as in Keras.",
        ),
    ],
    equivalents=[RMSprop, RMSpropByDifference, RMSpropInOneArray],
    accepts=[RMSpropEpsilonOutside],
    hints=[
        "Adagrad's sum only grows. What could make it forget what is long past?",
        "A running mean: ρ times the old one, and 1 − ρ times the new square.",
        "`mean_square = rho * mean_square + (1 - rho) * gradient**2`, kept for each weight, at first 0; then "
        "`weight - learning_rate * gradient / np.sqrt(mean_square + epsilon)`.",
    ],
    solution=RMSprop,
)
