"""The worker's side of the sandbox: start the warm parent, ask it for children, read how they ended."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields

from course_lib.grading.sandbox import enter

LAYERS = ("bubblewrap", "landlock", "seccomp")

SLOW_IMPORTS = 300.0  # seconds for the warm parent to import TensorFlow for the first time on a busy machine
SLOW_ENDING = 30.0  # seconds beyond the wall time for it to say how a child ended

LIMITS_IN_WORDS = {
    "wall": "took more than {wall:g} seconds",
    "cpu": "computed for more than {cpu:g} seconds",
    "memory": "used more memory than {memory_in_mib} MiB",
    "processes": "ran more than {processes} processes and threads at once",
    "disk": "wrote more than {disk_in_mib} MiB of files",
    "files": "made more than {files} files",
    "output": "printed more than {output} characters",
    "stopped": "was stopped from outside",
}


class SandboxError(Exception):
    """The sandbox cannot be had, or broke. One sentence: what is wrong, and what to do."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use, all its processes taken together.

    `wall` and `cpu` are seconds; `memory`, `disk` and `output` bytes; `files` is a number of files and folders;
    `processes` counts threads too. `open_files` alone holds for each process. No process may map more than `memory`.
    """

    wall: float = 120.0
    cpu: float = 60.0
    memory: int = 2 * 2**30
    processes: int = 64
    disk: int = 256 * 2**20
    files: int = 10_000
    output: int = 2**20
    open_files: int = 256


@dataclass(frozen=True)
class Outcome:
    """How a child ended.

    `exit_code` is None where a signal ended it, `signal` its number then. `limit` is the field of `Limits` that it was
    over, or "stopped". `left_over` counts the processes besides it that had to be killed, `output` is the beginning of
    what it wrote to file descriptors 1 and 2, `peak_memory` is in bytes as the watch saw it, 0 if the child was faster.
    """

    exit_code: int | None
    signal: int | None
    limit: str | None
    seconds: float
    cpu_seconds: float
    peak_memory: int
    left_over: int
    output: str

    @property
    def clean(self) -> bool:
        """Whether the entry point returned by itself."""
        return self.exit_code == 0 and self.limit is None

    def in_words(self, limits: Limits) -> str:
        """Say how it ended in a few words that continue "the submission …"."""
        if self.limit:
            words = LIMITS_IN_WORDS[self.limit]
            return words.format(**asdict(limits), memory_in_mib=limits.memory >> 20, disk_in_mib=limits.disk >> 20)
        if self.signal:
            return f"was ended by {signal.Signals(self.signal).name}"
        return "ended" if self.exit_code == 0 else f"ended with exit code {self.exit_code}"


class Child:
    """A child in the sandbox. `channel` is our end of a socket pair; its entry point was called with the other."""

    def __init__(self, sandbox: Sandbox, number: int, channel: socket.socket):
        self.channel = channel
        self._sandbox = sandbox
        self._number = number
        self._outcome: Outcome | None = None

    def wait(self) -> Outcome:
        """Return how it ended, as soon as nothing of it is left.

        Raises:
            SandboxError: the warm parent died or does not answer. The next `start` makes a new one.
        """
        if self._outcome is None and self._sandbox._running is not self:
            raise SandboxError("the warm parent died, and the child with it")
        if self._outcome is None:
            self._outcome = self._sandbox._ended(self._number)
        return self._outcome

    def kill(self) -> None:
        """End it now; `wait` then tells."""
        if self._outcome is None and self._sandbox._running is self:
            self._sandbox._send({"kill": self._number})

    def close(self) -> None:
        """End it if it still runs, and close our end of the channel."""
        self.channel.close()
        with contextlib.suppress(SandboxError):  # the warm parent died, and the child with it
            self.kill()
            self.wait()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_) -> None:
        self.close()


class Sandbox:
    """A warm parent in the sandbox, from which a child is forked for each submission, one at a time.

    Args:
        entry: "package.module:function", called in each child with the file descriptor of its end of the channel.
        preload: modules to import before the first fork; of others than ours those that can be. They must run nothing
            that threads or a fork would break: TensorFlow may be imported, none of its operations run.
        folders: more folders that a child may read, and import from: a course's own helper modules, its data.
        limits: what one submission may use.
        layers: which of LAYERS to put on; by default those that hold on this machine, found by trying them.
        without_protection: run untrusted code even where `layers` do not suffice.
    Raises:
        SandboxError: the layers do not suffice, or the warm parent does not start.
    """

    def __init__(
        self,
        entry: str,
        *,
        preload: Sequence[str] = (),
        folders: Sequence[str | os.PathLike] = (),
        limits: Limits = Limits(),
        layers: Collection[str] | None = None,
        without_protection: bool = False,
    ):
        if layers is None:
            from course_lib.grading.sandbox import trial  # which uses this module

            layers = trial.layers_that_hold()
        if not (suffices(layers) or without_protection):
            raise SandboxError(REFUSAL)
        self.limits = limits
        self.layers = tuple(layer for layer in LAYERS if layer in layers)
        self._settings = {
            "entry": entry,
            "preload": list(preload),
            "folders": [os.path.realpath(folder) for folder in folders],
            "limits": asdict(limits),
            "layers": self.layers,
            "environment": enter.environment(),
            "own_mount": "bubblewrap" in self.layers,
            "writable": [enter.SHARED_MEMORY, enter.TEMPORARY] if "bubblewrap" in self.layers else [],
        }
        self._count = 0
        self._running: Child | None = None
        self._process: subprocess.Popen | None = None
        self._scratch: str | None = None
        self.uid: int | None = None
        self._make_parent()

    def start(self) -> Child:
        """Fork a child; if the warm parent died, make a new one first."""
        if self._running and self._running._outcome is None:
            raise SandboxError("a sandbox runs one submission at a time: wait for the one before, or use a second one")
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._make_parent()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._count += 1
        with theirs:
            try:
                message = json.dumps({"start": self._count}).encode()
                socket.send_fds(self._control, [message], [theirs.fileno()])
            except OSError as error:
                ours.close()
                raise self._broken("the warm parent died") from error
        self._running = Child(self, self._count, ours)
        return self._running

    def close(self) -> None:
        """End the warm parent and all that runs below it. `start` would make a new one."""
        self._running = None
        if self._process is None:
            return
        self._control.close()  # which it takes as the end
        try:
            self._process.wait(SLOW_ENDING)
        except subprocess.TimeoutExpired:
            self._kill_parent()
        self._errors.close()
        self._process = None
        if self._scratch:
            # Empty, unless the parent died. It may then be too deep; it stays, since root must not follow paths in it.
            with contextlib.suppress(RecursionError):
                shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch = None

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def _make_parent(self) -> None:
        if not sys.platform.startswith("linux"):
            raise SandboxError(
                "learner's code is graded on Linux only: elsewhere use the container, or a virtual machine"
            )
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # The kernel adds to each message who sent it: the process and user id as this side sees them.
        self._control.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        if "bubblewrap" in self.layers:
            scratch = enter.SCRATCH
        else:
            self._scratch = scratch = tempfile.mkdtemp(prefix="submission-")
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the sandbox)
        with theirs:
            self._process = subprocess.Popen(
                enter.command("enter", theirs.fileno(), {**self._settings, "scratch": scratch}),
                stdin=subprocess.DEVNULL,
                stdout=self._errors,
                stderr=self._errors,
                pass_fds=[theirs.fileno()],
                env=enter.ENVIRONMENT,
            )
        try:
            self._pid = self._process.pid
            answer = self._receive(SLOW_IMPORTS)
            if "failed" in answer:
                raise SandboxError(f"what is to be imported in the sandbox fails: {answer['failed'].strip()}")
            if self.uid == 0:
                raise SandboxError("learner's code is never run as root, and the sandbox is")
        except BaseException:
            self.close()
            raise

    def _send(self, message: dict) -> None:
        try:
            self._control.send(json.dumps(message).encode())
        except OSError as error:
            raise self._broken("the warm parent died") from error

    def _receive(self, timeout: float) -> dict:
        self._control.settimeout(timeout)
        try:
            message, ancillary, _, _ = self._control.recvmsg(2**18, socket.CMSG_SPACE(12))
        except TimeoutError:
            self._kill_parent()
            raise self._broken(f"the warm parent did not answer for {timeout:g} s") from None
        except OSError:
            message = b""
        finally:
            self._control.settimeout(None)
        if not message:
            raise self._broken("the warm parent died")
        for level, kind, data in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
                self._pid, self.uid, _ = struct.unpack("iII", data)
        return json.loads(message)

    def _ended(self, number: int) -> Outcome:
        answer = self._receive(self.limits.wall + SLOW_ENDING)
        if answer.get("ended") != number:
            raise self._broken("the warm parent answered out of turn")
        return Outcome(**{field.name: answer[field.name] for field in fields(Outcome)})

    def _broken(self, what: str) -> SandboxError:
        """Return an error that says so, with the last line of what bubblewrap or Python said."""
        self._running = None
        try:
            self._process.wait(1)
        except subprocess.TimeoutExpired:
            self._kill_parent()
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        return SandboxError(f"{what}: {lines[-1]}" if lines else what)

    def _kill_parent(self) -> None:
        """Kill the warm parent itself, not only bubblewrap around it: its process namespace ends with it."""
        for pid in {self._pid, self._process.pid}:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._process.wait()


REFUSAL = (
    "learner's code is not run, since this machine cannot hold it: it needs seccomp and one of bubblewrap and Landlock "
    "(`course doctor` says which hold and what to do)"
)


def suffices(layers: Collection[str]) -> bool:
    """Whether the layers keep a submission from files, network and processes: seccomp, and one that keeps files."""
    return "seccomp" in layers and ("bubblewrap" in layers or "landlock" in layers)
