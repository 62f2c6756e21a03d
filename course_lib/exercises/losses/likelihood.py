"""The exercise on the recipe's first step: the negative log-likelihood of a normal distribution."""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.scene import Curves


def normal_nll(y_true, mean, sigma=1.0):
    """Return −Σ log p(y), with p the density of the normal distribution: Σ (y − μ)² / (2σ²) + log(σ √(2π)).

    Args:
        y_true: array (n,), the points.
        mean: μ, a number or an array (n,).
        sigma: σ, a positive number, the standard deviation.
    Returns:
        the negative log-likelihood of all points together, a number.
    """
    squares = (y_true - mean) ** 2 / (2 * sigma**2)
    return np.sum(squares + np.log(sigma * np.sqrt(2 * np.pi)))


def probe_normal_nll(normal_nll, rng):
    y, mean, sigma = rng.normal(size=6), rng.uniform(0.3, 0.9), rng.uniform(0.4, 0.8)
    means, many = rng.normal(size=6), rng.normal(2.0, 1.5, size=900)
    yield Row("six points, the default σ", lambda: normal_nll(y, mean), essential=True)
    yield "six points, a small σ", lambda: normal_nll(y, mean, sigma)
    yield "six points, a mean for each, σ = 3", lambda: normal_nll(y, means, sigma=3.0)
    yield "a single point, σ = 0.5", lambda: normal_nll(y[:1], mean, 0.5)
    yield Row("900 points", lambda: normal_nll(many, 2.0, 1.5), weight=2)
    yield Row("six points far from the mean", lambda: normal_nll(y, mean + 60.0), weight=2)


def faulty_nll(y_true, mean, sigma=1.0, **made):
    y_true = np.asarray(y_true)
    sigma = 1.0 if "ignored_sigma" in made else sigma**2 if "sigma_for_variance" in made else sigma
    distance = y_true - (y_true.mean() if "own_mean" in made else mean)
    square = np.abs(distance) if "unsquared" in made else distance**2
    spread = sigma if "variance" in made else sigma**2
    square = square / 2 * spread if "bracket" in made else square / (spread if "no_half" in made else 2 * spread)
    inside = np.sqrt(2 * np.pi) * (1 if "no_sigma" in made else sigma)
    inside = np.sqrt(2 * np.pi) * sigma**2 if "squared_sigma" in made else inside
    inside = np.sqrt(2 * np.pi * sigma) if "sigma_under_root" in made else inside
    inside = sigma if "no_pi" in made else 2 * np.pi * sigma if "no_root" in made else inside
    constant = np.zeros(y_true.shape) if "no_constant" in made else np.full(y_true.shape, np.log(inside))
    if "constant_once" in made:
        constant = constant / y_true.size
    if "root_once" in made:
        constant = np.full(y_true.shape, np.log(sigma)) + np.log(2 * np.pi) / 2 / y_true.size
    constant = constant / np.log(10) if "decimal" in made else constant
    if "log_sigma_subtracted" in made:
        constant = np.full(y_true.shape, np.log(np.sqrt(2 * np.pi) / sigma))
    if "half_inside" in made:
        constant = np.full(y_true.shape, np.log(np.pi * sigma))
    if "distance_without_brackets" in made:
        square = (y_true - mean / sigma) ** 2 / 2
    if "absolute" in made:
        square = np.abs(distance) / sigma
    if "sum_squared" in made:
        square = np.full(y_true.shape, np.sum(distance) ** 2 / (2 * sigma**2) / y_true.size)
    each = square - constant if "constant_subtracted" in made else square + constant
    each = -each if "negative" in made else each
    return each if "one_by_one" in made else np.mean(each) if "averaged" in made else np.sum(each)


def density(y_true, mean, sigma):
    return np.exp(-((y_true - mean) ** 2) / (2 * sigma**2)) / (sigma * np.sqrt(2 * np.pi))


def nll_of_the_product(y_true, mean, sigma=1.0):
    """The densities are multiplied first. A product of many rounds to 0 (it underflows), and −log(0) is infinite.

    The logarithm of a product is a sum of logarithms: take the logarithm of each density first, on paper.
    """
    return -np.log(np.prod(density(y_true, mean, sigma)))


