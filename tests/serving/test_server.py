"""A real server on this machine, and real requests: what it answers, what it refuses, and what it says of both."""

import json
import re
import socket
from urllib.parse import urlsplit

import httpx
import numpy as np
import pytest

from course_lib.serving.models import load
from tests.serving.servers import TOKEN, body, course_serve, running, until

IMAGE = np.random.default_rng(3).random((28, 28))
BLANK = np.zeros((28, 28))
AS_JSON = {"Content-Type": "application/json"}


def of_answers(metrics):
    """What a request that is refused must not change."""
    names = ("digits_read_total", "digits_confidence_count", "digits_batch_size_count", "digits_batch_size_sum")
    return {sample: value for sample, value in metrics.items() if sample[0] in names}


def test_an_image_is_answered_with_what_the_network_says(server, saved):
    answer = server.predict(IMAGE)
    probabilities = load(saved).predict(IMAGE.astype("float32")[None])[0]
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/json"
    said = answer.json()
    assert set(said) == {"digit", "probabilities", "model"} and said["model"] == "small.npz"
    assert said["digit"] == probabilities.argmax()
    np.testing.assert_allclose(said["probabilities"], probabilities, atol=1e-6)


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"", AS_JSON, 400),
        (b'{"pixels": [[0,', AS_JSON, 400),
        (b"\xff\x00", AS_JSON, 400),
        (b"[" * 60_000, AS_JSON, 400),
        (body(IMAGE[:27]), AS_JSON, 422),
        (body(IMAGE[:, :27]), AS_JSON, 422),
        (body(IMAGE[None]), AS_JSON, 422),
        (body(255 * IMAGE), AS_JSON, 422),
        (body(-IMAGE), AS_JSON, 422),
        (body(np.full((28, 28), np.nan)), AS_JSON, 422),
        (body(np.full((28, 28), np.inf)), AS_JSON, 422),
        (body(IMAGE).replace(b"pixels", b"image"), AS_JSON, 422),
        (body(IMAGE).replace(b"}", b', "pixels": null}'), AS_JSON, 422),
        (body(IMAGE) + b" " * 65_536, AS_JSON, 413),
        (iter([b" " * 30_000] * 3), AS_JSON, 413),  # a body in parts, which does not say how long it is
        (body(IMAGE), {}, 415),
        (body(IMAGE), {"Content-Type": "text/plain"}, 415),
        (body(IMAGE), AS_JSON | {"Authorization": ""}, 401),
        (body(IMAGE), AS_JSON | {"Authorization": f"Basic {TOKEN}"}, 401),
        (body(IMAGE), AS_JSON | {"Authorization": f"Bearer {TOKEN[:-1]}"}, 401),
        (b"not even JSON", {"Authorization": "Bearer x"}, 401),
    ],
)
def test_a_bad_request_is_refused_in_a_sentence_and_changes_nothing(server, content, headers, status):
    before = of_answers(server.metrics())
    answer = server.client.post("/predict", content=content, headers=headers)
    assert answer.status_code == status
    assert set(answer.json()) == {"error"}
    assert re.fullmatch(r"[A-Zp“][^\n]{20,300}[.]", answer.json()["error"])
    assert of_answers(server.metrics()) == before
    assert server.predict(IMAGE).status_code == 200


def test_the_other_paths_and_methods_are_refused_in_a_sentence(server):
    answer = server.client.get("/predict")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json() == {"error": "/predict is asked for with POST, not GET."}
    for path in ("/docs", "/openapi.json", "/predict/", "/../etc/passwd", "/%2e%2e/draw.html"):
        answer = server.client.get(path)
        assert answer.status_code == 404
        assert answer.json() == {"error": "There is nothing here. Ask for /predict, /metrics, /health, /."}


def test_what_is_no_http_and_a_length_that_is_none_end_that_connection_alone(server):
    where = urlsplit(server.url)
    for sent in (
        b"\x16\x03\x01\x00",
        b"POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
    ):
        with socket.create_connection((where.hostname, where.port), timeout=60) as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            assert b"200 OK" not in connection.recv(10_000)
    assert server.predict(IMAGE).status_code == 200


def test_a_length_that_is_too_large_is_refused_before_the_body_comes(server):
    where = urlsplit(server.url)
    head = f"POST /predict HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n"
    with socket.create_connection((where.hostname, where.port), timeout=60) as connection:
        connection.sendall(f"{head}Content-Length: 1000000000\r\n\r\n".encode())  # and not a byte of it
        assert connection.recv(10_000).startswith(b"HTTP/1.1 413 ")


