"""The computer's cores, working on one training step together.

A large matrix product is cut into pieces of rows, which do not depend on each other: each row of a b is a row of a,
times b. Whichever thread is free takes the next piece. NumPy lets go of Python's lock while it computes, so Python's
own threads are enough.

    with parallel.team():       # Sequential does this in fit, and for many examples in evaluate and predict
        parallel.matmul(a, b)

NumPy's own library for linear algebra (BLAS) has threads, too. They wait for each other by running in circles: on a
quiet machine that is quick, but while another program keeps a core busy each waits for one that cannot run, and an
epoch takes many times as long. So a team gives BLAS one thread, and has as many threads as BLAS had before.

Pieces are cut by the shapes alone, never by the number of cores: a network that is trained by a team has the same
weights, bit for bit, whether that team has one thread or four. What looks at the whole batch, such as the statistics of
batch normalization and the random numbers of dropout, is not cut.
"""

import os
import threading
from collections import deque
from contextlib import ExitStack, contextmanager, suppress
from functools import cache, partial
from queue import SimpleQueue
from time import perf_counter

import numpy as np

# Fewer multiplications take less time than asking for help.
WORTH_SHARING = 2**23
# Each piece has to read all of b again: with fewer rows than these that would take as long as multiplying.
ROWS = 64
# As many threads as a team has at most: more pieces would each be too small.
PIECES = 4
# A helper that another program keeps from its core holds everybody up: that is seen where the others waited for longer
# than they had worked. So many calls of `share` then do without helpers. Who computes a piece changes no number.
PAUSE = 200

_here = threading.local()
_nobody_has_a_team = threading.Lock()


@contextmanager
def team():
    """Inside, what this thread asks `matmul` and `share` for is done by a thread for each core, up to PIECES.

    There are no more threads than BLAS may have (set by OPENBLAS_NUM_THREADS, or threadpoolctl) or than the process has
    cores, and none where the system allows none or BLAS cannot be told. A process has one team at a time: a team inside
    a team is that team, and in another thread it is that thread alone. At the end, however it comes, the threads have
    ended and BLAS has its own again.
    """
    if not _nobody_has_a_team.acquire(blocking=False):
        yield
        return
    with ExitStack() as at_the_end:
        at_the_end.callback(_nobody_has_a_team.release)
        before = _blas_threads()
        at_the_end.enter_context(_blas().limit(limits=1))
        threads = min(before, _cores(), PIECES) if _blas_threads() == 1 else 1
        _here.pause, _here.helpers = 0, []
        helpers = _here.helpers
        at_the_end.callback(_dismiss, helpers)
        with suppress(RuntimeError):  # "can't start new thread": then those that there are do it
            while len(helpers) < threads - 1:
                helpers.append(_Helper())
        yield


def matmul(a, b):
    """Return a @ b for two matrices, each large product computed in pieces by the team."""
    if a.shape[0] * a.shape[1] * b.shape[1] < WORTH_SHARING:
        return a @ b
    product = np.empty((a.shape[0], b.shape[1]), np.result_type(a, b))
    pieces = cut(len(a), min(PIECES, len(a) // ROWS))
    share(lambda rows: np.matmul(a[rows], b, out=product[rows]), pieces)
    return product


def cut(rows, pieces):
    """Return slices that divide so many rows as evenly as possible into 1 to `rows` pieces."""
    pieces = max(1, min(pieces, rows))
    return [slice(rows * piece // pieces, rows * (piece + 1) // pieces) for piece in range(pieces)]


def share(work, pieces):
    """Call `work(piece)` for each piece, in no fixed order, in this thread and the others of its team.

    Args:
        work: function of a piece, which writes to arrays, where no other piece reads or writes.
        pieces: list.
    Raises:
        whatever `work` raises, once no thread is at work any more; pieces that are not begun are left undone.
    """
    helpers = getattr(_here, "helpers", [])[: max(0, len(pieces) - 1)]
    if helpers and _here.pause:
        _here.pause -= 1
        helpers = []
    left, errors, at_work = deque(pieces), [], []
    begun = perf_counter()
    for helper in helpers:
        at_work.append(threading.Lock())
        helper.tasks.put(partial(_help, work, left, errors, at_work[-1]))
    try:
        _take(work, left)
    finally:
        done = perf_counter()
        left.clear()
        for helper_at_work in at_work:
            with helper_at_work:  # at once where the helper has not begun: then it will find nothing left to do
                pass
    if errors:
        raise errors[0]
    if helpers and perf_counter() - done > done - begun:
        _here.pause = PAUSE


def _take(work, left):
    while left:
        try:
            piece = left.popleft()
        except IndexError:  # another thread took the last one meanwhile
            return
        work(piece)


def _help(work, left, errors, at_work):
    with at_work:
        try:
            _take(work, left)
        except BaseException as error:  # raised in the thread that asked
            errors.append(error)
            left.clear()


class _Helper(threading.Thread):
    """A thread that does the tasks put into `tasks`, until it finds None."""

    def __init__(self):
        super().__init__(name="course_lib.parallel", daemon=True)
        self.tasks = SimpleQueue()
        self.start()

    def run(self):
        while (task := self.tasks.get()) is not None:
            task()


def _dismiss(helpers):
    for helper in helpers:
        helper.tasks.put(None)
    for helper in helpers:
        helper.join()
    helpers.clear()


@cache
def _blas():
    """What tells BLAS how many threads to use; found once, as looking through what is loaded takes milliseconds."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")


def _blas_threads():
    """How many threads BLAS may have; 0 where it is one that cannot be told, such as macOS's own."""
    return max((library["num_threads"] or 0 for library in _blas().info()), default=0)


def _cores():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
