"""A chapter is for one who knows Python and school calculus: terms explained first, honest times, and their own code used."""

import ast
import re
from functools import cache
from itertools import pairwise

import pytest

from course_lib.exercises import of_chapter
from tests.notebooks.chapters import (
    CHAPTERS,
    ROOT,
    code_cells,
    each_chapter,
    is_answer,
    is_check,
    prose,
    role,
    solved,
    words,
)

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ENTRIES = dict(re.findall(r"^## (.+)\n\n((?:.+\n)+)", GLOSSARY, flags=re.MULTILINE))
LINK = re.compile(r"\[(?P<bold>\*\*)?(?P<term>[^\]*]+)(?:\*\*)?\]\(\.\./glossary\.md#(?P<anchor>[^)]+)\)")
WORDS_A_MINUTE = 120


@cache
def introduced(chapter: str) -> list[str]:
    """Return the anchors of the terms that a chapter explains, in order: those whose link is bold."""
    return [link["anchor"] for link in LINK.finditer(prose(solved(chapter))) if link["bold"]]


def anchor(term: str) -> str:
    """Return the anchor that JupyterLab gives a heading."""
    return term.replace(" ", "-")


def test_the_glossary_is_in_order_and_says_where_a_term_is_from():
    assert list(ENTRIES) == sorted(ENTRIES, key=str.casefold)
    for term, text in ENTRIES.items():
        (number,) = re.findall(r"From\s+chapter\s+(\d\d)\.", text)
        (chapter,) = [chapter for chapter in CHAPTERS if anchor(term) in introduced(chapter)]
        assert chapter.startswith(number), f"{term} is explained in {chapter}"


@each_chapter
def test_a_new_term_is_explained_once_and_is_in_the_glossary(chapter):
    new = introduced(chapter)
    assert new and len(new) == len(set(new))
    by_anchor = {anchor(term): text for term, text in ENTRIES.items()}
    for link in LINK.finditer(prose(solved(chapter))):
        assert link["anchor"] in map(anchor, ENTRIES), link[0]
        if not link["bold"]:
            number = re.search(r"chapter\s+(\d\d)\.", by_anchor[link["anchor"]])[1]
            assert number < chapter[:2] or link["anchor"] in new, f"{link['term']} is used before it is explained"


@each_chapter
def test_a_section_brings_at_most_three_new_terms(chapter):
    for section in re.split(r"^#{2,3} ", prose(solved(chapter)), flags=re.MULTILINE):
        assert len([link for link in LINK.finditer(section) if link["bold"]]) <= 3, section[:60]


@each_chapter
def test_the_time_is_that_of_its_words_and_exercises(chapter):
    reading = len(words(prose(solved(chapter)))) / WORDS_A_MINUTE
    minutes = reading + sum(exercise.minutes for exercise in of_chapter(chapter))
    stated = int(re.search(r"\*\*About (\d+) minutes", solved(chapter).cells[0].source)[1])
    assert stated == 5 * round(minutes / 5), f"{minutes:.0f} minutes"
    (row,) = re.findall(rf"^\| {chapter} \|.*\| (\d+) min \|", (ROOT / "README.md").read_text(), flags=re.MULTILINE)
    assert int(row) == stated


@each_chapter
def test_a_tasks_heading_says_points_minutes_and_level(chapter):
    points = {role(cell)["grade_id"]: role(cell)["points"] for cell in code_cells(solved(chapter)) if is_check(cell)}
    for exercise in of_chapter(chapter):
        if exercise.kind not in ("quiz", "read the picture"):
            worth = points[f"{exercise.name}-check"]
            told = rf"worth {worth} points?, {exercise.minutes} minutes, level {exercise.level}"
            assert re.search(rf"^### `{exercise.name}\b.*`\n\n\*{told}\.\*$", prose(solved(chapter)), re.MULTILINE), (
                told
            )


@each_chapter
def test_at_most_a_third_of_the_points_is_for_a_formula_in_numpy(chapter):
    kinds = {exercise.name: exercise.kind for exercise in of_chapter(chapter)}
    points = {
        cell.id.removesuffix("-check"): role(cell)["points"] for cell in code_cells(solved(chapter)) if is_check(cell)
    }
    assert 3 * sum(points[name] for name, kind in kinds.items() if kind == "formula") <= sum(points.values())


@each_chapter
def test_what_the_learner_has_written_is_used_from_then_on(chapter):
    """No later cell calls our function of the same name; a proof may."""
    written: set[str] = set()
    for before, cell in pairwise(solved(chapter).cells):
        if cell.cell_type != "code" or is_answer(cell) or "proof" in cell.metadata.get("tags", []):
            continue
        if is_check(cell):
            written.add(before.id.removesuffix("-answer"))
            continue
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Attribute) and node.attr in written:
                owner = ast.unparse(node.value)
                assert owner == "yours" or owner.startswith("keras"), f"cell {cell.id}: {owner}.{node.attr}"


@each_chapter
def test_predictions_are_asked_and_none_is_left_to_the_text(chapter):
    asked = [cell for cell in code_cells(solved(chapter)) if re.match(r"guess\(", cell.source)]
    assert len(asked) >= 3 and "**Predict" not in prose(solved(chapter))


@each_chapter
def test_every_picture_has_an_alt_text_of_its_own(chapter):
    for cell in code_cells(solved(chapter)):
        assert "plt.show()" not in cell.source, f"cell {cell.id}: style.show(…) takes an alt text"
