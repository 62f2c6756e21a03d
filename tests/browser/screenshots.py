"""`python -m tests.browser.screenshots [name …]`: makes the pictures of docs/images/ anew, from the real thing."""

import base64
import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import nbformat
from PIL import Image
from playwright.sync_api import Locator, Page, sync_playwright

from tests.browser.explorers import NOTEBOOK, Explorer, write_notebook
from tests.browser.jupyterlab import CHROMIUM_ARGUMENTS, ROOT, Chapter, chromium, copy_course, running_lab
from tests.browser.stories import README_STORY

IMAGES = ROOT / "docs" / "images"
MARGIN = 12


def picture(page: Page, box: dict) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot(clip=box))).convert("RGB")


def settled_box(page: Page, above: Locator, below: Locator) -> dict:
    """The part of the page from the top of one element to the bottom of another, with nothing selected in it."""
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")  # the selection's frame moves to the cell below
    page.mouse.move(1, 1)
    page.wait_for_timeout(500)
    top, bottom = above.bounding_box(), below.bounding_box()
    height = bottom["y"] + bottom["height"] - top["y"] + MARGIN - 3
    return {"x": top["x"], "y": top["y"] - MARGIN, "width": top["width"], "height": height}


def flat(image: Image.Image) -> Image.Image:
    # Text and lines on a few flat colors: 128 of them lose nothing that an eye sees.
    return image.quantize(128, dither=Image.Dither.NONE)


def diagnosis(page: Page, address: str, course: Path) -> Path:
    """A wrong answer, and the report that names the mistake."""
    story, target = README_STORY, IMAGES / "diagnosis.png"
    chapter = Chapter(page, address, story.chapter)
    chapter.close_file_browser()
    chapter.run(chapter.first_code_cell())
    chapter.answer(story.exercise, story.wrong)
    box = settled_box(page, chapter.cell(f"{story.exercise}-answer"), chapter.cell(f"{story.exercise}-check"))
    flat(picture(page, box)).save(target, optimize=True)
    return target


def explorer(page: Page, address: str, course: Path, name: str) -> Explorer:
    """The explorer of the case `name`, alone on the page."""
    notebook = write_notebook(course / "work")
    chapter = Chapter(page, address, NOTEBOOK, notebook.parents[1])
    chapter.close_file_browser()
    chapter.run(name, seconds=120)
    return Explorer(chapter, name)


def race(page: Page, address: str, course: Path) -> Path:
    """The optimizer race, step by step, along the bent valley."""
    target = IMAGES / "optimizer-race.gif"
    shown = explorer(page, address, course, "race")
    shown.go_to("optimizer-race?surface=Himmelblau&start_x=-0.2&start_y=0.7&SGD.learning_rate=0.01&steps_shown=0")
    steps = shown.root.get_by_role("slider", name="steps shown")
    frames = []
    for step in [*range(0, 20, 1), *range(20, 61, 2), *range(65, 121, 5)]:
        if step:
            here = int(steps.get_attribute("aria-valuetext"))
            shown.after(lambda: [steps.press("ArrowRight") for _ in range(step - here)])
        else:
            box = shown.root.bounding_box()
        frames.append(picture(page, box))
    # A palette for all frames: with one for each, still parts would flicker.
    palette = flat(frames[-1])
    frames = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    durations = [80] * (len(frames) - 1) + [3000]
    frames[0].save(target, save_all=True, append_images=frames[1:], duration=durations, loop=0, optimize=True)
    return target


def digit(page: Page, address: str, course: Path) -> Path:
    """A drawn digit, and what the network says."""
    target = IMAGES / "draw-a-digit.png"
    shown = explorer(page, address, course, "digit")
    shown.go_to("draw-a-digit?strokes=080070100045150040190065195105160130120135&pen=2.5")
    box, mouse = shown.zones.bounding_box(), page.mouse
    turns = [(12, 13.5), (16.5, 13.8), (19.8, 16.5), (20, 20.5), (16.5, 23.5), (11.5, 23.8), (8, 21.5)]
    places = [(box["x"] + x / 28 * box["width"], box["y"] + y / 28 * box["height"]) for x, y in turns]
    mouse.move(*places[0])
    mouse.down()
    for place in places[1:]:
        mouse.move(*place, steps=8)
    shown.after(mouse.up)
    flat(picture(page, shown.root.bounding_box())).save(target, optimize=True)
    return target


