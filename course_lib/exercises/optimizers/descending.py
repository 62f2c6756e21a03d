"""The exercise on plain gradient descent: the rule that all others start from."""

import numpy as np

from course_lib import optimizers
from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.exercises.optimizers.probing import RETURNS_FIRST, SHAPES, Faulty, after_steps, alone, draw


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
    yield row("one weight, at a higher learning rate", weight, gradients[:1], large)
    yield row("one weight, after four steps", weight, gradients, small)
    yield row("two layers' kernels and biases, after one step", layers, layer_gradients[:1], small, weight=2)
    yield row("two layers' kernels and biases, after three steps", layers, layer_gradients, large)
    yield row("gradients of 0, about 0.0001, 1 and 10,000, after three steps", sized, sized_gradients, large)


class FaultyGradientDescent(Faulty):
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
        if "mean_element" in self.mistakes:
            gradient = np.mean(gradient)
        if "summed" in self.mistakes:
            gradient = np.sum(gradient)
        if "signs" in self.mistakes:
            gradient = np.sign(gradient)
        if "normalized" in self.mistakes:
            gradient = gradient / np.linalg.norm(gradient)
        if "relative" in self.mistakes:
            gradient = weight * gradient
        rate = 1 if "no_rate" in self.mistakes else 0.01 if "fixed_rate" in self.mistakes else self.learning_rate
        if "falling_rate" in self.mistakes:
            rate = rate / self.t
        if "over_rate" in self.mistakes:
            return gradient / rate
        if "step_alone" in self.mistakes:
            return rate * gradient - weight if "uphill" in self.mistakes else rate * gradient + weight
        return rate * gradient


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


GRADIENT_DESCENT = Exercise(
    name="GradientDescent",
    reference=optimizers.SGD,
    probe=probe_gradient_descent,
    misconceptions=[
        *flags(
            FaultyGradientDescent,
            uphill="The sign is wrong: the gradient points uphill, where the loss grows. Go against it, w − rate · g.",
            no_rate="`learning_rate` is not used: you step by the whole gradient.",
            fixed_rate="You step at the rate 0.01, whatever `learning_rate` says. Keep the argument in `__init__`, and "
            "use that.",
            over_rate="You divide by the rate, so that a smaller rate makes larger steps. Multiply by it.",
            falling_rate="Your rate falls from step to step, rate/t. Here it stays as it is.",
            first_only="Only the first weight moves. The rule is the same for every weight in the list.",
            divided="The steps are divided by the number of weights. Nothing is averaged over the list: each weight "
            "takes its own gradient.",
            shared_mean="You average the gradients of all weights into one number. Each element has a gradient of its "
            "own, and takes that.",
            mean_element="All elements of a weight move alike, by the mean of its gradient. Subtract the array "
            "`rate * gradient` itself.",
            summed="All elements of a weight move alike, by the sum of its gradient. Subtract the array "
            "`rate * gradient` itself.",
            step_alone="You return the steps, −rate · g. Asked for are the new weights, w − rate · g.",
        ),
        *alone(
            FaultyGradientDescent,
            returns_first=RETURNS_FIRST,
            signs="You use only the gradient's sign. Its size counts too: rate · g.",
            normalized="You divide the gradient by its length, so that all steps are equally long. Here they are "
            "proportional to it: rate · g.",
            relative="You multiply the step by the weight. It is w − rate · g, not w (1 − rate · g).",
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
        "For each pair: `weight - self.learning_rate * gradient`. Return the results in a list.",
    ],
    solution=GradientDescent,
)
