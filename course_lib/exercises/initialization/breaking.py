"""The exercise that keeps two units equal forever: what makes units differ is broken on purpose."""

import math

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception

STEPS, RATE = 200, 0.1


def points_of_two_moons():
    """Return 40 points (40, 2) on two half-circles, and which of them each is on, (40, 1)."""
    angles = np.linspace(0, np.pi, 20)
    upper = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    lower = np.stack([1 - np.cos(angles), 0.5 - np.sin(angles)], axis=1)
    return np.concatenate([upper, lower]), np.repeat([[0.0], [1.0]], 20, axis=0)


def trained(first, second):
    """Return both kernels after 200 steps of gradient descent on two moons.

    The network has 2 inputs, 3 tanh units with biases, and one output without activation; its loss is the mean squared
    error, and biases begin at 0.

    Args:
        first: kernel (2, 3).
        second: kernel (3, 1).
    """
    points, moons = points_of_two_moons()
    first, second = np.array(first, float), np.array(second, float)
    first_bias, second_bias = np.zeros(3), np.zeros(1)
    for _ in range(STEPS):
        hidden = np.tanh(points @ first + first_bias)
        upstream = 2 * (hidden @ second + second_bias - moons) / len(points)
        back = upstream @ second.T * (1 - hidden**2)
        second, second_bias = second - RATE * hidden.T @ upstream, second_bias - RATE * upstream.sum(axis=0)
        first, first_bias = first - RATE * points.T @ back, first_bias - RATE * back.sum(axis=0)
    return first, second


def stuck_twins():
    """Return kernels (2, 3) and (3, 1) with which the first two units get the same gradients, and the third others."""
    return [[0.5, 0.5, -1.0], [0.3, 0.3, 0.8]], [[1.0], [1.0], [-0.5]]


STUCK = "the first two stay equal, and the third differs from them"


def what_becomes_of(kernels):
    """Return in words what becomes of the units, or why the kernels do not count; None where nothing is given."""
    if kernels is None:
        return None
    if not isinstance(kernels, list | tuple) or len(kernels) != 2:
        return "not two kernels"
    try:
        first, second = (np.asarray(kernel, dtype=float) for kernel in kernels)
    except (TypeError, ValueError):
        return "no arrays of numbers"
    if first.shape == (3, 2) and second.size == 3:
        return "the first kernel is transposed"
    if (first.shape, second.shape) == ((3, 1), (2, 3)):
        return "the second kernel comes first"
    if first.shape != (2, 3) or second.shape != (3, 1):
        return f"the shapes are {first.shape} and {second.shape}"
    if not (np.all(np.isfinite(first)) and np.all(np.isfinite(second))):
        return "a weight is not finite"
    if not (np.any(first) or np.any(second)):
        return "all weights are 0"
    if not (np.all(first) and np.all(second)):
        return "a weight is 0"
    if np.abs(first).max() > 100 or np.abs(second).max() > 100:
        return "a weight is beyond ±100"
    return what_training_makes_of(first, second)


def what_training_makes_of(first, second):
    with np.errstate(all="ignore"):
        after, _ = trained(first, second)
    if not np.all(np.isfinite(after)):
        return "the training explodes"
    same = {(i, j): np.allclose(after[:, i], after[:, j], rtol=1e-9, atol=1e-9) for i, j in ((0, 1), (0, 2), (1, 2))}
    if all(same.values()):
        return "all three stay equal"
    if same[0, 1]:
        return STUCK
    if any(same.values()):
        return "two stay equal, but not the first two"
    if np.allclose(after[:, 0], -after[:, 1], rtol=1e-9, atol=1e-9):
        return "the first two are mirror images"
    if np.array_equal(first[:, 0], first[:, 1]):
        return "the first two begin equal and part"
    if np.array_equal(first[0], first[1]):
        return "the rows are equal"
    return "the first two differ from the beginning"


def probe_stuck_twins(stuck_twins, rng):
    yield "what becomes of the three units", lambda: what_becomes_of(stuck_twins())


def given(first, second):
    return lambda: (first, second)


FIRST, SECOND = stuck_twins()

