"""The values that weights start from. An initializer is a function `(shape, seed, dtype) -> array`."""

import numpy as np


def zeros(shape, seed=None, dtype=np.float32):
    """Return zeros: for biases. A kernel of zeros never learns, since all units of a layer get the same gradient."""
    return np.zeros(shape, dtype)


def ones(shape, seed=None, dtype=np.float32):
    """Return ones: for the scale of a batch normalization."""
    return np.ones(shape, dtype)


def glorot_uniform(shape, seed=None, dtype=np.float32):
    """Draw a kernel that keeps the variance of signals and gradients alike from layer to layer.

    W ~ U(−limit, limit) with limit = √(6 / (fan_in + fan_out)), hence Var W = limit² / 3 = 2 / (fan_in + fan_out).

    Args:
        shape: (fan_in, fan_out) of a dense kernel: the number of inputs and of units.
        seed: int, or a `numpy.random.Generator` to draw from; None for other values every time.
        dtype: of the result, float32 or float64.
    Returns:
        array of that shape and dtype, values in [−limit, limit].
    Raises:
        ValueError: `shape` is not that of a dense kernel.

    Reference: Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward neural networks",
    §4.2.1, equation 16.
    """
    if len(shape) != 2:
        raise ValueError(f"a dense kernel has the shape (fan_in, fan_out), not {tuple(shape)}")
    limit = np.sqrt(6 / sum(shape))
    return np.random.default_rng(seed).uniform(-limit, limit, shape).astype(dtype)
