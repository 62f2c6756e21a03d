"""The convolution explorer, from the kernel's side: its network, its numbers, what points at what, and its pictures."""

import re
import time

import numpy as np
import pytest

from course_lib import convolution
from course_lib.library import serving
from course_lib.library.serving import Live
from course_lib.widgets.convolution_explorer import KERNELS, WEIGHTS, ConvolutionExplorer
from course_lib.widgets.convolution_maps import seers_of
from course_lib.widgets.convolution_net import UNITS, Unit, digit, look, trained
from course_lib.widgets.one_run import parts_of


@pytest.fixture(scope="module")
def only_explorer():
    return ConvolutionExplorer()


@pytest.fixture
def explorer(only_explorer):
    only_explorer.state = "convolution-explorer"
    return only_explorer


def told(explorer, pattern):
    """The numbers that the sentence tells where `pattern` stands in it."""
    found = re.search(pattern, explorer.sentence)
    assert found, explorer.sentence
    return [float(number.replace("−", "-").replace(" ", "")) for number in found.groups()]


def says(explorer):
    return int(told(explorer, r"The network says (\d)")[0])


def sums(explorer):
    """(the sum with the bias, after ReLU) of the place."""
    return told(explorer, r"with the bias \S+ that is (\S+), and after ReLU (\S+)\. ")


def part(explorer, name):
    explorer.stage.flush()
    return getattr(explorer._picture, name)


# --- the network


def test_the_digits_are_scikit_learns_and_the_network_knows_325_of_360():
    datasets = pytest.importorskip("sklearn.datasets")
    everything = datasets.load_digits()
    images, labels = everything.images[1437:], everything.target[1437:]
    for label in range(10):
        [place] = np.flatnonzero((images == 16 * digit(label)[..., 0]).all(axis=(1, 2)))
        assert labels[place] == label
    weights = trained()
    assert sum(each.size for each in weights) == 426
    right = [look(image[..., np.newaxis] / 16, weights, UNITS[0], 1, 1).scores.argmax() for image in images]
    assert np.sum(right == labels) == 325


@pytest.mark.parametrize("unit", [Unit(1, 1), Unit(1, 4), Unit(2, 7)])
@pytest.mark.parametrize(("stride", "padding"), [(1, 1), (2, 0), (3, 2), (5, 0)])
def test_partial_maps_and_the_bias_sum_to_the_units_map(unit, stride, padding):
    weights = trained()
    seen = look(digit(4), weights, unit, stride, padding)
    bias = unit.biases_of(weights)[unit.filter - 1]
    assert seen.partial.sum(axis=-1) + bias == pytest.approx(seen.summed)
    for row, column in np.ndindex(seen.summed.shape):
        products = seen.window((row, column)) * unit.kernel_of(weights)
        assert seen.partial[row, column] == pytest.approx(products.sum(axis=(0, 1)))
    assert seen.images[2 * unit.layer - 1][..., unit.filter - 1] == pytest.approx(np.maximum(seen.summed, 0))


def test_the_network_is_what_its_layers_compute():
    weights, image = trained(), digit(7)[np.newaxis]
    first = np.maximum(convolution.conv2d(image, *weights[:2], strides=2, padding=2), 0)
    pooled = convolution.max_pool2d(first)
    second = np.maximum(convolution.conv2d(pooled, *weights[2:4], padding=1), 0)
    powers = np.exp(second.max(axis=(1, 2)) @ weights[4] + weights[5])
    seen = look(digit(7), weights, Unit(1, 2), 2, 2)
    for ours, expected in zip(seen.images, (image, first, pooled, second), strict=True):
        assert ours == pytest.approx(expected[0])
    assert seen.scores == pytest.approx((powers / powers.sum())[0])


# --- the sentence


