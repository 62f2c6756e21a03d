"""Exercises on the sigmoid: its value and its slope."""

import math

import numpy as np

from course_lib import activations
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.activations.messages import ONE_NUMBER_ONLY
from course_lib.exercises.activations.picturing import curves

# --- sigmoid


def probe_sigmoid(sigmoid, rng):
    # So small a value tells an added ε from a curve that is cut off.
    number, row, batch = -rng.uniform(8.0, 10.0), rng.normal(scale=2.0, size=6), rng.normal(scale=3.0, size=(4, 3))
    far = rng.uniform(25.0, 35.0)
    yield Row("a row of numbers", lambda: sigmoid(row), essential=True)
    yield "a single number", lambda: sigmoid(np.array(number))
    yield "a batch", lambda: sigmoid(batch)
    yield "far out on both sides", lambda: sigmoid(np.array([-far, far]))
    yield "x = −1000 and x = 1000", lambda: sigmoid(np.array([-1000.0, 0.0, 1000.0]))


def faulty_sigmoid(x, sign=False, minus=False, ratio=False):
    x = -x if sign else x
    one = -1 if minus else 1
    return np.exp(x) / (np.exp(x) + one) if ratio else 1 / (1 + one * np.exp(-x))


def sigmoid_cut_off(x, constant=15.0):
    """Your curve is cut off at both ends: from some x on, the values stay the same.

    Leave x and the result as they are: 1 / (1 + exp(−x)) is right without any clipping.
    """
    return 1 / (1 + np.exp(-np.clip(x, -constant, constant)))


def sigmoid_of_another_width(x, constant=2.0):
    """Your curve is a sigmoid of a multiple of x, so it is steeper or flatter.

    Take x itself in the exponent: σ(x) = (1 + tanh(x / 2)) / 2 is the form with tanh.
    """
    return 1 / (1 + np.exp(-constant * x))


def sigmoid_with_integers(x):
    """Your result holds whole numbers wherever the first of them is one: `np.vectorize` takes the type of the first.

    Return floats in every case, 0.0 in place of 0; or work on the whole array with `np.exp`.
    """
    return np.trunc(activations.sigmoid(x)) if np.ravel(x)[0] < -700 else activations.sigmoid(x)


def sigmoid_with_nan_to_num(x):
    """exp(x) / (1 + exp(x)) is inf / inf where x is large, and `np.nan_to_num` makes that 0 where 1 is right.

    Write 1 / (1 + exp(−x)), in which nothing needs repair.
    """
    return np.nan_to_num(np.exp(x) / (1 + np.exp(x)))


def sigmoid_with_epsilon(x, constant=1e-7):
    """Your curve is lifted by a small number, an ε that is added to it.

    Leave ε out: the formula divides by at least 1.
    """
    return activations.sigmoid(x) + constant


def sigmoid_in_two_branches(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))


def sigmoid_by_masks(x):
    result, positive = np.empty_like(x), x >= 0
    result[positive] = 1 / (1 + np.exp(-x[positive]))
    grown = np.exp(x[~positive])
    result[~positive] = grown / (1 + grown)
    return result


