"""Losses: how wrong a prediction is, as one number, and which way it should change.

Each is the negative log-likelihood of a distribution, up to constants: the squared error that of a normal one, the
absolute error that of Laplace's, cross-entropy that of classes. Huber's and the hinge loss were made by hand.

By default a loss is the mean over the examples; `sample_weight` and `reduction` are those of Keras (`weighting`), and
so are names and other defaults. `y_pred` has the examples along its first axes and one example's outputs along the
last one, over which a loss takes the mean (cross-entropies over classes: the sum); (n,) is n examples with one output.
`<loss>_gradient` takes the same arguments and returns the derivative of that one number with respect to `y_pred`,
hence with the factor 1/n in it.

A prediction of a class is given as probabilities or, better, as the logits that softmax or sigmoid would turn into
them. Probabilities are clipped to [1e-7, 1 − 1e-7] as in Keras, so that log stays finite; outside these bounds the
loss is flat, its gradient 0, and a network that is certain and wrong stops learning. Logits have no such limit.

References: Bishop (2006), "Pattern recognition and machine learning", §1.2.5 (squared error), §4.3.2 (two classes) and
§4.3.4 (many); Huber (1964), "Robust estimation of a location parameter"; Cortes and Vapnik (1995), "Support-vector
networks" (hinge).
"""

from functools import partial

import numpy as np

from course_lib.activations import as_float, sigmoid, softmax
from course_lib.weighting import reduced, reduced_slopes, smoothed

EPSILON = 1e-7

# --- a number


def mean_squared_error(y_true, y_pred, sample_weight=None, reduction="sum_over_batch_size"):
    """The mean of (y_pred − y_true)²: a normal distribution's −log p, up to constants. Its best constant is the mean.

    Args:
        y_true: array shaped like `y_pred`; (n,) will do for (n, 1).
        y_pred: array (n, outputs) or (n,).
        sample_weight, reduction: see `weighting.reduced`.
    Returns:
        a float ≥ 0, in the square of y's unit; for reduction="none" an array, one for each example.
    Raises:
        ValueError: the shapes differ, or as `weighting.reduced`.
    """
    y_true, y_pred = _pair(y_true, y_pred)
    return reduced(_mean_over_outputs((y_pred - y_true) ** 2), sample_weight, reduction)


def mean_squared_error_gradient(y_true, y_pred, sample_weight=None, reduction="sum_over_batch_size"):
    """∂L/∂y_pred = 2 (y_pred − y_true) / size: twice as far off, twice as steep. Arguments as the loss."""
    y_true, y_pred = _pair(y_true, y_pred)
    return _gradient_of_mean(2 * (y_pred - y_true), sample_weight, reduction)


def mean_absolute_error(y_true, y_pred, sample_weight=None, reduction="sum_over_batch_size"):
    """The mean of |y_pred − y_true|: a Laplace distribution's −log p, up to constants. Its best constant is the median.

    Arguments, result (in y's unit) and errors as `mean_squared_error`.
    """
    y_true, y_pred = _pair(y_true, y_pred)
    return reduced(_mean_over_outputs(np.abs(y_pred - y_true)), sample_weight, reduction)


def mean_absolute_error_gradient(y_true, y_pred, sample_weight=None, reduction="sum_over_batch_size"):
    """∂L/∂y_pred = ±1 / size, whatever the distance, and 0 where the prediction is right. Arguments as the loss."""
    y_true, y_pred = _pair(y_true, y_pred)
    return _gradient_of_mean(np.sign(y_pred - y_true), sample_weight, reduction)


