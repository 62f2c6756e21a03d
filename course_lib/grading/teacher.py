"""What the gradebook and the teacher's notebook say of an assignment."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

import nbformat
from nbgrader import utils

from course_lib.grading import copied
from course_lib.grading.split import plan as plans
from course_lib.grading.split.tester import Cell

REHEARSED = 3  # counts up when what is kept of a rehearsal changes its meaning


@dataclass(frozen=True)
class Teacher:
    """What the gradebook and the teacher's notebook say."""

    plan: plans.Plan | None  # None where the notebook is not Python
    cells: tuple[Cell, ...]  # its own, solutions and tests
    tests: dict[str, str]  # sources of the locked, graded code cells, by grade_id
    points: dict[str, float]
    solutions: dict[str, str] = field(default_factory=dict)  # sources of the solution cells, by grade_id
    ours: frozenset[str] = frozenset()  # names that stand for course_lib
    digest: str = ""  # of all that a rehearsal depends on
    trouble: str = ""


_teachers: dict[tuple, Teacher] = {}


def read_teacher(path: Path, tests: tuple, points: tuple, skip_tags: frozenset[str]) -> Teacher:
    """Read the teacher's notebook; the last few that were read, and have not changed, are remembered."""
    try:
        status = path.stat()
    except FileNotFoundError:
        reason = f"the teacher's notebook {path.name} is not in the course's source folder"
        return Teacher(None, (), dict(tests), dict(points), trouble=reason)
    key = (str(path), status.st_mtime_ns, status.st_size, tests, points, skip_tags)
    if key not in _teachers:
        while len(_teachers) > 8:
            del _teachers[next(iter(_teachers))]
        _teachers[key] = _read_teacher(path, dict(tests), dict(points), skip_tags)
    return _teachers[key]


def _read_teacher(path: Path, tests: dict[str, str], points: dict[str, float], skip_tags: frozenset[str]) -> Teacher:
    notebook = nbformat.read(path, as_version=4)
    language = notebook.metadata.get("kernelspec", {}).get("language", "")
    language = language or notebook.metadata.get("language_info", {}).get("name", "")
    if language and language.lower() != "python":  # many a line of R is Python too
        trouble = f"the teacher's notebook {path.name} is not Python but {language}"
        return Teacher(None, (), tests, points, trouble=trouble)
    read, run = [], []
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        name = cell.metadata.get("nbgrader", {}).get("grade_id") or cell.get("id") or f"cell {index + 1}"
        role = "test" if name in tests else "solution" if utils.is_solution(cell) else "other"
        if role == "other" and skip_tags & {*cell.metadata.get("tags", [])}:
            role = "skipped"
        source = tests.get(name, cell.source)
        read.append(plans.TeacherCell(name, source, role))
        if role != "skipped":
            run.append(Cell(name, source, "test" if role == "test" else "run"))
    try:
        solutions = {cell.name: cell.source for cell in read if cell.role == "solution"}
        ours = copied.names_of_ours([plans.tree_of(cell) for cell in read])
        plan = plans.read(read)
        about = [REHEARSED, asdict(plan), [asdict(cell) for cell in run], sys.version]
        digest = hashlib.sha256(json.dumps(about, default=sorted).encode()).hexdigest()[:16]
        return Teacher(plan, tuple(run), tests, points, solutions, ours, digest)
    except SyntaxError as error:
        return Teacher(None, (), tests, points, trouble=f"the teacher's notebook {path.name} is not Python: {error}")
