"""The one writer of the class's gradebook."""

from __future__ import annotations

from contextlib import contextmanager

from nbgrader.api import Assignment, Grade, Notebook, Student, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import Integer, create_engine, event, func, inspect, select
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, InterfaceError, OperationalError

from course_lib.grading.batch.plan import BatchError, first_line
from course_lib.grading.batch.snapshot import SUBMITTED, Rows, rows_of

# By which columns a row is known, besides its id: other ids may have been given to the same rows meanwhile.
NATURAL = {
    "student": ("id",),
    "submitted_assignment": ("assignment_id", "student_id"),
    "submitted_notebook": ("notebook_id", "assignment_id"),
    "grade": ("cell_id", "notebook_id"),
    "comment": ("cell_id", "notebook_id"),
}
# What the autograder decides; of other columns only what a preprocessor really changed is written, so that a manual
# score or comment which was given while the submission was being graded stays.
DECIDED = {
    "submitted_notebook": {"late_submission_penalty"},
    "grade": {"auto_score", "needs_manual_grade"},
    "comment": {"auto_comment"},
}
PARENTS = {"submitted_notebook": "submitted_assignment", "grade": "submitted_notebook", "comment": "submitted_notebook"}
LOCK_SECONDS = 60


class GradebookLost(BatchError):
    """The database cannot be reached, or cannot be written now. What was not written is graded again."""


