"""Answers on ReLU and its kin and on softmax as people really write them: wrong ones met in homework, and odd ones."""

import numpy as np

from course_lib import activations

sigma = activations.sigmoid

# --- relu, its slope, dead units


def relu_of_a_loop_variable(x):
    for v in x.ravel():
        v = max(0, v)
    return x


def relu_in_place_without_return(x):
    x[x < 0] = 0


def relu_as_a_list(x):
    return [max(0, v) for v in x]


def relu_returned_in_the_loop(x):
    result = np.zeros(x.shape)
    for i in range(result.size):
        result.flat[i] = max(0, x.flat[i])
        return result


def relu_on_all_or_nothing(x):
    return x if np.any(x > 0) else np.zeros_like(x)


def relu_derivative_positives_only(x):
    x = x.copy()
    x[x > 0] = 1
    return x


def relu_derivative_in_the_wrong_order(x):
    x = x.copy()
    x[x > 0] = 1
    x[x <= 1] = 0
    return x


def dead_by_integer_division(z):
    return np.sum(np.all(z <= 0, axis=0)) // z.shape[1]


def dead_by_samples_counted(z):
    return np.sum(np.all(z <= 0, axis=0)) / z.shape[0]


def dead_returned_in_the_loop(z):
    dead = 0
    for column in z.T:
        if np.all(column <= 0):
            dead += 1
        return dead / z.shape[1]


RELU_WRONG = [
    (lambda x: max(0, x), "one number"),
    (lambda x: np.max(0, x), "np.maximum"),
    (lambda x: np.max([0, x]), "np.maximum"),
    (lambda x: np.max(x, 0), "axis"),
    (lambda x: int(x >= 0) * x, "one number"),
    (lambda x: x > 0, "step"),
    (relu_of_a_loop_variable, "argument|unchanged"),
    (relu_in_place_without_return, "return"),
    (relu_as_a_list, "one number|one after the other|array"),
    (relu_returned_in_the_loop, "inside the loop|first"),
    (relu_on_all_or_nothing, "each|element"),
    (lambda x: (np.maximum(0, x), x), "tuple|things"),
    (lambda x: x + np.abs(x), "twice|2 times|half|½"),
    (lambda x: np.where(x > 0, 0, x), "negative side"),
    (lambda x: np.where(x > 0, x), "third|both|np.where"),
    (lambda x: np.minimum(np.maximum(x, 0), 6), "cut"),
    (lambda x: np.maximum(x, 1), "1"),
    (lambda x: np.maximum(x, 0.1 * x), "leak"),
    (lambda x: np.maximum(0.2 * x, x), "leak"),
    (lambda x: abs(x), "come out positive"),
    (lambda x: np.maximum(x), "from 2 to 3"),
    (lambda x: x[x > 0], "throws|places"),
    (lambda x: np.where(x < 0, 0, 1), "step"),
    (lambda x: np.round(np.maximum(x, 0), 3), "round"),
    (lambda x: np.maximum(x, 0).astype(int), "round|integer|whole"),
    (lambda x: np.log(1 + np.exp(x)), "softplus|smooth"),
]
RELU_DERIVATIVE_WRONG = [
    (lambda x: int(x >= 0), "one number"),
    (lambda x: 1 if x > 0 else 0, "one number"),
    (lambda x: 1 if np.any(x > 0) else 0, "each|element"),
    (lambda x: np.where(x > 0, x, 0), "value"),
    (lambda x: np.where(x > 0, 0, 1), "swapped"),
    (lambda x: np.where(x > 0, 1, -1), "−1"),
    (lambda x: np.where(x > 0, 1, x), "negative|left"),
    (lambda x: x / np.abs(x), "0/0"),
    (relu_derivative_positives_only, "negative|left"),
    (relu_derivative_in_the_wrong_order, "0"),
    (lambda x: np.ones_like(x), "1 everywhere"),
    (lambda x: np.heaviside(x), "from 2 to 3"),
    (lambda x: np.gradient(np.maximum(x, 0)), "neighbor"),
    (lambda x: np.where(x > 0, 1, 0.01), "leaky"),
    (lambda x: np.where(x > 0, 1, 0.2), "leaky"),
    (lambda x: (np.maximum(x, 0), x > 0), "tuple|things"),
    (lambda x: np.diag(np.ravel(x) > 0), "shape"),
    (lambda x: np.clip(x, 0, 1), "clip|slope|cut"),
    (lambda x: sigma(x) * (1 - sigma(x)), "sigmoid"),
]
DEAD_FRACTION_WRONG = [
    (dead_by_integer_division, "`//`"),
    (dead_by_samples_counted, "samples"),
    (dead_returned_in_the_loop, "inside the loop|first"),
    (lambda z: np.mean(np.all(z <= 0, axis=1)), "axis"),
    (lambda z: np.mean(np.all(z <= 0, axis=-1)), "axis"),
    (lambda z: np.mean(np.any(z <= 0, axis=0)), "every"),
    (lambda z: np.mean(np.all(z < 0, axis=0)), "<="),
    (lambda z: np.mean(np.all(z == 0, axis=0)), "equal|== 0"),
    (lambda z: np.mean(z.sum(axis=0) <= 0), "sum|mean"),
    (lambda z: np.mean(z.mean(axis=0) < 0), "mean"),
    (lambda z: 100 * np.mean(np.all(z <= 0, axis=0)), "percent|100"),
    (lambda z: round(float(np.mean(np.all(z <= 0, axis=0))), 1), "round|in place of|numbers differ"),
    (lambda z: np.sum(np.all(z <= 0, axis=0)), "how many"),
    (lambda z: np.all(z <= 0), "bool|whole|all units"),
    (lambda z: np.all(z <= 0, axis=0), "which units"),
    (lambda z: np.mean(np.all(z >= 0, axis=0)), "sign|>=|positive|never"),
    (lambda z: np.mean(np.any(z > 0, axis=0)), "alive"),
    (lambda z: np.mean(z > 0), "alive|active|zeros|outputs"),
    (lambda z: np.mean(z <= 0), "sparsity"),
    (lambda z: (np.mean(np.all(z <= 0, axis=0)), np.all(z <= 0, axis=0)), "tuple|things"),
]

