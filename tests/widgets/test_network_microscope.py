"""The network microscope, from the kernel's side: its numbers, its copy, controls, presets and pictures."""

import copy
import html
import io
import re
import time

import keras
import numpy as np
import pytest
from PIL import Image

from course_lib import initializers, regularizers
from course_lib.inspection import inspect_step
from course_lib.layers import Activation, BatchNormalization, Dense, Dropout
from course_lib.library import serving
from course_lib.library.serving import Live
from course_lib.network import Sequential
from course_lib.optimizers import Adam
from course_lib.widgets.microscope_picture import DIRECTIONS
from course_lib.widgets.microscope_reading import BINS_PER_DECADE, FARTHEST, number, percent, sizes_of
from course_lib.widgets.network_microscope import ACTIVATIONS, STEPS, NetworkMicroscope, network_microscope
from course_lib.widgets.specimens import BATCH, INITIALIZERS, task

NETWORK_CONTROLS = ("activation", "initializer", "depth", "width", "scale", "learning_rate")


@pytest.fixture(scope="module")
def only_microscope():
    return network_microscope()


@pytest.fixture
def microscope(only_microscope):
    only_microscope.state = "network-microscope"
    return only_microscope


def readers_network(seed=0):
    """A network with every kind of layer, trained a little, and its data."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(100, 12))
    y = (x[:, :1] > 0).astype(float)
    layers = [
        Dense(20, kernel_regularizer=regularizers.L2(0.01)),
        BatchNormalization(),
        Activation("relu"),
        Dropout(0.3),
        Dense(8, activation="sigmoid"),
        Dense(1, activation="sigmoid"),
    ]
    model = Sequential(layers, seed=seed)
    model.compile(Adam(0.01), loss="binary_crossentropy")
    model.fit(x, y, epochs=2, seed=0, verbose=0)
    return model, x, y


def change(control):
    """Set a control to another value, far from the one it has."""
    if hasattr(control, "max"):
        control.value = control.max
        return
    values = [each[1] if isinstance(each, tuple) else each for each in control.options]
    control.value = values[0] if control.value == values[-1] else values[-1]


def told(microscope):
    """What the sentence says of all layers: names to the texts of numbers."""
    pattern = (
        r".*: loss (?P<loss>\S+)( \(.*?\))?\. From layer 1 to (?P<hidden>\d+) the outputs' deviation goes from "
        r"(?P<outputs_first>\S+) to (?P<outputs_last>\S+); back from layer \d+ to 1 the gradients' from "
        r"(?P<gradients_last>\S+) to (?P<gradients_first>\S+); update ratios are (?P<lowest>\S+?)"
        r"( to (?P<highest>\S+))?\. Layer .*"
    )
    match = re.fullmatch(pattern, microscope.sentence)
    assert match, microscope.sentence
    return match.groupdict()


# --- its numbers


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


# --- controls, pointer, states


@pytest.mark.parametrize("name", NetworkMicroscope()._controls)
def test_every_control_changes_the_picture_and_the_sentence(microscope, name):
    microscope.state = "network-microscope?depth=6&activation=relu&steps_shown=4"
    before, frame = microscope.sentence, microscope.stage.frame
    change(microscope._controls[name])
    assert microscope.sentence != before
    assert microscope.stage.frame != frame


@pytest.mark.slow
@pytest.mark.parametrize(
    ("activation", "initializer"),
    [*((activation, "orthogonal") for activation in ACTIVATIONS), *(("relu", name) for name in INITIALIZERS)],
)
@pytest.mark.filterwarnings("error")
def test_every_activation_and_every_initializer_is_shown_in_every_direction(microscope, activation, initializer):
    for direction in ("forward", "backward", "update ratio"):
        with microscope.held():
            microscope["activation"], microscope["initializer"] = activation, initializer
            microscope["direction"], microscope["depth"], microscope["steps_shown"] = direction, 3, 2
        assert f"3 hidden layers of 32 {activation} units, {initializer}, after 2 steps" in microscope.sentence


def test_a_layer_is_dragged_in_every_row_and_stays_in_the_network(microscope):
    def drag(index, *shares):
        zone = microscope.stage.zones[index]
        moves = [(zone["left"] + share * zone["width"], zone["top"] + 0.5 * zone["height"]) for share in shares]
        kinds = ["down", *["move"] * (len(moves) - 2), "up"]
        microscope.stage._hear(
            {"event": "pointer", "moves": [[kind, index, *at] for kind, at in zip(kinds, moves, strict=True)]}
        )

    microscope.stage.flush()
    for index, direction in enumerate(("forward", "backward", "update ratio")):
        drag(index, 0.1, 0.3, 8.5 / 11)
        assert (microscope["layer"], microscope["direction"]) == (9, direction)
        assert "Layer 9 of 11" in microscope.sentence
        drag(index, 0.5, 1.4)
        assert microscope["layer"] == 11
        drag(index, 0.5, -0.4)
        assert microscope["layer"] == 1


def test_arrow_keys_lead_through_layers_and_rows(microscope):
    def press(*keys):
        for key in keys:
            microscope.stage._hear({"event": "key", "zone": 0, "key": key})

    press("ArrowRight", "ArrowRight", "ArrowLeft")
    assert microscope["layer"] == 6
    press("ArrowDown")
    assert microscope["direction"] == "backward"
    press("ArrowDown", "ArrowDown", "ArrowDown")
    assert microscope["direction"] == "update ratio"
    press("ArrowUp", "a", " ")
    assert (microscope["direction"], microscope["layer"]) == ("backward", 6)
    press(*["ArrowLeft"] * 20)
    assert microscope["layer"] == 1


def test_a_shorter_network_keeps_the_layer_within_it(microscope):
    microscope["layer"] = 9
    microscope["depth"] = 2
    assert microscope["layer"] == 3 and "Layer 3 of 3" in microscope.sentence
    microscope["depth"] = 1
    assert "1 hidden layer of 32" in microscope.sentence and "From layer" not in microscope.sentence
    kept = microscope.state
    microscope.state = "network-microscope?depth=50&layer=51"
    assert microscope["layer"] == 51
    microscope.state = kept
    assert (microscope["layer"], microscope.state) == (2, kept)


def test_initial_values_lie_where_a_slider_can_stand_and_names_are_unique(microscope):
    names = [control.tooltip for control in microscope._controls.values()]
    assert len(set(names)) == len(names) and all(names)
    for control in microscope._controls.values():
        if hasattr(control, "options"):
            assert control.value in [each[1] if isinstance(each, tuple) else each for each in control.options]


@pytest.mark.slow
@pytest.mark.parametrize("question", NetworkMicroscope.presets)
def test_presets_are_states_and_what_is_done_from_there_can_be_kept(microscope, question):
    microscope.state = microscope.presets[question]
    assert microscope.state == microscope.presets[question]
    microscope["layer"] += 1
    other = network_microscope(state=microscope.state)
    assert other.sentence == microscope.sentence
    assert other.state == microscope.state != microscope.presets[question]


def test_presets_show_what_they_promise(microscope):
    def shown(question):
        microscope.state = microscope.presets[question]
        return {name: float(text) for name, text in told(microscope).items() if text}

    small = shown("weights too small")
    assert small["outputs_last"] < 1e-4 * small["outputs_first"] and small["gradients_first"] < 1e-4
    large = shown("weights too large")
    assert large["gradients_first"] > 50 * large["gradients_last"]
    assert float(re.search(r"(\d+) % saturated", microscope.sentence)[1]) > 50
    nothing = shown("all weights zero")
    assert nothing["outputs_last"] == 0 and nothing["loss"] > 2.25
    alike = shown("all weights alike")
    assert alike["loss"] > 1.5  # a network of one unit in each layer
    assert np.ptp(microscope._reading()[0].layers[3].outputs, axis=1).max() < 1e-5
    sigmoids = shown("sigmoids, ten deep")
    assert sigmoids["gradients_first"] < 1e-4 * sigmoids["gradients_last"]
    glorot, he = shown("ReLU and Glorot, fifty deep"), shown("ReLU and He, fifty deep")
    for end in ("outputs_last", "gradients_first"):
        assert glorot[end] < 1e-6 * he[end]
    assert shown("which scale for fifty ReLU layers?")["outputs_last"] < 1e-10
    assert shown("too large a rate")["lowest"] > 0.1 and shown("too large a rate")["loss"] > 10
    shown("units that die while they learn")
    died = microscope._reading()[0].dead
    microscope["steps_shown"] = 0
    assert died[9] > 0.6 and np.mean(died) > np.mean(microscope._reading()[0].dead) + 0.05


def test_a_scale_that_keeps_fifty_relu_layers_alive_is_found_where_he_says(microscope):
    """√(2 / 64) = 0.177 lies between two places of the slider: both keep the signal, a fifth more or less does not."""
    microscope.state = microscope.presets["which scale for fifty ReLU layers?"]
    ends = {}
    for scale in (0.14, 0.175, 0.18, 0.22):
        microscope["scale"] = scale
        ends[scale] = float(told(microscope)["outputs_last"])
    assert ends[0.14] < 0.01 and 0.1 < ends[0.175] < ends[0.18] < 2 and ends[0.22] > 1000


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("optimizer-race?depth=1", "begins with 'network-microscope'"),
        ("network-microscope?units=1", "no control 'units'"),
        ("network-microscope?depth=deep", "depth is a"),
        ("network-microscope?activation=softmax", "a value that its control does not take"),
        ("network-microscope?scale=0.3333", "a value that its control does not take"),
    ],
)
def test_a_text_that_is_no_state_changes_nothing_and_says_why(microscope, text, complaint):
    microscope.state = "network-microscope?activation=relu&layer=7"
    with pytest.raises(ValueError, match=complaint):
        microscope.state = text
    assert microscope.state == "network-microscope?activation=relu&layer=7"


def test_a_reader_without_a_kernel_gets_the_picture_and_the_sentence(microscope):
    microscope.stage._hear({"event": "mounted", "width": 350, "pixel_ratio": 2, "reduced_motion": False})
    assert microscope.is_tall
    bundle = microscope._repr_mimebundle_()
    assert (
        bundle["text/plain"]
        == microscope.sentence
        == html.unescape(re.search("<figcaption>(.*?)<", bundle["text/html"])[1])
    )
    assert Image.open(io.BytesIO(bundle["image/png"])).size == (960, 470)
    microscope.stage._hear({"event": "mounted", "width": 960, "pixel_ratio": 1, "reduced_motion": False})
    assert not microscope.is_tall


@pytest.mark.slow
@pytest.mark.parametrize("width", [262, 358, 510, 600, 760, 1000])
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_no_text_covers_another_or_is_cut_whatever_the_width(microscope, width, direction):
    microscope.state = "network-microscope?activation=relu&initializer=he_normal&depth=50&layer=50&scale=0.95"
    microscope["direction"] = direction
    microscope.stage._hear({"event": "mounted", "width": width, "pixel_ratio": 1, "reduced_motion": False})
    microscope.stage.flush()
    picture, figure = microscope._picture, microscope._picture.one.figure
    texts = [picture._heading, picture._note, *picture._told]
    for axes in picture._all_rows:
        texts += [axes._left_title, *axes.texts]
    boxes = [(text, text.get_window_extent()) for text in texts if text.get_text()]
    for index, (text, box) in enumerate(boxes):
        assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 + 1, text
        assert figure.bbox.y0 <= box.y0 + 1 and box.y1 <= figure.bbox.y1, text
        for other, other_box in boxes[:index]:
            assert not box.overlaps(other_box) or min(box.y1 - other_box.y0, other_box.y1 - box.y0) < 2, (text, other)
    microscope.stage._hear({"event": "mounted", "width": 960, "pixel_ratio": 1, "reduced_motion": False})


def test_a_readers_microscope_has_no_controls_that_build():
    model, x, y = readers_network()
    microscope = network_microscope(model, x, y, state="network-microscope?layer=4&direction=backward")
    assert list(microscope._controls) == ["direction", "layer", "steps_shown"]
    assert "Layer 4 of 6 (Dropout), gradients" in microscope.sentence
    assert not microscope.presets
