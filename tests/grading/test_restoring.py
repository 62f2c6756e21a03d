"""The gradebook says what a cell is: forged, copied, deleted and damaged cells, and what each of them then scores."""

import json
import math
import os

import nbformat
import pytest

from tests.grading.batch_class import ASSIGNMENT, CONFIG, NOTEBOOK, Course, nbgrader
from tests.tiny_course import cell, read

pytestmark = pytest.mark.slow

WRONG = {"square": "square = None", "credit": "credit = 0"}


def forged(course, change, **answers):
    """Return a notebook as bytes, after `change` has had its JSON."""
    notebook = json.loads(nbformat.writes(course.solved(**answers)))
    change(notebook, {each["id"]: each for each in notebook["cells"]})
    return json.dumps(notebook).encode()


def role(cells, name):
    return cells[name]["metadata"]["nbgrader"]


def not_graded(nb, cells):
    role(cells, "square-test")["grade"] = False


def a_solution_of_its_own(nb, cells):
    role(cells, "square-test").update(solution=True, locked=False)
    cells["square-test"]["source"] = "pass"


def other_points(nb, cells):
    role(cells, "square-test")["points"] = 1000
    role(cells, "credit-test")["points"] = math.nan


def a_word(nb, cells):
    cells["square-test"]["metadata"]["nbgrader"] = "graded"


def numbers_and_lists(nb, cells):
    role(cells, "setup").update(grade=1, locked="yes", schema_version=99, task=[])
    role(cells, "square")["grade_id"] = ["square"]


def no_metadata(nb, cells):
    del cells["square-test"]["metadata"]


def an_older_schema(nb, cells):
    for each in cells.values():
        each["metadata"].get("nbgrader", {}).pop("schema_version", None)


def as_markdown(nb, cells):
    cells["square-test"]["cell_type"] = "markdown"
    for name in ("outputs", "execution_count"):
        cells["square-test"].pop(name)


def edited(nb, cells):
    cells["square-test"]["source"] = "pass"


def deleted(nb, cells):
    nb["cells"].remove(cells["square-test"])


def copied(nb, cells):
    nb["cells"].insert(0, dict(cells["square-test"], source="pass"))
    nb["cells"].append(dict(cells["square-test"], source="square = lambda x: x * x"))


def swapped(nb, cells):
    role(cells, "square-test")["grade_id"], role(cells, "credit-test")["grade_id"] = "credit-test", "square-test"


def unknown(nb, cells):
    extra = dict(
        cells["square-test"], id="extra", metadata={"nbgrader": role(cells, "square-test") | {"grade_id": "own"}}
    )
    nb["cells"].append(extra)


def another_kernel(nb, cells):
    nb["metadata"]["kernelspec"] = {"name": "bash", "display_name": "Bash", "language": "bash"}
    nb["metadata"]["language_info"] = {"name": "bash", "pygments_lexer": "<script>"}


def kernel_of_no_type(nb, cells):
    nb["metadata"] = ["kernelspec"]


def outputs_of_its_own(nb, cells):
    cells["credit-test"]["outputs"] = [
        {"output_type": "execute_result", "data": {"text/plain": "5"}, "metadata": {}, "execution_count": 1}
    ]


def damaged_cells(nb, cells):
    nb["cells"] += [7, None, {"cell_type": "spell", "source": "", "metadata": {}}, {"cell_type": "code", "source": 3}]
    cells["explain"].update(metadata=cells["explain"]["metadata"] | {"tags": "x"}, attachments=5, outputs=[])
    cells["square"]["outputs"] = [{"output_type": "stream"}]


def lone_surrogates(nb, cells):
    cells["improve"]["source"] = "'\ud800'"


def twin_ids(nb, cells):
    for each in nb["cells"]:
        each["id"] = "same"


