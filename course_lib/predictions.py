"""Predictions: a reader says what will come out before it is shown, by one click or one number; nothing is scored.

    guess("five_sigmoids", "At most how much is left after five sigmoids?", unit="of the gradient")

A later cell, the one with the result, ends in

    reveal("five_sigmoids", steepest**5)

and what was foreseen is counted where the chapter closes (`chapter_end`). Names are unique in the course. Without a
kernel or a browser, and while an assignment is graded, all of it is text.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any

import numpy as np

from course_lib import cells
from course_lib.checking import progress
from course_lib.checking.prose import as_html
from course_lib.checking.typed import LETTERS, read_number, show_number
from course_lib.notebook import UNATTENDED, is_grading

# Cells that were sent within as many seconds were sent in one go, by Run All, and nobody had time to read the question.
ONE_GO = 2.0
# What has been asked since the kernel started, by name.
_asked: dict[str, Prediction] = {}


def guess(
    name: str, question: str, unit: str = "", choices: Sequence[str] | None = None, within: float = 2.0
) -> Prediction:
    """Ask for a prediction; shown as a number box, or as a button for each of `choices`.

    Args:
        name: unique in the course; `reveal` is called with it.
        question: a sentence. Between backticks stands code, between asterisks emphasis.
        unit: what stands behind the number, such as "steps", "%" or "of the gradient".
        choices: two to five texts; without them a number is asked for.
        within: the factor by which a number may be off and count as foreseen; 1 for exactly.
    Raises:
        ValueError: the choices are not two to five different ones, or `within` is below 1.
    """
    prediction = Prediction(name, question, unit, choices, within)
    earlier = _asked.get(name)
    if earlier is not None and earlier.choices == prediction.choices:
        prediction.guess, prediction.is_revealed = earlier.guess, earlier.is_revealed
        prediction.was_foreseen = earlier.was_foreseen
    prediction.remember()
    _asked[name] = prediction
    return prediction


def reveal(name: str, truth: Any) -> Revealed:
    """Show what came out, `truth`, beside the guess that was made, and by which factor a number was off.

    Args:
        name: that of the `guess`.
        truth: a number, or the choice that is right.
    """
    prediction = _asked.get(name)
    truth = _plain(truth)
    if prediction is None:
        return Revealed(Prediction(name, ""), truth)
    revealed = Revealed(prediction, truth)
    prediction.see(revealed.was_foreseen)
    return revealed


def foreseen() -> str:
    """Say how many of this notebook's results the reader foresaw, of those guessed; empty where it asked for none."""
    guessed = [each for each in _asked.values() if each.is_revealed and each.was_foreseen is not None]
    if guessed:
        return f"You foresaw {sum(each.was_foreseen for each in guessed)} of {len(guessed)}."
    if _asked:
        return "You made no predictions here. They cost nothing, and what one has guessed stays longer in mind."
    return ""


def names_in(source: str, function: str = "guess") -> list[str]:
    """Return the names with which a cell calls `guess` (or `reveal`), in their order."""
    return re.findall(rf"\b{function}\(\s*[\"']([^\"']+)[\"']", source)


