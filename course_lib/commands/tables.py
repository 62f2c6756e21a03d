"""What commands show in a terminal. Whatever comes from a notebook is shown as plain text, never as markup."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.table import Table
from rich.text import Text

from course_lib.commands.check import Result
from course_lib.commands.doctor import FAIL, OK, WARN, Finding
from course_lib.commands.progress import Standing

# Blue and vermilion (Okabe–Ito) are told apart by color-blind readers; the signs say the same without color.
MARKS = {True: ("✓", "#56b4e9"), False: ("✗", "#d55e00")}
STATES = {OK: ("ok", "#56b4e9"), WARN: ("warn", "#e69f00"), FAIL: ("fail", "#d55e00")}


@contextmanager
def busy(what: str) -> Iterator[Callable[[str], None]]:
    """Show on stderr that something is going on, and lend a function that says how far it is."""
    with Console(stderr=True).status(Text(what)) as status:
        yield lambda line: status.update(Text(f"{what}: {line}"))


def show_results(results: list[Result], points: float, max_points: float, troubles: list[str]) -> None:
    """Print a row for every exercise of a notebook, the total, and what went wrong elsewhere in the notebook."""
    table = Table(show_footer=True, box=None, pad_edge=False, header_style="bold", footer_style="bold")
    table.add_column("exercise", "total", overflow="fold")
    table.add_column("points", f"{points:g}/{max_points:g}", justify="right", no_wrap=True)
    table.add_column("what the check says", overflow="fold", ratio=1)
    table.add_column("next hint", overflow="fold")
    for result in results:
        mark, color = MARKS[result.passed]
        table.add_row(
            Text(f"{mark} {result.exercise}", style=color),
            f"{result.points:g}/{result.max_points:g}",
            Text(result.message),
            Text(result.hint),
        )
    console = Console()
    console.print(table if results else "There are no exercises in it.")
    for trouble in troubles:
        console.print(Text(f"! {trouble}", style=STATES[WARN][1]))


def show_progress(chapters: dict[str, list[Standing]]) -> None:
    """Print a table with a row for every exercise under its chapter."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("exercise", "best", "attempts", "hints", ""):
        table.add_column(title, justify="left" if title in ("exercise", "") else "right")
    for chapter, standings in chapters.items():
        solved = sum(standing.passed for standing in standings)
        table.add_row(Text(chapter, style="bold"), f"{solved}/{len(standings)}", "", "", "solved")
        for standing in standings:
            mark, color = MARKS[standing.passed] if standing.attempts else ("·", "")
            table.add_row(
                Text(f"  {mark} {standing.exercise}", style=color),
                f"{standing.points:g}/{standing.max_points:g}" if standing.attempts else "–",
                str(standing.attempts or "–"),
                str(standing.hints or "–"),
                "solution shown" if standing.solution_shown else "",
            )
    console = Console()
    if chapters:
        console.print(table)
    else:
        console.print("There are no exercises yet.")


def show_finding(finding: Finding) -> str:
    """Print one finding of `course doctor` as soon as it is known, and return its state."""
    word, color = STATES[finding.state]
    line = Text.assemble((f"{word:<5}", color), (f"{finding.subject}: ", "bold"), finding.found)
    if finding.advice:
        line.append(f"\n     → {finding.advice}")
    Console().print(line, soft_wrap=True)
    return finding.state
