"""The exercise on He's initializer: which deviation ReLU asks for."""

import math

import numpy as np

from course_lib import initializers
from course_lib.checking.exercise import Exercise, Misconception, flags
from course_lib.checking.scene import Histogram
from course_lib.exercises.initialization.looking import (
    COMMON,
    SCALE,
    all_one_number,
    as_drawn,
    numbers,
    one_draw_for_all,
    probe_of_scheme,
    with_shape_as_one_number,
)


def he_normal(shape, seed=None, dtype="float32"):
    """Return a kernel drawn from a normal distribution with the mean 0 and the variance 2 / fan_in."""
    fan_in, _ = initializers.fans(shape)
    return np.random.default_rng(seed).normal(0, np.sqrt(2 / fan_in), shape).astype(dtype)


def deviation_with(made, shape):
    """Return the deviation that He's formula gives with the faults that `made` names."""
    fan_in, fan_out = initializers.fans(shape)
    n = fan_in
    counts = {
        "fan_out": fan_out,
        "both_fans": fan_in + fan_out,
        "mean_of_fans": (fan_in + fan_out) / 2,
        "first_axis": shape[0],
        "channels": shape[-2],
        "second_axis": shape[1],
        "last_axis": shape[-1],
        "all_weights": math.prod(shape),
    }
    for name, count in counts.items():
        n = count if name in made else n
    by_formula = {
        "variance": 2 / n,
        "without_two": math.sqrt(1 / n),
        "half": math.sqrt(1 / (2 * n)),
        "root_of_two": math.sqrt(2) / n,
        "precedence": math.sqrt(2 / fan_in + fan_out),
        "two_outside": 2 / math.sqrt(n),
        "inverse": 1 / n,
        "multiplied": math.sqrt(n / 2),
        "popular": math.sqrt(6 / (fan_in + fan_out)) / math.sqrt(fan_out),
        "uncorrected": math.sqrt(2 / n) * initializers.TRUNCATED_DEVIATION,
    }
    return next((value for name, value in by_formula.items() if name in made), math.sqrt(2 / n))


def scene_he_normal(he_normal):
    """The sums of a layer: of the kernel itself a picture would show whether its draws are cut, which is no mistake."""
    inputs = np.random.default_rng(0).normal(size=(100, 300))
    sums = inputs @ numbers(he_normal((300, 100), 3, "float64"))
    return Histogram(sums.ravel(), xlabel="sum z of a unit with 300 inputs of mean square 1")


def faulty_he(shape, seed=None, dtype="float32", **made):
    return as_drawn(deviation_with(made, shape), shape, seed, dtype, made)


def he_of_a_fixed_deviation(shape, seed=None, dtype="float32", constant=0.01):
    """The weights have one deviation whatever the shape, so a wider layer gives larger sums.

    The deviation should fall with fan_in: the more inputs a unit adds up, the smaller each weight.
    """
    return as_drawn(constant, shape, seed, dtype, {})


def he_of_another_factor(shape, seed=None, dtype="float32", constant=3.0):
    """The variance falls with fan_in, as it should, but the factor above fan_in is not the one that ReLU asks for.

    The mean square of the sums is fan_in · variance times that of the inputs. ReLU leaves half of it.
    """
    fan_in, _ = initializers.fans(shape)
    return as_drawn(math.sqrt(constant / fan_in), shape, seed, dtype, {})


def he_of_two_axes(shape, seed=None, dtype="float32"):
    """It works for a dense kernel, whose shape has two numbers. A convolution's has four.

    Take fan_in from `yours.fans(shape)`.
    """
    fan_in, _units = shape
    return as_drawn(math.sqrt(2 / fan_in), shape, seed, dtype, {})


