"""What a chapter's cells call: check, hint, solution and student_seed.

`check` runs the answer through this module's `observe`, which a grader replaces by one that asks another process.
"""

from __future__ import annotations

import functools
import inspect
import os
import textwrap
from dataclasses import replace
from typing import Any

from course_lib import cells, exercises
from course_lib.checking import progress
from course_lib.checking.exercise import Exercise
from course_lib.checking.fingerprint import fingerprint
from course_lib.checking.judge import judge
from course_lib.checking.observe import BrokenExerciseError, Record
from course_lib.checking.report import Diagnosis, Notice, Report
from course_lib.library.guard import OursError, observe
from course_lib.library.keeping import keep

# Set where all cells of a notebook are run in one go and nobody looks at them, as `course check` does.
UNATTENDED = "DESCENT_UNATTENDED"


def check(name: str, answer: Any, seed: int = 0, points: float = 1.0, record: bool = True) -> Report:
    """Check `answer` to the exercise called `name`, and return a report; it never raises.

    A wrong answer's report says what went wrong. What to do about it is said when a changed answer makes the same
    mistake again, or by `hint()`; both at once where nobody can try again, while an assignment is being graded.

    Args:
        name: the exercise's name, as in the chapter.
        answer: your function or class itself, not the result of calling it.
        seed: from which the numbers are drawn that it is tried on.
        points: what a right answer earns.
        record: whether it counts as an attempt; a demonstration says no.
    """
    try:
        exercise = exercises.find(str(name))
    except KeyError as error:
        return _refused(str(name), points, error.args[0])
    origin = cells.origin_of(name, answer) if record and not is_grading() else cells.Origin()
    report = _refused(name, points, origin.stale) if origin.stale else _check(exercise, answer, seed, points, record)
    notes = [*report.notes, *origin.notes, *([] if report.passed else origin.missing)]
    return replace(report, judged=origin.judged, notes=notes)


def _check(exercise: Exercise, answer: Any, seed: int, points: float, record: bool) -> Report:
    name = exercise.name
    if is_ours(answer, exercise):
        return _ours(name, points)
    if callable(exercise.reference) and not callable(answer):
        wanted = f'write `check("{name}", {name})`, without calling it'
        return _refused(name, points, f"`{name}` should be a function or a class, not its result: {wanted}.")
    try:
        observed = observe(exercise, answer, seed, tells_inputs=not is_grading())
        report = judge(exercise, observed, seed, points)
    except OursError:
        return _ours(name, points)
    except BrokenExerciseError as error:
        return _refused(name, points, f"This exercise is broken, not your answer; please report it: {error}")
    if is_grading():
        return report
    if not report.is_attempt:
        return _with_help_below(report, exercise, answer) if record else report
    if not record:
        return replace(report, tells_cure=False)
    if report.passed:
        report = replace(report, kept=keep(exercise, answer, seed))
    report = _recorded(report, exercise, answer, observed)
    return report if report.passed else _with_help_below(report, exercise, answer)


def _recorded(report: Report, exercise: Exercise, answer: Any, observed: Record) -> Report:
    """Record the check, and return its report with the cure of a mistake or without."""
    failed = None
    if not report.passed:
        diagnosis = report.diagnosis
        failed = progress.Failed(diagnosis.name or diagnosis.cause, fingerprint(answer), diagnosis.cure)
    # In a run from top to bottom nobody has tried again.
    by_hand = not os.environ.get(UNATTENDED)
    tells_cure = progress.record_check(report.exercise, report.points, report.max_points, failed, by_hand)
    choices = exercise.choices_made([observation.value for observation in observed.observations])
    progress.record_choices(report.exercise, choices)
    report.notes.extend(progress.news())
    return replace(report, tells_cure=tells_cure)


