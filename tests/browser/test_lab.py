"""A learner's first minutes in a chapter, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.jupyterlab import ROOT, Chapter
from tests.browser.stories import STORIES
from tests.notebooks.chapters import solved

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
    report = chapter.output(f"{story.exercise}-check")
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
