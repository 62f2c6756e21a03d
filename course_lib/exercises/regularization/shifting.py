"""The exercise on shifted images: what moves out is lost, and zeros come in."""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.scene import Matrix
from course_lib.exercises.returned import one_array


def shift_images(images, down, right):
    """Return the images moved by whole pixels, with zeros where nothing comes from.

    Args:
        images: array (n, height, width).
        down, right: int, by how many pixels; negative numbers move up and to the left.
    Returns:
        array shaped like `images`.
    """
    _, height, width = images.shape
    shifted = np.zeros_like(images)
    for row in range(height):
        for column in range(width):
            if 0 <= row - down < height and 0 <= column - right < width:
                shifted[:, row, column] = images[:, row - down, column - right]
    return shifted


NEW_PIXELS = "one row of ones, moved to the right by one"


def probe_shift_images(shift_images, rng):
    images, square = rng.uniform(0.1, 1.0, size=(3, 5, 7)), rng.uniform(0.1, 1.0, size=(2, 4, 4))
    cases = {
        "three images of 5 × 7, down by 2 and right by 1": (images, 2, 1),
        "up by 1 and left by 3": (images, -1, -3),
        "down by 1 and left by 2": (images, 1, -2),
        "up by 2 and right by 3": (images, -2, 3),
        "down by 3 alone": (images, 3, 0),
        "left by 1 alone": (images, 0, -1),
        "by nothing": (images, 0, 0),
        "two images of 4 × 4, down by 4, as far as they are high": (square, 4, 0),
        NEW_PIXELS: (np.ones((1, 1, 3)), 0, 1),
    }
    for place, (label, arguments) in enumerate(cases.items()):
        yield Row(label, lambda arguments=arguments: one_array(shift_images(*arguments)), essential=place == 0)


def places(length, by):
    """From which places 0 … length − 1 come, after a shift; those outside are not there."""
    return np.arange(length) - by


def faulty_shift(images, down, right, **made):
    if "swapped" in made:
        down, right = right, down
    if "up" in made or "opposite" in made:
        down = -down
    if "left" in made or "opposite" in made:
        right = -right
    if "not_down" in made:
        down = 0
    if "not_right" in made:
        right = 0
    if "never_back" in made:
        down, right = abs(down), abs(right)
    if "twice" in made:
        down, right = 2 * down, 2 * right
    _, height, width = images.shape
    rows, columns = places(height, down), places(width, right)
    inside_rows, inside_columns = (rows >= 0) & (rows < height), (columns >= 0) & (columns < width)
    if "wraps" in made or "rows_wrap" in made or ("wraps_back" in made and down < 0):
        inside_rows[:] = True
    if "wraps" in made or "columns_wrap" in made or ("wraps_back" in made and right < 0):
        inside_columns[:] = True
    if "wraps_by_index" in made:
        inside_rows, inside_columns = rows < height, columns < width
    outside = images if "left_over" in made else np.zeros_like(images)
    moved = images[:, rows % height][:, :, columns % width]
    if "edges" in made:
        return images[:, np.clip(rows, 0, height - 1)][:, :, np.clip(columns, 0, width - 1)]
    if "mirrored" in made or "mirrored_once" in made:
        mode = "symmetric" if "mirrored" in made else "reflect"
        sides = (0, 0), (abs(down), abs(down)), (abs(right), abs(right))
        large = np.pad(images, sides, mode=mode)
        return large[:, rows + abs(down)][:, :, columns + abs(right)]
    if "all_but_new" in made:
        # A negative number in a slice counts from the other end.
        shifted = moved.copy()
        shifted[:, :down] = 0
        shifted[:, :, :right] = 0
        return shifted
    return np.where(inside_rows[:, None] & inside_columns, moved, outside)


def shift_over_the_batch(images, down, right):
    """Your axes are those of one image: of a batch, axis 0 counts the images, which are mixed up here.

    The height is axis 1, and the width axis 2.
    """
    return np.roll(images, (down, right), axis=(0, 1))


def shift_as_one_line(images, down, right):
    """Each image is moved as one long line of pixels: what leaves a row at its end enters the next, or the first.

    Move along each axis by itself, and fill with zeros.
    """
    flat = images.reshape(len(images), -1)
    return np.roll(flat, down * images.shape[2] + right, axis=1).reshape(images.shape)


