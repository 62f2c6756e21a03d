"""The exercise on the way back through max pooling."""

import numpy as np

from course_lib import convolution
from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.checking.scene import Matrix


def max_pool_gradient(images, upstream, size=2, stride=2):
    """Carry ∂L/∂y back through `max_pool`: all of it to the largest number of each window, nothing to the others.

    Where several are the largest it may go to any of them, or be shared out among them; here the first gets all.

    Args:
        images, size, stride: as in `max_pool`.
        upstream: array shaped like what `max_pool` returns, ∂L/∂y.
    Returns:
        array shaped like `images`, ∂L/∂x.
    """
    gradient = np.zeros(images.shape)
    for i, j in np.ndindex(upstream.shape[1:3]):
        place = slice(None), slice(i * stride, i * stride + size), slice(j * stride, j * stride + size)
        window = images[place]
        numbers = window.reshape(len(images), size * size, -1)
        is_first = np.arange(size * size)[:, np.newaxis] == numbers.argmax(axis=1)[:, np.newaxis]
        gradient[place] += is_first.reshape(window.shape) * upstream[:, i : i + 1, j : j + 1]
    return gradient


def window_sums(gradient, shape, size):
    """Return what a gradient gives each of the windows that lie side by side; what has another shape as it is."""
    if np.shape(gradient) != shape:
        return gradient
    gradient = np.asarray(gradient)
    n, height, width, channels = shape
    return gradient.reshape(n, height // size, size, width // size, size, channels).sum(axis=(2, 4))


def probe_max_pool_gradient(max_pool_gradient, rng):
    images, odd = rng.normal(-1.0, 1.0, size=(2, 4, 6, 3)), rng.normal(-1.0, 1.0, size=(2, 5, 7, 2))
    wide = rng.normal(-1.0, 1.0, size=(1, 5, 9, 2))
    # A single bright pixel in the middle of the four windows that overlap there.
    bright = rng.normal(size=(1, 5, 5, 1))
    bright[0, 2, 2, 0] = 9.0
    tied = np.zeros((1, 4, 4, 2))
    tied[0, 1, 2:4, 0] = tied[0, 2, 0, 1] = 1.0

    def upstream(images, size, stride):
        places = ((length - size) // stride + 1 for length in images.shape[1:3])
        return rng.normal(size=(images.shape[0], *places, images.shape[3]))

    plain, over, apart, one, large, ties = (
        upstream(*each)
        for each in ((images, 2, 2), (odd, 3, 2), (wide, 2, 3), (odd, 2, 1), (bright, 3, 2), (tied, 2, 2))
    )
    yield Row("two images of three channels", lambda: max_pool_gradient(images, plain), essential=True)
    yield Row("windows of 3 that move by 2, and overlap", lambda: max_pool_gradient(odd, over, 3, 2), essential=True)
    yield "windows of 2 that move by 1", lambda: max_pool_gradient(odd, one, 2, 1)
    yield "windows of 2 that move by 3", lambda: max_pool_gradient(wide, apart, 2, 3)
    yield "one pixel that is the largest of four windows", lambda: max_pool_gradient(bright, large, 3, 2)
    yield TIED, lambda: window_sums(max_pool_gradient(tied, ties, 2, 2), tied.shape, 2)


TIED = "what the windows get in all, where several numbers are the largest"


def faulty_pool_gradient(images, upstream, size=2, stride=2, **made):
    step = size if "by_size" in made else stride
    n, _, _, channels = images.shape
    gradient = images.copy() if "from_images" in made else np.zeros(images.shape)
    u = np.ones_like(upstream) if "ones" in made else -upstream if "minus" in made else upstream
    for i, j in np.ndindex(upstream.shape[1:3]):
        rows, columns = slice(i * step, i * step + size), slice(j * step, j * step + size)
        window = images[:, rows, columns]
        key = np.abs(window) if "absolute" in made else -window if "smallest" in made else window
        axes = (1, 2, 3) if "all_channels" in made else (0, 1, 2) if "all_images" in made else (1, 2)
        mask = key == key.max(axis=axes, keepdims=True)
        if "equal_shares" in made:
            mask = np.full(window.shape, 1 / size**2)
        elif "everyone" in made:
            mask = np.ones(window.shape)
        elif "positive" in made:
            mask = window > 0
        elif "all_tied" not in made and "all_images" not in made and "all_channels" not in made:
            flat = mask.transpose(0, 3, 1, 2).reshape(n, channels, -1)
            first = np.arange(flat.shape[2]) == flat.argmax(axis=2)[..., None]
            mask = first.reshape(n, channels, *window.shape[1:3]).transpose(0, 2, 3, 1)
        if "mask_swapped" in made and mask.shape[1] == mask.shape[2]:
            mask = mask.transpose(0, 2, 1, 3)
        sent = mask * u[:, i : i + 1, j : j + 1]
        if "times_the_value" in made:
            sent = sent * window
        if "divided" in made:
            sent = sent / size**2
        if "first_image" in made:
            sent = sent * (np.arange(n) == 0)[:, None, None, None]
        if "first_channel" in made:
            sent = sent * (np.arange(channels) == 0)
        if "first_row" in made and i:
            continue
        if "in_the_corner" in made:
            rows, columns = slice(0, size), slice(0, size)
        if "beside" in made:
            rows, columns = slice(i, i + size), slice(j, j + size)
        if "at_the_window" in made:
            sent = np.zeros(window.shape)
            sent[:, 0, 0] = u[:, i, j]
        if "overwritten" in made:
            gradient[:, rows, columns] = sent
        elif "largest_overwritten" in made:
            gradient[:, rows, columns] = np.where(mask, sent, gradient[:, rows, columns])
        elif "nothing_stored" not in made:
            gradient[:, rows, columns] += sent
    return gradient


def pool_gradient_as_upstream(images, upstream, size=2, stride=2):
    """`upstream` comes back as it is, in the shape of the pooled images.

    Asked for is a number for every pixel of `images`, most of them 0.
    """
    return upstream


def pool_gradient_repeated(images, upstream, size=2, stride=2):
    """Every number of a window gets what comes back, by repeating `upstream`, and the largest is not looked for.

    A number that is not the largest can change a little, and nothing happens: its gradient is 0.
    """
    repeated = np.repeat(np.repeat(upstream, size, axis=1), size, axis=2)
    return repeated[:, : images.shape[1], : images.shape[2]]


def pool_gradient_by_argmax(images, upstream, size=2, stride=2):
    gradient = np.zeros(images.shape)
    for m, i, j, c in np.ndindex(upstream.shape):
        window = images[m, i * stride : i * stride + size, j * stride : j * stride + size, c]
        a, b = np.unravel_index(window.argmax(), window.shape)
        gradient[m, i * stride + a, j * stride + b, c] += upstream[m, i, j, c]
    return gradient


def pool_gradient_shared(images, upstream, size=2, stride=2):
    gradient = np.zeros(images.shape)
    for i, j in np.ndindex(upstream.shape[1:3]):
        place = slice(None), slice(i * stride, i * stride + size), slice(j * stride, j * stride + size)
        is_largest = images[place] == images[place].max(axis=(1, 2), keepdims=True)
        shares = is_largest / is_largest.sum(axis=(1, 2), keepdims=True)
        gradient[place] += shares * upstream[:, i, j][:, None, None]
    return gradient


def pool_gradient_to_the_last(images, upstream, size=2, stride=2):
    """The last of equals, found by turning the image around."""
    used = [(places - 1) * stride + size for places in upstream.shape[1:3]]
    gradient = np.zeros(images.shape)
    turned = images[:, : used[0], : used[1]][:, ::-1, ::-1]
    back = convolution.max_pool2d_gradient(turned, upstream[:, ::-1, ::-1], size, stride)
    gradient[:, : used[0], : used[1]] = back[:, ::-1, ::-1]
    return gradient


def scene_max_pool_gradient(max_pool_gradient):
    """One bright pixel in the middle, which four windows see, and a 1 that comes back to each window."""
    image = np.zeros((5, 5)) + 0.01 * np.arange(25).reshape(5, 5)
    image[2, 2] = 1
    gradient = max_pool_gradient(image[None, :, :, None], np.ones((1, 2, 2, 1)), 3, 2)
    return Matrix(np.asarray(gradient, float)[0, :, :, 0], "column of the image", "row")


PLACE = "A window's number (a, b) lies in the image at row i · stride + a and column j · stride + b."
LARGEST = "Only the largest number of a window decides what comes out: it gets all, and the others 0."
APART = "Look for the largest number of each window in each channel of each image apart."

MAX_POOL_GRADIENT = Exercise(
    name="max_pool_gradient",
    kind="derive",
    minutes=15,
    level=2,
    reference=max_pool_gradient,
    probe=probe_max_pool_gradient,
    scene=scene_max_pool_gradient,
    misconceptions=[
        *flags(
            faulty_pool_gradient,
            overwritten=(
                "Where windows overlap, a later one overwrites what an earlier one has sent, with its zeros too.",
                "A number that is the largest of several windows gets from each: add, `+=`.",
            ),
            largest_overwritten=(
                "A number that is the largest of several windows keeps only what the last of them sends.",
                "It gets from each: add, `+=`.",
            ),
            all_tied=(
                "Where several numbers of a window are the largest, each of them gets all that comes back: it is "
                "paid several "
                "times.",
                "Together they get it once: give it to one of them, as `argmax` does, or share it out.",
            ),
            equal_shares=("All numbers of a window get an equal share, as in average pooling.", LARGEST),
            everyone=("All numbers of a window get all that comes back.", LARGEST),
            divided=("What comes back is divided by the size of the window.", LARGEST),
            positive=("The numbers above 0 get what comes back, as behind a ReLU.", LARGEST),
            smallest=("The smallest number of each window gets what comes back.", LARGEST),
            absolute=("You look for the largest number in absolute value.", "−3 is smaller than 1, and loses to it."),
            times_the_value=(
                "What comes back is multiplied by the largest number itself.",
                "When it grows by 1, the output grows by 1: the slope is 1, whatever the number is.",
            ),
            ones=("`upstream` is not used.", "The largest number of window (i, j) gets `upstream[:, i, j]`."),
            minus=("There is a minus too many.", "The minus belongs to the step of descent."),
            from_images=(
                "The gradient is added to a copy of the images, so that it holds their numbers, too.",
                "Begin with zeros in the shape of the images.",
            ),
            nothing_stored=("The gradient stays 0.", "Is the sum stored? `+=`, not `+`."),
            in_the_corner=("Everything is sent to the first window, at the top left of the image.", PLACE),
            beside=("What comes back is put down at (i + a, j + b), as if the stride were 1.", PLACE),
            at_the_window=("What comes back goes to the first number of each window.", LARGEST),
            by_size=("The windows are taken `size` apart, whatever stride is asked.", PLACE),
            mask_swapped=("Row and column of the largest number are swapped within its window.", PLACE),
            all_channels=("You look for the largest number over all channels: the others' windows get nothing.", APART),
            all_images=("You look for the largest number over all images: the others' windows get nothing.", APART),
            first_image=("Only the first image gets anything back.", APART),
            first_channel=("Only the first channel gets anything back.", APART),
            first_row=("Only the first row of windows is looked at: `return` stands inside the loop.", "Let it end."),
        ),
        pool_gradient_as_upstream,
        pool_gradient_repeated,
    ],
    equivalents=[pool_gradient_by_argmax, pool_gradient_shared, pool_gradient_to_the_last],
    hints=[
        "Let the largest number of a window grow a little: how much does the output grow? And if another one does?",
        "Go through the windows as in `max_pool`. `np.unravel_index(window.argmax(), window.shape)` tells row and "
        "column of "
        "the largest number within its window; where does it lie in the image?",
        "With windows that overlap a number may be the largest of several. What does it get then?",
    ],
)
