"""What hidden tests would give away on a feedback page: their lines, their tracebacks, what was printed meanwhile."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from html import unescape

from nbconvert.filters import strip_ansi
from nbformat import NotebookNode
from nbformat.v4 import new_output

from course_lib.checking.report import JSON_MIME, Diagnosis, Report, ReportRow

HIDDEN_FAILED = "A hidden test failed."
NOT_SHOWN = "What was printed or shown here is left out, because this cell holds hidden tests."
QUOTES = "This output is left out, because it quotes a hidden test."
WITHHELD = "not shown"
# Shorter lines stand in too many programs to tell where they come from.
SHORTEST_TELLING_LINE = 8
LONGEST_MESSAGE = 300


@dataclass(frozen=True)
class Source:
    """A cell's source, line by line, and which of its lines are hidden; the delimiters' own lines are."""

    lines: list[str]
    hidden: list[bool]

    @classmethod
    def of(cls, source: str, begin: str, end: str) -> Source:
        """Read `source` with nbgrader's delimiters. A region without an end reaches to the end of the cell."""
        lines, hidden, inside = source.split("\n"), [], False
        for line in lines:
            is_begin, is_end = begin in line, begin not in line and end in line
            hidden.append(inside or is_begin or is_end)
            inside = is_begin or (inside and not is_end)
        return cls(lines, hidden)

    @property
    def hides(self) -> bool:
        return any(self.hidden)

    def shown(self, note: str) -> str:
        """Return the visible lines, with `note` in place of each hidden region."""
        shown = []
        for number, (line, is_hidden) in enumerate(zip(self.lines, self.hidden, strict=True)):
            if not is_hidden:
                shown.append(line)
            elif number == 0 or not self.hidden[number - 1]:
                shown.append(line[: len(line) - len(line.lstrip())] + note)
        return "\n".join(shown)

    @property
    def before_hidden(self) -> str:
        return "\n".join(self.lines[: self.hidden.index(True)])


def hide(notebook: NotebookNode, begin: str, end: str) -> NotebookNode:
    """Take out of `notebook`, in place, what stands between the delimiters, and what would give it away."""
    sources = [Source.of(cell.source, begin, end) for cell in notebook.cells]
    pairs = [pair for source in sources for pair in zip(source.lines, source.hidden, strict=True)]
    visible = {line.strip() for line, is_hidden in pairs if not is_hidden}
    telling = {line.strip() for line, is_hidden in pairs if is_hidden and begin not in line and end not in line}
    telling = {line for line in telling - visible if len(line) >= SHORTEST_TELLING_LINE}
    for cell, source in zip(notebook.cells, sources, strict=True):
        if cell.cell_type == "code":
            outputs = _of_a_hiding_cell(cell, source) if source.hides else cell.outputs
            cell.outputs = [_without_quotes(output, telling) for output in outputs]
        if source.hides:
            cell.source = source.shown("# Hidden tests." if cell.cell_type == "code" else "*Hidden tests.*")
    return notebook


def _of_a_hiding_cell(cell: NotebookNode, source: Source) -> list[NotebookNode]:
    """Return the outputs that may be shown: our reports, and of an error as much as the visible lines tell."""
    kept, is_left_out = [], False
    for output in cell.outputs:
        if output.output_type == "error":
            kept.append(_error(output, source))
        elif output.output_type == "execute_result" and (report := report_in(output)):
            shown = without_hidden_values(report, visible_check_first="check(" in source.before_hidden)
            result = {"text/plain": str(shown), "text/html": shown._repr_mimebundle_()["text/html"]}
            kept.append(new_output("execute_result", result, execution_count=output.get("execution_count")))
        else:
            is_left_out = True
    if is_left_out:
        kept.append(new_output("stream", text=NOT_SHOWN + "\n"))
    return kept


# --- Errors ---------------------------------------------------------------------------------------------------------


def _error(output: NotebookNode, source: Source) -> NotebookNode:
    """Return the error's last line, under the visible line that it arose in; a neutral sentence if that is hidden."""
    line = _failing_line(output, source)
    if line is None:
        return _plain_error(HIDDEN_FAILED)
    return _plain_error(f"----> {source.lines[line].strip()}", _last_line(output))


def _plain_error(*lines: str) -> NotebookNode:
    return new_output("error", ename="", evalue="", traceback=list(lines))


def _last_line(output: NotebookNode) -> str:
    """Return the exception and the first line of its message: numpy.testing's next ones hold the expected values."""
    message = next((line.strip() for line in str(output.get("evalue", "")).split("\n") if line.strip()), "")
    if len(message) > LONGEST_MESSAGE:
        message = message[:LONGEST_MESSAGE] + "…"
    name = str(output.get("ename", "")) or "Error"
    return strip_ansi(f"{name}: {message}" if message else name)


