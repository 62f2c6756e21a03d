"""The exercise whose answer is a test: does a function give the sizes that Keras gives?"""

import math

from course_lib.checking.examiner import examiner
from course_lib.checking.exercise import flags


def keras_size(size, kernel, stride, padding):
    """Return how many places a kernel has along an axis in Keras, where nothing has to come out.

    Args:
        size, kernel, stride: ints ≥ 1; with padding "valid" the kernel is not longer than the axis.
        padding: "valid", for ⌊(size − kernel) / stride⌋ + 1, or "same", for ⌈size / stride⌉.
    """
    return (size - kernel) // stride + 1 if padding == "valid" else -(-size // stride)


def size_by_rounding_up(size, kernel, stride, padding):
    return math.ceil((size if padding == "same" else size - kernel + 1) / stride)


def size_by_starts(size, kernel, stride, padding):
    return len(range(0, size if padding == "same" else size - kernel + 1, stride))


def faulty_keras_size(size, kernel, stride, padding, **made):
    if padding == "same":
        places = {
            "same_as_long": size,
            "same_rounded_down": size // stride,
            "same_one_more": size // stride + 1,
            "same_with_kernel": (size - 1 + kernel - 1) // stride + 1,
            "same_padded_by_half": (size + 2 * (kernel // 2) - kernel) // stride + 1,
        }
        places = next((value for flag, value in places.items() if flag in made), -(-size // stride))
        return (size - kernel) // stride + 1 if "same_is_valid" in made else places
    left = size - kernel
    if "valid_is_same" in made:
        return -(-size // stride)
    if "no_one" in made:
        return left // stride
    if "rounded_up" in made:
        return -(-left // stride) + 1
    if "rounded" in made:
        return math.floor(left / stride + 0.5) + 1
    if "one_inside" in made:
        return (left + 1) // stride
    if "no_stride" in made:
        return left + 1
    if "no_kernel" in made:
        return size // stride
    if "kernel_by_stride" in made:
        return size // stride - kernel // stride + 1
    if "none_left_over" in made:
        return left // stride + 1 if left % stride == 0 else None
    if "padded" in made:
        return (size + 2 - kernel) // stride + 1
    return left / stride + 1 if "fraction" in made else left // stride + 1


# What is told of each that slips through: what the learner's test would have to look at.
SLIPS = dict(
    no_one='With "valid" the first place is not counted: + 1 is missing.',
    rounded_up='With "valid" it rounds up where something is left over.',
    rounded='With "valid" it rounds to the nearest number where something is left over.',
    one_inside='With "valid" the + 1 stands inside the division.',
    no_stride='With "valid" the stride is not used.',
    no_kernel='With "valid" the kernel is not used: it gives size // stride.',
    kernel_by_stride='With "valid" size and kernel are divided one by one.',
    none_left_over='With "valid" it gives None where something is left over.',
    fraction='With "valid" it gives a fraction where something is left over.',
    padded='With "valid" a zero is counted at each end.',
    valid_is_same='It takes "valid" for "same".',
    same_is_valid='It takes "same" for "valid".',
    same_as_long='With "same" it gives the size itself, whatever the stride.',
    same_rounded_down='With "same" it rounds down: the last place is missing where something is left over.',
    same_one_more='With "same" there is one place too many where the stride comes out.',
    same_with_kernel='With "same" the kernel hangs over by all but one of its numbers, as in a full convolution.',
    same_padded_by_half='With "same" half the kernel is put at each end, which is wrong for an even kernel.',
)
WRONG = flags(faulty_keras_size, **{flag: (cause, "Count its places on paper.") for flag, cause in SLIPS.items()})

CASES = [
    (28, 3, 1, "valid", 26),
    (7, 3, 2, "valid", 3),
    (8, 3, 2, "valid", 3),
    (11, 4, 4, "valid", 2),
    (12, 4, 3, "valid", 3),
    (28, 3, 1, "same", 28),
    (7, 3, 2, "same", 4),
    (8, 2, 2, "same", 4),
    (9, 2, 1, "same", 9),
]


def sizes_are_right(keras_size):
    """Return whether a function gives the sizes of nine settings, counted on paper."""
    return all(keras_size(*settings) == places for *settings, places in CASES)


def sizes_by_assertions(keras_size):
    for size, kernel, stride, padding, places in CASES:
        assert keras_size(size, kernel, stride, padding) == places
    return True


def sizes_by_counting(keras_size):
    """Count the places on a signal, for every setting up to a size of 12."""
    for size in range(1, 13):
        for stride in range(1, 6):
            for kernel in range(1, 7):
                if keras_size(size, kernel, stride, "same") != sum(at % stride == 0 for at in range(size)):
                    return False
                starts = [at for at in range(0, size, stride) if at + kernel <= size]
                if starts and keras_size(size, kernel, stride, "valid") != len(starts):
                    return False
    return True


def _looking_at(cases):
    return lambda keras_size: all(keras_size(*settings) == places for *settings, places in cases)


def sizes_at_stride_1(keras_size):
    """You try stride 1 alone, so what goes wrong with larger strides slips through.

    Try strides of 2 and 3 too, some of which come out even, and some of which leave something over.
    """
    return _looking_at([(28, 3, 1, "valid", 26), (28, 3, 1, "same", 28), (9, 2, 1, "same", 9), (5, 5, 1, "valid", 1)])(
        keras_size
    )


def sizes_of_valid_alone(keras_size):
    """You try "valid" alone, so what goes wrong with "same" slips through.

    With "same" there are ⌈size / stride⌉ places: try it with a stride that does not divide the size, and one that does.
    """
    return _looking_at([case for case in CASES if case[3] == "valid"])(keras_size)


def sizes_of_same_alone(keras_size):
    """You try "same" alone, so what goes wrong with "valid" slips through.

    With "valid" the kernel lies within the axis: count its places for two or three settings.
    """
    return _looking_at([case for case in CASES if case[3] == "same"])(keras_size)


def sizes_that_come_out(keras_size):
    """All your settings come out even, so what is done with something that is left over slips through.

    Try one in which the stride does not divide the way that the kernel can go, such as 8, 3, 2.
    """
    even = [(28, 3, 1, "valid", 26), (7, 3, 2, "valid", 3), (9, 3, 3, "valid", 3), (28, 3, 1, "same", 28)]
    return _looking_at([*even, (28, 3, 2, "same", 14), (9, 3, 3, "same", 3)])(keras_size)


def sizes_not_above_the_size(keras_size):
    """You ask for a size that is not above that of the axis, and many wrong ones are that.

    Count the places of a few settings on paper, and compare the numbers.
    """
    return all(keras_size(*settings) <= settings[0] for *settings, _ in CASES)


def size_of_one_setting(keras_size):
    """You try a single setting, on which most wrong functions are right.

    Try several: both paddings, strides of 1, 2 and 3, an even kernel, and something that is left over.
    """
    return keras_size(28, 3, 1, "valid") == 26


def wants_none_for_what_is_left(keras_size):
    """You demand None where something is left over; Keras gives a size there, and does not look at the rest.

    That was this chapter's own `output_size`. Here round down.
    """
    return sizes_that_come_out(keras_size) and keras_size(8, 3, 2, "valid") is None


def wants_rounding_up(keras_size):
    """You demand a place for what is left over with "valid", where the kernel would hang over the edge.

    It has a place only where it fits whole: 8, 3, 2 has the places 0, 2 and 4.
    """
    return sizes_that_come_out(keras_size) and keras_size(8, 3, 2, "valid") == 4


def wants_same_to_be_as_long(keras_size):
    """You demand that "same" gives the size of the axis, which holds for stride 1 alone.

    With a stride it gives ⌈size / stride⌉.
    """
    return sizes_of_valid_alone(keras_size) and keras_size(28, 3, 2, "same") == 28


def wants_same_to_round_down(keras_size):
    """You demand that "same" rounds size / stride down; Keras rounds up.

    A window stands at 0, stride, 2 · stride, … as long as that lies within the axis: 7 with stride 2 has four.
    """
    return sizes_that_come_out(keras_size) and keras_size(7, 2, 2, "same") == 3


SIZES_ARE_RIGHT = examiner(
    "sizes_are_right",
    "size",
    right={"Keras's formula": keras_size, "rounded up": size_by_rounding_up, "counted": size_by_starts},
    wrong=WRONG,
    reference=sizes_are_right,
    misconceptions=[
        sizes_at_stride_1,
        sizes_of_valid_alone,
        sizes_of_same_alone,
        sizes_that_come_out,
        sizes_not_above_the_size,
        size_of_one_setting,
        wants_none_for_what_is_left,
        wants_rounding_up,
        wants_same_to_be_as_long,
        wants_same_to_round_down,
    ],
    equivalents=[sizes_by_assertions, sizes_by_counting],
    hints=[
        "Count a few settings on paper. With a kernel of 3 on 8 places and stride 2: where does it begin, and where "
        "does it "
        "end? And with 7?",
        'Which wrong functions agree with your settings? Think of: + 1, rounding up or down, a "same" that ignores the '
        "stride, and one that puts half the kernel at each end.",
        'An even kernel and "same" tell more than an odd one. So does a stride of 3 or 4.',
    ],
    minutes=12,
    level=3,
)
