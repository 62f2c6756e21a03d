"""The exercise on fans: how many terms a sum has, and in how many sums an input counts."""

import math

from course_lib import initializers
from course_lib.checking.exercise import Exercise, Row, flags


def probe_fans(fans, rng):
    inputs, units = (int(number) for number in rng.choice([64, 128, 256, 300, 784], size=2, replace=False))
    height, width = (int(size) for size in rng.choice([2, 3, 5, 7], size=2, replace=False))
    channels, filters = (int(number) for number in rng.choice([8, 16, 32, 48, 96], size=2, replace=False))
    length = int(rng.choice([3, 5, 9]))
    yield Row("a dense kernel", lambda: fans((inputs, units)), essential=True)
    yield Row(
        "a convolution's kernel",
        lambda: fans((height, width, channels, filters)),
        weight=2,
    )
    yield "a convolution's kernel (3, 3, 1, 10)", lambda: fans((3, 3, 1, 10))
    yield (
        "the kernel of a convolution along a line, with three axes",
        lambda: fans((length, channels, filters)),
    )


def faulty_fans(shape, **made):
    *window, inputs, units = shape
    places = math.prod(window)
    if "square" in made and window:
        places = window[0] ** 2
    if "to_its_power" in made and window:
        places = window[0] ** len(window)
    if "first_two_as_window" in made:
        places = shape[0] * shape[1]
    if "height_alone" in made and window:
        places = window[0]
    if "added" in made:
        places = sum(window) or 1
    if "rooted_window" in made:
        places = math.sqrt(places)
    if "half_window" in made and window:
        places = window[-1]
    fan_in = (1 if "no_window_in" in made or "channels" in made else places) * inputs
    fan_out = (1 if "no_window_out" in made or "channels" in made else places) * units
    if "first_two" in made:
        fan_in, fan_out = shape[:2]
    if "first_and_last" in made:
        fan_in, fan_out = shape[0], shape[-1]
    if "pytorch" in made:
        units, inputs, *window = shape
        fan_in, fan_out = inputs * math.prod(window), units * math.prod(window)
    if "all_weights" in made:
        fan_in = fan_out = math.prod(shape)
    if "all_but_first" in made:
        fan_in, fan_out = math.prod(shape[:-1]), math.prod(shape[1:])
    if "units_twice" in made:
        fan_in = fan_out
    if "inputs_twice" in made:
        fan_out = fan_in
    if "window_with_inputs" in made:
        fan_in, fan_out = places * inputs**2, places * inputs * units
    if "with_bias" in made:
        fan_in += 1
    if "all_weights_alone" in made:
        return math.prod(shape)
    if "summed" in made:
        return fan_in + fan_out
    if "fan_in_alone" in made:
        return fan_in
    return (fan_out, fan_in) if "swapped" in made else (fan_in, fan_out)


def by_products(shape):
    return math.prod(shape[:-1]), math.prod(shape) // shape[-2]


def by_a_loop(shape):
    *window, fan_in, fan_out = shape
    for size in window:
        fan_in, fan_out = fan_in * size, fan_out * size
    return [float(fan_in), float(fan_out)]


def two_axes_only(shape):
    """It works for a dense kernel, whose shape has two numbers. A convolution's has more.

    `*window, inputs, units = shape` takes a shape of any length apart.
    """
    fan_in, fan_out = shape
    return fan_in, fan_out


def four_axes_only(shape):
    """It works for a shape of four numbers. A dense kernel has two.

    `*window, inputs, units = shape` takes a shape of any length apart.
    """
    height, width, inputs, units = shape
    return height * width * inputs, height * width * units


def two_or_four_axes(shape):
    """It works for shapes of two and of four numbers, but a convolution along a line has three.

    `*window, inputs, units = shape` takes a shape of any length apart.
    """
    return shape if len(shape) == 2 else four_axes_only(shape)


