"""What lies under the network microscope: a network built to order, or a copy of a reader's, and its training."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np

from course_lib import initializers
from course_lib.inspection import LayerInspection, inspect_step
from course_lib.layers import Dense
from course_lib.library import serving
from course_lib.network import Sequential
from course_lib.optimizers import SGD
from course_lib.widgets.own import Own

FEATURES, CLASSES, EXAMPLES = 32, 10, 128  # of the task that built networks are trained on
BATCH = 32  # rows of the data that a step of training takes
KEPT_EVERY = 20  # steps from one copy that is kept of a network in training to the next


# {what it is called: the initializer}. Exercises that ask for one bear the same name. Of the first two the scale
# factor is the deviation, or the value.
INITIALIZERS: dict[str, Callable] = {
    "standard_normal": partial(initializers.random_normal, stddev=1.0),
    "constant": partial(initializers.constant, value=1.0),
    "zeros": initializers.zeros,
    **{
        name: initializers.get(name)
        for name in (
            "fan_in_uniform",
            "lecun_normal",
            "glorot_uniform",
            "glorot_normal",
            "he_normal",
            "he_uniform",
            "orthogonal",
        )
    },
}


def are_draws_alike(theirs: np.ndarray, ours: np.ndarray) -> bool:
    """Whether two draws may be of one distribution: what has passed its check is looked at here for accidents only."""
    size = np.std(ours)
    if not size:
        return np.allclose(theirs, ours)
    return bool(size / 2 < np.std(theirs) < 2 * size and abs(np.mean(theirs) - np.mean(ours)) < size)


def without_dtype(initializer: Callable) -> Callable:
    """A reader's initializer need not know of dtypes: what it returns is converted."""
    return lambda shape, seed, dtype: initializer(shape, seed)


def own(name: str) -> Own | None:
    """The initializer called `name` as the reader may have written it; None where no exercise asks for it."""
    is_asked_for = any(exercise.name == name for _, exercise in serving.pieces())
    return Own(name, INITIALIZERS[name], without_dtype, are_draws_alike) if is_asked_for else None


@dataclass(frozen=True)
class Order:
    """A network to be built: `depth` hidden layers, all alike, and a softmax layer of CLASSES units."""

    depth: int
    width: int
    activation: str
    initializer: str
    scale: float
    learning_rate: float


class Specimen:
    """A compiled `network.Sequential`, which can be looked at after any number of training steps.

    Args:
        model: it stays as it is, if nobody else trains it: steps are done by copies.
        x, y: the batch that the network is looked at with. A step of training takes the next BATCH rows of it.
    """

    def __init__(self, model: Sequential, x: np.ndarray, y: np.ndarray):
        self.x, self.y = x, y
        self.layers = model.layers
        # Some of the networks on the way, {steps done: a copy}, so that the way back is short, too.
        self._kept = {0: model}
        self._last: tuple[int, Sequential | None] = (0, None)

    def after(self, steps: int) -> tuple[float, list[LayerInspection]]:
        """Return what `inspect_step` sees of the network after so many steps of training."""
        with np.errstate(all="ignore"):  # a network that explodes is a sight to see
            return inspect_step(self._trained(steps), self.x, self.y)

    def _trained(self, steps: int) -> Sequential:
        if steps in self._kept:
            return self._kept[steps]
        done, model = self._last
        nearest = max(kept for kept in self._kept if kept <= steps)
        if model is None or not nearest <= done <= steps:
            done, model = nearest, copy.deepcopy(self._kept[nearest])
        while done < steps:
            rows = np.arange(done * BATCH, (done + 1) * BATCH) % len(self.x)
            rows = rows[: len(self.x)]
            model.train_on_batch(self.x[rows], self.y[rows])
            done += 1
            if done % KEPT_EVERY == 0 and done not in self._kept:
                self._kept[done] = copy.deepcopy(model)
        self._last = done, model
        return model


@lru_cache(maxsize=1)
def task() -> tuple[np.ndarray, np.ndarray]:
    """The data of built networks: CLASSES clouds of points, standardized, in random order; (x, labels)."""
    rng = np.random.default_rng(0)
    centers = rng.normal(size=(CLASSES, FEATURES))
    labels = rng.permutation(np.arange(EXAMPLES) % CLASSES)
    x = centers[labels] + rng.normal(size=(EXAMPLES, FEATURES))
    return ((x - x.mean(axis=0)) / x.std(axis=0)).astype(np.float32), labels


def supplied(order: Order) -> tuple[Specimen, bool]:
    """Return the network that is wanted, and whether its initializer is the reader's own."""
    mine = own(order.initializer)
    target = serving.served(mine.name).target if mine and mine.is_yours else None
    return built(order, target), mine is not None and mine.is_yours


# The last two, so that the way back from a look at another one costs nothing.
@lru_cache(maxsize=2)
def built(order: Order, target: Any) -> Specimen:
    """The network that `order` says, by the reader's initializer `target` where there is one."""
    initializer = own(order.initializer) if target else INITIALIZERS[order.initializer]

    def scaled(shape, rng, dtype):
        # A reader's initializer takes an integer seed.
        return (order.scale * initializer(shape, int(rng.integers(2**31)), dtype)).astype(dtype)

    hidden = [Dense(order.width, activation=order.activation, kernel_initializer=scaled) for _ in range(order.depth)]
    output = Dense(CLASSES, activation="softmax", kernel_initializer=scaled)
    model = Sequential([*hidden, output], seed=0)
    model.build((None, FEATURES))
    model.compile(SGD(order.learning_rate), loss="sparse_categorical_crossentropy")
    return Specimen(model, *task())
