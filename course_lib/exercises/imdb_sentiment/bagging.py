"""The exercise that breaks every bag of words: two reviews of opposite meaning with the same words."""

from collections import Counter

from course_lib.checking.exercise import Exercise, Misconception, Row
from course_lib.text import tokenize

GOOD, SAME, DIFFERENT = "two texts", "the same words, each as often", "the first is positive, the second negative"


def same_bag():
    """Return a positive and a negative review that are one bag of words."""
    return "It was good, not bad.", "It was bad, not good."


def judged(text):
    """Return how much more is good than bad: each `good` counts 1, each `bad` −1, turned around behind a `not`."""
    words = tokenize(text)
    total = 0
    for before, word in zip(["", *words], words, strict=False):
        worth = {"good": 1, "bad": -1}.get(word, 0)
        total += -worth if before == "not" else worth
    return total


def what_is_given(texts):
    """Return GOOD, or what is given in place of two texts; None for None."""
    if texts is None:
        return None
    if isinstance(texts, str) or not isinstance(texts, list | tuple):
        return "one thing"
    if len(texts) != 2:
        return "one thing" if len(texts) == 1 else "more or less than two things"
    if not all(isinstance(text, str) for text in texts):
        return "something that is no text"
    return GOOD


def whether_the_bags_are_equal(texts):
    told = what_is_given(texts)
    if told != GOOD:
        return told
    first, second = (Counter(tokenize(text)) for text in texts)
    if first == second:
        return SAME
    return "the same words, not as often" if first.keys() == second.keys() else "other words"


def what_the_judge_says(texts):
    told = what_is_given(texts)
    if told != GOOD:
        return told
    first, second = (judged(text) for text in texts)
    words = {word for text in texts for word in tokenize(text)}
    if not words & {"good", "bad"}:
        return "neither has a good or a bad in it"
    if first > 0 > second:
        return DIFFERENT
    if first < 0 < second:
        return "the first is negative, the second positive"
    names = ["positive" if each > 0 else "negative" if each < 0 else "undecided" for each in (first, second)]
    return f"both are {names[0]}" if names[0] == names[1] else f"the first is {names[0]}, the second {names[1]}"


def probe_same_bag(same_bag, rng):
    yield Row("what is given", lambda: what_is_given(same_bag()))
    yield Row("the two bags", lambda: whether_the_bags_are_equal(same_bag()), essential=True)
    yield Row("what the judge says", lambda: what_the_judge_says(same_bag()), essential=True)


def remark(failing):
    for label, value, _ in failing:
        if isinstance(value, str):
            return f"{label[0].upper()}{label[1:]}: {value}."
    return ""


def given(*texts):
    return lambda: texts


def mistake(name, cause, cure, *texts, answer=None):
    return Misconception(answer or given(*texts), cause, cure, name)


NOT = "`not` turns the word behind it around: let it stand before another word in the second text."

SAME_BAG = Exercise(
    name="same_bag",
    kind="break it",
    minutes=5,
    level=1,
    reference=same_bag,
    probe=probe_same_bag,
    remark=remark,
    misconceptions=[
        mistake("swapped", "The two are swapped: the first is negative, and the second positive.",
                "Return the positive one first.", "bad, not good", "good, not bad"),
        mistake("other_words", "The two have not the same words, so a bag of words can tell them apart.",
                "Take the words of the first text, in another order.", "good", "bad"),
        mistake("other_numbers", "The two have the same words, but not each as often, so their bags differ.",
                "Take the words of the first text in another order, each of them as often.",
                "good, not bad, not bad", "bad, not good"),
        mistake("both_positive", "Both are positive: only the order differs, not what `not` stands before.",
                NOT, "good, not bad", "not bad, good"),
        mistake("both_negative", "Both are negative: only the order differs, not what `not` stands before.",
                NOT, "bad, not good", "not good, bad"),
        mistake("undecided", "In both, good and bad are equally strong, so neither is positive or negative.",
                "A `not` before one of them turns it around.", "good and bad", "bad and good"),
        mistake("judge_knows_neither", "The judge knows `good` and `bad` alone, and neither is in your texts.",
                "Use them, and a `not` that stands before one of them.", "a fine film", "film a fine"),
        mistake("one_text", "One text comes out, or a list of one: two are asked for.",
                "Return both, separated by a comma.", answer=lambda: "good, not bad"),
        mistake("not_two", "More or less than two texts come out.", "Return two: the positive one, then the negative.",
                "good", "bad", "not good"),
        mistake("no_texts", "What comes out are no texts: lists of words, for instance.",
                "Return two texts, each in quotation marks.", ["good", "not", "bad"], ["bad", "not", "good"]),
    ],
    equivalents=[
        lambda: ["good and not bad", "not good and bad"],
        given("GOOD, not bad film!", "Not good, bad film!"),
        given("not bad: the end is a good one", "not good: the end is a bad one"),
    ],
    hints=[
        "Begin with one `good`, one `bad` and one `not`.",
        "What says the text if `not` stands before `bad`, and what if it stands before `good`?",
        "All other words are yours to choose, the same in both.",
    ],
)  # fmt: skip
