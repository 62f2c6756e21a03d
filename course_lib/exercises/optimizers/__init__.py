"""Chapter 05, optimizers: its exercises, and our answers to them.

The chapter shows `AdadeltaWithABug` as its bug to be spotted, in the answer cell of its repair.
"""

from course_lib.exercises.optimizers import (
    adagrad,
    adam,
    adamw,
    batches,
    descending,
    momentum,
    questions,
    racing,
    repairing,
    rmsprop,
)
from course_lib.exercises.optimizers.batches import minibatches
from course_lib.exercises.optimizers.repairing import AdadeltaWithABug

__all__ = ["EXERCISES", "AdadeltaWithABug", "minibatches"]

EXERCISES = [
    racing.DESCENT_QUESTIONS,
    batches.MINIBATCHES,
    descending.GRADIENT_DESCENT,
    momentum.MOMENTUM,
    momentum.NESTEROV,
    adagrad.ADAGRAD,
    rmsprop.RMSPROP,
    adam.ADAM,
    adamw.ADAMW,
    racing.RACE_QUESTIONS,
    repairing.REPAIRED_ADADELTA,
    questions.QUIZ,
]
