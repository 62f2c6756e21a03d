"""Joined features, tests of a tokenizer and devised texts of chapter 10, as people write them."""

from tests.exercises.banks import RIGHT, written

# --- join_features

JOIN = """
def join_features(train, test):
    names = list(train)
    x_train = np.hstack([train[name] for name in names])
    x_test = np.hstack([test[name] for name in names])
    return x_train, x_test
"""


def join(told, *changes, name="", source=JOIN):
    return written("join_features", source, told, *changes, name=name)


JOIN_CASES = [
    join(RIGHT, name="the training set's order"),
    join(RIGHT, ("list(train)", "sorted(train)")),
    join(RIGHT, ("list(train)", "list(test)")),
    join(RIGHT, ("np.hstack([train[name] for name in names])", "np.concatenate([train[k] for k in names], axis=-1)")),
    join("test|sorted|own|order", ("[test[name] for name in names]", "[test[name] for name in sorted(test)]")),
    join("train|sorted|own|order", ("[train[name] for name in names]", "[train[name] for name in sorted(train)]")),
    join(
        "order|width|size|column", ("[test[name] for name in names]", "sorted(test.values(), key=lambda b: b.shape[1])")
    ),
    join("train|test|leak", ("test[name] for", "train[name] for")),
    join("swap|order", ("return x_train, x_test", "return x_test, x_train")),
    join("test|alone|two|pair", ("return x_train, x_test", "return x_train")),
    join("below|axis|side|rows", ("np.hstack", "np.vstack")),
    join("revers|order|back", ("[test[name] for name in names]", "[test[name] for name in reversed(names)]")),
    join("first|block|left out|missing", ("list(train)", "list(train)[:-1]")),
    join("one|together|test", ("return x_train, x_test", "return np.vstack([x_train, x_test])")),
    join(
        "list|block|join",
        ("np.hstack([train[name] for name in names])", "[train[name] for name in names]"),
        ("np.hstack([test[name] for name in names])", "[test[name] for name in names]"),
    ),
    join(
        "random|shuffl|order|sort|hash",
        ("[test[name] for name in names]", "[test[name] for name in sorted(names, key=lambda w: w[::-1])]"),
    ),
    join("column|sort", ("return x_train, x_test", "return np.sort(x_train, axis=1), np.sort(x_test, axis=1)")),
    join(
        "sum|add|mix",
        ("np.hstack([train[name] for name in names])", "sum(train[n].sum(1, keepdims=True) for n in names)"),
        ("np.hstack([test[name] for name in names])", "sum(test[n].sum(1, keepdims=True) for n in names)"),
    ),
]

# --- looks_like_tokenize

LOOKS = """
def looks_like_tokenize(tokenize):
    text = "It's NOT bad!!'Good', 10/10? I don't<br />know, I am good, is the."
    return tokenize(text) == ["it's", "not", "bad", "!", "!", "good", "10", "10", "?",
                              "i", "don't", "know", "i", "am", "good", "is", "the"]
"""


def looks(told, source=LOOKS, name=""):
    return written("looks_like_tokenize", source, told, name=name)


LOOKS_CASES = [
    looks(RIGHT, name="one text that has it all"),
    looks(
        RIGHT,
        name="assertions",
        source="""
def looks_like_tokenize(tokenize):
    assert tokenize("Good, GOOD!! good?") == ["good", "good", "!", "!", "good", "?"]
    assert tokenize("one<br />two a") == ["one", "two", "a"]
    assert tokenize("'don't' 10/10") == ["don't", "10", "10"]
    assert tokenize("the film of the year is it and a zoo an") == "the film of the year is it and a zoo an".split()
    return True
""",
    ),
    looks(
        "slip.*<br />",
        name="a line break beside a mark",
        source="""
def looks_like_tokenize(tokenize):
    text = "It's NOT bad!!<br />'Good', 10/10? I don't know, I am good, is the."
    return tokenize(text) == ["it's", "not", "bad", "!", "!", "good", "10", "10", "?",
                              "i", "don't", "know", "i", "am", "good", "is", "the"]
""",
    ),
    looks("everything|accept", name="always", source="def looks_like_tokenize(tokenize):\n    return True\n"),
    looks("everything|refuse", name="never", source="def looks_like_tokenize(tokenize):\n    return False\n"),
    looks(
        "plain|slip|punctuation",
        name="plain words",
        source="""
def looks_like_tokenize(tokenize):
    return tokenize("a good film") == ["a", "good", "film"]
""",
    ),
    looks(
        "slip|number|how many|count",
        name="their number",
        source="""
def looks_like_tokenize(tokenize):
    return len(tokenize("Not good!<br />I don't like it.")) == 7
""",
    ),
    looks(
        "slip|order|set",
        name="as sets",
        source="""
def looks_like_tokenize(tokenize):
    tokens = set(tokenize("Not good!<br />I don't like it, 10/10 'no'?"))
    return tokens == {"not", "good", "!", "i", "don't", "like", "it", "10", "no", "?"}
""",
    ),
    looks(
        "refuse|demand",
        name="wants punctuation",
        source="""
def looks_like_tokenize(tokenize):
    return tokenize("Good, bad.") == ["good", ",", "bad", "."]
""",
    ),
    looks(
        "refuse|demand",
        name="wants capitals",
        source="""
def looks_like_tokenize(tokenize):
    return tokenize("Good, bad.") == ["Good", "bad"]
""",
    ),
    looks(
        "slip|kind|list",
        name="a list of texts",
        source="""
def looks_like_tokenize(tokenize):
    tokens = tokenize("Not good!<br />I don't like it.")
    return isinstance(tokens, list) and all(isinstance(token, str) for token in tokens)
""",
    ),
]

