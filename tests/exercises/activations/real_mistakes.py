"""Answers on sigmoid, tanh and their slopes as people really write them: wrong ones met in homework, and odd ones."""

import math

import numpy as np

from course_lib import activations

sigma = activations.sigmoid

# --- sigmoid and its slope


def sigmoid_with_integers_from_the_first(x):
    return np.vectorize(lambda v: 0 if v < -700 else 1 / (1 + math.exp(-v)))(x)


def sigmoid_with_its_cache(x):
    a = 1 / (1 + np.exp(-x))
    return a, x


def sigmoid_number_by_number(x):
    return np.array([1 / (1 + math.exp(-v)) for v in np.ravel(x)]).reshape(np.shape(x))


def sigmoid_branching_on_any(x):
    return 1 / (1 + np.exp(-x)) if np.any(x >= 0) else np.exp(x) / (1 + np.exp(x))


def derivative_by_the_quotient_rule_clipped(x):
    s = 1 / (1 + np.exp(-np.clip(x, -5, 5)))
    return s * (1 - s)


def derivative_with_its_value(x):
    s = sigma(x)
    return s, s * (1 - s)


SIGMOID_WRONG = [
    *[(lambda x, c=c: 1 / (1 + np.exp(-np.clip(x, -c, c))), "clip|cut") for c in (3, 6, 7, 12, 15, 18, 20)],
    (lambda x: np.nan_to_num(np.exp(x) / (1 + np.exp(x))), "nan_to_num|inf / inf"),
    (sigmoid_with_integers_from_the_first, "integer|whole"),
    (sigmoid_with_its_cache, "tuple|things"),
    (sigmoid_number_by_number, "OverflowError|overflow"),
    (lambda x: 1 / (1 + math.exp(-x)), "math.exp"),
    (lambda x: np.round(1 / (1 + np.exp(-x)), 4), "round"),
    (lambda x: np.round(1 / (1 + np.exp(-x)), 3), "round"),
    (lambda x: 1 / (1 + np.exp(-np.abs(x))), "mirrors"),
    (lambda x: 1 / (1 + np.exp(x)), "falls"),
    (lambda x: 1 / (1 - np.exp(-x)), "1 − exp"),
    (lambda x: 1 / 1 + np.exp(-x), "bracket"),
    (lambda x: 1 / (np.exp(-x)), "1 +|exp(x)"),
    (lambda x: 1 + np.exp(-x), "1 /|denominator|divide"),
    (lambda x: 0.5 * (1 + np.tanh(x)), "steep|half"),
    (lambda x: np.clip(0.2 * x + 0.5, 0, 1), "straight|hard"),
    (lambda x: np.clip(x + 3, 0, 6) / 6, "straight|hard"),
    (lambda x: sigma(x) * (1 - sigma(x)), "slope|derivative"),
    (lambda x: np.exp(x) / np.sum(np.exp(x)), "softmax"),
    (lambda x: sigma(x) + 1e-7, "ε|added"),
    (lambda x: np.clip(sigma(x), 1e-7, 1 - 1e-7), "clip|cut"),
    (lambda x: 1 / (1 + np.e**x), "falls"),
    (lambda x: int(x >= 0), "one number"),
    (lambda x: (x >= 0).astype(int), "threshold|step"),
    (lambda x: np.exp(x) / np.exp(x) + 1, "bracket|1"),
    (lambda x: 1 / (1 + np.exp - x), "ufunc|np.exp"),
]
SIGMOID_DERIVATIVE_WRONG = [
    (lambda x: x * 1 - x, "bracket"),
    (lambda x: sigma(x) * 1 - sigma(x), "bracket"),
    (lambda x: x * (1 - x), "output"),
    (lambda x: sigma(x) * (1 + sigma(x)), "1 −|minus|sign"),
    (lambda x: 1 - sigma(x), "factor|first"),
    (lambda x: sigma(x) - 1, "factor|σ"),
    (lambda x: sigma(x), "value|itself"),
    (lambda x: sigma(x) * (1 - x), "σ(x)|1 − x"),
    (lambda x: x * sigma(x) * (1 - sigma(x)), "factor x|times x"),
    (lambda x: np.exp(-x) / (1 + np.exp(-x) ** 2), "bracket|square"),
    (lambda x: -np.exp(-x) / (1 + np.exp(-x)) ** 2, "minus|sign"),
    (lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2, "inf"),
    (lambda x: np.exp(x) / (1 + np.exp(x)) ** 2, "inf"),
    (lambda x: 1 - sigma(x) ** 2, "tanh"),
    (lambda x: 1 - np.tanh(x) ** 2, "tanh"),
    (lambda x: (sigma(x + 1e-4) - sigma(x)) / 1e-4, "Nearly|nearly|difference"),
    (lambda x: np.gradient(sigma(x)), "neighbor|difference|np.gradient"),
    (derivative_by_the_quotient_rule_clipped, "clip|cut"),
    (derivative_with_its_value, "tuple|things"),
    (lambda x: np.round(sigma(x) * (1 - sigma(x)), 4), "round"),
    (lambda x: sigma(sigma(x)) * (1 - sigma(sigma(x))), "twice"),
    (lambda x: sigma(x) ** 2 * (1 - sigma(x)), "square|σ too many|factor"),
    (lambda x: np.dot(sigma(x), 1 - sigma(x)), "np.dot|sum|single number"),
]

