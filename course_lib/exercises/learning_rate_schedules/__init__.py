"""Chapter 06, learning rate schedules: its exercises, and what its cells use of them.

The chapter shows `warm_up_with_a_bug` as its bug to be spotted, in the answer cell of its repair.
"""

from course_lib.exercises.learning_rate_schedules import (
    counting,
    cycling,
    decaying,
    questions,
    reaching,
    reading,
    stepping,
    warming,
    waving,
)
from course_lib.exercises.learning_rate_schedules.reaching import parts_of_the_loss
from course_lib.exercises.learning_rate_schedules.warming import warm_up_with_a_bug

__all__ = ["EXERCISES", "parts_of_the_loss", "warm_up_with_a_bug"]

EXERCISES = [
    reading.SCHEDULE_READINGS,
    stepping.PIECEWISE_CONSTANT,
    counting.EPOCHS_TO_BOUNDARIES,
    decaying.EXPONENTIAL_DECAY,
    decaying.INVERSE_TIME_DECAY,
    waving.COSINE_DECAY,
    cycling.ONE_CYCLE,
    reading.RANGE_TEST_READINGS,
    reaching.MY_SCHEDULE,
    warming.WARM_UP,
    questions.QUIZ,
]
