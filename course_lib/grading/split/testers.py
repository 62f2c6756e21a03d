"""The fork server of testers: a trusted process that imports what the teacher's notebook imports, once, and forks.

`Testers` is the worker's side. A job and the channel to the learner's process go in, results come out one by one, so
that those before a crash are kept. The worker itself forks nothing: it may have threads, as a Jupyter server has.

Started as a program, with the number of a socket as its argument, this module is the process that forks.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pickle
import resource
import select
import shutil
import signal
import site
import socket
import struct
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from course_lib.grading.sandbox import SandboxError, child, enter, kernel, landlock, seccomp

MEMORY = 8 * 2**30  # bytes of address space of a tester: a hostile answer shall not take the machine's
SLOW = 20.0  # seconds beyond its own limit after which a cell's tester is killed
SLOW_IMPORTS = 300.0  # seconds
ONE_CORE = "course_lib.grading.split.one_core"
LOST = "the process that runs the tests was lost; the machine may be short of memory"
ROOT = str(Path(__file__).resolve().parents[3])


class Testers:
    """Starts the process that forks testers, and makes it anew when it died.

    Args:
        modules: imported before the first fork; those that cannot be are left to the tests, which will say so.
        exercises: names of exercises whose modules are imported too.
    """

    def __init__(self, modules: Sequence[str] = (), exercises: Sequence[str] = ()):
        self._settings = {"modules": list(modules), "exercises": list(exercises)}
        self._process: subprocess.Popen | None = None

    def run(self, job, channel: socket.socket, seconds: float) -> Iterator[dict]:
        """Yield the results of `job`'s cells, the fields of `CellResult`. After `seconds` the tester is killed.

        Raises:
            SandboxError: no tester came to be, which is nothing that a submission does.
        """
        self.start()
        ours, theirs = socket.socketpair()
        with ours:
            end = time.monotonic() + seconds
            deadline = end
            pid = None
            try:
                with theirs:
                    socket.send_fds(self._control, [b"job"], [channel.fileno(), theirs.fileno()])
                _send(ours, pickle.dumps(job))
            except OSError as error:
                raise SandboxError(f"{LOST} ({error})") from None
            try:
                while (line := _receive(ours, deadline)) is not None:
                    message = json.loads(line)
                    if "pid" in message:
                        pid = message["pid"]
                    else:
                        yield message
                    # A test that computes in C heeds no signal.
                    deadline = min(end, time.monotonic() + job.seconds + SLOW)
                if pid is None:
                    raise SandboxError(LOST)
            finally:
                if pid is not None:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)

    def start(self) -> list[str]:
        """Start the process unless it runs; return the modules that could be imported, the exercises' among them.

        Raises:
            SandboxError: it does not start.
        """
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._start()
        return self._imported

    def close(self) -> None:
        """End the process. `run` would start a new one."""
        if self._process is not None:
            self._control.close()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._errors.close()
            self._process = None

    def __enter__(self) -> Testers:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def _start(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the process)
        code = f"import sys; sys.path.insert(0, {ROOT!r}); from course_lib.grading.split import testers; testers.main()"
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", code, str(theirs.fileno()), json.dumps(self._settings)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=self._errors,
                stderr=self._errors,
                env=_environment(),
            )
        self._control.settimeout(SLOW_IMPORTS)
        try:
            ready = self._control.recv(2**16)
        except TimeoutError:
            ready = b""
        self._control.settimeout(None)
        if not ready:
            self._errors.seek(0)
            lines = self._errors.read().decode("utf-8", "replace").strip().splitlines() or ["it did not start"]
            self.close()
            raise SandboxError(f"the process for the tests does not start: {lines[-1]}")
        self._imported = json.loads(ready)


def _environment() -> dict[str, str]:
    one_thread = (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "TF_NUM_INTRAOP_THREADS",
        "TF_NUM_INTEROP_THREADS",
    )
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "CUDA_VISIBLE_DEVICES": "-1"}
    inline = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | dict.fromkeys(one_thread, "1") | quiet | inline


def _send(end: socket.socket, data: bytes) -> None:
    end.sendall(struct.pack("<Q", len(data)) + data)


def _receive(end: socket.socket, deadline: float | None = None) -> bytes | None:
    """Return the next message, or None at the end or when time is up."""
    parts = bytearray()
    wanted = 8
    while len(parts) < wanted:
        if deadline is not None:
            end.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            part = end.recv(min(wanted - len(parts), 2**20))
        except (TimeoutError, ConnectionError):
            return None
        if not part:
            return None
        parts += part
        if len(parts) == 8 and wanted == 8:
            wanted += struct.unpack("<Q", bytes(parts))[0]
    return bytes(parts[8:])


# --- The process that forks ------------------------------------------------------------------------------------------


def main() -> None:
    """Import, say so, fork a tester for each job."""
    control = socket.socket(fileno=int(sys.argv[1]))
    settings = json.loads(sys.argv[2])
    os.environ["IPYTHONDIR"] = tempfile.mkdtemp(prefix="ipython-")
    from course_lib.grading.split import namespace, tester

    namespace.warm_shell()
    if ROOT not in (*site.getsitepackages(), site.getusersitepackages()):
        # It holds more than this package: `import tests` means what lies beside the notebook.
        sys.path[:] = [path for path in sys.path if os.path.realpath(path) != ROOT]
    imported = []
    for module in settings["modules"]:
        with contextlib.suppress(Exception):  # it is none, or not installed: the tests that need it will say so
            importlib.import_module(module)
            imported.append(module)
    importlib.import_module(ONE_CORE)
    for name in settings["exercises"]:
        with contextlib.suppress(KeyError):
            tester.notebook.exercises.find(name)
    _warm_references(settings["exercises"], tester.notebook)
    namespace.warm_shell().warm_tracebacks()
    gc.collect()
    gc.freeze()
    imported += [name for name in sys.modules if name.startswith("course_lib.exercises.")]
    control.send(json.dumps(imported).encode())
    running: dict[int, str] = {}  # the folder of each tester
    while True:
        select.select([control], [], [], 1.0 if running else None)
        for pid in [pid for pid in running if os.waitpid(pid, os.WNOHANG)[0]]:
            shutil.rmtree(running.pop(pid), ignore_errors=True)
        if not select.select([control], [], [], 0)[0]:
            continue
        message, descriptors, _, _ = socket.recv_fds(control, 16, 2)
        if not message:
            break
        channel, report = descriptors
        folder = os.path.realpath(tempfile.mkdtemp(prefix="tests-"))
        pid = os.fork()
        if pid == 0:
            control.close()
            _be_a_tester(channel, report, folder)
        running[pid] = folder
        os.close(channel)
        os.close(report)
    for pid, folder in running.items():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(os.environ["IPYTHONDIR"], ignore_errors=True)


def _warm_references(names: list[str], notebook: Any) -> None:
    """Compute what right answers give on the visible checks, which have the same seed for everybody.

    Not where TensorFlow is imported: a process that has run one of its operations may not be forked.
    """
    if "tensorflow" in sys.modules:
        return
    from course_lib.checking import judge, observe

    for name in names:
        with contextlib.suppress(KeyError, observe.BrokenExerciseError):  # the check itself will say so
            judge.known_truth(notebook.exercises.find(name), 0)


def _confine(folder: str, job: Any) -> None:
    """Give up what tests do not need, as far as the kernel can hold it: a test may open a path that a learner gave.

    What is left: the environment and the teacher's files beside the notebook, to be read, and the tester's own folder.
    """
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    entries = os.scandir(job.folder) if job.folder else ()
    beside = [entry.path for entry in entries if not entry.name.endswith(".ipynb")]
    for path in beside:
        os.symlink(path, os.path.join(folder, os.path.basename(path)))
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    scoped = False
    if landlock.version() > 0:
        ours = [*enter.environment(), ROOT + "/course_lib", *sys.path, *job.readable, *beside]
        readable = [os.path.realpath(path) for path in (*ours, *child.SYSTEM_FILES) if os.path.exists(path)]
        landlock.restrict(readable, child.DEVICES, [folder])
        scoped = landlock.version() >= landlock.SIGNALS_ABI
    with contextlib.suppress(OSError):  # a kernel without seccomp; `course doctor` says so
        seccomp.install(None if scoped else os.getpid())


def _be_a_tester(channel: int, report: int, folder: str) -> None:
    code = 1
    try:
        from course_lib.grading.split.tester import Tester

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        end = socket.socket(fileno=report)
        _send(end, json.dumps({"pid": os.getpid()}).encode())
        job = pickle.loads(_receive(end))
        _confine(folder, job)
        tester = Tester(job, socket.socket(fileno=channel), folder)
        tester.run(lambda result: _send(end, json.dumps(asdict(result)).encode()))
        _send(end, json.dumps({"recorded": sorted(tester.link.recorded)}).encode())
        code = 0
    except BaseException:
        os.write(2, traceback.format_exc(limit=-10).encode("utf-8", "replace")[-8000:])
    finally:
        os._exit(code)
