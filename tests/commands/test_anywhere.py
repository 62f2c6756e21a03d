"""Every `course` command, wherever its output goes and wherever the course lies: exit codes as documented.

In a path with spaces and letters beyond ASCII, in a terminal of 40 columns, with output redirected in encodings that
lack the signs that commands write, and with a home in which nothing can be written.
"""

import io
import json
import os
import shutil
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from course_lib import cli
from course_lib.checking import progress
from course_lib.checking.home import home, unwritable
from course_lib.commands import doctor, spelling
from course_lib.commands import lab as jupyterlab
from course_lib.data import sources
from course_lib.data.sources import Source
from tests.tiny_course import CHAPTER, learner_course, read, refused, run, solved_notebook, write

ENCODINGS = ["utf-8", "cp1252", "latin-1", "ascii"]
NAMES = [command.callback.__name__ for command in cli.app.registered_commands]
# What each command is asked here, and the exit code with which it ends. Running notebooks is tried further below.
ASKED = [
    *((name, "--help", 0) for name in NAMES),
    ("--help", 0),
    ("-h", 0),
    ("--version", 0),
    ("no-such-command", 2),
    ("check", "--no-such-option", 2),
    ("lab", 0),
    ("lab", "nöwhere ✓", 2),
    ("check", "nöwhere ✓", 2),
    ("check", "nöwhere ✓.ipynb", 2),
    ("check", "broken ✓.ipynb", 2),
    ("progress", 0),
    ("library", 0),
    ("reset", CHAPTER, 0),
    ("reset", "✓", 2),
    ("data", 0),
    ("data", "✓", 2),
    ("doctor", 1),
    ("release", "✓", 2),
    ("release", "--check", "--run", 2),
    ("grade", "✓", 2),
]


@pytest.fixture
def course(tmp_path, monkeypatch):
    place = tmp_path / "Mein Kurs ✓ é"
    place.mkdir()
    course = learner_course(place, monkeypatch)
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(jupyterlab, "become", lambda course, line: 0)
    # Each of them takes seconds, or the network; what they say has signs of all kinds.
    found = doctor.Finding("signs", doctor.FAIL, "✓ → “é” ∂ 😀 \udc80", "look → there")
    monkeypatch.setattr(doctor, "examine", lambda course: iter([found]))
    served = Source("MNIST", "registry", "“✓”", None)
    monkeypatch.setattr(sources, "obtain", lambda data_set, path, say: (say("✓ → 12 MB …"), served))
    (course.root / "broken ✓.ipynb").write_text("“")
    return course


class Redirected(io.TextIOWrapper):
    """A standard stream that goes into a file."""

    def __init__(self, encoding):
        super().__init__(io.BytesIO(), encoding=encoding, write_through=True)

    def said(self):
        return self.buffer.getvalue().decode(self.encoding)


