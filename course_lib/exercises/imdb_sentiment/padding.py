"""Texts as rows of equal length: unknown words, what is filled in, and what is cut off."""

import numpy as np

from course_lib import text
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.scene import Matrix

UNKNOWN_ROW = "words that are not in the vocabulary"


def encode_and_pad(token_lists, vocabulary, length):
    """Return the texts as an int array (texts, length) of word numbers, filled up and cut in front.

    Args:
        token_lists: list of lists of tokens.
        vocabulary: dict {word: number}, from 2 on.
        length: int, how many numbers each row has.
    Returns:
        array: an unknown word is 1; a short text has zeros in front; of a long one the last `length` words are kept.
    """
    return text.pad_sequences([text.encode(tokens, vocabulary) for tokens in token_lists], length)


def probe_encode_and_pad(encode_and_pad, rng):
    words = ["good", "bad", "film", "plot", "very", "not"]
    vocabulary = {word: int(number) for word, number in zip(words, rng.permutation(6) + 2, strict=True)}

    def some(count):
        return [words[place] for place in rng.integers(0, 6, size=count)]

    short, exact, long = some(2), some(4), [*rng.permutation(words).tolist(), *some(3)]
    a, b = some(2)
    mixed = [a, "xylophone", b, "zither", *some(2), "oboe"]
    whole = [short, exact, long, mixed]
    yield Row("a short, a fitting, a long text and unknown words", lambda: encode_and_pad(whole, vocabulary, 4),
              weight=2, essential=True)  # fmt: skip
    yield Row("a text shorter than the length", lambda: encode_and_pad([short], vocabulary, 6))
    yield Row("a text longer than the length", lambda: encode_and_pad([long], vocabulary, 4))
    yield Row(UNKNOWN_ROW, lambda: encode_and_pad([["oboe", a, "zither"]], vocabulary, 3))
    yield Row("unknown words in a text that is cut", lambda: encode_and_pad([mixed], vocabulary, 5))
    yield Row("a text without a word among others", lambda: encode_and_pad([short, [], exact], vocabulary, 5))
    yield Row("all texts shorter than the length", lambda: encode_and_pad([short, some(1), exact], vocabulary, 7))
    yield Row("a length of 1", lambda: encode_and_pad([long, short], vocabulary, 1))


def faulty_padding(token_lists, vocabulary, length, **made):
    if "longest" in made:
        length = max(map(len, token_lists))
    if "shortest" in made:
        length = min(map(len, token_lists))
    rows = []
    for tokens in token_lists:
        if "cut_first" in made:
            tokens = tokens[-length:]
        if "unknown_dropped" in made or "cut_first" in made:
            tokens = [token for token in tokens if token in vocabulary]
        if "letters" in made:
            tokens = " ".join(tokens)
        ids = [vocabulary.get(token, 0 if "unknown_0" in made else 1) for token in tokens]
        if "unknown_raises" in made:
            ids = [vocabulary[token] for token in tokens]
        if "backwards" in made:
            ids = ids[::-1]
        kept = ids[:length] if "cut_behind" in made else ids[-length:]
        filled = [1 if "ones" in made else 0] * (length - len(kept))
        rows.append(kept + filled if "filled_behind" in made else filled + kept)
        if "first_alone" in made:
            break
    if "first_filled_alone" in made:
        rows = [row if not number else [0] * length for number, row in enumerate(rows)]
    if "last_alone" in made:
        rows = rows[-1]
    x = np.array(rows, dtype=int)
    return x.T if "on_its_side" in made else x


def another_unknown(value):
    return float(value[0, 0])


def padding_with_another_unknown(token_lists, vocabulary, length, constant=-1):
    """Unknown words get another number than 1.

    `vocabulary.get(token, 1)` gives 1 where the word is not in there; 0 is for places without a word.
    """
    codes = [[vocabulary.get(token, constant) for token in tokens] for tokens in token_lists]
    return text.pad_sequences(codes, length)


def padding_of_all_but_the_empty(token_lists, vocabulary, length):
    """A text without a word breaks it: `x[i, -0:]` is the whole row, into which nothing does not fit.

    −0 is 0, so `-len(ids):` begins at the front where `ids` is empty: write `length - len(ids):`.
    """
    x = np.zeros((len(token_lists), length), dtype=int)
    for i, tokens in enumerate(token_lists):
        ids = [vocabulary.get(token, 1) for token in tokens][-length:]
        x[i, -len(ids) :] = ids
    return x


def padding_without_a_cut(token_lists, vocabulary, length):
    """A text that is longer than `length` is not cut, so it does not fit into its row.

    Keep the last `length` numbers of it.
    """
    x = np.zeros((len(token_lists), length), dtype=int)
    for i, tokens in enumerate(token_lists):
        ids = [vocabulary.get(token, 1) for token in tokens]
        if ids:
            x[i, -len(ids) :] = ids
    return x


