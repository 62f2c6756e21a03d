"""Draw scenes: what a learner's answer does, beside what a right one does, in one picture with a text that says it."""

from __future__ import annotations

import io
import re

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle

from course_lib import surfaces
from course_lib.checking.scene import Curves, Histogram, Matrix, Path, Scene, Tables
from course_lib.widgets import style
from course_lib.widgets.stage import figure_html
from course_lib.wording import listed

YOURS = {"color": style.COLORS[1], "linestyle": "-", "linewidth": 2.5}
RIGHT = {"color": style.COLORS[0], "linestyle": "--", "linewidth": 1.5}
DPI = 96
RIGHT_HERE = "yours is right here"
# Of tables, in inches: the room on the left, the page, and a number; and the most rows and columns of numbers.
MARGIN, WIDEST, CELL, MOST = 0.35, 7.4, (0.55, 0.27), (6, 4)


def draw(yours: Scene, right: Scene) -> str:
    """Return HTML with a picture of two scenes of one kind, and with a sentence that says where they differ.

    Empty where they do not differ: a picture in which a wrong answer looks right would mislead.

    Raises:
        TypeError: the two are not of one kind, or of none that is known.
    """
    if type(yours) is not type(right) or type(right) not in DRAWN:
        raise TypeError(f"A {type(yours).__name__} cannot be drawn beside a {type(right).__name__}.")
    with rc_context(), np.errstate(all="ignore"):
        style.use()
        figure = Figure(dpi=DPI)
        canvas = FigureCanvasAgg(figure)
        sentence = DRAWN[type(right)](figure, yours, right)
        if not sentence:
            return ""
        png = io.BytesIO()
        canvas.print_png(png)
    return figure_html(png.getvalue(), f"Your answer beside the right one. {sentence}", sentence)


def _curves(figure: Figure, yours: Curves, right: Curves) -> str:
    figure.set_size_inches(3.6 * len(right.curves), 2.8)
    sentences, across = [], right.xlabel.partition(",")[0]
    for axes, (name, truth) in zip(
        figure.subplots(1, len(right.curves), squeeze=False)[0], right.curves.items(), strict=True
    ):
        mine = np.asarray(yours.curves[name], dtype=float)
        axes.plot(right.x, mine, label="yours", **YOURS)
        axes.plot(right.x, truth, label="right", **RIGHT)
        axes.set(title=name, xlabel=right.xlabel, ylabel=right.ylabel)
        axes.xaxis.get_major_locator().set_params(integer=np.asarray(right.x).dtype.kind == "i")
        distance = np.where(np.isfinite(mine), np.abs(mine - truth), 0)
        if np.any(~np.isfinite(mine)):
            x = right.x[np.argmax(~np.isfinite(mine))]
            sentences.append(f"{name}: yours is not finite at {across} = {x:.3g}")
        elif np.all(distance <= 1e-6 * np.abs(truth) + 1e-9):
            sentences.append(f"{name}: {RIGHT_HERE}")
        else:
            place = np.argmax(distance)
            axes.plot([right.x[place]] * 2, [mine[place], truth[place]], "o", color="black", markersize=4, linestyle="")
            sentences.append(
                f"{name}: farthest apart at {across} = {right.x[place]:.3g}, yours {mine[place]:.3g}, "
                f"right {truth[place]:.3g}"
            )
    figure.axes[0].legend()
    return "" if all(each.endswith(RIGHT_HERE) for each in sentences) else _sentence(sentences)


def _path(figure: Figure, yours: Path, right: Path) -> str:
    surface = getattr(surfaces, right.surface)
    figure.set_size_inches(5.2, 3.4)
    axes = figure.subplots()
    _level_lines(axes, surface)
    ends = {}
    for name, scene, look in (("yours", yours, YOURS), ("right", right, RIGHT)):
        points = np.asarray(scene.points, dtype=float)
        axes.plot(*points.T, marker="o", markersize=3, label=name, **look)
        ends[name] = points[-1]
    for minimum in surface.minima:
        axes.plot(*minimum, "*", color="black", markersize=11, linestyle="")
    axes.plot(*surface.start, "s", color="black", markersize=5, linestyle="")
    axes.set(xlim=surface.x_limits, ylim=surface.y_limits, title=f"{surface.name}, from the square")
    axes.legend()
    steps = len(right.points) - 1
    told = [f"after {steps} steps {name} is at {_place(ends[name])}" for name in ("yours", "right")]
    low, high = np.array([surface.x_limits, surface.y_limits]).T
    if not np.all((np.asarray(yours.points) >= low) & (np.asarray(yours.points) <= high)):
        told.append("yours leaves the picture")
    same = np.shape(yours.points) == np.shape(right.points) and np.allclose(yours.points, right.points)
    return "" if same else _sentence(told)


