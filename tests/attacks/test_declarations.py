"""The declared submissions: are they what they say, and are the honest scores those of one honest process?"""

import contextlib
import os
import re
import resource
import signal
import socket
from pathlib import Path

import nbformat
import pytest

from tests.attacks import in_process
from tests.attacks.attack import PREAMBLE, Attack
from tests.attacks.course import (
    AUTOMATIC,
    EXERCISES,
    FULL,
    NOTEBOOK,
    POINTS,
    Secrets,
    heights,
    points_of,
    teachers_notebook,
)
from tests.attacks.exhausting import WIRE
from tests.attacks.tables import ATTACKS, ODDITIES, OPEN, WITHSTOOD, by_name
from tests.attacks.world import EFFECTS

WHERE = dict.fromkeys(("course", "home", "open", "gradebook", "source", "neighbor", "secret"), "/nowhere")


def handed_out():
    """Return the student version, as nbgrader would make it."""
    notebook = teachers_notebook(Secrets("canary-0", 1))
    for cell in notebook.cells:
        cell.source = re.sub(
            r"( *)### BEGIN SOLUTION.*### END SOLUTION", r"\1raise NotImplementedError", cell.source, flags=re.S
        )
        cell.source = re.sub(r"### BEGIN HIDDEN TESTS.*### END HIDDEN TESTS\n?", "", cell.source, flags=re.S)
    return notebook


def earned(attack, folder, believing=False):
    notebook = attack.write_into(handed_out(), WHERE)
    (folder / "heights.csv").write_text(heights())
    nbformat.write(notebook, folder / f"{NOTEBOOK}.ipynb")
    if attack.remake:
        attack.remake(None, folder)
    return in_process.scores(
        nbformat.read(folder / f"{NOTEBOOK}.ipynb", as_version=4), folder, None if believing else Secrets.draw()
    )


def test_there_are_enough_of_them_and_no_name_is_used_twice():
    names = [one.name for one in [*ATTACKS, *OPEN, *ODDITIES]]
    assert len(ATTACKS) >= 40
    assert len(ODDITIES) >= 15
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("attack", [*ATTACKS, *OPEN, *ODDITIES], ids=lambda attack: attack.name)
def test_each_declaration_is_complete(attack):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", attack.name)
    assert re.fullmatch(r"[A-Z].*[.]", attack.tries)
    assert set(attack.solved) <= set(EXERCISES)
    assert 0 <= attack.score <= AUTOMATIC
    assert bool(attack.why) == (attack.score != points_of(attack.solved))
    assert attack.cells or attack.remake
    score, *effects = attack.stock.split()
    assert score == "–" or float(score) >= 0
    assert effects == sorted(effects)
    assert set(effects) <= set(EFFECTS)


@pytest.mark.parametrize("attack", [*ATTACKS, *OPEN], ids=lambda attack: attack.name)
def test_each_attack_does_something_where_nothing_holds_it_back(attack):
    score, *effects = attack.stock.split()
    does = effects or score == "–" or float(score) > attack.score
    elsewhere = attack.name in {*WEAKER, *BELIEVED, *WITHSTOOD} or attack in WIRE
    assert does or elsewhere
    assert not (does and attack.name in WITHSTOOD)


def test_the_course_is_of_twenty_points():
    assert sum(POINTS.values()) == AUTOMATIC
    assert FULL == 20


@pytest.mark.slow
@pytest.mark.parametrize(
    "solved", sorted({one.solved for one in ATTACKS}), ids=lambda solved: "+".join(solved) or "none"
)
def test_what_is_solved_earns_its_points_and_the_rest_nothing(solved, tmp_path):
    right = earned(Attack("half", "Nothing.", solved=solved), tmp_path)
    assert right == {name: POINTS[name] if name in solved else 0 for name in EXERCISES}


@pytest.mark.slow
def test_wrong_answers_earn_nothing(tmp_path):
    assert set(earned(Attack("wrong", "Nothing.", wrong=True), tmp_path).values()) == {0}


@pytest.mark.slow
@pytest.mark.parametrize("oddity", ODDITIES, ids=lambda oddity: oddity.name)
def test_each_honest_oddity_is_right(oddity, tmp_path):
    assert earned(oddity, tmp_path) == POINTS


# What becomes of an answer where somebody takes it who is less careful than stock nbgrader or ours.
WEAKER = {
    "pickled-trap": ("import pickle\npickle.loads(pickle.dumps(span([1])))", "planted"),
    "huge-integer": ("print(span([1]))", "ValueError"),
    "deep-value": ("import json\njson.dumps(span([1]))", "RecursionError"),
    "colliding-hashes": ("assert len({hash(number) for number in span([1])}) == 1\nraise ValueError", "ValueError"),
    "not-a-number": ("assert not abs(median([1]) - 1) > 1e-6\nraise ValueError", "ValueError"),
    "lying-shape": ("np.asarray(standardize(np.zeros(2))).sum()", "SIGSEGV"),
    "huge-array": ("np.array(standardize(np.zeros(2)))", "MemoryError"),
    "endless-generator": ("list(span([1]))", "MemoryError"),
    "leaves-by-exception": ("try:\n    median([1])\nexcept Exception:\n    pass", "GeneratorExit"),
}


# What a grader gives that believes the notebook.
BELIEVED = {"tests-emptied": 17, "tests-retyped": 17, "points-raised": 1000, "roles-swapped": 14, "data-beside": 3}


@pytest.mark.slow
@pytest.mark.parametrize("name", BELIEVED)
def test_what_stock_does_not_believe_gains_where_it_is_believed(name, tmp_path):
    assert by_name()[name].score < BELIEVED[name] <= sum(earned(by_name()[name], tmp_path, believing=True).values())


def ran_alone(attack, more, folder, end=None):
    """Run an attack's cells and then `more` in a forked process; return its pid. Its exception goes to "raised"."""
    pid = os.fork()
    if pid == 0:
        try:
            os.chdir(folder)
            os.dup2(os.open(os.devnull, os.O_RDWR), 1)
            os.dup2(1, 2)
            if end is not None:
                os.dup2(end.fileno(), 3)
            os.closerange(4, 4096)
            # What the tests before have imported counts, too: addresses of a gigabyte and more.
            held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (held + 2**31, held + 2**31))
            names = {}
            exec("import numpy as np\n" + PREAMBLE.format(where=WHERE | {"open": str(folder)}), names)
            for source in (*attack.cells.values(), more):
                exec(source, names)
        except BaseException as error:
            (folder / "raised").write_text(type(error).__name__)
        os._exit(0)
    return pid


@pytest.mark.slow
@pytest.mark.parametrize("name", WEAKER)
def test_what_stock_withstands_breaks_those_who_are_less_careful(name, tmp_path):
    careless, sign = WEAKER[name]
    _, status = os.waitpid(ran_alone(by_name()[name], careless, tmp_path), 0)
    if sign == "planted":
        assert (tmp_path / "planted").exists()
    elif sign == "SIGSEGV":
        assert os.waitstatus_to_exitcode(status) == -signal.SIGSEGV
    else:
        assert (tmp_path / "raised").read_text() == sign


@pytest.mark.slow
@pytest.mark.parametrize("attack", WIRE, ids=lambda attack: attack.name)
def test_each_message_is_sent(attack, tmp_path):
    """To whoever is at the other end of a socket that the process holds."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        pid = ran_alone(attack, "", tmp_path, theirs)
        ours.settimeout(20)
        try:
            assert ours.recv(100)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
