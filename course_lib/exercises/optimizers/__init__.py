"""Chapter 05, optimizers: its exercises."""

from course_lib.exercises.optimizers import adam, adaptive, batches, descending, momentum

EXERCISES = [
    batches.MINIBATCHES,
    descending.GRADIENT_DESCENT,
    momentum.MOMENTUM,
    momentum.NESTEROV,
    adaptive.ADAGRAD,
    adaptive.RMSPROP,
    adam.ADAM,
]
