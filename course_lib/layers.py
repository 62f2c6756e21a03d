"""Layers: what a network is a stack of. Each one computes its outputs, and carries a gradient back to its inputs.

    layer.forward(inputs, training)    outputs; what the way back needs is kept until the next call
    layer.backward(upstream)           takes ∂L/∂outputs, returns ∂L/∂inputs, and leaves ∂L/∂weights in layer.gradients

Inputs are batches (n, features), or images (n, height, width, channels), whose own layers `convolution_layers` holds.
Computation is in the layer's `dtype`, float32 unless told otherwise, as in Keras; names and defaults are Keras's too.
"""

import numpy as np

from course_lib import activations, initializers
from course_lib.parallel import matmul

FORMS = {2: "(n, features)", 4: "(n, height, width, channels)"}


def dim_of(shape):
    """Return what a layer is built for, for a batch of that shape: the number of features, or the shape of an image."""
    return shape[1] if len(shape) == 2 else tuple(shape[1:])


class Layer:
    """What all layers have in common: building on first use, checking, counting. The mathematics is in the subclasses.

    Attributes:
        trainable_weights: list of arrays that an optimizer changes, in place.
        gradients: list of ∂L/∂weight for each of them, after `backward`.
        non_trainable_weights: list of arrays that the layer itself changes while training.
        needs_input_gradient: False in a network's first layer, before which nothing learns: `backward` may then save
            itself the work, and return None.
        input_dim, output_dim: the numbers of features and of outputs, or the shapes (height, width, channels) of
            images; None until the layer is built.
        takes, advice: how many axes a batch may have, keys of FORMS, and what to do about another batch.

    Args:
        dtype: float32 or float64.
    """

    takes = (2, 4)
    advice = ""

    def __init__(self, dtype="float32"):
        self.dtype = np.dtype(dtype)
        self.input_dim = self.output_dim = None
        self.trainable_weights = []
        self.gradients = []
        self.non_trainable_weights = []
        self.needs_input_gradient = True
        self._output_shape = None

    def build(self, input_dim, seed=None):
        """Make the weights for inputs of that many features; `forward` does it at the first batch, with a random seed.

        Args:
            input_dim: int, the number of features; of images their shape (height, width, channels).
            seed: int, or a `numpy.random.Generator` to draw from.
        Raises:
            ValueError: the layer does not take such inputs.
        """
        self._check_form((None, input_dim) if isinstance(input_dim, int | np.integer) else (None, *input_dim))
        output_dim = self._build(input_dim, np.random.default_rng(seed))
        self.input_dim, self.output_dim = input_dim, output_dim

    def forward(self, inputs, training=False):
        """Compute the outputs (n, units) of a batch (n, features), or those of a batch of images.

        Args:
            inputs: array of numbers, in a form that the layer `takes`; other dtypes are converted to the layer's.
            training: whether to behave as in training, for the layers that make a difference.
        Raises:
            ValueError: `inputs` are no numbers, no such batch, or have other features than before.
        """
        inputs = np.asarray(inputs)
        if inputs.dtype.kind not in "biuf":
            raise ValueError(f"{self.name} takes numbers, not {inputs.dtype}")
        self._check_form(inputs.shape)
        input_dim = dim_of(inputs.shape)
        if self.input_dim is None:
            self.build(input_dim)
        if input_dim != self.input_dim:
            raise ValueError(f"{self.name} was built for {self.input_dim} features, not {input_dim}")
        outputs = self._forward(inputs.astype(self.dtype, copy=False), training)
        self._output_shape = outputs.shape
        return outputs

    def backward(self, upstream):
        """Set `gradients` to ∂L/∂weights, and return ∂L/∂inputs, for the batch of the last `forward`.

        Args:
            upstream: ∂L/∂outputs, shaped like the outputs. Sums over the batch are the loss's business: nothing here
                divides by n.
        Raises:
            ValueError: the shape is not that of the last outputs, or there are none.
        """
        return self._backward(self._checked(upstream))

    @property
    def weights(self):
        """All weights in Keras's order: the trainable ones, then the others."""
        return self.trainable_weights + self.non_trainable_weights

    @property
    def name(self):
        return type(self).__name__

    @property
    def penalty(self):
        """What the layer's regularizers add to the loss."""
        return 0.0

    def count_params(self):
        """Return how many numbers the weights hold, trainable or not."""
        return sum(weight.size for weight in self.weights)

    def _check_form(self, shape):
        if len(shape) not in self.takes:
            forms = " or ".join(FORMS[axes] for axes in self.takes)
            raise ValueError(f"{self.name} takes a batch {forms}, not the shape {tuple(shape)}{self.advice}")

    def _checked(self, upstream):
        if np.shape(upstream) != self._output_shape:
            raise ValueError(f"{self.name} last returned the shape {self._output_shape}, not {np.shape(upstream)}")
        return np.asarray(upstream, self.dtype)

    def _build(self, input_dim, rng):
        """Make the weights, and return the number of outputs."""
        return input_dim

    def _forward(self, inputs, training):
        raise NotImplementedError

    def _backward(self, upstream):
        raise NotImplementedError