def shift_of_slices(images, down, right):
    """Your slices do for a shift down and to the right; a negative number in a slice counts from the other end.

    Take the two signs apart, or compute for each pixel where it comes from and ask whether that is inside.
    """
    _, height, width = images.shape
    shifted = np.zeros_like(images)
    shifted[:, down:, right:] = images[:, : height - down, : width - right]
    return shifted


def shift_of_slices_to_the_end(images, down, right):
    """Your slices do for a shift down and to the right by at least one: `[:-0]` is empty, and `[:-(-1)]` is `[:1]`.

    End the slice at `height - down`, and take the two signs apart.
    """
    shifted = np.zeros_like(images)
    shifted[:, down:, right:] = images[:, :-down, :-right]
    return shifted


def shift_with_other_paper(images, down, right, constant=1.0):
    """What enters is not 0 but another number.

    Begin with `np.zeros_like(images)`, paper without ink.
    """
    return faulty_shift(images - constant, down, right) + constant


def shift_with_nan(images, down, right):
    """What enters is NaN.

    Begin with `np.zeros_like(images)`, paper without ink.
    """
    return faulty_shift(images - 1.0, down, right) + np.where(faulty_shift(images * 0 + 1, down, right) > 0, 1, np.nan)


def shift_that_grows(images, down, right):
    """Your images have grown by the rows and columns of zeros, and nothing has left.

    Cut off, on the other side, as many as came in: an image keeps its shape.
    """
    rows, columns = (max(down, 0), max(-down, 0)), (max(right, 0), max(-right, 0))
    return np.pad(images, ((0, 0), rows, columns))


def shift_that_cuts(images, down, right):
    """Your images have become smaller: what stays of them is right, but no zeros have come in.

    Put it into an array of zeros of the old shape, at its new place.
    """
    _, height, width = images.shape
    return images[:, max(-down, 0) : height - max(down, 0), max(-right, 0) : width - max(right, 0)]


def shift_of_the_first(images, down, right):
    """Only the first image comes back.

    Move all of them: a slice `[:, …]` takes every image.
    """
    return faulty_shift(images, down, right)[0]


def shift_of_squares(images, down, right):
    """Your code takes the width for the height: it fails where images are not square.

    The shape of a batch is (n, height, width): take the last two apart.
    """
    count, height, _ = images.shape
    shifted = np.zeros((count, height, height))
    size = min(height, images.shape[2])
    shifted[:, :, :size] = faulty_shift(images[:, :, :size], down, right)
    return shifted


def shift_of_brightness(images, down, right):
    """The numbers of the pixels have changed, not their places.

    Move them: the pixel at (row, column) comes from (row − down, column − right).
    """
    return images + down + right


def shift_of_nothing(images, down, right):
    """The images come back as they were.

    Return a new array, in which each pixel has its new place.
    """
    return images


def shift_by_slices_of_both_signs(images, down, right):
    def at(by):
        return slice(max(by, 0), None if by >= 0 else by), slice(max(-by, 0), None if by <= 0 else -by)

    (to_rows, from_rows), (to_columns, from_columns) = at(down), at(right)
    shifted = np.zeros_like(images)
    shifted[:, to_rows, to_columns] = images[:, from_rows, from_columns]
    return shifted


def shift_by_padding(images, down, right):
    by_rows, by_columns = abs(down), abs(right)
    large = np.pad(images, ((0, 0), (by_rows, by_rows), (by_columns, by_columns)))
    first, left = by_rows - down, by_columns - right
    return large[:, first : first + images.shape[1], left : left + images.shape[2]]


def shift_by_matrices(images, down, right):
    return np.eye(images.shape[1], k=-down) @ images @ np.eye(images.shape[2], k=right)


def scene_shift_images(shift_images):
    """Two images, moved in four ways: below each other the images, beside each other the ways."""
    strokes = np.zeros((2, 5, 5))
    strokes[0, 1, 1:4], strokes[0, 1:5, 3], strokes[1, 0:4, 0], strokes[1, 4, 1:5] = 0.6, 0.9, 0.5, 0.8
    ways = (2, 1), (-1, -1), (0, -2), (1, 0)
    paper = np.full((2, 6, 6), np.nan)  # a white line below each image and to its right
    parts = []
    for way in ways:
        paper[:, :5, :5] = shift_images(strokes, *way)
        parts.append(np.vstack(paper)[:-1])
    return Matrix(
        np.hstack(parts)[:, :-1], xlabel="down 2, right 1 | up 1, left 1 | left 2 | down 1", shows_numbers=False
    )


