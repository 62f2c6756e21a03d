"""From text to numbers: tokens, a vocabulary, sequences of equal length. Each step loses something, and says what.

    tokens = [tokenize(text) for text in texts]                      spaces, capitals and most punctuation are lost
    vocabulary = build_vocabulary(tokens, 5000)                      words, the most frequent first
    ids = [encode(words, vocabulary) for words in tokens]            rare words are lost: all of them become one number
    x = pad_sequences(ids, 400)                                      what is longer than 400 is cut off

Names and defaults are Keras's (`pad_sequences`, `TextVectorization`) where it has them.
"""

import re
from collections import Counter

import numpy as np

PADDING, UNKNOWN = 0, 1  # the numbers that stand for no word at all, and for a word that is not in the vocabulary
FIRST_WORD = 2

LINE_BREAK = re.compile(r"<br\s*/?>")
TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*|[!?]")


def clean(text):
    """Return `text` in small letters, with a space for each line break that is written `<br />`.

    Lost: capitals (a shouted "WORST" is a "worst"), and where a paragraph ends.
    """
    return LINE_BREAK.sub(" ", text.lower())


def tokenize(text):
    """Cut `text` into words: runs of letters and digits, with apostrophes inside them, and each ! and ? alone.

    "Don't go!<br />It's 10/10." gives don't, go, !, it's, 10, 10.

    Lost, besides what `clean` loses: all other punctuation, so also smileys, and that 10/10 was one thing. A letter
    outside a–z and 0–9 parts words, as a space does.

    Args:
        text: str, as it was written.
    Returns:
        list of str.
    """
    return TOKEN.findall(clean(text))


def build_vocabulary(token_lists, size):
    """Return the numbers of the most frequent words: 2 for the first, 3 for the second, and so on.

    Padding is 0 and an unknown word 1, as in Keras's `TextVectorization`, and `size` counts these two. Of words that
    are equally frequent, the one that comes first in the alphabet is first.

    Args:
        token_lists: iterable of lists of tokens, those of the training set alone.
        size: int ≥ 2, how many numbers there are at most.
    Returns:
        dict {word: number}, with size − 2 words, or as many as there are.
    Raises:
        ValueError: `size` leaves no room for the two numbers that are no words.
    """
    if size < FIRST_WORD:
        raise ValueError(f"size must be ≥ {FIRST_WORD}, which padding and unknown words take, not {size}")
    counts = Counter()
    for tokens in token_lists:
        if isinstance(tokens, str):
            raise ValueError("a text must be cut into tokens first: build_vocabulary([tokenize(text), …], size)")
        counts.update(tokens)
    words = sorted(counts, key=lambda word: (-counts[word], word))[: size - FIRST_WORD]
    return {word: number for number, word in enumerate(words, FIRST_WORD)}


def encode(tokens, vocabulary):
    """Return the numbers of `tokens`, with 1 for each word that `vocabulary` does not have: which word it was is lost.

    Args:
        tokens: list of str.
        vocabulary: dict {word: number}, from `build_vocabulary`.
    Returns:
        list of int, as long as `tokens`.
    """
    return [vocabulary.get(token, UNKNOWN) for token in tokens]


def decode(ids, vocabulary):
    """Return what is left of a text: its words, "?" for an unknown one, without the padding."""
    words = {number: word for word, number in vocabulary.items()} | {UNKNOWN: "?"}
    return [words[int(number)] for number in ids if number != PADDING]


def pad_sequences(sequences, maxlen, padding="pre", truncating="pre", value=PADDING):
    """Give all sequences the length `maxlen`: fill up the shorter ones, cut the longer ones.

    Keras's defaults fill in front and cut in front: [5, 6, 7, 8, 9] ends as [7, 8, 9] and [5] as [0, 0, 5]. What a
    review begins with is lost then, its verdict at the end is kept; "post" does either at the end.

    Args:
        sequences: list of lists of int.
        maxlen: int ≥ 1.
        padding: "pre" or "post", where a short sequence is filled up with `value`.
        truncating: "pre" or "post", where a long one is cut.
        value: int, what is filled in.
    Returns:
        int32 array (sequences, maxlen).
    Raises:
        ValueError: `maxlen` is below 1, or a side is neither "pre" nor "post".
    """
    if maxlen != int(maxlen) or maxlen < 1:
        raise ValueError(f"maxlen must be a whole number ≥ 1, not {maxlen}")
    for name, side in (("padding", padding), ("truncating", truncating)):
        if side not in ("pre", "post"):
            raise ValueError(f'{name} must be "pre" or "post", not {side!r}')
    padded = np.full((len(sequences), maxlen), value, dtype=np.int32)
    for row, sequence in zip(padded, sequences, strict=True):
        kept = sequence[-maxlen:] if truncating == "pre" else sequence[:maxlen]
        if len(kept):
            row[slice(-len(kept), None) if padding == "pre" else slice(len(kept))] = kept
    return padded


def what_is_lost(token_lists, vocabulary, maxlen):
    """Measure what vocabulary and length cost.

    Args:
        token_lists: lists of tokens.
        vocabulary: dict {word: number}.
        maxlen: int, the length after which a text is cut.
    Returns:
        dict of shares in [0, 1]: "unknown", of all tokens those that are not in the vocabulary; "cut", of all tokens
        those beyond `maxlen`; "cut texts", of all texts those that are cut; "padding", of all places those left empty.
    Raises:
        ValueError: there is no token.
    """
    lengths = np.array([len(tokens) for tokens in token_lists])
    if not lengths.sum():
        raise ValueError("there are no tokens to look at")
    unknown = sum(token not in vocabulary for tokens in token_lists for token in tokens)
    return {
        "unknown": unknown / int(lengths.sum()),
        "cut": float(np.maximum(lengths - maxlen, 0).sum() / lengths.sum()),
        "cut texts": float(np.mean(lengths > maxlen)),
        "padding": float(np.maximum(maxlen - lengths, 0).sum() / (maxlen * len(lengths))),
    }
