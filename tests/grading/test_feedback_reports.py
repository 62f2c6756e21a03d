"""Of our own reports, feedback shows what the learner has seen, and of hidden checks only that something differs."""

import re

from nbformat.v4 import new_output

from course_lib.checking.report import Diagnosis, Report, ReportRow
from course_lib.grading import markup
from tests.grading.feedback_pages import graded, page_of, text_of, without_secrets

CHECK = """report = check("double", double)
### BEGIN HIDDEN TESTS
report &= check("double", double, seed=7)
### END HIDDEN TESTS
report"""


def result(report: Report):
    return new_output("execute_result", report._repr_mimebundle_(), execution_count=5)


def a_report(*rows, message="Double by `2 * x`.", name="squares"):
    return Report("double", list(rows), 1.0, 2.0, Diagnosis("sure", name, message), ["It printed 2,000 characters."])


def row(label, expected="", actual=""):
    return ReportRow(label, passed=not expected, expected=expected, actual=actual)


def test_a_report_shows_what_the_visible_check_came_to_and_of_hidden_ones_only_that_they_differ():
    report = a_report(row("one"), row("two", "44.5", "43.5"))
    report &= a_report(row("one", "1234567", "2469134"), row("two", "1234567", "2469134"))
    text = without_secrets(graded(result(report), source=CHECK))
    assert "✗ two" in text and "44.5" in text and "43.5" in text
    assert re.search(r"✗ one \(with other numbers\).*?not shown.*?not shown", text, re.DOTALL)
    assert "Double by 2 * x." in text and "1 of 2 points" in text and "It printed 2,000 characters." in text


def test_a_hidden_check_of_another_exercise_keeps_its_values_to_itself():
    other = Report("triple", [row("one", "1234567", "2469134")], 1.0, 2.0)
    without_secrets(graded(result(a_report(row("two", "4", "5")) & other), source=CHECK))


def test_if_the_first_check_is_hidden_no_value_is_shown():
    source = CHECK.replace("report = check", "### BEGIN HIDDEN TESTS\nreport = check").replace(
        "double)\n", "double)\n", 1
    )
    without_secrets(graded(result(a_report(row("one", "1234567", "2469134"))), source=source))


def test_a_remark_on_hidden_numbers_is_not_repeated():
    """It may quote what the answer raised, and an answer may raise what it was given."""
    seen = Report("double", [row("one")], 2.0, 2.0)
    hidden = a_report(row("one", "1234567", "raised"), message="On “one” your code raised E: 1234567.", name="")
    text = without_secrets(graded(result(seen & hidden), source=CHECK))
    assert "right with the numbers that you were shown, and wrong with hidden ones" in text


def test_a_quiz_says_something_else_and_not_what():
    from course_lib import check

    report = check("race_questions", lambda: {}, points=3)
    text = text_of(page_of(graded(result(report), source=CHECK)))
    assert "race_questions" in text and "0 of 3 points" in text


def test_markup_in_a_report_is_text():
    data = a_report(row("<script>a</script>", "<b>b</b>", "<img src=x>"))
    page = page_of(graded(result(data), source=CHECK))
    assert "<script" not in page and "&lt;script&gt;a" in page and "&lt;img src=x&gt;" in page


def test_styles_of_our_reports_and_of_tables_stay():
    written = Report("x", [row("a", "1", "2")], 0.0, 1.0, Diagnosis("sure", "", "m"))._html()
    clean = markup.clean_html(written)
    assert clean.count("style=") == written.count("style=")
    for style in re.findall(r'style="([^"]*)"', written):
        count = len([part for part in style.split(";") if part])
        assert len(markup.clean_style(style).split(";")) == count, style
