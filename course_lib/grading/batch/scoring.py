"""Two steps of nbgrader's, where its own end a submission or cost time: what a value earns, and what metadata says."""

from __future__ import annotations

import functools
import traceback

import fastjsonschema
from nbgrader import utils
from nbgrader.nbgraderformat import SchemaTooNewError, SchemaTooOldError, ValidationError
from nbgrader.nbgraderformat.common import BaseMetadataValidator
from nbgrader.nbgraderformat.v3 import MetadataValidatorV3
from nbgrader.preprocessors import CheckCellMetadata, SaveAutoGrades

from course_lib.grading.execute import counted


class SaveScores(SaveAutoGrades):
    """nbgrader's SaveAutoGrades, which takes whatever value a test ends with.

    A number above the maximum counts as the maximum, where nbgrader gives the submission up. A number below 0 or NaN
    counts as 0, where nbgrader gives full points. Each is said in `resources["scoring"]`.
    """

    def _add_score(self, cell, resources):
        credit = partial_credit(cell)
        if credit is None:
            return super()._add_score(cell, resources)
        name, points = cell.metadata["nbgrader"]["grade_id"], float(cell.metadata["nbgrader"]["points"])
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        grade.auto_score = counted(credit, points)
        grade.needs_manual_grade = grade.manual_score is not None
        if grade.auto_score != credit:
            remark = f"The test {name!r} gave {credit:g} of {points:g} points, which counts as {grade.auto_score:g}."
            resources.setdefault("scoring", []).append(remark)
            self.log.warning("%s", remark)
        self.gradebook.db.commit()


def partial_credit(cell) -> float | None:
    """Return the number that a test ends with, or None where nbgrader's own rules do without one."""
    if cell.cell_type != "code" or utils.is_solution(cell):
        return None
    for output in cell.outputs:
        if output.output_type == "error" or output.get("name") == "stderr":
            return None
        if output.output_type == "execute_result":
            text = output["data"].get("text/plain") or str(cell.metadata["nbgrader"]["points"])
            try:
                return float("".join(text) if isinstance(text, list) else text)
            except ValueError:
                return None
    return None


class CheckMetadata(CheckCellMetadata):
    """nbgrader's CheckCellMetadata, which reads and compiles its schemas once instead of for every cell."""

    def preprocess(self, nb, resources):
        try:
            validator().validate_nb(nb)
        except (ValidationError, SchemaTooOldError, SchemaTooNewError) as error:
            self.log.error(traceback.format_exc())
            raise ValidationError(f"The nbgrader metadata is damaged: {error}".splitlines()[0]) from error
        return nb, resources


class _Compiled(BaseMetadataValidator):
    def validate_cell(self, cell):
        metadata = cell.metadata.get("nbgrader")
        if metadata is not None and metadata.get("schema_version") == self.schema_version:
            try:
                self.compiled(metadata)
            except fastjsonschema.JsonSchemaException as error:
                raise ValidationError(str(error)) from None
        else:
            super().validate_cell(cell)


class _Validator(MetadataValidatorV3, _Compiled):
    def __init__(self):
        super().__init__()
        self.compiled = fastjsonschema.compile(self.schema)


@functools.cache
def validator() -> MetadataValidatorV3:
    return _Validator()
