"""What a solved chapter must be, besides reproducing its outputs (`pytest --nbval solutions` looks at that)."""

import ast
import json
import re
import subprocess
import sys
from itertools import pairwise

import pytest
from typer.testing import CliRunner

from course_lib import cli
from course_lib.commands.lint import problems
from course_lib.exercises import of_chapter
from course_lib.library.serving import is_piece
from course_lib.predictions import names_in
from tests.notebooks.chapters import (
    CHAPTERS,
    CHECK,
    COURSE,
    code_cells,
    each_chapter,
    headings,
    images,
    is_answer,
    is_check,
    is_demo,
    notebook_path,
    output_texts,
    prose,
    role,
    solved,
    words,
)

# A chapter's bones, in order; each is looked for in the headings after the one before.
BONES = (
    "why this matters",
    "build it yourself",
    "against keras",
    "spot the bug",
    "quiz",
    "remember",
    "further reading",
)
MOST_WORDS, MOST_LINES = 4000, 25
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}

# What is another text on every machine or in every run.
VOLATILE = {
    "an address": r"\b0x[0-9a-f]{6,}",
    "a path": r"(?<![\w.])/(tmp|home|root|Users|var|opt|usr)/|site-packages|ipykernel_",
    "a timing": r"\d(\.\d+)? ?(s|ms|us|µs)/(step|epoch|sample)|\d+/\d+ [━=]+|\bETA\b",
    "a time of day": r"\b\d\d:\d\d:\d\d\b",
    "a color code of a terminal": r"\x1b\[",
}


def test_there_are_chapters():
    assert {"00_welcome", "01_activations", "08_mnist_mlp"} <= set(CHAPTERS)


@each_chapter
def test_a_chapter_is_one_notebook(chapter):
    assert re.fullmatch(r"\d\d_[a-z]+(_[a-z0-9]+)*", chapter)
    assert [path.name for path in (COURSE.solutions / chapter).glob("*.ipynb")] == [
        notebook_path(COURSE.solutions, chapter).name
    ]


@each_chapter
def test_it_can_be_released(chapter):
    assert problems(solved(chapter)) == []


@each_chapter
def test_metadata_say_nothing_of_a_machine(chapter):
    notebook = solved(chapter)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata == {"kernelspec": KERNEL, "language_info": {"name": "python"}}


@each_chapter
def test_its_bones_are_in_order(chapter):
    notebook = solved(chapter)
    first, *others = headings(notebook)
    assert notebook.cells[0].cell_type == "markdown" and first.level == 1
    assert all(heading.level > 1 for heading in others)
    assert re.search(r"\d+ minutes", notebook.cells[0].source), "the learner's time is not stated at the top"
    remaining = iter(heading.text.lower() for heading in others)
    missing = [bone for bone in BONES if not any(bone in heading for heading in remaining)]
    assert not missing, f"no heading (or not in this order): {missing[0]!r}; there are {[h.text for h in others]}"


@each_chapter
def test_it_is_short_enough(chapter):
    notebook = solved(chapter)
    assert len(words(prose(notebook))) <= MOST_WORDS
    long = {cell.id: len(cell.source.splitlines()) for cell in code_cells(notebook)}
    assert {name: lines for name, lines in long.items() if lines > MOST_LINES} == {}


@each_chapter
def test_it_was_run_once_from_top_to_bottom_without_a_complaint(chapter):
    cells = code_cells(solved(chapter))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        assert not [output for output in cell.outputs if output.output_type == "error"], cell.id
        assert not [output.text for output in cell.outputs if output.get("name") == "stderr"], cell.id


@each_chapter
def test_it_stores_nothing_volatile(chapter):
    for cell in code_cells(solved(chapter)):
        for text in output_texts(cell):
            for what, pattern in VOLATILE.items():
                assert not (found := re.search(pattern, text)), f"cell {cell.id} shows {what}: {found[0]!r}"


@each_chapter
def test_graded_cells_check_every_exercise_in_order(chapter):
    cells = solved(chapter).cells
    names, total = [], 0
    for before, cell in pairwise(cells):
        if not is_check(cell):
            continue
        match = CHECK.fullmatch(cell.source)
        assert match, f"cell {cell.id} is not written like every graded cell:\n{cell.source}"
        name, points = match["name"], int(match["points"])
        assert (cell.id, role(cell)["grade_id"], role(cell)["points"]) == (f"{name}-check", f"{name}-check", points)
        assert (before.id, role(before).get("grade_id")) == (f"{name}-answer", f"{name}-answer")
        assert role(cell)["locked"] and not is_demo(cell) and not is_demo(before)
        assert re.search(rf"^(def|class) {name}\b", before.source, flags=re.MULTILINE)
        names.append(name)
        total += points
    assert names == [exercise.name for exercise in of_chapter(chapter)]
    assert len(names) == sum(is_answer(cell) for cell in cells)
    assert names[-1] == f"quiz_{chapter.partition('_')[2]}" or names[-1].startswith("quiz_")
    assert total > 0 and total % 5 == 0, f"{total} points"


