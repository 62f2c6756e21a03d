"""The training dashboard in a notebook, where its last picture is kept, and outside of one."""

import subprocess
import sys

import nbformat
import pytest

from course_lib.commands.kernel import run_notebook

SETUP = """
import numpy as np
from course_lib.layers import Dense
from course_lib.network import Callback, Sequential
from course_lib.optimizers import SGD
from course_lib.widgets.training_dashboard import TrainingDashboard

class Stops(Callback):
    def on_epoch_end(self, epoch, logs):
        if epoch == 1:
            raise KeyboardInterrupt

x, y = np.eye(6), np.arange(6) % 3
model = Sequential([Dense(3, activation="softmax")], seed=0)
model.compile(SGD(0.1), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
dashboard = TrainingDashboard()
"""
FIT = "fitted = model.fit(x, y, 2, epochs={}, callbacks=[dashboard{}], seed=0, verbose=0)"


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    """The outputs of the cells of a notebook that fits, once, twice, and interrupted."""
    sources = [
        SETUP,
        FIT.format(2, ""),
        "\n".join([FIT.format(1, "")] * 2),
        FIT.format(5, ", Stops()"),
        "dashboard.sentence",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    run_notebook(notebook, tmp_path_factory.mktemp("run"), 60)
    return [cell.outputs for cell in notebook.cells]


def test_the_notebook_keeps_the_picture_at_the_end_of_the_cell(cells):
    _, once, twice, interrupted, later = cells
    for outputs, told in (
        (once, "Finished after epoch 2 of 2: loss"),
        (twice, "Fit 3, finished after epoch 1 of 1: loss"),
        (interrupted, "Fit 4, interrupted after epoch 2 of 5: loss"),
    ):
        data = outputs[0].data
        assert data["text/plain"].startswith(told)
        assert data["text/plain"] in data["text/html"] and len(data["image/png"]) > 5000
        assert "application/vnd.jupyter.widget-view+json" in data
    assert len(once) == len(twice) == 1
    assert [output.output_type for output in interrupted] == ["display_data", "error"]
    assert later[0].data["text/plain"] == repr(interrupted[0].data["text/plain"])


@pytest.mark.slow
def test_it_needs_neither_keras_nor_a_notebook():
    code = f"{SETUP}\n{FIT.format(2, '')}\nimport sys\nprint(dashboard.sentence, 'keras' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.startswith("Finished after epoch 2 of 2: loss") and result.stdout.endswith("False\n")
    assert result.stdout.count("\n") == 1 and result.stderr == ""
