"""An MLP as the probe of `build_mlp` sees it, without Keras, and how people build it otherwise than asked."""

import json
import re

import numpy as np

from course_lib import activations

FUNCTIONS = {
    "relu": activations.relu,
    "tanh": np.tanh,
    "relu up to 6": lambda x: np.clip(x, 0, 6),
    "leaky": lambda x: np.where(x > 0, x, 0.2 * x),
    "sigmoid": activations.sigmoid,
    "softmax": activations.softmax,
    "softmax over the batch": lambda x: activations.softmax(x, axis=0),
    "rescaling": lambda x: x / 255,
}
# What `layers_in_words` leaves out. A shortcut adds what the last dense layer took to what comes where it stands.
NOT_IN_WORDS = {*FUNCTIONS, "shortcut"}


class MLPOnPaper:
    """What the probe sees of a Keras model, without Keras: for a wrong answer to be tried in milliseconds.

    Args:
        steps: layers in the words of `layers_in_words`, and those of NOT_IN_WORDS, in order.
        input_dim: the number of features that it takes.
        is_random: whether dropout is active in use, too.
    """

    def __init__(self, steps, input_dim=784, is_random=False):
        self.steps, self.input_dim, self.is_random, self.calls = steps, input_dim, is_random, 0
        self.trainable_variables, self.non_trainable_variables, width = [], [], 784
        for step in steps:
            if step.startswith("dense"):
                units = int(step.split()[1].rstrip(","))
                self.trainable_variables += [np.empty((width, units))] + [np.empty(units)] * ("no bias" not in step)
                width = units
            if step.startswith("batch normalization"):
                self.trainable_variables += [np.empty(width) for part in ("scale", "center") if f"{part} 0" not in step]
                self.non_trainable_variables += [np.empty(width), np.empty(width)]

    @property
    def non_trainable_weights(self):
        return self.non_trainable_variables

    def to_json(self):
        layers = [{"class_name": step} for step in self.steps if step not in NOT_IN_WORDS]
        return json.dumps({"class_name": "Sequential", "config": {"layers": layers}})

    def count_params(self):
        return sum(weight.size for weight in self.trainable_variables + self.non_trainable_variables)

    def stateless_call(self, trainable, others, images, training):
        if images.shape[1:] != (self.input_dim,):
            raise ValueError(f"the shape of its inputs ends in {self.input_dim}, not in {images.shape[1:]}")
        trainable, others, x, taken = iter(trainable), iter(others), images, images
        for step in self.steps:
            if step in FUNCTIONS:
                x = FUNCTIONS[step](x)
            elif step in ("shortcut", "Add"):
                x = x + taken
            elif step.startswith("dense"):
                # Row by row: for three rows, a product of matrices mostly waits for the threads of BLAS.
                kernel, taken = next(trainable), x
                x = np.stack([row @ kernel for row in x])
                x = x if "no bias" in step else x + next(trainable)
            elif step.startswith("batch normalization"):
                epsilon = re.search(r"epsilon ([^,]+)", step)
                gamma = 1 if "scale 0" in step else next(trainable)
                beta = 0 if "center 0" in step else next(trainable)
                spread = next(others), np.sqrt(next(others) + (float(epsilon[1]) if epsilon else 0.001))
                x = gamma * (x - spread[0]) / spread[1] + beta
        return x, []

    def __call__(self, images, training):
        self.calls += self.is_random
        weights = (
            [np.full(weight.shape, 0.01) for weight in weights]
            for weights in (self.trainable_variables, self.non_trainable_variables)
        )
        return self.stateless_call(*weights, images, training)[0] + self.calls


RIGHT_STEPS = (
    "dense 512", "relu", "dropout 0.2",
    "dense 512, L2 0.001", "batch normalization", "relu", "dropout 0.2",
    "dense 10", "softmax",
)  # fmt: skip


def mlp_on_paper(**made):
    first, relu_1, drop_1, second, normalize, relu_2, drop_2, last, softmax = ([step] for step in RIGHT_STEPS)
    if "no_dropout" in made:
        drop_1, drop_2 = [], []
    if "one_dropout" in made:
        drop_2 = []
    if "no_penalty" in made or "first_penalty" in made:
        second = ["dense 512"]
    if "first_penalty" in made or "every_penalty" in made:
        first = ["dense 512, L2 0.001"]
    if "every_penalty" in made:
        last = ["dense 10, L2 0.001"]
    if "one_output" in made:
        last = ["dense 1"]
    if "no_normalization" in made:
        normalize = []
    if "relu_first" in made or "two_relus" in made:
        normalize, relu_2 = relu_2 + normalize, [] if "relu_first" in made else relu_2
    others = {"no_first_relu": [], "tanh": ["tanh"], "leaky": ["leaky"], "limited": ["relu up to 6"]}
    relu_1 = next((other for flag, other in others.items() if flag in made), relu_1)
    relu_2 = [] if "no_second_relu" in made else relu_2
    normalize = [*["shortcut"] * ("shortcut" in made), *normalize, *["shortcut"] * ("shortcut_to_relu" in made)]
    relu_2 = [*relu_2, *["shortcut"] * ("shortcut_behind" in made)]
    if "logits" in made:
        softmax = []
    if "sigmoids" in made:
        softmax = ["sigmoid"]
    if "over_the_batch" in made:
        softmax = ["softmax over the batch"]
    if "two_softmaxes" in made:
        softmax = 2 * softmax
    start = ["rescaling"] if "rescaled" in made else []
    steps = [*start, *first, *relu_1, *drop_1, *second, *normalize, *relu_2, *drop_2, *last, *softmax]
    return MLPOnPaper(steps)