# --- a stack


def stack_returned_in_the_loop(function, derivative, x, depth):
    gradient = 1.0
    for _ in range(depth):
        gradient = gradient * derivative(x)
        x = function(x)
        return gradient


def stack_from_zero(function, derivative, x, depth):
    gradient = 0
    for _ in range(depth):
        gradient *= derivative(x)
        x = function(x)
    return gradient


def stack_with_x_as_counter(function, derivative, x, depth):
    gradient = 1.0
    for x in range(depth):
        gradient = gradient * derivative(x)
        x = function(x)
    return gradient


def stack_of_sigmoids_only(function, derivative, x, depth):
    gradient = 1.0
    for _ in range(depth):
        gradient = gradient * sigma(x) * (1 - sigma(x))
        x = sigma(x)
    return gradient


def stack_as_factors(function, derivative, x, depth):
    factors = []
    for _ in range(depth):
        factors.append(derivative(x))
        x = function(x)
    return factors


def stack_without_multiplying(function, derivative, x, depth):
    for _ in range(depth):
        gradient = derivative(x)
        x = function(x)
    return gradient


def stack_through_the_slopes(function, derivative, x, depth):
    for _ in range(depth):
        x = derivative(x)
    return x


def stack_at_its_value(function, derivative, x, depth):
    for _ in range(depth):
        x = function(x)
    return derivative(x)


def stack_one_too_deep(function, derivative, x, depth):
    gradient = 1.0
    for _ in range(depth + 1):
        gradient = gradient * derivative(x)
        x = function(x)
    return gradient


STACK_DERIVATIVE_WRONG = [
    (stack_returned_in_the_loop, "inside the loop|first"),
    (stack_from_zero, "0"),
    (stack_with_x_as_counter, "loop"),
    (stack_of_sigmoids_only, "sigmoid"),
    (stack_as_factors, "shape|factor|multiply"),
    (stack_without_multiplying, "last"),
    (stack_through_the_slopes, "slope"),
    (stack_at_its_value, "late|last|end|output"),
    (stack_one_too_deep, "too many|more"),
    (lambda function, derivative, x, depth: derivative(x) ** depth, "first x"),
    (lambda function, derivative, x, depth: depth * derivative(x), "first x|times"),
    (lambda function, derivative, x, depth: derivative(x), "first"),
]

# --- tanh, and its layer

