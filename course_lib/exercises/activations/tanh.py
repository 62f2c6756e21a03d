"""Exercises on tanh: made of a sigmoid, and its backward pass with a bug to repair."""

import numpy as np

from course_lib import activations
from course_lib.checking.exercise import Exercise, Misconception, Row, flags

# --- tanh


def tanh(x):
    """Return tanh(x) = 2 σ(2x) − 1: a sigmoid, squeezed to half its width and stretched to (−1, 1)."""
    return 2 * activations.sigmoid(2 * x) - 1


def probe_tanh(tanh, rng):
    number, row, batch = rng.uniform(0.5, 2.0), rng.normal(size=6), rng.normal(scale=2.0, size=(4, 3))
    yield Row("a row of numbers", lambda: tanh(row), essential=True)
    yield "a single number", lambda: tanh(np.array(number))
    yield "a batch", lambda: tanh(batch)
    yield "x = −1000 and x = 1000", lambda: tanh(np.array([-1000.0, 0.0, 1000.0]))


def faulty_tanh(x, inner=False, outer=False, shift=False):
    return (1 if outer else 2) * activations.sigmoid(x if inner else 2 * x) - (0 if shift else 1)


def tanh_falling(x):
    return 1 - 2 * activations.sigmoid(2 * x)


def tanh_by_four_exponentials(x):
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


def tanh_by_growing_exponentials(x):
    return (np.exp(2 * x) - 1) / (np.exp(2 * x) + 1)


def tanh_by_decaying_exponentials(x):
    return (1 - np.exp(-2 * x)) / (1 + np.exp(-2 * x))


def tanh_taken_for_sinh(x):
    return (np.exp(x) - np.exp(-x)) / 2


def tanh_as_tangent(x):
    return np.tan(x)


OVERFLOWING_TANH = (
    "A quotient of growing exponentials is inf / inf = NaN far out. Build tanh from a sigmoid that does not overflow."
)

TANH = Exercise(
    name="tanh",
    reference=activations.tanh,
    solution=tanh,
    probe=probe_tanh,
    misconceptions=[
        *flags(
            faulty_tanh,
            inner="The 2 inside is missing: tanh is twice as steep in x, so the sigmoid is taken at 2x.",
            outer="The 2 in front is missing: the sigmoid's range (0, 1) must be stretched to a width of 2.",
            shift="The shift is missing: subtract 1 so that the curve goes through zero.",
        ),
        Misconception(tanh_falling, "The sign is wrong: tanh rises from −1 to 1."),
        Misconception(tanh_by_four_exponentials, OVERFLOWING_TANH),
        Misconception(tanh_by_growing_exponentials, OVERFLOWING_TANH),
        Misconception(tanh_by_decaying_exponentials, OVERFLOWING_TANH),
        Misconception(
            tanh_taken_for_sinh, "This is sinh, the numerator only. Divide by cosh, or use the formula with σ."
        ),
        Misconception(tanh_as_tangent, "`np.tan` is the tangent of an angle. Asked for is the hyperbolic tangent."),
    ],
    equivalents=[
        np.tanh,
        lambda x: activations.sigmoid(2 * x) - activations.sigmoid(-2 * x),
        lambda x: 2 / (1 + np.exp(-2 * x)) - 1,
        lambda x: np.sign(x) * (1 - 2 / (np.exp(2 * np.abs(x)) + 1)),
        lambda x: -np.expm1(-2 * np.abs(x)) / (1 + np.exp(-2 * np.abs(x))) * np.sign(x),
    ],
    hints=[
        "The sigmoid runs from 0 to 1, tanh from −1 to 1. What must be done to the sigmoid's values?",
        "tanh's slope at 0 is 1, the stretched sigmoid's is ½: in which direction, and by how much, is x scaled?",
        "`2 * activations.sigmoid(2 * x) - 1`.",
    ],
)

# --- tanh_backward (spot the bug)


def tanh_backward(x, upstream):
    """Return the layer's output a = tanh(x) and the gradient ∂L/∂x = ∂L/∂a · (1 − a²), for upstream = ∂L/∂a."""
    a = np.tanh(x)
    return a, upstream * (1 - a**2)


