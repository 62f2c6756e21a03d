"""Down a slope step by step: the exercise in which a bug is to be spotted."""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, flags
from course_lib.checking.scene import Curves


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


def walk_with_a_bug(slope, start, learning_rate, steps):
    positions = [start]
    for _ in range(steps):
        x = positions[-1]
        positions.append(x + learning_rate * slope(x))
    return positions


def probe_walk_downhill(walk_downhill, rng):
    right, left = rng.uniform(1.0, 2.0), rng.uniform(-2.0, -1.0)
    center = rng.uniform(-0.5, 0.5)
    yield "a bowl, from its right side", lambda: walk_downhill(lambda x: 2 * x, right, 0.1, 4)
    yield "a bowl, from its left side", lambda: walk_downhill(lambda x: 2 * x, left, 0.3, 3)
    yield "a bowl elsewhere", lambda: walk_downhill(lambda x: x - center, right, 0.4, 2)
    yield "a wavy valley, ten steps", lambda: walk_downhill(lambda x: np.cos(x) + 0.5 * x, left, 0.2, 10)
    yield "a single step", lambda: walk_downhill(lambda x: 3.0, right, 0.25, 1)
    yield "no step at all", lambda: walk_downhill(lambda x: 2 * x, right, 0.1, 0)


def scene_walk_downhill(walk_downhill):
    """Twelve steps down the bowl x², from x = 2 at rate 0.1."""
    positions = np.asarray(walk_downhill(lambda x: 2 * x, 2.0, 0.1, 12), dtype=float)
    return Curves(np.arange(len(positions)), {"position": positions}, xlabel="step", ylabel="position x")


def faulty_walk_downhill(slope, start, learning_rate, steps, no_rate=False, slope_at_start=False, without_start=False):
    positions = [start]
    for _ in range(steps):
        step = slope(start if slope_at_start else positions[-1])
        step = step if no_rate else learning_rate * step
        positions.append(positions[-1] - step)
    return positions[1:] if without_start else positions


def walk_by(move):
    """Return a walk on which the next position is move(x, slope at x, learning_rate)."""

    def walk(slope, start, learning_rate, steps):
        positions = [start]
        for _ in range(steps):
            positions.append(move(positions[-1], slope(positions[-1]), learning_rate))
        return positions

    return walk


def walk_with_a_falling_rate(slope, start, learning_rate, steps):
    """Your learning rate shrinks from step to step.

    Here it stays the same.
    """
    positions = [start]
    for step in range(steps):
        positions.append(positions[-1] - learning_rate / (step + 1) * slope(positions[-1]))
    return positions


def walk_that_returns_in_the_loop(slope, start, learning_rate, steps):
    """Your function ends after its first step: the `return` stands inside the loop.

    Move `return` to the left, so that it comes after the loop.
    """
    for _ in range(steps):
        return walk_downhill(slope, start, learning_rate, 1)


def walk_that_keeps_what_append_gives(slope, start, learning_rate, steps):
    """`positions.append(…)` changes the list and gives None, which you then keep in place of the list.

    Write `positions.append(…)` alone on its line, without `positions =` before it.
    """
    positions = [start]
    for _ in range(steps):
        positions = positions.append(positions[-1] - learning_rate * slope(positions[-1]))
    return positions


def walk_that_notes_its_steps(slope, start, learning_rate, steps):
    """Your list holds how far each step goes, not where it leads.

    Append the new position, x after the step.
    """
    positions = walk_downhill(slope, start, learning_rate, steps)
    return [start, *(learning_rate * slope(x) for x in positions[:-1])]


def walk_that_still_climbs(slope, start, learning_rate, steps, constant=0.1):
    """Your walk still goes uphill, only by longer or shorter steps: the learning rate is not what is wrong.

    On a bowl x², the slope at x = 2 is 4. Work out by hand where the next position lies, and where it should lie.
    """
    return walk_with_a_bug(slope, start, constant * learning_rate, steps)


