"""A learner runs cells out of order in JupyterLab: the check names what it judged, and judges nothing that is gone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.jupyterlab import Chapter
from tests.browser.test_lab import right_answer

pytestmark = pytest.mark.browser

NAME = "prediction_error"
ANSWER, CHECK = f"{NAME}-answer", f"{NAME}-check"
RIGHT = right_answer("00_welcome", NAME).rstrip()
SCRATCH = "two-shapes"  # a cell above, in which learners try things

# What becomes of the cell of a right answer, and what the report says of it.
BROKEN = {
    "a missing colon": (RIGHT.replace("):", ")", 1), "and cannot be read by Python (SyntaxError in line 1)"),
    "renamed": (RIGHT.replace(NAME, "predicton_error"), "and no longer does: it defines predicton_error"),
    "a failing import above it": (f"import nothing_there\n\n{RIGHT}", "and stopped with ModuleNotFoundError in line 1"),
    "a decorator that is not there": (f"@jit\n{RIGHT}", "and stopped with NameError in line 1"),
    "commented out": (re.sub("^", "# ", RIGHT, flags=re.M), "and no longer does: its definition is a comment there"),
    "indented into another function": (
        "def outer():\n" + re.sub("^", "    ", RIGHT, flags=re.M),
        "and no longer does: it is now indented inside outer",
    ),
    "under %%time, and failing": (f"%%time\nimport nothing_there\n{RIGHT}", "and stopped with ModuleNotFoundError"),
}


class Learner:
    """One learner in one chapter; `report` runs the check cell and returns all that it shows."""

    def __init__(self, page, lab):
        self.page, self.chapter = page, Chapter(page, lab, "00_welcome")
        self.chapter.run("imports")

    def runs(self, source, cell=ANSWER):
        self.chapter.write(cell, source)
        self.chapter.run(cell)
        return self.number(cell)

    def number(self, cell):
        return re.search(r"\d+", self.chapter.prompt(cell).inner_text())[0]

    def report(self):
        self.chapter.run(CHECK)
        return self.chapter.cell(CHECK).locator(".jp-OutputArea").first

    def is_right(self, judged):
        report = self.report()
        expect(report).to_contain_text("Right: all")
        expect(report).to_contain_text(f"judged: {judged}")

    def is_refused(self, *words):
        report = self.report()
        for part in words:
            expect(report).to_contain_text(part)
        expect(report).not_to_contain_text("Right")
        return report

    def chooses(self, menu, item):
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.get_by_role("menuitem", name=item).first.click()


@pytest.fixture
def learner(page, lab):
    return Learner(page, lab)


def test_what_was_right_and_was_broken_since_is_not_right(learner, complaints):
    for source, words in BROKEN.values():
        held = learner.runs(RIGHT)
        learner.is_right(f"[{held}], 1 run ago")
        broken = learner.runs(source)
        learner.is_refused("Not judged", f"[{broken}] {words}", f"What the kernel still holds is from [{held}]")
    assert complaints == []


def test_other_cells_interrupts_and_helpers(learner, complaints):
    held = learner.runs(RIGHT)
    learner.chapter.write(ANSWER, RIGHT.replace("):", ")", 1))  # and not run: a kernel cannot see it, a reader can
    learner.is_right(f"[{held}], 1 run ago")
    learner.is_right(f"[{held}], 2 runs ago")

    # A copy in another cell: the later one counts, wrong or right, whichever stands lower.
    wrong = learner.runs(f"def {NAME}(y_true, y_pred):\n    return 3.0", SCRATCH)
    learner.is_refused(f"judged: [{wrong}], 1 run ago")
    held = learner.runs(RIGHT)
    learner.is_right(f"[{held}], 1 run ago")
    broken = learner.runs(f"def {NAME}(y_true, y_pred)\n    return 3.0", SCRATCH)
    learner.is_refused("Not judged", f"ran as [{broken}] and cannot be read", f"or run the cell of [{held}] again")
    learner.runs("# nothing to try", SCRATCH)
    learner.is_right(f"[{held}], 5 runs ago")

    # Interrupted before it came to the definition.
    learner.chapter.write(ANSWER, f"import time\nprint('begun', flush=True)\ntime.sleep(600)\n{RIGHT}")
    learner.page.keyboard.press("ControlOrMeta+Enter")
    expect(learner.chapter.output(ANSWER)).to_contain_text("begun")
    learner.chooses("Kernel", "Interrupt Kernel")
    expect(learner.chapter.prompt(ANSWER)).to_have_text(re.compile(r"\[\d+\]"))
    learner.chapter.wait_until_idle(30)
    learner.is_refused("Not judged", f"[{learner.number(ANSWER)}] and was interrupted in line")

    # A helper in a cell of its own, broken after the answer.
    learner.runs("def mean_of(values):\n    return np.mean(values)", SCRATCH)
    held = learner.runs(RIGHT.replace("np.mean(", "mean_of("))
    learner.is_right(f"[{held}], 1 run ago")
    learner.runs("def mean_of(values)\n    return np.median(values)", SCRATCH)
    learner.is_refused("Not judged", f"{NAME} uses mean_of", "cannot be read by Python")

    # Bound to a result.
    learner.runs(RIGHT)
    number = learner.runs(f"{NAME} = {NAME}(y_true=np.zeros(2), y_pred=np.zeros((2, 1)))", SCRATCH)
    learner.is_refused("should be a function or a class, not its result", f"judged: [{number}], 1 run ago")
    assert complaints == []


def test_after_a_delete_or_a_restart_the_check_says_what_to_run(learner, complaints):
    for _ in range(2):  # so that no cell has the same number after the restart
        learner.runs(RIGHT)
    number = learner.runs(f"del {NAME}", SCRATCH)
    learner.is_refused("NameError", f"{NAME} was deleted in [{number}]")

    learner.chooses("Kernel", re.compile(r"^Restart Kernel…"))
    learner.page.locator(".jp-Dialog").get_by_role("button", name="Confirm Kernel Restart").click()
    expect(learner.page.locator(".jp-Dialog")).to_have_count(0)
    learner.chapter.wait_until_idle(60)
    learner.is_refused("NameError", f"Run the cell in which you write {NAME}, then this one again")
    held = learner.runs(RIGHT)
    learner.is_refused("np is not defined: it comes from the import cell", f"judged: [{held}], 1 run ago")
    learner.chapter.run("imports")
    learner.is_right(f"[{held}], 3 runs ago")
    assert complaints == []
