"""Chapter 14, a network of one's own: the pieces that hold the others together, and our answers to them."""

from course_lib.exercises.your_network import (
    backwards,
    fitting,
    forwards,
    questions,
    reading,
    scoring,
    starting,
)
from course_lib.exercises.your_network.scoring import mean_of_batches

__all__ = ["EXERCISES", "PIECES", "mean_of_batches"]

EXERCISES = [
    starting.STARTING_WEIGHTS,
    forwards.NETWORK_OUTPUTS,
    backwards.NETWORK_GRADIENTS,
    fitting.FIT_NETWORK,
    reading.READ_DIGITS,
    scoring.ACCURACY_IN_BATCHES,
    questions.QUIZ,
]

# What the network of the chapter is made of, {name: what it does in it}: all of it is asked for in some chapter.
PIECES = {
    "scale_images": "pixels from 0 to 1",
    "one_hot": "labels as rows",
    "minibatches": "cuts an epoch",
    "he_normal": "kernels to start from",
    "relu": "bends the layers",
    "dropout": "silences units",
    "softmax": "probabilities",
    "crossentropy_from_logits": "loss, and where the way back begins",
    "dense_gradients": "back through a layer",
    "Adam": "the step",
    "cosine_decay": "the rate of each step",
    "starting_weights": "the weights of all layers",
    "network_outputs": "the way there",
    "network_gradients": "the way back",
    "fit_network": "the loop",
    "confusion_matrix": "which digits it confuses",
}
