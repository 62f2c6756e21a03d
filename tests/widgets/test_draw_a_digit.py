"""Draw a digit, from the kernel's side: what the network is shown of a drawing, and what the explorer says of it."""

import io
import re

import numpy as np
import pytest
from PIL import Image

from course_lib.activations import softmax
from course_lib.data import mnist
from course_lib.layers import Dense
from course_lib.network import Callback, Sequential
from course_lib.optimizers import Adam
from course_lib.widgets.draw_a_digit import DrawADigit, as_drawn, as_mnist, center_of_mass, drawn, points
from tests.widgets.test_stage import buttons

SEVEN = DrawADigit.presets["a plain 7"]


class Stub:
    """A model of fixed random weights that remembers what it was asked."""

    def __init__(self):
        self.asked = []
        self.kernel = np.random.default_rng(8).normal(scale=0.2, size=(784, 10))

    def predict(self, x):
        assert x.dtype == np.float32 and x.shape == (1, 784)
        self.asked.append(x.reshape(28, 28))
        return softmax(x @ self.kernel)


@pytest.fixture(scope="module")
def images():
    return mnist(say=None)[1][0]


@pytest.fixture
def model():
    return Stub()


@pytest.fixture
def drawing(model, images):
    return DrawADigit(model, images=images[:20])


def pixels(explorer):
    return np.asarray(Image.open(io.BytesIO(explorer.still_picture()[0])).convert("RGB")).astype(int)


def pointer(drawing, *moves):
    """Draw as the browser tells it: each move is (kind, x, y) in pixels of the drawing area."""
    [zone] = drawing.stage.zones
    told = [
        [kind, 0, zone["left"] + x / 28 * zone["width"], zone["top"] + y / 28 * zone["height"]] for kind, x, y in moves
    ]
    drawing.stage._hear({"event": "pointer", "moves": told})


def keys(drawing, *names):
    for name in names:
        drawing.stage._hear({"event": "key", "zone": 0, "key": name})


def line(*places):
    return [("down", *places[0]), *(("move", *place) for place in places[1:]), ("up", *places[-1])]


# --- scaled and centered as MNIST


def on_a_larger_paper(image, dots, left, top, side=280):
    """`image` with `dots` for each of its pixels, smoothed, its corner at (left, top) of an empty square."""
    size = round(28 * dots)
    paper = np.zeros((side, side))
    scaled = Image.fromarray(image).resize((size, size), Image.Resampling.BICUBIC)
    paper[top : top + size, left : left + size] = np.asarray(scaled) / 255
    return paper


def test_images_of_mnist_come_out_as_they_went_in(images):
    for image in images[:200] / 255:
        np.testing.assert_allclose(as_mnist(image), image, atol=1e-12)


def test_images_of_mnist_come_out_as_they_went_in_from_anywhere_on_a_larger_paper(images):
    rng = np.random.default_rng(0)
    for image in images[:50] / 255:
        dots, (left, top) = rng.integers(2, 8), rng.integers(0, 60, size=2)
        paper = np.zeros((280, 300))
        paper[top : top + 28 * dots, left : left + 28 * dots] = np.kron(image, np.ones((dots, dots)))
        np.testing.assert_allclose(as_mnist(paper), image, atol=1e-12)


