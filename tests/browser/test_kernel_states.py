"""What explorers and questions say where the kernel is busy, restarted, crashed or shut down: never nothing."""

import os
import re
import signal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser import explorers
from tests.browser.explorers import Case, Explorer
from tests.browser.jupyterlab import Chapter

pytestmark = pytest.mark.browser

GONE = "Not running: run this cell again."
BUSY = re.compile(r"Waiting for the kernel…")
CELLS = {
    "race": "from course_lib.widgets.optimizer_race import OptimizerRace\n\nOptimizerRace()",
    "question": 'import os\nfrom course_lib import check, guess\n\nguess("left", "How much is left?")',
    "report": 'check("relu", lambda x: x)',
    "pid": "print(os.getpid())",
}
SIGNS_OF_A_BROKEN_CHAIN = """() => [...document.querySelectorAll(".jupyter-widgets-disconnected")].filter((each) => {
    const sign = getComputedStyle(each, "::before");
    return sign.display !== "none" && sign.content !== "none" && !sign.content.includes("Not running");
}).length"""


@pytest.fixture
def opened(page, lab, checkout, tmp_path):
    """A notebook with an explorer, a question and a report, run."""
    home = f"import os\n\nos.environ['DESCENT_HOME'] = {str(tmp_path)!r}\n"
    cases = [Case(name, (home if name == "race" else "") + source, "", {}) for name, source in CELLS.items()]
    name = f"94_{tmp_path.name.strip('_')}"
    notebook = explorers.write_notebook(checkout / "work", name, cases)
    chapter = Chapter(page, lab, name, notebook.parents[1])
    chapter.close_file_browser()
    chapter.run_all(60)
    return chapter


def notes(chapter):
    """What stands beside the explorer, the question and the buttons below the report."""
    return (
        chapter.cell("race").locator(".descent-stage-note"),
        chapter.cell("question").locator(".descent-question-note"),
    )


def move_a_slider(chapter):
    chapter.cell("race").get_by_role("slider", name="Adam beta_1").press("ArrowLeft")


def kernel_pid(chapter):
    chapter.run("pid")
    return int(chapter.output("pid").inner_text())


def assert_gone(chapter):
    for note in notes(chapter):
        expect(note).to_have_text(GONE, timeout=30_000)
    assert chapter.page.evaluate(SIGNS_OF_A_BROKEN_CHAIN) == 0
    # Controls that would do nothing take neither clicks nor keys; what was to be seen stays.
    race = chapter.cell("race")
    assert race.locator(".descent-controls").evaluate("part => part.inert")
    expect(race.locator(".descent-stage-sentence")).to_contain_text("Ill-conditioned bowl from")
    note, frame = (
        race.locator(".descent-stage-note").bounding_box(),
        race.locator(".descent-stage-frame").bounding_box(),
    )
    assert note["y"] + note["height"] <= frame["y"], "the note should lie over no part of the picture"


def test_a_busy_kernel_and_one_that_has_gone_are_told(opened, page, complaints):
    race = Explorer(opened, "race")
    stage, question = notes(opened)
    process = kernel_pid(opened)
    os.kill(process, signal.SIGSTOP)
    frame = opened.cell("race").locator(".descent-stage-frame")
    place_in_the_page = "frame => [frame.offsetTop, frame.offsetHeight]"  # however far it is scrolled
    before = frame.evaluate(place_in_the_page)
    try:
        move_a_slider(opened)
        expect(stage).to_have_text(BUSY)
        assert frame.evaluate(place_in_the_page) == before, "waiting should move nothing"
        note, box = stage.bounding_box(), frame.bounding_box()
        assert abs(note["y"] + note["height"] - box["y"] - box["height"]) < 1, "the title should stay visible"
        size = page.viewport_size
        page.set_viewport_size({"width": 390, "height": 844})  # where the lower edge is out of sight
        note, box_on_a_phone = stage.bounding_box(), frame.bounding_box()
        assert note["y"] == box_on_a_phone["y"] + 24 and note["width"] < 0.7 * box_on_a_phone["width"]
        page.set_viewport_size(size)
        box = opened.cell("question").get_by_role("textbox", name="How much is left?")
        box.fill("1/2")
        box.press("Enter")
        expect(question).to_have_text(BUSY)
    finally:
        os.kill(process, signal.SIGCONT)
    expect(stage).to_have_text("")
    expect(question).to_have_text("")
    race.wait_until_settled()
    assert complaints == []

    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Restart Kernel…")).click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    assert_gone(opened)
    assert complaints == []

    opened.run_all(60)
    race = Explorer(opened, "race")
    race.after(lambda: move_a_slider(opened))
    for note in notes(opened):
        expect(note).to_have_text("")

    os.kill(kernel_pid(opened), signal.SIGKILL)  # as a cell does that takes all memory
    assert_gone(opened)
    assert complaints == []


@pytest.mark.parametrize("case", explorers.CASES[:2], ids=lambda case: case.name)
def test_controls_move_the_picture_while_a_cell_runs(case, page, lab, checkout, tmp_path, complaints):
    """A training that lasts minutes is no reason for a dead picture."""
    end = tmp_path / "end"
    busy = f"import os, time\n\nwhile not os.path.exists({str(end)!r}):\n    time.sleep(0.05)"
    name = f"93_{tmp_path.name.strip('_')}"
    notebook = explorers.write_notebook(checkout / "work", name, [case, Case("busy", busy, "", {})])
    chapter = Chapter(page, lab, name, notebook.parents[1])
    chapter.close_file_browser()
    chapter.run(case.name)
    explorer = Explorer(chapter, case.name)
    chapter.cell("busy").locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+Enter")
    try:
        expect(chapter.prompt("busy")).to_have_text("[*]:")
        for slider in explorer.root.get_by_role("slider").all():
            before = explorer.stage.get_attribute("data-shown")
            slider.press("ArrowLeft")
            slider.press("ArrowRight")
            slider.press("ArrowRight")
            expect(explorer.stage).not_to_have_attribute("data-shown", before, timeout=20_000)
        expect(chapter.prompt("busy")).to_have_text("[*]:")
    finally:
        end.touch()
    explorer.wait_until_settled()
    assert complaints == []


def test_a_kernel_that_was_shut_down_is_told(opened, page, complaints):
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name="Shut Down Kernel", exact=True).click()
    assert_gone(opened)
    assert complaints == []


def test_explorers_questions_and_reports_are_legible_in_both_themes(theme, opened, page):
    expect(page.locator("body")).to_have_attribute("data-jp-theme-name", f"JupyterLab {theme}")
    opened.cell("report").get_by_role("group").locator("summary").first.click()
    opened.cell("report").get_by_role("button", name="Hint").click()
    expect(opened.cell("report").get_by_role("status")).not_to_be_empty()
    for cell in CELLS:
        opened.cell(cell).scroll_into_view_if_needed()
    found = Axe().run(page, context=".jp-OutputArea-output").response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found if "contrast" in each["id"]] == []
