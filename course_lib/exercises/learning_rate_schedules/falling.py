"""What the exercises on falling rates share: how a decay is looked at, and what goes wrong with any of them."""

import math

from course_lib.checking.exercise import Misconception, Row, flags
from course_lib.exercises.learning_rate_schedules.returned import one_number


def probe_decay(decay, rng):
    rate, share, long = rng.uniform(0.05, 0.5), rng.uniform(0.3, 0.8), int(rng.integers(10, 30))

    def at(steps, *settings):
        return lambda: [one_number(decay(step, *settings)) for step in steps]

    yield Row("the first step", at([0], rate, long, share), essential=True)
    yield "after decay_steps, and twice and three times as many", at([long, 2 * long, 3 * long], rate, long, share)
    yield "between", at([1, long // 3, long + 3, 2 * long + 5], rate, long, share)
    yield "another rate, length and decay", at([0, 5, 7, 40, 333], 2 * rate, 40, 0.9)
    yield "far beyond", at([60 * long], rate, long, share)
    yield "a decay rate above 1", at([0, 10, 25, 60], rate, 50, 3.0)
    stairs = [1, long - 1, long, long + 1, 2 * long - 1, 2 * long, 2 * long + 3 * long // 4, 10 * long]
    yield Row("on a staircase", at(stairs, rate, long, share, True), weight=2)
    yield "without a staircase, where `staircase=False` is said", at([1, long - 1, long + 2], rate, long, share, False)
    yield "on a staircase of another length", at([0, 39, 40, 100], rate, 40, 0.9, True)


def faulty(formula):
    """Return `formula`, of rate, decay rate and periods, with flags for what goes wrong with any."""

    def decay(
        step, initial_learning_rate, decay_steps, decay_rate, staircase=False,
        smooth=False, stairs=False, swapped=False, up=False, nearest=False, every_step=False, multiplied=False,
        ahead=False, no_initial=False, stairs_early=False, stairs_late=False, a_step_ahead=False, stops=False,
        upside_down=False, rest=False, rate_rounded=False,
    ):  # fmt: skip
        if rest and staircase:
            return formula(initial_learning_rate, decay_rate, step % decay_steps)
        periods = step / decay_steps
        if not staircase:
            periods = (step + a_step_ahead) / decay_steps
            periods = min(periods, 1) if stops else decay_steps / max(step, 1) if upside_down else periods
        if every_step:
            periods = step
        if multiplied:
            periods = float(step) * decay_steps
        if (staircase or stairs) and not smooth if not swapped else not staircase:
            periods += (-1 if stairs_late else stairs_early) / decay_steps
            periods = math.ceil(periods) if up else round(periods) if nearest else math.floor(periods)
        rate = formula(1.0 if no_initial else initial_learning_rate, decay_rate, periods + ahead)
        return float(math.floor(rate)) if rate_rounded and staircase else rate

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
            stairs_late=(
                "Your staircase falls one step late: the first step of each stair still has the rate before.",
                "The steps 0 to decay_steps − 1 have the first rate: round step / decay_steps down.",
            ),
            a_step_ahead=(
                "You are one step ahead: step 0 should have the initial rate.",
                "The quotient is step / decay_steps.",
            ),
            stops=(
                "Your rate stops falling at `decay_steps`.",
                "It goes on: no `min` is needed.",
            ),
            upside_down=(
                "The quotient is upside down: decay_steps / step.",
                "It is step / decay_steps, which grows with the step.",
            ),
            rest=(
                "On the staircase you take what is left over, `%`, for the quotient.",
                "Round the quotient down: `step // decay_steps`.",
            ),
            rate_rounded=(
                "On the staircase the rate itself is rounded down, to 0.",
                "Round the quotient step / decay_steps down, before it is used.",
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
            lambda step, initial_learning_rate, decay_steps, decay_rate, staircase=True: wrong(formula)(
                step, initial_learning_rate, decay_steps, decay_rate, staircase
            ),
            "Where nothing is said of a staircase, yours has one: the default of `staircase` is another.",
            "Take the first line of the function as it stands in the task, defaults included.",
            "staircase_by_default",
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
            "Your rate begins with another number than `initial_learning_rate`, such as one of your own.",
            "In step 0 it is `initial_learning_rate` itself.",
            "own_initial",
            constant=("the first step", lambda rates: float(rates[0])),
        ),
    ]
