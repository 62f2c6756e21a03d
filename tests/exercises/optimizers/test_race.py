"""The answers to what is read off the race, against the race itself."""

import numpy as np
import pytest

from course_lib import optimizers, surfaces
from course_lib.exercises.optimizers import racing


def test_the_largest_rate_is_where_runs_begin_to_diverge():
    def last_loss(rate):
        return surfaces.descend(optimizers.SGD(rate), surfaces.BOWL, surfaces.BOWL.start, steps=300)[1][-1]

    at_start = surfaces.BOWL.value(*surfaces.BOWL.start)
    assert last_loss(racing.largest_rate()) <= at_start
    # The neighbors on the slider.
    assert last_loss(0.035) < at_start and not last_loss(0.045) < at_start
    # What is told of 1/50: y arrives in a single step.
    path, _ = surfaces.descend(optimizers.SGD(1 / 50), surfaces.BOWL, surfaces.BOWL.start, steps=1)
    assert path[1, 1] == pytest.approx(0)


def test_the_best_momentum_is_clearly_the_best():
    losses = {
        momentum: surfaces.descend(
            optimizers.SGD(0.01, momentum=momentum), surfaces.BOWL, surfaces.BOWL.start, steps=300
        )[1]
        for momentum in (0, 0.5, 0.8, 0.9, 0.99)
    }
    best = racing.best_momentum()
    assert all(losses[best][150] < 0.01 * losses[other][150] for other in losses if other != best)
    # What is told of the wrong ones.
    first_below = {momentum: int(np.argmax(loss < 0.001)) for momentum, loss in losses.items() if loss.min() < 0.001}
    assert min(first_below, key=first_below.get) == 0.9
    assert 0.99**150 > 0.2


def test_who_leaves_the_saddle_is_clear():
    steps = racing.steps_to_leave(surfaces.SADDLE.start)
    assert sorted(steps, key=steps.get) == ["adam", "momentum", "sgd"]
    assert 2 * steps["adam"] < steps["momentum"] < steps["sgd"] / 2
    assert racing.escape() == "adam" and racing.stuck() == "nobody"


def test_two_starts_that_are_near_end_in_minima_that_are_far_apart():
    from_its_own, _ = surfaces.descend(optimizers.SGD(0.01), surfaces.HIMMELBLAU, surfaces.HIMMELBLAU.start, steps=300)
    assert from_its_own[-1, 0] == pytest.approx(-3.78, abs=0.005) and racing.minimum() == 3.58
    # What is told of the wrong ones: both lie farther up.
    upper = {minimum[0] for minimum in surfaces.HIMMELBLAU.minima if minimum[1] > 0}
    assert {round(x, 2) for x in upper} == {-2.81, 3.0}


def test_descent_leaves_the_saddle_late():
    path, _ = surfaces.descend(optimizers.SGD(0.1), surfaces.SADDLE, surfaces.SADDLE.start, steps=300)
    assert abs(path[racing.saddle(), 1]) > 1 >= abs(path[racing.saddle() - 1, 1])
    assert racing.saddle() == 73
