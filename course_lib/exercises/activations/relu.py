"""Exercises on ReLU: its value, its slope, and the units it leaves dead."""

import numpy as np

from course_lib import activations
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.activations.messages import ONE_NUMBER_ONLY

# --- relu


def probe_relu(relu, rng):
    row, batch = (
        rng.permutation([*rng.uniform(0.5, 9.0, size=3), *-rng.uniform(0.5, 9.0, size=3)]),
        rng.normal(size=(4, 3)),
    )
    number = rng.uniform(0.5, 2.0)
    yield Row("a row of numbers", lambda: relu(row), essential=True)
    yield "a single positive number", lambda: relu(np.array(number))
    yield "a single negative number", lambda: relu(np.array(-number))
    yield "a batch", lambda: relu(batch)
    yield "x = −1000, 0 and 1000", lambda: relu(np.array([-1000.0, 0.0, 1000.0]))


def relu_one_number_at_a_time(x):
    return x if x > 0 else 0.0


def relu_reduced_along_an_axis(x):
    return np.max(x, 0)


def relu_positive_part_only(x):
    return x[x > 0]


def relu_as_step(x):
    return np.where(x > 0, 1.0, 0.0)


def relu_as_absolute_value(x):
    return np.abs(x)


def relu_of_the_wrong_side(x):
    return np.minimum(x, 0)


def relu_mirrored(x):
    return np.maximum(-x, 0)


def relu_clipped(x):
    return np.clip(x, 0, 1)


def relu_leaking(x):
    return np.maximum(x, 0.01 * x)


def relu_smoothed(x):
    return np.logaddexp(0, x)


def relu_in_place(x):
    x[x < 0] = 0
    return x


RELU = Exercise(
    name="relu",
    reference=activations.relu,
    probe=probe_relu,
    misconceptions=[
        Misconception(relu_one_number_at_a_time, ONE_NUMBER_ONLY),
        Misconception(
            relu_reduced_along_an_axis,
            "The second argument of `np.max(x, 0)` is an axis: you get the largest of x. "
            "`np.maximum(x, 0)` compares each element with 0.",
        ),
        Misconception(
            relu_positive_part_only,
            "`x[x > 0]` throws the negative elements away. They must stay in their places, as zeros.",
        ),
        Misconception(
            relu_as_step, "This is the step function, ReLU's slope. Where x is positive, return x itself, not 1."
        ),
        Misconception(relu_as_absolute_value, "This is |x|. Negative inputs become 0, not positive."),
        Misconception(relu_of_the_wrong_side, "You keep the negative side. ReLU keeps the positive one: max(x, 0)."),
        Misconception(relu_mirrored, "This is max(−x, 0), the mirror image. Drop the minus."),
        Misconception(relu_clipped, "You cut the function off at 1. ReLU has no upper limit."),
        Misconception(relu_leaking, "This leaks, with slope 0.01. A plain ReLU is exactly 0 where x is negative."),
        Misconception(relu_smoothed, "This is softplus, log(1 + exp(x)). ReLU has a corner: max(x, 0)."),
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
        "`np.max` reduces an array, `np.maximum` compares two.",
    ],
)

# --- relu_derivative


def relu_derivative_at_zero(slope):
    """Return ReLU's derivative, with `slope` for its value at x = 0."""

    def derivative(x):
        return np.where(x > 0, 1.0, np.where(x < 0, 0.0, slope))

    derivative.__name__ = f"relu_derivative_{slope:g}_at_zero".replace(".", "_")
    return derivative


def probe_relu_derivative(relu_derivative, rng):
    row = rng.permutation([*rng.uniform(0.2, 3.0, size=3), *-rng.uniform(0.2, 3.0, size=3)])
    number, batch = rng.uniform(0.2, 3.0), rng.normal(size=(4, 3))
    yield Row("a row of numbers", lambda: relu_derivative(row), essential=True)
    yield "a single positive number", lambda: relu_derivative(np.array(number))
    yield "a single negative number", lambda: relu_derivative(np.array(-number))
    yield "a batch", lambda: relu_derivative(batch)
    yield "x = −1000, 0 and 1000", lambda: relu_derivative(np.array([-1000.0, 0.0, 1000.0]))


