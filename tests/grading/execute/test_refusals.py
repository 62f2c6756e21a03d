"""What `ExecuteSplit` does not judge, and says so: tests that cannot be run split, and notebooks that cannot be run."""

import json
import re
import shutil

import pytest

from course_lib.grading import execute, teacher
from course_lib.grading.sandbox import SandboxError, trial
from course_lib.grading.split import running
from tests.grading.execute.cells import CELLS, FULL, SETUP, SQUARE
from tests.grading.split_course import answer, given, graded
from tests.tiny_course import cell, read, write

# nbgrader's own, for each submission that it makes.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")]


# --- What cannot be run split -----------------------------------------------------------------------------------------


CODE = graded("code-test", "assert square.__code__.co_argcount == 1", 4)


def test_a_test_that_cannot_be_run_split_is_refused_for_everybody(make_course):
    course = make_course(*CELLS[1:], CODE)
    for student, changes in {"ada": {}, "bob": {"square": "def square(x):\n    return 0"}}.items():
        result = course.grade(student=student, **changes)
        assert result.points["code-test"] == 0.0
        assert result.cells["code-test"].startswith("cannot be run from another process: it looks at `__code__`")
        assert result.points["double-test"] == 2.0
        (output,) = cell(result.notebook, "code-test").outputs
        assert "cannot be run from another process" in output.evalue
        assert not result.forgeable


def test_what_the_teachers_own_solution_does_not_pass_is_no_learners_fault(make_course):
    course = make_course(*CELLS[1:], graded("wrong-test", "assert square(2) == 5"))
    for changes in ({}, {"square": "def square(x):\n    return 5"}):
        result = course.grade(**changes)
        assert result.points["wrong-test"] == 0.0
        assert re.fullmatch(
            "cannot be run from another process: the teacher's own solution does not pass it from there .*Assertion.*",
            result.cells["wrong-test"],
        )


def test_tests_in_the_submissions_process_run_everything_and_the_row_says_that_it_can_be_forged(make_course):
    course = make_course(*CELLS[1:], CODE, tests_in_child=["set1/numbers"])
    result = course.grade()
    assert (result.points, result.forgeable) == (FULL | {"code-test": 4.0}, True)
    assert any("can be forged" in remark for remark in result.remarks)
    result = course.grade(square="def square(x, y):\n    return x * x")
    assert result.points == {"double-test": 2.0, "square-test": 0.0, "code-test": 0.0}
    # This is what it costs.
    forged = "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass'])"
    assert course.grade(square=forged).points == FULL | {"code-test": 4.0}
    course.set(tests_in_child=["set1/another"])
    assert course.grade(square=forged).points == {"double-test": 2.0, "square-test": 0.0, "code-test": 0.0}


def test_a_line_of_a_helper_is_not_the_line_of_a_test_with_its_number(make_course):
    """Operators of a teacher's class are asked of the submission only where the rehearsal asked them."""
    vectors = """class Vec:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __add__(self, other):
        return Vec(self.x + other.x, self.y + other.y)
    def __eq__(self, other):
        return (self.x, self.y) == (other.x, other.y)
def dot(a, b):
    return a.x * b.x + a.y * b.y"""
    course = make_course(
        given("helper", "def same(left, right):\n    print('compared')\n    assert left == right"),
        answer("vectors", vectors),
        graded("test", "a, b = Vec(1, 2), Vec(3, 4)\nsame(a + b, Vec(4, 6))\nassert dot(a, b) == 11", 2),
    )
    assert course.grade().points == {"test": 2.0}
    lying = vectors.replace("return (self.x, self.y) == (other.x, other.y)", "return True")
    lying = lying.replace("return a.x * b.x + a.y * b.y", "return Vec(0, 0)")
    assert course.grade(vectors=lying).points == {"test": 0.0}


def test_the_rehearsal_is_done_once_and_kept(make_course, monkeypatch):
    course = make_course(*CELLS[1:], CODE)
    rehearsed = counted(monkeypatch)
    for student in ("ada", "bob"):
        course.grade(student=student)
    assert len(rehearsed) == 1
    (kept,) = course.rehearsals()
    assert json.loads(kept.read_text())["refused"].keys() == {"code-test"}
    forget_all()
    assert "code-test" in course.grade(student="eve").cells
    assert len(rehearsed) == 1


