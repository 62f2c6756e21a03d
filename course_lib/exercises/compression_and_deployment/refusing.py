"""The exercise that looks at what a server was sent, before a network does: which of it is an image?"""

import math

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.returned import pair
from course_lib.wording import listed

NAMES = "(status, image or sentence)"
DIGIT, LIKE_A_FILE, WITHOUT = (
    "a digit of 28 rows: what is handed on",
    "a pixel of 128, as in a file",
    'an object without "pixels"',
)


def checked_input(body, side=28):
    """Return what a server does with the body of a request, which has been read as JSON.

    Args:
        body: anything that JSON can hold: dict, list, text, number, bool or None.
        side: int, how many rows an image has, and how many numbers a row.
    Returns:
        (200, image) with a float array (side, side), where body["pixels"] is a list of as many lists of as many numbers
        from 0 to 1;
        (400, sentence) where there is no body["pixels"];
        (422, sentence) where it is something else. The sentence says what is wrong.
    """
    if not isinstance(body, dict) or "pixels" not in body:
        return 400, 'Send a JSON object with "pixels", a list of rows of numbers.'
    rows = body["pixels"]
    if not isinstance(rows, list) or len(rows) != side:
        return 422, f"An image has {side} rows."
    for row in rows:
        if not isinstance(row, list) or len(row) != side:
            return 422, f"A row has {side} numbers."
        for pixel in row:
            if isinstance(pixel, bool) or not isinstance(pixel, int | float):
                return 422, "A pixel is a number."
            if not 0 <= pixel <= 1:  # also for NaN, of which no comparison is true
                return 422, "A pixel lies between 0 and 1."
    return 200, np.array(rows, dtype=float)


def probe_checked_input(checked_input, rng):
    # Small images, so that a check is quick; one is as large as a digit.
    side = 4
    digit, image = rng.uniform(size=(28, 28)).tolist(), rng.uniform(size=(side, side)).tolist()
    ink = rng.permutation([0] * 10 + [1] * 6).reshape(side, side).tolist()
    row, column = (int(place) for place in rng.integers(1, side - 1, size=2))

    def with_pixel(value):
        changed = [*image[row][:column], value, *image[row][column + 1 :]]
        return {"pixels": [*image[:row], changed, *image[row + 1 :]]}

    def statuses(*bodies):
        given = [pair(checked_input(body, side), NAMES)[0] for body in bodies]
        return None if None in given else given

    def accepted(pixels, *side):
        code, result = pair(checked_input({"pixels": pixels}, *side), NAMES)
        if isinstance(result, str) and code == 200:
            return "a text, and no image"
        return result if code == 200 or code is None else f"refused with {code}"

    short, ragged = image[:-1], [*image[:-1], image[-1][:2]]
    flat = [pixel for each in image for pixel in each]
    bad = [with_pixel(math.nan), with_pixel(2.0), {"pixels": short}, {"pixels": ragged}, {}, [1, 2]]

    yield Row(DIGIT, lambda: accepted(digit), weight=2.0, essential=True)
    yield "an image of 4 rows: what is handed on", lambda: accepted(image, side)
    yield "the whole numbers 0 and 1: what is handed on", lambda: accepted(ink, side)
    yield "0.0 and 1.0: what is handed on", lambda: accepted([[float(pixel) for pixel in each] for each in ink], side)
    yield Row("a pixel of 1.5, and one of −0.1", lambda: statuses(with_pixel(1.5), with_pixel(-0.1)), essential=True)
    yield LIKE_A_FILE, lambda: statuses(with_pixel(128))
    yield Row("a pixel of NaN, which Python's JSON reads", lambda: statuses(with_pixel(math.nan)), weight=2.0)
    yield "a pixel of infinity", lambda: statuses(with_pixel(math.inf))
    yield (
        "a row too few, and one too many",
        lambda: statuses({"pixels": short}, {"pixels": [*image, image[0]]}),
    )
    yield "no row at all", lambda: statuses({"pixels": []})
    yield "a number too few in each row", lambda: statuses({"pixels": [each[:-1] for each in image]})
    yield "a row that is shorter than the others", lambda: statuses({"pixels": ragged})
    yield "all numbers in one row", lambda: statuses({"pixels": flat})
    yield 'a pixel that is the text "0.5"', lambda: statuses(with_pixel("0.5"))
    yield "a pixel that is true, or null", lambda: statuses(with_pixel(True), with_pixel(None))
    yield "pixels that are a text, or null", lambda: statuses({"pixels": "image"}, {"pixels": None})
    yield Row(WITHOUT, lambda: statuses({}, {"image": image}), weight=2.0)
    yield "a list, a number, a text and null", lambda: statuses(image, 5, "pixels", None)
    yield "whether a refusal says why", lambda: says_why(checked_input, bad, side)


