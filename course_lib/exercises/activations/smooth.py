"""Exercises on the smooth relatives of ReLU: ELU and Swish."""

import numpy as np

from course_lib import activations
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.activations.messages import ONE_NUMBER_ONLY
from course_lib.exercises.activations.picturing import curves

# --- elu


def probe_elu(elu, rng):
    row = rng.permutation([*rng.uniform(0.3, 3.0, size=3), *-rng.uniform(0.3, 3.0, size=3)])
    number, batch, alpha = rng.uniform(0.5, 3.0), rng.normal(size=(4, 3)), rng.uniform(1.5, 2.5)
    yield Row("a row of numbers, alpha = 0.7", lambda: elu(row, alpha=0.7), essential=True)
    yield "the same row, default alpha", lambda: elu(row)
    yield "a batch, another alpha", lambda: elu(batch, alpha=alpha)
    yield "a single negative number", lambda: elu(np.array(-number), alpha=alpha)
    yield "x = −1000, 0 and 1000", lambda: elu(np.array([-1000.0, 0.0, 1000.0]), alpha=0.7)


def faulty_elu(x, alpha=1.0, ignored=False, no_one=False, inside=False, growing=False, scaled=False, shifted=False):
    alpha = 1.0 if ignored else alpha
    decay = np.exp(-x if growing else np.minimum(x, 0))
    decay = decay / np.e if shifted else decay
    left = alpha * decay - 1 if inside else alpha * (decay - (0 if no_one or shifted else 1))
    return np.where(x > 0, alpha * x if scaled else x, left)


def elu_of_another_default(x, alpha=None, constant=0.5):
    """Your default alpha is another than the task's, which is 1.0.

    Change it in the first line of the function.
    """
    return activations.elu(x, constant if alpha is None else alpha)


def elu_by(left):
    """Return an ELU with left(x, alpha) where x is not positive; exp's argument is kept from overflowing."""
    return lambda x, alpha=1.0: np.where(x > 0, x, left(np.minimum(x, 0), alpha))


def elu_in_place(x, alpha=1.0):
    result = x.copy()
    result[result <= 0] = alpha * (np.exp(result[result <= 0]) - 1)
    return result


