"""What is wrong with a solved notebook that is to be released, and with the student version made of it."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

from nbformat import NotebookNode

from course_lib.grading.split import plan
from course_lib.grading.split.syntax import bound_by, needed_by
from course_lib.grading.student_version import PROOF

# Words joined by hyphens or underscores, which a hand writes (in upper case, too: an exercise may ask for a class); a
# machine begins an id with eight hexadecimal digits.
WORDS = re.compile(r"[A-Za-z][A-Za-z0-9]*([-_][A-Za-z0-9]+)*")
MACHINE_MADE = re.compile(r"(?=[a-f]*[0-9])[0-9a-f]{8}(-.*)?")

REGIONS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")

# A solution this short, in characters without white space, may well stand elsewhere by accident (`return x`).
TELLING = 25


def problems(notebook: NotebookNode) -> list[str]:
    """Say, a sentence each, what keeps the solved `notebook` from being released."""
    found = []
    ids = Counter(cell.get("id") for cell in notebook.cells)
    grade_ids = Counter(role(cell).get("grade_id") for cell in notebook.cells if role(cell))
    for cell in notebook.cells:
        name = cell.get("id", "?")
        if not WORDS.fullmatch(name) or MACHINE_MADE.fullmatch(name):
            found.append(
                f"cell {name}: give it an id of words, like softmax-test; ids are compared from version to version"
            )
        if ids[name] > 1:
            found.append(f"cell {name}: {ids[name]} cells have this id")
        grade_id = role(cell).get("grade_id")
        if grade_ids[grade_id] > 1:
            found.append(f"cell {name}: {grade_ids[grade_id]} cells have the grade_id {grade_id}")
        found += [f"cell {name}: {problem}" for problem in cell_problems(cell)]
    found += proof_problems(notebook)
    return list(dict.fromkeys(found))


def proof_problems(notebook: NotebookNode) -> Iterator[str]:
    """Yield what would not hold any more where the cells tagged `proof` are left out."""
    proofs = [cell for cell in notebook.cells if is_proof(cell)]
    if not proofs:
        return
    others = [cell for cell in notebook.cells if cell.cell_type == "code" and not is_proof(cell)]
    needed = [(cell.get("id", "?"), needed_by(tree_of(cell))) for cell in others]
    for cell in proofs:
        name = cell.get("id", "?")
        if cell.cell_type != "code" or role(cell):
            yield f"cell {name}: tagged proof, and releases leave such cells out: it can be no text, answer or test"
            continue
        bound = bound_by(tree_of(cell).body)
        for reader, names in needed:
            for shared in sorted(bound & names):
                yield f"cell {name}: tagged proof, but cell {reader} reads its `{shared}`, and releases leave it out"


def is_proof(cell: NotebookNode) -> bool:
    return PROOF in cell.metadata.get("tags", [])


def tree_of(cell: NotebookNode) -> ast.Module:
    return plan.tree_of(plan.TeacherCell(cell.get("id", "?"), cell.source, "other"))


def cell_problems(cell: NotebookNode) -> Iterator[str]:
    """Yield what is wrong with one cell of a solved notebook."""
    for region in REGIONS:
        begins, ends = (len(re.findall(rf"{word} {region}", cell.source)) for word in ("BEGIN", "END"))
        if begins != ends:
            yield f"{begins} BEGIN {region} and {ends} END {region}"
    is_solution, is_test = role(cell).get("solution", False), role(cell).get("grade", False)
    if "BEGIN SOLUTION" in cell.source and not is_solution:
        yield "a BEGIN SOLUTION region, but nbgrader's metadata does not call it a solution cell"
    if "BEGIN HIDDEN TESTS" in cell.source and (is_solution or not is_test):
        yield "a BEGIN HIDDEN TESTS region, but nbgrader's metadata does not call it a test cell"
    if cell.cell_type != "code":
        return
    if is_solution and "BEGIN SOLUTION" not in cell.source:
        yield "a solution cell without ### BEGIN SOLUTION and ### END SOLUTION, so that all of it would vanish"
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if errors:
        yield f"its stored output is an error, {errors[0].ename}: {errors[0].evalue}"
    elif is_test and not is_solution:
        yield from test_problems(cell)


def test_problems(cell: NotebookNode) -> Iterator[str]:
    """Yield what is wrong with the stored outputs of a test cell, which has to earn all its points."""
    if any(output.get("name") == "stderr" for output in cell.outputs):
        yield "its stored output has a line on stderr, for which nbgrader gives no points"
    points = float(role(cell)["points"])
    if cell.execution_count is None:
        yield "it was never run: `course release --run` does that"
    for output in cell.outputs:
        if output.output_type == "execute_result":
            shown = "".join(output["data"].get("text/plain", ""))
            try:
                earned = float(shown)
            except ValueError:
                continue
            if earned != points:
                yield f"our own solution earns {shown} of {points:g} points"


def leaks(solved: NotebookNode, released: NotebookNode) -> list[str]:
    """Say where the student version `released` still shows a solution, a hidden test, or an output of `solved`."""
    found = []
    secrets = [(cell.get("id", "?"), region) for cell in solved.cells for region in hidden_regions(cell)]
    for cell in released.cells:
        name = cell.get("id", "?")
        found += [
            f"cell {name} still has {word} {region}"
            for region in REGIONS
            for word in ("BEGIN", "END")
            if f"{word} {region}" in cell.source
        ]
        if cell.get("outputs") or cell.get("execution_count"):
            found.append(f"cell {name} still has its output")
        if cell.cell_type == "code":
            source = squeeze(cell.source)
            found += [f"cell {name} repeats the solution of {origin}" for origin, region in secrets if region in source]
    return found


def hidden_regions(cell: NotebookNode) -> Iterator[str]:
    """Yield each solution region of a code cell that is long enough to be recognized, without white space."""
    if cell.cell_type == "code":
        for region in re.findall(r"BEGIN SOLUTION[^\n]*\n(.*?)\n[^\n]*END SOLUTION", cell.source, flags=re.DOTALL):
            region = squeeze(region)
            if len(region) >= TELLING:
                yield region


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def role(cell: NotebookNode) -> dict:
    """Return nbgrader's metadata of the cell, empty where it has none."""
    return cell.metadata.get("nbgrader", {})
