"""Exercises of questions: a quiz of multiple choice, and readings, what can be seen on an explorer.

The learner writes a function of no arguments that returns {question's key: answer}. Each question carries one row, so
every right answer earns its share, and the report keeps the right one to itself; each declared wrong answer is a
misconception with an explanation of its own.

    QUIZ = quiz(
        "quiz_activations",
        Question(
            "labels",
            "A network tags photos: … A photo may have several tags, or none. Which output?",
            [
                Wrong("five units, softmax", "the five shares compete for a sum of 1.", "Read again how many tags …"),
                Right("five units, a sigmoid for each", "each tag is a question of its own."),
            ],
        ),
    )

The texts are plain sentences with formulas in their own signs (β₁, √v̂): they are read in reports, in a terminal, on
buttons and in the chapter. Between backticks stands code, between asterisks emphasis.
"""

from __future__ import annotations

import difflib
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from course_lib.checking.exercise import Exercise, Misconception, Row
from course_lib.checking.handles import settle
from course_lib.checking.isolation import Failure
from course_lib.checking.typed import LETTERS, read_letter, read_number
from course_lib.checking.values import Opaque

# --- declarations


@dataclass(frozen=True)
class Wrong:
    """A wrong choice.

    Args:
        text: the choice.
        cause: why it is wrong, in words that do not give the right one away.
        cure: what to think of, or to look at, told when the same choice is made again.
    """

    text: str
    cause: str
    cure: str


@dataclass(frozen=True)
class Right:
    """The right choice: its text, and why it is right, told when the quiz passes and in `recall`."""

    text: str
    cause: str


@dataclass(frozen=True)
class Question:
    """One question of a quiz; its choices get the letters a, b, c, … in their order.

    Raises:
        ValueError: not exactly one of the choices is a Right one.
    """

    key: str
    text: str
    choices: Sequence[Wrong | Right]

    def __post_init__(self):
        if sum(isinstance(choice, Right) for choice in self.choices) != 1:
            raise ValueError(f"{self.key}: exactly one of the choices should be Right(…).")

    @property
    def lettered(self) -> dict[str, Wrong | Right]:
        """The choices by their letters."""
        return dict(zip(LETTERS, self.choices, strict=False))

    @property
    def right(self) -> str:
        """The right letter."""
        return next(letter for letter, choice in self.lettered.items() if isinstance(choice, Right))

    @property
    def why(self) -> str:
        return self.lettered[self.right].cause

    def read(self, answer: Any) -> str:
        """Return the letter that `answer` means. Raises ValueError that says what it is instead."""
        if not isinstance(answer, str):
            raise ValueError(f"{_kind(answer)}, and a letter is asked for")
        if not answer.strip(" ?._-"):
            raise ValueError(NO_ANSWER)
        return read_letter(answer, [choice.text for choice in self.choices])

    def mistakes(self) -> dict[str, tuple[Any, str, str]]:
        """Return {letter: (an answer that is read as it, cause, cure)} for the wrong choices."""
        wrong = {letter: choice for letter, choice in self.lettered.items() if isinstance(choice, Wrong)}
        return {letter: (letter, choice.cause, choice.cure) for letter, choice in wrong.items()}