ELU = Exercise(
    name="elu",
    kind="derive",
    minutes=8,
    level=2,
    reference=activations.elu,
    probe=probe_elu,
    scene=curves("elu(x)", "elu(x), alpha = 2", of=lambda answer, x: [answer(x), answer(x, 2.0)]),
    misconceptions=[
        *flags(
            faulty_elu,
            ignored=(
                "`alpha` is ignored: very negative inputs should approach −alpha, yours approach −1.",
                "Multiply exp(x) − 1 by it.",
            ),
            no_one=("The −1 is missing: your function jumps at 0, from alpha down to 0.", "It is α (exp(x) − 1)."),
            inside=(
                "The bracket is misplaced: α multiplies exp(x) alone, so your function jumps at 0.",
                "α multiplies (exp(x) − 1) as a whole, so that elu(0) = 0.",
            ),
            growing=(
                "exp(−x) grows without limit on the negative side.",
                "ELU saturates there: take exp(x).",
            ),
            scaled=("`alpha` multiplies the positive side too.", "Right of zero, return x."),
            shifted=(
                "The −1 stands in the exponent: exp(x − 1) is never negative.",
                "Subtract 1 from the exponential: exp(x) − 1.",
            ),
        ),
        Misconception.of(elu_of_another_default, between=(0.01, 20.0)),
        Misconception(
            lambda x, alpha=1.0: alpha * np.sign(x) * -np.expm1(-np.abs(x)),
            "Your function is symmetric: it saturates on both sides.",
            "ELU saturates on the left only, at −alpha. Right of zero it is x, without limit.",
            "elu_symmetric",
        ),
        Misconception(
            lambda x, alpha=1.0: np.maximum(x, 0) + alpha * (np.exp(x) - 1) * (x <= 0),
            "At x = 1000 you compute exp(1000) · 0 = inf · 0 = NaN.",
            "Choose with `np.where`, or keep exp's argument at most 0 with np.minimum(x, 0).",
            "elu_times_mask",
        ),
        Misconception(
            lambda x, alpha=1.0: np.nan_to_num((x > 0) * x + (x <= 0) * alpha * (np.exp(x) - 1)),
            "At x = 1000 exp(x) · 0 is inf · 0 = NaN, and `np.nan_to_num` makes that 0 where 1000 is right.",
            "Choose with `np.where`, or keep exp's argument at most 0 with np.minimum(x, 0).",
            "elu_with_nan_to_num",
        ),
        Misconception(
            lambda x, alpha=1.0: np.maximum(x, alpha * (np.exp(x) - 1)),
            "You take the larger of the two branches: for many positive x the exponential is larger than x, and wins.",
            "Choose by the sign of x.",
            "elu_larger_of_both",
        ),
        Misconception(
            lambda x, alpha=1.0: np.minimum(x, alpha * (np.exp(x) - 1)),
            "You take the smaller of the two branches: for many negative x the line x lies lower, and wins.",
            "Choose by the sign of x.",
            "elu_smaller_of_both",
        ),
        Misconception(
            lambda x, alpha=1.0: alpha * (np.exp(x) - 1),
            "You return the exponential on the positive side too, where it grows much faster than x.",
            "Right of zero, return x.",
            "elu_without_right_side",
        ),
        Misconception(
            elu_by(lambda x, alpha: 0 * x),
            "This is a plain ReLU: 0 left of zero.",
            "There return α (exp(x) − 1).",
            "elu_without_left_side",
        ),
        Misconception(
            elu_by(lambda x, alpha: alpha * x),
            "This is a leaky ReLU, a straight line left of zero.",
            "ELU bends there: α (exp(x) − 1).",
            "elu_taken_for_leaky",
        ),
        Misconception(
            elu_by(lambda x, alpha: alpha * np.tanh(x)),
            "Your left side is tanh: its value and slope at 0 and its limit are right, but it lies lower in between.",
            "The task asks for e^x, stretched and shifted: find the factor, and what is taken away.",
            "elu_of_tanh",
        ),
        Misconception(
            elu_by(lambda x, alpha: alpha * (1 - np.exp(x))),
            "The sign is wrong on the left: your function goes up to alpha.",
            "ELU goes down to −alpha, so it is exp(x) − 1.",
            "elu_lifted",
        ),
        Misconception(
            elu_by(lambda x, alpha: alpha * (np.exp(x) + 1)),
            "You add 1 to the exponential, so your function jumps at 0: the sign of the 1 is wrong.",
            "Subtract 1: exp(x) − 1.",
            "elu_with_plus_one",
        ),
        Misconception(
            elu_by(lambda x, alpha: np.exp(alpha * x) - 1),
            "`alpha` stands in the exponent, so every alpha gives the same limit, −1.",
            "Multiply exp(x) − 1 by it.",
            "elu_with_alpha_in_the_exponent",
        ),
        Misconception(
            elu_by(lambda x, alpha: alpha * np.exp(x - 1) - 1),
            "The exponent is x − 1, and the 1 is subtracted once more at the end.",
            "The exponent is x, and α multiplies (exp(x) − 1) as a whole.",
            "elu_with_one_in_the_exponent_too",
        ),
        Misconception(
            lambda x, alpha=1.0: np.where(x > 0, alpha * (np.exp(x) - 1), x),
            "The sides are swapped: the exponential is on the positive side.",
            "It belongs to the negative side.",
            "elu_mirrored",
        ),
        Misconception(
            lambda x, alpha=1.0: activations.elu_derivative(x, alpha),
            "This is ELU's slope.",
            "Return its value: x on the right, α (exp(x) − 1) elsewhere.",
            "elu_slope",
        ),
        Misconception(lambda x, alpha=1.0: x if x > 0 else alpha * (np.exp(x) - 1), *ONE_NUMBER_ONLY, "elu_by_if"),
    ],
    equivalents=[
        elu_in_place,
        lambda x, alpha=1.0: np.where(x > 0, x, alpha * (np.exp(x) - 1)),
        lambda x, alpha=1.0: np.where(x < 0, alpha * np.expm1(x), x),
        lambda x, alpha=1.0: np.maximum(x, 0) + np.minimum(0, alpha * (np.exp(x) - 1)),
        lambda x, alpha=1.0: np.where(x > 0, x, -alpha * (1 - np.exp(np.minimum(x, 0)))),
        lambda x, alpha=1.0: np.vectorize(lambda v: v if v > 0 else alpha * (np.exp(v) - 1))(x),
    ],
    hints=[
        "Two branches, chosen by the sign of x. At x = 0, exp(x) has value and slope 1: which factor makes the slope "
        "alpha, and what must then be taken away to make the value 0?",
        "Check three points by hand: elu(0) = 0, elu(−1000) = −alpha, elu(1000) = 1000.",
        "Both branches are computed for every element, and one of the two is chosen. What may exp be given instead of "
        "x, so that it stays finite where it is not chosen?",
    ],
)

