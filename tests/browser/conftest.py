"""The distribution's Chromium for pytest-playwright (nothing is downloaded), and one JupyterLab for all tests."""

import pytest

from tests.browser import jupyterlab


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {
        "executable_path": jupyterlab.chromium(),
        "args": jupyterlab.CHROMIUM_ARGUMENTS,
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"viewport": {"width": 1280, "height": 960}}


@pytest.fixture(scope="session")
def checkout(tmp_path_factory):
    """A fresh copy of the course, the one that `lab` runs on."""
    return jupyterlab.copy_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="session")
def lab(checkout):
    """The address of a running `course lab` on a fresh copy of the course."""
    with jupyterlab.running_lab(checkout) as address:
        yield address


@pytest.fixture
def complaints(page):
    """What the page complains of while the test runs: uncaught errors, and errors on its console."""
    found = []
    page.on("pageerror", lambda error: found.append(f"uncaught: {error}"))
    page.on("console", lambda message: found.append(f"console: {message.text}") if message.type == "error" else None)
    return found
