"""Exercises on tanh: made of a sigmoid, and its backward pass with a bug to repair."""

import math

import numpy as np

from course_lib import activations
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.activations.messages import ONE_NUMBER_ONLY
from course_lib.exercises.activations.picturing import curves

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


def tanh_cut_off(x, constant=3.0):
    """Your curve is cut off at both ends, before it comes near −1 and 1.

    Leave x and the result as they are: a sigmoid that does not overflow needs no clipping.
    """
    return np.tanh(np.clip(x, -constant, constant))


OVERFLOWING_TANH = (
    "A quotient of growing exponentials is inf / inf = NaN far out.",
    "Build tanh from a sigmoid that does not overflow.",
)
REPAIRED_TANH = (
    "A quotient of growing exponentials is inf / inf far out, and `np.nan_to_num` makes that 0 where ±1 is right.",
    "Build tanh from a sigmoid that does not overflow.",
)

TANH = Exercise(
    name="tanh",
    kind="derive",
    minutes=6,
    level=2,
    reference=activations.tanh,
    solution=tanh,
    probe=probe_tanh,
    scene=curves("tanh(x)"),
    misconceptions=[
        *flags(
            faulty_tanh,
            inner=(
                "Your curve is half as steep as tanh: the 2 inside is missing.",
                "Take the sigmoid at 2x.",
            ),
            outer=(
                "Your curve has half of tanh's height: the 2 in front is missing.",
                "Stretch the sigmoid's range (0, 1) to a width of 2.",
            ),
            shift=("Your curve does not go through zero: the shift is missing.", "Subtract 1."),
        ),
        Misconception.of(tanh_cut_off, between=(0.1, 6.5)),
        Misconception(lambda x: np.sinh(x) / np.cosh(x), *OVERFLOWING_TANH, "tanh_by_four_exponentials"),
        Misconception(
            lambda x: (np.exp(2 * x) - 1) / (np.exp(2 * x) + 1), *OVERFLOWING_TANH, "tanh_by_growing_exponentials"
        ),
        Misconception(
            lambda x: (1 - np.exp(-2 * x)) / (1 + np.exp(-2 * x)), *OVERFLOWING_TANH, "tanh_by_decaying_exponentials"
        ),
        Misconception(lambda x: np.nan_to_num(np.sinh(x) / np.cosh(x)), *REPAIRED_TANH, "tanh_with_nan_to_num"),
        Misconception(
            lambda x: np.nan_to_num((np.exp(2 * x) - 1) / (np.exp(2 * x) + 1)),
            *REPAIRED_TANH,
            "tanh_with_nan_to_num_on_the_right",
        ),
        Misconception(
            lambda x: 1 - 2 * activations.sigmoid(2 * x),
            "The sign is wrong: your curve falls from 1 to −1.",
            "tanh rises: the stretched sigmoid comes first, and 1 is subtracted from it.",
            "tanh_falling",
        ),
        Misconception(
            lambda x: np.exp(x) - np.exp(-x) / np.exp(x) + np.exp(-x),
            "A division goes before + and −: only the two exponentials in the middle are divided.",
            "Put numerator and denominator in brackets; far out, a sigmoid serves better than the quotient.",
            "tanh_without_brackets",
        ),
        Misconception(
            lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) - np.exp(-x)),
            "Your numerator and denominator are the same: the sign in the denominator is wrong.",
            "There the exponentials are added, with a plus.",
            "tanh_with_minus_below",
        ),
        Misconception(
            lambda x: (np.exp(x) + np.exp(-x)) / (np.exp(x) - np.exp(-x)),
            "Your quotient is upside down: numerator and denominator are swapped.",
            "The difference of the exponentials is divided by their sum.",
            "tanh_upside_down",
        ),
        Misconception(
            lambda x: 2 * (activations.sigmoid(2 * x) - 1),
            "Your curve runs from −2 to 0: the brackets double the shift as well.",
            "Subtract 1 after the stretch.",
            "tanh_shifted_first",
        ),
        Misconception(
            lambda x: 2 * activations.sigmoid(2 * x - 1),
            "You subtract 1 inside the sigmoid's brackets.",
            "Subtract it from the stretched values.",
            "tanh_shifted_inside",
        ),
        Misconception(
            lambda x: (np.exp(x) - np.exp(-x)) / 2,
            "This is sinh, the numerator only.",
            "Divide by cosh, or use the formula with σ.",
            "tanh_taken_for_sinh",
        ),
        Misconception(
            lambda x: np.exp(x) - np.exp(-x),
            "This is e^x − e^(−x), the numerator only: it grows without limit.",
            "Divide by e^x + e^(−x), or use the formula with σ.",
            "tanh_without_its_denominator",
        ),
        Misconception(
            lambda x: np.tan(x),
            "`np.tan` is the tangent of an angle.",
            "Return the hyperbolic tangent, made of the sigmoid.",
            "tanh_as_tangent",
        ),
        Misconception(
            lambda x: np.arctan(x),
            "`np.arctan` is the inverse of the tangent of an angle; it ends at ±π/2.",
            "Return the hyperbolic tangent, made of the sigmoid.",
            "tanh_as_arctan",
        ),
        Misconception(
            lambda x: 1 - np.tanh(x) ** 2,
            "This is the slope of tanh.",
            "Return its value.",
            "tanh_slope",
        ),
        Misconception(
            lambda x: np.clip(x, -1, 1),
            "This is the hard tanh, made of three straight lines.",
            "Stretch and shift a sigmoid, which bends everywhere.",
            "hard_tanh",
        ),
        Misconception(
            lambda x: x / (1 + np.abs(x)),
            "This is softsign, x / (1 + |x|): it has tanh's range, but comes near its ends much more slowly.",
            "Stretch and shift a sigmoid.",
            "tanh_taken_for_softsign",
        ),
        Misconception(
            lambda x: activations.sigmoid(x),
            "This is the sigmoid itself, from 0 to 1.",
            "Squeeze it in x, stretch it and shift it, so that it runs from −1 to 1.",
            "tanh_taken_for_sigmoid",
        ),
        Misconception(lambda x: math.tanh(x), *ONE_NUMBER_ONLY, "tanh_with_math_tanh"),
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
        "The stretched sigmoid runs from 0 to 2. What makes it run from −1 to 1?",
    ],
)

