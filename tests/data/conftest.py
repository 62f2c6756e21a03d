"""A package index and download site on the loopback device, and a test's own folder for every source."""

import http.server
import os
import sys
import threading

import pytest

from tests.data.tiny import KERAS, WHEEL, WHEEL_NAME


class Server(http.server.ThreadingHTTPServer):
    """A package index and a download site; `answers` says what each path gives, `asked` what was asked for."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.asked: list[str] = []
        self.answers: dict[str, object] = {}
        self.gate = threading.Event()  # a download waits for it
        self.gate.set()
        self.offer(WHEEL)
        self.answers["/tiny.npz"] = KERAS

    def handle_error(self, request, client_address):
        """Say nothing of a client that went away, as one that gives up or is killed does."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def offer(self, content, name=WHEEL_NAME):
        self.answers["/simple/tiny-fixture/"] = f'<a href="/files/{name}">{name}</a>'.encode()
        self.answers[f"/files/{name}"] = content


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        answer = self.server.answers.get(self.path, 404)
        if "." in self.path:
            self.server.gate.wait(30)
        if isinstance(answer, int):
            self.send_error(answer)
            return
        content, announced = answer if isinstance(answer, tuple) else (answer, len(answer))
        self.send_response(200)
        self.send_header("Content-Type", "text/html" if self.path.startswith("/simple") else "application/octet-stream")
        self.send_header("Content-Length", str(announced))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        """Say nothing: the log would go to stderr."""


@pytest.fixture
def server():
    with Server() as running:
        threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
        yield running
        running.gate.set()
        running.shutdown()


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, tmp_path):
    """Point every source into this test's own folder, with no registry and no Keras until a test provides one."""
    for name in [
        name for name in os.environ if name.startswith(("DESCENT_", "PIP_")) or name.lower().endswith("_proxy")
    ]:
        monkeypatch.delenv(name)
    settings = {
        "DESCENT_DATA": tmp_path / "cache",
        "HOME": tmp_path / "home",
        "KERAS_HOME": tmp_path / "keras",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, str(value))
    (tmp_path / "home").mkdir()


@pytest.fixture
def registry(monkeypatch, server):
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", f"{server.address}/simple")
    return server


@pytest.fixture
def right_file(tmp_path):
    """A file to point to that holds the data set."""
    where = tmp_path / "right.npz"
    where.write_bytes(KERAS)
    return where