def _with_help_below(report: Report, exercise: Exercise, answer: Any) -> Report:
    """Return `report` so that, where a notebook shows it, a picture of the answer and buttons for help follow it."""
    shell = cells.running_shell()
    if not hasattr(shell, "kernel") or os.environ.get(UNATTENDED):
        return report

    def show():
        from course_lib import below_report

        shell.events.unregister("post_execute", show)
        below_report.show(exercise, answer, hint, solution)

    # A result is shown before what follows it: the help comes when the cell has ended.
    return replace(report, on_show=lambda: shell.events.register("post_execute", show))


def _ours(name: str, points: float) -> Report:
    return _refused(name, points, f"This is course_lib's own `{name}`. Write yours, then check that.")


def _refused(name: str, points: float, message: str) -> Report:
    return Report(name, rows=[], points=0.0, max_points=points, diagnosis=Diagnosis("general", "", message))


def is_ours(answer: Any, exercise: Exercise) -> bool:
    """Return whether `answer` is `course_lib`'s own object, wrapped, renamed or subclassed."""
    while isinstance(answer, functools.partial):
        answer = answer.func
    answer = inspect.unwrap(answer) if inspect.isfunction(answer) else _own(answer, "__func__", answer)
    if not callable(answer):
        return False
    for ours in (exercise.reference, exercise.solution):
        # A class that only fits one of course_lib's to the exercise stands for that one.
        while getattr(ours, "__module__", "").startswith("course_lib.exercises.") and _base(ours) is not object:
            ours = _base(ours)
        if answer is ours or (isinstance(ours, type) and isinstance(answer, type) and issubclass(answer, ours)):
            return True
        code = _own(answer, "__code__")
        if code is not None and code is getattr(ours, "__code__", None):
            return True
    return False


def _own(answer: Any, name: str, default: Any = None) -> Any:
    try:
        return getattr(answer, name, default)
    except Exception:  # a learner's object may raise anything when it is asked
        return default


def _base(ours: Any) -> type:
    return ours.__base__ if isinstance(ours, type) else object


def is_grading() -> bool:
    """Return whether an assignment is being graded or validated (nbgrader says so in the environment)."""
    return bool(os.environ.get("NBGRADER_EXECUTION"))


def student_seed() -> int:
    """Return the seed of the hidden tests: another number for every student while grading, a constant otherwise.

    The grader puts a hash of the term's secret and the student's name into DESCENT_STUDENT_SEED; the exercise's name
    is mixed in where numbers are drawn. So nobody can know the numbers beforehand, and a regrade meets the same ones.
    """
    return int(os.environ.get("DESCENT_STUDENT_SEED", 1))


def hint(name: str) -> Notice:
    """Give one more hint on the exercise called `name`; after the last one, the last one again.

    What to do about the mistake that was made last comes first, where that was not told yet.
    """
    if is_grading():
        return Notice("There are no hints while an assignment is being graded.")
    try:
        hints = exercises.find(name).hints
    except KeyError as error:
        return Notice(error.args[0])
    if not hints:
        return Notice(f"`{name}` has no hints.")
    if cure := progress.take_cure(name):
        separator = "\n" if "\n" in cure else " "  # a cure for each of several questions, a line each
        return Notice(separator.join(["On your last answer:", cure, *progress.news()]))
    given = progress.record_hint(name)
    number = min(given, len(hints) - 1)
    more = "" if number + 1 < len(hints) else f' That was the last hint; `solution("{name}")` shows a way to write it.'
    return Notice(" ".join([f"Hint {number + 1} of {len(hints)}: {hints[number]}{more}", *progress.news()]))


def solution(name: str) -> Notice:
    """Show the reference of the exercise called `name`, and remember that it was shown."""
    if is_grading():
        return Notice("There are no solutions while an assignment is being graded.")
    try:
        exercise = exercises.find(name)
    except KeyError as error:
        return Notice(error.args[0])
    progress.record_solution(name)
    ours = exercise.solution or exercise.reference
    source = ours if isinstance(ours, str) else textwrap.dedent(inspect.getsource(ours))
    told = [f"Our `{name}`. Read it, close it, and write your own from memory.", *progress.news()]
    return Notice(" ".join(told), source)


if not is_grading():
    cells.watch()
