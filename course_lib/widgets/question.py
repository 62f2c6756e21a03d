"""One question in the browser: a number box or a button for each choice, and a line that says what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import anywidget
import traitlets

from course_lib.widgets.one_run import close_with_the_next_run, opened
from course_lib.widgets.page import source

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


class QuestionForm(anywidget.AnyWidget):
    """A question that takes one answer at a time, by a click, Enter, or the letter of a choice.

    Args:
        question: HTML.
        choices: HTML each; without any, a number is asked for.
        unit: what stands behind the number box.
        on_answer: called with the form and the answer, the number of a choice (from 0) or the text in the box.

    What `on_answer` sets is shown: `told` (HTML, read out by screen readers), `chosen`, `typed`, `is_refused` (the
    text is no answer), `explanations` (HTML, one under each choice), `right` (the choice that gets the tick, once
    `explanations` are there) and `is_open` (whether it takes another answer).
    """

    _esm = source("pulse.js", "question.js")
    _css = source("question.css")

    question = traitlets.Unicode().tag(sync=True)
    choices = traitlets.List(traitlets.Unicode()).tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    typed = traitlets.Unicode().tag(sync=True)
    chosen = traitlets.Int(-1).tag(sync=True)
    told = traitlets.Unicode().tag(sync=True)
    explanations = traitlets.List(traitlets.Unicode()).tag(sync=True)
    right = traitlets.Int(-1).tag(sync=True)
    is_refused = traitlets.Bool(False).tag(sync=True)
    is_open = traitlets.Bool(True).tag(sync=True)

    def __init__(
        self, question: str, on_answer: Callable[[QuestionForm, int | str], None], choices: Sequence[str] = (), unit=""
    ):
        super().__init__(question=question, choices=list(choices), unit=unit)
        self._on_answer = on_answer
        self.on_msg(lambda _, message, buffers: self._hear(message))
        close_with_the_next_run(self)

    def _hear(self, message: dict) -> None:
        try:
            if message.get("event") == "answer" and self.is_open:
                with self.hold_sync():
                    self._on_answer(self, message["answer"])
        finally:
            # Whoever looks at a notebook without a kernel gets no such word, and is told so.
            self.send({"event": "alive"})


def view_of(widget) -> dict:
    """Return the part of a mime bundle that shows `widget` where there is a browser."""
    return {WIDGET_VIEW: {"version_major": 2, "version_minor": 0, "model_id": opened(widget).model_id}}