# --- swish_and_slope


def swish_and_slope(x):
    """Return swish(x) = x σ(x) and its derivative, by the product rule: σ(x) + x σ(x) (1 − σ(x))."""
    gate = activations.sigmoid(x)
    return x * gate, gate + x * gate * (1 - gate)


def probe_swish_and_slope(swish_and_slope, rng):
    row, batch, number = rng.normal(scale=2.0, size=6), rng.normal(scale=2.0, size=(4, 3)), rng.uniform(0.5, 2.0)
    yield Row("the value", lambda: swish_and_slope(row)[0], essential=True)
    yield "the slope", lambda: swish_and_slope(row)[1]
    yield "the value, a batch", lambda: swish_and_slope(batch)[0]
    yield "the slope, a batch", lambda: swish_and_slope(batch)[1]
    yield "both, a single number", lambda: swish_and_slope(np.array(-number))
    yield "both, at x = −1000, 0 and 1000", lambda: swish_and_slope(np.array([-1000.0, 0.0, 1000.0]))


def faulty_swish(x, closed=False, no_product=False, no_x=False, no_gate=False, bracket=False, overflow=False):
    gate = np.exp(x) / (1 + np.exp(x)) if overflow else activations.sigmoid(x)
    gate = 1 - gate if closed else gate
    bend = gate * (1 - gate)
    slope = gate * (1 + x) * (1 - gate) if bracket else (0 if no_gate else gate) + (bend if no_x else x * bend)
    return x * gate, bend if no_product else slope


def swish_by(slope):
    """Return the right value of swish and the wrong slope that `slope` computes from x and the gate σ(x)."""
    return lambda x: (activations.swish(x), slope(x, activations.sigmoid(x)))


def swish_rectified(x):
    """You cut swish off at zero.

    It dips below zero and lets a gradient through there.
    """
    gate = activations.sigmoid(x)
    return np.maximum(x, 0) * gate, np.where(x > 0, gate + x * gate * (1 - gate), 0)


def swish_with_tanh(x):
    """Your gate is tanh.

    Swish is gated by the sigmoid, between 0 and 1.
    """
    gate = np.tanh(x)
    return x * gate, gate + x * (1 - gate**2)


def swish_of_another_width(x, constant=1.702):
    """Your gate is σ(β x) with a β other than 1, as in the approximation of GELU.

    Take σ(x) itself.
    """
    gate = activations.sigmoid(constant * x)
    return x * gate, gate + constant * x * gate * (1 - gate)


def swish_closed(x):
    """Your gate closes where it should open: it is σ(−x).

    Take σ(x), near 1 for large x.
    """
    gate = activations.sigmoid(-x)
    return x * gate, gate - x * gate * (1 - gate)


def hard_swish(x):
    """Your value is hard swish, whose gate is made of three straight lines.

    The gate is σ(x), which bends everywhere.
    """
    return x * np.clip(x + 3, 0, 6) / 6, activations.swish_derivative(x)


