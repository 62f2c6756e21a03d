"""`course check`: run a notebook as a grader would, and tell its author how every exercise stands."""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from nbformat import NotebookNode

from course_lib.checking.home import home, unwritable
from course_lib.commands.course import Course, CourseError, notebooks_in
from course_lib.commands.kernel import Run, read_any_notebook, run_notebook, scratch_copy
from course_lib.commands.released_tests import Test, exercise_in, is_test, points_of, restore_tests, role

# The JSON form of a report among the outputs of a test cell.
REPORT = "application/vnd.descent.report+json"

# Tags that make an executor pass over a cell: ours, and nbclient's default.
SKIP_TAGS = ("demo", "skip-execution")

# IPython's words for a magic that it does not know.
UNKNOWN_MAGIC = re.compile(r"UsageError: (?:Line|Cell) magic (?:function )?`(%%?[^`]+)` not found")

# What the engine says of an answer that is still the stub.
NOT_WRITTEN = "not written yet"


@dataclass(frozen=True)
class Result:
    """How one exercise stands.

    `status` is passed, wrong, not written, raised, timed out, no result, did not run or missing.
    """

    notebook: str
    cell: str
    exercise: str
    points: float
    max_points: float
    status: str
    message: str  # why not all points were earned, or that they were
    hint: str  # what the learner can ask for next, or empty
    rows: list[dict]  # the report's rows: label, passed, weight, essential, expected, actual

    @property
    def passed(self) -> bool:
        return self.status == "passed"

    def as_dict(self) -> dict:
        return {**asdict(self), "passed": self.passed}


def notebooks_meant(course: Course, target: str) -> list[Path]:
    """Return the notebooks that `target` means: a chapter (the copy in work/ if there is one), a folder, or a file."""
    path = Path(target)
    # "." and ".." are folders, not names of chapters.
    if path.suffix == ".ipynb" or len(path.parts) != 1 or target.strip("./\\") == "":
        candidates = [path] if path.is_absolute() else [Path.cwd() / path, course.root / path]
        path = next((candidate for candidate in candidates if candidate.exists()), None)
        if path is None:
            raise CourseError(f"There is no file or folder {target}.")
    else:
        chapter = course.chapter(target)
        path = course.work / chapter
        if not notebooks_in(path):
            path = course.notebooks / chapter
    found = notebooks_in(path) if path.is_dir() else [path]
    if not found:
        raise CourseError(f"There is no notebook in {path}.")
    return [notebook.resolve() for notebook in found]


def check_notebook(
    course: Course,
    path: Path,
    cell_timeout: int,
    say: Callable[[str], None] = lambda line: None,
    tell: Callable[[str], None] = lambda line: None,
) -> tuple[list[Result], list[str]]:
    """Run a copy of the notebook in `path`, without its demonstrations.

    Args:
        cell_timeout: seconds a cell may take.
        say: called with how far it is, before each cell.
        tell: called with a line at each step of a first download.
    Returns:
        a result for every test of the notebook, and of the chapter that it is a copy of; and a line for what was lost
        of a damaged file, for every check that is not the course's, and for every other cell that went wrong, since
        tests may suffer from that.
    """
    notebook, remarks = read_any_notebook(path)
    released = restore_tests(course, path, notebook)
    for cell in notebook.cells:
        if role(cell).get("grade"):
            # No test is passed over because a learner tagged it.
            cell.metadata["tags"] = [tag for tag in tags_of(cell) if tag not in SKIP_TAGS]
    fetch_data(notebook, tell)
    # A notebook of the course may read files that lie beside it; a lone one may lie beside anything.
    own_work = course.work.resolve() in path.parents  # work/ may be a link to another disk
    is_ours = own_work or (course.root in path.parents and path.parent != course.root)
    folder = path.parent if is_ours else None
    given = hints_given(course) if own_work else {}
    with scratch_copy(folder) as scratch, progress_home(course, own_work) as environment:
        run = run_notebook(notebook, scratch, cell_timeout, environment, skip_tag="demo", say=say)
    found = [*results(run, path.name, cell_timeout, given), *(missing(test, path.name) for test in released.missing)]
    order = {test.exercise: place for place, test in enumerate(released.tests)}
    found.sort(key=lambda row: order.get(row.exercise, 0))
    not_kept = unwritable(home(course.work)) if own_work else ""
    return found, [*remarks, *released.remarks, *troubles(run, cell_timeout), *([not_kept] if not_kept else [])]


