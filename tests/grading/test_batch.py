"""`course grade` on an honest class: the rows that nbgrader itself writes, and what a teacher sees."""

import json
import os
import pickle
import shutil
import stat

import pytest
from nbgrader.api import Assignment
from sqlalchemy import event, select

from course_lib.grading.batch import process, run
from course_lib.grading.batch.gradebook import ClassGradebook
from course_lib.grading.batch.process import in_own_process
from tests.grading.batch_class import ASSIGNMENT, MAXIMUM, NOTEBOOK, Course, grades, nbgrader
from tests.grading.split_course import snapshot
from tests.tiny_course import cell, read

pytestmark = pytest.mark.slow

EXPLAIN = "cell_id in (select id from base_cell where name = 'explain')"


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path)


def honest_class(course):
    course.submit("ada")
    course.submit("bob", square="square = lambda x: x + x", credit="credit = 2.5")
    course.submit("late", time="2025-02-03 10:00:00 UTC")
    course.submit("untouched", course.released())
    course.submit("Émile Ünal")
    course.execute("update assignment set duedate = '2025-02-01 00:00:00'")
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write("c.LateSubmissionPlugin.penalty_method = 'zero'\n")


def test_the_rows_and_files_are_those_that_nbgrader_writes(course, tmp_path):
    honest_class(course)
    stock = Course(tmp_path / "stock")
    honest_class(stock)
    nbgrader(stock.root, "autograde", ASSIGNMENT)
    rows = course.rows()
    assert course.grades() == stock.grades()
    assert {name: row["state"] for name, row in rows.items()} == dict.fromkeys(rows, "graded")
    assert {name: row["score"] for name, row in rows.items()} == {
        "ada": 7.0, "bob": 2.5, "late": 0.0, "untouched": 0.0, "Émile Ünal": 7.0,
    }  # fmt: skip
    assert all(row["max_score"] == MAXIMUM for row in rows.values())
    for student in rows:
        ours, theirs = course.autograded(student), stock.autograded(student)
        assert sorted(os.listdir(ours)) == sorted(os.listdir(theirs))
        for name in os.listdir(ours):
            assert stat.S_IMODE((ours / name).stat().st_mode) == stat.S_IMODE((theirs / name).stat().st_mode)
        notebooks = [read(folder / f"{NOTEBOOK}.ipynb") for folder in (ours, theirs)]
        for notebook in notebooks:
            notebook.metadata.pop("language_info")
            for each in notebook.cells:
                each.metadata.get("nbgrader", {}).pop("task", None)
        assert notebooks[0] == notebooks[1]


def test_workers_are_not_told_where_the_gradebook_is(course, monkeypatch):
    """Its address may hold a password, and jobs go to whatever cluster is named."""
    course.submit("ada")
    told = []

    def listened_to(plan, job):
        told.append(pickle.dumps((plan, job)))
        return in_own_process(plan, job)

    monkeypatch.setattr(run, "in_own_process", listened_to)
    assert course.grade().rows[0].score == 7.0
    assert told and not any(b"gradebook" in each for each in told)


def test_a_second_run_grades_only_what_was_handed_in_since(course):
    course.submit("ada")
    course.submit("bob", square="square = None")
    course.rows()
    before = (course.autograded("ada") / f"{NOTEBOOK}.ipynb").stat()
    course.submit("bob", time="2025-01-02 10:00:00 UTC")
    course.submit("new")
    rows = course.rows()
    assert {name: (row["state"], row["score"]) for name, row in rows.items()} == {
        "ada": ("as before", 7.0), "bob": ("graded", 7.0), "new": ("graded", 7.0),
    }  # fmt: skip
    assert (course.autograded("ada") / f"{NOTEBOOK}.ipynb").stat() == before
    # nbgrader agrees that there is nothing left to do, and the other way round.
    nbgrader(course.root, "autograde", ASSIGNMENT)
    assert (course.autograded("ada") / f"{NOTEBOOK}.ipynb").stat() == before


def test_a_regrade_keeps_what_people_gave(course):
    """After a test was fixed: automatic scores are new, manual scores, extra credit and comments are as they were."""
    course.submit("ada", square="square = lambda x: x * x + 0.5")
    assert course.rows()["ada"]["score"] == 5.0
    course.execute(f"update grade set manual_score = 3, extra_credit = 0.5 where {EXPLAIN}")
    course.execute(f"update comment set manual_comment = 'Well said, “ada”.' where {EXPLAIN}")
    course.execute("update source_cell set source = 'assert square(3) > 1' where name = 'square-test'")
    fix_checksum(course, "square-test")
    assert course.rows()["ada"]["state"] == "as before"
    assert course.rows(regrade=True)["ada"]["score"] == 10.5
    key = ("ada", ASSIGNMENT, NOTEBOOK, "explain")
    assert course.grades()["grade"][key] == (None, 3.0, 0.5, True, 3.5)
    assert course.grades()["comment"][key] == (None, "Well said, “ada”.")


