"""The exercise on early stopping: driven through many epochs that improve, stand still, or are not finite."""

from dataclasses import replace

import numpy as np

from course_lib.checking.compare import agree
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.scene import Curves
from course_lib.exercises.regularization.stopping_mistakes import (
    ANEW,
    IN_PAIRS,
    TOLD,
    FaultyStopping,
    StoppingByAnException,
    StoppingOfTheClass,
    StoppingWithAnOwnDefault,
    StoppingWithAnOwnDelta,
    StoppingWithAnOwnPatience,
    StoppingWithoutAVerdict,
)


class EarlyStopping:
    """Say when training is to stop: after `patience` epochs in a row without a new best loss.

    Args:
        patience: int, how many epochs in a row may bring no new best before it stops.
        min_delta: float, by how much more than this a loss must be below the best to be the new best.
    Attributes:
        best_weights: a copy of the weights that had the best loss, a list of arrays.
    """

    def __init__(self, patience=3, min_delta=0.0):
        self.patience = patience
        self.min_delta = min_delta
        self.best_loss = np.inf
        self.epochs_without = 0
        self.best_weights = None

    def update(self, loss, weights):
        """Take one epoch's loss, and the weights after it. Return True where training is to stop, else False."""
        if loss < self.best_loss - self.min_delta:  # False for NaN, too
            self.best_loss = loss
            self.best_weights = [np.copy(weight) for weight in weights]
            self.epochs_without = 0
        else:
            self.epochs_without += 1
        return self.epochs_without >= self.patience


class NoVerdict(Exception):
    """Something else than True or False came back."""


NEVER = "never"


NUMBERS = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])


def weights_of(epoch):
    """Return the weights after an epoch, counted from 1: no two epochs' have a number in common."""
    return [epoch + NUMBERS[:4].reshape(2, 2), epoch + NUMBERS[4:]]


def verdict(result):
    """Return whether an update says stop; None, from a path without `return`, says go on."""
    is_array = isinstance(result, np.ndarray) and result.shape == () and result.dtype == bool
    if result is None or is_array or isinstance(result, bool | np.bool_):
        return bool(result)
    raise NoVerdict("update should return True or False; it returned something else")


def drive(stopper, losses):
    """Return after which epoch the stopper stops, or NEVER."""
    for epoch, loss in enumerate(losses, 1):
        if verdict(stopper.update(loss, weights_of(epoch))):
            return epoch
    return NEVER


def kept(stopper):
    """Return the weights that the stopper keeps, in one row where they have the shapes of one epoch's."""
    weights = stopper.best_weights
    weights = weights() if callable(weights) else weights
    shapes = [(2, 2), (2,)]
    if isinstance(weights, list | tuple) and [np.shape(weight) for weight in weights] == shapes:
        return np.concatenate([np.ravel(weight) for weight in weights])
    return "nothing" if weights is None else weights


def kept_after(stopper, losses):
    drive(stopper, losses)
    return kept(stopper)


STARTS_ANEW, NOT_ANEW = (
    "a second one, whose losses are higher: does it keep weights of its own?",
    "no, those of the first",
)


def starts_anew(stopping):
    """Say whether a second stopper keeps its own weights, where the first has had lower losses."""
    first, second = stopping(patience=ANEW), stopping(patience=ANEW - 1)
    for epoch, loss in enumerate((3.0, 2.0, 1.0), 1):
        first.update(loss, weights_of(epoch))
    mine, own = (np.concatenate([np.ravel(weight) for weight in weights_of(epoch)]) for epoch in (3, 13))
    is_kept_by_the_first = agree(kept(first), mine)
    for epoch, loss in enumerate((9.0, 8.0, 7.0), 11):
        second.update(loss, weights_of(epoch))
    weights = kept(second)
    if agree(weights, own):
        return "yes"
    return NOT_ANEW if is_kept_by_the_first and (agree(weights, mine) or agree(weights, "nothing")) else "no"


NAN = np.nan
RISING = "a loss that rises from the first epoch on"
FIXED_PATIENCE, FINER = f"{RISING}, patience 2: stops after epoch", "steps that halve, no setting: stops after epoch"
DEFAULTS = f"{RISING}, no setting: stops after epoch"


