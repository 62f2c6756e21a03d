"""The bug to be spotted: numbers are clamped, and then the zero point is added, which leads out of int8 again."""

import numpy as np

from course_lib import quantization
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.returned import one_array, tables

KIND = "the kind of the numbers"


def quantize_with_a_bug(x, scale, zero_point):
    q = np.clip(np.round(x / scale), -128, 127).astype(np.int8)
    return q + np.int8(zero_point)


def probe_quantize(quantize, rng):
    scale, small = float(rng.uniform(0.02, 0.05)), float(rng.uniform(1e-3, 2e-3))
    up, down = int(rng.integers(20, 60)), -int(rng.integers(20, 60))
    inside = rng.uniform(-1, 1, size=8)
    steps = np.sort(rng.uniform(-290, 290, size=24))
    table = rng.uniform(-150, 150, size=(3, 4))

    yield Row("numbers that stay far from the ends", lambda: quantize(inside * 40 * scale, scale, up), essential=True)
    yield Row(
        "numbers beyond both ends, zero point above 0",
        lambda: quantize(steps * scale, scale, up),
        weight=2.0,
        essential=True,
    )
    yield Row("numbers beyond both ends, zero point below 0", lambda: quantize(steps * small, small, down), weight=2.0)
    yield "zero point −128", lambda: quantize(np.abs(steps) * scale, scale, -128)
    yield "zero point 0", lambda: quantize(steps * scale, scale, 0)
    yield "a table", lambda: quantize(table * small, small, down)
    yield KIND, lambda: kind(quantize(inside, scale, up))


def kind(result):
    """Return the name of the dtype of an array, None for None."""
    return None if result is None else np.asarray(result).dtype.name


def faulty_quantize(x, scale, zero_point, **made):
    steps = x * scale if "times_scale" in made else x / scale
    if "zero_point_of_x" in made:
        steps = (x + zero_point) / scale - zero_point
    if "zero_point_off_x" in made:
        steps = (x - zero_point) / scale - zero_point
    if "undivided" in made:
        steps = x
    if "truncated" in made:
        q = np.trunc(steps + zero_point)
    elif "rounded_down" in made:
        q = np.floor(steps) + zero_point
    elif "rounded_up" in made:
        q = np.ceil(steps) + zero_point
    else:
        q = np.round(steps) + zero_point
    if "no_zero_point" in made:
        q = q - zero_point
    if "subtracted" in made:
        q = q - 2 * zero_point
    if "wraps_early" in made:
        q = np.round(steps).astype(np.int32).astype(np.int8).astype(float) + zero_point
    if "clamped_before" in made or "clamped_twice" in made:
        q = np.clip(q - zero_point, -128, 127) + zero_point
    low, high = (-127, 127) if "from_127" in made else (-128, 128) if "to_128" in made else (-128, 127)
    if "unsigned" in made:
        return np.clip(q, 0, 255).astype(np.uint8)
    if "from_0" in made:
        return np.clip(q, 0, 127).astype(np.int8)
    if "made_unsigned" in made:
        return np.clip(q, -128, 127).astype(np.int8).view(np.uint8)
    if "clamped_before" in made:
        return q
    if "unclamped" in made:
        return q.astype(np.int32).astype(np.int8)
    if "unclamped_and_wide" in made:
        return q
    q = np.clip(q, low, high)
    if "real_numbers" in made:
        return scale * (q - zero_point)
    return q.astype(np.int32).astype(np.int8)


def quantize_to_floats(x, scale, zero_point, constant="float64"):
    """The numbers are right, but floats: they take more than a byte each.

    `.astype(np.int8)` makes int8 of them.
    """
    return faulty_quantize(x, scale, zero_point).astype(constant)


def quantize_to_wide_integers(x, scale, zero_point, constant="int32"):
    """The numbers are right, but take more than a byte each.

    `.astype(np.int8)` makes int8 of them.
    """
    return faulty_quantize(x, scale, zero_point).astype(constant)


def named_like(*beginnings):
    """Return a reader of a dtype's name that begins like one of these."""

    def read(name):
        if not isinstance(name, str) or not name.startswith(beginnings):
            raise ValueError(name)
        return name

    return read


