"""Foreign assignments get from the split grader what stock nbgrader gives, in a course of nbgrader's own layout.

The course is configured as docs/grading.md says. `tests/grading/foreign/test_stock_scores.py` holds the declared scores
against stock nbgrader.
"""

import re

import nbformat
import pytest

from tests.grading.foreign.bank import assignments
from tests.grading.foreign.course import STOCK, Course
from tests.grading.table_of_constructs import DOCUMENT

# Tests that cannot be run split, and what the row says.
REFUSED = {"objects": {"media-test": "derives the class LongLoan from one of the submission's"}}

ASSIGNMENTS = {assignment.name: assignment for assignment in assignments()}


def config(*more):
    """Return stock nbgrader's configuration with the lines that the document tells to add, and `more`."""
    _, _, section = DOCUMENT.read_text(encoding="utf-8").partition("\n## In another course\n")
    (lines,) = re.findall(r"^```python\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    return "\n".join([STOCK, lines, *more])


def autograded(assignment, folder, config):
    """Grade all submissions of an assignment; return the course."""
    folder.chmod(0o755)
    course = Course(folder / "course", config)
    course.hand_out(assignment)
    course.nbgrader("autograde", assignment.name)
    return course


@pytest.mark.slow
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_split_the_scores_are_stock_nbgraders(name, tmp_path):
    assignment, refused = ASSIGNMENTS[name], REFUSED.get(name, {})
    course = autograded(assignment, tmp_path, config())
    declared = {each.name: each.scores | dict.fromkeys(refused, 0.0) for each in assignment.submissions}
    assert course.scores(assignment) == declared
    for student in declared:
        path = course.root / "autograded" / student / name / f"{name}.ipynb"
        said = {
            cell.metadata.nbgrader.grade_id: output.evalue
            for cell in nbformat.read(path, as_version=4).cells
            for output in cell.get("outputs", [])
            if output.output_type == "error" and "cannot be run from another process" in output.evalue
        }
        assert said.keys() == refused.keys(), student
        assert all(refused[test] in said[test] for test in said)


@pytest.mark.slow
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_runs_in_the_submissions_process(name, tmp_path):
    assignment = ASSIGNMENTS[name]
    allowed = config(f"c.ExecuteSplit.tests_in_child = ['{name}/{name}']")
    course = autograded(assignment, tmp_path, allowed)
    assert course.scores(assignment) == {each.name: each.scores for each in assignment.submissions}
