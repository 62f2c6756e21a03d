"""Read what a student handed in: files that may be links, devices, bombs, or no notebooks at all.

A file that has several names (hard links) does not say which of them was first. One that the course holds as well is
the teacher's, and is not read. One that lies in the submissions of two students is read for both, and both rows say so:
nobody loses points by what others link to. Where a name lies outside of the course, only a notebook is read.
"""

from __future__ import annotations

import contextlib
import errno
import fnmatch
import json
import os
import re
import shutil
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4.rwbase import rejoin_lines

from course_lib.grading.batch.handed_in import UnknownZone, utc_of
from course_lib.grading.batch.plan import BatchError, find_config
from course_lib.grading.restoring import short
from course_lib.grading.valid_notebook import make_valid

MAX_NOTEBOOK = 25 * 2**20  # bytes; a chapter of this course with its pictures has under 1 MiB
MAX_CELLS = 2_000
MAX_FILES = 1_000
MAX_DEPTH = 20
TIMESTAMP = "timestamp.txt"
MAX_TIMESTAMP = 200
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class Unreadable(Exception):
    """What is wrong with a file, in words that continue "NAME …"."""


@dataclass(frozen=True)
class FileLimits:
    """Bytes of a file and of all files of a submission: nbgrader's CourseDirectory.max_file_size and max_dir_size."""

    file: int
    total: int


@dataclass
class Submission:
    """What lies in the folder of a submission and may be read.

    `files` are relative paths of support files; `notebooks` maps the names of the notebooks at the top, without their
    suffix, to None or to why they cannot be read.
    """

    folder: int  # a descriptor
    names: Names
    files: list[str] = field(default_factory=list)
    notebooks: dict[str, str | None] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    total: int = 0


@contextlib.contextmanager
def opened(path: str, above: str, ignored: list[str], limits: FileLimits) -> Iterator[Submission]:
    """Look through the folder `path`; no part of it below the folder `above` may be a link.

    Raises:
        Unreadable: there is no such folder.
    """
    folder = open_folder(path, above)
    try:
        submission = Submission(folder, Names(path, above))
        look_through(submission, ignored, limits)
        yield submission
    finally:
        os.close(folder)


def open_folder(path: str, above: str) -> int:
    folder = os.open(above, os.O_RDONLY | os.O_DIRECTORY)
    for part in os.path.relpath(path, above).split(os.sep):
        try:
            inner = os.open(part, _READ | os.O_DIRECTORY, dir_fd=folder)
        except OSError as error:
            raise Unreadable(in_words(error, "is not a folder of files")) from None
        finally:
            os.close(folder)
        folder = inner
    return folder


def look_through(submission: Submission, ignored: list[str], limits: FileLimits) -> None:
    """Sort what is in the folder into files, notebooks and remarks."""
    seen = 0
    for where, folders, files, folder in os.fwalk(".", dir_fd=submission.folder, follow_symlinks=False):
        where = os.path.normpath(where)
        depth = 0 if where == "." else where.count(os.sep) + 1
        # fwalk lists a link to a folder among the folders, and does not enter it.
        links = [name for name in folders if stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)]
        submission.remarks += [
            f"{short(os.path.normpath(os.path.join(where, name)))} is a link; it was ignored." for name in links
        ]
        folders[:] = sorted(name for name in set(folders) - set(links) if not matches(name, ignored))
        if depth == 0:
            for name in folders:
                if name.endswith(".ipynb"):
                    submission.notebooks[name.removesuffix(".ipynb")] = "is a folder"
        if depth == MAX_DEPTH and folders:
            submission.remarks.append(f"Folders more than {MAX_DEPTH} deep were ignored.")
            folders.clear()
        for name in sorted(files) + [name for name in links if name.endswith(".ipynb")]:
            seen += 1
            if seen > MAX_FILES:
                submission.remarks.append(f"There are more than {MAX_FILES:,} files; the others were ignored.")
                return
            if not matches(name, ignored):
                take(submission, name, where, depth, os.stat(name, dir_fd=folder, follow_symlinks=False), limits)


