"""What the search explorer draws: the map of a search, the curves of a thousand, and how they end."""

from __future__ import annotations

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import BoundaryNorm
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from course_lib.tuning_study import EPOCHS
from course_lib.widgets import style
from course_lib.widgets.stored_searches import ROUNDS, Searches
from course_lib.wording import counted

BLUE, RED, GRAY = style.COLORS[0], style.COLORS[1], "0.6"
NAMES = {"rate": "learning rate", "batch": "batch size", "width": "width", "dropout": "dropout rate"}
# For each hyperparameter its limits on an axis, and the ticks of a logarithmic one.
AXES = {
    "rate": ((6e-5, 1.6), (1e-4, 1e-3, 1e-2, 0.1, 1)),
    "batch": ((12, 170), (16, 32, 64, 128)),
    "width": ((2, 270), None),
    "dropout": ((-0.035, 0.635), None),
}
LEVELS = (0.0, 0.5, 0.8, 0.88, 0.9, 0.91, 0.92, 0.93)  # of accuracy, between which the color changes
SHAPES = dict(zip(ROUNDS, (("v", 22), ("s", 32), ("o", 60)), strict=True))  # of a trial trained for so many epochs
WORST, BEST = 0.8, 0.935  # what the curves show; lower accuracies are drawn on the edge
BINS = np.arange(WORST - 0.00125, BEST + 0.0025, 0.0025)


class Map:
    """Two hyperparameters, and the trials of one search."""

    def __init__(self, axes: Axes, across: str, up: str, is_tall: bool):
        self.shown = across, up
        for name, axis, which in ((across, axes.xaxis, "x"), (up, axes.yaxis, "y")):
            limits, ticks = AXES[name]
            axes.set(**{f"{which}label": NAMES[name]})
            if ticks:
                axes.set(**{f"{which}scale": "log"})
                axis.set_ticks(ticks, [f"{tick:g}" for tick in ticks])
                axis.set_ticks([], minor=True)
            axes.set(**{f"{which}lim": limits})
        look = {"facecolor": "0.5", "alpha": 0.3, "linewidth": 0}
        self.outside = [axes.add_patch(Rectangle((0, 0), 0, 0, **look)) for _ in range(2)]
        [self.untried] = axes.plot([], [], ".", color=GRAY, markersize=4, label="not tried")
        colors = {"cmap": style.COLOR_MAP, "norm": BoundaryNorm(LEVELS, colormaps[style.COLOR_MAP].N)}
        self.tried = {
            epochs: axes.scatter([], [], s=size, c=[], marker=marker, edgecolors="black", linewidths=0.7, **colors)
            for epochs, (marker, size) in SHAPES.items()
        }
        handles = [
            Line2D([], [], linestyle="", marker=marker, color="0.85", markersize=size**0.5, markeredgecolor="black",
                   label=counted(epochs, "epoch"))
            for epochs, (marker, size) in SHAPES.items()
        ]  # fmt: skip
        look = {"linestyle": "", "color": RED, "markersize": 20, "markeredgecolor": "white", "markeredgewidth": 1.2}
        [self.star] = axes.plot([], [], marker="*", label="best so far", **look)
        look = {"linestyle": "none", "color": BLUE, "markersize": 9, "markeredgewidth": 1.4}
        [self.values_across] = axes.plot([], [], "|", transform=axes.get_xaxis_transform(), **look)
        [self.values_up] = axes.plot([], [], "_", transform=axes.get_yaxis_transform(), **look)
        where = "bottom" if is_tall else "right"
        bar = axes.figure.colorbar(self.tried[EPOCHS], ax=axes, ticks=LEVELS, pad=0.02, location=where, aspect=28)
        bar.ax.set_title("validation accuracy" if is_tall else "accuracy", size=9)
        bar.ax.tick_params(labelsize=8.5)
        if is_tall:  # on a phone the labels would touch
            bar.set_ticks(LEVELS, labels=[f"{level:g}" for level in LEVELS], size=7)
            axes.tick_params(axis="x", labelsize=8)
        axes.figure.legend(
            handles=[*handles, self.untried, self.star], loc="outside lower center", fontsize=9, numpoints=1,
            ncols=2 if is_tall else 5, handletextpad=0.3, columnspacing=1.4,
        )  # fmt: skip
        self.title = moving_title(axes, 2)
        below = [*self.outside, self.untried, *self.tried.values()]
        self.moving = [*below, self.star, self.values_across, self.values_up, self.title]

    def show(self, mine: Searches, draw: int, runs: int, ends: tuple[float, float]) -> None:
        """Show what the first `runs` of a draw have tried of the learning rates between `ends`."""
        places = np.array([[trial[name] for name in self.shown] for trial in mine.trials])
        latest = mine.latest(draw, runs)
        tried, epochs = np.array(list(latest), int), np.array(list(latest.values()), int)
        scores = mine.scores[tried, epochs - 1]
        order = np.argsort(scores, kind="stable")  # the best on top
        for each, artist in self.tried.items():
            these = order[epochs[order] == each]
            artist.set_offsets(places[tried[these]])
            artist.set_array(scores[these])
        self.untried.set_data(places.T)
        beside = np.full(len(tried), 0.018)
        self.values_across.set_data(places[tried, 0], beside)
        self.values_up.set_data(beside, places[tried, 1])
        self.star.set_data(places[[mine.leader(draw, runs)]].T if runs else ([], []))
        self._shade(*ends)

    def _shade(self, low: float, high: float) -> None:
        """Shade where the learning rate is not searched."""
        (lowest, highest), (first, *_, last) = AXES["rate"]
        edges = ((lowest, low, low > first), (high, highest, high < last))
        for artist, (start, stop, is_outside) in zip(self.outside, edges, strict=True):
            artist.set_visible(is_outside and "rate" in self.shown)
            (left, right), (bottom, top) = ((start, stop) if name == "rate" else AXES[name][0] for name in self.shown)
            artist.set_bounds(left, bottom, right - left, top - bottom)


