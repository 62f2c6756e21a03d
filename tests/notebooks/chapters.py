"""Which chapters there are, and what the tests of this folder read in their notebooks."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from course_lib import exercises
from course_lib.commands.course import Course, chapters_in
from course_lib.commands.kernel import read_notebook

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course(ROOT)

# Registered, solved or released: a chapter that is only one of these fails the tests, and no chapter at all is no pass.
CHAPTERS = sorted({*exercises.CHAPTERS, *chapters_in(COURSE.solutions), *COURSE.chapters()}) or ["no chapter"]
each_chapter = pytest.mark.parametrize("chapter", CHAPTERS)

# The whole of a graded cell. nbgrader takes the hidden part out of the student version.
CHECK = re.compile(
    r"from course_lib import check\n\n"
    r'report = check\("(?P<name>\w+)", (?P=name), points=(?P<points>\d+)\)\n'
    r"### BEGIN HIDDEN TESTS\n"
    r"from course_lib import student_seed\n\n"
    r'report &= check\("(?P=name)", (?P=name), points=(?P=points), seed=student_seed\(\)\)\n'
    r"### END HIDDEN TESTS\n"
    r"report"
)


def notebook_path(folder: Path, chapter: str) -> Path:
    """Return where `folder` (solutions/ or notebooks/) keeps the one notebook of `chapter`: NN_topic/topic.ipynb."""
    return folder / chapter / f"{chapter.partition('_')[2]}.ipynb"


def solved(chapter: str):
    return read_notebook(notebook_path(COURSE.solutions, chapter))


def released(chapter: str):
    return read_notebook(notebook_path(COURSE.notebooks, chapter))


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def role(cell) -> dict:
    """Return nbgrader's metadata of the cell, empty where it has none."""
    return cell.metadata.get("nbgrader", {})


def is_answer(cell) -> bool:
    return role(cell).get("solution", False)


def is_check(cell) -> bool:
    return role(cell).get("grade", False)


def is_demo(cell) -> bool:
    return "demo" in cell.metadata.get("tags", [])


def is_proof(cell) -> bool:
    return "proof" in cell.metadata.get("tags", [])


def prose(notebook) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def words(text: str) -> list[str]:
    """Return the words of a markdown text: whatever stands between white space and has a letter or digit in it."""
    return [word for word in text.split() if re.search(r"\w", word)]


@dataclass(frozen=True)
class Heading:
    level: int
    text: str


def headings(notebook) -> list[Heading]:
    """Return the headings in order; a # inside a fenced code block is none."""
    outside = re.sub(r"^```.*?^```", "", prose(notebook), flags=re.DOTALL | re.MULTILINE)
    return [Heading(len(signs), text) for signs, text in re.findall(r"^(#{1,6}) +(.+)$", outside, flags=re.MULTILINE)]


def output_texts(cell):
    """Yield every text that the cell's stored outputs show: what was printed, results as text and as HTML."""
    for output in cell.get("outputs", []):
        yield output.get("text", "")
        for mime, data in output.get("data", {}).items():
            if mime.startswith("text/"):
                yield data


def images(cell) -> list[str]:
    """Return the mime types of the pictures among the cell's stored outputs, those within HTML included."""
    return [
        mime
        for output in cell.get("outputs", [])
        for mime, data in output.get("data", {}).items()
        if mime.startswith("image/") or (mime == "text/html" and "<img " in data)
    ]
