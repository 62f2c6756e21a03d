"""Where the course lies on this machine, and which chapter somebody means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

# Files that Jupyter and Python leave behind; they belong to no chapter.
LITTER = (".ipynb_checkpoints", "__pycache__", ".DS_Store")

# Lies in docs/, beside the released chapters and beside a learner's copies: chapters link to it as ../glossary.md.
GLOSSARY = "glossary.md"


class CourseError(Exception):
    """What went wrong and what to do, in a sentence for the person at the terminal."""


@dataclass(frozen=True)
class Course:
    """A checkout of the course, and the folders in it that commands read and write."""

    root: Path

    @property
    def notebooks(self) -> Path:
        """The student versions, generated from `solutions`."""
        return self.root / "notebooks"

    @property
    def solutions(self) -> Path:
        return self.root / "solutions"

    @property
    def work(self) -> Path:
        """The learner's own copies; git ignores them."""
        return self.root / "work"

    @property
    def glossary(self) -> Path:
        """The glossary to which the chapters link."""
        return self.notebooks / GLOSSARY

    def chapters(self) -> list[str]:
        """Return the names of the chapters that a learner can open, in order."""
        return chapters_in(self.notebooks)

    def chapter(self, name: str) -> str:
        """Return the full name of the chapter that `name` means: "08", "mnist_mlp" or "work/08_mnist_mlp/" will do."""
        return which_chapter(name, self.chapters(), self.notebooks)


def find_course(start: Path | None = None) -> Course:
    """Return the course around the folder `start` (the current one), else the one that this package lies in.

    Raises:
        CourseError: neither is inside a checkout, which is a folder with notebooks/ and nbgrader_config.py; or the
            current folder is gone.
    """
    try:
        start = (start or Path.cwd()).resolve()
    except FileNotFoundError:
        raise CourseError("The folder you are in has been deleted or moved: go to another one and try again.") from None
    package = Path(__file__).resolve().parent
    for folder in [start, *start.parents, *package.parents]:
        if (folder / "notebooks").is_dir() and (folder / "nbgrader_config.py").is_file():
            return Course(folder)
    raise CourseError(
        f"There is no course here: neither {start} nor a folder above it holds notebooks/ and nbgrader_config.py. "
        "Go to the folder that you cloned and try again."
    )


def chapters_in(folder: Path) -> list[str]:
    """Return the names of the folders in `folder` that hold a notebook, in order."""
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith(".") and notebooks_in(path))


def notebooks_in(folder: Path) -> list[Path]:
    """Return the notebooks that lie directly in `folder`, in order."""
    return sorted(path for path in folder.glob("*.ipynb") if not path.is_dir())


def which_chapter(name: str, chapters: list[str], folder: Path) -> str:
    """Return the one of `chapters` that `name` means: in full, by number, by topic, or by an unambiguous beginning.

    Raises:
        CourseError: `name` means none of them, or several; the message names the nearest.
    """
    wanted = name.rstrip("/\\").replace("\\", "/").rpartition("/")[2].lower()
    topics = {chapter: re.sub(r"^\d+_", "", chapter) for chapter in chapters}
    if wanted in chapters:
        return wanted
    if wanted.isdigit():
        found = [chapter for chapter in chapters if re.match(rf"0*{int(wanted)}_", chapter)]
    else:
        found = [chapter for chapter, topic in topics.items() if topic == wanted] or [
            chapter
            for chapter, topic in topics.items()
            if wanted and (chapter.startswith(wanted) or topic.startswith(wanted))
        ]
    if len(found) == 1:
        return found[0]
    if found:
        raise CourseError(f"{name!r} could be any of {', '.join(found)}: type more of the name.")
    if not chapters:
        raise CourseError(f"There are no chapters in {folder}. Is this checkout complete? `git status` says.")
    topic = re.sub(r"^\d+_", "", wanted)
    near = get_close_matches(wanted, chapters, n=1) or [
        chapter
        for match in get_close_matches(topic, topics.values(), n=1)
        for chapter in chapters
        if topics[chapter] == match
    ]
    advice = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(chapters)}."
    raise CourseError(f"There is no chapter {name!r}. {advice}")


def files_of(folder: Path) -> list[Path]:
    """Return the paths, relative to `folder`, of every file under it that belongs to the chapter."""
    return sorted(
        path.relative_to(folder)
        for path in folder.rglob("*")
        if path.is_file() and not any(part in LITTER for part in path.relative_to(folder).parts)
    )
