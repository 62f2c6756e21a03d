"""What a tree of processes uses, read from /proc; and what a scratch folder holds, and how to empty it.

rlimits hold for one process each, and memory, CPU time and disk must be limited for all that a submission starts. So
the warm parent looks every few milliseconds, and ends what is over.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass

PAGE = os.sysconf("SC_PAGE_SIZE")
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Process:
    """One line of /proc/PID/stat, proc(5): the fields that matter here."""

    pid: int
    parent: int
    ended: bool  # a zombie: dead, its parent has not asked
    cpu: float  # seconds, its dead and waited-for children included
    threads: int
    resident: int  # bytes of memory it can see, what it shares with others included

    @staticmethod
    def read(pid: int) -> Process | None:
        try:
            with open(f"/proc/{pid}/stat", "rb") as file:
                line = file.read()
        except OSError:
            return None  # gone by now
        # The second field is the program's name in brackets, and may hold anything, brackets included.
        fields = line[line.rindex(b")") + 2 :].split()
        cpu = sum(map(int, fields[11:15])) / TICK
        return Process(pid, int(fields[1]), fields[0] in b"ZX", cpu, int(fields[17]), int(fields[21]) * PAGE)


def descendants(ancestor: int) -> list[Process]:
    """Return all living and dead descendants of a process that adopts orphans: their chain of parents leads to it."""
    found = [process for name in os.listdir("/proc") if name.isdigit() and (process := Process.read(int(name)))]
    parents = {process.pid: process.parent for process in found}

    def belongs(pid: int) -> bool:
        for _ in range(len(parents)):  # a chain cannot be longer, unless a number was given away anew in between
            pid = parents.get(pid, 0)
            if pid in (0, ancestor):
                return pid == ancestor
        return False

    return [process for process in found if belongs(process.pid)]


def memory(tree: list[Process], limit: int) -> int:
    """Return how much memory the processes hold together.

    Adding what each can see counts shared pages several times, which is fast and good enough below the limit. Above it
    each page is split among those that share it (its proportional set size), which the kernel must add up page by page.
    """
    seen = sum(process.resident for process in tree)
    return seen if seen <= limit else sum(_proportional(process) for process in tree)


def _proportional(process: Process) -> int:
    try:
        with open(f"/proc/{process.pid}/smaps_rollup", "rb") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith(b"Pss:"))
    except ProcessLookupError:  # it is ending, and has given its memory back
        return 0
    except (OSError, StopIteration):
        return 0 if Process.read(process.pid) is None else process.resident


def tasks_of(uid: int) -> int:
    """Return how many threads run under a user id, as far as /proc shows."""

    def threads(name: str) -> int:
        try:
            process = Process.read(int(name)) if os.stat(f"/proc/{name}").st_uid == uid else None
        except OSError:
            return 0
        return process.threads if process else 0

    return sum(threads(name) for name in os.listdir("/proc") if name.isdigit())


def used_on_mount(folder: str) -> tuple[int, int]:
    """Return bytes and files on the mount that a folder is, without a look at its content."""
    held = os.statvfs(folder)
    return (held.f_blocks - held.f_bfree) * held.f_frsize, held.f_files - held.f_ffree


def used_in_folder(folder: str, bytes_limit: int, files_limit: int) -> tuple[int, int]:
    """Return bytes and files in a folder; stops counting where either is over its limit."""
    size = files = 0
    waiting = [os.fsencode(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as listing:
                for entry in listing:
                    size += entry.stat(follow_symlinks=False).st_blocks * 512
                    files += 1
                    if size > bytes_limit or files > files_limit:
                        return size, files
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except (FileNotFoundError, NotADirectoryError):
            continue  # gone by now
        except OSError:
            return bytes_limit + 1, files_limit + 1  # closed to us, or too long a path: made to hide something
    return size, files


def empty(folder: str) -> None:
    """Remove all that lies in a folder while nothing else runs, however deep, forbidden or oddly named it is.

    Each folder's folders are moved up before it is removed, so that no path grows long and no stack deep.
    """
    top = os.fsencode(folder)
    moved = 0
    while names := os.listdir(top):
        for name in names:
            path = os.path.join(top, name)
            if not stat.S_ISDIR(os.lstat(path).st_mode):
                os.unlink(path)
                continue
            os.chmod(path, 0o700)
            for inner in os.listdir(path):
                inside = os.path.join(path, inner)
                if stat.S_ISDIR(os.lstat(inside).st_mode):
                    os.chmod(inside, 0o700)  # to move a folder is to change its "..", which takes the right to write
                    moved += 1
                    os.rename(inside, os.path.join(top, b".moved-%d-%d" % (os.getpid(), moved)))
                else:
                    os.unlink(inside)
            os.rmdir(path)
