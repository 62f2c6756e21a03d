"""Fixtures of the tests that talk over the wire."""

import socket

import pytest

from course_lib.grading.split.testers import Testers
from course_lib.grading.wire import Connection


@pytest.fixture(scope="module")
def testers():
    """The process that forks testers, for those that talk to one in place of a learner's process."""
    with Testers(["pandas"], ["relu"]) as testers:
        yield testers


@pytest.fixture
def pair():
    ends = [Connection(end) for end in socket.socketpair()]
    yield ends
    for end in ends:
        end.close()
