"""Where jobs run: threads of this process, each with a worker of its own, or a Dask cluster. Both are Executors."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from course_lib.grading.batch.plan import BatchError
from course_lib.grading.batch.process import close_workers

ANSWER = 10.0  # seconds for a scheduler to answer at first
RECONNECT = 30.0  # seconds without it until a run is cut short
GONE = "The cluster's scheduler is gone."


@dataclass
class Pool:
    """An executor, and how many jobs it should have at a time."""

    executor: Executor
    name: str
    room: Callable[[], int]
    check: Callable[[Callable[[str], None]], None] = lambda say: None


def usable_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def local_workers(workers: int | None, jobs: int, run: str) -> Iterator[Pool]:
    """Lend a thread for each worker on this machine."""
    count = max(1, min(workers or usable_cores(), jobs))
    executor = ThreadPoolExecutor(count, thread_name_prefix="worker")
    try:
        yield Pool(executor, f"{count} worker{'s' * (count > 1)} on this machine", lambda: count)
    finally:
        # Threads that wait for a worker are set free by its end.
        executor.shutdown(wait=False, cancel_futures=True)
        close_workers(run)
        executor.shutdown(wait=True)


@contextmanager
def cluster(address: str, run: str) -> Iterator[Pool]:
    """Lend the Dask cluster whose scheduler is at `address`. Its workers see the course's folder under the same path.

    Raises:
        BatchError: nobody answers there.
    """
    from distributed import Client

    try:
        client = Client(address, timeout=ANSWER, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise BatchError(f"No Dask scheduler answers at {address}: {error}".splitlines()[0]) from None
    seen = Watched(client)
    try:
        yield Pool(client.get_executor(pure=False), f"the cluster at {address}", seen.room, seen.check)
    finally:
        if client.status == "running":
            with suppress(OSError):  # the scheduler is lost at this moment; its workers end by themselves
                client.run(close_workers, run)
        client.close(timeout=ANSWER)


class Watched:
    """How many threads the cluster has, and whether its scheduler is still there; asked now and then."""

    def __init__(self, client):
        self.client, self.threads, self.asked, self.lost, self.told = client, 0, 0.0, None, False

    def room(self) -> int:
        """Two jobs for each thread: one that runs and one that waits there."""
        now = time.monotonic()
        if now - self.asked > 2.0 and self.client.status == "running":
            self.asked = now
            with suppress(OSError):  # the scheduler is lost at this moment: `check` will find out
                self.threads = sum(self.client.nthreads().values())
        return 2 * self.threads

    def check(self, say: Callable[[str], None]) -> None:
        """Say once that there are no workers.

        Raises:
            BatchError: the scheduler is gone.
        """
        now = time.monotonic()
        if self.client.status == "running":
            self.lost = None
            if not self.threads and not self.told:
                self.told = True
                say("The cluster has no workers; waiting for some.")
        elif self.client.status == "closed" or now - (self.lost or now) > RECONNECT:
            raise BatchError(GONE)
        else:
            self.lost = self.lost or now
