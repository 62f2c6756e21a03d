"""The network microscope: what it says of a network is what the mathematics says, and a reader's stays as it is."""

import copy
import re
import time

import keras
import numpy as np
import pytest

from course_lib import initializers
from course_lib.inspection import inspect_step
from course_lib.layers import Dense
from course_lib.library import serving
from course_lib.library.serving import Live
from course_lib.network import Sequential
from course_lib.widgets.microscope_reading import BINS_PER_DECADE, FARTHEST, number, percent, sizes_of
from course_lib.widgets.network_microscope import STEPS, network_microscope
from course_lib.widgets.specimens import BATCH, task
from tests.widgets.microscopes import change, readers_network, told

NETWORK_CONTROLS = ("activation", "initializer", "depth", "width", "scale", "learning_rate")


@pytest.mark.parametrize("activation", ["tanh", "relu", "elu"])
def test_the_numbers_are_those_of_a_forward_pass_written_out(microscope, activation):
    """Outputs, shares and zeros of a layer, from the network's weights alone."""
    microscope.state = (
        f"network-microscope?activation={activation}&depth=4&initializer=standard_normal&scale=0.5&width=16"
    )
    reading, _ = microscope._reading()
    function = {"tanh": np.tanh, "relu": lambda z: np.maximum(z, 0), "elu": lambda z: np.where(z > 0, z, np.expm1(z))}
    a, deviations = task()[0], []
    for place, layer in enumerate(reading.layers[:-1], start=1):
        a = function[activation](a @ layer.kernel)
        deviations.append(a.std())
        microscope["layer"] = place
        said = microscope.sentence
        assert f"Layer {place} of 5 (Dense, {activation}), outputs: mean {number(a.mean())}" in said
        assert f"deviation {number(a.std())}" in said
        if activation == "relu":
            assert f"{percent(np.mean(a == 0))} exactly 0" in said
            assert said.endswith(f"{percent(np.mean((a == 0).all(axis=0)))} of the units dead.")
        elif activation == "tanh":
            assert said.endswith(f"{percent(np.mean(np.abs(a) > 0.97))} saturated (|a| > 0.97).")
        else:
            assert said.endswith(f"{percent(np.mean(a < -0.97))} saturated (a < −0.97).")
    assert told(microscope)["outputs_first"] == number(deviations[0])
    assert told(microscope)["outputs_last"] == number(deviations[-1])


def test_a_readers_network_is_shown_as_the_mathematics_sees_it():
    model, x, y = readers_network()
    loss, layers = inspect_step(model, x, y)
    microscope = network_microscope(model, x, y)
    said = told(microscope)
    assert said["loss"] == f"{loss:.2f}" and said["hidden"] == "5"
    for quantity in ("outputs", "gradients"):
        for end, layer in (("first", layers[0]), ("last", layers[4])):
            assert said[f"{quantity}_{end}"] == number(getattr(layer, quantity).std(dtype=np.float64))
    ratios = [layer.update_ratio for layer in layers if layer.kernel is not None]
    assert (said["lowest"], said["highest"]) == (number(min(ratios)), number(max(ratios)))

    microscope["direction"] = "backward"
    microscope["layer"] = 3
    gradients = layers[2].gradients
    assert f"gradients ∂L/∂z: mean {number(gradients.mean())}" in microscope.sentence
    assert f"{percent(np.mean(gradients == 0))} exactly 0" in microscope.sentence
    microscope["direction"], microscope["layer"] = "update ratio", 5
    assert f"a ratio of {number(layers[4].update_ratio)} (rule of thumb: 0.001)" in microscope.sentence
    microscope["layer"] = 2
    assert microscope.sentence.endswith("Layer 2 of 6 (BatchNormalization) has no kernel.")


def test_the_picture_shows_the_shares_and_the_ratios_and_the_line(microscope):
    microscope.state = "network-microscope?activation=relu&depth=6"
    picture, reading = microscope._picture, microscope._reading()[0]
    microscope.stage.flush()
    saturated, dead = (artist.get_data().values for artist in picture._shares)
    assert np.allclose(dead, [*(layer.dead for layer in reading.layers[:-1]), 0]) and not saturated.any()
    exponents = picture._ratios.get_ydata()
    assert np.allclose(10**exponents, [layer.update_ratio for layer in reading.layers])
    lines = [line.get_ydata() for line in picture.rows["update ratio"].lines]
    assert any(np.allclose(line, -3) for line in lines if len(line) == 2)
    columns = picture._columns["forward"]
    assert np.allclose(10 ** columns["line"].get_ydata(), [values.deviation for values in reading.outputs])
    # The column of a layer is its histogram of sizes: the row that is darkest is the one with the most of them.
    low = round((columns["axes"].get_ylim()[0] + FARTHEST) * BINS_PER_DECADE)
    column = np.asarray(columns["image"].get_array())[:, 2]
    assert column.max() == 1 and column.argmax() + low == sizes_of(reading.layers[2].outputs).argmax()


