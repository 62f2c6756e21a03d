"""The one folder that holds what is a learner's own: their progress, and the library that they write."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path

# What makes a folder a checkout of the course, in which work/ is the learner's.
COURSE = ("notebooks", "nbgrader_config.py")


def home(start: Path | None = None) -> Path:
    """Return the home of what is done in the folder `start`, the current one without it; it need not exist yet.

    DESCENT_HOME where that is set: tests, `course check` and a hub give a home of their own. Else the course's work/
    for what lies below it, and the user's data folder for everything else.
    """
    named = os.environ.get("DESCENT_HOME")
    return Path(named) if named else _work(start) or of_the_user()


def earlier_home(start: Path | None = None) -> Path | None:
    """Return where things were kept before work/ became a home; None where `home` is another."""
    return of_the_user() if _work(home(start)) else None


def of_the_user() -> Path:
    """The user's data folder."""
    return user_data_path("descent", appauthor=False)


def unwritable(folder: Path, error: OSError | None = None) -> str:
    """Return the sentence for a home in which nothing can be kept; empty where it can, or may be made.

    Args:
        error: what happened when it was tried; without it, only the permissions are looked at.
    """
    if error is None:
        there = next((path for path in (folder, *folder.parents) if path.exists()), folder)
        if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
            return ""
        why = "you may not write there"
    else:
        why = error.strerror or str(error)
    return (
        f"Nothing can be kept in {folder} ({why}): your progress and `yours` last only until this kernel ends, "
        "unless the folder can be written again before; all else works."
    )


def _work(start: Path | None) -> Path | None:
    try:
        folder = Path.cwd() if start is None else start
    except OSError:  # the folder in which this runs has been deleted
        return None
    for work in (folder, *folder.parents):
        if work.name == "work" and all((work.parent / name).exists() for name in COURSE):
            return work
    # Where work/ is a link to another disk, a kernel in it knows only where the link leads.
    ours = Path(__file__).resolve().parents[2] / "work"
    if ours.is_symlink() and ours.resolve() in (folder, *folder.parents):
        return ours
    return None
