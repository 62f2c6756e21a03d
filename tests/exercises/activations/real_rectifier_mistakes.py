"""Answers on ReLU and its kin as people really write them: wrong ones met in homework, and odd ones."""

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
DEAD_FRACTION_WRONG = [
    (dead_by_integer_division, "`//`"),
    (dead_by_samples_counted, "examples"),
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


def leaky(value, slope=lambda x, left: np.where(x > 0, 1, left)):
    """Return an answer of the two formulas, each of x and the slope left of zero; the slope is right without one."""
    return lambda x, negative_slope=0.2: (value(x, negative_slope), slope(x, negative_slope))


def leaky_slope(slope):
    return leaky(lambda x, left: np.maximum(left * x, x), slope)


def leaky_by_default(default):
    return lambda x, negative_slope=default: (
        np.where(x > 0, x, negative_slope * x),
        np.where(x > 0, 1, negative_slope),
    )


def leaky_slope_positives_only(x, negative_slope=0.2):
    slope = x.copy()
    slope[x > 0] = 1
    return np.where(x > 0, x, negative_slope * x), slope


def leaky_slope_in_the_wrong_order(x, negative_slope=0.2):
    slope = x.copy()
    slope[slope > 0] = 1
    slope[slope <= 1] = negative_slope
    return np.where(x > 0, x, negative_slope * x), slope


LEAKY_WRONG = [
    (leaky_by_default(0.01), "default"),
    (leaky_by_default(0.3), "default"),
    (leaky(lambda x, a: np.maximum(0.01 * x, x), lambda x, a: np.where(x > 0, 1, 0.01)), "ignored"),
    (leaky(lambda x, a: np.where(x > 0, x, 0.1 * x), lambda x, a: np.where(x > 0, 1, 0.1)), "ignored"),
    (leaky(lambda x, a: np.where(x > 0, x, a)), "constant|x"),
    (leaky(lambda x, a: np.where(x > 0, x, -a * x)), "upward|rises|sign"),
    (leaky(lambda x, a: np.max(a * x, x)), "np.maximum"),
    (leaky(lambda x, a: max(a * x, x)), "one number"),
    (leaky(lambda x, a: a * x, lambda x, a: a * np.ones_like(x)), "positive"),
    (leaky(lambda x, a: np.where(x > 0, x, x / a), lambda x, a: np.where(x > 0, 1, 1 / a)), "divide"),
    (leaky(lambda x, a: np.where(x > 0, a * x, x)), "swapped"),
    (leaky(lambda x, a: np.minimum(a * x, x), lambda x, a: np.where(x > 0, a, 1)), "swapped|Two mistakes"),
    (leaky(lambda x, a: np.where(x > 0, 1, a)), "slope|derivative"),
    (leaky(lambda x, a: np.where(x > 0, x, 0), lambda x, a: np.where(x > 0, 1, 0)), "plain ReLU|leak"),
    (leaky(lambda x, a: np.maximum(x, 0) + a), "added|constant|x"),
    (leaky(lambda x, a: np.maximum(x, 0) - a * np.minimum(x, 0)), "upward|rises|sign"),
    (
        leaky(lambda x, a: np.where(x > 0, x, a * (np.exp(x) - 1)), lambda x, a: np.where(x > 0, 1, a * np.exp(x))),
        "ELU",
    ),
    (leaky(lambda x, a: np.maximum(x, -a)), "−negative_slope|cut|constant|x"),
    (lambda x: (np.where(x > 0, x, 0.2 * x), np.where(x > 0, 1, 0.2)), "negative_slope"),
    (lambda x, negative_slope=0.2: np.maximum(negative_slope * x, x), "Two arrays"),
    (lambda x, negative_slope=0.2: (np.where(x > 0, 1, negative_slope), np.maximum(negative_slope * x, x)), "swapped"),
    (leaky_slope(lambda x, a: 1 if x > 0 else a), "one number"),
    (leaky_slope(lambda x, a: 1 if np.any(x > 0) else a), "each|element"),
    (leaky_slope(lambda x, a: np.maximum(a * x, x)), "value"),
    (leaky_slope(lambda x, a: np.where(x > 0, a, 1)), "swapped"),
    (leaky_slope(lambda x, a: np.where(x > 0, 1, -1)), "−1"),
    (leaky_slope(lambda x, a: np.where(x > 0, 1, -a)), "negative"),
    (leaky_slope(lambda x, a: np.where(x > 0, 1, 0)), "plain ReLU"),
    (leaky_slope(lambda x, a: x > 0), "plain ReLU"),
    (leaky_slope(lambda x, a: np.ones_like(x)), "1 everywhere"),
    (leaky_slope(lambda x, a: np.where(x > 0, x, a)), "value"),
    (leaky_slope(lambda x, a: np.where(x > 0, 1, a * x)), "value"),
    (leaky_slope(lambda x, a: np.maximum(a * x, x) / x), "0/0"),
    (leaky_slope(lambda x, a: np.gradient(np.maximum(a * x, x))), "neighbor"),
    (leaky_slope(lambda x, a: np.diag(np.where(np.ravel(x) > 0, 1, a))), "shape"),
    (leaky_slope(lambda x, a: np.where(x > 0, 1 + a, a)), "numbers differ|off|positive"),
    (leaky_slope_positives_only, "negative|left"),
    (leaky_slope_in_the_wrong_order, "everywhere"),
]
PRELU_GRADIENTS_WRONG = [
    (prelu_with_sum(lambda x, a, up, da: (np.where(x > 0, 1, a * up), da)), "positive"),
    (prelu_with_sum(lambda x, a, up, da: (np.where(x > 0, up, a), da)), "negative"),
    (prelu_with_sum(lambda x, a, up, da: (up * a, da)), "positive"),
    (lambda x, alpha, upstream: (alpha * upstream, (upstream * x).sum(axis=0)), "both gradients"),
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
    (lambda x, alpha=1.0: np.where(x > 0, x, alpha * np.tanh(x)), "tanh"),
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

WRONG = {
    "relu": RELU_WRONG,
    "dead_fraction": DEAD_FRACTION_WRONG,
    "leaky_relu_and_slope": LEAKY_WRONG,
    "prelu_gradients": PRELU_GRADIENTS_WRONG,
    "elu": ELU_WRONG,
    "swish_and_slope": SWISH_WRONG,
}
RIGHT = {
    "relu": [
        lambda x: 0.5 * (x + np.abs(x)),
        lambda x: np.where(x < 0, 0 * x, x),
        lambda x: np.max([np.zeros_like(x), x], axis=0),
        lambda x: (x > 0).astype(int) * x,
    ],
    "dead_fraction": [lambda z: sum(not column.any() for column in (z * (z > 0)).T) / len(z[0])],
    "leaky_relu_and_slope": [
        leaky(lambda x, a: np.maximum(a * x, x), lambda x, a: np.maximum(np.sign(x), 0) + a * (x <= 0)),
        leaky(lambda x, a: x * np.where(x > 0, 1, a), lambda x, a: np.clip(np.sign(x), a, 1)),
    ],
    "prelu_gradients": [prelu_with_sum(lambda x, a, up, da: [to_x(x, a, up).tolist(), da.tolist()])],
    "elu": [
        lambda x, alpha=1.0: np.nan_to_num((x > 0) * x) + (x <= 0) * alpha * np.expm1(x * (x <= 0)),
        lambda x, alpha=1.0: np.maximum(0, x) + alpha * (np.exp(np.minimum(0, x)) - 1),
    ],
    "swish_and_slope": [lambda x: (x * sigma(x), sigma(x) * (x + 1 - x * sigma(x)))],
}
