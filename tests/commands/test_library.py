"""`course library`, as a learner types it."""

import pytest

from course_lib.library.shelf import Draft, Entry, Shelf
from course_lib.library.verify import settle
from tests.library.answers import RELU, SOFTMAX
from tests.tiny_course import learner_course, run


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    learner_course(tmp_path, monkeypatch)
    return Shelf()


def keep(shelf, name, source):
    shelf.submit(Draft(name, "01_activations", "activations", "import numpy as np\n\n\n" + source))
    settle(shelf, name)


def rows(result):
    return {line.split()[1]: " ".join(line.split()) for line in result.stdout.splitlines() if line[:1] in "✓✗"}


def test_an_empty_library_says_how_it_is_filled(shelf):
    result = run("library")
    assert result.exit_code == 0 and "Nothing yet" in result.stdout and not shelf.folder.exists()


def test_it_lists_what_was_written_and_whether_it_is_used(shelf, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    keep(shelf, "softmax", SOFTMAX)
    keep(shelf, "relu", RELU)
    result = run("library")
    assert result.exit_code == 0
    assert rows(result) == {
        "relu": "✓ relu 01_activations 4 activations.py used",
        "softmax": "✓ softmax 01_activations 7 activations.py used",
    }
    assert list(rows(result)) == ["relu", "softmax"]  # the chapter's order
    told = result.stdout.splitlines()[-1]
    assert told.startswith("2 of the 16 functions of the network of chapter 14 are yours. The course's serve for ")
    assert "Adam (chapter 05)" in told and "relu" not in told.replace("leaky_relu", "")
    file = shelf.folder / "activations.py"
    file.write_text(file.read_text().replace("(x, 0)", "(x, 1)"))
    result = run("library")
    assert result.exit_code == 1
    assert "✓ softmax" in rows(result)["softmax"] and "not used: it does not pass" in rows(result)["relu"]


def test_it_says_why_the_last_answer_was_not_kept(shelf, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    shelf.change({"tanh": lambda known: Entry(chapter="01_activations", why_refused="it reads `data`")})
    result = run("library")
    assert result.exit_code == 1 and "not used: it reads `data`" in rows(result)["tanh"]
