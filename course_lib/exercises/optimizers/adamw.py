"""The exercise on AdamW: weight decay that is kept out of the gradient."""

from functools import partial

import numpy as np

from course_lib import optimizers
from course_lib.checking.exercise import Exercise, flags
from course_lib.exercises.optimizers.adam import ADAM, Adam, FaultyAdam
from course_lib.exercises.optimizers.adam import MESSAGES as ADAM_MESSAGES
from course_lib.exercises.optimizers.probing import RETURNS_FIRST, alone, probe_steps


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
    yield from probe_steps(adamw, rng, usual, others)


class FaultyAdamW(FaultyAdam):
    def change(self, weight, gradient, memory):
        made = self.mistakes
        rate, decay = self.learning_rate, self.weight_decay * weight
        if "no_decay" in made or ("not_biases" in made and weight.ndim < 2):
            decay = 0.0
        if "growing" in made:
            decay = -decay
        if "fixed_decay" in made:
            decay = 0.01 * weight
        if made & {"l2", "l2_doubled"}:
            penalty = 2 * decay if "l2_doubled" in made else decay
            return rate * self.direction(gradient + penalty, memory)
        if "divided" in made:
            # As the step, but with the decay beside m̂ in its numerator.
            step = self.direction(gradient, memory)
            size = np.sqrt(memory["v"] / (1 - self.beta_2**self.t)) + self.epsilon
            return rate * (step + decay / size)
        if "without_rate" not in made:
            decay = rate * decay
        # Also where the step has the wrong sign, the decay has the right one.
        return rate * self.direction(gradient, memory) + (-decay if "uphill" in made else decay)


FROM_ADAM = ("forgotten", "shared", "uphill", "no_correction", "t_stays_1", "t_per_weight", "no_root")


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


ADAMW = Exercise(
    name="AdamW",
    reference=optimizers.AdamW,
    probe=probe_adamw,
    misconceptions=[
        *flags(
            FaultyAdamW,
            no_decay="Nothing decays: this is Adam. Take rate · weight_decay · w off every weight besides.",
            l2="You add weight_decay · w to the gradient, an L2 penalty. Adam then divides it by √v̂ like all the rest; "
            "take the decay off the weight itself instead.",
            divided="The decay is divided by √v̂ + ε, with the step. It stays outside that fraction: "
            "rate · weight_decay · w.",
            without_rate="The decay is not multiplied by the learning rate. Here it is rate · weight_decay · w, as in "
            "Keras and PyTorch; the paper has a schedule of its own in that place.",
            growing="The decay has the wrong sign: your weights grow. Take rate · weight_decay · w *off*.",
            not_biases="Only kernels decay. One often leaves biases out, but asked for here is every weight.",
            **{name: ADAM_MESSAGES[name] for name in FROM_ADAM},
        ),
        *alone(
            FaultyAdamW,
            returns_first=RETURNS_FIRST,
            l2_doubled="You add 2 · weight_decay · w to the gradient, an L2 penalty. Adam then divides it by √v̂ like "
            "all the rest; take rate · weight_decay · w off the weight itself instead.",
            fixed_decay="Your weight decay is 0.01 whatever the argument says. Use `self.weight_decay`.",
        ),
    ],
    equivalents=[AdamW, AdamWInPlace, AdamWAroundAnAdam, AdamWInOneArray],
    accepts=[
        partial(AdamWOfConvention, after=after, adam=adam)
        for after in (False, True)
        for adam in (Adam, *ADAM.accepts)
        if after or adam is not Adam
    ],
    hints=[
        "m and v see the gradient of the loss, and nothing else. Where does the decay act, then?",
        "Adam's step stays as it is. Which share of a weight is taken off besides, in one step?",
        "The new weight is `weight - learning_rate * weight_decay * weight - learning_rate * m_hat / "
        "(np.sqrt(v_hat) + epsilon)`.",
    ],
    solution=AdamW,
)
