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

from course_lib.checking.home import home
from course_lib.commands.course import Course, CourseError, notebooks_in
from course_lib.commands.kernel import Run, read_any_notebook, run_notebook, scratch_copy

# The JSON form of a report among the outputs of a test cell.
REPORT = "application/vnd.descent.report+json"

# Tags that make an executor pass over a cell: ours, and nbclient's default.
SKIP_TAGS = ("demo", "skip-execution")

# What the engine says of an answer that is still the stub.
NOT_WRITTEN = "not written yet"


@dataclass(frozen=True)
class Result:
    """How one exercise stands.

    `status` is passed, wrong, not written, raised, timed out, no result or did not run.
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
    course: Course, path: Path, cell_timeout: int, say: Callable[[str], None] = lambda line: None
) -> tuple[list[Result], list[str]]:
    """Run a copy of the notebook in `path`, without its demonstrations.

    Returns:
        a result for every test cell, and a line for what was lost of a damaged file and for every other cell that
        raised, since tests may suffer from that.
    """
    notebook, remarks = read_any_notebook(path)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            # No test is passed over because a learner tagged it.
            cell.metadata["tags"] = [tag for tag in cell.metadata.get("tags", []) if tag not in SKIP_TAGS]
    # A notebook of the course may read files that lie beside it; a lone one may lie beside anything.
    folder = path.parent if course.root in path.parents and path.parent != course.root else None
    own_work = course.work in path.parents
    with scratch_copy(folder) as scratch, progress_home(course, own_work) as environment:
        run = run_notebook(notebook, scratch, cell_timeout, environment, skip_tag="demo", say=say)
    found = list(results(run, path.name, cell_timeout, hints_given(course) if own_work else {}))
    return found, [*remarks, *troubles(run, cell_timeout)]


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

    try:
        return {name: int(entry.get("hints", 0)) for name, entry in progress.read(start=course.work).items()}
    except (OSError, ValueError):
        return {}  # a record that cannot be read keeps nobody from checking


def results(run: Run, notebook: str, cell_timeout: int, given: dict[str, int]) -> Iterator[Result]:
    """Yield the result of every test cell of a notebook that was run."""
    for index, cell in enumerate(run.notebook.cells):
        if not is_test(cell):
            continue
        metadata = cell.metadata["nbgrader"]
        max_points = float(metadata.get("points") or 0)
        report = report_in(cell)
        status, points, message = verdict(run, index, cell, report, max_points, cell_timeout)
        name = report.get("exercise") or name_in(cell.source) or metadata.get("grade_id", "")
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


def is_test(cell: NotebookNode) -> bool:
    """Return whether `cell` is one that nbgrader scores by running it."""
    metadata = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and bool(metadata.get("grade")) and not metadata.get("solution")


def troubles(run: Run, cell_timeout: int) -> list[str]:
    """Return a line for every cell, other than tests, that raised, was stopped or ended the run."""
    lines = []
    for index, cell in enumerate(run.notebook.cells):
        if cell.cell_type != "code" or is_test(cell):
            continue
        if error := error_in(cell):
            slow = index in run.timed_out
            lines.append(f"cell {cell.get('id', index)} {too_slow(cell_timeout) if slow else raised(error)}")
        elif run.stopped and index == run.last:
            lines.append(f"cell {cell.get('id', index)}: {run.stopped}")
    return lines


def error_in(cell: NotebookNode) -> NotebookNode | None:
    return next((output for output in cell.outputs if output.output_type == "error"), None)


def raised(error: NotebookNode) -> str:
    return f"raised {error.ename}: {error.evalue}".splitlines()[0]


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
        return "wrong", 0.0, "wrote to stderr, for which nbgrader gives no points"
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


def name_in(source: str) -> str:
    """Return the exercise that a test cell checks, read from its code, for the case that it never ran."""
    found = re.search(r"""check\(\s*["']([^"']+)["']""", source)
    return found[1] if found else ""


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
