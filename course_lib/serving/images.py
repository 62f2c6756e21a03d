"""From the body of a request to an image; what is none is refused before any network sees it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from course_lib.serving.models import SIDE
from course_lib.serving.refusal import Refused

WANTED = f'Send {{"pixels": [[…], …]}}: {SIDE} rows of {SIDE} numbers from 0 (paper) to 1 (ink).'
# Values of JSON that are not numbers, by the names that JSON gives them.
KINDS = {str: "a string", bool: "true or false", type(None): "null", list: "a list", dict: "an object"}


def image_of(body: bytes) -> np.ndarray:
    """Return the image, float32 (28, 28), in a body like {"pixels": [[0, 0.5, …], …]}.

    Raises:
        Refused: 400 where the body is no JSON, 422 where it is, but holds no image.
    """
    said = _parsed(body)
    if not isinstance(said, dict) or set(said) != {"pixels"}:
        raise Refused(422, f"The body must be an object with the one key “pixels”. {WANTED}")
    rows = said["pixels"]
    if not isinstance(rows, list) or len(rows) != SIDE:
        found = f"it holds {len(rows)} of them" if isinstance(rows, list) else f"it is {_kind(rows)}"
        raise Refused(422, f"“pixels” must be a list of {SIDE} rows: {found}. {WANTED}")
    for place, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != SIDE:
            found = f"it holds {len(row)} of them" if isinstance(row, list) else f"it is {_kind(row)}"
            raise Refused(422, f"pixels[{place}] must be a row of {SIDE} numbers: {found}. {WANTED}")
        for column, value in enumerate(row):
            if type(value) is not float:
                raise Refused(422, f"pixels[{place}][{column}] is {_kind(value)}, not a number. {WANTED}")
    pixels = np.array(rows)
    if not np.isfinite(pixels).all():
        where, value = _first(pixels, ~np.isfinite(pixels))
        raise Refused(422, f"pixels{where} is {value}: every number must be finite. {WANTED}")
    outside = (pixels < 0) | (pixels > 1)
    if outside.any():
        where, value = _first(pixels, outside)
        is_in_bytes = pixels.min() >= 0 and 2 <= pixels.max() <= 255
        cure = " Divide an image with values from 0 to 255 by 255." if is_in_bytes else ""
        found = str(value).removesuffix(".0")
        raise Refused(422, f"pixels{where} is {found}: pixels go from 0 (paper) to 1 (ink).{cure}")
    return pixels.astype("float32")


def _parsed(body: bytes) -> Any:
    try:
        # Every number as a float: an integer of a thousand digits is then infinite, and not a thousand digits long.
        return json.loads(body.decode(), parse_int=float)
    except UnicodeDecodeError:
        reason = "it is not UTF-8"
    except json.JSONDecodeError as error:
        reason = f"{error.msg} at line {error.lineno}, column {error.colno}"
    except RecursionError:
        reason = "it has too many lists within lists"
    raise Refused(400, f"The body is not JSON: {reason}. {WANTED}")


def _kind(value: Any) -> str:
    return KINDS.get(type(value), "a number")


def _first(pixels: np.ndarray, chosen: np.ndarray) -> tuple[str, float]:
    """Return where the first of the chosen pixels stands, as it is written in Python, and its value."""
    row, column = (int(place) for place in np.argwhere(chosen)[0])
    return f"[{row}][{column}]", float(pixels[row, column])
