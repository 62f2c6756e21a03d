"""The network microscope: what happens in every layer of a network, forwards, backwards, and in the step after."""

from __future__ import annotations

import copy
from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from course_lib.inspection import HEALTHY_RATIO, SATURATED_FROM
from course_lib.network import Sequential
from course_lib.widgets.explorer import Explorer
from course_lib.widgets.microscope_picture import DIRECTIONS, Picture
from course_lib.widgets.microscope_reading import Reading, number, percent
from course_lib.widgets.specimens import CLASSES, INITIALIZERS, Order, Specimen, supplied
from course_lib.widgets.stage import Still

STEPS = 200  # of training, at most
EXAMPLES = 256  # of a reader's batch that are looked at, at most
ACTIVATIONS = ("tanh", "sigmoid", "relu", "leaky_relu", "elu", "swish", "linear")
WIDTHS = (8, 16, 32, 64)
# From 0.01 to 10 in steps of at most 5 %, with the round numbers among them.
MANTISSAS = (*range(100, 200, 5), *range(200, 500, 10), *range(500, 1000, 25))
SCALES = (*(float(f"{mantissa}e{power}") for power in (-4, -3, -2) for mantissa in MANTISSAS), 10.0)
RATES = (*(float(f"{digit}e{power}") for power in range(-3, 1) for digit in (1, 2, 5)), 10.0)
SATURATED = {
    "tanh": f"|a| > {SATURATED_FROM}",
    "sigmoid": f"|2a − 1| > {SATURATED_FROM}",
    "elu": f"a < −{SATURATED_FROM}",
}
NAMED = {"style": {"description_width": "initial"}}  # as wide as the description


def network_microscope(
    model: Sequential | None = None, x: np.ndarray | None = None, y: np.ndarray | None = None, state: str | None = None
) -> NetworkMicroscope:
    """Look into a network: into the reader's on a batch of data, or, without one, into any that controls say.

    Args:
        model: a compiled `network.Sequential`, with any layers, optimizer and loss. It is copied and stays as it is,
            also where steps of training are looked at.
        x, y: the batch, as `model.train_on_batch` takes it; its first EXAMPLES rows are looked at.
        state: the text of a state to begin with; None for a network as it is at first.
    Raises:
        TypeError: the model is no network of `course_lib`; Keras's layers say nothing of their gradients.
        ValueError: the batch is missing or does not fit, or `state` is no state.
        RuntimeError: the model is not compiled.
    """
    if (model is None) != (x is None) or (model is None) != (y is None):
        raise ValueError("give all three, network_microscope(model, x, y), or none of them")
    if model is None:
        return NetworkMicroscope(state=state)
    if not hasattr(model, "layers") or not all(hasattr(layer, "backward") for layer in model.layers):
        kind = f"{type(model).__module__.partition('.')[0]}'s {type(model).__name__}"
        raise TypeError(f"the microscope looks into a network made of course_lib.layers, not into {kind}")
    x, y = np.asarray(x)[:EXAMPLES], np.asarray(y)[:EXAMPLES]
    return NetworkMicroscope(Specimen(copy.deepcopy(model), x, y), state)


