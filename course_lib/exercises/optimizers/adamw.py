"""The exercise on AdamW: weight decay that is kept out of the gradient."""

from functools import partial

import numpy as np

from course_lib import optimizers
from course_lib.checking.exercise import Exercise, flags
from course_lib.exercises.optimizers.adam import ADAM, KNOWN, Adam
from course_lib.exercises.optimizers.adam_mistakes import MESSAGES as ADAM_MESSAGES
from course_lib.exercises.optimizers.adam_mistakes import RARER_MESSAGES, FaultyAdam, held
from course_lib.exercises.optimizers.probing import (
    ONE_STEP,
    alone,
    anywhere,
    descent_scene,
    holding,
    of_the_class,
    probe_steps,
)


class AdamW:
    """w ← w − learning_rate · weight_decay · w − learning_rate · m̂ / (√v̂ + ε), with Adam's m̂ and v̂ of the gradient."""

    def __init__(self, learning_rate, weight_decay, beta_1, beta_2, epsilon):
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.t = 0
        self.m = self.v = None

    def step(self, weights, gradients):
        if self.t == 0:
            self.m = [np.zeros_like(weight) for weight in weights]
            self.v = [np.zeros_like(weight) for weight in weights]
        self.t += 1
        new = []
        for i, (weight, gradient) in enumerate(zip(weights, gradients, strict=True)):
            self.m[i] = self.beta_1 * self.m[i] + (1 - self.beta_1) * gradient
            self.v[i] = self.beta_2 * self.v[i] + (1 - self.beta_2) * gradient**2
            m_hat = self.m[i] / (1 - self.beta_1**self.t)
            v_hat = self.v[i] / (1 - self.beta_2**self.t)
            decayed = weight - self.learning_rate * self.weight_decay * weight
            new.append(decayed - self.learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon))
        return new


def probe_adamw(adamw, rng):
    usual = {
        "learning_rate": rng.uniform(0.1, 0.3),
        "weight_decay": rng.uniform(0.2, 0.5),
        "beta_1": rng.uniform(0.7, 0.85),
        "beta_2": rng.uniform(0.9, 0.97),
        "epsilon": 1e-7,
    }
    others = {
        "weight decay 1 at learning rate 0.05": usual | {"weight_decay": 1.0, "learning_rate": 0.05},
        "weight decay 0, which is Adam": usual | {"weight_decay": 0.0},
        "epsilon 0.5": usual | {"epsilon": 0.5},
    }
    yield from probe_steps(adamw, rng, usual, KNOWN | {"weight_decay": 0.5}, others)


class FaultyAdamW(FaultyAdam):
    own_decay, factor = None, 1.0

    def change(self, weight, gradient, memory):
        made = self.mistakes
        strength = self.factor * self.weight_decay if self.own_decay is None else self.own_decay
        decay = strength * weight
        if "no_decay" in made or ("not_biases" in made and np.ndim(weight) < 2):
            decay = 0.0
        if "growing" in made:
            decay = -decay
        if "same_for_all" in made:
            decay = strength
        if "by_square" in made:
            decay = strength * weight**2
        if "by_sign" in made:
            decay = strength * np.sign(weight)
        if "kept_share" in made:
            decay = (1 - self.weight_decay) * weight / self.learning_rate
        if made & {"l2", "l2_doubled"}:
            penalty = 2 * decay if "l2_doubled" in made else decay
            return super().change(weight, gradient + penalty, memory)
        if "l2_besides" in made:
            return super().change(weight, gradient + decay, memory) + self.learning_rate * decay
        if "into_m" in made:
            memory["m"] = memory["m"] + decay / self.beta_1 if self.beta_1 else memory["m"]
            return super().change(weight, gradient, memory)
        if "divided" in made:
            # As the step, but with the decay beside m̂ in its numerator.
            step = self.direction(gradient, memory)
            size = np.sqrt(memory["v"] / (1 - self.beta_2**self.t)) + self.epsilon
            return self.learning_rate * (step + decay / size)
        if "without_rate" not in made:
            decay = self.learning_rate * decay
        if "twice" in made:
            decay = decay * (2 - self.learning_rate * self.weight_decay)
        # Also where the step has the wrong sign, the decay has the right one.
        return super().change(weight, gradient, memory) + (-decay if "uphill" in made else decay)


