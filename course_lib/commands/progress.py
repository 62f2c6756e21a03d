"""`course progress`: the learner's own record, put beside the list of exercises."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from course_lib.commands.course import CourseError


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
    from course_lib.checking import progress

    try:
        entries = progress.read(work)
    except (OSError, ValueError) as error:
        raise CourseError(str(error)) from None
    return {
        chapter: [standing(exercise.name, entries.get(exercise.name, {})) for exercise in exercises.of_chapter(chapter)]
        for chapter in chapters
        if chapter in exercises.CHAPTERS
    }


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
