"""`python -m tests.browser.screenshots`: makes docs/images/diagnosis.png anew, from the real thing."""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.jupyterlab import CHROMIUM_ARGUMENTS, ROOT, Chapter, chromium, copy_course, running_lab
from tests.browser.stories import README_STORY

IMAGE = ROOT / "docs" / "images" / "diagnosis.png"
MARGIN = 12


def main(target: Path = IMAGE) -> None:
    story = README_STORY
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        # Twice as many pixels as the page has: sharp on every screen.
        page = browser.new_page(viewport={"width": 1080, "height": 1600}, device_scale_factor=2)
        with running_lab(copy_course(Path(folder))) as address:
            chapter = Chapter(page, address, story.chapter)
            page.keyboard.press("ControlOrMeta+b")  # closes the file browser
            chapter.run(chapter.first_code_cell())
            chapter.answer(story.exercise, story.wrong)
            page.keyboard.press("Escape")
            page.keyboard.press("ArrowDown")  # the selection's frame moves to the cell below
            page.mouse.move(1, 1)
            page.wait_for_timeout(500)
            above = chapter.cell(f"{story.exercise}-answer").bounding_box()
            below = chapter.cell(f"{story.exercise}-check").bounding_box()
            picture = page.screenshot(
                clip={
                    "x": above["x"],
                    "y": above["y"] - MARGIN,
                    "width": above["width"],
                    "height": below["y"] + below["height"] - above["y"] + MARGIN - 3,
                }
            )
        browser.close()
    target.parent.mkdir(parents=True, exist_ok=True)
    # Text on a few flat colors: 128 of them lose nothing that an eye sees.
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(target, optimize=True)
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    sys.exit(main())
