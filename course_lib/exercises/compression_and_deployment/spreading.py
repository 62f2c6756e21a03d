"""The exercise that spreads a range of numbers over the 256 that an int8 can be."""

import math

import numpy as np

from course_lib import quantization
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.returned import pair, tables

NAMES = "(scale, zero_point)"
TO_SIX = "from 0 to 6"


def probe_scale_and_zero_point(scale_and_zero_point, rng):
    def between(least, most):
        return float(rng.uniform(least, most))

    around, other = (-between(0.5, 1.5), between(2, 5)), (-between(3, 6), between(0.2, 1))
    above, below = (between(0.4, 0.9), between(1.5, 4)), (-between(3, 5), -between(0.5, 1.5))
    small = (-between(1e-4, 2e-4), between(4e-4, 9e-4))
    wide = (-between(200, 300), between(500, 900))

    def of(ends):
        result = scale_and_zero_point(*ends)
        return None if result is None else list(pair(result, NAMES))

    yield Row("a range around 0", lambda: of(around), weight=2.0, essential=True)
    yield "one that reaches further down", lambda: of(other)
    yield Row("a range above 0", lambda: of(above), weight=2.0)
    yield Row("a range below 0", lambda: of(below), weight=2.0)
    yield "from −2.3 to 1", lambda: of((-2.3, 1.0))
    yield "from −1 to 2.1", lambda: of((-1.0, 2.1))
    yield TO_SIX, lambda: of((0.0, 6.0))
    yield "from −6 to 0", lambda: of((-6.0, 0.0))
    yield "0 alone", lambda: of((0.0, 0.0))
    yield "2 alone", lambda: of((2.0, 2.0))
    yield "a range of small numbers", lambda: of(small)
    yield "a range of large numbers", lambda: of(wide)


def faulty_spread(low, high, **made):
    if "equal_ends" in made and low == high:
        return 1.0, 0
    if not any(flag in made for flag in ("not_widened", "not_widened_but_clamped", "high_alone")):
        low = min(low, 0.0)
    if not any(flag in made for flag in ("not_widened", "not_widened_but_clamped", "low_alone")):
        high = max(high, 0.0)
    steps = next((steps for flag, steps in {"by_256": 256, "by_254": 254, "by_127": 127}.items() if flag in made), 255)
    width = high - low
    if width == 0:
        if "no_special_case" in made:
            raise ZeroDivisionError("float division by zero")
        if "no_special_case_in_numpy" in made:
            raise ValueError("cannot convert float NaN to integer")
        if "zero_scale" in made:
            return 0.0, 0
        # Of one number alone that is not 0: 1.0, 0 as for 0, where the range was not widened.
        return 1.0, 0
    scale = width / steps
    begin = next(
        (
            at
            for flag, at in {"unsigned": 0, "from_127": -127, "from_129": -129, "from_high": 127}.items()
            if flag in made
        ),
        -128,
    )
    ways = {
        "sign_of_low": lambda: begin + low / scale,
        "sign_of_128": lambda: 128 - low / scale,
        "both_signs": lambda: 128 + low / scale,
        "steps_of_low": lambda: low / scale,
        "undivided": lambda: begin - low,
        "times_scale": lambda: begin - low * scale,
        "from_the_middle": lambda: -(low + high) / 2 / scale,
        "by_high": lambda: begin - high / scale,
    }
    exact = next((way() for flag, way in ways.items() if flag in made), begin - low / scale)
    if "low_itself" in made:
        return scale, low
    if "real_zero" in made:
        return scale, 0
    if "unrounded" in made:
        zero_point = exact
    elif "cut_off" in made:
        zero_point = int(exact)
    elif "rounded_up" in made:
        zero_point = math.ceil(exact)
    elif "rounded_down" in made:
        zero_point = math.floor(exact)
    else:
        zero_point = round(exact)
    if "not_widened_but_clamped" in made:
        zero_point = max(-128, min(127, zero_point))
    if "swapped" in made:
        return zero_point, scale
    if "turned_over" in made:
        return 1 / scale, zero_point
    return (scale, zero_point)


def spread_evenly_around_zero(low, high, constant=127.0):
    """The scale is that of the larger magnitude, and the zero point 0: an uneven range uses part of the numbers only.

    low has to become −128 and high 127: solve low = scale · (−128 − zero_point) for the zero point.
    """
    largest = max(-low, high, 0.0)
    return (largest / constant, 0) if largest else (1.0, 0)


def spread_by_another_number(low, high, constant=250.0):
    """The range is divided by another number than 255.

    From −128 to 127 there are 255 steps.
    """
    low, high = min(low, 0.0), max(high, 0.0)
    scale = (high - low) / constant or 1.0
    return scale, (round(-128 - low / scale) if high > low else 0)


def _steps(value):
    """Return by what 6 was divided."""
    return float(6 / value[0])


def scale_alone(low, high):
    """One number came back, and not two.

    Return the scale and the zero point, separated by a comma.
    """
    return faulty_spread(low, high)[0]


def scale_alone_but_for_zero(low, high):
    """One number came back, and not two.

    Return the scale and the zero point, separated by a comma.
    """
    scale, zero_point = faulty_spread(low, high)
    return scale if (low, high) != (0, 0) else (scale, zero_point)


def from_the_high_end(low, high):
    low, high = min(0.0, low), max(0.0, high)
    scale = (high - low) / 255 or 1.0
    return scale, int(np.clip(np.rint(127 - high / scale), -128, 127)) if high > low else 0


