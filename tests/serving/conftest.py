"""A small network on disk, and a server of it."""

import numpy as np
import pytest

from tests.serving.servers import course_serve, running


@pytest.fixture(scope="session")
def weights():
    """[kernel, bias, kernel, bias] of random numbers, from 784 pixels to 10 digits."""
    rng = np.random.default_rng(0)
    shapes = [(784, 16), (16,), (16, 10), (10,)]
    return [rng.normal(scale=0.2, size=shape).astype("float32") for shape in shapes]


@pytest.fixture(scope="session")
def saved(weights, tmp_path_factory):
    file = tmp_path_factory.mktemp("saved") / "small.npz"
    np.savez(file, *weights)
    return file


@pytest.fixture(scope="module")
def server(saved):
    with running(course_serve(saved, "--rate", "0")) as server:
        yield server
