"""The repair of a graph of numbers, whose way back forgets one of two gradients."""

import math

import numpy as np

from course_lib.autograd import Value, topological_order
from course_lib.checking.exercise import Exercise, Row
from course_lib.checking.scene import Curves
from course_lib.exercises.backpropagation.graph_mistakes import MISCONCEPTIONS, PathByPath
from course_lib.exercises.returned import numbers


class ValueWithABug:
    """A number that remembers what it was computed from. One line is wrong."""

    def __init__(self, data, parents=(), slopes=()):
        self.data, self.grad = data, 0.0
        self.parents, self.slopes = parents, slopes

    def __add__(self, other):
        return ValueWithABug(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return ValueWithABug(self.data * other.data, (self, other), (other.data, self.data))

    def tanh(self):
        height = np.tanh(self.data)
        return ValueWithABug(height, (self,), (1 - height**2,))

    def backward(self):
        self.grad = 1.0
        for node in reversed(topological_order(self)):
            for parent, slope in zip(node.parents, node.slopes, strict=True):
                parent.grad = node.grad * slope


UNIT = "a unit, tanh(a · b + c), times itself plus c"
ALIKE = "a · c + b · c, where a and b are two nodes of one number"
# What is computed of the leaves a, b and c, by what the rows call it.
GRAPHS = {
    "a · b + c": lambda a, b, c: a * b + c,
    "a + a": lambda a, b, c: a + a,
    "a · a": lambda a, b, c: a * a,
    "(a + b) · a": lambda a, b, c: (a + b) * a,
    ALIKE: lambda a, b, c: a * c + b * c,
    "tanh(a) · b + a": lambda a, b, c: a.tanh() * b + a,
    "s · a + s · b, with s = a · b": lambda a, b, c: (lambda s: s * a + s * b)(a * b),
    "t · t + t, with t = tanh(a)": lambda a, b, c: (lambda t: t * t + t)(a.tanh()),
    "(s + a) · s, with s = a · b + c": lambda a, b, c: (lambda s: (s + a) * s)(a * b + c),
    "three times over: x becomes x · x + a, from x = b": lambda a, b, c: (
        lambda step: step(step(step(b)))
    )(lambda x: x * x + a),
    UNIT: lambda a, b, c: (lambda t: t * (t + c))((a * b + c).tanh()),
}  # fmt: skip


class Operand:
    """A value of the answer's, with operators: a probe may only call what it meets, and read attributes of it."""

    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        return Operand(self.value.__add__(other.value))

    def __mul__(self, other):
        return Operand(self.value.__mul__(other.value))

    def tanh(self):
        return Operand(self.value.tanh())


def probe_value(value, rng):
    """Each row: the number that a graph computes, and the gradients of its leaves."""
    for place, (name, graph) in enumerate(GRAPHS.items()):
        leaves = rng.uniform(0.5, 1.2, size=3) * rng.choice([-1.0, 1.0], size=3)
        if name == ALIKE:
            leaves[1] = leaves[0]

        def row(graph=graph, leaves=leaves):
            return value_and_gradients(value, graph, leaves)

        yield Row(f"{name}: its value, and the gradients of a, b and c", row, essential=place == 0)


def value_and_gradients(value, graph, leaves):
    nodes = [value(float(leaf)) for leaf in leaves]
    result = graph(*map(Operand, nodes)).value
    result.backward()
    return [result.data, *(node.grad for node in nodes)]


class Closures:
    """Each result holds a function that pays its parents."""

    def __init__(self, data, parents=()):
        self.data, self.grad, self.parents, self.pay = data, 0, parents, lambda: None

    def __add__(self, other):
        result = Closures(self.data + other.data, (self, other))

        def pay():
            self.grad += result.grad
            other.grad += result.grad

        result.pay = pay
        return result

    def __mul__(self, other):
        result = Closures(self.data * other.data, (self, other))

        def pay():
            self.grad += result.grad * other.data
            other.grad += result.grad * self.data

        result.pay = pay
        return result

    def tanh(self):
        result = Closures((math.exp(2 * self.data) - 1) / (math.exp(2 * self.data) + 1), (self,))

        def pay():
            self.grad += result.grad / math.cosh(self.data) ** 2

        result.pay = pay
        return result

    def backward(self):
        self.grad = 1
        for node in topological_order(self)[::-1]:
            node.pay()


def scene_value(value):
    """The gradient that comes back to a, which is used more than once, while a moves."""
    shown = {name: name for name in ("(a + b) · a", "tanh(a) · b + a")} | {"t · (t + c), t = tanh(a · b + c)": UNIT}
    moved = np.linspace(-2.0, 2.0, 21)
    curves = {
        name: numbers([value_and_gradients(value, GRAPHS[graph], (a, 0.7, -0.4))[1] for a in moved])
        for name, graph in shown.items()
    }
    return Curves(moved, curves, xlabel="a, where b = 0.7 and c = −0.4", ylabel="gradient of a")


VALUE = Exercise(
    name="Value",
    kind="repair",
    minutes=12,
    level=2,
    reference=Value,
    probe=probe_value,
    scene=scene_value,
    misconceptions=MISCONCEPTIONS,
    equivalents=[PathByPath, Closures],
    hints=[
        "Compute ∂(a + a)/∂a by hand, and let the code do it. By which factor does it differ?",
        "Follow `a.grad` through the loop for a + a: what is in it after the first parent, what after the second?",
        "If a moves, the result moves on every way from a to it. What became of the two ways in (a + b) · a?",
    ],
    buggy=ValueWithABug,
)