class Dense(Layer):
    """Every unit sees every input: y = activation(x W + b).

    With the logits z = x W + b and dz = ∂L/∂z = upstream ⊙ activation′(z), or `activations.softmax_gradient` for
    softmax, the way back is

        ∂L/∂W = xᵀ dz        ∂L/∂b = Σ_batch dz        ∂L/∂x = dz Wᵀ

    W, the kernel, is (features, units); b, the bias, is (units,) and starts at 0.

    Args:
        units: int ≥ 1, the number of outputs.
        activation: name of an activation (`activations.get`), None for none.
        kernel_initializer: function (shape, seed, dtype) -> array.
        kernel_regularizer: what adds `penalty(W)` to the loss and `gradient(W)` to ∂L/∂W, such as `regularizers.L2`.
        dtype: float32 or float64.
    Raises:
        ValueError: `units` is not a positive integer, or the activation is unknown.

    Reference: Rumelhart, Hinton and Williams (1986), "Learning representations by back-propagating errors".
    """

    takes = (2,)
    advice = ": Flatten() before it makes a row of each image's numbers"

    def __init__(
        self,
        units,
        activation=None,
        kernel_initializer=initializers.glorot_uniform,
        kernel_regularizer=None,
        dtype="float32",
    ):
        super().__init__(dtype)
        if units != int(units) or units < 1:
            raise ValueError(f"units must be a positive integer, not {units}")
        self.units = int(units)
        self.activation = activation or "linear"
        self._activate, self._activation_gradient = activations.get(self.activation)
        self.kernel_initializer = kernel_initializer
        self.kernel_regularizer = kernel_regularizer

    def _build(self, input_dim, rng):
        self.kernel = self.kernel_initializer((input_dim, self.units), rng, self.dtype)
        self.bias = initializers.zeros(self.units, rng, self.dtype)
        self.trainable_weights = [self.kernel, self.bias]
        return self.units

    def _forward(self, inputs, training):
        self._inputs = inputs
        self.logits = matmul(inputs, self.kernel)
        self.logits += self.bias
        return self._activate(self.logits)

    def _backward(self, upstream):
        return self.backward_from_logits(self._activation_gradient(self.logits, upstream))

    def backward_from_logits(self, upstream):
        """Do the work of `backward`, given ∂L/∂logits: for losses that have the activation built in."""
        upstream = self._checked(upstream)
        kernel_gradient = matmul(self._inputs.T, upstream)
        if self.kernel_regularizer:
            kernel_gradient += self.kernel_regularizer.gradient(self.kernel)
        self.gradients = [kernel_gradient, upstream.sum(axis=0)]
        return matmul(upstream, self.kernel.T) if self.needs_input_gradient else None

    @property
    def penalty(self):
        return self.kernel_regularizer(self.kernel) if self.kernel_regularizer else 0.0