# --- tanh_backward (spot the bug)


def tanh_backward(x, upstream):
    """Return the layer's output a = tanh(x) and the gradient ∂L/∂x = ∂L/∂a · (1 − a²), for upstream = ∂L/∂a."""
    a = np.tanh(x)
    return a, upstream * (1 - a**2)


def tanh_with_a_bug(x, upstream):
    def slope_of_tanh(x):
        return 1 - np.tanh(x) ** 2

    a = np.tanh(x)
    return a, upstream * slope_of_tanh(a)


def probe_tanh_backward(tanh_backward, rng):
    x, upstream = rng.normal(size=6), rng.normal(size=6)
    batch, signals = rng.normal(scale=2.0, size=(4, 3)), rng.normal(size=(4, 3))
    yield Row("the gradient", lambda: tanh_backward(x, upstream)[1], essential=True)
    yield "the output", lambda: tanh_backward(x, upstream)[0]
    yield "the gradient of a batch", lambda: tanh_backward(batch, signals)[1]
    yield "the output of a batch", lambda: tanh_backward(batch, signals)[0]
    yield "the gradient at x = −20, 0, 20", lambda: tanh_backward(np.array([-20.0, 0.0, 20.0]), np.full(3, 3.0))[1]


def backward_by(make):
    """Return a layer with the right output a and the wrong gradient that `make` computes from x, a and upstream."""
    return lambda x, upstream: (np.tanh(x), make(x, np.tanh(x), upstream))


def tanh_backward_like_sigmoid(x, upstream):
    """a (1 − a) is the sigmoid's rule.

    For tanh the slope is 1 − a².
    """
    a = np.tanh(x)
    return a, upstream * a * (1 - a)


