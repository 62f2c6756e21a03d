"""A kernel as JupyterLab uses it: every run comes with the id of its cell."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from jupyter_client.manager import start_new_kernel

from course_lib.checking.report import JSON_MIME
from tests.learner import learner_environment


@dataclass
class Shown:
    """What a cell showed: its report (empty where there is none), its errors, and all text in the order it came."""

    report: dict = field(default_factory=dict)
    plain: str = ""
    error: str = ""
    stderr: str = ""
    text: str = ""


class Notebook:
    """Run cells in a kernel. `run(source, cell="a")` runs the cell with the id "a"; without one, a cell of its own."""

    def __init__(self, client):
        self.client = client
        self.cells = 0
        self.keeps_history = True

    def send(self, source: str, cell: str | None = "") -> str:
        self.cells += 1
        content = {"code": source, "silent": False, "store_history": self.keeps_history, "allow_stdin": False}
        content["user_expressions"] = {}
        cell = f"cell-{self.cells}" if cell == "" else cell
        metadata = {} if cell is None else {"cellId": cell}
        message = self.client.session.msg("execute_request", content, metadata=metadata)
        self.client.shell_channel.send(message)
        return message["header"]["msg_id"]

    def wait(self, sent: str) -> Shown:
        shown = Shown()
        while True:
            message = self.client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") != sent:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                break
            if kind == "error":
                shown.error = content["ename"]
                shown.text += f"{content['ename']}: {content['evalue']}\n"
            elif kind == "stream":
                shown.text += content["text"]
                shown.stderr += content["text"] if content["name"] == "stderr" else ""
            elif kind in ("execute_result", "display_data"):
                shown.report = content["data"].get(JSON_MIME, shown.report)
                shown.plain = content["data"].get("text/plain", "")
                shown.text += shown.plain + "\n"
        self.client.get_shell_msg(timeout=60)
        return shown

    def run(self, source: str, cell: str | None = "") -> Shown:
        return self.wait(self.send(source, cell))


@contextlib.contextmanager
def running_kernel(folder) -> Iterator[tuple]:
    """Lend the manager and a Notebook of a fresh kernel that works in `folder` and keeps its progress there."""
    environment = learner_environment(DESCENT_HOME=folder / "home", IPYTHONDIR=folder / "ipython")
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(folder), env=environment)
    try:
        yield manager, Notebook(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
