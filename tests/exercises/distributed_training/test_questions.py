"""Chapter 11's quiz and readings: a wrong answer is told what it mistook; the explorers say what is asked."""

import re

import pytest

from course_lib.exercises import find
from course_lib.widgets.all_reduce_explorer import AllReduceExplorer
from course_lib.widgets.scaling_explorer import ScalingExplorer
from tests.exercises.reports import assert_passes, assert_refused

LETTERS = {"uneven": "b", "ring": "c", "seeds": "a", "batch_size": "c", "policy": "a"}
READ = {"ring_from": 7, "busiest": 3, "batch": 1024, "workers": 32}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"uneven": "a"}, "as much as the 30"),
        ({"uneven": "d"}, "two networks"),
        ({"ring": "a"}, "one chunk"),
        ({"ring": "d"}, "whole arrays"),
        ({"seeds": "c"}, "not the weights"),
        ({"batch_size": "a"}, "would be 256"),
        ({"policy": "b"}, "three GPUs stand still"),
    ],
)
def test_a_wrong_letter_is_explained(changed, told):
    assert_refused(find("quiz_distributed_training"), lambda: LETTERS | changed, told)


def test_the_right_letters_pass():
    assert_passes(find("quiz_distributed_training"), lambda: LETTERS)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"ring_from": 6}, "54 against 56"),
        ({"ring_from": 1}, "each costs its latency"),
        ({"ring_from": 12}, "already with fewer"),
        ({"busiest": "1.75"}, "of the ring"),
        ({"busiest": 6}, "number of steps"),
        ({"batch": 8192}, "global batch"),
        ({"batch": 2}, "less than half"),
        ({"workers": 64}, "a single example"),
        ({"workers": 100}, "With fewer"),
    ],
)
def test_a_wrong_reading_is_told_what_was_read(changed, told):
    assert_refused(find("distributed_training_readings"), lambda: READ | changed, told)


@pytest.mark.parametrize("answer", [READ, {"Ring from": "7", "busiest": "3.0", "batch": "1,024", "workers": 32.0}])
def test_right_readings_pass_in_any_form(answer):
    assert_passes(find("distributed_training_readings"), lambda: answer)


def said(explorer, pattern, text):
    explorer.state = text
    return float(re.search(pattern, explorer.sentence)[1].replace(",", ""))


def test_the_explorers_say_what_is_asked():
    sums = AllReduceExplorer()
    times = r"of (\S+) units of time", r" tree ([\d.]+),"
    state = "all-reduce-explorer?ranks=8&latency=3&numbers="
    ring, tree = ([said(sums, pattern, f"{state}{n}") for n in range(1, 17)] for pattern in times)
    faster = [here < there for here, there in zip(ring, tree, strict=True)]
    assert faster.index(True) + 1 == READ["ring_from"]
    sent = said(sums, r"in the end \d+ bytes, (\S+) times\.", "all-reduce-explorer?algorithm=tree&ranks=8")
    assert sent == READ["busiest"]

    scaling = ScalingExplorer()
    batches = [batch for _, batch in scaling._controls["batch"].options]
    shares = [
        said(scaling, r"an efficiency of (\S+)%", f"scaling-explorer?bandwidth=0.1&batch={batch}") for batch in batches
    ]
    assert next(b for b, share in zip(batches, shares, strict=True) if share >= 50) == READ["batch"]
    fastest = said(scaling, r"([\d,]+) workers? (?:is|are) fastest", "scaling-explorer?fixed=global")
    assert fastest == READ["workers"]
