"""The exercise whose answer is a test: which tokenizers lose something?"""

from course_lib.checking.examiner import examiner
from course_lib.exercises.imdb_sentiment.tokenizing import (
    MISTAKES,
    tokenize,
    tokenize_by_signs,
    tokenize_piece_by_piece,
    tokenize_without_small_words,
)

TEXT = "It's NOT bad?!!<br />'Good', 10/10... a good film<br />the end"
TOKENS = ["it's", "not", "bad", "?", "!", "!", "good", "10", "10", "a", "good", "film", "the", "end"]


def looks_like_tokenize(tokenizer):
    """Return whether a function makes of a text that has everything what was worked out by hand."""
    return tokenizer(TEXT) == TOKENS and tokenizer("the end is the end") == ["the", "end", "is", "the", "end"]


def looks_by_assertions(tokenize):
    assert tokenize("Good,good") == ["good", "good"]
    assert tokenize("no!!") == ["no", "!", "!"]
    assert tokenize("end<br />a 'good' film?") == ["end", "a", "good", "film", "?"]
    assert tokenize("Don't! it is 10 of the 10") == ["don't", "!", "it", "is", "10", "of", "the", "10"]
    return True


def looks_at_one_thing_after_the_other(tokenize):
    cases = {
        "GOOD": "good",
        "a<br />b": "a b",
        "it's": "it's",
        "'it'": "it",
        "so,so": "so so",
        "?!": "? !",
        "7 the and of is it not": "7 the and of is it not",
        "b b a": "b b a",
    }
    return all(list(tokenize(text)) == words.split() for text, words in cases.items())


def looks_at_plain_words(tokenize):
    """You try plain words alone, of which nothing can be lost: punctuation, capitals and marks slip through.

    Give it a text with everything that a review has, and compare with the tokens worked out by hand.
    """
    return tokenize("what good film") == ["what", "good", "film"]


def looks_at_their_number(tokenize):
    """You count the tokens, and wrong ones may be as many as right ones.

    Compare the tokens themselves with those worked out by hand.
    """
    return len(tokenize("Not good!<br />I don't like it.")) == 7


def looks_at_sets(tokenize):
    """You compare sets, in which order and repetition are lost, so a test cannot see that a tokenizer loses them.

    Compare lists, and let a word occur twice.
    """
    return set(tokenize(TEXT)) == set(TOKENS) and set(tokenize("the end is the end")) == {"the", "end", "is"}


def looks_at_a_list_of_texts(tokenize):
    """You ask for a list of texts, and nearly every wrong one gives that.

    Compare the tokens with those worked out by hand.
    """
    tokens = tokenize(TEXT)
    return isinstance(tokens, list) and all(isinstance(token, str) for token in tokens)


def looks_at_small_letters(tokenize):
    """You try capitals alone.

    Give it a text with everything that a review has: line breaks, apostrophes, marks, digits, repeated words.
    """
    return tokenize("GOOD Film") == ["good", "film"]


def wants_punctuation(tokenize):
    """You demand tokens for commas and periods, which the task's tokenizer loses.

    Work the tokens out by the task: of punctuation, only ! and ? are kept.
    """
    return tokenize("Good, bad.") == ["good", ",", "bad", "."]


def wants_capitals(tokenize):
    """You demand that capitals stay, which the task's tokenizer makes small.

    Work the tokens out by the task: all letters become small.
    """
    return tokenize("Good, bad.") == ["Good", "bad"]


LOOKS_LIKE_TOKENIZE = examiner(
    "looks_like_tokenize",
    "tokenizer",
    right={
        "by an expression": tokenize,
        "sign by sign": tokenize_by_signs,
        "piece by piece": tokenize_piece_by_piece,
    },
    wrong=[*MISTAKES, tokenize_without_small_words],
    reference=looks_like_tokenize,
    misconceptions=[
        looks_at_plain_words,
        looks_at_their_number,
        looks_at_sets,
        looks_at_a_list_of_texts,
        looks_at_small_letters,
        wants_punctuation,
        wants_capitals,
    ],
    equivalents=[looks_by_assertions, looks_at_one_thing_after_the_other],
    hints=[
        "Write a line that has everything: capitals, a line break, apostrophes inside and outside, marks in "
        "a row, digits, commas, a word twice.",
        "Work out its tokens by hand, and compare the lists with ==.",
        "Which words do some people throw away on purpose? Have some of them in your text, and a word of one letter.",
    ],
    minutes=12,
    level=2,
)
