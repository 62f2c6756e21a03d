"""Foreign ELU, swish, and softmax with its Jacobian and with logits that break it."""

import numpy as np
import scipy.special

from course_lib import activations

# --- right answers, each written in its own way


def elu_with_expm1_and_masks(x, alpha=1.0):
    y = np.array(x, dtype=float)
    y[y < 0] = alpha * np.expm1(y[y < 0])
    return y


def elu_by_piecewise(x, alpha=1.0):
    return np.piecewise(x, [x > 0, x <= 0], [lambda v: v, lambda v: alpha * (np.exp(v) - 1)])


def elu_with_vanishing_branch(x, alpha=1.0):
    negative = alpha * (np.exp(-np.abs(x)) - 1)
    return (x > 0) * x + (x <= 0) * negative


def swish_with_quotient(x):
    value = x / (1 + np.exp(-x))
    s = scipy.special.expit(x)
    return value, value + s * (1 - value)


def swish_with_factored_slope(x):
    s = activations.sigmoid(x)
    return np.multiply(x, s), s * (1 + x * (1 - s))


def softmax_from_scipy(logits, axis=-1):
    return scipy.special.softmax(logits, axis=axis)


def softmax_by_log_probabilities(logits, axis=-1):
    m = np.amax(logits, axis, keepdims=True)
    z = logits - m
    return np.exp(z - np.log(np.sum(np.exp(z), axis=axis, keepdims=True)))


def softmax_by_transposing(logits, axis=-1):
    moved = np.swapaxes(logits, axis, 0)
    e = np.exp(moved - moved.max(axis=0))
    return np.swapaxes(e / e.sum(axis=0), 0, axis)


def softmax_by_pairs(logits, axis=-1):
    rows = np.moveaxis(logits, axis, -1)
    shares = 1 / np.exp(rows[..., None, :] - rows[..., :, None]).sum(-1)
    return np.moveaxis(shares, -1, axis)


def jacobian_entry_by_entry(logits):
    p = softmax_from_scipy(logits)
    jacobian = np.empty((*p.shape, p.shape[-1]))
    for *where, i in np.ndindex(p.shape):
        jacobian[(*where, i)] = p[(*where, i)] * ((np.arange(p.shape[-1]) == i) - p[tuple(where)])
    return jacobian


def logits_of_five_digits():
    return [[12345, 67890], [-12345, -67890]]


# --- wrong answers, and what the message must speak of


def elu_without_alpha(x, alpha=1.0):
    return np.where(x > 0, x, np.exp(x) - 1)


def elu_jumping(x, alpha=1.0):
    return np.where(x >= 0, x, alpha * np.exp(x))


def elu_by_product(x, alpha=1.0):
    return (x > 0) * x + (x <= 0) * alpha * (np.exp(x) - 1)


def elu_misbracketed_without_alpha_on_one(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.exp(x) - 1)


def swish_slope_forgets_x(x):
    s = 1 / (1 + np.exp(-x))
    return x * s, s + s * (1 - s)


def swish_slope_of_sigmoid(x):
    s = 1 / (1 + np.exp(-x))
    return s * x, s * (1 - s)


def softmax_of_the_forum(logits, axis=-1):
    e_x = np.exp(logits - np.max(logits))
    return e_x / e_x.sum(axis=0)


def softmax_over_all(logits, axis=-1):
    e = np.exp(logits - logits.max())
    return e / e.sum()


def softmax_as_in_the_formula(logits, axis=-1):
    return np.exp(logits) / np.exp(logits).sum(axis=axis, keepdims=True)


def softmax_without_keepdims(logits, axis=-1):
    e = np.exp(logits - np.max(logits, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis)


def logits_that_cancel():
    return [1000.0, -1000.0], [-1.0, -1000.0]


def jacobian_of_the_tutorial(logits):
    s = softmax_from_scipy(logits).reshape(-1, 1)
    return np.diagflat(s) - np.dot(s, s.T)


def jacobian_on_the_diagonal(logits):
    p = softmax_from_scipy(logits)
    return (p * (1 - p))[..., None] * np.eye(p.shape[-1])


RIGHT = {
    "elu": [elu_with_expm1_and_masks, elu_by_piecewise, elu_with_vanishing_branch],
    "swish_and_slope": [swish_with_quotient, swish_with_factored_slope],
    "softmax": [softmax_from_scipy, softmax_by_log_probabilities, softmax_by_transposing, softmax_by_pairs],
    "breaking_logits": [logits_of_five_digits],
    "softmax_jacobian": [jacobian_entry_by_entry],
}
WRONG = {
    "elu": [
        (elu_without_alpha, "`alpha` is ignored"),
        (elu_jumping, "−1 is missing"),
        (elu_by_product, "inf · 0"),
        (elu_misbracketed_without_alpha_on_one, "bracket is misplaced"),
    ],
    "swish_and_slope": [(swish_slope_forgets_x, "factor x is missing"), (swish_slope_of_sigmoid, "sigmoid alone")],
    "softmax": [
        (softmax_of_the_forum, "axis 0"),
        (softmax_over_all, "whole array"),
        (softmax_as_in_the_formula, "overflows"),
        (softmax_without_keepdims, "keepdims"),
    ],
    "breaking_logits": [(logits_that_cancel, "second list is no trouble")],
    "softmax_jacobian": [
        (jacobian_of_the_tutorial, "one long row"),
        (jacobian_on_the_diagonal, "own logit alone"),
    ],
}
