"""The warm parent: imports once, then forks a child for each submission, watches it, and ends all that it left.

It runs inside bubblewrap where there is bubblewrap, and never runs learner's code itself. Started by `enter.py`; speaks
with `sandbox.py` in JSON over a socket that keeps messages apart (SOCK_SEQPACKET):

    in   {"start": 3} and, as ancillary data, the child's end of its channel     {"kill": 3}
    out  {"ready": true}     {"ended": 3, "exit_code": 0, …}, the fields of `Outcome`
"""

from __future__ import annotations

import gc
import importlib
import io
import json
import os
import resource
import select
import signal
import socket
import sys
import tarfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from course_lib.grading.sandbox import kernel, watch
from course_lib.grading.sandbox.child import be_the_child

EVERY = 0.02  # seconds between two looks at the tree of processes
EVERY_FOLDER = 0.2  # and at a scratch folder that is no mount of its own: it must be walked
OURS = "course_lib."
KEPT = 16 * 1024  # bytes of output that are reported
PATIENCE = 10.0  # seconds in which what was killed must be gone


class NotGone(Exception):
    """A process that was killed is still there."""


@dataclass
class Ended:
    """How a submission ended, and what it took."""

    status: int = 0
    limit: str | None = None
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory: int = 0
    left_over: int = 0
    output: bytes = b""
    written: int = 0

    def message(self, number: int) -> dict:
        return {
            "ended": number,
            "exit_code": os.WEXITSTATUS(self.status) if os.WIFEXITED(self.status) else None,
            "signal": os.WTERMSIG(self.status) if os.WIFSIGNALED(self.status) else None,
            "limit": self.limit,
            "seconds": self.seconds,
            "cpu_seconds": self.cpu_seconds,
            "peak_memory": self.peak_memory,
            "left_over": self.left_over,
            "output": self.output.decode("utf-8", "replace"),
        }


