"""How people get early stopping wrong: what counts as better, what is counted, and which weights are kept."""

from typing import ClassVar

import numpy as np

ANEW = 7  # the patience of the first stopper of a probe, before which a class remembers nothing


class FaultyStopping:
    """Early stopping, with mistakes that are switched on by name."""

    def __init__(self, patience=3, min_delta=0.0, **made):
        self.patience, self.min_delta, self.made = patience, min_delta, made
        self.best = 0.0 if "from_0" in made else 1.0 if "from_1" in made else -np.inf if "larger" in made else np.inf
        self.previous, self.first = np.inf, None
        self.wait, self.epoch = 0, 0
        self.best_weights = None

    def update(self, loss, weights):
        made = self.made
        self.epoch += 1
        if "rounded" in made:
            loss = np.round(loss, 2)
        if np.isnan(loss) and "nan_stops" in made:
            return True
        if np.isnan(loss) and "nan_skipped" in made:
            return False
        is_better = self.is_better(loss)
        self.previous = loss
        self.first = loss if self.first is None else self.first
        self.keep(loss, weights, is_better)
        if (is_better and "never_best" not in made) or ("small_steps_move" in made and loss < self.best):
            self.best = loss
        if is_better:
            self.wait = self.wait if "total" in made else max(self.wait - 1, 0) if "one_off" in made else 0
        elif "worse_alone" not in made or loss > self.best + self.min_delta:
            self.wait += 1
        stops = self.stops()
        if "forgotten" in made:
            self.wait = 0
        if "kept_at_stop" in made and stops:
            self.best_weights = [np.copy(weight) for weight in weights]
        return stops

    def is_better(self, loss):
        made = self.made
        delta = 0.0 if {"no_delta", "worse_alone"} & made.keys() else self.min_delta
        delta = -delta if "delta_added" in made else delta
        best = self.previous if "previous" in made else self.best
        if "first_loss" in made:
            best = np.inf if self.first is None else self.first
        limit = best * (1 - delta) if "relative" in made and np.isfinite(best) else best - delta
        if "larger" in made:
            return loss > best + delta
        if "turned" in made:
            return loss > limit
        if "apart" in made:
            return abs(loss - best) > delta
        if "plateau" in made:
            return loss <= limit
        if "plateau_and_nan" in made:
            return not loss > limit
        if "nan_better" in made:
            return not loss >= limit
        return loss < limit

    def keep(self, loss, weights, is_better):
        made = self.made
        copies = [np.copy(weight) for weight in weights]
        if "nothing_kept" in made or "kept_at_stop" in made:
            return
        if "last_kept" in made:
            self.best_weights = copies
        elif "first_kept" in made:
            self.best_weights = self.best_weights or copies
        elif "worse_kept" in made:
            self.best_weights = self.best_weights if is_better else copies
        elif "any_better_kept" in made and loss < getattr(self, "lowest", np.inf):
            self.lowest, self.best_weights = loss, copies
        elif "any_better_kept" not in made and is_better:
            before = self.best_weights
            self.best_weights = copies
            if "first_array" in made:
                self.best_weights = copies[0]
            if "loss_kept" in made:
                self.best_weights = loss
            if "mean_kept" in made and before is not None:
                self.best_weights = [(a + b) / 2 for a, b in zip(before, copies, strict=True)]
            if "all_kept" in made:
                self.best_weights = [*(before or []), copies]

    def stops(self):
        made = self.made
        if "never" in made:
            return False
        if "by_epochs" in made:
            return self.epoch > self.patience
        if "goes_on" in made:
            return self.wait < self.patience
        limit = 1 if "at_once" in made else self.patience + ("late" in made) - ("early" in made)
        return self.wait >= limit


class StoppingWithAnOwnPatience(FaultyStopping):
    """The patience is always the same number, whatever `patience` says.

    Store the argument in `self`, and compare with that.
    """

    def __init__(self, patience=3, min_delta=0.0, constant=3):
        super().__init__(constant, min_delta)


