"""The bank of constructs holds in one process: each solution passes its tests, each wrong one loses points."""

import os
import time
from collections import Counter

import pytest

from tests.grading.constructs.bank import constructs
from tests.grading.constructs.oracle import Notebook, score

CONSTRUCTS = [
    pytest.param(each, id=str(each), marks=[pytest.mark.slow] if each.group == "keras_models" else [])
    for each in constructs()
]


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_the_solution_passes_and_every_wrong_one_loses(construct):
    assert score(construct.sources()) == (construct.points, [])
    for wrong in construct.wrong:
        earned, _ = score(construct.sources(wrong))
        if wrong.earns is None:
            assert earned < construct.points, f"This passed:\n{wrong.source}"
        else:
            assert earned == wrong.earns, f"This earned {earned}:\n{wrong.source}"


def test_every_construct_has_a_name_of_its_own_a_test_and_a_wrong_answer():
    assert len(constructs()) >= 120
    assert max(Counter(map(str, constructs())).values()) == 1
    assert [str(each) for each in constructs() if not (each.points and each.wrong)] == []


def test_what_cells_patch_ends_with_their_notebook(monkeypatch):
    """A kernel ends; this process goes on, and other tests sleep and look into the environment."""
    monkeypatch.setenv("KEPT", "1")
    with Notebook() as notebook:
        outcome = notebook.run("import os, time\ntime.sleep = print\nos.environ['NEW'] = '1'\ndel os.environ['KEPT']")
        assert outcome.error is None and time.sleep is print and "NEW" in os.environ
    assert time.sleep is not print
    assert "NEW" not in os.environ and os.environ["KEPT"] == "1"
