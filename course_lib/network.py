"""A network of layers in a row, and the loop that trains it.

    model = Sequential([Dense(512, activation="relu"), Dropout(0.2), Dense(10, activation="softmax")], seed=0)
    model.compile(Adam(), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(x_train, y_train, batch_size=128, epochs=4, validation_data=(x_test, y_test))

The same lines, without the seeds, run with Keras's `Sequential`, `Dense`, `Dropout` and `Adam`.
"""

from contextlib import nullcontext

import numpy as np

from course_lib import losses, parallel
from course_lib.layers import dim_of

MANY = 256  # examples


class Callback:
    """What is told how a fit goes. Subclass it, and override what you want to hear of; names are Keras's.

    `logs` maps "loss" (and "accuracy") to their means over the epoch so far, and at an epoch's end "val_loss" (and
    "val_accuracy") to theirs. `self.model` is the network; setting its `stop_training` ends the fit after the epoch.
    `self.params` tells of the fit: "epochs", how many there will be, and "steps", how many batches each has.
    """

    model = None
    params = None

    def on_train_begin(self, logs=None):
        """Called before the first epoch; `logs` is empty."""

    def on_train_end(self, logs=None):
        """Called after the last epoch, with its logs; not if the fit is interrupted."""

    def on_train_batch_end(self, batch, logs):
        """Called after each batch of an epoch, counted from 0."""

    def on_epoch_end(self, epoch, logs):
        """Called after each epoch, counted from 0."""


class History(Callback):
    """What `fit` returns: `history` maps each name in `logs` to the list of its values, one for each epoch."""

    def __init__(self):
        self.history = {}

    def on_epoch_end(self, epoch, logs):
        for name, value in logs.items():
            self.history.setdefault(name, []).append(value)


