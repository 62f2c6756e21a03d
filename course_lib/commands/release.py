"""solutions/ → notebooks/: check what an author could have got wrong, let nbgrader generate, replace in one step.

The generated chapter is made in a scratch course (a copy of nbgrader_config.py and of the chapter), so that neither the
class's gradebook nor an unfinished chapter is ever touched.
"""

from __future__ import annotations

import filecmp
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat

from course_lib.checking.files import write_whole
from course_lib.commands.course import GLOSSARY, LITTER, Course, CourseError, files_of, notebooks_in
from course_lib.commands.kernel import STABLE_TENSORFLOW, read_notebook, run_notebook, scratch_copy
from course_lib.commands.lint import leaks, problems

# Output that shows nothing without the kernel that made it, under a name that is new in every run.
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

# Metadata of cells that changes from run to run, or with the way somebody looked at the notebook.
VOLATILE = ("execution", "ExecuteTime", "collapsed", "scrolled", "jp-MarkdownHeadingCollapsed", "trusted")


def release(course: Course, chapter: str) -> bool:
    """Generate notebooks/CHAPTER from solutions/CHAPTER. Returns whether anything changed.

    Raises:
        CourseError: the solutions are not fit to be released; notebooks/ is as it was.
    """
    with generated(course, chapter) as fresh:
        if not differences(fresh, course.notebooks / chapter):
            return False
        replace_folder(fresh, course.notebooks / chapter)
    return True


def release_glossary(course: Course) -> bool:
    """Lay docs/glossary.md beside the released chapters, which link to it. Returns whether anything changed."""
    if glossary_drift(course):
        write_whole(course.glossary, (course.root / "docs" / GLOSSARY).read_text(encoding="utf-8"))
        return True
    return False


def glossary_drift(course: Course) -> list[str]:
    """Say whether the glossary beside the released chapters is not docs/glossary.md; nothing is changed."""
    source = course.root / "docs" / GLOSSARY
    if not source.is_file():  # a course of somebody else's
        return []
    is_same = course.glossary.is_file() and course.glossary.read_bytes() == source.read_bytes()
    return [] if is_same else [f"notebooks/{GLOSSARY} is not docs/{GLOSSARY}"]


def drift(course: Course, chapter: str) -> list[str]:
    """Say which files of notebooks/CHAPTER are not what solutions/CHAPTER generates; nothing is changed."""
    if not notebooks_in(course.solutions / chapter):
        return [f"notebooks/{chapter} has no solution that it could come from"]
    with generated(course, chapter) as fresh:
        return [f"notebooks/{chapter}/{line}" for line in differences(fresh, course.notebooks / chapter)]


@contextmanager
def generated(course: Course, chapter: str) -> Iterator[Path]:
    """Lend the folder that nbgrader's generate_assignment makes of solutions/CHAPTER, checked on both sides."""
    source = course.solutions / chapter
    found = [f"{path.name}: {problem}" for path in notebooks_in(source) for problem in problems(read_notebook(path))]
    if found:
        raise CourseError(f"solutions/{chapter} cannot be released:\n  " + "\n  ".join(found))
    # Below build/, which git ignores: on the file system of notebooks/, so that the result can be renamed into place.
    build = course.root / "build"
    fresh_build = not build.exists()
    build.mkdir(exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=build, prefix="release-") as scratch:
            scratch = Path(scratch)
            shutil.copyfile(course.root / "nbgrader_config.py", scratch / "nbgrader_config.py")
            shutil.copytree(source, scratch / "solutions" / chapter, ignore=shutil.ignore_patterns(*LITTER))
            generate(scratch, chapter)
            fresh = scratch / "notebooks" / chapter
            found = [
                f"{path.name}: {leak}"
                for path in notebooks_in(source)
                for leak in leaks(read_notebook(path), read_notebook(fresh / path.name))
            ]
            if found:
                raise CourseError(f"notebooks/{chapter} would give solutions away:\n  " + "\n  ".join(found))
            yield fresh
    finally:
        if fresh_build and not any(build.iterdir()):
            build.rmdir()


