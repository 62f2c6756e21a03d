"""n-grams against scikit-learn's counting: the same columns, the same counts, in texts that were never seen."""

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from course_lib.ngrams import Ngrams

TEXTS = st.lists(st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12), min_size=1, max_size=8)


def table(ngrams, token_lists):
    return scipy.sparse.csr_array(ngrams.counts(token_lists), shape=(len(token_lists), len(ngrams))).toarray()


@settings(deadline=None, max_examples=60)
@given(TEXTS, TEXTS, st.integers(1, 4), st.integers(1, 3))
def test_counts_are_those_of_scikit_learn(train, test, longest, least):
    train = [["a", "b"]] * least + train
    theirs = CountVectorizer(analyzer=lambda tokens: [
        " ".join(tokens[start : start + length])
        for length in range(1, longest + 1) for start in range(len(tokens) - length + 1)
    ], min_df=least)  # fmt: skip
    expected = theirs.fit_transform(train).toarray()
    ngrams = Ngrams(longest, least).fit(train)
    names = [ngrams.name(column) for column in range(len(ngrams))]
    assert sorted(names) == sorted(theirs.vocabulary_)
    order = [theirs.vocabulary_[name] for name in names]
    np.testing.assert_array_equal(table(ngrams, train), expected[:, order])
    np.testing.assert_array_equal(table(ngrams, [*test, ["e", "a"], []]),
                                  theirs.transform([*test, ["e", "a"], []]).toarray()[:, order])  # fmt: skip


def test_columns_are_words_then_pairs_in_the_order_of_the_alphabet():
    ngrams = Ngrams(2).fit([["not", "good"], ["good", "film"]])
    assert [ngrams.name(column) for column in range(len(ngrams))] == ["film", "good", "not", "good film", "not good"]
    assert ngrams.places(["a", "not", "good", "film"]) == [
        (1, 1, 2), (2, 1, 1), (3, 1, 0), (1, 2, 4), (2, 2, 3)
    ]  # fmt: skip


def test_rows_are_as_scipy_wants_them():
    ngrams = Ngrams(2).fit([["b", "a", "b"], [], ["a"]])
    counts = scipy.sparse.csr_array(ngrams.counts([["b", "a", "b"], [], ["a"]]), shape=(3, len(ngrams)))
    assert counts.has_canonical_format and counts.dtype == np.float32
    assert counts.toarray().tolist() == [[1, 2, 1, 1], [0, 0, 0, 0], [1, 0, 0, 0]]


def test_what_cannot_be_is_said():
    with pytest.raises(ValueError, match="must be ≥ 1"):
        Ngrams(longest=0)
    with pytest.raises(ValueError, match="occurs in 3 texts or more"):
        Ngrams(least=3).fit([["a"], ["a"]])
    with pytest.raises(ValueError, match="tokenize first"):
        Ngrams().fit(["a text"])
    with pytest.raises(RuntimeError, match="fit"):
        Ngrams().counts([["a"]])
    with pytest.raises(IndexError, match="2 features"):
        Ngrams(1).fit([["a", "b"]]).name(2)
