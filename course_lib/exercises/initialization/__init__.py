"""Chapter 02, initialization: a module an exercise or two, and EXERCISES in the notebook's order."""

from course_lib.exercises.initialization import (
    breaking,
    counting,
    exploring,
    questions,
    spreading,
    truncated,
    turning,
)
from course_lib.exercises.initialization.breaking import trained
from course_lib.exercises.initialization.glorot import GLOROT_UNIFORM
from course_lib.exercises.initialization.he import HE_NORMAL

# What the chapter shows: the training of the twins, and the code with the bug.
__all__ = ["EXERCISES", "GLOROT_UNIFORM", "trained"]

EXERCISES = [
    exploring.MICROSCOPE_QUESTIONS,
    breaking.STUCK_TWINS,
    spreading.LIVING_GAIN,
    spreading.SPREAD_FACTORS,
    counting.FANS,
    HE_NORMAL,
    truncated.TRUNCATED_NORMAL,
    turning.ORTHOGONAL,
    GLOROT_UNIFORM,
    questions.QUIZ,
]
