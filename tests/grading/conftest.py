import pytest

from course_lib.grading.split.testers import Testers


@pytest.fixture(scope="module")
def testers():
    """The process that forks testers, for those that talk to one in place of a learner's process."""
    with Testers(["pandas"], ["relu"]) as testers:
        yield testers
