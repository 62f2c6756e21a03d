"""The exercise on max pooling."""

import numpy as np

from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.checking.scene import Matrix


def max_pool(images, size=2, stride=2):
    """Return the largest number in every window, for each image and each channel apart.

    Args:
        images: array (n, height, width, channels).
        size: int ≥ 1, of the square window.
        stride: int ≥ 1, how far it moves. What is left over at the end is not looked at.
    Returns:
        array (n, output height, output width, channels).
    """
    windows = np.lib.stride_tricks.sliding_window_view(images, (size, size), axis=(1, 2))
    return windows[:, ::stride, ::stride].max(axis=(4, 5))


def probe_max_pool(max_pool, rng):
    # Around −1: whoever begins with 0, or takes absolute values, gives other numbers.
    images, odd = rng.normal(-1.0, 1.0, size=(2, 6, 8, 3)), rng.normal(-1.0, 1.0, size=(2, 5, 7, 2))
    wide = rng.normal(-1.0, 1.0, size=(1, 7, 10, 2))
    negative = -rng.uniform(1, 2, size=(1, 4, 6, 1))
    yield Row("two images of three channels", lambda: max_pool(images), essential=True)
    yield "with a row and a column left over", lambda: max_pool(odd)
    yield Row("windows of 3 that move by 2, and overlap", lambda: max_pool(odd, 3, 2), essential=True)
    yield "windows of 2 that move by 1", lambda: max_pool(odd, 2, 1)
    yield "windows of 2 that move by 3", lambda: max_pool(wide, 2, 3)
    yield "windows of 3 that move by 3", lambda: max_pool(wide, 3, 3)
    yield "numbers that are all negative", lambda: max_pool(negative, 2, 2)
    yield "a window as high as the image", lambda: max_pool(odd, 5, 2)


