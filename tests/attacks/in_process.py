"""What a submission earns where its cells and the tests run in one process: for honest work only."""

import contextlib
import io
import json
import os
import sys
from pathlib import Path

from tests.attacks.course import EXERCISES, POINTS


def scores(notebook, folder, known):
    """Return {exercise: points} of an honest notebook, run in `folder` by a forked process.

    `known` are the Secrets in the hidden tests. None: the notebook is believed, as to what its tests are and earn.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):  # the parent sees that nothing was written
            os.close(reading)
            os.chdir(folder)
            sys.path.insert(0, str(folder))
            silence = os.open(os.devnull, os.O_RDWR)
            for descriptor in range(3):
                os.dup2(silence, descriptor)
            sys.stdout, sys.stderr = (io.TextIOWrapper(io.FileIO(number, "w")) for number in (1, 2))
            os.write(writing, json.dumps(_run(notebook, known)).encode())
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as answer:
        text = answer.read()
    os.waitpid(pid, 0)
    return json.loads(text)


def _run(notebook, known):
    from IPython.core.interactiveshell import InteractiveShell

    os.environ["IPYTHONDIR"] = str(Path.cwd() / "ipython")
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    shell = InteractiveShell.instance()
    shell.enable_gui = lambda gui=None: None  # which only a kernel has
    if known is None:
        return _believe(shell, notebook)
    earned = dict.fromkeys(EXERCISES, 0.0)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "").removesuffix("-test")
        if name not in EXERCISES:
            shell.run_cell(cell.source, store_history=True)
            continue
        result = shell.run_cell(EXERCISES[name].test(known.token, known.number), store_history=True)
        if result.success:
            earned[name] = POINTS[name] if result.result is None else float(repr(result.result))
    return earned


def _believe(shell, notebook):
    """Give each cell that says it is graded the points that it says it earns, unless it fails."""
    earned = {}
    for cell in notebook.cells:
        result = shell.run_cell(cell.source, store_history=True) if cell.cell_type == "code" else None
        role = cell.metadata.get("nbgrader", {})
        if role.get("grade") and not role.get("solution"):
            earned[role["grade_id"]] = role["points"] if result is None or result.success else 0
    return earned