def fetch_data(notebook: NotebookNode, tell: Callable[[str], None]) -> None:
    """Fetch the data sets that the notebook loads and this machine lacks: in a kernel nobody would see it happen.

    Raises:
        CourseError: one is not to be had; the message says what to do.
    """
    from course_lib import data

    run = [cell.source for cell in notebook.cells if cell.cell_type == "code" and "demo" not in tags_of(cell)]
    for name in dict.fromkeys(re.findall(rf"\bdata\.({'|'.join(data.DATA_SETS)})\(", "\n".join(run))):
        if data.is_missing(name):
            try:
                data.fetch(name, say=tell)
            except data.DataUnavailable as error:
                raise CourseError(str(error).splitlines()[0]) from None


def tags_of(cell: NotebookNode) -> list[str]:
    """Return the tags of a cell; none where they are nonsense."""
    tags = cell.metadata.get("tags")
    return tags if isinstance(tags, list) else []


@contextmanager
def progress_home(course: Course, own_work: bool) -> Iterator[dict[str, str]]:
    """Give the variables that make checks count as the learner's own progress only where it is their own work."""
    if own_work:
        # The copy that is run lies elsewhere.
        yield {"DESCENT_UNATTENDED": "1", "DESCENT_HOME": str(home(course.work))}
    else:
        # A verifier of the library may still be writing into it.
        with tempfile.TemporaryDirectory(prefix="course-home-", ignore_cleanup_errors=True) as empty:
            yield {"DESCENT_HOME": empty}


def hints_given(course: Course) -> dict[str, int]:
    """Return how many hints the learner has had, for each exercise that was ever touched."""
    from course_lib.checking import progress

    return {name: entry.get("hints", 0) for name, entry in progress.read(start=course.work).items()}


def results(run: Run, notebook: str, cell_timeout: int, given: dict[str, int]) -> Iterator[Result]:
    """Yield the result of every test cell of a notebook that was run."""
    for index, cell in enumerate(run.notebook.cells):
        if not is_test(cell):
            continue
        max_points = points_of(cell)
        report = report_in(cell)
        status, points, message = verdict(run, index, cell, report, max_points, cell_timeout)
        name = report.get("exercise") or exercise_in(cell)
        yield Result(
            notebook=notebook,
            cell=cell.get("id", ""),
            exercise=name,
            points=points,
            max_points=max_points,
            status=status,
            message=message,
            hint="" if status == "passed" else next_hint(name, given.get(name, 0)),
            rows=report.get("rows", []),
        )


def missing(test: Test, notebook: str) -> Result:
    """Return the result of a test of the chapter that the notebook lacks."""
    message = "its check is missing from this notebook; `course reset` makes a clean copy and keeps this one"
    return Result(notebook, "", test.exercise, 0.0, test.points, "missing", message, hint="", rows=[])


def troubles(run: Run, cell_timeout: int) -> list[str]:
    """Return a line for every cell, other than tests, that raised, was stopped or ended the run."""
    lines = []
    for index, cell in enumerate(run.notebook.cells):
        if cell.cell_type != "code" or is_test(cell):
            continue
        if error := error_in(cell):
            what = too_slow(cell_timeout) if index in run.timed_out else raised(error)
        elif run.stopped and index == run.last:
            what = run.stopped
        elif magic := UNKNOWN_MAGIC.search(run.errors.get(index, "")):
            what = f"did not run, since there is no magic {magic[1]}: delete or correct the line with it"
        elif index in run.errors:
            what = f"ended with {run.errors[index]}".splitlines()[0]
        elif command := unknown_command(cell):
            what = f"asks for a program that this machine does not have, {command}: install it, or delete that line"
        else:
            continue
        lines.append(f"cell {index + 1} ({first_line(cell)}) {what}")
    return lines


