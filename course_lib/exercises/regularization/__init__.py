"""Chapter 07, regularization: a module for each family of exercises, and EXERCISES in the notebook's order."""

from course_lib.exercises.regularization import penalizing, shifting, stopping

EXERCISES = [
    penalizing.L1_L2,
    stopping.EARLY_STOPPING,
    shifting.SHIFT_IMAGES,
]
