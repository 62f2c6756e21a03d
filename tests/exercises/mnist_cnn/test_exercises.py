"""Chapter 09: what its explorer says is what the readings expect, lazy answers, its references, and its pictures."""

import re

import numpy as np
import pytest

from course_lib import convolution
from course_lib.checking.scene import Curves, Matrix
from course_lib.exercises import find
from course_lib.exercises.mnist_cnn import EXERCISES
from course_lib.exercises.mnist_cnn.examining import keras_size as asked_size
from course_lib.widgets.convolution_explorer import WEIGHTS, ConvolutionExplorer
from course_lib.widgets.convolution_net import digit
from tests.exercises.reports import assert_passes, assert_refused, report_on

RIGHT = {"moved": "w21", "unpadded": 3, "bias": 1.2}


def test_the_explorer_says_what_the_readings_expect():
    explorer = ConvolutionExplorer()

    def says(state):
        explorer.state = f"convolution-explorer?{state}"
        return int(re.search(r"The network says (\d)", explorer.sentence)[1])

    def image_of(weight):
        """The map of layer 1 where one weight alone is 1 and the bias is 0."""
        kernel = np.array([float(name == weight) for name in WEIGHTS]).reshape(3, 3, 1, 1)
        return convolution.conv2d(digit(3)[np.newaxis], kernel, padding=1)[0, :, :, 0]

    shown = digit(3)[..., 0]
    moves = [name for name in WEIGHTS if np.array_equal(image_of(name)[:, 1:], shown[:, :-1])]
    biases = [number / 10 for number in range(-5, 201) if says(f"digit=1&unit=2.7&bias={number / 10}") != 1]
    unpadded = sum(says(f"digit={number}&padding=0") == number for number in range(10))
    assert ([*moves], unpadded, biases[0]) == (["w21"], RIGHT["unpadded"], RIGHT["bias"])
    assert len(biases) == 201 - 12  # no larger bias brings the right digit back, as "too large" says
    explorer.state = "convolution-explorer?digit=1&unit=2.7"
    assert RIGHT["bias"] - explorer["bias"] == pytest.approx(1.75)  # how far it was raised
    assert all(says(f"digit={number}") == number for number in range(10))


@pytest.mark.parametrize("answer", [RIGHT, {"Moved": "W21", "unpadded": "3", "bias": "1,2"}])
def test_a_right_reading_passes_in_any_form(answer):
    assert_passes(find("mnist_cnn_readings"), lambda: answer)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"moved": "w23"}, "to the left"),
        ({"moved": "w22"}, "nothing moves"),
        ({"moved": "w12"}, "down"),
        ({"unpadded": 10}, "as it was trained"),
        ({"unpadded": 2}, "For more of the digits"),
        ({"unpadded": 7}, "For fewer of the digits"),
        ({"bias": 1.1}, "still says 1"),
        ({"bias": 1.75}, "how far"),
        ({"bias": 0.5}, "still says 1"),
        ({"bias": 3}, "another digit before"),
    ],
)
def test_a_wrong_reading_is_told_what_was_read(changed, told):
    assert_refused(find("mnist_cnn_readings"), lambda: RIGHT | changed, told)


NO_FUNCTIONS_OF_ARRAYS = ("reach it", "break it", "write the check", "read the picture", "quiz")


@pytest.mark.parametrize(
    "exercise",
    [each for each in EXERCISES if each.kind not in NO_FUNCTIONS_OF_ARRAYS],
    ids=lambda exercise: exercise.name,
)
def test_a_lazy_answer_earns_nothing(exercise):
    """Zeros, an argument itself, or nothing at all: an easy row must not pay for it."""

    def zeros(first, *others, **keywords):
        if exercise.name == "convolution_gradients":
            return np.zeros(others[0].shape), np.zeros(others[0].shape[-1]), np.zeros(first.shape)
        return np.zeros(np.shape(first))

    def same(first, *others, **keywords):
        return (others[0], others[1], first) if exercise.name == "convolution_gradients" else first

    for lazy in (zeros, same, lambda *arguments, **keywords: None):
        assert report_on(exercise, lazy).points == 0.0


def test_the_references_are_the_mathematics():
    """Written out, so that `solution()` shows something; course_lib.convolution is what was held against Keras."""
    rng = np.random.default_rng(0)
    images, kernel, bias = (rng.normal(size=shape) for shape in ((2, 8, 9, 3), (3, 2, 3, 4), 4))
    asked = {each.name: each.reference for each in EXERCISES}
    for stride, padding in [(1, 0), (2, 1), (3, 2)]:
        outputs = convolution.conv2d(images, kernel, bias, stride, padding)
        np.testing.assert_allclose(asked["convolve_2d"](images, kernel, bias, stride, padding), outputs)
        ours = asked["convolution_gradients"](images, kernel, outputs, stride, padding)
        theirs = convolution.conv2d_gradients(images, kernel, outputs, stride, padding)
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-12)
        pooled = convolution.max_pool2d(images, 3, stride)
        np.testing.assert_array_equal(asked["max_pool"](images, 3, stride), pooled)
        back = convolution.max_pool2d_gradient(images, pooled, 3, stride)
        np.testing.assert_allclose(asked["max_pool_gradient"](images, pooled, 3, stride), back)
    for size, window, stride, padding in np.ndindex(12, 6, 4, 2):
        size, window, stride, name = size + 6, window + 1, stride + 1, ("valid", "same")[padding]
        assert asked_size(size, window, stride, name) == convolution.output_size(size, window, stride, name)


# Others concern what a small picture does not have, such as several images or several channels.
SHOWN = {
    "correlate_1d": {"turned", "mean", "squared", "no_padding", "edge", "one_too_few"},
    "convolve_2d": {"bias_inside", "turned", "no_bias", "no_padding", "mean", "places_swapped"},
    "repaired_filter": {"no_bias", "by_place", "subtracted", "multiplied", "mean"},
    "max_pool": {"smallest", "mean", "absolute", "from_0", "corner", "by_size"},
    "max_pool_gradient": {"overwritten", "largest_overwritten", "equal_shares", "smallest", "minus", "in_the_corner"},
    "convolution_gradients": {"overwritten", "nothing_stored", "minus"},
}


@pytest.mark.parametrize("exercise", [each for each in EXERCISES if each.scene], ids=lambda each: each.name)
def test_no_such_mistake_looks_right_in_its_picture(exercise):
    right = numbers_of(exercise.scene(exercise.reference))
    assert np.ptp(right[0]) > 0
    tried = {each.name: each.answer for each in exercise.misconceptions if each.name in SHOWN[exercise.name]}
    assert tried.keys() == SHOWN[exercise.name]
    for name, answer in tried.items():
        wrong = numbers_of(exercise.scene(answer))
        assert any(w.shape != r.shape or np.max(np.abs(w - r)) > 0.2 for w, r in zip(wrong, right, strict=True)), name


def numbers_of(scene):
    assert isinstance(scene, Curves | Matrix)
    return list(scene.curves.values()) if isinstance(scene, Curves) else [scene.values]