class NetworkMicroscope(Explorer):
    """What `network_microscope` returns; `specimen` is the copy of a reader's network, None to build networks."""

    name = "network-microscope"
    title = "The network microscope"
    picture = (
        "On the left all layers side by side, in four rows on one axis: the histogram of the outputs' sizes with their "
        "deviation, the share of saturated outputs and dead units, the histogram of the gradients' sizes, and the "
        "update-to-weight ratio with a line at 0.001; black triangles stand for what lies beyond a row. On the right "
        "the histogram of one layer, and its numbers."
    )
    size = (10.0, 4.9)
    tall = 8.6
    presets: ClassVar[dict[str, str]] = {
        "weights too small": "network-microscope?initializer=standard_normal&scale=0.05",
        "weights too large": "network-microscope?initializer=standard_normal",
        "all weights zero": "network-microscope?initializer=zeros&steps_shown=50",
        "all weights alike": "network-microscope?initializer=constant&scale=0.1&steps_shown=50",
        "sigmoids, ten deep": "network-microscope?activation=sigmoid&direction=backward&layer=1",
        "ReLU and Glorot, fifty deep": "network-microscope?activation=relu&depth=50&width=64&layer=50",
        "ReLU and He, fifty deep": "network-microscope?activation=relu&initializer=he_normal&depth=50&width=64&"
        "layer=50",
        "which scale for fifty ReLU layers?": "network-microscope?activation=relu&initializer=standard_normal&depth=50&"
        "width=64&scale=0.1&layer=50",
        "too large a rate": "network-microscope?activation=relu&initializer=he_normal&learning_rate=2&"
        "direction=update+ratio&steps_shown=3",
        "units that die while they learn": "network-microscope?activation=relu&initializer=he_normal&learning_rate=1&"
        "layer=10&steps_shown=20",
    }

    def __init__(self, specimen: Specimen | None = None, state: str | None = None):
        self._specimen = specimen
        self._read: tuple = (None, None)  # (what was read last, its reading)
        if specimen:
            self.presets = {}  # which are of networks that are built
        super().__init__()
        if state is not None:
            self.state = state

    # --- controls

    def controls(self):
        layers = len(self._specimen.layers) if self._specimen else 11
        return self._building() | {
            "direction": ipywidgets.Dropdown(options=DIRECTIONS, description="enlarge", **NAMED),
            "layer": ipywidgets.BoundedIntText(
                1 if self._specimen else 5, min=1, max=layers, description="layer", layout={"width": "120px"}, **NAMED
            ),
            "steps_shown": ipywidgets.IntSlider(0, min=0, max=STEPS, description="training steps", **NAMED),
        }

    def _building(self):
        if self._specimen:
            return {}
        return {
            "activation": ipywidgets.Dropdown(options=ACTIVATIONS, description="activation", **NAMED),
            "initializer": ipywidgets.Dropdown(
                options=list(INITIALIZERS), value="glorot_uniform", description="initializer", **NAMED
            ),
            "depth": ipywidgets.IntSlider(10, min=1, max=50, description="hidden layers", **NAMED),
            "width": choice("units in each", WIDTHS, 32),
            "scale": choice("weights times", SCALES, 1.0),
            "learning_rate": choice("learning rate", RATES, 0.1),
        }

    def adjust(self, name):
        if name == "depth":
            self._controls["layer"].max = self["depth"] + 1
        if name in ("activation", "initializer", "depth", "width", "scale", "learning_rate"):
            self["steps_shown"] = 0  # another network begins untrained

    def on_pointer(self, kind, axes, x, y):
        with self.held():
            self["layer"], self["direction"] = round(x), self._picture.direction_of(axes)

    def on_key(self, axes, key):
        across = {"ArrowLeft": -1, "ArrowRight": 1}.get(key, 0)
        down = {"ArrowUp": -1, "ArrowDown": 1}.get(key, 0)
        with self.held():
            self["layer"] += across
            row = DIRECTIONS.index(self["direction"]) + down
            self["direction"] = DIRECTIONS[min(max(row, 0), len(DIRECTIONS) - 1)]

    # --- what is looked at

    def _order(self) -> Order:
        return Order(*(self[name] for name in Order.__annotations__))

    def _reading(self) -> tuple[Reading, bool]:
        """What is to be seen, and whether it began with an initializer of the reader's own."""
        specimen, is_own = (self._specimen, False) if self._specimen else supplied(self._order())
        looked_at = specimen, self["steps_shown"]
        if self._read[0] != looked_at:
            self._read = looked_at, Reading(*specimen.after(self["steps_shown"]))
        return self._read[1], is_own

    def still(self, figure: Figure) -> Still:
        self._picture = Picture(figure, self.is_tall)
        return self._picture.still()

    def move(self) -> str:
        reading, is_own = self._reading()
        origin = ""
        if not self._specimen:
            times = "" if self["scale"] == 1 else f" × {self['scale']:g}"
            origin = f"{'your ' * is_own}{self['initializer']}{times}"
        self._picture.show(reading, self["layer"], self["direction"], origin)
        return f"{self._subject(origin)} {self._all(reading)} {self._one(reading)}"

    def _let_go(self):
        super()._let_go()
        self._read = (None, None)

    # --- the sentence

    def _subject(self, origin: str) -> str:
        steps = self["steps_shown"]
        more = " more" if self._specimen else ""
        done = f"after {steps}{more} step{'s' * (steps > 1)} of training"
        if not steps:
            done = "as you gave it" if self._specimen else "before training"
        loss = number_of_loss(self._read[1].loss)
        if self._specimen:
            return f"Your network on {len(self._specimen.x)} examples, {done}: loss {loss}."
        many = f"{self['depth']} hidden layer{'s' * (self['depth'] > 1)} of {self['width']} {self['activation']} units"
        return f"{many}, {origin}, {done}: loss {loss} (guessing: ln {CLASSES} = {np.log(CLASSES):.2f})."

    def _all(self, reading: Reading) -> str:
        hidden = len(reading.layers) - 1
        ratios = reading.ratios[~np.isnan(reading.ratios)]
        parts = []
        if hidden > 1:
            outputs, gradients = ([number(values.deviation) for values in reading.of(way)] for way in DIRECTIONS[:2])
            parts.append(
                f"From layer 1 to {hidden} the outputs' deviation goes from {outputs[0]} to {outputs[hidden - 1]}"
            )
            parts.append(f"back from layer {hidden} to 1 the gradients' from {gradients[hidden - 1]} to {gradients[0]}")
        if len(ratios):
            lowest, highest = number(ratios.min()), number(ratios.max())
            parts.append(f"update ratios are {lowest}" + (f" to {highest}" if highest != lowest else ""))
        text = "; ".join(parts)
        return f"{text[:1].upper()}{text[1:]}."

    def _one(self, reading: Reading) -> str:
        place, direction = self["layer"], self["direction"]
        here = reading.layers[place - 1]
        kind = f"{here.name}, {here.activation}" if here.activation else here.name
        beginning = f"Layer {place} of {len(reading.layers)} ({kind})"
        if direction == "update ratio":
            if here.kernel is None:
                return f"{beginning} has no kernel."
            deviations = (
                f"the kernel's deviation is {number(np.std(here.kernel))}, its update's {number(np.std(here.update))}"
            )
            return (
                f"{beginning}: {deviations}, a ratio of {number(here.update_ratio)} (rule of thumb: {HEALTHY_RATIO:g})."
            )
        values = reading.of(direction)[place - 1]
        what = "outputs" if direction == "forward" else "gradients ∂L/∂z"
        parts = [f"mean {number(values.mean)}", f"deviation {number(values.deviation)}"]
        if values.zeros:
            parts.append(f"{percent(values.zeros)} exactly 0")
        if direction == "forward" and here.saturated is not None and values.overflowed < 1:
            parts.append(f"{percent(here.saturated)} saturated ({SATURATED[here.activation]})")
        if direction == "forward" and here.dead is not None and values.overflowed < 1:
            parts.append(f"{percent(here.dead)} of the units dead")
        if values.overflowed:
            parts.append(f"{percent(values.overflowed)} overflowed")
        return f"{beginning}, {what}: {', '.join(parts)}."


def choice(description: str, values: tuple, initial) -> ipywidgets.SelectionSlider:
    options = [(f"{value:g}", value) for value in values]
    return ipywidgets.SelectionSlider(options=options, value=initial, description=description, **NAMED)


def number_of_loss(loss: float) -> str:
    """The loss to two decimals, where these say something."""
    return f"{loss:.2f}" if 0.095 < loss < 99.5 else number(loss)