def faulty_max_pool(images, size=2, stride=2, **made):
    step = 1 if "no_stride" in made else size if "by_size" in made else stride
    reach = step if "as_large_as_the_stride" in made else size - 1 if "one_too_small" in made else size
    n, height, width, channels = images.shape
    down, right = (height - size) // step + 1, (width - size) // step + 1
    if "side_by_side" in made:
        down, right, step = (height - size) // stride + 1, (width - size) // stride + 1, 1
    if "size_apart" in made:
        down, right, step = (height - size) // stride + 1, (width - size) // stride + 1, size
    if "one_too_few" in made:
        down, right = down - 1, right - 1
    if "left_over" in made:
        down, right = -(-height // step), -(-width // step)
    if "width_of_height" in made:
        right = down
    if "divided" in made:
        down, right = height // step, width // step
    pooled = np.zeros((n, max(down, 0), max(right, 0), channels))
    for i in range(down):
        for j in range(right):
            window = images[:, i * step : i * step + reach, j * step : j * step + reach]
            largest = window.max(axis=(1, 2))  # raises where the window is empty
            for flag, made_of in (
                ("mean", np.mean), ("smallest", np.min), ("sum", np.sum),
            ):  # fmt: skip
                largest = made_of(window, axis=(1, 2)) if flag in made else largest
            if "absolute" in made:
                largest = np.abs(window).max(axis=(1, 2))
            if "from_0" in made:
                largest = np.maximum(largest, 0)
            if "corner" in made:
                largest = window[:, 0, 0]
            if "all_channels" in made:
                largest = np.broadcast_to(largest.max(axis=1, keepdims=True), largest.shape)
            if "all_images" in made:
                largest = np.broadcast_to(largest.max(axis=0), largest.shape)
            if "everything" in made:
                largest = np.full(largest.shape, window.max())
            if "column" in made:
                largest = window[:, :, 0].max(axis=1)
            if "row" in made:
                largest = window[:, 0].max(axis=1)
            if "places" in made:
                largest = window.reshape(n, -1, channels).argmax(axis=1)
            if "first_image" in made:
                largest = largest * (np.arange(n) == 0)[:, None]
            if "first_row" in made and i:
                largest = 0
            pooled[:, i, j] = largest
    if "swapped" in made:
        pooled = pooled.transpose(0, 2, 1, 3)
    if "channels_first" in made:
        pooled = pooled.transpose(0, 3, 1, 2)
    return (pooled, images) if "pair" in made else pooled


def pool_with_a_stride_of_1(images, size=2, stride=1):
    """Where no stride is given, the window moves by 1.

    The default of `stride` is 2.
    """
    return max_pool(images, size, stride)


def pool_with_float_count(images, size=2, stride=2):
    """The number of places is computed with `/`, which gives a float, and neither `range` nor `np.zeros` takes one.

    Divide with `//`: what is left over at the end makes no place of its own.
    """
    return np.zeros((len(images), (images.shape[1] - size) / stride + 1))


def pool_by_reshaping(images, size=2, stride=2):
    """The image is cut into tiles by `reshape`, which knows no stride, no overlap, and nothing that is left over.

    Go through the places (i, j), or take `sliding_window_view` and every `stride`-th window of it.
    """
    n, height, width, channels = images.shape
    return images.reshape(n, height // size, size, width // size, size, channels).max(axis=(2, 4))


def pool_by_places(images, size=2, stride=2):
    down, right = ((length - size) // stride * stride + 1 for length in images.shape[1:3])
    return np.max([images[:, a : a + down : stride, b : b + right : stride] for a, b in np.ndindex(size, size)], axis=0)


def pool_number_by_number(images, size=2, stride=2):
    n, height, width, channels = images.shape
    pooled = np.empty((n, (height - size) // stride + 1, (width - size) // stride + 1, channels))
    for m, i, j, c in np.ndindex(pooled.shape):
        pooled[m, i, j, c] = images[m, i * stride :, j * stride :, c][:size, :size].max()
    return pooled


def scene_max_pool(max_pool):
    """Numbers that grow and fall, most of them below 0, in windows of 3 that move by 2."""
    rows, columns = np.indices((7, 9))
    image = np.round(np.sin(1.3 * rows) * np.cos(0.9 * columns) - 0.8, 1)
    return Matrix(np.asarray(max_pool(image[None, :, :, None], 3, 2), float)[0, :, :, 0], "column", "row")


APART = (
    "Each window of each channel of each image has a largest number of its own: take it over rows and columns alone."
)
STRIDE = "Window (i, j) begins at row i · stride and column j · stride, and is `size` long and wide."

MAX_POOL = Exercise(
    name="max_pool",
    kind="formula",
    minutes=8,
    level=1,
    reference=max_pool,
    probe=probe_max_pool,
    scene=scene_max_pool,
    misconceptions=[
        *flags(
            faulty_max_pool,
            mean=("The mean of each window comes back: average pooling.", "Take the largest number."),
            smallest=("The smallest number of each window comes back.", "Take the largest."),
            sum=("The sum of each window comes back.", "Take the largest number."),
            absolute=("The largest number in absolute value comes back, without its sign.", "−3 is smaller than 1."),
            from_0=(
                "Where all numbers of a window are negative, 0 comes back.",
                "The largest of −3 and −1 is −1: begin with the window's first number, or with −∞.",
            ),
            corner=("The first number of each window comes back.", "Look at all of the window."),
            column=("Only the first column of each window is looked at.", "Take the maximum over both axes, (1, 2)."),
            row=("Only the first row of each window is looked at.", "Take the maximum over both axes, (1, 2)."),
            all_channels=("The channels share one largest number.", APART),
            all_images=("The images share one largest number.", APART),
            everything=("Images and channels share one largest number.", APART),
            places=("The place of the largest number comes back.", "Asked for is the number: `max`, not `argmax`."),
            no_stride=("The stride is not used: the window moves by 1.", STRIDE),
            side_by_side=("There are as many windows as asked, but they begin at (i, j).", STRIDE),
            by_size=("The window moves by its own size, whatever stride is asked.", STRIDE),
            size_apart=("There are as many windows as asked, but they begin at i · size and j · size.", STRIDE),
            as_large_as_the_stride=("The window is as large as the stride, whatever size is asked.", STRIDE),
            one_too_small=(
                "The last row and the last column of each window are left out: a slice ends before its second number.",
                "`i * stride : i * stride + size` holds `size` rows, with no − 1.",
            ),
            one_too_few=(
                "The last row and the last column of windows are missing.",
                "There are (… − size) // stride + 1.",
            ),
            left_over=(
                "There is a window for what is left over at the edges, too.",
                "A window has a place only where it fits whole: (… − size) // stride + 1.",
            ),
            divided=(
                "You count size // stride windows along an axis, which is right only where the window is as large as "
                "the "
                "stride.",
                "A window has a place where it fits whole: (… − size) // stride + 1.",
            ),
            width_of_height=("The columns are counted by the images' height.", "Columns belong to the width."),
            first_row=(
                "Only the first row of windows is filled: `return` stands inside the loop.",
                "Let it end first.",
            ),
            first_image=("Only the first image is pooled; the others stay 0.", "Do the same for every image."),
            swapped=("Rows and columns of the result are swapped.", "Down comes first, then right."),
            channels_first=("The channels' axis stands behind the images.", "Here it is the last one."),
            pair=("Two things came back.", "Return the pooled images alone."),
        ),
        pool_with_a_stride_of_1,
        pool_with_float_count,
        pool_by_reshaping,
    ],
    equivalents=[pool_by_places, pool_number_by_number],
    hints=[
        "It is your convolution's loop over places, with another thing done to each window.",
        "`window.max(axis=(1, 2))` takes the maximum over rows and columns, and leaves images and channels apart.",
    ],
)
