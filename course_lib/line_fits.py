"""Straight lines through points by three losses, each at its exact optimum: what an outlier does to them.

A line is (slope, intercept). One gross error moves the line of least squares as far as it likes, that of least absolute
deviations hardly at all; Huber's lies between, nearer to one or the other as its δ says.

References: Legendre (1805) for squares; Boscovich (1757) for absolute deviations; Huber (1964); Holland and Welsch
(1977), "Robust regression using iteratively reweighted least-squares".
"""

import numpy as np

from course_lib.activations import as_float


def line_of_least_squares(x, y):
    """Return (slope, intercept) of the line with the smallest mean squared error.

    Args:
        x, y: arrays (n,), at least two different x.
    Raises:
        ValueError: x and y do not fit, or no line is the best one.
    """
    x, y = _points(x, y)
    return _weighted_least_squares(x, y, np.ones_like(x))


def line_of_least_absolute_deviations(x, y):
    """Return (slope, intercept) of a line with the smallest mean absolute error. Arguments as for least squares.

    Such a line may always be led through two of the points, so all pairs are tried. Of equally good lines it is the
    first.
    """
    x, y = _points(x, y)
    first, second = np.triu_indices(len(x), 1)
    is_line = x[first] != x[second]
    first, second = first[is_line], second[is_line]
    slopes = (y[second] - y[first]) / (x[second] - x[first])
    intercepts = y[first] - slopes * x[first]
    errors = np.abs(slopes[:, None] * x + intercepts[:, None] - y).sum(axis=1)
    best = np.argmin(errors)
    return float(slopes[best]), float(intercepts[best])


def line_of_huber(x, y, delta=1.0):
    """Return (slope, intercept) of a line with the smallest Huber loss. Arguments as for least squares, and δ > 0.

    Beyond δ, an error's slope δ is that of a square with the weight δ / |e|. So squares are minimized with these
    weights, which follow the errors, until nothing moves.
    """
    if not delta > 0:
        raise ValueError(f"delta must be positive, not {delta}")
    x, y = _points(x, y)
    line = np.array(line_of_least_absolute_deviations(x, y))
    for _ in range(2000):
        errors = np.abs(line[0] * x + line[1] - y)
        before, line = line, np.array(_weighted_least_squares(x, y, delta / np.maximum(errors, delta)))
        if np.max(np.abs(line - before)) < 1e-9:
            break
    return float(line[0]), float(line[1])


def _weighted_least_squares(x, y, weights):
    total = weights.sum()
    x_mean, y_mean = (weights * x).sum() / total, (weights * y).sum() / total
    slope = (weights * (x - x_mean) * (y - y_mean)).sum() / (weights * (x - x_mean) ** 2).sum()
    return float(slope), float(y_mean - slope * x_mean)


def _points(x, y):
    x, y = as_float(x), as_float(y)
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(f"x and y are points, as many of each: they are shaped {x.shape} and {y.shape}")
    if len(np.unique(x)) < 2:
        raise ValueError("a line needs points at two different x at least")
    return x, y
