"""The loss explorer, from the kernel's side: its numbers, controls, presets and pictures."""

import re
import time

import numpy as np
import pytest

from course_lib import losses
from course_lib.exercises import find
from course_lib.exercises.losses.repairing import stable_binary_crossentropy
from course_lib.library import serving
from course_lib.library.serving import Live
from course_lib.widgets.loss_explorer import LossExplorer


@pytest.fixture(scope="module")
def only_explorer():
    return LossExplorer()


@pytest.fixture
def explorer(only_explorer):
    only_explorer.state = "loss-explorer"
    return only_explorer


def costs(explorer):
    """{loss: (value, slope)} of the sentence."""
    told = explorer.sentence.split(". With the outlier")[0]
    found = re.findall(r"(?:: |, )(?:your )?([^:,]+?) (\S+) \(slope (\S+)\)", told)
    return {name: (float(value), float(slope)) for name, value, slope in found}


def rises(explorer):
    return {name: float(number) for number, name in re.findall(r"(-?\d\.\d\d) by ([A-Za-z ]+)", explorer.sentence)}


@pytest.mark.parametrize("prediction", [-4.0, -0.5, 0.3, 2.0, 6.0])
@pytest.mark.parametrize("delta", [0.4, 1.0, 3.0])
def test_the_costs_of_a_number_are_those_of_the_mathematics(explorer, prediction, delta):
    explorer.state = f"loss-explorer?prediction={prediction}&delta={delta}"
    y, p = np.zeros(1), np.array([prediction])
    truth = {
        "squared error": (losses.mean_squared_error(y, p), losses.mean_squared_error_gradient(y, p)[0]),
        "absolute error": (losses.mean_absolute_error(y, p), losses.mean_absolute_error_gradient(y, p)[0]),
        "Huber": (losses.huber(y, p, delta), losses.huber_gradient(y, p, delta)[0]),
    }
    found = costs(explorer)
    assert found.keys() == truth.keys()
    for name in truth:
        assert found[name] == pytest.approx(truth[name], rel=5e-3), name


@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize("z", [-6.0, -1.3, 0.4, 5.0])
def test_the_costs_of_a_class_are_those_of_the_mathematics(explorer, label, z):
    explorer.state = f"loss-explorer?target=class+{label}&prediction={z}"
    y, logit = np.array([float(label)]), np.array([z])

    def squared(z):
        return (1 / (1 + np.exp(-z)) - label) ** 2

    truth = {
        "squared error of σ(z)": (squared(z), (squared(z + 1e-5) - squared(z - 1e-5)) / 2e-5),
        "hinge": (losses.hinge(y, logit), losses.hinge_gradient(y, logit)[0]),
        "cross-entropy": (
            losses.binary_crossentropy(y, logit, from_logits=True),
            losses.binary_crossentropy_gradient(y, logit, from_logits=True)[0],
        ),
    }
    found = costs(explorer)
    assert found.keys() == truth.keys()
    for name in truth:
        assert found[name] == pytest.approx(truth[name], rel=6e-3), name


def test_an_outlier_moves_the_line_of_squares_and_hardly_the_others(explorer):
    explorer["outlier_y"] = 5.5
    before = rises(explorer)
    explorer["outlier_y"] = -6.0
    after = rises(explorer)
    moved = {name: abs(after[name] - before[name]) for name in before}
    assert moved["squared errors"] > 0.6 and moved["Huber"] < 0.1 and moved["absolute errors"] < 0.03


def drag(explorer, index, *places):
    """Drag from one place to the next in a zone, each as a share of its width and height from the top left."""
    zone = explorer.stage.zones[index]
    moves = [(zone["left"] + x * zone["width"], zone["top"] + y * zone["height"]) for x, y in places]
    kinds = ["down", *["move"] * (len(moves) - 2), "up"]
    explorer.stage._hear(
        {"event": "pointer", "moves": [[kind, index, *at] for kind, at in zip(kinds, moves, strict=True)]}
    )


