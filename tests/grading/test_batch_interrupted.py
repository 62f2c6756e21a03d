"""Runs cut short by real kills, a full disk, a restart of the database: nothing is lost, and nothing is there twice."""

import contextlib
import json
import os
import resource
import signal
import subprocess
import time
from pathlib import Path

import pytest
from filelock import FileLock

from tests.grading.batch_class import ASSIGNMENT, NOTEBOOK, Course, grades, nbgrader

pytest_plugins = ("tests.grading.postgres",)
pytestmark = pytest.mark.slow

SIZE = 8
SLOWLY = "import time; time.sleep(0.5)"


@pytest.fixture
def course(tmp_path):
    """A class of eight, each with a credit of their own and half a second of work."""
    course = Course(tmp_path)
    for number in range(SIZE):
        course.submit(f"s{number}", credit=f"credit = {number % 6}", improve=SLOWLY)
    return course


def scores(course, url=None):
    """Return {student: credit} from the gradebook; `grades` has seen to it that no row is there twice."""
    found = grades(url or course.url)["grade"]
    return {key[0]: values[0] for key, values in found.items() if key[3] == "credit-test"}


RIGHT = {f"s{number}": float(number % 6) for number in range(SIZE)}


def journal(course):
    path = course.root / "autograded" / ".grading" / ASSIGNMENT / "journal.jsonl"
    with contextlib.suppress(FileNotFoundError):
        return [json.loads(line)["row"]["student"] for line in path.read_text().splitlines() if '"row"' in line]
    return []


def wait_until(condition, process):
    for _ in range(1200):
        if condition():
            return
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def workers_of(process):
    """Return the process ids of the workers that a `course grade` has started."""
    found = []
    for name in os.listdir("/proc"):
        with contextlib.suppress(OSError, ValueError):
            stat = Path(f"/proc/{int(name)}/stat").read_text()
            if int(stat.rpartition(")")[2].split()[1]) == process.pid:
                found.append(int(name))
    return found


def finished(course, *arguments):
    """Finish the run, and check that everybody is there once, with their own score and files."""
    process = course.start("--resume", *arguments)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, out + err
    rows = json.loads(out)["rows"]
    assert [row["student"] for row in rows] == sorted(RIGHT)
    assert {row["student"]: row["score"] - 2 for row in rows} == RIGHT
    for student in RIGHT:
        assert json.loads((course.autograded(student) / f"{NOTEBOOK}.ipynb").read_text())["nbformat"] == 4
    assert not (course.root / "autograded" / ".grading" / ASSIGNMENT / "drafts").exists()
    return rows


def test_a_killed_worker_costs_nothing(course):
    process = course.start("--workers", "2")
    wait_until(lambda: journal(course), process)
    for worker in workers_of(process):
        os.kill(worker, signal.SIGKILL)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, out + err
    assert scores(course) == RIGHT
    assert sorted(journal(course)) == sorted(RIGHT)


def test_a_killed_coordinator_takes_its_workers_along_and_the_run_is_finished(course):
    process = course.start("--workers", "2")
    wait_until(lambda: len(journal(course)) >= 2, process)
    workers = workers_of(process)
    assert workers
    process.kill()
    process.communicate()
    wait_for_end(workers)
    before = journal(course)
    assert 2 <= len(before) < SIZE
    times = {student: (course.autograded(student) / f"{NOTEBOOK}.ipynb").stat().st_mtime_ns for student in before}
    finished(course)
    assert scores(course) == RIGHT
    for student, then in times.items():  # what was done is not done again
        assert (course.autograded(student) / f"{NOTEBOOK}.ipynb").stat().st_mtime_ns == then


def wait_for_end(processes):
    for _ in range(200):
        if not any(os.path.exists(f"/proc/{each}") for each in processes):
            return
        time.sleep(0.05)
    raise AssertionError("workers outlived the coordinator")


