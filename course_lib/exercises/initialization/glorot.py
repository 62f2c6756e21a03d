"""The repair of Glorot's initializer: a root over the wrong part of a formula, in more model answers than any other."""

import math

import numpy as np

from course_lib import initializers
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.initialization.looking import (
    COMMON,
    DENSE,
    EVENLY,
    all_one_number,
    as_drawn,
    histogram,
    numbers,
    one_draw_for_all,
    probe_of_scheme,
    spread_of,
    with_shape_as_one_number,
)


def glorot_uniform(shape, seed=None, dtype="float32"):
    """Return a kernel drawn evenly between ±√(6 / (fan_in + fan_out))."""
    fan_in, fan_out = initializers.fans(shape)
    limit = np.sqrt(6 / (fan_in + fan_out))
    return np.random.default_rng(seed).uniform(-limit, limit, shape).astype(dtype)


def glorot_uniform_with_a_bug(shape, seed=None, dtype="float32"):
    # Glorot and Bengio (2010), equation 16: √6 / √(fan_in + fan_out)
    fan_in, fan_out = initializers.fans(shape)
    limit = np.sqrt(6 / fan_in + fan_out)
    return np.random.default_rng(seed).uniform(-limit, limit, shape).astype(dtype)


LIMIT = "the limit of the draws of a dense kernel (300, 100)"


def probe_glorot_uniform(glorot_uniform, rng):
    seed = int(rng.integers(1, 10**6))
    yield from probe_of_scheme(lambda fan_in, fan_out: 2 / (fan_in + fan_out))(glorot_uniform, rng)
    # Nearer than a deviation, whose measured number moves more by chance than one limit from the other.
    yield Row(
        LIMIT,
        lambda: limit_of(numbers(glorot_uniform(DENSE, seed, "float64")), math.sqrt(6 / 400)),
        relative_tolerance=1e-4,
    )


def limit_of(kernel, expected):
    """Return the farthest weight's size: `expected`, where draws up to it may end there; words where nothing ends."""
    if spread_of(kernel) != EVENLY:
        return "there is none"
    # Of 30,000 draws the farthest is nearer to the limit than this but for one run in a million.
    farthest = float(np.abs(kernel).max())
    return expected if 0 <= expected - farthest < 5e-4 * expected else farthest


def limit_with(made, shape):
    """Return the limit that Glorot's formula gives with the faults that `made` names."""
    fan_in, fan_out = initializers.fans(shape)
    both = fan_in + fan_out
    if "channels" in made:
        both = shape[-2] + shape[-1]
    if "first_two" in made:
        both = shape[0] + shape[1]
    by_formula = {
        "deviation": math.sqrt(2 / both),
        "old": 1 / math.sqrt(fan_in),
        "fan_in": math.sqrt(6 / fan_in),
        "fan_out": math.sqrt(6 / fan_out),
        "without_root": 6 / both,
        "root_of_six": math.sqrt(6) / both,
        "average": math.sqrt(6 / (both / 2)),
        "product": math.sqrt(6 / (fan_in * fan_out)),
        "three": math.sqrt(3 / both),
        "other_way": math.sqrt(6 / fan_out + fan_in),
        "root_below": 6 / math.sqrt(both),
        "root_then_added": math.sqrt(6 / fan_in) + fan_out,
        "two_fractions": math.sqrt(6 / fan_in + 6 / fan_out),
        "sum_of_roots": math.sqrt(6) / (math.sqrt(fan_in) + math.sqrt(fan_out)),
        "two_roots": math.sqrt(6 / fan_in) + math.sqrt(6 / fan_out),
        "root_above_one_root": math.sqrt(6) / math.sqrt(fan_in) + math.sqrt(fan_out),
        "fan_in_twice": math.sqrt(6 / (2 * fan_in)),
        "upside_down": math.sqrt(both / 6),
    }
    return next((value for name, value in by_formula.items() if name in made), math.sqrt(6 / both))


def faulty_glorot(shape, seed=None, dtype="float32", **made):
    how = dict(made)
    limit = limit_with(made, shape)
    if "bell_to_it" in made:
        return as_drawn(limit, shape, seed, dtype, how)
    if "bell" not in made:
        how["evenly" if "from_zero" not in made else "from_zero"] = True
    return as_drawn(limit if "from_zero" in made else limit / math.sqrt(3), shape, seed, dtype, how)


def glorot_of_a_fixed_limit(shape, seed=None, dtype="float32", constant=0.05):
    """The weights have one limit whatever the shape, so a wider layer gives larger sums.

    Take the limit from fan_in and fan_out.
    """
    return as_drawn(constant, shape, seed, dtype, {"evenly": True})


def glorot_of_another_factor(shape, seed=None, dtype="float32", constant=4.0):
    """The limit falls with both fans, as it should, but the number above their sum is not 6.

    Uniform draws have the variance limit² / 3, and 2 / (fan_in + fan_out) is wanted. Solve for the limit.
    """
    limit = math.sqrt(constant / sum(initializers.fans(shape)))
    return as_drawn(limit / math.sqrt(3), shape, seed, dtype, {"evenly": True})


