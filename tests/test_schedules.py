"""Schedules against Keras's, at step 0, around every boundary, at the end and beyond; and in optimizers of both."""

import keras
import numpy as np
import pytest

from course_lib import optimizers, schedules
from course_lib.layers import Dense
from course_lib.network import Sequential
from course_lib.schedules import (
    CosineDecay,
    CosineDecayRestarts,
    ExponentialDecay,
    InverseTimeDecay,
    PiecewiseConstantDecay,
    PolynomialDecay,
    WarmUp,
)

# (class, settings, the steps around which something happens)
CASES = [
    (PiecewiseConstantDecay, {"boundaries": [100000, 110000], "values": [1.0, 0.5, 0.1]}, [100000, 110000]),
    (PiecewiseConstantDecay, {"boundaries": [1], "values": [0.3, 0.2]}, [1]),
    (ExponentialDecay, {"initial_learning_rate": 0.1, "decay_steps": 50, "decay_rate": 0.5}, [50, 100]),
    (ExponentialDecay, {"initial_learning_rate": 0.1, "decay_steps": 50, "decay_rate": 0.96, "staircase": True},
     [50, 100, 150]),
    (InverseTimeDecay, {"initial_learning_rate": 0.1, "decay_steps": 40, "decay_rate": 0.5}, [40, 80]),
    (InverseTimeDecay, {"initial_learning_rate": 0.1, "decay_steps": 40, "decay_rate": 2.0, "staircase": True},
     [40, 80, 120]),
    (PolynomialDecay, {"initial_learning_rate": 0.1, "decay_steps": 60}, [60]),
    (PolynomialDecay, {"initial_learning_rate": 0.1, "decay_steps": 60, "end_learning_rate": 0.01, "power": 0.5}, [60]),
    (PolynomialDecay, {"initial_learning_rate": 0.1, "decay_steps": 60, "power": 2.0, "cycle": True}, [60, 120, 180]),
    (CosineDecay, {"initial_learning_rate": 0.1, "decay_steps": 70}, [35, 70]),
    (CosineDecay, {"initial_learning_rate": 0.1, "decay_steps": 70, "alpha": 0.2}, [70]),
    (CosineDecay, {"initial_learning_rate": 0.01, "decay_steps": 70, "alpha": 0.1, "warmup_target": 0.1,
                   "warmup_steps": 20}, [20, 90]),
    (CosineDecay, {"initial_learning_rate": 0.0, "decay_steps": 70, "warmup_target": 0.1, "warmup_steps": 1}, [1, 71]),
    (CosineDecayRestarts, {"initial_learning_rate": 0.1, "first_decay_steps": 32}, [32, 96, 224]),
    (CosineDecayRestarts, {"initial_learning_rate": 0.1, "first_decay_steps": 30, "t_mul": 1.0, "m_mul": 0.5,
                           "alpha": 0.1}, [30, 60, 90]),
    (CosineDecayRestarts, {"initial_learning_rate": 0.1, "first_decay_steps": 16, "t_mul": 4.0, "m_mul": 0.8},
     [16, 80]),
]  # fmt: skip
each_case = pytest.mark.parametrize(
    ("kind", "settings", "around"), CASES, ids=lambda value: getattr(value, "__name__", "")
)


