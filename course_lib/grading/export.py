"""`nbgrader export` as a CSV file that a spreadsheet reads as it was meant. The columns are nbgrader's."""

from __future__ import annotations

import csv
import os
from pathlib import Path

from nbgrader.plugins import ExportPlugin

TEXTS = ("assignment", "student_id", "last_name", "first_name", "email")
COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)
# How a formula begins, for one spreadsheet or another, be it in a name that a student chose.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


class QuotedCsvExport(ExportPlugin):
    """Writes a row for every student and assignment; who handed in nothing has 0 points.

    Fields are quoted where needed. A text that a spreadsheet would take for a formula gets an apostrophe in front.
    The file is replaced in one step.
    """

    def export(self, gradebook) -> None:
        path = Path(self.to or "grades.csv")
        students, assignments = set(map(str, self.student)), set(map(str, self.assignment))
        self.log.info("Exporting grades to %s", path)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            # The byte order mark tells spreadsheets that names are written in UTF-8.
            with draft.open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.DictWriter(file, COLUMNS)
                writer.writeheader()
                for assignment in gradebook.assignments:
                    if not assignments or assignment.name in assignments:
                        writer.writerows(rows(gradebook, assignment, students))
            os.replace(draft, path)
        finally:
            draft.unlink(missing_ok=True)


def rows(gradebook, assignment, students: set[str]):
    """Yield the rows of one assignment, for `students` or for all."""
    submissions = {each.student_id: each for each in gradebook.assignment_submissions(assignment.name)}
    for student in gradebook.students:
        if students and student.id not in students:
            continue
        row = {
            "assignment": assignment.name,
            "duedate": assignment.duedate,
            "timestamp": None,
            "student_id": student.id,
            "last_name": student.last_name,
            "first_name": student.first_name,
            "email": student.email,
            "raw_score": 0.0,
            "late_submission_penalty": 0.0,
            "score": 0.0,
            "max_score": assignment.max_score,
        }
        if submission := submissions.get(student.id):
            penalty = submission.late_submission_penalty
            row |= {"timestamp": submission.timestamp, "raw_score": submission.score}
            row |= {"late_submission_penalty": penalty, "score": max(0.0, submission.score - penalty)}
        yield row | {name: harmless(row[name]) for name in TEXTS}


def harmless(text: str | None) -> str:
    """Return `text` so that no spreadsheet computes with it."""
    text = text or ""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
