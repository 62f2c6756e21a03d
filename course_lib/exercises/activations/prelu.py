"""The exercise on PReLU, whose slope is learned: its two gradients."""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, flags
from course_lib.exercises.activations.picturing import curves


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
    one_sided=False,
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
    return np.where(x > 0, 1.0, upstream * slope) if one_sided else upstream * slope, to_alpha


def with_to_x(make):
    """Return wrong gradients: what `make` computes for x, and the right ones for alpha."""
    return lambda x, alpha, upstream: (make(x, alpha, upstream), prelu_gradients(x, alpha, upstream)[1])


def with_to_alpha(make):
    """Return wrong gradients: the right ones for x, and what `make` computes for alpha."""
    return lambda x, alpha, upstream: (prelu_gradients(x, alpha, upstream)[0], make(x, alpha, upstream))


def last_negative_example(x, alpha, upstream):
    to_alpha = np.zeros_like(alpha)
    for inputs, signals in zip(x, upstream, strict=True):
        to_alpha = np.where(inputs > 0, to_alpha, signals * inputs)
    return to_alpha


ONE_RESULT = (
    "Two arrays are asked for, and you return one.",
    "Return the gradient for x and that for alpha.",
)


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


def gradients_of_a_batch(answer, x):
    """The gradients for one input, and for its unit's alpha, while that input, of six, goes through `x`."""
    others, upstream = (
        np.array([[0.0, 1.0], [-1.0, -2.0], [0.5, -0.3]]),
        np.array([[2.0, 1.0], [-0.7, 3.0], [1.2, 0.4]]),
    )
    alone = np.zeros(others.shape)
    alone[0, 0] = 1
    given = [answer(others + each * alone, np.array([1.5, 0.25]), upstream.copy()) for each in x]
    to_x, to_alpha = (np.stack([np.asarray(pair[part], dtype=float) for pair in given]) for part in (0, 1))
    return to_x[:, 0, 0], to_alpha[:, 0]


