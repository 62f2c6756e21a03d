"""The preprocessor in place of nbgrader's `Execute`: runs a submission split in two (`course_lib.grading.split`).

Put into `Autograde.autograde_preprocessors`, it serves `nbgrader autograde`, formgrader and `course grade` alike. What
runs trusted is a locked, graded code cell of the gradebook, once, with the gradebook's own source; the submission's
metadata decides nothing. The outputs are such that nbgrader's own `determine_grade` scores them: a test that did not
run has an error among its outputs.

    resources["grading"] = {"outcome": …, "cells": {grade_id: sentence}, "unjudged": [grade_id, …], "tests": number,
                            "remarks": […], "forgeable": bool, "seconds": …, "cpu_seconds": …, "peak_memory": bytes}
"""

from __future__ import annotations

import atexit
import hashlib
import json
import math
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from traitlets import Bool, Dict, Float, Integer, List, TraitError, Unicode, validate

from course_lib.grading import copied
from course_lib.grading.sandbox import Limits
from course_lib.grading.seeds import seed_of, term_secret
from course_lib.grading.split import plan as plans
from course_lib.grading.split.running import Ran, Rehearsal, Split, number_of
from course_lib.grading.split.tester import Cell, CellResult
from course_lib.grading.teacher import Teacher, read_teacher

MAX_FILES = 200 * 2**20  # bytes of all files beside a submission's notebook
KEPT_WARM = 2  # notebooks whose sandbox is kept, or as many as an assignment has
UNJUDGED = ("refused", "not run")

REASONS = {
    "raised": "failed: {reason}",
    "timed out": "took longer than {seconds:g} s",
    "refused": "cannot be run from another process: {reason}",
    "not run": "was not run, since {reason}",
}


# nbgrader gives full points for a test that ends with what is no number.
NO_NUMBER = "counts as 0: it ends with a number of points for your own solution, and with something else here"


