"""The batch explorer, from the kernel's side: its numbers, the drag, controls, presets and pictures."""

import re
import time

import numpy as np
import pytest

from course_lib.exercises import find
from course_lib.layers import BatchNormalization, LayerNormalization
from course_lib.library import serving
from course_lib.library.serving import Live
from course_lib.widgets.batch_explorer import EXAMPLES, BatchExplorer


@pytest.fixture(scope="module")
def only_explorer():
    return BatchExplorer()


@pytest.fixture
def explorer(only_explorer):
    only_explorer.state = "batch-explorer"
    return only_explorer


def outputs(explorer, norm):
    """The output of the dragged example that the sentence tells."""
    found = re.search(rf"{norm} normalization its output is \((\S+), (\S+)\);", explorer.sentence)
    return float(found[1]), float(found[2])


def moved(explorer, norm):
    """(mean, most, its example, signs changed, of how many) of the others' outputs; (0, 0) where none has moved."""
    part = re.search(rf"{norm} normalization its output is .*?; (.*?)\.(?: |$)(?=Under|Batch)", explorer.sentence)[1]
    if "not moved (0.00)" in part:
        return 0.0, 0.0
    found = re.search(
        r"(?:by (\S+) on average, at most )?by (\S+) \(example (\d+)\), and (\d+) of (?:their|its) (\d+) numbers", part
    )
    most = float(found[2])
    return float(found[1] or most), most, *map(int, found.groups()[2:])


def layer_of(norm, gamma, beta, **settings):
    layer = norm(dtype="float64", **settings)
    layer.build(4)
    layer.gamma[...], layer.beta[...] = gamma, beta
    return layer


@pytest.mark.parametrize(("gamma", "beta", "epsilon"), [(1.0, 0.0, 1e-3), (1.7, -0.4, 1.0), (0.0, 2.0, 1e-5)])
@pytest.mark.parametrize(("x1", "x2"), [(5.0, -3.0), (-4.2, 0.0)])
def test_the_sentence_says_what_the_layers_give(explorer, gamma, beta, epsilon, x1, x2):
    explorer.state = f"batch-explorer?x1={x1}&x2={x2}&gamma={gamma}&beta={beta}&epsilon={epsilon}"
    before = EXAMPLES[:8, :4]
    now = before.copy()
    now[7, :2] = x1, x2
    batch = layer_of(BatchNormalization, gamma, beta, epsilon=epsilon)
    was, is_now = batch.forward(before, training=True), batch.forward(now, training=True)
    assert outputs(explorer, "batch") == pytest.approx(is_now[7, :2], abs=6e-3)
    expected = outputs(explorer, "layer")
    assert expected == pytest.approx(
        layer_of(LayerNormalization, gamma, beta, epsilon=epsilon).forward(now)[7, :2], abs=6e-3
    )
    mean, most, *others = moved(explorer, "batch")
    moves = np.hypot(*(is_now - was)[:7, :2].T)
    assert (mean, most) == pytest.approx((moves.mean(), moves.max()), abs=6e-3)
    if gamma:
        assert others == [moves.argmax() + 1, np.sum(is_now[:7, :2] * was[:7, :2] < 0), 14]
    assert f"mean ({now.mean(axis=0)[0]:.2f}, " in explorer.sentence


@pytest.mark.parametrize("mode", ["training", "inference"])
def test_the_picture_shows_where_each_example_was_and_is_and_what_is_used(explorer, mode):
    explorer.state = f"batch-explorer?mode={mode}&batches=100"
    explorer.stage.flush()
    before, now = explorer._rows()
    layer = layer_of(BatchNormalization, 1.0, 0.0)
    for _ in range(100):
        layer.forward(before, training=True)
    mean, variance = layer.moving_mean.copy(), layer.moving_variance.copy()
    was, is_now = (layer.forward(rows, training=mode == "training") for rows in (before, now))
    if mode == "training":
        mean, variance = now.mean(axis=0), now.var(axis=0)
    box, deviation = explorer._box.get_bbox(), np.sqrt(variance)
    assert box.min == pytest.approx((mean - deviation)[:2]) and box.max == pytest.approx((mean + deviation)[:2])
    for plane, old, new in zip(explorer._planes, (before, was), (now, is_now), strict=False):
        shown = np.clip(new[:, :2], -plane._edge, plane._edge)
        assert np.array([example.get_position() for example in plane._examples[:8]]) == pytest.approx(shown)
        moved_rows = [row for row in range(8) if np.abs(new - old)[row].max() > 1e-9]
        assert len(moved_rows) == (8 if mode == "training" and plane is explorer._planes[1] else 1)
        assert plane._ghosts.get_xydata() == pytest.approx(old[moved_rows, :2])
        ends = plane._ways.get_xydata().reshape(-1, 3, 2)
        assert ends[:, 0] == pytest.approx(old[moved_rows, :2]) and ends[:, 1] == pytest.approx(shown[moved_rows])


