"""The network against Keras, step by step; that it learns, repeats, and says what it cannot do."""

import keras
import numpy as np
import pytest

from course_lib import losses, network
from course_lib.layers import Activation, BatchNormalization, Dense, Dropout
from course_lib.network import Callback, Sequential
from course_lib.optimizers import SGD, Adam
from course_lib.regularizers import L2

FEATURES, CLASSES = 12, 4


def blobs(examples=600, seed=0):
    """Well separated classes, and their integer labels."""
    centers = np.random.default_rng(7).normal(scale=2, size=(CLASSES, FEATURES))
    rng = np.random.default_rng(seed)
    labels = rng.integers(CLASSES, size=examples)
    return (centers[labels] + rng.normal(size=(examples, FEATURES))).astype(np.float32), labels


def mlp(rate=0.2, units=16, classes=CLASSES, activation="softmax", dtype="float32", seed=0):
    """The network of chapter 08, smaller."""
    layers = [
        Dense(units, activation="relu", dtype=dtype),
        Dropout(rate, dtype=dtype),
        Dense(units, kernel_regularizer=L2(0.001), dtype=dtype),
        BatchNormalization(dtype=dtype),
        Activation("relu", dtype=dtype),
        Dropout(rate, dtype=dtype),
        Dense(classes, activation=activation, dtype=dtype),
    ]
    return Sequential(layers, seed=seed)


def keras_mlp(features=FEATURES, units=16, classes=CLASSES, activation="softmax"):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((features,)),
            layers.Dense(units, activation="relu"),
            layers.Dropout(0.0),
            layers.Dense(units, kernel_regularizer=keras.regularizers.L2(0.001)),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.Dropout(0.0),
            layers.Dense(classes, activation=activation),
        ]
    )


@pytest.fixture
def keras_floats():
    """Return what sets the dtype of Keras's losses and layers, for one test."""

    def set_dtype(dtype):
        keras.config.set_floatx(dtype)
        keras.config.set_dtype_policy(dtype)

    yield set_dtype
    set_dtype("float32")


# Rate, beta_1 and beta_2 that survive in float32, in which Keras holds them even where it computes in float64.
EXACT = (2**-7, 1 - 2**-3, 1 - 2**-9)


# The bias before the batch normalization has no effect, and its gradient is nothing but rounding. In float32 Adam makes
# steps of that rounding, in another direction for every order of summation; hence float64 where the optimizer is Adam.
@pytest.mark.parametrize(
    "loss, dtype, optimizer, of_keras",
    [
        (loss, *trained_by)
        for loss in ("binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy")
        for trained_by in (
            ("float32", lambda: SGD(0.05, momentum=0.9), lambda: keras.optimizers.SGD(0.05, momentum=0.9)),
            ("float64", lambda: Adam(*EXACT, epsilon_hat=True), lambda: keras.optimizers.Adam(*EXACT)),
        )
    ],
)
def test_twelve_batches_leave_the_weights_of_keras(loss, dtype, optimizer, of_keras, keras_floats):
    keras_floats(dtype)
    keras.utils.set_random_seed(0)
    x, labels = blobs(12 * 32)
    y = {"binary": labels % 2, "sparse": labels, "categorical": losses.one_hot(labels, CLASSES)}[loss.split("_")[0]]
    output = {"classes": 1, "activation": "sigmoid"} if loss == "binary_crossentropy" else {}
    ours, theirs = mlp(rate=0.0, dtype=dtype, **output), keras_mlp(**output)
    ours.build((None, FEATURES))
    ours.set_weights(theirs.get_weights())
    ours.compile(optimizer(), loss, metrics=["accuracy"])
    theirs.compile(of_keras(), loss, metrics=["accuracy"])

    for start in range(0, len(x), 32):
        batch = slice(start, start + 32)
        theirs.reset_metrics()
        expected = theirs.train_on_batch(x[batch], y[batch], return_dict=True)
        assert ours.train_on_batch(x[batch], y[batch]) == pytest.approx(expected, abs=2e-6)
    for weight, reference in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        assert weight.dtype == reference.dtype == dtype
        np.testing.assert_allclose(weight, reference, rtol=1e-6, atol=2e-6)
    expected = theirs.evaluate(x, y, verbose=0, return_dict=True)
    assert ours.evaluate(x, y, batch_size=100) == pytest.approx(expected, abs=2e-6)
    np.testing.assert_allclose(ours.predict(x, batch_size=100), theirs.predict(x, verbose=0), atol=2e-6)


