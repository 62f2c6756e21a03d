"""Activation functions and their derivatives: what a unit makes of its weighted sum, and how steeply.

Every function takes an array of any shape and works on each element, except softmax, which works along an axis.
Floating-point input keeps its dtype; lists and integers are computed as float64. Names and defaults are Keras's.
Each `<name>_derivative(x)` takes the same *input* x as `<name>(x)` itself, never its output.
"""

import math

import numpy as np


def linear(x):
    """Return x unchanged: the identity, for the output unit of a regression.

    Args:
        x: array of any shape.
    Returns:
        x as a float array, values in (−∞, ∞).
    """
    return as_float(x)


def linear_derivative(x):
    """d/dx x = 1, everywhere."""
    return np.ones_like(as_float(x))


def sigmoid(x):
    """Squash x into a probability: σ(x) = 1 / (1 + exp(−x)).

    Args:
        x: array of any shape; for the output unit of a two-class problem, its logit.
    Returns:
        array shaped like x, values in [0, 1]; exactly 0 or 1 where floating point can get no closer.
    """
    x = as_float(x)
    # exp(−x) overflows where x is very negative. There exp(x) / (1 + exp(x)) is the same number: exp(−|x|) serves both.
    decay = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, decay) / (1 + decay)


def sigmoid_derivative(x):
    """σ′(x) = σ(x) (1 − σ(x)): at most 1/4, at x = 0, which is why gradients vanish in a deep stack of sigmoids.

    Reference: Hochreiter (1991); Bengio, Simard and Frasconi (1994), "Learning long-term dependencies with gradient
    descent is difficult".
    """
    probability = sigmoid(x)
    return probability * (1 - probability)


def tanh(x):
    """Squash x into (−1, 1), centered on zero: tanh(x) = (exp(x) − exp(−x)) / (exp(x) + exp(−x)) = 2 σ(2x) − 1.

    Args:
        x: array of any shape.
    Returns:
        array shaped like x, values in [−1, 1].

    Reference: LeCun, Bottou, Orr and Müller (1998), "Efficient BackProp", §4.4, on why hidden units should be centered.
    """
    return np.tanh(as_float(x))


def tanh_derivative(x):
    """tanh′(x) = 1 − tanh(x)²: 1 at x = 0, and close to 0 where |x| > 3. tanh saturates too."""
    return 1 - tanh(x) ** 2


def relu(x):
    """Pass what is positive, stop the rest: relu(x) = max(x, 0).

    Args:
        x: array of any shape.
    Returns:
        array shaped like x, values in [0, ∞).

    Reference: Nair and Hinton (2010), "Rectified linear units improve restricted Boltzmann machines", §2.
    """
    return np.maximum(as_float(x), 0)


def relu_derivative(x):
    """relu′(x) = 1 where x > 0, else 0. At x = 0, where the slope is undefined, it is 0 by convention, as in Keras."""
    x = as_float(x)
    return (x > 0).astype(x.dtype)


def leaky_relu(x, negative_slope=0.2):
    """A ReLU that cannot die: x where x > 0, negative_slope · x elsewhere.

    Args:
        x: array of any shape.
        negative_slope: float, the slope left of zero. Keras's default is 0.2; the paper used 0.01.
    Returns:
        array shaped like x.

    Reference: Maas, Hannun and Ng (2013), "Rectifier nonlinearities improve neural network acoustic models", §2.
    """
    return prelu(x, negative_slope)


def leaky_relu_derivative(x, negative_slope=0.2):
    """1 where x > 0, else negative_slope; at x = 0 it is negative_slope by convention, as in Keras."""
    return prelu_derivative(x, negative_slope)


def prelu(x, alpha):
    """A leaky ReLU whose slope is learned: prelu(x) = max(x, 0) + α min(x, 0).

    Args:
        x: array of any shape, for instance (batch, units).
        alpha: the slope left of zero: a float, or an array that broadcasts against x, such as one slope for each unit.
            Keras starts it at 0, the paper at 0.25.
    Returns:
        array shaped like x.

    Reference: He, Zhang, Ren and Sun (2015), "Delving deep into rectifiers", §2.1, equation 1.
    """
    x = as_float(x)
    return np.maximum(x, 0) + np.asarray(alpha, x.dtype) * np.minimum(x, 0)


def prelu_derivative(x, alpha):
    """∂ prelu / ∂x = 1 where x > 0, else α; at x = 0 it is α, as for the leaky ReLU (Keras's layer has 0)."""
    x = as_float(x)
    return np.where(x > 0, np.ones_like(x), np.asarray(alpha, x.dtype))


def prelu_alpha_derivative(x):
    """∂ prelu / ∂α = min(x, 0): only negative inputs teach the slope.

    A slope that several elements share has the gradient Σ upstream · min(x, 0), summed over those elements.
    """
    return np.minimum(as_float(x), 0)


def elu(x, alpha=1.0):
    """A smooth ReLU with negative outputs: x where x > 0, α (exp(x) − 1) elsewhere.

    Args:
        x: array of any shape.
        alpha: float, minus the value that very negative inputs approach.
    Returns:
        array shaped like x, values in (−α, ∞) for α > 0.

    Reference: Clevert, Unterthiner and Hochreiter (2016), "Fast and accurate deep network learning by exponential
    linear units (ELUs)", §3.
    """
    x = as_float(x)
    # The exponential is computed for every element: min(x, 0) keeps it finite where it is not wanted.
    return np.maximum(x, 0) + x.dtype.type(alpha) * np.expm1(np.minimum(x, 0))