def _place(point: np.ndarray) -> str:
    return f"({point[0]:.3g}, {point[1]:.3g})"


def _level_lines(axes: Axes, surface: surfaces.Surface) -> None:
    x, y = np.meshgrid(np.linspace(*surface.x_limits, 81), np.linspace(*surface.y_limits, 81))
    height = surface.value(x, y)
    low, high = height.min(), height.max()
    levels = low + (high - low) * np.geomspace(1 / 1000, 1, 9)
    axes.contour(x, y, height, levels=levels, colors="0.75", linewidths=0.8)


def _matrix(figure: Figure, yours: Matrix, right: Matrix) -> str:
    figure.set_size_inches(7.2, 3.2)
    mine, truth = np.asarray(yours.values, dtype=float), np.asarray(right.values, dtype=float)
    both = np.concatenate([mine.ravel(), truth.ravel()])
    finite = both[np.isfinite(both)]
    limits = {"vmin": finite.min(), "vmax": finite.max()} if finite.size else {}
    comparable = mine.shape == truth.shape
    different = ~np.isclose(mine, truth, rtol=1e-6, equal_nan=True) if comparable else None
    for axes, name, values in zip(figure.subplots(1, 2), ("yours", "right"), (mine, truth), strict=True):
        picture = axes.imshow(np.atleast_2d(values), aspect="auto", **limits)
        axes.grid(False)
        axes.set(title=name, xlabel=right.xlabel, ylabel=right.ylabel)
        if right.shows_numbers and values.ndim == 2 and values.size <= 150:
            for (row, column), value in np.ndenumerate(values):
                marked = different is not None and different[row, column]
                _write(axes, picture, column, row, value, bold=marked)
    if not comparable:
        return f"Yours has shape {mine.shape}, the right one {truth.shape}."
    if not different.any():
        return ""
    return f"{_first_difference(mine, truth, different)}."


def _write(axes: Axes, picture: AxesImage, x: float, y: float, value: float, *, bold: bool) -> None:
    dark = np.isfinite(value) and picture.norm(value) < 0.5
    axes.text(x, y, f"{value:.3g}", ha="center", va="center", fontsize=8,
              color="white" if dark else "black", weight="bold" if bold else "normal")  # fmt: skip


def _first_difference(mine: np.ndarray, truth: np.ndarray, different: np.ndarray) -> str:
    row, column = np.argwhere(different)[0]
    return (
        f"{different.sum()} of {different.size} numbers differ, first in row {row}, column {column}: "
        f"yours {mine[row, column]:.3g}, right {truth[row, column]:.3g}"
    )


def _tables(figure: Figure, yours: Tables, right: Tables) -> str:
    """Draw the tables beside each other, yours above the right one, on one page that is measured in inches."""
    pairs = {
        name: (np.asarray(yours.tables[name], dtype=float), np.asarray(truth, dtype=float))
        for name, truth in right.tables.items()
    }
    placed, width, height = _places(pairs)
    figure.set_size_inches(width, height)
    figure.set_layout_engine("none")
    page = figure.add_axes((0, 0, 1, 1))
    for name, (left, tops) in placed.items():
        page.text(left, tops[0] - 0.08, name, va="bottom")
        for place, which in enumerate(("yours", "right")):
            if left == MARGIN:
                page.text(left - 0.1, tops[place] + 0.5 * CELL[1], which, rotation=90, ha="right", va="center")
            _draw_one_of(page, pairs[name], place, left, tops[place])
    page.set(xlim=(0, width), ylim=(height, 0), aspect="auto")
    page.set_axis_off()
    told = {name: _told(*pair) for name, pair in pairs.items()}
    wrong = [name for name in pairs if told[name]]
    if not wrong:
        return ""
    others = f"; {listed(wrong[1:])} differ{'s' if len(wrong) == 2 else ''} too" if wrong[1:] else ""
    return _sentence([f"{wrong[0]}: {told[wrong[0]]}{others}"])


def _room(table: np.ndarray) -> tuple[float, float]:
    """Return how wide and how high a table is drawn, in inches; a large one is drawn smaller than its numbers need."""
    rows, columns = _rows(table).shape
    return CELL[0] * min(columns, MOST[1]), CELL[1] * min(rows, MOST[0])


def _places(pairs: dict[str, tuple]) -> tuple[dict[str, tuple[float, tuple[float, float]]], float, float]:
    """Return {name: where its tables begin: the left side, and the tops of yours and of the right one}.

    Then how wide and how high the page is, all in inches.
    """
    bands, widest = [[]], 0.0
    left = MARGIN
    for name, pair in pairs.items():
        # Wide enough for its name, too.
        across = max(*(_room(table)[0] for table in pair), 0.085 * len(name))
        if bands[-1] and left + across > WIDEST:
            bands.append([])
            left = MARGIN
        bands[-1].append((name, left))
        widest, left = max(widest, left + across), left + across + 0.25
    placed, top = {}, 0.0
    for band in bands:
        tallest = [max(_room(pairs[name][place])[1] for name, _ in band) for place in (0, 1)]
        tops = top + 0.4, top + 0.65 + tallest[0]
        placed |= {name: (left, tops) for name, left in band}
        top = tops[1] + tallest[1] + 0.2
    return placed, widest + 0.1, top


