"""The puzzle of sizes: a kernel moves along an axis, and comes out at its end, or leaves something over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from course_lib.convolution import axis_of
from course_lib.widgets import style
from course_lib.widgets.explorer import Explorer
from course_lib.widgets.own import Own
from course_lib.widgets.stage import Still
from course_lib.wording import counted

LARGEST, MOST_PADDING, LARGEST_KERNEL, LARGEST_STRIDE = 28, 4, 9, 5
NUMBERED, NUMBERED_TALL = 18, 13  # cells, at most, that have room for numbers
BLUE, GREEN = style.COLORS[0], style.COLORS[2]
CELL = {"facecolor": "0.85", "edgecolor": "0.35", "linewidth": 1}
PADDING = {"facecolor": "white", "edgecolor": "0.35", "linewidth": 1, "linestyle": "--"}
LEFT_OVER = {"facecolor": "none", "edgecolor": style.COLORS[1], "hatch": "////", "linewidth": 2}
WINDOW = {"facecolor": BLUE, "edgecolor": "white", "linewidth": 1}
PLACE = {"facecolor": GREEN, "edgecolor": "white", "linewidth": 1}
WANTED = {"facecolor": "none", "edgecolor": "black", "linewidth": 1.5, "linestyle": ":"}
NAMED = {"style": {"description_width": "initial"}}  # as wide as the description


@dataclass(frozen=True)
class Puzzle:
    """What is given, and how many places are wanted, with nothing left over."""

    given: dict[str, int]
    wanted: int

    def __str__(self):
        given = [f"{name} {value}" for name, value in self.given.items() if name != "size"]
        return ", ".join([f"{self.given['size']} → {self.wanted}", *given])


PUZZLES = (
    Puzzle({"size": 8, "kernel": 3}, 8),
    Puzzle({"size": 9, "kernel": 5}, 9),
    Puzzle({"size": 8, "stride": 2}, 4),
    Puzzle({"size": 10, "kernel": 4}, 3),
    Puzzle({"size": 28, "kernel": 5}, 10),
    Puzzle({"size": 7, "padding": 0}, 1),
)


def places(size: int, kernel: int, stride: int, padding: int) -> int:
    """How many places a kernel has where nothing is left over."""
    return (size + 2 * padding - kernel) // stride + 1


PLACES = Own("output_size", places)


class SizePuzzle(Explorer):
    """Find out which sizes, kernels, strides and paddings go together, and why others do not.

    Args:
        state: the text of a state to begin with; None for a kernel of 3 on 8 numbers, with a stride of 2.
    """

    name = "size-puzzle"
    title = "The puzzle of sizes"
    picture = (
        "An axis as a row of numbered cells, with the padding at both ends; below it the places of the kernel, each a "
        "stride farther; and below these a cell for each place, with those that the puzzle wants. What is left over at "
        "the end is hatched."
    )
    size = (10.0, 4.4)
    tall = 5.2
    follows: ClassVar[dict[str, str]] = dict.fromkeys(("size", "kernel", "stride", "padding"), "puzzle")
    presets: ClassVar[dict[str, str]] = {
        "a stride that comes out": "size-puzzle?size=7",
        "a stride as long as all steps": "size-puzzle?stride=5",
        "padding that keeps the size": "size-puzzle?stride=1&padding=1",
        "more padding, and still 1 left over": "size-puzzle?padding=2",
        "steps longer than the kernel": "size-puzzle?size=17&kernel=2&stride=5",
        "a kernel that is too long": "size-puzzle?size=5&kernel=7",
        "as much padding as a kernel of 9 needs": "size-puzzle?size=28&kernel=9&stride=1&padding=4",
    }

    def __init__(self, state: str | None = None):
        super().__init__()
        if state is not None:
            self.state = state

    def controls(self):
        def count(value, low, high, description):
            return ipywidgets.IntSlider(value, min=low, max=high, description=description, **NAMED)

        puzzles = [("none", 0), *((str(puzzle), place) for place, puzzle in enumerate(PUZZLES, 1))]
        return {
            "puzzle": ipywidgets.Dropdown(options=puzzles, value=0, description="puzzle", **NAMED),
            "size": count(8, 1, LARGEST, "size"),
            "kernel": count(3, 1, LARGEST_KERNEL, "kernel"),
            "stride": count(2, 1, LARGEST_STRIDE, "stride"),
            "padding": count(0, 0, MOST_PADDING, "padding at each end"),
        }

    def adjust(self, name):
        if name == "puzzle" and self["puzzle"]:
            for given, value in self._puzzle().given.items():
                self[given] = value

    def _puzzle(self) -> Puzzle:
        return PUZZLES[self["puzzle"] - 1]

    # --- the numbers

    def _setting(self) -> dict[str, int]:
        return {name: self[name] for name in ("size", "kernel", "stride", "padding")}

    def _length(self) -> int:
        """Of the axis with its padding."""
        return self["size"] + 2 * self["padding"]

    def _fits(self) -> bool:
        return self["kernel"] <= self._length()

    def _starts(self) -> np.ndarray:
        """Where each place of the kernel begins."""
        if not self._fits():
            return np.array([], int)
        many = axis_of(self["size"], self["kernel"], self["stride"], self["padding"]).outputs
        return self["stride"] * np.arange(many)

    def _left_over(self) -> int:
        """How many numbers are behind the last place; 0 where the kernel does not fit."""
        return (self._length() - self["kernel"]) % self["stride"] if self._fits() else 0

    def _is_solved(self) -> bool:
        puzzle = self._puzzle()
        is_given = all(self[name] == value for name, value in puzzle.given.items())
        return is_given and len(self._starts()) == puzzle.wanted and not self._left_over()

    # --- the picture

    def still(self, figure: Figure) -> Still:
        self._axes = figure.subplots()
        self._axes.set_axis_off()
        self._axes.set(ylim=(8.2, -0.3))
        looks = (CELL, PADDING, LEFT_OVER, WINDOW, PLACE, WANTED)
        self._cells, self._padding, self._rest, self._windows, self._places, self._wanted = (
            self._axes.add_collection(PolyCollection([], **look)) for look in looks
        )
        look = {"ha": "center", "va": "center_baseline", "size": 9}
        self._numbers = [self._axes.text(0, 0, "", **look) for _ in range(LARGEST)]
        self._ordinals = [self._axes.text(0, 0, "", weight="bold", **look) for _ in range(2 * NUMBERED)]
        self._axes.set_title(" ", size=10.5)  # keeps the place of what moves
        self._told = self._axes.text(0.5, 1.02, "", transform=self._axes.transAxes, ha="center", size=10.5)
        names = {
            "the axis": CELL, "padding": PADDING, "left over": LEFT_OVER, "the kernel": WINDOW, "its places": PLACE,
            "wanted": WANTED,
        }  # fmt: skip
        figure.legend(
            [Patch(**look) for look in names.values()], names.keys(), loc="outside lower center", fontsize=9,
            ncols=2 if self.is_tall else 6, handlelength=1.6, columnspacing=1.4,
        )  # fmt: skip
        collections = [self._cells, self._padding, self._windows, self._rest, self._places, self._wanted]
        for artist in [*collections, *self._numbers, *self._ordinals, self._told]:
            artist.set_in_layout(False)
        return Still([*collections, *self._numbers, *self._ordinals, self._told])

    def move(self) -> str:
        size, kernel, padding = self["size"], self["kernel"], self["padding"]
        length, starts = self._length(), self._starts()
        wanted = self._puzzle().wanted if self["puzzle"] else 0
        middle, across = length / 2, max(length, kernel, len(starts), wanted, 12)
        self._axes.set_xlim(middle - across / 2 - 0.3, middle + across / 2 + 0.3)
        cells = np.arange(length)
        is_inside = (cells >= padding) & (cells < padding + size)
        self._cells.set_verts(rectangles(cells[is_inside], 0))
        self._padding.set_verts(rectangles(cells[~is_inside], 0))
        rest = self._left_over()
        self._rest.set_verts(rectangles(np.array([length - rest] * (rest > 0)), 0, rest))
        step = min(0.9, 4.4 / max(len(starts), 1))
        tops = 1.4 + step * np.arange(len(starts))
        shown, at = (starts, tops) if self._fits() else (np.array([0]), 1.4)
        self._windows.set_verts(rectangles(shown, at, kernel, step))
        self._windows.set_hatch(None if self._fits() else "xx")
        first = middle - len(starts) / 2
        self._places.set_verts(rectangles(first + np.arange(len(starts)), 6.1))
        self._wanted.set_verts(rectangles(middle - wanted / 2 + np.arange(wanted), 7.2, 1, 0.9))

        for text in (*self._numbers, *self._ordinals):
            text.set_text("")
        if across <= (NUMBERED_TALL if self.is_tall else NUMBERED):
            for index, text in zip(range(size), self._numbers, strict=False):
                text.set(position=(padding + index + 0.5, 0.5), text=str(index + 1))
            for index, (start, top) in enumerate(zip(starts, tops, strict=True)):
                window, place = self._ordinals[2 * index : 2 * index + 2]
                if step > 0.45:
                    window.set(position=(start + kernel / 2, top + step / 2), text=str(index + 1), color="white")
                place.set(position=(first + index + 0.5, 6.6), text=str(index + 1))
        self._told.set_text(self._short())
        return " ".join([self._subject(), self._why(), self._keras(), *([self._verdict()] if self["puzzle"] else [])])

    # --- the words

    def _steps(self) -> str:
        return f"({self['size']} + 2 · {self['padding']} − {self['kernel']}) / {self['stride']}"

    def _short(self) -> str:
        if not self._fits():
            return f"the kernel does not fit on {self._length()}"
        if rest := self._left_over():
            return f"{self._steps()} leaves {rest} over"
        return f"{self._steps()} + 1 = {len(self._starts())}"

    def _subject(self) -> str:
        padding = f"{self['padding']} of padding at each end" if self["padding"] else "no padding"
        return f"{counted(self['size'], 'number')}, {padding}, a kernel of {self['kernel']}, stride {self['stride']}:"

    def _why(self) -> str:
        if not self._fits():
            return f"the kernel is longer than the {self._length()} that there are, so it has no place."
        way = self._length() - self["kernel"]
        strides = [str(stride) for stride in range(1, LARGEST_STRIDE + 1) if way % stride == 0]
        if rest := self._left_over():
            return (
                f"{self._steps()} leaves {rest} over, so {self._last(rest)} never seen, and the stride is illegal "
                f"where everything has to come out. On a way of {way} these strides come out: {', '.join(strides)}."
            )
        mine = " by your output_size" if self._asks_yours() else ""
        many = len(self._starts())
        return f"{self._steps()} = {many - 1}, and 1 more for the first place: {counted(many, 'place')}{mine}."

    def _last(self, rest: int) -> str:
        """What is left over at the end, with its verb: numbers of the axis, zeros of its padding, or both."""
        zeros = min(rest, self["padding"])
        if rest == 1:
            return "the last zero of the padding is" if zeros else "the last number is"
        parts = [counted(rest - zeros, "number")] * (zeros < rest) + [f"{counted(zeros, 'zero')} of the padding"] * (
            zeros > 0
        )
        return f"the last {' and '.join(parts)} are"

    def _asks_yours(self) -> bool:
        PLACES(*self._setting().values())
        return PLACES.is_yours

    def _keras(self) -> str:
        same = axis_of(self["size"], self["kernel"], self["stride"], "same")
        valid = "no place"
        if self["kernel"] <= self["size"]:
            valid = counted(axis_of(self["size"], self["kernel"], self["stride"]).outputs, "place")
        return (
            f'Keras, without padding ("valid"): {valid}; with "same", which puts {same.before} in front and '
            f"{same.after} behind: {same.outputs}."
        )

    def _verdict(self) -> str:
        puzzle = self._puzzle()
        if self._is_solved():
            return f"The puzzle ({puzzle}) is solved."
        changed = [f"the {name} has to be {value}" for name, value in puzzle.given.items() if self[name] != value]
        missing = changed
        if not changed and (many := len(self._starts())) != puzzle.wanted:
            missing = [f"{counted(puzzle.wanted, 'place')} {be(puzzle.wanted)} wanted, and there {be(many)} {many}"]
        if not changed and self._left_over():
            missing.append("nothing may be left over")
        return f"The puzzle ({puzzle}, nothing left over) is not solved yet: {'; '.join(missing)}."


def rectangles(left: np.ndarray, top: np.ndarray | float, width: float = 1, height: float = 1) -> np.ndarray:
    """The corners of rectangles, (count, 4, 2)."""
    left, top = np.broadcast_arrays(np.asarray(left, float), top)
    corners = [(0, 0), (width, 0), (width, height), (0, height)]
    return np.stack([np.stack([left + x, top + y], axis=-1) for x, y in corners], axis=1).reshape(-1, 4, 2)


def be(many: int) -> str:
    return "is" if many == 1 else "are"
