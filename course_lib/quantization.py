"""Quantization: a network whose weights and activations are int8, and that computes with integers only.

A real number r is stood for by a whole number q from −128 to 127:

    r = scale · (q − zero_point)

The *scale* says how far apart two neighbors are, the *zero point* which whole number stands for 0. That 0 is met
exactly matters: padding, ReLU and pruned weights all give it. A sum of products is then

    Σ r₁ r₂ = scale₁ · scale₂ · Σ (q₁ − zero_point₁)(q₂ − zero_point₂)

whose right-hand sum is one of integers. Kernels have a scale for each unit or filter, and the zero point 0.

Reference: Jacob, Kligys, Chen, Zhu, Tang, Howard, Adam and Kalenichenko (2018), "Quantization and training of neural
networks for efficient integer-arithmetic-only inference".
"""

from dataclasses import dataclass

import numpy as np

from course_lib.convolution import im2col

LOWEST, HIGHEST = -128, 127

# --- numbers


def scale_and_zero_point(low, high):
    """Return how the range from `low` to `high` is spread over the whole numbers from −128 to 127.

        scale = (high − low) / 255,    zero_point = round(−128 − low / scale)

    after the range has been stretched to hold 0. A range that is 0 alone gets (1.0, 0).

    Args:
        low, high: floats, the smallest and the largest number that is to be met; low ≤ high.
    Returns:
        (scale, zero_point): float > 0, and an int from −128 to 127.
    Raises:
        ValueError: low > high, or one of them is not finite.
    """
    if not (np.isfinite(low) and np.isfinite(high) and low <= high):
        raise ValueError(f"a range goes from a finite number to one that is no smaller, not from {low} to {high}")
    low, high = min(float(low), 0.0), max(float(high), 0.0)
    scale = (high - low) / (HIGHEST - LOWEST)
    return (scale, round(LOWEST - low / scale)) if scale > 0 else (1.0, 0)


def quantize(x, scale, zero_point):
    """Return the int8 that stands for each number: clip(round(x / scale) + zero_point, −128, 127).

    Args:
        x: float array of any shape, finite.
        scale, zero_point: as `scale_and_zero_point` gives them, or arrays that broadcast against `x`.
    """
    return np.clip(np.round(x / scale) + zero_point, LOWEST, HIGHEST).astype(np.int8)


def dequantize(q, scale, zero_point):
    """Return the float32 that each int8 stands for: scale · (q − zero_point)."""
    return (scale * (np.asarray(q, np.int32) - zero_point)).astype(np.float32)


def symmetric_scales(kernel):
    """Return a scale for each unit or filter of a `kernel`, its last axis: the largest magnitude / 127, or 1 for zeros.

    With them the zero point is 0, and −128 is not used.
    """
    largest = np.max(np.abs(kernel), axis=tuple(range(np.ndim(kernel) - 1)))
    return np.where(largest > 0, largest / HIGHEST, 1.0)


# --- sums of products


def integer_product(inputs, input_zero_point, kernel, kernel_zero_point=0):
    """Return the matrix product Σ (q₁ − zero_point₁)(q₂ − zero_point₂) of int8 matrices, in int32.

    Written out it is Σ q₁q₂ − z₂ Σ q₁ − z₁ Σ q₂ + n z₁z₂: hardware multiplies the int8 as they are, and adds the rest.
    Sums of int8 products leave int8 at once; int32 holds more than 30,000 of the largest.

    Args:
        inputs: int8 array (m, n).
        kernel: int8 array (n, k).
        input_zero_point, kernel_zero_point: ints.
    Returns:
        int32 array (m, k).
    """
    inputs, kernel = np.asarray(inputs, np.int32), np.asarray(kernel, np.int32)
    # For whole numbers NumPy's einsum is several times as fast as its @, which has BLAS for floats alone.
    products = np.einsum("mn,nk->mk", inputs, kernel)
    products -= kernel_zero_point * inputs.sum(axis=1, keepdims=True, dtype=np.int32)
    products -= input_zero_point * kernel.sum(axis=0, dtype=np.int32)
    return products + np.int32(len(kernel) * input_zero_point * kernel_zero_point)


def integer_convolution(images, zero_point, kernel, strides=1, padding="valid"):
    """Return the sums of a convolution with integers only, in int32.

    What is put around the images is the number that stands for 0: `zero_point`, and not 0. So the zero point is taken
    off first, and zeros are put around the differences.

    Args:
        images: int8 array (n, height, width, channels).
        zero_point: int, that of the images; that of the kernel is 0.
        kernel: int8 array (height, width, channels, filters).
        strides, padding: as in `course_lib.convolution`.
    Returns:
        int32 array (n, output height, output width, filters).
    """
    columns = im2col(np.asarray(images, np.int32) - zero_point, kernel.shape[:2], strides, padding)
    filters = kernel.reshape(-1, kernel.shape[-1])
    sums = integer_product(columns.reshape(-1, len(filters)).astype(np.int32), 0, filters)
    return sums.reshape(*columns.shape[:3], -1)


