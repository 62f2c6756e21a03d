"""Of what a test sets and draws no more reaches the learner's process than the test hands over."""

import pytest

from course_lib.grading.split import testers as fork_server
from tests.grading.hostile_learner import Hostile, run, states

pytestmark = pytest.mark.slow


def asked_by(testers, test):
    """Return all that the tester asks of the learner's process for a test, as text."""
    hostile = Hostile(call=lambda *request: 3)
    assert states(run(testers, hostile, [test])) == ["ran"]
    return str(hostile.asked)


@pytest.fixture
def secretive(monkeypatch):
    """A process that forks testers, whose environment holds a secret of the teacher's."""
    monkeypatch.setenv("TEACHERS_TOKEN", "of-the-teacher")
    with fork_server.Testers(["matplotlib.pyplot"], []) as testers:
        yield testers


@pytest.mark.parametrize("clear", ["True", "False"])
def test_of_the_environment_only_what_a_test_sets_is_told(secretive, clear):
    asked = asked_by(
        secretive,
        f"""
import os
from unittest import mock
with mock.patch.dict(os.environ, {{"COURSE_MODE": "exam"}}, clear={clear}):
    f(1)
f(1)
""",
    )
    assert "COURSE_MODE" in asked and "exam" in asked
    assert not any(name in asked for name in ("of-the-teacher", "TEACHERS_TOKEN", "DESCENT_STUDENT_SEED", "PATH"))


@pytest.mark.parametrize("draw", ["plt.plot([1, 7654321])", "plt.title('7654321')", "plt.imshow([[7654321.0]])"])
def test_what_a_test_draws_is_drawn_by_the_tester(secretive, draw):
    asked = asked_by(secretive, f"import matplotlib.pyplot as plt\nf(1)\n{draw}\nf(1)")
    assert "7654321" not in asked
