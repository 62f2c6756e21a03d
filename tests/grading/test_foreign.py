"""Foreign assignments get from the split grader what stock nbgrader gives, in a course of nbgrader's own layout.

`tests/grading/foreign/test_stock_scores.py` holds the declared scores against stock nbgrader.
"""

import pytest

from tests.grading.foreign.bank import assignments
from tests.grading.foreign.course import STOCK, Course

SPLIT = f"""
from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, IgnorePattern, LimitOutput, SaveAutoGrades
from course_lib.grading.execute import ExecuteSplit
{STOCK}
c.Autograde.autograde_preprocessors = [
    ExecuteSplit,
    IgnorePattern,
    ClearMetadataPreprocessor,
    LimitOutput,
    SaveAutoGrades,
    AssignLatePenalties,
    CheckCellMetadata,
]
"""

# Assignments of which a score differs, and why; a change that mends one takes it off the list.
FALLS_SHORT = {
    "arrays": "a name that a teacher's %%time cell binds is not known to the tests",
    "objects": "the teacher's base class, and a hidden test that derives from the learner's",
}


@pytest.mark.slow
@pytest.mark.parametrize("assignment", assignments(), ids=lambda assignment: assignment.name)
def test_split_the_scores_are_stock_nbgraders(assignment, tmp_path):
    tmp_path.chmod(0o755)
    course = Course(tmp_path / "course", SPLIT)
    course.hand_out(assignment)
    course.nbgrader("autograde", assignment.name)
    scores, declared = course.scores(assignment), {each.name: each.scores for each in assignment.submissions}
    if assignment.name in FALLS_SHORT:
        assert scores != declared, "It gets its scores now: take it off the list."
    else:
        assert scores == declared
