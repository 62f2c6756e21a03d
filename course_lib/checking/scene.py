"""What a picture of an answer is made of: plain data, which `course_lib.widgets.scenes` draws.

An exercise's `scene(answer)` runs the answer, the learner's or the reference, and returns one of these. The two are
drawn together, so a scene is made of inputs on which answers differ visibly.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Curves:
    """One or more functions of one variable, each of shape (points,): an activation and its slope."""

    x: np.ndarray
    curves: dict[str, np.ndarray]
    xlabel: str = "x"
    ylabel: str = ""


@dataclass(frozen=True)
class Path:
    """Where an optimizer goes on a surface of two weights.

    Args:
        points: shape (steps + 1, 2), the start first.
        surface: the name of a surface in `course_lib.surfaces`, whose level lines are drawn below the path.
    """

    points: np.ndarray
    surface: str


@dataclass(frozen=True)
class Matrix:
    """A table of numbers drawn as an image, shape (rows, columns): a confusion matrix, dropout's mask."""

    values: np.ndarray
    xlabel: str = ""
    ylabel: str = ""
    shows_numbers: bool = True


@dataclass(frozen=True)
class Tables:
    """Several small tables of numbers, by what each is called: the gradients of all weights of a network.

    An answer's may have other shapes than the right ones, which the picture then says.
    """

    tables: dict[str, np.ndarray]


@dataclass(frozen=True)
class Histogram:
    """How the numbers of a random answer are spread; `values` has shape (draws,)."""

    values: np.ndarray
    xlabel: str = "value"
    range: tuple[float, float] | None = field(default=None)


Scene = Curves | Path | Matrix | Tables | Histogram
