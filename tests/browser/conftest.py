"""The distribution's Chromium for pytest-playwright (nothing is downloaded), and one JupyterLab for all tests."""

import json
import urllib.request

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


@pytest.fixture(params=["Light", "Dark"])
def theme(request, lab):
    """JupyterLab in this theme, before a page is opened."""
    set_theme(lab, request.param)
    yield request.param
    set_theme(lab, "Light")


def set_theme(lab, name):
    setting = json.dumps({"raw": json.dumps({"theme": f"JupyterLab {name}"})}).encode()
    address = f"{lab}/lab/api/settings/@jupyterlab/apputils-extension:themes?token={jupyterlab.TOKEN}"
    headers = {"Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(address, setting, headers, method="PUT")).close()
