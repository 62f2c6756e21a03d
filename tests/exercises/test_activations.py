"""Chapter 01's exercises against answers that nobody of us wrote down as right or wrong beforehand."""

import math

import numpy as np
import pytest
import scipy.special

from course_lib import activations
from course_lib.checking.judge import judge
from course_lib.checking.observe import observe
from course_lib.exercises import find, of_chapter


def report_on(name, answer, seed=0):
    exercise = find(name)
    return judge(exercise, observe(exercise, answer, seed), seed, points=1.0)


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


def relu_by_masking_a_copy(x):
    y = np.array(x)
    y[y < 0] = 0
    return y


def relu_with_list_comprehension(x):
    return np.array([v if v > 0 else 0 for v in np.asarray(x).ravel().tolist()]).reshape(np.shape(x))


def relu_with_fmax(x):
    return np.fmax(x, np.zeros_like(x))


def relu_in_float32(x):
    return np.maximum(np.float32(x), np.float32(0))


def relu_derivative_by_masks(x):
    grad = np.zeros(x.shape)
    grad[x > 0] = 1
    return grad


def relu_derivative_in_integers(x):
    return (np.asarray(x) >= 0).astype(int)


def relu_derivative_from_sign(x):
    return (np.sign(x) + 1) / 2


def dead_by_columns(pre_activations):
    count = 0
    for column in pre_activations.transpose():
        if (np.maximum(column, 0) == 0).all():
            count += 1
    return count / pre_activations.shape[1]


def dead_by_sum_of_outputs(pre_activations):
    outputs = np.where(pre_activations > 0, pre_activations, 0)
    return len(np.flatnonzero(outputs.sum(axis=0) == 0)) / outputs.shape[-1]


def dead_by_complement(z):
    return 1.0 - np.any(np.clip(z, 0, None), axis=0).mean()


def leaky_with_clip(x, negative_slope=0.2):
    return np.clip(x, 0, None) + negative_slope * np.clip(x, None, 0)


def leaky_by_masking_a_copy(x, negative_slope=0.2):
    y = x.astype(float).copy()
    y[y < 0] = y[y < 0] * negative_slope
    return y


def leaky_with_halves(x, negative_slope=0.2):
    return 0.5 * (1 + negative_slope) * x + 0.5 * (1 - negative_slope) * np.abs(x)


def prelu_by_where_and_dot(x, alpha, upstream):
    mask = (x > 0).astype(float)
    dx = upstream * mask + upstream * alpha * (1 - mask)
    dalpha = ((1 - mask) * x * upstream).T @ np.ones(len(x))
    return dx, dalpha


def prelu_in_place(x, alpha, upstream):
    d_alpha = np.zeros(alpha.shape)
    d_x = np.empty(x.shape)
    for i, row in enumerate(x):
        d_x[i] = np.where(row >= 0, upstream[i], alpha * upstream[i])
        d_alpha += np.where(row >= 0, 0, row * upstream[i])
    return (d_x, d_alpha)


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


def tanh_layer_with_cosh(x, upstream):
    return np.sinh(np.clip(x, -300, 300)) / np.cosh(np.clip(x, -300, 300)), upstream * np.cosh(x) ** -2.0


def tanh_layer_as_a_list(x, upstream):
    out = 2 * scipy.special.expit(2 * x) - 1
    gradient = np.array(upstream)
    gradient *= 1 - np.square(out)
    return [out, gradient]


def read_to_two_decimals():
    return {"edge": 1.82, "layers": 8, "survivor": "PReLU"}


def read_off_the_shade():
    return {"edge": np.float64(1.8), "layers": 8.0, "survivor": " prelu"}


def capital_letters():
    return {"labels": "C", "price": "B", "stack": "D", "dead": "A", "signs": "B "}


