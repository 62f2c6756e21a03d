"""Chapter 10's exercises against the bank of answers that people write: right ones pass, wrong ones are named."""

import pytest

from course_lib.exercises.imdb_sentiment import EXERCISES
from tests.exercises.banks import BankTests
from tests.exercises.imdb_sentiment.bank import judging, later, learning, words

pytestmark = pytest.mark.slow  # hundreds of answers, and some build a model; `make check` tries the misconceptions


@pytest.fixture(scope="module", autouse=True)
def libraries():
    """What answers import, imported before any answer's time is taken."""
    import keras
    import sklearn.naive_bayes

    return keras, sklearn


class TestBank(BankTests):
    cases = (*words.CASES, *learning.CASES, *judging.CASES, *later.CASES)
    exercises = EXERCISES
    least_right, least_wrong = 40, 220
    in_general = 0.06
    told_by_name = frozenset({"looks_like_tokenize"})
