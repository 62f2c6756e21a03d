"""Losses of classification: how wrong a prediction is, as one number, and which way it should change.

Every loss is a mean over the examples, and its `<loss>_gradient` is the derivative of that mean with respect to
`y_pred`, hence with the factor 1/n in it.

A prediction is given as probabilities or, better, as the logits that softmax or sigmoid would turn into them.
Probabilities are clipped to [1e-7, 1 − 1e-7] as in Keras, so that log stays finite; outside these bounds the loss is
flat, its gradient 0, and a network that is certain and wrong stops learning. Logits have no such limit.

Reference: Bishop (2006), "Pattern recognition and machine learning", §4.3.2 (two classes) and §4.3.4 (many).
"""

import numpy as np

from course_lib.activations import as_float, sigmoid, softmax

EPSILON = 1e-7


def categorical_crossentropy(y_true, y_pred, from_logits=False):
    """The surprise at the true class: L = −(1/n) Σ_examples Σ_k y_k log p_k, with p = softmax(z) for logits z.

    Args:
        y_true: array (n, classes), one-hot or other probabilities; each row sums to 1.
        y_pred: array (n, classes), probabilities whose rows sum to 1, or logits.
        from_logits: whether `y_pred` holds logits.
    Returns:
        the loss in nats, a float ≥ 0.
    Raises:
        ValueError: the shapes differ, as they do for integer labels; `sparse_categorical_crossentropy` takes those.
    """
    y_true, y_pred = _one_hot_pair(y_true, y_pred)
    if from_logits:
        # log softmax(z) = z − log Σ exp(z), never the log of a probability that has underflowed to 0.
        shifted = y_pred - y_pred.max(axis=-1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    else:
        log_p = np.log(_clipped(y_pred))
    return -np.sum(y_true * log_p) / _examples(y_pred)


def categorical_crossentropy_gradient(y_true, y_pred, from_logits=False):
    """∂L/∂p = −y / (n p) for probabilities; ∂L/∂z = (softmax(z) − y) / n for logits: what is predicted minus what is.

    Arguments and errors are those of `categorical_crossentropy`; the result is shaped like `y_pred`.
    """
    y_true, y_pred = _one_hot_pair(y_true, y_pred)
    if from_logits:
        return (softmax(y_pred) - y_true) / _examples(y_pred)
    return -y_true / _clipped(y_pred) * _is_unclipped(y_pred) / _examples(y_pred)


def sparse_categorical_crossentropy(y_true, y_pred, from_logits=False):
    """Categorical cross-entropy for integer labels: L = −(1/n) Σ_examples log p_label.

    Args:
        y_true: n integers in [0, classes), shaped (n,) or (n, 1).
        y_pred: array (n, classes), probabilities whose rows sum to 1, or logits.
        from_logits: whether `y_pred` holds logits.
    Returns:
        the loss in nats, a float ≥ 0.
    Raises:
        ValueError: there is not one label for each row, or a label is no integer in [0, classes).
    """
    y_pred = as_float(y_pred)
    return categorical_crossentropy(_labels_as_one_hot(y_true, y_pred), y_pred, from_logits)


def sparse_categorical_crossentropy_gradient(y_true, y_pred, from_logits=False):
    """The gradient of `categorical_crossentropy` at the one-hot labels, shaped like `y_pred`."""
    y_pred = as_float(y_pred)
    return categorical_crossentropy_gradient(_labels_as_one_hot(y_true, y_pred), y_pred, from_logits)


def binary_crossentropy(y_true, y_pred, from_logits=False):
    """The surprise at one of two classes: L = −mean(y log p + (1 − y) log(1 − p)), with p = σ(z) for logits z.

    Args:
        y_true: array shaped like `y_pred`, the class, 0 or 1, or its probability; (n,) will do for (n, 1).
        y_pred: array of any shape, the probability of class 1, or its logit.
        from_logits: whether `y_pred` holds logits.
    Returns:
        the loss in nats, a float ≥ 0; the mean is taken over all elements.
    Raises:
        ValueError: the shapes differ.
    """
    y_true, y_pred = _binary_pair(y_true, y_pred)
    if from_logits:
        # −log σ(z) = log(1 + exp(−z)) overflows for z ≪ 0. This is the same number, and exp(−|z|) ≤ 1.
        return np.mean(np.maximum(y_pred, 0) - y_pred * y_true + np.log1p(np.exp(-np.abs(y_pred))))
    p = _clipped(y_pred)
    return -np.mean(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))