def huber(y_true, y_pred, delta=1.0, sample_weight=None, reduction="sum_over_batch_size"):
    """Squared near 0 and absolute far out: the mean of ½ e² where |e| ≤ δ, and of δ (|e| − ½ δ) beyond.

    The two meet at δ with one value and one slope. With δ = 1 it is also called smooth L1.

    Args:
        y_true, y_pred, sample_weight, reduction: as `mean_squared_error`.
        delta: δ > 0, in y's unit.
    Returns:
        a float ≥ 0; for reduction="none" an array, one for each example.
    Raises:
        ValueError: δ is not positive, or as `mean_squared_error`.
    """
    y_true, y_pred = _pair(y_true, y_pred)
    near = np.minimum(np.abs(y_pred - y_true), _positive(delta))
    # |e| = near + beyond, where one of them grows while the other stands still.
    beyond = np.abs(y_pred - y_true) - near
    return reduced(_mean_over_outputs(near**2 / 2 + delta * beyond), sample_weight, reduction)


def huber_gradient(y_true, y_pred, delta=1.0, sample_weight=None, reduction="sum_over_batch_size"):
    """∂L/∂y_pred = e / size, with e cut off at ±δ. Arguments as the loss."""
    y_true, y_pred = _pair(y_true, y_pred)
    return _gradient_of_mean(np.clip(y_pred - y_true, -_positive(delta), delta), sample_weight, reduction)


# --- one of many classes


