"""The all-reduce explorer: ranks that sum their arrays, step by step, and what that costs."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Patch, Rectangle

from course_lib.widgets import style
from course_lib.widgets.all_reduce_run import (
    FIRST,
    MOST_RANKS,
    NAMES,
    PAST,
    RING,
    SOURCE,
    STEP,
    TO,
    TRACES,
    ends,
    held_after,
)
from course_lib.widgets.explorer import Explorer, number
from course_lib.widgets.size_puzzle import rectangles
from course_lib.widgets.stage import Still
from course_lib.wording import counted

MOST_NUMBERS, MOST_LATENCY = 16, 16
BYTES = 8  # of a number
# The ranks lie on an ellipse with these half axes, and each has a table so wide and so high.
ACROSS, DOWN = 1.9, 1.4
WIDTH, HEIGHT = 1.0, 0.56
NAME = 0.2  # the height of a rank's name, above its table
BLUE, ORANGE, GREEN, LIGHT = style.COLORS[0], style.COLORS[1], style.COLORS[2], style.COLORS[4]
TABLE = {"facecolor": "white", "edgecolor": "0.6", "linewidth": 1}
OWN = {"facecolor": LIGHT, "edgecolor": "white", "linewidth": 0.6}
PART = {"facecolor": BLUE, "edgecolor": "white", "linewidth": 0.6}
WHOLE = {"facecolor": GREEN, "edgecolor": "white", "linewidth": 0.6}
RECEIVED = {"facecolor": "none", "edgecolor": ORANGE, "linewidth": 2}
EARLIER = {"color": BLUE, "linewidth": 1.4}
NOW = {"color": ORANGE, "linewidth": 2.8}
LATER = {"color": "0.6", "linewidth": 1, "linestyle": ":"}
SHORT = {"ring": "ring", "tree": "tree", "star": "all to 0"}
NAMED = {"style": {"description_width": "initial"}}  # as wide as the description


class AllReduceExplorer(Explorer):
    """Watch ranks sum their arrays, message by message, and see what each way of doing it costs.

    Args:
        state: the text of a state to begin with; None for a ring of 4 ranks with 8 numbers each, after 3 steps.
    """

    name = "all-reduce-explorer"
    title = "The all-reduce explorer"
    picture = (
        "Ranks on a ring, each with a table: a column for each number that it has, a row for each rank, and a cell is "
        "filled where that rank's number is in the sum. Arrows are the messages of the step. Beside it all messages "
        "in time, how much each rank has sent, and how long each algorithm takes."
    )
    size = (10.0, 5.2)
    tall = 8.0
    stands_on = ("ranks",)
    presets: ClassVar[dict[str, str]] = {
        "a ring, once around: each rank has one chunk whole": "all-reduce-explorer",
        "a ring, twice around: all is whole": "all-reduce-explorer?steps_shown=6",
        "a tree: the sum is at rank 0": "all-reduce-explorer?algorithm=tree&ranks=8",
        "all to rank 0: the others wait": "all-reduce-explorer?algorithm=star&ranks=8&steps_shown=4",
        "chunks that are not equally long": "all-reduce-explorer?ranks=5&steps_shown=4",
        "fewer numbers than ranks": "all-reduce-explorer?ranks=8&numbers=3&steps_shown=7",
        "short arrays: the tree is faster": "all-reduce-explorer?ranks=8&numbers=4&latency=8&steps_shown=14",
        "long arrays: the ring is faster": "all-reduce-explorer?ranks=8&numbers=16&steps_shown=14",
    }

    def __init__(self, state: str | None = None):
        super().__init__()
        if state is not None:
            self.state = state

    def controls(self):
        def count(value, low, high, description):
            return ipywidgets.IntSlider(value, min=low, max=high, description=description, **NAMED)

        algorithms = [(long, name) for name, long in NAMES.items()]
        return {
            "algorithm": ipywidgets.Dropdown(options=algorithms, value="ring", description="algorithm", **NAMED),
            "ranks": count(4, 2, MOST_RANKS, "ranks"),
            "numbers": count(8, 1, MOST_NUMBERS, "numbers each"),
            "latency": count(2, 0, MOST_LATENCY, "latency, in numbers"),
            "steps_shown": count(3, 0, 6, "steps shown"),
        }

    def adjust(self, name):
        if name in ("algorithm", "ranks"):
            self._controls["steps_shown"].max = int(self._trace()[:, STEP].max())

    # --- the numbers

    def _trace(self, algorithm: str = "") -> np.ndarray:
        return TRACES[algorithm or self["algorithm"]](self["ranks"], self["numbers"])

    def _takes(self) -> dict[str, float]:
        """How long each algorithm takes in all; a number takes 1."""
        return {name: ends(self._trace(name), self["latency"])[-1] for name in TRACES}

    # --- the picture

    def still(self, figure: Figure) -> Still:
        size = self["ranks"]
        rows, shape = ("ring", "ring"), {"width_ratios": [3, 1.9], "height_ratios": [3.1, 2.3, 0.9]}
        where = [[*rows], ["timeline", "sent"], ["times", "times"]]
        if not self.is_tall:
            where = [["ring", "timeline", "sent"], ["ring", "times", "times"]]
            shape = {"width_ratios": [5.2, 3.2, 1.3], "height_ratios": [3, 1]}
        places = figure.subplot_mosaic(where, **shape)
        self._ring, timeline, sent, times = (places[name] for name in ("ring", "timeline", "sent", "times"))
        self._draw_tables(self._ring)
        self._cells = [self._ring.add_collection(PolyCollection([], **look)) for look in (OWN, PART, WHOLE)]
        self._received = self._ring.add_collection(PolyCollection([], **RECEIVED))
        self._arrows = [
            self._ring.add_patch(
                FancyArrowPatch((0, 0), (1, 1), arrowstyle="-|>", mutation_scale=13, color=ORANGE, shrinkA=1, shrinkB=1)
            )
            for _ in range(size)
        ]
        titles = [self._titled(axes) for axes in (self._ring, timeline, sent)]
        self._title, self._timeline_title, self._sent_title = titles

        timeline.set(xlim=(0, 1), xticks=[], ylim=(size - 0.5, -0.5))
        timeline.set_yticks(range(size), [f"rank {rank}" for rank in range(size)])
        timeline.set_xlabel("time", labelpad=18)
        self._messages = [timeline.add_collection(LineCollection([], **look)) for look in (LATER, EARLIER, NOW)]
        [self._arrivals] = timeline.plot([], [], "o", color=BLUE, markersize=4, clip_on=False)
        [self._clock] = timeline.plot([], [], "-", color="black", linewidth=1)
        # Ticks would have to be drawn anew for each time.
        self._clock_told = timeline.text(
            0, -0.03, "", transform=timeline.get_xaxis_transform(), ha="center", va="top", size=9
        )
        sent.set(
            xlim=(0, size - 1), xticks=range(0, size, 1 if size < 6 else 2), ylim=(size - 0.5, -0.5),
            xlabel="arrays sent",
        )  # fmt: skip
        sent.set_yticks(range(size), [""] * size)
        sent.axvline(2 * (size - 1) / size, color="black", linewidth=1, linestyle=":")
        self._sent = sent.barh(range(size), 0, 0.6, color=BLUE)
        times.set(
            xlim=(0, 1.2), xticks=[], ylim=(2.5, -0.5), yticks=range(3), xlabel="time until all have the sum",
            yticklabels=[SHORT[name] for name in TRACES],
        )  # fmt: skip
        times.grid(False)
        self._takes_bars = times.barh(range(3), 0, 0.62, facecolor="0.88", edgecolor="0.5")
        self._takes_told = [times.text(0, place, "", va="center_baseline", size=9) for place in range(3)]
        [self._so_far] = times.barh([0], 0, 0.62, color=BLUE)

        looks = {
            "its own number": Patch(**OWN), "part of the sum": Patch(**PART), "whole sum": Patch(**WHOLE),
            "just received": Patch(**RECEIVED), "sent in this step": Line2D([], [], **NOW),
            "earlier": Line2D([], [], **EARLIER), "to come": Line2D([], [], **LATER),
            "a ring's share": Line2D([], [], color="black", linewidth=1, linestyle=":"),
        }  # fmt: skip
        figure.legend(
            looks.values(), looks.keys(), loc="outside lower center", fontsize=8.5,
            ncols=2 if self.is_tall else 4, handlelength=1.4, columnspacing=1.1, handletextpad=0.5,
        )  # fmt: skip
        moving = [
            *self._cells, self._received, *self._arrows, *self._messages, self._arrivals, self._clock,
            self._clock_told, *self._sent, *self._takes_bars, *self._takes_told, self._so_far, *titles,
        ]  # fmt: skip
        for artist in moving:
            artist.set_in_layout(False)
        return Still(moving)

    def _draw_tables(self, axes: Axes) -> None:
        """Draw the ranks' empty tables."""
        size = self["ranks"]
        angles = np.pi / 2 - 2 * np.pi * np.arange(size) / size
        self._centers = np.stack([ACROSS * np.cos(angles), DOWN * np.sin(angles)], axis=-1)
        axes.set_axis_off()
        axes.set(
            xlim=(-ACROSS - WIDTH / 2 - 0.05, ACROSS + WIDTH / 2 + 0.05), aspect="equal",
            ylim=(-DOWN - HEIGHT / 2 - 0.05, DOWN + HEIGHT / 2 + NAME + 0.05),
        )  # fmt: skip
        self._boxes = []  # of the tables with their names, at which arrows end
        for rank, (x, y) in enumerate(self._centers):
            left, bottom = x - WIDTH / 2, y - HEIGHT / 2
            axes.add_patch(Rectangle((left, bottom), WIDTH, HEIGHT, **TABLE))
            box = Rectangle((left, bottom), WIDTH, HEIGHT + NAME, facecolor="none", edgecolor="none")
            self._boxes.append(axes.add_patch(box))
            axes.text(x, y + HEIGHT / 2 + NAME / 4, f"rank {rank}", ha="center", size=8.5)

    def _titled(self, axes: Axes):
        axes.set_title(" \n " if self.is_tall and axes is self._ring else " ", size=10)  # keeps the place of what moves
        return axes.text(0.5, 1.02, "", transform=axes.transAxes, ha="center", va="bottom", size=10)

    def move(self) -> str:
        steps, shown = self._trace(), self["steps_shown"]
        until = ends(steps, self["latency"])
        held = held_after(steps, self["ranks"], self["numbers"])[shown]
        now = steps[steps[:, STEP] == shown]
        self._fill(held, now)
        self._point(now)
        self._draw_times(steps, shown, until)
        sizes = steps[:, PAST] - steps[:, FIRST]
        sent = np.array([[sizes[(steps[:, SOURCE] == rank) & (steps[:, STEP] <= last)].sum()
                          for rank in range(self["ranks"])] for last in (shown, len(until) - 1)])  # fmt: skip
        for bar, each in zip(self._sent, sent[0] / self["numbers"], strict=True):
            bar.set_width(each)
        name = ("your " if self._is_yours() else "") + NAMES[self["algorithm"]]
        where = self._where(shown, len(until) - 1)
        self._title.set_text(f"{name},\n{where}" if self.is_tall else f"{name}, {where}")
        self._timeline_title.set_text("messages")
        self._sent_title.set_text(f"most: {number(sent[0].max() / self['numbers'])}")
        return self._told(name, held, now, until, sent)

    def _is_yours(self) -> bool:
        return self["algorithm"] == "ring" and RING.is_yours

    @staticmethod
    def _where(shown: int, many: int) -> str:
        return f"after step {shown} of {many}" if shown else f"before the first of {many} steps"

    def _fill(self, held: np.ndarray, now: np.ndarray) -> None:
        """Fill the cells of what is summed where, and frame what this step has brought."""
        size, length = held.shape
        bits = held[:, None, :] >> np.arange(size)[None, :, None] & 1  # (rank, whose, number)
        alone, whole = bits.sum(axis=1) == 1, held == 2**size - 1
        lefts = self._centers[:, 0] - WIDTH / 2
        tops = self._centers[:, 1] + HEIGHT / 2
        for collection, of in zip(self._cells, (alone, ~alone & ~whole, whole), strict=True):
            rank, whose, place = np.nonzero(bits & of[:, None, :])
            left = lefts[rank] + WIDTH / length * place
            top = tops[rank] - HEIGHT / size * (whose + 1)
            collection.set_verts(rectangles(left, top, WIDTH / length, HEIGHT / size))
        full = now[now[:, PAST] > now[:, FIRST]]
        left = lefts[full[:, TO]] + WIDTH / length * full[:, FIRST]
        wide = WIDTH / length * (full[:, PAST] - full[:, FIRST])
        self._received.set_verts(rectangles(left, tops[full[:, TO]] - HEIGHT, wide, HEIGHT))

    def _point(self, now: np.ndarray) -> None:
        """Draw an arrow for each message of the step, the thicker the longer it is."""
        for arrow in self._arrows:
            arrow.set_visible(False)
        for arrow, (_, source, to, first, past, _) in zip(self._arrows, now, strict=False):
            (x, y), (other_x, other_y) = begin, end = self._centers[[source, to]]
            # Bent inwards, where no other rank's table is.
            bend = 0.15 if x * other_y <= y * other_x + 1e-9 else -0.15
            arrow.set_positions(begin, end)
            arrow.set_connectionstyle("arc3", rad=bend)
            arrow.set_patchA(self._boxes[source])
            arrow.set_patchB(self._boxes[to])
            arrow.set_linewidth(1 + 2.5 * (past - first) / self["numbers"])
            arrow.set_visible(True)

    def _draw_times(self, steps: np.ndarray, shown: int, until: np.ndarray) -> None:
        step, takes = steps[:, STEP], self._takes()
        begin = until[step - 1] / until[-1]
        end = begin + (self["latency"] + steps[:, PAST] - steps[:, FIRST]) / until[-1]
        lines = np.stack([np.stack([begin, steps[:, SOURCE]], -1), np.stack([end, steps[:, TO]], -1)], axis=1)
        for collection, of in zip(self._messages, (step > shown, step < shown, step == shown), strict=True):
            collection.set_segments(lines[of])
        self._arrivals.set_data(end[step <= shown], steps[step <= shown, TO])
        clock = until[shown] / until[-1]
        self._clock.set_data([clock, clock], [-0.5, self["ranks"] - 0.5])
        # At an end it is kept from what is beside the axes.
        side = "left" if clock < 0.1 else "right" if clock > 0.9 else "center"
        self._clock_told.set(text=number(until[shown]), x=clock, horizontalalignment=side)
        longest = max(takes.values())
        for bar, text, taken in zip(self._takes_bars, self._takes_told, takes.values(), strict=True):
            bar.set_width(taken / longest)
            text.set(text=f" {number(taken)}", x=taken / longest)
        self._so_far.set(width=until[shown] / longest, y=list(takes).index(self["algorithm"]) - 0.31)

    # --- the words

    def _told(self, name: str, held: np.ndarray, now: np.ndarray, until: np.ndarray, sent: np.ndarray) -> str:
        """What is to be seen; `sent` are the numbers that each rank has sent, now and in the end."""
        size, length = held.shape
        shown, many = self["steps_shown"], len(until) - 1
        what = ""
        if shown:
            sizes = now[:, PAST] - now[:, FIRST]
            of = counted(int(sizes.max()), "number")
            of = of if sizes.min() == sizes.max() else f"{sizes.min()} to {of}"
            what = f", in which {counted(len(now), 'message')} of {of} {'was' if len(now) == 1 else 'were'} sent"
        each = f"{counted(length, 'number')} ({length * BYTES} bytes)"
        most, whole = sent.max(axis=1), np.count_nonzero(held == 2**size - 1)
        takes = self._takes()
        others = [f"{NAMES[other]} {number(taken)}" for other, taken in takes.items() if other != self["algorithm"]]
        return (
            f"{name[0].upper()}{name[1:]}, {size} ranks with {each} each, {self._where(shown, many)}{what}: "
            f"{whole} of {size * length} sums are whole. The busiest rank has sent {most[0] * BYTES} bytes, "
            f"{number(most[0] / length)} times its array, and in the end {most[1] * BYTES} bytes, "
            f"{number(most[1] / length)} times. With a latency of {self['latency']}, {number(until[shown])} of "
            f"{number(until[-1])} units of time have passed; the others take: {', '.join(others)}."
        )
