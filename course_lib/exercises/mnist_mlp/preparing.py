"""Exercises on images and labels before they meet a network: pixels to rows, labels to one-hot rows."""

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


def probe_scale_images(scale_images, rng):
    digits = rng.integers(0, 256, size=(3, 28, 28), dtype=np.uint8)
    small = rng.integers(0, 256, size=(4, 3, 5), dtype=np.uint8)
    dark = rng.integers(0, 60, size=(2, 28, 28), dtype=np.uint8)
    edges = np.array([[[0, 255], [128, 0]]], dtype=np.uint8)
    yield Row("three images of 28 by 28 pixels", lambda: scale_images(digits), essential=True)
    yield "paper and ink: one image of 0, 255, 128 and 0", lambda: scale_images(edges)
    yield "two dark images, all pixels below 60", lambda: scale_images(dark)
    yield "four images of 3 by 5 pixels", lambda: scale_images(small)
    yield "the dtype", lambda: np.asarray(scale_images(small)).dtype.name


def faulty_scale_images(images, unscaled=False, by_largest=False, by_256=False, not_flat=False, double=False):
    divisor = 1 if unscaled else images.max() if by_largest else 256 if by_256 else 255
    scaled = images.astype("float64" if double else "float32") / divisor
    return scaled if not_flat else scaled.reshape(len(images), -1)


def scale_images_of_784_pixels(images):
    return images.reshape(-1, 784).astype("float32") / 255


def scale_images_into_columns(images):
    return images.reshape(len(images), -1).T.astype("float32") / 255


def scale_images_scrambled(images):
    return images.reshape(-1, len(images)).T.astype("float32") / 255


def scale_images_column_by_column(images):
    return images.transpose(0, 2, 1).reshape(len(images), -1).astype("float32") / 255


def scale_images_into_one_row(images):
    return images.flatten().astype("float32") / 255


