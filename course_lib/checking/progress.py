"""What a learner has done so far, kept on their own machine and nowhere else."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock
from platformdirs import user_data_path

MOST_MISTAKES = 20  # that are remembered of one exercise


def progress_file() -> Path:
    """Return where progress is kept: DESCENT_HOME if it is set, else the user's data folder."""
    home = os.environ.get("DESCENT_HOME")
    return (Path(home) if home else user_data_path("descent", appauthor=False)) / "progress.json"


def read() -> dict[str, dict]:
    """Return {exercise: entry}; empty where nothing was recorded yet.

    An entry holds points and max_points (of the best check), passed (ever), attempts, hints (given so far),
    solution_shown, mistakes (those made since the last right answer: {mistake: {"code": fingerprint of the answer,
    "cure_told"}}), cure (what to do about the last one), and last (UTC time of the last change, ISO 8601).
    Raises ValueError where the file is not what `record` wrote.
    """
    path = progress_file()
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"The progress record {path} cannot be read ({error}); move it away to begin anew.") from error
    if not isinstance(entries, dict):
        raise ValueError(f"The progress record {path} holds no record of exercises; move it away to begin anew.")
    return entries


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

    entry = _change(exercise, change)
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
        _change(exercise, change)
    return taken


def record_hint(exercise: str) -> int:
    """Count one hint more and return how many were given before it."""
    return _change(exercise, lambda entry: entry | {"hints": entry["hints"] + 1})["hints"] - 1


def record_solution(exercise: str) -> None:
    """Remember that the solution was shown."""
    _change(exercise, lambda entry: entry | {"solution_shown": True})


def _change(exercise: str, change) -> dict:
    path = progress_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock"), timeout=5):
        entries = read()
        entry = change(entry_of(entries, exercise)) | {"last": datetime.now(UTC).isoformat(timespec="seconds")}
        entries[exercise] = entry
        # Written whole beside the old one, then renamed: a full disk or a power cut leaves the old record.
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, suffix=".new", delete=False) as new:
            json.dump(entries, new, indent=1, ensure_ascii=False)
        os.replace(new.name, path)
    return entry
