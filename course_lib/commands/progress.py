"""`course progress`: the learner's own record, put beside the exercises of the notebooks, and where to go on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_lib.checking import progress
from course_lib.commands.course import Course, notebooks_in


@dataclass(frozen=True)
class Standing:
    """What the record says of one exercise; `points` are those of the best check, `last` when it was worked on."""

    exercise: str
    points: float
    max_points: float
    passed: bool
    attempts: int
    hints: int
    solution_shown: bool
    last: str  # UTC, ISO 8601; empty for never


@dataclass(frozen=True)
class Chapter:
    """How one chapter stands: its exercises in the order of the notebook, and what was foreseen of what was guessed."""

    name: str
    standings: list[Standing]
    foreseen: int
    guessed: int

    @property
    def solved(self) -> int:
        return sum(standing.passed for standing in self.standings)

    @property
    def is_solved(self) -> bool:
        return self.solved == len(self.standings)

    @property
    def points(self) -> float:
        return sum(standing.points for standing in self.standings)

    @property
    def max_points(self) -> float:
        return sum(standing.max_points for standing in self.standings)

    @property
    def last(self) -> str:
        return max(standing.last for standing in self.standings)


@dataclass(frozen=True)
class Step:
    """Where a learner goes on: at an exercise, or at the top of the chapter where `exercise` is empty."""

    chapter: str
    exercise: str
    is_first: bool  # whether nothing was done yet

    @property
    def number(self) -> str:
        """What is typed for the chapter."""
        return self.chapter.partition("_")[0]

    def __str__(self):
        return f"{self.number} · {self.exercise or self.chapter.partition('_')[2]}"


def chapters_of(course: Course) -> list[Chapter]:
    """Return how every chapter that has exercises stands.

    Raises:
        CourseError: a chapter cannot be read.
    """
    from course_lib.commands.kernel import read_notebook
    from course_lib.predictions import names_in

    exercises, predictions = progress.read("exercises", course.work), progress.read("predictions", course.work)
    seen = {name: entry["was_foreseen"] for name, entry in predictions.items() if entry.get("was_foreseen") is not None}
    found = []
    for chapter in course.chapters():
        cells = [cell for path in notebooks_in(course.notebooks / chapter) for cell in read_notebook(path).cells]
        asked = {name for cell in cells if cell.cell_type == "code" for name in names_in(cell.source)}
        known = [seen[name] for name in asked & seen.keys()]
        if standings := standings_in(cells, exercises):
            found.append(Chapter(chapter, standings, sum(known), len(known)))
    return found


def standings_in(cells: Iterable[Any], entries: dict[str, dict]) -> list[Standing]:
    """Return how the exercises of a notebook stand, in its order, as the record's `entries` have it."""
    from course_lib.commands.released_tests import exercise_in, is_test, points_of

    tests = [cell for cell in cells if is_test(cell) and exercise_in(cell)]
    return [standing(exercise_in(cell), entries.get(exercise_in(cell), {}), points_of(cell)) for cell in tests]


def next_step(chapters: list[Chapter]) -> Step | None:
    """Return where to go on: in the chapter of last time, once that is solved in the next; None if everything is."""
    latest = max(range(len(chapters)), key=lambda index: (chapters[index].last, index), default=0)
    is_first = not any(chapter.last for chapter in chapters)
    if is_first:
        latest = 0
    for chapter in chapters[latest:] + chapters[:latest]:
        if not chapter.is_solved:
            return Step(chapter.name, place_among(chapter.standings), is_first)
    return None


def place_among(standings: list[Standing]) -> str:
    """Return the exercise at which a chapter goes on; empty where none was worked on yet, or all are solved.

    It is the one worked on last; once that is solved, the next one that is not, and after the end the first.
    """
    latest = max(range(len(standings)), key=lambda index: (standings[index].last, index), default=0)
    if not standings or not standings[latest].last:
        return ""
    return next((each.exercise for each in standings[latest:] + standings[:latest] if not each.passed), "")


def place_in(notebook: Path, work: Path) -> str:
    """Return the id of the cell at which a learner's `notebook` goes on; empty for its top.

    That is the text before the answer, which says what is asked, or the answer's own cell.

    Raises:
        CourseError: the notebook cannot be read.
    """
    from course_lib.commands.kernel import read_any_notebook
    from course_lib.commands.released_tests import exercise_in, is_test

    cells = read_any_notebook(notebook)[0].cells
    exercise = place_among(standings_in(cells, progress.read("exercises", work)))
    if not exercise:
        return ""
    ids = [cell.get("id", "") for cell in cells]
    answer = f"{exercise}-answer"
    if answer not in ids:
        answer = next(cell.id for cell in cells if is_test(cell) and exercise_in(cell) == exercise)
    before = cells[max(ids.index(answer) - 1, 0)]
    return before.id if before.cell_type == "markdown" else answer


def standing(name: str, entry: dict, max_points: float | None = None) -> Standing:
    """Read one entry of the record; what it lacks counts as nothing done.

    Args:
        max_points: what the notebook gives for the exercise, where that is known.
    """
    return Standing(
        exercise=name,
        points=float(entry.get("points", 0)),
        max_points=float(entry.get("max_points") or max_points or 0),
        passed=bool(entry.get("passed")),
        attempts=int(entry.get("attempts", 0)),
        hints=int(entry.get("hints", 0)),
        solution_shown=bool(entry.get("solution_shown")),
        last=str(entry.get("last", "")),
    )