def says_why(checked_input, bodies, side):
    """Return in words whether every refusal of these bodies has a sentence; None where None came back."""
    for body in bodies:
        code, sentence = pair(checked_input(body, side), NAMES)
        if code is None:
            return None
        if code != 200 and not (isinstance(sentence, str) and sentence.strip()):
            return "no, there is one without a sentence"
    return "yes"


def remark(failing):
    """Say of the first row that failed which status came back."""
    label, value, right = failing[0]
    if np.ndim(value) != 1 or np.ndim(right) != 1:
        return ""
    given, asked = (listed([str(status) for status in statuses]) for statuses in (value, right))
    return f"On “{label}” the status is {given}; asked for is {asked}."


class NotAnImage(Exception):
    """What is refused, with its status and sentence."""


def faulty_check(body, side=28, **made):
    try:
        return _checked(body, 28 if "fixed_side" in made else side, made)
    except NotAnImage as refused:
        status, sentence = refused.args
    if "raises" in made:
        raise ValueError(sentence)
    if "swapped" in made:
        status = 822 - status
    if "status_as_text" in made:
        return str(status), sentence
    if "no_sentence" in made:
        return status, None
    return (sentence, status) if "other_order" in made else (status, sentence)


def _checked(body, side, made):
    if ("any_body" not in made and not isinstance(body, dict)) or ("any_key" not in made and "pixels" not in body):
        raise NotAnImage(400, "no pixels")
    rows = body["pixels"]
    if "empty_is_missing" in made and not rows:
        raise NotAnImage(400, "no pixels")
    if "lengths_of_anything" in made:
        len(rows)
    shape = _shape_of(rows)
    if "in_one_row" in made and shape == (side * side,):
        rows, shape = [rows[i : i + side] for i in range(0, side * side, side)], (side, side)
    if "ragged" in made and isinstance(rows, list) and shape == ():
        np.array(rows, dtype=float)
    if "rows_alone" in made and isinstance(rows, list) and len(rows) == side and all(isinstance(r, list) for r in rows):
        shape = (side, side)
    if shape != (side, side) and not ("any_shape" in made and shape):
        raise NotAnImage(422, "shape")
    pixels = [pixel for row in rows for pixel in row] if len(shape) == 2 else rows
    pixels = [_number(pixel, made) for pixel in pixels]
    for pixel in pixels:
        is_outside = not 0 <= pixel <= (255 if "to_255" in made else 1)
        if "nan_passes" in made:
            is_outside = pixel < 0 or pixel > 1
        if "open_ends" in made:
            is_outside = not 0 < pixel < 1
        if "negative_passes" in made:
            is_outside = not pixel <= 1
        if "any_range" in made:
            is_outside = not math.isfinite(pixel)
        if "nothing_is_looked_at" in made:
            is_outside = False
        if is_outside:
            raise NotAnImage(422, "range")
    if len(pixels) != side * side:
        return 200, np.array(rows, dtype=object)
    image = np.array(pixels, dtype=float).reshape(side, side)
    handed_on = {
        "turned": lambda: image.T,
        "over_255": lambda: image / 255,
        "times_255": lambda: 255 * image,
        "flat": lambda: image.ravel(),
        "a_batch": lambda: image[None],
        "body_for_the_image": lambda: body,
    }
    return 200, next((made_of() for flag, made_of in handed_on.items() if flag in made), image)


