"""Explorers as a reader meets them: a notebook with one in each cell, and what can be said of it in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from playwright.sync_api import Locator, expect

from tests.browser.jupyterlab import Chapter

# A chapter of its own, beside the real ones in a learner's work/.
NOTEBOOK = "97_explorers"


@dataclass(frozen=True)
class Case:
    """An explorer in a cell called `name`.

    Args:
        name: the cell's id.
        source: the cell.
        state: the text of a state in which every control matters.
        keys: for a control by its name the keys to press where it is not the usual one of its kind.
    """

    name: str
    source: str
    state: str
    keys: dict[str, list[str]]


RACERS = ("SGD", "Momentum", "Nesterov", "Adagrad", "Adadelta", "RMSprop", "Adam", "AdamW")
SMALL_NETWORK = """
from course_lib.data import mnist
from course_lib.layers import Dense
from course_lib.network import Sequential
from course_lib.optimizers import Adam

(x, y), (test_images, _) = mnist()
x, y = x[:20000].reshape(-1, 784) / 255.0, y[:20000]
model = Sequential([Dense(128, activation="relu"), Dense(10, activation="softmax")], seed=0)
model.compile(Adam(), loss="sparse_categorical_crossentropy")
model.fit(x, y, batch_size=64, epochs=3, seed=0, verbose=0)
"""
SMALL_BAG_OF_WORDS = """
import numpy as np
import scipy.sparse

from course_lib.data import imdb
from course_lib.naive_bayes import NaiveBayesLogistic, log_count_ratio
from course_lib.ngrams import Ngrams
from course_lib.optimizers import Adam
from course_lib.text import tokenize

(texts, y), _ = imdb()
tokens = [tokenize(text) for text in texts[:4000]]
ngrams = Ngrams(longest=3, least=2).fit(tokens)
x = scipy.sparse.csr_array(ngrams.counts(tokens), shape=(len(tokens), len(ngrams)))
x.data[:] = 1
model = NaiveBayesLogistic(log_count_ratio(x, y[:4000], alpha=3.0))
model.fit(x, y[:4000], Adam(0.005), batch_size=256, epochs=8, seed=0)
"""
CASES = [
    Case(
        "race",
        "from course_lib.widgets.optimizer_race import OptimizerRace\n\nOptimizerRace()",
        f"optimizer-race?noise=2&Adam.epsilon=0.1&steps_shown=290&{'&'.join(f'{name}=yes' for name in RACERS)}",
        {f"{name} epsilon": ["End"] for name in RACERS},  # the smallest one is as good as the second smallest
    ),
    Case(
        "activations",
        "from course_lib.widgets.activation_explorer import ActivationExplorer\n\nActivationExplorer()",
        "activation-explorer?function=ELU&ELU.alpha=1.2&z=-2.5&threshold=0.05",
        {"saturated below": ["End"]},
    ),
    Case(
        "microscope",
        "from course_lib.widgets.network_microscope import network_microscope\n\nnetwork_microscope()",
        "network-microscope?activation=relu&initializer=he_normal&depth=6&width=16&scale=1.2&layer=4&steps_shown=4",
        {},
    ),
    Case(
        "losses",
        "from course_lib.widgets.loss_explorer import LossExplorer\n\nLossExplorer()",
        "loss-explorer?target=class+1&prediction=-2.5&outlier_x=4&outlier_y=9&delta=0.5",
        {},
    ),
    Case(
        "graph",
        "from course_lib.widgets.graph_stepper import GraphStepper\n\nGraphStepper()",
        "graph-stepper?graph=a+unit+and+its+loss&a+unit+and+its+loss.w=0.5&steps_shown=12",
        {"graph": ["ArrowUp"]},  # it is the last one
    ),
    Case(
        "schedules",
        "from course_lib.widgets.schedule_explorer import ScheduleExplorer\n\nScheduleExplorer()",
        "schedule-explorer?schedule=exponential&warmup=20&steps_shown=150",
        {},
    ),
    Case(
        "regularization",
        "from course_lib.widgets.regularization_explorer import RegularizationExplorer\n\nRegularizationExplorer()",
        "regularization-explorer?l2=0.001&dropout=0.2&batch_size=8&steps_shown=300",
        {},
    ),
    Case(
        "batch",
        "from course_lib.widgets.batch_explorer import BatchExplorer\n\nBatchExplorer()",
        "batch-explorer?mode=inference&batches=20&epsilon=0.1",
        {"mode": ["ArrowUp"], "dragged example": ["ArrowDown"]},  # it is the last one of each
    ),
    Case(
        "sizes",
        "from course_lib.widgets.size_puzzle import SizePuzzle\n\nSizePuzzle()",
        "size-puzzle?puzzle=3&kernel=4&padding=1",
        {},
    ),
    Case(
        "convolution",
        "from course_lib.widgets.convolution_explorer import ConvolutionExplorer\n\nConvolutionExplorer()",
        "convolution-explorer?unit=2.7&row=2&column=2",
        {},
    ),
    Case(
        "allreduce",
        "from course_lib.widgets.all_reduce_explorer import AllReduceExplorer\n\nAllReduceExplorer()",
        "all-reduce-explorer?ranks=5&numbers=9&steps_shown=4",
        {},
    ),
    Case(
        "scaling",
        "from course_lib.widgets.scaling_explorer import ScalingExplorer\n\nScalingExplorer()",
        "scaling-explorer?workers=96&batch=128",
        {},
    ),
    Case(
        "digit",
        f"{SMALL_NETWORK}\nfrom course_lib.widgets.draw_a_digit import DrawADigit\n\n"
        "DrawADigit(model, images=test_images)",
        "draw-a-digit?strokes=149010081118198118-172064162199&pen=2",
        {},
    ),
    Case(
        "dashboard",
        f"{SMALL_NETWORK}\nfrom course_lib.widgets.training_dashboard import TrainingDashboard\n\n"
        'model.compile(Adam(), loss="sparse_categorical_crossentropy", metrics=["accuracy"])\n'
        "dashboard = TrainingDashboard()\n"
        "model.fit(x, y, batch_size=64, epochs=2, validation_data=(x[:2000], y[:2000]), seed=1, verbose=0,\n"
        "          callbacks=[dashboard])\n"
        "dashboard.sentence",
        "training-dashboard?smoothing=5&log_scale=yes",
        {},
    ),
    Case(
        "review",
        f"{SMALL_BAG_OF_WORDS}\nfrom course_lib.widgets.review_explorer import ReviewExplorer\n\n"
        'ReviewExplorer(model, ngrams, reviews={"a real review": texts[-1]})',
        "review-explorer?review=It+was+not+bad%2C+it+was+great%21&longest=2&word=3",
        {},
    ),
    Case(
        "search",
        "from course_lib.widgets.search_explorer import SearchExplorer\n\nSearchExplorer()",
        "search-explorer?method=halving&draw=3&steps_shown=15",
        {"A's method": ["ArrowUp"]},  # it is the last one
    ),
]


def write_notebook(folder: Path, name: str = NOTEBOOK, cases: list[Case] = CASES) -> Path:
    """Write the notebook of `cases` to NAME/….ipynb below `folder`, and return its path."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    for case in cases:
        cell = nbformat.v4.new_code_cell(case.source)
        cell["id"] = case.name
        notebook.cells.append(cell)
    path = folder / name / f"{name.partition('_')[2]}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


