"""Many requests at once: what waits goes together, nobody gets another's answer, and the end loses none."""

import contextlib
import signal
from concurrent.futures import ThreadPoolExecutor

import httpx
import numpy as np
import pytest

from course_lib.serving.load_test import run
from tests.serving.servers import SLOW, TOKEN, body, course_serve, running, until


@pytest.fixture
def asking():
    with ThreadPoolExecutor(20) as threads:
        yield threads


def image(digit):
    pixels = np.zeros((28, 28))
    pixels[0, 0] = digit / 10
    return pixels


def let_one_in(server, asking):
    """Send a request, and return its answer to come when the network is at work on it."""
    answer = asking.submit(server.predict, image(0))
    until(lambda: server.metrics()[("digits_batch_size_count",)] == 1)
    return answer


def test_what_waits_goes_through_the_network_together_and_each_gets_its_own_answer(tmp_path, asking):
    with running([*SLOW, str(tmp_path)]) as server:
        first = let_one_in(server, asking)
        others = [asking.submit(server.predict, image(digit)) for digit in range(10)]
        until(lambda: server.metrics()[("digits_waiting",)] == 10)
        (tmp_path / "go").touch()
        assert first.result().json()["digit"] == 0
        assert [answer.result().json()["digit"] for answer in others] == list(range(10))
        metrics = server.metrics()
    assert metrics[("digits_batch_size_count",)] == 2 and metrics[("digits_batch_size_sum",)] == 11


def test_a_full_server_refuses_at_once_and_recovers(tmp_path, asking):
    with running([*SLOW, str(tmp_path), "2"]) as server:
        waiting = [let_one_in(server, asking)]
        waiting += [asking.submit(server.predict, image(1)) for _ in range(2)]
        until(lambda: server.metrics()[("digits_waiting",)] == 2)
        answer = server.predict(image(2))
        assert answer.status_code == 503 and answer.headers["retry-after"] == "1"
        assert answer.json() == {"error": "Too many requests wait already: try again in a second."}
        assert server.client.get("/health").status_code == 200
        (tmp_path / "go").touch()
        assert [answer.result().status_code for answer in waiting] == [200] * 3
        assert server.predict(image(2)).json()["digit"] == 2


def test_a_network_that_fails_is_told_of_and_the_next_request_is_answered(tmp_path, asking):
    (tmp_path / "go").touch()
    (tmp_path / "broken").touch()
    with running([*SLOW, str(tmp_path)]) as server:
        answer = server.predict(image(1))
        assert answer.status_code == 500
        assert answer.json() == {"error": "The network failed on this image; the server's log says why."}
        assert sum(value for (name, *_), value in server.metrics().items() if name == "digits_read_total") == 0
        (tmp_path / "broken").unlink()
        assert server.predict(image(4)).json()["digit"] == 4
        server.process.terminate()
        assert "FloatingPointError: the weights are gone" in server.process.stderr.read()


def test_who_is_told_to_stop_answers_what_has_come_in(tmp_path, asking):
    for number in (signal.SIGTERM, signal.SIGINT):
        folder = tmp_path / number.name
        folder.mkdir()
        with running([*SLOW, str(folder)]) as server:
            waiting = [let_one_in(server, asking), *(asking.submit(server.predict, image(3)) for _ in range(4))]
            until(lambda server=server: server.metrics()[("digits_waiting",)] == 4)
            server.process.send_signal(number)
            until(lambda server=server: _refuses(server))
            assert server.process.poll() is None
            (folder / "go").touch()
            assert [answer.result().json()["digit"] for answer in waiting] == [0, 3, 3, 3, 3]
            until(lambda server=server: server.process.poll() is not None)
            assert server.process.returncode == 0


def _refuses(server):
    """Whether a new connection is refused."""
    try:
        httpx.get(f"{server.url}/health", trust_env=False)
    except httpx.ConnectError:
        return True
    return False


def test_a_body_that_does_not_arrive_is_not_waited_for(tmp_path):
    def parts():
        yield body(image(1))[:100]
        until(lambda: (tmp_path / "asked").exists())
        yield body(image(1))[100:]

    with running([*SLOW, str(tmp_path)]) as server, ThreadPoolExecutor(1) as threads:
        headers = {"Content-Type": "application/json"}
        answer = threads.submit(server.client.post, "/predict", content=parts(), headers=headers)
        until(lambda: server.metrics().get(("digits_requests_total", "/predict", "408")) == 1)
        (tmp_path / "asked").touch()
        with contextlib.suppress(httpx.HTTPError):  # the connection may be closed while the client still writes
            assert answer.result().status_code == 408


@pytest.mark.slow
def test_a_hundred_clients_at_once_are_all_answered(saved):
    with running(course_serve(saved, "--rate", "0")) as server:
        outcome = run(server.url, TOKEN, clients=100, requests=5)
        metrics = server.metrics()
    assert not outcome.errors and len(outcome.waited) == 500
    assert metrics[("digits_requests_total", "/predict", "200")] == 500
    assert metrics[("digits_batch_size_count",)] < metrics[("digits_batch_size_sum",)] == 500
    first, second = outcome.told().splitlines()
    assert first.startswith("100 clients at once: 500 answers in ") and first.endswith(" a second; 0 errors.")
    assert second.startswith("Latency: p50 ") and " p99 " in second


def test_a_load_test_counts_what_goes_wrong(saved):
    with running(course_serve(saved, "--rate", "0")) as server:
        outcome = run(server.url, "a-token-that-nobody-knows", clients=2, requests=2)
        url = server.url
    assert outcome.waited == [] and sum(outcome.errors.values()) == 4
    assert "4 errors." in outcome.told() and "4 times: status 401: " in outcome.told()
    gone = run(url, TOKEN, clients=2, requests=1)
    assert sum(gone.errors.values()) == 2 and "ConnectError" in gone.told()