def elu_derivative(x, alpha=1.0):
    """elu′(x) = 1 where x > 0, else α exp(x); at x = 0 it is α, as in Keras."""
    x = as_float(x)
    return np.where(x > 0, 1, x.dtype.type(alpha) * np.exp(np.minimum(x, 0)))


def swish(x):
    """Let x gate itself: swish(x) = x σ(x). Keras calls it `silu`.

    Args:
        x: array of any shape.
    Returns:
        array shaped like x, values in about [−0.2785, ∞): it dips below zero and comes back.

    Reference: Hendrycks and Gimpel (2016), "Gaussian error linear units (GELUs)", §2, as SiLU; found again by Elfwing,
    Uchibe and Doya (2017), "Sigmoid-weighted linear units", §2, and by Ramachandran, Zoph and Le (2017), "Searching
    for activation functions", §4, with β = 1.
    """
    x = as_float(x)
    return x * sigmoid(x)


def swish_derivative(x):
    """swish′(x) = σ(x) (1 + x (1 − σ(x))): negative left of x ≈ −1.278, above 1 right of x ≈ 1.278."""
    x = as_float(x)
    gate = sigmoid(x)
    return gate * (1 + x * (1 - gate))


def gelu(x):
    """Gate x by how likely it is the larger one: gelu(x) = x Φ(x), with Φ(x) = P(Z ≤ x) for Z ~ N(0, 1).

    Args:
        x: array of any shape.
    Returns:
        array shaped like x, values in about [−0.17, ∞): like swish, it dips below zero and comes back.

    Reference: Hendrycks and Gimpel (2016), "Gaussian error linear units (GELUs)", §2; the exact form, Keras's default.
    """
    x = as_float(x)
    return x * _normal_share_below(x)


def gelu_derivative(x):
    """gelu′(x) = Φ(x) + x φ(x), with φ(x) = exp(−x²/2) / √(2π): at most about 1.13."""
    x = as_float(x)
    wide = x.astype(np.float64)  # x² overflows in a smaller type
    return _normal_share_below(x) + (wide * np.exp(-0.5 * wide**2) / math.sqrt(2 * math.pi)).astype(x.dtype)


def softmax(logits, axis=-1):
    """Turn `logits` into probabilities along `axis`.

    softmax(z)_i = exp(z_i) / Σ_j exp(z_j), computed after subtracting max(z), which cancels out and keeps exp finite.

    Args:
        logits: float array of any shape.
        axis: the axis along which probabilities sum to 1.
    Returns:
        array shaped like `logits`, values in [0, 1].
    Raises:
        ValueError: `axis` does not exist or is empty.

    Reference: Bridle (1990), "Probabilistic interpretation of feedforward classification network outputs".
    """
    logits = as_float(logits)
    shifted = np.exp(logits - np.max(logits, axis=axis, keepdims=True))
    return shifted / shifted.sum(axis=axis, keepdims=True)


def softmax_jacobian(logits):
    """The matrix of derivatives of softmax along the last axis: J_ij = ∂p_i / ∂z_j = p_i (δ_ij − p_j).

    Every probability depends on every logit, so the derivative of a row of n logits is an n × n matrix.

    Args:
        logits: float array (..., n).
    Returns:
        array (..., n, n), symmetric; each row and each column sums to 0.
    """
    p = softmax(logits)
    return p[..., :, None] * (np.eye(p.shape[-1], dtype=p.dtype) - p[..., None, :])


def softmax_gradient(logits, upstream, axis=-1):
    """Carry a gradient back through softmax without building its Jacobian: ∂L/∂z_i = p_i (u_i − Σ_j u_j p_j).

    Args:
        logits: float array of any shape.
        upstream: u = ∂L/∂p, shaped like `logits`.
        axis: the axis along which probabilities sum to 1.
    Returns:
        ∂L/∂logits, shaped like `logits`.
    """
    p = softmax(logits, axis)
    return p * (upstream - np.sum(upstream * p, axis=axis, keepdims=True))


def get(name):
    """Look an activation up by its Keras name, for layers that are told `activation="relu"`.

    Args:
        name: "elu", "gelu", "leaky_relu", "linear", "relu", "sigmoid", "silu", "softmax", "swish" or "tanh".
    Returns:
        (function, gradient): function(x), and gradient(x, upstream) = ∂L/∂x for upstream = ∂L/∂function(x).
    Raises:
        ValueError: there is no activation of that name.
    """
    if name == "softmax":
        return softmax, softmax_gradient
    if name not in _ELEMENTWISE:
        raise ValueError(f"unknown activation {name!r}; choose one of {', '.join(sorted([*_ELEMENTWISE, 'softmax']))}")
    function, derivative = _ELEMENTWISE[name]
    return function, lambda x, upstream: upstream * derivative(x)


_ELEMENTWISE = {
    "elu": (elu, elu_derivative),
    "gelu": (gelu, gelu_derivative),
    "leaky_relu": (leaky_relu, leaky_relu_derivative),
    "linear": (linear, linear_derivative),
    "relu": (relu, relu_derivative),
    "sigmoid": (sigmoid, sigmoid_derivative),
    "silu": (swish, swish_derivative),
    "swish": (swish, swish_derivative),
    "tanh": (tanh, tanh_derivative),
}


def as_float(x):
    """Floating-point arrays as they are, whatever else is a number as float64: integers would overflow or round."""
    x = np.asarray(x)
    return x if np.issubdtype(x.dtype, np.floating) else x.astype(np.float64)


def _normal_share_below(x):
    """Φ(x), the share of a standard normal distribution below x; erfc keeps what is tiny far to the left."""
    return np.vectorize(lambda each: 0.5 * math.erfc(-each / math.sqrt(2)), otypes=[np.float64])(x).astype(x.dtype)
