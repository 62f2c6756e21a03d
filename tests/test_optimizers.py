"""Optimizers against Keras and the papers' formulas: eight steps, several parameters, all kinds of gradients."""

import inspect
import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from course_lib import optimizers
from course_lib.optimizers import SGD, Adadelta, Adagrad, Adam, AdamW, Optimizer, RMSprop

STEPS = 8
ALL = [SGD, Adagrad, RMSprop, Adadelta, Adam, AdamW]
each_optimizer = pytest.mark.parametrize("optimizer", ALL)
# Every optimizer once with its defaults and once with everything else it can do.
MAKE = [
    *ALL,
    lambda: SGD(momentum=0.9, nesterov=True, weight_decay=0.1),
    lambda: RMSprop(momentum=0.9, centered=True, weight_decay=0.1),
]
each_make = pytest.mark.parametrize("make", MAKE, ids=[make().__class__.__name__ for make in MAKE])


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


SETTINGS = [
    (SGD, {}),
    (SGD, {"learning_rate": 0.1, "momentum": 0.9}),
    (SGD, {"learning_rate": 0.1, "momentum": 0.8, "nesterov": True}),
    (SGD, {"learning_rate": 0.1, "momentum": 0.8, "nesterov": True, "weight_decay": 0.5}),
    (Adagrad, {}),
    (Adagrad, {"learning_rate": 0.2, "initial_accumulator_value": 0.0, "epsilon": 1e-3}),
    (Adagrad, {"learning_rate": 0.2, "initial_accumulator_value": 2.0, "weight_decay": 0.5}),
    (RMSprop, {}),
    (RMSprop, {"learning_rate": 0.02, "rho": 0.5, "epsilon": 1e-3, "weight_decay": 0.5}),
    (RMSprop, {"learning_rate": 0.02, "momentum": 0.7}),
    (RMSprop, {"learning_rate": 0.02, "centered": True}),
    (RMSprop, {"learning_rate": 0.02, "rho": 0.7, "momentum": 0.7, "centered": True, "epsilon": 1e-2}),
    (Adadelta, {}),
    (Adadelta, {"learning_rate": 1.0, "rho": 0.6, "epsilon": 1e-2}),
    (Adadelta, {"learning_rate": 0.5, "weight_decay": 0.5}),
    (Adam, {}),
    (Adam, {"learning_rate": 0.02, "beta_1": 0.7, "beta_2": 0.95, "epsilon": 1e-3}),
    (Adam, {"learning_rate": 0.02, "weight_decay": 0.5}),
    (AdamW, {}),
    (AdamW, {"learning_rate": 0.02, "weight_decay": 0.5, "beta_1": 0.7, "beta_2": 0.95, "epsilon": 1e-3}),
]


def made(optimizer, settings):
    """Ours, in the form of Keras where it has another one."""
    return optimizer(**settings, **({"epsilon_hat": True} if issubclass(optimizer, Adam) else {}))


@pytest.mark.parametrize(
    ("optimizer", "settings"), SETTINGS, ids=[f"{optimizer.__name__}({settings})" for optimizer, settings in SETTINGS]
)
def test_steps_are_those_of_keras(optimizer, settings):
    # Keras holds 0.999 in float32, which alone changes an update of Adam by 7e-6 of its size, here in float64.
    theirs = getattr(keras.optimizers, optimizer.__name__)(**settings)
    assert_same_updates(run(made(optimizer, settings)), run_keras(theirs), tolerance=1e-5)


