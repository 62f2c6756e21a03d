"""For every pytest run, nbval's included: on the CPU, repeatable, and out of anybody's progress record."""

import asyncio
import os
import tempfile

import pytest

from course_lib.starting import QUIET_TENSORFLOW
from tests.learner import learner_environment

# Before anything imports NumPy or TensorFlow. What the course sets itself, also where a maintainer's shell says
# otherwise; kernels do not inherit it, since those that tests start get what a learner's get.
os.environ.update(QUIET_TENSORFLOW, CUDA_VISIBLE_DEVICES="-1")
# Two test workers with two threads each on two cores wait for one another most of the time: an epoch of chapter 08
# takes a minute in place of four seconds.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# The folder goes away with the object, when the process ends.
_home = tempfile.TemporaryDirectory(prefix="descent-", ignore_cleanup_errors=True)
os.environ["DESCENT_HOME"] = _home.name
_homes = {}  # {notebook: the home that is its own}
# Where this is set, every kernel and command compiles the course's modules anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    return (yield from _without_playwrights_loop(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    return (yield from _without_playwrights_loop(item))


def _without_playwrights_loop(item):
    """Hide Playwright's event loop from other tests: it runs in this thread until the browser is closed, at the end.

    Within it, what starts a loop of its own would be refused by asyncio.
    """
    loop = None if item.get_closest_marker("browser") else asyncio._get_running_loop()
    if loop is None:
        return (yield)
    asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(loop)


def pytest_configure(config):
    if config.getoption("nbval", False):
        _make_nbvals_kernels_a_learners()


def _make_nbvals_kernels_a_learners():
    """Have nbval start kernels in a learner's environment: what TensorFlow writes then shows, and is no stored output.

    Each notebook has an empty home: what it stores must not depend on what others have written.
    """
    import nbval.kernel

    start = nbval.kernel.start_new_kernel

    def start_new_kernel(*arguments, cwd, **options):
        home = os.path.join(_home.name, f"notebook-{_homes.setdefault(cwd, len(_homes))}")
        return start(*arguments, cwd=cwd, env=learner_environment(DESCENT_HOME=home), **options)

    nbval.kernel.start_new_kernel = start_new_kernel


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup():
    _leave_no_trace_of_pytest()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call():
    _leave_no_trace_of_pytest()


def _leave_no_trace_of_pytest():
    """A kernel that finds this variable keeps from its cells what C++ libraries write, which learners see there."""
    os.environ.pop("PYTEST_CURRENT_TEST", None)
