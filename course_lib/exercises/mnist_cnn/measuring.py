"""The exercise on how many places a window has, and when its stride does not come out."""

import numpy as np

from course_lib.checking.exercise import Exercise, Row, flags


def output_size(size, kernel, stride=1, padding=0):
    """Return how many places a kernel has along an axis: (size + 2 · padding − kernel) / stride + 1.

    Args:
        size: int, how long the axis is.
        kernel: int, how long the kernel is.
        stride: int ≥ 1, how far it moves.
        padding: int ≥ 0, zeros at each end.
    Returns:
        int; None where the kernel does not fit, or where the stride does not come out: the last place must end
        where the padded axis ends.
    """
    left = size + 2 * padding - kernel
    return left // stride + 1 if left >= 0 and left % stride == 0 else None


NO_SIZE = "None, no size"


def length_of(output_size, *settings, **padding):
    """Return a size as it is, and in words what is no length of an array."""
    try:
        value = output_size(*settings, **padding)
    except (ValueError, AssertionError):
        return "an error"
    if value is None:
        return NO_SIZE
    if isinstance(value, float | np.floating):
        return f"{value:g}, a float, which no array takes for its length"
    if isinstance(value, list | tuple):
        return f"{len(value)} numbers where one is asked"
    return value


def probe_output_size(output_size, rng):
    kernel, stride, padding = (int(each) for each in rng.integers([2, 2, 1], [6, 5, 4]))
    places = int(rng.integers(6, 12))
    size = (
        (places - 1) * stride + kernel - 2 * padding + 2 * stride * padding
    )  # longer than the kernel, and it comes out
    yield Row("28 long, a kernel of 3", lambda: length_of(output_size, 28, 3), essential=True)
    yield "28 long, a kernel of 3, one zero at each end", lambda: length_of(output_size, 28, 3, padding=1)
    yield Row("7 long, a kernel of 3, stride 2", lambda: length_of(output_size, 7, 3, 2), essential=True)
    yield "9 long, a kernel of 3, stride 3, three zeros at each end", lambda: length_of(output_size, 9, 3, 3, 3)
    yield "227 long, a kernel of 11, stride 4", lambda: length_of(output_size, 227, 11, 4)
    yield "drawn numbers that come out", lambda: length_of(output_size, size, kernel, stride, padding)
    yield "5 long, a kernel of 5", lambda: length_of(output_size, 5, 5)
    yield "3 long, a kernel of 5, one zero at each end", lambda: length_of(output_size, 3, 5, 1, 1)
    yield "10 long, a kernel of 3, stride 3, one zero at each end", lambda: length_of(output_size, 10, 3, 3, 1)
    yield "8 long, a kernel of 3, stride 2", lambda: length_of(output_size, 8, 3, 2)
    yield "11 long, a kernel of 3, stride 5", lambda: length_of(output_size, 11, 3, 5)
    yield "6 long, a kernel of 4, stride 4, one zero at each end", lambda: length_of(output_size, 6, 4, 4, 1)
    yield "4 long, a kernel of 7", lambda: length_of(output_size, 4, 7)
    yield "2 long, a kernel of 6, stride 2, one zero at each end", lambda: length_of(output_size, 2, 6, 2, 1)


