"""Chapter 04, backpropagation: its exercises, and our answers to them.

The chapter shows `ValueWithABug` and `lookup_gradient_with_a_bug`, each in the answer cell of its repair.
"""

from course_lib.exercises.backpropagation import (
    clipping,
    dense,
    exploring,
    graphs,
    lookup,
    measuring,
    nets,
    output,
    questions,
    stretching,
    training,
    two_layers,
)
from course_lib.exercises.backpropagation.graphs import ValueWithABug
from course_lib.exercises.backpropagation.lookup import lookup_gradient_with_a_bug
from course_lib.exercises.backpropagation.nets import functional_net, sequential_net, subclass_net

__all__ = [
    "EXERCISES",
    "ValueWithABug",
    "functional_net",
    "lookup_gradient_with_a_bug",
    "sequential_net",
    "subclass_net",
]

EXERCISES = [
    exploring.BACKPROPAGATION_QUESTIONS,
    graphs.VALUE,
    stretching.UNBROADCAST,
    dense.DENSE_GRADIENTS,
    output.OUTPUT_GRADIENT,
    two_layers.TWO_LAYER_GRADIENTS,
    measuring.GRADIENTS_ARE_RIGHT,
    clipping.CLIP_BY_GLOBAL_NORM,
    nets.SEQUENTIAL_NET,
    nets.FUNCTIONAL_NET,
    nets.SUBCLASS_NET,
    lookup.LOOKUP_GRADIENT,
    training.TRAIN_NETWORK,
    questions.QUIZ,
]