def with_wider_limits(x, scale, zero_point):
    return (np.clip(np.round(x / scale), -128 - zero_point, 127 - zero_point) + zero_point).astype(np.int8)


def with_minimum_and_maximum(x, scale, zero_point):
    q = np.rint(x / scale).astype(np.int32) + zero_point
    return np.minimum(np.maximum(q, -128), 127).astype(np.int8)


def scene_quantize(quantize):
    """Some numbers far from the ends, and some beyond them."""
    x = np.array([[-3.4, -1.013, -0.507, 0.0], [0.507, 1.2, 1.75, 3.4]])
    return tables({"x": x, "int8 at the scale 0.02, zero point 40": one_array(quantize(x, 0.02, 40))})


LAST = "Clamp last: what must lie between −128 and 127 is the sum."

QUANTIZE = Exercise(
    name="quantize",
    kind="repair",
    minutes=8,
    level=1,
    reference=quantization.quantize,
    probe=probe_quantize,
    buggy=quantize_with_a_bug,
    scene=scene_quantize,
    misconceptions=[
        *flags(
            faulty_quantize,
            (),
            clamped_before=(
                "The numbers are still clamped before the zero point is added: the sums go beyond −128 or 127.",
                LAST,
            ),
            clamped_twice=(
                "The sums are clamped, and the numbers before that, too: what is beyond 127 steps, but not beyond the "
                "end, is lost.",
                "One clamp is right, the one of the sum.",
            ),
            unclamped=(
                "Nothing is clamped any longer: what is beyond the end wraps around, and a large number becomes small.",
                LAST,
            ),
            unclamped_and_wide=("Nothing is clamped any longer, and the numbers are no int8.", LAST),
            no_zero_point=("The zero point is missing.", "Add it to round(x / scale)."),
            subtracted=("The zero point is subtracted.", "Add it: 0 has to become the zero point."),
            zero_point_of_x=(
                "The zero point is added to x, before that is divided by the scale.",
                "The zero point is a whole number of steps: add it to round(x / scale).",
            ),
            zero_point_off_x=(
                "The zero point is subtracted from x, before that is divided by the scale.",
                "The zero point is a whole number of steps: add it to round(x / scale).",
            ),
            times_scale=("x is multiplied by the scale.", "x / scale says how many steps it is."),
            undivided=("x is not divided by the scale.", "x / scale says how many steps it is."),
            truncated=("What is behind the point is cut off, which is not rounding.", "`np.round` was right."),
            rounded_down=("The steps are always rounded down.", "`np.round` was right."),
            rounded_up=("The steps are always rounded up.", "`np.round` was right."),
            wraps_early=(
                "The steps become int8 before the zero point is added, so those beyond 127 wrap around first.",
                "Convert last, when the sum has been clamped.",
            ),
            from_127=("The smallest number is −127, and not −128.", "An int8 goes from −128 to 127."),
            to_128=(
                "The numbers are clamped to 128, which is no int8: it becomes −128.",
                "An int8 goes from −128 to 127.",
            ),
            from_0=("The smallest number is 0, and not −128.", "An int8 goes from −128 to 127."),
            made_unsigned=(
                "The numbers are made unsigned in the end: negative ones become large.",
                "`.astype(np.int8)`, which has a sign.",
            ),
            unsigned=("The numbers are clamped to 0 to 255, as unsigned ones.", "An int8 goes from −128 to 127."),
            real_numbers=(
                "Real numbers came back: what the int8 stand for.",
                "Return the int8 themselves, as the code did.",
            ),
        ),
        Misconception.of(quantize_to_floats, constant=(KIND, named_like("float"))),
        Misconception.of(quantize_to_wide_integers, constant=(KIND, named_like("int"))),
    ],
    equivalents=[with_wider_limits, with_minimum_and_maximum],
    hints=[
        "Take scale 1 and the zero point 100. What should become of x = 50, and what does?",
        "Which numbers can come out of the first line, and which out of the second?",
    ],
)
