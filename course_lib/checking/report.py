"""What a learner reads after a check: a table in JupyterLab, lines in a terminal, and a number for nbgrader."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from html import escape

from course_lib.checking.prose import as_html, as_text

_BOX = "padding:0.4em 0.9em;max-width:60em;border-left:5px solid "
JSON_MIME = "application/vnd.descent.report+json"


@dataclass(frozen=True)
class ReportRow:
    """One row of the probe: whether it agrees, and where it does not, what was expected and what came."""

    label: str
    passed: bool
    weight: float = 1.0
    essential: bool = False
    expected: str = ""
    actual: str = ""
    call: str = ""  # how the learner's object was called, where the row failed; never while grading


@dataclass(frozen=True)
class Diagnosis:
    """Which mistake was made: what went wrong (`cause`), and what to do about it (`cure`, where anything can be said).

    `certainty` is "sure", "likely" or "general"; `name` is the misconception's, if any. Of several questions, cause and
    cure have a line for each.
    """

    certainty: str
    name: str
    cause: str
    cure: str = ""

    @property
    def first_step(self) -> str:
        """What is told first: the cause alone."""
        return ("Probably: " if self.certainty == "likely" else "") + self.cause

    def __str__(self):
        return _joined(self.first_step, self.cure)


@dataclass(frozen=True)
class Report:
    """The outcome of a check. Shown in JupyterLab it is a table, by `str` plain text; its repr is the points.

    nbgrader reads a cell's `text/plain` as a number, so the repr is a float: finite, at least 0, at most `max_points`.
    `report & other` keeps both sets of rows and the lower points.

    Args:
        explanations: why a right answer is right, where that can be said.
        tells_cure: whether what to do about the mistake is said too, or only what went wrong.
        is_attempt: False where the answer is still what the release gave.
        output: what the answer printed.
        judged: which run of a cell the answer is from, where there are cells.
        kept: what a right answer stands for from here on.
        on_show: called when the report is shown as the result of a cell.
    """

    exercise: str
    rows: list[ReportRow]
    points: float
    max_points: float
    diagnosis: Diagnosis | None = None
    notes: list[str] = field(default_factory=list)
    explanations: list[str] = field(default_factory=list)
    has_hints: bool = False
    tells_cure: bool = True
    is_attempt: bool = True
    output: str = ""
    judged: str = ""
    kept: str = ""
    on_show: Callable[[], None] | None = field(default=None, compare=False, repr=False)

    @property
    def passed(self) -> bool:
        return bool(self.rows) and all(row.passed for row in self.rows)

    @property
    def message(self) -> str:
        """One sentence or two, as plain text: how many rows agree, and the diagnosis."""
        return as_text(_joined(*self._first_step, self._cure, self._kept))

    @property
    def _first_step(self) -> list[str]:
        """How many rows agree, and what went wrong; in one text, unless the latter has several lines."""
        right, total = sum(row.passed for row in self.rows), len(self.rows)
        if self.passed:
            return ["Right: " + (f"all {total} checks agree." if total > 1 else "the check agrees.")]
        count = f"{right} of {total} checks agree." if self.rows and right else ""
        told = self.diagnosis.first_step if self.diagnosis else "The answer is not right yet."
        return [count, told] if "\n" in told else [_joined(count, told)]

    @property
    def _cure(self) -> str:
        return self.diagnosis.cure if self.diagnosis and self.tells_cure else ""

    @property
    def _kept(self) -> str:
        return self.kept if self.passed else ""

    @property
    def example(self) -> ReportRow | None:
        """The failing row that is easiest to follow by hand, where the diagnosis names no row; else one of those named.

        Of those with a call, the one with the fewest numbers, none of them left out.
        """
        failing = [row for row in self.rows if not row.passed and self._rows_tell]
        told = self.diagnosis.cause if self.diagnosis else ""
        named = [row for row in failing if f"“{row.label}”" in told]
        shown = [row for row in named or failing if row.call]
        return min(shown, key=lambda row: ("…" in row.call, _numbers_in(row.call + row.expected)), default=None)

    def __and__(self, other: Report) -> Report:
        if not isinstance(other, Report):
            return NotImplemented
        first_wrong = self if self.diagnosis else other
        label = "{} (with other numbers)" if other.exercise == self.exercise else f"{other.exercise}: {{}}"
        # The same row with other numbers is listed again only if its outcome differs.
        known = {(row.label, row.passed) for row in self.rows}
        again = [row for row in other.rows if (row.label, row.passed) not in known]
        return replace(
            first_wrong,
            exercise=self.exercise,
            rows=self.rows + [replace(row, label=label.format(row.label)) for row in again],
            points=min(self.points, other.points),
            max_points=min(self.max_points, other.max_points),
            notes=list(dict.fromkeys(self.notes + other.notes)),
            judged=self.judged or other.judged,
        )

    def __repr__(self):
        return repr(float(self.points))

    def __str__(self):
        mark = "✓" if self.passed else "✗"
        points = f"{mark} {self.exercise}: {self.points:g} of {self.max_points:g} points."
        lines = [_joined(points, self.message).replace("\n", "\n  ")]
        example = self.example
        if example is not None:
            lines += [f"  For example, on “{example.label}”:", _indented(example.call, 6), *_two_values(example)]
        for row, actual in self._told_once() if self._rows_tell else []:
            lines.append(f"  {'✓' if row.passed else '✗'} {row.label}")
            if not row.passed and example is None:
                lines += _two_values(replace(row, actual=actual))
        if self.output:
            lines += ["  Your code printed:", _indented(self.output, 6)]
        lines += [f"  {as_text(explanation)}" for explanation in self.explanations]
        lines += [f"  Note: {as_text(note)}" for note in self.notes]
        lines += [f"  {line}" for line in (self._hint_line, self._judged_line) if line]
        return "\n".join(lines)

    @property
    def _hint_line(self) -> str:
        return f'`hint("{self.exercise}")` gives a hint.' if self.has_hints and not self.passed else ""

    @property
    def _judged_line(self) -> str:
        return f"judged: {self.judged}" if self.judged else ""

    @property
    def _rows_tell(self) -> bool:
        """Whether the rows say more than the sentence does: something was computed, and not all of it is right."""
        return any(row.expected for row in self.rows)

    def _told_once(self) -> Iterator[tuple[ReportRow, str]]:
        """Yield each row with what it says of the answer's value: an error that was told before is not told again."""
        told = set()
        for row in self.rows:
            is_known = row.actual.startswith("raised ") and row.actual in told
            told.add(row.actual)
            yield row, "the same error" if is_known else row.actual

    def as_dict(self) -> dict:
        """Return the report as JSON data, for `course check --json` and for a teacher's tools."""
        diagnosis = self.diagnosis
        return {
            "exercise": self.exercise,
            "points": float(self.points),
            "max_points": float(self.max_points),
            "passed": self.passed,
            "message": self.message,
            "diagnosis": as_text(str(diagnosis) if self.tells_cure else diagnosis.first_step) if diagnosis else None,
            "misconception": diagnosis.name or None if diagnosis else None,
            "notes": list(self.notes),
            "judged": self.judged,
            "rows": [asdict(row) for row in self.rows],
        }

    def _repr_mimebundle_(self, include=None, exclude=None):
        if self.on_show is not None:
            self.on_show()
        return {"text/plain": repr(self), "text/html": self._html(), JSON_MIME: self.as_dict()}

    def _html(self) -> str:
        color, mark = ("#0072b2", "✓") if self.passed else ("#d55e00", "✗")  # Okabe–Ito blue and vermilion
        parts = [
            f'<div style="{_BOX}{color}">',
            # The mark in the text's own color: none is legible on a light page and on a dark one alike.
            f"<div><strong>{mark} {escape(self.exercise)}</strong>",
            f" · {self.points:g} of {self.max_points:g} points</div>",
            *[_paragraph(sentence) for sentence in (*self._first_step, self._cure, self._kept) if sentence],
        ]
        if self.example is not None:
            parts += [
                f"<div>For example, on “{escape(self.example.label)}”:</div>",
                f"<pre>{escape(self.example.call)}</pre>",
                self._table([self.example]),
                f"<details><summary>All {len(self.rows)} checks</summary>{self._table(self.rows)}</details>",
            ]
        elif self._rows_tell:
            parts.append(self._table(self.rows))
        if self.output:
            parts.append(f"<div>Your code printed:</div><pre>{escape(self.output)}</pre>")
        parts += [f"<div>{as_html(explanation)}</div>" for explanation in self.explanations]
        parts += [f"<div>Note: {as_html(note)}</div>" for note in self.notes]
        if self._hint_line:
            parts.append(f'<div style="margin-top:0.35em">{as_html(self._hint_line)}</div>')
        if self._judged_line:
            parts.append(f'<div style="margin-top:0.35em;opacity:0.75">{as_html(self._judged_line)}</div>')
        return "".join([*parts, "</div>"])

    def _table(self, shown: list[ReportRow]) -> str:
        cell = 'style="text-align:left;padding:0.15em 0.9em 0.15em 0;vertical-align:top"'

        def value(text):
            tag = "pre" if "\n" in text else "code"
            return f"<td {cell}><{tag}>{escape(text)}</{tag}></td>"

        rows = [
            f"<tr><td {cell}>{'✓' if row.passed else '✗'} {escape(row.label)}</td>"
            + (f"<td {cell}>agrees</td><td {cell}></td>" if row.passed else value(actual) + value(row.expected))
            + "</tr>"
            for row, actual in self._told_once()
            if any(row is one for one in shown)
        ]
        head = "".join(f'<th scope="col" {cell}>{title}</th>' for title in ("looked at", "yours", "expected"))
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _two_values(row: ReportRow) -> list[str]:
    return [
        f"      {title:8}  {_indented(text, 16).strip()}"
        for title, text in (("expected", row.expected), ("yours", row.actual))
    ]