def walk_that_climbs_by_the_first_slope(slope, start, learning_rate, steps):
    """You use the slope at `start` in every step, and your walk still goes uphill.

    Ask for the slope where you are now, and think about which way is down.
    """
    return [start + i * learning_rate * slope(start) for i in range(steps + 1)]


def walk_that_climbs_by_the_whole_slope(slope, start, learning_rate, steps):
    """You take the whole slope as the step, and your walk still goes uphill.

    Multiply the slope by `learning_rate`, and think about which way is down.
    """
    return walk_with_a_bug(slope, start, 1.0, steps)


def walk_on_one_bowl(slope, start, learning_rate, steps):
    """Your walk takes every function for the bowl x²: it computes 2x and never asks `slope`.

    Call `slope` with the position.
    """
    return walk_downhill(lambda x: 2 * x, start, learning_rate, steps)


def walk_with_a_rate_of_its_own(slope, start, learning_rate, steps, constant=0.1):
    """`learning_rate` is ignored: every one of your steps uses the same number in its place.

    Multiply the slope by the argument `learning_rate`.
    """
    return walk_downhill(slope, start, constant, steps)


def walk_in_an_array(slope, start, learning_rate, steps, dtype=float):
    positions = np.zeros(steps + 1, dtype=dtype)
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
    kind="repair",
    minutes=6,
    level=1,
    reference=walk_downhill,
    probe=probe_walk_downhill,
    buggy=walk_with_a_bug,
    scene=scene_walk_downhill,
    misconceptions=[
        *flags(
            faulty_walk_downhill,
            no_rate=("You take the whole slope as the step.", "Multiply the slope by `learning_rate`."),
            slope_at_start=(
                "You use the slope at `start` in every step.",
                "Ask for the slope where you are now, at the last position.",
            ),
            without_start=(
                "Your list lacks its first position.",
                "`start` itself comes first, then one position for each step.",
            ),
        ),
        Misconception(
            walk_by(lambda x, slope, rate: x - rate * abs(slope)),
            "You always walk to the left, also where downhill is to the right.",
            "Keep the slope's own sign.",
            "walk_to_the_left",
        ),
        Misconception(
            lambda slope, start, rate, steps: walk_downhill(slope, start, rate, steps)[-1],
            "You return the last position only.",
            "Return all of them, `start` first.",
            "walk_and_keep_the_last",
        ),
        Misconception(
            lambda slope, start, rate, steps: walk_downhill(slope, start, rate, max(steps - 1, 0)),
            "You stop one step early.",
            "`steps` steps visit `steps + 1` positions: let the loop run `steps` times.",
            "walk_one_step_short",
        ),
        Misconception(
            lambda slope, start, rate, steps: walk_downhill(slope, start, rate, steps + 1),
            "You take one step too many.",
            "`steps` steps visit `steps + 1` positions: let the loop run `steps` times.",
            "walk_one_step_too_far",
        ),
        walk_with_a_falling_rate,
        walk_that_returns_in_the_loop,
        walk_that_keeps_what_append_gives,
        walk_that_notes_its_steps,
        Misconception.of(walk_with_a_rate_of_its_own, between=(1e-4, 10.0)),
        Misconception.of(walk_that_still_climbs, between=(1e-4, 100.0)),
        walk_that_climbs_by_the_first_slope,
        walk_that_climbs_by_the_whole_slope,
        walk_on_one_bowl,
        Misconception(
            lambda slope, start, rate, steps: [start, *walk_downhill(slope, start, rate, steps)[:-1]][: steps + 1],
            "You note each position before you move: `start` comes twice, and the last position never.",
            "Move first, then append.",
            "walk_that_notes_before_it_moves",
        ),
        Misconception(
            lambda slope, start, rate, steps: [start, *walk_downhill(slope, start, rate, steps + 1)[2:]],
            "You move twice before the first position is noted, so each is one step ahead.",
            "Append the position that you have reached, without a further step.",
            "walk_one_step_ahead",
        ),
        Misconception(
            lambda slope, start, rate, steps: walk_downhill(slope, start, rate, steps)[::-1],
            "Your positions are in reverse order.",
            "`start` comes first.",
            "walk_backwards",
        ),
        Misconception(
            lambda slope, start, rate, steps: [slope(x) for x in walk_downhill(slope, start, rate, steps)[:-1]],
            "You return the slopes along the way.",
            "Return the positions, `start` first.",
            "walk_that_notes_its_slopes",
        ),
        Misconception(
            lambda slope, start, rate, steps: walk_in_an_array(slope, start, rate, steps, int),
            "Your positions are whole numbers: an integer array drops what comes after the point.",
            "Collect them in a list, or in an array of floats.",
            "walk_in_whole_numbers",
        ),
        Misconception(
            lambda slope, start, rate, steps: [start, walk_downhill(slope, start, rate, steps)[-1]],
            "Your list holds the start and the end only: `append` stands after the loop.",
            "Append inside the loop, after each step.",
            "walk_that_notes_the_end",
        ),
        Misconception(
            lambda slope, start, rate, steps: [start] * (steps + 1),
            "You never move: every position is `start`.",
            "Keep the new position, so that the next step begins there.",
            "walk_on_the_spot",
        ),
        Misconception(
            walk_by(lambda x, slope, rate: -rate * slope),
            "You forget where you are: the new position is the step alone, as if you always set out from 0.",
            "Subtract the step from the position.",
            "walk_from_zero",
        ),
        Misconception(
            walk_by(lambda x, slope, rate: x - rate * np.sign(slope)),
            "You use only the sign of the slope, so all steps are equally long.",
            "Multiply `learning_rate` by the slope itself.",
            "walk_by_the_sign",
        ),
        Misconception(
            walk_by(lambda x, slope, rate: x - rate * slope**2),
            "You square the slope.",
            "Multiply `learning_rate` by the slope as it is.",
            "walk_by_the_square",
        ),
        Misconception(
            walk_by(lambda x, slope, rate: x - rate - slope),
            "You subtract the rate and the slope one after the other.",
            "Subtract their product: multiply the slope by `learning_rate`.",
            "walk_by_the_sum",
        ),
        Misconception(
            walk_by(lambda x, slope, rate: x - slope / rate),
            "You divide the slope by `learning_rate`: a smaller rate makes larger steps.",
            "Multiply the slope by it.",
            "walk_by_the_quotient",
        ),
        Misconception(
            walk_by(lambda x, slope, rate: x - rate),
            "Each of your steps is `learning_rate` itself: the slope plays no part.",
            "Multiply `learning_rate` by the slope where you are.",
            "walk_without_slope",
        ),
        Misconception(
            walk_by(lambda x, slope, rate: x - rate * x),
            "You multiply `learning_rate` by the position, not by the slope there.",
            "Call `slope` with the position.",
            "walk_by_the_position",
        ),
        Misconception(
            walk_by(lambda x, slope, rate: rate * slope - x),
            "You subtract the position from the step: every sign is turned around.",
            "Subtract the step from the position.",
            "walk_turned_around",
        ),
        Misconception(
            walk_by(lambda x, slope, rate: x * (1 - rate * slope)),
            "You multiply the step by the position as well.",
            "Subtract `learning_rate` times the slope from the position.",
            "walk_in_proportion",
        ),
        Misconception(
            walk_by(lambda x, slope, rate: (x - rate) * slope),
            "You subtract before you multiply.",
            "Multiply `learning_rate` by the slope first, without parentheses around the difference.",
            "walk_with_misplaced_parentheses",
        ),
        Misconception(
            walk_by(lambda x, slope, rate: slope),
            "You replace the position by the slope.",
            "Subtract `learning_rate` times the slope from the position.",
            "walk_of_slopes",
        ),
    ],
    equivalents=[walk_in_an_array, walk_with_a_variable, walk_by_recursion],
    hints=[
        "The slope says where the function grows. Which way is down?",
        "On a bowl x², the slope at x = 2 is 4. Which side of 2 should the next position be on, and on which is yours?",
        "One sign is wrong in the code as it was given. Everything else can stay.",
    ],
)
