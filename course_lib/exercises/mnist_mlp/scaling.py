"""The exercise on images before they meet a network: pixels to rows of numbers from 0 to 1."""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, flags

# --- scale_images


def scale_images(images):
    """Turn images of 0 to 255 into rows of numbers from 0 to 1, as a dense layer wants them.

    Args:
        images: uint8 array (n, height, width).
    Returns:
        float32 array (n, height · width), each image row after row.
    """
    return images.reshape(len(images), -1).astype("float32") / 255


SMALL_IMAGES = "four images of 3 by 5 pixels"
PAPER_AND_INK = "paper and ink: one image of 0, 255, 128 and 0"


def probe_scale_images(scale_images, rng):
    digits = rng.integers(0, 256, size=(3, 28, 28), dtype=np.uint8)
    small = rng.integers(0, 256, size=(4, 3, 5), dtype=np.uint8)
    dark = rng.integers(0, 60, size=(2, 28, 28), dtype=np.uint8)
    dark[0] = np.minimum(dark[0], 40)
    edges = np.array([[[0, 255], [128, 0]]], dtype=np.uint8)
    yield Row("three images of 28 by 28 pixels", lambda: scale_images(digits), essential=True)
    yield PAPER_AND_INK, lambda: scale_images(edges)
    yield "two dark images, all pixels below 60", lambda: scale_images(dark)
    yield SMALL_IMAGES, lambda: scale_images(small)
    yield "the dtype", lambda: np.asarray(scale_images(small)).dtype.name


def faulty_scale_images(images, **made):
    divisor = 1 if "unscaled" in made else 255**2 if "twice" in made else 255
    if "by_largest" in made or "by_image" in made:
        divisor = images.max(axis=None if "by_largest" in made else (1, 2), keepdims=True).astype("float32")
    scaled = images.astype("float64" if "double" in made else "float16" if "half" in made else "float32") / divisor
    scaled = 1 - scaled if "inverted" in made else scaled
    scaled = (images > 127).astype(scaled.dtype) if "black_and_white" in made else scaled
    if "with_channel" in made:
        return scaled[..., None]
    return scaled if "not_flat" in made else scaled.reshape(len(images), -1)


def scale_images_by_another_number(images, constant=256.0):
    """The pixels are divided by another number than the largest value that a pixel can have, so ink is not exactly 1.

    That value is 255: divide by it, once.
    """
    return images.reshape(len(images), -1).astype("float32") / np.float32(constant)


def scale_images_shifted(images, constant=(0.1307, 0.3081)):
    """Paper is no longer 0: a number is subtracted too, as other recipes do to center the pixels.

    Asked for is [0, 1]: x / 255, and nothing else.
    """
    shift, divisor = (np.float32(number) for number in constant)
    return (scale_images(images) - shift) / divisor


def shift_and_divisor(row):
    paper, ink = row[0, :2]
    return -paper / (ink - paper), 1 / (ink - paper)


def scale_images_rounded(images, constant=2):
    """The numbers are rounded to a few digits, so that shades of gray become one.

    Return them as the division gives them; rounding is for printing.
    """
    return np.round(scale_images(images), constant)


def digits_kept(rows):
    """Return to how many digits behind the point the numbers are rounded. Raises ValueError where they are not."""
    for digits in range(1, 6):
        if np.max(np.abs(rows - np.round(rows, digits))) < 1e-7:  # float32 has about seven
            return digits
    raise ValueError("they are not rounded")


def scale_images_of_784_pixels(images):
    """784 numbers a row fit images of 28 by 28 pixels only; others are cut up wrongly.

    `reshape(len(images), -1)` lets NumPy count the pixels.
    """
    return images.reshape(-1, 784).astype("float32") / 255


def scale_images_of_sixty_thousand(images):
    """The number of images is fixed, so it fits MNIST's training set only.

    Take it from the images: `reshape(len(images), -1)`.
    """
    return images.reshape(60000, 784).astype("float32") / 255


def scale_images_into_columns(images):
    """Each image has become a column; the result is transposed.

    Examples belong in rows: drop the `.T`.
    """
    return images.reshape(len(images), -1).T.astype("float32") / 255


def scale_images_scrambled(images):
    """The shape is right, but the pixels are dealt out among the images: each row mixes all of them.

    Keep the first axis first: `reshape(len(images), -1)`, without `.T`.
    """
    return images.reshape(-1, len(images)).T.astype("float32") / 255


def scale_images_column_by_column(images):
    """Each image is read column by column.

    Row after row is the usual order, and `reshape` gives it as it is.
    """
    return images.transpose(0, 2, 1).reshape(len(images), -1).astype("float32") / 255


def scale_images_into_one_row(images):
    """All images lie in one long row.

    Keep one row an image: `reshape(len(images), -1)`.
    """
    return images.flatten().astype("float32") / 255


