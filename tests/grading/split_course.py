"""A course with one notebook, whose submissions are graded by the preprocessors themselves, without a command."""

import os
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.preprocessors import ComputeChecksums, OverwriteCells, SaveAutoGrades, SaveCells
from traitlets.config import Config

from course_lib.grading.execute import ExecuteSplit
from course_lib.grading.restoring import RestoreCells
from tests.tiny_course import cell, cell_metadata, write

ASSIGNMENT, NOTEBOOK = "set1", "numbers"
TIME = "2025-01-01 10:00:00 UTC"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def given(name, source):
    """Return a locked cell of the teacher's that is not graded."""
    return new_code_cell(source, id=name, metadata=cell_metadata(name, locked=True))


def answer(name, source):
    """Return a cell that the learner writes, here solved."""
    return new_code_cell(source, id=name, metadata=cell_metadata(name, solution=True))


def graded(name, source, points=1):
    """Return a test."""
    return new_code_cell(source, id=name, metadata=cell_metadata(name, grade=True, points=points, locked=True))


@dataclass
class Result:
    """What came of a submission: the gradebook's points by test, and what the preprocessor says."""

    points: dict[str, float]
    cells: dict[str, str]
    remarks: list[str]
    outcome: str
    forgeable: bool
    notebook: nbformat.NotebookNode

    def output(self, name):
        """Return all text among the outputs of a cell, of an error its name."""
        outputs = cell(self.notebook, name).outputs
        texts = [output.get("text") or output.get("ename") or output.data["text/plain"] for output in outputs]
        return "\n".join(texts)


class Course:
    """A course in `root` with the teacher's `cells`, and `files` beside its notebook.

    After the cells of a submission were restored from the gradebook (`restoring`), they are run by `ExecuteSplit`, and
    scored by nbgrader's own preprocessor.
    """

    def __init__(self, root, *cells, files=None, **options):
        self.root = root
        self.url = f"sqlite:///{root / 'gradebook.db'}"
        with mock.patch("nbgrader.api.get_alembic_version", lambda: "this one"):  # else asked of a program, for seconds
            Gradebook(self.url, "numbers").close()
        self.config = Config()
        self.config.CourseDirectory.root = str(root)
        self.config.CourseDirectory.course_id = "numbers"
        self.set(timeout=20, **options)
        self.source = root / "source" / ASSIGNMENT
        self.restoring = [RestoreCells, OverwriteCells]
        self.teach(*cells)
        self._write_files(self.source, files or {})

    def set(self, **options):
        """Set options of `ExecuteSplit`."""
        self.config.ExecuteSplit.update(options)

    def teach(self, *cells):
        """Write the teacher's notebook, and put its cells into the gradebook."""
        self.cells = list(cells)
        notebook = new_notebook(cells=self.cells, metadata=METADATA)
        write(self.source / f"{NOTEBOOK}.ipynb", notebook)
        with Gradebook(self.url, "numbers") as gradebook:
            gradebook.update_or_create_assignment(ASSIGNMENT)
        for preprocessor in (ComputeChecksums, SaveCells):
            preprocessor(config=self.config).preprocess(notebook, self._resources("nobody"))

    def _resources(self, student):
        names = {"db_url": self.url, "assignment": ASSIGNMENT, "notebook": NOTEBOOK, "student": student}
        return {"nbgrader": names, "metadata": {"path": str(self.folder(student))}, "unique_key": NOTEBOOK}

    def folder(self, student):
        return self.root / "autograded" / student / ASSIGNMENT

    @staticmethod
    def _write_files(folder, files):
        for name, content in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)

    def notebook(self, **answers):
        """Return the solved notebook, with other sources for the cells named."""
        notebook = nbformat.read(self.source / f"{NOTEBOOK}.ipynb", as_version=4)
        for name, source in answers.items():
            cell(notebook, name).source = source
        return notebook

    def grade(self, notebook=None, student="ada", files=None, **answers):
        """Grade a notebook, or a solved one with these answers, and files beside it."""
        notebook = notebook or self.notebook(**answers)
        self.folder(student).mkdir(parents=True, exist_ok=True)
        self._write_files(self.folder(student), files or {})
        with Gradebook(self.url, "numbers") as gradebook:
            gradebook.update_or_create_student(student)
            gradebook.update_or_create_submission(ASSIGNMENT, student, timestamp=TIME)
        resources = self._resources(student)
        for preprocessor in (*self.restoring, ExecuteSplit, SaveAutoGrades):
            notebook, resources = preprocessor(config=self.config).preprocess(notebook, resources)
        with Gradebook(self.url, "numbers") as gradebook:
            submitted = gradebook.find_submission_notebook(NOTEBOOK, ASSIGNMENT, student)
            points = {grade.name: grade.score for grade in submitted.grades}
        said = resources["grading"]
        return Result(points, said["cells"], said["remarks"], said["outcome"], said["forgeable"], notebook)

    def rehearsals(self):
        """Return the files in which the rehearsals are kept."""
        return sorted((self.root / "classroom" / "rehearsals").iterdir())


def snapshot(folder):
    """Return what lies in a folder: {path: (mode, time of the last change, content)}."""
    return {
        path: (path.stat().st_mode, path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else os.listdir(path))
        for path in sorted(Path(folder).rglob("*"))
    }
