"""`course check`: right, wrong, unwritten, raising and endless answers, and files that are no notebooks."""

import json
import os
import signal
import subprocess
import sys
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from course_lib.checking import progress
from tests.tiny_course import (
    CHAPTER,
    cell_metadata,
    exercise_cells,
    learner_course,
    refused,
    run,
    setup_cell,
    snapshot,
    solved_notebook,
    write,
)


@pytest.fixture
def course(tmp_path, monkeypatch):
    return learner_course(tmp_path, monkeypatch)


def mixed_notebook():
    """A learner's notebook with a right, a wrong, an unwritten, a raising and an endless exercise, and worse."""
    stub = 'def double(x):\n    raise NotImplementedError("Replace this line with your code.")'
    answers = [
        ("right", "double", "def double(x):\n    return 2 * x"),
        ("half", "larger", "def larger(a, b):\n    return b"),
        ("unwritten", "double", stub),
        ("raising", "double", "del double"),
        ("stderr", "double", "import sys\ndef double(x):\n    return 2 * x"),
        ("endless", "larger", "def larger(a, b):\n    return max(a, b)"),
        ("changed", "double", "def double(x):\n    return 2 * x"),
        ("emptied", "double", "def double(x):\n    return 2 * x"),
        ("skipped", "double", "def double(x):\n    return x"),
    ]
    notebook = solved_notebook()
    notebook.cells = [setup_cell()]
    for name, exercise, source in answers:
        solution, test = exercise_cells(exercise, source)
        solution.id, test.id = f"{name}-solution", f"{name}-test"
        test.metadata["nbgrader"]["grade_id"] = f"{name}-test"
        if name == "stderr":
            test.source = "print('careful', file=sys.stderr)\n" + test.source
        if name == "endless":
            test.source = "while True: pass"
        if name == "changed":
            test.source = test.source.rpartition("\n")[0]
        if name == "emptied":
            test.source = ""  # the stored output still says 2.0
        if name == "skipped":
            test.metadata["tags"] = ["demo"]  # earns nothing by that
        notebook.cells += [solution, test]
    notebook.cells.insert(1, new_code_cell("raise OSError('no data\\nfor a reason')", id="load"))
    manual = new_code_cell("", id="manual", metadata=cell_metadata("manual", grade=True, solution=True, points=5))
    notebook.cells.append(manual)
    # Written for another kernel, on another machine.
    notebook.metadata["kernelspec"] = {"name": "julia-1.9", "display_name": "Julia", "language": "julia"}
    return notebook


def test_check_says_how_each_exercise_stands_and_changes_nothing(course):
    path = course.work / CHAPTER / "tiny.ipynb"
    write(path, mixed_notebook())
    before = snapshot(course.root)
    result = run("check", "tiny", "--json", "--cell-timeout", 2)
    assert result.exit_code == 1, result.stderr
    document = json.loads(result.stdout)
    rows = {row["cell"].removesuffix("-test"): row for row in document["exercises"]}
    assert {name: (row["status"], row["points"]) for name, row in rows.items()} == {
        "right": ("passed", 2),
        "half": ("wrong", 1.5),
        "unwritten": ("not written", 0),
        "raising": ("raised", 0),
        "stderr": ("wrong", 0),
        "endless": ("timed out", 0),
        "changed": ("no result", 0),
        "emptied": ("no result", 0),
        "skipped": ("wrong", 0),
    }
    assert (document["points"], document["max_points"]) == (3.5, 2 * 7 + 3 * 2)
    assert rows["right"]["passed"]
    assert not rows["half"]["passed"]
    assert "You return the second" in rows["half"]["message"]
    assert [row["passed"] for row in rows["half"]["rows"]] == [True, False]
    assert rows["unwritten"]["message"] == "not written yet"
    assert rows["raising"]["message"] == "raised NameError: name 'double' is not defined"
    assert "stderr" in rows["stderr"]["message"]
    assert rows["endless"]["message"] == "took longer than 2 s and was stopped"
    assert "no report" in rows["changed"]["message"]
    assert rows["half"]["hint"] == ""  # it has none
    assert document["troubles"] == ["tiny.ipynb: cell load raised OSError: no data"]
    assert snapshot(course.root) == before
    # The learner's own work counts as progress, like a check in JupyterLab.
    assert progress.read()["double"]["passed"]


def test_check_shows_a_table_and_ends_with_0_when_all_is_solved(course, tmp_path):
    """A notebook that is nobody's work leaves no trace in the learner's progress."""
    result = run("check", course.solutions / CHAPTER / "tiny.ipynb")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert [lines[1].split()[:3], lines[2].split()[:3]] == [["✓", "double", "2/2"], ["✓", "larger", "3/3"]]
    assert lines[-1].split() == ["total", "5/5"]
    assert progress.read() == {}