def normal_url(url: str) -> str:
    """Return `url` with the driver for PostgreSQL that the course brings, unless it names another one."""
    for short in ("postgresql://", "postgres://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    return url


class ClassGradebook:
    """The class's gradebook: read for a job, written once a submission."""

    def __init__(self, url: str):
        try:
            self.engine = create_engine(normal_url(url), connect_args=connect_arguments(url), pool_pre_ping=True)
            self.name = self.engine.url.render_as_string(hide_password=True)
            if not inspect(self.engine).has_table(Assignment.__tablename__):
                raise BatchError(f"The gradebook {self.name} is empty: `nbgrader generate_assignment` fills it.")
        except (ArgumentError, ImportError) as error:
            raise BatchError(f"{url!r} is no address of a gradebook: {first_line(error)}") from None
        except DBAPIError as error:
            raise BatchError(f"The gradebook {self.name} cannot be opened: {first_line(error.orig)}") from None
        if self.engine.dialect.name == "sqlite":
            # Otherwise Python begins a transaction late and in a way that can fail where it should wait.
            event.listen(
                self.engine, "connect", lambda connection, record: setattr(connection, "isolation_level", None)
            )
            event.listen(self.engine, "begin", begin_writing)

    def close(self) -> None:
        self.engine.dispose()

    def rows(self, assignment_id: str, student: str) -> Rows:
        with self.reading() as connection:
            return rows_of(connection, assignment_id, student)

    @contextmanager
    def reading(self):
        with self._lost(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def _lost(self):
        try:
            yield
        except (OperationalError, InterfaceError) as error:
            raise GradebookLost(f"The gradebook {self.name} does not answer: {first_line(error.orig)}") from error

    def students(self) -> set[str]:
        with self.reading() as connection:
            return set(connection.scalars(select(Student.id)))

    def scores(self, assignment: str) -> dict[str, tuple[float, float, bool]]:
        """Return {student: (score after the late penalty, maximum, whether something waits for a person)}."""
        with self.reading() as connection:
            maximum = connection.scalar(select(Assignment.max_score).where(Assignment.name == assignment))
            submissions = (
                select(SubmittedAssignment.student_id)
                .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
                .where(Assignment.name == assignment)
            )
            # By the whole unique key, which is the only index: else each student costs a look at all notebooks.
            of_notebooks = (
                submissions.join(Notebook, Notebook.assignment_id == Assignment.id)
                .join(
                    SubmittedNotebook,
                    (SubmittedNotebook.notebook_id == Notebook.id)
                    & (SubmittedNotebook.assignment_id == SubmittedAssignment.id),
                )
                .group_by(SubmittedAssignment.student_id)
            )
            penalties = of_notebooks.add_columns(
                func.coalesce(func.sum(SubmittedNotebook.late_submission_penalty), 0.0)
            )
            grades = of_notebooks.join(Grade, Grade.notebook_id == SubmittedNotebook.id).add_columns(
                func.coalesce(func.sum(Grade.score), 0.0),
                func.max(func.coalesce(Grade.needs_manual_grade.cast(Integer), 0)),
            )
            late = dict(map(tuple, connection.execute(penalties)))
            scores = {student: (0.0, maximum, False) for student in connection.scalars(submissions)}
            for student, score, waits in connection.execute(grades):
                scores[student] = (max(score - late.get(student, 0.0), 0.0), maximum, bool(waits))
            return scores

    def write(self, before: Rows, after: Rows) -> None:
        """Write what a submission got, in one transaction; written twice, it is the same as once.

        Args:
            before: the rows with which the submission was graded.
            after: the rows at the end. New ones are added, of others the columns that were decided or changed.
        Raises:
            GradebookLost: nothing has been written, since the database did not answer or is full or locked.
        """
        with self._lost():
            try:
                self._write(before, after)
            except IntegrityError:  # somebody added the same rows at the same moment, and now they are there
                self._write(before, after)

    def _write(self, before, after):
        with self.engine.execution_options(writing=True).begin() as connection:
            write_rows(connection, before, after)


def begin_writing(connection) -> None:
    """Take SQLite's lock at once, and wait for it if need be; who only reads takes none."""
    if connection.get_execution_options().get("writing"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def connect_arguments(url: str) -> dict:
    return {"timeout": LOCK_SECONDS} if url.startswith("sqlite") else {}


def write_rows(connection, before: Rows, after: Rows) -> None:
    ids: dict[str, str] = {}  # of the worker's row: the id of the gradebook's
    for table in SUBMITTED:
        columns, keys = SUBMITTED[table].c, NATURAL[table]
        old = {row["id"]: row for row in before.get(table, ())}
        new = []
        for row in after.get(table, ()):
            row = dict(row)
            if table in PARENTS:
                parent = "assignment_id" if table == "submitted_notebook" else "notebook_id"
                row[parent] = ids.get(row[parent], row[parent])
            new.append(row)
        there = existing(connection, table, new)
        inserts = []
        for row in new:
            key = tuple(row[column] for column in keys)
            if key not in there:
                ids[row["id"]] = row["id"]
                inserts.append(row)
                continue
            ids[row["id"]] = there[key]["id"]
            was = old.get(row["id"], {})
            decided = DECIDED.get(table, set())
            changed = {
                name: value
                for name, value in row.items()
                if name not in (*keys, "id")
                and there[key][name] != value
                and (name in decided or was_changed(was, name, value))
            }
            if changed:
                connection.execute(SUBMITTED[table].update().where(columns.id == there[key]["id"]).values(changed))
        if inserts:
            connection.execute(SUBMITTED[table].insert(), inserts)


def was_changed(was: dict, name: str, value) -> bool:
    """Return whether grading changed the column. Of a row that was new to the worker, an empty column is no change."""
    return was[name] != value if was else value not in (None, False)


def existing(connection, table: str, rows: list[dict]) -> dict[tuple, dict]:
    """Return {natural key: row} for those of `rows` that the gradebook has."""
    if not rows:
        return {}
    columns, keys = SUBMITTED[table].c, NATURAL[table]
    # The unique key is the only index: every column of it is asked for.
    one_of = [columns[key].in_({row[key] for row in rows}) for key in keys]
    found = connection.execute(select(SUBMITTED[table]).where(*one_of)).mappings()
    return {tuple(row[column] for column in keys): dict(row) for row in found}
