"""Backpropagation by graph: a result remembers what it was computed from, and sends a gradient back along that way.

`Value` does it for single numbers, `Tensor` for arrays; the same loop serves both. Each result holds its `parents`, and
for each of them what the chain rule needs: a `Value` the slope ∂result/∂parent, a `Tensor` a function that takes the
gradient of the result to that of the parent.

    a, b = Value(2.0), Value(3.0)
    loss = a * b + a
    loss.backward()
    a.grad, b.grad                  # ∂loss/∂a = b + 1 = 4.0, ∂loss/∂b = a = 2.0

References: Linnainmaa (1976), "Taylor expansion of the accumulated rounding error"; Rumelhart, Hinton and Williams
(1986), "Learning representations by back-propagating errors". The small engine for single numbers follows the idea of
Karpathy's micrograd (2020).
"""

import math

import numpy as np

from course_lib.activations import as_float, sigmoid


def topological_order(root):
    """Return all nodes that `root` was computed from, and `root` last: each one after all of its parents.

    Gone through from its end, each node comes after everything that uses it: only then is its own gradient complete.

    Args:
        root: a `Value` or `Tensor`, or anything with `parents`.
    Returns:
        list of nodes, each once, however often it is used.
    """
    order, seen, waiting = [], set(), [(root, False)]
    while waiting:
        node, has_its_parents = waiting.pop()
        if has_its_parents:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            waiting.append((node, True))
            waiting.extend((parent, False) for parent in node.parents)
    return order


class Value:
    """A number that remembers what it was computed from.

    Attributes:
        data: float, the number.
        grad: float, ∂root/∂this once `root.backward()` was called, 0 before.
        parents: tuple of the values that it was computed from.
        slopes: tuple of ∂this/∂parent, one for each parent.

    Numbers may stand on either side of an operator.
    """

    def __init__(self, data, parents=(), slopes=()):
        self.data, self.grad = float(data), 0.0
        self.parents, self.slopes = parents, slopes

    def __add__(self, other):
        other = _as_value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = _as_value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, exponent):
        power = _power(self.data, exponent)
        slope = exponent * _power(self.data, exponent - 1) if exponent else 0.0
        return Value(power, (self,), (slope,))

    def exp(self):
        power = math.exp(self.data)
        return Value(power, (self,), (power,))

    def log(self):
        if self.data <= 0:
            raise ValueError(f"the logarithm takes positive numbers, not {self.data:g}")
        return Value(math.log(self.data), (self,), (1 / self.data,))

    def tanh(self):
        height = math.tanh(self.data)
        return Value(height, (self,), (1 - height**2,))

    def relu(self):
        return Value(max(self.data, 0.0), (self,), (1.0 if self.data > 0 else 0.0,))

    def backward(self):
        """Set `grad` of every value that this one was computed from, and of this one, which is 1.

        What was in `grad` before is forgotten. Where a value is used twice, what comes back on both ways is added.
        """
        order = topological_order(self)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes, strict=True):
                parent.grad += node.grad * slope

    def __repr__(self):
        return f"Value({self.data:g}, grad={self.grad:g})"

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -_as_value(other)

    def __truediv__(self, other):
        return self * _as_value(other) ** -1

    def __rsub__(self, other):
        return _as_value(other) - self

    def __rtruediv__(self, other):
        return _as_value(other) / self

    __radd__, __rmul__ = __add__, __mul__


def unbroadcast(gradient, shape):
    """Sum a gradient back to the shape that an array had before NumPy stretched it.

    What was used in several places gets the sum of what comes back from them. So axes that broadcasting put in front
    are summed away, and axes of length 1 that it stretched are summed to length 1.

    Args:
        gradient: array, ∂L/∂result, shaped like the result.
        shape: tuple, the shape of the operand.
    Returns:
        array of that shape.
    Raises:
        ValueError: an array of that shape is not stretched to the gradient's.
    """
    gradient, shape = np.asarray(gradient), tuple(shape)
    in_front = gradient.ndim - len(shape)
    if in_front < 0 or any(size not in (1, to) for size, to in zip(shape, gradient.shape[in_front:], strict=True)):
        raise ValueError(f"broadcasting stretches no array of shape {shape} to {gradient.shape}")
    gradient = gradient.sum(axis=tuple(range(in_front)))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1 != gradient.shape[axis])
    return gradient.sum(axis=stretched, keepdims=True)


