"""Chapter 01, activations: squashing functions, rectifiers, and what a network's output needs."""

from course_lib.exercises.activations import squashing

EXERCISES = [
    squashing.SIGMOID,
    squashing.SIGMOID_DERIVATIVE,
    squashing.STACK_DERIVATIVE,
    squashing.TANH,
    squashing.TANH_BACKWARD,
]
