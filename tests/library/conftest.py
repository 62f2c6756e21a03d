"""Homes, kernels and verified answers for the tests of the library."""

import sys
import time

import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from course_lib.library.shelf import Draft, Shelf
from course_lib.library.verify import settle
from tests.learner import learner_environment


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """An empty library, which is that of this process."""
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    return Shelf()


@pytest.fixture
def keep(shelf):
    """keep(name, source, topic="activations"): verify an answer as the detached process does, here and now."""

    def keep(name, source, topic="activations", **more):
        shelf.submit(Draft(name, "01_activations", topic, source, **more))
        settle(shelf, name)

    return keep


class ThisPython(KernelManager):
    @property
    def kernel_spec(self):
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=command, display_name="Python 3", language="python", name="python3")


class Kernel:
    """A notebook's kernel: runs a cell, and returns what the cell shows as text."""

    def __init__(self, folder, environment):
        self.manager = ThisPython()
        self.manager.start_kernel(cwd=str(folder), env=environment)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=120)

    def run(self, cell, keeps_history=True, seconds=120):
        shown = []

        def take(message):
            content = message["content"]
            match message["msg_type"]:
                case "stream":
                    shown.append(content["text"])
                case "execute_result":
                    shown.append(content["data"]["text/plain"])
                case "error":
                    shown.append(f"{content['ename']}: {content['evalue']}")

        self.client.execute_interactive(
            cell, output_hook=take, timeout=seconds, allow_stdin=False, store_history=keeps_history
        )
        return "".join(shown).strip()

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture
def kernels(tmp_path):
    """kernels(folder): a new kernel that runs there, with the home that a notebook there has by itself."""
    started = []

    def start(folder):
        folder.mkdir(parents=True, exist_ok=True)
        started.append(Kernel(folder, learner_environment(XDG_DATA_HOME=tmp_path / "data")))
        return started[-1]

    yield start
    for kernel in started:
        kernel.stop()


@pytest.fixture
def work(tmp_path):
    """The folder work/ of a course without chapters."""
    (tmp_path / "course" / "notebooks").mkdir(parents=True)
    (tmp_path / "course" / "nbgrader_config.py").touch()
    return tmp_path / "course" / "work"


def settled(shelf):
    """Wait until nothing waits to be verified any more."""
    until = time.monotonic() + 120
    while shelf.waiting():
        assert time.monotonic() < until, "nobody verifies what waits"
        time.sleep(0.05)
