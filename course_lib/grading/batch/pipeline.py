"""Grade one submission, in a worker: nbgrader's preprocessors in this process, without its converters."""

from __future__ import annotations

import errno
import os
import shutil
import time
import uuid
from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat.v4 import nbjson
from nbgrader import utils
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, Execute, SaveAutoGrades
from traitlets import TraitError
from traitlets.utils.importstring import import_item

from course_lib.grading.batch import plan as plans
from course_lib.grading.batch import submission as submissions
from course_lib.grading.batch.plan import (
    GRADED,
    IN_PART,
    NOT_JUDGED,
    BatchError,
    Job,
    Plan,
    Result,
    Row,
    first_line,
)
from course_lib.grading.batch.scoring import CheckMetadata, SaveScores
from course_lib.grading.batch.snapshot import Snapshot
from course_lib.grading.batch.submission import Unreadable
from course_lib.grading.execute import ExecuteSplit
from course_lib.grading.restoring import RestoreCells, in_few_words, start_from_nothing, teachers_cells
from course_lib.grading.sandbox import SandboxError
from course_lib.wording import counted, listed

# A configuration that names nbgrader's own class gets ours, which does the same and does not end the submission.
INSTEAD = {Execute: ExecuteSplit, SaveAutoGrades: SaveScores, CheckCellMetadata: CheckMetadata}
RAN = "ran to the end"  # what ExecuteSplit calls an honest end
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE)
ASSIGNMENT = "assignment.db"
DRAFTS = "drafts"


class PenaltyError(Exception):
    """The plugin for late penalties fails, which is the teacher's, and no submission's fault: nothing is written."""


class Grader:
    """Grades submissions of one assignment, one after the other."""

    def __init__(self, plan: Plan):
        self.plan = plan
        app = plans.load(plan.root)
        # Never the class's gradebook, nor its password: whatever opens this address is lent the snapshot.
        app.coursedir.db_url = f"sqlite:///{Path(plan.folder, ASSIGNMENT)}"
        app.coursedir.assignment_id = plan.assignment
        self.courses, self.zone = app.coursedir, plans.time_zone(app)
        self.converter = Autograde(coursedir=app.coursedir, parent=app)
        self.exporter = self.converter.exporter_class(parent=self.converter, config=self.converter.config)
        sanitizing = classes(self.converter.sanitize_preprocessors)
        if not any(issubclass(kind, RestoreCells) for kind in sanitizing):
            sanitizing.insert(0, RestoreCells)
        self.preprocessors = sanitizing + classes(self.converter.autograde_preprocessors)
        for kind in self.preprocessors:  # what is wrong with their configuration is nobody's submission's fault
            try:
                kind(parent=self.exporter)
            except TraitError as error:
                raise BatchError(f"{plans.CONFIG} cannot be used: {error}") from None
        self.limits = submissions.FileLimits(self.courses.max_file_size * 1000, self.courses.max_dir_size * 1000)
        self.snapshot = Snapshot(Path(plan.folder, ASSIGNMENT))
        os.environ["NBGRADER_EXECUTION"] = "autograde"

    def grade(self, job: Job) -> Result:
        """Grade a submission, and say what became of it whatever it is.

        Raises:
            OSError: there is no room for the files; it has nothing to do with the submission.
        """
        started = time.monotonic()
        row = Row(job.student, GRADED, 0.0, 0.0, "")
        draft = os.path.join(self.plan.folder, DRAFTS, uuid.uuid4().hex)
        os.makedirs(draft)
        result = Result(row, draft)
        try:
            with self.snapshot.lend(self.courses.course_id, self.plan.assignment, job.student, job.rows) as gradebook:
                _OneSubmission(self, job, draft, row, gradebook).grade()
                gradebook.reopened()
                submission = gradebook.submission
                row.score = max(0.0, submission.score - submission.late_submission_penalty)
                row.max_score, row.needs_manual_grade = submission.max_score, bool(submission.needs_manual_grade)
                if late := lateness(submission):
                    row.remarks[:0] = [late] if row.happened else []
                    row.happened = row.happened or late
                result.rows = gradebook.rows()
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        row.remarks = in_few_words(row.remarks)
        row.seconds = time.monotonic() - started
        return result