def fix_checksum(course, name):
    from nbgrader.api import Gradebook
    from nbgrader.utils import compute_checksum

    released = cell(course.released(), name)
    with Gradebook(course.url) as gradebook:
        source = gradebook.find_source_cell(name, NOTEBOOK, ASSIGNMENT)
        released.source = source.source
        source.checksum = compute_checksum(released)
        gradebook.db.commit()


def test_a_manual_score_given_while_the_batch_runs_stays(course):
    course.submit("ada")
    course.rows()
    course.submit("ada", time="2025-01-02 10:00:00 UTC", improve="import time; time.sleep(3)")
    process = course.start()
    wait_for(lambda: any((course.root / "autograded" / ".grading" / ASSIGNMENT / "drafts").glob("*")))
    course.execute(f"update grade set manual_score = 4 where {EXPLAIN}")
    assert process.wait(60) == 0
    assert course.grades()["grade"]["ada", ASSIGNMENT, NOTEBOOK, "explain"][1] == 4.0


def wait_for(condition):
    import time

    for _ in range(600):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def test_files_are_the_teachers_where_both_have_one(course):
    path = course.submit("ada").parent
    (path / "data.csv").write_text("forged")
    (path / "mine").mkdir()
    (path / "mine" / "notes.txt").write_text("own")
    (path / ".ipynb_checkpoints").mkdir()
    (path / ".ipynb_checkpoints" / "x.txt").write_text("litter")
    course.rows()
    graded = course.autograded("ada")
    assert (graded / "data.csv").read_text() == "1,2,3\n"
    assert (graded / "mine" / "notes.txt").read_text() == "own"
    assert not (graded / ".ipynb_checkpoints").exists()


def test_files_that_students_may_change_are_theirs(course):
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(f"c.Autograde.exclude_overwriting = {{{ASSIGNMENT!r}: ['data.csv']}}\n")
    (course.submit("ada").parent / "data.csv").write_text("own")
    course.rows()
    assert (course.autograded("ada") / "data.csv").read_text() == "own"


def test_every_student_asked_for_has_a_row_and_nobody_else(course):
    for student in ("ada", "bob", "eve"):
        course.submit(student)
    assert course.rows(students=["ada", "eve"]).keys() == {"ada", "eve"}
    assert not course.autograded("bob").exists()


def test_many_workers_share_one_sqlite_file(course):
    for number in range(24):
        course.submit(f"s{number:02}", credit=f"credit = {number % 6}")
    rows = course.rows(workers=6)
    assert {row["state"] for row in rows.values()} == {"graded"}
    assert [rows[f"s{number:02}"]["score"] for number in range(24)] == [2.0 + number % 6 for number in range(24)]
    assert len(course.grades()["submissions"]) == 24


def test_the_hidden_tests_beside_the_graded_files_are_the_teachers_alone(course):
    course.submit("ada")
    course.rows()
    assert stat.S_IMODE((course.root / "autograded" / ".grading").stat().st_mode) == 0o700


def test_hooks_of_the_configuration_run(course):
    course.submit("ada")
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write("def hook(assignment, student, notebooks):\n")
        file.write("    open('hooked', 'w').write(f'{assignment} {len(notebooks)}')\n")
        file.write("c.Autograde.pre_convert_hook = hook\n")
    course.rows()
    assert (course.root / "hooked").read_text() == f"{ASSIGNMENT} 1"


def test_students_who_must_be_known_are_not_made(course):
    course.submit("stranger")
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write("c.Autograde.create_student = False\n")
    row = course.rows()["stranger"]
    assert row["state"] == "not judged"
    assert "nbgrader db student add" in row["happened"]
    assert course.grades()["submissions"] == []


def test_the_gradebook_after_a_run_serves_nbgrader(course):
    course.submit("ada")
    course.rows()
    nbgrader(course.root, "generate_feedback", ASSIGNMENT)
    assert (course.root / "feedback" / "ada" / ASSIGNMENT / f"{NOTEBOOK}.html").exists()
    assert grades(course.url)["grade"]
    shutil.rmtree(course.root / "autograded")
    assert json.dumps(course.rows()["ada"]["score"]) == "7.0"


