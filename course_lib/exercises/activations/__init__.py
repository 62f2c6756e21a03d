"""Chapter 01, activations: a module a family, and EXERCISES in the notebook's order."""

from course_lib.exercises.activations import exploring, leaky, outputs, questions, relu, sigmoid, smooth, tanh
from course_lib.exercises.activations.leaky import prelu_gradients
from course_lib.exercises.activations.relu import dead_fraction
from course_lib.exercises.activations.sigmoid import stack_derivative

# What the chapter uses where course_lib.activations has no such function.
__all__ = ["EXERCISES", "dead_fraction", "prelu_gradients", "stack_derivative"]

EXERCISES = [
    exploring.ACTIVATION_QUESTIONS,
    sigmoid.SIGMOID,
    sigmoid.SIGMOID_DERIVATIVE,
    sigmoid.STACK_DERIVATIVE,
    tanh.TANH,
    relu.RELU,
    relu.RELU_DERIVATIVE,
    relu.DEAD_FRACTION,
    leaky.LEAKY_RELU,
    leaky.PRELU_GRADIENTS,
    smooth.ELU,
    smooth.SWISH_AND_SLOPE,
    outputs.SOFTMAX,
    tanh.TANH_BACKWARD,
    questions.QUIZ,
]
