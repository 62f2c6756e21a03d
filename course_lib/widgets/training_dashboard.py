"""The training dashboard: loss and accuracy while `fit` runs, in Keras and in `course_lib`."""

from __future__ import annotations

import math
import time
from typing import Any, ClassVar

import ipywidgets
import numpy as np
from IPython import get_ipython
from IPython.display import display
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter

from course_lib.library import serving
from course_lib.network import Callback
from course_lib.widgets import style
from course_lib.widgets.explorer import Explorer, named
from course_lib.widgets.stage import Still

# Points that a curve remembers: several for each pixel that there is to show them.
CAPACITY = 2048
# Seconds between two pictures while a cell trains, and after one with new axes, which takes several times as long.
PAUSE, LONG_PAUSE = 1.5, 2.5
# The share of the batches that may lie outside of the picture, so that the first few do not set its scale.
OUTLIERS = 0.05

NAMED = {"style": {"description_width": "initial"}}  # as wide as the description
# The curves by the names of their switches, in the order in which they are drawn.
CURVES = {
    "batches": ("batches", {"color": style.COLORS[0], "linewidth": 1.2}),
    "epoch_means": ("mean of the epoch so far", {"color": style.COLORS[1], "linewidth": 1.8, "linestyle": "--"}),
    "validation": ("validation", {"color": style.COLORS[2], "linewidth": 1.8, "linestyle": "-.", "marker": "s"}),
}


class Curve:
    """Values at places, in bounded memory: when there are too many, each two neighbors become their mean."""

    def __init__(self):
        self._points = np.empty((CAPACITY, 2))
        self._count = 0
        self.stride = 1  # how many values a point is the mean of
        self._waiting: list[tuple[float, float]] = []  # those that do not yet make a point

    def add(self, x: float, y: float) -> None:
        self._waiting.append((x, y if math.isfinite(y) else math.nan))
        if len(self._waiting) < self.stride:
            return
        if self._count == len(self._points):
            self._count //= 2
            self._points[: self._count] = self._points.reshape(-1, 2, 2).mean(axis=1)
            self.stride *= 2
        else:
            self._points[self._count] = np.mean(self._waiting, axis=0) if self.stride > 1 else self._waiting[0]
            self._count += 1
            self._waiting.clear()

    def smoothed(self, values: int = 1) -> tuple[np.ndarray, np.ndarray]:
        """Return (x, y): at each point the mean of the last so many `values`, or of all where there are fewer."""
        x, y = self._points[: self._count].T
        width = max(1, round(values / self.stride))
        sums, counts = np.nancumsum(y), np.cumsum(np.isfinite(y))
        sums[width:], counts[width:] = sums[width:] - sums[:-width], counts[width:] - counts[:-width]
        with np.errstate(invalid="ignore"):
            return x, np.where(np.isfinite(y), sums / counts, np.nan)


class Quantity:
    """What is known of the loss, or of the metric: its curves and its last values."""

    def __init__(self, name: str):
        self.name = name
        self.curves = {switch: Curve() for switch in CURVES}
        self.is_share = "acc" in name  # an accuracy, from 0 to 1
        self.begin()

    def begin(self) -> None:
        """Forget the last values: another fit begins."""
        self.last: dict[str, float] = {}  # {switch: value}
        self._batches = self._sum = 0  # of the epoch so far

    def add_batch(self, x: float, batches: int, mean: float) -> None:
        """Add the `mean` over the first so many `batches` of an epoch."""
        if batches <= self._batches:  # another epoch
            self._batches = self._sum = 0
        # From the mean so far and the one before follows the value of the batches in between.
        value = (batches * mean - self._sum) / (batches - self._batches)
        self._batches, self._sum = batches, batches * mean
        self.last["epoch_means"] = mean
        self.curves["batches"].add(x, value)
        self.curves["epoch_means"].add(x, mean)

    def add_validation(self, x: float, value: float) -> None:
        self.last["validation"] = value
        self.curves["validation"].add(x, value)