def generate(root: Path, chapter: str) -> None:
    """Run nbgrader's generate_assignment in this process, on the course in `root`, with its nbgrader_config.py."""
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import PyFileConfigLoader

    with environment_kept():
        config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
        # Like `--no-db`: the student version needs no gradebook, which takes seconds to make.
        config.SaveCells.enabled = False
        config.GenerateAssignment.no_database = True
        course_directory = CourseDirectory(config=config, assignment_id=chapter)
        converter = GenerateAssignment(coursedir=course_directory, config=config)
        try:
            with errors_logged(converter.log) as errors:
                converter.start()
        except Exception as error:
            said = [line for line in errors if not line.startswith(("There was an error", "Please see"))]
            # The log holds a traceback, whose last line says what was wrong.
            reason = said[0].strip().splitlines()[-1] if said else str(error)
            raise CourseError(f"nbgrader could not generate {chapter}: {reason}") from error


@contextmanager
def environment_kept() -> Iterator[None]:
    """Undo what nbgrader_config.py does to this process's environment, which is meant for nbgrader and its kernels."""
    environment = dict(os.environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(environment)


@contextmanager
def errors_logged(log: logging.Logger) -> Iterator[list[str]]:
    """Collect what `log` reports as errors, and keep the rest from the terminal."""
    messages: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: messages.append(record.getMessage())
    handlers, propagate, log.handlers, log.propagate = log.handlers, log.propagate, [handler], False
    try:
        yield messages
    finally:
        log.handlers, log.propagate = handlers, propagate


def differences(fresh: Path, existing: Path) -> list[str]:
    """Say, a line a file, how the folder `existing` differs from `fresh`."""
    wanted, there = set(files_of(fresh)), set(files_of(existing))
    lines = {name: f"{name} is missing" for name in wanted - there}
    lines |= {name: f"{name} does not come from the solutions" for name in there - wanted}
    lines |= {
        name: f"{name} differs from what the solutions generate"
        for name in wanted & there
        if not filecmp.cmp(fresh / name, existing / name, shallow=False)
    }
    return [lines[name] for name in sorted(lines)]


def replace_folder(fresh: Path, target: Path) -> None:
    """Move the folder `fresh` to `target`; what was there is back in its place if that fails."""
    target.parent.mkdir(parents=True, exist_ok=True)
    old = fresh.with_name(f"{fresh.name}.old")
    if target.exists():
        os.rename(target, old)
    try:
        os.rename(fresh, target)
    except OSError:
        if old.exists():
            os.rename(old, target)
        raise


def run_solutions(
    course: Course, chapter: str, cell_timeout: int, say: Callable[[str], None] = lambda line: None
) -> list[Path]:
    """Run the solved notebooks of `chapter` and store their outputs in them, free of whatever changes from run to run.

    Returns:
        the notebooks whose file changed.
    Raises:
        CourseError: a cell raised or took too long; that notebook's file is as it was.
    """
    changed = []
    for path in notebooks_in(course.solutions / chapter):
        notebook = read_notebook(path)
        with scratch_copy(path.parent) as folder:
            run = run_notebook(
                notebook,
                folder,
                cell_timeout,
                # A home with nothing in it: what is stored never depends on who ran it.
                STABLE_TENSORFLOW | {"DESCENT_HOME": str(folder.parent / "home")},
                say=lambda line, path=path: say(f"{path.name}: {line}"),
            )
        failures = [
            f"cell {cell.id}: {'took too long' if index in run.timed_out else f'{output.ename}: {output.evalue}'}"
            for index, cell in enumerate(notebook.cells)
            if cell.cell_type == "code"
            for output in cell.outputs
            if output.output_type == "error"
        ]
        if run.stopped:
            failures.append(f"cell {notebook.cells[run.last].id}: {run.stopped}")
        if failures:
            raise CourseError(f"{path} did not run through; its file is as it was.\n  " + "\n  ".join(failures))
        make_stable(notebook)
        text = nbformat.writes(notebook).rstrip("\n") + "\n"
        if text != path.read_text(encoding="utf-8"):
            write_whole(path, text)
            changed.append(path)
    return changed


def make_stable(notebook) -> None:
    """Drop from an executed notebook what differs from run to run and from machine to machine."""
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        for name in VOLATILE:
            cell.metadata.pop(name, None)
        for output in cell.get("outputs", []):
            if len(output.get("data", {})) > 1:
                output["data"].pop(WIDGET_VIEW, None)
