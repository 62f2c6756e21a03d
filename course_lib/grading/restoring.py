"""A submission's notebook, made what the gradebook says it is: the notebook's own metadata decides nothing.

`RestoreCells` comes first in `Autograde.sanitize_preprocessors`. What it repairs is told in the log and in
`resources["restoring"]`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, GradeCell, Notebook, SolutionCell, SourceCell, TaskCell
from nbgrader.coursedir import CourseDirectory
from nbgrader.nbgraderformat import SCHEMA_VERSION
from nbgrader.preprocessors import NbGraderPreprocessor, OverwriteCells

from course_lib.grading.valid_notebook import make_valid, set_cell_type

ROLES = ("grade", "solution", "locked", "task")
MAX_REMARKS = 20


@dataclass(frozen=True)
class TeachersCell:
    """A cell as the gradebook has it."""

    name: str
    cell_type: str
    source: str
    checksum: str | None
    grade: bool
    solution: bool
    locked: bool
    task: bool
    points: float | None

    @property
    def automatic(self) -> bool:
        """Whether it is a test: nobody but the autograder scores it."""
        return self.grade and not self.solution and self.cell_type == "code"

    def metadata(self) -> NotebookNode:
        """Return what nbgrader writes into such a cell of the student version."""
        metadata = {name: getattr(self, name) for name in ROLES}
        metadata |= {"cell_type": self.cell_type, "grade_id": self.name, "schema_version": SCHEMA_VERSION}
        if self.points is not None:
            metadata["points"] = int(self.points) if self.points == int(self.points) else self.points
        if self.checksum is not None:
            metadata["checksum"] = self.checksum
        return NotebookNode(metadata)


def teachers_cells(gradebook: Gradebook, notebook: Notebook) -> dict[str, TeachersCell]:
    """Return {grade_id: cell} of a notebook, in the gradebook's order."""
    of = {
        kind: {cell.name: cell for cell in gradebook.db.query(kind).filter(kind.notebook_id == notebook.id)}
        for kind in (SourceCell, GradeCell, SolutionCell, TaskCell)
    }
    cells = {}
    for name, source in of[SourceCell].items():
        graded = of[GradeCell].get(name) or of[TaskCell].get(name)
        cells[name] = TeachersCell(
            name=name,
            cell_type=source.cell_type,
            source=source.source or "",
            checksum=source.checksum,
            grade=name in of[GradeCell],
            solution=name in of[SolutionCell],
            locked=bool(source.locked),
            task=name in of[TaskCell],
            points=None if graded is None else float(graded.max_score),
        )
    return cells


class RestoreCells(NbGraderPreprocessor):
    """Give every cell the role that the gradebook knows, and none other; every score starts from nothing.

    A cell whose grade_id the gradebook knows gets exactly the gradebook's metadata and cell type; any other loses what
    it says of nbgrader. Where a grade_id occurs several times, the last cell of the right type keeps it, as in
    nbgrader, so that a test runs after everything else; other copies of a test become raw cells, which do not run.
    Automatic scores of the last grading are set to 0: a test that is not run now earns nothing.
    """

    def preprocess(self, nb, resources):
        where = resources["nbgrader"]
        self.remarks: list[str] = []
        with Gradebook(where["db_url"]) as gradebook:
            notebook = gradebook.find_notebook(where["notebook"], where["assignment"])
            cells = teachers_cells(gradebook, notebook)
            if not resources.get("valid"):  # whoever read the notebook may have seen to that
                self.remarks += make_valid(nb)
            self._restore_cells(nb, cells)
            self._restore_kernel(nb, notebook.kernelspec, where)
            start_from_nothing(gradebook, cells, where)
        resources["restoring"] = in_few_words(self.remarks)
        for remark in resources["restoring"]:
            self.log.warning("%s", remark)
        return nb, resources

    def _restore_cells(self, nb, cells):
        keepers = self._keepers(nb, cells)
        for index, cell in enumerate(nb.cells):
            claimed = cell.metadata.pop("nbgrader", None)
            name = name_in(claimed)
            if name in cells and keepers[name] == index:
                self._restore(cell, claimed, cells[name])
            elif name in cells:
                self.remarks.append(f"The cell {name!r} was there more than once; the last of its type counts.")
                if cells[name].automatic:
                    set_cell_type(cell, "raw")
            elif claims_a_role(claimed):
                self.remarks.append(f"A cell with an id unknown to the gradebook, {short(name)}, is an ordinary cell.")
        missing = [cell for name, cell in cells.items() if name not in keepers]
        adding = OverwriteCells(parent=self)
        for cell in missing:
            if adding.add_missing_cells and (cell.grade or cell.task):
                put_back(nb, cell, cells, adding)
                self.remarks.append(f"The cell {cell.name!r} was deleted and has been put back.")
            elif cell.automatic:
                self.remarks.append(f"The test {cell.name!r} was deleted: 0 of {cell.points:g} points.")
            elif cell.grade or cell.task or cell.solution:
                self.remarks.append(f"The cell {cell.name!r} was deleted.")

    def _keepers(self, nb, cells) -> dict[str, int]:
        """Return {grade_id: index of the cell that keeps it}."""
        found = defaultdict(list)
        for index, cell in enumerate(nb.cells):
            name = name_in(cell.metadata.get("nbgrader"))
            if name in cells:
                found[name].append((cell.cell_type == cells[name].cell_type, index))
        return {name: max(candidates)[1] for name, candidates in found.items()}

    def _restore(self, cell, claimed, teachers):
        if cell.cell_type != teachers.cell_type:
            self.remarks.append(f"The cell {teachers.name!r} was a {cell.cell_type} cell, and is {teachers.cell_type}.")
            set_cell_type(cell, teachers.cell_type)
        right = teachers.metadata()
        # What is locked follows from the others: some releases of nbgrader say otherwise of honest cells.
        wrong = [role for role in ROLES if role != "locked" and claimed.get(role, False) is not right[role]]
        if teachers.points is not None and claimed.get("points") != teachers.points:
            wrong.append("points")
        if wrong:
            self.remarks.append(f"The metadata of cell {teachers.name!r} was changed ({', '.join(wrong)}).")
        cell.metadata["nbgrader"] = right

    def _restore_kernel(self, nb, kernelspec, where):
        """Set the kernel and the language to the teacher's; only another language or kernel's name is worth a word."""
        kernelspec = json.loads(kernelspec) if kernelspec else {}
        theirs = nb.metadata.get("kernelspec")
        theirs = theirs if isinstance(theirs, dict) else {}
        if kernelspec:
            if theirs and theirs.get("name") != kernelspec.get("name"):
                self.remarks.append(f"The kernel was {short(theirs.get('name'))}; it is {kernelspec.get('name')!r}.")
            nb.metadata["kernelspec"] = NotebookNode(kernelspec)
        language = teachers_language(CourseDirectory(parent=self), where)
        if not language and isinstance(kernelspec.get("language"), str):
            language = {"name": kernelspec["language"]}
        info = nb.metadata.pop("language_info", None)
        said = info.get("name") if isinstance(info, dict) else info
        if language:
            nb.metadata["language_info"] = NotebookNode(language)
            if said != language.get("name") and info:
                self.remarks.append(f"The notebook's language was {short(said)}; it is {language.get('name')!r}.")