@pytest.mark.slow
def test_check_tells_of_a_kernel_that_died(course):
    notebook = solved_notebook()
    notebook.cells.insert(5, new_code_cell("import os; os._exit(1)", id="fatal"))
    write(course.work / CHAPTER / "tiny.ipynb", notebook)
    rows = json.loads(run("check", CHAPTER, "--json").stdout)["exercises"]
    assert [(row["status"], row["points"]) for row in rows] == [("passed", 2), ("did not run", 0)]
    assert rows[1]["exercise"] == "larger"
    assert "the kernel died" in rows[1]["message"]
    assert "! tiny.ipynb: cell fatal: the kernel died" in run("check", CHAPTER).stdout


def test_check_refuses_what_is_no_notebook_in_a_sentence(course):
    assert refused("check", "work/tiny.ipynb") == "There is no file or folder work/tiny.ipynb.\n"
    assert "Did you mean 00_tiny?" in refused("check", "tinny")
    broken = course.work / CHAPTER / "tiny.ipynb"
    broken.parent.mkdir(parents=True)
    broken.write_text('{"cells": [\n  {"cell_type": "markdown",, }')
    said = refused("check", CHAPTER)
    assert f"{broken} is broken" in said
    assert "line 2" in said
    assert "course reset" in said
    for content in (b"\xff\xfe\x00", b"[]", b'{"cells": 3, "metadata": {}, "nbformat": 4}'):
        broken.write_bytes(content)
        assert "course reset" in refused("check", CHAPTER) or "cannot be read" in refused("check", CHAPTER)
    (course.root / "empty").mkdir()
    assert "There is no notebook in" in refused("check", course.root / "empty")


def without_outputs(notebook):
    for cell in notebook["cells"]:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def with_outputs_in_text(notebook):
    for cell in notebook["cells"]:
        cell.setdefault("outputs", [])


def with_ids_of_an_older_format(notebook):
    notebook["nbformat_minor"] = 4


def with_other_ids(notebook):
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"#cell {number}"


def with_a_damaged_cell(notebook):
    notebook["cells"].append({"cell_type": "code"})


@pytest.mark.slow
@pytest.mark.parametrize(
    "change", [without_outputs, with_outputs_in_text, with_ids_of_an_older_format, with_other_ids, with_a_damaged_cell]
)
def test_check_reads_what_other_editors_write(course, change):
    notebook = json.loads(nbformat.writes(solved_notebook()))
    change(notebook)
    path = course.root / "mine" / "edited.ipynb"
    path.parent.mkdir()
    path.write_text(json.dumps(notebook), encoding="utf-8-sig")
    result = run("check", path)
    assert result.exit_code == 0, result.output
    assert "5/5" in result.stdout
    assert ("damaged" in result.stdout) == (change is with_a_damaged_cell)


@pytest.mark.slow
def test_the_folder_one_is_in_can_be_checked(course, monkeypatch):
    monkeypatch.chdir(course.solutions / CHAPTER)
    assert run("check", ".").exit_code == 0
    assert run("check", "./").exit_code == 0


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "latin-1", "ascii"])
def test_output_can_be_redirected_whatever_the_encoding(course, encoding):
    environment = os.environ | {"PYTHONIOENCODING": encoding, "COLUMNS": "40"}
    command = [sys.executable, "-m", "course_lib.cli", "check", str(course.solutions / CHAPTER / "tiny.ipynb")]
    result = subprocess.run(command, capture_output=True, env=environment, cwd=course.root)
    shown = result.stdout.decode(encoding)
    assert result.returncode == 0, result.stderr
    assert ("✓ double" if encoding == "utf-8" else "+ double") in shown and "5/5" in shown


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("seconds", [0.2, 1, 3.5])
def test_ctrl_c_ends_it_without_a_traceback_and_without_a_kernel(course, tmp_path, seconds):
    """While the command loads what it needs, while the kernel starts, and while a cell runs."""
    sign = tmp_path / "still running"
    endless = f"import pathlib, time\nwhile True:\n    pathlib.Path({str(sign)!r}).touch()\n    time.sleep(0.1)"
    write(course.work / CHAPTER / "tiny.ipynb", new_notebook(cells=[new_code_cell(endless, id="endless")]))
    # As the program `course` does, once Python has started: before that nobody can catch a signal.
    program = "from course_lib import cli; print('loaded', flush=True); cli.main()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "check", CHAPTER], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout.readline() == "loaded\n"
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in said
    sign.unlink(missing_ok=True)
    time.sleep(0.5)
    assert not sign.exists()
