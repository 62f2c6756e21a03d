"""What commands show in a terminal. Whatever comes from a notebook is shown as plain text, never as markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from course_lib.commands.check import Result
from course_lib.commands.doctor import FAIL, OK, WARN, Finding
from course_lib.commands.library import Written
from course_lib.commands.progress import Chapter, next_step

if TYPE_CHECKING:
    from course_lib.grading.batch.run import Class, Progress

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
    has_hints = any(result.hint for result in results)  # else the column would only take room
    if has_hints:
        table.add_column("next hint", overflow="fold")
    for result in results:
        mark, color = MARKS[result.passed]
        table.add_row(
            Text(f"{mark} {result.exercise}", style=color),
            f"{result.points:g}/{result.max_points:g}",
            Text(result.message),
            *([Text(result.hint)] if has_hints else []),
        )
    console = Console(highlight=False)
    console.print(table if results else "There are no exercises in it.")
    for trouble in troubles:
        console.print(Text(f"! {trouble}", style=STATES[WARN][1]))


def show_progress(chapters: list[Chapter]) -> None:
    """Print a line for every chapter, the total, what was foreseen, and where to go on."""
    if not chapters:
        Console(highlight=False).print("There are no exercises yet.")
        return
    solved, count = sum(chapter.solved for chapter in chapters), sum(len(chapter.standings) for chapter in chapters)
    points, most = sum(chapter.points for chapter in chapters), sum(chapter.max_points for chapter in chapters)
    table = Table(show_footer=True, box=None, pad_edge=False, header_style="bold", footer_style="bold")
    table.add_column("chapter", "  total", overflow="fold")
    table.add_column("solved", f"{solved}/{count}", justify="right", no_wrap=True)
    table.add_column("points", f"{points:g}/{most:g}", justify="right", no_wrap=True)
    for chapter in chapters:
        mark, color = MARKS[True] if chapter.is_solved else ("·", "")
        table.add_row(
            Text(f"{mark} {chapter.name}", style=color),
            f"{chapter.solved}/{len(chapter.standings)}",
            f"{chapter.points:g}/{chapter.max_points:g}",
        )
    Console(highlight=False).print(table)
    _show_where_to_go_on(
        chapters,
        f"All exercises of all {len(chapters)} chapters are solved, and there are no more chapters yet. "
        "`course library` lists what you have built.",
    )


def show_chapter(chapter: Chapter) -> None:
    """Print a row for every exercise of one chapter, what was foreseen in it, and where to go on."""
    table = Table(show_footer=True, box=None, pad_edge=False, header_style="bold", footer_style="bold")
    console, total = Console(highlight=False), f"{chapter.points:g}/{chapter.max_points:g}"
    widest = min(22, max(len(standing.exercise) + 2 for standing in chapter.standings))
    # What is left for the words on a narrow screen, and never less than a word.
    room = max(8, console.width - widest - max(len("points"), len(total)) - 4)
    table.add_column("exercise", f"  {chapter.solved} of {len(chapter.standings)}", overflow="fold", min_width=widest)
    table.add_column("points", total, justify="right", no_wrap=True)
    table.add_column("what it took", overflow="fold", max_width=room)
    for standing in chapter.standings:
        mark, color = MARKS[standing.passed] if standing.attempts else ("·", "")
        table.add_row(
            Text(f"{mark} {standing.exercise}", style=color),
            f"{standing.points:g}/{standing.max_points:g}",
            ", ".join(
                [
                    *([_counted(standing.attempts, "try", "tries")] if standing.attempts else []),
                    *([_counted(standing.hints, "hint", "hints")] if standing.hints else []),
                    *(["solution shown"] if standing.solution_shown else []),
                ]
            ),
        )
    console.print(table)
    _show_where_to_go_on([chapter], "All of it is solved. `course progress` says where to go on.")


def _show_where_to_go_on(chapters: list[Chapter], all_solved: str) -> None:
    console = Console(highlight=False)
    if guessed := sum(chapter.guessed for chapter in chapters):
        console.print(f"You foresaw {sum(chapter.foreseen for chapter in chapters)} of {guessed}.")
    step = next_step(chapters)
    if step is None:
        console.print(all_solved)
    else:
        console.print(Text(f"{'Begin' if step.is_first else 'Continue'}: {step} → course lab {step.number}", "bold"))


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def show_library(folder: Path, pieces: list[Written]) -> None:
    """Print a row for every piece of a learner's library, and where it lies."""
    console = Console(highlight=False)
    if not pieces:
        console.print("Nothing yet: what passes its check in a notebook is kept, and used from then on.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("function", "chapter", "lines", "file", ""):
        table.add_column(column, justify="right" if column == "lines" else "left", overflow="fold")
    for piece in pieces:
        mark, color = MARKS[piece.is_used]
        table.add_row(
            Text(f"{mark} {piece.name}", style=color),
            piece.chapter,
            str(piece.lines or "–"),
            piece.file or "–",
            Text(
                printable(("used" if piece.is_used else "not used") + (f": {piece.why_not}" if piece.why_not else ""))
            ),
        )
    console.print(table)
    console.print(Text(f"They lie in {printable(str(folder))}."), soft_wrap=True)


def show_finding(finding: Finding) -> str:
    """Print one finding of `course doctor` as soon as it is known, and return its state."""
    word, color = STATES[finding.state]
    line = Text.assemble((f"{word:<5}", color), (f"{finding.subject}: ", "bold"), finding.found)
    if finding.advice:
        line.append(f"\n     → {finding.advice}")
    Console(highlight=False).print(line, soft_wrap=True)
    return finding.state


def show_class(graded: Class) -> None:
    """Print a row for every submission of a class, and how many there are of each kind.

    Rows that want a look come last: of a large class they are still on the screen.
    """
    from course_lib.grading.batch.run import AS_BEFORE, BAD

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("student", "score", "state", "what happened", "seconds"):
        right = title in ("score", "seconds")
        table.add_column(title, justify="right" if right else "left", no_wrap=right, overflow="fold")
    for row in sorted(graded.rows, key=lambda row: row.state in BAD):
        style = STATES[FAIL][1] if row.state in BAD else "dim" if row.state == AS_BEFORE else ""
        happened = " ".join([row.happened, *row.remarks]).strip()
        if row.needs_manual_grade:
            happened = f"{happened} To be graded by hand.".strip()
        table.add_row(
            Text(printable(row.student)),
            f"{row.score:g}/{row.max_score:g}" if row.max_score else "–",
            Text(row.state, style=style),
            Text(printable(happened)),
            f"{row.seconds:.2f}" if row.seconds else "",
        )
    console = Console(highlight=False)
    console.print(table)
    counts = Counter(row.state for row in graded.rows)
    console.print(
        Text(f"{graded.assignment}: " + ", ".join(f"{count} {state}" for state, count in counts.items()), "bold"),
        Text(f"{graded.seconds:.1f} s"),
    )


def show_cut_short(graded: Class) -> None:
    """Say on stderr why a run ended early, and how to go on."""
    if graded.cut_short:
        advice = "The same command with --resume finishes the run."
        line = Text(f"Cut short: {graded.cut_short} {advice}", style=STATES[FAIL][1])
        Console(stderr=True, highlight=False).print(line, soft_wrap=True)


def printable(text: str) -> str:
    """Return `text` without what would move the cursor, or cannot be encoded: it may come from a submission."""
    text = text.encode(errors="replace").decode()
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


@contextmanager
def grading_progress() -> Iterator[Progress]:
    """Show on stderr how far a class is and how long it will take."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    from course_lib.grading.batch.run import Progress

    columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
    bar = Bar(*columns, TextColumn("left:"), TimeRemainingColumn(), console=Console(stderr=True))

    class Shown(Progress):
        def begin(self, jobs, workers):
            bar.start()
            self.task = bar.add_task(f"grading on {workers}", total=jobs)

        def done(self, row):
            bar.advance(self.task)

        def say(self, sentence):
            bar.console.print(Text(sentence), soft_wrap=True)

    try:
        yield Shown()
    finally:
        if bar.tasks:
            bar.stop()