@each_chapter
def test_it_closes_with_its_points_and_the_way_on(chapter):
    """On an empty home with right answers, so that what is stored comes out on every machine."""
    *cells, last = solved(chapter).cells
    points = sum(role(cell)["points"] for cell in cells if is_check(cell))
    assert (last.id, last.source) == (
        "closing",
        f'from course_lib import closing\n\nclosing("{chapter}", points={points})',
    )
    told = last.outputs[0]["data"]["text/plain"]
    asked = of_chapter(chapter)
    assert f"You solved {len(asked)} of {len(asked)} exercises and have {points} of {points} points." in told
    assert re.search("^You built " + ", ".join(each.name for each in asked if is_piece(each)), told, re.MULTILINE)
    assert "not used" not in told and "cannot" not in told


@each_chapter
def test_nothing_but_the_answer_has_an_exercises_name(chapter):
    """What follows an exercise uses course_lib's reference: a cell that rebinds the name would hide the answer."""
    names = {exercise.name for exercise in of_chapter(chapter)}
    for cell in code_cells(solved(chapter)):
        bound = set()
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                bound.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                bound.add(node.id)
            elif isinstance(node, ast.alias):
                assert node.name != "*", f"cell {cell.id} imports *"
                bound.add((node.asname or node.name).partition(".")[0])
        allowed = {cell.id.removesuffix("-answer")} if is_answer(cell) else set()
        assert not (bound & names) - allowed, cell.id


@each_chapter
def test_exercises_do_not_use_each_others_answers(chapter):
    """An unsolved exercise must not break what follows: outside its own two cells an exercise's name is not read."""
    names = {exercise.name for exercise in of_chapter(chapter)}
    for cell in code_cells(solved(chapter)):
        own = {cell.id.rpartition("-")[0]} if is_answer(cell) or is_check(cell) else set()
        read = {node.id for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Name)}
        assert not (read & names) - own, cell.id


@each_chapter
def test_every_picture_is_told_in_words(chapter):
    cells = solved(chapter).cells
    for cell, following in zip(cells, [*cells[1:], None], strict=True):
        if not images(cell):
            continue
        printed = "".join(output.text for output in cell.outputs if output.output_type == "stream")
        shown = "".join(output_texts(cell))
        told = [printed, *re.findall(r'<img [^>]*alt="([^"]*)"', shown), *re.findall("<figcaption>(.*?)<", shown)]
        told = " ".join(filter(None, told))
        if not told and following is not None and following.cell_type == "markdown":
            told = following.source
        assert len(words(told)) >= 6 and re.search(r"\d", told), f"cell {cell.id}: no sentence says what it shows"
        assert "plt" not in cell.source or "style.show(" in cell.source, cell.id
        assert max(len(str(output.get("data", {}))) for output in cell.outputs) < 400_000, f"cell {cell.id} is large"


@each_chapter
def test_its_spelling_is_american(chapter, tmp_path):
    """In the prose, and in every message and hint."""
    told = [prose(solved(chapter))]
    for exercise in of_chapter(chapter):
        told += [*exercise.hints, *(f"{m.cause} {m.cure}" for m in exercise.misconceptions)]
    (tmp_path / "told.md").write_text("\n".join(told), encoding="utf-8")
    command = [sys.executable, "-m", "codespell_lib", "--builtin", "clear,rare,en-GB_to_en-US", "told.md"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_prediction_has_a_name_of_its_own_and_one_result_after_it():
    asked = []
    for chapter in CHAPTERS:
        called = [
            (name, function)
            for cell in code_cells(solved(chapter))
            for function in ("guess", "reveal")
            for name in names_in(cell.source, function)
        ]
        for name in {name for name, _ in called}:
            assert [function for known, function in called if known == name] == ["guess", "reveal"], (chapter, name)
            asked.append(name)
        shown = "".join(text for cell in code_cells(solved(chapter)) for text in output_texts(cell))
        assert "(none of the choices)" not in shown, chapter
    assert len(asked) == len(set(asked))


@pytest.mark.chapters
@each_chapter
def test_solutions_earn_every_point_without_the_demonstrations(chapter):
    """As `course check` and a grader run it. Nothing graded may depend on a demonstration."""
    notebook = notebook_path(COURSE.solutions, chapter)
    result = CliRunner().invoke(cli.app, ["check", str(notebook), "--json"])
    told = json.loads(result.stdout)
    assert [row["exercise"] for row in told["exercises"]] == [exercise.name for exercise in of_chapter(chapter)]
    assert [f"{row['exercise']}: {row['message']}" for row in told["exercises"] if not row["passed"]] == []
    assert result.exit_code == 0 and told["points"] == told["max_points"]