@dataclass(frozen=True)
class Reading:
    """One thing to be read off a picture.

    Args:
        key: its name in the answer.
        right: the number, or the word in small letters.
        wrong: {number or word: (why it is wrong, what to look at)}.
        tolerance: for numbers, how far a reading may be from the right one, relative to it. A reading as near as that
            to a wrong number is that number.
        too_small, too_large: (cause, cure) of all other numbers below, or above, the right one.
    """

    key: str
    right: float | str
    wrong: Mapping[float | str, tuple[str, str]] = field(default_factory=dict)
    tolerance: float = 1e-6
    too_small: tuple[str, str] | None = None
    too_large: tuple[str, str] | None = None
    why: str = ""

    def read(self, answer: Any) -> str:
        """Return what `answer` is read as: a text that is one of those declared, where it is near enough to it."""
        if isinstance(answer, str) and not answer.strip(" ?"):
            raise ValueError(NO_ANSWER)
        if isinstance(self.right, str):
            for known in (self.right, *self.wrong):
                if _plain_key(known) == _plain_key(answer):
                    return known
            raise ValueError(f"“{answer}” is not right")
        try:
            number = read_number(answer) if isinstance(answer, str) else float(answer)
        except (TypeError, ValueError):
            raise ValueError(f"{answer}, which is not a number") from None
        for known in (self.right, *self.wrong):
            if abs(number - known) <= self.tolerance * abs(known):
                return str(known)
        if number < self.right and self.too_small:
            return "too small"
        if number > self.right and self.too_large:
            return "too large"
        raise ValueError(f"{number:g} is not right")

    def mistakes(self) -> dict[str, tuple[Any, str, str]]:
        """Return {what it is read as: (a wrong reading, cause, cure)} for those that are declared."""
        found = {str(value): (value, *told) for value, told in self.wrong.items()}
        for word, told, sign in (("too small", self.too_small, -1), ("too large", self.too_large, 1)):
            if told:
                # A number that is farther off than any that is declared.
                found[word] = (sign * (1 + 2 * max(abs(number) for number in (self.right, *self.wrong))), *told)
        return found


@dataclass(frozen=True, eq=False)
class Questionnaire(Exercise):
    """An exercise whose answer is a function that returns {key: answer}, a row for each of `questions`."""

    questions: tuple[Question | Reading, ...] = ()

    def explain(self, values: list[Any]) -> tuple[str, str, str] | None:
        """Return (names, causes, cures) of all that is wrong in the rows' `values`, as `read_rows` gave them."""
        if any(isinstance(value, Failure) for value in values):
            return None
        if str(values[0]).startswith(NOT_A_DICT):
            return "", f"Your function gives {values[0][len(NOT_A_DICT) :]}. {_ASKED}", self._example
        told = []
        for question, value in zip(self.questions, values, strict=True):
            if value == str(question.right):
                continue
            mistake = _meant(question, value)
            if mistake in question.mistakes():
                _, cause, cure = question.mistakes()[mistake]
                told.append((f"{question.key}_{mistake}", question.key, cause, cure))
            else:
                told.append(("", question.key, f"{value}.", ""))
        names, keys, causes, cures = zip(*told, strict=True)
        causes = [f"{key}: {cause}" for key, cause in zip(keys, causes, strict=True)]
        if len(told) > 1:
            cures = [f"{key}: {cure}" for key, cure in zip(keys, cures, strict=True) if cure]
        # A line for each question: a report makes a list of them.
        return " + ".join(filter(None, names)), "\n".join(causes), "\n".join(filter(None, cures))

    @property
    def _example(self) -> str:
        return "Write `return {" + ", ".join(f'"{question.key}": "…"' for question in self.questions) + "}`."

    @property
    def explanations(self) -> list[str]:
        """Why each right answer is right, where that is declared: for whoever has them all."""
        return [f"{question.key}: {question.why}" for question in self.questions if question.why]

    def choices_made(self, values: list[Any]) -> dict[str, bool]:
        """Return {key: whether it is the right one} of the questions in which one of the choices was made."""
        return {
            question.key: value == question.right
            for question, value in zip(self.questions, values, strict=False)
            if isinstance(question, Question) and isinstance(value, str) and value in question.lettered
        }


NO_ANSWER = "no answer"
NOT_A_DICT = "no dict: "
_ASKED = "Asked for is a dict, which says which answer is whose."


def quiz(
    name: str, *questions: Question, hints: Iterable[str] = (), level: int = 1, minutes: int | None = None
) -> Questionnaire:
    """Make an exercise of multiple-choice questions; without `minutes`, one for each question."""
    return _questionnaire(name, questions, hints, kind="quiz", level=level, minutes=minutes or len(questions))


