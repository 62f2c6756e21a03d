"""The exercise that folds batch normalization into the layer before it: one layer that does what two did."""

import numpy as np

from course_lib import quantization
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.returned import in_one_row, pair

NAMES = "(kernel, bias)"
ONES = "a kernel of ones, γ = 1, σ² = 0.01, the default ε: the kernel"
LEAST = 0.01  # of the variance there


def probe_folded_batch_normalization(folded_batch_normalization, rng):
    def drawn(*shape):
        units = shape[-1]
        kernel, bias, gamma = rng.normal(size=shape), rng.normal(size=units), rng.uniform(0.5, 2, units)
        beta, mean, variance = rng.normal(size=units), rng.normal(size=units), rng.uniform(0.05, 3, units)
        return kernel, bias, gamma, beta, mean, variance

    dense, square, convolution, small = drawn(4, 3), drawn(3, 3), drawn(2, 3, 2, 4), drawn(3, 2)
    small = (*small[:5], np.array([0.0, 1e-4]))
    ones = np.ones((2, 2)), np.zeros(2), np.ones(2), np.zeros(2), np.zeros(2), np.full(2, LEAST)

    def part(number, *given):
        return pair(folded_batch_normalization(*given), NAMES)[number]

    def whole(*given):
        result = folded_batch_normalization(*given)
        return result if result is None else in_one_row(list(pair(result, NAMES)), [given[0], given[1]])

    yield Row("a dense layer, ε = 0.1: the kernel", lambda: part(0, *dense, 0.1), essential=True)
    yield Row("a dense layer, ε = 0.1: the bias", lambda: part(1, *dense, 0.1), weight=2.0, essential=True)
    yield "a square kernel, both in one row", lambda: whole(*square, 0.01)
    yield "a convolution: the kernel", lambda: part(0, *convolution, 0.2)
    yield "a convolution: the bias", lambda: part(1, *convolution, 0.2)
    yield "variances of 0 and 0.0001: the bias", lambda: part(1, *small, 1e-3)
    yield ONES, lambda: part(0, *ones)
    yield "the default ε: both in one row", lambda: whole(*square)


def faulty_fold(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3, **made):
    if "swapped_roles" in made:
        gamma, beta = beta, gamma
    root = np.sqrt(variance + epsilon)
    if "no_root" in made:
        root = variance + epsilon
    if "no_epsilon" in made:
        root = np.sqrt(variance)
    if "epsilon_outside" in made:
        root = np.sqrt(variance) + epsilon
    if "epsilon_squared" in made:
        root = np.sqrt(variance + epsilon**2)
    if "variance_squared" in made:
        root = np.sqrt(variance**2 + epsilon)
    if "variance_alone" in made:
        root = variance
    with np.errstate(all="ignore"):
        factor = gamma / root
        if "multiplied" in made:
            factor = gamma * root
        if "no_gamma" in made:
            factor = 1 / root
        of_bias = {
            "no_bias": lambda: beta - mean * factor,
            "bias_unscaled": lambda: bias - mean * factor + beta,
            "no_beta": lambda: (bias - mean) * factor,
            "no_mean": lambda: bias * factor + beta,
            "mean_unscaled": lambda: bias * factor - mean + beta,
            "mean_added": lambda: (bias + mean) * factor + beta,
            "beta_in_brackets": lambda: (bias - mean + beta) * factor,
            "bias_as_it_was": lambda: bias,
            "bias_scaled_alone": lambda: bias * factor,
            "beta_alone": lambda: beta,
            "no_gamma_in_bias": lambda: (bias - mean) / root + beta,
            "bias_divided": lambda: (bias - mean) / factor + beta,
            "mean_off": lambda: (mean - bias) * factor + beta,
        }
        new_bias = next((way() for flag, way in of_bias.items() if flag in made), (bias - mean) * factor + beta)
        if "over_the_inputs" in made:
            factor = np.reshape(factor, (-1, *[1] * (np.ndim(kernel) - 1)))
        new_kernel = kernel if "kernel_as_it_was" in made else kernel * factor
        if "kernel_divided" in made:
            new_kernel = kernel / factor
        if "kernel_with_beta" in made:
            new_kernel = kernel * factor + beta
        if "kernel_without_mean" in made:
            new_kernel = (kernel - mean) * factor
    return (new_bias, new_kernel) if "other_order" in made else (new_kernel, new_bias)


def fold_with_another_default(kernel, bias, gamma, beta, mean, variance, epsilon=None, constant=1e-5):
    """The default of ε is another one than Keras's 0.001.

    Write `epsilon=1e-3` in the first line of the function.
    """
    return faulty_fold(kernel, bias, gamma, beta, mean, variance, constant if epsilon is None else epsilon)


