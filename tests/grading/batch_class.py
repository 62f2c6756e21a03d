"""A class of a foreign course: its own configuration, nbgrader's classes, and an executor that takes a millisecond."""

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Assignment, BaseCell, Comment, Grade, Notebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import create_engine, select, text

from course_lib.grading.batch.run import grade_class
from tests.tiny_course import cell, cell_metadata, read, write

ASSIGNMENT, NOTEBOOK = "Set 1", "numbers"
MAXIMUM = 14.0

CONFIG = """
from nbgrader import preprocessors
from quick import Quick

c = get_config()
c.CourseDirectory.course_id = "numbers"
c.Autograde.autograde_preprocessors = [
    Quick, preprocessors.LimitOutput, "nbgrader.preprocessors.SaveAutoGrades", preprocessors.AssignLatePenalties,
    preprocessors.CheckCellMetadata,
]
"""

# For honest answers only: it runs them in the grader's own process.
QUICK = """
import ast
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor

class Quick(NbGraderPreprocessor):
    def preprocess(self, nb, resources):
        names = {"FOLDER": resources["metadata"]["path"], "STUDENT": resources["nbgrader"]["student"]}
        for number, cell in enumerate(nb.cells):
            if cell.cell_type == "code":
                cell.execution_count = number
                cell.outputs = list(self.run(cell.source, names, number))
        return nb, resources

    def run(self, source, names, number):
        try:
            body = ast.parse(source).body
            last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
            exec(compile(ast.Module(body, []), "cell", "exec"), names)
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None
            if value is not None:
                yield new_output("execute_result", {"text/plain": repr(value)}, execution_count=number)
        except Exception as error:
            yield new_output("error", ename=type(error).__name__, evalue=str(error), traceback=[])
"""


def solution(text):
    return f"### BEGIN SOLUTION\n{text}\n### END SOLUTION"


def source_notebook():
    manual = cell_metadata("explain", grade=True, solution=True, points=4)
    by_hand = cell_metadata("improve", grade=True, solution=True, points=1)
    task = cell_metadata("explore", points=2, locked=True)
    task["nbgrader"]["task"] = True
    return new_notebook(
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        cells=[
            new_markdown_cell("# Numbers", id="title"),
            new_code_cell("import math", id="setup", metadata=cell_metadata("setup", locked=True)),
            new_code_cell(solution("square = lambda x: x * x"), id="square", metadata=answer("square")),
            new_code_cell("assert square(3) == 9", id="square-test", metadata=test("square-test", 2)),
            new_code_cell(solution("credit = 5"), id="credit", metadata=answer("credit")),
            new_code_cell("credit", id="credit-test", metadata=test("credit-test", 5)),
            new_markdown_cell(solution("Because."), id="explain", metadata=manual),
            new_code_cell(solution("better = 1"), id="improve", metadata=by_hand),
            new_markdown_cell("Explore.", id="explore", metadata=task),
        ],
    )


def answer(name):
    return cell_metadata(name, solution=True)


def test(name, points):
    return cell_metadata(name, grade=True, points=points, locked=True)


test.__test__ = False  # a helper, whatever pytest thinks of its name


@functools.cache
def _template():
    """Return the folder of a course whose assignment nbgrader has generated, for copying."""
    keep = tempfile.TemporaryDirectory(prefix="class-")
    root = Path(keep.name) / "course"
    source = root / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG)
    (root / "quick.py").write_text(QUICK)
    (source / "data.csv").write_text("1,2,3\n")
    write(source / f"{NOTEBOOK}.ipynb", source_notebook())
    nbgrader(root, "generate_assignment", ASSIGNMENT)
    _template.keep = keep
    return root


def nbgrader(root, *arguments, check=True):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *map(str, arguments)],
        cwd=root,
        env={**os.environ, "PATH": path, "JUPYTER_CONFIG_DIR": str(root / "no-config")},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert done.returncode == 0 or not check, done.stdout
    return done.stdout


