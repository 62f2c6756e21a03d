"""What the activation explorer is asked: where tanh is flat, how fast a gradient fades, and what a leak is worth."""

import math

import numpy as np

from course_lib import activations
from course_lib.checking.exercise import readings

# --- activation_questions
#
# In the chapter, below the explorer; what is not mentioned stays as it is when the explorer opens.
#
# 1. `edge`: tanh. The smallest z above 0 at which the slope is below 0.1, within 2 %.
# 2. `layers`: tanh at z = 1. The smallest depth at which less than 0.001 of the gradient is left.
# 3. `survivor`: z = −2, ten layers. Which function, the identity apart, leaves most of the gradient? Its name as in the
#    explorer.


def edge(slope):
    """The z > 0 at which tanh′(z) = 1 − tanh(z)² falls to `slope`."""
    return float(np.arctanh(np.sqrt(1 - slope)))


def sigmoid_edge(slope):
    """The z > 0 at which σ′(z) = (1 − tanh(z / 2)²) / 4 falls to `slope`."""
    return 2 * edge(4 * slope)


def layers(slope):
    """The smallest n with slopeⁿ < 0.001."""
    return math.floor(math.log(0.001) / math.log(slope)) + 1


# Each function's slope at z = −2, by its name in small letters; parameters as the explorer has them at first.
SLOPES = {
    "sigmoid": activations.sigmoid_derivative(-2.0),
    "tanh": activations.tanh_derivative(-2.0),
    "relu": activations.relu_derivative(-2.0),
    "leaky relu": activations.leaky_relu_derivative(-2.0, 0.2),
    "prelu": activations.prelu_derivative(-2.0, 0.25),
    "elu": activations.elu_derivative(-2.0, 1.0),
    "swish": activations.swish_derivative(-2.0),
}


def survivor():
    return max(SLOPES, key=lambda name: abs(SLOPES[name]))


def left_of(name):
    """What ten layers of the function `name` leave of a gradient at z = −2, as a text."""
    return f"{abs(float(SLOPES[name])) ** 10:.1e}"


ACTIVATION_QUESTIONS = readings(
    "activation_questions",
    {
        "edge": {
            "answer": edge(0.1),
            "tolerance": 0.02,
            "wrong": {
                edge(0.01): "this is where tanh's slope falls below 0.01, the threshold that is set at first. Set "
                "“saturated below” to 0.1.",
                sigmoid_edge(0.1): "this is the sigmoid's edge. Choose tanh.",
                sigmoid_edge(0.01): "this is the sigmoid's edge, and at the threshold 0.01. Choose tanh and 0.1.",
                -edge(0.1): "this is the left edge. The right one is asked for, with z above 0.",
            },
            "too small": "the slope is still above 0.1 there. Go on to the right.",
            "too large": "the slope is below 0.1 there, but already was before. Go to the left.",
        },
        "layers": {
            "answer": layers(activations.tanh_derivative(1.0)),
            "wrong": {
                layers(activations.tanh_derivative(1.0)) - 1: "one layer too few: more than 0.001 is left still.",
                layers(
                    activations.sigmoid_derivative(1.0)
                ): "these are the layers of sigmoids. Choose tanh, and z = 1.",
                layers(
                    activations.tanh_derivative(2.0)
                ): "these are the layers at z = 2, where the explorer opens. Set z to 1.",
            },
            "too small": "more than 0.001 is left after so few layers. The sentence says how much “at this z”.",
            "too large": "a smaller depth is enough: go back until the factor “at this z” is no longer below 0.001.",
        },
        "survivor": {
            "answer": survivor(),
            "wrong": {
                "leaky relu": f"its slope there is 0.2, so {left_of('leaky relu')} is left: the second most.",
                "elu": f"its slope there is exp(−2) ≈ 0.14 and falls on to the left, so {left_of('elu')} is left.",
                "swish": f"its slope there is about −0.09, so {left_of('swish')} is left, less than for a leak.",
                "sigmoid": f"its slope there is about 0.1, so {left_of('sigmoid')} is left.",
                "tanh": f"its slope is 1 at z = 0, but at z = −2 it is flatter than the sigmoid: {left_of('tanh')} is "
                "left.",
                "relu": "its slope is 0 there: nothing is left.",
                "identity": "it leaves everything, but it is the one that is left out: it has no bend.",
            },
        },
    },
    hints=[
        "Set the function and z (drag the point, or type z), then read the sentence below the picture.",
        "For `edge`: set “saturated below” to 0.1, and drag z to where the right-hand shade begins.",
        "For `layers`: z = 1, then step the depth until the factor “at this z” is below 0.001.",
        'Return a dict: `{"edge": a number, "layers": a number, "survivor": "…"}`.',
    ],
)
