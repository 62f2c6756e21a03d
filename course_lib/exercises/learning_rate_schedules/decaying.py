"""The exercises on rates that fall with the quotient step / decay_steps: exponentially, and with inverse time."""

import math

import numpy as np

from course_lib import schedules
from course_lib.checking.exercise import Exercise, Misconception, Row, flags


def exponential_decay(step, initial_learning_rate, decay_steps, decay_rate, staircase=False):
    """initial_learning_rate · decay_rate^(step / decay_steps), on a staircase with the quotient rounded down."""
    periods = step // decay_steps if staircase else step / decay_steps
    return initial_learning_rate * decay_rate**periods


def inverse_time_decay(step, initial_learning_rate, decay_steps, decay_rate, staircase=False):
    """initial_learning_rate / (1 + decay_rate · step / decay_steps), on a staircase with the quotient rounded down."""
    periods = step // decay_steps if staircase else step / decay_steps
    return initial_learning_rate / (1 + decay_rate * periods)


def probe_decay(decay, rng):
    rate, share, long = rng.uniform(0.05, 0.5), rng.uniform(0.3, 0.8), int(rng.integers(10, 30))

    def at(steps, *settings):
        return lambda: [decay(step, *settings) for step in steps]

    yield Row("the first step", at([0], rate, long, share), essential=True)
    yield "after decay_steps, and twice and three times as many", at([long, 2 * long, 3 * long], rate, long, share)
    yield "between", at([1, long // 3, long + 3, 2 * long + 5], rate, long, share)
    yield "another rate, length and decay", at([0, 5, 7, 40, 333], 2 * rate, 40, 0.9)
    yield "far beyond", at([60 * long], rate, long, share)
    yield "a decay rate above 1", at([0, 10, 25, 60], rate, 50, 3.0)
    stairs = [1, long - 1, long, long + 1, 2 * long - 1, 2 * long, 2 * long + 3 * long // 4, 10 * long]
    yield Row("on a staircase", at(stairs, rate, long, share, True), weight=2)
    yield "on a staircase of another length", at([0, 39, 40, 100], rate, 40, 0.9, True)


def faulty(formula):
    """Return `formula`, of rate, decay rate and periods, with flags for what goes wrong with any."""

    def decay(
        step, initial_learning_rate, decay_steps, decay_rate, staircase=False,
        smooth=False, stairs=False, swapped=False, up=False, nearest=False, every_step=False, multiplied=False,
        ahead=False, no_initial=False, stairs_early=False,
    ):  # fmt: skip
        periods = step / decay_steps
        if every_step:
            periods = step
        if multiplied:
            periods = float(step) * decay_steps
        if (staircase or stairs) and not smooth if not swapped else not staircase:
            periods += stairs_early / decay_steps
            periods = math.ceil(periods) if up else round(periods) if nearest else math.floor(periods)
        return formula(1.0 if no_initial else initial_learning_rate, decay_rate, periods + ahead)

    return decay


def wrong(formula):
    """Return `formula`, of rate, decay rate and periods, as an answer that does the staircase right."""
    return lambda step, initial_learning_rate, decay_steps, decay_rate, staircase=False: formula(
        initial_learning_rate, decay_rate, step // decay_steps if staircase else step / decay_steps
    )


def again_and_again(formula, first):
    """Return `formula`, of rate, decay rate and periods, applied in every step to the rate of the step before."""

    def decay(step, initial_learning_rate, decay_steps, decay_rate, staircase=False):
        rate = initial_learning_rate
        for each in range(first, step + first):
            rate = formula(rate, decay_rate, each // decay_steps if staircase else each / decay_steps)
        return rate

    return decay


AGAIN = (
    "You apply the decay to a rate that has decayed already: in every step the whole quotient counts anew.",
    "Compute the rate from `initial_learning_rate` and `step` alone, without a loop over the steps.",
)


def common(formula):
    """Return what goes wrong with any decay."""
    return [
        Misconception(again_and_again(formula, 0), *AGAIN, "again_and_again"),
        Misconception(again_and_again(formula, 1), *AGAIN, "again_and_again_from_1"),
        *flags(
            faulty(formula),
            smooth=(
                "`staircase` has no effect: your rate falls in every step, always.",
                "With `staircase=True`, round the quotient down before you use it.",
            ),
            stairs=(
                "Your rate falls on a staircase, always: `//` cuts the fraction of the quotient off.",
                "Do so with `staircase=True` only; without it, divide with `/`.",
            ),
            swapped=(
                "The staircase is swapped: you round the quotient where it should be smooth, and the other way round.",
                "Round down if `staircase` is true.",
            ),
            up=(
                "Your staircase is rounded up: it falls already in the step after a multiple of `decay_steps`.",
                "Round down: the first `decay_steps` steps all have the first rate.",
            ),
            nearest=(
                "Your staircase is rounded to the nearest number, so it falls in the middle of each stair.",
                "Round down: the first `decay_steps` steps all have the first rate.",
            ),
            stairs_early=(
                "Your staircase falls one step early, in the last step of each stair.",
                "The steps 0 to decay_steps − 1 have the first rate: round step / decay_steps down.",
            ),
            every_step=(
                "`decay_steps` has no effect: your rate falls in every step as it should in `decay_steps` of them.",
                "Use step / decay_steps.",
            ),
            multiplied=(
                "You multiply the step by `decay_steps`.",
                "Divide: after `decay_steps` steps the quotient is 1.",
            ),
            ahead=(
                "You are one decay ahead: step 0 should have the initial rate.",
                "Use step / decay_steps, which is 0 in step 0.",
            ),
            no_initial=("The initial rate has no effect.", "Multiply by `initial_learning_rate`."),
        ),
        Misconception(
            lambda step, initial_learning_rate, decay_steps, decay_rate, staircase=False, constant=0.4: max(
                wrong(formula)(step, initial_learning_rate, decay_steps, decay_rate, staircase),
                constant * initial_learning_rate,
            ),
            "Your rate stops falling at a lowest one, which nobody has asked for.",
            "Let it fall without end.",
            "lowest_part",
            between=(1e-5, 0.6),
        ),
        Misconception(
            lambda step, initial_learning_rate, decay_steps, decay_rate, staircase=False, constant=0.1: wrong(formula)(
                step, constant, decay_steps, decay_rate, staircase
            ),
            "Your rate begins with a number of your own, whatever `initial_learning_rate` is.",
            "Use `initial_learning_rate`.",
            "own_initial",
            constant=("the first step", lambda rates: float(rates[0])),
        ),
    ]


EXPONENTIAL_DECAY = Exercise(
    name="exponential_decay",
    kind="derive",
    minutes=10,
    level=2,
    reference=schedules.exponential_decay,
    probe=probe_decay,
    misconceptions=[
        *common(lambda rate, decay, periods: rate * decay**periods),
        Misconception(
            wrong(lambda rate, decay, periods: rate * math.exp(-decay * periods)),
            "You take e to the power of −decay_rate: after `decay_steps` steps your rate is e^−decay_rate times the "
            "first.",
            "It should be `decay_rate` times the first: which number is multiplied with itself?",
            "with_e",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate * decay ** (periods // 1) * (1 - (1 - decay) * (periods % 1))),
            "Between the multiples of `decay_steps` your rate goes on a straight line.",
            "Each step multiplies it by one and the same factor: the power may have a fraction as its exponent.",
            "lines_between",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate * decay * periods),
            "You multiply by the quotient; a factor that is applied again and again makes a power.",
            "Raise `decay_rate` to the power of the quotient.",
            "product",
        ),
        Misconception(
            lambda step, initial_learning_rate, decay_steps, decay_rate, staircase=False: (
                initial_learning_rate
                * (decay_rate ** (step // decay_steps) if staircase else decay_rate**step / decay_steps)
            ),
            "A power goes before a division: you raise to the power of the step, and divide the result.",
            "Put the quotient step / decay_steps into brackets.",
            "no_brackets",
        ),
        Misconception(
            lambda step, initial_learning_rate, decay_steps, decay_rate, staircase=False: (
                initial_learning_rate
                * (decay_rate**step // decay_steps if staircase else decay_rate**step / decay_steps)
            ),
            "A power goes before a division, on the staircase too: you raise to the power of the step.",
            "Put the quotient into brackets, step / decay_steps as well as step // decay_steps.",
            "no_brackets_anywhere",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: (rate * decay) ** periods),
            "The initial rate stands in the brackets of the power, too.",
            "A power binds more tightly than a product: only `decay_rate` is to be raised.",
            "power_of_all",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate * (1 - min(decay, 0.999)) ** periods),
            "You multiply by 1 − decay_rate, as if that were the share that is taken off.",
            "`decay_rate` is the share that stays.",
            "share_taken_off",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate / (1 + decay * periods)),
            "You compute the inverse time decay, 1 / (1 + …).",
            "Here every `decay_steps` steps bring one factor more: that is a power.",
            "inverse_time",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate * (1 - decay * periods)),
            "Your rate falls on a straight line, and below 0.",
            "Every `decay_steps` steps bring one *factor* more: that is a power.",
            "straight_line",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate * (1 - (1 - decay) * periods)),
            "Your rate falls on a straight line: it loses the same amount in each period, not the same share.",
            "Every `decay_steps` steps bring one *factor* more: that is a power.",
            "line_to_the_first",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate * decay**-periods),
            "The sign of the power is wrong: your rate grows where it should fall.",
            "Raise `decay_rate` to the power of +step / decay_steps.",
            "negative_power",
        ),
    ],
    equivalents=[
        exponential_decay,
        wrong(lambda rate, decay, periods: rate * math.exp(periods * math.log(decay))),
        lambda step, rate, long, decay, staircase=False: np.multiply(
            rate, np.power(decay, np.floor(step / long) if staircase else step / long)
        ),
    ],
    hints=[
        "After `decay_steps` steps the rate has been multiplied by `decay_rate` once, after twice as many twice. How "
        "often after `step` steps?",
        "A factor that is applied k times is a power, and k may be a fraction: after half of `decay_steps`, k is ½.",
        "On the staircase only whole k count: rounded down.",
    ],
    solution=exponential_decay,
)

INVERSE_TIME_DECAY = Exercise(
    name="inverse_time_decay",
    kind="formula",
    minutes=5,
    level=1,
    reference=schedules.inverse_time_decay,
    probe=probe_decay,
    misconceptions=[
        *common(lambda rate, decay, periods: rate / (1 + decay * periods)),
        Misconception(
            wrong(lambda rate, decay, periods: rate / 1 + decay * periods),
            "A division goes before a sum: you divide by 1 alone, and add the rest.",
            "Put the whole denominator in brackets.",
            "no_brackets",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate / (1 + decay) * periods),
            "The bracket ends too early: you multiply the result by the quotient.",
            "The quotient belongs into the bracket, as a factor of `decay_rate`.",
            "bracket_too_early",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate / (1 + decay) ** periods),
            "You raise 1 + decay_rate to a power: that is an exponential decay.",
            "The quotient is a factor of `decay_rate`, no power.",
            "power",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate * (1 + decay * periods)),
            "You multiply where you should divide: your rate grows.",
            "Divide by the bracket.",
            "multiplied_by_all",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate / (1 + periods / decay)),
            "You divide the quotient by `decay_rate`, so that a larger one falls more slowly.",
            "Multiply the quotient by it.",
            "divided_by_decay_rate",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate / (1 + periods)),
            "`decay_rate` has no effect.",
            "Multiply the quotient by it.",
            "no_decay_rate",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate / (decay * periods) if periods else rate),
            "The 1 in the denominator is missing.",
            "Divide by 1 + decay_rate · step / decay_steps.",
            "no_one",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate / math.sqrt(1 + decay * periods)),
            "You divide by a root.",
            "Divide by 1 + decay_rate · step / decay_steps itself.",
            "root",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate / (1 + decay * periods) ** 2),
            "You divide twice: by a square.",
            "Divide by 1 + decay_rate · step / decay_steps itself.",
            "square",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate * decay**periods),
            "You compute the exponential decay, with a power.",
            "Divide by 1 + decay_rate · step / decay_steps.",
            "exponential",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate - decay * periods),
            "You subtract, so your rate falls on a straight line.",
            "Divide by 1 + decay_rate · step / decay_steps.",
            "subtracted",
        ),
        Misconception(
            lambda step, initial_learning_rate, decay_steps, decay_rate, staircase=False: (
                initial_learning_rate
                / (1 + (decay_rate * step // decay_steps if staircase else decay_rate * step / decay_steps))
            ),
            "Your staircase rounds after the product with `decay_rate`, so that it changes at other steps.",
            "Round step / decay_steps first, and multiply then.",
            "rounded_late",
        ),
    ],
    equivalents=[
        inverse_time_decay,
        lambda step, rate, long, decay, staircase=False: (
            rate / (1 + decay * np.floor(step / long)) if staircase else rate * long / (long + decay * step)
        ),
    ],
    hints=[
        "Compute the quotient step / decay_steps first, and round it down if `staircase` is true.",
        "The rate stands above the line, the whole sum below: mind the brackets.",
    ],
    solution=inverse_time_decay,
)
