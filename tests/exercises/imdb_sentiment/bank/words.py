"""Tokens, vocabularies and padded sequences of chapter 10, as people write them."""

from tests.exercises.banks import RIGHT, written

# --- tokenize

TOKENIZE = """
import re

def tokenize(text):
    text = text.lower()
    text = text.replace("<br />", " ")
    return re.findall(r"[a-z0-9]+(?:'[a-z0-9]+)*|[!?]", text)
"""


def tokens(told, *changes, name="", source=TOKENIZE):
    return written("tokenize", source, told, *changes, name=name)


BREAKS, FIND = '    text = text.replace("<br />", " ")\n', """re.findall(r"[a-z0-9]+(?:'[a-z0-9]+)*|[!?]", text)"""
BY_SPLIT = """
def tokenize(text):
    text = text.lower().replace("<br />", " ")
    for sign in "!?":
        text = text.replace(sign, f" {sign} ")
    kept = "".join(c if c.isalnum() or c in "'!? " else " " for c in text)
    words = [word.strip("'") for word in kept.split()]
    return [word for word in words if word]
"""
BY_HAND = """
def tokenize(text):
    text = text.lower().replace("<br />", " ")
    tokens, word = [], ""
    for sign in text + " ":
        if sign.isalnum() or (sign == "'" and word):
            word += sign
        else:
            word = word.rstrip("'")
            if word:
                tokens.append(word)
            word = ""
            if sign in "!?":
                tokens.append(sign)
    return tokens
"""
DELETED = "deleted before.*slow,dull"
TOKEN_CASES = [
    tokens(RIGHT, name="its expression"),
    tokens(RIGHT, ("[a-z0-9]+(?:'[a-z0-9]+)*|[!?]", r"\w+(?:'\w+)*|[!?]")),
    tokens(
        RIGHT, ("text = text.lower()\n    ", ""), ('" ")\n    return', '" ").lower()\n    return'), name="lower last"
    ),
    tokens(RIGHT, source=BY_SPLIT, name="by replace and split"),
    tokens(RIGHT, source=BY_HAND, name="sign by sign"),
    tokens(RIGHT, ('text.replace("<br />", " ")', 're.sub(r"<[^>]+>", " ", text)')),
    tokens("split|space|punctuation", (FIND, "text.split(' ')")),
    tokens("split|space|punctuation", (FIND, "text.split()")),
    tokens("line break|<br|br", (BREAKS, "")),
    tokens("line break|<br|glued|together", ('"<br />", " "', '"<br />", ""')),
    tokens(
        "capital|small|lower",
        ("text = text.lower()\n    ", ""),
        ("[a-z0-9]+(?:'[a-z0-9]+)*", r"\w+(?:'\w+)*"),
        name="capitals stay",
    ),
    tokens("capital|small|lower", ("text = text.lower()\n    ", ""), name="capitals are lost"),
    tokens("apostrophe", (r"[a-z0-9]+(?:'[a-z0-9]+)*|[!?]", r"\w+|[!?]")),
    tokens("apostrophe", (r"[a-z0-9]+(?:'[a-z0-9]+)*|[!?]", r"[a-z0-9']+|[!?]")),
    tokens("apostrophe", ('"<br />", " ")', '"<br />", " ").replace("\'", "")')),
    tokens("!|\\?", ("|[!?]", "")),
    tokens("digit|number", ("a-z0-9", "a-z")),
    tokens("!|each|run", ("[!?]", "[!?]+")),
    tokens("punctuation|comma|signs", ("[!?]", r"[^\sa-z0-9]")),
    tokens(
        "punctuation|glued|together",
        (FIND, "re.sub(r'[^a-z0-9\\' ]', '', text).split()"),
        name="punctuation removed, then split",
    ),
    tokens(
        "one letter|short|single", (FIND, FIND.replace("[a-z0-9]+(?:", "[a-z0-9][a-z0-9]+(?:")), name="as scikit-learn"
    ),
    tokens("text|joined|list", (FIND, "' '.join(" + FIND + ")")),
    tokens("once|twice|set|repeat", (FIND, "sorted(set(" + FIND + "))")),
    tokens("once|twice|set|repeat", (FIND, "list(dict.fromkeys(" + FIND + "))")),
    tokens(
        "stop|the|drop",
        (FIND, "[w for w in " + FIND + " if w not in ('the', 'a', 'an', 'is', 'it', 'of', 'and')]"),
        name="stop words",
    ),
    tokens("letter|sign", (FIND, "list(text)")),
    tokens("empty", (FIND, 're.split(r"[^a-z0-9\']+", text)')),
    tokens(DELETED, (FIND, 'text.replace(",", "").replace(".", "").split()')),
    tokens(DELETED, (BREAKS, ""), (FIND, 'text.replace(",", "").replace(".", "").split()')),
    tokens(DELETED, ("text = text.lower()\n    ", ""), (FIND, 'text.replace(",", "").replace(".", "").split()')),
    tokens(DELETED, (FIND, "re.sub('[.,!?]', '', text).split()")),
    tokens(
        DELETED,
        (FIND, """re.sub(r"[^a-z0-9'!? ]", "", text.replace("!", " ! ").replace("?", " ? ")).split()"""),
        name="marks set apart, all other signs deleted, then split",
    ),
    tokens("replaced by spaces.*others.*stay", (FIND, 'text.replace(",", " ").replace(".", " ").split()')),
    tokens("off the ends.*slow,dull", (FIND, "[w.strip('.,') for w in text.split()]")),
    tokens("off the ends.*slow,dull", (FIND, "[w.strip('.,!?') for w in text.split()]")),
    tokens(
        "off the ends.*slow,dull",
        ("import re", "import string"),
        (FIND, "[w.strip(string.punctuation) for w in text.split()]"),
    ),
    tokens("your token 1 is `\\?`; it should be `don't`", (FIND, FIND + "[::-1]")),
    tokens("list ends too early: token 13 should be `\\?`", (FIND, FIND + "[:-1]")),
    tokens("your token 14 is `end`; none is left", (FIND, FIND + " + ['end']")),
]