def scale_images_to_integers(images):
    """Only whole numbers are left: everything but 255 has become 0.

    Divide with `/`, not `//`, and let the result stay a float: `astype('float32')`.
    """
    return (images // 255).reshape(len(images), -1).astype("float32")


def scale_images_back_to_integers(images):
    """Turned back into integers, everything but 255 has become 0.

    Let the result stay a float: `astype('float32')`.
    """
    return (images / 255).reshape(len(images), -1).astype("uint8")


def scale_images_in_place(images):
    """`/=` must keep the dtype uint8, which has no fractions, so NumPy refuses.

    Convert with `astype('float32')` first, and keep what it returns.
    """
    images /= 255
    return images.reshape(len(images), -1)


def scale_images_standardized(images):
    """The pixels are standardized with the mean and deviation of these very images.

    Asked for is a fixed scale: x / 255.
    """
    flat = images.reshape(len(images), -1).astype("float32")
    return (flat - flat.mean()) / flat.std()


def scale_images_pixel_by_pixel(images):
    """Each pixel, a column of the result, is scaled by its own smallest and largest value among these images.

    All pixels share one scale: x / 255.
    """
    flat = images.reshape(len(images), -1).astype("float32")
    span = np.ptp(flat, axis=0)
    return (flat - flat.min(axis=0)) / np.where(span == 0, 1, span)


def scale_images_to_length(images):
    """Each image is divided by its length (its norm), so a thin stroke becomes brighter than a thick one.

    The scale is a constant: x / 255.
    """
    flat = images.reshape(len(images), -1).astype("float32")
    return flat / np.linalg.norm(flat, axis=1, keepdims=True)


def scale_images_one_by_one(images):
    rows = [(image / 255.0).ravel() for image in images]
    return np.array(rows, dtype=np.float32)


SCALE_IMAGES = Exercise(
    name="scale_images",
    kind="formula",
    minutes=5,
    level=1,
    reference=scale_images,
    probe=probe_scale_images,
    misconceptions=[
        *flags(
            faulty_scale_images,
            unscaled=("The pixels still run up to 255.", "Divide by 255, and return what that gives."),
            twice=("The pixels are divided by 255 twice, so ink is 1/255.", "Divide once."),
            by_largest=(
                "The divisor is the largest pixel of *these* images, so a dark image is brightened, and a single one "
                "is scaled otherwise than a batch.",
                "The scale is a constant: 255.",
            ),
            by_image=(
                "Each image is divided by its own largest pixel, so a dark one is brightened.",
                "The scale is a constant: 255.",
            ),
            inverted=("Paper and ink are swapped: this is 1 − x / 255.", "0 stays 0: x / 255."),
            black_and_white=("All shades of gray are gone: a threshold leaves only 0 or 1.", "Divide by 255 instead."),
            not_flat=(
                "Each image is still a square; a dense layer wants one row an image.",
                "`reshape(len(images), -1)` keeps the first axis and makes one of the others.",
            ),
            with_channel=(
                "Each image is still a square, with an axis for one channel, as convolutions want it.",
                "A dense layer wants one row an image: `reshape(len(images), -1)`.",
            ),
            double=(
                "The result is float64, twice the memory of the float32 in which networks compute.",
                "`astype('float32')` returns such an array; the one it is called on stays as it was.",
            ),
            half=(
                "The result is float16, which keeps three digits only.",
                "Asked for is float32: `astype('float32')`.",
            ),
        ),
        scale_images_of_784_pixels,
        scale_images_of_sixty_thousand,
        scale_images_into_columns,
        scale_images_scrambled,
        scale_images_column_by_column,
        scale_images_into_one_row,
        scale_images_to_integers,
        scale_images_back_to_integers,
        scale_images_in_place,
        scale_images_standardized,
        scale_images_pixel_by_pixel,
        scale_images_to_length,
        Misconception.of(scale_images_rounded, constant=(SMALL_IMAGES, digits_kept)),
        Misconception.of(scale_images_by_another_number, constant=(PAPER_AND_INK, lambda row: float(255 / row[0, 1]))),
        Misconception.of(scale_images_shifted, constant=(PAPER_AND_INK, shift_and_divisor)),
    ],
    equivalents=[
        scale_images_one_by_one,
        lambda images: np.reshape(images, (images.shape[0], images.shape[1] * images.shape[2])) / np.float32(255),
        lambda images: (images / 255).astype(np.float32).reshape(images.shape[0], -1),
        lambda images: np.multiply(images, 1 / 255, dtype=np.float32).reshape(len(images), np.prod(images.shape[1:])),
        lambda images: np.array([image.flatten() for image in images]).astype("float32") / 255.0,
    ],
    hints=[
        "Three things happen: the shape, the dtype and the scale. Do them one after the other.",
        "`reshape` takes −1 for the one axis that NumPy shall count itself. Which axis must stay as it is?",
        "Is a float32 array divided by 255 still float32? And a uint8 array? The order of the steps decides.",
    ],
)