def test_prediction_and_outlier_are_dragged_and_stay_in_the_picture(explorer):
    for index in (0, 1):
        drag(explorer, index, (0.5, 0.5), (0.75, 0.5))
        assert explorer["prediction"] == pytest.approx(3.0, abs=0.1)
        drag(explorer, index, (0.5, 0.5), (1.5, 0.5))
        assert explorer["prediction"] == 6.0
    before = explorer["prediction"]
    drag(explorer, 2, (0.9, 0.7), (0.5, 0.2))
    assert (explorer["outlier_x"], explorer["outlier_y"]) == pytest.approx((5.0, 8.7), abs=0.1)
    assert f"outlier at ({explorer['outlier_x']:.3g}, {explorer['outlier_y']:.3g})" in explorer.sentence
    drag(explorer, 2, (0.5, 0.5), (0.5, 3.0))
    assert explorer["outlier_y"] == -6.0 and explorer["prediction"] == before


def test_arrow_keys_move_the_prediction_and_the_outlier(explorer):
    def press(zone, *keys):
        for key in keys:
            explorer.stage._hear({"event": "key", "zone": zone, "key": key})

    press(0, "ArrowRight", "ArrowRight", "ArrowLeft", "a", "ArrowUp")
    press(1, "ArrowRight")
    assert explorer["prediction"] == pytest.approx(2.2)
    press(2, "ArrowUp", "ArrowUp", "ArrowLeft")
    assert (explorer["outlier_x"], explorer["outlier_y"]) == (8.5, -1.0)
    press(2, *["ArrowDown"] * 30)
    assert explorer["outlier_y"] == -6.0


@pytest.mark.parametrize(("prediction", "triangles"), [(2, []), (5, ["▲", "▲"]), (-6, ["▲", "▼"])])
def test_what_lies_beyond_the_picture_is_marked_at_its_edge(explorer, prediction, triangles):
    explorer["prediction"] = prediction
    found = []
    for artists, pair in zip(explorer._points, zip(*costs(explorer).values(), strict=True), strict=True):
        inside, *beyond = artists
        low, high = inside.axes.get_ylim()
        assert sorted(inside.get_ydata()) == pytest.approx(sorted(y for y in pair if low <= y <= high), abs=0.05)
        for artist, sign, edge in zip(beyond, "▲▼", (high, low), strict=True):
            assert all(artist.get_ydata() == edge) and all(artist.get_xdata() == prediction)
            found += [sign] * len(artist.get_ydata())
    assert found == triangles


@pytest.mark.parametrize("target", ["the+number+0", "class+1"])
@pytest.mark.parametrize("width", [260, 350, 880])
def test_no_legend_is_cut_or_lies_where_the_outlier_or_on_a_phone_a_curve_can_come(write, width, target):
    for name in ("huber", "stable_binary_crossentropy"):  # "your Huber" is a longer name
        write(name, find(name).reference)
    explorer = LossExplorer(f"loss-explorer?target={target}")
    explorer.stage._hear({"event": "mounted", "width": width, "pixel_ratio": 1, "reduced_motion": False})
    figure = explorer.stage._canvas.figure
    assert explorer.is_tall == (width < 500)
    inside = [legend for axes in figure.axes if (legend := axes.get_legend())]
    for legend in [*figure.legends, *inside]:
        box = legend.get_window_extent().padded(-1)
        assert figure.bbox.contains(*box.min) and figure.bbox.contains(*box.max)
        assert not any(box.overlaps(axes.bbox) for axes in (figure.axes if explorer.is_tall else [explorer._plane]))


@pytest.mark.parametrize("name", LossExplorer()._controls)
@pytest.mark.parametrize("target", ["the+number+0", "class+1"])
def test_every_control_changes_the_picture_and_the_sentence(explorer, name, target):
    explorer.state = f"loss-explorer?target={target}"
    before, frame = explorer.sentence, explorer.stage.frame
    control = explorer._controls[name]
    control.value = "class 0" if name == "target" else control.max
    assert explorer.sentence != before
    assert explorer.stage.frame != frame


def test_accessible_names_are_unique(explorer):
    names = [control.tooltip for control in explorer._controls.values()]
    assert len(set(names)) == len(names) and all(names)