# --- build_vocabulary

VOCABULARY = """
from collections import Counter

def build_vocabulary(token_lists, size):
    counts = Counter()
    for tokens in token_lists:
        counts.update(tokens)
    words = sorted(counts, key=lambda word: (-counts[word], word))
    return {word: i + 2 for i, word in enumerate(words[:size - 2])}
"""


def vocabulary(told, *changes, name="", source=VOCABULARY):
    return written("build_vocabulary", source, told, *changes, name=name)


WORDS = "sorted(counts, key=lambda word: (-counts[word], word))"
VOCABULARY_CASES = [
    vocabulary(RIGHT, name="a sort by two keys"),
    vocabulary(RIGHT, (WORDS, "sorted(sorted(counts), key=counts.get, reverse=True)")),
    vocabulary(RIGHT, ("words[:size - 2]", "words"), ("enumerate(words)}", "enumerate(words) if i + 2 < size}")),
    vocabulary(RIGHT, (WORDS, "[w for w, _ in sorted(counts.items(), key=lambda p: (-p[1], p[0]))]")),
    vocabulary(
        RIGHT,
        name="by hand",
        source="""
def build_vocabulary(token_lists, size):
    counts = {}
    for tokens in token_lists:
        for token in tokens:
            counts[token] = counts.get(token, 0) + 1
    by_count = sorted((-count, word) for word, count in counts.items())
    vocabulary = {}
    for _, word in by_count:
        if len(vocabulary) + 2 < size:
            vocabulary[word] = len(vocabulary) + 2
    return vocabulary
""",
    ),
    vocabulary("begin|0|padding|2", ("i + 2", "i")),
    vocabulary("begin|unknown|2", ("i + 2", "i + 1")),
    vocabulary("begin|3|2", ("i + 2", "i + 3")),
    vocabulary("size|two", ("words[:size - 2]", "words[:size]")),
    vocabulary("size|two", ("words[:size - 2]", "words[:size - 1]")),
    vocabulary("size|all", ("words[:size - 2]", "words")),
    vocabulary("alphabet|tie|equally|same", (WORDS, "[w for w, c in counts.most_common()]")),
    vocabulary(
        "alphabet|tie|equally|same", (WORDS, "sorted(counts, key=lambda word: (counts[word], word), reverse=True)")
    ),
    vocabulary("frequen|alphabet", (WORDS, "sorted(counts)")),
    vocabulary("frequen|first seen|order", (WORDS, "list(counts)")),
    vocabulary("rare|least|frequen", (WORDS, "sorted(counts, key=lambda word: (counts[word], word))")),
    vocabulary("text|document|once", ("counts.update(tokens)", "counts.update(set(tokens))")),
    vocabulary("last|first|all texts|every", ("counts.update(tokens)", "counts = Counter(tokens)")),
    vocabulary("inside out|number|word", ("{word: i + 2 for", "{i + 2: word for")),
    vocabulary("list|dict|number", ("{word: i + 2 for i, word in enumerate(words[:size - 2])}", "words[:size - 2]")),
    vocabulary("padding|word|0 and 1", ("return {", "return {'<pad>': 0, '<unk>': 1} | {")),
    vocabulary("padding|word|0 and 1", ("return {", "return {'': 0, '[UNK]': 1} | {")),
    vocabulary("count|often|number", ("word: i + 2", "word: counts[word]")),
    vocabulary(
        "once|one|rare", (WORDS, WORDS.replace("sorted(counts,", "sorted([w for w in counts if counts[w] > 1],"))
    ),
    vocabulary("letter|sign|text", ("counts.update(tokens)", "counts.update(' '.join(tokens))")),
]

