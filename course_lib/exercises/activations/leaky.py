"""The exercise on leaky ReLU, whose slope is given: its value and its slope. Without a leak it is a plain ReLU."""

import numpy as np

from course_lib import activations
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.activations.messages import ONE_NUMBER_ONLY
from course_lib.exercises.activations.picturing import curves


def leaky_relu_and_slope(x, negative_slope=0.2):
    """Return x where x > 0 and negative_slope · x elsewhere, and the slope: 1 where x > 0 and negative_slope elsewhere.

    Args:
        x: array of any shape.
        negative_slope: the slope left of zero; 0 makes it a plain ReLU.
    Returns:
        (value, slope), each shaped like x.

    Reference: Maas, Hannun and Ng (2013), "Rectifier nonlinearities improve neural network acoustic models", §2.
    """
    slope = np.where(x > 0, 1.0, negative_slope)
    return slope * x, slope


def probe_leaky_relu_and_slope(leaky_relu_and_slope, rng):
    row = rng.permutation([*rng.uniform(0.5, 3.0, size=3), *-rng.uniform(0.5, 3.0, size=3)])
    number, batch, slope = rng.uniform(0.5, 3.0), rng.normal(size=(4, 3)), rng.uniform(0.4, 0.9)
    batch[0, :2] = [abs(batch[0, 0]), -abs(batch[0, 1])]
    far = np.array([-1000.0, 0.0, 1000.0])
    yield Row("the value, slope 0.01", lambda: leaky_relu_and_slope(row, negative_slope=0.01)[0], essential=True)
    yield "the slope, slope 0.01", lambda: leaky_relu_and_slope(row, negative_slope=0.01)[1]
    yield "the value of the same row, default slope", lambda: leaky_relu_and_slope(row)[0]
    yield "the slope of the same row, default slope", lambda: leaky_relu_and_slope(row)[1]
    yield "the value of a batch, another slope", lambda: leaky_relu_and_slope(batch, negative_slope=slope)[0]
    yield "the slope of a batch, another slope", lambda: leaky_relu_and_slope(batch, negative_slope=slope)[1]
    yield "both, a plain ReLU", lambda: leaky_relu_and_slope(batch, negative_slope=0.0)
    yield "both, a single negative number", lambda: leaky_relu_and_slope(np.array(-number))
    yield "both, x = −1000, 0 and 1000", lambda: leaky_relu_and_slope(far, negative_slope=0.05)


def slope_at_zero(at_zero):
    """Return the right answer with at_zero(negative_slope) for the slope at x = 0, where there is none."""

    def leaky(x, negative_slope=0.2):
        value, slope = leaky_relu_and_slope(x, negative_slope)
        return value, np.where(x == 0, at_zero(negative_slope), slope)

    leaky.__name__ = f"slope_at_zero_is_{at_zero(0.5):g}".replace(".", "_")
    return leaky


def faulty_leaky(
    x,
    negative_slope=0.2,
    mirrored=False,
    constant=False,
    upward=False,
    lifted=False,
    slope_mirrored=False,
    slope_flat=False,
    slope_down=False,
    slope_of_one=False,
):
    left = np.full_like(x, negative_slope) if constant else negative_slope * x
    left = np.abs(left) if upward else left
    right = x + negative_slope * x if lifted else x
    flat = 0.0 if slope_flat else 1.0 if slope_of_one else -negative_slope if slope_down else negative_slope
    value = np.where(x > 0, left, right) if mirrored else np.where(x > 0, right, left)
    return value, np.where(x > 0, flat, 1.0) if slope_mirrored else np.where(x > 0, 1.0, flat)


def with_value(make):
    """Return the wrong value that `make` computes from x and the slope left of zero, and the right slope."""
    return lambda x, negative_slope=0.2: (make(x, negative_slope), leaky_relu_and_slope(x, negative_slope)[1])


def with_slope(make):
    """Return the right value, and the wrong slope that `make` computes from x and the slope left of zero."""
    return lambda x, negative_slope=0.2: (leaky_relu_and_slope(x, negative_slope)[0], make(x, negative_slope))


def leaky_of_a_slope_of_its_own(x, negative_slope=0.2, constant=0.01):
    """`negative_slope` is ignored: your slope is the same number whatever is asked.

    Use the argument in both results.
    """
    return leaky_relu_and_slope(x, constant)