FANS = Exercise(
    name="fans",
    kind="derive",
    minutes=8,
    level=2,
    reference=initializers.fans,
    probe=probe_fans,
    misconceptions=[
        *flags(
            faulty_fans,
            swapped=(
                "The two are swapped: fan_out comes first.",
                "A dense kernel is (inputs, units), and fan_in, the number of inputs, comes first.",
            ),
            channels=(
                "The places of the window are not counted: of a convolution's kernel you take the last two numbers.",
                "A unit sees all places of its window. How many numbers does it add up?",
            ),
            no_window_in=(
                "The window counts in fan_out, but not in fan_in.",
                "A unit adds up the inputs at all places of its window.",
            ),
            no_window_out=(
                "The window counts in fan_in, but not in fan_out.",
                "As the window moves over the picture, an input lies at each of its places once, and counts in each "
                "unit's sum there.",
            ),
            first_two=(
                "You take the first two numbers of the shape. Of a convolution's kernel these are the window.",
                "Inputs and units come last: `*window, inputs, units = shape`.",
            ),
            first_and_last=(
                "You take the first and the last number. Of a convolution's kernel the first is the window's height.",
                "Inputs and units come last: `*window, inputs, units = shape`.",
            ),
            pytorch=(
                "This is the order of PyTorch, with the units first. Keras has the window first, and the units last.",
                "`*window, inputs, units = shape`.",
            ),
            square=(
                "The window is taken for a square: its height stands for its width, too.",
                "Multiply height and width.",
            ),
            to_its_power=(
                "The window's height is taken to the power of its axes, as if all its sides were alike.",
                "Multiply height and width.",
            ),
            added=(
                "Height and width of the window are added up.",
                "The window has height · width places.",
            ),
            half_window=(
                "Only one side of the window counts, its width.",
                "The window has height · width places.",
            ),
            height_alone=(
                "Only one side of the window counts, its height.",
                "The window has height · width places.",
            ),
            rooted_window=(
                "Of the window's places the root is taken.",
                "A unit sees all places of its window, height · width of them.",
            ),
            units_twice=("Both numbers are fan_out.", "A unit adds up its inputs: fan_in is made with these."),
            inputs_twice=("Both numbers are fan_in.", "An input counts in the sums of the units: fan_out."),
            window_with_inputs=(
                "The inputs are counted as a part of the window, and then once more.",
                "The window is all but the last *two* numbers: `*window, inputs, units = shape`.",
            ),
            first_two_as_window=(
                "The first two numbers are always taken for the window. A dense kernel has none, and a convolution "
                "along a line has one with a single axis.",
                "`*window, inputs, units = shape` takes a shape of any length apart.",
            ),
            all_weights=(
                "Both are the number of all weights. A unit has only a part of them.",
                "For fan_in count the weights of one unit; for fan_out those that one input meets.",
            ),
            all_but_first=(
                "For fan_out you multiply all but the first number. Of a convolution the first is the window's height.",
                "fan_out is all but the *inputs*, the last number but one.",
            ),
            with_bias=(
                "fan_in is 1 too large: the bias is counted.",
                "The bias starts at 0 and adds no spread. Count the inputs.",
            ),
            all_weights_alone=(
                "One number comes back, that of all weights.",
                "Return two, separated by a comma: how many weights one unit has, and how many one input meets.",
            ),
            summed=(
                "One number comes back, the sum of both fans.",
                "Return both, separated by a comma.",
            ),
            fan_in_alone=(
                "Only fan_in comes back.",
                "Return two numbers, fan_in and fan_out, separated by a comma.",
            ),
        ),
        two_axes_only,
        four_axes_only,
        two_or_four_axes,
    ],
    equivalents=[by_products, by_a_loop],
    hints=[
        "Draw one unit of a convolution with a 3 × 3 window and 16 numbers at each place. How many lines enter it?",
        "Now take one input, and let the window glide over it. At how many places of the window does it lie, one after "
        "the other, and how many units are there?",
        "`*window, inputs, units = shape` gives an empty window for a dense kernel, and `math.prod([])` is 1.",
    ],
)