RIGHT = {
    "activation_questions": [read_to_two_decimals, read_off_the_shade],
    "sigmoid": [scipy.special.expit, sigmoid_with_a_loop, sigmoid_by_piecewise, sigmoid_with_select],
    "sigmoid_derivative": [derivative_by_complex_step, derivative_with_square, derivative_with_a_nested_helper],
    "stack_derivative": [stack_with_a_list_of_factors, stack_with_reduce, stack_in_place],
    "tanh": [tanh_with_exp_of_minus_absolute, tanh_with_own_sigmoid],
    "relu": [relu_by_masking_a_copy, relu_with_list_comprehension, relu_with_fmax, relu_in_float32],
    "relu_derivative": [relu_derivative_by_masks, relu_derivative_in_integers, relu_derivative_from_sign],
    "dead_fraction": [dead_by_columns, dead_by_sum_of_outputs, dead_by_complement],
    "leaky_relu": [leaky_with_clip, leaky_by_masking_a_copy, leaky_with_halves],
    "prelu_gradients": [prelu_by_where_and_dot, prelu_in_place],
    "elu": [elu_with_expm1_and_masks, elu_by_piecewise, elu_with_vanishing_branch],
    "swish_and_slope": [swish_with_quotient, swish_with_factored_slope],
    "softmax": [softmax_from_scipy, softmax_by_log_probabilities, softmax_by_transposing, softmax_by_pairs],
    "tanh_backward": [tanh_layer_with_cosh, tanh_layer_as_a_list],
    "quiz_activations": [capital_letters],
}


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers])
def test_a_right_answer_of_somebody_else_passes(name, answer):
    for seed in range(5):
        report = report_on(name, answer, seed)
        assert report.passed, f"seed {seed}:\n{report}"


def test_every_exercise_meets_foreign_answers():
    assert set(RIGHT) == {exercise.name for exercise in of_chapter("01_activations")} == set(WRONG)


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


def relu_with_max_of_numpy(x):
    return np.max(x, axis=0)


def relu_of_python(x):
    return max(0, x)


def relu_filtered(x):
    return np.array([v for v in np.ravel(x) if v > 0])


def relu_derivative_of_itself(x):
    return x * (x > 0)


def relu_derivative_by_dividing(x):
    return np.where(x > 0, x, 0) / x


def dead_by_samples(z):
    return (np.maximum(z, 0).sum(axis=1) == 0).mean()


def dead_by_zeros(z):
    return np.count_nonzero(np.maximum(z, 0) == 0) / z.size


def dead_counted(z):
    return int((z.max(0) <= 0).sum())


def leaky_of_the_paper(x, negative_slope=0.2):
    return np.maximum(0.01 * x, x)


def leaky_with_minimum(x, negative_slope=0.2):
    return np.minimum(x, negative_slope * x)


def leaky_added(x, negative_slope=0.2):
    return np.where(x > 0, x, 0) + negative_slope * x


def prelu_without_the_sum(x, alpha, upstream):
    return np.where(x > 0, upstream, alpha * upstream), np.where(x > 0, 0, x) * upstream


def prelu_averaged(x, alpha, upstream):
    return np.where(x > 0, upstream, alpha * upstream), (np.where(x > 0, 0, x) * upstream).mean(axis=0)


def prelu_transposed_roles(x, alpha, upstream):
    return (np.minimum(x, 0) * upstream).sum(0), np.where(x > 0, 1, alpha) * upstream


def prelu_averaged_and_flat(x, alpha, upstream):
    return (x > 0) * upstream, (np.minimum(x, 0) * upstream).mean(0)


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


def tanh_layer_of_the_output(x, upstream):
    out = np.tanh(x)
    return out, (1 - np.tanh(out) * np.tanh(out)) * upstream


def tanh_layer_half_repaired(x, upstream):
    return np.tanh(x), (1 - x * x) * upstream


def read_at_the_threshold_set_at_first():
    return {"edge": 2.99, "layers": 8, "survivor": "PReLU"}


def read_one_layer_too_early():
    return {"edge": 1.82, "layers": 7, "survivor": "PReLU"}


def read_far_too_many_layers():
    return {"edge": 1.82, "layers": 20, "survivor": "PReLU"}