def leaky_of_another_default(x, negative_slope=None, constant=0.01):
    """Your default slope is another than the task's, which is 0.2, as in Keras.

    Change it in the first line of the function.
    """
    return leaky_relu_and_slope(x, constant if negative_slope is None else negative_slope)


def leaky_by_if(x, negative_slope=0.2):
    return (x, 1.0) if x > 0 else (negative_slope * x, negative_slope)


def leaky_without_leak(x, negative_slope=0.2):
    """Nothing leaks: this is a plain ReLU with its slope, whatever `negative_slope` is.

    Left of zero the value is negative_slope · x, and the slope is negative_slope.
    """
    return leaky_relu_and_slope(x, 0.0)


def leaky_everywhere(x, negative_slope=0.2):
    """Your function has the small slope on the positive side too.

    Where x is positive, the value is x and the slope is 1.
    """
    return negative_slope * x, np.full_like(x, negative_slope)


def leaky_divided(x, negative_slope=0.2):
    """You divide by `negative_slope`, so the left side is steeper than the right one.

    Multiply by it.
    """
    return np.where(x > 0, x, x / negative_slope), np.where(x > 0, 1.0, 1 / np.float64(negative_slope))


def leaky_taken_for_elu(x, negative_slope=0.2):
    """Your left side bends, like that of ELU.

    It is a straight line through 0, and its slope is the same everywhere on it.
    """
    return activations.elu(x, negative_slope), activations.elu_derivative(x, negative_slope)


def leaky_in_place(x, negative_slope=0.2):
    slope = np.ones_like(x)
    slope[x <= 0] = negative_slope
    x[x < 0] *= negative_slope
    return x, slope


