"""Feedback pages for tests: a notebook as nbgrader has graded it, rendered as `nbgrader generate_feedback` does."""

from __future__ import annotations

import base64
import html
import io
import re
from functools import cache

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from course_lib.grading.feedback import FeedbackExporter

FAILED = "A hidden test failed."
LEFT_OUT = "What was printed or shown here is left out, because this cell holds hidden tests."
TEST = """assert double(1) == 2
### BEGIN HIDDEN TESTS
secret_number = 1234567
assert double(secret_number) == 2469134, "message 777"
### END HIDDEN TESTS
assert double(0) == 0"""
SECRETS = ["secret_number", "1234567", "2469134", "message 777", "HIDDEN TESTS"]


@cache
def exporter(kind: type = FeedbackExporter, begin: str = "BEGIN HIDDEN TESTS", end: str = "END HIDDEN TESTS"):
    """Return an exporter that nbgrader's converter has configured: with its template, and the course's delimiters."""
    config = Config(ClearHiddenTests={"begin_test_delimeter": begin, "end_test_delimeter": end})
    converter = GenerateFeedback(coursedir=CourseDirectory(config=config), config=config)
    return kind(parent=converter, config=converter.config)


def page_of(*cells, metadata=None, name="losses", kind: type = FeedbackExporter, **delimiters) -> str:
    """Return the page of a notebook of `cells`, whose score is 3 of 5; `kind=HTMLExporter` is nbgrader's own."""
    notebook = new_notebook(cells=list(cells))
    notebook.metadata.update(NotebookNode(metadata or {}))
    score = {"notebook": name, "score": 3.0, "max_score": 5.0, "late_penalty": 0.0, "assignment": "a", "student": "s"}
    resources = {"nbgrader": score, "metadata": {"name": name, "path": "."}}
    return exporter(kind, **delimiters).from_notebook_node(notebook, resources=resources)[0]


def stock_page_of(*cells, **more) -> str:
    return page_of(*cells, kind=HTMLExporter, **more)


def text_of(page: str) -> str:
    """Return what a reader of the page, or of its source, finds below its head."""
    body = page.partition("<body>")[2]
    return html.unescape(re.sub(r"<[^>]*>", "", body)) + body


def without_secrets(*cells, secrets=SECRETS, **more) -> str:
    """Return the text of a page that has none of these secrets in it."""
    text = text_of(page_of(*cells, **more))
    found = [secret for secret in secrets if secret in text]
    assert found == [], found
    return text


def role(name="a-test", **what) -> dict:
    """Return the metadata of a graded cell after GetGrades."""
    graded = {"grade_id": name, "grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    return {"nbgrader": graded | what}


def code(source="answer", *outputs, count=1, **what):
    return new_code_cell(source, outputs=list(outputs), execution_count=count, metadata=role(**what) if what else {})


def graded(*outputs, source=TEST, count=5):
    return code(source, *outputs, count=count, grade=True, locked=True, score=0.0, points=1.0, name="double-test")


def markdown(source, **more):
    return new_markdown_cell(source, **more)


def shown(**data) -> NotebookNode:
    """Return the output of something displayed: shown(text_html="<b>")."""
    kinds = {
        "text_html": "text/html",
        "text_plain": "text/plain",
        "text_markdown": "text/markdown",
        "text_latex": "text/latex",
        "svg": "image/svg+xml",
        "png": "image/png",
        "javascript": "application/javascript",
    }
    return new_output("display_data", {kinds[key]: value for key, value in data.items()})


def printed(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def error(name="AssertionError", message="", traceback=()):
    return new_output("error", ename=name, evalue=message, traceback=list(traceback))


@cache
def plot() -> tuple[str, str]:
    """Return a matplotlib figure as SVG, and as base64 of its PNG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4, 2.5))
    axes = figure.subplots()
    axes.plot([1, 3, 2], label="loss")
    axes.scatter([0, 1, 2], [3, 2, 1])
    axes.set_title(r"$\sigma(z)$")
    axes.legend()
    svg, png = io.StringIO(), io.BytesIO()
    figure.savefig(svg, format="svg")
    figure.savefig(png, format="png")
    return svg.getvalue(), base64.b64encode(png.getvalue()).decode()