class AdamWInPlace(Adam):
    """Like PyTorch: the weight is shrunk in place, and Adam goes on with what is left."""

    def __init__(self, learning_rate=1e-3, weight_decay=1e-2, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
        super().__init__(learning_rate, beta_1, beta_2, epsilon)
        self.weight_decay = weight_decay

    def step(self, weights, gradients):
        for weight in weights:
            weight *= 1 - self.learning_rate * self.weight_decay
        return super().step(weights, gradients)


class AdamWAroundAnAdam:
    """An Adam of one's own does the step, the decay is taken off its result, from the weights as they were."""

    def __init__(self, learning_rate, weight_decay, **settings):
        self.factor, self.adam = learning_rate * weight_decay, Adam(learning_rate, **settings)

    def step(self, weights, gradients):
        moved = self.adam.step(weights, gradients)
        return [new - self.factor * old for new, old in zip(moved, weights, strict=True)]


class AdamWInOneArray(AdamWAroundAnAdam):
    def step(self, weights, gradients):
        flat, gradient = (np.concatenate([array.ravel() for array in arrays]) for arrays in (weights, gradients))
        [moved] = self.adam.step([flat * (1 - self.factor)], [gradient])
        ends = np.cumsum([weight.size for weight in weights])[:-1]
        return [part.reshape(weight.shape) for part, weight in zip(np.split(moved, ends), weights, strict=True)]


class AdamWOfConvention:
    """The decay before Adam's step or after it, and any of the places that Adam's ε may stand in.

    After the step the decay takes its share of the step, too, which is a small difference and no mistake.
    """

    def __init__(self, learning_rate, weight_decay, after=False, adam=Adam, **settings):
        self.factor, self.after = 1 - learning_rate * weight_decay, after
        self.adam = adam(learning_rate=learning_rate, **settings)

    def step(self, weights, gradients):
        if self.after:
            return [self.factor * weight for weight in self.adam.step(weights, gradients)]
        return self.adam.step([self.factor * weight for weight in weights], gradients)


class AdamWAfterwardsWithoutRate(AdamWOfConvention):
    """You take the share weight_decay off the result of Adam's step: the learning rate has no part in it.

    Here the share is rate · weight_decay, as in Keras and PyTorch.
    """

    def __init__(self, learning_rate, weight_decay, **settings):
        super().__init__(learning_rate, weight_decay, after=True, **settings)
        self.factor = 1 - weight_decay


# Those of Adam's mistakes that are tried together with another one; the others stand alone.
IN_PAIRS = ("forgotten", "shared", "uphill", "no_correction", "t_stays_1", "t_per_weight", "no_root")
OFF_THE_WEIGHT = "Take rate · weight_decay · w off the weight itself, and keep m and v of the gradient alone."
OWN_SHARE = "Take off the share rate · weight_decay of each weight."

ADAMW = Exercise(
    name="AdamW",
    kind="derive",
    minutes=8,
    level=2,
    reference=optimizers.AdamW,
    probe=probe_adamw,
    misconceptions=[
        *flags(
            FaultyAdamW,
            no_decay=("Nothing decays: this is Adam.", "Take rate · weight_decay · w off every weight besides."),
            l2=(
                "You add weight_decay · w to the gradient, an L2 penalty, which Adam divides by √v̂ like all the rest.",
                OFF_THE_WEIGHT,
            ),
            divided=(
                "The decay is divided by √v̂ + ε, with the step.",
                "Keep rate · weight_decay · w outside that fraction.",
            ),
            without_rate=(
                "The decay is not multiplied by the learning rate.",
                "Here it is rate · weight_decay · w, as in Keras and PyTorch.",
            ),
            growing=("The decay has the wrong sign: your weights grow.", "Take rate · weight_decay · w *off*."),
            not_biases=(
                "Only kernels decay, and biases do not, as one often has it.",
                "Asked for here is every weight.",
            ),
            **{name: ADAM_MESSAGES[name] for name in IN_PAIRS},
        ),
        *alone(
            FaultyAdamW,
            l2_doubled=(
                "You add 2 · weight_decay · w to the gradient, an L2 penalty, which Adam divides by √v̂ like the rest.",
                OFF_THE_WEIGHT,
            ),
            l2_besides=("Weights decay twice, by an L2 penalty in the gradient and besides it.", OFF_THE_WEIGHT),
            into_m=("weight_decay · w comes into m, and so does not act on its own.", OFF_THE_WEIGHT),
            twice=("The decay is taken off twice in each step.", "Take it off once, before Adam's step or after it."),
            same_for_all=("All weights decay by the same amount: the factor w is missing.", OWN_SHARE),
            by_square=("Your decay is in proportion to w², not to w.", OWN_SHARE),
            by_sign=("Your decay has the sign of w, but not its size: that is L1's.", OWN_SHARE),
            kept_share=("You keep only the share weight_decay of each weight: w becomes weight_decay · w.", OWN_SHARE),
            **{name: told for name, told in ADAM_MESSAGES.items() if name not in IN_PAIRS},
            **RARER_MESSAGES,
        ),
        AdamWAfterwardsWithoutRate,
        *anywhere(FaultyAdamW),
        *of_the_class(FaultyAdamW),
        holding(
            FaultyAdamW,
            ONE_STEP,
            lambda x: {"own_decay": (1 - x[3]) / 0.1},
            "fixed_decay",
            ("Your weight decay is a number of your own, whatever the argument says.", "Use `self.weight_decay`."),
            own_decay=0.01,
        ),
        holding(
            FaultyAdamW,
            ONE_STEP,
            lambda x: {"factor": (1 - x[3]) / 0.1 / 0.5},
            "decay_factor",
            (
                "The decay is not rate · weight_decay · w: a constant factor multiplies it.",
                OWN_SHARE,
            ),
            factor=0.5,
        ),
        *held(FaultyAdamW, kept=1 - 0.1 * 0.5),
    ],
    equivalents=[AdamW, AdamWInPlace, AdamWAroundAnAdam, AdamWInOneArray],
    accepts=[
        partial(AdamWOfConvention, after=after, adam=adam)
        for after in (False, True)
        for adam in (Adam, *ADAM.accepts)
        if after or adam is not Adam
    ],
    hints=[
        "Adam's memories should see the gradient of the loss, and nothing else. Where does the decay act, then?",
        "In each step a weight is to lose a fixed share of itself. Which factor is left of it?",
        "Adam takes its step from the weights, or from what is left of them: both are right. The decay meets no √v̂.",
    ],
    solution=AdamW,
    scene=descent_scene("BOWL", 40, learning_rate=0.2, weight_decay=0.1, beta_1=0.9, beta_2=0.999, epsilon=1e-7),
)
