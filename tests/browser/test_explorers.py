"""Explorers in JupyterLab: every control by the keyboard, drags, play, and readers without a kernel."""

import json
import re
import subprocess
import sys
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser import explorers
from tests.browser.explorers import CASES, NOTEBOOK, Explorer
from tests.browser.jupyterlab import TOKEN, Chapter

pytestmark = pytest.mark.browser
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@pytest.fixture(scope="session")
def notebook(checkout):
    return explorers.write_notebook(checkout / "work")


@pytest.fixture
def chapter(page, lab, notebook):
    opened = Chapter(page, lab, NOTEBOOK, notebook.parents[1])
    opened.close_file_browser()
    return opened


def explorer_of(chapter, case):
    chapter.run(case.name)
    return Explorer(chapter, case.name)


@each_case
def test_every_control_works_by_the_keyboard_and_has_a_name(chapter, case, complaints):
    explorer = explorer_of(chapter, case)
    explorer.go_to(case.state)
    controls = explorer.keyboard_controls()
    names = [name for name, _, _ in controls]
    assert len(names) == len(set(names)) > 1, names
    for name, control, keys in controls:
        print(name)  # shown where the wait for a frame fails
        explorer.go_to(case.state)
        sentence, pixels = explorer.sentence, explorer.pixels()
        control.focus()
        explorer.after(lambda: [chapter.page.keyboard.press(key) for key in case.keys.get(name, keys)])
        assert explorer.pixels() != pixels, f"{name} does not move the picture"
        assert explorer.sentence != sentence, f"{name} does not change the sentence"
    explorer.go_to(case.state)
    before = explorer.sentence
    explorer.after(lambda: explorer.root.get_by_role("button", name="Reset").press("Enter"))
    assert explorer.sentence != before
    assert Axe().run(chapter.page, context=".descent-explorer").response["violations"] == []
    assert complaints == []


def test_the_start_follows_the_pointer_to_the_end_of_a_drag(chapter, complaints):
    race = explorer_of(chapter, CASES[0])
    box, mouse = race.zones.bounding_box(), chapter.page.mouse

    def move(share):
        mouse.move(box["x"] + share * box["width"], box["y"] + share * box["height"])

    frames = race.frames()
    move(0.2)
    mouse.down()
    for step in range(60):
        move(0.2 + 0.01 * step)
    mouse.up()
    race.wait_until_settled()
    # 0.79 of the way from −4.5 to 4.5 and from 1.5 down to −1.5, to a pixel.
    x, y = map(float, re.search(r"from \((\S+), (\S+)\)", race.sentence).groups())
    assert abs(x - 2.61) < 0.03 and abs(y + 0.87) < 0.015
    assert race.frames() > frames + 2, "the picture should follow while the pointer moves"

    race.after(lambda: race.zones.press("ArrowLeft"))
    assert f"from ({x - 0.18:.3g}" in race.sentence
    race.after(lambda: race.zones.press("ArrowUp"))  # JupyterLab's key for the cell above
    assert f", {y + 0.06:.3g})" in race.sentence
    race.zones.press("d")  # and these would delete the cell
    race.zones.press("d")
    expect(chapter.cell("race").locator(".descent-stage")).to_be_visible()
    assert race.zones.evaluate("zone => document.activeElement === zone")
    assert complaints == []


def test_play_step_and_reduced_motion(chapter, complaints):
    race = explorer_of(chapter, CASES[0])
    steps, play = race.root.get_by_role("slider", name="steps shown"), race.root.get_by_role("button", name="Play")
    frames = race.frames()
    chapter.page.wait_for_timeout(1000)
    assert race.frames() == frames, "nothing plays by itself"

    race.after(lambda: steps.press("Home"))
    play.press("Enter")
    expect(race.root.get_by_role("button", name="Pause")).to_be_visible()
    expect(play).to_be_visible(timeout=60_000)
    race.wait_until_settled()
    assert "after 300 of 300 steps" in race.sentence
    assert race.frames() > frames + 50

    race.after(lambda: race.root.get_by_role("button", name="Step back").press("Enter"))
    assert "after 299 of 300 steps" in race.sentence

    chapter.page.emulate_media(reduced_motion="reduce")
    race.after(lambda: steps.press("Home"))
    frames = race.frames()
    race.after(lambda: play.press("Enter"))
    assert "after 300 of 300 steps" in race.sentence
    assert race.frames() <= frames + 3
    assert complaints == []


