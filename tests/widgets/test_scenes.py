"""The picture of an answer beside the right one."""

import re

import numpy as np
import pytest

from course_lib.checking.scene import Curves, Histogram, Matrix, Path
from course_lib.widgets.scenes import draw

X = np.linspace(-2, 2, 41)
STRAIGHT = np.linspace([-4.0, 1.0], [0.0, 0.0], 6)
TABLE = np.array([[3.0, 1.0], [0.0, 2.0]])


def told(yours, right):
    html = draw(yours, right)
    alt = re.search(r'alt="([^"]*)"', html)[1]
    caption = re.search(r"<figcaption>(.*)</figcaption>", html)[1]
    assert caption in alt and len(html) < 200_000
    return caption


@pytest.mark.parametrize(
    ("yours", "right", "words"),
    [
        (Curves(X, {"value": X**2}), Curves(X, {"value": X}), "farthest apart at x = -2, yours 4, right -2"),
        (Curves(X, {"value": np.where(X < -1, np.nan, X)}), Curves(X, {"value": X}), "not finite at x = -2"),
        (Curves(X, {"value": X, "slope": 0 * X}), Curves(X, {"value": X, "slope": 0 * X + 1}), "Value: yours is right"),
        (Curves(X, {"σ(x)": X**2}, "x, of 3"), Curves(X, {"σ(x)": X}, "x, of 3"), "σ(x): farthest apart at x = -2,"),
        (Path(-10 * STRAIGHT, "BOWL"), Path(STRAIGHT, "BOWL"), "yours leaves the picture"),
        (Path(STRAIGHT[:3], "BOWL"), Path(STRAIGHT, "BOWL"), "yours is at (-2.4, 0.6)"),
        (Matrix(TABLE.T), Matrix(TABLE), "2 of 4 numbers differ, first in row 0, column 1: yours 0, right 1"),
        (Matrix(TABLE[:1]), Matrix(TABLE), "Yours has shape (1, 2), the right one (2, 2)"),
        (Histogram(np.zeros(50)), Histogram(np.arange(50.0)), "Yours has mean 0 and standard deviation 0"),
    ],
)
def test_the_sentence_says_where_the_two_differ(yours, right, words):
    assert words in told(yours, right)


def test_two_kinds_cannot_be_drawn_together():
    with pytest.raises(TypeError, match="cannot be drawn"):
        draw(Matrix(TABLE), Curves(X, {"value": X}))
    with pytest.raises(TypeError, match="cannot be drawn"):
        draw(None, Matrix(TABLE))


DRAWS = np.random.default_rng(1).normal(size=(2, 500))


@pytest.mark.parametrize(
    ("yours", "right"),
    [
        (Curves(X, {"value": X, "slope": X}), Curves(X, {"value": X + 1e-12, "slope": X})),
        (Path(STRAIGHT + 1e-12, "BOWL"), Path(STRAIGHT, "BOWL")),
        (Matrix(TABLE), Matrix(TABLE)),
        (Histogram(DRAWS[0]), Histogram(DRAWS[1])),
    ],
)
def test_where_the_two_do_not_differ_there_is_no_picture(yours, right):
    assert draw(yours, right) == ""
