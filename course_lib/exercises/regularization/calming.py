"""The exercise that tames an exploding fit: the inputs are rescaled until plain descent can learn from them."""

import numpy as np

from course_lib import initializers
from course_lib.checking.exercise import Exercise, Row
from course_lib.exercises.returned import one_array

EPOCHS, TARGET, UNITS, LEARNING_RATE = 200, 0.3, 10, 0.01
INPUTS, TARGETS = np.arange(100.0).reshape(5, 20), np.array([0.0, 1.0, 2.0, 1.0, 2.0])


def calm(inputs):
    """Give each of the columns the mean 0 and the standard deviation 1."""
    return (inputs - inputs.mean(axis=0)) / inputs.std(axis=0)


def losses_of_the_fit(inputs, epochs=EPOCHS):
    """Return the mean squared error after each epoch of the chapter's fit.

    A dense layer of 10 units without activation learns the targets 0, 1, 2, 1, 2 from five examples, one at a time in
    their order, by gradient descent at the rate 0.01.

    Args:
        inputs: array (5, features).
    Returns:
        array (epochs,).
    """
    inputs = np.asarray(inputs, dtype=float)
    kernel = initializers.glorot_uniform((inputs.shape[1], UNITS), seed=0, dtype="float64")
    with np.errstate(all="ignore"):
        errors = inputs @ kernel - TARGETS[:, None]
        # A step on one example moves the outputs of all by their products with it; the 1 is the bias's. All steps of
        # an epoch together are one matrix, since each is linear in the errors.
        products, epoch, losses = inputs @ inputs.T + 1, np.eye(len(inputs)), []
        for i in range(len(inputs)):
            epoch = epoch - LEARNING_RATE * 2 / UNITS * np.outer(products[:, i], epoch[i])
        for _ in range(epochs):
            errors = epoch @ errors
            losses.append(np.mean(errors**2))
    return np.array(losses)


REACHED = f"reaches a loss of at most {TARGET}"
GROWS, ALIKE = "the loss grows", "examples have become alike"
SMALL, ABOVE = "the inputs are so small that little is learned", f"the loss is still above {TARGET} in the end"


def what_happens(calm, inputs):
    """Return in words how the fit ends on what `calm` makes of the inputs, or why it cannot be run."""
    given = calm(inputs)
    if given is None:
        return None
    try:
        given = one_array(given).astype(float)
    except (TypeError, ValueError):
        return "it gives no numbers"
    if given.shape != inputs.shape:
        return f"it gives the shape {given.shape} for {inputs.shape}"
    if not np.all(np.isfinite(given)):
        return "it gives numbers that are not finite"
    losses = losses_of_the_fit(given)
    if losses[-1] <= TARGET:
        return REACHED
    if not losses[-1] < 10:
        return GROWS
    apart = [np.abs(given[i] - given[j]).max() for i in range(5) for j in range(i)]
    if min(apart) <= 1e-9 * np.abs(given).max():
        return ALIKE
    return SMALL if np.sqrt(np.mean(given**2)) < 0.1 else ABOVE


def probe_calm(calm, rng):
    shift, unit = 1000.0 * rng.integers(4, 8), 0.01 * rng.integers(1, 3)

    def depends():
        given = calm(INPUTS)
        if given is None:
            return None
        same = np.array_equal(one_array(given), one_array(calm(INPUTS[::-1] ** 2)))
        return "no, other inputs give the same" if same else "yes"

    def changes():
        given = calm(INPUTS)
        if given is None:
            return None
        given = one_array(given)
        is_same = given.shape == INPUTS.shape and np.allclose(np.diff(given, axis=0), np.diff(INPUTS, axis=0))
        return "no, they are as far apart as before" if is_same else "yes"

    yield Row("the inputs 0 to 99", lambda: what_happens(calm, INPUTS), weight=2, essential=True)
    yield "the inputs moved up by some thousands", lambda: what_happens(calm, INPUTS + shift)
    yield "the inputs multiplied by 0.01 or 0.02", lambda: what_happens(calm, INPUTS * unit)
    yield "does the result depend on the inputs?", depends
    yield "do the distances between examples change?", changes


def calm_around_0(inputs):
    """Your inputs are still as far apart as before, and the loss explodes.

    Bring them near 0, about 1 away from it: subtract the mean, and divide the difference by the standard deviation.
    """
    return inputs - inputs.mean(axis=0)


def calm_without_brackets(inputs):
    """Brackets are missing: you divide the mean alone, and the inputs are as far apart as before.

    (inputs − mean) / deviation, with the difference in brackets.
    """
    return inputs - inputs.mean(axis=0) / inputs.std(axis=0)


def calm_by_the_deviation(inputs):
    """Inputs that lie far from 0 stay there: you divide by the deviation, and do not subtract the mean.

    First take the mean off.
    """
    return inputs / inputs.std(axis=0)


def calm_by_the_largest(inputs):
    """Your inputs end at 1, but where they lie far from 0 they are all nearly 1, and what differs is too small.

    First take the mean, or the smallest, off; then divide by how far they are spread.
    """
    return inputs / inputs.max()


