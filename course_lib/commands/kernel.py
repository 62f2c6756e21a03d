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
from course_lib.starting import QUIET_TENSORFLOW

# TensorFlow on the processor, whatever this machine has: what stored outputs are made with. Level 3, since a build for
# GPUs that is shown none says so as an error.
STABLE_TENSORFLOW = QUIET_TENSORFLOW | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}

# The name of the error in a cell that was interrupted because its time was up.
TIME_IS_UP = "CellTimeLimit"

CLEAN_COPY = "`course reset` makes a clean copy and keeps this one."

# Seconds that a kernel may take to answer an interrupt; one that does not is beyond help.
PATIENCE = 10


@dataclass
class Run:
    """What came of running a notebook: the outputs are in its cells."""

    notebook: NotebookNode
    timed_out: set[int] = field(default_factory=set)  # indices of the cells that were interrupted
    errors: dict[int, str] = field(default_factory=dict)  # {index of a cell: the error with which it ended}
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

    raw = _read_json(path)
    try:
        if isinstance(raw, dict) and "cells" not in raw and "worksheets" in raw:  # as before 2015
            raw = nbformat.convert(nbformat.from_dict({"nbformat": 3, "metadata": {}} | raw), 4)
        if not isinstance(raw, dict):
            raise ValueError("it holds no table")
        notebook = nbformat.from_dict(raw)
        remarks = make_valid(notebook)
        rejoin_lines(notebook)
    except Exception as error:  # nbformat lets AttributeError, KeyError and its own errors through
        raise _no_notebook(path, error) from None
    return notebook, remarks


def is_valid_notebook(path: Path) -> bool:
    """Return whether JupyterLab opens the notebook in `path` without a complaint."""
    try:
        notebook = nbformat.from_dict(json.loads(path.read_text(encoding="utf-8")))
        if notebook.get("nbformat") != 4:
            return notebook.get("nbformat") in (1, 2, 3)  # which it converts
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # such as that a cell has no id
            nbformat.validate(notebook)
    except Exception:  # nbformat lets AttributeError, KeyError and its own errors through
        return False
    return True


def read_notebook(path: Path) -> NotebookNode:
    """Return the notebook in `path`, in the current format.

    Raises:
        CourseError: there is no such file, or it is no notebook; the message says where it breaks.
    """
    raw = _read_json(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # cells without ids are given some
            notebook = nbformat.reads(json.dumps(raw), as_version=4)
            nbformat.validate(notebook)
    except Exception as error:
        raise _no_notebook(path, error) from None
    return notebook


def _read_json(path: Path):
    try:
        content = path.read_bytes()
        if not content.strip():
            raise CourseError(f"{path} is empty. {CLEAN_COPY}")
        return json.loads(content)  # in UTF-8, 16 or 32, with a byte order mark or without
    except FileNotFoundError:
        raise CourseError(f"There is no file {path}.") from None
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise CourseError(f"{path} is broken: it is no text in UTF-8. {CLEAN_COPY}") from None
    except RecursionError:
        raise CourseError(f"{path} is broken: its brackets are nested too deeply. {CLEAN_COPY}") from None
    except ValueError as error:
        raise CourseError(f"{path} is broken: {error}. {CLEAN_COPY}") from None


def _no_notebook(path: Path, error: Exception) -> CourseError:
    reason = (str(error) or type(error).__name__).splitlines()[0]
    return CourseError(f"{path} is no valid notebook: {reason}. {CLEAN_COPY}")


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

    def note_error(cell, cell_index, execute_reply):
        content = execute_reply["content"]
        if content.get("ename") == TIME_IS_UP:
            run.timed_out.add(cell_index)
        run.errors[cell_index] = f"{content.get('ename')}: {content.get('evalue')}"

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
        on_cell_error=note_error,
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
                died = "the kernel died (out of memory, or a cell calls quit() or exit()?)"
                run.stopped = died if isinstance(error, DeadKernelError) else str(error)
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
            for inside in (copy, *(path for path in copy.rglob("*") if path.is_dir() and not path.is_symlink())):
                inside.chmod(0o755)  # the original may be read-only, and cells write files
        else:
            copy.mkdir()
        yield copy