def test_a_digit_is_drawn_with_the_pointer_and_with_the_keyboard(chapter, complaints):
    digit = explorer_of(chapter, next(case for case in CASES if case.name == "digit"))
    assert digit.sentence.startswith("Nothing is drawn.")
    box, mouse = digit.zones.bounding_box(), chapter.page.mouse

    def move(x, y, **keywords):
        mouse.move(box["x"] + x / 28 * box["width"], box["y"] + y / 28 * box["height"], **keywords)

    def draw_a_seven():
        move(8, 7)
        mouse.down()
        move(20, 7, steps=30)
        move(13, 22, steps=30)
        mouse.up()

    digit.after(draw_a_seven)
    assert digit.sentence.startswith("The network says 7 ")
    points = int(re.search(r"1 stroke of (\d+) points", digit.sentence)[1])
    assert 40 <= points <= 61, "no part of a quick stroke may be lost"

    digit.after(lambda: digit.root.get_by_role("button", name="Clear").press("Enter"))
    assert digit.sentence.startswith("Nothing is drawn.")

    def draw_a_one():
        for key in ["ArrowUp"] * 8 + [" "] + ["ArrowDown"] * 16:
            digit.zones.press(key)

    digit.after(draw_a_one)
    assert digit.sentence.startswith("The network says 1 ")
    assert "The pen is down at (14, 22)." in digit.sentence
    assert complaints == []


def test_a_review_is_read_while_it_is_typed_and_comes_back_after_a_preset(chapter, complaints):
    review = explorer_of(chapter, next(case for case in CASES if case.name == "review"))
    box = review.root.get_by_role("textbox", name="review")
    typed = "<b>great</b> & great,\nnot bad!"

    def write():
        box.fill("")
        box.press_sequentially(typed)

    review.after(write)
    expect(box).to_have_value(typed)
    assert "7 words by the tokenizer" in review.sentence and "Word 7, “!”" in review.sentence
    assert not review.root.locator("b").count()
    review.root.get_by_role("combobox", name="Try").select_option(label="irony")
    expect(box).to_have_value(re.compile("^Oh great, another masterpiece"))
    review.root.get_by_role("button", name="Bring back what I wrote").press("Enter")
    expect(box).to_have_value(typed)
    assert complaints == []


def test_presets_and_states_by_keyboard_and_a_wrong_text_is_answered(chapter):
    race = explorer_of(chapter, CASES[0])
    before = race.state_box.input_value()
    race.root.get_by_role("combobox", name="Try").select_option(label="too large a rate")
    expect(race.stage).to_contain_text("SGD diverged at step")
    expect(race.state_box).not_to_have_value(before)  # it comes a moment after the picture
    kept = race.state_box.input_value()
    race.root.get_by_role("button", name="Reset").press("Enter")
    expect(race.stage).not_to_contain_text("diverged")
    expect(race.state_box).to_have_value(before)
    race.go_to(kept)
    expect(race.stage).to_contain_text("SGD diverged at step")
    race.state_box.fill("optimizer-race?surface=moon")
    race.state_box.press("Enter")
    expect(race.root.get_by_role("alert")).to_contain_text("has a value that its control does not take")


def test_the_picture_has_the_width_and_the_pixels_of_the_page(chapter):
    race = explorer_of(chapter, CASES[0])

    def widths():
        return race.image.evaluate("image => [image.naturalWidth, Math.round(image.clientWidth * devicePixelRatio)]")

    drawn, shown = widths()
    assert abs(drawn - shown) <= 2
    race.after(lambda: chapter.page.set_viewport_size({"width": 800, "height": 960}))
    drawn, shown = widths()
    assert abs(drawn - shown) <= 2 and shown < 720


ALL_RACERS = f"optimizer-race?{'&'.join(f'{name}=yes' for name in explorers.RACERS)}"


def tab_stops(explorer, first, last):
    """How many presses of Tab lead from one place to another."""
    first.focus()
    for presses in range(1, 60):
        explorer.page.keyboard.press("Tab")
        if last.evaluate("element => element === document.activeElement"):
            return presses
    raise AssertionError("Tab does not lead there.")


