"""The scores that the foreign assignments declare are those of nbgrader as it comes, with its default configuration."""

import pytest

from tests.grading.foreign.bank import assignments
from tests.grading.foreign.course import Course


@pytest.mark.slow
@pytest.mark.parametrize("assignment", assignments(), ids=lambda assignment: assignment.name)
def test_stock_nbgrader_gives_the_declared_scores(assignment, tmp_path):
    course = Course(tmp_path / "course")
    course.hand_out(assignment)
    course.nbgrader("autograde", assignment.name)
    assert course.scores(assignment) == {each.name: each.scores for each in assignment.submissions}


def test_every_assignment_tells_full_from_partial_from_wrong():
    assert len(assignments()) >= 6
    for assignment in assignments():
        full, partial, wrong = (sum(each.scores.values()) for each in assignment.submissions)
        assert full == sum(assignment.points.values()) > partial > wrong, assignment.name
