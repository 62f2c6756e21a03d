"""The stage and what explorers share, from the kernel's side: a small explorer, and the browser's words spelled out."""

import io
import threading
import time

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from course_lib.widgets import stage as stage_module
from course_lib.widgets.explorer import Explorer
from course_lib.widgets.one_run import parts_of
from course_lib.widgets.stage import Still


class Line(Explorer):
    """y = slope · x, with a point that the pointer moves."""

    name, title, picture = "line", "A line", "A line through the origin, with a point on it."
    size = (6.0, 3.0)
    stands_on = ("grid",)
    follows = {"place": "grid"}  # noqa: RUF012 - as every explorer writes it
    presets = {"steep": "line?slope=2"}  # noqa: RUF012

    def controls(self):
        self.stills, self.moves = 0, 0
        return {
            "grid": ipywidgets.Dropdown(options=["fine", "coarse"], description="grid"),
            "slope": ipywidgets.FloatSlider(1.0, min=-2, max=2, description="slope"),
            "place": ipywidgets.BoundedFloatText(0.5, min=-1, max=1, description="place"),
            "dashed": ipywidgets.Checkbox(False, description="dashed"),
            "steps_shown": ipywidgets.IntSlider(0, min=0, max=600, description="steps shown"),
        }

    def adjust(self, name):
        if name == "grid":
            self["place"] = 0.25 if self["grid"] == "coarse" else 0.5

    def still(self, figure):
        self.stills += 1
        self.axes = figure.subplots()
        self.axes.set(xlim=(-1, 1), ylim=(-2, 2))
        self.axes.grid(self["grid"] == "fine")
        [self.line] = self.axes.plot([], [], color="black")
        [self.point] = self.axes.plot([], [], "o", color="red")
        return Still([self.line, self.point], zones={self.axes: "Drag the point."})

    def move(self):
        self.moves += 1
        self.line.set_data([-1, 1], [-self["slope"], self["slope"]])
        self.line.set_linestyle("--" if self["dashed"] else "-")
        self.point.set_data([self["place"]], [self["slope"] * self["place"]])
        height = self["slope"] * self["place"]
        return f"At {self['place']:.2f} the line is {height:.2f} high at step {self['steps_shown']}."

    def on_pointer(self, kind, axes, x, y):
        self["place"] = round(x, 3)

    def on_key(self, axes, key):
        self["place"] += {"ArrowLeft": -0.1, "ArrowRight": 0.1}.get(key, 0)


@pytest.fixture
def line():
    return Line()


@pytest.fixture
def clock(monkeypatch):
    """The stage's clock, which stands still until it is set."""

    class Clock:
        now = 100.0

    monkeypatch.setattr(stage_module.time, "monotonic", lambda: Clock.now)
    return Clock


def pixels(explorer):
    return np.asarray(Image.open(io.BytesIO(explorer.stage.frame)).convert("RGB")).astype(int)


def show(explorer):
    """Do what a browser does: say that the last frame is on the screen."""
    explorer.stage._hear({"event": "shown", "number": explorer.stage.number})


def mount(explorer, width=600, pixel_ratio=1, reduced_motion=False):
    explorer.stage._hear(
        {"event": "mounted", "width": width, "pixel_ratio": pixel_ratio, "reduced_motion": reduced_motion}
    )


def is_red(picture):
    return (picture[:, :, 0] > 200) & (picture[:, :, 1] < 100) & (picture[:, :, 2] < 100)


def test_a_slider_moves_the_picture_and_the_sentence(line):
    mount(line)
    show(line)
    before = pixels(line)
    assert line.stage.sentence == "At 0.50 the line is 0.50 high at step 0."
    line["slope"] = -2.0
    assert line.stage.sentence == line.sentence == "At 0.50 the line is -1.00 high at step 0."
    assert is_red(before).any() and is_red(pixels(line)).any()
    higher, lower = (np.argwhere(is_red(picture))[:, 0].mean() for picture in (before, pixels(line)))
    assert higher < lower  # rows count from the top


def test_moving_artists_leave_no_trace_of_where_they_were(line):
    """A frame after many moves is the frame that a fresh start at the same place gives."""
    for slope in (2.0, -1.0, 0.3, 1.7):
        line["slope"] = slope
        line.stage.flush()
    fresh = Line()
    fresh["slope"] = 1.7
    fresh.stage.flush()
    np.testing.assert_array_equal(pixels(line), pixels(fresh))


def test_what_stands_still_is_drawn_once_until_it_changes(line):
    for slope in (0.5, 0.6, 0.7):
        line["slope"] = slope
        line.stage.flush()
    assert line.stills == 1
    line["grid"] = "coarse"
    line.stage.flush()
    assert line.stills == 2


def test_frames_wait_until_the_last_one_has_been_shown_and_the_last_state_always_comes(clock, line):
    mount(line)
    first = line.stage.number
    for slope in np.linspace(-2, 2, 41):
        line["slope"] = slope
    assert line.stage.number == first, "the browser has not shown the first frame yet"
    show(line)
    assert line.stage.number == first + 1
    assert line.stage.sentence == "At 0.50 the line is 1.00 high at step 0."
    show(line)
    assert line.stage.number == first + 1, "nothing has changed since"


