"""nbgrader preprocessors that make the student version of a chapter: what it has besides stubs, and what it lacks."""

from __future__ import annotations

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearSolutions, NbGraderPreprocessor

from course_lib import exercises
from course_lib.checking.repair import defined_in, with_the_bug

PROOF = "proof"  # the tag of cells that prove to CI what the chapter says


class LeaveOutProofs(NbGraderPreprocessor):
    """Leaves out the cells that are tagged `proof`."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        nb.cells = [cell for cell in nb.cells if PROOF not in cell.metadata.get("tags", [])]
        return nb, resources


class ClearSolutionsOrBreakThem(ClearSolutions):
    """nbgrader's ClearSolutions; in a repair, the code with the bug takes the place of the stub.

    It is configured as `c.ClearSolutions`.
    """

    def preprocess_cell(self, cell: NotebookNode, resources: dict, cell_index: int) -> tuple[NotebookNode, dict]:
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution"):
            chapter, defined = resources["nbgrader"]["assignment"], defined_in(cell.source)
            for exercise in exercises.of_chapter(chapter) if chapter in exercises.CHAPTERS else ():
                if exercise.buggy is not None and exercise.name in defined:
                    cell.source = with_the_bug(cell.source, exercise)
                    return cell, resources
        return super().preprocess_cell(cell, resources, cell_index)