@each_case
def test_on_a_laptop_picture_and_controls_are_in_view_together_and_a_few_tabs_apart(chapter, page, case):
    page.set_viewport_size({"width": 1366, "height": 768})
    explorer = explorer_of(chapter, case)
    if case.name == "race":
        explorer.go_to(ALL_RACERS)
    explorer.root.evaluate("root => root.scrollIntoView({block: 'start'})")
    frame = explorer.stage.locator(".descent-stage-frame")
    controls = [control for _, control, _ in explorer.keyboard_controls()]
    for control in (controls[0], controls[-1]):
        control.focus()
        expect(control).to_be_in_viewport(ratio=1)
        expect(frame).to_be_in_viewport(ratio=0.99)  # the last pixel may be a fraction of one
    if explorer.zones.count():
        before = explorer.root.locator(".descent-steps [tabindex='0'], .descent-controls [tabindex='0']").last
        assert tab_stops(explorer, before, explorer.zones.first) == 1
        assert tab_stops(explorer, controls[0], explorer.zones.first) <= 9


# What stands beside a slider, and in a list to choose from the longest text.
CUT = """root => [
    ...[...root.querySelectorAll(".widget-readout")].filter((each) => each.scrollWidth > each.clientWidth),
    ...[...root.querySelectorAll("select")].filter((each) => {
        const context = new OffscreenCanvas(1, 1).getContext("2d"), style = getComputedStyle(each);
        context.font = style.font;
        const widths = [...each.options].map((option) => context.measureText(option.text).width);
        return Math.max(...widths) > each.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    }),
].map((each) => each.textContent)"""


@each_case
def test_on_a_laptop_no_text_of_a_control_is_cut(chapter, page, case):
    page.set_viewport_size({"width": 1366, "height": 768})
    explorer = explorer_of(chapter, case)
    if case.name == "dashboard":
        explorer.go_to("training-dashboard?smoothing=100")
    assert explorer.root.evaluate(CUT) == []


def test_arrow_keys_lead_through_a_group_and_every_control_can_be_reached(chapter, page):
    race = explorer_of(chapter, CASES[0])
    race.go_to(ALL_RACERS)
    panels = race.root.get_by_role("group", name=re.compile("^Hyperparameters"))
    reached, sliders = set(), panels.get_by_role("slider").all()
    sliders[0].focus()
    wanted = len(sliders) + panels.get_by_role("checkbox").count()
    name = "() => [document.activeElement.ariaLabel, document.activeElement.closest('.widget-box, label').textContent]"
    for _ in range(wanted):
        reached.add(str(page.evaluate(name)))
        page.keyboard.press("ArrowDown")
    assert len(reached) == wanted
    expect(sliders[0]).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(sliders[-1]).to_be_focused()
    value = sliders[-1].get_attribute("aria-valuetext")
    race.after(lambda: page.keyboard.press("ArrowRight"))
    assert sliders[-1].get_attribute("aria-valuetext") != value


@each_case
def test_on_a_phone_the_parts_stack_and_nothing_is_cut(chapter, page, case):
    page.set_viewport_size({"width": 390, "height": 844})
    explorer = explorer_of(chapter, case)
    explorer.wait_until_settled()
    if case.name == "race":
        explorer.go_to(ALL_RACERS)
    width, height = explorer.image.evaluate("image => [image.clientWidth, image.clientHeight]")
    assert height > 1.5 * width
    cut = explorer.root.evaluate(
        """root => [...root.querySelectorAll("*")].filter((each) => {
            const style = getComputedStyle(each);
            if (!each.offsetParent || each.closest("option, svg")) return false;
            const [box, around] = [each.getBoundingClientRect(), root.getBoundingClientRect()];
            return box.right > around.right + 1 || box.left < around.left - 1
                || (each.matches(".widget-box") && each.scrollWidth > each.clientWidth + 1);
        }).map((each) => each.className)"""
    )
    assert cut == []