def scale_images_with_integers(images):
    return (images // 255).reshape(len(images), -1).astype("float32")


def scale_images_back_to_integers(images):
    return (images / 255).reshape(len(images), -1).astype("uint8")


def scale_images_in_place(images):
    images /= 255
    return images.reshape(len(images), -1)


def scale_images_around_zero(images):
    return (images.reshape(len(images), -1).astype("float32") - 127.5) / 127.5


def scale_images_standardized(images):
    flat = images.reshape(len(images), -1).astype("float32")
    return (flat - flat.mean()) / flat.std()


def scale_images_one_by_one(images):
    rows = [(image / 255.0).ravel() for image in images]
    return np.array(rows, dtype=np.float32)


SCALE_IMAGES = Exercise(
    name="scale_images",
    reference=scale_images,
    probe=probe_scale_images,
    misconceptions=[
        *flags(
            faulty_scale_images,
            unscaled="The pixels still run up to 255: divide by 255.",
            by_largest="You divide by the largest pixel of *these* images, so a dark image is brightened, and a single "
            "one is scaled otherwise than a batch. The scale is a constant: 255.",
            by_256="The largest pixel value is 255, not 256: ink should become exactly 1.",
            not_flat="Each image is still a square. A dense layer wants one row an image: `reshape(len(images), -1)`.",
            double="The result is float64. Networks compute in float32, in half the memory: `astype('float32')`.",
        ),
        Misconception(
            scale_images_of_784_pixels,
            "784 fits images of 28 by 28 pixels only. `reshape(len(images), -1)` lets NumPy count the pixels.",
        ),
        Misconception(
            scale_images_into_columns, "Each image has become a column; examples belong in rows: drop the `.T`."
        ),
        Misconception(
            scale_images_scrambled,
            "`reshape(-1, n).T` has the right shape, but it deals the pixels out among the images. Keep the first axis "
            "first: `reshape(len(images), -1)`.",
        ),
        Misconception(
            scale_images_column_by_column,
            "Each image is read column by column. Row after row is the usual order, and `reshape` gives it.",
        ),
        Misconception(
            scale_images_into_one_row,
            "`flatten` has put all images into one long row. Keep one row an image: `reshape(len(images), -1)`.",
        ),
        Misconception(
            scale_images_with_integers, "`//` drops the fraction: everything but 255 becomes 0. Divide with `/`."
        ),
        Misconception(
            scale_images_back_to_integers,
            "Turned back into integers, everything but 255 becomes 0: use `astype('float32')`.",
        ),
        Misconception(
            scale_images_in_place,
            "`/=` must keep the dtype uint8, which has no fractions, so NumPy refuses. Convert with "
            "`astype('float32')` first.",
        ),
        Misconception(
            scale_images_around_zero, "This maps to [−1, 1], also a good scale. Asked for is [0, 1]: x / 255."
        ),
        Misconception(
            scale_images_standardized,
            "You standardize with the mean and deviation of these very images. Asked for is a fixed scale: x / 255.",
        ),
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
        "`images.reshape(len(images), -1)` keeps the first axis and makes one of all others.",
        "`astype('float32')` and then `/ 255`: the other way round the result would be float64.",
    ],
)

# --- one_hot


def one_hot(labels, num_classes=10):
    """Turn each label into a row of zeros with a one in the label's place.

    Args:
        labels: integer array (n,), values 0 to num_classes − 1.
        num_classes: int, the number of columns.
    Returns:
        float array (n, num_classes).
    """
    return np.eye(num_classes)[labels]


def probe_one_hot(one_hot, rng):
    labels = np.concatenate([[0, 9], rng.integers(0, 10, size=5)]).astype(np.uint8)
    few = rng.permutation([2, 5, 5, 7])
    others = rng.permutation([0, 1, 2, 2, 0, 3])
    yield Row("seven labels, as MNIST has them (uint8)", lambda: one_hot(labels), essential=True)
    yield "labels among which 0, 1, 8 and 9 do not occur", lambda: one_hot(few)
    yield "4 classes", lambda: one_hot(others, 4)
    yield "12 classes, of which the last 8 do not occur", lambda: one_hot(others, num_classes=12)
    yield "a single label", lambda: one_hot(np.array([3]))


def faulty_one_hot(labels, num_classes=10, from_largest=False, from_one=False, transposed=False, always_ten=False):
    columns = int(labels.max()) + 1 if from_largest else 10 if always_ten else num_classes
    encoded = np.zeros((len(labels), columns))
    # A label that is one too small is −1 for 0: the last column.
    encoded[np.arange(len(labels)), labels.astype(int) - (1 if from_one else 0)] = 1
    return encoded.T if transposed else encoded


def one_hot_of_whole_columns(labels, num_classes=10):
    encoded = np.zeros((len(labels), num_classes))
    encoded[:, labels] = 1
    return encoded


def one_hot_of_classes_that_occur(labels, num_classes=10):
    return (labels[:, None] == np.unique(labels)).astype(float)


def one_hot_up_to_the_label(labels, num_classes=10):
    return (np.arange(num_classes) <= labels[:, None]).astype(float)


def one_hot_as_a_column(labels, num_classes=10):
    return labels.reshape(-1, 1).astype(float)


def one_hot_with_the_label_itself(labels, num_classes=10):
    return np.eye(num_classes)[labels] * labels[:, None]


def one_hot_in_one_row(labels, num_classes=10):
    encoded = np.zeros(num_classes)
    encoded[labels] = 1
    return encoded


def one_hot_in_a_loop(labels, num_classes=10):
    rows = []
    for label in labels:
        row = [0] * num_classes
        row[label] = 1
        rows.append(row)
    return rows


def one_hot_by_places(labels, num_classes=10):
    encoded = np.zeros((labels.size, num_classes), dtype="float32")
    encoded[np.arange(labels.size), labels] = 1.0
    return encoded


def one_hot_by_put_along_axis(labels, num_classes=10):
    encoded = np.zeros((len(labels), num_classes))
    np.put_along_axis(encoded, labels[:, None].astype(int), 1, axis=1)
    return encoded


ONE_HOT = Exercise(
    name="one_hot",
    reference=one_hot,
    probe=probe_one_hot,
    misconceptions=[
        *flags(
            faulty_one_hot,
            from_largest="The number of columns comes from the largest label that happens to occur, so a batch "
            "without a 9 loses its last column. Use `num_classes`.",
            from_one="The ones sit one column too far left: class 0 belongs in column 0, and labels start at 0.",
            transposed="Classes are in rows and examples in columns: it is transposed. Each label becomes a *row*.",
            always_ten="The number of columns is always 10: use the argument `num_classes`.",
        ),
        Misconception(
            one_hot_of_whole_columns,
            "`encoded[:, labels] = 1` fills whole columns, for every example. Pair each row with its label: "
            "`encoded[np.arange(len(labels)), labels] = 1`.",
        ),
        Misconception(
            one_hot_of_classes_that_occur,
            "There is a column only for classes that occur in these labels. Make `num_classes` columns, always.",
        ),
        Misconception(
            one_hot_up_to_the_label,
            "All places up to the label are 1. One-hot means a single 1, in the label's own place: `==`, not `<=`.",
        ),
        Misconception(
            one_hot_as_a_column,
            "This is the label itself in a column, as if 8 were twice a 4. Make a row of `num_classes` numbers of it.",
        ),
        Misconception(
            one_hot_with_the_label_itself,
            "The label itself stands in the label's place, and a 0 leaves nothing but zeros. Put a 1 there.",
        ),
        Misconception(
            one_hot_in_one_row,
            "All labels share one row. Each label needs a row of its own: start from an array of shape "
            "`(len(labels), num_classes)`.",
        ),
    ],
    equivalents=[
        one_hot_in_a_loop,
        one_hot_by_places,
        one_hot_by_put_along_axis,
        lambda labels, num_classes=10: labels[:, None] == np.arange(num_classes),
        lambda labels, num_classes=10: np.where(np.arange(num_classes) == labels.reshape(-1, 1), 1, 0),
        lambda labels, num_classes=10: np.identity(num_classes, dtype=int)[labels],
        lambda labels, num_classes=10: np.array([np.eye(num_classes)[label] for label in labels]),
    ],
    hints=[
        "`np.eye(4)` is a square of zeros with ones on its diagonal. What is its row 2?",
        "NumPy takes an array as an index: `matrix[[2, 0, 2]]` is row 2, row 0 and row 2 again.",
        "`np.eye(num_classes)[labels]` is all of it.",
    ],
)
