"""The exercise whose answer is a test: is this a cross-entropy?"""

import numpy as np

from course_lib.checking.examiner import examiner
from course_lib.exercises.losses.crossentropy import (
    MISTAKES,
    categorical_crossentropy,
    crossentropy_by_loop,
    crossentropy_clipped_below,
)

Y = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
P = np.array([[0.05, 0.95, 0.0], [0.1, 0.8, 0.1]])
# Four classes, and what the first two examples do not have: certainty, right and wrong, and a tiny probability.
OTHER_Y = np.array([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]])
OTHER_P = np.array([[1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [0.3, 0.3, 0.4 - 1e-6, 1e-6]])


def looks_like_crossentropy(crossentropy):
    """Return whether a function gives the loss of two examples worked out by hand, and of certainty and tiny p."""
    by_hand = -(np.log(0.95) + np.log(0.1)) / 2
    at_the_limits = -(np.log(1e-7) + np.log(1e-6)) / 3
    # Certain and right may cost 1e-7 or 0.
    return bool(
        np.isclose(crossentropy(Y, P), by_hand) and np.isclose(crossentropy(OTHER_Y, OTHER_P), at_the_limits, rtol=1e-6)
    )


def looks_by_assertions(crossentropy):
    assert looks_like_crossentropy(crossentropy)
    return True


def looks_row_by_row(crossentropy):
    for y, p, loss in [*zip(Y, P, (-np.log(0.95), -np.log(0.1)), strict=True),
                       *zip(OTHER_Y, OTHER_P, (0.0, -np.log(1e-7), -np.log(1e-6)), strict=True)]:  # fmt: skip
        if abs(crossentropy(y[None], p[None]) - loss) > 2e-6:
            return False
    both = crossentropy(np.vstack([Y, Y[::-1], Y]), np.vstack([P, P[::-1], P]))
    return bool(abs(both - 1.1769392) < 1e-6)


def looks_at_one_example(crossentropy):
    """You try one example alone, so what goes wrong between several slips through: the mean, the axis.

    Give it a batch of two or three examples too, with another number of classes.
    """
    return bool(
        np.isclose(crossentropy(Y[1:], P[1:]), -np.log(0.1))
        and np.isclose(crossentropy(OTHER_Y[1:2], OTHER_P[1:2]), -np.log(1e-7), rtol=1e-6)
        and np.isclose(crossentropy(OTHER_Y[2:], OTHER_P[2:]), -np.log(1e-6), rtol=1e-6)
    )


def looks_at_mild_examples(crossentropy):
    """You try ordinary probabilities alone, so what becomes of 0, of 1 and of tiny numbers slips through.

    Give it a true class with the probability 0, and work out what the clip makes of it.
    """
    p = np.array([[0.2, 0.5, 0.3], [0.1, 0.7, 0.2]])
    return bool(np.isclose(crossentropy(np.eye(3)[[1, 0]], p), -(np.log(0.5) + np.log(0.1)) / 2))


def looks_at_the_numbers_of_the_course(crossentropy):
    """You try the two examples of the chapter, in which no true class has a probability near 0.

    Give it a true class with the probability 0, and one with a tiny probability.
    """
    return bool(np.isclose(crossentropy(Y, P), 1.1769392, atol=1e-6))


def looks_at_the_sign(crossentropy):
    """You ask for a loss that is not negative, and many wrong ones are that.

    Work out the loss of two examples by hand, and compare the numbers.
    """
    return bool(crossentropy(Y, P) >= 0)


def looks_at_finiteness(crossentropy):
    """You ask for a loss that is finite, and many wrong ones are that.

    Work out the loss of two examples by hand, and compare the numbers.
    """
    return bool(np.isfinite(crossentropy(OTHER_Y, OTHER_P)))


def looks_which_is_better(crossentropy):
    """You ask whether a better prediction has a smaller loss, which many wrong losses have too.

    Compare numbers that you have worked out by hand.
    """
    better, worse = np.array([[0.8, 0.2], [0.3, 0.7]]), np.array([[0.2, 0.8], [0.7, 0.3]])
    return bool(crossentropy(np.eye(2), better) < crossentropy(np.eye(2), worse))


def wants_nothing_for_certainty(crossentropy):
    """You demand exactly 0 for what is certain and right, where the clip at 1 − 1e-7 leaves a loss of 1e-7.

    Allow for both: compare with a tolerance, such as 1e-6.
    """
    return bool(crossentropy(Y, Y) == 0) and looks_like_crossentropy(crossentropy)


def compares_rounded_numbers_with_equals(crossentropy):
    """You compare floating-point numbers by ==, and a number with few digits is not the whole one.

    Use np.isclose, with a tolerance.
    """
    return bool(crossentropy(Y, P) == 1.1769392)


def gives_integer_labels(crossentropy):
    """You give it integer labels, and a right one may take one-hot rows only.

    Write the labels as rows of zeros with a single 1.
    """
    return bool(np.isclose(crossentropy(np.array([1, 2]), P), 1.1769392, atol=1e-6))


# One that returns an array makes no comparison with a number False: it would only show that a test gives no verdict.
EXAMINED = [mistake for mistake in MISTAKES if mistake.name != "one_by_one"]

LOOKS_LIKE_CROSSENTROPY = examiner(
    "looks_like_crossentropy",
    "cross-entropy",
    right={
        "clipped on both sides": categorical_crossentropy,
        "clipped at 1e-7 alone": crossentropy_clipped_below,
        "example by example": crossentropy_by_loop,
    },
    wrong=EXAMINED,
    reference=looks_like_crossentropy,
    misconceptions=[
        looks_at_one_example,
        looks_at_mild_examples,
        looks_at_the_numbers_of_the_course,
        looks_at_the_sign,
        looks_at_finiteness,
        looks_which_is_better,
        wants_nothing_for_certainty,
        gives_integer_labels,
    ],
    equivalents=[looks_by_assertions, looks_row_by_row],
    hints=[
        "Work out the loss of two or three examples by hand, and compare with np.isclose.",
        "Which mistakes would your examples not show? Think of the mean, the axis, the sign, and of another number of "
        "classes than of examples.",
        "What must come out where the true class has the probability 0? And where it has 0.000001?",
    ],
    minutes=15,
    level=3,
)
