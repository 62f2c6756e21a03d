"""Answers that were collected after the probes stood, to see whether others are named too."""

from tests.exercises.banks import RIGHT
from tests.exercises.imdb_sentiment.bank.judging import bag, features, join, looks
from tests.exercises.imdb_sentiment.bank.learning import MASK, pool, ratio, table
from tests.exercises.imdb_sentiment.bank.words import FIND, pad, tokens, vocabulary

LOWER = 'text = text.lower()\n    text = text.replace("<br />", " ")\n    '
COUNTED = """
def build_vocabulary(token_lists, size):
    from collections import Counter
    counts = Counter(token for tokens in token_lists for token in tokens)
    return {word: i + 2 for i, (word, _) in enumerate(counts.most_common(size - 2))}
"""

CASES = [
    tokens("letter|digit", (FIND, "re.sub('[^a-z]', ' ', text).split()"), name="letters alone, as in many notebooks"),
    tokens(
        "letter|digit",
        (LOWER, "text = re.sub('<.*?>', ' ', text)\n    "),
        (FIND, "re.sub('[^a-zA-Z]', ' ', text).lower().split()"),
        name="the same with a sub for tags",
    ),
    tokens("apostrophe|!", (FIND, "re.findall(r'\\w+', text)"), name="word characters"),
    tokens(
        "apostrophe|!|br",
        (LOWER, "text = text.lower()\n    "),
        (FIND, "re.findall(r'\\w+', text)"),
        name="word characters, line breaks stay",
    ),
    tokens("apostrophe|!|empty", (FIND, "re.split(r'\\W+', text)"), name="split at what is no word"),
    tokens(
        "apostrophe|!|empty|br",
        (LOWER, "text = text.lower()\n    "),
        (FIND, "re.split(r'\\W+', text)"),
        name="split at what is no word, line breaks stay",
    ),
    tokens(
        "glue|punctuation|apostrophe",
        (FIND, "text.translate(str.maketrans('', '', string.punctuation)).split()"),
        ("import re", "import re, string"),
        name="translate",
    ),
    tokens("br|split|space", (LOWER, "text = text.lower()\n    "), (FIND, "text.split()"), name="lower and split"),
    tokens("capital|split", (LOWER, ""), (FIND, "text.split()"), name="split alone"),
    tokens(
        "one letter|single letter|short",
        (FIND, "[w for w in " + FIND + " if len(w) > 1]"),
        name="longer than 1, marks go too",
    ),
    tokens("short|letters", (FIND, "[w for w in " + FIND + " if len(w) > 2]"), name="longer than 2"),
    tokens(
        "small|frequent|stop",
        (FIND, "[w for w in " + FIND + " if w not in {'i', 'me', 'my', 'not', 'no', 'the', 'a', 'is'}]"),
    ),
    tokens(RIGHT, (FIND, '[m.group(0) for m in re.finditer(r"[a-z0-9]+(\'[a-z0-9]+)*|[!?]", text)]')),
    tokens(
        "group|end|pair|apostrophe|piece",
        (FIND, 're.findall(r"[a-z0-9]+(\'[a-z0-9]+)*|[!?]", text)'),
        name="a group that catches",
    ),
    vocabulary("seen|order|alphabet", source=COUNTED, name="most_common"),
    vocabulary("seen|order|alphabet", ("i + 2", "i"), ("size - 2", "size"), source=COUNTED, name="most_common from 0"),
    vocabulary(
        "seen|order|alphabet", ("i + 2", "i + 1"), ("size - 2", "size"), source=COUNTED, name="most_common from 1"
    ),
    vocabulary(
        "seen|order|alphabet",
        ("i + 2", "i + 1"),
        ("size - 2", "size - 1"),
        source=COUNTED,
        name="most_common from 1, one fewer",
    ),
    vocabulary(
        "not the expected answer",
        name="words of lists of lists",
        source="""
def build_vocabulary(token_lists, size):
    from collections import Counter
    counts = Counter()
    for tokens in token_lists:
        counts[tokens[0]] += 1
    return {word: i + 2 for i, (word, _) in enumerate(sorted(counts.items(), key=lambda p: (-p[1], p[0]))[:size - 2])}
""",
    ),
    vocabulary(
        "name|padding",
        ("return {", "vocabulary = {"),
        (
            "words[:size - 2])}",
            "words[:size - 2])}\n    vocabulary['<PAD>'] = 0\n    vocabulary['<UNK>'] = 1\n    return vocabulary",
        ),
    ),
    pad(
        "unknown",
        ("vocabulary.get(token, 1)", "vocabulary.get(token, 0)"),
        ("x[i, -len(ids):] = ids", "x[i, :len(ids)] = ids"),
    ),
    pad("unknown", ("vocabulary.get(token, 1)", "vocabulary.get(token, 0)"), ("[-length:]", "[:length]")),
    pad("unknown", ("vocabulary.get(token, 1)", "vocabulary.get(token, 2)")),
    pad("unknown", ("vocabulary.get(token, 1)", "vocabulary.get(token, max(vocabulary.values()) + 1)")),
    pad("cut|length|one", ("[-length:]", "[-length + 1:]"), name="one fewer kept"),
    pad(
        "list|text|word",
        ("vocabulary.get(token, 1) for token in tokens", "vocabulary.get(token, 1) for token in ' '.join(tokens)"),
        name="letters",
    ),
    pool(
        "tie|share|whole|several",
        name="a mask",
        source="""
def global_max_pooling_gradient(inputs, upstream):
    return (inputs == np.max(inputs, axis=1, keepdims=True)) * upstream[:, np.newaxis]
""",
    ),
    pool(
        "unit|mean|number", ("mask * upstream[:, None, :]", "mask * upstream.mean(axis=1)[:, None, None]"), source=MASK
    ),
    pool("upstream|1", ("mask * upstream[:, None, :]", "mask"), source=MASK),
    pool(
        "shape|axis|turned",
        ("mask * upstream[:, None, :]", "(mask * upstream[:, None, :]).transpose(0, 2, 1)"),
        source=MASK,
    ),
    pool(
        "divide|number|mean",
        ("mask * upstream[:, None, :]", "mask * upstream[:, None, :] / upstream.size"),
        source=MASK,
    ),
    table(
        "overwrit|several|add",
        name="as in a lookup",
        source="""
def table_gradient(table, ids, upstream):
    vectors = table[ids]
    place = vectors.argmax(axis=1)
    gradient = np.zeros_like(table)
    for i in range(len(ids)):
        gradient[ids[i][place[i]], np.arange(table.shape[1])] = upstream[i]
    return gradient
""",
    ),
    table(
        "several|add|place",
        name="fancy indices",
        source="""
def table_gradient(table, ids, upstream):
    words = np.take_along_axis(ids, table[ids].argmax(axis=1), axis=1)
    gradient = np.zeros_like(table)
    gradient[words, np.arange(table.shape[1])] += upstream
    return gradient
""",
    ),
    table(
        "table|text",
        (
            "gradient[ids[i, place], k] += upstream[i, k]",
            "gradient[ids[i, place], k] = table[ids[i, place], k] - upstream[i, k]",
        ),
    ),
    table("step|learning|table", ("return gradient", "return table - 0.01 * gradient")),
    ratio("sum|text|share", ("p.sum()", "len(labels)"), ("q.sum()", "len(labels)")),
    ratio(
        "swap|turned|class",
        ("labels == 1]", "labels == 2]"),
        ("labels == 0]", "labels == 1]"),
        ("labels == 2]", "labels == 0]"),
        name="p of the negative",
    ),
    ratio("log2|base", ("np.log(", "np.log10("), ("alpha=1.0", "alpha=1")),
    ratio(
        "1|alpha",
        ("alpha + presence[labels == 1]", "1 + presence[labels == 1]"),
        ("alpha + presence[labels == 0]", "1 + presence[labels == 0]"),
    ),
    ratio(
        "texts",
        ("p / p.sum()", "p / (labels == 1).sum()"),
        ("q / q.sum()", "q / (labels == 0).sum()"),
        ("alpha + ", ""),
        name="shares of texts, not smoothed",
    ),
    ratio("round", ("return r", "return np.round(r, 4)")),
    ratio("mean|centered|subtract", ("return r", "return r - r.mean()")),
    ratio("absolute|sign", ("return r", "return np.abs(r)")),
    join(
        "order|sorted|own",
        ("[test[name] for name in names]", "[test[name] for name in sorted(test)]"),
        ("[train[name] for name in names]", "[train[name] for name in sorted(train, reverse=True)]"),
    ),
    join(
        "order|same",
        ("[test[name] for name in names]", "[test[name] for name in list(test)]"),
        ("list(train)", "sorted(train)"),
    ),
    join("list|swap|pair|dict", ("return x_train, x_test", "return {'train': x_train, 'test': x_test}")),
    features("pair|word", "{'good': 2, 'bad': -2, 'not good': -1, 'not bad': 1}"),
    features("0|undecided", "{'not good': -5, 'not bad': 5, 'good': 0, 'bad': 0}"),
    features("pair|word", "{'good': 1, 'not bad': 1, 'bad': -1}"),
    features("wrong|turned|pair", "{'good': 1, 'bad': -1, 'not good': 2, 'not bad': -2}"),
    bag("both|only the order|undecided", "'good film', 'film good'"),
    bag("words|bag", "'a good film', 'a bad film'"),
    bag("same words|bag", "'not bad, very good', 'not good, very very bad'"),
    bag("judge|good|bad|neither", "'dog bites man', 'man bites dog'"),
    looks(
        "refuse|error|raise|capital",
        name="keeps capitals in its wish",
        source="""
def looks_like_tokenize(tokenize):
    return tokenize("A GOOD film!")[0] == "A"
""",
    ),
]
