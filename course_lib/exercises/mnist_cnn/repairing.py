"""The bug to be spotted: a filter whose bias is added inside the window's sum."""

import numpy as np

from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.checking.scene import Curves


def repaired_filter(image, kernel, bias):
    """Slide one filter over one image, without padding: at each place the sum of the products, plus the bias.

    Args:
        image: array (height, width, channels).
        kernel: array (rows, columns, channels).
        bias: a number.
    Returns:
        array (height − rows + 1, width − columns + 1).
    """
    height, width = kernel.shape[:2]
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    outputs = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = image[i : i + height, j : j + width]
            outputs[i, j] = np.sum(window * kernel) + bias
    return outputs


def filter_with_a_bug(image, kernel, bias):
    height, width = kernel.shape[:2]
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    outputs = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = image[i : i + height, j : j + width]
            outputs[i, j] = np.sum(window * kernel + bias)
    return outputs


def probe_repaired_filter(repaired_filter, rng):
    color, kernel = rng.normal(size=(5, 7, 3)), rng.normal(size=(3, 2, 3))
    gray, small = rng.normal(size=(4, 5, 1)), rng.normal(size=(2, 3, 1))
    yield Row("three channels, a bias of 0.5", lambda: repaired_filter(color, kernel, 0.5), essential=True)
    yield "three channels, a bias of −2", lambda: repaired_filter(color, kernel, -2.0)
    yield "a gray image, a bias of 1.5", lambda: repaired_filter(gray, small, 1.5)
    yield "a kernel of 1 × 1, a bias of 1", lambda: repaired_filter(color, kernel[:1, :1], 1.0)
    yield "a kernel as large as the image", lambda: repaired_filter(gray, gray[::-1] + 0.5, 0.25)
    # Where the bias is 0 the code with the bug is right: it earns little.
    yield Row("three channels, no bias", lambda: repaired_filter(color, kernel, 0.0), weight=0.5)


def faulty_filter(image, kernel, bias, **made):
    rows, columns, channels = kernel.shape
    window = np.lib.stride_tricks.sliding_window_view(image, (rows, columns), axis=(0, 1)).transpose(0, 1, 3, 4, 2)
    used = kernel[::-1, ::-1] if "turned" in made else kernel
    if "added_to_the_window" in made:
        window = window + bias
    if "added_to_the_kernel" in made:
        used = used + bias
    if "first_channel" in made:
        window, used = window[..., :1], used[..., :1]
    products = window * used
    sums = products.sum(axis=(2, 3, 4))
    if "mean" in made:
        sums = products.mean(axis=(2, 3, 4))
    if "sum_left_out" in made:
        sums = products[:, :, 0, 0, 0]
    factors = {
        "by_channel": channels,
        "by_row": rows,
        "by_column": columns,
        "by_place": rows * columns,
        "divided": 1 / (rows * columns * channels),
        "divided_by_area": 1 / (rows * columns),
        "subtracted": -1,
        "no_bias": 0,
        "twice": 2,
    }
    times = next((factor for flag, factor in factors.items() if flag in made), 1)
    if "added_to_the_window" in made or "added_to_the_kernel" in made:
        times = 0
    outputs = sums * bias if "multiplied" in made else sums + times * bias
    if "first_place" in made:
        outputs = sums.copy()
        outputs[0, 0] += bias
    if "one_too_few" in made:
        outputs = outputs[:-1]
    return outputs


def filter_by_products(image, kernel, bias):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[:, :, 0]
    return np.tensordot(windows, kernel, 3) + bias


def filter_with_a_share_inside(image, kernel, bias):
    rows, columns = (image.shape[axis] - kernel.shape[axis] + 1 for axis in (0, 1))
    outputs = np.zeros((rows, columns))
    for i, j in np.ndindex(rows, columns):
        window = image[i : i + kernel.shape[0], j : j + kernel.shape[1]]
        outputs[i, j] = np.sum(window * kernel + bias / kernel.size)
    return outputs


def scene_repaired_filter(repaired_filter):
    """What one place gives as the bias grows, for a window in which the products sum to 1."""
    window = np.full((2, 2, 1), 0.5)
    biases = np.linspace(-1, 1, 21)
    outputs = [float(np.ravel(repaired_filter(window, window, bias))[0]) for bias in biases]
    return Curves(biases, {"output of one window": np.array(outputs)}, "bias", "output")


ONCE = "A filter has one bias, which shifts the sum of a window once: it belongs behind the sum."

REPAIRED_FILTER = Exercise(
    name="repaired_filter",
    kind="repair",
    minutes=6,
    level=1,
    reference=repaired_filter,
    probe=probe_repaired_filter,
    buggy=filter_with_a_bug,
    scene=scene_repaired_filter,
    misconceptions=[
        *flags(
            faulty_filter,
            no_bias=("The bias is gone.", ONCE),
            by_channel=("The bias still counts several times, once for each channel.", ONCE),
            by_place=("The bias still counts several times, once for each place of the window.", ONCE),
            by_row=("The bias still counts several times, once for each row of the window.", ONCE),
            by_column=("The bias still counts several times, once for each column of the window.", ONCE),
            twice=("The bias counts twice.", ONCE),
            divided=("The bias is divided by the number of products, though it is added once.", ONCE),
            divided_by_area=("The bias is divided by the places of the window, though it is added once.", ONCE),
            mean=(
                "The products are averaged: the bias counts once then, but the weights no longer do.",
                "Keep `np.sum` for the products, and take the bias out of it.",
            ),
            subtracted=("The bias is subtracted.", "It is added, once."),
            multiplied=("The sum is multiplied by the bias.", "It is added, once."),
            added_to_the_window=("The bias is added to the image, before it is multiplied by the kernel.", ONCE),
            added_to_the_kernel=("The bias is added to the kernel, before it is multiplied by the image.", ONCE),
            first_place=("The bias is added at the first place only.", "It shifts all outputs of its filter."),
            turned=("The kernel is turned around.", "The bug is nowhere there: it concerns the bias."),
            first_channel=("Only the first channel is summed.", "The bug is nowhere there: it concerns the bias."),
            sum_left_out=("Only the first product of each window is left.", "Keep the sum of the products."),
            one_too_few=("The last row of places is missing.", "The bug is nowhere there: it concerns the bias."),
        )
    ],
    equivalents=[filter_by_products, filter_with_a_share_inside],
    hints=[
        "Take a window of four 0s and a bias of 1. What should come out, and what does the code give?",
        "NumPy adds a number to every entry of an array. What does `np.sum` do with them?",
    ],
)
