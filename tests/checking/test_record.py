"""The record of progress, whatever became of its file: nothing raises, and nothing is thrown away."""

import json
import os

import pytest

from course_lib import check, guess
from course_lib.checking import progress
from course_lib.checking.home import unwritable

SOFTMAX = {"points": 2.0, "max_points": 2.0, "passed": True, "attempts": 3, "hints": 1, "solution_shown": False}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.mark.parametrize(
    "content",
    [
        b"[]",
        b'"progress"',
        b"null",
        b"7",
        b"",
        b"{",
        b'{"exercises": {"softmax": {"points": 2.0, "max_',
        b"\xff\xfe\x00\x80",
        b"[" * 100_000,
        b'{"exercises": []}',
        b'{"exercises": null, "questions": 3, "predictions": "x"}',
        b'{"softmax": 3}',
        b"9" * 5000,
    ],
)
def test_a_record_of_the_wrong_shape_is_kept_beside_and_a_new_one_begun(home, content):
    (home / "progress.json").write_bytes(content)
    assert progress.read() == {} and progress.read(progress.QUESTIONS) == {}
    [said] = progress.news()
    assert "was damaged" in said and "kept as progress.json.damaged, and a new one was begun." in said
    assert "\n" not in said and len(said) < 500
    assert (home / "progress.json.damaged").read_bytes() == content
    progress.record_check("relu", 1, 1, None)
    assert progress.read()["relu"]["passed"] and progress.news() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"relu": 3},
        {"relu": []},
        {"relu": {"attempts": "many"}},
        {"relu": {"points": True, "hints": -1}},
        {"relu": {"points": float("nan"), "max_points": 10**400}},
        {"relu": {"mistakes": {"sum": 3}, "cure": None}},
        {"relu": {"mistakes": [["sum"]]}},
    ],
)
def test_what_is_sound_in_a_damaged_record_goes_on(home, wrong):
    old = json.dumps({"exercises": {"softmax": SOFTMAX} | wrong, "questions": {"q.a": {"was_missed": 1}}})
    (home / "progress.json").write_text(old)
    assert progress.read()["softmax"] == SOFTMAX
    [said] = progress.news()
    assert "relu" in said and "what is sound in it goes on" in said
    assert (home / "progress.json.damaged").read_text() == old
    progress.record_check("relu", 0, 1, progress.Failed("sum", "0", "Do not."))
    assert progress.record_hint("relu") == 0 and progress.read()["relu"]["attempts"] == 1
    assert progress.read()["softmax"] == SOFTMAX and not (home / "progress.json.damaged-2").exists()


def test_a_folder_in_its_place_is_moved_aside_and_so_is_the_next_one(home):
    for name in ("progress.json.damaged", "progress.json.damaged-2"):
        (home / "progress.json" / "inside").mkdir(parents=True)
        progress.record_hint("relu")
        assert "it is a folder" in progress.news()[0]
        assert (home / name / "inside").is_dir() and progress.read()["relu"]["hints"] == 1
        (home / "progress.json").unlink()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_an_editor_saved_in_another_encoding_is_read(home, encoding):
    (home / "progress.json").write_text(json.dumps({"exercises": {"softmax": SOFTMAX}}), encoding=encoding)
    assert progress.read()["softmax"] == SOFTMAX and progress.news() == []


def test_a_later_version_s_fields_and_parts_are_neither_damage_nor_lost(home):
    later = {"exercises": {"softmax": SOFTMAX | {"stars": [5]}}, "places": ["01"]}
    (home / "progress.json").write_text(json.dumps(later))
    progress.record_hint("relu")
    kept = json.loads((home / "progress.json").read_text())
    assert kept["exercises"]["softmax"]["stars"] == [5] and kept["places"] == ["01"] and progress.news() == []


def test_check_and_guess_live_with_a_damaged_record_and_say_so_once(home):
    (home / "progress.json").write_text('{"exercises": 3, "predictions": {"steps": [1]}}')
    assert guess("steps", "How many?").guess is None
    report = check("sigmoid", lambda x: x)
    assert len(report.notes) == 1 and "was damaged" in report.notes[0]
    assert check("sigmoid", lambda x: x).notes == []


def test_what_could_not_be_written_is_written_with_the_next_change(home, monkeypatch):
    def full(path, record):
        raise OSError(28, "No space left on device")

    progress.record_check("softmax", 2, 2, None)
    with monkeypatch.context() as disk:
        disk.setattr(progress, "write_record", full)
        progress.record_check("relu", 1, 1, None)
        progress.record_guess("steps", 3.0)
        [said] = progress.news()
        assert said.startswith(f"Nothing can be kept in {home} (No space left on device)")
        assert progress.read().keys() == {"softmax", "relu"}
    assert list(json.loads((home / "progress.json").read_text())["exercises"]) == ["softmax"]
    progress.record_hint("tanh")
    kept = json.loads((home / "progress.json").read_text())
    assert list(kept["exercises"]) == ["softmax", "relu", "tanh"] and kept["predictions"]["steps"]["guess"] == 3.0
    assert sorted(os.listdir(home)) == [".progress.lock", "progress.json"]


def test_a_record_that_may_not_be_read_is_not_written_over(home, monkeypatch):
    progress.record_check("softmax", 2, 2, None)
    before = (home / "progress.json").read_bytes()

    def forbidden(path):
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as disk:
        disk.setattr(progress, "read_record", forbidden)
        assert progress.record_hint("relu") == 0 and progress.record_hint("relu") == 1
        assert progress.news() == [unwritable(home, PermissionError(13, "Permission denied"))]
    assert (home / "progress.json").read_bytes() == before
