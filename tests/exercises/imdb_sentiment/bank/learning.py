"""Gradients, ratios, joined features, tests and devised texts of chapter 10, as people write them."""

from tests.exercises.optimizers.bank import RIGHT, written

# --- global_max_pooling_gradient

POOL = """
def global_max_pooling_gradient(inputs, upstream):
    n, length, units = inputs.shape
    gradient = np.zeros_like(inputs)
    for i in range(n):
        for k in range(units):
            place = np.argmax(inputs[i, :, k])
            gradient[i, place, k] = upstream[i, k]
    return gradient
"""
MASK = """
def global_max_pooling_gradient(inputs, upstream):
    largest = inputs.max(axis=1, keepdims=True)
    mask = (inputs == largest).astype(float)
    mask = mask / mask.sum(axis=1, keepdims=True)
    return mask * upstream[:, None, :]
"""


def pool(told, *changes, name="", source=POOL):
    return written("global_max_pooling_gradient", source, told, *changes, name=name)


POOL_CASES = [
    pool(RIGHT, name="by argmax"),
    pool(RIGHT, source=MASK, name="equal parts"),
    pool(RIGHT, ("place = np.argmax(inputs[i, :, k])", "place = inputs.shape[1] - 1 - np.argmax(inputs[i, ::-1, k])"),
         name="the last"),
    pool(RIGHT, name="put_along_axis", source="""
def global_max_pooling_gradient(inputs, upstream):
    gradient = np.zeros(inputs.shape)
    np.put_along_axis(gradient, inputs.argmax(axis=1)[:, None, :], upstream[:, None, :], axis=1)
    return gradient
"""),
    pool(RIGHT, name="by nudges of a whole row", source="""
def global_max_pooling_gradient(inputs, upstream):
    one_hot = np.eye(inputs.shape[1])[inputs.argmax(1)]          # (n, units, length)
    return np.einsum("nul,nu->nlu", one_hot, upstream)
"""),
    pool("tie|share|whole|several", ("mask = mask / mask.sum(axis=1, keepdims=True)\n    ", ""), source=MASK),
    pool("mean|every place|evenly|average", name="as for a mean", source="""
def global_max_pooling_gradient(inputs, upstream):
    return np.repeat(upstream[:, None, :], inputs.shape[1], axis=1) / inputs.shape[1]
"""),
    pool("every place|all", name="to all", source="""
def global_max_pooling_gradient(inputs, upstream):
    return np.broadcast_to(upstream[:, None, :], inputs.shape).copy()
"""),
    pool("upstream", ("= upstream[i, k]", "= 1")),
    pool("upstream|value|input", ("= upstream[i, k]", "= inputs[i, place, k]")),
    pool("upstream|value|input", ("= upstream[i, k]", "= upstream[i, k] * inputs[i, place, k]")),
    pool("one place|each unit|unit", ("place = np.argmax(inputs[i, :, k])", "place = np.argmax(inputs[i].sum(axis=1))")),
    pool("one place|each unit|unit", ("place = np.argmax(inputs[i, :, k])", "place = np.argmax(inputs[i].max(axis=1))")),
    pool("axis|unit", ("keepdims=True)\n    mask = (", "keepdims=True)\n    largest = inputs.max(axis=2, keepdims=True)\n    mask = ("), source=MASK, name="over units"),
    pool("example|text|whole", ("inputs.max(axis=1, keepdims=True)", "inputs.max(axis=(0, 1), keepdims=True)"), source=MASK),
    pool("abs|size|sign", ("np.argmax(inputs[i, :, k])", "np.argmax(np.abs(inputs[i, :, k]))")),
    pool("smallest|minimum", ("np.argmax(", "np.argmin(")),
    pool("divide|n|mean|example", ("= upstream[i, k]", "= upstream[i, k] / n")),
    pool("divide|length", ("= upstream[i, k]", "= upstream[i, k] / length")),
    pool("shape|length|summed", ("return gradient", "return gradient.sum(axis=1)")),
    pool("last place|last", ("place = np.argmax(inputs[i, :, k])", "place = -1")),
    pool("softmax|smooth", name="softmax", source="""
def global_max_pooling_gradient(inputs, upstream):
    powers = np.exp(inputs - inputs.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True) * upstream[:, None, :]
"""),
    pool("return|loop|first", ("    return gradient", "        return gradient")),
    pool("positive|0|ReLU", ("mask = (inputs == largest)", "mask = (inputs > 0)"), ("mask / mask.sum(axis=1, keepdims=True)", "mask"), source=MASK, name="as for ReLU"),
    pool("minus|sign|turned", ("= upstream[i, k]", "= -upstream[i, k]")),
]  # fmt: skip

# --- table_gradient

