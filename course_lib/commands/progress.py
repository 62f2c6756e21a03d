"""`course progress`: the learner's own record, put beside the list of exercises."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from course_lib.commands.course import Course, CourseError, notebooks_in


@dataclass(frozen=True)
class Standing:
    """What the record says of one exercise; `points` and `max_points` are those of the best check."""

    exercise: str
    points: float
    max_points: float
    passed: bool
    attempts: int
    hints: int
    solution_shown: bool


def standings(chapters: list[str], work: Path) -> dict[str, list[Standing]]:
    """Return {chapter: its exercises in the order of the notebook}, for those of `chapters` that have exercises.

    Args:
        work: the folder in which it was done.

    Raises:
        CourseError: the record is damaged.
    """
    from course_lib import exercises

    entries = _record("exercises", work)
    return {
        chapter: [standing(exercise.name, entries.get(exercise.name, {})) for exercise in exercises.of_chapter(chapter)]
        for chapter in chapters
        if chapter in exercises.CHAPTERS
    }


def predictions(course: Course, chapters: list[str]) -> dict[str, tuple[int, int]]:
    """Return {chapter: (how many results were foreseen, how many were guessed)}, where any were.

    Raises:
        CourseError: the record is damaged, or a chapter cannot be read.
    """
    from course_lib.commands.kernel import read_notebook
    from course_lib.predictions import names_in

    entries = {
        name: entry
        for name, entry in _record("predictions", course.work).items()
        if entry.get("was_foreseen") is not None
    }
    counts = {}
    for chapter in chapters if entries else []:
        cells = [cell for path in notebooks_in(course.notebooks / chapter) for cell in read_notebook(path).cells]
        names = {name for cell in cells if cell.cell_type == "code" for name in names_in(cell.source)}
        known = [entries[name]["was_foreseen"] for name in names & entries.keys()]
        if known:
            counts[chapter] = sum(known), len(known)
    return counts


def _record(part: str, work: Path) -> dict[str, dict]:
    from course_lib.checking import progress

    try:
        return progress.read(part, work)
    except (OSError, ValueError) as error:
        raise CourseError(str(error)) from None


def standing(name: str, entry: dict) -> Standing:
    """Read one entry of the record; what it lacks counts as nothing done."""
    return Standing(
        exercise=name,
        points=float(entry.get("points", 0)),
        max_points=float(entry.get("max_points", 0)),
        passed=bool(entry.get("passed")),
        attempts=int(entry.get("attempts", 0)),
        hints=int(entry.get("hints", 0)),
        solution_shown=bool(entry.get("solution_shown")),
    )
