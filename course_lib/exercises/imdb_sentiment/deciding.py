"""The exercise that asks for weights which words alone cannot have: `not` turns the word behind it around."""

from itertools import pairwise

from course_lib.checking.exercise import Exercise, Misconception, Row
from course_lib.text import tokenize

# Texts and whether they are positive; others, with other words around, decide about the same.
TEXTS = {"good": True, "bad": False, "not good": False, "not bad": True, "it was good": True, "it was not good": False,
         "it was bad": False, "it was not bad": True}  # fmt: skip
OTHERS = {"the plot is not bad": True, "such a good film": True, "this is not good at all": False, "a bad end": False,
          "good, not bad": True, "bad, not good": False}  # fmt: skip

FINE = "weights of words and of pairs"
ALL_RIGHT = "all are right"


def deciding_features():
    return {"good": 1, "bad": -1, "not good": -2, "not bad": 2}


def what_they_are(weights):
    """Return FINE, or what is given in place of weights; None for None."""
    if weights is None:
        return None
    if not isinstance(weights, dict):
        return "no dict"
    if not weights:
        return "an empty dict"
    for key, weight in weights.items():
        if not isinstance(key, str) or key.startswith("("):
            return "a key that is no text"
        if "_" in key or "-" in key or "+" in key:
            return "a key whose words are not parted by a space"
        if not 1 <= len(key.split()) <= 2:
            return "a key of more than two words, or of none"
        if isinstance(weight, bool) or not isinstance(weight, int | float):
            return "a weight that is no number"
        if weight != weight or abs(weight) == float("inf"):
            return "a weight that is not finite"
    return FINE


def score(weights, text):
    """Return the sum of the weights of all words and pairs of neighbors that are in `text`, each of them once."""
    words = tokenize(text)
    grams = {*words, *(" ".join(pair) for pair in pairwise(words))}
    return sum(weight for gram, weight in weights.items() if gram in grams)


def how_they_decide(weights, texts):
    """Return ALL_RIGHT, or which texts are decided wrongly, or not at all."""
    told = what_they_are(weights)
    if told != FINE:
        return told
    scores = {text: score(weights, text) for text in texts}
    undecided = [text for text, each in scores.items() if abs(each) < 1e-9]
    wrong = [text for text, each in scores.items() if text not in undecided and (each > 0) != texts[text]]
    parts = [f"wrong: {', '.join(wrong)}"] * bool(wrong) + [f"undecided, at 0: {', '.join(undecided)}"] * bool(
        undecided
    )
    return "; ".join(parts) or ALL_RIGHT


def probe_deciding_features(deciding_features, rng):
    yield Row("what they are", lambda: what_they_are(deciding_features()))
    yield Row(
        "the eight texts of the task", lambda: how_they_decide(deciding_features(), TEXTS), weight=3, essential=True
    )
    yield Row("six other texts", lambda: how_they_decide(deciding_features(), OTHERS), weight=2)


def remark(failing):
    """Say which texts are decided wrongly."""
    for _, value, _ in failing:
        if isinstance(value, str) and value != ALL_RIGHT:
            return f"Your weights decide so: {value}." if ":" in value else f"You give {value}."
    return ""


def given(weights):
    return lambda: weights


def wrong(cause, cure, name, weights):
    return Misconception(given(weights), cause, cure, name)


PAIRS = "Give the pairs `not good` and `not bad` weights of their own."


def proven(cause, cure, name, weights, row, text):
    return Misconception(given(weights), cause, cure, name, proof=(row, text))


WHAT, EIGHT = "what they are", "the eight texts of the task"

DECIDING_FEATURES = Exercise(
    name="deciding_features",
    kind="reach it",
    minutes=10,
    level=2,
    reference=deciding_features,
    probe=probe_deciding_features,
    remark=remark,
    misconceptions=[
        wrong(
            "Words alone have weights, and what they say does not depend on a `not` before them.",
            PAIRS,
            "words_alone",
            {"good": 1, "bad": -1},
        ),
        wrong(
            "`not` has a weight of its own, and pulls `good` and `bad` the same way: a word alone cannot "
            "turn both around.",
            PAIRS,
            "not_as_a_word",
            {"good": 1, "bad": -1, "not": -2},
        ),
        wrong(
            "`not` as a word cancels `good` out, and pulls `not bad` further down.",
            PAIRS,
            "not_cancels",
            {"good": 1, "bad": -1, "not": -1},
        ),
        wrong(
            "Only the pairs have weights, so a text without `not` has the score 0: a word alone is undecided.",
            "Give `good` and `bad` weights too: they decide where no `not` is there.",
            "pairs_alone",
            {"not good": -1, "not bad": 1},
        ),
        wrong(
            "The pair only cancels the word in it: `not good` has the score 0, and is undecided.",
            "A pair has to outweigh its word: its weight must be larger in size.",
            "pairs_cancel",
            {"good": 1, "bad": -1, "not good": -1, "not bad": 1},
        ),
        wrong(
            "The signs are turned around: what is positive has a score below 0.",
            "A score above 0 means a positive text.",
            "signs",
            {"good": -1, "bad": 1, "not good": 2, "not bad": -2},
        ),
        wrong(
            "`not good` is turned around, and `not bad` is not.",
            "The pair `not bad` needs a weight too.",
            "one_pair_good",
            {"good": 1, "bad": -1, "not good": -2},
        ),
        wrong(
            "`not bad` is turned around, and `not good` is not.",
            "The pair `not good` needs a weight too.",
            "one_pair_bad",
            {"good": 1, "bad": -1, "not bad": 2},
        ),
        proven("The dict is empty, so every text has the score 0.", "Put in words and pairs, with a weight each.",
               "empty", {}, WHAT, "an empty dict"),
        proven("You give no dict.", "Return {word or pair: weight}.", "no_dict", ["good"], WHAT, "no dict"),
        proven("A key is no text: a tuple of two words, say.", 'Write a pair as one text, "not good".', "tuples",
               {"good": 1, ("not", "good"): -2}, WHAT, "a key that is no text"),
        proven("A key has more than two words, or none: features are words and pairs.", PAIRS,
               "long_keys", {"it was not good": -1}, WHAT, "a key of more than two words, or of none"),
        proven("In a key, words are parted by another sign than a space: no text has it.", 'Write "not good".',
               "another_sign", {"not_good": -2}, WHAT, "a key whose words are not parted by a space"),
        proven("A weight is no number.", "Give numbers: above 0 for what is positive.", "no_number",
               {"good": "+"}, WHAT, "a weight that is no number"),
    ],
    equivalents=[
        given({"good": 0.5, "bad": -0.25, "not good": -3.0, "not bad": 1.5, "film": 0}),
        given({"good": 1, "bad": -1, "not": 0.1, "not good": -5, "not bad": 5}),
    ],
    hints=[
        "Try words alone on paper: `good` above 0, `bad` below 0. What would `not` have to weigh in both pairs?",
        "In `not good` three features are there: `not`, `good` and the pair. Their sum must be below 0.",
        "The pair must outweigh its word.",
    ],
)  # fmt: skip
