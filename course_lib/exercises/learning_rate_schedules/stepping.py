"""The exercise on a rate that falls at given steps."""

import numpy as np

from course_lib import schedules
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.learning_rate_schedules.returned import one_number


def piecewise_constant(step, boundaries, values):
    """values[0] up to and including step boundaries[0], then values[1] up to boundaries[1], and so on."""
    for boundary, value in zip(boundaries, values, strict=False):
        if step <= boundary:
            return value
    return values[-1]


def probe_piecewise_constant(piecewise_constant, rng):
    first = int(rng.integers(5, 20))
    boundaries = [first, first + int(rng.integers(5, 20)), first + int(rng.integers(30, 50))]
    values = [float(value) for value in rng.uniform(0.1, 0.9, size=4)]

    def at(steps, boundaries=boundaries, values=values):
        return lambda: [one_number(piecewise_constant(step, list(boundaries), list(values))) for step in steps]

    yield "before the first boundary", at([0, first - 1])
    yield Row("at the first boundary itself", at([boundaries[0]]), weight=2)
    yield "the step after it", at([boundaries[0] + 1])
    yield "between two boundaries", at([boundaries[0] + 2, boundaries[1] - 1, boundaries[1] + 2, boundaries[2] - 1])
    yield (
        "at the other boundaries, and a step later",
        at([boundary + by for boundary in boundaries[1:] for by in (0, 1)]),
    )
    yield "beyond the last boundary", at([boundaries[2] + 2, 10 * boundaries[2]])
    yield "a single boundary", at([0, 7, 8, 30], [7], [0.3, 0.2])
    yield (
        "1, ½ and 0.1 with boundaries at 100,000 and 110,000",
        at([0, 100000, 100001, 110000, 110001], [100000, 110000], [1.0, 0.5, 0.1]),
    )


def passed(step, boundaries):
    """How many boundaries the step has passed."""
    return int(np.searchsorted(boundaries, step, side="left"))


def faulty_piecewise(
    step, boundaries, values,
    early=False, late=False, ahead=False, behind=False, equal_only=False, last_match=False,
    ends_only=False, no_end=False, backwards=False, cumulative=False, tenths=False, interpolated=False, place=False,
    first_only=False, no_start=False, last_but_one=False, first_or_last=False, turned=False, one_place_back=False,
    at_boundaries_only=False, nothing_at_boundaries=False, whole=False,
):  # fmt: skip
    step = step + (1 if early else -late)
    place_now = passed(step, boundaries)
    if ahead:
        place_now = min(place_now + 1, len(boundaries))
    if behind:
        place_now = max(place_now - 1, 0)
    if last_match and step <= boundaries[-1]:
        place_now = len(boundaries) - 1
    if first_only:
        place_now = min(place_now, 1)
    if no_start and place_now == 0:
        place_now = len(boundaries)
    if ends_only:
        place_now = len(boundaries) if step > boundaries[-1] else 0
    if equal_only:
        place_now = list(boundaries).index(step) + 1 if step in boundaries else 0
    if last_but_one:
        place_now = min(place_now, len(boundaries) - 1)
    if first_or_last and place_now:
        place_now = len(boundaries)
    if turned:
        place_now = 0 if step >= boundaries[0] else len(boundaries)
    if at_boundaries_only:
        place_now = list(boundaries).index(step) if step in boundaries else len(boundaries)
    if one_place_back:
        return values[place_now - 1]
    if nothing_at_boundaries and step in boundaries:
        return None
    if whole:
        return int(values[place_now])
    if no_end and step > boundaries[-1]:
        return None
    if place:
        return place_now
    if interpolated:
        return float(np.interp(step, [0, *boundaries], values))
    if backwards:
        return values[::-1][place_now]
    if cumulative:
        return float(np.prod(values[: place_now + 1]))
    return values[0] * 0.1**place_now if tenths else values[place_now]


