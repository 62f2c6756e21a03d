"""What a learner reads after a check: a table in JupyterLab, lines in a terminal, and a number for nbgrader."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from html import escape

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


@dataclass(frozen=True)
class Diagnosis:
    """Which mistake was made: what went wrong (`cause`), and what to do about it (`cure`, where anything can be said).

    `certainty` is "sure", "likely" or "general"; `name` is the misconception's, if any.
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
        return f"{self.first_step} {self.cure}".strip()


@dataclass(frozen=True)
class Report:
    """The outcome of a check. Shown in JupyterLab it is a table, by `str` plain text; its repr is the points.

    nbgrader reads a cell's `text/plain` as a number, so the repr is a float: finite, at least 0, at most `max_points`.
    `report & other` keeps both sets of rows and the lower points.
    """

    exercise: str
    rows: list[ReportRow]
    points: float
    max_points: float
    diagnosis: Diagnosis | None = None
    notes: list[str] = field(default_factory=list)
    has_hints: bool = False
    tells_cure: bool = True
    judged: str = ""  # which run of a cell the answer is from, where there are cells

    @property
    def passed(self) -> bool:
        return bool(self.rows) and all(row.passed for row in self.rows)

    @property
    def message(self) -> str:
        """One sentence: how many rows agree, and the diagnosis."""
        right, total = sum(row.passed for row in self.rows), len(self.rows)
        if self.passed:
            return "Right: " + (f"all {total} checks agree." if total > 1 else "the check agrees.")
        count = f"{right} of {total} checks agree. " if self.rows and right else ""
        if self.diagnosis is None:
            return f"{count}The answer is not right yet."
        return f"{count}{self.diagnosis if self.tells_cure else self.diagnosis.first_step}"

    def __and__(self, other: Report) -> Report:
        if not isinstance(other, Report):
            return NotImplemented
        first_wrong = self if self.diagnosis else other
        label = "{} (with other numbers)" if other.exercise == self.exercise else f"{other.exercise}: {{}}"
        # The same row with other numbers is listed again only if its outcome differs.
        known = {(row.label, row.passed) for row in self.rows}
        again = [row for row in other.rows if (row.label, row.passed) not in known]
        return replace(
            self,
            rows=self.rows + [replace(row, label=label.format(row.label)) for row in again],
            points=min(self.points, other.points),
            max_points=min(self.max_points, other.max_points),
            diagnosis=first_wrong.diagnosis,
            notes=list(dict.fromkeys(self.notes + other.notes)),
            judged=self.judged or other.judged,
        )

    def __repr__(self):
        return repr(float(self.points))

    def __str__(self):
        mark = "✓" if self.passed else "✗"
        lines = [f"{mark} {self.exercise}: {self.points:g} of {self.max_points:g} points. {self.message}"]
        for row in self.rows if self._rows_tell else []:
            if not row.passed:
                lines += [f"  ✗ {row.label}", f"      expected  {row.expected}", f"      yours     {row.actual}"]
            elif not self.passed:
                lines.append(f"  ✓ {row.label}")
        lines += [f"  Note: {note}" for note in self.notes]
        lines += [f"  {self._hint_line}"] if self._hint_line else []
        return "\n".join(lines + ([f"  judged: {self.judged}"] if self.judged else []))

    @property
    def _hint_line(self) -> str:
        return f'`hint("{self.exercise}")` gives a hint.' if self.has_hints and not self.passed else ""

    @property
    def _rows_tell(self) -> bool:
        """Whether the rows say more than the sentence does: something was computed, and not all of it is right."""
        return any(row.expected for row in self.rows)

    def as_dict(self) -> dict:
        """Return the report as JSON data, for `course check --json` and for a teacher's tools."""
        return {
            "exercise": self.exercise,
            "points": float(self.points),
            "max_points": float(self.max_points),
            "passed": self.passed,
            "message": self.message,
            "diagnosis": str(self.diagnosis) if self.diagnosis else None,
            "misconception": self.diagnosis.name or None if self.diagnosis else None,
            "notes": list(self.notes),
            "judged": self.judged,
            "rows": [asdict(row) for row in self.rows],
        }

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": repr(self), "text/html": self._html(), JSON_MIME: self.as_dict()}

    def _html(self) -> str:
        color, mark = ("#0072b2", "✓") if self.passed else ("#d55e00", "✗")  # Okabe–Ito blue and vermilion
        parts = [
            f'<div style="{_BOX}{color}">',
            f'<div><strong><span style="color:{color}">{mark}</span> {escape(self.exercise)}</strong>',
            f" · {self.points:g} of {self.max_points:g} points</div>",
            f'<div style="margin:0.35em 0">{_prose(self.message)}</div>',
        ]
        if self._rows_tell:
            parts.append(self._table())
        parts += [f"<div>Note: {_prose(note)}</div>" for note in self.notes]
        if self._hint_line:
            parts.append(f'<div style="margin-top:0.35em">{_prose(self._hint_line)}</div>')
        if self.judged:
            parts.append(f'<div style="margin-top:0.35em;opacity:0.75">judged: {_prose(self.judged)}</div>')
        return "".join([*parts, "</div>"])

    def _table(self) -> str:
        cell = 'style="text-align:left;padding:0.15em 0.9em 0.15em 0;vertical-align:top"'
        rows = [
            f"<tr><td {cell}>{'✓' if row.passed else '✗'} {escape(row.label)}</td>"
            + (
                f"<td {cell}>agrees</td><td {cell}></td></tr>"
                if row.passed
                else f"<td {cell}><code>{escape(row.actual)}</code></td>"
                f"<td {cell}><code>{escape(row.expected)}</code></td></tr>"
            )
            for row in self.rows
        ]
        head = "".join(f'<th scope="col" {cell}>{title}</th>' for title in ("looked at", "yours", "expected"))
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


@dataclass(frozen=True)
class Notice:
    """A sentence or two for the learner, with code after it: what `hint` and `solution` give."""

    text: str
    code: str = ""

    def __str__(self):
        return self.text + (f"\n\n{self.code}" if self.code else "")

    __repr__ = __str__

    def _repr_html_(self):
        code = f"<pre>{escape(self.code)}</pre>" if self.code else ""
        return f'<div style="{_BOX}#56b4e9">{_prose(self.text)}{code}</div>'


def _prose(text: str) -> str:
    """Return `text` as HTML, with what stands between backticks as code."""
    pieces = escape(text).split("`")
    if len(pieces) % 2 == 0:  # an odd backtick is one of the text's own
        return escape(text)
    return "".join(f"<code>{piece}</code>" if index % 2 else piece for index, piece in enumerate(pieces))
