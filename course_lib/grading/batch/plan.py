"""What a run is made of: the course as its nbgrader_config.py describes it, and the jobs."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass, field
from glob import glob
from pathlib import Path

CONFIG = "nbgrader_config.py"


class BatchError(Exception):
    """What is wrong and what to do, in a sentence for the teacher."""


@dataclass(frozen=True)
class Plan:
    """What all jobs of a run have in common. Paths are the same on every machine that takes part."""

    root: str  # the folder of nbgrader_config.py
    assignment: str
    run: str  # another one for each run, so that a worker notices a new configuration
    folder: str  # of this run: the assignment's cells, drafts, the journal


@dataclass(frozen=True)
class Job:
    """One submission, and the rows that the gradebook has of it."""

    student: str
    rows: dict[str, list[dict]] = field(default_factory=dict)
    given_up: bool = False  # it has ended its worker before: it is not run again


@dataclass
class Row:
    """What became of one submission.

    `state` is one of: graded; in part (something in it could not be judged); not judged (nothing could be); failed (the
    grader itself did, nothing was written); as before (graded earlier, and not handed in again since); not reached.
    """

    student: str
    state: str
    score: float
    max_score: float
    happened: str  # one sentence
    remarks: list[str] = field(default_factory=list)
    cells: dict[str, str] = field(default_factory=dict)  # {notebook/grade_id: why the test earned what it did}
    forgeable: bool = False
    needs_manual_grade: bool = False
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory: int = 0


GRADED, IN_PART, NOT_JUDGED, FAILED, AS_BEFORE, NOT_REACHED = (
    "graded",
    "in part",
    "not judged",
    "failed",
    "as before",
    "not reached",
)


@dataclass
class Result:
    """What a worker returns: the row, what is to be written, and the folder with the graded files."""

    row: Row
    draft: str | None = None
    rows: dict[str, list[dict]] = field(default_factory=dict)  # of the gradebook, as they are to be


def first_line(error: BaseException) -> str:
    """Return what an error says, in the line that fits into a row."""
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]


def find_config(start: Path | None = None) -> Path:
    """Return the folder with an nbgrader_config.py around `start`, the current folder.

    Raises:
        BatchError: there is none.
    """
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / CONFIG).is_file():
            return folder
    raise BatchError(f"There is no {CONFIG} in {start} or above it: go to the folder of your course.")


def load(root: str | Path):
    """Return nbgrader's own application for the course in `root`, with every configuration file that nbgrader reads.

    The current folder becomes `root`, as it is for nbgrader's converters.

    Raises:
        BatchError: the configuration cannot be read.
    """
    from nbgrader.apps import AutogradeApp

    class Application(AutogradeApp):
        def _configure_logging(self):
            # By default logging.config.dictConfig, which closes every handler of the process. That of absl, which comes
            # with Keras, then closes its stream unless this is sys.stderr at the moment: under pytest nothing can be
            # captured any more, in a notebook nothing shown.
            self.log.setLevel(self.log_level)

    os.chdir(root)
    sys.path[:0] = [] if str(root) in sys.path else [str(root)]
    app = Application(log_level="CRITICAL", raise_config_file_errors=True)
    try:
        app.initialize([])
    except (Exception, SystemExit) as error:
        raise BatchError(f"{Path(root) / CONFIG} cannot be used: {error}") from error
    return app


def time_zone(app) -> str:
    """Return the zone in which the course's timestamps are written."""
    exchange = next((app.config[name] for name in ("ExchangeSubmit", "Exchange") if "timezone" in app.config[name]), {})
    return exchange.get("timezone", "UTC")


def assignments(courses) -> list[str]:
    """Return the names of the course's assignments: what its source directory holds."""
    found = glob(courses.format_path(courses.source_directory, ".", "*"))
    return sorted(os.path.basename(path) for path in found if os.path.isdir(path))


def students(courses, assignment: str) -> list[str]:
    """Return the names of those who handed something in under `assignment`, in order."""
    pattern = courses.format_path(courses.submitted_directory, "(?P<student>.*)", re.escape(assignment), escape=True)
    excluded = set(courses.student_id_exclude.split(",")) - {""}
    found = []
    for path in glob(courses.format_path(courses.submitted_directory, "*", escape_glob(assignment))):
        match = re.fullmatch(pattern, path, re.DOTALL)
        if match and match["student"] not in excluded:
            found.append(match["student"])
    return sorted(found)


def escape_glob(name: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", name)
