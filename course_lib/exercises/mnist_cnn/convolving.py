"""The exercise on a convolution of images: channels, filters, padding, stride and a bias."""

import numpy as np

from course_lib.checking.exercise import Exercise, Row
from course_lib.checking.scene import Matrix
from course_lib.exercises.mnist_cnn.convolving_mistakes import MISCONCEPTIONS


def convolve_2d(images, kernel, bias, stride=1, padding=0):
    """Slide filters over images: at every place, the sum of the products of what a filter covers, plus its bias.

        y[n, i, j, f] = b[f] + Σ_{a, b, c} x[n, i · stride + a, j · stride + b, c] · K[a, b, c, f]

    Args:
        images: array (n, height, width, channels), x, which is padded by zeros.
        kernel: array (height, width, channels, filters), K.
        bias: array (filters,), b.
        stride: int ≥ 1, how far the window moves, down and to the right. What is left over is not looked at.
        padding: int ≥ 0, how many zeros there are on each of the four sides.
    Returns:
        array (n, output height, output width, filters).
    """
    padded = np.pad(images, [(0, 0), (padding, padding), (padding, padding), (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape[:2], axis=(1, 2))[:, ::stride, ::stride]
    # Windows are (n, output height, output width, channels, height, width).
    return np.tensordot(windows, kernel, axes=[(4, 5, 3), (0, 1, 2)]) + bias


def probe_convolve_2d(convolve_2d, rng):
    def drawn(images, kernel):
        return rng.normal(size=images), rng.normal(size=kernel), rng.normal(1.0, 0.3, size=kernel[-1])

    # Wider than high: whoever computes the width from the height gets numbers, and not an error.
    plain = drawn((2, 5, 7, 2), (3, 2, 2, 3))
    square = drawn((3, 6, 8, 3), (3, 3, 3, 2))
    gray = drawn((1, 4, 6, 1), (2, 2, 1, 1))
    wide = drawn((2, 3, 6, 2), (3, 4, 2, 2))
    single = drawn((2, 5, 6, 3), (1, 1, 3, 2))
    deep = drawn((2, 6, 9, 2), (3, 4, 2, 2))

    yield Row("two images of two channels, three filters of 3 × 2", lambda: convolve_2d(*plain), essential=True)
    yield "one gray image, one filter of 2 × 2", lambda: convolve_2d(*gray)
    yield Row("one zero on each side", lambda: convolve_2d(*square, padding=1), essential=True)
    yield "two zeros on each side", lambda: convolve_2d(*plain, padding=2)
    yield Row("stride 2, with something left over", lambda: convolve_2d(*square, stride=2), essential=True)
    yield "stride 3 and one zero on each side", lambda: convolve_2d(*deep, 3, 1)
    yield "stride 2 and two zeros on each side", lambda: convolve_2d(*square, 2, 2)
    yield "a kernel as high as the image", lambda: convolve_2d(*wide)
    yield "a kernel of 1 × 1", lambda: convolve_2d(*single)


def convolve_by_loops(images, kernel, bias, stride=1, padding=0):
    n, height, width, _ = images.shape
    rows, columns, channels, filters = kernel.shape
    padded = np.zeros((n, height + 2 * padding, width + 2 * padding, channels))
    padded[:, padding : padding + height, padding : padding + width] = images
    down, right = (padded.shape[1] - rows) // stride + 1, (padded.shape[2] - columns) // stride + 1
    outputs = np.zeros((n, down, right, filters))
    for example, i, j, f in np.ndindex(outputs.shape):
        window = padded[example, i * stride : i * stride + rows, j * stride : j * stride + columns]
        outputs[example, i, j, f] = np.sum(window * kernel[..., f]) + bias[f]
    return outputs


def convolve_place_by_place(images, kernel, bias, stride=1, padding=0):
    # Over the places of the window, not over those of the image: a product of matrices for each.
    padded = np.pad(images, [(0, 0), (padding, padding), (padding, padding), (0, 0)])
    down, right = ((s - k) // stride for s, k in zip(padded.shape[1:3], kernel.shape[:2], strict=True))
    return bias + sum(
        padded[:, a : a + down * stride + 1 : stride, b : b + right * stride + 1 : stride] @ kernel[a, b]
        for a, b in np.ndindex(kernel.shape[:2])
    )


def scene_convolve_2d(convolve_2d):
    """A bright square under a filter for edges, wherever brightness rises to the right; a bias of a half."""
    image = np.zeros((1, 5, 7, 1))
    image[0, 1:4, 2:5] = 1
    kernel = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]).reshape(3, 3, 1, 1)
    outputs = np.asarray(convolve_2d(image, kernel, np.array([0.5]), stride=1, padding=1), float)
    return Matrix(outputs[0, :, :, 0], "column of the map", "row")


CONVOLVE_2D = Exercise(
    name="convolve_2d",
    kind="derive",
    minutes=20,
    level=3,
    reference=convolve_2d,
    probe=probe_convolve_2d,
    scene=scene_convolve_2d,
    misconceptions=MISCONCEPTIONS,
    equivalents=[convolve_by_loops, convolve_place_by_place],
    hints=[
        "One output first: image n, filter f, place (i, j). The window begins at row i · stride and column j · "
        "stride; it has "
        "the kernel's height and width, and all channels. Multiply it with `kernel[:, :, :, f]`, and sum everything.",
        "How many places are there, down and to the right? Each axis has a count of its own: that of the chapter's "
        "`output_size`, rounded down.",
        "Pad two of the four axes: `np.pad` takes a pair (before, after) for each axis, (0, 0) for the others.",
        "Faster: `sliding_window_view(padded, (height, width), axis=(1, 2))` gives all windows at once. Which axes "
        "does the "
        "sum run over?",
    ],
)