TABLE = """
def table_gradient(table, ids, upstream):
    vectors = table[ids]
    gradient = np.zeros_like(table)
    for i in range(len(ids)):
        for k in range(table.shape[1]):
            place = vectors[i, :, k].argmax()
            gradient[ids[i, place], k] += upstream[i, k]
    return gradient
"""
BY_ADD_AT = """
def table_gradient(table, ids, upstream):
    vectors = table[ids]
    mask = vectors == vectors.max(axis=1, keepdims=True)
    back = mask / mask.sum(axis=1, keepdims=True) * upstream[:, None]
    gradient = np.zeros_like(table)
    np.add.at(gradient, ids, back)
    return gradient
"""


def table(told, *changes, name="", source=TABLE):
    return written("table_gradient", source, told, *changes, name=name)


TABLE_CASES = [
    table(RIGHT, name="by loops"),
    table(RIGHT, source=BY_ADD_AT, name="by add.at"),
    table(RIGHT, name="by put and add.at", source="""
def table_gradient(table, ids, upstream):
    n, units = upstream.shape
    words = np.take_along_axis(ids, table[ids].argmax(axis=1), axis=1)   # (n, units)
    gradient = np.zeros(table.shape)
    np.add.at(gradient, (words, np.arange(units)[None, :]), upstream)
    return gradient
"""),
    table(RIGHT, name="one-hot", source="""
def table_gradient(table, ids, upstream):
    winners = ids[np.arange(len(ids))[:, None], table[ids].argmax(1)]
    return np.stack([np.bincount(winners[:, k], weights=upstream[:, k], minlength=len(table))
                     for k in range(table.shape[1])], axis=1)
"""),
    table("add|several|once|texts", ("+= upstream", "= upstream")),
    table("add|several|once|repeat", ("np.add.at(gradient, ids, back)", "gradient[ids] += back"), source=BY_ADD_AT),
    table("add|several|once|repeat", ("np.add.at(gradient, ids, back)", "gradient[ids] = back"), source=BY_ADD_AT),
    table("twice|repeat|tie|several", (" / mask.sum(axis=1, keepdims=True)", ""), source=BY_ADD_AT),
    table("largest|maximum|every word|all", ("mask / mask.sum(axis=1, keepdims=True) * upstream[:, None]",
          "np.repeat(upstream[:, None], ids.shape[1], axis=1)"), source=BY_ADD_AT, name="every word"),
    table("mean|largest|maximum|every word", ("mask / mask.sum(axis=1, keepdims=True) * upstream[:, None]",
          "np.repeat(upstream[:, None], ids.shape[1], axis=1) / ids.shape[1]"), source=BY_ADD_AT, name="a mean pooling"),
    table("padding|0", ("return gradient", "gradient[0] = 0\n    return gradient")),
    table("divide|mean|text", ("+= upstream[i, k]", "+= upstream[i, k] / len(ids)")),
    table("upstream", ("+= upstream[i, k]", "+= 1")),
    table("place|word", ("gradient[ids[i, place], k]", "gradient[place, k]")),
    table("used|shape", ("return gradient", "return gradient[np.unique(ids)]")),
    table("shape|place|table", ("np.add.at(gradient, ids, back)\n    return gradient", "return back"), source=BY_ADD_AT),
    table("unit|one place", ("vectors[i, :, k].argmax()", "vectors[i].sum(axis=1).argmax()")),
    table("whole table|text|occur", ("place = vectors[i, :, k].argmax()\n            gradient[ids[i, place], k]",
                               "gradient[table[:, k].argmax(), k]")),
    table("minus|sign|turned", ("+= upstream[i, k]", "-= upstream[i, k]")),
    table("value|times|vector", ("+= upstream[i, k]", "+= upstream[i, k] * vectors[i, place, k]")),
    table("mean|divide|often|count", ("return gradient", "return gradient / np.maximum(np.bincount(ids.ravel(), minlength=len(table)), 1)[:, None]")),
    table("return|loop|first", ("    return gradient", "        return gradient")),
    table("side|transpos|turned", ("return gradient", "return gradient.T")),
    table("smallest|minimum", ("argmax()", "argmin()")),
    table("units|all|column", ("gradient[ids[i, place], k] += upstream[i, k]", "gradient[ids[i, place]] += upstream[i, k]")),
]  # fmt: skip

# --- log_count_ratio

RATIO = """
def log_count_ratio(presence, labels, alpha=1.0):
    p = alpha + presence[labels == 1].sum(axis=0)
    q = alpha + presence[labels == 0].sum(axis=0)
    r = np.log((p / p.sum()) / (q / q.sum()))
    return r
"""


def ratio(told, *changes, name="", source=RATIO):
    return written("log_count_ratio", source, told, *changes, name=name)


