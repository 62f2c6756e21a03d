"""The exercise on plain gradient descent: the rule that all others start from."""

import numpy as np

from course_lib import optimizers
from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.exercises.optimizers.probing import (
    CLIPPED,
    ONE_STEP,
    SHAPES,
    TWO_STEPS,
    Faulty,
    after_steps,
    alone,
    anywhere,
    descent_scene,
    draw,
    holding,
    known_rows,
)


class GradientDescent:
    """w ← w − learning_rate · g, for every weight."""

    def __init__(self, learning_rate):
        self.learning_rate = learning_rate

    def step(self, weights, gradients):
        return [
            weight - self.learning_rate * gradient
            for weight, gradient in zip(weights, gradients, strict=True)
        ]  # fmt: skip


def probe_gradient_descent(gradient_descent, rng):
    weight, gradients = draw(rng, [(3,)], 4)
    layers, layer_gradients = draw(rng, SHAPES, 3)
    sized, sized_gradients = draw(rng, [(2, 2)], 3)
    for [gradient] in sized_gradients:
        gradient *= [[0.0, 1e-4], [1.0, 1e4]]
    small, large = rng.uniform(0.02, 0.05), rng.uniform(0.2, 0.5)

    def row(label, weights, gradients, learning_rate, **options):
        settings = {"learning_rate": learning_rate}
        return Row(label, lambda: after_steps(gradient_descent, settings, weights, gradients), **options)

    yield row("one weight, after one step", weight, gradients[:1], small, essential=True)
    yield row("one weight, small gradients, at a higher learning rate", weight, [[gradients[0][0] / 10]], large)
    yield row("one weight, after four steps", weight, gradients, small)
    yield row("two layers' kernels and biases, after one step", layers, layer_gradients[:1], small, weight=2)
    yield row("two layers' kernels and biases, after three steps", layers, layer_gradients, large)
    yield row("gradients of 0, about 0.0001, 1 and 10,000, after three steps", sized, sized_gradients, large)
    yield from known_rows(gradient_descent, {"learning_rate": 0.1})


class FaultyGradientDescent(Faulty):
    own_rate, factor, share, kept, norm, decay = None, 1.0, 0.0, 1.0, np.inf, 0.0

    def step(self, weights, gradients):
        new = super().step(weights, gradients)
        if "first_only" in self.mistakes:
            return [*new[:1], *weights[1:]]
        if "shared_mean" in self.mistakes:
            mean = np.mean([np.mean(gradient) for gradient in gradients])
            return [weight - self.learning_rate * mean for weight in weights]
        if "divided" in self.mistakes:
            return [weight + (moved - weight) / len(weights) for weight, moved in zip(weights, new, strict=True)]
        return new

    def change(self, weight, gradient, memory):
        made = self.mistakes
        if "mean_element" in made:
            gradient = np.mean(gradient)
        if "summed" in made:
            gradient = np.sum(gradient)
        if "signs" in made:
            gradient = np.sign(gradient)
        length = np.linalg.norm(gradient)
        if "normalized" in made:
            gradient = gradient / length
        elif length > self.norm:
            gradient = gradient * self.norm / length
        if "relative" in made:
            gradient = weight * gradient
        if "by_rows" in made:
            gradient = gradient / len(gradient)
        if "by_size" in made:
            gradient = gradient / np.size(gradient)
        rate = 1 if "no_rate" in made else self.learning_rate if self.own_rate is None else self.own_rate
        rate = self.factor * rate * self.kept ** (self.t - 1)
        if "falling_rate" in made:
            rate = rate / self.t
        if "falling_by_root" in made:
            rate = rate / np.sqrt(self.t)
        if "over_rate" in made:
            return gradient / rate
        if "over_gradient" in made:
            return rate / gradient
        if "no_bracket" in made:
            return weight - (weight - rate) * gradient
        if "step_alone" in made:
            return rate * gradient - weight if "uphill" in made else rate * gradient + weight
        memory["velocity"] = self.share * memory["velocity"] + rate * gradient
        return memory["velocity"] + self.decay * rate * weight


class DescentInPlace(GradientDescent):
    def step(self, weights, gradients):
        for weight, gradient in zip(weights, gradients, strict=True):
            weight -= self.learning_rate * gradient
        return weights


class DescentByIndex(GradientDescent):
    def step(self, weights, gradients):
        new = []
        for i in range(len(weights)):
            new.append(np.subtract(weights[i], np.multiply(self.learning_rate, gradients[i])))
        return new


class DescentByMap(GradientDescent):
    def step(self, weights, gradients):
        return tuple(map(lambda w, g: w + (-self.learning_rate) * g, weights, gradients))


def descent_as_a_closure(learning_rate):
    class Result:
        pass

    result = Result()
    result.step = lambda weights, gradients: [w - learning_rate * g for w, g in zip(weights, gradients, strict=True)]
    return result


