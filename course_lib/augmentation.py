"""Data augmentation: small changes of an image that do not change what it shows.

Images are a batch (n, height, width). How far each is moved is one number for all or an array (n,), one for each. What
comes in from beyond the edges is 0, paper; nothing that leaves on one side enters on the other. Where a pixel of the
result falls between four pixels of the image, it is their mean, weighted by how near they are (bilinear interpolation).

References: Simard, Steinkraus and Platt (2003), "Best practices for convolutional neural networks applied to visual
document analysis", §2; Shorten and Khoshgoftaar (2019), "A survey on image data augmentation for deep learning".
"""

import numpy as np

from course_lib.activations import as_float


def shift_images(images, down=0.0, right=0.0):
    """Move images by so many pixels, downwards and to the right; negative numbers move up and to the left."""
    return _moved(images, down=down, right=right)


def rotate_images(images, degrees):
    """Turn images about their center, counterclockwise."""
    return _moved(images, degrees=degrees)


def zoom_images(images, factor):
    """Enlarge images about their center by a factor > 0; a factor below 1 makes them smaller.

    Raises:
        ValueError: a factor is not positive.
    """
    if not np.all(np.asarray(factor) > 0):
        raise ValueError(f"a zoom needs factors > 0, not {factor}")
    return _moved(images, factor=factor)


def add_noise(images, stddev, seed=None):
    """Add to each pixel a random number from a normal distribution with mean 0 and the standard deviation `stddev`.

    Args:
        images: array (n, height, width), or of any other shape.
        stddev: float ≥ 0.
        seed: int or `numpy.random.Generator`.
    Returns:
        array shaped like `images`; pixels are not cut off at 0 or 1, so that their mean stays.
    """
    images = as_float(images)
    noise = np.random.default_rng(seed).standard_normal(images.shape, dtype=np.float32)
    return (images + stddev * noise).astype(images.dtype)


def augment_images(images, shift=2.0, degrees=10.0, zoom=0.1, stddev=0.0, seed=None):
    """Change each image at random: turned, zoomed and shifted, at a single interpolation, and then given noise.

    Each change is drawn for each image on its own, evenly from −limit to limit.

    Args:
        images: array (n, height, width).
        shift: float ≥ 0, the limit of a shift in pixels, along each axis.
        degrees: float ≥ 0, the limit of a rotation.
        zoom: float in [0, 1), the limit of a zoom: factors are from 1 − zoom to 1 + zoom.
        stddev: float ≥ 0, the standard deviation of the noise.
        seed: int or `numpy.random.Generator`.
    Returns:
        array shaped like `images`.
    Raises:
        ValueError: a limit is negative, or `zoom` is 1 or more.
    """
    if min(shift, degrees, zoom, stddev) < 0 or zoom >= 1:
        raise ValueError(f"limits must be ≥ 0, and zoom < 1, not {(shift, degrees, zoom, stddev)}")
    rng = np.random.default_rng(seed)
    down, right, turn, stretch = (
        rng.uniform(-limit, limit, size=len(images)) for limit in (shift, shift, degrees, zoom)
    )
    moved = _moved(images, down, right, turn, 1 + stretch)
    return add_noise(moved, stddev, rng) if stddev else moved


def _moved(images, down=0.0, right=0.0, degrees=0.0, factor=1.0):
    """Zoom and turn images about their center, then shift them.

    For each pixel of the result it is asked where it comes from, which is the inverse of the movement, as otherwise
    some pixels would get nothing. With rows counted downwards, (row, column) from the center, it comes from

        R (place − shift) / factor,    R = (cos a, sin a; −sin a, cos a) for a turn by a, counterclockwise
    """
    images = as_float(images)
    if images.ndim != 3:
        raise ValueError(f"images are a batch (n, height, width), not the shape {images.shape}")
    count, height, width = images.shape
    down, right, degrees, factor = (
        np.broadcast_to(np.asarray(value, dtype=np.float64), count)[:, None, None]
        for value in (down, right, degrees, factor)
    )
    middle = (height - 1) / 2, (width - 1) / 2
    row = np.arange(height)[:, None] - middle[0] - down
    column = np.arange(width) - middle[1] - right
    cosine, sine = np.cos(np.radians(degrees)) / factor, np.sin(np.radians(degrees)) / factor
    return _between_pixels(images, cosine * row + sine * column + middle[0], cosine * column - sine * row + middle[1])


def _between_pixels(images, rows, columns):
    """The images' values at places (n, height, width) between pixels, by bilinear interpolation, with 0 outside."""
    count, height, width = images.shape
    # Two rows and columns of paper around each image; places further out are moved onto them.
    padded = np.pad(images, ((0, 0), (2, 2), (2, 2)))
    rows, columns = np.clip(rows + 2, 0, height + 2), np.clip(columns + 2, 0, width + 2)
    top, left = rows.astype(int), columns.astype(int)
    below, beyond = (rows - top).astype(images.dtype), (columns - left).astype(images.dtype)
    flat, line = padded.ravel(), width + 4
    corner = (np.arange(count)[:, None, None] * (height + 4) + top) * line + left
    upper = flat[corner] * (1 - beyond) + flat[corner + 1] * beyond
    lower = flat[corner + line] * (1 - beyond) + flat[corner + line + 1] * beyond
    return upper * (1 - below) + lower * below
