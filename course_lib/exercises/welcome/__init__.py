"""Chapter 00: three small functions on which a reader meets the checks, and a quiz about the course itself.

The references are here and not in the mathematics: later chapters have losses, scaling and optimizers in full.
"""

from course_lib.exercises.welcome.descending import WALK_DOWNHILL
from course_lib.exercises.welcome.measuring import PREDICTION_ERROR, prediction_error
from course_lib.exercises.welcome.questions import QUIZ
from course_lib.exercises.welcome.rescaling import RESCALE_COLUMNS, rescale_columns

__all__ = [
    "EXERCISES",
    "PREDICTION_ERROR",
    "QUIZ",
    "RESCALE_COLUMNS",
    "WALK_DOWNHILL",
    "prediction_error",
    "rescale_columns",
]

EXERCISES = [PREDICTION_ERROR, RESCALE_COLUMNS, WALK_DOWNHILL, QUIZ]