def still(name: str, file: str, state: str = "") -> Callable[[Page, str, Path], Path]:
    """Return what makes the picture `file` of the explorer of the case `name`, in `state` or as it opens."""

    def make(page: Page, address: str, course: Path) -> Path:
        target = IMAGES / file
        shown = explorer(page, address, course, name)
        if state:
            shown.go_to(state)
        flat(picture(page, shown.root.bounding_box())).save(target, optimize=True)
        return target

    return make


def tensorboard(page: Page, address: str, course: Path) -> Path:
    """TensorBoard on the logs of chapter 08's two trainings; laid into the chapter, too."""
    target = IMAGES / "tensorboard.png"
    chapter = Chapter(page, address, "08_mnist_mlp")
    chapter.close_file_browser()
    for cell in ("imports", "prepared", "train-function", "train-constant", "train-cosine"):
        chapter.run(cell, seconds=300)
    chapter.write("read-logs", "print(logs)")
    chapter.run("read-logs")
    logs = chapter.output("read-logs").inner_text().strip()
    command = [sys.executable, "-m", "tensorboard.main", f"--logdir={logs}", "--host=127.0.0.1", "--port=0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            told = (re.search(r"TensorBoard .* at (http://\S+/)", line) for line in server.stderr)
            board = next(found[1] for found in told if found)
            page.set_viewport_size({"width": 1080, "height": 640})
            page.goto(board)
            page.wait_for_function("async () => (await (await fetch('data/runs')).json()).length === 4")
            page.goto(f"{board}?darkMode=false&smoothing=0#timeseries")
            # Otherwise the best curve is cut off, and a table hides the others.
            for setting in ("Ignore outliers in chart scaling", "Enable step selection and data table"):
                page.get_by_role("checkbox", name=setting).uncheck()
            page.evaluate("document.activeElement.blur()")
            page.mouse.move(1, 1)
            page.wait_for_timeout(2000)  # curves and checkboxes move to where they stay
            page.screenshot(path=target)
        finally:
            server.terminate()
    flat(Image.open(target).convert("RGB")).save(target, optimize=True)
    attach(target, ROOT / "solutions" / "08_mnist_mlp" / "mnist_mlp.ipynb")
    return target


def attach(picture: Path, chapter: Path) -> None:
    """Lay `picture` into the cell of `chapter` that shows it: a notebook's attachments are in every copy of it."""
    notebook = nbformat.read(chapter, 4)
    (cell,) = [cell for cell in notebook.cells if f"(attachment:{picture.name})" in cell.source]
    cell.attachments = {picture.name: {"image/png": base64.b64encode(picture.read_bytes()).decode()}}
    nbformat.write(notebook, chapter)


PICTURES: dict[str, Callable[[Page, str, Path], Path]] = {
    "diagnosis": diagnosis,
    "race": race,
    "digit": digit,
    "activations": still("activations", "activation-explorer.png"),
    # Fifty layers of ReLU with Glorot's weights, in which outputs and gradients die out in both directions.
    "microscope": still(
        "microscope",
        "network-microscope.png",
        "network-microscope?activation=relu&depth=50&width=64&direction=backward&layer=12",
    ),
    "losses": still("losses", "loss-explorer.png"),
    # On its way back: one gradient has come to a node on one way, and a second is added.
    "graph": still("graph", "graph-stepper.png", "graph-stepper?steps_shown=6"),
    "schedules": still("schedules", "schedule-explorer.png"),
    "regularization": still("regularization", "regularization-explorer.png", "regularization-explorer?l2=0.003"),
    "batch": still("batch", "batch-explorer.png"),
    "sizes": still("sizes", "size-puzzle.png"),
    "convolution": still("convolution", "convolution-explorer.png", "convolution-explorer?unit=2.7&row=2&column=2"),
    "allreduce": still("allreduce", "all-reduce-explorer.png"),
    "scaling": still("scaling", "scaling-explorer.png", "scaling-explorer?workers=256"),
    "review": still("review", "review-explorer.png"),
    "search": still("search", "search-explorer.png"),
    "tensorboard": tensorboard,
}


def main(names: list[str]) -> None:
    if unknown := set(names) - set(PICTURES):
        sys.exit(f"no picture {', '.join(sorted(unknown))}; there are: {', '.join(PICTURES)}")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        course = copy_course(Path(folder))
        with running_lab(course) as address:
            for name in names or PICTURES:
                # Stills have twice as many pixels as the page: sharp on every screen. A film of that size is too large.
                scale = 1 if name == "race" else 2
                page = browser.new_page(viewport={"width": 1080, "height": 1600}, device_scale_factor=scale)
                path = PICTURES[name](page, address, course)
                print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1024:.0f} kB")
                page.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
