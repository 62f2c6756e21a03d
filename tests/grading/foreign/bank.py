"""Foreign assignments, as they are met in the wild, and how assignments/*.txt are read.

    # %% KIND ID [POINTS]        a cell: its source follows
    # %% file NAME               a file beside the notebook
    # === full                   a submission, from the teacher's solution, with these cells in place of its own
    # === partial | CELL POINTS, …    the same; what stock nbgrader gives to each graded cell (full: everything)
    # === wrong | CELL POINTS, …      the same, but from the student version

Kinds: markdown; code; locked (code); solution (code); test (graded code); manual (code, graded by hand);
essay (markdown, graded by hand); task (markdown, nbgrader's task cell).
"""

import re
import textwrap
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

FOLDER = Path(__file__).with_name("assignments")
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
# What nbgrader knows of a cell: graded, written by the learner, locked, a task.
ROLES = {
    "locked": (False, False, True, False),
    "solution": (False, True, False, False),
    "test": (True, False, True, False),
    "manual": (True, True, False, False),
    "essay": (True, True, False, False),
    "task": (False, False, True, True),
}


@dataclass(frozen=True)
class Cell:
    """A cell of the teacher's notebook."""

    kind: str
    name: str
    points: float | None
    source: str


@dataclass(frozen=True)
class Submission:
    """What a student hands in: cells by name, in the solved notebook or in the student version, and its scores."""

    name: str
    cells: dict
    scores: dict

    @property
    def solved(self):
        return self.name != "wrong"


@dataclass(frozen=True)
class Assignment:
    """A teacher's notebook, the files beside it, and three submissions."""

    name: str
    cells: tuple
    files: dict
    submissions: tuple

    @property
    def points(self):
        """The points of each cell that is graded without a manual look."""
        return {cell.name: cell.points for cell in self.cells if cell.kind == "test"}

    def notebook(self):
        """Return the teacher's notebook."""
        cells = []
        for cell in self.cells:
            make = new_markdown_cell if cell.kind in ("markdown", "essay", "task") else new_code_cell
            cells.append(make(cell.source, id=cell.name))
            if cell.kind in ROLES:
                names = ("grade", "solution", "locked", "task")
                role = dict(zip(names, ROLES[cell.kind], strict=True), grade_id=cell.name, schema_version=3)
                if cell.points is not None:
                    role["points"] = cell.points
                cells[-1].metadata["nbgrader"] = role
        return new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}})

    def submitted(self, submission, released):
        """Return `released`, the student version that nbgrader made, as the student hands it in."""
        own = {cell.name: cell.source for cell in self.cells if cell.kind == "solution"} if submission.solved else {}
        own |= submission.cells
        for cell in released.cells:
            # Version 4.4 has no ids of cells: what nbgrader knows is the grade_id.
            cell.source = own.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
        return released


@cache
def assignments():
    """Return every assignment."""
    return tuple(_read(path.stem, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.txt")))


def _cells(text):
    """Yield the head and the source of each cell in `text`."""
    for part in re.split(r"^# %% ", text, flags=re.M)[1:]:
        head, _, source = part.partition("\n")
        yield head.split(), source.strip()


def _read(name, text):
    teacher, *students = re.split(r"^# === ", text, flags=re.M)
    cells, files = [], {}
    for (kind, cell, *points), source in _cells(teacher):
        if kind == "file":
            files[cell] = source + "\n"
        else:
            cells.append(Cell(kind, cell, float(points[0]) if points else None, source))
    full = {cell.name: cell.points for cell in cells if cell.kind == "test"}
    submissions = []
    for student in students:
        head, _, _ = student.partition("\n")
        who, _, scores = head.partition(" | ")
        given = {part.split()[0]: float(part.split()[1]) for part in scores.split(",") if part}
        assert given.keys() <= full.keys(), f"{name}: {given} names a cell that is no test."
        own = {head[0]: textwrap.dedent(source) for head, source in _cells(student)}
        assert own.keys() <= {cell.name for cell in cells}, f"{name}: {who} writes a cell that does not exist."
        submissions.append(Submission(who.strip(), own, full | given))
    return Assignment(name, tuple(cells), files, tuple(submissions))