# --- encode_and_pad

PAD = """
def encode_and_pad(token_lists, vocabulary, length):
    x = np.zeros((len(token_lists), length), dtype=int)
    for i, tokens in enumerate(token_lists):
        ids = [vocabulary.get(token, 1) for token in tokens][-length:]
        if ids:
            x[i, -len(ids):] = ids
    return x
"""


def pad(told, *changes, name="", source=PAD):
    return written("encode_and_pad", source, told, *changes, name=name)


PUT = "        if ids:\n            x[i, -len(ids):] = ids\n"
PAD_CASES = [
    pad(RIGHT, name="an array, row by row"),
    pad(RIGHT, (PUT, "        x[i, length - len(ids):] = ids\n")),
    pad(
        RIGHT,
        name="lists",
        source="""
def encode_and_pad(token_lists, vocabulary, length):
    rows = []
    for tokens in token_lists:
        ids = [vocabulary[t] if t in vocabulary else 1 for t in tokens]
        rows.append(([0] * length + ids)[-length:])
    return rows
""",
    ),
    pad(
        RIGHT,
        name="by Keras",
        source="""
def encode_and_pad(token_lists, vocabulary, length):
    from keras.utils import pad_sequences
    return pad_sequences([[vocabulary.get(t, 1) for t in tokens] for tokens in token_lists], maxlen=length)
""",
    ),
    pad("behind|filled|padding", (PUT, "        x[i, :len(ids)] = ids\n")),
    pad("end|cut|front", ("[-length:]", "[:length]")),
    pad("end|cut|front|behind", ("[-length:]", "[:length]"), (PUT, "        x[i, :len(ids)] = ids\n")),
    pad("unknown", ("vocabulary.get(token, 1)", "vocabulary.get(token, 0)")),
    pad(
        "unknown",
        (
            "vocabulary.get(token, 1) for token in tokens",
            "vocabulary[token] for token in tokens if token in vocabulary",
        ),
    ),
    pad("unknown|not in the vocabulary", ("vocabulary.get(token, 1)", "vocabulary[token]")),
    pad("empty|without a token|no token|-0", (PUT, "        x[i, -len(ids):] = ids\n")),
    pad("long|cut", ("[-length:]", "")),
    pad("padding|0|1", ("np.zeros(", "np.ones(")),
    pad("longest", ("    x = np", "    length = max(len(t) for t in token_lists)\n    x = np")),
    pad("shortest", ("    x = np", "    length = min(len(t) for t in token_lists)\n    x = np")),
    pad("backwards|order|revers", ("[-length:]", "[-length:][::-1]")),
    pad("unknown", ("vocabulary.get(token, 1)", "vocabulary.get(token, len(vocabulary) + 2)")),
    pad("unknown|-1", ("vocabulary.get(token, 1)", "vocabulary.get(token, -1)")),
    pad(
        "cut before|unknown|dropped",
        (
            "vocabulary.get(token, 1) for token in tokens][-length:]",
            "vocabulary[token] for token in tokens[-length:] if token in vocabulary]",
        ),
    ),
    pad("last|first|overwrit|one text|row", ("return x", "return x[-1]")),
    pad("column|side|turned|text", ("return x", "return x.T")),
    pad("one-hot|0 or 1|multi", ("x[i, -len(ids):] = ids", "x[i, [k for k in ids if k < length]] = 1")),
    pad("return|loop|first", ("    return x", "        return x")),
    pad("one|shift|lower", ("vocabulary.get(token, 1)", "vocabulary.get(token, 1) - 1")),
]

CASES = [*TOKEN_CASES, *VOCABULARY_CASES, *PAD_CASES]
