"""int8 against real numbers, BN folding against Keras, and whole layers against LiteRT's own int8."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib import quantization
from course_lib.convolution import conv2d

NUMBERS = st.floats(-1e6, 1e6, allow_subnormal=False)


@given(NUMBERS, NUMBERS)
def test_a_range_is_met_within_half_a_step_and_zero_exactly(one, other):
    low, high = min(one, other), max(one, other)
    scale, zero_point = quantization.scale_and_zero_point(low, high)
    assert scale > 0 and isinstance(zero_point, int) and -128 <= zero_point <= 127
    x = np.linspace(low, high, 50)
    met = scale * (quantization.quantize(x, scale, zero_point).astype(float) - zero_point)
    # Half a step of rounding, and at an end half a step by which the zero point was rounded.
    assert np.abs(met - x).max() <= scale * (1 + 1e-6)
    assert quantization.dequantize(quantization.quantize(np.zeros(1), scale, zero_point), scale, zero_point) == 0


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ((0, 255), (1.0, -128)),
        ((-255, 0), (1.0, 127)),
        ((0, 0), (1.0, 0)),
        ((51, 255), (1.0, -128)),
        ((-55, 200), (1.0, -73)),
    ],
)
def test_ranges_whose_scale_is_known(ends, expected):
    assert quantization.scale_and_zero_point(*ends) == expected


@pytest.mark.parametrize("ends", [(1, 0), (np.nan, 1), (0, np.inf)])
def test_what_is_no_range_is_refused(ends):
    with pytest.raises(ValueError, match="a range goes from"):
        quantization.scale_and_zero_point(*ends)


def test_numbers_beyond_the_range_stay_at_its_ends():
    np.testing.assert_array_equal(quantization.quantize(np.array([-9.0, 0.0, 9.0]), 0.01, 100), [-128, 100, 127])
    assert quantization.quantize(np.array([1.0]), 0.01, 100).dtype == np.int8


def test_the_product_of_integers_is_that_of_the_real_numbers():
    rng = np.random.default_rng(0)
    a, b = rng.integers(-128, 128, (5, 40)).astype(np.int8), rng.integers(-128, 128, (40, 3)).astype(np.int8)
    for zero_a, zero_b in ((0, 0), (-128, 0), (17, -60), (-128, 127)):
        sums = quantization.integer_product(a, zero_a, b, zero_b)
        assert sums.dtype == np.int32
        # Powers of two as scales: the real products are exact.
        real = (2.0**-5 * (a.astype(float) - zero_a)) @ (2.0**-7 * (b.astype(float) - zero_b))
        np.testing.assert_array_equal(2.0**-12 * sums, real)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [1, 2])
def test_the_convolution_of_integers_is_that_of_the_real_numbers(padding, strides):
    rng = np.random.default_rng(1)
    images = rng.integers(-128, 128, (2, 7, 6, 3)).astype(np.int8)
    kernel = rng.integers(-127, 128, (3, 3, 3, 4)).astype(np.int8)
    sums = quantization.integer_convolution(images, -37, kernel, strides, padding)
    real = conv2d(images.astype(float) + 37, kernel.astype(float), strides=strides, padding=padding)
    assert sums.dtype == np.int32
    np.testing.assert_array_equal(sums, real)


@given(st.floats(1e-9, 1e3))
def test_a_multiplier_keeps_31_digits(multiplier):
    mantissa, shift = quantization.fixed_point(multiplier)
    assert 2**30 <= mantissa < 2**31
    assert mantissa / 2.0**shift == pytest.approx(multiplier, rel=2**-31)


def test_a_multiplier_that_rounds_up_to_a_power_of_two():
    assert tuple(map(int, quantization.fixed_point(np.nextafter(1.0, 0)))) == (2**30, 30)


@given(st.integers(-(2**24), 2**24), st.floats(1e-6, 0.5), st.integers(-128, 127))
def test_requantization_rounds_to_the_nearest(total, multiplier, zero_point):
    mantissa, shift = quantization.fixed_point(np.array([multiplier]))
    given = int(quantization.requantize(np.array([total], np.int32), mantissa, shift, zero_point)[0])
    exact = min(max(total * multiplier + zero_point, -128), 127)
    assert abs(given - exact) <= 0.5 + 1e-4


def test_a_folded_layer_is_kerass_layer_and_normalization():
    rng = np.random.default_rng(2)
    for layer, shape in ((keras.layers.Dense(5), (7,)), (keras.layers.Conv2D(4, 3), (6, 6, 2))):
        network = keras.Sequential([keras.Input(shape), layer, keras.layers.BatchNormalization()])
        norm = network.layers[1]
        layer.bias.assign(rng.normal(size=layer.bias.shape))
        for weight, drawn in zip(norm.weights, rng.uniform(0.3, 2, (4, *norm.gamma.shape)), strict=True):
            weight.assign(drawn)
        before = rng.normal(size=(3, *shape)).astype(np.float32)
        wanted = network.predict(before, verbose=0)
        values = [weight.numpy() for weight in (norm.gamma, norm.beta, norm.moving_mean, norm.moving_variance)]
        kernel, bias = quantization.folded_batch_normalization(*layer.get_weights(), *values, norm.epsilon)
        assert np.abs(wanted - layer(before).numpy()).max() > 0.1
        layer.set_weights([kernel, bias])
        np.testing.assert_allclose(layer(before).numpy(), wanted, atol=2e-6)


def test_a_unit_without_weights_has_a_scale_and_each_other_its_own():
    kernel = np.array([[0.0, 1.0, -0.01], [0.0, -12.7, 0.0127]])
    scales = quantization.symmetric_scales(kernel)
    np.testing.assert_allclose(scales, [1.0, 0.1, 0.0001])
    np.testing.assert_array_equal(quantization.quantize(kernel, scales, 0), [[0, 10, -100], [0, -127, 127]])


@pytest.mark.parametrize("is_relu", [False, True])
def test_an_integer_layer_is_within_a_step_of_the_real_one(is_relu):
    rng = np.random.default_rng(3)
    kernel, bias = rng.normal(size=(30, 8)) * np.geomspace(0.01, 1, 8), rng.normal(size=8)
    x = rng.uniform(-1, 3, size=(200, 30))
    real = x @ kernel + bias
    inputs = quantization.scale_and_zero_point(x.min(), x.max())
    # Also with a ReLU a range that reaches below 0: it must be the layer that cuts off, and not the range.
    outputs = quantization.scale_and_zero_point(real.min(), real.max())
    real = np.maximum(real, 0) if is_relu else real
    layer = quantization.integer_layer(kernel, bias, inputs, outputs, is_relu)
    given = quantization.dequantize(layer(quantization.quantize(x, *inputs)), *outputs)
    assert np.abs(given - real).max() < 3 * outputs[0] and np.abs(given - real).mean() < outputs[0]
    if is_relu:
        assert given.min() == 0
    assert layer.kernel.dtype == np.int8 and layer.nbytes == 30 * 8 + 8 * 9 + 6


@pytest.mark.slow
def test_a_layer_is_that_of_lite_rts_own_int8():
    import tensorflow as tf

    rng = np.random.default_rng(4)
    x = rng.uniform(-1, 2, size=(300, 12)).astype(np.float32)
    network = keras.Sequential([keras.Input((12,)), keras.layers.Dense(6, activation="relu")])
    kernel, bias = rng.normal(size=(12, 6)) * np.geomspace(0.05, 1, 6), rng.normal(size=6)
    network.set_weights([kernel, bias])
    converter = tf.lite.TFLiteConverter.from_keras_model(network)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([row[None]] for row in x)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    interpreter = tf.lite.Interpreter(model_content=converter.convert())
    (before,), (after,) = interpreter.get_input_details(), interpreter.get_output_details()
    interpreter.resize_tensor_input(before["index"], x.shape)
    interpreter.allocate_tensors()
    inputs, outputs = before["quantization"], after["quantization"]
    q = quantization.quantize(x, *inputs)
    interpreter.set_tensor(before["index"], q)
    interpreter.invoke()

    scale, zero_point = quantization.scale_and_zero_point(x.min(), x.max())
    assert inputs == (pytest.approx(scale, rel=1e-6), zero_point)
    ours = quantization.integer_layer(kernel, bias, inputs, outputs, is_relu=True)(q)
    theirs = interpreter.get_tensor(after["index"])
    # A product that lies in the middle between two numbers may be rounded either way.
    assert np.abs(ours.astype(int) - theirs).max() <= 1 and np.mean(ours == theirs) > 0.99
