"""Early stopping against Keras's, on the same sequences of values, and in a fit that overfits."""

import keras
import numpy as np
import pytest

from course_lib.early_stopping import EarlyStopping
from course_lib.layers import Dense
from course_lib.network import Sequential
from course_lib.optimizers import SGD, Adam


class Scripted:
    """A stand-in for both libraries' models: its only weight is the number of the epoch."""

    def __init__(self):
        self.stop_training = False
        self.epoch = None

    def get_weights(self):
        return [np.array(self.epoch)]

    def set_weights(self, weights):
        self.epoch = int(weights[0])


def told(callback, monitor, values, model):
    """Feed the values epoch by epoch until the callback stops; (the last epoch, the best one, the epoch left)."""
    callback.on_train_begin({})
    for epoch, value in enumerate(values):
        model.epoch = epoch
        callback.on_epoch_end(epoch, {monitor: value})
        if model.stop_training:
            break
    callback.on_train_end({})
    return epoch, callback.best_epoch, model.epoch


def both(values, monitor="val_loss", **settings):
    """What our callback and Keras's make of the values."""
    ours, theirs = EarlyStopping(monitor, **settings), keras.callbacks.EarlyStopping(monitor, **settings)
    models = Scripted(), Scripted()
    ours.model = models[0]
    theirs.set_model(models[1])
    if monitor.endswith("accuracy"):
        theirs.monitor_op = keras.ops.greater  # Keras asks a compiled model which way is up
    return told(ours, monitor, values, models[0]), told(theirs, monitor, values, models[1])


RUNS = {
    "improves, then does not": [5, 4, 3, 3.5, 3.2, 3.1, 3.05, 3.01],
    "a plateau, and better again": [5, 4, 4, 4, 3, 3, 3, 3, 2],
    "worse than before, not than the best": [5, 3, 4, 3.5, 3.2, 3.1, 2.9, 3, 3, 3],
    "equal is not better": [1, 1, 1, 1, 1, 1],
    "small steps down": [1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7],
    "NaN after a while": [3, 2, float("nan"), float("nan"), float("nan"), 1],
    "NaN and back": [3, 2, float("nan"), 1, 0.5, 0.4],
    "infinite": [3, 2, float("inf"), float("inf"), float("inf"), 1],
    "always better": [5, 4, 3, 2, 1],
    "one epoch": [5],
}


@pytest.mark.parametrize("restore", [False, True])
@pytest.mark.parametrize("min_delta", [0.0, 0.08, 1.0])
@pytest.mark.parametrize("patience", [0, 1, 2, 3])
@pytest.mark.parametrize("values", RUNS.values(), ids=RUNS)
def test_it_stops_where_keras_does_and_leaves_the_same_weights(values, patience, min_delta, restore):
    ours, theirs = both(values, patience=patience, min_delta=min_delta, restore_best_weights=restore)
    assert ours == theirs


@pytest.mark.parametrize("values", [[0.1, 0.5, 0.4, 0.45, 0.5, 0.9], [0.9, 0.8, 0.7, 0.6], [0.1, 0.2, 0.3]])
def test_accuracy_is_better_where_it_is_larger(values):
    ours, theirs = both(values, "val_accuracy", patience=2, restore_best_weights=True)
    assert ours == theirs


def test_a_first_nan_does_not_hide_what_comes_later():
    callback, model = EarlyStopping(patience=3, restore_best_weights=True), Scripted()
    callback.model = model
    assert told(callback, "val_loss", [float("nan"), 2, 1, 1.5], model) == (3, 2, 2)


def overfits():
    """Thirty examples, half of their labels wrong, and a network that can learn them by heart."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(330, 8)).astype(np.float32)
    y = (x[:, 0] > 0).astype(int)
    y[:30:3] = 1 - y[:30:3]
    model = Sequential([Dense(64, activation="relu"), Dense(2, activation="softmax")], seed=0)
    model.compile(Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, (x[:30], y[:30]), (x[30:], y[30:])


def test_a_fit_ends_and_the_network_has_the_weights_of_its_best_epoch():
    model, (x, y), other = overfits()
    callback = EarlyStopping(patience=4, restore_best_weights=True)
    losses = model.fit(x, y, epochs=200, validation_data=other, callbacks=[callback], seed=0, verbose=0).history
    best = int(np.argmin(losses["val_loss"]))
    assert len(losses["val_loss"]) == best + 5 < 200
    assert (callback.best_epoch, callback.stopped_epoch, callback.wait) == (best, best + 4, 4)
    assert callback.best == losses["val_loss"][best] == model.evaluate(*other)["loss"]


def test_without_restoring_the_weights_are_the_last_ones():
    model, (x, y), other = overfits()
    losses = model.fit(
        x, y, epochs=200, validation_data=other, callbacks=[EarlyStopping(patience=4)], seed=0, verbose=0
    ).history["val_loss"]
    assert model.evaluate(*other)["loss"] == losses[-1] > min(losses)


def test_it_begins_anew_with_each_fit():
    model, (x, y), other = overfits()
    callback = EarlyStopping(patience=1)
    first = model.fit(x, y, epochs=200, validation_data=other, callbacks=[callback], seed=0, verbose=0)
    second = model.fit(x, y, epochs=3, validation_data=other, callbacks=[callback], seed=0, verbose=0)
    assert callback.best == min(second.history["val_loss"]) > min(first.history["val_loss"])


def test_a_fit_that_explodes_ends_after_its_patience():
    x, y = np.arange(100.0).reshape(5, 20), np.array([0, 1, 2, 1, 2.0])[:, None]
    model = Sequential([Dense(10), Dense(1)], seed=0)
    model.compile(SGD(0.01), "mean_squared_error")
    callback = EarlyStopping("loss", patience=3)
    with np.errstate(all="ignore"):
        history = model.fit(x, y, epochs=100, callbacks=[callback], seed=0, verbose=0).history["loss"]
    assert callback.stopped_epoch == callback.best_epoch + 3 == len(history) - 1 < 10


def test_what_is_not_in_the_logs_is_said_at_once():
    model, (x, y), _ = overfits()
    with pytest.raises(
        ValueError, match="there is no 'val_loss' to stop by; the logs of this fit have: loss, accuracy"
    ):
        model.fit(x, y, epochs=2, callbacks=[EarlyStopping()], verbose=0)
    for settings in ({"patience": -1}, {"min_delta": -0.1}, {"min_delta": float("nan")}):
        with pytest.raises(ValueError, match="must be ≥ 0"):
            EarlyStopping(**settings)
