"""The slope of a whole stack of equal layers."""

import numpy as np

from course_lib import activations
from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.exercises.activations.picturing import curves


def stack_derivative(function, derivative, x, depth):
    """Return the derivative of f(f(… f(x))), `depth` times f: f′(x₀) f′(x₁) … with x₀ = x and x_{k+1} = f(x_k)."""
    product = np.ones_like(x)
    for _ in range(depth):
        product = product * derivative(x)
        x = function(x)
    return product


def probe_stack_derivative(stack_derivative, rng):
    row, batch, number = rng.normal(size=5), rng.normal(size=(3, 2)), rng.uniform(0.5, 1.5)
    a, b = rng.uniform(0.3, 0.6), rng.uniform(0.5, 0.9)

    def parabola(x):
        return a * x**2 - b

    def slope_of_parabola(x):
        return 2 * a * x

    yield Row(
        "three sigmoids on top of each other",
        lambda: stack_derivative(activations.sigmoid, activations.sigmoid_derivative, row, 3),
        essential=True,
    )
    yield "a single sigmoid", lambda: stack_derivative(activations.sigmoid, activations.sigmoid_derivative, row, 1)
    yield "ten times tanh, a batch", lambda: stack_derivative(np.tanh, activations.tanh_derivative, batch, 10)
    yield (
        "four times a parabola, a single number",
        lambda: stack_derivative(parabola, slope_of_parabola, np.array(number), 4),
    )


def faulty_stack(function, derivative, x, depth, same=False, late=False, summed=False, short=False, deep=False):
    start = x
    total = np.zeros_like(x) if summed else np.ones_like(x)
    for _ in range(depth - 1 if short else depth + deep):
        at = start if same else x
        x = function(x)
        factor = derivative(function(at) if late else at)
        total = total + factor if summed else total * factor
    return total


def stack_value(function, derivative, x, depth):
    """You return the stack's value.

    Return its derivative: multiply the slopes on the way up.
    """
    for _ in range(depth):
        x = function(x)
    return x


def stack_last_slope(function, derivative, x, depth):
    """You return the slope of the last layer only.

    The chain rule multiplies the slopes of all layers.
    """
    return derivative(stack_value(function, derivative, x, depth - 1))


def stack_slope_after_the_end(function, derivative, x, depth):
    """You return a single slope, taken at the stack's output.

    The chain rule multiplies the slopes of all layers, each at that layer's input.
    """
    return derivative(stack_value(function, derivative, x, depth))


def stack_first_slope(function, derivative, x, depth):
    """You return the slope of the first layer only: a `return` inside the loop ends it there, for instance.

    Multiply the slopes of all layers, and return after the loop.
    """
    return derivative(x)


def stack_of_derivatives(function, derivative, x, depth):
    """You feed the derivative with derivatives.

    It is the values that go up, x = function(x); the slopes are only multiplied.
    """
    for _ in range(depth):
        x = derivative(x)
    return x


def stack_from_zero(function, derivative, x, depth):
    """Your product is 0 whatever comes: it starts at 0.

    Start at 1.
    """
    return 0 * derivative(x)


def stack_with_x_as_counter(function, derivative, x, depth):
    """The input is lost: `for x in range(depth)` makes x count the turns of your loop.

    Give the loop's counter another name.
    """
    return np.prod([derivative(layer) for layer in range(depth)])


def stack_times_depth(function, derivative, x, depth):
    """You multiply the slope at the first x by `depth`.

    Multiply the slopes of the layers with each other, each at its own input.
    """
    return depth * derivative(x)


def stack_of_sigmoids(function, derivative, x, depth):
    """You stack sigmoids whatever is asked: `function` and `derivative` are ignored.

    Call the two functions that are passed in.
    """
    return stack_derivative(activations.sigmoid, activations.sigmoid_derivative, x, depth)


def stack_of_factors(function, derivative, x, depth):
    """You return the slopes of the layers one by one.

    Multiply them, so that the result is shaped like x.
    """
    return [derivative(stack_value(function, derivative, x, layer)) for layer in range(depth)]


def stack_recursively(function, derivative, x, depth):
    if depth == 1:
        return derivative(x)
    return derivative(x) * stack_recursively(function, derivative, function(x), depth - 1)


def stack_with_a_tape(function, derivative, x, depth):
    inputs = [np.asarray(x)]
    for _ in range(depth - 1):
        inputs.append(function(inputs[-1]))
    gradient = 1.0
    for value in reversed(inputs):
        gradient *= derivative(value)
    return gradient


def stack_numerically(function, derivative, x, depth):
    return (stack_value(function, None, x + 1e-5, depth) - stack_value(function, None, x - 1e-5, depth)) / 2e-5


STACK_DERIVATIVE = Exercise(
    name="stack_derivative",
    kind="derive",
    minutes=10,
    level=2,
    reference=stack_derivative,
    probe=probe_stack_derivative,
    scene=curves(
        "slope of three sigmoids",
        of=lambda answer, x: answer(activations.sigmoid, activations.sigmoid_derivative, x, 3),
    ),
    misconceptions=[
        *flags(
            faulty_stack,
            same=(
                "You take every slope at the first x, which gives f′(x) to the power of depth.",
                "Each layer has its own input: move x on with `x = function(x)`.",
            ),
            late=(
                "Your slopes are taken one layer too late, at each layer's output.",
                "A layer's slope is f′ at its input: multiply before you replace x by function(x).",
            ),
            summed=("You add the slopes.", "The chain rule multiplies them, starting from 1."),
            short=("One layer is missing.", "`depth` layers give `depth` factors, the first of them f′(x) itself."),
            deep=(
                "There is one layer too many.",
                "`depth` layers give `depth` factors: let the loop run `depth` times.",
            ),
        ),
        stack_value,
        stack_last_slope,
        stack_slope_after_the_end,
        stack_first_slope,
        stack_of_derivatives,
        stack_from_zero,
        stack_with_x_as_counter,
        stack_times_depth,
        stack_of_sigmoids,
        stack_of_factors,
    ],
    equivalents=[stack_recursively, stack_with_a_tape, stack_numerically],
    hints=[
        "For two layers: the derivative of f(f(x)) is f′(f(x)) · f′(x). At which two points is f′ taken?",
        "Loop `depth` times. In each turn you need the slope at the current x, and then the next x.",
        "A product starts at 1. In each turn, which comes first: multiplying by the slope, or moving x on?",
    ],
)