class ExecuteSplit(Execute):
    """Runs the learner's cells in the sandbox and the teacher's tests outside of it."""

    secret_file = Unicode(
        os.path.join("classroom", "secret"), help="The file with the term's secret, relative to the course's root."
    ).tag(config=True)
    wall = Float(900.0, help="Seconds that a submission may take in all.").tag(config=True)
    cpu = Float(600.0, help="Seconds that a submission may compute in all.").tag(config=True)
    memory = Integer(3 * 2**30, help="Bytes of memory that a submission may use.").tag(config=True)
    processes = Integer(64, help="Processes and threads that a submission may run at once.").tag(config=True)
    disk = Integer(512 * 2**20, help="Bytes of files that a submission may write.").tag(config=True)
    readable = List(Unicode(), help="Folders that submissions may read, as those of data sets.").tag(config=True)
    variables = Dict(help="Environment variables for the submissions' process.").tag(config=True)
    left_out_with_tag = Unicode("", help="Cells with this tag are in the source alone: no release has them.").tag(
        config=True
    )
    tests_in_child = List(
        Unicode(),
        help="Notebooks, as 'assignment/notebook', whose tests run in the submission's own process, since they cannot "
        "run from another one. A submission can then give itself any score.",
    ).tag(config=True)
    without_protection = Bool(
        False, help="Run submissions although this machine cannot hold them: they may then do what you may."
    ).tag(config=True)

    @validate("readable")
    def _are_folders(self, proposal):
        for folder in proposal["value"]:
            if not os.path.isdir(folder):
                raise TraitError(f"c.ExecuteSplit.readable names {folder}, and there is no such folder.")
        return proposal["value"]

    def preprocess(self, nb, resources, *arguments, **keywords):
        names = resources["nbgrader"]
        course = CourseDirectory(parent=self)
        teacher, notebooks = self._teacher(course, names)
        forgeable = f"{names['assignment']}/{names['notebook']}" in self.tests_in_child
        remarks: list[str] = []
        cells, indices = self._cells(nb, teacher, forgeable, remarks)
        files = list(self._files(Path(resources.get("metadata", {}).get("path") or "."), remarks))
        secret = term_secret(Path(course.root) / self.secret_file)
        ran, rehearsal = Ran([], frozenset(), None, teacher.trouble), None
        if teacher.plan is not None:
            readable = tuple(self.readable)
            split = warm_split(
                teacher.plan, self._limits(), readable, self.without_protection, max(KEPT_WARM, notebooks)
            )
            variables = {str(name): str(value) for name, value in self.variables.items()}
            options = {
                "seconds": self._seconds(),
                "environment": {"NBGRADER_EXECUTION": "autograde", **variables},
                "folder": course.format_path(course.source_directory, ".", names["assignment"]),
            }
            rehearsal = None if forgeable else self._rehearsal(split, teacher, Path(course.root), names, options)
            seed = seed_of(names["student"], secret)
            ran = split.run(teacher.plan, cells, seed=seed, files=files, rehearsal=rehearsal, **options)
        results = ran.cells or [CellResult(cell.name, "not run", [], teacher.trouble) for cell in cells]
        numbers = rehearsal.numbers if rehearsal is not None else frozenset()
        said = self._write(nb, teacher, cells, indices, results, remarks, numbers)
        if forgeable:
            remarks.append("The tests ran in the submission's own process, as configured: the score can be forged.")
        outcome = ran.outcome
        resources["grading"] = {
            "outcome": ran.trouble or "ran to the end",
            "cells": said,
            "unjudged": [
                cell.name
                for cell, result in zip(cells, results, strict=True)
                if cell.role != "run" and result.state in UNJUDGED
            ],
            "tests": len(teacher.tests),
            "remarks": remarks,
            "forgeable": forgeable,
            "seconds": outcome.seconds if outcome else 0.0,
            "cpu_seconds": outcome.cpu_seconds if outcome else 0.0,
            "peak_memory": outcome.peak_memory if outcome else 0,
        }
        return nb, resources

    def _rehearsal(self, split: Split, teacher: Teacher, root: Path, names: dict, options: dict) -> Rehearsal:
        """Return what came of the tests with the teacher's own solution: tried once, and kept beside the secret."""
        files = list(self._files(Path(options["folder"]), []))
        about = hashlib.sha256(f"{teacher.digest} {options['seconds']} {self._limits()}".encode())
        for file, content in files:
            about.update(file.encode() + content)
        folder = (root / self.secret_file).parent / "rehearsals"
        path = folder / f"{names['assignment']}-{names['notebook']}-{about.hexdigest()[:16]}.json"
        if path in _rehearsals:
            return _rehearsals[path]
        try:
            kept = json.loads(path.read_text())
            numbers = frozenset(kept["numbers"])
            rehearsal = Rehearsal(frozenset(map(tuple, kept["allowed"])), kept["refused"], numbers=numbers)
        except (FileNotFoundError, ValueError):  # a power cut may leave an empty file
            rehearsal = split.rehearse(teacher.plan, teacher.cells, files=files, **options)
            if not rehearsal.is_whole:
                self.log.warning("The tests of %s did not all end with the teacher's own solution.", names["notebook"])
                return rehearsal  # not kept: the next submission tries again
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = path.with_name(f".{path.name}-{os.getpid()}")
            kept = {"allowed": sorted(rehearsal.allowed), "refused": rehearsal.refused}
            draft.write_text(json.dumps(kept | {"numbers": sorted(rehearsal.numbers)}))
            draft.replace(path)
        for name, reason in rehearsal.refused.items():
            self.log.warning("The test %s of %s cannot be run split: %s", name, names["notebook"], reason)
        _rehearsals[path] = rehearsal
        return rehearsal

    def _seconds(self) -> float:
        """How long a cell may take. nbclient's words for "no limit", None and −1, leave the submission's own."""
        # Twice that: where both ran out at once, either could be the first.
        return float(self.timeout) if self.timeout and self.timeout > 0 else 2 * self.wall

    def _limits(self) -> Limits:
        return Limits(wall=self.wall, cpu=self.cpu, memory=self.memory, processes=self.processes, disk=self.disk)

    def _teacher(self, course: CourseDirectory, names: dict) -> tuple[Teacher, int]:
        """Read the gradebook's cells and the teacher's notebook; return how many the assignment has, too."""
        with Gradebook(names["db_url"], course.course_id) as gradebook:
            notebook = gradebook.find_notebook(names["notebook"], names["assignment"])
            count = len(notebook.assignment.notebooks)
            sources = {cell.name: cell for cell in notebook.source_cells}
            graded = {cell.name: cell.max_score for cell in notebook.grade_cells}
            solutions = {cell.name for cell in notebook.solution_cells}
            tests = {
                name: sources[name].source
                for name in graded
                if name in sources
                and name not in solutions
                and sources[name].locked
                and sources[name].cell_type == "code"
            }
        skip_tags = frozenset({self.skip_cells_with_tag, self.left_out_with_tag} - {""})
        folder = Path(course.format_path(course.source_directory, ".", names["assignment"]))
        path = folder / f"{names['notebook']}.ipynb"
        return read_teacher(path, tuple(tests.items()), tuple(graded.items()), skip_tags), count

    def _cells(
        self, nb: NotebookNode, teacher: Teacher, forgeable: bool, remarks: list[str]
    ) -> tuple[list[Cell], list[int]]:
        """Return the cells to be run and their places in the notebook; drop what the submission says came of them."""
        cells, indices, seen, answers = [], [], set(), []
        for index, cell in enumerate(nb.cells):
            if cell.cell_type != "code":
                continue
            cell.outputs, cell.execution_count = [], None
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in teacher.tests:
                if name in seen:
                    remarks.append(f"The test {name} is there twice; the second one is not run.")
                    del cell.metadata["nbgrader"]  # or nbgrader would take it for one that passed
                    continue
                seen.add(name)
                cell.source = teacher.tests[name]
                cells.append(Cell(name, cell.source, "test there" if forgeable else "test"))
            elif self.skip_cells_with_tag in cell.metadata.get("tags", []):
                continue
            else:
                cells.append(Cell(f"cell {index + 1}", cell.source, "run"))
                if name in teacher.solutions:
                    answers.append((name, cell.source, teacher.solutions[name]))
            indices.append(index)
        remarks += copied.remarks(answers, teacher.ours)
        return cells, indices

    def _files(self, folder: Path, remarks: list[str]) -> Iterator[tuple[str, bytes]]:
        """Yield what lies beside the notebook: regular files, neither linked nor larger than what is sent in all."""
        left = MAX_FILES
        for place, folders, files in os.walk(folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                path = Path(place) / name
                status = path.lstat()
                if name.endswith(".ipynb") or not stat.S_ISREG(status.st_mode):
                    continue
                if status.st_size > left:
                    remarks.append(f"{path.relative_to(folder)} is too large to be handed to the submission.")
                    continue
                name = str(path.relative_to(folder))
                if not is_text(name):
                    remarks.append(
                        f"{os.fsencode(name)!r} is no name of a file in UTF-8; the submission does not see it."
                    )
                    continue
                left -= status.st_size
                yield name, path.read_bytes()

    def _write(
        self,
        nb: NotebookNode,
        teacher: Teacher,
        cells: list[Cell],
        indices: list[int],
        results: list[CellResult],
        remarks: list[str],
        numbers: frozenset[str],
    ) -> dict[str, str]:
        """Put the outputs into the notebook; return for each test that earned not all why.

        `numbers` are the tests that end with a number of points where the teacher's own solution runs.
        """
        said = {}
        for number, (cell, index, result) in enumerate(zip(cells, indices, results, strict=True), 1):
            target = nb.cells[index]
            target.outputs = [nbformat.from_dict(output) for output in result.outputs]
            target.execution_count = number if result.state != "not run" else None
            for output in target.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = number
            if cell.role == "run":
                continue
            words = ""
            if result.state != "ran":
                words = REASONS[result.state].format(reason=result.reason, seconds=self._seconds())
            elif cell.name in numbers and number_of(result.outputs) is None:
                words = NO_NUMBER
                remarks.append(f"{cell.name} {words}")
                for output in target.outputs:  # nbgrader looks no further than at a result
                    if output.output_type == "execute_result":
                        output.output_type = "display_data"
                        del output["execution_count"]
            if words:
                said[cell.name] = words
                if not any(output.output_type == "error" for output in target.outputs):
                    target.outputs.append(
                        nbformat.v4.new_output(
                            "error", ename="NotPassed", evalue=f"This test {words}.", traceback=[f"This test {words}."]
                        )
                    )
            elif trouble := _repair_points(target, teacher.points.get(cell.name, 0.0)):
                said[cell.name] = trouble
                remarks.append(f"{cell.name} {trouble}")
        return said


def _repair_points(cell: NotebookNode, maximum: float) -> str:
    """Keep a test's number, which nbgrader takes for points, between 0 and the maximum; say so where it was not."""
    points = number_of(cell.outputs)
    if points is None or (kept := counted(points, maximum)) == points:
        return ""
    result = next(output for output in cell.outputs if output.output_type == "execute_result")
    result.data["text/plain"] = str(kept)
    return f"gave {points:g} of {maximum:g} points; counted are {kept:g}"


def counted(points: float, maximum: float) -> float:
    """Return what a test's number counts for.

    nbgrader gives full points for NaN and for negative numbers, and stops at numbers above the maximum. Here what is
    above counts as the maximum, and what is below 0, infinite or NaN as nothing.
    """
    return min(max(points, 0.0), maximum) if math.isfinite(points) else 0.0


def is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


_rehearsals: dict[Path, Rehearsal] = {}


_splits: dict[tuple, Split] = {}


def warm_split(
    plan: plans.Plan, limits: Limits, readable: tuple[str, ...], without_protection: bool, kept: int
) -> Split:
    """Return the sandbox and the testers for notebooks that import what this one does; the last `kept` stay warm."""
    key = (tuple(plan.modules), tuple(plan.exercises), limits, readable, without_protection)
    if key in _splits:
        _splits[key] = _splits.pop(key)  # the last one used goes last
        return _splits[key]
    while len(_splits) >= kept:
        _splits.pop(next(iter(_splits))).close()
    _splits[key] = Split(plan.modules, plan.exercises, readable, limits, without_protection=without_protection)
    return _splits[key]


@atexit.register
def close_all() -> None:
    """End every sandbox."""
    while _splits:
        _splits.popitem()[1].close()