def probe_tanh_backward(tanh_backward, rng):
    x, upstream = rng.normal(size=6), rng.normal(size=6)
    batch, signals = rng.normal(scale=2.0, size=(4, 3)), rng.normal(size=(4, 3))
    yield Row("the gradient", lambda: tanh_backward(x, upstream)[1], essential=True)
    yield "the output", lambda: tanh_backward(x, upstream)[0]
    yield "the gradient of a batch", lambda: tanh_backward(batch, signals)[1]
    yield "the output of a batch", lambda: tanh_backward(batch, signals)[0]
    yield "the gradient at x = −20, 0, 20", lambda: tanh_backward(np.array([-20.0, 0.0, 20.0]), np.full(3, 3.0))[1]


def tanh_backward_of_the_output(x, upstream):
    a = np.tanh(x)
    return a, upstream * (1 - np.tanh(a) ** 2)


def tanh_backward_square_of_the_input(x, upstream):
    return np.tanh(x), upstream * (1 - x**2)


def tanh_backward_without_square(x, upstream):
    a = np.tanh(x)
    return a, upstream * (1 - a)


def tanh_backward_like_sigmoid(x, upstream):
    a = np.tanh(x)
    return a, upstream * a * (1 - a)


def tanh_backward_without_upstream(x, upstream):
    a = np.tanh(x)
    return a, 1 - a**2


def tanh_backward_through_upstream(x, upstream):
    return np.tanh(x), 1 - np.tanh(upstream) ** 2


def tanh_backward_added(x, upstream):
    a = np.tanh(x)
    return a, upstream + (1 - a**2)


def tanh_backward_swapped(x, upstream):
    a = np.tanh(x)
    return upstream * (1 - a**2), a


def tanh_backward_gradient_alone(x, upstream):
    return upstream * (1 - np.tanh(x) ** 2)


TANH_BACKWARD = Exercise(
    name="tanh_backward",
    reference=tanh_backward,
    probe=probe_tanh_backward,
    misconceptions=[
        Misconception(
            tanh_backward_of_the_output,
            "That is the bug itself: tanh′ is taken at the output a, which is tanh applied twice. "
            "Take it at the input x; in terms of the output it is 1 − a².",
        ),
        Misconception(
            tanh_backward_square_of_the_input,
            "Half repaired: 1 − a² is written in the *output* a = tanh(x). You square the input x.",
        ),
        Misconception(tanh_backward_without_square, "The square is missing: tanh′ = 1 − a²."),
        Misconception(tanh_backward_like_sigmoid, "a (1 − a) is the sigmoid's derivative. For tanh it is 1 − a²."),
        Misconception(
            tanh_backward_without_upstream,
            "You return the local slope only. The chain rule multiplies it by `upstream`, the gradient that comes in.",
        ),
        Misconception(
            tanh_backward_through_upstream,
            "The slope is taken at `upstream`. It is taken where the forward pass was, at x, and multiplied by "
            "`upstream`.",
        ),
        Misconception(tanh_backward_added, "The chain rule multiplies `upstream` and the slope; you add them."),
        Misconception(
            tanh_backward_swapped, "The two results are swapped: return the output first, then the gradient."
        ),
        Misconception(
            tanh_backward_gradient_alone, "Two results are asked for: `return output, gradient`. You return one."
        ),
    ],
    equivalents=[
        lambda x, upstream: (np.tanh(x), upstream / np.cosh(x) ** 2),
        lambda x, upstream: [np.tanh(x), (1 + np.tanh(x)) * (1 - np.tanh(x)) * upstream],
        lambda x, upstream: (activations.tanh(x), activations.tanh_derivative(x) * upstream),
        lambda x, upstream: np.array([np.tanh(x), upstream * (1 - np.tanh(x) ** 2)]),
    ],
    hints=[
        "Compare the slope at x = 20 with the picture of tanh. At which point is the slope really taken?",
        "`tanh_derivative` expects the input x. What is it given in the code above?",
        "Keep `a = np.tanh(x)`, and return `a, upstream * (1 - a**2)`.",
    ],
)
