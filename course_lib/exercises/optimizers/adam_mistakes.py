"""How people get Adam wrong; AdamW has the same mistakes."""

from functools import partial

import numpy as np

from course_lib.checking.exercise import Misconception
from course_lib.exercises.optimizers.probing import (
    CLIPPED,
    EPSILON,
    KNOWN_GRADIENTS,
    ONE_STEP,
    TWO_STEPS,
    Faulty,
    from_0,
    holding,
    memory_messages,
)


class FaultyAdam(Faulty):
    calls, is_corrected = 0, 0
    own_beta_1, own_beta_2, own_epsilon, start_of_v = None, None, None, 0.0
    still, ahead, stride = None, 0, 1  # t: one number for good, too large, or advancing too fast
    form = "outside"  # where ε stands, see `divided`

    def step(self, weights, gradients):
        if "anew" in self.mistakes:
            self.t, self.memory = 0, {}
        return super().step(weights, gradients)

    def change(self, weight, gradient, memory):
        direction = self.direction(gradient, memory)
        return direction if "no_rate" in self.mistakes else self.learning_rate * direction

    def direction(self, gradient, memory):
        """m̂ / (√v̂ + ε)"""
        made = self.mistakes
        self.calls += 1
        t = self.calls if "t_per_weight" in made else 1 if "t_stays_1" in made else self.still or self.t
        t = self.stride * t + self.ahead - ("t_from_0" in made)
        beta_1 = self.beta_1 if self.own_beta_1 is None else self.own_beta_1
        beta_2 = self.beta_2 if self.own_beta_2 is None else self.own_beta_2
        if "swapped" in made:
            beta_1, beta_2 = beta_2, beta_1
        if "one_beta" in made:
            beta_2 = beta_1
        if "one_beta_2" in made:
            beta_1 = beta_2
        take_1, take_2 = 1 if "m_sum" in made else 1 - beta_1, 1 if "v_sum" in made else 1 - beta_2
        keep_1, keep_2 = beta_1, beta_2
        if "shares_swapped" in made:
            keep_1, take_1, keep_2, take_2 = take_1, keep_1, take_2, keep_2
        if self.t == 1 and made & {"m_from_first", "both_from_first"}:
            memory["m"] = gradient
        if self.t == 1 and made & {"v_from_first", "both_from_first"}:
            memory["v"] = gradient**2

        m = memory["m"] = keep_1 * memory["m"] + take_1 * gradient
        if "m_no_bracket" in made:
            m = memory["m"] = m + take_1 - beta_1 * gradient - take_1 * gradient + beta_1
        v = memory["v"] = keep_2 * memory.get("v", self.start_of_v) + take_2 * self.quantity(gradient, m)
        if "one_store" in made:
            m = v = memory["m"] = keep_2 * m + take_2 * gradient**2
        if "epsilon_adds_up" in made:
            v = memory["v"] = v + self.epsilon
        if "largest" in made:
            v = memory["largest"] = np.maximum(memory["largest"], v)
        return self.divided(gradient, m, v, self.corrections(beta_1, beta_2, t), memory)

    def quantity(self, gradient, m):
        """g²"""
        made = self.mistakes
        if "not_squared" in made:
            return gradient
        if "absolute" in made:
            return abs(gradient)
        if "doubled" in made:
            return gradient * 2
        if "squares_of_m" in made:
            return m**2
        if "deviation" in made:
            return (gradient - m) ** 2
        if "one_rate" in made:
            return np.sum(gradient**2)
        return np.mean(gradient**2) if "one_mean_rate" in made else gradient**2

    def corrections(self, beta_1, beta_2, t):
        """1 − β₁ᵗ and 1 − β₂ᵗ"""
        made = self.mistakes
        first, second = np.float64(1 - beta_1**t), np.float64(1 - beta_2**t)
        if "times_t" in made:
            first, second = np.float64(1 - beta_1 * t), np.float64(1 - beta_2 * t)
        if "power_2" in made:
            first, second = 1 - beta_1**2, 1 - beta_2**2
        if "power_of_bracket" in made:
            first, second = (1 - beta_1) ** t, (1 - beta_2) ** t
        if "correction_multiplied" in made:
            first, second = 1 / first, 1 / second
        return 1 if made & {"no_correction", "only_v"} else first, 1 if made & {"no_correction", "only_m"} else second

    def divided(self, gradient, m, v, corrections, memory):
        made = self.mistakes
        first, second = corrections
        epsilon = self.epsilon if self.own_epsilon is None else self.own_epsilon
        if made & {"rate_kept", "rate_kept_for_each"}:
            if "rate_kept" in made and self.is_corrected == self.t:
                return m / (np.sqrt(v) + epsilon)
            self.is_corrected = self.t
            self.learning_rate = self.learning_rate * np.sqrt(second) / first
            return m / (np.sqrt(v) + epsilon)
        epsilon = {"in hat": epsilon / second, "out hat": epsilon / np.sqrt(second)}.get(self.form, epsilon)
        m = m / first
        v = v / second**2 if "outside_root" in made else v / second
        if made & {"kept_corrected", "kept_m"}:
            memory["m"] = m
        if made & {"kept_corrected", "kept_v"}:
            memory["v"] = v
        if "no_momentum" in made:
            m = gradient
        if "look_ahead" in made:
            m = self.beta_1 * m + (1 - self.beta_1) * gradient / first
        if "falling_rate" in made:
            m = m / np.sqrt(self.t)
        if made & {"no_epsilon", "epsilon_adds_up"}:
            epsilon = 0
        if self.form.startswith("in"):
            return m / np.sqrt(v + epsilon)
        size = v if "no_root" in made else v / 2 if "half" in made else np.sqrt(v)
        if "floor" in made:
            return m / np.maximum(size, epsilon)
        if made & {"epsilon_on_weight", "epsilon_off_weight"}:
            sign = -1 if "epsilon_on_weight" in made else 1
            return m / size + sign * epsilon / self.learning_rate
        if "epsilon_beside" in made:
            return m / size + epsilon
        return m / (size + epsilon)


