"""Chapter 08, the whole path from pixels to a judged network: its exercises, and our answers to them.

The chapter's notebook goes on with these answers, never with the learner's: `ours.scale_images(…)`.
"""

from course_lib.exercises.mnist_mlp import preparing
from course_lib.exercises.mnist_mlp.preparing import one_hot, scale_images, standardize

__all__ = ["EXERCISES", "one_hot", "scale_images", "standardize"]

EXERCISES = [
    preparing.STANDARDIZE,
    preparing.SCALE_IMAGES,
    preparing.ONE_HOT,
]
