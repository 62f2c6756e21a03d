"""The picture of an answer beside the right one."""

import re

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from course_lib.checking.scene import Curves, Histogram, Matrix, Path, Tables
from course_lib.widgets.scenes import CELL, DRAWN, _places, draw

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
        (
            Tables({"dW": TABLE, "db1": TABLE[0] + 1, "dx": TABLE}),
            Tables({"dW": TABLE, "db1": TABLE[0], "dx": TABLE}),
            "db1: 2 of 2 numbers differ, first in row 0, column 0: yours 4, right 3.",
        ),
        (
            Tables({"dW": np.nan * TABLE, "db": np.ones((9, 9)), "dx": np.array(2.0)}),
            Tables({"dW": TABLE, "db": np.ones(9), "dx": np.array(1.0)}),
            "dW: 4 of 4 numbers differ, first in row 0, column 0: yours nan, right 3; db and dx differ too.",
        ),
        (
            Tables({"dW": TABLE, "the bias": TABLE[:1]}),
            Tables({"dW": TABLE, "the bias": TABLE[0]}),
            "The bias: yours has shape (1, 2), the right one (2,).",
        ),
        (Histogram(np.zeros(50)), Histogram(np.arange(50.0)), "Yours has mean 0 and standard deviation 0"),
    ],
)
def test_the_sentence_says_where_the_two_differ(yours, right, words):
    assert words in told(yours, right)


def frames(yours, right):
    """The (left, top, width, height) of each frame on a page of tables, in inches from its upper left corner."""
    figure = Figure(dpi=96)
    FigureCanvasAgg(figure)
    DRAWN[Tables](figure, Tables(yours), Tables(right))
    [page] = figure.axes
    patches = [patch for patch in page.patches if not patch.get_fill()]
    return [(*each.get_xy(), each.get_width(), each.get_height()) for each in patches]


def test_of_tables_each_wrong_number_of_yours_is_framed_and_no_other():
    wrong = TABLE.copy()
    wrong[0, 1] = 7
    yours, right = {"dW": wrong, "db": TABLE[0]}, {"dW": TABLE, "db": TABLE[0]}
    (left, (top, _)), (across, down) = _places({"dW": (wrong, TABLE)})[0]["dW"], CELL
    [frame] = frames(yours, right)
    assert frame == pytest.approx((left + across, top, across, down), abs=0.05)
    assert len(frames({"dW": TABLE.T}, {"dW": TABLE})) == 2
    assert frames(right, right) == []


def test_a_table_of_another_shape_is_framed_as_a_whole():
    (left, (top, _)), (across, down) = _places({"dW": (TABLE[:1], TABLE)})[0]["dW"], CELL
    [frame] = frames({"dW": TABLE[:1]}, {"dW": TABLE})
    assert frame == pytest.approx((left, top, 2 * across, down), abs=0.05)


def test_two_kinds_cannot_be_drawn_together():
    with pytest.raises(TypeError, match="cannot be drawn"):
        draw(Matrix(TABLE), Curves(X, {"value": X}))
    with pytest.raises(TypeError, match="cannot be drawn"):
        draw(None, Matrix(TABLE))


def test_an_array_of_three_axes_is_no_table():
    with pytest.raises(TypeError, match=r"shape \(2, 2, 2\)"):
        draw(Tables({"dW": np.ones((2, 2, 2))}), Tables({"dW": TABLE}))


def test_tables_that_have_no_room_beside_each_other_stand_below():
    """A page is not wider than a chapter, so that it is not made smaller there; each of its tables has its place."""
    several = {f"layer {number}": TABLE + number for number in range(9)}
    placed, width, height = _places({name: (table, table) for name, table in several.items()})
    assert width < 7.6 and height > 3 and len(set(placed.values())) == 9
    assert len({left for left, _ in placed.values()}) < 9


DRAWS = np.random.default_rng(1).normal(size=(2, 500))


@pytest.mark.parametrize(
    ("yours", "right"),
    [
        (Curves(X, {"value": X, "slope": X}), Curves(X, {"value": X + 1e-12, "slope": X})),
        (Path(STRAIGHT + 1e-12, "BOWL"), Path(STRAIGHT, "BOWL")),
        (Matrix(TABLE), Matrix(TABLE)),
        (Tables({"dW": TABLE, "db": TABLE[0] + 1e-12}), Tables({"dW": TABLE, "db": TABLE[0]})),
        (Histogram(DRAWS[0]), Histogram(DRAWS[1])),
    ],
)
def test_where_the_two_do_not_differ_there_is_no_picture(yours, right):
    assert draw(yours, right) == ""
