"""Feedback for students: nbgrader's page, in which no hidden test is shown and a submission's markup is harmless.

`c.GenerateFeedback.exporter_class = FeedbackExporter` in nbgrader_config.py is all that a course needs.

Three layers, each of which would do alone against scripts and addresses: the notebook is copied with only what is known
and cleaned, the finished page is cleaned once more, and its Content-Security-Policy lets nothing run or load.
"""

from __future__ import annotations

import base64
import hashlib
import math
import re
from html import escape
from importlib.resources import files
from typing import Any

from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import ClearHiddenTests
from traitlets import Bool
from traitlets.config import Config

from course_lib.grading.formulas import formula_html
from course_lib.grading.hidden_tests import hide
from course_lib.grading.markup import (
    FORMATS,
    MAX_MARKUP,
    clean_html,
    clean_page,
    clean_picture,
    clean_svg,
    is_blank,
)

MAX_SOURCE = 200_000  # characters of a cell, more of which nobody reads
MAX_TEXT = 1_000_000  # characters of an output's text

POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; style-src-elem '{styles}'; "
    "style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)
PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{styles}</style>
</head>
<body>
{body}
</body>
</html>
"""


class FeedbackExporter(HTMLExporter):
    """nbgrader's feedback template, or any other of a notebook, rendered to a page that runs and loads nothing."""

    # It would put files that a submission names into the page.
    embed_images = Bool(False)

    def _preprocess(self, nb, resources):
        nb, resources = super()._preprocess(nb, resources)
        hidden = ClearHiddenTests(config=Config(ClearHiddenTests=self.config.ClearHiddenTests))
        nb = harmless(hide(nb, hidden.begin_test_delimeter, hidden.end_test_delimeter))
        resources["nbgrader"]["notebook"] = escape(resources["nbgrader"]["notebook"])
        return nb, resources

    def from_notebook_node(self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any):
        """Return the page, and the resources that nbgrader's writer asks for."""
        page, resources = super().from_notebook_node(nb, resources, **kw)
        # Nothing of the submission is in the template's head, so this is the end of it.
        head, found, body = page.partition("</head>")
        styles = _local("\n".join(re.findall(r"<style[^>]*>(.*?)</style>", head, re.DOTALL)))
        styles += files("course_lib.grading").joinpath("feedback.css").read_text(encoding="utf-8")
        digest = base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode()
        page = PAGE.format(
            language=escape(self.language_code),
            policy=POLICY.format(styles=f"sha256-{digest}"),
            title=resources["nbgrader"]["notebook"],  # escaped above
            styles=styles,
            body=clean_page(_with_names(body) if found else page),
        )
        return page, resources

    @pass_context
    def markdown2html(self, context, source):
        """Return Markdown, of a learner or of a grader, as harmless HTML."""
        return markdown_html(source, context.get("cell", {}).get("attachments", {}))

    def default_filters(self):
        """Yield nbconvert's filters, of which those that pass HTML through clean it."""
        yield from super().default_filters()
        yield "clean_html", clean_html


def _with_names(body: str) -> str:
    """Return the template's body, in whose list of scores each cell has its name: nbgrader calls all tests alike."""
    scores, found, notebook = body.partition('<div class="panel-body">')
    return re.sub(r'(<a href="#([\w.-]+)">[^<]+)</a>', r"\1: \2</a>", scores) + found + notebook


def _local(styles: str) -> str:
    """Return the template's own style sheets without what they would load: Bootstrap's icons are a font file."""
    styles = re.sub(r"/\*.*?\*/", "", styles, flags=re.DOTALL)
    return re.sub(r"@font-face\s*\{[^}]*\}|@import[^;]*;|url\((?!['\"]?data:)[^)]*\)", "", styles)


# --- Markdown -------------------------------------------------------------------------------------------------------


class _Renderer(IPythonRenderer):
    """nbconvert's, with drawn formulas, and with words in place of a picture that would have to be loaded."""

    def block_math(self, body: str) -> str:
        return formula_html(body, is_block=True)

    def inline_math(self, body: str) -> str:
        return formula_html(body)

    def heading(self, text: str, level: int, **attributes: Any) -> str:
        # Its link to itself, without text, is written as XML closes an element: for HTML all that follows is a link.
        return re.sub(r'<a class="anchor-link"[^>]*/>', "", super().heading(text, level, **attributes))

    def latex_environment(self, name: str, body: str) -> str:
        return "<pre>" + escape(rf"\begin{{{name}}}{body}\end{{{name}}}") + "</pre>"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        attachment = self.attachments.get(url.removeprefix("attachment:"), {}) if url.startswith("attachment:") else {}
        for kind, data in attachment.items():
            url = f"data:{kind};base64,{data}"
        if url.startswith("data:"):
            return super().image(text, url, title)
        return f"[picture: {escape(text)} <code>{escape(url)}</code>]"