def start_from_nothing(gradebook: Gradebook, cells: dict[str, TeachersCell], where: dict) -> None:
    """Set the automatic scores and comments of a submitted notebook to those of a notebook without any answer."""
    submission = gradebook.find_submission_notebook(where["notebook"], where["assignment"], where["student"])
    for grade in submission.grades:
        teachers = cells.get(grade.name)
        grade.auto_score = 0.0 if teachers and teachers.automatic else None
        grade.needs_manual_grade = grade.auto_score is None or grade.manual_score is not None
    for comment in submission.comments:
        comment.auto_comment = None
    gradebook.db.commit()


_languages: dict[Path, tuple[int, dict]] = {}


def teachers_language(courses: CourseDirectory, where: dict) -> dict:
    """Return the language_info of the teacher's notebook, {} where there is none."""
    folder = courses.format_path(courses.source_directory, ".", where["assignment"])
    path = Path(folder, f"{where['notebook']}.ipynb")
    try:
        changed = path.stat().st_mtime_ns
        if _languages.get(path, (0,))[0] != changed:
            metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
            _languages[path] = changed, dict(metadata.get("language_info", {}))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return _languages[path][1]


def put_back(nb: NotebookNode, missing: TeachersCell, cells: dict[str, TeachersCell], adding: OverwriteCells) -> None:
    """Insert the teacher's cell after the nearest of those before it that are there.

    At the end goes a task, and what stands behind an answer that is not found: the answer may be there all the same, in
    a cell that has lost its metadata, as some editors lose those of a whole notebook.
    """
    source = NotebookNode(vars(missing))
    cell = adding.missing_cell_transform(source, missing.points, is_solution=missing.solution, is_task=missing.task)
    cell["metadata"]["nbgrader"] = missing.metadata()
    if (nb.nbformat, nb.nbformat_minor) >= (4, 5):
        cell["id"] = nbformat.v4.new_raw_cell().id
    order = list(cells)
    before = order[: order.index(missing.name)]
    there = [name_in(each.metadata.get("nbgrader")) for each in nb.cells]
    places = [index for index, name in enumerate(there) if name in before]
    lost = any(cells[name].solution and name not in there for name in before)
    place = len(nb.cells) if missing.task or lost else max(places, default=-1) + 1
    nb.cells.insert(place, nbformat.from_dict(cell))


# --- What a notebook says of itself ----------------------------------------------------------------------------------


def name_in(claimed) -> str | None:
    """Return the grade_id in a cell's nbgrader metadata, or None where there is none that could be one."""
    name = claimed.get("grade_id") if isinstance(claimed, dict) else None
    return name if isinstance(name, str) else None


def claims_a_role(claimed) -> bool:
    """Return whether the metadata says more than nbgrader writes into an ordinary cell."""
    return claimed is not None and (not isinstance(claimed, dict) or any(claimed.get(role) for role in ROLES))


def short(value) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def in_few_words(remarks: Iterable[str]) -> list[str]:
    """Return the remarks, each once, and not more than can be read."""
    remarks = list(dict.fromkeys(remarks))
    rest = len(remarks) - MAX_REMARKS
    return remarks if rest <= 0 else [*remarks[:MAX_REMARKS], f"{rest} more repairs like these."]