def test_sgd_on_a_certain_and_wrong_network_follows_keras_too():
    # Probabilities underflow to 0 here: only a gradient taken at the logits brings the network back.
    x, y = np.float32([[1000.0], [-1000.0]]), np.array([1, 0])
    ours = Sequential([Dense(2, activation="softmax")])
    theirs = keras.Sequential([keras.Input((1,)), keras.layers.Dense(2, activation="softmax")])
    theirs.set_weights([np.float32([[1, -1]]), np.zeros(2, np.float32)])
    ours.build((None, 1))
    ours.set_weights(theirs.get_weights())
    ours.compile(SGD(0.01), "sparse_categorical_crossentropy")
    theirs.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy")
    logs = ours.train_on_batch(x, y)
    assert logs["loss"] == pytest.approx(float(theirs.train_on_batch(x, y)))
    assert logs["loss"] == 2000
    np.testing.assert_allclose(ours.get_weights()[0], theirs.get_weights()[0], rtol=1e-6)


def test_the_mnist_network_has_the_parameters_of_the_course(capsys):
    model = mlp(units=512, classes=10)
    model.build((None, 784))
    reference = keras_mlp(784, 512, 10)
    assert model.count_params() == reference.count_params() == 671_754
    assert [w.shape for w in model.get_weights()] == [w.shape for w in reference.get_weights()]
    assert sum(w.size for layer in model.layers for w in layer.non_trainable_weights) == 1024
    model.summary()
    printed = capsys.readouterr().out
    assert "Total: 671,754, trainable: 670,730, not trainable: 1,024" in printed
    assert [line.split() for line in printed.splitlines()[1:-1]] == [
        ["Dense", "512", "401,920"],
        ["Dropout", "512", "0"],
        ["Dense", "512", "262,656"],
        ["BatchNormalization", "512", "2,048"],
        ["Activation", "512", "0"],
        ["Dropout", "512", "0"],
        ["Dense", "10", "5,130"],
    ]


