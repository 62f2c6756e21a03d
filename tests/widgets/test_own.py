"""A reader's own functions in the explorers: they are used and said to be theirs, and what they do breaks nothing."""

import time

import numpy as np
import pytest

from course_lib import optimizers
from course_lib.layers import Dense
from course_lib.library import serving
from course_lib.library.serving import Live
from course_lib.network import Sequential
from course_lib.widgets.activation_explorer import ActivationExplorer
from course_lib.widgets.draw_a_digit import DrawADigit
from course_lib.widgets.optimizer_race import OptimizerRace
from course_lib.widgets.training_dashboard import TrainingDashboard

SEVEN = "draw-a-digit?strokes=065060100055150055215060185100160140145180130235"


@pytest.fixture
def write(monkeypatch):
    """write(name, answer): the answer has passed its check in this process."""
    monkeypatch.setattr(serving, "live", {})
    return lambda name, answer: serving.live.update({name: Live(answer, time.time())})


class MySGD:
    def __init__(self, learning_rate):
        self.learning_rate = learning_rate

    def step(self, weights, gradients):
        print("a step")
        return [w - self.learning_rate * g for w, g in zip(weights, gradients, strict=True)]


class MyMomentum:
    def __init__(self, learning_rate, momentum):
        self.rate, self.momentum, self.v = learning_rate, momentum, None

    def step(self, weights, gradients):
        self.v = [0] * len(weights) if self.v is None else self.v
        self.v = [self.momentum * v - self.rate * g for v, g in zip(self.v, gradients, strict=True)]
        return [w + v for w, v in zip(weights, self.v, strict=True)]


def test_the_race_runs_with_a_readers_own_optimizers(write, capfd):
    before = OptimizerRace().sentence
    write("GradientDescent", MySGD)
    write("Momentum", MyMomentum)
    after = OptimizerRace().sentence
    assert after != before and after.replace("your ", "") == before
    assert "your SGD" in after and "your Momentum" in after and "your Adam" not in after
    assert capfd.readouterr().out == ""


def raises(self, weights, gradients):
    raise RuntimeError("not today")


def gives_a_wrong_shape(self, weights, gradients):
    return [np.zeros((3, 3))]


def gives_nothing(self, weights, gradients):
    return None


def hangs(self, weights, gradients):
    while True:
        pass


def leaves(self, weights, gradients):
    raise SystemExit


@pytest.mark.slow
@pytest.mark.parametrize("step", [raises, gives_a_wrong_shape, gives_nothing, hangs, leaves])
def test_an_optimizer_that_does_not_work_is_replaced_in_the_race(write, step):
    before = OptimizerRace().sentence
    write("GradientDescent", type("MySGD", (MySGD,), {"step": step}))
    assert OptimizerRace().sentence == before


def test_what_a_readers_own_cannot_do_the_courses_does(write):
    class Adam(optimizers.Adam):
        def __init__(self, learning_rate, beta_1, beta_2, epsilon):
            super().__init__(learning_rate, beta_1, beta_2, epsilon)

    write("Adam", Adam)
    race = OptimizerRace()
    assert "your Adam" in race.sentence
    race["Adam.epsilon_hat"] = True
    assert "your Adam" not in race.sentence and "Adam has the loss" in race.sentence


@pytest.mark.slow
def test_the_activation_explorer_draws_a_readers_own(write):
    plain = ActivationExplorer("activation-explorer?function=ELU").sentence
    write("elu", lambda x, alpha: np.where(x > 0, x, alpha * np.expm1(x)))
    explorer = ActivationExplorer("activation-explorer?function=ELU")
    assert explorer.sentence == f"your {plain}"
    assert ActivationExplorer("activation-explorer?function=tanh").sentence.startswith("tanh")
    write("swish_and_slope", lambda x: (x / (1 + np.exp(-x)), np.gradient(x)))  # its slope is wrong
    assert ActivationExplorer("activation-explorer?function=Swish").sentence.startswith("Swish")


@pytest.mark.slow
@pytest.mark.parametrize(
    "broken",
    [
        lambda x: 1 / 0,
        lambda x: None,
        lambda x: x[:3],
        lambda x: x + 1,
        lambda x: "x",
        lambda x: x * np.nan,
        lambda x: x if x > 0 else 0,
        lambda x: time.sleep(60),
    ],
)
def test_an_activation_that_does_not_work_is_replaced(write, broken):
    plain = ActivationExplorer("activation-explorer?function=ReLU").sentence
    write("relu", broken)
    assert ActivationExplorer("activation-explorer?function=ReLU").sentence == plain


@pytest.mark.slow
def test_an_answer_that_works_in_place_does_no_harm(write):
    def relu(x):
        x[x < 0] = 0
        return x

    plain = ActivationExplorer("activation-explorer?function=ReLU&z=-2").sentence
    write("relu", relu)
    assert ActivationExplorer("activation-explorer?function=ReLU&z=-2").sentence == f"your {plain}"


@pytest.fixture
def network():
    network = Sequential([Dense(20, activation="relu"), Dense(10, activation="softmax")], seed=0)
    network.build((None, 784))
    return network


def test_a_digit_is_judged_with_a_readers_own_functions(write, network):
    plain = DrawADigit(network, SEVEN).sentence
    write("softmax", lambda z, axis=-1: np.exp(z) / np.exp(z).sum(axis=axis, keepdims=True))
    write("relu", lambda x: np.maximum(x, 0))
    assert DrawADigit(network, SEVEN).sentence == plain.replace(
        "The network says", "The network, with your relu and softmax, says"
    )
    write("softmax", lambda z, axis=-1: 1 / 0)
    assert "with your relu, says" in DrawADigit(network, SEVEN).sentence


@pytest.mark.parametrize("activation", ["leaky_relu", "elu", "gelu", "tanh"])
def test_a_digit_is_judged_whatever_the_activation(activation):
    network = Sequential([Dense(20, activation=activation), Dense(10, activation="softmax")], seed=0)
    network.build((None, 784))
    assert "The network says" in DrawADigit(network, SEVEN).sentence


def test_one_answer_serves_relus_slope_and_the_leaky_relu(write):
    def leaky(x, negative_slope=0.2):
        slope = np.where(x > 0, 1.0, negative_slope)
        return x * slope, slope

    plain = ActivationExplorer("activation-explorer?function=leaky+ReLU&z=-2").sentence
    write("leaky_relu_and_slope", leaky)
    assert ActivationExplorer("activation-explorer?function=leaky+ReLU&z=-2").sentence == f"your {plain}"
    assert "z = -2: value 0, slope 0," in ActivationExplorer("activation-explorer?function=ReLU&z=-2").sentence


def test_the_dashboard_names_a_readers_own_optimizer(write, network):
    write("GradientDescent", MySGD)
    network.compile(serving.get("GradientDescent")(0.1), loss="categorical_crossentropy")
    dashboard, x = TrainingDashboard(), np.random.default_rng(0).random((32, 784))
    network.fit(x, np.eye(10)[np.arange(32) % 10], epochs=1, verbose=0, callbacks=[dashboard])
    assert dashboard.sentence.rstrip(".").endswith("with your GradientDescent")