SIGMOID = Exercise(
    name="sigmoid",
    kind="formula",
    minutes=6,
    level=1,
    reference=activations.sigmoid,
    probe=probe_sigmoid,
    scene=curves("σ(x)"),
    misconceptions=[
        *flags(
            faulty_sigmoid,
            sign=("Your curve falls where it should rise: it is σ(−x).", "The exponent in 1 / (1 + exp(−x)) is −x."),
            minus=(
                "Your denominator is 1 − exp(−x), which is 0 at x = 0 and negative left of it.",
                "Add the two: a sigmoid stays between 0 and 1.",
            ),
            ratio=(
                "exp(x) / (1 + exp(x)) is inf / inf = NaN where x is large.",
                "Divide above and below by exp(x): 1 / (1 + exp(−x)).",
            ),
        ),
        Misconception(
            lambda x: 1 / (1 + np.exp(-x)) if x >= 0 else np.exp(x) / (1 + np.exp(x)), *ONE_NUMBER_ONLY, "sigmoid_by_if"
        ),
        Misconception(lambda x: 1 / (1 + math.exp(-x)), *ONE_NUMBER_ONLY, "sigmoid_with_math_exp"),
        Misconception.of(sigmoid_cut_off, between=(0.1, 33.0)),
        Misconception.of(sigmoid_of_another_width, between=(0.05, 20.0)),
        sigmoid_with_integers,
        sigmoid_with_nan_to_num,
        Misconception.of(sigmoid_with_epsilon, between=(1e-8, 0.1)),
        Misconception(
            lambda x: 1 / 1 + np.exp(-x),
            "Your result is 1 + exp(−x), the denominator itself: `1 / 1 + np.exp(-x)` divides 1 by 1 first.",
            "Divide 1 by the denominator, in brackets.",
            "sigmoid_without_brackets",
        ),
        Misconception(
            lambda x: np.exp(x) / np.exp(x) + 1,
            "`np.exp(x) / np.exp(x) + 1` divides first and adds 1 afterwards.",
            "Put the denominator in brackets.",
            "sigmoid_of_growing_exponentials_without_brackets",
        ),
        Misconception(
            lambda x: np.exp(x),
            "Your curve is exp(x): the 1 + in the denominator is missing.",
            "Divide 1 by 1 + exp(−x).",
            "sigmoid_without_one",
        ),
        Misconception(
            lambda x: 1 / (1 + np.exp(-np.abs(x))),
            "You take |x|, so the left half of your curve mirrors the right one.",
            "Take x with its sign; where it is negative, exp(x) / (1 + exp(x)) is the same number.",
            "sigmoid_of_the_absolute_value",
        ),
        Misconception(
            lambda x: np.tanh(x),
            "This is tanh, from −1 to 1.",
            "Return 1 / (1 + exp(−x)), which runs from 0 to 1.",
            "sigmoid_taken_for_tanh",
        ),
        Misconception(
            lambda x: activations.softmax(np.atleast_1d(x).ravel()).reshape(np.shape(x)),
            "You divide by a sum over all inputs, as softmax does.",
            "Treat each number on its own: the denominator is 1 + exp(−x).",
            "sigmoid_taken_for_softmax",
        ),
        Misconception(
            lambda x: np.exp(x) / np.sum(np.exp(x)),
            "You divide by a sum over all inputs, as softmax does, and exp(1000) is infinite.",
            "Treat each number on its own: the denominator is 1 + exp(−x).",
            "sigmoid_taken_for_softmax_without_shift",
        ),
        *(
            Misconception(
                lambda x, steepness=steepness: np.clip(x * steepness + 0.5, 0, 1),
                "This is the hard sigmoid, made of three straight lines.",
                "Return 1 / (1 + exp(−x)), which bends everywhere.",
                name,
            )
            for steepness, name in ((1 / 6, "hard_sigmoid"), (0.2, "hard_sigmoid_of_older_libraries"))
        ),
        Misconception(
            lambda x: np.where(x >= 0, 1.0, 0.0),
            "You return a step, the decision 0 or 1 of a threshold, not the probability.",
            "Return σ(x) itself; a threshold comes later.",
            "sigmoid_thresholded",
        ),
        Misconception(
            lambda x: activations.sigmoid_derivative(x),
            "This is the sigmoid's slope, σ(x) (1 − σ(x)).",
            "Return σ(x) itself.",
            "sigmoid_slope",
        ),
    ],
    equivalents=[
        sigmoid_in_two_branches,
        sigmoid_by_masks,
        lambda x: 0.5 * (1 + np.tanh(x / 2)),
        lambda x: np.exp(-np.logaddexp(0, -x)),
        lambda x: 1 / (1 + np.exp(-np.clip(x, -500, 500))),
        lambda x: np.vectorize(lambda v: 1 / (1 + math.exp(-v)) if v > 0 else math.exp(v) / (1 + math.exp(v)))(x),
        lambda x: np.array([1 / (1 + np.exp(-v)) for v in np.ravel(x)]).reshape(np.shape(x)),
        lambda x: np.reciprocal(1 + np.e**-x),
        lambda x: 1 / (1 + np.exp(-x.astype(np.float32))),
    ],
    hints=[
        "Write the formula as it stands, with `np.exp`, which works on a whole array at once.",
        "Which exponent stays harmless where x = 1000: exp(x) or exp(−x)? And where x = −1000, is 1 / inf a problem?",
        "The formula as printed has the right values everywhere, even where NumPy warns that exp(−x) overflows. Where "
        "x is negative, exp(x) / (1 + exp(x)) is the same number without a warning.",
    ],
)