class Prediction:
    """One question, and what was guessed."""

    def __init__(self, name, question, unit="", choices=None, within=2.0):
        self.name, self.question, self.unit, self.within = name, question, unit, within
        self.choices = [str(choice) for choice in choices] if choices is not None else []
        if choices is not None and not 2 <= len(set(map(_folded, self.choices))) == len(self.choices) <= 5:
            raise ValueError(f"{name}: two to five different choices are needed.")
        if within < 1:
            raise ValueError(f"{name}: `within` is a factor, 1 or more.")
        self.guess: float | str | None = None
        self.is_revealed, self.was_foreseen = False, None
        self._asked_at, self._is_passed_over = _time_sent(), False
        self._form = None

    def remember(self) -> None:
        """Take from the record what was guessed earlier."""
        if is_grading():
            return
        entry = progress.read(progress.PREDICTIONS).get(self.name, {})
        kept = entry.get("guess")
        # A chapter may have been changed since: only what this question could have been answered is an answer.
        if kept in self.choices if self.choices else isinstance(kept, int | float):
            self.guess = kept
        if entry.get("is_revealed"):
            self.is_revealed, self.was_foreseen = True, entry.get("was_foreseen")

    def answer(self, given: int | str) -> str:
        """Take an answer, the number of a choice or a number as it was typed; return the sentence that confirms it.

        Raises:
            ValueError: what was typed is no number; the message says so.
        """
        value = self.choices[int(given)] if self.choices else read_number(str(given), self.unit)
        if not progress.record_guess(self.name, value):
            return "The result is known already, so this guess does not count." + (
                f" {self.told}" if self.guess is not None else ""
            )
        self.guess = value
        then = "It can be changed until the result is shown."
        if self._is_passed_over:
            then = "Run the cell with the result again to see both."
        return " ".join([f"{self.told} {then}", *progress.news()])

    def see(self, was_foreseen: bool | None) -> None:
        """Remember that the result was shown; from now on no guess counts.

        Where both cells were sent in one go and nothing was guessed, as after Run All, the question stays open.
        """
        if self.is_revealed or is_grading():
            return
        sent = _time_sent()
        if self.guess is None and sent and self._asked_at and (sent - self._asked_at).total_seconds() < ONE_GO:
            self._is_passed_over = True
            return
        self.is_revealed, self.was_foreseen = True, was_foreseen
        # In a run that nobody looks at, such as that of `course check`, nobody has seen it.
        if not os.environ.get(UNATTENDED):
            progress.record_reveal(self.name, was_foreseen)

    @property
    def told(self) -> str:
        """The guess, in a sentence."""
        return f"Your guess: {self.shown(self.guess)}." if self.guess is not None else ""

    def shown(self, value: float | str) -> str:
        """A guess or a truth with its unit."""
        return str(value) if isinstance(value, str) else f"{show_number(value)} {self.unit}".strip()

    # --- as it is shown

    def __str__(self):
        asked = [f"  {letter}) {choice}" for letter, choice in zip(LETTERS, self.choices, strict=False)]
        asked = asked or [f"  a number{f' ({self.unit})' if self.unit else ''}"]
        return "\n".join([f"Guess: {self.question}", *asked, *([self.told] if self.told else [])])

    __repr__ = __str__

    def _html(self) -> str:
        unit = f" ({escape(self.unit)})" if self.unit else ""
        asked = "".join(f"<li>{as_html(choice)}</li>" for choice in self.choices)
        asked = f'<ol type="a" style="margin:0.2em 0">{asked}</ol>' if asked else f"<div>a number{unit}</div>"
        told = f"<div>{escape(self.told)}</div>" if self.told else ""
        return f'<div style="{BOX}"><div><strong>Guess.</strong> {as_html(self.question)}</div>{asked}{told}</div>'

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        bundle = {"text/plain": str(self), "text/html": self._html()}
        if is_grading():
            return bundle
        from course_lib.widgets.question import view_of

        return bundle | view_of(self.form())

    def form(self):
        """Return the widget."""
        from course_lib.widgets.question import QuestionForm

        if self._form is None:
            choices = [as_html(choice) for choice in self.choices]
            self._form = QuestionForm(
                f"<strong>Guess.</strong> {as_html(self.question)}", self._hear, choices, self.unit
            )
            self._show(self._form, escape(self.told))
        return self._form

    def _hear(self, form, given: int | str) -> None:
        try:
            self._show(form, escape(self.answer(given)))
        except ValueError as error:
            form.typed, form.is_refused, form.told = str(given), True, escape(str(error))

    def _show(self, form, told: str) -> None:
        if self.choices:
            form.chosen = self.choices.index(self.guess) if self.guess is not None else -1
        else:
            form.typed = "" if self.guess is None else show_number(self.guess)
        form.is_refused, form.told = False, told