def fold_with_a_fixed_epsilon(kernel, bias, gamma, beta, mean, variance, epsilon=None, constant=1e-5):
    """Another ε is used than the one that is given.

    The layer was trained with its own ε, so use the argument `epsilon`.
    """
    return faulty_fold(kernel, bias, gamma, beta, mean, variance, constant)


def kernel_alone(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    """One thing came back, and not two.

    Return the new kernel and the new bias, separated by a comma.
    """
    return faulty_fold(kernel, bias, gamma, beta, mean, variance, epsilon)[0]


def by_a_diagonal_matrix(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    scale = np.diag(gamma * (variance + epsilon) ** -0.5)
    return kernel @ scale, beta + scale @ (bias - mean)


def by_two_probes(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    """What normalization does to 0 and to 1 says all: it is a line."""

    def normalized(x):
        return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta

    slope = normalized(1.0) - normalized(0.0)
    return kernel * slope, normalized(bias)


def _epsilon(value):
    return float(np.ravel(value)[0] ** -2.0 - LEAST)


GATHER = "Write γ · (x·W + b − μ) / √(σ² + ε) + β, and gather what is multiplied by x, and what is not."
ROOT = "Batch normalization divides by √(σ² + ε)."

FOLDED_BATCH_NORMALIZATION = Exercise(
    name="folded_batch_normalization",
    kind="derive",
    minutes=12,
    level=2,
    reference=quantization.folded_batch_normalization,
    probe=probe_folded_batch_normalization,
    misconceptions=[
        *flags(
            faulty_fold,
            ("no_bias", "no_beta", "no_root", "no_epsilon", "kernel_as_it_was", "no_gamma"),
            no_bias=("The bias of the layer is missing: only that of the normalization is left.", GATHER),
            bias_unscaled=("The bias of the layer is not multiplied by γ / √(σ² + ε), as the kernel is.", GATHER),
            no_beta=("β is missing.", GATHER),
            no_mean=("The mean μ is missing.", GATHER),
            mean_unscaled=("The mean μ is not multiplied by γ / √(σ² + ε), as the kernel is.", GATHER),
            mean_added=("The mean μ is added to the bias.", "Normalization subtracts it."),
            mean_off=("The bias is subtracted from the mean: the sign of both is turned.", GATHER),
            beta_in_brackets=(
                "β stands in the brackets that are multiplied by γ / √(σ² + ε).",
                "β is added at the very end.",
            ),
            bias_as_it_was=("The bias came back as it was.", GATHER),
            bias_scaled_alone=("The bias is scaled as the kernel is, and μ and β are missing.", GATHER),
            beta_alone=("β alone came back for the bias.", GATHER),
            no_gamma=("γ is missing.", GATHER),
            no_gamma_in_bias=("γ is missing in the bias.", GATHER),
            no_root=("The root is missing: it is divided by σ² + ε.", ROOT),
            variance_alone=("It is divided by the variance, without root and ε.", ROOT),
            no_epsilon=("ε is missing.", ROOT),
            epsilon_outside=("ε is added to the root, and not under it.", ROOT),
            epsilon_squared=("ε is squared.", ROOT),
            variance_squared=("The variance is squared.", f"`variance` is σ² already. {ROOT}"),
            multiplied=("γ is multiplied by the root.", ROOT),
            swapped_roles=("γ and β are swapped.", "γ is the factor, and β is what is added."),
            kernel_as_it_was=("The kernel came back as it was.", GATHER),
            kernel_divided=("The kernel is divided by γ / √(σ² + ε).", GATHER),
            bias_divided=("The bias is divided by γ / √(σ² + ε).", GATHER),
            kernel_with_beta=("β is added to the kernel.", GATHER),
            kernel_without_mean=("μ is subtracted from the kernel.", GATHER),
            over_the_inputs=(
                "The kernel's first axis is scaled, and not its last, which is that of the units.",
                "`kernel * factor` multiplies along the last axis.",
            ),
            other_order=("The two came back in the other order.", "Return (kernel, bias)."),
        ),
        Misconception.of(fold_with_another_default, constant=(ONES, _epsilon)),
        Misconception.of(fold_with_a_fixed_epsilon, constant=(ONES, _epsilon)),
        kernel_alone,
    ],
    equivalents=[by_a_diagonal_matrix, by_two_probes],
    hints=[
        "In use, all of γ, β, μ and σ² are constants: what normalization does to one unit is a line, a·z + c.",
        "z itself is x·W + b. Put it in, and gather what is multiplied by x, and what is not.",
    ],
)
