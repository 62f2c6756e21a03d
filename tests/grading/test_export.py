"""Grades as CSV: what `nbgrader export` writes with this course's plugin, read as a spreadsheet reads it."""

import csv

import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin
from traitlets.config import Config

from course_lib.grading.export import QuotedCsvExport
from tests.grading.batch_class import ASSIGNMENT, NOTEBOOK, Course
from tests.tiny_course import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture
def gradebook(tmp_path):
    with Gradebook(Course(tmp_path).url, "numbers") as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate="2025-02-01 00:00:00")
        gradebook.add_student("ada", first_name="Ada", last_name="Lovelace", email="ada@example.org")
        gradebook.add_student("-2+3", first_name='=HYPERLINK("http://example.org","x")', last_name='O\'Neil, "Bo"')
        gradebook.add_student("quiet", first_name="a\nb", last_name="@sum")
        gradebook.add_submission(ASSIGNMENT, "ada", timestamp="2025-02-03 10:00:00")
        gradebook.find_grade("credit-test", NOTEBOOK, ASSIGNMENT, "ada").auto_score = 4.5
        gradebook.find_submission_notebook(NOTEBOOK, ASSIGNMENT, "ada").late_submission_penalty = 5.0
        gradebook.db.commit()
        yield gradebook


def export(plugin, gradebook, path, **options):
    plugin(config=Config(ExportPlugin={"to": str(path), **options})).export(gradebook)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_names_with_commas_quotes_and_lines_are_one_field_and_no_formula(gradebook, tmp_path):
    rows = {row["student_id"]: row for row in export(QuotedCsvExport, gradebook, tmp_path / "grades.csv")}
    assert rows.keys() == {"ada", "'-2+3", "quiet"}
    assert rows["'-2+3"]["last_name"] == 'O\'Neil, "Bo"'
    assert rows["'-2+3"]["first_name"] == '\'=HYPERLINK("http://example.org","x")'
    assert (rows["quiet"]["first_name"], rows["quiet"]["last_name"]) == ("a\nb", "'@sum")
    assert all(row["max_score"] == "14.0" and None not in row for row in rows.values())


def test_harmless_rows_are_those_that_nbgrader_writes(gradebook, tmp_path):
    ours = export(QuotedCsvExport, gradebook, tmp_path / "ours.csv", student=["ada"])
    theirs = export(CsvExportPlugin, gradebook, tmp_path / "theirs.csv", student=["ada"])
    assert ours == theirs
    assert [(row["raw_score"], row["late_submission_penalty"], row["score"]) for row in ours] == [("4.5", "5.0", "0.0")]


def test_only_what_was_asked_for_is_exported(gradebook, tmp_path):
    assert export(QuotedCsvExport, gradebook, tmp_path / "a.csv", assignment=["another"]) == []
    assert len(export(QuotedCsvExport, gradebook, tmp_path / "b.csv", assignment=[ASSIGNMENT])) == 3


def test_an_export_that_fails_leaves_the_last_one(gradebook, tmp_path):
    path = tmp_path / "grades.csv"
    export(QuotedCsvExport, gradebook, path)
    before = path.read_bytes()

    class Broken:
        @property
        def assignments(self):
            raise RuntimeError("the database is gone")

    with pytest.raises(RuntimeError):
        QuotedCsvExport(config=Config(ExportPlugin={"to": str(path)})).export(Broken())
    assert path.read_bytes() == before
    assert {each.name for each in tmp_path.iterdir()} == {"grades.csv", "course"}


def test_the_course_is_configured_to_use_it():
    assert (
        'c.ExportApp.plugin_class = "course_lib.grading.export.QuotedCsvExport"'
        in (ROOT / "nbgrader_config.py").read_text()
    )
