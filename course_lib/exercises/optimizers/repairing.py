"""The bug to be spotted: an Adadelta that keeps two means, and renews one of them twice."""

from functools import partial

import numpy as np

from course_lib import optimizers
from course_lib.checking.exercise import Exercise, flags
from course_lib.exercises.optimizers.probing import (
    CLIPPED,
    EPSILON,
    ONE_STEP,
    Faulty,
    alone,
    anywhere,
    descent_scene,
    holding,
    memory_messages,
    of_the_class,
    probe_steps,
)


class AdadeltaWithABug:
    """Adadelta, with one wrong line."""

    def __init__(self, learning_rate, rho, epsilon):
        self.learning_rate = learning_rate
        self.rho = rho
        self.epsilon = epsilon
        self.mean_square_gradients = None
        self.mean_square_changes = None

    def step(self, weights, gradients):
        if self.mean_square_gradients is None:
            self.mean_square_gradients = [np.zeros_like(weight) for weight in weights]
            self.mean_square_changes = [np.zeros_like(weight) for weight in weights]
        new = []
        for i in range(len(weights)):
            square = gradients[i] ** 2
            self.mean_square_gradients[i] = self.rho * self.mean_square_gradients[i] + (1 - self.rho) * square
            rms_gradient = np.sqrt(self.mean_square_gradients[i] + self.epsilon)
            rms_change = np.sqrt(self.mean_square_changes[i] + self.epsilon)
            change = -rms_change / rms_gradient * gradients[i]
            square = change**2
            self.mean_square_gradients[i] = self.rho * self.mean_square_gradients[i] + (1 - self.rho) * square
            new.append(weights[i] + self.learning_rate * change)
        return new


class RepairedAdadelta:
    """The squares of the gradients have their mean, and the squares of the changes have theirs."""

    def __init__(self, learning_rate, rho, epsilon):
        self.learning_rate = learning_rate
        self.rho = rho
        self.epsilon = epsilon
        self.mean_square_gradients = None
        self.mean_square_changes = None

    def step(self, weights, gradients):
        if self.mean_square_gradients is None:
            self.mean_square_gradients = [np.zeros_like(weight) for weight in weights]
            self.mean_square_changes = [np.zeros_like(weight) for weight in weights]
        new = []
        for i in range(len(weights)):
            square = gradients[i] ** 2
            self.mean_square_gradients[i] = self.rho * self.mean_square_gradients[i] + (1 - self.rho) * square
            rms_gradient = np.sqrt(self.mean_square_gradients[i] + self.epsilon)
            rms_change = np.sqrt(self.mean_square_changes[i] + self.epsilon)
            change = -rms_change / rms_gradient * gradients[i]
            square = change**2
            self.mean_square_changes[i] = self.rho * self.mean_square_changes[i] + (1 - self.rho) * square
            new.append(weights[i] + self.learning_rate * change)
        return new


def probe_repaired_adadelta(repaired_adadelta, rng):
    # A large ε, for with the usual one the first steps are too small to tell anything.
    usual = {"learning_rate": rng.uniform(0.5, 1.5), "rho": rng.uniform(0.7, 0.85), "epsilon": 0.05}
    others = {
        "learning rate 1, as in the paper, and rho 0.95": {"learning_rate": 1.0, "rho": 0.95, "epsilon": 0.05},
        "epsilon 1e-7 at learning rate 1000": {"learning_rate": 1000.0, "rho": 0.9, "epsilon": 1e-7},
        "epsilon 0.5": {"learning_rate": 1.0, "rho": 0.9, "epsilon": 0.5},
    }
    yield from probe_steps(repaired_adadelta, rng, usual, {"learning_rate": 1.0, "rho": 0.9, "epsilon": 0.05}, others)


class FaultyAdadelta(Faulty):
    own_rho, own_epsilon = None, None

    def change(self, weight, gradient, memory):
        made = self.mistakes
        first = "changes" if "first_into_changes" in made else "gradients"
        self.renew(memory, first, first, gradient**2)
        change = self.ratio(memory) * gradient
        square = gradient**2 if "by_gradient" in made else change**2
        if "scaled" in made:
            square = self.learning_rate**2 * square
        if "never_renewed" not in made:
            kept, old = ("gradients" if half in made else "changes" for half in ("right_only", "left_only"))
            self.renew(memory, kept, old, square, swapped="changes_swapped" in made)
        if "renewed_first" in made:
            change = self.ratio(memory) * gradient
        return change if "no_rate" in made else self.learning_rate * change

    def ratio(self, memory):
        made = self.mistakes
        above = self.rms(memory["changes"], "unchanged")
        below = self.rms(memory["gradients"], "no_epsilon_below")
        if "upside_down" in made:
            above, below = below, above
        return (1 if "no_numerator" in made else above) / below

    def renew(self, memory, name, old, square, swapped=False):
        rho = self.rho if self.own_rho is None else self.own_rho
        rho = 1 - rho if swapped or "swapped" in self.mistakes else rho
        memory[name] = rho * memory[old] + (1 - rho) * square

    def rms(self, mean_square, without_epsilon):
        epsilon = self.epsilon if self.own_epsilon is None else self.own_epsilon
        if self.mistakes & {"no_epsilon", without_epsilon}:
            epsilon = 0.0
        if "no_root" in self.mistakes:
            return mean_square + epsilon
        if "epsilon_outside" in self.mistakes:
            return np.sqrt(mean_square) + epsilon
        return np.sqrt(mean_square + epsilon)


