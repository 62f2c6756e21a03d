"""Searches played through on chapter 13's stored study: a thousand of each kind, so that luck can be seen."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

import numpy as np

from course_lib import tuning
from course_lib.tuning_study import EPOCHS, SPACE, stored_study
from course_lib.widgets.own import Own

DRAWS = 1000
ETA = 3
ROUNDS = (1, 3, EPOCHS)  # how many epochs a setting is trained for in each round of successive halving


@dataclass(frozen=True)
class Searches:
    """A thousand searches of one kind and budget.

    Args:
        trials: the part of the study that they draw from.
        rounds: for each round the epochs of its trainings, and which trials are trained: array (DRAWS, trainings).
    """

    trials: list[dict]
    rounds: list[tuple[int, np.ndarray]]

    @cached_property
    def epochs(self) -> np.ndarray:
        """For how many epochs each run trains: (runs,), one after the other."""
        return np.concatenate([np.full(places.shape[1], epochs) for epochs, places in self.rounds])

    @cached_property
    def spent(self) -> np.ndarray:
        """How many epochs are spent when each run ends."""
        return self.epochs.cumsum()

    @cached_property
    def places(self) -> np.ndarray:
        """Which trial each run trains: (DRAWS, runs)."""
        return np.concatenate([places for _, places in self.rounds], axis=1)

    @cached_property
    def scores(self) -> np.ndarray:
        """The validation accuracy of each trial after each epoch: (trials, EPOCHS)."""
        return scores_of(self.trials)

    @cached_property
    def best(self) -> np.ndarray:
        """The best score so far among those that were trained longest: (DRAWS, runs)."""
        rounds = [np.maximum.accumulate(self.scores[places, epochs - 1], axis=1) for epochs, places in self.rounds]
        return np.concatenate(rounds, axis=1)

    @property
    def bests(self) -> np.ndarray:
        """What each search finds in the end: (DRAWS,)."""
        return self.best[:, -1]

    @cached_property
    def average(self) -> np.ndarray:
        """The mean of `best` over the draws: (runs,)."""
        return self.best.mean(axis=0)

    @cached_property
    def spread(self) -> np.ndarray:
        """Between which two scores nine of ten draws lie: (2, runs)."""
        return np.quantile(self.best, [0.05, 0.95], axis=0)

    @property
    def settings(self) -> int:
        """How many different settings each search tries."""
        return self.rounds[0][1].shape[1]

    def runs(self, budget: int) -> int:
        """How many runs end within `budget` whole trainings."""
        return int(np.searchsorted(self.spent, EPOCHS * budget, side="right"))

    def latest(self, draw: int, runs: int) -> dict[int, int]:
        """For each trial of the first `runs`, by how many epochs it has been trained."""
        return dict(zip(self.places[draw, :runs].tolist(), self.epochs[:runs].tolist(), strict=True))

    def trained_longest(self, draw: int, runs: int) -> list[int]:
        """The trials of the round in which the last of the first `runs` lies, in their order."""
        return self.places[draw, :runs][self.epochs[:runs] == self.epochs[runs - 1]].tolist()

    def leader(self, draw: int, runs: int) -> int:
        """The best trial of that round."""
        longest = self.trained_longest(draw, runs)
        return longest[int(np.argmax(self.scores[longest, self.epochs[runs - 1] - 1]))]


@lru_cache(maxsize=12)
def searches(method: str, budget: int, low: float, high: float, seed: int) -> Searches:
    """Play a thousand searches through.

    Args:
        method: "random", "grid" or "halving".
        budget: int ≥ 2, how many whole trainings may be paid for; each draws as many as fit and the study has.
        low, high: the ends between which the learning rate lies.
        seed: of the draws.
    """
    rng = np.random.default_rng(seed)
    trials = between("grid" if method == "grid" else "random", low, high)
    if method == "grid":
        return Searches(trials, [(EPOCHS, grids(trials, budget, rng))])
    shuffled = rng.random((DRAWS, len(trials))).argsort(axis=1)
    if method == "random":
        return Searches(trials, [(EPOCHS, shuffled[:, :budget])])
    return Searches(trials, halvings(trials, shuffled[:, : settings_to_halve(budget, len(trials))]))


@cache
def between(search: str, low: float, high: float) -> list[dict]:
    """The stored trials with a learning rate from `low` to `high`."""
    return [trial for trial in stored_study(search) if low <= trial["rate"] <= high]


def scores_of(trials: list[dict]) -> np.ndarray:
    """The validation accuracies after each epoch: (trials, EPOCHS)."""
    return np.array([trial["epochs"] for trial in trials])


def grids(trials: list[dict], budget: int, rng: np.random.Generator) -> np.ndarray:
    """Which trials are on each of a thousand grids, made of values of the stored one: (DRAWS, trainings).

    The learning rate, which is known to matter, gets the most of the values; chance says how many each of the others
    has, and which values are taken.
    """
    shape = tuple(len({trial[name] for trial in trials}) for name in SPACE)
    numbers, ways = np.arange(len(trials)).reshape(shape), levels_for(budget, shape)

    def grid():
        levels = ways[rng.integers(len(ways))]
        chosen = [np.sort(rng.permutation(most)[:few]) for most, few in zip(shape, levels, strict=True)]
        return numbers[np.ix_(*chosen)].ravel()

    return np.array([grid() for _ in range(DRAWS)])


def levels_for(budget: int, shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """How many values each hyperparameter may have on the largest grid that the budget pays for.

    Of grids of one size it is the most even one; where it cannot be even, the learning rate has the most values.
    """
    ways = [levels for levels in itertools.product(*(range(1, most + 1) for most in shape))]
    largest = max(math.prod(levels) for levels in ways if math.prod(levels) <= budget)
    ways = [levels for levels in ways if math.prod(levels) == largest]
    ways = [levels for levels in ways if sum(levels) == min(map(sum, ways))]
    return [levels for levels in ways if levels[0] == max(levels[0] for levels in ways)]


def halvings(trials: list[dict], drawn: np.ndarray) -> list[tuple[int, np.ndarray]]:
    """The rounds of successive halving that begin with the trials `drawn`: (DRAWS, settings)."""
    scores, rounds = scores_of(trials), [(ROUNDS[0], drawn)]
    for epochs in ROUNDS[1:]:
        before, alive = rounds[-1]
        order = np.argsort(-scores[alive, before - 1], axis=1, kind="stable")
        rounds.append((epochs, np.take_along_axis(alive, order[:, : max(1, alive.shape[1] // ETA)], axis=1)))
    return rounds


def settings_to_halve(budget: int, trials: int) -> int:
    """How many of `trials` settings successive halving can begin with when it may spend `budget` whole trainings."""

    def cost(settings):
        spent = 0
        for epochs in ROUNDS:
            spent += settings * epochs
            settings = max(1, settings // ETA)
        return spent

    return max(settings for settings in range(1, trials + 1) if cost(settings) <= EPOCHS * budget)


# --- the reader's own pieces, where they have written them


def halved(scores: np.ndarray) -> float:
    """The last score of what successive halving chooses of settings that have these scores after each epoch."""
    return with_rounds(tuning.successive_halving)(scores)


def with_rounds(halving: Callable) -> Callable:
    def last_score(scores):
        settings = [{"setting": place} for place in range(len(scores))]
        chosen = halving(
            settings, lambda setting, epochs: scores[setting["setting"], epochs - 1], ROUNDS[0], EPOCHS, ETA
        )
        return scores[chosen["setting"], -1]

    return last_score


EXPECTED_BEST = Own("expected_best", tuning.expected_best)
WIDEN = Own("widen", tuning.widen)
HALVING = Own("successive_halving", halved, with_rounds)
