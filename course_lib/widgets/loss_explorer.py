"""The loss explorer: what a prediction costs by each loss, how steeply, and the lines that losses fit to points."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course_lib import activations, line_fits, losses
from course_lib.widgets import style
from course_lib.widgets.explorer import Explorer, number
from course_lib.widgets.own import Own, works
from course_lib.widgets.stage import Still

LIMITS = (-6.0, 6.0)
# Twice where slopes jump, on either side: the absolute error's at 0, the hinge's at ±1.
JUMPS = np.array([-1.0, 0.0, 1.0])
ACROSS = np.sort(np.concatenate([np.linspace(*LIMITS, 120), JUMPS - 1e-9, JUMPS + 1e-9]))
A_FEW = np.linspace(*LIMITS, 9)  # where a reader's own is tried before each frame
# Points near a line, of which the outlier is the tenth.
X = np.arange(0.0, 9.0)
Y = 1.0 + 0.5 * X + np.array([0.3, -0.4, 0.1, 0.5, -0.2, -0.3, 0.4, 0.0, -0.1])
X_LIMITS, Y_LIMITS = (-0.5, 10.5), (-6.5, 12.5)
NAMED = {"style": {"description_width": "initial"}}  # as wide as the description

NUMBER, CLASS_1, CLASS_0 = "the number 0", "class 1", "class 0"


def each_huber(huber: Callable) -> Callable:
    """Return Huber's loss of each error, made of a function that gives the mean over arrays."""
    return lambda errors, delta: np.array([huber(np.zeros(1), np.array([error]), delta) for error in errors])


def each_cross_entropy(pair: Callable) -> Callable:
    """Return the loss of each logit, made of a function that gives the pair (loss, gradient) of arrays."""
    return lambda z, label: np.array([pair(np.full(1, label), np.array([each]))[0] for each in z])


def cross_entropies(z, label):
    return losses.binary_crossentropy(np.full(z.shape, label), z, from_logits=True, reduction="none")


def gradients(gradient: Callable) -> Callable:
    """Return the slope of each error, made of the gradient of a mean over them."""
    return lambda errors: gradient(np.zeros(errors.shape), errors) * errors.size


OWN_HUBER = Own("huber", lambda e, delta: losses.huber(np.zeros(e.shape), e, delta, reduction="none"), each_huber)
OWN_SQUARE_SLOPE = Own("mean_squared_error_gradient", gradients(losses.mean_squared_error_gradient), gradients)
OWN_CROSS_ENTROPY = Own("stable_binary_crossentropy", cross_entropies, each_cross_entropy)


def costs_of_a_number(errors: np.ndarray, delta: float) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return value and slope of each loss, where the target is the number 0."""
    return {
        "squared error": (errors**2, OWN_SQUARE_SLOPE(errors)),
        "absolute error": (np.abs(errors), np.sign(errors)),
        "Huber": (OWN_HUBER(errors, delta), np.clip(errors, -delta, delta)),
    }


def costs_of_a_class(z: np.ndarray, label: float) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return value and slope of each loss along the logit (for hinge, the score), where the target is a class."""
    p, sign = activations.sigmoid(z), 2 * label - 1
    return {
        "squared error of σ(z)": ((p - label) ** 2, 2 * (p - label) * p * (1 - p)),
        "hinge": (np.maximum(0, 1 - sign * z), np.where(sign * z < 1, -sign, 0.0)),
        "cross-entropy": (OWN_CROSS_ENTROPY(z, label), p - label),
    }


