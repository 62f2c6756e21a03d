"""The convolution explorer's picture: the network, one of its units, and the numbers of one place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from course_lib.widgets import style
from course_lib.widgets.convolution_maps import (
    CHOSEN,
    COLORS,
    EDGE,
    MARK,
    MOST_CHANNELS,
    NAME_SIZE,
    SEER,
    TALL,
    UNSEEN,
    WIDE,
    WINDOW,
    Map,
    Where,
    fit,
    largest,
    seers_of,
    short,
    signed,
    zoom,
)
from course_lib.widgets.convolution_net import KERNEL_SIZE, Seen, Unit
from course_lib.widgets.stage import Still

TITLE = 2.6  # above a zoom


class NetZoom:
    """All maps of the network, and what it says."""

    def __init__(self, figure: Figure, where: Where):
        self.axes = zoom(figure, where, 0)
        self.layers = [[Map(self.axes, box) for box in layer] for layer in where.layers]
        left, top, width, height = where.bars
        self._left, self._width, step = left, width, height / 10
        self._bars, self._digits = [], []
        for label in range(10):
            y = top + step * label
            bar = Rectangle((left, y + 0.1 * step), 0, 0.8 * step, facecolor=style.COLORS[0], clip_on=False)
            self._bars.append(self.axes.add_patch(bar))
            self.axes.text(left - 0.7, y + step / 2, str(label), size=8, ha="right", va="center")
        self.axes.text(left + width, top - 0.5, "probability", size=NAME_SIZE, ha="right", va="bottom")
        fit(self.axes, where, 0)
        maps = [artist for layer in self.layers for each in layer for artist in each.artists]
        self.artists = [*maps, *self._bars]

    def show(self, seen: Seen, unit: Unit) -> None:
        chosen = self.layers[2 * unit.layer - 1][unit.filter - 1]
        names = ("digit", "layer 1", "pooled", "layer 2")
        for layer, images, name in zip(self.layers, seen.images, names, strict=True):
            for each, values in zip(layer, np.moveaxis(images, -1, 0), strict=True):
                each.show(values, largest(images), each is chosen)
            layer[0].name.set_text(f"{name}: {images.shape[0]} × {images.shape[1]}")
        for bar, score in zip(self._bars, seen.scores, strict=True):
            bar.set_width(self._width * score)

    def at(self, x: float, y: float) -> tuple[int, int] | None:
        """(column of `layers`, place in it) of the map at a point; None where there is none."""
        for column, layer in enumerate(self.layers):
            for place, each in enumerate(layer):
                if each.place_at(x, y) is not None:
                    return column, place
        return None


class UnitZoom:
    """One unit: what each channel gives, and what they sum to."""

    def __init__(self, figure: Figure, where: Where):
        self.axes = zoom(figure, where, 1)
        self._channels = [Channel(self.axes, where, index) for index in range(MOST_CHANNELS)]
        self.summed, self.output = (Map(self.axes, box) for box in where.sums[MOST_CHANNELS])
        self._sums = where.sums
        self._seers = [self.axes.add_patch(Rectangle((0, 0), 0, 0, **SEER)) for _ in range(KERNEL_SIZE**2)]
        fit(self.axes, where, 1)
        self.artists = [
            *(artist for each in self._channels for artist in each.artists),
            *self.summed.artists, *self.output.artists, *self._seers,
        ]  # fmt: skip

    def show(self, seen: Seen, unit: Unit, kernel: np.ndarray, channel: int, place: tuple) -> None:
        """Show the unit at a channel and a place (row, column), all counted from 0."""
        most = (largest(seen.padded), largest(kernel), largest(seen.partial, seen.summed))
        for index, each in enumerate(self._channels):
            each.set_visible(index < unit.channels)
            if index < unit.channels:
                each.show(seen, kernel, place, most, index == channel)
        sums = (
            (self.summed, seen.summed, "+ bias ="),
            (self.output, np.maximum(seen.summed, 0), "ReLU:"),
        )
        for (each, values, name), box in zip(sums, self._sums[unit.channels], strict=True):
            each.put(box)
            each.show(values, most[2], True)
            each.mark(*place)
            each.name.set_text(f"{name} {signed(values[place])}")
        seers = list(seers_of(seen.axis, place))
        for index, patch in enumerate(self._seers):
            patch.set_visible(index < len(seers))
            if index < len(seers):
                patch.set_bounds(*self.summed.box_of(*seers[index]))

    def at(self, x: float, y: float) -> tuple[str, int | None, tuple[int, int]] | None:
        """("input" or "output", channel, pixel) at a point, with the channel None for a map of all; None elsewhere."""
        parts = [("input", index, each.inputs) for index, each in enumerate(self._channels)]
        parts += [("output", index, each.partial) for index, each in enumerate(self._channels)]
        parts += [("output", None, self.summed), ("output", None, self.output)]
        for kind, index, each in parts:
            if (pixel := each.place_at(x, y)) is not None:
                return kind, index, pixel
        return None


class Channel:
    """One channel of a unit: what it looks at, with the window, its part of the kernel, and what these give."""

    def __init__(self, axes: Axes, where: Where, index: int):
        self._index = index
        self.inputs, self._kernel, self.partial = (
            Map(axes, part[index]) for part in (where.inputs, where.kernels, where.partial)
        )
        self.inputs.name.set_text(f"channel {index + 1}")
        gap = where.partial[1][0] - where.partial[0][0] - self.partial.side
        middle = self.partial.left - gap / 2, self.partial.top + self.partial.side / 2
        self._plus = axes.text(*middle, "+" if index else "", size=12, ha="center", va="center")
        self._edge = axes.add_patch(Rectangle((0, 0), 0, 0, fill=False, **EDGE))
        self._unseen = [axes.add_patch(Rectangle((0, 0), 0, 0, **UNSEEN)) for _ in range(2)]
        [self._middle] = axes.plot([], [], "o", color=MARK, markeredgecolor="white", markersize=6)
        maps = [artist for each in (self.inputs, self._kernel, self.partial) for artist in each.artists]
        self.artists = [*maps, self._edge, *self._unseen, self._middle, self._plus]

    def set_visible(self, is_visible: bool) -> None:
        for artist in self.artists:
            artist.set_visible(is_visible)

    def show(self, seen: Seen, kernel: np.ndarray, place: tuple, most: tuple, is_chosen: bool) -> None:
        index, axis = self._index, seen.axis
        top, left = (each * axis.stride for each in place)
        self.inputs.show(seen.padded[..., index], most[0], is_chosen)
        self.inputs.mark(top, left, KERNEL_SIZE)
        self._kernel.show(kernel[..., index], most[1], is_chosen)
        self.partial.show(seen.partial[..., index], most[2], is_chosen)
        self.partial.mark(*place)
        self.partial.name.set_text(signed(seen.partial[(*place, index)]))
        size = len(seen.padded)
        inside, used = size - 2 * axis.before, (axis.outputs - 1) * axis.stride + axis.reach
        self._edge.set_bounds(*self.inputs.box_of(axis.before, axis.before, inside, inside))
        right, below = self._unseen
        right.set_bounds(*self.inputs.box_of(0, used, size, size - used))
        below.set_bounds(*self.inputs.box_of(used, 0, size - used, used))
        x, y, width, height = self.inputs.box_of(top + 1, left + 1)
        self._middle.set_data([x + width / 2], [y + height / 2])


class PlaceZoom:
    """One place of the map: the numbers of the window and of the kernel, their products, and what they sum to."""

    def __init__(self, figure: Figure, where: Where):
        self.axes = zoom(figure, where, 2)
        self._maps = [Map(self.axes, box) for box in where.numbers]
        self._cells = [
            [self.axes.text(0, 0, "", size=8, ha="center", va="center") for _ in range(KERNEL_SIZE**2)]
            for _ in self._maps
        ]
        for each, sign in zip(self._maps[1:], "×=", strict=True):
            self.axes.text(each.left - 2, each.top + each.side / 2, sign, size=13, ha="center", va="center")
        for each, name in zip(self._maps, ("window", "kernel", "products"), strict=True):
            each.name.set_text(name)
        self._chosen = [self.axes.add_patch(Rectangle((0, 0), 0, 0, **CHOSEN)) for _ in self._maps]
        left, top, step = where.lines
        self._lines = [self.axes.text(left, top + step * line, "", size=8.5, va="center") for line in range(4)]
        fit(self.axes, where, 2)
        maps = [artist for each in self._maps for artist in each.artists]
        self.artists = [*maps, *(cell for cells in self._cells for cell in cells), *self._chosen, *self._lines]

    def show(self, window: np.ndarray, kernel: np.ndarray, most: tuple, weight: tuple, lines: Sequence[str]) -> None:
        """Show the window and the kernel of one channel, of which ±`most` have the strongest colors.

        `weight` is the (row, column) of the one that is marked.
        """
        products = window * kernel
        parts = (window, most[0]), (kernel, most[1]), (products, largest(products))
        for each, cells, (values, strongest) in zip(self._maps, self._cells, parts, strict=True):
            each.show(values, strongest)
            for (row, column), cell in zip(np.ndindex(values.shape), cells, strict=True):
                left, top, width, height = each.box_of(row, column)
                dark = abs(values[row, column]) > 0.6 * strongest
                cell.set(
                    position=(left + width / 2, top + height / 2), text=short(values[row, column]),
                    color="white" if dark else "black",
                )  # fmt: skip
        for each, patch in zip(self._maps, self._chosen, strict=True):
            patch.set_bounds(*each.box_of(*weight))
        for line, text in zip(self._lines, lines, strict=True):
            line.set_text(text)

    def at(self, x: float, y: float) -> tuple[int, int] | None:
        """The (row, column) of the number at a point; None where there is none."""
        return next((cell for each in self._maps if (cell := each.place_at(x, y)) is not None), None)


class Picture:
    """All three zooms, with their titles and a legend."""

    def __init__(self, figure: Figure, is_tall: bool):
        figure.set_layout_engine("none")  # each map has its place
        where = TALL if is_tall else WIDE
        self.net, self.unit, self.place = NetZoom(figure, where), UnitZoom(figure, where), PlaceZoom(figure, where)
        zooms = self.net, self.unit, self.place
        self._titles = [each.axes.text(0, -TITLE, "", weight="bold", size=10, va="bottom") for each in zooms]
        self._artists = [*(artist for each in zooms for artist in each.artists), *self._titles]
        purple, orange = (Patch(facecolor=COLORS(share), edgecolor="0.55") for share in (0.9, 0.1))
        legend = {
            "positive, negative (white: 0)": (purple, orange),
            "the window, and its place": Patch(**WINDOW),
            "places that see its middle": Patch(**SEER),
            "edge of the image, without padding": Line2D([], [], **EDGE),
            "never seen": Patch(**UNSEEN),
        }
        figure.legend(
            legend.values(), legend.keys(), loc="lower center", fontsize=8.5, ncols=1 if is_tall else 3,
            handlelength=1.8, columnspacing=1.2, handler_map={tuple: HandlerTuple(None)},
        )  # fmt: skip

    def still(self) -> Still:
        net = "The network: choose a map, also by the left and right arrow keys."
        unit = "One unit: choose a pixel of an input, or a place of a map; the arrow keys go to the next one."
        place = "One place: choose a weight and drag it up or down; arrow keys go to the next one, + and − change it."
        return Still(self._artists, zones={self.net.axes: net, self.unit.axes: unit, self.place.axes: place})

    def show(
        self,
        seen: Seen,
        unit: Unit,
        weights: list[np.ndarray],
        channel: int,
        place: tuple,
        weight: tuple,
        lines: Sequence[str],
    ) -> None:
        """Show what the network with these weights has seen, and `lines` beside the numbers of a channel and place.

        `weight` is the (row, column) of the weight that is marked.
        """
        kernel = unit.kernel_of(weights)
        self.net.show(seen, unit)
        self.unit.show(seen, unit, kernel, channel, place)
        window = seen.window(place)[..., channel]
        self.place.show(window, kernel[..., channel], (largest(seen.padded), largest(kernel)), weight, lines)
        titles = (
            "The network",
            f"One unit: filter {unit.filter} of layer {unit.layer}",
            f"One place: row {place[0] + 1}, column {place[1] + 1}",
        )
        for text, title in zip(self._titles, titles, strict=True):
            text.set_text(title)