def calm_by_the_variance(inputs):
    """You divide by the variance, not by the standard deviation: large inputs become tiny, and tiny ones large.

    Divide by the root, `inputs.std(axis=0)`.
    """
    return (inputs - inputs.mean(axis=0)) / inputs.var(axis=0)


def calm_by_a_number(inputs):
    """A fixed number suits inputs of one size: for others the loss explodes, or little is learned.

    Compute the mean and the deviation from the inputs themselves.
    """
    return inputs / 255


def calm_by_a_small_number(inputs):
    """You divide by a number that is too small: the loss still explodes.

    Compute the mean and the deviation from the inputs themselves.
    """
    return inputs / 10


def calm_by_a_huge_number(inputs):
    """You divide by a number that is far too large: inputs near 0 teach the weights next to nothing.

    Compute the mean and the deviation from the inputs themselves.
    """
    return inputs / 1e4


def calm_by_the_numbers_of_the_task(inputs):
    """You take off and divide by numbers of your own, which are right for the inputs 0 to 99 only.

    Compute the mean and the deviation from the inputs themselves.
    """
    return (inputs - 49.5) / 28.866


def calm_each_example(inputs):
    """You standardize each example by itself, along its row. Here all rows rise by 1, so they become the same.

    A column is to have the mean 0 and the deviation 1: axis 0, over the examples.
    """
    return (inputs - inputs.mean(axis=1, keepdims=True)) / inputs.std(axis=1, keepdims=True)


def calm_squashed(inputs):
    """A curve or a clip presses large inputs to one value, so that different examples become alike.

    Subtract and divide, which keeps their distances in proportion.
    """
    return np.tanh(inputs)


def calm_by_a_sigmoid(inputs):
    """The sigmoid presses large inputs to 1 and small ones to ½, so that different examples become alike, or nearly.

    Subtract and divide, which keeps their distances in proportion.
    """
    return 1 / (1 + np.exp(-inputs))


def calm_to_one_value(inputs):
    """All examples have become the same: nothing is left by which they could be told apart.

    Subtract and divide by numbers that are the same for all examples of a column.
    """
    return np.zeros_like(inputs)


def calm_to_length_1(inputs):
    """Each example is divided by its own length: how large it was, by which the five differ, is lost.

    Standardize columns, over the examples.
    """
    return inputs / np.linalg.norm(inputs, axis=1, keepdims=True)


def calm_in_another_shape(inputs):
    """What comes back has another shape than the inputs.

    Keep the five rows and all columns.
    """
    return inputs.ravel()


def calm_as_means(inputs):
    """What comes back has another shape than the inputs: one row, such as their means.

    Subtract the means from the inputs.
    """
    return inputs.mean(axis=0)


def calm_in_a_square(inputs):
    """What comes back has another shape than the inputs: five columns, as many as there are examples.

    Keep all columns, and rescale them.
    """
    return np.eye(len(inputs))


def calm_by_nothing(inputs):
    """Your numbers are not finite: something is divided by 0.

    What is the deviation that you divide by?
    """
    return inputs / 0


def calm_by_chance(inputs):
    """Your numbers do not depend on the inputs.

    Rescale the inputs that are given.
    """
    return np.random.default_rng(0).normal(size=inputs.shape)


def remark(failing):
    """Say how the fit ends on each of the inputs."""
    if not all(isinstance(value, str) for _, value, _ in failing):
        return ""
    return " ".join(f"On {label}: {value}." for label, value, _ in failing if label.startswith("the inputs"))


CALM = Exercise(
    name="calm",
    kind="reach it",
    minutes=6,
    level=2,
    reference=calm,
    probe=probe_calm,
    remark=remark,
    misconceptions=[
        calm_around_0,
        calm_without_brackets,
        calm_by_the_deviation,
        calm_by_the_largest,
        calm_by_the_variance,
        calm_by_a_number,
        calm_by_a_small_number,
        calm_by_a_huge_number,
        calm_by_the_numbers_of_the_task,
        calm_each_example,
        calm_squashed,
        calm_by_a_sigmoid,
        calm_to_one_value,
        calm_to_length_1,
        calm_in_another_shape,
        calm_as_means,
        calm_in_a_square,
        calm_by_nothing,
        calm_by_chance,
    ],
    equivalents=[
        lambda inputs: (inputs - inputs.mean()) / np.sqrt(inputs.var() + 1e-12),
        lambda inputs: (inputs - inputs.min(axis=0)) / np.ptp(inputs, axis=0),
        lambda inputs: np.array([(column - np.mean(column)) / np.std(column) for column in inputs.T]).T,
    ],
    hints=[
        "`answers.losses_of_the_fit(calm(inputs))` gives the loss after each epoch. Print the last one.",
        "A step is the rate times the error times the input. How large are the inputs of the last example?",
        "Inputs around 0, and about 1 from there: which two numbers of each column do you need?",
    ],
)
