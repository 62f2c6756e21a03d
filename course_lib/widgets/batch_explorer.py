"""The batch explorer: one example of a batch is dragged, and moves the outputs of others, or does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course_lib.layers import BatchNormalization, LayerNormalization
from course_lib.widgets import style
from course_lib.widgets.explorer import Explorer
from course_lib.widgets.own import Own, works
from course_lib.widgets.stage import Still

# The examples as they are at first, the first of which make the batch. Features 1 and 2 are those of the picture.
EXAMPLES = np.array(
    [
        [1.2, 0.3, -0.4, 0.9, 1.6, -0.7],
        [0.2, -0.6, 1.1, -0.8, 0.3, 0.5],
        [2.4, -0.9, 0.6, 0.2, -1.2, 1.4],
        [-0.4, 0.5, -1.3, 1.5, 0.8, -0.2],
        [1.9, 1.3, 0.1, -1.1, -0.5, 0.9],
        [0.7, -1.9, 0.8, 0.4, 1.1, -1.5],
        [-1.3, -0.4, 1.9, -0.3, 0.6, 0.2],
        [3.1, 0.4, 1.3, -0.2, -0.9, 0.7],
        [0.3, 1.6, 0.5, -1.6, 1.3, -0.4],
        [1.5, -1.4, -0.2, 0.7, 0.1, 1.8],
        [-0.6, -1.6, 1.4, 0.3, -1.4, 0.6],
        [2.9, 1.9, 0.8, 1.1, 0.4, -0.9],
    ]
)
EDGE = 6.0  # of the plane of the inputs
OUTPUT_EDGE = 4.0  # of those of the outputs
DRAGGED = style.COLORS[1]
INSIDE = {"boxstyle": "circle,pad=0.2", "facecolor": style.COLORS[0], "edgecolor": "white"}
BEYOND = {"boxstyle": "square,pad=0.25", "facecolor": "black", "edgecolor": "white"}
TRAINING, INFERENCE = "training", "inference"
NAMED = {"style": {"description_width": "initial"}}  # as wide as the description


@dataclass(frozen=True)
class Settings:
    """How the examples are normalized; `batches` were seen before, each of them the batch as it was at first."""

    gamma: float
    beta: float
    epsilon: float
    is_training: bool
    batches: int
    momentum: float


def batch_step(inputs, gamma, beta, moving_mean, moving_variance, training, momentum, epsilon):
    """Return the outputs of batch normalization, and its moving mean and variance after them."""
    layer = BatchNormalization(momentum, epsilon, dtype="float64")
    layer.build(inputs.shape[1])
    for weight, value in zip(layer.weights, (gamma, beta, moving_mean, moving_variance), strict=True):
        weight[...] = value
    return layer.forward(inputs, training), layer.moving_mean, layer.moving_variance


def layer_step(inputs, gamma, beta, epsilon):
    layer = LayerNormalization(epsilon, dtype="float64")
    layer.build(inputs.shape[1])
    for weight, value in zip(layer.weights, (gamma, beta), strict=True):
        weight[...] = value
    return layer.forward(inputs)


def by_batch(step: Callable) -> Callable:
    """Make of a function of one batch that of the rows (outputs before, outputs now, moving mean and variance)."""

    def outputs(before, now, settings):
        features = before.shape[1]
        gamma, beta = np.full(features, settings.gamma), np.full(features, settings.beta)
        mean, variance = np.zeros(features), np.ones(features)
        for _ in range(settings.batches):
            _, mean, variance = step(before, gamma, beta, mean, variance, True, settings.momentum, settings.epsilon)
        rows = [
            step(inputs, gamma, beta, mean, variance, settings.is_training, settings.momentum, settings.epsilon)[0]
            for inputs in (before, now)
        ]
        return np.vstack([*rows, mean, variance])

    return outputs


def by_layer(step: Callable) -> Callable:
    """Make of a function of one batch that of the rows (outputs before, outputs now)."""

    def outputs(before, now, settings):
        features = before.shape[1]
        gamma, beta = np.full(features, settings.gamma), np.full(features, settings.beta)
        return np.vstack([step(inputs, gamma, beta, settings.epsilon) for inputs in (before, now)])

    return outputs


BY_BATCH = Own("batch_normalization", by_batch(batch_step), by_batch)
BY_LAYER = Own("layer_normalization", by_layer(layer_step), by_layer)


@dataclass(frozen=True)
class Seen:
    """The outputs of a batch, features 1 and 2, as the batch was at first and as it is now; `place` is the dragged."""

    before: np.ndarray
    now: np.ndarray
    place: int

    @property
    def moves(self) -> np.ndarray:
        """How far each output has moved."""
        return np.hypot(*(self.now - self.before).T)

    @property
    def others(self) -> np.ndarray:
        """Which rows are not the dragged one."""
        return np.arange(len(self.now)) != self.place

    @property
    def signs_changed(self) -> int:
        """How many of the numbers that the others have, two each, have changed their sign."""
        return int(np.sum((self.now * self.before < 0)[self.others]))


class Plane:
    """The plane of features 1 and 2: each example where it was at first and where it is, with its number."""

    def __init__(self, axes: Axes, edge: float, title: str, size: float):
        self._edge = edge
        axes.set(xlim=(-edge, edge), ylim=(-edge, edge), xlabel="feature 1", aspect="equal")
        axes.set(xticks=np.arange(-edge, edge + 1, 2), yticks=np.arange(-edge, edge + 1, 2))
        axes.set_title(f"{title}\n ", size=size)  # the second line is kept for what moves
        self._told = axes.text(0.5, 1.02, "", transform=axes.transAxes, ha="center", va="bottom", size=size)
        for line in (axes.axhline, axes.axvline):
            line(0, color="black", linewidth=0.8, linestyle="-")
        gray, mark = "0.35", {"linestyle": "none", "clip_on": False}
        [self._ways] = axes.plot([], [], "-", color=gray, linewidth=1.2)
        [self._ghosts] = axes.plot([], [], "o", color="white", markeredgecolor=gray, markersize=7, **mark)
        look = {"color": "white", "size": 8, "weight": "bold", "ha": "center", "va": "center_baseline"}
        # Each in a mark of its own, so that of two at one place one is seen whole.
        self._examples = [axes.text(0, 0, str(row + 1), bbox={}, **look) for row in range(len(EXAMPLES))]
        [self._diamond] = axes.plot([], [], "D", color=DRAGGED, markeredgecolor="black", markersize=12, **mark)
        self._dragged = axes.text(0, 0, "", **look)
        self.artists = [self._ways, self._ghosts, *self._examples, self._diamond, self._dragged, self._told]
        for artist in self.artists:
            artist.set_in_layout(False)
        self.legend = {"the example that you drag": self._diamond, "where one was at first": self._ghosts}

    def show(self, before: np.ndarray, now: np.ndarray, place: int, told: str) -> None:
        """Show rows (feature 1, feature 2); a square at the edge stands for one that lies beyond it."""
        self._told.set_text(told)
        before, kept = (np.clip(rows, -self._edge, self._edge) for rows in (before, now))
        is_beyond = np.any(kept != now, axis=1)
        moved = np.hypot(*(kept - before).T) > 1e-9
        breaks = np.full(before.shape, np.nan)
        self._ways.set_data(np.stack([before, kept, breaks], axis=1)[moved].reshape(-1, 2).T)
        self._ghosts.set_data(before[moved].T)
        for row, example in enumerate(self._examples):
            example.set_visible(row < len(now) and (row != place or is_beyond[row]))
            if row < len(now):
                example.set_position(kept[row])
                example.set_bbox(BEYOND if is_beyond[row] else INSIDE)
        self._diamond.set_data(kept[[place]].T)
        self._dragged.set(position=kept[place], text=str(place + 1))
        for artist in (self._diamond, self._dragged):
            artist.set_visible(not is_beyond[place])


class BatchExplorer(Explorer):
    """Drag one example of a batch, and see the outputs of all others move under batch normalization, and not under
    layer normalization.

    Args:
        state: the text of a state to begin with; None for example 8 of eight, dragged to (5, -3).
    """

    name = "batch-explorer"
    title = "The batch explorer"
    picture = (
        "Three planes of features 1 and 2. On the left the inputs of a batch, of which one is dragged, with a box of "
        "the mean and the deviation that batch normalization uses; in the middle and on the right the outputs of "
        "batch normalization and of layer normalization. Thin lines lead from where each example was before the drag; "
        "a black square at an edge stands for an example beyond it."
    )
    size = (10.0, 4.2)
    tall = 11.2
    follows: ClassVar[dict[str, str]] = {"x1": "example", "x2": "example"}
    presets: ClassVar[dict[str, str]] = {
        "nothing is dragged": "batch-explorer?x1=3.1&x2=0.4",
        "as far as it goes": "batch-explorer?x1=6&x2=0.4",
        "a batch of two": "batch-explorer?batch=2&example=2&x1=5&x2=-3",
        "a batch of one": "batch-explorer?batch=1&example=1&x1=5&x2=-3",
        "inference: nobody else matters": "batch-explorer?mode=inference",
        "inference after too few batches": "batch-explorer?mode=inference&batches=5",
        "a large ε": "batch-explorer?epsilon=10",
        "two features: what layer normalization leaves": "batch-explorer?features=2",
    }

    def __init__(self, state: str | None = None):
        super().__init__()
        if state is not None:
            self.state = state

    def controls(self):
        def typed(value, description):
            return ipywidgets.BoundedFloatText(
                value, min=-EDGE, max=EDGE, step=0.1, description=description, layout={"width": "170px"}, **NAMED
            )

        def choice(description, values, initial):
            options = [(f"{value:g}", value) for value in values]
            return ipywidgets.SelectionSlider(options=options, value=initial, description=description, **NAMED)

        def slider(value, low, high, description):
            return ipywidgets.FloatSlider(value, min=low, max=high, step=0.1, description=description, **NAMED)

        def count(value, low, high, description):
            return ipywidgets.IntSlider(value, min=low, max=high, description=description, **NAMED)

        return {
            "mode": ipywidgets.Dropdown(options=[TRAINING, INFERENCE], description="mode", **NAMED),
            "batches": count(200, 0, 500, "batches seen"),
            "momentum": choice("momentum", (0.0, 0.5, 0.9, 0.95, 0.99, 0.999), 0.99),
            "batch": count(8, 1, len(EXAMPLES), "examples"),
            "features": count(4, 2, EXAMPLES.shape[1], "features"),
            "example": ipywidgets.BoundedIntText(
                8, min=1, max=8, description="dragged example", layout={"width": "170px"}, **NAMED
            ),
            "x1": typed(5.0, "its feature 1"),
            "x2": typed(-3.0, "its feature 2"),
            "gamma": slider(1.0, 0, 2, "γ"),
            "beta": slider(0.0, -2, 2, "β"),
            "epsilon": choice("ε", (1e-5, 1e-4, 1e-3, 0.01, 0.1, 1.0, 10.0), 1e-3),
        }

    def layout(self, controls):
        self._show_running(controls)
        return super().layout(controls)

    def _show_running(self, controls):
        for name in ("batches", "momentum"):
            controls[name].layout.display = "" if controls["mode"].value == INFERENCE else "none"

    def adjust(self, name):
        if name == "mode":
            self._show_running(self._controls)
        if name == "batch":
            self._controls["example"].max = self["batch"]
        if name == "example":
            self["x1"], self["x2"] = EXAMPLES[self["example"] - 1, :2]

    def on_pointer(self, kind, axes, x, y):
        with self.held():
            if kind == "down":
                self["example"] = 1 + int(np.argmin(np.hypot(*(self._rows()[1][:, :2] - (x, y)).T)))
            self["x1"], self["x2"] = round(x, 1), round(y, 1)

    def on_key(self, axes, key):
        across, up = {"ArrowLeft": (-1, 0), "ArrowRight": (1, 0), "ArrowUp": (0, 1), "ArrowDown": (0, -1)}.get(
            key, (0, 0)
        )
        with self.held():
            self["x1"], self["x2"] = round(self["x1"] + 0.2 * across, 1), round(self["x2"] + 0.2 * up, 1)

    # --- the numbers

    def _rows(self) -> tuple[np.ndarray, np.ndarray]:
        """The batch as it was at first and as it is now."""
        before = EXAMPLES[: self["batch"], : self["features"]]
        now = before.copy()
        now[self["example"] - 1, :2] = self["x1"], self["x2"]
        return before, now

    def _settings(self) -> Settings:
        is_training = self["mode"] == TRAINING
        batches = 0 if is_training else self["batches"]
        return Settings(self["gamma"], self["beta"], self["epsilon"], is_training, batches, self["momentum"])

    def _names(self) -> list[str]:
        """What both are called: those that the reader has written are theirs."""
        arguments = (*self._rows(), self._settings())
        own = works(BY_BATCH, BY_LAYER, arguments=arguments)
        return [f"{'your ' * mine}{kind} normalization" for mine, kind in zip(own, ("batch", "layer"), strict=True)]

    # --- the picture

    def still_key(self):
        return tuple(self._names())

    def still(self, figure: Figure) -> Still:
        names = ["inputs", "batch", "layer"]
        places = figure.subplot_mosaic([[name] for name in names] if self.is_tall else [names])
        size = 10 if self.is_tall else 9.5
        titles = ("inputs", *self._names())
        self._planes = [
            Plane(places[name], EDGE if name == "inputs" else OUTPUT_EDGE, title, size)
            for name, title in zip(names, titles, strict=True)
        ]
        box = {"fill": False, "edgecolor": style.COLORS[2], "linewidth": 2, "in_layout": False}
        for name in names if self.is_tall else names[:1]:
            places[name].set_ylabel("feature 2")
        self._box = places["inputs"].add_patch(Rectangle((0, 0), 0, 0, **box))
        legend = {**self._planes[0].legend, "box: mean ± deviation in use": self._box}
        look = {"fontsize": 9, "ncols": 1 if self.is_tall else 3, "handlelength": 1.5, "columnspacing": 1.5}
        figure.legend(legend.values(), legend.keys(), loc="outside lower center", **look)
        label = "The inputs: drag an example, or use the arrow keys for the one that was chosen."
        moving = [self._box, *(artist for plane in self._planes for artist in plane.artists)]
        return Still(moving, zones={places["inputs"]: label})

    def move(self) -> str:
        (before, now), place, settings = self._rows(), self["example"] - 1, self._settings()
        many = len(now)
        batch_rows, layer_rows = BY_BATCH(before, now, settings), BY_LAYER(before, now, settings)
        seen = [Seen(rows[:many, :2], rows[many : 2 * many, :2], place) for rows in (batch_rows, layer_rows)]
        if settings.is_training:
            mean, variance = now.mean(axis=0), now.var(axis=0)
        else:
            mean, variance = batch_rows[2 * many :]
        deviation = np.sqrt(variance)
        self._box.set_bounds(*(mean - deviation)[:2], *(2 * deviation)[:2])
        told = f"2 of {self['features']} features; {place + 1} is dragged"
        self._planes[0].show(before[:, :2], now[:, :2], place, told)
        for plane, one in zip(self._planes[1:], seen, strict=True):
            plane.show(one.before, one.now, place, self._short(one))
        return " ".join([self._subject(before, now, place), *self._told(seen), self._used(mean, deviation)])

    # --- the sentence

    def _short(self, seen: Seen) -> str:
        if len(seen.now) == 1:
            return "there are no others"
        moved = f"moved by {number(seen.moves[seen.others].mean())}"
        return f"others {moved}" if len(seen.now) > 2 else f"the other {moved}"

    def _subject(self, before: np.ndarray, now: np.ndarray, place: int) -> str:
        many = f"{len(now)} examples" if len(now) > 1 else "one example"
        way = number(float(np.hypot(*(now - before)[place, :2])))
        mode = self["mode"].capitalize()
        return (
            f"{mode} with {many} of {self['features']} features: example {place + 1} is dragged to {at(now[place])}, "
            f"{way} from where it was."
        )

    def _told(self, seen: list[Seen]) -> list[str]:
        told = []
        for name, one in zip(self._names(), seen, strict=True):
            own = f"Under {name} its output is {at(one.now[one.place])}"
            told.append(f"{own}; {moved(one)}.")
        return told

    def _used(self, mean: np.ndarray, deviation: np.ndarray) -> str:
        whose = "the batch's own" if self["mode"] == TRAINING else "the running"
        after = "" if self["mode"] == TRAINING else f" after {self['batches']} batches at momentum {self['momentum']:g}"
        return (
            f"Batch normalization uses {whose} mean {at(mean)} and deviation {at(deviation)}{after}; γ = "
            f"{self['gamma']:.1f}, β = {self['beta'] + 0:.1f}, ε = {self['epsilon']:g}."
        )


def moved(seen: Seen) -> str:
    """How far the others' outputs have moved."""
    many, moves = int(seen.others.sum()), np.where(seen.others, seen.moves, 0.0)
    if not many:
        return "there are no others"
    whose = "the others'" if many > 1 else "the other's"
    if moves.max() < 1e-9:
        return f"{whose} {'have' if many > 1 else 'has'} not moved (0.00)"
    farthest, signs = f"{number(moves.max())} (example {moves.argmax() + 1})", seen.signs_changed
    way = f"has moved by {farthest}"
    if many > 1:
        way = f"have moved by {number(moves.sum() / many)} on average, at most by {farthest}"
    return (
        f"{whose} {way}, and {signs} of {'their' if many > 1 else 'its'} {2 * many} numbers "
        f"{'has' if signs == 1 else 'have'} another sign"
    )


def number(value: float) -> str:
    """`value` to two decimals. Adding 0 makes a 0 of −0."""
    return f"{round(float(value), 2) + 0:.2f}"


def at(row: np.ndarray) -> str:
    """The first two features of `row`."""
    return f"({number(row[0])}, {number(row[1])})"