# --- leaky ReLU, PReLU


def prelu_with_sum(both):
    return lambda x, alpha, upstream: both(x, alpha, upstream, np.sum(upstream * np.minimum(x, 0), axis=0))


def to_x(x, alpha, upstream):
    return upstream * np.where(x > 0, 1, alpha)


LEAKY_RELU_WRONG = [
    (lambda x, negative_slope=0.01: np.where(x > 0, x, negative_slope * x), "default"),
    (lambda x, negative_slope=0.3: np.where(x > 0, x, negative_slope * x), "default"),
    (lambda x, negative_slope=0.2: np.maximum(0.01 * x, x), "ignored"),
    (lambda x, negative_slope=0.2: np.where(x > 0, x, 0.1 * x), "ignored"),
    (lambda x, negative_slope=0.2: np.where(x > 0, x, negative_slope), "constant|x"),
    (lambda x, negative_slope=0.2: np.where(x > 0, x, -negative_slope * x), "upward|rises|sign"),
    (lambda x, negative_slope=0.2: np.max(negative_slope * x, x), "np.maximum"),
    (lambda x, negative_slope=0.2: max(negative_slope * x, x), "one number"),
    (lambda x, negative_slope=0.2: negative_slope * x, "positive"),
    (lambda x, negative_slope=0.2: np.where(x > 0, x, x / negative_slope), "divide"),
    (lambda x, negative_slope=0.2: np.where(x > 0, negative_slope * x, x), "swapped"),
    (lambda x, negative_slope=0.2: np.minimum(negative_slope * x, x), "swapped"),
    (lambda x, negative_slope=0.2: np.where(x > 0, 1, negative_slope), "slope|derivative"),
    (lambda x, negative_slope=0.2: np.where(x > 0, x, 0), "plain ReLU|leak"),
    (lambda x, negative_slope=0.2: np.maximum(x, 0) + negative_slope, "added|constant|x"),
    (lambda x, negative_slope=0.2: np.maximum(x, 0) - negative_slope * np.minimum(x, 0), "upward|rises|sign"),
    (lambda x, negative_slope=0.2: np.where(x > 0, x, negative_slope * (np.exp(x) - 1)), "ELU"),
    (lambda x, negative_slope=0.2: (np.maximum(negative_slope * x, x), x), "tuple|things"),
    (lambda x: np.where(x > 0, x, 0.2 * x), "negative_slope"),
    (lambda x, negative_slope=0.2: np.maximum(x, -negative_slope), "−negative_slope|cut|constant|x"),
]
PRELU_GRADIENTS_WRONG = [
    (prelu_with_sum(lambda x, a, up, da: (np.where(x > 0, 1, a * up), da)), "positive"),
    (prelu_with_sum(lambda x, a, up, da: (np.where(x > 0, up, a), da)), "negative"),
    (prelu_with_sum(lambda x, a, up, da: (up * a, da)), "positive"),
    (prelu_with_sum(lambda x, a, up, da: (up * np.where(x > 0, x, a * x), da)), "value|slope"),
    (prelu_with_sum(lambda x, a, up, da: (up * np.where(x > 0, a, 1), da)), "swapped"),
    (prelu_with_sum(lambda x, a, up, da: (up, da)), "negative"),
    (prelu_with_sum(lambda x, a, up, da: (np.where(x > 0, 1, a), da)), "upstream"),
    (prelu_with_sum(lambda x, a, up, da: da), "two|Two"),
    (prelu_with_sum(lambda x, a, up, da: to_x(x, a, up)), "two|Two"),
    (prelu_with_sum(lambda x, a, up, da: (to_x(x, a, up), -da)), "sign|minus"),
    (prelu_with_sum(lambda x, a, up, da: (to_x(x, a, up), da / len(x))), "average"),
    (prelu_with_sum(lambda x, a, up, da: (to_x(x, a, up), np.sum(da))), "units"),
    (prelu_with_sum(lambda x, a, up, da: (to_x(x, a, up), np.mean(da))), "average|units|shape"),
    (prelu_with_sum(lambda x, a, up, da: (to_x(x, a, up), da[None])), "(1, units)"),
    (prelu_with_sum(lambda x, a, up, da: (to_x(x, a, up), np.minimum(x, 0).sum(axis=0))), "upstream"),
    (prelu_with_sum(lambda x, a, up, da: (to_x(x, a, up), up * np.minimum(x, 0))), "Sum|sum"),
    (prelu_with_sum(lambda x, a, up, da: (to_x(x, a, up), (up * x).sum(axis=0))), "ositive inputs"),
    (prelu_with_sum(lambda x, a, up, da: (to_x(x, a, up), (up * (x < 0)).sum(axis=0))), "not 1|factor x"),
    (prelu_with_sum(lambda x, a, up, da: (to_x(x, a, up), (up * np.minimum(x, 0)).sum(axis=1))), "over the units"),
    (prelu_with_sum(lambda x, a, up, da: (to_x(x, a, up), up.sum(axis=0))), "x|upstream"),
]