def _draw_one_of(page: Axes, pair: tuple[np.ndarray, np.ndarray], place: int, left: float, top: float) -> None:
    """Draw one of a pair of tables, in the colors of both; a frame is around what is wrong in the first."""
    table, colors = _rows(pair[place]), np.concatenate([each[np.isfinite(each)] for each in pair])
    limits = {"vmin": colors.min(), "vmax": colors.max()} if colors.size else {}
    width, height = _room(table)
    picture = page.imshow(table, extent=(left, left + width, top + height, top), **limits)
    across, down = width / table.shape[1], height / table.shape[0]
    different = _different(*pair)
    if different is None:
        page.text(left, top + height + 0.03, f"shape {pair[place].shape}", va="top", fontsize=9)
        if place == 0:
            _frame(page, left, top, width, height)
    if len(table) > MOST[0] or table.shape[1] > MOST[1]:  # drawn too small for numbers
        return
    for (row, column), value in np.ndenumerate(table):
        x, y, is_wrong = left + column * across, top + row * down, different is not None and different[row, column]
        _write(page, picture, x + across / 2, y + down / 2, value, bold=is_wrong)
        if is_wrong and place == 0:
            _frame(page, x, y, across, down)


def _frame(page: Axes, left: float, top: float, across: float, down: float) -> None:
    page.add_patch(
        Rectangle((left + 0.02, top + 0.02), across - 0.04, down - 0.04, fill=False, edgecolor=style.COLORS[1], lw=2.5)
    )


def _rows(table: np.ndarray) -> np.ndarray:
    """Return a table of two axes: one number is a table, too, and numbers in a row are one row of it."""
    if table.ndim > 2:
        raise TypeError(f"An array of shape {table.shape} has no place in a table.")
    return np.atleast_2d(table)


def _different(mine: np.ndarray, truth: np.ndarray) -> np.ndarray | None:
    """Return which numbers differ, as a table; None where the shapes do."""
    return ~np.isclose(_rows(mine), _rows(truth), rtol=1e-6, equal_nan=True) if mine.shape == truth.shape else None


def _told(mine: np.ndarray, truth: np.ndarray) -> str:
    different = _different(mine, truth)
    if different is None:
        return f"yours has shape {mine.shape}, the right one {truth.shape}"
    return _first_difference(_rows(mine), _rows(truth), different) if different.any() else ""


def _histogram(figure: Figure, yours: Histogram, right: Histogram) -> str:
    figure.set_size_inches(5.2, 3.0)
    axes = figure.subplots()
    mine, truth = (np.asarray(scene.values, dtype=float).ravel() for scene in (yours, right))
    mine = mine[np.isfinite(mine)]
    low, high = right.range or (min(mine.min(initial=0), truth.min()), max(mine.max(initial=0), truth.max()))
    bins = np.linspace(low, high, 41)
    axes.hist(truth, bins, density=True, histtype="stepfilled", color=style.COLORS[4], alpha=0.5, label="right")
    axes.hist(mine, bins, density=True, histtype="step", label="yours", **YOURS)
    axes.set(xlabel=right.xlabel, ylabel="density")
    axes.legend()
    if _have_one_spread(mine, truth):
        return ""
    return (
        f"Yours has mean {mine.mean():.3g} and standard deviation {mine.std():.3g}, "
        f"the right one {truth.mean():.3g} and {truth.std():.3g}."
    )


def _have_one_spread(mine: np.ndarray, truth: np.ndarray) -> bool:
    """Whether two samples may come from one distribution, by Kolmogorov and Smirnov's test, wrong once in 1,000."""
    at = np.concatenate([mine, truth])
    below = [np.searchsorted(np.sort(sample), at, side="right") / max(sample.size, 1) for sample in (mine, truth)]
    return np.max(np.abs(below[0] - below[1])) < 1.95 * np.sqrt(1 / max(mine.size, 1) + 1 / truth.size)


def _sentence(parts: list[str]) -> str:
    """Join the parts; the name of a function or a letter stays as it is: Σ would be another."""
    text = "; ".join(parts)
    return re.sub(r"^[a-z](?=[a-z]+[ :])", lambda first: first[0].upper(), text) + "."


DRAWN = {Curves: _curves, Path: _path, Matrix: _matrix, Tables: _tables, Histogram: _histogram}
