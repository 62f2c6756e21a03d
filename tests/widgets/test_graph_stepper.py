"""The graph stepper, from the kernel's side: its numbers, its steps, controls, presets and pictures."""

import re

import numpy as np
import pytest
from matplotlib.transforms import Bbox

from course_lib.exercises import find
from course_lib.gradients import numerical_gradient
from course_lib.library.shelf import Draft, Shelf
from course_lib.library.verify import settle
from course_lib.widgets.explorer import number
from course_lib.widgets.graph_stepper import GRAPHS, HIGH, WIDE, GraphStepper

each_graph = pytest.mark.parametrize("name", GRAPHS)


@pytest.fixture(scope="module")
def only_explorer():
    return GraphStepper()


@pytest.fixture
def explorer(only_explorer):
    only_explorer.state = "graph-stepper"
    return only_explorer


def begin(explorer, name, step=None, **inputs):
    explorer.state = "graph-stepper"
    explorer["graph"] = name
    for symbol, value in inputs.items():
        explorer[f"{name}.{symbol}"] = value
    explorer["steps_shown"] = GRAPHS[name].steps if step is None else step


def gradients(explorer):
    """{name: gradient as it is written} of the sentence."""
    return dict(re.findall(r"(\w) = \S+ \(gradient ([^)]+)\)", explorer.sentence))


@each_graph
def test_at_the_end_stand_the_gradients_that_are_measured(explorer, name):
    rng = np.random.default_rng(0)
    graph = GRAPHS[name]
    for _ in range(5):
        inputs = {symbol: round(float(rng.uniform(-3, 3)), 1) for symbol in graph.inputs}
        begin(explorer, name, **inputs)

        def result(numbers, graph=graph):
            return graph.values(dict(zip(graph.inputs, numbers, strict=True)))[graph.result]

        measured = numerical_gradient(result, list(inputs.values()))
        told = gradients(explorer)
        for symbol, slope in zip(inputs, measured, strict=True):
            assert float(told[symbol]) == pytest.approx(slope, rel=6e-3, abs=1e-6)
        assert f"{graph.result} = {number(result(list(inputs.values())))} (gradient 1)" in explorer.sentence


@each_graph
def test_every_step_says_what_it_does_by_which_rule(explorer, name):
    graph = GRAPHS[name]
    said = []
    for step in range(graph.steps + 1):
        begin(explorer, name, step)
        said.append(explorer.sentence)
    assert len(set(said)) == graph.steps + 1
    forwards = len(graph.nodes)
    assert "nothing is computed yet" in said[0]
    assert all(", forwards: " in each and "gradient" not in each for each in said[1 : forwards + 1])
    assert all(", backwards: " in each for each in said[forwards + 1 :])
    assert f"if {graph.result} grows" in said[forwards + 1]
    for (node, place), each in zip(graph.edges, said[forwards + 2 :], strict=True):
        assert f"From {node}, {graph.nodes[node][1][place]} gets " in each


def test_a_second_way_is_added_and_said_to_be(explorer):
    begin(explorer, "a node used twice", 5, a=3.0, b=-1.0)
    assert "From f, a gets 1 · 2 = 2. Known" in explorer.sentence and gradients(explorer)["a"] == "2"
    begin(explorer, "a node used twice", 6, a=3.0, b=-1.0)
    assert "From s, a gets 3 · 1 = 3. It had 2 already, and both are added: 5." in explorer.sentence


def test_a_sum_that_begins_with_0_is_still_a_sum(explorer):
    """What has come already is 0, and that is no reason to hide it."""
    begin(explorer, "a node used twice", 6, a=2.0, b=-2.0)
    assert "It had 0 already" in explorer.sentence


def test_negative_numbers_are_bracketed(explorer):
    begin(explorer, "a ReLU", 1)
    assert "p = a · b = 1.5 · (-1) = -1.5." in explorer.sentence


def test_an_input_is_shown_with_its_graph_alone(explorer):
    for name, graph in GRAPHS.items():
        explorer["graph"] = name
        shown = [key for key, control in explorer._controls.items() if "." in key and control.layout.display != "none"]
        assert shown == [f"{name}.{symbol}" for symbol in graph.inputs]
        assert explorer._controls["steps_shown"].max == graph.steps


@pytest.mark.parametrize("control", GraphStepper()._controls)
def test_every_control_changes_the_picture_and_the_sentence(explorer, control):
    name = control.rpartition(".")[0] or "a unit and its loss"
    begin(explorer, name, 4 if control == "steps_shown" else None)
    before, frame = explorer.sentence, explorer.stage.frame
    changed = explorer._controls[control]
    changed.value = "a ReLU" if control == "graph" else changed.value - 1
    assert explorer.sentence != before
    assert explorer.stage.frame != frame


