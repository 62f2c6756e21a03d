"""The training dashboard's picture: few while fit runs, moved by controls and states, its curves kept short."""

import io

import numpy as np
import pytest
from PIL import Image

from course_lib.network import Callback
from course_lib.widgets import training_dashboard
from course_lib.widgets.training_dashboard import CAPACITY, Curve, TrainingDashboard, round_above, round_below
from tests.widgets.test_stage import mount
from tests.widgets.training import X, Y, fit, network

RNG = np.random.default_rng(8)


def pixels(explorer):
    return np.asarray(Image.open(io.BytesIO(explorer.still_picture()[0])).convert("RGB")).astype(int)


# --- while it runs


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes on by a tenth of a second at each batch."""

    class Clock(Callback):
        now = 100.0

        def on_train_batch_end(self, batch, logs):
            Clock.now += 0.1

    monkeypatch.setattr(training_dashboard.time, "monotonic", lambda: Clock.now)
    return Clock


def test_a_long_fit_sends_few_pictures_and_always_the_last_state(clock, dashboard):
    before = dashboard.stage.number
    model = network()
    model.fit(
        X, Y, batch_size=5, epochs=15, callbacks=[clock(), dashboard], seed=0, verbose=0
    )  # 300 batches, 30 seconds
    assert 10 <= dashboard.stage.number - before <= 20
    assert dashboard.stage.sentence.startswith("Finished after epoch 15 of 15: loss")


def test_controls_move_the_picture_after_training(dashboard):
    fit(network(), dashboard, epochs=4, batch_size=2, validation_data=(X, Y))
    for name, value in (
        ("smoothing", 1),
        ("smoothing", 200),
        ("log_scale", True),
        ("batches", False),
        ("epoch_means", False),
        ("validation", False),
    ):
        before, sentence = pixels(dashboard.stage), dashboard.sentence
        dashboard[name] = value
        assert (pixels(dashboard.stage) != before).any(), name
        assert dashboard.sentence != sentence, name
    assert dashboard.sentence.endswith("Curves: none, the loss on a logarithmic scale.")
    dashboard.state = "training-dashboard?smoothing=50&epoch_means=no"
    assert dashboard.sentence.endswith("Curves: means of 50 batches, validation.")
    dashboard.state = "training-dashboard?batches=no&epoch_means=no&validation=no"
    assert dashboard.sentence.endswith("Curves: none.")
    assert not any(line.get_visible() for lines in dashboard._lines for line in lines.values())


def test_the_picture_shows_what_is_of_interest(dashboard):
    """The first few batches, and values in between round numbers, do not set the scale."""
    dashboard.model, dashboard.params = object(), {"epochs": 10, "steps": 100}
    dashboard.on_train_begin()
    for epoch in range(5):
        for batch in range(100):
            step = 100 * epoch + batch
            dashboard.on_train_batch_end(batch, {"loss": 0.3 + 50 * 0.5**step, "accuracy": 0.93 - 0.9 * 0.5**step})
        dashboard.on_epoch_end(epoch, {"loss": 0.3, "val_loss": 0.9, "accuracy": 0.93, "val_accuracy": 0.86})
    assert dashboard._limits() == (10, (0, 1), (0.8, 1))
    dashboard["validation"] = False
    dashboard["batches"] = False
    assert dashboard._limits() == (10, (0, 1), (0.8, 1)), "what is told in the title is to be seen"


def test_before_training_it_says_what_to_do(dashboard):
    assert dashboard.sentence == "Nothing has been trained yet: fit takes this among its callbacks."


# --- memory


def test_a_curve_keeps_its_shape_in_bounded_memory():
    curve = Curve()
    for step in range(100_000):
        curve.add(step, np.sin(step / 10_000))
    x, y = curve.smoothed()
    assert CAPACITY / 2 <= len(x) <= CAPACITY
    np.testing.assert_allclose(y, np.sin(x / 10_000), atol=1e-4)
    assert x[0] < 100 and x[-1] > 99_800 and np.ptp(np.diff(x)) == 0


def test_smoothing_is_the_mean_of_the_last_values():
    curve, values = Curve(), RNG.normal(size=60)
    values[20] = np.nan
    for step, value in enumerate(values):
        curve.add(step, value)
    _, y = curve.smoothed(7)
    expected = [np.nanmean(values[max(0, step - 6) : step + 1]) for step in range(60)]
    expected[20] = np.nan
    np.testing.assert_allclose(y, expected)
    np.testing.assert_allclose(curve.smoothed(1)[1], values)


def test_round_numbers():
    assert [round_above(value) for value in (0, 0.5, 0.51, 1, 2.1, 7, 2e4)] == [0, 0.5, 1, 1, 5, 10, 2e4]
    assert [round_below(value) for value in (0.5, 0.49, 1, 9.9)] == [0.5, 0.2, 1, 5]
    for value in RNG.lognormal(sigma=5, size=100):
        assert round_below(value) <= value <= round_above(value) <= 2.5 * value


# --- states


@pytest.mark.slow
@pytest.mark.parametrize("question", TrainingDashboard.presets)
def test_presets_are_states(dashboard, question):
    fit(network(), dashboard)
    before = pixels(dashboard.stage)
    dashboard.state = dashboard.presets[question]
    assert set(dashboard.state.partition("?")[2].split("&")) == set(
        dashboard.presets[question].partition("?")[2].split("&")
    )
    assert (pixels(dashboard.stage) != before).any()
    other = TrainingDashboard()
    other.state = dashboard.state
    assert other.state == dashboard.state


def test_a_wrong_text_is_refused(dashboard):
    dashboard._state_box.value = "training-dashboard?smoothing=3"
    assert "a value that its control does not take" in dashboard._complaint.value
    assert dashboard.state == "training-dashboard"


@pytest.mark.parametrize("width", [280, 400])
def test_on_a_phone_the_legend_is_whole_and_lies_on_no_curve(dashboard, width):
    fit(network(), dashboard, epochs=2, validation_data=(X, Y))
    mount(dashboard, width=width)
    figure = dashboard.stage._canvas.figure
    [legend] = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["batches", "mean of the epoch so far", "validation"]
    box = legend.get_window_extent()
    assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1
    assert all(box.y0 >= axes.get_tightbbox().y1 for axes in figure.axes)