@pytest.mark.parametrize("example", range(1, 9))
@pytest.mark.parametrize("batch", [2, 5, 8])
def test_the_others_move_in_training_under_batch_normalization_alone(explorer, example, batch):
    explorer.state = f"batch-explorer?batch={batch}&example={min(example, batch)}&x1=-5&x2=4"
    assert moved(explorer, "batch")[0] > 0.1
    assert moved(explorer, "layer")[0] == 0
    explorer["mode"] = "inference"
    assert moved(explorer, "batch")[0] == moved(explorer, "layer")[0] == 0


@pytest.mark.parametrize(("batches", "momentum"), [(0, 0.99), (1, 0.0), (5, 0.9), (500, 0.99)])
def test_inference_uses_the_running_statistics_of_the_batches_seen(explorer, batches, momentum):
    explorer.state = f"batch-explorer?mode=inference&batches={batches}&momentum={momentum}"
    first, kept = EXAMPLES[:8, :4], momentum**batches
    mean = (1 - kept) * first.mean(axis=0) + 0.0  # which makes a 0 of −0
    variance = kept + (1 - kept) * first.var(axis=0)
    assert (
        f"the running mean ({mean[0]:.2f}, {mean[1]:.2f}) and deviation ({variance[0] ** 0.5:.2f}, "
        f"{variance[1] ** 0.5:.2f}) after {batches} batches at momentum {momentum:g}" in explorer.sentence
    )
    expected = (np.array([5.0, -3.0]) - mean[:2]) / np.sqrt(variance[:2] + 1e-3)
    assert outputs(explorer, "batch") == pytest.approx(expected, abs=6e-3)


def test_however_far_an_example_is_dragged_batch_normalization_holds_it(explorer):
    explorer["x1"] = 6.0
    assert 2.2 < outputs(explorer, "batch")[0] < np.sqrt(7)
    explorer["batch"] = 2
    explorer["example"] = 2
    explorer["x1"] = 6.0
    assert outputs(explorer, "batch")[0] == 1.0


def drag(explorer, *places):
    """Drag from one place to the next in the plane of the inputs, each in its data coordinates."""
    zone = explorer.stage.zones[0]
    moves = [
        (zone["left"] + (x + 6) / 12 * zone["width"], zone["top"] + (6 - y) / 12 * zone["height"]) for x, y in places
    ]
    kinds = ["down", *["move"] * (len(moves) - 2), "up"]
    explorer.stage._hear({"event": "pointer", "moves": [[kind, 0, *at] for kind, at in zip(kinds, moves, strict=True)]})


def test_the_example_under_the_pointer_is_dragged_and_stays_in_the_plane(explorer):
    drag(explorer, EXAMPLES[4, :2], (-2.0, 3.0), (-3.0, 4.0))
    assert (explorer["example"], explorer["x1"], explorer["x2"]) == (5, -3.0, 4.0)
    assert "example 5 is dragged to (-3.00, 4.00)" in explorer.sentence
    drag(explorer, (-3.0, 4.0), (9.0, 0.0))
    assert (explorer["example"], explorer["x1"]) == (5, 6.0)
    drag(explorer, EXAMPLES[1, :2], (0.0, 0.0))
    assert explorer["example"] == 2 and EXAMPLES[4, 0] != 6  # and 5 is back where it was


def test_arrow_keys_move_the_example_that_was_chosen(explorer):
    explorer["example"] = 3
    plane = explorer._planes[0]._diamond.axes
    for key in ("ArrowLeft", "ArrowUp", "ArrowUp", "x"):
        explorer.on_key(plane, key)
    assert (explorer["x1"], explorer["x2"]) == pytest.approx((2.2, -0.5))