STUCK_TWINS = Exercise(
    name="stuck_twins",
    kind="break it",
    minutes=8,
    level=2,
    reference=stuck_twins,
    probe=probe_stuck_twins,
    misconceptions=[
        Misconception(
            given(FIRST, [[1.0], [-1.0], [-0.5]]),
            "The first two units begin equal, but part in training: their weights in the second kernel differ, so they "
            "get different gradients.",
            "A unit's gradient has the weight of its answer, in the second kernel, as a factor. Which two numbers "
            "there have to be equal?",
            "twins_part",
        ),
        Misconception(
            given(np.full((2, 3), 0.5), np.full((3, 1), 0.5)),
            "All three units stay equal; the third should go its own way.",
            "Give the third unit other weights, in one of the kernels at least.",
            "triplets",
        ),
        Misconception(
            given(np.zeros((2, 3)), np.zeros((3, 1))),
            "All weights are 0. That works, but no weight may be 0 here: there is more to it than zeros.",
            "Take other numbers. What must two units have in common, to get the same gradient?",
            "all_zeros",
        ),
        Misconception(
            given([[0.5, 0.5, 0.0], [0.3, 0.3, 0.8]], SECOND),
            "One of the weights is 0, which is not allowed here.",
            "Replace the 0 by another number.",
            "one_zero",
        ),
        Misconception(
            given([[0.5, 0.6, -1.0], [0.3, 0.2, 0.8]], [[1.0], [1.0], [1.0]]),
            "The first two units differ from the beginning: their columns of the first kernel are not equal.",
            "Unit 0 has the first column of the first kernel, and unit 1 the second. Make them equal.",
            "differ_from_the_beginning",
        ),
        Misconception(
            given([[0.5, 0.4, -1.0], [0.5, 0.4, -1.0]], SECOND),
            "The two rows of the first kernel are equal. A row belongs to an input, and a unit has a column.",
            "Make the first two columns equal.",
            "equal_rows",
        ),
        Misconception(
            given([[0.5, -0.5, -1.0], [0.3, -0.3, 0.8]], [[1.0], [-1.0], [0.5]]),
            "The first two units are mirror images: all their weights are opposite, and stay so. They are of no more "
            "use than one unit, but asked for are equal ones.",
            "Give both the same signs.",
            "mirror_images",
        ),
        Misconception(
            given([[0.5, -1.0, -1.0], [0.3, 0.8, 0.8]], [[1.0], [-0.5], [-0.5]]),
            "Two units stay equal, but not the first two.",
            "The first two columns should be equal, and the third different.",
            "the_other_pair",
        ),
        Misconception(
            given(np.transpose(FIRST), SECOND),
            "The first kernel has the shape (3, 2): a row for each unit. In a kernel a unit is a column.",
            "Its shape is (inputs, units), (2, 3).",
            "transposed_kernel",
        ),
        Misconception(
            given(SECOND, FIRST),
            "The kernels come in the wrong order, that of the output first.",
            "Return the one of shape (2, 3) first.",
            "second_kernel_first",
        ),
        Misconception(
            given([[0.5, 0.5, math.nan], [0.3, 0.3, 0.8]], SECOND),
            "One of the weights is not a finite number.",
            "Take numbers of about 1.",
            "endless_weight",
        ),
        Misconception(
            lambda: np.array(FIRST),
            "Two kernels are asked for, one of the hidden layer and one of the output.",
            "Return both, separated by a comma: the second has the shape (3, 1).",
            "one_kernel",
        ),
        Misconception(
            lambda: FIRST,
            "Two kernels are asked for, and two rows come back, as of a single kernel.",
            "Return two kernels, separated by a comma: shapes (2, 3) and (3, 1).",
            "rows_for_kernels",
        ),
        Misconception(
            given(FIRST, [1.0, 1.0, -0.5]),
            "The second kernel has the shape (3,); a dense kernel has two axes.",
            "Write its three rows in brackets of their own: `[[1.0], [1.0], [-0.5]]`, shape (3, 1).",
            "flat_second_kernel",
        ),
        Misconception(
            given(FIRST, [[1.0, 1.0, -0.5]]),
            "The second kernel has the shape (1, 3): a row for the output, where a unit is a column.",
            "Its three rows belong to the hidden units, its one column to the output: shape (3, 1).",
            "second_kernel_transposed",
        ),
        Misconception(
            given([[1e3, 1e3, 5.0], [1.0, 1.0, 1.0]], SECOND),
            "A weight is beyond ±100, where training says little about units.",
            "Take numbers of about 1.",
            "huge_weight",
        ),
    ],
    equivalents=[
        given(np.ones((2, 3)), np.array([[1.0], [1.0], [-1.0]])),
        given([[1, 1, 2], [1, 1, -2]], [[0.1], [0.1], [0.1]]),
        lambda: [np.array([[0.2, 0.2, 0.3], [-0.7, -0.7, 0.4]]), np.array([[-2.0], [-2.0], [0.5]])],
    ],
    hints=[
        "Two units with the same weights answer the same. When do they also get the same gradient?",
        "The gradient comes to a unit through its weight in the second kernel.",
        "Columns 0 and 1 of the first kernel are equal. Which rows of the second have to be equal, too?",
    ],
)
