"""Convolution and pooling against Keras, forwards and backwards, and where Keras has none against the definition."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from course_lib import convolution

DRAWN = range(30)


def drawn_setting(seed, pools=False):
    """Return images, and a window's settings: such as Keras accepts, so no stride above 1 with a dilation above 1."""
    rng = np.random.default_rng([7, seed])
    padding = ("valid", "same")[seed % 2]
    size = tuple(int(each) for each in rng.integers(1, 5, size=2))
    strides, dilation = tuple(int(each) for each in rng.integers(1, 4, size=2)), 1
    if not pools and seed % 3 == 0:  # Keras's own way back takes no dilation that differs along the axes on a CPU
        strides, dilation = (1, 1), int(rng.integers(2, 4))
    low = [(each - 1) * dilation + 1 for each in size]
    n, height, width = int(rng.integers(1, 4)), *(int(rng.integers(each, each + 8)) for each in low)
    images = rng.normal(size=(n, height, width, int(rng.integers(1, 4))))
    settings = {"strides": strides, "padding": padding} | ({} if pools else {"dilation_rate": dilation})
    return images, size, settings, rng


def of_keras(layer, images, upstream_of):
    """Return a layer's outputs, and the gradients of Σ outputs · upstream by its weights and by the images."""
    images = tf.constant(images)
    with tf.GradientTape() as tape:
        tape.watch(images)
        outputs = layer(images)
        total = tf.reduce_sum(outputs * upstream_of(outputs.shape))
    return outputs.numpy(), [each.numpy() for each in tape.gradient(total, [*layer.trainable_variables, images])]


def assert_close(ours, theirs):
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("seed", DRAWN)
def test_a_drawn_convolution_is_that_of_keras_forwards_and_backwards(seed):
    images, size, settings, rng = drawn_setting(seed)
    filters = int(rng.integers(1, 5))
    kernel, bias = rng.normal(size=(*size, images.shape[3], filters)), rng.normal(size=filters)
    layer = keras.layers.Conv2D(filters, size, dtype="float64", **settings)
    layer.build(images.shape)
    layer.set_weights([kernel, bias])
    outputs, (kernel_gradient, bias_gradient, images_gradient) = of_keras(
        layer, images, lambda shape: np.random.default_rng(seed).normal(size=shape)
    )
    ours = convolution.conv2d(images, kernel, bias, **settings)
    assert_close(ours, outputs)
    upstream = np.random.default_rng(seed).normal(size=ours.shape)
    for mine, theirs in zip(
        convolution.conv2d_gradients(images, kernel, upstream, **settings),
        (kernel_gradient, bias_gradient, images_gradient),
        strict=True,
    ):
        assert_close(mine, theirs)


@pytest.mark.parametrize("seed", DRAWN)
@pytest.mark.parametrize("kind", ["max", "average"])
def test_a_drawn_pooling_is_that_of_keras_forwards_and_backwards(kind, seed):
    images, size, settings, _ = drawn_setting(seed, pools=True)
    if seed % 5 == 0:
        settings["strides"] = None
    layer = {"max": keras.layers.MaxPooling2D, "average": keras.layers.AveragePooling2D}[kind](
        size, dtype="float64", **settings
    )
    outputs, (images_gradient,) = of_keras(layer, images, lambda shape: np.random.default_rng(seed).normal(size=shape))
    pool = {"max": convolution.max_pool2d, "average": convolution.average_pool2d}[kind]
    back = {"max": convolution.max_pool2d_gradient, "average": convolution.average_pool2d_gradient}[kind]
    ours = pool(images, size, **settings)
    assert_close(ours, outputs)
    upstream = np.random.default_rng(seed).normal(size=ours.shape)
    assert_close(back(images, upstream, size, **settings), images_gradient)


def test_tied_maxima_pay_the_first_as_in_tensorflow():
    images = np.zeros((1, 4, 4, 1))
    images[0, 1, 2:4, 0] = 1.0
    _, (theirs,) = of_keras(keras.layers.MaxPooling2D(2, dtype="float64"), images, np.ones)
    ours = convolution.max_pool2d_gradient(images, np.ones((1, 2, 2, 1)))
    np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(ours[0, :, :, 0], [[1, 0, 0, 0], [0, 0, 1, 0], [1, 0, 1, 0], [0, 0, 0, 0]])


