"""Surfaces on which optimizers are compared: functions of two weights, with their gradients, and the path over them.

Two weights can be drawn. The surfaces are the usual test functions of numerical optimization; each shows one
difficulty that losses of networks have as well.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class Surface:
    """A loss of two weights.

    Args:
        name: what it is called.
        formula: f(x, y) in TeX.
        lesson: the difficulty that it shows, one sentence.
        value: f(x, y) for floats or float arrays of one shape.
        gradient: (∂f/∂x, ∂f/∂y), shaped like x and y.
        x_limits, y_limits: the part of the plane that is worth a look.
        start: (x, y) from where the difficulty is met.
        minima: every (x, y) where f is least; none where f has no least value.
    """

    name: str
    formula: str
    lesson: str
    value: Callable
    gradient: Callable
    x_limits: tuple[float, float]
    y_limits: tuple[float, float]
    start: tuple[float, float]
    minima: tuple[tuple[float, float], ...]


BOWL = Surface(
    name="ill-conditioned bowl",
    formula=r"\frac{1}{2}(x^2 + 50\,y^2)",
    lesson="It is 50 times steeper along y than along x: the rate that y allows is too small for x.",
    value=lambda x, y: (x**2 + 50 * y**2) / 2,
    gradient=lambda x, y: (x, 50 * y),
    x_limits=(-4.5, 4.5),
    y_limits=(-1.5, 1.5),
    start=(-4.0, 1.0),
    minima=((0.0, 0.0),),
)

SADDLE = Surface(
    name="saddle",
    formula=r"\frac{1}{2}(x^2 - y^2)",
    lesson="The gradient is almost zero at the saddle point, although the loss falls without end along y.",
    value=lambda x, y: (x**2 - y**2) / 2,
    gradient=lambda x, y: (x, -y),
    x_limits=(-3.0, 3.0),
    y_limits=(-3.0, 3.0),
    start=(-2.5, 0.001),
    minima=(),
)

# Rosenbrock (1960), "An Automatic Method for Finding the Greatest or Least Value of a Function".
ROSENBROCK = Surface(
    name="Rosenbrock",
    formula=r"(1 - x)^2 + 100\,(y - x^2)^2",
    lesson="The valley is found at once; along its flat and bent floor the way is long.",
    value=lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    gradient=lambda x, y: (-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)),
    x_limits=(-2.0, 2.0),
    y_limits=(-1.0, 3.0),
    start=(-1.2, 1.0),
    minima=((1.0, 1.0),),
)


def _beale_terms(x, y):
    return 1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3


def _beale_gradient(x, y):
    a, b, c = _beale_terms(x, y)
    return 2 * (a * (y - 1) + b * (y**2 - 1) + c * (y**3 - 1)), 2 * x * (a + 2 * b * y + 3 * c * y**2)


# Beale (1958), "On an Iterative Method for Finding a Local Minimum of a Function of More Than One Variable".
BEALE = Surface(
    name="Beale",
    formula=r"(1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2",
    lesson="Plateaus lie beside steep walls: one rate is too small for the first and too large for the second.",
    value=lambda x, y: sum(term**2 for term in _beale_terms(x, y)),
    gradient=_beale_gradient,
    x_limits=(-4.5, 4.5),
    y_limits=(-2.5, 2.5),
    start=(1.0, 1.5),
    minima=((3.0, 0.5),),
)

# Himmelblau (1972), "Applied Nonlinear Programming".
HIMMELBLAU = Surface(
    name="Himmelblau",
    formula=r"(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
    lesson="Four minima are equally deep: where a run ends depends on where, and how, it starts.",
    value=lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    gradient=lambda x, y: (
        4 * x * (x**2 + y - 11) + 2 * (x + y**2 - 7),
        2 * (x**2 + y - 11) + 4 * y * (x + y**2 - 7),
    ),
    x_limits=(-5.5, 5.5),
    y_limits=(-5.5, 5.5),
    start=(-0.5, -1.0),
    minima=(
        (3.0, 2.0),
        (-2.8051180869527448, 3.1313125182505730),
        (-3.7793102533777469, -3.2831859912861694),
        (3.5844283403304918, -1.8481265269644035),
    ),
)


def turned(surface, degrees):
    """Return `surface` turned around the origin, counterclockwise, in a frame that is wide enough for it."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))

    def forth(x, y):
        return cosine * x - sine * y, sine * x + cosine * y

    def back(x, y):
        return cosine * x + sine * y, cosine * y - sine * x

    reach = float(np.max(np.abs([surface.x_limits, surface.y_limits])))
    return replace(
        surface,
        name=f"{surface.name}, turned by {degrees}°",
        value=lambda x, y: surface.value(*back(x, y)),
        gradient=lambda x, y: forth(*surface.gradient(*back(x, y))),
        x_limits=(-reach, reach),
        y_limits=(-reach, reach),
        start=tuple(map(float, forth(*surface.start))),
        minima=tuple(tuple(map(float, forth(*minimum))) for minimum in surface.minima),
    )


SURFACES = (BOWL, SADDLE, ROSENBROCK, BEALE, HIMMELBLAU)

# Farther from the origin than this, or above this loss, a run counts as diverged; float64 goes on to 1e308.
FAR_AWAY = 1e6


def descend(optimizer, surface, start, steps, noise=0.0, seed=0):
    """Follow a new `optimizer` over `surface`.

    Args:
        optimizer: an `optimizers.Optimizer` that has done no step.
        surface: a `Surface`.
        start: (x, y).
        steps: int ≥ 0.
        noise: standard deviation σ ≥ 0 of what is added to either entry of each gradient, drawn from N(0, σ²): the
            gradient of a mini-batch is that of the whole loss plus such a deviation, with σ ∝ 1/√batch size.
        seed: int for the noise; equal seeds give every optimizer equal noise.
    Returns:
        path: float64 array (steps + 1, 2), the start first. From the step on that leads farther than `FAR_AWAY`, or
            to a loss above it or below its negative, all entries are NaN.
        losses: float64 array (steps + 1,), NaN where the path is.
    """
    path, losses = np.full((steps + 1, 2), np.nan), np.full(steps + 1, np.nan)
    deviations = np.random.default_rng(seed).normal(0.0, noise, size=(steps, 2)) if noise else np.zeros((steps, 2))
    weights = np.array(start, dtype=np.float64)
    for step in range(steps + 1):
        x, y = weights.tolist()  # the arithmetic of Python's own floats is faster than that of arrays of one
        loss = surface.value(x, y) if max(abs(x), abs(y)) <= FAR_AWAY else np.inf
        if not abs(loss) <= FAR_AWAY:
            break
        path[step], losses[step] = weights, loss
        if step < steps:
            optimizer.step_in_place([weights], [surface.gradient(x, y) + deviations[step]])
    return path, losses