TANH_WRONG = [
    (lambda x: np.nan_to_num((np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))), "nan_to_num|inf / inf"),
    (lambda x: np.exp(x) - np.exp(-x) / np.exp(x) + np.exp(-x), "bracket"),
    (lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) - np.exp(-x)), "plus|+|denominator"),
    (lambda x: (np.exp(x) + np.exp(-x)) / (np.exp(x) - np.exp(-x)), "upside|swapped|coth"),
    (lambda x: np.sinh(x) / np.cosh(x), "inf / inf"),
    (lambda x: 2 * sigma(x) - 1, "2 inside"),
    (lambda x: sigma(2 * x) - 1, "2 in front"),
    (lambda x: 2 * sigma(2 * x), "shift"),
    (lambda x: 2 * (sigma(2 * x) - 1), "bracket|shift"),
    (lambda x: 2 * sigma(2 * x - 1), "bracket"),
    (lambda x: 1 - np.tanh(x) ** 2, "slope|derivative"),
    (lambda x: np.clip(x, -1, 1), "straight|clip|hard"),
    (lambda x: np.tanh(np.clip(x, -3, 3)), "clip|cut"),
    (lambda x: np.tanh(np.clip(x, -5, 5)), "clip|cut"),
    (lambda x: math.tanh(x), "math"),
    (lambda x: np.arctan(x), "arctan"),
    (lambda x: np.round(np.tanh(x), 4), "round"),
    (lambda x: (np.tanh(x), 1 - np.tanh(x) ** 2), "tuple|things"),
    (lambda x: x / (1 + np.abs(x)), "softsign"),
    (lambda x: sigma(x), "sigmoid"),
]
TANH_BACKWARD_WRONG = [
    (lambda x, upstream: (np.tanh(x), upstream * 1 - np.tanh(x) ** 2), "bracket"),
    (lambda x, upstream: (np.tanh(x), upstream * (1 - np.tanh(x)) ** 2), "square"),
    (lambda x, upstream: (np.tanh(x), upstream * (1 - x**2)), "input x"),
    (lambda x, upstream: (np.tanh(x), upstream * (1 - np.tanh(np.tanh(x)) ** 2)), "the code with the bug"),
    (lambda x, upstream: (np.tanh(x), 1 - np.tanh(x) ** 2), "upstream"),
    (lambda x, upstream: (np.tanh(x), upstream * (1 - np.tanh(x))), "square"),
    (lambda x, upstream: (np.tanh(x), upstream * (1 + np.tanh(x) ** 2)), "minus|sign"),
    (lambda x, upstream: (np.tanh(x), upstream * (np.tanh(x) ** 2 - 1)), "sign|minus"),
    (lambda x, upstream: (np.tanh(x), -upstream * (1 - np.tanh(x) ** 2)), "sign|minus"),
    (lambda x, upstream: upstream * (1 - np.tanh(x) ** 2), "Two results"),
    (lambda x, upstream: (np.tanh(x), upstream / np.cosh(x)), "square"),
    (lambda x, upstream: (np.tanh(x), upstream * np.tanh(x)), "slope"),
    (lambda x, upstream: (np.tanh(x), upstream * np.tanh(x) ** 2), "1 −"),
    (lambda x, upstream: (np.tanh(x), upstream * sigma(x) * (1 - sigma(x))), "sigmoid"),
    (lambda x, upstream: (x, upstream * (1 - np.tanh(x) ** 2)), "output"),
    (lambda x, upstream: (np.tanh(x), np.tanh(x)), "output|twice|slope"),
    (lambda x, upstream: (np.tanh(x), np.sum(upstream * (1 - np.tanh(x) ** 2))), "add up|single number"),
    (lambda x, upstream: (np.tanh(x), np.dot(upstream, 1 - np.tanh(x) ** 2)), "add up|np.dot|single number"),
]

WRONG = {
    "sigmoid": SIGMOID_WRONG,
    "sigmoid_derivative": SIGMOID_DERIVATIVE_WRONG,
    "stack_derivative": STACK_DERIVATIVE_WRONG,
    "tanh": TANH_WRONG,
    "tanh_backward": TANH_BACKWARD_WRONG,
}

# --- right ones, oddly written


def sigmoid_with_a_flag(x, deriv=False):
    return sigma(x) * (1 - sigma(x)) if deriv else 1 / (1 + np.exp(-x))


def stack_by_recursion(function, derivative, x, depth):
    return derivative(x) * (1 if depth == 1 else stack_by_recursion(function, derivative, function(x), depth - 1))


def derivative_by_central_difference(x):
    return (sigma(x + 1e-4) - sigma(x - 1e-4)) / 2e-4


RIGHT = {
    "sigmoid": [
        sigmoid_with_a_flag,
        sigmoid_branching_on_any,
        lambda x: np.exp(-np.logaddexp(0, -x)),
        lambda x: (1 + np.e ** (-x)) ** -1,
        lambda x: 0.5 + 0.5 * np.tanh(0.5 * x),
        lambda x: 1 / (1 + np.exp(-np.clip(x, -500, 500))),
        lambda x: 1 / (1 + np.exp(-np.clip(x, -37, 37))),
        lambda x: 1 / (1 + np.exp(-np.float32(x))),
    ],
    "sigmoid_derivative": [
        derivative_by_central_difference,
        lambda x: np.nan_to_num(np.exp(-x) / (1 + np.exp(-x)) ** 2),
        lambda x: 1 / (2 + 2 * np.cosh(x)),
        lambda x: sigma(x) - sigma(x) ** 2,
        lambda x: sigma(x) * sigma(-x),
    ],
    "stack_derivative": [stack_by_recursion],
    "tanh": [
        lambda x: np.tanh(np.clip(x, -10, 10)),
        lambda x: np.sinh(np.clip(x, -20, 20)) / np.cosh(np.clip(x, -20, 20)),
        lambda x: np.vectorize(math.tanh)(x),
    ],
    "tanh_backward": [
        lambda x, upstream: (np.tanh(x), upstream - upstream * np.tanh(x) ** 2),
        lambda x, upstream: (np.tanh(x), np.multiply(upstream, 1 - np.power(np.tanh(x), 2))),
    ],
}
