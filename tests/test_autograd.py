"""The graph engines against TensorFlow's tape and against finite differences."""

import math

import numpy as np
import pytest
import tensorflow as tf

from course_lib.autograd import Tensor, Value, topological_order, unbroadcast
from course_lib.gradients import numerical_gradient, relative_error

# --- numbers


def test_a_value_used_twice_gets_both_gradients():
    a, b = Value(2.0), Value(3.0)
    loss = a * b + a
    loss.backward()
    assert (loss.data, loss.grad, a.grad, b.grad) == (8.0, 1.0, 4.0, 2.0)
    square = a * a
    square.backward()
    assert a.grad == 4.0, "what was there before is forgotten"
    assert b.grad == 2.0, "what the new root was not computed from is left alone"


OPERATIONS = {
    "all of them": lambda a, b: ((a * b + 2) ** 2 / (3 - a) - b).tanh() + (a * a + 1).log() * (-b).exp() + b.relu(),
    "numbers on the left": lambda a, b: 1 / (2 + 3 * a * a) - b + 0.5 - a,
    "powers": lambda a, b: (a * a + 0.1) ** 0.5 + (b * b) ** -1 + a**0 + b**1 + a**3,
    "a value in every place": lambda a, b: (a + b) * (a + b) * a / (b + 5),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations_of_numbers_have_the_slopes_that_are_measured(name):
    operation = OPERATIONS[name]
    for point in ([0.7, -1.3], [-1.1, 0.4], [2.0, 1.5]):
        a, b = map(Value, point)
        operation(a, b).backward()
        measured = numerical_gradient(lambda x: operation(Value(x[0]), Value(x[1])).data, point)
        assert relative_error([a.grad, b.grad], measured) < 1e-8


def test_values_at_edges():
    zero = Value(0.0)
    zero.relu().backward()
    assert zero.grad == 0.0  # as Keras
    (zero**0).backward()
    assert zero.grad == 0.0
    (zero**1).backward()
    assert zero.grad == 1.0
    for wrong, told in (
        (lambda: zero.log(), "positive numbers, not 0"),
        (lambda: Value(-1.0) ** 0.5, "whole number"),
        (lambda: 1 / zero, "0 has no power -1"),
    ):
        with pytest.raises(ValueError, match=told):
            wrong()
    with pytest.raises(TypeError, match="the exponent is a number"):
        zero**zero
    assert repr(Value(2)) == "Value(2, grad=0)"


def test_the_order_has_each_node_once_and_after_its_parents():
    a, b = Value(1.0), Value(2.0)
    c = a * b
    d = c + a
    root = d * c * a
    order = topological_order(root)
    assert len(order) == len({id(node) for node in order}) == 6 and order[-1] is root
    place = {id(node): number for number, node in enumerate(order)}
    assert all(place[id(parent)] < place[id(node)] for node in order for parent in node.parents)


def test_a_graph_may_be_deeper_than_python_can_recurse():
    a = Value(1.0)
    total = a
    for _ in range(20_000):
        total = total + a
    total.backward()
    assert a.grad == 20_001


# --- arrays


@pytest.mark.parametrize("shape", [(), (1,), (4,), (1, 4), (3, 1), (3, 4), (1, 1), (2, 1, 4), (1, 1, 1), (2, 3, 1)])
def test_unbroadcast_undoes_what_broadcasting_did(shape):
    upstream = np.random.default_rng(0).normal(size=(2, 3, 4))
    x = tf.zeros(shape, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(tf.broadcast_to(x, (2, 3, 4)) * upstream)
    got = unbroadcast(upstream, shape)
    assert got.shape == shape
    np.testing.assert_allclose(got, tape.gradient(y, x), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("shape", [(2,), (3, 4, 1), (4, 3), (1, 2, 3, 4)])
def test_unbroadcast_refuses_what_is_not_stretched_to_that_shape(shape):
    with pytest.raises(ValueError, match="stretches no array"):
        unbroadcast(np.zeros((3, 4)), shape)


def test_unbroadcast_takes_what_is_empty():
    assert unbroadcast(np.zeros((0, 3)), (3,)).tolist() == [0, 0, 0]
    assert unbroadcast(np.zeros((0, 3)), (0, 3)).shape == (0, 3)


SHAPES = [(), (1,), (4,), (3, 1), (1, 4), (3, 4), (2, 1, 4), (2, 3, 1)]
UNARY = {  # ours, TensorFlow's
    "tanh": (lambda x: x.tanh(), tf.tanh),
    "exp of tanh": (lambda x: x.tanh().exp(), lambda x: tf.exp(tf.tanh(x))),
    "log": (lambda x: (x * x + 0.5).log(), lambda x: tf.math.log(x * x + 0.5)),
    "relu": (lambda x: x.relu(), tf.nn.relu),
    "sigmoid": (lambda x: x.sigmoid(), tf.sigmoid),
    "square": (lambda x: x.tanh() ** 2, lambda x: tf.tanh(x) ** 2),
    "minus": (lambda x: 1.5 - x, lambda x: 1.5 - x),
    "over": (lambda x: 2 / (x * x + 1), lambda x: 2 / (x * x + 1)),
}
BINARY = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / (b * b + 1.0),
}


def fit(*shapes):
    try:
        return np.broadcast_shapes(*map(tuple, shapes)) is not None
    except ValueError:
        return False


def random_graph(seed):
    """Return (leaves, build): build(tensors, is_ours) computes one graph of both engines, drawn from the seed.

    Nodes are drawn with replacement, so many are used twice; operands differ in shape; axes are summed and averaged.
    """
    rng = np.random.default_rng(seed)
    leaves = [rng.normal(size=SHAPES[number]) for number in rng.integers(len(SHAPES), size=4)]
    steps = []
    for _ in range(12):
        kind = rng.choice(["unary", "binary", "sum", "mean", "matmul", "take"], p=[0.25, 0.4, 0.1, 0.1, 0.1, 0.05])
        name = rng.choice(list(UNARY if kind == "unary" else BINARY))
        steps.append((kind, name, *rng.random(3), bool(rng.integers(2))))
    projection = rng.normal(size=(4, 4))

    def build(nodes, is_ours):
        nodes = list(nodes)

        def reduced(x, kind, axis, keepdims):
            if is_ours:
                return getattr(x, kind)(axis, keepdims)
            return getattr(tf, f"reduce_{kind}")(x, axis, keepdims)

        for kind, name, first, second, where, keepdims in steps:
            x, y = nodes[int(first * len(nodes))], nodes[int(second * len(nodes))]
            rank = len(x.shape)
            if kind == "unary":
                node = UNARY[name][0 if is_ours else 1](x)
            elif kind == "binary" and fit(x.shape, y.shape):
                node = BINARY[name](x, y)
            elif kind in ("sum", "mean"):
                axis = None if rank == 0 or where < 0.2 else int(where * rank) - rank * (where > 0.6)
                node = reduced(x, kind, axis, keepdims)
            elif kind == "matmul" and rank >= 2 and x.shape[-1] == 4:
                node = (x @ projection).tanh() if is_ours else tf.tanh(x @ projection)
            elif kind == "take" and rank >= 2 and x.shape[0] > 1:
                node = x[np.array([0, 1, 1, 0, 1])] if is_ours else tf.gather(x, [0, 1, 1, 0, 1])
                node = reduced(node * node, "mean", 0, True)
            else:
                node = x * x
            nodes.append(reduced(node, "mean", 0, True) if len(node.shape) > 3 else node)
        total = 0.0
        for node in nodes:
            squashed = node.tanh() if is_ours else tf.tanh(node)
            total = reduced(squashed, "sum", None, False) + total
        return total

    return leaves, build


@pytest.mark.parametrize("seed", range(50))
def test_random_graphs_have_the_value_and_gradients_of_the_tape(seed):
    leaves, build = random_graph(seed)
    ours = [Tensor(leaf) for leaf in leaves]
    total = build(ours, is_ours=True)
    total.backward()
    theirs = [tf.constant(leaf) for leaf in leaves]
    with tf.GradientTape() as tape:
        tape.watch(theirs)
        expected = build(theirs, is_ours=False)
    assert total.data == pytest.approx(expected.numpy(), rel=1e-12)
    for tensor, gradient in zip(ours, tape.gradient(expected, theirs), strict=True):
        assert tensor.grad.shape == tensor.shape
        assert relative_error(tensor.grad, gradient.numpy()) < 1e-10


def test_random_graphs_use_nodes_twice_broadcast_and_reduce():
    """So that the test above tests what it says."""
    twice = stretched = 0
    for seed in range(50):
        leaves, build = random_graph(seed)
        order = topological_order(build([Tensor(leaf) for leaf in leaves], is_ours=True))
        parents = [parent for node in order for parent in {id(parent): parent for parent in node.parents}.values()]
        twice += len(parents) > len({id(parent) for parent in parents})
        stretched += any(p.shape != node.shape for node in order for p in node.parents if len(node.parents) == 2)
    assert twice == 50 and stretched >= 45


@pytest.mark.parametrize(
    ("left", "right"),
    [((3, 4), (4, 2)), ((4,), (4, 2)), ((3, 4), (4,)), ((4,), (4,)), ((5, 3, 4), (4, 2)), ((3, 4), (5, 4, 2)),
     ((5, 3, 4), (5, 4, 2)), ((5, 1, 3, 4), (2, 4, 2)), ((2, 3, 4), (4,)), ((4,), (2, 4, 3)), ((1, 4), (4, 1))],
)  # fmt: skip
def test_products_of_matrices_rows_and_stacks_have_the_gradients_that_are_measured(left, right):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=left), rng.normal(size=right)
    upstream = rng.normal(size=(a @ b).shape)
    x, y = Tensor(a), Tensor(b)
    ((x @ y) * upstream).sum().backward()
    assert relative_error(x.grad, numerical_gradient(lambda a: np.sum((a @ b) * upstream), a)) < 1e-7
    assert relative_error(y.grad, numerical_gradient(lambda b: np.sum((a @ b) * upstream), b)) < 1e-7


@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 2), (-1, 0)])
@pytest.mark.parametrize("keepdims", [False, True])
def test_sums_and_means_along_axes(axis, keepdims):
    data = np.random.default_rng(0).normal(size=(2, 3, 4))
    for kind in ("sum", "mean"):
        x = Tensor(data)
        result = getattr(x, kind)(axis, keepdims)
        np.testing.assert_allclose(result.data, getattr(data, kind)(axis=axis, keepdims=keepdims))
        (result * result).sum().backward()
        measured = numerical_gradient(lambda d, kind=kind: np.sum(getattr(d, kind)(axis=axis) ** 2), data)
        assert relative_error(x.grad, measured) < 1e-7


