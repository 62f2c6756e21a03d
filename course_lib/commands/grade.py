"""`course grade`: grade a class, in this course or in any other folder with an nbgrader_config.py."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path

from course_lib.commands.course import CourseError, which_chapter
from course_lib.grading.batch.plan import BatchError
from course_lib.grading.batch.run import Class, Progress, grade_class


def grade(chapter: str, progress: Callable[[], AbstractContextManager[Progress]], **options) -> Class:
    """Grade what was handed in for `chapter`, which may be shortened as everywhere; see `grade_class` for the options.

    Raises:
        CourseError: nothing was begun, and the sentence says what to change.
    """

    def which(known):
        # An assignment of another course may have capitals in its name.
        return chapter if chapter in known else which_chapter(chapter, known, Path("the course's source"))

    try:
        with progress() as told:
            return grade_class(which, progress=told, **options)
    except BatchError as error:
        raise CourseError(str(error)) from None


def as_dict(graded: Class) -> dict:
    return asdict(graded) | {"exit_code": graded.exit_code}
