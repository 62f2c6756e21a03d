"""`course grade` as a teacher types it: where it works, what it prints, how it ends."""

import io
import json
import re

import pytest
from absl.logging import PythonHandler

from tests.grading.batch_class import ASSIGNMENT, Course
from tests.tiny_course import refused, run

pytestmark = pytest.mark.slow


@pytest.fixture
def course(tmp_path, monkeypatch):
    course = Course(tmp_path)
    monkeypatch.chdir(course.root)
    return course


def test_the_table_has_a_row_for_everybody_and_the_exit_code_is_that_of_the_worst(course):
    course.submit("ada")
    course.submit("bob", b"no notebook")
    course.submit("e\x1b[31mve\n")
    result = run("grade", ASSIGNMENT, "--workers", 1)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert re.search(r"^ada +7/14 +graded +To be graded by hand", result.stdout, re.MULTILINE)
    assert re.search(r"^bob +0/14 +not judged +numbers\.ipynb is not JSON", result.stdout, re.MULTILINE)
    assert "\x1b" not in result.stdout and any(line.startswith("e�[31mve�") for line in lines)
    assert lines[-1].startswith(f"{ASSIGNMENT}: 2 graded, 1 not judged")
    # Who wants a look comes last.
    assert result.stdout.index("ada ") < result.stdout.index("e�[31mve�") < result.stdout.index("bob ")
    assert "3/3" in result.stderr
    again = run("grade", ASSIGNMENT)
    assert again.exit_code == 0
    assert again.stdout.count("as before") == 4  # three rows and the sum


def test_json_is_for_machines(course):
    course.submit("ada")
    result = run("grade", ASSIGNMENT, "--workers", 1, "--json")
    document = json.loads(result.stdout)
    assert (result.exit_code, document["exit_code"], document["cut_short"]) == (0, 0, None)
    (row,) = document["rows"]
    assert (row["student"], row["state"], row["score"], row["max_score"]) == ("ada", "graded", 7.0, 14.0)
    assert row["seconds"] > 0


def test_it_works_from_below_and_says_where_it_does_not(course, monkeypatch, tmp_path):
    course.submit("ada")
    monkeypatch.chdir(course.root / "source" / ASSIGNMENT)
    assert run("grade", ASSIGNMENT, "--workers", 1).exit_code == 0
    monkeypatch.chdir(tmp_path)
    assert "There is no nbgrader_config.py" in refused("grade", ASSIGNMENT)


def test_what_a_teacher_can_get_wrong_is_told_in_a_sentence(course):
    assert "Nobody has handed in Set 1: submissions belong into" in refused("grade", ASSIGNMENT)
    course.submit("ada")
    assert "Nobody called 'eve' has handed in Set 1" in refused("grade", ASSIGNMENT, "--student", "eve")
    assert "There is no chapter 'Set 2'" in refused("grade", "Set 2")
    assert "is no address of a gradebook" in refused("grade", ASSIGNMENT, "--db", "grades")
    assert "is empty: `nbgrader generate_assignment` fills it" in refused("grade", ASSIGNMENT, "--db", "sqlite://")
    (course.root / "source" / "Set 3").mkdir()
    assert "`nbgrader generate_assignment Set 3` adds it" in refused("grade", "Set 3")
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write("c.Autograde.sanitize_preprocessors = 7\n")
    assert "nbgrader_config.py cannot be used: The 'sanitize_preprocessors' trait" in refused("grade", ASSIGNMENT)


def test_a_wrong_option_of_a_preprocessor_costs_nobody_points(course, tmp_path):
    course.submit("ada")
    config = course.root / "nbgrader_config.py"
    kept = config.read_text()
    config.write_text(f"{kept}\nc.LimitOutput.max_lines = 'many'\n")
    result = run("grade", ASSIGNMENT, "--workers", 1)
    assert result.exit_code == 3
    assert "nbgrader_config.py cannot be used: The 'max_lines' trait" in result.stderr
    assert course.grades()["submissions"] == []

    missing = tmp_path / "dataa"
    ours = "from course_lib.grading.execute import ExecuteSplit\nc.Autograde.autograde_preprocessors = [ExecuteSplit]"
    config.write_text(f"{kept}\n{ours}\nc.ExecuteSplit.readable = ['{missing}']\n")
    result = run("grade", ASSIGNMENT, "--workers", 1)
    assert f"c.ExecuteSplit.readable names {missing}, and there is no such folder" in result.stderr
    assert course.grades()["submissions"] == []


def test_a_broken_configuration_is_not_passed_over(course):
    course.submit("ada")
    (course.root / "nbgrader_config.py").write_text("c = get_config()\nc.Autograde.nothing = 1 / 0\n")
    assert "division by zero" in refused("grade", ASSIGNMENT)


def test_who_logs_in_the_same_process_goes_on_doing_so(course):
    """A handler of absl, which comes with Keras, closes its stream when it is closed: this may be the one of pytest."""
    stream = io.StringIO()
    handler = PythonHandler(stream)
    course.submit("ada")
    assert run("grade", ASSIGNMENT, "--workers", 1).exit_code == 0
    handler.stream.write("still open")
    assert stream.getvalue() == "still open"
