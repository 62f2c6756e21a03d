"""What a command that fails says: a sentence for the person at the terminal."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

import typer
from typer.core import TyperGroup

from course_lib.commands.course import CourseError
from course_lib.commands.spelling import say


class Commands(TyperGroup):
    """The commands, with their failures told in a sentence instead of a traceback."""

    def invoke(self, ctx):
        try:
            return super().invoke(ctx)
        except CourseError as error:
            message = str(error)
        except OSError as error:
            message = in_words(error)
        finally:
            for sentence in told():
                say(f"course: {sentence}", err=True)
        say(f"course: {message}", err=True)
        raise typer.Exit(2)


def in_words(error: OSError) -> str:
    """Return what went wrong with which file or folder, and what to do where that is known."""
    reason = error.strerror or str(error)
    if not isinstance(error.filename, str | bytes):
        return reason
    path = Path(error.filename if isinstance(error.filename, str) else error.filename.decode(errors="replace"))
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{reason}: {path.parent}. Make room and try again; nothing was lost."
    if error.errno == errno.EROFS or (error.errno in (errno.EACCES, errno.EPERM) and not path.exists()):
        # It is about the folder: the file in it may be a draft with a name that says nothing.
        return f"{reason}: nothing can be written in {path.parent}. Make it writable, or use a copy of the course."
    return f"{reason}: {path}"


def told() -> list[str]:
    """Return what the learner should be told about their record."""
    progress = sys.modules.get("course_lib.checking.progress")  # else nobody has looked at it
    return progress.news() if progress else []
