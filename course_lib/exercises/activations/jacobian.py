"""The exercise on all the slopes of softmax: its Jacobian."""

import numpy as np

from course_lib import activations
from course_lib.checking.exercise import Exercise, Misconception, Row, flags

softmax = activations.softmax


def probe_softmax_jacobian(softmax_jacobian, rng):
    logits, pair, batch = rng.normal(size=4), rng.normal(size=2), rng.normal(size=(2, 3))
    square, shift = rng.normal(size=(3, 3)), rng.integers(1, 8) / 8
    yield Row("one row of logits", lambda: softmax_jacobian(logits), essential=True)
    yield "two logits", lambda: softmax_jacobian(pair)
    yield "a batch", lambda: softmax_jacobian(batch)
    yield "a batch of as many rows as classes", lambda: softmax_jacobian(square)
    yield "very large logits", lambda: softmax_jacobian(np.array([1000.0, 1000.0 - shift, 998.0]))


def faulty_jacobian(logits, minus=False, diagonal=False, no_shift=False, columns=False, square_missing=False):
    if no_shift:
        powers = np.exp(logits)
        p = powers / powers.sum(axis=-1, keepdims=True)
    else:
        p = softmax(logits, axis=0 if columns else -1)
    ones = np.eye(p.shape[-1])
    products = p[..., :, None] * p[..., None, :]
    products = products * (1 - ones) if square_missing else products * ones if diagonal else products
    return (-1 if minus else 1) * (p[..., :, None] * ones - products)


def jacobian_by(make):
    """Return the wrong Jacobian that `make` computes from p as a column, p as a row, and the unit matrix."""

    def jacobian(logits):
        p = softmax(logits)
        return make(p[..., :, None], p[..., None, :], np.eye(p.shape[-1]))

    return jacobian


def jacobian_diagonal_alone(logits):
    """You return p (1 − p), the slope of each share along its own logit.

    The other logits move it too: one slope for each pair makes a matrix.
    """
    p = softmax(logits)
    return p * (1 - p)


def jacobian_of_one_row(logits):
    """A batch makes no matrix for each row: `np.diag` and `np.outer` know one row only.

    Make a column and a row of the shares with `p[..., :, None]` and `p[..., None, :]`: then NumPy does each example.
    """
    p = softmax(logits)
    return np.diag(p) - np.outer(p, p)


def jacobian_of_the_whole_batch(logits):
    """A batch is made into one long row, so your matrix also holds slopes of one example along the logits of another.

    Examples have nothing to do with one another: make one matrix for each, from `p[..., :, None]` and
    `p[..., None, :]`.
    """
    p = softmax(logits).reshape(-1)
    return np.diag(p) - np.outer(p, p)


def jacobian_with_dot(logits):
    """`np.dot` or `@` of the shares with themselves is one number, the sum of their squares.

    Each entry needs its own product p_i p_j: a column of the shares times a row of them.
    """
    p = softmax(logits)
    return p[..., :, None] * np.eye(p.shape[-1]) - np.sum(p * p, axis=-1)[..., None, None]


def jacobian_of_the_logits(logits):
    """Your formula is right, but it is filled with the logits themselves.

    p are the shares: take softmax of the logits first.
    """
    return logits[..., :, None] * (np.eye(logits.shape[-1]) - logits[..., None, :])


def jacobian_by_loops(logits):
    p = softmax(logits).reshape(-1, logits.shape[-1])
    n = p.shape[-1]
    rows = [[[q[i] * (1 - q[i]) if i == j else -q[i] * q[j] for j in range(n)] for i in range(n)] for q in p]
    return np.array(rows).reshape(*logits.shape, n)


def jacobian_of_each_example(logits):
    if logits.ndim > 1:
        return np.array([jacobian_of_each_example(row) for row in logits])
    p = softmax(logits)
    return np.diag(p) - np.outer(p, p)


def jacobian_measured(logits):
    nudges = 1e-5 * np.eye(logits.shape[-1])
    columns = [(softmax(logits + nudge) - softmax(logits - nudge)) / 2e-5 for nudge in nudges]
    return np.stack(columns, axis=-1)


