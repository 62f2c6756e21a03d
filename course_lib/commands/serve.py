"""`course serve`: a saved network behind HTTP, and a load test of it."""

from __future__ import annotations

import ipaddress
import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from course_lib.checking.home import home
from course_lib.commands.course import CourseError

if TYPE_CHECKING:
    from course_lib.serving.load_test import Outcome

TOKEN = "DESCENT_SERVE_TOKEN"
MAKE_ONE = "python -c 'import secrets; print(secrets.token_urlsafe(32))'"
CLIENTS, REQUESTS = 100, 20  # of a load test
READY = "Serving "


def serve(
    model: Path | None, tokens: Path | None, host: str, port: int, rate: float, say: Callable[..., None], work: Path
) -> None:
    """Serve a network until Ctrl-C or SIGTERM.

    Args:
        model: its file; None for what chapter 14 kept of what is done in the folder `work`.
        tokens: a file with a token a line; None for the one in the environment.
        rate: requests a second for each token, 0 for no limit.
        say: prints a line; on stderr with `err=True`.
    Raises:
        CourseError: it cannot be served.
    """
    needs_packages()
    from course_lib.serving import server
    from course_lib.serving.app import Limits, make_app
    from course_lib.serving.models import load

    path, known = found(model, work), _tokens(tokens)  # before a model is loaded, which takes seconds
    try:
        loaded = load(path)
    except ValueError as error:
        raise CourseError(str(error)) from None
    try:
        listening = server.listen(host, port)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (while ")[0]  # what follows is the address once more
        raise CourseError(
            f"Nothing can be served at {host}, port {port} ({reason}): choose another with --port or --host."
        ) from None
    if not is_here(host):
        sentence = "Others can reach this server, and tokens and images can be read on their way: docs/serving.md, TLS."
        say(sentence, err=True)
    app = make_app(loaded, known, Limits(rate=rate))
    server.serve(
        app, listening, lambda url: say(f"{READY}{loaded.name} at {url}: open it in a browser. Ctrl-C ends it.")
    )


def load_test(model: Path | None, work: Path) -> Outcome:
    """Serve a network in a process of its own, ask it from many clients at once, and return what came of it.

    Raises:
        CourseError: it cannot be served.
    """
    needs_packages()
    from course_lib.serving.load_test import run

    token = secrets.token_urlsafe(32)
    line = [sys.executable, "-m", "course_lib.cli", "serve", str(found(model, work)), "--port", "0", "--rate", "0"]
    # The token is in the environment: everybody on a machine may read its command lines.
    with subprocess.Popen(line, env={**os.environ, TOKEN: token}, stdout=subprocess.PIPE, text=True) as server:
        try:
            said = server.stdout.readline()
            if not said.startswith(READY):  # its own sentence is on stderr
                raise CourseError("The server of the load test did not start.")
            url = said.rpartition(" at ")[2].partition(": open")[0]
            return run(url, token, CLIENTS, REQUESTS)
        finally:
            server.terminate()


def found(model: Path | None, work: Path) -> Path:
    """Return the file of the network that is meant.

    Raises:
        CourseError: there is none.
    """
    from course_lib.showcase import WEIGHTS

    path = model or home(work) / WEIGHTS
    if path.is_file():
        return path
    if model is None:
        raise CourseError(
            "No network is kept yet: train one in chapter 14, and run the cell that keeps it (`course lab 14`). "
            "Or name a file: `course serve MODEL`."
        )
    what = "is a folder: a network is one file, .keras or .npz" if path.is_dir() else "does not exist"
    raise CourseError(f"{path} {what}.")


def is_here(host: str) -> bool:
    """Whether only programs on this machine reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name
        return host == "localhost"


def needs_packages() -> None:
    """Raise a CourseError where the packages of the server are not installed."""
    try:
        import fastapi  # noqa: F401
        import httpx  # noqa: F401
        import prometheus_client  # noqa: F401
        import psutil  # noqa: F401
        import uvicorn  # noqa: F401
    except ModuleNotFoundError as error:
        raise CourseError(
            f"The server needs {error.name}, which is not installed: run `make setup`, or with pip "
            '`python -m pip install --editable ".[serve]"`.'
        ) from None


def _tokens(file: Path | None) -> list[str]:
    from course_lib.serving.access import read_tokens

    if file is None and not os.environ.get(TOKEN):
        raise CourseError(
            f"The server answers only to those who have a token, and there is none. `{MAKE_ONE}` makes one: "
            f"put it into the variable {TOKEN}, or into a file with a token a line, named with --tokens."
        )
    try:
        text = os.environ[TOKEN] if file is None else file.read_text(encoding="utf-8")
        return read_tokens(text.splitlines())
    except ValueError as error:  # also of a file that is no text
        source = f"the variable {TOKEN}" if file is None else str(file)
        raise CourseError(f"The tokens in {source} cannot be used: {error}. `{MAKE_ONE}` makes one.") from None
