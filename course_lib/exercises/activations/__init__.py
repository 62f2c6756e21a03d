"""Chapter 01, activations: a module a family, and EXERCISES in the notebook's order."""

from course_lib.exercises.activations import leaky, outputs, relu, sigmoid, smooth, tanh

EXERCISES = [
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
    outputs.QUIZ,
]