def nll_of_the_density(y_true, mean, sigma=1.0):
    """The density of each point is computed first, and its logarithm after. Far from the mean the density rounds to 0.

    Take the logarithm on paper: of e to the power of something it is that something, and no exponential is left.
    """
    return -np.sum(np.log(density(y_true, mean, sigma)))


def nll_with_a_limit(y_true, mean, sigma=1.0, constant=1e-10):
    """A small number is added to the densities, or is their limit, so far from the mean the result grows no more.

    Take the logarithm on paper: of e to the power of something it is that something, and no exponential is left.
    """
    return -np.sum(np.log(density(y_true, mean, sigma) + constant))


def nll_of_the_sum(y_true, mean, sigma=1.0):
    """You add up the densities and take the logarithm of their sum.

    The densities multiply, so their logarithms are added: first the logarithm, then the sum.
    """
    return -np.log(np.sum(density(y_true, mean, sigma)))


def sum_of_squares(y_true, mean, sigma=1.0):
    """This is the sum of squares alone: neither 2σ² nor the constant is in it.

    Both stand in the density, so both belong to minus its logarithm.
    """
    return np.sum((y_true - mean) ** 2)


def mean_of_squares(y_true, mean, sigma=1.0):
    """This is the mean squared error: without 2σ², without the constant, and a mean where a sum is asked.

    Take minus the logarithm of the whole density, and add up over the points.
    """
    return np.mean((y_true - mean) ** 2)


def nll_of_laplace(y_true, mean, sigma=1.0):
    """This is minus the logarithm of Laplace's density, with the absolute distance.

    The normal distribution has (y − μ)² / (2σ²) in its exponent.
    """
    return np.sum(np.abs(y_true - mean) / sigma + np.log(2 * sigma))


def nll_of_the_first(y_true, mean, sigma=1.0):
    """Only the first point is looked at: a `return` inside a loop ends it at its first pass.

    Put the `return` behind the loop.
    """
    return ((y_true[0] - mean) / sigma) ** 2 / 2 + np.log(sigma * np.sqrt(2 * np.pi))


def nll_of_the_mean(y_true, mean, sigma=1.0):
    """You take the mean of the densities and the logarithm of that.

    The densities multiply, so their logarithms are added: first the logarithm, then the sum.
    """
    return -np.log(np.mean(density(y_true, mean, sigma)))


def likelihood_itself(y_true, mean, sigma=1.0):
    """This is the likelihood itself, the product of the densities.

    Asked for is minus its logarithm.
    """
    return np.prod(density(y_true, mean, sigma))


def nll_in_one_loop(y_true, mean, sigma=1.0):
    total = 0.0
    for y, center in zip(y_true, np.broadcast_to(mean, np.shape(y_true)), strict=True):
        total += ((y - center) / sigma) ** 2 / 2 + np.log(sigma) + np.log(2 * np.pi) / 2
    return total


def scene_normal_nll(normal_nll):
    means, y = np.linspace(-3.0, 7.0, 81), np.array([1.0, 2.0, 3.0])
    near, far = (np.array([float(normal_nll(points, mean, 0.8)) for mean in means]) for points in (y, y + 60))
    curves = {"of the points 1, 2 and 3": near, "of the points 61, 62 and 63": far}
    return Curves(means, curves, xlabel="mean", ylabel="−log likelihood, σ = 0.8")