def test_another_example_begins_where_it_was_and_none_is_left_that_the_batch_has_not(explorer):
    explorer["example"] = 3
    assert (explorer["x1"], explorer["x2"]) == tuple(EXAMPLES[2, :2])
    assert moved(explorer, "batch")[0] == 0
    explorer["example"] = 8
    explorer["batch"] = 4
    assert explorer["example"] == 4 and (explorer["x1"], explorer["x2"]) == tuple(EXAMPLES[3, :2])


def test_a_batch_of_one_has_no_others_and_comes_out_as_beta(explorer):
    explorer.state = "batch-explorer?batch=1&example=1&x1=5&x2=-3&beta=0.5"
    assert outputs(explorer, "batch") == (0.5, 0.5)
    assert explorer.sentence.count("there are no others") == 2


CONTROLS = list(BatchExplorer()._controls)


@pytest.mark.parametrize("name", CONTROLS)
def test_every_control_changes_the_picture_and_the_sentence(explorer, name):
    explorer.state = "batch-explorer?mode=inference&batches=20&epsilon=0.1"
    before, frame = explorer.sentence, explorer.stage.frame
    control = explorer._controls[name]
    if hasattr(control, "options"):
        control.value = {"mode": "training", "epsilon": 10.0, "momentum": 0.0}[name]
    else:
        control.value = control.min if control.value != control.min else control.max
    assert explorer.sentence != before
    assert explorer.stage.frame != frame


def test_running_statistics_are_asked_for_where_they_are_used(explorer):
    def shown():
        return {name for name in ("batches", "momentum") if not explorer._controls[name].layout.display}

    assert not shown()
    explorer["mode"] = "inference"
    assert shown() == {"batches", "momentum"}


def test_presets_are_states_and_show_what_they_promise(explorer):
    seen = {}
    for question, state in explorer.presets.items():
        explorer.state = state
        assert explorer.state == state
        seen[question] = explorer.sentence, outputs(explorer, "batch"), outputs(explorer, "layer")
    assert "0.00 from where it was" in seen["nothing is dragged"][0]
    assert seen["as far as it goes"][1][0] < np.sqrt(7)
    assert seen["a batch of two"][1] == (1, -1)
    assert seen["a batch of one"][1] == (0, 0)
    assert seen["inference: nobody else matters"][0].count("have not moved") == 2
    assert seen["inference after too few batches"][1] == pytest.approx((5, -3), abs=0.2)
    assert np.abs(seen["a large ε"][1]).max() < 1.2
    assert seen["two features: what layer normalization leaves"][2] == (1, -1)


@pytest.mark.parametrize("width", [960.0, 650.0, 590.0, 330.0, 247.0])
@pytest.mark.parametrize("state", ["", "?mode=inference&gamma=2&batches=5", "?batch=12&gamma=2&beta=2&x1=6&x2=-6"])
def test_nothing_is_cut_off_and_nothing_covers_an_example(explorer, width, state):
    explorer.state = f"batch-explorer{state}"
    try:
        explorer.stage._hear({"event": "mounted", "width": width, "pixel_ratio": 1, "reduced_motion": False})
        assert explorer.is_tall == (width < 500)
        figure = explorer.stage._canvas.figure
        told = [plane._told for plane in explorer._planes]
        for part in [*figure.legends, *told, *(axes.title for axes in figure.axes)]:
            box = part.get_window_extent().padded(-1)
            assert figure.bbox.contains(*box.min) and figure.bbox.contains(*box.max)
        for plane in explorer._planes:
            limits = plane._diamond.axes.bbox.padded(0.5)
            assert not any(legend.get_window_extent().overlaps(limits) for legend in figure.legends)
            for example in (one for one in plane._examples if one.get_visible()):
                assert limits.contains(*plane._diamond.axes.transData.transform(example.get_position()))
        boxes = [text.get_window_extent() for text in told]
        assert not any(one.overlaps(other) for one in boxes for other in boxes if one is not other)
    finally:
        explorer.stage._hear({"event": "mounted", "width": 960.0, "pixel_ratio": 1, "reduced_motion": False})


def test_a_number_beyond_the_edge_stands_in_a_black_square_on_it(explorer):
    explorer.state = "batch-explorer?mode=inference&batches=5"
    explorer.stage.flush()
    plane = explorer._planes[1]
    assert not plane._diamond.get_visible() and plane._examples[7].get_visible()
    assert plane._examples[7].get_position() == pytest.approx((4.0, -3.0), abs=0.1)
    explorer["mode"] = "training"
    explorer.stage.flush()
    assert plane._diamond.get_visible() and not plane._examples[7].get_visible()