def test_a_client_that_goes_away_in_the_middle_costs_nobody_anything(saved):
    with running(course_serve(saved)) as server:
        where = urlsplit(server.url)
        head = (
            f"POST /predict HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n"
        )
        with socket.create_connection((where.hostname, where.port), timeout=60) as connection:
            connection.sendall(f"{head}Content-Length: 5000\r\n\r\n".encode() + body(IMAGE)[:100])
        until(lambda: ("digits_requests_total", "/predict", "400") in server.metrics())
        assert server.predict(IMAGE).status_code == 200
        server.process.terminate()
        assert server.process.stderr.read() == ""


def test_metrics_count_what_was_asked_and_answered(server):
    before = server.metrics()
    answered = [server.predict(image).json()["digit"] for image in (IMAGE, BLANK, IMAGE)]
    server.predict(2 * IMAGE)
    server.client.get("/somewhere")
    after = server.metrics()

    def more(*sample):
        return after[sample] - before.get(sample, 0)

    assert more("digits_requests_total", "/predict", "200") == 3
    assert more("digits_requests_total", "/predict", "422") == 1
    assert more("digits_requests_total", "other", "404") == 1
    assert more("digits_request_seconds_count", "/predict") == 4
    assert more("digits_request_seconds_sum", "/predict") > 0
    assert more("digits_batch_size_count") == more("digits_batch_size_sum") == 3
    assert sum(more("digits_read_total", str(digit)) for digit in range(10)) == 3
    assert more("digits_read_total", str(answered[0])) >= 2
    assert more("digits_confidence_count") == 3
    assert after[("digits_waiting",)] == 0
    assert after[("digits_requests_in_progress",)] == 1  # the one that asks
    assert after[("digits_process_cpu_seconds_total",)] > 0
    assert after[("digits_process_memory_bytes",)] > 1e6
    assert 0 <= after[("digits_cpu_use_ratio",)] <= 1
    assert 0 < after[("digits_memory_available_bytes",)] <= after[("digits_memory_total_bytes",)]


def test_metrics_need_a_token_and_tell_nothing_of_people(server):
    answer = httpx.get(f"{server.url}/metrics", trust_env=False)
    assert answer.status_code == 401 and "digits_" not in answer.text
    server.client.get("/a-path-that-somebody-typed")
    told = server.client.get("/metrics").text
    assert TOKEN not in told and "127.0.0.1" not in told and "typed" not in told


def test_health_and_the_page_need_no_token(server):
    answer = httpx.get(f"{server.url}/health", trust_env=False)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    page = httpx.get(f"{server.url}/", trust_env=False)
    assert page.status_code == 200 and "Draw a digit" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert not re.search(r"https?://", page.text)  # nothing of it comes from elsewhere


def test_nothing_that_is_answered_may_lie_in_a_cache(server):
    for answer in (server.predict(IMAGE), server.predict(2 * IMAGE), server.client.get("/metrics")):
        assert answer.headers["cache-control"] == "no-store"


def test_too_many_requests_are_told_when_to_come_again_and_metrics_get_through(saved):
    with running(course_serve(saved, "--rate", "0.001")) as server:
        assert server.predict(IMAGE).status_code == 200
        before = of_answers(server.metrics())
        answer = server.predict(IMAGE)
        assert answer.status_code == 429 and 900 < int(answer.headers["retry-after"]) <= 1000
        assert answer.json()["error"].startswith("Too many requests: try again in ")
        assert of_answers(server.metrics()) == before


@pytest.mark.slow
def test_a_keras_model_is_served(tmp_path):
    import keras

    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")])
    model.save(tmp_path / "model.keras")
    with running(course_serve(tmp_path / "model.keras")) as server:
        said = server.predict(IMAGE).json()
    expected = model.predict(IMAGE.reshape(1, 28, 28, 1), verbose=0)[0]
    np.testing.assert_allclose(said["probabilities"], expected, atol=1e-5)


def test_the_server_ends_well_and_writes_nothing(saved, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    with running(course_serve(saved), HOME=str(home), DESCENT_HOME=str(home)) as server:
        server.predict(IMAGE)
        server.predict(2 * IMAGE)
        server.process.terminate()
        until(lambda: server.process.poll() is not None)
        assert server.process.returncode == 0
        assert server.process.stderr.read() == ""
    assert list(home.iterdir()) == []


def test_json_of_the_answer_is_what_the_documentation_shows(server):
    said = server.predict(BLANK).text
    assert json.loads(said)["probabilities"] and said.startswith('{"digit":')
