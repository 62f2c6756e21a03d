"""The exercise on RMSprop: Adagrad that forgets."""

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


class RMSprop:
    """v ← ρ v + (1 − ρ) g², then w ← w − learning_rate · g / √(v + ε)."""

    def __init__(self, learning_rate, rho, epsilon):
        self.learning_rate = learning_rate
        self.rho = rho
        self.epsilon = epsilon
        self.v = None

    def step(self, weights, gradients):
        if self.v is None:
            self.v = [np.zeros_like(weight) for weight in weights]
        new = []
        for i, (weight, gradient) in enumerate(zip(weights, gradients, strict=True)):
            self.v[i] = self.rho * self.v[i] + (1 - self.rho) * gradient**2
            new.append(weight - self.learning_rate * gradient / np.sqrt(self.v[i] + self.epsilon))
        return new


def probe_rmsprop(rmsprop, rng):
    usual = {"learning_rate": rng.uniform(0.05, 0.2), "rho": rng.uniform(0.7, 0.85), "epsilon": 1e-7}
    others = {
        "another rho": {"learning_rate": 0.05, "rho": rng.uniform(0.92, 0.97), "epsilon": 1e-7},
        "rho 0": {"learning_rate": 0.05, "rho": 0.0, "epsilon": 1e-7},
        "epsilon 0.5": {"learning_rate": 0.1, "rho": 0.9, "epsilon": 0.5},
    }
    yield from probe_steps(rmsprop, rng, usual, {"learning_rate": 0.1, "rho": 0.9, "epsilon": 1e-7}, others)


class FaultyRMSprop(FaultyRooted):
    own_rho = None

    def change(self, weight, gradient, memory):
        made = self.mistakes
        square = self.quantity(gradient)
        rho = self.rho if self.own_rho is None else self.own_rho
        keep, take = (1 - rho, rho) if "swapped" in made else (rho, 1 - rho)
        if "sum" in made:
            keep, take = 1, 1
        if "no_factor" in made:
            take = 1
        start = self.start if self.start is not None else square if "from_first" in made else 0.0
        old = memory.get("mean_square", start)
        new = keep * old + 1 - rho * square if "no_bracket" in made else keep * old + take * square
        if "stuck" in made:
            new = old
        if made & {"epsilon_adds_up", "epsilon_piles_up"}:
            new = new + self.epsilon
        memory["mean_square"] = new
        used = old if "late" in made else new
        if "corrected" in made:
            used = used / (1 - rho**self.t)
        if "centered" in made:
            mean = memory["mean"] = rho * memory["mean"] + (1 - rho) * gradient
            used = used - mean**2
        return self.rooted(gradient, used)


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
        if self.v is None:
            self.v = [np.zeros(weight.shape) for weight in weights]
        for weight, gradient, mean_square in zip(weights, gradients, self.v, strict=True):
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


# Leads to the factor without writing it down: the formula is what is asked for.
MEAN = "Let g stay 1, and v be multiplied by ρ in each step: which share of g² must come in, so that v settles at 1?"

RMSPROP = Exercise(
    name="RMSprop",
    kind="derive",
    minutes=10,
    level=3,
    reference=optimizers.RMSprop,
    probe=probe_rmsprop,
    misconceptions=[
        *flags(
            FaultyRMSprop,
            **memory_messages("the memories v", "memory v"),
            sum=("Your squares are added up, and nothing is forgotten: that is Adagrad.", MEAN),
            swapped=("ρ and 1 − ρ are swapped.", "ρ is the memory, the part of the old mean that is kept."),
            no_factor=("The new square comes in whole, so that you keep a sum, not a mean.", MEAN),
            no_root=("The root is missing below the fraction.", "Divide by √(v + ε)."),
            not_squared=(
                "You average the gradients, not their squares: those of opposite sign cancel.",
                "Average `gradient**2`.",
            ),
            one_rate=(
                "The squares are summed over a weight's elements, so that they share one rate.",
                "The mean is over the steps: keep it in the weight's shape.",
            ),
            corrected=(
                "You divide the mean by 1 − ρᵗ, Adam's bias correction.",
                "Take the mean as it is, although it leans towards 0 at first.",
            ),
            late=("You divide by the mean as it was before this gradient, which is 0 at first.", "Renew it first."),
            no_epsilon=(
                "There is no ε below the fraction: a gradient of 0 gives 0/0.",
                "Divide by √(v + ε).",
            ),
            no_rate=("`learning_rate` is not used.", "The step is rate · g / √(v + ε)."),
        ),
        *alone(
            FaultyRMSprop,
            absolute=("You average |g|, not g².", "Average `gradient**2`, and take the root of the mean."),
            from_first=("Your mean starts at the first g².", "Here it starts at 0, as in Keras."),
            no_bracket=("You take ρ · v + 1 − ρ · g²: the brackets around 1 − ρ are missing.", "Write (1 − ρ) · g²."),
            centered=(
                "The square of the gradients' mean is taken off below the root: that is the centered form.",
                "Divide by √(v + ε).",
            ),
            floor=(
                "Beside a root that is not 0, ε makes no difference: it is a lower limit only, or far smaller.",
                "Add the argument itself: √(v + ε).",
            ),
            stuck=(
                "v stays 0: no square gets into it.",
                "Keep the new mean in `self`: an assignment to a loop's variable does not change the list.",
            ),
            **rooted_messages("v"),
        ),
        *anywhere(FaultyRMSprop),
        *of_the_class(FaultyRMSprop),
        *held(
            FaultyRMSprop,
            "v",
            lambda under: (under - 0.1) / 0.9,
            1e-13,
            # A first step does not tell the limit: these are the usual ones, and all above 2 look like 5.
            [
                holding(
                    FaultyRMSprop,
                    ONE_STEP,
                    lambda x, limit=limit: {"limit": limit},
                    f"clipped_to_{limit}",
                    CLIPPED,
                    limit=limit,
                )
                for limit in (0.5, 1.0, 5.0)
            ],
        ),
        *in_both_forms(
            FaultyRMSprop,
            "fixed",
            lambda under: {"own_rho": 1 - under},
            ("Your ρ is a number of your own, whatever the argument says.", "Use `self.rho`."),
            own_rho=0.99,
        ),
    ],
    equivalents=[RMSprop, RMSpropByDifference, RMSpropInOneArray],
    accepts=[RMSpropEpsilonOutside],
    hints=[
        "A square of k steps ago is to count ρᵏ times as much as a new one. What must then happen to the whole memory "
        "in each step, before the new square comes in?",
        "Now let the gradient stay g. If the new square comes in with a factor c, the memory settles where "
        "v = ρ v + c g². For which c is that v equal to g²?",
        "Renew the memory first, with ρ and that c. The step is Adagrad's, with this memory in place of the sum.",
    ],
    solution=RMSprop,
    scene=descent_scene("BOWL", 40, learning_rate=0.1, rho=0.9, epsilon=1e-7),
)
