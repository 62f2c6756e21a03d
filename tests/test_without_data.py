"""A chapter whose data set is missing: cells that need it say so, and all others run."""

import re

import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

from course_lib import without_data
from course_lib.without_data import SENTENCE, pass_over
from tests.notebooks.chapters import code_cells, solved


@pytest.fixture
def run(monkeypatch, capsys):
    """Return what a cell of a notebook prints whose cell before found no data."""
    shell = InteractiveShell()
    monkeypatch.setattr(without_data, "get_ipython", lambda: shell)

    def run(cell):
        result = shell.run_cell(cell)
        assert result.success, result.error_in_exec or result.error_before_exec
        return capsys.readouterr().out.strip()

    pass_over("texts", "labels", reason=RuntimeError("There are no reviews: do this.\nTried, in this order: …"))
    run.said = capsys.readouterr().out
    run.shell = shell
    return run


def test_the_reason_is_one_line_that_says_what_to_do(run):
    assert run.said == (
        "There are no reviews: do this. Until then, cells that need the data say so; all exercises work without it.\n"
    )


def test_a_cell_that_needs_the_data_says_so_and_so_does_one_that_needs_what_it_made(run):
    assert run("tokens = [text.split() for text in texts]") == SENTENCE
    assert run("import math\nsize = math.sqrt(len(tokens))") == SENTENCE
    assert run("print(size)") == SENTENCE
    assert "tokens" not in run.shell.user_ns


def test_every_other_cell_runs(run):
    assert run("def count(tokens):\n    return len(tokens)\n\nprint(count('abc'))") == "3"
    assert run("print(count('abcd'))") == "4"
    assert run("for labels in 'ab':\n    print(labels)") == "a\nb"


def test_a_definition_that_reads_the_data_is_kept_and_its_calls_are_passed_over(run):
    assert run("def right(scores):\n    return scores == labels") == ""
    assert run("print(right(3))") == SENTENCE


def test_it_ends_where_the_data_comes(run):
    assert run("more = texts * 2") == SENTENCE
    assert run("texts = ['fine']") == ""
    assert run("more = texts * 2\nprint(more)") == "['fine', 'fine']"
    assert run("print(len(more))") == "2"


def test_said_twice_it_is_done_once(run):
    pass_over("texts", reason=RuntimeError("There are no reviews."))
    assert [type(each).__name__ for each in run.shell.ast_transformers].count("PassingOver") == 1


@pytest.mark.slow
def test_chapter_10_works_without_its_reviews(tmp_path, monkeypatch):
    """Every exercise is checked and solved, no cell fails, and those that need the reviews say so."""
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path))
    notebook = solved("10_imdb_sentiment")
    notebook.cells.insert(0, new_code_cell(NO_REVIEWS))
    NotebookClient(notebook, timeout=600).execute()
    said = [output.get("text", "").strip() for cell in code_cells(notebook) for output in cell.outputs]
    assert sum(text.startswith("No reviews here: do this. Until then") for text in said) == 1
    assert said.count(SENTENCE) > 10
    closing = notebook.cells[-1].outputs[0]["data"]["text/plain"]
    assert re.search(r"You solved (\d+) of \1 exercises and have 30 of 30 points", closing), closing


NO_REVIEWS = """
from course_lib import data

def without_reviews():
    raise data.DataUnavailable("No reviews here: do this.")

data.imdb = without_reviews
"""
