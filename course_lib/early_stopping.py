"""Early stopping: end a training when what it is for has stopped getting better."""

import numpy as np

from course_lib.network import Callback


class EarlyStopping(Callback):
    """End a fit once `monitor` has not improved for `patience` epochs; names and behavior are Keras's.

        model.fit(x, y, epochs=100, validation_data=other, callbacks=[EarlyStopping(patience=3)])

    An epoch is an improvement if its value is better than the best so far by more than `min_delta`. What is better
    follows from the name: a smaller loss, a larger accuracy. NaN is never better; Keras differs where the first value
    is NaN already, which no later value then improves on.

    Args:
        monitor: name of an entry of the logs, such as "val_loss", "val_accuracy" or "loss".
        min_delta: float ≥ 0.
        patience: int ≥ 0, how many epochs in a row without improvement end the fit. 0 and 1 do the same.
        restore_best_weights: whether the network gets the weights of its best epoch back at the end of the fit, also
            where the fit ends for another reason.
    Attributes:
        best, best_epoch: the best value, and the epoch that had it, counted from 0.
        stopped_epoch: the epoch after which the fit was ended; None if it was not.
        wait: how many epochs there have been since the best.
    Raises:
        ValueError: `patience` or `min_delta` is negative.

    Reference: Prechelt (1998), "Early stopping, but when?", §2.
    """

    def __init__(self, monitor="val_loss", min_delta=0.0, patience=0, restore_best_weights=False):
        if not 0 <= min_delta < np.inf or not 0 <= patience < np.inf:
            raise ValueError(f"min_delta and patience must be ≥ 0, not {min_delta} and {patience}")
        self.monitor = monitor
        self.min_delta = min_delta
        self.patience = patience
        self.restore_best_weights = restore_best_weights
        self.best = self.best_epoch = self.stopped_epoch = self.best_weights = None
        self.wait = 0

    def on_train_begin(self, logs=None):
        self.best = -np.inf if self.monitor.endswith("accuracy") else np.inf
        self.best_epoch = self.stopped_epoch = self.best_weights = None
        self.wait = 0

    def on_epoch_end(self, epoch, logs):
        if self.monitor not in logs:
            raise ValueError(f"there is no {self.monitor!r} to stop by; the logs of this fit have: {', '.join(logs)}")
        value = logs[self.monitor]
        gain = value - self.best if self.monitor.endswith("accuracy") else self.best - value
        improved = gain > self.min_delta
        if improved:
            self.best, self.best_epoch, self.wait = value, epoch, 0
        if self.restore_best_weights and (improved or self.best_weights is None):
            self.best_weights = self.model.get_weights()
        if not improved:
            self.wait += 1
            if self.wait >= self.patience:
                self.stopped_epoch = epoch
                self.model.stop_training = True

    def on_train_end(self, logs=None):
        if self.best_weights is not None:
            self.model.set_weights(self.best_weights)
