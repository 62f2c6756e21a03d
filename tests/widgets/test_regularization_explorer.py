"""The regularization explorer, from the kernel's side: its numbers, controls, presets, and the reader's own pieces."""

import re
import time

import numpy as np
import pytest

from course_lib.exercises import find
from course_lib.layers import Dense
from course_lib.library import serving
from course_lib.library.serving import Live
from course_lib.network import Sequential
from course_lib.optimizers import Adam
from course_lib.regularizers import L2
from course_lib.widgets import moons_run
from course_lib.widgets.moons_run import STEPS, Order, accuracy, data, logits, stopping, train
from course_lib.widgets.regularization_explorer import STRENGTHS, RegularizationExplorer


@pytest.fixture(scope="module")
def only_explorer():
    return RegularizationExplorer()


@pytest.fixture
def explorer(only_explorer):
    only_explorer.state = "regularization-explorer"
    return only_explorer


def scores(explorer, which=0):
    """(training loss, validation loss, test accuracy): of this training, and second of that without regularization."""
    found = re.findall(r"training loss (\S+), validation loss (\S+), test accuracy (\d\.\d{3})", explorer.sentence)
    return tuple(map(float, found[which]))


def best(explorer):
    """(where early stopping ends it or None, its best step, validation loss and test accuracy there)."""
    found = re.search(
        r"(?:ends after step (\d+)|does not end it within \d+ steps); its best weights are those after step (\d+): "
        r"validation loss (\S+), test accuracy (\S+)\. Of",
        explorer.sentence,
    )
    return int(found[1]) if found[1] else None, int(found[2]), float(found[3]), float(found[4])


def small(explorer):
    """How many per cent of the weights are smaller than 0.01."""
    return int(re.search(r"weights (\d+)% are smaller", explorer.sentence)[1])


