"""A class of any size for the benchmark of grading: an assignment, honest submissions, and what each must score."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from tests.grading.foreign.bank import Assignment, assignments
from tests.grading.foreign.course import STOCK
from tests.tiny_course import ROOT, read, write

KINDS = ("full", "half", "untouched", "mistake")  # in turns
# The chapters' own configuration, and nbgrader's own preprocessors in place of ours.
CHAPTERS_STOCK = '\ndel c["Autograde"]\n'


@dataclass(frozen=True)
class Case:
    """An assignment to be graded.

    Args:
        title: what it is, in a few words.
        name: of the assignment.
        mistake: {solution cell: a wrong answer}.
        foreign: None for a chapter of this course.
        tensorflow: whether it needs TensorFlow.
        large: whether a class of a thousand is graded too, unless sizes are asked for: it takes minutes.
        aim: how many times stock nbgrader's throughput two workers should have.
    """

    title: str
    name: str
    mistake: dict[str, str]
    foreign: Assignment | None
    tensorflow: bool
    large: bool
    aim: int


def cases() -> list[Case]:
    bank = {assignment.name: assignment for assignment in assignments()}

    def foreign(name: str, mistake: str, without: tuple[str, ...] = (), **more) -> Case:
        wrong = next(each for each in bank[name].submissions if each.name == "wrong")
        kept = tuple(cell for cell in bank[name].cells if cell.name not in without)
        return Case(
            name=f"{name}-short" if without else name,
            mistake={mistake: wrong.cells[mistake]},
            foreign=replace(bank[name], cells=kept),
            **more,
        )

    relu = {"relu-answer": "def relu(x):\n    return np.abs(x)"}
    return [
        Case("a NumPy chapter of this course", "01_activations", relu, None, tensorflow=False, large=True, aim=30),
        # Most of what the whole one takes is the drawing of its figure.
        foreign(
            "arrays",
            "center",
            ("look", "distances-table"),
            title="a foreign NumPy assignment",
            tensorflow=False,
            large=True,
            aim=25,
        ),
        foreign("arrays", "center", title="the same with a figure", tensorflow=False, large=False, aim=25),
        foreign("statistics", "fair", title="a foreign SciPy assignment", tensorflow=False, large=False, aim=25),
        foreign("network", "features", title="a foreign Keras assignment", tensorflow=True, large=False, aim=12),
    ]


class Course:
    """A course with one assignment in a folder of its own, and a class that hands in."""

    def __init__(self, root: Path, case: Case):
        self.root, self.case = root, case
        source, release, place = ("source", "release", ".") if case.foreign else ("solutions", "notebooks", "classroom")
        self.source, self.release = root / source / case.name, root / release / case.name
        self.place = root / place
        self.config = root / "nbgrader_config.py"
        root.mkdir()
        self.use(stock=False)
        if case.foreign:
            self.notebook = f"{case.name}.ipynb"
            write(self.source / self.notebook, case.foreign.notebook())
            for name, content in case.foreign.files.items():
                (self.source / name).write_text(content)
        else:
            shutil.copytree(ROOT / "solutions" / case.name, self.source)
            (self.notebook,) = [path.name for path in self.source.glob("*.ipynb")]
            self.release.parent.mkdir()
        subprocess.run(self.nbgrader("generate_assignment"), **self.options, check=True, capture_output=True)
        self.pristine = root / "pristine.db"
        shutil.copyfile(self.place / "gradebook.db", self.pristine)
        self.submissions = {kind: self._submission(kind) for kind in KINDS}
        self.scores: dict[str, float] = {}  # of each kind, as stock nbgrader gives them

    def use(self, stock: bool) -> None:
        """Configure the course for `nbgrader autograde` with nbgrader's own preprocessors, or for `course grade`."""
        if self.case.foreign:
            self.config.write_text(STOCK)
        else:
            ours = (ROOT / "nbgrader_config.py").read_text()
            self.config.write_text(ours + CHAPTERS_STOCK if stock else ours)

    @property
    def options(self) -> dict:
        """How commands are started in it."""
        path = os.pathsep.join([os.path.dirname(sys.executable), os.defpath])  # nbgrader calls `alembic`
        own = {"PATH": path, "JUPYTER_CONFIG_DIR": str(self.root / "no-config"), "PYTHONPATH": str(ROOT)}
        return {"cwd": self.root, "env": {**os.environ, **own}}

    def nbgrader(self, command: str) -> list[str]:
        return [sys.executable, "-m", "nbgrader", command, self.case.name]

    def grade(self, workers: int) -> list[str]:
        return [sys.executable, "-m", "course_lib.cli", "grade", self.case.name, "--json", "--workers", str(workers)]

    def _submission(self, kind: str) -> nbformat.NotebookNode:
        """Return the student version with all, the first half or none of its solution cells solved."""
        notebook = read(self.release / self.notebook)
        solved = {name_of(cell): cell.source for cell in read(self.source / self.notebook).cells if _is_solution(cell)}
        if self.case.foreign:
            full = next(each for each in self.case.foreign.submissions if each.name == "full")
            solved |= {name: source for name, source in full.cells.items() if name in solved}
        cells = [cell for cell in notebook.cells if _is_solution(cell)]
        share = {"untouched": 0.0, "half": 0.5}.get(kind, 1.0)
        for cell in cells[: round(share * len(cells))]:
            cell.source = (self.case.mistake if kind == "mistake" else {}).get(name_of(cell), solved[name_of(cell)])
        return notebook

    def hand_in(self, count: int) -> None:
        """Make `count` students hand in, in turns one of each kind; nothing is graded yet."""
        shutil.rmtree(self.place / "submitted", ignore_errors=True)
        drafts = {kind: nbformat.writes(notebook) for kind, notebook in self.submissions.items()}
        support = [path for path in self.release.iterdir() if path.suffix != ".ipynb"]
        for number in range(count):
            folder = self.place / "submitted" / student(number) / self.case.name
            folder.mkdir(parents=True)
            (folder / self.notebook).write_text(drafts[KINDS[number % len(KINDS)]])
            for path in support:
                shutil.copyfile(path, folder / path.name)

    def reset(self) -> None:
        """Forget all grades, and what the grader has found out about the assignment."""
        shutil.rmtree(self.place / "autograded", ignore_errors=True)
        shutil.rmtree(self.root / "classroom" / "rehearsals", ignore_errors=True)
        shutil.copyfile(self.pristine, self.place / "gradebook.db")

    def done(self, stock: bool) -> Callable[[], int]:
        """Return what tells how many submissions are graded: by the notebooks written, or by the journal's lines."""
        graded = self.place / "autograded"
        journal = graded / ".grading" / self.case.name / "journal.jsonl"

        def notebooks() -> int:
            return sum(1 for _ in graded.glob(f"*/{self.case.name}/{self.notebook}"))

        def lines() -> int:
            return journal.read_bytes().count(b'{"row":') if journal.exists() else 0

        return notebooks if stock else lines

    def check_scores(self, count: int, by: str) -> None:
        """Hold every score in the gradebook against what the submission must get.

        Raises:
            AssertionError: one differs. A benchmark that grades wrongly measures nothing.
        """
        with Gradebook(f"sqlite:///{self.place / 'gradebook.db'}") as gradebook:
            rows = {row["student"]: row["score"] for row in gradebook.submission_dicts(self.case.name)}
        assert rows.keys() == set(map(student, range(count))), f"{by} graded {len(rows)} of {count}"
        self.check([rows[student(number)] for number in range(count)], by)

    def check(self, scores: list[float], by: str) -> None:
        """Hold the scores of students in order against the first ones that were seen, those of stock nbgrader."""
        if not self.scores:
            self.scores = dict(zip(KINDS, scores, strict=False))
            maximum = sum(points for points, _ in self.tests().values())
            full, half, untouched, mistake = (self.scores[kind] for kind in KINDS)
            assert full == maximum > mistake > half > untouched, f"{by}: {self.scores} of {maximum}"
        for number, score in enumerate(scores):
            kind = KINDS[number % len(KINDS)]
            assert score == self.scores[kind], f"{by}: {student(number)} ({kind}) got {score}, not {self.scores[kind]}"

    def tests(self) -> dict[str, tuple[float, str]]:
        """Return {test cell: (points, source with its hidden tests)}."""
        return {
            name_of(cell): (cell.metadata["nbgrader"]["points"], cell.source)
            for cell in read(self.source / self.notebook).cells
            if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade") and not _is_solution(cell)
        }


def student(number: int) -> str:
    return f"student-{number:05}"


def name_of(cell) -> str | None:
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _is_solution(cell) -> bool:
    return cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution", False)
