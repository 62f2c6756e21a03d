"""Exercises on rectifiers that leak: with a given slope (leaky ReLU), and with a learned one (PReLU)."""

import numpy as np

from course_lib import activations
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.activations.messages import ONE_NUMBER_ONLY

# --- leaky_relu


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


def leaky_relu_always_hundredth(x, negative_slope=0.2):
    return np.where(x > 0, x, 0.01 * x)


def leaky_relu_always_fifth(x, negative_slope=0.2):
    return np.where(x > 0, x, 0.2 * x)


def leaky_relu_default_of_the_paper(x, negative_slope=0.01):
    return np.where(x > 0, x, negative_slope * x)


def leaky_relu_without_leak(x, negative_slope=0.2):
    return np.maximum(x, 0)


def leaky_relu_one_number_at_a_time(x, negative_slope=0.2):
    return x if x > 0 else negative_slope * x


def leaky_relu_lifted(x, negative_slope=0.2):
    return np.maximum(x, 0) + negative_slope * x


def leaky_relu_slope(x, negative_slope=0.2):
    return np.where(x > 0, 1.0, negative_slope)


def leaky_relu_in_place(x, negative_slope=0.2):
    x[x < 0] *= negative_slope
    return x


SLOPE_IGNORED = "`negative_slope` is ignored: you use {} whatever is asked. Multiply by the argument."

