"""Below the report of a wrong answer stands what it does, beside what a right one does."""

import re

import pytest

from course_lib.below_report import picture_of
from course_lib.exercises import CHAPTERS, of_chapter

SECONDS = 60.0  # so that a busy machine makes no difference
SHOWN = [exercise for chapter in CHAPTERS for exercise in of_chapter(chapter) if exercise.scene]


@pytest.mark.slow
@pytest.mark.parametrize("exercise", SHOWN, ids=lambda exercise: exercise.name)
def test_a_mistake_is_drawn_beside_the_right_answer(exercise):
    """Not each: one that raises, gives another shape or fails in a corner only has no place in the picture."""
    mistakes = exercise.misconceptions[:10]
    drawn = [*filter(None, (picture_of(exercise, mistake.answer, SECONDS) for mistake in mistakes))]
    assert len(drawn) >= 3
    assert all(re.search(r'alt="[^"]{40,}"', picture) for picture in drawn)
    assert not picture_of(exercise, exercise.reference, SECONDS)


def test_an_answer_that_raises_has_no_picture():
    sigmoid = next(exercise for exercise in SHOWN if exercise.name == "sigmoid")
    assert picture_of(sigmoid, lambda x: x, SECONDS) != ""
    assert picture_of(sigmoid, lambda x: 1 / 0, SECONDS) == ""
