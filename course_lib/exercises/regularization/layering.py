"""The bug to be spotted: a layer normalization whose statistics go over the batch."""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.scene import Matrix
from course_lib.exercises.returned import one_array


def layer_normalization(inputs, gamma, beta, epsilon=1e-3):
    """Return γ (x − μ) / √(σ² + ε) + β, with the mean and variance of each example over its own features.

    Args:
        inputs: array (n, features).
        gamma, beta: arrays (features,).
    Returns:
        array (n, features).
    """
    mean = inputs.mean(axis=1, keepdims=True)
    variance = inputs.var(axis=1, keepdims=True)
    return gamma * (inputs - mean) / np.sqrt(variance + epsilon) + beta


def layer_normalization_with_a_bug(inputs, gamma, beta, epsilon=1e-3):
    """Give each example the mean 0 and the variance 1 over its own features, then scale and shift each feature."""
    mean = inputs.mean(axis=0)
    variance = inputs.var(axis=0)
    normalized = (inputs - mean) / np.sqrt(variance + epsilon)
    return gamma * normalized + beta


def probe_layer_normalization(layer_normalization, rng):
    def drawn(n, features):
        inputs = rng.normal(rng.uniform(1.0, 3.0, (n, 1)), rng.uniform(0.3, 2.0, (n, 1)), (n, features))
        signs = np.where(np.arange(features) % 2, -1.0, 1.0)
        return inputs, rng.uniform(0.5, 2.0, features) * signs, rng.uniform(0.3, 1.0, features) * signs[::-1]

    near, gamma, beta = drawn(3, 4)
    near[1], near[2] = 0.75, 2 + 0.02 * near[2]
    apart = drawn(3, 4)
    apart[0][:] *= np.array([[1.0], [100.0], [0.1]])
    cases = {
        "five examples of four features": (drawn(5, 4), {}),
        "another ε": (drawn(5, 4), {"epsilon": rng.uniform(0.1, 0.3)}),
        "four examples of four features": (drawn(4, 4), {}),
        "a batch of one example": (drawn(1, 4), {}),
        "an example of one number, and one that is nearly constant": ((near, gamma, beta), {}),
        "examples of very different size": (apart, {}),
    }
    for place, (label, (arrays, options)) in enumerate(cases.items()):
        yield Row(
            label,
            lambda arrays=arrays, options=options: one_array(layer_normalization(*arrays, **options)),
            essential=place == 0,
        )


def faulty_layer_normalization(inputs, gamma, beta, epsilon=1e-3, **made):
    mean, variance = (of(inputs, axis=1, keepdims=True) for of in (np.mean, np.var))
    if "whole" in made:
        mean, variance = inputs.mean(), inputs.var()
    if "mean_of_batch" in made:
        mean = inputs.mean(axis=0)
    if "variance_of_batch" in made:
        variance = inputs.var(axis=0)
    if "rms" in made:
        mean, variance = 0.0, np.mean(inputs**2, axis=1, keepdims=True)
    if "not_centered" in made:
        mean = 0.0
    with np.errstate(all="ignore"):
        if "unbiased" in made:
            variance = inputs.var(axis=1, ddof=1, keepdims=True)
        deviation = np.sqrt(variance) if "no_eps" in made else np.sqrt(variance + epsilon)
        if "eps_outside" in made:
            deviation = np.sqrt(variance) + epsilon
        if "not_rooted" in made:
            deviation = variance + epsilon
        if "not_divided" in made:
            deviation = 1.0
        if "unit_length" in made:
            mean, deviation = 0.0, np.sqrt(np.sum(inputs**2, axis=1, keepdims=True))
        x = (inputs - mean) / deviation
        if "brackets" in made:
            x = inputs - mean / deviation
    if "batch_after" in made:
        x = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + epsilon)
    if "shares" in made:
        powers = np.exp(inputs - inputs.max(axis=1, keepdims=True))
        x = powers / powers.sum(axis=1, keepdims=True)
    if "gamma_on_inputs_alone" in made:
        return gamma * inputs - mean / deviation + beta
    if "bare" in made:
        return x
    if "no_beta" in made:
        return gamma * x
    if "no_gamma" in made:
        return x + beta
    if "swapped" in made:
        return beta * x + gamma
    return gamma * (x + beta) if "beta_inside" in made else gamma * x + beta


def layer_normalization_without_keepdims(inputs, gamma, beta, epsilon=1e-3):
    """The axis is the right one, but each example's mean and variance have to stand in its row: the axis was dropped.

    `keepdims=True` keeps the shape (n, 1), which meets (n, features) row by row.
    """
    return gamma * (inputs - inputs.mean(axis=1)) / np.sqrt(inputs.var(axis=1) + epsilon) + beta


def layer_normalization_with_more(inputs, gamma, beta, epsilon=1e-3):
    """Several things come back, say with mean and variance.

    Return the one array of outputs.
    """
    return faulty_layer_normalization(inputs, gamma, beta, epsilon), 0


def layer_normalization_of_nothing(inputs, gamma, beta, epsilon=1e-3):
    """The inputs come back as they were.

    Return the scaled and shifted outputs.
    """
    return inputs


def layer_normalization_with_an_own_epsilon(inputs, gamma, beta, epsilon=1e-3, constant=1e-5):
    """Your ε is always the same number, whatever `epsilon` says.

    Use the argument.
    """
    return faulty_layer_normalization(inputs, gamma, beta, constant)


