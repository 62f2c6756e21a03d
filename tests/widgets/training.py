"""A small network to train, and data for it, for the tests of the training dashboard."""

import numpy as np

from course_lib.layers import Dense
from course_lib.network import Sequential
from course_lib.optimizers import SGD

RNG = np.random.default_rng(8)
X, Y = RNG.normal(size=(100, 5)), RNG.integers(0, 3, size=100)


class Network(Sequential):
    """Remembers the values of single batches, too."""

    def train_on_batch(self, x, y):
        logs = super().train_on_batch(x, y)
        self.seen.append(logs)
        return logs


def network(metrics=("accuracy",)):
    model = Network([Dense(3, activation="softmax")], seed=0)
    model.seen = []
    model.compile(SGD(0.1), loss="sparse_categorical_crossentropy", metrics=metrics)
    return model


def fit(model, dashboard, epochs=3, batch_size=20, **options):
    return model.fit(X, Y, batch_size=batch_size, epochs=epochs, callbacks=[dashboard], seed=0, verbose=0, **options)