HE_NORMAL = Exercise(
    name="he_normal",
    kind="derive",
    minutes=10,
    level=2,
    reference=initializers.he_normal,
    solution=he_normal,
    probe=probe_of_scheme(lambda fan_in, fan_out: 2 / fan_in),
    scene=scene_he_normal,
    misconceptions=[
        *flags(
            faulty_he,
            variance=(
                "2 / fan_in is the variance, and it was given to `normal` as the deviation: the weights are far too "
                "small.",
                "The deviation is the root of the variance.",
            ),
            fan_out=(
                "The units were counted (fan_out), not the inputs that each of them adds up: the fans are swapped.",
                "Forward, a unit's sum has fan_in terms. That is the count that matters here.",
            ),
            both_fans=(
                "Both fans were added up, as in Glorot's formula.",
                "To keep the signal on its way forward, fan_in alone counts.",
            ),
            mean_of_fans=(
                "The mean of both fans was taken, which is Glorot's compromise.",
                "To keep the signal on its way forward, fan_in alone counts.",
            ),
            without_two=(
                "The variance is 1 / fan_in, LeCun's, which holds where nothing bends the sums. The 2 is missing.",
                "ReLU halves the mean square. What must the variance of the weights be, to make up for that?",
            ),
            half=(
                "The 2 stands on the wrong side: the variance is 1 / (2 fan_in), and ReLU halves what is halved "
                "already.",
                "ReLU halves the mean square. The weights must double it.",
            ),
            root_of_two=(
                "Only the 2 is under the root: √2 / fan_in. The deviation is far too small.",
                "Take the root of the whole variance, 2 / fan_in.",
            ),
            precedence=(
                "fan_out is added to the fraction: √(2 / fan_in + fan_out), as in a formula without brackets.",
                "To keep the signal on its way forward, fan_in alone counts: 2 / fan_in under the root.",
            ),
            two_outside=(
                "The 2 stands outside the root: 2 / √fan_in, so the variance is 4 / fan_in.",
                "Take the root of the whole variance, 2 included.",
            ),
            inverse=(
                "The draws are divided by fan_in itself: the root is missing, and the 2.",
                "Find the variance first; the deviation is its root.",
            ),
            multiplied=(
                "The formula is upside down: the draws are multiplied by √(fan_in / 2), so wide layers explode.",
                "Divide: the more inputs a unit adds up, the smaller each weight.",
            ),
            all_weights=(
                "All weights of the kernel were counted, its size, where one unit's inputs matter.",
                "Take fan_in, the number of terms in one unit's sum.",
            ),
            first_axis=(
                "The first axis of the shape is fan_in for a dense kernel, but of a convolution's kernel it is the "
                "window's height.",
                "Take fan_in from `yours.fans(shape)`, where each place of the window counts.",
            ),
            channels=(
                "Of a convolution only the inputs at one place were counted, not the places of its window.",
                "Take fan_in from `yours.fans(shape)`: height · width · inputs.",
            ),
            second_axis=(
                "The second axis of the shape was counted: the units of a dense kernel, and of a convolution's the "
                "window's width.",
                "Take fan_in, the first number of `yours.fans(shape)`.",
            ),
            last_axis=(
                "The last axis of the shape was counted, the units.",
                "Take fan_in, the number of inputs that a unit adds up: the first number of `yours.fans(shape)`.",
            ),
            popular=(
                "This is √(6 / (fan_in + fan_out)) / √fan_out, a widespread formula that is neither He's nor Glorot's.",
                "The variance should be 2 / fan_in: derive it from the sum, and from what ReLU leaves.",
            ),
            uncorrected=(
                "The deviation is 0.88 of what it should be: a normal distribution cut off at two deviations has less "
                "spread, and nothing makes up for it.",
                "Divide the deviation by 0.8796 before you cut off, or do not cut off.",
            ),
            clipped=(
                "What lies more than two deviations out is clipped to the limit, so the deviation is a little too "
                "small, and one number in 22 lies at the edge.",
                "Leave the draws as they are, or draw these again.",
            ),
            evenly=(
                "The deviation is right, but the draws are uniform, which is `he_uniform`.",
                "Draw from a normal distribution.",
            ),
            evenly_to_it=(
                "The draws are uniform between −σ and σ, with the deviation σ as the limit: their own deviation is "
                "σ / √3.",
                "Draw from a normal distribution with the deviation σ.",
            ),
            from_zero=(
                "The draws are uniform between 0 and σ (`rand`), so all weights are positive.",
                "Draw from a normal distribution: `standard_normal`, or `randn`.",
            ),
            moved=(
                "The deviation was given to `normal` as its first argument, which is the mean; the deviation stayed 1.",
                "`rng.normal(0, deviation, shape)`: the mean comes first.",
            ),
            **COMMON,
        ),
        Misconception.of(he_of_a_fixed_deviation, constant=(SCALE, float)),
        Misconception.of(he_of_another_factor, constant=(SCALE, lambda deviation: 300 * deviation**2)),
        he_of_two_axes,
        all_one_number,
        one_draw_for_all,
        with_shape_as_one_number,
    ],
    equivalents=[
        lambda shape, seed=None, dtype="float32": (
            np.random.RandomState(seed).randn(*shape) * np.sqrt(2.0 / np.prod(shape[:-1]))
        ).astype(dtype),
        lambda shape, seed=None, dtype="float32": initializers.variance_scaling(
            shape, seed, dtype, 2.0, "fan_in", "untruncated_normal"
        ),
        he_normal,
    ],
    hints=[
        "For a sum of n terms, Var z = n · Var w · (mean square of the inputs). Which n does a unit have?",
        "ReLU sets half of the sums to 0, so what comes out has half of their mean square. For which variance of the "
        "weights is that again the mean square of the inputs?",
        "`rng.normal` wants the deviation. You have found the variance.",
    ],
)
