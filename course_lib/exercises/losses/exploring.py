"""What the loss explorer is asked: how far an outlier pulls, when Huber becomes a square, and who is stuck."""

import numpy as np

from course_lib import activations, line_fits
from course_lib.checking.questions import Reading, readings

# --- loss_questions
#
# In the chapter, below the explorer; what is not mentioned stays as it is when the explorer opens.
#
# 1. `squares`: the outlier dragged down to (9, −6). How fast does the line by squared errors rise?
# 2. `delta`: the outlier at its first place. The smallest δ at which Huber's line rises no faster than that by squares.
# 3. `stuck`: class 1, prediction −6. How many times as steep as the squared error of σ(z) is cross-entropy?

# The points of the explorer, of which the last is the outlier.
X = np.append(np.arange(0.0, 9.0), 9.0)
Y = 1.0 + 0.5 * np.arange(0.0, 9.0) + np.array([0.3, -0.4, 0.1, 0.5, -0.2, -0.3, 0.4, 0.0, -0.1])
DELTAS = np.arange(1, 61) / 10


def rise(fit, outlier, *settings):
    """How fast the line rises that `fit` leads through the points with the outlier at (9, outlier), as it is shown."""
    return round(fit(X, np.append(Y, outlier), *settings)[0], 2)


def smallest_delta():
    by_squares = rise(line_fits.line_of_least_squares, -2.0)
    return float(next(delta for delta in DELTAS if rise(line_fits.line_of_huber, -2.0, delta) <= by_squares))


def steeper(z):
    """How many times as steep as (σ(z) − 1)² cross-entropy is at z, for class 1."""
    p = float(activations.sigmoid(np.array(z)))
    return 1 / (2 * p * (1 - p))


SQUARES = rise(line_fits.line_of_least_squares, -6.0)

LOSS_QUESTIONS = readings(
    "loss_questions",
    Reading(
        "squares",
        SQUARES,
        tolerance=0.05,
        wrong={
            rise(line_fits.line_of_least_absolute_deviations, -6.0): (
                "This is the line by absolute errors, which did not move at all.",
                "Read the one by squared errors.",
            ),
            rise(line_fits.line_of_huber, -6.0): ("This is Huber's line.", "Read the one by squared errors."),
            rise(line_fits.line_of_least_squares, -2.0): (
                "This is how it rises when the explorer opens, with the outlier at (9, −2).",
                "Drag the outlier down to −6, or type it into “outlier y”.",
            ),
            -SQUARES: ("The line falls there: its sign is lost.", "Write the minus."),
        },
        too_small=("The line does not fall that fast.", "Drag the outlier to (9, −6), and read the line by squares."),
        too_large=(
            "With the outlier so low the line by squared errors falls faster.",
            "Drag the outlier to (9, −6), and read the line by squares; a line that falls has a negative rise.",
        ),
        why="The line by squared errors now falls, although nine of ten points rise. The two others stand as before.",
    ),
    Reading(
        "delta",
        smallest_delta(),
        wrong={
            6.0: (
                "That is the largest δ that the explorer has; the lines are one well before.",
                "Go back until Huber's line leaves that by squared errors.",
            ),
        },
        too_small=(
            "With this δ Huber's line still rises faster than the one by squared errors.",
            "Go on, in steps of 0.1, until the sentence says one number for both.",
        ),
        too_large=(
            "A smaller δ is enough.",
            "Go back, in steps of 0.1, as long as the sentence says one number for both.",
        ),
        why="The outlier is 4.9 away from the line by squared errors. No error is beyond such a δ: all are squared.",
    ),
    Reading(
        "stuck",
        steeper(-6.0),
        tolerance=0.03,
        wrong={
            round(1 / steeper(-6.0), 5): (
                "That is the slope of the squared error divided by that of cross-entropy: the quotient is upside down.",
                "Divide the slope of cross-entropy by that of the squared error.",
            ),
            -steeper(-6.0): (
                "Both slopes point the same way, so their quotient is positive.",
                "Write it without the minus.",
            ),
            6.03: (
                "These are the values divided, not the slopes.",
                "The slopes stand in brackets in the sentence.",
            ),
            steeper(-3.0): ("This is the quotient at −3.", "Set the prediction to −6."),
            steeper(0.0): ("This is the quotient at 0, in the middle.", "Set the prediction to −6."),
        },
        too_small=(
            "Cross-entropy is more times as steep as that.",
            "Choose “class 1”, type −6 as the prediction, and divide the two slopes, which stand in brackets.",
        ),
        too_large=(
            "Cross-entropy is not as many times as steep.",
            "Choose “class 1”, type −6 as the prediction, and divide the two slopes, which stand in brackets.",
        ),
        why="Both are wrong by nearly 1, but the sigmoid's own slope, 0.0025, is a factor of one of them only.",
    ),
    hints=[
        "Begin with *Reset* each time, and read the sentence below the picture.",
        "For `squares`: drag the diamond straight down, or type −6 into “outlier y”.",
        "For `delta`: step the slider of δ to the right until both lines rise by the same number.",
        "For `stuck`: choose “class 1”, type −6 as the prediction, and divide the two numbers in brackets.",
    ],
)