PLAIN = "Return w − rate · g for each weight w with its gradient g, and nothing else."
STEADY = ("The learning rate gets smaller from step to step.", "Leave it as it is: it is the argument, in every step.")
BY_COUNT = f"The gradient is a mean over the batch already: {PLAIN[0].lower() + PLAIN[1:]}"

GRADIENT_DESCENT = Exercise(
    name="GradientDescent",
    kind="formula",
    minutes=5,
    level=1,
    reference=optimizers.SGD,
    probe=probe_gradient_descent,
    misconceptions=[
        *flags(
            FaultyGradientDescent,
            uphill=(
                "The sign is wrong: you go along the gradient, to where the loss grows.",
                "Go against it: w − rate · g.",
            ),
            no_rate=("`learning_rate` is not used: you step by the whole gradient.", PLAIN),
            over_rate=(
                "You divide by the learning rate, so a smaller rate makes larger steps.",
                "Multiply the gradient by it: rate · g.",
            ),
            falling_rate=STEADY,
            first_only=(
                "Only the first weight moves; the others come back as they were.",
                "Go through the whole list: the rule is the same for every weight.",
            ),
            divided=(
                "The steps are divided by the number of weights.",
                "Nothing is averaged over the list: each weight takes its own gradient.",
            ),
            shared_mean=(
                "All weights move by one number, the mean of all gradients.",
                "Subtract from each weight the array `rate * gradient` of its own.",
            ),
            mean_element=(
                "All elements of a weight move alike, by the mean of its gradient.",
                "Subtract the array `rate * gradient` itself.",
            ),
            summed=(
                "All elements of a weight move alike, by the sum of its gradient.",
                "Subtract the array `rate * gradient` itself.",
            ),
            step_alone=(
                "You return the steps, −rate · g, not the new weights.",
                "Add each step to its weight: w − rate · g.",
            ),
        ),
        *alone(
            FaultyGradientDescent,
            signs=("Only the gradient's sign counts in your steps.", "Its size counts too: rate · g."),
            normalized=(
                "You divide each gradient by its length, so that all steps are equally long.",
                "Leave it as it is: a step is in proportion to its gradient.",
            ),
            relative=("Your steps are multiplied by the weight.", "Subtract rate · g, not rate · g · w."),
            no_bracket=("The rate is taken off the weight, and the difference multiplied by g.", PLAIN),
            over_gradient=("You divide by the gradient, so a smaller gradient makes a larger step.", PLAIN),
            by_rows=("The gradient is divided by the number of its rows.", BY_COUNT),
            by_size=("The gradient is divided by the number of its elements.", BY_COUNT),
            falling_by_root=STEADY,
        ),
        *anywhere(FaultyGradientDescent, but="returns_changes"),
        holding(
            FaultyGradientDescent,
            ONE_STEP,
            lambda x: {"own_rate": -x[1]},
            "fixed_rate",
            ("You step at a rate of your own, whatever `learning_rate` says.", "Use `self.learning_rate`."),
            own_rate=0.01,
        ),
        holding(
            FaultyGradientDescent,
            ONE_STEP,
            lambda x: {"factor": -x[1] / 0.1},
            "factor",
            ("Another number than the rate multiplies your steps, the same in all of them.", PLAIN),
            factor=2.0,
        ),
        holding(
            FaultyGradientDescent,
            TWO_STEPS,
            lambda x: {"kept": (x[1] + 0.1) / 0.1},
            "shrinking_rate",
            STEADY,
            kept=0.9,
        ),
        holding(
            FaultyGradientDescent,
            TWO_STEPS,
            lambda x: {"share": -x[1] / 0.1},
            "velocity",
            ("A part of the last step comes into the next one: that is momentum.", PLAIN),
            share=0.9,
        ),
        holding(
            FaultyGradientDescent,
            ONE_STEP,
            lambda x: {"decay": (1 - x[3]) / 0.1},
            "decay",
            ("Besides the step, each weight shrinks by a share of itself: that is weight decay.", PLAIN),
            decay=0.01,
        ),
        holding(FaultyGradientDescent, ONE_STEP, lambda x: {"limit": -x[2] / 0.1}, "clipped", CLIPPED, limit=1.0),
        holding(
            FaultyGradientDescent,
            ONE_STEP,
            lambda x: {"norm": np.linalg.norm(x[:3]) / 0.1},
            "clipped_by_norm",
            ("Gradients that are longer than a certain length are shortened to it.", CLIPPED[1]),
            norm=5.0,
        ),
    ],
    equivalents=[
        GradientDescent,
        DescentInPlace,
        DescentByIndex,
        DescentByMap,
        descent_as_a_closure,
    ],
    hints=[
        "`zip(weights, gradients)` gives each weight with the gradient that belongs to it.",
        "The gradient points to where the loss grows fastest. Which way do you want to go?",
        "How far: the learning rate times the gradient, an array of the weight's shape. Collect the results in a list.",
    ],
    solution=GradientDescent,
    scene=descent_scene("BOWL", 30, learning_rate=0.03),
)
