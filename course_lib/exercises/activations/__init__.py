"""Chapter 01, activations: a module a family, and EXERCISES in the notebook's order."""

from course_lib.exercises.activations import (
    breaking,
    dead_units,
    exploring,
    jacobian,
    leaky,
    outputs,
    prelu,
    questions,
    relu,
    sigmoid,
    smooth,
    stacking,
    tanh,
)
from course_lib.exercises.activations.dead_units import dead_fraction
from course_lib.exercises.activations.tanh import TANH_BACKWARD

# What the chapter shows: the count of dead units before it is asked for, and the code with the bug.
__all__ = ["EXERCISES", "TANH_BACKWARD", "dead_fraction"]

EXERCISES = [
    exploring.ACTIVATION_QUESTIONS,
    sigmoid.SIGMOID,
    sigmoid.SIGMOID_DERIVATIVE,
    stacking.STACK_DERIVATIVE,
    tanh.TANH,
    relu.RELU,
    dead_units.DEAD_FRACTION,
    leaky.LEAKY_RELU_AND_SLOPE,
    prelu.PRELU_GRADIENTS,
    smooth.ELU,
    smooth.SWISH_AND_SLOPE,
    breaking.BREAKING_LOGITS,
    outputs.SOFTMAX,
    jacobian.SOFTMAX_JACOBIAN,
    TANH_BACKWARD,
    questions.QUIZ,
]
