"""Chapter 10's quiz and readings: a wrong answer is told what it mistook, and a right one passes in any form."""

import pytest

from course_lib.exercises import find
from tests.exercises.reports import assert_passes, assert_refused

LETTERS = {"unknown": "c", "order": "a", "table": "d", "ratio": "b", "leak": "c"}
READ = {"well_worth": 0.64, "same_words": 0, "words_alone": 0.581, "strongest": "waste of"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"unknown": "b"}, "no word at all"),
        ({"order": "c"}, "not its place"),
        ({"table": "a"}, "np.add.at"),
        ({"ratio": "a"}, "difference"),
        ({"leak": "a"}, "decided which"),
    ],
)
def test_a_wrong_letter_is_explained(changed, told):
    assert_refused(find("quiz_imdb_sentiment"), lambda: LETTERS | changed, told)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"well_worth": 0.03}, "the word `worth`"),
        ({"well_worth": "0.58"}, "triple"),
        ({"well_worth": -0.67}, "next example"),
        ({"same_words": 0.439}, "of both"),
        ({"same_words": "−0.125"}, "with pairs"),
        ({"words_alone": 0.183}, "with triples"),
        ({"words_alone": 0.33}, "logit"),
        ({"strongest": "waste"}, "a pair is stronger"),
        ({"strongest": "Waste of time"}, "another one adds more"),
    ],
)
def test_a_wrong_reading_is_told_what_was_read(changed, told):
    assert_refused(find("imdb_sentiment_readings"), lambda: READ | changed, told)


@pytest.mark.parametrize(
    "answer", [READ, {"Well worth": "+0,64", "same_words": "0.000", "words_alone": ".58", "strongest": "“waste of”"}]
)
def test_a_right_reading_passes_in_any_form(answer):
    assert_passes(find("imdb_sentiment_readings"), lambda: answer)
