"""The activation explorer: a function, its slope, and what is left of a gradient after many layers of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from course_lib import activations
from course_lib.widgets import style
from course_lib.widgets.explorer import Explorer, number
from course_lib.widgets.own import Own, works
from course_lib.widgets.stage import Still

Z_LIMITS = (-6.0, 6.0)
DEPTHS = np.arange(21)
FACTOR_LIMITS = (1e-12, 1e4)
NOTHING = 1e-300  # what a factor of 0 is drawn as, since it has no place on a logarithmic scale
DRAWS = 2001  # an odd number: then the quartiles are draws themselves, none halfway between a 0 and a 1
THRESHOLDS = (0.001, 0.01, 0.05, 0.1, 0.2, 0.5)

CURVE, HERE, RANDOM, STEEPEST = (style.COLORS[look] for look in (0, 1, 2, 6))
NAMED = {"style": {"description_width": "initial"}}  # as wide as the description


@dataclass(frozen=True)
class Parameter:
    """A function's parameter: its name, the value it has at first, and what its slider offers."""

    name: str
    initial: float
    lowest: float
    highest: float
    step: float


@dataclass(frozen=True)
class Choice:
    """A function to look at: f(z) and f′(z), each called with z, and with the parameter where there is one.

    `values` and `slopes` are what the two pictures on the left show of the vertical axis.
    """

    function: Callable
    derivative: Callable
    values: tuple[float, float]
    slopes: tuple[float, float] = (-0.2, 1.2)
    parameter: Parameter | None = None


def with_beta(swish):
    """Make z σ(βz) of the Swish with β = 1 (Ramachandran, Zoph and Le, 2017, §4)."""
    return lambda z, beta: swish(beta * z) / beta


def slope_with_beta(slope):
    return lambda z, beta: slope(beta * z)


def own(name, of=lambda function: function):
    """The mathematics' `name`, or the reader's own where they have written it."""
    return Own(name, of(getattr(activations, name)), of)


CHOICES = {
    "identity": Choice(activations.linear, activations.linear_derivative, (-6.5, 6.5)),
    "sigmoid": Choice(own("sigmoid"), own("sigmoid_derivative"), (-1.3, 1.3)),
    "tanh": Choice(own("tanh"), activations.tanh_derivative, (-1.3, 1.3)),
    "ReLU": Choice(
        own("relu"),
        Own("leaky_relu_and_slope", activations.relu_derivative, lambda pair: lambda z: pair(z, 0.0)[1]),
        (-3, 6.5),
    ),
    "leaky ReLU": Choice(
        Own("leaky_relu_and_slope", activations.leaky_relu, lambda pair: lambda z, slope: pair(z, slope)[0]),
        Own("leaky_relu_and_slope", activations.leaky_relu_derivative, lambda pair: lambda z, slope: pair(z, slope)[1]),
        (-6.5, 6.5),
        parameter=Parameter("negative_slope", 0.2, 0.0, 1.0, 0.01),
    ),
    "PReLU": Choice(
        activations.prelu,
        activations.prelu_derivative,
        (-9.5, 6.5),
        (-0.7, 1.7),
        Parameter("alpha", 0.25, -0.5, 1.5, 0.05),
    ),
    "ELU": Choice(
        own("elu"), activations.elu_derivative, (-3, 6.5), (-0.2, 1.7), Parameter("alpha", 1.0, 0.1, 1.5, 0.1)
    ),
    "Swish": Choice(
        Own("swish_and_slope", with_beta(activations.swish), lambda pair: with_beta(lambda z: pair(z)[0])),
        Own(
            "swish_and_slope",
            slope_with_beta(activations.swish_derivative),
            lambda pair: slope_with_beta(lambda z: pair(z)[1]),
        ),
        (-3, 6.5),
        (-0.2, 1.2),
        Parameter("beta", 1.0, 0.1, 5.0, 0.1),
    ),
    "GELU": Choice(activations.gelu, activations.gelu_derivative, (-3, 6.5)),
}


