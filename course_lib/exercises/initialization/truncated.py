"""The exercise on the truncated normal distribution: draw again what lies too far out."""

import math

import numpy as np

from course_lib import initializers
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.initialization.looking import (
    COMMON,
    DENSE,
    MEASURED,
    deviation_of,
    histogram,
    kept,
    mean_of,
    numbers,
    rows_of_a_draw,
    spread_of,
    with_shape_as_one_number,
)

LEFT = initializers.TRUNCATED_DEVIATION  # of the deviation, when all is cut off that is more than two of them away
FAR = 3.0  # of 30,000 draws of a normal distribution, some lie farther out than this but for one run in 10⁸
MANY = (600, 200)  # where a part of the numbers is drawn from another distribution, 30,000 do not show it
OF_THE_DEFAULTS = "where neither mean nor stddev is given: the standard deviation of the weights"
FARTHEST = "how far the farthest on the right lies from the mean, in deviations"


def farthest(kernel, sign):
    """Return how far the outermost number on one side is from 0: 2, a number where something ends, or words."""
    out = float((sign * kernel).max())
    # Of 30,000 draws the outermost is nearer to 2 than this but for one run in 10⁷.
    if 1.98 < out < 2 + 1e-6:
        return 2.0
    if 0 < np.mean(sign * kernel > 2.02) < 0.004:
        return "a few lie farther out than 2"
    return "there is no limit" if out > FAR else out


REPEATED = "which number comes again and again"
ANOTHER = "a number that is neither the mean nor a limit"


def repeated_in(kernel):
    """Return in words which number is drawn again and again."""
    values, counts = np.unique(np.round(kernel, 6), return_counts=True)
    if counts.max() < 0.005 * kernel.size:
        return "none"
    often = float(values[counts.argmax()])
    if abs(abs(often) - np.abs(kernel).max()) < 1e-3:
        return "the limits"
    return "the mean" if abs(often) < 1e-3 else ANOTHER


def probe_truncated_normal(answer, rng):
    seeds = [int(seed) for seed in rng.integers(1, 10**6, size=2)]

    @kept
    def standard(mean, stddev):
        """The draws, with the mean taken off and in units of the deviation."""
        return (numbers(answer(MANY if mean else DENSE, seeds[0], "float64", mean, stddev)) - mean) / stddev

    yield Row(
        "the standard deviation, as a part of stddev",
        lambda: deviation_of(standard(0.0, 0.05), LEFT),
        essential=True,
        relative_tolerance=MEASURED,
        weight=2,
    )
    for label, sign in ((FARTHEST, 1), (FARTHEST.replace("right", "left"), -1)):
        yield Row(label, lambda sign=sign: farthest(standard(0.0, 0.05), sign), relative_tolerance=0.01)
    yield REPEATED, lambda: repeated_in(standard(0.0, 0.05))
    yield "how the weights are spread", lambda: spread_of(standard(0.0, 0.05))
    yield Row(
        "the mean, in deviations from the one asked for", lambda: mean_of(standard(0.0, 0.05)), relative_tolerance=0.02
    )
    yield Row(
        "the same with mean=0.1, stddev=0.1: the mean, in deviations from the one asked for",
        lambda: mean_of(standard(0.1, 0.1)),
        relative_tolerance=0.02,
    )
    yield Row(
        "the same with mean=0.1, stddev=0.1: the standard deviation, as a part of stddev",
        lambda: deviation_of(standard(0.1, 0.1), LEFT),
        relative_tolerance=8e-4,  # of so many numbers, ten times this is four deviations of the difference of two draws
    )
    yield Row(
        "the same with mean=0.1, stddev=0.1: the farthest on the right",
        lambda: farthest(standard(0.1, 0.1), 1),
        relative_tolerance=0.01,
    )
    yield Row(
        "with stddev=1.5: the farthest on the right",
        lambda: farthest(standard(0.0, 1.5), 1),
        relative_tolerance=0.01,
    )
    yield Row(
        OF_THE_DEFAULTS,
        lambda: deviation_of(numbers(answer(DENSE, seeds[1], "float64")), 0.05 * LEFT),
        relative_tolerance=MEASURED,
    )
    yield from rows_of_a_draw(answer, seeds)