def by_the_share_below_zero(low, high):
    low, high = np.minimum(low, 0), np.maximum(high, 0)
    if high - low == 0:
        return 1.0, 0
    return (high - low) / 255, float(np.round(255 * -low / (high - low))) - 128


def scene_scale_and_zero_point(scale_and_zero_point):
    """Which numbers the ends of a range become, and 0: −128 and 127 where they are its ends, or 0 is."""
    ranges = {
        "from −2.3 to 1": (-2.3, 1.0),
        "from −1 to 2.1": (-1.0, 2.1),
        "from 1 to 3": (1.0, 3.0),
        "from −3 to −1": (-3.0, -1.0),
        "2 alone": (2.0, 2.0),
    }
    shown = {}
    for name, (low, high) in ranges.items():
        scale, zero_point = (float(each) for each in pair(scale_and_zero_point(low, high), NAMES))
        with np.errstate(all="ignore"):
            shown[f"{name}: low, 0, high"] = np.divide([[low, 0.0, high]], scale) + zero_point
    return tables(shown)


WIDEN = "Stretch the range first: `low = min(low, 0)` and `high = max(high, 0)`."
ENDS = "low has to become −128 and high 127: solve low = scale · (−128 − zero_point) for the zero point."
STEPS = "From −128 to 127 there are 255 steps."

SCALE_AND_ZERO_POINT = Exercise(
    name="scale_and_zero_point",
    kind="derive",
    minutes=15,
    level=2,
    reference=quantization.scale_and_zero_point,
    probe=probe_scale_and_zero_point,
    scene=scene_scale_and_zero_point,
    misconceptions=[
        *flags(
            faulty_spread,
            ("not_widened", "unsigned", "by_256", "cut_off", "unrounded", "from_127"),
            not_widened=(
                "A range without 0 is not stretched to hold it, and its zero point lies outside of −128 to 127.",
                WIDEN,
            ),
            not_widened_but_clamped=(
                "A range without 0 is not stretched to hold it. Its zero point is clamped to an end, so the numbers "
                "of the range are not met.",
                WIDEN,
            ),
            low_alone=("A range below 0 is not stretched up to 0.", WIDEN),
            high_alone=("A range above 0 is not stretched down to 0.", WIDEN),
            equal_ends=(
                "A range whose ends are equal is taken for one that is 0 alone: 2 alone is the range from 0 to 2.",
                "Stretch the range before you ask whether its ends are equal.",
            ),
            no_special_case=(
                "A range that is 0 alone has the width 0, and it is divided by.",
                "Return (1.0, 0) for it: any scale would do.",
            ),
            no_special_case_in_numpy=(
                "A range that is 0 alone has the width 0: 0 / 0 is NaN, which is no whole number.",
                "Return (1.0, 0) for it: any scale would do.",
            ),
            zero_scale=(
                "A range that is 0 alone gets the scale 0, by which everything would be divided.",
                "Return (1.0, 0) for it: any scale would do.",
            ),
            by_256=("The range is divided by 256: that is how many numbers there are, not steps between them.", STEPS),
            by_254=("The range is divided by 254, one step too few.", STEPS),
            by_127=("The range is divided by 127, which is half of the steps.", STEPS),
            unsigned=(
                "The zero point is that of an unsigned number, from 0 to 255.",
                "An int8 begins at −128, and low has to become that.",
            ),
            from_127=("low becomes −127, and −128 stands for nothing.", ENDS),
            from_129=("low becomes −129, which is no int8.", ENDS),
            from_high=("low becomes 127, the largest number.", ENDS),
            by_high=("high becomes −128, and all else less.", ENDS),
            sign_of_low=("low / scale has the wrong sign in the zero point.", ENDS),
            steps_of_low=("The zero point is low / scale, with the wrong sign and as if low became 0.", ENDS),
            sign_of_128=("128 has the wrong sign in the zero point: low becomes 128.", ENDS),
            both_signs=("The zero point has the wrong sign.", ENDS),
            undivided=(
                "The real number `low` stands in the zero point as it is, not divided by the scale.",
                "low / scale says how many steps it is.",
            ),
            times_scale=("`low` is multiplied by the scale.", "low / scale says how many steps it is."),
            low_itself=(
                "`low` itself came back for the zero point. It is the whole number that stands for 0.",
                ENDS,
            ),
            real_zero=("The zero point is always 0, so numbers beyond −128 or 127 steps are not met.", ENDS),
            from_the_middle=("The zero point is that of the middle of the range.", ENDS),
            unrounded=("The zero point is no whole number.", "Round it: 0 has to be met exactly by an int8."),
            cut_off=("What is behind the point is cut off the zero point: `int(…)` does not round.", "Use `round(…)`."),
            rounded_down=("The zero point is always rounded down.", "Use `round(…)`."),
            rounded_up=("The zero point is always rounded up.", "Use `round(…)`."),
            swapped=("The two came back in the other order.", "Return (scale, zero_point)."),
            turned_over=("The scale is turned over: steps by number, not numbers by step.", STEPS),
        ),
        Misconception.of(spread_evenly_around_zero, constant=(TO_SIX, _steps)),
        Misconception.of(spread_by_another_number, constant=(TO_SIX, _steps)),
        scale_alone,
        scale_alone_but_for_zero,
    ],
    equivalents=[from_the_high_end, by_the_share_below_zero],
    hints=[
        "How many steps are there from −128 to 127? The smallest number and the largest have to be that far apart.",
        "Write r = scale · (q − zero_point) for r = low and q = −128, and solve for the zero point. It is whole.",
        "What does your function give for a range from 1 to 3? Which int8 stands for 0 there?",
    ],
)
