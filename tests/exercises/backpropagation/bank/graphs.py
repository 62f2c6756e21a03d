"""Engines for single numbers, and gradients summed back, as people write them."""

from tests.exercises.banks import RIGHT, written

# What is in the answer cell, repaired.
VALUE = """
class Value:
    def __init__(self, data, parents=(), slopes=()):
        self.data, self.grad = data, 0.0
        self.parents, self.slopes = parents, slopes

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), (1 - t**2,))

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for parent in node.parents:
                    visit(parent)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes):
                parent.grad += node.grad * slope
"""
# One closure for each operation, as in micrograd.
CLOSURES = """
class Value:
    def __init__(self, data, _children=()):
        self.data = data
        self.grad = 0.0
        self._backward = lambda: None
        self._prev = set(_children)

    def __add__(self, other):
        out = Value(self.data + other.data, (self, other))
        def _backward():
            self.grad += out.grad
            other.grad += out.grad
        out._backward = _backward
        return out

    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))
        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out._backward = _backward
        return out

    def tanh(self):
        t = np.tanh(self.data)
        out = Value(t, (self,))
        def _backward():
            self.grad += (1 - t**2) * out.grad
        out._backward = _backward
        return out

    def backward(self):
        topo, visited = [], set()
        def build_topo(v):
            if v not in visited:
                visited.add(v)
                for child in v._prev:
                    build_topo(child)
                topo.append(v)
        build_topo(self)
        self.grad = 1.0
        for node in reversed(topo):
            node._backward()
"""
# Pushing every path on its own: right, if slow.
PATHS = """
class Value:
    def __init__(self, data, inputs=()):
        self.data, self.grad, self.inputs = data, 0.0, inputs

    def __add__(self, other):
        return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, [(self, 1 - t * t)])

    def backward(self, upstream=1.0):
        self.grad += upstream
        for node, slope in self.inputs:
            node.backward(upstream * slope)
"""
PAY = "parent.grad += node.grad * slope"
LOOP = "        for node in reversed(order):\n"


def value(told, *changes):
    return written("Value", VALUE, told, *changes)


def closures(told, *changes):
    return written("Value", CLOSURES, told, *changes)


def paths(told, *changes):
    return written("Value", PATHS, told, *changes)


UNBROADCAST = """
def unbroadcast(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient
"""
AXES = """
def unbroadcast(gradient, shape):
    extra = gradient.ndim - len(shape)
    padded = (1,) * extra + tuple(shape)
    axes = tuple(i for i, size in enumerate(padded) if size == 1)
    return gradient.sum(axis=axes, keepdims=True).reshape(shape)
"""
EINSUM = """
def unbroadcast(gradient, shape):
    letters = "abcdefgh"[:gradient.ndim]
    padded = (1,) * (gradient.ndim - len(shape)) + tuple(shape)
    kept = "".join(l for l, size in zip(letters, padded) if size != 1)
    return np.einsum(letters + "->" + kept, gradient).reshape(shape)
"""
IN_FRONT, ONES = "gradient = gradient.sum(axis=0)", "gradient = gradient.sum(axis=axis, keepdims=True)"


def summed(told, *changes):
    return written("unbroadcast", UNBROADCAST, told, *changes)


def axes(told, *changes):
    return written("unbroadcast", AXES, told, *changes)


ADDS = "add|sum|both|overwrit|last"

