"""The exercises on rates that fall with the quotient step / decay_steps: exponentially, and with inverse time."""

import math

import numpy as np

from course_lib import schedules
from course_lib.checking.exercise import Exercise, Misconception
from course_lib.exercises.learning_rate_schedules.falling import common, probe_decay, wrong


def exponential_decay(step, initial_learning_rate, decay_steps, decay_rate, staircase=False):
    """initial_learning_rate · decay_rate^(step / decay_steps), on a staircase with the quotient rounded down."""
    periods = step // decay_steps if staircase else step / decay_steps
    return initial_learning_rate * decay_rate**periods


def inverse_time_decay(step, initial_learning_rate, decay_steps, decay_rate, staircase=False):
    """initial_learning_rate / (1 + decay_rate · step / decay_steps), on a staircase with the quotient rounded down."""
    periods = step // decay_steps if staircase else step / decay_steps
    return initial_learning_rate / (1 + decay_rate * periods)


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
            lambda step, initial_learning_rate, decay_steps, decay_rate, staircase=False: (
                initial_learning_rate
                * (decay_rate ** (step // decay_steps) if staircase else (decay_rate / decay_steps) ** step)
            ),
            "`decay_rate` is divided by `decay_steps`, and the power is that of the step.",
            "`decay_steps` belongs below the step, in the exponent: step / decay_steps.",
            "divided_below_the_power",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate * decay * math.exp(-periods)),
            "`decay_rate` is a factor in front, and e is raised to a power.",
            "`decay_rate` itself is raised to the power of the quotient.",
            "decay_rate_in_front",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate * 2.0**-periods),
            "Your rate is halved every `decay_steps` steps, whatever `decay_rate` is.",
            "Raise `decay_rate` to the power of the quotient.",
            "halved",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate * float(int(decay)) ** periods),
            "`decay_rate` is cut to a whole number: 0.5 becomes 0.",
            "Use it as it is.",
            "whole_decay_rate",
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
            wrong(lambda rate, decay, periods: rate / max(decay * periods, 1)),
            "The 1 in the denominator is missing; a `max` hides that in the first steps.",
            "Divide by 1 + decay_rate · step / decay_steps.",
            "no_one_but_a_max",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate / (1 - decay * periods)),
            "There is a minus in the denominator, so the rate grows, and jumps below 0.",
            "It is 1 + decay_rate · step / decay_steps.",
            "minus",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate / (1 + decay + periods)),
            "`decay_rate` is added to the quotient.",
            "It is a factor of the quotient: 1 + decay_rate · step / decay_steps.",
            "decay_rate_added",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate / (1 + (decay * periods) ** 2)),
            "The product in the denominator is squared.",
            "It is 1 + decay_rate · step / decay_steps.",
            "product_squared",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate / (1 + decay**2 * periods)),
            "`decay_rate` is multiplied twice.",
            "It is a factor of the quotient once.",
            "decay_rate_twice",
        ),
        Misconception(
            wrong(lambda rate, decay, periods: rate / (1 + decay / periods if periods else 1)),
            "`decay_rate` is divided by the quotient, so that the rate grows.",
            "Multiply: 1 + decay_rate · step / decay_steps.",
            "divided_by_the_quotient",
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
