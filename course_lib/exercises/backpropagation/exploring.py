"""What the graph stepper is asked: what two ways make, when a ReLU is open, and what a saturated unit lets through."""

import math

from course_lib.checking.questions import Reading, readings

# --- backpropagation_questions
#
# In the chapter, below the explorer; what is not mentioned stays as it is when the explorer opens.
#
# 1. `twice`: *a node used twice*, a = 3 and b = −1. The gradient of a at the end.
# 2. `open`: *a ReLU*. The smallest c on the slider at which the gradient of a is not 0 at the end.
# 3. `largest`: *a unit and its loss*, w = 3. The input with the largest gradient at the end, signs aside.


def twice(a, b):
    """f = (a + b) · a, so ∂f/∂a = a + (a + b): what comes by the sum, and what comes straight."""
    return a + (a + b)


def opens(a, b):
    """The smallest c in tenths with a · b + c > 0."""
    return (math.floor(round(-10 * a * b, 9)) + 1) / 10


def largest(w, x, b, y):
    """L = (tanh(w x + b) − y)²: what comes to z has been multiplied by the slope of tanh, what comes to y has not."""
    t = math.tanh(w * x + b)
    by_z = 2 * (t - y) * (1 - t**2)
    gradients = {"w": by_z * x, "x": by_z * w, "b": by_z, "y": -2 * (t - y)}
    return max(gradients, key=lambda name: abs(gradients[name]))


SATURATED = (
    "What comes back to it goes through tanh, whose slope is 0.001 at z = 4.",
    "Step to the end with w = 3, and compare the four gradients.",
)

BACKPROPAGATION_QUESTIONS = readings(
    "backpropagation_questions",
    Reading(
        "twice",
        twice(3.0, -1.0),
        wrong={
            2.0: (
                "That is what comes straight from f, the other factor. a moves f on a second way, through s.",
                "Step on to the end, and see what is added.",
            ),
            3.0: (
                "That is what comes through s. a moves f on a second way, straight.",
                "Step to the end, and see what stands at a before this is added.",
            ),
            6.0: (
                "That is the value of f, not the gradient of a.",
                "Step to the end, and read what stands at a after “grad”.",
            ),
            4.0: (
                "At a = 3 and b = −1 another number comes out.",
                "Set both sliders, and step to the end.",
            ),
        },
    ),
    Reading(
        "open",
        opens(1.5, -1.0),
        wrong={
            1.5: (
                "At c = 1.5, z is exactly 0, and there ReLU's slope is taken as 0.",
                "Go one step of the slider further.",
            ),
            1.0: (
                "At c = 1, z is −0.5: the ReLU is closed.",
                "Raise c, at the last step, until a gradient comes to a.",
            ),
        },
        too_small=(
            "There z is not above 0, and the ReLU lets nothing through.",
            "Raise c, at the last step, until a gradient comes to a.",
        ),
        too_large=(
            "There the ReLU is open, but it opens earlier.",
            "Lower c, at the last step, to the smallest value at which a's gradient is not 0.",
        ),
    ),
    Reading(
        "largest",
        largest(3.0, 1.5, -0.5, -1.0),
        wrong={"w": SATURATED, "x": SATURATED, "b": SATURATED},
    ),
    hints=[
        "Choose the graph, set its sliders, move *step* to the end, and read the sentence below the picture.",
        "For `open`: stay at the last step, and move c.",
        'Return a dict: `{"twice": a number, "open": a number, "largest": "…"}`.',
    ],
)