FORGERIES = [
    (not_graded, (2, 5), "(grade)"),
    (a_solution_of_its_own, (2, 5), "solution"),
    (other_points, (2, 5), "points"),
    (a_word, (0, 5), "'square-test' was deleted: 0 of 2 points"),
    (numbers_and_lists, (2, 5), "'setup' was changed"),
    (no_metadata, (0, 5), "'square-test' was deleted"),
    (an_older_schema, (2, 5), ""),
    (as_markdown, (2, 5), "was a markdown cell, and is code"),
    (edited, (2, 5), ""),
    (deleted, (0, 5), "'square-test' was deleted: 0 of 2 points"),
    (copied, (2, 5), "'square-test' was there more than once"),
    (swapped, (2, 0), ""),
    (unknown, (2, 5), "'own'"),
    (another_kernel, (2, 5), "The kernel was 'bash'"),
    (kernel_of_no_type, (2, 5), "metadata was damaged"),
    (outputs_of_its_own, (2, 5), ""),
    (damaged_cells, (2, 5), "4 of its cells were damaged"),
    (lone_surrogates, (2, 5), ""),
    (twin_ids, (2, 5), ""),
]


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class of forgers, each with right answers and with wrong ones, and before that a full score for everybody."""
    course = Course(tmp_path_factory.mktemp("forgers"))
    course.full = ["right", "wrong"]
    for change, *_ in FORGERIES:
        for kind in course.full:
            course.submit(f"{change.__name__}-{kind}")
    assert {row["score"] for row in course.rows().values()} == {7.0}
    for change, *_ in FORGERIES:
        for kind, answers in (("right", {}), ("wrong", WRONG)):
            notebook = forged(course, change, **answers)
            course.submit(f"{change.__name__}-{kind}", notebook, time="2025-01-02 10:00:00 UTC")
    course.result = course.rows()
    return course


@pytest.mark.parametrize(("change", "scores", "word"), FORGERIES, ids=[change.__name__ for change, *_ in FORGERIES])
def test_a_forgery_gains_nothing_and_costs_little(graded, change, scores, word):
    grades = graded.grades()["grade"]
    right, wrong = graded.result[f"{change.__name__}-right"], graded.result[f"{change.__name__}-wrong"]
    where = (ASSIGNMENT, NOTEBOOK)
    got = tuple(grades[right["student"], *where, name][0] for name in ("square-test", "credit-test"))
    assert got == scores, right
    assert word in " ".join([right["happened"], *right["remarks"]])
    assert [grades[wrong["student"], *where, name][0] for name in ("square-test", "credit-test")] == [0, 0], wrong
    for row in (right, wrong):
        assert row["state"] == "graded", row
        assert row["max_score"] == 14
        # What a person grades is waiting for one, and was not scored by the autograder.
        assert grades[row["student"], *where, "explain"][0] is None
        nbformat.validate(read(graded.autograded(row["student"]) / f"{NOTEBOOK}.ipynb"))


def test_copies_of_a_test_do_not_run_and_kernels_are_the_teachers(graded):
    notebook = read(graded.autograded("copied-wrong") / f"{NOTEBOOK}.ipynb")
    copies = [each for each in notebook.cells if each.source in ("pass", "square = lambda x: x * x")]
    assert [each.cell_type for each in copies] == ["raw", "raw"] or len(copies) == 1
    notebook = read(graded.autograded("another_kernel-right") / f"{NOTEBOOK}.ipynb")
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.language_info == {"name": "python"}


def test_what_cannot_be_read_gets_a_row_with_0_and_never_ends_the_batch(tmp_path):
    course = Course(tmp_path)
    secret = tmp_path / "secret.txt"
    secret.write_text("the teacher's")
    deep = b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    unreadable = {
        "broken": (b'{"cells": [', "is not JSON"),
        "empty": (b"", "is not JSON"),
        "binary": (b"\x89PNG\r\n\xff\xfe", "is not JSON"),
        "a-list": (b"[1, 2]", "not a notebook"),
        "no-cells": (b'{"nbformat": 4}', "no list of cells"),
        "of-old": (b'{"nbformat": 2, "worksheets": 5}', "no notebook of format 2"),
        "deep": (deep, "nested too deep"),
        "digits": (b'{"nbformat": 4, "n": ' + b"9" * 10_000 + b"}", "is not JSON"),
        "huge": (b" " * (26 * 2**20), "more than 26.2 MB"),
    }
    for student, (data, _) in unreadable.items():
        course.submit(student, data)
    good = course.submit("good")
    words = {student: word for student, (_, word) in unreadable.items()}

    def instead(student, make, word):
        path = course.submit(student)
        path.unlink()
        make(path)
        words[student] = word

    instead("a-link", lambda path: path.symlink_to(good), "is a link")
    teachers = course.root / "source" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    instead("a-hard-link", lambda path: os.link(teachers, path), f"is a hard link to 'source/{ASSIGNMENT}/")
    instead("a-folder", lambda path: path.mkdir(), "is a folder")
    instead("a-pipe", os.mkfifo, "is no ordinary file")
    instead(
        "a-wrong-name", lambda path: path.with_name("Numbers (1).ipynb").write_bytes(good.read_bytes()), "is missing"
    )
    course.folder("a-file").parent.mkdir()
    course.folder("a-file").write_text("not a folder")
    course.folder("a-linked-folder").parent.mkdir()
    course.folder("a-linked-folder").symlink_to(course.folder("good"))
    words |= {"a-file": "is not a folder", "a-linked-folder": "is not a folder"}
    odd = "new\nline * [x] {assignment_id} $(id) 'q'"
    course.submit(odd)
    files = course.submit("files").parent
    (files / "notes").symlink_to(secret)
    (files / "folder").symlink_to(tmp_path)
    os.link(secret, files / "linked.txt")
    os.mkfifo(files / "pipe")
    (files / "mine.txt").write_text("own")

    rows = course.rows()
    assert rows.keys() == {*words, "good", "files", odd}
    for student, word in words.items():
        row = rows[student]
        assert (row["state"], row["score"], row["max_score"]) == ("not judged", 0.0, 14.0), row
        assert word in row["happened"], row
    assert (rows["good"]["score"], rows[odd]["score"], rows["files"]["score"]) == (7.0, 7.0, 7.0)
    assert "Numbers (1).ipynb" in " ".join(rows["a-wrong-name"]["remarks"])
    assert sorted(os.listdir(course.autograded("files"))) == [
        "data.csv",
        "mine.txt",
        f"{NOTEBOOK}.ipynb",
        "timestamp.txt",
    ]
    remarks = " ".join([rows["files"]["happened"], *rows["files"]["remarks"]])
    for name, word in (
        ("notes", "link"),
        ("folder", "link"),
        ("linked.txt", "hard link"),
        ("pipe", "no ordinary file"),
    ):
        assert f"'{name}' is a" in remarks or f"'{name}' is {word}" in remarks
    assert {path.name for path in (course.root / "autograded").iterdir()} == {*rows, ".grading"}
    assert secret.read_text() == "the teacher's"
    assert course.grade().exit_code == 0  # nothing new was handed in
    course.submit("broken", time="2025-01-05 10:00:00 UTC", notebook=b"still broken")
    assert course.grade().exit_code == 1


def test_a_second_name_for_somebodys_files_costs_them_nothing_and_is_told(tmp_path):
    """Which name was first a file does not say; so both are graded, and the teacher reads in both rows what it is."""
    course = Course(tmp_path)
    ada = course.submit("ada")
    copied, partial = course.submit("mallory", b"{}"), course.submit("partial")
    copied.unlink()
    os.link(ada, copied)
    (ada.parent / "helper.py").write_text("own")
    os.link(ada.parent / "helper.py", copied.parent / "helper.py")
    os.link(partial, tmp_path / "kept elsewhere")
    (partial.parent / "twice.txt").write_text("own")
    os.link(partial.parent / "twice.txt", partial.parent / "again.txt")
    book = course.root / "gradebook.db"
    os.link(book, partial.parent / "book.txt")
    secret = tmp_path / "secret.txt"
    secret.write_text("the teacher's")
    os.link(secret, partial.parent / "linked.txt")
    rows = course.rows()
    assert {name: (row["state"], row["score"]) for name, row in rows.items()} == {
        "ada": ("graded", 7.0), "mallory": ("graded", 7.0), "partial": ("graded", 7.0),
    }  # fmt: skip
    for student, other in (("ada", "mallory"), ("mallory", "ada")):
        said = " ".join([rows[student]["happened"], *rows[student]["remarks"]])
        for name in (f"{NOTEBOOK}.ipynb", "helper.py"):
            assert f"'{name}' is one file with 'submitted/{other}/{ASSIGNMENT}/{name}'" in said
        assert (course.autograded(student) / "helper.py").read_text() == "own"
    said = " ".join([rows["partial"]["happened"], *rows["partial"]["remarks"]])
    assert f"'{NOTEBOOK}.ipynb' is one file with a file outside of the course" in said
    assert "'book.txt' is a hard link to 'gradebook.db'; it was ignored." in said
    assert "'linked.txt' is a hard link to a file outside of the course; it was ignored." in said
    assert "twice.txt" not in said
    assert {"twice.txt", "again.txt", "book.txt", "linked.txt"} & set(os.listdir(course.autograded("partial"))) == {
        "twice.txt",
        "again.txt",
    }
    course.submit("late")
    os.link(ada, course.folder("late") / "more.ipynb")  # after the names were looked up
    os.link(teachers_copy := course.root / "source" / ASSIGNMENT / "data.csv", course.folder("late") / "taken.csv")
    said = str(course.rows(students=["late"])["late"])
    assert f"'taken.csv' is a hard link to 'source/{ASSIGNMENT}/data.csv'" in said
    assert teachers_copy.read_text() == "1,2,3\n"


def test_partial_credit_out_of_range_is_brought_back_with_a_word(tmp_path):
    course = Course(tmp_path)
    cases = {"9": 5.0, "-3": 0.0, "float('nan')": 0.0, "4.5": 4.5, "'text'": 5.0}
    for number, value in enumerate(cases):
        course.submit(f"s{number}", credit=f"credit = {value}")
    rows = course.rows()
    for number, score in enumerate(cases.values()):
        row = rows[f"s{number}"]
        assert (row["state"], row["score"]) == ("graded", 2.0 + score)
        assert ("of 5 points" in row["happened"]) == (number < 3)


def test_nbgraders_own_autograde_restores_as_well(tmp_path):
    """By configuration alone, in a course whose submissions would each end stock nbgrader's batch."""
    course = Course(tmp_path)
    ours = CONFIG.replace('"nbgrader.preprocessors.SaveAutoGrades"', '"course_lib.grading.batch.scoring.SaveScores"')
    (course.root / "nbgrader_config.py").write_text(
        ours
        + "from course_lib.grading.restoring import RestoreCells\n"
        + "c.Autograde.sanitize_preprocessors = [RestoreCells, preprocessors.ClearOutput, preprocessors.DeduplicateIds,"
        + " preprocessors.OverwriteKernelspec, preprocessors.OverwriteCells, preprocessors.CheckCellMetadata]\n"
    )
    for change in (not_graded, copied, unknown, an_older_schema, deleted):
        course.submit(change.__name__, forged(course, change))
    course.submit("above", credit="credit = 50")
    nbgrader(course.root, "autograde", ASSIGNMENT)
    grades = course.grades()["grade"]
    scores = {key[0]: score[0] for key, score in grades.items() if key[3] == "square-test"}
    assert scores == {"not_graded": 2, "copied": 2, "unknown": 2, "an_older_schema": 2, "deleted": 0, "above": 2}
    assert grades["above", ASSIGNMENT, NOTEBOOK, "credit-test"][0] == 5.0


