"""The tests of this folder on a chapter with one thing broken: each must notice."""

import copy
import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from tests.notebooks import test_released, test_solutions
from tests.notebooks.chapters import released, role, solved

CHAPTER = "00_welcome"
CHECK_ID, ANSWER_ID = "prediction_error-check", "prediction_error-answer"


def cell(notebook, name):
    return next(cell for cell in notebook.cells if cell.id == name)


def replace(name, old, new):
    def change(notebook):
        assert old in cell(notebook, name).source
        cell(notebook, name).source = cell(notebook, name).source.replace(old, new)

    return change


def prints(text, stream="stdout"):
    def change(notebook):
        cell(notebook, "imports").outputs.append(new_output("stream", name=stream, text=text))

    return change


def adds(new_cell):
    def change(notebook):
        notebook.cells.insert(5, copy.deepcopy(new_cell))

    return change


def drops(name):
    def change(notebook):
        notebook.cells.remove(cell(notebook, name))

    return change


def shows_an_error(notebook):
    cell(notebook, "imports").outputs.append(new_output("error", ename="ValueError", evalue="no", traceback=[]))


def was_not_run(notebook):
    cell(notebook, "imports").execution_count = None


def has_another_kernel(notebook):
    notebook.metadata.kernelspec["display_name"] = "Python 3 (ipykernel)"


def has_a_machines_id(notebook):
    cell(notebook, "imports").id = "3f2a91bc-0d5e"


def gives_other_points(notebook):
    role(cell(notebook, CHECK_ID))["points"] = 4


def has_a_picture_without_words(notebook):
    picture = cell(notebook, "bug-run")
    picture.outputs = [output for output in picture.outputs if output.output_type != "stream"]
    for output in picture.outputs:
        if "<img" in output.get("data", {}).get("text/html", ""):
            output.data["text/html"] = re.sub('alt="[^"]*"', 'alt="It climbs."', output.data["text/html"])


BROKEN_SOLUTIONS = [
    ("test_it_can_be_released", has_a_machines_id),
    ("test_it_can_be_released", replace(ANSWER_ID, "### END SOLUTION", "")),
    ("test_metadata_say_nothing_of_a_machine", has_another_kernel),
    ("test_its_bones_are_in_order", replace("words-result", "## Why this matters", "## Motivation")),
    ("test_its_bones_are_in_order", replace("title", "# 00", "## 00")),
    ("test_its_bones_are_in_order", replace("title", "minutes", "moments")),
    ("test_its_bones_are_in_order", drops("bug")),
    ("test_it_is_short_enough", adds(new_markdown_cell("word " * 4000, id="long"))),
    ("test_it_is_short_enough", adds(new_code_cell("x = 1\n" * 26, id="long"))),
    ("test_it_was_run_once_from_top_to_bottom_without_a_complaint", shows_an_error),
    ("test_it_was_run_once_from_top_to_bottom_without_a_complaint", was_not_run),
    ("test_it_was_run_once_from_top_to_bottom_without_a_complaint", prints("a warning", stream="stderr")),
    ("test_it_stores_nothing_volatile", prints("<function f at 0x7f3a5c1d2e50>")),
    ("test_it_stores_nothing_volatile", prints("saved to /tmp/tmpab12/model.keras")),
    ("test_it_stores_nothing_volatile", prints("469/469 - 3s - 6ms/step - loss: 0.21")),
    ("test_it_stores_nothing_volatile", prints("finished at 14:05:09")),
    ("test_graded_cells_check_every_exercise_in_order", replace(CHECK_ID, ", seed=student_seed()", "")),
    ("test_graded_cells_check_every_exercise_in_order", replace(CHECK_ID, "&=", "=")),
    ("test_graded_cells_check_every_exercise_in_order", gives_other_points),
    ("test_graded_cells_check_every_exercise_in_order", drops(CHECK_ID)),
    ("test_graded_cells_check_every_exercise_in_order", drops("quiz_welcome-check")),
    ("test_nothing_but_the_answer_has_an_exercises_name", replace("two-broken-answers", "never_ends", "walk_downhill")),
    ("test_nothing_but_the_answer_has_an_exercises_name", replace("imports", "import welcome", "import *")),
    ("test_exercises_do_not_use_each_others_answers", replace("outlier-run", "yours.rescale", "rescale")),
    ("test_every_picture_is_told_in_words", has_a_picture_without_words),
    ("test_every_picture_is_told_in_words", replace("bug-run", "style.show(", "print(plt, ")),
]


@pytest.mark.parametrize(
    ("test", "change"), BROKEN_SOLUTIONS, ids=[f"{i}-{test}" for i, (test, _) in enumerate(BROKEN_SOLUTIONS)]
)
def test_a_broken_solution_is_noticed(monkeypatch, test, change):
    notebook = solved(CHAPTER)
    monkeypatch.setattr(test_solutions, "solved", lambda chapter: notebook)
    getattr(test_solutions, test)(CHAPTER)
    change(notebook)
    with pytest.raises(AssertionError):
        getattr(test_solutions, test)(CHAPTER)


def test_british_spelling_is_noticed(monkeypatch, tmp_path):
    notebook = solved(CHAPTER)
    monkeypatch.setattr(test_solutions, "solved", lambda chapter: notebook)
    notebook.cells.append(new_markdown_cell("The colo" + "ur of it.", id="last"))
    with pytest.raises(AssertionError, match="color"):
        test_solutions.test_its_spelling_is_american(CHAPTER, tmp_path)


def has_an_output(notebook):
    cell(notebook, "imports").outputs = [new_output("stream", text="left over")]


def lacks_a_cell(notebook):
    del notebook.cells[3]


def tells_the_solution(notebook):
    cell(notebook, ANSWER_ID).source = cell(solved(CHAPTER), ANSWER_ID).source.replace("### ", "# ")


def keeps_the_hidden_tests(notebook):
    cell(notebook, CHECK_ID).source = cell(solved(CHAPTER), CHECK_ID).source


@pytest.mark.parametrize("change", [has_an_output, lacks_a_cell, tells_the_solution, keeps_the_hidden_tests])
def test_a_leak_is_noticed(monkeypatch, change):
    notebook = released(CHAPTER)
    monkeypatch.setattr(test_released, "released", lambda chapter: notebook)
    test_released.test_it_gives_nothing_away(CHAPTER)
    change(notebook)
    with pytest.raises(AssertionError):
        test_released.test_it_gives_nothing_away(CHAPTER)


@pytest.mark.slow
def test_an_answer_that_works_before_it_is_written_is_noticed(monkeypatch, tmp_path):
    notebook = released(CHAPTER)
    monkeypatch.setattr(test_released, "released", lambda chapter: notebook)
    # Only what the exercise needs, so that this takes no chapter's time.
    notebook.cells = [cell(notebook, name) for name in ("imports", ANSWER_ID, CHECK_ID)]
    cell(notebook, ANSWER_ID).source = "def prediction_error(y_true, y_pred):\n    return 0.0"
    with pytest.raises(AssertionError, match="prediction_error-check"):
        test_released.test_untouched_it_runs_through_and_says_what_is_still_to_do(CHAPTER, tmp_path)