class ActivationExplorer(Explorer):
    """Look at an activation function and its slope at a point that is dragged, and at the slope's powers over depth.

    Args:
        state: the text of a state to begin with; None for the sigmoid at z = 2 and five layers.
    """

    name = "activation-explorer"
    title = "The activation explorer"
    picture = (
        "On the left a function of z with its tangent at one point, above its slope, both shaded where the function is "
        "saturated; on the right, on a logarithmic scale, by how much layers of it multiply a gradient: at this "
        "point, at the steepest one, and at random ones."
    )
    size = (10.0, 5.0)
    tall = 7.4
    stands_on = ("function",)
    presets: ClassVar[dict[str, str]] = {
        "the sigmoid at its best": "activation-explorer?z=0",
        "do large z help the sigmoid?": "activation-explorer?z=0&sigma=4",
        "tanh, centered and saturated": "activation-explorer?function=tanh&z=3",
        "a dead ReLU": "activation-explorer?function=ReLU&z=-0.5",
        "ReLU tosses a coin in every layer": "activation-explorer?function=ReLU&steps_shown=3",
        "the leak of the paper, ten layers deep": "activation-explorer?function=leaky+ReLU&"
        "leaky+ReLU.negative_slope=0.01&z=-2&steps_shown=10",
        "a slope above 1": "activation-explorer?function=PReLU&PReLU.alpha=1.5&z=-2&steps_shown=20",
        "ELU where alpha matters": "activation-explorer?function=ELU&ELU.alpha=1.5&z=-0.5",
        "Swish, going down": "activation-explorer?function=Swish&z=-2.4",
        "Swish, almost a ReLU": "activation-explorer?function=Swish&Swish.beta=5&z=-2.4",
    }

    def __init__(self, state: str | None = None):
        super().__init__()
        if state is not None:
            self.state = state

    def controls(self):
        controls = {
            "function": ipywidgets.Dropdown(options=list(CHOICES), value="sigmoid", description="function", **NAMED)
        }
        for name, choice in CHOICES.items():
            if parameter := choice.parameter:
                controls[f"{name}.{parameter.name}"] = ipywidgets.FloatSlider(
                    parameter.initial,
                    min=parameter.lowest,
                    max=parameter.highest,
                    step=parameter.step,
                    description=parameter.name,
                    tooltip=f"{name} {parameter.name}",
                    **NAMED,
                )
        return controls | {
            "z": ipywidgets.BoundedFloatText(
                2.0, min=Z_LIMITS[0], max=Z_LIMITS[1], step=0.01, description="z", layout={"width": "120px"}, **NAMED
            ),
            "threshold": ipywidgets.SelectionSlider(
                options=[(f"{threshold:g}", threshold) for threshold in THRESHOLDS],
                value=0.01,
                description="saturated below",
                **NAMED,
            ),
            "sigma": ipywidgets.FloatSlider(
                1.0, min=0.1, max=4, step=0.1, description="σ of random z", readout_format=".1f", **NAMED
            ),
            "steps_shown": ipywidgets.IntSlider(5, min=1, max=int(DEPTHS[-1]), description="depth", **NAMED),
        }

    def layout(self, controls):
        self._show_parameter(controls)
        return super().layout(controls)

    def adjust(self, name):
        if name == "function":
            self._show_parameter(self._controls)

    def _show_parameter(self, controls):
        for name, control in controls.items():
            owner, _, parameter = name.partition(".")
            if parameter:
                control.layout.display = "" if owner == controls["function"].value else "none"

    def on_pointer(self, kind, axes, x, y):
        self["z"] = round(x, 2)

    def on_key(self, axes, key):
        self["z"] = round(self["z"] + {"ArrowLeft": -0.1, "ArrowRight": 0.1}.get(key, 0), 2)

    def _arguments(self) -> tuple:
        """What the function is called with besides z."""
        parameter = CHOICES[self["function"]].parameter
        return (self[f"{self['function']}.{parameter.name}"],) if parameter else ()

    def _whose(self) -> tuple[bool, bool]:
        """Whether the function is the reader's own, and whether its slope is."""
        choice = CHOICES[self["function"]]
        across = (np.linspace(*Z_LIMITS, 1201), *self._arguments())
        return tuple(isinstance(f, Own) and works(f, arguments=across)[0] for f in (choice.function, choice.derivative))

    def still_key(self):
        return (*super().still_key(), self._whose())

    # --- the picture

    def still(self, figure: Figure) -> Still:
        choice = CHOICES[self["function"]]
        if self.is_tall:
            places = figure.subplot_mosaic([["value"], ["slope"], ["factors"]], height_ratios=[1.25, 1, 2])
        else:
            places = figure.subplot_mosaic(
                [["value", "factors"], ["slope", "factors"]], width_ratios=[1.1, 1], height_ratios=[1.25, 1]
            )
        value, slope, factors = (places[name] for name in ("value", "slope", "factors"))
        value.set(ylabel="f(z)", xlim=Z_LIMITS, ylim=choice.values, xticklabels=[])
        slope.set(ylabel="f′(z)", xlabel="z", xlim=Z_LIMITS, ylim=choice.slopes)
        is_own, is_own_slope = self._whose()
        value.set_title(f"your {self['function']}" if is_own else self["function"], loc="left")
        slope.set_title("its slope, as you wrote it" if is_own_slope else "its slope", loc="left")
        factors.set(yscale="log", xlim=(0, DEPTHS[-1]), ylim=FACTOR_LIMITS, xticks=DEPTHS[::5])
        factors.yaxis.set_major_formatter("{x:g}")  # small raised exponents are hard to read
        factors.set(title="gradient through many layers", xlabel="depth", ylabel="its size is multiplied by")
        for axes in (value, slope):
            axes.axhline(0, color="black", linewidth=0.8, linestyle="-")

        gray = {"color": "black", "linewidth": 1, "linestyle": ":"}
        self._flat = [axes.fill_between([], [], color="black", alpha=0.15, linewidth=0) for axes in (value, slope)]
        self._curves = [axes.plot([], [], "-", color=CURVE)[0] for axes in (value, slope)]
        [self._threshold] = slope.plot([], [], **gray)
        [self._tangent] = value.plot([], [], "-", color=HERE)
        self._points = [
            axes.plot([], [], "o", color=HERE, markeredgecolor="white", markersize=9)[0] for axes in (value, slope)
        ]
        self._band = factors.fill_between([], [], color=RANDOM, alpha=0.25, linewidth=0)
        self._factors = [
            factors.plot([], [], line, color=color, label=label)[0]
            for label, line, color in (
                ("at this z", "-", HERE),
                ("at the steepest z", "--", STEEPEST),
                ("at random z: median, middle half", "-.", RANDOM),
            )
        ]
        [self._depth] = factors.plot([], [], **gray)
        [self._marks] = factors.plot([], [], "o", color="black", markersize=6, clip_on=False)
        self._marks.set_in_layout(False)  # still empty and not clipped, it would count as a mark at the figure's corner
        # Below the axes, for where the slope exceeds 1 curves come to every corner of the picture on the right.
        known = {line.get_label(): line for line in self._factors[:2]}
        known |= {"threshold, depth": self._depth, "saturated": self._flat[0]}
        known |= {self._factors[2].get_label(): (self._band, self._factors[2])}
        columns = 1 if self.is_tall else 3 if figure.get_figwidth() < 9 else 5
        figure.legend(known.values(), known, loc="outside lower center", ncols=columns, fontsize=9, handlelength=2.5)
        # Beside the titles, or where there is no room, inside, in the corner that curves seldom come to.
        where = (("bottom", 0.02), ("top", 1)) if self.is_tall else (("bottom", 1.03),) * 2
        white = {"facecolor": "white", "alpha": 0.7, "linewidth": 0, "pad": 1}
        self._told = [
            axes.text(1, y, "", transform=axes.transAxes, ha="right", va=vertically, bbox=white)
            for axes, (vertically, y) in zip((value, slope), where, strict=True)
        ]
        moving = [*self._flat, self._threshold, *self._curves, self._tangent, *self._points, *self._told]
        moving += [self._band, *self._factors, self._depth, self._marks]
        label = "drag to move z, or use the left and right arrow keys."
        return Still(moving, zones={value: f"The function: {label}", slope: f"Its slope: {label}"})

    def move(self) -> str:
        choice, arguments, z, threshold = CHOICES[self["function"]], self._arguments(), self["z"], self["threshold"]
        here = np.array([z])
        value, slope = (float(function(here, *arguments)[0]) for function in (choice.function, choice.derivative))

        across = np.linspace(*Z_LIMITS, 1201)
        slopes = choice.derivative(across, *arguments)
        for artist, heights in zip(self._curves, (choice.function(across, *arguments), slopes), strict=True):
            artist.set_data(across, heights)
        for artist, (low, high) in zip(self._flat, (choice.values, choice.slopes), strict=True):
            artist.set_data(across, low, high, where=np.abs(slopes) < threshold)
        self._threshold.set_data([*Z_LIMITS, np.nan, *Z_LIMITS], [threshold, threshold, np.nan, -threshold, -threshold])
        self._tangent.set_data([z - 1.5, z + 1.5], [value - 1.5 * slope, value + 1.5 * slope])
        for artist, height in zip(self._points, (value, slope), strict=True):
            artist.set_data([z], [height])

        here, steepest = abs(slope) ** DEPTHS, steepest_slope(self["function"], arguments) ** DEPTHS
        low, median, high, zeros = random_factors(self["function"], arguments, self["sigma"])
        depth = self["steps_shown"]
        for artist, factors in zip(self._factors, (here, steepest, median), strict=True):
            artist.set_data(DEPTHS, np.maximum(factors, NOTHING))
        self._band.set_data(DEPTHS, np.maximum(low, NOTHING), np.maximum(high, NOTHING))
        marks = np.clip([here[depth], steepest[depth], median[depth]], *FACTOR_LIMITS)
        self._marks.set_data([depth] * 3, marks)
        self._depth.set_data([depth, depth], [FACTOR_LIMITS[0], max(1, *marks)])

        is_flat = abs(slope) < threshold
        self._told[0].set_text(f"f({number(z)}) = {number(value)}")
        self._told[1].set_text(f"f′({number(z)}) = {number(slope)}{', saturated' if is_flat else ''}")

        known = f" with {choice.parameter.name} = {number(arguments[0])}" if arguments else ""
        middle = " to ".join(dict.fromkeys(f"{factor:.3g}" for factor in (low[depth], high[depth])))
        lost = f"; it is exactly 0 in {zeros[depth]:.0%} of the draws" if zeros[depth] > 0.005 else ""
        whose = "your " if self._whose()[0] else ""
        return (
            f"{whose}{self['function']}{known} at z = {number(z)}: value {number(value)}, slope {number(slope)}, "
            f"{'saturated' if is_flat else 'not saturated'} (|slope| {'<' if is_flat else '≥'} {threshold:g}). "
            f"Through {depth} layer{'s' * (depth > 1)} a gradient's size is multiplied by {here[depth]:.3g} at this z, "
            f"by {steepest[depth]:.3g} at the steepest z, and by {middle} at random z "
            f"(σ = {self['sigma']:.1f}, the middle half){lost}."
        )


