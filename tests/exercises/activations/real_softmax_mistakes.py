"""Answers on softmax, its Jacobian and what breaks it, as people really write them: wrong ones, and odd ones."""

import numpy as np

from course_lib import activations

sigma = activations.sigmoid

# --- softmax


def softmax_rows_of_a_batch(logits, axis=-1):
    if logits.ndim == 1:
        powers = np.exp(logits - np.max(logits))
        return powers / np.sum(powers)
    powers = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return powers / np.sum(powers, axis=1, keepdims=True)


def softmax_with_cache(logits, axis=-1):
    return activations.softmax(logits, axis), logits


def softmax_along(along, shifted=True, keepdims=True):
    def softmax(logits, axis=-1):
        powers = np.exp(logits - np.max(logits, axis=along, keepdims=True)) if shifted else np.exp(logits)
        return powers / np.sum(powers, axis=along, keepdims=keepdims)

    return softmax


def softmax_of(make):
    """Wrap a formula of logits and their maximum and sum along `axis`."""

    def softmax(logits, axis=-1):
        return make(logits, np.max(logits, axis=axis, keepdims=True), lambda p: np.sum(p, axis=axis, keepdims=True))

    return softmax


SOFTMAX_WRONG = [
    (softmax_along(1), "axis"),
    (softmax_along(0), "axis 0"),
    (softmax_along(-1), "last"),
    (softmax_along(1, shifted=False), "axis"),
    (softmax_along(0, shifted=False), "axis 0"),
    (softmax_along(1, keepdims=False), "axis"),
    (softmax_along(0, keepdims=False), "axis 0"),
    (softmax_along(-1, keepdims=False), "keepdims|axis"),
    (softmax_along(-1, shifted=False), "last|overflow"),
    (softmax_along(None), "whole"),
    (softmax_rows_of_a_batch, "axis"),
    (softmax_with_cache, "tuple|things"),
    (lambda logits, axis=-1: np.exp(logits) / np.sum(np.exp(logits)), "whole"),
    (lambda logits, axis=-1: np.exp(logits - np.max(logits)) / np.exp(logits - np.max(logits)).sum(0), "axis 0|Two"),
    (softmax_of(lambda z, m, total: np.exp(z) / total(np.exp(z))), "overflow"),
    (softmax_of(lambda z, m, total: np.exp(z + m) / total(np.exp(z + m))), "add|+|Subtract"),
    (softmax_of(lambda z, m, total: np.exp(z - m) / total(np.exp(z))), "numerator|denominator|both"),
    (softmax_of(lambda z, m, total: np.exp(z) / total(np.exp(z - m))), "numerator|denominator|both"),
    (softmax_of(lambda z, m, total: np.nan_to_num(np.exp(z) / total(np.exp(z)))), "overflow|nan_to_num"),
    (softmax_of(lambda z, m, total: np.exp(z - 1000) / total(np.exp(z - 1000))), "fixed number"),
    (softmax_of(lambda z, m, total: np.exp(z - 800) / total(np.exp(z - 800))), "fixed number"),
    (softmax_of(lambda z, m, total: np.exp(z - m) / (total(np.exp(z - m)) + 1e-3)), "ε|divisor|sum"),
    (softmax_of(lambda z, m, total: np.round(np.exp(z - m) / total(np.exp(z - m)), 4)), "round"),
    (softmax_of(lambda z, m, total: np.exp(np.clip(z, -50, 50)) / total(np.exp(np.clip(z, -50, 50)))), "clip|cut"),
    (softmax_of(lambda z, m, total: np.exp(z / m) / total(np.exp(z / m))), "Subtract|divide"),
    (softmax_of(lambda z, m, total: np.exp(z - m)), "sum to 1"),
    (softmax_of(lambda z, m, total: z - m - np.log(total(np.exp(z - m)))), "logarithm"),
    (softmax_of(lambda z, m, total: z / total(z)), "exponential"),
    (softmax_of(lambda z, m, total: np.exp(m - z) / total(np.exp(m - z))), "smallest"),
    (softmax_of(lambda z, m, total: np.exp(z) - m / total(np.exp(z))), "bracket"),
    (softmax_of(lambda z, m, total: sigma(z)), "sigmoid"),
    (softmax_of(lambda z, m, total: np.argmax(z, axis=-1)), "shape|index"),
    (lambda logits, axis=-1: np.exp(logits - max(logits)) / sum(np.exp(logits - max(logits))), "Python"),
]

