"""Pictures of chapter 10's answers show their mistakes; what is devised is judged as the chapter says."""

import numpy as np
import pytest

from course_lib.checking.scene import Curves
from course_lib.exercises.imdb_sentiment import EXERCISES, judged, score
from course_lib.exercises.imdb_sentiment.bagging import what_the_judge_says
from course_lib.exercises.imdb_sentiment.deciding import what_decides
from course_lib.widgets import scenes
from tests.exercises.reports import report_on

NAMED = {exercise.name: exercise for exercise in EXERCISES}
DRAWN = [exercise for exercise in EXERCISES if exercise.scene]
# They raise an exception on the picture's inputs, or are right on them: there are no ties, and alpha is given.
NOT_SHOWN = {
    "encode_and_pad": {
        "unknown_raises", "padding_of_all_but_the_empty", "padding_without_a_cut", "padding_of_lists",
    },
    "global_max_pooling_gradient": {"whole_ties"},
    "table_gradient": set(),
    "log_count_ratio": {"ratio_with_another_default"},
}  # fmt: skip


def numbers_of(scene):
    return list(scene.curves.values()) if isinstance(scene, Curves) else [scene.values]


def looks_right(exercise, answer):
    """Whether the picture of `answer` holds the right numbers, or there is none, since it raises."""
    try:
        mine = numbers_of(exercise.scene(answer))
    except (KeyError, ValueError):
        return True
    right = numbers_of(exercise.scene(exercise.reference))
    return all(one.shape == other.shape and np.allclose(one, other) for one, other in zip(mine, right, strict=True))


@pytest.mark.parametrize("exercise", DRAWN, ids=lambda exercise: exercise.name)
def test_no_mistake_looks_right_in_its_picture(exercise):
    hidden = {mistake.name for mistake in exercise.misconceptions if looks_right(exercise, mistake.answer)}
    assert hidden == NOT_SHOWN[exercise.name]


@pytest.mark.parametrize("exercise", DRAWN, ids=lambda exercise: exercise.name)
def test_every_right_answer_looks_right_in_its_picture(exercise):
    assert all(looks_right(exercise, right) for right in (*exercise.equivalents, *exercise.accepts))


@pytest.mark.parametrize("exercise", DRAWN, ids=lambda exercise: exercise.name)
def test_a_picture_is_drawn(exercise):
    mine, right = exercise.scene(exercise.misconceptions[2].answer), exercise.scene(exercise.reference)
    assert "<img" in scenes.draw(mine, right)
    assert scenes.draw(right, right) == ""


def test_not_turns_the_word_behind_it_around():
    assert [judged(text) for text in ("good", "Not good!", "not bad", "not a good film", "", "good bad")] == [
        1, -1, 1, 1, 0, 0,
    ]  # fmt: skip
    assert what_the_judge_says(("good", "fine")) == "the first is positive, the second undecided"


def test_each_word_and_pair_counts_once():
    weights = {"good": 2, "not good": -5, "a a": 1}
    assert [score(weights, text) for text in ("good good", "Not good, good", "a a a", "bad")] == [2, -3, 1, 0]


@pytest.mark.parametrize("seed", range(30))
def test_what_decides_says_what_the_scores_are(seed):
    """Whatever the weights are, the sentence is that of the scores, and only what passes is called right."""
    rng = np.random.default_rng(seed)
    weights = {gram: int(rng.integers(-4, 5)) for gram in ("good", "bad", "not", "not good", "not bad")}
    good, bad, not_good, not_bad = (score(weights, text) for text in ("good", "bad", "not good", "not bad"))
    is_right = good > 0 > bad and not_bad > 0 > not_good
    assert (what_decides(weights) == "each word decides, and a `not` turns both around") == is_right
    report = report_on(NAMED["deciding_features"], lambda: weights)
    assert is_right or (not report.passed and report.diagnosis.certainty == "sure"), str(report)


def test_examiner_looks_at_every_mistake_of_the_tokenizer():
    wrong = [row for row in report_on(NAMED["looks_like_tokenize"], lambda tokenize: True).rows if not row.passed]
    assert len(wrong) == 26  # the task says so


def test_the_numbers_of_features_to_be_joined_are_short_and_all_different():
    exercise = NAMED["join_features"]
    for row in exercise.rows(exercise.reference, seed=0):
        numbers = np.ravel(row.value()).tolist()
        assert all(len(f"{number}") <= 3 for number in numbers), "a line of the report would be broken within a number"
        assert len(set(numbers)) == len(numbers)
