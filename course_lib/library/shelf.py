"""The library on the disk: a package of plain Python files, and a record of what was verified.

your_library/
    __init__.py        what this is
    activations.py     the answers of one topic, each below a line "# %% name"
    older/softmax-1.py what stood there before
    .record.json       {name: Entry}: which files were verified, and what came of it
    .waiting/          drafts that nobody has verified yet, one JSON file each

Every file is written whole, then renamed. One process at a time changes them, and holds `.lock`.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from filelock import FileLock

from course_lib.checking.files import write_whole
from course_lib.checking.home import home
from course_lib.library.statements import bindings, names_read, statements_of

PACKAGE = "your_library"
PATIENCE = 5  # seconds for another process that writes
READ_ME = '''"""What you have written in this course, and proved: the course uses it from then on, as `yours.<name>`.

Each file holds the answers of one topic. They are yours: read them, import them, edit them by hand. What you edit is
checked again before it is used; while it fails, the course uses its own. `course library` says how each stands.
"""
'''
HEADER = '''"""{title}, as you wrote them. Each passed its check, in the notebook and loaded from this file alone.

You may edit this file by hand. What you change is checked again before the course uses it as `yours.<name>`; while it
fails, the course uses its own and says so. Leave the lines that begin with # %% in place: a new answer that passes
takes the place of the old one below its line, which is then kept in the folder `older`.
"""
'''
MARK = re.compile(r"^# %% (\w+)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """How one answer stands.

    Args:
        chapter: of its exercise.
        module: the file that holds it, without its ending; empty where none does.
        digest: of the whole file when it was verified.
        section: digest of the answer's own code.
        is_used: whether it passed, loaded from that file, and is quick enough for demonstrations.
        why_not: where it is not used, the end of a sentence that begins "your … is not used, because".
            when: that was found out, in seconds since 1970.
        refused: digest of the last answer that could not be kept.
        why_refused: the end of a sentence that begins "it is not kept, because".
    """

    chapter: str = ""
    module: str = ""
    digest: str = ""
    section: str = ""
    is_used: bool = False
    why_not: str = ""
    when: float = 0.0
    refused: str = ""
    why_refused: str = ""


@dataclass(frozen=True)
class Draft:
    """An answer that waits to be verified; without a source, the file `topic` that was edited by hand."""

    name: str
    chapter: str
    topic: str
    source: str = ""
    futures: tuple[str, ...] = ()
    seed: int = 0
    tries: int = 0


class Shelf:
    """The library in one home."""

    def __init__(self, where: Path | None = None):
        self.home = home() if where is None else where
        self.folder = self.home / PACKAGE
        self.record_file = self.folder / ".record.json"
        self.waiting_folder = self.folder / ".waiting"
        self._lock = FileLock(self.folder / ".lock", timeout=PATIENCE)

    def lock(self) -> FileLock:
        """Return the one lock of this shelf, which who holds it may take again."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return self._lock

    def file(self, module: str) -> Path:
        return self.folder / f"{module}.py"

    # --- the record

    def entries(self) -> dict[str, Entry]:
        """Return {name: entry}; empty where nothing was written yet, or where the record cannot be read.

        The record says only what the files do not: which was verified. Lost, it is made anew from them.
        """
        known = {field.name for field in fields(Entry)}
        try:
            data = json.loads(self.record_file.read_text(encoding="utf-8"))
            return {
                str(name): Entry(**{key: value for key, value in entry.items() if key in known})
                for name, entry in data.items()
            }
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def change(self, changes: dict[str, Callable[[Entry], Entry]]) -> None:
        """Replace the entry of each name by what its function makes of it."""
        with self.lock():
            entries = self.entries()
            entries |= {name: change(entries.get(name, Entry())) for name, change in changes.items()}
            text = json.dumps({name: asdict(entry) for name, entry in entries.items()}, indent=1, ensure_ascii=False)
            write_whole(self.record_file, text)

    # --- drafts

    def submit(self, draft: Draft) -> None:
        """Put a draft where `verify` finds it, in the place of one of the same name."""
        self.waiting_folder.mkdir(parents=True, exist_ok=True)
        write_whole(self.waiting_folder / f"{draft.name}.json", json.dumps(asdict(draft), ensure_ascii=False))

    def waiting(self) -> list[str]:
        """Return the names of the answers that nobody has verified yet, those that came first before the others."""
        try:
            found = [(entry.stat().st_mtime_ns, entry.name) for entry in os.scandir(self.waiting_folder)]
        except OSError:
            return []
        return [file.removesuffix(".json") for _, file in sorted(found) if file.endswith(".json")]

    def draft(self, name: str) -> Draft | None:
        try:
            data = json.loads((self.waiting_folder / f"{name}.json").read_text(encoding="utf-8"))
            return Draft(**data | {"futures": tuple(data["futures"])})
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def withdraw(self, draft: Draft | None, name: str) -> None:
        """Take a draft away that was dealt with, unless a newer one has taken its place meanwhile."""
        if draft is None or self.draft(name) == draft:
            (self.waiting_folder / f"{name}.json").unlink(missing_ok=True)

    # --- files

    def text(self, module: str) -> str:
        """Return what the file holds; empty where there is none."""
        try:
            return self.file(module).read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""

    def text_or_empty(self, module: str) -> str:
        """Return what the file holds; empty where it cannot be read."""
        try:
            return self.text(module)
        except (OSError, UnicodeDecodeError):
            return ""

    def place(self, draft: Draft, entries: dict[str, Entry]) -> tuple[str, str]:
        """Return the module that the draft belongs into, and the text that its file will have.

        Where it binds or reads a name that an answer of its topic has for something else, it gets a file of its own.
        """
        module = draft.topic
        text = self.text(module)
        others = [code for name, code in sections(text).items() if name != draft.name]
        if any(_disagree(draft.source, code) for code in others):
            module = f"{draft.topic}_{draft.name}"
            text = self.text(module)
        return module, with_section(text or HEADER.format(title=title(draft.topic)), draft)

    def put(self, draft: Draft, module: str, text: str, entries: dict[str, Entry]) -> None:
        """Write the file and, as `entries` says, the record; keep what stood there before beside it."""
        with self.lock():
            changes = {name: lambda known, entry=entry: told(known, entry) for name, entry in entries.items()}
            old = self.entries().get(draft.name, Entry()).module
            earlier = sections(self.text(old)).get(draft.name, "") if old else ""
            if earlier and earlier.strip() != draft.source.strip():
                self._keep_older(draft.name, earlier)
            if not (self.folder / "__init__.py").exists():
                write_whole(self.folder / "__init__.py", READ_ME)
            if self.text(module) != text:
                write_whole(self.file(module), text)
            if old and old != module:
                rest = without_section(self.text(old), draft.name)
                write_whole(self.file(old), rest)
                for name, other in self.entries().items():
                    if other.module == old and name != draft.name:
                        changes[name] = lambda known: replace(known, digest=digest_of(rest))
            self.change(changes)

    def _keep_older(self, name: str, code: str) -> None:
        folder = self.folder / "older"
        folder.mkdir(exist_ok=True)
        number = 1 + sum(1 for _ in folder.glob(f"{name}-*.py"))
        write_whole(folder / f"{name}-{number}.py", code)