def test_a_regrade_that_was_cut_short_is_finished_and_not_begun_anew(course):
    assert course.grade(workers=2).exit_code == 0
    process = course.start("--workers", "1", "--regrade")
    wait_until(lambda: len(journal(course)) == 3, process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3, out + err
    assert "--resume finishes the run" in err
    states = [row["state"] for row in json.loads(out)["rows"]]
    assert len(states) == SIZE and states.count("not reached") == SIZE - states.count("graded")
    # Other options would be another run.
    other = course.start("--resume")
    assert other.wait(60) == 2
    assert "other options" in other.stderr.read()
    done = {student: (course.autograded(student) / f"{NOTEBOOK}.ipynb").stat().st_ino for student in journal(course)}
    rows = finished(course, "--regrade")
    assert {row["state"] for row in rows} == {"graded"}
    for student, number in done.items():
        assert (course.autograded(student) / f"{NOTEBOOK}.ipynb").stat().st_ino == number


@pytest.mark.parametrize("after", ["the transaction", "the rename"])
def test_a_kill_between_two_steps_of_writing(course, after):
    """The coordinator ends itself where nobody could aim: after the scores, and after the files, of the third."""
    step = {"the transaction": "put_in_place", "the rename": "journal"}[after]
    program = f"""
import os, sys
from course_lib.grading.batch import run
seen = []
def dying(real):
    def step(self, *arguments):
        seen.append(1)
        return real(self, *arguments) if len(seen) < 3 else os.kill(os.getpid(), 9)
    return step
if {step!r} == "journal":
    run.Journal.add = dying(run.Journal.add)
else:
    run.Run.put_in_place = dying(run.Run.put_in_place)
run.grade_class({ASSIGNMENT!r}, workers=2)
"""
    repository = os.getcwd()
    died = subprocess.run(
        [course.command()[0], "-c", program], cwd=course.root, env=os.environ | {"PYTHONPATH": repository}
    )
    assert died.returncode == -signal.SIGKILL
    assert len(journal(course)) == 2
    finished(course)
    assert scores(course) == RIGHT


def test_a_full_disk_cuts_the_run_short_and_it_is_finished_later(course):
    """autograded/ has room for the cells of the assignment and a few submissions."""
    for student in RIGHT:
        (course.folder(student) / "large.txt").write_bytes(b"x" * 20_000)
    small = course.root / "autograded"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=320k", "tmpfs", small]
    if os.geteuid() == 0 and subprocess.run(mount).returncode == 0:
        try:
            process = course.start("--workers", "2")
            out, err = process.communicate(timeout=120)
            assert process.returncode == 3, out + err
            assert "No space left on device" in err
            assert set(scores(course).values()) <= {None, *RIGHT.values()}
            for student in journal(course):
                assert scores(course)[student] == RIGHT[student]
            subprocess.run(["mount", "-o", "remount,size=50m", small], check=True)
            finished(course)
        finally:
            subprocess.run(["umount", "-l", small], check=True)
    else:
        process = course.start("--workers", "2", preexec_fn=lambda: limit_files(200_000))
        assert process.wait(120) == 3
        finished(course)
    assert scores(course) == RIGHT


def limit_files(size):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_gradebook_that_is_full_cuts_the_run_short(course):
    """Another process holds SQLite's lock for good: nothing is written, and nothing is in place."""
    import sqlite3

    with contextlib.closing(sqlite3.connect(course.root / "gradebook.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        program = (
            "from course_lib.grading.batch import gradebook, run\n"
            "gradebook.LOCK_SECONDS = 1\n"
            f"print(run.grade_class({ASSIGNMENT!r}, workers=1).cut_short)"
        )
        done = subprocess.run(
            [course.command()[0], "-c", program],
            cwd=course.root,
            env=os.environ | {"PYTHONPATH": os.getcwd()},
            capture_output=True,
            text=True,
        )
        assert "locked" in done.stdout + done.stderr
        other.execute("ROLLBACK")
    assert journal(course) == []
    finished(course)


def test_a_submission_that_ends_its_worker_twice_gets_a_row(tmp_path):
    course = Course(tmp_path)
    for student in ("ada", "bob"):
        course.submit(student)
    course.submit("killer", square="import os; os.kill(os.getpid(), 9)")
    course.rows(students=["ada"])
    rows = course.rows(workers=2)
    assert rows["killer"]["state"] == "not judged"
    assert "ended the process that graded it, twice" in rows["killer"]["happened"]
    assert (rows["bob"]["state"], rows["bob"]["score"]) == ("graded", 7.0)
    assert course.grades()["grade"]["killer", ASSIGNMENT, NOTEBOOK, "square-test"][0] == 0.0


def test_two_runs_at_once_are_refused(course):
    course.rows(students=["s0"])
    with FileLock(course.root / "autograded" / ".grading" / ASSIGNMENT / "lock"):
        second = course.start()
        assert second.wait(60) == 2
        assert "another `course grade`" in second.stderr.read()
    assert course.rows(students=["s0"])["s0"]["state"] == "as before"


@pytest.fixture
def in_postgres(course, postgres):
    """The same class with its gradebook in PostgreSQL."""
    url = postgres.new_database()
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(f"c.CourseDirectory.db_url = {url.replace('postgresql:', 'postgresql+psycopg:')!r}\n")
    nbgrader(course.root, "generate_assignment", ASSIGNMENT, "--force")
    course.url = url.replace("postgresql:", "postgresql+psycopg:")
    course.short_url = url
    return course


def test_postgresql_holds_what_sqlite_holds(in_postgres, tmp_path):
    other = Course(tmp_path / "sqlite")
    for number in range(SIZE):
        other.submit(f"s{number}", credit=f"credit = {number % 6}", improve=SLOWLY)
    assert other.grade(workers=2).exit_code == 0
    graded = in_postgres.grade(workers=2, db=in_postgres.short_url)
    assert (graded.exit_code, graded.cut_short) == (0, None)
    assert in_postgres.grades() == other.grades()
    assert {row.state for row in in_postgres.grade(db=in_postgres.short_url).rows} == {"as before"}


def test_postgresql_restarts_in_the_middle(in_postgres, postgres):
    """A restart is waited for; a stop cuts the run short, and it is finished when the server is back."""
    process = in_postgres.start("--workers", "1")
    wait_until(lambda: journal(in_postgres), process)
    postgres.control("restart")
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, out + err
    assert scores(in_postgres) == RIGHT


def test_postgresql_stops_in_the_middle(in_postgres, postgres):
    process = in_postgres.start("--workers", "1")
    wait_until(lambda: len(journal(in_postgres)) >= 2, process)
    postgres.control("stop")
    try:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 3, out + err
        assert "does not answer" in err
    finally:
        postgres.control("start")
    assert len(journal(in_postgres)) < SIZE
    finished(in_postgres)
    assert scores(in_postgres) == RIGHT
