"""The schedule explorer: a learning rate schedule, and what it does to one run, side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from course_lib import optimizers, schedules
from course_lib.surfaces import BEALE, BOWL, FAR_AWAY, Surface, descend
from course_lib.widgets import style
from course_lib.widgets.explorer import Explorer, group, row
from course_lib.widgets.own import Own, works
from course_lib.widgets.stage import Still

STEPS = 200
TARGET = 0.13  # of the mean loss on the bowl, which no constant rate reaches
NAMED = {"style": {"description_width": "initial"}}  # as wide as the description
WIDE = {"layout": {"width": "290px"}, **NAMED}


@dataclass(frozen=True)
class Run:
    """What is trained: a surface, from a start; the peak rate and the noise that it has at first.

    `losses` are what the picture shows of the vertical axis; `curvatures` are those of a bowl.
    """

    surface: Surface
    start: tuple[float, float]
    rate: float
    noise: float
    losses: tuple[float, float]
    curvatures: tuple[float, float] | None = None


RUNS = {
    "noisy bowl": Run(BOWL, BOWL.start, 0.035, 5.0, (1e-3, 1e3), (1.0, 50.0)),
    "steep wall": Run(BEALE, (4.0, 2.0), 0.02, 0.0, (1e-5, 1e5)),
}


def each(function: Callable) -> Callable:
    """Make a function of many steps of one of a single step."""
    return lambda steps, *settings: [function(int(step), *settings) for step in steps]


def rate_of(cycle: Callable) -> Callable:
    return each(lambda *arguments: cycle(*arguments)[0])


def own(name: str, of: Callable = each) -> Own:
    """The mathematics' `name` for many steps, or the reader's own where they have written it."""
    return Own(name, of(getattr(schedules, name)), of)


# For each schedule its rates, called with the steps and what comes next: the settings, made of the peak rate, the
# length and the schedule's own controls.
SCHEDULES = {
    "constant": (each(lambda step, rate: rate), lambda rate, long: (rate,)),
    "piecewise constant": (
        own("piecewise_constant"),
        lambda rate, long: ([long // 2, 3 * long // 4], [rate, rate / 4, rate / 16]),
    ),
    "exponential": (
        own("exponential_decay"),
        lambda rate, long, decay_rate, staircase: (rate, long / 4, decay_rate, staircase),
    ),
    "inverse time": (
        own("inverse_time_decay"),
        lambda rate, long, decay_rate, staircase: (rate, long / 4, decay_rate, staircase),
    ),
    "polynomial": (each(schedules.polynomial_decay), lambda rate, long, power: (rate, long, 0.0, power)),
    "cosine": (own("cosine_decay"), lambda rate, long, alpha: (rate, long, alpha)),
    # The third decay ends in the last step; the fourth would begin one step later.
    "cosine with restarts": (each(schedules.cosine_decay_restarts), lambda rate, long: (rate, (long + 1) / 7)),
    "one cycle": (own("one_cycle", rate_of), lambda rate, long: (long, rate)),
}
WARM_UP = own("warm_up")


def powers(value, lowest, highest):
    """A slider over 10^lowest to 10^highest that stops at readable numbers."""
    digits = (1, 1.25, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9)
    numbers = [float(f"{digit}e{power}") for power in range(lowest, highest) for digit in digits]
    return ipywidgets.SelectionSlider(
        options=[(f"{number:g}", number) for number in [*numbers, 10.0**highest]],
        value=value,
        description="peak rate",
        **WIDE,
    )


def slider(description, value, low, high, step=0.01):
    return ipywidgets.FloatSlider(value, min=low, max=high, step=step, description=description, **WIDE)


def switch(description):
    return ipywidgets.Checkbox(False, description=description, indent=False, layout={"width": "auto"})


class ScheduleExplorer(Explorer):
    """Choose a schedule, and see the rates that it gives beside the loss of the run that takes its steps with them.

    Args:
        state: the text of a state to begin with; None for the cosine on the noisy bowl.
    """

    name = "schedule-explorer"
    title = "The schedule explorer"
    picture = (
        "On the left the learning rate against the step, on the right the loss of one run that takes its steps at "
        "these rates, beside the same run at the constant peak rate, and on the bowl the mean over all noise."
    )
    size = (10.0, 4.2)
    tall = 6.4
    stands_on = ("run", "rate")
    follows: ClassVar[dict[str, str]] = {"rate": "run", "noise": "run"}
    presets: ClassVar[dict[str, str]] = {
        "one rate for all steps": "schedule-explorer?schedule=constant",
        "a rate without noise": "schedule-explorer?schedule=constant&noise=0",
        "a staircase": "schedule-explorer?schedule=exponential&exponential.staircase=yes",
        "made for a longer run": "schedule-explorer?length=800",
        "epochs taken for steps": "schedule-explorer?length=4",
        "a wall, without warm-up": "schedule-explorer?run=steep+wall",
        "a wall, with warm-up": "schedule-explorer?run=steep+wall&warmup=20",
        "three decays": "schedule-explorer?schedule=cosine+with+restarts",
    }

    def __init__(self, state: str | None = None):
        super().__init__()
        if state is not None:
            self.state = state

    def controls(self):
        first = RUNS["noisy bowl"]
        return {
            "schedule": ipywidgets.Dropdown(options=list(SCHEDULES), value="cosine", description="schedule", **NAMED),
            "run": ipywidgets.Dropdown(options=list(RUNS), value="noisy bowl", description="run on", **NAMED),
            "seed": ipywidgets.BoundedIntText(
                0, min=0, max=9999, description="noise seed", layout={"width": "150px"}, **NAMED
            ),
            "rate": powers(first.rate, -4, 0),
            "length": ipywidgets.IntSlider(STEPS, min=4, max=800, description="length in steps", **WIDE),
            "warmup": ipywidgets.IntSlider(0, min=0, max=100, description="warm-up steps", **WIDE),
            "noise": slider("gradient noise", first.noise, 0, 20, 0.1),
            "exponential.decay_rate": slider("decay rate", 0.3, 0.01, 1),
            "exponential.staircase": switch("staircase"),
            "inverse time.decay_rate": slider("decay rate", 2.0, 0, 10, 0.1),
            "inverse time.staircase": switch("staircase"),
            "polynomial.power": slider("power", 1.0, 0.1, 4, 0.1),
            "cosine.alpha": slider("alpha", 0.0, 0, 1),
            "steps_shown": ipywidgets.IntSlider(STEPS, min=0, max=STEPS, description="steps shown", **NAMED),
        }

    def layout(self, controls):
        for name, control in controls.items():
            owner, _, setting = name.partition(".")
            if setting:
                control.tooltip = f"{owner} {control.description}"
        self._show_settings(controls)
        top = row(*(controls[name] for name in ("schedule", "run", "seed")))
        sliders = [control for name, control in controls.items() if name not in ("schedule", "run", "seed")]
        return ipywidgets.VBox([top, group("Settings", *(c for c in sliders if c is not controls["steps_shown"]))])

    def _show_settings(self, controls):
        schedule = controls["schedule"].value
        for name, control in controls.items():
            owner, _, setting = name.partition(".")
            if setting:
                control.layout.display = "" if owner == schedule else "none"
        controls["length"].layout.display = "none" if schedule == "constant" else ""

    def adjust(self, name):
        if name == "schedule":
            self._show_settings(self._controls)
        if name == "run":
            run = RUNS[self["run"]]
            self["rate"], self["noise"] = run.rate, run.noise

    # --- the numbers

    def _settings(self) -> tuple:
        prefix = f"{self['schedule']}."
        return tuple(self[name] for name in self._controls if name.startswith(prefix))

    def _rates(self) -> tuple[np.ndarray, list[str]]:
        """The rates of all steps, and which functions that made them are the reader's own."""
        function, settings_of = SCHEDULES[self["schedule"]]
        warmup = self["warmup"]
        settings = settings_of(self["rate"], max(self["length"] - warmup, 1), *self._settings())
        steps = np.arange(STEPS + 1)
        rates = np.asarray(function(steps, *settings), float)
        whose = (
            [self["schedule"]] if isinstance(function, Own) and works(function, arguments=(steps, *settings))[0] else []
        )
        if warmup:
            plain = rates.tolist()
            settings = (warmup, lambda step: plain[step], 0.0)
            rates = np.asarray(WARM_UP(steps, *settings), float)
            whose += ["warm-up"] * works(WARM_UP, arguments=(steps, *settings))[0]
        return rates, whose

    # --- the picture

    def still(self, figure: Figure) -> Still:
        run = RUNS[self["run"]]
        where = [["rate"], ["loss"]] if self.is_tall else [["rate", "loss"]]
        places = figure.subplot_mosaic(where)
        rate, loss = places["rate"], places["loss"]
        rate.set(xlim=(0, STEPS), ylim=(0, 1.1 * self["rate"]), xlabel="step", ylabel="learning rate")
        loss.set(xlim=(0, STEPS), yscale="log", ylim=run.losses, xlabel="step", ylabel="loss")
        # Small raised exponents are hard to read.
        loss.yaxis.set_major_formatter(
            lambda value, place: f"{value:,.0f}" if value >= 1 else f"{value:.6f}".rstrip("0")
        )
        loss.set_title(f"one run on the {self['run']}", size=10)
        if run.surface is BOWL:
            loss.axhline(TARGET, color="black", linewidth=1, linestyle=":")
            loss.text(2, 1.05 * TARGET, f"{TARGET}: a target", va="bottom", fontsize=9)
        blue, red, gray = style.COLORS[0], style.COLORS[1], "#7f7f7f"
        small = 8 if self.is_tall else 9
        # Keeps the place of the title, which moves and has two lines where there is little room.
        rate.set_title(" \n " if self.is_tall else " ", size=10)
        self._title = rate.text(0.5, 1.01, "", transform=rate.transAxes, ha="center", va="bottom", fontsize=small + 1)
        [self._rate_curve] = rate.plot([], [], "-", color=blue)
        [self._constant] = loss.plot([], [], "--", color=gray, linewidth=1.2, label="constant peak rate")
        [self._run_curve] = loss.plot([], [], "-", color=blue, linewidth=1.2, label="this schedule")
        self._lost = loss.text(0, 0, "", color=blue, fontsize=9, va="center")
        moving = [self._title, self._rate_curve, self._constant, self._run_curve, self._lost]
        self._mean = None
        if run.curvatures:
            [self._mean] = loss.plot([], [], "-.", color=red, label="its mean over all noise")
            moving.append(self._mean)
        self._heads = [
            axes.plot([], [], "o", color=blue, markeredgecolor="white", markersize=9, clip_on=False)[0]
            for axes in (rate, loss)
        ]
        for artist in (*self._heads, self._lost):
            artist.set_in_layout(False)
        loss.legend(loc="upper right", fontsize=small, handlelength=1.5)
        return Still([*moving, *self._heads])

    def move(self) -> str:
        run, shown = RUNS[self["run"]], self["steps_shown"]
        rates, whose = self._rates()
        losses = self._losses(run, rates)
        constant = self._losses(run, np.full(STEPS, self["rate"]))
        self._rate_curve.set_data(np.arange(STEPS + 1), rates)
        for artist, values in ((self._run_curve, losses), (self._constant, constant)):
            finite = np.isfinite(values[: shown + 1])
            artist.set_data(np.arange(shown + 1)[finite], drawn(values[: shown + 1][finite], run))
        self._heads[0].set_data([shown], [rates[shown]])
        self._loss_head(shown, losses, run)
        name = self["schedule"]
        called = f"your {name}" if name in whose else name
        after = ""
        if self["warmup"]:
            after = f"after {'your' if 'warm-up' in whose else 'a'} warm-up of {self['warmup']} steps"
        self._title.set_text(("\n" if self.is_tall else " ").join(filter(None, (called, after))))
        told = f"{called[0].upper()}{called[1:]}{after and ' '}{after}, peak rate {self['rate']:g}"
        if name != "constant":
            told += f", length {self['length']}"
            told += " (the warm-up alone takes longer)" if self["warmup"] > self["length"] else ""
        told += (
            f", on the {self['run']}: at step {shown} the rate is {rates[shown]:.3g} and the loss "
            f"{ended(losses, shown)}"
        )
        if self._mean is not None:
            mean = sum(schedules.mean_losses(rates[:STEPS], run.curvatures, run.start, self["noise"]))
            self._mean.set_data(np.arange(shown + 1), drawn(mean[: shown + 1], run))
            told += f", its mean over all noise {mean[shown]:.3g}" if mean[shown] < FAR_AWAY else ""
        return f"{told}. At the constant peak rate the loss is {ended(constant, shown)}."

    def _loss_head(self, shown: int, losses: np.ndarray, run: Run) -> None:
        """Mark the last loss that there is: a cross if the run is lost, a triangle if it lies beyond an edge."""
        last = int(np.isfinite(losses[: shown + 1]).sum()) - 1
        low, high = run.losses
        place = float(np.clip(losses[last], low, high))
        self._heads[1].set_data([last], [place])
        self._heads[1].set_marker(
            "X" if last < shown else "v" if losses[last] < low else "^" if losses[last] > high else "o"
        )
        is_late = last > STEPS / 2
        self._lost.set_position((last - 6 if is_late else last + 6, place if place < high / 3 else high / 3))
        self._lost.set_horizontalalignment("right" if is_late else "left")
        self._lost.set_text(f"out of sight since step {last + 1}" if last < shown else "")

    def _losses(self, run: Run, rates: np.ndarray) -> np.ndarray:
        plain = rates.tolist()
        optimizer = optimizers.SGD(lambda step: plain[step])
        return descend(optimizer, run.surface, run.start, STEPS, self["noise"], self["seed"])[1]


def drawn(losses: np.ndarray, run: Run) -> np.ndarray:
    """The losses as they are drawn: a line leaves the picture at its edge, and is kept from numbers without end."""
    low, high = run.losses
    return np.clip(losses, low / 1e3, high * 1e3)


def ended(losses: np.ndarray, shown: int) -> str:
    """The loss at the step that is shown, or when the run was lost."""
    lost = ~np.isfinite(losses[: shown + 1])
    return f"out of sight since step {lost.argmax()}" if lost.any() else f"{losses[shown]:.3g}"
