"""Three exercises that the engine is tried on: a function, a class with state, and a random answer."""

from types import SimpleNamespace

import numpy as np
import pytest

from course_lib.checking.exercise import Exercise, Misconception, Row, Statistic, flags
from course_lib.checking.judge import judge
from course_lib.checking.observe import observe
from tests.checking.out_of_order import kernel, notebook, unwatched  # noqa: F401  (fixtures)


def softmax(logits, axis=-1):
    shifted = np.exp(logits - np.max(logits, axis=axis, keepdims=True))
    return shifted / shifted.sum(axis=axis, keepdims=True)


def probe_softmax(softmax, rng):
    logits, batch = rng.normal(size=5), rng.normal(size=(4, 3))
    yield "one row of logits", lambda: softmax(logits)
    yield "a batch, along the last axis", lambda: softmax(batch)
    yield "along axis 0", lambda: softmax(batch, axis=0)
    yield Row("very large logits", lambda: softmax(np.array([1000.0, 0.0, -1000.0])), weight=3, essential=True)


def faulty_softmax(logits, axis=-1, *, no_shift=False, whole_array=False):
    powers = np.exp(logits - (0 if no_shift else np.max(logits, axis=axis, keepdims=True)))
    return powers / (powers.sum() if whole_array else powers.sum(axis=axis, keepdims=True))


class Momentum:
    def __init__(self, learning_rate=0.1, momentum=0.9):
        self.learning_rate, self.momentum, self.velocities = learning_rate, momentum, None

    def step(self, weights, gradients):
        if self.velocities is None:
            self.velocities = [np.zeros_like(w) for w in weights]
        self.velocities = [
            self.momentum * v - self.learning_rate * g for v, g in zip(self.velocities, gradients, strict=True)
        ]
        return [w + v for w, v in zip(weights, self.velocities, strict=True)]


class FaultyMomentum(Momentum):
    def __init__(self, learning_rate=0.1, momentum=0.9, *, uphill=False, forgets=False, shared=False):
        super().__init__(learning_rate, momentum)
        self.uphill, self.forgets, self.shared = uphill, forgets, shared

    def step(self, weights, gradients):
        if self.velocities is None or self.forgets:
            self.velocities = [np.zeros_like(w) for w in weights]
        new = []
        for i, (w, g) in enumerate(zip(weights, gradients, strict=True)):
            v = self.momentum * self.velocities[0 if self.shared else i] - self.learning_rate * g
            self.velocities[0 if self.shared else i] = v
            new.append(w - v if self.uphill else w + v)
        return new


def probe_momentum(momentum_class, rng):
    start, slopes = rng.normal(size=(2, 3)), rng.normal(size=(4, 2, 3))

    def run(steps, **settings):
        optimizer, weights = momentum_class(**settings), [start[0], start[1]]
        for slope in slopes[:steps]:
            weights = optimizer.step(weights, [slope[0], slope[1]])
        return weights

    yield "one step", lambda: run(1)
    yield "four steps", lambda: run(4)
    yield "another rate and momentum", lambda: run(4, learning_rate=0.5, momentum=0.5)
    yield "its learning rate", lambda: momentum_class(learning_rate=0.25).learning_rate


def dropout(x, rate, seed):
    keep = np.random.default_rng(seed).random(x.shape) >= rate
    return x * keep / (1 - rate)


def not_inverted(x, rate, seed):
    return x * (np.random.default_rng(seed).random(x.shape) >= rate)


def rate_is_keep(x, rate, seed):
    return x * (np.random.default_rng(seed).random(x.shape) < rate) / rate


def one_mask_for_all(x, rate, seed):
    return x * (np.random.default_rng(seed).random(x.shape[1]) >= rate) / (1 - rate)


def probe_dropout(dropout, rng):
    ones, seed, n = np.ones((200, 100)), int(rng.integers(2**31)), 20_000
    yield "the survivors' values", lambda: sorted(set(np.unique(dropout(ones, 0.2, seed)).tolist()))
    yield Statistic(
        "the share of zeros at rate 0.2",
        lambda: np.mean(dropout(ones, 0.2, seed) == 0),
        expected=0.2,
        standard_deviation=np.sqrt(0.2 * 0.8 / n),
    )
    yield Statistic(
        "how much the rows' means differ",
        lambda: np.var(np.mean(dropout(ones, 0.5, seed) > 0, axis=1)),
        expected=0.25 / 100 * 199 / 200,
        standard_deviation=0.25 / 100 * np.sqrt(2 / 200),
    )


@pytest.fixture(scope="session")
def exercises():
    return SimpleNamespace(
        softmax=Exercise(
            "softmax",
            softmax,
            probe_softmax,
            flags(
                faulty_softmax, no_shift=("Subtract the largest logit.", ""), whole_array=("Sum along `axis` only.", "")
            ),
            hints=["Which number may you subtract?", "The largest."],
        ),
        momentum=Exercise(
            "Momentum",
            Momentum,
            probe_momentum,
            flags(
                FaultyMomentum,
                uphill=("Downhill!", ""),
                forgets=("Keep the velocity.", ""),
                shared=("One velocity each.", ""),
            ),
        ),
        dropout=Exercise(
            "dropout",
            dropout,
            probe_dropout,
            [
                Misconception(not_inverted, "Divide by 1 − rate."),
                Misconception(rate_is_keep, "`rate` is the share that is dropped."),
                Misconception(one_mask_for_all, "Draw a mask for every example."),
            ],
        ),
    )


@pytest.fixture(scope="session")
def report_on():
    """Observe and judge in one go: report_on(exercise, answer, seed=0, points=1)."""
    return lambda exercise, answer, seed=0, points=1: judge(exercise, observe(exercise, answer, seed), seed, points)