@pytest.mark.parametrize("label", range(10))
def test_the_sentence_says_what_the_network_says(explorer, label):
    explorer["digit"] = label
    assert says(explorer) == label
    share = told(explorer, r"says \d \((\S+)%\)")[0]
    assert share / 100 == pytest.approx(look(digit(label), trained(), UNITS[0], 1, 1).scores[label], abs=6e-4)


@pytest.mark.parametrize("state", ["unit=1.3&row=8&column=1", "unit=2.7&row=2&column=2&padding=2&channel=3&w22=1.5"])
def test_the_sentence_says_the_sums_of_the_place(explorer, state):
    explorer.state = f"convolution-explorer?digit=5&{state}"
    unit, weights = explorer._unit(), explorer._weights()
    place = explorer["row"] - 1, explorer["column"] - 1
    seen = look(digit(5), weights, unit, explorer["stride"], explorer["padding"])
    assert sums(explorer) == pytest.approx([seen.summed[place], max(seen.summed[place], 0)], abs=6e-3)
    largest, zeros = told(explorer, r"largest number is (\S+), and (\d+)% of it is 0")
    assert largest == pytest.approx(max(seen.summed.max(), 0), abs=6e-3)
    assert zeros == pytest.approx(100 * np.mean(seen.summed <= 0), abs=0.6)
    if unit.channels == 4:
        parts = told(explorer, r"the 4 channels give (\S+)( [−+] \S+)( [−+] \S+)( [−+] \S+) = (\S+);")
        assert parts == pytest.approx([*seen.partial[place], seen.partial[place].sum()], abs=6e-3)
        assert explorer._weights()[2][1, 1, 2, 6] == 1.5


def test_a_stride_that_leaves_something_over_is_told(explorer):
    explorer.state = "convolution-explorer?stride=2&padding=0"
    assert "(8 + 2 · 0 − 3) / 2 leaves 1 over: the last row and column are never seen, and there are 3 × 3 places" in (
        explorer.sentence
    )
    explorer["stride"] = 3
    assert "(8 + 2 · 0 − 3) / 3 leaves 2 over: the last 2 rows and columns are never seen" in explorer.sentence
    explorer["stride"] = 5
    assert "(8 + 2 · 0 − 3) / 5 = 1, and 1 more for the first place: 2 × 2 places." in explorer.sentence
    explorer["unit"] = "2.1"
    assert "(4 + 2 · 0 − 3) / 5 leaves 1 over: the last row and column are never seen, and there are 1 × 1 place." in (
        explorer.sentence
    )


# --- the kernel


def test_a_unit_brings_its_own_numbers_and_a_channel_too(explorer):
    explorer["w11"] = 5.0
    explorer["unit"] = "2.3"
    weights = trained()
    assert [explorer[name] for name in WEIGHTS] == pytest.approx(weights[2][:, :, 0, 2].ravel())
    assert explorer["bias"] == weights[3][2]
    explorer["channel"] = 4
    assert [explorer[name] for name in WEIGHTS] == pytest.approx(weights[2][:, :, 3, 2].ravel())
    explorer["unit"] = "1.2"
    assert explorer["channel"] == 1 and explorer["bias"] == weights[1][1]
    assert all(np.array_equal(one, other) for one, other in zip(explorer._weights(), weights, strict=True))


@pytest.mark.parametrize("text", ["unit=2.5", "unit=2.5&channel=3", "unit=1.4&bias=2", "unit=2.5&w22=0.7"])
def test_a_state_in_short_brings_the_rest_along_and_comes_back_whole(explorer, text):
    given = dict(pair.split("=") for pair in text.split("&"))
    explorer.state = f"convolution-explorer?{text}"
    unit, channel = Unit.of(given["unit"]), int(given.get("channel", 1))
    kernel = dict(zip(WEIGHTS, unit.kernel_of(trained())[..., channel - 1].ravel(), strict=True))
    kernel |= {name: float(value) for name, value in given.items() if name in WEIGHTS}
    assert {name: explorer[name] for name in WEIGHTS} == pytest.approx(kernel)
    bias = float(given.get("bias", unit.biases_of(trained())[unit.filter - 1]))
    assert explorer["bias"] == bias and explorer["channel"] == channel
    whole, sentence = explorer.state, explorer.sentence
    explorer.state = "convolution-explorer"
    explorer.state = whole
    assert (explorer.state, explorer.sentence) == (whole, sentence)


