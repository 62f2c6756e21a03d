"""The optimizer race: several optimizers, one surface, one start that the reader drags."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from course_lib import optimizers
from course_lib.checking.isolation import Failure
from course_lib.library import serving
from course_lib.surfaces import BOWL, SURFACES, Surface, descend
from course_lib.widgets import style
from course_lib.widgets.explorer import Explorer, group, row
from course_lib.widgets.own import run_own
from course_lib.widgets.stage import Still

STEPS = 300
START = BOWL
# Losses below this are drawn on the bottom edge: nobody trains that far.
FLOOR = 1e-8
GRAY = "#7f7f7f"


NAMED = {"style": {"description_width": "initial"}}  # as wide as the description


def coordinate(description, value, limits):
    low, high = limits
    return ipywidgets.BoundedFloatText(
        value, min=low, max=high, step=0.01, description=description, layout={"width": "150px"}, **NAMED
    )


def powers(description, value, lowest, highest, digits):
    """A slider over 10^lowest to 10^highest that stops at readable numbers: each power of ten times `digits`."""
    numbers = [float(f"{digit}e{power}") for power in range(lowest, highest) for digit in digits]
    return ipywidgets.SelectionSlider(
        options=[(f"{number:g}", number) for number in [*numbers, 10.0**highest]],
        value=value,
        description=description,
        layout={"width": "270px"},
        **NAMED,
    )


def rate(value):
    digits = (1, 1.25, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9)
    return powers("learning_rate", value, -4, 1, digits)


def epsilon():
    return powers("epsilon", 1e-7, -8, 0, (1, 3))


def share(description, value, highest=0.999, step=0.001):
    return ipywidgets.FloatSlider(
        value,
        min=0,
        max=highest,
        step=step,
        description=description,
        readout_format=".3f",
        layout={"width": "270px"},
        **NAMED,
    )


def switch(description, value=False):
    return ipywidgets.Checkbox(value, description=description, indent=False, layout={"width": "auto"})


# For each optimizer its class, the arguments that stay, and the sliders of the others.
RACERS = {
    "SGD": (optimizers.SGD, {}, lambda: [rate(0.035)]),
    "Momentum": (optimizers.SGD, {}, lambda: [rate(0.01), share("momentum", 0.9)]),
    "Nesterov": (optimizers.SGD, {"nesterov": True}, lambda: [rate(0.01), share("momentum", 0.9)]),
    "Adagrad": (
        optimizers.Adagrad,
        {},
        lambda: [rate(0.3), share("initial_accumulator_value", 0.1, highest=1, step=0.01), epsilon()],
    ),
    "Adadelta": (optimizers.Adadelta, {}, lambda: [rate(1.0), share("rho", 0.95), epsilon()]),
    "RMSprop": (
        optimizers.RMSprop,
        {},
        lambda: [rate(0.05), share("rho", 0.9), share("momentum", 0.0), epsilon(), switch("centered")],
    ),
    "Adam": (
        optimizers.Adam,
        {},
        lambda: [rate(0.1), share("beta_1", 0.9), share("beta_2", 0.999), epsilon(), switch("epsilon_hat")],
    ),
    "AdamW": (
        optimizers.AdamW,
        {},
        lambda: [
            rate(0.1),
            share("weight_decay", 0.1, highest=1),
            share("beta_1", 0.9),
            share("beta_2", 0.999),
            epsilon(),
        ],
    ),
}
# The exercises in which a reader writes them.
EXERCISES = {"SGD": "GradientDescent", "Adadelta": "RepairedAdadelta"}
OWN_LIMIT = 2.0  # seconds for a race of a reader's own optimizer; the course's takes a hundredth of that
RACING_AT_FIRST = ("SGD", "Momentum", "Adam")
LOOKS = {
    name: {"color": (*style.COLORS, GRAY)[look], "linestyle": (*style.LINE_STYLES, (0, (3, 1, 1, 1)))[look]}
    for name, look in zip(RACERS, (0, 1, 5, 3, 7, 4, 2, 6), strict=True)
}


class OptimizerRace(Explorer):
    """Race optimizers over a surface, from a start that is dragged on the map.

    Args:
        state: the text of a state to begin with; None for the ill-conditioned bowl with SGD, Momentum and Adam.
    """

    name = "optimizer-race"
    title = "The optimizer race"
    picture = (
        "On the left a contour map of the loss over two weights, with the path of each optimizer from a common start, "
        "and a star at each minimum; on the right the loss of each against the step."
    )
    size = (10.0, 4.6)
    tall = 6.2
    stands_on = ("surface",)
    follows: ClassVar[dict[str, str]] = {"start_x": "surface", "start_y": "surface"}
    presets: ClassVar[dict[str, str]] = {
        "too large a rate": "optimizer-race?SGD.learning_rate=0.045&Momentum=no&Adam=no",
        "momentum along a valley": "optimizer-race?SGD.learning_rate=0.01&Nesterov=yes&Adam=no",
        "a flat and bent valley": "optimizer-race?surface=Rosenbrock&SGD.learning_rate=0.001&"
        "Momentum.learning_rate=0.001",
        "who leaves the saddle first?": "optimizer-race?surface=saddle&SGD.learning_rate=0.1&"
        "Momentum.learning_rate=0.1&RMSprop=yes",
        "a wall": "optimizer-race?surface=Beale&start_x=4&start_y=2&SGD.learning_rate=0.001&Adagrad=yes&RMSprop=yes",
        "four ends": "optimizer-race?surface=Himmelblau&start_x=-0.2&start_y=0.7&SGD.learning_rate=0.01",
        "the noise of small batches": "optimizer-race?noise=5&SGD.learning_rate=0.01",
    }

    def __init__(self, state: str | None = None):
        super().__init__()
        if state is not None:
            self.state = state

    def controls(self):
        controls = {
            "surface": ipywidgets.Dropdown(
                options=[surface.name for surface in SURFACES], value=START.name, description="surface", **NAMED
            ),
            "start_x": coordinate("start x", START.start[0], START.x_limits),
            "start_y": coordinate("start y", START.start[1], START.y_limits),
            "noise": ipywidgets.FloatSlider(0.0, min=0, max=20, step=0.1, description="gradient noise", **NAMED),
            "seed": ipywidgets.BoundedIntText(
                0, min=0, max=9999, description="noise seed", layout={"width": "150px"}, **NAMED
            ),
            "steps_shown": ipywidgets.IntSlider(STEPS, min=0, max=STEPS, description="steps shown", **NAMED),
        }
        for name, (_, _, sliders) in RACERS.items():
            controls[name] = switch(name, name in RACING_AT_FIRST)
            controls |= {f"{name}.{slider.description}": slider for slider in sliders()}
        return controls

    def layout(self, controls):
        self._panels = {}
        for name in RACERS:
            sliders = [control for key, control in controls.items() if key.startswith(f"{name}.")]
            for slider in sliders:
                slider.tooltip = f"{name} {slider.description}"
            heading = ipywidgets.HTML(
                f'<b class="descent-line" style="--descent-line: {LOOKS[name]["color"]}">{name}</b>'
            )
            self._panels[name] = ipywidgets.VBox([heading, *sliders])
        self._show_panels(controls)
        start = [controls[name] for name in ("surface", "start_x", "start_y", "noise", "seed")]
        racers = [controls[name] for name in RACERS]
        panels = group("Hyperparameters", *self._panels.values(), align="flex-start")
        return ipywidgets.VBox([row(*start), group("Optimizers", *racers), panels])

    def _show_panels(self, controls):
        for name, panel in self._panels.items():
            panel.layout.display = "" if controls[name].value else "none"

    def adjust(self, name):
        if name in RACERS:
            self._show_panels(self._controls)
        if name == "surface":
            surface = self._surface()
            for axis, limits, value in zip("xy", (surface.x_limits, surface.y_limits), surface.start, strict=True):
                coordinate = self._controls[f"start_{axis}"]
                with coordinate.hold_trait_notifications():  # else the new value meets the old limits
                    coordinate.min, coordinate.max, coordinate.value = *limits, value

    def on_pointer(self, kind, axes, x, y):
        self._start_at(x, y)

    def on_key(self, axes, key):
        across, up = {"ArrowLeft": (-1, 0), "ArrowRight": (1, 0), "ArrowUp": (0, 1), "ArrowDown": (0, -1)}.get(
            key, (0, 0)
        )
        surface = self._surface()
        self._start_at(
            self["start_x"] + across * np.ptp(surface.x_limits) / 50,
            self["start_y"] + up * np.ptp(surface.y_limits) / 50,
        )

    def _start_at(self, x, y):
        with self.held():
            self["start_x"], self["start_y"] = round(x, 3), round(y, 3)

    def _surface(self) -> Surface:
        return next(surface for surface in SURFACES if surface.name == self["surface"])

    # --- the picture

    def still(self, figure: Figure) -> Still:
        surface = self._surface()
        if self.is_tall:
            places = figure.subplot_mosaic([["map"], ["losses"], ["names"]], height_ratios=[2.6, 2, 2])
        else:
            places = figure.subplot_mosaic(
                [["map", "losses"], ["map", "names"]], width_ratios=[1.15, 1], height_ratios=[3, 1]
            )
        self._draw_map(places["map"], surface)
        self._draw_loss_axes(places["losses"], surface)
        names = places["names"]
        names.set(xlim=(0, 1 if self.is_tall else 2), ylim=(0.5 - self._lines(), 0.5))
        names.set_axis_off()

        self._artists = {}
        for name, look in LOOKS.items():
            self._artists[name] = {
                "path": places["map"].plot([], [], linewidth=1.6, marker=".", markersize=3.5, **look)[0],
                "head": places["map"].plot([], [], "o", color=look["color"], markeredgecolor="white", markersize=8)[0],
                "curve": places["losses"].plot([], [], linewidth=1.8, **look)[0],
                "sample": names.add_line(Line2D([], [], **look)),
                "name": names.text(0, 0, "", verticalalignment="center", fontsize=10 if self.is_tall else 9),
            }
        [self._start_mark] = places["map"].plot(
            [], [], "o", markersize=12, markerfacecolor="none", markeredgecolor="black", markeredgewidth=2
        )
        moving = [artist for artists in self._artists.values() for artist in artists.values()]
        label = "Map of the surface: drag to move the start, or use the arrow keys."
        return Still([*moving, self._start_mark], zones={places["map"]: label})

    def _lines(self) -> int:
        """How many names stand one under the other."""
        return len(RACERS) if self.is_tall else len(RACERS) // 2

    def _draw_map(self, axes: Axes, surface: Surface) -> None:
        x, y = np.meshgrid(np.linspace(*surface.x_limits, 240), np.linspace(*surface.y_limits, 240))
        height = surface.value(x, y)
        if surface.minima:
            height = np.log(0.1 + height)  # so that there are lines on the floor of a valley, too
        axes.contourf(x, y, height, levels=24, cmap=style.COLOR_MAP, alpha=0.35)
        axes.contour(x, y, height, levels=24, colors="black", linewidths=0.4, linestyles="solid", alpha=0.35)
        for minimum in surface.minima:
            axes.plot(*minimum, "*", color="black", markersize=11, markeredgecolor="white")
        axes.grid(False)
        axes.set(title=f"{surface.name}:{chr(10) if self.is_tall else '  '}${surface.formula}$", xlabel="x", ylabel="y")
        axes.set(xlim=surface.x_limits, ylim=surface.y_limits)
        axes.title.set_size(10)

    def _draw_loss_axes(self, axes: Axes, surface: Surface) -> None:
        seen = surface.value(*np.meshgrid(np.linspace(*surface.x_limits, 9), np.linspace(*surface.y_limits, 9)))
        highest = 100 * 10 ** math.ceil(np.log10(seen.max()))  # with room for a run that diverges
        if surface.minima:
            axes.set(yscale="log", ylim=(FLOOR, highest))
            label = {"transform": axes.transAxes, "ha": "left", "va": "bottom", "fontsize": 8, "color": "0.4"}
            axes.text(0.01, 0.01, "on this edge: 10⁻⁸ or less", **label)
        else:
            axes.set_yscale("symlog", linthresh=1e-2)
            axes.set(ylim=(-1e4, highest), yticks=[-1e4, -1e2, -1, 0, 1, 1e2])
        axes.yaxis.set_major_formatter("{x:g}")  # small raised exponents are hard to read
        axes.set(xlim=(0, STEPS), xlabel="step", ylabel="loss")

    def move(self) -> str:
        surface, shown, start = self._surface(), self["steps_shown"], (self["start_x"], self["start_y"])
        self._start_mark.set_data([start[0]], [start[1]])
        results = {}
        for name in RACERS:
            artists, races = self._artists[name], self[name]
            for artist in artists.values():
                artist.set_visible(races)
            if not races:
                continue
            race = (self._arguments(name), surface, start, self["noise"], self["seed"])
            own = run_yours(name, yours_of(name), *race)
            path, losses = run(name, *race) if own is None else own
            shown_name = name if own is None else f"your {name}"
            path, losses = path[: shown + 1], losses[: shown + 1]
            finite = np.isfinite(losses)
            last = int(finite.sum()) - 1  # a run that has diverged stays where it was last seen
            artists["path"].set_data(path[finite].T)
            artists["head"].set_data(path[[last]].T)
            artists["head"].set_marker("o" if finite.all() else "X")
            bottom = FLOOR if surface.minima else -np.inf
            artists["curve"].set_data(np.arange(last + 1), np.maximum(losses[finite], bottom))
            column, line = divmod(len(results), self._lines())
            artists["sample"].set_data([column, column + 0.14], [-line, -line])
            artists["name"].set_position((column + 0.17, -line))
            if finite.all():
                results[shown_name] = (losses[last], path[last])
                artists["name"].set_text(f"{shown_name}  {losses[last]:.3g}")
            else:
                fell = not surface.minima and losses[last] < losses[0]
                results[shown_name] = f"{'fell out of sight' if fell else 'diverged'} at step {last + 1}"
                artists["name"].set_text(f"{shown_name}  {results[shown_name]}")
        return said(surface, start, shown, results)

    def _arguments(self, name: str) -> tuple:
        prefix = f"{name}."
        return tuple((key.removeprefix(prefix), self[key]) for key in self._controls if key.startswith(prefix))


# The race is run to its end whatever is shown of it; then playing, and moving one optimizer's slider, cost little.
@lru_cache(maxsize=64)
def run(name: str, arguments: tuple, surface: Surface, start: tuple, noise: float, seed: int):
    """The (path, losses) of `descend` for the optimizer `name` of RACERS with `arguments`, pairs of name and value."""
    optimizer, fixed, _ = RACERS[name]
    return descend(optimizer(**fixed, **dict(arguments)), surface, start, STEPS, noise, seed)


def yours_of(name: str) -> Callable | None:
    """The reader's own optimizer in the place of the one called `name`, where they have written it."""
    exercise = EXERCISES.get(name, name)
    return serving.get(exercise) if serving.is_yours(exercise) else None


