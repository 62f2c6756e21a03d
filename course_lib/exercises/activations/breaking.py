"""The exercise that breaks a softmax as its formula is first written down."""

from itertools import product

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception


def naive_softmax(logits):
    """Return exp(z) / Σ exp(z) as it stands, which overflows, or divides 0 by 0, where the logits are large."""
    powers = np.exp(logits)
    return powers / np.sum(powers)


def breaking_logits():
    """Return logits whose exponentials are infinite, and negative ones whose exponentials are all 0."""
    return [1000.0, 999.0], [-1000.0, -1001.0]


BREAKS = "breaks it"


def what_happens(logits, only_negative=False):
    """Return in words what `naive_softmax` makes of the logits: BREAKS, or why they do not count."""
    try:
        logits = np.asarray(logits, dtype=float)
    except (TypeError, ValueError):
        return "is no list of numbers"
    if logits.ndim != 1 or logits.size < 2:
        return "is no list of two numbers or more"
    if not np.all(np.isfinite(logits)):
        return "has a logit that is not finite"
    if only_negative and np.any(logits >= 0):
        return "has a logit that is not negative"
    with np.errstate(all="ignore"):
        shares = naive_softmax(logits)
    return BREAKS if np.any(np.isnan(shares)) else "is no trouble"


def what_happens_to(given, number):
    """Return what becomes of the list of that number; None where nothing is given."""
    if given is None:
        return None
    lists = (list, tuple, range, np.ndarray)
    if not isinstance(given, lists) or len(given) != 2 or not isinstance(given[number], lists):
        return "are not two lists"
    return what_happens(given[number], only_negative=number == 1)


def probe_breaking_logits(breaking_logits, rng):
    yield "the first list", lambda: what_happens_to(breaking_logits(), 0)
    yield "the second list, of negative logits", lambda: what_happens_to(breaking_logits(), 1)


def given(first, second):
    return lambda: (first, second)


LARGE, NEGATIVE = breaking_logits()
TOO_SMALL = "e to the power of that is still an ordinary number: floats go up to about 10³⁰⁸ and down to about 10⁻³²⁴."

# What can be wrong with the first list and with the second: (such a list, cause, cure, name).
WRONG_FIRST = [
    (
        [100.0, 0.0],
        f"Your first list is no trouble. {TOO_SMALL}",
        "Take a larger logit in the first list: which power of e is larger than 10³⁰⁸?",
        "first_too_small",
    ),
    (
        [np.inf, 0.0],
        "Your first list holds a logit that is not finite.",
        "In the first list, an ordinary number of four digits does it too.",
        "first_infinite",
    ),
    ([1000.0], "Your first list needs two logits at least.", "Put a second number into the first list.", "first_alone"),
]
WRONG_SECOND = [
    (
        [-1000.0, -1.0],
        "Your second list is no trouble: one logit whose exponential is not 0 keeps the sum above 0, and a 0 above it "
        "is then right.",
        "In the second list, the sum itself must become 0, so every exponential must round to 0.",
        "second_with_a_survivor",
    ),
    (
        LARGE,
        "Your second list has a logit that is not negative.",
        "For the second list, look for another way to NaN than infinity over infinity: what becomes of exp(z) far to "
        "the left?",
        "second_not_negative",
    ),
    (
        [-np.inf, -np.inf],
        "Your second list holds a logit that is not finite.",
        "In the second list, ordinary numbers of four digits with a minus before each do it too.",
        "second_infinite",
    ),
    (
        [-1000.0],
        "Your second list needs two logits at least.",
        "Put a second number into the second list.",
        "second_alone",
    ),
]


def wrong_in_one_or_both():
    """Yield the misconceptions of one wrong list, and those of two; two that are no trouble are told elsewhere."""
    for first, cause, cure, name in WRONG_FIRST:
        yield Misconception(given(first, NEGATIVE), cause, cure, name)
    for second, cause, cure, name in WRONG_SECOND:
        yield Misconception(given(LARGE, second), cause, cure, name)
    for (first, cause, cure, name), (second, and_cause, and_cure, and_name) in product(WRONG_FIRST, WRONG_SECOND):
        if (name, and_name) != ("first_too_small", "second_with_a_survivor"):
            both = f"{name}_and_{and_name}"
            yield Misconception(given(first, second), f"{cause} {and_cause}", f"{cure} {and_cure}", both)


BREAKING_LOGITS = Exercise(
    name="breaking_logits",
    kind="break it",
    minutes=6,
    level=2,
    reference=breaking_logits,
    probe=probe_breaking_logits,
    misconceptions=[
        Misconception(
            given([100.0, 0.0], [-100.0, -1.0]),
            f"Neither list is any trouble. {TOO_SMALL}",
            "Go farther out, on both sides. Which power of e is larger than 10³⁰⁸, and which rounds to 0?",
            "both_too_small",
        ),
        *wrong_in_one_or_both(),
        Misconception(
            lambda: [*LARGE, *NEGATIVE],
            "Two lists are asked for, one in which anything goes and one of negative logits.",
            "Return both, separated by a comma.",
            "not_two_lists",
        ),
        Misconception(
            given(["1000", "a"], ["-1000", "b"]),
            "Your lists hold something that is no number.",
            "Return two lists of numbers.",
            "no_numbers",
        ),
    ],
    equivalents=[
        given([710.0, 0.0], [-746.0, -750.0]),
        given(np.array([1e4, 1e4, 5.0]), np.array([-1e4, -2e4, -3e4])),
        lambda: [[800, 1], [-800, -900]],
        given((-1000.0, -1000.0), (-1e300, -1e300)),
    ],
    hints=[
        "NaN comes from ∞/∞ or from 0/0. Which logits make the numerator and the denominator both infinite?",
        "Floats end near 10³⁰⁸. With e ≈ 2.718, which power of e is that? Print `np.exp` of 100, 500 and 1000.",
        "For 0/0 the sum of the exponentials has to be 0. Print `np.exp` of −100, −500 and −1000.",
    ],
)
