"""What the optimizer race is asked: twice, with plain descent alone at first, and with all optimizers later."""

from functools import cache

import numpy as np

from course_lib.checking.questions import Reading, readings
from course_lib.optimizers import SGD, Adam
from course_lib.surfaces import BOWL, HIMMELBLAU, SADDLE, descend

# The wording of the questions stands in the chapter. The noise stays 0, and what they do not mention stays as it is
# when the race opens.


def largest_rate():
    """2 / λ, with the largest curvature λ of the bowl: a step multiplies its direction's coordinate by 1 − rate · λ."""
    curvatures = BOWL.gradient(1.0, 1.0)
    return 2 / max(curvatures)


def minimum():
    """The x at which the run on Himmelblau's surface ends that begins at (−0.2, −1)."""
    path, _ = descend(SGD(0.01), HIMMELBLAU, (-0.2, -1.0), steps=300)
    return round(float(path[-1, 0]), 2)


def saddle():
    return steps_to_leave(SADDLE.start)["sgd"]


def best_momentum():
    losses = {
        momentum: descend(SGD(0.01, momentum=momentum), BOWL, BOWL.start, steps=150)[1][-1]
        for momentum in (0, 0.5, 0.8, 0.9, 0.99)
    }
    return min(losses, key=losses.get)


@cache
def steps_to_leave(start):
    """Return for each racer how many steps it takes from `start` on the saddle to |y| > 1; only those that arrive."""
    racers = {"sgd": SGD(0.1), "momentum": SGD(0.1, momentum=0.9), "adam": Adam(0.1)}
    steps = {}
    for name, racer in racers.items():
        path, _ = descend(racer, SADDLE, start, steps=300)
        left = np.flatnonzero(np.abs(path[:, 1]) > 1)
        if left.size:
            steps[name] = int(left[0])
    return steps


def escape():
    steps = steps_to_leave(SADDLE.start)
    return min(steps, key=steps.get)


def stuck():
    steps = steps_to_leave((SADDLE.start[0], 0.0))
    return {0: "nobody", 3: "all"}.get(len(steps), " and ".join(steps))


DESCENT_QUESTIONS = readings(
    "descent_questions",
    Reading(
        "largest_rate",
        largest_rate(),
        tolerance=0.05,
        wrong={
            1 / 50: (
                "At 1/50 y arrives in a single step, since 1 − 50 · 1/50 = 0. Higher rates overshoot and come back, "
                "but still arrive.",
                "Raise the rate further, until the loss no longer falls.",
            ),
            2.0: (
                "2 is the limit of x alone. y is 50 times as steep, and diverges long before.",
                "Ask at which rate a step takes y farther out than it was.",
            ),
        },
        too_small=("A higher rate still does not diverge.", "Raise it further, until the loss no longer falls."),
        too_large=(
            "At that rate each step multiplies y by 1 − 50 · rate, which is below −1: the loss grows.",
            "Lower the rate until the loss falls again.",
        ),
    ),
    Reading(
        "minimum",
        minimum(),
        tolerance=0.02,
        wrong={
            -3.78: (
                "That is where the run from (−0.5, −1) ends, the start that the surface opens with.",
                "Set start x to −0.2, and read again.",
            ),
            -2.81: ("That minimum is reached from farther up.", "Set the start to (−0.2, −1), with both signs."),
            3.0: ("That minimum is reached from farther up.", "Set the start to (−0.2, −1), with both signs."),
        },
    ),
    Reading(
        "saddle",
        saddle(),
        tolerance=0.04,
        wrong={
            300: (
                "After 300 steps it is far beyond |y| = 1; asked for is the first step at which it is there.",
                "Move *steps shown* down from 300, and watch the y in the sentence below the picture.",
            ),
        },
        too_small=(
            "After so few steps |y| is still below 1.",
            "Move *steps shown* on, and watch the y in the sentence below the picture.",
        ),
        too_large=(
            "|y| is above 1 earlier than that.",
            "Move *steps shown* back, and watch the y in the sentence below the picture.",
        ),
    ),
    hints=[
        "Set the surface, the start and the rate, and read the sentence below the picture.",
        "For `largest_rate`: one step takes y to (1 − 50 · rate) · y. When does |y| grow?",
        'Return a dict: `{"largest_rate": a number, "minimum": a number, "saddle": a number}`.',
    ],
)

RACE_QUESTIONS = readings(
    "race_questions",
    Reading(
        "best_momentum",
        best_momentum(),
        wrong={
            0: (
                "Without momentum x creeps: each step takes 1 % off it, and 150 of them leave more than a fifth.",
                "Read the loss at 150 steps for each of the five values, and compare.",
            ),
            0.5: (
                "With 0.5 steps along x are at most 1 / (1 − 0.5) = 2 times a plain one, which is still slow.",
                "Read the loss at 150 steps for the larger values too.",
            ),
            0.9: (
                "0.9, the usual value, is the first to come close, but swings beyond the minimum and back.",
                "Compare the losses at 150 steps, not who comes close first.",
            ),
            0.99: (
                "0.99 remembers about 100 steps: it runs through the minimum again and again.",
                "Read the loss at 150 steps for the smaller values too.",
            ),
        },
    ),
    Reading(
        "escape",
        escape(),
        wrong={
            "sgd": (
                "SGD's steps along y are a tenth of y itself, which begins at 0.001: it is the last.",
                "Step on one by one, and watch the y of all three.",
            ),
            "momentum": (
                "Momentum adds up the tiny gradients along y, and is faster than SGD, but not the fastest.",
                "One of the three does not care how tiny a gradient is. Step on one by one, and watch its y.",
            ),
        },
    ),
    Reading(
        "stuck",
        stuck(),
        wrong={
            "adam": (
                "Adam divides the gradient by its own size, but here it is 0 along y: 0 / (0 + ε) is 0.",
                "Set the start to y = 0 exactly, and read where Adam is after 300 steps.",
            ),
            "momentum": (
                "The velocity adds up the gradients along y, and all of them are 0.",
                "Set the start to y = 0 exactly, and read where Momentum is after 300 steps.",
            ),
            "sgd": (
                "Along y the gradient is −y, which is 0 and stays 0.",
                "Set the start to y = 0 exactly, and read where SGD is after 300 steps.",
            ),
            "all": (
                "At y = 0 the gradient along y is 0.",
                "Set the start to y = 0 exactly: at 0.001 it is another race.",
            ),
        },
    ),
    hints=[
        "Show the optimizers that are asked for alone, set their sliders, and read the sentence below the picture.",
        "For `escape`: move *steps shown* up from 0, and see whose y is the first to leave.",
        'Return a dict: `{"best_momentum": a number, "escape": "…", "stuck": "…"}`.',
    ],
)
