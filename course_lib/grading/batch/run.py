"""The coordinator: hand out the jobs, write what comes back, keep a journal so that a run can be finished later."""

from __future__ import annotations

import json
import os
import shutil
import time
import uuid
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout
from nbgrader.api import Assignment, MissingEntry
from nbgrader.converters import Autograde
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from traitlets import TraitError

from course_lib.grading.batch import plan as plans
from course_lib.grading.batch.executors import GONE, cluster, local_workers
from course_lib.grading.batch.gradebook import ClassGradebook, GradebookLost, normal_url
from course_lib.grading.batch.pipeline import ASSIGNMENT, DRAFTS, is_ours
from course_lib.grading.batch.plan import (
    AS_BEFORE,
    FAILED,
    GRADED,
    IN_PART,
    NOT_JUDGED,
    NOT_REACHED,
    BatchError,
    Job,
    Plan,
    Result,
    Row,
    first_line,
)
from course_lib.grading.batch.process import LOG, in_own_process
from course_lib.grading.batch.snapshot import write_assignment
from course_lib.grading.batch.submission import time_of
from course_lib.grading.execute import is_text

WORKPLACE = (
    ".grading"  # beside the graded submissions, so that they can be renamed into place; nbgrader's globs pass it
)
MAX_LOST = 3
GRADEBOOK_PATIENCE = 30.0  # seconds in which a database that was restarted should be back
BAD = (IN_PART, NOT_JUDGED, FAILED)


@dataclass
class Class:
    """What became of a class: a row for everybody who handed in, and why the run ended early if it did."""

    assignment: str
    rows: list[Row] = field(default_factory=list)
    cut_short: str | None = None
    seconds: float = 0.0
    graded: int = 0

    @property
    def exit_code(self) -> int:
        """0 everything was judged; 1 something was not; 3 the run was cut short."""
        return 3 if self.cut_short else 1 if any(row.state in BAD for row in self.rows) else 0


class Progress:
    """What a run tells while it goes on; the command line shows it."""

    def begin(self, jobs: int, workers: str) -> None: ...

    def done(self, row: Row) -> None: ...

    def say(self, sentence: str) -> None: ...


def grade_class(
    assignment: str | Callable[[list[str]], str],
    *,
    start: Path | None = None,
    students: list[str] | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    db: str | None = None,
    regrade: bool = False,
    resume: bool = False,
    progress: Progress | None = None,
) -> Class:
    """Grade what was handed in for `assignment` in the course around `start`.

    Without `regrade`, that is what has not been graded since it was last handed in. With `resume`, what a run with the
    same arguments that was cut short has not done is done, and the rows of what it had done are added.

    Raises:
        BatchError: nothing was begun, and the sentence says what to change.
    """
    run = Run(start, db, progress or Progress())
    try:
        return run.grade(assignment, students, workers, scheduler, regrade, resume)
    finally:
        run.close()


