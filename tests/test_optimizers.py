"""Optimizers against Keras and the papers' formulas: eight steps, several parameters, all kinds of gradients."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from course_lib.optimizers import SGD, Adam, Optimizer

STEPS = 8


def parameters():
    """Two of one shape, one of another and a scalar: state shared or mixed up between them shows."""
    rng = np.random.default_rng(0)
    return [rng.normal(size=(3, 2)), rng.normal(size=(3, 2)), rng.normal(size=4), np.array(1.0)]


def gradients():
    """For each step a list: zeros, tiny ones and large ones among them, and a sign that changes."""
    rng = np.random.default_rng(1)
    for _ in range(STEPS):
        lists = [rng.normal(size=weight.shape) for weight in parameters()]
        lists[0] *= np.array([[0, 1e-9], [1e-4, 1], [100, 1e4]])
        yield lists


def run(optimizer, dtype=np.float64):
    """Return the weights after each step."""
    weights, path = [weight.astype(dtype) for weight in parameters()], []
    for lists in gradients():
        weights = optimizer.step(weights, [gradient.astype(dtype) for gradient in lists])
        path.append(weights)
    return path


def run_keras(optimizer):
    variables, path = [keras.Variable(weight, dtype="float64") for weight in parameters()], []
    for lists in gradients():
        optimizer.apply([tf.constant(gradient) for gradient in lists], variables)
        path.append([variable.numpy() for variable in variables])
    return path


def updates(path):
    """For each step the list of what was added to each parameter."""
    return [
        [new - old for old, new in zip(before, after, strict=True)]
        for before, after in itertools.pairwise([parameters(), *path])
    ]


def assert_same_updates(path, expected, tolerance):
    """Every update of every parameter within `tolerance` of the largest one of that parameter in that step."""
    for step, step_expected in zip(updates(path), updates(expected), strict=True):
        for update, update_expected in zip(step, step_expected, strict=True):
            np.testing.assert_allclose(update, update_expected, rtol=0, atol=tolerance * np.abs(update_expected).max())


@pytest.mark.parametrize(
    "ours, theirs",
    [
        (SGD(), keras.optimizers.SGD()),
        (SGD(0.1, momentum=0.9), keras.optimizers.SGD(0.1, momentum=0.9)),
        (SGD(0.1, momentum=0.8, nesterov=True), keras.optimizers.SGD(0.1, momentum=0.8, nesterov=True)),
        (Adam(epsilon_hat=True), keras.optimizers.Adam()),
        (
            Adam(0.02, beta_1=0.7, beta_2=0.95, epsilon=1e-3, epsilon_hat=True),
            keras.optimizers.Adam(0.02, beta_1=0.7, beta_2=0.95, epsilon=1e-3),
        ),
    ],
    ids=["SGD", "momentum", "Nesterov", "Adam", "Adam, other settings"],
)
def test_steps_are_those_of_keras(ours, theirs):
    # Keras holds 0.999 in float32, which alone changes an update of Adam by 7e-6 of its size, here in float64.
    assert_same_updates(run(ours), run_keras(theirs), tolerance=1e-5)


@pytest.mark.parametrize("epsilon", [1e-7, 1e-2])
def test_adam_is_algorithm_1_of_the_paper(epsilon):
    learning_rate, beta_1, beta_2 = 0.01, 0.9, 0.999
    weights, expected = parameters(), []
    m, v = [0.0] * len(weights), [0.0] * len(weights)
    for t, lists in enumerate(gradients(), start=1):
        m = [beta_1 * mean + (1 - beta_1) * g for mean, g in zip(m, lists, strict=True)]
        v = [beta_2 * mean + (1 - beta_2) * g**2 for mean, g in zip(v, lists, strict=True)]
        weights = [
            weight - learning_rate * (m_ / (1 - beta_1**t)) / (np.sqrt(v_ / (1 - beta_2**t)) + epsilon)
            for weight, m_, v_ in zip(weights, m, v, strict=True)
        ]
        expected.append(weights)
    assert_same_updates(run(Adam(learning_rate, beta_1, beta_2, epsilon)), expected, tolerance=1e-10)


def test_the_two_epsilons_of_adam_are_told_apart():
    textbook, keras_form = run(Adam(epsilon=1e-2)), run(Adam(epsilon=1e-2, epsilon_hat=True))
    assert np.abs(textbook[0][0] - keras_form[0][0]).max() > 1e-4


def test_first_steps_of_the_course_from_1_on_half_a_square():
    assert SGD(0.1).step([1.0], [1.0])[0] == pytest.approx(0.9)
    assert Adam(0.1).step([1.0], [1.0])[0] == pytest.approx(0.9, abs=1e-7)
    momentum = SGD(0.1, momentum=0.9)
    first = momentum.step([1.0], [1.0])
    second = momentum.step(first, first)
    assert [1 - first[0], first[0] - second[0]] == pytest.approx([0.1, 0.18])


@pytest.mark.parametrize("make", [SGD, lambda: SGD(momentum=0.9, nesterov=True), Adam])
def test_arguments_stay_and_float32_stays(make):
    weights, before = [w.astype(np.float32) for w in parameters()], [w.astype(np.float32) for w in parameters()]
    lists = next(gradients())
    kept = [gradient.copy() for gradient in lists]
    new = make().step(weights, lists)
    for weight, old, gradient, copy, result in zip(weights, before, lists, kept, new, strict=True):
        np.testing.assert_array_equal(weight, old)
        np.testing.assert_array_equal(gradient, copy)
        assert result.dtype == np.float32 and result.shape == weight.shape
        assert not np.shares_memory(result, weight)


@pytest.mark.parametrize("make", [SGD, lambda: SGD(momentum=0.9, nesterov=True), Adam])
def test_in_place_is_the_same_step(make):
    weights = parameters()
    optimizer = make()
    for lists in gradients():
        optimizer.step_in_place(weights, lists)
    for weight, expected in zip(weights, run(make())[-1], strict=True):
        np.testing.assert_array_equal(weight, expected)


def test_learning_rate_may_change_between_steps():
    optimizer = SGD(0.1)
    weights = optimizer.step([1.0], [1.0])
    optimizer.learning_rate = 0.5
    assert optimizer.step(weights, [1.0])[0] == pytest.approx(0.4)


def test_integers_are_numbers_too():
    np.testing.assert_allclose(SGD(0.5).step([np.array([1, 2])], [np.array([1, 1])])[0], [0.5, 1.5])


@pytest.mark.parametrize("optimizer", [SGD(0.1, momentum=0.9), Adam(0.1)])
def test_a_step_leads_downhill_until_the_bottom(optimizer):
    weights = [np.array([3.0, -2.0])]
    for _ in range(300):
        weights = optimizer.step(weights, [weights[0] * [1, 20]])
    assert np.abs(weights[0]).max() < 1e-2


@pytest.mark.parametrize("optimizer", [SGD, Adam])
@pytest.mark.parametrize("learning_rate", [-0.1, float("nan"), float("inf")])
def test_impossible_learning_rates_are_refused(optimizer, learning_rate):
    with pytest.raises(ValueError, match="learning_rate"):
        optimizer(learning_rate)


@pytest.mark.parametrize(
    "optimizer, argument, value",
    [
        (SGD, "momentum", -0.1),
        (SGD, "momentum", 1.1),
        (Adam, "beta_1", 1.0),
        (Adam, "beta_1", -0.1),
        (Adam, "beta_2", 1.0),
        (Adam, "beta_2", float("nan")),
        (Adam, "epsilon", 0.0),
        (Adam, "epsilon", float("inf")),
    ],
)
def test_arguments_out_of_range_are_refused(optimizer, argument, value):
    with pytest.raises(ValueError, match=argument):
        optimizer(**{argument: value})


@pytest.mark.parametrize("optimizer", [SGD, Adam])
def test_lists_that_do_not_match_are_refused(optimizer):
    weights = [np.zeros(2), np.zeros(3)]
    for lists in ([np.zeros(2)], [np.zeros(3), np.zeros(2)], [np.zeros(2), 1.0]):
        with pytest.raises(ValueError, match="do not match"):
            optimizer().step(weights, lists)
    used = optimizer()
    used.step(weights, weights)
    with pytest.raises(ValueError, match="make a new one"):
        used.step(weights[:1], weights[:1])
    # A refused step has not counted.
    assert used.iterations == 1


def test_the_base_class_is_no_optimizer():
    with pytest.raises(NotImplementedError):
        Optimizer(0.1).step([1.0], [1.0])