LEAKY_RELU = Exercise(
    name="leaky_relu",
    reference=activations.leaky_relu,
    solution=leaky_relu,
    probe=probe_leaky_relu,
    misconceptions=[
        *flags(
            faulty_leaky_relu,
            mirrored="The sides are swapped: the small slope belongs to the negative side. (np.minimum swaps them.)",
            constant="Left of zero you return the slope itself, a constant. Multiply it by x.",
            upward="Left of zero your function rises away from zero, like |x|. It stays negative there: slope · x.",
        ),
        Misconception(leaky_relu_always_hundredth, SLOPE_IGNORED.format("0.01")),
        Misconception(leaky_relu_always_fifth, SLOPE_IGNORED.format("0.2")),
        Misconception(
            leaky_relu_default_of_the_paper,
            "The default slope is 0.2, as in Keras; 0.01 was the paper's. Change it in the first line of the function.",
        ),
        Misconception(leaky_relu_without_leak, "Nothing leaks: this is a plain ReLU. Left of zero return slope · x."),
        Misconception(leaky_relu_one_number_at_a_time, ONE_NUMBER_ONLY),
        Misconception(
            leaky_relu_lifted,
            "You add slope · x on the positive side too, where the slope becomes 1 + negative_slope. "
            "Add slope · min(x, 0).",
        ),
        Misconception(
            leaky_relu_slope, "This is the derivative, 1 or the slope. Asked for is the value: x, or slope · x."
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
        "`np.where(x > 0, x, …)`: what belongs on the left side of zero?",
    ],
)

# --- prelu_gradients


def prelu_gradients(x, alpha, upstream):
    """Return (∂L/∂x, ∂L/∂α) of prelu(x) = x where x > 0, else α x, with one slope for each column of x.

    Args:
        x: inputs, (batch, units).
        alpha: slopes, (units,).
        upstream: ∂L/∂prelu(x), (batch, units).
    """
    to_x = upstream * np.where(x > 0, 1.0, alpha)
    to_alpha = np.sum(upstream * np.minimum(x, 0), axis=0)
    return to_x, to_alpha


def probe_prelu_gradients(prelu_gradients, rng):
    x, upstream = rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
    x[0], x[1] = -np.abs(x[0]), np.abs(x[1])
    alpha = rng.uniform(0.1, 0.4, size=3)
    square, signals = rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
    square[0], square[1] = -np.abs(square[0]), np.abs(square[1])
    steep = np.array([-0.5, 0.1, 1.7])
    yield "the gradient for x", lambda: prelu_gradients(x, alpha, upstream)[0]
    yield "the gradient for alpha", lambda: prelu_gradients(x, alpha, upstream)[1]
    yield "the gradient for x, slopes below 0 and above 1", lambda: prelu_gradients(square, steep, signals)[0]
    yield "the gradient for alpha, slopes below 0 and above 1", lambda: prelu_gradients(square, steep, signals)[1]
    yield "the gradient for alpha, a batch of one", lambda: prelu_gradients(x[:1], alpha, upstream[:1])[1]


def faulty_prelu_gradients(
    x,
    alpha,
    upstream,
    flat=False,
    larger=False,
    no_upstream=False,
    positive=False,
    mean=False,
    each=False,
    total=False,
):
    slope = np.where(x > alpha * x if larger else x > 0, 1.0, 0.0 if flat else alpha)
    part = np.maximum(x, 0) if positive else np.minimum(x, 0)
    to_alpha = part if no_upstream else upstream * part
    if mean:
        to_alpha = np.mean(to_alpha, axis=0)
    elif total:
        to_alpha = np.sum(to_alpha)
    elif not each:
        to_alpha = np.sum(to_alpha, axis=0)
    return upstream * slope, to_alpha


def prelu_gradients_swapped(x, alpha, upstream):
    to_x, to_alpha = prelu_gradients(x, alpha, upstream)
    return to_alpha, to_x


def prelu_gradients_along_the_units(x, alpha, upstream):
    return prelu_gradients(x, alpha, upstream)[0], np.sum(upstream * np.minimum(x, 0), axis=1)


def prelu_gradients_counted(x, alpha, upstream):
    return prelu_gradients(x, alpha, upstream)[0], np.sum(upstream * (x <= 0), axis=0)


def prelu_gradients_times_alpha(x, alpha, upstream):
    to_x, to_alpha = prelu_gradients(x, alpha, upstream)
    return to_x, alpha * to_alpha


def prelu_gradients_local(x, alpha, upstream):
    return np.where(x > 0, 1.0, alpha), np.sum(upstream * np.minimum(x, 0), axis=0)


def prelu_gradients_keeping_the_axis(x, alpha, upstream):
    to_x, to_alpha = prelu_gradients(x, alpha, upstream)
    return to_x, to_alpha[None, :]


def prelu_gradients_of_all_inputs(x, alpha, upstream):
    return prelu_gradients(x, alpha, upstream)[0], np.sum(upstream * x, axis=0)


def prelu_gradients_by_loops(x, alpha, upstream):
    to_x, to_alpha = np.zeros_like(x), np.zeros_like(alpha)
    for sample in range(x.shape[0]):
        for unit in range(x.shape[1]):
            if x[sample, unit] > 0:
                to_x[sample, unit] = upstream[sample, unit]
            else:
                to_x[sample, unit] = alpha[unit] * upstream[sample, unit]
                to_alpha[unit] += upstream[sample, unit] * x[sample, unit]
    return to_x, to_alpha


def prelu_gradients_by_masks(x, alpha, upstream):
    negative = x < 0
    to_x = upstream.copy()
    to_x[negative] *= np.broadcast_to(alpha, x.shape)[negative]
    return [to_x, (upstream * x * negative).sum(0)]


PRELU_GRADIENTS = Exercise(
    name="prelu_gradients",
    reference=prelu_gradients,
    probe=probe_prelu_gradients,
    misconceptions=[
        *flags(
            faulty_prelu_gradients,
            flat="Your gradient for x is 0 on the negative side, as for a plain ReLU. There the slope is alpha.",
            larger="You test x > alpha · x. A learned slope may leave [0, 1], and then that picks the wrong side: "
            "test x > 0.",
            no_upstream="The gradient for alpha forgets `upstream`: multiply by it before you sum.",
            positive="You let the positive inputs teach alpha. alpha multiplies the negative ones only: min(x, 0).",
            mean="You average over the batch. alpha is shared by all samples, so its gradient is their *sum*; a mean "
            "over the batch, if any, is already in the loss and so in `upstream`.",
            each="The gradient for alpha must have alpha's shape, (units,): sum over the batch, axis=0.",
            total="You sum over the units too. Each unit has a slope of its own: sum over the batch only, axis=0.",
        ),
        Misconception(
            prelu_gradients_swapped, "The two results are swapped: return the gradient for x first, then for alpha."
        ),
        Misconception(
            prelu_gradients_along_the_units,
            "You sum over the units. The batch is axis 0: sum over that, so that one number a unit is left.",
        ),
        Misconception(
            prelu_gradients_counted,
            "The derivative of α x with respect to α is x, not 1: sum upstream · min(x, 0), not upstream alone.",
        ),
        Misconception(
            prelu_gradients_times_alpha,
            "The gradient for alpha has a factor alpha too many: the derivative of α x with respect to α is x.",
        ),
        Misconception(
            prelu_gradients_local, "The gradient for x forgets `upstream`: multiply the local slope, 1 or alpha, by it."
        ),
        Misconception(
            prelu_gradients_keeping_the_axis,
            "The gradient for alpha has shape (1, units); give it alpha's own shape, (units,), without keepdims.",
        ),
        Misconception(
            prelu_gradients_of_all_inputs,
            "Positive inputs do not pass through alpha and must not teach it: sum upstream · min(x, 0).",
        ),
    ],
    equivalents=[
        prelu_gradients_by_loops,
        prelu_gradients_by_masks,
        lambda x, alpha, upstream: (
            upstream * ((x > 0) + alpha * (x <= 0)),
            np.einsum("bu,bu->u", upstream, np.minimum(x, 0)),
        ),
        lambda x, alpha, upstream: (
            np.where(x > 0, upstream, upstream * alpha),
            np.where(x > 0, 0, upstream * x).sum(axis=0),
        ),
    ],
    hints=[
        "Take one element. On its negative side it computes α x. What is the derivative of that with respect to x, and "
        "what with respect to α?",
        "Chain rule: each local derivative is multiplied by `upstream`. For x you are done then.",
        "All samples of a column share one alpha, and each contributes: sum their contributions over axis 0.",
        "`np.sum(upstream * np.minimum(x, 0), axis=0)` is the gradient for alpha.",
    ],
)