class _OneSubmission:
    """One submission on its way from submitted/ to the draft of autograded/."""

    def __init__(self, grader: Grader, job: Job, draft: str, row: Row, gradebook):
        self.grader, self.job, self.draft, self.row, self.gradebook = grader, job, draft, row, gradebook
        self.student = job.student
        self.courses, self.assignment = grader.courses, grader.plan.assignment
        self.wrong: dict[str, str] = {}  # {notebook: why it was not judged}
        self.cut_off: list[str] = []  # sentences on what in the others was not
        self.unjudged: set[str] = set()  # notebooks of which no test was

    def grade(self):
        grader, converter = self.grader, self.grader.converter
        path = self.courses.format_path(self.courses.submitted_directory, self.student, self.assignment)
        above = os.path.join(self.courses.root, self.courses.submitted_directory)
        copy_teachers_files(grader, self.draft)
        try:
            with submissions.opened(path, above, self.courses.ignore, grader.limits) as submission:
                self.note_time(submission)
                self.copy_files(submission)
                converter.notebooks = [os.path.join(path, f"{name}.ipynb") for name in submission.notebooks]
                converter.run_pre_convert_hook()
                self.grade_notebooks(submission)
                self.row.remarks[:0] = submission.remarks
        except Unreadable as error:
            for name in self.gradebook.notebooks:
                self.nothing(name, "is not there")
            self.wrong = {"What was handed in": str(error)}
        set_permissions(grader, self.draft)
        converter.run_post_convert_hook()
        self.conclude()

    def note_time(self, submission):
        self.gradebook.submission.timestamp = submissions.read_timestamp(submission, self.grader.zone)

    def copy_files(self, submission):
        for path in submission.files:
            try:
                submissions.copy(submission, path, os.path.join(self.draft, path), self.grader.limits)
            except Unreadable as error:
                submission.remarks.append(f"{submissions.short(path)} {error}; it was ignored.")

    def grade_notebooks(self, submission):
        for name in sorted(set(submission.notebooks) - set(self.gradebook.notebooks)):
            self.row.remarks.append(f"{submissions.short(f'{name}.ipynb')} is no notebook of the assignment.")
        for name in sorted(self.gradebook.notebooks):
            wrong = submission.notebooks.get(name, "is missing")
            try:
                if self.job.given_up:
                    raise Unreadable("ended the process that graded it, twice, and was not run again")
                if wrong:
                    raise Unreadable(wrong)
                notebook, remarks = submissions.read_notebook(submission, name)
            except Unreadable as error:
                self.nothing(name, str(error))
                continue
            self.row.remarks += remarks
            try:
                self.grade_notebook(name, notebook)
            except Exception as error:
                if is_ours(error) or isinstance(error, PenaltyError):
                    raise
                self.nothing(name, f"could not be graded: {type(error).__name__}: {first_line(error)}")

    def grade_notebook(self, name, notebook):
        resources = resources_for(self.grader, self.student, name, self.draft)
        resources["valid"] = True
        for kind in self.grader.preprocessors:
            try:
                notebook, resources = kind(parent=self.grader.exporter)(notebook, resources)
            except Exception as error:
                if issubclass(kind, AssignLatePenalties):
                    why = f"{type(error).__name__}: {error}"
                    raise PenaltyError(f"the plugin for late penalties failed ({why})") from error
                raise
        self.row.remarks += [*resources.get("restoring", []), *resources.get("scoring", [])]
        if grading := resources.get("grading"):
            self.note_execution(name, grading)
        write_whole(os.path.join(self.draft, f"{name}.ipynb"), nbjson.writes(notebook) + "\n")

    def note_execution(self, name, grading):
        row = self.row
        row.remarks += grading.get("remarks", [])
        if grading.get("outcome", RAN) != RAN:
            self.cut_off.append(f"{name}.ipynb: {grading['outcome'].rstrip('.')}.")
        if unjudged := grading.get("unjudged"):
            if len(unjudged) == grading["tests"]:
                self.unjudged.add(f"{name}.ipynb")
            why: dict[str, list[str]] = {}
            for cell in unjudged:
                reason = grading["cells"].get(cell, "")
                why.setdefault("" if grading["outcome"] in reason else reason, []).append(cell)
            told = [", ".join(cells) + (f" ({reason})" if reason else "") for reason, cells in why.items()]
            self.cut_off.append(f"Not judged in {name}.ipynb: {'; '.join(told)}.")
        row.cells |= {f"{name}/{cell}": sentence for cell, sentence in grading.get("cells", {}).items()}
        row.forgeable |= bool(grading.get("forgeable"))
        row.cpu_seconds += grading.get("cpu_seconds", 0.0)
        row.peak_memory = max(row.peak_memory, grading.get("peak_memory", 0))

    def nothing(self, name, why):
        """Give a notebook that cannot be judged 0 for its tests, whatever an earlier one had."""
        self.wrong[f"{name}.ipynb"] = why
        cells = teachers_cells(self.gradebook, self.gradebook.notebooks[name])
        where = {"notebook": name, "assignment": self.assignment, "student": self.student}
        start_from_nothing(self.gradebook, cells, where)
        submitted = self.gradebook.find_submission_notebook(name, self.assignment, self.student)
        submitted.late_submission_penalty = None
        for grade in submitted.grades:  # as nbgrader does: of a missing notebook nobody has to grade anything
            if grade.manual_score is None:
                grade.auto_score, grade.needs_manual_grade = 0.0, False
        self.gradebook.db.commit()

    def conclude(self):
        row = self.row
        sentences = [*(f"{name} {why}." for name, why in self.wrong.items()), *self.cut_off]
        if self.cut_off or self.wrong:
            unjudged = len(self.wrong.keys() | self.unjudged)
            whole = unjudged == len(self.gradebook.notebooks) or "What was handed in" in self.wrong
            row.state = NOT_JUDGED if whole else IN_PART
        if row.forgeable and not self.wrong:
            sentences.append("Its tests ran beside the answer, by the teacher's leave: the score can be forged.")
        row.happened = " ".join(sentences) or (row.remarks[0] if row.remarks else "")
        if row.remarks and not sentences:
            row.remarks = row.remarks[1:]