RATIO_CASES = [
    ratio(RIGHT, name="its formula"),
    ratio(RIGHT, ("np.log((p / p.sum()) / (q / q.sum()))", "np.log(p) - np.log(q) - np.log(p.sum()) + np.log(q.sum())")),
    ratio(RIGHT, ("presence[labels == 1].sum(axis=0)", "labels @ presence"),
          ("presence[labels == 0].sum(axis=0)", "(1 - labels) @ presence")),
    ratio(RIGHT, ("p / p.sum()", "p / np.linalg.norm(p, 1)"), ("q / q.sum()", "q / np.linalg.norm(q, 1)")),
    ratio(RIGHT, name="scikit-learn", source="""
def log_count_ratio(presence, labels, alpha=1.0):
    from sklearn.naive_bayes import MultinomialNB
    told = MultinomialNB(alpha=alpha).fit(presence, labels).feature_log_prob_
    return told[1] - told[0]
"""),
    ratio("smooth|alpha|log 0|infinit", ("alpha + presence[labels == 1]", "presence[labels == 1]"), ("alpha + presence[labels == 0]", "presence[labels == 0]")),
    ratio("alpha|1|smooth", ("alpha + ", "1 + ")),
    ratio("sum|divide|share", ("(p / p.sum()) / (q / q.sum())", "p / q")),
    ratio("texts|number of texts", ("(p / p.sum()) / (q / q.sum())", "(p / (labels == 1).sum()) / (q / (labels == 0).sum())")),
    ratio("texts|number of texts", ("(p / p.sum()) / (q / q.sum())", "(p / ((labels == 1).sum() + 2 * alpha)) / (q / ((labels == 0).sum() + 2 * alpha))")),
    ratio("swap|class|sign|turned", ("(p / p.sum()) / (q / q.sum())", "(q / q.sum()) / (p / p.sum())")),
    ratio("log", ("np.log((p / p.sum()) / (q / q.sum()))", "(p / p.sum()) / (q / q.sum())")),
    ratio("base|log2|log10", ("np.log(", "np.log2(")),
    ratio("base|log2|log10", ("np.log(", "np.log10(")),
    ratio("difference|quotient|ratio|log", ("np.log((p / p.sum()) / (q / q.sum()))", "p / p.sum() - q / q.sum()")),
    ratio("axis|text|feature", ("sum(axis=0)", "sum(axis=1)")),
    ratio("axis|one number|whole|all features", ("sum(axis=0)", "sum()")),
    ratio("alpha|denominator|sum", ("(p / p.sum()) / (q / q.sum())", "(p / (p - alpha).sum()) / (q / (q - alpha).sum())")),
    ratio("alpha|smooth|shares|after|added", ("alpha + ", ""), ("(p / p.sum()) / (q / q.sum())", "(p / p.sum() + alpha) / (q / q.sum() + alpha)")),
    ratio("alpha|log 0|added|ε|small", ("alpha + ", ""), ("(p / p.sum()) / (q / q.sum())", "(p / p.sum() + 1e-9) / (q / q.sum() + 1e-9)")),
    ratio("one class|negative|q", ("np.log((p / p.sum()) / (q / q.sum()))", "np.log(p / p.sum())")),
    ratio("odds|left of 1|both|all texts", ("(q / q.sum())", "(1 - p / p.sum())")),
    ratio("all texts|both|negative", ("presence[labels == 0].sum", "presence.sum")),
    ratio("bracket|precedence", ("(p / p.sum()) / (q / q.sum())", "p / p.sum() / q / q.sum()")),
    ratio("bracket|precedence|log", ("np.log((p / p.sum()) / (q / q.sum()))", "np.log(p / p.sum()) / np.log(q / q.sum())")),
    ratio("alpha|default|1", ("alpha=1.0", "alpha=0.1")),
    ratio("mean|text", ("sum(axis=0)", "mean(axis=0)")),
    ratio("sum|alpha|number of features", ("p.sum()", "(p.sum() - alpha * len(p) + len(p))"), ("q.sum()", "(q.sum() - alpha * len(q) + len(q))"), name="the features are added, whatever alpha"),
    ratio("log\\(1|log1p|one", ("np.log(", "np.log1p(")),
]  # fmt: skip

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
    join("order|width|size|column", ("[test[name] for name in names]", "sorted(test.values(), key=lambda b: b.shape[1])")),
    join("train|test|leak", ("test[name] for", "train[name] for")),
    join("swap|order", ("return x_train, x_test", "return x_test, x_train")),
    join("test|alone|two|pair", ("return x_train, x_test", "return x_train")),
    join("below|axis|side|rows", ("np.hstack", "np.vstack")),
    join("revers|order|back", ("[test[name] for name in names]", "[test[name] for name in reversed(names)]")),
    join("first|block|left out|missing", ("list(train)", "list(train)[:-1]")),
    join("one|together|test", ("return x_train, x_test", "return np.vstack([x_train, x_test])")),
    join("list|block|join", ("np.hstack([train[name] for name in names])", "[train[name] for name in names]"), ("np.hstack([test[name] for name in names])", "[test[name] for name in names]")),
    join("random|shuffl|order|sort|hash", ("[test[name] for name in names]", "[test[name] for name in sorted(names, key=lambda w: w[::-1])]")),
    join("column|sort", ("return x_train, x_test", "return np.sort(x_train, axis=1), np.sort(x_test, axis=1)")),
    join("sum|add|mix", ("np.hstack([train[name] for name in names])", "sum(train[n].sum(1, keepdims=True) for n in names)"), ("np.hstack([test[name] for name in names])", "sum(test[n].sum(1, keepdims=True) for n in names)")),
]  # fmt: skip

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
    looks(RIGHT, name="assertions", source="""
def looks_like_tokenize(tokenize):
    assert tokenize("Good, GOOD!! good?") == ["good", "good", "!", "!", "good", "?"]
    assert tokenize("one<br />two a") == ["one", "two", "a"]
    assert tokenize("'don't' 10/10") == ["don't", "10", "10"]
    assert tokenize("the film of the year is it and a zoo an") == "the film of the year is it and a zoo an".split()
    return True
"""),
    looks("slip.*<br />", name="a line break beside a mark", source="""
def looks_like_tokenize(tokenize):
    text = "It's NOT bad!!<br />'Good', 10/10? I don't know, I am good, is the."
    return tokenize(text) == ["it's", "not", "bad", "!", "!", "good", "10", "10", "?",
                              "i", "don't", "know", "i", "am", "good", "is", "the"]
"""),
    looks("everything|accept", name="always", source="def looks_like_tokenize(tokenize):\n    return True\n"),
    looks("everything|refuse", name="never", source="def looks_like_tokenize(tokenize):\n    return False\n"),
    looks("plain|slip|punctuation", name="plain words", source="""
def looks_like_tokenize(tokenize):
    return tokenize("a good film") == ["a", "good", "film"]
"""),
    looks("slip|number|how many|count", name="their number", source="""
def looks_like_tokenize(tokenize):
    return len(tokenize("Not good!<br />I don't like it.")) == 7
"""),
    looks("slip|order|set", name="as sets", source="""
def looks_like_tokenize(tokenize):
    return set(tokenize("Not good!<br />I don't like it, 10/10 'no'?")) == {"not", "good", "!", "i", "don't", "like", "it", "10", "no", "?"}
"""),
    looks("refuse", name="wants punctuation", source="""
def looks_like_tokenize(tokenize):
    return tokenize("Good, bad.") == ["good", ",", "bad", "."]
"""),
    looks("refuse", name="wants capitals", source="""
def looks_like_tokenize(tokenize):
    return tokenize("Good, bad.") == ["Good", "bad"]
"""),
    looks("slip|kind|list", name="a list of texts", source="""
def looks_like_tokenize(tokenize):
    tokens = tokenize("Not good!<br />I don't like it.")
    return isinstance(tokens, list) and all(isinstance(token, str) for token in tokens)
"""),
]  # fmt: skip

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
    features("word|alone|without", "{'not good': -1, 'not bad': 1}"),
    features("0|undecided|outweigh|cancel", "{'good': 1, 'bad': -1, 'not good': -1, 'not bad': 1}"),
    features("sign|turned|around", "{'good': -1, 'bad': 1, 'not good': 2, 'not bad': -2}"),
    features("empty|no weight|0", "{}"),
    features("pair|text|tuple|key", "{'good': 1, 'bad': -1, ('not', 'good'): -2, ('not', 'bad'): 2}"),
    features("dict", "['good', 'bad', 'not good', 'not bad']"),
    features("two|longer|pair", "{'good': 1, 'bad': -1, 'it was not good': -2, 'it was not bad': 2}"),
    features("number", "{'good': '+', 'bad': '-', 'not good': '-', 'not bad': '+'}"),
    features("not bad|one", "{'good': 1, 'bad': -1, 'not good': -2}"),
    features("underscore|space|key", "{'good': 1, 'bad': -1, 'not_good': -2, 'not_bad': 2}"),
]  # fmt: skip

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
]  # fmt: skip

CASES = [
    *POOL_CASES, *TABLE_CASES, *RATIO_CASES, *JOIN_CASES, *LOOKS_CASES, *FEATURE_CASES, *BAG_CASES,
]  # fmt: skip
