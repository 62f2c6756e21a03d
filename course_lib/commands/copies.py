"""A learner's copies in work/: made once, never written over, and set back without losing what was there."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from course_lib.checking.files import write_whole
from course_lib.commands.course import GLOSSARY, Course, CourseError, files_of, notebooks_in


def copy_missing(course: Course) -> list[Path]:
    """Copy what notebooks/ has and work/ has not: whole chapters at first, new chapters and support files later.

    Returns:
        the paths under work/ that are new; a file that was there is left exactly as it is.
    """
    if course.work.exists() and not course.work.is_dir():
        raise CourseError(f"{course.work} is a file; move it away, your copies of the chapters belong there.")
    new = []
    for chapter in course.chapters():
        for name in files_of(course.notebooks / chapter):
            target = course.work / chapter / name
            if not os.path.lexists(target) and copy_whole(course.notebooks / chapter / name, target):
                new.append(target)
    lay_glossary(course)
    return new


def lay_glossary(course: Course) -> None:
    """Put the newest glossary beside the copies; unlike them it is nobody's work, and says so at its top."""
    if course.glossary.is_file():
        target = course.work / GLOSSARY
        if not target.is_file() or target.read_bytes() != course.glossary.read_bytes():
            course.work.mkdir(parents=True, exist_ok=True)
            write_whole(target, course.glossary.read_text(encoding="utf-8"))


def copy_whole(source: Path, target: Path) -> bool:
    """Copy one file so that `target` is either absent or complete, and never replaced. Returns whether it was made."""
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=target.parent, prefix=".copy-")
    os.close(descriptor)
    try:
        shutil.copyfile(source, draft)
        os.chmod(draft, 0o644)
        try:
            # Fails where the name is taken meanwhile, which a rename would not.
            os.link(draft, target)
        except FileExistsError:
            return False
        except OSError:  # a file system without hard links
            if os.path.lexists(target):
                return False
            os.rename(draft, target)
        return True
    finally:
        Path(draft).unlink(missing_ok=True)


def mend(course: Course, chapter: str, now: datetime | None = None) -> list[str]:
    """Rewrite what JupyterLab cannot open of a chapter in work/ as a valid notebook, and keep the old file beside it.

    Returns:
        a sentence for each notebook that was mended, or that is beyond it.
    """
    import nbformat

    from course_lib.commands.kernel import is_valid_notebook, read_any_notebook

    said = []
    for path in notebooks_in(course.work / chapter):
        if is_valid_notebook(path):
            continue
        try:
            notebook, lost = read_any_notebook(path)
        except CourseError as error:
            said.append(str(error))
            continue
        text = nbformat.writes(notebook)
        try:
            kept = replace_and_keep(path, text, now or datetime.now())
        except OSError as error:
            said.append(f"{path} does not follow the notebook format and cannot be mended: {error.strerror or error}.")
            continue
        said.append(" ".join([f"{path.name} did not follow the notebook format and was mended.", *lost]))
        said[-1] += f" As it was, it is kept as {kept.name}."
    return said


def replace_and_keep(path: Path, text: str, now: datetime) -> Path:
    """Write `text` into `path`; return the dated name beside it under which the old file is kept."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".mend-")
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(draft, 0o644)
        kept = move_aside(path, now)
        os.replace(draft, path)
    finally:
        Path(draft).unlink(missing_ok=True)
    return kept


def reset(course: Course, chapter: str, now: datetime | None = None) -> Path | None:
    """Put a clean copy of `chapter` into work/ and keep the old one beside it.

    Returns:
        where the old copy is now, e.g. work/01_activations.2025-11-30_14-05-09, or None where there was none.
    """
    target = course.work / chapter
    course.work.mkdir(parents=True, exist_ok=True)
    # The clean copy is complete before the old one is touched.
    draft = Path(tempfile.mkdtemp(dir=course.work, prefix=f".{chapter}-"))
    try:
        for name in files_of(course.notebooks / chapter):
            copy_whole(course.notebooks / chapter / name, draft / name)
        draft.chmod(0o755)
        kept = move_aside(target, now or datetime.now()) if os.path.lexists(target) else None
        try:
            os.rename(draft, target)
        except OSError:
            if kept:
                os.rename(kept, target)
            raise
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return kept


def move_aside(path: Path, now: datetime) -> Path:
    """Rename `path` to a dated name beside it that nothing has yet, and return that name."""
    dated = f"{path.name}.{now:%Y-%m-%d_%H-%M-%S}"
    attempt = 1
    while True:
        kept = path.with_name(dated if attempt == 1 else f"{dated}-{attempt}")
        attempt += 1
        if not os.path.lexists(kept):
            os.rename(path, kept)
            return kept
