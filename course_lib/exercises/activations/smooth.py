"""Exercises on the smooth relatives of ReLU: ELU and Swish."""

import numpy as np

from course_lib import activations
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.activations.messages import ONE_NUMBER_ONLY

# --- elu


def probe_elu(elu, rng):
    row = rng.permutation([*rng.uniform(0.3, 3.0, size=3), *-rng.uniform(0.3, 3.0, size=3)])
    number, batch, alpha = rng.uniform(0.5, 3.0), rng.normal(size=(4, 3)), rng.uniform(1.5, 2.5)
    yield Row("a row of numbers, alpha = 0.5", lambda: elu(row, alpha=0.5), essential=True)
    yield "the same row, default alpha", lambda: elu(row)
    yield "a batch, another alpha", lambda: elu(batch, alpha=alpha)
    yield "a single negative number", lambda: elu(np.array(-number), alpha=alpha)
    yield "x = −1000, 0 and 1000", lambda: elu(np.array([-1000.0, 0.0, 1000.0]), alpha=0.5)


def faulty_elu(x, alpha=1.0, ignored=False, no_one=False, inside=False, growing=False, scaled=False):
    alpha = 1.0 if ignored else alpha
    decay = np.exp(-x if growing else np.minimum(x, 0))
    left = alpha * decay - 1 if inside else alpha * (decay - (0 if no_one else 1))
    return np.where(x > 0, alpha * x if scaled else x, left)


def elu_symmetric(x, alpha=1.0):
    return alpha * np.sign(x) * -np.expm1(-np.abs(x))


def elu_times_mask(x, alpha=1.0):
    return np.maximum(x, 0) + alpha * (np.exp(x) - 1) * (x <= 0)


def elu_larger_of_both(x, alpha=1.0):
    return np.maximum(x, alpha * (np.exp(x) - 1))


def elu_smaller_of_both(x, alpha=1.0):
    return np.minimum(x, alpha * (np.exp(x) - 1))


def elu_without_left_side(x, alpha=1.0):
    return np.maximum(x, 0)


def elu_taken_for_leaky(x, alpha=1.0):
    return np.where(x > 0, x, alpha * x)


def elu_mirrored(x, alpha=1.0):
    return np.where(x > 0, alpha * (np.exp(x) - 1), x)


def elu_one_number_at_a_time(x, alpha=1.0):
    return x if x > 0 else alpha * (np.exp(x) - 1)


def elu_lifted(x, alpha=1.0):
    return np.where(x > 0, x, alpha * (1 - np.exp(np.minimum(x, 0))))


def elu_in_place(x, alpha=1.0):
    result = x.copy()
    result[result <= 0] = alpha * (np.exp(result[result <= 0]) - 1)
    return result


ELU = Exercise(
    name="elu",
    reference=activations.elu,
    probe=probe_elu,
    misconceptions=[
        *flags(
            faulty_elu,
            ignored="`alpha` is ignored: very negative inputs should approach −alpha, yours approach −1.",
            no_one="The −1 is missing: your function jumps at 0, from alpha down to 0. It is α (exp(x) − 1).",
            inside="The bracket is misplaced: α multiplies (exp(x) − 1) as a whole, so that elu(0) = 0.",
            growing="exp(−x) grows without limit on the negative side. ELU saturates there: exp(x).",
            scaled="`alpha` belongs to the negative side only. Right of zero, return x.",
        ),
        Misconception(
            elu_symmetric,
            "ELU is not symmetric: it saturates on the left only, at −alpha. Right of zero it is x, without limit.",
        ),
        Misconception(
            elu_times_mask,
            "At x = 1000 you compute exp(1000) · 0 = inf · 0 = NaN. Choose with `np.where`, or keep exp's argument "
            "at most 0 with np.minimum(x, 0).",
        ),
        Misconception(
            elu_larger_of_both,
            "The larger of the two branches is not ELU: for positive x the exponential is larger than x, and wins. "
            "Choose by the sign of x.",
        ),
        Misconception(
            elu_smaller_of_both,
            "The smaller of the two branches is not ELU: for negative x the line x lies lower, and wins. "
            "Choose by the sign of x.",
        ),
        Misconception(elu_without_left_side, "This is a plain ReLU. Left of zero return α (exp(x) − 1)."),
        Misconception(
            elu_taken_for_leaky, "This is a leaky ReLU, a straight line. ELU bends: α (exp(x) − 1) left of zero."
        ),
        Misconception(elu_mirrored, "The sides are swapped: the exponential belongs to the negative side."),
        Misconception(elu_one_number_at_a_time, ONE_NUMBER_ONLY),
        Misconception(elu_lifted, "The sign is wrong on the left: ELU goes down to −alpha, so it is exp(x) − 1."),
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
        "Two branches, chosen by the sign of x. Which one needs `alpha`?",
        "Check three points by hand: elu(0) = 0, elu(−1000) = −alpha, elu(1000) = 1000.",
        "`np.where(x > 0, x, alpha * (np.exp(np.minimum(x, 0)) - 1))`: the minimum keeps exp from overflowing in the "
        "branch that is not chosen.",
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


def swish_value_twice(x):
    return activations.swish(x), activations.swish(x)


def swish_rectified(x):
    gate = activations.sigmoid(x)
    return np.maximum(x, 0) * gate, np.where(x > 0, gate + x * gate * (1 - gate), 0)


def swish_added(x):
    gate = activations.sigmoid(x)
    return x + gate, 1 + gate * (1 - gate)


def swish_with_tanh(x):
    gate = np.tanh(x)
    return x * gate, gate + x * (1 - gate**2)


def swish_swapped(x):
    return swish_and_slope(x)[::-1]


def swish_minus(x):
    gate = activations.sigmoid(x)
    return x * gate, gate - x * gate * (1 - gate)


SWISH_AND_SLOPE = Exercise(
    name="swish_and_slope",
    reference=swish_and_slope,
    probe=probe_swish_and_slope,
    misconceptions=[
        *flags(
            faulty_swish,
            closed="Your gate closes where it should open: it is σ(x), near 1 for large x, not σ(−x).",
            no_product="Your slope is that of the sigmoid alone. x σ(x) is a product: (u v)′ = u′ v + u v′.",
            no_x="In the second term the factor x is missing: (x σ)′ = σ + x σ′.",
            no_gate="The first term is missing: the derivative of x is 1, which leaves σ(x). (x σ)′ = σ + x σ′.",
            bracket="The brackets are misplaced: it is σ (1 + x (1 − σ)), not σ (1 + x) (1 − σ).",
            overflow="exp(x) / (1 + exp(x)) is inf / inf = NaN at x = 1000. Use a sigmoid that does not overflow.",
        ),
        Misconception(swish_value_twice, "Your second result is the value again. Return its derivative there."),
        Misconception(
            swish_rectified, "You cut swish off at zero. It dips below zero and lets a gradient through there."
        ),
        Misconception(swish_added, "You add x and the gate. Swish multiplies them: x σ(x)."),
        Misconception(swish_with_tanh, "Your gate is tanh. Swish is gated by the sigmoid, between 0 and 1."),
        Misconception(swish_swapped, "The two results are swapped: return the value first, then the slope."),
        Misconception(swish_minus, "The second term has the wrong sign: (x σ)′ = σ + x σ′, with σ′ = σ (1 − σ)."),
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
        "`return x * gate, gate + x * gate * (1 - gate)`.",
    ],
)
