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


def what_decides(weights):
    """Return in words what the weights make of a word, and of a `not` before it."""
    told = what_they_are(weights)
    if told != FINE:
        return told
    good, bad, not_good, not_bad = (score(weights, text) for text in ("good", "bad", "not good", "not bad"))
    if good < 0 < bad:
        return TURNED
    if not good > 0 > bad:
        return UNDECIDED
    if not any(weight for gram, weight in weights.items() if " " in gram):
        return NO_PAIR
    if abs(not_good) < 1e-9 or abs(not_bad) < 1e-9:
        return CANCELED if abs(not_good) < 1e-9 and abs(not_bad) < 1e-9 else ONE_CANCELED
    if not_good > 0 > not_bad:
        return NEITHER
    return GOOD_STAYS if not_good > 0 else BAD_STAYS if not_bad < 0 else TURNS_BOTH


TURNED = "`good` is below 0, and `bad` above"
UNDECIDED = "`good` or `bad` alone is not decided rightly"
NO_PAIR = "no pair has a weight"
CANCELED = "a `not` leaves the score 0"
ONE_CANCELED = "a `not` leaves the score 0 for one of the two"
NEITHER = "a `not` turns neither around, though a pair has a weight"
GOOD_STAYS, BAD_STAYS = "`not good` stays positive", "`not bad` stays negative"
TURNS_BOTH = "each word decides, and a `not` turns both around"


def probe_deciding_features(deciding_features, rng):
    yield Row(WHAT, lambda: what_they_are(deciding_features()))
    yield Row(DECIDES, lambda: what_decides(deciding_features()), is_secret=True)
    yield Row(
        "the eight texts of the task", lambda: how_they_decide(deciding_features(), TEXTS), weight=3, essential=True
    )
    yield Row("six other texts", lambda: how_they_decide(deciding_features(), OTHERS), weight=2)


WHAT, DECIDES = "what they are", "what decides"


def remark(failing):
    """Say which texts are decided wrongly."""
    for _, value, _ in failing:
        if isinstance(value, str) and value.startswith(("wrong: ", "undecided, ")):
            return f"Your weights decide so: {value}."
    return ""


def given(weights):
    return lambda: weights


def proven(name, cause, cure, weights, proof, row=DECIDES):
    """A mistake that what `row` says of the weights proves, whatever they are."""
    return Misconception(given(weights), cause, cure, name, proof=(row, proof))


PAIRS = "Give the pairs `not good` and `not bad` weights of their own."
OUTWEIGH = "A pair has to outweigh its word, and `not`: all three are in the text, and their weights are added."

DECIDING_FEATURES = Exercise(
    name="deciding_features",
    kind="reach it",
    minutes=10,
    level=2,
    reference=deciding_features,
    probe=probe_deciding_features,
    remark=remark,
    misconceptions=[
        proven(
            "words_alone",
            "Words alone have weights. A word then pulls the same way whatever stands before it, and `not` pulls both "
            "`good` and `bad` one way.",
            PAIRS,
            {"good": 1, "bad": -1},
            NO_PAIR,
        ),
        proven(
            "words_undecided",
            "A single `good` or `bad` is not decided rightly by your weights.",
            "Give both a weight, `good` above 0 and `bad` below: they decide where no `not` is there.",
            {"not good": -1, "not bad": 1},
            UNDECIDED,
        ),
        proven(
            "pairs_cancel",
            "The pairs only cancel their words: `not good` and `not bad` have the score 0, and are undecided.",
            OUTWEIGH,
            {"good": 1, "bad": -1, "not good": -1, "not bad": 1},
            CANCELED,
        ),
        proven(
            "one_pair_cancels",
            "One of `not good` and `not bad` has the score 0, and is undecided.",
            OUTWEIGH,
            {"good": 1, "bad": -1, "not good": -2, "not bad": 1},
            ONE_CANCELED,
        ),
        proven(
            "pairs_too_weak",
            "`not good` stays positive and `not bad` negative: your pairs do not outweigh the words, or pull the other "
            "way.",
            OUTWEIGH,
            {"good": 2, "bad": -2, "not good": -1, "not bad": 1},
            NEITHER,
        ),
        proven(
            "signs",
            "The signs are turned around: `good` has a score below 0, and `bad` one above.",
            "A score above 0 means a positive text.",
            {"good": -1, "bad": 1, "not good": 2, "not bad": -2},
            TURNED,
        ),
        proven(
            "not_good_stays",
            "`not bad` is turned around, and `not good` stays positive.",
            "Give the pair `not good` a weight that outweighs `good`.",
            {"good": 1, "bad": -1, "not bad": 2},
            GOOD_STAYS,
        ),
        proven(
            "not_bad_stays",
            "`not good` is turned around, and `not bad` stays negative.",
            "Give the pair `not bad` a weight that outweighs `bad`.",
            {"good": 1, "bad": -1, "not good": -2},
            BAD_STAYS,
        ),
        proven(
            "empty",
            "The dict is empty, so every text has the score 0.",
            "Put in words and pairs, with a weight each.",
            {},
            "an empty dict",
            WHAT,
        ),
        proven("no_dict", "You give no dict.", "Return {word or pair: weight}.", ["good"], "no dict", WHAT),
        proven(
            "tuples",
            "A key is no text: a tuple of two words, say.",
            'Write a pair as one text, "not good".',
            {"good": 1, ("not", "good"): -2},
            "a key that is no text",
            WHAT,
        ),
        proven(
            "long_keys",
            "A key has more than two words, or none: features are words and pairs.",
            PAIRS,
            {"it was not good": -1},
            "a key of more than two words, or of none",
            WHAT,
        ),
        proven(
            "another_sign",
            "In a key, words are parted by another sign than a space: no text has it.",
            'Write "not good".',
            {"not_good": -2},
            "a key whose words are not parted by a space",
            WHAT,
        ),
        proven(
            "no_number",
            "A weight is no number.",
            "Give numbers: above 0 for what is positive.",
            {"good": "+"},
            "a weight that is no number",
            WHAT,
        ),
    ],
    equivalents=[
        given({"good": 0.5, "bad": -0.25, "not good": -3.0, "not bad": 1.5, "film": 0}),
        given({"good": 1, "bad": -1, "not": 0.1, "not good": -5, "not bad": 5}),
    ],
    hints=[
        "Try words alone on paper: `good` above 0, `bad` below. What would `not` have to weigh in both pairs?",
        "In `not good` three features are there: `not`, `good` and the pair. Their sum must be below 0.",
        "The pair must outweigh its word.",
    ],
)