def categorical_crossentropy(
    y_true, y_pred, from_logits=False, label_smoothing=0.0, sample_weight=None, reduction="sum_over_batch_size"
):
    """The surprise at the true class: L = −(1/n) Σ_examples Σ_k y_k log p_k, with p = softmax(z) for logits z.

    Args:
        y_true: array (n, classes), one-hot or other probabilities; each row sums to 1.
        y_pred: array (n, classes), probabilities whose rows sum to 1, or logits.
        from_logits: whether `y_pred` holds logits.
        label_smoothing: share of each label that is spread over all classes, see `weighting.smoothed`.
        sample_weight, reduction: see `weighting.reduced`.
    Returns:
        the loss in nats, a float ≥ 0; for reduction="none" an array, one for each example.
    Raises:
        ValueError: the shapes differ, as they do for integer labels; `sparse_categorical_crossentropy` takes those.
    """
    y_true, y_pred = _one_hot_pair(y_true, y_pred)
    y_true = smoothed(y_true, label_smoothing, y_pred.shape[-1])
    if from_logits:
        # log softmax(z) = z − log Σ exp(z), never the log of a probability that has underflowed to 0.
        shifted = y_pred - y_pred.max(axis=-1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    else:
        log_p = np.log(_clipped(y_pred))
    return reduced(-np.sum(y_true * log_p, axis=-1), sample_weight, reduction)


def categorical_crossentropy_gradient(
    y_true, y_pred, from_logits=False, label_smoothing=0.0, sample_weight=None, reduction="sum_over_batch_size"
):
    """∂L/∂p = −y / (n p) for probabilities; ∂L/∂z = (softmax(z) − y) / n for logits: what is predicted minus what is.

    Arguments and errors are those of `categorical_crossentropy`; the result is shaped like `y_pred`.
    """
    y_true, y_pred = _one_hot_pair(y_true, y_pred)
    y_true = smoothed(y_true, label_smoothing, y_pred.shape[-1])
    slopes = softmax(y_pred) - y_true if from_logits else -y_true / _clipped(y_pred) * _is_unclipped(y_pred)
    return reduced_slopes(slopes, y_pred.shape[:-1], sample_weight, reduction)


def sparse_categorical_crossentropy(
    y_true, y_pred, from_logits=False, sample_weight=None, reduction="sum_over_batch_size"
):
    """Categorical cross-entropy for integer labels: L = −(1/n) Σ_examples log p_label.

    Args:
        y_true: n integers in [0, classes), shaped (n,) or (n, 1).
        y_pred: array (n, classes), probabilities whose rows sum to 1, or logits.
        from_logits: whether `y_pred` holds logits.
        sample_weight, reduction: see `weighting.reduced`.
    Returns:
        the loss in nats, a float ≥ 0; for reduction="none" an array, one for each example.
    Raises:
        ValueError: there is not one label for each row, or a label is no integer in [0, classes).
    """
    y_pred = as_float(y_pred)
    return categorical_crossentropy(
        _labels_as_one_hot(y_true, y_pred), y_pred, from_logits, 0.0, sample_weight, reduction
    )


def sparse_categorical_crossentropy_gradient(
    y_true, y_pred, from_logits=False, sample_weight=None, reduction="sum_over_batch_size"
):
    """The gradient of `categorical_crossentropy` at the one-hot labels, shaped like `y_pred`."""
    y_pred = as_float(y_pred)
    labels = _labels_as_one_hot(y_true, y_pred)
    return categorical_crossentropy_gradient(labels, y_pred, from_logits, 0.0, sample_weight, reduction)


def kl_divergence(y_true, y_pred, sample_weight=None, reduction="sum_over_batch_size"):
    """The surprise that could have been avoided: the mean of Σ_k y_k log(y_k / p_k), cross-entropy minus y's entropy.

    Args:
        y_true, y_pred: arrays (n, classes), probabilities; both are clipped to [1e-7, 1], as in Keras.
        sample_weight, reduction: see `weighting.reduced`.
    Returns:
        a float in nats, 0 where both are the same; for reduction="none" an array, one for each example.
    Raises:
        ValueError: the shapes differ.
    """
    y_true, y_pred = _one_hot_pair(y_true, y_pred)
    y_true = np.clip(y_true, EPSILON, 1)
    return reduced(np.sum(y_true * np.log(y_true / np.clip(y_pred, EPSILON, 1)), axis=-1), sample_weight, reduction)


def kl_divergence_gradient(y_true, y_pred, sample_weight=None, reduction="sum_over_batch_size"):
    """∂L/∂p = −y / (n p), as of cross-entropy: the entropy of y does not depend on p. Arguments as the loss."""
    y_true, y_pred = _one_hot_pair(y_true, y_pred)
    is_unclipped = (y_pred >= EPSILON) & (y_pred <= 1)
    slopes = -np.clip(y_true, EPSILON, 1) / np.clip(y_pred, EPSILON, 1) * is_unclipped
    return reduced_slopes(slopes, y_pred.shape[:-1], sample_weight, reduction)


# --- one of two classes


def binary_crossentropy(
    y_true, y_pred, from_logits=False, label_smoothing=0.0, sample_weight=None, reduction="sum_over_batch_size"
):
    """The surprise at one of two classes: L = −mean(y log p + (1 − y) log(1 − p)), with p = σ(z) for logits z.

    Args:
        y_true: array shaped like `y_pred`, the class, 0 or 1, or its probability; (n,) will do for (n, 1).
        y_pred: array (n, outputs) or (n,), the probability of class 1, or its logit.
        from_logits: whether `y_pred` holds logits.
        label_smoothing: share of each label that is spread over the two classes, see `weighting.smoothed`.
        sample_weight, reduction: see `weighting.reduced`.
    Returns:
        the loss in nats, a float ≥ 0, a mean over the outputs; for reduction="none" an array, one for each example.
    Raises:
        ValueError: the shapes differ.
    """
    y_true, y_pred = _pair(y_true, y_pred)
    y_true = smoothed(y_true, label_smoothing, 2)
    if from_logits:
        # −log σ(z) = log(1 + exp(−z)) overflows for z ≪ 0. This is the same number, and exp(−|z|) ≤ 1.
        values = np.maximum(y_pred, 0) - y_pred * y_true + np.log1p(np.exp(-np.abs(y_pred)))
    else:
        p = _clipped(y_pred)
        values = -(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))
    return reduced(_mean_over_outputs(values), sample_weight, reduction)


def binary_crossentropy_gradient(
    y_true, y_pred, from_logits=False, label_smoothing=0.0, sample_weight=None, reduction="sum_over_batch_size"
):
    """∂L/∂p = (p − y) / (p (1 − p) size) for probabilities; ∂L/∂z = (σ(z) − y) / size for logits.

    Arguments and errors are those of `binary_crossentropy`; the result is shaped like `y_pred`.
    """
    y_true, y_pred = _pair(y_true, y_pred)
    y_true = smoothed(y_true, label_smoothing, 2)
    if from_logits:
        return _gradient_of_mean(sigmoid(y_pred) - y_true, sample_weight, reduction)
    p = _clipped(y_pred)
    return _gradient_of_mean((p - y_true) / (p * (1 - p)) * _is_unclipped(y_pred), sample_weight, reduction)


