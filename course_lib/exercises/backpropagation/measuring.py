"""The exercise whose answer is a gradient check: it is shown layers, and must find out which of them lie."""

import numpy as np

from course_lib.activations import sigmoid
from course_lib.checking.examiner import examiner
from course_lib.checking.exercise import Misconception
from course_lib.gradients import numerical_gradient, relative_error

# --- layers that tell the truth


def layer(function, slope):
    """Return the pair (forward, backward) of a layer function(x w + b), whose slope is given by its input."""

    def forward(x, w, b):
        return function(x @ w + b)

    def backward(x, w, b, upstream):
        dz = upstream * slope(x @ w + b)
        return dz @ w.T, x.T @ dz, dz.sum(axis=0)

    return forward, backward


def tanh_slope(z):
    return 1 - np.tanh(z) ** 2


def softplus(z):
    return np.logaddexp(0, z)


def loops():
    forward, _ = layer(np.tanh, tanh_slope)

    def backward(x, w, b, upstream):
        dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(b.shape)
        for row in range(len(x)):
            dz = upstream[row] * tanh_slope(x[row] @ w + b)
            dx[row] = w @ dz
            dw += np.outer(x[row], dz)
            db += dz
        return [dx, dw, db]

    return forward, backward


RIGHT = {
    "a dense layer with tanh": layer(np.tanh, tanh_slope),
    "the same, written as loops": loops(),
    "a dense layer without activation": layer(lambda z: z, np.ones_like),
    "a dense layer with a sigmoid": layer(sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "a dense layer with softplus, log(1 + e^z)": layer(softplus, sigmoid),
    "a dense layer with a leaky ReLU": layer(lambda z: np.where(z > 0, z, 0.2 * z), lambda z: np.where(z > 0, 1, 0.2)),
    "a dense layer with outputs in the thousands": layer(lambda z: 5000 * z, lambda z: np.full_like(z, 5000)),
}

# --- layers that lie


def lies(cause, cure, backward, function=np.tanh):
    """Return a layer that lies as a misconception: `backward(x, w, b, upstream, dz)` says what it gives back."""
    forward, _ = layer(function, None)

    def lying(x, w, b, upstream):
        return backward(x, w, b, upstream, upstream * tanh_slope(x @ w + b))

    return Misconception((forward, lying), cause, cure, name=cause)


def by_dz(make):
    """Return a backward in which dz is what `make(x w + b, upstream)` says, and all else is right."""

    def backward(x, w, b, upstream, _):
        dz = make(x @ w + b, upstream)
        return dz @ w.T, x.T @ dz, dz.sum(axis=0)

    return backward


LOOK = "Compare each of the three gradients with a measured one."
WRONG = [
    lies(
        "The bias's gradient is a mean over the batch.",
        LOOK,
        lambda x, w, b, u, dz: (dz @ w.T, x.T @ dz, dz.mean(axis=0)),
    ),
    lies(
        "The kernel's gradient is divided by the size of the batch.",
        LOOK,
        lambda x, w, b, u, dz: (dz @ w.T, x.T @ dz / len(x), dz.sum(axis=0)),
    ),
    lies(
        "The bias's gradient has the shape (1, units).",
        "Compare the shapes too.",
        lambda x, w, b, u, dz: (dz @ w.T, x.T @ dz, dz.sum(axis=0, keepdims=True)),
    ),
    lies("The bias's gradient is that of the first example.", LOOK, lambda x, w, b, u, dz: (dz @ w.T, x.T @ dz, dz[0])),
    lies("All gradients have the wrong sign.", LOOK, lambda x, w, b, u, dz: (-dz @ w.T, -x.T @ dz, -dz.sum(axis=0))),
    lies(
        "The inputs' gradient is made without the activation's slope.",
        LOOK,
        lambda x, w, b, u, dz: (u @ w.T, x.T @ dz, dz.sum(axis=0)),
    ),
    lies("The slope of tanh is missing everywhere.", LOOK, by_dz(lambda z, u: u)),
    lies("The slope of tanh is taken as 1 − z², with its input.", LOOK, by_dz(lambda z, u: u * (1 - z**2))),
    lies(
        "A bracket is missing: upstream * 1 - a**2.",
        "An upstream gradient of ones does not show it.",
        by_dz(lambda z, u: u * 1 - np.tanh(z) ** 2),
    ),
    lies(
        "`upstream` is not used.", "An upstream gradient of ones does not show it.", by_dz(lambda z, u: tanh_slope(z))
    ),
    lies(
        "The mean of `upstream` is used for every entry.",
        "An upstream gradient of ones does not show it.",
        by_dz(lambda z, u: u.mean() * tanh_slope(z)),
    ),
    lies(
        "The inputs' gradient is that of the last example in every row.",
        "A batch of one example does not show it.",
        lambda x, w, b, u, dz: (np.tile(dz[-1] @ w.T, (len(x), 1)), x.T @ dz, dz.sum(axis=0)),
    ),
    lies(
        "The kernel's gradient is too large by a thousandth.",
        "A wide tolerance does not show it.",
        lambda x, w, b, u, dz: (dz @ w.T, 1.001 * x.T @ dz, dz.sum(axis=0)),
    ),
    lies(
        "The gradients are right where z > 0, and 0 elsewhere.",
        "Inputs and weights that are all positive do not show it.",
        by_dz(lambda z, u: u * tanh_slope(z) * (z > 0)),
    ),
    lies("The inputs' gradient is 0.", LOOK, lambda x, w, b, u, dz: (np.zeros_like(x), x.T @ dz, dz.sum(axis=0))),
    lies(
        "The kernel's gradient is its own absolute value.",
        "Compare with the sign.",
        lambda x, w, b, u, dz: (dz @ w.T, np.abs(x.T @ dz), dz.sum(axis=0)),
    ),
]

# --- tests of them


def drawn(n=4, features=3, units=2, seed=0):
    rng = np.random.default_rng(seed)
    shapes = (n, features), (features, units), (units,), (n, units)
    return [rng.normal(size=shape) for shape in shapes]


def agrees(forward, backward, x, w, b, upstream, limit=1e-5, parts=(0, 1, 2), shapes=True):
    """Compare the three gradients with measured ones, or those of `parts`."""
    given, places = backward(x, w, b, upstream), [x, w, b]
    for part in parts:

        def loss(moved, part=part):
            return np.sum(forward(*(moved if place == part else old for place, old in enumerate(places))) * upstream)

        measured = numerical_gradient(loss, places[part])
        value = np.asarray(given[part])
        if value.shape != measured.shape:
            if shapes:
                return False
            value = np.broadcast_to(value, np.broadcast_shapes(value.shape, measured.shape))
            measured = np.broadcast_to(measured, value.shape)
        if relative_error(value, measured) > limit:
            return False
    return True


def gradients_are_right(forward, backward):
    """Whether `backward` gives the gradients of Σ forward(x, w, b) · upstream along x, w and b, at a random point.

    Args:
        forward: function (x, w, b) → outputs (n, units), for x (n, features), w (features, units) and b (units,).
        backward: function (x, w, b, upstream) → (∂L/∂x, ∂L/∂w, ∂L/∂b), with upstream = ∂L/∂outputs.
    Returns:
        True or False.
    """
    return agrees(forward, backward, *drawn())


def check_by_a_loop(forward, backward):
    rng = np.random.default_rng(7)
    arrays = [rng.normal(size=shape) for shape in ((5, 4), (4, 3), (3,))]
    upstream = rng.uniform(-1, 2, size=(5, 3))
    for array, given in zip(arrays, backward(*arrays, upstream), strict=True):
        assert np.shape(given) == array.shape
        for place in np.ndindex(array.shape):
            old, values = array[place], []
            for step in (1e-4, -1e-4):
                array[place] = old + step
                values.append(np.sum(upstream * forward(*arrays)))
            array[place] = old
            slope = (values[0] - values[1]) / 2e-4
            assert np.isclose(slope, given[place], rtol=1e-4, atol=1e-4 * np.abs(given).max())
    return True


def check_in_random_directions(forward, backward):
    """Five directions, in which all entries of an array are moved at once."""
    x, w, b, upstream = drawn(6, 3, 4, seed=2)
    rng, arrays = np.random.default_rng(3), [x, w, b]
    given = backward(x, w, b, upstream)
    for part in range(3):
        if np.shape(given[part]) != arrays[part].shape:
            return False
        for _ in range(5):
            direction = rng.normal(size=arrays[part].shape)
            ahead, behind = list(arrays), list(arrays)
            ahead[part], behind[part] = arrays[part] + 1e-5 * direction, arrays[part] - 1e-5 * direction
            slope = np.sum((forward(*ahead) - forward(*behind)) * upstream) / 2e-5
            if abs(slope - np.sum(given[part] * direction)) > 1e-4 * max(abs(slope), 1e-3):
                return False
    return True


def check_with_upstream_of_ones(forward, backward):
    """Your upstream gradient holds ones alone, or one same number, so layers that misuse it slip through.

    Draw it at random, of both signs.
    """
    x, w, b, upstream = drawn()
    return agrees(forward, backward, x, w, b, np.ones_like(upstream))


def check_of_one_example(forward, backward):
    """Your batch holds one example, so mistakes in sums and means over the batch slip through.

    Take several examples.
    """
    return agrees(forward, backward, *drawn(n=1))


def check_without_the_bias(forward, backward):
    """The bias's gradient is not compared, so what is wrong with it alone slips through.

    Compare all three gradients.
    """
    return agrees(forward, backward, *drawn(), parts=(0, 1))


def check_without_the_inputs(forward, backward):
    """The inputs' gradient is not compared, so what is wrong with it alone slips through.

    Compare all three gradients.
    """
    return agrees(forward, backward, *drawn(), parts=(1, 2))


def check_of_the_kernel_alone(forward, backward):
    """Only the kernel's gradient is compared, so what is wrong with the others alone slips through.

    Compare all three gradients.
    """
    return agrees(forward, backward, *drawn(), parts=(1,))


def check_of_the_bias_alone(forward, backward):
    """Only the bias's gradient is compared, so what is wrong with the others alone slips through.

    Compare all three gradients.
    """
    return agrees(forward, backward, *drawn(), parts=(2,))


def check_of_the_inputs_alone(forward, backward):
    """Only the inputs' gradient is compared, so what is wrong with the others alone slips through.

    Compare all three gradients.
    """
    return agrees(forward, backward, *drawn(), parts=(0,))


def check_without_shapes(forward, backward):
    """NumPy stretches a gradient of shape (1, units) when it is compared with one of (units,), so it slips through.

    Compare the shapes first.
    """
    return agrees(forward, backward, *drawn(), shapes=False)


def check_with_a_wide_tolerance(forward, backward):
    """Your tolerance is so wide that gradients which are a little wrong slip through.

    In float64 a right gradient and a measured one differ by less than 10⁻⁵ of their size.
    """
    return agrees(forward, backward, *drawn(), limit=1e-2)


def check_of_positive_numbers(forward, backward):
    """Your inputs and weights are all positive, so what happens where z is negative slips through.

    Draw numbers of both signs.
    """
    x, w, b, upstream = drawn()
    return agrees(forward, backward, np.abs(x), np.abs(w), np.abs(b), upstream)


def check_without_signs(forward, backward):
    """You compare sizes without signs, so gradients that are turned around slip through.

    Compare the differences: |given − measured|.
    """
    x, w, b, upstream = drawn()
    given, places = backward(x, w, b, upstream), [x, w, b]
    for part in range(3):

        def loss(moved, part=part):
            return np.sum(forward(*(moved if place == part else old for place, old in enumerate(places))) * upstream)

        measured = numerical_gradient(loss, places[part])
        if np.shape(given[part]) != measured.shape or relative_error(np.abs(given[part]), np.abs(measured)) > 1e-5:
            return False
    return True


GRADIENTS_ARE_RIGHT = examiner(
    "gradients_are_right",
    "layer",
    right=RIGHT,
    wrong=WRONG,
    functions=lambda pair: pair,
    reference=gradients_are_right,
    misconceptions=[
        check_with_upstream_of_ones,
        check_of_one_example,
        check_without_the_bias,
        check_without_the_inputs,
        check_of_the_kernel_alone,
        check_of_the_bias_alone,
        check_of_the_inputs_alone,
        check_without_shapes,
        check_with_a_wide_tolerance,
        check_of_positive_numbers,
        check_without_signs,
    ],
    equivalents=[check_by_a_loop, check_in_random_directions],
    hints=[
        "`np.sum(forward(x, w, b) * upstream)` is one number, and its gradient along x is what `backward` should give "
        "first. Which two others?",
        "`numerical_gradient` wants a function of one array: a lambda in which only `x` moves, and the others stay. "
        "Compare with `relative_error`, and with a limit.",
        "A liar is caught only where it lies: several examples, numbers of both signs, an `upstream` that is not "
        "constant, and shapes.",
    ],
    minutes=15,
    level=3,
)
