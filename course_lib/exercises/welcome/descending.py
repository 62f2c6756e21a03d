"""Down a slope step by step: the exercise in which a bug is to be spotted."""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, flags


def walk_downhill(slope, start, learning_rate, steps):
    """Follow the slope of a function downhill: x ← x − learning_rate · slope(x), `steps` times.

    Args:
        slope: function of x that returns the slope at x.
        start: the first x.
        learning_rate: how far to go for a slope of 1.
        steps: how many steps to take, at least 0.
    Returns:
        list of the steps + 1 positions, `start` first.

    Reference: Cauchy (1847), "Méthode générale pour la résolution des systèmes d'équations simultanées".
    """
    positions = [start]
    for _ in range(steps):
        positions.append(positions[-1] - learning_rate * slope(positions[-1]))
    return positions


def probe_walk_downhill(walk_downhill, rng):
    right, left = rng.uniform(1.0, 2.0), rng.uniform(-2.0, -1.0)
    center = rng.uniform(-0.5, 0.5)
    yield "a bowl, from its right side", lambda: walk_downhill(lambda x: 2 * x, right, 0.1, 4)
    yield "a bowl, from its left side", lambda: walk_downhill(lambda x: 2 * x, left, 0.3, 3)
    yield "a bowl elsewhere", lambda: walk_downhill(lambda x: x - center, right, 0.5, 2)
    yield "a wavy valley, ten steps", lambda: walk_downhill(lambda x: np.cos(x) + 0.5 * x, left, 0.2, 10)
    yield "a single step", lambda: walk_downhill(lambda x: 3.0, right, 0.25, 1)
    yield "no step at all", lambda: walk_downhill(lambda x: 2 * x, right, 0.1, 0)


def faulty_walk_downhill(
    slope, start, learning_rate, steps, climbs=False, no_rate=False, slope_at_start=False, without_start=False
):
    positions = [start]
    for _ in range(steps):
        step = slope(start if slope_at_start else positions[-1])
        step = step if no_rate else learning_rate * step
        positions.append(positions[-1] + step if climbs else positions[-1] - step)
    return positions[1:] if without_start else positions


def walk_to_the_left(slope, start, learning_rate, steps):
    positions = [start]
    for _ in range(steps):
        positions.append(positions[-1] - learning_rate * abs(slope(positions[-1])))
    return positions


def walk_and_keep_the_last(slope, start, learning_rate, steps):
    return walk_downhill(slope, start, learning_rate, steps)[-1]


def walk_one_step_short(slope, start, learning_rate, steps):
    return walk_downhill(slope, start, learning_rate, steps)[: max(steps, 1)]


def walk_with_a_falling_rate(slope, start, learning_rate, steps):
    positions = [start]
    for step in range(steps):
        positions.append(positions[-1] - learning_rate / (step + 1) * slope(positions[-1]))
    return positions


def walk_in_an_array(slope, start, learning_rate, steps):
    positions = np.zeros(steps + 1)
    positions[0] = start
    for i in range(steps):
        positions[i + 1] = positions[i] - learning_rate * slope(positions[i])
    return positions


def walk_with_a_variable(slope, start, learning_rate, steps):
    x, positions = start, []
    positions.append(x)
    for _ in range(steps):
        x += -learning_rate * slope(x)
        positions.append(x)
    return np.array(positions)


def walk_by_recursion(slope, start, learning_rate, steps):
    if steps == 0:
        return [start]
    there = start - learning_rate * slope(start)
    return [start, *walk_by_recursion(slope, there, learning_rate, steps - 1)]


WALK_DOWNHILL = Exercise(
    name="walk_downhill",
    reference=walk_downhill,
    probe=probe_walk_downhill,
    misconceptions=[
        *flags(
            faulty_walk_downhill,
            climbs="You add the slope, so you walk uphill: the slope points to where the function grows. Subtract it.",
            no_rate="You take the whole slope as the step; multiply it by `learning_rate`.",
            slope_at_start="You use the slope at `start` in every step; ask for the slope where you are now.",
            without_start="Your list lacks its first position: `start` itself comes first, then one for each step.",
        ),
        Misconception(
            walk_to_the_left,
            "You always walk to the left. Keep the slope's own sign: where it is negative, downhill is to the right.",
        ),
        Misconception(
            walk_and_keep_the_last, "You return the last position only. Asked for are all of them, `start` first."
        ),
        Misconception(walk_one_step_short, "You stop one step early: `steps` steps visit `steps + 1` positions."),
        Misconception(
            walk_with_a_falling_rate,
            "Your learning rate shrinks from step to step. Here it stays the same; schedules come in chapter 06.",
        ),
    ],
    equivalents=[walk_in_an_array, walk_with_a_variable, walk_by_recursion],
    hints=[
        "The slope says where the function grows. Which way is down?",
        "One sign is wrong in the code above. Everything else can stay.",
        "`x = x - learning_rate * slope(x)`, and after each step `positions.append(x)`.",
    ],
)
