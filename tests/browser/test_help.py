"""Help below a failed report: a hint and the solution, by the keyboard alone."""

import pytest
from playwright.sync_api import expect

from course_lib import exercises
from tests.browser.jupyterlab import ROOT, Chapter
from tests.browser.stories import README_STORY

SCREENSHOTS = ROOT / "build" / "screenshots"

pytestmark = pytest.mark.browser


def test_hints_and_the_solution_stand_below_a_failed_report(page, lab, complaints):
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    chapter = Chapter(page, lab, README_STORY.chapter)
    chapter.run(chapter.first_code_cell())
    report = chapter.answer(README_STORY.exercise, README_STORY.wrong)
    exercise = exercises.find(README_STORY.exercise)
    mistake = next(mistake for mistake in exercise.misconceptions if README_STORY.diagnosis in mistake.cause)
    help_below = chapter.output(f"{README_STORY.exercise}-check").last

    hint = help_below.get_by_role("button", name="Hint")
    hint.focus()
    page.keyboard.press("Enter")
    told = help_below.get_by_role("status")
    expect(told).to_contain_text(mistake.cure.replace("`", ""))
    page.keyboard.press("Enter")
    expect(told).to_contain_text(f"Hint 1 of {len(exercise.hints)}")
    page.keyboard.press("Enter")
    expect(told).to_contain_text(f"Hint 2 of {len(exercise.hints)}")
    page.keyboard.press("Tab")
    expect(help_below.get_by_role("button", name="Solution")).to_be_focused()
    page.keyboard.press("Enter")
    expect(told).to_contain_text("def softmax(logits, axis=-1)")
    help_below.screenshot(path=SCREENSHOTS / "help.png")
    report.screenshot(path=SCREENSHOTS / "help-report.png")
    assert complaints == []
