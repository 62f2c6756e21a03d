"""Mistakes that hold a number are known whatever it is; no mistake is an error alone; scenes show any answer."""

from functools import partial

import numpy as np
import pytest

from course_lib.exercises import find
from tests.exercises.optimizers.foreign import CLASSES
from tests.exercises.reports import assert_refused

NUMBERS = [
    ("Adagrad", "start", {"start": 0.0237}),
    ("Adagrad", "other_epsilon", {"own_epsilon": 4e-3}),
    ("Adagrad", "forgets", {"forgets": 0.73}),
    ("RMSprop", "start", {"start": 3.7}),
    ("RMSprop", "other_epsilon", {"own_epsilon": 2.2e-11}),
    ("RMSprop", "fixed", {"own_rho": 0.61}),
    ("Adam", "one_ahead", {"ahead": 6}),
    ("Adam", "t_stays", {"still": 77}),
    ("Adam", "fixed_betas", {"own_beta_1": 0.31, "own_beta_2": 0.87}),
    ("Adam", "other_epsilon_inside", {"own_epsilon": 3e-5}),
    ("AdamW", "fixed_decay", {"own_decay": 0.077}),
    ("Momentum", "fixed", {"own_momentum": 0.43}),
    ("GradientDescent", "factor", {"factor": 3.3}),
    ("GradientDescent", "clipped", {"limit": 7.7}),
]


@pytest.mark.parametrize(("name", "mistake", "number"), NUMBERS, ids=lambda value: str(value))
def test_a_number_of_ones_own_is_read_off(name, mistake, number):
    [known] = [known for known in find(name).misconceptions if known.name == mistake]
    assert_refused(find(name), partial(known.answer, **number), mistake=mistake, seeds=range(2))


@pytest.mark.parametrize("name", CLASSES)
def test_no_mistake_of_a_class_is_an_error_in_all_it_does(name):
    """A wrong answer of ours that only raises would be named for any answer that raises the same."""
    for known in find(name).misconceptions:
        optimizer = known.answer(**{
            "learning_rate": 0.1, "momentum": 0.5, "rho": 0.9, "beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-7,
            "weight_decay": 0.1,
        }) if known.faulty or isinstance(known.answer, partial) else None  # fmt: skip
        if optimizer is not None:
            with np.errstate(all="ignore"):
                optimizer.step([np.ones(2)], [np.ones(2)])


def that_gives(result):
    class Answer:
        def __init__(self, **settings):
            pass

        def step(self, weights, gradients):
            return result(weights)

    return Answer


@pytest.mark.parametrize("name", CLASSES)
def test_a_scene_shows_how_far_any_answer_comes(name):
    scene = find(name).scene
    right = scene(find(name).solution)
    assert right.points.shape[1] == 2 and 20 <= len(right.points) <= 100
    assert np.linalg.norm(right.points[-1]) < np.linalg.norm(right.points[0])
    for result in (
        lambda weights: None,
        lambda weights: [1e300 * weights[0]],
        lambda weights: [weights[0] * np.nan],
        lambda weights: ["east", "west"],
        lambda weights: weights[0],
        lambda weights: 1 / 0,
    ):
        path = scene(that_gives(result))
        assert path.points.shape == right.points.shape and np.isfinite(path.points).all()
        assert path.surface == right.surface