def probe_early_stopping(stopping, rng):
    a, b = rng.uniform(5.0, 9.0), rng.uniform(1.5, 2.5)
    yield Row(STARTS_ANEW, lambda: starts_anew(stopping))
    usual = [a, a - 1, a - 0.8, a - 2, a - 1.5, a - 1.7, a - 1.9, a, a, a, a]
    with_nan = [a, NAN, NAN, a - b, NAN, a - b + 0.2, a, a, a, a, a]
    slow = [4 - 0.2 * epoch for epoch in range(14)]
    cases = {
        "better, worse, better, then worse, patience 3": (usual, {"patience": 3}),
        "better from epoch to epoch, patience 2": ([a - epoch for epoch in range(5)], {"patience": 2}),
        "the same loss again and again, patience 2": ([b] * 8, {"patience": 2}),
        "NaN, then better, then NaN and worse, patience 3": (with_nan, {"patience": 3}),
        "steps of 0.2, min_delta 0.5, patience 3": (slow, {"patience": 3, "min_delta": 0.5}),
        "steps of 0.2, min_delta 0.5, patience 2": (slow, {"patience": 2, "min_delta": 0.5}),
        "near the best, min_delta 0.5, patience 4": (
            [a, a - 1, a - 0.7, a - 1.3, a - 1.1, a - 1.3, a, a, a, a, a],
            {"patience": 4, "min_delta": 0.5},
        ),
        "better, then worse, patience 1": ([a, a - 1, a - 0.5, a, a, a], {"patience": 1}),
        "losses between 0 and 1, patience 2": ([0.9, 0.4, 0.5, 0.2, 0.3, 0.3, 0.3], {"patience": 2}),
        "losses below 0, patience 2": ([-b, -b - 1, -b, -b - 2, -b, -b - 1, -b, -b], {"patience": 2}),
    }
    for place, (label, (losses, settings)) in enumerate(cases.items()):
        yield Row(
            f"{label}: stops after epoch",
            lambda losses=losses, settings=settings: drive(stopping(**settings), losses),
            essential=place == 0,
        )
        yield (
            f"{label}: the weights it keeps",
            lambda losses=losses, settings=settings: kept_after(stopping(**settings), losses),
        )
    yield FIXED_PATIENCE, lambda: drive(stopping(patience=2), [1.0 + epoch for epoch in range(30)])
    yield DEFAULTS, lambda: drive(stopping(), [1.0 + epoch for epoch in range(30)])
    # Each step is half of the one before, and is held for three epochs: the first that is too small ends it.
    halving = [1.0 + 0.5**step for step in range(24) for _ in range(3)]
    yield FINER, lambda: drive(stopping(), [*halving, 3.0])
    small = [2 + 0.5**7, 2 + 0.5**8, 3.0, 3.0, 3.0]
    yield "a step of 0.004, no setting: the weights it keeps", lambda: kept_after(stopping(), small)


class StoppingByHistory:
    """Keeps all losses, and looks for the best among them at each update."""

    def __init__(self, patience=3, min_delta=0.0):
        self.patience, self.min_delta, self.losses, self.weights = patience, min_delta, [], []

    def update(self, loss, weights):
        self.losses.append(loss)
        self.weights.append([weight.copy() for weight in weights])
        best = 0
        for epoch, value in enumerate(self.losses):
            if self.losses[best] - value > self.min_delta:
                best = epoch
        self.best_weights = self.weights[best]
        return len(self.losses) - 1 - best >= self.patience


class StoppingByCountdown:
    best, kept = None, None

    def __init__(self, patience=3, min_delta=0.0):
        self.patience = self.left = patience
        self.min_delta = min_delta

    def update(self, loss, weights):
        if self.best is None or loss + self.min_delta < self.best:
            self.best, self.kept, self.left = loss, tuple(np.array(weight) for weight in weights), self.patience
            return None
        self.left -= 1
        if self.left <= 0:
            return np.True_

    def best_weights(self):
        return self.kept


def scene_early_stopping(stopping):
    losses = [3.0, 2.0, 1.8, 2.2, 1.0, 0.95, 0.86, NAN, 1.1, 0.5, 0.375, 0.9, 0.7, NAN, 0.8, 0.8]
    stopper, epochs, stops = stopping(patience=4, min_delta=0.125), [], []
    for epoch, loss in enumerate(losses, 1):
        if not any(stops):
            stops.append(float(verdict(stopper.update(loss, weights_of(epoch)))))
            weights = kept(stopper)
            epochs.append(np.nan if isinstance(weights, str) else float(np.mean(weights)) - np.mean(NUMBERS))
    missing = len(losses) - len(stops)
    curves = {
        "the epoch whose weights are kept": np.array(epochs + epochs[-1:] * missing),
        "says stop (10) or go on (0)": 10 * np.array(stops + stops[-1:] * missing),
    }
    return Curves(np.arange(1.0, 1 + len(losses)), curves, xlabel="epoch")


EARLY_STOPPING = Exercise(
    name="EarlyStopping",
    kind="derive",
    minutes=15,
    level=2,
    reference=EarlyStopping,
    probe=probe_early_stopping,
    scene=scene_early_stopping,
    misconceptions=[
        *flags(FaultyStopping, IN_PAIRS, **TOLD),
        Misconception.of(StoppingWithAnOwnPatience, constant=(FIXED_PATIENCE, lambda epoch: int(epoch) - 1)),
        Misconception.of(StoppingWithAnOwnDefault, constant=(DEFAULTS, lambda epoch: int(epoch) - 1)),
        Misconception.of(StoppingWithAnOwnDelta, between=(1e-8, 10.0)),
        StoppingWithoutAVerdict,
        StoppingByAnException,
        replace(Misconception.of(StoppingOfTheClass), proof=(STARTS_ANEW, NOT_ANEW)),
    ],
    equivalents=[StoppingByHistory, StoppingByCountdown],
    hints=[
        "Three things are to be remembered: the best loss, how many epochs ago it was, and the weights that had it.",
        "With which number can the best loss begin, so that every first loss is below it?",
        "A comparison with NaN is False, whichever way. On which side of your `if` does that put it?",
    ],
)
