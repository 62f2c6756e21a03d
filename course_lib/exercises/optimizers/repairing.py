"""The bug to be spotted: an Adadelta that keeps two means, and renews one of them twice."""

import numpy as np

from course_lib import optimizers
from course_lib.checking.exercise import Exercise, Misconception, flags
from course_lib.exercises.optimizers.probing import RETURNS_FIRST, Faulty, alone, memory_messages, probe_steps


class AdadeltaWithABug:
    """Adadelta, as the chapter shows it: find the line that is wrong."""

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
    yield from probe_steps(repaired_adadelta, rng, usual, others)


class FaultyAdadelta(Faulty):
    def change(self, weight, gradient, memory):
        made = self.mistakes
        first = "changes" if "first_into_changes" in made else "gradients"
        self.renew(memory, first, first, gradient**2)
        above, below = self.rms(memory["changes"]), self.rms(memory["gradients"])
        if "upside_down" in made:
            above, below = below, above
        change = (1 if "no_numerator" in made else above) / below * gradient
        square = gradient**2 if "by_gradient" in made else change**2
        if "scaled" in made:
            square = self.learning_rate**2 * square
        if "never_renewed" not in made:
            kept, old = ("gradients" if half in made else "changes" for half in ("right_only", "left_only"))
            self.renew(memory, kept, old, square)
        return change if "no_rate" in made else self.learning_rate * change

    def renew(self, memory, name, old, square):
        memory[name] = self.rho * memory[old] + (1 - self.rho) * square

    def rms(self, mean_square):
        if "no_root" in self.mistakes:
            return mean_square + self.epsilon
        if "epsilon_outside" in self.mistakes:
            return np.sqrt(mean_square) + self.epsilon
        return np.sqrt(mean_square + self.epsilon)


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


REPAIRED_ADADELTA = Exercise(
    name="RepairedAdadelta",
    reference=optimizers.Adadelta,
    probe=probe_repaired_adadelta,
    misconceptions=[
        Misconception(
            AdadeltaWithABug,
            "The bug is still there. There are two means, but only one of them is ever renewed, and it twice: where do "
            "the squares of the changes go?",
        ),
        *flags(
            FaultyAdadelta,
            **memory_messages("both means", "mean"),
            never_renewed="Now nothing goes wrong into the mean of the gradients, but the mean of the changes stays 0. "
            "It takes in the squares of the changes.",
            left_only="The line is repaired on its left side only: the new mean of the changes still comes from the "
            "old mean of the *gradients*.",
            right_only="The line is repaired on its right side only: the result still overwrites the mean of the "
            "*gradients*.",
            first_into_changes="You changed the other line: now both go into the mean of the changes. The squares of "
            "the gradients belong to the mean of the gradients.",
            by_gradient="The mean of the changes takes in g². It should take in the square of the change.",
            scaled="The mean of the changes takes in the change times the learning rate. It takes the change itself; "
            "the rate comes in at the end.",
            no_rate="`learning_rate` is not used. The paper has none, the code has: the weight moves by "
            "learning_rate · change.",
            upside_down="The two means have changed places: the root of the changes' mean is on top of the fraction, "
            "that of the gradients' mean below, and each mean takes in its own squares.",
            no_numerator="The changes' root is missing on top of the fraction: without it this is RMSprop.",
        ),
        *alone(
            FaultyAdadelta,
            returns_first=RETURNS_FIRST,
            no_root="A root is missing: both means have one, √(mean + ε).",
            epsilon_outside="ε has left the root. It was right inside, √(mean + ε): outside, the first steps are of "
            "another size.",
        ),
    ],
    equivalents=[RepairedAdadelta, AdadeltaOfTuples, AdadeltaInPlace],
    hints=[
        "Print both means after each step, or follow what each line writes. Which of the two is never anything but 0?",
        "A mean is renewed from its own old value, and kept under its own name: count the names on both sides.",
        "In the last line but one of the loop, both `mean_square_gradients` should be `mean_square_changes`.",
    ],
    solution=RepairedAdadelta,
)
