"""Chapter 03, losses: a module for each, and EXERCISES in the notebook's order.

The chapter shows `naive_crossentropy` before it is broken, and `loss_with_a_small_number` as its bug to be spotted.
"""

from course_lib.exercises.losses import (
    breaking,
    counting,
    crossentropy,
    examining,
    exploring,
    fromlogits,
    hubers,
    likelihood,
    questions,
    repairing,
    squares,
)
from course_lib.exercises.losses.breaking import naive_crossentropy
from course_lib.exercises.losses.repairing import loss_with_a_small_number

__all__ = ["EXERCISES", "loss_with_a_small_number", "naive_crossentropy"]

EXERCISES = [
    exploring.LOSS_QUESTIONS,
    likelihood.NORMAL_NLL,
    squares.MSE_GRADIENT,
    hubers.HUBER,
    breaking.BREAKING_PREDICTIONS,
    crossentropy.CATEGORICAL_CROSSENTROPY,
    fromlogits.CROSSENTROPY_FROM_LOGITS,
    examining.LOOKS_LIKE_CROSSENTROPY,
    counting.POISSON_LOSS,
    repairing.STABLE_BINARY_CROSSENTROPY,
    questions.QUIZ,
]