def test_the_accuracy_on_digits_anywhere_of_any_size_is_that_on_the_originals_and_without_centering_it_is_lost(images):
    (x_train, y_train), (_, y_test) = mnist(say=None)
    network = Sequential([Dense(64, activation="relu"), Dense(10, activation="softmax")], seed=0)
    network.compile(Adam(0.003), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    rows = x_train[:10_000].reshape(-1, 784).astype("float32") / 255
    network.fit(rows, y_train[:10_000], batch_size=128, epochs=3, seed=0, verbose=0)

    rng, shown = np.random.default_rng(0), {as_mnist: [], as_drawn: []}
    for image in images[:1000]:
        dots = rng.uniform(3, 10)
        left, top = rng.integers(0, 281 - round(28 * dots), size=2)
        paper = on_a_larger_paper(image, dots, left, top)
        for how, rows in shown.items():
            rows.append(how(paper).reshape(784))

    def accuracy(rows):
        return np.mean(network.predict(np.array(rows, dtype="float32")).argmax(axis=1) == y_test[:1000])

    originals = accuracy(images[:1000].reshape(-1, 784) / 255)
    assert originals > 0.88
    assert abs(accuracy(shown[as_mnist]) - originals) < 0.015
    assert accuracy(shown[as_drawn]) < originals - 0.4


def test_what_is_scaled_fills_20_pixels_and_has_its_center_of_mass_in_the_middle():
    rng = np.random.default_rng(1)
    for _ in range(50):
        ink = np.zeros((280, 280))
        (top, left), (height, width) = rng.integers(0, 200, size=2), rng.integers(3, 80, size=2)
        ink[top : top + height, left : left + width] = rng.random((height, width)) > 0.3
        seen = as_mnist(ink)
        tall, wide = (np.flatnonzero(seen.any(axis)) for axis in (1, 0))
        assert max(np.ptp(tall), np.ptp(wide)) + 1 == 20
        assert all(14 <= place < 15 for place in center_of_mass(seen))
        assert seen.min() >= 0 and seen.max() <= 1
    assert not as_mnist(np.zeros((280, 280))).any()


def test_the_aspect_ratio_and_the_gray_of_what_covers_a_pixel_in_part_are_kept():
    ink = np.zeros((280, 280))
    ink[100:180, 50:80] = 1  # 80 by 30 dots: 4 dots to a pixel, so 20 by 7.5 pixels
    seen = as_mnist(ink)
    assert seen.sum() == pytest.approx(20 * 7.5)
    assert sorted({round(value, 6) for value in seen.ravel()}) == [0, 0.5, 1]


# --- drawing


def test_the_pointer_draws_strokes_and_the_network_is_asked_about_them(drawing, model):
    pointer(drawing, *line((6, 6), (21, 6), (13, 23)))
    pointer(drawing, *line((9, 14), (18, 14)))
    assert drawing["strokes"] == "060060210060130230-090140180140"
    assert "It sees 2 strokes of 5 points, centered and scaled:" in drawing.sentence
    np.testing.assert_allclose(model.asked[-1], as_mnist(drawn(drawing["strokes"], 2.5)), atol=1e-6)


def test_every_point_of_a_quick_stroke_counts_and_near_ones_are_one(drawing):
    angles = np.linspace(0, 6, 90)
    pointer(drawing, *line(*zip(14 + 10 * np.cos(angles), 14 + 10 * np.sin(angles), strict=True)))
    assert "1 stroke of 90 points" in drawing.sentence
    pointer(drawing, *line((5, 5), (5.1, 5), (5.2, 5.1), (5.8, 5)))
    assert "2 strokes of 92 points" in drawing.sentence


def test_a_stroke_that_leaves_the_area_goes_along_its_edge(drawing):
    pointer(drawing, *line((20, 14), (40, 14), (40, -5)))
    assert drawing["strokes"] == "200140280140280000"


def test_the_drawing_shows_the_ink_where_the_pointer_was(drawing):
    before = pixels(drawing.stage)
    pointer(drawing, *line((4, 4), (4, 24)))
    [zone] = drawing.stage.zones
    height, width, _ = before.shape
    changed = np.argwhere((pixels(drawing.stage) < 60).all(axis=2) & (before > 200).all(axis=2))
    mine = changed[changed[:, 1] < width * (zone["left"] + zone["width"])]
    left, right = width * (zone["left"] + np.array([2.75, 5.25]) / 28 * zone["width"])
    top, bottom = height * (zone["top"] + np.array([2.75, 25.25]) / 28 * zone["height"])
    assert np.abs([mine[:, 1].min() - left, mine[:, 1].max() - right]).max() < 2.5
    assert np.abs([mine[:, 0].min() - top, mine[:, 0].max() - bottom]).max() < 2.5


def test_a_tap_is_a_dot_and_a_thicker_pen_a_larger_one():
    for width in (1.0, 2.5, 4.0):
        ink = drawn("140140", width)
        assert ink.sum() == pytest.approx(np.pi * (5 * width) ** 2, rel=0.1)
        assert center_of_mass(ink) == pytest.approx((140, 140), abs=0.6)


def test_drawing_by_keyboard(drawing):
    keys(drawing, "ArrowUp", "ArrowUp", "ArrowLeft")
    assert drawing.sentence.startswith("Nothing is drawn.")
    assert drawing.sentence.endswith("The pen is lifted at (13, 12).")
    keys(drawing, " ", "ArrowDown", "ArrowDown")
    assert drawing["strokes"] == "130120130130130140"
    assert drawing.sentence.endswith("The pen is down at (13, 14).")
    keys(drawing, " ", "ArrowRight", " ", "ArrowRight", "a", "Enter")
    assert drawing["strokes"] == "130120130130130140-140140150140"
    keys(drawing, *["ArrowDown"] * 20)
    assert drawing["strokes"].endswith("150280")
    keys(drawing, "Delete", "ArrowUp")
    assert drawing["strokes"] == "" and drawing.sentence.endswith("The pen is lifted at (15, 27).")
    keys(drawing, " ", "Backspace")
    assert drawing["strokes"] == ""


def test_the_pointer_lifts_the_keyboards_pen(drawing):
    keys(drawing, " ", "ArrowDown")
    pointer(drawing, *line((3, 3), (6, 3)))
    keys(drawing, "ArrowDown")
    assert drawing["strokes"] == "140140140150-030030060030"
    keys(drawing, " ", "ArrowDown")
    drawing.state = SEVEN
    assert "The pen" not in drawing.sentence
    keys(drawing, "ArrowDown")
    assert drawing.state == SEVEN


def press(drawing, name):
    next(each for each in buttons(drawing.widget) if each.description == name).click()


def test_undo_takes_back_the_last_stroke_and_clear_all(drawing):
    pointer(drawing, *line((6, 6), (21, 6)))
    pointer(drawing, *line((9, 14), (18, 14)))
    press(drawing, "Undo stroke")
    assert drawing["strokes"] == "060060210060"
    press(drawing, "Undo stroke")
    press(drawing, "Undo stroke")
    assert drawing["strokes"] == ""
    drawing["image"] = 3
    pointer(drawing, *line((6, 6), (21, 6)))
    press(drawing, "Clear")
    assert (drawing["strokes"], drawing["image"]) == ("", -1)
    assert drawing.sentence.startswith("Nothing is drawn. Draw a digit in the left square")


def test_reset_returns_to_the_drawing_it_opened_with(model, images):
    drawing = DrawADigit(model, SEVEN, images[:20])
    sentence = drawing.sentence
    drawing._repr_mimebundle_()
    for description in ("Clear", "Reset"):
        next(button for button in buttons(drawing.widget) if button.description == description).click()
    assert drawing.state == SEVEN and drawing.sentence == sentence


def test_digits_are_drawn_over(drawing, model, images):
    drawing["image"] = 7
    assert "It sees image 7, centered and scaled:" in drawing.sentence
    np.testing.assert_allclose(model.asked[-1], images[7] / 255, atol=1e-6)
    pointer(drawing, *line((14, 5), (14, 23)))
    assert "image 7 and 1 stroke of 2 points" in drawing.sentence
    assert np.abs(model.asked[-1] - images[7] / 255).max() > 0.5


# --- what is said


def test_the_sentence_and_the_bars_are_the_networks_probabilities(drawing, model):
    drawing.state = SEVEN
    expected = softmax(as_mnist(drawn(drawing["strokes"], 2.5)).reshape(784) @ model.kernel)
    first, second = np.argsort(-expected)[:2]
    assert drawing.sentence.startswith(
        f"The network says {first} ({expected[first]:.2f}), then {second} ({expected[second]:.2f})."
    )
    np.testing.assert_allclose([bar.get_width() for bar in drawing._bars], expected, atol=1e-6)
    looks = [
        (bar.get_facecolor(), number.get_fontweight())
        for bar, number in zip(drawing._bars, drawing._numbers, strict=True)
    ]
    assert [digit for digit, look in enumerate(looks) if looks.count(look) == 1] == [first]


def test_a_second_digit_without_a_chance_is_not_spoken_of():
    model = Stub()
    model.kernel *= 50
    assert re.match(r"The network says \d \(1\.00\)\. It sees", DrawADigit(model, SEVEN).sentence)


def test_an_empty_area_says_what_to_do_and_asks_nobody(drawing, model):
    asked = len(model.asked)
    assert drawing.sentence.startswith("Nothing is drawn. Draw a digit in the left square: with the pointer, or")
    assert len(model.asked) == asked
    assert all(bar.get_width() == 0 for bar in drawing._bars)


@pytest.mark.parametrize(("name", "value"), [("pen", 1.0), ("as_mnist", False), ("image", 4), ("strokes", "050050")])
def test_every_control_changes_the_picture_and_the_sentence(drawing, name, value):
    drawing.state = SEVEN
    before, picture = drawing.sentence, pixels(drawing.stage)
    drawing[name] = value
    assert drawing.sentence != before
    assert (pixels(drawing.stage) != picture).any()


def test_as_drawn_the_network_sees_the_drawing_where_it_is(drawing, model):
    drawing.state = "draw-a-digit?strokes=050200080200&pen=2&as_mnist=no"
    assert drawing.sentence.endswith("1 stroke of 2 points, as drawn: 5 by 2 pixels around (6.5, 20.0).")
    assert model.asked[-1].sum() == pytest.approx(drawn("050200080200", 2.0).sum() / 100, rel=1e-5)


# --- states


@pytest.mark.parametrize("question", DrawADigit.presets)
def test_presets_are_states_and_what_is_done_from_there_can_be_kept(drawing, model, question):
    drawing.state = drawing.presets[question]
    assert drawing.state == drawing.presets[question]
    pointer(drawing, *line((3, 3), (9, 4)))
    other = DrawADigit(model, drawing.state)
    assert other.sentence == drawing.sentence and other.state == drawing.state != drawing.presets[question]


@pytest.mark.parametrize("strokes", ["12", "060060-", "-060060", "060290", "abcdef", "060 060", "060060--070070"])
def test_a_text_that_is_no_drawing_is_refused_with_a_sentence(drawing, strokes):
    drawing.state = SEVEN
    drawing._state_box.value = f"draw-a-digit?strokes={strokes}"
    assert "strokes are points 000000 to 280280" in drawing._complaint.value
    assert drawing.state == SEVEN


def test_points_are_rounded_to_tenths_of_a_pixel():
    np.testing.assert_allclose(points("060065-280000"), [[6, 6.5], [28, 0]])


# --- models


def test_a_network_of_the_course(images):
    network = Sequential([Dense(10, activation="softmax")], seed=1)
    drawing = DrawADigit(network, "draw-a-digit?image=3", images)
    drawing.stage.flush()
    expected = network.predict(images[3:4].reshape(1, 784) / 255)[0]
    np.testing.assert_allclose([bar.get_width() for bar in drawing._bars], expected, atol=1e-5)


def test_drawing_while_the_network_trains_does_not_disturb_it(images):
    network = Sequential([Dense(10, activation="softmax")], seed=1)
    drawing = DrawADigit(network, images=images)

    class Draws(Callback):
        def on_train_batch_end(self, batch, logs):
            drawing["image"] = batch
            drawing.stage.flush()
            self.model.layers[0].backward(np.ones((8, 10)))  # the gradient of the batch of 8, not of the drawing

    network.compile(Adam(0.1), loss="sparse_categorical_crossentropy")
    rows, digits = images[:32].reshape(-1, 784) / 255, np.arange(32) % 10
    network.fit(rows, digits, batch_size=8, callbacks=[Draws()], seed=0, verbose=0)


@pytest.mark.parametrize("shape", [(784,), (28, 28), (28, 28, 1)])
def test_keras_models_of_several_shapes_are_taken_and_while_drawing_nothing_runs_that_is_not_compiled(
    images, shape, monkeypatch
):
    import keras

    layers = [keras.layers.Conv2D(4, 3)] if len(shape) == 3 else []
    model = keras.Sequential(
        [keras.Input(shape), *layers, keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    )
    expected = model.predict(images[5:6].reshape(1, *shape) / 255, verbose=0)[0]
    drawing = DrawADigit(model, images=images)
    monkeypatch.setattr(keras.Sequential, "predict", None)
    monkeypatch.setattr(keras.Sequential, "__call__", None)
    drawing["image"] = 5
    drawing.stage.flush()
    np.testing.assert_allclose([bar.get_width() for bar in drawing._bars], expected, atol=1e-5)


def test_models_that_answer_otherwise_are_refused_with_a_sentence():
    class Logits(Stub):
        def predict(self, x):
            return x @ self.kernel + np.arange(10)

    with pytest.raises(ValueError, match="ten probabilities: a last layer of 10 units with a softmax"):
        DrawADigit(Logits())
    with pytest.raises(ValueError, match="ten probabilities"):
        DrawADigit(Sequential([Dense(3, activation="softmax")], seed=0))

    class Color(Stub):
        input_shape = (None, 28, 28, 3)

    with pytest.raises(ValueError, match=r"images of 28 by 28 pixels, not inputs \(28, 28, 3\)"):
        DrawADigit(Color())


# --- what is kept


def test_what_is_drawn_is_kept_by_a_button_with_what_the_network_says_of_it(model):
    kept = []

    def keep(pixels, probabilities):
        kept.append((pixels, probabilities))
        return f"Kept: {len(kept)}."

    drawing = DrawADigit(model, keep=keep)
    [put] = [button for button in buttons(drawing.widget) if button.description == "Put it on my page"]
    put.click()
    assert kept == [] and drawing.sentence.startswith("Nothing is drawn.")
    pointer(drawing, *line((5, 5), (20, 5), (12, 24)))
    before = drawing.sentence
    put.click()
    [(pixels, probabilities)] = kept
    assert drawing.sentence == f"{before} Kept: 1."
    np.testing.assert_array_equal(pixels.astype("float32"), model.asked[-1])
    assert probabilities.shape == (10,) and f"({probabilities.max():.2f})" in before
    pointer(drawing, *line((10, 15), (18, 15)))
    assert "Kept" not in drawing.sentence  # which is of the drawing before
    assert not [button for button in buttons(DrawADigit(model).widget) if "page" in button.description]
