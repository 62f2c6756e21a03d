"""The exercise that looks for images on which max pooling is blind to a shift, and for one on which it is not."""

import numpy as np

from course_lib import convolution
from course_lib.checking.exercise import Exercise, Misconception

SIDE, LEAST = 8, 4


def shifted_images():
    """Return an image whose pooled image stays when it moves to the right by a pixel, and one whose 1s all leave."""
    stays, moves = np.zeros((SIDE, SIDE)), np.zeros((SIDE, SIDE))
    stays[::2, ::2] = 1
    moves[:, 1::4] = 1
    return stays, moves


def before_and_after(image):
    """Return what max pooling (2 × 2, stride 2) makes of an image, and of the same image moved right by a pixel."""
    image = np.asarray(image, float)
    moved = np.zeros(image.shape)
    moved[:, 1:] = image[:, :-1]
    return tuple(convolution.max_pool2d(each[None, :, :, None])[0, :, :, 0] for each in (image, moved))


STAYS, LEAVES, PARTLY = (
    "stays the same when pooled",
    "moves so that no pooled 1 is where one was",
    "moves in part: some pooled 1s stay where they were, and something changes",
)


def what_happens(image):
    """Return in words what becomes of the pooled image, or why this is no image such as is asked for."""
    try:
        image = np.asarray(image, float)
    except (TypeError, ValueError):
        return "is no table of numbers"
    if image.shape != (SIDE, SIDE):
        return f"has another shape than ({SIDE}, {SIDE})"
    if not np.all((image == 0) | (image == 1)):
        return "holds other numbers than 0 and 1"
    if image.sum() < LEAST:
        return f"has fewer than {LEAST} pixels that are 1"
    if image[:, -1].any():
        return "has a 1 in its last column, which leaves the image when it moves"
    before, after = before_and_after(image)
    if np.array_equal(before, after):
        return STAYS
    return PARTLY if np.any((before == 1) & (after == 1)) else LEAVES


def what_happens_to(given, number):
    """Return what becomes of the image of that number; None where nothing is given."""
    if given is None:
        return None
    lists = (list, tuple, np.ndarray)
    if not isinstance(given, lists) or len(given) != 2 or not isinstance(given[number], lists):
        return "is missing: two images are asked for"
    return what_happens(given[number])


def probe_shifted_images(shifted_images, rng):
    yield "the first image", lambda: what_happens_to(shifted_images(), 0)
    yield "the second image", lambda: what_happens_to(shifted_images(), 1)


def remark(failing):
    """Say what becomes of each image that is not yet what is asked for."""
    if not all(isinstance(value, str) for _, value, _ in failing):
        return ""
    return " ".join(f"{label[0].upper()}{label[1:]} {value}." for label, value, _ in failing)


def _image(*places):
    """Return an image with 1s at the given (rows, columns)."""
    image = np.zeros((SIDE, SIDE))
    for place in places:
        image[place] = 1
    return image


POINTS, BARS = shifted_images()
BLOCK, FULL, FEW, HALF = _image(np.s_[2:6, 2:6]), _image(np.s_[:, :]), _image((2, 3)), 0.5 * POINTS
THICK = _image(np.s_[:, 1:7])
WINDOWS = "Windows begin at columns 0, 2, 4 and 6."


def _told(name, which, image, cause, cure):
    """A misconception in which the first or the second image is `image`, and the other one is right."""
    given = (image, BARS) if which == "first" else (POINTS, image)
    return Misconception(lambda: given, cause, cure, name)


SHIFTED_IMAGES = Exercise(
    name="shifted_images",
    kind="break it",
    minutes=8,
    level=2,
    reference=shifted_images,
    probe=probe_shifted_images,
    remark=remark,
    misconceptions=[
        Misconception(
            lambda: (BARS, POINTS),
            "The two are swapped: the first image moves when pooled, and the second one stays.",
            "Return them in the other order: first the one that stays.",
            "swapped",
        ),
        _told(
            "first_leaves",
            "first",
            BARS,
            "Your first image moves when pooled: each 1 goes from the right column of its window into the next window.",
            WINDOWS + " In which columns may a pixel stand, so that it stays within its window when it moves by one?",
        ),
        _told(
            "first_partly",
            "first",
            BLOCK,
            "Your first image changes when pooled: some of its 1s go over into another window.",
            WINDOWS + " No 1 may stand in the right column of a window, unless the window behind holds one that stays.",
        ),
        _told(
            "second_stays",
            "second",
            POINTS,
            "Your second image stays the same when pooled.",
            WINDOWS + " Which pixels go over into another window when they move by one?",
        ),
        _told(
            "second_partly",
            "second",
            THICK,
            "In your second image some pooled 1s are still where one was before: not all of them leave, or one takes "
            "the "
            "place of another.",
            "Every 1 has to leave its window, and must not come into a window that held one. What must lie between "
            "them?",
        ),
        _told(
            "first_few",
            "first",
            FEW,
            f"Your first image has fewer than {LEAST} pixels that are 1; an empty image stays the same whatever is "
            "done.",
            f"Put {LEAST} or more into it.",
        ),
        _told(
            "second_few",
            "second",
            FEW,
            f"Your second image has fewer than {LEAST} pixels that are 1.",
            f"Put {LEAST} or more into it.",
        ),
        _told(
            "first_to_the_edge",
            "first",
            FULL,
            "Your first image has a 1 in its last column, which leaves the image when it moves.",
            "Leave the last column 0.",
        ),
        _told(
            "second_to_the_edge",
            "second",
            FULL,
            "Your second image has a 1 in its last column, which leaves the image when it moves.",
            "Leave the last column 0.",
        ),
        _told(
            "first_gray",
            "first",
            HALF,
            "Your first image holds other numbers than 0 and 1.",
            "A pixel is 0 or 1 here: ink or paper.",
        ),
        _told(
            "second_gray",
            "second",
            HALF,
            "Your second image holds other numbers than 0 and 1.",
            "A pixel is 0 or 1 here: ink or paper.",
        ),
        *(
            _told(
                f"{which}_shape",
                which,
                np.ones((28, 28)),
                f"Your {which} image has another shape than ({SIDE}, {SIDE}).",
                f"`np.zeros(({SIDE}, {SIDE}))` makes an empty one.",
            )
            for which in ("first", "second")
        ),
        Misconception(
            lambda: (np.ones((28, 28)), np.ones((28, 28))),
            f"Your images have another shape than ({SIDE}, {SIDE}).",
            f"`np.zeros(({SIDE}, {SIDE}))` makes an empty one.",
            "another_shape",
        ),
        Misconception(
            lambda: POINTS,
            "Two images are asked for: one that stays, and one that moves.",
            "Return both, separated by a comma.",
            "one_image",
        ),
    ],
    equivalents=[
        lambda: (_image((2, 0), (2, 2), (2, 4), (2, 6)), _image(np.s_[0:4, 3])),
        lambda: (POINTS.tolist(), BARS.astype(int).tolist()),
        lambda: [_image(np.s_[:, 0:7]), _image((1, 1), (3, 1), (4, 5), (6, 5))],
    ],
    hints=[
        "Draw the windows over the image: columns 0 and 1, 2 and 3, 4 and 5, 6 and 7. Where is a pixel in column 2 "
        "after "
        "the move, and where one in column 3?",
        "A pixel in an even column stays within its window, one in an odd column leaves it. What else must be true "
        "of the "
        "second image, so that no pooled 1 takes the place of another?",
    ],
)