# --- logits that break a softmax, and the Jacobian


def logits(first, second):
    return lambda: (first, second)


def jacobian_from(make):
    """Wrap a formula of the shares, and of how many there are."""
    return lambda logits: make(activations.softmax(logits), logits.shape[-1])


BREAKING_LOGITS_WRONG = [
    (logits([10, 20], [-10, -20]), "Neither"),
    (logits([700, 0], [-700, -701]), "Neither"),
    (logits([500, 499], [-1000, -1000]), "first list"),
    (logits([1000, 0], [-1000, 0]), "not negative"),
    (logits([1000, 0], [-745, -1]), "above 0"),
    (logits([1e308 * 10, 1], [-1e308 * 10, -1]), "finite"),
    (logits([np.nan, 1], [np.nan, -1]), "finite"),
    (logits([1000], [-1000]), "two logits"),
    (
        logits([100, 1], [-100, 0]),
        "no trouble. e to the power of that is still an ordinary number: floats go up to about "
        "10³⁰⁸ and down to about 10⁻³²⁴. Your second list has a logit that is not negative.",
    ),
    (logits([np.inf, 0], [-1000, 0]), "not finite. Your second list has a logit that is not negative."),
    (logits([1000], [-1000, -1]), "two logits at least. Your second list is no trouble"),
    (logits([1000, 0], [-1000]), "Your second list needs two logits"),
    (lambda: [1000, 999], "Two lists"),
    (lambda: [1000.0, 999.0, -1000.0, -1001.0], "Two lists"),
    (lambda: None, "return|None"),
]
SOFTMAX_JACOBIAN_WRONG = [
    (jacobian_from(lambda p, n: p * (1 - p)), "matrix"),
    (jacobian_from(lambda p, n: np.diag(p * (1 - p)) if p.ndim == 1 else np.diag(p[0])), "own logit|diagonal"),
    (jacobian_from(lambda p, n: np.diag(p) - np.outer(p, p)), "one row"),
    (jacobian_from(lambda p, n: np.outer(p, 1 - p)), "1|one row|diagonal"),
    (jacobian_from(lambda p, n: p[..., :, None] * p[..., None, :] - p[..., :, None] * np.eye(n)), "signs"),
    (jacobian_from(lambda p, n: p[..., :, None] * (np.eye(n) + p[..., None, :])), "minus"),
    (jacobian_from(lambda p, n: p[..., :, None] * np.eye(n)), "products"),
    (jacobian_from(lambda p, n: -p[..., :, None] * p[..., None, :]), "diagonal"),
    (lambda logits: np.exp(logits) / np.exp(logits).sum(), "matrix|shape"),
]

WRONG = {
    "breaking_logits": BREAKING_LOGITS_WRONG,
    "softmax": SOFTMAX_WRONG,
    "softmax_jacobian": SOFTMAX_JACOBIAN_WRONG,
}
RIGHT = {
    "softmax": [
        softmax_of(lambda z, m, total: np.exp(z - m - np.log(total(np.exp(z - m))))),
        softmax_of(lambda z, m, total: np.exp(z - m) / (total(np.exp(z - m)) + 1e-9)),
    ],
    "breaking_logits": [
        logits([709.9, 709.9], [-746.0, -745.2]),
        logits(range(0, 2000, 100), [-1e5] * 4),
        lambda: np.array([[1e3, 2e3], [-1e3, -2e3]]),
    ],
    "softmax_jacobian": [
        jacobian_from(
            lambda p, n: np.stack([p[..., i, None] * (np.arange(n) == i) - p[..., i, None] * p for i in range(n)], -2)
        ),
        lambda logits: (
            np.vectorize(np.diag, signature="(n)->(n,n)")(activations.softmax(logits))
            - np.matmul(activations.softmax(logits)[..., None], activations.softmax(logits)[..., None, :])
        ),
    ],
}