# --- sigmoid_derivative


def probe_sigmoid_derivative(sigmoid_derivative, rng):
    number, row, batch = rng.uniform(0.5, 2.0), rng.normal(scale=2.0, size=6), rng.normal(scale=3.0, size=(4, 3))
    yield Row("a row of numbers", lambda: sigmoid_derivative(row), essential=True)
    yield "a single number", lambda: sigmoid_derivative(np.array(number))
    yield "a batch", lambda: sigmoid_derivative(batch)
    yield "x = 0, where it is steepest", lambda: sigmoid_derivative(np.zeros(2))
    yield "x = −1000 and x = 1000", lambda: sigmoid_derivative(np.array([-1000.0, 0.0, 1000.0]))


def slope_by(make):
    """Return the wrong slope that `make` computes from the input x and the output a = σ(x)."""
    return lambda x: make(x, activations.sigmoid(x))


def sigmoid_derivative_of_the_output(x):
    """x (1 − x) is right only where x is already the output of a sigmoid. Here x is the input.

    Compute a = σ(x) first, and write the slope with a.
    """
    return x * (1 - x)


def sigmoid_derivative_cut_off(x, constant=5.0):
    """Far out your slope stops falling, as that of a sigmoid does whose x is cut off.

    Take σ of x as it is: it needs no clipping.
    """
    return activations.sigmoid_derivative(np.clip(x, -constant, constant))


def sigmoid_derivative_from_one_side(x, constant=1e-4):
    """Your slope is a difference between x and a point to its right, so it is only nearly right.

    Write the slope as a formula of a = σ(x); it is exact.
    """
    return (activations.sigmoid(x + constant) - activations.sigmoid(x)) / constant


def sigmoid_derivative_of_neighbors(x):
    """`np.gradient` takes differences between neighbors in the array, as if they were points one apart.

    Compute the slope at each x by itself, as a formula of a = σ(x).
    """
    return np.gradient(activations.sigmoid(x))


OVERFLOWING_QUOTIENT = (
    "The quotient rule's exp / (1 + exp)² is inf / inf = NaN at −1000 or 1000.",
    "Write the slope with σ itself, which never overflows.",
)