class StoppingWithAnOwnDefault(FaultyStopping):
    """Where no patience is given, yours is not 3.

    Take the defaults from the task's first lines: `patience=3, min_delta=0.0`.
    """

    def __init__(self, patience=None, min_delta=0.0, constant=5):
        super().__init__(constant if patience is None else patience, min_delta)


class StoppingWithAnOwnDelta(FaultyStopping):
    """Where no min_delta is given, yours is not 0: small steps down do not count as better.

    Take the defaults from the task's first lines: `patience=3, min_delta=0.0`.
    """

    def __init__(self, patience=3, min_delta=None, constant=0.01):
        super().__init__(patience, constant if min_delta is None else min_delta)


class StoppingWithoutAVerdict(FaultyStopping):
    """`update` returns something else than True or False: a count, the weights, or several things.

    Return the comparison alone, and leave the weights in `self.best_weights`.
    """

    def update(self, loss, weights):
        super().update(loss, weights)
        return self.wait


class StoppingByAnException(FaultyStopping):
    """Where training should stop, `update` raises StopIteration.

    Return True there, and False otherwise.
    """

    def update(self, loss, weights):
        if super().update(loss, weights):
            raise StopIteration
        return False


class StoppingOfTheClass(FaultyStopping):
    """What is remembered belongs to the class: a second one goes on with the best loss of the first.

    Make it in `__init__`, `self.… = …`, not in the class or as a parameter's default value.
    """

    memory: ClassVar[dict] = {}

    def __init__(self, patience=3, min_delta=0.0):
        super().__init__(patience, min_delta)
        if patience == ANEW:
            self.memory.clear()
        self.memory.setdefault("best", np.inf)

    def update(self, loss, weights):
        self.best = self.memory["best"]
        stops = super().update(loss, weights)
        self.memory["best"] = self.best
        return stops


