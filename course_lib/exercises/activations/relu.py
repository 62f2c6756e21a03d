"""The exercise on ReLU's value; its slope is that of a leaky ReLU without a leak."""

import numpy as np

from course_lib import activations
from course_lib.checking.exercise import Exercise, Misconception, Row
from course_lib.exercises.activations.messages import ONE_NUMBER_ONLY
from course_lib.exercises.activations.picturing import curves


def probe_relu(relu, rng):
    row, batch = (
        rng.permutation([*rng.uniform(0.5, 9.0, size=3), *-rng.uniform(0.5, 9.0, size=3)]),
        rng.normal(size=(4, 3)),
    )
    batch[0, 0] = abs(batch[0, 0])
    number = rng.uniform(0.5, 2.0)
    yield Row("a row of numbers", lambda: relu(row), essential=True)
    yield "a single positive number", lambda: relu(np.array(number))
    yield "a single negative number", lambda: relu(np.array(-number))
    yield "a batch", lambda: relu(batch)
    yield "x = −1000, 0 and 1000", lambda: relu(np.array([-1000.0, 0.0, 1000.0]))


def relu_leaking(x, constant=0.01):
    """Your function leaks: left of zero it goes on falling, with a small slope.

    A plain ReLU is exactly 0 where x is negative.
    """
    return np.where(x > 0, x, constant * x)


def relu_cut_off(x, constant=6.0):
    """You cut the function off above some value.

    ReLU has no upper limit: return x itself wherever it is positive.
    """
    return np.clip(x, 0, constant)


def relu_of_the_first_element(x):
    """Only the first element is computed: the `return` stands inside the loop.

    Move `return` to the left, so that it comes after the loop; or work on the whole array at once.
    """
    result = np.zeros(np.shape(x))
    result.flat[0] = max(0, x.flat[0])
    return result


def relu_of_all_or_nothing(x):
    """One condition decides about the whole array: `np.any` gives a single True or False.

    Decide for each element by itself.
    """
    return x if np.any(x > 0) else np.zeros_like(x)


def relu_of_all(x):
    """One condition decides about the whole array: `np.all` gives a single True or False.

    Decide for each element by itself.
    """
    return x if np.all(x > 0) else np.zeros_like(x)


def relu_in_place(x):
    x[x < 0] = 0
    return x


RELU = Exercise(
    name="relu",
    kind="formula",
    minutes=4,
    level=1,
    reference=activations.relu,
    probe=probe_relu,
    scene=curves("relu(x)"),
    misconceptions=[
        Misconception(lambda x: x if x > 0 else 0.0, *ONE_NUMBER_ONLY, "relu_by_if"),
        Misconception(lambda x: int(x > 0) * x, *ONE_NUMBER_ONLY, "relu_by_int"),
        Misconception.of(relu_leaking, between=(1e-4, 0.9)),
        Misconception.of(relu_cut_off, between=(0.1, 900.0)),
        relu_of_the_first_element,
        relu_of_all_or_nothing,
        relu_of_all,
        Misconception(
            lambda x: np.max(x, 0),
            "The second argument of `np.max(x, 0)` is an axis: you get the largest of x.",
            "`np.maximum` compares each element with 0.",
            "relu_reduced_along_an_axis",
        ),
        Misconception(
            lambda x: np.max([0, x]),
            "`np.max([0, x])` makes one array of the number 0 and the array x; they differ in shape.",
            "`np.maximum` takes the two as they are and compares each element with 0.",
            "relu_of_a_list",
        ),
        Misconception(
            lambda x: [max(0, v) for v in x],
            "Your list is made number by number: that works for a row, not for a batch or a single number.",
            "Work on the whole array at once with `np.maximum`, whatever its shape.",
            "relu_as_a_list",
        ),
        Misconception(
            lambda x: x[x > 0],
            "`x[x > 0]` throws the negative elements away.",
            "They must stay in their places, as zeros.",
            "relu_positive_part_only",
        ),
        Misconception(
            lambda x: np.where(x > 0, 1.0, 0.0),
            "This is the step function, ReLU's slope.",
            "Where x is positive, return x itself, not 1.",
            "relu_as_step",
        ),
        Misconception(
            lambda x: np.where(x < 0, 0.0, 1.0),
            "This is the step function, with 1 at zero.",
            "Where x is positive, return x itself, not 1.",
            "relu_as_step_at_zero",
        ),
        Misconception(
            lambda x: np.abs(x),
            "This is |x|: negative inputs come out positive.",
            "Negative inputs become 0.",
            "relu_as_absolute_value",
        ),
        Misconception(
            lambda x: x + np.abs(x),
            "Your values are 2 times what they should be: x + |x| is 2x on the right.",
            "Halve the sum.",
            "relu_without_half",
        ),
        Misconception(
            lambda x: x,
            "You return x unchanged: what is assigned to a loop's variable, for instance, does not reach the array.",
            "Where x is negative, the result is 0.",
            "relu_unchanged",
        ),
        Misconception(
            lambda x: np.minimum(x, 0),
            "You keep the negative side.",
            "ReLU keeps the positive one: the larger of x and 0.",
            "relu_of_the_wrong_side",
        ),
        Misconception(
            lambda x: np.maximum(-x, 0),
            "This is max(−x, 0), the mirror image.",
            "Drop the minus.",
            "relu_mirrored",
        ),
        Misconception(
            lambda x: np.maximum(x, 1),
            "You compare with 1, so nothing falls below that.",
            "Compare with 0.",
            "relu_above_one",
        ),
        Misconception(
            lambda x: np.logaddexp(0, x),
            "This is softplus, log(1 + exp(x)), which is smooth.",
            "ReLU has a corner: the larger of x and 0.",
            "relu_smoothed",
        ),
        Misconception(
            lambda x: np.log(1 + np.exp(x)),
            "This is softplus, log(1 + exp(x)), which is smooth, and infinite at 1000.",
            "ReLU has a corner: the larger of x and 0.",
            "relu_smoothed_and_overflowing",
        ),
        Misconception(
            lambda x: np.trunc(np.maximum(x, 0)),
            "You drop what comes after the point: your result holds whole numbers.",
            "Return floats.",
            "relu_in_whole_numbers",
        ),
    ],
    equivalents=[
        relu_in_place,
        lambda x: x * (x > 0),
        lambda x: np.where(x > 0, x, 0),
        lambda x: (x + np.abs(x)) / 2,
        lambda x: np.clip(x, 0, None),
        lambda x: np.maximum(0.0, x),
        lambda x: np.vectorize(lambda v: max(0.0, v))(x),
    ],
    hints=[
        "The formula is max(x, 0), for each element on its own. Which NumPy function takes two arrays and keeps the "
        "larger element at each place?",
        "`np.max` reduces an array to its largest element, `np.maximum` compares two arrays.",
    ],
)