def by_definition(images, kernel, bias, strides, padding, dilation_rate):
    """The formula as it stands, in loops; `padding` is a number."""
    padded = np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    (down, right), (apart_down, apart_right) = strides, dilation_rate
    height, width, _, filters = kernel.shape
    rows = (padded.shape[1] - (height - 1) * apart_down - 1) // down + 1
    columns = (padded.shape[2] - (width - 1) * apart_right - 1) // right + 1
    outputs = np.zeros((len(images), rows, columns, filters))
    for n, i, j, f in np.ndindex(outputs.shape):
        outputs[n, i, j, f] = bias[f]
        for a, b, c in np.ndindex(kernel.shape[:3]):
            seen = padded[n, i * down + a * apart_down, j * right + b * apart_right, c]
            outputs[n, i, j, f] += seen * kernel[a, b, c, f]
    return outputs


@pytest.mark.parametrize(
    ("strides", "padding", "dilation_rate"),
    [((2, 2), 0, (2, 2)), ((3, 1), 1, (1, 2)), ((2, 3), 2, (3, 2)), ((1, 1), 4, (1, 3)), ((4, 2), 3, (2, 1))],
)
def test_what_keras_refuses_is_the_definition(strides, padding, dilation_rate):
    rng = np.random.default_rng(3)
    images, kernel, bias = rng.normal(size=(2, 9, 8, 2)), rng.normal(size=(3, 2, 2, 3)), rng.normal(size=3)
    settings = {"strides": strides, "padding": padding, "dilation_rate": dilation_rate}
    expected = by_definition(images, kernel, bias, **settings)
    np.testing.assert_allclose(convolution.conv2d(images, kernel, bias, **settings), expected, rtol=1e-12, atol=1e-12)
    upstream = rng.normal(size=expected.shape)
    gradients = convolution.conv2d_gradients(images, kernel, upstream, **settings)
    for place, (array, gradient) in enumerate(zip((kernel, bias, images), gradients, strict=True)):

        def loss(moved, place=place):
            arrays = [kernel, bias, images]
            arrays[place] = moved
            return np.sum(upstream * convolution.conv2d(arrays[2], arrays[0], arrays[1], **settings))

        np.testing.assert_allclose(gradient, central_differences(loss, array), rtol=1e-6, atol=1e-7)


def central_differences(loss, array, step=1e-6):
    slopes = np.zeros(array.shape)
    for place in np.ndindex(array.shape):
        nudge = np.zeros(array.shape)
        nudge[place] = step
        slopes[place] = (loss(array + nudge) - loss(array - nudge)) / (2 * step)
    return slopes


