"""What the regularization explorer trains: a network too large for few noisy points of two moons, with regularizers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from course_lib.checking.isolation import Failure
from course_lib.early_stopping import EarlyStopping
from course_lib.layers import Dense, Dropout
from course_lib.library import serving
from course_lib.losses import binary_crossentropy
from course_lib.network import Sequential
from course_lib.optimizers import Adam
from course_lib.regularizers import L1L2
from course_lib.widgets.own import Own, run_own, works

POINTS, UNITS, STEPS, RATE = 40, 32, 400, 0.01
EXACT = "float64"  # with which 400 steps give the same three digits on every machine
SPREAD = 0.3  # of the points around their moons
OWN_LIMIT = 4.0  # seconds that a training with a reader's own functions may take: about 0.3 where nothing else runs
# So few points at a time that BLAS multiplies them in one thread: two wait for each other where others compute, too.
PIECE = 200


@dataclass(frozen=True)
class Order:
    """A training. A strength or rate of 0 does nothing; `noise` is added to the inputs, drawn anew in each step."""

    l1: float = 0.0
    l2: float = 0.0
    dropout: float = 0.0
    noise: float = 0.0
    batch_size: int = POINTS
    seed: int = 0


@dataclass(frozen=True)
class Run:
    """A training, before its first step and after each: cross-entropies without penalties, and the weights."""

    training: np.ndarray  # (STEPS + 1,)
    validation: np.ndarray
    weights: list[np.ndarray]  # the kernel and the bias of each layer, (STEPS + 1, …)

    def after(self, step: int) -> list[np.ndarray]:
        return [weight[step] for weight in self.weights]


def two_moons(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return `count` points (count, 2) around two half circles that reach into each other, and labels (count, 1)."""
    along, labels = rng.uniform(0, np.pi, count), np.arange(count) % 2
    x = np.where(labels == 0, np.cos(along), 1 - np.cos(along))
    y = np.where(labels == 0, np.sin(along), 0.5 - np.sin(along))
    points = np.stack([x, y], axis=1) + rng.normal(0, SPREAD, (count, 2))
    return points, labels[:, None]


