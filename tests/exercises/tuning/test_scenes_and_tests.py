"""Pictures of chapter 13's answers show their mistakes; the bug is the one to be spotted, the test of luck whole."""

import numpy as np
import pytest

from course_lib import tuning
from course_lib.checking.scene import Curves
from course_lib.exercises.tuning import EXERCISES, best_settings_with_a_bug
from course_lib.exercises.tuning.examining import CLEAR, LUCK
from course_lib.widgets import scenes
from tests.exercises.reports import report_on

NAMED = {exercise.name: exercise for exercise in EXERCISES}
CURVES = [NAMED[name] for name in ("log_uniform", "expected_best", "successive_halving")]
# It works for one number, as in the picture; what is wrong is what comes back, not who is trained; 27 leads back to 1.
NOT_SHOWN = {
    "log_uniform": {"log_uniform_of_one_number"},
    "expected_best": set(),
    "successive_halving": {
        "from_one", "back_from_most", "best_ever", "the_first_left", "the_last_left", "list_of_left", "halving_of_none",
        "halving_from_zero", "halving_by_place",
    },
}  # fmt: skip


def looks_right(exercise, answer):
    """Whether the picture of `answer` holds the right numbers; False where it raises, and there is none."""
    try:
        mine = exercise.scene(answer).curves
    except TypeError:
        return False
    right = exercise.scene(exercise.reference).curves
    return all(mine[name].shape == right[name].shape and np.allclose(mine[name], right[name]) for name in right)


@pytest.mark.parametrize("exercise", CURVES, ids=lambda exercise: exercise.name)
def test_no_mistake_looks_right_in_its_picture(exercise):
    hidden = {mistake.name for mistake in exercise.misconceptions if looks_right(exercise, mistake.answer)}
    assert hidden == NOT_SHOWN[exercise.name]


@pytest.mark.parametrize("exercise", CURVES, ids=lambda exercise: exercise.name)
def test_every_right_answer_looks_right_in_its_picture(exercise):
    assert isinstance(exercise.scene(exercise.reference), Curves)
    assert all(looks_right(exercise, right) for right in exercise.equivalents)


@pytest.mark.parametrize("exercise", [*CURVES, NAMED["random_search"]], ids=lambda exercise: exercise.name)
def test_a_picture_is_drawn_of_what_is_wrong_alone(exercise):
    right = exercise.scene(exercise.reference)
    assert "<img" in scenes.draw(exercise.scene(exercise.misconceptions[0].answer), right)
    assert all(scenes.draw(exercise.scene(answer), right) == "" for answer in exercise.equivalents)


def test_rates_that_are_drawn_evenly_are_seen_in_the_picture():
    exercise = NAMED["random_search"]
    even = next(mistake for mistake in exercise.misconceptions if mistake.name == "even_rates")
    assert exercise.scene(even.answer).values.mean() > -0.6 > -1.8 > exercise.scene(exercise.reference).values.mean()


def test_the_bug_is_that_the_test_set_chooses():
    settings, validation, test = ["a", "b"], [0.9, 0.8], [0.7, 0.75]
    assert best_settings_with_a_bug(settings, validation, test) == ("b", 0.75)
    assert tuning.best_settings(settings, validation, test) == ("a", 0.7)


def test_the_test_of_luck_looks_at_every_wrong_function():
    wrong = [row for row in report_on(NAMED["tells_luck_apart"], lambda is_better: True).rows if not row.passed]
    assert len(wrong) == 18  # the task says so
    assert all(tuning.is_better(*pair) for pair in CLEAR) and not any(tuning.is_better(*pair) for pair in LUCK)


def test_nothing_is_copied_from_a_formula():
    kinds = {exercise.kind for exercise in EXERCISES}
    assert kinds == {"derive", "repair", "write the check", "read the picture", "quiz"}


@pytest.mark.parametrize("name", ["expected_best", "successive_halving", "random_search"])
def test_right_answers_leave_their_arguments_alone(name):
    exercise = NAMED[name]
    for answer in (exercise.reference, *exercise.equivalents):
        assert not report_on(exercise, answer).notes
