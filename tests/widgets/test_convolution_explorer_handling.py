"""The convolution explorer in the hand: pointer and keys, controls and presets, and what can be read off it."""

import re

import numpy as np
import pytest

from course_lib.widgets.convolution_explorer import WEIGHTS, ConvolutionExplorer
from course_lib.widgets.convolution_net import digit, trained
from tests.widgets.convolutions import part, says


@pytest.fixture
def explorer(only_convolution_explorer):
    only_convolution_explorer.state = "convolution-explorer"
    return only_convolution_explorer


# --- pointer and keys


def click(explorer, zone, each, row, column, way=0.0):
    """Press in the pixel (row, column) of a map in the zone called `zone`, go up so far, and release."""
    explorer.stage.flush()
    axes = part(explorer, zone).axes
    left, top, width, height = each.box_of(row, column)
    bounds, moves = explorer.stage._canvas.figure.bbox, []
    for kind, up in (("down", 0), ("move", way), ("up", way)):
        x, y = axes.transData.transform((left + width / 2, top + height / 2 - up))
        moves.append([kind, ("net", "unit", "place").index(zone), x / bounds.width, 1 - y / bounds.height])
    explorer.stage._hear({"event": "pointer", "moves": moves})


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 2])
def test_a_pixel_of_the_input_leads_to_the_nearest_window_and_a_place_to_itself(explorer, stride, padding):
    explorer.state = f"convolution-explorer?stride={stride}&padding={padding}"
    zoom = part(explorer, "unit")
    size, outputs = 8 + 2 * padding, (8 + 2 * padding - 3) // stride + 1
    middles = stride * np.arange(outputs) + 1
    for pixel in range(size):
        click(explorer, "unit", zoom._channels[0].inputs, pixel, size - 1 - pixel)
        for name, at in (("row", pixel), ("column", size - 1 - pixel)):
            assert abs(middles[explorer[name] - 1] - at) == np.abs(middles - at).min()
    for each in (zoom._channels[0].partial, zoom.summed, zoom.output):
        for place in range(outputs):
            click(explorer, "unit", each, place, outputs - 1 - place)
            assert (explorer["row"], explorer["column"]) == (place + 1, outputs - place)


def test_a_map_of_the_network_leads_to_its_unit_and_a_channel_to_itself(explorer):
    layers = part(explorer, "net").layers
    for column, place, unit in ((1, 3, "1.4"), (3, 6, "2.7"), (3, 0, "2.1")):
        click(explorer, "net", layers[column][place], 0, 0)
        assert explorer["unit"] == unit
    click(explorer, "net", layers[2][2], 1, 1)
    assert (explorer["unit"], explorer["channel"]) == ("2.1", 3)
    click(explorer, "unit", part(explorer, "unit")._channels[1].inputs, 2, 2)
    assert explorer["channel"] == 2
    click(explorer, "net", layers[0][0], 4, 4)
    assert (explorer["unit"], explorer["channel"]) == ("2.1", 2)


def test_what_was_changed_stays_while_its_own_map_is_pressed(explorer):
    explorer["w22"] = 3.0
    click(explorer, "net", part(explorer, "net").layers[1][0], 0, 0)
    assert explorer["w22"] == 3.0
    click(explorer, "unit", part(explorer, "unit")._channels[0].inputs, 4, 4)
    assert explorer["w22"] == 3.0


def test_a_weight_is_chosen_by_a_press_and_dragged_up_and_down(explorer):
    numbers = part(explorer, "place")._maps
    click(explorer, "place", numbers[1], 0, 2)
    assert explorer["weight"] == "w13"
    assert explorer.state == "convolution-explorer?weight=w13"
    before = explorer["w13"]
    click(explorer, "place", numbers[1], 0, 2, way=5.0)
    assert explorer["w13"] == pytest.approx(before + 1.0, abs=0.051)
    click(explorer, "place", numbers[0], 2, 0, way=-100.0)
    assert explorer["weight"] == "w31" and explorer["w31"] == -9
    explorer.state = "convolution-explorer"
    explorer.on_pointer("down", part(explorer, "place").axes, 99.0, 0.1)
    explorer.on_pointer("move", part(explorer, "place").axes, 99.0, 9.0)
    assert explorer.state == "convolution-explorer"