def redirected(monkeypatch, encoding, *arguments):
    """Run `course` in this process as the program does; return its exit code, and what went to stdout and stderr."""
    with monkeypatch.context() as patched:
        streams = [Redirected(encoding), Redirected(encoding)]
        patched.setattr(sys, "stdout", streams[0])
        patched.setattr(sys, "stderr", streams[1])
        patched.setattr(sys, "argv", ["course", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code or 0, *(stream.said() for stream in streams)


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_command_can_be_redirected_in_every_encoding(course, monkeypatch, encoding):
    for *arguments, code in ASKED:
        ended, out, err = redirected(monkeypatch, encoding, *arguments)
        assert (ended, "Traceback" in out + err) == (code, False), (arguments, out, err)
        assert err.strip() if code == 2 else out.strip(), arguments
        if code == 2 and arguments[-1].endswith(("✓", "✓.ipynb")):
            assert err.startswith("course: ") and ("✓" if encoding == "utf-8" else "+") in err, arguments


def test_every_command_tells_how_it_is_used():
    for name in NAMES:
        result = run(name, "-h")
        assert result.exit_code == 0 and f"Usage: root {name} [OPTIONS]" in result.stdout
        assert run(name, "--help").stdout == result.stdout


def test_those_commands_are_all_there_are():
    assert {asked[0] for asked in ASKED if not asked[0].startswith("-")} - {"no-such-command"} == set(NAMES)


def test_every_text_of_the_course_is_spelled_without_loss_of_sense():
    assert spelling.spell("✓ “a” → β₁ ≥ 0.5 · é…") == '+ "a" -> beta1 >= 0.5 - e...'


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_check_can_be_redirected_in_the_program_itself(course, encoding):
    """The table, and JSON that stays JSON, with signs in what a learner wrote; the locale is that of old machines."""
    notebook = solved_notebook()
    notebook.cells[4].source = notebook.cells[4].source.replace("def double", "# “✓”\ndef double")
    path = write_copy(course, notebook)
    environment = os.environ | {"PYTHONIOENCODING": encoding, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "course_lib.cli", "check"]
    for asked in (["00"], [str(path), "--json"]):
        result = subprocess.run([*command, *asked], capture_output=True, env=environment, cwd=path.parent)
        shown = result.stdout.decode(encoding)
        assert result.returncode == 0, result.stderr
        assert b"Traceback" not in result.stderr
        if "--json" in asked:
            assert json.loads(shown)["points"] == 5
        else:
            assert "+ double" in shown and "5/5" in shown


def test_json_stays_json_in_every_encoding(course, monkeypatch):
    from course_lib.commands import check

    row = check.Result("a.ipynb", "c", "double", 0, 2, "wrong", "You write “2 ✓”.", "", [])
    monkeypatch.setattr(check, "check_notebook", lambda *arguments: ([row], ["cell 2 (“✓”) raised"]))
    for encoding in ENCODINGS:
        code, out, _ = redirected(monkeypatch, encoding, "check", CHAPTER, "--json")
        document = json.loads(out)
        assert code == 1 and document["exercises"][0]["message"] == "You write “2 ✓”."
        assert document["troubles"] == ["tiny.ipynb: cell 2 (“✓”) raised"]


def write_copy(course, notebook):
    path = course.work / CHAPTER / "tiny.ipynb"
    write(path, notebook)
    return path


# --- where the course lies


def test_from_below_from_outside_and_through_a_link_it_is_the_same_course(course, tmp_path, monkeypatch):
    monkeypatch.delenv("DESCENT_HOME")
    path = write_copy(course, solved_notebook())
    progress_of = f"{home(course.work)}"
    link = tmp_path / "link"
    link.symlink_to(course.root)
    for folder in (course.root, path.parent, link, link / "work" / CHAPTER):
        monkeypatch.chdir(folder)
        assert run("progress").exit_code == 0
        assert f"{home(course.work)}" == progress_of
    monkeypatch.chdir(tmp_path)
    # Outside it is the course that this program belongs to.
    assert "There are: 00_welcome" in refused("check", "nowhere")


@pytest.mark.slow
def test_work_may_be_a_link_to_another_disk(course, tmp_path, monkeypatch):
    monkeypatch.delenv("DESCENT_HOME")
    disk = tmp_path / "disk"
    disk.mkdir()
    course.work.symlink_to(disk)
    notebook = solved_notebook()
    notebook.cells[1].source += "\nopen('pictures/digit.txt').read()"
    path = write_copy(course, notebook)
    shutil.copytree(course.notebooks / CHAPTER / "pictures", path.parent / "pictures")
    result = run("check", CHAPTER)
    assert (result.exit_code, "!" in result.stdout) == (0, False), result.stdout
    assert progress.read(start=course.work)["double"]["passed"] and (disk / "progress.json").exists()
    assert run("reset", CHAPTER).exit_code == 0 and read(path).cells[1].source != notebook.cells[1].source


@pytest.mark.skipif(sys.platform == "win32", reason="there the current folder cannot be deleted")
def test_a_current_folder_that_is_gone_is_told(course, monkeypatch):
    (course.root / "gone").mkdir()
    monkeypatch.chdir(course.root / "gone")
    (course.root / "gone").rmdir()
    assert "has been deleted or moved" in refused("progress")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux has such a device")
def test_a_full_disk_under_the_output_is_told(course):
    for asked in ("--version", "progress"):
        with open("/dev/full", "w") as full:
            command = [sys.executable, "-m", "course_lib.cli", asked]
            result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
        assert (result.returncode, result.stderr) == (2, "course: No space left on device\n")


# --- a home in which nothing can be written


@pytest.fixture
def read_only(course, monkeypatch):
    """Make the learner's home, which is the course's work/, one in which nothing can be written.

    Permissions do not bind uid 0, so it gives up the right to pass over them, for itself and for all that it starts.
    """
    monkeypatch.delenv("DESCENT_HOME")
    notebook = solved_notebook()
    notebook.cells[1].source += "\nopen('written', 'w').close()"  # in the copy that is run
    write_copy(course, notebook)
    shutil.copytree(course.notebooks / CHAPTER / "pictures", course.work / CHAPTER / "pictures")
    shutil.copytree(course.notebooks / "01_other", course.work / "01_other")
    folders = [course.work, *(path for path in course.work.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    yield course.work
    for folder in folders:
        folder.chmod(0o755)


def bound_by_permissions(*arguments):
    """Run `course` as a program that file permissions bind, whoever runs the tests."""
    command = [sys.executable, "-m", "course_lib.cli", *arguments]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override", *command]
    result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert "Traceback" not in result.stdout + result.stderr
    return result


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there a folder's permissions are others")
def test_on_a_read_only_home_every_command_does_what_it_can_and_says_the_rest(course, read_only):
    for asked in (["progress"], ["library"], ["--version"]):
        result = bound_by_permissions(*asked)
        assert (result.returncode, result.stderr) == (0, "")
    result = bound_by_permissions("check", CHAPTER)
    told = " ".join(result.stdout.split())
    assert result.returncode == 0 and "5/5" in told
    assert told.count("Nothing can be kept in") == told.count("!") == 1
    result = bound_by_permissions("reset", CHAPTER)
    assert result.returncode == 2
    assert result.stderr == (
        f"course: Permission denied: nothing can be written in {read_only}. "
        "Make it writable, or use a copy of the course.\n"
    )
    assert unwritable(read_only) == "" or os.geteuid() != 0


def test_a_damaged_record_is_told_by_every_command_that_reads_it(course, monkeypatch):
    monkeypatch.delenv("DESCENT_HOME")
    course.work.mkdir()
    (course.work / "progress.json").write_text('["✓"]')
    result = CliRunner().invoke(cli.app, ["progress"])
    assert result.exit_code == 0
    assert result.stderr.startswith("course: Your progress record") and result.stderr.count("\n") == 1
    assert (course.work / "progress.json.damaged").read_text() == '["✓"]'
    assert CliRunner().invoke(cli.app, ["progress"]).stderr == ""
