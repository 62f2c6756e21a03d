"""Distillation against Keras's losses, and its gradient against a finite difference."""

import numpy as np
import pytest

from course_lib import distillation
from course_lib.activations import softmax


@pytest.fixture
def logits():
    rng = np.random.default_rng(0)
    return rng.normal(size=(6, 4)), 2 * rng.normal(size=(6, 4)), rng.integers(0, 4, size=6)


@pytest.mark.parametrize(("temperature", "alpha"), [(1.0, 0.5), (3.0, 0.9), (10.0, 1.0), (2.0, 0.0)])
def test_the_gradient_is_that_of_the_loss(logits, temperature, alpha):
    student, teacher, labels = logits
    _, gradient = distillation.distillation_loss(student, teacher, labels, temperature, alpha)
    for place in np.ndindex(student.shape):
        moved = np.zeros_like(student)
        moved[place] = 1e-4
        above, below = (
            distillation.distillation_loss(student + sign * moved, teacher, labels, temperature, alpha)[0]
            for sign in (1, -1)
        )
        assert (above - below) / 2e-4 == pytest.approx(gradient[place], abs=1e-7)


def test_the_loss_is_made_of_kerass(logits):
    keras = pytest.importorskip("keras")
    student, teacher, labels = logits
    soft = keras.losses.CategoricalCrossentropy()(softmax(teacher / 4), softmax(student / 4))
    hard = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, student)
    loss, _ = distillation.distillation_loss(student, teacher, labels, 4.0, 0.3)
    assert loss == pytest.approx(0.3 * 16 * float(soft) + 0.7 * float(hard), rel=1e-5)


def test_alpha_means_the_same_at_every_temperature(logits):
    """At high temperatures T² · the soft gradient tends to that of half the squared difference of centered logits."""
    student, teacher, labels = logits
    _, gradient = distillation.distillation_loss(student, teacher, labels, 1e4, 1.0)
    differences = student - teacher
    expected = (differences - differences.mean(axis=1, keepdims=True)) / 4 / 6
    np.testing.assert_allclose(gradient, expected, rtol=1e-2, atol=1e-4)


def test_large_logits_are_finite():
    loss, gradient = distillation.distillation_loss(
        np.array([[900.0, -900.0]]), np.array([[-900.0, 900.0]]), [0], 1.0, 0.5
    )
    assert loss == pytest.approx(900) and np.all(np.isfinite(gradient))


def test_a_temperature_makes_probabilities_alike_and_is_above_zero():
    one, four = (distillation.soft_targets(np.array([[4.0, 2.0, 0.0]]), t) for t in (1.0, 4.0))
    assert one.sum() == pytest.approx(1) and four.sum() == pytest.approx(1) and four.max() < one.max()
    with pytest.raises(ValueError, match="above 0"):
        distillation.soft_targets(np.ones((1, 2)), 0.0)