class Curves:
    """The best accuracy so far of one search, and of all searches like A and like B."""

    def __init__(self, axes: Axes, is_tall: bool):
        axes.set(xscale="log", xlim=(0.9, 56), xlabel="whole trainings paid for", ylabel="best accuracy so far")
        axes.set_xticks([1, 2, 5, 10, 20, 50], ["1", "2", "5", "10", "20", "50"])
        axes.xaxis.set_ticks([], minor=True)
        accuracies(axes, "y")
        self.bands, self.means = [], []
        for who, color, line in (("A", BLUE, "-"), ("B", RED, "--")):
            band = PolyCollection([], facecolor=color, alpha=0.22, linewidth=0, label=f"{who}: 9 of 10")
            self.bands.append(axes.add_collection(band))
            self.means += axes.plot([], [], line, color=color, linewidth=1.6, label=f"{who}: mean")
        [self.this] = axes.plot([], [], "-", color="black", linewidth=1.4, drawstyle="steps-post", label="A: this draw")
        [self.end] = axes.plot([], [], "*", color=BLUE, markersize=12, markeredgecolor="black", clip_on=False)
        self.end.set_in_layout(False)
        axes.legend(
            handles=[*self.means, *self.bands, self.this], loc="lower center", bbox_to_anchor=(0.5, 0.99), fontsize=8.5,
            ncols=2 if is_tall else 3, handlelength=1.8, columnspacing=1.2,
        )  # fmt: skip
        self.moving = [*self.bands, *self.means, self.this, self.end]

    def show(self, both: tuple[Searches, Searches], draw: int, runs: int) -> None:
        """Show all of `both`, and the first `runs` of A's `draw`."""
        for each, mean, band in zip(both, self.means, self.bands, strict=True):
            paid, (low, high) = each.spent / EPOCHS, np.maximum(each.spread, WORST)
            mean.set_data(paid, np.maximum(each.average, WORST))
            band.set_verts([np.column_stack([[*paid, *paid[::-1]], [*low, *high[::-1]]])])
        paid, best = both[0].spent[:runs] / EPOCHS, np.maximum(both[0].best[draw, :runs], WORST)
        self.this.set_data(paid, best)
        self.end.set_data(paid[-1:], best[-1:])


class Luck:
    """The best accuracy of each search: A's upwards, B's downwards."""

    def __init__(self, axes: Axes):
        axes.set(ylim=(-1.5, 1.5), xlabel="best accuracy of each search")
        axes.set_yticks([0.5, -0.5], ["A", "B"], weight="bold")
        axes.tick_params(axis="y", length=0)
        axes.grid(visible=False, axis="y")
        axes.axhline(0, color="black", linewidth=0.8)
        accuracies(axes, "x")
        self.piles, self.bars, self.means, self.stars = [], [], [], []
        for color, side in ((BLUE, 1), (RED, -1)):
            at, nothing = [1.25 * side], np.zeros(len(BINS) - 1)
            self.piles.append(axes.stairs(nothing, BINS, fill=True, color=color, alpha=0.75))
            self.bars += axes.plot([0, 0], at * 2, "-", color=color, linewidth=2, solid_capstyle="butt")
            self.means += axes.plot([0], at, "|", color=color, markersize=11, markeredgewidth=2.5)
            look = {"color": color, "markersize": 12, "markeredgecolor": "black", "clip_on": False}
            self.stars += axes.plot([0], at, "*", **look)
        self.title = moving_title(axes, 1)
        self.moving = [*self.piles, *self.bars, *self.means, *self.stars, self.title]
        for artist in self.moving:
            artist.set_in_layout(False)

    def show(self, both: tuple[Searches, Searches], draw: int) -> None:
        """Show how the searches end, with where nine of ten lie, their mean, and a star for this draw."""
        piles = [np.histogram(np.clip(each.bests, WORST, BEST), BINS)[0] for each in both]
        for place, (each, pile, side) in enumerate(zip(both, piles, (1, -1), strict=True)):
            self.piles[place].set_data(values=side * pile / pile.max())
            self.bars[place].set_xdata(np.maximum(each.spread[:, -1], WORST))
            self.means[place].set_xdata([max(each.average[-1], WORST)])
            self.stars[place].set_xdata([max(each.bests[draw], WORST)])


def accuracies(axes: Axes, which: str) -> None:
    """Make it an axis of accuracies: the share of errors is logarithmic, and what is lower is drawn on the edge."""
    ticks = (WORST, 0.84, 0.88, 0.9, 0.92)
    labels = [f"≤ {WORST:g}", *(f"{tick:.2f}" for tick in ticks[1:])]
    functions = (
        lambda accuracy: -np.log1p(-np.minimum(accuracy, 0.999)),  # an axis that is new goes from 0 to 1
        lambda logarithm: -np.expm1(-logarithm),
    )
    getattr(axes, f"set_{which}scale")("function", functions=functions)
    axes.set(**{f"{which}lim": (WORST - 0.003, BEST)})
    getattr(axes, f"set_{which}ticks")(ticks, labels)


def moving_title(axes: Axes, lines: int) -> Text:
    axes.set_title("\n".join(" " * lines), size=10)  # keeps the place of what moves
    text = axes.text(0.5, 1.01, "", transform=axes.transAxes, ha="center", va="bottom", size=10)
    text.set_in_layout(False)
    return text