BRACKETS = "Brackets! Divide by np.sqrt(v_hat) + ε, where ε keeps 0/0 away."
POWER = "Divide by 1 − βᵗ, with βᵗ = `beta**t`."
COUNT = "Let t be 0 at first, and raise it by 1 in each step, before the loop over the weights."
OWN_NAMES = "Give the corrected ones names of their own."
ROOTED = "Divide v by 1 − β₂ᵗ, and take the root of the quotient; moved into the rate, it is √(1 − β₂ᵗ)."
M_STARTS, V_STARTS = "Let m be 0 before the first step.", "Let v be 0 before the first step."
ONE_RATE = "Keep v in the weight's shape: the mean is over the steps."
MESSAGES = {
    **memory_messages("m and v", "m and v"),
    "no_correction": (
        "The bias correction is missing: m and v start at 0, and are too small at first.",
        "Divide each by the share of a full mean that it holds after t steps: under a steady 1, what does it lack?",
    ),
    "only_m": ("m is corrected, and v is not.", "Correct v as you correct m, with β₂ in place of β₁."),
    "only_v": ("v is corrected, and m is not.", "Correct m as you correct v, with β₁ in place of β₂."),
    "t_stays_1": ("You divide by 1 − β in every step, as if t stayed 1.", f"{POWER} {COUNT}"),
    "t_per_weight": ("t advances with every weight, so that within one step each sees another t.", COUNT),
    "kept_corrected": (
        "You keep m̂ and v̂ in place of m and v, so the next step corrects them once more.",
        OWN_NAMES,
    ),
    "swapped": ("β₁ and β₂ are swapped.", "β₁ is the memory of m, for the gradient; β₂ that of v, for its square."),
    "m_sum": ("The gradient comes into m whole, so that m is a sum.", "With the factor 1 − β₁ it is a mean."),
    "v_sum": ("The square comes into v whole, so that v is a sum.", "With the factor 1 − β₂ it is a mean."),
    "no_root": ("The root of v̂ is missing.", "Divide by √v̂ + ε."),
    "epsilon_on_weight": ("ε is added to the new weight, outside the fraction.", BRACKETS),
    "epsilon_off_weight": ("ε is taken off the new weight, outside the fraction.", BRACKETS),
    "no_epsilon": ("There is no ε below the fraction: a gradient of 0 gives 0/0.", "Divide by √v̂ + ε."),
}
RARER_MESSAGES = {
    "anew": (
        "Everything begins anew in each step, t and the means: only the gradients' signs are left.",
        "Keep t, m and v in `self`, and make them once.",
    ),
    "t_from_0": ("Your t is one too small: 0 at the first step, where 1 − β⁰ is 0.", "Raise t before you use it."),
    "kept_m": ("You keep m̂ in place of m, so the next step corrects it once more.", OWN_NAMES),
    "kept_v": ("You keep v̂ in place of v, so the next step corrects it once more.", OWN_NAMES),
    "times_t": ("You divide by 1 − β · t: it falls, and may be below 0.", POWER),
    "power_2": ("You divide by 1 − β² in every step.", POWER),
    "power_of_bracket": ("You divide by (1 − β)ᵗ, the power of the whole bracket.", POWER),
    "correction_multiplied": (
        "m and v are multiplied by 1 − βᵗ in place of being divided: what was too small gets smaller.",
        "Divide by 1 − βᵗ. Moved into the rate, that is √(1 − β₂ᵗ) / (1 − β₁ᵗ).",
    ),
    "outside_root": ("The correction of v stands outside the root: √v is divided by 1 − β₂ᵗ.", ROOTED),
    "rate_kept": (
        "The corrected learning rate is kept, so the next step corrects it once more.",
        "Leave `self.learning_rate` as it is, and give the corrected one a name of its own.",
    ),
    "rate_kept_for_each": (
        "The learning rate is corrected once for each weight, and kept, so that the corrections pile up.",
        "Leave `self.learning_rate` as it is, and give the corrected one a name of its own.",
    ),
    "not_squared": (
        "v averages the gradient, not its square, and may be negative.",
        "Average g².",
    ),
    "absolute": ("v averages |g|, not its square.", "Average g²: the root is taken of the mean."),
    "doubled": ("`g * 2` is twice the gradient, not its square, and may be negative.", "Write `g**2`."),
    "squares_of_m": ("v averages the squares of m, not of the gradient.", "Average g²: `gradient**2`."),
    "deviation": ("v averages (g − m)², how far the gradient is from its mean: that is AdaBelief.", "Average g²."),
    "one_rate": ("The squares are summed over a weight's elements, so that they share one rate.", ONE_RATE),
    "one_mean_rate": ("The squares are averaged over a weight's elements, so that they share one rate.", ONE_RATE),
    "one_beta": ("You use β₁ for both means.", "That of v is β₂."),
    "one_beta_2": ("You use β₂ for both means.", "That of m is β₁."),
    "shares_swapped": (
        "β and 1 − β are swapped in m and v: the new value comes in with β.",
        "β is the memory, the part of the old mean that is kept.",
    ),
    "m_no_bracket": ("You take β₁ · m + 1 − β₁ · g: the brackets around 1 − β₁ are missing.", "Write (1 − β₁) · g."),
    "one_store": (
        "m and v lie in one list or dict, so v overwrites m.",
        "Make two: `a = b = {}` is one dict.",
    ),
    "m_from_first": ("Your m starts at the first gradient.", M_STARTS),
    "v_from_first": ("Your v starts at the first g².", V_STARTS),
    "both_from_first": ("m and v start at the first gradient and its square.", f"{M_STARTS} {V_STARTS}"),
    "no_momentum": ("You step along the gradient itself, g / (√v̂ + ε).", "Step along its running mean, m̂."),
    "look_ahead": ("You step along β₁ m̂ and the gradient once more: that is Nadam.", "Step along m̂ alone."),
    "largest": ("You divide by the largest v so far: that is AMSGrad.", "Divide by the root of v̂ as it is now."),
    "falling_rate": ("The learning rate is divided by √t.", "Leave it as it is, in every step."),
    "half": ("`v ** 1/2` is (v ** 1) / 2, half of v: no root is taken.", "Write `v ** 0.5` or `np.sqrt(v)`."),
    "floor": (
        "Beside a root that is not 0, ε makes no difference: it is a lower limit only, or a far smaller number.",
        "Add the argument itself: √v̂ + ε.",
    ),
    "epsilon_beside": ("ε is added to the quotient m̂ / √v̂.", BRACKETS),
    "epsilon_adds_up": ("ε is added to v in each step, so that it piles up.", "Keep v without ε, and add it to √v̂."),
    "no_rate": ("`learning_rate` is not used.", "The step is rate · m̂ / (√v̂ + ε)."),
}