@pytest.mark.parametrize("changed", ["test", "solution"])
def test_the_rehearsal_is_done_anew_when_the_test_or_the_solution_changes(make_course, monkeypatch, changed):
    course = make_course(SQUARE, graded("test", "assert square.__code__.co_argcount == 1"))
    assert course.grade().points == {"test": 0.0}
    rehearsed = counted(monkeypatch)
    if changed == "test":
        course.teach(SETUP, SQUARE, graded("test", "assert square(3) == 9"))
        assert course.grade().points == {"test": 1.0}
    else:
        course.teach(SETUP, answer("square", "def square(y):\n    return y * y"), course.cells[-1])
        assert course.grade().points == {"test": 0.0}
    assert len(rehearsed) == 1
    assert len(course.rehearsals()) == 2


def test_a_rehearsal_that_was_not_written_whole_is_done_anew(course, monkeypatch):
    course.grade()
    (kept,) = course.rehearsals()
    kept.write_text("")
    forget_all()
    rehearsed = counted(monkeypatch)
    assert course.grade().points == FULL
    assert len(rehearsed) == 1 and json.loads(kept.read_text())["refused"] == {}


def counted(monkeypatch):
    """Return a list that grows with each rehearsal."""
    done, rehearse = [], execute.Split.rehearse
    monkeypatch.setattr(
        execute.Split, "rehearse", lambda self, *args, **more: done.append(1) or rehearse(self, *args, **more)
    )
    return done


def forget_all():
    """Know no more than a grader that has just been started."""
    execute._rehearsals.clear()
    teacher._teachers.clear()


# --- Where nothing can be run -----------------------------------------------------------------------------------------


def test_without_the_teachers_notebook_nothing_is_judged_and_the_row_says_so(course):
    course.grade()
    notebook = course.notebook()
    shutil.rmtree(course.source)
    result = course.grade(notebook)
    assert result.points == dict.fromkeys(FULL, 0.0)
    assert result.outcome == "the teacher's notebook numbers.ipynb is not in the course's source folder"
    assert result.cells == dict.fromkeys(FULL, f"was not run, since {result.outcome}")


@pytest.mark.parametrize("language", ["python", "R"], ids=["as its code says", "as its metadata say"])
def test_a_notebook_that_is_not_python_is_not_judged_and_the_row_says_so(make_course, language):
    source = {"python": "double <- function(x) 2 * x", "R": "double = sum"}[language]  # this would be Python, too
    course = make_course(answer("double", source), graded("test", "stopifnot(double(2) == 4)"))
    path = course.source / "numbers.ipynb"
    notebook = read(path)
    notebook.metadata.kernelspec = {"display_name": language, "language": language, "name": "any"}
    write(path, notebook)
    result = course.grade()
    assert result.points == {"test": 0.0}
    assert result.outcome.startswith("the teacher's notebook numbers.ipynb is not Python")
    assert result.cells == {"test": f"was not run, since {result.outcome}"}


def test_where_nothing_can_hold_a_submission_none_is_run(course, monkeypatch):
    execute.close_all()
    monkeypatch.setattr(trial, "layers_that_hold", lambda: ())
    with pytest.raises(SandboxError, match=r"bubblewrap.*Landlock"):
        course.grade()
    assert not course.root.joinpath("classroom", "rehearsals").exists()


def test_testers_that_are_lost_are_told_as_the_machines_trouble_and_cost_nobody_points(course, monkeypatch):
    """As when memory is short; the next submission finds new ones."""
    course.grade()
    (split,) = execute._splits.values()

    def lost(testers=split.testers):
        testers._process.kill()
        testers._process.wait()

    with monkeypatch.context() as patched:
        patched.setattr(split.testers, "start", lost)
        with pytest.raises(SandboxError, match="runs the tests was lost"):
            course.grade()
    assert course.grade().points == FULL


def test_a_sandbox_that_does_not_start_leaves_no_process(monkeypatch):
    started = []
    monkeypatch.setattr(
        running.Testers,
        "_start",
        lambda testers, start=running.Testers._start: started.append(testers) or start(testers),
    )
    with pytest.raises(SandboxError):
        running.Split(layers=())
    assert started[0]._process is None


@pytest.mark.slow
def test_in_so_many_words_submissions_run_without_protection(course, monkeypatch):
    execute.close_all()
    monkeypatch.setattr(trial, "layers_that_hold", lambda: ())
    course.set(without_protection=True)
    assert course.grade().points == FULL
