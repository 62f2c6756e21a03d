"""A worker: a process that grades one submission after the other, and belongs to one thread of whoever started it.

`in_own_process` is what a run submits to its executor, be it a pool of threads on this machine or a Dask cluster. It is
never graded in the calling process: a Dask worker has several threads, and nothing may fork in it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import traceback
from dataclasses import replace
from multiprocessing.connection import Connection

from course_lib.grading.batch.plan import FAILED, BatchError, Job, Plan, Result, Row, first_line
from course_lib.grading.sandbox import cores

LOG = "log"
PR_SET_PDEATHSIG = 1


class WorkerLost(Exception):
    """The process ended in the middle of a job."""


class Worker:
    """The process, seen from the thread that started it."""

    def __init__(self, plan: Plan):
        self.plan = plan
        ours, theirs = socket.socketpair()
        # -P: what lies in the course's folder must not be taken for a module. A session of its own: Ctrl-C is ours.
        start = "import sys; from course_lib.grading.batch.process import main; main(int(sys.argv[1]))"
        threads = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS") if name not in os.environ}
        with theirs, open(os.path.join(plan.folder, LOG), "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", start, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                cwd=plan.root,
                env=os.environ | threads,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.connection = Connection(ours.detach())
        try:
            self._ask((plan, os.getpid()))
        except BaseException:
            self.close()
            raise

    def grade(self, job: Job) -> Result:
        """Grade a submission there.

        Raises:
            WorkerLost: the process is gone.
            BatchError: it cannot grade at all, for a reason that has nothing to do with the submission.
        """
        return self._ask(job)

    def _ask(self, message):
        try:
            self.connection.send(message)
            kind, answer = self.connection.recv()
        except (EOFError, OSError):
            raise WorkerLost from None
        if kind == "broken":
            raise BatchError(answer)
        return answer

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.connection.close()


_workers: dict[int, Worker] = {}
_closed: set[str] = set()
_lock = threading.Lock()


def in_own_process(plan: Plan, job: Job) -> Result:
    """Grade a submission in this thread's worker; a job whose worker is lost is done again, in a new one.

    A submission that ends its worker twice is given up: it gets 0 for its tests and a row that says so.
    """
    for attempt in (job, job, replace(job, given_up=True)):
        try:
            return worker_of_this_thread(plan).grade(attempt)
        except WorkerLost:
            close_worker_of_this_thread()
    log = os.path.join(plan.folder, LOG)
    raise BatchError(f"The worker for {job.student!r} was lost again and again; {log} may tell why.")


def worker_of_this_thread(plan: Plan) -> Worker:
    me = threading.get_ident()
    if me in _workers and _workers[me].plan != plan:
        close_worker_of_this_thread()
    with _lock:
        if plan.run in _closed:
            raise BatchError("The run is over.")
        if me in _workers:
            return _workers[me]
    worker = Worker(plan)
    with _lock:
        if plan.run not in _closed:
            _workers[me] = worker
            return worker
    worker.close()  # the run ended while it started
    raise BatchError("The run is over.")


def close_worker_of_this_thread() -> None:
    with _lock:
        worker = _workers.pop(threading.get_ident(), None)
    if worker:
        worker.close()


def close_workers(run: str) -> None:
    """End all workers of a run that this process has started. Jobs that are still there fail."""
    with _lock:
        _closed.add(run)
        mine = [me for me, worker in _workers.items() if worker.plan.run == run]
        closing = [_workers.pop(me) for me in mine]
    for worker in closing:
        worker.close()


# --- In the worker ---------------------------------------------------------------------------------------------------


def main(descriptor: int) -> None:
    """Answer (plan, parent) with whether grading is possible, then each job with its result, until nobody asks."""
    connection = Connection(descriptor)
    try:
        plan, parent = connection.recv()
        end_with(parent)
        cores.take_one()
        grader = guarded(connection, lambda: make_grader(plan))
        if grader is None:
            return
        connection.send(("ready", None))
        while True:
            job = connection.recv()
            result = guarded(connection, lambda job=job: grader.grade(job), job)
            if result is None:
                return
            connection.send(("done", result))
    except EOFError:
        return


def make_grader(plan: Plan):
    from course_lib.grading.batch.pipeline import Grader

    return Grader(plan)


def guarded(connection: Connection, work, job: Job | None = None):
    """Return what `work` returns; a row that says so where grading one submission failed; None if nothing can go on."""
    try:
        return work()
    except BatchError as error:
        connection.send(("broken", str(error)))
    except Exception as error:
        traceback.print_exc()
        sys.stderr.flush()
        from course_lib.grading.batch.pipeline import is_ours

        sentence = f"{type(error).__name__}: {first_line(error)}"
        if job is not None and not is_ours(error):
            return Result(Row(job.student, FAILED, 0.0, 0.0, f"Could not be graded, see the log: {sentence}"))
        connection.send(("broken", f"A worker cannot go on: {sentence}"))
    return None


def end_with(parent: int) -> None:
    """Be killed when the process that started this one ends, even if that is killed itself. Linux alone can do it."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