class Run:
    def __init__(self, start: Path | None, db: str | None, progress: Progress):
        root = plans.find_config(start)
        self.progress, self.root, self.stack = progress, root, ExitStack()
        before = os.getcwd()
        self.stack.callback(os.chdir, before)
        app = plans.load(root)
        self.courses, self.zone = app.coursedir, plans.time_zone(app)
        try:
            self.creates_students = Autograde(coursedir=app.coursedir, parent=app).create_student
        except TraitError as error:
            raise BatchError(f"{root / plans.CONFIG} cannot be used: {error}") from None
        self.url = normal_url(db or self.courses.db_url)

    def close(self):
        self.stack.close()

    # --- What there is to do ---

    def grade(self, assignment, students, workers, scheduler, regrade, resume) -> Class:
        started = time.monotonic()
        if callable(assignment):
            assignment = assignment(plans.assignments(self.courses))
        self.gradebook = ClassGradebook(self.url)
        self.stack.callback(self.gradebook.close)
        place = Path(self.courses.root, self.courses.autograded_directory, WORKPLACE)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)  # the hidden tests are in there
        self.folder = place / assignment
        self.folder.mkdir(exist_ok=True)
        lock = FileLock(self.folder / "lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise BatchError(f"{assignment} is being graded by another `course grade`; wait for its end.") from None
        self.stack.callback(lock.release)
        self.plan = Plan(str(self.root), assignment, uuid.uuid4().hex, str(self.folder))
        self.copy_assignment()
        asked = {"regrade": regrade, "students": sorted(students) if students else None}
        self.journal = Journal(self.folder / "journal.jsonl", asked)
        known = plans.students(self.courses, assignment)
        chosen = self.choose(known, students)
        done = self.journal.begin(resume, self.progress.say)
        jobs, rows = self.sort_out(chosen, regrade, done)
        result = Class(assignment, rows)
        if jobs:
            with self.executor(workers, scheduler, len(jobs)) as pool:
                self.progress.begin(len(jobs), pool.name)
                result.cut_short = self.work_or_why_not(jobs, pool, result)
        reached = {row.student for row in result.rows}
        result.rows += [Row(s, NOT_REACHED, 0.0, 0.0, "") for s in jobs if s not in reached]
        result.rows.sort(key=lambda row: row.student)
        if not result.cut_short:
            self.journal.end()
        shutil.rmtree(self.folder / DRAFTS, ignore_errors=True)
        result.seconds = time.monotonic() - started
        return result

    def copy_assignment(self):
        """Write down the assignment's cells for the workers, and throw away what an earlier run left half done."""
        name = self.plan.assignment
        shutil.rmtree(self.folder / DRAFTS, ignore_errors=True)
        (self.folder / DRAFTS).mkdir(exist_ok=True)
        (self.folder / LOG).write_bytes(b"")
        try:
            with self.gradebook.reading() as connection:
                write_assignment(connection, name, self.folder / ASSIGNMENT)
                self.assignment_id = connection.scalar(select(Assignment.id).where(Assignment.name == name))
        except MissingEntry:
            command = f"nbgrader generate_assignment {name}"
            raise BatchError(f"{self.gradebook.name} knows no assignment {name}: `{command}` adds it.") from None

    def choose(self, known: list[str], students: list[str] | None) -> list[str]:
        unknown = sorted(set(students or ()) - set(known))
        if unknown:
            raise BatchError(f"Nobody called {unknown[0]!r} has handed in {self.plan.assignment}.")
        if not known:
            where = self.courses.format_path(self.courses.submitted_directory, "STUDENT", self.plan.assignment)
            raise BatchError(f"Nobody has handed in {self.plan.assignment}: submissions belong into {where}.")
        return [student for student in known if not students or student in students]

    def sort_out(self, chosen: list[str], regrade: bool, done: dict[str, Row]) -> tuple[list[str], list[Row]]:
        """Return who is to be graded, and the rows of the others."""
        scores = self.gradebook.scores(self.plan.assignment)
        welcome = None if self.creates_students else self.gradebook.students()
        jobs, rows = [], []
        for student in chosen:
            if not is_text(student):
                shown = os.fsencode(student).decode("ascii", "backslashreplace")
                why = "The folder's name is not text in UTF-8, as some programs unpack a zip: rename the folder."
                rows.append(Row(shown, NOT_JUDGED, 0.0, 0.0, why))
            elif welcome is not None and student not in welcome:
                how = "`nbgrader db student add` makes one, or c.Autograde.create_student = True."
                rows.append(Row(student, NOT_JUDGED, 0.0, 0.0, f"Is not a student of this course: {how}"))
            elif student not in scores or self.is_newer(student):
                jobs.append(student)
            elif student in done:
                rows.append(done[student])
            elif regrade:
                jobs.append(student)
            else:
                score, max_score, waits = scores[student]
                rows.append(Row(student, AS_BEFORE, score, max_score, "", needs_manual_grade=waits))
        return jobs, rows

    def is_newer(self, student: str) -> bool:
        """Return whether the submission has not been graded, or was handed in again since, by nbgrader's rule."""
        courses, assignment = self.courses, self.plan.assignment
        graded = self.destination(student)
        if not os.path.exists(graded):
            return True
        source = courses.format_path(courses.submitted_directory, student, assignment)
        handed_in = time_of(source, os.path.join(courses.root, courses.submitted_directory), self.zone)
        then = time_of(graded, os.path.join(courses.root, courses.autograded_directory), self.zone)
        return None not in (handed_in, then) and handed_in > then

    def destination(self, student: str) -> str:
        return os.path.normpath(
            self.courses.format_path(self.courses.autograded_directory, student, self.plan.assignment)
        )

    # --- Doing it ---

    def executor(self, workers, scheduler, jobs):
        return cluster(scheduler, self.plan.run) if scheduler else local_workers(workers, jobs, self.plan.run)

    def work_or_why_not(self, jobs: list[str], pool, result: Class) -> str | None:
        """Do the jobs, or say why not all of them are done."""
        try:
            self.work(jobs, pool, result)
        except KeyboardInterrupt:
            return "It was stopped."
        except BatchError as error:
            return str(error)
        except OSError as error:
            if not is_ours(error):
                raise
            return f"{error.filename or self.folder}: {error.strerror}."
        return None

    def work(self, waiting: list[str], pool, result: Class) -> None:
        """Keep the pool busy, and write each result as it comes."""
        waiting = list(reversed(waiting))
        running: dict[Future, tuple[str, dict]] = {}
        lost: dict[str, int] = {}
        while waiting or running:
            while waiting and len(running) < pool.room():
                self.hand_out(waiting.pop(), pool, running)
            finished, _ = wait(running, timeout=1.0, return_when=FIRST_COMPLETED)
            pool.check(self.progress.say)
            # First new work for those who are idle, then what has come back is written.
            came = [(running.pop(future), future) for future in finished]
            while waiting and len(running) < pool.room():
                self.hand_out(waiting.pop(), pool, running)
            for (student, rows), future in came:
                outcome = self.outcome(student, future)
                if outcome is None:
                    lost[student] = lost.get(student, 0) + 1
                    if lost[student] < MAX_LOST:
                        waiting.append(student)
                        continue
                    outcome = Result(Row(student, FAILED, 0.0, 0.0, "The cluster lost it again and again."))
                self.keep(outcome, rows)
                result.rows.append(outcome.row)
                result.graded += 1
                self.progress.done(outcome.row)

    def hand_out(self, student, pool, running):
        rows = self.patiently(lambda: self.gradebook.rows(self.assignment_id, student))
        try:
            running[pool.executor.submit(in_own_process, self.plan, Job(student, rows))] = student, rows
        except Exception as error:
            if not of_the_cluster(error):
                raise
            raise BatchError(GONE) from None  # since it was last looked at

    def outcome(self, student: str, future: Future) -> Result | None:
        """Return what a job gave, None if it was lost on the way."""
        try:
            return future.result()
        except BatchError:
            raise
        except CancelledError:
            return None
        except Exception as error:
            if of_the_cluster(error):
                return None
            return Result(Row(student, FAILED, 0.0, 0.0, f"Could not be graded: {first_line(error)}"))

    def keep(self, result: Result, before: dict) -> None:
        """Write a result: scores, files, journal. Whatever ends this in between, the job is done again later."""
        if result.draft and result.rows:
            try:
                self.patiently(lambda: self.gradebook.write(before, result.rows))
            except GradebookLost:
                raise
            except (SQLAlchemyError, ValueError) as error:
                result.row.state = FAILED
                result.row.happened = f"The gradebook did not take it: {first_line(getattr(error, 'orig', error))}"
                return
            self.put_in_place(result.draft, self.destination(result.row.student))
            self.journal.add(result.row)

    def patiently(self, work):
        """Do something with the gradebook, again for a while if it does not answer: it may have been restarted."""
        deadline = time.monotonic() + GRADEBOOK_PATIENCE
        while True:
            try:
                return work()
            except GradebookLost as error:
                if time.monotonic() > deadline or self.gradebook.engine.dialect.name == "sqlite":
                    raise
                self.progress.say(f"{error} Trying again.")
                time.sleep(1.0)

    def put_in_place(self, draft: str, graded: str) -> None:
        os.makedirs(os.path.dirname(graded), exist_ok=True)
        old = os.path.join(os.path.dirname(draft), f"old-{uuid.uuid4().hex}")
        if os.path.lexists(graded):
            os.rename(graded, old)
        os.rename(draft, graded)
        shutil.rmtree(old, ignore_errors=True)


def of_the_cluster(error: Exception) -> bool:
    """Return whether it is Dask that raised, and no job."""
    return type(error).__module__.startswith("distributed")


class Journal:
    """A file with a line for what was asked, and one for each submission once it is graded, written and in place."""

    def __init__(self, path: Path, asked: dict):
        self.path, self.asked = path, asked

    def begin(self, resume: bool, say: Callable[[str], None]) -> dict[str, Row]:
        """Start a new journal, or go on with the last one. Returns {student: row} of what it says is done.

        Raises:
            BatchError: the run to be finished was another one.
        """
        lines = self._lines()
        unfinished = bool(lines) and not lines[-1].get("ended")
        if resume and unfinished:
            if lines[0]["asked"] != self.asked:
                raise BatchError("The run that was cut short had other options: give the same ones, and --resume.")
            rows = {line["row"]["student"]: Row(**line["row"]) for line in lines[1:]}
            self._write("".join(json.dumps(line) + "\n" for line in lines))
            return rows
        if unfinished:
            say(f"An earlier run was cut short after {len(lines) - 1}; this one begins anew. --resume would finish it.")
        self._write(json.dumps({"asked": self.asked}) + "\n")
        return {}

    def add(self, row: Row) -> None:
        self._append({"row": asdict(row)})

    def end(self) -> None:
        self._append({"ended": True})

    def _lines(self) -> list[dict]:
        """Return the lines that are whole: the last one may not be."""
        lines = []
        if self.path.exists():
            for text in self.path.read_text(encoding="utf-8").splitlines():
                try:
                    lines.append(json.loads(text))
                except ValueError:
                    break
        return lines

    def _write(self, text: str) -> None:
        draft = self.path.with_suffix(".draft")
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, self.path)

    def _append(self, line: dict) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())


__all__ = ["AS_BEFORE", "BAD", "FAILED", "GRADED", "IN_PART", "NOT_JUDGED", "Class", "Progress", "grade_class"]
