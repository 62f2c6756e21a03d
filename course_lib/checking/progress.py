"""What a learner has done so far, kept on their own machine and nowhere else."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

from course_lib.checking.home import earlier_home, home

MOST_MISTAKES = 20  # that are remembered of one exercise


def progress_file(start: Path | None = None) -> Path:
    """Return where the progress of what is done in the folder `start` (the current one) is kept."""
    return home(start) / "progress.json"


# The parts of the record: {exercise: entry}, {prediction: entry}, {question of a quiz: entry}.
PARTS = EXERCISES, PREDICTIONS, QUESTIONS = "exercises", "predictions", "questions"


def read(part: str = EXERCISES, start: Path | None = None) -> dict[str, dict]:
    """Return one part of the record of what is done in the folder `start`, {name: entry}; empty where nothing was done.

    An exercise's entry holds points and max_points (of the best check), passed (ever), attempts, hints (given so far),
    solution_shown, mistakes (those made since the last right answer: {mistake: {"code": fingerprint of the answer,
    "cure_told"}}), cure (what to do about the last one); a prediction's, guess, is_revealed and was_foreseen; a
    question's, was_missed and recalls. Each has last (UTC time of the last change, ISO 8601).
    Raises ValueError where the file is not what this module wrote.
    """
    return _read_all(start)[part]


def _read_all(start: Path | None = None) -> dict[str, dict[str, dict]]:
    path = progress_file(start)
    if not path.exists() and (earlier := earlier_home(start)):
        path = earlier / path.name  # the first change writes what it says to the new place
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        record = {}
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"The progress record {path} cannot be read ({error}); move it away to begin anew.") from error
    if not isinstance(record, dict):
        raise ValueError(f"The progress record {path} holds no record of exercises; move it away to begin anew.")
    if EXERCISES not in record:
        record = {EXERCISES: record}  # the first records held the exercises' entries and nothing else
    return {part: {} for part in PARTS} | record


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
    Raises:
        OSError, ValueError: it cannot be kept.
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
    path = progress_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock"), timeout=5):
        record = _read_all()
        before = record[part].get(name, {})
        entry = change(before)
        if entry == before:
            return entry
        entry = entry | {"last": datetime.now(UTC).isoformat(timespec="seconds")}
        record[part][name] = entry
        # Written whole beside the old one, then renamed: a full disk or a power cut leaves the old record.
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, suffix=".new", delete=False) as new:
            json.dump(record, new, indent=1, ensure_ascii=False)
        os.replace(new.name, path)
    return entry
