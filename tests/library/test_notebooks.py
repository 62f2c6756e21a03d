"""What a learner writes in a notebook is used: in its later cells, in later chapters, in the explorers."""

import json

import pytest

from course_lib.library.shelf import Shelf
from tests.library.answers import ADAM, RELU, SOFTMAX
from tests.library.conftest import settled

IMPORTS = "import numpy as np\nfrom course_lib import activations, check, optimizers, yours"
USE = "print(yours.softmax(np.zeros(2)), yours.relu(np.array([-1.0])))"


@pytest.fixture
def first(kernels, work):
    kernel = kernels(work / "01_activations")
    kernel.run(IMPORTS)
    return kernel


@pytest.mark.slow
def test_what_passes_is_used_in_later_cells_later_chapters_and_explorers(first, kernels, work):
    first.run(RELU)
    assert "my relu" not in first.run("yours.relu(np.ones(1))")
    assert "From here on `yours.relu` is your own." in first.run('print(check("relu", relu))')
    assert "my relu" in first.run("yours.relu(np.ones(1))")
    for name, cell in (("softmax", SOFTMAX), ("Adam", ADAM)):
        first.run(cell)
        assert f"`yours.{name}` is your own" in first.run(f'print(check("{name}", {name}))')
    later = kernels(work / "05_optimizers")  # which waits for what is being verified
    later.run(IMPORTS)
    shown = later.run(USE)
    assert "my softmax" in shown and "my relu" in shown
    assert later.run('print(yours.whose("Adam"))') == "your own, from your_library/optimizers.py"
    assert later.run("print(type(yours.Adam(0.1)).__module__)") == "your_library.optimizers"
    race = later.run("from course_lib.widgets.optimizer_race import OptimizerRace\nprint(OptimizerRace().sentence)")
    assert "your Adam has the loss" in race and "your SGD" not in race
    explorer = "from course_lib.widgets.activation_explorer import ActivationExplorer\n"
    shown = later.run(explorer + 'print(ActivationExplorer("activation-explorer?function=ReLU").sentence)')
    assert shown.startswith("your ReLU at z = 2: value 2, slope 1")


def test_a_wrong_answer_is_never_used(first):
    first.run("def relu(x):\n    print('wrong')\n    return abs(x)")
    assert "✗" in first.run('print(check("relu", relu))')
    assert "wrong" not in first.run("yours.relu(np.ones(1))")
    first.run(RELU)
    first.run('check("relu", relu)')
    first.run("def relu(x):\n    print('wrong')\n    return abs(x)")
    first.run('check("relu", relu)')
    assert "my relu" in first.run("yours.relu(np.ones(1))")


WRAPPERS = {
    "yours": "def relu(x):\n    return yours.relu(x)",
    "yours by getattr": "def relu(x):\n    return getattr(yours, 're' + 'lu')(x)",
    "yours by name": "from course_lib.yours import relu as other\ndef relu(x):\n    return other(x)",
    "the library's file": "from your_library.activations import relu as mine\ndef relu(x):\n    return mine(x)",
    "imported inside": "def relu(x):\n    import your_library.activations as a\n    return a.relu(x)",
    "the reference": "def relu(x):\n    return activations.relu(x)",
    "the reference by another name": "from course_lib.activations import relu as other\nrelu = lambda x: other(x)",
    "a helper": "def helper(x):\n    return activations.relu(x)\ndef relu(x):\n    return helper(x)",
    "a table": "def relu(x):\n    return activations.get('relu')[0](x)",
    "a layer": "from course_lib.layers import Activation\ndef relu(x):\n    return Activation('relu', 'float64')(x)",
    "no code of one's own": "relu = np.vectorize(activations.relu)",
    "another thread": "from concurrent.futures import ThreadPoolExecutor\n"
    "def relu(x):\n    with ThreadPoolExecutor() as pool:\n        return pool.submit(activations.relu, x).result()",
    "a second try": "def relu(x):\n    try:\n        return yours.relu(x)\n    except Exception:\n"
    "        return activations.relu(x)",
}


