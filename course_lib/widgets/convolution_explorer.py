"""The convolution explorer: a small network, one of its units, and the numbers of one place."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from course_lib.convolution import output_size
from course_lib.widgets.convolution_maps import seers_of, signed
from course_lib.widgets.convolution_net import CONVOLVE, KERNEL_SIZE, POOL, UNITS, Seen, Unit, digit, look, trained
from course_lib.widgets.convolution_picture import Picture
from course_lib.widgets.explorer import Explorer, button, group, row
from course_lib.widgets.stage import Still

KERNELS = {
    "identity": (0, 0, 0, 0, 1, 0, 0, 0, 0),
    "zeros": (0, 0, 0, 0, 0, 0, 0, 0, 0),
    "blur": (0.11, 0.11, 0.11, 0.11, 0.11, 0.11, 0.11, 0.11, 0.11),
    "sharpen": (0, -1, 0, -1, 5, -1, 0, -1, 0),
    "vertical edge": (-1, 0, 1, -2, 0, 2, -1, 0, 1),
    "horizontal edge": (-1, -2, -1, 0, 0, 0, 1, 2, 1),
}
WEIGHTS = tuple(f"w{row}{column}" for row in range(1, KERNEL_SIZE + 1) for column in range(1, KERNEL_SIZE + 1))
LARGEST_WEIGHT = 9.0
DRAG = 0.2  # a weight for each unit of the picture
FIRST = UNITS[0]
NAMED = {"style": {"description_width": "initial"}}  # as wide as the description


def with_kernel(kernel: str, **others) -> str:
    """The text of a state with a kernel of KERNELS in the first unit."""
    numbers = dict(zip(WEIGHTS, KERNELS[kernel], strict=True)) | others
    return "convolution-explorer?" + "&".join(f"{name}={value:g}" for name, value in numbers.items())


class ConvolutionExplorer(Explorer):
    """Look at a small network that reads digits, at one of its units, and at the numbers of one place; and change its
    kernel, its stride and its padding. Another unit, or another channel, comes with its trained numbers.

    Args:
        state: the text of a state to begin with; None for the first unit of layer 1 on a 3.
    """

    name = "convolution-explorer"
    title = "The convolution explorer"
    picture = (
        "Three zooms. Above the network: a digit, the maps of layer 1, the pooled ones, the maps of layer 2, and a bar "
        "for each digit. In the middle one unit: for each channel what it looks at, with the window, and below it "
        "the channel's own map; these and the bias sum to the unit's map. Below one place: the numbers of the "
        "window, of the kernel, and their products."
    )
    size = (10.0, 7.0)
    tall = 15.4
    follows: ClassVar[dict[str, str]] = {"channel": "unit", "bias": "unit"} | dict.fromkeys(WEIGHTS, "channel")
    presets: ClassVar[dict[str, str]] = {
        "identity: the map is the digit": with_kernel("identity", bias=0),
        "blur": with_kernel("blur", bias=0),
        "vertical edges": with_kernel("vertical edge", bias=0),
        "horizontal edges": with_kernel("horizontal edge", bias=0),
        "four channels, one sum": "convolution-explorer?unit=2.7&row=2&column=2",
        "a stride that leaves something over": "convolution-explorer?stride=2&padding=0",
        "the same, with nothing left over": "convolution-explorer?stride=5&padding=0",
        "without padding, a corner is seen less often": "convolution-explorer?padding=0&row=1&column=1",
    }

    def __init__(self, state: str | None = None):
        self._dragged_from: tuple[float, float] | None = None  # the pointer's height and the weight at that time
        super().__init__()
        if state is not None:
            self.state = state

    # --- controls

    def controls(self):
        def count(value, low, high, description):
            return ipywidgets.IntSlider(value, min=low, max=high, description=description, **NAMED)

        def place(value, high, description):
            return ipywidgets.BoundedIntText(
                value, min=1, max=high, description=description, layout={"width": "120px"}, **NAMED
            )

        def typed(value, most, description):
            return ipywidgets.BoundedFloatText(
                value, min=-most, max=most, step=0.1, description=description, layout={"width": "120px"}, **NAMED
            )

        units = [(f"layer {unit.layer}, filter {unit.filter}", str(unit)) for unit in UNITS]
        cells = [(f"row {name[1]}, column {name[2]}", name) for name in WEIGHTS]
        first = FIRST.kernel_of(trained())[..., 0].ravel()
        return {
            "digit": count(3, 0, 9, "digit"),
            "stride": count(1, 1, 5, "stride"),
            "padding": count(1, 0, 2, "padding"),
            "unit": ipywidgets.Dropdown(options=units, description="unit", **NAMED),
            "channel": place(1, 1, "channel"),
            "row": place(3, 8, "row"),
            "column": place(5, 8, "column"),
            # Nine numbers, of which one at a time has a box.
            **{name: typed(value, LARGEST_WEIGHT, name) for name, value in zip(WEIGHTS, first, strict=True)},
            "weight": ipywidgets.Dropdown(options=cells, value="w22", description="weight in", **NAMED),
            "bias": typed(FIRST.biases_of(trained())[0], 20, "bias"),
        }

    def layout(self, controls):
        kernels = [button(name, lambda name=name: self._use(KERNELS[name])) for name in KERNELS]
        kernels.append(button("as trained", lambda: self._use(self._trained_kernel())))
        self._box = ipywidgets.BoundedFloatText(
            controls[controls["weight"].value].value, min=-LARGEST_WEIGHT, max=LARGEST_WEIGHT, step=0.1,
            description="its value", layout={"width": "150px"}, **NAMED,
        )  # fmt: skip
        self._box.observe(lambda change: self._set_weight(change["new"]), "value")
        sliders = group("Controls", *(controls[name] for name in ("digit", "stride", "padding")))
        places = row(*(controls[name] for name in ("unit", "channel", "row", "column")))
        numbers = row(controls["weight"], self._box, controls["bias"])
        return ipywidgets.VBox([sliders, places, numbers, group("Kernels", *kernels)])

    def _set_weight(self, value: float) -> None:
        self[self["weight"]] = min(max(value, -LARGEST_WEIGHT), LARGEST_WEIGHT)

    def _unit(self) -> Unit:
        return Unit.of(self["unit"])

    def _trained_kernel(self) -> np.ndarray:
        return self._unit().kernel_of(trained())[..., self["channel"] - 1].ravel()

    def _use(self, kernel) -> None:
        with self.held():
            for name, value in zip(WEIGHTS, kernel, strict=True):
                self[name] = value

    def adjust(self, name):
        if name == "unit":
            self._controls["channel"].max = self._unit().channels
            self["channel"] = 1
            self["bias"] = self._unit().biases_of(trained())[self._unit().filter - 1]
        if name in ("unit", "channel"):
            self._use(self._trained_kernel())
        if name in ("unit", "stride", "padding"):
            size = 8 if self._unit().layer == 1 else 4
            for place in ("row", "column"):
                self._controls[place].max = output_size(size, KERNEL_SIZE, self["stride"], self["padding"])
        if name in WEIGHTS or name == "weight":
            self._box.value = self[self["weight"]]

    def on_pointer(self, kind, axes, x, y):
        with self.held():
            if axes is self._picture.net.axes:
                self._choose(self._picture.net.at(x, y))
            elif axes is self._picture.place.axes:
                self._drag(kind, x, y)
            elif found := self._picture.unit.at(x, y):
                self._go_to_pixel(*found)

    def _drag(self, kind: str, x: float, y: float) -> None:
        """Choose the weight at a point, and change it while the pointer goes up or down."""
        if kind == "down":
            found = self._picture.place.at(x, y)
            if found:
                self["weight"] = WEIGHTS[KERNEL_SIZE * found[0] + found[1]]
            self._dragged_from = (y, self[self["weight"]]) if found else None
        elif self._dragged_from:
            start, value = self._dragged_from
            if abs(start - y) > 0.5:  # else it is a press, and no drag
                self._set_weight(round(value + DRAG * (start - y), 1))

    def _choose(self, found: tuple[int, int] | None) -> None:
        """Choose the map at (column, place) of the network: a unit, or a channel of one of layer 2."""
        column, place = found or (0, 0)
        if column in (1, 3):
            self["unit"] = str(Unit((column + 1) // 2, place + 1))
        elif column == 2 and self._unit().layer == 2:
            self["channel"] = place + 1

    def _go_to_pixel(self, kind: str, channel: int | None, pixel: tuple[int, int]) -> None:
        """Go to a place of the map; or to the one whose window has a pixel of the input nearest to its middle."""
        if channel is not None:
            self["channel"] = channel + 1
        for name, index in zip(("row", "column"), pixel, strict=True):
            if kind == "input":
                index = max(round((index - KERNEL_SIZE // 2) / self["stride"]), 0)
            self[name] = index + 1

    def on_key(self, axes, key):
        across, down = {"ArrowLeft": (-1, 0), "ArrowRight": (1, 0), "ArrowUp": (0, -1), "ArrowDown": (0, 1)}.get(
            key, (0, 0)
        )
        with self.held():
            if axes is self._picture.net.axes:
                units = [str(unit) for unit in UNITS]
                self["unit"] = units[np.clip(units.index(self["unit"]) + across + down, 0, len(units) - 1)]
            elif axes is self._picture.unit.axes:
                self["row"] += down
                self["column"] += across
            else:
                cell = np.clip(np.add(self._cell(), (down, across)), 0, KERNEL_SIZE - 1)
                self["weight"] = WEIGHTS[KERNEL_SIZE * cell[0] + cell[1]]
                step = {"+": 0.1, "-": -0.1, "−": -0.1}.get(key, 0.0)
                self._set_weight(round(self[self["weight"]] + step, 2))

    def _cell(self) -> tuple[int, int]:
        """The (row, column) of the weight that is marked."""
        return divmod(WEIGHTS.index(self["weight"]), KERNEL_SIZE)

    # --- the picture

    def _weights(self) -> list[np.ndarray]:
        """The network's weights, of which those of the controls are changed."""
        weights, unit = trained(), self._unit()
        kernel = np.reshape([self[name] for name in WEIGHTS], (KERNEL_SIZE, KERNEL_SIZE))
        unit.kernel_of(weights)[..., self["channel"] - 1] = kernel
        unit.biases_of(weights)[unit.filter - 1] = self["bias"]
        return weights

    def still(self, figure: Figure) -> Still:
        self._picture = Picture(figure, self.is_tall)
        return self._picture.still()

    def move(self) -> str:
        unit, weights, channel = self._unit(), self._weights(), self["channel"] - 1
        place = self["row"] - 1, self["column"] - 1
        seen = look(digit(self["digit"]), weights, unit, self["stride"], self["padding"])
        self._picture.show(seen, unit, weights, channel, place, self._cell(), self._lines(unit, seen, place))
        parts = self._subject(unit), self._size(seen), self._sum(unit, seen, place), self._result(seen)
        return " ".join(parts)

    # --- the words

    def _lines(self, unit: Unit, seen: Seen, place: tuple[int, int]) -> list[str]:
        """What the products of the chosen channel sum to, and all that follows from it."""
        parts, summed = seen.partial[place], seen.summed[place]
        channel, bias = self["channel"] - 1, signed(self["bias"])
        products = f"channel {channel + 1}: the products sum to {signed(parts[channel])}"
        sums, ends = f"+ bias {bias} = {signed(summed)}", f"ReLU: {signed(max(summed, 0))}"
        if unit.channels == 1:
            return [products, sums, ends, ""]
        return [products, f"channels: {added(parts)}", f"= {signed(parts.sum())};  {sums}", ends]

    def _subject(self, unit: Unit) -> str:
        kernel = np.array([self[name] for name in WEIGHTS])
        names = {"as trained": self._trained_kernel()} | KERNELS
        name = next((name for name, other in names.items() if np.allclose(kernel, other)), "changed")
        of = f"channel {self['channel']} of {unit.channels}, " if unit.channels > 1 else ""
        own = [f"your {piece.name}" for piece in (CONVOLVE, POOL) if piece.is_yours]
        by = f" Computed by {' and '.join(own)}." if own else ""
        return (
            f"Digit {self['digit']}; filter {unit.filter} of layer {unit.layer}, {of}kernel {name}, whose weights sum "
            f"to {signed(kernel.sum())}; that in row {self['weight'][1]}, column {self['weight'][2]} is "
            f"{signed(self[self['weight']])}.{by}"
        )

    def _size(self, seen: Seen) -> str:
        size, axis = len(seen.padded) - 2 * seen.axis.before, seen.axis
        steps = f"({size} + 2 · {axis.before} − {axis.window}) / {axis.stride}"
        left_over = (len(seen.padded) - axis.window) % axis.stride
        places = f"{axis.outputs} × {axis.outputs} place{'s' * (axis.outputs > 1)}"
        if not left_over:
            return f"{steps} = {axis.outputs - 1}, and 1 more for the first place: {places}."
        lines = "row and column" if left_over == 1 else f"{left_over} rows and columns"
        return f"{steps} leaves {left_over} over: the last {lines} are never seen, and there are {places}."

    def _sum(self, unit: Unit, seen: Seen, place: tuple[int, int]) -> str:
        parts, summed = seen.partial[place], seen.summed[place]
        what = f"the products sum to {signed(parts[0])}"
        if unit.channels > 1:
            what = f"the {unit.channels} channels give {added(parts)} = {signed(parts.sum())}"
        windows = len(list(seers_of(seen.axis, place)))
        return (
            f"At row {place[0] + 1}, column {place[1] + 1} {what}; with the bias {signed(self['bias'])} that is "
            f"{signed(summed)}, and after ReLU {signed(max(summed, 0))}. {windows} window{'s' * (windows > 1)} "
            f"see{'s' * (windows == 1)} the middle of this one."
        )

    def _result(self, seen: Seen) -> str:
        output = np.maximum(seen.summed, 0)
        says = int(seen.scores.argmax())
        return (
            f"The map's largest number is {signed(output.max())}, and {np.mean(output == 0):.0%} of it is 0. The "
            f"network says {says} ({seen.scores[says]:.1%})."
        )


def added(parts: np.ndarray) -> str:
    """The numbers as a sum: 0.31 − 0.20 + 0.05."""
    first, *others = parts
    return signed(first) + "".join(f" {'−' if part < 0 else '+'} {signed(abs(part))}" for part in others)