def lateness(submission) -> str:
    """Return a sentence on a submission of the gradebook that came after the due date, "" on one that did not."""
    seconds, penalty = submission.total_seconds_late, submission.late_submission_penalty or 0.0
    if seconds <= 0:
        return ""
    minutes = max(1, round(seconds / 60))
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(days, "day"), (hours, "hour"), (minutes, "minute")]
    late = listed([counted(number, what) for number, what in parts if number][:2])
    return f"Handed in {late} late. Points taken off: {penalty:g}."


def classes(preprocessors) -> list[type]:
    found = [import_item(each) if isinstance(each, str) else each for each in preprocessors]
    for each in found:
        if not isinstance(each, type):
            raise BatchError(f"{each!r} in nbgrader_config.py is no class of preprocessors.")
    return [INSTEAD.get(each, each) for each in found]


def resources_for(grader: Grader, student: str, notebook: str, folder: str) -> ResourcesDict:
    """Return what nbgrader's converter and nbconvert's exporter hand to preprocessors."""
    resources = ResourcesDict(unique_key=notebook, output_files_dir=f"{notebook}_files", output_extension=".ipynb")
    resources["metadata"] = ResourcesDict(name=notebook, path=folder)
    resources["nbgrader"] = {
        "student": student,
        "assignment": grader.plan.assignment,
        "notebook": notebook,
        "db_url": grader.courses.db_url,
    }
    return resources


def copy_teachers_files(grader: Grader, draft: str) -> None:
    """Copy the support files that lie beside the teacher's notebooks, but those that students may change."""
    courses, converter = grader.courses, grader.converter
    source = courses.format_path(courses.source_directory, ".", grader.plan.assignment)
    excluded = {os.path.join(source, name) for name in converter.exclude_overwriting.get(grader.plan.assignment, [])}
    for path in utils.find_all_files(source, [*courses.ignore, "*.ipynb"]):
        if path not in excluded:
            target = os.path.join(draft, os.path.relpath(path, source))
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy(path, target)


def set_permissions(grader: Grader, draft: str) -> None:
    mode = int(str(grader.converter.permissions), 8)
    for folder, _, files in os.walk(draft):
        for name in files:
            path = os.path.join(folder, name)
            if not os.path.islink(path):
                os.chmod(path, mode)
        if grader.courses.groupshared:
            os.chmod(folder, (os.stat(folder).st_mode | 0o2770) & 0o2777)


def write_whole(path: str, text: str) -> None:
    """Write the file so that it is on disk before anything says that it is."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def is_ours(error: BaseException) -> bool:
    """Return whether the error is about this machine, and says nothing of the submission."""
    return isinstance(error, MemoryError | BatchError | SandboxError) or (
        isinstance(error, OSError) and error.errno in NO_ROOM
    )
