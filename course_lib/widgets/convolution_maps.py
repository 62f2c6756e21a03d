"""What the convolution explorer's picture is made of: small maps of numbers, and where each of them lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course_lib.convolution import Axis
from course_lib.widgets import style

MARK = style.COLORS[2]  # of the window and its place: green, which no map has
COLORS = mpl.colormaps[style.DIVERGING]
WINDOW = {"fill": False, "edgecolor": MARK, "linewidth": 2.5}
CHOSEN = {"fill": False, "edgecolor": "black", "linewidth": 2.5}
SEER = {"fill": False, "edgecolor": MARK, "linewidth": 1.8, "linestyle": ":"}
EDGE = {"color": "0.35", "linewidth": 1, "linestyle": "--"}
UNSEEN = {"facecolor": "none", "edgecolor": "0.35", "hatch": "/////", "linewidth": 0}
MOST_CHANNELS = 4
MARGIN = 0.012  # at the left and at the right, as a share
NAME_SIZE = 8.0  # of a map's name, in points


@dataclass(frozen=True)
class Where:
    """Where everything lies: boxes (left, top, side), in a unit of which the picture is `width` wide.

    Args:
        heights: of the three zooms, without their titles.
        layers: of the digit, of the maps of layer 1, of those after pooling, and of those of layer 2.
        bars: (left, top, width, height) of the bars of the ten digits.
        inputs, kernels, partial: of the channels of one unit.
        sums: by the number of channels, its map before ReLU and after.
        numbers: of the window, the kernel and the products.
        lines: (left, top, from one to the next) of the text beside them.
        title, legend: how high the title of a zoom is, with the names of its first maps, and the legend at the end.
    """

    width: float
    heights: tuple[float, float, float]
    layers: Sequence[Sequence[tuple]]
    bars: tuple
    inputs: Sequence[tuple]
    kernels: Sequence[tuple]
    partial: Sequence[tuple]
    sums: dict[int, Sequence[tuple]]
    numbers: Sequence[tuple]
    lines: tuple
    title: float
    legend: float


def boxes(left: float, top: float, side: float, across: int, down: int, gap: float = 0.8) -> list[tuple]:
    step = side + gap
    return [(left + step * column, top + step * row, side) for row in range(down) for column in range(across)]


WIDE = Where(
    width=100,
    heights=(13.2, 22.4, 15),
    layers=[[(0, 0, 13.2)], boxes(18, 0, 6.2, 2, 2), boxes(36, 0, 6.2, 2, 2), boxes(54, 0, 6.2, 4, 2)],
    bars=(90, 0, 9.6, 16.6),
    inputs=[(17.5 * channel, 0, 9.6) for channel in range(MOST_CHANNELS)],
    kernels=[(17.5 * channel + 10.2, 2.3, 5) for channel in range(MOST_CHANNELS)],
    partial=[(17.5 * channel, 12.8, 9.6) for channel in range(MOST_CHANNELS)],
    sums={1: [(17.5, 12.8, 9.6), (36, 12.8, 9.6)], MOST_CHANNELS: [(71, 12.8, 9.6), (89.5, 12.8, 9.6)]},
    numbers=[(0, 0, 15), (18.8, 0, 15), (37.6, 0, 15)],
    lines=(56, 2.1, 3.6),
    title=5.2,
    legend=5.2,
)
TALL = Where(
    width=40,
    heights=(46, 45, 53),
    layers=[[(0, 0, 14)], boxes(20, 0, 6.6, 2, 2), boxes(0, 18.5, 6.6, 2, 2), boxes(0, 41, 4.4, 8, 1, 0.6)],
    bars=(23, 18.5, 14, 19),
    inputs=[(10.3 * channel, 0, 8) for channel in range(MOST_CHANNELS)],
    kernels=[(10.3 * channel + 1.5, 9.5, 5) for channel in range(MOST_CHANNELS)],
    partial=[(10.3 * channel, 18, 8) for channel in range(MOST_CHANNELS)],
    sums={channels: [(3, 31, 13), (24, 31, 13)] for channels in (1, MOST_CHANNELS)},
    numbers=[(0, 0, 17.5), (21.5, 0, 17.5), (21.5, 21, 17.5)],
    lines=(0, 42, 3),
    title=6,
    legend=12,
)


class Map:
    """A small image in a box (left, top, side): purple where it is positive, orange where negative, white at 0."""

    def __init__(self, axes: Axes, box: tuple):
        self.axes = axes
        self._image = axes.imshow([[0.0]], cmap=COLORS, interpolation="nearest")
        self._frame = axes.add_patch(Rectangle((0, 0), 0, 0, fill=False, clip_on=False))
        self.name = axes.text(0, 0, "", size=NAME_SIZE, va="bottom")
        self._window = axes.add_patch(Rectangle((0, 0), 0, 0, **WINDOW, clip_on=False))
        self.artists = [self._image, self._frame, self._window, self.name]
        self.shape = (1, 1)
        self.put(box)

    def put(self, box: tuple) -> None:
        self.left, self.top, self.side = box
        self._image.set_extent((self.left, self.left + self.side, self.top + self.side, self.top))
        self._frame.set_bounds(self.left, self.top, self.side, self.side)
        self.name.set_position((self.left, self.top - 0.5))

    def show(self, values: np.ndarray, most: float, is_chosen: bool = False) -> None:
        """Show `values`, of which ±`most` have the strongest colors; the chosen one has a thick frame."""
        self.shape = values.shape
        self._image.set_data(values)
        self._image.set_clim(-most, most)
        self._frame.set(linewidth=2.5 if is_chosen else 0.8, edgecolor="black" if is_chosen else "0.55")

    def box_of(self, row: float, column: float, rows: float = 1, columns: float = 1) -> tuple:
        """(left, top, width, height) of so many pixels from (row, column) on."""
        height, width = (self.side / size for size in self.shape)
        return self.left + column * width, self.top + row * height, columns * width, rows * height

    def mark(self, row: int, column: int, many: int = 1) -> None:
        """Mark the window of many × many pixels from (row, column) on."""
        self._window.set_bounds(*self.box_of(row, column, many, many))

    def place_at(self, x: float, y: float) -> tuple[int, int] | None:
        """The pixel (row, column) at a point; None outside."""
        across, down = (x - self.left) / self.side, (y - self.top) / self.side
        if not (self._image.get_visible() and 0 <= across < 1 and 0 <= down < 1):
            return None
        return int(down * self.shape[0]), int(across * self.shape[1])


def zoom(figure: Figure, where: Where, place: int) -> Axes:
    """The axes of the zoom number `place`, below its title; `fit` gives it its limits."""
    title = where.title
    total = sum(where.heights) + len(where.heights) * title + where.legend
    bottom = total - sum(where.heights[: place + 1]) - (place + 1) * title
    axes = figure.add_axes((MARGIN, bottom / total, 1 - 2 * MARGIN, where.heights[place] / total))
    axes.set_axis_off()
    return axes


def fit(axes: Axes, where: Where, place: int) -> None:
    """Give the axes its limits, which pictures in it change."""
    axes.set(xlim=(0, where.width), ylim=(where.heights[place], 0), aspect="equal", anchor="N")


def largest(*arrays: np.ndarray) -> float:
    """The largest size of all numbers, for a scale of colors: never 0."""
    return max(1e-9, *(float(np.abs(array).max()) for array in arrays))


def seers_of(axis: Axis, place: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The places whose windows see the pixel in the middle of the window at `place`."""

    def along(index: int) -> list[int]:
        middle = index * axis.stride + axis.window // 2
        return [
            other for other in range(axis.outputs) if other * axis.stride <= middle < other * axis.stride + axis.window
        ]

    for row in along(place[0]):
        for column in along(place[1]):
            yield row, column


def signed(value: float) -> str:
    """`value` to two decimals. Adding 0 makes a 0 of −0."""
    return f"{round(float(value), 2) + 0:.2f}".replace("-", "−")


def short(value: float) -> str:
    """`value` in as much room as −1.23 takes."""
    return signed(value) if abs(value) < 9.995 else f"{value:.1f}".replace("-", "−")