def steps_of(around):
    end = max(around)
    near = {step + by for step in [0, *around] for by in (-1, 0, 1)}
    return sorted(step for step in {*near, end // 3, end + 17, 10 * end} if step >= 0)


@each_case
def test_rates_are_those_of_keras(kind, settings, around):
    ours, theirs = kind(**settings), getattr(keras.optimizers.schedules, kind.__name__)(**settings)
    for step in steps_of(around):
        rate = ours(step)
        assert type(rate) is float
        # Keras computes in float32, of which a cosine near its end has few digits left.
        assert rate == pytest.approx(float(theirs(step)), rel=2e-6, abs=2e-8), step


@each_case
def test_settings_left_out_are_those_of_keras(kind, settings, around):
    theirs = getattr(keras.optimizers.schedules, kind.__name__)(**settings).get_config()
    keys = {"_t_mul": "t_mul", "_m_mul": "m_mul"}
    for name, value in vars(kind(**settings)).items():
        assert theirs[keys.get(name, name)] == value


@each_case
def test_an_array_of_steps_gives_an_array_of_rates(kind, settings, around):
    if settings.get("warmup_steps"):
        return
    schedule, steps = kind(**settings), steps_of(around)
    np.testing.assert_allclose(schedule(np.array(steps)), [schedule(step) for step in steps], rtol=1e-12, atol=1e-17)


def test_restarts_come_at_whole_steps_however_long_the_decays():
    """A logarithm a rounding below a whole number would make a restart one step late: of 3⁵ for instance."""
    for t_mul in (1.5, 2.0, 3.0, 10.0):
        starts = 8 * (t_mul ** np.arange(7) - 1) / (t_mul - 1)
        starts = starts[starts == starts.round()]
        assert np.allclose(schedules.cosine_decay_restarts(starts, 0.1, 8, t_mul), 0.1), t_mul
        assert np.all(schedules.cosine_decay_restarts(starts[1:] - 1, 0.1, 8, t_mul) < 0.01)


@pytest.mark.parametrize("kind", [ExponentialDecay, InverseTimeDecay])
@pytest.mark.parametrize("length", [0, -1])
def test_a_decay_takes_some_steps(kind, length):
    with pytest.raises(ValueError, match="decay_steps"):
        kind(0.1, length, 0.5)


def test_every_boundary_lies_between_two_values():
    with pytest.raises(ValueError, match="one value more"):
        PiecewiseConstantDecay([10, 20], [1.0, 0.5])


# --- warm-up and one cycle


def test_a_warm_up_reaches_the_peak_at_its_last_step_and_then_the_schedule_begins():
    after = ExponentialDecay(0.1, 10, 0.5)
    schedule = WarmUp(20, after, initial_learning_rate=0.02)
    assert [schedule(step) for step in (0, 10, 20, 30)] == pytest.approx([0.02, 0.06, 0.1, 0.05])
    assert WarmUp(0, after)(5) == after(5)
    assert WarmUp(20, after)(1) == pytest.approx(0.005)


def test_one_cycle_has_its_peak_at_three_tenths_and_momentum_goes_against_it():
    steps = np.arange(0, 301)
    rate, momentum = schedules.one_cycle(steps, 200, 0.5)
    assert (rate.argmax(), rate.max(), momentum.argmin()) == (60, 0.5, 60)
    assert np.allclose([rate[0], rate[30], rate[130], rate[200], rate[300]], [0.02, 0.26, 0.25, 0, 0])
    assert np.allclose(momentum[[0, 60, 130, 200, 300]], [0.95, 0.85, 0.9, 0.95, 0.95])
    assert np.all(np.diff(rate[:201]) * np.diff(momentum[:201]) < 0)
    assert schedules.one_cycle(60, 200, 0.5) == (0.5, 0.85)


# --- in the course's optimizers


def test_a_schedule_is_asked_once_a_step_beginning_with_step_0():
    asked = []

    def schedule(step):
        asked.append(step)
        return 1 / (1 + step)

    optimizer, weights = optimizers.SGD(schedule), [np.zeros(2), np.zeros(3)]
    assert optimizer.learning_rate == 1
    asked.clear()
    for rate in (1, 1 / 2, 1 / 3):
        before = weights
        weights = optimizer.step(weights, [np.ones(2), np.ones(3)])
        assert np.allclose(before[1] - weights[1], rate) and optimizer.learning_rate == rate
    assert asked == [0, 1, 2]


def test_a_number_stays_and_may_be_assigned():
    optimizer = optimizers.SGD(0.1)
    optimizer.learning_rate = 0.3
    assert np.allclose(optimizer.step([np.zeros(1)], [np.ones(1)])[0], -0.3)


@pytest.mark.parametrize("rate", [-0.1, np.nan, np.inf])
def test_a_rate_that_is_none_is_refused_at_its_step(rate):
    with pytest.raises(ValueError, match="learning_rate"):
        optimizers.SGD(lambda step: rate)
    optimizer = optimizers.SGD(lambda step: 0.1 if step == 0 else rate)
    optimizer.step([np.zeros(1)], [np.ones(1)])
    with pytest.raises(ValueError, match="learning_rate"):
        optimizer.step([np.zeros(1)], [np.ones(1)])


@pytest.mark.parametrize(
    ("name", "more"), [("SGD", {"momentum": 0.9}), ("Adam", {"epsilon_hat": True}), ("AdamW", {"epsilon_hat": True})]
)
def test_eight_steps_with_a_schedule_are_those_of_keras(name, more):
    settings = {"initial_learning_rate": 0.0, "decay_steps": 4, "warmup_target": 0.1, "warmup_steps": 3}
    ours = getattr(optimizers, name)(CosineDecay(**settings), **more)
    more = {key: value for key, value in more.items() if key != "epsilon_hat"}
    theirs = getattr(keras.optimizers, name)(keras.optimizers.schedules.CosineDecay(**settings), **more)
    rng = np.random.default_rng(0)
    weights, variable = [rng.normal(size=(2, 3))], keras.Variable(np.zeros((2, 3)), dtype="float64")
    variable.assign(weights[0])
    for step in range(8):
        gradient = rng.normal(size=(2, 3))
        weights = ours.step(weights, [gradient])
        theirs.apply([keras.ops.convert_to_tensor(gradient)], [variable])
        np.testing.assert_allclose(weights[0], keras.ops.convert_to_numpy(variable), atol=1e-6 * (1 + step))


def test_a_fit_takes_its_rates_from_the_schedule_across_epochs():
    """3 epochs of 4 batches are 12 steps: the schedule does not begin anew with an epoch."""
    used = []
    model = Sequential([Dense(1, activation="sigmoid")], seed=0)
    model.compile(optimizers.SGD(PolynomialDecay(1.2, 12, 0.0)), loss="binary_crossentropy")
    x = np.random.default_rng(0).normal(size=(8, 2))
    for _ in range(3):
        for batch in range(0, 8, 2):
            model.train_on_batch(x[batch : batch + 2], (x[batch : batch + 2, :1] > 0).astype(float))
            used.append(model.optimizer.learning_rate)
    assert used == pytest.approx([1.2 - 0.1 * step for step in range(12)])


# --- in Keras's


def test_a_keras_callback_gives_every_step_its_own_rate():
    """What chapter 06 shows: any function of the step, one of the reader's too, trains a model of Keras."""
    schedule, used = WarmUp(2, CosineDecay(0.2, 6)), []

    class Scheduled(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            self.model.optimizer.learning_rate = schedule(int(self.model.optimizer.iterations))

        def on_train_batch_end(self, batch, logs=None):
            used.append(float(self.model.optimizer.learning_rate))

    x = np.random.default_rng(0).normal(size=(8, 2))
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(), "mse")
    model.fit(x, x[:, :1], batch_size=2, epochs=2, verbose=0, callbacks=[Scheduled()])
    assert used == pytest.approx([schedule(step) for step in range(8)], abs=1e-8)


# --- the range test


def test_a_range_test_grows_by_one_factor_and_stops_where_the_loss_explodes():
    """On ½ λ w² with λ = 4 a step multiplies w by 1 − 4 · rate: above the rate ½ the loss grows."""
    w = [1.0]

    def train(rate):
        loss = 2 * w[-1] ** 2
        w.append((1 - 4 * rate) * w[-1])
        return loss

    rates, losses = schedules.range_test(train, 0.001, 10.0, 81)
    assert rates[0] == 0.001 and np.allclose(rates[1:] / rates[:-1], 10 ** (4 / 80)) and len(rates) == len(losses) < 81
    assert losses[-1] > 4 * losses.min() and np.all(losses[:-1] <= 4 * np.minimum.accumulate(losses)[:-1])
    assert rates[losses.argmin() + 1] * 10 ** (4 / 80) > 0.5 and rates[-1] < 1.5


def test_a_range_test_that_goes_well_comes_to_its_highest_rate_and_one_that_is_no_number_ends():
    rates, losses = schedules.range_test(lambda rate: 1.0, 0.01, 1.0, 5)
    assert np.allclose(rates, [0.01, 0.0316228, 0.1, 0.316228, 1.0]) and list(losses) == [1.0] * 5
    rates, losses = schedules.range_test(lambda rate: 1.0 if rate < 0.05 else np.nan, 0.01, 1.0, 5)
    assert len(rates) == 3 and np.isnan(losses[-1])


# --- noise


def test_the_mean_loss_is_that_of_many_noisy_runs():
    rates, curvatures, start = CosineDecay(0.035, 60)(np.arange(60)), np.array([1.0, 50.0]), np.array([-4.0, 1.0])
    way, noise = schedules.mean_losses(rates, curvatures, start, 5.0)
    rng, weights = np.random.default_rng(0), np.tile(start, (40000, 1))
    for rate in rates:
        weights = weights - rate * (curvatures * weights + rng.normal(0, 5.0, weights.shape))
    assert way[0] + noise[0] == 33
    assert way[-1] + noise[-1] == pytest.approx(np.mean(weights**2 @ curvatures) / 2, rel=0.02)
    assert way[-1] == pytest.approx(np.mean(weights, axis=0) ** 2 @ curvatures / 2, rel=0.05)