SWISH_AND_SLOPE = Exercise(
    name="swish_and_slope",
    kind="derive",
    minutes=10,
    level=2,
    reference=swish_and_slope,
    probe=probe_swish_and_slope,
    scene=curves("swish(x)", "slope"),
    misconceptions=[
        *flags(
            faulty_swish,
            closed=(
                "Your gate closes where it should open.",
                "It is σ(x), near 1 for large x, not σ(−x) = 1 − σ(x).",
            ),
            no_product=("Your slope is that of the sigmoid alone.", "x σ(x) is a product: (u v)′ = u′ v + u v′."),
            no_x=("In the second term of your slope the factor x is missing.", "(x σ)′ = σ + x σ′."),
            no_gate=(
                "The first term of your slope is missing.",
                "The derivative of x is 1, which leaves σ(x): (x σ)′ = σ + x σ′.",
            ),
            bracket=(
                "The brackets are misplaced: your slope is σ (1 + x) (1 − σ).",
                "It is σ (1 + x (1 − σ)).",
            ),
            overflow=(
                "exp(x) / (1 + exp(x)) is inf / inf = NaN at x = 1000.",
                "Use a sigmoid that does not overflow.",
            ),
        ),
        swish_rectified,
        Misconception(
            lambda x: (x + activations.sigmoid(x), 1 + activations.sigmoid_derivative(x)),
            "You add x and the gate.",
            "Swish multiplies them: x σ(x).",
            "swish_added",
        ),
        swish_with_tanh,
        Misconception.of(swish_of_another_width, between=(0.1, 10.0)),
        swish_closed,
        hard_swish,
        Misconception(
            swish_by(lambda x, gate: x * gate),
            "Your second result is the value again.",
            "Return its derivative there. (If you wrote `1 - gate` without brackets, the terms cancel to x σ(x).)",
            "swish_value_twice",
        ),
        Misconception(
            swish_by(lambda x, gate: gate - x * gate * (1 - gate)),
            "The second term of your slope has the wrong sign.",
            "(x σ)′ = σ + x σ′, with σ′ = σ (1 − σ).",
            "swish_minus",
        ),
        Misconception(
            swish_by(lambda x, gate: gate + x * (1 - gate)),
            "In the second term of your slope a factor is missing: σ′ is not 1 − σ.",
            "σ′ = σ (1 − σ), so the second term is x times the gate times (1 − gate).",
            "swish_without_a_factor",
        ),
        Misconception(
            swish_by(lambda x, gate: gate + x * gate),
            "In the second term of your slope you multiply by σ in place of σ′.",
            "(x σ)′ = σ + x σ′, with σ′ = σ (1 − σ).",
            "swish_with_sigma_for_its_slope",
        ),
        Misconception(
            swish_by(lambda x, gate: gate),
            "Your slope is σ(x) alone: the second term is missing.",
            "(x σ)′ = σ + x σ′.",
            "swish_without_second_term",
        ),
        Misconception(
            swish_by(lambda x, gate: x * gate + gate * (1 - gate)),
            "Your slope is the value plus σ′: the product rule's factors are mixed up.",
            "(x σ)′ = σ + x σ′.",
            "swish_with_mixed_factors",
        ),
        Misconception(
            swish_by(lambda x, gate: x * gate * (1 - x * gate)),
            "Your slope is s (1 − s) with swish itself in place of the sigmoid.",
            "That rule holds for the sigmoid alone; for a product it is (x σ)′ = σ + x σ′.",
            "swish_like_sigmoid",
        ),
        Misconception(
            swish_by(lambda x, gate: gate + x * gate * (1 - gate**2)),
            "Your σ′ is σ (1 − σ²): the square is too much.",
            "σ′ = σ (1 − σ).",
            "swish_with_a_square",
        ),
        Misconception(
            swish_by(lambda x, gate: gate + x * gate * (1 + gate)),
            "Your σ′ is σ (1 + σ): the sign is wrong.",
            "σ′ = σ (1 − σ), with a minus.",
            "swish_with_plus",
        ),
        Misconception(
            swish_by(lambda x, gate: np.gradient(x * gate) if np.ndim(x) else np.float64("nan")),
            "`np.gradient` takes differences between neighbors in the array, as if they were points one apart.",
            "Compute the slope at each x by itself, by the product rule.",
            "swish_of_neighbors",
        ),
        Misconception(
            lambda x: (activations.sigmoid(x), activations.sigmoid_derivative(x)),
            "These are the sigmoid and its slope: the factor x is missing.",
            "Swish is x σ(x), a product.",
            "swish_taken_for_sigmoid",
        ),
        Misconception(
            lambda x: swish_and_slope(x)[::-1],
            "The two results are swapped.",
            "Return the value first, then the slope.",
            "swish_swapped",
        ),
        Misconception(
            lambda x: activations.swish(x),
            "Two arrays are asked for, and you return one.",
            "Return the value, a comma, and the slope.",
            "swish_value_alone",
        ),
    ],
    equivalents=[
        lambda x: (activations.swish(x), activations.swish_derivative(x)),
        lambda x: (x / (1 + np.exp(-x)), activations.sigmoid(x) + x * activations.sigmoid_derivative(x)),
        lambda x: [
            activations.swish(x),
            activations.swish(x) + activations.sigmoid(x) * (1 - activations.swish(x)),
        ],
        lambda x: np.stack([activations.swish(x), activations.swish_derivative(x)]),
    ],
    hints=[
        "Swish is a product of two functions of x. Name the second one: gate = σ(x).",
        "Product rule: (x · gate)′ = 1 · gate + x · gate′, and gate′ = gate (1 − gate).",
        "Put gate′ into the product rule, with brackets around 1 − gate. Two results are separated by a comma.",
    ],
)
