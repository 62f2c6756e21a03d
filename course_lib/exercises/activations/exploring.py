"""What the activation explorer is asked: where tanh is flat, how fast a gradient fades, and what a leak is worth."""

import math

import numpy as np

from course_lib import activations
from course_lib.checking.questions import Reading, readings

# --- activation_questions
#
# In the chapter, below the explorer; what is not mentioned stays as it is when the explorer opens.
#
# 1. `edge`: tanh. The smallest z above 0 at which the slope is below 0.1, within 2 %.
# 2. `layers`: tanh at z = 1. The smallest depth at which less than 0.001 of the gradient is left.
# 3. `survivor`: random z with σ = 1, ten layers. Which function, the identity apart, leaves most of the gradient? Its
#    name as in the explorer.


def edge(slope):
    """The z > 0 at which tanh′(z) = 1 − tanh(z)² falls to `slope`."""
    return float(np.arctanh(np.sqrt(1 - slope)))


def sigmoid_edge(slope):
    """The z > 0 at which σ′(z) = (1 − tanh(z / 2)²) / 4 falls to `slope`."""
    return 2 * edge(4 * slope)


def layers(slope):
    """The smallest n with slopeⁿ < 0.001."""
    return math.floor(math.log(0.001) / math.log(slope)) + 1


# The random z of the explorer with σ = 1: a row for each draw, a column for each of ten layers.
RANDOM_Z = np.random.default_rng(0).standard_normal((2001, 20))[:, :10]
# What ten layers leave of a gradient there, the median; by each function's name in small letters, with the parameters
# that the explorer has at first.
LEFT = {
    name: float(np.median(np.prod(np.abs(slopes), axis=1)))
    for name, slopes in {
        "sigmoid": activations.sigmoid_derivative(RANDOM_Z),
        "tanh": activations.tanh_derivative(RANDOM_Z),
        "relu": activations.relu_derivative(RANDOM_Z),
        "leaky relu": activations.leaky_relu_derivative(RANDOM_Z, 0.2),
        "prelu": activations.prelu_derivative(RANDOM_Z, 0.25),
        "elu": activations.elu_derivative(RANDOM_Z, 1.0),
        "swish": activations.swish_derivative(RANDOM_Z),
        "gelu": activations.gelu_derivative(RANDOM_Z),
    }.items()
}


def survivor():
    return max(LEFT, key=LEFT.get)


def left_of(name):
    """What ten layers of the function `name` leave of a gradient at random z, as a text."""
    return f"{LEFT[name]:.1e}"


COMPARE = "Set the depth to 10, choose one function after the other, and compare what is left “at random z”."

ACTIVATION_QUESTIONS = readings(
    "activation_questions",
    Reading(
        "edge",
        edge(0.1),
        tolerance=0.02,
        wrong={
            edge(0.01): (
                "This is where tanh's slope falls below 0.01, the threshold that is set at first.",
                "Set “saturated below” to 0.1.",
            ),
            sigmoid_edge(0.1): ("This is the sigmoid's edge.", "Choose tanh."),
            sigmoid_edge(0.01): (
                "This is the sigmoid's edge, and at the threshold 0.01.",
                "Choose tanh, and set “saturated below” to 0.1.",
            ),
            -edge(0.1): ("This is the left edge.", "The right one is asked for, with z above 0."),
        },
        too_small=("The slope is still above 0.1 there.", "Go on to the right."),
        too_large=("The slope is below 0.1 there, but already was before.", "Go to the left."),
    ),
    Reading(
        "layers",
        layers(activations.tanh_derivative(1.0)),
        wrong={
            layers(activations.tanh_derivative(1.0)) - 1: (
                "One layer too few: more than 0.001 is left still.",
                "Go on until the factor “at this z” is below 0.001 for the first time.",
            ),
            layers(activations.sigmoid_derivative(1.0)): (
                "These are the layers of sigmoids.",
                "Choose tanh, and z = 1.",
            ),
            layers(activations.tanh_derivative(2.0)): (
                "These are the layers at z = 2, where the explorer opens.",
                "Set z to 1.",
            ),
        },
        too_small=(
            "More than 0.001 is left after so few layers.",
            "The sentence below the picture says how much “at this z”: go on until it is below 0.001.",
        ),
        too_large=(
            "A smaller depth is enough.",
            "Go back until the factor “at this z” is no longer below 0.001.",
        ),
    ),
    Reading(
        "survivor",
        survivor(),
        wrong={
            "prelu": (
                f"Its slope is 1 or 0.25, by chance in every layer, so {left_of('prelu')} is left, the second most.",
                COMPARE,
            ),
            "leaky relu": (
                f"Its slope is 1 or 0.2, by chance in every layer, so {left_of('leaky relu')} is left.",
                COMPARE,
            ),
            "tanh": (
                f"Its slope is 1 at z = 0 only and falls off on both sides, so {left_of('tanh')} is left.",
                COMPARE,
            ),
            "swish": (
                f"Its slope exceeds 1 for large z, but is ½ at z = 0 and less to the left: {left_of('swish')} is left.",
                COMPARE,
            ),
            "gelu": (
                f"As with Swish, its slope is ½ at z = 0 and less to the left, so {left_of('gelu')} is left.",
                COMPARE,
            ),
            "sigmoid": (f"Its slope is nowhere above ¼, so {left_of('sigmoid')} is left.", COMPARE),
            "relu": (
                "One z below 0 is enough to stop the gradient, and among ten random z there nearly always is one: "
                "nothing is left.",
                COMPARE,
            ),
            "identity": (
                "It leaves everything, but it is the one that is left out: it has no bend.",
                "Of the others, which one leaves most?",
            ),
        },
    ),
    hints=[
        "Set the function and z (drag the point, or type z), then read the sentence below the picture.",
        "For `edge`: set “saturated below” to 0.1, and drag z to where the right-hand shade begins.",
        "For `layers`: z = 1, then step the depth until the factor “at this z” is below 0.001.",
        "For `survivor`: depth 10 and σ = 1. Which function's green curve lies highest there, whatever z you drag?",
        'Return a dict: `{"edge": a number, "layers": a number, "survivor": "…"}`.',
    ],
)