def test_a_submission_is_found_by_an_index_however_large_the_class_is(course):
    """nbgrader's tables have no index but their unique keys: a condition on a part of one looks at the whole class."""
    course.submit("ada")
    course.rows()
    gradebook = ClassGradebook(course.url)
    plans = []

    def explain(connection, cursor, statement, parameters, context, many):
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            plans.extend(row[3] for row in connection.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    with gradebook.reading() as connection:
        assignment = connection.scalar(select(Assignment.id))
    event.listen(gradebook.engine, "before_cursor_execute", explain)
    rows = gradebook.rows(assignment, "ada")
    gradebook.write(rows, {**rows, "grade": [{**row, "auto_score": 0.5} for row in rows["grade"]]})
    gradebook.close()
    assert {plan.split()[1] for plan in plans if plan.startswith("SEARCH")} >= set(rows)
    of_the_class = [plan for plan in plans if plan.startswith("SCAN") and plan.split()[1] in rows]
    assert not of_the_class


def test_where_no_test_could_be_run_nothing_is_judged(course):
    course.submit("ada")
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text().replace("Quick, ", '"course_lib.grading.execute.ExecuteSplit", '))
    (course.root / "source" / ASSIGNMENT / f"{NOTEBOOK}.ipynb").unlink()
    row = course.rows()["ada"]
    assert (row["state"], row["score"]) == ("not judged", 0.0)
    assert row["happened"] == (
        "numbers.ipynb: the teacher's notebook numbers.ipynb is not in the course's source folder. "
        "Not judged in numbers.ipynb: square-test, credit-test."
    )


def test_a_worker_that_starts_while_the_run_ends_does_not_stay(course, monkeypatch):
    """Ctrl-C comes whenever it wants to."""
    course.submit("ada")
    started = []

    class Late(process.Worker):
        def __init__(self, plan):
            super().__init__(plan)
            process.close_workers(plan.run)
            started.append(self)

    monkeypatch.setattr(process, "Worker", Late)
    graded = course.grade()
    assert (graded.cut_short, graded.graded) == ("The run is over.", 0)
    assert [worker.process.poll() is not None for worker in started] == [True]


PLUGIN = """
from nbgrader.plugins import BasePlugin

class Penalty(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return PENALTY
"""


def due(course):
    course.execute("update assignment set duedate = '2025-01-01 10:00:00.000000'")


def with_plugin(course, penalty):
    """Give the course a plugin for late penalties, and a due date."""
    (course.root / "penalty.py").write_text(PLUGIN.replace("PENALTY", penalty))
    config = course.root / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nc.AssignLatePenalties.plugin_class = 'penalty.Penalty'\n")
    due(course)


def test_a_plugin_for_late_penalties_that_raises_costs_nobody_what_they_had(course):
    course.submit("ada", time="2025-01-01 11:00:00 UTC")
    assert course.rows()["ada"]["score"] == 7.0
    before, graded = course.grades(), snapshot(course.autograded("ada"))
    with_plugin(course, "1 / 0")
    row = course.rows(regrade=True)["ada"]
    assert row["state"] == "failed"
    assert "the plugin for late penalties failed (ZeroDivisionError: division by zero)" in row["happened"]
    assert course.grades() == before and snapshot(course.autograded("ada")) == graded
    log = (course.root / "autograded" / ".grading" / ASSIGNMENT / "log").read_text()
    assert "ZeroDivisionError" in log and "penalty.py" in log


@pytest.mark.parametrize(
    ("time", "told"),
    [
        ("2025-01-01 10:00:00 UTC", ""),
        ("2025-01-01 11:30:20 UTC", "Handed in 1 hour and 30 minutes late. Points taken off: 2."),
        ("2025-01-01 11:30:20 CET", "Handed in 30 minutes late. Points taken off: 2."),
        ("2025-01-03 10:00:10 UTC", "Handed in 2 days late. Points taken off: 2."),
        ("2025-01-01 07:00:30 -03", "Handed in 1 minute late. Points taken off: 2."),
    ],
)
def test_lateness_is_told_in_the_row(course, time, told):
    course.submit("ada", time=time)
    with_plugin(course, "2.0 if total_seconds_late else None")
    row = course.rows()["ada"]
    assert row["happened"] == told
    assert row["score"] == (5.0 if told else 7.0)


def test_where_no_plugin_takes_points_lateness_is_told_all_the_same(course):
    course.submit("ada", time="2025-01-01 10:20:00 UTC")
    due(course)
    row = course.rows()["ada"]
    assert (row["happened"], row["score"]) == ("Handed in 20 minutes late. Points taken off: 0.", 7.0)


def test_a_zone_of_several_countries_is_that_of_the_configuration(course):
    due(course)
    course.submit("ada", time="2025-01-01 15:40:00 IST")
    row = course.rows()["ada"]
    assert "the time zone 'IST' is that of several zones" in row["happened"]
    config = course.root / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nc.Exchange.timezone = 'Asia/Kolkata'\n")
    row = course.rows(regrade=True)["ada"]
    assert row["happened"] == "Handed in 10 minutes late. Points taken off: 0."


def test_a_folder_whose_name_is_no_text_stops_nobody_and_has_a_row(course):
    course.submit("ada")
    course.submit(os.fsdecode(b"M\xfcller"))
    for _ in range(2):
        rows = course.rows()
        assert rows["ada"]["score"] == 7.0
        row = rows["M\\xfcller"]
        assert row["state"] == "not judged" and "is not text in UTF-8" in row["happened"]