@each_optimizer
def test_arguments_and_defaults_are_those_of_keras(optimizer):
    ours = inspect.signature(optimizer).parameters
    theirs = inspect.signature(getattr(keras.optimizers, optimizer.__name__)).parameters
    for name in ours.keys() - {"epsilon_hat"}:
        # Where Keras says None for no decay, ours is the number that decays nothing.
        assert ours[name].default == (theirs[name].default or 0), name
    shared = [name for name in theirs if name in ours]
    assert [name for name in ours if name in theirs] == shared


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
    assert Adagrad(0.1).step([1.0], [1.0])[0] == pytest.approx(0.9046537, abs=5e-8)
    assert RMSprop(0.1).step([1.0], [1.0])[0] == pytest.approx(0.6837723, abs=5e-7)  # ε moves the seventh digit
    assert Adam(0.1).step([1.0], [1.0])[0] == pytest.approx(0.9, abs=1e-7)
    momentum = SGD(0.1, momentum=0.9)
    first = momentum.step([1.0], [1.0])
    second = momentum.step(first, [1.0])
    assert [1 - first[0], first[0] - second[0]] == pytest.approx([0.1, 0.19])
    # On the curve itself the second gradient is 0.9.
    momentum = SGD(0.1, momentum=0.9)
    first = momentum.step([1.0], [1.0])
    assert first[0] - momentum.step(first, first)[0] == pytest.approx(0.18)


def test_the_velocity_is_a_sum():
    """Under a constant gradient steps grow to 1 / (1 − momentum) times a plain one."""
    optimizer, weights = SGD(0.01, momentum=0.9), [np.array(0.0)]
    for _ in range(300):
        before = weights[0]
        weights = optimizer.step(weights, [1.0])
    assert before - weights[0] == pytest.approx(0.01 / (1 - 0.9))


def test_adagrads_steps_shrink_as_one_over_the_root_of_t():
    optimizer, weights, steps = Adagrad(0.1, initial_accumulator_value=0.0), [np.array(0.0)], []
    for _ in range(100):
        before = weights[0]
        weights = optimizer.step(weights, [3.0])
        steps.append(before - weights[0])
    np.testing.assert_allclose(steps, 0.1 / np.sqrt(np.arange(1, 101)), rtol=1e-6)


def test_centered_rmsprop_survives_a_gradient_that_changes_no_more():
    """Its variance falls to 0, and below 0 as rounded in float32."""
    weights, optimizer = [np.zeros(100, np.float32)], RMSprop(0.001, rho=0.5, centered=True)
    gradient = np.random.default_rng(0).normal(scale=300, size=100).astype(np.float32)
    for step in range(300):
        weights = optimizer.step(weights, [2 * gradient if step < 5 else gradient])
    assert np.isfinite(weights[0]).all()


@given(
    gradient=arrays(np.float64, 4, elements=st.floats(-100, 100).filter(lambda g: abs(g) > 0.01)),
    scale=st.floats(0.1, 1000),
)
@pytest.mark.parametrize(
    "make",
    [
        lambda: Adagrad(0.1, initial_accumulator_value=0.0, epsilon=1e-30),
        lambda: RMSprop(0.1, epsilon=1e-30),
        lambda: Adam(0.1, epsilon=1e-30),
    ],
    ids=["Adagrad", "RMSprop", "Adam"],
)
def test_the_scale_of_the_gradient_does_not_matter(make, gradient, scale):
    """Divided by a root of their squares, gradients of any scale give the same steps, if ε is out of the way."""
    one, other = make(), make()
    small, large = [np.ones(4)], [np.ones(4)]
    for change in (1.0, -0.5, 0.3):
        small, large = one.step(small, [change * gradient]), other.step(large, [scale * change * gradient])
    np.testing.assert_allclose(large[0], small[0], rtol=1e-9)


@given(st.permutations(range(4)))
@each_make
def test_every_weight_goes_its_own_way(make, order):
    """In another order, or alone, each weight takes the same steps: nothing is shared but the number of steps."""
    path = run(make())[-1]
    weights, optimizer = [parameters()[i] for i in order], make()
    for lists in gradients():
        weights = optimizer.step(weights, [lists[i] for i in order])
    for i, weight in zip(order, weights, strict=True):
        np.testing.assert_array_equal(weight, path[i])


