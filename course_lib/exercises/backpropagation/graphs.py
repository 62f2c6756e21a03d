"""The repair of a graph of numbers, whose way back forgets one of two gradients."""

import math

import numpy as np

from course_lib.autograd import Value, topological_order
from course_lib.checking.exercise import Exercise, Row, flags


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


# What is computed of the leaves a, b and c, by what the rows call it.
GRAPHS = {
    "a · b + c": lambda a, b, c: a * b + c,
    "a + a": lambda a, b, c: a + a,
    "a · a": lambda a, b, c: a * a,
    "(a + b) · a": lambda a, b, c: (a + b) * a,
    "tanh(a) · b + a": lambda a, b, c: a.tanh() * b + a,
    "s · a + s · b, with s = a · b": lambda a, b, c: (lambda s: s * a + s * b)(a * b),
    "t · t + t, with t = tanh(a)": lambda a, b, c: (lambda t: t * t + t)(a.tanh()),
    "(s + a) · s, with s = a · b + c": lambda a, b, c: (lambda s: (s + a) * s)(a * b + c),
    "three times over: x becomes x · x + a, from x = b": lambda a, b, c: (
        lambda step: step(step(step(b)))
    )(lambda x: x * x + a),
    "a unit, tanh(a · b + c), times itself plus c": lambda a, b, c: (lambda t: t * (t + c))((a * b + c).tanh()),
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

        def row(graph=graph, leaves=leaves):
            nodes = [value(float(leaf)) for leaf in leaves]
            result = graph(*map(Operand, nodes)).value
            result.backward()
            return [result.data, *(node.grad for node in nodes)]

        yield Row(f"{name}: its value, and the gradients of a, b and c", row, essential=place == 0)


class FaultyValue:
    def __init__(self, data, made=frozenset(), parents=(), slopes=(), kind=""):
        self.data, self.made, self.parents, self.slopes, self.kind = data, made, parents, slopes, kind
        self.grad = 0.0

    def result(self, data, parents, slopes, kind):
        return FaultyValue(data, self.made, parents, slopes, kind)

    def __add__(self, other):
        slopes = (1.0, 1.0)
        if "sum_by_factors" in self.made:
            slopes = (self.data, other.data)
        if "sum_halved" in self.made:
            slopes = (0.5, 0.5)
        return self.result(self.data + other.data, (self, other), slopes, "sums")

    def __mul__(self, other):
        slopes = (self.data, other.data) if "own_factor" in self.made else (other.data, self.data)
        return self.result(self.data * other.data, (self, other), slopes, "products")

    def tanh(self):
        height = math.tanh(self.data)
        slopes = {
            "tanh_of_its_input": 1 - self.data**2,
            "tanh_without_square": 1 - height,
            "tanh_as_sigmoid": height * (1 - height),
            "tanh_doubled": 1 - 2 * height,
            "no_tanh_slope": 1.0,
        }
        slope = next((slope for flag, slope in slopes.items() if flag in self.made), 1 - height**2)
        return self.result(height, (self,), (slope,), "tanh")

    def backward(self):
        made = self.made
        self.grad = 0.0 if "no_start" in made else self.data if "starts_at_data" in made else 1.0
        for node in self.order():
            for parent, slope in zip(node.parents, node.slopes, strict=True):
                node.pay(parent, slope)

    def order(self):
        if "one_level" in self.made:
            return [self]
        if "depth_first" in self.made:
            return _met_first(self, last_in=True)
        if "breadth_first" in self.made:
            return _met_first(self, last_in=False)
        if "never_seen" in self.made:
            return reversed(_every_way(self))
        return reversed(topological_order(self))

    def pay(self, parent, slope):
        made = self.made
        share = self.grad * slope
        if "no_upstream" in made:
            share = slope
        if "upstream_added" in made:
            share = self.grad + slope
        if "minus" in made:
            share = -share
        if "averaged" in made:
            share /= len(self.parents)
        if "precedence" in made and self.kind == "tanh":
            share = self.grad * 1 - self.data**2
        if "first_kept" in made:
            parent.grad = parent.grad or share
        elif f"overwritten_by_{self.kind}" in made or ("itself_alone" in made and len({*map(id, self.parents)}) != 1):
            parent.grad = share
        else:
            parent.grad += share


def _met_first(root, last_in):
    """Return the nodes in the order in which they are met from the root: depth first, or breadth first."""
    order, waiting = [], [root]
    while waiting:
        node = waiting.pop() if last_in else waiting.pop(0)
        if all(node is not met for met in order):
            order.append(node)
            waiting.extend(reversed(node.parents) if last_in else node.parents)
    return order


def _every_way(node):
    return [*(each for parent in node.parents for each in _every_way(parent)), node]


def faulty_value(data, **made):
    return FaultyValue(data, frozenset(made))


class PathByPath:
    """Each way back is gone on its own, and adds its product of slopes to where it ends."""

    def __init__(self, data, inputs=()):
        self.data, self.grad, self.inputs = data, 0.0, inputs

    def __add__(self, other):
        return type(self)(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        return type(self)(self.data * other.data, [(self, other.data), (other, self.data)])

    def tanh(self):
        height = math.tanh(self.data)
        return type(self)(height, [(self, (1 - height) * (1 + height))])

    def backward(self, upstream=1.0):
        self.grad += upstream
        for node, slope in self.inputs:
            node.backward(upstream * slope)


class PathsWithTheSumSoFar(PathByPath):
    """A node passes on all that it has got so far, each time that something comes to it, so a part is passed on twice.

    Pass on once, when everything has come: in the order of `topological_order`, from its end.
    """

    def backward(self, upstream=1.0):
        self.grad += upstream
        for node, slope in self.inputs:
            node.backward(self.grad * slope)


class PathsWithoutUpstream(PathByPath):
    """Each node passes on its slope alone, without what came to it.

    The chain rule multiplies: what comes to a node, times its slope along the parent.
    """

    def backward(self, upstream=1.0):
        self.grad += upstream
        for node, slope in self.inputs:
            node.backward(slope)


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


ADD = "What comes back on several ways is added: `+=`, wherever a gradient is set."
EARLY = (
    "A node passes on its gradient before all of it has come: where a node is used twice, and one use lies nearer to "
    "the result than the other, the later part is lost for what lies behind it."
)
IN_ORDER = "Go through `topological_order(self)` from its end: there a node comes after everything that uses it."

VALUE = Exercise(
    name="Value",
    kind="repair",
    minutes=12,
    level=2,
    reference=Value,
    probe=probe_value,
    misconceptions=[
        *flags(
            faulty_value,
            overwritten_by_products=("In a product, the new gradient still replaces what had come before.", ADD),
            overwritten_by_sums=("In a sum, the new gradient still replaces what had come before.", ADD),
            overwritten_by_tanh=("In tanh, the new gradient still replaces what had come before.", ADD),
            itself_alone=(
                "Gradients are added where both operands are the same node; where a node is used in two places, the "
                "later gradient still replaces the earlier one.",
                ADD,
            ),
            first_kept=("The gradient that comes first stays, and what comes on another way is lost.", ADD),
            averaged=(
                "What a node passes on is divided by the number of its parents.",
                "Each parent gets the whole: what came to the node, times the slope along that parent.",
            ),
            no_upstream=(
                "Each parent gets the slope alone, not multiplied by what came to the node.",
                "The chain rule multiplies: `node.grad * slope`.",
            ),
            upstream_added=(
                "What came to the node and the slope are added.",
                "The chain rule multiplies them; only what comes on different ways is added.",
            ),
            minus=(
                "All gradients are turned around: there is a minus too many.",
                "A gradient says in which direction the result grows. The minus belongs to the step of descent.",
            ),
            no_start=(
                "All gradients are 0: the way back has nothing to begin with.",
                "The gradient of the result along itself is 1.",
            ),
            starts_at_data=(
                "The way back begins with the result's value.",
                "It begins with the gradient of the result along itself, which is 1.",
            ),
            one_level=(
                "Only the parents of the result get a gradient, and nothing behind them: the nodes were gone through "
                "from the leaves, or only one was.",
                "Go on from the result backwards: `reversed(topological_order(self))`.",
            ),
            depth_first=(EARLY, IN_ORDER),
            breadth_first=(
                "A node passes on its gradient when it is met first, going back level by level. Where a node is used "
                "on two levels, the part that comes later is lost for what lies behind it.",
                IN_ORDER,
            ),
            never_seen=(
                "A node that is used twice is gone through twice, and passes all of its gradient on each time.",
                "Have each node once in the order, as `topological_order` does.",
            ),
            own_factor=(
                "In a product, each factor gets its own value as the slope.",
                "If a grows by 1, a · b grows by b: the slope is the *other* factor.",
            ),
            sum_by_factors=(
                "In a sum, the slopes are the operands' values.",
                "If a grows by 1, a + b grows by 1, whatever a and b are.",
            ),
            sum_halved=(
                "In a sum, each operand gets half of the gradient.",
                "If a grows by 1, a + b grows by 1: each gets the whole.",
            ),
            tanh_of_its_input=(
                "The slope of tanh is taken as 1 − x², with its input.",
                "It is 1 − t² with its output, t = tanh(x).",
            ),
            tanh_without_square=("The slope of tanh is taken as 1 − t.", "It is 1 − t², with t = tanh(x)."),
            tanh_doubled=("The slope of tanh is taken as 1 − 2t.", "It is 1 − t², with t = tanh(x)."),
            tanh_as_sigmoid=(
                "The slope of tanh is taken as t (1 − t), which is the sigmoid's.",
                "It is 1 − t², with t = tanh(x).",
            ),
            no_tanh_slope=("tanh passes its gradient on whole.", "It multiplies by its slope, 1 − t²."),
            precedence=(
                "In tanh, a bracket is missing: `grad * 1 - t**2` multiplies before it subtracts.",
                "Write `grad * (1 - t**2)`.",
            ),
        ),
        PathsWithTheSumSoFar,
        PathsWithoutUpstream,
    ],
    equivalents=[PathByPath, Closures],
    hints=[
        "Compute ∂(a + a)/∂a by hand, and let the code do it. By which factor does it differ?",
        "Follow `a.grad` through the loop for a + a: what is in it after the first parent, what after the second?",
        "If a moves, the result moves on every way from a to it. What does the chain rule do with several ways?",
    ],
    buggy=ValueWithABug,
)
