"""The markup of sentences: emphasis is shown as such or left out, and no asterisk that multiplies is taken for it."""

import re

import pytest

from course_lib.checking.prose import as_html, as_text
from course_lib.checking.questions import Questionnaire
from course_lib.checking.report import Diagnosis, Notice, Report
from course_lib.exercises import CHAPTERS, of_chapter

EXERCISES = [exercise for chapter in CHAPTERS for exercise in of_chapter(chapter)]


def test_markup_of_texts():
    assert as_html("`a < b` in the *first* layer") == "<code>a &lt; b</code> in the <em>first</em> layer"
    assert as_html("2 * 3 * 4 and a `") == "2 * 3 * 4 and a `"
    assert as_text("`a * b` in the *first* layer (*mean of all*).") == "`a * b` in the first layer (mean of all)."


@pytest.mark.parametrize(
    "text",
    ["a * b * c", "a*b*c", "2*x + 3*y", "(a)*(b)*(c)", "*args, **options", "`x[1]`*2*`y`", "x *= 2 and y *= 3", "a *"],
)
def test_what_multiplies_stays(text):
    assert as_text(text) == text and "<em>" not in as_html(text)


def texts_of(exercise):
    """Everything that a report, a hint or a quiz of `exercise` says in sentences."""
    yield from exercise.hints
    yield from exercise.explanations
    for mistake in exercise.misconceptions:
        yield from (mistake.cause, mistake.cure)
    if isinstance(exercise, Questionnaire):
        for question in exercise.questions:
            yield question.why
            yield getattr(question, "text", "")
            yield from (choice.text for choice in getattr(question, "choices", ()))


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_no_message_shows_an_asterisk_of_emphasis_and_none_loses_one_that_multiplies(exercise):
    for text in texts_of(exercise):
        plain, html = as_text(text), as_html(text)
        words, code = re.sub("`[^`]*`", "`", plain), re.findall("`[^`]*`", plain)
        assert not re.search(r"\*[^\s*]+\*", words), text
        assert code == re.findall("`[^`]*`", text), text
        assert plain.count(" * ") == text.count(" * "), text
        assert 2 * html.count("<em>") == text.count("*") - plain.count("*"), text
        assert re.sub("<.*?>", "", html).count("*") == plain.count("*"), text


def test_reports_and_hints_show_emphasis():
    report = Report("x", [], 0.0, 1.0, Diagnosis("sure", "", "The *output* is a `a * b`.", "Take 2 * the *mean*."))
    assert "The <em>output</em> is a <code>a * b</code>." in report._repr_mimebundle_()["text/html"]
    assert str(report).endswith("The output is a `a * b`. Take 2 * the mean.")
    assert report.as_dict()["diagnosis"] == "The output is a `a * b`. Take 2 * the mean."
    hint = Notice("The *first*.", "a *b* c")
    assert "The <em>first</em>." in hint._repr_html_() and str(hint) == "The first.\n\na *b* c"