def test_a_wrapper_earns_nothing_and_everything_else_goes_on(first, work):
    first.run(RELU)
    first.run('check("relu", relu)')
    settled(Shelf(work))
    first.run("yours.relu(np.ones(1))")
    for way, cell in WRAPPERS.items():
        first.run(cell)
        shown = first.run('report = check("relu", relu)\nprint(report.points, report)')
        assert shown.startswith("0.0"), f"{way}: {shown}"
    first.run("import course_lib.optimizers\nclass Adam(optimizers.Adam):\n    pass\nAdam2 = yours.Adam")
    assert "0.0" in first.run('check("Adam", Adam)') and "0.0" in first.run('check("Adam", Adam2)')
    assert first.run("print(activations.relu(np.array([-1.0, 2.0])))") == "[0. 2.]"
    first.run("def swish_and_slope(x):\n    s = yours.sigmoid(x)\n    return x * s, s * (1 + x * (1 - s))")
    assert "Right" in first.run('print(check("swish_and_slope", swish_and_slope))')  # another exercise's is no wrapper


@pytest.mark.slow
def test_what_cannot_stand_alone_is_used_here_and_said_to_be(first, kernels, work):
    first.run("zero = np.random.default_rng(0).normal() * 0")
    first.run(RELU.replace("(x, 0)", "(x, zero)"))
    shown = first.run('print(check("relu", relu))')
    assert "In this notebook `yours.relu` is your own; it is not kept for later, because it reads `zero`" in shown
    assert "my relu" in first.run("yours.relu(np.ones(1))")
    later = kernels(work / "05_optimizers")
    assert "it reads `zero`" in later.run("from course_lib import yours\nprint(yours.whose('relu'))")


@pytest.mark.slow
def test_two_notebooks_at_once_keep_what_both_have_written(first, kernels, work):
    second = kernels(work / "08_mnist_mlp")
    second.run(IMPORTS)
    first.run(RELU)
    second.run(SOFTMAX)
    second.run("def relu(x):\n    print('the second')\n    return np.where(x > 0, x, 0)")
    for kernel, name in ((first, "relu"), (second, "softmax"), (second, "relu")):
        kernel.run(f'check("{name}", {name})')
    settled(Shelf(work))
    assert "my softmax" in first.run(USE) and "the second" in first.run(USE)  # the newer one
    text = (work / "your_library" / "activations.py").read_text()
    assert text.count("# %% relu") == text.count("# %% softmax") == 1


def test_a_home_that_cannot_be_written_is_said_and_the_answer_used_here(first, tmp_path):
    (tmp_path / "file").write_text("no folder")
    first.run(f"import os\nos.environ['DESCENT_HOME'] = {str(tmp_path / 'file' / 'home')!r}")
    first.run(RELU)
    shown = first.run('print(check("relu", relu))')
    assert "In this notebook `yours.relu` is your own." in shown and shown.count("Nothing can be kept in") == 1
    assert "my relu" in first.run("yours.relu(np.ones(1))")


def test_nothing_is_kept_or_used_while_grading(first, work):
    first.run("import os\nos.environ['NBGRADER_EXECUTION'] = 'autograde'")
    first.run(RELU)
    assert first.run('check("relu", relu)') == "1.0"
    assert "my relu" not in first.run("yours.relu(np.ones(1))") and not (work / "your_library").exists()


def test_progress_of_before_is_found_in_work(first, work, tmp_path):
    earlier = tmp_path / "data" / "descent" / "progress.json"
    earlier.parent.mkdir(parents=True)
    earlier.write_text(json.dumps({"tanh": {"points": 1.0, "max_points": 1.0, "passed": True}}))
    first.run(RELU)
    first.run('check("relu", relu)')
    assert {"relu", "tanh"} <= set(json.loads((work / "progress.json").read_text())["exercises"])


def test_what_is_run_without_a_history_is_kept_as_well(kernels, work):
    """As nbval runs a chapter: what is said of an answer must not hang on whether the verifier was quicker."""
    kernel = kernels(work / "01_activations")
    for cell in (IMPORTS, RELU, 'report = check("relu", relu)'):
        kernel.run(cell, keeps_history=False)
    shelf = Shelf(work)
    settled(shelf)
    assert shelf.entries()["relu"].is_used and "__main__" not in shelf.text("activations")
    again = kernel.run('print(check("relu", relu))', keeps_history=False)
    assert "From here on `yours.relu` is your own." in again
