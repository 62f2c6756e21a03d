"""`course lab` and `course reset`: what is copied and opened, and that nobody's work is ever lost."""

import json
import os
import re
import sys
from datetime import datetime
from types import SimpleNamespace

import nbformat
import pytest

from course_lib.checking import progress
from course_lib.commands import copies
from course_lib.commands import lab as jupyterlab
from tests.tiny_course import CHAPTER, learner_course, refused, run, snapshot, solved_notebook, write


@pytest.fixture
def course(tmp_path, monkeypatch):
    return learner_course(tmp_path, monkeypatch)


@pytest.fixture
def opened(monkeypatch):
    """Keep JupyterLab from starting; the command lines that would have started it."""
    lines = []
    monkeypatch.setattr(jupyterlab, "become", lambda course, line: lines.append(line) or 0)
    return lines


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


def test_lab_opens_the_chapter_of_last_time(course, opened):
    renamed = {"double": "triple", "larger": "smaller"}
    path = course.notebooks / "01_other" / "other.ipynb"
    text = path.read_text()
    for old, new in renamed.items():
        text = text.replace(old, new)
    path.write_text(text)
    progress.record_check("triple", 1, 2, progress.Failed("sum", "0"))
    run("lab")
    assert "--LabApp.default_url=/lab/tree/01_other/other.ipynb" in opened[-1]
    run("lab", "0")
    assert f"--LabApp.default_url=/lab/tree/{CHAPTER}/tiny.ipynb" in opened[-1]
    for name in ("triple", "smaller", "double", "larger"):  # all of it: the chapter of last time
        progress.record_check(name, 2, 2, None)
    run("lab")
    assert f"--LabApp.default_url=/lab/tree/{CHAPTER}/tiny.ipynb" in opened[-1]


def test_a_damaged_record_keeps_nobody_from_the_first_chapter(course, opened):
    progress.progress_file().parent.mkdir()
    progress.progress_file().write_text("{")
    result = run("lab")
    assert result.exit_code == 0 and "kept as progress.json.damaged" in result.stderr
    assert f"--LabApp.default_url=/lab/tree/{CHAPTER}/tiny.ipynb" in opened[0]


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


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_lab_mends_what_it_could_not_open_and_keeps_it(course, opened, encoding):
    run("lab")
    mine = course.work / CHAPTER / "tiny.ipynb"
    notebook = json.loads(mine.read_text())
    for cell in notebook["cells"]:
        cell |= {"id": f"#{cell['id']}", "source": [*cell["source"], "\n# é"]}
        cell.pop("outputs", None)
    as_it_was = json.dumps(notebook).encode(encoding)
    mine.write_bytes(as_it_was)
    said = run("lab").stdout
    assert "tiny.ipynb did not follow the notebook format and was mended." in said
    [kept] = mine.parent.glob("tiny.ipynb.*")
    assert f"kept as {kept.name}" in said and kept.read_bytes() == as_it_was
    # As jupyter_server reads it.
    mended = nbformat.reads(mine.read_text(encoding="utf-8"), as_version=4)
    nbformat.validate(mended)
    assert ["".join(cell.source) for cell in mended.cells] == ["".join(cell["source"]) for cell in notebook["cells"]]
    assert "mended" not in run("lab").stdout


def test_lab_says_what_is_beyond_mending_and_leaves_it(course, opened):
    run("lab")
    mine = course.work / CHAPTER / "tiny.ipynb"
    mine.write_text('{"cells": [')
    result = run("lab")
    assert (result.exit_code, len(opened)) == (0, 2) and f"{mine} is broken" in result.stdout
    assert mine.read_text() == '{"cells": [' and sorted(os.listdir(mine.parent)) == ["pictures", "tiny.ipynb"]


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
    kept = re.search(r"kept as work/(\S+)\. ", said)[1]
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


def test_a_page_of_lab_is_told_the_place_of_its_notebook_and_of_nothing_else(course, opened):
    run("lab")
    warnings = []
    settings = {"page_config_hook": lambda handler, page: page | {"earlier": True}}
    server = SimpleNamespace(
        root_dir=str(course.work),
        web_app=SimpleNamespace(settings=settings),
        log=SimpleNamespace(warning=warnings.append),
    )
    jupyterlab._load_jupyter_server_extension(server)

    def told(tree):
        page = settings["page_config_hook"](SimpleNamespace(path_kwargs={"tree": tree}), {"token": "t"})
        assert page["token"] == "t" and page["earlier"]
        return page["descentPlace"]

    address = f"/tree/{CHAPTER}/tiny.ipynb"
    assert told(address) == {"path": f"{CHAPTER}/tiny.ipynb", "cell": ""}
    progress.record_check("double", 2, 2, None)  # while Lab is running
    assert told(address)["cell"] == "larger-test"
    for other in (None, "/tree/", f"/tree/{CHAPTER}", "/tree/numbers.csv", f"/tree/../notebooks/{CHAPTER}/tiny.ipynb"):
        assert told(other)["cell"] == ""
    assert warnings == []
    (course.work / CHAPTER / "tiny.ipynb").write_text("{")
    assert told(address)["cell"] == "" and "broken" in warnings[0]


def test_in_a_terminal_of_the_lab_that_shows_the_course_there_is_no_second_one(course, opened, monkeypatch):
    monkeypatch.setenv("JUPYTER_SERVER_ROOT", str(course.work))
    result = run("lab")
    assert result.exit_code == 0 and opened == []
    assert f"open {CHAPTER} in its file browser" in result.stdout
    monkeypatch.setenv("JUPYTER_SERVER_ROOT", str(course.root / "elsewhere"))
    run("lab")
    assert len(opened) == 1