SOFTMAX_JACOBIAN = Exercise(
    name="softmax_jacobian",
    kind="derive",
    minutes=12,
    level=3,
    reference=activations.softmax_jacobian,
    probe=probe_softmax_jacobian,
    misconceptions=[
        *flags(
            faulty_jacobian,
            minus=(
                "All signs are turned around: your diagonal is negative.",
                "A share grows with its own logit and shrinks with the others.",
            ),
            diagonal=(
                "Off the diagonal your matrix is 0, as if a share depended on its own logit alone.",
                "The sum in the denominator holds every logit: differentiate it along another one too.",
            ),
            no_shift=(
                "np.exp overflows at large logits, and inf / inf is NaN.",
                "Use a softmax that subtracts the maximum first.",
            ),
            columns=(
                "Your shares are taken down the columns of a batch.",
                "Each row is an example: softmax goes along the last axis.",
            ),
            square_missing=(
                "Your diagonal holds the shares themselves.",
                "The logit stands in the denominator too, which takes p² away: the quotient rule has two terms.",
            ),
        ),
        jacobian_diagonal_alone,
        jacobian_of_one_row,
        jacobian_of_the_whole_batch,
        jacobian_with_dot,
        jacobian_of_the_logits,
        Misconception(
            jacobian_by(lambda column, row, ones: column * ones + column * row),
            "Your products p_i p_j have the wrong sign: a share would grow with the other logits.",
            "If another logit grows, the denominator grows, so the share shrinks: a minus.",
            "jacobian_with_plus",
        ),
        Misconception(
            jacobian_by(lambda column, row, ones: column * (1 - row)),
            "Your entry is p_i (1 − p_j) everywhere, with a 1 off the diagonal too.",
            "The 1 comes from the numerator, which holds only the logit with i = j: off the diagonal it is 0.",
            "jacobian_with_one_everywhere",
        ),
        Misconception(
            jacobian_by(lambda column, row, ones: ones - column * row),
            "The factor p_i is missing before the 1: your diagonal is 1 − p².",
            "On the diagonal it is p_i (1 − p_i).",
            "jacobian_without_a_factor",
        ),
        Misconception(
            jacobian_by(lambda column, row, ones: -column * row),
            "Your diagonal is −p², as if the logit stood in the denominator alone.",
            "Where i = j it stands in the numerator too, which adds p_i.",
            "jacobian_without_the_numerator",
        ),
        Misconception(
            jacobian_by(lambda column, row, ones: column * row),
            "You return the products p_i p_j alone.",
            "Off the diagonal they have a minus, and on it p_i is added.",
            "jacobian_products_alone",
        ),
        Misconception(
            jacobian_by(lambda column, row, ones: ones * column),
            "You return the shares on a diagonal, without the products p_i p_j.",
            "The denominator holds every logit: its derivative takes p_i p_j away.",
            "jacobian_of_the_numerator_alone",
        ),
        Misconception(
            lambda logits: activations.sigmoid_derivative(logits)[..., None] * np.eye(logits.shape[-1]),
            "These are the slopes of a sigmoid for each logit, on a diagonal.",
            "Softmax divides by a sum over all logits: differentiate that quotient.",
            "jacobian_of_sigmoids",
        ),
        Misconception(
            lambda logits: softmax(logits),
            "You return the shares themselves.",
            "Return how each share changes with each logit, a matrix.",
            "jacobian_value",
        ),
    ],
    equivalents=[
        jacobian_by_loops,
        jacobian_of_each_example,
        jacobian_measured,
        lambda logits: (
            np.eye(logits.shape[-1]) * softmax(logits)[..., None]
            - np.einsum("...i,...j->...ij", softmax(logits), softmax(logits))
        ),
    ],
    hints=[
        "Write p_i = e^{z_i} / S with S = Σ e^{z_j}. What is the derivative of S along z_j?",
        "Where j ≠ i, the numerator is a constant: ∂p_i/∂z_j = −e^{z_i} e^{z_j} / S². Write that with shares.",
        "Where j = i, the quotient rule gives (e^{z_i} S − e^{z_i} e^{z_i}) / S². Write that with shares, too.",
        "As arrays: `p[..., :, None]` is a column, `p[..., None, :]` a row, and `np.eye(n)` is 1 on the diagonal.",
    ],
)
