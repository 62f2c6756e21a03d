"""The working folders of tester and learner's process: two folders whose files both sides see as one."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

MAX_SEEN = 1_000  # files and folders that are looked at
MAX_DEPTH = 5


@dataclass
class Seen:
    """What lies in a folder, by names relative to it; links are left out, and what they lead to."""

    files: dict[str, int] = field(default_factory=dict)  # {name: when it was last written, in nanoseconds}
    folders: list[str] = field(default_factory=list)  # the outer ones first


def look(folder: str | os.PathLike) -> Seen:
    """Return what lies in `folder` and in the folders in it."""
    seen = Seen()
    waiting = [("", os.fspath(folder), 0)]
    while waiting:
        prefix, path, depth = waiting.pop()
        with os.scandir(path) as entries:
            for entry in entries:
                if len(seen.files) + len(seen.folders) >= MAX_SEEN:
                    return seen
                if entry.is_file(follow_symlinks=False):
                    seen.files[prefix + entry.name] = entry.stat().st_mtime_ns
                elif entry.is_dir(follow_symlinks=False) and depth < MAX_DEPTH:
                    seen.folders.append(prefix + entry.name)
                    waiting.append((f"{prefix}{entry.name}/", entry.path, depth + 1))
    return seen