@lru_cache(maxsize=64)
def run_yours(
    name: str, own: Callable | None, arguments: tuple, surface: Surface, start: tuple, noise: float, seed: int
):
    """What `run` gives, with `own` for the optimizer; None without one, or where it cannot do this race."""
    if own is None:
        return None
    _, fixed, _ = RACERS[name]
    # The exercise on Nesterov is about nothing else: it has no such switch.
    fixed = {} if name == "Nesterov" else fixed
    result = run_own(lambda: descend(own(**fixed, **dict(arguments)), surface, start, STEPS, noise, seed), OWN_LIMIT)
    if isinstance(result, Failure):
        return None
    return result


def said(surface: Surface, start: tuple, shown: int, results: dict) -> str:
    """The race in a sentence or two; `results` maps each name to (loss, place), or to how it ended before."""
    place = f"{surface.name[0].upper()}{surface.name[1:]} from {at(*start)}, after {shown} of {STEPS} steps"
    arrived = {name: result for name, result in results.items() if isinstance(result, tuple)}
    if not results:
        return f"{place}: nobody races. Choose an optimizer."
    parts = [f"{name} has the loss {loss:.3g} at {at(*place)}" for name, (loss, place) in arrived.items()]
    parts += [f"{name} {results[name]}" for name in results if name not in arrived]
    lowest = min(arrived, key=lambda name: arrived[name][0], default=None)
    verdict = f" Lowest: {lowest}." if lowest and len(results) > 1 and shown else ""
    return f"{place}: {'; '.join(parts)}.{verdict}"


def at(x: float, y: float) -> str:
    # Adding 0 makes a 0 of −0.
    return f"({round(x, 3) + 0:.3g}, {round(y, 3) + 0:.3g})"
