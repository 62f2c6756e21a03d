"""What Adagrad and RMSprop have in common: a rate for every element, divided by a root, and how people get it wrong."""

import numpy as np

from course_lib.exercises.optimizers.probing import EPSILON, ONE_STEP, Faulty, from_0, holding


class FaultyRooted(Faulty):
    """Divides by the root of a sum, or a mean, of squares."""

    own_epsilon, start = None, None

    def quantity(self, gradient):
        """g²"""
        made = self.mistakes
        if "one_rate" in made:
            return np.sum(gradient**2)
        if "one_mean_rate" in made:
            return np.mean(gradient**2)
        if "doubled" in made:
            return gradient * 2
        if "rooted_square" in made:
            return gradient
        return gradient if "not_squared" in made else abs(gradient) if "absolute" in made else gradient**2

    def rooted(self, gradient, square):
        """learning_rate · g / √(square + ε)"""
        made = self.mistakes
        rate = 1 if "no_rate" in made else self.learning_rate
        epsilon = self.epsilon if self.own_epsilon is None else self.own_epsilon
        if made & {"no_epsilon", "epsilon_adds_up"}:
            epsilon = 0
        if "rooted_square" in made:
            square = square**2
        if made & {"epsilon_on_weight", "epsilon_off_weight"}:
            return rate * gradient / np.sqrt(square) + (-epsilon if "epsilon_on_weight" in made else epsilon)
        if "floor" in made:
            return rate * gradient / np.maximum(np.sqrt(square), epsilon)
        size = np.sqrt(square) + epsilon if "outside" in made else np.sqrt(square + epsilon)
        if "multiplied" in made:
            return rate * gradient * size
        if "no_root" in made:
            size = square + epsilon
        if "half_of_all" in made:
            size = (square + epsilon) * 2
        if "half" in made:
            size = (square + epsilon) / 2
        if "root_of_root" in made:
            size = (square + epsilon) ** 0.25
        if "rate_kept" in made:
            self.learning_rate = self.learning_rate / size
            return self.learning_rate * gradient
        return rate * gradient / size


HALF = ("`x ** 1/2` is (x ** 1) / 2, a half: no root is taken.", "Write `x ** 0.5` or `np.sqrt(x)`.")


def rooted_messages(square):
    """The messages on mistakes around the root of `square`, alone but for few: flags of FaultyRooted."""
    divide = f"Divide by np.sqrt({square} + ε)."
    return {
        "epsilon_on_weight": ("ε is added to the new weight, outside the fraction.", f"Brackets! {divide}"),
        "epsilon_off_weight": ("ε is taken off the new weight, outside the fraction.", f"Brackets! {divide}"),
        "epsilon_adds_up": (
            f"ε is added to {square} in each step, so that it piles up.",
            f"Keep it without ε. {divide}",
        ),
        "epsilon_piles_up": (
            f"ε is added to {square} in each step, and under the root once more.",
            f"Keep it without ε. {divide}",
        ),
        "half": HALF,
        "half_of_all": HALF,
        "root_of_root": (f"The root is taken twice, which is the fourth root of {square}.", divide),
        "multiplied": (f"You multiply by the root of {square}: large gradients make still larger steps.", divide),
        "rooted_square": (
            f"The gradients are added up without being squared, and {square} is squared before the root.",
            "Square each gradient before it comes in: those of opposite sign must not cancel.",
        ),
        "doubled": ("`g * 2` is twice the gradient, not its square, and may be negative.", "Write `g**2`."),
        "one_mean_rate": (
            "The squares are averaged over a weight's elements, so that they share one rate.",
            "Keep the squares in the weight's shape.",
        ),
        "rate_kept": (
            "The divided learning rate is kept, so the next step divides it once more.",
            "Leave `self.learning_rate` as it is, and give the quotient a name of its own.",
        ),
    }


def held(faulty, square, start, first_square, clips):
    """The numbers of one's own that both may hold.

    Args:
        start: `start(sum)` gives the initial value from what is under the root after a gradient of 1, ε apart.
        first_square: what is under the root after a gradient of 1e-6, ε apart.
        clips: mistakes to which gradients are clipped.
    """
    other_epsilon = (EPSILON[0], EPSILON[1].format(f": √({square} + ε)"))
    started = (
        f"Your {square} starts at another value.",
        f"Here it starts at {'0.1' if first_square > 0.05 else '0'}, as in Keras.",
    )
    return [
        *in_both_forms(
            faulty, "start", lambda under: {"start": from_0(np.round(start(under), 12))}, started, start=1.0
        ),
        holding(
            faulty,
            ONE_STEP,
            lambda x: {"own_epsilon": from_0((1e-7 / x[0]) ** 2 - first_square)},
            "other_epsilon",
            other_epsilon,
            own_epsilon=1e-3,
        ),
        holding(
            faulty,
            ONE_STEP,
            lambda x: {"own_epsilon": from_0(1e-7 / abs(x[0]) - first_square**0.5)},
            "other_epsilon_outside",
            other_epsilon,
            own_epsilon=1e-3,
            outside=True,
        ),
        *clips,
    ]


def in_both_forms(faulty, name, read, message, **example):
    """The mistake of a number that is read off what is under the root after a gradient of 1, with ε in and outside."""
    return [
        holding(faulty, ONE_STEP, lambda x: read((0.1 / x[1]) ** 2 - 1e-7), name, message, **example),
        holding(
            faulty,
            ONE_STEP,
            lambda x: read((0.1 / abs(x[1]) - 1e-7) ** 2),
            f"{name}_outside",
            message,
            outside=True,
            **example,
        ),
    ]
