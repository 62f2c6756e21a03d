"""A saved network, ready to serve: from a file to a function from images to probabilities."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from course_lib import activations

SIDE = 28  # pixels along either side of an image
DIGITS = 10
WARM_UP = (1, 2, 3)  # images in a batch; Keras compiles anew for the first sizes that it meets, and then for any


@dataclass(frozen=True)
class Model:
    """What is served: its file's name, and `predict` from images (n, 28, 28), 0 to 1, to probabilities (n, 10)."""

    name: str
    predict: Callable[[np.ndarray], np.ndarray]


def load(path: Path) -> Model:
    """Load a Keras model (.keras), or the weights of a network of chapter 14 (.npz), and try it.

    An .npz file is what `np.savez(file, *weights)` writes of [kernel, bias, kernel, bias, …]. Each layer but the last
    ends in ReLU, and the last in a softmax.

    Raises:
        ValueError: the file is none of these, or its network does not read digits. The text is one sentence.
        OSError: the file cannot be read.
    """
    with path.open("rb"):
        pass  # Keras says of a file that is not there that it is of the wrong kind
    if path.suffix == ".keras":
        predict = _keras_model(path)
    elif path.suffix == ".npz":
        predict = network(_arrays(path), path.name)
    else:
        raise ValueError(
            f"{path.name} is neither a Keras model (.keras) nor an archive of NumPy weights (.npz): save the network "
            "with `model.save` or `np.savez(file, *weights)`."
        )
    for size in WARM_UP:
        answer = predict(np.zeros((size, SIDE, SIDE), dtype="float32"))
    is_distribution = (
        answer.shape == (size, DIGITS) and (answer >= 0).all() and abs(answer.sum(axis=1) - 1).max() < 1e-3
    )
    if not is_distribution:  # also where a number is NaN
        raise ValueError(
            f"{path.name} does not answer with ten probabilities: its last layer needs 10 units with a softmax."
        )
    return Model(path.name, predict)


def _keras_model(path: Path) -> Callable[[np.ndarray], np.ndarray]:
    import keras

    try:
        # Keras refuses code in the file (safe_mode), such as a Lambda layer. What trained the model is not needed.
        model = keras.saving.load_model(path, compile=False)
    except Exception as error:  # whatever a damaged file or a layer that is not known leads to
        reason = str(error).strip().partition("\n")[0].rstrip(".")
        raise ValueError(f"{path.name} cannot be loaded as a Keras model: {reason}.") from error
    shape = model.input_shape
    if not isinstance(shape, tuple) or None in shape[1:] or math.prod(shape[1:]) != SIDE * SIDE:
        raise ValueError(f"{path.name} does not take images of {SIDE} by {SIDE} pixels, but inputs of {shape}.")

    def predict(images):
        # `predict` sets up a data set each time, for 40 ms.
        return np.asarray(model.predict_on_batch(images.reshape(-1, *shape[1:])))

    return predict


def _arrays(path: Path) -> list[np.ndarray]:
    try:
        # Without pickles: those run code of whoever wrote the file.
        with np.load(path, allow_pickle=False) as archive:
            return [archive[name] for name in archive.files]
    except (ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path.name} cannot be read as an archive of NumPy arrays: {error}.") from error


def network(weights: list[np.ndarray], name: str) -> Callable[[np.ndarray], np.ndarray]:
    """Return the function from images to probabilities of dense layers with ReLU and, at the end, a softmax.

    Args:
        weights: [kernel, bias, kernel, bias, …], from 784 pixels to 10 digits.
        name: what a message calls them.
    Raises:
        ValueError: they do not fit together, or are not all finite.
    """
    kernels, biases = weights[0::2], weights[1::2]
    fits = (
        len(kernels) == len(biases) > 0
        and all(kernel.ndim == 2 for kernel in kernels)
        and [kernel.shape[1:] for kernel in kernels] == [bias.shape for bias in biases]
        and all(before.shape[1] == after.shape[0] for before, after in pairwise(kernels))
        and (kernels[0].shape[0], kernels[-1].shape[1]) == (SIDE * SIDE, DIGITS)
    )
    if not fits:
        shapes = ", ".join(str(weight.shape) for weight in weights) or "nothing"
        raise ValueError(
            f"{name} must hold kernel, bias, kernel, bias, … of dense layers from {SIDE * SIDE} pixels to {DIGITS} "
            f"digits: it holds {shapes}."
        )
    if not all(np.issubdtype(weight.dtype, np.floating) and np.isfinite(weight).all() for weight in weights):
        raise ValueError(f"{name} holds weights that are not finite numbers: did its training diverge?")

    def predict(images):
        outputs = images.reshape(len(images), -1)
        for kernel, bias in zip(kernels[:-1], biases[:-1], strict=True):
            outputs = activations.relu(outputs @ kernel + bias)
        return activations.softmax(outputs @ kernels[-1] + biases[-1])

    return predict
