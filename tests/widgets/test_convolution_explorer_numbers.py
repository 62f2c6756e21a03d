"""The convolution explorer's numbers: its network, its sentence, its kernel, its picture, and a reader's own pieces."""

import time

import numpy as np
import pytest

from course_lib import convolution
from course_lib.library import serving
from course_lib.library.serving import Live
from course_lib.widgets.convolution_explorer import KERNELS, WEIGHTS
from course_lib.widgets.convolution_maps import seers_of
from course_lib.widgets.convolution_net import UNITS, Unit, digit, look, trained
from course_lib.widgets.one_run import parts_of
from tests.widgets.convolutions import part, says, sums, told


@pytest.fixture
def explorer(only_convolution_explorer):
    only_convolution_explorer.state = "convolution-explorer"
    return only_convolution_explorer


# --- the network


def test_the_digits_are_scikit_learns_and_the_network_knows_325_of_360():
    datasets = pytest.importorskip("sklearn.datasets")
    everything = datasets.load_digits()
    images, labels = everything.images[1437:], everything.target[1437:]
    weights = trained()
    for label in range(10):
        [place] = np.flatnonzero((images == 16 * digit(label)[..., 0]).all(axis=(1, 2)))
        assert labels[place] == label
    assert sum(each.size for each in weights) == 426
    right = [look(image[..., np.newaxis] / 16, weights, UNITS[0], 1, 1).scores.argmax() for image in images]
    assert np.sum(right == labels) == 325


@pytest.mark.parametrize("label", range(10))
def test_each_digit_is_a_clear_one(label):
    datasets = pytest.importorskip("sklearn.datasets")
    everything = datasets.load_digits()
    distances = np.linalg.norm(everything.images[:1437] - 16 * digit(label)[..., 0], axis=(1, 2))
    assert set(everything.target[np.argsort(distances)[:8]]) == {label}
    assert look(digit(label), trained(), UNITS[0], 1, 1).scores[label] > 0.98


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


@pytest.mark.parametrize("padding", [0, 1, 2])
def test_the_edge_of_the_image_lies_inside_its_padding(explorer, padding):
    explorer.state = f"convolution-explorer?padding={padding}"
    channel = part(explorer, "unit")._channels[0]
    pixel, box = channel.inputs.side / (8 + 2 * padding), channel._edge.get_bbox()
    assert box.min == pytest.approx((channel.inputs.left + padding * pixel, channel.inputs.top + padding * pixel))
    assert (box.width, box.height) == pytest.approx((8 * pixel, 8 * pixel))


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