def faulty_truncated(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05, **made):
    rng = np.random.default_rng(None if "unseeded" in made else 42 if "one_seed" in made else seed)
    size = shape[::-1] if "transposed" in made else (*shape[:-1], 1) if "one_row" in made else shape
    z = rng.standard_normal(size)
    limit = 2 / stddev if "at_number_two" in made else 2 * stddev if "limits_twice" in made else 2.0
    off = mean / stddev if "around_zero" in made else 0.0

    def outside(z):
        far = z + off if "right_only" in made else np.abs(z + off)
        return far > limit

    if "clipped" in made:
        z = np.clip(z, -limit, limit)
    elif "uniform" in made:
        z = rng.uniform(-limit, limit, size)
    elif "zeroed" in made:
        z = np.where(outside(z), 0.0, z)
    elif "to_zero" in made:
        z = np.where(outside(z), -mean / stddev, z)
    elif "redrawn_otherwise" in made or "redrawn_around_0" in made:
        spread = 1 / stddev if "redrawn_otherwise" in made else 1.0
        for _ in range(400):  # with another mistake, nothing may ever lie inside
            far = outside(z)
            z[far] = spread * rng.standard_normal(far.sum()) - mean / stddev
    elif "once" in made:
        z = np.where(outside(z), rng.standard_normal(size), z)
    elif "dropped" in made:
        z = z[~outside(z)]
    elif "not_cut" not in made:
        while np.any(far := outside(z)):
            z[far] = rng.standard_normal(far.sum())
    z = np.abs(z) if "positive" in made else z / LEFT if "corrected" in made else z
    z = np.repeat(z, shape[-1], axis=-1) if z.shape[-1] == 1 < shape[-1] else z
    scale = (
        0.05
        if "own_stddev" in made
        else stddev**2
        if "squared" in made
        else np.sqrt(stddev)
        if "rooted" in made
        else stddev
    )
    z = z.ravel() if "flat" in made else z
    mean = 0 if "without_mean" in made else 2 * mean if "mean_twice" in made else mean
    kernel = mean + (1 if "without_stddev" in made else scale) * z
    dtype = "float64" if "float64" in made else "float32" if "float32" in made else dtype
    return (kernel.astype(dtype), np.zeros(shape[-1], dtype)) if "with_bias" in made else kernel.astype(dtype)


