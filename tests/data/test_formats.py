"""A file that is pointed to: every form in which MNIST is passed on is read, everything else is refused by name."""

import gzip
import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from course_lib.data import formats
from course_lib.data.datasets import MNIST
from course_lib.data.formats import digest, idx_header
from course_lib.data.sources import DataUnavailable, obtain
from tests.data.tiny import (
    IDX_NAMES,
    KERAS,
    OTHER,
    REAL,
    WHEEL,
    cache,
    idx,
    npz,
    place,
    same,
    sha256,
    tarred,
    tiny,
    without,
    zipped,
)

RAW = {f"MNIST/raw/{IDX_NAMES[part].replace('.', '-')}": idx(array) for part, array in REAL.items()}
GZIPPED = {f"{name}.gz": gzip.compress(content) for name, content in RAW.items()}
NESTED = {f"{name}/{name.rsplit('/', 1)[-1]}": content for name, content in RAW.items()}
RIGHT = {
    "Keras's npz": KERAS,
    "npz without its suffix": KERAS,
    "folder of IDX files": RAW,
    "folder of gzipped IDX files": GZIPPED,
    "folder as some unpackers leave it": NESTED,
    "tar with folders": tarred(dict.fromkeys(RAW) | NESTED),
    "folder of both": GZIPPED | RAW | {"MNIST/raw/readme.txt": b"hello"},
    "zip": zipped(GZIPPED),
    "tar": tarred(RAW, "w"),
    "tar.gz": tarred(RAW),
    "wheel": WHEEL,
}


@pytest.mark.parametrize("content", RIGHT.values(), ids=RIGHT)
def test_a_right_file_serves(tmp_path, content):
    where = place(tmp_path, content)
    parts, source = obtain(tiny(), where)
    assert same(parts)
    assert (source.kind, source.origin) == ("file", str(where))


def test_the_environment_and_the_home_folder_may_point_to_a_file(tmp_path, monkeypatch):
    (tmp_path / "home" / "right.npz").write_bytes(KERAS)
    monkeypatch.setenv("DESCENT_TINY", "~/right.npz")
    assert obtain(tiny())[1].kind == "file"


def changed(files, name, content):
    return {key: content if name in key else old for key, old in files.items()}


WRONG = {
    "other images": (npz(OTHER), "x_train has SHA-256 .*: other data, or damaged"),
    "other labels": (npz(REAL | {"y_test": OTHER["y_test"]}), "y_test has SHA-256"),
    "other type": (npz(REAL | {"y_test": REAL["y_test"].astype("uint16")}), "y_test is uint16 of shape"),
    "a part": (npz({name: REAL[name][:1] for name in REAL}), r"x_train is uint8 of shape \(1, 4, 4\), not"),
    "a missing array": (npz(without(REAL, "y_test")), "it has no y_test, only x_test, x_train, y_train"),
    "far too large": (npz(REAL | {"y_test": np.zeros(10_000, np.uint8)}), "y_test is larger than the 2 bytes"),
    "text": (b"hello, world", "neither a folder nor .*hello, w"),
    "nothing": (b"", "neither a folder nor"),
    "an empty folder": ({".keep": b""}, "none of MNIST's files is in there"),
    "one gzipped file": (gzip.compress(idx(REAL["x_train"])), "one .gz file of several"),
    "a zip cut short": (zipped(RAW)[:-40], "the end of this zip file is missing"),
    "a tar.gz cut short": (tarred({"noise": os.urandom(9000)} | RAW)[:-40], "damaged"),
    "a missing file": (without(RAW, "t10k-labels"), "y_test is missing"),
    "an IDX file cut short": (changed(RAW, "train-images", idx(REAL["x_train"])[:-1]), "cut short"),
    "an IDX file of floats": (changed(RAW, "t10k-labels", b"\0\0\x0d\1" + bytes(4)), "no IDX file of unsigned bytes"),
    "an IDX file of 3 bytes": (changed(RAW, "t10k-labels", b"\0\0\x08"), "no IDX file of unsigned bytes"),
    "an IDX header that lies": (changed(RAW, "t10k-labels", idx_header((2**31,)) + b"1"), "no IDX file"),
    "a large IDX file": (changed(RAW, "t10k-labels", bytes(10_000)), "is larger than the 112 bytes"),
    "a gzip bomb": (changed(GZIPPED, "t10k-labels", gzip.compress(bytes(50_000))), "is larger than the 112 bytes"),
    "a damaged gzip": (changed(GZIPPED, "t10k-labels", b"\x1f\x8b" + bytes(30)), "damaged"),
    "no gzip": (changed(GZIPPED, "t10k-labels", b"hello"), "damaged.*BadGzipFile"),
}


@pytest.mark.parametrize("content, reason", WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_named_and_not_cached(tmp_path, content, reason):
    where = place(tmp_path, content)
    with pytest.raises(DataUnavailable, match=f"file: {where}.*{reason}"):
        obtain(tiny(), where)
    assert not cache(tmp_path).exists()


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataUnavailable, match=r"file: .*No such file.*absent\.npz"):
        obtain(tiny(), tmp_path / "absent.npz")


class Explosive:
    def __reduce__(self):
        return Path.touch, (Path(os.environ["DESCENT_DATA"]).with_name("exploded"),)


def test_a_pickle_is_never_loaded(tmp_path):
    where = place(tmp_path, npz(REAL | {"y_test": np.array([Explosive(), None], dtype=object)}))
    with pytest.raises(DataUnavailable, match="allow_pickle=False"):
        obtain(tiny(), where)
    assert not (tmp_path / "exploded").exists()
    pickle.loads(pickle.dumps(Explosive()))
    assert (tmp_path / "exploded").exists(), "this pickle would not have shown that it was loaded"


def test_a_folder_with_too_many_files_is_not_searched_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(formats, "MOST_FILES", 3)
    with pytest.raises(DataUnavailable, match="more than 3 files in there: point to the folder with the data itself"):
        obtain(tiny(), place(tmp_path, RAW))


def test_a_digest_is_that_of_the_idx_file_shape_included():
    assert digest(REAL["x_train"]) == sha256(
        b"\0\0\x08\x03" + bytes([0, 0, 0, 6, 0, 0, 0, 4, 0, 0, 0, 4]) + REAL["x_train"].tobytes()
    )
    assert digest(REAL["x_train"]) != digest(REAL["x_train"].reshape(6, 16))


def test_the_constants_of_mnist_agree_with_each_other():
    (wheel,) = MNIST.wheels
    in_wheel = {sha256_: size for size, sha256_ in wheel.files.values()}
    assert in_wheel == {part.sha256: part.nbytes + 4 + 4 * len(part.shape) for part in MNIST.parts.values()}
