"""What a command uses, all its processes taken together: seconds, CPU seconds, peak memory."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from course_lib.grading.sandbox.watch import Process, descendants

PR_SET_CHILD_SUBREAPER = 36
EVERY = 0.02  # seconds between two looks at how far it is
SETTLED = 20.0  # seconds in which what a command leaves behind must end


@dataclass(frozen=True)
class Mark:
    """A moment of a run: seconds since its start, CPU seconds of all its processes so far, submissions done."""

    seconds: float
    cpu: float
    done: int


@dataclass(frozen=True)
class Memory:
    """Peaks in bytes: of all processes together, of the command's own, of the largest tree below it."""

    whole: int = 0
    command: int = 0
    largest_child: int = 0


@dataclass(frozen=True)
class Usage:
    """A run from its start to the end of its last process. `first` and `last` are when the first and all were done."""

    first: Mark
    last: Mark
    end: Mark
    load: float  # average number of processes that wanted a core in the minute before
    memory: Memory = field(default=Memory())

    @property
    def each(self) -> tuple[float, float]:
        """Seconds and CPU seconds of a submission, once it has started."""
        count = self.last.done - self.first.done
        return (self.last.seconds - self.first.seconds) / count, (self.last.cpu - self.first.cpu) / count

    @property
    def whole_each(self) -> tuple[float, float]:
        """Seconds and CPU seconds of the whole run, start and end included, divided by its submissions."""
        return self.end.seconds / self.end.done, self.end.cpu / self.end.done

    def scaled(self, count: int) -> Usage:
        """Return what `count` submissions would take if each took what these took once started."""
        (seconds, cpu), more = self.each, count - self.end.done
        last, end = (
            Mark(mark.seconds + more * seconds, mark.cpu + more * cpu, count) for mark in (self.last, self.end)
        )
        return replace(self, last=last, end=end)


def run(
    command: list[str],
    done: Callable[[], int],
    total: int,
    *,
    started: int = 1,
    watch_memory: bool = False,
    **options,
) -> Usage:
    """Run `command` to its end; `done` tells how many of `total` submissions are graded.

    Orphans become this process's children, so that what they took is counted too. Looking at memory takes CPU time
    from the command: measure seconds without it.

    Args:
        started: it counts as started when so many are done: one for each worker.
    Raises:
        RuntimeError: it failed, did not grade all, or left processes behind.
    """
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    load = os.getloadavg()[0]
    before = _cpu_of_the_dead()
    begin = time.perf_counter()

    def mark(count: int) -> Mark:
        now = time.perf_counter() - begin
        # The dead first: who dies in between would otherwise be missed, and is now counted twice at worst for a tick.
        dead = _cpu_of_the_dead() - before
        return Mark(now, dead + sum(process.cpu for process in descendants(os.getpid())), count)

    first = last = None
    memory = Memory()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **options)
        try:
            while process.poll() is None:
                if last is None and (count := done()):
                    if first is None and count >= started:
                        first = mark(count)
                    if count == total:
                        last = mark(count)
                if watch_memory:
                    memory = _larger(memory, _memory(process.pid))
                time.sleep(EVERY)
        finally:
            process.kill()  # unless it has ended: we were interrupted
            process.wait()
        deadline = time.monotonic() + SETTLED
        while left := descendants(os.getpid()):
            _reap()
            if time.monotonic() > deadline:
                raise RuntimeError(f"{' '.join(command)} leaves {left} behind")
            time.sleep(EVERY)
        end = mark(total)
        if process.returncode or done() < total:
            output.seek(0)
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {output.read()[-3000:]}")
    # A short run may end between two looks.
    last = last or end
    return Usage(first or last, last, end, load, memory)


def _cpu_of_the_dead() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _reap() -> None:
    """Wait for orphans that have ended."""
    for process in descendants(os.getpid()):
        if process.ended and process.parent == os.getpid():
            os.waitpid(process.pid, os.WNOHANG)


def _memory(command: int) -> Memory:
    tree = descendants(os.getpid())
    sizes = {process.pid: _proportional(process) for process in tree}
    parents = {process.pid: process.parent for process in tree}
    below: dict[int, int] = {}
    for pid, size in sizes.items():
        top = pid
        while parents.get(top, command) != command:
            top = parents[top]
        # What the command leaves behind when it ends is for a moment below nobody.
        if parents.get(top) == command:
            below[top] = below.get(top, 0) + size
    return Memory(sum(sizes.values()), sizes.get(command, 0), max(below.values(), default=0))


def _proportional(process: Process) -> int:
    """Return the proportional set size: each page split among those that share it.

    Of a process that may not be looked into it is all that it can see; of one that is about to end, nothing.
    """
    try:
        with open(f"/proc/{process.pid}/smaps_rollup", "rb") as file:
            return next((int(line.split()[1]) * 1024 for line in file if line.startswith(b"Pss:")), 0)
    except (FileNotFoundError, ProcessLookupError):
        return 0
    except PermissionError:
        return process.resident


def _larger(one: Memory, other: Memory) -> Memory:
    return Memory(
        max(one.whole, other.whole),
        max(one.command, other.command),
        max(one.largest_child, other.largest_child),
    )
