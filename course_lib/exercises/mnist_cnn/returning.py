"""The exercise on the way back through a convolution: to its kernel, its bias and its images."""

import numpy as np

from course_lib import convolution
from course_lib.checking.exercise import Exercise, Row
from course_lib.checking.observe import once
from course_lib.checking.scene import Matrix
from course_lib.exercises.mnist_cnn.returning_mistakes import MISCONCEPTIONS
from course_lib.exercises.returned import parts

NAMES = ("the kernel's gradient", "the bias's gradient", "the images' gradient")


def convolution_gradients(images, kernel, upstream, stride=1, padding=0):
    """Carry ∂L/∂y = u back through `convolve_2d`, to everything that went into it.

        ∂L/∂K[a, b, c, f] = Σ_{n, i, j} x[n, i · stride + a, j · stride + b, c] · u[n, i, j, f]
        ∂L/∂b[f] = Σ_{n, i, j} u[n, i, j, f]
        ∂L/∂x: K[a, b, c, f] · u[n, i, j, f], added up at every place (i · stride + a, j · stride + b) that a window saw

    Args:
        images, kernel, stride, padding: as in `convolve_2d`.
        upstream: array (n, output height, output width, filters), u. Whatever mean the loss takes is in it already.
    Returns:
        (∂L/∂K, ∂L/∂b, ∂L/∂x), shaped like the kernel, (filters,), and like the images, without their padding.
    """
    (height, width), (rows, columns) = images.shape[1:3], kernel.shape[:2]
    padded = np.pad(images, [(0, 0), (padding, padding), (padding, padding), (0, 0)])
    kernel_gradient, padded_gradient = np.zeros(kernel.shape), np.zeros(padded.shape)
    for i, j in np.ndindex(upstream.shape[1:3]):
        place = slice(None), slice(i * stride, i * stride + rows), slice(j * stride, j * stride + columns)
        u = upstream[:, i, j]  # one window of each image: (n, filters)
        kernel_gradient += np.tensordot(padded[place], u, axes=[(0,), (0,)])
        padded_gradient[place] += np.tensordot(u, kernel, axes=[(1,), (3,)])
    images_gradient = padded_gradient[:, padding : padding + height, padding : padding + width]
    return kernel_gradient, upstream.sum(axis=(0, 1, 2)), images_gradient


def probe_convolution_gradients(convolution_gradients, rng):
    cases = {
        "two images, three filters of 3 × 2": ((2, 5, 7, 2), (3, 2, 2, 3), 1, 0),
        "one zero on each side": ((3, 4, 6, 3), (3, 3, 3, 2), 1, 1),
        "stride 2, with something left over": ((2, 6, 8, 2), (3, 3, 2, 2), 2, 0),
        "stride 3 and two zeros on each side": ((2, 6, 9, 1), (3, 4, 1, 2), 3, 2),
        "windows that do not overlap": ((2, 4, 6, 2), (2, 2, 2, 3), 2, 0),
        "one window": ((1, 2, 3, 2), (2, 3, 2, 2), 1, 0),
    }
    for case, (shape, kernel_shape, stride, padding) in cases.items():
        images, kernel = rng.normal(size=shape), rng.normal(size=kernel_shape)
        places = (
            convolution.output_size(size, window, stride, padding)
            for size, window in zip(shape[1:3], kernel_shape[:2], strict=True)
        )
        upstream = rng.normal(size=(shape[0], *places, kernel_shape[3]))
        settings = (images, kernel, upstream, *((stride, padding) if stride > 1 or padding else ()))
        given = once(lambda settings=settings: parts(convolution_gradients(*settings), ("dK", "db", "dx")))
        for place, name in enumerate(NAMES):
            essential = case.startswith("two images, three") and place != 1
            yield Row(f"{name}: {case}", lambda given=given, place=place: given()[place], essential=essential)