def test_keys_go_from_weight_to_weight_and_change_it(explorer):
    axes = part(explorer, "place").axes
    for key in ("ArrowUp", "ArrowUp", "ArrowRight", "+", "+", "-", "x"):
        explorer.on_key(axes, key)
    assert explorer["weight"] == "w13"
    assert explorer["w13"] == pytest.approx(trained()[0][0, 2, 0, 0] + 0.1)
    explorer["w13"] = 9.0
    explorer.on_key(axes, "+")
    assert explorer["w13"] == 9


def test_the_chosen_weight_is_marked_in_all_three(explorer):
    explorer["weight"] = "w32"
    zoom = part(explorer, "place")
    for each, mark in zip(zoom._maps, zoom._chosen, strict=True):
        assert mark.get_bbox().bounds == pytest.approx(each.box_of(2, 1))


def test_where_no_map_is_the_pointer_changes_nothing(explorer):
    before = explorer.state
    for zone in ("net", "unit"):
        explorer.on_pointer("down", part(explorer, zone).axes, 17.3, 0.1)
        explorer.on_pointer("move", part(explorer, zone).axes, -3.0, 99.0)
    assert explorer.state == before


def test_arrow_keys_go_from_place_to_place_and_from_unit_to_unit(explorer):
    zoom, net = part(explorer, "unit").axes, part(explorer, "net").axes
    explorer.state = "convolution-explorer?row=3&column=5"
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowUp", "ArrowUp", "x"):
        explorer.on_key(zoom, key)
    assert (explorer["row"], explorer["column"]) == (2, 7)
    for _ in range(9):
        explorer.on_key(zoom, "ArrowRight")
        explorer.on_key(zoom, "ArrowUp")
    assert (explorer["row"], explorer["column"]) == (1, 8)
    for unit in ("1.2", "1.3", "1.4", "2.1"):
        explorer.on_key(net, "ArrowRight")
        assert explorer["unit"] == unit
    for _ in range(9):
        explorer.on_key(net, "ArrowLeft")
    assert explorer["unit"] == "1.1"


# --- what can be read off it


def test_what_is_asked_of_the_explorer_can_be_read_off_it(explorer):
    right = []
    for label in range(10):
        explorer.state = f"convolution-explorer?digit={label}&padding=0"
        right.append(says(explorer) == label)
    assert sum(right) == 3
    raised = [round(0.1 * step, 1) for step in range(30)]
    read = {}
    for bias in raised:
        explorer.state = f"convolution-explorer?digit=1&unit=2.7&bias={bias}"
        read[bias] = says(explorer)
    assert min(bias for bias, label in read.items() if label != 1) == 1.2
    explorer.state = "convolution-explorer?digit=4&unit=2.2"
    spared = []
    for unit in range(1, 9):
        explorer.state = f"convolution-explorer?digit=4&unit=2.{unit}&bias=-20"
        assert "100% of it is 0" in explorer.sentence
        spared.append(says(explorer) == 4)
    assert sum(spared) == 5


def test_one_weight_moves_the_digit(explorer):
    nothing = dict.fromkeys(WEIGHTS, 0)
    ink, moved = digit(3)[..., 0], {}
    for name in WEIGHTS:
        values = nothing | {name: 1, "bias": 0}
        explorer.state = "convolution-explorer?" + "&".join(f"{key}={value}" for key, value in values.items())
        moved[name] = np.array(part(explorer, "unit").output._image.get_array())
    assert np.array_equal(moved["w21"][:, 1:], ink[:, :-1])
    assert np.array_equal(moved["w22"], ink)
    assert np.array_equal(moved["w12"][1:], ink[:-1])


CONTROLS = list(ConvolutionExplorer()._controls)


@pytest.mark.parametrize("name", CONTROLS)
def test_every_control_changes_the_picture_and_the_sentence(explorer, name):
    explorer.state = "convolution-explorer?unit=2.7&row=2&column=2"
    before, frame = explorer.sentence, explorer.stage.frame
    control = explorer._controls[name]
    if name in ("unit", "weight"):
        control.value = {"unit": "2.8", "weight": "w11"}[name]
    else:
        control.value = control.value + control.step if control.value < control.max else control.min
    assert explorer.sentence != before
    assert explorer.stage.frame != frame


