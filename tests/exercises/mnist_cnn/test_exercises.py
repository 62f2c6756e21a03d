"""What the mutation test of tests/exercises/test_every_exercise.py asks, of chapter 09 before it has a notebook."""

import numpy as np
import pytest

from course_lib import convolution
from course_lib.checking.scene import Curves, Matrix
from course_lib.exercises.mnist_cnn import EXERCISES
from course_lib.exercises.mnist_cnn.examining import keras_size as asked_size
from tests.exercises import test_every_exercise as every
from tests.exercises.reports import report_on

each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
each_seeds = pytest.mark.parametrize(
    "seeds",
    [pytest.param(range(1), id="seed 0"), pytest.param(range(1, 20), id="seeds 1-19", marks=pytest.mark.slow)],
)


@each_exercise
def test_an_exercise_is_whole(exercise):
    every.test_an_exercise_is_whole(exercise)
    every.test_inputs_are_drawn_before_anything_runs(exercise)


@each_seeds
@each_exercise
def test_right_answers_pass(exercise, seeds):
    every.test_right_answers_pass(exercise, seeds)


@each_seeds
@each_exercise
def test_misconceptions_are_refused_and_named(exercise, seeds):
    every.test_misconceptions_are_refused_and_named(exercise, seeds)


@pytest.mark.slow
@each_exercise
def test_pairs_of_mistakes_are_refused(exercise):
    every.test_pairs_of_mistakes_are_refused(exercise)


@each_exercise
def test_odd_answers_get_a_report_and_no_points(exercise):
    for odd in every.ODD:
        every.test_odd_answers_get_a_report_and_no_points(exercise, odd)


@pytest.mark.parametrize("exercise", [each for each in EXERCISES if each.buggy], ids=lambda each: each.name)
def test_the_code_with_the_bug_earns_nothing_and_is_no_attempt(exercise):
    every.test_the_code_with_the_bug_earns_nothing_and_is_no_attempt(exercise)


@pytest.mark.parametrize(
    "exercise",
    [each for each in EXERCISES if each.kind not in ("reach it", "break it", "write the check")],
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
