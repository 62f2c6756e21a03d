"""The exercise that breaks a cross-entropy as its formula is first written down."""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception


def naive_crossentropy(y_true, y_pred):
    """Return −Σ y log p as it stands, which meets log(0), and 0 · log(0)."""
    return -np.sum(y_true * np.log(y_pred))


def breaking_predictions():
    """Return a prediction whose loss is infinite, and one that is right and has no loss at all, NaN."""
    return [0.0, 1.0], [1.0, 0.0]


INFINITE, NOT_A_NUMBER = "has an infinite loss", "is right, and has the loss NaN"


def what_happens(p, must_be_right):
    """Return in words what `naive_crossentropy` makes of the row p, whose first class is true, or why p is none."""
    try:
        p = np.asarray(p, dtype=float)
    except (TypeError, ValueError):
        return "is no list of numbers"
    if p.ndim != 1 or p.size < 2:
        return "is no list of two probabilities or more"
    if not np.all(np.isfinite(p)):
        return "holds something that is not finite"
    if np.any(p < 0) or abs(p.sum() - 1) > 1e-9:
        return "is no list of probabilities: they are not negative and sum to 1"
    if must_be_right and p[0] < p[1:].max():
        return "is wrong: another class has the largest probability"
    if must_be_right and p[0] == p[1:].max():
        return "is undecided: another class has the same probability"
    with np.errstate(all="ignore"):
        loss = naive_crossentropy(np.eye(p.size)[0], p)
    return NOT_A_NUMBER if np.isnan(loss) and must_be_right else (
        "has the loss NaN" if np.isnan(loss) else INFINITE if np.isinf(loss) else "is no trouble"
    )  # fmt: skip


def what_happens_to(given, number):
    """Return what becomes of the prediction of that number; None where nothing is given."""
    if given is None:
        return None
    lists = (list, tuple, np.ndarray)
    if not isinstance(given, lists) or len(given) != 2 or not isinstance(given[number], lists):
        return "is missing: two lists are asked for"
    return what_happens(given[number], must_be_right=number == 1)


def probe_breaking_predictions(breaking_predictions, rng):
    yield "the first prediction", lambda: what_happens_to(breaking_predictions(), 0)
    yield "the second prediction", lambda: what_happens_to(breaking_predictions(), 1)


def remark(failing):
    """Say what becomes of each prediction that is not yet what is asked for."""
    if not all(isinstance(value, str) for _, value, _ in failing):
        return ""
    return " ".join(f"{label[0].upper()}{label[1:]} {value}." for label, value, _ in failing)


def given(first, second):
    return lambda: (first, second)


WRONG, RIGHT = breaking_predictions()
ORDINARY = "The logarithm of every float above 0 is an ordinary number: even log(1e-300) is no more than −691."

BREAKING_PREDICTIONS = Exercise(
    name="breaking_predictions",
    kind="break it",
    minutes=6,
    level=2,
    reference=breaking_predictions,
    probe=probe_breaking_predictions,
    remark=remark,
    misconceptions=[
        Misconception(
            given([1e-300, 1.0], [1.0, 1e-300]),
            f"Neither prediction is any trouble. {ORDINARY}",
            "Only one number has no logarithm. Where must it stand in each of the two?",
            "no_zero_anywhere",
        ),
        Misconception(
            given([1e-300, 1.0], RIGHT),
            f"Your first prediction is no trouble. {ORDINARY}",
            "The loss is infinite where the true class, the first, has the one probability that has no logarithm.",
            "first_without_zero",
        ),
        Misconception(
            given(WRONG, [0.9, 0.1]),
            "Your second prediction is no trouble: its loss is finite, an ordinary number.",
            "NaN comes of 0 times infinity. y_true has zeros: what must the logarithm be there?",
            "second_without_zero",
        ),
        Misconception(
            given([0.0, 1.0, 0.0], RIGHT),
            "The loss of your first prediction is NaN, not infinite: a wrong class has the probability 0 too, and "
            "0 · log 0 is NaN.",
            "Let the true class alone have the probability 0.",
            "first_not_a_number",
        ),
        Misconception(
            given(WRONG, [0.0, 1.0, 0.0]),
            "Your second prediction is wrong: its largest probability is not that of the true class, the first.",
            "Its first probability is to be the largest. Where else may a 0 stand?",
            "second_wrong",
        ),
        Misconception(
            given(RIGHT, WRONG),
            "The two are swapped: the first prediction's loss is NaN, and the second one is wrong.",
            "Return them in the other order: first the one that is infinitely wrong.",
            "swapped",
        ),
        Misconception(
            given([0.0, 0.5], RIGHT),
            "Your first list does not hold probabilities: they are not negative, and sum to 1.",
            "What the true class does not get, the others share.",
            "first_no_probabilities",
        ),
        Misconception(
            given(WRONG, [1.0, -1.0, 1.0]),
            "Your second list does not hold probabilities: they are not negative, and sum to 1.",
            "A network that is certain gives one class all there is.",
            "second_no_probabilities",
        ),
        Misconception(
            given([np.nan, 1.0], [1.0, np.nan]),
            "Your lists hold something that is not finite.",
            "NaN is to come out, not to go in: probabilities from 0 to 1 are enough.",
            "not_finite",
        ),
        Misconception(
            given([0.0], [1.0]),
            "Each list needs two probabilities at least.",
            "A class that is not true has to be there too.",
            "one_class",
        ),
        Misconception(
            lambda: [0.0, 1.0],
            "Two lists are asked for, one for each prediction.",
            "Return both, separated by a comma.",
            "not_two_lists",
        ),
    ],
    equivalents=[
        given([0, 0.25, 0.75], [0.5, 0.5 - 1e-12, 1e-12, 0.0]),
        given(np.array([0.0, 0.5, 0.5]), (1.0, 0, 0)),
        lambda: [(0.0, 1.0), (0.7, 0.3, 0.0)],
    ],
    hints=[
        "log(0) is −infinity in NumPy. Infinity times 1 is infinite. What is infinity times 0?",
        "y_true is (1, 0, …). So the first probability is multiplied by 1 in the loss, every other by 0.",
        "Let a class have the probability 0: once the true one, and once one that is not true.",
    ],
)
