"""Read a notebook and run it from top to bottom, in a kernel of this very Python, in a copy of its folder."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4.rwbase import rejoin_lines

from course_lib.commands.course import LITTER, CourseError

# Deterministic and quiet TensorFlow on the processor, whatever this machine has: what stored outputs are made with.
STABLE_TENSORFLOW = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "CUDA_VISIBLE_DEVICES": "-1"}

# The name of the error in a cell that was interrupted because its time was up.
TIME_IS_UP = "CellTimeLimit"

# Seconds that a kernel may take to answer an interrupt; one that does not is beyond help.
PATIENCE = 10


@dataclass
class Run:
    """What came of running a notebook: the outputs are in its cells."""

    notebook: NotebookNode
    timed_out: set[int] = field(default_factory=set)  # indices of the cells that were interrupted
    last: int = -1  # index of the last cell that was started
    stopped: str = ""  # why the run ended before the last cell, else empty


class ThisPython(AsyncKernelManager):
    """Starts a kernel of the running Python, whatever kernels are installed and whatever the notebook names."""

    @property
    def kernel_spec(self):
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=command, display_name="Python 3", language="python", name="python3")


def read_any_notebook(path: Path) -> tuple[NotebookNode, list[str]]:
    """Return the notebook in `path`, whatever program wrote it, and what had to be repaired in it and was lost by that.

    Raises:
        CourseError: there is no such file, or it is no notebook; the message says where it breaks.
    """
    from course_lib.grading.valid_notebook import make_valid

    try:
        raw = json.loads(path.read_bytes().decode("utf-8-sig"))
        if isinstance(raw, dict) and raw.get("nbformat") == 4:
            remarks = make_valid(raw)
            notebook = nbformat.from_dict(raw)
            rejoin_lines(notebook)
            return notebook, remarks
    except (OSError, ValueError, RecursionError):
        pass  # told by the reader that repairs nothing
    return read_notebook(path), []


def read_notebook(path: Path) -> NotebookNode:
    """Return the notebook in `path`, in the current format.

    Raises:
        CourseError: there is no such file, or it is no notebook; the message says where it breaks.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CourseError(f"There is no file {path}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read: {error}.") from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # cells without ids are given some
            notebook = nbformat.reads(text, as_version=4)
            nbformat.validate(notebook)
    except nbformat.reader.NotJSONError as error:
        # nbformat quotes the whole notebook; the JSON parser says where it breaks.
        where = str(error.__cause__ or error.__context__ or "it is no JSON")
        raise CourseError(f"{path} is broken: {where}. `course reset` makes a clean copy and keeps this one.") from None
    except Exception as error:  # nbformat lets AttributeError, KeyError and its own errors through
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise CourseError(
            f"{path} is no valid notebook: {reason}. `course reset` makes a clean copy and keeps this one."
        ) from None
    return notebook


def run_notebook(
    notebook: NotebookNode,
    folder: Path,
    cell_timeout: int,
    environment: dict[str, str] | None = None,
    skip_tag: str = "",
    say: Callable[[str], None] = lambda line: None,
) -> Run:
    """Run the code cells of `notebook` in order, in place, past cells that raise; old outputs are dropped first.

    Args:
        folder: where the kernel runs.
        cell_timeout: seconds a cell may take before it is interrupted.
        environment: variables of the kernel, besides this process's own.
        skip_tag: cells with this tag are not run.
        say: called with "cell 3 of 20" before each code cell.
    """
    run = Run(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None

    def announce(cell, cell_index):
        run.last = cell_index
        say(f"cell {cell_index + 1} of {len(notebook.cells)}")

    def note_timeout(cell, cell_index, execute_reply):
        if execute_reply["content"].get("ename") == TIME_IS_UP:
            run.timed_out.add(cell_index)

    client = NotebookClient(
        notebook,
        kernel_manager_class=ThisPython,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        timeout=cell_timeout,
        interrupt_on_timeout=True,
        error_on_timeout={"ename": TIME_IS_UP, "evalue": "", "traceback": []},
        iopub_timeout=PATIENCE,
        raise_on_iopub_timeout=True,
        allow_errors=True,
        skip_cells_with_tag=skip_tag or "no tag is skipped",
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        on_cell_start=announce,
        on_cell_error=note_timeout,
    )
    client.log.disabled = True
    kernel_environment = {**os.environ, **(environment or {})}
    # Where this is set, every kernel compiles the course's modules anew.
    kernel_environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile() as kernel_log:
        try:
            client.execute(env=kernel_environment, stdout=kernel_log, stderr=kernel_log)
        except (Exception, asyncio.CancelledError) as error:
            # nbclient turns Ctrl-C into the loss of its kernel, and this is its only trace.
            if hasattr(client, "_async_cleanup_kernel_future"):
                raise KeyboardInterrupt from None
            if isinstance(error, CellTimeoutError):
                run.stopped = "a cell could neither finish nor be interrupted"
            elif client.code_cells_executed:
                run.stopped = "the kernel died (out of memory?)" if isinstance(error, DeadKernelError) else str(error)
            else:
                kernel_log.seek(0)
                last = kernel_log.read().decode(errors="replace").strip().splitlines()[-1:] or [str(error)]
                raise CourseError(f"No Python kernel starts here: {last[0]}. `course doctor` looks further.") from None
    return run


@contextmanager
def scratch_copy(folder: Path | None) -> Iterator[Path]:
    """Lend a temporary folder with a copy of `folder` in it (empty for None), so that a run changes nothing."""
    with tempfile.TemporaryDirectory(prefix="course-run-", ignore_cleanup_errors=True) as scratch:
        # Named like the original, since paths turn up in what cells print.
        copy = Path(scratch) / (folder.name if folder else "notebook")
        if folder:
            shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(*LITTER), symlinks=True)
        else:
            copy.mkdir()
        yield copy