def readings(
    name: str, *questions: Reading, hints: Iterable[str] = (), level: int = 1, minutes: int | None = None
) -> Questionnaire:
    """Make an exercise of what can be read off an explorer; without `minutes`, two for each reading."""
    return _questionnaire(
        name, questions, hints, kind="read the picture", level=level, minutes=minutes or 2 * len(questions)
    )


def _questionnaire(name, questions, hints, **what) -> Questionnaire:
    right = {question.key: question.right for question in questions}

    def reference():
        return dict(right)

    def probe(answer, rng):
        for number, question in enumerate(questions):
            yield Row(f"question {question.key}", lambda number=number: read_rows(answer(), questions)[number],
                      is_secret=True)  # fmt: skip

    def given(key, wrong):
        def answer():
            return right | {key: wrong}

        return answer

    misconceptions = [
        Misconception(given(question.key, value), f"{question.key}: {cause}", cure, name=f"{question.key}_{read}")
        for question in questions
        for read, (value, cause, cure) in question.mistakes().items()
    ]
    return Questionnaire(
        name,
        reference,
        probe,
        misconceptions,
        hints=tuple(hints),
        solution=f"return {right}",
        questions=tuple(questions),
        **what,
    )


# --- answers, in any form that a person writes


def read_rows(answers: Any, questions: Sequence[Question | Reading]) -> list[Any]:
    """Return for each of `questions` what the function's result says: what it is read as, or what is wrong with it.

    A wrong reading stays as it was written, for a report shows it.
    """
    if isinstance(answers, list | tuple) and len(answers) == len(questions):
        answers = dict(zip((question.key for question in questions), answers, strict=True))
    if not isinstance(answers, dict):
        return [None if answers is None else f"{NOT_A_DICT}{_kind(answers)}"] * len(questions)
    by_key = {_plain_key(key): value for key, value in answers.items()}
    strangers = [str(key) for key in answers if _plain_key(key) not in {_plain_key(q.key) for q in questions}]
    return [_row(question, by_key.get(_plain_key(question.key)), strangers) for question in questions]


def _row(question: Question | Reading, answer: Any, strangers: list[str]) -> Any:
    if isinstance(answer, list | tuple) and len(answer) == 1:
        answer = answer[0]
    if answer is None:
        meant = difflib.get_close_matches(question.key, strangers, n=1)
        return f"{NO_ANSWER} has this name, but one is called “{meant[0]}”" if meant else NO_ANSWER
    try:
        read = question.read(answer)
    except ValueError as error:
        return str(error)
    if isinstance(question, Question) or read == str(question.right):
        return read
    if isinstance(answer, str):
        return answer.strip()
    return read if isinstance(question.right, str) else float(answer)


def _meant(question: Question | Reading, value: Any) -> str:
    """Return what a row's `value` is read as; a sentence on what is wrong with an answer as it is."""
    try:
        return question.read(value)
    except ValueError:
        return value


def _plain_key(key: Any) -> str:
    """Return a key or a word as it is compared: "First epoch" is first_epoch, "leaky-ReLU" is leaky relu."""
    return re.sub(r"[\W_]+", "", str(key)).casefold()


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return "a text"
    if isinstance(value, list | tuple):
        return f"{len(value)} answers in a row" if len(value) != 1 else "a single answer"
    if isinstance(value, int | float):
        return f"the number {value}"
    settled = settle(value)
    kind = settled.type_name if isinstance(settled, Opaque) else type(settled).__name__
    return f"a {kind}, which has no order" if kind in ("set", "frozenset") else f"a {kind}"


# --- what readers see


def quiz_markdown(exercise: Questionnaire) -> str:
    """Return the text of the chapter's quiz cell."""
    parts = ["## Quiz", "Return a letter for each question."]
    for question in exercise.questions:
        parts.append(_wrapped(f"**{question.key}**: {question.text}"))
        parts.append("\n".join(_wrapped(f"- {letter}) {choice.text}") for letter, choice in question.lettered.items()))
    return "\n\n".join(parts)


def _wrapped(text: str) -> str:
    indent = "  " if text.startswith("- ") else ""
    return textwrap.fill(text, 120, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
