"""A real exercise of the kind "write the check": its subject is softmax, its wrong ones are those of chapter 01."""

import numpy as np

from course_lib.checking.examiner import examiner
from course_lib.exercises.activations.outputs import SOFTMAX

BATCH = np.array([[1.0, 2.0, 4.0], [0.0, -1.0, 3.0], [0.5, 0.5, -2.0]])


def close(given, wanted):
    return np.shape(given) == np.shape(wanted) and np.allclose(given, wanted)


def looks_right(softmax):
    powers = np.exp(BATCH)
    # Rows far from one another: what is added to a row must change nothing.
    far = BATCH + np.array([[1000.0], [0.0], [-1000.0]])
    return bool(
        close(softmax(BATCH[0]), powers[0] / powers[0].sum())
        and close(softmax(BATCH), powers / powers.sum(axis=1, keepdims=True))
        and close(softmax(BATCH, axis=0), powers / powers.sum(axis=0))
        and close(softmax(far), powers / powers.sum(axis=1, keepdims=True))
        # Logits far from one another within a row.
        and close(softmax(np.array([3000.0, 0.0, -3000.0])), [1, 0, 0])
    )


def looks_right_by_assertions(softmax):
    """What raises is caught."""
    assert looks_right(softmax)
    return True


def looks_right_with_numpys_booleans(softmax):
    return np.all([looks_right(softmax)])


def looks_at_one_row(softmax):
    """You try one row alone, so what goes wrong with a batch slips through.

    Give it a batch too, and axis=0.
    """
    powers = np.exp(BATCH[0])
    return close(softmax(BATCH[0]), powers / powers.sum())


def looks_at_the_sum(softmax):
    """You look at the sum of the probabilities alone, and wrong numbers may sum to 1 too.

    Work out the probabilities of a short row, and compare all of them.
    """
    return bool(np.allclose(softmax(BATCH).sum(axis=1), 1))


def compares_with_equals(softmax):
    """You compare floating-point numbers by ==, and two right formulas may round differently.

    Use np.allclose.
    """
    rows = np.vstack([BATCH, np.linspace(0.1, 2.3, 51).reshape(17, 3)])
    powers = np.exp(rows - rows.max(axis=1, keepdims=True))
    return looks_right(softmax) and bool(np.all(softmax(rows) == powers / powers.sum(axis=1, keepdims=True)))


LOOKS_RIGHT = examiner(
    "looks_right",
    "softmax",
    right=SOFTMAX,
    wrong=SOFTMAX,
    reference=looks_right,
    misconceptions=[looks_at_one_row, looks_at_the_sum, compares_with_equals],
    equivalents=[looks_right_by_assertions, looks_right_with_numpys_booleans],
    hints=["What do the probabilities of a row add up to?", "What becomes of a row when 1000 is added to it?"],
    minutes=10,
    level=2,
)