@pytest.mark.parametrize("padding", ["valid", "same", 1])
@pytest.mark.parametrize("kind", ["max", "average"])
def test_poolings_gradients_are_central_differences_where_windows_overlap(kind, padding):
    rng = np.random.default_rng(5)
    images = rng.permutation(1.0 * np.arange(2 * 6 * 7 * 2)).reshape(2, 6, 7, 2)
    pool = {"max": convolution.max_pool2d, "average": convolution.average_pool2d}[kind]
    back = {"max": convolution.max_pool2d_gradient, "average": convolution.average_pool2d_gradient}[kind]
    upstream = rng.normal(size=pool(images, 3, 2, padding).shape)
    expected = central_differences(lambda x: np.sum(upstream * pool(x, 3, 2, padding)), images, 1e-3)
    np.testing.assert_allclose(back(images, upstream, 3, 2, padding), expected, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("settings", [(1, "valid", 1), (2, "same", 1), (3, 2, 1), ((2, 1), 1, (2, 3))])
def test_col2im_is_the_transpose_of_im2col(settings):
    rng = np.random.default_rng(11)
    images = rng.normal(size=(2, 9, 10, 3))
    columns = convolution.im2col(images, (3, 2), *settings)
    others = rng.normal(size=columns.shape)
    back = convolution.col2im(others, images.shape, *settings)
    assert back.shape == images.shape
    assert np.sum(columns * others) == pytest.approx(np.sum(images * back))


def test_the_images_gradient_is_col2im_of_the_products():
    rng = np.random.default_rng(12)
    kernel, upstream = rng.normal(size=(3, 3, 2, 4)), rng.normal(size=(2, 3, 3, 4))
    products = np.einsum("nijf,abcf->nijabc", upstream, kernel)
    np.testing.assert_allclose(
        convolution.conv2d_images_gradient((2, 6, 6, 2), kernel, upstream, 2, "same"),
        convolution.col2im(products, (2, 6, 6, 2), 2, "same"),
    )


def test_a_signal_along_a_line_is_an_image_of_height_1():
    signal, kernel = np.array([1.0, 2, 3, 4, 5]), np.array([1.0, 0, -1])
    outputs = convolution.conv2d(signal.reshape(1, 1, 5, 1), kernel.reshape(1, 3, 1, 1))
    np.testing.assert_array_equal(outputs.ravel(), np.correlate(signal, kernel))
    np.testing.assert_array_equal(outputs.ravel(), [-2, -2, -2])


def test_float32_stays_float32():
    images, kernel = np.ones((1, 5, 5, 1), np.float32), np.ones((3, 3, 1, 2), np.float32)
    outputs = convolution.conv2d(images, kernel, np.ones(2, np.float32), padding="same")
    gradients = convolution.conv2d_gradients(images, kernel, outputs, padding="same")
    pooled = [convolution.max_pool2d(images, 2, 1, "same"), convolution.average_pool2d(images, 2, 1, "same")]
    back = [
        convolution.max_pool2d_gradient(images, pooled[0], 2, 1, "same"),
        convolution.average_pool2d_gradient(images, pooled[1], 2, 1, "same"),
    ]
    assert {each.dtype for each in (outputs, *gradients, *pooled, *back)} == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    ("size", "window", "stride", "padding", "dilation", "expected"),
    [(28, 3, 1, "valid", 1, 26), (28, 3, 1, "same", 1, 28), (28, 3, 2, "same", 1, 14), (7, 3, 2, 0, 1, 3),
     (8, 3, 2, 0, 1, 3), (5, 3, 1, 1, 1, 5), (9, 3, 1, "valid", 4, 1), (1, 5, 1, "same", 1, 1)],
)  # fmt: skip
def test_output_sizes(size, window, stride, padding, dilation, expected):
    assert convolution.output_size(size, window, stride, padding, dilation) == expected


IMAGES, KERNEL = np.zeros((2, 5, 6, 3)), np.zeros((3, 3, 3, 4))


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: convolution.conv2d(IMAGES, KERNEL, strides=0), "stride must be a whole number ≥ 1, not 0"),
        (lambda: convolution.conv2d(IMAGES, KERNEL, strides=1.5), "stride must be a whole number ≥ 1, not 1.5"),
        (lambda: convolution.conv2d(IMAGES, KERNEL, strides=(1, 2, 3)), "one number or two"),
        (lambda: convolution.conv2d(IMAGES, KERNEL, padding=-1), "padding must be a whole number ≥ 0, not -1"),
        (lambda: convolution.conv2d(IMAGES, KERNEL, padding="full"), "not 'full'"),
        (lambda: convolution.conv2d(IMAGES, KERNEL, dilation_rate=0), "dilation must be"),
        (lambda: convolution.conv2d(IMAGES, KERNEL, dilation_rate=3), "7 places, but the image has only 5"),
        (lambda: convolution.conv2d(IMAGES, np.zeros((9, 3, 3, 4)), padding=1),
         "reaches over 9 places, but the image has only 7, 2 of padding included"),
        (lambda: convolution.conv2d(IMAGES, np.zeros((3, 3, 1, 4))), "must have the same channels"),
        (lambda: convolution.conv2d(IMAGES[..., 0], KERNEL), r"\(2, 5, 6\)"),
        (lambda: convolution.im2col(IMAGES[0], 3), "images are a batch"),
        (lambda: convolution.conv2d_gradients(IMAGES, KERNEL, IMAGES), r"returned the shape \(2, 3, 4, 4\)"),
        (lambda: convolution.max_pool2d(IMAGES, 7), "reaches over 7"),
        (lambda: convolution.max_pool2d_gradient(IMAGES, IMAGES), r"returned the shape \(2, 2, 3, 3\)"),
        (lambda: convolution.average_pool2d_gradient(IMAGES, IMAGES), r"returned the shape \(2, 2, 3, 3\)"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told(call, told):
    with pytest.raises(ValueError, match=told):
        call()