class LossExplorer(Explorer):
    """Look at what a prediction costs by each loss, and drag an outlier that pulls at the lines that losses fit.

    Args:
        state: the text of a state to begin with; None for the prediction 2 of the number 0, and the outlier at (9, −2).
    """

    name = "loss-explorer"
    title = "The loss explorer"
    picture = (
        "On the left three losses as functions of the prediction, above their slopes, with points at one prediction, "
        "or a triangle at the edge where one lies beyond it; "
        "on the right nine points near a line and an outlier, with the lines fitted by squared errors, by absolute "
        "errors and by Huber's loss."
    )
    size = (10.0, 4.8)
    tall = 7.6
    stands_on = ("target",)
    presets: ClassVar[dict[str, str]] = {
        "an error of 5: who pulls how hard?": "loss-explorer?prediction=5",
        "nearly right: who still pulls?": "loss-explorer?prediction=0.1",
        "certain and wrong about class 1": "loss-explorer?target=class+1&prediction=-6",
        "certain and right about class 1": "loss-explorer?target=class+1&prediction=6",
        "the margin of the hinge": "loss-explorer?target=class+0&prediction=-1",
        "no outlier at all": "loss-explorer?outlier_y=5.5",
        "an outlier in the middle": "loss-explorer?outlier_x=4&outlier_y=12",
        "Huber with a small δ, nearly absolute": "loss-explorer?delta=0.1",
        "Huber with a large δ, nearly squared": "loss-explorer?delta=6",
    }

    def __init__(self, state: str | None = None):
        super().__init__()
        if state is not None:
            self.state = state

    def controls(self):
        def typed(value, limits, step, description):
            return ipywidgets.BoundedFloatText(
                value,
                min=limits[0],
                max=limits[1],
                step=step,
                description=description,
                layout={"width": "150px"},
                **NAMED,
            )

        return {
            "target": ipywidgets.Dropdown(
                options=[NUMBER, CLASS_1, CLASS_0], value=NUMBER, description="target", **NAMED
            ),
            "prediction": typed(2.0, LIMITS, 0.1, "prediction"),
            "outlier_x": typed(9.0, (0.0, 10.0), 0.5, "outlier x"),
            "outlier_y": typed(-2.0, (-6.0, 12.0), 0.5, "outlier y"),
            "delta": ipywidgets.FloatSlider(
                1.0, min=0.1, max=6, step=0.1, description="δ of Huber", readout_format=".1f", **NAMED
            ),
        }

    def on_pointer(self, kind, axes, x, y):
        if axes is not self._plane:
            self["prediction"] = round(x, 1)
            return
        with self.held():
            self["outlier_x"], self["outlier_y"] = round(x, 1), round(y, 1)

    def on_key(self, axes, key):
        across = {"ArrowLeft": -1, "ArrowRight": 1}.get(key, 0)
        if axes is not self._plane:
            self["prediction"] = round(self["prediction"] + 0.1 * across, 1)
            return
        with self.held():
            self["outlier_x"] += 0.5 * across
            self["outlier_y"] += 0.5 * {"ArrowDown": -1, "ArrowUp": 1}.get(key, 0)

    def _costs(self, predictions):
        if self["target"] == NUMBER:
            return costs_of_a_number(predictions, self["delta"])
        return costs_of_a_class(predictions, float(self["target"] == CLASS_1))

    def _own(self) -> tuple[bool, bool, bool]:
        """Whether Huber, the slope of the squared error and cross-entropy are the reader's own."""
        if self["target"] != NUMBER:
            return False, False, works(OWN_CROSS_ENTROPY, arguments=(A_FEW, float(self["target"] == CLASS_1)))[0]
        is_huber = works(OWN_HUBER, arguments=(A_FEW, self["delta"]))[0]
        return is_huber, works(OWN_SQUARE_SLOPE, arguments=(A_FEW,))[0], False

    def _labels(self) -> list[str]:
        is_huber, _, is_cross_entropy = self._own()
        yours = {"Huber": is_huber, "cross-entropy": is_cross_entropy}
        return [f"your {name}" if yours.get(name) else name for name in self._costs(np.zeros(1))]

    def still_key(self):
        return (*super().still_key(), self._own())

    # --- the picture

    def still(self, figure: Figure) -> Still:
        if self.is_tall:
            places = figure.subplot_mosaic([["value"], ["slope"], ["plane"]], height_ratios=[1.2, 1, 1.8])
        else:
            places = figure.subplot_mosaic(
                [["value", "plane"], ["slope", "plane"]], width_ratios=[1.1, 1], height_ratios=[1.25, 1]
            )
        value, slope, self._plane = (places[name] for name in ("value", "slope", "plane"))
        is_number = self["target"] == NUMBER
        value.set(ylabel="loss", ylim=(-0.5, 14) if is_number else (-0.3, 7.3), xticklabels=[])
        along = "prediction" if is_number else "prediction: logit z (class 1 above 0)"
        slope.set(ylabel="slope", xlabel=along, ylim=(-6.5, 6.5) if is_number else (-1.4, 1.4))
        value.set_title(f"The target is {self['target']}", loc="left")
        slope.set_title("slope (of squares as you wrote it)" if self._own()[1] else "slope", loc="left")
        self._plane.set(xlabel="x", ylabel="y", xlim=X_LIMITS, ylim=Y_LIMITS)
        for axes in (value, slope):
            axes.set(xlim=LIMITS, xticks=range(-6, 7, 2))
            axes.axhline(0, color="black", linewidth=0.8, linestyle="-")
        looks = list(zip(style.COLORS, style.LINE_STYLES, strict=True))[:3]
        self._curves = [
            [axes.plot([], [], line, color=color, label=label)[0] for label, (color, line) in
             zip(self._labels(), looks, strict=True)] for axes in (value, slope)
        ]  # fmt: skip
        if is_number:
            value.axvline(0, ymax=0.55, color="black", linewidth=1, linestyle=":", label="target")
        look = {"color": "black", "markeredgecolor": "white", "markersize": 8, "linestyle": "none", "clip_on": False}
        self._points = [
            [axes.plot([], [], marker=marker, **look)[0] for marker in ("o", "^", "v")] for axes in (value, slope)
        ]
        for artist in (*self._points[0], *self._points[1]):
            artist.set_in_layout(False)  # still empty and not clipped, it would count as a mark at the figure's corner
        self._plane.plot(X, Y, "o", color="0.35", markersize=6)
        self._lines = [
            self._plane.plot([], [], line, color=color, label=name)[0]
            for name, (color, line) in zip(("squared errors", "absolute errors", "Huber"), looks, strict=True)
        ]
        [self._outlier] = self._plane.plot(
            [], [], "D", color=style.COLORS[3], markeredgecolor="black", markersize=10, label="outlier"
        )
        self._add_legends(figure, value)
        moving = [*self._curves[0], *self._curves[1], *self._points[0], *self._points[1], *self._lines, self._outlier]
        keys = "drag to move the prediction, or use the left and right arrow keys."
        return Still(
            moving,
            zones={
                value: f"The losses: {keys}",
                slope: f"Their slopes: {keys}",
                self._plane: "The points: drag the outlier, or use the arrow keys.",
            },
        )

    def _add_legends(self, figure: Figure, value: Axes) -> None:
        """Say what the lines are, where no curve runs and no outlier can be dragged."""
        title, look = "ten points and three lines", {"fontsize": 9, "handlelength": 3}
        if self.is_tall:
            self._plane.set_title(title, loc="left")
            narrow = {**look, "handlelength": 2.2, "columnspacing": 1}
            columns = 2 if self["target"] == NUMBER else 1  # the names are longer with a class
            figure.legend(*value.get_legend_handles_labels(), loc="outside upper center", ncols=columns, **narrow)
            figure.legend(*self._plane.get_legend_handles_labels(), loc="outside lower center", ncols=2, **narrow)
            return
        value.legend(loc="upper center", **look)
        above = {"loc": "lower left", "bbox_to_anchor": (0, 1), "ncols": 2, "alignment": "left", "borderpad": 0}
        self._plane.legend(title=title, title_fontsize="large", **above, **look)

    def move(self) -> str:
        here, delta = self["prediction"], self["delta"]
        costs = self._costs(ACROSS)
        for place, (value, slope) in enumerate(costs.values()):
            for part, heights in enumerate((value, slope)):
                self._curves[part][place].set_data(ACROSS, heights)
        at = {
            name: (float(value[0]), float(slope[0])) for name, (value, slope) in self._costs(np.array([here])).items()
        }
        for part, (inside, above, below) in enumerate(self._points):
            heights = np.array([pair[part] for pair in at.values()])
            low, high = inside.axes.get_ylim()
            beyond = (heights > high) | (heights < low)
            for artist, shown in ((inside, ~beyond), (above, heights > high), (below, heights < low)):
                artist.set_data(np.full(shown.sum(), here), np.clip(heights[shown], low, high))

        x, y = np.append(X, self["outlier_x"]), np.append(Y, self["outlier_y"])
        fitted = {
            "squared errors": line_fits.line_of_least_squares(x, y),
            "absolute errors": line_fits.line_of_least_absolute_deviations(x, y),
            "Huber": line_fits.line_of_huber(x, y, delta),
        }
        ends = np.array(X_LIMITS)
        for artist, (slope, intercept) in zip(self._lines, fitted.values(), strict=True):
            artist.set_data(ends, slope * ends + intercept)
        self._outlier.set_data([self["outlier_x"]], [self["outlier_y"]])

        told = zip(self._labels(), at.values(), strict=True)
        costs = ", ".join(f"{name} {number(value)} (slope {number(slope)})" for name, (value, slope) in told)
        lines = ", ".join(f"{slope:.2f} by {name}" for name, (slope, _) in fitted.items())
        return (
            f"The target is {self['target']}, the prediction {number(here)}: {costs}. "
            f"With the outlier at ({number(self['outlier_x'])}, {number(self['outlier_y'])}) and δ = {delta:.1f}, the "
            f"lines rise for each 1 of x by {lines}."
        )
