"""MNIST-1D: that it is what its paper describes, by its statistics and by what simple models make of it."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d
from sklearn.linear_model import LogisticRegression

from course_lib import mnist_1d as module
from course_lib.mnist_1d import mnist_1d, templates


@pytest.fixture(scope="module")
def data():
    return mnist_1d(seed=0)


def test_its_shapes_and_classes(data):
    (x_train, y_train), (x_test, y_test) = data
    assert x_train.shape == (4000, 40) and x_test.shape == (1000, 40)
    assert x_train.dtype == x_test.dtype == np.float32 and y_train.dtype == y_test.dtype == np.uint8
    np.testing.assert_array_equal(np.bincount(np.concatenate([y_train, y_test])), np.full(10, 500))
    assert y_train.shape == (4000,) and np.bincount(y_train).min() > 350  # shuffled, so not exactly 400 of each
    assert np.any(np.diff(y_train[:20].astype(int)) < 0)


def test_the_training_examples_have_mean_0_and_deviation_1(data):
    (x_train, _), (x_test, _) = data
    assert abs(x_train.mean(dtype=float)) < 1e-5 and abs(x_train.std(dtype=float) - 1) < 1e-5
    # Those to test on are scaled by the same two numbers, and so nearly that.
    assert 1e-6 < abs(x_test.mean(dtype=float)) < 0.05 and abs(x_test.std(dtype=float) - 1) < 0.05


def test_a_seed_repeats_everything_and_another_gives_others(data):
    again, other = mnist_1d(seed=0), mnist_1d(seed=1)
    for part, same, different in zip(data, again, other, strict=True):
        for array, equal, unequal in zip(part, same, different, strict=True):
            np.testing.assert_array_equal(array, equal)
            assert np.any(array != unequal)


def test_the_digits_start_and_end_at_0_and_are_ten():
    digits = templates()
    assert digits.shape == (10, 12)
    np.testing.assert_allclose(digits[:, [0, -1]], 0, atol=1e-12)
    np.testing.assert_allclose((6 * digits).std(axis=1), 1)


def test_neighbors_are_alike_and_far_places_are_not(data):
    (x_train, _), _ = data
    along = np.corrcoef(x_train.T)
    near = np.mean([along[place, place + 1] for place in range(39)])
    far = np.mean([abs(along[place, place + 13]) for place in range(27)])
    assert near > 0.75 and far < 0.45 and near > far + 0.3


def test_where_a_digit_stands_varies_over_the_whole_signal(data):
    # A zero is the largest number's place: padded by 36 to 60 of 72 points and moved by up to 47, it may be anywhere.
    (x_train, y_train), _ = data
    places = np.argmax(x_train[y_train == 0], axis=1)
    assert len(np.unique(places)) > 30


def test_the_blur_is_that_of_scipy():
    noise = np.random.default_rng(1).normal(size=72)
    np.testing.assert_allclose(module._blurred(noise), gaussian_filter1d(noise, 2), rtol=1e-12, atol=1e-12)


def test_a_linear_model_is_right_on_a_third_as_in_the_paper(data):
    # Table 1 of the paper: 32 % for logistic regression.
    (x_train, y_train), (x_test, y_test) = data
    model = LogisticRegression(max_iter=300).fit(x_train, y_train)
    assert 0.27 < model.score(x_test, y_test) < 0.37


@pytest.mark.parametrize(("examples", "test_examples"), [(0, 10), (15, 10), (10, -10), (4001, 1000)])
def test_examples_that_cannot_be_shared_out_are_refused(examples, test_examples):
    with pytest.raises(ValueError, match="multiple of 10"):
        mnist_1d(examples, test_examples)
