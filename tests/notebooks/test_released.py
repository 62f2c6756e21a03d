"""What a learner gets: generated from the solution, free of its secrets, and whole before a line is written."""

import base64
import re
import shutil
from pathlib import Path

import pytest

from course_lib.checking.judge import STILL_BUGGY
from course_lib.checking.repair import buggy_source
from course_lib.commands import release
from course_lib.commands.check import points_in, report_in
from course_lib.commands.kernel import run_notebook
from course_lib.commands.lint import is_proof, leaks
from course_lib.exercises import find, of_chapter
from tests.notebooks.chapters import (
    COURSE,
    ROOT,
    code_cells,
    each_chapter,
    is_answer,
    is_check,
    notebook_path,
    released,
    solved,
)


@pytest.mark.slow
@each_chapter
def test_it_is_what_the_solution_generates(chapter):
    assert release.drift(COURSE, chapter) == [], "`course release` makes notebooks/ from solutions/ again"


@each_chapter
def test_it_gives_nothing_away(chapter):
    notebook, ours = released(chapter), solved(chapter)
    assert leaks(ours, notebook) == []
    text = notebook_path(COURSE.notebooks, chapter).read_text(encoding="utf-8")
    assert not re.search(r"(BEGIN|END) (SOLUTION|HIDDEN|MARK)|student_seed\(\)", text)
    assert [cell.id for cell in notebook.cells] == [cell.id for cell in ours.cells if not is_proof(cell)]
    repairs = {f"{exercise.name}-answer": exercise for exercise in of_chapter(chapter) if exercise.buggy}
    for cell in code_cells(notebook):
        assert cell.outputs == [] and cell.execution_count is None
        begun = buggy_source(repairs[cell.id]) if cell.id in repairs else "raise NotImplementedError"
        assert not is_answer(cell) or begun in cell.source, cell.id
        assert not is_check(cell) or re.fullmatch(
            r"from course_lib import check\n\nreport = check\(.*\)\nreport", cell.source
        ), cell.id


@each_chapter
def test_a_picture_from_docs_is_in_the_notebook_itself(chapter):
    """A learner's copy has no docs/ beside it, so the picture comes along as an attachment, the newest one."""
    for cell in released(chapter).cells:
        for name in re.findall(r"!\[[^]]+\]\(([^)]+)\)", cell.source):
            attached = base64.b64decode(cell.attachments[name.removeprefix("attachment:")]["image/png"])
            assert attached == (ROOT / "docs" / "images" / name.removeprefix("attachment:")).read_bytes(), name


@pytest.mark.chapters
@each_chapter
def test_untouched_it_runs_through_and_says_what_is_still_to_do(chapter, tmp_path):
    folder = Path(shutil.copytree(COURSE.notebooks / chapter, tmp_path / chapter))
    notebook = released(chapter)
    run = run_notebook(notebook, folder, cell_timeout=300, environment={"DESCENT_HOME": str(tmp_path / "home")})
    assert not run.stopped and not run.timed_out
    checked = []
    for cell in code_cells(notebook):
        assert not [f"{o.ename}: {o.evalue}" for o in cell.outputs if o.output_type == "error"], cell.id
        assert not [output.text for output in cell.outputs if output.get("name") == "stderr"], cell.id
        if is_check(cell):
            report = report_in(cell)
            begun = STILL_BUGGY.cause if find(report["exercise"]).buggy else "Not written yet"
            assert begun in report["message"], f"{cell.id}: {report['message']}"
            assert points_in(cell) == 0.0
            checked.append(report["exercise"])
    assert checked == [exercise.name for exercise in of_chapter(chapter)]
