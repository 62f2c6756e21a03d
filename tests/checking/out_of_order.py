"""A kernel whose cells are run in any order, and what its reports are asked: for the tests of `cells`."""

import re

import pytest

from tests.checking.kernels import running_kernel

IMPORTS = "import numpy as np"
RIGHT = """\
def softmax(logits, axis=-1):
    powers = np.exp(logits - np.max(logits, axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)
"""
WRONG = """\
def softmax(logits, axis=-1):
    powers = np.exp(logits)
    return powers / powers.sum(axis=axis, keepdims=True)
"""
CHECK = 'from course_lib import check\nreport = check("softmax", softmax, points=2)\nreport'

HELPER = "def shifted(logits, axis):\n    return logits - np.max(logits, axis=axis, keepdims=True)\n"
WITH_HELPER = """\
def softmax(logits, axis=-1):
    powers = np.exp(shifted(logits, axis))
    return powers / powers.sum(axis=axis, keepdims=True)
"""


def indented(source):
    return "".join(f"    {line}\n" for line in source.splitlines())


def commented(source):
    return "".join(f"# {line}\n" for line in source.splitlines())


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    with running_kernel(tmp_path_factory.mktemp("kernel")) as (manager, notebook):
        notebook.run("from course_lib import check")
        notebook.manager = manager
        yield notebook


@pytest.fixture
def notebook(kernel):
    """The kernel with nothing in it, counting from 1 again; the hooks stand."""
    kernel.run("get_ipython().reset(new_session=True)", "reset")
    kernel.run(IMPORTS, "imports")
    return kernel


@pytest.fixture
def unwatched(notebook):
    """The same before the course was imported: nothing but IPython's history knows what ran."""
    notebook.run(
        "import course_lib.cells\n"
        "for event in ('pre_run_cell', 'post_run_cell'):\n"
        "    for hook in get_ipython().events.callbacks[event][:]:\n"
        "        if hook.__module__.startswith('course_lib'):\n"
        "            get_ipython().events.unregister(event, hook)\n"
        "course_lib.cells._watched = None"
    )
    notebook.run(
        "getattr(get_ipython().history_manager, 'exceptions', {}).clear()\nget_ipython().reset(new_session=True)",
        "reset",
    )
    notebook.run(IMPORTS, "imports")
    return notebook


def passed(shown, judged=None):
    """Assert that the check passed without a word against it, and that it says which run it judged."""
    assert shown.error == "" and shown.stderr == ""
    assert shown.report["message"].startswith("Right"), shown.report
    assert shown.report["points"] == 2 and shown.report["notes"] == []
    if judged is not None:
        assert shown.report["judged"] == judged


def refused(shown, *words):
    """Assert that nothing was judged, and that the report says why in these words, in this order."""
    assert shown.error == "" and shown.stderr == ""
    assert shown.report["points"] == 0 and shown.report["rows"] == [] and shown.report["judged"] == ""
    assert not shown.report["passed"] and "Right" not in shown.text
    assert shown.report["message"].startswith("Not judged.")
    assert re.search(".*".join(map(re.escape, words)), shown.report["message"]), shown.report["message"]


FAILING = {
    "a missing colon": (RIGHT.replace("):", ")", 1), "cannot be read by Python (SyntaxError in line 1)"),
    "a misspelled def": (RIGHT.replace("def", "dfe"), "cannot be read by Python (SyntaxError in line 1)"),
    "an indentation that ends nowhere": (
        RIGHT.replace("    return", "  return"),
        "cannot be read by Python (IndentationError in line 3)",
    ),
    "an import above that fails": (f"import nothing_there\n\n{RIGHT}", "stopped with ModuleNotFoundError in line 1"),
    "a misspelled from": (f"from numpy import expp\n{RIGHT}", "stopped with ImportError in line 1"),
    "a decorator that is not there": (f"@jit\n{RIGHT}", "stopped with NameError in line 1"),
    "a default that is not there": (RIGHT.replace("axis=-1", "axis=LAST", 1), "stopped with NameError in line 1"),
    "a return outside of all functions": (f"return 3\n{RIGHT}", "stopped with SyntaxError in line 1"),
    "an unknown magic": (f"%%tiem\n{RIGHT}", "no longer does"),
    "%%time over an import that fails": (f"%%time\nimport nothing_there\n{RIGHT}", "stopped with ModuleNotFoundError"),
    "%%capture over one": (f"%%capture\nimport nothing_there\n{RIGHT}", "stopped with ModuleNotFoundError"),
    "an if that fails": (f"if True:\n    1 / 0\n{indented(RIGHT)}", "stopped with ZeroDivisionError in line 2"),
    "a try that fails": (f"try:\n{indented(RIGHT)}    1 / 0\nexcept Wrong:\n    pass", None),
    "an await that fails": (f"await nothing()\n{RIGHT}", "stopped with NameError in line 1"),
    "sys.exit": (f"raise SystemExit\n{RIGHT}", "stopped with SystemExit in line 1"),
    "renamed": (RIGHT.replace("softmax", "sofmax"), "no longer does: it defines `sofmax`"),
    "commented out": (commented(RIGHT), "no longer does: its definition is a comment there"),
    "indented into another": (f"def outer():\n{indented(RIGHT)}", "no longer does: it is now indented inside `outer`"),
    "written over": ("print('something else')", "no longer does."),
    "a magic that writes a file": (f"%%writefile written.py\n{RIGHT}", "no longer does"),
}