def kernel_button(explorer, name):
    return next(part for part in parts_of(explorer.widget) if getattr(part, "description", None) == name)


def test_kernels_are_laid_in_by_buttons(explorer):
    for name, kernel in KERNELS.items():
        kernel_button(explorer, name).click()
        assert tuple(explorer[weight] for weight in WEIGHTS) == kernel
        assert f"kernel {name}," in explorer.sentence
    kernel_button(explorer, "as trained").click()
    assert "kernel as trained," in explorer.sentence
    assert explorer.state == "convolution-explorer"


def box_of_the_weight(explorer):
    return next(part for part in parts_of(explorer.widget) if getattr(part, "description", None) == "its value")


def test_the_box_holds_the_weight_that_is_chosen(explorer):
    box = box_of_the_weight(explorer)
    assert box.value == explorer["w22"]
    explorer["weight"] = "w13"
    assert box.value == trained()[0][0, 2, 0, 0]
    box.value = -1.5
    assert explorer["w13"] == -1.5 and explorer["w22"] == trained()[0][1, 1, 0, 0]
    assert "that in row 1, column 3 is −1.50" in explorer.sentence
    kernel_button(explorer, "vertical edge").click()
    assert box.value == 1
    explorer["unit"] = "2.3"
    assert box.value == trained()[2][0, 2, 0, 2]
    explorer.state = "convolution-explorer"
    assert box.value == explorer["w22"] == trained()[0][1, 1, 0, 0]


# --- the picture


def test_the_window_the_places_and_the_numbers_are_those_of_the_place(explorer):
    explorer.state = "convolution-explorer?unit=2.7&row=3&column=2&channel=3&padding=2"
    unit, place = part(explorer, "unit"), part(explorer, "place")
    seen = look(digit(3), trained(), Unit(2, 7), 1, 2)
    window, kernel = seen.padded[2:5, 1:4, 2], trained()[2][:, :, 2, 6]
    for values, cells in zip((window, kernel, window * kernel), place._cells, strict=True):
        shown = [float(cell.get_text().replace("−", "-")) for cell in cells]
        assert shown == pytest.approx(values.ravel(), abs=6e-3)
    for index, channel in enumerate(unit._channels):
        assert np.array_equal(channel.inputs._image.get_array(), seen.padded[..., index])
        assert np.array_equal(channel.partial._image.get_array(), seen.partial[..., index])
        side = channel.inputs.side / 8
        box = channel.inputs._window.get_bbox()
        assert box.min == pytest.approx((channel.inputs.left + side, channel.inputs.top + 2 * side))
        assert (box.width, box.height) == pytest.approx((3 * side, 3 * side))
    assert np.array_equal(unit.summed._image.get_array(), seen.summed)
    lines = [line.get_text() for line in place._lines]
    assert lines[0] == f"channel 3: the products sum to {(window * kernel).sum():.2f}"


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (1, 1), (2, 0), (2, 1), (3, 2), (4, 0)])
def test_the_marked_places_are_those_whose_windows_see_the_middle(stride, padding):
    axis = convolution.axis_of(8, 3, stride, padding)
    for row, column in np.ndindex(axis.outputs, axis.outputs):
        image = np.zeros((1, 8 + 2 * padding, 8 + 2 * padding, 1))
        image[0, row * stride + 1, column * stride + 1] = 1
        seen = convolution.conv2d(image, np.ones((3, 3, 1, 1)), strides=stride)[0, ..., 0]
        assert set(seers_of(axis, (row, column))) == {tuple(map(int, found)) for found in np.argwhere(seen)}


