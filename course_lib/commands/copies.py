"""A learner's copies in work/: made once, never written over, and set back without losing what was there."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from course_lib.commands.course import GLOSSARY, Course, CourseError, files_of


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
        newest, target = course.glossary.read_bytes(), course.work / GLOSSARY
        if not target.is_file() or target.read_bytes() != newest:
            course.work.mkdir(parents=True, exist_ok=True)
            draft = target.with_name(f".{GLOSSARY}")
            draft.write_bytes(newest)
            os.replace(draft, target)


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
