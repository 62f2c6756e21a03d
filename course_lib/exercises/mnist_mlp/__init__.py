"""Chapter 08, the whole path from pixels to a judged network: its exercises, and our answers to them.

The chapter shows `loss_with_a_bug` as its bug to be spotted, in the answer cell of its repair.
"""

from course_lib.exercises.mnist_mlp import (
    building,
    classifying,
    confusing,
    encoding,
    exploring,
    finding,
    predicting,
    questions,
    repairing,
    scaling,
    standardizing,
)
from course_lib.exercises.mnist_mlp.building import build_mlp
from course_lib.exercises.mnist_mlp.confusing import confusion_matrix
from course_lib.exercises.mnist_mlp.encoding import one_hot
from course_lib.exercises.mnist_mlp.finding import worst_mistakes
from course_lib.exercises.mnist_mlp.predicting import mlp_predict
from course_lib.exercises.mnist_mlp.repairing import loss_with_a_bug
from course_lib.exercises.mnist_mlp.scaling import scale_images
from course_lib.exercises.mnist_mlp.standardizing import standardize

__all__ = [
    "EXERCISES",
    "build_mlp",
    "confusion_matrix",
    "loss_with_a_bug",
    "mlp_predict",
    "one_hot",
    "scale_images",
    "standardize",
    "worst_mistakes",
]

EXERCISES = [
    standardizing.STANDARDIZE,
    scaling.SCALE_IMAGES,
    encoding.ONE_HOT,
    building.BUILD_MLP,
    classifying.CLASSIFY_DIGITS,
    confusing.CONFUSION_MATRIX,
    finding.WORST_MISTAKES,
    exploring.MNIST_QUESTIONS,
    predicting.MLP_PREDICT,
    repairing.REPAIRED_LOSS,
    questions.QUIZ,
]
