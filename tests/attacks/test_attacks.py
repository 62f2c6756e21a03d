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
from tests.grading.sandboxes import combinations

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

# What the layers keep apart: files, processes, the network, the machine; and honest work that needs some of each.
CORE = [
    by_name()[name]
    for name in (
        *("reads-the-solutions", "reads-the-gradebook", "reads-everything", "looks-into-processes", "traces-processes"),
        *("plants-everywhere", "changes-the-neighbor", "rewrites-the-gradebook", "notebook-becomes-a-link"),
        *("calls-by-tcp", "calls-by-udp", "calls-by-unix-socket", "calls-by-abstract-socket"),
        *("signals-another-process", "kills-everybody", "stops-its-group", "starves-the-parent", "daemon"),
        *("fork-bomb", "memory-bomb-of-many", "fills-the-disk", "searched-memory", "leaves-politely"),
        *("plots", "threads", "files"),
    )
]


def pytest_generate_tests(metafunc):
    """In a container's layers wherever these suffice on this machine."""
    if "in_a_container" in metafunc.fixturenames:
        metafunc.parametrize("layers", [each for each in combinations() if each == ours.CONTAINER], scope="module")


@pytest.fixture(scope="module")
def graded():
    with ours.a_class() as world:
        yield ours.grade(world, [*ATTACKS, *ODDITIES])


@pytest.fixture(scope="module")
def by_nbgrader():
    with ours.a_class() as world:
        yield ours.grade(world, BY_NBGRADER, ("nbgrader", "autograde", ASSIGNMENT))


@pytest.fixture(scope="module")
def in_a_container(layers):
    with ours.a_class(ours.IN_A_CONTAINER) as world:
        yield ours.grade(world, CORE)


def named(attack):
    return attack.name


@pytest.mark.parametrize("attack", ATTACKS, ids=named)
def test_an_attack_earns_what_was_solved_and_learns_nothing(graded, attack):
    assert graded.scores[attack.name] == attack.score, graded.rows[attack.name]
    assert graded.effects(attack.name) == ({"read": [*attack.sees]} if attack.sees else {})


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


def test_a_row_tells_of_a_file_with_two_names(graded):
    said = " ".join([graded.rows["zoe"]["happened"], *graded.rows["zoe"]["remarks"]])
    assert "'classroom/submitted/hard-link-to-the-neighbor/" in said
    assert "hard link to 'solutions/" in graded.rows["hard-link-to-the-solutions"]["happened"]


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


def test_a_container_s_layers_hold_as_well(in_a_container):
    assert in_a_container.scores == {one.name: one.score for one in CORE} | {"zoe": AUTOMATIC}, in_a_container.rows
    assert {one.name: effects for one in CORE if (effects := in_a_container.effects(one.name))} == {}
    assert in_a_container.touched == {}
    assert in_a_container.left_over == []


def test_without_any_layer_it_is_noticed_what_submissions_do():
    """Else the tests above would pass because of something else."""
    reaching = [by_name()[name] for name in ("reads-everything", "copies-the-neighbor", "calls-by-tcp", "calls-by-udp")]
    reaching += [by_name()[name] for name in ("calls-by-unix-socket", "calls-by-abstract-socket")]
    with ours.a_class(ours.UNPROTECTED) as world:
        graded = ours.grade(world, reaching)
        assert set(graded.effects("reads-everything").get("read", ())) >= {"home", "open"}
        assert graded.effects("copies-the-neighbor") == {"read": ["zoe"]}
    assert graded.scores["copies-the-neighbor"] == AUTOMATIC
    assert graded.touched == {"reached": ["abstract", "tcp", "udp", "unix"]}