class Revealed:
    """What came out, beside what was guessed."""

    def __init__(self, prediction: Prediction, truth: float | str):
        self.prediction, self.truth, self.guess = prediction, truth, prediction.guess
        if prediction.choices:
            self.truth = _choice(prediction.choices, truth) or truth
        self.was_foreseen = None if self.guess is None else self._was_foreseen()

    def _was_foreseen(self) -> bool:
        if isinstance(self.truth, str) or isinstance(self.guess, str):
            return self.guess == self.truth
        return is_within(self.guess, self.truth, self.prediction.within)

    @property
    def _result(self) -> str:
        known = self.prediction.choices and self.truth not in self.prediction.choices
        return self.prediction.shown(self.truth) + (" (none of the choices)" if known else "")

    @property
    def verdict(self) -> str:
        """Whether it was foreseen, and by which factor a number was off."""
        if self.guess is None:
            return ""
        sentence = "You foresaw it." if self.was_foreseen else "Not foreseen."
        if isinstance(self.truth, str) or isinstance(self.guess, str):
            return sentence
        return f"{difference(self.guess, self.truth)} {sentence}"

    def __str__(self):
        parts = [self.prediction.question, f"It is: {self._result}."]
        if self.guess is not None:
            parts.append(f"{self.prediction.told} {self.verdict}")
        return " ".join(part for part in parts if part)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        values = [("it is", self._result)]
        if self.guess is not None:
            values.insert(0, ("your guess", self.prediction.shown(self.guess)))
        cells = "".join(
            f'<div><div style="font-size:0.85em">{label}</div><div style="font-size:1.4em">{as_html(value)}</div></div>'
            for label, value in values
        )
        mark = {True: "✓ ", False: "", None: ""}[self.was_foreseen]
        verdict = f"<div>{mark}{escape(self.verdict)}</div>" if self.verdict else ""
        question = f"<div>{as_html(self.prediction.question)}</div>" if self.prediction.question else ""
        row = f'<div style="display:flex;flex-wrap:wrap;gap:0.2em 2.5em;margin:0.3em 0">{cells}</div>'
        return f'<div style="{BOX}">{question}{row}{verdict}</div>'


BOX = "padding:0.4em 0.9em;max-width:60em;border-left:5px solid #56b4e9"


def _time_sent() -> datetime | None:
    """Return when the cell that runs now was sent, by the sender's clock; None outside a kernel."""
    sent = getattr(cells.running_shell(), "parent_header", {}).get("header", {}).get("date")
    return sent if isinstance(sent, datetime) else None


def is_within(guessed: float, truth: float, factor: float) -> bool:
    """Return whether one of the two numbers is at most `factor` times the other; 0 is near to 0 alone."""
    if guessed == truth:
        return True
    if not (math.isfinite(guessed) and math.isfinite(truth)) or guessed * truth <= 0:
        return False
    # A little room, since what was typed has few digits: 0.2 is twice 0.1.
    return max(guessed / truth, truth / guessed) <= factor * (1 + 1e-6)


def difference(guessed: float, truth: float) -> str:
    """Say in a sentence how far `guessed` is from `truth`: by a factor where there is one."""
    if guessed == truth or is_within(guessed, truth, 1.0005):
        return "Your guess is exact." if guessed == truth else "Your guess is as good as exact."
    if not (math.isfinite(guessed) and math.isfinite(truth)):
        return "No factor leads from one to the other."
    if guessed * truth <= 0:
        return f"Your guess is off by {show_number(abs(guessed - truth))}" + (
            "." if guessed * truth == 0 else ", and has the other sign."
        )
    ratio = guessed / truth
    if 0.9 < ratio < 1.1:
        return f"Your guess is {100 * abs(ratio - 1):.1g} % too {'large' if (guessed > truth) else 'small'}."
    factor = max(ratio, 1 / ratio)
    times = f"{factor:.2g}" if factor < 100 else f"{factor:,.0f}" if factor < 1e9 else f"{factor:.1g}"
    return f"Your guess is {times} times the result." if ratio > 1 else f"The result is {times} times your guess."


def _choice(choices: Sequence[str], truth: float | str) -> str | None:
    """Return the choice that `truth` is: the same words, or the same number."""
    for choice in choices:
        if isinstance(truth, str):
            if _folded(choice) == _folded(truth):
                return choice
        else:
            try:
                if is_within(read_number(choice), truth, 1.0):
                    return choice
            except ValueError:
                continue
    return None


def _plain(truth: Any) -> float | str:
    """Return a result as a number or a text, whatever it came in: a NumPy scalar, a tensor, an array of one number."""
    if isinstance(truth, str):
        return truth
    if isinstance(truth, bool | np.bool_):
        return "yes" if truth else "no"
    try:
        array = np.asarray(truth)
        return float(array.item()) if array.size == 1 and array.dtype.kind in "iuf" else str(truth)
    except (TypeError, ValueError, OverflowError):
        return str(truth)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