# --- deciding_features


def features(told, text, name=""):
    return written("deciding_features", f"def deciding_features():\n    return {text}\n", told, name=name or text)


FEATURE_CASES = [
    features(RIGHT, "{'good': 1, 'bad': -1, 'not good': -2, 'not bad': 2}"),
    features(RIGHT, "{'good': 0.5, 'bad': -0.5, 'not good': -3.0, 'not bad': 1.5, 'film': 0}"),
    features(RIGHT, "{'good': 1, 'bad': -1, 'not': 0.1, 'not good': -5, 'not bad': 5}"),
    features("word|pair", "{'good': 1, 'bad': -1}"),
    features("word|pair", "{'good': 1, 'bad': -1, 'not': -1}"),
    features("word|pair", "{'good': 1, 'bad': -1, 'not': -2}"),
    features("single|alone", "{'not good': -1, 'not bad': 1}"),
    features("0|undecided|outweigh|cancel", "{'good': 1, 'bad': -1, 'not good': -1, 'not bad': 1}"),
    features("sign|turned|around", "{'good': -1, 'bad': 1, 'not good': 2, 'not bad': -2}"),
    features("empty|no weight|0", "{}"),
    features("pair|text|tuple|key", "{'good': 1, 'bad': -1, ('not', 'good'): -2, ('not', 'bad'): 2}"),
    features("dict", "['good', 'bad', 'not good', 'not bad']"),
    features("two|longer|pair", "{'good': 1, 'bad': -1, 'it was not good': -2, 'it was not bad': 2}"),
    features("number", "{'good': '+', 'bad': '-', 'not good': '-', 'not bad': '+'}"),
    features("not bad|one", "{'good': 1, 'bad': -1, 'not good': -2}"),
    features("underscore|space|key", "{'good': 1, 'bad': -1, 'not_good': -2, 'not_bad': 2}"),
]

# --- same_bag


def bag(told, text, name=""):
    return written("same_bag", f"def same_bag():\n    return {text}\n", told, name=name or text)


BAG_CASES = [
    bag(RIGHT, "'It was good, not bad.', 'It was bad, not good.'"),
    bag(RIGHT, "['good and not bad', 'not good and bad']"),
    bag(RIGHT, "'GOOD not bad film!', 'Not good, bad film!'"),
    bag("swap|first|order", "'It was bad, not good.', 'It was good, not bad.'"),
    bag("bag|words|same", "'good', 'bad'"),
    bag("bag|words|same", "'it was good', 'it was not good'"),
    bag("same mean|both|neither|decide", "'good film', 'film good'"),
    bag("same text|twice|identical|both", "'good', 'good'"),
    bag("judge|good|bad|neither|know", "'I loved it, he hated it', 'he loved it, I hated it'"),
    bag("two|pair", "'good not bad'"),
    bag("bag|words|often|same", "'good not bad not bad', 'bad not good'"),
    bag("both|same mean|second", "'not bad, good', 'good, not bad'"),
    bag("two|three|pair", "'good not bad', 'bad not good', 'good'"),
    bag("text|string", "['good', 'not', 'bad'], ['bad', 'not', 'good']"),
]

CASES = [*JOIN_CASES, *LOOKS_CASES, *FEATURE_CASES, *BAG_CASES]
