"""What a learner has done so far, kept on their own machine and nowhere else."""

from __future__ import annotations

import functools
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

from course_lib.checking.home import earlier_home, home, unwritable
from course_lib.checking.record import EXERCISES, PARTS, PREDICTIONS, QUESTIONS, read_record, set_aside, write_record

__all__ = ["EXERCISES", "PARTS", "PREDICTIONS", "QUESTIONS"]

MOST_MISTAKES = 20  # that are remembered of one exercise


def progress_file(start: Path | None = None) -> Path:
    """Return where the progress of what is done in the folder `start` (the current one) is kept."""
    return home(start) / "progress.json"


# What could not be written, {file: record of these entries alone}: it holds as long as this process.
_unkept: dict[Path, dict[str, dict]] = {}
_told: set[str] = set()
_news: list[str] = []


def news() -> list[str]:
    """Return what the learner should be told about the record and was not told yet, each sentence once in a process."""
    taken = list(_news)
    _news.clear()
    return taken


def tell(sentence: str) -> None:
    """Have `news` return `sentence`, unless this process has said it already."""
    if sentence not in _told:
        _told.add(sentence)
        _news.append(sentence)


def read(part: str = EXERCISES, start: Path | None = None) -> dict[str, dict]:
    """Return one part of the record of what is done in the folder `start`, {name: entry}; empty where nothing was done.

    An exercise's entry holds points and max_points (of the best check), passed (ever), attempts, hints (given so far),
    solution_shown, mistakes (those made since the last right answer: {mistake: {"code": fingerprint of the answer,
    "cure_told"}}), cure (what to do about the last one); a prediction's, guess, is_revealed and was_foreseen; a
    question's, was_missed and recalls. Each has last (UTC time of the last change, ISO 8601).
    A damaged record is kept beside under another name, and what is sound in it goes on; `news` says so.
    """
    return _read_all(start)[part]


def _read_all(start: Path | None = None) -> dict[str, dict[str, dict]]:
    try:
        return _load(start)
    except OSError as error:
        tell(unwritable(home(start), error))
        return _with_unkept({part: {} for part in PARTS}, start)


def _load(start: Path | None = None) -> dict[str, dict[str, dict]]:
    """Return the record. Raises OSError where there is one that may not be read: it must not be written over."""
    path = progress_file(start)
    if not path.exists() and (earlier := earlier_home(start)):
        path = earlier / path.name  # the first change writes what it says to the new place
    record, wrong = read_record(path)
    return _with_unkept(_mended(path) if wrong else record, start)


def _with_unkept(record: dict[str, dict], start: Path | None) -> dict[str, dict[str, dict]]:
    unkept = _unkept.get(progress_file(start), {})
    return record | {part: record[part] | entries for part, entries in unkept.items()}


def _mended(path: Path) -> dict[str, dict[str, dict]]:
    """Put what is sound of a damaged record in its place, keep the damaged one beside it, and return the sound one."""
    record, wrong = read_record(path)
    try:
        with _lock(path):
            record, wrong = read_record(path)
            if not wrong:  # another process was quicker
                return record
            aside = set_aside(path)
            write_record(path, record)
    except OSError as error:
        tell(
            f"Your progress record {path} is damaged ({wrong}); what is sound in it is used, and it stays as it is, "
            f"since it cannot be replaced ({error.strerror or error})."
        )
    else:
        rest = "what is sound in it goes on" if any(record.values()) else "a new one was begun"
        tell(f"Your progress record {path} was damaged ({wrong}): it is kept as {aside.name}, and {rest}.")
    return record


@functools.lru_cache(maxsize=16)  # one object a file: who holds it may take it again
def _lock(path: Path) -> FileLock:
    return FileLock(path.with_name(f".{path.stem}.lock"), timeout=5)  # hidden: it lies among the chapters


def entry_of(entries: dict[str, dict], exercise: str) -> dict:
    """Return what `entries` says of `exercise`; a blank entry where it says nothing."""
    blank = {"points": 0.0, "max_points": 0.0, "passed": False, "attempts": 0, "hints": 0, "solution_shown": False}
    return blank | {"mistakes": {}, "cure": ""} | entries.get(exercise, {})


@dataclass(frozen=True)
class Failed:
    """A failed check: which mistake was made, the fingerprint of the answer, and what to do about it."""

    mistake: str
    code: str
    cure: str = ""


