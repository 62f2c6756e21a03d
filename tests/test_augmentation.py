"""Augmentation against SciPy and Keras, and that an image which is moved back is the image."""

import keras
import numpy as np
import pytest
from scipy import ndimage

from course_lib.augmentation import add_noise, augment_images, rotate_images, shift_images, zoom_images

RNG = np.random.default_rng(0)
IMAGES = RNG.random((4, 9, 12))
# A blot well inside, so that nothing leaves the image.
BLOTS = np.zeros((3, 28, 28))
BLOTS[:, 10:18, 9:17] = RNG.random((3, 8, 8))


@pytest.mark.parametrize("down, right", [(0, 0), (2, 0), (0, -3), (-1, 4), (0.5, -1.25), (8, 0), (9, 12), (40, -40)])
def test_a_shift_is_that_of_scipy_with_zeros_from_outside(down, right):
    expected = [ndimage.shift(image, (down, right), order=1, mode="grid-constant") for image in IMAGES]
    np.testing.assert_allclose(shift_images(IMAGES, down, right), expected, atol=1e-12)


def test_a_shift_by_whole_pixels_moves_them_as_they_are_and_nothing_wraps_around():
    moved = shift_images(IMAGES, 2, -3)
    np.testing.assert_array_equal(moved[:, 2:, :-3], IMAGES[:, :-2, 3:])
    assert np.all(moved[:, :2] == 0) and np.all(moved[:, :, -3:] == 0)
    np.testing.assert_array_equal(shift_images(IMAGES), IMAGES)


@pytest.mark.parametrize("degrees", [0, 7, -30, 45, 90, 180, 400])
def test_a_rotation_is_that_of_scipy(degrees):
    expected = [ndimage.rotate(image, degrees, reshape=False, order=1, mode="grid-constant") for image in IMAGES]
    np.testing.assert_allclose(rotate_images(IMAGES, degrees), expected, atol=1e-12)


def test_a_quarter_turn_of_a_square_is_that_of_numpy():
    np.testing.assert_allclose(rotate_images(BLOTS, 90), np.rot90(BLOTS, axes=(1, 2)), atol=1e-12)


@pytest.mark.parametrize("factor", [1, 0.8, 1.25, 3])
def test_a_zoom_is_that_of_scipy(factor):
    middle = (np.array(IMAGES.shape[1:]) - 1) / 2
    expected = [
        ndimage.affine_transform(
            image, np.eye(2) / factor, offset=middle - middle / factor, order=1, mode="grid-constant"
        )
        for image in IMAGES
    ]
    np.testing.assert_allclose(zoom_images(IMAGES, factor), expected, atol=1e-12)


def test_a_zoom_by_two_doubles_height_and_width():
    before, after = (np.ptp(np.argwhere(images[0] > 0), axis=0) + 1 for images in (BLOTS, zoom_images(BLOTS, 2)))
    np.testing.assert_allclose(after, 2 * before, atol=2)
    with pytest.raises(ValueError, match="factors > 0"):
        zoom_images(BLOTS, [1, 0, 2])


def test_all_at_once_is_the_affine_transformation_of_keras():
    # Keras is told where a place (x, y) comes from, as a row (a, b, c, d, e, f, 0, 0) of the matrix.
    rng = np.random.default_rng(5)
    down, right, degrees, zoom = (rng.uniform(-limit, limit, size=3) for limit in (3, 3, 20, 0.2))
    angle, factor = np.radians(degrees), 1 + zoom
    cosine, sine = np.cos(angle) / factor, np.sin(angle) / factor
    center = 13.5
    rows = [cosine, -sine, center - cosine * (center + right) + sine * (center + down)]
    rows += [sine, cosine, center - sine * (center + right) - cosine * (center + down), 0 * sine, 0 * sine]
    expected = keras.ops.image.affine_transform(
        BLOTS[..., None].astype("float32"),
        np.stack(rows, axis=1).astype("float32"),
        interpolation="bilinear",
        fill_mode="constant",
    )
    ours = augment_images(BLOTS, shift=3, degrees=20, zoom=0.2, seed=5)
    np.testing.assert_allclose(ours, np.asarray(expected)[..., 0], atol=1e-4)


