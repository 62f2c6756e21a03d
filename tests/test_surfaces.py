"""The surfaces of the optimizer race: gradients against differences, minima, and runs that end or diverge."""

import numpy as np
import pytest

from course_lib.optimizers import SGD, Adam
from course_lib.surfaces import BOWL, FAR_AWAY, HIMMELBLAU, ROSENBROCK, SADDLE, SURFACES, descend, turned

each_surface = pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.name)


@each_surface
def test_gradients_are_slopes_of_the_values(surface):
    x, y = np.random.default_rng(0).normal(size=(2, 50))
    h = 1e-6
    by_x, by_y = surface.gradient(x, y)
    np.testing.assert_allclose(by_x, (surface.value(x + h, y) - surface.value(x - h, y)) / (2 * h), atol=1e-5)
    np.testing.assert_allclose(by_y, (surface.value(x, y + h) - surface.value(x, y - h)) / (2 * h), atol=1e-5)


@each_surface
def test_minima_and_starts_lie_in_the_picture(surface):
    grid = np.meshgrid(np.linspace(*surface.x_limits, 401), np.linspace(*surface.y_limits, 401))
    for x, y in [*surface.minima, surface.start]:
        assert surface.x_limits[0] < x < surface.x_limits[1] and surface.y_limits[0] < y < surface.y_limits[1]
    for minimum in surface.minima:
        np.testing.assert_allclose(surface.gradient(*minimum), 0, atol=1e-12)
        assert surface.value(*minimum) <= surface.value(*grid).min()
    assert bool(surface.minima) == (surface is not SADDLE)


def test_a_turned_surface_has_the_slopes_minima_and_runs_of_the_surface():
    surface = turned(ROSENBROCK, 30)
    x, y = np.random.default_rng(0).normal(size=(2, 50))
    h = 1e-6
    by_x, by_y = surface.gradient(x, y)
    np.testing.assert_allclose(by_x, (surface.value(x + h, y) - surface.value(x - h, y)) / (2 * h), atol=1e-4)
    np.testing.assert_allclose(by_y, (surface.value(x, y + h) - surface.value(x, y - h)) / (2 * h), atol=1e-4)
    assert surface.value(*surface.minima[0]) == pytest.approx(0)
    # Descent follows the slope, wherever the axes lie; the quarter turn takes y to where x was.
    _, losses = descend(SGD(0.001), surface, surface.start, steps=50)
    np.testing.assert_allclose(losses, descend(SGD(0.001), ROSENBROCK, ROSENBROCK.start, steps=50)[1], rtol=1e-6)
    np.testing.assert_allclose(turned(BOWL, 90).start, (-1, -4))
    assert turned(BOWL, 90).x_limits == turned(BOWL, 90).y_limits == (-4.5, 4.5)


def test_a_path_is_the_optimizers_own_steps():
    path, losses = descend(SGD(0.01, momentum=0.5), ROSENBROCK, (0.2, 0.1), steps=20)
    optimizer, weights = SGD(0.01, momentum=0.5), [np.array([0.2, 0.1])]
    for place, loss in zip(path, losses, strict=True):
        np.testing.assert_allclose(place, weights[0], rtol=1e-12)
        assert loss == pytest.approx(ROSENBROCK.value(*weights[0]), rel=1e-12)
        weights = optimizer.step(weights, [np.array(ROSENBROCK.gradient(*weights[0]))])
    assert path.shape == (21, 2) and losses.shape == (21,)


def test_adam_finds_a_minimum_of_himmelblaus_function():
    path, losses = descend(Adam(0.1), HIMMELBLAU, HIMMELBLAU.start, steps=500)
    assert min(np.hypot(*(path[-1] - minimum)) for minimum in HIMMELBLAU.minima) < 1e-4
    assert losses[-1] < 1e-6


def test_a_diverging_run_is_not_a_number_from_there_on():
    # Each step multiplies y by 1 − 50 · 0.05 = −1.5.
    path, losses = descend(SGD(0.05), BOWL, (1.0, 1.0), steps=100)
    steps = np.arange(101)
    far = (1.5**steps > FAR_AWAY) | (25 * 2.25**steps > FAR_AWAY)
    assert 0 < far.sum() < 100
    np.testing.assert_array_equal(np.isnan(losses), far)
    np.testing.assert_array_equal(np.isnan(path).all(axis=1), far)
    np.testing.assert_allclose(path[~far, 1], (-1.5) ** steps[~far], rtol=1e-9)


def test_noise_repeats_is_the_same_for_every_optimizer_and_has_its_size():
    runs = [
        descend(SGD(rate), SADDLE, (0.0, 0.0), steps=1, noise=0.5, seed=seed)[0]
        for rate in (0.1, 0.2)
        for seed in (1, 1, 2)
    ]
    np.testing.assert_array_equal(runs[0], runs[1])
    assert not np.array_equal(runs[1], runs[2])
    np.testing.assert_allclose(2 * runs[0], runs[3])

    # At the saddle point itself the gradient is noise alone: the first steps show its standard deviation.
    first_steps = [descend(SGD(1.0), SADDLE, (0.0, 0.0), steps=1, noise=0.5, seed=seed)[0][1] for seed in range(2000)]
    assert np.std(first_steps) == pytest.approx(0.5, rel=0.05)
