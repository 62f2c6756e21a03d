"""The exercise that stretches an even draw over several powers of ten."""

import math

import numpy as np

from course_lib import tuning
from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.checking.scene import Curves


def probe_log_uniform(log_uniform, rng):
    draws, table = rng.random(6), rng.random((2, 3))
    low = float(10 ** rng.uniform(-6, -3))
    high = low * float(10 ** rng.uniform(2, 5))
    yield Row("u = 0.5 between 0.0001 and 1", lambda: log_uniform(0.5, 1e-4, 1.0), essential=True)
    yield "u = 0 between 0.0001 and 1", lambda: log_uniform(0.0, 1e-4, 1.0)
    yield "u = 0.25 between 0.0001 and 1", lambda: log_uniform(0.25, 1e-4, 1.0)
    yield "u = 0.5 between 2 and 32", lambda: log_uniform(0.5, 2.0, 32.0)
    yield "u = 0.75 between 10 and 1000", lambda: log_uniform(0.75, 10, 1000)
    yield "six draws, other ends", lambda: log_uniform(draws, low, high)
    yield "a table of draws", lambda: log_uniform(table, 1e-3, 0.5)


def faulty_log_uniform(u, low, high, **made):
    ratio = high / low
    ways = {
        "exp_of_the_ends": lambda: np.exp(low + u * (high - low)),
        "power_of_the_ends": lambda: 10.0 ** (low + u * (high - low)),
        "even": lambda: low + u * (high - low),
        "not_undone": lambda: np.log(low) + u * np.log(ratio),
        "not_undone_of_ten": lambda: np.log10(low) + u * np.log10(ratio),
        "ten_for_e": lambda: 10.0 ** (np.log(low) + u * np.log(ratio)),
        "e_for_ten": lambda: np.exp(np.log10(low) + u * np.log10(ratio)),
        "from_the_high_end": lambda: high * (low / high) ** u,
        "no_low": lambda: ratio**u,
        "downwards": lambda: low / ratio**u,
        "of_the_difference": lambda: low + (high - low) ** u,
        "without_minus_low": lambda: np.exp(np.log(low) + u * np.log(high)),
        "times": lambda: low * ratio * u,
        "squared": lambda: low + (high - low) * u**2,
        "exp_squeezed": lambda: low + (high - low) * np.expm1(u) / np.expm1(1),
    }
    return next((way() for flag, way in ways.items() if flag in made), tuning.log_uniform(u, low, high))


def log_uniform_of_one_number(u, low, high):
    """It works for one number and not for an array: `math.exp`, `math.log` and their like take one number.

    NumPy's `np.exp` and `np.log` take both; so does the operator `**`.
    """
    return math.exp(math.log(low) + u * math.log(high / low))


def log_uniform_of_its_own(u, low, high):
    """The value is drawn at random again, whatever `u` is.

    `u` is the draw already: say where it lies between the ends, in logarithms.
    """
    return tuning.log_uniform(np.random.default_rng(0).random(), low, high)


def log_uniform_of_few_digits(u, low, high):
    """The values are rounded to a few digits behind the point, which small rates do not have.

    Return the value as it is.
    """
    return np.round(tuning.log_uniform(u, low, high), 4)


def by_logarithms(u, low, high):
    return np.exp(np.log(low) + u * (np.log(high) - np.log(low)))


def by_a_weighted_product(u, low, high):
    u = np.asarray(u)
    return low ** (1 - u) * high**u


def scene_log_uniform(log_uniform):
    """The power of ten of what stands for each u: a straight line."""
    u = np.linspace(0, 0.99, 34)
    values = np.array([float(np.ravel(log_uniform(each, 1e-4, 1.0))[0]) for each in u])
    with np.errstate(all="ignore"):
        return Curves(u, {"between 0.0001 and 1": np.log10(values)}, "u", "power of ten")


THREE_STEPS = (
    "Take the logarithms of both ends, go the share u of the way between these, and undo the logarithm. The base does "
    "not "
    "matter as long as it is one."
)
BOTH = "Take one base for all: `np.log` goes with `np.exp`, `np.log10` with `10 **`."

LOG_UNIFORM = Exercise(
    name="log_uniform",
    kind="derive",
    minutes=8,
    level=1,
    reference=tuning.log_uniform,
    probe=probe_log_uniform,
    scene=scene_log_uniform,
    misconceptions=[
        *flags(
            faulty_log_uniform,
            exp_of_the_ends=(
                "e is raised to a power between the two ends themselves, so the values lie far beyond them: "
                "`exp(uniform(low, high))` takes logarithms for its ends, not rates.",
                THREE_STEPS,
            ),
            power_of_the_ends=(
                "10 is raised to a power between the two ends themselves, so the values lie far beyond them.",
                THREE_STEPS,
            ),
            even=(
                "The values are even between the ends: between 0.0001 and 1 nine tenths of them are above 0.1.",
                THREE_STEPS,
            ),
            not_undone=("What comes back is the logarithm of the value.", "Undo it with `np.exp`."),
            not_undone_of_ten=("What comes back is the value's logarithm to base 10.", "Undo it with `10 **`."),
            ten_for_e=("The logarithm was taken to base e, and is undone with 10.", BOTH),
            e_for_ten=("The logarithm was taken to base 10, and is undone with e.", BOTH),
            from_the_high_end=(
                "The way begins at the high end: u = 0 gives `high`.",
                "Begin at `low`, and go the share u of the way up.",
            ),
            no_low=(
                "The values begin at 1, not at `low`: the factor (high / low)^u is there, and nothing that it "
                "multiplies.",
                "Multiply `low` by it.",
            ),
            downwards=("The values go down from `low`.", "Multiply `low` by the factor; the largest value is `high`."),
            of_the_difference=(
                "The difference of the ends is raised to the power u, and added to `low`.",
                "What is even is the *factor* between the ends: think of high / low.",
            ),
            without_minus_low=(
                "The way between the logarithms is taken for the logarithm of `high`, which ends beyond it, or before.",
                "The way between two numbers is their difference: log(high) − log(low).",
            ),
            times=("low · (high / low) is multiplied by u.", "u is the power of the factor high / low, `**`."),
            squared=(
                "The draws are squared, which makes small values likelier, but not every factor equally likely.",
                THREE_STEPS,
            ),
            exp_squeezed=(
                "An exponential curve is squeezed between the two ends, the same for all ends.",
                THREE_STEPS,
            ),
        ),
        log_uniform_of_one_number,
        log_uniform_of_its_own,
        log_uniform_of_few_digits,
    ],
    equivalents=[by_logarithms, by_a_weighted_product],
    hints=[
        "Which number lies halfway between 0.0001 and 1, if every factor of 10 is to be as long as any other?",
        "In powers of ten the ends are −4 and 0. Go the share u of the way between those two. What makes a rate of a "
        "power?",
        "Do the same for any ends: a logarithm of each, a step between them, and the logarithm undone.",
    ],
)