def time_of(x):
    """Return the t of the first step: of all from 1 to 5,000, the one whose corrections come nearest to it."""
    times = np.arange(1, 5001)
    steps = 0.05 / (1 - 0.5**times) * np.sqrt((1 - 0.999**times) / 0.001)
    return times[np.argmin(np.abs(steps + x[1]))]


def betas_of(x, kept):
    """Return β₁ and β₂ from the second step: of gradients 1 and −1 v̂ is 1, and those of 100 and 200 then give v̂.

    The first step, −0.1, is no more than the share `kept` of itself by then.
    """
    epsilon = 1 + 1e-7 / np.array(KNOWN_GRADIENTS[0])
    second = (x + 0.1 * kept / epsilon) / -0.1
    minus = second[1] * epsilon[1]
    beta_1 = (1 + minus) / (1 - minus)
    v_hat = ((beta_1 + 2) / (1 + beta_1) / second[2]) ** 2
    return {"own_beta_1": beta_1, "own_beta_2": (4 - v_hat) / (v_hat - 1)}


# What ε is in each form, from the quotient q of a whole step and that of a gradient of 1e-6.
EPSILONS = {
    "outside": lambda q: 1e-6 * (q - 1),
    "inside": lambda q: 1e-12 * (q**2 - 1),
    "out hat": lambda q: 1e-6 * (q - 1) * 0.001**0.5,
    "in hat": lambda q: 1e-12 * (q**2 - 1) * 0.001,
}


