"""Which function or class serves for a name: the learner's own, where it was proved, else the reference."""

from __future__ import annotations

import difflib
import functools
import os
import subprocess
import sys
import time
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_lib import exercises
from course_lib.checking.exercise import Exercise
from course_lib.checking.observe import observe
from course_lib.library import guard
from course_lib.library.fitting import fitted_class, fitted_function
from course_lib.library.shelf import PACKAGE, Draft, Entry, Shelf, digest_of

PATIENCE = 20.0  # seconds that a reader waits for the verifier
NOTICE = 0.02  # seconds between two looks
# An answer that takes more than this, in units of the reference's time, is not used in demonstrations.
TOO_SLOW = 20
# An answer whose probe takes less is never too slow, whatever the reference takes: a busy machine would decide.
NOT_SLOW = 0.02
REPEATS = 10


@dataclass(frozen=True)
class Live:
    """An answer that passed in this very process: `section` is the digest of its source, empty where it has none."""

    answer: Any
    when: float
    section: str = ""
    why_not: str = ""
    sentence: str = ""


@dataclass(frozen=True)
class Served:
    """What serves for a name. `why_not` ends a sentence that begins "yours is not used, because"; empty for none."""

    target: Any
    is_yours: bool
    where: str = ""
    why_not: str = ""


# {name: the answer that passed in this process}
live: dict[str, Live] = {}
_given_up: dict[str, tuple] = {}  # {name in .waiting: what was seen when the wait for it was given up}
_served: dict[str, tuple[tuple, Served]] = {}  # {name: (what it was made from, what serves)}
_modules: dict[Path, tuple[str, types.ModuleType]] = {}  # {file: (digest, what was loaded from it)}
_verifiers: list[subprocess.Popen] = []
# Where a verifier runs, nobody may wait for it.
is_verifier = False


# --- names


def is_piece(exercise: Exercise) -> bool:
    """Return whether an answer to the exercise is a piece of mathematics, no Keras model, letters or readings."""
    return callable(exercise.reference) and exercise.kind not in ("quiz", "read the picture", "build")


def has_piece(exercise: Exercise) -> bool:
    """Return whether `exercise` is one of this course's pieces; a teacher's own may bear any name."""
    return any(exercise is known for _, known in pieces())


def pieces() -> Iterator[tuple[str, Exercise]]:
    """Yield (chapter, exercise) for every exercise that asks for a piece of a library."""
    for chapter in exercises.CHAPTERS:
        for exercise in exercises.of_chapter(chapter):
            if is_piece(exercise):
                yield chapter, exercise


@functools.cache
def piece(name: str) -> tuple[str, Exercise]:
    """Return (chapter, exercise) of the piece called `name`. Raises AttributeError that says the nearest names."""
    known = {exercise.name: (chapter, exercise) for chapter, exercise in pieces()}
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=3)
    meant = f"did you mean {' or '.join(near)}?" if near else "`dir(yours)` lists what there is."
    raise AttributeError(f"There is no exercise whose answer is a piece called {name!r}; {meant}")


def topic_of(chapter: str, exercise: Exercise) -> str:
    """Return the mathematics' module that the reference is in, else the chapter's topic."""
    package, _, module = exercise.reference.__module__.rpartition(".")
    return module if package == "course_lib" else exercises.CHAPTERS[chapter]


def of_the_course(exercise: Exercise) -> Any:
    """Return what serves where the learner has nothing: the reference, or a solution it only stands for."""
    is_stand_in = exercise.reference.__module__.startswith("course_lib.exercises.")
    return exercise.solution if is_stand_in and callable(exercise.solution) else exercise.reference


def is_timed(exercise: Exercise) -> bool:
    """Return whether the reference's time says something: not where it stands for what it does not do itself."""
    return not isinstance(exercise.solution, str)


# --- what serves


def served(name: str) -> Served:
    """Return what serves for `name` now. Cheap where nothing has changed. Raises AttributeError for no piece."""
    if os.environ.get("NBGRADER_EXECUTION"):
        return Served(of_the_course(piece(name)[1]), False)
    try:
        folder = os.getcwd()
    except OSError:  # it has been deleted
        folder = ""
    return served_from(_shelf_here(os.environ.get("DESCENT_HOME"), folder), name)


@functools.lru_cache(maxsize=16)
def _shelf_here(named: str | None, folder: str) -> Shelf:
    """Return the library of a notebook in `folder`; `named` is DESCENT_HOME. Called for each call of a function."""
    return Shelf()