@each_make
def test_large_weights_are_updated_like_small_ones(make, monkeypatch):
    """What is too large for one piece is cut into pieces, the last of which may be smaller."""
    expected = run(make())
    monkeypatch.setattr(optimizers, "PIECE", 3)
    for step, step_expected in zip(run(make()), expected, strict=True):
        for weight, weight_expected in zip(step, step_expected, strict=True):
            np.testing.assert_array_equal(weight, weight_expected)


@each_make
def test_a_weight_that_is_not_contiguous_is_updated_in_place(make, monkeypatch):
    monkeypatch.setattr(optimizers, "PIECE", 3)
    weights, expected = parameters(), run(make())[0]
    weights[0] = np.asfortranarray(weights[0])
    views = [weights[0][:], weights[1][::-1][::-1], *weights[2:]]
    make().step_in_place(views, next(gradients()))
    for weight, weight_expected in zip(weights, expected, strict=True):
        np.testing.assert_allclose(weight, weight_expected, rtol=1e-12)


def test_decoupled_decay_shrinks_every_weight_alike_and_l2_does_not():
    """Gradients of −1000 and −0.001 are the same to Adam, but added to them 0.1 · w is not the same at all."""
    weights, gradient = [np.array([1.0, 1.0])], np.array([-1000.0, -0.001])
    decayed = AdamW(0.01, weight_decay=0.1).step(weights, [gradient])[0]
    np.testing.assert_allclose(decayed, 1 + 0.01 - 0.01 * 0.1, rtol=1e-5)
    penalized = Adam(0.01).step(weights, [gradient + 0.1 * weights[0]])[0]
    np.testing.assert_allclose(penalized, [1 + 0.01, 1 - 0.01], rtol=1e-5)


@each_make
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


@each_make
def test_float32_is_as_good_as_float32_can_be(make):
    for single, double in zip(run(make(), np.float32), run(make()), strict=True):
        for weight, expected in zip(single, double, strict=True):
            # The centered form takes a difference of almost equal numbers.
            np.testing.assert_allclose(weight, expected, rtol=2e-3, atol=2e-3)


@each_make
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


@pytest.mark.parametrize(
    "optimizer",
    [SGD(0.1, momentum=0.9), Adagrad(1.0), RMSprop(0.01), Adadelta(10.0), Adam(0.1), AdamW(0.1, weight_decay=0.001)],
    ids=lambda optimizer: type(optimizer).__name__,
)
def test_a_step_leads_downhill_until_the_bottom(optimizer):
    weights = [np.array([3.0, -2.0])]
    for _ in range(500):
        weights = optimizer.step(weights, [weights[0] * [1, 20]])
    assert np.abs(weights[0]).max() < 2e-2


@each_optimizer
@pytest.mark.parametrize("argument", ["learning_rate", "weight_decay"])
@pytest.mark.parametrize("value", [-0.1, float("nan"), float("inf")])
def test_impossible_rates_are_refused(optimizer, argument, value):
    with pytest.raises(ValueError, match=argument):
        optimizer(**{argument: value})


@pytest.mark.parametrize(
    "optimizer, argument, value",
    [
        (SGD, "momentum", -0.1),
        (SGD, "momentum", 1.1),
        (Adagrad, "initial_accumulator_value", -0.1),
        (Adagrad, "epsilon", 0.0),
        (RMSprop, "rho", 1.0),
        (RMSprop, "momentum", 1.1),
        (RMSprop, "epsilon", -1e-7),
        (Adadelta, "rho", -0.1),
        (Adadelta, "epsilon", 0.0),
        (Adam, "beta_1", 1.0),
        (Adam, "beta_1", -0.1),
        (Adam, "beta_2", 1.0),
        (Adam, "beta_2", float("nan")),
        (Adam, "epsilon", 0.0),
        (Adam, "epsilon", float("inf")),
        (AdamW, "beta_1", 1.0),
    ],
)
def test_arguments_out_of_range_are_refused(optimizer, argument, value):
    with pytest.raises(ValueError, match=argument):
        optimizer(**{argument: value})


@each_optimizer
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
