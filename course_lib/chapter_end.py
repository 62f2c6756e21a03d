"""How a chapter closes: what was solved, built and foreseen in it, and the way to the next one.

    closing("01_activations", points=25)

is a chapter's last cell. What it shows is the same on every machine: it reads the learner's record and library alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from course_lib import exercises
from course_lib.checking import progress
from course_lib.checking.exercise import Exercise
from course_lib.checking.prose import as_html
from course_lib.checking.report import Notice
from course_lib.library import serving
from course_lib.notebook import is_grading
from course_lib.predictions import BOX, foreseen


def closing(chapter: str, points: int) -> Closing | Notice:
    """Return what a chapter's last cell shows.

    Args:
        chapter: its name, such as "01_activations".
        points: what all its exercises earn together.
    Raises:
        ValueError: there is no such chapter.
    """
    if chapter not in exercises.CHAPTERS:
        raise ValueError(f"There is no chapter {chapter!r}; there are: {', '.join(exercises.CHAPTERS)}.")
    if is_grading():
        return Notice(f"This is the end of {chapter}.")
    asked = exercises.of_chapter(chapter)
    lines = [*_solved(chapter, asked, points), *_built(asked), *_foreseen(), _next(chapter)]
    return Closing(chapter, [*lines, *map(_said, progress.news())])


@dataclass(frozen=True)
class Closing:
    """The end of a chapter: lines, each as text and as HTML with links that JupyterLab follows."""

    chapter: str
    lines: list[tuple[str, str]]

    def __str__(self):
        return "\n".join([f"The end of {self.chapter}.", *(text for text, _ in self.lines)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        lines = [f"<strong>The end of {escape(self.chapter)}</strong>", *(html for _, html in self.lines)]
        return (
            f'<div style="{BOX}">' + "".join(f'<div style="margin:0.35em 0">{line}</div>' for line in lines) + "</div>"
        )


def _solved(chapter: str, asked: list[Exercise], points: int) -> list[tuple[str, str]]:
    record = progress.read()
    entries = {exercise.name: record.get(exercise.name, {}) for exercise in asked}
    earned = sum(float(entry.get("points", 0)) for entry in entries.values())
    to_do = [name for name, entry in entries.items() if not entry.get("passed")]
    solved = f"You solved {len(asked) - len(to_do)} of {len(asked)} exercises and have {earned:g} of {points} points."
    if not to_do:
        return [_said(solved)]
    links = [_link(chapter, name, f"#cell-id={name}-answer") for name in to_do]
    return [_said(solved), (f"Not solved yet: {', '.join(to_do)}.", f"Not solved yet: {', '.join(links)}.")]


def _built(asked: list[Exercise]) -> list[tuple[str, str]]:
    served = {exercise.name: serving.served(exercise.name) for exercise in asked if serving.is_piece(exercise)}
    used = [f"`{name}`" for name, now in served.items() if now.is_yours]
    told = [f"You built {', '.join(used)}. The course runs on yours from here on."] if used else []
    told += [f"Your `{name}` is not used, because {now.why_not}." for name, now in served.items() if now.why_not]
    return [_said(sentence) for sentence in told]


def _foreseen() -> list[tuple[str, str]]:
    return [_said(sentence)] if (sentence := foreseen()) else []


def _next(chapter: str) -> tuple[str, str]:
    chapters = list(exercises.CHAPTERS)
    following = chapters[chapters.index(chapter) + 1 :]
    if not following:
        return _said(
            "This is the last chapter there is so far. `course progress` in a terminal shows all you have done."
        )
    command = f"course lab {following[0].partition('_')[0]}"
    return (
        f"Next: {_address(following[0])}, or in a terminal: {command}",
        f"<strong>Next: {_link(following[0], following[0])}</strong>, or in a terminal: <code>{command}</code>",
    )


def _said(sentence: str) -> tuple[str, str]:
    return sentence.replace("`", ""), as_html(sentence)


def _address(chapter: str) -> str:
    """Return the way to a chapter's notebook from any other's."""
    return f"../{chapter}/{chapter.partition('_')[2]}.ipynb"


def _link(chapter: str, text: str, place: str = "") -> str:
    return f'<a href="{_address(chapter)}{place}">{escape(text)}</a>'