def test_arrays_on_the_left_and_parts_of_tensors():
    data = np.random.default_rng(0).normal(size=(3, 4))
    x = Tensor(data)
    loss = (data * x + (data.T @ x).sum() - x / data + 1 / (x * x)).sum() + (x.T.reshape(12)[[0, 0, 5]] ** 3).sum()
    loss.backward()
    measured = numerical_gradient(
        lambda d: (
            np.sum(data * d + np.sum(data.T @ d) - d / data + 1 / (d * d)) + np.sum(d.T.reshape(12)[[0, 0, 5]] ** 3)
        ),
        data,
    )
    assert relative_error(x.grad, measured) < 1e-6


def test_a_network_and_its_loss_as_on_the_tape():
    """Two layers with biases, and cross-entropy from logits: the chapter's network, at float32 and float64."""
    rng = np.random.default_rng(1)
    x, labels = rng.normal(size=(7, 2)), rng.integers(3, size=7)
    weights = [rng.normal(size=shape) for shape in ((2, 5), (5,), (5, 3), (3,))]
    for dtype, near in ((np.float64, 1e-12), (np.float32, 1e-5)):
        w1, b1, w2, b2 = tensors = [Tensor(weight.astype(dtype)) for weight in weights]
        logits = (x.astype(dtype) @ w1 + b1).tanh() @ w2 + b2
        loss = (logits.exp().sum(axis=1).log() - logits[np.arange(7), labels]).mean()
        loss.backward()
        assert loss.data.dtype == dtype and all(tensor.grad.dtype == dtype for tensor in tensors)
        theirs = [tf.constant(weight, dtype) for weight in weights]
        with tf.GradientTape() as tape:
            tape.watch(theirs)
            z = tf.tanh(tf.constant(x, dtype) @ theirs[0] + theirs[1]) @ theirs[2] + theirs[3]
            expected = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, z))
        assert loss.data == pytest.approx(expected.numpy(), rel=near)
        for tensor, gradient in zip(tensors, tape.gradient(expected, theirs), strict=True):
            assert relative_error(tensor.grad, gradient.numpy()) < near


def test_the_way_back_begins_at_one_number():
    with pytest.raises(ValueError, match=r"one number, such as a loss, not at the shape \(2,\)"):
        Tensor([1.0, 2.0]).backward()
    one = Tensor([[2.0]])
    (one * one).backward()
    assert one.grad.tolist() == [[4.0]]
    with pytest.raises(TypeError, match="the exponent is a number"):
        one**one


def test_integers_become_floats_and_a_scalar_chain_agrees_with_the_engine_of_numbers():
    a, b = Tensor(2), Value(2)
    (a * a + 3 * a).tanh().backward()
    (b * b + 3 * b).tanh().backward()
    assert a.grad == pytest.approx(b.grad, rel=1e-12) and math.isclose(b.grad, 7 / math.cosh(10) ** 2, rel_tol=1e-6)