def binary_crossentropy_gradient(y_true, y_pred, from_logits=False):
    """∂L/∂p = (p − y) / (p (1 − p) size) for probabilities; ∂L/∂z = (σ(z) − y) / size for logits.

    Arguments and errors are those of `binary_crossentropy`; the result is shaped like `y_pred`.
    """
    y_true, y_pred = _binary_pair(y_true, y_pred)
    if from_logits:
        return (sigmoid(y_pred) - y_true) / y_pred.size
    p = _clipped(y_pred)
    return (p - y_true) / (p * (1 - p)) * _is_unclipped(y_pred) / y_pred.size


def one_hot(labels, num_classes, dtype=np.float32):
    """Turn integer labels into rows of zeros with a one in the label's place.

    Args:
        labels: array of integers in [0, num_classes), of any shape.
        num_classes: int.
        dtype: of the result.
    Returns:
        array (*labels.shape, num_classes).
    Raises:
        ValueError: a label is no integer, or out of range.
    """
    labels = np.asarray(labels)
    if not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(f"labels must be integers, not {labels.dtype}")
    if labels.size and not 0 <= labels.min() <= labels.max() < num_classes:
        raise ValueError(f"labels run from {labels.min()} to {labels.max()}, outside [0, {num_classes})")
    return np.eye(num_classes, dtype=dtype)[labels]


def get(name):
    """Look a loss up by its Keras name, for a network.

    Args:
        name: "binary_crossentropy", "categorical_crossentropy" or "sparse_categorical_crossentropy".
    Returns:
        (loss, gradient, activation): the two functions above, and the name of the activation that belongs before them.
    Raises:
        ValueError: there is no loss of that name.
    """
    if name not in _LOSSES:
        raise ValueError(f"unknown loss {name!r}; choose one of {', '.join(sorted(_LOSSES))}")
    return _LOSSES[name]


_LOSSES = {
    "binary_crossentropy": (binary_crossentropy, binary_crossentropy_gradient, "sigmoid"),
    "categorical_crossentropy": (categorical_crossentropy, categorical_crossentropy_gradient, "softmax"),
    "sparse_categorical_crossentropy": (
        sparse_categorical_crossentropy,
        sparse_categorical_crossentropy_gradient,
        "softmax",
    ),
}


def _clipped(probabilities):
    return np.clip(probabilities, EPSILON, 1 - EPSILON)


def _is_unclipped(probabilities):
    return (probabilities >= EPSILON) & (probabilities <= 1 - EPSILON)


def _examples(y_pred):
    return y_pred.size // y_pred.shape[-1]


def _one_hot_pair(y_true, y_pred):
    y_pred = as_float(y_pred)
    y_true = np.asarray(y_true, y_pred.dtype)
    if y_true.shape != y_pred.shape:
        raise ValueError(
            f"y_true {y_true.shape} and y_pred {y_pred.shape} differ in shape; "
            "for integer labels use sparse_categorical_crossentropy"
        )
    return y_true, y_pred


def _labels_as_one_hot(labels, y_pred):
    labels = np.asarray(labels)
    if labels.shape == (*y_pred.shape[:-1], 1):
        labels = labels[..., 0]
    if labels.shape != y_pred.shape[:-1]:
        raise ValueError(f"y_pred {y_pred.shape} needs labels shaped {y_pred.shape[:-1]}, not {labels.shape}")
    return one_hot(labels, y_pred.shape[-1], y_pred.dtype)


def _binary_pair(y_true, y_pred):
    y_pred = as_float(y_pred)
    y_true = np.asarray(y_true, y_pred.dtype)
    if y_pred.shape == (*y_true.shape, 1):
        y_true = y_true[..., None]
    if y_true.shape != y_pred.shape:
        raise ValueError(f"y_true {y_true.shape} and y_pred {y_pred.shape} differ in shape")
    return y_true, y_pred
