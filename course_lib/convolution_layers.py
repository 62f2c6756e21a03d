"""The layers of a network that looks at images, for `network.Sequential`: convolution, pooling, and flattening.

    model = Sequential([Conv2D(32, 3, activation="relu"), MaxPooling2D(), Flatten(), Dense(10, activation="softmax")])

Images are batches (n, height, width, channels). Names, arguments and their order are Keras's, and so are
the defaults that it has.
"""

import numpy as np

from course_lib import activations, convolution, initializers
from course_lib.layers import Layer
from course_lib.parallel import matmul


class ImageLayer(Layer):
    """A layer whose inputs are images."""

    takes = (4,)
    advice = ": images of one channel become such a batch by images[..., np.newaxis]"


class Conv2D(ImageLayer):
    """Filters that slide over the images: y = activation(x ⋆ K + b), with `convolution.conv2d` for ⋆.

    K, the kernel, is (height, width, channels, filters); b, the bias, is (filters,) and starts at 0.

    Args:
        filters: int ≥ 1, the number of output channels.
        kernel_size: int, or (height, width).
        strides, padding, dilation_rate: as in `course_lib.convolution`. Keras refuses strides above 1 together with a
            dilation rate above 1; here they go together.
        activation: name of an activation (`activations.get`), None for none.
        use_bias: False where a batch normalization follows, which takes any bias out again.
        kernel_initializer: function (shape, seed, dtype) -> array.
        kernel_regularizer: what adds `penalty(K)` to the loss and `gradient(K)` to ∂L/∂K, such as `regularizers.L2`.
        dtype: float32 or float64.
    Raises:
        ValueError: an argument is out of range.
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        dilation_rate=1,
        activation=None,
        use_bias=True,
        kernel_initializer=initializers.glorot_uniform,
        kernel_regularizer=None,
        dtype="float32",
    ):
        super().__init__(dtype)
        if filters != int(filters) or filters < 1:
            raise ValueError(f"filters must be a positive integer, not {filters}")
        self.filters = int(filters)
        self.kernel_size = convolution.pair(kernel_size)
        self.window = {"strides": strides, "padding": padding, "dilation_rate": dilation_rate}
        self.activation = activation or "linear"
        self._activate, self._activation_gradient = activations.get(self.activation)
        self.use_bias = use_bias
        self.kernel_initializer = kernel_initializer
        self.kernel_regularizer = kernel_regularizer

    def _build(self, input_dim, rng):
        down, right = convolution.axes_of((None, *input_dim), self.kernel_size, **self.window)
        self.kernel = self.kernel_initializer((*self.kernel_size, input_dim[-1], self.filters), rng, self.dtype)
        self.trainable_weights = [self.kernel]
        if self.use_bias:
            self.bias = initializers.zeros(self.filters, rng, self.dtype)
            self.trainable_weights.append(self.bias)
        return down.outputs, right.outputs, self.filters

    def _forward(self, inputs, training):
        self._inputs_shape = inputs.shape
        self._columns = convolution.flat(convolution.im2col(inputs, self.kernel_size, **self.window))
        logits = matmul(self._columns, self._matrix(self.kernel))
        if self.use_bias:
            logits += self.bias
        self.logits = logits.reshape(len(inputs), *self.output_dim)
        return self._activate(self.logits)

    def _backward(self, upstream):
        upstream = self._activation_gradient(self.logits, upstream)
        by_window = self._matrix(upstream)
        kernel_gradient = matmul(self._columns.T, by_window).reshape(self.kernel.shape)
        if self.kernel_regularizer:
            kernel_gradient += self.kernel_regularizer.gradient(self.kernel)
        self.gradients = [kernel_gradient, by_window.sum(axis=0)][: len(self.trainable_weights)]
        if not self.needs_input_gradient:
            return None
        return convolution.conv2d_images_gradient(self._inputs_shape, self.kernel, upstream, **self.window)

    def _matrix(self, array):
        return array.reshape(-1, self.filters)

    @property
    def penalty(self):
        return self.kernel_regularizer(self.kernel) if self.kernel_regularizer else 0.0


class Pooling2D(ImageLayer):
    """One number for each window, channel by channel: what both kinds of pooling share.

    Args:
        pool_size: int, or (height, width).
        strides: as in `course_lib.convolution`; None for the window's size, so that windows do not overlap.
        padding: "valid", "same" or an int.
        dtype: float32 or float64.
    Raises:
        ValueError: an argument is out of range.
    """

    def __init__(self, pool_size=2, strides=None, padding="valid", dtype="float32"):
        super().__init__(dtype)
        self.window = {"pool_size": pool_size, "strides": pool_size if strides is None else strides, "padding": padding}

    def _build(self, input_dim, rng):
        down, right = convolution.axes_of((None, *input_dim), *self.window.values())
        return down.outputs, right.outputs, input_dim[-1]

    def _forward(self, inputs, training):
        self._inputs, self._outputs = inputs, self._pool(inputs, **self.window)
        return self._outputs


class MaxPooling2D(Pooling2D):
    """The largest number of each window (`convolution.max_pool2d`)."""

    _pool = staticmethod(convolution.max_pool2d)

    def _backward(self, upstream):
        return convolution.max_pool2d_gradient(self._inputs, upstream, **self.window, pooled=self._outputs)


class AveragePooling2D(Pooling2D):
    """The mean of each window (`convolution.average_pool2d`)."""

    _pool = staticmethod(convolution.average_pool2d)

    def _backward(self, upstream):
        return convolution.average_pool2d_gradient(self._inputs, upstream, **self.window)


class GlobalMaxPooling2D(ImageLayer):
    """The largest number of each channel, wherever it stands: (n, height, width, channels) becomes (n, channels)."""

    def _build(self, input_dim, rng):
        return input_dim[-1]

    def _forward(self, inputs, training):
        self._inputs = inputs
        return inputs.max(axis=(1, 2))

    def _backward(self, upstream):
        whole = self._inputs.shape[1:3]
        return convolution.max_pool2d_gradient(self._inputs, upstream[:, np.newaxis, np.newaxis], whole)


class GlobalAveragePooling2D(ImageLayer):
    """The mean of each channel: (n, height, width, channels) becomes (n, channels).

    Reference: Lin, Chen and Yan (2014), "Network in network", §3.2.
    """

    def _build(self, input_dim, rng):
        return input_dim[-1]

    def _forward(self, inputs, training):
        self._inputs_shape = inputs.shape
        return inputs.mean(axis=(1, 2))

    def _backward(self, upstream):
        share = upstream / (self._inputs_shape[1] * self._inputs_shape[2])
        return np.broadcast_to(share[:, np.newaxis, np.newaxis], self._inputs_shape).copy()


class Flatten(Layer):
    """All numbers of an image in a row, for a dense layer: (n, height, width, channels) becomes (n, features)."""

    def _build(self, input_dim, rng):
        return int(np.prod(input_dim))

    def _forward(self, inputs, training):
        self._inputs_shape = inputs.shape
        return inputs.reshape(len(inputs), self.output_dim)

    def _backward(self, upstream):
        return upstream.reshape(self._inputs_shape)
