"""JupyterLab as a learner has it: `course lab` on a copy of the course, met with a real browser."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from course_lib.commands.kernel import read_notebook
from course_lib.data import sources
from tests.learner import learner_environment

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "browser-test"

# Nothing of the browser's own may reach for the network, or open over the page.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
]

# JupyterLab asks on its first start whether it may fetch news; a saved setting is an answer.
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True},
    "apputils-extension/themes": {"theme": "JupyterLab Light"},
}


def chromium() -> str:
    """Return where the distribution's Chromium is, or the browser that CHROMIUM names.

    Raises:
        FileNotFoundError: there is none; the message says what to install.
    """
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        raise FileNotFoundError("Browser tests need Chromium: `apt-get install chromium`, or set CHROMIUM to its path.")
    return found


def copy_course(folder: Path) -> Path:
    """Make in `folder` a checkout with the chapters as learners get them, and nothing done in it yet."""
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copyfile(ROOT / "nbgrader_config.py", folder / "nbgrader_config.py")
    return folder


@contextlib.contextmanager
def running_lab(folder: Path) -> Iterator[str]:
    """Run `course lab` in the checkout `folder`, with homes and settings of its own, and lend its address.

    Raises:
        RuntimeError: it did not come up within a minute; the message ends with what it wrote.
    """
    homes = folder / "homes"
    for name, setting in SETTINGS.items():
        path = homes / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(setting))
    environment = learner_environment(
        DESCENT_HOME=homes / "descent",
        DESCENT_DATA=sources.folder(),  # what has been fetched for this user already
        HOME=homes,
        IPYTHONDIR=homes / "ipython",
        JUPYTER_CONFIG_DIR=homes / "config",
        JUPYTER_DATA_DIR=homes / "data",
        JUPYTER_RUNTIME_DIR=homes / "runtime",
        JUPYTERLAB_SETTINGS_DIR=homes / "settings",
        JUPYTERLAB_WORKSPACES_DIR=homes / "workspaces",
    )
    port = free_port()
    options = [f"--IdentityProvider.token={TOKEN}", "--ServerApp.port_retries=0", "--allow-root"]
    command = [sys.executable, "-m", "course_lib.cli", "lab", "--no-browser", f"--port={port}", "--", *options]
    with open(homes / "lab.log", "w+b") as log:
        server = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            if not _answers(f"{address}/api/status?token={TOKEN}", server, seconds=60):
                log.seek(0)
                raise RuntimeError("JupyterLab did not start:\n" + log.read().decode(errors="replace")[-3000:])
            yield address
        finally:
            server.send_signal(signal.SIGTERM)  # upon which it shuts its kernels down
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(15)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(address: str, server: subprocess.Popen, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return False


class Chapter:
    """One chapter, open in the browser. Cells are named by the ids that they have in the file below `folder`.

    `opens` is the path of an address that opens it, where it is not the chapter's own in a fresh workspace.
    """

    def __init__(self, page: Page, address: str, chapter: str, folder: Path = ROOT / "notebooks", opens: str = ""):
        self.page = page
        name = f"{chapter}/{chapter.partition('_')[2]}.ipynb"
        self.cells = read_notebook(folder / name).cells
        # A workspace of its own: tabs of a chapter opened before would come back, and take the keys.
        page.goto(f"{address}{opens or f'/lab/workspaces/{uuid.uuid4()}/tree/{name}'}?token={TOKEN}")
        self.panel = page.locator(".jp-NotebookPanel:visible")
        expect(self.panel.locator(".jp-Cell")).to_have_count(len(self.cells), timeout=60_000)
        self.wait_until_idle(60)

    def close_file_browser(self) -> None:
        """Leave the whole width to the notebook."""
        expect(self.page.locator("#filebrowser")).to_be_visible()
        self.page.keyboard.press("ControlOrMeta+b")
        expect(self.page.locator("#filebrowser")).not_to_be_visible()

    def cell(self, name: str) -> Locator:
        index = next(index for index, cell in enumerate(self.cells) if cell.id == name)
        return self.panel.locator(".jp-Cell").nth(index)

    def source(self, name: str) -> str:
        return next(cell.source for cell in self.cells if cell.id == name)

    def before(self, name: str) -> str:
        """Return the id of the cell before this one."""
        ids = [cell.id for cell in self.cells]
        return ids[ids.index(name) - 1]

    def first_code_cell(self) -> str:
        return next(cell.id for cell in self.cells if cell.cell_type == "code")

    def output(self, name: str) -> Locator:
        return self.cell(name).locator(".jp-OutputArea-output")

    def wait_until_idle(self, seconds: float) -> None:
        """Wait until the kernel is idle and no cell is waiting for it."""
        # The status bar, since a narrow page has no room for the toolbar's own circle.
        idle = self.page.locator("#jp-main-statusbar").get_by_text("| Idle")
        expect(idle).to_be_visible(timeout=1000 * seconds)
        waiting = self.panel.locator(".jp-InputPrompt").filter(has_text="[*]")
        expect(waiting).to_have_count(0, timeout=1000 * seconds)
        expect(idle).to_be_visible(timeout=1000 * seconds)

    def run_all(self, seconds: float) -> None:
        """Choose Run → Run All Cells, and wait for the last code cell's number and an idle kernel."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        last = [cell.id for cell in self.cells if cell.cell_type == "code"][-1]
        expect(self.prompt(last)).to_have_text(re.compile(r"\[\d+\]"), timeout=1000 * seconds)
        self.wait_until_idle(seconds)

    def prompt(self, name: str) -> Locator:
        return self.cell(name).locator(".jp-InputPrompt")

    def write(self, name: str, source: str) -> None:
        """Put `source` into a code cell, as a paste does: typed keys would be indented and closed by the editor."""
        cell = self.cell(name)
        cell.scroll_into_view_if_needed()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(source)
        expect(cell.locator(".cm-content")).to_contain_text(source.splitlines()[-1].strip())

    def run(self, name: str, seconds: float = 60) -> None:
        """Run one cell by Ctrl+Enter and wait until it has a new number."""
        before = self.prompt(name).inner_text()
        self.cell(name).locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+Enter")
        expect(self.prompt(name)).not_to_have_text(before, timeout=1000 * seconds)
        expect(self.prompt(name)).to_have_text(re.compile(r"\[\d+\]"), timeout=1000 * seconds)
        self.wait_until_idle(seconds)

    def answer(self, exercise: str, source: str) -> Locator:
        """Write `source` as the answer, run it and its check, and return the report, the first thing that it shows."""
        self.write(f"{exercise}-answer", source)
        self.run(f"{exercise}-answer")
        self.run(f"{exercise}-check")
        return self.output(f"{exercise}-check").first
