"""The table of docs/grading.md: what teachers' tests do, and what of it runs split, as the bank of constructs has it.

python -m tests.grading.table_of_constructs     writes it anew
"""

import re
from itertools import groupby
from pathlib import Path

from tests.grading.constructs.bank import constructs

DOCUMENT = Path(__file__).parents[2] / "docs" / "grading.md"
BEGIN, END = "<!-- python -m tests.grading.table_of_constructs -->\n", "<!-- end -->"


def table():
    """Return the table: a row a group, with the names of its constructs and the first clause of each reason."""
    rows = ["| | runs | is refused |", "| --- | --- | --- |"]
    for group, members in groupby(constructs(), key=lambda construct: construct.group):
        members = list(members)
        runs = [each.name for each in members if each.expected == "runs"]
        refused = [f"{each.name}: {each.why.partition(', ')[0]}" for each in members if each.expected != "runs"]
        rows.append(f"| {group.replace('_', ' ')} | {'; '.join(runs)} | {'; '.join(refused)} |".replace("  |", " |"))
    # Names as `__code__` would be bold.
    return re.sub(r"(__\w+__)", r"`\1`", "\n".join(rows)) + "\n"


def in_the_document():
    """Return (what stands before the table, the table, what stands after it)."""
    before, found, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    inside, found_end, after = rest.partition(END)
    assert found and found_end, f"{DOCUMENT.name} has lost the lines around its table of constructs."
    return before + BEGIN, inside, END + after


def main():
    before, _, after = in_the_document()
    DOCUMENT.write_text(before + table() + after, encoding="utf-8")


if __name__ == "__main__":
    main()
