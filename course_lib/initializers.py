"""The values that weights start from. An initializer is a function `(shape, seed, dtype) -> array`.

What has more to be set takes it after these three, by name; `functools.partial(orthogonal, gain=2.0)` makes an
initializer of it. Names and defaults are Keras's. `seed` is an int, a `numpy.random.Generator` to draw from, or None
for other values every time.

The shape of a dense kernel is (inputs, units), that of a convolution's (height, width, inputs, units), as in Keras.
"""

import math
from functools import partial

import numpy as np

# The standard deviation that is left of a standard normal distribution cut off at ±2.
TRUNCATED_DEVIATION = 0.87962566103423978


def fans(shape):
    """Return (fan_in, fan_out): how many inputs a unit adds up, and in how many sums an input counts.

    Each place of a convolution's window counts: fan_in = height · width · inputs, fan_out = height · width · units.
    As in Keras, both are n for a shape (n,), and 1 for a single number.

    Args:
        shape: (inputs, units) of a dense kernel, (…, inputs, units) of a convolution's, an int for (n,).
    Returns:
        two ints.
    """
    shape = (shape,) if isinstance(shape, int | np.integer) else tuple(shape)
    if len(shape) < 2:
        return (int(shape[0]), int(shape[0])) if shape else (1, 1)
    *window, inputs, units = shape
    places = math.prod(window)
    return int(places * inputs), int(places * units)


# --- one number for all


def zeros(shape, seed=None, dtype=np.float32):
    """Return zeros: for biases. A kernel of zeros never learns, since all units of a layer get the same gradient."""
    return np.zeros(shape, dtype)


def ones(shape, seed=None, dtype=np.float32):
    """Return ones: for the scale of a batch normalization."""
    return np.ones(shape, dtype)


def constant(shape, seed=None, dtype=np.float32, value=0.0):
    """Return `value`, a number, in all places. As with zeros, units that begin alike stay alike."""
    return np.full(shape, value, dtype)


# --- drawn with a deviation that is given


def random_normal(shape, seed=None, dtype=np.float32, mean=0.0, stddev=0.05):
    """Draw from a normal distribution: W ~ N(mean, stddev²)."""
    return np.random.default_rng(seed).normal(mean, stddev, shape).astype(dtype)


def random_uniform(shape, seed=None, dtype=np.float32, minval=-0.05, maxval=0.05):
    """Draw evenly between two numbers: W ~ U(minval, maxval), hence Var W = (maxval − minval)² / 12."""
    return np.random.default_rng(seed).uniform(minval, maxval, shape).astype(dtype)


def truncated_normal(shape, seed=None, dtype=np.float32, mean=0.0, stddev=0.05):
    """Draw from a normal distribution, and draw again what lies more than two deviations from the mean.

    What is left has a standard deviation of 0.8796 · stddev, which nothing makes up for here.
    """
    rng = np.random.default_rng(seed)
    draws = rng.standard_normal(shape)
    while np.any(outside := np.abs(draws) > 2):
        draws = np.where(outside, rng.standard_normal(shape), draws)
    return (mean + stddev * draws).astype(dtype)


# --- drawn with a deviation that the fans decide


def variance_scaling(shape, seed=None, dtype=np.float32, scale=1.0, mode="fan_in", distribution="truncated_normal"):
    """Draw with mean 0 and Var W = scale / n, where n is fan_in, fan_out or their mean: what the schemes below share.

    Args:
        shape: of the kernel.
        seed, dtype: as for every initializer.
        scale: float > 0.
        mode: "fan_in", "fan_out" or "fan_avg".
        distribution: "truncated_normal" is cut off at two deviations, and widened by 1 / 0.8796 so that the variance is
            right; "untruncated_normal" is not cut off; "uniform" is U(−limit, limit) with limit = √(3 · scale / n),
            since such draws have the variance limit² / 3.
    Raises:
        ValueError: the scale is not positive, or the mode or distribution is unknown.
    """
    if not scale > 0:
        raise ValueError(f"scale must be > 0, not {scale}")
    fan_in, fan_out = fans(shape)
    counts = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
    if mode not in counts:
        raise ValueError(f"mode must be one of {', '.join(counts)}, not {mode!r}")
    count = max(1.0, counts[mode])
    deviation = math.sqrt(scale / count)
    if distribution == "truncated_normal":
        return truncated_normal(shape, seed, dtype, stddev=deviation / TRUNCATED_DEVIATION)
    if distribution == "untruncated_normal":
        return random_normal(shape, seed, dtype, stddev=deviation)
    if distribution == "uniform":
        limit = math.sqrt(3 * scale / count)
        return random_uniform(shape, seed, dtype, -limit, limit)
    raise ValueError(f"distribution must be truncated_normal, untruncated_normal or uniform, not {distribution!r}")


