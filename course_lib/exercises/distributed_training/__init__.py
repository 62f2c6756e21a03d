"""Chapter 11, training on many devices: its exercises, in the notebook's order.

The chapter shows `gradient_with_a_bug` as its bug to be spotted, in the answer cell of its repair.
"""

from course_lib.exercises.distributed_training import (
    accumulating,
    breaking,
    broadcasting,
    examining,
    exploring,
    mixing,
    questions,
    reducing,
    repairing,
    replicating,
    scaling,
    sharding,
)
from course_lib.exercises.distributed_training.repairing import gradient_with_a_bug

__all__ = ["EXERCISES", "gradient_with_a_bug"]

EXERCISES = [
    broadcasting.BROADCAST,
    reducing.RING_ALL_REDUCE,
    examining.IS_ALL_REDUCE,
    replicating.DATA_PARALLEL_STEP,
    breaking.UNEVEN_SHARDS,
    accumulating.ACCUMULATED_GRADIENT,
    sharding.SHARDED_ADAM_STEP,
    scaling.SCALED_RATE,
    mixing.MIXED_PRECISION_STEP,
    exploring.DISTRIBUTED_TRAINING_READINGS,
    repairing.REPAIRED_GRADIENT,
    questions.QUIZ,
]
