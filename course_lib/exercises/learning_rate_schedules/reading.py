"""What can be read off the schedule explorer, and off the range test of the chapter's network."""

import numpy as np

from course_lib import optimizers, surfaces
from course_lib.checking.questions import Reading, readings
from course_lib.schedules import CosineDecay, WarmUp

STEPS = 200


def rate_left(length=800):
    """What the explorer says of the rate after 200 steps of a cosine from 0.035 that was made for more of them."""
    return round(CosineDecay(0.035, length)(STEPS), 4)


def shortest_warm_up():
    """The shortest warm-up with which the run down the wall is not lost."""

    def last_loss(warmup):
        schedule = WarmUp(warmup, CosineDecay(0.02, STEPS - warmup))
        return surfaces.descend(optimizers.SGD(schedule), surfaces.BEALE, (4.0, 2.0), STEPS)[1][-1]

    return next(warmup for warmup in range(100) if np.isfinite(last_loss(warmup)))


# What the explorer says of the loss at the same place, of its run and of the mean over all noise.
LOSS_OF_THE_RUN, MEAN_LOSS = 0.616, 0.938
LOSS = "That is a loss; asked for is the rate."
RATE = "The sentence below the picture says both: “at step 200 the rate is …”."

SCHEDULE_READINGS = readings(
    "schedule_readings",
    Reading(
        "rate_left",
        rate_left(),
        tolerance=0.03,
        wrong={
            0: (
                "The rate is 0 at step 200 where the schedule is 200 steps long.",
                "Move *length in steps* to 800, and read the sentence below the picture.",
            ),
            0.035: (
                "That is the peak rate, of step 0.",
                "Read the rate at step 200, with a length of 800.",
            ),
            0.00875: (
                "A quarter of the peak would be left if the rate fell to a quarter in this quarter of the way.",
                "Read it off: the rate at step 200, with a length of 800.",
            ),
            0.02625: (
                "Three quarters are left on a straight line; a cosine begins more slowly.",
                "Read it off: the rate at step 200, with a length of 800.",
            ),
            LOSS_OF_THE_RUN: (LOSS, RATE),
            MEAN_LOSS: (LOSS, RATE),
        },
        too_small=(
            "So small a rate comes where the schedule is shorter than 800 steps, or begins with a smaller rate.",
            "Set *peak rate* to 0.035, *length in steps* to 800 and *warm-up steps* to 0.",
        ),
        too_large=(
            "So large a rate comes before step 200, or with a longer schedule or a higher peak.",
            "Set *peak rate* to 0.035 and *length in steps* to 800, and read the rate at step 200.",
        ),
        why="a schedule that is made for four times as many steps has hardly begun to fall when the run ends.",
    ),
    Reading(
        "warm_up",
        shortest_warm_up(),
        tolerance=0.02,
        too_small=(
            "With so short a warm-up the run is out of sight after a few steps.",
            "On the *steep wall*, at its own peak rate of 0.02 and without noise, move *warm-up steps* up one by one.",
        ),
        too_large=(
            "A shorter warm-up is enough.",
            "On the *steep wall*, at its own peak rate 0.02 and without noise, move *warm-up steps* down one by one.",
        ),
        why="the first steps, which are on the wall, need a small rate; on its foot a larger one is safe.",
    ),
    hints=[
        "Begin with the cosine on the *noisy bowl*, and move *length in steps*. The sentence says the rate.",
        "Choose *steep wall* at *run on*; rate and noise are then set. With the arrow keys a slider moves by one.",
        'Return a dict: `{"rate_left": a number, "warm_up": a number}`.',
    ],
    minutes=5,
)

# Of the mean of three networks, which the chapter draws and asserts.
FALLS, EXPLODES = 0.0133, 0.62

RANGE_TEST_READINGS = readings(
    "range_test_readings",
    Reading(
        "falls",
        FALLS,
        tolerance=0.45,
        too_small=(
            "At so small a rate the mean loss is still above 2.",
            "Follow the line from the left until it crosses the height 2, and read the rate below.",
        ),
        too_large=(
            "At so large a rate the mean loss is below 2 already.",
            "Follow the line from the left until it crosses the height 2, and read the rate below. The axis is "
            "logarithmic: between 0.01 and 0.1 stand 0.02, 0.03 and so on.",
        ),
    ),
    Reading(
        "explodes",
        EXPLODES,
        tolerance=0.4,
        too_small=(
            "At this rate, or at a larger one, the mean loss is below 1.5.",
            "Come from the right-hand end, and look for the rate from which on the loss stays above 1.5.",
        ),
        too_large=(
            "Before this rate the mean loss is above 1.5 already.",
            "Go to the left until you meet the rate at which it leaves the height 1.5.",
        ),
    ),
    hints=[
        "The rate stands on the horizontal axis, which is logarithmic.",
        "The dotted lines are at the heights 1.5 and 2.",
        'Return a dict: `{"falls": a number, "explodes": a number}`.',
    ],
    minutes=4,
)
