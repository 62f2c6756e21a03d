"""How people get the way back through a graph of numbers wrong, and what they are told."""

import math

from course_lib.autograd import topological_order
from course_lib.checking.exercise import flags


class FaultyValue:
    def __init__(self, data, made=frozenset(), parents=(), slopes=(), kind=""):
        self.data, self.made, self.parents, self.slopes, self.kind = data, made, parents, slopes, kind
        self.grad = 1.0 if "begins_at_1" in made else 0.0

    def result(self, data, parents, slopes, kind):
        return FaultyValue(data, self.made, parents, slopes, kind)

    def __add__(self, other):
        slopes = (1.0, 0.0) if "second_summand_unpaid" in self.made else (1.0, 1.0)
        if "sum_by_factors" in self.made:
            slopes = (self.data, other.data)
        if "sum_halved" in self.made:
            slopes = (0.5, 0.5)
        return self.result(self.data + other.data, (self, other), slopes, "sums")

    def __mul__(self, other):
        slopes = (self.data, other.data) if "own_factor" in self.made else (other.data, self.data)
        if "product_as_sum" in self.made:
            slopes = (1.0, 1.0)
        if "second_factor_unpaid" in self.made:
            slopes = (other.data, 0.0)
        return self.result(self.data * other.data, (self, other), slopes, "products")

    def tanh(self):
        height = math.tanh(self.data)
        slopes = {
            "tanh_of_its_input": 1 - self.data**2,
            "tanh_without_square": 1 - height,
            "tanh_as_sigmoid": height * (1 - height),
            "tanh_doubled": 1 - 2 * height,
            "tanh_itself": height,
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
        if "met_again" in self.made:
            return _met_again(self)
        if "alike_by_value" in self.made:
            return reversed(_once_for_each_number(self))
        if "never_seen" in self.made:
            return reversed(_every_way(self))
        return reversed(topological_order(self))

    def pay(self, parent, slope):
        made = self.made
        share = self.grad * slope
        if "no_upstream" in made or f"no_upstream_in_{self.kind}" in made:
            share = slope
        if "no_slope" in made:
            share = self.grad
        if "upstream_added" in made:
            share = self.grad + slope
        if "minus" in made:
            share = -share
        if "averaged" in made:
            share /= len(self.parents)
        if "precedence" in made and self.kind == "tanh":
            share = self.grad * 1 - self.data**2
        if "largest_kept" in made:
            parent.grad = max(parent.grad, share)
        elif "halved_each_time" in made:
            parent.grad = (parent.grad + share) / 2
        elif "first_kept" in made:
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


def _met_again(root):
    """Return the nodes in the order in which they are met, a node again where it is met after its turn."""
    order, waiting = [], [root]
    while waiting:
        node = waiting.pop(0)
        order.append(node)
        for parent in node.parents:
            if all(parent is not each for each in waiting):
                waiting.append(parent)
    return order


def _once_for_each_number(root):
    """Return a topological order in which of several nodes with one value only one is visited."""
    order, seen = [], set()

    def visit(node):
        if node.data not in seen:
            seen.add(node.data)
            for parent in node.parents:
                visit(parent)
            order.append(node)

    visit(root)
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


class PathsThatReplace(PathByPath):
    """Each way back replaces what came on the way before, so the last way alone counts.

    What comes back on several ways is added: `+=`, wherever a gradient is set.
    """

    def backward(self, upstream=1.0):
        self.grad = upstream
        for node, slope in self.inputs:
            node.backward(upstream * slope)


class PathsWithoutUpstream(PathByPath):
    """Each node passes on its slope alone, without what came to it.

    The chain rule multiplies: what comes to a node, times its slope along the parent.
    """

    def backward(self, upstream=1.0):
        self.grad += upstream
        for node, slope in self.inputs:
            node.backward(slope)


ADD = "What comes back on several ways is added: `+=`, wherever a gradient is set."
EARLY = (
    "A node passes on its gradient before all of it has come: where a node is used twice, and one use lies nearer to "
    "the result than the other, the later part is lost for what lies behind it."
)
MULTIPLY = "The chain rule multiplies: what came to the node, times the slope."
IN_ORDER = "Go through `topological_order(self)` from its end: there a node comes after everything that uses it."

MISCONCEPTIONS = [
    *flags(
        faulty_value,
        overwritten_by_products=("In a product, the new gradient still replaces what had come before.", ADD),
        overwritten_by_sums=("In a sum, the new gradient still replaces what had come before.", ADD),
        overwritten_by_tanh=("In tanh, the new gradient still replaces what had come before.", ADD),
        itself_alone=(
            "Gradients are added where a node is added to itself or multiplied by itself; where a node is used in two "
            "places, the later gradient still replaces the earlier one.",
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
        no_upstream_in_tanh=("In tanh, the slope alone is handed on, without what came to the node.", MULTIPLY),
        no_upstream_in_products=(
            "In a product, the slope alone is handed on, without what came to the node.",
            MULTIPLY,
        ),
        no_upstream_in_sums=("In a sum, 1 is handed on, in place of what came to the node.", MULTIPLY),
        met_again=(
            "A node that is met again, after it has passed on its gradient, passes on all of it once more.",
            IN_ORDER,
        ),
        no_slope=(
            "Each node hands on its gradient as it is, not multiplied by the slope.",
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
            "All gradients are 0.",
            "The way back begins with 1, the gradient of the result along itself, and what comes back to a parent "
            "is added to its gradient.",
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
        alike_by_value=(
            "Two nodes with the same number are taken for one, so one of them hands nothing on.",
            "Ask whether a *node* was seen, not its number: two nodes may hold the same one.",
        ),
        begins_at_1=(
            "All gradients begin at 1, and what comes back is added to that.",
            "Only the result's gradient begins at 1; all others at 0.",
        ),
        largest_kept=("Of what comes back on several ways, the largest stays.", ADD),
        halved_each_time=("What comes back is averaged with what was there.", ADD),
        product_as_sum=(
            "A product passes its gradient on whole, as a sum does.",
            "If a grows by 1, a · b grows by b: the slope is the other factor.",
        ),
        second_factor_unpaid=(
            "In a product, only the first factor gets a gradient.",
            "Both factors move the product.",
        ),
        second_summand_unpaid=(
            "In a sum, only the first of the two gets a gradient.",
            "Both move the sum.",
        ),
        tanh_itself=("tanh is multiplied by its value, t.", "Its slope is 1 − t²."),
        own_factor=(
            "In a product, each factor gets its own value as the slope.",
            "If a grows by 1, a · b grows by b: the slope is the *other* factor.",
        ),
        sum_by_factors=(
            "In a sum, the slopes are the values of the two numbers.",
            "If a grows by 1, a + b grows by 1, whatever a and b are.",
        ),
        sum_halved=(
            "In a sum, each of the two gets half of the gradient.",
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
    PathsThatReplace,
]
