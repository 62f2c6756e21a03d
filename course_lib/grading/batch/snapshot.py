"""The worker's gradebook: in memory, with one assignment and one student at a time, and never the class's own.

nbgrader's preprocessors each open `Gradebook(db_url)` and commit after every cell. While a submission is graded, all of
them get the same object: one session, whose commit writes nothing for good, and which has read every row it needs.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from nbgrader.api import (
    Assignment,
    Base,
    BaseCell,
    Comment,
    Course,
    Grade,
    Gradebook,
    GradeCell,
    MissingEntry,
    Notebook,
    SolutionCell,
    SourceCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
    new_uuid,
)
from sqlalchemy import create_engine, event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from course_lib.grading.batch.plan import BatchError

# What a submission is made of, in the order of their foreign keys.
SUBMITTED = {kind.__tablename__: kind.__table__ for kind in (Student, SubmittedAssignment, SubmittedNotebook)}
SUBMITTED |= {kind.__tablename__: kind.__table__ for kind in (Grade, Comment)}

Rows = dict[str, list[dict]]


def write_assignment(connection, assignment: str, path: Path) -> None:
    """Copy the rows of one assignment and its cells from the class's gradebook into an SQLite file at `path`.

    Raises:
        MissingEntry: the gradebook does not know the assignment, or no notebook of it.
    """
    row = connection.execute(select(Assignment.__table__).where(Assignment.name == assignment)).mappings().first()
    if row is None:
        raise MissingEntry(assignment)
    notebooks = rows_where(connection, Notebook, Notebook.assignment_id == row["id"])
    if not notebooks:
        raise MissingEntry(assignment)
    inside = [each["id"] for each in notebooks]
    found = {Course: rows_where(connection, Course, Course.id == row["course_id"]), Assignment: [dict(row)]}
    found |= {Notebook: notebooks, BaseCell: rows_where(connection, BaseCell, BaseCell.notebook_id.in_(inside))}
    cells = [cell["id"] for cell in found[BaseCell]]
    for kind in (GradeCell, SolutionCell, TaskCell):
        found[kind] = rows_where(connection, kind, kind.__table__.c.id.in_(cells))
    found[SourceCell] = rows_where(connection, SourceCell, SourceCell.notebook_id.in_(inside))
    path.unlink(missing_ok=True)
    engine = create_engine(f"sqlite:///{path}")
    try:
        Base.metadata.create_all(engine)
        with engine.begin() as file:
            for kind, rows in found.items():
                if rows:
                    file.execute(kind.__table__.insert(), rows)
    except OperationalError as error:
        raise BatchError(f"{path} cannot be written: {error.orig}.") from None
    finally:
        engine.dispose()


def rows_where(connection, kind, condition) -> list[dict]:
    return [dict(row) for row in connection.execute(select(kind.__table__).where(condition)).mappings()]


def rows_of(connection, assignment_id: str, student: str) -> Rows:
    """Return all rows that a gradebook has of one student's submission of an assignment, and of the student.

    Conditions are on all columns of a table's unique key: it has no other index, and a class may be large.
    """
    rows = {"student": rows_where(connection, Student, Student.id == student)}
    mine = (SubmittedAssignment.assignment_id == assignment_id) & (SubmittedAssignment.student_id == student)
    rows["submitted_assignment"] = rows_where(connection, SubmittedAssignment, mine)
    if rows["submitted_assignment"]:
        (submission,) = (row["id"] for row in rows["submitted_assignment"])
        released = select(Notebook.id).where(Notebook.assignment_id == assignment_id)
        inside = SubmittedNotebook.notebook_id.in_(released) & (SubmittedNotebook.assignment_id == submission)
        rows["submitted_notebook"] = rows_where(connection, SubmittedNotebook, inside)
        notebooks = [row["id"] for row in rows["submitted_notebook"]]
        cells = select(BaseCell.__table__.c.id).where(BaseCell.__table__.c.notebook_id.in_(released))
        for table, kind in (("grade", Grade), ("comment", Comment)):
            rows[table] = rows_where(connection, kind, kind.cell_id.in_(cells) & kind.notebook_id.in_(notebooks))
    return rows


_lent: list[SharedGradebook] = []


def _new(kind, *arguments, **names):
    return _lent[0].reopened() if _lent else object.__new__(kind)


# Never taken back: Python does not forget that a class once had a __new__. Unless a gradebook is lent it does nothing.
Gradebook.__new__ = staticmethod(_new)


class OneTransaction(Session):
    """A session in which nbgrader's commits, one a cell, do nothing: what changed is sent before the next query."""

    def commit(self):
        """Leave it to the next query."""

    def remove(self):
        """What nbgrader's scoped_session calls at the end; here the end is elsewhere."""


class Snapshot:
    """An assignment in memory. `lend` gives the gradebook for one submission of it, and forgets what happened there."""

    def __init__(self, path: Path):
        memory = sqlite3.connect(":memory:", check_same_thread=False)
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
            file.backup(memory)
        self.engine = create_engine("sqlite://", creator=lambda: memory, poolclass=StaticPool)

    @contextlib.contextmanager
    def lend(self, course_id: str, assignment: str, student: str, rows: Rows) -> Iterator[SharedGradebook]:
        """Let every `Gradebook(…)` in this process be the one for this student's submission.

        `rows` are those that the class's gradebook has of it; where there are none, they are made.
        """
        with OneTransaction(self.engine, autoflush=True) as session:
            gradebook = SharedGradebook(session, course_id, assignment, student)
            try:
                for table, new in rows.items():
                    if new:
                        session.execute(SUBMITTED[table].insert(), new)
                gradebook.load()
                _lent.append(gradebook)
                yield gradebook
            finally:
                _lent.clear()
                session.rollback()


