"""The report on an answer to an exercise, and what is asked of it at several seeds, for the tests of this folder."""

from course_lib.checking.judge import judge
from course_lib.checking.observe import observe

SEEDS = range(3)


def report_on(exercise, answer, seed=0):
    return judge(exercise, observe(exercise, answer, seed), seed, points=1.0)


def assert_passes(exercise, answer, seeds=SEEDS):
    for seed in seeds:
        report = report_on(exercise, answer, seed)
        assert report.passed and report.points == 1.0, f"seed {seed}:\n{report}"


def assert_refused(exercise, answer, told="", mistake=None, seeds=SEEDS):
    """Assert that the answer does not pass, that the message speaks of `told`, and that `mistake` is named for sure."""
    for seed in seeds:
        report = report_on(exercise, answer, seed)
        assert not report.passed and report.points < 1
        assert told in report.message, f"seed {seed}:\n{report}"
        if mistake is not None:
            found = report.diagnosis.certainty, report.diagnosis.name
            assert found == ("sure", mistake), f"seed {seed}:\n{report}"