def test_notes_stand_above_every_bar(microscope):
    microscope.state = "network-microscope?initializer=zeros"
    microscope.stage.flush()
    picture = microscope._picture
    assert "100 % are exactly 0" in picture._note.get_text()
    assert picture._zeros.get_window_extent().y1 < picture._note.get_window_extent().y0


def test_sizes_are_counted_in_their_decade_and_zeros_are_not():
    counts = sizes_of(np.array([0.0, 1.01, -1.02, 50.0, 1e-300, 1e300]))
    filled = {int(place): int(counts[place]) for place in np.flatnonzero(counts)}
    one, fifty = FARTHEST * BINS_PER_DECADE, int((np.log10(50) + FARTHEST) * BINS_PER_DECADE)
    assert filled == {0: 1, one: 2, fifty: 1, len(counts) - 1: 1}


def test_a_layers_histogram_marks_what_is_saturated_dead_and_zero(microscope):
    microscope.state = "network-microscope?initializer=standard_normal"
    microscope.stage.flush()
    picture, here = microscope._picture, microscope._reading()[0].layers[4]
    assert picture._bars.get_data().values.sum() == here.outputs.size
    assert picture._marked.get_data().values.sum() == np.sum(np.abs(here.outputs) > 0.97) > 1000
    assert len(picture._dead.get_xdata()) == 0

    microscope.state = "network-microscope?activation=relu&depth=20"
    microscope["layer"] = 15
    microscope.stage.flush()
    picture, here = microscope._picture, microscope._reading()[0].layers[14]
    tallest = picture._bars.get_data().values.max()
    assert picture._zeros.get_ydata()[1] / tallest == pytest.approx(np.mean(here.outputs == 0))
    assert picture._dead.get_ydata()[1] / tallest == pytest.approx(here.dead) and here.dead > 0.1
    assert picture._bars.get_data().values.sum() == np.sum(here.outputs > 0)


@pytest.mark.filterwarnings("error")
def test_a_network_that_overflows_is_said_and_shown_to(microscope):
    microscope.state = "network-microscope?depth=50&activation=relu&initializer=standard_normal&scale=10&layer=45"
    assert told(microscope)["outputs_last"] == told(microscope)["gradients_first"] == "overflow"
    assert microscope.sentence.endswith("outputs: mean overflow, deviation overflow, 100 % overflowed.")
    assert len(microscope._picture._columns["forward"]["above"].get_xdata()) > 20
    microscope["direction"] = "update ratio"
    assert "a ratio of overflow" in microscope.sentence


def test_weights_of_zero_learn_nothing_but_the_last_bias(microscope):
    microscope.state = "network-microscope?initializer=zeros"
    assert told(microscope)["loss"] == "2.30"
    assert told(microscope)["gradients_first"] == told(microscope)["outputs_first"] == "0"
    microscope["steps_shown"] = 100
    assert told(microscope)["outputs_last"] == told(microscope)["lowest"] == "0"
    assert float(told(microscope)["loss"]) == pytest.approx(np.log(10), abs=0.02)


# --- training, on a copy


def frozen(model):
    generators = [model._rng, *(layer._rng for layer in model.layers if hasattr(layer, "_rng"))]
    return [
        *(weight.tobytes() for weight in model.weights),
        *(str(rng.bit_generator.state) for rng in generators),
        str(model.optimizer.iterations),
        *(slot.tobytes() for slots in model.optimizer._slots for slot in slots),
    ]


