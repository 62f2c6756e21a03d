"""What our grader makes of all the submissions: one class, graded once."""

import json
from dataclasses import dataclass

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


def hand_in(root, submissions):
    """Make a course in `root`; return its World, which is to be entered."""
    return World(root, make_course(root / "course", more=LIMITS))


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