TOLD = {
    "previous": (
        "You compare each loss with that of the epoch before: one that falls a little after a jump counts as better.",
        "Compare with the best loss so far, which changes only where there is a new best.",
    ),
    "first_loss": (
        "You compare each loss with the first one: everything below that counts as better.",
        "Renew the best loss whenever there is a new best.",
    ),
    "never_best": (
        "The best loss is not remembered: it stays where it began, so every loss that is a number counts as better.",
        "Store a new best in `self`, and do not set it anew in each update.",
    ),
    "plateau": (
        "A loss that is exactly the best one again counts as better, so that a plateau is never left.",
        "A new best must be below the old one: `<`, not `<=`.",
    ),
    "plateau_and_nan": (
        "A plateau and NaN count as better: both are “not worse”, and your code asks for that.",
        "Ask whether the loss is below the best: that is False for an equal loss, and for NaN.",
    ),
    "nan_better": (
        "NaN counts as better: every comparison with it is False, and your code takes that for a good sign.",
        "Ask whether the loss is below the best, without a `not`.",
    ),
    "nan_stops": (
        "You stop at the first NaN, although the patience is not used up.",
        "NaN is an epoch without a new best, like any other: count it.",
    ),
    "nan_skipped": (
        "An epoch whose loss is NaN is not counted at all.",
        "NaN is an epoch without a new best, like any other: count it.",
    ),
    "no_delta": (
        "`min_delta` plays no role: every loss below the best counts as better.",
        "Ask for more: the loss must be below the best by more than min_delta.",
    ),
    "delta_added": (
        "`min_delta` has the wrong sign: a loss that is a little above the best counts as better.",
        "A new best lies below best − min_delta.",
    ),
    "relative": (
        "`min_delta` is taken as a share of the best loss.",
        "It is a distance: a new best lies below best − min_delta.",
    ),
    "apart": (
        "A loss that is far above the best counts as better, too: an `abs` takes the sign away.",
        "A new best lies below the old one.",
    ),
    "larger": (
        "A larger loss counts as better.",
        "Accuracies are to rise; a loss is to fall.",
    ),
    "turned": (
        "No loss ever counts as better.",
        "A new best lies below the old one, which begins at infinity, anew for each stopper: look at the comparison, "
        "and at `__init__`.",
    ),
    "small_steps_move": (
        "A step down that is smaller than min_delta moves the best loss, although it does not count as better, so many "
        "small steps never add up to a new best.",
        "Leave the best loss alone unless there is a new best.",
    ),
    "worse_alone": (
        "Only losses that are above the best by more than min_delta are counted, and any smaller one is a new best: on "
        "a plateau nothing is counted.",
        "There are two cases only: a new best, by more than min_delta, or one epoch more without.",
    ),
    "from_0": (
        "The best loss begins at 0, and no loss above 0 is ever below that.",
        "Begin with infinity, `np.inf`.",
    ),
    "from_1": (
        "The best loss begins at 1, so losses above 1 never count as better.",
        "Begin with infinity, `np.inf`.",
    ),
    "rounded": (
        "The losses are rounded before they are compared, so that small steps get lost.",
        "Compare them as they are; rounding is for printing.",
    ),
    "total": (
        "The count is never set back: epochs without a new best are counted over the whole training, not in a row.",
        "Set the count to 0 at every new best.",
    ),
    "one_off": (
        "At a new best the count goes down by one only.",
        "Set it to 0: the patience is for epochs in a row.",
    ),
    "forgotten": (
        "The count begins anew in each update, so it never exceeds 1.",
        "Keep it in `self`, and set it to 0 only at a new best.",
    ),
    "late": (
        "You stop one epoch late.",
        "With patience 3, the third epoch in a row without a new best is the last: `>=`.",
    ),
    "early": (
        "You stop one epoch early.",
        "With patience 3, the third epoch in a row without a new best is the last. With which number does the count "
        "begin after a new best?",
    ),
    "at_once": (
        "You stop at the first epoch without a new best, whatever the patience.",
        "Count them, and compare the count with `self.patience`.",
    ),
    "by_epochs": (
        "You stop when there have been more epochs than the patience, better or not.",
        "Count only epochs without a new best.",
    ),
    "never": (
        "You never say stop.",
        "Return True where the count has reached the patience.",
    ),
    "goes_on": (
        "Your answer is the opposite one: True as long as training should go on.",
        "Return True where it is to stop.",
    ),
    "last_kept": (
        "The weights you keep are those of the last epoch.",
        "Store them only where there is a new best.",
    ),
    "first_kept": (
        "The weights you keep are those of the first epoch.",
        "Store them again at every new best.",
    ),
    "worse_kept": (
        "You keep the weights of epochs that brought no new best.",
        "Store them where the best loss is stored.",
    ),
    "any_better_kept": (
        "You keep the weights of the lowest loss, also where it is not below the best by more than min_delta.",
        "Store them only where there is a new best.",
    ),
    "kept_at_stop": (
        "You store the weights only when it is time to stop, and they are the last ones.",
        "Store them whenever there is a new best.",
    ),
    "nothing_kept": (
        "`best_weights` is None to the end: no weights are kept.",
        "Store a copy of them at every new best.",
    ),
    "first_array": (
        "You keep the first array of the weights alone.",
        "`weights` is a list of arrays: copy each of them.",
    ),
    "loss_kept": ("`best_weights` holds the best loss.", "Store a copy of the weights there."),
    "mean_kept": (
        "You keep a mean of weights, which no epoch had.",
        "Replace the old ones at every new best.",
    ),
    "all_kept": (
        "You collect the weights of every new best in one list.",
        "Replace the old ones: the last of them are the best.",
    ),
}

# What people also get wrong two at a time.
IN_PAIRS = {
    "previous",
    "plateau",
    "no_delta",
    "delta_added",
    "total",
    "last_kept",
    "nothing_kept",
    "nan_better",
    "from_0",
}
