"""The exercise in which a kernel slides along a signal: a sum of products, then padding, then stride."""

import numpy as np

from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.checking.scene import Curves


def correlate_1d(signal, kernel, stride=1, padding=0):
    """Slide a kernel along a signal: y_i = Σ_a x[i · stride + a] · k[a], with x padded by zeros at both ends.

    Args:
        signal: array (length,).
        kernel: array (width,), not wider than the padded signal.
        stride: int ≥ 1, how far the kernel moves. What is left over at the end is not looked at.
        padding: int ≥ 0, how many zeros there are in front of the signal, and as many behind it.
    Returns:
        array (places,).
    """
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(signal, padding), len(kernel))
    return windows[::stride] @ kernel


def probe_correlate_1d(correlate_1d, rng):
    signal, kernel = rng.normal(size=9), rng.normal(size=3)
    longer, even = rng.normal(size=12), rng.normal(size=4)
    integers = np.array([3, 1, 4, 1, 5, 9, 2, 6])

    yield Row("nine numbers, a kernel of three", lambda: correlate_1d(signal, kernel), essential=True)
    yield "a kernel of four", lambda: correlate_1d(longer, even)
    yield "two zeros at each end", lambda: correlate_1d(signal, kernel, padding=2)
    yield "every second place", lambda: correlate_1d(signal, kernel, stride=2)
    yield "every third place, with numbers left over", lambda: correlate_1d(longer, even, stride=3)
    yield "every second place, one zero at each end", lambda: correlate_1d(signal, even, 2, 1)
    yield "a kernel as wide as the signal", lambda: correlate_1d(even, even[::-1] + 1.0)
    yield "a kernel of one number", lambda: correlate_1d(signal, kernel[:1], 2, 1)
    yield "whole numbers, a kernel with a half", lambda: correlate_1d(integers, np.array([0.5, 1.0]), 1, 1)


def faulty_correlate(signal, kernel, stride=1, padding=0, **made):
    signal, kernel = np.asarray(signal), np.asarray(kernel)
    ends = (padding, padding)
    if "in_front" in made:
        ends = (padding, 0)
    if "behind" in made:
        ends = (0, padding)
    if "no_padding" in made:
        ends = (0, 0)
    if "padding_twice" in made:
        ends = (2 * padding, 2 * padding)
    mode = next((mode for mode in ("edge", "reflect", "wrap") if mode in made), "constant")
    padded = np.pad(signal, ends, mode=mode)
    width = len(kernel)
    step = 1 if "no_stride" in made else stride
    count = (len(padded) - width) // step + 1
    if "one_too_few" in made:
        count = (len(padded) - width) // step
    if "count_of_the_signal" in made:
        count = (len(signal) - width) // step + 1
    used = kernel[::-1] if "turned" in made else kernel
    used = np.ones(width) if "no_kernel" in made else used
    used = kernel**2 if "squared" in made else used
    outputs = []
    for i in range(max(count, 0)):
        start = i if "wrong_start" in made else i * step
        window = padded[start : start + width]
        products = window - used if "minus" in made else window * used
        if "last_left_out" in made:
            products = products[:-1]
        sum_of = np.mean if "mean" in made else np.max if "largest" in made else np.sum
        outputs.append(sum_of(products))
        if "last_product" in made:
            outputs[-1] = products[-1]
        if "running" in made and i:
            outputs[-1] += outputs[-2]
    if "first_alone" in made:
        outputs = outputs[:1]
    return np.array(outputs)


def correlate_with_float_count(signal, kernel, stride=1, padding=0):
    """The number of places is computed with `/`, which gives a float, and no array takes a float for its length.

    Divide with `//`: what is left over at the end makes no place of its own.
    """
    return np.zeros((len(signal) + 2 * padding - len(kernel)) / stride + 1)


def correlate_with_float_range(signal, kernel, stride=1, padding=0):
    """The number of places is computed with `/`, which gives a float, and `range` takes none.

    Divide with `//`: what is left over at the end makes no place of its own.
    """
    return [0.0 for i in range((len(signal) + 2 * padding - len(kernel)) / stride + 1)]