class WarmParent:
    """Forks a child at a time. `settings` is what `sandbox.py` and `enter.py` agreed on."""

    def __init__(self, control: socket.socket, settings: dict, entry: Callable[[int], None], home: str):
        self.control = control
        self.settings = settings
        self.home = home
        self.made_at_home = packed(home)
        self.limits = settings["limits"]
        self.entry = entry
        # Alone in its process namespace, or the only program of a user made up for it: may kill whoever it can reach.
        self.alone = os.getpid() == 1 or settings["own_user"]

    def serve(self) -> None:
        """Serve until the other side closes the socket."""
        while True:
            message, descriptors, _, _ = socket.recv_fds(self.control, 4096, 1)
            if not message:
                return
            asked = json.loads(message)
            if "start" not in asked:
                continue  # to kill a child that ended by itself just now
            (channel,) = descriptors
            outcome = self.run(channel)
            if outcome is None:
                return
            self.control.send(json.dumps(outcome.message(asked["start"])).encode())

    def run(self, channel: int) -> Ended | None:
        """Fork a child, watch it to its end, leave nothing behind. None where the other side has gone meanwhile."""
        # The same folder each time, with what the imports have put into it: libraries remember paths that lie there,
        # and whether they have made them (tempfile, IPython, matplotlib, joblib).
        folder = self.home
        for new in (folder, *self.settings["writable"]):
            os.mkdir(new, 0o700)
        unpack(self.made_at_home, folder)
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        before = cpu_of_the_dead()
        start = time.monotonic()
        parent = os.getpid()
        child = os.fork()
        if child == 0:
            be_the_child(self.entry, self.settings, parent, folder, channel, writing)  # does not return
        os.close(writing)
        os.close(channel)
        ended = Ended()
        try:
            still_wanted = self.watch(child, reading, ended, start, before, folder)
        finally:
            ended.left_over, ended.status = self.end_all(child)
            ended.seconds = time.monotonic() - start
            ended.cpu_seconds = cpu_of_the_dead() - before
            self.drain(reading, ended)
            os.close(reading)
            watch.empty(self.settings["scratch"])
        # The kernel ends a process that is over its own CPU time, before the watch sees it.
        if ended.limit is None and os.WIFSIGNALED(ended.status) and ended.cpu_seconds >= self.limits["cpu"]:
            ended.limit = "cpu"
        return ended if still_wanted else None

    def watch(self, child: int, reading: int, ended: Ended, start: float, before: float, folder: str) -> bool:
        """Look on until the child ends or something is over its limit. False: the other side has gone."""
        handle = os.pidfd_open(child)
        poll = select.poll()
        for descriptor in (handle, reading, self.control.fileno()):
            poll.register(descriptor, select.POLLIN)
        next_look = next_walk = start + EVERY
        try:
            while ended.limit is None:
                ready = {
                    descriptor: event for descriptor, event in poll.poll(max(0.0, next_look - time.monotonic()) * 1e3)
                }
                if reading in ready and not self.drain(reading, ended):
                    poll.unregister(reading)
                if self.control.fileno() in ready:
                    message = self.control.recv(4096)
                    if not message:
                        return False
                    ended.limit = "stopped"
                elif ended.written > self.limits["output"]:
                    ended.limit = "output"
                elif handle in ready:
                    return True
                elif (now := time.monotonic()) >= next_look:
                    walk = now >= next_walk
                    ended.limit = self.look(child, ended, now - start, before, folder if walk else None)
                    # On a machine with very many processes the looking itself takes time: a tenth at most.
                    next_look = time.monotonic() + max(EVERY, 10 * (time.monotonic() - now))
                    next_walk = now + EVERY_FOLDER if walk else next_walk
            return True
        finally:
            os.close(handle)

    def look(self, child: int, ended: Ended, seconds: float, before: float, folder: str | None) -> str | None:
        """Compare what the tree of processes uses with the limits; return the one that it is over."""
        tree = watch.descendants(os.getpid())
        for process in tree:
            if process.ended and process.parent == os.getpid() and process.pid != child:
                os.waitpid(process.pid, os.WNOHANG)  # an orphan that ended: it would count as a process for ever
        used = watch.memory(tree, self.limits["memory"])
        size = files = 0
        if self.settings["own_mount"]:
            size, files = watch.used_on_mount(self.settings["scratch"])
            used += size  # it is held in memory
        elif folder:
            size, files = watch.used_in_folder(folder, self.limits["disk"], self.limits["files"])
        ended.peak_memory = max(ended.peak_memory, used)
        over = {
            "memory": used > self.limits["memory"],
            "processes": sum(process.threads for process in tree) > self.limits["processes"],
            "cpu": cpu_of_the_dead() - before + sum(process.cpu for process in tree) > self.limits["cpu"],
            "wall": seconds > self.limits["wall"],
            "disk": size > self.limits["disk"],
            "files": files > self.limits["files"],
        }
        return next((limit for limit, is_over in over.items() if is_over), None)

    def drain(self, reading: int, ended: Ended) -> bool:
        """Take what was written to standard output and error. False at its end."""
        while ended.written <= self.limits["output"]:
            try:
                text = os.read(reading, 65536)
            except BlockingIOError:
                return True
            if not text:
                return False
            ended.output += text[: KEPT - len(ended.output)]
            ended.written += len(text)
        return True

    def end_all(self, child: int) -> tuple[int, int]:
        """Kill the child and all that it started; return how many were left besides it, and its wait status.

        The child is waited for last of all: while it is a zombie its number, which names its group, is not given away.
        """
        me = os.getpid()
        left = sum(process.pid != child and not process.ended for process in watch.descendants(me))
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            # The kernel signals a whole group in one step, in which nothing can be forked. seccomp keeps the child's
            # descendants in its group; what got out all the same is killed by number, until none is left.
            self.kill(os.killpg, child)
            if self.alone:
                self.kill(os.kill, -1)
            tree = watch.descendants(me)
            for process in tree:
                if not process.ended:
                    self.kill(os.kill, process.pid)
                elif process.parent == me and process.pid != child:
                    os.waitpid(process.pid, 0)
            if [(process.pid, process.ended) for process in tree] == [(child, True)]:
                status = os.waitpid(child, 0)[1]
                return left, status
            time.sleep(0.0005)
        raise NotGone(f"process {child} was killed {PATIENCE:g} s ago and is still there")

    @staticmethod
    def kill(how: Callable[[int, int], None], number: int) -> None:
        try:
            how(number, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return  # gone by now, or nobody there but ourselves


def packed(folder: str) -> bytes:
    """Return a folder's content as a tar file, held in memory: no submission can reach it."""
    kept = io.BytesIO()
    with tarfile.open(fileobj=kept, mode="w") as archive:
        archive.add(folder, arcname=".")
    return kept.getvalue()


def unpack(kept: bytes, folder: str) -> None:
    with tarfile.open(fileobj=io.BytesIO(kept)) as archive:
        archive.extractall(folder, filter="fully_trusted")  # it was packed before any submission


def cpu_of_the_dead() -> float:
    """Return the seconds that all descendants took that have been waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(control_number: int, settings: dict) -> None:
    """Import what is to be warm, say so, serve."""
    control = socket.socket(fileno=control_number)
    os.umask(0o077)
    # Process 1 of a namespace takes no signal from inside it for which it has no handler; Python has one for SIGINT.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    home = os.path.join(settings["scratch"], "home")
    os.mkdir(home)
    os.environ["HOME"] = os.environ["TMPDIR"] = home
    os.chdir(home)
    sys.path[:0] = settings["folders"]
    try:
        for module in settings["preload"]:
            try:
                importlib.import_module(module)
            except Exception:
                if module.startswith(OURS):
                    raise  # another one is missed by the cells that need it, and they say so
        module, _, function = settings["entry"].partition(":")
        entry = getattr(importlib.import_module(module), function)
    except Exception:
        control.send(json.dumps({"failed": traceback.format_exc(limit=-3)[-4000:]}).encode())
        return
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)  # its /proc/PID is closed to its children, its memory and descriptors too
    gc.collect()
    gc.freeze()  # the collector of a child would otherwise write to, and so copy, each page it inherits
    os.chdir(settings["scratch"])
    warm = WarmParent(control, settings, entry, home)
    watch.empty(settings["scratch"])
    control.send(json.dumps({"ready": True}).encode())
    warm.serve()
    if not settings["own_mount"]:
        os.rmdir(settings["scratch"])  # the worker may have died, and nobody else would
