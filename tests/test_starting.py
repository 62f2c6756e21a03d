"""However a learner starts a kernel: nothing stands on stderr that no cell wrote, and `course` is found."""

import ast
import json
import logging
import os
import subprocess
import sys
import sysconfig
from importlib.metadata import version
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from course_lib import starting
from tests.browser.jupyterlab import copy_course
from tests.checking.kernels import Notebook
from tests.learner import learner_environment
from tests.library.conftest import Kernel
from tests.notebooks.chapters import CHAPTERS, code_cells, each_chapter, solved
from tests.servers import running_server
from tests.tiny_course import cell_metadata

PROGRAMS = Path(sysconfig.get_path("scripts"))
# What imports TensorFlow.
HEAVY = ("keras", "tensorflow", "tensorboard")

# Writes to stderr as a C++ library does, and waits until the kernel has seen it.
LOUD = """
import os, sys, threading
arrived, write = threading.Event(), sys.stderr.write
sys.stderr.write = lambda text: (write(text), arrived.set())
written, waited = os.write(2, b"from C"), arrived.wait(30)
"""


def imports_of(chapter: str) -> list[str]:
    """Return the lines of the chapter that import something, cell by cell."""
    cells = [ast.parse(cell.source).body for cell in code_cells(solved(chapter))]
    lines = [[ast.unparse(node) for node in cell if isinstance(node, ast.Import | ast.ImportFrom)] for cell in cells]
    return ["\n".join(line) for line in lines if line]


def first_cells() -> list[str]:
    """What is run in each kernel: TensorFlow first, as in a learner's own notebook, then the chapters' imports."""
    return ["import keras", *(cell for chapter in reversed(CHAPTERS) for cell in imports_of(chapter))]


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """A learner who starts for the first time: no settings, no caches, nothing of ours."""
    home = tmp_path_factory.mktemp("home")
    environment = learner_environment(HOME=home)
    environment.pop("OPENBLAS_NUM_THREADS", None)
    return {name: value for name, value in environment.items() if not name.startswith(("XDG_", "JUPYTER", "IPYTHON"))}


@pytest.fixture(scope="module", params=["course lab", "jupyter lab"])
def server(request, tmp_path_factory, environment):
    """JupyterLab in both ways, with no environment activated."""
    program, *rest = request.param.split()
    options = ["--no-browser", "--"] if program == "course" else ["--no-browser"]
    # In its root nbgrader's extension would read nbgrader_config.py, which sets some of the same.
    folder = copy_course(tmp_path_factory.mktemp("course")) / "notebooks"
    runtime = tmp_path_factory.mktemp("jupyter") / "runtime"
    with running_server([PROGRAMS / program, *rest, *options], folder, environment, runtime) as server:
        yield server


def complaints(notebook: Notebook) -> list[tuple[str, str]]:
    """Run the chapters' imports, and return what was wrong: (cell, its error or its lines on stderr)."""
    shown = [(cell, notebook.run(cell)) for cell in [*first_cells(), "import tensorflow"]]
    return [(cell, what.error + what.stderr) for cell, what in shown if what.error or what.stderr]


@pytest.mark.slow
def test_a_kernel_of_jupyterlab_is_quiet_and_knows_course(server):
    with server.kernel() as client:
        notebook = Notebook(client)
        assert complaints(notebook) == []
        assert f"course {version('descent')}" in notebook.run("!course --version").text


@pytest.mark.slow
def test_course_is_a_command_in_jupyterlabs_terminal(server):
    shown = server.type_in_terminal("command -v course; course --version")
    assert str(PROGRAMS / "course") in shown and f"course {version('descent')}" in shown


@pytest.mark.slow
def test_jupyterlab_keeps_explorers_in_the_notebook_however_it_was_started(server):
    """Else a chapter opened next day shows "model not found" in place of each."""
    assert server.setting("@jupyter-widgets/jupyterlab-manager:plugin")["saveState"] is True


@pytest.mark.slow
def test_a_name_missed_before_any_cell_ran_is_told_with_what_to_do(environment, tmp_path):
    """The next day: the outputs of last time are still to be seen, and Python is new."""
    kernel = Kernel(tmp_path, environment)
    try:
        notebook = Notebook(kernel.client)
        for cell in ("", "relu(3)", "np.ones(3)"):
            shown = notebook.run(cell)
            assert (starting.NEW_PYTHON in shown.text) == bool(cell), shown.text
        assert shown.error == "NameError" and "Run All Above" in starting.NEW_PYTHON
        told = notebook.run('from course_lib import check\n\ncheck("softmax", softmax)').text
        assert told.count("Run All Above") == 1 and "the cell in which you write `softmax`" in told
        notebook.run("written = 1")
        assert starting.NEW_PYTHON not in notebook.run("relu(3)").text
    finally:
        kernel.stop()


