"""A learner's first minutes in a chapter, and the way back to it and on, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.jupyterlab import ROOT, Chapter, copy_course, running_lab
from tests.browser.stories import STORIES
from tests.notebooks.chapters import COURSE, solved

SCREENSHOTS = ROOT / "build" / "screenshots"

pytestmark = pytest.mark.browser


def right_answer(chapter: str, exercise: str) -> str:
    source = next(cell.source for cell in solved(chapter).cells if cell.id == f"{exercise}-answer")
    return re.sub(r"^ *### (BEGIN|END) SOLUTION\n?", "", source, flags=re.MULTILINE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.chapter)
def test_a_chapter_runs_names_a_mistake_and_takes_the_right_answer(page, lab, complaints, story):
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    chapter = Chapter(page, lab, story.chapter)
    expect(page.locator(".jp-Dialog")).to_have_count(0)

    chapter.run_all(seconds=180)
    page.screenshot(path=SCREENSHOTS / f"{story.chapter}-untouched.png")
    report = chapter.output(f"{story.exercise}-check").first  # buttons for help follow
    expect(report).to_contain_text("Not written yet")
    expect(chapter.panel.locator('[data-mime-type="application/vnd.jupyter.error"]')).to_have_count(0)

    report = chapter.answer(story.exercise, story.wrong)
    expect(report).to_contain_text(story.diagnosis)
    expect(report).to_contain_text("✗")
    report.screenshot(path=SCREENSHOTS / f"{story.chapter}-diagnosis.png")

    report = chapter.answer(story.exercise, right_answer(story.chapter, story.exercise))
    expect(report).to_contain_text(re.compile(r"Right: (all \d+ checks agree|the check agrees)"))
    expect(report).not_to_contain_text(story.diagnosis)
    report.screenshot(path=SCREENSHOTS / f"{story.chapter}-right.png")
    assert complaints == []


def at_its_top(chapter, cell):
    """Expect `cell` to be the active one, at the top of the notebook, and return it."""
    place = chapter.cell(cell)
    expect(place).to_have_class(re.compile(r"\bjp-mod-active\b"), timeout=30_000)
    expect(place).to_be_in_viewport(timeout=30_000)
    chapter.page.wait_for_function(
        "([cell, panel]) => Math.abs(cell.getBoundingClientRect().top - panel.getBoundingClientRect().top) < 40",
        arg=[place.element_handle(), chapter.panel.locator(".jp-WindowedPanel-outer").element_handle()],
    )
    return place


def files(page):
    return page.locator("#filebrowser .jp-DirListing-itemName")


def test_lab_opened_again_is_where_one_was_and_shows_every_chapter(page, tmp_path, complaints):
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.set_viewport_size({"width": 1366, "height": 768})
    checkout = copy_course(tmp_path)
    with running_lab(checkout) as address:
        first = Chapter(page, address, "00_welcome", opens="/")
        expect(files(page)).to_contain_text(COURSE.chapters())
        at_its_top(first, "title")
        page.screenshot(path=SCREENSHOTS / "way-first.png")
        first.run(first.first_code_cell())
        first.answer("prediction_error", right_answer("00_welcome", "prediction_error"))
        page.goto("about:blank")  # closed before its server ends
    with running_lab(checkout) as address:  # what is next there
        again = Chapter(page, address, "00_welcome", opens="/")
        expect(files(page)).to_contain_text(COURSE.chapters())
        at_its_top(again, again.before("rescale_columns-answer"))
        page.screenshot(path=SCREENSHOTS / "way-again.png")
        other = Chapter(page, address, "01_activations")
        other.run(other.first_code_cell())
        other.answer("softmax", STORIES[1].wrong)
        page.goto("about:blank")
    with running_lab(checkout) as address:  # what was not solved, in another chapter
        other = Chapter(page, address, "01_activations", opens="/")
        expect(files(page)).to_contain_text(COURSE.chapters())
        at_its_top(other, other.before("softmax-answer"))
        page.screenshot(path=SCREENSHOTS / "way-other.png")
        # It stays where the reader scrolls to.
        page.mouse.move(800, 500)
        page.mouse.wheel(0, -3000)
        expect(other.cell("softmax-answer")).not_to_be_in_viewport()
        other.run(other.first_code_cell())
        expect(other.cell("softmax-answer")).not_to_be_in_viewport()
        page.goto("about:blank")
    assert complaints == []


def test_on_a_phone_a_chapter_has_the_whole_width(page, lab, complaints):
    page.set_viewport_size({"width": 390, "height": 844})
    chapter = Chapter(page, lab, "00_welcome")
    expect(page.locator("#filebrowser")).to_be_hidden()
    assert chapter.panel.bounding_box()["width"] > 300
    page.screenshot(path=SCREENSHOTS / "way-phone.png")
    assert complaints == []


def test_a_chapter_closes_with_a_way_to_what_is_not_solved_and_to_the_next(page, lab, complaints):
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    chapter = Chapter(page, lab, "00_welcome")
    chapter.run("closing")
    end = chapter.output("closing")
    expect(end).to_contain_text("of 4 exercises")
    chapter.cell("closing").scroll_into_view_if_needed()
    page.screenshot(path=SCREENSHOTS / "way-closing.png")
    end.get_by_role("link", name="walk_downhill").click()
    at_its_top(chapter, chapter.before("walk_downhill-answer"))
    expect(chapter.cell("walk_downhill-answer")).to_be_in_viewport()
    chapter.cell("closing").scroll_into_view_if_needed()
    end.get_by_role("link", name="01_activations").click()
    expect(page.locator(".jp-NotebookPanel:visible")).to_contain_text("01 · Activations", timeout=60_000)
    expect(page.locator(".lm-mod-current .lm-TabBar-tabLabel").get_by_text("activations.ipynb")).to_be_visible()
    assert complaints == []
