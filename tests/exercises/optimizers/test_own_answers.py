"""What the course itself says on chapter 05: its own optimizers, the solutions it shows, and the bug to be spotted."""

import inspect

import numpy as np
import pytest

from course_lib import notebook, optimizers
from course_lib.exercises import find
from course_lib.exercises.optimizers import AdadeltaWithABug
from tests.exercises.optimizers.foreign import CLASSES
from tests.exercises.reports import report_on


def test_our_own_answers_earn_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path))
    for name, ours in (
        ("GradientDescent", optimizers.SGD),
        ("Momentum", optimizers.SGD),
        ("RMSprop", optimizers.RMSprop),
        ("Adam", optimizers.Adam),
        ("AdamW", optimizers.AdamW),
        ("RepairedAdadelta", optimizers.Adadelta),
        ("Adam", find("Adam").solution),
    ):
        report = notebook.check(name, ours)
        assert report.points == 0 and "own" in report.message


@pytest.mark.parametrize("name", CLASSES)
def test_the_solution_that_is_shown_is_a_class_of_that_name_and_passes(name, tmp_path, monkeypatch):
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path))
    shown = notebook.solution(name).code
    namespace = {"np": np}
    exec(shown, namespace)
    assert report_on(find(name), namespace[name]).passed


def test_the_bug_is_one_line():
    buggy, repaired = (
        inspect.getsource(answer).splitlines() for answer in (AdadeltaWithABug, find("RepairedAdadelta").solution)
    )
    pairs = [(old, new) for old, new in zip(buggy[2:], repaired[2:], strict=True) if old != new]
    assert len(pairs) == 1
    assert pairs[0][0].replace("mean_square_gradients", "mean_square_changes") == pairs[0][1]


def test_with_the_bug_steps_never_grow():
    """What the chapter can show of it: down a slope that stays the same, the right one gets faster and faster."""
    last_steps = []
    for answer in (AdadeltaWithABug, find("RepairedAdadelta").solution):
        optimizer, weights = answer(learning_rate=1.0, rho=0.95, epsilon=1e-6), [np.array([0.0])]
        for _ in range(300):
            before = weights[0]
            weights = optimizer.step(weights, [np.array([1.0])])
        last_steps.append(float(before[0] - weights[0][0]))
    with_bug, repaired = last_steps
    # √ε over the root of a mean that is weakened twice a step, and settles at 1 / (1 + ρ) in place of 1.
    assert with_bug == pytest.approx(np.sqrt(1e-6 * 1.95), rel=1e-3)
    assert repaired > 4 * with_bug
