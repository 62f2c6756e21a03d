"""Attacks by what is handed in: files that are no notebooks, notebooks that are not what they say, links, markup."""

import os

from tests.attacks.attack import Attack
from tests.attacks.course import EXERCISES
from tests.attacks.remaking import (
    FILE,
    ahead,
    data,
    deleted,
    doubled,
    emptied,
    fifo,
    folder_in_its_place,
    kernelspec,
    link,
    many_cells,
    markup,
    odd_names,
    poisoned_points,
    repointed,
    retyped,
    shadowed_data,
    shadows,
    sparse,
    swapped,
    tagged,
    text,
    undone,
    ungraded,
    with_outputs,
)

ALL = tuple(EXERCISES)

UNREADABLE = {
    "broken-json": ("Hands in half a file.", text(lambda old: old[: len(old) // 2])),
    "no-notebook": ("Hands in JSON that is no notebook.", text(b'["cells"]')),
    "empty-file": ("Hands in nothing.", text(b"")),
    "bytes": ("Hands in a picture under the notebook's name.", text(b"\x89PNG\r\n\x1a\n\x00\xff" * 100)),
    "deep-json": ("Hands in lists within lists.", text(b"[" * 200_000 + b"]" * 200_000)),
    "deep-metadata": (
        "Hands in a notebook with metadata a hundred thousand deep.",
        text(
            lambda old: old.replace(b'"metadata": {', b'"metadata": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b",", 1)
        ),
    ),
    "future-format": ("Says it is of a format that does not exist.", data(lambda nb: nb.update(nbformat=99))),
    "cells-of-no-kind": (
        "Hands in cells that are no cells.",
        data(lambda nb: nb.update(cells=[1, None, {"cell_type": "x"}, {"source": 3, "cell_type": "code"}])),
    ),
    "huge-file": ("Hands in a quarter of a gigabyte.", text(lambda old: old + b" " * 2**28)),
    "folder-for-a-notebook": ("Hands in a folder of that name.", folder_in_its_place),
    "no-file": ("Hands in a folder without the notebook.", lambda world, folder: (folder / FILE).unlink()),
    "device-for-a-notebook": ("Hands in a link to a device that never ends.", link("/dev/zero")),
}
STOCK_UNREADABLE = {"huge-file": "17", "device-for-a-notebook": "– swallowed"}

HANDED_IN = [
    *(
        Attack(
            name,
            tries,
            solved=ALL,
            remake=remake,
            honest=0,
            why="It cannot be read.",
            stock=STOCK_UNREADABLE.get(name, "–"),
        )
        for name, (tries, remake) in UNREADABLE.items()
    ),
    Attack("tests-emptied", "Empties the tests and unlocks them.", remake=data(emptied), stock="0"),
    Attack("tests-retyped", "Turns the tests into text.", remake=data(retyped), stock="0"),
    Attack(
        "tests-doubled",
        "Puts empty cells with the tests' ids around the tests.",
        remake=data(doubled),
        stock="– stopped",
    ),
    Attack(
        "tests-deleted",
        "Deletes the tests.",
        solved=ALL,
        remake=data(deleted),
        honest=0,
        stock="0",
        why="What did not run did not pass.",
    ),
    Attack("tests-tagged", "Tags the tests so that they are passed over.", remake=data(tagged), stock="17"),
    Attack(
        "tests-ungraded",
        "Says that the tests are answers, and graded by nobody.",
        solved=("span",),
        remake=data(ungraded),
        stock="–",
    ),
    Attack(
        "tests-first",
        "Puts the tests before the answers.",
        solved=ALL,
        remake=data(ahead),
        honest=0,
        stock="0",
        why="No answer was there when it was asked for.",
    ),
    Attack(
        "roles-swapped",
        "Gives the answers the tests' ids.",
        solved=("span",),
        remake=data(swapped),
        honest=0,
        stock="0",
        why="The tests then stand where the answers should be.",
    ),
    Attack(
        "points-raised",
        "Says that each test earns a thousand points.",
        solved=("span",),
        remake=data(repointed),
        stock="4",
    ),
    Attack(
        "points-poisoned",
        "Says that the tests earn NaN, a text, nothing.",
        solved=("span",),
        remake=data(poisoned_points),
        stock="–",
    ),
    Attack(
        "metadata-of-no-kind",
        "Leaves lists, numbers and texts for metadata.",
        solved=("span",),
        remake=data(undone),
        honest=0,
        why="Without their names the tests are not there.",
        stock="–",
    ),
    Attack(
        "outputs-stored", "Stores results, and keeps the tests from being run.", remake=data(with_outputs), stock="17"
    ),
    Attack(
        "kernel-unknown",
        "Asks for a kernel that does not exist.",
        solved=("span",),
        remake=kernelspec(name="evil"),
        stock="–",
    ),
    Attack(
        "kernel-of-bash",
        "Says that it is written for bash.",
        solved=("span",),
        remake=kernelspec(name="bash", language="bash", display_name="../../x"),
        stock="4",
    ),
    Attack(
        "huge-notebook",
        "Adds twenty thousand cells.",
        solved=("span",),
        remake=data(many_cells),
        honest=0,
        why="Nobody reads as many.",
        stock="4 swallowed",
    ),
    Attack(
        "link-to-the-neighbor",
        "Hands in a link to another student's notebook.",
        remake=link("neighbor"),
        stock="17 read",
    ),
    Attack("link-to-the-solutions", "Hands in a link to the teacher's notebook.", remake=link("source"), stock="17"),
    Attack(
        "hard-link-to-the-solutions",
        "Hands in the teacher's notebook under a second name.",
        remake=link("source", hard=True),
        stock="17",
    ),
    Attack(
        "hard-link-to-the-neighbor",
        "Hands in another student's notebook under a second name.",
        remake=link("neighbor", hard=True),
        honest=17,
        sees=("zoe",),
        why="Which name was first a file does not say: the neighbor must not lose by it, and both rows tell.",
        stock="17 read",
    ),
    Attack(
        "link-beside",
        "Hands in links to what the teacher alone may read, beside the notebook.",
        {"own": "tell(*(attempt(lambda: read(name))[0] for name in ('notes.txt', 'diary.txt')))"},
        remake=lambda world, folder: (
            link("secret", "notes.txt")(world, folder),
            link(str(world.root / "home" / "diary.txt"), "diary.txt")(world, folder),
        ),
        stock="0 read",
    ),
    Attack(
        "link-to-a-folder",
        "Hands in a link to the root of the file system.",
        remake=lambda world, folder: os.symlink("/proc", folder / "all"),
        stock="0",
    ),
    Attack(
        "link-to-itself",
        "Hands in a link that leads to itself.",
        solved=("span",),
        remake=lambda world, folder: os.symlink("loop", folder / "loop"),
        stock="–",
    ),
    Attack(
        "fifo-beside", "Hands in a pipe, at which whoever reads it waits.", solved=("span",), remake=fifo, stock="–"
    ),
    Attack(
        "sparse-file-beside",
        "Hands in a file of a terabyte that takes no room until it is copied.",
        solved=("span",),
        remake=sparse,
        stock="– swallowed",
    ),
    Attack(
        "odd-names-beside",
        "Hands in notebooks whose names are paths, options and commands.",
        solved=("span",),
        remake=odd_names,
        stock="4",
    ),
    Attack(
        "modules-beside",
        "Hands in modules in the names of those that the tests import.",
        wrong=True,
        remake=shadows,
        stock="3",
    ),
    Attack(
        "data-beside",
        "Hands in its own version of the file that a test compares with.",
        wrong=True,
        remake=shadowed_data,
        stock="0",
    ),
    Attack(
        "markup", "Hands in scripts for whoever reads its feedback.", solved=("span",), remake=data(markup), stock="4"
    ),
]
