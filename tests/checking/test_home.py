"""Where what is a learner's own is kept: one home for progress and library."""

import importlib.util
from pathlib import Path

import nbval.kernel
import pytest

from course_lib.checking import progress
from course_lib.checking.home import earlier_home, home
from tests.tiny_course import ROOT


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.delenv("DESCENT_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "course" / "notebooks" / "01_activations").mkdir(parents=True)
    (tmp_path / "course" / "work" / "01_activations").mkdir(parents=True)
    (tmp_path / "course" / "nbgrader_config.py").touch()
    return tmp_path / "course"


def test_notebooks_in_work_have_it_as_their_home(course, tmp_path, monkeypatch):
    assert home(course / "work") == home(course / "work" / "01_activations") == course / "work"
    monkeypatch.chdir(course / "work" / "01_activations")
    assert progress.progress_file() == course / "work" / "progress.json"
    elsewhere = tmp_path / "work"  # of no course
    assert home(course / "notebooks" / "01_activations") == home(elsewhere) == home(course) != course / "work"


def test_a_home_that_is_named_goes_before(course, tmp_path, monkeypatch):
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path / "named"))
    assert home(course / "work") == tmp_path / "named" and earlier_home(course / "work") is None


def test_progress_of_before_moves_along(course, monkeypatch):
    progress.record_check("tanh", 1, 1, None)  # elsewhere: in the user's folder
    monkeypatch.chdir(course / "work")
    assert "tanh" in progress.read()
    progress.record_hint("relu")
    assert {"tanh", "relu"} == set(progress.read()) and (course / "work" / "progress.json").is_file()


def test_nbval_gives_each_notebook_an_empty_home(tmp_path, monkeypatch):
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path))  # and back again, after the test
    spec = importlib.util.spec_from_file_location("the_conftest", ROOT / "conftest.py")
    conftest = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(conftest)
    homes = []
    monkeypatch.setattr(nbval.kernel, "start_new_kernel", lambda env, **_: homes.append(Path(env["DESCENT_HOME"])))
    conftest._make_nbvals_kernels_a_learners()
    for folder in ("a", "a", "b"):
        nbval.kernel.start_new_kernel(cwd=folder)
    assert homes[0] == homes[1] != homes[2] and not homes[2].exists()
