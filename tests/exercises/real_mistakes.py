"""What is asked of a bank of real mistakes: {exercise: [(wrong answer, words)]}, and {exercise: [right answer]}.

Of the words, divided by |, a true diagnosis holds one at least.
"""

import re

from course_lib.exercises import find
from tests.exercises.reports import report_on


def told(report):
    """Return the report's diagnosis without the line that it quotes: there the bank's own words stand."""
    return re.sub(r" ?\(line \d+.*?(\)(?= [A-Z`])|$)", "", report.message)


def entries(banks, side):
    return [(name, entry) for bank in banks for name, answers in getattr(bank, side).items() for entry in answers]


def assert_diagnosed(name, answer, words, seeds=range(3)):
    """Assert that the answer is refused, and that the diagnosis says what is true of it."""
    for seed in seeds:
        report = report_on(find(name), answer, seed)
        assert not report.passed, f"seed {seed}: passes"
        assert any(word in told(report) for word in words.split("|")), f"seed {seed}, not {words}: {told(report)}"