def take(submission: Submission, name: str, where: str, depth: int, status: os.stat_result, limits: FileLimits) -> None:
    notebook = name.endswith(".ipynb")
    path = name if where == "." else os.path.join(where, name)
    wrong = what_is_wrong(submission, path, status, MAX_NOTEBOOK if notebook else limits.file)
    if not wrong and (depth == 0 or not notebook) and (others := submission.names.others(status)):
        where = " and ".join(other if other == OUTSIDE else short(other) for other in others[:3])
        submission.remarks.append(f"{short(path)} is one file with {where} (a hard link): whose it is cannot be told.")
    if notebook and depth == 0:
        submission.notebooks[name.removesuffix(".ipynb")] = wrong
    elif notebook:
        return  # as in nbgrader, only notebooks at the top belong to the assignment
    elif wrong:
        submission.remarks.append(f"{short(path)} {wrong}; it was ignored.")
    elif submission.total + status.st_size > limits.total:
        submission.remarks.append(f"{short(path)} was ignored: more than {in_units(limits.total)} altogether.")
    else:
        submission.files.append(path)
        submission.total += status.st_size


def matches(name: str, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


def what_is_wrong(submission: Submission, path: str, status: os.stat_result, max_size: int) -> str | None:
    """Say why a file is not read, or None if it may be."""
    if stat.S_ISLNK(status.st_mode):
        return "is a link"
    if not stat.S_ISREG(status.st_mode):
        return "is no ordinary file"
    if teachers := submission.names.teachers(status):
        return f"is a hard link to {short(teachers)}"
    if OUTSIDE in submission.names.others(status) and not path.endswith(".ipynb"):
        return f"is a hard link to {OUTSIDE}"
    if status.st_size > max_size:
        return f"has {in_units(status.st_size)}, more than {in_units(max_size)}"
    return None


OUTSIDE = "a file outside of the course"
Key = tuple[int, int]  # device and number, which all names of a file share


@dataclass(frozen=True)
class Names:
    """The names of files that have several.

    Args:
        path: the folder of a submission.
        above: the folder of all submissions.
    """

    path: str
    above: str

    def teachers(self, status: os.stat_result) -> str | None:
        """Return under which name the course holds the file, None where it does not."""
        known = self._known(status)
        return next((name for name in known if not name.startswith(os.path.join(self._submitted, ""))), None)

    def others(self, status: os.stat_result) -> list[str]:
        """Return the names in others' submissions; last OUTSIDE, if not all names are in the course."""
        known = self._known(status)
        student = os.path.relpath(self.path, self.above).split(os.sep)[0]
        mine = os.path.join(self._submitted, student, "")
        others = [name for name in known if not name.startswith(mine)]
        return others if len(known) == status.st_nlink or status.st_nlink == 1 else [*others, OUTSIDE]

    @property
    def _submitted(self) -> str:
        return os.path.relpath(os.path.realpath(self.above), course_around(self.above))

    def _known(self, status: os.stat_result) -> list[str]:
        if status.st_nlink == 1:
            return []
        root = course_around(self.above)
        made, names = _linked.get(root, (0.0, {}))
        if status.st_ctime >= made - 1.0:  # it changes with each link; what was made later is not among the names
            _linked[root] = made, names = time.time(), files_with_several_names(root)
        return names.get((status.st_dev, status.st_ino), [])


_linked: dict[str, tuple[float, dict[Key, list[str]]]] = {}


@lru_cache
def course_around(folder: str) -> str:
    try:
        return str(find_config(Path(folder)))
    except BatchError:
        return os.path.dirname(os.path.realpath(folder))


def files_with_several_names(root: str) -> dict[Key, list[str]]:
    """Return {device and number: [path relative to `root`, …]} of the regular files with more than one name."""
    found: dict[Key, list[str]] = {}
    for where, _, files, folder in os.fwalk(root):
        for name in files:
            with contextlib.suppress(FileNotFoundError):  # others write here too
                status = os.stat(name, dir_fd=folder, follow_symlinks=False)
                if stat.S_ISREG(status.st_mode) and status.st_nlink > 1:
                    path = os.path.relpath(os.path.join(where, name), root)
                    found.setdefault((status.st_dev, status.st_ino), []).append(path)
    return {key: sorted(paths) for key, paths in found.items()}


def in_units(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{size} bytes"


def in_words(error: OSError, otherwise: str) -> str:
    if error.errno in (errno.ELOOP, errno.ENOTDIR, errno.ENOENT):
        return otherwise
    return f"cannot be read ({error.strerror})"


def open_file(submission: Submission, path: str, max_size: int) -> int:
    """Return a descriptor of the file at `path`, asked again once it is open: nobody can exchange it in between."""
    folder = submission.folder
    *outer, name = path.split(os.sep)
    with contextlib.ExitStack() as stack:
        try:
            for part in outer:
                folder = os.open(part, _READ | os.O_DIRECTORY, dir_fd=folder)
                stack.callback(os.close, folder)
            file = os.open(name, _READ, dir_fd=folder)
        except OSError as error:
            raise Unreadable(in_words(error, "is no ordinary file")) from None
    if wrong := what_is_wrong(submission, path, os.fstat(file), max_size):
        os.close(file)
        raise Unreadable(wrong)
    return file


def read_bytes(submission: Submission, path: str, max_size: int) -> bytes:
    with os.fdopen(open_file(submission, path, max_size), "rb") as file:
        data = file.read(max_size + 1)
    if len(data) > max_size:
        raise Unreadable(f"has more than {in_units(max_size)}")
    return data


def copy(submission: Submission, path: str, target: str, limits: FileLimits) -> None:
    """Copy a support file; a name that the teacher's files have taken stays theirs."""
    if os.path.lexists(target):
        if os.path.isdir(target):
            raise Unreadable("has the name of one of the assignment's folders")
        return
    try:
        os.makedirs(os.path.dirname(target), exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise Unreadable("lies in a folder with the name of one of the assignment's files") from None
    source = os.fdopen(open_file(submission, path, limits.file), "rb")
    with source, open(target, "xb") as file:
        shutil.copyfileobj(source, file)


def read_timestamp(submission: Submission, zone: str) -> datetime | None:
    """Return when it was handed in, None where it does not say; in UTC, without a time zone, as nbgrader keeps it.

    `zone` is the one that the course has configured for its timestamps.
    """
    if TIMESTAMP not in submission.files:
        return None
    try:
        text = read_bytes(submission, TIMESTAMP, MAX_TIMESTAMP).decode().strip()
        return utc_of(text, zone) if text else None
    except UnknownZone as error:
        submission.remarks.append(
            f"{TIMESTAMP}: {error}, so it is taken as handed in on time; c.Exchange.timezone in nbgrader_config.py "
            "says whose it is."
        )
    except (Unreadable, ValueError, OverflowError, AttributeError, TypeError):
        submission.remarks.append(f"{TIMESTAMP} holds no date: taken as handed in on time.")
    return None


def time_of(path: str, above: str, zone: str) -> datetime | None:
    """Return what the timestamp in the folder `path` says, without looking at anything else in it."""
    try:
        folder = open_folder(path, above)
    except (Unreadable, FileNotFoundError):
        return None
    try:
        return read_timestamp(Submission(folder, Names(path, above), [TIMESTAMP]), zone)
    finally:
        os.close(folder)


def read_notebook(submission: Submission, name: str) -> tuple[NotebookNode, list[str]]:
    """Return a notebook that follows the notebook format 4, and what had to be repaired for it to do so.

    Raises:
        Unreadable: it is none, or too large.
    """
    data = read_bytes(submission, f"{name}.ipynb", MAX_NOTEBOOK)
    try:
        raw = json.loads(data, parse_constant=lambda constant: None)
    except RecursionError:
        raise Unreadable("is nested too deep to be a notebook") from None
    except ValueError as error:
        raise Unreadable(f"is not JSON ({str(error).splitlines()[0][:100]})") from None
    if not isinstance(raw, dict) or type(raw.get("nbformat")) is not int:
        raise Unreadable("is JSON, but not a notebook")
    if _SURROGATE.search(data):
        raw = json.loads(json.dumps(raw, ensure_ascii=False).encode(errors="replace"))
    if raw["nbformat"] != 4:
        raw = upgraded(raw)
    if len(raw.get("cells") or ()) > MAX_CELLS:
        raise Unreadable(f"has more than {MAX_CELLS:,} cells")
    try:
        remarks = make_valid(raw)
        notebook = nbformat.from_dict(raw)
        rejoin_lines(notebook)
    except RecursionError:
        raise Unreadable("is nested too deep to be a notebook") from None
    except ValueError as error:
        raise Unreadable(f"is not a notebook ({error})") from None
    return notebook, remarks


def upgraded(raw: dict) -> dict:
    try:
        return nbformat.reads(json.dumps(raw), as_version=4)
    except Exception:  # the readers of old formats raise whatever a strange file makes them
        raise Unreadable(f"is no notebook of format {short(raw['nbformat'])} that can be read") from None