def test_a_frame_that_nobody_reports_is_taken_for_lost(clock, line):
    line["slope"] = -1.0
    line["slope"] = -2.0
    number = line.stage.number
    clock.now += 1.5
    line["slope"] = 0.0
    assert line.stage.number == number + 1
    assert line.stage.sentence.startswith("At 0.50 the line is 0.00 high")


def test_an_old_frame_reported_late_is_no_reason_for_another(clock, line):
    mount(line)
    number = line.stage.number
    line["slope"] = 0.1
    line.stage._hear({"event": "shown", "number": number - 1})
    assert line.stage.number == number


def test_two_threads_draw_one_after_the_other(line):
    """JupyterLab's messages come in a thread of their own, while a cell changes the picture."""
    move, drawing, most = line.move, [], 0

    def slow_move():
        nonlocal most
        drawing.append(1)
        most = max(most, len(drawing))
        time.sleep(0.002)
        sentence = move()
        drawing.pop()
        return sentence

    line.move = slow_move
    talking = threading.Thread(target=lambda: [mount(line, width) for width in range(400, 480, 10)])
    talking.start()
    for slope in np.linspace(-2, 2, 8):
        line["slope"] = slope
        line.stage.flush()
        line.stage.still_picture()
    talking.join()
    assert most == 1


def test_the_picture_has_the_pixels_of_the_page(line):
    for width, ratio, expected in ((600, 1, 600), (520, 2, 1040), (520, 3, 1040)):
        mount(line, width, ratio)
        height, across, _ = pixels(line).shape
        assert abs(across - expected) <= 1 and abs(height - expected / 2) <= 1


def test_on_a_narrow_page_the_picture_is_tall_and_its_text_stays_as_large(line):
    mount(line, 280, 2)
    height, across, _ = pixels(line).shape
    assert line.is_tall and (across, height) == (560, 2 * 96 * line.tall)
    assert line.stage.shape == [280, 96 * line.tall]
    # Who reads the notebook without a kernel gets the wide one, and the page keeps its own.
    picture = Image.open(io.BytesIO(line._repr_mimebundle_()["image/png"]))
    assert picture.size == (576, 288)
    [zone] = line.stage.zones
    pointer(line, ("down", 0, zone["left"] + 0.75 * zone["width"], 0.5))
    assert line["place"] == pytest.approx(0.5, abs=0.01)
    mount(line, 600)
    assert not line.is_tall and pixels(line).shape[:2] == (300, 600)


def pointer(explorer, *moves):
    explorer.stage._hear({"event": "pointer", "moves": moves})


def test_a_drag_arrives_in_data_coordinates_and_goes_on_outside_the_axes(line):
    [zone] = line.stage.zones
    assert zone["label"] == "Drag the point."

    def across(share):
        return zone["left"] + share * zone["width"]

    pointer(line, ("down", 0, across(0.5), 0.5))
    assert line["place"] == pytest.approx(0.0, abs=0.01)
    pointer(line, ("move", 0, across(0.6), 0.5), ("move", 0, across(0.75), 0.5))
    assert line["place"] == pytest.approx(0.5, abs=0.01)
    pointer(line, ("move", 0, 1.5, 0.5), ("up", 0, 1.5, 0.5))
    assert line["place"] == 1.0
    pointer(line, ("move", 0, across(0.5), 0.5))
    assert line["place"] == 1.0, "nothing is pressed"


def test_keys_arrive_with_their_names(line):
    line.stage._hear({"event": "key", "zone": 0, "key": "ArrowRight"})
    assert line["place"] == pytest.approx(0.6)


def test_a_reader_without_a_kernel_gets_the_picture_and_the_sentence(line):
    line["slope"] = 2.0
    bundle = line._repr_mimebundle_()
    assert bundle["text/plain"] == "At 0.50 the line is 1.00 high at step 0."
    picture = np.asarray(Image.open(io.BytesIO(bundle["image/png"])).convert("RGB")).astype(int)
    assert picture.shape == (288, 576, 3) and is_red(picture).any()
    assert 'alt="A line. A line through the origin, with a point on it."' in bundle["text/html"]
    assert "<figcaption>At 0.50 the line is 1.00 high at step 0.</figcaption>" in bundle["text/html"]
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == line.widget.model_id


def test_the_picture_for_readers_without_a_kernel_leaves_the_pages_alone(line):
    mount(line, 520, 2)
    number = line.stage.number
    line._repr_mimebundle_()
    assert line.stage.number == number
    show(line)
    line["slope"] = 0.2
    assert pixels(line).shape[1] == 1040

    line["dashed"] = True  # which the sentence does not say; the last frame is still on its way
    line._repr_mimebundle_()
    before = line.stage.number
    show(line)
    assert line.stage.number == before + 1


# --- states


