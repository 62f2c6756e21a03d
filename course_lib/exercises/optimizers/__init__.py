"""Chapter 05, optimizers: its exercises, and our answers to them.

The chapter shows `AdadeltaWithABug` as its bug to be spotted; the wording of the questions on the race stands
in `racing`, that of the quiz in `questions`.
"""

from course_lib.exercises.optimizers import (
    adam,
    adamw,
    adaptive,
    batches,
    descending,
    momentum,
    questions,
    racing,
    repairing,
)
from course_lib.exercises.optimizers.batches import minibatches
from course_lib.exercises.optimizers.repairing import AdadeltaWithABug

__all__ = ["EXERCISES", "AdadeltaWithABug", "minibatches"]

EXERCISES = [
    racing.RACE_QUESTIONS,
    batches.MINIBATCHES,
    descending.GRADIENT_DESCENT,
    momentum.MOMENTUM,
    momentum.NESTEROV,
    adaptive.ADAGRAD,
    adaptive.RMSPROP,
    adam.ADAM,
    adamw.ADAMW,
    repairing.REPAIRED_ADADELTA,
    questions.QUIZ,
]