def served_from(shelf: Shelf, name: str) -> Served:
    """Return what of `shelf` serves for `name`."""
    stamp = _stamp(shelf, name)
    known = _served.get(name)
    if known is None or known[0] != stamp:
        found = _look_up(shelf, name)
        known = _stamp(shelf, name), found
        _served[name] = known
    return known[1]


def _stamp(shelf: Shelf, name: str) -> tuple:
    """Return what changes whenever something else may serve for `name`."""
    return (shelf.home, live.get(name), *map(_seen, _watched(shelf, name)))


@functools.lru_cache(maxsize=1000)
def _watched(shelf: Shelf, name: str) -> tuple[str, ...]:
    topic = topic_of(*piece(name))
    files = (shelf.record_file, shelf.waiting_folder, shelf.file(topic), shelf.file(f"{topic}_{name}"))
    return tuple(map(str, files))


def _seen(path: str | Path) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _look_up(shelf: Shelf, name: str) -> Served:
    _, exercise = piece(name)
    ours, mine = of_the_course(exercise), live.get(name)
    if mine is None:
        wait_for(shelf, name)
    entry, module, text, problem = _found(shelf, name)
    if _is_edited(entry, text, name):
        with shelf.lock():  # the verifier writes a file and then its record: what is seen in between is no edit
            entry, module, text, problem = _found(shelf, name)
    if _is_edited(entry, text, name):
        problem = _have_verified(shelf, module)
        entry = shelf.entries().get(name, Entry())
    is_newer = mine is not None and mine.when > entry.when
    if mine is not None and (is_newer or (entry.section != mine.section and not entry.module)):
        if mine.why_not:
            return Served(ours, False, why_not=mine.why_not)
        return Served(mine.answer, True, "this notebook")
    if not entry.module:
        waits = name in shelf.waiting()
        return Served(ours, False, why_not="its check is not finished yet" if waits else entry.why_refused)
    if not text or digest_of(text) != entry.digest:
        return Served(ours, False, why_not=problem or "the file that it was in is gone")
    if not entry.is_used:
        return Served(ours, False, why_not=entry.why_not)
    try:
        return Served(getattr(_load(shelf, module, text), name), True, f"{PACKAGE}/{module}.py")
    except Exception as error:  # the learner's code; what it did in the verifier it need not do here
        return Served(ours, False, why_not=f"{PACKAGE}/{module}.py cannot be loaded: {type(error).__name__}: {error}")


def _found(shelf: Shelf, name: str) -> tuple[Entry, str, str, str]:
    """Return what is recorded of an answer, the module that it is in, its text, and what keeps it from being read."""
    entry = shelf.entries().get(name, Entry())
    module = entry.module or topic_of(*piece(name))
    return entry, module, *_read(shelf, module)


def _is_edited(entry: Entry, text: str, name: str) -> bool:
    return bool(text and digest_of(text) != entry.digest and (entry.module or _mentions(text, name)))


def _read(shelf: Shelf, module: str) -> tuple[str, str]:
    """Return the text of a file, and what keeps it from being read."""
    try:
        return shelf.text(module), ""
    except (OSError, UnicodeDecodeError) as error:
        return "", f"{PACKAGE}/{module}.py cannot be read: {error}"


def _mentions(text: str, name: str) -> bool:
    return f"def {name}(" in text or f"class {name}" in text or f"\n{name} =" in text


def _have_verified(shelf: Shelf, module: str) -> str:
    """Have a file verified that was edited by hand, wait for it, and return what keeps that from being done."""
    if is_verifier:
        return "the file was edited by hand and is not checked yet"
    try:
        shelf.submit(Draft(name=f"{module}.py", chapter="", topic=module))
    except OSError as error:
        return f"the file was edited by hand, and cannot be checked: {error.strerror or error}"
    wait_for(shelf, f"{module}.py")
    return "the file was edited by hand, and its check is not finished yet"


def _load(shelf: Shelf, module: str, text: str) -> types.ModuleType:
    """Return the module made from `text`, which is in the file: the same one that `import your_library` finds."""
    file = shelf.file(module)
    digest = digest_of(text)
    known = _modules.get(file)
    if known is not None and known[0] == digest:
        return known[1]
    if str(shelf.home) not in sys.path:
        sys.path.append(str(shelf.home))
    name = f"{PACKAGE}.{module}"
    made = types.ModuleType(name)
    made.__file__, made.__package__ = str(file), PACKAGE
    exec(compile(text, str(file), "exec"), made.__dict__)
    sys.modules[name] = made
    _modules[file] = digest, made
    return made