@lru_cache(maxsize=4)
def data(seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return points and labels to train on, to validate with, and to test with."""
    rng = np.random.default_rng(seed)
    return [two_moons(count, rng) for count in (POINTS, 100, 2000)]


# --- training


def train(order: Order, regularizer: Callable = L1L2, dropout: Callable = Dropout) -> Run:
    """Train as `order` says, with `regularizer(l1, l2)` and the layer `dropout(rate, dtype=…)`."""
    (x, y), (x_validation, y_validation), _ = data(order.seed)
    penalty = regularizer(order.l1, order.l2) if order.l1 or order.l2 else None
    layers: list = []
    for _ in range(2):
        layers.append(Dense(UNITS, activation="relu", kernel_regularizer=penalty, dtype=EXACT))
        if order.dropout:
            layers.append(dropout(order.dropout, dtype=EXACT))
    layers.append(Dense(1, activation="sigmoid", kernel_regularizer=penalty, dtype=EXACT))
    model = Sequential(layers, seed=order.seed)
    model.build(x.shape)
    model.compile(Adam(RATE), loss="binary_crossentropy")
    rng = np.random.default_rng(order.seed)
    left = rng.permutation(len(x))
    weights = [model.get_weights()]
    for _ in range(STEPS):
        rows, left = left[: order.batch_size], left[order.batch_size :]
        if not len(left):
            left = rng.permutation(len(x))
        noise = rng.normal(0, order.noise, (len(rows), 2)) if order.noise else 0.0
        model.train_on_batch(x[rows] + noise, y[rows])
        weights.append(model.get_weights())
    stacked = [np.stack(each) for each in zip(*weights, strict=True)]
    return Run(cross_entropies(stacked, x, y), cross_entropies(stacked, x_validation, y_validation), stacked)


def cross_entropies(weights: list[np.ndarray], points: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the mean cross-entropy at each step that the stacked `weights` are of."""
    hidden = points
    for kernel, bias in zip(weights[:4:2], weights[1:4:2], strict=True):
        hidden = np.maximum(hidden @ kernel + bias[:, None], 0)
    z = (hidden @ weights[4])[..., 0] + weights[5]
    # As if the points were the outputs of one example, over which the loss is a mean.
    return binary_crossentropy(np.broadcast_to(labels[:, 0], z.shape), z, from_logits=True, reduction="none")


def hidden_outputs(weights: list[np.ndarray], points: np.ndarray) -> np.ndarray:
    """Return what the last hidden layer gives for `points` (n, 2) in inference: (n, UNITS)."""
    first = np.maximum(points @ weights[0] + weights[1], 0)
    return np.maximum(first @ weights[2] + weights[3], 0)


def logits(weights: list[np.ndarray], points: np.ndarray) -> np.ndarray:
    """Return the logit (n, 1) of each point for the second moon, in inference."""
    pieces = np.split(points, range(PIECE, len(points), PIECE))
    return np.concatenate([hidden_outputs(weights, piece) @ weights[4] + weights[5] for piece in pieces])


def accuracy(weights: list[np.ndarray], points: np.ndarray, labels: np.ndarray) -> float:
    return float(np.mean((logits(weights, points) > 0) == (labels > 0.5)))


# --- the reader's own pieces


def penalty_and_gradient(l1_l2: Callable) -> Callable:
    """Make one array of what a function such as the exercise's returns."""

    def both(weights, l1, l2):
        penalty, gradient = l1_l2(weights, l1=l1, l2=l2)
        return np.append(np.ravel(gradient), penalty)

    return both


def course_l1_l2(weights, l1, l2):
    regularizer = L1L2(l1, l2)
    return regularizer(weights), regularizer.gradient(weights)


def mask_of(dropout: Callable) -> Callable:
    """Return which numbers survive, and by what they are multiplied: what dropout makes of ones."""
    return lambda shape, rate, seed: dropout(np.ones(shape), rate, True, seed)


def course_mask(shape, rate, seed):
    return Dropout(rate, seed).forward(np.ones(shape), training=True)


def are_masks_alike(theirs: np.ndarray, ours: np.ndarray) -> bool:
    """Whether two masks may be of one rate: what has passed its check is looked at here for accidents only."""
    return bool(np.allclose(theirs[theirs != 0], ours.max(), rtol=1e-3) and abs(np.mean(theirs) - 1) < 0.5)


OWN_L1_L2 = Own("l1_l2", penalty_and_gradient(course_l1_l2), penalty_and_gradient)
OWN_DROPOUT = Own("dropout", course_mask, mask_of, are_masks_alike)


class OwnPenalty:
    """A regularizer made of the function that serves for l1_l2."""

    def __init__(self, l1: float, l2: float):
        self._l1_l2, self._prices = serving.get("l1_l2"), {"l1": l1, "l2": l2}

    def __call__(self, weights):
        return self._l1_l2(weights, **self._prices)[0]

    def gradient(self, weights):
        return self._l1_l2(weights, **self._prices)[1]


class OwnDropout(Dropout):
    """A layer made of the function that serves for dropout."""

    def _forward(self, inputs, training):
        if not training:
            return super()._forward(inputs, training)
        mask = mask_of(serving.get("dropout"))(inputs.shape, self.rate, int(self._rng.integers(2**31)))
        self._mask = np.asarray(mask, self.dtype)
        return inputs * self._mask


def trained(order: Order) -> tuple[Run, list[str]]:
    """Return the run that is wanted, and which of its pieces are the reader's own."""
    whose = []
    if order.l1 or order.l2:
        sample = np.linspace(-2, 2, 6).reshape(2, 3)
        whose += ["penalty"] * works(OWN_L1_L2, arguments=(sample, order.l1, order.l2))[0]
    if order.dropout:
        whose += ["dropout"] * works(OWN_DROPOUT, arguments=((8, UNITS), order.dropout, order.seed))[0]
    targets = tuple(serving.served(name).target for name in ("l1_l2", "dropout")) if whose else ()
    run = run_of(order, tuple(whose), targets)
    return (run, whose) if run else (run_of(order, (), ()), [])


# As many as the settings that a reader compares. Moving through the steps of a training costs none.
@lru_cache(maxsize=12)
def run_of(order: Order, whose: tuple[str, ...], targets: tuple[Any, ...]) -> Run | None:
    """Return the run with the reader's own pieces, which are in `targets`; None where they cannot do it."""
    if not whose:
        return train(order)
    pieces = (OwnPenalty if "penalty" in whose else L1L2, OwnDropout if "dropout" in whose else Dropout)
    run = run_own(lambda: train(order, *pieces), OWN_LIMIT)
    return None if isinstance(run, Failure) or not np.isfinite(run.validation).all() else run


def stopping(losses: np.ndarray, patience: int) -> tuple[int, int | None]:
    """Return after which steps early stopping finds its best weights, and ends the training; None if it does not."""
    watch = EarlyStopping(patience=patience)
    watch.model = Sequential([Dense(1)])
    watch.on_train_begin()
    for step, loss in enumerate(losses):
        watch.on_epoch_end(step, {"val_loss": loss})
        if watch.stopped_epoch is not None:
            break
    return watch.best_epoch, watch.stopped_epoch
