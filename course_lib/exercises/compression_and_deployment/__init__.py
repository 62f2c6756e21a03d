"""Chapter 12, compression and deployment: its exercises, in the notebook's order.

The chapter shows `quantize_with_a_bug` as its bug to be spotted, in the answer cell of its repair.
"""

from course_lib.exercises.compression_and_deployment import (
    breaking,
    choosing,
    distilling,
    examining,
    folding,
    multiplying,
    refusing,
    repairing,
    spreading,
    zeroing,
)
from course_lib.exercises.compression_and_deployment.repairing import quantize_with_a_bug

__all__ = ["EXERCISES", "quantize_with_a_bug"]

EXERCISES = [
    zeroing.PRUNE_BY_MAGNITUDE,
    examining.PRUNES_RIGHT,
    choosing.SPARSITY_PER_LAYER,
    spreading.SCALE_AND_ZERO_POINT,
    repairing.QUANTIZE,
    multiplying.INTEGER_PRODUCT,
    breaking.LOST_COLUMN,
    folding.FOLDED_BATCH_NORMALIZATION,
    distilling.DISTILLATION_LOSS,
    refusing.CHECKED_INPUT,
]