def read_the_runner_up():
    return {"edge": 1.82, "layers": 8, "survivor": "leaky ReLU"}


def one_wrong_letter():
    return {"labels": "a", "price": "b", "stack": "d", "dead": "a", "signs": "b"}


def one_question_left_out():
    return {"labels": "c", "price": "b", "stack": "d", "dead": "a"}


# name: [(answer, what the message must speak of)]
WRONG = {
    "activation_questions": [
        (read_at_the_threshold_set_at_first, "edge: this is where tanh's slope falls below 0.01"),
        (read_one_layer_too_early, "layers: one layer too few"),
        (read_far_too_many_layers, "layers: a smaller depth is enough"),
        (read_the_runner_up, "survivor: its slope there is 0.2"),
    ],
    "sigmoid": [
        (sigmoid_forgets_a_bracket, "in brackets"),
        (sigmoid_for_arrays_of_one_axis, "On “"),
        (sigmoid_growing_ratio, "inf / inf"),
        (sigmoid_by_scalar_branches, "for one number"),
    ],
    "sigmoid_derivative": [
        (nonlin, "already the *output*"),
        (derivative_of_sigmoid_of_sigmoid, "sigmoid twice"),
        (derivative_by_the_quotient_rule, "inf / inf"),
        (derivative_from_one_side, "Nearly"),
    ],
    "stack_derivative": [
        (stack_as_a_power, "every slope at the first x"),
        (stack_after_the_step, "one layer too late"),
        (stack_of_the_first_kind, "last layer only"),
    ],
    "tanh": [(tanh_forgets_to_double_x, "The 2 inside"), (tanh_from_the_textbook, "inf / inf")],
    "relu": [
        (relu_with_max_of_numpy, "is an axis"),
        (relu_of_python, "for one number"),
        (relu_filtered, "throws the negative"),
    ],
    "relu_derivative": [(relu_derivative_of_itself, "the value"), (relu_derivative_by_dividing, "0/0")],
    "dead_fraction": [(dead_by_samples, "wrong axis"), (dead_by_zeros, "sparsity"), (dead_counted, "how many units")],
    "leaky_relu": [
        (leaky_of_the_paper, "is ignored"),
        (leaky_with_minimum, "sides are swapped"),
        (leaky_added, "on the positive side too"),
    ],
    "prelu_gradients": [
        (prelu_without_the_sum, "alpha's shape"),
        (prelu_averaged, "average over the batch"),
        (prelu_transposed_roles, "swapped"),
        (prelu_averaged_and_flat, "Two mistakes"),
    ],
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
    "tanh_backward": [(tanh_layer_of_the_output, "the bug itself"), (tanh_layer_half_repaired, "Half repaired")],
    "quiz_activations": [(one_wrong_letter, "labels: Softmax"), (one_question_left_out, "no answer")],
}


@pytest.mark.parametrize(
    ("name", "answer", "told"), [(name, answer, told) for name, entries in WRONG.items() for answer, told in entries]
)
def test_a_wrong_answer_of_somebody_else_is_refused_and_explained(name, answer, told):
    for seed in range(5):
        report = report_on(name, answer, seed)
        assert not report.passed and report.points < 1.0
        assert told in report.message, f"seed {seed}:\n{report}"


@pytest.mark.parametrize("name", [name for name in RIGHT if not name.startswith("quiz")])
def test_a_lazy_answer_earns_nothing(name):
    """Zeros, the argument itself, or nothing at all: an easy row must not pay for it."""
    gives_two = name in ("prelu_gradients", "swish_and_slope", "tanh_backward")

    def zeros(x, *others, **keywords):
        return (np.zeros_like(x), np.zeros_like(x)) if gives_two else np.zeros_like(x)

    def same(x, *others, **keywords):
        return (x, x) if gives_two else x

    for lazy in (zeros, same, lambda *arguments, **keywords: None):
        assert report_on(name, lazy).points == 0.0
