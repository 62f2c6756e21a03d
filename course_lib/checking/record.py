"""The file of a learner's record: read whatever became of it, written whole, and never thrown away."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from course_lib.checking.files import write_whole

# The parts of the record: {exercise: entry}, {prediction: entry}, {question of a quiz: entry}.
PARTS = EXERCISES, PREDICTIONS, QUESTIONS = "exercises", "predictions", "questions"


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -1e300 < value < 1e300


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < 10**9


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _are_mistakes(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(known, dict) and _is_text(known.get("code")) and _is_flag(known.get("cure_told"))
        for known in value.values()
    )


# What the fields of an entry hold; of others, which a later version may write, nothing is asked.
FIELDS: dict[str, dict[str, Callable[[Any], bool]]] = {
    EXERCISES: {
        "points": _is_number,
        "max_points": _is_number,
        "passed": _is_flag,
        "attempts": _is_count,
        "hints": _is_count,
        "solution_shown": _is_flag,
        "mistakes": _are_mistakes,
        "cure": _is_text,
    },
    PREDICTIONS: {
        "guess": lambda value: _is_number(value) or _is_text(value),
        "is_revealed": _is_flag,
        "was_foreseen": lambda value: value is None or _is_flag(value),
    },
    QUESTIONS: {"was_missed": _is_flag, "recalls": _is_count},
}


def read_record(path: Path) -> tuple[dict[str, dict], str]:
    """Return the parts of the record in `path` with all that is sound in them, and what is wrong; "" for nothing.

    Raises:
        OSError: there is a file, and it may not be read.
    """
    if path.is_dir():
        return _with_parts({}), "it is a folder"
    try:
        record = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        record = {}
    except (ValueError, RecursionError) as error:
        return _with_parts({}), f"it is no JSON: {error}"
    if not isinstance(record, dict):
        return _with_parts({}), f"it holds {_kind(record)}, no record"
    if not any(part in record for part in PARTS):
        record = {EXERCISES: record}  # the first records held the exercises' entries and nothing else
    wrong: list[str] = []
    sound = {part: _sound_part(part, entries, wrong) if part in PARTS else entries for part, entries in record.items()}
    return _with_parts(sound), wrong[0] if wrong else ""


def _with_parts(record: dict) -> dict[str, dict]:
    return {part: {} for part in PARTS} | record


def _sound_part(part: str, entries: Any, wrong: list[str]) -> dict[str, dict]:
    if not isinstance(entries, dict):
        wrong.append(f"{part} is {_kind(entries)}")
        return {}
    sound = {}
    for name, entry in entries.items():
        if not isinstance(entry, dict):
            wrong.append(f"the entry of {name} is {_kind(entry)}")
            continue
        sound[name] = {field: value for field, value in entry.items() if FIELDS[part].get(field, _anything)(value)}
        wrong += [f"{field} of {name} cannot be {entry[field]!r:.40}" for field in entry if field not in sound[name]]
    return sound


def _anything(value: Any) -> bool:
    return True


def _kind(value: Any) -> str:
    kinds = {dict: "a table", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")


def write_record(path: Path, record: dict) -> None:
    """Write the record, in ASCII: a lone surrogate, which a name may hold, cannot be written otherwise."""
    write_whole(path, json.dumps(record, indent=1))


def set_aside(path: Path) -> Path:
    """Rename `path` to a name beside it that nothing has yet, and return that name."""
    number = 1
    while os.path.lexists(aside := path.with_name(f"{path.name}.damaged" + (f"-{number}" if number > 1 else ""))):
        number += 1
    os.rename(path, aside)
    return aside
