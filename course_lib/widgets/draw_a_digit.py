"""Draw a digit: what is drawn, the 28 by 28 pixels that the network sees of it, and what it says."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, ClassVar

import ipywidgets
import numpy as np
import traitlets
from matplotlib.figure import Figure
from PIL import Image, ImageDraw

from course_lib.network import Sequential
from course_lib.widgets import style
from course_lib.widgets.explorer import Explorer, button, group, row
from course_lib.widgets.own import Own
from course_lib.widgets.stage import Still
from course_lib.wording import counted

SIDE = 28  # of the drawing area and of what the network sees, in pixels of MNIST
BOX = 20  # of the square that MNIST's digits fill
FINENESS = 10  # dots of a drawing to each of these pixels, along either axis
NEAREST = 0.5  # pixels between points of a stroke; what is nearer to the last one is left out
WORTH_SAYING = 0.005  # smaller probabilities are 0.00

NAMED = {"style": {"description_width": "initial"}}  # as wide as the description
# Activations that are exercises by the same name.
OWN_ACTIVATIONS = ("elu", "relu", "sigmoid", "softmax", "tanh")
ORANGE, BLUE = style.COLORS[1], style.COLORS[0]


class Strokes(ipywidgets.Text):
    """A drawing as a text: for each point three digits across and three down, in tenths of a pixel; "-" lifts the pen.

    The control is not shown. It carries the drawing into the text of a state.
    """

    @traitlets.validate("value")
    def _check(self, proposal):
        text = proposal["value"]
        is_written_well = not text or re.fullmatch(r"(\d{6})+(-(\d{6})+)*", text)
        if not is_written_well or points(text).max(initial=0) > SIDE:
            raise traitlets.TraitError("strokes are points 000000 to 280280 one after the other, - between two strokes")
        return text


class DrawADigit(Explorer):
    """Draw on an area of 28 by 28 pixels, and see what a network makes of it.

    Args:
        model: its `predict` takes pixels (n, 784), floats from 0 (paper) to 1 (ink), and returns probabilities (n, 10),
            as a `course_lib.network.Sequential` does; that is copied as it is. A Keras model may have any layers, and
            take its pixels in any shape that holds 784, such as (n, 28, 28, 1).
        state: the text of a state to begin with; None for an empty area.
        images: uint8 array (count, 28, 28), digits to draw over, such as MNIST's test images; None for none.
        keep: `keep(pixels, probabilities)` of a button that keeps what is drawn, (28, 28) and (10,); it returns the
            sentence that says what was done. None for no button.
    Raises:
        ValueError: the model returns something else, or `state` is no state.
    """

    name = "draw-a-digit"
    title = "Draw a digit"
    picture = (
        "On the left the area to draw on, in the middle the 28 by 28 gray pixels that the network sees, on the right "
        "a bar for each digit from 0 to 9: the probability that the network gives it."
    )
    size = (10.0, 3.7)
    tall = 5.4
    presets: ClassVar[dict[str, str]] = {
        "a plain 7": "draw-a-digit?strokes=065060100055150055215060185100160140145180130235",
        "a 4, drawn too high": "draw-a-digit?strokes=148020088116192116-168068160188&as_mnist=no",
        "a small 0 in the corner": "draw-a-digit?strokes=060164072169081182084200081218072231060236048231039218036200"
        "039182048169060164&as_mnist=no",
        "a 1 lying down": "draw-a-digit?strokes=230140050140",
        "a triangle": "draw-a-digit?strokes=060035100120020120060035&as_mnist=no",
    }

    def __init__(
        self,
        model,
        state: str | None = None,
        images: np.ndarray | None = None,
        keep: Callable[[np.ndarray, np.ndarray], str] | None = None,
    ):
        self._probabilities, self._own = forward_pass(model)
        self._images, self._keep, self._kept = images, keep, ""
        self._pen, self._pen_is_down, self._pen_is_shown = (SIDE / 2, SIDE / 2), False, False  # the keyboard's
        super().__init__()
        if state is not None:
            self.state = state

    def controls(self):
        controls = {
            "strokes": Strokes(description="strokes"),
            "pen": ipywidgets.FloatSlider(2.5, min=0.5, max=6, step=0.25, description="pen width", **NAMED),
            "as_mnist": ipywidgets.Checkbox(
                True, description="center and scale as MNIST", indent=False, layout={"width": "auto"}
            ),
        }
        if self._images is not None:
            controls["image"] = ipywidgets.BoundedIntText(
                -1,
                min=-1,
                max=len(self._images) - 1,
                description="draw over image",
                tooltip="draw over image: its index, or -1 for none",
                layout={"width": "190px"},
                **NAMED,
            )
        return controls

    def layout(self, controls):
        drawing = [controls["pen"], controls["as_mnist"]]
        drawing += [button("Undo stroke", self._undo), button("Clear", self._clear)]
        drawing += [button("Put it on my page", self._put)] if self._keep else []
        image = [controls["image"]] if "image" in controls else []
        return ipywidgets.VBox([row(*image), group("Drawing", *drawing)])

    # --- drawing

    def on_pointer(self, kind, axes, x, y):
        self._pen_is_down = False
        place, strokes = np.clip((x, y), 0, SIDE), self["strokes"]
        if kind == "down" or not strokes:
            self._begin_stroke(place)
        elif np.hypot(*(points(strokes[-6:])[0] - place)) >= NEAREST:
            self["strokes"] = strokes + written(place)

    def on_key(self, axes, key):
        moves = {"ArrowLeft": (-1, 0), "ArrowRight": (1, 0), "ArrowUp": (0, -1), "ArrowDown": (0, 1)}
        if key in ("Delete", "Backspace"):
            self._clear()
        elif key == " ":
            self._pen_is_down = not self._pen_is_down
            if self._pen_is_down:
                self._begin_stroke(self._pen)
        elif key in moves:
            self._pen = tuple(np.clip(np.add(self._pen, moves[key]), 0, SIDE).tolist())
            if self._pen_is_down:
                self["strokes"] += written(self._pen)
        else:
            return
        self._pen_is_shown = True
        self.stage.request()

    def adjust(self, name):
        self._kept = ""  # another drawing than the one that was kept
        if name == "strokes" and not self["strokes"].endswith(written(self._pen)):
            self._pen_is_down = self._pen_is_shown = False  # it was not the keyboard's pen that drew last

    def _begin_stroke(self, place):
        self["strokes"] = "-".join(filter(None, (self["strokes"], written(place))))

    def _undo(self):
        self["strokes"] = self["strokes"].rpartition("-")[0]

    def _clear(self):
        with self.held():
            self["strokes"] = ""
            if self._images is not None:
                self["image"] = -1

    def _put(self):
        seen = self._seen()
        if seen.any():
            self._kept = self._keep(seen, self._probabilities(seen))
            self.stage.request()

    def _seen(self) -> np.ndarray:
        """What the network sees of the drawing."""
        return as_mnist(self._ink()) if self["as_mnist"] else as_drawn(self._ink())

    def _ink(self) -> np.ndarray:
        ink = drawn(self["strokes"], self["pen"])
        if self._images is None or self["image"] < 0:
            return ink
        image = self._images[self["image"]].astype("float32") / 255
        return np.maximum(ink, np.kron(image, np.ones((FINENESS, FINENESS), "float32")))

    # --- the picture

    def still(self, figure: Figure) -> Still:
        if self.is_tall:
            places = figure.subplot_mosaic([["area", "area"], ["seen", "bars"]], height_ratios=[1.7, 1])
            area, seen, bars = (places[name] for name in ("area", "seen", "bars"))
        else:
            area, seen, bars = figure.subplots(1, 3, width_ratios=[1, 1, 0.95])
        viewer = "it" if self.is_tall else "the network"
        for axes, title in ((area, "your drawing"), (seen, f"what {viewer} sees")):
            axes.set(xlim=(0, SIDE), ylim=(SIDE, 0), aspect="equal", title=title)
            axes.set(xticks=range(0, SIDE + 1, 7), yticks=range(0, SIDE + 1, 7))
            axes.spines[["top", "right"]].set_visible(True)
            axes.grid(False)
        self._pictures = [
            axes.imshow(black(np.zeros((1, 1))), interpolation=interpolation, extent=(0, SIDE, SIDE, 0))
            for axes, interpolation in ((area, "bilinear"), (seen, "nearest"))
        ]
        self._centers = [axes.plot([], [], "+", color=ORANGE, markersize=14, mew=2.5)[0] for axes in (area, seen)]
        [self._pen_mark] = area.plot([], [], "o", color=ORANGE, markersize=12, mew=2.5)
        self._invitation = area.text(14, 14, "draw a digit here", ha="center", va="center", fontsize=13, color="0.4")
        bars.set(xlim=(0, 1.3), ylim=(9.6, -0.6), xticks=[0, 0.5, 1], yticks=range(10), title="what it says")
        bars.set(xlabel="probability")
        bars.grid(axis="y", visible=False)
        self._bars = bars.barh(range(10), np.zeros(10), height=0.7)
        self._numbers = [bars.text(0, digit, "", va="center") for digit in range(10)]
        label = (
            "Drawing area: draw with the pointer. Or move a pen with the arrow keys, and put it down or lift it with "
            "the space bar. Delete clears all."
        )
        moving = [*self._pictures, self._invitation, *self._centers, self._pen_mark, *self._bars, *self._numbers]
        return Still(moving, zones={area: label})

    def move(self) -> str:
        ink, seen = self._ink(), self._seen()
        is_empty = not seen.any()
        for picture, center, pixels in zip(self._pictures, self._centers, (ink, seen), strict=True):
            picture.set_data(black(pixels))
            center.set_visible(not is_empty)
            places = (0, 0) if is_empty else center_of_mass(pixels)
            center.set_data([[place * SIDE / len(pixels)] for place in places])
        self._invitation.set_visible(is_empty)
        self._pen_mark.set_visible(self._pen_is_shown)
        self._pen_mark.set_data([[place] for place in self._pen])
        self._pen_mark.set_markerfacecolor(ORANGE if self._pen_is_down else "none")
        probabilities = np.zeros(10) if is_empty else self._probabilities(seen)
        for digit, probability in enumerate(probabilities):
            is_best = digit == probabilities.argmax()
            self._bars[digit].set(width=probability, facecolor=ORANGE if is_best else BLUE)
            self._numbers[digit].set(x=probability + 0.02, fontweight="bold" if is_best else "normal")
            self._numbers[digit].set_text(f"{probability:.2f}" if probability >= WORTH_SAYING else "")
        pen = f"The pen is {'down' if self._pen_is_down else 'lifted'} at ({self._pen[0]:g}, {self._pen[1]:g})."
        said_of_it = (
            "Nothing is drawn. Draw a digit in the left square: with the pointer, or with the arrow keys after a press "
            "of the space bar."
            if is_empty
            else f"The network{self._with_own()} says {said(probabilities)}. It sees {self._what(seen)}."
        )
        return " ".join(filter(None, [said_of_it, pen if self._pen_is_shown else "", self._kept]))

    def _with_own(self) -> str:
        """Which of the network's functions are the reader's own, where some are."""
        names = [function.name for function in self._own if function.is_yours]
        return f", with your {' and '.join(names)}," if names else ""

    def _what(self, seen: np.ndarray) -> str:
        """What is drawn, and where it lies in what the network sees."""
        strokes = self["strokes"].split("-") if self["strokes"] else []
        parts = []
        if self._images is not None and self["image"] >= 0:
            parts.append(f"image {self['image']}")
        if strokes:
            number = len(points(self["strokes"]))
            parts.append(f"{counted(len(strokes), 'stroke')} of {counted(number, 'point')}")
        width, height = (np.ptp(np.flatnonzero(seen.any(axis))) + 1 for axis in (0, 1))
        x, y = center_of_mass(seen)
        how = "centered and scaled" if self["as_mnist"] else "as drawn"
        return f"{' and '.join(parts)}, {how}: {width} by {height} pixels around ({x:.1f}, {y:.1f})"


def black(ink: np.ndarray) -> np.ndarray:
    """Return `ink`, from 0 to 1, as the opacity of black pixels (height, width, 4), which are quick to draw."""
    pixels = np.zeros((*ink.shape, 4), dtype=np.uint8)
    pixels[..., 3] = np.rint(255 * ink)
    return pixels


def said(probabilities: np.ndarray) -> str:
    """The most probable digit with its probability, then the second if it has one worth speaking of."""
    first, second = np.argsort(-probabilities)[:2]
    then = f", then {second} ({probabilities[second]:.2f})" if probabilities[second] >= WORTH_SAYING else ""
    return f"{first} ({probabilities[first]:.2f}){then}"


def forward_pass(model: Any) -> tuple[Callable[[np.ndarray], np.ndarray], list[Own]]:
    """Return a function from pixels (28, 28) to probabilities (10,), quick enough to be called while somebody draws.

    And the activations in it that are the reader's own wherever they have written them: those of a `Sequential`.

    Raises:
        ValueError: the model's answer is no row of ten probabilities.
    """
    own: dict[str, Own] = {}
    if isinstance(model, Sequential):
        # Somebody may draw while a cell trains the network; layers remember what they saw last for their gradients.
        model = copy.deepcopy(model)
        for layer in model.layers:
            if (name := getattr(layer, "activation", None)) in OWN_ACTIVATIONS:
                layer._activate = own.setdefault(name, Own(name, layer._activate))
    # Keras compiles `predict_on_batch` at the first call; its `predict` sets up a data set each time, for 40 ms.
    predict = getattr(model, "predict_on_batch", model.predict)
    shape = tuple(getattr(model, "input_shape", (None, SIDE * SIDE))[1:])
    if None in shape or math.prod(shape) != SIDE * SIDE:
        raise ValueError(f"DrawADigit needs a model that takes images of {SIDE} by {SIDE} pixels, not inputs {shape}.")

    def probabilities(pixels):
        return np.asarray(predict(pixels.astype("float32").reshape(1, *shape)), dtype=float).reshape(-1)

    answer = probabilities(np.zeros((SIDE, SIDE)))
    if answer.shape != (10,) or not (answer.min() >= 0 and abs(answer.sum() - 1) < 1e-3):
        raise ValueError(
            "DrawADigit needs a model that answers with ten probabilities: a last layer of 10 units with a softmax."
        )
    return probabilities, list(own.values())


# --- from strokes to pixels


def written(place) -> str:
    """Return the text of one point, (x, y) in pixels."""
    return "".join(f"{round(10 * value):03d}" for value in place)


def points(strokes: str) -> np.ndarray:
    """Return the points (n, 2) in the text of one or more strokes, in pixels."""
    digits = strokes.replace("-", "")
    return np.array([int(digits[start : start + 3]) / 10 for start in range(0, len(digits), 3)]).reshape(-1, 2)


@lru_cache(maxsize=4)
def drawn(strokes: str, width: float) -> np.ndarray:
    """Return the ink (280, 280), 0 or 1, that a round pen of that `width` in pixels leaves along `strokes`."""
    paper = Image.new("L", (SIDE * FINENESS, SIDE * FINENESS))
    pen, thickness = ImageDraw.Draw(paper), round(width * FINENESS)
    for stroke in filter(None, strokes.split("-")):
        # Pillow counts from the middle of the first dot.
        path = [tuple(place) for place in (points(stroke) * FINENESS - 0.5).tolist()]
        pen.line(path, fill=1, width=thickness)
        reach = (thickness - 1) / 2
        for x, y in path:
            pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=1)
    return np.asarray(paper, dtype="float32")


def as_drawn(ink: np.ndarray) -> np.ndarray:
    """Return `ink`, a square of any number of dots, in 28 by 28 pixels: the mean of the dots in each."""
    size = len(ink) / SIDE
    cover = covered(len(ink), 0, size, SIDE)
    return cover @ ink @ cover.T


def as_mnist(ink: np.ndarray) -> np.ndarray:
    """Scale and center a drawing as MNIST's digits were.

    As their authors say (LeCun, Cortes and Burges, http://yann.lecun.com/exdb/mnist): a digit is scaled to fit a square
    of 20 by 20 pixels, its aspect ratio kept, which gives gray where it covers a pixel in part; then it is moved so
    that its center of mass lies in the center of 28 by 28 pixels. By whole pixels, as the images tell: there the
    center of mass lies somewhere in the pixel to the lower right of the middle. So an image of MNIST comes out as it
    went in (3 in 10,000 do not).

    Args:
        ink: array (height, width) of any size, from 0 (paper) to 1.
    Returns:
        array (28, 28), from 0 to 1; all 0 without ink.
    """
    if not ink.any():
        return np.zeros((SIDE, SIDE))
    spans = []
    for axis in (1, 0):  # rows, then columns
        inked = np.flatnonzero(ink.any(axis=axis))
        spans.append((inked[0], inked[-1] + 1))
    size = max(end - start for start, end in spans) / BOX  # dots to a pixel
    covers = []
    for (start, _), center, dots in zip(spans, reversed(center_of_mass(ink)), ink.shape, strict=True):
        shift = np.ceil(SIDE / 2 - (center - start) / size)
        covers.append(covered(dots, start - shift * size, size, SIDE))
    # Rounded, since what covers a pixel to 1e-16 is beside it.
    return np.clip(np.round(covers[0] @ ink @ covers[1].T, 9), 0, 1)


def covered(dots: int, start: float, size: float, cells: int) -> np.ndarray:
    """Return (cells, dots): the share of each of `cells`, `size` dots wide from `start` on, that each dot covers."""
    edges = start + size * np.arange(cells + 1)[:, None]
    left = np.arange(dots)
    return np.clip(np.minimum(edges[1:], left + 1) - np.maximum(edges[:-1], left), 0, None) / size


def center_of_mass(ink: np.ndarray) -> tuple[float, float]:
    """Return where the ink's center of mass lies, (x, y) in dots from the upper left corner."""
    rows, columns = ink.sum(axis=1, dtype=float), ink.sum(axis=0, dtype=float)
    x, y = (line @ (np.arange(len(line)) + 0.5) / line.sum() for line in (columns, rows))
    return float(x), float(y)
