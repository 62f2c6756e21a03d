"""From text to numbers: against Keras's padding and vocabulary, and what each step says is lost."""

import keras
import numpy as np
import pytest

from course_lib import text
from course_lib.text import build_vocabulary, decode, encode, pad_sequences, tokenize, what_is_lost


def test_a_text_is_cut_into_words():
    assert tokenize("Don't go!<br /><br />It's 10/10, \"really\"?") == [
        "don't",
        "go",
        "!",
        "it's",
        "10",
        "10",
        "really",
        "?",
    ]
    assert tokenize("") == tokenize("... <br/>") == []
    assert text.clean("A<br>B<BR />C") == "a b c"


@pytest.mark.parametrize("size", [3, 4, 6, 20])
def test_the_vocabulary_is_that_of_keras(size):
    words = [
        "the",
        "film",
        "the",
        "plot",
        "the",
        "film",
        "is",
        "bad",
        "the",
        "plot",
        "is",
        "the",
        "film",
        "film",
        "film",
    ]
    ours = build_vocabulary([words[:3], words[3:]], size)
    layer = keras.layers.TextVectorization(max_tokens=size, standardize=None)
    layer.adapt([" ".join(words)])
    # Of equally frequent words Keras takes the last in the alphabet first, so only how often they occur is compared.
    assert [words.count(word) for word in ours] == [words.count(word) for word in layer.get_vocabulary()[2:]]
    assert list(ours.values()) == list(range(2, 2 + len(ours)))


def test_equally_frequent_words_are_numbered_by_the_alphabet():
    assert build_vocabulary([["b", "a"], ["c", "c"]], 5) == {"c": 2, "a": 3, "b": 4}
    assert build_vocabulary([["b", "a"], ["c", "c"]], 4) == {"c": 2, "a": 3}
    assert build_vocabulary([], 10) == {} == build_vocabulary([["a"]], 2)


def test_unknown_words_become_one_number_and_are_lost():
    vocabulary = build_vocabulary([["good", "good", "film"]], 4)
    ids = encode(["a", "good", "film", "indeed"], vocabulary)
    assert ids == [1, 2, 3, 1]
    assert decode([0, 0, *ids], vocabulary) == ["?", "good", "film", "?"]


@pytest.mark.parametrize("padding", ["pre", "post"])
@pytest.mark.parametrize("truncating", ["pre", "post"])
@pytest.mark.parametrize("maxlen", [1, 3, 8])
def test_padding_is_that_of_keras(padding, truncating, maxlen):
    sequences = [[5, 6, 7, 8, 9], [5], [], [4, 3, 2]]
    ours = pad_sequences(sequences, maxlen, padding, truncating, value=-1)
    theirs = keras.utils.pad_sequences(sequences, maxlen, padding=padding, truncating=truncating, value=-1)
    np.testing.assert_array_equal(ours, theirs)
    assert ours.dtype == theirs.dtype
    np.testing.assert_array_equal(pad_sequences(sequences, maxlen), keras.utils.pad_sequences(sequences, maxlen))


def test_what_is_lost_is_measured():
    lost = what_is_lost([["good", "film"], ["a", "good", "good", "plot", "?", "!"]], {"good": 2, "film": 3}, maxlen=4)
    assert lost == {"unknown": 4 / 8, "cut": 2 / 8, "cut texts": 1 / 2, "padding": 2 / 8}


def test_what_cannot_be_is_said():
    with pytest.raises(ValueError, match="cut into tokens first"):
        build_vocabulary(["a text"], 10)
    with pytest.raises(ValueError, match="size must be ≥ 2"):
        build_vocabulary([], 1)
    with pytest.raises(ValueError, match="maxlen must be"):
        pad_sequences([[1]], 0)
    with pytest.raises(ValueError, match='truncating must be "pre" or "post"'):
        pad_sequences([[1]], 3, truncating="front")
    with pytest.raises(ValueError, match="no tokens"):
        what_is_lost([[]], {}, 3)
