"""The exercise on the cosine decay."""

import math

import numpy as np

from course_lib import schedules
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.scene import Curves
from course_lib.exercises.learning_rate_schedules.returned import one_number


def cosine_decay(step, initial_learning_rate, decay_steps, alpha=0.0):
    """Half a wave of the cosine from initial_learning_rate to alpha times it, where it stays."""
    done = min(step / decay_steps, 1)
    wave = (1 + np.cos(np.pi * done)) / 2
    return initial_learning_rate * ((1 - alpha) * wave + alpha)


def probe_cosine_decay(cosine_decay, rng):
    rate, long, alpha = rng.uniform(0.05, 0.5), 10 * int(rng.integers(3, 9)), rng.uniform(0.1, 0.3)

    def at(steps, *settings):
        return lambda: [one_number(cosine_decay(step, *settings)) for step in steps]

    yield Row("the first step", at([0], rate, long), essential=True)
    yield "half of the way", at([long // 2], rate, long)
    yield "on the way", at([1, long // 5, long // 3, 7 * long // 10, long - 1], rate, long)
    yield "at the end", at([long], rate, long)
    yield "beyond the end", at([long + 1, long + long // 2, 2 * long, 5 * long + 3], rate, long)
    yield "another rate and length", at([0, 3, 17, 150, 299, 300, 400], 2 * rate, 300)
    yield Row("with alpha", at([0, long // 5, long // 2, long - 1, long], rate, long, alpha), weight=2)
    yield "with alpha, beyond the end", at([long + 1, 3 * long], rate, long, alpha)


def faulty_cosine(
    step, initial_learning_rate, decay_steps, alpha=0.0, pi=math.pi,
    no_half=False, no_one=False, degrees=False, whole_wave=False, quarter=False, no_pi=False, sine=False,
    upside_down=False, straight=False, goes_on=False, restarts=False, ahead=False, early=False, whole_steps=False,
    no_alpha=False, alpha_added=False, alpha_cut=False, alpha_as_rate=False, alpha_brackets=False, no_initial=False,
    converted=False, not_lifted=False, alpha_swapped=False, alpha_lifts=False, never_quite=False, arrived=False,
    absolute=False, half_of_one=False, divided_outside=False, back_at_the_end=False, wave_unscaled=False,
    alpha_subtracted=False, alpha_on_top=False, halved_twice=False, beyond_too=False,
):  # fmt: skip
    done = (step + ahead) / (decay_steps - early)
    if beyond_too:
        done = min(step, decay_steps) / (decay_steps - 1)
    if whole_steps:
        done = math.floor(done)
    if restarts:
        done = done % 1
    elif arrived:
        done = max(done, 1)
    elif never_quite:
        done = min(done, (decay_steps - 1) / decay_steps)
    elif not goes_on and not beyond_too:
        done = min(done, 1)
    angle = (
        math.radians(pi)
        if converted
        else 180
        if degrees
        else 1
        if no_pi
        else 2 * pi
        if whole_wave
        else pi / 2
        if quarter
        else pi
    ) * done
    if divided_outside:
        turn = math.cos(pi * min(step, decay_steps)) / decay_steps
    else:
        turn = math.sin(angle) if sine else math.cos(angle)
    one = 0 if no_one or quarter else 1
    wave = (one - turn if upside_down else one + turn) * (0.25 if halved_twice else 1 if no_half or quarter else 0.5)
    if absolute:
        wave = abs(turn)
    if half_of_one:
        wave = 0.5 + turn
    if back_at_the_end and step > decay_steps:
        wave = 1.0
    if straight:
        wave = done if upside_down else 1 - done
    rate = 1.0 if no_initial else initial_learning_rate
    if no_alpha:
        return rate * wave
    if alpha_on_top:
        return rate * wave + alpha
    if alpha_added:
        return rate * (wave + alpha)
    if alpha_cut:
        return max(rate * wave, alpha * rate)
    if alpha_as_rate:
        return alpha + (rate - alpha) * wave
    if wave_unscaled:
        return rate * alpha + (1 - alpha) * wave
    if alpha_subtracted:
        return rate * alpha + (rate - alpha) * wave
    if not_lifted:
        return rate * (1 - alpha) * wave
    if alpha_swapped:
        return rate * (alpha * wave + 1 - alpha)
    if alpha_lifts:
        return rate * (1 - alpha) * wave + alpha
    if alpha_brackets:
        return rate * ((1 - alpha) * 0.5 + 0.5 * turn + alpha)
    return rate * ((1 - alpha) * wave + alpha)


def cosine_with_alpha_as_the_lowest_rate(step, initial_learning_rate, decay_steps, alpha=0.0):
    """You use alpha as the lowest rate itself, and cut the wave off there.

    The wave should arrive at alpha times the initial rate, smoothly: squeeze it, do not cut it.
    """
    return max(faulty_cosine(step, initial_learning_rate, decay_steps), alpha)


def cosine_that_ends_at_zero(step, initial_learning_rate, decay_steps, alpha=0.0):
    """From `decay_steps` on your rate is 0, whatever alpha is.

    It stays where it has arrived: at alpha times the initial rate.
    """
    return cosine_decay(step, initial_learning_rate, decay_steps, alpha) if step < decay_steps else 0.0


def cosine_that_ends_at_alpha_itself(step, initial_learning_rate, decay_steps, alpha=0.0):
    """Beyond `decay_steps` your rate is alpha itself, which is a part of the initial rate, and no rate.

    It stays where it has arrived: at alpha times the initial rate.
    """
    return cosine_decay(step, initial_learning_rate, decay_steps, alpha) if step <= decay_steps else alpha


def cosine_that_is_0_beyond(step, initial_learning_rate, decay_steps, alpha=0.0):
    """Beyond `decay_steps` your rate is 0, whatever alpha is.

    It stays where it has arrived: at alpha times the initial rate.
    """
    return cosine_decay(step, initial_learning_rate, decay_steps, alpha) if step <= decay_steps else 0.0


def cosine_that_is_alpha_at_the_end(step, initial_learning_rate, decay_steps, alpha=0.0):
    """From `decay_steps` on your rate is alpha itself, which is a part of the initial rate, and no rate.

    It arrives at alpha times the initial rate, and stays there.
    """
    return cosine_decay(step, initial_learning_rate, decay_steps, alpha) if step < decay_steps else alpha


def cosine_that_gives_none(step, initial_learning_rate, decay_steps, alpha=0.0):
    """Beyond `decay_steps` your code gives None.

    There it returns what it has arrived at: alpha times the initial rate.
    """
    return cosine_decay(step, initial_learning_rate, decay_steps, alpha) if step <= decay_steps else None


def cosine_with_another_default(step, initial_learning_rate, decay_steps, alpha=None, constant=0.1):
    """Where no alpha is given, yours is another than the task's, 0.

    Take the first line of the function as it stands in the task, defaults included.
    """
    return cosine_decay(step, initial_learning_rate, decay_steps, constant if alpha is None else alpha)


def cosine_from_ones_own_rate(step, initial_learning_rate, decay_steps, alpha=0.0, constant=0.1):
    """Your rate begins with another number than `initial_learning_rate`, such as one of your own.

    In step 0 it is `initial_learning_rate` itself.
    """
    return faulty_cosine(step, constant, decay_steps, alpha)


def cosine_with_its_own_pi(step, initial_learning_rate, decay_steps, alpha=0.0, constant=3.14):
    """Your π is rounded, or another number: the rate misses its end.

    Use `np.pi` or `math.pi`.
    """
    return faulty_cosine(step, initial_learning_rate, decay_steps, alpha, pi=constant)


def scene_cosine_decay(answer):
    steps = np.arange(0, 131, 2)
    rates = np.array([float(answer(int(step), 0.1, 100, 0.1)) for step in steps])
    return Curves(steps, {"rate": rates}, xlabel="step", ylabel="from 0.1, alpha 0.1")


COSINE_DECAY = Exercise(
    name="cosine_decay",
    kind="derive",
    minutes=12,
    level=2,
    reference=schedules.cosine_decay,
    probe=probe_cosine_decay,
    scene=scene_cosine_decay,
    misconceptions=[
        *flags(
            faulty_cosine,
            no_half=(
                "The ½ is missing: 1 + cos runs from 2 to 0, so you begin with twice the rate.",
                "Halve it, so that it runs from 1 to 0.",
            ),
            no_one=(
                "The cosine runs from 1 to −1: without the 1 added to it, your wave falls below 0.",
                "Add 1 before you halve: 1 + cos runs from 2 to 0.",
            ),
            degrees=(
                "Your angle is in degrees, 180 for the end of the way; `cos` takes radians.",
                "Half a wave is π in radians.",
            ),
            whole_wave=(
                "With 2π the rate goes down and back up: a whole wave.",
                "Half a wave leads from the top to the bottom.",
            ),
            quarter=(
                "You take a quarter of a wave, which arrives steeply.",
                "The curve should be flat at both ends: half a wave, from the top to the bottom.",
            ),
            no_pi=(
                "π is missing: when the way is done, the angle is 1, not half a turn.",
                "Multiply the part of the way by π.",
            ),
            sine=(
                "A sine begins in the middle of its wave, and not at the top.",
                "The cosine begins at the top.",
            ),
            upside_down=(
                "Your wave is upside down: the rate rises.",
                "1 + cos falls, 1 − cos rises.",
            ),
            straight=(
                "Your rate falls on a straight line.",
                "The cosine makes it flat at both ends.",
            ),
            goes_on=(
                "Beyond `decay_steps` your rate rises again: the cosine goes on.",
                "Let no more than the whole way be done: `min(…, 1)`.",
            ),
            restarts=(
                "At the end your rate starts anew from the top.",
                "It should stay where it has arrived: `min(…, 1)` in place of `%`.",
            ),
            ahead=(
                "You are one step ahead: step 0 should have the initial rate.",
                "The part of the way that is done is step / decay_steps.",
            ),
            early=(
                "You arrive one step early, at decay_steps − 1.",
                "Divide by `decay_steps`.",
            ),
            whole_steps=(
                "The part of the way is a whole number, 0 or 1: its fraction is cut off.",
                "Divide with `/`, not with `//`.",
            ),
            no_alpha=(
                "`alpha` has no effect: your rate always arrives at 0.",
                "It should arrive at alpha times the initial rate.",
            ),
            alpha_added=(
                "You add alpha on top, so that the rate begins too high: with 1 + alpha.",
                "Squeeze the wave to (1 − alpha) of its height first.",
            ),
            alpha_cut=(
                "You cut the wave off at alpha with a max, so that it is flat before the end.",
                "It should arrive there smoothly, at the end: squeeze it to (1 − alpha) of its height.",
            ),
            alpha_as_rate=(
                "You use alpha as the last rate itself; it is a part of the initial rate.",
                "The last rate is alpha times the initial one.",
            ),
            alpha_brackets=(
                "A bracket is missing: 1 − alpha is a factor of the first half of the wave only.",
                "Compute the wave first, from 1 to 0, and multiply the whole of it by 1 − alpha.",
            ),
            no_initial=("The initial rate has no effect.", "Multiply by `initial_learning_rate`."),
            alpha_on_top=(
                "You add alpha itself on top: it is a part of the initial rate, and the wave is not squeezed.",
                "Compute the wave from 1 to alpha first, and multiply all of it by the initial rate.",
            ),
            halved_twice=(
                "The wave is halved twice, so that you begin with half of the rate.",
                "1 + cos runs from 2 to 0: halve it once.",
            ),
            beyond_too=(
                "You divide by decay_steps − 1: you arrive one step early, and go on beyond the end.",
                "Divide by `decay_steps`.",
            ),
            absolute=(
                "An `abs` folds the lower half of the wave up, so that your rate rises again halfway.",
                "1 + cos, halved, is never below 0.",
            ),
            half_of_one=(
                "A product goes before a sum: only the 1 is halved, and not the cosine.",
                "Put 1 + cos into brackets.",
            ),
            divided_outside=(
                "You take the cosine of π times the step, and divide it by `decay_steps` afterwards.",
                "Divide inside the cosine: the angle is π · step / decay_steps.",
            ),
            back_at_the_end=(
                "Beyond `decay_steps` your rate is back at the initial one.",
                "It stays where it has arrived.",
            ),
            wave_unscaled=(
                "The initial rate multiplies alpha alone, not the wave.",
                "Let it multiply the sum of both.",
            ),
            alpha_subtracted=(
                "You take alpha itself off the initial rate; it is a part of that rate.",
                "The wave is initial rate − alpha · initial rate high.",
            ),
            converted=(
                "You convert an angle that is in radians already, as if it were in degrees: it stays close to 0.",
                "π is half a turn in radians: leave the conversion out.",
            ),
            not_lifted=(
                "You squeeze the wave by 1 − alpha, but do not lift it: it begins too low and ends at 0.",
                "Add alpha, before you multiply by the initial rate.",
            ),
            alpha_swapped=(
                "alpha and 1 − alpha are swapped: your wave is alpha high, and ends at 1 − alpha.",
                "It should be 1 − alpha high, and end at alpha.",
            ),
            alpha_lifts=(
                "You lift the rate by alpha itself, which is a part of the initial rate, and no rate.",
                "Add alpha before you multiply by the initial rate.",
            ),
            never_quite=(
                "Your rate stays where it is one step before the end.",
                "Let the whole way be done: no more than `decay_steps` of its steps.",
            ),
            arrived=(
                "Your rate is at its end from the first step on: a `max` lets no less than the whole way be done.",
                "Let no *more* than the whole way be done: `min(…, 1)`.",
            ),
        ),
        cosine_with_alpha_as_the_lowest_rate,
        cosine_that_ends_at_zero,
        cosine_that_ends_at_alpha_itself,
        cosine_that_is_0_beyond,
        cosine_that_is_alpha_at_the_end,
        cosine_that_gives_none,
        Misconception.of(cosine_with_another_default, between=(1e-4, 0.9)),
        Misconception.of(cosine_from_ones_own_rate, constant=("the first step", lambda rates: float(rates[0]))),
        Misconception.of(cosine_with_its_own_pi, between=(2.9, 3.4)),
    ],
    equivalents=[
        cosine_decay,
        lambda step, rate, long, alpha=0.0: rate * (
            alpha + (1 - alpha) * math.cos(math.pi / 2 * min(step, long) / long) ** 2
        ),
        lambda step, rate, long, alpha=0.0: rate * alpha if step > long else
        alpha * rate + (1 - alpha) * rate * (1 + math.cos(math.radians(180 * step / long))) / 2,
    ],
    hints=[
        "The cosine runs from 1 at the angle 0 to −1 at the angle π, flat at both ends. What must be added, and what "
        "divided by, so that it runs from 1 to 0?",
        "Which part of the way is done after `step` steps? Let it grow no further than 1. The angle is π times it.",
        "With alpha, the wave from 1 to 0 becomes one from 1 to alpha: squeeze it to 1 − alpha of its height, and lift "
        "it by alpha. The initial rate multiplies all of that.",
    ],
    solution=cosine_decay,
)  # fmt: skip
