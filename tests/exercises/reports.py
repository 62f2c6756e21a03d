"""The report on an answer to an exercise, for the tests of this folder."""

from course_lib.checking.judge import judge
from course_lib.checking.observe import observe


def report_on(exercise, answer, seed=0):
    return judge(exercise, observe(exercise, answer, seed), seed, points=1.0)