def record_check(
    exercise: str, points: float, max_points: float, failed: Failed | None, tells_second: bool = True
) -> bool:
    """Count one attempt, keep the best points, and return whether the cure of the mistake is told now.

    It is from the moment on that a changed answer makes the same mistake again.

    Args:
        failed: None for a right answer.
        tells_second: whether a second failure counts as one.
    """

    def change(entry):
        # A right answer stays known as right, whatever is tried afterwards.
        better = max_points > 0 and points * entry["max_points"] >= entry["points"] * max_points
        best = {"points": points, "max_points": max_points} if better else {}
        changes = best | {"attempts": entry["attempts"] + 1, "passed": entry["passed"] or failed is None}
        if failed is None:
            return entry | changes | {"mistakes": {}, "cure": ""}
        known = entry["mistakes"].get(failed.mistake, {"code": failed.code, "cure_told": False})
        told = known["cure_told"] or (tells_second and known["code"] != failed.code)
        others = {mistake: known for mistake, known in entry["mistakes"].items() if mistake != failed.mistake}
        mistakes = others | {failed.mistake: {"code": known["code"], "cure_told": told}}  # the last one last
        return entry | changes | {"mistakes": dict(list(mistakes.items())[-MOST_MISTAKES:]), "cure": failed.cure}

    entry = _change_exercise(exercise, change)
    return failed is not None and entry["mistakes"][failed.mistake]["cure_told"]


def take_cure(exercise: str) -> str:
    """Return what to do about the last mistake if that was not told yet, and count it as told; else an empty text."""
    taken = ""

    def change(entry):
        nonlocal taken
        last = list(entry["mistakes"])[-1:]
        if entry["cure"] and last and not entry["mistakes"][last[0]]["cure_told"]:
            taken = entry["cure"]
            told = entry["mistakes"][last[0]] | {"cure_told": True}
            return entry | {"mistakes": entry["mistakes"] | {last[0]: told}}
        return entry

    if entry_of(read(), exercise)["cure"]:
        _change_exercise(exercise, change)
    return taken


def record_hint(exercise: str) -> int:
    """Count one hint more and return how many were given before it."""
    return _change_exercise(exercise, lambda entry: entry | {"hints": entry["hints"] + 1})["hints"] - 1


def record_solution(exercise: str) -> None:
    """Remember that the solution was shown."""
    _change_exercise(exercise, lambda entry: entry | {"solution_shown": True})


def record_guess(name: str, guess: float | str) -> bool:
    """Keep the guess of the prediction `name` in place of an earlier one; returns False where its result is known."""

    def change(entry):
        return entry if entry.get("is_revealed") else entry | {"guess": guess}

    return not _change(PREDICTIONS, name, change).get("is_revealed")


def record_reveal(name: str, was_foreseen: bool | None) -> None:
    """Remember that the result of the prediction `name` was seen, and whether it was foreseen; the first counts."""

    def change(entry):
        return entry if entry.get("is_revealed") else entry | {"is_revealed": True, "was_foreseen": was_foreseen}

    _change(PREDICTIONS, name, change)


def record_choices(quiz: str, choices: dict[str, bool]) -> None:
    """Remember which questions of `quiz` were missed: `choices` says for each one answered whether it was right."""
    for key, is_right in choices.items():
        if not is_right:
            _change(QUESTIONS, f"{quiz}.{key}", lambda entry: entry | {"was_missed": True})


def record_recall(quiz: str, key: str, is_right: bool) -> None:
    """Count that a question was recalled; one recalled rightly is no longer missed."""

    def change(entry):
        return entry | {"was_missed": not is_right, "recalls": entry.get("recalls", 0) + 1}

    _change(QUESTIONS, f"{quiz}.{key}", change)


def _change_exercise(exercise: str, change: Callable[[dict], dict]) -> dict:
    return _change(EXERCISES, exercise, lambda entry: change(entry_of({exercise: entry}, exercise)))


def _change(part: str, name: str, change: Callable[[dict], dict]) -> dict:
    """Change one entry and return it. What cannot be written is remembered by this process, and `news` says so."""
    path = progress_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _lock(path):
            record = _load()
            entry, is_new = _changed(record, part, name, change)
            if is_new:
                write_record(path, record)
                _unkept.pop(path, None)
    except OSError as error:
        entry, is_new = _changed(_read_all(), part, name, change)
        if is_new:
            _unkept.setdefault(path, {}).setdefault(part, {})[name] = entry
            tell(unwritable(path.parent, error))
    return entry


def _changed(record: dict, part: str, name: str, change: Callable[[dict], dict]) -> tuple[dict, bool]:
    """Change the entry in `record`; return it, and whether it is another one now."""
    before = record[part].get(name, {})
    entry = change(deepcopy(before))
    if entry == before:
        return entry, False
    record[part][name] = entry | {"last": datetime.now(UTC).isoformat(timespec="seconds")}
    return record[part][name], True