# --- elu, swish

ELU_WRONG = [
    (lambda x, alpha=1.0: np.where(x > 0, x, alpha * np.exp(x - 1)), "exponent"),
    (lambda x, alpha=1.0: np.where(x > 0, x, np.exp(x) - 1), "ignored"),
    (lambda x, alpha=1.0: np.where(x > 0, x, alpha * np.exp(x) - 1), "bracket"),
    (lambda x, alpha=1.0: np.where(x > 0, x, alpha * (np.exp(-x) - 1)), "exp(−x)"),
    (lambda x, alpha=1.0: np.where(x > 0, x, alpha * np.exp(x)), "−1"),
    (lambda x, alpha=1.0: np.where(x > 0, x, alpha - alpha * np.exp(x)), "sign"),
    (lambda x, alpha=1.0: np.where(x > 0, x, alpha * (np.exp(x) + 1)), "add 1"),
    (lambda x, alpha=0.5: np.where(x > 0, x, alpha * (np.exp(x) - 1)), "default"),
    (lambda x, alpha=0.1: np.where(x > 0, x, alpha * (np.exp(x) - 1)), "default"),
    (lambda x, alpha=1.0: max(0, x) + min(0, alpha * (np.exp(x) - 1)), "one number"),
    (lambda x, alpha=1.0: np.max(x, alpha * (np.exp(x) - 1)), "np.maximum"),
    (lambda x, alpha=1.0: np.maximum(x, alpha * (np.exp(x) - 1)), "larger of the two"),
    (lambda x, alpha=1.0: np.nan_to_num((x > 0) * x + (x <= 0) * alpha * (np.exp(x) - 1)), "nan_to_num|inf"),
    (lambda x, alpha=1.0: np.where(x < 0, x, alpha * (np.exp(x) - 1)), "swapped"),
    (lambda x, alpha=1.0: alpha * (np.exp(x) - 1), "positive|Right of zero"),
    (lambda x, alpha=1.0: np.where(x > 0, 1, alpha * np.exp(x)), "slope|derivative"),
    (lambda x, alpha=1.0: np.where(x > 0, x, (np.exp(alpha * x) - 1)), "exponent|inside"),
    (lambda x, alpha=1.0: np.round(np.where(x > 0, x, alpha * (np.exp(x) - 1)), 4), "round"),
    (lambda x, alpha=1.0: np.where(x > 0, x, alpha * np.exp(x - 1) - 1), "exponent|bracket|exp"),
]
SWISH_WRONG = [
    (lambda x: (x * sigma(x), sigma(x) + x * (1 - sigma(x))), "σ′|gate"),
    (lambda x: (x * sigma(x), sigma(x) * (1 - sigma(x))), "product"),
    (lambda x: (x * sigma(x), x * sigma(x) * (1 - sigma(x))), "first term"),
    (lambda x: (x * sigma(x), sigma(x) + x * sigma(x) * 1 - sigma(x)), "bracket"),
    (lambda x: x * sigma(x), "two|Two"),
    (lambda x: (x * sigma(x), x * sigma(x) + sigma(x) * (1 - sigma(x))), "value|swish|product"),
    (lambda x: (x * sigma(x), x * sigma(x) * (1 - x * sigma(x))), "sigmoid|swish|product"),
    (lambda x: (x * np.tanh(x), np.tanh(x) + x * (1 - np.tanh(x) ** 2)), "tanh"),
    (lambda x: (x * sigma(1.702 * x), sigma(1.702 * x) * (1 + 1.702 * x * (1 - sigma(1.702 * x)))), "1.702|GELU|β"),
    (lambda x: (x * sigma(-x), sigma(-x) - x * sigma(x) * sigma(-x)), "closes"),
    (lambda x: (sigma(x), sigma(x) * (1 - sigma(x))), "sigmoid|factor x"),
    (lambda x: (x * np.clip(x + 3, 0, 6) / 6, sigma(x) + x * sigma(x) * (1 - sigma(x))), "straight|hard"),
    (lambda x: (x * sigma(x), sigma(x) + x * sigma(x) * (1 - sigma(x) ** 2)), "square"),
    (lambda x: (x * sigma(x), sigma(x) + x * sigma(x) * (1 + sigma(x))), "1 −|minus|sign"),
    (lambda x: (x * sigma(x), np.gradient(x * sigma(x))), "neighbor"),
    (lambda x: (x * sigma(x), sigma(x)), "second term"),
]

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

