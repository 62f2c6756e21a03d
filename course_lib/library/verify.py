"""The process that tries drafts out: `python -m course_lib.library.verify HOME`. One at a time; it outlives the kernel.

A draft is kept if its file, loaded in a process that has run nothing else, passes the same check at another seed.
"""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
import signal
import sys
import tempfile
import time
import traceback
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from filelock import FileLock, Timeout

from course_lib import notebook
from course_lib.checking.files import write_whole
from course_lib.checking.isolation import silence
from course_lib.checking.prose import as_text
from course_lib.library import serving
from course_lib.library.shelf import PACKAGE, Draft, Entry, Shelf, digest_of, sections, told
from course_lib.library.statements import bindings, statements_of

LIMIT = 60.0  # seconds to load a file and to check what is in it
MOST_TRIES = 2
ANOTHER_SEED = 1_000_003

# A fork of this process, which has run no answer, is as good as a new one, and a hundred times quicker.
STARTS = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


def main(home: str) -> None:
    """Verify what waits in `home`, until nothing does; do nothing where another process is at it."""
    with contextlib.suppress(AttributeError, OSError):
        os.nice(10)  # a notebook goes before
    shelf = Shelf(Path(home))
    os.environ["DESCENT_HOME"] = home
    os.environ.pop("NBGRADER_EXECUTION", None)
    serving.is_verifier = True
    while shelf.waiting():
        try:
            with FileLock(shelf.folder / ".verifier.lock", timeout=0):
                for name in shelf.waiting():
                    settle(shelf, name)
        except Timeout:
            return


def settle(shelf: Shelf, name: str) -> None:
    """Verify one draft: its answer goes into the library, or the record says why not."""
    draft = shelf.draft(name)
    if draft is None:
        shelf.withdraw(None, name)
        return
    if draft.tries >= MOST_TRIES:
        _refuse(shelf, draft, "its check was cut short each time")
        shelf.withdraw(None, name)
        return
    draft = replace(draft, tries=draft.tries + 1)
    shelf.submit(draft)
    if draft.source:
        _settle_answer(shelf, draft)
    else:
        _settle_edited(shelf, draft.topic)
    shelf.withdraw(draft, name)


def _settle_answer(shelf: Shelf, draft: Draft) -> None:
    entries = shelf.entries()
    module, text = shelf.place(draft, entries)
    before = digest_of(shelf.text(module))
    # What was verified stays so: nothing in the new section touches another's names.
    verified = {name for name, entry in entries.items() if entry.module == module and entry.digest == before}
    asked = [draft.name, *(name for name in _pieces_in(shelf.text(module)) if name not in {draft.name, *verified})]
    verdicts = try_out(shelf, module, text, asked, draft.seed)
    why_not, _ = verdicts[draft.name]
    if why_not:
        _refuse(shelf, draft, f"loaded on its own, {why_not}")
        return
    digest, code = digest_of(text), sections(text)
    found = {name: replace(entries[name], digest=digest) for name in verified if name != draft.name}
    for name in asked:
        found[name] = _entry(name, module, digest, code.get(name, ""), *verdicts[name])
    shelf.put(draft, module, text, found)


def _settle_edited(shelf: Shelf, module: str) -> None:
    """Check a file anew that was edited by hand."""
    text = shelf.text(module)
    known = [name for name, entry in shelf.entries().items() if entry.module == module]
    present = _pieces_in(text)
    asked = [*known, *(name for name in present if name not in known)]
    verdicts = try_out(shelf, module, text, asked, 0)
    digest, code = digest_of(text), sections(text)
    found = {name: _entry(name, module, digest, code.get(name, ""), *verdicts[name]) for name in asked}
    shelf.change({name: lambda known, entry=entry: told(known, entry) for name, entry in found.items()})


def _entry(name: str, module: str, digest: str, code: str, why_not: str, ratio: float) -> Entry:
    chapter, _ = serving.piece(name)
    if not why_not and ratio > serving.TOO_SLOW:
        why_not = too_slow(ratio)
    return Entry(
        chapter=chapter,
        module=module,
        digest=digest,
        section=digest_of(code.strip()),
        is_used=not why_not,
        why_not=why_not,
        when=time.time(),
    )


