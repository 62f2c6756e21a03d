"""What teachers' tests do: small assignments of a few cells each, in cells/*.py, and how they are read.

    # === a name                                 and where it does not run split as in one process:
    # === a name | refused: why                  the test is not judged, and says why
    # === a name | falls short: why              the test is judged otherwise: a solution loses, or a wrong one passes
    # %% teacher                                 a cell that is not graded: imports, helpers, data
    # %% solution                                what the learner writes, here solved
    # %% wrong                                   stands in place of the solution above it, and must lose points
    # %% wrong 0.5                               … and must earn exactly these points
    # %% test                                    a graded cell of one point (`# %% test 2`: of two)

The cells stand in the order in which they run. A graded cell may hold nbgrader's `# AUTOTEST` lines.
"""

import re
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path

import yaml
from IPython.lib.pretty import pretty
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.preprocessors import InstantiateTests
from nbgrader.utils import compute_checksum

from tests.grading.constructs.oracle import Notebook

GROUPS = sorted(Path(__file__).with_name("cells").glob("*.py"))
AUTOTESTS = files("nbgrader") / "docs/source/user_guide/autotests.yml"  # the templates that nbgrader ships
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


@dataclass(frozen=True)
class Cell:
    """A cell as it runs: kind "teacher", "solution" or "test", and the points of a test."""

    kind: str
    source: str
    points: float = 0.0


@dataclass(frozen=True)
class Wrong:
    """What a learner wrote in place of the solution cell at `position`, and what it earns (None: less than all)."""

    position: int
    source: str
    earns: float | None = None


@dataclass(frozen=True)
class Construct:
    """One way in which a test meets an answer. `expected` of the split is "runs", "refused" or "falls short"."""

    group: str
    name: str
    cells: tuple[Cell, ...]
    wrong: tuple[Wrong, ...]
    expected: str = "runs"
    why: str = ""

    def __str__(self):
        return f"{self.group}: {self.name}"

    @property
    def points(self):
        return sum(cell.points for cell in self.cells)

    def sources(self, wrong=None):
        """Return the cells of a submission: solved, or with the `wrong` cell in its place."""
        return [
            replace(cell, source=wrong.source) if wrong and position == wrong.position else cell
            for position, cell in enumerate(self.cells)
        ]

    def notebook(self, wrong=None):
        """Return the submission (or, solved, the teacher's own) as a notebook with nbgrader's metadata."""
        cells = []
        for position, cell in enumerate(self.sources(wrong)):
            role = {
                "grade": cell.kind == "test",
                "grade_id": f"cell-{position}",
                "locked": cell.kind != "solution",
                "schema_version": 3,
                "solution": cell.kind == "solution",
                "task": False,
            }
            if cell.kind == "test":
                role["points"] = cell.points
            cells.append(new_code_cell(cell.source, id=role["grade_id"], metadata={"nbgrader": role}))
            role["checksum"] = compute_checksum(cells[-1])
        return new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}})


@cache
def constructs():
    """Return every construct of cells/."""
    return tuple(construct for path in GROUPS for construct in read(path.stem, path.read_text(encoding="utf-8")))


def read(group, text):
    """Yield the constructs that `text` declares."""
    for part in re.split(r"^# === ", text, flags=re.M)[1:]:
        head, *rest = re.split(r"^# %% ", part, flags=re.M)
        name, _, remark = head.strip().partition(" | ")
        expected, _, why = remark.partition(": ")
        assert expected in ("", "refused", "falls short") and bool(expected) == bool(why), f"{name}: {remark!r}"
        cells, wrong = [], []
        for each in rest:
            first, _, source = each.partition("\n")
            kind, _, number = first.strip().partition(" ")
            if kind == "wrong":
                assert cells[-1].kind == "solution", f"{name}: a wrong cell follows the solution it replaces."
                wrong.append(Wrong(len(cells) - 1, source.strip(), float(number) if number else None))
            elif kind == "test":
                cells.append(Cell(kind, source.strip(), float(number or 1)))
            else:
                assert kind in ("teacher", "solution"), f"{name}: there is no kind of cell {kind!r}."
                cells.append(Cell(kind, source.strip()))
        if any("AUTOTEST" in cell.source for cell in cells):
            cells = instantiated(cells)
        yield Construct(group, name, tuple(cells), tuple(wrong), expected or "runs", why)


class Instantiate(InstantiateTests):
    """nbgrader's autotests, with the values taken from this process in place of a kernel."""

    def __init__(self, notebook, **kwargs):
        super().__init__(**kwargs)
        self.notebook = notebook
        templates = yaml.safe_load(AUTOTESTS.read_text(encoding="utf-8"))["python3"]
        self.test_templates_by_type, self.dispatch_template = templates["templates"], templates["dispatch"]
        self.check_template, self.normalize_template = templates["check"], templates["normalize"]
        self.hash_template, self.setup_code = templates["hash"], templates["setup"]
        self.success_code = templates["success"]
        self.sanitizer, self.global_tests_loaded = self.sanitizers["python3"], True

    def _execute_code_snippet(self, code):
        outcome = self.notebook.run(code)
        assert outcome.error is None, outcome.error
        return None if outcome.result is None else self.sanitizer(pretty(outcome.result))


def instantiated(cells):
    """Return the cells with what nbgrader's generate_assignment makes of their autotest lines."""
    done = []
    with Notebook() as notebook:
        for position, cell in enumerate(cells):
            if "AUTOTEST" in cell.source:
                graded = new_code_cell(cell.source, metadata={"nbgrader": {"grade": True, "schema_version": 3}})
                graded, _ = Instantiate(notebook).preprocess_cell(graded, {"kernel_name": "python3"}, position)
                done.append(replace(cell, source=graded.source))
            else:
                notebook.run(cell.source)
                done.append(cell)
    return done