def test_what_is_asked_of_the_explorer_can_be_read_off_it(explorer):
    right = find("regularization_readings").reference()
    explorer.state = "batch-explorer?x1=6&x2=0.4"
    assert outputs(explorer, "batch")[0] == right["ceiling"] == 2.23 and outputs(explorer, "layer")[0] == 1.69
    means = {}
    for batch in range(2, 13):
        explorer.state = f"batch-explorer?batch={batch}&example=1&x1=5&x2=-3"
        means[batch] = moved(explorer, "batch")[0]
    assert min(batch for batch in means if means[batch] < 0.5) == right["examples"]
    for batches, read in ((90, "0.58"), (226, "0.87"), (227, "0.88"), (459, "0.97")):
        explorer.state = f"batch-explorer?mode=inference&x1=3.1&x2=0.4&batches={batches}"
        assert f"the running mean ({read}, " in explorer.sentence


@pytest.fixture
def write(monkeypatch):
    """write(name, answer): the answer has passed its check in this process."""
    monkeypatch.setattr(serving, "live", {})
    return lambda name, answer: serving.live.update({name: Live(answer, time.time())})


def my_layer_normalization(inputs, gamma, beta, epsilon=1e-3):
    centered = inputs - inputs.mean(axis=1)[:, None]
    return gamma * centered / np.sqrt((centered**2).mean(axis=1)[:, None] + epsilon) + beta


def my_batch_normalization(inputs, gamma, beta, moving_mean, moving_variance, training, momentum=0.99, epsilon=1e-3):
    if not training:
        outputs = gamma * (inputs - moving_mean) / np.sqrt(moving_variance + epsilon) + beta
        return outputs, moving_mean, moving_variance
    mean, variance = np.mean(inputs, 0), np.mean(inputs**2, 0) - np.mean(inputs, 0) ** 2
    moving_mean = momentum * moving_mean + (1 - momentum) * mean
    moving_variance = momentum * moving_variance + (1 - momentum) * variance
    return gamma * (inputs - mean) / np.sqrt(variance + epsilon) + beta, moving_mean, moving_variance


@pytest.mark.parametrize("mode", ["training", "inference"])
def test_a_readers_own_normalizations_are_drawn_and_called_theirs(explorer, write, mode):
    explorer.state = f"batch-explorer?mode={mode}&gamma=1.5&beta=-0.5"
    before = explorer.sentence
    write("batch_normalization", my_batch_normalization)
    explorer["x1"] += 0.5
    explorer["x1"] -= 0.5
    assert explorer.sentence == before.replace("Under batch", "Under your batch")
    write("layer_normalization", my_layer_normalization)
    explorer["x1"] += 0.5
    explorer["x1"] -= 0.5
    assert explorer.sentence == before.replace("Under ", "Under your ")
    titles = [axes.get_title().strip() for axes in explorer.stage._canvas.figure.axes]
    assert titles == ["inputs", "your batch normalization", "your layer normalization"]


@pytest.mark.parametrize(
    "answer",
    [
        lambda *arguments: 1 / 0,
        lambda *arguments: None,
        lambda inputs, *arguments: (inputs, 0, 1),
        lambda inputs, *arguments: (np.full(inputs.shape, np.nan), *arguments[2:4]),
    ],
)
def test_one_that_no_longer_works_breaks_nothing(explorer, write, answer):
    before = explorer.sentence
    write("batch_normalization", answer)
    explorer["x1"] += 0.5
    explorer["x1"] -= 0.5
    assert explorer.sentence == before


def test_accessible_names_are_unique(explorer):
    names = [control.tooltip for control in explorer._controls.values()]
    assert len(set(names)) == len(names) and all(names)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("loss-explorer?x1=1", "begins with 'batch-explorer'"),
        ("batch-explorer?x3=1", "no control 'x3'"),
        ("batch-explorer?mode=testing", "a value that its control does not take"),
        ("batch-explorer?gamma=wide", "gamma is a number, not 'wide'"),
    ],
)
def test_a_text_that_is_no_state_changes_nothing_and_says_why(explorer, text, complaint):
    explorer.state = "batch-explorer?x1=1.5"
    with pytest.raises(ValueError, match=complaint):
        explorer.state = text
    assert explorer.state == "batch-explorer?x1=1.5"
