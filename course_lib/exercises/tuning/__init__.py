"""Chapter 13, tuning: a module for each exercise, and EXERCISES in the notebook's order.

The chapter shows `best_settings_with_a_bug` as its bug to be spotted, in the answer cell of its repair.
"""

from course_lib.exercises.tuning import (
    choosing,
    comparing,
    drawing,
    examining,
    expecting,
    exploring,
    halving,
    questions,
    stretching,
    widening,
)
from course_lib.exercises.tuning.choosing import best_settings_with_a_bug

__all__ = ["EXERCISES", "best_settings_with_a_bug"]

EXERCISES = [
    stretching.LOG_UNIFORM,
    drawing.RANDOM_SEARCH,
    widening.WIDEN,
    expecting.EXPECTED_BEST,
    comparing.FAIR_COMPARISON,
    examining.TELLS_LUCK_APART,
    halving.SUCCESSIVE_HALVING,
    exploring.TUNING_READINGS,
    choosing.BEST_SETTINGS,
    questions.QUIZ,
]
