"""From a slider's key to the changed picture in JupyterLab: the optimizer race against `interact` with inline figures.

Both draw the same figure, with the race's own code, in one notebook in headless Chromium; both times run from the key
to the animation frame after the new picture is decoded. Aim: the race with three optimizers at least 5 times faster,
and no picture lost at the end of a drag.
"""

import re
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.explorers import Case, Explorer, write_notebook
from tests.browser.jupyterlab import CHROMIUM_ARGUMENTS, Chapter, chromium, copy_course, running_lab

KEYS = 30
STAGES = "from course_lib.widgets.optimizer_race import OptimizerRace\n\nrace = OptimizerRace()\nrace"
# The peer: as an ipywidgets tutorial has it, with the figure that the race draws.
INTERACT = """
import ipywidgets, matplotlib.pyplot as plt
from course_lib.widgets import style
from course_lib.widgets.optimizer_race import OptimizerRace
style.use()
%matplotlib inline
scene = OptimizerRace()

def draw(learning_rate):
    scene._controls["Momentum.learning_rate"].value = learning_rate
    figure = plt.figure(figsize=scene.size, layout="constrained")
    scene.still(figure)
    scene.move()
    plt.show()

ipywidgets.interact(draw, learning_rate=ipywidgets.SelectionSlider(
    options=[value for _, value in scene._controls["Momentum.learning_rate"].options], value=0.01));
""".strip()
COUNT_CPU = "import time\nprint(time.process_time())"

# Resolves with the milliseconds from the next key to the animation frame in which a new picture is on the screen.
UNTIL_PICTURE = """
(area) => new Promise((resolve) => {
    let begin;
    const isStage = area.querySelector(".descent-stage");
    area.addEventListener("keydown", () => { begin = performance.now(); }, { capture: true, once: true });
    const finish = () => { observer.disconnect(); resolve(performance.now() - begin); };
    const observer = new MutationObserver(async () => {
        if (begin === undefined) return;
        if (isStage) return finish();  // it says so itself, in an animation frame, after decoding
        const image = area.querySelector(".jp-OutputArea img");
        if (!image || image.seen) return;
        image.seen = true;
        await image.decode();
        requestAnimationFrame(finish);
    });
    if (isStage) observer.observe(isStage, { attributeFilter: ["data-shown"] });
    else {
        for (const old of area.querySelectorAll("img")) old.seen = true;
        observer.observe(area, { subtree: true, childList: true });
    }
})
"""


def milliseconds(page, slider, area) -> list[float]:
    """Press arrow keys on `slider`, one after each picture, and return how long each took."""
    slider.focus()
    times = []
    for number in range(KEYS):
        measured = area.evaluate_handle(f"area => {{ area.measured = ({UNTIL_PICTURE})(area); }}")
        page.keyboard.press("ArrowRight" if number % 10 < 5 else "ArrowLeft")
        times.append(area.evaluate("area => area.measured"))
        measured.dispose()
        page.wait_for_timeout(500)  # nothing of the last picture is under way
    return times


def lost_at_the_end_of_drags(page, race: Explorer) -> int:
    """Drag the start quickly a few times; return how often the picture ended elsewhere than the pointer."""
    lost = 0
    race.zones.scroll_into_view_if_needed()
    for target in (0.3, 0.5, 0.7, 0.4, 0.6):
        box = race.zones.bounding_box()
        x, y = box["x"] + target * box["width"], box["y"] + target * box["height"]
        page.mouse.move(box["x"] + 0.1 * box["width"], y)
        page.mouse.down()
        page.mouse.move(x, y, steps=80)
        page.mouse.up()
        race.wait_until_settled()
        page.wait_for_timeout(300)
        race.wait_until_settled()
        ended = float(re.search(r"from \((\S+),", race.sentence)[1])
        lost += abs(ended - (9 * target - 4.5)) > 0.03  # a pixel is 0.02 wide
    return lost


def main():
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        course = copy_course(Path(folder))
        cells = [("cpu", COUNT_CPU), ("interact", INTERACT), ("race", STAGES)]
        write_notebook(course / "work", "96_bench", [Case(name, source, "", {}) for name, source in cells])
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 960})
        with running_lab(course) as address:
            chapter = Chapter(page, address, "96_bench", course / "work")
            chapter.close_file_browser()

            def cpu() -> float:
                chapter.run("cpu")
                return float(chapter.output("cpu").inner_text())

            chapter.run("race")
            race = Explorer(chapter, "race")
            chapter.run("interact")
            page.wait_for_timeout(2000)
            results = {}
            for name, slider in (("race", "Momentum learning_rate"), ("interact", None)):
                area = chapter.cell(name)
                sliders = area.get_by_role("slider", name=slider) if slider else area.get_by_role("slider")
                milliseconds(page, sliders, area)  # warm
                before = cpu()
                times = milliseconds(page, sliders, area)
                results[name] = statistics.median(times), max(times), 1000 * (cpu() - before) / KEYS
            lost = lost_at_the_end_of_drags(page, race)
        browser.close()
    for name, (median, longest, cpu_ms) in results.items():
        print(f"{name:10} median {median:5.0f} ms, longest {longest:5.0f} ms, kernel CPU {cpu_ms:5.0f} ms a key")
    ratio = results["interact"][0] / results["race"][0]
    print(f"a slider's key to the changed picture: {ratio:.1f} times faster than interact (aim 5)")
    print(f"drags that ended with another picture than the pointer's: {lost} of 5 (aim 0)")


if __name__ == "__main__":
    main()