def test_the_numbers_are_those_of_the_same_training_by_fit(explorer):
    """Batches of all points are the same batch in any order, so `fit` trains as the explorer does."""
    explorer.state = "regularization-explorer?l2=0.003"
    (x, y), validation, test = data(7)
    layers = [Dense(32, "relu", kernel_regularizer=L2(0.003), dtype="float64") for _ in range(2)]
    model = Sequential([*layers, Dense(1, "sigmoid", kernel_regularizer=L2(0.003), dtype="float64")], seed=7)
    model.compile(Adam(0.01), loss="binary_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size=40, epochs=STEPS, seed=0, verbose=0)
    penalty = sum(layer.penalty for layer in model.layers)
    training, validated, right = scores(explorer)
    assert training == pytest.approx(model.evaluate(x, y)["loss"] - penalty, abs=6e-4)
    assert validated == pytest.approx(model.evaluate(*validation)["loss"] - penalty, abs=6e-4)
    assert right == pytest.approx(model.evaluate(*test)["accuracy"], abs=1e-3)
    kernels = np.concatenate([layer.kernel.ravel() for layer in model.layers])
    assert small(explorer) == round(100 * np.mean(np.abs(kernels) < 0.01))
    assert f"Of {kernels.size:,} weights" in explorer.sentence


@pytest.mark.parametrize("step", [0, 137, STEPS])
def test_every_step_of_the_training_can_be_looked_at(explorer, step):
    explorer.state = f"regularization-explorer?noise=0.2&steps_shown={step}"
    run = train(Order(noise=0.2, seed=7))
    training, validated, right = scores(explorer)
    assert (training, validated) == pytest.approx((run.training[step], run.validation[step]), rel=5e-3)
    assert right == pytest.approx(accuracy(run.after(step), *data(7)[2]), abs=6e-4)
    assert len(explorer._training.get_xdata()) == step + 1


def test_the_picture_shows_both_networks_of_the_step(explorer):
    explorer.state = "regularization-explorer?l2=0.003&steps_shown=150"
    explorer.stage.flush()
    (points, labels), _, _ = data(7)
    run, plain = train(Order(l2=0.003, seed=7)), train(Order(seed=7))
    for line, of in ((explorer._border, run), (explorer._plain_border, plain)):
        places = line.get_xydata()
        places = places[~np.isnan(places).any(axis=1)]
        assert len(places) > 20
        assert np.abs(1 / (1 + np.exp(-logits(of.after(150), places))) - 0.5).mean() < 0.05
    shades = np.asarray(explorer._shades.get_array())
    assert shades.shape == (54, 72)
    corner = 1 / (1 + np.exp(-logits(run.after(150), np.array([[-2.0, -1.6], [3.0, 2.1]]))[:, 0]))
    assert (shades[0, 0], shades[-1, -1]) == pytest.approx(corner, abs=1e-4)
    for artist, label in zip(explorer._classes, (0, 1), strict=True):
        assert np.array_equal(artist.get_xydata(), points[labels[:, 0] == label])
    assert np.array_equal(explorer._plain_curve.get_ydata(), plain.validation[:151])
    for place, of in enumerate((run, plain)):
        weights = np.concatenate([kernel.ravel() for kernel in of.after(150)[::2]])
        heights = explorer._histograms[0][place].get_data().values
        assert heights.sum() == pytest.approx(1)
        assert heights[20] == pytest.approx(np.mean(np.abs(weights) < 0.05), abs=1e-9)
        outputs = np.maximum(points @ of.after(150)[0] + of.after(150)[1], 0)
        outputs = np.maximum(outputs @ of.after(150)[2] + of.after(150)[3], 0)
        assert explorer._histograms[1][place].get_data().values[0] == pytest.approx(np.mean(outputs < 0.1), abs=1e-9)


def test_a_network_too_large_overfits_and_each_regularizer_helps(explorer):
    training, validated, right = scores(explorer)
    assert training < 0.05 and validated > 1.2 and right < 0.85
    for control, value in {"l2": 0.003, "l1": 0.003, "dropout": 0.5, "noise": 0.3, "batch_size": 4}.items():
        explorer.state = f"regularization-explorer?{control}={value}"
        held = scores(explorer)
        assert held[0] > training and held[1] < validated / 2 and held[2] > right + 0.02, control
        assert scores(explorer, 1) == (training, validated, right)


@pytest.mark.slow
def test_on_the_average_of_other_points_regularizers_help_too():
    def means(**settings):
        runs = {seed: train(Order(seed=seed, **settings)) for seed in range(8)}
        right = [accuracy(run.after(STEPS), *data(seed)[2]) for seed, run in runs.items()]
        return np.mean([run.validation[-1] for run in runs.values()]), np.mean(right)

    validated, right = means()
    for settings in ({"l2": 0.003}, {"l1": 0.003}, {"dropout": 0.5}, {"noise": 0.3}, {"batch_size": 4}):
        held = means(**settings)
        assert held[0] < 0.8 * validated and held[1] > right, settings


def test_early_stopping_is_that_of_the_library(explorer):
    run = train(Order(batch_size=4, seed=7))
    for patience in (1, 50, 107, 108, 200):
        explorer.state = f"regularization-explorer?batch_size=4&patience={patience}"
        step, stop = stopping(run.validation, patience)
        ends, chosen, loss, right = best(explorer)
        assert (ends, chosen) == (stop, step)
        assert loss == pytest.approx(run.validation[step], rel=5e-3)
        assert right == pytest.approx(accuracy(run.after(step), *data(7)[2]), abs=6e-4)
    assert stop is None and not explorer._end.get_visible()


def test_where_early_stopping_ends_is_shown_once_it_is_reached(explorer):
    ends, chosen, *_ = best(explorer)
    explorer["steps_shown"] = ends
    explorer.stage.flush()
    assert explorer._end.get_visible() and explorer._end.get_xdata()[0] == ends
    assert explorer._best.get_visible() and explorer._best.get_xdata()[0] == chosen
    explorer["steps_shown"] = chosen - 1
    explorer.stage.flush()
    assert not explorer._end.get_visible() and not explorer._best.get_visible()


def test_the_training_is_stepped_through_played_and_closed(explorer):
    explorer["steps_shown"] = 200
    explorer._step(-1)
    assert "after 199 steps" in explorer.sentence
    explorer._toggle_play()
    explorer.stage._hear({"event": "shown", "number": explorer.stage.number})
    assert explorer["steps_shown"] > 200 and explorer._plays
    explorer._toggle_play()
    assert not explorer._plays
    RegularizationExplorer()._let_go()


def test_what_is_asked_of_the_explorer_can_be_read_off_it(explorer):
    right = find("regularization_readings").reference()
    validated = {}
    for strength in STRENGTHS:
        explorer["l2"] = strength
        validated[strength] = scores(explorer)[1]
    assert min(validated, key=validated.get) == right["strength"] == 0.005 and validated[0.005] == 0.285
    explorer.state = "regularization-explorer?l1=0.003"
    assert small(explorer) == 96
    explorer.state = f"regularization-explorer?batch_size=4&patience={right['patience']}"
    assert best(explorer)[:2] == (320, 212)
    explorer["patience"] -= 1
    assert best(explorer)[1] == 35


CONTROLS = list(RegularizationExplorer()._controls)


@pytest.mark.parametrize("name", CONTROLS)
def test_every_control_changes_the_picture_and_the_sentence(explorer, name):
    explorer.state = "regularization-explorer?l2=0.001&dropout=0.2&batch_size=8&steps_shown=300"
    before, frame = explorer.sentence, explorer.stage.frame
    control = explorer._controls[name]
    if hasattr(control, "options"):
        control.value = control.options[-1][1]
    else:
        control.value = control.min if control.value != control.min else control.max
    assert explorer.sentence != before
    assert explorer.stage.frame != frame


@pytest.mark.slow
def test_presets_are_states_and_show_what_they_promise(explorer):
    seen = {}
    for question, state in explorer.presets.items():
        explorer.state = state
        assert explorer.state == state
        seen[question] = scores(explorer), best(explorer), small(explorer)
    over = seen["overfitting: no regularization"]
    assert seen["the same, stopped early"][0][1:] == over[1][2:]
    assert seen["far too much weight decay"][0] == (0.693, 0.693, 0.5)
    assert seen["L1: most weights go to 0"][2] > 90 > 40 > seen["weight decay"][2]
    for question in ("weight decay", "dropout of one half", "small batches", "noise on the inputs"):
        assert seen[question][0][1] < over[0][1] / 2


@pytest.mark.parametrize("width", [960.0, 650.0, 590.0, 330.0, 247.0])
@pytest.mark.parametrize("state", ["", "?l1=0.003&steps_shown=120", "?l2=0.1"])
def test_nothing_is_cut_off_and_no_legend_covers_data(explorer, width, state):
    explorer.state = f"regularization-explorer{state}"
    try:
        explorer.stage._hear({"event": "mounted", "width": width, "pixel_ratio": 1, "reduced_motion": False})
        assert explorer.is_tall == (width < 500)
        figure = explorer.stage._canvas.figure
        [legend] = figure.legends
        for part in [legend, explorer._told, *(axes.title for axes in figure.axes if axes.get_title().strip())]:
            box = part.get_window_extent().padded(-1)
            assert figure.bbox.contains(*box.min) and figure.bbox.contains(*box.max), part
        assert not any(legend.get_window_extent().overlaps(axes.bbox) for axes in figure.axes)
        titles = [axes.title.get_window_extent() for axes in figure.axes if axes.get_title().strip()]
        assert not any(one.overlaps(other) for one in titles for other in titles if one is not other)
    finally:
        explorer.stage._hear({"event": "mounted", "width": 960.0, "pixel_ratio": 1, "reduced_motion": False})


@pytest.mark.parametrize("seed", range(12))
def test_all_points_are_in_the_picture(explorer, seed):
    explorer["seed"] = seed
    (points, _), _, _ = data(seed)
    axes = explorer._border.axes
    for values, (low, high) in zip(points.T, (axes.get_xlim(), axes.get_ylim()), strict=True):
        assert low < values.min() and values.max() < high


@pytest.fixture
def write(monkeypatch):
    """write(name, answer): the answer has passed its check in this process."""
    monkeypatch.setattr(serving, "live", {})
    return lambda name, answer: serving.live.update({name: Live(answer, time.time())})


def my_l1_l2(weights, l1=0.0, l2=0.0):
    return l1 * abs(weights).sum() + l2 * (weights**2).sum(), l1 * np.sign(weights) + 2 * l2 * weights


def my_dropout(inputs, rate, training, seed):
    if not training:
        return inputs
    return inputs * (np.random.default_rng(seed).random(np.shape(inputs)) >= rate) / (1 - rate)


def test_a_readers_own_pieces_train_the_network_and_are_called_theirs(explorer, write):
    explorer.state = "regularization-explorer?l2=0.003"
    before = explorer.sentence
    write("l1_l2", my_l1_l2)
    write("dropout", my_dropout)
    explorer["steps_shown"] -= 1
    explorer["steps_shown"] += 1
    assert explorer.sentence == before.replace("L2 0.003", "Your L2 0.003", 1)
    explorer["dropout"] = 0.5
    assert explorer.sentence.startswith("Your L2 0.003, your dropout 0.5, batches of 40")
    assert scores(explorer)[0] > 0.1


def breaks_later(inputs, rate, training, seed):
    if seed != 7:  # in training, where seeds are drawn
        raise RuntimeError("not today")
    return my_dropout(inputs, rate, training, seed)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("l1_l2", lambda weights, l1=0.0, l2=0.0: 1 / 0),
        ("l1_l2", lambda weights, l1=0.0, l2=0.0: None),
        ("l1_l2", lambda weights, l1=0.0, l2=0.0: (0.0, weights)),
        ("dropout", lambda inputs, rate, training, seed: inputs),
        ("dropout", lambda inputs, rate, training, seed: "soon"),
        ("dropout", breaks_later),
    ],
)
def test_one_that_no_longer_works_breaks_nothing(explorer, write, name, answer):
    explorer.state = "regularization-explorer?l2=0.003&dropout=0.5"
    before = explorer.sentence
    write(name, answer)
    explorer["steps_shown"] -= 1
    explorer["steps_shown"] += 1
    assert explorer.sentence == before


def test_a_training_is_kept_while_its_steps_are_looked_at(explorer, monkeypatch):
    explorer.sentence  # noqa: B018 the trainings are done
    monkeypatch.setattr(moons_run, "train", lambda *_: pytest.fail("trained again"))
    for step in (0, 100, 399):
        explorer["steps_shown"] = step
        assert f"after {step} steps" in explorer.sentence
    explorer["patience"] = 100
    assert "patience 100" in explorer.sentence


def test_accessible_names_are_unique(explorer):
    names = [control.tooltip for control in explorer._controls.values()]
    assert len(set(names)) == len(names) and all(names)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("loss-explorer?l2=0.1", "begins with 'regularization-explorer'"),
        ("regularization-explorer?l3=1", "no control 'l3'"),
        ("regularization-explorer?l2=7", "a value that its control does not take"),
        ("regularization-explorer?noise=much", "noise is a number, not 'much'"),
    ],
)
def test_a_text_that_is_no_state_changes_nothing_and_says_why(explorer, text, complaint):
    explorer.state = "regularization-explorer?l2=0.01"
    with pytest.raises(ValueError, match=complaint):
        explorer.state = text
    assert explorer.state == "regularization-explorer?l2=0.01"
