"""A number for each word, the most frequent words first."""

from collections import Counter

from course_lib import text
from course_lib.checking.exercise import Exercise, Misconception, Row, flags

build_vocabulary = text.build_vocabulary

ALL = "a size that is large enough for all"
FEW = "a size of 5, with six different words"
WORDS = ["plot", "film", "actor", "scene", "music", "hero", "ending", "joke"]


def probe_build_vocabulary(build_vocabulary, rng):
    a, b, c, d, e, f = (str(word) for word in rng.permutation(WORDS)[:6])
    # How often: a 6 times, b 5, c 4, d 3, e 2, f once; in how many texts: b 4, c 3, the others fewer.
    texts = [[f, a, a, a, b, d], [b, c, a, a, a, c], [e, b, c, d, e], [b, d, b, c]]
    ties = [[str(word) for word in rng.permutation(WORDS)], [a, c], [c, a]]
    yield Row(ALL, lambda: build_vocabulary(texts, 50), essential=True, weight=2)
    yield Row(FEW, lambda: build_vocabulary(texts, 5), weight=2)
    yield Row("equally frequent words", lambda: build_vocabulary(ties, 20), weight=2)
    yield Row("equally frequent words, of which some find no room", lambda: build_vocabulary(ties, 6))
    yield Row("a size of 8, exactly enough", lambda: build_vocabulary(texts, 8))
    yield Row("a single text of a single word", lambda: build_vocabulary([[a]], 10))
    yield Row("a size of 3", lambda: build_vocabulary(texts, 3))


def numbered(words, begin=2):
    return {word: number for number, word in enumerate(words, begin)}


def faulty_vocabulary(token_lists, size, **made):
    counts = Counter()
    for tokens in token_lists:
        if "letters" in made:
            tokens = list("".join(tokens))
        if "letters_and_spaces" in made:
            tokens = list(" ".join(tokens))
        if "last_text" in made:
            counts = Counter()
        counts.update(set(tokens) if "texts_counted" in made else tokens)
        if "first_text" in made:
            break
    keys = {
        "ties_backwards": lambda word: (-counts[word], tuple(-ord(sign) for sign in word)),
        "rare_first": lambda word: (counts[word], word),
        "alphabet": lambda word: word,
        "ties_as_seen": lambda word: -counts[word],
        "as_seen": lambda word: 0,
    }
    chosen = next((key for name, key in keys.items() if name in made), lambda word: (-counts[word], word))
    words = [word for word in counts if counts[word] > 1] if "once_dropped" in made else list(counts)
    words = sorted(words, key=chosen)[: size - 2]
    if "list_of_words" in made:
        return words
    if "how_often" in made:
        return {word: counts[word] for word in words}
    numbers = numbered(words)
    return {number: word for word, number in numbers.items()} if "inside_out" in made else numbers


def items_of(vocabulary):
    """Return the items of {word: number}. Raises ValueError where this is something else."""
    items = list(vocabulary.items()) if isinstance(vocabulary, dict) else []
    if not items or not all(isinstance(word, str) and isinstance(number, int) for word, number in items):
        raise ValueError("this is no vocabulary")
    return items


def first_number(vocabulary):
    return {"begin": min(number for _, number in items_of(vocabulary))}


def words_left_out(vocabulary):
    return {"left_out": 5 - len(items_of(vocabulary))}


def both_numbers(vocabulary):
    return first_number(vocabulary) | words_left_out(vocabulary)


def counted(token_lists):
    return Counter(token for tokens in token_lists for token in tokens)


def sorted_words(token_lists):
    counts = counted(token_lists)
    return sorted(counts, key=lambda word: (-counts[word], word))


def vocabulary_from_another_number(token_lists, size, begin=0):
    """The first word has another number than 2, so words mix with padding and unknown words, or a number stays unused.

    0 is padding and 1 an unknown word: begin at 2.
    """
    return vocabulary_without_the_two(token_lists, size, begin, left_out=2)


def vocabulary_of_another_size(token_lists, size, left_out=0):
    """The number of words is not right: `size` counts all numbers, 0 and 1 among them.

    With padding and unknown words, how many numbers are left for words?
    """
    return vocabulary_without_the_two(token_lists, size, begin=2, left_out=left_out)


def vocabulary_without_the_two(token_lists, size, begin=0, left_out=0):
    """Both the first number and the number of words are not right: no room is left for padding and unknown words.

    0 is padding and 1 an unknown word. Words begin at 2, and `size` counts these two.
    """
    return numbered(sorted_words(token_lists)[: max(size - left_out, 0)], begin)


