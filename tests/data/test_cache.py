"""The cache: damaged, read-only, full, locked, and asked by several processes at once."""

import contextlib
import ctypes
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import filelock
import numpy as np
import platformdirs
import pytest

from course_lib import data
from course_lib.data import sources
from course_lib.data.formats import Unusable
from course_lib.data.sources import obtain
from tests.data.tiny import OTHER, WHEEL, WHEEL_NAME, cache, fill_cache, npz, same, tiny


def test_the_cache_is_the_users_own_unless_told_otherwise(monkeypatch, tmp_path):
    monkeypatch.setenv("DESCENT_DATA", "~/shared")
    assert sources.folder() == tmp_path / "home" / "shared"
    monkeypatch.delenv("DESCENT_DATA")
    assert sources.folder() == platformdirs.user_cache_path("descent", appauthor=False)


def test_the_cache_holds_plain_arrays_that_others_may_read(tmp_path):
    old = os.umask(0o022)
    try:
        fill_cache(tmp_path)
    finally:
        os.umask(old)
    with np.load(cache(tmp_path), allow_pickle=False) as arrays:
        assert same({name: arrays[name] for name in arrays.files})
    if os.name == "posix":
        assert cache(tmp_path).stat().st_mode & 0o777 == 0o644


def test_a_cache_that_serves_is_not_written_to(tmp_path):
    fill_cache(tmp_path)
    cache(tmp_path).with_suffix(".lock").unlink()
    before = {file.name: file.stat().st_mtime_ns for file in cache(tmp_path).parent.iterdir()}
    before |= {"folder": cache(tmp_path).parent.stat().st_mtime_ns}
    obtain(tiny())
    after = {file.name: file.stat().st_mtime_ns for file in cache(tmp_path).parent.iterdir()}
    assert after | {"folder": cache(tmp_path).parent.stat().st_mtime_ns} == before


# --- Damaged ----------------------------------------------------------------------------------------------------------

DAMAGE = {
    "empty": lambda content: b"",
    "cut short": lambda content: content[: len(content) // 2],
    "garbage": lambda content: bytes(len(content)),
    "other data": lambda content: npz(OTHER),
    "one bit": lambda content: content[:200] + bytes([content[200] ^ 1]) + content[201:],
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_cache_is_kept_aside_and_fetched_again(tmp_path, right_file, damage):
    damaged = damage(fill_cache(tmp_path))
    cache(tmp_path).write_bytes(damaged)
    parts, source = obtain(tiny(), right_file)
    assert same(parts) and source.kind == "file"
    assert str(cache(tmp_path)) in source.tried[0] and "it is kept as tiny.npz.damaged" in source.tried[0]
    assert cache(tmp_path).with_name("tiny.npz.damaged").read_bytes() == damaged
    assert obtain(tiny())[1].kind == "cache"


@pytest.mark.slow
def test_no_damage_anywhere_in_the_cache_gives_wrong_data_or_another_error(tmp_path):
    whole, rng = fill_cache(tmp_path), np.random.default_rng(0)
    refused = 0
    for position in range(len(whole)):
        damaged = bytearray(whole)
        damaged[position] ^= int(rng.integers(1, 256))
        cache(tmp_path).write_bytes(damaged)
        served, problem = sources._look(tiny(), cache(tmp_path))
        assert served is None or same(served[0])
        assert served is not None or isinstance(problem, Unusable | OSError)
        refused += served is None
    assert refused > len(whole) / 3  # the rest are timestamps and the like


def test_a_folder_in_place_of_the_cache_file_is_moved_away(tmp_path, right_file):
    cache(tmp_path).mkdir(parents=True)
    assert obtain(tiny(), right_file)[1].cached_at == cache(tmp_path)
    assert obtain(tiny())[1].kind == "cache"


# --- Not to be written to ---------------------------------------------------------------------------------------------


def test_where_nothing_can_be_cached_the_data_is_served_all_the_same(tmp_path, right_file, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("DESCENT_DATA", str(tmp_path / "file" / "cache"))  # no folder can be made below a file
    lines = []
    parts, source = obtain(tiny(), right_file, lines.append)
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


def test_a_read_only_cache_serves_and_may_be_empty(tmp_path, right_file):
    fill_cache(tmp_path)
    folder = cache(tmp_path).parent
    try:
        with bound_by_permissions():
            folder.chmod(0o555)
            with pytest.raises(PermissionError):
                (folder / "new").touch()
            assert obtain(tiny())[1].kind == "cache"
            folder.chmod(0o755)
            cache(tmp_path).unlink()
            folder.chmod(0o555)
            assert obtain(tiny(), right_file)[1].cached_at is None
    finally:
        folder.chmod(0o755)


@pytest.mark.parametrize("where", ["write", "rename"])
def test_a_full_disk_leaves_no_half_file(tmp_path, right_file, monkeypatch, where):
    def full(*arguments, **keywords):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*{"write": (np, "savez_compressed"), "rename": (os, "replace")}[where], full)
    parts, source = obtain(tiny(), right_file)
    assert same(parts) and source.cached_at is None and "No space left" in source.tried[-1]
    assert [file.name for file in cache(tmp_path).parent.iterdir()] == ["tiny.lock"]


def test_what_was_written_wrongly_is_not_kept(tmp_path, right_file, monkeypatch):
    correct = np.savez_compressed
    monkeypatch.setattr(np, "savez_compressed", lambda file, **parts: correct(file, **(parts | OTHER)))
    _, source = obtain(tiny(), right_file)
    assert source.cached_at is None and "does not read back" in source.tried[-1]
    assert not cache(tmp_path).exists()


def test_an_interrupt_passes_through_and_leaves_neither_lock_nor_half_file(tmp_path, right_file, monkeypatch):
    def interrupted(*arguments, **keywords):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(np, "savez_compressed", interrupted)
        with pytest.raises(KeyboardInterrupt):
            obtain(tiny(), right_file)
    assert [file.name for file in cache(tmp_path).parent.iterdir()] == ["tiny.lock"]
    lines = []
    assert obtain(tiny(), right_file, lines.append)[1].kind == "file"
    assert not any("waiting" in line for line in lines)


def test_what_a_killed_process_left_half_written_is_swept_up(tmp_path):
    half = cache(tmp_path).with_name(".tiny-0123456789abcdef.part")
    half.parent.mkdir()
    half.write_bytes(b"half")
    fill_cache(tmp_path)
    assert not half.exists()


# --- Several processes ------------------------------------------------------------------------------------------------


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


def test_a_lock_that_is_never_released_is_not_waited_for_for_ever(tmp_path, right_file, monkeypatch):
    monkeypatch.setenv("DESCENT_DOWNLOAD_SECONDS", "0.1")
    cache(tmp_path).parent.mkdir()
    lines = []
    with filelock.FileLock(cache(tmp_path).with_suffix(".lock")):
        assert obtain(tiny(), right_file, lines.append)[1].kind == "file"
    assert any("another process is fetching tiny" in line for line in lines)
    assert any("cannot be locked" in line for line in lines)
