"""The network microscope's controls, pointer, states and pictures."""

import html
import io
import re

import numpy as np
import pytest
from PIL import Image

from course_lib.widgets.microscope_picture import DIRECTIONS
from course_lib.widgets.network_microscope import ACTIVATIONS, NetworkMicroscope, network_microscope
from course_lib.widgets.specimens import INITIALIZERS
from tests.widgets.microscopes import change, readers_network, told


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