def test_presets_are_states_and_show_what_they_promise(explorer):
    seen = {}
    for question, state in explorer.presets.items():
        explorer.state = state
        assert explorer.state == state
        seen[question] = costs(explorer), rises(explorer)
    hard = seen["an error of 5: who pulls how hard?"][0]
    assert hard["squared error"][1] == 10 and hard["absolute error"][1] == hard["Huber"][1] == 1
    near = seen["nearly right: who still pulls?"][0]
    assert near["absolute error"][1] == 1 > near["squared error"][1] > near["Huber"][1]
    wrong = seen["certain and wrong about class 1"][0]
    assert abs(wrong["squared error of σ(z)"][1]) < 0.01 and wrong["cross-entropy"][1] < -0.99 <= -wrong["hinge"][1]
    right = seen["certain and right about class 1"][0]
    assert right["hinge"] == (0, 0) and right["cross-entropy"][0] > 0
    assert seen["the margin of the hinge"][0]["hinge"] == (0, 0)
    lines = seen["no outlier at all"][1]
    assert max(lines.values()) - min(lines.values()) < 0.03
    small, large = (seen[f"Huber with a {size}"][1] for size in ("small δ, nearly absolute", "large δ, nearly squared"))
    assert abs(small["Huber"] - small["absolute errors"]) < 0.03 and large["Huber"] == large["squared errors"]


def test_the_chapters_questions_are_answered_by_moving_it(explorer):
    right = find("loss_questions").reference()
    explorer["outlier_y"] = -6.0
    assert rises(explorer)["squared errors"] == right["squares"] < 0
    explorer.state = f"loss-explorer?delta={right['delta']}"
    assert rises(explorer)["Huber"] == rises(explorer)["squared errors"]
    explorer["delta"] = round(right["delta"] - 0.1, 1)
    assert rises(explorer)["Huber"] > rises(explorer)["squared errors"]
    explorer.state = "loss-explorer?target=class+1&prediction=-6"
    seen = costs(explorer)
    assert seen["cross-entropy"][1] / seen["squared error of σ(z)"][1] == pytest.approx(right["stuck"], rel=0.01)


@pytest.fixture
def write(monkeypatch):
    """write(name, answer): the answer has passed its check in this process."""
    monkeypatch.setattr(serving, "live", {})
    return lambda name, answer: serving.live.update({name: Live(answer, time.time())})


def test_the_readers_own_losses_are_drawn_and_named_until_one_fails(write):
    explorer = LossExplorer()
    assert "your" not in explorer.sentence
    write("huber", lambda y, p, delta: losses.huber(y, p, delta))
    write("stable_binary_crossentropy", lambda y, z: stable_binary_crossentropy(y, z))
    explorer["prediction"] = 3.0
    assert ", your Huber 2.5 (slope 1)" in explorer.sentence
    explorer["target"] = "class 1"
    assert ", your cross-entropy " in explorer.sentence
    write("huber", lambda y, p, delta: 1 / 0)
    explorer["target"] = "the number 0"
    assert ", Huber 2.5 (slope 1)" in explorer.sentence and "your" not in explorer.sentence


def test_a_state_is_kept_and_begun_with():
    state = "loss-explorer?target=class+1&prediction=-2.5&outlier_y=9&delta=0.5"
    explorer = LossExplorer(state)
    assert explorer.state == state and "the prediction -2.5" in explorer.sentence
    assert "outlier at (9, 9) and δ = 0.5" in explorer.sentence


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("activation-explorer?z=1", "begins with 'loss-explorer'"),
        ("loss-explorer?gamma=1", "no control 'gamma'"),
        ("loss-explorer?target=class+2", "a value that its control does not take"),
        ("loss-explorer?delta=wide", "delta is a number, not 'wide'"),
    ],
)
def test_a_text_that_is_no_state_changes_nothing_and_says_why(explorer, text, complaint):
    explorer.state = "loss-explorer?prediction=1.5"
    with pytest.raises(ValueError, match=complaint):
        explorer.state = text
    assert explorer.state == "loss-explorer?prediction=1.5"
