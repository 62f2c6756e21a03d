"""A course of one small chapter, built in a temporary folder, for tests of what is done with chapters."""

import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from typer.testing import CliRunner

from course_lib import cli
from course_lib.commands.course import Course

ROOT = Path(__file__).resolve().parents[1]
CHAPTER = "00_tiny"

# Exercises of its own, so that these tests depend on no chapter's.
SETUP = """
import course_lib.exercises
from course_lib import check, student_seed
from course_lib.checking.exercise import Exercise, Misconception

def probe_double(double, rng):
    for number in range(2):
        value = float(rng.normal())
        yield f"number {number}", lambda: double(value)

def probe_larger(larger, rng):
    low, high = sorted(rng.normal(size=2).tolist())
    yield "the second is larger", lambda: larger(low, high)
    yield "the first is larger", lambda: larger(high, low)

EXERCISES = {
    "double": Exercise("double", lambda x: 2 * x, probe_double, [
        Misconception(lambda x: x * x, "You square; double by `2 * x`."),
    ], hints=["Add it to itself."]),
    "larger": Exercise("larger", lambda a, b: max(a, b), probe_larger, [
        Misconception(lambda a, b: b, "You return the second, whichever is larger."),
    ]),
}
course_lib.exercises.find = EXERCISES.__getitem__
"""

SOLUTIONS = {
    "double": "def double(x):\n    ### BEGIN SOLUTION\n    return x + x\n    ### END SOLUTION",
    "larger": "def larger(a, b):\n    ### BEGIN SOLUTION\n    return a if a > b else b\n    ### END SOLUTION",
}
POINTS = {"double": 2, "larger": 3}


def cell_metadata(grade_id, grade=False, solution=False, points=None, locked=False):
    role = {"grade": grade, "grade_id": grade_id, "locked": locked, "schema_version": 3, "solution": solution}
    if points is not None:
        role["points"] = points
    return {"nbgrader": role | {"task": False}}


def setup_cell():
    return new_code_cell(SETUP.strip(), id="setup", metadata=cell_metadata("setup", locked=True))


def exercise_cells(name, source=None):
    """Return the solution cell and the test cell of one exercise, as an author writes them, with the output stored."""
    points = POINTS[name]
    test = (
        f'report = check("{name}", {name}, points={points})\n'
        "### BEGIN HIDDEN TESTS\n"
        f'report &= check("{name}", {name}, points={points}, seed=student_seed())\n'
        "### END HIDDEN TESTS\n"
        "report"
    )
    result = new_output("execute_result", {"text/plain": f"{points}.0"}, execution_count=3)
    return [
        new_code_cell(
            source or SOLUTIONS[name], id=f"{name}-solution", metadata=cell_metadata(f"{name}-solution", solution=True)
        ),
        new_code_cell(
            test,
            id=f"{name}-test",
            metadata=cell_metadata(f"{name}-test", grade=True, points=points, locked=True),
            outputs=[result],
            execution_count=3,
        ),
    ]


def solved_notebook():
    # A demonstration is never run by a grader; this one would end the kernel.
    demo = new_code_cell("import os; os._exit(1)", id="a-demo")
    demo.metadata["tags"] = ["demo"]
    cells = [new_markdown_cell("# Tiny", id="title"), setup_cell(), demo]
    for name in SOLUTIONS:
        cells += exercise_cells(name)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def make_course(root):
    """Write a course with the solved tiny chapter and one support file into `root`; notebooks/ is still empty."""
    root.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / "nbgrader_config.py", root / "nbgrader_config.py")
    (root / "notebooks").mkdir()
    chapter = root / "solutions" / CHAPTER
    chapter.mkdir(parents=True)
    write(chapter / "tiny.ipynb", solved_notebook())
    (chapter / "numbers.csv").write_text("1,2,3\n")
    return root


def write(path, notebook):
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def read(path):
    return nbformat.read(path, as_version=4)


def cell(notebook, name):
    return next(cell for cell in notebook.cells if cell.id == name)


def learner_course(tmp_path, monkeypatch):
    """Make a course with two chapters in notebooks/ the current one, with an empty progress record."""
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path / "home"))
    course = Course(make_course(tmp_path / "course"))
    for chapter in (CHAPTER, "01_other"):
        write(course.notebooks / chapter / f"{chapter[3:]}.ipynb", solved_notebook())
    (course.notebooks / CHAPTER / "pictures").mkdir()
    (course.notebooks / CHAPTER / "pictures" / "digit.txt").write_text("7")
    (course.notebooks / CHAPTER / ".ipynb_checkpoints").mkdir()
    (course.notebooks / CHAPTER / ".ipynb_checkpoints" / "tiny.ipynb").write_text("{}")
    monkeypatch.chdir(course.root)
    return course


def run(*arguments):
    """Run `course` with these arguments in this process."""
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def refused(*arguments):
    """Return the sentence with which a command that cannot be done ends."""
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stderr.startswith("course: ")
    assert "Traceback" not in result.output
    return result.stderr.removeprefix("course: ")


def snapshot(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
