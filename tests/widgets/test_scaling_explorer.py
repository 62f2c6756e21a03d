"""The scaling explorer, from the kernel's side: its predictions, its marks, and what was measured."""

import math
import re

import numpy as np
import pytest

from course_lib.widgets.scaling_explorer import LOWEST, MOST, ScalingExplorer, duration, rounded
from tests.widgets.texts import texts_of


@pytest.fixture(scope="module")
def only_explorer():
    return ScalingExplorer()


@pytest.fixture
def explorer(only_explorer):
    only_explorer.state = "scaling-explorer"
    return only_explorer


def told(explorer, pattern):
    """The numbers that the sentence tells where `pattern` stands in it."""
    found = re.search(pattern, explorer.sentence)
    assert found, explorer.sentence
    return [float(each.replace(",", "")) for each in found.groups()]


def seconds_told(explorer, what):
    amount, unit = re.search(rf"([\d.,]+) (s|ms|µs) of {what}", explorer.sentence).groups()
    return float(amount.replace(",", "")) * {"s": 1, "ms": 1e-3, "µs": 1e-6}[unit]


def predicted(setting, workers):
    """(examples, computing, latency, sending) of a step by the model, written out."""
    batch, algorithm = setting["batch"], setting["algorithm"]
    is_global = setting["fixed"] == "global"
    share = math.ceil(batch / workers) if is_global else batch
    alpha, size, bandwidth = 1e-6 * setting["latency"], 1e6 * setting["parameters"], 1e9 * setting["bandwidth"]
    levels = math.ceil(math.log2(workers))
    messages = {"ring": 2 * (workers - 1), "tree": 2 * levels, "star": 2 * (workers - 1)}[algorithm]
    message = size / workers if algorithm == "ring" else size
    examples = batch if is_global else batch * workers
    return examples, share * setting["compute"] / 1e3, messages * alpha, messages * message / bandwidth


FIRST = {"fixed": "replica", "algorithm": "ring", "batch": 64, "compute": 2.0, "parameters": 100.0, "latency": 50.0,
         "bandwidth": 10.0}  # fmt: skip
SETTINGS = [
    FIRST,
    FIRST | {"fixed": "global", "batch": 96, "latency": 1000.0},
    FIRST | {"algorithm": "tree", "bandwidth": 0.3},
    FIRST | {"algorithm": "star", "fixed": "global", "batch": 512},
    FIRST | {"compute": 0.001, "parameters": 0.01, "batch": 1},
]


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
@pytest.mark.parametrize("workers", [1, 2, 6, 64, 1024])
def test_the_sentence_says_what_the_model_of_latency_and_bandwidth_gives(explorer, setting, workers):
    explorer.state = "scaling-explorer?" + "&".join(f"{name}={value}" for name, value in setting.items())
    explorer["workers"] = workers
    examples, computing, latency, sending = predicted(setting, workers)
    for what, seconds in (("computing", computing), ("communicating", latency + sending), ("latency", latency),
                          ("sending", sending)):  # fmt: skip
        assert seconds_told(explorer, what) == pytest.approx(seconds, rel=0.005), what
    alone = predicted(setting, 1)
    speed_up = examples / (computing + latency + sending) / (alone[0] / alone[1])
    share = math.ceil(setting["batch"] / workers) if setting["fixed"] == "global" else setting["batch"]
    assert told(explorer, r"a step is on ([\d,]+) examples?, (?:at most )?([\d,]+) examples? each") == [examples, share]
    assert ("at most" in explorer.sentence) == (setting["fixed"] == "global" and setting["batch"] % workers > 0)
    times, efficiency = told(explorer, r"That is (\S+) times as fast as one worker, an efficiency of (\S+)%")
    assert times == pytest.approx(speed_up, rel=0.005)
    assert efficiency == pytest.approx(100 * speed_up / workers, abs=0.051)


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_the_marks_are_where_communicating_takes_longer_and_where_most_is_gained(explorer, setting):
    explorer.state = "scaling-explorer?" + "&".join(f"{name}={value}" for name, value in setting.items())
    steps = [predicted(setting, workers) for workers in range(1, MOST + 1)]
    speeds = np.array([examples / sum(parts) for examples, *parts in steps])
    longer = [workers for workers, (_, computing, *parts) in enumerate(steps, 1) if sum(parts) > computing]
    if longer:
        assert told(explorer, r"From ([\d,]+) workers on communicating takes longer")[0] == longer[0]
    else:
        assert "Up to 1,024 workers communicating never takes longer than computing" in explorer.sentence
    best, times = told(explorer, r"([\d,]+) workers? (?:is|are) fastest, (\S+) times as fast as one\.")
    assert best == speeds.argmax() + 1
    assert times == pytest.approx(speeds.max() / speeds[0], rel=0.005)
    explorer.stage.flush()
    assert list(explorer._eaten.get_xdata()) == longer[:1]
    assert list(explorer._best.get_xdata()) == [best]