@pytest.mark.slow
def test_a_bare_kernel_is_quiet_and_knows_course(environment, tmp_path):
    """As VS Code and Colab start it."""
    kernel = Kernel(tmp_path, environment)
    try:
        notebook = Notebook(kernel.client)
        assert complaints(notebook) == []
        assert f"course {version('descent')}" in notebook.run("!course --version").text
        assert notebook.run("starting").error == "NameError"
        assert notebook.run(LOUD).stderr == "from C"
    finally:
        kernel.stop()


@pytest.mark.slow
def test_course_check_runs_a_quiet_kernel(environment, tmp_path):
    """Imports as graded cells: for those it says what nbgrader would make of a line on stderr."""
    graded = [
        new_code_cell(cell, id=f"test-{number}", metadata=cell_metadata(f"test-{number}", grade=True, points=1))
        for number, cell in enumerate(first_cells())
    ]
    loud = new_code_cell(LOUD, id="loud", metadata=cell_metadata("loud", grade=True, points=1))
    folder = copy_course(tmp_path)
    nbformat.write(new_notebook(cells=[*graded, loud]), folder / "imports.ipynb")
    done = subprocess.run(
        [PROGRAMS / "course", "check", "imports.ipynb", "--json"],
        cwd=folder, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    told = json.loads(done.stdout)["exercises"]
    assert {row["status"] for row in told[:-1]} == {"no result"}, told
    assert "stderr" in told[-1]["message"] and done.stderr == ""


@pytest.mark.slow
def test_course_lib_keeps_keras_quiet_where_no_kernels_settings_are_read(environment):
    done = subprocess.run(
        [sys.executable, "-c", "import course_lib, keras; keras.ops.ones(3)"],
        env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@each_chapter
def test_a_chapter_imports_course_lib_before_tensorflow(chapter):
    lines = "\n".join(imports_of(chapter)).splitlines()
    tensorflow = [number for number, line in enumerate(lines) if line.split()[1].partition(".")[0] in HEAVY]
    ours = [number for number, line in enumerate(lines) if line.split()[1].partition(".")[0] == "course_lib"]
    assert ours[0] < min(tensorflow, default=len(lines))


def test_what_a_user_has_set_stays(monkeypatch):
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "0")
    monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS")
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    starting.be_quiet()
    assert "TF_ENABLE_ONEDNN_OPTS" not in os.environ  # it has been read already
    monkeypatch.delitem(sys.modules, "tensorflow")
    starting.be_quiet()
    assert (os.environ["TF_CPP_MIN_LOG_LEVEL"], os.environ["TF_ENABLE_ONEDNN_OPTS"]) == ("0", "0")


def test_the_programs_come_first_on_the_path_and_once(monkeypatch):
    monkeypatch.setenv("PATH", os.pathsep.join(["/somewhere", str(PROGRAMS)]))
    for _ in range(2):
        starting.put_course_on_path()
        assert os.environ["PATH"].split(os.pathsep) == [str(PROGRAMS), "/somewhere", str(PROGRAMS)]


def test_matplotlibs_first_start_says_nothing_and_other_warnings_do(caplog):
    log = logging.getLogger("matplotlib.font_manager")
    log.warning("Matplotlib is building the font cache; this may take a moment.")
    log.warning("findfont: Font family %r not found.", "Nowhere")
    assert [record.getMessage() for record in caplog.records] == ["findfont: Font family 'Nowhere' not found."]


def test_tensorflow_does_not_tell_of_every_strategy_and_its_warnings_show(caplog):
    log = logging.getLogger("tensorflow")
    caplog.set_level(logging.INFO, "tensorflow")  # as TensorFlow itself does where there is a prompt
    log.info("Using MirroredStrategy with devices ('CPU:0',)")
    log.warning("There are non-GPU devices in `tf.distribute.Strategy`.")
    assert [record.levelname for record in caplog.records] == ["WARNING"]


@pytest.mark.slow
def test_nbval_notices_a_line_on_stderr(tmp_path):
    """Also one that a C++ library writes: what keeps every chapter's whole run quiet."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    quiet = new_code_cell("written = 1", id="quiet", execution_count=1)
    loud = new_code_cell(LOUD, id="loud", execution_count=2)
    nbformat.write(new_notebook(cells=[quiet, loud], metadata={"kernelspec": kernel}), tmp_path / "loud.ipynb")
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", f"--rootdir={root}",
         f"--confcutdir={root}", "-c", root / "pyproject.toml", "-p", "conftest", tmp_path / "loud.ipynb"],
        cwd=root, capture_output=True, text=True,
    )  # fmt: skip
    assert "1 failed, 1 passed" in done.stdout
    assert "Unexpected output fields from running code: {'stderr'}" in done.stdout
