"""The training dashboard's numbers, in its curves and its sentence: what fit tells, the course's and Keras's."""

import numpy as np
import pytest

from course_lib.network import Callback
from tests.widgets.training import X, Y, fit, network


class Recorder(Callback):
    """Remembers what fit tells after each batch."""

    def __init__(self):
        self.means = []

    def on_train_batch_end(self, batch, logs):
        self.means.append(logs)


@pytest.fixture(scope="module")
def keras():
    import keras

    return keras


@pytest.fixture
def keras_model(keras):
    keras.utils.set_random_seed(8)
    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(3, activation="softmax")])
    model.compile("sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def curve(dashboard, name, curve):
    """The points (x, y) of a curve, as they are drawn."""
    number = [quantity.name for quantity in dashboard._quantities].index(name)
    dashboard.sentence  # noqa: B018 - draws what has changed
    return dashboard._lines[number][curve].get_data()


def test_curves_and_sentence_are_what_the_network_and_its_history_say(dashboard):
    dashboard["smoothing"] = 1
    model, recorder = network(), Recorder()
    history = model.fit(
        X,
        Y,
        batch_size=20,
        epochs=3,
        validation_data=(X[:30], Y[:30]),
        callbacks=[dashboard, recorder],
        seed=0,
        verbose=0,
    ).history
    for name in ("loss", "accuracy"):
        x, y = curve(dashboard, name, "batches")
        np.testing.assert_allclose(x, np.arange(1, 16) / 5)
        np.testing.assert_allclose(y, [logs[name] for logs in model.seen], atol=1e-12)
        x, y = curve(dashboard, name, "epoch_means")
        np.testing.assert_allclose(y, [logs[name] for logs in recorder.means], atol=1e-12)
        x, y = curve(dashboard, name, "validation")
        np.testing.assert_allclose(x, [1, 2, 3])
        np.testing.assert_allclose(y, history[f"val_{name}"], atol=1e-12)
    last = {name: values[-1] for name, values in history.items()}
    assert dashboard.sentence == (
        f"Finished after epoch 3 of 3: loss {last['loss']:.3g}, accuracy {last['accuracy']:.3f}; "
        f"validation: loss {last['val_loss']:.3g}, accuracy {last['val_accuracy']:.3f}. "
        "Curves: batches, mean of the epoch so far, validation."
    )


def test_a_keras_model_is_shown_as_its_history_says(dashboard, keras_model):
    history = keras_model.fit(
        X, Y, batch_size=20, epochs=3, validation_data=(X[:30], Y[:30]), callbacks=[dashboard], verbose=0
    ).history
    for name in ("loss", "accuracy"):
        x, y = curve(dashboard, name, "epoch_means")
        np.testing.assert_allclose(x, np.arange(1, 16) / 5)
        np.testing.assert_allclose(y[4::5], history[name], rtol=1e-5)
        np.testing.assert_allclose(curve(dashboard, name, "validation")[1], history[f"val_{name}"], rtol=1e-5)
    dashboard["smoothing"] = 1
    by_batch = curve(dashboard, "loss", "batches")[1].reshape(3, 5)
    np.testing.assert_allclose(by_batch.mean(axis=1), history["loss"], rtol=1e-5)
    assert dashboard.sentence.startswith(f"Finished after epoch 3 of 3: loss {history['loss'][-1]:.3g}, accuracy")
    keras_model.evaluate(X, Y, callbacks=[dashboard], verbose=0)
    keras_model.predict(X, callbacks=[dashboard], verbose=0)
    assert dashboard.sentence.startswith("Finished after epoch 3 of 3")


def test_keras_with_an_early_stop_an_initial_epoch_and_batches_several_at_a_time(dashboard, keras, keras_model):
    stop = keras.callbacks.EarlyStopping("loss", patience=0, min_delta=100)
    keras_model.compile("sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"], steps_per_execution=2)
    keras_model.fit(X, Y, batch_size=10, epochs=9, initial_epoch=5, callbacks=[dashboard, stop], verbose=0)
    assert dashboard.sentence.startswith("Finished after epoch 7 of 9: loss")
    assert dashboard._limits()[0] == 2
    x, _ = curve(dashboard, "loss", "batches")
    np.testing.assert_allclose(x, np.arange(1, 11) / 5)


def test_keras_on_data_of_unknown_length_counts_batches(dashboard, keras_model):
    seven_batches = ((X[start : start + 10], Y[start : start + 10]) for start in range(0, 70, 10))
    keras_model.fit(seven_batches, epochs=1, shuffle=False, callbacks=[dashboard], verbose=0)
    assert dashboard.sentence.startswith("Finished after epoch 1 of 1: loss")
    x, _ = curve(dashboard, "loss", "batches")
    np.testing.assert_allclose(x, np.arange(1, 8))


class Stops(Callback):
    """Interrupts a fit after some batches, as the kernel's interrupt does."""

    def __init__(self, batches):
        self.left = batches

    def on_train_batch_end(self, batch, logs):
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt


