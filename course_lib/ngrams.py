"""Texts as bags of n-grams: which words, pairs and triples of neighbors occur in each text, and how often.

Order is lost but for the neighborhood that an n-gram holds: "not good" is a feature of its own beside "not" and "good".
"""

import numpy as np

UNSEEN = -1  # what is no feature


class Ngrams:
    """The n-grams of a training set, each a column, and the counting of them in any texts.

    A table of 25,000 reviews by a million n-grams is nearly all zeros. Kept are the others alone, row by row, in the
    form that SciPy's `csr_array` takes:

        ngrams = Ngrams(longest=3, least=2).fit(tokens_train)
        counts = scipy.sparse.csr_array(ngrams.counts(tokens_test), shape=(len(tokens_test), len(ngrams)))

    Columns are those of the training set, whichever texts are counted: a column means one n-gram, everywhere.

    How it is done: an n-gram is the (n − 1)-gram that it begins with and its last word, so one whole number,
    prefix · words + last word. Equal numbers are found by sorting, in all texts at once, which is several times faster
    than a dictionary of strings.

    Args:
        longest: int ≥ 1, the most words in an n-gram.
        least: int ≥ 1, in how many texts of the training set an n-gram must occur to be a feature.
    Raises:
        ValueError: an argument is below 1.
    """

    def __init__(self, longest=3, least=1):
        if longest < 1 or least < 1:
            raise ValueError(f"longest and least must be ≥ 1, not {longest} and {least}")
        self.longest, self.least = longest, least
        self._codes = []  # for each length a sorted array, whose places are the columns of that length

    def __len__(self):
        """How many features there are: first the words, then the pairs, and so on, each in a block of columns."""
        return sum(map(len, self._codes))

    def fit(self, token_lists):
        """Find the features in the texts of the training set, lists of tokens, and return the object itself.

        Raises:
            ValueError: no n-gram occurs in `least` texts.
        """
        _checked(token_lists)
        self._names = sorted({token for tokens in token_lists for token in tokens})
        self._words = {word: number for number, word in enumerate(self._names)}
        self._codes = []
        for _ in self._found(token_lists, self._keep_frequent):
            pass
        if not len(self):
            raise ValueError(f"no n-gram occurs in {self.least} texts or more, so there are no features")
        return self

    def counts(self, token_lists):
        """Count the features in texts.

        Args:
            token_lists: list of lists of tokens.
        Returns:
            (data, indices, indptr) as `scipy.sparse.csr_array` takes them: text i has the features
            `indices[indptr[i]:indptr[i + 1]]`, in ascending order, and `data[indptr[i]:indptr[i + 1]]` says how often.
        Raises:
            RuntimeError: `fit` has not been called.
        """
        found = [(texts * len(self) + columns) for _, texts, _, columns in self._features(token_lists)]
        cells, counts = _distinct(np.concatenate(found))
        firsts = np.searchsorted(cells, np.arange(len(token_lists) + 1) * len(self))
        return counts.astype(np.float32), (cells % len(self)).astype(np.int32), firsts

    def places(self, tokens):
        """Return where in a single text its features are: a list of (first token, number of tokens, column)."""
        return [
            (int(start), length, int(column))
            for length, _, starts, columns in self._features([tokens])
            for start, column in zip(starts, columns, strict=True)
        ]

    def name(self, column):
        """Return the n-gram of a column, its words with spaces between."""
        if not 0 <= column < len(self):
            raise IndexError(f"there are {len(self):,} features, and {column} is none of them")
        length = 0
        while column >= len(self._codes[length]):
            column -= len(self._codes[length])
            length += 1
        words = []
        for codes in self._codes[length::-1]:
            column, word = divmod(int(codes[column]), len(self._names))
            words.append(self._names[word])
        return " ".join(reversed(words))

    def _features(self, token_lists):
        """Yield for each length (length, texts, starts in the text, columns) of all features in the texts."""
        _checked(token_lists)
        if not self._codes:
            raise RuntimeError("find the features of the training set first: fit(token_lists)")
        before = 0
        for length, texts, starts, columns in self._found(token_lists, lambda codes, texts, length: None):
            yield length, texts, starts, columns + before
            before += len(self._codes[length - 1])

    def _found(self, token_lists, learn):
        """The same with columns that begin at 0 for each length. `learn` is told the codes before they are sought."""
        numbers = (self._words.get(token, UNSEEN) for tokens in token_lists for token in tokens)
        lengths = np.array([len(tokens) for tokens in token_lists], dtype=np.int64)
        words = np.fromiter(numbers, dtype=np.int64, count=int(lengths.sum()))
        texts = np.repeat(np.arange(len(token_lists)), lengths)
        first = (np.cumsum(lengths) - lengths)[texts]  # where the text of each token begins
        prefixes = np.zeros(len(words), dtype=np.int64)  # the n-gram of no words, which is everywhere
        for length in range(1, self.longest + 1):
            starts = np.arange(max(len(words) - length + 1, 0))
            lasts = starts + length - 1
            # Neighbors across the border of two texts are none; nor has a rare n-gram a frequent one behind it.
            is_one = (texts[starts] == texts[lasts]) & (prefixes[starts] != UNSEEN) & (words[lasts] != UNSEEN)
            starts = starts[is_one]
            codes = prefixes[starts] * len(self._names) + words[starts + length - 1]
            learn(codes, texts[starts], length)
            columns = _places(self._codes[length - 1], codes)
            is_feature = columns != UNSEEN
            starts, columns = starts[is_feature], columns[is_feature]
            yield length, texts[starts], starts - first[starts], columns
            prefixes = np.full(len(words), UNSEEN)
            prefixes[starts] = columns

    def _keep_frequent(self, codes, texts, length):
        kinds, _ = _distinct(codes)
        once, _ = _distinct(texts * len(kinds) + np.searchsorted(kinds, codes))  # once in each text
        often = np.bincount(once % max(len(kinds), 1), minlength=len(kinds))
        self._codes.append(kinds[often >= self.least])


def _distinct(numbers):
    """Return the different numbers in ascending order, and how often each occurs."""
    # Asked for the counts, NumPy sorts; otherwise it builds a hash table, which takes many times as long for these.
    return np.unique(numbers, return_counts=True)


def _places(codes, sought):
    """Return for each number its place in the sorted array `codes`, UNSEEN where it is not in there."""
    if not len(codes):
        return np.full(len(sought), UNSEEN)
    places = np.minimum(np.searchsorted(codes, sought), len(codes) - 1)
    return np.where(codes[places] == sought, places, UNSEEN)


def _checked(token_lists):
    if isinstance(token_lists, str) or any(isinstance(tokens, str) for tokens in token_lists):
        raise ValueError("n-grams are counted in lists of tokens, one for each text: cut the texts by tokenize first")
