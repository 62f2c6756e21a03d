"""Chapter 05, optimizers: its exercises."""

from course_lib.exercises.optimizers import adam, adamw, adaptive, batches, descending, momentum, repairing

EXERCISES = [
    batches.MINIBATCHES,
    descending.GRADIENT_DESCENT,
    momentum.MOMENTUM,
    momentum.NESTEROV,
    adaptive.ADAGRAD,
    adaptive.RMSPROP,
    adam.ADAM,
    adamw.ADAMW,
    repairing.REPAIRED_ADADELTA,
]