def held(faulty, kept=1.0):
    """The numbers of one's own that Adam may hold, and AdamW with it, which keeps a share of a weight in a step."""
    return [
        holding(
            faulty,
            ONE_STEP,
            lambda x: {"ahead": time_of(x) - 1},
            "one_ahead",
            ("Your t is too large: at the first step it is more than 1.", COUNT),
            ahead=1,
        ),
        holding(
            faulty,
            ONE_STEP,
            lambda x: {"still": time_of(x)},
            "t_stays",
            ("t stays the same in all steps.", COUNT),
            still=10,
        ),
        holding(
            faulty,
            ONE_STEP,
            lambda x: {"stride": time_of(x)},
            "t_by_more",
            ("t grows by more than 1 in each step.", COUNT),
            stride=2,
        ),
        holding(
            faulty,
            TWO_STEPS,
            lambda x: betas_of(x, kept),
            "fixed_betas",
            ("β₁ or β₂ is a number of your own, whatever the arguments say.", "Use `self.beta_1` and `self.beta_2`."),
            own_beta_1=0.9,
            own_beta_2=0.999,
        ),
        *(
            holding(
                faulty,
                TWO_STEPS,
                lambda x, own=own: {own: betas_of(x, kept)[own]},
                f"fixed_{beta}",
                (f"{letter} is a number of your own, whatever the argument says.", f"Use `self.{beta}`."),
                **{own: example},
            )
            for beta, letter, own, example in (
                ("beta_1", "β₁", "own_beta_1", 0.9),
                ("beta_2", "β₂", "own_beta_2", 0.99),
            )
        ),
        holding(
            faulty,
            ONE_STEP,
            lambda x: {"start_of_v": from_0(((0.1 / x[1]) ** 2 - 1) / 999)},
            "v_starts",
            ("Your v starts at another number than 0.", V_STARTS),
            start_of_v=1.0,
        ),
        *(
            holding(
                faulty,
                ONE_STEP,
                lambda x, read=read: {"own_epsilon": from_0(read(0.1 / abs(x[0])))},
                f"other_epsilon_{form.replace(' ', '_')}",
                (EPSILON[0], EPSILON[1].format(": √v̂ + ε")),
                own_epsilon=1e-3,
                form=form,
            )
            for form, read in EPSILONS.items()
        ),
        Misconception(
            partial(faulty, correction_multiplied=True, form="out hat"),
            "The factor of the corrected learning rate is upside down.",
            "It is √(1 − β₂ᵗ) / (1 − β₁ᵗ).",
            name="rate_upside_down",
        ),
        # A first step does not tell the limit: these are the usual ones, and all above 2 look like 5.
        *(
            Misconception(partial(faulty, limit=limit), *CLIPPED, name=f"clipped_to_{limit}")
            for limit in (0.5, 1.0, 5.0)
        ),
    ]
