"""The tests of a learner's notebook, put beside those of the chapter that it is a copy of.

A learner can delete, change or copy a check by accident. As in grading, the course's own are what counts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from course_lib.commands.course import Course, notebooks_in
from course_lib.commands.kernel import read_notebook
from course_lib.grading.valid_notebook import set_cell_type


@dataclass(frozen=True)
class Test:
    """A test cell of a chapter: its grade_id, the exercise that it checks, its code and its points."""

    name: str
    exercise: str
    source: str
    points: float


@dataclass(frozen=True)
class Released:
    """What the chapter asks for.

    Args:
        tests: of the chapter, in its order; empty where the notebook is no copy of one.
        missing: those of them that the notebook lacks.
        remarks: a sentence for each check that was not as the course has it.
    """

    tests: list[Test]
    missing: list[Test]
    remarks: list[str]


def is_test(cell: NotebookNode) -> bool:
    """Return whether `cell` is one that nbgrader scores by running it."""
    claimed = role(cell)
    return cell.cell_type == "code" and bool(claimed.get("grade")) and not claimed.get("solution")


def role(cell: NotebookNode) -> dict:
    """Return what a cell says of nbgrader; empty where it says nothing, or nonsense."""
    claimed = cell.metadata.get("nbgrader")
    return claimed if isinstance(claimed, dict) else {}


def points_of(cell: NotebookNode) -> float:
    """Return the points of a test cell; 0 where it has none that could be some."""
    points = role(cell).get("points")
    return float(points) if isinstance(points, int | float) and 0 <= points < 1e9 else 0.0


def exercise_in(cell: NotebookNode) -> str:
    """Return the exercise that a test cell checks, read from its code; else its grade_id."""
    found = re.search(r"""check\(\s*["']([^"']+)["']""", cell.source)
    return found[1] if found else str(role(cell).get("grade_id", ""))


def restore_tests(course: Course, path: Path, notebook: NotebookNode) -> Released:
    """Make the tests of `notebook`, which was read from `path`, those of the chapter that it is a copy of.

    A test that occurs twice counts where it stands last, so that it runs after all else; one that the chapter does
    not ask for does not count.
    """
    tests = _tests_of_its_chapter(course, path, notebook)
    if not tests:
        return Released([], [], [])
    keepers = _keepers(notebook, tests)
    remarks, restored = [], defaultdict(list)
    for index, cell in enumerate(notebook.cells):
        if index in keepers:
            for what in _restore(cell, keepers[index]):
                restored[what].append(f"`{keepers[index].exercise}`")
        elif is_test(cell):
            twice = exercise_in(cell) in {test.exercise for test in keepers.values()}
            why = "the last one counts" if twice else "this chapter does not ask for it, so it does not count"
            times = " more than once" if twice else ""
            remarks.append(f"`{exercise_in(cell)}` is checked{times} (cell {index + 1}): {why}")
            del cell.metadata["nbgrader"]
    remarks += [f"{what}: {', '.join(names)}" for what, names in restored.items()]
    return Released(tests, [test for test in tests if test not in keepers.values()], remarks)


def _tests_of_its_chapter(course: Course, path: Path, notebook: NotebookNode) -> list[Test]:
    if course.solutions in path.parents or course.notebooks in path.parents:
        return []  # these are the course's own
    claimed = {role(cell).get("grade_id") for cell in notebook.cells if is_test(cell)}
    for chapter in course.chapters():
        # A copy that `course reset` has moved aside bears a date.
        in_chapter = path.parent.name == chapter or path.parent.name.startswith(f"{chapter}.")
        for released in notebooks_in(course.notebooks / chapter):
            if not in_chapter and released.name != path.name:
                continue
            tests = list(_tests_in(read_notebook(released)))
            shared = sum(test.name in claimed for test in tests)
            # A notebook of another name is a copy where it has most of the tests.
            if (released.name == path.name and (in_chapter or shared)) or shared > len(tests) / 2:
                return tests
    return []


def _tests_in(notebook: NotebookNode) -> Iterator[Test]:
    for cell in notebook.cells:
        if is_test(cell):
            yield Test(str(role(cell).get("grade_id")), exercise_in(cell), cell.source, points_of(cell))


def _keepers(notebook: NotebookNode, tests: list[Test]) -> dict[int, Test]:
    """Return {index of a cell: the test that it is}: the last code cell of its grade_id, else one of its exercise."""
    keepers: dict[int, Test] = {}
    cells = list(enumerate(notebook.cells))
    for test in tests:
        same_id = [
            (cell.cell_type == "code", index) for index, cell in cells if role(cell).get("grade_id") == test.name
        ]
        if same_id:
            keepers[max(same_id)[1]] = test
    for test in tests:
        found = [index for index, cell in cells if is_test(cell) and exercise_in(cell) == test.exercise]
        if test not in keepers.values() and (free := [index for index in found if index not in keepers]):
            keepers[free[-1]] = test
    return keepers


def _restore(cell: NotebookNode, test: Test) -> Iterator[str]:
    """Make the cell the course's; yield what it was not, as the beginning of a sentence that ends in names."""
    claimed = role(cell)
    if cell.cell_type != "code":
        yield "the check was no code cell any more, and was run as one"
        set_cell_type(cell, "code")
    if claimed.get("points") != test.points:
        yield "the points were changed, and are those of the course"
    if cell.source.strip() != test.source.strip():
        yield "the check is not the course's, which was run in its place"
        cell.source = test.source
    right = {"grade": True, "solution": False, "grade_id": test.name, "points": test.points}
    cell.metadata["nbgrader"] = NotebookNode(claimed | right)
