"""The exercise that stretches an even draw over several powers of ten."""

import math

import numpy as np

from course_lib import tuning
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.scene import Curves

HALF = "u = 0.5 between 0.0001 and 1"
FOLLOWS = "whether the value follows u"
CHANGES = "no, the same u gives another value each time"
IGNORES = "no, every u gives the same value"


def probe_log_uniform(log_uniform, rng):
    draws, table = rng.random(6), rng.random((2, 3))
    low = float(10 ** rng.uniform(-6, -3))
    high = low * float(10 ** rng.uniform(2, 5))
    yield Row(HALF, lambda: log_uniform(0.5, 1e-4, 1.0), essential=True)
    yield "u = 0 between 0.0001 and 1", lambda: log_uniform(0.0, 1e-4, 1.0)
    yield "u = 0.25 between 0.0001 and 1", lambda: log_uniform(0.25, 1e-4, 1.0)
    yield "u = 0.5 between 2 and 32", lambda: log_uniform(0.5, 2.0, 32.0)
    yield "u = 0.75 between 10 and 1000", lambda: log_uniform(0.75, 10, 1000)
    yield "six draws, other ends", lambda: log_uniform(draws, low, high)
    yield FOLLOWS, lambda: follows(log_uniform)
    yield "a table of draws", lambda: log_uniform(table, 1e-3, 0.5)


def follows(log_uniform):
    """Return in words whether the value depends on u, and on nothing that is drawn besides; None for None."""
    first, again, other = (log_uniform(u, 0.01, 1.0) for u in (0.2, 0.2, 0.7))
    if first is None:
        return None
    first, again, other = (np.asarray(each, dtype=float) for each in (first, again, other))
    if not np.array_equal(first, again):
        return CHANGES
    return IGNORES if np.array_equal(first, other) else "yes"


def faulty_log_uniform(u, low, high, **made):
    ratio = high / low
    ways = {
        "exp_of_the_ends": lambda: np.exp(low + u * (high - low)),
        "power_of_the_ends": lambda: 10.0 ** (low + u * (high - low)),
        "even": lambda: low + u * (high - low),
        "from_the_high_end": lambda: high * (low / high) ** u,
        "no_low": lambda: ratio**u,
        "downwards": lambda: low / ratio**u,
        "of_the_difference": lambda: low + (high - low) ** u,
        "without_minus_low": lambda: np.exp(np.log(low) + u * np.log(high)),
        "times": lambda: low * ratio * u,
        "power_of_the_difference": lambda: low * 10.0 ** (u * (high - low)),
        "exp_of_the_difference": lambda: low * np.exp(u * (high - low)),
        "squared": lambda: low + (high - low) * u**2,
        "exp_squeezed": lambda: low + (high - low) * np.expm1(u) / np.expm1(1),
    }
    return next((way() for flag, way in ways.items() if flag in made), tuning.log_uniform(u, low, high))


def log_uniform_not_undone(u, low, high, constant=math.e):
    """What comes back is the logarithm of the value.

    Undo it: `np.exp` for `np.log`, `10 **` for `np.log10`.
    """
    return np.log(tuning.log_uniform(u, low, high)) / math.log(constant)


def log_uniform_of_two_bases(u, low, high, constant=2.3):
    """A power of the value comes back: logarithms were taken to one base, and undone with another.

    Take one base for all: `np.log` goes with `np.exp`, `np.log10` with `10 **`.
    """
    return tuning.log_uniform(u, low, high) ** constant


def log_uniform_of_one_number(u, low, high):
    """It works for one number and not for an array: `math.exp`, `math.log` and their like take one number.

    NumPy's `np.exp` and `np.log` take both; so does the operator `**`.
    """
    return math.exp(math.log(low) + u * math.log(high / low))


def log_uniform_without_u(u, low, high):
    return tuning.log_uniform(np.random.default_rng(0).random(), low, high)


def log_uniform_of_its_own(u, low, high):
    return tuning.log_uniform(np.random.default_rng().random(), low, high)


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
            power_of_the_difference=(
                "`low` is multiplied by a power whose exponent is the *difference* of the ends.",
                "The factor that leads from `low` to `high` is their quotient.",
            ),
            exp_of_the_difference=(
                "`low` is multiplied by e to a power that is the *difference* of the ends.",
                "The factor that leads from `low` to `high` is their quotient.",
            ),
            squared=(
                "The draws are squared, which makes small values likelier, but not every factor equally likely.",
                THREE_STEPS,
            ),
            exp_squeezed=(
                "An exponential curve is squeezed between the two ends, the same for all ends.",
                THREE_STEPS,
            ),
        ),
        Misconception.of(log_uniform_not_undone, constant=(HALF, lambda value: math.exp(math.log(0.01) / value))),
        Misconception.of(log_uniform_of_two_bases, constant=(HALF, lambda value: math.log(value) / math.log(0.01))),
        log_uniform_of_one_number,
        Misconception(
            log_uniform_without_u,
            "The value does not depend on `u`.",
            "`u` is the draw already: say where it lies between the ends, in logarithms.",
            proof=(FOLLOWS, IGNORES),
        ),
        Misconception(
            log_uniform_of_its_own,
            "The value is drawn at random again: the same `u` gives another one each time.",
            "`u` is the draw already: say where it lies between the ends, in logarithms.",
            proof=(FOLLOWS, CHANGES),
        ),
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
