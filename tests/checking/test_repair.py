"""Repairs: what the code with the bug earns, what is said of it, and how a release writes it."""

import textwrap

import numpy as np
import pytest

from course_lib import exercises, notebook
from course_lib.checking import progress
from course_lib.checking.exercise import Exercise
from course_lib.checking.judge import STILL_BUGGY, judge
from course_lib.checking.observe import observe
from course_lib.checking.repair import buggy_source, with_the_bug
from tests.tiny_repair import REPAIRED_MEAN, LastOne, Mean, MeanWithABug, decorated_with_a_bug


@pytest.fixture
def check(monkeypatch, tmp_path):
    monkeypatch.setattr(exercises, "find", lambda name: REPAIRED_MEAN)
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path))
    return lambda answer, **options: notebook.check("mean", answer, points=3, **options)


class WrittenOtherwise(MeanWithABug):
    """The same values from other code, in float32 besides."""

    def add(self, value):
        self.total += value
        self.count += 1
        return float(np.float32(self.total) / np.float32(self.count))


class Repaired:
    def __init__(self):
        self.values = []

    def add(self, value):
        self.values.append(value)
        return sum(self.values) / len(self.values)


@pytest.mark.parametrize("answer", [MeanWithABug, WrittenOtherwise])
def test_what_gives_what_the_buggy_code_gives_earns_nothing_and_is_no_attempt(check, answer):
    """One of its three rows is right."""
    report = check(answer)
    assert [row.passed for row in report.rows] == [False, False, True]
    assert (report.points, report.passed, report.diagnosis) == (0.0, False, STILL_BUGGY)
    assert progress.read() == {}
    assert "the code with the bug" in report.message and "count" not in report.message
    both = report & check(answer, seed=1)
    assert (both.points, both.is_attempt) == (0.0, False)


def test_any_other_answer_is_an_attempt_and_earns_its_share(check):
    report = check(LastOne)
    assert report.points == 2.0 and report.diagnosis.name == "LastOne"
    assert progress.read()["mean"]["attempts"] == 1
    assert check(Mean).points == 0  # course_lib's own, as the reference is
    assert check(Repaired).passed
    assert progress.read()["mean"]["passed"]


def test_code_that_fails_as_the_buggy_one_does_is_taken_for_it_on_every_row_only():
    def probe(inverse, rng):
        yield "of 2", lambda: inverse(2.0)
        yield "of 0", lambda: inverse(0.0)

    def buggy(x):
        return 1 / x

    exercise = Exercise("inverse", lambda x: 1 / x if x else 0.0, probe, [], buggy=buggy)

    def report(answer):
        return judge(exercise, observe(exercise, answer, 0), 0, 1.0)

    assert report(lambda x: 1.0 / x).diagnosis == STILL_BUGGY
    assert report(lambda x: 2 / x).diagnosis != STILL_BUGGY


def test_its_source_is_dedented_and_called_like_the_exercise():
    source = buggy_source(REPAIRED_MEAN)
    assert source.startswith('class mean:\n    """The running mean of what it is given."""\n')
    assert "return mean()" in source
    assert "# MeanWithABug has seen nothing yet" in source  # a comment is not code
    scope = {}
    exec(source, scope)
    assert scope["mean"]().add(4.0) == 2.0 and type(scope["mean"]().copy()) is scope["mean"]

    def inner(x):
        # Why.
        return x.inner if x else inner

    assert buggy_source(Exercise("f", inner, lambda f, rng: (), [], buggy=inner)) == textwrap.dedent(
        """\
        def f(x):
            # Why.
            return x.inner if x else f"""
    )
    decorated = buggy_source(Exercise("f", inner, lambda f, rng: (), [], buggy=decorated_with_a_bug))
    assert decorated == "@functools.lru_cache\ndef f(x):\n    return x and f(x - 1)"


DEFINITION = "class mean:\n    def add(self, value):\n        {}return value\n{}"
INSIDE = DEFINITION.format("### BEGIN SOLUTION\n        ", "        ### END SOLUTION\n")
AROUND = "### BEGIN SOLUTION\nimport math\n" + DEFINITION.format("", "### END SOLUTION\n")


@pytest.mark.parametrize("cell", [INSIDE, AROUND, f"@print\n{INSIDE}"])
def test_it_takes_the_place_of_the_definition_and_the_region(cell):
    before, after = "# Repair this.\nimport numpy as np\n\n", "\n# The end.\nassert mean\n"
    assert (
        with_the_bug(before + cell + after, REPAIRED_MEAN) == (before + buggy_source(REPAIRED_MEAN) + "\n" + after)[:-1]
    )
