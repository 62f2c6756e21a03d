"""What a learner has done so far, kept on their own machine and nowhere else."""

from __future__ import annotations

import json
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock
from platformdirs import user_data_path


def progress_file() -> Path:
    """Return where progress is kept: DESCENT_HOME if it is set, else the user's data folder."""
    home = os.environ.get("DESCENT_HOME")
    return (Path(home) if home else user_data_path("descent", appauthor=False)) / "progress.json"


def read() -> dict[str, dict]:
    """Return {exercise: entry}; empty where nothing was recorded yet.

    An entry holds points and max_points (of the best check), passed (ever), attempts, hints (given so far),
    solution_shown, and last (UTC time of the last change, ISO 8601).
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
    return blank | entries.get(exercise, {})


def record_check(exercise: str, points: float, max_points: float, passed: bool) -> None:
    """Count one attempt; keep the best points. Raises OSError or ValueError where it cannot be kept."""

    def change(entry):
        # A right answer stays known as right, whatever is tried afterwards.
        better = max_points > 0 and points * entry["max_points"] >= entry["points"] * max_points
        best = {"points": points, "max_points": max_points} if better else {}
        return entry | best | {"attempts": entry["attempts"] + 1, "passed": entry["passed"] or passed}

    _change(exercise, change)


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
