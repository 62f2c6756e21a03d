"""`course progress`, and where a learner goes on: what the record says, beside what the notebooks ask."""

import re

import nbformat
import pytest

from course_lib.checking import progress
from course_lib.commands.course import CourseError
from course_lib.commands.progress import Chapter, Standing, next_step, place_among, place_in
from tests.tiny_course import CHAPTER, cell, learner_course, read, refused, run, write

NOW = "2026-01-01T10:00:{:02}+00:00"


@pytest.fixture
def course(tmp_path, monkeypatch):
    return learner_course(tmp_path, monkeypatch)


def standing(exercise, last=None, passed=False):
    when = NOW.format(last) if last is not None else ""
    return Standing(exercise, 1.0 * passed, 1.0, passed, int(last is not None), 0, False, when)


def chapter(name, *standings):
    return Chapter(name, list(standings), 0, 0)


# --- where to go on


@pytest.mark.parametrize(
    ("standings", "place"),
    [
        ([standing("a"), standing("b")], ""),  # nothing was done: the top
        ([standing("a", 1, True), standing("b", 2), standing("c")], "b"),  # the last one, not solved
        ([standing("a", 1, True), standing("b", 2, True), standing("c"), standing("d")], "c"),  # solved: the next one
        ([standing("a", 9), standing("b", 2), standing("c", 5, True)], "a"),  # tried last, wherever it stands
        ([standing("a"), standing("b", 2, True), standing("c", 3, True)], "a"),  # after the end, what was left out
        ([standing("a", 5), standing("b", 5, True), standing("c")], "c"),  # in the same second: the later one
        ([standing("a", 1, True), standing("b", 2, True)], ""),
        ([], ""),
    ],
)
def test_a_chapter_goes_on_at_what_was_tried_last_or_the_next_that_is_not_solved(standings, place):
    assert place_among(standings) == place


def test_the_course_goes_on_in_the_chapter_of_last_time_and_then_in_the_next():
    first, second = chapter("00_first", standing("a")), chapter("01_second", standing("b"), standing("c"))
    assert str(next_step([first, second])) == "00 · first" and next_step([first, second]).is_first
    second = chapter("01_second", standing("b", 3, True), standing("c"))
    assert str(next_step([first, second])) == "01 · c" and not next_step([first, second]).is_first
    done = chapter("01_second", standing("b", 3, True), standing("c", 4, True))
    third = chapter("02_third", standing("d"))
    assert str(next_step([first, done, third])) == "02 · third"
    assert str(next_step([first, done])) == "00 · first"  # what was left out before
    assert next_step([done]) is None and next_step([]) is None


def test_the_place_is_the_text_that_asks_or_else_the_answer(course):
    path = course.work / CHAPTER / "tiny.ipynb"
    notebook = read(course.notebooks / CHAPTER / "tiny.ipynb")
    cell(notebook, "larger-solution").id, cell(notebook, "double-solution").id = "larger-answer", "double-answer"
    write(path, notebook)
    assert place_in(path, course.work) == ""
    progress.record_check("double", 2, 2, None)
    assert place_in(path, course.work) == "larger-answer"
    at = next(index for index, each in enumerate(notebook.cells) if each.id == "larger-answer")
    notebook.cells.insert(at, nbformat.v4.new_markdown_cell("Write `larger`.", id="larger-task"))
    write(path, notebook)
    assert place_in(path, course.work) == "larger-task"
    # Other programs give cells other ids: then it is the cell of the check.
    cell(notebook, "larger-answer").id = "1f"
    write(path, notebook)
    assert place_in(path, course.work) == "larger-test"
    progress.record_check("larger", 3, 3, None)
    assert place_in(path, course.work) == ""
    path.write_text("{")
    with pytest.raises(CourseError):
        place_in(path, course.work)


# --- what is printed


def lines(*arguments):
    result = run("progress", *arguments)
    assert result.exit_code == 0, result.output
    return [line.split() for line in result.stdout.splitlines()]


@pytest.fixture
def one_chapter(course):
    """The tiny chapter alone, with an exercise in it that nobody has tried."""
    (course.notebooks / "01_other" / "other.ipynb").unlink()
    path = course.notebooks / CHAPTER / "tiny.ipynb"
    notebook = read(path)
    test = cell(notebook, "larger-test").copy()
    test.id, test.source = "last-test", test.source.replace("larger", "last")
    notebook.cells.append(test)
    write(path, notebook)
    return course


