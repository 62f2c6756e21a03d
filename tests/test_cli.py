"""`course …` as a learner types it, on a small course in a temporary folder."""

import json
import os
import subprocess
import sys
import time
from datetime import datetime

import pytest
from nbformat.v4 import new_code_cell
from typer.testing import CliRunner

from course_lib import cli
from course_lib.checking import progress
from course_lib.commands import copies, doctor
from course_lib.commands import lab as jupyterlab
from course_lib.commands.course import Course, CourseError, find_course, which_chapter
from tests.tiny_course import (
    CHAPTER,
    POINTS,
    ROOT,
    cell_metadata,
    exercise_cells,
    make_course,
    setup_cell,
    solved_notebook,
    write,
)

CHAPTERS = ["00_welcome", "01_activations", "08_mnist_mlp", "09_mnist_cnn"]


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course with two chapters in notebooks/, and an empty progress record."""
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path / "home"))
    root = make_course(tmp_path / "course")
    for chapter in (CHAPTER, "01_other"):
        write(root / "notebooks" / chapter / f"{chapter[3:]}.ipynb", solved_notebook())
    (root / "notebooks" / CHAPTER / "pictures").mkdir()
    (root / "notebooks" / CHAPTER / "pictures" / "digit.txt").write_text("7")
    (root / "notebooks" / CHAPTER / ".ipynb_checkpoints").mkdir()
    (root / "notebooks" / CHAPTER / ".ipynb_checkpoints" / "tiny.ipynb").write_text("{}")
    monkeypatch.chdir(root)
    return Course(root)


@pytest.fixture
def opened(monkeypatch):
    """Keep JupyterLab from starting; the command lines that would have started it."""
    lines = []
    monkeypatch.setattr(jupyterlab, "become", lambda course, line: lines.append(line) or 0)
    return lines


def run(*arguments):
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


# --- Finding the course and its chapters ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("08_mnist_mlp", "08_mnist_mlp"),
        ("08", "08_mnist_mlp"),
        ("8", "08_mnist_mlp"),
        ("mnist_mlp", "08_mnist_mlp"),
        ("act", "01_activations"),
        ("work/08_mnist_mlp/", "08_mnist_mlp"),
        ("00", "00_welcome"),
    ],
)
def test_a_chapter_is_known_by_number_topic_and_beginning(tmp_path, typed, meant):
    assert which_chapter(typed, CHAPTERS, tmp_path) == meant


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("mnist", "could be any of 08_mnist_mlp, 09_mnist_cnn"),
        ("08_mnist_mpl", "Did you mean 08_mnist_mlp?"),
        ("activation_functions", "Did you mean 01_activations?"),
        ("12", "There are: 00_welcome, 01_activations"),
        ("", "There is no chapter ''"),
    ],
)
def test_an_unknown_chapter_is_refused_with_the_nearest(tmp_path, typed, words):
    with pytest.raises(CourseError) as error:
        which_chapter(typed, CHAPTERS, tmp_path)
    assert words in str(error.value)


def test_the_course_is_found_from_below_and_from_outside(course, tmp_path):
    assert find_course(course.notebooks / CHAPTER).root == course.root
    (tmp_path / "elsewhere" / "notebooks").mkdir(parents=True)  # a folder of that name is no course yet
    assert find_course(tmp_path / "elsewhere").root == ROOT


def test_outside_any_course_a_sentence_says_so(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("course_lib.commands.course.__file__", str(tmp_path / "site-packages" / "course.py"))
    assert "There is no course here" in refused("progress")


# --- lab and reset --------------------------------------------------------------------------------------------------


def test_lab_copies_all_chapters_once_and_opens_the_one_asked_for(course, opened):
    assert run("lab", "other", "--no-browser", "--port", 9999, "--", "--ip=0.0.0.0").exit_code == 0
    assert snapshot(course.work) == {
        path: content for path, content in snapshot(course.notebooks).items() if ".ipynb_checkpoints" not in path.parts
    }
    line = opened[0]
    assert line[:3] == [sys.executable, "-m", "jupyterlab"]
    assert f"--ServerApp.root_dir={course.work}" in line
    assert "--LabApp.default_url=/lab/tree/01_other/other.ipynb" in line
    assert line[-3:] == ["--no-browser", "--port=9999", "--ip=0.0.0.0"]


def test_lab_opens_the_first_chapter_and_passes_options_on_without_a_chapter(course, opened):
    run("lab", "--", "--ip=0.0.0.0")
    assert f"--LabApp.default_url=/lab/tree/{CHAPTER}/tiny.ipynb" in opened[0]
    assert opened[0][-1] == "--ip=0.0.0.0"
    assert "--no-browser" not in opened[0]


def test_lab_never_writes_over_a_learners_work_and_adds_what_is_new(course, opened):
    run("lab")
    mine = course.work / CHAPTER / "tiny.ipynb"
    mine.write_text("my work")
    (course.work / CHAPTER / "notes.txt").write_text("my notes")
    (course.notebooks / CHAPTER / "pictures" / "digit.txt").write_text("8")
    (course.notebooks / CHAPTER / "pictures" / "another.txt").write_text("9")
    write(course.notebooks / "02_new" / "new.ipynb", solved_notebook())
    again = run("lab", "new")
    assert "2 new files" in again.stdout
    assert mine.read_text() == "my work"
    assert (course.work / CHAPTER / "notes.txt").read_text() == "my notes"
    assert (course.work / CHAPTER / "pictures" / "digit.txt").read_text() == "7"
    assert (course.work / CHAPTER / "pictures" / "another.txt").read_text() == "9"
    assert (course.work / "02_new" / "new.ipynb").exists()
    assert "new files" not in run("lab").stdout


def test_a_file_that_appears_while_it_is_copied_is_kept(tmp_path, monkeypatch):
    (tmp_path / "source").write_text("ours")
    copyfile = copies.shutil.copyfile

    def slow_copy(source, target):
        copyfile(source, target)
        (tmp_path / "target").write_text("the learner's")

    monkeypatch.setattr(copies.shutil, "copyfile", slow_copy)
    assert not copies.copy_whole(tmp_path / "source", tmp_path / "target")
    assert (tmp_path / "target").read_text() == "the learner's"
    assert sorted(os.listdir(tmp_path)) == ["source", "target"]


def test_a_copy_that_fails_leaves_no_half_file(course, opened, monkeypatch):
    def full_disk(source, target):
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(copies.shutil, "copyfile", full_disk)
    assert "No space left on device" in refused("lab")
    assert snapshot(course.work) == {}
    assert opened == []


def test_lab_needs_a_folder_to_copy_into(course, opened):
    course.work.write_text("a file")
    assert "is a file" in refused("lab")


def test_reset_twice_in_one_second_keeps_both_old_copies(course, opened):
    run("lab")
    now = datetime(2025, 11, 30, 14, 5, 9)
    for work in ("first", "second", "third"):
        (course.work / CHAPTER / "tiny.ipynb").write_text(work)
        kept = copies.reset(course, CHAPTER, now)
        assert (kept / "tiny.ipynb").read_text() == work
    names = [path.name for path in sorted(course.work.glob(f"{CHAPTER}*"))]
    assert names == [CHAPTER] + [f"{CHAPTER}.2025-11-30_14-05-09{suffix}" for suffix in ("", "-2", "-3")]
    assert [(course.work / name / "tiny.ipynb").read_text() for name in names[1:]] == ["first", "second", "third"]
    assert (course.work / CHAPTER / "tiny.ipynb").read_bytes() == (
        course.notebooks / CHAPTER / "tiny.ipynb"
    ).read_bytes()
    assert (course.work / CHAPTER / "pictures" / "digit.txt").exists()


def test_reset_says_where_the_old_copy_is_and_works_without_one(course):
    assert run("reset", "tiny").stdout == f"work/{CHAPTER} is a clean copy.\n"
    (course.work / CHAPTER / "notes.txt").write_text("mine")
    said = run("reset", "0").stdout
    kept = said.rpartition("work/")[2].rstrip(".\n")
    assert (course.work / kept / "notes.txt").read_text() == "mine"
    assert not (course.work / CHAPTER / "notes.txt").exists()


def test_a_reset_that_fails_leaves_the_work_where_it_was(course, opened, monkeypatch):
    run("lab")
    (course.work / CHAPTER / "tiny.ipynb").write_text("mine")
    before = snapshot(course.work)

    def full_disk(source, target):
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(copies.shutil, "copyfile", full_disk)
    assert "No space left on device" in refused("reset", CHAPTER)
    assert snapshot(course.work) == before
    assert sorted(os.listdir(course.work)) == [CHAPTER, "01_other"]


# --- check ----------------------------------------------------------------------------------------------------------

RIGHT = "def {name}(*values):\n    return 2 * values[0] if len(values) == 1 else max(values)"


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
        "unwritten": ("wrong", 0),
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
    assert "not written" in rows["unwritten"]["message"].lower()
    assert rows["raising"]["message"] == "raised NameError: name 'double' is not defined"
    assert "stderr" in rows["stderr"]["message"]
    assert rows["endless"]["message"] == "took longer than 2 s and was stopped"
    assert "no report" in rows["changed"]["message"]
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


def test_check_tells_of_a_kernel_that_died(course):
    notebook = solved_notebook()
    notebook.cells.insert(5, new_code_cell("import os; os._exit(1)", id="fatal"))
    write(course.work / CHAPTER / "tiny.ipynb", notebook)
    rows = json.loads(run("check", CHAPTER, "--json").stdout)["exercises"]
    assert [(row["status"], row["points"]) for row in rows] == [("passed", 2), ("did not run", 0)]
    assert rows[1]["exercise"] == "larger"
    assert "the kernel died" in rows[1]["message"]


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
    for content in (b"\xff\xfe\x00", b"[]", b'{"cells": [{"cell_type": "code"}], "metadata": {}, "nbformat": 4}'):
        broken.write_bytes(content)
        assert "course reset" in refused("check", CHAPTER) or "cannot be read" in refused("check", CHAPTER)
    (course.root / "empty").mkdir()
    assert "There is no notebook in" in refused("check", course.root / "empty")


# --- progress, data, doctor -----------------------------------------------------------------------------------------


def test_progress_lists_every_exercise_of_the_chapters_there_are(course, monkeypatch):
    class Named:
        def __init__(self, name):
            self.name = name

    monkeypatch.setattr("course_lib.exercises.CHAPTERS", {CHAPTER: "tiny", "07_not_here": "x"})
    monkeypatch.setattr("course_lib.exercises.of_chapter", lambda chapter: [Named(name) for name in (*POINTS, "last")])
    progress.record_check("double", 2, 2, True)
    progress.record_hint("larger")
    progress.record_check("larger", 1.5, 3, False)
    progress.record_solution("larger")
    result = run("progress")
    assert result.exit_code == 0
    rows = [line.split() for line in result.stdout.splitlines()[1:]]
    assert rows[0][:3] == [CHAPTER, "1/3", "solved"]
    assert rows[1] == ["✓", "double", "2/2", "1", "–"]
    assert rows[2] == ["✗", "larger", "1.5/3", "1", "1", "solution", "shown"]
    assert rows[3] == ["·", "last", "–", "–", "–"]
    assert len(rows) == 4


def test_a_damaged_progress_record_is_told_in_a_sentence(course):
    progress.progress_file().parent.mkdir()
    progress.progress_file().write_text("{")
    assert "cannot be read" in refused("progress")


def test_data_that_cannot_be_had_is_told_after_all_were_tried(monkeypatch):
    from course_lib import data

    asked = []

    def fetch(name, say):
        asked.append(name)
        say(f"trying {name}")
        if name == "mnist":
            raise data.DataUnavailable("MNIST is not to be had.")

    monkeypatch.setattr(data, "fetch", fetch)
    monkeypatch.setattr(data, "status", lambda: [type("Status", (), {"name": name}) for name in ("mnist", "imdb")])
    assert refused("data") == "MNIST is not to be had.\n"
    assert asked == ["mnist", "imdb"]
    assert run("data", "imdb").stdout == "trying imdb\n"


def test_an_unknown_data_set_is_told_in_a_sentence():
    assert "There is no data set called 'cifar'" in refused("data", "cifar")


def test_doctor_fails_with_advice_where_something_is_missing(course, monkeypatch):
    (course.root / "pyproject.toml").write_text(
        '[project]\nrequires-python = ">=3.99"\ndependencies = ["numpy>=99", "typer", "no-such-package>=1", '
        "'never; python_version < \"3\"']\n"
    )
    # Those that take seconds, or the network, have tests of their own.
    for check in ("tensorflow", "kernel", "data"):
        monkeypatch.setattr(doctor, check, lambda course: iter(()))
    result = run("doctor")
    assert result.exit_code == 1
    assert "fail Python: " in result.stdout
    assert "the course needs Python >=3.99" in result.stdout
    assert "numpy is " in result.stdout
    assert "no-such-package is missing" in result.stdout
    assert "→ run `make setup`" in result.stdout
    assert "never" not in result.stdout
    assert "typer" not in result.stdout
    assert "ok   nbgrader" in result.stdout


def test_doctor_is_content_with_warnings_and_survives_a_check_that_breaks(course, monkeypatch):
    def break_down(course):
        raise RuntimeError("out of order")

    for check in ("tensorflow", "kernel", "data", "packages", "python"):
        monkeypatch.setattr(doctor, check, lambda course: iter(()))
    monkeypatch.setattr(doctor, "MEMORY_WANTED", 1e9)
    result = run("doctor")
    assert result.exit_code == 0
    assert "warn memory" in result.stdout
    monkeypatch.setattr(doctor, "disk", break_down)
    result = run("doctor")
    assert result.exit_code == 1
    assert "RuntimeError: out of order" in result.stdout


def test_doctor_tells_of_a_tensorflow_that_cannot_be_imported(course, monkeypatch):
    monkeypatch.setattr(doctor, "LOOK_AT_TENSORFLOW", "raise ImportError('no tensor flows')")
    (finding,) = doctor.tensorflow(course)
    assert (finding.state, finding.found) == ("fail", "cannot be imported: ImportError: no tensor flows")
    monkeypatch.setattr(doctor, "LOOK_AT_TENSORFLOW", "import os; os.abort()")
    (finding,) = doctor.tensorflow(course)
    assert finding.state == "fail"
    assert "the process ended with" in finding.found


@pytest.mark.slow
def test_doctor_finds_this_environment_fit():
    findings = {finding.subject: finding for finding in doctor.examine(Course(ROOT))}
    assert not [finding for finding in findings.values() if finding.state == "fail"]
    assert findings["kernel"].found == "starts and computes"
    assert "Keras 3" in findings["TensorFlow"].found


# --- the program itself ---------------------------------------------------------------------------------------------


def test_help_needs_neither_notebooks_nor_numpy():
    """What makes `course --help` quick; the time itself is measured by the benchmarks."""
    heavy = ["numpy", "nbformat", "nbgrader", "nbclient", "keras", "tensorflow", "rich.table"]
    program = (
        "import sys\nfrom course_lib import cli\n"
        "try:\n    cli.app(['reset', '--help'])\nexcept SystemExit:\n    pass\n"
        f"print('loaded:', [name for name in {heavy[:-1]} if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert result.stdout.splitlines()[-1] == "loaded: []", result.stderr


@pytest.mark.slow
def test_lab_really_serves_the_copies_and_ends_on_ctrl_c(course, tmp_path):
    """Starts JupyterLab through the installed program, asks it for the folder, and interrupts it as a learner does."""
    import signal
    import urllib.request

    program = os.path.join(os.path.dirname(sys.executable), "course")
    log = (tmp_path / "log").open("w+")
    process = subprocess.Popen(
        [program, "lab", "--no-browser", "--port", "0", "--", "--IdentityProvider.token=t", "--allow-root"],
        env={
            **os.environ,
            "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
            "JUPYTER_RUNTIME_DIR": str(tmp_path / "run"),
        },
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )
    try:
        deadline = time.monotonic() + 60
        while not (servers := list((tmp_path / "run").glob("jpserver-*.json"))):
            assert process.poll() is None and time.monotonic() < deadline, (tmp_path / "log").read_text()
            time.sleep(0.2)
        # The program has become JupyterLab, rather than waiting for it.
        assert servers[0].name == f"jpserver-{process.pid}.json"
        url = json.loads(servers[0].read_text())["url"]
        while True:
            try:
                with urllib.request.urlopen(f"{url}api/contents/{CHAPTER}?token=t", timeout=10) as answer:
                    names = {entry["name"] for entry in json.load(answer)["content"]}
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.2)
        assert names == {"tiny.ipynb", "pictures"}
        # Without a terminal JupyterLab does not ask whether to stop; while still starting up it can miss the first one.
        while process.poll() is None:
            assert time.monotonic() < deadline
            process.send_signal(signal.SIGINT)
            time.sleep(3)
    finally:
        process.kill()
        log.close()