def told(known: Entry, entry: Entry) -> Entry:
    """Return the new `entry`, which does not forget what was refused."""
    return replace(entry, refused=known.refused, why_refused=known.why_refused)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def title(topic: str) -> str:
    return topic.replace("_", " ").capitalize()


def _parts(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return what stands above a file's first section, and the (name, code) of each section."""
    marks = list(MARK.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    head = text[: marks[0].start()] if marks else text
    return head, [(mark[1], text[mark.end() : end]) for mark, end in zip(marks, ends, strict=False)]


def _joined(head: str, parts: list[tuple[str, str]]) -> str:
    pieces = [head.strip("\n"), *(f"# %% {name}\n\n" + code.strip("\n") for name, code in parts)]
    return "\n\n\n".join(pieces) + "\n"


def sections(text: str) -> dict[str, str]:
    """Return {name: code} of a file's sections."""
    return {name: code.strip("\n") + "\n" for name, code in _parts(text)[1]}


def with_section(text: str, draft: Draft) -> str:
    """Return the file's text with the draft in the place of the section of its name, else at the end."""
    head, parts = _parts(text)
    names = [name for name, _ in parts]
    place = names.index(draft.name) if draft.name in names else len(parts)
    parts[place : place + 1] = [(draft.name, draft.source)]
    return with_futures(_joined(head, parts), draft.futures)


def without_section(text: str, name: str) -> str:
    """Return the file's text without the section of that name."""
    head, parts = _parts(text)
    return _joined(head, [part for part in parts if part[0] != name])


def with_futures(text: str, futures: tuple[str, ...]) -> str:
    """Return the text with these features imported from __future__, which must be its first statement."""
    missing = [name for name in futures if not re.search(rf"^from __future__ import .*\b{name}\b", text, re.MULTILINE)]
    if not missing:
        return text
    line, first = f"from __future__ import {', '.join(missing)}\n", MARK.search(text)
    at = first.start() if first else len(text)
    return f"{text[:at].rstrip()}\n\n{line}\n\n{text[at:]}"


def _disagree(one: str, other: str) -> bool:
    """Return whether two sections of one file would take each other's names for something else."""
    bound, reads = [], []
    for code in (one, other):
        found: dict[str, str] = {}
        for statement in statements_of(code):
            for name in bindings(statement.tree):
                found[name] = found.get(name, "") + ast.dump(statement.tree)
        bound.append(found)
        try:
            reads.append({*found, *names_read(code)})
        except SyntaxError:  # edited by hand, and broken: it disagrees with nothing
            return False
    return any(
        name in reads[1 - side] and bound[1 - side].get(name) != code
        for side in (0, 1)
        for name, code in bound[side].items()
    )
