"""What is looked at in kernels that are drawn at random: numbers that no right draw changes, and words.

A statistic of a draw is held against its exact expectation. Within what chance makes of it, once in a million runs
more, it *is* the expectation; otherwise it is what was measured, so that a mistake shows by its own number.
"""

import math

import numpy as np

from course_lib.checking.exercise import ONE_IN_A_MILLION, Row
from course_lib.checking.observe import once
from course_lib.checking.scene import Histogram
from course_lib.exercises.returned import one_array

DENSE, CONVOLUTION = (300, 100), (3, 5, 5, 300)
# A mistake is known by a measured number that is within ten times this of its own: more than four deviations of the
# difference of two draws.
MEASURED = 2.5e-3
EVENLY, BELL = "evenly", "like a bell"
ASKED = "as asked"


def numbers(result):
    """Return `result` as an array of float64."""
    return one_array(result).astype(float)


def kept(draw):
    """Return `draw`, which is called once with the same arguments: several rows look at what it gave, or raised."""
    known = {}

    def again(*arguments):
        return known.setdefault(arguments, once(lambda: draw(*arguments)))()

    return again


def deviation_of(kernel, expected):
    """Return the standard deviation of the numbers: `expected`, where a right draw may give what these give.

    The deviation of n draws spreads by 1 / √(2n) of itself around that of a normal distribution, of others that end
    somewhere by less.
    """
    measured = float(kernel.std())
    near = ONE_IN_A_MILLION / math.sqrt(2 * kernel.size) * expected
    return expected if abs(measured - expected) <= near else measured


def mean_of(kernel, expected=0.0):
    """Return the mean of the numbers: `expected`, where numbers that spread like these may give it by chance."""
    measured = float(kernel.mean())
    near = ONE_IN_A_MILLION * float(kernel.std()) / math.sqrt(kernel.size) + 1e-7
    return expected if abs(measured - expected) <= near else measured


def spread_of(kernel):
    """Return in words how the numbers are spread."""
    if np.ptp(kernel) == 0:
        return "all are one number"
    if np.all(np.ptp(kernel, axis=-1) == 0):
        return "the same in all units"
    # 0.577 of a uniform distribution lie within one deviation, 0.651 of a normal one cut off at two, 0.683 of a whole.
    share = np.mean(np.abs(kernel - kernel.mean()) < kernel.std())
    return EVENLY if share < 0.614 else BELL


def shape_of(kernel, shape):
    """Return in words whether the array has this shape."""
    if kernel.shape == shape:
        return ASKED
    if kernel.size < math.prod(shape):
        return "fewer numbers than asked for"
    return f"{kernel.shape} in place of {shape}"


def are_alike(one, other):
    return "yes" if one.shape == other.shape and np.array_equal(one, other) else "no"


def rows_of_a_draw(draw, seeds, dense=DENSE):
    """Yield what is asked of every initializer: its seed, its shape and its dtype.

    Args:
        draw: function (shape, seed, dtype) that calls the answer; where no dtype is given, neither is to the answer.
        seeds: two ints.
        dense: the shape of the dense kernel.
    """
    first, other = seeds

    def small(seed):
        return numbers(draw((12, 10), seed, "float64"))

    yield Row("the same seed twice: are the weights the same?", lambda: are_alike(small(first), small(first)))
    yield Row("two seeds: are the weights the same?", lambda: are_alike(small(first), small(other)))
    yield Row("the shape of a dense kernel", lambda: shape_of(one_array(draw(dense, first, "float32")), dense))
    yield Row(
        "the shape of a convolution's kernel",
        lambda: shape_of(one_array(draw((3, 3, 4, 6), other, "float32")), (3, 3, 4, 6)),
    )
    yield Row(
        "the dtypes, where float32, float64 and none are asked for",
        lambda: [str(one_array(draw((4, 3), other, *asked)).dtype) for asked in (["float32"], ["float64"], [])],
    )


SCALE = "the deviation of the weights of a dense kernel (300, 100)"