def test_the_sentence_while_fit_runs_says_where_it_is(dashboard):
    model, said = network(), []

    class Reads(Callback):
        def on_train_batch_end(self, batch, logs):
            dashboard.stage.request()
            said.append((dashboard.sentence, logs))

        def on_epoch_end(self, epoch, logs):
            dashboard.stage.request()
            said.append((dashboard.sentence, logs))

    model.fit(X, Y, 20, 2, validation_data=(X, Y), callbacks=[dashboard, Reads()], seed=0, verbose=0)
    sentence, logs = said[2]
    assert sentence == f"Epoch 1 of 2, batch 3 of 5: loss {logs['loss']:.3g}, accuracy {logs['accuracy']:.3f}."
    _, after = said[5]
    validation = f"loss {after['val_loss']:.3g}, accuracy {after['val_accuracy']:.3f}."
    assert said[5][0].startswith("After epoch 1 of 2: loss") and said[5][0].endswith(f"; validation: {validation}")
    assert said[6][0].startswith("Epoch 2 of 2, batch 1 of 5: loss")
    assert said[6][0].endswith(f"; validation after epoch 1: {validation}")


def test_fitted_again_the_curves_go_on_and_with_another_model_they_begin_anew(dashboard):
    model = network()
    fit(model, dashboard, epochs=2, validation_data=(X, Y))
    fit(model, dashboard, epochs=3)
    x, _ = curve(dashboard, "loss", "batches")
    np.testing.assert_allclose(x, np.arange(1, 26) / 5)
    assert dashboard.sentence.startswith("Fit 2, finished after epoch 3 of 3: loss")
    assert "validation" not in dashboard.sentence, "that was the fit before"
    assert dashboard._fits == [0, 2]
    fit(network(), dashboard, epochs=1)
    x, _ = curve(dashboard, "loss", "batches")
    np.testing.assert_allclose(x, np.arange(1, 6) / 5)
    assert dashboard.sentence.startswith("Finished after epoch 1 of 1: loss")


def test_interrupted_and_fitted_again(dashboard):
    model = network()
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, Y, batch_size=20, epochs=4, callbacks=[dashboard, Stops(8)], verbose=0)
    dashboard.stage.request()
    assert dashboard.sentence.startswith("Epoch 2 of 4, batch 3 of 5: loss")
    dashboard["smoothing"] = 1
    fit(model, dashboard, epochs=1)
    x, y = curve(dashboard, "loss", "batches")
    np.testing.assert_allclose(x, np.arange(1, 14) / 5)
    np.testing.assert_allclose(y, [logs["loss"] for logs in model.seen], atol=1e-12)


def test_no_epochs_at_all(dashboard):
    fit(network(), dashboard, epochs=0)
    assert dashboard.sentence == "Finished in epoch 1 of 0, batch 0 of 5."


def test_without_metrics_there_is_the_loss(dashboard):
    fit(network(metrics=()), dashboard)
    assert dashboard.sentence.count("loss") == 1 and "accuracy" not in dashboard.sentence
    assert dashboard._quantities[1].name == ""


def test_another_metric_takes_the_place_of_the_accuracy(dashboard, keras):
    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(1)])
    model.compile("sgd", loss="mse", metrics=["mae"])
    history = model.fit(X, 100.0 * Y, epochs=1, batch_size=50, callbacks=[dashboard], verbose=0).history
    assert dashboard.sentence.endswith(f", mae {history['mae'][0]:.3g}.")
    low, high = dashboard._limits()[2]
    assert low == 0 and high >= history["mae"][0]


def test_a_loss_that_is_no_number_any_more_is_said_and_leaves_the_rest_of_the_picture(dashboard):
    dashboard.model, dashboard.params = object(), {"epochs": 1, "steps": 4}
    dashboard.on_train_begin()
    for batch, loss in enumerate([2.0, 3.0, np.inf, np.nan]):
        dashboard.on_train_batch_end(batch, {"loss": loss})
    dashboard.on_epoch_end(0, {"loss": np.nan})
    dashboard.on_train_end()
    assert dashboard.sentence == "Finished after epoch 1 of 1: loss nan."
    _, y = curve(dashboard, "loss", "epoch_means")
    np.testing.assert_array_equal(y, [2, 3, np.nan, np.nan])
    dashboard["log_scale"] = True
    dashboard.stage.flush()
    assert dashboard._limits()[1] == (2, 5)


def test_a_loss_of_zero_is_left_out_of_a_log_scale(dashboard):
    dashboard.model, dashboard.params = object(), {"epochs": 1, "steps": 4}
    dashboard.on_train_begin()
    for batch, loss in enumerate([0.4, 0.3, 0.2, 0.15]):
        dashboard.on_train_batch_end(batch, {"loss": loss})  # the last two batches have none
    dashboard["log_scale"] = True
    dashboard.stage.flush()
    assert dashboard._limits()[1] == (0.1, 0.5)


def test_a_later_fit_of_keras_that_counts_epochs_on_and_validates_now_and_then(dashboard):
    dashboard.set_model(object())
    dashboard.set_params({"epochs": 9, "steps": 1})
    dashboard.on_train_begin()
    for epoch, validation in ((6, {"val_loss": 0.7}), (7, {})):
        dashboard.on_epoch_begin(epoch)
        dashboard.on_train_batch_end(0, {"loss": 0.5})
        dashboard.on_epoch_end(epoch, {"loss": 0.5, **validation})
    assert dashboard._limits()[0] == 3, "from epoch 7 to epoch 9"
    dashboard.stage.request()
    assert dashboard.sentence == "After epoch 8 of 9: loss 0.5; validation after epoch 7: loss 0.7."
