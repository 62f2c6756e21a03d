"""Chapter 07, regularization: a module for each family of exercises, and EXERCISES in the notebook's order.

The chapter shows `layer_normalization_with_a_bug` as its bug to be spotted, in the answer cell of its repair.
"""

from course_lib.exercises.regularization import (
    calming,
    dropping,
    examining,
    exploring,
    layering,
    normalizing,
    penalizing,
    questions,
    shifting,
    stopping,
    turning,
    way_back,
)
from course_lib.exercises.regularization.calming import losses_of_the_fit
from course_lib.exercises.regularization.layering import layer_normalization_with_a_bug

__all__ = ["EXERCISES", "layer_normalization_with_a_bug", "losses_of_the_fit"]

EXERCISES = [
    penalizing.L1_L2,
    dropping.DROPOUT,
    stopping.EARLY_STOPPING,
    shifting.SHIFT_IMAGES,
    calming.CALM,
    normalizing.BATCH_NORMALIZATION,
    exploring.REGULARIZATION_READINGS,
    turning.SIGN_FLIPPING_BATCHES,
    way_back.BATCH_NORMALIZATION_GRADIENT,
    examining.IS_BATCH_NORMALIZATION,
    layering.LAYER_NORMALIZATION,
    questions.QUIZ,
]
