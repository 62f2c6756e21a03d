"""How the losses of examples become one number, and which examples and labels count how much.

Every loss in `losses` has a value for each example. `reduced` weighs these and adds them up, as Keras does with its
`sample_weight` and `reduction`; `reduced_slopes` does the same to the slopes of each example's loss, so that the
result is the gradient of what `reduced` returns.

References: Szegedy and others (2016), "Rethinking the Inception architecture for computer vision", §7 (label
smoothing); King and Zeng (2001), "Logistic regression in rare events data", §4 (class weights).
"""

import numpy as np

REDUCTIONS = ("sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None)


def reduced(values, sample_weight=None, reduction="sum_over_batch_size"):
    """Weigh the loss of each example and reduce them: L = Σ w_i ℓ_i / divisor.

    Args:
        values: array, the loss ℓ_i of each example.
        sample_weight: None for 1 each, a number, or an array shaped like `values` (or with one more axis of length 1).
        reduction: "sum_over_batch_size" or "mean" divide by the number of examples, whatever their weights;
            "mean_with_sample_weight" divides by the sum of the weights; "sum" does not divide; "none" or None gives
            the weighted losses one by one.
    Returns:
        a number, or for "none" an array shaped like `values`.
    Raises:
        ValueError: the reduction is unknown, the weights do not fit, or there is nothing to take a mean of.
    """
    weights = _weights(values, sample_weight)
    if reduction in ("none", None):
        return values * weights
    divisor = _divisor(weights, reduction)
    return np.sum(values * weights) / divisor


def reduced_slopes(slopes, values_shape, sample_weight=None, reduction="sum_over_batch_size"):
    """Make the gradient of `reduced` from ∂ℓ_i/∂y_pred: each example's slopes times w_i / divisor.

    Args:
        slopes: array shaped like `y_pred`.
        values_shape: the shape of the examples' losses, `y_pred`'s without its last axis, or its own.
        sample_weight: as for `reduced`.
        reduction: as for `reduced`; for "none" the gradient is that of the sum.
    Returns:
        array shaped like `slopes`.
    Raises:
        ValueError: as `reduced`.
    """
    weights = _weights(np.empty(values_shape, slopes.dtype), sample_weight)
    divisor = 1 if reduction in ("none", None) else _divisor(weights, reduction)
    return slopes * (weights / divisor).reshape(*values_shape, *[1] * (slopes.ndim - len(values_shape)))


def _weights(values, sample_weight):
    if sample_weight is None:
        return np.ones_like(values)
    weights = np.asarray(sample_weight, values.dtype)
    if weights.shape == (*values.shape, 1):
        weights = weights[..., 0]
    if weights.shape not in ((), values.shape):
        raise ValueError(f"sample_weight needs one weight for each example, {values.shape}, not {weights.shape}")
    return np.broadcast_to(weights, values.shape)


def _divisor(weights, reduction):
    if reduction not in REDUCTIONS:
        raise ValueError(f"unknown reduction {reduction!r}; choose one of {', '.join(map(str, REDUCTIONS))}")
    if reduction == "sum":
        return weights.dtype.type(1)
    if not weights.size:
        raise ValueError("the batch is empty: there is no mean of no losses")
    if reduction != "mean_with_sample_weight":
        return weights.dtype.type(weights.size)
    total = np.sum(weights)
    if total == 0:
        raise ValueError("the sample weights sum to 0: there is nothing to take a mean of")
    return total


def class_weight_to_sample_weights(y, class_weight):
    """Give each example the weight of its class.

    Args:
        y: integer labels (n,) or (n, 1), or one-hot rows (n, classes).
        class_weight: {class: weight}; a class that is missing weighs 1.
    Returns:
        float array (n,).
    """
    y = np.asarray(y)
    if y.ndim > 1:
        y = np.argmax(y, axis=-1) if y.shape[-1] != 1 else y[..., 0]
    return np.array([class_weight.get(int(label), 1.0) for label in np.round(y).astype(int)], dtype=float)


def smoothed(y_true, label_smoothing, classes):
    """Take the share `label_smoothing` off every label, and spread it evenly: y (1 − α) + α / classes.

    Args:
        y_true: array, one-hot rows, or 0 and 1 for two classes.
        label_smoothing: α in [0, 1].
        classes: int, how many there are; 2 where `y_true` holds 0 and 1.
    Returns:
        array shaped like `y_true`.
    Raises:
        ValueError: α is not in [0, 1].
    """
    if not 0 <= label_smoothing <= 1:
        raise ValueError(f"label_smoothing must be in [0, 1], not {label_smoothing}")
    # Plain numbers, so that float32 stays float32.
    return y_true * float(1 - label_smoothing) + float(label_smoothing / classes) if label_smoothing else y_true
