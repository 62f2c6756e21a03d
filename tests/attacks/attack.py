"""What an attack is: what it does to a student's notebook or folder, and what an honest grader gives for it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from nbformat.v4 import new_code_cell

from tests.attacks.course import EXERCISES, answer_cell, points_of

# What stands at the top of a notebook that attacks the world around it. `W` says where things are: a learner can guess
# most of it, and search for the rest.
PREAMBLE = '''import glob, os, re, signal, socket, sqlite3, subprocess, sys, threading, time

W = {where!r}


def tell(*things):
    """Print the tokens in what was found, so that a test sees them."""
    print(*sorted(set(re.findall("canary-[0-9a-f]{{12}}", " ".join(map(str, things))))))


def read(path):
    with open(path, errors="replace") as file:
        return file.read()


def attempt(*acts):
    """Do one after the other, whatever stops it; return what came of it."""
    found = []
    for act in acts:
        try:
            found.append(act())
        except BaseException as error:
            found.append(error)
    return found'''

NEEDS_PREAMBLE = re.compile(r"\b(W\[|tell\(|attempt\(|(os|signal|sys|threading|time|subprocess)\.)")

WRONG = {
    "span": "def span(values):\n    return None",
    "standardize": "def standardize(values):\n    return values",
    "median": "def median(values):\n    return None",
    "money": "class Money:\n    def __init__(self, cents):\n        pass\n\n"
    "    def __add__(self, other):\n        return self",
    "rescale": "def rescale_columns(table):\n    return table * 0.5",
}


@dataclass(frozen=True)
class Attack:
    """A hostile submission; or, in `honest.py`, an odd one that is honest.

    `cells` says what is written where: by an exercise's name, its answer; by "start", before everything; "own", after
    the setup; "after NAME", after an exercise's test; "end", at the end. Exercises in `solved` are answered rightly,
    the others by `cells`, by `wrong` code that runs where it is set, else not at all. `remake(world, folder)` changes
    the files of the submission. `honest` is what a fair grader gives: the points of `solved` unless a submission
    cannot be run that far. `stock` is what it does to stock nbgrader, as `python -m tests.attacks` measures it: the
    score ("–": none, since it could not be graded), then what else happened (see `EFFECTS` in world.py). `sees` are the
    places whose tokens it may show, since nobody can tell that it may not.
    """

    name: str
    tries: str
    cells: dict[str, str] = field(default_factory=dict)
    stock: str = ""
    solved: tuple[str, ...] = ()
    wrong: bool = False
    remake: Callable | None = None
    honest: float | None = None
    sees: tuple[str, ...] = ()
    why: str = ""  # where `honest` differs from the points of `solved`

    @property
    def score(self):
        return points_of(self.solved) if self.honest is None else self.honest

    def write_into(self, notebook, where):
        """Change the student version `notebook` into this submission; `where` is what the learner knows."""
        for name, exercise in EXERCISES.items():
            if name in self.cells:
                answer_cell(notebook, name).source = self.cells[name]
            elif name in self.solved:
                answer_cell(notebook, name).source = exercise.solved()
            elif self.wrong:
                answer_cell(notebook, name).source = WRONG[name]
        own = {place: source for place, source in self.cells.items() if place not in EXERCISES}
        for place, source in own.items():
            ids = [cell.id for cell in notebook.cells]
            before = {"start": 0, "own": ids.index("setup") + 1, "end": len(ids)}
            index = before[place] if place in before else ids.index(f"{place.removeprefix('after ')}-test") + 1
            notebook.cells.insert(index, new_code_cell(source, id=f"own-{place.replace(' ', '-')}"))
        if any(NEEDS_PREAMBLE.search(source) for source in self.cells.values()):
            notebook.cells.insert(0, new_code_cell(PREAMBLE.format(where=where), id="preamble"))
        return notebook
