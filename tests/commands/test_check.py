"""`course check`: right, wrong, unwritten, raising and endless answers, and files that are no notebooks."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from course_lib.checking import progress
from course_lib.data import sources
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


@pytest.mark.slow
def test_check_says_how_each_exercise_stands_and_changes_nothing(course):
    path = course.work / "mine" / "mixed.ipynb"
    write(path, mixed_notebook())
    before = snapshot(course.root)
    result = run("check", path, "--json", "--cell-timeout", 2)
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
    assert document["troubles"] == [
        "mixed.ipynb: cell 2 (raise OSError('no data\\nfor a reason')) raised OSError: no data"
    ]
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
    assert "! tiny.ipynb: cell 6 (import os; os._exit(1)) the kernel died" in run("check", CHAPTER).stdout


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
    (course.root / "empty").mkdir()
    assert "There is no notebook in" in refused("check", course.root / "empty")


@pytest.mark.slow
def test_a_deleted_check_is_named_and_counts_and_so_is_a_magic_that_does_not_exist(course):
    notebook = solved_notebook()
    notebook.cells = [cell for cell in notebook.cells if cell.id != "double-test"]
    lines = ["%nonsense 3", "%%nonsense\nx", "!no-such-program", "%matplotlib inline", "x = 1  # fine"]
    notebook.cells[2:2] = [new_code_cell(line) for line in lines]
    notebook.cells[-1].source += "\n%nonsense"  # restored
    write(course.work / CHAPTER / "tiny.ipynb", notebook)
    result = run("check", CHAPTER, "--json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    rows = [(row["exercise"], row["status"], row["points"], row["max_points"]) for row in document["exercises"]]
    assert rows == [("double", "missing", 0, 2), ("larger", "passed", 3, 3)]
    assert (document["points"], document["max_points"]) == (3, 5)
    assert "its check is missing" in document["exercises"][0]["message"]
    assert document["troubles"] == [
        f"tiny.ipynb: {line}"
        for line in (
            "the check is not the course's, which was run in its place: `larger`",
            "cell 3 (%nonsense 3) did not run, since there is no magic %nonsense: delete or correct the line with it",
            "cell 4 (%%nonsense) did not run, since there is no magic %%nonsense: delete or correct the line with it",
            "cell 5 (!no-such-program) asks for a program that this machine does not have, no-such-program: "
            "install it, or delete that line",
        )
    ]


@pytest.fixture
def loading(course, tmp_path, monkeypatch):
    """A notebook that loads MNIST, on a machine without it; the tries to fetch it."""
    monkeypatch.setenv("DESCENT_DATA", str(tmp_path / "data"))
    notebook = solved_notebook()
    notebook.cells.insert(2, new_code_cell("from course_lib import data\ndata.mnist()\ndata.imdb  # not called"))
    notebook.cells[3].source = "data.imdb()"  # a demonstration, which is not run
    write(course.work / CHAPTER / "tiny.ipynb", notebook)
    tried = []

    def obtain(data_set, path, say):
        tried.append(data_set.name)
        say(f"fetching {data_set.name}.npz (11 MB) from a server")
        raise sources.DataUnavailable(f"{data_set.title} could not be fetched: do this.\nTried:\n  - a server")

    monkeypatch.setattr(sources, "obtain", obtain)
    return tried


def test_what_is_missing_is_fetched_in_the_open_before_the_notebook_runs(loading):
    said = refused_after("fetching mnist.npz (11 MB) from a server\n", "check", CHAPTER)
    assert said == "MNIST could not be fetched: do this.\n" and loading == ["mnist"]


def refused_after(lines, *arguments):
    """Return the sentence with which a command ends that says `lines` on stderr before."""
    result = run(*arguments)
    assert result.exit_code == 2 and result.stderr.startswith(f"{lines}course: "), result.output
    return result.stderr.removeprefix(f"{lines}course: ")


@pytest.mark.slow
def test_what_is_there_is_not_fetched(loading, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mnist.npz").write_text("whatever it is, the kernel will say")
    result = run("check", CHAPTER)
    assert loading == [] and result.stderr == ""


@pytest.mark.slow
def test_the_folder_one_is_in_can_be_checked(course, monkeypatch):
    monkeypatch.chdir(course.solutions / CHAPTER)
    assert run("check", ".").exit_code == 0
    assert run("check", "./").exit_code == 0


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
