"""Gradients as arrays, wherever they come from: measured, to check others by; and clipped, so that no step is too long.

The three clips have TensorFlow's names and give what it gives (`tf.clip_by_value` and so on).

References: Pascanu, Mikolov and Bengio (2013), "On the difficulty of training recurrent neural networks", algorithm 1,
for clipping by norm; Press, Teukolsky, Vetterling and Flannery (2007), "Numerical recipes", §5.7, for differences.
"""

import numpy as np

from course_lib.activations import as_float


def numerical_gradient(function, x, step=1e-5):
    """Measure ∂f/∂x by central differences, (f(x + h) − f(x − h)) / 2h for each entry of `x` alone.

    The error is about h² f‴/6 from the curve, and about 10⁻¹⁶ |f| / h from rounding; h = 10⁻⁵ is near the best of both.

    Args:
        function: takes an array like `x`, returns one number. It is called twice for each entry.
        x: array of numbers, of any shape.
        step: float > 0, h.
    Returns:
        float64 array shaped like `x`.
    """
    x = np.asarray(x, dtype=np.float64)
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        values = []
        for nudge in (step, -step):
            nudged = x.copy()
            nudged[place] += nudge
            values.append(float(function(nudged)))
        gradient[place] = (values[0] - values[1]) / (2 * step)
    return gradient


def relative_error(gradient, other):
    """The largest difference between two gradients, as a part of their largest entry: max|a − b| / max(|a|, |b|).

    Below 10⁻⁷ in float64 both are the same but for the errors of measuring; above 10⁻³ one of them is wrong, or the
    point lies at a kink, such as ReLU's at 0.

    Returns:
        a float ≥ 0; 0 where both gradients are 0, or hold nothing.
    Raises:
        ValueError: the shapes differ.
    """
    gradient, other = np.asarray(gradient, dtype=np.float64), np.asarray(other, dtype=np.float64)
    if gradient.shape != other.shape:
        raise ValueError(f"the gradients have the shapes {gradient.shape} and {other.shape}")
    largest = max(np.abs(gradient).max(initial=0.0), np.abs(other).max(initial=0.0))
    return float(np.abs(gradient - other).max(initial=0.0) / largest) if largest else 0.0


def clip_by_value(t, clip_value_min, clip_value_max):
    """Cut every entry of `t` off at both limits. A gradient's direction changes: its large entries alone shrink.

    Args:
        t: array.
        clip_value_min, clip_value_max: numbers, or arrays that NumPy can stretch to the shape of `t`.
    Returns:
        array shaped like `t`.
    """
    t = as_float(t)
    return np.minimum(np.maximum(t, clip_value_min), clip_value_max).astype(t.dtype)


def clip_by_norm(t, clip_norm, axes=None):
    """Shrink `t` to the length `clip_norm` where it is longer; its direction stays.

    t · c / max(‖t‖, c), with the length ‖t‖ = √Σ t² over `axes`.

    Args:
        t: array.
        clip_norm: float > 0, c.
        axes: axis or tuple of axes that a length is taken over; None for one length of all.
    Returns:
        array shaped like `t`.
    Raises:
        ValueError: `clip_norm` is not positive.
    """
    t = as_float(t)
    norm = np.sqrt(np.sum(t * t, axis=axes, keepdims=True))
    return (t * _positive(clip_norm) / np.maximum(norm, clip_norm)).astype(t.dtype)


def global_norm(t_list):
    """The length of all arrays of the list as one long vector, √Σ ‖t‖². An entry that is None counts as nothing."""
    return np.sqrt(sum(np.sum(as_float(t) ** 2) for t in t_list if t is not None))


def clip_by_global_norm(t_list, clip_norm, use_norm=None):
    """Shrink all arrays by one factor, c / max(‖all‖, c), so that together they are at most c long.

    As the factor is one for all, the step of gradient descent keeps its direction. With a length for each array of its
    own (`clip_by_norm` for each) it would turn.

    Args:
        t_list: list or tuple of arrays, or of None where there is no gradient.
        clip_norm: float > 0, c.
        use_norm: the length, where it is known already; None to compute it.
    Returns:
        (list of arrays, the length before clipping), as in TensorFlow. Where the length is not finite all entries are
        NaN, so that it does not pass unnoticed.
    Raises:
        TypeError: `t_list` is no list or tuple.
        ValueError: `clip_norm` is not positive.
    """
    if not isinstance(t_list, list | tuple):
        raise TypeError(f"t_list is a list of arrays, not {type(t_list).__name__}; a single one takes clip_by_norm")
    norm = global_norm(t_list) if use_norm is None else use_norm
    scale = _positive(clip_norm) / max(norm, clip_norm) if np.isfinite(norm) else np.nan
    clipped = [None if t is None else (as_float(t) * scale).astype(as_float(t).dtype) for t in t_list]
    return clipped, norm


def _positive(clip_norm):
    if not clip_norm > 0:
        raise ValueError(f"clip_norm must be > 0, not {clip_norm}")
    return clip_norm