def test_the_dashboard_moves_while_the_cell_trains_and_leaves_one_output(page, lab, checkout, complaints):
    """It trains until three sentences were seen, however slow the browser is."""
    seen_enough = checkout / "work" / "seen-enough"
    live = explorers.Case(
        "live",
        f"{explorers.SMALL_NETWORK}\n"
        "from pathlib import Path\nfrom course_lib.network import Callback\n"
        "from course_lib.widgets.training_dashboard import TrainingDashboard\n\n"
        "class UntilSeen(Callback):\n"
        "    def on_epoch_end(self, epoch, logs=None):\n"
        f"        self.model.stop_training = Path({str(seen_enough)!r}).exists()\n\n"
        "history = model.fit(x, y, batch_size=64, epochs=5000, seed=1, verbose=0,\n"
        "                    callbacks=[TrainingDashboard(), UntilSeen()])",
        "",
        {},
    )
    notebook = explorers.write_notebook(checkout / "work", "95_live", [live])
    chapter = Chapter(page, lab, "95_live", notebook.parents[1])
    chapter.cell("live").locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+Enter")
    stage = chapter.cell("live").locator(".descent-stage")
    sentences = set()
    for _ in range(3):
        new = re.compile(rf"[Ee]poch (?!(?:{'|'.join(sentences) or 'none'}) )\d+ of 5000")
        expect(stage).to_contain_text(new, timeout=60_000)
        sentences |= set(re.findall(r"[Ee]poch (\d+) of 5000", stage.inner_text()))
        assert chapter.prompt("live").inner_text() == "[*]:"
    seen_enough.touch()
    expect(stage).to_contain_text("Finished after epoch", timeout=30_000)
    assert chapter.output("live").count() == 1
    assert complaints == []


@pytest.fixture(scope="session")
def saved(checkout, lab, browser, notebook):
    """The notebook of all explorers, run, and saved by JupyterLab; and {cell: the sentence that was on the screen}."""
    page = browser.new_context(viewport={"width": 1280, "height": 960}).new_page()
    chapter = Chapter(page, lab, NOTEBOOK, notebook.parents[1])
    sentences = {case.name: explorer_of(chapter, case).sentence for case in CASES}
    page.keyboard.press("ControlOrMeta+s")
    page.wait_for_function(
        "() => !document.querySelector('.jp-mod-current.jp-mod-dirty, .lm-mod-current.jp-mod-dirty')"
    )
    deadline = 50
    while "widgets" not in json.loads(notebook.read_text())["metadata"] and deadline:
        page.wait_for_timeout(200)
        deadline -= 1
    page.context.close()
    for session in json.load(urllib.request.urlopen(f"{lab}/api/sessions?token={TOKEN}")):
        stop = urllib.request.Request(f"{lab}/api/sessions/{session['id']}?token={TOKEN}", method="DELETE")
        urllib.request.urlopen(stop).close()
    return notebook, sentences


def test_a_notebook_opened_again_shows_pictures_and_sentences_without_having_run(page, lab, saved, complaints):
    notebook, sentences = saved
    chapter = Chapter(page, lab, NOTEBOOK, notebook.parents[1])
    for case in CASES:
        stage = chapter.cell(case.name).locator(".descent-stage")
        expect(stage).to_contain_text(sentences[case.name], timeout=30_000)
        stage.scroll_into_view_if_needed()
        expect(stage).to_contain_text("Not running: run this cell again.")
        assert stage.locator("img").evaluate("image => image.naturalWidth") > 500
    assert complaints == []


def assert_figures(where, sentences):
    for name, sentence in sentences.items():
        figure = where.locator("figure").filter(has_text=sentence)
        expect(figure, name).to_have_count(1, timeout=30_000)
        assert figure.locator("img").evaluate("image => image.naturalWidth") > 500
        assert len(figure.locator("img").get_attribute("alt")) > 40


def test_an_untrusted_notebook_shows_pictures_and_sentences(page, lab, checkout, saved):
    notebook, sentences = saved
    content = json.loads(notebook.read_text())
    content["cells"][0]["source"] += "\n# From somebody else: the signature no longer fits."
    stranger = checkout / "work" / "98_stranger" / "stranger.ipynb"
    stranger.parent.mkdir()
    stranger.write_text(json.dumps(content))
    Chapter(page, lab, "98_stranger", checkout / "work")
    assert_figures(page, sentences)


def test_an_exported_notebook_shows_pictures_and_sentences_offline(browser, lab, saved, tmp_path):
    notebook, sentences = saved
    by_command = tmp_path / "command.html"
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--output", str(by_command), str(notebook)]
    subprocess.run(command, check=True, capture_output=True)
    by_menu = tmp_path / "menu.html"
    address = f"{lab}/nbconvert/html/{NOTEBOOK}/{notebook.name}?token={TOKEN}"
    by_menu.write_bytes(urllib.request.urlopen(address).read())
    for path in (by_command, by_menu):
        context = browser.new_context(offline=True)
        page = context.new_page()
        page.goto(path.as_uri())
        assert_figures(page, sentences)
        context.close()