SHIFT_IMAGES = Exercise(
    name="shift_images",
    kind="derive",
    minutes=10,
    level=2,
    reference=shift_images,
    probe=probe_shift_images,
    scene=scene_shift_images,
    misconceptions=[
        *flags(
            faulty_shift,
            wraps=(
                "What leaves an image on one side enters it again on the other: `np.roll` moves in a circle.",
                "Set what has come around to 0, or put what stays into an array of zeros.",
            ),
            rows_wrap=(
                "What leaves at the top or at the bottom enters again at the other end.",
                "Rows need their zeros as columns do.",
            ),
            columns_wrap=(
                "What leaves on the left or on the right enters again on the other side.",
                "Columns need their zeros as rows do.",
            ),
            wraps_back=(
                "Where an image moves up or to the left, what leaves it enters again on the other side.",
                "With a negative shift the zeros belong to the other end: the last rows, the last columns.",
            ),
            wraps_by_index=(
                "A negative index counts from the end: what should be 0 above or on the left is taken from the other "
                "side.",
                "Ask for both bounds: `0 <= row - down < height`.",
            ),
            all_but_new=(
                "Where the shift is negative, the wrong part becomes 0: `[:-1]` is all but the last row.",
                "With a negative shift the zeros belong to the other end: `[:, down:]`. And with 0 to none.",
            ),
            swapped=(
                "`down` and `right` are swapped: what should move down moves to the right.",
                "Axis 1 of (n, height, width) runs down, axis 2 to the right.",
            ),
            opposite=(
                "Everything moves the opposite way, up for down and left for right.",
                "A pixel that comes to `row` was at `row - down` before.",
            ),
            up=(
                "Images move up where they should move down.",
                "Rows are counted downwards: on the way down, the row grows.",
            ),
            left=(
                "Images move to the left where they should move to the right.",
                "A pixel that comes to `column` was at `column - right` before.",
            ),
            not_down=("Nothing moves down or up: `down` plays no role.", "Move along axis 1, too."),
            not_right=("Nothing moves to the right or left: `right` plays no role.", "Move along axis 2, too."),
            never_back=(
                "Negative numbers move the same way as positive ones.",
                "Keep the signs: −1 down is 1 up.",
            ),
            twice=("Everything moves twice as far as it should.", "Move once along each axis."),
            left_over=(
                "Where zeros should come in, the old pixels still stand.",
                "Begin with an array of zeros, not with a copy of the images.",
            ),
            edges=(
                "The pixels at the edge are repeated where zeros should come in.",
                "Fill with 0: SciPy's `mode='constant'`, NumPy's `np.pad` without a mode.",
            ),
            mirrored=(
                "The image is mirrored at its edge where zeros should come in.",
                "Fill with 0: SciPy's `mode='constant'`, NumPy's `np.pad` without a mode.",
            ),
            mirrored_once=(
                "The image is mirrored at its last pixel where zeros should come in.",
                "Fill with 0: SciPy's `mode='constant'`, NumPy's `np.pad` without a mode.",
            ),
        ),
        shift_over_the_batch,
        shift_as_one_line,
        shift_of_slices,
        shift_of_slices_to_the_end,
        Misconception.of(shift_with_other_paper, constant=(NEW_PIXELS, lambda moved: float(moved[0, 0, 0]))),
        shift_with_nan,
        shift_that_grows,
        shift_that_cuts,
        shift_of_the_first,
        shift_of_squares,
        shift_of_brightness,
        shift_of_nothing,
    ],
    equivalents=[shift_by_slices_of_both_signs, shift_by_padding, shift_by_matrices],
    hints=[
        "The pixel at (row, column) was at (row − down, column − right) before. What if that is outside?",
        "Begin with `np.zeros_like(images)`. Which rows of it get something, and from which rows of the images?",
        "`np.roll` does half of the work. Which rows and columns has it brought around, for each sign?",
    ],
)