def one_new_number(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    rng = np.random.default_rng(seed)
    z = rng.standard_normal(shape)
    z = np.where(np.abs(z) > 2, rng.uniform(0.2, 1.5), z)
    return (mean + stddev * z).astype(dtype)


def truncated_with_another_default(shape, seed=None, dtype="float32", mean=0.0, stddev=None, constant=1.0):
    """Where no `stddev` is given, yours is another than the task's, 0.05.

    Take the first line of the function as it stands in the task, defaults included.
    """
    return drawn_in_place(shape, seed, dtype, mean, constant if stddev is None else stddev)


def cut_elsewhere(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05, constant=3.0):
    """The draws are cut off, but not two deviations from the mean.

    Draw again what is farther than 2 · stddev from the mean, and only that.
    """
    rng = np.random.default_rng(seed)
    z = rng.standard_normal(shape)
    while np.any(far := np.abs(z) > constant):
        z[far] = rng.standard_normal(far.sum())
    return (mean + stddev * z).astype(dtype)


def where_it_is_cut(out):
    if not 0.2 < out < FAR:
        raise ValueError("nothing is cut off there")
    return float(out)


def constant_draws(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    """All numbers are the mean, so all units of a layer are equal, and stay so.

    Draw a number for each weight, from one generator.
    """
    return np.full(shape, mean, dtype)


def drawn_in_place(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    """Return numbers of N(mean, stddev²), drawn again until all lie within two deviations of the mean."""
    rng = np.random.default_rng(seed)
    draws = rng.normal(mean, stddev, shape)
    far = np.abs(draws - mean) > 2 * stddev
    while far.any():
        draws[far] = rng.normal(mean, stddev, far.sum())
        far = np.abs(draws - mean) > 2 * stddev
    return draws.astype(dtype)


def of_many(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    many = np.random.RandomState(seed).randn(2 * math.prod(shape) + 1000)
    return (mean + stddev * many[np.abs(many) < 2][: math.prod(shape)].reshape(shape)).astype(dtype)


def by_inverse(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    from scipy.stats import norm

    shares = np.random.default_rng(seed).uniform(norm.cdf(-2), norm.cdf(2), shape)
    return (mean + stddev * norm.ppf(shares)).astype(dtype)


TRUNCATED_NORMAL = Exercise(
    name="truncated_normal",
    kind="derive",
    minutes=12,
    level=3,
    reference=initializers.truncated_normal,
    solution=drawn_in_place,
    probe=probe_truncated_normal,
    time_limit=6.0,  # 120,000 numbers one by one, on a machine that has other work
    scene=histogram(mean=1.0, stddev=2.0),
    misconceptions=[
        *flags(
            faulty_truncated,
            clipped=(
                "What lies too far out is clipped to the limit: one number in 22 piles up at the two edges.",
                "Draw these numbers again, until they lie inside.",
            ),
            once=(
                "What lies too far out is drawn again once. Of the second draws one in 22 is outside again.",
                "Repeat until none is outside: `while np.any(…)`.",
            ),
            not_cut=(
                "Nothing is cut off: these are the draws of a plain normal distribution.",
                "Draw again what is more than two deviations from the mean.",
            ),
            dropped=(
                "What lies too far out is left out, so fewer numbers come back than asked for.",
                "Draw as many again as were left out, or draw too many at first and cut the array to size.",
            ),
            zeroed=(
                "What lies too far out is replaced by the mean, which is then drawn again and again.",
                "Draw these numbers again.",
            ),
            corrected=(
                "The numbers are widened by 1 / 0.88, so that their deviation is stddev, and their limit is no longer "
                "two of them. Keras does so in `HeNormal` and `GlorotNormal`, not here.",
                "Leave the deviation that the cut leaves: 0.88 · stddev.",
            ),
            right_only=(
                "Only what lies too far to the right is drawn again; on the left nothing is cut off.",
                "Compare the distance from the mean, `np.abs(…)`, with two deviations.",
            ),
            without_mean=(
                "`mean` is ignored: the draws lie around 0.",
                "Add it, or give it to `normal` as its first argument.",
            ),
            around_zero=(
                "The cut is two deviations from 0, wherever the mean is.",
                "Measure the distance from `mean`: `np.abs(draws - mean)`.",
            ),
            at_number_two=(
                "The cut is at the number 2, whatever the deviation.",
                "Cut at two *deviations*, 2 · stddev from the mean.",
            ),
            limits_twice=(
                "The cut is at 2 · stddev *deviations*: `scipy.stats.truncnorm`, for one, takes its limits in "
                "deviations already.",
                "In deviations the limits are −2 and 2.",
            ),
            uniform=(
                "The draws are even between the two limits, not like a bell.",
                "Draw from a normal distribution, and again what lies outside.",
            ),
            own_stddev=(
                "`stddev` is ignored: the draws have the deviation 0.05 before the cut, whatever is asked.",
                "Use the argument: multiply by `stddev`, or give it to `normal`.",
            ),
            mean_twice=("`mean` is added twice.", "`normal(mean, …)` has added it already."),
            to_zero=(
                "What lies too far out is replaced by 0, which is drawn again and again, and wherever the mean is.",
                "Draw these numbers again.",
            ),
            redrawn_otherwise=(
                "What lies too far out is drawn again from the standard normal distribution, with other `mean` and "
                "`stddev` than the rest.",
                "Draw again as you drew first: `rng.normal(mean, stddev, far.sum())`.",
            ),
            redrawn_around_0=(
                "What lies too far out is drawn again around 0, wherever the mean is.",
                "Draw again as you drew first: `rng.normal(mean, stddev, far.sum())`.",
            ),
            without_stddev=("`stddev` is ignored: the draws have the deviation 1.", "Multiply by `stddev`."),
            squared=(
                "The draws are multiplied by stddev², as if `stddev` were not the deviation.",
                "Multiply by `stddev` itself.",
            ),
            rooted=(
                "The draws are multiplied by the root of stddev, as if `stddev` were a variance.",
                "Multiply by `stddev` itself.",
            ),
            **COMMON,
        ),
        Misconception.of(cut_elsewhere, constant=(FARTHEST, where_it_is_cut)),
        Misconception.of(
            truncated_with_another_default, constant=(OF_THE_DEFAULTS, lambda deviation: deviation / LEFT)
        ),
        Misconception(
            one_new_number,
            "All that lies too far out is replaced by one and the same new number.",
            "Draw as many as there are: `rng.normal(mean, stddev, far.sum())`, with the size as the third argument.",
            proof=(REPEATED, ANOTHER),
        ),
        constant_draws,
        with_shape_as_one_number,
    ],
    equivalents=[of_many, by_inverse, drawn_in_place],
    hints=[
        "Compare the distance of each draw from the mean with the limit. That gives an array `far` of True and False, "
        "and `draws[far]` are the numbers where it is True.",
        "`draws[far] = …` replaces them. With how many new draws? And can a new draw lie too far out, too?",
        "Make one generator, before the loop. One made anew from the same seed draws the same numbers again.",
    ],
)