def test_the_curve_and_the_shares_are_those_of_the_model(explorer):
    explorer.stage.flush()
    for workers in (1, 8, 300):
        _, *parts = predicted(FIRST, workers)
        expected = np.cumsum(parts) / sum(parts)
        for collection, end in zip(explorer._shares, expected[::-1], strict=True):
            corners = collection.get_paths()[0].vertices
            assert corners[workers] == pytest.approx([workers, end])
        x, y = (values[workers - 1] for values in explorer._curve.get_data())
        assert (x, y) == (workers, pytest.approx(workers * expected[0]))
    explorer["workers"] = 256
    explorer.stage.flush()
    assert list(explorer._line.get_xdata()) == [256, 256] and list(explorer._here.get_xdata()) == [256]


def test_slower_than_the_picture_shows_is_marked_at_its_edge(explorer):
    explorer.state = "scaling-explorer?compute=0.001&parameters=1000"
    assert told(explorer, r"That is (\S+) times as fast")[0] < LOWEST
    assert explorer._here.get_marker() == "v" and list(explorer._here.get_ydata()) == [LOWEST]
    assert "1 worker is fastest, 1 times as fast as one." in explorer.sentence
    explorer["workers"] = 1
    explorer.stage.flush()
    assert explorer._here.get_marker() == "o"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 ms"), (3e-7, "0.3 µs"), (0.00052, "520 µs"), (0.0205, "20.5 ms"), (1.5, "1.5 s"), (12345, "12,300 s")],
)
def test_seconds_are_told_in_the_largest_unit(seconds, text):
    assert duration(seconds) == text


def test_large_numbers_have_no_powers_of_ten():
    assert (rounded(1023.6), rounded(0.01234), rounded(512)) == ("1,020", "0.0123", "512")


# --- what was measured


def test_what_was_measured_is_where_it_opens_and_stays_on_the_sliders():
    explorer = ScalingExplorer(latency=1.8347e-4, bandwidth=6.2e8)
    assert (explorer["latency"], explorer["bandwidth"]) == (183.0, 0.62)
    assert explorer.state == "scaling-explorer"
    assert "with a latency of 183 µs and 0.62 GB/s" in explorer.sentence
    explorer["latency"] = 50.0
    explorer["bandwidth"] = 10.0
    assert explorer.sentence == ScalingExplorer().sentence
    explorer.state = "scaling-explorer"
    assert "with a latency of 183 µs and 0.62 GB/s" in explorer.sentence


@pytest.mark.parametrize("measured", [{"latency": -1e-4}, {"bandwidth": math.nan}, {"latency": math.inf}])
def test_what_no_measurement_gives_is_refused(measured):
    with pytest.raises(ValueError, match="positive numbers"):
        ScalingExplorer(**measured)


# --- what all explorers are asked


