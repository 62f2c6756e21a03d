"""Courses to grade by `ExecuteSplit`, and the sandbox in which all tests of a file are run."""

import pytest

from course_lib.grading import execute
from tests.grading.execute.cells import CELLS, SETUP
from tests.grading.split_course import Course


@pytest.fixture(scope="module", autouse=True)
def one_warm_sandbox():
    yield
    execute.close_all()


@pytest.fixture
def make_course(tmp_path):
    """Make a course with the usual imports; as long as its cells import nothing else, it uses the same sandbox."""

    def make(*cells, **more):
        return Course(tmp_path, SETUP, *cells, **more)

    return make


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path, *CELLS)