def fan_in_uniform(shape, seed=None, dtype=np.float32):
    """Draw as was usual before Glorot and Bengio: W ~ U(−1/√fan_in, 1/√fan_in), hence Var W = 1 / (3 fan_in).

    A third of what keeps a signal: without an activation each layer shrinks it by √3. (Glorot and Bengio 2010,
    equation 1, "the standard initialization"; PyTorch's dense layers still start so.)
    """
    return variance_scaling(shape, seed, dtype, scale=1 / 3, distribution="uniform")


def lecun_normal(shape, seed=None, dtype=np.float32):
    """Draw with Var W = 1 / fan_in, from a truncated normal distribution: keeps a signal where nothing bends it.

    Reference: LeCun, Bottou, Orr and Müller (1998), "Efficient BackProp", §4.6.
    """
    return variance_scaling(shape, seed, dtype)


def lecun_uniform(shape, seed=None, dtype=np.float32):
    """Draw with Var W = 1 / fan_in, evenly: W ~ U(−limit, limit) with limit = √(3 / fan_in)."""
    return variance_scaling(shape, seed, dtype, distribution="uniform")


def glorot_normal(shape, seed=None, dtype=np.float32):
    """Draw with Var W = 2 / (fan_in + fan_out), from a truncated normal distribution."""
    return variance_scaling(shape, seed, dtype, mode="fan_avg")


def glorot_uniform(shape, seed=None, dtype=np.float32):
    """Draw a kernel that keeps the variance of signals and gradients alike from layer to layer.

    W ~ U(−limit, limit) with limit = √(6 / (fan_in + fan_out)), hence Var W = limit² / 3 = 2 / (fan_in + fan_out), a
    compromise: signals ask for 1 / fan_in, gradients for 1 / fan_out.

    Reference: Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward neural networks",
    §4.2.1, equation 16.
    """
    return variance_scaling(shape, seed, dtype, mode="fan_avg", distribution="uniform")


def he_normal(shape, seed=None, dtype=np.float32):
    """Draw with Var W = 2 / fan_in, from a truncated normal distribution: for ReLU, which halves the mean square.

    Reference: He, Zhang, Ren and Sun (2015), "Delving deep into rectifiers", §2.2, equation 10.
    """
    return variance_scaling(shape, seed, dtype, scale=2.0)


def he_uniform(shape, seed=None, dtype=np.float32):
    """Draw with Var W = 2 / fan_in, evenly: W ~ U(−limit, limit) with limit = √(6 / fan_in)."""
    return variance_scaling(shape, seed, dtype, scale=2.0, distribution="uniform")


def orthogonal(shape, seed=None, dtype=np.float32, gain=1.0):
    """Draw a matrix that turns (and mirrors), but does not stretch: every signal keeps its length, times `gain`.

    Q of a random normal matrix A = Q R, with the signs that make R's diagonal positive, so that every such matrix is
    equally likely. Its columns are perpendicular and have length `gain`; where there are more columns than rows, the
    rows are. A convolution's kernel is such a matrix of (height · width · inputs) rows.

    Raises:
        ValueError: `shape` has fewer than two axes.

    Reference: Saxe, McClelland and Ganguli (2014), "Exact solutions to the nonlinear dynamics of learning in deep
    linear neural networks", §3; Mezzadri (2007), "How to generate random matrices from the classical compact groups".
    """
    if np.ndim(shape) == 0 or len(shape) < 2:
        raise ValueError(f"an orthogonal kernel needs two axes or more, not the shape {shape}")
    rows, columns = math.prod(shape[:-1]), shape[-1]
    draws = np.random.default_rng(seed).standard_normal((max(rows, columns), min(rows, columns)))
    turned, triangle = np.linalg.qr(draws)
    turned *= np.where(np.diag(triangle) < 0, -1.0, 1.0)
    return (gain * (turned.T if rows < columns else turned)).reshape(shape).astype(dtype)


INITIALIZERS = {
    "zeros": zeros,
    "ones": ones,
    "constant": constant,
    "random_normal": random_normal,
    "random_uniform": random_uniform,
    "truncated_normal": truncated_normal,
    "fan_in_uniform": fan_in_uniform,
    "lecun_normal": lecun_normal,
    "lecun_uniform": lecun_uniform,
    "glorot_normal": glorot_normal,
    "glorot_uniform": glorot_uniform,
    "he_normal": he_normal,
    "he_uniform": he_uniform,
    "orthogonal": orthogonal,
}


def get(name, **settings):
    """Return the initializer called `name`, with `settings` such as `stddev=0.01` for all its draws.

    Raises:
        ValueError: there is none of that name.
    """
    if name not in INITIALIZERS:
        raise ValueError(f"there is no initializer {name!r}; there are: {', '.join(INITIALIZERS)}")
    return partial(INITIALIZERS[name], **settings) if settings else INITIALIZERS[name]