def times_as_long(exercise: Exercise, answer: Any, seed: int) -> float:
    """Return how many times as long as the course's the answer takes; 0 where it takes no time to speak of."""
    taken = shortest_time(exercise, answer, seed)
    return taken / shortest_time(exercise, of_the_course(exercise), seed) if taken >= NOT_SLOW else 0.0


def shortest_time(exercise: Exercise, answer: Any, seed: int) -> float:
    """Return how many seconds the probe takes with `answer`: the shortest of a few, since a machine may be busy."""
    taken: list[float] = []
    while len(taken) < REPEATS and sum(taken) < 1:
        start = time.perf_counter()
        observe(exercise, answer, seed)
        taken.append(time.perf_counter() - start)
    return min(taken)


# --- the verifier


def wait_for(shelf: Shelf, name: str) -> None:
    """Wait until the draft called `name` was verified, if there is one; see that somebody does it."""
    draft = shelf.waiting_folder / f"{name}.json"
    if is_verifier or (seen := _seen(draft)) is None or _given_up.get(name) == seen:
        return
    until, pause = time.monotonic() + PATIENCE, NOTICE
    while _seen(draft) is not None:
        if time.monotonic() > until:
            _given_up[name] = _seen(draft)
            return
        start_verifier(shelf)
        time.sleep(pause)


def start_verifier(shelf: Shelf) -> None:
    """Start the process that verifies what is waiting, unless one of this process's is at it. It outlives this one."""
    _verifiers[:] = [process for process in _verifiers if process.poll() is None]
    if _verifiers:
        return
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [_package_folder(), _python_path()]))}
    detached: dict[str, Any] = {"start_new_session": True}
    if os.name == "nt":
        detached = {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}
    _verifiers.append(
        subprocess.Popen(
            [sys.executable, "-m", "course_lib.library.verify", str(shelf.home)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=_package_folder(),
            env=environment,
            **detached,
        )
    )


def _package_folder() -> str:
    return str(Path(exercises.__file__).resolve().parents[2])


def _python_path() -> str:
    return os.environ.get("PYTHONPATH", "")


# --- what `yours` gives


class Piece:
    """A function of the library: each call goes to the learner's own once there is one, else to the course's."""

    def __init__(self, exercise: Exercise):
        functools.update_wrapper(self, of_the_course(exercise))
        self._exercise, self._made = exercise, (None, None)

    def __call__(self, *arguments, **keywords):
        name = self._exercise.name
        guard.look(name)
        now = served(name)
        if not now.is_yours:
            return now.target(*arguments, **keywords)
        if self._made[0] is not now.target:
            self._made = now.target, fitted_function(now.target, of_the_course(self._exercise))
        return self._made[1](*arguments, **keywords)

    def __repr__(self):
        return f"<yours.{self._exercise.name}: {whose(self._exercise.name)}>"


_pieces: dict[str, Piece] = {}
_classes: dict[str, tuple[Any, Any]] = {}  # {name: (class that serves, the same with defaults)}


def get(name: str) -> Callable:
    """Return `yours.<name>`. Raises AttributeError for no piece, WriteYoursError while its answer is checked."""
    _, exercise = piece(name)
    guard.look(name)
    now = served(name)
    ours = of_the_course(exercise)
    if not isinstance(ours, type):
        return _pieces.setdefault(name, Piece(exercise))
    known = _classes.get(name)
    if known is None or known[0] is not now.target:
        look = functools.partial(guard.look, name)
        if not now.is_yours:
            made = fitted_class(ours, ours, look)
        elif isinstance(now.target, type):
            made = fitted_class(now.target, ours, look)
        else:
            made = fitted_function(now.target, ours)
        known = _classes[name] = now.target, made
    return known[1]


def name_of_own(value: Any) -> str:
    """Return the name of the learner's own class that `value` was made of by `yours`; empty where it is no such."""
    return next((name for name, (_, made) in _classes.items() if is_yours(name) and _is_made_of(value, made)), "")


def _is_made_of(value: Any, made: Any) -> bool:
    return isinstance(made, type) and type(value) is made


def whose(name: str) -> str:
    """Say in words whose `yours.<name>` is, and why it is not the learner's where they have written one."""
    now = served(name)
    if now.is_yours:
        return f"your own, from {now.where}"
    return "the course's" + (f"; yours is not used, because {now.why_not}" if now.why_not else "")


def is_yours(name: str) -> bool:
    """Return whether `yours.<name>` is the learner's own."""
    return served(name).is_yours