class AdadeltaOfTuples:
    """Both means of a weight together, in a dict; differences in place of sums."""

    def __init__(self, learning_rate=1.0, rho=0.95, epsilon=1e-6):
        self.learning_rate, self.rho, self.epsilon, self.means = learning_rate, rho, epsilon, {}

    def step(self, weights, gradients):
        new = []
        for i, (weight, g) in enumerate(zip(weights, gradients, strict=True)):
            eg, ed = self.means.get(i, (0.0, 0.0))
            eg += (1 - self.rho) * (g * g - eg)
            delta = ((ed + self.epsilon) / (eg + self.epsilon)) ** 0.5 * g
            self.means[i] = eg, self.rho * ed + (1 - self.rho) * delta**2
            new.append(weight - self.learning_rate * delta)
        return new


class AdadeltaInPlace(RepairedAdadelta):
    """Like PyTorch, in place."""

    def step(self, weights, gradients):
        if self.mean_square_gradients is None:
            self.mean_square_gradients, self.mean_square_changes = ([0.0 * w for w in weights] for _ in range(2))
        means = self.mean_square_gradients, self.mean_square_changes
        for weight, g, square_average, accumulated in zip(weights, gradients, *means, strict=True):
            square_average *= self.rho
            square_average += g * g * (1 - self.rho)
            delta = np.sqrt(accumulated + self.epsilon)
            delta /= np.sqrt(square_average + self.epsilon)
            delta *= g
            accumulated *= self.rho
            accumulated += delta * delta * (1 - self.rho)
            weight -= self.learning_rate * delta
        return weights


INSIDE = "Both roots are √(mean + ε)."

REPAIRED_ADADELTA = Exercise(
    name="RepairedAdadelta",
    kind="repair",
    minutes=10,
    level=2,
    reference=optimizers.Adadelta,
    probe=probe_repaired_adadelta,
    misconceptions=[
        *flags(
            FaultyAdadelta,
            **memory_messages("both means", "mean"),
            never_renewed=(
                "Nothing goes wrong into the mean of the gradients now, but the mean of the changes stays 0.",
                "Let it take in the squares of the changes.",
            ),
            left_only=(
                "The new mean of the changes still comes from the old mean of the *gradients*.",
                "Repair the right side of that line, too.",
            ),
            right_only=(
                "The new mean of the changes still overwrites the mean of the *gradients*.",
                "Repair the left side of that line, too.",
            ),
            first_into_changes=(
                "Now both squares go into the mean of the changes: it is the other line that you changed.",
                "Let the squares of the gradients go into the mean of the gradients.",
            ),
            by_gradient=("The mean of the changes takes in g².", "It should take in the square of the change."),
            scaled=(
                "The mean of the changes takes in the change times the learning rate.",
                "Let it take in the change itself; the rate comes in at the end.",
            ),
            no_rate=("`learning_rate` is not used.", "The weight moves by learning_rate · change."),
            upside_down=(
                "The two means have changed places in the fraction.",
                "The root of the changes' mean is on top, that of the gradients' mean below.",
            ),
            no_numerator=("The root on top of the fraction is missing: without it this is RMSprop.", INSIDE),
        ),
        *alone(
            FaultyAdadelta,
            no_root=("The means are used without their roots.", INSIDE),
            epsilon_outside=("ε has left the roots, where it was right.", INSIDE),
            unchanged=(
                "The weights come back as they were: the first change is 0, and so are all.",
                "Keep ε in the root on top, or no change can ever begin; and return the new weights.",
            ),
            no_epsilon_below=("There is no ε in the root below: a gradient of 0 gives 0/0.", INSIDE),
            swapped=("ρ and 1 − ρ are swapped in both means.", "ρ is the part of the old mean that is kept."),
            changes_swapped=(
                "ρ and 1 − ρ are swapped in the mean of the changes.",
                "ρ is the part of the old mean that is kept.",
            ),
            renewed_first=(
                "The mean of the changes is renewed before the weight's change is taken, which then uses the new one.",
                "Take the change once, with the mean of the earlier changes, and renew the mean after it.",
            ),
        ),
        *anywhere(FaultyAdadelta, but="unchanged"),
        *of_the_class(FaultyAdadelta),
        holding(
            FaultyAdadelta,
            ONE_STEP,
            lambda x: {"own_epsilon": 0.1 * x[1] ** 2 / (1 - x[1] ** 2)},
            "other_epsilon",
            (EPSILON[0], EPSILON[1].format(" in both roots, √(mean + ε)")),
            own_epsilon=1e-6,
        ),
        holding(
            FaultyAdadelta,
            ONE_STEP,
            lambda x: {"own_rho": 1 - 0.05 / x[1] ** 2 + 0.05},
            "fixed",
            ("Your ρ is a number of your own, whatever the argument says.", "Use `self.rho`."),
            own_rho=0.95,
        ),
        *alone(partial(FaultyAdadelta, limit=1.0), clipped=CLIPPED),
    ],
    equivalents=[RepairedAdadelta, AdadeltaOfTuples, AdadeltaInPlace],
    hints=[
        "Print both means after each step, or follow what each line writes. Which of the two is never anything but 0?",
        "A mean is renewed from its own old value, and kept under its own name: count the names on both sides.",
        "One line renews the mean of the gradients, and that is right. Which of the two means does the line after the "
        "change speak of?",
    ],
    solution=RepairedAdadelta,
    buggy=AdadeltaWithABug,
    scene=descent_scene("BOWL", 60, learning_rate=1.0, rho=0.9, epsilon=1e-3),
)