class Tensor:
    """An array that remembers what it was computed from.

    Attributes:
        data: float array.
        grad: array like `data`, ∂root/∂this once `root.backward()` was called, zeros before.
        parents: tuple of the tensors that it was computed from.
        ways_back: tuple of functions, one for each parent, from ∂root/∂this to ∂root/∂parent.

    Numbers and arrays may stand on either side of an operator. Operands of different shapes are stretched as in NumPy,
    and their gradients summed back by `unbroadcast`.
    """

    __array_ufunc__ = None  # so that `array * tensor` is left to the tensor

    def __init__(self, data, parents=(), ways_back=()):
        self.data = as_float(data)
        self.grad = np.zeros_like(self.data)
        self.parents, self.ways_back = parents, ways_back

    @property
    def shape(self):
        return self.data.shape

    def __add__(self, other):
        other = self._operand(other)
        return Tensor(self.data + other.data, (self, other), (_unchanged, _unchanged))

    def __mul__(self, other):
        other = self._operand(other)
        a, b = self.data, other.data
        return Tensor(a * b, (self, other), (lambda upstream: upstream * b, lambda upstream: upstream * a))

    def __pow__(self, exponent):
        if not isinstance(exponent, int | float):
            raise TypeError(f"the exponent is a number, not {type(exponent).__name__}")
        x = self.data
        slope = exponent * x ** (exponent - 1) if exponent else np.zeros_like(x)
        return Tensor(x**exponent, (self,), (lambda upstream: upstream * slope,))

    def __matmul__(self, other):
        """The product of matrices, or of stacks of them; a single axis is a row on the left and a column on the right.

        With C = A B: ∂L/∂A = ∂L/∂C Bᵀ and ∂L/∂B = Aᵀ ∂L/∂C.
        """
        other = self._operand(other)
        rows = self.data[None] if self.data.ndim == 1 else self.data
        columns = other.data[:, None] if other.data.ndim == 1 else other.data

        def as_matrices(upstream):
            upstream = upstream[..., None] if other.data.ndim == 1 else upstream
            return upstream[..., None, :] if self.data.ndim == 1 else upstream

        def to_left(upstream):
            return as_matrices(upstream) @ np.swapaxes(columns, -1, -2)

        def to_right(upstream):
            gradient = np.swapaxes(rows, -1, -2) @ as_matrices(upstream)
            return gradient[..., 0] if other.data.ndim == 1 else gradient

        return Tensor(self.data @ other.data, (self, other), (to_left, to_right))

    def sum(self, axis=None, keepdims=False):
        """Add up along `axis`, an integer, several, or None for all; on the way back each summand gets the gradient."""

        def way_back(upstream):
            upstream = upstream if keepdims or axis is None else np.expand_dims(upstream, axis)
            return np.broadcast_to(upstream, self.shape)

        return Tensor(self.data.sum(axis=axis, keepdims=keepdims), (self,), (way_back,))

    def mean(self, axis=None, keepdims=False):
        total = self.sum(axis, keepdims)
        return total * (total.data.size / self.data.size)

    def exp(self):
        powers = np.exp(self.data)
        return Tensor(powers, (self,), (lambda upstream: upstream * powers,))

    def log(self):
        return Tensor(np.log(self.data), (self,), (lambda upstream: upstream / self.data,))

    def tanh(self):
        heights = np.tanh(self.data)
        return Tensor(heights, (self,), (lambda upstream: upstream * (1 - heights**2),))

    def sigmoid(self):
        heights = sigmoid(self.data)
        return Tensor(heights, (self,), (lambda upstream: upstream * heights * (1 - heights),))

    def relu(self):
        return Tensor(np.maximum(self.data, 0), (self,), (lambda upstream: upstream * (self.data > 0),))

    def reshape(self, *shape):
        return Tensor(self.data.reshape(*shape), (self,), (lambda upstream: upstream.reshape(self.shape),))

    @property
    def T(self):
        return Tensor(self.data.T, (self,), (lambda upstream: upstream.T,))

    def __getitem__(self, index):
        """Take a part, by whatever NumPy takes; what is taken twice gets both gradients."""

        def way_back(upstream):
            gradient = np.zeros_like(self.data)
            np.add.at(gradient, index, upstream)
            return gradient

        return Tensor(self.data[index], (self,), (way_back,))

    def backward(self):
        """Set `grad` of every tensor that this number was computed from. What was there before is forgotten.

        Raises:
            ValueError: this tensor holds not one number.
        """
        if self.data.size != 1:
            raise ValueError(f"the way back begins at one number, such as a loss, not at the shape {self.shape}")
        order = topological_order(self)
        for node in order:
            node.grad = np.zeros_like(node.data)
        self.grad = np.ones_like(self.data)
        for node in reversed(order):
            for parent, way_back in zip(node.parents, node.ways_back, strict=True):
                parent.grad += unbroadcast(way_back(node.grad), parent.shape)

    def __repr__(self):
        return f"Tensor({self.data})"

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -self._operand(other)

    def __truediv__(self, other):
        return self * self._operand(other) ** -1

    def __rsub__(self, other):
        return self._operand(other) - self

    def __rtruediv__(self, other):
        return self._operand(other) / self

    def __rmatmul__(self, other):
        return self._operand(other) @ self

    __radd__, __rmul__ = __add__, __mul__

    def _operand(self, other):
        """Return `other` as a tensor; Python's numbers have no precision of their own, and take this tensor's."""
        if isinstance(other, Tensor):
            return other
        return Tensor(np.asarray(other, self.data.dtype) if isinstance(other, int | float) else other)


def _as_value(operand):
    return operand if isinstance(operand, Value) else Value(operand)


def _unchanged(upstream):
    return upstream


def _power(base, exponent):
    if not isinstance(exponent, int | float):
        raise TypeError(f"the exponent is a number, not {type(exponent).__name__}")
    if base == 0 and exponent < 0:
        raise ValueError(f"0 has no power {exponent:g}")
    if base < 0 and exponent != int(exponent):
        raise ValueError(f"{base:g} has no power {exponent:g}, for that is no whole number")
    return base**exponent
