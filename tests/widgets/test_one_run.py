"""A cell run again leaves one explorer's widgets, and what other cells and variables keep goes on."""

import pytest
from ipywidgets.widgets.widget import _instances

from course_lib.widgets import one_run
from course_lib.widgets.question import QuestionForm, view_of
from tests.checking.kernels import Notebook
from tests.learner import learner_environment
from tests.library.conftest import Kernel
from tests.widgets.test_stage import Line, mount, pixels, show


@pytest.fixture
def run(monkeypatch):
    """run(cell, action): do it as a run of the cell with this id."""
    monkeypatch.setattr(one_run, "_made", {})
    runs = iter(range(1000))

    class Shell:
        def get_parent(self):
            return self.request

    shell = Shell()
    monkeypatch.setattr(one_run, "get_ipython", lambda: shell)

    def run(cell, action):
        header = {"msg_type": "execute_request", "msg_id": str(next(runs))}
        shell.request = {"header": header, "metadata": {"cellId": cell}}
        try:
            return action()
        finally:
            shell.request = {"header": {"msg_type": "comm_msg"}, "metadata": {}}

    return run


def test_twenty_runs_leave_the_widgets_and_the_picture_of_one(run):
    before = len(_instances)
    kept = [run("a", Line)]  # as Out keeps the explorers of all runs
    of_one = len(_instances) - before
    kept += [run("a", Line) for _ in range(19)]
    assert len(_instances) - before == of_one > 30
    assert [explorer.stage._background is None for explorer in kept] == [True] * 19 + [False]


@pytest.mark.slow
def test_a_kernel_lets_the_explorers_of_earlier_runs_go(tmp_path):
    """But for those that IPython calls `_`, `__` and `___`."""
    kernel = Kernel(tmp_path, learner_environment(HOME=tmp_path))
    try:
        notebook = Notebook(kernel.client)
        for _ in range(8):
            assert not notebook.run(f"from {Line.__module__} import Line\nLine()", cell="explorer").error
        count = "import gc\ngc.collect()\nprint(sum(isinstance(each, Line) for each in gc.get_objects()))"
        assert int(notebook.run(count).text) <= 3
    finally:
        kernel.stop()


def test_other_cells_and_a_loop_keep_theirs(run):
    other = run("b", Line)
    first = run("a", lambda: [Line() for _ in range(3)])
    assert all(line.widget.comm for line in [other, *first])
    second = run("a", lambda: [Line() for _ in range(2)])
    assert not any(line.widget.comm for line in first)
    assert all(line.widget.comm for line in [other, *second])


def test_what_a_callback_makes_is_kept(run):
    first = run("a", Line)
    Line()
    assert first.widget.comm


def test_an_explorer_that_a_variable_has_kept_is_shown_again_as_it_was(run):
    explorer = run("a", Line)
    run("a", Line)
    explorer["slope"] = 2.0
    assert explorer.sentence.startswith("At 0.50 the line is 1.00 high")
    bundle = run("b", explorer._repr_mimebundle_)
    model = bundle["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert _instances[model] is explorer.widget
    mount(explorer)
    show(explorer)
    explorer["slope"] = -1.0
    assert explorer.stage.sentence.startswith("At 0.50 the line is -0.50 high")
    assert pixels(explorer).shape[1] == 600


def test_a_question_asked_again_takes_the_place_of_the_first(run):
    before = len(_instances)
    ask = lambda: QuestionForm("How many?", lambda form, answer: None)  # noqa: E731
    first = run("a", ask)
    of_one = len(_instances) - before
    for _ in range(5):
        run("a", ask)
    assert len(_instances) - before == of_one
    assert _instances[view_of(first)["application/vnd.jupyter.widget-view+json"]["model_id"]] is first