class SharedGradebook(Gradebook):
    """nbgrader's Gradebook over a session that has loaded the submission: its finders answer without a query."""

    def __init__(self, session=None, course_id="", assignment="", student=""):
        if isinstance(session, Session):  # else somebody opened `Gradebook(url)` and got this one: it stays as it is
            self.engine, self.db = session.get_bind(), session
            self.course_id, self.authenticator = course_id, None
            self.assignment_name, self.student_name = assignment, student
            self.known, self.changed = {}, False
            event.listen(session, "after_flush", self._note_change)

    def close(self):
        """The session goes on."""

    def _note_change(self, session, context):
        self.changed = True

    def load(self) -> None:
        """Find or make the submission, and remember every row that belongs to it."""
        assignment = self._one(Assignment, Assignment.name == self.assignment_name)
        self.known["assignment", self.assignment_name] = assignment
        notebooks = {each.id: each for each in self._all(Notebook, Notebook.assignment_id == assignment.id)}
        names = {}
        for kind in (GradeCell, SolutionCell, TaskCell, SourceCell):
            for cell in self._all(kind, kind.notebook_id.in_(notebooks)):
                self.known[kind, cell.name, notebooks[cell.notebook_id].name, self.assignment_name] = cell
                names[cell.id] = cell.name
        mine = SubmittedAssignment.student_id == self.student_name
        if not self._all(SubmittedAssignment, mine):
            self._add_rows(assignment, notebooks)
        submission = self._one(SubmittedAssignment, mine)
        self.known["submission", self.assignment_name, self.student_name] = submission
        self.submission, self.notebooks, self.submitted = submission, {}, {}
        for notebook in notebooks.values():
            self.known["notebook", notebook.name, self.assignment_name] = self.notebooks[notebook.name] = notebook
        submitted = SubmittedNotebook.assignment_id == submission.id
        for each in self._all(SubmittedNotebook, submitted):
            name = notebooks[each.notebook_id].name
            self.submitted[each.id] = name
            self.known["submitted", name, self.assignment_name, self.student_name] = each
        for kind in (Grade, Comment):
            for row in self._all(kind, kind.notebook_id.in_(self.submitted)):
                where = self.submitted[row.notebook_id], self.assignment_name, self.student_name
                self.known[kind, names[row.cell_id], *where] = row
        self.changed = False

    def _add_rows(self, assignment, notebooks):
        """Add the rows that nbgrader's add_submission adds."""
        if not self._all(Student, Student.id == self.student_name):
            self.db.execute(SUBMITTED["student"].insert(), {"id": self.student_name})
        mine = {"id": new_uuid(), "assignment_id": assignment.id, "student_id": self.student_name}
        self.db.execute(SUBMITTED["submitted_assignment"].insert(), mine)
        for notebook in notebooks:
            submitted = new_uuid()
            row = {"id": submitted, "assignment_id": mine["id"], "notebook_id": notebook}
            self.db.execute(SUBMITTED["submitted_notebook"].insert(), row)
            graded, commented = (
                [cell for kind in kinds for cell in self._all(kind, kind.notebook_id == notebook)]
                for kinds in ((GradeCell, TaskCell), (SolutionCell, TaskCell))
            )
            for table, cells in (("grade", graded), ("comment", commented)):
                rows = [{"id": new_uuid(), "cell_id": cell.id, "notebook_id": submitted} for cell in cells]
                if rows:
                    self.db.execute(SUBMITTED[table].insert(), rows)

    def reopened(self) -> SharedGradebook:
        """Bring columns that the database computes up to date, as a new connection would see them."""
        self.db.flush()
        if self.changed:
            for kind in (Grade, Comment):
                condition = kind.notebook_id.in_(self.submitted)
                self.db.scalars(select(kind).where(condition).execution_options(populate_existing=True)).all()
            self.db.expire(self.submission)
            for name in self.notebooks:
                submitted = self.known["submitted", name, self.assignment_name, self.student_name]
                self.db.expire(submitted)
            self.changed = False
        return self

    def rows(self) -> Rows:
        """Return all rows of the submission as they are now."""
        self.db.flush()
        return rows_of(self.db.connection(), self.submission.assignment_id, self.student_name)

    def _one(self, kind, condition):
        return self.db.scalars(select(kind).where(condition)).one()

    def _all(self, kind, condition):
        return self.db.scalars(select(kind).where(condition)).all()

    # nbgrader's finders, each of which is a query over up to five tables.

    def find_assignment(self, name):
        return self.known.get(("assignment", name)) or super().find_assignment(name)

    def find_notebook(self, name, assignment):
        return self.known.get(("notebook", name, assignment)) or super().find_notebook(name, assignment)

    def find_grade_cell(self, *where):
        return self.known.get((GradeCell, *where)) or super().find_grade_cell(*where)

    def find_graded_cell(self, *where):
        known = self.known.get((GradeCell, *where)) or self.known.get((TaskCell, *where))
        return known or super().find_graded_cell(*where)

    def find_solution_cell(self, *where):
        return self.known.get((SolutionCell, *where)) or super().find_solution_cell(*where)

    def find_task_cell(self, *where):
        return self.known.get((TaskCell, *where)) or super().find_task_cell(*where)

    def find_source_cell(self, *where):
        return self.known.get((SourceCell, *where)) or super().find_source_cell(*where)

    def find_submission(self, *where):
        return self.known.get(("submission", *where)) or super().find_submission(*where)

    def find_submission_notebook(self, *where):
        return self.known.get(("submitted", *where)) or super().find_submission_notebook(*where)

    def find_grade(self, *where):
        return self.known.get((Grade, *where)) or super().find_grade(*where)

    def find_comment(self, *where):
        return self.known.get((Comment, *where)) or super().find_comment(*where)
