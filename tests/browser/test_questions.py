"""Predictions and recall as a learner meets them: by keyboard and by click, after a reload, in both themes."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser import explorers
from tests.browser.explorers import Case
from tests.browser.jupyterlab import ROOT, Chapter

pytestmark = pytest.mark.browser
SCREENSHOTS = ROOT / "build" / "screenshots"

CELLS = {
    "recall": 'from course_lib import closing, guess, recall, reveal\n\nrecall("02")',
    "left": 'guess("left", "At most how much is left of a gradient after *five* sigmoids?", unit="of the gradient")',
    "left-result": 'steepest = 0.25\nreveal("left", steepest**5)',
    "layer": 'guess("layer", "Which layer of ten has the smallest gradient before the first step of training, when all '
    'weights are as they were drawn?", choices=["the first", "the last", "one in the middle, where both ends meet"])',
    "layer-result": 'reveal("layer", "the first")',
    "end": 'closing("05_optimizers", points=25)',
}


@pytest.fixture(autouse=True)
def patience():
    """On a busy machine a kernel's word takes more than playwright's five seconds."""
    expect.set_options(timeout=30_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def chapter(page, lab, checkout, tmp_path):
    """A notebook with a kernel and a progress record of its own."""
    home = f"import os\n\nos.environ['DESCENT_HOME'] = {str(tmp_path)!r}\n"
    cases = [Case(name, (home if name == "recall" else "") + source, "", {}) for name, source in CELLS.items()]
    name = f"96_{tmp_path.name.strip('_')}"
    notebook = explorers.write_notebook(checkout / "work", name, cases)
    opened = Chapter(page, lab, name, notebook.parents[1])
    opened.close_file_browser()
    return opened


def form(chapter, cell, index=0):
    found = chapter.cell(cell).locator(".descent-question").nth(index)
    expect(found).to_be_visible(timeout=30_000)
    return found


def tab_to(page, target):
    """Press Tab until `target` has the focus, as somebody without a mouse does."""
    for _ in range(40):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab does not lead there.")


def test_guesses_by_keyboard_and_click_results_beside_them_and_a_reload(chapter, page, complaints):
    keys = page.keyboard
    chapter.run("recall")
    chapter.run("left")
    number = form(chapter, "left")
    box = number.get_by_role("textbox", name="At most how much is left")
    status = number.get_by_role("status").first
    expect(box).to_have_accessible_description(re.compile("of the gradient"))

    # By keyboard alone, beginning with a slip.
    keys.press("Escape")
    tab_to(page, box)
    keys.type("a lot")
    keys.press("Enter")
    expect(status).to_contain_text("“a lot” is not read as a number")
    expect(box).to_have_attribute("aria-invalid", "true")
    keys.press("ControlOrMeta+a")
    keys.type("1/500")
    keys.press("Enter")
    expect(status).to_have_text("Your guess: 0.002 of the gradient. It can be changed until the result is shown.")
    expect(box).to_have_attribute("aria-invalid", "false")
    expect(box).to_be_focused()

    chapter.run("left-result")
    result = chapter.output("left-result")
    expect(result).to_contain_text("your guess0.002 of the gradientit is0.000977 of the gradient")
    expect(result).to_contain_text("Your guess is 2 times the result. Not foreseen.")

    # By click, and changed by the letter's key.
    chapter.run("layer")
    layer = form(chapter, "layer")
    layer.get_by_role("button", name="the last").click()
    expect(layer.get_by_role("status").first).to_contain_text("Your guess: the last.")
    keys.press("a")
    first = layer.get_by_role("button", name="the first")
    expect(layer.get_by_role("status").first).to_contain_text("Your guess: the first.")
    expect(first).to_have_attribute("aria-pressed", "true")
    expect(first).to_be_focused()
    # JupyterLab's keys stay away: B would make a cell below, D D delete this one.
    for key in "ddy":
        keys.press(key)
    expect(chapter.panel.locator(".jp-Cell")).to_have_count(len(CELLS))
    expect(chapter.cell("layer").locator(".cm-content")).to_contain_text("guess(")
    chapter.run("layer-result")
    expect(chapter.output("layer-result")).to_contain_text("✓ You foresaw it.")
    layer.get_by_role("button", name="the last").click()
    expect(layer.get_by_role("status").first).to_contain_text("The result is known already")
    expect(first).to_have_attribute("aria-pressed", "true")
    chapter.run("end")
    expect(chapter.output("end")).to_contain_text("You foresaw 1 of 2.")

    assert complaints == []

    # Reloaded, the page shows what was there; and so does a new kernel that runs all anew.
    keys.press("ControlOrMeta+s")
    page.wait_for_function("() => !document.querySelector('.lm-mod-current.jp-mod-dirty')")
    page.reload()
    expect(form(chapter, "left").get_by_role("textbox")).to_have_value("0.002")
    expect(form(chapter, "layer").get_by_role("button", name="the first")).to_have_attribute("aria-pressed", "true")
    expect(chapter.output("left-result")).to_contain_text("Your guess is 2 times the result.")
    chapter.wait_until_idle(60)
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name="Restart Kernel and Run All Cells…").click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    expect(chapter.prompt("end")).to_have_text("[6]:", timeout=60_000)
    chapter.wait_until_idle(60)
    expect(form(chapter, "left").get_by_role("status").first).to_have_text("Your guess: 0.002 of the gradient.")
    expect(form(chapter, "layer").get_by_role("button", name="the first")).to_have_attribute("aria-pressed", "true")
    expect(chapter.output("left-result")).to_contain_text("Your guess is 2 times the result.")
    expect(chapter.output("end")).to_contain_text("You foresaw 1 of 2.")
    assert Axe().run(page, context=".descent-question").response["violations"] == []


def test_a_recalled_question_explains_every_choice_after_one_click(chapter, page, complaints):
    chapter.run("recall")
    first, second = form(chapter, "recall"), form(chapter, "recall", 1)
    expect(first).to_contain_text("A network tags photos")
    expect(second.get_by_role("group", name="From chapter 00 welcome")).to_be_visible()
    expect(first).not_to_contain_text("compete")
    first.get_by_role("button", name="softmax").click()
    expect(first.get_by_role("status").first).to_contain_text("Not quite: c) is right.")
    expect(first).to_contain_text("Softmax makes the five shares compete")
    expect(first).to_contain_text("ReLU gives values without upper limit")
    expect(first.get_by_role("button", name="sigmoid")).to_have_attribute("data-mark", "right")
    tab_to(page, second.get_by_role("button", name="(4, 4)"))
    page.keyboard.press("Enter")
    expect(second.get_by_role("status").first).to_contain_text("Right. The flat array counts as a row")
    chapter.run("recall")  # what was missed comes first
    expect(form(chapter, "recall")).to_contain_text("A network tags photos")
    assert complaints == []


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=str)
def test_it_is_legible_on_every_screen_and_in_both_themes(theme, chapter, page, size):
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    expect(page.locator("body")).to_have_attribute("data-jp-theme-name", f"JupyterLab {theme}")
    for cell in CELLS:
        chapter.run(cell)
    form(chapter, "recall").get_by_role("button").nth(1).click()
    expect(form(chapter, "recall").get_by_role("status").first).not_to_be_empty()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for cell in CELLS:
        questions = chapter.cell(cell).locator(".descent-question")
        for index in range(questions.count()):
            question = questions.nth(index)
            question.scroll_into_view_if_needed()
            assert question.evaluate("element => element.scrollWidth <= element.clientWidth"), cell
    assert Axe().run(page, context=".descent-question").response["violations"] == []
    for cell in ("recall", "left", "layer", "end"):
        chapter.cell(cell).scroll_into_view_if_needed()
        page.screenshot(path=SCREENSHOTS / f"questions-{cell}-{theme.lower()}-{size[0]}.png")
