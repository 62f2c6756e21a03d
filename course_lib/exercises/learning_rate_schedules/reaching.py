"""The exercise that asks for a schedule which no constant rate can equal, on a bowl with noise."""

import math

import numpy as np

from course_lib import schedules, surfaces
from course_lib.checking.exercise import Exercise, Row

STEPS, NOISE, TARGET = 200, 5.0, 0.13
CURVATURES, START = (1.0, 50.0), surfaces.BOWL.start


def my_schedule(step):
    return schedules.cosine_decay(step, 0.035, STEPS)


def parts_of_the_loss(schedule):
    """Return what of the loss is left after STEPS steps on the ill-conditioned bowl, averaged over all noise.

    Args:
        schedule: function of the step, which returns a rate.
    Returns:
        way, noise: floats whose sum is the mean loss: of the way that is not gone yet, and of the noise.
    """
    parts = schedules.mean_losses([float(schedule(step)) for step in range(STEPS)], CURVATURES, START, NOISE)
    return tuple(float(part[-1]) for part in parts)


REACHED = f"a mean loss of at most {TARGET}"
FINE = f"{STEPS} rates, none below 0"


def what_it_gives(schedule):
    """Return FINE, or what the schedule gives in place of rates."""
    rates = [schedule(step) for step in range(STEPS)]
    if any(rate is None for rate in rates):
        return None
    if any(np.ndim(rate) for rate in rates):
        return "a list where one rate is asked"
    try:
        rates = [float(rate) for rate in rates]
    except (TypeError, ValueError):
        return "something that is no number"
    if not all(math.isfinite(rate) for rate in rates):
        return "a rate that is not finite"
    return "a rate below 0" if min(rates) < 0 else FINE


def where_it_leads(schedule):
    """Return REACHED, or in words what is too large in the end."""
    given = what_it_gives(schedule)
    if given != FINE:
        return given
    rates = [float(schedule(step)) for step in range(STEPS)]
    way, noise = parts_of_the_loss(lambda step: rates[step])
    if way + noise <= TARGET:
        return REACHED
    if not way + noise <= surfaces.BOWL.value(*START):
        return "the run goes away from the bottom"
    if max(rates) == min(rates):
        return "too much is left, at one rate for all steps"
    return "too much of the way is left" if way > noise else "too much noise is left"


def probe_my_schedule(my_schedule, rng):
    yield Row("what it gives", lambda: what_it_gives(my_schedule))
    yield Row("where the run of 200 steps ends", lambda: where_it_leads(my_schedule), weight=3, essential=True)


def my_best_constant(step):
    """One rate for all steps is not enough, whichever it is: a larger one leaves noise, and a smaller one leaves way.

    Begin with a large rate, which goes the way, and end with a small one, which quiets the noise.
    """
    return 0.0128


def my_large_rate(step):
    """The run goes away from the bottom: your rates are too large for too long.

    Above 2/50 = 0.04 every step throws y farther out; a few such steps do no harm.
    """
    return 0.06


def my_hasty_schedule(step):
    """Too much of the way is left: your rate is too small, or falls too soon, and so x does not arrive.

    Along x the curvature is 1, and a step takes only the part `rate` off the distance: keep a large rate for longer.
    """
    return 0.035 * 0.9**step


def my_late_schedule(step):
    """Too much noise is left: at the end your rate is still too large, or it has been small for too short a time.

    Let it come down, closer to 0, in the last third of the steps.
    """
    return schedules.cosine_decay(step, 0.035, 4 * STEPS)


def my_list(step):
    """You return a list; a schedule returns one rate, that of the step it is asked for.

    Use `step` to compute a single number.
    """
    return [0.01] * STEPS


def my_negative_rate(step):
    """Your schedule gives a rate below 0, which would lead uphill.

    Let it fall to 0 and no further: print what your schedule gives in step 199.
    """
    return 0.03 - 0.0002 * step


def my_infinite_rate(step):
    """Your schedule gives a rate that is not finite.

    Is something divided by 0, in step 0 for instance?
    """
    return 0.03 if step else math.inf


def my_text(step):
    """Your schedule gives something that is no number.

    Return a rate, such as 0.01.
    """
    return "0.01 (a rate)"


MY_SCHEDULE = Exercise(
    name="my_schedule",
    kind="reach it",
    minutes=12,
    level=3,
    reference=my_schedule,
    probe=probe_my_schedule,
    misconceptions=[
        my_best_constant,
        my_large_rate,
        my_hasty_schedule,
        my_late_schedule,
        my_list,
        my_negative_rate,
        my_infinite_rate,
        my_text,
    ],
    equivalents=[
        lambda step: 0.035 * (1 - step / STEPS),
        lambda step: 0.05 * 0.02 ** (step / STEPS),
        lambda step: np.array(0.03 if step < 90 else 0.009 if step < 130 else 0.005 if step < 160 else 0.0025),
    ],
    hints=[
        "`answers.parts_of_the_loss(my_schedule)` says what is left: of the way, and of the noise. Try one rate first.",
        "A large rate goes the way, a small one quiets the noise. Which comes first?",
        "Each of the falling schedules of this chapter can do it, beginning a little below 0.04. Where should it be at "
        "step 200?",
    ],
    solution=my_schedule,
)