def fixed_point(multiplier):
    """Return a positive `multiplier` as a whole number and a shift: multiplier ≈ mantissa / 2^shift.

    Args:
        multiplier: float > 0, or an array of them.
    Returns:
        (mantissa, shift): int64 arrays; 2³⁰ ≤ mantissa < 2³¹, so 31 digits of the multiplier are kept.
    """
    fraction, exponent = np.frexp(np.asarray(multiplier, float))  # 0.5 ≤ fraction < 1
    mantissa, shift = np.round(fraction * 2.0**31).astype(np.int64), 31 - exponent.astype(np.int64)
    is_up = mantissa == 2**31  # what rounds up to 1 is 0.5, one power higher
    return np.where(is_up, 2**30, mantissa), np.where(is_up, shift - 1, shift)


def requantize(sums, mantissa, shift, zero_point, lowest=LOWEST):
    """Return int32 `sums` as int8 at another scale: clip(round(sums · mantissa / 2^shift) + zero_point).

    With integers only: 2^shift / 2 is added, so that the shift to the right rounds to the nearest, up from the middle.

    Args:
        sums: int32 array whose last axis is that of the units or filters.
        mantissa, shift: of the multiplier input scale · kernel scale / output scale, from `fixed_point`; shift ≥ 1.
        zero_point: int, that of the result.
        lowest: int, the smallest number that may come out; `zero_point` for a ReLU.
    """
    products = np.asarray(sums, np.int64) * mantissa
    rounded = (products + (np.int64(1) << (shift - 1))) >> shift
    return np.clip(rounded + zero_point, lowest, HIGHEST).astype(np.int8)


# --- layers


def folded_batch_normalization(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    """Return the kernel and bias of the one layer that does what a layer and the batch normalization after it do.

        γ · (x·W + b − μ) / √(σ² + ε) + β  =  x·(W · γ / √(σ² + ε))  +  (b − μ) · γ / √(σ² + ε) + β

    Args:
        kernel: array whose last axis is that of the units or filters.
        bias: array (units,).
        gamma, beta, mean, variance: arrays (units,), the scale, the shift and the running statistics.
        epsilon: float > 0.
    Returns:
        (kernel, bias), shaped as before.
    """
    factor = gamma / np.sqrt(variance + epsilon)
    return kernel * factor, (bias - mean) * factor + beta


@dataclass(frozen=True, eq=False)
class IntegerLayer:
    """A dense layer or a convolution from int8 to int8, with a ReLU or without. Made by `integer_layer`.

    Attributes:
        kernel: int8 array (features, units), or (height, width, channels, filters).
        bias: int32 array (units,), at the scale of the sums.
        input_zero_point, output_zero_point: ints.
        output_scale: float; nothing computes with it but who wants real numbers in the end.
        mantissa, shift: int64 arrays (units,).
        lowest: int, the smallest number that comes out.
        strides, padding: of a convolution.
    """

    kernel: np.ndarray
    bias: np.ndarray
    input_zero_point: int
    output_scale: float
    output_zero_point: int
    mantissa: np.ndarray
    shift: np.ndarray
    lowest: int
    strides: int = 1
    padding: str = "valid"

    def __call__(self, inputs):
        """Return the int8 outputs of a batch of int8 inputs."""
        if self.kernel.ndim == 2:
            sums = integer_product(inputs, self.input_zero_point, self.kernel)
        else:
            sums = integer_convolution(inputs, self.input_zero_point, self.kernel, self.strides, self.padding)
        return requantize(sums + self.bias, self.mantissa, self.shift, self.output_zero_point, self.lowest)

    @property
    def nbytes(self):
        """How many bytes have to be stored: int8 weights; a bias, a mantissa of 4 bytes and a shift of 1 a unit."""
        return self.kernel.nbytes + self.bias.nbytes + 5 * self.bias.size + 4 + 2


def integer_layer(kernel, bias, inputs, outputs, is_relu=False, strides=1, padding="valid"):
    """Return the `IntegerLayer` of a layer with real weights.

    Args:
        kernel: float array (features, units), or (height, width, channels, filters).
        bias: float array (units,).
        inputs, outputs: (scale, zero_point) of what goes in and what comes out, from ranges that were seen on examples.
        is_relu: whether negative outputs become 0.
        strides, padding: of a convolution.
    """
    (input_scale, input_zero_point), (output_scale, output_zero_point) = inputs, outputs
    scales = symmetric_scales(kernel)
    limits = np.iinfo(np.int32)
    bias = np.clip(np.round(bias / (input_scale * scales)), limits.min, limits.max).astype(np.int32)
    mantissa, shift = fixed_point(input_scale * scales / output_scale)
    return IntegerLayer(
        quantize(kernel, scales, 0),
        bias,
        input_zero_point,
        output_scale,
        output_zero_point,
        mantissa,
        shift,
        output_zero_point if is_relu else LOWEST,
        strides,
        padding,
    )