def test_initial_values_lie_where_a_slider_can_stand():
    for name, control in GraphStepper()._controls.items():
        if hasattr(control, "step"):
            steps = (control.value - control.min) / control.step
            assert steps == pytest.approx(round(steps), abs=1e-9), name


@pytest.mark.parametrize("width", [960, 350])
def test_a_slope_stands_beside_its_edge_and_on_no_box(explorer, width):
    explorer.stage._hear({"event": "mounted", "width": width, "pixel_ratio": 1, "reduced_motion": False})
    for name, graph in GRAPHS.items():
        begin(explorer, name, **dict.fromkeys(graph.inputs, -2.7))
        for step in range(len(graph.nodes) + 2, graph.steps + 1):
            explorer["steps_shown"] = step
            explorer.stage.flush()
            slope = explorer._slope.get_window_extent()
            to_pixels = explorer._slope.axes.transData.transform
            for node, place in explorer._places.items():
                box = Bbox(to_pixels([np.array(place) + sign * np.array([WIDE, HIGH]) / 2 for sign in (-1, 1)]))
                assert not box.overlaps(slope), f"{explorer._slope.get_text()} on {node} at step {step} of {name}"
            edge = to_pixels(np.transpose(explorer._edge.get_data()))
            assert not any(slope.contains(*edge[0] + share * (edge[1] - edge[0])) for share in np.linspace(0, 1, 50))
    explorer.stage._hear({"event": "mounted", "width": 960, "pixel_ratio": 1, "reduced_motion": False})


def test_accessible_names_are_unique(explorer):
    names = [control.tooltip for control in explorer._controls.values()]
    assert len(set(names)) == len(names) and all(names)


@pytest.mark.parametrize("question", GraphStepper.presets)
def test_presets_are_states_and_what_is_done_from_there_can_be_kept(explorer, question):
    explorer.state = explorer.presets[question]
    assert explorer.state == explorer.presets[question]
    explorer["steps_shown"] -= 1
    other = GraphStepper(explorer.state)
    assert other.sentence == explorer.sentence
    assert other.state == explorer.state != explorer.presets[question]


def test_presets_show_what_they_promise(explorer):
    def told(question):
        explorer.state = explorer.presets[question]
        return {name: float(value) for name, value in gradients(explorer).items()}

    assert told("both ways add up")["a"] == 5
    assert told("a closed ReLU") == {"a": 0, "b": 0, "c": 0, "p": 0, "z": 0, "f": 1}
    assert told("three uses")["s"] == -2
    unit = told("a saturated unit")
    assert abs(unit["w"]) < 0.01 < abs(unit["y"]) == 4


def test_the_chapters_questions_are_answered_by_moving_it(explorer):
    right = find("backpropagation_questions").reference()
    begin(explorer, "a node used twice", a=3.0, b=-1.0)
    assert float(gradients(explorer)["a"]) == right["twice"]
    begin(explorer, "a ReLU", c=right["open"])
    assert float(gradients(explorer)["a"]) != 0
    begin(explorer, "a ReLU", c=right["open"] - 0.1)
    assert float(gradients(explorer)["a"]) == 0
    begin(explorer, "a unit and its loss", w=3.0)
    sizes = {name: abs(float(value)) for name, value in gradients(explorer).items() if name in "wxby"}
    assert max(sizes, key=sizes.get) == right["largest"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("optimizer-race?z=1", "begins with 'graph-stepper'"),
        ("graph-stepper?a=1", "no control 'a'"),
        ("graph-stepper?graph=a+tree", "a value that its control does not take"),
        ("graph-stepper?steps_shown=left", "steps_shown is a whole number|steps_shown is a number"),
    ],
)
def test_a_text_that_is_no_state_changes_nothing_and_says_why(explorer, text, complaint):
    explorer.state = "graph-stepper?steps_shown=3"
    with pytest.raises(ValueError, match=complaint):
        explorer.state = text
    assert explorer.state == "graph-stepper?steps_shown=3"


ENGINE = """
import math

class Value:
    def __init__(self, data, parents=(), slopes=()):
        self.data, self.grad, self.parents, self.slopes = data, 0.0, parents, slopes
    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))
    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))
    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t * t,))
    def backward(self, upstream=1.0):
        self.grad += upstream
        for parent, slope in zip(self.parents, self.slopes):
            parent.backward(upstream * slope)
"""


def test_a_readers_own_engine_is_asked_too(explorer, tmp_path, monkeypatch):
    begin(explorer, "a node used three times")
    assert "Your Value" not in explorer.sentence
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    shelf = Shelf()
    shelf.submit(Draft("Value", "04_backpropagation", "backpropagation", ENGINE))
    settle(shelf, "Value")
    begin(explorer, "a node used three times", a=2.0)
    assert explorer.sentence.endswith("Your Value gives these gradients too.")
    begin(explorer, "a node used three times", 9)
    assert "Your Value" not in explorer.sentence
    begin(explorer, "a ReLU")
    assert "Your Value" not in explorer.sentence
