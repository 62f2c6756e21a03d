"""A hostile class is graded: nobody gains a point, reads, writes, reaches, stops or outlives anything.

Everybody hands in to one class, which is graded once by `course grade`; some of them to another one, which is graded by
nbgrader's own command. What stock nbgrader makes of the same submissions, `python -m tests.attacks` prints.
"""

import re

import pytest

from tests.attacks import ours
from tests.attacks.course import ASSIGNMENT, AUTOMATIC, NOTEBOOK
from tests.attacks.tables import ATTACKS, ODDITIES, by_name
from tests.attacks.world import run_in

pytestmark = pytest.mark.slow

# Under nbgrader's own command each of them takes a second: one of a kind will do.
BY_NBGRADER = [
    by_name()[name]
    for name in (
        *("equals-everything", "input-transformer", "silenced-errors", "fake-course-lib", "publishes-without-error"),
        *("reads-the-solutions", "plants-everywhere", "rewrites-the-gradebook", "notebook-becomes-a-link"),
        *("calls-by-tcp", "kills-the-parent", "daemon", "memory-bomb", "exits-in-a-test", "forged-answers"),
        *("tests-emptied", "tests-doubled", "tests-deleted", "tests-tagged", "outputs-stored", "kernel-unknown"),
        *("warnings", "standard-error", "plots", "magics", "async", "generators-and-classes"),
    )
]


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    root = tmp_path_factory.mktemp("hostile")
    with ours.hand_in(root, ATTACKS) as world:
        yield ours.grade(world, [*ATTACKS, *ODDITIES])


@pytest.fixture(scope="module")
def by_nbgrader(tmp_path_factory):
    root = tmp_path_factory.mktemp("hostile")
    with ours.hand_in(root, BY_NBGRADER) as world:
        yield ours.grade(world, BY_NBGRADER, ("nbgrader", "autograde", ASSIGNMENT))


def named(attack):
    return attack.name


@pytest.mark.parametrize("attack", ATTACKS, ids=named)
def test_an_attack_earns_what_was_solved_and_learns_nothing(graded, attack):
    assert graded.scores[attack.name] == attack.score, graded.rows[attack.name]
    assert graded.effects(attack.name) == {}


@pytest.mark.parametrize("oddity", ODDITIES, ids=named)
def test_an_honest_oddity_earns_full_points(graded, oddity):
    assert graded.scores[oddity.name] == AUTOMATIC, graded.rows[oddity.name]


def test_everybody_has_a_row_with_the_score_of_the_gradebook(graded):
    everybody = {one.name for one in [*ATTACKS, *ODDITIES]} | {"zoe"}
    assert {name: row["score"] for name, row in graded.rows.items()} == graded.scores
    assert graded.scores.keys() == everybody
    assert not {name: row for name, row in graded.rows.items() if row["forgeable"]}


def test_a_row_says_what_happened_where_not_all_could_be_judged(graded):
    silent = [name for name, row in graded.rows.items() if row["state"] != "graded" and not row["happened"]]
    assert silent == []


def test_nothing_outside_was_touched_and_nothing_is_left(graded):
    assert graded.touched == {}
    assert graded.left_over == []
    assert graded.scores["zoe"] == AUTOMATIC


def test_feedback_holds_no_hidden_test_and_no_script_of_a_submission(graded):
    """Of those who try to get at them; what else a page must not do is in tests/browser/test_feedback.py."""
    world = graded.world
    for name in ("markup", "prints-what-it-is-asked", "searched-memory"):
        run_in(world.course, "nbgrader", "generate_feedback", ASSIGNMENT, "--student", name)
        page = (world.classroom / "feedback" / name / ASSIGNMENT / f"{NOTEBOOK}.html").read_text()
        assert world.known.token not in page
        assert str(world.known.number) not in page
        assert not re.search(r"<[^>]*window\.planted|<script[^>]*>[^<]*planted", page)


@pytest.mark.parametrize("submission", BY_NBGRADER, ids=named)
def test_nbgraders_own_command_gives_the_same_scores(by_nbgrader, submission):
    assert by_nbgrader.scores[submission.name] == submission.score
    assert by_nbgrader.effects(submission.name) == {}


def test_under_nbgraders_own_command_nothing_is_touched_either(by_nbgrader):
    assert by_nbgrader.touched == {}
    assert by_nbgrader.left_over == []
    assert by_nbgrader.scores["zoe"] == AUTOMATIC