NORMAL_NLL = Exercise(
    name="normal_nll",
    kind="derive",
    minutes=10,
    level=2,
    reference=normal_nll,
    probe=probe_normal_nll,
    scene=scene_normal_nll,
    misconceptions=[
        *flags(
            faulty_nll,
            own_mean=(
                "You take the mean of the points, and not the argument `mean`.",
                "`mean` is a guess that is to be judged: measure each point's distance from it.",
            ),
            log_sigma_subtracted=(
                "log σ is subtracted, where it has to be added.",
                "σ stands below the line in 1 / (σ √(2π)), and there is a minus in front of the logarithm.",
            ),
            half_inside=(
                "The constant is log(πσ): its ½ has come inside the logarithm, where it cancels the 2.",
                "½ log(2π) is the logarithm of the root of 2π.",
            ),
            distance_without_brackets=(
                "Brackets are missing: only the mean is divided by σ.",
                "Put the difference in brackets, then divide.",
            ),
            absolute=(
                "The exponent holds |y − μ| / σ, the distance without its square and its ½.",
                "The exponent is −(y − μ)² / (2σ²).",
            ),
            sum_squared=(
                "The distances are added up first, and their sum is squared.",
                "Square each distance, and add up the squares.",
            ),
            unsquared=("The distance is not squared.", "The exponent holds (y − μ)²."),
            ignored_sigma=(
                "`sigma` is ignored: your width is always 1.",
                "σ stands in the exponent and in the factor in front of it.",
            ),
            sigma_for_variance=(
                "Your width is σ² wherever σ is right, as if `sigma` were to be squared first.",
                "`sigma` is the width itself, not its square.",
            ),
            variance=(
                "You divide by σ where σ² is right.",
                "`sigma` is the width itself; the density has its square in the exponent.",
            ),
            bracket=(
                "The brackets of the denominator are missing: `/ 2 * sigma**2` divides by 2 and then multiplies by σ².",
                "Write `/ (2 * sigma**2)`.",
            ),
            no_half=("The 2 in the denominator is missing.", "The exponent is −(y − μ)² / (2σ²)."),
            no_sigma=(
                "σ is missing in the constant: your result does not know that a wide distribution is a low one.",
                "The factor before the exponential is 1 / (σ √(2π)); its logarithm has log σ in it.",
            ),
            no_pi=(
                "√(2π) is missing in the constant.",
                "The factor before the exponential is 1 / (σ √(2π)); take the logarithm of all of it.",
            ),
            no_root=(
                "The root of 2π is missing: your constant holds log(2πσ).",
                "The factor before the exponential is 1 / (σ √(2π)).",
            ),
            squared_sigma=(
                "σ is squared in the constant.",
                "The factor before the exponential is 1 / (σ √(2π)), with σ itself.",
            ),
            sigma_under_root=(
                "σ stands under the root with 2π, as if the constant were ½ log(2πσ).",
                "½ log(2πσ²) is the same as log(σ √(2π)): under the root it is σ².",
            ),
            root_once=(
                "A part of the constant is added once for all points together: log σ counts n times, ½ log(2π) once.",
                "Each point's density has the whole factor.",
            ),
            no_constant=(
                "The factor in front of the exponential is left out, the constant.",
                "Its logarithm belongs to the sum too, once for each point.",
            ),
            constant_once=(
                "The constant is added once for all points together.",
                "Each point's density has the factor, so it is added once for each point, n times.",
            ),
            constant_subtracted=(
                "The constant has the wrong sign: a larger σ would make every point likelier.",
                "Minus the logarithm of 1 / (σ √(2π)) is plus log(σ √(2π)).",
            ),
            negative=(
                "The sign is turned around: this is the log-likelihood, without the minus.",
                "The loss is to be small where the points are likely: put a minus in front.",
            ),
            averaged=(
                "You take the mean over the points.",
                "All points together are asked for: their sum.",
            ),
            one_by_one=(
                "You return the points one by one.",
                "All points together are asked for: add up, with `np.sum`.",
            ),
            decimal=("Your logarithm has the base 10.", "Take `np.log`, the natural one, whose base is e."),
        ),
        nll_of_the_product,
        nll_of_the_density,
        nll_of_the_sum,
        nll_of_the_first,
        nll_of_the_mean,
        sum_of_squares,
        mean_of_squares,
        nll_of_laplace,
        Misconception.of(nll_with_a_limit, between=(1e-305, 1e-2)),
        likelihood_itself,
    ],
    equivalents=[
        nll_in_one_loop,
        lambda y_true, mean, sigma=1.0: (
            len(y_true) * np.log(2 * np.pi * sigma**2) / 2 + np.sum((y_true - mean) ** 2) / (2 * sigma**2)
        ),
    ],
    hints=[
        "The points' densities multiply. What does the logarithm make of a product?",
        "Take the logarithm of one density on paper. It is a product of two factors, and one of them is a power of e.",
        "Two terms are left for each point, one with the distance and one without. Turn both signs, and add up.",
    ],
)
