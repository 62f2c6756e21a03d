"""The exercise on leaky ReLU, whose slope is given."""

import numpy as np

from course_lib import activations
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.activations.messages import ONE_NUMBER_ONLY
from course_lib.exercises.activations.picturing import curves


def leaky_relu(x, negative_slope=0.2):
    """Return x where x > 0, and negative_slope · x elsewhere."""
    return np.where(x > 0, x, negative_slope * x)


def probe_leaky_relu(leaky_relu, rng):
    row = rng.permutation([*rng.uniform(0.5, 3.0, size=3), *-rng.uniform(0.5, 3.0, size=3)])
    number, batch, slope = rng.uniform(0.5, 3.0), rng.normal(size=(4, 3)), rng.uniform(0.4, 0.9)
    yield Row("a row of numbers, slope 0.01", lambda: leaky_relu(row, negative_slope=0.01), essential=True)
    yield "the same row, default slope", lambda: leaky_relu(row)
    yield "a batch, another slope", lambda: leaky_relu(batch, negative_slope=slope)
    yield "a single negative number", lambda: leaky_relu(np.array(-number))
    yield "x = −1000, 0 and 1000", lambda: leaky_relu(np.array([-1000.0, 0.0, 1000.0]), negative_slope=0.05)


def faulty_leaky_relu(x, negative_slope=0.2, mirrored=False, constant=False, upward=False):
    left = np.full_like(x, negative_slope) if constant else negative_slope * x
    left = np.abs(left) if upward else left
    return np.where(x < 0 if mirrored else x > 0, x, left)


def leaky_relu_of_a_slope_of_its_own(x, negative_slope=0.2, constant=0.01):
    """`negative_slope` is ignored: your slope is the same number whatever is asked.

    Multiply by the argument.
    """
    return np.where(x > 0, x, constant * x)


def leaky_relu_of_another_default(x, negative_slope=None, constant=0.01):
    """Your default slope is another than the task's, which is 0.2, as in Keras.

    Change it in the first line of the function.
    """
    return np.where(x > 0, x, (constant if negative_slope is None else negative_slope) * x)


def leaky_relu_in_place(x, negative_slope=0.2):
    x[x < 0] *= negative_slope
    return x


LEAKY_RELU = Exercise(
    name="leaky_relu",
    kind="formula",
    minutes=4,
    level=1,
    reference=activations.leaky_relu,
    solution=leaky_relu,
    probe=probe_leaky_relu,
    scene=curves("leaky_relu(x)"),
    misconceptions=[
        *flags(
            faulty_leaky_relu,
            mirrored=(
                "The sides are swapped: your small slope is on the positive side.",
                "It belongs to the negative side; where x is positive, return x.",
            ),
            constant=("Left of zero you return the slope itself, a constant.", "Multiply it by x."),
            upward=(
                "Left of zero your function rises away from zero, like |x|: the sign is wrong.",
                "It stays negative there: slope · x.",
            ),
        ),
        Misconception.of(leaky_relu_of_a_slope_of_its_own, between=(1e-4, 0.95)),
        Misconception.of(leaky_relu_of_another_default, between=(1e-4, 0.95)),
        Misconception(
            lambda x, negative_slope=0.2: np.maximum(x, 0),
            "Nothing leaks: this is a plain ReLU.",
            "Left of zero return slope · x.",
            "leaky_relu_without_leak",
        ),
        Misconception(
            lambda x, negative_slope=0.2: x if x > 0 else negative_slope * x, *ONE_NUMBER_ONLY, "leaky_relu_by_if"
        ),
        Misconception(
            lambda x, negative_slope=0.2: np.maximum(x, 0) + negative_slope * x,
            "You add slope · x on the positive side too, where the slope becomes 1 + negative_slope.",
            "Add slope · min(x, 0).",
            "leaky_relu_lifted",
        ),
        Misconception(
            lambda x, negative_slope=0.2: np.maximum(x, 0) + negative_slope,
            "You add the slope itself everywhere, a constant.",
            "Multiply it by x, and add that on the negative side only.",
            "leaky_relu_shifted",
        ),
        Misconception(
            lambda x, negative_slope=0.2: np.maximum(x, -negative_slope),
            "Your function is cut off at −negative_slope: it is x down to there, then a constant.",
            "Left of zero return slope · x.",
            "leaky_relu_cut_off",
        ),
        Misconception(
            lambda x, negative_slope=0.2: negative_slope * x,
            "Your function has the small slope on the positive side too.",
            "Where x is positive, return x.",
            "leaky_relu_everywhere",
        ),
        Misconception(
            lambda x, negative_slope=0.2: np.where(x > 0, x, x / negative_slope),
            "You divide by the slope, so the left side is steeper than the right one.",
            "Multiply by it.",
            "leaky_relu_divided",
        ),
        Misconception(
            lambda x, negative_slope=0.2: np.where(x > 0, x, negative_slope * np.expm1(np.minimum(x, 0))),
            "Your left side bends, like that of ELU.",
            "It is a straight line: slope · x.",
            "leaky_relu_taken_for_elu",
        ),
        Misconception(
            lambda x, negative_slope=0.2: np.where(x > 0, 1.0, negative_slope),
            "This is the derivative, 1 or the slope.",
            "Return the value: x, or slope · x.",
            "leaky_relu_slope",
        ),
    ],
    equivalents=[
        leaky_relu_in_place,
        lambda x, negative_slope=0.2: np.maximum(x, negative_slope * x),
        lambda x, negative_slope=0.2: np.maximum(x, 0) + negative_slope * np.minimum(x, 0),
        lambda x, negative_slope=0.2: x * np.where(x >= 0, 1, negative_slope),
        lambda x, negative_slope=0.2: (x > 0) * x + (x <= 0) * negative_slope * x,
        lambda x, negative_slope=0.2: np.vectorize(lambda v: v if v > 0 else negative_slope * v)(x),
    ],
    hints=[
        "Two cases, chosen element by element: `np.where(condition, value_if_true, value_if_false)`.",
        "The condition is x > 0, and there the value is x. What belongs on the left side of zero?",
    ],
)