CASES = [
    value(RIGHT),
    closures(RIGHT),
    paths(RIGHT),
    value(RIGHT, ("self.data, self.grad = data, 0.0", "self.data, self.grad = float(data), 0")),
    value(RIGHT, (PAY, "parent.grad = parent.grad + slope * node.grad")),
    value(RIGHT, ("1 - t**2", "(1 - t) * (1 + t)")),
    value(RIGHT, ("1 - t**2", "1 / np.cosh(self.data)**2")),
    value(RIGHT, (LOOP, "        for node in order[:-1]:\n            node.grad = 0.0\n" + LOOP)),
    value(
        RIGHT,
        (
            "            if node not in seen:\n                seen.add(node)",
            "            if id(node) not in seen:\n                seen.add(id(node))",
        ),
    ),
    value("1|begin|start|seed|all.*0|root", ("        self.grad = 1.0\n", "")),
    value("1|begin|start|seed|root", ("self.grad = 1.0", "self.grad = self.data")),
    value("order|before|complete", ("reversed(order)", "order")),
    value(
        "order|before|complete",
        ("                order.append(node)\n", ""),
        ("                seen.add(node)\n", "                seen.add(node)\n                order.append(node)\n"),
        ("reversed(order)", "order"),
    ),
    value("twice|once|more than|several|seen|visit", ("            if node not in seen:", "            if True:")),
    value("own|other|factor|swap", ("(other.data, self.data)", "(self.data, other.data)")),
    value("tanh|output", ("1 - t**2", "1 - self.data**2")),
    value("tanh|slope", ("1 - t**2", "1 - t")),
    value("tanh|slope|bracket|precedence", (PAY, "parent.grad += node.grad * slope"), ("1 - t**2", "1 * 1 - t * 2")),
    value("tanh|slope", ("1 - t**2", "t * (1 - t)")),
    value("mean|average|half|divid", (PAY, "parent.grad += node.grad * slope / len(node.parents)")),
    value("upstream|chain|multiply|comes (in|to)|passed", (PAY, "parent.grad += slope")),
    value("add|sum|multipl", (PAY, "parent.grad += node.grad + slope")),
    value("sign|minus|down", (PAY, "parent.grad -= node.grad * slope")),
    value("add|sum|first|kept|late", (PAY, "parent.grad = parent.grad or node.grad * slope")),
    value("only|one level|further|parents|chain|root", (LOOP, "        for node in [self]:\n")),
    value("sum|product|addition|\\+", ("(1.0, 1.0)", "(self.data, other.data)")),
    value("addition|half|sum|\\+", ("(1.0, 1.0)", "(0.5, 0.5)")),
    value(
        "square|a \\* a|itself|same",
        (
            PAY,
            "parent.grad = node.grad * slope if len(set(node.parents)) == 2 or len(node.parents) == "
            "1 else parent.grad + node.grad * slope",
        ),
    ),
    closures(
        ADDS, ("self.grad += out.grad", "self.grad = out.grad"), ("other.grad += out.grad", "other.grad = out.grad")
    ),
    closures(
        ADDS,
        ("self.grad += other.data", "self.grad = other.data"),
        ("other.grad += self.data", "other.grad = self.data"),
    ),
    closures(ADDS, ("self.grad += (1 - t**2)", "self.grad = (1 - t**2)")),
    closures(
        "own|other|factor|swap",
        ("other.data * out.grad", "self.data  * out.grad"),
        ("+= self.data * out.grad", "+= other.data * out.grad"),
    ),
    closures("out|upstream|chain|comes", ("(1 - t**2) * out.grad", "(1 - t**2)")),
    closures(
        "order|before|complete|only|twice",
        (
            "        for node in reversed(topo):\n            node._backward()",
            "        queue = [self]\n        while queue:\n            node = queue.pop(0)\n         "
            "   node._backward()\n            queue.extend(n for n in node._prev if n not in queue)",
        ),
        ("set(_children)", "list(_children)"),  # whose order is the same in every run
    ),
    paths("comes|upstream|chain|multiply", ("node.backward(upstream * slope)", "node.backward(slope)")),
    paths(ADDS, ("self.grad += upstream", "self.grad = upstream")),
    paths(
        "twice|more than|once|several|complete|order",
        ("node.backward(upstream * slope)", "node.backward(self.grad * slope)"),
    ),
    # --- unbroadcast
    summed(RIGHT),
    axes(RIGHT),
    written("unbroadcast", EINSUM, RIGHT),
    summed(RIGHT, ("if size == 1:", "if size == 1 and gradient.shape[axis] > 1:")),
    summed(RIGHT, ("if size == 1:", "if size != gradient.shape[axis]:")),
    summed(
        "mean|average|divi",
        (IN_FRONT, "gradient = gradient.mean(axis=0)"),
        (ONES, "gradient = gradient.mean(axis=axis, keepdims=True)"),
    ),
    summed("mean|average|divi", (IN_FRONT, "gradient = gradient.mean(axis=0)")),
    summed("mean|average|divi", (ONES, "gradient = gradient.mean(axis=axis, keepdims=True)")),
    summed("keepdims|lost|length 1|shape", (ONES, "gradient = gradient.sum(axis=axis)")),
    summed("length 1|stretched|\\(3, 1\\)", ("        if size == 1:", "        if False:")),
    summed(
        "front|ndim|more axes|missing",
        ("    while gradient.ndim > len(shape):\n        gradient = gradient.sum(axis=0)\n", ""),
    ),
    summed("last|front|wrong (end|axes)|end", (IN_FRONT, "gradient = gradient.sum(axis=-1)")),
    summed("one axis|once|several|all", ("while gradient.ndim", "if gradient.ndim")),
    summed(
        "first|sum|left", (IN_FRONT, "gradient = gradient[0]"), (ONES, "gradient = np.take(gradient, [0], axis=axis)")
    ),
    summed("first|sum|left", (IN_FRONT, "gradient = gradient[0]")),
    summed(
        "max|sum|largest",
        (IN_FRONT, "gradient = gradient.max(axis=0)"),
        (ONES, "gradient = gradient.max(axis=axis, keepdims=True)"),
    ),
    axes("keepdims|length 1|shape", (".reshape(shape)", "")),
    axes(
        "reshape|sum|spread|number of",
        ("gradient.sum(axis=axes, keepdims=True).reshape(shape)", "gradient.reshape(shape)"),
    ),
    axes(
        "everything|all|one number",
        ("gradient.sum(axis=axes, keepdims=True).reshape(shape)", "np.broadcast_to(gradient.sum(), shape)"),
    ),
    axes("end|align|right|behind", ("(1,) * extra + tuple(shape)", "tuple(shape) + (1,) * extra")),
    axes(
        "as it (is|was)|unchanged|nothing|sum",
        ("    return gradient.sum(axis=axes, keepdims=True).reshape(shape)", "    return gradient"),
    ),
    axes("kept|other|wrong axes|not stretched|others", ("if size == 1)", "if size != 1)"), (".reshape(shape)", "")),
    axes(
        "stretch|twice|broadcast",
        ("gradient.sum(axis=axes, keepdims=True).reshape(shape)", "np.broadcast_to(gradient, shape)"),
    ),
    axes(
        "front|first axis|0",
        ("gradient.sum(axis=axes, keepdims=True).reshape(shape)", "gradient.sum(axis=0).reshape(shape)"),
    ),
    axes(
        "front|first axis|0|keepdims",
        ("gradient.sum(axis=axes, keepdims=True).reshape(shape)", "gradient.sum(axis=0, keepdims=True)"),
    ),
]