def relu_derivative_one_number_at_a_time(x):
    return 1.0 if x > 0 else 0.0


def relu_derivative_value(x):
    return np.maximum(x, 0)


def relu_derivative_of_the_wrong_side(x):
    return np.where(x < 0, 1.0, 0.0)


def relu_derivative_sign(x):
    return np.sign(x)


def relu_derivative_everywhere(x):
    return np.where(np.maximum(x, 0) >= 0, 1.0, 0.0)


def relu_derivative_quotient(x):
    return np.maximum(x, 0) / x


def relu_derivative_leaking(x):
    return np.where(x > 0, 1.0, 0.01)


def relu_derivative_smoothed(x):
    return activations.sigmoid(x)


RELU_DERIVATIVE = Exercise(
    name="relu_derivative",
    reference=activations.relu_derivative,
    probe=probe_relu_derivative,
    misconceptions=[
        Misconception(relu_derivative_one_number_at_a_time, ONE_NUMBER_ONLY),
        Misconception(
            relu_derivative_value, "This is the value max(x, 0). Asked for is the slope: 1 on the right, 0 on the left."
        ),
        Misconception(relu_derivative_of_the_wrong_side, "The sides are swapped: the slope is 1 where x is positive."),
        Misconception(relu_derivative_sign, "`np.sign` gives −1 on the left. There ReLU is flat: its slope is 0."),
        Misconception(
            relu_derivative_everywhere,
            "You get 1 everywhere: ReLU's output is never negative, so `output >= 0` is always true. "
            "Test x > 0, or output > 0.",
        ),
        Misconception(
            relu_derivative_quotient, "relu(x) / x is 0/0 = NaN at x = 0. A comparison, x > 0, needs no division."
        ),
        Misconception(relu_derivative_leaking, "The slope left of zero is exactly 0; yours is that of a leaky ReLU."),
        Misconception(
            relu_derivative_smoothed, "This is the sigmoid, softplus's slope. ReLU's slope jumps from 0 to 1."
        ),
    ],
    equivalents=[
        lambda x: x > 0,
        lambda x: np.maximum(np.sign(x), 0),
        lambda x: np.heaviside(x, 0.0),
        lambda x: np.where(np.maximum(x, 0) > 0, 1, 0),
        lambda x: np.vectorize(lambda v: 1 if v > 0 else 0)(x),
    ],
    accepts=[relu_derivative_at_zero(0.5), relu_derivative_at_zero(1.0)],
    hints=[
        "The slope has two values only. A comparison gives an array of booleans; what are they as numbers?",
        "`np.where(x > 0, 1.0, 0.0)`.",
    ],
)

# --- dead_fraction


def dead_fraction(pre_activations):
    """Return the fraction of units (columns) whose ReLU outputs 0 for every sample (row)."""
    is_dead = np.all(pre_activations <= 0, axis=0)
    return np.mean(is_dead)


def probe_dead_fraction(dead_fraction, rng):
    some = rng.normal(size=(9, 10))
    some[:, :4] = -np.abs(some[:, :4])  # four dead units; the other six fire at least once, but not on the last sample
    some[:3, 4:] = np.abs(some[:3, 4:])
    some[-1, 4:6] = -np.abs(some[-1, 4:6])
    silent_sample = rng.normal(size=(6, 5))
    silent_sample[0], silent_sample[1] = -np.abs(silent_sample[0]), np.abs(silent_sample[1])
    at_zero = rng.normal(size=(5, 4))
    at_zero[:, 0], at_zero[:, 1] = 0.0, -np.abs(at_zero[:, 1])
    at_zero[2, 1], at_zero[3, 2:] = 0.0, np.abs(at_zero[3, 2:])
    rare = -rng.uniform(1.0, 5.0, size=(7, 8))
    rare[-1, :5] = rng.uniform(0.01, 0.1, size=5)
    some, silent_sample, at_zero, rare = (
        rng.permutation(array, axis=1) for array in (some, silent_sample, at_zero, rare)
    )
    yield Row("some units dead, some not", lambda: dead_fraction(some), essential=True)
    yield "a sample for which every unit is silent, but no dead unit", lambda: dead_fraction(silent_sample)
    yield "units that are exactly at zero", lambda: dead_fraction(at_zero)
    yield "units that rarely fire", lambda: dead_fraction(rare)
    yield "a single sample", lambda: dead_fraction(some[:1])
    yield "everything dead", lambda: dead_fraction(-np.ones((3, 2)))


