"""What our grader makes of all the submissions: one class, graded once."""

import contextlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.attacks.course import ASSIGNMENT
from tests.attacks.world import World, make_course, run_in

# Tight limits, so that what runs into them is over soon. Honest work stays far below.
LIMITS = """
c.Execute.timeout = 4
c.ExecuteSplit.wall = 15.0
c.ExecuteSplit.cpu = 8.0
c.ExecuteSplit.memory = 2**30
c.ExecuteSplit.processes = 40
c.ExecuteSplit.disk = 64 * 2**20
"""


@dataclass
class Graded:
    """A class that was graded: scores by student, the rows of `course grade`, and what was touched meanwhile."""

    world: World
    rows: dict[str, dict]
    scores: dict[str, float]
    touched: dict[str, list]
    left_over: list

    def effects(self, student):
        """Return {effect: what} of one submission: what it read. What was touched is everybody's: see `touched`."""
        return self.world.stolen(student)


# As inside a container, where user namespaces are missing.
CONTAINER = ("landlock", "seccomp")
LAYERS = """
from course_lib.grading.sandbox import trial
trial.layers_that_hold = lambda: {}
"""
IN_A_CONTAINER = LAYERS.format(CONTAINER)
UNPROTECTED = LAYERS.format(()) + "c.ExecuteSplit.without_protection = True\n"


@contextlib.contextmanager
def a_class(more=""):
    """Make a course in a folder of its own; return its World. `more` are lines of its configuration.

    Everybody may enter the folder: what keeps a submission from it shall be the sandbox. The grader's own temporary
    files lie in it too, so that nothing of them is left.
    """
    before = os.environ.get("TMPDIR")
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        for name, mode in {"world": 0o755, "tmp": 0o1777}.items():
            (root / name).mkdir()
            (root / name).chmod(mode)
        os.environ["TMPDIR"] = str(root / "tmp")
        try:
            known = make_course(root / "world" / "course", more=LIMITS + more)
            with World(root / "world", known) as world:
                yield world
        finally:
            del os.environ["TMPDIR"]
            if before is not None:
                os.environ["TMPDIR"] = before


def grade(world, submissions, command=("course", "grade", ASSIGNMENT, "--json", "--workers", "2")):
    """Let everybody in `submissions` and an honest neighbor hand in, and grade them all with one command."""
    world.submit_neighbor()
    for one in submissions:
        world.submit(one)
    files, records = world.look(), world.gradebook()
    done = run_in(world.course, *command, check=False)
    rows = {}
    if command[0] == "course":
        assert done.returncode in (0, 1), done.stderr[-3000:]
        rows = {row["student"]: row for row in json.loads(done.stdout)["rows"]}
    return Graded(world, rows, world.scores(), world.touched(files, records), world.left_over())