def _indented(text: str, spaces: int) -> str:
    return textwrap.indent(text, " " * spaces)


def _joined(*texts: str) -> str:
    """Return what there is of `texts` in one line, but texts of several lines in lines of their own."""
    whole = ""
    for text in filter(None, texts):
        separator = "\n" if "\n" in whole + text else " "
        whole += separator * bool(whole) + text
    return whole


def _paragraph(text: str) -> str:
    lines = text.split("\n")
    if len(lines) == 1:
        return f'<div style="margin:0.35em 0">{as_html(text)}</div>'
    items = "".join(f"<li>{as_html(line)}</li>" for line in lines)
    return f'<ul style="margin:0.35em 0;padding-left:1.4em">{items}</ul>'


@dataclass(frozen=True)
class Notice:
    """A sentence or two for the learner, with code after it: what `hint` and `solution` give."""

    text: str
    code: str = ""

    def __str__(self):
        return as_text(self.text) + (f"\n\n{self.code}" if self.code else "")

    __repr__ = __str__

    def _repr_html_(self):
        code = f"<pre>{escape(self.code)}</pre>" if self.code else ""
        text = as_html(self.text).replace("\n", "<br>")
        return f'<div style="{_BOX}#56b4e9">{text}{code}</div>'


def _numbers_in(text: str) -> int:
    """Return how many numbers a reader would have to follow: those shown, and those of arrays of which a shape is."""
    shapes = re.findall(r"shape \(([\d, ]+)\)", text)
    told = sum(math.prod(map(int, re.findall(r"\d+", shape))) for shape in shapes)
    return told + len(re.findall(r"\d+(?:\.\d*)?(?:e[-+]?\d+)?", text))