def test_deleted_cells_are_put_back_where_the_teacher_asks_for_it(tmp_path):
    course = Course(tmp_path)
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write("c.OverwriteCells.add_missing_cells = True\n")

    def several(nb, cells):
        nb["cells"] = [each for each in nb["cells"] if each["id"] not in ("setup", "square-test", "explore", "explain")]

    course.submit("ada", forged(course, several))
    row = course.rows()["ada"]
    assert row["score"] == 7.0, row["happened"]
    assert "'square-test' was deleted and has been put back" in " ".join([row["happened"], *row["remarks"]])
    notebook = read(course.autograded("ada") / f"{NOTEBOOK}.ipynb")
    ids = [each.metadata.get("nbgrader", {}).get("grade_id") for each in notebook.cells]
    assert ids.index("square") < ids.index("square-test")
    assert ids[-1] == "explore"
    assert cell(notebook, "square").metadata.nbgrader.solution


def test_of_a_notebook_that_lost_all_metadata_the_tests_run_behind_the_answers(tmp_path):
    """Some editors keep the cells alone."""
    course = Course(tmp_path)
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write("c.OverwriteCells.add_missing_cells = True\n")

    def bare(nb, cells):
        for each in nb["cells"]:
            each["metadata"].pop("nbgrader", None)

    course.submit("ada", forged(course, bare))
    row = course.rows()["ada"]
    assert row["score"] == 7.0, row["happened"]
    notebook = read(course.autograded("ada") / f"{NOTEBOOK}.ipynb")
    ids = [each.metadata.get("nbgrader", {}).get("grade_id") for each in notebook.cells]
    assert ids.index("square-test") < ids.index("credit-test")
    assert ids[-1] == "explore"