def faulty_dead_fraction(pre_activations, axis=False, ever=False, count=False, alive=False, strict=False):
    silent = pre_activations < 0 if strict else pre_activations <= 0
    along = 1 if axis else 0
    is_dead = np.any(silent, axis=along) if ever else np.all(silent, axis=along)
    is_dead = ~is_dead if alive else is_dead
    return np.sum(is_dead) if count else np.mean(is_dead)


def dead_fraction_of_zeros(pre_activations):
    return np.mean(pre_activations <= 0)


def dead_fraction_of_means(pre_activations):
    return np.mean(np.mean(pre_activations, axis=0) <= 0)


def dead_fraction_of_last_sample(pre_activations):
    return np.mean(pre_activations[-1] <= 0)


def dead_fraction_each_unit(pre_activations):
    return np.mean(pre_activations <= 0, axis=0)


def dead_fraction_list(pre_activations):
    return np.all(pre_activations <= 0, axis=0)


def dead_fraction_by_loops(pre_activations):
    samples, units = pre_activations.shape
    dead = 0
    for unit in range(units):
        fired = False
        for sample in range(samples):
            if pre_activations[sample, unit] > 0:
                fired = True
        dead += not fired
    return dead / units


DEAD_FRACTION = Exercise(
    name="dead_fraction",
    reference=dead_fraction,
    probe=probe_dead_fraction,
    misconceptions=[
        *flags(
            faulty_dead_fraction,
            axis="You look along the wrong axis: that finds silent *samples*. Units are columns, so reduce over the "
            "samples with axis=0.",
            ever="You count units that are silent at least once. A dead unit is silent for *every* sample: np.all.",
            count="You return how many units are dead. Divide by the number of units.",
            alive="You return the fraction of units that are alive. Asked for is the other part.",
            strict="ReLU's output is 0 at a pre-activation of exactly 0 too: compare with <=, not <.",
        ),
        Misconception(
            dead_fraction_of_zeros,
            "This is the fraction of zeros among all outputs, the sparsity. Half of them being zero is healthy; "
            "ask of each unit whether *all* its outputs are 0.",
        ),
        Misconception(
            dead_fraction_of_means,
            "A negative mean does not make a unit dead: one positive sample is enough to let a gradient through.",
        ),
        Misconception(dead_fraction_of_last_sample, "You look at one sample only. A dead unit is silent for all."),
        Misconception(
            dead_fraction_each_unit,
            "You return, for each unit, how often it is silent. Ask which units are *always* silent, then average.",
        ),
        Misconception(
            dead_fraction_list,
            "You return which units are dead. Asked for is one number, their fraction: take the mean.",
        ),
    ],
    equivalents=[
        dead_fraction_by_loops,
        lambda z: 1 - np.mean((z > 0).any(axis=0)),
        lambda z: np.mean(z.max(axis=0) <= 0),
        lambda z: np.mean(np.maximum(z, 0).sum(axis=0) == 0),
        lambda z: np.mean(~(z > 0).any(0)),
        lambda z: float(sum(max(column) <= 0 for column in z.T) / z.shape[1]),
        lambda z: np.mean(np.count_nonzero(np.maximum(z, 0), axis=0) == 0),
    ],
    hints=[
        "First, for each unit and sample: is the output 0? That is a boolean array (samples, units).",
        "A dead unit is 0 for all samples: reduce that array with `np.all` along the axis of the samples.",
        "`np.all(pre_activations <= 0, axis=0)` is one boolean a unit; its mean is the fraction.",
    ],
)