def probe_of_scheme(variance):
    """Return the probe of an initializer whose weights have the mean 0 and the variance `variance(fan_in, fan_out)`."""

    def probe(answer, rng):
        seeds = [int(seed) for seed in rng.integers(1, 10**6, size=2)]

        @kept
        def drawn(shape):
            # In float64, so that every statistic is that of the draws.
            return numbers(answer(shape, seeds[0], "float64"))

        def measured(shape, statistic):
            # What is the same in all units makes no statistic: one draw of few numbers decides it.
            kernel = drawn(shape)
            words = spread_of(kernel)
            return statistic(kernel) if words in (EVENLY, BELL) else words

        def deviation(shape, fan_in, fan_out):
            expected = math.sqrt(variance(fan_in, fan_out))
            return lambda: measured(shape, lambda kernel: deviation_of(kernel, expected))

        yield Row(SCALE, deviation(DENSE, 300, 100), weight=3, essential=True, relative_tolerance=MEASURED)
        yield Row(
            "the deviation of the weights of a convolution's kernel (3, 5, 5, 300)",
            deviation(CONVOLUTION, 75, 4500),
            weight=2,
            relative_tolerance=MEASURED,
        )
        yield Row("the mean of the weights", lambda: measured(DENSE, mean_of), relative_tolerance=4 * MEASURED)
        yield Row("how the weights are spread", lambda: spread_of(drawn(DENSE)))
        yield from rows_of_a_draw(answer, seeds)

    return probe


def histogram(**settings):
    """Return a scene: the weights of a dense kernel (200, 150) as an answer draws them."""

    def scene(answer):
        kernel = numbers(answer((200, 150), 3, "float64", **settings))
        return Histogram(kernel.ravel(), xlabel="weight of a kernel (200, 150)")

    return scene


# --- what may be wrong with any of them


def as_drawn(deviation, shape, seed, dtype, made):
    """Return a kernel with the mean 0 and this deviation, with the faults that `made` names."""
    rng = np.random.default_rng(None if "unseeded" in made else 42 if "one_seed" in made else seed)
    size = shape[::-1] if "transposed" in made else (*shape[:-1], 1) if "one_row" in made else shape
    kernel = rng.standard_normal(size)
    if "evenly" in made or "evenly_to_it" in made or "from_zero" in made:
        kernel = rng.uniform(0 if "from_zero" in made else -1, 1, size) * (math.sqrt(3) if "evenly" in made else 1)
    if "clipped" in made:
        kernel = np.clip(kernel, -2, 2)
    kernel = kernel * deviation
    if "moved" in made:
        kernel = deviation + rng.standard_normal(size)
    if "positive" in made:
        kernel = np.abs(kernel)
    if kernel.shape[-1] == 1 < shape[-1]:
        kernel = np.repeat(kernel, shape[-1], axis=-1)
    kernel = kernel.ravel() if "flat" in made else kernel
    dtype = "float64" if "float64" in made else "float32" if "float32" in made else dtype
    return (kernel.astype(dtype), np.zeros(shape[-1], dtype)) if "with_bias" in made else kernel.astype(dtype)


COMMON = {
    "unseeded": (
        "The same seed gives other weights each time, so nobody can repeat your run.",
        "Draw from `np.random.default_rng(seed)`.",
    ),
    "one_seed": (
        "The weights are the same whatever the seed, so all layers of one shape begin alike.",
        "Draw from `np.random.default_rng(seed)`: the seed is an argument.",
    ),
    "float64": (
        "The numbers are float64 whatever `dtype` says, where layers compute in float32.",
        "End with `.astype(dtype)`.",
    ),
    "float32": ("The numbers are float32 whatever `dtype` says.", "End with `.astype(dtype)`."),
    "positive": (
        "All weights have one sign, so their mean is not 0 and the sums of a layer grow with its inputs.",
        "Let the draws be on both sides of 0: no `abs`.",
    ),
    "one_row": (
        "All units of a layer get the same weights: each row of the kernel holds one number again and again.",
        "Draw an array of the full `shape`, a number for each weight.",
    ),
    "transposed": (
        "The kernel has its axes in reverse order: its shape is transposed.",
        "The shape of the result is `shape` as it is given.",
    ),
    "flat": (
        "The numbers come in one long row, not in the shape of the kernel.",
        "Draw an array of the full `shape`, or `reshape(shape)` at the end.",
    ),
    "with_bias": ("A tuple comes back, say of a kernel and its bias.", "Return the one array of weights."),
}


def all_one_number(shape, seed=None, dtype="float32"):
    """All weights are one and the same number, so all units of a layer are equal, and stay so.

    Draw a number for each weight, from one generator.
    """
    return np.zeros(shape, dtype)


def one_draw_for_all(shape, seed=None, dtype="float32"):
    """One draw serves for all weights, so all units of a layer are equal, and stay so.

    Draw a number for each weight, all from one generator: one made anew from the same seed draws the same again.
    """
    return np.full(shape, np.random.default_rng(seed).standard_normal(), dtype)


def with_shape_as_one_number(shape, seed=None, dtype="float32"):
    """`np.random.randn(shape)` raises a TypeError: `randn` and `rand` take the axes one by one, and got a tuple.

    Write `np.random.randn(*shape)`, or `rng.standard_normal(shape)`, which takes the tuple.
    """
    return np.random.randn(shape)