def test_presets_are_states_and_show_what_they_promise(explorer):
    seen = {}
    for question, state in explorer.presets.items():
        explorer.state = state
        seen[question] = explorer.sentence
        for name, value in re.findall(r"(\w+)=([^&]+)", state):
            assert str(explorer[name]) == value or explorer[name] == float(value)
    explorer.state = explorer.presets["identity: the map is the digit"]
    assert np.array_equal(part(explorer, "unit").output._image.get_array(), digit(3)[..., 0])
    assert "kernel vertical edge, whose weights sum to 0.00" in seen["vertical edges"]
    assert "kernel horizontal edge, whose weights sum to 0.00" in seen["horizontal edges"]
    assert "kernel blur, whose weights sum to 0.99" in seen["blur"]
    assert "the 4 channels give" in seen["four channels, one sum"]
    assert "leaves 1 over" in seen["a stride that leaves something over"]
    assert "2 × 2 places" in seen["the same, with nothing left over"]
    assert "1 window sees the middle" not in seen["four channels, one sum"]
    assert "4 windows see the middle" in seen["without padding, a corner is seen less often"]


@pytest.mark.parametrize("width", [960.0, 650.0, 590.0, 330.0, 247.0])
@pytest.mark.parametrize(
    "state", ["", "?unit=2.7&row=2&column=2&bias=-8.88&w11=-8.88&w22=-8.88", "?stride=2&padding=0"]
)
def test_nothing_is_cut_off_and_no_text_covers_another(explorer, width, state):
    explorer.state = f"convolution-explorer{state}"
    try:
        explorer.stage._hear({"event": "mounted", "width": width, "pixel_ratio": 1, "reduced_motion": False})
        assert explorer.is_tall == (width < 500)
        figure = explorer.stage._canvas.figure
        picture = explorer._picture
        texts = [text for axes in figure.axes for text in axes.texts if text.get_text() and text.get_visible()]
        assert len(texts) > 40
        boxes = [text.get_window_extent() for text in texts]
        boxes.append(figure.legends[0].get_window_extent())
        for text, box in zip([*texts, "the legend"], boxes, strict=True):
            assert figure.bbox.padded(0.5).contains(*box.min) and figure.bbox.padded(0.5).contains(*box.max), text
        for index, box in enumerate(boxes):
            for other in range(index):
                assert not box.padded(-0.5).overlaps(boxes[other].padded(-0.5)), (texts[other], index)
        images = [image for axes in figure.axes for image in axes.images if image.get_visible()]
        outside = [each.name for each in maps_of(picture) if each.name in texts] + list(picture._titles)
        for text in outside:
            box = text.get_window_extent().padded(-1)
            assert not any(box.overlaps(image.get_window_extent()) for image in images), text
    finally:
        explorer.stage._hear({"event": "mounted", "width": 960.0, "pixel_ratio": 1, "reduced_motion": False})


def maps_of(picture):
    """All maps that have a name."""
    channels = [each for one in picture.unit._channels for each in (one.inputs, one.partial)]
    layers = [each for layer in picture.net.layers for each in layer]
    return [*layers, *channels, picture.unit.summed, picture.unit.output, *picture.place._maps]


def test_accessible_names_are_unique(explorer):
    names = [control.tooltip for control in explorer._controls.values()]
    assert len(set(names)) == len(names) and all(names)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("batch-explorer?x1=1", "begins with 'convolution-explorer'"),
        ("convolution-explorer?w44=1", "no control 'w44'"),
        ("convolution-explorer?unit=3.1", "a value that its control does not take"),
        ("convolution-explorer?w11=much", "w11 is a number, not 'much'"),
    ],
)
def test_a_text_that_is_no_state_changes_nothing_and_says_why(explorer, text, complaint):
    explorer.state = "convolution-explorer?digit=7&w22=1.5"
    before = explorer.state
    with pytest.raises(ValueError, match=complaint):
        explorer.state = text
    assert explorer.state == before
