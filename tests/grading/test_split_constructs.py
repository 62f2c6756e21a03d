"""What teachers' tests do, run split: the bank of constructs gives the points that it gives in one process.

A construct that is refused must say so in its row. One that falls short is judged otherwise than in one process; it
is listed as such in the bank, and a change that makes it run must take it off the list.
"""

import tempfile

import nbformat
import pytest
from nbgrader.utils import determine_grade

from course_lib.grading.split import plan as plans
from course_lib.grading.split.running import Split
from course_lib.grading.split.tester import Cell
from tests.grading.constructs.bank import constructs

pytestmark = pytest.mark.slow

SLOW_GROUPS = {"keras_models"}  # they import TensorFlow
ROLES = {"teacher": "other", "solution": "solution", "test": "test"}


CONSTRUCTS = [pytest.param(each, id=str(each)) for each in constructs()]


def plan_of(construct):
    cells = enumerate(construct.cells)
    return plans.read([plans.TeacherCell(f"cell-{number}", cell.source, ROLES[cell.kind]) for number, cell in cells])


@pytest.fixture(scope="module")
def warm():
    """One sandbox for all constructs, and one with TensorFlow, made when it is first asked for."""
    splits = {}

    def split_for(construct):
        is_slow = construct.group in SLOW_GROUPS
        if is_slow not in splits:
            others = [each for each in constructs() if (each.group in SLOW_GROUPS) == is_slow]
            modules = dict.fromkeys(module for each in others for module in plan_of(each).modules)
            splits[is_slow] = Split(list(modules))
        return splits[is_slow]

    yield split_for
    for split in splits.values():
        split.close()


def cells_of(construct, wrong):
    notebook = construct.notebook(wrong)
    roles = ["test" if cell.kind == "test" else "run" for cell in construct.cells]
    return notebook, [Cell(cell.id, cell.source, role) for cell, role in zip(notebook.cells, roles, strict=True)]


def run(split, construct, wrong=None):
    """Return the points that nbgrader gives to a submission that ran split, and the results of its cells.

    As the grader does it: after a rehearsal with the right solution.
    """
    with tempfile.TemporaryDirectory() as folder:
        rehearsal = split.rehearse(plan_of(construct), cells_of(construct, None)[1], folder=folder)
    notebook, cells = cells_of(construct, wrong)
    with tempfile.TemporaryDirectory() as folder:  # which tests may write into
        results = split.run(plan_of(construct), cells, folder=folder, rehearsal=rehearsal).cells
    points = 0.0
    for cell, role, result in zip(notebook.cells, [cell.role for cell in cells], results, strict=True):
        cell.outputs = [nbformat.from_dict(output) for output in result.outputs]
        if role == "test" and result.state == "ran":
            points += determine_grade(cell)[0]
    return points, results


def said(results):
    """Return what the cells that did not run through say, for the message of a failed test."""
    return "\n".join(f"{result.name} {result.state}: {result.reason}" for result in results if result.state != "ran")


def is_as_in_one_process(split, construct):
    """Whether the solution earns everything, and each wrong answer what it should; and what is to be said about it."""
    earned, results = run(split, construct)
    if earned != construct.points:
        return False, f"The solution earns {earned:g} of {construct.points:g}:\n{said(results)}"
    for wrong in construct.wrong:
        earned, results = run(split, construct, wrong)
        if earned >= construct.points if wrong.earns is None else earned != wrong.earns:
            return False, f"This earns {earned:g}:\n{wrong.source}\n{said(results)}"
    return True, ""


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_it_is_judged_split_as_the_bank_says(construct, warm):
    split = warm(construct)
    if construct.expected == "refused":
        earned, results = run(split, construct)
        refused = [result.reason for result in results if result.state == "refused"]
        assert refused, said(results) or "It runs."
        assert min(map(len, refused)) > 20, "The row says why."
        assert earned < construct.points
    else:
        runs, message = is_as_in_one_process(split, construct)
        if construct.expected == "falls short":
            assert not runs, "It runs now: take its remark out of the bank."
            # What the solution loses is said in the row: the rehearsal has found it.
            earned, results = run(split, construct)
            assert earned == construct.points or any(result.state == "refused" for result in results), said(results)
        else:
            assert runs, message
