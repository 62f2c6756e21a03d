"""The regularization explorer: what penalties, dropout, noise, small batches and early stopping do to one network."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import ipywidgets
import numpy as np
from contourpy import contour_generator
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from course_lib.widgets import style
from course_lib.widgets.explorer import Explorer
from course_lib.widgets.moons_run import (
    POINTS,
    STEPS,
    Order,
    Run,
    accuracy,
    data,
    hidden_outputs,
    logits,
    stopping,
    trained,
)
from course_lib.widgets.stage import Still

X_LIMITS, Y_LIMITS = (-2.0, 3.0), (-1.6, 2.1)
ACROSS, UP = np.linspace(*X_LIMITS, 72), np.linspace(*Y_LIMITS, 54)
GRID = np.stack(np.meshgrid(ACROSS, UP), axis=-1).reshape(-1, 2).astype(np.float32)
LOSSES = (0.003, 5.0)
WEIGHT_EDGES, OUTPUT_EDGES = np.linspace(-2.05, 2.05, 42), np.linspace(0, 4, 41)
SMALL = 0.01  # below this a weight is as good as 0
STRENGTHS = (0.0, 1e-4, 3e-4, 1e-3, 2e-3, 3e-3, 5e-3, 0.01, 0.02, 0.03, 0.1)
SEED = 7
BLUE, ORANGE, GRAY = style.COLORS[0], style.COLORS[1], "0.45"
MOONS = LinearSegmentedColormap.from_list("moons", [BLUE, "white", ORANGE])
NAMED = {"style": {"description_width": "initial"}}  # as wide as the description


class RegularizationExplorer(Explorer):
    """Train a network that is too large for forty noisy points, and see what each regularizer does to it.

    Args:
        state: the text of a state to begin with; None for a training without any regularizer.
    """

    name = "regularization-explorer"
    title = "The regularization explorer"
    picture = (
        "Forty points of two classes, two noisy moons, on the shades of the network's probability with the line where "
        "it is one half; the losses of training and validation against the step, with where early stopping finds its "
        "best weights and stops; and histograms of the weights and of the last hidden layer's outputs, all beside "
        "gray lines for the same training without regularization."
    )
    size = (10.0, 5.6)
    tall = 11.6
    presets: ClassVar[dict[str, str]] = {
        "overfitting: no regularization": "regularization-explorer",
        "the same, stopped early": "regularization-explorer?steps_shown=14",
        "weight decay": "regularization-explorer?l2=0.003",
        "far too much weight decay": "regularization-explorer?l2=0.1",
        "L1: most weights go to 0": "regularization-explorer?l1=0.003",
        "dropout of one half": "regularization-explorer?dropout=0.5",
        "small batches": "regularization-explorer?batch_size=4",
        "noise on the inputs": "regularization-explorer?noise=0.3",
        "other points": "regularization-explorer?seed=3",
    }

    def __init__(self, state: str | None = None):
        super().__init__()
        if state is not None:
            self.state = state

    def controls(self):
        def choice(description, values, initial):
            options = [(f"{value:g}", value) for value in values]
            return ipywidgets.SelectionSlider(options=options, value=initial, description=description, **NAMED)

        def share(description, highest, step):
            return ipywidgets.FloatSlider(0.0, min=0, max=highest, step=step, description=description, **NAMED)

        return {
            "seed": ipywidgets.BoundedIntText(
                SEED, min=0, max=9999, description="seed", layout={"width": "150px"}, **NAMED
            ),
            "l2": choice("L2", STRENGTHS, 0.0),
            "l1": choice("L1", STRENGTHS, 0.0),
            "dropout": share("dropout rate", 0.8, 0.1),
            "noise": share("noise on inputs", 0.5, 0.05),
            "batch_size": choice("batch size", (1, 2, 4, 5, 8, 10, 20, POINTS), POINTS),
            "patience": ipywidgets.IntSlider(50, min=1, max=200, description="patience in steps", **NAMED),
            "steps_shown": ipywidgets.IntSlider(STEPS, min=0, max=STEPS, description="steps shown", **NAMED),
        }

    def _order(self) -> Order:
        order = Order(*(self[name] for name in Order.__annotations__))
        # A slider's 0.3 may be 0.30000000000000004.
        return replace(order, dropout=round(order.dropout, 2), noise=round(order.noise, 2))

    # --- the picture

    def still(self, figure: Figure) -> Still:
        if self.is_tall:
            parts = ["plane", "losses", "weights", "outputs"]
            places = figure.subplot_mosaic([[part] for part in parts], height_ratios=[2.6, 2.2, 1.3, 1.3])
        else:
            places = figure.subplot_mosaic(
                [["plane", "plane", "losses", "losses"], ["plane", "plane", "weights", "outputs"]],
                height_ratios=[1.9, 1],
            )
        return Still(
            [
                *self._draw_plane(places["plane"]),
                *self._draw_losses(places["losses"]),
                *self._draw_histograms(places["weights"], places["outputs"]),
            ]
        )

    def _draw_plane(self, axes: Axes) -> list:
        axes.set(xlim=X_LIMITS, ylim=Y_LIMITS, xlabel="feature 1", ylabel="feature 2")
        axes.grid(False)
        self._shades = axes.imshow(
            np.zeros((len(UP), len(ACROSS))),
            extent=(*X_LIMITS, *Y_LIMITS),
            origin="lower",
            aspect="auto",
            cmap=MOONS,
            vmin=0,
            vmax=1,
            alpha=0.55,
            interpolation="bilinear",
        )
        look = {"linestyle": "none", "markeredgecolor": "black", "markersize": 6, "markeredgewidth": 0.8}
        [self._plain_border] = axes.plot([], [], ":", color=GRAY)
        [self._border] = axes.plot([], [], "-", color="black", linewidth=1.8)
        self._classes = [
            axes.plot([], [], marker, color=color, **look)[0] for marker, color in (("o", BLUE), ("^", ORANGE))
        ]
        size = 9 if self.is_tall else 10
        axes.set_title(" \n ", size=size)  # keeps the place of what moves
        self._told = axes.text(0.5, 1.01, "", transform=axes.transAxes, ha="center", va="bottom", size=size)
        self._told.set_in_layout(False)
        return [self._shades, self._plain_border, self._border, *self._classes, self._told]

    def _draw_losses(self, axes: Axes) -> list:
        axes.set(xlim=(0, STEPS), yscale="log", ylim=LOSSES, xlabel="step", ylabel="cross-entropy")
        axes.yaxis.set_major_formatter("{x:g}")  # small raised exponents are hard to read
        [self._plain_curve] = axes.plot([], [], ":", color=GRAY, label="unregularized")
        [self._training] = axes.plot([], [], "-", color=BLUE, label="training")
        [self._validation] = axes.plot([], [], "--", color=ORANGE, label="validation")
        self._end = axes.axvline(0, color="black", linewidth=1.2, linestyle="-.", label="stopped early")
        mark = {"linestyle": "none", "markeredgecolor": "white", "clip_on": False}
        [self._best] = axes.plot([], [], "*", color="black", markersize=13, label="best weights", **mark)
        self._heads = [axes.plot([], [], "o", color=color, markersize=8, **mark)[0] for color in (BLUE, ORANGE)]
        for artist in (self._best, *self._heads):
            artist.set_in_layout(False)
        lines = [self._training, self._validation, self._plain_curve, self._end, self._best]
        axes.figure.legend(
            handles=lines,
            loc="outside lower center",
            ncols=2 if self.is_tall else 5,
            fontsize=8.5 if self.is_tall else 9,
            handlelength=2.2,
            columnspacing=1.2,
        )
        return [self._plain_curve, self._training, self._validation, self._end, *self._heads, self._best]

    def _draw_histograms(self, weights: Axes, outputs: Axes) -> list:
        self._histograms = []
        hidden = "share of hidden outputs" if self.is_tall else "of hidden outputs"
        parts = ((weights, WEIGHT_EDGES, "share of weights"), (outputs, OUTPUT_EDGES, hidden))
        for axes, edges, name in parts:
            axes.set(yscale="log", ylim=(5e-4, 1.3), xlim=edges[[0, -1]])
            axes.set_title(name, size=10)
            axes.set_yticks([0.001, 0.01, 0.1, 1], ["0.1 %", "1 %", "10 %", "100 %"])
            axes.minorticks_off()
            nothing = np.zeros(len(edges) - 1)
            filled = axes.stairs(nothing, edges, fill=True, color=BLUE, alpha=0.8, baseline=1e-6)
            plain = axes.stairs(nothing, edges, color=GRAY, linewidth=1.3, linestyle=":", baseline=1e-6)
            self._histograms.append((filled, plain))
        return [artist for pair in self._histograms for artist in pair]

    def move(self) -> str:
        order, step = self._order(), self["steps_shown"]
        (run, whose), (plain, _) = trained(order), trained(Order(seed=order.seed))
        weights, before = run.after(step), plain.after(step)
        (points, labels), _, test = data(order.seed)
        for artist, label in zip(self._classes, (0, 1), strict=True):
            artist.set_data(points[labels[:, 0] == label].T)
        z = on_the_grid(weights)
        self._shades.set_data(1 / (1 + np.exp(-np.clip(z, -30, 30))))
        self._border.set_data(border(z))
        self._plain_border.set_data(border(on_the_grid(before)))

        best, stop = stopping(run.validation, self["patience"])
        low, high = LOSSES
        for artist, losses in ((self._training, run.training), (self._validation, run.validation)):
            artist.set_data(np.arange(step + 1), losses[: step + 1])
        self._plain_curve.set_data(np.arange(step + 1), plain.validation[: step + 1])
        for artist, losses in zip(self._heads, (run.training, run.validation), strict=True):
            artist.set_data([step], [np.clip(losses[step], low, high)])
        self._best.set_data([best], [np.clip(run.validation[best], low, high)])
        self._best.set_visible(best <= step)
        self._end.set_xdata([stop or 0] * 2)
        self._end.set_visible(stop is not None and stop <= step)

        def outputs(of):
            return hidden_outputs(of, points)

        for pair, edges, values in zip(self._histograms, (WEIGHT_EDGES, OUTPUT_EDGES), (kernels, outputs), strict=True):
            for artist, each in zip(pair, (weights, before), strict=True):
                artist.set_data(shares(values(each), edges))
        right = accuracy(weights, *test)
        self._told.set_text(
            f"step {step}: training loss {number(run.training[step])}\n"
            f"validation {number(run.validation[step])}, accuracy {right:.3f}"
        )
        told = [f"{self._subject(whose)}, after {step} steps: {scores(run, step, test)}."]
        if order != Order(seed=order.seed):
            told.append(f"With no regularizer and batches of {POINTS}: {scores(plain, step, test)}.")
        return " ".join([*told, self._stopping(run, best, stop, test), sizes(weights, points)])

    # --- the sentence

    def _subject(self, whose: list[str]) -> str:
        penalty = "your " * ("penalty" in whose)
        parts = [f"{penalty}{name.upper()} {self[name]:g}" for name in ("l2", "l1") if self[name]]
        if self["dropout"]:
            parts.append(f"{'your ' * ('dropout' in whose)}dropout {self['dropout']:g}")
        if self["noise"]:
            parts.append(f"noise {self['noise']:g} on the inputs")
        used = ", ".join(parts) or "no penalty, dropout or noise"
        return (
            f"{used[0].upper()}{used[1:]}, batches of {self['batch_size']} of the {POINTS} points, seed {self['seed']}"
        )

    def _stopping(self, run: Run, best: int, stop: int | None, test: tuple[np.ndarray, np.ndarray]) -> str:
        ends = f"ends after step {stop}" if stop is not None else f"does not end it within {STEPS} steps"
        return (
            f"Early stopping with patience {self['patience']} {ends}; its best weights are those after step {best}: "
            f"validation loss {number(run.validation[best])}, test accuracy {accuracy(run.after(best), *test):.3f}."
        )


def scores(run: Run, step: int, test: tuple[np.ndarray, np.ndarray]) -> str:
    return (
        f"training loss {number(run.training[step])}, validation loss {number(run.validation[step])}, test accuracy "
        f"{accuracy(run.after(step), *test):.3f}"
    )


def sizes(weights: list[np.ndarray], points: np.ndarray) -> str:
    """What the histograms show, in words."""
    size, outputs = np.abs(kernels(weights)), hidden_outputs(weights, points)
    return (
        f"Of {size.size:,} weights {np.mean(size < SMALL):.0%} are smaller than {SMALL}, the largest is "
        f"{number(size.max())}; of the last hidden layer's outputs {np.mean(outputs == 0):.0%} are 0, the mean is "
        f"{number(outputs.mean())}."
    )


def kernels(weights: list[np.ndarray]) -> np.ndarray:
    """All weights but the biases, in one row."""
    return np.concatenate([kernel.ravel() for kernel in weights[::2]])


def shares(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """The share of `values` in each bin; those beyond the edges are in the outermost bins."""
    return np.histogram(np.clip(values, edges[0], edges[-1]), edges)[0] / values.size


def on_the_grid(weights: list[np.ndarray]) -> np.ndarray:
    """The logits on GRID, one row for each of UP: for the eye, in float32."""
    return logits([weight.astype(np.float32) for weight in weights], GRID).reshape(len(UP), len(ACROSS))


def border(z: np.ndarray) -> np.ndarray:
    """The line where the logits `z` of the grid are 0, with gaps of NaN, as (2, n)."""
    gap = np.full((1, 2), np.nan)
    lines = contour_generator(ACROSS, UP, z).lines(0.0)
    return np.concatenate([part for line in lines for part in (line, gap)] or [gap]).T


def number(value: float) -> str:
    """`value` to three digits, with no exponent for a small one."""
    return f"{value:.3f}" if value < 0.1 else f"{value:.3g}"