def test_progress_begins_with_a_line_a_chapter_and_ends_with_where_to_go_on(course):
    assert lines()[1:] == [
        ["·", CHAPTER, "0/2", "0/5"],
        ["·", "01_other", "0/2", "0/5"],
        ["total", "0/4", "0/10"],
        ["Begin:", "00", "·", "tiny", "→", "course", "lab", "00"],
    ]


def test_progress_counts_what_was_solved_and_names_the_next_exercise(one_chapter):
    progress.record_check("double", 2, 2, None)
    progress.record_hint("larger")
    progress.record_check("larger", 1.5, 3, progress.Failed("sum", "0"))
    progress.record_solution("larger")
    assert lines() == [
        ["chapter", "solved", "points"],
        ["·", CHAPTER, "1/3", "3.5/8"],
        ["total", "1/3", "3.5/8"],
        ["Continue:", "00", "·", "larger", "→", "course", "lab", "00"],
    ]
    assert lines("tiny") == [
        ["exercise", "points", "what", "it", "took"],
        ["✓", "double", "2/2", "1", "try"],
        ["✗", "larger", "1.5/3", "1", "try,", "1", "hint,", "solution", "shown"],
        ["·", "last", "0/3"],
        ["1", "of", "3", "3.5/8"],
        ["Continue:", "00", "·", "larger", "→", "course", "lab", "00"],
    ]


def test_when_all_is_solved_progress_says_so_and_what_there_is_next(course):
    for name, points in (("double", 2), ("larger", 3)):
        progress.record_check(name, points, points, None)
    told = run("progress").stdout
    assert told.splitlines()[3].split() == ["total", "4/4", "10/10"] and "✓ 01_other" in told
    said = " ".join(told.split())
    assert "All exercises of all 2 chapters are solved" in said and "`course library`" in said
    assert "Continue" not in told
    assert "`course progress` says where to go on" in " ".join(run("progress", "0").stdout.split())


def test_progress_says_what_was_foreseen(one_chapter):
    path = one_chapter.notebooks / CHAPTER / "tiny.ipynb"
    notebook = read(path)
    asked = [nbformat.v4.new_code_cell(f'guess("{name}", "How many?")') for name in ("one", "two", "three", "four")]
    notebook.cells += asked
    write(path, notebook)
    assert "foresaw" not in run("progress").stdout
    for name, was_foreseen in (("one", True), ("two", False), ("three", None), ("elsewhere", True)):
        progress.record_guess(name, 1.0)
        progress.record_reveal(name, was_foreseen)
    progress.record_guess("four", 1.0)
    assert "You foresaw 1 of 2.\n" in run("progress").stdout
    assert "You foresaw 1 of 2.\n" in run("progress", "tiny").stdout


@pytest.mark.parametrize("arguments", [(), ("00",)])
def test_it_fits_forty_columns(one_chapter, monkeypatch, arguments):
    monkeypatch.setenv("COLUMNS", "40")
    path = one_chapter.notebooks / CHAPTER / "tiny.ipynb"
    path.write_text(path.read_text().replace('check(\\"last\\"', 'check(\\"activation_questions\\"'))
    progress.record_check("larger", 1.5, 3, progress.Failed("sum", "0"))
    progress.record_hint("larger")
    told = run("progress", *arguments).stdout
    assert max(map(len, told.splitlines())) <= 40
    if arguments:
        assert [word for word in ("activation_questions", "1.5/3", "1", "try,", "1", "hint") if word not in told] == []
    assert re.search(r"^Continue: 00 · larger → course lab 00$", told, re.MULTILINE)


def test_a_chapter_without_exercises_is_told(course):
    path = course.notebooks / "01_other" / "other.ipynb"
    notebook = read(path)
    notebook.cells = notebook.cells[:2]
    write(path, notebook)
    assert refused("progress", "other") == "There are no exercises in 01_other.\n"
    assert [line[:2] for line in lines()[1:]] == [["·", CHAPTER], ["total", "0/2"], ["Begin:", "00"]]