def hinge(y_true, y_pred, sample_weight=None, reduction="sum_over_batch_size"):
    """The mean of max(0, 1 − y · y_pred): 0 for what is right by a margin of 1, and a straight line elsewhere.

    Args:
        y_true: array shaped like `y_pred`, −1 or 1; where all are 0 or 1, 0 stands for −1, as in Keras.
        y_pred: array (n, outputs) or (n,), scores without limits, not probabilities.
        sample_weight, reduction: see `weighting.reduced`.
    Returns:
        a float ≥ 0; for reduction="none" an array, one for each example.
    Raises:
        ValueError: the shapes differ.
    """
    y_true, y_pred = _pair(y_true, y_pred)
    return reduced(_mean_over_outputs(np.maximum(0, 1 - _as_signs(y_true) * y_pred)), sample_weight, reduction)


def hinge_gradient(y_true, y_pred, sample_weight=None, reduction="sum_over_batch_size"):
    """∂L/∂y_pred = −y / size where the margin is below 1, and 0 elsewhere. Arguments as the loss."""
    y_true, y_pred = _pair(y_true, y_pred)
    signs = _as_signs(y_true)
    return _gradient_of_mean(np.where(signs * y_pred < 1, -signs, 0).astype(y_pred.dtype), sample_weight, reduction)


# --- labels and names


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
        name: "mean_squared_error", "mean_absolute_error", "huber", "hinge", "binary_crossentropy",
            "categorical_crossentropy" or "sparse_categorical_crossentropy", or Keras's "mse" and "mae".
    Returns:
        (loss, gradient, activation): two functions of (y_true, z), where z is what the last layer computes before its
        activation, and the name of the activation that belongs there.
    Raises:
        ValueError: there is no loss of that name.
    """
    name = {"mse": "mean_squared_error", "mae": "mean_absolute_error"}.get(name, name)
    if name not in _LOSSES:
        raise ValueError(f"unknown loss {name!r}; choose one of {', '.join(sorted(_LOSSES))}")
    loss, gradient, activation = _LOSSES[name]
    if activation == "linear":
        return loss, gradient, activation
    return partial(loss, from_logits=True), partial(gradient, from_logits=True), activation


_LOSSES = {
    "mean_squared_error": (mean_squared_error, mean_squared_error_gradient, "linear"),
    "mean_absolute_error": (mean_absolute_error, mean_absolute_error_gradient, "linear"),
    "huber": (huber, huber_gradient, "linear"),
    "hinge": (hinge, hinge_gradient, "linear"),
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


def _as_signs(y_true):
    """Return labels −1 and 1 as they are, and 0 and 1 as −1 and 1."""
    return 2 * y_true - 1 if np.all((y_true == 0) | (y_true == 1)) else y_true


def _positive(delta):
    if not delta > 0:
        raise ValueError(f"delta must be positive, not {delta}")
    return delta


def _mean_over_outputs(values):
    return values if values.ndim < 2 else values.mean(axis=-1)


def _gradient_of_mean(slopes, sample_weight, reduction):
    """The gradient of a loss that takes the mean over the outputs of an example, from each output's own slope."""
    if slopes.ndim < 2:
        return reduced_slopes(slopes, slopes.shape, sample_weight, reduction)
    return reduced_slopes(slopes / slopes.dtype.type(slopes.shape[-1]), slopes.shape[:-1], sample_weight, reduction)


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


def _pair(y_true, y_pred):
    y_pred = as_float(y_pred)
    y_true = np.asarray(y_true, y_pred.dtype)
    if y_pred.shape == (*y_true.shape, 1):
        y_true = y_true[..., None]
    if y_true.shape != y_pred.shape:
        raise ValueError(f"y_true {y_true.shape} and y_pred {y_pred.shape} differ in shape")
    return y_true, y_pred
