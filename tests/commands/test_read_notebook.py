"""What other programs write, and careless hands: read as the notebook that it is, or refused in a sentence."""

import json

import nbformat
import pytest

from course_lib.commands.check import notebooks_meant
from course_lib.commands.kernel import read_any_notebook
from course_lib.commands.released_tests import exercise_in, is_test
from tests.tiny_course import CHAPTER, learner_course, refused, run, solved_notebook


@pytest.fixture
def course(tmp_path, monkeypatch):
    return learner_course(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"[]", "is no valid notebook: it holds no table"),
        (b"null", "is no valid notebook"),
        (b'{"nbformat": 4}', "is no valid notebook: it holds no list of cells"),
        (b'{"cells": 3, "metadata": {}, "nbformat": 4}', "is no valid notebook: it holds no list of cells"),
        (b'{"worksheets": 3, "nbformat": 3}', "is no valid notebook"),
        ('{"cells": ["é"]}'.encode("latin-1"), "is no text in UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b"<<<<<<< HEAD\n{", "is broken: Expecting value: line 1"),
    ],
)
def test_a_file_that_is_no_notebook_is_told_in_a_sentence(course, content, words):
    path = course.work / CHAPTER / "tiny.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    said = refused("check", CHAPTER)
    assert said.startswith(f"{path} ") and words in said and "`course reset` makes a clean copy" in said
    assert said.count("\n") == 1 and len(said) < 500


def test_a_folder_named_like_a_notebook_is_none(course):
    (course.work / CHAPTER / "tiny.ipynb").mkdir(parents=True)
    assert "There is no notebook in" in refused("check", course.work / CHAPTER / "tiny.ipynb")


def test_without_a_copy_in_work_the_released_chapter_is_read(course):
    (course.work / CHAPTER / "tiny.ipynb").mkdir(parents=True)
    [path] = notebooks_meant(course, CHAPTER)
    assert path == course.notebooks / CHAPTER / "tiny.ipynb"


def without_outputs(notebook):
    for cell in notebook["cells"]:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def with_outputs_in_text(notebook):
    for cell in notebook["cells"]:
        cell.setdefault("outputs", [])


def with_ids_of_an_older_format(notebook):
    notebook["nbformat_minor"] = 4


def with_other_ids(notebook):
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"#cell {number}"


def with_one_id(notebook):
    for cell in notebook["cells"]:
        cell["id"] = "the-same"


def with_a_damaged_cell(notebook):
    notebook["cells"].append({"cell_type": "code"})


def with_source_in_one_piece(notebook):
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])


def with_metadata_of_no_kind(notebook):
    notebook["metadata"] = None
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = "demo" if "demo" in cell["metadata"].get("tags", []) else None
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["metadata"]["tags"] != "demo"]
    notebook["cells"][0]["metadata"]["nbgrader"] = "title"


def with_huge_outputs(notebook):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "0" * 3_000_000}]


def with_no_numbers_of_its_format(notebook):
    del notebook["nbformat"], notebook["nbformat_minor"]


def as_of_2014(notebook):
    cells = [
        {"cell_type": "markdown", "source": cell["source"], "metadata": cell["metadata"]}
        if cell["cell_type"] == "markdown"
        else {
            "cell_type": "code",
            "input": cell["source"],
            "language": "python",
            "outputs": [],
            "collapsed": False,
            "metadata": cell["metadata"],
        }
        for cell in notebook.pop("cells")
    ]
    notebook.update(nbformat=3, nbformat_minor=0, metadata={"name": ""}, worksheets=[{"cells": cells, "metadata": {}}])


CHANGES = [
    without_outputs,
    with_outputs_in_text,
    with_ids_of_an_older_format,
    with_other_ids,
    with_one_id,
    with_a_damaged_cell,
    with_source_in_one_piece,
    with_metadata_of_no_kind,
    with_huge_outputs,
    with_no_numbers_of_its_format,
    as_of_2014,
]


def edited(change, path, encoding="utf-8-sig", newline="\n"):
    notebook = json.loads(nbformat.writes(solved_notebook()))
    change(notebook)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook, indent=1), encoding=encoding, newline=newline)
    return path


TESTS = [cell for cell in solved_notebook().cells if is_test(cell)]


@pytest.mark.parametrize("change", CHANGES)
def test_what_other_editors_write_is_read_as_a_valid_notebook(tmp_path, change):
    notebook, remarks = read_any_notebook(edited(change, tmp_path / "edited.ipynb"))
    nbformat.validate(notebook)
    tests = [cell for cell in notebook.cells if is_test(cell)]
    assert [exercise_in(cell) for cell in tests] == ["double", "larger"]
    assert all(
        cell.source == cell_of_the_original.source for cell, cell_of_the_original in zip(tests, TESTS, strict=True)
    )
    assert any("damaged" in remark for remark in remarks) == (change in (with_a_damaged_cell, with_metadata_of_no_kind))


@pytest.mark.parametrize(("encoding", "newline"), [("utf-16", "\n"), ("utf-8", "\r\n"), ("utf-32", "\r")])
def test_a_notebook_in_another_encoding_is_read(tmp_path, encoding, newline):
    notebook, remarks = read_any_notebook(edited(lambda notebook: None, tmp_path / "a.ipynb", encoding, newline))
    assert notebook.cells[-1].source == TESTS[-1].source and remarks == []


@pytest.mark.slow
@pytest.mark.parametrize("change", [with_a_damaged_cell, with_metadata_of_no_kind, as_of_2014])
def test_check_runs_what_other_editors_write(course, change):
    path = edited(change, course.root / "mine" / "edited.ipynb")
    result = run("check", path)
    assert result.exit_code == 0, result.output
    assert "5/5" in result.stdout
    assert ("damaged" in result.stdout) == (change is not as_of_2014)