def too_slow(ratio: float) -> str:
    return f"it takes {ratio:.0f} times as long as the course's"


def _refuse(shelf: Shelf, draft: Draft, why: str) -> None:
    if draft.source:
        section = digest_of(draft.source.strip())
        shelf.change(
            {
                draft.name: lambda known: replace(
                    known, chapter=draft.chapter, refused=section, why_refused=why, when=known.when
                )
            }
        )
        return
    text = shelf.text(draft.topic)
    digest = digest_of(text)
    known = [name for name, entry in shelf.entries().items() if entry.module == draft.topic]
    shelf.change(
        {
            name: lambda entry: replace(entry, digest=digest, is_used=False, why_not=why, when=time.time())
            for name in known
        }
    )


def _pieces_in(text: str) -> list[str]:
    """Return the names of exercises that a file binds; none where it is no Python."""
    bound = {name for statement in statements_of(text) for name in bindings(statement.tree)}
    return [exercise.name for _, exercise in serving.pieces() if exercise.name in bound]


# --- in a process of its own


def try_out(shelf: Shelf, module: str, text: str, names: list[str], seed: int) -> dict[str, tuple[str, float]]:
    """Return {name: (why it does not pass, how many times as long as the course's it takes)}."""
    with tempfile.TemporaryDirectory(prefix="course-library-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch) / PACKAGE
        folder.mkdir()
        for file in shelf.folder.glob("*.py"):
            write_whole(folder / file.name, file.read_text(encoding="utf-8", errors="replace"))
        write_whole(folder / "__init__.py", "")
        write_whole(folder / f"{module}.py", text)
        receiver, sender = STARTS.Pipe(duplex=False)
        process = STARTS.Process(target=_try_out_here, args=(scratch, module, names, seed, sender), daemon=False)
        process.start()
        sender.close()
        until, found = time.monotonic() + LIMIT, {}
        try:
            while len(found) < len(names) and receiver.poll(max(0, until - time.monotonic())):
                name, *verdict = receiver.recv()
                found[name] = tuple(verdict)
        except EOFError:
            pass
        ended = "it did not end in time" if process.is_alive() and time.monotonic() > until else "it ends the process"
        _kill(process)
    return {name: found.get(name, (ended, 0.0)) for name in names}


def _kill(process) -> None:
    """End the process and all that it started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()


def _try_out_here(scratch: str, module: str, names: list[str], seed: int, sender: Connection) -> None:
    if hasattr(os, "setsid"):
        os.setsid()
    serving.is_verifier = True
    os.chdir(scratch)
    sys.path.insert(0, scratch)
    sys.dont_write_bytecode = True
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]
    importlib.invalidate_caches()
    with silence():
        try:
            loaded = importlib.import_module(f"{PACKAGE}.{module}")
        except BaseException as error:  # whatever a file does that is run
            for name in names:
                sender.send((name, f"its file cannot be loaded: {_where(error, module)}", 0.0))
            return
        for name in names:
            sender.send((name, *_verdict(loaded, name, seed)))


def _verdict(loaded, name: str, seed: int) -> tuple[str, float]:
    if not hasattr(loaded, name):
        return "it is no longer in its file", 0.0
    answer, (_, exercise) = getattr(loaded, name), serving.piece(name)
    report = notebook.check(name, answer, seed=seed + ANOTHER_SEED, record=False)
    if not report.passed:
        return f"it does not pass: {as_text(report.diagnosis.first_step) if report.diagnosis else report.message}", 0.0
    if not serving.is_timed(exercise):
        return "", 0.0
    return "", serving.times_as_long(exercise, answer, seed)


def _where(error: BaseException, module: str) -> str:
    line = getattr(error, "lineno", None) if isinstance(error, SyntaxError) else None
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename.endswith(f"{module}.py"):
            line = frame.lineno
    place = f" (line {line})" if line else ""
    return f"{type(error).__name__}: {getattr(error, 'msg', None) or error}{place}"


if __name__ == "__main__":
    # The module that others import is another object than __main__.
    from course_lib.library import verify

    verify.main(sys.argv[1])