def test_each_image_may_have_its_own_change():
    for change, values in (
        (lambda images, v: shift_images(images, down=v), [1, -2, 0.5]),
        (lambda images, v: shift_images(images, right=v), [1, -2, 0.5]),
        (rotate_images, [10, -20, 0]),
        (zoom_images, [1, 0.8, 1.5]),
    ):
        together = change(BLOTS, np.array(values))
        for image, value, alone in zip(BLOTS, values, together, strict=True):
            np.testing.assert_allclose(change(image[None], value)[0], alone, atol=1e-12)


def test_what_is_moved_there_and_back_is_what_it_was():
    np.testing.assert_allclose(shift_images(shift_images(BLOTS, 5, -4), -5, 4), BLOTS, atol=1e-12)
    np.testing.assert_allclose(rotate_images(rotate_images(BLOTS, 90), -90), BLOTS, atol=1e-12)


def test_noise_has_its_mean_and_deviation_and_its_seed():
    noisy = add_noise(np.full((100, 28, 28), 0.5), 0.2, seed=1)
    noise = noisy - 0.5
    assert abs(noise.mean()) < 5 * 0.2 / np.sqrt(noise.size)
    assert abs(noise.std() / 0.2 - 1) < 5 / np.sqrt(2 * noise.size)
    np.testing.assert_array_equal(add_noise(np.full((100, 28, 28), 0.5), 0.2, seed=1), noisy)
    assert np.any(add_noise(np.full((100, 28, 28), 0.5), 0.2, seed=2) != noisy)
    np.testing.assert_array_equal(add_noise(BLOTS, 0.0), BLOTS)


def test_a_seed_repeats_the_changes_and_limits_hold_for_each_image():
    many = np.zeros((2000, 15, 15))
    many[:, 7, 7] = 1
    first, again, other = (augment_images(many, 3, 0, 0, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.any(first != other)
    # The center of the blot has gone where the shift says: evenly over all places within the limit.
    places = np.stack([np.sum(first * np.arange(15)[:, None], axis=(1, 2)), np.sum(first * np.arange(15), axis=(1, 2))])
    moves = places - 7
    assert np.abs(moves).max() <= 3 + 1e-9
    np.testing.assert_allclose(moves.mean(axis=1), 0, atol=5 * 3 / np.sqrt(3 * 2000))
    np.testing.assert_allclose(moves.std(axis=1), 3 / np.sqrt(3), rtol=0.1)
    assert abs(np.corrcoef(moves)[0, 1]) < 5 / np.sqrt(2000)


def test_no_change_is_no_change_and_noise_comes_last():
    np.testing.assert_allclose(augment_images(IMAGES, 0, 0, 0, seed=0), IMAGES, atol=1e-12)
    noisy = augment_images(np.zeros((50, 20, 20)), stddev=0.3, seed=0)
    assert noisy.std() == pytest.approx(0.3, rel=0.05)


@pytest.mark.parametrize("change", [shift_images, lambda i: rotate_images(i, 9), lambda i: zoom_images(i, 1.1)])
def test_dtypes_and_shapes(change):
    assert change(IMAGES.astype(np.float32)).dtype == np.float32
    assert change((IMAGES * 255).astype(np.uint8)).dtype == np.float64
    assert change(IMAGES[:0]).shape == (0, 9, 12)
    kept = IMAGES.copy()
    change(IMAGES)
    np.testing.assert_array_equal(IMAGES, kept)
    with pytest.raises(ValueError, match=r"a batch \(n, height, width\), not the shape \(9, 12\)"):
        change(IMAGES[0])


@pytest.mark.parametrize("limits", [{"shift": -1}, {"degrees": -1}, {"zoom": -0.1}, {"zoom": 1}, {"stddev": -1}])
def test_augment_refuses_what_are_no_limits(limits):
    with pytest.raises(ValueError, match="limits must be ≥ 0"):
        augment_images(BLOTS, **limits)
