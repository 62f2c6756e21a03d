"""`recall()`: two quiz questions of earlier chapters, answered by a click, with every choice explained at once.

To retrieve something from memory keeps it there better than to read it again (Roediger and Karpicke, 2006). Questions
that were missed come first, then those that were asked least often, the nearest chapters' before others'.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from course_lib import exercises
from course_lib.checking import progress
from course_lib.checking.prose import as_html
from course_lib.checking.questions import Question
from course_lib.checking.report import Notice
from course_lib.checking.typed import LETTERS
from course_lib.notebook import is_grading
from course_lib.predictions import BOX

HOW_MANY = 2


def recall(chapter: str | int) -> Recall | Notice:
    """Ask two questions of the chapters before `chapter` ("05", "05_optimizers", 5 or "optimizers").

    What is asked follows from the learner's record; where that is empty, and while an assignment is graded, it is
    always the same two.
    """
    number = _number(chapter)
    if number is None:
        return Notice(f"There is no chapter {chapter!r}; write its number, as in `recall(5)`.")
    asked = chosen(number)
    return Recall(asked) if asked else Notice("There is nothing to recall yet: this is the first chapter.")


@dataclass(frozen=True)
class Asked:
    """A question of the quiz called `quiz`, of `chapter`."""

    chapter: str
    quiz: str
    question: Question

    @property
    def title(self) -> str:
        return self.chapter.replace("_", " ")


def chosen(number: int) -> list[Asked]:
    """Return the questions for the reader of chapter `number`; none where no chapter comes before it."""
    candidates = _before(number)
    record = {} if is_grading() else progress.read(progress.QUESTIONS)

    def urgency(asked: Asked) -> tuple[bool, int]:
        entry = record.get(f"{asked.quiz}.{asked.question.key}", {})
        return not entry.get("was_missed"), entry.get("recalls", 0)

    return sorted(candidates, key=urgency)[:HOW_MANY]  # of equals, the first


def _before(number: int) -> list[Asked]:
    """Return all quiz questions before chapter `number`: the first of each chapter, nearest first, then the second."""
    columns = [
        [Asked(chapter, quiz.name, question) for quiz in _quizzes(chapter) for question in quiz.questions]
        for chapter in sorted(exercises.CHAPTERS, reverse=True)
        if _number(chapter) < number
    ]
    return [asked for row in zip_longest(*columns) for asked in row if asked is not None]


def _quizzes(chapter: str) -> list:
    return [exercise for exercise in exercises.of_chapter(chapter) if exercise.kind == "quiz"]


def _number(chapter: str | int) -> int | None:
    by_topic = {topic.partition("_")[2]: topic for topic in exercises.CHAPTERS}
    found = re.match(r"\d+", str(by_topic.get(chapter, chapter)))
    return int(found[0]) if found else None


class Recall:
    """Two questions, as text and as buttons."""

    def __init__(self, asked: list[Asked]):
        self.asked = asked
        self._box = None

    def __str__(self):
        lines = []
        for each in self.asked:
            lines.append(f"From chapter {each.title}: {each.question.text}")
            lines += [f"  {letter}) {choice.text}" for letter, choice in each.question.lettered.items()]
        return "\n".join(lines)

    __repr__ = __str__

    def _html(self) -> str:
        parts = []
        for each in self.asked:
            choices = "".join(f"<li>{as_html(choice.text)}</li>" for choice in each.question.choices)
            parts.append(f'<div style="{BOX}">{_text(each)}<ol type="a" style="margin:0.2em 0">{choices}</ol></div>')
        return "".join(parts)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        bundle = {"text/plain": str(self), "text/html": self._html()}
        if is_grading():
            return bundle
        from course_lib.widgets.question import view_of

        return bundle | view_of(self.box())

    def box(self):
        """Return the widget: a form for each question."""
        import ipywidgets

        from course_lib.widgets.one_run import close_with_the_next_run
        from course_lib.widgets.question import QuestionForm

        if self._box is None:
            forms = [
                QuestionForm(
                    _text(each),
                    lambda form, given, each=each: answer(each, form, int(given)),
                    [as_html(choice.text) for choice in each.question.choices],
                )
                for each in self.asked
            ]
            self._box = ipywidgets.VBox(forms)
            close_with_the_next_run(self._box)
        return self._box


def _text(asked: Asked) -> str:
    return f"<strong>From chapter {asked.title}.</strong> {as_html(asked.question.text)}"


def answer(asked: Asked, form, given: int) -> None:
    """Take the choice number `given`: explain every choice in the form, close it, and remember how it went."""
    question = asked.question
    right = LETTERS.index(question.right)
    form.chosen, form.right, form.is_open = given, right, False
    form.explanations = [as_html(choice.cause) for choice in question.choices]
    told = "Right." if given == right else f"Not quite: {question.right}) is right."
    progress.record_recall(asked.quiz, question.key, given == right)
    form.told = as_html(" ".join([told, question.why, *progress.news()]))
