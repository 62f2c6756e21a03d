"""Measure the attacks: `python -m tests.attacks [name …]`, as root, prints what stock nbgrader and ours make of each.

Stock nbgrader is run in a jail (stock.py), which takes root to make; it takes about a quarter of an hour for all.
"""

import sys
import tempfile
from pathlib import Path

from tests.attacks import ours, stock
from tests.attacks.tables import ATTACKS, ODDITIES, OPEN, by_name


def words(score, effects):
    """Return what came of a submission as a declaration has it: the score, then what else happened."""
    return " ".join(["–" if score is None else f"{score:g}", *sorted(effects)])


def main(names):
    submissions = [by_name()[name] for name in names] or [*ATTACKS, *OPEN, *ODDITIES]
    with tempfile.TemporaryDirectory(prefix="attacks-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        (root / "template").mkdir()
        stock.template(root / "template")
        with ours.a_class() as world:
            graded = ours.grade(world, submissions)
            print(f"{'submission':28} {'honest':>6}  {'ours':20} {'stock nbgrader':28} what it tries")
            for one in submissions:
                mine = words(graded.scores[one.name], graded.effects(one.name))
                measured = stock.measure(root / "template", one.name)
                theirs = words(measured["score"], measured["effects"])
                note = "" if theirs == one.stock else f"(declared: {one.stock}) "
                print(f"{one.name:28} {one.score:6g}  {mine:20} {theirs:28} {note}{one.tries}", flush=True)
            print(
                f"touched by any of them: {graded.touched or 'nothing'}; left behind: {graded.left_over or 'nothing'}"
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        stock.inside(by_name()[sys.argv[2]])
    else:
        main(sys.argv[1:])