GLOROT_UNIFORM = Exercise(
    name="glorot_uniform",
    kind="repair",
    minutes=6,
    level=1,
    reference=initializers.glorot_uniform,
    solution=glorot_uniform,
    buggy=glorot_uniform_with_a_bug,
    probe=probe_glorot_uniform,
    scene=histogram(),
    misconceptions=[
        *flags(
            faulty_glorot,
            deviation=(
                "The limit is √(2 / (fan_in + fan_out)), the deviation that is wanted. Draws up to it are too narrow: "
                "their variance is limit² / 3, so the √3 is missing.",
                "The limit is √3 times the deviation, √(6 / (fan_in + fan_out)).",
            ),
            old=(
                "The limit is 1 / √fan_in, the old rule, which is often called Glorot's. Its variance is "
                "1 / (3 fan_in).",
                "Glorot's rule needs both fans: √(6 / (fan_in + fan_out)).",
            ),
            fan_in=(
                "Only fan_in is counted: √(6 / fan_in) is He's limit.",
                "The sum of both fans belongs below the 6.",
            ),
            fan_out=("Only fan_out is counted.", "The sum of both fans belongs below the 6."),
            without_root=(
                "The root is missing: the limit is 6 / (fan_in + fan_out).",
                "Take the root of this fraction.",
            ),
            root_of_six=(
                "Only the 6 is under the root: √6 / (fan_in + fan_out).",
                "The root covers the whole fraction.",
            ),
            average=(
                "The variance is twice what it should be, as if the mean of the fans, half of their sum, stood below "
                "the 6.",
                "The limit is √(6 / (fan_in + fan_out)), with the sum of the fans.",
            ),
            product=(
                "The fans are multiplied: a product stands below the 6.",
                "Their sum belongs there.",
            ),
            three=(
                "The variance is half of what it should be, as with a 3 above the sum of the fans.",
                "3 belongs above the *mean* of the fans, 6 above their sum.",
            ),
            other_way=(
                "The brackets are missing still: only fan_out is below the 6, and fan_in is added to the fraction.",
                "Put the sum of both fans in brackets.",
            ),
            root_below=(
                "Only the fans are under the root: 6 / √(fan_in + fan_out).",
                "The root covers the whole fraction, the 6 included.",
            ),
            root_then_added=(
                "fan_out is added to the root: √(6 / fan_in) + fan_out.",
                "Put the sum of both fans in brackets, below the 6.",
            ),
            two_fractions=(
                "There are two fractions under the root, 6 / fan_in + 6 / fan_out.",
                "There is one, with the sum of both fans below the 6.",
            ),
            sum_of_roots=(
                "The roots of the fans are added: √6 / (√fan_in + √fan_out).",
                "Add the fans first, and take the root of the sum.",
            ),
            two_roots=(
                "Two roots are added, √(6 / fan_in) + √(6 / fan_out).",
                "There is one root and one fraction, with the sum of both fans below the 6.",
            ),
            root_above_one_root=(
                "√6 / √fan_in + √fan_out: only the root of fan_in stands below √6.",
                "The sum of both fans belongs under one root, in brackets.",
            ),
            fan_in_twice=(
                "fan_in is counted twice, and fan_out not at all.",
                "The sum of both fans, fan_in + fan_out, belongs below the 6.",
            ),
            first_two=(
                "The first two numbers of the shape were counted. Of a convolution's kernel these are its window.",
                "`initializers.fans(shape)` counts inputs and units; leave it as it was.",
            ),
            upside_down=(
                "The fraction is upside down: √((fan_in + fan_out) / 6) grows with the fans.",
                "The 6 stands above, and the sum of both fans below.",
            ),
            channels=(
                "Of a convolution only inputs and units were counted, not the places of its window.",
                "`initializers.fans(shape)` counts them; leave it as it was.",
            ),
            bell=(
                "The deviation is right, but the draws come from a normal distribution, which is `glorot_normal`.",
                "Draw with `uniform(-limit, limit, shape)`.",
            ),
            bell_to_it=(
                "The draws come from a normal distribution, with the limit as its deviation.",
                "Draw with `uniform(-limit, limit, shape)`.",
            ),
            from_zero=(
                "The draws lie between 0 and the limit, so all weights are positive.",
                "The lower end of the draws is −limit.",
            ),
            **{name: told for name, told in COMMON.items() if name != "positive"},
        ),
        Misconception.of(glorot_of_a_fixed_limit, constant=(LIMIT, lambda limit: limit / math.sqrt(3))),
        Misconception.of(glorot_of_another_factor, constant=(LIMIT, lambda limit: 400 * limit**2)),
        all_one_number,
        one_draw_for_all,
        with_shape_as_one_number,
    ],
    equivalents=[
        lambda shape, seed=None, dtype="float32": (
            (2 * np.random.RandomState(seed).random_sample(shape) - 1)
            * np.sqrt(6.0)
            / np.sqrt(np.prod(shape[:-2]) * (shape[-2] + shape[-1]))
        ).astype(dtype),
        glorot_uniform,
        lambda shape, seed=None, dtype="float32": initializers.variance_scaling(
            shape, seed, dtype, 1.0, "fan_avg", "uniform"
        ),
    ],
    hints=[
        "Compute the limit for fan_in = 300 and fan_out = 200 by hand, and print what the code makes of it.",
        "In what order does Python compute `6 / 300 + 200`?",
        "On paper, a fraction bar keeps all that stands below it together. What does so in Python?",
    ],
)