def padding_of_lists(token_lists, vocabulary, length):
    """A text that is longer than `length` is not cut: the rows have different lengths.

    Keep the last `length` numbers of it.
    """
    codes = [[vocabulary.get(token, 1) for token in tokens] for tokens in token_lists]
    return [[0] * (length - len(ids)) + ids for ids in codes]


def padding_as_a_bag(token_lists, vocabulary, length):
    """Places count words here, 0 or 1 for each word of the vocabulary: what came out is a bag, not a sequence.

    Each row holds the numbers of the words themselves, one after the other.
    """
    x = np.zeros((len(token_lists), length), dtype=int)
    for i, tokens in enumerate(token_lists):
        ids = [vocabulary.get(token, 1) for token in tokens][-length:]
        x[i, [number for number in ids if number < length]] = 1
    return x


def padding_shifted(token_lists, vocabulary, length):
    """Every number is one lower than in the vocabulary, so unknown words look like padding.

    Take the numbers as they are: the vocabulary begins at 2 already.
    """
    codes = [[vocabulary.get(token, 1) - 1 for token in tokens] for tokens in token_lists]
    return text.pad_sequences(codes, length)


def padding_by_slices(token_lists, vocabulary, length):
    x = np.zeros((len(token_lists), length), dtype=int)
    for row, tokens in zip(x, token_lists, strict=True):
        for back, token in enumerate(tokens[::-1][:length], 1):
            row[-back] = vocabulary.get(token, 1)
    return x


def padding_by_lists(token_lists, vocabulary, length):
    return [
        ([0] * length + list(map(lambda token: vocabulary.get(token, 1), tokens)))[-length:] for tokens in token_lists
    ]


def scene_encode_and_pad(answer):
    vocabulary = {"a": 2, "good": 3, "film": 4, "not": 5}
    texts = ["a good film", "not a film", "a good a good a good not good", "xylophone film"]
    x = np.asarray(answer([each.split() for each in texts], vocabulary, 6))
    return Matrix(x, xlabel="place in the row", ylabel="text")


CUT = "Of a long text its end is kept, where the verdict stands: `ids[-length:]`."
FILLED = "Zeros come in front, so that all texts end at the same place."

ENCODE_AND_PAD = Exercise(
    name="encode_and_pad",
    kind="derive",
    minutes=12,
    level=2,
    reference=encode_and_pad,
    probe=probe_encode_and_pad,
    scene=scene_encode_and_pad,
    misconceptions=[
        *flags(
            faulty_padding,
            filled_behind=("Short texts are filled up behind their words.", FILLED),
            cut_behind=("Of a long text the beginning is kept, and its end is cut off.", CUT),
            unknown_dropped=(
                "Unknown words are left out, as if the words around them were neighbors.",
                "An unknown word is 1, and keeps its place.",
            ),
            cut_first=(
                "Unknown words are left out, after the text was cut, so that rows hold fewer words than they could.",
                "An unknown word is 1, and keeps its place.",
            ),
            unknown_0=(
                "Unknown words are 0, like places without a word.",
                "`vocabulary.get(token, 1)` gives 1 where the word is not in there; 0 is for places without a word.",
            ),
            letters=(
                "Letters are looked up, not words: the words were joined to a text.",
                "Each text is a list of words: go through its items.",
            ),
            unknown_raises=(
                "A word that is not in the vocabulary raises a KeyError.",
                "`vocabulary.get(token, 1)` gives 1 for it.",
            ),
            ones=(
                "Places without a word hold 1, which means an unknown word.",
                "Padding is 0: `np.zeros`, to begin with.",
            ),
            longest=(
                "The rows are as long as the longest text; `length` is not used.",
                "Each row has `length` places, whatever the texts are: a network is built for that.",
            ),
            shortest=(
                "The rows are as long as the shortest text; `length` is not used.",
                "Each row has `length` places, whatever the texts are: a network is built for that.",
            ),
            backwards=("The words come out backwards.", "Keep their order."),
            first_alone=(
                "Only the first text comes out: `return` stands in the loop, or the loop ends too early.",
                "Go through all texts before you return.",
            ),
            first_filled_alone=(
                "Only the first text is filled in, the other rows stay 0: `return` stands in the loop, or the loop "
                "ends too early.",
                "Go through all texts before you return.",
            ),
            last_alone=("One row comes out, that of the last text.", "Keep a row for each text."),
            on_its_side=("The array is turned on its side.", "A row of the array is a text."),
        ),
        Misconception.of(padding_with_another_unknown, constant=(UNKNOWN_ROW, another_unknown)),
        padding_of_all_but_the_empty,
        padding_without_a_cut,
        padding_of_lists,
        padding_as_a_bag,
        padding_shifted,
    ],
    equivalents=[padding_by_slices, padding_by_lists],
    hints=[
        "Work on one text first: its list of numbers, with `vocabulary.get(token, 1)`.",
        "`ids[-length:]` keeps the last `length` numbers, and all of a shorter list.",
        "An array of zeros of the final shape needs no filling up: where in its row do the numbers of a short text go?",
    ],
)
