"""Convolution and pooling: the same small window, moved over an image, and the way back.

Images are a batch (n, height, width, channels), kernels (height, width, channels, filters), as in Keras. A signal along
a line is an image of height 1. What every function here takes:

    kernel_size, pool_size    how large the window is: an int for a square, or (height, width)
    strides                   how far it moves from one place to the next: an int, or (down, right)
    padding                   what is put around the images: "valid" for nothing, "same" for as much as gives
                              ⌈size / stride⌉ places, an odd one at the end, or an int for so much on every side
    dilation_rate             how far apart the places are that a window looks at: 1 for side by side

With a stride above 1 what is left over at the end, too small for another step, is not looked at.

References: LeCun, Bottou, Bengio and Haffner (1998), "Gradient-based learning applied to document recognition", §2;
Dumoulin and Visin (2016), "A guide to convolution arithmetic for deep learning"; for im2col Chellapilla, Puri and
Simard (2006), "High performance convolutional neural networks for document processing".
"""

from typing import NamedTuple

import numpy as np


class Axis(NamedTuple):
    """How a window moves along one axis of an image.

    Args:
        window: how many places of the image it looks at.
        stride: how far it moves.
        dilation: how far apart the places are that it looks at.
        before, after: how much is put in front of the image and behind it.
        outputs: how many places the window has.
    """

    window: int
    stride: int
    dilation: int
    before: int
    after: int
    outputs: int

    @property
    def reach(self):
        """How many places there are from the first to the last that the window looks at."""
        return (self.window - 1) * self.dilation + 1

    def places(self, offset):
        """Return the slice of the padded image that the window's place number `offset` meets as the window moves."""
        start = offset * self.dilation
        return slice(start, start + (self.outputs - 1) * self.stride + 1, self.stride)