PRELU_GRADIENTS = Exercise(
    name="prelu_gradients",
    kind="derive",
    minutes=15,
    level=3,
    reference=prelu_gradients,
    probe=probe_prelu_gradients,
    scene=curves("gradient for the first x", "for the first alpha, 1.5", of=gradients_of_a_batch),
    misconceptions=[
        *flags(
            faulty_prelu_gradients,
            flat=("Your gradient for x is 0 on the negative side, as for a plain ReLU.", "There the slope is alpha."),
            larger=(
                "You test x > alpha · x. A learned slope may leave [0, 1], and then that picks the wrong side.",
                "Test x > 0.",
            ),
            one_sided=(
                "Your gradient for x forgets `upstream` on the positive side.",
                "Multiply the slope by it on both sides: there it is 1 · upstream.",
            ),
            no_upstream=("The gradient for alpha forgets `upstream`.", "Multiply by it before you sum."),
            positive=(
                "You let the positive inputs teach alpha.",
                "alpha multiplies the negative ones only: min(x, 0).",
            ),
            mean=(
                "You average over the batch.",
                "alpha is shared by all examples, so its gradient is their sum; a mean over the batch, if any, is "
                "already in the loss and so in `upstream`.",
            ),
            each=("Your gradient for alpha has one row for each example.", "Sum over the batch, axis=0."),
            total=(
                "You sum over the units too, so all of them share one number.",
                "Each unit has a slope of its own: sum over the batch only, axis=0.",
            ),
        ),
        Misconception(
            with_to_x(lambda x, alpha, upstream: np.where(x > 0, upstream, alpha)),
            "Your gradient for x forgets `upstream` on the negative side.",
            "Multiply the slope by it on both sides.",
            "prelu_gradients_one_sided_on_the_left",
        ),
        Misconception(
            with_to_x(lambda x, alpha, upstream: np.where(x > 0, 1.0, alpha)),
            "The gradient for x forgets `upstream`.",
            "Multiply the local slope, 1 or alpha, by it.",
            "prelu_gradients_local",
        ),
        Misconception(
            with_to_x(lambda x, alpha, upstream: upstream * alpha),
            "Your gradient for x has the slope alpha on the positive side too.",
            "There the slope is 1.",
            "prelu_gradients_alpha_everywhere",
        ),
        Misconception(
            with_to_x(lambda x, alpha, upstream: upstream),
            "Your gradient for x has the slope 1 on the negative side too.",
            "There the slope is alpha.",
            "prelu_gradients_one_everywhere",
        ),
        Misconception(
            with_to_x(lambda x, alpha, upstream: upstream * np.where(x > 0, alpha, 1.0)),
            "In your gradient for x the sides are swapped.",
            "The slope is 1 where x is positive, alpha elsewhere.",
            "prelu_gradients_of_swapped_sides",
        ),
        Misconception(
            with_to_x(lambda x, alpha, upstream: upstream * np.where(x > 0, x, alpha * x)),
            "You multiply `upstream` by PReLU's value, not by its slope.",
            "The slope is 1 where x is positive, alpha elsewhere.",
            "prelu_gradients_times_value",
        ),
        Misconception(
            with_to_alpha(lambda x, alpha, upstream: np.sum(upstream * np.minimum(x, 0), axis=1)),
            "You sum over the units.",
            "The batch is axis 0: sum over that, so that one number a unit is left.",
            "prelu_gradients_along_the_units",
        ),
        Misconception(
            with_to_alpha(lambda x, alpha, upstream: np.mean(np.sum(upstream * np.minimum(x, 0), axis=0))),
            "Your gradient for alpha is an average over the units.",
            "Each unit has a slope of its own: sum over the batch only, axis=0.",
            "prelu_gradients_averaged_over_the_units",
        ),
        Misconception(
            with_to_alpha(lambda x, alpha, upstream: np.sum(upstream * (x <= 0), axis=0)),
            "You sum `upstream` alone where x is negative, as if the derivative of α x with respect to α were 1.",
            "It is x, not 1: sum upstream · min(x, 0).",
            "prelu_gradients_counted",
        ),
        Misconception(
            with_to_alpha(last_negative_example),
            "Your gradient for alpha holds one example a unit: each negative input overwrites the one before.",
            "Add their contributions, with `+=` or a sum over axis 0.",
            "prelu_gradients_overwritten",
        ),
        Misconception(
            with_to_alpha(lambda x, alpha, upstream: np.sum(upstream, axis=0)),
            "Your gradient for alpha is the sum of `upstream` alone, over all inputs.",
            "Only negative inputs pass through alpha, and each counts by its x: sum upstream · min(x, 0).",
            "prelu_gradients_of_upstream_alone",
        ),
        Misconception(
            with_to_alpha(lambda x, alpha, upstream: alpha * np.sum(upstream * np.minimum(x, 0), axis=0)),
            "The gradient for alpha has a factor alpha too many.",
            "The derivative of α x with respect to α is x.",
            "prelu_gradients_times_alpha",
        ),
        Misconception(
            with_to_alpha(lambda x, alpha, upstream: -np.sum(upstream * np.minimum(x, 0), axis=0)),
            "The gradient for alpha has the wrong sign.",
            "The derivative of α x with respect to α is x itself, negative as it is.",
            "prelu_gradients_negative",
        ),
        Misconception(
            with_to_alpha(lambda x, alpha, upstream: np.sum(upstream * np.minimum(x, 0), axis=0, keepdims=True)),
            "The gradient for alpha has shape (1, units).",
            "Give it alpha's own shape, (units,), without keepdims.",
            "prelu_gradients_keeping_the_axis",
        ),
        Misconception(
            with_to_alpha(lambda x, alpha, upstream: np.sum(upstream * x, axis=0)),
            "Positive inputs count in your gradient for alpha, though they do not pass through it.",
            "Sum upstream · min(x, 0).",
            "prelu_gradients_of_all_inputs",
        ),
        Misconception(
            lambda x, alpha, upstream: (upstream * alpha, np.sum(upstream * x, axis=0)),
            "In both gradients alpha acts on the positive side too, as if the unit answered alpha · x everywhere.",
            "Where x is positive, the answer is x: its slope is 1, and alpha has no part in it.",
            "prelu_gradients_of_a_line",
        ),
        Misconception(
            lambda x, alpha, upstream: prelu_gradients(x, alpha, upstream)[::-1],
            "The two results are swapped.",
            "Return the gradient for x first, then for alpha.",
            "prelu_gradients_swapped",
        ),
        Misconception(
            lambda x, alpha, upstream: prelu_gradients(x, alpha, upstream)[0], *ONE_RESULT, "prelu_gradient_for_x"
        ),
        Misconception(
            lambda x, alpha, upstream: prelu_gradients(x, alpha, upstream)[1], *ONE_RESULT, "prelu_gradient_for_alpha"
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
        "All examples of a column share one alpha, and each contributes: sum their contributions over axis 0.",
        "Positive inputs contribute 0 to alpha's gradient. Which function of x is x on the left and 0 on the right?",
    ],
)
