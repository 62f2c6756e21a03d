"""A small convolutional network as the probe of `small_cnn` sees it, without Keras: wrong ones in milliseconds."""

import json

import numpy as np

SIDE, CLASSES = 28, 10


class CNNOnPaper:
    """What the probe asks of a Keras model.

    Args:
        filters: of each convolution of 3 × 3, which a pooling of 2 × 2 follows.
        activations: of each convolution.
        classes: the number of outputs.
        end: the activation of the last layer.
        is_flat: whether a `Flatten` stands before it.
        input_shape: of an image.
        parameters: how many it has; None for as many as come out.
        softmaxes: layers of softmax behind the last.
    """

    def __init__(
        self,
        filters=(16, 32),
        activations=("relu", "relu"),
        classes=CLASSES,
        end="softmax",
        is_flat=True,
        input_shape=(SIDE, SIDE, 1),
        parameters=None,
        softmaxes=0,
    ):
        self.input_shape, self.end = (None, *input_shape), end
        self._layers, side, channels, counted = [], SIDE, 1, 0
        for number, activation in zip(filters, activations, strict=False):
            self._layers += [("Conv2D", {"filters": number, "activation": activation}), ("MaxPooling2D", {})]
            side, counted, channels = (side - 2) // 2, counted + (9 * channels + 1) * number, number
        features = side * side * channels if is_flat else channels
        self._layers += [("Dense", {"units": classes, "activation": end})] + softmaxes * [("Softmax", {})]
        self._parameters = counted + (features + 1) * classes if parameters is None else parameters
        self._shape = (classes,) if is_flat else (side, side, classes)

    def to_json(self):
        layers = [{"class_name": name, "config": config} for name, config in self._layers]
        return json.dumps({"class_name": "Sequential", "config": {"layers": layers}})

    def count_params(self):
        return self._parameters

    def __call__(self, images, training=False):
        if images.shape[1:] != self.input_shape[1:]:
            raise ValueError(f"the shape of its inputs is {self.input_shape}, not {images.shape}")
        outputs = np.random.default_rng(0).normal(size=(len(images), *self._shape))
        if self.end == "softmax":
            outputs = np.exp(outputs)
            return outputs / outputs.sum(axis=-1, keepdims=True)
        return 1 / (1 + np.exp(-outputs)) if self.end == "sigmoid" else outputs


def cnn_on_paper(**made):
    settings = {}
    for flag, changed in {
        "no_convolution": {"filters": ()},
        "one_convolution": {"filters": (32,), "parameters": 5_930},
        "few_in_the_second": {"filters": (16, 16)},
        "first_straight": {"activations": ("linear", "relu")},
        "second_straight": {"activations": ("relu", "linear")},
        "all_straight": {"activations": ("linear", "linear")},
        "logits": {"end": "linear"},
        "sigmoids": {"end": "sigmoid"},
        "two_softmaxes": {"softmaxes": 1},
        "one_output": {"classes": 1, "end": "sigmoid"},
        "not_flat": {"is_flat": False},
        "rows": {"input_shape": (SIDE * SIDE,)},
    }.items():
        settings |= changed if flag in made else {}
    return CNNOnPaper(**settings)
