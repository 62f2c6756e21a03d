"""The exercise on one cycle: a rate that goes up and down, and a momentum that goes against it."""

import math
from functools import partial

import numpy as np

from course_lib import schedules
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.scene import Curves


def one_cycle(step, total_steps, max_learning_rate, min_momentum=0.85, max_momentum=0.95):
    """Return rate and momentum: the rate from 1/25 of its peak up to it in 30 % of the steps, and down to 0."""
    corners = [0, 0.3 * total_steps, total_steps]
    rate = np.interp(step, corners, [max_learning_rate / 25, max_learning_rate, 0])
    momentum = np.interp(step, corners, [max_momentum, min_momentum, max_momentum])
    return rate, momentum


KNOWN = "the first step, with the peak 0.5 in 100 steps"
PEAK = "the peak"
END = "the last step, with the peak 0.5 in 100 steps"


def probe_one_cycle(one_cycle, rng):
    total, peak = 10 * int(rng.integers(11, 20)), rng.uniform(0.1, 0.9)
    low, high = rng.uniform(0.5, 0.7), rng.uniform(0.8, 0.99)
    top = 3 * total // 10

    def at(steps, *settings):
        return lambda: [one_cycle(step, *settings) for step in steps]

    yield KNOWN, lambda: one_cycle(0, 100, 0.5)
    yield PEAK, lambda: one_cycle(30, 100, 0.5)
    yield END, lambda: one_cycle(100, 100, 0.5)
    yield Row("on the way up", at([1, top // 2, top - 1], total, peak), weight=2)
    yield Row("on the way down", at([top + 1, total // 2, total - 1], total, peak), weight=2)
    yield "beyond the last step", at([total + 1, total + top, 3 * total], total, peak)
    yield "another momentum", at([0, top // 2, top, total // 2, total], total, peak, low, high)


def faulty_cycle(
    step, total_steps, max_learning_rate, min_momentum=0.85, max_momentum=0.95, *, first=1 / 25, last=0.0, turn=0.3,
    same_direction=False, still=False, no_return=False, own_momenta=False, upside_down=False, cosines=False,
    repeats=False, goes_on=False, ahead=False, swapped=False, complement=False, from_zero=False, back_to_first=False,
    half=False, above_peak=False, slow=False, sawtooth=False, fixed_length=False, cosine_down=False, slow_rise=False,
    bracket=False, other_bracket=False, not_below_the_first=False, a_step_late=False, less_a_25th=False,
    fixed_first=False, rate_goes_on=False, momentum_to_0=False, momentum_above=False,
):  # fmt: skip
    if own_momenta:
        min_momentum, max_momentum = 0.85, 0.95
    if fixed_length:
        total_steps = 100
    if half:
        turn = 0.5
    first, last = 0.0 if from_zero else first, 1 / 25 if back_to_first else last
    step = step + ahead
    if repeats:
        step = step % total_steps
    peak = turn * total_steps
    if a_step_late:
        peak = math.floor(peak) + 1
    is_rising = step <= peak
    done = step / peak if is_rising else (step - peak) / (total_steps if slow else total_steps - peak)
    if not goes_on:
        done = min(done, 1)
    if slow_rise and is_rising:
        done = step / total_steps
    if not is_rising and bracket:
        done = step - peak / (total_steps - peak)
    if not is_rising and other_bracket:
        done = (step - peak) / total_steps - peak
    if cosines:
        done = (1 - math.cos(math.pi * done)) / 2

    def between(corners):
        start, end = corners[:2] if is_rising else corners[1:]
        return start + (end - start) * done

    momenta = (max_momentum, min_momentum, max_momentum)
    if same_direction:
        momenta = (min_momentum, max_momentum, min_momentum)
    if still:
        momenta = (max_momentum,) * 3
    if sawtooth and not is_rising:
        momenta = (None, max_momentum, min_momentum)
    if no_return:
        momenta = (max_momentum, min_momentum, min_momentum)
    rates = (1, first, last) if upside_down else (first, 1, last)
    if less_a_25th:
        rates = (1 - 1 / 25 / max_learning_rate, 1, last)
    if fixed_first:
        rates = (0.04 / max_learning_rate, 1, last)
    rate = first + done if above_peak and is_rising else between(rates)
    if cosine_down and not is_rising:
        rate = (1 + math.cos(math.pi * done)) / 2
    if not_below_the_first and not is_rising:
        rate = max(rate, first)
    if rate_goes_on and step > total_steps:
        rate = (total_steps - step) / (total_steps - peak)
    momentum = between(momenta)
    if momentum_to_0 and is_rising:
        momentum = max_momentum * (1 - done)
    if momentum_above and not is_rising:
        momentum = min_momentum + max_momentum * done
    pair = max_learning_rate * rate, momentum
    if complement:
        pair = pair[0], 1 - pair[1]
    return pair[::-1] if swapped else pair


def a_first_part(step, total_steps, max_learning_rate, min_momentum=0.85, max_momentum=0.95, constant=0.1):
    """Your rate begins elsewhere than at 1/25 of the peak.

    In step 0 it should be max_learning_rate / 25.
    """
    return faulty_cycle(step, total_steps, max_learning_rate, min_momentum, max_momentum, first=constant)


def a_last_part(step, total_steps, max_learning_rate, min_momentum=0.85, max_momentum=0.95, constant=0.01):
    """Your rate does not end at 0.

    On the way down it goes from the peak to 0, at `total_steps`.
    """
    return faulty_cycle(step, total_steps, max_learning_rate, min_momentum, max_momentum, last=constant)


def another_turn(step, total_steps, max_learning_rate, min_momentum=0.85, max_momentum=0.95, constant=0.25):
    """Your peak comes at another step than after 30 % of all.

    The rate should be highest at 0.3 · total_steps.
    """
    return faulty_cycle(step, total_steps, max_learning_rate, min_momentum, max_momentum, turn=constant)


def the_rate_alone(step, total_steps, max_learning_rate, min_momentum=0.85, max_momentum=0.95):
    """You return the rate alone; asked for are two numbers, the rate and the momentum.

    Return both, separated by a comma.
    """
    return faulty_cycle(step, total_steps, max_learning_rate, min_momentum, max_momentum)[0]


def momenta_by_default(step, total_steps, max_learning_rate, min_momentum=0.95, max_momentum=0.85):
    """Where no momenta are given, yours have their places changed: the larger one is the lowest.

    Take the first line of the function as it stands in the task, defaults included.
    """
    return faulty_cycle(step, total_steps, max_learning_rate, min_momentum, max_momentum)


def another_first_momentum(step, total_steps, max_learning_rate, min_momentum=0.85, max_momentum=None, constant=0.9):
    """Where no momenta are given, your largest one is another than the task's, 0.95.

    Take the first line of the function as it stands in the task, defaults included.
    """
    highest = constant if max_momentum is None else max_momentum
    return faulty_cycle(step, total_steps, max_learning_rate, min_momentum, highest)


def another_lowest_momentum(step, total_steps, max_learning_rate, min_momentum=None, max_momentum=0.95, constant=0.8):
    """Where no momenta are given, your lowest one is another than the task's, 0.85.

    Take the first line of the function as it stands in the task, defaults included.
    """
    lowest = constant if min_momentum is None else min_momentum
    return faulty_cycle(step, total_steps, max_learning_rate, lowest, max_momentum)


def lowest_beyond(step, total_steps, max_learning_rate, min_momentum=0.85, max_momentum=0.95):
    """Beyond `total_steps` your momentum is the lowest.

    It stays where it has arrived, at `max_momentum`.
    """
    pair = faulty_cycle(step, total_steps, max_learning_rate, min_momentum, max_momentum)
    return (0.0, min_momentum) if step > total_steps else pair


def none_beyond(step, total_steps, max_learning_rate, min_momentum=0.85, max_momentum=0.95):
    """Beyond `total_steps` your code gives None.

    There both stay where they have arrived: return 0 and `max_momentum`.
    """
    pair = faulty_cycle(step, total_steps, max_learning_rate, min_momentum, max_momentum)
    return None if step > total_steps else pair


def momentum_of_the_rate(step, total_steps, max_learning_rate, min_momentum=0.85, max_momentum=0.95):
    """You compute the momentum from the rate, which begins above 0: so the momentum does not begin at `max_momentum`.

    Compute it as the rate, from three corners of its own.
    """
    rate = faulty_cycle(step, total_steps, max_learning_rate)[0]
    return rate, max_momentum - (max_momentum - min_momentum) * rate / max_learning_rate


def a_step_out_of_place(step, total_steps, max_learning_rate, min_momentum=0.85, max_momentum=0.95):
    """On the way down you count from step 0 on, and not from the peak, so that the rate jumps at the peak.

    Of the way down, (step − peak) / (total_steps − peak) is done.
    """
    if step <= 0.3 * total_steps:
        return faulty_cycle(step, total_steps, max_learning_rate, min_momentum, max_momentum)
    left = max(1 - step / total_steps, 0)
    return max_learning_rate * left, max_momentum - (max_momentum - min_momentum) * left


def scene_one_cycle(answer):
    steps = np.arange(0, 121)
    pairs = np.array([[float(number) for number in answer(int(step), 100, 0.5)] for step in steps])
    return Curves(steps, {"rate": pairs[:, 0], "momentum": pairs[:, 1]}, xlabel="step", ylabel="peak 0.5, 100 steps")


ONE_CYCLE = Exercise(
    name="one_cycle",
    kind="derive",
    minutes=15,
    level=3,
    reference=schedules.one_cycle,
    probe=probe_one_cycle,
    scene=scene_one_cycle,
    misconceptions=[
        *flags(
            faulty_cycle,
            same_direction=(
                "Your momentum goes in the same direction as the rate: both are highest at the peak.",
                "It goes against the rate: from `max_momentum` down to `min_momentum` at the peak, and back.",
            ),
            still=(
                "Your momentum stays the same all the time.",
                "While the rate rises, it falls from `max_momentum` to `min_momentum`, and then rises back.",
            ),
            no_return=(
                "Your momentum falls, and never rises back.",
                "While the rate falls, it rises back to `max_momentum`.",
            ),
            own_momenta=(
                "Your momentum moves between 0.85 and 0.95, whatever the arguments say.",
                "Use `min_momentum` and `max_momentum`.",
            ),
            sawtooth=(
                "On the way down your momentum falls from `max_momentum` once more.",
                "It rises back, from `min_momentum` to `max_momentum`.",
            ),
            from_zero=(
                "Your rate begins at 0.",
                "In step 0 it should be max_learning_rate / 25.",
            ),
            back_to_first=(
                "Your rate ends where it began, at 1/25 of the peak.",
                "On the way down it goes from the peak to 0, at `total_steps`.",
            ),
            half=(
                "Your peak comes halfway.",
                "The rate should be highest after 30 % of all steps, at 0.3 · total_steps.",
            ),
            above_peak=(
                "On the way up you add the whole peak to the first rate, and so rise above the peak.",
                "The way is max_learning_rate − max_learning_rate / 25 long.",
            ),
            slow=(
                "On the way down you divide by all steps, so that it is not finished at `total_steps`.",
                "The way down takes total_steps − peak steps.",
            ),
            fixed_length=(
                "Your cycle has 100 steps, whatever `total_steps` is.",
                "The corners are 0, 0.3 · total_steps and total_steps.",
            ),
            upside_down=(
                "Your rate is upside down: it begins at the peak and falls.",
                "First it rises, from max_learning_rate / 25 to the peak.",
            ),
            cosines=(
                "Your rate and momentum move along cosines.",
                "Here both move on straight lines.",
            ),
            repeats=(
                "At `total_steps` your cycle begins again.",
                "There is one cycle: beyond the last step both stay where they have arrived.",
            ),
            goes_on=(
                "Beyond `total_steps` your rate goes on falling, below 0.",
                "Both stay where they have arrived: let no more than the whole way be done.",
            ),
            ahead=(
                "You are one step ahead: step 0 should have 1/25 of the peak.",
                "Count from step 0.",
            ),
            swapped=("Rate and momentum come in the wrong order.", "Return the rate first."),
            cosine_down=(
                "On the way down your rate moves along a cosine.",
                "Here everything moves on straight lines.",
            ),
            slow_rise=(
                "On the way up you divide by all steps, so that the peak is not reached at the turn.",
                "The way up takes 0.3 · total_steps steps.",
            ),
            bracket=(
                "On the way down brackets are missing: a division goes before a subtraction.",
                "Of it (step − peak) / (total_steps − peak) is done, with both differences in brackets.",
            ),
            other_bracket=(
                "On the way down the brackets of the denominator are missing: you divide by all steps, and subtract.",
                "Of it (step − peak) / (total_steps − peak) is done, with both differences in brackets.",
            ),
            not_below_the_first=(
                "On the way down your rate stops at 1/25 of the peak.",
                "It goes from the peak to 0, at `total_steps`.",
            ),
            a_step_late=(
                "Your peak comes one step late.",
                "`total_steps` is a multiple of 10, so that the turn, 0.3 · total_steps, is a whole step.",
            ),
            less_a_25th=(
                "Your rate begins at the peak less 1/25.",
                "In step 0 it should be max_learning_rate / 25.",
            ),
            fixed_first=(
                "Your rate begins at 1/25 itself, 0.04, whatever the peak is.",
                "In step 0 it should be max_learning_rate / 25.",
            ),
            rate_goes_on=(
                "Beyond `total_steps` your rate goes on falling, below 0.",
                "It stays where it has arrived, at 0: let no more than the whole way be done.",
            ),
            momentum_to_0=(
                "On the way up your momentum falls to 0.",
                "It falls from `max_momentum` to `min_momentum`, and is highest where the rate is lowest.",
            ),
            momentum_above=(
                "On the way down you add the whole of `max_momentum` to the lowest momentum.",
                "The way is max_momentum − min_momentum long.",
            ),
            complement=(
                "Your second number is 1 minus the momentum.",
                "The momentum is the share of the velocity that is kept, 0.95 in step 0.",
            ),
        ),
        Misconception.of(a_first_part, constant=(KNOWN, lambda pair: float(pair[0]) / 0.5)),
        Misconception.of(a_last_part, constant=(END, lambda pair: float(pair[0]) / 0.5)),
        Misconception.of(another_turn, between=(0.02, 0.97)),
        the_rate_alone,
        momenta_by_default,
        Misconception.of(another_first_momentum, constant=(KNOWN, lambda pair: float(pair[1]))),
        Misconception.of(another_lowest_momentum, constant=(PEAK, lambda pair: float(pair[1]))),
        lowest_beyond,
        none_beyond,
        momentum_of_the_rate,
        a_step_out_of_place,
    ],
    equivalents=[
        one_cycle,
        lambda *arguments, **settings: list(faulty_cycle(*arguments, **settings)),
        partial(faulty_cycle, turn=3 / 10),
    ],
    hints=[
        "At which steps do the lines change their direction? Three corners are given: step 0, the peak, the last step.",
        "`np.interp` goes on straight lines from corner to corner, and stays at the last one. Without it: which part "
        "of its line is done at this step?",
        "The momentum has the same three corners, with the heights `max_momentum`, `min_momentum`, `max_momentum`.",
    ],
    solution=one_cycle,
)  # fmt: skip