def _shape_of(rows):
    """Return the lengths of nested lists; () for what is none, or where rows differ."""
    if not isinstance(rows, list):
        return ()
    if not any(isinstance(row, list) for row in rows):
        return (len(rows),)
    if not all(isinstance(row, list) for row in rows) or len({len(row) for row in rows}) != 1:
        return ()
    return (len(rows), len(rows[0]))


def _number(pixel, made):
    if isinstance(pixel, str) and "texts_pass" in made:
        return float(pixel)
    if (isinstance(pixel, bool) and "true_passes" in made) or "kinds_unasked" in made:
        return pixel
    if isinstance(pixel, int) and "floats_alone" in made:
        raise NotAnImage(422, "number")
    if isinstance(pixel, bool) or not isinstance(pixel, int | float):
        raise NotAnImage(422, "number")
    return pixel


def image_alone(body, side=28):
    """One thing came back, and not a pair.

    Return the status and what belongs to it, separated by a comma: (200, image).
    """
    return faulty_check(body, side)[1]


def image_alone_where_right(body, side=28):
    """The image came back without its status.

    Return the status and what belongs to it, separated by a comma: (200, image).
    """
    status, result = faulty_check(body, side)
    return result if status == 200 else (status, result)


def one_status_for_all(body, side=28, constant=500):
    """Everything that is refused has one status, and it is not the one that is asked for.

    400 is for a body without "pixels", 422 for pixels that are no image.
    """
    status, result = faulty_check(body, side)
    return (status if status == 200 else constant), result


def other_status_of_pixels(body, side=28, constant=413):
    """Pixels that are no image get another status than 422.

    400 is for a body without "pixels", 422 for pixels that are no image.
    """
    status, result = faulty_check(body, side)
    return (constant if status == 422 else status), result


def other_status_without_pixels(body, side=28, constant=404):
    """A body without "pixels" gets another status than 400.

    400 is for a body without "pixels", 422 for pixels that are no image.
    """
    status, result = faulty_check(body, side)
    return (constant if status == 400 else status), result


def text_for_the_image(body, side=28):
    """A text is handed on where the image is right, and not the image.

    Hand on the array (side, side) of the numbers as they were sent.
    """
    status, result = faulty_check(body, side)
    return status, ("accepted" if status == 200 else result)


def the_status(value):
    """Return the first of a row's statuses."""
    return int(np.ravel(value)[0])


def with_an_array(body, side=28):
    try:
        rows = body["pixels"]
    except (KeyError, TypeError, IndexError):
        return 400, "There are no pixels."
    try:
        image = np.array(rows)
    except ValueError:
        return 422, "Rows differ in length."
    if image.shape != (side, side) or image.dtype.kind not in "iuf" or any(type(p) is bool for r in rows for p in r):
        return 422, f"{side} rows of {side} numbers are asked for."
    if not np.isfinite(image).all() or image.min() < 0 or image.max() > 1:
        return 422, "Numbers are from 0 to 1."
    return 200, image.astype(np.float32)


def with_one_condition(body, side=28):
    pixels = body.get("pixels", ...) if type(body) is dict else ...
    if pixels is ...:
        return 400, "pixels are missing"
    is_right = (
        type(pixels) is list
        and [type(row) is list and len(row) for row in pixels] == [side] * side
        and all(type(pixel) in (int, float) and 0.0 <= pixel <= 1.0 for row in pixels for pixel in row)
    )
    return (
        (200, np.array(pixels)) if is_right else (422, f"pixels must be {side} rows of {side} numbers between 0 and 1")
    )


KIND = "Ask for `isinstance(body, dict)` first, then for the key, then for what is under it."
SHAPE = "Ask for `side` rows, and of each row for `side` numbers."
RANGE = "Ask of each pixel whether `0 <= pixel <= 1`."
CODES = '400 is for a body without "pixels", 422 for pixels that are no image.'
HAND_ON = "Hand on the array (side, side) of the numbers as they were sent."