def test_a_readers_network_stays_as_it_is_and_its_copy_is_trained():
    model, x, y = readers_network()
    before, twin = frozen(model), copy.deepcopy(model)
    microscope = network_microscope(model, x, y)
    microscope["steps_shown"] = 5
    for step in range(5):
        rows = np.arange(step * BATCH, (step + 1) * BATCH) % len(x)
        twin.train_on_batch(x[rows], y[rows])
    loss, _ = inspect_step(twin, x, y)
    assert told(microscope)["loss"] == f"{loss:.2f}"
    assert "Your network on 100 examples, after 5 more steps of training:" in microscope.sentence
    assert frozen(model) == before
    microscope["steps_shown"] = 0
    seen = microscope.sentence
    model.fit(x, y, epochs=2, seed=1, verbose=0)
    microscope["steps_shown"] = 1
    assert microscope.sentence != seen
    microscope["steps_shown"] = 0
    assert microscope.sentence == seen, "what the reader's network learns afterwards is not shown"


def test_the_way_back_shows_what_the_way_there_did():
    model, x, y = readers_network()
    microscope, seen = network_microscope(model, x, y), {}
    for steps in (0, 1, 19, 20, 21, 60):
        microscope["steps_shown"] = steps
        seen[steps] = microscope.sentence
    for steps in (20, 60, 1, 0, 21, 19):
        microscope["steps_shown"] = steps
        assert microscope.sentence == seen[steps]
    assert len(set(seen.values())) == len(seen)


def test_a_network_that_is_alive_learns_the_task(microscope):
    microscope["steps_shown"] = STEPS
    assert float(told(microscope)["loss"]) < 0.5 < 2 < np.log(10)


@pytest.mark.parametrize("name", NETWORK_CONTROLS)
def test_another_network_begins_untrained(microscope, name):
    microscope["steps_shown"] = 3
    change(microscope._controls[name])
    assert microscope["steps_shown"] == 0 and "before training" in microscope.sentence


def test_batches_larger_than_needed_are_cut_and_smaller_ones_are_taken_whole():
    model, x, y = readers_network()
    many = network_microscope(model, np.tile(x, (4, 1)), np.tile(y, (4, 1)))
    assert "Your network on 256 examples, as you gave it: loss" in many.sentence
    few = network_microscope(model, x[:5], y[:5])
    few["steps_shown"] = 2
    assert "Your network on 5 examples, after 2 more steps" in few.sentence


def test_what_cannot_be_looked_at_is_refused_with_a_sentence():
    model, x, y = readers_network()
    with pytest.raises(ValueError, match="give all three"):
        network_microscope(model, x)
    with pytest.raises(ValueError, match="give all three"):
        network_microscope(x=x, y=y)
    with pytest.raises(TypeError, match="not into keras's Sequential"):
        network_microscope(keras.Sequential([keras.layers.Dense(1)]), x, y)
    with pytest.raises(RuntimeError, match="say how to train first"):
        network_microscope(Sequential([Dense(1)]), x, y)
    with pytest.raises(ValueError, match="as many of each"):
        network_microscope(model, x, y[:-1])


# --- a reader's own initializers


@pytest.fixture
def write(monkeypatch):
    """write(name, answer): the answer has passed its check in this process."""
    monkeypatch.setattr(serving, "live", {})
    return lambda name, answer: serving.live.update({name: Live(answer, time.time())})


def my_glorot(shape, seed=None):
    limit = (6 / (shape[0] + shape[1])) ** 0.5
    return np.random.RandomState(seed % 2**31).uniform(-limit, limit, shape)


def test_a_readers_own_initializer_is_used_and_said_to_be_theirs(write):
    before = network_microscope().sentence
    write("glorot_uniform", my_glorot)
    microscope = network_microscope()
    assert "tanh units, your glorot_uniform, before" in microscope.sentence
    assert told(microscope)["outputs_last"] != re.search(r"goes from \S+ to (\S+);", before)[1]
    assert microscope._picture._told[-1].get_text().strip() == "weights began as your glorot_uniform"
    write(
        "orthogonal",
        lambda shape, seed=None, dtype="float32", gain=1.0: initializers.orthogonal(shape, seed, gain=gain),
    )
    for name, whose in (("standard_normal", ""), ("orthogonal", "your "), ("he_normal", "")):
        microscope["initializer"] = name
        assert f"tanh units, {whose}{name}, before" in microscope.sentence


@pytest.mark.parametrize(
    "answer",
    [
        lambda shape, seed=None: 1 / 0,
        lambda shape, seed=None: np.full(shape, np.nan),
        lambda shape, seed=None: 7.0,
        lambda shape, seed=None: 10 * my_glorot(shape, seed),
    ],
)
def test_an_initializer_that_fails_gives_way_to_the_courses(write, answer):
    before = network_microscope().sentence
    write("glorot_uniform", answer)
    assert network_microscope().sentence == before