LEAKY_RELU_AND_SLOPE = Exercise(
    name="leaky_relu_and_slope",
    kind="derive",
    minutes=8,
    level=2,
    reference=leaky_relu_and_slope,
    probe=probe_leaky_relu_and_slope,
    scene=curves("leaky_relu(x)", "slope"),
    misconceptions=[
        *flags(
            faulty_leaky,
            mirrored=(
                "The sides of your value are swapped: the small slope is on the positive side.",
                "It belongs to the negative side; where x is positive, the value is x.",
            ),
            constant=("Left of zero your value is the slope itself, a constant.", "Multiply it by x."),
            upward=(
                "Left of zero your value rises away from zero, like |x|: the sign is wrong.",
                "It stays negative there: slope · x.",
            ),
            lifted=(
                "You add slope · x on the positive side too, so your value grows by 1 + negative_slope there.",
                "Right of zero the value is x alone: add slope · min(x, 0).",
            ),
            slope_mirrored=(
                "The sides of your slope are swapped: it is 1 where x is negative.",
                "It is 1 where x is positive.",
            ),
            slope_flat=(
                "Your slope is 0 left of zero, which is that of a plain ReLU.",
                "The value falls there with `negative_slope`, and that is the slope.",
            ),
            slope_down=(
                "Your slope is negative left of zero.",
                "The function rises on both sides: the slope there is negative_slope itself.",
            ),
            slope_of_one=("Your slope is 1 everywhere.", "Left of zero it is negative_slope."),
        ),
        Misconception.of(leaky_of_a_slope_of_its_own, between=(1e-4, 0.95)),
        Misconception.of(leaky_of_another_default, between=(1e-4, 0.95)),
        Misconception(leaky_by_if, *ONE_NUMBER_ONLY),
        leaky_without_leak,
        leaky_everywhere,
        leaky_divided,
        leaky_taken_for_elu,
        Misconception(
            with_value(lambda x, slope: np.maximum(x, 0)),
            "Your value is that of a plain ReLU: nothing leaks. (Your slope is right.)",
            "Left of zero the value is slope · x.",
            "leaky_value_without_leak",
        ),
        Misconception(
            with_value(lambda x, slope: np.maximum(x, 0) + slope),
            "You add the slope itself everywhere, a constant.",
            "Multiply it by x, and add that on the negative side only.",
            "leaky_shifted",
        ),
        Misconception(
            with_value(lambda x, slope: np.maximum(x, -slope)),
            "Your value is cut off at −negative_slope: it is x down to there, then a constant.",
            "Left of zero it is slope · x.",
            "leaky_cut_off",
        ),
        Misconception(
            with_value(lambda x, slope: np.where(x > 0, 1.0, slope)),
            "Your first result is the slope again.",
            "The value is the slope times x.",
            "leaky_slope_twice",
        ),
        Misconception(
            with_slope(lambda x, slope: np.where(x > 0, x, slope * x)),
            "Your second result is the value again.",
            "Return the slope there: it has two values only.",
            "leaky_value_twice",
        ),
        Misconception(
            with_slope(lambda x, slope: np.where(x > 0, 1.0, slope * x)),
            "Left of zero your slope is slope · x, the value.",
            "Differentiate it with respect to x: the slope of a straight line is a constant.",
            "leaky_with_the_value_for_the_left_slope",
        ),
        Misconception(
            with_slope(lambda x, slope: np.where(x > 0, 1.0, x)),
            "Left of zero your slope is x itself: the negative numbers are left as they were.",
            "Set the slope to negative_slope there.",
            "leaky_slope_of_positives_only",
        ),
        Misconception(
            with_slope(lambda x, slope: np.full_like(x, slope)),
            "Your slope is negative_slope everywhere. (What was just set to 1 is set again by a test such as `<= 1`.)",
            "Right of zero it is 1: ask for the sign of x itself, once.",
            "leaky_slope_nowhere_one",
        ),
        Misconception(
            with_slope(lambda x, slope: np.where(x > 0, x, slope)),
            "Right of zero your slope is x, the value.",
            "Differentiate it with respect to x: the slope of x is 1.",
            "leaky_with_the_value_for_the_right_slope",
        ),
        Misconception(
            with_slope(lambda x, slope: np.where(x > 0, x, slope * x) / x),
            "Your slope is the value divided by x, which is 0/0 = NaN at x = 0.",
            "A comparison, x > 0, needs no division.",
            "leaky_quotient",
        ),
        Misconception(
            with_slope(lambda x, slope: np.sign(x)),
            "Your slope is −1 on the left, as `np.sign` gives it.",
            "The function rises there too, with negative_slope.",
            "leaky_sign",
        ),
        Misconception(
            with_slope(lambda x, slope: 1.0 if np.any(x > 0) else slope),
            "One condition decides about the whole array: `np.any` and `np.all` give a single True or False.",
            "Decide for each element by itself, with `np.where`.",
            "leaky_all_or_nothing",
        ),
        Misconception(
            with_slope(
                lambda x, slope: np.gradient(np.where(x > 0, x, slope * x)) if np.ndim(x) else np.float64("nan")
            ),
            "`np.gradient` takes differences between neighbors in the array, as if they were points one apart.",
            "Compute the slope at each x by itself.",
            "leaky_of_neighbors",
        ),
        Misconception(
            lambda x, negative_slope=0.2: leaky_relu_and_slope(x, negative_slope)[::-1],
            "The two results are swapped.",
            "Return the value first, then the slope.",
            "leaky_swapped",
        ),
        Misconception(
            lambda x, negative_slope=0.2: leaky_relu_and_slope(x, negative_slope)[0],
            "Two arrays are asked for, and you return the value alone.",
            "Return the value, a comma, and the slope.",
            "leaky_value_alone",
        ),
    ],
    equivalents=[
        leaky_in_place,
        lambda x, negative_slope=0.2: (np.maximum(x, negative_slope * x), np.where(x > 0, 1, negative_slope)),
        lambda x, negative_slope=0.2: [
            np.maximum(x, 0) + negative_slope * np.minimum(x, 0),
            (x > 0) + (x <= 0) * negative_slope,
        ],
        lambda x, negative_slope=0.2: (
            activations.leaky_relu(x, negative_slope),
            activations.leaky_relu_derivative(x, negative_slope),
        ),
        lambda x, negative_slope=0.2: np.stack(leaky_relu_and_slope(x, negative_slope)),
    ],
    accepts=[slope_at_zero(lambda left: 1.0), slope_at_zero(lambda left: (1 + left) / 2)],
    hints=[
        "Two straight lines meet at 0. What is the slope of each?",
        "The slope has two values only, chosen for each element: `np.where(condition, value_if_true, value_if_false)`.",
        "Both lines go through 0, so the value at x is the slope there times x.",
    ],
)