CHECKED_INPUT = Exercise(
    name="checked_input",
    kind="derive",
    minutes=15,
    level=2,
    reference=checked_input,
    probe=probe_checked_input,
    remark=remark,
    misconceptions=[
        *flags(
            faulty_check,
            (),
            any_body=(
                "A body that is no object is not refused: it ends in an exception, and a server would answer 500.",
                KIND,
            ),
            any_key=(
                'A body without "pixels" ends in an exception, and a server would answer 500.',
                KIND,
            ),
            empty_is_missing=(
                "Pixels that are empty or null get 400, as if there were none.",
                'Ask whether the key is there: `"pixels" in body`.',
            ),
            any_shape=("What has another shape is let through, such as a row too few.", SHAPE),
            fixed_side=(
                "The 28 of a digit is written into the code: images of another size are refused.",
                "Compare with the argument `side`.",
            ),
            rows_alone=("The rows are counted, and not the numbers in each of them.", SHAPE),
            in_one_row=("All numbers in one row are let through, as if they were rows.", SHAPE),
            ragged=(
                "Rows of different lengths end in an exception, where they become an array.",
                f"Look at them before. {SHAPE}",
            ),
            any_range=(
                "Pixels outside of 0 to 1 are let through, as they are or moved into the range.",
                f"{RANGE} Refuse the others.",
            ),
            negative_passes=("Negative pixels are let through.", RANGE),
            nan_passes=(
                "NaN is let through, as it is or replaced. NaN < 0 is false, and so is NaN > 1.",
                "Ask the other way around: `not 0 <= pixel <= 1` is true for NaN.",
            ),
            nothing_is_looked_at=("Neither NaN nor numbers outside of 0 to 1 are refused.", RANGE),
            to_255=("Pixels up to 255 are let through; the network has learned from 0 to 1.", RANGE),
            open_ends=("0 and 1 themselves are refused: most of a digit's pixels are 0.", RANGE),
            texts_pass=(
                'The text "0.5" is let through as a number.',
                "Ask for the kind of each pixel: int or float, and no text.",
            ),
            kinds_unasked=(
                "Pixels are compared with 0 and 1 before their kind is asked for: a text or null ends in an exception.",
                "Ask first whether a pixel is an int or a float, and no bool.",
            ),
            lengths_of_anything=(
                "The length of the pixels is asked for before their kind: null has none, and ends in an exception.",
                "Ask first whether they are a list.",
            ),
            true_passes=(
                "true is let through: Python's bool is an int.",
                "Ask for bool before you ask for int and float.",
            ),
            floats_alone=("The whole numbers 0 and 1 are refused.", "A number is an int or a float."),
            raises=(
                "What is refused ends in an exception: a server would answer 500, as if it were its own fault.",
                "Return the status and a sentence.",
            ),
            swapped=("400 and 422 are swapped.", CODES),
            status_as_text=("The status is a text, and not a number.", "Return it without quotes."),
            no_sentence=(
                "A refusal does not say what is wrong.",
                "Return a sentence beside the status.",
            ),
            other_order=("The status and the sentence are swapped.", "The status comes first."),
            turned=("Rows and columns of the image are swapped.", HAND_ON),
            over_255=("The image is divided by 255, though its pixels lie between 0 and 1.", HAND_ON),
            times_255=("The image is multiplied by 255.", HAND_ON),
            flat=("The image is handed on in one row.", HAND_ON),
            a_batch=("The image is handed on with another axis.", HAND_ON),
            body_for_the_image=("The whole body is handed on, and not the image.", HAND_ON),
        ),
        Misconception.of(one_status_for_all, constant=(LIKE_A_FILE, the_status)),
        Misconception.of(other_status_of_pixels, constant=(LIKE_A_FILE, the_status)),
        Misconception.of(other_status_without_pixels, constant=(WITHOUT, the_status)),
        text_for_the_image,
        image_alone,
        image_alone_where_right,
    ],
    equivalents=[with_an_array, with_one_condition],
    hints=[
        "Which of your lines would raise an exception for a body that is None, or a list?",
        "Which comparisons are true for NaN? Try `math.nan < 0`, `math.nan > 1` and `0 <= math.nan <= 1`.",
        "Is `isinstance(True, int)` true?",
    ],
)