def first_line(cell: NotebookNode) -> str:
    """Return how a cell begins, by which a reader knows it; JupyterLab shows neither its number nor its id."""
    line = next((line.strip() for line in cell.source.splitlines() if line.strip()), "")
    return line if len(line) <= 40 else f"{line[:39]}…"


def unknown_command(cell: NotebookNode) -> str:
    """Return the program that a line such as `!wget …` asks for and the shell does not know; else an empty text."""
    for command in re.findall(r"^\s*(?:\w+\s*=\s*)?!\s*([^\s;|&]+)", cell.source, re.MULTILINE):
        said = "".join(output.text for output in cell.outputs if output.output_type == "stream")
        if re.search(rf"{re.escape(command)}['\"]?(: command not found|: not found| is not recognized)", said):
            return command
    return ""


def error_in(cell: NotebookNode) -> NotebookNode | None:
    return next((output for output in cell.outputs if output.output_type == "error"), None)


def raised(error: NotebookNode) -> str:
    return f"raised {error.ename}: {error.evalue}".splitlines()[0].removesuffix(": ")


def too_slow(cell_timeout: int) -> str:
    return f"took longer than {cell_timeout} s and was stopped"


def verdict(
    run: Run, index: int, cell: NotebookNode, report: dict, max_points: float, cell_timeout: int
) -> tuple[str, float, str]:
    """Return the status of a test cell, its points and a sentence.

    The rules are nbgrader's, except that a cell which shows no result earns nothing: it may never have run.
    """
    error = error_in(cell)
    if index in run.timed_out:
        return "timed out", 0.0, too_slow(cell_timeout)
    if run.stopped and index >= run.last:
        return "did not run", 0.0, run.stopped if index == run.last else f"did not run: {run.stopped}"
    if error:
        return "raised", 0.0, raised(error)
    if any(output.get("name") == "stderr" for output in cell.outputs):
        written = next(output.text for output in cell.outputs if output.get("name") == "stderr").strip()
        line = next(iter(written.splitlines()), "")
        return "wrong", 0.0, f"wrote to stderr, for which nbgrader gives no points: {line}"
    points = points_in(cell)
    if points is None:
        return "no result", 0.0, "gave no report: has the cell been changed? `course reset` gives a clean copy"
    points = min(max(points, 0.0), max_points)
    message = report.get("diagnosis") or report.get("message") or ""
    if points == max_points:
        return "passed", points, report.get("message") or ""
    rows = report.get("rows", [])
    if rows and all(row.get("actual") == NOT_WRITTEN for row in rows):
        return "not written", points, NOT_WRITTEN
    return "wrong", points, message or f"{points:g} of {max_points:g} points"


def report_in(cell: NotebookNode) -> dict:
    """Return the report that the cell's result carries; empty where it carries none."""
    for output in cell.outputs:
        report = output.get("data", {}).get(REPORT)
        if output.output_type == "execute_result" and isinstance(report, dict):
            return report
    return {}


def points_in(cell: NotebookNode) -> float | None:
    """Return the number that the cell's result is, as nbgrader reads it; None where it is none."""
    for output in cell.outputs:
        if output.output_type == "execute_result":
            try:
                points = float(output["data"].get("text/plain", ""))
            except ValueError:
                return None
            return points if math.isfinite(points) else None
    return None


def next_hint(name: str, given: int) -> str:
    """Say what the learner can type for the next hint on the exercise called `name`."""
    from course_lib import exercises

    try:
        hints = exercises.find(name).hints
    except (KeyError, ImportError):
        return ""
    if given < len(hints):
        return f'hint("{name}")'
    return f'solution("{name}")' if hints else ""
