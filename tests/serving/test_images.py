"""Bodies that hold an image, and those that do not: each of these is refused with what is wrong with it."""

import json

import numpy as np
import pytest

from course_lib.serving.images import image_of
from course_lib.serving.refusal import Refused

BLANK = [[0.0] * 28 for _ in range(28)]


def with_pixel(text):
    """A body whose pixels[3][4] is written as `text`."""
    rows = [["0"] * 28 for _ in range(28)]
    rows[3][4] = text
    written = ", ".join(f"[{', '.join(row)}]" for row in rows)
    return f'{{"pixels": [{written}]}}'.encode()


@pytest.mark.parametrize(("text", "value"), [("1", 1), ("0.25", 0.25), ("1e-400", 0), ("-0.0", 0), ("25E-2", 0.25)])
def test_numbers_however_they_are_written_are_read(text, value):
    image = image_of(with_pixel(text))
    assert image.dtype == "float32" and image.shape == (28, 28)
    assert image[3, 4] == value and image.sum() == value


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("NaN", "pixels[3][4] is nan: every number must be finite"),
        ("Infinity", "pixels[3][4] is inf: every number must be finite"),
        ("-Infinity", "pixels[3][4] is -inf: every number must be finite"),
        ("1e999", "pixels[3][4] is inf"),
        ("9" * 5000, "pixels[3][4] is inf"),
        ("null", "pixels[3][4] is null, not a number"),
        ("true", "pixels[3][4] is true or false, not a number"),
        ('"1"', "pixels[3][4] is a string, not a number"),
        ("[1]", "pixels[3][4] is a list, not a number"),
        ("{}", "pixels[3][4] is an object, not a number"),
        ("255", "pixels[3][4] is 255: pixels go from 0 (paper) to 1 (ink). Divide an image"),
        ("-0.1", "pixels[3][4] is -0.1: pixels go from 0 (paper) to 1 (ink)."),
        ("1.0000001", "pixels[3][4] is 1.0000001: pixels go from 0 (paper) to 1 (ink)."),
    ],
)
def test_a_pixel_that_is_none_is_named_with_its_place(text, told):
    with pytest.raises(Refused) as refused:
        image_of(with_pixel(text))
    assert refused.value.status == 422 and refused.value.sentence.startswith(told)


def test_only_an_image_from_0_to_255_is_told_to_be_divided():
    for value, is_advised in (("255", True), ("256", False), ("-1", False), ("1.0000001", False)):
        with pytest.raises(Refused) as refused:
            image_of(with_pixel(value))
        assert ("by 255" in refused.value.sentence) == is_advised


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ([], "must be an object with the one key “pixels”"),
        (3, "must be an object"),
        (None, "must be an object"),
        ({}, "must be an object"),
        ({"image": BLANK}, "must be an object"),
        ({"pixels": BLANK, "digit": 3}, "must be an object"),
        ({"pixels": None}, "“pixels” must be a list of 28 rows: it is null."),
        ({"pixels": "0"}, "“pixels” must be a list of 28 rows: it is a string."),
        ({"pixels": []}, "“pixels” must be a list of 28 rows: it holds 0 of them."),
        ({"pixels": [0] * 784}, "“pixels” must be a list of 28 rows: it holds 784 of them."),
        ({"pixels": [BLANK]}, "“pixels” must be a list of 28 rows: it holds 1 of them."),
        ({"pixels": [0] * 28}, "pixels[0] must be a row of 28 numbers: it is a number."),
        ({"pixels": [*BLANK[:9], [0] * 27, *BLANK[10:]]}, "pixels[9] must be a row of 28 numbers: it holds 27 of"),
        ({"pixels": [[[0]] * 28] * 28}, "pixels[0][0] is a list, not a number."),
    ],
)
def test_what_has_another_form_is_refused_with_the_form_that_is_wanted(said, told):
    with pytest.raises(Refused) as refused:
        image_of(json.dumps(said).encode())
    assert refused.value.status == 422 and told in refused.value.sentence
    assert "Send {" in refused.value.sentence


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "Expecting value at line 1, column 1"),
        (b"pixels=0", "Expecting value at line 1, column 1"),
        (b'{"pixels": [[0, 0', "at line 1, column"),
        (b"{}{}", "Extra data at line 1, column 3"),
        (b"\xff\xfe{}", "it is not UTF-8"),
        (b"[" * 60_000, "it has too many lists within lists"),
        (b'{"pixels":' * 6_000, "it has too many lists within lists"),
    ],
)
def test_what_is_no_json_is_refused_with_the_place(body, told):
    with pytest.raises(Refused) as refused:
        image_of(body)
    assert refused.value.status == 400
    assert refused.value.sentence.startswith("The body is not JSON: ") and told in refused.value.sentence


def test_an_image_comes_through_as_it_is():
    image = np.random.default_rng(0).random((28, 28))
    np.testing.assert_array_equal(image_of(json.dumps({"pixels": image.tolist()}).encode()), image.astype("float32"))