TANH_BACKWARD = Exercise(
    name="tanh_backward",
    kind="repair",
    minutes=6,
    level=2,
    reference=tanh_backward,
    buggy=tanh_with_a_bug,
    probe=probe_tanh_backward,
    scene=curves("output", "slope", of=lambda answer, x: answer(x, np.ones_like(x))),
    misconceptions=[
        tanh_backward_like_sigmoid,
        Misconception(
            backward_by(lambda x, a, upstream: upstream * (1 - x**2)),
            "You square the input x; 1 − a² is written in the output.",
            "Square a = tanh(x).",
            "tanh_backward_square_of_the_input",
        ),
        Misconception(
            backward_by(lambda x, a, upstream: upstream * (1 - a)),
            "The square is missing: your slope is 1 − a.",
            "tanh′ = 1 − a².",
            "tanh_backward_without_square",
        ),
        Misconception(
            backward_by(lambda x, a, upstream: upstream * (1 - a) ** 2),
            "You square the whole bracket: (1 − a)² in place of 1 − a².",
            "Square a alone, and subtract that from 1.",
            "tanh_backward_square_of_the_bracket",
        ),
        Misconception(
            backward_by(lambda x, a, upstream: upstream * 1 - a**2),
            "A product goes before a subtraction: you multiply `upstream` by 1, and then subtract a².",
            "Put 1 − a² in brackets.",
            "tanh_backward_without_brackets",
        ),
        Misconception(
            backward_by(lambda x, a, upstream: upstream * (1 + a**2)),
            "Your slope is 1 + a², which grows where tanh is flat: the sign is wrong.",
            "It is 1 − a², with a minus.",
            "tanh_backward_with_plus",
        ),
        Misconception(
            backward_by(lambda x, a, upstream: upstream * (a**2 - 1)),
            "The sign is wrong: tanh rises everywhere, so its slope is positive.",
            "The slope is 1 − a².",
            "tanh_backward_negative",
        ),
        Misconception(
            backward_by(lambda x, a, upstream: upstream / np.cosh(x)),
            "You divide by cosh(x) once: the square is missing.",
            "tanh′ is 1 / cosh(x)², or 1 − a².",
            "tanh_backward_by_cosh_once",
        ),
        Misconception(
            backward_by(lambda x, a, upstream: upstream * a),
            "You multiply `upstream` by the output a, not by the slope.",
            "The slope, in terms of the output, is 1 − a².",
            "tanh_backward_times_the_output",
        ),
        Misconception(
            backward_by(lambda x, a, upstream: upstream * a**2),
            "You multiply `upstream` by a².",
            "The slope is 1 − a².",
            "tanh_backward_times_the_square",
        ),
        Misconception(
            backward_by(lambda x, a, upstream: upstream * activations.sigmoid_derivative(x)),
            "You take the slope of the sigmoid.",
            "For tanh it is 1 − a².",
            "tanh_backward_of_a_sigmoid",
        ),
        Misconception(
            backward_by(lambda x, a, upstream: 1 - a**2),
            "You return the local slope only, without `upstream`.",
            "The chain rule multiplies the slope by `upstream`, the gradient that comes in.",
            "tanh_backward_without_upstream",
        ),
        Misconception(
            backward_by(lambda x, a, upstream: 1 - np.tanh(upstream) ** 2),
            "The slope is taken at `upstream`.",
            "Take it where the forward pass was, at x, and multiply it by `upstream`.",
            "tanh_backward_through_upstream",
        ),
        Misconception(
            backward_by(lambda x, a, upstream: upstream + (1 - a**2)),
            "You add `upstream` and the slope.",
            "The chain rule multiplies them.",
            "tanh_backward_added",
        ),
        Misconception(
            backward_by(lambda x, a, upstream: np.sum(upstream * (1 - a**2))),
            "You add up the gradient over all inputs.",
            "Return one number for each input: multiply element by element, with `*`.",
            "tanh_backward_summed",
        ),
        Misconception(
            backward_by(lambda x, a, upstream: np.dot(upstream, 1 - a**2)),
            "`np.dot` adds the products up, and does not fit two batches at all.",
            "Return one number for each input: multiply element by element, with `*`.",
            "tanh_backward_by_dot",
        ),
        Misconception(
            lambda x, upstream: (x, tanh_backward(x, upstream)[1]),
            "Your first result is the input x.",
            "Return the output, a = tanh(x).",
            "tanh_backward_with_the_input",
        ),
        Misconception(
            lambda x, upstream: (np.tanh(x), np.tanh(x)),
            "You return the output twice.",
            "The second result is the gradient: `upstream` times the slope.",
            "tanh_backward_output_twice",
        ),
        Misconception(
            lambda x, upstream: tanh_backward(x, upstream)[::-1],
            "The two results are swapped.",
            "Return the output first, then the gradient.",
            "tanh_backward_swapped",
        ),
        Misconception(
            lambda x, upstream: tanh_backward(x, upstream)[1],
            "Two results are asked for, and you return one.",
            "Return the output and the gradient, separated by a comma.",
            "tanh_backward_gradient_alone",
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
        "`slope_of_tanh` expects the input of tanh. What is it given?",
        "Two repairs are right: call `slope_of_tanh` at the other point, or write the slope with the output a.",
    ],
)
