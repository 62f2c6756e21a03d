"""`course …`: the command line. Each command reads its arguments, calls one module of `course_lib.commands`, prints.

Exit codes: 0 done; 1 the answer is no (an exercise not solved, notebooks that drifted, a machine that lacks something);
2 it could not be done, and one sentence on stderr says why; 3 grading was cut short.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from course_lib.commands.failures import Commands, in_words, told
from course_lib.commands.spelling import say

# Everything else is imported in the command that needs it: `course --help` answers at once.

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Descent, a hands-on deep-learning course. A chapter can be named in full, by number (08) or by topic.",
    epilog="Exit codes: 0 done; 1 the answer is no; 2 it could not be done, and a sentence on stderr says why.",
)

Chapter = Annotated[str, typer.Argument(metavar="CHAPTER", help="08_mnist_mlp, 08 or mnist_mlp.")]


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        say(f"course {version('descent')}")
        raise typer.Exit


@app.callback()
def course(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say which version this is.")
    ] = False,
):
    pass


@app.command()
def lab(
    chapter: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CHAPTER] [-- OPTIONS OF JUPYTERLAB]", help="The chapter to open; else that of last time."
        ),
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open it in the browser.")] = True,
    port: Annotated[int | None, typer.Option(help="Port to serve on.", min=0, max=65535)] = None,
):
    """Open the course in JupyterLab, where you were last time.

    Chapters are copied into work/ the first time, and never written over. Options after -- go to JupyterLab.
    """
    from course_lib.commands import copies
    from course_lib.commands import lab as jupyterlab
    from course_lib.commands.course import CourseError, find_course

    course = find_course()
    words = chapter or []
    names = words[:1] if words and not words[0].startswith("-") else []
    chapters = course.chapters()
    if not chapters:
        raise CourseError(f"There are no chapters in {course.notebooks}. Is this checkout complete? `git status` says.")
    opened = course.chapter(names[0]) if names else jupyterlab.chapter_of_last_time(course)
    if jupyterlab.is_within(course):
        say(f"JupyterLab is running already: open {opened} in its file browser, on the left.")
        return
    new = copies.copy_missing(course)
    if new:
        say(f"{len(new)} new files in {course.work}, yours to change; `course reset CHAPTER` gives a clean copy.")
    for sentence in copies.mend(course, opened):
        say(sentence)
    for sentence in told():  # JupyterLab takes this process's place
        say(f"course: {sentence}", err=True)
    line = jupyterlab.command(course, opened, browser, port, words[len(names) :])
    raise typer.Exit(jupyterlab.become(course, line))


@app.command()
def check(
    target: Annotated[
        str,
        typer.Argument(metavar="CHAPTER|NOTEBOOK", help="A chapter (your copy in work/), a folder or a .ipynb file."),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows as JSON.")] = False,
    cell_timeout: Annotated[int, typer.Option(help="Seconds a cell may take.", min=1)] = 300,
):
    """Run a notebook from top to bottom and say how each exercise stands.

    It runs in a copy, without the cells tagged demo. Exit code 0 if every exercise earns its full points, else 1.
    """
    import functools
    import json

    from course_lib.commands import check as checking
    from course_lib.commands import tables
    from course_lib.commands.course import find_course

    course = find_course()
    rows, troubles = [], []
    for path in checking.notebooks_meant(course, target):
        with tables.busy(f"running {path.name}") as show:
            tell = functools.partial(say, err=True)
            results, raised = checking.check_notebook(course, path, cell_timeout, show, tell)
        rows += results
        troubles += [f"{path.name}: {line}" for line in raised]
    points, max_points = sum(row.points for row in rows), sum(row.max_points for row in rows)
    if as_json:
        document = {"points": points, "max_points": max_points, "exercises": [row.as_dict() for row in rows]}
        say(json.dumps(document | {"troubles": troubles}, indent=1))
    else:
        tables.show_results(rows, points, max_points, troubles)
    raise typer.Exit(0 if all(row.passed for row in rows) else 1)


@app.command()
def progress(
    chapter: Annotated[
        str | None, typer.Argument(metavar="[CHAPTER]", help="Show each exercise of this one; else a line a chapter.")
    ] = None,
):
    """Show what you have solved so far, and where to go on (kept on this machine only)."""
    from course_lib.commands import tables
    from course_lib.commands.course import CourseError, find_course
    from course_lib.commands.progress import chapters_of

    course = find_course()
    meant = course.chapter(chapter) if chapter else ""
    found = chapters_of(course)
    if not meant:
        tables.show_progress(found)
        return
    one = next((each for each in found if each.name == meant), None)
    if one is None:
        raise CourseError(f"There are no exercises in {meant}.")
    tables.show_chapter(one)


@app.command()
def library():
    """List what you have written and proved: the course uses it from then on, as `yours.<name>`.

    Exit code 1 if some of it is not used.
    """
    from course_lib.commands import tables
    from course_lib.commands.course import find_course
    from course_lib.commands.library import network_told, written

    with tables.busy("looking at your library"):
        folder, pieces = written(find_course().work)
        will_be_used = network_told(find_course().work)
    tables.show_library(folder, pieces)
    say(will_be_used)
    raise typer.Exit(0 if all(piece.is_used for piece in pieces) else 1)


@app.command()
def report(
    output: Annotated[
        Path | None, typer.Option(help="The file to write; else your_network.html in work/.", show_default=False)
    ] = None,
):
    """Make a page to show of the network that chapter 14 trains on your own functions.

    One HTML file that needs nothing else: what you built with its code, learning curve, confusion matrix, the network
    under the microscope, and digits that you drew. Exit code 1 if something is missing on it.
    """
    from course_lib.commands import tables
    from course_lib.commands.course import find_course
    from course_lib.commands.report import make_report

    with tables.busy("looking at your network"):
        file, missing = make_report(find_course().work, output)
    for sentence in missing:
        say(sentence)
    say(f"The page is {file}: open it in a browser.")
    raise typer.Exit(1 if missing else 0)


@app.command()
def reset(chapter: Chapter):
    """Put a clean copy of a chapter into work/; the old one is kept beside it under a dated name."""
    from course_lib.commands import copies
    from course_lib.commands.course import find_course

    course = find_course()
    name = course.chapter(chapter)
    kept = copies.reset(course, name)
    say(f"work/{name} is a clean copy.")
    if kept:
        say(f"Yours is kept as work/{kept.name}. Is it open in JupyterLab? File → Reload Notebook from Disk.")


@app.command()
def data(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[mnist] [imdb]", help="Which; else all of them.")
    ] = None,
):
    """Fetch the data sets, verify them, and say which source served."""
    from course_lib import data as datasets
    from course_lib.commands import tables
    from course_lib.commands.course import CourseError

    failed = []
    for name in names or [status.name for status in datasets.status()]:
        try:
            with tables.busy(f"looking for {name}"):
                datasets.fetch(name, say=say)
        except KeyError as error:
            raise CourseError(error.args[0]) from None
        except datasets.DataUnavailable as error:
            failed.append(str(error).splitlines()[0])  # what was tried has been said
    if failed:
        raise CourseError("\n".join(failed))


@app.command()
def doctor():
    """Look at everything the course needs on this machine, and say what to do about what is missing.

    Exit code 1 if something fails; a warning alone does not.
    """
    from course_lib.commands import tables
    from course_lib.commands.course import find_course
    from course_lib.commands.doctor import FAIL, examine

    states = [tables.show_finding(finding) for finding in examine(find_course())]
    raise typer.Exit(1 if FAIL in states else 0)


@app.command()
def serve(
    model: Annotated[
        Path | None, typer.Argument(metavar="[MODEL]", help="A .keras or .npz file; else your network of chapter 14.")
    ] = None,
    tokens: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Who may ask: a token a line. Else the one in DESCENT_SERVE_TOKEN."),
    ] = None,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 for any that is free.", min=0, max=65535)] = 8000,
    rate: Annotated[float, typer.Option(help="Requests a second for each token; 0 for no limit.", min=0)] = 20,
    load_test: Annotated[
        bool, typer.Option("--load-test", help="Ask it from 100 clients at once, print how long they waited, and end.")
    ] = False,
):
    """Serve a network that reads digits over HTTP, with a page to draw on.

    Exit code 1 if an answer of the load test was missing.
    """
    from course_lib.commands import serve as serving
    from course_lib.commands.course import find_course

    work = find_course().work
    if not load_test:
        serving.serve(model, tokens, host, port, rate, say, work)
        return
    outcome = serving.load_test(model, work)
    say(outcome.told())
    raise typer.Exit(1 if outcome.errors else 0)


@app.command()
def release(
    chapters: Annotated[list[str] | None, typer.Argument(metavar="[CHAPTER]…", help="Which; else all of them.")] = None,
    run: Annotated[bool, typer.Option("--run", help="Run the solutions first and store their outputs.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only say where notebooks/ drifted; exit code 1 if so.")
    ] = False,
    cell_timeout: Annotated[int, typer.Option(help="Seconds a cell may take with --run.", min=1)] = 600,
):
    """Make notebooks/ from solutions/ (for maintainers)."""
    from course_lib.commands import release as releasing
    from course_lib.commands import tables
    from course_lib.commands.course import CourseError, chapters_in, find_course, which_chapter

    if run and check:
        raise CourseError("--check changes nothing and --run does: choose one.")
    course = find_course()
    known = chapters_in(course.solutions)
    if not known:
        raise CourseError(f"There are no chapters in {course.solutions}.")
    if check and not chapters:
        # A released chapter whose solution is gone is drift as well.
        known = sorted({*known, *course.chapters()})
    drifted, failed = [], []
    for chapter in [which_chapter(name, known, course.solutions) for name in chapters] if chapters else known:
        try:
            if check:
                drifted += releasing.drift(course, chapter)
                continue
            if run:
                with tables.busy(f"running {chapter}") as show:
                    for path in releasing.run_solutions(course, chapter, cell_timeout, show):
                        say(f"{path.relative_to(course.root)}: new outputs")
            say(f"notebooks/{chapter}: {'written' if releasing.release(course, chapter) else 'unchanged'}")
        except CourseError as error:  # the other chapters are none the worse for it
            failed.append(str(error))
    if check:
        drifted += releasing.glossary_drift(course)
    elif releasing.release_glossary(course):
        say("notebooks/glossary.md: written")
    for line in drifted:
        say(line)
    if failed:
        raise CourseError("\n".join(failed))
    if drifted:
        say("`course release` makes them from the solutions again.")
        raise typer.Exit(1)


@app.command()
def grade(
    chapter: Chapter,
    students: Annotated[
        list[str] | None, typer.Option("--student", metavar="NAME", help="Only this student; may be given again.")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Processes on this machine; else one a core.", min=1)] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Grade on the Dask cluster with this scheduler.")
    ] = None,
    db: Annotated[
        str | None, typer.Option(metavar="URL", help="The gradebook; else what nbgrader_config.py says.")
    ] = None,
    regrade: Annotated[bool, typer.Option("--regrade", help="Also what has been graded already.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Finish a run that was cut short.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows as JSON.")] = False,
):
    """Grade what a class has handed in, safely and on all cores (for teachers).

    Works in the course around the current folder, ours or any other with an nbgrader_config.py. Manual scores and
    comments stay. Exit code 0 if everything was judged, 1 if something was not, 3 if the run was cut short.
    """
    import json

    from course_lib.commands import grade as grading
    from course_lib.commands import tables

    graded = grading.grade(
        chapter,
        tables.grading_progress,
        students=students,
        workers=workers,
        scheduler=scheduler,
        db=db,
        regrade=regrade,
        resume=resume,
    )
    if as_json:
        say(json.dumps(grading.as_dict(graded), indent=1))
    else:
        tables.show_class(graded)
    tables.show_cut_short(graded)
    raise typer.Exit(graded.exit_code)


@app.command()
def results(
    chapter: Annotated[str | None, typer.Argument(metavar="[CHAPTER]", help="08, 09 or 10; without it, all.")] = None,
):
    """Do the long record runs, an hour and more, and write docs/results.md (for maintainers).

    Exit code 1 if a figure that the course promises was not reached.
    """
    from course_lib import results as records

    records.main(chapter, say=say)


def main():
    """Run the command line; Ctrl-C ends it without a traceback."""
    from course_lib.commands import spelling

    spelling.use()
    try:
        app(prog_name="course")
    except OSError as error:  # what --help and --version say cannot be written
        say(f"course: {in_words(error)}", err=True)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