def faulty_output_size(size, kernel, stride=1, padding=0, **made):
    around = padding if "padding_once" in made else 0 if "no_padding" in made else 2 * padding
    around = -2 * padding if "padding_subtracted" in made else around
    whole = size + around
    left = whole + kernel if "kernel_added" in made else whole - kernel
    step = 1 if "no_stride" in made else stride
    fits, comes_out = left >= 0, left % step == 0
    if "may_not_fill" in made:
        fits = left > 0
    if "fits_without_padding" in made:
        fits = kernel <= size
    if "size_by_stride" in made:
        comes_out = size % step == 0
    if "padded_by_stride" in made:
        comes_out = whole % step == 0
    if "never_left_over" in made or "rounded" in made or "rounded_up" in made:
        comes_out = True
    if "may_be_larger" in made:
        fits = True
    places = left // step + 1
    if "rounded" in made:
        places = round(left / step) + 1
    if "rounded_up" in made:
        places = -(-left // step) + 1
    if "no_one" in made:
        places -= 1
    if "one_inside" in made:
        places = (left + 1) // step
    if "precedence" in made:
        places = whole - kernel // step + 1
    if "squared" in made:
        places = places**2
    if "nothing" in made:
        return None
    if not (fits and comes_out):
        return 0 if "zero" in made else -1 if "minus_one" in made else None
    return (places, places) if "pair" in made else places


def size_as_float(size, kernel, stride=1, padding=0):
    """The size is a float: `/` gives one, even where the division comes out, and no array takes it for its length.

    Divide with `//`, once you know that it comes out.
    """
    left = size + 2 * padding - kernel
    return left / stride + 1 if left >= 0 and left % stride == 0 else None


def size_as_any_float(size, kernel, stride=1, padding=0):
    """The size is a float, and where the stride does not come out it has a fraction.

    Ask first whether the division leaves a rest, `%`; where it does, return None.
    """
    return (size + 2 * padding - kernel) / stride + 1


def size_raises(size, kernel, stride=1, padding=0):
    """Where there is no size your function raises an error.

    Return None there: whoever searches for settings that fit wants to go on.
    """
    found = output_size(size, kernel, stride, padding)
    if found is None:
        raise ValueError("no size")
    return found


def size_of_same(size, kernel, stride=1, padding=0):
    """The size is ⌈size / stride⌉, that of Keras's padding "same", whatever padding is given.

    Count the places for the padding that is given, from the length with its zeros.
    """
    return -(-size // stride)


def size_by_counting(size, kernel, stride=1, padding=0):
    starts = range(0, size + 2 * padding - kernel + 1, stride)
    return len(starts) if len(starts) and starts[-1] + kernel == size + 2 * padding else None


def size_by_divmod(size, kernel, stride=1, padding=0):
    steps, rest = divmod(size + 2 * padding - kernel, stride)
    return None if rest or steps < 0 else np.int64(steps + 1)


def size_by_trying(size, kernel, stride=1, padding=0):
    for places in range(1, size + 2 * padding + 1):
        if (places - 1) * stride + kernel == size + 2 * padding:
            return places
    return None


LEFT_OVER = (
    "Take the length that is left when the kernel lies at the start, and see whether the stride divides it without a "
    "rest."
)

OUTPUT_SIZE = Exercise(
    name="output_size",
    kind="derive",
    minutes=10,
    level=2,
    reference=output_size,
    probe=probe_output_size,
    misconceptions=[
        *flags(
            faulty_output_size,
            nothing=("Your function gives None for every question.", "Does it end with `return` and the size?"),
            padding_once=("The padding is counted once.", "There are `padding` zeros at each of the two ends."),
            no_padding=("The padding is not counted.", "There are `padding` zeros at each of the two ends."),
            padding_subtracted=("The padding is subtracted.", "Zeros around the axis make it longer: add them."),
            kernel_added=(
                "The kernel's length is added, where it should be subtracted.",
                "The larger the kernel, the fewer places it has.",
            ),
            no_stride=("The stride is not used.", "From one place to the next the kernel moves by `stride`."),
            no_one=(
                "The first place is not counted: + 1 is missing.",
                "A kernel as long as the axis has one place, and moves 0 times.",
            ),
            one_inside=(
                "The + 1 stands inside the division by the stride.",
                "The steps are divided; the first place comes on top: (…) // stride + 1.",
            ),
            precedence=(
                "Only the kernel's length is divided by the stride: `//` binds more tightly than `−`.",
                "Put the difference in brackets.",
            ),
            squared=("The number of places of a square image comes back.", "Asked for is one axis."),
            pair=("Two sizes come back.", "Asked for is one axis, and so one number."),
            never_left_over=(
                "Where the stride does not come out, so that something is left over at the end, you still give a size.",
                LEFT_OVER + " Where it does not, return None.",
            ),
            rounded=(
                "Where the stride does not come out, the size is rounded to the nearest number.",
                LEFT_OVER + " Where it does not, return None.",
            ),
            rounded_up=(
                "Where the stride does not come out, the size is rounded up.",
                LEFT_OVER + " Where it does not, return None.",
            ),
            size_by_stride=(
                "You ask whether the stride divides the size of the axis; what matters is the way that the kernel "
                "can go.",
                LEFT_OVER,
            ),
            padded_by_stride=(
                "You ask whether the stride divides the padded size; what matters is the way that the kernel can go, "
                "which is shorter by the kernel.",
                LEFT_OVER,
            ),
            may_be_larger=(
                "Where the kernel is larger than the padded axis, you still give a size, of 0 or below.",
                "Return None where it does not fit even once.",
            ),
            may_not_fill=(
                "A kernel that is as long as the padded axis is refused, but it fits: it has one place.",
                "Return None only where it is longer.",
            ),
            fits_without_padding=(
                "Whether the kernel fits is asked of the axis without its padding.",
                "It fits where it is not longer than size + 2 · padding.",
            ),
            zero=("Where there is no size, you give 0.", "Return None: 0 would be a size."),
            minus_one=("Where there is no size, you give −1.", "Return None: a number would be taken for a size."),
        ),
        size_as_float,
        size_as_any_float,
        size_raises,
        size_of_same,
    ],
    equivalents=[size_by_counting, size_by_divmod, size_by_trying],
    hints=[
        "Write down where the kernel begins: 0, stride, 2 · stride, … Where does the last one end?",
        "With the kernel at the start, how much of the padded axis is left to its right? That is the way it can go.",
        "The way divided by the stride is the number of steps, and there is one place more than steps. What if it "
        "leaves a "
        "rest, or if the way is negative?",
    ],
)
