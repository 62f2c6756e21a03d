"""Chapter 01, activations: a module a family, and EXERCISES in the notebook's order."""

from course_lib.exercises.activations import (
    dead_units,
    exploring,
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
from course_lib.exercises.activations.prelu import prelu_gradients
from course_lib.exercises.activations.stacking import stack_derivative

# What the chapter uses where course_lib.activations has no such function.
__all__ = ["EXERCISES", "dead_fraction", "prelu_gradients", "stack_derivative"]

EXERCISES = [
    exploring.ACTIVATION_QUESTIONS,
    sigmoid.SIGMOID,
    sigmoid.SIGMOID_DERIVATIVE,
    stacking.STACK_DERIVATIVE,
    tanh.TANH,
    relu.RELU,
    relu.RELU_DERIVATIVE,
    dead_units.DEAD_FRACTION,
    leaky.LEAKY_RELU,
    prelu.PRELU_GRADIENTS,
    smooth.ELU,
    smooth.SWISH_AND_SLOPE,
    outputs.SOFTMAX,
    tanh.TANH_BACKWARD,
    questions.QUIZ,
]