def correlate_beyond_the_end(signal, kernel, stride=1, padding=0):
    """There is one place too many: at the last one the kernel hangs over the end, where fewer numbers are left.

    It has a place only where it fits whole: round down, `//`, and add 1.
    """
    padded = np.pad(signal, padding)
    starts = range(0, ((len(padded) - len(kernel)) // stride + 2) * stride, stride)
    return np.array([np.sum(padded[i : i + len(kernel)] * kernel) for i in starts])


def correlate_unsummed(signal, kernel, stride=1, padding=0):
    """The products of each window come back one by one, a row for each place.

    A place has one number: the sum of its products.
    """
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(signal, padding), len(kernel))
    return windows[::stride] * kernel


def correlate_in_full(signal, kernel, stride=1, padding=0):
    """The kernel also hangs over both ends of the signal, as in NumPy's mode "full", whatever padding is asked.

    The kernel lies within the padded signal at every place: NumPy calls that "valid".
    """
    return np.correlate(signal, kernel, "full")[::stride]


def correlate_as_long(signal, kernel, stride=1, padding=0):
    """The result is as long as the signal, as in NumPy's mode "same", whatever padding is asked.

    The kernel lies within the padded signal at every place: NumPy calls that "valid".
    """
    return np.correlate(signal, kernel, "same")[::stride]


def correlate_overwriting(signal, kernel, stride=1, padding=0):
    """Only the last product of each window comes back: in the loop each one overwrites the one before.

    Add the products up: `+=`, beginning with 0 at each place.
    """
    return faulty_correlate(signal, kernel, stride, padding, last_product=True)


def correlate_that_drops_the_end(signal, kernel, stride=1, padding=0):
    """The last place at which the kernel fits is missing: the starts end one too early.

    A kernel of width w on n numbers fits last at n − w, which `range(0, n − w + 1, stride)` reaches.
    """
    padded = np.pad(signal, padding)
    return np.array([np.sum(padded[i : i + len(kernel)] * kernel) for i in range(0, len(padded) - len(kernel), stride)])


def correlate_by_places(signal, kernel, stride=1, padding=0):
    padded = np.concatenate([np.zeros(padding), signal, np.zeros(padding)])
    return np.array([padded[i : i + len(kernel)] @ kernel for i in range(0, len(padded) - len(kernel) + 1, stride)])


def correlate_by_products(signal, kernel, stride=1, padding=0):
    padded = [0.0] * padding + list(signal) + [0.0] * padding
    starts = range(0, len(padded) - len(kernel) + 1, stride)
    return [sum(padded[start + a] * weight for a, weight in enumerate(kernel)) for start in starts]


def correlate_by_convolve(signal, kernel, stride=1, padding=0):
    return np.convolve(np.pad(signal, padding), np.asarray(kernel)[::-1], "valid")[::stride]


def scene_correlate_1d(correlate_1d):
    """A ramp and the end of the signal, under a kernel that sees slopes."""
    signal = np.concatenate([np.zeros(8), np.linspace(0, 1, 5), np.ones(12)])
    outputs = np.asarray(correlate_1d(signal, np.array([-1.0, 0.0, 1.0]), stride=1, padding=1), float)
    return Curves(np.arange(len(outputs)), {"the kernel (−1, 0, 1) on a ramp": outputs}, "place")


ZEROS = "What lies outside the signal counts as 0: `np.pad(signal, padding)` is enough."

CORRELATE_1D = Exercise(
    name="correlate_1d",
    kind="derive",
    minutes=10,
    level=1,
    reference=correlate_1d,
    probe=probe_correlate_1d,
    scene=scene_correlate_1d,
    misconceptions=[
        *flags(
            faulty_correlate,
            turned=(
                "The kernel is turned around: its last number meets the first of the window, as in `np.convolve`.",
                "In networks the kernel is laid on as it is; mathematics calls that a cross-correlation.",
            ),
            no_kernel=(
                "The numbers under the kernel are summed, and those of the kernel are not used.",
                "Multiply each number by the one of the kernel that lies on it, and then sum.",
            ),
            squared=("The numbers of the kernel are squared.", "Each number is multiplied by the kernel's once."),
            minus=(
                "The kernel is subtracted from what it lies on.",
                "Multiply each number by the one of the kernel that lies on it, and then sum.",
            ),
            mean=("The products are averaged.", "Sum them: a kernel of three 1s is a sum of three numbers."),
            largest=("The largest product comes back.", "Sum the products. A largest number is what pooling takes."),
            running=(
                "Each place adds to the sum of the places before: the sum is not begun anew.",
                "Set the sum to 0 at the beginning of each place.",
            ),
            first_alone=(
                "Only the first place comes back: `return` stands inside the loop.",
                "Let the loop over the places end first.",
            ),
            last_left_out=(
                "The last number of each window is left out: a slice ends before its second number.",
                "`signal[start : start + width]` holds `width` numbers, with no − 1.",
            ),
            wrong_start=(
                "The windows start at i, and not at i · stride: there are as many as asked, but they lie side by side.",
                "Place number i begins at i · stride.",
            ),
            no_stride=("The stride is not used: the kernel moves by 1.", "Place number i begins at i · stride."),
            no_padding=("The padding is not used.", ZEROS),
            in_front=(
                "The zeros behind the signal are missing, or are not counted: the last places are not there.",
                "They stand at both ends, `padding` at each, so count with length + 2 · padding.",
            ),
            behind=("The zeros stand behind the signal only.", "They stand at both ends, `padding` at each."),
            padding_twice=("There are twice as many zeros at each end as asked.", "There are `padding` at each end."),
            edge=("The signal is padded with its first and last number, not with zeros.", ZEROS),
            reflect=("The signal is padded with its own mirror image, not with zeros.", ZEROS),
            wrap=("The signal is bent to a circle: its end stands in front of it, in place of zeros.", ZEROS),
            one_too_few=(
                "The last place is missing: without + 1 the places are one too few.",
                "Count on your fingers: a kernel of 3 on 5 numbers, stride 1, has 3 places, and 5 − 3 is 2.",
            ),
            count_of_the_signal=(
                "The places are counted by the length of the signal, without its padding: the last ones are missing.",
                "Count with the padded length.",
            ),
        ),
        correlate_with_float_count,
        correlate_with_float_range,
        correlate_beyond_the_end,
        correlate_unsummed,
        correlate_in_full,
        correlate_as_long,
        correlate_overwriting,
        correlate_that_drops_the_end,
    ],
    equivalents=[correlate_by_places, correlate_by_products, correlate_by_convolve],
    hints=[
        "First without stride and padding: at place i the kernel covers signal[i], signal[i + 1], … Which places are "
        "there, for nine numbers and a kernel of three?",
        "`np.lib.stride_tricks.sliding_window_view(signal, 3)` lays all windows one below the other, without copying. "
        "What sums the products of each row with the kernel?",
        "Padding comes before all that, and the stride after it: of all windows you keep every `stride`-th.",
    ],
)