class TrainingDashboard(Explorer, Callback):
    """A callback that shows how a fit goes, for Keras's `fit` and for `course_lib.network.Sequential.fit`:

        model.fit(x, y, epochs=4, validation_data=(…), callbacks=[TrainingDashboard()])

    It shows itself below the cell that trains. While the cell runs a new picture comes every second or two; in
    JupyterLab the controls move it then, too, elsewhere afterwards. The notebook keeps the last picture, whether the
    fit has ended or was interrupted.

    On the left the loss, on the right the accuracy, or the first metric that there is. "Mean of the epoch so far" is
    what `fit` tells; the values of single batches follow from it (if the last batch of an epoch is smaller, it counts
    as a whole one there). If the same model is fitted again, the curves go on, and a dotted line shows where; with
    another one they begin anew.
    """

    name = "training-dashboard"
    title = "The training dashboard"
    picture = (
        "Two diagrams over the epochs, the loss on the left and the accuracy on the right, each with curves for the "
        "batches, for the mean of the epoch so far, and for the validation data."
    )
    size = (10.0, 3.7)
    tall = 6.1
    stands_on = ("log_scale", *CURVES)
    presets: ClassVar[dict[str, str]] = {
        "every single batch": "training-dashboard?smoothing=1&epoch_means=no",
        "what fit tells": "training-dashboard?batches=no",
        "small losses": "training-dashboard?log_scale=yes&smoothing=100",
    }

    def __init__(self):
        self.params: dict[str, Any] = {}
        self._curves_of, self._unit = None, "epoch"  # whose curves these are, and of what
        self._display = None  # where the cell that runs shows this
        self._rests_until = 0.0
        self._forget()
        super().__init__()

    def _forget(self):
        self._quantities = [Quantity("loss"), Quantity("accuracy")]
        self._fits: list[float] = []  # where each of them began
        self._place = (
            0.0  # where the curves have got to: in epochs, or in batches while nobody knows how many there are
        )
        self._epoch = self._batch = self._epochs_done = self._validated = 0
        self._progress = "nothing"  # then "running", "finished" or "interrupted"

    def controls(self):
        options = [("none", 1), *((f"{count} batches", count) for count in (5, 10, 25, 50, 100, 200))]
        smoothing = ipywidgets.SelectionSlider(options=options, value=25, description="smoothing", **NAMED)
        return {
            "smoothing": named("descent-in-words", smoothing),
            "log_scale": switch("log scale for the loss", False),
            **{name: switch(label, True) for name, (label, _) in CURVES.items()},
        }

    # --- what fit tells, by Keras's names

    def set_model(self, model):
        self.model = model

    def set_params(self, params):
        self.params = params

    def on_train_begin(self, logs=None):
        with self.stage.lock:
            unit = "epoch" if self.params.get("steps") else "batch"
            if self.model is not self._curves_of or unit != self._unit:
                self._forget()
            self._curves_of, self._unit = self.model, unit
            self._fits.append(self._place)
            self._epoch = self._batch = self._epochs_done = self._validated = 0
            self._progress = "running"
            for quantity in self._quantities:
                quantity.begin()
            self.stage.request()
            self._rests_until = time.monotonic() + PAUSE
        self._show()

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        with self.stage.lock:
            if self._place == self._fits[-1]:
                self._choose_metric(logs)
            self._place += (batch + 1 - self._batch) / (self.params.get("steps") or 1)
            self._batch = batch + 1
            for quantity in self._quantities:
                if quantity.name in logs:
                    quantity.add_batch(self._place, self._batch, logs[quantity.name])
            self._request()

    def on_epoch_end(self, epoch, logs=None):
        with self.stage.lock:
            self._epoch, self._batch = epoch + 1, 0
            self._epochs_done += 1
            if self._unit == "epoch":
                self._place = self._fits[-1] + self._epochs_done
            for quantity in self._quantities:
                if f"val_{quantity.name}" in logs:
                    quantity.add_validation(self._place, logs[f"val_{quantity.name}"])
                    self._validated = self._epoch
            self._request()

    def on_train_end(self, logs=None):
        self._end("finished")

    def _end(self, progress):
        with self.stage.lock:
            self._progress = progress
            self.stage.request()
            self.stage.flush()

    def _ignored(self, *args, **kwargs):
        """What else Keras tells of every fit."""

    on_batch_begin = on_batch_end = on_train_batch_begin = _ignored
    on_test_begin = on_test_end = on_test_batch_begin = on_test_batch_end = _ignored
    on_predict_begin = on_predict_end = on_predict_batch_begin = on_predict_batch_end = _ignored

    def _choose_metric(self, logs):
        """Take the accuracy for the diagram on the right, or else the first metric that there is."""
        names = [name for name in logs if name != "loss"]
        name = next((name for name in names if "acc" in name), names[0] if names else "")
        if name != self._quantities[1].name:
            self._quantities[1] = Quantity(name)

    # --- below the cell

    def _show(self):
        """Display this below the cell that runs, and when it has ended, however it did, as it is then."""
        shell = get_ipython()
        if shell is None or self._display is not None:
            return
        # The picture for those who read the notebook later would take time now, and show nothing yet.
        now = self.widget._repr_mimebundle_() | {"text/plain": f"{self.title}, while fit runs."}
        self._display = display(now, raw=True, display_id=True)

        def cell_ended(result):
            shell.events.unregister("post_run_cell", cell_ended)
            if self._progress == "running":
                self._end("interrupted")
            self._display.update(self)
            self._display = None

        shell.events.register("post_run_cell", cell_ended)

    def _request(self):
        """Ask for a picture, unless there has just been one."""
        if time.monotonic() < self._rests_until:
            return
        self._rests_until = time.monotonic() + PAUSE
        self.stage.request()
        # Where the page's question whether anybody is there waits until the cell ends.
        self.stage.send({"event": "alive"})

    # --- the picture

    def still_key(self):
        return (*super().still_key(), *(quantity.name for quantity in self._quantities), *self._fits, self._limits())

    def still(self, figure: Figure) -> Still:
        self._rests_until = time.monotonic() + LONG_PAUSE
        # The axes of a fit that runs are drawn often, and to find room for labels takes longer than to draw them.
        figure.set_layout_engine("none")
        width, height = figure.get_size_inches()
        margins = {"left": 0.6 / width, "right": 1 - 0.2 / width, "bottom": 0.5 / height}
        if self.is_tall:
            places = figure.subplots(2, 1, gridspec_kw=margins | {"top": 1 - 1.15 / height, "hspace": 0.6})
        else:
            places = figure.subplots(1, 2, gridspec_kw=margins | {"top": 1 - 0.35 / height, "wspace": 0.15})
        (across, *upwards), moving = self._limits(), []
        self._lines, self._numbers = [], []
        for quantity, axes, limits in zip(self._quantities, places, upwards, strict=True):
            axes.set(xlim=(0, across), xlabel=self._unit)
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
            if self._is_log(quantity):
                axes.set_yscale("log")
                axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
                axes.yaxis.set_major_formatter("{x:g}")
                axes.yaxis.set_minor_formatter(NullFormatter())
            axes.set_ylim(limits)
            # Where there is no room beside it, the title stands above the numbers.
            axes.set_title((quantity.name or "no metric") + "\n" * self.is_tall, loc="left")
            for place in self._fits[1:]:
                axes.axvline(place, color="black", linewidth=1, linestyle=":")
            lines = {name: axes.plot([], [], label=label, **look)[0] for name, (label, look) in CURVES.items()}
            self._lines.append(lines)
            self._numbers.append(axes.set_title("", loc="right", fontsize=10))
            moving += [*lines.values(), self._numbers[-1]]
            if quantity.name == "loss" and (shown := [lines[name] for name in CURVES if self[name]]):
                # In small axes it would lie on the curves: it stands above them.
                place, corner = (figure, "upper left") if self.is_tall else (axes, "upper right")
                place.legend(handles=shown, loc=corner, handlelength=3, fontsize=9)
        return Still(moving)

    def move(self) -> str:
        for quantity, lines, numbers in zip(self._quantities, self._lines, self._numbers, strict=True):
            for name, line in lines.items():
                line.set_data(*self._curve(quantity, name))
                line.set_visible(self[name])
            told = {"epoch_means": "training", "validation": "validation"}
            numbers.set_text(
                "   ".join(f"{word} {quantity.last[name]:.4f}" for name, word in told.items() if name in quantity.last)
            )
        return self._said() + self._shown()

    def _curve(self, quantity: Quantity, name: str) -> tuple[np.ndarray, np.ndarray]:
        return quantity.curves[name].smoothed(self["smoothing"] if name == "batches" else 1)

    def _limits(self) -> tuple:
        """How far the places go, and from where to where the values of each quantity, in round numbers."""
        if self._progress == "running" and self._unit == "epoch":
            across = self._fits[-1] + self.params["epochs"] - (self._epoch - self._epochs_done)
        elif self._progress == "running":
            across = round_above(self._place)
        else:
            across = self._place
        return (across or 1.0, *(self._value_limits(quantity) for quantity in self._quantities))

    def _value_limits(self, quantity: Quantity) -> tuple[float, float]:
        shown = [np.array([*quantity.last.values()])]
        for name in CURVES:
            _, y = quantity.curves[name].smoothed()
            y = y[np.isfinite(y)]
            if self[name] and len(y):
                shown.append(y if name == "validation" else np.quantile(y, [OUTLIERS, 1 - OUTLIERS]))
        values = np.concatenate(shown)
        values = values[np.isfinite(values)]
        if self._is_log(quantity):
            values = values[values > 0]
        if not len(values):
            return (0.1, 1.0)
        lowest, highest = values.min(), values.max()
        if self._is_log(quantity):
            return (round_below(lowest), round_above(highest))
        if quantity.is_share:
            return (1 - round_above(max(1 - lowest, 0.01)), 1.0)
        return (-round_above(-lowest), round_above(max(highest, 1e-9)))

    def _is_log(self, quantity: Quantity) -> bool:
        return self["log_scale"] and quantity.name == "loss"

    def _said(self) -> str:
        if self._progress == "nothing":
            return "Nothing has been trained yet: fit takes this among its callbacks."
        how = {"running": "", "interrupted": "interrupted ", "finished": "finished "}[self._progress]
        if self._epochs_done and not self._batch:
            place = f"{how}after epoch {self._epoch} of {self.params['epochs']}"
        else:
            place = (
                f"{how}{'in ' if how else ''}epoch {self._epoch + 1} of {self.params['epochs']}, batch {self._batch}"
            )
            place += f" of {self.params['steps']}" if self.params.get("steps") else ""
        text = ": ".join(filter(None, (place, self._values("epoch_means"))))
        if validation := self._values("validation"):
            is_older = self._batch or self._validated != self._epoch
            text += f"; validation{f' after epoch {self._validated}' if is_older else ''}: {validation}"
        if own := serving.name_of_own(getattr(self._curves_of, "optimizer", None)):
            text += f", with your {own}"
        if len(self._fits) > 1:
            text = f"fit {len(self._fits)}, {text}"
        return f"{text[0].upper()}{text[1:]}."

    def _shown(self) -> str:
        """What the controls have chosen to show, where that is not what they choose at first."""
        if self.state == self.name:
            return ""
        shown = [label for name, (label, _) in CURVES.items() if self[name]]
        if self["batches"] and self["smoothing"] > 1:
            shown[0] = f"means of {self['smoothing']} batches"
        scale = ", the loss on a logarithmic scale" if self["log_scale"] else ""
        return f" Curves: {', '.join(shown) or 'none'}{scale}."

    def _values(self, curve: str) -> str:
        """The last values of a curve in words."""
        return ", ".join(
            f"{quantity.name} {quantity.last[curve]:{'.3f' if quantity.is_share else '.3g'}}"
            for quantity in self._quantities
            if curve in quantity.last
        )


def switch(description: str, value: bool) -> ipywidgets.Checkbox:
    return ipywidgets.Checkbox(value, description=description, indent=False, layout={"width": "auto"})


def round_above(value: float) -> float:
    """Return the smallest of 0, 1, 2, 5, 10, 20, 50, …, 0.5, 0.2, 0.1, … that is not below `value`."""
    if value <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(digit * power for digit in (1, 2, 5, 10, 20) if digit * power >= value)


def round_below(value: float) -> float:
    """Return the largest number of that kind that is not above `value` > 0."""
    return 1 / round_above(1 / value)