def _failing_line(output: NotebookNode, source: Source) -> int | None:
    """Return the index of the visible line that the traceback names; None if it names none, or also a hidden one.

    A traceback begins in the cell that was run, and has several such parts where one exception led to another. Its
    number need not be the notebook's: a grader may count otherwise. So the named lines must also be quoted.
    """
    text = strip_ansi("\n".join(str(part) for part in output.get("traceback", [])))
    text = text.partition("\nIn the submission:\n")[0]  # where the split grader appends the learner's own traceback
    frames = re.findall(r"^ *(?:File )?(?:Cell )?In ?\[(\d+)\], line (\d+)", text, re.MULTILINE)
    own = [int(line) - 1 for number, line in frames if number == frames[0][0]]
    quoted = {re.sub(r"^ *(?:-*> *)?\d* *", "", line).strip() for line in text.split("\n")}
    for index in own:
        if not 0 <= index < len(source.lines) or source.hidden[index] or source.lines[index].strip() not in quoted:
            return None
    return own[-1] if own else None


# --- Quotes in other cells ------------------------------------------------------------------------------------------


def _without_quotes(output: NotebookNode, telling: set[str]) -> NotebookNode:
    """Return `output`, or what may be shown of it if it quotes a hidden line: a traceback does, through a helper."""
    if output.output_type == "error":
        if not _quotes("\n".join([*map(str, output.get("traceback", [])), str(output.get("evalue", ""))]), telling):
            return output
        last = _last_line(output)
        return _plain_error(HIDDEN_FAILED if _quotes(last, telling) else last)
    texts = [output.get("text", ""), *output.get("data", {}).values()]
    if any(_quotes(str(text), telling) for text in texts):
        return new_output("stream", text=QUOTES + "\n")
    return output


def _quotes(text: str, telling: set[str]) -> bool:
    plain = strip_ansi(text)
    untagged = unescape(re.sub(r"<[^>]*>", "", plain))
    return any(line in plain or line in untagged for line in telling)


# --- Reports --------------------------------------------------------------------------------------------------------


def report_in(output: NotebookNode) -> Report | None:
    """Return our report that an execute_result shows, read from its data alone, or None if it shows something else."""
    data = output.get("data", {}).get(JSON_MIME)
    try:
        rows = [
            ReportRow(
                label=str(row["label"]),
                passed=row["passed"] is True,
                expected=str(row["expected"]),
                actual=str(row["actual"]),
            )
            for row in data["rows"]
        ]
        points, max_points = float(data["points"]), float(data["max_points"])
        diagnosis = data["diagnosis"]
        report = Report(
            exercise=str(data["exercise"]),
            rows=rows,
            points=points,
            max_points=max_points,
            diagnosis=Diagnosis("general", str(data["misconception"] or ""), str(diagnosis)) if diagnosis else None,
            notes=[str(note) for note in data["notes"]],
        )
    except (TypeError, KeyError, ValueError):
        return None
    return report if math.isfinite(points) and math.isfinite(max_points) else None


def without_hidden_values(report: Report, visible_check_first: bool) -> Report:
    """Return `report` with no value that a hidden check came to: neither expected, nor the answer's own.

    An answer may return what it was given, and the values are the same at the next hand-in. `Report.__and__` names
    the rows of a later check "… (with other numbers)" or "EXERCISE: …"; the first check's are shown if it is visible.
    """

    def is_hidden(row: ReportRow) -> bool:
        later = row.label.endswith("(with other numbers)") or re.match(r"\w+: ", row.label)
        return bool(later) or not visible_check_first

    rows = [
        ReportRow(row.label, row.passed, expected=WITHHELD, actual=WITHHELD)
        if is_hidden(row) and not row.passed and (row.expected or row.actual)
        else row
        for row in report.rows
    ]
    diagnosis = report.diagnosis
    # A general remark may quote a value or an exception's message; a misconception's text is the author's.
    of_hidden = all(row.passed or is_hidden(row) for row in report.rows) and bool(report.rows)
    if diagnosis and of_hidden and not diagnosis.name:
        shown = "the numbers that you were shown" if visible_check_first else "some numbers"
        diagnosis = Diagnosis("general", "", f"The answer is right with {shown}, and wrong with hidden ones.")
        if not visible_check_first:
            diagnosis = Diagnosis("general", "", "The answer is not right with the hidden tests' numbers.")
    return Report(report.exercise, rows, report.points, report.max_points, diagnosis, report.notes)
