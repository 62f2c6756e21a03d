"""The exercise that breaks an expectation: a neighbor turns the sign of an example's output."""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row
from course_lib.exercises.regularization.normalizing import batch_normalization


def sign_flipping_batches():
    """Return two batches that differ in one neighbor, and between which the first example's output turns its sign."""
    return [1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 9.0]


TURNS, FINE = "turns its sign", "two batches that differ in one neighbor of the first"


def batch_of(given):
    """Return one batch of one feature as a float array (n,), or in words why it is none."""
    try:
        batch = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        return "no list of numbers"
    if batch.ndim == 2 and batch.shape[1] == 1:
        batch = batch[:, 0]
    if batch.ndim != 1:
        return "more than one feature: a list of numbers is asked for"
    return batch if np.all(np.isfinite(batch)) else "a number that is not finite"


def what_they_are(given):
    """Return in words what the two batches are, FINE if they can be tried, and the batches, if they are that far."""
    if not isinstance(given, list | tuple | np.ndarray) or len(given) != 2:
        return "not two batches", None
    batches = [batch_of(each) for each in given]
    wrong = next((each for each in batches if isinstance(each, str)), None)
    if wrong is not None:
        return wrong, None
    before, after = batches
    if before.shape != after.shape:
        return "batches of different length", None
    if before.size < 2:
        return "batches of a single example, which has no neighbor", None
    changed = np.flatnonzero(before != after)
    if changed.size == 0:
        return "the same batch twice", None
    if changed[0] == 0:
        return "batches in which the first example itself has changed", None
    return (FINE, batches) if changed.size == 1 else ("batches in which more than one neighbor has changed", None)


def outputs_of_the_first(batches):
    """Return what batch normalization makes of the first example of each batch, with γ = 1 and β = 0, training."""
    one, zero = np.ones(1), np.zeros(1)
    return [float(batch_normalization(batch[:, None], one, zero, zero, one, True)[0][0, 0]) for batch in batches]


def what_becomes_of_the_first(given):
    """Return in words what becomes of the first example's output; why nothing can be said, where that is so."""
    what, batches = what_they_are(given)
    if batches is None:
        return what
    before, after = outputs_of_the_first(batches)
    if min(abs(before), abs(after)) < 1e-9:
        return f"is 0 {'before' if abs(before) < 1e-9 else 'after'} the change, and has no sign to turn"
    return TURNS if before * after < 0 else "keeps its sign"


def probe_sign_flipping_batches(sign_flipping_batches, rng):
    def told(look):
        given = sign_flipping_batches()
        return None if given is None else look(given)

    yield "what is given", lambda: told(lambda given: what_they_are(given)[0])
    yield Row("the first example's output", lambda: told(what_becomes_of_the_first), weight=3, essential=True)


def remark(failing):
    """Say what was given, or what becomes of the first example's output."""
    label, value, _ = failing[0]
    if not isinstance(value, str):
        return ""
    return f"Given is {value}." if label == "what is given" else f"The first example's output {value}."


def pair(first, second):
    return lambda: (first, second)


SIGNS = "Its output is above 0 where the example is above the batch's mean, below 0 where it is below."

SIGN_FLIPPING_BATCHES = Exercise(
    name="sign_flipping_batches",
    kind="break it",
    minutes=5,
    level=1,
    reference=sign_flipping_batches,
    probe=probe_sign_flipping_batches,
    remark=remark,
    misconceptions=[
        Misconception(
            pair([1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 2.0]),
            "The first example's output keeps its sign: it is on the same side of the mean before and after.",
            f"{SIGNS} How far must a neighbor go for the mean to pass the first example?",
            "keeps",
        ),
        Misconception(
            pair([1.0, 1.0, 1.0], [1.0, 1.0, 5.0]),
            "Before the change the first example is exactly the mean: its output is 0, and has no sign to turn.",
            f"{SIGNS} Begin with a first example that is not the mean.",
            "zero_before",
        ),
        Misconception(
            pair([1.0, 0.0, 0.0], [1.0, 2.0, 0.0]),
            "After the change the first example is exactly the mean: its output is 0, and has no sign.",
            "Move the neighbor a little farther.",
            "zero_after",
        ),
        Misconception(
            pair([1.0, 0.0, 0.0], [-1.0, 0.0, 0.0]),
            "The first example itself has changed: that its output turns is no surprise.",
            "Leave the first number as it is, and change one of the others.",
            "first_changed",
        ),
        Misconception(
            pair([1.0, 0.0, 0.0], [1.0, 5.0, 5.0]),
            "More than one neighbor has changed.",
            "One is enough, if it goes far enough.",
            "several_changed",
        ),
        Misconception(
            pair([1.0, 0.0], [1.0, 0.0]),
            "Both batches are the same: nothing has changed.",
            "Change one number of the second, not the first one.",
            "nothing_changed",
        ),
        Misconception(
            pair([1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 9.0]),
            "Your batches differ in length: an example was added.",
            "Change one that is there.",
            "of_different_length",
        ),
        Misconception(
            pair([1.0], [1.0]),
            "A batch of a single example has no neighbor to be changed.",
            "Two numbers in each batch are the least.",
            "single",
        ),
        Misconception(
            pair([[1.0, 2.0], [0.0, 0.0]], [[1.0, 2.0], [0.0, 9.0]]),
            "Your examples have more than one feature.",
            "One feature is enough: each batch is a list of numbers.",
            "several_features",
        ),
        Misconception(
            pair([1.0, 0.0], [1.0, np.inf]),
            "Your batches hold something that is not finite.",
            "An ordinary number does it, if it is far enough away.",
            "not_finite",
        ),
        Misconception(
            pair(["a", "b"], ["a", "c"]),
            "Your batches do not hold numbers.",
            "Each is a list of numbers, such as `[1, 0, 0]`.",
            "no_numbers",
        ),
        Misconception(
            lambda: [1.0, 0.0, 0.0],
            "Two batches are asked for: one before, and one after the change.",
            "Return both, separated by a comma.",
            "not_two",
        ),
    ],
    equivalents=[
        pair([-1, 5, 2], [-1, -50, 2]),
        pair(np.array([[0.5], [0.0]]), np.array([[0.5], [2.0]])),
        lambda: [(3.0, 1.0, 2.0), (3.0, 100.0, 2.0)],
    ],
    hints=[
        f"{SIGNS} β is 0 here.",
        "Which number in the formula do the neighbors decide?",
        "Let the first example be a little above the mean. How can one neighbor pull the mean above it?",
    ],
)
