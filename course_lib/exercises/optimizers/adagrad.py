"""The exercise on Adagrad: a rate for every element, which falls with the sum of its squared gradients."""

import numpy as np

from course_lib import optimizers
from course_lib.checking.exercise import Exercise, flags
from course_lib.exercises.optimizers.probing import (
    CLIPPED,
    ONE_STEP,
    alone,
    anywhere,
    descent_scene,
    holding,
    memory_messages,
    of_the_class,
    probe_steps,
)
from course_lib.exercises.optimizers.rooted import FaultyRooted, held, in_both_forms, rooted_messages


class Adagrad:
    """s ← s + g², which starts at 0.1, then w ← w − learning_rate · g / √(s + ε)."""

    def __init__(self, learning_rate, epsilon):
        self.learning_rate = learning_rate
        self.epsilon = epsilon
        self.sums = None

    def step(self, weights, gradients):
        if self.sums is None:
            self.sums = [np.full_like(weight, 0.1) for weight in weights]
        self.sums = [s + gradient**2 for s, gradient in zip(self.sums, gradients, strict=True)]
        return [
            weight - self.learning_rate * gradient / np.sqrt(s + self.epsilon)
            for weight, gradient, s in zip(weights, gradients, self.sums, strict=True)
        ]


def probe_adagrad(adagrad, rng):
    usual = {"learning_rate": rng.uniform(0.1, 0.5), "epsilon": 1e-7}
    others = {
        "another learning rate": {"learning_rate": rng.uniform(0.01, 0.05), "epsilon": 1e-7},
        "epsilon 0.5": {"learning_rate": 0.1, "epsilon": 0.5},
    }
    yield from probe_steps(adagrad, rng, usual, {"learning_rate": 0.1, "epsilon": 1e-7}, others)


class FaultyAdagrad(FaultyRooted):
    forgets, fades = None, 1.0

    def change(self, weight, gradient, memory):
        made = self.mistakes
        square = weight**2 if "of_weights" in made else self.quantity(gradient)
        start = self.start if self.start is not None else square if "from_first" in made else 0.1
        old = memory.get("accumulator", 0.0 if "from_zero" in made else start)
        new = old * self.fades + square
        if self.forgets is not None:
            new = self.forgets * old + (1 - self.forgets) * square
        if "stuck" in made:
            new = old
        if made & {"epsilon_adds_up", "epsilon_piles_up"}:
            new = new + self.epsilon
        memory["accumulator"] = new
        used = old if "late" in made else new
        return self.rooted(gradient, used / self.t if "mean" in made else used)


class AdagradEpsilonOutside(Adagrad):
    def step(self, weights, gradients):
        new = []
        self.sums = self.sums or [0.1] * len(weights)
        for i, gradient in enumerate(gradients):
            self.sums[i] = self.sums[i] + np.square(gradient)
            new.append(weights[i] - self.learning_rate / (np.sqrt(self.sums[i]) + self.epsilon) * gradient)
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


def share(number):
    return number if number < 0.9999 else np.nan


FORGETS = (
    "Your sum s forgets: the old one is weakened in each step, as in RMSprop.",
    "Add g² to the whole old sum.",
)

ADAGRAD = Exercise(
    name="Adagrad",
    kind="formula",
    minutes=8,
    level=2,
    reference=optimizers.Adagrad,
    probe=probe_adagrad,
    misconceptions=[
        *flags(
            FaultyAdagrad,
            **memory_messages("the sums s", "sum s"),
            no_root=("The root is missing below the fraction.", "Divide by √(s + ε)."),
            from_zero=(
                "Your sum s starts at 0.",
                "Here it starts at 0.1, as in Keras, which keeps the first steps of tiny gradients small.",
            ),
            not_squared=(
                "You add up the gradients, not their squares: those of opposite sign cancel.",
                "Add `gradient**2`.",
            ),
            one_rate=(
                "The squares are summed over a weight's elements, so that they share one rate.",
                "Keep s in the weight's shape.",
            ),
            late=("You divide by the root of s as it was before this gradient.", "Add g² first."),
            mean=(
                "The sum is divided by the number of steps.",
                "Adagrad does not average: its steps shrink because the sum grows.",
            ),
            no_epsilon=("`epsilon` is not used.", "Divide by √(s + ε)."),
            no_rate=("`learning_rate` is not used.", "The step is rate · g / √(s + ε)."),
        ),
        *alone(
            FaultyAdagrad,
            absolute=("You add up |g|, not g².", "Add `gradient**2`, and take the root of the sum."),
            of_weights=("You add up the squares of the *weights*.", "It is the gradient's size that counts: add g²."),
            from_first=(
                "Your sum s starts at the first g², which then comes in twice.",
                "Let it start at 0.1, and add g² in every step, the first one too.",
            ),
            stuck=(
                "The sum s stays 0.1: no square gets into it.",
                "Keep the sum in `self`: an assignment to a loop's variable does not change the list.",
            ),
            **rooted_messages("s"),
        ),
        *anywhere(FaultyAdagrad),
        *of_the_class(FaultyAdagrad),
        *held(
            FaultyAdagrad,
            "s",
            lambda under: under - 1,
            0.1,
            [
                holding(
                    FaultyAdagrad,
                    ONE_STEP,
                    lambda x: {"limit": (0.1 / ((0.1 / x[2]) ** 2 - 1)) ** 0.5},
                    "clipped",
                    CLIPPED,
                    limit=1.0,
                )
            ],
        ),
        *in_both_forms(
            FaultyAdagrad, "forgets", lambda under: {"forgets": share((1 - under) / 0.9)}, FORGETS, forgets=0.9
        ),
        *in_both_forms(FaultyAdagrad, "fades", lambda under: {"fades": share((under - 1) / 0.1)}, FORGETS, fades=0.9),
    ],
    equivalents=[Adagrad, AdagradFromAllGradients, AdagradInADict, AdagradInOneArray],
    accepts=[AdagradEpsilonOutside],
    hints=[
        "What must be remembered for each element, and what is it before the first step?",
        "Squares and roots are taken element by element: `gradient**2` has the shape of the weight.",
        "First the sum takes in the square, then the step is divided by its root. `np.full_like` makes an "
        "array of a weight's shape that holds one number.",
    ],
    solution=Adagrad,
    scene=descent_scene("BOWL", 40, learning_rate=0.5, epsilon=1e-7),
)