WRONG = {
    "relu": RELU_WRONG,
    "relu_derivative": RELU_DERIVATIVE_WRONG,
    "dead_fraction": DEAD_FRACTION_WRONG,
    "leaky_relu": LEAKY_RELU_WRONG,
    "prelu_gradients": PRELU_GRADIENTS_WRONG,
    "elu": ELU_WRONG,
    "swish_and_slope": SWISH_WRONG,
    "softmax": SOFTMAX_WRONG,
}
RIGHT = {
    "relu": [
        lambda x: 0.5 * (x + np.abs(x)),
        lambda x: np.where(x < 0, 0 * x, x),
        lambda x: np.max([np.zeros_like(x), x], axis=0),
        lambda x: (x > 0).astype(int) * x,
    ],
    "relu_derivative": [lambda x: np.maximum(x, 0) / np.maximum(np.abs(x), 1e-9), lambda x: ~(x <= 0)],
    "dead_fraction": [lambda z: sum(not column.any() for column in (z * (z > 0)).T) / len(z[0])],
    "leaky_relu": [
        lambda x, negative_slope=0.2: np.maximum(negative_slope * x, x),
        lambda x, negative_slope=0.2: x * np.where(x > 0, 1, negative_slope),
    ],
    "prelu_gradients": [prelu_with_sum(lambda x, a, up, da: [to_x(x, a, up).tolist(), da.tolist()])],
    "elu": [
        lambda x, alpha=1.0: np.nan_to_num((x > 0) * x) + (x <= 0) * alpha * np.expm1(x * (x <= 0)),
        lambda x, alpha=1.0: np.maximum(0, x) + alpha * (np.exp(np.minimum(0, x)) - 1),
    ],
    "swish_and_slope": [lambda x: (x * sigma(x), sigma(x) * (x + 1 - x * sigma(x)))],
    "softmax": [
        softmax_of(lambda z, m, total: np.exp(z - m - np.log(total(np.exp(z - m))))),
        softmax_of(lambda z, m, total: np.exp(z - m) / (total(np.exp(z - m)) + 1e-9)),
    ],
}
