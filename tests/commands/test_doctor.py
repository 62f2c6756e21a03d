"""`course doctor`: what is missing fails, and says what to do."""

import pytest

from course_lib.commands import doctor
from course_lib.commands.course import Course
from tests.tiny_course import ROOT, learner_course, run


@pytest.fixture
def course(tmp_path, monkeypatch):
    return learner_course(tmp_path, monkeypatch)


@pytest.mark.slow
def test_doctor_fails_with_advice_where_something_is_missing(course, monkeypatch):
    (course.root / "pyproject.toml").write_text(
        '[project]\nrequires-python = ">=3.99"\ndependencies = ["numpy>=99", "typer", "no-such-package>=1", '
        "'never; python_version < \"3\"']\n"
    )
    with (course.root / "pyproject.toml").open("a") as file:
        file.write('[project.optional-dependencies]\ncpu = ["no-tensorflow"]\ngpu = ["no-cuda", "nor-this"]\n')
    # Those that take seconds, or the network, have tests of their own.
    for check in ("tensorflow", "kernel", "data"):
        monkeypatch.setattr(doctor, check, lambda course: iter(()))
    result = run("doctor")
    assert result.exit_code == 1
    assert "fail Python: " in result.stdout
    assert "the course needs Python >=3.99" in result.stdout
    assert "numpy is " in result.stdout
    assert "no-such-package is missing; no-tensorflow is missing" in result.stdout
    assert "no-cuda" not in result.stdout
    assert "→ run `make setup`" in result.stdout
    assert "never" not in result.stdout
    assert "typer" not in result.stdout
    assert "ok   nbgrader" in result.stdout


@pytest.mark.slow
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


def test_one_of_the_extras_is_enough(course):
    (course.root / "pyproject.toml").write_text(
        '[project]\n[project.optional-dependencies]\ncpu = ["no-tensorflow"]\ngpu = ["typer"]\n'
    )
    (finding,) = doctor.packages(course)
    assert finding.state == "ok"


def test_packages_of_the_server_that_are_missing_are_a_warning_and_no_substitute_for_tensorflow(course):
    extras = '[project]\n[project.optional-dependencies]\ncpu = ["{}"]\nserve = ["{}"]\n'
    (course.root / "pyproject.toml").write_text(extras.format("typer", "no-server"))
    packages, server = doctor.packages(course)
    assert (packages.state, server.state, server.found) == ("ok", "warn", "no-server is missing")
    assert "`make setup`" in server.advice
    (course.root / "pyproject.toml").write_text(extras.format("no-tensorflow", "typer"))
    (packages,) = doctor.packages(course)
    assert (packages.state, packages.found) == ("fail", "no-tensorflow is missing")


def test_an_idle_gpu_is_pointed_out(course, monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "LOOK_AT_TENSORFLOW", 'print(\'["2.21", "3.15", 1.0, []]\')')
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho 'GPU 0: NVIDIA H200 (UUID: GPU-1)'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    _, gpu = doctor.tensorflow(course)
    assert (gpu.state, gpu.found) == ("warn", "GPU 0: NVIDIA H200, which this TensorFlow does not use")
    monkeypatch.setenv("PATH", "")
    _, gpu = doctor.tensorflow(course)
    assert gpu.state == "ok"


def test_it_says_where_progress_is_kept_and_whether_it_can_be(course, tmp_path, monkeypatch):
    [finding] = doctor.record(course)
    assert finding.state == "ok" and str(tmp_path / "home") in finding.found
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "progress.json").write_text("[]")
    [finding] = doctor.record(course)
    assert finding.state == "warn" and "kept as progress.json.damaged" in finding.found
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path / "file"))
    [finding] = doctor.record(course)
    assert finding.state == "warn" and "Nothing can be kept in" in finding.found


@pytest.mark.slow
def test_doctor_finds_this_environment_fit():
    findings = {finding.subject: finding for finding in doctor.examine(Course(ROOT))}
    assert not [finding for finding in findings.values() if finding.state == "fail"]
    assert findings["kernel"].found == "starts and computes"
    assert "Keras 3" in findings["TensorFlow"].found
