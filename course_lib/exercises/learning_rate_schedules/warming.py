"""The bug to be spotted: a schedule that runs while the rate still warms up."""

import numpy as np

from course_lib import schedules
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.scene import Curves
from course_lib.exercises.learning_rate_schedules.returned import one_number


def warm_up_with_a_bug(step, warmup_steps, schedule, initial_learning_rate=0.0):
    if step < warmup_steps:
        part = step / warmup_steps
        return initial_learning_rate + (schedule(0) - initial_learning_rate) * part
    return schedule(step)


def warm_up(step, warmup_steps, schedule, initial_learning_rate=0.0):
    """On a line from initial_learning_rate to schedule(0) at warmup_steps; there the schedule begins, with step 0."""
    if step < warmup_steps:
        part = step / warmup_steps
        return initial_learning_rate + (schedule(0) - initial_learning_rate) * part
    return schedule(step - warmup_steps)


DURING = "while it warms up"


def probe_warm_up(warm_up, rng):
    peak, long, warm = rng.uniform(0.1, 0.5), 10 * int(rng.integers(5, 9)), int(rng.integers(12, 25))
    factor, low = rng.uniform(0.9, 0.97), rng.uniform(0.01, 0.05)

    def cosine(step):
        return schedules.cosine_decay(step, peak, long)

    def exponential(step):
        return peak * factor**step

    def at(steps, *settings):
        return lambda: [one_number(warm_up(step, *settings)) for step in steps]

    during = [0, 1, warm // 3, warm - 1]
    yield DURING, at(during, warm, cosine)
    yield Row("the step at which the warm-up ends", lambda: one_number(warm_up(warm, warm, cosine)), weight=2)
    yield "after the warm-up", at([warm + 1, warm + 7, warm + long // 2, warm + long], warm, cosine)
    yield "another schedule", at([0, warm // 2, warm, warm + 1, warm + 9, 3 * warm], warm, exponential)
    yield "from a rate above 0", at([*during, warm, warm + 5], warm, cosine, low)
    yield "another schedule, from a rate above 0", at([0, 5, 40, 50], 40, exponential, low)
    yield "no warm-up at all", at([0, 1, 10, long // 2], 0, cosine)


def faulty_warm_up(
    step, warmup_steps, schedule, initial_learning_rate=0.0,
    runs=False, from_zero=False, waits=False, at_once=False, above=False, ahead=False, falls=False,
    other_peak=False, skips=False, wrong_sign=False, stays=False, never_ends=False, late=False, early=False,
    bracket=False, squared=False, turned=False, initial_after=False,
):  # fmt: skip
    initial = 0.0 if from_zero else initial_learning_rate
    peak = schedule(step if runs else warmup_steps if other_peak else 0)
    part = (step + ahead) / max(warmup_steps - early, 1)
    if falls:
        part = 1 - part
    if waits:
        part = 0.0
    if at_once:
        part = 1.0
    if squared:
        part = part**2
    if bracket and step < warmup_steps:
        return initial + peak - initial * part
    if step < warmup_steps or (never_ends and warmup_steps):
        return initial + (peak - (0.0 if above else initial)) * part
    if stays:
        return schedule(0)
    if turned:
        return schedule(warmup_steps - step)
    if initial_after:
        return initial + schedule(step - warmup_steps)
    return schedule(step + warmup_steps if wrong_sign else step - warmup_steps + (-1 if late else skips))


def warm_up_from_another_default(step, warmup_steps, schedule, initial_learning_rate=None, constant=0.001):
    """Where no initial rate is given, yours is another than the task's, 0.

    Take the first line of the function as it stands in the task, defaults included.
    """
    return warm_up(step, warmup_steps, schedule, constant if initial_learning_rate is None else initial_learning_rate)


def the_smaller_of_both(step, warmup_steps, schedule, initial_learning_rate=0.0):
    """You take the smaller of warm-up and schedule, and so the schedule runs while the rate still rises: the peak is
    never reached.

    The schedule begins where the warm-up ends: call it with the steps that are done since.
    """
    part = step / max(warmup_steps, 1)
    return min(initial_learning_rate + (schedule(0) - initial_learning_rate) * part, schedule(step))


def a_part_of_the_schedule(step, warmup_steps, schedule, initial_learning_rate=0.0):
    """You multiply the schedule by the part of the warm-up that is done, and so it runs while the rate still rises: the
    peak is never reached.

    The schedule begins where the warm-up ends: call it with the steps that are done since.
    """
    return schedule(step) * min(1, step / max(warmup_steps, 1))


def the_schedule_alone(step, warmup_steps, schedule, initial_learning_rate=0.0):
    """There is no warm-up: your rate is the schedule's from the first step on.

    In the first `warmup_steps` steps it should rise on a line to schedule(0).
    """
    return schedule(step)


def the_schedule_of_negative_steps(step, warmup_steps, schedule, initial_learning_rate=0.0):
    """There is no warm-up: you call the schedule with negative steps.

    In the first `warmup_steps` steps the rate should rise on a line to schedule(0).
    """
    return schedule(step - warmup_steps)


def scene_warm_up(answer):
    steps = np.arange(0, 121)
    rates = [float(answer(int(step), 40, lambda s: schedules.cosine_decay(s, 0.1, 80), 0.0)) for step in steps]
    return Curves(steps, {"rate": np.array(rates)}, xlabel="step", ylabel="rate, 40 steps of warm-up")


BEGINS = "The schedule begins where the warm-up ends: call it with the steps that are done since."
WARM_UP = Exercise(
    name="warm_up",
    kind="repair",
    minutes=8,
    level=2,
    reference=schedules.warm_up,
    buggy=warm_up_with_a_bug,
    probe=probe_warm_up,
    scene=scene_warm_up,
    misconceptions=[
        *flags(
            faulty_warm_up,
            runs=(
                "The schedule runs during the warm-up: you aim at its rate of the moment.",
                "Aim at its first rate, schedule(0), all the time.",
            ),
            from_zero=(
                "Your warm-up begins at 0, whatever `initial_learning_rate` is.",
                "Begin there: add the part of the way that is done.",
            ),
            waits=(
                "Your rate stays at the initial one until the warm-up is over: it does not rise.",
                "Let it rise on a line, in proportion to the steps that are done.",
            ),
            at_once=(
                "There is no warm-up: your rate is at the peak at once.",
                "Let it rise on a line, in proportion to the steps that are done.",
            ),
            above=(
                "You add the whole peak to the initial rate, and so rise beyond it.",
                "Subtract: the way is schedule(0) − initial_learning_rate long.",
            ),
            ahead=(
                "Your warm-up is one step ahead: step 0 should have the initial rate.",
                "The part of the way that is done is step / warmup_steps.",
            ),
            falls=(
                "Your rate falls during the warm-up.",
                "It should rise from the initial rate to schedule(0).",
            ),
            other_peak=(
                "You aim at schedule(warmup_steps), which is below its first rate.",
                "Aim at schedule(0), which is the peak.",
            ),
            skips=(
                "You skip one step of the schedule: it begins with step 0, at the step `warmup_steps`.",
                "Subtract `warmup_steps`, and nothing else.",
            ),
            late=(
                "The schedule begins one step late, with its step −1.",
                "Subtract `warmup_steps`, and nothing else.",
            ),
            early=(
                "Your warm-up reaches the peak one step early, at warmup_steps − 1.",
                "The part of the way that is done is step / warmup_steps.",
            ),
            wrong_sign=(
                "The sign is wrong: you add the warm-up to the step, so the schedule has run before it begins.",
                "Where the warm-up ends the schedule should be asked for its step 0.",
            ),
            bracket=(
                "Brackets are missing: only the initial rate is multiplied by the part that is done.",
                "The way, schedule(0) − initial_learning_rate, stands in brackets before it is multiplied.",
            ),
            squared=(
                "The part that is done is squared, so that your rate rises on a curve.",
                "On a line it is step / warmup_steps itself.",
            ),
            turned=(
                "The difference is turned around: the schedule is asked for negative steps.",
                "Since the warm-up ended, step − warmup_steps steps are done.",
            ),
            initial_after=(
                "After the warm-up you add the initial rate to the schedule's.",
                "There the schedule alone says the rate.",
            ),
            stays=(
                "After the warm-up your rate stays at the peak.",
                BEGINS,
            ),
            never_ends=(
                "Your warm-up never ends: the rate rises on and on.",
                BEGINS,
            ),
        ),
        Misconception.of(warm_up_from_another_default, constant=(DURING, lambda rates: float(rates[0]))),
        the_smaller_of_both,
        a_part_of_the_schedule,
        the_schedule_alone,
        the_schedule_of_negative_steps,
        Misconception(
            lambda step, warmup_steps, schedule, initial_learning_rate=0.0: (
                faulty_warm_up(step, warmup_steps, schedule, initial_learning_rate, runs=True)
                if step < warmup_steps
                else schedule(step)
            ),
            "The schedule runs during the warm-up, and goes on after it as if it had begun with the first step.",
            BEGINS,
            "runs_all_the_time",
        ),
    ],
    equivalents=[
        warm_up,
        lambda step, warm, schedule, initial=0.0: (
            schedule(step - warm) if step >= warm else float(np.interp(step, [0, warm], [initial, schedule(0)]))
        ),
        lambda step, warm, schedule, initial=0.0: (
            schedule(max(step - warm, 0)) if not warm else
            schedule(max(step - warm, 0)) - (schedule(0) - initial) * max(1 - step / warm, 0)
        ),
    ],
    hints=[
        "Print the rates of steps 18 to 22 with 20 steps of warm-up and a cosine after them. Where do they jump?",
        "Which step should the schedule be asked for at step `warmup_steps`? It should begin there, with its peak.",
        "After the warm-up the schedule is late by `warmup_steps`.",
    ],
    solution=warm_up,
)  # fmt: skip
