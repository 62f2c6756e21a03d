"""What chapter 14 says and keeps of the network that a learner has made of their own functions.

    made_of()                     # which of its functions are theirs, and where the course's serve
    keep_network(mine, …)         # its numbers and pictures, for `course report`; its weights, for `course serve`
    keep_digit(pixels, …)         # one drawn digit, with what the network says of it

What is kept lies in the learner's home, beside their library: one JSON file, and the weights as NumPy writes them.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from course_lib.checking.files import write_whole
from course_lib.checking.home import home, unwritable
from course_lib.checking.report import Notice
from course_lib.exercises import your_network
from course_lib.library import serving
from course_lib.library.shelf import Shelf
from course_lib.wording import counted, listed

FILE = "your_network.json"
WEIGHTS = "your_network.npz"
SIDE = 28  # pixels along either side of a digit


# --- whose functions


@dataclass(frozen=True)
class Part:
    """One function of the network. `why_not` ends a sentence that begins "yours is not used, because"; or is empty."""

    name: str
    chapter: str
    is_yours: bool
    why_not: str = ""

    @property
    def number(self) -> str:
        """The two digits of its chapter."""
        return self.chapter[:2]


def parts(shelf: Shelf | None = None) -> list[Part]:
    """Return the functions of chapter 14's network, in the order in which it needs them."""
    shelf = Shelf() if shelf is None else shelf
    found = []
    for name in your_network.PIECES:
        chapter, _ = serving.piece(name)
        now = serving.served_from(shelf, name)
        found.append(Part(name, chapter, now.is_yours, now.why_not))
    return found


def missing_of(known: list[Part]) -> str:
    """Name the functions that are not the learner's own, chapter by chapter, and say why an answer to one is not used.

    The text goes on after "the course's serve for"; it is empty where all are the learner's own.
    """
    missing = sorted((part for part in known if not part.is_yours), key=lambda part: part.number)
    if not missing:
        return ""
    by_chapter = [
        f"{listed([part.name for part in of_one])} (chapter {number})"
        for number, of_one in groupby(missing, key=lambda part: part.number)
    ]
    not_used = [f" Your {part.name} is not used: {part.why_not.rstrip('.')}." for part in missing if part.why_not]
    return f"{', '.join(by_chapter)}.{''.join(not_used)}"


def told_of(known: list[Part]) -> str:
    """Say how many of the functions are the learner's own, and for which the course's serve."""
    missing, count = missing_of(known), sum(part.is_yours for part in known)
    if not missing:
        return f"All {len(known)} functions of the network of chapter 14 are yours."
    yours = f"{count} of the {len(known)} functions of the network of chapter 14 are yours."
    return f"{yours} The course's serve for {missing}"


def made_of() -> Notice:
    """Say which functions of the network are the learner's own, and train with the course's for the others."""
    return Notice(told_of(parts()))


# --- what is kept


@dataclass(frozen=True)
class Kept:
    """What is known of a network: numbers for curves and tables, and pictures as PNG in base64."""

    sizes: list[int]
    losses: list[float]
    confusion: list[list[int]]
    microscope: str
    microscope_says: str
    yours: list[str]
    digits: list[dict[str, Any]]

    @property
    def accuracy(self) -> float:
        return float(np.trace(self.confusion) / np.sum(self.confusion))

    @property
    def parameters(self) -> int:
        return sum((fan_in + 1) * fan_out for fan_in, fan_out in zip(self.sizes, self.sizes[1:], strict=False))


def keep_network(
    weights: list[np.ndarray],
    losses: list[float],
    confusion: np.ndarray,
    microscope: Any,
    predict: Callable[[np.ndarray], np.ndarray],
) -> Notice:
    """Keep what `course report` shows of a network, and its weights. Digits drawn before are read by it anew.

    Args:
        weights: [kernel, bias, kernel, bias, …].
        losses: that of every step of its training.
        confusion: integer array (10, 10), the test images by their true digit, and by what they were taken for.
        microscope: the explorer that looks at it.
        predict: function from pixels (n, 784), from 0 to 1, to probabilities (n, 10).
    """
    where = home()
    earlier = kept(where)
    digits = [] if earlier is None else earlier.digits
    for digit in digits:
        digit["probabilities"] = _plain(predict(pixels_of(digit).reshape(1, -1).astype(np.float32))[0])
    bundle = microscope._repr_mimebundle_()
    made = Kept(
        sizes=[len(weights[0]), *(len(bias) for bias in weights[1::2])],
        losses=_plain(losses),
        confusion=np.asarray(confusion).astype(int).tolist(),
        microscope=base64.b64encode(bundle["image/png"]).decode(),
        microscope_says=bundle["text/plain"],
        yours=[part.name for part in parts() if part.is_yours],
        digits=digits,
    )
    archive = io.BytesIO()
    np.savez(archive, *weights)
    return Notice(
        _write(where, made, archive.getvalue())
        or "Your network is kept. In a terminal, `course report` makes a page of it that you can show."
    )


def keep_digit(pixels: np.ndarray, probabilities: np.ndarray) -> str:
    """Keep a drawn digit, pixels (28, 28) from 0 to 1, with what the network says of it; return what was done."""
    where = home()
    known = kept(where)
    if known is None:
        return "It is not kept: run the cell that keeps the network first, then press the button again."
    digit = {
        "pixels": base64.b64encode(np.rint(255 * np.asarray(pixels)).astype(np.uint8).tobytes()).decode(),
        "probabilities": _plain(probabilities),
    }
    if digit["pixels"] not in [other["pixels"] for other in known.digits]:
        known.digits.append(digit)
    count = len(known.digits)
    return _write(where, known) or f"It is on your page, with {counted(count, 'digit')} in all."


def kept(where: Path) -> Kept | None:
    """Return what was kept in the home `where`; None where nothing was, or where it cannot be read any more."""
    try:
        known = Kept(**json.loads((where / FILE).read_text(encoding="utf-8")))
        # A file that was edited by hand may hold anything.
        _plain(known.losses), np.array(known.confusion, dtype=int).reshape(10, 10), sum(known.sizes)
        for digit in known.digits:
            pixels_of(digit), _plain(digit["probabilities"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return known


def _write(where: Path, known: Kept, weights: bytes | None = None) -> str:
    """Write what is known, and new weights; return the sentence that says why it cannot be, or nothing."""
    try:
        where.mkdir(parents=True, exist_ok=True)
        if weights is not None:
            write_whole(where / WEIGHTS, weights)
        write_whole(where / FILE, json.dumps(known.__dict__, ensure_ascii=False))
    except OSError as error:
        return unwritable(where, error)
    return ""


def pixels_of(digit: dict[str, Any]) -> np.ndarray:
    """Return the pixels of a kept digit, (28, 28), from 0 to 1."""
    return np.frombuffer(base64.b64decode(digit["pixels"]), np.uint8).reshape(SIDE, SIDE) / 255


def _plain(numbers: Any) -> list[float]:
    return [round(float(number), 5) for number in numbers]