def markdown_html(source: str, attachments: dict | None = None) -> str:
    """Return the Markdown `source` as harmless HTML; what cannot be read as Markdown, as it was written."""
    if len(source) > MAX_SOURCE:
        return f"<pre>{escape(source[:MAX_SOURCE])} …</pre>"
    renderer = _Renderer(escape=False, attachments=attachments or {}, anchor_link_text="")
    try:
        return clean_html(MarkdownWithMath(renderer=renderer).render(source))
    except RecursionError:
        return f"<pre>{escape(source)}</pre>"


# --- The notebook ---------------------------------------------------------------------------------------------------


def harmless(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook with what a feedback page shows of `notebook`, and nothing else: no metadata, no widgets."""
    language = notebook.metadata.get("language_info", {})
    names = [language.get("pygments_lexer"), language.get("name"), "ipython3"]
    lexer = next(name for name in names if isinstance(name, str) and re.fullmatch(r"[\w+#-]{1,30}", name))
    cells = [_cell(cell) for cell in notebook.cells if cell.cell_type in ("code", "markdown", "raw")]
    return NotebookNode(
        nbformat=4,
        nbformat_minor=5,
        metadata=NotebookNode(language_info=NotebookNode(name=lexer, pygments_lexer=lexer)),
        cells=cells,
    )


def _cell(cell: NotebookNode) -> NotebookNode:
    source = str(cell.source)
    clean = NotebookNode(
        cell_type=cell.cell_type,
        id=_name(cell.get("id", "")),
        source=source if len(source) <= MAX_SOURCE else source[:MAX_SOURCE] + " …",
        metadata=NotebookNode(),
    )
    if graded := cell.metadata.get("nbgrader"):
        clean.metadata["nbgrader"] = _graded(graded)
    if cell.cell_type == "code":
        clean.execution_count = _whole(cell.get("execution_count"))
        clean.outputs = [_output(output) for output in cell.get("outputs", [])]
    if cell.cell_type == "markdown":
        clean.attachments = NotebookNode(
            {
                str(name): {kind: str(data) for kind, data in bundle.items() if kind in FORMATS}
                for name, bundle in cell.get("attachments", {}).items()
            }
        )
    return clean


def _graded(graded: dict) -> NotebookNode:
    """Return what the template asks a graded cell: its role and name, the grader's comment, and the score."""
    clean = NotebookNode({key: graded.get(key) is True for key in ("grade", "locked", "solution", "task")})
    clean["grade_id"] = _name(graded.get("grade_id", ""))
    if isinstance(graded.get("comment"), str):
        clean["comment"] = graded["comment"]
    for key in ("points", "score"):
        if isinstance(graded.get(key), int | float) and math.isfinite(graded[key]):
            clean[key] = graded[key]
    return clean


def _name(name: Any) -> str:
    """Return `name` as it may stand in an attribute, in which templates escape nothing."""
    return re.sub(r"[^\w.-]", "_", str(name))[:200]


def _whole(number: Any) -> int | None:
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _output(output: NotebookNode) -> NotebookNode:
    """Return `output` in one form: the first in nbconvert's order that a page without scripts can show."""
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return new_output("stream", name=name, text=_text(output.get("text", "")))
    if kind == "error":
        traceback = [_text(part) for part in output.get("traceback", [])]
        return new_output("error", ename="", evalue="", traceback=traceback)
    data, metadata = _shown(output.get("data", {}), output.get("metadata", {}))
    if kind == "execute_result":
        count = _whole(output.get("execution_count"))
        return new_output("execute_result", data, metadata=metadata, execution_count=count)
    return new_output("display_data", data, metadata=metadata)


def _text(text: Any) -> str:
    text = str(text)
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "…"


def _shown(data: dict, metadata: dict) -> tuple[dict, dict]:
    """Return ({MIME type: clean content}, metadata) with one type."""
    for kind in ("text/html", "text/markdown", "image/svg+xml", "text/latex", *FORMATS):
        content = data.get(kind)
        if not isinstance(content, str) or (len(content) > MAX_MARKUP and kind not in FORMATS):
            continue
        if kind in FORMATS:
            if clean := clean_picture(kind, content):
                sizes = metadata.get(kind) if isinstance(metadata.get(kind), dict) else {}
                sizes = {key: size for key in ("width", "height") if (size := _whole(sizes.get(key)))}
                return {kind: clean}, {kind: sizes}
        elif kind == "image/svg+xml":
            if clean := clean_svg(content):
                return {kind: clean}, {}
        else:
            read = {"text/html": clean_html, "text/markdown": markdown_html, "text/latex": _latex_html}[kind]
            if not is_blank(clean := read(content)):
                return {"text/html": clean}, {}
    if isinstance(data.get("text/plain"), str):
        return {"text/plain": _text(data["text/plain"])}, {}
    return {"text/plain": f"(This page cannot show {', '.join(sorted(map(str, data))) or 'an empty output'}.)"}, {}


def _latex_html(latex: str) -> str:
    body = strip_ansi(latex).strip()
    match = re.fullmatch(r"(\$\$?)(.*?)\1", body, re.DOTALL)
    return clean_html(formula_html(match[2], is_block=match[1] == "$$") if match else f"<pre>{escape(body)}</pre>")