def fitted(seed=0, epochs=8, batch_size=64, verbose=0, **options):
    model = mlp(seed=seed)
    model.compile(Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(*blobs(), batch_size, epochs, seed=seed, verbose=verbose, **options)
    return model, history.history


def test_it_learns_and_generalises():
    model, history = fitted(validation_data=blobs(seed=1))
    assert list(history) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    assert all(len(values) == 8 for values in history.values())
    assert history["loss"][-1] < history["loss"][0] / 3
    assert history["val_accuracy"][-1] > 0.97
    evaluated = model.evaluate(*blobs(seed=1))
    assert [evaluated["loss"], evaluated["accuracy"]] == [history["val_loss"][-1], history["val_accuracy"][-1]]


def test_it_learns_two_classes_from_a_flat_list_of_labels():
    x, labels = blobs()
    model = mlp(classes=1, activation="sigmoid")
    model.compile(Adam(0.01), "binary_crossentropy", metrics=["accuracy"])
    history = model.fit(x, labels % 2, batch_size=64, epochs=8, seed=0, verbose=0).history
    assert history["accuracy"][-1] > 0.95
    assert model.predict(x).shape == (600, 1)


def test_an_activation_layer_may_be_the_last():
    pair = [Sequential([Dense(CLASSES, activation="softmax")]), Sequential([Dense(CLASSES), Activation("softmax")])]
    x, y = blobs(64)
    for model in pair:
        model.build(x.shape)
        model.set_weights([np.full((FEATURES, CLASSES), 0.1), np.zeros(CLASSES)])
        model.compile(SGD(0.1), "sparse_categorical_crossentropy")
        model.train_on_batch(x, y)
    np.testing.assert_array_equal(pair[0].get_weights()[0], pair[1].get_weights()[0])


def test_a_seed_repeats_everything():
    (first, history), (again, history_again), (other, _) = fitted(seed=1), fitted(seed=1), fitted(seed=2)
    assert history == history_again
    for weight, same, different in zip(first.get_weights(), again.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(weight, same)
        assert np.any(weight != different)


def test_every_example_is_seen_once_an_epoch_in_a_new_order():
    seen = []

    class Spy(Dense):
        def _forward(self, inputs, training):
            seen.append(inputs[:, 0])
            return super()._forward(inputs, training)

    model = Sequential([Spy(2, activation="softmax")])
    model.compile(SGD(), "sparse_categorical_crossentropy")
    model.fit(np.arange(10.0)[:, None], np.arange(10) % 2, batch_size=4, epochs=2, seed=0, verbose=0)
    assert [len(batch) for batch in seen] == [4, 4, 2, 4, 4, 2]
    first, second = np.concatenate(seen[:3]), np.concatenate(seen[3:])
    np.testing.assert_array_equal(np.sort(first), np.arange(10))
    np.testing.assert_array_equal(np.sort(second), np.arange(10))
    assert np.any(first != second)


def test_means_of_an_epoch_count_examples_not_batches():
    x, y = blobs(10)
    model = mlp(rate=0.0)
    model.compile(SGD(0.0), "sparse_categorical_crossentropy", metrics=["accuracy"])
    whole = model.evaluate(x, y)
    assert model.evaluate(x, y, batch_size=4) == pytest.approx(whole, rel=1e-6)
    # With no learning, no dropout and no batch statistics, fit's mean over uneven batches is the same number.
    plain = Sequential([Dense(CLASSES, activation="softmax")])
    plain.compile(SGD(0.0), "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = plain.fit(x, y, batch_size=4, verbose=0).history
    assert {name: values[0] for name, values in history.items()} == pytest.approx(plain.evaluate(x, y), rel=1e-6)


def test_callbacks_hear_of_every_batch_and_epoch_and_can_stop():
    class Recorder(Callback):
        def __init__(self):
            self.calls = []

        def on_train_begin(self, logs):
            self.calls.append(("begin", self.params))

        def on_train_end(self, logs):
            self.calls.append(("end", sorted(logs)))

        def on_train_batch_end(self, batch, logs):
            self.calls.append(("batch", batch, sorted(logs)))

        def on_epoch_end(self, epoch, logs):
            self.calls.append(("epoch", epoch, sorted(logs)))
            self.model.stop_training = epoch == 1

    recorder = Recorder()
    _, history = fitted(epochs=5, batch_size=300, callbacks=[recorder], validation_data=blobs(50))
    batch, epoch = ["accuracy", "loss"], ["accuracy", "loss", "val_accuracy", "val_loss"]
    one_epoch = [("batch", 0, batch), ("batch", 1, batch)]
    begin, end = ("begin", {"epochs": 5, "steps": 2}), ("end", epoch)
    assert recorder.calls == [begin, *one_epoch, ("epoch", 0, epoch), *one_epoch, ("epoch", 1, epoch), end]
    assert len(history["loss"]) == 2


def test_a_second_fit_goes_on_after_a_stop():
    model, _ = fitted(epochs=1)
    model.stop_training = True
    assert len(model.fit(*blobs(), epochs=2, verbose=0).history["loss"]) == 2


def test_verbose_prints_a_line_an_epoch_and_nothing_that_changes_from_run_to_run(capsys):
    _, history = fitted(epochs=2, verbose=2)
    printed = capsys.readouterr().out.splitlines()
    assert printed[1] == f"Epoch 2/2 - loss: {history['loss'][1]:.4f} - accuracy: {history['accuracy'][1]:.4f}"
    assert len(printed) == 2
    fitted(epochs=1, verbose=0)
    assert capsys.readouterr().out == ""


def test_weights_go_out_as_copies_and_come_back():
    model, twin = mlp(seed=1), mlp(seed=2)
    for each in (model, twin):
        each.build((None, FEATURES))
    twin.set_weights(model.get_weights())
    x, _ = blobs(10)
    np.testing.assert_array_equal(model.predict(x), twin.predict(x))
    twin.get_weights()[0][...] = 0
    np.testing.assert_array_equal(model.predict(x), twin.predict(x))
    twin.weights[0][...] = 0
    assert np.any(model.predict(x) != twin.predict(x))
    with pytest.raises(ValueError, match="the weights have the shapes"):
        model.set_weights(model.get_weights()[1:])


def test_predict_takes_an_empty_batch_and_uneven_ones():
    model = mlp()
    x, _ = blobs(10)
    whole = model.predict(x)
    assert model.predict(x[:0]).shape == (0, CLASSES)
    np.testing.assert_allclose(model.predict(x, batch_size=3), whole, rtol=1e-5)
    np.testing.assert_allclose(whole.sum(axis=1), 1, rtol=1e-6)


def test_layers_with_weights_can_be_taken_over_into_another_network():
    old = mlp()
    x, y = blobs(32)
    old.predict(x)
    kernel = old.layers[0].kernel.copy()
    new = Sequential([Dense(FEATURES), *old.layers[:2], Dense(CLASSES, activation="softmax")])
    new.build(x.shape)
    np.testing.assert_array_equal(new.layers[1].kernel, kernel)
    new.compile(SGD(0.1), "sparse_categorical_crossentropy")
    new.train_on_batch(x, y)
    assert np.any(new.layers[1].kernel != kernel)


@pytest.mark.parametrize(
    "y_true, y_pred, expected",
    [
        ([0, 1, 2, 2], np.eye(3)[[0, 1, 2, 0]], 0.75),
        ([[0], [1], [2], [2]], np.eye(3)[[0, 1, 2, 0]], 0.75),
        (np.eye(3)[[0, 1, 2, 2]], np.eye(3)[[0, 1, 2, 0]], 0.75),
        ([0, 1, 1, 0], np.array([[0.1], [0.6], [0.4], [0.5]]), 0.75),
        ([[0], [1], [1], [0]], np.array([[0.1], [0.6], [0.4], [0.5]]), 0.75),
    ],
)
def test_accuracy(y_true, y_pred, expected):
    assert network.accuracy(y_true, y_pred) == expected


def test_refusals_say_what_to_do():
    x, y = blobs(8)
    with pytest.raises(RuntimeError, match=r"model\.compile"):
        mlp().fit(x, y)
    for layers in ([], [layer := Dense(3), layer]):
        with pytest.raises(ValueError, match="needs layers, and no layer twice"):
            Sequential(layers)
    for model in (mlp(activation=None), Sequential([Dense(3, activation="softmax"), Dropout(0.1)])):
        with pytest.raises(ValueError, match="give the last layer the activation 'softmax'"):
            model.compile(SGD(), "categorical_crossentropy")
    with pytest.raises(ValueError, match="the activation 'sigmoid'"):
        mlp().compile(SGD(), "binary_crossentropy")
    with pytest.raises(ValueError, match="unknown loss"):
        mlp().compile(SGD(), "crossentropy")
    with pytest.raises(ValueError, match="metrics may hold"):
        mlp().compile(SGD(), "categorical_crossentropy", metrics=["auc"])

    model = mlp()
    model.compile(SGD(), "categorical_crossentropy")
    with pytest.raises(ValueError, match="they have 8 and 7"):
        model.fit(x, y[:7], verbose=0)
    with pytest.raises(ValueError, match="they have 0 and 0"):
        model.evaluate(x[:0], y[:0])
    with pytest.raises(ValueError, match="batch_size"):
        model.fit(x, y, batch_size=0, verbose=0)
    with pytest.raises(ValueError, match="use sparse_categorical_crossentropy"):
        model.fit(x, y, verbose=0)
    with pytest.raises(ValueError, match=r"a batch \(n, features\), not the shape \(8, 3, 4\)"):
        model.predict(x.reshape(8, 3, 4))