def gradients_by_windows(images, kernel, upstream, stride=1, padding=0):
    rows, columns = kernel.shape[:2]
    padded = np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kernel_gradient, images_gradient = np.zeros(kernel.shape), np.zeros(padded.shape)
    for n, i, j, f in np.ndindex(upstream.shape):
        window = n, slice(i * stride, i * stride + rows), slice(j * stride, j * stride + columns)
        kernel_gradient[..., f] += padded[window] * upstream[n, i, j, f]
        images_gradient[window] += kernel[..., f] * upstream[n, i, j, f]
    bottom, right = padding + images.shape[1], padding + images.shape[2]
    return kernel_gradient, upstream.sum(axis=(0, 1, 2)), images_gradient[:, padding:bottom, padding:right]


def gradients_by_places(images, kernel, upstream, stride=1, padding=0):
    padded = np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kernel_gradient, images_gradient = np.zeros(kernel.shape), np.zeros(padded.shape)
    down, right = ((n - 1) * stride + 1 for n in upstream.shape[1:3])
    for a, b in np.ndindex(kernel.shape[:2]):
        seen = (slice(None), slice(a, a + down, stride), slice(b, b + right, stride))
        kernel_gradient[a, b] = np.tensordot(padded[seen], upstream, ((0, 1, 2), (0, 1, 2)))
        images_gradient[seen] += upstream @ kernel[a, b].T
    cut = slice(padding, -padding or None)
    return [kernel_gradient, np.einsum("nijf->f", upstream), images_gradient[:, cut, cut]]


def gradients_by_a_full_convolution(images, kernel, upstream, stride=1, padding=0):
    """The images' gradient as a convolution of the stretched `upstream` with the kernel turned around."""
    (n, height, width, _), (rows, columns, _, filters) = images.shape, kernel.shape
    stretched = np.zeros((n, height + 2 * padding - rows + 1, width + 2 * padding - columns + 1, filters))
    stretched[:, ::stride, ::stride][:, : upstream.shape[1], : upstream.shape[2]] = upstream
    around = np.pad(stretched, ((0, 0), (rows - 1, rows - 1), (columns - 1, columns - 1), (0, 0)))
    whole = convolution.conv2d(around, kernel[::-1, ::-1].transpose(0, 1, 3, 2))
    windows = np.lib.stride_tricks.sliding_window_view(
        np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0))), (rows, columns), axis=(1, 2)
    )
    kernel_gradient = np.einsum("nijcab,nijf->abcf", windows, stretched)
    return kernel_gradient, upstream.sum((0, 1, 2)), whole[:, padding : padding + height, padding : padding + width]


def scene_convolution_gradients(convolution_gradients):
    """How much each pixel counts where a window of 3 × 3 ones moves by 1: in how many windows it lies."""
    images, kernel = np.ones((1, 5, 7, 1)), np.ones((3, 3, 1, 1))
    gradient = parts(convolution_gradients(images, kernel, np.ones((1, 3, 5, 1))), ("dK", "db", "dx"))[2]
    return Matrix(np.asarray(gradient, float)[0, :, :, 0], "column of the image", "row")


CONVOLUTION_GRADIENTS = Exercise(
    name="convolution_gradients",
    kind="derive",
    minutes=20,
    level=3,
    reference=convolution_gradients,
    probe=probe_convolution_gradients,
    scene=scene_convolution_gradients,
    misconceptions=MISCONCEPTIONS,
    equivalents=[gradients_by_windows, gradients_by_places, gradients_by_a_full_convolution],
    hints=[
        "One window is a dense layer with one unit a filter: y = window · K + b. You know its three gradients from "
        "chapter 04. "
        "What is `upstream` for it?",
        "All windows use the same kernel and the same bias, so their gradients add up: begin with zeros, and `+=` "
        "for each "
        "window.",
        "What a window sends back belongs at the place where it lay in the padded image. Where windows overlap, a "
        "pixel gets "
        "from each of them.",
        "At the end cut the padding off. `[padding:-padding]` is empty where the padding is 0; "
        "`[padding : padding + height]` is not.",
    ],
)