def vocabulary_of_most_common(token_lists, size, begin=0, left_out=0):
    """Equally frequent words come in the order seen, and the first number or the number of words is not right.

    `most_common` does not look at the alphabet: sort by (−count, word). Words begin at 2, and `size` counts 0 and 1.
    """
    return numbered([word for word, _ in counted(token_lists).most_common(max(size - left_out, 0))], begin)


def vocabulary_of_all_words(token_lists, size):
    """All words come out, however small `size` is.

    Keep the most frequent ones, as many as there are numbers left.
    """
    return numbered(sorted_words(token_lists))


def names_of_the_two(vocabulary):
    told = {number: word for word, number in items_of(vocabulary) if number in (0, 1)}
    return {"padding": told.get(0), "unknown": told.get(1)}


def vocabulary_with_names_for_the_two(token_lists, size, padding="<pad>", unknown="<unk>"):
    """Padding or unknown words stand in the dict, under a name, as if they were words of a review.

    They are numbers that no word has: the dict holds words only.
    """
    named = {padding: 0, unknown: 1}
    named.pop(None, None)
    return named | numbered(sorted_words(token_lists)[: size - 2])


def vocabulary_by_two_sorts(token_lists, size):
    counts = counted(token_lists)
    words = sorted(sorted(counts), key=counts.get, reverse=True)
    return dict(zip(words, range(2, size), strict=False))


def vocabulary_by_pairs(token_lists, size):
    counts = {}
    for tokens in token_lists:
        for token in tokens:
            counts[token] = counts.get(token, 0) + 1
    pairs = sorted((-often, word) for word, often in counts.items())
    return {word: 2 + place for place, (_, word) in enumerate(pairs) if place + 2 < size}


BUILD_VOCABULARY = Exercise(
    name="build_vocabulary",
    kind="derive",
    minutes=10,
    level=2,
    reference=build_vocabulary,
    probe=probe_build_vocabulary,
    misconceptions=[
        Misconception.of(vocabulary_from_another_number, constant=(ALL, first_number)),
        Misconception.of(vocabulary_of_another_size, constant=(FEW, words_left_out)),
        Misconception.of(vocabulary_without_the_two, constant=(FEW, both_numbers)),
        vocabulary_of_all_words,
        Misconception.of(vocabulary_with_names_for_the_two, constant=(ALL, names_of_the_two)),
        *flags(
            faulty_vocabulary,
            ties_as_seen=(
                "Of equally frequent words, the one that is seen first comes first, so the order of the texts decides.",
                "Of equals, the alphabet decides: sort by two things, (−count, word).",
            ),
            ties_backwards=(
                "Of equally frequent words, the last in the alphabet comes first.",
                "`reverse=True` turns the alphabet around too: sort by (−count, word) instead.",
            ),
            alphabet=(
                "The words are sorted by the alphabet, so rare ones take the place of frequent ones.",
                "The most frequent word is first; only of equals the alphabet decides.",
            ),
            as_seen=(
                "The words come in the order in which they are seen first; how frequent they are does not matter.",
                "Sort them by their counts, the most frequent first.",
            ),
            rare_first=(
                "The least frequent words come first, and the frequent ones are cut off.",
                "Sort by the count downwards.",
            ),
            texts_counted=(
                "In how many texts a word occurs is counted, not how often.",
                "A word that occurs three times in a text counts three times.",
            ),
            last_text=(
                "The words of the last text alone are counted: counting begins anew with each text.",
                "Make the counts once, before the loop.",
            ),
            first_text=(
                "The words of the first text alone are counted: the loop ends too early.",
                "Go through all texts before you sort.",
            ),
            once_dropped=(
                "Words that occur once are dropped, although there is room for them.",
                "Only `size` limits the words.",
            ),
            letters=(
                "Letters are counted, not words.",
                "Each text is a list of words: `counts.update(tokens)` counts its items.",
            ),
            letters_and_spaces=(
                "Letters are counted, and the spaces between the words: the words were joined to a text.",
                "Each text is a list of words: `counts.update(tokens)` counts its items.",
            ),
            list_of_words=("The words come out as a list, without numbers.", "Return a dict {word: number}."),
            how_often=(
                "Each word's number says how often it occurs, so two words may have the same one.",
                "Count the words of the sorted list through, from 2 on.",
            ),
            inside_out=(
                "The dict is inside out: it gives the word of a number.",
                "It is asked for the number of a word: {word: number}.",
            ),
        ),
        Misconception.of(vocabulary_of_most_common, constant=(FEW, both_numbers)),
    ],
    equivalents=[vocabulary_by_two_sorts, vocabulary_by_pairs],
    hints=[
        "`collections.Counter` counts: `counts.update(tokens)` adds the words of a text.",
        "Sort by two things at once: `key=lambda word: (-counts[word], word)`.",
        "Two numbers are taken, 0 and 1. How many words have room, and which number does the first get?",
    ],
)
