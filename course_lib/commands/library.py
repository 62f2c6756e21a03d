"""`course library`: what a learner has written so far, and whether the course uses it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from course_lib.checking.home import home


@dataclass(frozen=True)
class Written:
    """One piece of the library: `lines` of code, `file` below the library's folder; why it is not used, or empty."""

    name: str
    chapter: str
    lines: int
    file: str
    is_used: bool
    why_not: str


def written(work: Path) -> tuple[Path, list[Written]]:
    """Return the folder of the library of what is done in `work`, and its pieces in the order of the chapters.

    What waits to be verified is waited for, as long as any reader waits.
    """
    from course_lib.library import serving
    from course_lib.library.shelf import Entry, Shelf, sections

    shelf = Shelf(home(work))
    for name in shelf.waiting():
        serving.wait_for(shelf, name)
    found = []
    for chapter, exercise in serving.pieces():
        now = serving.served_from(shelf, exercise.name)
        entry = shelf.entries().get(exercise.name, Entry())
        if entry.module or now.why_not:
            code = sections(shelf.text_or_empty(entry.module)).get(exercise.name, "") if entry.module else ""
            lines = sum(1 for line in code.splitlines() if line.strip() and not line.lstrip().startswith("#"))
            why = now.why_not or (
                f"your last one is not kept, because {entry.why_refused}" if entry.why_refused else ""
            )
            file = f"{entry.module}.py" if entry.module else ""
            found.append(Written(exercise.name, chapter, lines, file, now.is_yours, why))
    return shelf.folder, found


def network_told(work: Path) -> str:
    """Say which of the functions that the network of chapter 14 is made of are the learner's own."""
    from course_lib import showcase
    from course_lib.library.shelf import Shelf

    return showcase.told_of(showcase.parts(Shelf(home(work))))
