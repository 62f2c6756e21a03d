"""Chapter 10's quiz and readings: a wrong answer is told what it mistook, and a right one passes in any form."""

import pytest

from course_lib.exercises import find
from tests.exercises.reports import assert_passes, assert_refused

LETTERS = {"unknown": "c", "order": "a", "table": "d", "ratio": "b", "leak": "c"}
READ = {"words_alone": 0.516, "pair": -0.25, "strongest": "waste of", "repeated": 0}


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
        ({"words_alone": 0.454}, "with pairs"),
        ({"words_alone": 0.06}, "logit"),
        ({"pair": 0.25}, "speaks against"),
        ({"pair": -0.14}, "triple"),
        ({"strongest": "waste"}, "words alone"),
        ({"strongest": "Waste of time"}, "another one adds more"),
        ({"repeated": 0.559}, "of both"),
        ({"repeated": "-0.018"}, "with triples"),
    ],
)
def test_a_wrong_reading_is_told_what_was_read(changed, told):
    assert_refused(find("imdb_sentiment_readings"), lambda: READ | changed, told)


@pytest.mark.parametrize(
    "answer", [READ, {"Words alone": ".516", "pair": "−0,25", "strongest": "“waste of”", "repeated": "0.000"}]
)
def test_a_right_reading_passes_in_any_form(answer):
    assert_passes(find("imdb_sentiment_readings"), lambda: answer)