@lru_cache(maxsize=256)
def steepest_slope(name: str, arguments: tuple) -> float:
    """The largest |f′(z)| of CHOICES[name], called with `arguments`, anywhere."""
    # Swish with its smallest β is steepest at z = 24; ELU at z = 0, which the odd number of points includes.
    return float(np.abs(CHOICES[name].derivative(np.linspace(-30, 30, 60001), *arguments)).max())


@lru_cache(maxsize=256)
def random_factors(name: str, arguments: tuple, sigma: float) -> tuple[np.ndarray, ...]:
    """What layers of CHOICES[name] multiply a gradient's size by, where z ~ N(0, σ²) anew in each layer.

    Returns:
        the lower quartile, the median and the upper quartile of the factors after each of DEPTHS, and the share of
        draws in which the factor is exactly 0.
    """
    z = sigma * np.random.default_rng(0).standard_normal((DRAWS, len(DEPTHS) - 1))
    slopes = np.abs(CHOICES[name].derivative(z, *arguments))
    factors = np.hstack([np.ones((DRAWS, 1)), np.cumprod(slopes, axis=1)])
    quartiles = np.sort(factors, axis=0)[[DRAWS // 4, DRAWS // 2, 3 * DRAWS // 4]]
    return (*quartiles, np.mean(factors == 0, axis=0))