def test_what_is_asked_of_the_explorer_can_be_read_off_it(explorer):
    efficient = {}
    for _, batch in explorer._controls["batch"].options:
        explorer.state = f"scaling-explorer?bandwidth=0.1&batch={batch}"
        efficient[batch] = told(explorer, r"an efficiency of (\S+)%")[0]
    assert min(batch for batch, share in efficient.items() if share >= 50) == 1024
    fastest = r"([\d,]+) workers are fastest, (\S+) times as fast as one\."
    for state, best in (("fixed=global", [32, 4.83]), ("fixed=global&batch=1024", [147, 42.3]),
                        ("algorithm=star", [1024, 6.33])):  # fmt: skip
        explorer.state = f"scaling-explorer?{state}"
        assert told(explorer, fastest) == best


CONTROLS = list(ScalingExplorer()._controls)


@pytest.mark.parametrize("name", CONTROLS)
def test_every_control_changes_the_picture_and_the_sentence(explorer, name):
    before, frame = explorer.sentence, explorer.stage.frame
    control = explorer._controls[name]
    control.index += 1
    assert explorer.sentence != before
    assert explorer.stage.frame != frame


def test_a_state_keeps_all_that_was_set(explorer):
    for name in CONTROLS:
        explorer._controls[name].index += 1
    whole, sentence = explorer.state, explorer.sentence
    assert all(f"{name}=" in whole for name in CONTROLS)
    explorer.state = "scaling-explorer"
    explorer.state = whole
    assert (explorer.state, explorer.sentence) == (whole, sentence)


def test_presets_are_states_and_show_what_they_promise(explorer):
    def efficiency():
        return told(explorer, r"an efficiency of (\S+)%")[0]

    first, seen, best = efficiency(), {}, {}
    for question, state in explorer.presets.items():
        explorer.state = state
        assert explorer.state == state
        seen[question] = efficiency()
        best[question] = told(explorer, r"([\d,]+) workers? (?:is|are) fastest")[0]
    assert best["the same global batch on more workers"] < 100
    assert seen["a slow network"] < 50 < seen["a slow network, and a large batch"]
    assert seen["messages that take long to begin"] < 33 < 45 < seen["the same by a tree"]
    assert seen["all to rank 0 and back"] < 50 < first
    assert seen["a small network does not scale"] < 10


@pytest.mark.parametrize("width", [960.0, 650.0, 590.0, 330.0, 247.0])
@pytest.mark.parametrize("state", ["?compute=0.001&parameters=1000", "?workers=1024&compute=1000&batch=65536"])
def test_nothing_is_cut_off_and_no_text_covers_another(explorer, width, state):
    explorer.state = f"scaling-explorer{state}"
    try:
        explorer.stage._hear({"event": "mounted", "width": width, "pixel_ratio": 1, "reduced_motion": False})
        assert explorer.is_tall == (width < 500)
        figure = explorer.stage._canvas.figure
        texts = [text for axes in figure.axes for text in texts_of(axes)]
        extents = [text.get_window_extent() for text in texts]
        extents.append(figure.legends[0].get_window_extent())
        for text, box in zip([*texts, "the legend"], extents, strict=True):
            assert figure.bbox.padded(0.5).contains(*box.min) and figure.bbox.padded(0.5).contains(*box.max), text
        for index, box in enumerate(extents):
            for other in range(index):
                assert not box.padded(-0.5).overlaps(extents[other].padded(-0.5)), (texts[other], index)
    finally:
        explorer.stage._hear({"event": "mounted", "width": 960.0, "pixel_ratio": 1, "reduced_motion": False})


def test_accessible_names_are_unique(explorer):
    names = [control.tooltip for control in explorer._controls.values()]
    assert len(set(names)) == len(names) and all(names)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("size-puzzle?size=1", "begins with 'scaling-explorer'"),
        ("scaling-explorer?gpus=8", "no control 'gpus'"),
        ("scaling-explorer?latency=51", "a value that its control does not take"),
        ("scaling-explorer?batch=much", "batch is a number, not 'much'"),
    ],
)
def test_a_text_that_is_no_state_changes_nothing_and_says_why(explorer, text, complaint):
    explorer.state = "scaling-explorer?workers=96"
    with pytest.raises(ValueError, match=complaint):
        explorer.state = text
    assert explorer.state == "scaling-explorer?workers=96"