PIECEWISE_CONSTANT = Exercise(
    name="piecewise_constant",
    kind="derive",
    minutes=8,
    level=1,
    reference=schedules.piecewise_constant,
    probe=probe_piecewise_constant,
    misconceptions=[
        *flags(
            faulty_piecewise,
            early=(
                "Your rate changes one step early: at the boundary itself the value before it still holds.",
                "Compare with `<=`: up to and including the boundary.",
            ),
            late=(
                "Your rate changes one step late: the step after a boundary has the next value already.",
                "A boundary is the last step of the value before it.",
            ),
            ahead=(
                "You are one value ahead: before the first boundary comes `values[0]`.",
                "Count the boundaries that lie below the step: that is the place in `values`.",
            ),
            behind=(
                "You are one value late: once the first boundary is passed, it is the turn of `values[1]`.",
                "Count the boundaries that lie below the step: that is the place in `values`.",
            ),
            equal_only=(
                "The new value holds only in the one step that is equal to a boundary.",
                "It holds from the step after the boundary on: compare with `<=`.",
            ),
            last_match=(
                "Your loop goes on after it has found the value, and ends with that of the last boundary that is not "
                "passed.",
                "The first boundary that the step has not passed counts: return there.",
            ),
            ends_only=(
                "Your code knows two values only, the first value and the last; those between never come.",
                "Go through all boundaries.",
            ),
            first_only=(
                "Only the first boundary counts in your code: after it comes `values[1]`, for ever.",
                "Go on with the next boundary: do not return before you know that the step has not passed it.",
            ),
            no_start=(
                "Up to the first boundary your code gives the last value.",
                "The first boundary counts, too: `values[0]` holds up to it.",
            ),
            no_end=(
                "Beyond the last boundary your code gives None.",
                "After the loop comes one value more: the last one.",
            ),
            last_but_one=(
                "Beyond the last boundary your code gives the last value but one.",
                "There is one value more than there are boundaries: `values[-1]`.",
            ),
            first_or_last=(
                "Your code knows two values only: after the first boundary comes the last value.",
                "Is `return` inside the loop, at its end? Then the first boundary decides alone.",
            ),
            turned=(
                "The comparison is turned around: `values[0]` comes after the first boundary.",
                "Compare with `step <= boundary`, and return where that holds.",
            ),
            one_place_back=(
                "You are one place too far in front: `values[place - 1]` is the last value at the place 0.",
                "The number of boundaries that the step has passed is the place itself.",
            ),
            at_boundaries_only=(
                "A value holds only in the one step that is equal to its boundary; all other steps have the last one.",
                "It holds up to its boundary: compare with `<=`.",
            ),
            nothing_at_boundaries=(
                "At the boundaries themselves your code gives None: no case is for them.",
                "Compare with `<=` on one side: the value before a boundary still holds in its step.",
            ),
            whole=(
                "Your rates are whole numbers: `int` cuts their fractions off.",
                "Return the value as it is.",
            ),
            backwards=(
                "You take the values in reverse order.",
                "`values[0]` comes first.",
            ),
            cumulative=(
                "You multiply the values with each other. They are no factors: each is a rate by itself.",
                "Return the one value whose turn it is.",
            ),
            tenths=(
                "Your rate becomes a tenth at each boundary, whatever stands in `values`.",
                "Return one of the `values`.",
            ),
            interpolated=(
                "Your rate moves on a line between the boundaries.",
                "It stays the same from one boundary to the next.",
            ),
            place=(
                "You return which value it is, an index, not the value.",
                "Put it into brackets: `values[…]`.",
            ),
        ),
        Misconception(
            lambda step, boundaries, values: values[passed(step, np.cumsum(boundaries))],
            "You take the boundaries for lengths, and add them up.",
            "Each boundary is a step, counted from the start of the training.",
            "boundaries_added_up",
        ),
        Misconception(
            lambda step, boundaries, values: values[int(np.argmin(np.abs(np.subtract(boundaries, step))))],
            "You take the value of the boundary that is nearest to the step.",
            "Nearness has no effect: count the boundaries that the step has passed.",
            "of_the_nearest_boundary",
        ),
        Misconception(
            lambda step, boundaries, values: [*boundaries, values[-1]][passed(step, boundaries)],
            "You return the boundary, a number of steps, and not the rate.",
            "Go through boundaries and values side by side, and return the value.",
            "the_boundary",
        ),
        Misconception(
            lambda step, boundaries, values: values[0],
            "Your rate is the first value, whatever the step.",
            "Is the loop left in its first turn? Only a step that has not passed the boundary ends it.",
            "first_value",
        ),
        Misconception(
            lambda step, boundaries, values: values[-1],
            "Your rate is the last value, whatever the step.",
            "Return as soon as there is a boundary that the step has not passed.",
            "last_value",
        ),
        Misconception(
            lambda step, boundaries, values: values[0 if step <= boundaries[0] else 1 if step <= boundaries[1] else 2],
            "Your code is for two boundaries; there may be any number of boundaries.",
            "Use a loop over `boundaries`.",
            "for_two_boundaries",
        ),
    ],
    equivalents=[
        piecewise_constant,
        lambda step, boundaries, values: values[sum(step > boundary for boundary in boundaries)],
        lambda step, boundaries, values: np.select([step <= b for b in boundaries], values[:-1], default=values[-1]),
    ],
    hints=[
        "How many of the boundaries has the step passed, if there are [10, 20] and the step is 5, 10, 11 or 25?",
        "Go through boundaries and values side by side: the first boundary that the step has not passed decides.",
        "`zip(boundaries, values)` stops after the last boundary. What comes where all of them are passed?",
    ],
    solution=piecewise_constant,
)
