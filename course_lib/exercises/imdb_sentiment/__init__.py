"""Chapter 10, IMDB sentiment: a module for each exercise, and EXERCISES in the notebook's order.

The chapter shows `join_with_a_bug` as its bug to be spotted, and judges texts by `judged` and `score`.
"""

from course_lib.exercises.imdb_sentiment import (
    bagging,
    counting,
    deciding,
    examining,
    exploring,
    joining,
    numbering,
    padding,
    pooling,
    questions,
    table,
    tokenizing,
)
from course_lib.exercises.imdb_sentiment.bagging import judged
from course_lib.exercises.imdb_sentiment.deciding import score
from course_lib.exercises.imdb_sentiment.joining import join_with_a_bug

__all__ = ["EXERCISES", "join_with_a_bug", "judged", "score"]

EXERCISES = [
    tokenizing.TOKENIZE,
    examining.LOOKS_LIKE_TOKENIZE,
    numbering.BUILD_VOCABULARY,
    padding.ENCODE_AND_PAD,
    bagging.SAME_BAG,
    pooling.GLOBAL_MAX_POOLING_GRADIENT,
    table.TABLE_GRADIENT,
    deciding.DECIDING_FEATURES,
    counting.LOG_COUNT_RATIO,
    exploring.IMDB_SENTIMENT_READINGS,
    joining.JOIN_FEATURES,
    questions.QUIZ,
]