class Activation(Layer):
    """An activation as a layer of its own, for where something stands between it and the dense layer.

    Args:
        activation: name of an activation (`activations.get`).
        dtype: float32 or float64.
    Raises:
        ValueError: the activation is unknown.
    """

    def __init__(self, activation, dtype="float32"):
        super().__init__(dtype)
        self.activation = activation
        self._activate, self._activation_gradient = activations.get(activation)

    def _forward(self, inputs, training):
        self.logits = inputs
        return self._activate(inputs)

    def _backward(self, upstream):
        return self._activation_gradient(self.logits, upstream)

    def backward_from_logits(self, upstream):
        """Return ∂L/∂logits as it is: for losses that have the activation built in."""
        return self._checked(upstream)


class Dropout(Layer):
    """While training, silence each input with probability `rate`, so that no unit can rely on one other.

    Survivors are scaled up by 1 / (1 − rate), so that the expected output is the input and nothing has to change when
    the network is used: this is called inverted dropout. The way back is through the same mask.

    Args:
        rate: float in [0, 1), the share that is *dropped*.
        seed: int; None for the seed that the network hands out.
        dtype: float32 or float64.
    Raises:
        ValueError: `rate` is out of range.

    Reference: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014), "Dropout: a simple way to prevent
    neural networks from overfitting", §4 and, for the scaling, §10.
    """

    def __init__(self, rate, seed=None, dtype="float32"):
        super().__init__(dtype)
        if not 0 <= rate < 1:
            raise ValueError(f"rate must be in [0, 1), not {rate}")
        self.rate = float(rate)
        self.seed = seed

    def _build(self, input_dim, rng):
        self._rng = rng if self.seed is None else np.random.default_rng(self.seed)
        return input_dim

    def _forward(self, inputs, training):
        if not training:
            self._mask = None
            return inputs
        survives = self._rng.random(inputs.shape, dtype=np.float32) >= self.rate
        self._mask = survives * self.dtype.type(1 / (1 - self.rate))
        return inputs * self._mask

    def _backward(self, upstream):
        return upstream if self._mask is None else upstream * self._mask


class BatchNormalization(Layer):
    """Give each feature the mean β and the standard deviation γ, both learned, over the batch.

    Of images each channel is a feature, and each place of each image is one of the n examples. While training, with the
    batch's own mean μ and variance σ² (divided by n, not n − 1), each (features,):

        x̂ = (x − μ) / √(σ² + ε)              y = γ x̂ + β
        moving ← momentum · moving + (1 − momentum) · batch          for the mean and for the variance

    Otherwise the moving mean and variance stand in for μ and σ², so that an example's output does not depend on its
    neighbors. As μ and σ² depend on every example, so does the way back while training, where Σ is over the batch:

        ∂L/∂γ = Σ u x̂        ∂L/∂β = Σ u        ∂L/∂x = γ / √(σ² + ε) · (u − (Σ u) / n − x̂ (Σ u x̂) / n)

    Weights: γ (starts at 1) and β (0), trainable; moving mean (0) and moving variance (1), not trainable.

    Args:
        momentum: float in [0, 1], the share of the old moving statistics that a batch leaves. It has nothing to do with
            an optimizer's momentum.
        epsilon: float > 0, keeps the division finite where a feature is constant.
        dtype: float32 or float64.
    Raises:
        ValueError: an argument is out of range, or a batch to train on has no examples.

    A batch of one example is its own mean: x̂ is 0 while training, y is β, and nothing flows back.

    Reference: Ioffe and Szegedy (2015), "Batch normalization: accelerating deep network training by reducing internal
    covariate shift", §3, Algorithms 1 and 2.
    """

    def __init__(self, momentum=0.99, epsilon=1e-3, dtype="float32"):
        super().__init__(dtype)
        if not 0 <= momentum <= 1:
            raise ValueError(f"momentum must be in [0, 1], not {momentum}")
        self.momentum = float(momentum)
        self.epsilon = _positive(epsilon)

    def _build(self, input_dim, rng):
        features = np.atleast_1d(input_dim)[-1]
        self.gamma = initializers.ones(features, rng, self.dtype)
        self.beta = initializers.zeros(features, rng, self.dtype)
        self.moving_mean = initializers.zeros(features, rng, self.dtype)
        self.moving_variance = initializers.ones(features, rng, self.dtype)
        self.trainable_weights = [self.gamma, self.beta]
        self.non_trainable_weights = [self.moving_mean, self.moving_variance]
        return input_dim

    def _forward(self, inputs, training):
        self._trained_on_batch = training
        if training:
            if not len(inputs):
                raise ValueError("BatchNormalization cannot train on a batch without examples: it has no mean")
            mean, variance = inputs.mean(axis=_examples(inputs)), inputs.var(axis=_examples(inputs))
            for moving, batch in ((self.moving_mean, mean), (self.moving_variance, variance)):
                moving *= self.momentum
                moving += (1 - self.momentum) * batch
        else:
            mean, variance = self.moving_mean, self.moving_variance
        self._deviation = np.sqrt(variance + self.epsilon)
        self._normalized = (inputs - mean) / self._deviation
        return self.gamma * self._normalized + self.beta

    def _backward(self, upstream):
        gamma_gradient = np.sum(upstream * self._normalized, axis=_examples(upstream))
        beta_gradient = np.sum(upstream, axis=_examples(upstream))
        self.gradients = [gamma_gradient, beta_gradient]
        if self._trained_on_batch:
            examples = upstream.size // len(self.gamma)
            upstream = upstream - (beta_gradient + self._normalized * gamma_gradient) / examples
        return self.gamma / self._deviation * upstream


