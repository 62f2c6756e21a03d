"""Chapter 09, a network that looks at images: its exercises, in the notebook's order.

The chapter shows `filter_with_a_bug` as its bug to be spotted, in the answer cell of its repair.
"""

from course_lib.exercises.mnist_cnn import (
    breaking,
    building,
    convolving,
    examining,
    exploring,
    measuring,
    pooling,
    pooling_back,
    questions,
    repairing,
    returning,
    sliding,
)
from course_lib.exercises.mnist_cnn.building import small_cnn
from course_lib.exercises.mnist_cnn.repairing import filter_with_a_bug

__all__ = ["EXERCISES", "filter_with_a_bug", "small_cnn"]

EXERCISES = [
    sliding.CORRELATE_1D,
    measuring.OUTPUT_SIZE,
    examining.SIZES_ARE_RIGHT,
    convolving.CONVOLVE_2D,
    exploring.MNIST_CNN_READINGS,
    pooling.MAX_POOL,
    breaking.SHIFTED_IMAGES,
    returning.CONVOLUTION_GRADIENTS,
    pooling_back.MAX_POOL_GRADIENT,
    building.SMALL_CNN,
    repairing.REPAIRED_FILTER,
    questions.QUIZ,
]
