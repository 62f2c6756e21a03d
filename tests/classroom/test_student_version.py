"""A chapter with a repair and a proof in a class: what nbgrader's own commands and our engine make of it."""

import pytest

from course_lib.commands.course import Course
from course_lib.commands.release import differences, generated
from tests.classroom.test_stock_nbgrader import Class
from tests.repair_course import REGISTERED, make_repair_course
from tests.tiny_course import CHAPTER, cell, read

pytestmark = pytest.mark.slow

STOCK = """
from nbgrader.preprocessors import Execute, SaveAutoGrades
c.Autograde.sanitize_preprocessors = [ClearOutput, DeduplicateIds, OverwriteKernelspec, OverwriteCells, CheckCellMetadata]
c.Autograde.autograde_preprocessors = [Execute, LimitOutput, SaveAutoGrades, AssignLatePenalties, CheckCellMetadata]
"""


def test_untouched_it_earns_nothing_and_repaired_everything_by_both_engines(tmp_path, monkeypatch):
    root = make_repair_course(tmp_path / "course", monkeypatch)
    config = root / "nbgrader_config.py"
    config.write_text(config.read_text() + REGISTERED)
    the_class = Class(root, CHAPTER)
    the_class.nbgrader("generate_assignment", CHAPTER)
    with generated(Course(root), CHAPTER) as fresh:
        assert differences(fresh, the_class.released) == []
    released = read(the_class.released / the_class.notebook)
    assert "self.total, self.count = 0.0, 1" in cell(released, "mean-answer").source

    the_class.submit("untouched", released)
    the_class.submit("solved", the_class.solved()[0])
    wanted = {"untouched": (0.0, 3.0), "solved": (3.0, 3.0)}
    the_class.nbgrader("autograde", CHAPTER)
    assert the_class.scores() == wanted
    config.write_text(config.read_text() + STOCK)
    the_class.nbgrader("autograde", CHAPTER, "--force")
    assert the_class.scores() == wanted