def test_a_state_is_a_text_that_leads_back(line):
    assert line.state == "line"
    with line.held():
        line["slope"], line["dashed"], line["place"] = -1.5, True, 0.75
    assert line.state == "line?slope=-1.5&place=0.75&dashed=yes"
    other = Line()
    other.state = line.state
    assert other.state == line.state and other.sentence == line.sentence
    other.state = "line"
    assert other.sentence == Line().sentence


def test_a_control_that_another_one_sets_is_set_after_it(line):
    line["grid"] = "coarse"
    assert (line["place"], line.state) == (0.25, "line?grid=coarse&place=0.25")
    line["place"] = 0.5  # as at first, but not what the grid would set
    other = Line()
    other.state = line.state
    assert other["place"] == 0.5
    other.state = "line?grid=coarse"
    assert other["place"] == 0.25


def test_a_state_sets_each_control_once(line):
    """A browser sends back what it is told: of two values in a row the first would come back, and stay."""
    line.state = "line?slope=1.5"
    told = []
    line._controls["slope"].observe(lambda change: told.append(change["new"]), "value")
    line.state = "line?slope=-1.5"
    assert told == [-1.5]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("circle?slope=1", "begins with 'line'"),
        ("line?size=3", "no control 'size'"),
        ("line?slope=steep", "slope is a number, not 'steep'"),
        ("line?dashed=perhaps", "dashed is yes or no, not 'perhaps'"),
        ("line?slope=2&grid=square", "a value that its control does not take"),
        ("", "begins with 'line'"),
    ],
)
def test_a_text_that_is_no_state_changes_nothing_and_says_why(line, text, complaint):
    line["slope"] = 1.5
    with pytest.raises(ValueError, match=complaint):
        line.state = text
    assert line.state == "line?slope=1.5" and line["grid"] == "fine"

    line._state_box.value = text
    assert complaint.replace("'", "&#x27;") in line._complaint.value
    line._state_box.value = "line?slope=0.5"
    assert line["slope"] == 0.5 and line._complaint.value == ""


def test_several_controls_together_make_one_frame(line):
    mount(line)
    show(line)
    number = line.stage.number
    line.state = "line?slope=2&dashed=yes&place=0.1"
    assert line.stage.number == number + 1


# --- play


def press(explorer, description):
    next(button for button in buttons(explorer.widget) if button.description == description).click()


def buttons(widget):
    if isinstance(widget, ipywidgets.Button):
        yield widget
    for child in getattr(widget, "children", ()):
        yield from buttons(child)


def chooser_of(explorer):
    [chooser] = [part for part in parts_of(explorer.widget) if getattr(part, "description", "") == "Try"]
    return chooser


def test_play_goes_on_with_each_frame_shown_and_stops_at_the_end(line):
    mount(line)
    show(line)
    press(line, "Play")
    seen = [line["steps_shown"]]
    while line._play_button.description == "Pause":
        show(line)
        seen.append(line["steps_shown"])
    assert seen[0] == 4 and set(np.diff(seen[:-1])) == {4} and line["steps_shown"] == 600
    press(line, "Play")  # from the beginning
    assert line["steps_shown"] == 0
    show(line)
    assert line["steps_shown"] == 4
    press(line, "Pause")
    show(line)
    assert line["steps_shown"] == 4
    press(line, "Step")
    press(line, "Step")
    press(line, "Step back")
    assert line["steps_shown"] == 5


def test_nothing_plays_by_itself(line):
    mount(line)
    for _ in range(5):
        show(line)
    assert line["steps_shown"] == 0


def test_play_jumps_to_the_end_where_motion_is_not_wanted(line):
    mount(line, reduced_motion=True)
    show(line)
    press(line, "Play")
    assert line["steps_shown"] == 600 and line._play_button.description == "Play"


def test_presets_and_reset(line):
    chooser = chooser_of(line)
    chooser.value = "line?slope=2"
    assert line["slope"] == 2.0
    press(line, "Reset")
    assert line.state == "line" and chooser.value == ""


def test_the_chooser_names_a_preset_while_it_is_the_state_and_can_name_it_again(line):
    chooser = chooser_of(line)
    chooser.value = "line?slope=2"
    assert line["slope"] == 2.0 and chooser.value == "line?slope=2"
    line["place"] = 0.75
    assert chooser.value == "" and line.state == "line?slope=2&place=0.75"
    chooser.value = "line?slope=2"
    assert line.state == chooser.value == "line?slope=2"
    line["slope"] = 1.5
    assert chooser.value == ""


def test_a_preset_that_is_not_written_as_a_state_is_named_too():
    class Same(Line):
        presets = {"as at first": "line?slope=1.0"}  # noqa: RUF012

    line = Same()
    line["slope"] = 2.0
    chooser = chooser_of(line)
    chooser.value = "line?slope=1.0"
    assert line.state == "line" and chooser.value == "line?slope=1.0"


def test_reset_returns_to_the_state_in_which_it_opened(line):
    line.state = "line?slope=-1.5&dashed=yes"
    line._repr_mimebundle_()
    line["place"] = 0.75
    line.state = "line?slope=2"  # a cell further down shows something
    press(line, "Reset")
    assert line.state == "line?slope=-1.5&dashed=yes"
