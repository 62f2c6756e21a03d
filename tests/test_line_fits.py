"""Lines by three losses: each is where its loss is smallest, and an outlier moves them as its loss says."""

import numpy as np
import pytest

from course_lib import line_fits, losses

X = np.arange(1.0, 11.0)
FITS = {
    "mean_squared_error": line_fits.line_of_least_squares,
    "mean_absolute_error": line_fits.line_of_least_absolute_deviations,
    "huber": line_fits.line_of_huber,
}


@pytest.mark.parametrize("name", FITS)
@pytest.mark.parametrize("seed", range(10))
def test_no_other_line_has_a_smaller_loss(name, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=12), rng.normal(size=12) + 5 * (rng.random(12) < 0.2)
    best = np.array(FITS[name](x, y))
    loss = getattr(losses, name)
    smallest = loss(y, best[0] * x + best[1])
    for step in rng.normal(size=(300, 2)) * 10.0 ** rng.uniform(-4, 0, size=(300, 1)):
        slope, intercept = best + step
        assert loss(y, slope * x + intercept) >= smallest - 1e-12


def test_least_squares_is_that_of_numpy():
    y = 2 * X + np.sin(X)
    np.testing.assert_allclose(line_fits.line_of_least_squares(X, y), np.polyfit(X, y, 1))


@pytest.mark.parametrize("delta", [0.1, 0.5, 2.0])
def test_the_gradient_of_huber_is_zero_at_its_line(delta):
    y = 2 * X + np.sin(5 * X)
    y[-1] = 60
    slope, intercept = line_fits.line_of_huber(X, y, delta)
    gradient = losses.huber_gradient(y, slope * X + intercept, delta)
    np.testing.assert_allclose([gradient.sum(), gradient @ X], 0, atol=1e-7)


def test_an_outlier_moves_squares_without_limit_and_absolute_deviations_not_at_all():
    def moved(fit, to):
        y = 0.5 * X
        y[-1] += to
        return fit(X, y)[0] - 0.5

    squares, deviations, huber = FITS.values()
    assert moved(squares, 20) == pytest.approx(2 * moved(squares, 10)) and moved(squares, 10) > 0.5
    assert moved(deviations, 10) == pytest.approx(0) == moved(deviations, 1000)
    assert 0 < moved(huber, 10) < 0.1 and moved(huber, 1000) == pytest.approx(moved(huber, 10), abs=1e-6)
    assert moved(lambda x, y: line_fits.line_of_huber(x, y, 1e6), 10) == pytest.approx(moved(squares, 10))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: line_fits.line_of_least_squares([1, 1], [1, 2]), "two different x"),
        (lambda: line_fits.line_of_huber([1, 2], [1, 2, 3]), "as many of each"),
        (lambda: line_fits.line_of_huber([1, 2], [1, 2], delta=0), "positive"),
    ],
)
def test_refusals_say_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
