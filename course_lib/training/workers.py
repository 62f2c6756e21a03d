"""Several workers on this computer, as processes that speak over its loopback address."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from course_lib.training.devices import tf_config

PATIENCE = 20  # seconds that the others have to notice that one has failed


class LocalWorkers:
    """Processes of `python -m MODULE ARGUMENTS…`, each told of the others by TF_CONFIG.

        with LocalWorkers(2, "--steps", "100") as workers:
            codes = workers.wait()

    At the end of the `with`, however it comes, none of them is left. What they print is in `lines(worker)`.
    """

    def __init__(self, count: int, *arguments: str, module: str = "course_lib.training"):
        self.count = count
        self._command = [sys.executable, "-m", module, *arguments]
        self._processes: list[subprocess.Popen] = []

    def __enter__(self):
        self._logs = tempfile.TemporaryDirectory(prefix="workers-")
        addresses = [f"127.0.0.1:{port}" for port in free_ports(self.count)]
        try:
            for index in range(self.count):
                self._processes.append(self._start(index, addresses))
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self, index, addresses):
        environment = {
            **os.environ,
            "TF_CONFIG": tf_config(addresses, index),
            "CUDA_VISIBLE_DEVICES": "-1",  # two processes on one GPU would take its memory from each other
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "no_proxy": "127.0.0.1",  # which a company's proxy would not find
        }
        with open(self._log(index), "w", encoding="utf-8") as log:
            return subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment,
                start_new_session=True,  # a group of its own, so that it is ended with whatever it has started
            )  # fmt: skip

    def __exit__(self, *_):
        for index in range(len(self._processes)):
            self.kill(index)
        self._logs.cleanup()

    def kill(self, worker: int) -> None:
        """End a worker at once, as a power failure would."""
        process = self._processes[worker]
        if process.poll() is None:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.wait()

    def lines(self, worker: int) -> list[str]:
        """Return what a worker has printed so far."""
        return self._log(worker).read_text(encoding="utf-8", errors="replace").splitlines()

    def wait_for(self, worker: int, text: str) -> str:
        """Wait until a worker prints a line with `text` in it, and return that line.

        Raises:
            RuntimeError: it has ended without such a line.
        """
        while True:
            has_ended = self._processes[worker].poll() is not None  # asked first: its last lines count, too
            for line in self.lines(worker):
                if text in line:
                    return line
            if has_ended:
                raise RuntimeError(f"worker {worker} ended without {text!r}: {' / '.join(self.lines(worker)[-5:])}")
            time.sleep(0.005)

    def wait(self, say=lambda line: None) -> list[int]:
        """Wait until all have ended, and return their exit codes; who waits for one that has failed is ended.

        Args:
            say: called with each line that worker 0 prints.
        """
        failed_at, said = None, 0
        while True:
            codes = [process.poll() for process in self._processes]
            for line in self.lines(0)[said:]:
                say(line)
                said += 1
            if None not in codes:
                return codes
            if any(codes) and failed_at is None:  # neither 0 nor None
                failed_at = time.monotonic()
            if failed_at is not None and time.monotonic() - failed_at > PATIENCE:
                for index in range(self.count):
                    self.kill(index)
            time.sleep(0.02)

    def _log(self, worker) -> Path:
        return Path(self._logs.name) / f"{worker}.log"


def free_ports(count: int) -> list[int]:
    """Return ports of the loopback address that nobody uses now, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
