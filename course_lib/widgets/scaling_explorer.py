"""The scaling explorer: how much faster more workers are, and what keeps them from being faster still."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from course_lib.ranks import ring_seconds, tree_seconds
from course_lib.widgets import style
from course_lib.widgets.all_reduce_run import NAMES, star_seconds
from course_lib.widgets.explorer import Explorer
from course_lib.widgets.stage import Still
from course_lib.wording import counted

MOST = 1024
WORKERS = np.arange(1, MOST + 1)
TICKS = (1, 4, 16, 64, 256, 1024)
SECONDS = {"ring": ring_seconds, "tree": tree_seconds, "star": star_seconds}
FIXED = {"batch per replica": "replica", "global batch": "global"}
LOWEST = 0.1  # of the speed-ups that are drawn
BLUE, ORANGE, GREEN = style.COLORS[:3]
COMPUTING = {"facecolor": BLUE, "edgecolor": "white", "linewidth": 0}
LATENCY = {"facecolor": "#f7c9a8", "edgecolor": ORANGE, "hatch": "xxx", "linewidth": 0.6}
SENDING = {"facecolor": "#a6dccb", "edgecolor": GREEN, "hatch": "///", "linewidth": 0.6}
IDEAL = {"color": "0.45", "linewidth": 1.2, "linestyle": "--"}
CURVE = {"color": BLUE, "linewidth": 2}
HERE = {"color": "black", "marker": "o", "markersize": 7, "markeredgecolor": "white", "linestyle": ""}
EATEN = {"color": ORANGE, "marker": "D", "markersize": 12, "markeredgecolor": "white", "linestyle": ""}
BEST = {"color": GREEN, "marker": "*", "markersize": 17, "markeredgecolor": "white", "linestyle": ""}
WIDE = {"layout": {"width": "290px"}, "style": {"description_width": "initial"}}


@dataclass(frozen=True)
class Prediction:
    """What a step of training takes on each number of WORKERS, in seconds, and on how many examples it is."""

    examples: np.ndarray
    computing: np.ndarray
    latency: np.ndarray
    sending: np.ndarray

    @property
    def communicating(self) -> np.ndarray:
        return self.latency + self.sending

    @property
    def speed_up(self) -> np.ndarray:
        """How many times as many examples a second as one worker has."""
        speed = self.examples / (self.computing + self.communicating)
        return speed / speed[0]

    def eaten(self) -> int:
        """From how many workers on communicating takes longer than computing; 0 where it never does."""
        longer = self.communicating > self.computing
        return int(WORKERS[longer.argmax()]) if longer.any() else 0


def sliding(value: float, lowest: int, highest: int, description: str, own: float = 0.0) -> ipywidgets.SelectionSlider:
    """A slider over 10^lowest to 10^highest that stops at readable numbers, and at `own` if that is not 0."""
    numbers = [float(f"{digit}e{power}") for power in range(lowest, highest) for digit in (1, 1.5, 2, 3, 5, 7)]
    numbers = sorted({*numbers, 10.0**highest, *([own] if own else [])})
    options = [(f"{each:g}", each) for each in numbers]
    return ipywidgets.SelectionSlider(options=options, value=own or value, description=description, **WIDE)


def counting(value: int, most: int, description: str) -> ipywidgets.SelectionSlider:
    """A slider over whole numbers up to `most`, from each power of two to the next by way of the one in the middle."""
    numbers = sorted({1, *(2**power for power in range(1, 20)), *(3 * 2**power for power in range(18))})
    options = [(f"{each:,}", each) for each in numbers if each <= most]
    return ipywidgets.SelectionSlider(options=options, value=value, description=description, **WIDE)


class ScalingExplorer(Explorer):
    """Predict by the α–β model how much faster training is on more workers, and what takes the rest of the time.

    Each worker computes the gradient of its examples; then all sum their gradients, four bytes a parameter, by an
    all-reduce. Nothing is computed while they do. An example takes as long in a small batch as in a large one.

    Args:
        state: the text of a state to begin with; None for 64 examples per replica and 100 MB of parameters.
        latency: α in seconds, such as one that was measured; 0 for 50 µs.
        bandwidth: 1/β in bytes per second; 0 for 10 GB/s.
    """

    name = "scaling-explorer"
    title = "The scaling explorer"
    picture = (
        "On the left how many times as fast training is as on one worker, against the number of workers, beside the "
        "ideal; marked are from where on communicating takes longer than computing, and the largest speed-up. On the "
        "right the shares of a step's time that go to computing, to latency, and to sending bytes."
    )
    size = (10.0, 4.6)
    tall = 7.4
    presets: ClassVar[dict[str, str]] = {
        "the same global batch on more workers": "scaling-explorer?fixed=global",
        "a slow network": "scaling-explorer?bandwidth=0.1",
        "a slow network, and a large batch": "scaling-explorer?batch=1024&bandwidth=0.1",
        "messages that take long to begin": "scaling-explorer?workers=64&latency=2000",
        "the same by a tree": "scaling-explorer?algorithm=tree&workers=64&latency=2000",
        "all to rank 0 and back": "scaling-explorer?algorithm=star",
        "a small network does not scale": "scaling-explorer?compute=0.001&parameters=0.5",
    }

    def __init__(self, state: str | None = None, *, latency: float = 0.0, bandwidth: float = 0.0):
        if not (0 <= latency < np.inf and 0 <= bandwidth < np.inf):
            raise ValueError(
                f"latency (in seconds) and bandwidth (in bytes per second) are positive numbers, not {latency} and "
                f"{bandwidth}."
            )
        # To three digits: more are none that a measurement has, and no text that is read.
        self._measured = float(f"{latency * 1e6:.3g}"), float(f"{bandwidth / 1e9:.3g}")
        super().__init__()
        if state is not None:
            self.state = state

    def controls(self):
        named = {"style": WIDE["style"]}
        algorithms = [(long, name) for name, long in NAMES.items()]
        latency, bandwidth = self._measured
        return {
            "fixed": ipywidgets.Dropdown(options=list(FIXED.items()), value="replica", description="fixed", **named),
            "algorithm": ipywidgets.Dropdown(options=algorithms, value="ring", description="algorithm", **named),
            "workers": counting(8, MOST, "workers"),
            "batch": counting(64, 2**16, "batch size"),
            "compute": sliding(2.0, -3, 3, "ms per example"),
            "parameters": sliding(100.0, -2, 4, "parameters, MB"),
            "latency": sliding(50.0, -1, 5, "latency, µs", latency),
            "bandwidth": sliding(10.0, -2, 3, "bandwidth, GB/s", bandwidth),
        }

    # --- the numbers

    def _predict(self) -> Prediction:
        batch, each = self["batch"], 1e-3 * self["compute"]
        size, latency, bandwidth = 1e6 * self["parameters"], 1e-6 * self["latency"], 1e9 * self["bandwidth"]
        seconds = SECONDS[self["algorithm"]]
        if self["fixed"] == "replica":
            examples, share = batch * WORKERS, np.full(MOST, batch)
        else:
            examples, share = np.full(MOST, batch), self._largest_share()
        return Prediction(
            examples, each * share,
            np.array([seconds(workers, 0, latency, bandwidth) for workers in range(1, MOST + 1)]),
            np.array([seconds(workers, size, 0, bandwidth) for workers in range(1, MOST + 1)]),
        )  # fmt: skip

    def _largest_share(self) -> np.ndarray:
        """How many of the global batch's examples the worker has that has the most."""
        return -(-self["batch"] // WORKERS)

    # --- the picture

    def still(self, figure: Figure) -> Still:
        places = figure.subplot_mosaic([["speed"], ["shares"]] if self.is_tall else [["speed", "shares"]])
        speed, shares = places["speed"], places["shares"]
        for axes in (speed, shares):
            axes.set_xscale("log", base=2)
            axes.set(xlim=(1, MOST), xlabel="workers", xticks=TICKS, xticklabels=[f"{tick:,}" for tick in TICKS])
            axes.minorticks_off()
        speed.set(yscale="log", ylim=(LOWEST, MOST), ylabel="times as fast as one worker")
        speed.yaxis.set_major_formatter(lambda value, place: f"{value:,g}")
        speed.minorticks_off()
        speed.plot([1, MOST], [1, MOST], **IDEAL)
        shares.set(ylim=(0, 1), ylabel="share of a step's time")
        shares.yaxis.set_major_formatter(lambda value, place: f"{value:.0%}")
        shares.grid(False)

        looks = (SENDING, LATENCY, COMPUTING)
        self._shares = [shares.add_collection(PolyCollection([], **look)) for look in looks]
        [self._curve] = speed.plot([], [], **CURVE)
        [self._eaten] = speed.plot([], [], clip_on=False, **EATEN)
        [self._best] = speed.plot([], [], clip_on=False, **BEST)
        [self._here] = speed.plot([], [], clip_on=False, **HERE)
        [self._line] = shares.plot([], [], color="black", linewidth=1.5)
        self._titles = []
        for axes in (speed, shares):
            axes.set_title(" ", size=10)  # keeps the place of what moves
            text = axes.text(0.5, 1.02, "", transform=axes.transAxes, ha="center", va="bottom", size=10)
            self._titles.append(text)
        names = {
            "ideal": Line2D([], [], **IDEAL), "predicted": Line2D([], [], **CURVE),
            "so many workers": Line2D([], [], **HERE), "the largest speed-up": Line2D([], [], **BEST),
            "communicating takes longer": Line2D([], [], **EATEN),
            "computing": Patch(**COMPUTING), "latency": Patch(**LATENCY), "sending bytes": Patch(**SENDING),
        }  # fmt: skip
        figure.legend(
            names.values(), names.keys(), loc="outside lower center", fontsize=9, ncols=1 if self.is_tall else 4,
            handlelength=1.8, columnspacing=1.4,
        )  # fmt: skip
        moving = [
            *self._shares, self._curve, self._eaten, self._best, self._here, self._line, *self._titles,
        ]  # fmt: skip
        for artist in moving:
            artist.set_in_layout(False)
        return Still(moving)

    def move(self) -> str:
        predicted = self._predict()
        here, speed_up = self["workers"] - 1, predicted.speed_up
        best, eaten = int(speed_up.argmax()), predicted.eaten()
        self._curve.set_data(WORKERS, np.maximum(speed_up, LOWEST / 10))
        self._mark(self._here, here, speed_up)
        self._here.set_marker("v" if speed_up[here] < LOWEST else "o")
        self._mark(self._best, best, speed_up)
        self._mark(self._eaten, eaten - 1 if eaten else None, speed_up)
        whole = predicted.computing + predicted.communicating
        ends = np.cumsum([predicted.computing, predicted.latency, predicted.sending], axis=0) / whole
        # The higher ones first, so that each is covered down to its own share.
        for collection, end in zip(self._shares, ends[::-1], strict=True):
            collection.set_verts([np.column_stack([[1, *WORKERS, MOST], [0, *end, 0]])])
        self._line.set_data([here + 1] * 2, [0, 1])
        self._titles[0].set_text(f"{rounded(speed_up[here])} times as fast")
        self._titles[1].set_text(f"{predicted.computing[here] / whole[here]:.0%} of the time computing")
        return self._told(predicted, here, best, eaten)

    @staticmethod
    def _mark(marker: Line2D, place: int | None, speed_up: np.ndarray) -> None:
        """Put a marker at a place of the curve, at its edge if that is below it, or nowhere."""
        marker.set_data(*(([], []) if place is None else ([place + 1], [max(speed_up[place], LOWEST)])))

    # --- the words

    def _told(self, predicted: Prediction, here: int, best: int, eaten: int) -> str:
        computing, latency, sending = (
            each[here] for each in (predicted.computing, predicted.latency, predicted.sending)
        )
        speed_up, workers, largest = predicted.speed_up, counted(here + 1, "worker"), counted(best + 1, "worker")
        longer = f"Up to {MOST:,} workers communicating never takes longer than computing"
        if eaten:
            longer = f"From {counted(eaten, 'worker')} on communicating takes longer than computing"
        return (
            f"{self._setting()}: with {workers} a step is on {counted(int(predicted.examples[here]), 'example')}, "
            f"{self._share(here + 1)}, and takes {duration(computing)} of computing and {duration(latency + sending)} "
            f"of communicating ({duration(latency)} of latency, {duration(sending)} of sending). That is "
            f"{rounded(speed_up[here])} times as fast as one worker, an efficiency of "
            f"{speed_up[here] / (here + 1):.1%}. {longer}, and {largest} {'are' if best else 'is'} fastest, "
            f"{rounded(speed_up[best])} times as fast as one."
        )

    def _setting(self) -> str:
        fixed = "Global batch of" if self["fixed"] == "global" else "Per replica"
        return (
            f"{fixed} {counted(self['batch'], 'example')}, {self['compute']:g} ms per example, "
            f"{self['parameters']:g} MB summed by {BY[self['algorithm']]} with a latency of {self['latency']:g} µs and "
            f"{self['bandwidth']:g} GB/s"
        )

    def _share(self, workers: int) -> str:
        if self["fixed"] == "replica":
            return f"{counted(self['batch'], 'example')} each"
        share = counted(int(self._largest_share()[workers - 1]), "example")
        return f"at most {share} each" if self["batch"] % workers else f"{share} each"


BY = {"ring": "a ring", "tree": "a tree", "star": "rank 0"}


def rounded(value: float) -> str:
    """`value` to three digits, without a power of ten."""
    return f"{float(f'{value:.3g}'):,g}"


def duration(seconds: float) -> str:
    """`seconds` to three digits, in the largest unit of which it is at least one."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{rounded(seconds / size)} {unit}"
    return f"{rounded(1e6 * seconds)} µs" if seconds else "0 ms"
