"""The mutation test of the graders: every misconception is refused and named, every right answer passes.

It runs over every exercise of the course, so an exercise cannot be added without it.
"""

from itertools import combinations

import pytest

from course_lib.checking.exercise import KINDS
from course_lib.checking.judge import STILL_BUGGY
from course_lib.checking.observe import observe, truth_of
from course_lib.exercises import CHAPTERS, distributed_training, of_chapter
from tests.checking.softmax_examiner import LOOKS_RIGHT
from tests.exercises.reports import report_on
from tests.tiny_repair import REPAIRED_MEAN

# Twenty seeds in all; `make check` takes the first.
each_seeds = pytest.mark.parametrize(
    "seeds",
    [pytest.param(range(1), id="seed 0"), pytest.param(range(1, 20), id="seeds 1-19", marks=pytest.mark.slow)],
)
# The smallest exercise of two kinds, whatever the chapters ask for; and those whose chapter is not written yet.
OTHERS = [LOOKS_RIGHT, REPAIRED_MEAN, *distributed_training.EXERCISES]
EXERCISES = [*(exercise for chapter in CHAPTERS for exercise in of_chapter(chapter)), *OTHERS]
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)


@pytest.fixture(scope="module", autouse=True)
def libraries():
    """What right answers import, imported before any answer's time is taken."""
    import sklearn.metrics
    import sklearn.preprocessing

    return sklearn


def test_names_are_unique_in_the_course():
    names = [exercise.name for exercise in EXERCISES]
    assert len(names) == len(set(names)) >= 13


@each_exercise
def test_an_exercise_is_whole(exercise):
    assert len(exercise.misconceptions) >= 3
    assert len({misconception.name for misconception in exercise.misconceptions}) == len(exercise.misconceptions)
    for mistake in exercise.misconceptions:
        for told in (mistake.cause, mistake.cure):
            assert told.endswith((".", "?", "!", ")", "`")) and "\n" not in told, f"{mistake.name}: {told}"
    assert exercise.kind in KINDS and exercise.level in (1, 2, 3) and exercise.minutes > 0
    assert exercise.name.startswith("quiz") or len(exercise.hints) >= 2


@each_seeds
@each_exercise
def test_right_answers_pass(exercise, seeds):
    right = [exercise.reference, *exercise.equivalents, *exercise.accepts]
    right += {m.faulty for m in exercise.misconceptions if m.faulty is not None}  # with every flag off
    for seed in seeds:
        for answer in right:
            report = report_on(exercise, answer, seed)
            assert report.passed and report.points == 1.0, f"seed {seed}, {answer}:\n{report}"


@each_seeds
@each_exercise
def test_misconceptions_are_refused_and_named(exercise, seeds):
    """Seed by seed, since the values of all misconceptions at a seed are remembered while it lasts."""
    wrong = []
    for seed in seeds:
        for misconception in exercise.misconceptions:
            report = report_on(exercise, misconception.answer, seed)
            if report.passed or report.points >= 1.0:
                wrong.append(f"seed {seed}: {misconception.name} passes")
            elif (report.diagnosis.certainty, report.diagnosis.name) != ("sure", misconception.name):
                wrong.append(f"seed {seed}: {misconception.name} is taken for {report.diagnosis}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize(
    "exercise", [exercise for exercise in EXERCISES if exercise.buggy], ids=lambda exercise: exercise.name
)
def test_the_code_with_the_bug_earns_nothing_and_is_no_attempt(exercise):
    for seed in range(20):
        report = report_on(exercise, exercise.buggy, seed)
        assert (report.points, report.passed, report.is_attempt) == (0.0, False, False)
        assert report.diagnosis == STILL_BUGGY
    assert exercise.buggy not in [misconception.answer for misconception in exercise.misconceptions]


@pytest.mark.slow
@each_exercise
def test_pairs_of_mistakes_are_refused(exercise):
    flagged = [misconception for misconception in exercise.misconceptions if misconception.faulty is not None]
    for one, other in combinations(flagged, 2):
        if one.faulty is other.faulty:

            def both(*arguments, one=one, other=other, **keywords):
                return one.faulty(*arguments, **one.answer.keywords, **other.answer.keywords, **keywords)

            report = report_on(exercise, both, 0)
            assert not report.passed, f"{one.name} + {other.name} passes"
            # What ignores its seed gives other values each time, so nothing need agree with it.
            if repr(observe(exercise, both, 0).observations) == repr(observe(exercise, both, 0).observations):
                assert report.diagnosis.certainty != "general", f"{one.name} + {other.name}: {report.diagnosis}"


@each_exercise
def test_inputs_are_drawn_before_anything_runs(exercise):
    """The same seed gives the same rows and values, another seed the same rows."""
    first, again, other = (truth_of(exercise, seed) for seed in (3, 3, 4))
    labels = [[row.label for row in truth.rows] for truth in (first, again, other)]
    assert labels[0] == labels[1] == labels[2]
    assert [repr(value) for value in first.values] == [repr(value) for value in again.values]


ODD = {
    "nothing": lambda *arguments, **keywords: None,
    "text": lambda *arguments, **keywords: "an answer",
    "NaN": lambda *arguments, **keywords: float("nan"),
    "a function": lambda *arguments, **keywords: print,
    "an empty list": lambda *arguments, **keywords: [],
    "its arguments": lambda *arguments, **keywords: arguments,
    "a huge number": lambda *arguments, **keywords: 10**5000,
    "takes nothing": lambda: 0,
    "an object": object(),
}


@pytest.mark.parametrize("odd", ODD)
@each_exercise
def test_odd_answers_get_a_report_and_no_points(exercise, odd):
    report = report_on(exercise, ODD[odd], 0)
    assert not report.passed and report.points == 0.0, str(report)
    assert len(report.message) > 20 and len(str(report)) < 10_000
