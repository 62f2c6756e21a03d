"""The tests of a learner's notebook are the chapter's: none is lost, changed or counted twice."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from course_lib.commands.released_tests import exercise_in, is_test, points_of, restore_tests
from tests.tiny_course import CHAPTER, cell_metadata, learner_course, solved_notebook


@pytest.fixture
def course(tmp_path, monkeypatch):
    return learner_course(tmp_path, monkeypatch)


TESTS = [(exercise_in(cell), cell.source, points_of(cell)) for cell in solved_notebook().cells if is_test(cell)]


def deleted(cells):
    del cells["larger-test"]


def emptied(cells):
    for cell in cells.values():
        cell.metadata.pop("nbgrader", None)


def with_other_points(cells):
    cells["double-test"].metadata["nbgrader"]["points"] = 200
    cells["double-test"].source = cells["double-test"].source.replace("points=2", "points=200")


def with_another_name(cells):
    cells["double-test"].source = 'check("dubble", double, points=2)'


def with_other_checks(cells):
    for name in ("double", "larger"):
        cells[f"{name}-test"].source += "  # mine"


def with_another_id(cells):
    cells["double-test"].metadata["nbgrader"]["grade_id"] = "mine"


def made_text(cells):
    cells["double-test"].cell_type = "markdown"
    for field in ("outputs", "execution_count"):
        del cells["double-test"][field]


def doubled(cells):
    cells["copy"] = nbformat.from_dict(cells["double-test"] | {"id": "copy"})


def with_one_of_their_own(cells):
    cells["own"] = new_code_cell('check("larger", max, points=9)', metadata=cell_metadata("own", True, points=9))
    cells["other"] = new_code_cell('check("other", 1, points=9)', metadata=cell_metadata("other", True, points=9))


@pytest.mark.parametrize(
    ("change", "lost", "words"),
    [
        (lambda cells: None, [], []),
        (deleted, ["larger"], []),
        (emptied, ["double", "larger"], []),
        (with_other_points, [], ["the points were changed, and are those of the course: `double`", "not the course's"]),
        (with_another_name, [], ["the check is not the course's, which was run in its place: `double`"]),
        (with_other_checks, [], ["which was run in its place: `double`, `larger`"]),
        (with_another_id, [], []),
        (made_text, [], ["the check was no code cell any more, and was run as one: `double`"]),
        (doubled, [], ["`double` is checked more than once (cell 5): the last one counts"]),
        (with_one_of_their_own, [], ["`larger` is checked more than once", "`other` is checked", "does not count"]),
    ],
)
def test_the_tests_are_those_of_the_chapter(course, change, lost, words):
    notebook = solved_notebook()
    cells = {cell.id: cell for cell in notebook.cells}
    change(cells)
    notebook.cells = list(cells.values())
    released = restore_tests(course, course.work / CHAPTER / "tiny.ipynb", notebook)
    assert [test.exercise for test in released.missing] == lost
    told = "\n".join(released.remarks)
    assert all(word in told for word in words) and bool(told) == bool(words), told
    tests = [(exercise_in(cell), cell.source, points_of(cell)) for cell in notebook.cells if is_test(cell)]
    assert sorted(tests) == sorted(test for test in TESTS if test[0] not in lost)


@pytest.mark.parametrize(
    ("place", "is_copy"),
    [
        ("work/00_tiny/tiny.ipynb", True),
        ("work/00_tiny/tiny-Copy1.ipynb", True),
        ("work/00_tiny.2025-11-30_14-05-09/tiny.ipynb", True),
        ("downloads/tiny.ipynb", True),
        ("downloads/mine.ipynb", False),
        ("solutions/00_tiny/tiny.ipynb", False),
        ("notebooks/00_tiny/tiny.ipynb", False),
    ],
)
def test_a_copy_of_a_chapter_is_known_wherever_it_lies(course, place, is_copy):
    assert bool(restore_tests(course, course.root / place, solved_notebook()).tests) == is_copy