class LayerNormalization(Layer):
    """Give each example the mean β and the standard deviation γ over its own features, training or not.

        x̂ = (x − μ) / √(σ² + ε)              y = γ x̂ + β

    with the mean μ and the variance σ² (divided by the number of features m) of each example, (n, 1); of images, of the
    channels at each place. No example matters to another, so there is nothing to remember for later. γ and β are
    (features,), one for each feature. The way back is that of batch normalization along the other axis, with γ inside
    the means, which go over features here:

        ∂L/∂γ = Σ_batch u x̂        ∂L/∂β = Σ_batch u
        v = γ u        ∂L/∂x = 1 / √(σ² + ε) · (v − (Σ_features v) / m − x̂ (Σ_features v x̂) / m)

    Weights: γ (starts at 1) and β (0), trainable.

    Args:
        epsilon: float > 0, keeps the division finite where all features of an example are equal.
        dtype: float32 or float64.
    Raises:
        ValueError: `epsilon` is out of range.

    Reference: Ba, Kiros and Hinton (2016), "Layer normalization", §3.
    """

    def __init__(self, epsilon=1e-3, dtype="float32"):
        super().__init__(dtype)
        self.epsilon = _positive(epsilon)

    def _build(self, input_dim, rng):
        self.gamma = initializers.ones(np.atleast_1d(input_dim)[-1], rng, self.dtype)
        self.beta = np.zeros_like(self.gamma)
        self.trainable_weights = [self.gamma, self.beta]
        return input_dim

    def _forward(self, inputs, training):
        mean, variance = inputs.mean(axis=-1, keepdims=True), inputs.var(axis=-1, keepdims=True)
        self._deviation = np.sqrt(variance + self.epsilon)
        self._normalized = (inputs - mean) / self._deviation
        return self.gamma * self._normalized + self.beta

    def _backward(self, upstream):
        self.gradients = [np.sum(each, axis=_examples(each)) for each in (upstream * self._normalized, upstream)]
        scaled = self.gamma * upstream
        along = np.mean(scaled * self._normalized, axis=-1, keepdims=True)
        return (scaled - scaled.mean(axis=-1, keepdims=True) - self._normalized * along) / self._deviation


def _examples(array):
    """Return the axes that hold examples: all but that of the features."""
    return tuple(range(array.ndim - 1))


def _positive(epsilon):
    if not 0 < epsilon < np.inf:
        raise ValueError(f"epsilon must be finite and > 0, not {epsilon}")
    return float(epsilon)
