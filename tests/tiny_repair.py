"""A chapter of one repair, for tests of what a release makes of it; its code is read from this file."""

import functools

from course_lib.checking.exercise import Exercise


class MeanWithABug:
    """The running mean of what it is given."""

    def __init__(self):
        self.total, self.count = 0.0, 1  # MeanWithABug has seen nothing yet

    def add(self, value):
        self.total, self.count = self.total + value, self.count + 1
        return self.total / self.count

    def copy(self):
        return MeanWithABug()


class Mean(MeanWithABug):
    """The running mean of what it is given."""

    def __init__(self):
        self.total, self.count = 0.0, 0


class LastOne(MeanWithABug):
    """It gives the last value.

    Keep a sum.
    """

    def add(self, value):
        return value


class TheSum(MeanWithABug):
    """It is never divided.

    Divide by the count.
    """

    def add(self, value):
        self.total += value
        return self.total


class CountsTwice(MeanWithABug):
    """Every number is counted twice.

    Count it once.
    """

    def __init__(self):
        self.total, self.count = 0.0, 0

    def add(self, value):
        self.total, self.count = self.total + value, self.count + 2
        return self.total / self.count


def probe(mean, rng):
    values = (5 + rng.normal(size=3)).tolist()

    def after(count):
        kept = mean()
        return [kept.add(value) for value in values[:count]]

    yield "the first", lambda: after(1)
    yield "three", lambda: after(3)
    yield "zeros", lambda: mean().add(0.0)


REPAIRED_MEAN = Exercise(
    "mean",
    Mean,
    probe,
    [LastOne, TheSum, CountsTwice],
    kind="repair",
    minutes=5,
    level=1,
    buggy=MeanWithABug,
    hints=["What is the mean of one number?", "Look at where it begins."],
)


@functools.lru_cache
def decorated_with_a_bug(x):
    return x and decorated_with_a_bug(x - 1)


EXERCISES = [REPAIRED_MEAN]