class Course:
    """A copy of the course in a folder of its own, with students who hand in."""

    def __init__(self, folder):
        self.root = folder / "course"
        shutil.copytree(_template(), self.root)
        self.url = f"sqlite:///{self.root / 'gradebook.db'}"

    def released(self):
        return read(self.root / "release" / ASSIGNMENT / f"{NOTEBOOK}.ipynb")

    def solved(self, **answers):
        """Return the student version with everything solved, or with other sources for the cells named."""
        notebook = self.released()
        right = {"square": "square = lambda x: x * x", "credit": "credit = 5", "explain": "Because.", "improve": "1"}
        for name, source in (right | answers).items():
            cell(notebook, name).source = source
        return notebook

    def folder(self, student):
        return self.root / "submitted" / student / ASSIGNMENT

    def submit(self, student, notebook=None, time="2025-01-01 10:00:00 UTC", **answers):
        """Hand in a notebook, or bytes in its place, or a solved one with these answers."""
        folder = self.folder(student)
        shutil.copytree(self.root / "release" / ASSIGNMENT, folder, dirs_exist_ok=True)
        path = folder / f"{NOTEBOOK}.ipynb"
        if isinstance(notebook, bytes):
            path.write_bytes(notebook)
        else:
            write(path, notebook or self.solved(**answers))
        (folder / "timestamp.txt").write_text(time)
        return path

    def autograded(self, student):
        return self.root / "autograded" / student / ASSIGNMENT

    def command(self, *arguments):
        return [sys.executable, "-m", "course_lib.cli", "grade", ASSIGNMENT, "--json", *map(str, arguments)]

    def start(self, *arguments, **options):
        """Start `course grade` and do not wait for it."""
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.root,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **options,
        )

    def grade(self, **options):
        """Do what `course grade` does, with one worker, in this process."""
        return grade_class(lambda known: ASSIGNMENT, **{"start": self.root, "workers": 1} | options)

    def rows(self, **options):
        """Grade to the end, and return {student: row}."""
        graded = self.grade(**options)
        assert not graded.cut_short, graded.cut_short
        return {row.student: asdict(row) for row in graded.rows}

    def grades(self, url=None):
        return grades(url or self.url)

    def execute(self, statement, **values):
        engine = create_engine(self.url)
        with engine.begin() as connection:
            connection.execute(text(statement), values)
        engine.dispose()


def grades(url):
    """Return every column of a gradebook that grading decides, by names in place of ids; each row once."""
    engine = create_engine(url)
    with engine.connect() as connection:
        where = (
            select(SubmittedAssignment.student_id, Assignment.name, Notebook.name, BaseCell.name)
            .select_from(SubmittedAssignment)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        )
        tables = {}
        for kind, columns in (
            (Grade, (Grade.auto_score, Grade.manual_score, Grade.extra_credit, Grade.needs_manual_grade, Grade.score)),
            (Comment, (Comment.auto_comment, Comment.manual_comment)),
        ):
            rows = connection.execute(
                where.add_columns(*columns)
                .join(kind, kind.notebook_id == SubmittedNotebook.id)
                .join(BaseCell, BaseCell.id == kind.cell_id)
            ).all()
            tables[kind.__tablename__] = {tuple(row[:4]): tuple(row[4:]) for row in rows}
            assert len(tables[kind.__tablename__]) == len(rows)
        tables["submissions"] = sorted(
            map(tuple, connection.execute(select(SubmittedAssignment.student_id, SubmittedAssignment.timestamp)))
        )
        tables["notebooks"] = sorted(
            map(tuple, connection.execute(text(
                "select s.student_id, n.name, m.flagged, m.late_submission_penalty from submitted_notebook m"
                " join notebook n on n.id = m.notebook_id join submitted_assignment s on s.id = m.assignment_id"
            )))
        )  # fmt: skip
    engine.dispose()
    return tables
