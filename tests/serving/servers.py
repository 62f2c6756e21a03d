"""Servers of `course_lib.serving` in processes of their own, and the requests that tests send them."""

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import numpy as np
from prometheus_client.parser import text_string_to_metric_families

TOKEN = "a-token-of-the-tests-0123456789"
ROOT = Path(__file__).resolve().parents[2]
SLOW = [sys.executable, "-m", "tests.serving.slow_server"]


def until(holds):
    """Return what `holds` gives as soon as that is true."""
    deadline = time.monotonic() + 120
    while not (found := holds()):
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.01)
    return found


class Running:
    """A server that runs: `url`, `process`, and a client that has the token."""

    def __init__(self, process, url):
        self.process, self.url = process, url
        self.client = httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=120, trust_env=False
        )

    def predict(self, pixels, **options):
        return self.client.post("/predict", json={"pixels": np.asarray(pixels).tolist()}, **options)

    def metrics(self):
        """Return {(name, *values of labels): value} of all samples, read by Prometheus's own parser."""
        answer = self.client.get("/metrics")
        assert answer.status_code == 200
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }


def course_serve(*words):
    return [sys.executable, "-m", "course_lib.cli", "serve", *map(str, words), "--port", "0"]


@contextlib.contextmanager
def running(command, **environment):
    """Start a server with `command`, which prints its URL, and lend it."""
    variables = {**os.environ, "DESCENT_SERVE_TOKEN": TOKEN, **environment}
    with subprocess.Popen(
        command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            line = process.stdout.readline()
            assert line.startswith("Serving "), process.stderr.read()
            server = Running(process, line.rpartition(" at ")[2].partition(": open")[0].strip())
            with server.client:
                yield server
        finally:
            process.kill()


def body(pixels) -> bytes:
    return json.dumps({"pixels": np.asarray(pixels).tolist()}).encode()
