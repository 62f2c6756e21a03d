"""A bank of answers to chapter 05 as people write them, collected from homework, forums and old code.

Most are one of a few texts that everybody writes, with the line in which this answer differs. Each case says the
exercise and what a true diagnosis of it must speak of, as a regular expression; RIGHT stands for a right answer, which
must pass, and LIST for a generator of right values, which may pass or be told what is missing.
"""

import linecache
from dataclasses import dataclass
from typing import Any

import numpy as np

RIGHT, LIST = "right", r"list\("


@dataclass(frozen=True)
class Case:
    exercise: str
    told: str
    name: str
    answer: Any


def written(exercise, source, told, *changes, name=""):
    """A case whose answer is the class or function that `source` defines, with (old, new) texts of `changes`."""
    for old, new in changes:
        assert source.count(old) >= 1, f"{exercise}: {old!r} does not occur"
        source = source.replace(old, new)
    namespace: dict = {"np": np}
    # As in a notebook, where a message on an error can quote the line.
    filename = f"<cell {len(linecache.cache)}>"
    linecache.cache[filename] = len(source), None, source.splitlines(keepends=True), filename
    exec(compile(source, filename, "exec"), namespace)
    answer = [value for key, value in namespace.items() if key not in ("np", "__builtins__")][-1]
    return Case(exercise, told, name or "; ".join(new.strip() for _, new in changes) or answer.__name__, answer)