class Sequential:
    """Layers in a row, each fed with the outputs of the one before.

    Args:
        layers: list of `layers.Layer`.
        seed: int, for the initial weights and the dropout masks; None for others every time.
    Raises:
        ValueError: there are no layers, or one of them occurs twice.
    """

    def __init__(self, layers, seed=None):
        self.layers = list(layers)
        if not self.layers or len(set(map(id, self.layers))) < len(self.layers):
            raise ValueError("a network needs layers, and no layer twice: it remembers only its last batch")
        for layer in self.layers:
            layer.needs_input_gradient = layer is not self.layers[0]
        self.stop_training = False
        self._rng = np.random.default_rng(seed)
        self._loss = None

    def build(self, input_shape):
        """Make the weights for inputs of that shape; `fit` and `predict` do it at the first batch.

        Args:
            input_shape: (None, features) or (None, height, width, channels), as in Keras: the size of a batch is left
                open.
        """
        input_dim = dim_of(input_shape)
        for layer in self.layers:
            if layer.input_dim is None:
                # A generator for each layer: how often one of them draws does not change what the others get.
                layer.build(input_dim, self._rng.spawn(1)[0])
            input_dim = layer.output_dim

    def compile(self, optimizer, loss, metrics=()):
        """Say how to train.

        Args:
            optimizer: an `optimizers.Optimizer`, for this network alone.
            loss: "categorical_crossentropy" for one-hot labels or "sparse_categorical_crossentropy" for integers, both
                after a softmax; "binary_crossentropy" for 0 and 1, after a sigmoid; "mean_squared_error" and the other
                names that `losses.get` knows for numbers, after no activation.
            metrics: [] or ["accuracy"], the share of examples whose most probable class is the true one.
        Raises:
            ValueError: the loss or a metric is unknown, or the last layer has not the activation of the loss.
        """
        value, gradient, activation = losses.get(loss)
        if getattr(self.layers[-1], "activation", None) != activation:
            needed = "numbers without limits" if activation == "linear" else "probabilities"
            raise ValueError(f"{loss} needs {needed}: give the last layer the activation {activation!r}")
        if not set(metrics) <= {"accuracy"}:
            raise ValueError(f'metrics may hold "accuracy", not {list(metrics)}')
        self.optimizer = optimizer
        self._loss, self._loss_gradient = value, gradient
        self._with_accuracy = "accuracy" in metrics

    @parallel.team()
    def fit(self, x, y, batch_size=32, epochs=1, validation_data=None, callbacks=(), seed=None, verbose=2):
        """Train for `epochs` passes over the examples, in a new random order each time.

        Args:
            x: array (n, features), or of images (n, height, width, channels).
            y: labels in the form of the loss, one for each row of `x`.
            batch_size: int ≥ 1, the number of examples in a step; the last batch of an epoch may be smaller.
            epochs: int ≥ 0.
            validation_data: (x, y) to evaluate on after each epoch.
            callbacks: list of `Callback`.
            seed: int, for the order; None for another every time.
            verbose: 2 prints a line for each epoch, 0 nothing.
        Returns:
            `History`. The loss includes the layers' penalties, and is the mean over the epoch while it was going on:
            unlike "val_loss", with dropout and with the weights of the moment.
        Raises:
            ValueError: shapes or labels do not match, or there is nothing to train on.
            RuntimeError: the network is not compiled.
        """
        x, y = self._checked(x, y)
        if batch_size < 1:
            raise ValueError(f"batch_size must be ≥ 1, not {batch_size}")
        rng = np.random.default_rng(seed)
        history = History()
        callbacks = [*callbacks, history]
        self.stop_training = False
        logs = {}
        for callback in callbacks:
            callback.model = self
            callback.params = {"epochs": epochs, "steps": -(-len(x) // batch_size)}
            callback.on_train_begin(logs)

        for epoch in range(epochs):
            means = _RunningMeans()
            order = rng.permutation(len(x))
            for batch, start in enumerate(range(0, len(x), batch_size)):
                chosen = order[start : start + batch_size]
                logs = means.add(self.train_on_batch(x[chosen], y[chosen]), len(chosen))
                for callback in callbacks:
                    callback.on_train_batch_end(batch, logs)
            if validation_data is not None:
                logs = logs | {f"val_{name}": value for name, value in self.evaluate(*validation_data).items()}
            if verbose:
                numbers = (f"{name}: {value:.4f}" for name, value in logs.items())
                print(f"Epoch {epoch + 1}/{epochs}", *numbers, sep=" - ")
            for callback in callbacks:
                callback.on_epoch_end(epoch, logs)
            if self.stop_training:
                break
        for callback in callbacks:
            callback.on_train_end(logs)
        return history

    def train_on_batch(self, x, y):
        """Do one step of the optimizer on a batch, and return {"loss": …} (and "accuracy") from before the step.

        This is all of learning: forwards for the loss, backwards for its gradient, a step downhill.
        """
        x, y = self._checked(x, y)
        probabilities = self._forward(x, training=True)
        logs = self._logs(y, probabilities)
        # Softmax or sigmoid and its cross-entropy are differentiated as one function of the logits. One after the other
        # they would divide by a probability, which may have underflowed to 0.
        *hidden, last = self.layers
        upstream = last.backward_from_logits(self._loss_gradient(y, last.logits))
        for layer in reversed(hidden):
            upstream = layer.backward(upstream)
        self.optimizer.step_in_place(
            [weight for layer in self.layers for weight in layer.trainable_weights],
            [gradient for layer in self.layers for gradient in layer.gradients],
        )
        return logs

    def predict(self, x, batch_size=1024):
        """Return the outputs (n, units) for a batch of inputs, without dropout and with moving statistics."""
        x = np.asarray(x)
        starts = range(0, max(len(x), 1), batch_size)
        with _team_for(x):
            return np.concatenate([self._forward(x[start : start + batch_size], training=False) for start in starts])

    def evaluate(self, x, y, batch_size=1024):
        """Return {"loss": …} (and "accuracy") on examples, as floats, with the penalties and without dropout."""
        x, y = self._checked(x, y)
        means = _RunningMeans()
        with _team_for(x):
            for start in range(0, len(x), batch_size):
                batch = slice(start, start + batch_size)
                logs = means.add(self._logs(y[batch], self._forward(x[batch], training=False)), len(x[batch]))
        return logs

    @property
    def weights(self):
        """The arrays of all layers, in Keras's order: layer by layer, the trainable ones of each first."""
        return [weight for layer in self.layers for weight in layer.weights]

    def get_weights(self):
        """Return copies of all weights, in Keras's order."""
        return [weight.copy() for weight in self.weights]

    def set_weights(self, weights):
        """Overwrite all weights, for instance with what Keras's `get_weights` returned for the same layers.

        Args:
            weights: list of arrays, in Keras's order.
        Raises:
            ValueError: the shapes are not those of the network, which must have been built.
        """
        shapes = [weight.shape for weight in self.weights]
        if [np.shape(weight) for weight in weights] != shapes:
            raise ValueError(f"the weights have the shapes {shapes}, not {[np.shape(weight) for weight in weights]}")
        for old, new in zip(self.weights, weights, strict=True):
            old[...] = new

    def count_params(self):
        """Return how many numbers the weights hold, trainable or not."""
        return sum(layer.count_params() for layer in self.layers)

    def summary(self):
        """Print each layer's outputs and number of parameters, and their totals."""
        trainable = sum(weight.size for layer in self.layers for weight in layer.trainable_weights)
        # The shapes of images are longer than numbers of features.
        width = max(10, *(len(str(layer.output_dim)) + 2 for layer in self.layers))
        print(f"{'Layer':<20}{'Outputs':>{width}}{'Parameters':>14}")
        for layer in self.layers:
            print(f"{layer.name:<20}{layer.output_dim!s:>{width}}{layer.count_params():>14,}")
        print(f"Total: {self.count_params():,}, trainable: {trainable:,}, ", end="")
        print(f"not trainable: {self.count_params() - trainable:,}")

    def _forward(self, x, training):
        if self.layers[-1].input_dim is None:
            self.build(np.shape(x))
        for layer in self.layers:
            x = layer.forward(x, training)
        return x

    def _logs(self, y, probabilities):
        """Loss and accuracy of the batch that has just been forwarded."""
        loss = self._loss(y, self.layers[-1].logits) + sum(layer.penalty for layer in self.layers)
        logs = {"loss": float(loss)}
        if self._with_accuracy:
            logs["accuracy"] = accuracy(y, probabilities)
        return logs

    def _checked(self, x, y):
        if self._loss is None:
            raise RuntimeError("say how to train first: model.compile(optimizer, loss)")
        x, y = np.asarray(x), np.asarray(y)
        if len(x) != len(y) or not len(x):
            raise ValueError(f"x and y need one or more examples, and as many of each: they have {len(x)} and {len(y)}")
        return x, y


def _team_for(x):
    """A team to lead examples through a network, where they are so many that it is worth gathering: it takes 1 ms."""
    return parallel.team() if len(x) >= MANY else nullcontext()


def accuracy(y_true, y_pred):
    """The share of predictions that are right.

    Args:
        y_true: labels: one-hot like `y_pred`, or integers (n,) or (n, 1).
        y_pred: probabilities (n, classes), where the largest counts; or (n, 1), where more than 0.5 counts as class 1.
    Returns:
        float in [0, 1].
    """
    y_true = np.asarray(y_true)
    if y_pred.shape[-1] == 1:
        predicted, labels = y_pred > 0.5, y_true.reshape(y_pred.shape)
    else:
        predicted = np.argmax(y_pred, axis=-1)
        labels = np.argmax(y_true, axis=-1) if y_true.shape == y_pred.shape else y_true.reshape(predicted.shape)
    return float(np.mean(predicted == labels))


class _RunningMeans:
    """Means over the examples of the batches so far, of which the last may be smaller than the others."""

    def __init__(self):
        self._sums = {}
        self._examples = 0

    def add(self, logs, examples):
        """Add a batch's means, and return those of all batches."""
        self._examples += examples
        for name, value in logs.items():
            self._sums[name] = self._sums.get(name, 0.0) + value * examples
        return {name: total / self._examples for name, total in self._sums.items()}
