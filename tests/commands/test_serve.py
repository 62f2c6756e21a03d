"""`course serve` as it is typed: what it needs, and what it says where that is missing."""

import builtins
import socket

import numpy as np
import pytest

from course_lib import layers, network, showcase
from course_lib.serving.models import load
from tests.serving.servers import TOKEN, course_serve, running
from tests.tiny_course import learner_course, refused, run


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.setenv("DESCENT_SERVE_TOKEN", TOKEN)
    return learner_course(tmp_path, monkeypatch)


class Look:
    """In place of the microscope's picture, which nothing here looks at."""

    def _repr_mimebundle_(self):
        return {"image/png": b"", "text/plain": ""}


def keep(made):
    showcase.keep_network(made.get_weights(), [2.3, 0.1], np.eye(10), Look(), made.predict)


@pytest.fixture
def kept_network():
    made = network.Sequential([layers.Dense(12, activation="relu"), layers.Dense(10, activation="softmax")], seed=0)
    made.build((None, 784))
    return made


@pytest.fixture
def saved(tmp_path):
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "small.npz", rng.normal(size=(784, 10)), np.zeros(10))
    return tmp_path / "small.npz"


def test_without_a_file_it_serves_the_network_that_chapter_14_kept(course, tmp_path, kept_network):
    told = refused("serve")
    assert "No network is kept yet: train one in chapter 14" in told and "`course serve MODEL`" in told
    keep(kept_network)
    image = np.random.default_rng(0).random((28, 28))
    with running(course_serve(), DESCENT_HOME=str(tmp_path / "home")) as server:
        said = server.predict(image).json()
    assert said["model"] == showcase.WEIGHTS
    np.testing.assert_allclose(said["probabilities"], kept_network.predict(image.reshape(1, 784))[0], atol=1e-5)


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("gone.keras", "gone.keras does not exist."),
        (".", "is a folder: a network is one file, .keras or .npz."),
        ("model.h5", "model.h5 is neither a Keras model (.keras) nor an archive"),
        ("empty.npz", "empty.npz cannot be read as an archive of NumPy arrays"),
    ],
)
def test_a_model_that_cannot_be_served_is_refused_in_a_sentence(course, tmp_path, monkeypatch, model, told):
    monkeypatch.chdir(tmp_path)
    for name in ("model.h5", "empty.npz"):
        (tmp_path / name).touch()
    assert told in refused("serve", model)


def test_without_a_token_it_says_how_one_is_made(course, saved, tmp_path, monkeypatch):
    monkeypatch.delenv("DESCENT_SERVE_TOKEN")
    told = refused("serve", str(saved))
    assert "secrets.token_urlsafe(32)" in told and "DESCENT_SERVE_TOKEN" in told and "--tokens" in told
    monkeypatch.setenv("DESCENT_SERVE_TOKEN", "guess me")
    assert "The tokens in the variable DESCENT_SERVE_TOKEN cannot be used: token 1 has 8" in refused(
        "serve", str(saved)
    )
    file = tmp_path / "tokens"
    assert "No such file or directory" in refused("serve", str(saved), "--tokens", str(file))
    file.write_bytes(b"\xff\xfe")
    assert f"The tokens in {file} cannot be used" in refused("serve", str(saved), "--tokens", str(file))


def test_tokens_of_a_file_let_in_and_the_variable_then_does_not(course, saved, tmp_path):
    (tmp_path / "tokens").write_text("# Ada\nadas-token-0123456789\n# Prometheus\nits-token-0123456789\n")
    with running(course_serve(saved, "--tokens", str(tmp_path / "tokens"))) as server:
        for token, status in (("adas-token-0123456789", 200), ("its-token-0123456789", 200), (TOKEN, 401)):
            headers = {"Authorization": f"Bearer {token}"}
            assert server.client.get("/metrics", headers=headers).status_code == status


def test_a_port_that_is_taken_is_told_with_what_to_do(course, saved):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = refused("serve", str(saved), "--port", str(port))
    assert f"Nothing can be served at 127.0.0.1, port {port} (Address already in use)" in told and "--port" in told
    assert "Nothing can be served at nowhere.invalid, port 80 (" in refused(
        "serve", saved, "--host", "nowhere.invalid", "--port", "80"
    )


def test_packages_that_are_missing_are_named_with_what_to_do(course, saved, monkeypatch):
    imported = builtins.__import__

    def without_fastapi(name, *rest, **more):
        if name == "fastapi":
            raise ModuleNotFoundError("No module named 'fastapi'", name="fastapi")
        return imported(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without_fastapi)
    assert "The server needs fastapi, which is not installed: run `make setup`" in refused("serve", str(saved))


@pytest.mark.parametrize(("host", "told"), [("0.0.0.0", "Others can reach this server"), ("127.0.0.2", "")])
def test_a_server_that_others_can_reach_says_what_it_lacks(saved, host, told):
    with running(course_serve(saved, "--host", host)) as server:
        assert server.url.startswith(f"http://{host}:")
        server.process.terminate()
        assert server.process.stderr.read().startswith(told)


@pytest.mark.slow
def test_the_load_test_starts_a_server_of_its_own_and_tells_what_came(course, saved):
    result = run("serve", str(saved), "--load-test")
    assert result.exit_code == 0
    first, second = result.stdout.splitlines()
    assert first.startswith("100 clients at once: 2,000 answers in ") and first.endswith("0 errors.")
    assert second.startswith("Latency: p50 ")


def test_a_load_test_of_no_network_ends_with_the_server_s_sentence(course, saved, capfd):
    np.savez(saved, np.zeros((3, 3)))
    result = run("serve", str(saved), "--load-test")
    assert result.exit_code == 2
    assert "The server of the load test did not start." in result.stderr
    assert "must hold kernel, bias" in capfd.readouterr().err  # of the other process


def test_what_chapter_14_keeps_can_be_read_again(course, tmp_path, kept_network):
    keep(kept_network)
    predict = load(tmp_path / "home" / showcase.WEIGHTS).predict
    image = np.random.default_rng(1).random((1, 28, 28), dtype="float32")
    np.testing.assert_allclose(predict(image), kept_network.predict(image.reshape(1, 784)), atol=1e-5)