class Explorer:
    """The explorer in the output of the cell `name`."""

    def __init__(self, chapter: Chapter, name: str):
        self.page = chapter.page
        self.root = chapter.cell(name).locator(".descent-explorer")
        self.stage = self.root.locator(".descent-stage")
        self.image = self.stage.locator("img")
        self.zones = self.stage.locator(".descent-stage-zone")
        self.state_box = self.root.get_by_role("textbox", name="State")
        expect(self.stage).to_have_attribute("data-shown", re.compile(r"\d+"), timeout=30_000)
        self.root.scroll_into_view_if_needed()
        self.wait_until_settled()

    @property
    def sentence(self) -> str:
        return self.stage.locator(".descent-stage-sentence").inner_text()

    def wait_until_settled(self) -> None:
        """Wait until the kernel is idle and the picture stands still: on a busy machine frames are late."""
        idle = self.page.locator("#jp-main-statusbar").get_by_text("| Idle")
        before = None
        while before != (before := self.stage.get_attribute("data-shown")):
            expect(self.stage).to_have_attribute("data-settled", "yes", timeout=60_000)
            expect(idle).to_be_visible(timeout=60_000)
            self.page.wait_for_timeout(250)

    def after(self, action: Callable[[], object]) -> None:
        """Do `action`, which moves the picture, and wait until that has settled."""
        before = self.stage.get_attribute("data-shown")
        action()
        expect(self.stage).not_to_have_attribute("data-shown", before, timeout=20_000)
        self.wait_until_settled()

    def frames(self) -> int:
        return int(self.stage.get_attribute("data-shown"))

    def pixels(self) -> str:
        """The picture on the screen, pixel by pixel."""
        return self.image.evaluate(
            """image => {
                const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
                const context = canvas.getContext("2d");
                context.drawImage(image, 0, 0);
                let hash = 0;
                for (const value of context.getImageData(0, 0, canvas.width, canvas.height).data)
                    hash = (hash * 31 + value) % 4294967291;
                return `${canvas.width} x ${canvas.height}: ${hash}`;
            }"""
        )

    def go_to(self, state: str) -> None:
        """Paste the text of a state."""
        if self.state_box.input_value() != state:
            self.state_box.fill(state)
            self.after(lambda: self.state_box.press("Enter"))

    def keyboard_controls(self) -> list[tuple[str, Locator, list[str]]]:
        """Every visible control as (name, where it has the focus, keys that change it), presets and state apart."""
        found = []
        for role, keys in (
            ("slider", ["Home"]),
            ("spinbutton", ["ArrowUp"]),
            ("combobox", ["ArrowDown"]),
            ("checkbox", [" "]),
        ):
            for control in self.root.get_by_role(role).all():
                name = control.evaluate(
                    "e => e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.closest('label')?.textContent"
                )
                lowest = control.get_attribute("aria-valuenow") == control.get_attribute("aria-valuemin")
                if control.is_visible() and name.strip() != "Try":
                    by_name = self.root.get_by_role(role, name=name.strip(), exact=True)
                    found.append((name.strip(), by_name, ["End"] if role == "slider" and lowest else keys))
        return found