def layer_normalization_with_an_own_default(inputs, gamma, beta, epsilon=None, constant=1e-5):
    """Where no ε is given, yours is not 0.001.

    Leave the default as it stood in the code, which is Keras's: other libraries have others.
    """
    return faulty_layer_normalization(inputs, gamma, beta, constant if epsilon is None else epsilon)


def layer_normalization_by_transposing(inputs, gamma, beta, epsilon=1e-3):
    columns = inputs.T
    return gamma * ((columns - columns.mean(0)) / np.sqrt(columns.var(0) + epsilon)).T + beta


def layer_normalization_row_by_row(inputs, gamma, beta, epsilon=1e-3):
    rows = []
    for x in inputs:
        mean = sum(x) / len(x)
        variance = sum((number - mean) ** 2 for number in x) / len(x)
        rows.append([g * (number - mean) / (variance + epsilon) ** 0.5 + b
                     for number, g, b in zip(x, gamma, beta, strict=True)])  # fmt: skip
    return np.array(rows)


def scene_layer_normalization(layer_normalization):
    inputs = np.array([[1.0, 2.0, 6.0], [3.0, 3.0, 3.0], [40.0, 10.0, 20.0], [0.1, 0.4, 0.2]])
    outputs = layer_normalization(inputs, np.array([1.5, 2.0, 1.0]), np.array([0.5, -1.0, 0.25]), 0.01)
    return Matrix(np.asarray(outputs, dtype=float), xlabel="feature", ylabel="example")


TOLD = {
    "whole": (
        "One mean and one variance are taken over all examples together.",
        "Each example has its own: one number for each row.",
    ),
    "mean_of_batch": (
        "The mean still goes over the batch; the variance is each example's own.",
        "Both belong to the example: the same axis for both.",
    ),
    "variance_of_batch": (
        "The variance still goes over the batch; the mean is each example's own.",
        "Both belong to the example: the same axis for both.",
    ),
    "rms": (
        "Nothing is subtracted: you divide by the root of the mean square, which is called RMS normalization.",
        "First take each example's mean off, as the code with the bug does with its mean.",
    ),
    "not_centered": ("The mean is not subtracted.", "First x − μ, then the division."),
    "unbiased": ("The variance is divided by one less than the number of features.", "`np.var` without `ddof`."),
    "no_eps": ("ε is missing: an example of one number only is divided by 0.", "√(σ² + ε), as it stood there."),
    "eps_outside": ("You add ε to the deviation, outside the root.", "√(σ² + ε), as it stood there."),
    "not_rooted": (
        "You divide by the variance, not by its root, the deviation.",
        "√(σ² + ε), as it stood there.",
    ),
    "not_divided": ("Nothing is divided by the deviation.", "√(σ² + ε), as it stood there."),
    "unit_length": (
        "You give each example the length 1.",
        "Asked for are the mean 0 and the variance 1 over its features.",
    ),
    "brackets": (
        "Brackets are missing: you divide the mean alone, x − μ / σ.",
        "(x − μ) / √(σ² + ε), with the difference in brackets.",
    ),
    "gamma_on_inputs_alone": (
        "Brackets are missing: γ multiplies the inputs alone, and the mean alone is divided.",
        "γ · ((x − μ) / √(σ² + ε)) + β.",
    ),
    "batch_after": (
        "After each example the batch is normalized, too.",
        "The example's own features are all that counts.",
    ),
    "shares": (
        "This is a softmax over the features, whose outputs are shares.",
        "Asked for are the mean 0 and the variance 1 over the features.",
    ),
    "bare": ("γ and β are missing.", "Multiply by γ, then add β, as it stood there."),
    "no_beta": ("β is missing.", "Multiply by γ, then add β, as it stood there."),
    "no_gamma": ("γ is missing.", "Multiply by γ, then add β, as it stood there."),
    "swapped": ("γ and β are swapped: you multiply by β and add γ.", "Multiply by γ, then add β."),
    "beta_inside": ("β is multiplied by γ: it stands inside the brackets.", "Multiply by γ, then add β."),
}
# What people also get wrong two at a time.
IN_PAIRS = {"no_eps", "eps_outside", "unbiased", "not_rooted", "bare", "no_beta", "no_gamma", "beta_inside"}

LAYER_NORMALIZATION = Exercise(
    name="layer_normalization",
    kind="repair",
    minutes=8,
    level=1,
    reference=layer_normalization,
    buggy=layer_normalization_with_a_bug,
    probe=probe_layer_normalization,
    scene=scene_layer_normalization,
    misconceptions=[
        *flags(faulty_layer_normalization, IN_PAIRS, **TOLD),
        layer_normalization_without_keepdims,
        layer_normalization_with_more,
        layer_normalization_of_nothing,
        Misconception.of(layer_normalization_with_an_own_epsilon, between=(1e-12, 0.09)),
        Misconception.of(layer_normalization_with_an_own_default, between=(1e-12, 0.09)),
    ],
    equivalents=[layer_normalization_by_transposing, layer_normalization_row_by_row],
    hints=[
        "Give the code one example by itself. What comes out, whatever the example is?",
        "Axis 0 of (n, features) runs over the examples. Along which axis do one example's features lie?",
        "The means of n examples have the shape (n,), and NumPy would lay them along the features. `keepdims=True` "
        "keeps them in their rows.",
    ],
)
