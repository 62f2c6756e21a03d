"""On which cores of the machine a worker runs, and the processes that it starts.

A worker, its tester and the submission's process talk much and compute in turns: on one core a call takes half as long.
A submission that computes for long gets all cores: TensorFlow's threads wait for each other where they have but one.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile

_all: set[int] = set()


def usable() -> set[int]:
    """Return the cores that this process could use before `take_one`; none where the system does not say."""
    return _all or (os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set())


def take_one() -> None:
    """Stay on a core that no other worker on this machine has. Where all are taken the system decides."""
    _all.update(usable())
    for core in sorted(_all):
        path = os.path.join(tempfile.gettempdir(), f"course-grade-{os.getuid()}-core-{core}")
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError:
            continue
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            continue
        os.sched_setaffinity(0, {core})  # the lock goes with the process
        return


def spread(pid: int, cores: set[int]) -> None:
    """Let all threads of a process, and those that they will start, run on any of `cores`."""
    with contextlib.suppress(OSError):  # it is gone by now, or must stay where it is
        for thread in os.listdir(f"/proc/{pid}/task"):
            os.sched_setaffinity(int(thread), cores)