def axis_of(size, window, stride=1, padding="valid", dilation=1):
    """Return the `Axis` of a window on an image that is `size` long; see the module for what may be asked.

    Raises:
        ValueError: a number is no whole one ≥ 1 (≥ 0 for the padding), or the window is larger than the padded image.
    """
    for name, value in {"size": size, "window": window, "stride": stride, "dilation": dilation}.items():
        _whole(name, value, 1)
    reach = (window - 1) * dilation + 1
    if padding == "same":
        total = max((-(-size // stride) - 1) * stride + reach - size, 0)
        before, after = total // 2, total - total // 2
    else:
        if isinstance(padding, str) and padding != "valid":
            raise ValueError(f'padding is "valid", "same" or a whole number, not {padding!r}')
        before = after = 0 if padding == "valid" else _whole("padding", padding, 0)
    if reach > size + before + after:
        raise ValueError(
            f"the window reaches over {reach} places, but the image has only {size + before + after}"
            + f", {before + after} of padding included" * (before + after > 0)
        )
    return Axis(window, stride, dilation, before, after, (size + before + after - reach) // stride + 1)


def output_size(size, kernel_size, stride=1, padding="valid", dilation_rate=1):
    """Return how many places a window has along an axis: ⌊(size + padding − reach) / stride⌋ + 1.

    The reach of a window is (kernel_size − 1) · dilation_rate + 1, and padding counts both ends.

    Raises:
        ValueError: as `axis_of`.
    """
    return axis_of(size, kernel_size, stride, padding, dilation_rate).outputs


def axes_of(shape, kernel_size, strides=1, padding="valid", dilation_rate=1):
    """Return the two `Axis` of a window on images of a shape (n, height, width, channels), down and to the right."""
    if len(shape) != 4:
        raise ValueError(f"images are a batch (n, height, width, channels), not the shape {tuple(shape)}")
    pairs = (pair(each) for each in (kernel_size, strides, dilation_rate))
    return [
        axis_of(size, window, stride, padding, dilation)
        for size, window, stride, dilation in zip(shape[1:3], *pairs, strict=True)
    ]


def pair(value):
    """Return `value` for down and for right: (2, 3) as it is, and (2, 2) for 2; ValueError for what is neither."""
    both = (value, value) if np.ndim(value) == 0 else tuple(value)
    if len(both) != 2:
        raise ValueError(f"one number or two are asked, for down and for right, not {value!r}")
    return both


# --- convolution


def conv2d(images, kernel, bias=None, strides=1, padding="valid", dilation_rate=1):
    """Slide each filter over the images: at every place, the sum of the products of what it covers, plus its bias.

        y[n, i, j, f] = b[f] + Σ_{a, b, c} x[n, i · stride + a · dilation, j · stride + b · dilation, c] · K[a, b, c, f]

    with x padded by zeros. In mathematics this is a cross-correlation; a convolution would turn the kernel around,
    which makes no difference to a kernel that is learned.

    Args:
        images: float array (n, height, width, channels).
        kernel: float array (height, width, channels, filters).
        bias: (filters,), or None for none.
    Returns:
        array (n, output height, output width, filters).
    Raises:
        ValueError: shapes do not match, or as `axis_of`.
    """
    _check_channels(images, kernel)
    columns = im2col(images, kernel.shape[:2], strides, padding, dilation_rate)
    outputs = flat(columns) @ kernel.reshape(-1, kernel.shape[-1])
    if bias is not None:
        outputs += bias
    return outputs.reshape(*columns.shape[:3], -1)


def conv2d_gradients(images, kernel, upstream, strides=1, padding="valid", dilation_rate=1):
    """Carry ∂L/∂y back through `conv2d`: every window used the same kernel, whose gradient sums over all windows.

        ∂L/∂K = Σ_windows columnᵀ u        ∂L/∂b = Σ_windows u        ∂L/∂x = u Kᵀ, added up where windows overlap

    Args:
        upstream: ∂L/∂y, shaped like what `conv2d` returns.
    Returns:
        (∂L/∂K, ∂L/∂b, ∂L/∂x), shaped like the kernel, (filters,), and like the images.
    Raises:
        ValueError: shapes do not match, or as `axis_of`.
    """
    _check_channels(images, kernel)
    columns = im2col(images, kernel.shape[:2], strides, padding, dilation_rate)
    expected = (*columns.shape[:3], kernel.shape[-1])
    if upstream.shape != expected:
        raise ValueError(f"the convolution returned the shape {expected}, not {upstream.shape}")
    by_window = upstream.reshape(-1, kernel.shape[-1])
    kernel_gradient = (flat(columns).T @ by_window).reshape(kernel.shape)
    images_gradient = conv2d_images_gradient(images.shape, kernel, upstream, strides, padding, dilation_rate)
    return kernel_gradient, by_window.sum(axis=0), images_gradient


def conv2d_images_gradient(shape, kernel, upstream, strides=1, padding="valid", dilation_rate=1):
    """Carry ∂L/∂y back to the images alone: `col2im` of u Kᵀ, one place of the window after the other.

    Place by place what is added up stays small enough for the processor's cache.

    Args:
        shape: of the images.
    Returns:
        array of that shape.
    """
    down, right = axes_of(shape, kernel.shape[:2], strides, padding, dilation_rate)
    gradient = np.zeros(_padded_shape(shape, down, right), upstream.dtype)
    by_window = upstream.reshape(-1, kernel.shape[-1])
    for a, b, place in _taps(gradient, down, right):
        place += (by_window @ kernel[a, b].T).reshape(place.shape)
    return _cropped(gradient, shape, down, right)


def im2col(images, kernel_size, strides=1, padding="valid", dilation_rate=1):
    """Write out what every window sees, so that a convolution is one product of matrices.

    Returns:
        array (n, output height, output width, window's height, window's width, channels).
    Raises:
        ValueError: as `axis_of`.
    """
    down, right = axes_of(np.shape(images), kernel_size, strides, padding, dilation_rate)
    padded = _padded(np.asarray(images), down, right)
    # A view of every window, for which nothing is copied yet: (n, rows, columns, channels, reach down, reach right).
    windows = np.lib.stride_tricks.sliding_window_view(padded, (down.reach, right.reach), axis=(1, 2))
    windows = windows[:, :: down.stride, :: right.stride, :, :: down.dilation, :: right.dilation]
    return np.ascontiguousarray(windows.transpose(0, 1, 2, 4, 5, 3))


def col2im(columns, shape, strides=1, padding="valid", dilation_rate=1):
    """Add every number of the windows to the place of the image that it was seen at: the transpose of `im2col`.

    For all images x and columns c of fitting shapes, Σ im2col(x) · c = Σ x · col2im(c).

    Args:
        columns: array shaped as `im2col` returns it.
        shape: of the images.
    Returns:
        array of that shape. What falls on the padding is dropped.
    """
    down, right = axes_of(shape, columns.shape[3:5], strides, padding, dilation_rate)
    padded = np.zeros(_padded_shape(shape, down, right), columns.dtype)
    for a, b, seen in _taps(padded, down, right):
        seen += columns[:, :, :, a, b]
    return _cropped(padded, shape, down, right)


# --- pooling


def max_pool2d(images, pool_size=2, strides=None, padding="valid"):
    """Return the largest number in every window, channel by channel. The strides are the window's size, unless given.

    Padding is never the largest: it counts as −∞.

    Raises:
        ValueError: as `axis_of`.
    """
    down, right = axes_of(images.shape, pool_size, _strides(strides, pool_size), padding)
    largest = None
    for _, _, seen in _taps(_padded(images, down, right, -np.inf), down, right):
        largest = seen.copy() if largest is None else np.maximum(largest, seen, out=largest)
    return largest


def max_pool2d_gradient(images, upstream, pool_size=2, strides=None, padding="valid", pooled=None):
    """Carry ∂L/∂y back through `max_pool2d`: all of it to the largest number of each window, nothing to the others.

    Where several are the largest, the first gets it, row by row from the top left, as in TensorFlow. A number that is
    the largest of several windows gets what all of them send back.

    Args:
        upstream: ∂L/∂y, shaped like what `max_pool2d` returns.
        pooled: what `max_pool2d` returned, if that is still there; else it is computed again.
    Returns:
        array shaped like `images`.
    Raises:
        ValueError: as `axis_of`, or `upstream` has another shape.
    """
    down, right = axes_of(images.shape, pool_size, _strides(strides, pool_size), padding)
    largest = max_pool2d(images, pool_size, strides, padding) if pooled is None else pooled
    _check_upstream(upstream, largest.shape)
    padded = _padded(images, down, right, -np.inf)
    gradient = np.zeros(padded.shape, upstream.dtype)
    is_paid = np.zeros(largest.shape, bool)
    for (_, _, seen), (_, _, place) in zip(_taps(padded, down, right), _taps(gradient, down, right), strict=True):
        is_first = (seen == largest) & ~is_paid
        place += upstream * is_first
        is_paid |= is_first
    return _cropped(gradient, images.shape, down, right)


def average_pool2d(images, pool_size=2, strides=None, padding="valid"):
    """Return the mean of every window, channel by channel. Padding is not counted, so a window at the edge has fewer.

    Raises:
        ValueError: as `axis_of`.
    """
    down, right = axes_of(images.shape, pool_size, _strides(strides, pool_size), padding)
    return sum(seen for _, _, seen in _taps(_padded(images, down, right), down, right)) / _counts(images, down, right)


def average_pool2d_gradient(images, upstream, pool_size=2, strides=None, padding="valid"):
    """Carry ∂L/∂y back through `average_pool2d`: every number of a window gets an equal share.

    Args:
        upstream: ∂L/∂y, shaped like what `average_pool2d` returns.
    Returns:
        array shaped like `images`, of which nothing but the shape matters.
    Raises:
        ValueError: as `axis_of`, or `upstream` has another shape.
    """
    down, right = axes_of(images.shape, pool_size, _strides(strides, pool_size), padding)
    _check_upstream(upstream, (len(images), down.outputs, right.outputs, images.shape[3]))
    gradient = np.zeros(_padded_shape(images.shape, down, right), upstream.dtype)
    share = upstream / _counts(images, down, right).astype(upstream.dtype)
    for _, _, place in _taps(gradient, down, right):
        place += share
    return _cropped(gradient, images.shape, down, right)


# --- what they share


def flat(columns):
    """Return what `im2col` gave as a matrix: a row for each window, in it all that the window sees."""
    return columns.reshape(np.prod(columns.shape[:3]), -1)


def _taps(padded, down, right):
    """Yield (a, b, view) for each place (a, b) of the window: what lies there as the window moves over the image."""
    for a in range(down.window):
        for b in range(right.window):
            yield a, b, padded[:, down.places(a), right.places(b)]


def _padded(images, down, right, value=0.0):
    if not (down.before or down.after or right.before or right.after):
        return images
    around = ((0, 0), (down.before, down.after), (right.before, right.after), (0, 0))
    return np.pad(images, around, constant_values=value)


def _padded_shape(shape, down, right):
    n, height, width, channels = shape
    return n, height + down.before + down.after, width + right.before + right.after, channels


def _cropped(padded, shape, down, right):
    # Not [before:-after], which is empty where nothing was put behind the image.
    return padded[:, down.before : down.before + shape[1], right.before : right.before + shape[2]]


def _counts(images, down, right):
    """Return how many places of the image, not of its padding, each window holds, (1, height, width, 1)."""
    ones = _padded(np.ones((1, *images.shape[1:3], 1), images.dtype), down, right)
    return sum(seen for _, _, seen in _taps(ones, down, right))


def _strides(strides, pool_size):
    return pool_size if strides is None else strides


def _whole(name, value, least):
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ValueError(f"{name} must be a whole number ≥ {least}, not {value!r}")
    return int(value)


def _check_channels(images, kernel):
    if np.ndim(kernel) != 4 or np.ndim(images) != 4 or images.shape[3] != kernel.shape[2]:
        raise ValueError(
            "images (n, height, width, channels) and a kernel (height, width, channels, filters) must have the same "
            f"channels; their shapes are {np.shape(images)} and {np.shape(kernel)}"
        )


def _check_upstream(upstream, shape):
    if upstream.shape != shape:
        raise ValueError(f"the pooling returned the shape {shape}, not {upstream.shape}")