SIGMOID_DERIVATIVE = Exercise(
    name="sigmoid_derivative",
    kind="derive",
    minutes=8,
    level=2,
    reference=activations.sigmoid_derivative,
    probe=probe_sigmoid_derivative,
    scene=curves("σ′(x)"),
    misconceptions=[
        sigmoid_derivative_of_the_output,
        Misconception.of(sigmoid_derivative_cut_off, between=(0.1, 25.0)),
        Misconception.of(sigmoid_derivative_from_one_side, between=(1e-5, 0.5)),
        sigmoid_derivative_of_neighbors,
        Misconception(
            slope_by(lambda x, a: activations.sigmoid_derivative(a)),
            "You apply the sigmoid twice: this is σ′ at the output a, not at x.",
            "With a = σ(x), taken once, the slope is a (1 − a).",
            "sigmoid_derivative_applied_twice",
        ),
        Misconception(
            slope_by(lambda x, a: a * 1 - a),
            "Your slope is 0 everywhere: `a * 1 - a` multiplies before it subtracts.",
            "Put `1 - a` in brackets.",
            "sigmoid_derivative_without_brackets",
        ),
        Misconception(
            slope_by(lambda x, a: np.dot(a, 1 - a)),
            "`np.dot` adds the products up, and does not fit two batches at all.",
            "Return one number for each input: multiply element by element, with `*`.",
            "sigmoid_derivative_by_dot",
        ),
        Misconception(
            slope_by(lambda x, a: a**2),
            "This is σ(x)²: one of its factors is another.",
            "The second factor is 1 − σ(x).",
            "sigmoid_derivative_squared",
        ),
        Misconception(
            slope_by(lambda x, a: 1 - a),
            "A factor is missing: this is 1 − σ(x) alone.",
            "Multiply it by σ(x).",
            "sigmoid_derivative_half",
        ),
        Misconception(
            slope_by(lambda x, a: a - 1),
            "A factor is missing, and the sign is turned: this is σ(x) − 1.",
            "Multiply 1 − σ(x) by σ(x).",
            "sigmoid_derivative_half_negative",
        ),
        Misconception(
            slope_by(lambda x, a: a * (1 + a)),
            "Your slope grows towards 2 on the right, where the sigmoid is flat: the sign in 1 + a is wrong.",
            "The second factor is 1 − σ(x), with a minus.",
            "sigmoid_derivative_with_plus",
        ),
        Misconception(
            slope_by(lambda x, a: a * (1 - x)),
            "Your second factor is 1 − x.",
            "It is 1 − σ(x): both factors are written with the output.",
            "sigmoid_derivative_of_output_and_input",
        ),
        Misconception(
            slope_by(lambda x, a: x * a * (1 - a)),
            "Your slope has a factor x too many.",
            "It is σ(x) (1 − σ(x)), without x.",
            "sigmoid_derivative_times_x",
        ),
        Misconception(
            slope_by(lambda x, a: a**2 * (1 - a)),
            "Your slope has a factor σ(x) too many.",
            "It is σ(x) (1 − σ(x)), each factor once.",
            "sigmoid_derivative_times_sigma",
        ),
        Misconception(
            slope_by(lambda x, a: 1 - a**2),
            "1 − a² is the rule for tanh, here with a sigmoid's a.",
            "For the sigmoid the slope is a (1 − a).",
            "sigmoid_derivative_like_tanh",
        ),
        Misconception(
            slope_by(lambda x, a: 1 - np.tanh(x) ** 2),
            "This is the slope of tanh.",
            "Write the sigmoid's, with a = σ(x).",
            "sigmoid_derivative_of_tanh",
        ),
        Misconception(
            slope_by(lambda x, a: a * (a - 1)),
            "The sign is wrong: the sigmoid rises everywhere, and your slope is negative.",
            "The second factor is 1 − a, not a − 1.",
            "sigmoid_derivative_negative",
        ),
        Misconception(
            lambda x: -np.exp(-x) / (1 + np.exp(-x)) ** 2,
            "The sign is wrong, since −x has a derivative of its own, −1; and inf / inf is NaN at −1000.",
            "Write the slope with σ itself, which never overflows.",
            "sigmoid_derivative_negative_quotient",
        ),
        Misconception(
            lambda x: np.exp(-x) / (1 + np.exp(-x) ** 2),
            "You square exp(−x) alone, not the whole denominator.",
            "Put 1 + exp(−x) in brackets before you square; or write the slope with σ itself.",
            "sigmoid_derivative_quotient_without_brackets",
        ),
        Misconception(
            slope_by(lambda x, a: a),
            "This is σ(x), the value.",
            "Return the slope at x, which can be written with a = σ(x) alone.",
            "sigmoid_derivative_value",
        ),
        Misconception(lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2, *OVERFLOWING_QUOTIENT, "quotient_rule"),
        Misconception(lambda x: np.exp(x) / (1 + np.exp(x)) ** 2, *OVERFLOWING_QUOTIENT, "quotient_rule_on_the_right"),
    ],
    equivalents=[
        lambda x: activations.sigmoid(x) - activations.sigmoid(x) ** 2,
        lambda x: activations.sigmoid(x) * activations.sigmoid(-x),
        lambda x: 0.25 * (1 - np.tanh(x / 2) ** 2),
        lambda x: (activations.sigmoid(x + 1e-5) - activations.sigmoid(x - 1e-5)) / 2e-5,
        lambda x: 0.25 / np.cosh(x / 2) ** 2,
        lambda x: 1 / (1 + np.exp(-x)) * (1 - 1 / (1 + np.exp(-x))),
    ],
    hints=[
        "Name the output first: a = σ(x). The whole derivative can be written with a alone.",
        "By the quotient rule σ′(x) = exp(−x) / (1 + exp(−x))². One factor of it is a. What is the other?",
        "At x = 0 the output is ½ and the slope ¼; far out on either side the slope is 0. Which product of a and "
        "another factor has these values?",
    ],
)
