"""`course grade --scheduler`: a real LocalCluster, and workers that somebody started by hand."""

import contextlib
import os
import re
import signal
import subprocess
import sys

import pytest
from distributed.client import ClosedClientError

from course_lib.grading.batch import run
from course_lib.grading.batch.executors import Pool
from tests.grading.batch_class import Course
from tests.grading.test_batch_interrupted import RIGHT, SIZE, SLOWLY, finished, journal, scores, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture
def course(tmp_path):
    course = Course(tmp_path)
    for number in range(SIZE):
        course.submit(f"s{number}", credit=f"credit = {number % 6}", improve=SLOWLY)
    return course


def dask(*arguments):
    program = [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]]
    environment = os.environ | {"PYTHONPATH": os.getcwd()}
    return subprocess.Popen(program, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def scheduler():
    """A scheduler in a process of its own; gives it and its address."""
    process = dask("scheduler", "--port", "0", "--host", "127.0.0.1", "--no-dashboard")
    address = ""
    for line in process.stderr:
        if found := re.search(r"tcp://127\.0\.0\.1:\d+", line):
            address = found[0]
            break
    yield process, address
    process.kill()
    process.communicate()


@contextlib.contextmanager
def worker(address, *options):
    process = dask("worker", address, "--nthreads", "1", "--no-dashboard", *options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
        process.stderr.close()


def test_a_local_cluster_with_threads_gives_the_same_scores(course):
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=2, processes=True, dashboard_address=None) as cluster:
        graded = course.grade(scheduler=cluster.scheduler_address)
        assert (graded.exit_code, graded.cut_short) == (0, None)
        assert scores(course) == RIGHT
        # The same workers serve the next run, which may have another configuration.
        assert course.grade(scheduler=cluster.scheduler_address, regrade=True).graded == SIZE
    assert scores(course) == RIGHT


def test_workers_started_by_hand_one_of_which_is_killed(course, scheduler):
    """With Dask's nanny and without: a worker under a nanny may not have children of multiprocessing's."""
    _, address = scheduler
    with worker(address, "--nanny") as nannied, worker(address, "--no-nanny") as plain:
        process = course.start("--scheduler", address)
        wait_until(lambda: len(journal(course)) >= 2, process)
        plain.send_signal(signal.SIGKILL)
        out, err = process.communicate(timeout=200)
        assert process.returncode == 0, out + err
        assert nannied.poll() is None
    assert scores(course) == RIGHT
    assert sorted(journal(course)) == sorted(RIGHT)


def test_a_scheduler_that_dies_cuts_the_run_short_and_it_is_finished_here(course, scheduler):
    running, address = scheduler
    with worker(address, "--no-nanny"):
        process = course.start("--scheduler", address)
        wait_until(lambda: len(journal(course)) >= 2, process)
        running.kill()
        out, err = process.communicate(timeout=200)
    assert process.returncode == 3, out + err
    assert "scheduler is gone" in err
    finished(course, "--workers", "2")
    assert scores(course) == RIGHT


def test_a_scheduler_that_dies_while_a_job_is_handed_out_cuts_the_run_short_too(course, monkeypatch):
    """Between a look at the scheduler and the next job there is always a moment."""

    class Closed:
        def submit(self, *job):
            raise ClosedClientError("Client is closed. Can't send update-graph message.")

    monkeypatch.setattr(run, "cluster", lambda *_: contextlib.nullcontext(Pool(Closed(), "the cluster", lambda: 1)))
    graded = course.grade(scheduler="tcp://127.0.0.1:9")
    assert (graded.exit_code, graded.cut_short) == (3, "The cluster's scheduler is gone.")
    assert [row.state for row in graded.rows] == ["not reached"] * SIZE


def test_an_address_where_nobody_answers_is_told_at_once(course):
    started = course.start("--scheduler", "tcp://127.0.0.1:9")
    out, err = started.communicate(timeout=120)
    assert (started.returncode, out) == (2, "")
    assert err.strip().splitlines()[-1].startswith("course: No Dask scheduler answers at tcp://127.0.0.1:9")
