"""The exercise that the chapter is about: a network of the reader's own reads the 10,000 test images."""

from course_lib.checking.exercise import Exercise
from course_lib.exercises.mnist_mlp.classifying import CLASSIFY_DIGITS, know_digits, probe_classify_digits

READ_DIGITS = Exercise(
    name="read_digits",
    kind="build",
    minutes=25,
    level=2,
    reference=know_digits,
    probe=probe_classify_digits,
    misconceptions=CLASSIFY_DIGITS.misconceptions,
    equivalents=CLASSIFY_DIGITS.equivalents,
    hints=[
        "`yours.network_outputs` gives logits. Is the largest logit at the same place as the largest probability?",
        "The images come as MNIST has them: uint8, 28 by 28. Prepare them as the training images were.",
        "Are more than 0.95 right and fewer than 0.980? Look at the validation accuracy: more units, more epochs, or "
        "another first rate?",
    ],
    time_limit=30.0,
    solution="weights = yours.starting_weights((784, 256, 128, 10), seed=14)\n"
    "weights, losses = yours.fit_network(x_train, labels_train, weights, epochs=8, batch_size=128,\n"
    "                                    learning_rate=0.002, rate=0.1, seed=14)\n"
    "\n\n"
    "def read_digits(images):\n"
    "    pixels = yours.scale_images(images).reshape(len(images), -1).astype('float32')\n"
    "    return yours.network_outputs(pixels, weights)[0].argmax(axis=1)\n",
)
