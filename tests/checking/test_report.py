"""What the learner and nbgrader read."""

import json
import math

import pytest
from nbformat.v4 import new_code_cell, new_output
from nbgrader.utils import determine_grade

from course_lib.checking.report import JSON_MIME, Diagnosis, Notice, Report, ReportRow

RIGHT = Report("softmax", [ReportRow("a batch", True), ReportRow("very large logits", True)], 2.0, 2.0)
WRONG = Report(
    "softmax",
    [ReportRow("a batch", True), ReportRow("very large logits", False, expected="[1, 0]", actual="[nan, 0]")],
    1.0,
    2.0,
    Diagnosis("sure", "no_shift", "np.exp overflows: subtract `max` & go on."),
    has_hints=True,
)


def nbgrader_grade(report, points):
    cell = new_code_cell(outputs=[new_output("execute_result", report._repr_mimebundle_())])
    cell.metadata.nbgrader = {"grade": True, "solution": False, "points": points, "schema_version": 3}
    return determine_grade(cell)


@pytest.mark.parametrize("report", [RIGHT, WRONG])
def test_nbgrader_reads_the_points_from_the_cell(report):
    assert nbgrader_grade(report, 2) == (report.points, 2.0)
    assert float(repr(report)) == report.points


def test_the_text_says_what_agrees_and_what_does_not():
    assert str(RIGHT) == "✓ softmax: 2 of 2 points. Right: all 2 checks agree."
    lines = str(WRONG).splitlines()
    assert lines[0] == ("✗ softmax: 1 of 2 points. 1 of 2 checks agree. np.exp overflows: subtract `max` & go on.")
    assert "  ✓ a batch" in lines and "      yours     [nan, 0]" in lines
    assert lines[-1] == '  `hint("softmax")` gives a hint.'


def test_markup_in_values_stays_text():
    row = ReportRow("row", False, expected="1", actual="<script>alert(1)</script>")
    html = Report("x", [row], 0.0, 1.0, Diagnosis("general", "", "<b>bold</b>"))._repr_mimebundle_()["text/html"]
    assert "<script" not in html and "<b>" not in html
    assert "&lt;script&gt;" in html


def test_code_in_a_sentence_is_shown_as_code():
    assert "<code>max</code> &amp; go on" in WRONG._repr_mimebundle_()["text/html"]
    assert "one ` tick" in Notice("one ` tick")._repr_html_()


def test_and_keeps_both_sets_of_rows_and_the_lower_points():
    both = RIGHT & WRONG
    assert both.points == 1.0 and not both.passed and both.diagnosis.name == "no_shift"
    assert [row.label for row in both.rows if not row.passed] == ["very large logits (with other numbers)"]
    assert (WRONG & RIGHT).points == 1.0 and (WRONG & RIGHT).diagnosis.name == "no_shift"
    assert (RIGHT & RIGHT) == RIGHT
    with pytest.raises(TypeError):
        RIGHT & 1.0


def test_the_data_is_json_and_says_the_same():
    data = json.loads(json.dumps(WRONG._repr_mimebundle_()[JSON_MIME]))
    assert data["points"] == 1.0 and data["max_points"] == 2.0 and data["misconception"] == "no_shift"
    assert [row["passed"] for row in data["rows"]] == [True, False]


def test_points_are_always_a_finite_number():
    assert math.isfinite(float(repr(Report("x", [], 0, 1))))
    assert not Report("x", [], 0, 1).passed  # nothing was looked at


def test_what_is_said_of_several_questions_is_a_list():
    rows = [ReportRow(f"question {key}", key == "a", expected="something else", actual="?") for key in "abc"]
    diagnosis = Diagnosis("sure", "", "b: It is *not*.\nc: Nor this.", "b: Look.\nc: Look again.")
    report = Report("quiz", rows, 1.0, 3.0, diagnosis)
    html = report._repr_mimebundle_()["text/html"]
    assert (
        "1 of 3 checks agree.</div><ul" in html and "<li>b: It is <em>not</em>.</li><li>c: Nor this.</li></ul>" in html
    )
    lines = ["1 of 3 checks agree.", "b: It is not.", "c: Nor this.", "b: Look.", "c: Look again."]
    assert report.message.splitlines() == lines
    assert str(report).splitlines()[1:6] == [f"  {line}" for line in lines]
    assert report.as_dict()["diagnosis"].splitlines() == lines[1:]
    assert "answer:<br>b: Look.<br>c:" in Notice("On your last answer:\nb: Look.\nc: Look.")._repr_html_()
