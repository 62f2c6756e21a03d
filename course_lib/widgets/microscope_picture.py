"""How the network microscope draws a reading: all layers side by side, and one of them enlarged."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator

from course_lib.inspection import HEALTHY_RATIO, LayerInspection, saturated
from course_lib.widgets import style
from course_lib.widgets.microscope_reading import (
    BINS_PER_DECADE,
    FARTHEST,
    Reading,
    Values,
    number,
    percent,
)
from course_lib.widgets.stage import Still

OUTPUTS, GRADIENTS, RATIO = (style.COLORS[look] for look in (0, 2, 3))
SATURATED, DEAD = style.COLORS[1], "black"
DIRECTIONS = ("forward", "backward", "update ratio")
RATIO_LIMITS = (-7.0, 1.0)  # exponents
EDGE = 0.06  # how far inside of a row, as a share of its height, marks stand for what is beyond it
HISTOGRAM_BINS = 40
HEADROOM = 1.35  # how high the enlargement is, in tallest bars: the notes stand above
TABLE_ROWS = 8


def power(exponent: float) -> str:
    """10^exponent in figures; small raised exponents are hard to read."""
    return f"{10.0**exponent:g}" if float(exponent).is_integer() else ""


class Picture:
    """The artists on one figure. Sizes are drawn as their exponents, on axes of ordinary, linear scale."""

    def __init__(self, figure: Figure, is_tall: bool):
        # Limits move with the values: labels get their room here, once.
        figure.set_layout_engine("none")
        width, _ = figure.get_size_inches()
        if is_tall:
            axes = column(figure, 0.66, width - 0.12, [(0.25, 8), (0.3, 3), (0.32, 8), (0.32, 7), (0.5, 9), (0.4, 10)])
            *rows, one, told = axes
            box = told.get_position()
            told.set_position((0.1 / width, box.y0, 1 - 0.15 / width, box.height))
        else:
            middle = min(0.635 * width, width - 2.8)
            rows = column(figure, 0.7, middle - 0.75, [(0.3, 8), (0.31, 3), (0.33, 8), (0.33, 7)], 0.48)
            one, told = column(figure, middle, width - 0.12, [(0.3, 8), (0.45, 7)])
        places = dict(zip(("forward", "shares", "backward", "ratio"), rows, strict=True))
        self.is_narrow = places["forward"].get_position().width * width < 4  # too narrow for whole titles
        self.one = one
        self.rows = dict(zip(DIRECTIONS, (places["forward"], places["backward"], places["ratio"]), strict=True))
        self._moving: list = []
        self._columns = {
            "forward": self._row_of_columns(places["forward"], OUTPUTS, "forward: size of the outputs"),
            "backward": self._row_of_columns(places["backward"], GRADIENTS, "backward: size of the gradients"),
        }
        self._row_of_shares(places["shares"])
        self._row_of_ratios(places["ratio"], is_tall)
        self._enlargement(one)
        self._numbers(told)
        all_rows = places.values()
        self._frames = [axes.axvspan(0, 1, fill=False, edgecolor="black", linewidth=2) for axes in all_rows]
        self._moving += self._frames
        self._all_rows = list(all_rows)

    def still(self) -> Still:
        how = "drag to choose a layer, or use the left and right arrow keys; up and down lead to the other rows."
        labels = ("Outputs of all layers", "Gradients of all layers", "Update ratios of all layers")
        zones = {axes: f"{label}: {how}" for axes, label in zip(self.rows.values(), labels, strict=True)}
        return Still(self._moving, zones=zones)

    def direction_of(self, axes: Axes) -> str:
        return next(direction for direction, each in self.rows.items() if each is axes)

    # --- what stands still, and the artists that move

    def _row(self, axes: Axes, title: str) -> None:
        axes.set_title(title.partition(": size of")[0] if self.is_narrow else title, loc="left", fontsize=10, pad=3)
        axes.tick_params(axis="x", labelbottom=False, length=0)
        axes.grid(axis="x", visible=False)

    def _row_of_columns(self, axes: Axes, color: str, title: str) -> dict:
        self._row(axes, title)
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda exponent, _: power(exponent)))
        # So few shades that the picture for readers without a kernel, of 128 colors, has all of them and the others.
        shades = LinearSegmentedColormap.from_list("", ["white", color], N=12)
        image = axes.imshow(
            np.zeros((1, 1)), cmap=shades, vmin=0, vmax=1, aspect="auto", origin="lower", interpolation="nearest"
        )
        [line] = axes.plot([], [], "-", color="black", linewidth=1, marker="o", markersize=3)
        [below], [above] = (axes.plot([], [], mark, color="black", markersize=6, clip_on=False) for mark in "v^")
        told = axes.text(1, 1.03, "", transform=axes.transAxes, ha="right", va="bottom", fontsize=9)
        self._moving += [image, axes.yaxis, line, below, above, told]
        return {"axes": axes, "image": image, "line": line, "below": below, "above": above, "told": told}

    def _row_of_shares(self, axes: Axes) -> None:
        self._row(axes, "")
        axes.set(ylim=(0, 1), yticks=[0, 1], yticklabels=["0", "100 %"])
        looks = ((SATURATED, None), (DEAD, "////"))
        self._shares = [
            axes.stairs([0], [0, 1], fill=True, facecolor=color, edgecolor="white", hatch=hatch, linewidth=0.5)
            for color, hatch in looks
        ]
        words = ("saturated", "dead") if self.is_narrow else ("saturated outputs", "dead units")
        for word, color, x in zip(words, (SATURATED, DEAD), (0.0, 0.5), strict=True):
            look = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "bottom", "fontsize": 9}
            axes.annotate("■", (x, 1), (0, 2), color=color, **look)
            axes.annotate(word, (x, 1), (12, 2), **look)
        self._moving += self._shares

    def _row_of_ratios(self, axes: Axes, is_tall: bool) -> None:
        self._row(axes, "update / weight" if self.is_narrow else "update-to-weight ratio")
        axes.set(ylim=RATIO_LIMITS)
        axes.yaxis.set_major_locator(MultipleLocator(2, offset=1))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda exponent, _: power(exponent)))
        healthy = math.log10(HEALTHY_RATIO)
        axes.axhline(healthy, color="black", linewidth=1.5, linestyle="--")
        thumb = "line: 0.001" if self.is_narrow else "line: 0.001, Karpathy's rule of thumb"
        axes.text(1, 1.03, thumb, transform=axes.transAxes, ha="right", va="bottom", fontsize=9)
        [self._ratios] = axes.plot([], [], "s", color=RATIO, markersize=5, markeredgecolor="black", clip_on=False)
        [self._no_ratios] = axes.plot([], [], "v", color="black", markersize=6, clip_on=False)
        [self._high_ratios] = axes.plot([], [], "^", color="black", markersize=6, clip_on=False)
        axes.tick_params(axis="x", labelbottom=True)
        axes.xaxis.set_major_locator(MaxNLocator(6 if self.is_narrow else 9, integer=True))
        if not is_tall:
            axes.set_xlabel("layer", labelpad=1)
        self._moving += [axes.xaxis, self._ratios, self._no_ratios, self._high_ratios]

    def _enlargement(self, axes: Axes) -> None:
        axes.set_yticks([])
        axes.grid(False)
        self._bars = axes.stairs([0], [0, 1], fill=True, linewidth=0)
        self._marked = axes.stairs([0], [0, 1], fill=True, facecolor=SATURATED, edgecolor="white", hatch="\\\\\\")
        [self._zeros], [self._dead] = (
            axes.plot([], [], "-", color=color, linewidth=width, solid_capstyle="butt")
            for color, width in (("0.55", 5), (DEAD, 5))
        )
        [self._spread] = axes.plot([], [], "-|", color="black", linewidth=1.5, markersize=9)
        self._heading = axes.text(0, 1.02, "", transform=axes.transAxes, va="bottom", fontsize=10)
        inside = {"transform": axes.transAxes, "va": "top", "fontsize": 9}
        white = {"facecolor": "white", "alpha": 0.7, "linewidth": 0, "pad": 1}
        self._note = axes.text(0.99, 0.98, "", ha="right", bbox=white, **inside)
        self._moving += [axes.xaxis, self._bars, self._marked, self._zeros, self._dead, self._spread]
        self._moving += [self._heading, self._note]

    def _numbers(self, axes: Axes) -> None:
        axes.set_axis_off()
        axes.set(xlim=(0, 1), ylim=(TABLE_ROWS - 0.5, -0.5))
        look = {"va": "center", "fontsize": 9 if self.is_narrow else 9.5, "family": "monospace"}
        self._told = [axes.text(0, row, "", **look) for row in range(TABLE_ROWS)]
        self._moving += self._told

    # --- a reading

    def show(self, reading: Reading, layer: int, direction: str, origin: str = "") -> None:
        """Bring all artists up to date; `layer` counts from 1, and `origin` says how its weights began."""
        count = len(reading.layers)
        edges = np.arange(count + 1) + 0.5
        for axes in self._all_rows:
            axes.set_xlim(0.5, count + 0.5)
        for frame, axes in zip(self._frames, self._all_rows, strict=True):
            frame.set_x(layer - 0.5)
            frame.set_linewidth(2.5 if self.rows[direction] is axes else 1)
        for name, row in self._columns.items():
            self._show_columns(reading.of(name), **row)
        for artist, shares in zip(self._shares, (reading.saturated, reading.dead), strict=True):
            artist.set_data(shares, edges)
        self._show_ratios(reading.ratios)
        self._enlarge(reading, layer, direction)
        self._tell(reading, layer, origin)

    def _show_columns(self, all_values: list[Values], axes: Axes, image, line, below, above, told) -> None:
        deviations = np.array([values.deviation for values in all_values])
        layers = np.arange(1, len(deviations) + 1)
        with np.errstate(all="ignore"):
            exponents = np.log10(deviations)
        is_known = np.isfinite(exponents)
        low, high = limits(exponents[is_known])
        first, last = ((edge + FARTHEST) * BINS_PER_DECADE for edge in (low, high))
        counts = np.array([values.sizes[first:last] for values in all_values], float).T
        most = counts.max(axis=0)
        image.set_data(counts / np.where(most, most, 1))
        image.set_extent((0.5, len(deviations) + 0.5, low, high))
        axes.set_ylim(low, high)
        line.set_data(layers, np.where(is_known, exponents, np.nan))
        line.set_markersize(min(3.0, 0.3 * 72 / axes.figure.dpi * axes.bbox.width / len(layers)))  # of a column's width
        gone = deviations == 0
        edge = EDGE * (high - low)
        below.set_data(layers[gone], np.full(gone.sum(), low + edge))
        overflowed = [values.overflowed > 0 for values in all_values]
        above.set_data(layers[overflowed], np.full(sum(overflowed), high - edge))
        hidden = max(len(deviations) - 1, 1)
        ends = [number(deviations[each - 1]) for each in sorted({1, hidden})]
        told.set_text(("" if self.is_narrow else "line: deviation, ") + " … ".join(ends))

    def _show_ratios(self, ratios: np.ndarray) -> None:
        layers = np.arange(1, len(ratios) + 1)
        with np.errstate(all="ignore"):
            exponents = np.log10(ratios)
        low, high = RATIO_LIMITS
        is_low, is_high = exponents < low, exponents > high
        self._ratios.set_data(layers, np.where(is_low | is_high, np.nan, exponents))
        edge = EDGE * (high - low)
        self._no_ratios.set_data(layers[is_low], np.full(is_low.sum(), low + edge))
        self._high_ratios.set_data(layers[is_high], np.full(is_high.sum(), high - edge))

    # --- the layer that is enlarged

    def _enlarge(self, reading: Reading, layer: int, direction: str) -> None:
        here = reading.layers[layer - 1]
        for artist in (self._zeros, self._dead, self._spread):
            artist.set_data([], [])
        self._marked.set_data([0], [0, 1])
        self._heading.set_text(f"layer {layer}: {QUANTITIES[direction]}")
        if direction == "update ratio":
            self._enlarge_update(here)
        else:
            values = reading.of(direction)[layer - 1]
            self._bars.set(facecolor=OUTPUTS if direction == "forward" else GRADIENTS, hatch=None)
            self._enlarge_values(values, here if direction == "forward" else None)

    def _enlarge_values(self, values: Values, here: LayerInspection | None) -> None:
        shown = values.finite[values.finite != 0]
        reach = nice_above(np.abs(shown).max()) if len(shown) else 1.0
        low = 0.0 if len(shown) and shown.min() >= 0 else -reach
        edges = np.linspace(low, reach, HISTOGRAM_BINS + 1)
        counts, _ = np.histogram(shown, edges)
        tallest = max(1, counts.max())
        self.one.set(xlim=(low - 0.06 * reach, 1.06 * reach), ylim=(0, HEADROOM * tallest))
        self.one.xaxis.set_major_locator(MaxNLocator(4))
        self.one.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        self._bars.set_data(counts, edges)
        notes = []
        if values.zeros:
            # A spike of one value would dwarf the others: its bar has a scale of its own, the height of the tallest
            # where all values are 0.
            self._zeros.set_data([0, 0], [0, values.zeros * tallest])
            notes.append(f"bar at 0: {percent(values.zeros)} are exactly 0")
        if here is not None and here.saturated is not None:
            which = np.asarray(saturated(values.finite, here.activation))
            self._marked.set_data(np.histogram(values.finite[which], edges)[0], edges)
            notes.append(f"{percent(here.saturated)} saturated")
        if here is not None and here.dead:
            self._dead.set_data([0, 0], [0, here.dead * tallest])
            notes.append(f"black: {percent(here.dead)} of the units dead")
        if values.overflowed:
            notes.append(f"{percent(values.overflowed)} overflowed")
        if len(values.finite):
            height = 0.08 * tallest
            ends = values.mean - values.deviation, values.mean, values.mean + values.deviation
            self._spread.set_data(ends, [height] * 3)
        self._note.set_text("\n".join(notes))

    def _enlarge_update(self, here: LayerInspection) -> None:
        """The sizes of weights and of their updates on one logarithmic scale: the ratio is how far they are apart."""
        self._note.set_text("no kernel in this layer")
        kernel, update = ([] if each is None else Values(each).sizes for each in (here.kernel, here.update))
        edges = np.arange(len(kernel) + 1) / BINS_PER_DECADE - FARTHEST
        if not len(kernel) or not kernel.any():
            self._bars.set_data([0], [0, 1])
            return
        self._note.set_text("plain: sizes of the weights\nhatched: sizes of their updates")
        self.one.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        self.one.xaxis.set_major_formatter(FuncFormatter(lambda exponent, _: power(exponent)))
        filled = np.flatnonzero(kernel + update)
        low, high = math.floor(edges[filled[0]]), math.ceil(edges[filled[-1] + 1])
        self.one.set(xlim=(max(low, high - 12), high), ylim=(0, 1.25 * max(kernel.max(), update.max())))
        self._bars.set(facecolor=OUTPUTS)
        self._bars.set_data(kernel, edges)
        self._marked.set_data(update, edges)

    def _tell(self, reading: Reading, layer: int, origin: str) -> None:
        here, outputs, gradients = (each[layer - 1] for each in (reading.layers, reading.outputs, reading.gradients))
        origin = f"weights began as {origin}" if here.kernel is not None and origin else ""
        for text, (label, *cells) in zip(self._told, [*numbers_of(here, outputs, gradients), (origin,)], strict=True):
            text.set_text("".join([f"{label:<13}", *(f"{cell:<11}" for cell in cells)]).rstrip())


QUANTITIES = {
    "forward": "outputs",
    "backward": "gradients ∂L/∂z",
    "update ratio": "weights and updates",
}


def column(
    figure: Figure, left: float, right: float, parts: list[tuple[float, float]], below: float = 0.1
) -> list[Axes]:
    """Axes one under the other: for each the gap above it, and its share of the height that the gaps leave.

    All but the shares are inches: where there is less room, letters are as large, and the axes smaller.
    """
    width, height = figure.get_size_inches()
    unit = (height - below - sum(gap for gap, _ in parts)) / sum(share for _, share in parts)
    made, top = [], height
    for gap, share in parts:
        top -= gap + share * unit
        made.append(figure.add_axes((left / width, top / height, (right - left) / width, share * unit / height)))
    return made


def numbers_of(here: LayerInspection, outputs: Values, gradients: Values) -> list[tuple[str, str, str]]:
    """The lines of a small table: what it is, of the outputs, of the gradients."""
    shares = ("–" if share is None else percent(share) for share in (here.saturated, here.dead))
    ratio = "–" if here.update_ratio is None else number(here.update_ratio)
    return [
        (here.activation or here.name, "outputs", "gradients"),
        ("mean", number(outputs.mean), number(gradients.mean)),
        ("deviation", number(outputs.deviation), number(gradients.deviation)),
        ("exactly 0", percent(outputs.zeros), percent(gradients.zeros)),
        *((label, share, "") for label, share in zip(("saturated", "dead units"), shares, strict=True)),
        ("update ratio", ratio, ""),
    ]


def limits(exponents: np.ndarray) -> tuple[int, int]:
    """From which power of ten to which a row goes, so that all deviations are on it with what is around them."""
    if not len(exponents):
        return -2, 2
    low, high = math.floor(exponents.min() - 1.5), math.ceil(exponents.max() + 0.7)
    return max(low, -FARTHEST), min(max(high, low + 4), FARTHEST)


def nice_above(value: float) -> float:
    """The next of 1, 2, 5, 10, … that is not below `value`."""
    decade = 10.0 ** math.floor(math.log10(value))
    return next(step * decade for step in (1, 2, 5, 10) if step * decade >= value * (1 - 1e-9))