def test_what_is_never_seen_is_hatched(explorer):
    explorer.state = "convolution-explorer?stride=3&padding=0"
    channel = part(explorer, "unit")._channels[0]
    side = channel.inputs.side / 8
    right, below = (patch.get_bbox() for patch in channel._unseen)
    assert (right.width, right.height) == pytest.approx((2 * side, 8 * side))
    assert (below.width, below.height) == pytest.approx((6 * side, 2 * side))
    explorer["padding"] = 2
    explorer.stage.flush()
    assert all(patch.get_bbox().width * patch.get_bbox().height == 0 for patch in channel._unseen)


def test_a_map_without_channels_two_to_four_shows_none(explorer):
    channels = part(explorer, "unit")._channels
    assert [channel.inputs._image.get_visible() for channel in channels] == [True, False, False, False]
    explorer["unit"] = "2.1"
    assert all(channel.inputs._image.get_visible() for channel in part(explorer, "unit")._channels)


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
    assert sum(right) == 5
    raised = [round(0.1 * step, 1) for step in range(30)]
    read = {}
    for bias in raised:
        explorer.state = f"convolution-explorer?digit=3&unit=2.2&bias={bias}"
        read[bias] = says(explorer)
    assert min(bias for bias, label in read.items() if label != 3) == 2.2
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


# --- a reader's own


@pytest.fixture
def write(monkeypatch):
    """write(name, answer): the answer has passed its check in this process."""
    monkeypatch.setattr(serving, "live", {})
    return lambda name, answer: serving.live.update({name: Live(answer, time.time())})


def my_convolve_2d(images, kernel, bias, stride=1, padding=0):
    around = [(0, 0), (padding, padding), (padding, padding), (0, 0)]
    images, (height, width) = np.pad(images, around), kernel.shape[:2]
    down, right = (range(0, images.shape[axis] - size + 1, stride) for axis, size in ((1, height), (2, width)))
    windows = [[np.tensordot(images[:, i : i + height, j : j + width], kernel, 3) for j in right] for i in down]
    return np.moveaxis(np.array(windows), 2, 0) + bias


def my_max_pool(images, size=2, stride=2):
    rows, columns = ((images.shape[axis] - size) // stride + 1 for axis in (1, 2))
    return np.stack(
        [
            np.stack(
                [images[:, stride * i :, stride * j :][:, :size, :size].max(axis=(1, 2)) for j in range(columns)], 1
            )
            for i in range(rows)
        ],
        axis=1,
    )


@pytest.mark.parametrize("state", ["", "?unit=2.7&stride=2"])
def test_a_readers_own_convolution_and_pooling_are_used_and_called_theirs(explorer, write, state):
    explorer.state = f"convolution-explorer{state}"
    before, calls = explorer.sentence, []
    write("convolve_2d", lambda *arguments: calls.append(1) or my_convolve_2d(*arguments))
    explorer.state = f"convolution-explorer{state}"
    assert explorer.sentence == before.replace(". (", ". Computed by your convolve_2d. (", 1)
    assert calls
    write("max_pool", my_max_pool)
    explorer.state = f"convolution-explorer{state}"
    assert explorer.sentence == before.replace(". (", ". Computed by your convolve_2d and your max_pool. (", 1)


@pytest.mark.parametrize(
    "answer",
    [
        lambda *arguments: 1 / 0,
        lambda *arguments: None,
        lambda images, kernel, bias, stride=1, padding=0: images,
        lambda images, kernel, bias, stride=1, padding=0: my_convolve_2d(images, kernel[::-1], bias, stride, padding),
    ],
)
def test_one_that_no_longer_works_breaks_nothing(explorer, write, answer):
    before = explorer.sentence
    write("convolve_2d", answer)
    explorer.state = "convolution-explorer"
    assert explorer.sentence == before


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
