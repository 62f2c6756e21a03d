"""The graph stepper: a small graph, gone through forwards and then backwards, with each node's value and gradient.

A step forwards computes one node. A step backwards carries a gradient along one edge: what stands at the node, times
the slope along that edge, is added to what stands at its parent. The sentence says which rule has just been used.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course_lib.autograd import Value
from course_lib.widgets import style
from course_lib.widgets.explorer import Explorer, number
from course_lib.widgets.own import Own
from course_lib.widgets.stage import Still

VALUE, GRADIENT, EDGE = "black", style.COLORS[1], style.COLORS[0]
NAMED = {"style": {"description_width": "initial"}}  # as wide as the description
WIDE, HIGH = 1.7, 1.3  # of a node's box, in units of the picture


@dataclass(frozen=True)
class Operation:
    """What makes a node of its parents' values, and what is passed back along each of its edges.

    Args:
        value: of the parents' values.
        slopes: of the parents' values and the node's, one for each parent.
        formula: of the parents' names, or of their values as texts.
        rule: which rule passes the gradient back, in words.
    """

    value: Callable
    slopes: Callable
    formula: Callable
    rule: str


def bracketed(text):
    return f"({text})" if text.startswith("-") else text


OPERATIONS = {
    "+": Operation(
        lambda a, b: a + b,
        lambda a, b, y: (1.0, 1.0),
        lambda a, b: f"{a} + {bracketed(b)}",
        "a sum passes its gradient on whole, with slope 1",
    ),
    "-": Operation(
        lambda a, b: a - b,
        lambda a, b, y: (1.0, -1.0),
        lambda a, b: f"{a} - {bracketed(b)}",
        "a difference passes its gradient on with slope 1, and with slope -1 to what is subtracted",
    ),
    "·": Operation(
        lambda a, b: a * b,
        lambda a, b, y: (b, a),
        lambda a, b: f"{bracketed(a)} · {bracketed(b)}",
        "in a product, the slope along one factor is the other factor",
    ),
    "tanh": Operation(
        math.tanh, lambda a, y: (1 - y**2,), lambda a: f"tanh({a})", "the slope of tanh is 1 - t², with its output t"
    ),
    "ReLU": Operation(
        lambda a: max(a, 0.0),
        lambda a, y: (1.0 if a > 0 else 0.0,),
        lambda a: f"max({a}, 0)",
        "the slope of ReLU is 1 above 0 and 0 elsewhere",
    ),
    "²": Operation(
        lambda a: a * a, lambda a, y: (2 * a,), lambda a: f"{bracketed(a)}²", "the slope of a square is twice its input"
    ),
}


@dataclass(frozen=True)
class Graph:
    """A graph to step through.

    Args:
        inputs: {name: what its slider stands at first}, with sliders from −3 to 3.
        nodes: {name: (operation, parents)} in an order in which they can be computed; the last one is the result.
        places: {name: (x, y)} of inputs and nodes, where the picture is wide.
    """

    inputs: dict[str, float]
    nodes: dict[str, tuple[str, tuple[str, ...]]]
    places: dict[str, tuple[float, float]]

    @property
    def result(self) -> str:
        return list(self.nodes)[-1]

    @property
    def edges(self) -> list[tuple[str, int]]:
        """The way back: (node, number of the parent) in the order in which gradients are carried."""
        return [(name, place) for name in reversed(self.nodes) for place in range(len(self.nodes[name][1]))]

    @property
    def steps(self) -> int:
        """How many steps there are: a node each forwards, the beginning of the way back, and an edge each backwards."""
        return len(self.nodes) + 1 + len(self.edges)

    def values(self, inputs: dict[str, float]) -> dict[str, float]:
        values = dict(inputs)
        for name, (operation, parents) in self.nodes.items():
            values[name] = OPERATIONS[operation].value(*(values[parent] for parent in parents))
        return values

    def slopes(self, values: dict[str, float], name: str) -> tuple[float, ...]:
        operation, parents = self.nodes[name]
        return OPERATIONS[operation].slopes(*(values[parent] for parent in parents), values[name])


GRAPHS = {
    "a node used twice": Graph(
        {"a": 2.0, "b": 1.0},
        {"s": ("+", ("a", "b")), "f": ("·", ("s", "a"))},
        {"a": (1, 4), "b": (1, 1), "s": (4.5, 2), "f": (8, 3.2)},
    ),
    "a ReLU": Graph(
        {"a": 1.5, "b": -1.0, "c": 1.0},
        {"p": ("·", ("a", "b")), "z": ("+", ("p", "c")), "f": ("ReLU", ("z",))},
        {"a": (1, 4.4), "b": (1, 2.5), "c": (1, 0.8), "p": (3.8, 3.4), "z": (6.4, 2.3), "f": (9, 2.3)},
    ),
    "a node used three times": Graph(
        {"a": 1.5, "b": -1.0},
        {"s": ("·", ("a", "b")), "q": ("·", ("s", "s")), "f": ("+", ("q", "s"))},
        {"a": (1, 4), "b": (1, 1), "s": (3.8, 2.2), "q": (6.4, 4.4), "f": (9, 2.2)},
    ),
    "a unit and its loss": Graph(
        {"w": 1.0, "x": 1.5, "b": -0.5, "y": -1.0},
        {
            "p": ("·", ("w", "x")),
            "z": ("+", ("p", "b")),
            "t": ("tanh", ("z",)),
            "e": ("-", ("t", "y")),
            "L": ("²", ("e",)),
        },
        {
            "w": (0.9, 4.65), "x": (0.9, 2.7), "b": (0.9, 0.7), "y": (5.7, 0.6),
            "p": (3.4, 4.4), "z": (5.1, 2.4), "t": (6.8, 4.5), "e": (8.1, 2.3), "L": (9.3, 4.5),
        },
    ),
}  # fmt: skip


def gradients_by(value_class):
    """Return a function (graph's name, *inputs) → the gradients of the inputs, computed by an engine for numbers."""

    def gradients(name, *inputs):
        graph = GRAPHS[name]
        nodes = {name: value_class(float(number)) for name, number in zip(graph.inputs, inputs, strict=True)}
        for node, (operation, parents) in graph.nodes.items():
            taken = [nodes[parent] for parent in parents]
            nodes[node] = {"+": lambda a, b: a + b, "·": lambda a, b: a * b, "tanh": lambda a: a.tanh()}[operation](
                *taken
            )
        nodes[graph.result].backward()
        return np.array([nodes[name].grad for name in graph.inputs], dtype=float)

    return gradients


class GraphStepper(Explorer):
    """Step through a graph: forwards its values are computed, backwards its gradients.

    Args:
        state: the text of a state to begin with; None for (a + b) · a, before the first step.
    """

    name = "graph-stepper"
    title = "The graph stepper"
    picture = (
        "A graph of boxes, the inputs on the left and the result on the right. Each box shows a value, and on the way "
        "back a gradient; the edge that is gone through is thick, with its slope beside it."
    )
    size = (10.0, 4.8)
    tall = 7.5
    stands_on = ("graph",)
    presets: ClassVar[dict[str, str]] = {
        "both ways add up": "graph-stepper?steps_shown=7",
        "a closed ReLU": "graph-stepper?graph=a+ReLU&steps_shown=9",
        "three uses": "graph-stepper?graph=a+node+used+three+times&steps_shown=10",
        "a saturated unit": "graph-stepper?graph=a+unit+and+its+loss&a+unit+and+its+loss.w=3&steps_shown=14",
    }

    def __init__(self, state: str | None = None):
        self._own = Own("Value", gradients_by(Value), gradients_by)
        super().__init__()
        if state is not None:
            self.state = state

    def controls(self):
        first = next(iter(GRAPHS))
        controls = {"graph": ipywidgets.Dropdown(options=list(GRAPHS), value=first, description="graph", **NAMED)}
        for name, graph in GRAPHS.items():
            for symbol, value in graph.inputs.items():
                controls[f"{name}.{symbol}"] = ipywidgets.FloatSlider(
                    value, min=-3, max=3, step=0.1, description=symbol, tooltip=f"{symbol} of {name}",
                    readout_format=".1f", **NAMED,
                )  # fmt: skip
        return controls | {
            "steps_shown": ipywidgets.IntSlider(0, min=0, max=GRAPHS[first].steps, description="step", **NAMED)
        }

    def layout(self, controls):
        self._show_inputs(controls)
        return super().layout(controls)

    def adjust(self, name):
        if name == "graph":
            self._show_inputs(self._controls)
            self._controls["steps_shown"].max = GRAPHS[self["graph"]].steps

    def _show_inputs(self, controls):
        for name, control in controls.items():
            owner, dot, _ = name.rpartition(".")
            if dot:
                control.layout.display = "" if owner == controls["graph"].value else "none"

    @property
    def graph(self) -> Graph:
        return GRAPHS[self["graph"]]

    # --- the picture

    def still(self, figure: Figure) -> Still:
        graph, axes = self.graph, figure.subplots()
        axes.axis("off")
        low, high = (-0.2, 10.2), (-0.1, 5.3)
        self._places = dict(graph.places)
        if self.is_tall:  # from the top down, with the inputs side by side
            self._places = {name: (y * 1.15, 10 - x) for name, (x, y) in graph.places.items()}
            low, high = (-0.6, 6.4), (-0.2, 10)
        axes.set(xlim=low, ylim=high)
        for name, (_, parents) in graph.nodes.items():
            for place in range(len(parents)):
                axes.annotate(
                    "", *reversed(self._ends(name, place)),
                    arrowprops={"arrowstyle": "-|>", "color": "0.6", "shrinkA": 0, "shrinkB": 0}, zorder=0,
                )  # fmt: skip
        self._texts, self._gradients = {}, {}
        for name, (x, y) in self._places.items():
            face = "0.95" if name in graph.inputs else "white"
            axes.add_patch(
                Rectangle((x - WIDE / 2, y - HIGH / 2), WIDE, HIGH, facecolor=face, edgecolor="0.3", zorder=1)
            )
            head = name if name in graph.inputs else f"{name} = {self._formula(name)}"
            axes.text(x, y + 0.36, head, ha="center", va="center", size=9.5, zorder=2)
            self._texts[name] = axes.text(x, y - 0.02, "", ha="center", va="center", size=10.5, color=VALUE, zorder=3)
            self._gradients[name] = axes.text(
                x, y - 0.42, "", ha="center", va="center", size=9.5, color=GRADIENT, zorder=3
            )
        [self._edge] = axes.plot([], [], "-", color=GRADIENT, linewidth=4, alpha=0.7, solid_capstyle="butt", zorder=0.5)
        self._frame = axes.add_patch(
            Rectangle((0, 0), WIDE, HIGH, facecolor="none", edgecolor=EDGE, linewidth=3, zorder=4)
        )
        self._slope = axes.text(0, 0, "", ha="center", va="center", size=10, color=GRADIENT, zorder=5)
        moving = [self._edge, *self._texts.values(), *self._gradients.values(), self._frame, self._slope]
        return Still(moving)

    def _formula(self, name: str) -> str:
        operation, parents = self.graph.nodes[name]
        return OPERATIONS[operation].formula(*parents)

    def _ends(self, name: str, place: int) -> tuple[tuple[float, float], tuple[float, float]]:
        """Where the edge from a parent to the node begins and ends: at the boxes' borders."""
        parents = self.graph.nodes[name][1]
        begin, end = np.array(self._places[parents[place]]), np.array(self._places[name])
        # Two edges between the same boxes lie beside one another.
        twins = parents.count(parents[place])
        aside = (place - (twins - 1) / 2) * 0.5 if twins > 1 else 0.0
        along = (end - begin) / np.hypot(*(end - begin))
        shift = aside * np.array([-along[1], along[0]])
        half = np.array([WIDE, HIGH]) / 2 + 0.03

        def out_of_the_box(way):
            return min((half[axis] - shift[axis] * np.sign(way[axis])) / abs(way[axis]) for axis in (0, 1) if way[axis])

        return tuple(begin + shift + out_of_the_box(along) * along), tuple(end + shift - out_of_the_box(-along) * along)

    def _beside(self, name: str, place: int) -> tuple[tuple[float, float], str]:
        """Where the slope of an edge stands, above its middle, or of two edges on the outer side; and its alignment."""
        begin, end = map(np.array, self._ends(name, place))
        along = (end - begin) / np.hypot(*(end - begin))
        across = np.array([-along[1], along[0]])
        twins = self.graph.nodes[name][1].count(self.graph.nodes[name][1][place]) == 2
        if (twins and place == 0) or (not twins and across[1] < 0):
            across = -across
        if abs(across[0]) < 0.5:  # nearly level
            return tuple((begin + end) / 2 + (0.22 + 0.3 * abs(across[0])) * across), "center"
        return tuple((begin + end) / 2 + (0.12 + 0.1 * abs(across[1])) * across), "left" if across[0] > 0 else "right"

    # --- what is to be seen

    def move(self) -> str:
        graph, step = self.graph, self["steps_shown"]
        inputs = {name: self[f"{self['graph']}.{name}"] for name in graph.inputs}
        values, forwards = graph.values(inputs), list(graph.nodes)
        known = [*graph.inputs, *forwards[: min(step, len(forwards))]]
        carried = graph.edges[: max(0, step - len(forwards) - 1)]
        gradients = {graph.result: 1.0} if step > len(forwards) else {}
        before = 0.0
        for name, place in carried:
            parent = graph.nodes[name][1][place]
            before = gradients.get(parent, 0.0)
            gradients[parent] = before + gradients[name] * graph.slopes(values, name)[place]

        for name, text in self._texts.items():
            text.set_text(number(values[name]) if name in known else "")
            self._gradients[name].set_text(f"grad {number(gradients[name])}" if name in gradients else "")
        self._mark(step, carried, values)
        told = self._told(step, carried, values, gradients, before)
        shown = ", ".join(
            f"{name} = {number(values[name])}" + (f" (gradient {number(gradients[name])})" if name in gradients else "")
            for name in known
        )
        return f"Step {step} of {graph.steps}{told} Known so far: {shown}.{self._whose(step, inputs)}"

    def _mark(self, step, carried, values):
        """Frame the node that the step is about, and make the edge that it goes through thick."""
        graph, forwards = self.graph, list(self.graph.nodes)
        self._edge.set_data([], [])
        self._slope.set_text("")
        at = None
        if carried:
            name, place = carried[-1]
            begin, end = self._ends(name, place)
            self._edge.set_data(*zip(begin, end, strict=True))
            self._slope.set_text(f"× {number(graph.slopes(values, name)[place])}")
            position, side = self._beside(name, place)
            self._slope.set(position=position, ha=side)
            at = graph.nodes[name][1][place]
        elif step:
            at = forwards[min(step, len(forwards)) - 1]
        self._frame.set_visible(at is not None)
        if at is not None:
            x, y = self._places[at]
            self._frame.set_xy((x - WIDE / 2, y - HIGH / 2))

    def _told(self, step, carried, values, gradients, before):
        """Return what this step did, and by which rule."""
        graph, forwards = self.graph, list(self.graph.nodes)
        if step == 0:
            return ": nothing is computed yet."
        if step <= len(forwards):
            name = forwards[step - 1]
            operation, parents = graph.nodes[name]
            numbers = OPERATIONS[operation].formula(*(number(values[parent]) for parent in parents))
            return f", forwards: {name} = {self._formula(name)} = {numbers} = {number(values[name])}."
        if not carried:
            return f", backwards: if {graph.result} grows, {graph.result} grows by as much, so its gradient is 1."
        name, place = carried[-1]
        operation, parents = graph.nodes[name]
        parent, slope = parents[place], graph.slopes(values, name)[place]
        share = gradients[name] * slope
        rule = OPERATIONS[operation].rule
        gets = f"{number(gradients[name])} · {bracketed(number(slope))} = {number(share)}"
        if any(graph.nodes[node][1][edge] == parent for node, edge in carried[:-1]):
            had = f" It had {number(before)} already, and both are added: {number(gradients[parent])}."
        else:
            had = ""
        return f", backwards: {rule}. From {name}, {parent} gets {gets}.{had}"

    def _whose(self, step, inputs):
        """Say where a reader's own engine gives the gradients that stand there at the end."""
        graph = self.graph
        if step < graph.steps or any(operation not in "+·tanh" for operation, _ in graph.nodes.values()):
            return ""
        self._own(self["graph"], *inputs.values())
        return " Your Value gives these gradients too." if self._own.is_yours else ""
