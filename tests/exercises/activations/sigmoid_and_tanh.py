"""Foreign answers on sigmoid and tanh: their values, their slopes, and the slope of a stack of layers."""

import math

import numpy as np
import scipy.special

from course_lib import activations

# --- right answers, each written in its own way


def sigmoid_with_a_loop(x):
    x = np.asarray(x, dtype=float)
    flat = x.flatten()
    for i in range(flat.size):
        v = flat[i]
        flat[i] = 1.0 / (1.0 + math.exp(-v)) if v > -700 else 0.0
    return flat.reshape(x.shape)


def sigmoid_by_piecewise(x):
    branches = [lambda v: np.exp(v) / (1 + np.exp(v)), lambda v: 1 / (1 + np.exp(-v))]
    return np.piecewise(np.asarray(x, dtype=float), [np.asarray(x) < 0], branches)


def sigmoid_with_select(x):
    z = np.exp(-abs(x))
    return np.select([x >= 0, x < 0], [1 / (1 + z), z / (1 + z)])


def derivative_by_complex_step(x):
    return np.imag(1 / (1 + np.exp(-(np.clip(x, -300, 300) + 1e-30j)))) / 1e-30


def derivative_with_square(x):
    ex = np.exp(-np.abs(x))
    return ex / (1 + ex) ** 2


def derivative_with_a_nested_helper(x):
    def s(t):
        return 1 / (1 + np.exp(-t))

    return np.multiply(s(x), np.subtract(1, s(x)))


def stack_with_a_list_of_factors(function, derivative, x, depth):
    factors = []
    for _ in range(depth):
        factors.append(derivative(x))
        x = function(x)
    return np.prod(factors, axis=0)


def stack_with_reduce(function, derivative, x, depth):
    points = [x]
    while len(points) < depth:
        points.append(function(points[-1]))
    result = 1
    for point in points:
        result *= derivative(point)
    return result


def stack_in_place(function, derivative, x, depth):
    out = np.array(x, dtype=float)
    gradient = np.ones(np.shape(x))
    for layer in range(0, depth, 1):
        gradient *= derivative(out)
        if layer < depth - 1:
            out = function(out)
    return gradient


def tanh_with_exp_of_minus_absolute(x):
    e = np.exp(-2 * np.abs(x))
    return np.where(x < 0, -1, 1) * (1 - e) / (1 + e)


def tanh_with_own_sigmoid(x):
    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    return sigmoid(2 * x) * 2 - 1


def tanh_layer_with_cosh(x, upstream):
    return np.sinh(np.clip(x, -300, 300)) / np.cosh(np.clip(x, -300, 300)), upstream * np.cosh(x) ** -2.0


def tanh_layer_as_a_list(x, upstream):
    out = 2 * scipy.special.expit(2 * x) - 1
    gradient = np.array(upstream)
    gradient *= 1 - np.square(out)
    return [out, gradient]


# --- wrong answers, and what the message must speak of


def sigmoid_forgets_a_bracket(x):
    return 1 / 1 + np.exp(-x)


def sigmoid_for_arrays_of_one_axis(x):
    return np.array([1 / (1 + math.exp(-v)) if v > -700 else 0.0 for v in x])


def sigmoid_growing_ratio(x):
    e = np.power(np.e, x)
    return e / (1 + e)


def sigmoid_by_scalar_branches(x):
    if x < 0:
        return 1 - 1 / (1 + np.exp(x))
    else:
        return 1 / (1 + np.exp(-x))


def nonlin(x):
    return x * (1 - x)


def derivative_of_sigmoid_of_sigmoid(x):
    s = 1 / (1 + np.exp(-x))
    ds = 1 / (1 + np.exp(-s))
    return ds * (1 - ds)


def derivative_by_the_quotient_rule(x):
    e = np.exp(-x)
    return e / np.square(1 + e)


def derivative_from_one_side(x):
    h = 1e-3
    return (activations.sigmoid(x + h) - activations.sigmoid(x)) / h


def stack_as_a_power(function, derivative, x, depth):
    return derivative(x) ** depth


def stack_after_the_step(function, derivative, x, depth):
    gradient = 1
    for _ in range(depth):
        x = function(x)
        gradient = gradient * derivative(x)
    return gradient


def stack_of_the_first_kind(function, derivative, x, depth):
    return derivative(stack_value_of(function, x, depth - 1))


def stack_value_of(function, x, depth):
    return x if depth == 0 else stack_value_of(function, function(x), depth - 1)


def tanh_forgets_to_double_x(x):
    return 2 / (1 + np.exp(-x)) - 1


def tanh_from_the_textbook(x):
    p, m = np.exp(x), np.exp(-x)
    return (p - m) / (p + m)


def tanh_layer_of_the_output(x, upstream):
    out = np.tanh(x)
    return out, (1 - np.tanh(out) * np.tanh(out)) * upstream


def tanh_layer_half_repaired(x, upstream):
    return np.tanh(x), (1 - x * x) * upstream


RIGHT = {
    "sigmoid": [scipy.special.expit, sigmoid_with_a_loop, sigmoid_by_piecewise, sigmoid_with_select],
    "sigmoid_derivative": [derivative_by_complex_step, derivative_with_square, derivative_with_a_nested_helper],
    "stack_derivative": [stack_with_a_list_of_factors, stack_with_reduce, stack_in_place],
    "tanh": [tanh_with_exp_of_minus_absolute, tanh_with_own_sigmoid],
    "tanh_backward": [tanh_layer_with_cosh, tanh_layer_as_a_list],
}
WRONG = {
    "sigmoid": [
        (sigmoid_forgets_a_bracket, "in brackets"),
        (sigmoid_for_arrays_of_one_axis, "On “"),
        (sigmoid_growing_ratio, "inf / inf"),
        (sigmoid_by_scalar_branches, "for one number"),
    ],
    "sigmoid_derivative": [
        (nonlin, "already the output"),
        (derivative_of_sigmoid_of_sigmoid, "sigmoid twice"),
        (derivative_by_the_quotient_rule, "inf / inf"),
        (derivative_from_one_side, "nearly right"),
    ],
    "stack_derivative": [
        (stack_as_a_power, "every slope at the first x"),
        (stack_after_the_step, "one layer too late"),
        (stack_of_the_first_kind, "last layer only"),
    ],
    "tanh": [(tanh_forgets_to_double_x, "2 inside"), (tanh_from_the_textbook, "inf / inf")],
    "tanh_backward": [
        (tanh_layer_of_the_output, "the code with the bug"),
        (tanh_layer_half_repaired, "square the input"),
    ],
}
