"""The bug to be spotted: features of train and test joined in different orders."""

import numpy as np

from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.exercises.returned import pair


def join_features(train, test):
    """Put blocks of features side by side, for both sets in one order: that of `train`.

    Args:
        train, test: dicts {name of a block: array (texts, columns)} with the same names.
    Returns:
        (x_train, x_test): two arrays, in which a column has one meaning.
    """
    names = list(train)
    return np.hstack([train[name] for name in names]), np.hstack([test[name] for name in names])


def join_with_a_bug(train, test):
    # All blocks of a set, side by side.
    x_train = np.hstack(list(train.values()))
    x_test = np.hstack(list(test.values()))
    return x_train, x_test


def join_sorted(train, test):
    names = sorted(train)
    return np.hstack([train[name] for name in names]), np.hstack([test[name] for name in names])


def join_as_in_test(train, test):
    return np.hstack([train[name] for name in test]), np.hstack([test[name] for name in test])


def probe_join_features(join_features, rng):
    def blocks(names, texts, widths):
        # All different and short, so that whoever reads the report sees which number stands where.
        numbers = iter(rng.permutation(np.arange(10, 100))[: texts * sum(widths[name] for name in names)] / 10)
        return {name: np.array([[next(numbers) for _ in range(widths[name])] for _ in range(texts)]) for name in names}

    equal = {"words": 2, "pairs": 2, "triples": 2}
    unequal = {"words": 3, "pairs": 1, "length": 2, "capitals": 4}
    cases = {
        "one order in both": (["words", "pairs", "triples"], ["words", "pairs", "triples"], equal),
        "another order in the test set": (["words", "pairs", "triples"], ["pairs", "words", "triples"], equal),
        "four blocks of different widths": (
            ["words", "pairs", "length", "capitals"],
            ["length", "capitals", "words", "pairs"],
            unequal,
        ),
        "the test set backwards": (["pairs", "words"], ["words", "pairs"], equal),
        "a single block": (["words"], ["words"], equal),
    }
    for label, (first, second, widths) in cases.items():
        train, test = blocks(first, 3, widths), blocks(second, 2, widths)
        for part, name in enumerate(("training set", "test set")):
            yield Row(
                f"{label}: the {name}",
                lambda train=train, test=test, part=part: pair(join_features(train, test), "(x_train, x_test)")[part],
                essential=label == "another order in the test set",
            )


def remark(failing):
    """Say that the columns are there, where they are, in another order in one of the sets."""
    for _, value, right in failing:
        columns = [sorted(np.asarray(each).T.tolist()) if np.ndim(each) == 2 else None for each in (value, right)]
        if isinstance(value, str | list | dict) or columns[0] is None or columns[0] != columns[1]:
            return ""
    return "The right columns are all there, but the two sets are not joined in one order."


def faulty_join(train, test, **made):
    order, other = list(train), list(train)
    if "test_sorted_alone" in made:
        other = sorted(test)
    if "train_sorted_alone" in made:
        order, other = sorted(train), list(train)
    if "test_backwards" in made:
        other = order[::-1]
    if "by_width" in made:
        other = sorted(test, key=lambda name: test[name].shape[1])
    if "last_left_out" in made:
        order, other = order[:-1] or order, other[:-1] or other
    stack = np.vstack if "below" in made else np.hstack
    if "columns_sorted" in made:

        def stack(blocks):
            return np.sort(np.hstack(blocks), axis=1)

    if "summed" in made:

        def stack(blocks):
            return np.hstack([block.sum(axis=1, keepdims=True) for block in blocks])

    if "added_up" in made:

        def stack(blocks):
            return sum(block.sum(axis=1, keepdims=True) for block in blocks)

    if "lists" in made:
        stack = list
    x_train = stack([train[name] for name in order])
    x_test = stack([(train if "train_twice" in made else test)[name] for name in other])
    if "swapped" in made:
        return x_test, x_train
    return np.vstack([x_train, x_test]) if "one_array" in made else (x_train, x_test)


ONE_ORDER = "Take one list of names, such as `list(train)`, and go through it for both."

JOIN_FEATURES = Exercise(
    name="join_features",
    kind="repair",
    minutes=8,
    level=2,
    reference=join_features,
    accepts=[join_sorted, join_as_in_test],
    probe=probe_join_features,
    remark=remark,
    misconceptions=flags(
        faulty_join,
        test_sorted_alone=("The test set is sorted by name, and the training set is not.", ONE_ORDER),
        train_sorted_alone=("The training set is sorted by name, and the test set is not.", ONE_ORDER),
        test_backwards=("The blocks of the test set stand in the reverse order.", ONE_ORDER),
        by_width=(
            "The blocks of the test set are ordered by their width, those of the training set are not.",
            ONE_ORDER,
        ),
        train_twice=(
            "The second array holds blocks of the training set: accuracy would be measured on texts that were learned.",
            "Look the names up in `test` for the second one.",
        ),
        last_left_out=("A block is left out.", "Go through all names."),
        below=("The blocks stand one below the other, not side by side.", "`np.hstack`, or `axis=1`."),
        columns_sorted=(
            "The numbers are sorted, so a column holds another feature in each row.",
            "Sort nothing but names: numbers stay with their feature.",
        ),
        summed=("Each block is summed up: one column of it is left.", "Keep all columns, side by side."),
        added_up=("All features are added up: one column is left.", "Keep all columns, side by side."),
        lists=("The blocks come out as lists, not joined.", "`np.hstack` makes one array of them."),
        swapped=("The two arrays are swapped.", "Return the training set first, then the test set."),
        one_array=(
            "One array came out, of one set or of both; a pair is asked for.",
            "Return two arrays, separated by a comma.",
        ),
    ),
    equivalents=[
        lambda train, test: [np.concatenate([each[name] for name in train], axis=1) for each in (train, test)],
        lambda train, test: (
            np.column_stack([column for name in train for column in train[name].T]),
            np.column_stack([column for name in train for column in test[name].T]),
        ),
    ],
    hints=[
        "Print `list(train)` and `list(test)` in a row where the check fails.",
        "A dict keeps its items in the order in which they were put in. Who says that it is the same for both?",
        "Nothing fails where all blocks are of one width, and the accuracy is merely wrong. Which list of names could "
        "rule both?",
    ],
    buggy=join_with_a_bug,
)
